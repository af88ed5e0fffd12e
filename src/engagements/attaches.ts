import type { Session } from '#acces'
import type { Liens } from './porteurs.ts'

/** What ties organismes to dossiers, and what the services that followed a household make known of it. */
export interface Attaches extends Liens {
  readonly services: readonly string[]
  readonly diagnostic: boolean
}

/** A dossier nobody is tied to. */
export const RIEN: Attaches = { lies: new Set(), engages: new Set(), services: [], diagnostic: false }

/** Reads them for many dossiers at once. */
export async function lireAttaches(session: Session, ids: readonly string[]): Promise<ReadonlyMap<string, Attaches>> {
  const { sql, dept, jour } = session
  const lignes = await sql<{ dossier: string; organisme: string; genre: string; service: string | null }>`
    select dossier, organisme, 'bailleur' as genre, null as service from locataire where dept = ${dept} and dossier = any (${ids}::uuid[])
    union select dossier, organisme, 'participation', null from participation where dept = ${dept} and dossier = any (${ids}::uuid[])
      and retiree_a is null and du <= ${jour} and (jusqu_au is null or jusqu_au >= ${jour})
    union select d.id, u, 'participation', null from dossier d cross join unnest(d.organismes_habilites) u where d.dept = ${dept} and d.id = any (${ids}::uuid[])
    union select dossier, organisme, case when issue = 'diagnostic_transmis' then 'diagnostic' when prise_le is not null then 'prise' else 'sollicite' end, service
      from affectation where dept = ${dept} and dossier = any (${ids}::uuid[]) and organisme is not null
    union select dossier, organisme, 'contact', null from tentative_contact where dept = ${dept} and dossier = any (${ids}::uuid[])`
  const parDossier = Map.groupBy(lignes, ({ dossier }) => dossier)
  return new Map(
    [...parDossier].map(([dossier, siennes]) => [
      dossier,
      {
        lies: new Set(siennes.map(({ organisme }) => organisme)),
        engages: new Set(siennes.filter(({ genre }) => genre === 'participation').map(({ organisme }) => organisme)),
        services: siennes
          .filter(({ genre }) => genre === 'prise' || genre === 'diagnostic')
          .flatMap(({ service }) => service ?? []),
        diagnostic: siennes.some(({ genre }) => genre === 'diagnostic'),
      },
    ]),
  )
}
