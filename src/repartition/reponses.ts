import type { Session } from '#acces'
import { consignerFaits, lireDossier, lireDossiersARepartir, noterServices } from '#dossiers'
import { Introuvable, refus } from '#socle/errors'
import { demanderRepartition } from './affectations.ts'
import { calculerDiagnostic, echeancesDuService } from './echeances.ts'

export const reponses = ['connu', 'a_son_tour', 'pas_pour_nous'] as const
export type ReponseLigne = (typeof reponses)[number]

export const libellesReponse = {
  connu: 'Connu de nous, pris en charge',
  a_son_tour: 'Pris en charge à son tour',
  pas_pour_nous: 'Pas pour nous',
} as const satisfies Record<ReponseLigne, string>

/** Why a diagnosis could not be done (REP-15). */
export const motifsNonRealise = {
  sans_reponse: 'Sans réponse du ménage',
  refus: 'Refus du ménage',
  absent: 'Absent au rendez-vous',
  parti: 'Parti du logement',
  injoignable: 'Injoignable',
  hors_delai: 'Hors délai',
} as const
export type MotifNonRealise = keyof typeof motifsNonRealise

export const canaux = { courrier: 'Courrier', appel: 'Appel', sms: 'SMS', courriel: 'Courriel', rendez_vous: 'Rendez-vous', visite: 'Visite à domicile' } as const
export type Canal = keyof typeof canaux

export interface ReponseDonnee {
  readonly rang: number
  readonly reponse: ReponseLigne
  readonly motif?: string | undefined
}

interface LigneARepondre {
  readonly rang: number
  readonly dossier: string
  readonly affectation: string
  readonly titulaire: string
  readonly reponse: string | null
  readonly etat: string
  readonly terminee: boolean
}

/**
 * Records what a service answers, line by line. Taking starts the two-month diagnosis from the date of the list; « pas pour nous » needs a reason and
 * moves the household to the next rank. Answering the same again changes nothing; a line that moved on since is refused with its reason.
 */
export async function repondreListe(session: Session, liste: string, donnees: readonly ReponseDonnee[]): Promise<{ prises: number; refusees: number }> {
  const { sql, dept, jour } = session
  const [entete] = await sql<{ organisme: string; date_liste: Temporal.PlainDate }>`select organisme, date_liste from liste where dept = ${dept} and id = ${liste}`
  if (!entete || (session.acteur.organisme !== null && session.acteur.organisme !== entete.organisme)) throw new Introuvable()
  const lignes = new Map(
    (
      await sql<LigneARepondre>`
        select l.rang, l.dossier, l.affectation, l.instantane->>'titulaire' as titulaire, l.reponse, a.etat, a.terminee_a is not null as terminee
        from ligne_liste l join affectation a on a.dept = ${dept} and a.id = l.affectation
        where l.dept = ${dept} and l.liste = ${liste} and l.rang = any (${donnees.map((donnee) => donnee.rang)}::int[]) for update of l, a`
    ).map((ligne) => [ligne.rang, ligne]),
  )
  const utiles = donnees.filter((donnee) => lignes.get(donnee.rang)?.reponse !== donnee.reponse)
  for (const donnee of utiles) {
    const ligne = lignes.get(donnee.rang)
    if (!ligne) throw new Introuvable()
    if (donnee.reponse === 'pas_pour_nous' && !donnee.motif?.trim()) {
      throw refus('tableau.motif', `Ligne ${donnee.rang}, ${ligne.titulaire} : dire pourquoi ce ménage n’est pas pour vous.`)
    }
    if (ligne.terminee) {
      throw refus('tableau.passe', `Ligne ${donnee.rang}, ${ligne.titulaire} : ce ménage a déjà été confié à un autre service. Voir avec le secrétariat.`)
    }
  }
  const prises = utiles.filter((donnee) => donnee.reponse !== 'pas_pour_nous')
  const refusees = utiles.filter((donnee) => donnee.reponse === 'pas_pour_nous')
  await sql`update ligne_liste l set reponse = x.reponse, motif = x.motif, repondu_a = ${session.maintenant}, repondu_par = ${session.acteur.compte}
    from jsonb_to_recordset(${JSON.stringify(utiles.map((donnee) => ({ rang: donnee.rang, reponse: donnee.reponse, motif: donnee.motif?.trim() || null })))}::jsonb)
      as x(rang int, reponse text, motif text)
    where l.dept = ${dept} and l.liste = ${liste} and l.rang = x.rang`
  const dossierDe = (donnee: ReponseDonnee) => lignes.get(donnee.rang)?.dossier ?? ''
  if (prises.length > 0) {
    const dossiers = new Map((await lireDossiersARepartir(session, prises.map(dossierDe))).map((dossier) => [dossier.id, dossier]))
    const dates = prises.map((donnee) => {
      const dossier = dossierDe(donnee)
      const diagnostic = calculerDiagnostic(session, entete.date_liste, dossiers.get(dossier)?.audience_le ?? null)
      return { affectation: lignes.get(donnee.rang)?.affectation, dossier, diagnostic: (diagnostic?.le ?? entete.date_liste.add({ months: 2 })).toString() }
    })
    const ecrites = await sql<{ dossier: string; service: string; organisme: string; depuis: Temporal.PlainDate; transmise_le: Temporal.PlainDate | null; diagnostic_avant: Temporal.PlainDate }>`
      update affectation a set etat = 'prise', prise_le = ${jour}, diagnostic_avant = x.diagnostic, repondre_avant = null
      from jsonb_to_recordset(${JSON.stringify(dates)}::jsonb) as x(affectation uuid, dossier uuid, diagnostic date)
      where a.dept = ${dept} and a.id = x.affectation returning a.dossier, a.service, a.organisme, a.depuis, a.transmise_le, a.diagnostic_avant`
    await noterServices(
      session,
      ecrites.map((ecrite) => ({
        dossier: ecrite.dossier,
        service: ecrite.service,
        organisme: ecrite.organisme,
        etat: 'prise',
        depuis: jour.toString(),
        connu: true,
        habilites: [ecrite.organisme],
        echeances: echeancesDuService(
          session,
          { etat: 'prise', transmise_le: entete.date_liste, repondre_avant: null, diagnostic_avant: ecrite.diagnostic_avant, diagnostic_fait_le: null },
          dossiers.get(ecrite.dossier)?.audience_le ?? null,
        ),
      })),
    )
  }
  if (refusees.length > 0) {
    const ids = refusees.map((donnee) => lignes.get(donnee.rang)?.affectation ?? '')
    await sql`update affectation a set etat = 'refusee', issue = 'refusee', terminee_a = ${session.maintenant}, motif = x.motif
      from jsonb_to_recordset(${JSON.stringify(refusees.map((donnee, i) => ({ id: ids[i], motif: donnee.motif?.trim() ?? null })))}::jsonb) as x(id uuid, motif text)
      where a.dept = ${dept} and a.id = x.id`
    await demanderRepartition(session, refusees.map(dossierDe))
  }
  await consignerFaits(
    session,
    utiles.map((donnee) => ({
      dossier: dossierDe(donnee),
      type: donnee.reponse === 'pas_pour_nous' ? 'tableau.refuse' : 'menage.pris_en_charge',
      donnees: { liste, rang: donnee.rang, reponse: donnee.reponse, organisme: entete.organisme, ...(donnee.motif ? { motif: donnee.motif.trim() } : {}) },
    })),
  )
  await session.consigner({ action: 'liste.repondre', objet: 'liste', objetId: liste, details: { rangs: utiles.map((donnee) => donnee.rang) } })
  return { prises: prises.length, refusees: refusees.length }
}

export interface TentativeContact {
  readonly id: string
  readonly canal: Canal
  readonly le: Temporal.PlainDate
  readonly demi_journee: string | null
  readonly aboutie: boolean
  readonly issue: string
  readonly organisme_nom: string
  readonly auteur: string | null
}

/** Records an attempt to reach the household: channel, day, half-day, and how it ended. */
export async function noterContact(
  session: Session,
  demande: { dossier: string; canal: Canal; le: Temporal.PlainDate; demiJournee: 'matin' | 'apres_midi' | null; aboutie: boolean; issue: string },
): Promise<void> {
  if (Temporal.PlainDate.compare(demande.le, session.jour) > 0) throw refus('contact.futur', 'Un contact ne peut pas être noté à une date à venir.')
  if (!(demande.canal in canaux)) throw refus('contact.canal', 'Choisir le moyen de contact.')
  if (demande.issue.trim() === '') throw refus('contact.issue', 'Écrire en quelques mots ce que ce contact a donné.')
  const dossier = await lireDossier(session, demande.dossier)
  const organisme = session.acteur.organisme
  if (!organisme) throw refus('contact.organisme', 'Un contact est noté par une personne d’un organisme.')
  await session.sql`insert into tentative_contact (dept, dossier, organisme, canal, le, demi_journee, aboutie, issue, a, par)
    values (${session.dept}, ${dossier.id}, ${organisme}, ${demande.canal}, ${demande.le}, ${demande.demiJournee}, ${demande.aboutie}, ${demande.issue.trim().slice(0, 200)},
      ${session.maintenant}, ${session.acteur.compte})`
  await consignerFaits(session, [
    { dossier: dossier.id, type: demande.aboutie ? 'contact.abouti' : 'contact.tente', le: demande.le, donnees: { canal: demande.canal, organisme } },
  ])
}

export function listerContacts(session: Session, dossier: string): Promise<TentativeContact[]> {
  return session.sql<TentativeContact>`
    select t.id, t.canal, t.le, t.demi_journee, t.aboutie, t.issue, o.nom as organisme_nom, c.prenom || ' ' || c.nom as auteur
    from tentative_contact t join organisme o on o.dept = ${session.dept} and o.id = t.organisme
    left join compte c on c.dept = ${session.dept} and c.id = t.par
    where t.dept = ${session.dept} and t.dossier = ${dossier} order by t.le desc, t.a desc`
}

/**
 * Ends a household's diagnosis: transmitted, or not done with a coded reason. « Not done » asks for at least one dated contact attempt, unless the
 * household left (REP-15).
 */
export async function cloreDiagnostic(
  session: Session,
  demande: { dossier: string; issue: 'transmis' | 'non_realise'; motif?: MotifNonRealise | undefined },
): Promise<void> {
  const { sql, dept } = session
  const dossier = await lireDossier(session, demande.dossier)
  const [affectation] = await sql<{ id: string; service: string; organisme: string; depuis: Temporal.PlainDate; transmise_le: Temporal.PlainDate | null; diagnostic_avant: Temporal.PlainDate | null }>`
    select id, service, organisme, depuis, transmise_le, diagnostic_avant from affectation
    where dept = ${dept} and dossier = ${dossier.id} and terminee_a is null and etat = 'prise' for update`
  if (!affectation) throw refus('diagnostic.sans-prise', 'Ce ménage n’est pris en charge par aucun service : il n’y a pas de diagnostic à clore.')
  if (session.acteur.organisme !== null && session.acteur.role === 'service_social' && session.acteur.organisme !== affectation.organisme) throw new Introuvable()
  if (demande.issue === 'non_realise') {
    if (!demande.motif || !(demande.motif in motifsNonRealise)) throw refus('diagnostic.motif', 'Choisir pourquoi le diagnostic n’a pas pu se faire.')
    if (demande.motif !== 'parti') {
      const [n] = await sql<{ n: number }>`select count(*)::int as n from tentative_contact where dept = ${dept} and dossier = ${dossier.id}`
      if ((n?.n ?? 0) === 0) throw refus('diagnostic.contacts', 'Noter d’abord au moins une tentative de contact : moyen, date et résultat.')
    }
  }
  await sql`update affectation set diagnostic_fait_le = ${session.jour}, issue = ${demande.issue === 'transmis' ? 'diagnostic_transmis' : 'non_realise'},
    motif = ${demande.motif ?? null} where dept = ${dept} and id = ${affectation.id}`
  await noterServices(session, [
    {
      dossier: dossier.id,
      service: affectation.service,
      organisme: affectation.organisme,
      etat: 'prise',
      depuis: affectation.depuis.toString(),
      connu: true,
      habilites: [affectation.organisme],
      echeances: echeancesDuService(session, { etat: 'prise', ...affectation, repondre_avant: null, diagnostic_fait_le: session.jour }, dossier.audience_le),
    },
  ])
  await consignerFaits(session, [
    {
      dossier: dossier.id,
      type: demande.issue === 'transmis' ? 'diagnostic.transmis' : 'diagnostic.non_realise',
      donnees: { organisme: affectation.organisme, ...(demande.motif ? { motif: demande.motif } : {}) },
    },
  ])
}
