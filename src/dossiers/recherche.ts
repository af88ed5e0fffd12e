import type { Session } from '#acces'
import { normalizeForSearch } from '#socle/text'
import { conditionsRemplies, lireSousMasque, voitToujours } from './acces.ts'
import { CHAMPS_DOSSIER } from './champs.ts'
import { motsDeRecherche } from './menage.ts'
import type { Bail, Logement, Menage } from './types.ts'

/** A word shorter than this has too few letters for one of them to be wrong. */
const PLUS_COURT = 4
/** Longer ones are not names. */
const PLUS_LONG = 24
/** Words of a search that count: the first ones. */
const MOTS = 8

/**
 * Keys under which a word of a name meets the way people mistype it: the word, and the word less one letter. Two words that differ by a letter added, dropped or
 * replaced, or by two neighbours swapped, share at least one.
 */
export function clesDuMot(mot: string): string[] {
  if (mot.length < PLUS_COURT || mot.length > PLUS_LONG) return [mot]
  return [...new Set([mot, ...Array.from(mot, (_, rang) => mot.slice(0, rang) + mot.slice(rang + 1))])]
}

/** What the search reads of one dossier. */
export interface Recherchable {
  readonly dossier: string
  readonly noms: string
  readonly recherche: string
}

const enLignes = (dossiers: readonly Recherchable[]): string =>
  JSON.stringify(
    dossiers.map(({ dossier, noms, recherche }) => ({
      d: dossier,
      n: noms,
      t: recherche,
      a: [...new Set(noms.split(' ').flatMap((mot) => (mot === '' ? [] : clesDuMot(mot))))].join(' '),
    })),
  )

/** Makes dossiers just opened findable. */
export async function inscrireRecherche(session: Session, dossiers: readonly Recherchable[]): Promise<void> {
  if (dossiers.length === 0) return
  await session.sql`insert into recherche_dossier (dept, dossier, noms, texte, approches)
    select ${session.dept}, x.d, x.n, x.t, string_to_array(x.a, ' ') from json_to_recordset(${enLignes(dossiers)}::json) as x(d uuid, n text, t text, a text)`
}

/** Follows a change of name or address. Most writings of a dossier change neither, and write nothing here. */
export async function corrigerRecherche(session: Session, dossiers: readonly Recherchable[]): Promise<void> {
  if (dossiers.length === 0) return
  const presents = dossiers.map(({ dossier, noms, recherche }) => ({ d: dossier, n: noms, t: recherche }))
  const changes = await session.sql<{ dossier: string }>`select r.dossier
    from json_to_recordset(${JSON.stringify(presents)}::json) as x(d uuid, n text, t text)
    join recherche_dossier r on r.dept = ${session.dept} and r.dossier = x.d and (r.noms, r.texte) is distinct from (x.n, x.t)`
  if (changes.length === 0) return
  const aCorriger = new Set(changes.map(({ dossier }) => dossier))
  await session.sql`update recherche_dossier r set noms = x.n, texte = x.t, approches = string_to_array(x.a, ' ')
    from json_to_recordset(${enLignes(dossiers.filter(({ dossier }) => aCorriger.has(dossier)))}::json) as x(d uuid, n text, t text, a text)
    where r.dept = ${session.dept} and r.dossier = x.d`
}

/** Merges what imports left waiting in the indexes of the search, which every search would read through. */
export async function rangerRecherche(session: Session): Promise<void> {
  await session.sql`select public.ranger_recherche()`
}

/** One dossier found, with how much it resembles what was typed: 1 at most. */
export interface Trouve {
  readonly id: string
  readonly ressemblance: number
}

/** What a text finds. */
export interface Recherche {
  readonly trouves: readonly Trouve[]
  /** There are more than are looked at: those left out resemble less. */
  readonly plafonnee: boolean
}

/** Dossiers a search looks at: beyond, the text says too little. */
const PLAFOND = 1000

/** What the search reads of a dossier, and nothing else. */
const CHAMPS_CHERCHES = {
  id: CHAMPS_DOSSIER.id,
  reference: CHAMPS_DOSSIER.reference,
  menage: CHAMPS_DOSSIER.menage,
  logement: CHAMPS_DOSSIER.logement,
  bail: CHAMPS_DOSSIER.bail,
} as const
/** Groups of the words kept by the search: names and places, landlord, numbers. */
const GROUPES_CHERCHES = ['identite', 'bailleur', 'ressources'] as const

const trigrammes = (mot: string): Set<string> =>
  new Set(Array.from({ length: mot.length + 1 }, (_, rang) => `  ${mot} `.slice(rang, rang + 3)))

/** Whether a word is one of a text, written a little otherwise at most. */
function ressemble(mot: string, texte: string): boolean {
  if (texte.includes(mot)) return true
  const cles = new Set(clesDuMot(mot))
  const siens = trigrammes(mot)
  return texte.split(' ').some((autre) => {
    if (clesDuMot(autre).some((cle) => cles.has(cle))) return true
    const communs = [...trigrammes(autre)].filter((un) => siens.has(un)).length
    return communs / siens.size >= 0.45
  })
}

/**
 * Leaves out what was found by words the session does not read: every word typed must be found again in what it reads. Otherwise a number typed would tell whose
 * it is.
 */
async function retenirLisibles(
  session: Session,
  mots: readonly string[],
  trouves: readonly Trouve[],
): Promise<Trouve[]> {
  if (trouves.length === 0 || GROUPES_CHERCHES.every((groupe) => voitToujours(session, groupe))) return [...trouves]
  // As JSON, whose length PostgreSQL does not look at: the plan, which weighs far more than the reading, is kept from one search to the next.
  const lus = await session.sql<{
    id: string
    reference: string
    menage: Menage
    logement: Logement
    bail: Bail
    remplies: readonly string[]
  }>`select d.id, d.reference, d.menage, d.logement, d.bail, ${conditionsRemplies(session, CHAMPS_CHERCHES)} as remplies
    from json_to_recordset(${JSON.stringify(trouves.map(({ id }) => ({ id })))}::json) as t(id uuid)
    join dossier d on d.dept = ${session.dept} and d.id = t.id`
  const lisibles = new Set(
    lus.flatMap(({ remplies, ...lu }) => {
      const { id, reference, menage, logement, bail } = lireSousMasque(session, lu, CHAMPS_CHERCHES, remplies)
      const { recherche } = motsDeRecherche(menage, logement, bail, reference)
      return mots.every((mot) => ressemble(mot, recherche)) ? [id] : []
    }),
  )
  return trouves.filter(({ id }) => lisibles.has(id))
}

/**
 * Dossiers a text designates, best first. A reference is found exactly; otherwise the search is tolerant. Only what the session reads may be found: its
 * perimeter is applied by whoever reads the dossiers.
 */
export async function chercher(session: Session, texte: string): Promise<Recherche> {
  const mots = [...new Set(normalizeForSearch(texte).split(' '))].filter((mot) => mot !== '').slice(0, MOTS)
  if (mots.length === 0) return { trouves: [], plafonnee: false }
  const reference = texte.trim().toUpperCase()
  // A reference ends with digits: a name has none, and is not looked for as one.
  const exacts = /\d$/.test(reference)
    ? await session.sql<{ id: string }>`select id from dossier
        where dept = ${session.dept} and reference in (${reference}, ${`${session.dept}-20${reference}`})`
    : []
  if (exacts.length > 0) return { trouves: exacts.map(({ id }) => ({ id, ressemblance: 1 })), plafonnee: false }
  const trouves =
    await session.sql<Trouve>`select id, ressemblance from public.chercher_dossiers(${session.dept}, ${mots}::text[],
    ${mots.map((mot) => clesDuMot(mot).join(' '))}::text[], ${PLAFOND})`
  return { trouves: await retenirLisibles(session, mots, trouves), plafonnee: trouves.length === PLAFOND }
}
