import type { Session } from '#acces'
import { normalizeForSearch } from '#socle/text'

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

/** Dossiers a text designates, best first. A reference is found exactly; otherwise the search is tolerant. */
export async function chercher(session: Session, texte: string): Promise<Trouve[]> {
  const mots = [...new Set(normalizeForSearch(texte).split(' '))].filter((mot) => mot !== '').slice(0, MOTS)
  if (mots.length === 0) return []
  const reference = texte.trim().toUpperCase()
  const exacts = await session.sql<{ id: string }>`select id from dossier
    where dept = ${session.dept} and reference = any (${[reference, `${session.dept}-20${reference}`]}::text[])`
  if (exacts.length > 0) return exacts.map(({ id }) => ({ id, ressemblance: 1 }))
  return session.sql<Trouve>`select id, ressemblance from public.chercher_dossiers(${session.dept}, ${mots}::text[],
    ${mots.map((mot) => clesDuMot(mot).join(' '))}::text[], 1000)`
}
