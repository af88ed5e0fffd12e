import type { DatesDecisives } from './echeances.ts'
import type { ActeRequisition, Enquete, EtatRequisition, Requisition, Resume } from './types.ts'

type Fait = Pick<ActeRequisition, 'id' | 'rang' | 'genre' | 'le' | 'donnees' | 'remplace' | 'enquete'>

/**
 * The facts that still count, oldest first: those corrected or taken back by a fact that itself counts are left out, so that taking back a `retrait` brings the
 * fact back.
 */
export function enVigueur<F extends Fait>(actes: readonly F[]): readonly F[] {
  const contre = Map.groupBy(
    actes.filter(({ remplace }) => remplace !== null),
    ({ remplace }) => remplace,
  )
  const compte = ({ id }: Fait): boolean => !(contre.get(id) ?? []).some(compte)
  return actes
    .filter((acte) => acte.genre !== 'retrait' && compte(acte))
    .toSorted((a, b) => Temporal.PlainDate.compare(a.le, b.le) || a.rang - b.rang)
}

/** Kinds that close an inquiry. */
const CLOSENT: readonly string[] = ['enquete_reponse', 'siao_reponse', 'enquete_non_realisee', 'rapport_remis']

/** What closed an inquiry, or nothing while an answer is expected. */
export const trouverIssue = <F extends Fait>(vivants: readonly F[], enquete: Pick<Enquete, 'id'>): F | undefined =>
  vivants.findLast((acte) => acte.enquete === enquete.id && CLOSENT.includes(acte.genre))

const jourDe = (texte: string | undefined): Temporal.PlainDate | null =>
  texte === undefined || texte === '' ? null : Temporal.PlainDate.from(texte)

/** When the follow-up of a day is due: from its hour when known, from the end of the working day otherwise. */
function echeanceDuSuivi(intervention: Fait, heures: number): Temporal.Instant {
  const heure = intervention.donnees.heure || '18:00'
  return intervention.le
    .toZonedDateTime({ timeZone: 'Europe/Paris', plainTime: Temporal.PlainTime.from(heure) })
    .toInstant()
    .add({ hours: heures })
}

/** Newest state of each point of the preparation, by point. */
export function preparation<F extends Fait>(vivants: readonly F[]): ReadonlyMap<string, F> {
  return new Map(vivants.filter(({ genre }) => genre === 'preparation').map((acte) => [acte.donnees.point ?? '', acte]))
}

/** A decision corrected says again what was decided then: what came after the first of its corrections still came after it. */
function rangDeLOrigine(fait: Fait, actes: readonly Fait[]): number {
  const corrige = actes.find(({ id, genre }) => id === fait.remplace && genre === fait.genre)
  return corrige ? rangDeLOrigine(corrige, actes) : fait.rang
}

function etatDe(vivants: readonly Fait[]): { etat: EtatRequisition; decision: Fait | undefined } {
  const decision = vivants.findLast(({ genre }) => genre === 'decision')
  const intervention = vivants.findLast(({ genre }) => genre === 'intervention')
  if (vivants.some(({ genre }) => genre === 'annulation')) return { etat: 'annulee', decision }
  if (intervention?.donnees.resultat === 'expulsion') return { etat: 'executee', decision }
  if (intervention?.donnees.resultat === 'parti') return { etat: 'annulee', decision }
  switch (decision?.donnees.sens) {
    case 'accord':
      return { etat: 'accordee', decision }
    case 'refus':
      return { etat: 'refusee', decision }
    case 'sursis':
      return { etat: 'sursis', decision }
    default:
      return { etat: 'instruction', decision }
  }
}

/** The days that start and stop the State's liability, from the facts that count. */
export function datesDecisives(vivants: readonly Fait[], { recue_le }: Pick<Requisition, 'recue_le'>): DatesDecisives {
  const decision = vivants.findLast(({ genre }) => genre === 'decision')
  const jour = (genre: string, resultat?: string) =>
    vivants.findLast((un) => un.genre === genre && (resultat === undefined || un.donnees.resultat === resultat))?.le
  return {
    recue_le,
    refus: vivants.find(({ genre, donnees }) => genre === 'decision' && donnees.sens === 'refus')?.le ?? null,
    accord: decision?.donnees.sens === 'accord' ? decision.le : null,
    execution: jour('intervention', 'expulsion') ?? null,
    depart: jour('depart_signale') ?? jour('intervention', 'parti') ?? null,
  }
}

/** Whether answers are still expected: once the préfet decided, or the request is over, they enlighten nobody. */
export const estAttendue = ({ etat }: Pick<Resume, 'etat'>): boolean => etat === 'instruction' || etat === 'sursis'

/**
 * Where a request stands, from its facts in any order of recording. `heuresDuSuivi` is the time the charter gives to meet the household after the day; null when it
 * gives none. Silence decides nothing here: the date of the implicit refusal is shown, never recorded as a decision.
 */
export function resumer(
  actes: readonly Fait[],
  enquetes: readonly Pick<Enquete, 'id' | 'avant'>[],
  heuresDuSuivi: number | null,
): Resume {
  const vivants = enVigueur(actes)
  const { etat, decision } = etatDe(vivants)
  const ouvertes = estAttendue({ etat })
    ? enquetes.filter((enquete) => trouverIssue(vivants, enquete) === undefined)
    : []
  const avant = ouvertes.flatMap((enquete) => enquete.avant ?? []).toSorted(Temporal.PlainDate.compare)[0] ?? null
  const accord = decision?.donnees.sens === 'accord' ? decision : undefined
  const rangAccord = accord && rangDeLOrigine(accord, actes)
  const fixee = vivants.findLast(
    ({ genre, rang }) => genre === 'date_prevue' && rangAccord !== undefined && rang > rangAccord,
  )
  const points = preparation(vivants)
  const assure = ['hebergement', 'relogement'].some((point) => points.get(point)?.donnees.etat === 'assure')
  const place = vivants.findLast(({ genre }) => genre === 'concertation_tenue')?.donnees.place === 'prevue'
  const intervention = vivants.findLast(({ genre }) => genre === 'intervention')
  const suivi = vivants.some(
    ({ genre, le }) => genre === 'suivi' && intervention && Temporal.PlainDate.compare(intervention.le, le) <= 0,
  )
  return {
    etat,
    decidee_le: decision?.le ?? null,
    executoire_le: jourDe(accord?.donnees.executoire_le),
    prevue_le: accord ? jourDe(fixee?.donnees.prevue_le ?? accord.donnees.prevue_le) : null,
    enquetes_ouvertes: ouvertes.length,
    enquete_avant: avant,
    sans_solution: !assure && !place,
    depart_le: vivants.findLast(({ genre }) => genre === 'depart_signale')?.le ?? null,
    suivi_avant:
      intervention?.donnees.resultat === 'expulsion' && !suivi && heuresDuSuivi !== null
        ? echeanceDuSuivi(intervention, heuresDuSuivi)
        : null,
  }
}
