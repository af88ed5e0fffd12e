import type { CodeContraire, Evaluation } from './evaluer.ts'
import type { Seuils } from './parametres.ts'

/** An incoming fiche compared with every fiche of one dossier that it might join. */
export interface EvaluationDossier {
  readonly dossier: string
  readonly evaluations: readonly (Evaluation & { readonly signalement?: string })[]
}

/** One dossier that the fiche may join, as its closest fiche shows it. Holds no personal data. */
export interface Candidat {
  readonly dossier: string
  /** Signalement of the closest fiche, when the caller gave it. */
  readonly signalement: string | null
  readonly probabilite: number
  readonly total: number
  readonly raisons: readonly string[]
  /** What stands against, in French, whichever fiche of the dossier it comes from. */
  readonly contraires: readonly string[]
}

export type Issue = 'certain' | 'a_revoir' | 'nouveau'

export interface Decision {
  readonly issue: Issue
  /** Plausible dossiers, best first. With `certain`, the first is the one to join. Empty with `nouveau`. */
  readonly candidats: readonly Candidat[]
  /** Why, in French. */
  readonly motif: string
}

/** Evidence that counts even when it comes from another fiche of the dossier than the closest one. */
const FORTES: ReadonlySet<CodeContraire> = new Set([
  'parent_enfant',
  'naissance_differente',
  'jumeaux',
  'allocataires_differents',
])
/** The same, when nothing but a name and a place holds the closest fiche. */
const FORTES_SANS_CONFIRMATION: ReadonlySet<CodeContraire> = new Set([...FORTES, 'bail_different', 'autre_appartement'])
const DE_NAISSANCE: ReadonlySet<CodeContraire> = new Set(['parent_enfant', 'naissance_differente'])

/** Bits beyond which one more fiche for or against changes nothing to the mean of a dossier. */
const BORNE_MOYENNE = 12

const borne = (total: number) => Math.max(-BORNE_MOYENNE, Math.min(BORNE_MOYENNE, total))

interface Retenu extends Candidat {
  readonly moyenne: number
}

function resumerDossier({ dossier, evaluations }: EvaluationDossier, seuils: Seuils): Retenu | null {
  let meilleure: EvaluationDossier['evaluations'][number] | undefined
  let somme = 0
  for (const evaluation of evaluations) {
    somme += borne(evaluation.total)
    if (!meilleure || prefere(evaluation, meilleure, seuils)) meilleure = evaluation
  }
  if (!meilleure || meilleure.probabilite < seuils.suggerer) return null
  const memeNaissance = meilleure.champs.some(({ champ, niveau }) => champ === 'naissance' && niveau === 'identique')
  const contraires = new Map(meilleure.codes.map((code, i) => [code, meilleure?.contraires[i] ?? code]))
  const fortes = meilleure.confirmee ? FORTES : FORTES_SANS_CONFIRMATION
  for (const autre of evaluations) {
    autre.codes.forEach((code, i) => {
      if (!fortes.has(code) || (memeNaissance && DE_NAISSANCE.has(code))) return
      if (!contraires.has(code)) contraires.set(code, autre.contraires[i] ?? code)
    })
  }
  return {
    dossier,
    signalement: meilleure.signalement ?? null,
    probabilite: meilleure.probabilite,
    total: meilleure.total,
    raisons: meilleure.raisons,
    contraires: [...contraires.values()],
    moyenne: somme / evaluations.length,
  }
}

/** A certain pair without evidence against is shown before a higher one that has some; else the higher one. */
function prefere(a: Evaluation, b: Evaluation, seuils: Seuils): boolean {
  const aSure = a.probabilite >= seuils.certain && a.contraires.length === 0
  const bSure = b.probabilite >= seuils.certain && b.contraires.length === 0
  return aSure === bSure ? a.total > b.total : aSure
}

/**
 * Decides for one incoming fiche. « certain » needs all of: probability above the threshold with the closest fiche of the
 * dossier, no evidence against, the dossier's fiches in favour on average, and no second dossier as plausible. Two
 * plausible dossiers always go to a person: they may be one household opened twice, or two that must stay apart.
 */
export function decider(dossiers: readonly EvaluationDossier[], seuils: Seuils): Decision {
  const retenus: Retenu[] = []
  for (const dossier of dossiers) {
    const retenu = resumerDossier(dossier, seuils)
    if (retenu) retenus.push(retenu)
  }
  if (retenus.length === 0) return { issue: 'nouveau', candidats: [], motif: 'Aucun dossier ne ressemble assez.' }
  retenus.sort((a, b) => b.total - a.total || (a.dossier < b.dossier ? -1 : 1))
  const candidats = retenus.map(({ moyenne: _, ...candidat }) => candidat)
  const [premier, ...autres] = retenus as [Retenu, ...Retenu[]]
  const revoir = (motif: string): Decision => ({ issue: 'a_revoir', candidats, motif })
  const contraire = premier.contraires[0]
  if (contraire) return revoir(contraire)
  if (premier.probabilite < seuils.certain)
    return revoir('La ressemblance n’est pas assez forte pour rattacher sans une personne.')
  if (premier.moyenne <= 0) return revoir('Ce signal ressemble à un signal du dossier, mais pas aux autres.')
  const rival = autres.some((autre) => autre.contraires.length === 0 || premier.total - autre.total < seuils.marge)
  if (rival) return revoir('Plusieurs dossiers ressemblent à ce signal.')
  return { issue: 'certain', candidats, motif: 'Ressemblance au-dessus du seuil, sans indice contraire.' }
}
