import type { Session } from '#acces'
import {
  type CommissionPilotee,
  type CompteCompare,
  comparerCommissions,
  ecartsAu,
  type Loyer,
  listerCommissionsPilotees,
  petitEffectifAu,
} from '#commission'
import { maskCounts, type Sum } from '#socle/disclosure'

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

const NIVEAUX = ['', 'etape', 'parc', 'loyer'] as const
const chemin = ({ stade, parc, loyer }: Pick<CompteCompare, 'stade' | 'parc' | 'loyer'>, niveau: number): string =>
  [stade, parc, loyer].slice(0, niveau).join('|')

/**
 * What is not shown of the counts of one commission and one answer, at every level at once: whoever reads one level then another finds nothing by subtraction.
 */
function masquer(lignes: readonly CompteCompare[], seuil: number) {
  const cellules = new Map<string, number>()
  const sommes = new Map<string, Set<string>>()
  for (const ligne of lignes)
    for (let niveau = 0; niveau < NIVEAUX.length; niveau += 1) {
      const cle = chemin(ligne, niveau)
      cellules.set(cle, (cellules.get(cle) ?? 0) + ligne.n)
      if (niveau === 0) continue
      const parent = chemin(ligne, niveau - 1)
      sommes.set(parent, (sommes.get(parent) ?? new Set()).add(cle))
    }
  const equations: Sum[] = [...sommes].map(([total, parts]) => ({ total, parts: [...parts] }))
  return { cellules, masquees: maskCounts(cellules, equations, seuil) }
}

/** Compares the commissions on files alike. Pure: what is read, and the settings of the day. */
export function comparer(
  comptes: readonly CompteCompare[],
  commissions: readonly CommissionPilotee[],
  detail: DetailComparaison,
  reglages: Reglages,
): Pick<Harmonisation, 'situations' | 'questions'> {
  const niveau = NIVEAUX.indexOf(detail)
  const reponses = [...new Set(comptes.flatMap(({ reponse }) => reponse ?? []))].toSorted()
  const blocs = new Map(
    commissions.map(({ id }) => {
      const siennes = comptes.filter(({ commission }) => commission === id)
      return [
        id,
        new Map(
          [null, ...reponses].map((reponse) => [
            reponse,
            masquer(
              siennes.filter((un) => un.reponse === reponse),
              reglages.seuil,
            ),
          ]),
        ),
      ]
    }),
  )
  const lire = (commission: string, reponse: string, cle: string): CaseComparee => {
    const bloc = blocs.get(commission)
    const valeur = (une: string | null) => {
      const lus = bloc?.get(une)
      return lus?.masquees.has(cle) ? null : (lus?.cellules.get(cle) ?? 0)
    }
    const [sur, dit] = [valeur(null), valeur(reponse)]
    // Few without this answer among many point to them as well as few with it.
    const autres = sur === null || dit === null ? 0 : sur - dit
    const n = sur === null || (autres > 0 && autres < reglages.seuil) ? null : dit
    return { n, sur, part: n === null || sur === null || sur < reglages.effectif_min ? null : n / sur }
  }
  const modeles = new Map(
    comptes
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
    .filter((situation) => situation.reponses.length > 0)
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
  const comptes = await comparerCommissions(session, {
    du: Temporal.PlainDate.from({ year: annee, month: 1, day: 1 }),
    au: Temporal.PlainDate.from({ year: annee, month: 12, day: 31 }),
  })
  const { effectif_min, points } = ecartsAu(session.referentiel.racine, session.jour)
  const { seuil } = petitEffectifAu(session.referentiel.racine, session.jour)
  const reglages = { effectif_min, points, seuil }
  return { commissions, reglages, ...comparer(comptes, commissions, detail, reglages) }
}
