import type { ReactElement } from 'react'
import { aLeDroit } from '#acces'
import { FORMULAIRE_REUNION } from '#commission'
import type { Dossier } from '#dossiers'
import { type Formulaire, lireFormulaire, signerFormulaire } from '#formulaires'
import { Conflit, Introuvable } from '#socle/errors'
import { nommerDossier } from '../accompagner/menage.ts'
import { tenter } from '../accompagner/saisie.ts'
import { BoutonPost, Carte } from '../composants/index.ts'
import { ouConflit } from '../conflit.tsx'
import { CadreDossier, ouvrirDossier } from '../espaces.tsx'
import type { EcranFormulaire } from '../formulaires/ecran.ts'
import { champ, page, type Reponse, type Requete, redirection } from '../route.ts'
import { adresseDe, ESPACE } from './commun.tsx'
import { champsRecus, Relire } from './relire.tsx'

const enteteDe = (dossier: Dossier) => [
  { libelle: 'Dossier', valeur: dossier.reference },
  { libelle: 'Ménage', valeur: nommerDossier(dossier) },
]

function suite(requete: Requete, dossier: Dossier, formulaire: Formulaire): ReactElement | null {
  if (formulaire.etat !== 'brouillon' || !aLeDroit(requete.acteur, 'cellule.repondre')) return null
  return (
    <Carte titre="Arrêter la fiche" id="signer">
      <p>
        Signée après la réunion, elle ne change plus. Ceux qui lisent la consultation la lisent, selon leurs droits.
      </p>
      <BoutonPost
        action={adresseDe(dossier, `/${formulaire.id}/signer`)}
        champs={{ vu: String(formulaire.version) }}
        jeton={requete.connecte.jetonFormulaire}
      >
        Relire avant de signer
      </BoutonPost>
    </Carte>
  )
}

/** The sheet of a meeting on a complex situation (CEL-09). */
export const ecranFiche: EcranFormulaire = {
  espace: ESPACE,
  codes: [FORMULAIRE_REUNION],
  droits: { lire: 'cellule.consulter', ecrire: 'cellule.repondre' },
  chapo:
    'Ni diagnostic ni soin : ce qui sert à agir pour ce ménage. Lue par ceux qui lisent la consultation avec le dossier.',
  suite,
  entete: enteteDe,
}

/** POST /dossiers/:reference/cellule/:formulaire/signer: read again, then final. */
export async function signerFiche(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const dossier = await ouvrirDossier(requete)
  const id = requete.parametres.formulaire ?? ''
  const etape = champ(requete, 'etape')
  if (etape === 'corriger') return redirection(adresseDe(dossier, `/${id}`))
  if (etape !== 'confirmer') {
    const fiche = await lireFormulaire(session, session.cles(), dossier, id)
    if (fiche.code !== FORMULAIRE_REUNION) throw new Introuvable()
    return page(
      <CadreDossier requete={requete} dossier={dossier} espace={ESPACE} titre="Relire avant de signer" acte="Relire">
        <Relire
          relecture={{
            titre: 'Relire avant de signer',
            avertissement:
              'Une fiche signée ne change plus et ne se retire pas : ce qui est convenu en réunion y est-il, et rien de médical ?',
            lignes: [
              { terme: 'Fiche', valeur: fiche.modele.titre },
              ...enteteDe(dossier).map(({ libelle, valeur }) => ({ terme: libelle, valeur })),
            ],
            bouton: 'Signer la fiche',
          }}
          action={adresseDe(dossier, `/${id}/signer`)}
          jeton={requete.connecte.jetonFormulaire}
          champs={champsRecus(requete)}
        />
      </CadreDossier>,
    )
  }
  const reponse = await ouConflit(requete, 'cellule.repondre', () =>
    tenter(
      session,
      'cellule.repondre',
      () => 'formulaire',
      () =>
        signerFormulaire(session, session.cles(), dossier, {
          id,
          vu: Number(champ(requete, 'vu')),
          entete: enteteDe(dossier),
        }),
    ),
  )
  const message = reponse instanceof Conflit || reponse ? reponse.message : null
  return redirection(
    adresseDe(dossier, `/${id}`),
    message === null ? { texte: 'Fiche signée.' } : { texte: message, ton: 'bientot' },
  )
}
