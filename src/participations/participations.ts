import { randomUUID } from 'node:crypto'
import { aLeDroit, listerOrganismes, type Organisme, type Session } from '#acces'
import { consignerFaits, type Dossier } from '#dossiers'
import { listerDestinataires, noter } from '#notifications'
import type { TypeOrganisme } from '#referentiel'
import { Introuvable, refus } from '#socle/errors'
import { objetsAccord } from './catalogue.ts'

/**
 * Kinds of bodies that may be invited to read a dossier. Secretariats and prefecture already read it; landlords, their unions and bailiffs never do: they get a
 * summary (circle 4), which is another document.
 */
const INVITABLES: ReadonlySet<string> = new Set<TypeOrganisme>([
  'departement',
  'fsl',
  'ccas',
  'caf',
  'msa',
  'adil',
  'action_logement',
  'mandataire',
  'surendettement',
  'siao',
  'sante_mentale',
  'association',
  'point_conseil_budget',
])
/** Whether this kind of body may be invited to read a dossier. */
export const estInvitable = (type: string): boolean => INVITABLES.has(type)

/** A participation is for a piece of work: beyond a year, it is given again, with its reason. */
export const DUREE_MAX_PARTICIPATION = { years: 1 }
const MOTIF_COURT = 5

export interface Participation {
  readonly id: string
  readonly organisme: string
  readonly organisme_nom: string
  readonly motif: string
  /** The accord of the household its reading depends on. */
  readonly accord: string | null
  readonly du: Temporal.PlainDate
  readonly jusqu_au: Temporal.PlainDate | null
  readonly auteur: string | null
  readonly retiree_a: Temporal.Instant | null
  readonly retiree_auteur: string | null
  readonly retiree_motif: string | null
  /** Neither withdrawn, nor over, nor still to come. An accord may still be missing. */
  readonly en_cours: boolean
}

/** Who took and takes part in a dossier the session reads, those in force first. */
export function listerParticipations(session: Session, dossier: string): Promise<Participation[]> {
  const { sql, dept, jour } = session
  return sql<Participation>`
    select * from (
      select p.id, p.organisme, o.nom as organisme_nom, p.motif, p.accord, p.du, p.jusqu_au, c.prenom || ' ' || c.nom as auteur,
        p.retiree_a, r.prenom || ' ' || r.nom as retiree_auteur, p.retiree_motif,
        p.retiree_a is null and p.du <= ${jour} and (p.jusqu_au is null or p.jusqu_au >= ${jour}) as en_cours
      from participation p join organisme o on o.dept = ${dept} and o.id = p.organisme
      left join compte c on c.dept = ${dept} and c.id = p.compte
      left join compte r on r.dept = ${dept} and r.id = p.retiree_par
      where p.dept = ${dept} and p.dossier = ${dossier}
    ) x order by en_cours desc, du desc, organisme_nom collate "fr-x-icu", id`
}

/** True for the secretariat, and for the service that has this household in charge. */
export function peutTenirParticipations(
  { acteur }: Pick<Session, 'acteur'>,
  dossier: Pick<Dossier, 'organisme' | 'etat_service'>,
): boolean {
  if (!aLeDroit(acteur, 'participation.tenir')) return false
  if (acteur.acces.portee === 'departement') return true
  return acteur.organisme !== null && dossier.organisme === acteur.organisme && dossier.etat_service === 'prise'
}

/** Organismes that may be invited to this dossier today: neither the one in charge, nor one that already takes part. */
export async function listerInvitables(
  session: Session,
  dossier: Pick<Dossier, 'id' | 'organisme' | 'etat_service'>,
): Promise<Organisme[]> {
  const presents = new Set(
    (await listerParticipations(session, dossier.id))
      .filter(({ en_cours }) => en_cours)
      .map(({ organisme }) => organisme),
  )
  if (dossier.organisme !== null && dossier.etat_service === 'prise') presents.add(dossier.organisme)
  return (await listerOrganismes(session)).filter(({ id, type }) => INVITABLES.has(type) && !presents.has(id))
}

/** One invitation, or end of one, at a time on a dossier: two at once would both find that the organisme is not there yet. */
export const verrouiller = ({ sql, dept }: Session, dossier: string) =>
  sql`select pg_advisory_xact_lock(hashtextextended(${`participation:${dept}:${dossier}`}, 0))`

/** Lets an organisme read a dossier and work on it until a day, for a reason. Refuses before it writes. */
export async function inviterOrganisme(
  session: Session,
  dossier: Pick<Dossier, 'id' | 'organisme' | 'etat_service' | 'clos_le'>,
  demande: {
    organisme: string
    motif: string
    jusquAu: Temporal.PlainDate
    /** `demande`: invited by a request made to it. */
    origine?: 'invitation' | 'demande'
  },
): Promise<{ participation: string; accord: string | null }> {
  const { sql, dept, jour, acteur } = session
  if (!peutTenirParticipations(session, dossier))
    throw refus('participation.tenir', 'Le secrétariat et le service en charge du dossier invitent un organisme.')
  if (dossier.clos_le) throw refus('participation.clos', 'Ce dossier est clos : personne n’y est plus invité.')
  const motif = demande.motif.trim().slice(0, 400)
  if (motif.length < MOTIF_COURT)
    throw refus('participation.motif', 'Écrire pourquoi cet organisme a besoin de ce dossier.')
  if (Temporal.PlainDate.compare(demande.jusquAu, jour) < 0)
    throw refus('participation.fin', 'Cette date est passée : donner le dernier jour de la participation.')
  if (Temporal.PlainDate.compare(demande.jusquAu, jour.add(DUREE_MAX_PARTICIPATION)) > 0)
    throw refus(
      'participation.fin',
      'Une participation dure un an au plus : elle se redonne ensuite, si elle sert encore.',
    )
  await verrouiller(session, dossier.id)
  const organisme = (await listerInvitables(session, dossier)).find(({ id }) => id === demande.organisme)
  if (!organisme)
    throw refus('participation.organisme', 'Choisir un organisme de la liste : il n’a pas déjà accès à ce dossier.')
  const accord = objetsAccord(session).find(({ lecture_participant }) =>
    (lecture_participant as readonly string[] | undefined)?.includes(organisme.type),
  )
  const participation = randomUUID()
  await sql`insert into participation (dept, id, dossier, organisme, origine, motif, accord, du, jusqu_au, cree_a, compte)
    values (${dept}, ${participation}, ${dossier.id}, ${organisme.id}, ${demande.origine ?? 'invitation'}, ${motif}, ${accord?.code ?? null}, ${jour}, ${demande.jusquAu},
      ${session.maintenant}, ${acteur.compte})`
  await noter(session, [
    {
      genre: 'invitation',
      destinataires: await listerDestinataires(session, [organisme.id], 'dossier.consulter'),
      dossier: dossier.id,
      objet: participation,
    },
  ])
  await consignerFaits(session, [
    { dossier: dossier.id, type: 'participation.ouverte', donnees: { participation, invite: organisme.id } },
  ])
  session.consigner({
    action: 'participation.inviter',
    objet: 'dossier',
    objetId: dossier.id,
    dossiers: [dossier.id],
    details: { participation, organisme: organisme.id, jusqu_au: demande.jusquAu.toString() },
  })
  return { participation, accord: accord?.code ?? null }
}

/** Ends a participation at once: the organisme's next request no longer finds the dossier. */
export async function retirerParticipation(
  session: Session,
  dossier: Pick<Dossier, 'id' | 'organisme' | 'etat_service'>,
  demande: { participation: string; motif: string },
): Promise<void> {
  const { sql, dept } = session
  if (!peutTenirParticipations(session, dossier))
    throw refus('participation.tenir', 'Le secrétariat et le service en charge du dossier retirent une participation.')
  const motif = demande.motif.trim().slice(0, 400)
  if (motif.length < MOTIF_COURT) throw refus('participation.motif', 'Écrire pourquoi cette participation s’arrête.')
  const [trouvee] = await sql<{ organisme: string; retiree_a: Temporal.Instant | null }>`
    select organisme, retiree_a from participation
    where dept = ${dept} and dossier = ${dossier.id} and id = ${demande.participation}::uuid for update`
  if (!trouvee) throw new Introuvable()
  if (trouvee.retiree_a) throw refus('participation.retiree', 'Cette participation est déjà retirée.')
  await sql`update participation set retiree_a = ${session.maintenant}, retiree_par = ${session.acteur.compte}, retiree_motif = ${motif}
    where dept = ${dept} and id = ${demande.participation}::uuid`
  await consignerFaits(session, [
    {
      dossier: dossier.id,
      type: 'participation.retiree',
      donnees: { participation: demande.participation, invite: trouvee.organisme },
    },
  ])
  session.consigner({
    action: 'participation.retirer',
    objet: 'dossier',
    objetId: dossier.id,
    dossiers: [dossier.id],
    details: { participation: demande.participation, organisme: trouvee.organisme },
  })
}

/** Organismes that take or took part in dossiers: looking at them is no curiosity. */
export function listerParticipants(
  { sql, dept }: Session,
  dossiers: readonly string[],
): Promise<{ dossier: string; organisme: string }[]> {
  return sql<{ dossier: string; organisme: string }>`
    select distinct dossier, organisme from participation where dept = ${dept} and dossier = any (${dossiers}::uuid[])`
}
