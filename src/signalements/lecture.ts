import type { Session } from '#acces'
import type { ContenuSignalement } from './format/index.ts'

/** A signalement as kept: its content, its sender, where it came from. */
export interface Signalement {
  readonly id: string
  readonly organisme: string
  readonly organisme_nom: string
  readonly organisme_type: string
  readonly reference_source: string
  readonly type: string
  readonly date_signalement: Temporal.PlainDate
  readonly date_acte: Temporal.PlainDate | null
  readonly contenu: ContenuSignalement
  readonly version: number
  readonly lot: string
  readonly ligne: number
  readonly recu_le: Temporal.PlainDate
  readonly code_insee: string | null
  readonly commune: string
  readonly territoire: string | null
}

/** Signalements by id, withdrawn ones left out. */
export function lireSignalements(session: Session, ids: readonly string[]): Promise<Signalement[]> {
  return session.sql<Signalement>`
    select s.id, s.organisme, o.nom as organisme_nom, o.type as organisme_type, s.reference_source, s.type, s.date_signalement, s.date_acte, s.contenu, s.version,
      s.lot, s.ligne, s.recu_le, s.code_insee, s.commune, s.territoire
    from signalement s join organisme o on o.dept = ${session.dept} and o.id = s.organisme
    where s.dept = ${session.dept} and s.id = any (${ids}::uuid[]) and s.retire_a is null`
}

/** Next signalements of a lot whose household is not recognised yet, in the order of the file. */
export function listerARapprocher(session: Session, lot: string, limite: number): Promise<Signalement[]> {
  return session.sql<Signalement>`
    select s.id, s.organisme, o.nom as organisme_nom, o.type as organisme_type, s.reference_source, s.type, s.date_signalement, s.date_acte, s.contenu, s.version,
      s.lot, s.ligne, s.recu_le, s.code_insee, s.commune, s.territoire
    from signalement s join organisme o on o.dept = ${session.dept} and o.id = s.organisme
    where s.dept = ${session.dept} and s.lot = ${lot} and not s.rapproche and s.retire_a is null order by s.ligne limit ${limite}`
}

/** Marks signalements as having gone through recognition, and moves the lot's progress in the same transaction. */
export async function marquerRapproches(session: Session, lot: string, ids: readonly string[]): Promise<void> {
  await session.sql`update signalement set rapproche = true where dept = ${session.dept} and id = any (${ids}::uuid[])`
  await session.sql`update lot set rapprochees = rapprochees + ${ids.length}, etat = 'rapprochement' where dept = ${session.dept} and id = ${lot}`
}
