import type { Session } from '#acces'
import { type Fragment, sql as fragment } from '#socle/db'
import { type EtatSaisine, etatsSaisine, type OrigineSaisine } from './saisines.ts'

/** A referral in a list, with its household. */
export interface LigneSaisine {
  readonly id: string
  readonly dossier: string
  readonly reference: string
  readonly titulaire: string
  readonly commune: string
  readonly territoire: string | null
  readonly stade: string
  readonly origine: OrigineSaisine
  readonly etat: EtatSaisine
  readonly seance_le: Temporal.PlainDate | null
  readonly organisme_nom: string
  readonly deposee_a: Temporal.Instant
  readonly formulaire: string
  readonly position: string
}

/** What the list is narrowed to. */
export interface FiltreSaisines {
  readonly etat?: EtatSaisine | undefined
  readonly territoire?: string | undefined
  readonly origine?: OrigineSaisine | undefined
  /** Begins the name of the household, or the reference. */
  readonly q?: string | undefined
}

/** Orders of the list. Each is a text that sorts as what it stands for. */
const CLES = {
  depot: { cle: fragment`to_char(s.deposee_a at time zone 'UTC', 'YYYYMMDDHH24MISSUS')`, sens: 'decroissant' },
  seance: { cle: fragment`coalesce(to_char(s.seance_le, 'YYYYMMDD'), '99999999')`, sens: 'croissant' },
  menage: { cle: fragment`lower(d.titulaire)`, sens: 'croissant' },
} as const satisfies Record<string, { cle: Fragment; sens: 'croissant' | 'decroissant' }>
export type TriSaisines = keyof typeof CLES
export const trisSaisines = Object.keys(CLES) as TriSaisines[]
export const sensDuTri = (tri: TriSaisines): 'croissant' | 'decroissant' => CLES[tri].sens

/** Referrals on a page. */
export const SAISINES_PAR_PAGE = 50

const conditions = ({ dept }: Session, { etat, territoire, origine, q }: FiltreSaisines): Fragment => fragment`
  s.dept = ${dept} and (${etat ?? null}::text is null or s.etat = ${etat ?? null})
  and (${territoire ?? null}::text is null or d.territoire = ${territoire ?? null})
  and (${origine ?? null}::text is null or s.origine = ${origine ?? null})
  and (${q ?? null}::text is null or d.titulaire ilike '%' || ${(q ?? '').replace(/[%_\\]/g, '\\$&')} || '%' or d.reference = ${q ?? null})`

/** One page of the referrals this session may read. Their households are journalled by the caller. */
export async function listerSaisines(
  session: Session,
  filtre: FiltreSaisines,
  {
    tri,
    apres,
    limite = SAISINES_PAR_PAGE,
  }: { readonly tri: TriSaisines; readonly apres?: string | undefined; readonly limite?: number },
): Promise<{ readonly lignes: readonly LigneSaisine[]; readonly suite: string | null }> {
  const { dept, sql } = session
  const { cle, sens } = CLES[tri]
  const [, valeur = null, id = null] = /^(.*)\|([0-9a-f-]{36})$/.exec(apres ?? '') ?? []
  const suivant = sens === 'croissant' ? fragment`>` : fragment`<`
  const ordre = sens === 'croissant' ? fragment`asc` : fragment`desc`
  const lignes = await sql<LigneSaisine>`
    select s.id, s.dossier, d.reference, d.titulaire, d.commune, d.territoire, d.stade, s.origine, s.etat, s.seance_le, o.nom as organisme_nom, s.deposee_a,
      s.formulaire, ${cle} || '|' || s.id as position
    from saisine s join dossier d on d.dept = ${dept} and d.id = s.dossier join organisme o on o.dept = ${dept} and o.id = s.organisme
    where ${conditions(session, filtre)} and (${id}::uuid is null or (${cle}, s.id) ${suivant} (${valeur}, ${id}::uuid))
    order by ${cle} ${ordre}, s.id ${ordre} limit ${limite + 1}`
  const page = lignes.slice(0, limite)
  return { lignes: page, suite: lignes.length > limite ? (page.at(-1)?.position ?? null) : null }
}

/** How many referrals there are in each state, under the other filters. */
export async function compterSaisines(
  session: Session,
  filtre: FiltreSaisines,
): Promise<Readonly<Record<EtatSaisine, number>>> {
  // Every state is counted, the one asked for among them.
  const autres: FiltreSaisines = { ...filtre, etat: undefined }
  const lignes = await session.sql<{ etat: EtatSaisine; n: number }>`
    select s.etat, count(*)::int as n from saisine s join dossier d on d.dept = ${session.dept} and d.id = s.dossier
    where ${conditions(session, autres)} group by s.etat`
  const parEtat = new Map(lignes.map(({ etat, n }) => [etat, n]))
  return Object.fromEntries(
    (Object.keys(etatsSaisine) as EtatSaisine[]).map((etat) => [etat, parEtat.get(etat) ?? 0]),
  ) as Record<EtatSaisine, number>
}
