import { randomUUID } from 'node:crypto'
import type { Session } from '#acces'

/** Something that happened to a dossier. Append-only: a correction is a new fait. */
export interface NouveauFait {
  readonly dossier: string
  readonly type: string
  readonly le?: Temporal.PlainDate
  readonly donnees?: Readonly<Record<string, unknown>>
}

export interface Fait {
  readonly id: string
  readonly rang: number
  readonly dossier: string
  readonly type: string
  readonly le: Temporal.PlainDate
  readonly a: Temporal.Instant
  readonly compte: string | null
  readonly organisme_nom: string | null
  readonly auteur: string | null
  readonly donnees: Record<string, unknown>
}

/** Writes faits in one statement, in the order given. What a person changed is journalled with the dossiers; the chronology itself keeps what jobs did. */
export async function consignerFaits(session: Session, faits: readonly NouveauFait[]): Promise<void> {
  if (faits.length === 0) return
  const lignes = faits.map((fait) => ({
    id: randomUUID(),
    dossier: fait.dossier,
    type: fait.type,
    le: (fait.le ?? session.jour).toString(),
    donnees: fait.donnees ?? {},
  }))
  await session.sql`insert into fait (dept, id, dossier, type, le, a, compte, organisme, donnees)
    select ${session.dept}, f.id, f.dossier, f.type, f.le, ${session.maintenant}, ${session.acteur.compte}, ${session.acteur.organisme}, f.donnees
    from json_to_recordset(${JSON.stringify(lignes)}::json) as f(id uuid, dossier uuid, type text, le date, donnees jsonb)`
  if (session.acteur.compte === null) return
  session.consigner({
    action: 'dossiers.modifier',
    dossiers: [...new Set(faits.map(({ dossier }) => dossier))],
    details: { faits: [...new Set(faits.map(({ type }) => type))] },
  })
}

/** Chronology of one dossier, newest first. */
export function listerFaits(session: Session, dossier: string, limite = 200): Promise<Fait[]> {
  return session.sql<Fait>`
    select f.id, f.rang, f.dossier, f.type, f.le, f.a, f.compte, o.nom as organisme_nom, c.prenom || ' ' || c.nom as auteur, f.donnees
    from fait f
    left join organisme o on o.dept = ${session.dept} and o.id = f.organisme
    left join compte c on c.dept = ${session.dept} and c.id = f.compte
    where f.dept = ${session.dept} and f.dossier = ${dossier} order by f.rang desc limit ${limite}`
}
