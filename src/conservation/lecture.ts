import type { Session } from '#acces'
import { sql as fragment } from '#socle/db'
import { Introuvable } from '#socle/errors'
import { DEMANDE_EN_ATTENTE, GEL_EN_VIGUEUR } from './conditions.ts'

export const ETATS_CONSERVATION = {
  a_archiver: 'À archiver',
  archive: 'En archive',
  a_eliminer: 'À éliminer',
  vise: 'Visé',
  efface: 'Effacé',
} as const
export type EtatConservation = keyof typeof ETATS_CONSERVATION

/** Where a closed dossier stands in its retention: no name, no address. */
export interface DossierConserve {
  readonly dossier: string
  readonly reference: string
  readonly territoire: string | null
  readonly clos_le: Temporal.PlainDate
  readonly issue: string | null
  readonly dernier_contact_le: Temporal.PlainDate
  readonly archivable_le: Temporal.PlainDate
  readonly archive_le: Temporal.PlainDate | null
  readonly eliminable_le: Temporal.PlainDate | null
  readonly etat: EtatConservation
  readonly bordereau: string | null
  readonly efface_a: Temporal.Instant | null
  readonly rangees: Readonly<Record<string, number>> | null
  /** What stops its erasure: reasons in force, and a request of the household without answer. */
  readonly gels: readonly string[]
  readonly demande: boolean
}

const COLONNES = fragment`c.dossier, c.reference, c.territoire, c.clos_le, c.issue, c.dernier_contact_le, c.archivable_le, c.archive_le, c.eliminable_le,
  c.etat, c.bordereau, c.efface_a, c.rangees,
  array(select g.raison from conservation_gel g where ${GEL_EN_VIGUEUR} order by g.a) as gels, ${DEMANDE_EN_ATTENTE} as demande`

/** How many a page shows. */
export const PAR_PAGE = 100

/** Dossiers of one state, those whose term came first; `apres` is the reference of the last one shown. */
export async function listerConservation(
  session: Session,
  etats: readonly EtatConservation[],
  apres = '',
): Promise<{ lignes: DossierConserve[]; total: number }> {
  const { sql, dept } = session
  const [compte] = await sql<{
    n: number
  }>`select count(*)::int as n from conservation_dossier where dept = ${dept} and etat = any (${[...etats]})`
  const lignes = await sql<DossierConserve>`select ${COLONNES} from conservation_dossier c
    where c.dept = ${dept} and c.etat = any (${[...etats]}) and c.reference > ${apres} order by c.reference limit ${PAR_PAGE}`
  return { lignes, total: compte?.n ?? 0 }
}

/** Those of these dossiers that are in one state. */
export const listerConserves = (
  { sql, dept }: Session,
  dossiers: readonly string[],
  etat: EtatConservation,
): Promise<DossierConserve[]> =>
  sql<DossierConserve>`select ${COLONNES} from conservation_dossier c
    where c.dept = ${dept} and c.dossier = any (${[...dossiers]}::uuid[]) and c.etat = ${etat} order by c.reference`

/** How many are in each state. */
export async function compterConservation({ sql, dept }: Session): Promise<ReadonlyMap<EtatConservation, number>> {
  const lignes = await sql<{ etat: EtatConservation; n: number }>`
    select etat, count(*)::int as n from conservation_dossier where dept = ${dept} group by etat`
  return new Map(lignes.map(({ etat, n }) => [etat, n]))
}

/** One dossier by its reference; unknown when nothing proposed it yet. */
export async function lireConserve(session: Session, reference: string): Promise<DossierConserve> {
  const [ligne] = await session.sql<DossierConserve>`select ${COLONNES} from conservation_dossier c
    where c.dept = ${session.dept} and c.reference = ${reference}`
  if (!ligne) throw new Introuvable()
  return ligne
}

/** A signed list, with what became of it. */
export interface Bordereau {
  readonly id: string
  readonly numero: number
  readonly motif: string
  readonly visa_archives: string
  readonly visa_archives_le: Temporal.PlainDate
  readonly vise_a: Temporal.Instant
  readonly vise_par: string
  readonly executable_le: Temporal.PlainDate
  readonly retire_a: Temporal.Instant | null
  readonly execute_a: Temporal.Instant | null
  readonly dossiers: number
  readonly effaces: number
}

const BORDEREAU = fragment`b.id, b.numero, b.motif, b.visa_archives, b.visa_archives_le, b.vise_a, p.prenom || ' ' || p.nom as vise_par, b.executable_le,
  b.retire_a, b.execute_a,
  (select count(*)::int from conservation_dossier c where c.dept = b.dept and c.bordereau = b.id) as dossiers,
  (select count(*)::int from conservation_dossier c where c.dept = b.dept and c.bordereau = b.id and c.etat = 'efface') as effaces`

/** Signed lists, newest first. */
export const listerBordereaux = ({ sql, dept }: Session): Promise<Bordereau[]> =>
  sql<Bordereau>`select ${BORDEREAU} from bordereau_elimination b join compte p on p.dept = ${dept} and p.id = b.vise_par
    where b.dept = ${dept} order by b.numero desc limit 200`

/** One signed list and its dossiers. */
export async function lireBordereau(
  session: Session,
  numero: number,
): Promise<Bordereau & { lignes: DossierConserve[] }> {
  const { sql, dept } = session
  const [bordereau] =
    await sql<Bordereau>`select ${BORDEREAU} from bordereau_elimination b join compte p on p.dept = ${dept} and p.id = b.vise_par
    where b.dept = ${dept} and b.numero = ${numero}`
  if (!bordereau) throw new Introuvable()
  const lignes = await sql<DossierConserve>`select ${COLONNES} from conservation_dossier c
    where c.dept = ${dept} and c.bordereau = ${bordereau.id} order by c.reference`
  return { ...bordereau, lignes }
}

/** What was counted of the dossiers erased. Numbers, no household: small ones are masked wherever they are published. */
export interface StatistiqueEffacee {
  readonly annee: number
  readonly mesure: string
  readonly detail: string
  readonly territoire: string
  readonly parc: string
  readonly nombre: number
}

/** Counts that outlive the dossiers they come from, by year. */
export const listerStatistiquesEffacees = ({ sql, dept }: Session): Promise<StatistiqueEffacee[]> =>
  sql<StatistiqueEffacee>`select annee, mesure, detail, territoire, parc, nombre from statistique_effacee where dept = ${dept}
    order by annee, mesure, detail, territoire, parc`
