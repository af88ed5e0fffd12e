import { randomUUID } from 'node:crypto'
import type { Session } from '#acces'
import { consignerFaits } from '#dossiers'
import { objetsAccord } from './catalogue.ts'
import { DUREE_MAX_PARTICIPATION, verrouiller } from './participations.ts'

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
  const jusquAu = session.jour.add(DUREE)
  return (await engager(session, dossier, { organisme, motif, origine: 'demande', jusquAu })) !== null
}

/** A day, brought back to the last one a participation may last. */
function auPlusTard({ jour }: Session, jusquAu: Temporal.PlainDate): Temporal.PlainDate {
  const limite = jour.add(DUREE_MAX_PARTICIPATION)
  return Temporal.PlainDate.compare(jusquAu, limite) > 0 ? limite : jusquAu
}

/**
 * Opens a dossier to an organisme the technical cell asks, until a day or, without one, for as long as an answer may take. Returns its participation; null when it
 * already reads the dossier. The caller has the right to ask.
 */
export async function engagerPourLaCellule(
  session: Session,
  dossier: string,
  demande: { readonly organisme: string; readonly motif: string; readonly jusquAu: Temporal.PlainDate | null },
): Promise<string | null> {
  const jusquAu = auPlusTard(session, demande.jusquAu ?? session.jour.add(DUREE))
  return (
    (await reprendrePourLaCellule(session, dossier, demande)) ??
    engager(session, dossier, { ...demande, origine: 'cellule', jusquAu })
  )
}

/**
 * Opens a dossier to an organisme that takes over by a rule of the charter, until a day. Nothing is written when it already reads it. The caller has checked the rule
 * and the accord it asks for: they stand for the right to invite.
 */
export async function engagerPourRelais(
  session: Session,
  dossier: string,
  demande: { readonly organisme: string; readonly motif: string; readonly jusquAu: Temporal.PlainDate },
): Promise<void> {
  await engager(session, dossier, { ...demande, origine: 'relais', jusquAu: auPlusTard(session, demande.jusquAu) })
}

/** What another consultation opened to this organisme and still runs, until this one ends too; null when there is none. */
export async function reprendrePourLaCellule(
  session: Session,
  dossier: string,
  { organisme, jusquAu }: { readonly organisme: string; readonly jusquAu: Temporal.PlainDate | null },
): Promise<string | null> {
  const { sql, dept, jour } = session
  await verrouiller(session, dossier)
  const [courante] = await sql<{ id: string }>`
    select id from participation where dept = ${dept} and dossier = ${dossier} and organisme = ${organisme}::uuid and origine = 'cellule'
      and retiree_a is null and du <= ${jour} and jusqu_au >= ${jour} order by jusqu_au desc, id limit 1`
  if (!courante) return null
  await prolongerPourLaCellule(session, dossier, [courante.id], jusquAu ?? jour.add(DUREE))
  return courante.id
}

/** Puts off the end of what the technical cell had opened and still runs, a year at most; what was withdrawn, or is over, stays so. */
export async function prolongerPourLaCellule(
  session: Session,
  dossier: string,
  participations: readonly string[],
  jusquAu: Temporal.PlainDate,
): Promise<void> {
  const { sql, dept, jour } = session
  const fin = auPlusTard(session, jusquAu)
  const prolongees = await sql<{ id: string; organisme: string }>`
    update participation set jusqu_au = ${fin}
    where dept = ${dept} and dossier = ${dossier} and id = any (${participations}::uuid[]) and origine = 'cellule' and retiree_a is null
      and jusqu_au >= ${jour} and jusqu_au < ${fin}
    returning id, organisme`
  for (const { id, organisme } of prolongees)
    session.consigner({
      action: 'participation.inviter',
      objet: 'dossier',
      objetId: dossier,
      dossiers: [dossier],
      details: { participation: id, organisme, jusqu_au: fin.toString(), prolongee: true },
    })
}

/** Ends what a consultation of the technical cell had opened, but for what another one still needs. What was withdrawn by hand before stays as it was. */
export async function terminerPourLaCellule(
  session: Session,
  { dossier, id: consultation }: { readonly dossier: string; readonly id: string },
  participations: readonly string[],
  motif: string,
): Promise<void> {
  const { sql, dept, acteur, maintenant } = session
  // Two that end at once: the second sees the first ended.
  await verrouiller(session, dossier)
  const closes = await sql<{ id: string; organisme: string }>`
    update participation set retiree_a = ${maintenant}, retiree_par = ${acteur.compte}, retiree_motif = ${motif}
    where dept = ${dept} and dossier = ${dossier} and id = any (${participations}::uuid[]) and origine = 'cellule' and retiree_a is null
      and id not in (select public.participations_requises(${dossier}::uuid, ${consultation}::uuid))
    returning id, organisme`
  await consignerFaits(
    session,
    closes.map(({ id, organisme }) => ({
      dossier,
      type: 'participation.retiree',
      donnees: { participation: id, invite: organisme },
    })),
  )
  for (const { id, organisme } of closes)
    session.consigner({
      action: 'participation.retirer',
      objet: 'dossier',
      objetId: dossier,
      dossiers: [dossier],
      details: { participation: id, organisme },
    })
}

async function engager(
  session: Session,
  dossier: string,
  {
    organisme,
    motif,
    origine,
    jusquAu,
  }: {
    readonly organisme: string
    readonly motif: string
    readonly origine: 'demande' | 'cellule' | 'relais'
    readonly jusquAu: Temporal.PlainDate
  },
): Promise<string | null> {
  const { sql, dept, jour, acteur } = session
  const [present] = await sql`
    select 1 from dossier d where d.dept = ${dept} and d.id = ${dossier} and (${organisme}::uuid = any (d.organismes_habilites)
      or exists (select 1 from participation p where p.dept = ${dept} and p.dossier = d.id and p.organisme = ${organisme}::uuid and p.retiree_a is null
        and p.du <= ${jour} and (p.jusqu_au is null or p.jusqu_au >= ${jour})))`
  if (present) return null
  const [type] = await sql<{
    type: string
  }>`select type from organisme where dept = ${dept} and id = ${organisme}::uuid`
  const accord = objetsAccord(session).find(({ lecture_participant }) =>
    (lecture_participant as readonly string[] | undefined)?.includes(type?.type ?? ''),
  )
  const participation = randomUUID()
  await sql`insert into participation (dept, id, dossier, organisme, origine, motif, accord, du, jusqu_au, cree_a, compte)
    values (${dept}, ${participation}, ${dossier}, ${organisme}, ${origine}, ${motif}, ${accord?.code ?? null}, ${jour}, ${jusquAu}, ${session.maintenant},
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
  return participation
}
