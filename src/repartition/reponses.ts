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

export const canaux = {
  courrier: 'Courrier',
  appel: 'Appel',
  sms: 'SMS',
  courriel: 'Courriel',
  rendez_vous: 'Rendez-vous',
  visite: 'Visite à domicile',
} as const
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
}

interface AffectationVivante {
  readonly id: string
  readonly etat: string
  readonly transmise_le: Temporal.PlainDate | null
}

/**
 * Records what a service answers, line by line. Taking starts the two-month diagnosis from the date of the list that first carried the household to the service;
 * « pas pour nous » needs a reason and moves the household to the next rank. Answering the same again changes nothing, a household already taken keeps its dates,
 * and a line that moved on since is refused with its reason.
 */
export async function repondreListe(
  session: Session,
  liste: string,
  donnees: readonly ReponseDonnee[],
): Promise<{ prises: number; refusees: number; confirmees: number; dossiersRefuses: string[] }> {
  const { sql, dept, jour } = session
  const [entete] = await sql<{
    organisme: string
    date_liste: Temporal.PlainDate
  }>`select organisme, date_liste from liste where dept = ${dept} and id = ${liste}`
  if (!entete || (session.acteur.organisme !== null && session.acteur.organisme !== entete.organisme))
    throw new Introuvable()
  const lignes = new Map(
    (
      await sql<LigneARepondre>`
        select rang, dossier, affectation, instantane->>'titulaire' as titulaire, reponse
        from ligne_liste where dept = ${dept} and liste = ${liste} and rang = any (${donnees.map((donnee) => donnee.rang)}::int[]) order by rang for update`
    ).map((ligne) => [ligne.rang, ligne]),
  )
  // Outside the perimeter and terminated are alike for the service: the household moved on.
  const vivantes = new Map(
    (
      await sql<AffectationVivante>`select id, etat, transmise_le from affectation
        where dept = ${dept} and id = any (${[...lignes.values()].map((ligne) => ligne.affectation)}::uuid[]) and terminee_a is null order by id for update`
    ).map((affectation) => [affectation.id, affectation]),
  )
  const utiles = donnees.flatMap((donnee) => {
    const ligne = lignes.get(donnee.rang)
    if (!ligne) throw new Introuvable()
    return ligne.reponse === donnee.reponse
      ? []
      : [
          {
            ...donnee,
            ligne,
            motif: donnee.reponse === 'pas_pour_nous' ? donnee.motif?.trim() || null : null,
            affectation: vivantes.get(ligne.affectation),
          },
        ]
  })
  for (const { rang, ligne, reponse, motif, affectation } of utiles) {
    if (reponse === 'pas_pour_nous' && motif === null) {
      throw refus('tableau.motif', `Ligne ${rang}, ${ligne.titulaire} : dire pourquoi ce ménage n’est pas pour vous.`)
    }
    if (!affectation) {
      throw refus(
        'tableau.passe',
        `Ligne ${rang}, ${ligne.titulaire} : ce ménage n’est plus confié à votre service. Voir avec le secrétariat.`,
      )
    }
  }
  const refusees = utiles.filter(({ reponse }) => reponse === 'pas_pour_nous')
  const prises = utiles.filter(
    ({ reponse, affectation }) => reponse !== 'pas_pour_nous' && affectation?.etat !== 'prise',
  )
  await sql`update ligne_liste l set reponse = x.reponse, motif = x.motif, repondu_a = ${session.maintenant}, repondu_par = ${session.acteur.compte}
    from jsonb_to_recordset(${JSON.stringify(utiles.map(({ rang, reponse, motif }) => ({ rang, reponse, motif })))}::jsonb) as x(rang int, reponse text, motif text)
    where l.dept = ${dept} and l.liste = ${liste} and l.rang = x.rang`
  if (prises.length > 0) {
    const dossiers = new Map(
      (
        await lireDossiersARepartir(
          session,
          prises.map(({ ligne }) => ligne.dossier),
        )
      ).map((dossier) => [dossier.id, dossier]),
    )
    const dates = prises.map(({ ligne, affectation }) => {
      const depart = affectation?.transmise_le ?? entete.date_liste
      const diagnostic = calculerDiagnostic(session, depart, dossiers.get(ligne.dossier)?.audience_le ?? null)
      return { affectation: ligne.affectation, diagnostic: (diagnostic?.le ?? depart.add({ months: 2 })).toString() }
    })
    const ecrites = await sql<{
      dossier: string
      service: string
      organisme: string
      depuis: Temporal.PlainDate
      transmise_le: Temporal.PlainDate | null
      diagnostic_avant: Temporal.PlainDate
    }>`
      update affectation a set etat = 'prise', prise_le = ${jour}, diagnostic_avant = x.diagnostic, transmise_le = coalesce(a.transmise_le, ${entete.date_liste}),
        repondre_avant = null
      from jsonb_to_recordset(${JSON.stringify(dates)}::jsonb) as x(affectation uuid, diagnostic date)
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
          {
            etat: 'prise',
            transmise_le: ecrite.transmise_le,
            repondre_avant: null,
            diagnostic_avant: ecrite.diagnostic_avant,
            diagnostic_fait_le: null,
          },
          dossiers.get(ecrite.dossier)?.audience_le ?? null,
        ),
      })),
    )
  }
  if (refusees.length > 0) {
    await sql`update affectation a set etat = 'refusee', issue = 'refusee', terminee_a = ${session.maintenant}, motif = x.motif
      from jsonb_to_recordset(${JSON.stringify(refusees.map(({ ligne, motif }) => ({ id: ligne.affectation, motif })))}::jsonb) as x(id uuid, motif text)
      where a.dept = ${dept} and a.id = x.id`
    await demanderRepartition(
      session,
      refusees.map(({ ligne }) => ligne.dossier),
    )
  }
  await consignerFaits(
    session,
    [...prises, ...refusees].map(({ ligne, rang, reponse, motif }) => ({
      dossier: ligne.dossier,
      type: reponse === 'pas_pour_nous' ? 'tableau.refuse' : 'menage.pris_en_charge',
      donnees: { liste, rang, reponse, organisme: entete.organisme, ...(motif ? { motif } : {}) },
    })),
  )
  await session.consigner({
    action: 'liste.repondre',
    objet: 'liste',
    objetId: liste,
    details: { rangs: utiles.map(({ rang }) => rang) },
  })
  return {
    prises: prises.length,
    refusees: refusees.length,
    confirmees: utiles.length - prises.length - refusees.length,
    dossiersRefuses: refusees.map(({ ligne }) => ligne.dossier),
  }
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
  demande: {
    dossier: string
    canal: Canal
    le: Temporal.PlainDate
    demiJournee: 'matin' | 'apres_midi' | null
    aboutie: boolean
    issue: string
  },
): Promise<void> {
  if (Temporal.PlainDate.compare(demande.le, session.jour) > 0)
    throw refus('contact.futur', 'Un contact ne peut pas être noté à une date à venir.')
  if (!(demande.canal in canaux)) throw refus('contact.canal', 'Choisir le moyen de contact.')
  if (demande.issue.trim() === '') throw refus('contact.issue', 'Écrire en quelques mots ce que ce contact a donné.')
  const dossier = await lireDossier(session, demande.dossier)
  const organisme = session.acteur.organisme
  if (!organisme) throw refus('contact.organisme', 'Un contact est noté par une personne d’un organisme.')
  await session.sql`insert into tentative_contact (dept, dossier, organisme, canal, le, demi_journee, aboutie, issue, a, par)
    values (${session.dept}, ${dossier.id}, ${organisme}, ${demande.canal}, ${demande.le}, ${demande.demiJournee}, ${demande.aboutie}, ${demande.issue.trim().slice(0, 200)},
      ${session.maintenant}, ${session.acteur.compte})`
  await consignerFaits(session, [
    {
      dossier: dossier.id,
      type: demande.aboutie ? 'contact.abouti' : 'contact.tente',
      le: demande.le,
      donnees: { canal: demande.canal, organisme },
    },
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
  const [affectation] = await sql<{ id: string; organisme: string }>`
    select id, organisme from affectation
    where dept = ${dept} and dossier = ${dossier.id} and terminee_a is null and etat = 'prise' for update`
  if (!affectation)
    throw refus(
      'diagnostic.sans-prise',
      'Ce ménage n’est pris en charge par aucun service : il n’y a pas de diagnostic à clore.',
    )
  if (
    session.acteur.organisme !== null &&
    session.acteur.role === 'service_social' &&
    session.acteur.organisme !== affectation.organisme
  )
    throw new Introuvable()
  if (demande.issue === 'non_realise') {
    if (!demande.motif || !(demande.motif in motifsNonRealise))
      throw refus('diagnostic.motif', 'Choisir pourquoi le diagnostic n’a pas pu se faire.')
    if (demande.motif !== 'parti') {
      const [n] = await sql<{
        n: number
      }>`select count(*)::int as n from tentative_contact where dept = ${dept} and dossier = ${dossier.id}`
      if ((n?.n ?? 0) === 0)
        throw refus('diagnostic.contacts', 'Noter d’abord au moins une tentative de contact : moyen, date et résultat.')
    }
  }
  await marquerDiagnostics(session, [affectation.id], demande.issue, demande.motif ?? null)
}

/** Diagnoses transmitted for many households at once, by the service in charge or on its behalf. Those nobody has in charge are left as they are. */
export async function transmettreDiagnostics(session: Session, dossiers: readonly string[]): Promise<number> {
  const affectations = await session.sql<{
    id: string
  }>`select id from affectation where dept = ${session.dept} and dossier = any (${dossiers}::uuid[])
    and terminee_a is null and etat = 'prise' and diagnostic_fait_le is null
    and (${session.acteur.role !== 'service_social'} or organisme = ${session.acteur.organisme}) for update`
  await marquerDiagnostics(
    session,
    affectations.map((affectation) => affectation.id),
    'transmis',
    null,
  )
  return affectations.length
}

async function marquerDiagnostics(
  session: Session,
  affectations: readonly string[],
  issue: 'transmis' | 'non_realise',
  motif: string | null,
): Promise<void> {
  if (affectations.length === 0) return
  const { sql, dept } = session
  const closes = await sql<{
    dossier: string
    service: string
    organisme: string
    depuis: Temporal.PlainDate
    transmise_le: Temporal.PlainDate | null
    diagnostic_avant: Temporal.PlainDate | null
  }>`
    update affectation set diagnostic_fait_le = ${session.jour}, issue = ${issue === 'transmis' ? 'diagnostic_transmis' : 'non_realise'}, motif = ${motif}
    where dept = ${dept} and id = any (${affectations}::uuid[]) returning dossier, service, organisme, depuis, transmise_le, diagnostic_avant`
  const audiences = new Map(
    (
      await lireDossiersARepartir(
        session,
        closes.map((close) => close.dossier),
      )
    ).map((dossier) => [dossier.id, dossier.audience_le]),
  )
  await noterServices(
    session,
    closes.map((close) => ({
      dossier: close.dossier,
      service: close.service,
      organisme: close.organisme,
      etat: 'prise',
      depuis: close.depuis.toString(),
      connu: true,
      habilites: [close.organisme],
      echeances: echeancesDuService(
        session,
        { ...close, etat: 'prise', repondre_avant: null, diagnostic_fait_le: session.jour },
        audiences.get(close.dossier) ?? null,
      ),
    })),
  )
  await consignerFaits(
    session,
    closes.map((close) => ({
      dossier: close.dossier,
      type: issue === 'transmis' ? 'diagnostic.transmis' : 'diagnostic.non_realise',
      donnees: { organisme: close.organisme, ...(motif ? { motif } : {}) },
    })),
  )
}
