import { type Coffre, estScelle, type PasDeScellement, type Session } from '#acces'
import { decrireGenre, estGenreActe } from '#procedure'
import type { Faits } from '#referentiel'
import { estDeSante } from './acces.ts'
import type { CritereAtteint, Menage } from './types.ts'

/** What a dossier says near health, apart from its columns. */
interface Reserve {
  readonly handicap?: boolean | undefined
  readonly perteAutonomie?: boolean | undefined
  readonly faits: Readonly<Record<string, unknown>>
  readonly criteres: readonly CritereAtteint[]
  readonly vulnerable: boolean | null
}

/** Columns of a dossier some values of which are sealed apart, in `scelle`. */
interface Partiel {
  readonly menage?: Menage
  readonly faits?: Faits
  readonly criteres?: readonly string[]
  readonly criteres_detail?: readonly CritereAtteint[]
  readonly vulnerable?: boolean | null
}

const place = (dossier: string): string => `dossier|scelle|${dossier}`

/** Long enough for two criteria with their words and the facts people enter: most dossiers weigh the same, whatever they hold. */
const TAILLE = 1024

/** Criteria whose condition reads a word near health, in any version: met or not, they are not in the columns. */
export function criteresDeSante({ referentiel, dept }: Pick<Session, 'referentiel' | 'dept'>): ReadonlySet<string> {
  const groupes = (referentiel.departements.get(dept)?.criteres ?? []).flatMap((version) => version.groupes)
  return new Set(
    groupes.flatMap(({ criteres }) => criteres).flatMap(({ id, si }) => (si?.mots.some(estDeSante) ? [id] : [])),
  )
}

/** Takes out of the columns of a dossier what is near health, and seals it: always, met or not, so that its presence tells nothing. */
export function separerSante<
  T extends Required<Omit<Partiel, 'criteres'>> & { readonly criteres: readonly string[]; readonly dossier: string },
>(coffre: Coffre, deSante: ReadonlySet<string>, colonnes: T): Omit<T, 'dossier'> & { readonly scelle: string } {
  const { dossier, ...autres } = colonnes
  const { handicap, perteAutonomie, ...menage } = colonnes.menage
  const estReserve = ({ id, sante }: Pick<CritereAtteint, 'id' | 'sante'>) => sante === true || deSante.has(id)
  const criteres = colonnes.criteres_detail.filter(estReserve)
  const reserves = new Set(criteres.map(({ id }) => id))
  const faits = Object.entries(colonnes.faits)
  const reserve: Reserve = {
    handicap,
    perteAutonomie,
    faits: Object.fromEntries(faits.filter(([mot]) => estDeSante(mot))),
    criteres,
    vulnerable: colonnes.vulnerable,
  }
  return {
    ...autres,
    menage,
    faits: Object.fromEntries(faits.filter(([mot]) => !estDeSante(mot))) as Faits,
    criteres: colonnes.criteres.filter((id) => !reserves.has(id)),
    criteres_detail: colonnes.criteres_detail.filter((critere) => !estReserve(critere)),
    vulnerable: null,
    scelle: coffre.sceller(reserve, place(dossier), TAILLE),
  }
}

const ouvrir = (coffre: Coffre, dossier: string, scelle: string): Reserve =>
  coffre.ouvrir(scelle, place(dossier)) as Reserve

/** Gives its sealed values back to a dossier just read. Derived before sealing, it has them in its columns. */
export function rejoindreSante<T extends Partiel & { readonly id: string }>(
  coffre: Coffre,
  scelle: string | null,
  lu: T,
): T {
  if (!estScelle(scelle)) return lu
  const reserve = ouvrir(coffre, lu.id, scelle)
  return {
    ...lu,
    ...(lu.menage
      ? {
          menage: {
            ...lu.menage,
            ...(reserve.handicap === undefined ? {} : { handicap: reserve.handicap }),
            ...(reserve.perteAutonomie === undefined ? {} : { perteAutonomie: reserve.perteAutonomie }),
          },
        }
      : {}),
    ...(lu.faits ? { faits: { ...lu.faits, ...reserve.faits } } : {}),
    ...(lu.criteres ? { criteres: [...lu.criteres, ...reserve.criteres.map(({ id }) => id)] } : {}),
    ...(lu.criteres_detail ? { criteres_detail: [...lu.criteres_detail, ...reserve.criteres] } : {}),
    ...(lu.vulnerable === undefined ? {} : { vulnerable: reserve.vulnerable }),
  }
}

/** Words of the rules of a dossier, those near health included: for rules only, shown to nobody. */
export async function ouvrirFaits<
  T extends { readonly id: string; readonly faits: Faits; readonly scelle: string | null },
>(session: Session, lignes: readonly T[]): Promise<T[]> {
  if (lignes.length === 0) return []
  const coffre = await session.coffre()
  return lignes.map((ligne) => rejoindreSante(coffre, ligne.scelle, ligne))
}

/** Whether a dossier meets a criterion near health. */
export const remplitReserve = (coffre: Coffre, dossier: string, scelle: string, critere: string): boolean =>
  ouvrir(coffre, dossier, scelle).criteres.some(({ id }) => id === critere)

const placeMot = (affectation: string, mot: string): string => `affectation|valeurs|${affectation}|${mot}`
type Valeurs = Readonly<Record<string, unknown>>

/** Words a rule of dispatch read, those near health sealed in their place. */
export const scellerMots = (coffre: Coffre, affectation: string, valeurs: Valeurs): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(valeurs).map(([mot, valeur]) => [
      mot,
      estDeSante(mot) && !estScelle(valeur) ? coffre.sceller(valeur, placeMot(affectation, mot)) : valeur,
    ]),
  )

/** The same words, opened. */
export const ouvrirMots = (coffre: Coffre, affectation: string, valeurs: Valeurs): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(valeurs).map(([mot, valeur]) => [
      mot,
      estScelle(valeur) ? coffre.ouvrir(valeur, placeMot(affectation, mot)) : valeur,
    ]),
  )

/** Kinds of acts near health: neither the kind nor what is known of it is in clear in the database. */
export const estReserve = (genre: string): boolean => estGenreActe(genre) && decrireGenre(genre).groupe === 'sante'

const placeFait = (acte: string): string => `fait|genre|${acte}`

/** The kind of an act in its fait: sealed in its place when it is near health. */
export const scellerGenreDuFait = (coffre: Coffre, acte: string, genre: string): string =>
  estReserve(genre) ? coffre.sceller(genre, placeFait(acte)) : genre

/** Opens the kind of an act near health, for whoever reads its fait. */
export const ouvrirGenreDuFait = (coffre: Coffre, donnees: Record<string, unknown>): Record<string, unknown> =>
  estScelle(donnees.genre)
    ? { ...donnees, genre: coffre.ouvrir(donnees.genre, placeFait(String(donnees.acte))) }
    : donnees

/** Seals what dossiers derived before sealing have near health, as it stands in their columns. From one on. */
export async function scellerDossiers(session: Session, apres: string, pas: number): Promise<PasDeScellement> {
  const { sql, dept } = session
  const lus = await sql<
    Required<Partiel> & { readonly id: string }
  >`select id, menage, faits, criteres, criteres_detail, vulnerable from dossier
    where dept = ${dept} and scelle is null and id > ${apres}::uuid order by id limit ${pas} for update`
  const coffre = await session.coffre()
  const deSante = criteresDeSante(session)
  const separes = lus.map(({ id, ...colonnes }) => ({
    id,
    ...separerSante(coffre, deSante, { dossier: id, ...colonnes }),
  }))
  await sql`update dossier d set menage = x.menage, faits = x.faits, criteres = array(select jsonb_array_elements_text(x.criteres)),
      criteres_detail = x.criteres_detail, vulnerable = null, scelle = x.scelle
    from json_to_recordset(${JSON.stringify(separes)}::json) as x(id uuid, menage jsonb, faits jsonb, criteres jsonb, criteres_detail jsonb, scelle text)
    where d.dept = ${dept} and d.id = x.id`
  return { scelles: lus.length, suite: lus.length < pas ? null : (lus.at(-1)?.id ?? null) }
}
