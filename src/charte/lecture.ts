import { aLeDroit, type Session } from '#acces'
import { ErreurDonnees, type GenreVersion, lireVersion, type Probleme, type VersionLue } from '#referentiel'
import { type Fragment, sql, type Transaction } from '#socle/db'
import { Introuvable } from '#socle/errors'
import { cleLocale, lireCleLocale, lireTexteLivre } from './texte.ts'
import type { Cote, EvenementVersion, VersionLocale } from './types.ts'

/** Texts of the approved versions of a département: what its sessions read beside the files. */
export async function listerTextesApprouves(
  { sql }: Pick<Transaction, 'sql'>,
  dept: string,
): Promise<{ genre: GenreVersion; cle: string; texte: string }[]> {
  const lignes = await sql<{ genre: GenreVersion; numero: number; texte: string }>`
    select genre, numero, texte from version_locale where dept = ${dept} and etat = 'approuvee' order by genre, du`
  return lignes.map(({ genre, numero, texte }) => ({ genre, cle: cleLocale(dept, genre, numero), texte }))
}

const COLONNES = sql`v.id, v.genre, v.numero, v.etat, v.revision, v.depart, v.texte, v.empreinte, v.du, v.jusqu_au, v.motif, v.reference, v.reference_le,
  v.simulation, v.cree_a, v.modifie_a, cp.prenom || ' ' || cp.nom as cree_par_nom, mp.prenom || ' ' || mp.nom as modifie_par_nom,
  v.cree_par, v.modifie_par`

type Ligne = Omit<VersionLocale, 'approbations'>

async function lire(session: Session, condition: Fragment): Promise<VersionLocale[]> {
  const { dept } = session
  const lignes = await session.sql<Ligne>`
    select ${COLONNES} from version_locale v
    left join compte cp on cp.dept = ${dept} and cp.id = v.cree_par
    left join compte mp on mp.dept = ${dept} and mp.id = v.modifie_par
    where v.dept = ${dept} and ${condition}
    order by v.genre, v.numero desc`
  const approbations = await session.sql<{
    version: string
    cote: 'etat' | 'departement'
    compte: string
    nom: string
    organisme_nom: string
    a: Temporal.Instant
  }>`select p.version, p.cote, p.compte, c.prenom || ' ' || c.nom as nom, o.nom as organisme_nom, p.a
    from approbation_version p
    join compte c on c.dept = ${dept} and c.id = p.compte
    join organisme o on o.dept = ${dept} and o.id = p.organisme
    where p.dept = ${dept} and p.version = any (${lignes.map(({ id }) => id)}::uuid[]) order by p.rang`
  const parVersion = Map.groupBy(approbations, ({ version }) => version)
  return lignes.map((ligne) => ({
    ...ligne,
    approbations: (parVersion.get(ligne.id) ?? []).map(({ version: _version, ...une }) => une),
  }))
}

/** Those who prepare see drafts; everybody else sees what was approved. */
const visibles = (session: Session): Fragment =>
  aLeDroit(session.acteur, 'version.preparer') ? sql`true` : sql`v.etat = 'approuvee'`

/** Versions written in the application that the actor may see, the newest of each kind first. */
export function listerVersions(session: Session): Promise<VersionLocale[]> {
  return lire(session, visibles(session))
}

/** One of them. A draft does not exist for whoever does not prepare versions. */
export async function lireVersionLocale(session: Session, id: string): Promise<VersionLocale> {
  if (!/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/.test(id)) throw new Introuvable()
  const [version] = await lire(session, sql`v.id = ${id}::uuid and ${visibles(session)}`)
  if (!version) throw new Introuvable()
  return version
}

/** The same by the name decisions keep; null for the name of a file. */
export async function trouverVersionParCle(session: Session, cle: string): Promise<VersionLocale | null> {
  const locale = lireCleLocale(session.dept, cle)
  if (!locale) return null
  const [version] = await lire(
    session,
    sql`v.genre = ${locale.genre} and v.numero = ${locale.numero} and ${visibles(session)}`,
  )
  return version ?? null
}

/** Text of any version by its name, as it was or is applied: shipped file or local version. What is neither does not exist. */
export async function lireTexteVersion(session: Session, cle: string): Promise<string> {
  if (!cle.startsWith('local/')) return lireTexteLivre(session, cle)
  const version = await trouverVersionParCle(session, cle)
  if (!version) throw new Introuvable()
  return version.texte
}

/** A text read, or every reason why it cannot be. */
export function essayerLecture(
  genre: GenreVersion,
  texte: string,
  cle: string,
):
  | { readonly lue: VersionLue; readonly problemes: readonly [] }
  | { readonly lue: null; readonly problemes: readonly Probleme[] } {
  try {
    return { lue: lireVersion(genre, texte, cle), problemes: [] }
  } catch (erreur) {
    if (!(erreur instanceof ErreurDonnees)) throw erreur
    return { lue: null, problemes: erreur.problemes }
  }
}

/** Submitted versions that wait for a decision of the actor's side. */
export async function listerADecider(session: Session, cote: Cote): Promise<VersionLocale[]> {
  const soumises = await lire(session, sql`v.etat = 'soumise'`)
  return soumises.filter(
    ({ approbations }) => !approbations.some((une) => une.cote === cote || une.compte === session.acteur.compte),
  )
}

/** What happened to a version, shipped or local, oldest first. */
export function listerEvenements(session: Session, cle: string): Promise<EvenementVersion[]> {
  return session.sql<EvenementVersion>`
    select e.id, e.type, e.a, c.prenom || ' ' || c.nom as nom, o.nom as organisme_nom, e.details
    from evenement_version e
    left join compte c on c.dept = ${session.dept} and c.id = e.compte
    left join organisme o on o.dept = ${session.dept} and o.id = e.organisme
    where e.dept = ${session.dept} and e.version = ${cle} order by e.id`
}
