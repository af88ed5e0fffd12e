/** What a person reads about one field of a pair. */
export type Accord = 'identique' | 'proche' | 'different' | 'absent'

export interface Niveau {
  readonly code: string
  readonly accord: Accord
  /** What is close or different, in French; empty when the agreement says it all. */
  readonly note: string
}

interface DefinitionChamp {
  readonly libelle: string
  /** Grammar of the label, for sentences. */
  readonly genre: 'm' | 'f' | 'mp'
  /** Level 0 always means that one side at least does not say. */
  readonly niveaux: readonly Niveau[]
}

const ABSENT: Niveau = { code: 'absent', accord: 'absent', note: 'ne compte pas' }
const niveau = (code: string, accord: Accord, note = ''): Niveau => ({ code, accord, note })

/**
 * The fields compared and their levels of agreement, from nearest to furthest. Ranks are the vectors of `comparer`, codes
 * are what parameter files name: both are a contract with stored parameters.
 */
export const CHAMPS = {
  nom: {
    libelle: 'Nom',
    genre: 'm',
    niveaux: [
      ABSENT,
      niveau('identique', 'identique'),
      niveau('naissance', 'proche', 'nom de naissance et nom d’usage'),
      niveau('faute', 'proche', 'une faute de frappe'),
      niveau('phonetique', 'proche', 'se prononce pareil'),
      niveau('compose', 'proche', 'nom composé, une partie en commun'),
      niveau('ressemblant', 'proche', 'écritures ressemblantes'),
      niveau('different', 'different'),
    ],
  },
  prenom: {
    libelle: 'Prénom',
    genre: 'm',
    niveaux: [
      ABSENT,
      niveau('identique', 'identique'),
      niveau('variante', 'proche', 'autre écriture du même prénom'),
      niveau('faute', 'proche', 'une faute de frappe'),
      niveau('phonetique', 'proche', 'se prononce pareil'),
      niveau('compose', 'proche', 'prénom composé, une partie en commun'),
      niveau('initiale', 'proche', 'initiale seule'),
      niveau('ressemblant', 'proche', 'écritures ressemblantes'),
      niveau('different', 'different'),
    ],
  },
  naissance: {
    libelle: 'Date de naissance',
    genre: 'f',
    niveaux: [
      ABSENT,
      niveau('identique', 'identique'),
      niveau('inversee', 'proche', 'jour et mois inversés'),
      niveau('un_chiffre', 'proche', 'un chiffre diffère'),
      niveau('quelques_jours', 'proche', 'moins d’un mois d’écart'),
      niveau('meme_annee', 'different', 'même année seulement'),
      niveau('different', 'different'),
    ],
  },
  civilite: {
    libelle: 'Civilité',
    genre: 'f',
    niveaux: [ABSENT, niveau('identique', 'identique'), niveau('different', 'different')],
  },
  conjoint: {
    libelle: 'Conjoint',
    genre: 'm',
    niveaux: [
      ABSENT,
      niveau('identique', 'identique'),
      niveau('proche', 'proche', 'nom ou prénom seulement'),
      niveau('different', 'different'),
    ],
  },
  commune: {
    libelle: 'Commune',
    genre: 'f',
    niveaux: [
      ABSENT,
      niveau('identique', 'identique'),
      niveau('proche', 'proche', 'écriture proche ou même code postal'),
      niveau('different', 'different'),
    ],
  },
  adresse: {
    libelle: 'Adresse',
    genre: 'f',
    niveaux: [
      ABSENT,
      niveau('identique', 'identique'),
      niveau('voie_proche', 'proche', 'même numéro, voie écrite autrement'),
      niveau('numero_proche', 'proche', 'même voie, numéro absent d’un côté, ou « bis » d’un seul'),
      niveau('autre_numero', 'different', 'même voie, autre numéro'),
      niveau('autre_commune', 'proche', 'même numéro et même voie, autre commune'),
      niveau('hors_commune', 'different', 'compté avec la commune'),
      niveau('different', 'different'),
    ],
  },
  complement: {
    libelle: 'Logement dans l’immeuble',
    genre: 'm',
    niveaux: [
      ABSENT,
      niveau('identique', 'identique'),
      niveau('proche', 'proche', 'même bâtiment ou même résidence'),
      niveau('different', 'different', 'autre appartement, autre étage ou autre bâtiment'),
    ],
  },
  bailleur: {
    libelle: 'Bailleur',
    genre: 'm',
    niveaux: [
      ABSENT,
      niveau('identique', 'identique'),
      niveau('meme_immeuble', 'identique', 'même adresse, donc compte peu'),
      niveau('proche', 'proche', 'écritures ressemblantes'),
      niveau('different', 'different'),
    ],
  },
  loyer: {
    libelle: 'Loyer',
    genre: 'm',
    niveaux: [
      ABSENT,
      niveau('identique', 'identique'),
      niveau('proche', 'proche', 'moins de 5 % d’écart'),
      niveau('different', 'different'),
    ],
  },
  date_bail: {
    libelle: 'Date du bail',
    genre: 'f',
    niveaux: [
      ABSENT,
      niveau('identique', 'identique'),
      niveau('proche', 'proche', 'un chiffre diffère'),
      niveau('different', 'different'),
    ],
  },
  dette_depuis: {
    libelle: 'Premier impayé',
    genre: 'm',
    niveaux: [
      ABSENT,
      niveau('identique', 'identique'),
      niveau('proche', 'proche', 'même mois'),
      niveau('different', 'different'),
    ],
  },
  enfants: {
    libelle: 'Enfants',
    genre: 'mp',
    niveaux: [
      ABSENT,
      niveau('identique', 'identique'),
      niveau('proche', 'proche', 'un enfant de plus ou de moins'),
      niveau('different', 'different'),
    ],
  },
  allocataire: {
    libelle: 'Numéro d’allocataire',
    genre: 'm',
    niveaux: [
      ABSENT,
      niveau('identique', 'identique'),
      niveau('proche', 'proche', 'un chiffre diffère'),
      niveau('different', 'different'),
    ],
  },
  telephone: {
    libelle: 'Téléphone',
    genre: 'm',
    niveaux: [
      ABSENT,
      niveau('identique', 'identique'),
      niveau('proche', 'proche', 'un chiffre diffère'),
      niveau('different', 'different'),
    ],
  },
  courriel: {
    libelle: 'Courriel',
    genre: 'm',
    niveaux: [
      ABSENT,
      niveau('identique', 'identique'),
      niveau('proche', 'proche', 'une faute de frappe'),
      niveau('different', 'different'),
    ],
  },
} as const satisfies Record<string, DefinitionChamp>

export type Champ = keyof typeof CHAMPS

export const NOMS_CHAMPS = Object.keys(CHAMPS) as readonly Champ[]

/** Rank of each field in a vector. */
export const RANG = Object.fromEntries(NOMS_CHAMPS.map((champ, rang) => [champ, rang])) as Readonly<
  Record<Champ, number>
>

/** A level by field and rank; an unknown rank is « absent ». */
export function lireNiveau(champ: Champ, rang: number): Niveau {
  return (CHAMPS[champ] as DefinitionChamp).niveaux[rang] ?? ABSENT
}

/** Rank of a level by its code; throws on an unknown code, which would be a fault of the program. */
export function rangNiveau(champ: Champ, code: string): number {
  const rang = (CHAMPS[champ] as DefinitionChamp).niveaux.findIndex((candidat) => candidat.code === code)
  if (rang < 0) throw new Error(`niveau inconnu : ${champ}.${code}`)
  return rang
}

const ADJECTIFS: Readonly<Record<Exclude<Accord, 'absent'>, Readonly<Record<DefinitionChamp['genre'], string>>>> = {
  identique: { m: 'identique', f: 'identique', mp: 'identiques' },
  proche: { m: 'proche', f: 'proche', mp: 'proches' },
  different: { m: 'différent', f: 'différente', mp: 'différents' },
}

/** « Adresse différente », « Prénom proche (une faute de frappe) »: the agreement of one field, as a person says it. */
export function ecrireAccord(champ: Champ, accord: Accord, note: string): string {
  const { libelle, genre }: DefinitionChamp = CHAMPS[champ]
  if (accord === 'absent') return `${libelle} non fourni`
  return `${libelle} ${ADJECTIFS[accord][genre]}${note === '' ? '' : ` (${note})`}`
}
