import { randomUUID } from 'node:crypto'
import { type Coffre, estScelle, masqueDe, type PasDeScellement, type Session } from '#acces'
import { conditionsRemplies, consignerFaits, type Dossier, lireDossier, litLesEcritsDe } from '#dossiers'
import { Introuvable, refus } from '#socle/errors'
import {
  type Canal,
  canaux,
  type DemiJournee,
  type Interlocuteur,
  type IssueContact,
  issuesAupres,
  issuesDeProposition,
  listeIssues,
} from './issues.ts'
import { conseillerTentative, type TentativeConseillee } from './prochaine-tentative.ts'

export interface TentativeContact {
  readonly id: string
  readonly canal: Canal
  readonly le: Temporal.PlainDate
  readonly demi_journee: string | null
  readonly aboutie: boolean
  /** Code of the published list of outcomes; null for a reader it is not for, and for contacts noted before there was a list. */
  readonly resultat: string | null
  /** What its author wrote beside it: a few words, often none. */
  readonly issue: string
  readonly organisme: string
  readonly organisme_nom: string
  readonly auteur: string | null
  readonly a: Temporal.Instant
  /** Noted in a dossier joined to this one since: it is read here, and withdrawn there. */
  readonly ailleurs: boolean
  /** Set once its organisme said that it was noted by mistake: it stays in sight, and counts for nothing. */
  readonly retiree_a: Temporal.Instant | null
  readonly retiree_auteur: string | null
  readonly retiree_motif: string | null
}

type TexteDeContact = 'issue' | 'retiree_motif'
const place = (contact: string, quoi: TexteDeContact): string => `tentative_contact|${quoi}|${contact}`

/** What somebody wrote of a contact, as it is kept. */
const sceller = async (session: Session, contact: string, quoi: TexteDeContact, texte: string): Promise<string> =>
  texte === '' ? '' : (await session.coffre()).sceller(texte, place(contact, quoi))
const ouvrir = (coffre: Coffre, contact: string, quoi: TexteDeContact, texte: string): string =>
  estScelle(texte) ? (coffre.ouvrir(texte, place(contact, quoi)) as string) : texte

/** The outcome chosen, or what is wrong with it: one of the list, for whom it is, and possible by this means. */
export function verifierIssue(session: Session, qui: Interlocuteur, canal: Canal, code: string): IssueContact {
  const issue = issuesAupres(session, qui).find((une) => une.code === code)
  if (!issue) throw refus('contact.resultat', 'Choisir ce que ce contact a donné.')
  if (issue.canaux && !issue.canaux.includes(canal))
    throw refus(
      'contact.resultat',
      `« ${issue.libelle} » ne va pas avec « ${canaux[canal].toLowerCase()} ». Changer l’un ou l’autre.`,
    )
  return issue
}

/** Records an attempt to reach the household: channel, day, half-day, and how it ended, from the published list (DOS-20). */
export async function noterContact(
  session: Session,
  demande: {
    dossier: string
    canal: Canal
    le: Temporal.PlainDate
    demiJournee: DemiJournee | null
    /** Code of `donnees/contacts/issues.yaml`. */
    resultat: string
    note: string
  },
): Promise<{ contact: string }> {
  if (Temporal.PlainDate.compare(demande.le, session.jour) > 0)
    throw refus('contact.futur', 'Un contact ne peut pas être noté à une date à venir.')
  if (!Object.hasOwn(canaux, demande.canal)) throw refus('contact.canal', 'Choisir le moyen de contact.')
  const { joint, code } = verifierIssue(session, 'menage', demande.canal, demande.resultat)
  const dossier = await lireDossier(session, demande.dossier)
  const auPlusTot = (dossier.premier_signal_le ?? dossier.ouvert_le).subtract({ years: 1 })
  if (Temporal.PlainDate.compare(demande.le, auPlusTot) < 0)
    throw refus('contact.ancien', 'Cette date précède de plus d’un an le premier signal du ménage. Vérifier l’année.')
  const organisme = session.acteur.organisme
  if (!organisme) throw refus('contact.organisme', 'Un contact est noté par une personne d’un organisme.')
  const contact = randomUUID()
  await session.sql`insert into tentative_contact (dept, id, dossier, organisme, canal, le, demi_journee, aboutie, resultat, issue, a, par)
    values (${session.dept}, ${contact}, ${dossier.id}, ${organisme}, ${demande.canal}, ${demande.le}, ${demande.demiJournee}, ${joint}, ${code},
      ${await sceller(session, contact, 'issue', demande.note.trim().slice(0, 200))}, ${session.maintenant}, ${session.acteur.compte})`
  await consignerFaits(session, [
    {
      dossier: dossier.id,
      type: joint ? 'contact.abouti' : 'contact.tente',
      le: demande.le,
      donnees: { contact, canal: demande.canal, organisme },
    },
  ])
  return { contact }
}

/** Every attempt about a household the session may read, those of the dossiers joined to it and withdrawn ones included, newest first. What came of it is read by its organisme and the secretariat. */
export async function listerContacts(session: Session, dossier: string): Promise<TentativeContact[]> {
  const lus = await session.sql<TentativeContact & { readonly remplies: readonly string[] }>`
    select t.id, t.canal, t.le, t.demi_journee, t.aboutie, t.resultat, t.issue, t.organisme, o.nom as organisme_nom, c.prenom || ' ' || c.nom as auteur, t.a,
      t.dossier <> d.id as ailleurs, t.retiree_a, r.prenom || ' ' || r.nom as retiree_auteur, t.retiree_motif,
      ${conditionsRemplies(session, { contacts: ['contacts'] })} as remplies
    from tentative_contact t join dossier d on d.dept = ${session.dept} and d.id = ${dossier} join organisme o on o.dept = ${session.dept} and o.id = t.organisme
    left join compte c on c.dept = ${session.dept} and c.id = t.par
    left join compte r on r.dept = ${session.dept} and r.id = t.retiree_par
    where t.dept = ${session.dept} and (t.dossier = ${dossier}
      or t.dossier in (select id from dossier where dept = ${session.dept} and reuni_dans = ${dossier}))
    order by t.le desc, t.a desc`
  const { voit } = masqueDe(session.acteur)
  const coffre = lus.length > 0 ? await session.coffre() : null
  return lus.flatMap(({ remplies, ...contact }) => {
    if (!coffre || !voit('contacts', remplies)) return []
    return [
      litLesEcritsDe(session, contact.organisme)
        ? {
            ...contact,
            issue: ouvrir(coffre, contact.id, 'issue', contact.issue),
            retiree_motif: contact.retiree_motif && ouvrir(coffre, contact.id, 'retiree_motif', contact.retiree_motif),
          }
        : { ...contact, resultat: null, issue: '', retiree_motif: null },
    ]
  })
}

/** The next best attempt at this household, from the contacts and coordinates this session reads. */
export function conseillerContact(
  session: Session,
  contacts: readonly TentativeContact[],
  { menage, masques }: Pick<Dossier, 'menage' | 'masques'>,
): TentativeConseillee | null {
  const caches = masques.includes('coordonnees')
  return conseillerTentative(
    contacts.filter(({ retiree_a }) => retiree_a === null),
    listeIssues(session),
    { telephone: caches ? null : menage.telephones.length > 0, courriel: caches ? null : menage.courriels.length > 0 },
  )
}

/** First day, from a day on, when somebody proposed an interview to each household: noted as such, or a missed appointment. Those without any are left out. */
export async function trouverEntretiensProposes(
  session: Session,
  depuis: readonly { readonly dossier: string; readonly du: Temporal.PlainDate }[],
): Promise<ReadonlyMap<string, Temporal.PlainDate>> {
  const codes = issuesDeProposition(session)
  const trouves = await session.sql<{ dossier: string; le: Temporal.PlainDate }>`
    select t.dossier, min(t.le) as le
    from json_to_recordset(${JSON.stringify(depuis.map(({ dossier, du }) => ({ dossier, du: du.toString() })))}::json) as x(dossier uuid, du date)
    join tentative_contact t on t.dept = ${session.dept} and t.dossier = x.dossier and t.le >= x.du and t.retiree_a is null
      and t.resultat = any (${codes}::text[])
    group by t.dossier`
  return new Map(trouves.map(({ dossier, le }) => [dossier, le]))
}

/** From when the attempts of a service count for a diagnosis: the present step of the procedure, or the day the household was given to it when that comes first. */
export const comptentDepuis = ({ stade_le: stade }: Pick<Dossier, 'stade_le'>, depuis: Temporal.PlainDate) =>
  stade && Temporal.PlainDate.compare(stade, depuis) < 0 ? stade : depuis

/** The attempts a diagnosis « not done » rests on: those of the service in charge, or of whoever closes for it, since a day, and that nobody withdrew. */
export async function compterTentatives(
  session: Session,
  { dossier, organisme, depuis }: { dossier: string; organisme: string; depuis: Temporal.PlainDate },
  sauf: string | null = null,
): Promise<{ toutes: number; sansEffet: number }> {
  const [compte] = await session.sql<{ toutes: number; sans_effet: number }>`
    select count(*)::int as toutes, count(*) filter (where not aboutie)::int as sans_effet from tentative_contact
    where dept = ${session.dept} and dossier = ${dossier} and retiree_a is null and le >= ${depuis}
      and organisme = any (${[organisme, session.acteur.organisme ?? organisme]}::uuid[]) and (${sauf}::uuid is null or id <> ${sauf}::uuid)`
  return { toutes: compte?.toutes ?? 0, sansEffet: compte?.sans_effet ?? 0 }
}

interface ContactVerrouille {
  readonly id: string
  readonly organisme: string
  readonly canal: Canal
  readonly le: Temporal.PlainDate
  readonly retiree_a: Temporal.Instant | null
}

/** An attempt of the actor's own organisme, locked. Another organisme's does not exist here: only who noted a contact may say that it was not one. */
async function verrouiller(session: Session, dossier: string, contact: string): Promise<ContactVerrouille> {
  const [trouve] =
    await session.sql<ContactVerrouille>`select id, organisme, canal, le, retiree_a from tentative_contact
    where dept = ${session.dept} and dossier = ${dossier} and id = ${contact} and organisme = ${session.acteur.organisme} for update`
  if (!trouve) throw new Introuvable()
  return trouve
}

/**
 * Withdraws an attempt noted by mistake: it stays in the history with who withdrew it, when and why, and no deadline nor indicator reads it any more. Refused while it
 * alone holds a diagnosis closed as « not done »: that one is opened again first.
 */
export async function retirerContact(
  session: Session,
  demande: { dossier: string; contact: string; motif: string },
): Promise<void> {
  const { sql, dept } = session
  const motif = demande.motif.trim()
  if (motif.length < 3)
    throw refus('contact.motif', 'Écrire pourquoi ce contact est retiré : le motif reste avec lui dans l’historique.')
  const dossier = await lireDossier(session, demande.dossier)
  const contact = await verrouiller(session, dossier.id, demande.contact)
  if (contact.retiree_a) throw refus('contact.retire', 'Ce contact est déjà retiré.')
  const [appui] = await sql<{ organisme: string; depuis: Temporal.PlainDate }>`select organisme, depuis from affectation
    where dept = ${dept} and dossier = ${dossier.id} and terminee_a is null and issue = 'non_realise' and motif is distinct from 'parti'`
  const reste = appui && {
    ...{ dossier: dossier.id, organisme: appui.organisme },
    depuis: comptentDepuis(dossier, appui.depuis),
  }
  if (reste && (await compterTentatives(session, reste, contact.id)).toutes === 0)
    throw refus(
      'contact.appui',
      'Ce contact est le seul noté, et le diagnostic est clos « non réalisé » : il s’appuie sur lui. Rouvrir d’abord le diagnostic, depuis le dossier, ou noter les autres contacts.',
    )
  await sql`update tentative_contact set retiree_a = ${session.maintenant}, retiree_par = ${session.acteur.compte}, retiree_motif = ${await sceller(session, contact.id, 'retiree_motif', motif.slice(0, 200))}
    where dept = ${dept} and id = ${contact.id}`
  await consignerFaits(session, [
    {
      dossier: dossier.id,
      type: 'contact.retire',
      donnees: { contact: contact.id, canal: contact.canal, du: contact.le.toString(), organisme: contact.organisme },
    },
  ])
}

/** Puts back a withdrawn attempt. */
export async function retablirContact(session: Session, demande: { dossier: string; contact: string }): Promise<void> {
  const dossier = await lireDossier(session, demande.dossier)
  const contact = await verrouiller(session, dossier.id, demande.contact)
  if (!contact.retiree_a) return
  await session.sql`update tentative_contact set retiree_a = null, retiree_par = null, retiree_motif = null
    where dept = ${session.dept} and id = ${contact.id}`
  await consignerFaits(session, [
    {
      dossier: dossier.id,
      type: 'contact.retabli',
      donnees: { contact: contact.id, canal: contact.canal, du: contact.le.toString(), organisme: contact.organisme },
    },
  ])
}

/** Seals what was written of contacts before sealing, from one on. */
export async function scellerContacts(session: Session, apres: string, pas: number): Promise<PasDeScellement> {
  const { sql, dept } = session
  const lues = await sql<{
    id: string
    issue: string
    retiree_motif: string | null
  }>`select id, issue, retiree_motif from tentative_contact
    where dept = ${dept} and id > ${apres}::uuid and (issue <> '' and not public.est_scelle(issue) or not public.est_scelle(retiree_motif))
    order by id limit ${pas} for update`
  const refaites: { id: string; issue: string; retiree_motif: string | null }[] = []
  for (const { id, issue, retiree_motif } of lues) {
    const clairs = (issue !== '' && !estScelle(issue)) || (retiree_motif !== null && !estScelle(retiree_motif))
    if (!clairs) continue
    refaites.push({
      id,
      issue: estScelle(issue) ? issue : await sceller(session, id, 'issue', issue),
      retiree_motif:
        retiree_motif === null || estScelle(retiree_motif)
          ? retiree_motif
          : await sceller(session, id, 'retiree_motif', retiree_motif),
    })
  }
  await sql`update tentative_contact t set issue = x.issue, retiree_motif = x.retiree_motif
    from json_to_recordset(${JSON.stringify(refaites)}::json) as x(id uuid, issue text, retiree_motif text) where t.dept = ${dept} and t.id = x.id`
  return { scelles: refaites.length, suite: lues.length < pas ? null : (lues.at(-1)?.id ?? null) }
}
