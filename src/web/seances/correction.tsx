import type { ReactElement } from 'react'
import {
  estFigee,
  type LignePoste,
  lireDeliberation,
  lirePoste,
  lireReleve,
  ouvrirCorrection,
  type Poste,
} from '#commission'
import { Introuvable } from '#socle/errors'
import { formatDateLongue } from '#socle/typography'
import { type Erreur, messageDe, tenter } from '../accompagner/saisie.ts'
import { Cadre } from '../cadre.tsx'
import { Actions, Bouton, Champ, Formulaire, Message, Pile, ResumeErreurs } from '../composants/index.ts'
import { ouConflit, pageConflit } from '../conflit.tsx'
import { champ, page, type Reponse, type Requete, redirection } from '../route.ts'

interface Ouverte {
  readonly poste: Poste
  readonly ligne: LignePoste
}

async function ouvrir({ session, parametres }: Requete): Promise<Ouverte> {
  const poste = await lirePoste(session, parametres.seance ?? '')
  const ligne = poste.lignes.find(({ inscription }) => inscription === parametres.inscription)
  if (!ligne || ligne.reference === null) throw new Introuvable()
  return { poste, ligne }
}

const releveDe = ({ id }: Poste): string => `/seances/${id}/releve`
const posteDe = ({ poste, ligne }: Ouverte): string => `/seances/${poste.id}/poste/${ligne.inscription}`

const fil = ({ poste, ligne }: Ouverte) => [
  { libelle: 'Commissions', href: '/commissions' },
  { libelle: `Séance du ${formatDateLongue(poste.le)}`, href: `/seances/${poste.id}` },
  { libelle: 'Relevé', href: releveDe(poste) },
  { libelle: `Corriger le dossier ${ligne.rang}` },
]

function PageCorriger({
  requete,
  ouverte,
  approuve,
  vu,
  motif,
  erreurs,
}: {
  requete: Requete
  ouverte: Ouverte
  approuve: boolean
  vu: string
  motif: string
  erreurs: readonly Erreur[]
}): ReactElement {
  const { poste, ligne } = ouverte
  return (
    <Cadre
      requete={requete}
      titre={`Corriger la décision sur ${ligne.titulaire ?? `le dossier ${ligne.rang}`}`}
      chapo={`${poste.nom}, séance du ${formatDateLongue(poste.le)}, dossier ${ligne.reference}.`}
      courante="reunir"
      fil={fil(ouverte)}
      erreur={erreurs.length > 0}
    >
      <ResumeErreurs titre="La correction n’est pas ouverte" erreurs={erreurs} />
      <Pile>
        <Message ton="bientot">
          <p>
            Ce qui avait été décidé reste lisible, avec le relevé qui le disait. La correction s’écrit au poste de
            séance, puis le secrétariat établit le relevé suivant.
          </p>
          <p>
            {approuve
              ? 'Un coprésident au moins a approuvé : les deux approuveront de nouveau. Ce qui a été notifié reste en vigueur jusque-là ; ensuite, chaque destinataire lit ce qui change pour lui, et garde ce qui ne change pas.'
              : 'Personne n’a encore approuvé : le relevé ne part aux coprésidents qu’une fois établi de nouveau.'}
          </p>
        </Message>
        <Formulaire
          action={`${releveDe(poste)}/corriger/${ligne.inscription}`}
          jeton={requete.connecte.jetonFormulaire}
          champs={{ vu }}
          libelle="Ouvrir la correction"
        >
          <Champ
            nom="motif"
            libelle="Pourquoi corriger"
            aide="Lu par le secrétariat et les coprésidents, et écrit au relevé rectifié. Rien de médical."
            lignes={3}
            longueurMax={600}
            valeur={motif}
            erreur={messageDe(erreurs, 'motif')}
          />
          <Actions>
            <Bouton genre="principal">Ouvrir la correction</Bouton>
            <Bouton href={releveDe(poste)}>Revenir au relevé</Bouton>
          </Actions>
        </Formulaire>
      </Pile>
    </Cadre>
  )
}

async function estApprouve({ session }: Requete, { poste }: Ouverte): Promise<boolean> {
  const releve = await lireReleve(session, poste.id)
  return releve !== undefined && (releve.etat_a !== null || releve.departement_a !== null)
}

/** GET /seances/:seance/releve/corriger/:inscription: says what a correction does, asks why. */
export async function proposerCorrection(requete: Requete): Promise<Reponse> {
  const ouverte = await ouvrir(requete)
  if (ouverte.poste.close_a === null) return redirection(posteDe(ouverte))
  const deliberation = await lireDeliberation(requete.session, ouverte.ligne.inscription)
  const { version, correction } = deliberation
  // Open already, it goes on where it is written.
  if (correction !== null && !(await estFigee(requete.session, ouverte.poste.id, deliberation)))
    return redirection(posteDe(ouverte))
  requete.session.consigner({
    action: 'deliberation.lire',
    objet: 'seance',
    objetId: ouverte.poste.id,
    dossiers: [ouverte.ligne.dossier],
  })
  return page(
    <PageCorriger
      requete={requete}
      ouverte={ouverte}
      approuve={await estApprouve(requete, ouverte)}
      vu={String(version)}
      motif=""
      erreurs={[]}
    />,
  )
}

/** POST /seances/:seance/releve/corriger/:inscription (COM-15). */
export async function corriger(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const ouverte = await ouvrir(requete)
  const { poste, ligne } = ouverte
  const motif = champ(requete, 'motif')
  const vu = champ(requete, 'vu')
  const resultat = await ouConflit(requete, 'deliberation.corriger', () =>
    tenter(
      session,
      'deliberation.corriger',
      () => 'motif',
      () => ouvrirCorrection(session, { seance: poste.id, inscription: ligne.inscription, vu: Number(vu) || 0, motif }),
    ),
  )
  if (resultat instanceof Error) {
    const { version, correction } = await lireDeliberation(session, ligne.inscription)
    return pageConflit(requete, {
      message: resultat.message,
      quoi: `Correction de la décision sur ${ligne.titulaire ?? `le dossier ${ligne.rang}`}`,
      courante: 'reunir',
      fil: fil(ouverte),
      versions: [{ cle: 'motif', libelle: 'Pourquoi corriger', saisie: motif, enregistree: correction }],
      conseil: 'Relire la décision telle qu’elle est maintenant, puis ouvrir la correction si elle reste à faire.',
      garder: { libelle: 'Relire le relevé', href: releveDe(poste) },
      remplacer:
        poste.close_a === null
          ? null
          : {
              libelle: 'Ouvrir la correction malgré tout',
              action: `${releveDe(poste)}/corriger/${ligne.inscription}`,
              champs: { motif, vu: String(version) },
            },
    })
  }
  if (resultat)
    return page(
      <PageCorriger
        requete={requete}
        ouverte={ouverte}
        approuve={await estApprouve(requete, ouverte)}
        vu={vu}
        motif={motif}
        erreurs={[resultat]}
      />,
      422,
    )
  return redirection(posteDe(ouverte), {
    ton: 'bientot',
    texte: 'La correction est ouverte : changer ici ce qui doit l’être, puis établir le relevé.',
  })
}
