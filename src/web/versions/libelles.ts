import { type Aspect, type Changement, type Cote, cleLocale, type SituationVersion, type VersionLocale } from '#charte'
import type { GenreVersion } from '#referentiel'
import type { Ton } from '../composants/index.ts'

/** Where versions are. */
export const ADRESSE = '/regles/versions'
export const adresseVersion = (id: string, suite = ''): string => `${ADRESSE}/${id}${suite}`
export const adresseLire = (cle: string): string => `${ADRESSE}/lire?${new URLSearchParams({ v: cle })}`

/** A kind of version, one of them. */
export const titresGenre = {
  repartition: 'Règle de répartition',
  criteres: 'Critères de la commission',
  parametres: 'Valeurs réglées',
} as const satisfies Record<GenreVersion, string>

export const situations = {
  brouillon: { ton: 'neutre', mot: 'brouillon' },
  soumise: { ton: 'bientot', mot: 'à approuver' },
  refusee: { ton: 'retard', mot: 'refusée' },
  retiree: { ton: 'neutre', mot: 'abandonnée' },
  a_venir: { ton: 'info', mot: 'approuvée, à venir' },
  en_vigueur: { ton: 'tenu', mot: 'en vigueur' },
  passee: { ton: 'neutre', mot: 'passée' },
} as const satisfies Record<SituationVersion, { ton: Ton; mot: string }>

export const cotes = { etat: 'l’État', departement: 'le Département' } as const satisfies Record<Cote, string>

export const nomDe = ({ genre, numero }: Pick<VersionLocale, 'genre' | 'numero'>): string =>
  `${titresGenre[genre]}, version n° ${numero}`

export const cleDe = (dept: string, { genre, numero }: Pick<VersionLocale, 'genre' | 'numero'>): string =>
  cleLocale(dept, genre, numero)

/** What a change is about, at the head of its line. */
export const objets = {
  version: 'Présentation',
  volet: 'Situation',
  regle: 'Service sollicité',
  offre: 'Aide proposée à côté',
  groupe: 'Groupe de critères',
  critere: 'Critère',
  parametre: 'Réglage',
} as const satisfies Record<Changement['objet'], string>

export const sensDe = {
  ajoute: { ton: 'tenu', icone: 'plus', mot: 'ajouté' },
  retire: { ton: 'retard', icone: 'non', mot: 'retiré' },
  change: { ton: 'bientot', icone: 'maj', mot: 'changé' },
} as const satisfies Record<Changement['sens'], { ton: Ton; icone: 'plus' | 'non' | 'maj'; mot: string }>

export const aspects = {
  libelle: 'Libellé',
  condition: 'Quand',
  champ: 'Seulement quand',
  service: 'Service',
  ordre: 'Pourquoi à ce rang',
  modalite: 'Comment',
  mission: 'Mission',
  memes_regles: 'Mêmes services que',
  sans_prise_en_charge: 'Aucun service désigné',
  recours: 'Si tous ont répondu non',
  reference: 'Référence',
  lieu: 'Place',
  rang: 'Rang',
  valeur: 'Valeur',
  source: 'Source',
  fin: 'Dernier jour',
  remarque: 'Remarque',
  revision: 'Révision',
  exemples: 'Nombre d’exemples',
} as const satisfies Record<Aspect, string>

/** What an absent value means, by what it is about. */
export const absences: Partial<Record<Aspect, string>> = {
  condition: 'sans condition',
  champ: 'toujours',
  valeur: 'à compléter',
  fin: 'sans fin',
}

/** Acts of the history, in French. */
export const evenements: Readonly<Record<string, string>> = {
  creer: 'Brouillon ouvert',
  enregistrer: 'Texte enregistré',
  simuler: 'Simulation faite',
  soumettre: 'Soumise à l’approbation de l’autre pilote',
  reprendre: 'Reprise en brouillon',
  retirer: 'Abandonnée',
  approuver: 'Approuvée',
  refuser: 'Refusée',
  defaire: 'Approbation défaite',
  envoyer: 'Envoyée aux partenaires',
}
