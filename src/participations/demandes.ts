import { randomUUID } from 'node:crypto'
import type { Session } from '#acces'
import { consignerFaits } from '#dossiers'
import { objetsAccord } from './catalogue.ts'

/** A request is answered within months; after that, the organisme is asked again or invited. */
const DUREE = { years: 1 }

/**
 * Engages an organisme that the State asks about a dossier, when it does not take part yet: being asked is its reason to read. Nothing is written when it already
 * does. The caller has the right to ask.
 */
export async function engagerSurDemande(
  session: Session,
  dossier: string,
  { organisme, motif }: { readonly organisme: string; readonly motif: string },
): Promise<boolean> {
  const { sql, dept, jour, acteur } = session
  const [present] = await sql`
    select 1 from dossier d where d.dept = ${dept} and d.id = ${dossier} and (${organisme}::uuid = any (d.organismes_habilites)
      or exists (select 1 from participation p where p.dept = ${dept} and p.dossier = d.id and p.organisme = ${organisme}::uuid and p.retiree_a is null
        and p.du <= ${jour} and (p.jusqu_au is null or p.jusqu_au >= ${jour})))`
  if (present) return false
  const [type] = await sql<{
    type: string
  }>`select type from organisme where dept = ${dept} and id = ${organisme}::uuid`
  const accord = objetsAccord(session).find(({ lecture_participant }) =>
    (lecture_participant as readonly string[] | undefined)?.includes(type?.type ?? ''),
  )
  const participation = randomUUID()
  const jusquAu = jour.add(DUREE)
  await sql`insert into participation (dept, id, dossier, organisme, origine, motif, accord, du, jusqu_au, cree_a, compte)
    values (${dept}, ${participation}, ${dossier}, ${organisme}, 'demande', ${motif}, ${accord?.code ?? null}, ${jour}, ${jusquAu}, ${session.maintenant},
      ${acteur.compte})`
  await consignerFaits(session, [
    { dossier, type: 'participation.ouverte', donnees: { participation, invite: organisme } },
  ])
  session.consigner({
    action: 'participation.inviter',
    objet: 'dossier',
    objetId: dossier,
    dossiers: [dossier],
    details: { participation, organisme, jusqu_au: jusquAu.toString() },
  })
  return true
}
