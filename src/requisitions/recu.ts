import type { Session } from '#acces'
import { noterOuverture } from '#notifications'
import { Introuvable } from '#socle/errors'
import type { ContenuDiffuse, GenreDiffusion } from './diffusion.ts'
import type { EcheanceExpliquee, GenreEnquete } from './types.ts'

/** What an organisme was asked or told, as it was told: it never reads the dossier for it. */
export interface Recu {
  readonly id: string
  readonly requisition: string
  readonly dossier: string
  readonly genre: GenreDiffusion
  readonly contenu: ContenuDiffuse
  readonly pourquoi: string
  readonly a: Temporal.Instant
  readonly enquete: string | null
  readonly enquete_genre: GenreEnquete | null
  readonly avant: Temporal.PlainDate | null
  readonly echeance: EcheanceExpliquee | null
  readonly repondue_le: Temporal.PlainDate | null
  /** Its answer is still expected. */
  readonly attendue: boolean
}

export const RECUS_PAR_PAGE = 50

/** What was addressed to the organisme of the session: inquiries without an answer first, then the newest. */
export async function listerRecus(
  session: Session,
  filtre: { readonly id?: string; readonly page?: number } = {},
): Promise<{ readonly recus: readonly Recu[]; readonly total: number; readonly attendus: number }> {
  const { dept, acteur } = session
  const page = Math.max(1, filtre.page ?? 1)
  const lus = await session.sql<Recu & { readonly total: number; readonly attendus: number }>`
    with lus as (
      select x.id, x.requisition, x.dossier, x.genre, x.contenu, x.pourquoi, x.a, x.enquete, e.genre as enquete_genre, e.avant, e.echeance, coalesce(e.attendue, false) as ouverte,
        (select max(r.le) from requisition_acte r where r.dept = ${dept} and r.enquete = x.enquete
          and r.genre in ('enquete_reponse', 'siao_reponse', 'enquete_non_realisee', 'rapport_remis')
          and not exists (select 1 from requisition_acte n where n.dept = ${dept} and n.remplace = r.id)) as repondue_le
      from diffusion x left join enquete e on e.dept = ${dept} and e.id = x.enquete
      where x.dept = ${dept} and x.organisme = ${acteur.organisme} and x.genre <> 'relance'
    ), siens as (select l.*, l.ouverte and l.repondue_le is null as attendue from lus l)
    select s.id, s.requisition, s.dossier, s.genre, s.contenu, s.pourquoi, s.a, s.enquete, s.enquete_genre, s.avant, s.echeance, s.repondue_le, s.attendue, count(*) over ()::int as total,
      (count(*) filter (where attendue) over ())::int as attendus
    from siens s where (${filtre.id ?? null}::uuid is null or s.id = ${filtre.id ?? null}::uuid)
    order by attendue desc, case when attendue then avant end nulls last, a desc, id
    limit ${RECUS_PAR_PAGE} offset ${(page - 1) * RECUS_PAR_PAGE}`
  session.consigner({
    action: 'sollicitations.lister',
    dossiers: [...new Set(lus.map(({ dossier }) => dossier))],
    details: { nombre: lus.length },
  })
  return { recus: lus, total: lus[0]?.total ?? 0, attendus: lus[0]?.attendus ?? 0 }
}

/** One thing addressed to the organisme of the session; for another, it does not exist. */
export async function lireRecu(session: Session, id: string): Promise<Recu> {
  const { recus } = await listerRecus(session, { id })
  const [recu] = recus
  if (!recu) throw new Introuvable()
  await noterOuverture(session, 'diffusion', id)
  return recu
}
