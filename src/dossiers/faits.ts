import { randomUUID } from 'node:crypto'
import { estScelle, masqueDe, type Session } from '#acces'
import { enqueue } from '#socle/queue'
import { conditionsRemplies, propresA } from './acces.ts'
import { GROUPES_FAITS } from './champs.ts'
import { ouvrirGenreDuFait } from './scellement.ts'

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
  readonly organisme: string | null
  readonly organisme_nom: string | null
  readonly auteur: string | null
  readonly donnees: Record<string, unknown>
}

/** Name of the job that wakes up those who pull the chronology: it names none of them. */
export const TACHE_FAITS = 'suivre-faits'

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
  // A person looks at what follows in the minute; background work waits for the schedule. The key keeps two people out of each other's way.
  await enqueue(session, TACHE_FAITS, {}, `${TACHE_FAITS}:${lignes[0]?.dossier}`)
  session.consigner({
    action: 'dossiers.modifier',
    dossiers: [...new Set(faits.map(({ dossier }) => dossier))],
    details: { faits: [...new Set(faits.map(({ type }) => type))] },
  })
}

/**
 * Chronology of one dossier as the session may read it, newest first: faits of a hidden group, or of a kind that declares none, are left out, and so are the texts
 * another organisme wrote for the secretariat.
 */
export async function listerFaits(session: Session, dossier: string, limite = 200): Promise<Fait[]> {
  const groupes = Object.fromEntries(Object.values(GROUPES_FAITS).map((groupe) => [groupe, [groupe] as const]))
  const lus = await session.sql<Fait & { readonly remplies: readonly string[] }>`
    select f.id, f.rang, f.dossier, f.type, f.le, f.a, f.compte, f.organisme, o.nom as organisme_nom, c.prenom || ' ' || c.nom as auteur, f.donnees,
      ${conditionsRemplies(session, groupes)} as remplies
    from fait f
    join dossier d on d.dept = ${session.dept} and d.id = f.dossier
    left join organisme o on o.dept = ${session.dept} and o.id = f.organisme
    left join compte c on c.dept = ${session.dept} and c.id = f.compte
    where f.dept = ${session.dept} and f.dossier = ${dossier} order by f.rang desc limit ${limite}`
  const { voit } = masqueDe(session.acteur)
  const lisibles = lus.flatMap(({ remplies, ...fait }) => {
    const groupe = GROUPES_FAITS[fait.type]
    return groupe && voit(groupe, propresA(session, remplies, fait.organisme)) ? [lireEcrits(session, fait)] : []
  })
  if (!lisibles.some(({ donnees }) => estScelle(donnees.genre))) return lisibles
  const coffre = await session.coffre()
  return lisibles.map((fait) => ({ ...fait, donnees: ouvrirGenreDuFait(coffre, fait.donnees) }))
}

/** Kinds whose reason is addressed to the service named in them; elsewhere a reason is read by its author's organisme. */
function lireEcrits(session: Session, fait: Fait): Fait {
  const { motif, ...donnees } = fait.donnees
  // A coded reason is no text: the rule that found no service says why in its own words.
  if (motif === undefined || fait.type === 'dossier.non_reparti' || fait.type === 'diagnostic.non_realise') return fait
  return litLesEcritsDe(session, fait.donnees.organisme ?? null) ? fait : { ...fait, donnees }
}

/** Whether texts written by an organisme, or for it, are read: by itself, and by those to whom the matrix gives every text. */
export function litLesEcritsDe({ acteur }: Pick<Session, 'acteur'>, organisme: unknown): boolean {
  const { voit } = masqueDe(acteur)
  const sien = organisme !== null && organisme === acteur.organisme
  return voit('ecrits', sien ? ['auteur'] : [])
}

/** A fait as those who follow the chronology read it: what happened, when, by whom. */
export interface FaitSuivi {
  readonly id: string
  readonly dossier: string
  readonly type: string
  readonly le: Temporal.PlainDate
  readonly organisme: string | null
  readonly donnees: Readonly<Record<string, unknown>>
}

/** Next dossiers whose chronology a consumer has not seen. Taken in the transaction of its work: rolled back, they wait again. */
export async function prendreFaits(session: Session, consommateur: string, limite: number): Promise<string[]> {
  // Chosen once, then deleted by key: before any statistics, a join would choose again for each row that waits.
  const lignes = await session.sql<{ dossier: string }>`
    delete from fait_attente where dept = ${session.dept} and consommateur = ${consommateur} and rang = any (array(
      select rang from fait_attente where dept = ${session.dept} and consommateur = ${consommateur}
      order by rang limit ${limite}))
    returning dossier`
  return [...new Set(lignes.map(({ dossier }) => dossier))]
}

/** Faits of some kinds of many dossiers, oldest first, for work that follows them. */
export function lireFaits(
  session: Session,
  dossiers: readonly string[],
  types: readonly string[],
): Promise<FaitSuivi[]> {
  return session.sql<FaitSuivi>`select id, dossier, type, le, organisme, donnees from fait
    where dept = ${session.dept} and dossier = any (${dossiers}::uuid[]) and type = any (${types}::text[]) order by rang`
}
