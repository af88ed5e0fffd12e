import { aLeDroit } from '#acces'
import { type EtatSaisine, FORMULAIRE_PREORIENTATION, FORMULAIRE_SAISINE, NIVEAU_SAISINE } from '#commission'
import type { Dossier } from '#dossiers'
import { nommerDossier } from '../accompagner/menage.ts'
import type { Ton } from '../composants/index.ts'
import { adresseDossier } from '../espaces.tsx'
import type { EcranFormulaire } from '../formulaires/ecran.ts'
import { suiteDuFormulaire } from './suite.tsx'

export const ESPACE = 'saisine'

export const adresseSaisines = (dossier: Dossier): string => `${adresseDossier(dossier)}/${ESPACE}`

export const TONS: Readonly<Record<EtatSaisine, Ton>> = {
  recue: 'info',
  incomplete: 'bientot',
  complete: 'info',
  inscrite: 'tenu',
  classee: 'neutre',
}

/** Heading of the printed form. */
export const enteteDe = (dossier: Dossier) => [
  { libelle: 'Dossier', valeur: dossier.reference },
  { libelle: 'Ménage', valeur: nommerDossier(dossier) },
]

/** The form of annex 6, and the frame of the members. */
export const ecranSaisine: EcranFormulaire = {
  espace: ESPACE,
  codes: [FORMULAIRE_SAISINE, FORMULAIRE_PREORIENTATION],
  droits: { lire: 'saisine.consulter', ecrire: 'saisine.deposer' },
  niveau: NIVEAU_SAISINE,
  chapo: 'Ceci ne vaut pas saisine légale : EXPLOC reste la voie des transmissions obligatoires.',
  remplit: (requete, { code }) => code !== FORMULAIRE_PREORIENTATION || aLeDroit(requete.acteur, 'saisine.preorienter'),
  suite: suiteDuFormulaire,
  entete: enteteDe,
}
