import type { Session } from '#acces'
import { type CelluleTechnique, ecrireReserve, type Provenance, versionAu } from '#referentiel'
import { startOfParisDay } from '#socle/time'

/** Steps of a consultation. Closed. */
export const etatsConsultation = {
  ouverte: 'Ouverte',
  a_conclure: 'À conclure',
  conclue: 'Conclue',
  retiree: 'Retirée',
} as const
export type EtatConsultation = keyof typeof etatsConsultation

/** What a member may answer. Closed. */
export const sensPosition = {
  favorable: 'Favorable',
  defavorable: 'Défavorable',
  abstention: 'Sans avis',
  reunion: 'Demande une réunion',
} as const
export type SensPosition = keyof typeof sensPosition

/** How a consultation may end. Closed. Each is provisional until the next commission. */
export const issuesConsultation = {
  accord: 'Accord',
  refus: 'Refus',
  renvoi: 'Renvoi à la commission',
} as const
export type IssueConsultation = keyof typeof issuesConsultation

/** What the commission did of a decision of the cell. Closed. */
export const etatsRegularisation = {
  attendue: 'À régulariser',
  confirmee: 'Confirmée par la commission',
  infirmee: 'Non confirmée par la commission',
} as const
export type EtatRegularisation = keyof typeof etatsRegularisation

export const modesConsultation = { dematerialise: 'Par écrit', reunion: 'En réunion' } as const
export type ModeConsultation = keyof typeof modesConsultation

/** A reason the charter does not name: the list is open (CEL-10). */
export const AUTRE_OBJET = 'autre'
export const LIBELLE_AUTRE_OBJET = 'Autre point'

/** What the charter in force today says of the cell; null when it says nothing, with the sentence that says why. */
export function cadreDeLaCellule({ referentiel, dept, jour }: Session): {
  readonly cellule: CelluleTechnique | null
  readonly charte: string | null
} {
  const charte = versionAu(referentiel.departements.get(dept)?.chartes ?? [], jour)
  return 'aucune' in charte ? { cellule: null, charte: null } : { cellule: charte.cellule, charte: charte.titre }
}

/** One rule as it held the day a consultation was opened, in words. */
export interface RegleFigee {
  readonly libelle: string
  readonly source: string
  /** What must be said beside it: « à vérifier »… */
  readonly reserve: string | null
}

/** What the charter said the day a consultation was opened. Null: it did not say. */
export interface ReglesFigees {
  readonly objet: RegleFigee
  readonly urgence: RegleFigee | null
  readonly decision: (RegleFigee & { readonly regle: NonNullable<CelluleTechnique['decision']>['regle'] }) | null
  readonly silence: (RegleFigee & { readonly vaut: NonNullable<CelluleTechnique['silence']>['vaut'] }) | null
}

const ecrireSource = ({ source }: Pick<Provenance, 'source'>): string =>
  [source.titre, source.reference].filter((part) => part !== null && part !== '').join(', ')

const figer = (libelle: string, provenance: Provenance): RegleFigee => ({
  libelle,
  source: ecrireSource(provenance),
  reserve: ecrireReserve(provenance),
})

const DECISIONS = {
  pilotes: 'Les pilotes de la cellule décident',
  majorite: 'La majorité des positions exprimées par les membres permanents',
  unanimite: 'L’unanimité des membres permanents',
} as const
const SILENCES = {
  rien: 'Le silence ne vaut ni accord ni refus',
  accord: 'Le silence vaut accord',
  refus: 'Le silence vaut refus',
  abstention: 'Le silence vaut abstention',
} as const

type Delai = CelluleTechnique['urgences'][number]['delai']

/** « 24 heures », « 3 jours ». */
export const ecrireDelai = (delai: Delai): string =>
  'heures' in delai
    ? `${delai.heures} ${delai.heures === 1 ? 'heure' : 'heures'}`
    : `${delai.jours} ${delai.jours === 1 ? 'jour' : 'jours'}`

/** Hours run as they pass; days are whole, until the last minute of the last one. */
export function echeanceDe(delai: Delai, { maintenant, jour }: Pick<Session, 'maintenant' | 'jour'>): Temporal.Instant {
  if ('heures' in delai) return maintenant.add({ hours: delai.heures })
  return startOfParisDay(jour.add({ days: delai.jours + 1 })).subtract({ minutes: 1 })
}

/** What the charter says, in words, each part with its source: as shown before a consultation, and kept with it. */
export function figerRegles(
  cellule: CelluleTechnique | null,
  choix: { readonly objet: string; readonly urgence: string | null },
): ReglesFigees {
  const objet = cellule?.objets.find(({ id }) => id === choix.objet)
  const urgence = cellule?.urgences.find(({ id }) => id === choix.urgence)
  return {
    objet:
      cellule && objet
        ? figer(objet.libelle, { ...cellule, source: { ...cellule.source, reference: objet.reference } })
        : { libelle: LIBELLE_AUTRE_OBJET, source: '', reserve: null },
    urgence: urgence ? figer(`${urgence.libelle} : ${ecrireDelai(urgence.delai)}`, urgence) : null,
    decision: cellule?.decision
      ? {
          ...figer(cellule.decision.precision ?? DECISIONS[cellule.decision.regle], cellule.decision),
          regle: cellule.decision.regle,
        }
      : null,
    silence: cellule?.silence
      ? { ...figer(SILENCES[cellule.silence.vaut], cellule.silence), vaut: cellule.silence.vaut }
      : null,
  }
}

/** What a member said, or that it said nothing until the end. */
export interface Voix {
  readonly organisme: string
  readonly permanent: boolean
  readonly sens: SensPosition | null
}

/** How the positions stand. */
export interface Decompte {
  readonly attendus: number
  readonly repondus: number
  readonly favorable: number
  readonly defavorable: number
  readonly abstention: number
  readonly reunion: number
  readonly muets: number
}

export function compterPositions(voix: readonly Voix[]): Decompte {
  const de = (sens: SensPosition | null) => voix.filter((une) => une.sens === sens).length
  const muets = de(null)
  return {
    attendus: voix.length,
    repondus: voix.length - muets,
    favorable: de('favorable'),
    defavorable: de('defavorable'),
    abstention: de('abstention'),
    reunion: de('reunion'),
    muets,
  }
}

/**
 * What the rule of decision gives from the positions of the permanent members, once the time has passed or everyone has answered. Null: no rule is set, or the pilots
 * decide, or what came does not settle it; then a person says it, with their reason. A silence counts only as the charter says.
 */
export function issueDesPositions(
  { decision, silence }: Pick<ReglesFigees, 'decision' | 'silence'>,
  voix: readonly Voix[],
  echue: boolean,
): IssueConsultation | null {
  if (decision === null || decision.regle === 'pilotes') return null
  const permanents = voix.filter(({ permanent }) => permanent)
  const lus = permanents.map(({ sens }) => {
    if (sens !== null) return sens
    if (!echue || silence === null || silence.vaut === 'rien') return null
    return ({ accord: 'favorable', refus: 'defavorable', abstention: 'abstention' } as const)[silence.vaut]
  })
  if (permanents.length === 0 || lus.includes('reunion') || (lus.includes(null) && !echue)) return null
  const pour = lus.filter((sens) => sens === 'favorable').length
  const contre = lus.filter((sens) => sens === 'defavorable').length
  if (decision.regle === 'unanimite') {
    if (contre > 0) return 'refus'
    return pour === permanents.length ? 'accord' : null
  }
  // Unknown is not « no »: with silences that are worth nothing, the majority holds only if they could not turn it.
  const inconnus = lus.filter((sens) => sens === null).length
  if (pour > contre + inconnus) return 'accord'
  return contre >= pour + inconnus && contre > pour ? 'refus' : null
}
