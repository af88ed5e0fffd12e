import { randomUUID } from 'node:crypto'
import { compterEchecs, LECTURE_PAR_EXCEPTION, noterEchec, type Session } from '#acces'
import { trouverReference } from '#dossiers'
import { Introuvable, refus } from '#socle/errors'
import { enqueue } from '#socle/queue'

const DUREE = { hours: 24 }
/** Demands of one person over a day, granted or not: enough for real emergencies, too few to try references. */
const DEMANDES_PAR_JOUR = 5
const MOTIF_COURT = 20

/** Name of the job that raises the alert and prepares the mails. */
export const TACHE_EXCEPTIONNEL = 'signaler-acces-exceptionnel'

export interface AccesExceptionnel {
  readonly id: string
  readonly dossier: string
  readonly compte: string
  readonly auteur: string
  readonly organisme_nom: string
  readonly motif: string
  readonly ouvert_a: Temporal.Instant
  readonly expire_a: Temporal.Instant
  readonly clos_a: Temporal.Instant | null
  readonly en_cours: boolean
}

/** What a demand gave. « inconnu » is said only to a reasoned, counted, reported demand. */
export type ResultatDemande =
  | { readonly etat: 'ouvert' | 'deja_lisible'; readonly reference: string }
  | { readonly etat: 'inconnu' | 'trop' }

async function dejaLisible({ sql, dept }: Session, dossier: string): Promise<boolean> {
  const [vu] = await sql<{
    n: number
  }>`select count(*)::int as n from dossier where dept = ${dept} and id = ${dossier}::uuid`
  return (vu?.n ?? 0) > 0
}

/**
 * Opens a dossier by its exact reference, with a reason, for a day. Every demand costs the same, whether the reference exists or not: a reason, one of the few of
 * the day, an entry of the journal, an alert and a mail to the data protection officer. Trying references is therefore as visible as reading them.
 */
export async function demanderAccesExceptionnel(
  session: Session,
  demande: { reference: string; motif: string },
): Promise<ResultatDemande> {
  const { sql, dept, acteur, maintenant } = session
  if (acteur.compte === null || acteur.organisme === null)
    throw refus('exceptionnel.personne', 'Un accès exceptionnel est demandé par une personne.')
  const motif = demande.motif.trim().slice(0, 500)
  if (motif.length < MOTIF_COURT)
    throw refus(
      'exceptionnel.motif',
      'Écrire en une phrase ce qui presse et pourquoi ce dossier : le délégué à la protection des données la lira.',
    )
  const cle = `exceptionnel:${acteur.compte}`
  await sql`select pg_advisory_xact_lock(hashtextextended(${`${dept}:${cle}`}, 0))`
  const faites = await compterEchecs(session, dept, maintenant, [{ cle, max: DEMANDES_PAR_JOUR, fenetre: DUREE }])
  if ((faites.get(cle) ?? 0) >= DEMANDES_PAR_JOUR) {
    session.consigner({ action: 'acces_exceptionnel.ouvrir', resultat: 'refuse', details: { code: 'trop' } })
    return { etat: 'trop' }
  }
  const dossier = await trouverReference(session, demande.reference)
  if (dossier && (await dejaLisible(session, dossier.id))) return { etat: 'deja_lisible', reference: dossier.reference }
  await noterEchec(session, dept, maintenant, [cle])
  if (!dossier) {
    session.consigner({ action: 'acces_exceptionnel.ouvrir', resultat: 'refuse', details: { code: 'inconnu' } })
    await enqueue(session, TACHE_EXCEPTIONNEL, { dept, compte: acteur.compte, jour: session.jour.toString() })
    return { etat: 'inconnu' }
  }
  const acces = randomUUID()
  await sql`insert into acces_exceptionnel (dept, id, dossier, compte, organisme, motif, ouvert_a, expire_a)
    values (${dept}, ${acces}, ${dossier.id}, ${acteur.compte}, ${acteur.organisme}, ${motif}, ${maintenant}, ${maintenant.add(DUREE)})`
  session.consigner({
    action: 'acces_exceptionnel.ouvrir',
    objet: 'dossier',
    objetId: dossier.id,
    dossiers: [dossier.id],
    details: { acces },
  })
  await enqueue(session, TACHE_EXCEPTIONNEL, { dept, acces })
  return { etat: 'ouvert', reference: dossier.reference }
}

/** Exceptional accesses to one dossier, the newest first. */
export function listerAccesExceptionnels(session: Session, dossier: string): Promise<AccesExceptionnel[]> {
  const { sql, dept, maintenant } = session
  return sql<AccesExceptionnel>`
    select x.id, x.dossier, x.compte, c.prenom || ' ' || c.nom as auteur, o.nom as organisme_nom, x.motif, x.ouvert_a, x.expire_a, x.clos_a,
      x.clos_a is null and x.expire_a > ${maintenant} as en_cours
    from acces_exceptionnel x join compte c on c.dept = ${dept} and c.id = x.compte
    join organisme o on o.dept = ${dept} and o.id = x.organisme
    where x.dept = ${dept} and x.dossier = ${dossier} order by x.ouvert_a desc, x.id`
}

/** Ends, before its time, every access this person has open on a dossier. */
export async function cloreAccesExceptionnel(session: Session, dossier: string): Promise<void> {
  const { sql, dept, acteur, maintenant } = session
  const clos = await sql`update acces_exceptionnel set clos_a = ${maintenant}
    where dept = ${dept} and dossier = ${dossier} and compte = ${acteur.compte} and clos_a is null and expire_a > ${maintenant} returning id`
  if (clos.length === 0) throw new Introuvable()
  session.consigner({ action: 'acces_exceptionnel.clore', objet: 'dossier', objetId: dossier, dossiers: [dossier] })
}

/** What the watch needs of one access: ids only. */
export interface OuvertureExceptionnelle {
  readonly id: string
  readonly dossier: string
  readonly compte: string
  readonly jour: Temporal.PlainDate
  /** Accesses the same person opened over the days before, this one included. */
  readonly recentes: number
}

/** Reads one access for the watch, with how many the same person opened over the last days. */
export async function lireOuvertureExceptionnelle(
  { sql, dept }: Session,
  acces: string,
  jours: number,
): Promise<OuvertureExceptionnelle | null> {
  const [lue] = await sql<OuvertureExceptionnelle>`
    select x.id, x.dossier, x.compte, (x.ouvert_a at time zone 'Europe/Paris')::date as jour,
      (select count(*)::int from acces_exceptionnel y where y.dept = ${dept} and y.compte = x.compte
        and y.ouvert_a <= x.ouvert_a and y.ouvert_a > x.ouvert_a - make_interval(days => ${jours}::int)) as recentes
    from acces_exceptionnel x where x.dept = ${dept} and x.id = ${acces}::uuid`
  return lue ?? null
}

/**
 * Refuses to write on a dossier opened by exception: it is for reading, in an emergency, what somebody else follows. `cle` is the reference or the id of the
 * address. Asked before any act on a dossier, whichever it is.
 */
export async function exigerSansException(session: Session, cle: string): Promise<void> {
  const ouverts = session.acteur.exceptionnels ?? []
  if (ouverts.length === 0) return
  const id = /^[0-9a-f]{8}-[0-9a-f]{4}-/.test(cle) ? cle : (await trouverReference(session, cle))?.id
  if (id === undefined || !ouverts.includes(id)) return
  throw refus('exceptionnel.lecture', LECTURE_PAR_EXCEPTION)
}
