import { randomUUID } from 'node:crypto'
import type { Session } from '#acces'
import { consignerFaits } from '#dossiers'
import { listerSyntheses } from '#echanges'
import { accordEnVigueur } from '#participations'
import { cloreDiagnostic, listerContacts } from '#repartition'
import { Introuvable, refus } from '#socle/errors'
import { parisDay } from '#socle/time'
import { formatDate } from '#socle/typography'
import { exigerOrganisme } from './commun.ts'
import { listerVolets, tacheOuverte } from './diagnostics.ts'
import type { DestinataireEnvoi, Diagnostic, Envoi, ModeEnvoi } from './types.ts'

/** The objet of `donnees/acces/accords.yaml` without which nothing the ADIL wrote goes to the préfet, hence to the judge (annex 3). */
export const ACCORD_ADIL = 'adil_prefet'

/** What goes to whom. The diagnosis itself never leaves the commission: the judge, the landlord and the household receive the synthèse made for them. */
const SYNTHESE_POUR = { prefet: 'juge', juge: 'juge', bailleur: 'bailleur', menage: 'menage' } as const

/** To whom each role hands it, as the engagements say: the service to the secretariat and the household, the secretariat to the State, the State to the judge. */
const PAR_ROLE: Readonly<Record<string, readonly DestinataireEnvoi[]>> = {
  service_social: ['secretariat', 'menage'],
  secretariat: ['ccapex', 'prefet', 'juge', 'bailleur', 'menage'],
  prefecture: ['juge', 'bailleur'],
}

/** Recipients this person may hand something to. */
export const destinatairesPour = ({ acteur }: Pick<Session, 'acteur'>): readonly DestinataireEnvoi[] =>
  PAR_ROLE[acteur.role] ?? []

/** What was sent of a diagnosis, newest first. */
export function listerEnvois(session: Session, diagnostic: string): Promise<Envoi[]> {
  const { dept } = session
  return session.sql<Envoi>`
    select e.id, e.quoi, e.synthese, e.destinataire, e.mode, e.le, e.recu_le, o.nom as organisme_nom, c.prenom || ' ' || c.nom as auteur
    from diagnostic_envoi e join organisme o on o.dept = ${dept} and o.id = e.organisme join compte c on c.dept = ${dept} and c.id = e.par
    where e.dept = ${dept} and e.diagnostic = ${diagnostic} order by e.le desc, e.a desc`
}

/** Whether the household's written accord is needed and missing: the ADIL filled a part, or sends (DSF-31). */
export async function attendAccordAdil(session: Session, diagnostic: Diagnostic): Promise<boolean> {
  const volets = await listerVolets(session, diagnostic.id)
  const adil = [
    session.acteur.organismeType,
    ...volets.flatMap(({ organisme_type: type, formulaire }) => (formulaire === null ? [] : [type])),
  ]
  return adil.includes('adil') && !(await accordEnVigueur(session, diagnostic.dossier, ACCORD_ADIL))
}

/**
 * Records that a diagnosis, or the synthèse made for this recipient, was handed over: to whom, how, which day. The first handing over to the secretariat transmits it
 * and ends the task of the service. With the judge and the commission both served, it is « remis ».
 */
export async function transmettreDiagnostic(
  session: Session,
  diagnostic: Diagnostic,
  demande: {
    destinataire: DestinataireEnvoi
    mode: ModeEnvoi
    le: Temporal.PlainDate
    envoi: string
    /** With the judge, the landlord is served at the same time and in the same way (DSF-29). */
    aussiBailleur?: boolean
  },
): Promise<void> {
  const { destinataire } = demande
  if (!destinatairesPour(session).includes(destinataire))
    throw refus('envoi.destinataire', 'Choisir à qui vous l’avez remis.')
  if (Temporal.PlainDate.compare(demande.le, session.jour) > 0)
    throw refus('envoi.le', 'Cette date est à venir : noter le jour où il a été remis.')
  if (diagnostic.etat !== 'valide' && diagnostic.etat !== 'transmis')
    throw refus('envoi.valide', 'Rien ne part avant que le diagnostic soit validé.')
  const valideLe = diagnostic.valide_a && parisDay(diagnostic.valide_a)
  if (valideLe && Temporal.PlainDate.compare(demande.le, valideLe) < 0)
    throw refus('envoi.le', `Ce diagnostic a été validé le ${formatDate(valideLe)} : il se remet à partir de ce jour.`)
  if (destinataire !== 'menage' && (await attendAccordAdil(session, diagnostic)))
    throw refus(
      'envoi.accord-adil',
      'L’autorisation du ménage n’est pas notée : sans elle, ce que l’ADIL a écrit ne part pas. La noter d’abord dans « Accords du ménage ».',
    )
  const aussiBailleur = demande.aussiBailleur === true && destinataire === 'juge'
  // Said before anything is written: one of the two alone would not be « at the same time ».
  if (aussiBailleur) await trouverSynthese(session, diagnostic, 'bailleur')
  if (!(await remettre(session, diagnostic, demande))) return
  if (aussiBailleur) await remettre(session, diagnostic, { ...demande, destinataire: 'bailleur', envoi: randomUUID() })
}

/** One handing over. False when the same form was already received. */
async function remettre(
  session: Session,
  diagnostic: Diagnostic,
  demande: { destinataire: DestinataireEnvoi; mode: ModeEnvoi; le: Temporal.PlainDate; envoi: string },
): Promise<boolean> {
  const { dept } = session
  const { organisme, compte } = exigerOrganisme(session)
  const { destinataire } = demande
  const entier = destinataire === 'secretariat' || destinataire === 'ccapex'
  const quoi = entier ? 'diagnostic' : 'synthese'
  const synthese = entier ? null : await trouverSynthese(session, diagnostic, destinataire)
  const ecrites = await session.sql<{ id: string }>`
    insert into diagnostic_envoi (dept, id, diagnostic, dossier, quoi, synthese, destinataire, mode, le, organisme, envoi, a, par)
    values (${dept}, ${randomUUID()}, ${diagnostic.id}, ${diagnostic.dossier}, ${quoi}, ${synthese}, ${destinataire}, ${demande.mode}, ${demande.le},
      ${organisme}, ${demande.envoi}, ${session.maintenant}, ${compte})
    on conflict (dept, par, envoi) do nothing returning id`
  if (ecrites.length === 0) return false
  if (entier) await marquerTransmis(session, diagnostic)
  await marquerRemis(session, [diagnostic.id])
  await consignerFaits(session, [
    { dossier: diagnostic.dossier, type: 'diagnostic.remis', le: demande.le, donnees: { destinataire, quoi } },
  ])
  session.consigner({
    action: 'diagnostic.transmettre',
    objet: 'diagnostic',
    objetId: diagnostic.id,
    dossiers: [diagnostic.dossier],
    details: { destinataire, quoi },
  })
  return true
}

/**
 * Records that the court received synthèses, handed over together (`remise`): each with the diagnosis it was made of. What allowed them to leave was checked when they
 * did. Said again, the day is corrected.
 */
export async function noterRemisesAuJuge(
  session: Session,
  {
    remise,
    syntheses,
    le,
  }: { readonly remise: string; readonly syntheses: readonly string[]; readonly le: Temporal.PlainDate },
): Promise<void> {
  const { sql, dept, maintenant } = session
  const { organisme, compte } = exigerOrganisme(session)
  const notees = await sql<{ diagnostic: string; dossier: string }>`
    insert into diagnostic_envoi as e (dept, id, diagnostic, dossier, quoi, synthese, destinataire, mode, le, organisme, envoi, a, par)
    select ${dept}, md5(${remise}::text || s.id::text)::uuid, g.id, s.dossier, 'synthese', s.id, 'juge', 'greffe', ${le}, ${organisme}, gen_random_uuid(), ${maintenant}, ${compte}
    from synthese s cross join lateral (select g.id from diagnostic g where g.dept = ${dept} and g.dossier = s.dossier and g.etat in ('valide', 'transmis')
      and g.valide_a <= s.a order by g.rang desc limit 1) g
    where s.dept = ${dept} and s.id = any (${syntheses}::uuid[])
    on conflict (dept, id) do update set le = excluded.le where e.le <> excluded.le returning diagnostic, dossier`
  if (notees.length === 0) return
  await marquerRemis(
    session,
    notees.map(({ diagnostic }) => diagnostic),
  )
  await consignerFaits(
    session,
    notees.map(({ dossier }) => ({
      dossier,
      type: 'diagnostic.remis',
      le,
      donnees: { destinataire: 'juge', quoi: 'synthese' },
    })),
  )
  session.consigner({
    action: 'diagnostic.transmettre',
    dossiers: notees.map(({ dossier }) => dossier),
    details: { destinataire: 'juge', quoi: 'synthese' },
  })
}

/** The synthèse in force for a recipient, made since the diagnosis was validated: an older one does not hold what it says. */
async function trouverSynthese(
  session: Session,
  { dossier, valide_a: validee }: Diagnostic,
  destinataire: keyof typeof SYNTHESE_POUR,
): Promise<string> {
  const pour = SYNTHESE_POUR[destinataire]
  const enVigueur = (await listerSyntheses(session, dossier)).find(
    ({ destinataire: qui, remplacee }) => qui === pour && !remplacee,
  )
  if (!enVigueur)
    throw refus('envoi.synthese', 'La synthèse pour ce destinataire n’est pas encore faite : la produire d’abord.')
  if (validee && Temporal.Instant.compare(enVigueur.a, validee) < 0)
    throw refus(
      'envoi.synthese',
      'La synthèse pour ce destinataire date d’avant ce diagnostic : en produire une nouvelle.',
    )
  return enVigueur.id
}

async function marquerTransmis(session: Session, diagnostic: Diagnostic): Promise<void> {
  if (diagnostic.etat === 'transmis') return
  if (await tacheOuverte(session, diagnostic)) {
    const absent = diagnostic.forme === 'menage_absent'
    const tentatives = absent ? await listerContacts(session, diagnostic.dossier) : []
    if (!absent || tentatives.some(({ retiree_a: retiree }) => retiree === null))
      await cloreDiagnostic(session, {
        dossier: diagnostic.dossier,
        ...(absent ? ({ issue: 'non_realise', motif: 'absent' } as const) : ({ issue: 'transmis' } as const)),
      })
  }
  await session.sql`update diagnostic set etat = 'transmis', version = version + 1 where dept = ${session.dept} and id = ${diagnostic.id}`
}

/** The law asks for both: the judge, and the commission or its secretariat. The later of the two is the day it was delivered. */
async function marquerRemis(session: Session, ids: readonly string[]): Promise<void> {
  await session.sql`update diagnostic g set remis_le = x.le from (
      select diagnostic, greatest(min(le) filter (where destinataire = 'juge'), min(le) filter (where destinataire in ('secretariat', 'ccapex'))) as le,
        bool_or(destinataire = 'juge') and bool_or(destinataire in ('secretariat', 'ccapex')) as complet
      from diagnostic_envoi where dept = ${session.dept} and diagnostic = any (${ids}::uuid[]) group by diagnostic) x
    where g.dept = ${session.dept} and g.id = x.diagnostic and x.complet and g.remis_le is distinct from x.le`
}

/** Notes the receipt that came back. */
export async function noterRecu(
  session: Session,
  diagnostic: Diagnostic,
  demande: { envoi: string; le: Temporal.PlainDate },
): Promise<void> {
  const { compte } = exigerOrganisme(session)
  const [envoi] = await session.sql<{ le: Temporal.PlainDate }>`
    select le from diagnostic_envoi where dept = ${session.dept} and diagnostic = ${diagnostic.id} and id = ${demande.envoi} for update`
  if (!envoi) throw new Introuvable()
  if (Temporal.PlainDate.compare(demande.le, envoi.le) < 0 || Temporal.PlainDate.compare(demande.le, session.jour) > 0)
    throw refus('envoi.recu_le', 'L’accusé de réception est daté entre le jour de l’envoi et aujourd’hui.')
  await session.sql`update diagnostic_envoi set recu_le = ${demande.le}, recu_par = ${compte}
    where dept = ${session.dept} and id = ${demande.envoi}`
  session.consigner({
    action: 'diagnostic.transmettre',
    objet: 'diagnostic',
    objetId: diagnostic.id,
    dossiers: [diagnostic.dossier],
    details: { recu: demande.le.toString() },
  })
}
