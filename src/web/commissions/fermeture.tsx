import type { ReactElement } from 'react'
import { aLeDroit } from '#acces'
import {
  type Commission,
  fermerCommission,
  lireCommission,
  type MotifFermeture,
  motifsFermeture,
  rouvrirCommission,
} from '#commission'
import { formatDate } from '#socle/typography'
import { type Erreur, messageDe, tenter } from '../accompagner/saisie.ts'
import { Cadre } from '../cadre.tsx'
import {
  Actions,
  Bouton,
  BoutonPost,
  Formulaire,
  Message,
  Pile,
  ResumeErreurs,
  Selection,
} from '../composants/index.ts'
import { ouConflit, pageConflit } from '../conflit.tsx'
import { champ, page, type Reponse, type Requete, redirection } from '../route.ts'
import { adresseCommission, COMMISSIONS } from './commun.tsx'

const laCommission = ({ session, parametres }: Requete): Promise<Commission> =>
  lireCommission(session, parametres.commission ?? '')

const fil = (commission: Commission) => [
  { libelle: 'Commissions', href: COMMISSIONS },
  { libelle: commission.nom, href: adresseCommission(commission.id) },
  { libelle: 'Mettre fin' },
]

/** Says, on its page, that a commission came to an end, and offers the way back to whoever keeps commissions. */
export function CommissionFermee({
  requete,
  commission,
}: {
  requete: Requete
  commission: Commission
}): ReactElement | null {
  const { fermee_le, fermee_motif } = commission
  if (fermee_le === null) return null
  return (
    <Message ton="bientot">
      <p>
        Cette commission a pris fin le {formatDate(fermee_le)}
        {fermee_motif === null ? '' : ` : ${motifsFermeture[fermee_motif].toLocaleLowerCase('fr')}`}. Elle ne tient plus
        de séance ; ce qu’elle a décidé reste suivi.
      </p>
      {aLeDroit(requete.acteur, 'commission.tenir') && (
        <BoutonPost
          action={`${adresseCommission(commission.id)}/rouvrir`}
          jeton={requete.connecte.jetonFormulaire}
          champs={{ vu: String(commission.version) }}
          icone="annuler"
        >
          Rouvrir la commission
        </BoutonPost>
      )}
    </Message>
  )
}

function pageFermer(
  requete: Requete,
  commission: Commission,
  saisie: { readonly motif: string; readonly vu: string },
  erreurs: readonly Erreur[],
): Reponse {
  const adresse = adresseCommission(commission.id)
  return page(
    <Cadre
      requete={requete}
      titre={`Mettre fin à ${commission.nom}`}
      chapo="Aucune séance ne s’y ajoutera plus. Ses membres, son règlement, ses relevés et ses suites restent lisibles."
      courante="reunir"
      fil={fil(commission)}
      erreur={erreurs.length > 0}
    >
      <ResumeErreurs erreurs={erreurs} />
      <Pile>
        <Message>
          <p>
            Les dossiers de ses territoires n’auront de séance que si une autre commission les couvre : le vérifier, ou
            la créer, avant de continuer. Une fin se défait.
          </p>
        </Message>
        <Formulaire
          action={`${adresse}/fermer`}
          jeton={requete.connecte.jetonFormulaire}
          champs={{ vu: saisie.vu }}
          libelle="Mettre fin à la commission"
        >
          <Selection
            nom="motif"
            libelle="Pourquoi"
            vide="Choisir"
            valeur={saisie.motif || undefined}
            options={Object.entries(motifsFermeture).map(([valeur, libelle]) => ({ valeur, libelle }))}
            erreur={messageDe(erreurs, 'motif')}
          />
          <Actions>
            <Bouton genre="destructeur">Mettre fin à la commission</Bouton>
            <Bouton href={adresse}>Revenir à la commission</Bouton>
          </Actions>
        </Formulaire>
      </Pile>
    </Cadre>,
    erreurs.length > 0 ? 422 : undefined,
  )
}

/** GET /commissions/:commission/fermer. */
export async function proposerFermeture(requete: Requete): Promise<Reponse> {
  const commission = await laCommission(requete)
  if (commission.fermee_le !== null) return redirection(adresseCommission(commission.id))
  return pageFermer(requete, commission, { motif: '', vu: String(commission.version) }, [])
}

const conflit = (requete: Requete, commission: Commission, message: string, motif: string): Promise<Reponse> => {
  const adresse = adresseCommission(commission.id)
  const dire = (code: string | null) => (code === null ? null : (motifsFermeture[code as MotifFermeture] ?? null))
  return pageConflit(requete, {
    message,
    quoi: `Commission « ${commission.nom} »`,
    courante: 'reunir',
    fil: fil(commission),
    versions: [
      {
        cle: 'fin',
        libelle: 'Fin de la commission',
        saisie: dire(motif) ?? 'Rouverte',
        enregistree:
          commission.fermee_le === null
            ? 'Aucune'
            : [`le ${formatDate(commission.fermee_le)}`, dire(commission.fermee_motif)].filter(Boolean).join(', '),
      },
    ],
    conseil: 'Relire la commission telle qu’elle est maintenant, puis choisir.',
    garder: { libelle: 'Garder ce qui est enregistré', href: adresse },
    remplacer:
      commission.fermee_le === null && motif !== ''
        ? {
            libelle: 'Mettre fin malgré tout',
            action: `${adresse}/fermer`,
            champs: { motif, vu: String(commission.version) },
          }
        : null,
  })
}

/** POST /commissions/:commission/fermer (COM-01). */
export async function fermer(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const commission = await laCommission(requete)
  const saisie = { motif: champ(requete, 'motif'), vu: champ(requete, 'vu') }
  if (!Object.hasOwn(motifsFermeture, saisie.motif))
    return pageFermer(requete, commission, saisie, [
      { nom: 'motif', message: 'Choisir pourquoi cette commission prend fin.' },
    ])
  const resultat = await ouConflit(requete, 'commission.tenir', () =>
    tenter(
      session,
      'commission.tenir',
      () => 'motif',
      () => fermerCommission(session, commission.id, Number(saisie.vu), saisie.motif as MotifFermeture),
    ),
  )
  if (resultat instanceof Error) return conflit(requete, commission, resultat.message, saisie.motif)
  if (resultat) return pageFermer(requete, commission, saisie, [resultat])
  const { version } = await lireCommission(session, commission.id)
  return redirection(adresseCommission(commission.id), {
    ton: 'tenu',
    texte: `${commission.nom} a pris fin.`,
    defaire: {
      action: `${adresseCommission(commission.id)}/rouvrir`,
      libelle: 'Rouvrir la commission',
      champs: { vu: String(version) },
    },
  })
}

/** POST /commissions/:commission/rouvrir. */
export async function rouvrir(requete: Requete): Promise<Reponse> {
  const commission = await laCommission(requete)
  const resultat = await ouConflit(requete, 'commission.tenir', () =>
    rouvrirCommission(requete.session, commission.id, Number(champ(requete, 'vu'))),
  )
  if (resultat instanceof Error) return conflit(requete, commission, resultat.message, '')
  return redirection(adresseCommission(commission.id), { ton: 'tenu', texte: `${commission.nom} est rouverte.` })
}
