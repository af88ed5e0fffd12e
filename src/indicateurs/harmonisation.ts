import type { Session } from '#acces'
import { type CommissionPilotee, ecartsAu, type Loyer, listerCommissionsPilotees, petitEffectifAu } from '#commission'
import { type AnneeComptee, cellule, compterAnnee } from './annee.ts'

/** How alike the situations compared are. Closed; each adds to the one before. */
export const detailsComparaison = {
  etape: 'Même étape',
  parc: 'Même étape, même parc',
  loyer: 'Même étape, même parc, même reprise du loyer',
} as const
export type DetailComparaison = keyof typeof detailsComparaison

/** What one commission answered on comparable files: so many times, out of so many. Null: not shown. */
export interface CaseComparee {
  readonly n: number | null
  readonly sur: number | null
  /** Between 0 and 1; null when it is not shown, or when it rests on too few files to say anything. */
  readonly part: number | null
}

/** Files alike, and what each commission answered on them. */
export interface Situation {
  readonly cle: string
  readonly stade: string
  readonly parc: string | null
  readonly loyer: Loyer | null
  readonly reponses: readonly {
    /** « code:sens ». */
    readonly reponse: string
    readonly cases: ReadonlyMap<string, CaseComparee>
  }[]
}

/** A difference worth asking about: two commissions, in the order of their names, the same situation, two shares. */
export interface Question {
  readonly situation: Situation
  readonly reponse: string
  readonly points: number
  readonly commissions: readonly { readonly id: string; readonly part: number; readonly sur: number }[]
}

export interface Harmonisation {
  readonly commissions: readonly CommissionPilotee[]
  readonly situations: readonly Situation[]
  readonly questions: readonly Question[]
  readonly reglages: { readonly effectif_min: number; readonly points: number; readonly seuil: number }
}

type Reglages = Harmonisation['reglages']
type Compare = AnneeComptee['compares'][number]

const NIVEAUX = ['', 'etape', 'parc', 'loyer'] as const
const chemin = ({ stade, parc, loyer }: Pick<Compare, 'stade' | 'parc' | 'loyer'>, niveau: number): string =>
  [stade, parc, loyer].slice(0, niveau).join('|')

/** Files alike in one commission, and those more alike they split into. */
class Semblables {
  sur = 0
  /** Answers on them, by answer. */
  readonly dits = new Map<string, number>()
  readonly dessous = new Map<string, Semblables>()
  /** Their number is not shown. */
  cache = false

  compter({ reponse, n }: Compare): void {
    if (reponse === null) this.sur += n
    else this.dits.set(reponse, (this.dits.get(reponse) ?? 0) + n)
  }

  /** Those of this path below; null when nobody may know whether there are any. */
  trouver(places: readonly string[]): Semblables | null {
    const [place, ...suite] = places
    if (place === undefined) return this
    const une = this.dessous.get(place)
    if (!une) return [...this.dessous.values()].some(({ cache }) => cache) ? null : new Semblables()
    return une.cache ? null : une.trouver(suite)
  }
}

/** The counts of one commission, from all its files to the most alike. */
function diviser(comptes: readonly Compare[]): Semblables {
  const racine = new Semblables()
  for (const un of comptes) {
    let la = racine
    la.compter(un)
    for (const place of [un.stade, un.parc, un.loyer]) {
      const dessous = la.dessous.get(place) ?? new Semblables()
      la.dessous.set(place, dessous)
      la = dessous
      la.compter(un)
    }
  }
  return racine
}

const estPetit = (n: number, seuil: number): boolean => n > 0 && n < seuil

/**
 * Hides numbers of files: what is few, with enough of what is beside it for the whole less what is shown not to be few either. Nothing is shown under what is hidden.
 */
function cacherExamens(semblables: Semblables, seuil: number): void {
  const dessous = [...semblables.dessous.values()].toSorted((a, b) => a.sur - b.sur)
  for (const une of dessous) une.cache ||= estPetit(une.sur, seuil)
  const cachees = (): number => dessous.reduce((n, { cache, sur }) => (cache ? n + sur : n), 0)
  for (const une of dessous) if (estPetit(cachees(), seuil)) une.cache = true
  for (const une of dessous) if (!une.cache) cacherExamens(une, seuil)
}

/**
 * Files alike of which what was answered is shown: neither those who were answered so nor the others are few, nor what is left of a whole less what is shown. Under one
 * that is not shown nothing is, so that each whole and what it splits into are all there is to subtract.
 */
function montrerReponses(racine: Semblables, reponse: string, seuil: number): ReadonlySet<Semblables> {
  const petit = (n: number): boolean => estPetit(n, seuil)
  const dits = (une: Semblables): number => une.dits.get(reponse) ?? 0
  const autres = (une: Semblables): number => une.sur - dits(une)
  const montrees = new Set<Semblables>()
  const montrer = (une: Semblables): void => {
    if (une.cache || petit(dits(une)) || petit(autres(une))) return
    montrees.add(une)
    for (const dessous of une.dessous.values()) montrer(dessous)
  }
  const taire = (une: Semblables): void => {
    montrees.delete(une)
    for (const dessous of une.dessous.values()) taire(dessous)
  }
  montrer(racine)
  /** Whether a small one, of a whole that is known and whose place is known too, may be anything below the threshold. */
  const vague = (sien: number, sur: number, tout: number, reste: number): boolean =>
    !petit(sien) || (sur - reste <= 1 && Math.min(sur, tout) >= seuil - 1)
  for (let change = true; change; ) {
    change = false
    for (const une of montrees) {
      const dessous = [...une.dessous.values()]
      const tues = dessous.filter((sienne) => !montrees.has(sienne))
      const d = tues.reduce((n, sienne) => n + dits(sienne), 0)
      const a = tues.reduce((n, sienne) => n + autres(sienne), 0)
      const sures = tues.every(
        (sienne) => sienne.cache || (vague(dits(sienne), sienne.sur, d, a) && vague(autres(sienne), sienne.sur, a, d)),
      )
      if (sures && !petit(d) && !petit(a)) continue
      taire(dessous.filter((sienne) => montrees.has(sienne)).toSorted((x, y) => x.sur - y.sur)[0] ?? une)
      change = true
    }
  }
  return montrees
}

/** What one commission shows of each answer on files alike: below what the activity shows of it, so that one page gives nothing back of the other. */
function lireCommission({ masquees, compares }: AnneeComptee, commission: string, seuil: number) {
  const racine = diviser(compares.filter((un) => un.commission === commission))
  for (const [stade, une] of racine.dessous) une.cache = masquees.has(cellule('examen', stade, commission))
  for (const une of racine.dessous.values()) if (!une.cache) cacherExamens(une, seuil)
  const montrees = new Map(
    [...racine.dits.keys()].map((reponse) => [
      reponse,
      masquees.has(cellule('avis', reponse, commission))
        ? new Set<Semblables>()
        : montrerReponses(racine, reponse, seuil),
    ]),
  )
  return (reponse: string, places: readonly string[]): Pick<CaseComparee, 'n' | 'sur'> => {
    const une = racine.trouver(places)
    if (une === null) return { n: null, sur: null }
    const siennes = montrees.get(reponse)
    return { n: siennes && une.sur > 0 && !siennes.has(une) ? null : (une.dits.get(reponse) ?? 0), sur: une.sur }
  }
}

/** Compares the commissions on files alike. Pure: the year read, and the settings of the day. */
export function comparer(
  annee: AnneeComptee,
  commissions: readonly CommissionPilotee[],
  detail: DetailComparaison,
  reglages: Reglages,
): Pick<Harmonisation, 'situations' | 'questions'> {
  const niveau = NIVEAUX.indexOf(detail)
  const reponses = [...new Set(annee.compares.flatMap(({ reponse }) => reponse ?? []))].toSorted()
  const lectures = new Map(commissions.map(({ id }) => [id, lireCommission(annee, id, reglages.seuil)]))
  const lire = (commission: string, reponse: string, cle: string): CaseComparee => {
    const { n, sur } = lectures.get(commission)?.(reponse, cle.split('|')) ?? { n: 0, sur: 0 }
    return { n, sur, part: n === null || sur === null || sur < reglages.effectif_min ? null : n / sur }
  }
  const modeles = new Map(
    annee.compares
      .filter(({ reponse }) => reponse === null)
      .map((un): [string, Omit<Situation, 'reponses'>] => [
        chemin(un, niveau),
        {
          cle: chemin(un, niveau),
          stade: un.stade,
          parc: niveau >= 2 ? un.parc : null,
          loyer: niveau >= 3 ? un.loyer : null,
        },
      ]),
  )
  const situations = [...modeles.values()]
    .map(
      (modele): Situation => ({
        ...modele,
        reponses: reponses
          .map((reponse) => ({
            reponse,
            cases: new Map(commissions.map(({ id }) => [id, lire(id, reponse, modele.cle)])),
          }))
          .filter(({ cases }) => [...cases.values()].some(({ n }) => n !== 0)),
      }),
    )
    // A situation of which no number is shown says that somebody was in it: it is not listed.
    .filter(({ reponses: siennes }) =>
      siennes.some(({ cases }) => [...cases.values()].some(({ sur }) => sur !== null && sur > 0)),
    )
  const questions = situations
    .flatMap((situation) =>
      situation.reponses.flatMap(({ reponse, cases }): Question[] => {
        const connues = commissions.flatMap(({ id }) => {
          const une = cases.get(id)
          return une?.part === null || une?.part === undefined || une.sur === null
            ? []
            : [{ id, part: une.part, sur: une.sur }]
        })
        const parts = connues.map(({ part }) => part)
        const points = Math.round((Math.max(...parts) - Math.min(...parts)) * 100)
        return connues.length < 2 || points < reglages.points
          ? []
          : [{ situation, reponse, points, commissions: connues }]
      }),
    )
    .toSorted((a, b) => b.points - a.points || a.situation.cle.localeCompare(b.situation.cle))
  return { situations, questions }
}

/** Compares the commissions the session pilots over a year (COM-02): always as it may be published. */
export async function mesurerHarmonisation(
  session: Session,
  annee: number,
  detail: DetailComparaison,
): Promise<Harmonisation> {
  const commissions = await listerCommissionsPilotees(session)
  const { effectif_min, points } = ecartsAu(session.referentiel.racine, session.jour)
  const { seuil } = petitEffectifAu(session.referentiel.racine, session.jour)
  const reglages = { effectif_min, points, seuil }
  return {
    commissions,
    reglages,
    ...comparer(await compterAnnee(session, annee, seuil), commissions, detail, reglages),
  }
}
