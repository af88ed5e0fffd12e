import { FAITS_DATES, type FaitDate } from './faits.ts'

interface DescriptionSituation {
  /** What to look for when it is unknown. */
  readonly manque: string
  /** Said when a rule is not for this dossier. */
  readonly sansObjet: string
  /** Named beside a value that holds only then. */
  readonly oui: string
  readonly non: string
}

/** Conditions on the dossier that some rules need. Closed; absent or null: unknown, which is not « no ». */
export const SITUATIONS = {
  bailleur_personne_morale: {
    manque: 'la nature du bailleur (personne morale ou non)',
    sansObjet: 'Le bailleur n’est pas une personne morale.',
    oui: 'bailleur personne morale',
    non: 'bailleur personne physique ou société civile familiale',
  },
  bailleur_hlm_ou_sem: {
    manque: 'la nature du bailleur (organisme HLM ou SEM conventionnée, ou non)',
    sansObjet: 'Le bailleur n’est ni un organisme HLM ni une SEM conventionnée.',
    oui: 'bailleur HLM ou SEM conventionnée',
    non: 'autre bailleur',
  },
  bail_resilie_sans_dette: {
    manque: 'l’état de la dette à la signature du protocole (soldée ou effacée, ou non)',
    sansObjet: 'La dette n’est ni soldée ni effacée : c’est le protocole de cohésion sociale qui vaut.',
    oui: 'bail résilié, dette soldée ou effacée',
    non: 'bail résilié, dette en cours',
  },
  caution: {
    manque: 'l’existence d’une caution',
    sansObjet: 'Le bail n’a pas de caution.',
    oui: 'bail avec caution',
    non: 'bail sans caution',
  },
  procedure_simplifiee: {
    manque: 'le choix de la procédure simplifiée (petite dette) ou non',
    sansObjet: 'La dette ne relève pas de la procédure simplifiée.',
    oui: 'procédure simplifiée',
    non: 'procédure ordinaire',
  },
  decision_en_refere: {
    manque: 'la nature de la décision (référé ou fond)',
    sansObjet: 'La décision n’est pas rendue en référé.',
    oui: 'décision en référé',
    non: 'décision au fond',
  },
  territoire_delai_long: {
    manque: 'le territoire (outre-mer ou agglomération de plus de 300 000 habitants, ou non)',
    sansObjet: 'Le territoire n’a pas de délai allongé.',
    oui: 'outre-mer, ou département ayant une agglomération de plus de 300 000 habitants',
    non: 'autre département',
  },
} as const satisfies Record<string, DescriptionSituation>

export type NomSituation = keyof typeof SITUATIONS
export const NOMS_SITUATIONS = Object.keys(SITUATIONS) as NomSituation[]
export type Situation = { readonly [S in NomSituation]?: boolean | null | undefined }

/** Amounts that some values are compared with or computed from, in cents. Closed. */
export const MESURES = {
  dette: 'le montant de la dette',
  rappel_aide: 'le montant du rappel d’aide au logement',
} as const
export type Mesure = keyof typeof MESURES
export const NOMS_MESURES = Object.keys(MESURES) as Mesure[]
export type Montants = { readonly [M in Mesure]?: number | null | undefined }

/** The situations a version is for, in French: « décision en référé ». Empty when it is for all. */
export function ecrireCritere(critere: Situation): string {
  return NOMS_SITUATIONS.flatMap((nom) => {
    const vaut = critere[nom]
    return vaut == null ? [] : [vaut ? SITUATIONS[nom].oui : SITUATIONS[nom].non]
  }).join(', ')
}

/** « Indéterminé : il manque … », for names of facts and of conditions. */
export function ecrireManque(noms: readonly (FaitDate | NomSituation)[]): string {
  const textes = noms.map((nom) => (estFait(nom) ? FAITS_DATES[nom].manque : SITUATIONS[nom].manque))
  return `Indéterminé : il manque ${textes.join(' et ')}.`
}

function estFait(nom: FaitDate | NomSituation): nom is FaitDate {
  return Object.hasOwn(FAITS_DATES, nom)
}
