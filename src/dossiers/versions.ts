import { type Coffre, estScelle, masqueDe, type PasDeScellement, type Session } from '#acces'
import {
  type CodeGenre,
  type ContenuActe,
  champsDe,
  decrireGenre,
  estGenreActe,
  GENRES_ACTE,
  groupeDuChamp,
} from '#procedure'
import { propresA } from './acces.ts'
import { litLesEcritsDe } from './faits.ts'
import { estReserve, scellerGenreDuFait } from './scellement.ts'
import type { VersionActe } from './types.ts'

/** A row of `acte_saisi` as it is written. */
export interface VersionAEcrire {
  readonly id: string
  readonly dossier: string
  readonly racine: string
  readonly nature: VersionActe['nature']
  readonly genre: string
  readonly le: Temporal.PlainDate
  readonly contenu: ContenuActe
  readonly signalement: string | null
  readonly motif: string | null
  readonly precision: string | null
  readonly envoi: string
  readonly reunion: string | null
  readonly a: Temporal.Instant
  readonly compte: string | null
  readonly organisme: string | null
}

const RESERVES = Object.keys(GENRES_ACTE).filter(estGenreActe).filter(estReserve)

/** Long enough for the words of any kind near health: its length tells nothing of it. */
const TAILLE = 512
const placeGenre = (version: string): string => `acte_saisi|genre|${version}`
const placePrecision = (version: string): string => `acte_saisi|precision|${version}`

type Scellable = Pick<VersionAEcrire, 'id' | 'genre' | 'contenu' | 'precision'>

/** A kind near health is sealed whole with its values, in the place of the kind; the free words of a correction, whatever it corrects. */
function scellerVersion<T extends Scellable>(coffre: Coffre, version: T): T {
  const { id, genre, contenu, precision } = version
  return {
    ...version,
    ...(estReserve(genre) ? { genre: coffre.sceller({ genre, contenu }, placeGenre(id), TAILLE), contenu: {} } : {}),
    precision:
      precision === null || estScelle(precision) ? precision : coffre.sceller(precision, placePrecision(id), TAILLE),
  }
}

/** Opens rows just read, the kind and what is known of it; the free words apart, for their readers (`ouvrirPrecision`). */
export async function ouvrirVersions<T extends Pick<Scellable, 'id' | 'genre' | 'contenu'>>(
  session: Session,
  lignes: readonly T[],
): Promise<readonly T[]> {
  if (!lignes.some(({ genre }) => estScelle(genre))) return lignes
  const coffre = await session.coffre()
  return lignes.map((ligne) =>
    estScelle(ligne.genre)
      ? { ...ligne, ...(coffre.ouvrir(ligne.genre, placeGenre(ligne.id)) as Pick<Scellable, 'genre' | 'contenu'>) }
      : ligne,
  )
}

async function ouvrirPrecision(session: Session, { id, precision }: Pick<Scellable, 'id' | 'precision'>) {
  if (!estScelle(precision)) return precision
  return String((await session.coffre()).ouvrir(precision, placePrecision(id)))
}

/** Writes rows in one statement, and gives back the ids of those written: a form sent twice writes once. */
export async function ecrireVersions(
  session: Session,
  versions: readonly VersionAEcrire[],
): Promise<ReadonlySet<string>> {
  if (versions.length === 0) return new Set()
  const clairs = versions.some(({ genre, precision }) => precision !== null || estReserve(genre))
  const lignes = clairs
    ? await session.coffre().then((coffre) => versions.map((version) => scellerVersion(coffre, version)))
    : versions
  const ecrites = await session.sql<{ id: string }>`
    insert into acte_saisi (dept, id, dossier, racine, nature, genre, le, contenu, signalement, motif, precision, envoi, reunion, a, compte, organisme)
    select ${session.dept}, x.id, x.dossier, x.racine, x.nature, x.genre, x.le, x.contenu, x.signalement, x.motif, x.precision, x.envoi, x.reunion, x.a,
      x.compte, x.organisme
    from json_to_recordset(${JSON.stringify(lignes)}::json) as x(id uuid, dossier uuid, racine uuid, nature text, genre text, le date, contenu jsonb,
      signalement uuid, motif text, precision text, envoi uuid, reunion uuid, a timestamptz, compte uuid, organisme uuid)
    on conflict (dept, dossier, envoi) do nothing returning id`
  return new Set(ecrites.map(({ id }) => id))
}

/** Says what of an act a session reads: a whole kind, or one of its fields. `organisme`: who wrote it; without it, of the dossier as a whole. */
export type LectureDesActes = (organisme?: string | null) => (genre: CodeGenre, champ?: string) => boolean

/** What the session reads of the acts of a dossier that fulfils these conditions. */
export function lectureDesActes(session: Session, remplies: readonly string[]): LectureDesActes {
  const { voit } = masqueDe(session.acteur)
  return (organisme) => {
    const siennes = organisme === undefined ? remplies : propresA(session, remplies, organisme)
    return (genre, champ) =>
      voit(decrireGenre(genre).groupe, siennes) && (champ === undefined || voit(groupeDuChamp(genre, champ), siennes))
  }
}

/** Fields of a kind that are hidden. */
export const champsCaches = (genre: CodeGenre, lit: (genre: CodeGenre, champ?: string) => boolean): readonly string[] =>
  Object.keys(champsDe(genre)).filter((champ) => !lit(genre, champ))

/** Values of a kind, less the hidden ones. */
export const sansLesCaches = (contenu: ContenuActe, caches: readonly string[]): ContenuActe =>
  Object.fromEntries(Object.entries(contenu).filter(([champ]) => !caches.includes(champ)))

/** A version as the session reads it, or null when its kind is hidden. Free words are read by those who read what their organisme writes. */
export async function lireVersion(
  session: Session,
  lit: LectureDesActes,
  version: VersionActe,
): Promise<VersionActe | null> {
  const sienne = lit(version.organisme)
  // Not even opened for those who read nothing near health.
  if (estScelle(version.genre) && !RESERVES.some((genre) => sienne(genre))) return null
  const [ouverte = version] = await ouvrirVersions(session, [version])
  const { genre } = ouverte
  if (!estGenreActe(genre) || !sienne(genre)) return null
  return {
    ...ouverte,
    contenu: sansLesCaches(ouverte.contenu, champsCaches(genre, sienne)),
    precision: litLesEcritsDe(session, version.organisme) ? await ouvrirPrecision(session, ouverte) : null,
  }
}

/** Seals what acts kept in clear before they were sealed: their rows, then the faits that name a kind near health. From one on. */
export async function scellerActes(session: Session, apres: string, pas: number): Promise<PasDeScellement> {
  const { sql, dept } = session
  const coffre = await session.coffre()
  const lues = await sql<
    Scellable & Pick<VersionAEcrire, 'dossier' | 'racine'>
  >`select id, dossier, racine, genre, contenu, precision from acte_saisi
    where dept = ${dept} and id > ${apres}::uuid order by id limit ${pas}`
  const claires = lues.filter(
    ({ genre, precision }) => estReserve(genre) || (precision !== null && !estScelle(precision)),
  )
  const scellees = claires.map((version) => scellerVersion(coffre, version))
  await sql`update acte_saisi a set genre = x.genre, contenu = x.contenu, precision = x.precision
    from json_to_recordset(${JSON.stringify(scellees)}::json) as x(id uuid, genre text, contenu jsonb, precision text)
    where a.dept = ${dept} and a.id = x.id`
  const genres = claires
    .filter(({ genre }) => estReserve(genre))
    .map(({ dossier, racine, genre }) => ({
      dossier,
      racine,
      genre,
      scelle: scellerGenreDuFait(coffre, racine, genre),
    }))
  await sql`update fait f set donnees = jsonb_set(f.donnees, '{genre}', to_jsonb(x.scelle))
    from json_to_recordset(${JSON.stringify(genres)}::json) as x(dossier uuid, racine text, genre text, scelle text)
    where f.dept = ${dept} and f.dossier = x.dossier and f.type like 'acte\\_menage.%' and f.donnees->>'acte' = x.racine and f.donnees->>'genre' = x.genre`
  return { scelles: claires.length, suite: lues.length < pas ? null : (lues.at(-1)?.id ?? null) }
}
