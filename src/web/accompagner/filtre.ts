import { listerOrganismes, masqueDe, type Organisme, type Session } from '#acces'
import { type FiltreDossiers, filtrePermis, type Position, type Tri, tris, trisPermis } from '#dossiers'
import { ETAPES } from '#procedure'
import { type GroupeChamps, libelleTerritoire, SERVICES, type Territoires } from '#referentiel'
import { isUuid } from '#socle/text'
import { formatNombre } from '#socle/typography'
import { type CritereConnu, listerCriteresVisibles } from './criteres.ts'
import { etapeCourte, libellesParc } from './libelles.ts'

/** Keys of the address, in the order it is written. */
const CLES = [
  'q',
  'territoire',
  'etape',
  'parc',
  'service',
  'echeance',
  'dette',
  'critere',
  'sans_preneur',
  'audience',
  'serie',
  'complexe',
  'inconnus',
  'clos',
] as const
type Cle = (typeof CLES)[number]

/** What the address asks, key by key. Only values of the closed sets, or free text for `q`. */
export type Choix = Readonly<Partial<Record<Cle, string>>>

export const ECHEANCES = {
  retard: 'En retard',
  '7': 'Retard ou sous 7 jours',
  '15': 'Retard ou sous 15 jours',
  '45': 'Retard ou sous 45 jours',
  sans: 'Sans échéance',
} as const satisfies Record<NonNullable<FiltreDossiers['echeance']>, string>

/** Least debts offered, in euros. */
export const DETTES = ['500', '1000', '2000', '5000'] as const

/** Boxes behind « Plus de filtres », and the words of their pills. */
export const CASES = {
  sans_preneur: 'Sans preneur',
  audience: 'Audience sous 45 jours',
  serie: 'Signaux en série',
  complexe: 'Situations complexes',
  inconnus: 'En procédure judiciaire, inconnus des services sociaux',
  clos: 'Dossiers clos',
} as const satisfies Partial<Record<Cle, string>>
export type CleCase = keyof typeof CASES
export const CLES_CASES = Object.keys(CASES) as CleCase[]

/** What may be chosen in the filters of one actor. */
export interface Offre {
  readonly territoires: Territoires
  readonly organismes: readonly Organisme[]
  readonly criteres: ReadonlyMap<string, CritereConnu>
  /** Filters that would tell what the actor does not read: neither offered nor understood. */
  readonly fermes?: ReadonlySet<Cle>
  /** Orders the actor may ask for. */
  readonly tris?: readonly Tri[]
  /** Groups of fields some rows show. */
  readonly voit?: (groupe: GroupeChamps) => boolean
}

/** What each key narrows by, to know whether it may be asked. */
const FILTRES: Readonly<Record<Cle, FiltreDossiers>> = {
  q: { texte: 'x' },
  territoire: { territoire: 'x' },
  etape: { stade: 'x' },
  parc: { parc: 'x' },
  service: { organisme: 'x' },
  echeance: { echeance: 'retard' },
  dette: { detteMin: 1 },
  critere: {},
  sans_preneur: { etatService: 'x' },
  audience: { audience: '45' },
  serie: { enSerie: true },
  complexe: { complexe: true },
  inconnus: { inconnu: true },
  clos: { clos: true },
}

/** Reads what the filters of a session may offer: its territories, the organismes that are services, the criteria it may see. */
export async function lireOffre(session: Session): Promise<Offre> {
  const departement = session.referentiel.departements.get(session.dept)
  if (!departement) throw new Error(`département ${session.dept} absent from the référentiel`)
  const organismes = await listerOrganismes(session)
  return {
    territoires: departement.territoires,
    organismes: organismes.filter(({ type }) => Object.hasOwn(SERVICES, type)),
    criteres: listerCriteresVisibles(session),
    fermes: new Set(CLES.filter((cle) => !filtrePermis(session, FILTRES[cle]))),
    tris: trisPermis(session),
    voit: (groupe) => masqueDe(session.acteur).voit(groupe, masqueDe(session.acteur).utiles),
  }
}

const dans = (liste: readonly string[], valeur: string): boolean => liste.includes(valeur)

function estAdmise(cle: Cle, valeur: string, offre: Offre): boolean {
  if (offre.fermes?.has(cle)) return false
  switch (cle) {
    case 'q':
      return valeur.length <= 120
    case 'territoire':
      return valeur === 'a_determiner' || offre.territoires.territoires.some(({ id }) => id === valeur)
    case 'etape':
      return dans(ETAPES, valeur)
    case 'parc':
      return Object.hasOwn(libellesParc, valeur)
    case 'service':
      return offre.organismes.some(({ code }) => code === valeur)
    case 'echeance':
      return Object.hasOwn(ECHEANCES, valeur)
    case 'dette':
      return dans(DETTES, valeur)
    case 'critere':
      return offre.criteres.has(valeur)
    default:
      return valeur === 'oui'
  }
}

/** What an address asks. A value outside the closed sets, or that the actor may not ask for, is as if it were not there. */
export function lireChoix(recherche: Readonly<Record<string, string>>, offre: Offre): Choix {
  return Object.fromEntries(
    CLES.map((cle) => [cle, recherche[cle]?.trim() ?? ''] as const).filter(
      ([cle, valeur]) => valeur !== '' && estAdmise(cle, valeur, offre),
    ),
  )
}

/** Filters of an address, `key=value`, that narrow nothing here: outside the closed sets, or not to be asked by this actor. */
export function lireIgnores(recherche: Readonly<Record<string, string>>, offre: Offre): readonly string[] {
  return CLES.flatMap((cle) => {
    const valeur = recherche[cle]?.trim() ?? ''
    const entendue = valeur === '' || estAdmise(cle, valeur, offre) || (cle === 'territoire' && valeur === 'tous')
    return entendue ? [] : [`${cle}=${valeur.length > 40 ? `${valeur.slice(0, 40)}…` : valeur}`]
  })
}

/** The same, for the data layer. */
export function versFiltre(choix: Choix, offre: Offre): FiltreDossiers {
  return {
    texte: choix.q,
    territoire: choix.territoire,
    stade: choix.etape,
    parc: choix.parc,
    organisme: offre.organismes.find(({ code }) => code === choix.service)?.id,
    echeance: choix.echeance as FiltreDossiers['echeance'],
    detteMin: choix.dette === undefined ? undefined : Number(choix.dette) * 100,
    critere: choix.critere,
    etatService: choix.sans_preneur ? 'sans_preneur' : undefined,
    audience: choix.audience ? '45' : undefined,
    enSerie: choix.serie ? true : undefined,
    complexe: choix.complexe ? true : undefined,
    phase: choix.inconnus ? 'judiciaire' : undefined,
    inconnu: choix.inconnus ? true : undefined,
    clos: choix.clos ? true : undefined,
  }
}

export const ecrireDette = (euros: string): string => `${formatNombre(Number(euros))} € et plus`

function decrire(cle: Cle, valeur: string, offre: Offre): string {
  switch (cle) {
    case 'q':
      return `Recherche : ${valeur}`
    case 'territoire':
      return valeur === 'a_determiner'
        ? 'Territoire à déterminer'
        : `Territoire : ${libelleTerritoire(offre.territoires, valeur)}`
    case 'etape':
      return `Étape : ${etapeCourte(valeur)}`
    case 'parc':
      return `Parc : ${libellesParc[valeur] ?? valeur}`
    case 'service':
      return `Service : ${offre.organismes.find(({ code }) => code === valeur)?.nom ?? valeur}`
    case 'echeance':
      return `Échéance : ${(ECHEANCES as Readonly<Record<string, string>>)[valeur] ?? valeur}`
    case 'dette':
      return `Dette : ${ecrireDette(valeur)}`
    case 'critere':
      return `Critère : ${offre.criteres.get(valeur)?.libelle ?? valeur}`
    default:
      return CASES[cle]
  }
}

/** The filters in force, in words. */
export function decrireChoix(choix: Choix, offre: Offre): readonly { readonly cle: Cle; readonly libelle: string }[] {
  return CLES.flatMap((cle) => {
    const valeur = choix[cle]
    return valeur === undefined ? [] : [{ cle, libelle: decrire(cle, valeur, offre) }]
  })
}

/** Same filters, without one. */
export function sans(choix: Choix, cle: Cle): Choix {
  const { [cle]: _, ...reste } = choix
  return reste
}

/** Order of the list. `inverse` turns the natural order of the column round. */
export interface Ordre {
  readonly tri: Tri
  readonly sens: 'croissant' | 'decroissant'
}

/** The way each column is read first: the nearest deadline, the heaviest debt, the furthest step, the newest signal. */
export const SENS_NATUREL = {
  echeance: 'croissant',
  menage: 'croissant',
  dette: 'decroissant',
  stade: 'decroissant',
  signal: 'decroissant',
  ressemblance: 'croissant',
} as const satisfies Record<Tri, Ordre['sens']>

const estTri = (texte: string): texte is Tri => dans(tris, texte)

/** What resembles the text most first; without a text, the nearest deadline first. */
const triUsuel = ({ q }: { readonly q?: string | undefined }): Tri => (q?.trim() ? 'ressemblance' : 'echeance')

/** Order asked by an address, or the usual one. */
export function lireOrdre(recherche: Readonly<Record<string, string>>, permis: readonly Tri[] = tris): Ordre {
  const souhaite = triUsuel(recherche)
  const usuel = permis.includes(souhaite) ? souhaite : (permis[0] ?? souhaite)
  const demande =
    recherche.tri !== undefined && estTri(recherche.tri) && permis.includes(recherche.tri) ? recherche.tri : usuel
  const tri = demande === 'ressemblance' ? usuel : demande
  const { sens } = recherche
  return { tri, sens: sens === 'croissant' || sens === 'decroissant' ? sens : SENS_NATUREL[tri] }
}

const VALEURS = {
  echeance: /^\d{4}-\d{2}-\d{2}$/,
  signal: /^\d{4}-\d{2}-\d{2}$/,
  dette: /^-?\d{1,15}$/,
  stade: /^\d{1,3}$/,
  menage: /^[a-z0-9 ]{0,200}$/,
  ressemblance: /^\d{4}[a-z0-9 ]{0,200}$/,
} as const satisfies Record<Tri, RegExp>

const estJour = (texte: string): boolean => {
  try {
    Temporal.PlainDate.from(texte)
    return true
  } catch {
    return false
  }
}

/** A place in the list, opaque in the address: it holds the sort key of a row, which may be a name. */
export const ecrirePosition = ({ valeur, id }: Position): string =>
  Buffer.from(`${id}${valeur}`, 'utf8').toString('base64url')

/** Place asked by an address. One that is damaged, or of another order, is forgotten: the list starts again. */
export function lirePosition(recherche: Readonly<Record<string, string>>, tri: Tri): Position | null {
  const sens = recherche.apres !== undefined ? 'apres' : 'avant'
  const texte = Buffer.from(recherche[sens] ?? '', 'base64url').toString('utf8')
  const [id, valeur] = [texte.slice(0, 36), texte.slice(36)]
  if (!isUuid(id) || !VALEURS[tri].test(valeur)) return null
  if ((tri === 'echeance' || tri === 'signal') && !estJour(valeur)) return null
  return { sens, valeur, id }
}

/** Address of a list: filters, then the order when it is not the usual one, then the place. Always the same for the same list. */
export function ecrireRequete(
  choix: Choix,
  ordre?: Ordre | undefined,
  place?: { readonly position: Position; readonly rang: number } | undefined,
): string {
  const requete = new URLSearchParams()
  for (const cle of CLES) {
    const valeur = choix[cle]
    if (valeur !== undefined) requete.append(cle, valeur)
  }
  // Leaving a text leaves the order it gave.
  const perdu = ordre?.tri === 'ressemblance' && choix.q === undefined
  if (ordre && !perdu && (ordre.tri !== triUsuel(choix) || ordre.sens !== SENS_NATUREL[ordre.tri])) {
    requete.append('tri', ordre.tri)
    if (ordre.sens !== SENS_NATUREL[ordre.tri]) requete.append('sens', ordre.sens)
  }
  if (place) {
    requete.append(place.position.sens, ecrirePosition(place.position))
    requete.append('rang', String(place.rang))
  }
  // A list of everything says so: the bare address opens the reader's own territory.
  return requete.toString() || 'territoire=tous'
}

export const adresseListe = (...demande: Parameters<typeof ecrireRequete>): string =>
  `/dossiers?${ecrireRequete(...demande)}`
