import {
  type Charte,
  type Engagement,
  MODES_ENGAGEMENT,
  type Partenaire,
  PREUVES,
  PUBLICS_ENGAGEMENT,
  STADES_REGLES,
  type StadeRegles,
} from '#referentiel'
import { normalizeForSearch } from '#socle/text'
import { etapeCourte, MODES_COURTS, nommerEtape } from './libelles.ts'

/** Keys of the address of the list, in the order it is written. */
const CLES = ['q', 'partenaire', 'stade', 'public', 'mode', 'condition', 'facultatif', 'delai', 'limite'] as const
export type Cle = (typeof CLES)[number]

/** What the address asks, key by key: values of the closed sets, or free text for `q`. */
export type Choix = Readonly<Partial<Record<Cle, string>>>

/** The summons, the hearing and the judgment, asked together. */
export const TOUTE_L_ASSIGNATION = 'assignation_et_suites'
const SUITES_ASSIGNATION: readonly StadeRegles[] = ['assignation', 'audience', 'jugement']

/** Boxes of the filters, and the words of their pills. */
export const CASES = {
  condition: 'Avec condition',
  facultatif: 'Facultatif (« dans la mesure du possible »)',
  delai: 'Avec un délai compté',
  limite: 'Avec une limite écrite',
} as const satisfies Partial<Record<Cle, string>>
export const CLES_CASES = Object.keys(CASES) as (keyof typeof CASES)[]

function estAdmise(cle: Cle, valeur: string, charte: Pick<Charte, 'partenaires'>): boolean {
  switch (cle) {
    case 'q':
      return valeur.length <= 120
    case 'partenaire':
      return charte.partenaires.some(({ id }) => id === valeur)
    case 'stade':
      return valeur === TOUTE_L_ASSIGNATION || (STADES_REGLES as readonly string[]).includes(valeur)
    case 'public':
      return Object.hasOwn(PUBLICS_ENGAGEMENT, valeur)
    case 'mode':
      return Object.hasOwn(MODES_ENGAGEMENT, valeur)
    default:
      return valeur === 'oui'
  }
}

/** What an address asks. A value outside the closed sets is as if it were not there. */
export function lireChoix(recherche: Readonly<Record<string, string>>, charte: Pick<Charte, 'partenaires'>): Choix {
  return Object.fromEntries(
    CLES.map((cle) => [cle, recherche[cle]?.trim() ?? ''] as const).filter(
      ([cle, valeur]) => valeur !== '' && estAdmise(cle, valeur, charte),
    ),
  )
}

/** Same filters, without one. */
export function sans(choix: Choix, cle: Cle): Choix {
  const { [cle]: _, ...reste } = choix
  return reste
}

export const nommerStadeChoisi = (stade: string): string =>
  stade === TOUTE_L_ASSIGNATION ? 'Assignation, audience et jugement' : nommerEtape(stade as StadeRegles)

function decrire(cle: Cle, valeur: string, { partenaires }: Pick<Charte, 'partenaires'>): string {
  switch (cle) {
    case 'q':
      return `Recherche : ${valeur}`
    case 'partenaire':
      return partenaires.find(({ id }) => id === valeur)?.nom ?? valeur
    case 'stade':
      return `Étape : ${nommerStadeChoisi(valeur)}`
    case 'public':
      return `Pour : ${PUBLICS_ENGAGEMENT[valeur as keyof typeof PUBLICS_ENGAGEMENT]}`
    case 'mode':
      return `Portage : ${MODES_COURTS[valeur as keyof typeof MODES_COURTS]}`
    default:
      return CASES[cle]
  }
}

/** The filters in force, in words. */
export function decrireChoix(
  choix: Choix,
  charte: Pick<Charte, 'partenaires'>,
): readonly { readonly cle: Cle; readonly libelle: string }[] {
  return CLES.flatMap((cle) => {
    const valeur = choix[cle]
    return valeur === undefined ? [] : [{ cle, libelle: decrire(cle, valeur, charte) }]
  })
}

/** What of an engagement is searched. A general one has neither step nor partner. */
export type Cherchable = Omit<Engagement, 'stade' | 'partenaire'> & Partial<Pick<Engagement, 'stade'>>

/** Text an engagement is found by: its words, whose it is, its number, its step, its proof and its bounds. */
function texteCherchable(engagement: Cherchable, qui: Pick<Partenaire, 'complement'> & Partial<Partenaire>): string {
  const mots = [
    engagement.libelle,
    qui.nom,
    qui.court,
    qui.composition,
    `engagement ${engagement.numero} ${qui.complement}`,
    // « Département 8 »: the way partners name it.
    `${qui.court ?? ''} ${engagement.numero}`,
    engagement.stade && `${nommerEtape(engagement.stade)} ${etapeCourte(engagement.stade)}`,
    engagement.appreciation,
    engagement.limite,
    engagement.preuve && PREUVES[engagement.preuve],
  ]
  return ` ${normalizeForSearch(mots.filter((mot) => mot !== undefined).join(' '))} `
}

/** Each word asked begins a word of the text, accents and final plurals aside; a number must be the whole number. */
export function repondAuTexte(
  engagement: Cherchable,
  qui: Pick<Partenaire, 'complement'> & Partial<Partenaire>,
  q: string,
): boolean {
  const texte = texteCherchable(engagement, qui)
  return normalizeForSearch(q)
    .split(' ')
    .filter((mot) => mot !== '')
    .every((mot) => {
      if (/^\d+$/.test(mot)) return texte.includes(` ${mot} `)
      return texte.includes(` ${mot.length > 3 ? mot.replace(/[sx]$/, '') : mot}`)
    })
}

function repond(engagement: Engagement, choix: Choix, partenaires: readonly Partenaire[]): boolean {
  const { stade, public: pour } = choix
  if (choix.partenaire !== undefined && engagement.partenaire !== choix.partenaire) return false
  if (stade === TOUTE_L_ASSIGNATION) {
    if (!SUITES_ASSIGNATION.includes(engagement.stade)) return false
  } else if (stade !== undefined && engagement.stade !== stade) return false
  if (pour !== undefined && !(engagement.publics as readonly string[]).includes(pour)) return false
  if (choix.mode !== undefined && engagement.mode !== choix.mode) return false
  if (choix.condition && !engagement.si && engagement.appreciation === undefined) return false
  if (choix.facultatif && !engagement.facultatif) return false
  if (choix.delai && typeof engagement.echeance !== 'object') return false
  if (choix.limite && engagement.limite === undefined) return false
  if (choix.q === undefined) return true
  const qui = partenaires.find(({ id }) => id === engagement.partenaire)
  return qui !== undefined && repondAuTexte(engagement, qui, choix.q)
}

/** Ways to order the list. `partenaire` is the order of the document. */
export const TRIS = {
  partenaire: 'partenaire',
  etape: 'étape',
  libelle: 'libellé',
  mode: 'portage',
} as const
export type TriEngagements = keyof typeof TRIS

export interface Ordre {
  readonly tri: TriEngagements
  readonly sens: 'croissant' | 'decroissant'
}

/** Order asked by an address; that of the document otherwise. */
export function lireOrdre(recherche: Readonly<Record<string, string>>): Ordre {
  const tri = recherche.tri !== undefined && Object.hasOwn(TRIS, recherche.tri) ? recherche.tri : 'partenaire'
  return { tri: tri as TriEngagements, sens: recherche.sens === 'decroissant' ? 'decroissant' : 'croissant' }
}

/** The order as an address keeps it: nothing when it is the usual one. */
export const ordreEnChamps = ({ tri, sens }: Ordre): Readonly<Record<string, string | undefined>> => ({
  tri: tri === 'partenaire' ? undefined : tri,
  sens: sens === 'croissant' ? undefined : sens,
})

const rangStade = ({ stade }: Engagement): number => STADES_REGLES.indexOf(stade)
const COMPARER = {
  partenaire: () => 0,
  etape: (a, b) => rangStade(a) - rangStade(b),
  libelle: (a, b) => a.libelle.localeCompare(b.libelle, 'fr'),
  mode: (a, b) => MODES_COURTS[a.mode].localeCompare(MODES_COURTS[b.mode], 'fr'),
} as const satisfies Record<TriEngagements, (a: Engagement, b: Engagement) => number>

/** The engagements an address asks for, in the order it asks for: equal ones stay in the order of the document. */
export function chercherEngagements(
  charte: Pick<Charte, 'partenaires' | 'engagements'>,
  choix: Choix,
  ordre: Ordre = { tri: 'partenaire', sens: 'croissant' },
): readonly Engagement[] {
  const trouves = charte.engagements.filter((engagement) => repond(engagement, choix, charte.partenaires))
  const tries = trouves.toSorted(COMPARER[ordre.tri])
  return ordre.sens === 'croissant' ? tries : tries.toReversed()
}
