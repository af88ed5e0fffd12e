import { randomUUID } from 'node:crypto'
import { listerOrganismes, type Session } from '#acces'
import { consignerFaits, type Dossier, dansLePerimetre, type Echeance } from '#dossiers'
import { cloreDiagnostic, type MotifNonRealise, motifsNonRealise, trouverEntretiensProposes } from '#repartition'
import { type Fragment, sql } from '#socle/db'
import { Conflit, Introuvable, refus } from '#socle/errors'
import { decouper, exigerOrganisme, type PageTravail } from './commun.ts'
import { echeancesDuDiagnostic } from './echeances.ts'
import type {
  Diagnostic,
  Entretien,
  EtatVisite,
  IssueEntretien,
  LieuEntretien,
  MotifVisite,
  Volet,
  VoletDuDiagnostic,
} from './types.ts'

const colonnes = (dept: string): Fragment => sql`
  g.id, g.dossier, g.rang, g.version, g.etape, g.origine, g.etat, g.forme, g.organisme, o.nom as organisme_nom, o.type as organisme_type, g.saisi_le,
  g.actualise, g.referent, (select c.prenom || ' ' || c.nom from compte c where c.dept = ${dept} and c.id = g.referent) as referent_nom,
  g.visite, g.visite_motif, g.visite_le, g.motif_impossible,
  g.relu_a, (select c.prenom || ' ' || c.nom from compte c where c.dept = ${dept} and c.id = g.relu_par) as relu_nom,
  g.valide_a, (select c.prenom || ' ' || c.nom from compte c where c.dept = ${dept} and c.id = g.valide_par) as valide_nom, g.remis_le`

/** Diagnoses of a dossier, newest first: who, when, how far. None for whom the matrix gives none. */
export function listerDiagnostics(session: Session, dossier: string): Promise<Diagnostic[]> {
  const { dept } = session
  return session.sql<Diagnostic>`select ${colonnes(dept)} from diagnostic g join organisme o on o.dept = ${dept} and o.id = g.organisme
    where g.dept = ${dept} and g.dossier = ${dossier} order by g.rang desc`
}

/** One diagnosis of a dossier. Elsewhere, or not for this reader, it does not exist. */
export async function lireDiagnostic(
  session: Session,
  dossier: string,
  id: string,
  verrou = false,
): Promise<Diagnostic> {
  const { dept } = session
  if (!/^[0-9a-f-]{36}$/.test(id)) throw new Introuvable()
  if (verrou)
    await session.sql`select 1 from diagnostic where dept = ${dept} and dossier = ${dossier} and id = ${id} for update`
  const [lu] = await session.sql<Diagnostic>`
    select ${colonnes(dept)} from diagnostic g join organisme o on o.dept = ${dept} and o.id = g.organisme
    where g.dept = ${dept} and g.dossier = ${dossier} and g.id = ${id}`
  if (!lu) throw new Introuvable()
  return lu
}

/** Interviews proposed for a diagnosis, newest first. */
export const listerEntretiens = (session: Session, diagnostic: string): Promise<Entretien[]> =>
  session.sql<Entretien>`select id, propose_le, canal, pour_le, demi_journee, lieu, issue, issue_le from diagnostic_entretien
    where dept = ${session.dept} and diagnostic = ${diagnostic} order by pour_le desc, a desc`

const ORDRE: readonly Volet[] = ['social', 'financier', 'juridique']

/** The parts of a diagnosis and their services, in their order. */
export async function listerVolets(session: Session, diagnostic: string): Promise<VoletDuDiagnostic[]> {
  const { dept } = session
  const lus = await session.sql<VoletDuDiagnostic>`
    select v.volet, v.organisme, o.nom as organisme_nom, o.type as organisme_type, v.formulaire, v.termine_a,
      (select c.prenom || ' ' || c.nom from compte c where c.dept = ${dept} and c.id = v.termine_par) as termine_nom
    from diagnostic_volet v join organisme o on o.dept = ${dept} and o.id = v.organisme
    where v.dept = ${dept} and v.diagnostic = ${diagnostic}`
  return lus.toSorted((a, b) => ORDRE.indexOf(a.volet) - ORDRE.indexOf(b.volet))
}

/** The diagnosis is led by the organisme it was asked of: others see it, and fill their own part only. */
export const estPilote = ({ acteur }: Pick<Session, 'acteur'>, { organisme }: Pick<Diagnostic, 'organisme'>): boolean =>
  acteur.organisme === organisme

function exigerPilote(session: Session, diagnostic: Diagnostic): void {
  if (!estPilote(session, diagnostic))
    throw refus(
      'diagnostic.pilote',
      `Ce diagnostic est mené par ${diagnostic.organisme_nom} : c’est à ce service de le faire avancer.`,
    )
}

const OUVERTS: readonly string[] = ['demande', 'en_cours', 'relu']
function exigerOuvert({ etat }: Diagnostic): void {
  if (!OUVERTS.includes(etat))
    throw refus('diagnostic.fige', 'Ce diagnostic ne change plus. Une actualisation en fait une copie à modifier.')
}

/** Nobody overwrites what they have not seen. */
function exigerVersion({ version }: Diagnostic, vue: number): void {
  if (version !== vue)
    throw new Conflit(
      'diagnostic.change',
      'Ce diagnostic a changé depuis l’ouverture de cette page : rien n’est enregistré. Relire ce qui s’y trouve, puis recommencer.',
    )
}

/** Whom a diagnosis may be asked of: the services engaged on the dossier that hold the right to fill one. */
export async function listerServicesDuDiagnostic(
  session: Session,
  dossier: string,
): Promise<{ id: string; nom: string; type: string }[]> {
  const [lu] = await session.sql<{ habilites: string[] }>`
    select organismes_habilites as habilites from dossier where dept = ${session.dept} and id = ${dossier}`
  const remplit = ['departement', 'ccas', 'association', 'point_conseil_budget', 'caf', 'msa', 'adil']
  return (await listerOrganismes(session))
    .filter(({ id, type }) => remplit.includes(type) && lu?.habilites.includes(id))
    .map(({ id, nom, type }) => ({ id, nom, type }))
}

/**
 * Asks a service for the diagnosis of a household: by the cascade, at the summons, or otherwise. One at a time. At the summons, when one was already validated, the new
 * one is its copy to bring up to date (DSF-02).
 */
export async function ouvrirDiagnostic(
  session: Session,
  dossier: Pick<Dossier, 'id' | 'stade' | 'clos_le'>,
  demande: { organisme: string; origine: Diagnostic['origine']; saisiLe: Temporal.PlainDate },
): Promise<string> {
  const { dept, maintenant } = session
  const { compte, organisme: sien } = exigerOrganisme(session)
  if (dossier.clos_le)
    throw refus('diagnostic.clos', 'Ce dossier est clos : le rouvrir avant de demander un diagnostic.')
  if (Temporal.PlainDate.compare(demande.saisiLe, session.jour) > 0)
    throw refus('diagnostic.saisi_le', 'Cette date est à venir : noter le jour où le service a été saisi.')
  await session.sql`select pg_advisory_xact_lock(hashtextextended(${`diagnostic:${dept}:${dossier.id}`}, 0))`
  const services = await listerServicesDuDiagnostic(session, dossier.id)
  const service = services.find(({ id }) => id === demande.organisme)
  if (!service || (session.acteur.role === 'service_social' && service.id !== sien))
    throw refus('diagnostic.organisme', 'Choisir un service qui suit ce dossier.')
  const [dernier] = await listerDiagnostics(session, dossier.id)
  // The service left the household: what it began is closed by the next request, so that nobody waits for it.
  const abandonne = dernier && OUVERTS.includes(dernier.etat) && !services.some(({ id }) => id === dernier.organisme)
  if (dernier && !abandonne && ['demande', 'en_cours', 'relu', 'valide'].includes(dernier.etat))
    throw refus(
      'diagnostic.en-cours',
      `Un diagnostic est déjà en cours, mené par ${dernier.organisme_nom} : le finir, ou le dire impossible, avant d’en demander un autre.`,
    )
  if (abandonne)
    await session.sql`update diagnostic set etat = 'impossible', version = version + 1 where dept = ${dept} and id = ${dernier.id}`
  const assignation = dossier.stade === 'assignation'
  const id = randomUUID()
  const etape = assignation ? 'assignation' : dossier.stade === 'commandement_de_payer' ? dossier.stade : 'autre'
  const avant = dernier?.etat === 'transmis' && dernier.forme === 'complet' ? dernier.id : null
  await session.sql`
    insert into diagnostic (dept, id, dossier, rang, etape, origine, etat, organisme, saisi_le, actualise, cree_a, cree_par)
    values (${dept}, ${id}, ${dossier.id}, ${(dernier?.rang ?? 0) + 1}, ${etape}, ${demande.origine}, 'demande', ${service.id}, ${demande.saisiLe}, ${avant},
      ${maintenant}, ${compte})`
  const adil = services.find(({ type }) => type === 'adil')
  for (const volet of ORDRE) {
    const organisme = volet === 'juridique' ? (adil?.id ?? service.id) : service.id
    await session.sql`insert into diagnostic_volet (dept, diagnostic, dossier, volet, organisme)
      values (${dept}, ${id}, ${dossier.id}, ${volet}, ${organisme})`
  }
  await consignerFaits(session, [
    { dossier: dossier.id, type: 'diagnostic.demande', le: demande.saisiLe, donnees: { organisme: service.id } },
  ])
  session.consigner({ action: 'diagnostic.ouvrir', objet: 'diagnostic', objetId: id, dossiers: [dossier.id] })
  return id
}

function noterModification(session: Session, { id, dossier }: Diagnostic, quoi: string): void {
  session.consigner({
    action: 'diagnostic.modifier',
    objet: 'diagnostic',
    objetId: id,
    dossiers: [dossier],
    details: { quoi },
  })
}

/** Proposes an interview: what keeps the fifteen worked days of the law. */
export async function proposerEntretien(
  session: Session,
  diagnostic: Diagnostic,
  demande: {
    proposeLe: Temporal.PlainDate
    canal: string
    pourLe: Temporal.PlainDate
    demiJournee: 'matin' | 'apres_midi' | null
    lieu: LieuEntretien
    /** Drawn with the form: sending it twice proposes one interview. */
    envoi: string
  },
): Promise<void> {
  const { compte } = exigerOrganisme(session)
  exigerPilote(session, diagnostic)
  exigerOuvert(diagnostic)
  if (Temporal.PlainDate.compare(demande.proposeLe, session.jour) > 0)
    throw refus('entretien.propose_le', 'La proposition ne peut pas être datée d’un jour à venir.')
  if (Temporal.PlainDate.compare(demande.pourLe, demande.proposeLe) < 0)
    throw refus('entretien.pour_le', 'L’entretien ne peut pas être avant le jour où il a été proposé.')
  const proposes = await session.sql<{ id: string }>`
    insert into diagnostic_entretien (dept, id, diagnostic, dossier, propose_le, canal, pour_le, demi_journee, lieu, a, par)
    values (${session.dept}, ${demande.envoi}, ${diagnostic.id}, ${diagnostic.dossier}, ${demande.proposeLe}, ${demande.canal}, ${demande.pourLe},
      ${demande.demiJournee}, ${demande.lieu}, ${session.maintenant}, ${compte})
    on conflict (dept, id) do nothing returning id`
  if (proposes.length === 0) return
  await marquerARelire(session, diagnostic)
  await consignerFaits(session, [
    { dossier: diagnostic.dossier, type: 'diagnostic.entretien_propose', le: demande.proposeLe },
  ])
  noterModification(session, diagnostic, 'entretien')
}

/** Says what became of an interview. Held, the diagnosis is under way. */
export async function noterIssueEntretien(
  session: Session,
  diagnostic: Diagnostic,
  demande: { entretien: string; issue: IssueEntretien },
): Promise<void> {
  exigerPilote(session, diagnostic)
  exigerOuvert(diagnostic)
  const [note] = await session.sql<{ pour_le: Temporal.PlainDate }>`
    select pour_le from diagnostic_entretien where dept = ${session.dept} and diagnostic = ${diagnostic.id} and id = ${demande.entretien} for update`
  if (!note) throw new Introuvable()
  if (
    Temporal.PlainDate.compare(note.pour_le, session.jour) > 0 &&
    (demande.issue === 'honore' || demande.issue === 'absent')
  )
    throw refus('entretien.issue', 'Cet entretien est à venir : on ne sait pas encore si le ménage viendra.')
  await session.sql`update diagnostic_entretien set issue = ${demande.issue}, issue_le = ${session.jour}
    where dept = ${session.dept} and id = ${demande.entretien}`
  if (demande.issue === 'honore' && diagnostic.etat === 'demande') await marquerEnCours(session, diagnostic)
  else await marquerARelire(session, diagnostic)
  noterModification(session, diagnostic, 'entretien')
}

/** The first thing filled or the first interview held makes it under way; something changed after re-reading is to be re-read. */
export async function marquerEnCours(session: Session, { id }: Pick<Diagnostic, 'id'>): Promise<void> {
  await session.sql`update diagnostic set etat = 'en_cours', relu_a = null, relu_par = null, version = version + 1
    where dept = ${session.dept} and id = ${id} and etat in ('demande', 'relu')`
}

/** What is in the document changed after it was re-read: it is to be re-read. */
export async function marquerARelire(session: Session, diagnostic: Pick<Diagnostic, 'id' | 'etat'>): Promise<void> {
  if (diagnostic.etat === 'relu') await marquerEnCours(session, diagnostic)
}

/** Visit at home, reference person, services of the parts: what the lead decides. */
export async function reglerDiagnostic(
  session: Session,
  diagnostic: Diagnostic,
  demande: {
    vue: number
    visite: EtatVisite | null
    visiteMotif: MotifVisite | null
    visiteLe: Temporal.PlainDate | null
    referent: string | null
    juridique: string
  },
): Promise<void> {
  const { dept } = session
  exigerPilote(session, diagnostic)
  exigerOuvert(diagnostic)
  exigerVersion(diagnostic, demande.vue)
  if (demande.visite === 'faite' && !demande.visiteLe)
    throw refus('visite.le', 'Donner la date de la visite, puisqu’elle est faite.')
  if (demande.visiteLe && demande.visite === 'faite' && Temporal.PlainDate.compare(demande.visiteLe, session.jour) > 0)
    throw refus('visite.le', 'Une visite faite ne peut pas être à venir.')
  if (demande.referent !== null && !(await listerReferents(session)).some(({ id }) => id === demande.referent))
    throw refus('referent.inconnu', 'Le référent est une personne de votre service.')
  const services = await listerServicesDuDiagnostic(session, diagnostic.dossier)
  const [juridique] = (await listerVolets(session, diagnostic.id)).filter(({ volet }) => volet === 'juridique')
  if (juridique && juridique.organisme !== demande.juridique) {
    if (juridique.formulaire !== null)
      throw refus('volet.commence', 'Le volet juridique est commencé : il reste au service qui l’a ouvert.')
    if (!services.some(({ id }) => id === demande.juridique))
      throw refus('volet.organisme', 'Choisir un service qui suit ce dossier, ou inviter l’ADIL d’abord.')
    await session.sql`update diagnostic_volet set organisme = ${demande.juridique}
      where dept = ${dept} and diagnostic = ${diagnostic.id} and volet = 'juridique' and formulaire is null`
  }
  await marquerARelire(session, diagnostic)
  await session.sql`update diagnostic set visite = ${demande.visite}, visite_motif = ${demande.visite === null ? null : demande.visiteMotif},
      visite_le = ${demande.visite === null ? null : demande.visiteLe}, referent = ${demande.referent}, version = version + 1
    where dept = ${dept} and id = ${diagnostic.id}`
  noterModification(session, diagnostic, 'reglages')
}

/** People of the actor's own service who may be named as reference of the household. */
export function listerReferents(session: Session): Promise<{ id: string; nom: string }[]> {
  const { dept, jour, acteur } = session
  return session.sql<{ id: string; nom: string }>`
    select distinct c.id, c.prenom || ' ' || c.nom as nom from compte c join habilitation h on h.dept = ${dept} and h.compte = c.id
    where c.dept = ${dept} and h.organisme = ${acteur.organisme} and h.role = 'service_social' and h.du <= ${jour} and coalesce(h.jusqu_au >= ${jour}, true)
    order by 2`
}

/** The lead re-read everything: it can be validated. */
export async function relireDiagnostic(session: Session, diagnostic: Diagnostic, vue: number): Promise<void> {
  const { compte } = exigerOrganisme(session)
  exigerPilote(session, diagnostic)
  exigerVersion(diagnostic, vue)
  if (diagnostic.etat !== 'en_cours')
    throw refus('diagnostic.relire', 'Il n’y a rien à relire : ni volet commencé, ni entretien tenu.')
  await session.sql`update diagnostic set etat = 'relu', relu_a = ${session.maintenant}, relu_par = ${compte}, version = version + 1
    where dept = ${session.dept} and id = ${diagnostic.id}`
  noterModification(session, diagnostic, 'relecture')
}

/** It could not be done: coded reason, told to the secretariat at once, and the task of the service ends (DSF-25). */
export async function declarerImpossible(
  session: Session,
  diagnostic: Diagnostic,
  demande: { vue: number; motif: MotifNonRealise },
): Promise<void> {
  exigerPilote(session, diagnostic)
  exigerOuvert(diagnostic)
  exigerVersion(diagnostic, demande.vue)
  if (!(demande.motif in motifsNonRealise))
    throw refus('diagnostic.motif', 'Choisir pourquoi le diagnostic n’a pas pu se faire.')
  if (await tacheOuverte(session, diagnostic))
    await cloreDiagnostic(session, { dossier: diagnostic.dossier, issue: 'non_realise', motif: demande.motif })
  await session.sql`update diagnostic set etat = 'impossible', motif_impossible = ${demande.motif}, version = version + 1
    where dept = ${session.dept} and id = ${diagnostic.id}`
  await consignerFaits(session, [
    { dossier: diagnostic.dossier, type: 'diagnostic.impossible', donnees: { raison: demande.motif } },
  ])
  noterModification(session, diagnostic, 'impossible')
}

/** Whether the dispatch still waits for this service's diagnosis: closing it is then part of sending it. */
export async function tacheOuverte(session: Session, { dossier, organisme }: Diagnostic): Promise<boolean> {
  const [vivante] = await session.sql<{ id: string }>`select id from affectation
    where dept = ${session.dept} and dossier = ${dossier} and terminee_a is null and etat = 'prise' and diagnostic_fait_le is null and organisme = ${organisme}`
  return vivante !== undefined
}

/** First day an interview was proposed, by diagnosis: in the diagnosis itself, or noted as a contact. */
async function entretiensProposes(
  session: Session,
  diagnostics: readonly Pick<Diagnostic, 'id' | 'dossier' | 'saisi_le'>[],
): Promise<ReadonlyMap<string, Temporal.PlainDate>> {
  const ici = await session.sql<{ id: string; le: Temporal.PlainDate }>`
    select diagnostic as id, min(propose_le) as le from diagnostic_entretien
    where dept = ${session.dept} and diagnostic = any (${diagnostics.map(({ id }) => id)}::uuid[]) group by 1`
  const proposes = new Map(ici.map(({ id, le }) => [id, le]))
  const notes = await trouverEntretiensProposes(
    session,
    diagnostics.map(({ dossier, saisi_le }) => ({ dossier, du: saisi_le })),
  )
  return new Map(
    diagnostics.flatMap(({ id, dossier }) => {
      const [premier] = [proposes.get(id), notes.get(dossier)]
        .filter((le) => le !== undefined)
        .toSorted(Temporal.PlainDate.compare)
      return premier ? [[id, premier] as const] : []
    }),
  )
}

function echeancesDe(
  session: Session,
  diagnostic: Pick<Diagnostic, 'id' | 'etape' | 'etat' | 'saisi_le' | 'remis_le'>,
  audience: Temporal.PlainDate | null,
  proposes: ReadonlyMap<string, Temporal.PlainDate>,
): Echeance[] {
  if (diagnostic.etape !== 'assignation' || diagnostic.etat === 'impossible') return []
  return echeancesDuDiagnostic(session, {
    saisiLe: diagnostic.saisi_le,
    entretienLe: proposes.get(diagnostic.id) ?? null,
    remisLe: diagnostic.remis_le,
    audienceLe: audience,
  })
}

/** The legal dates of a diagnosis. Before the summons the two months of the charter run in the dispatch, and are shown with the dossier. */
export async function lireEcheances(
  session: Session,
  diagnostic: Diagnostic,
  audience: Temporal.PlainDate | null,
): Promise<Echeance[]> {
  return echeancesDe(session, diagnostic, audience, await entretiensProposes(session, [diagnostic]))
}

/** A diagnosis under way, in the list of work. */
export interface LigneDiagnostic {
  readonly id: string
  readonly dossier: string
  readonly reference: string
  readonly titulaire: string
  readonly commune: string
  readonly etat: Diagnostic['etat']
  readonly forme: Diagnostic['forme']
  readonly organisme_nom: string
  readonly audience_le: Temporal.PlainDate | null
  readonly echeance: Echeance | null
}

async function chercherEnCours(session: Session, territoires: readonly string[] | null): Promise<LigneDiagnostic[]> {
  const { dept, jour } = session
  const lus = await session.sql<
    Omit<LigneDiagnostic, 'echeance'> & Pick<Diagnostic, 'etape' | 'saisi_le' | 'remis_le'>
  >`
    select g.id, g.dossier, g.etape, g.etat, g.forme, g.saisi_le, g.remis_le, o.nom as organisme_nom, d.reference, d.titulaire, d.commune, d.audience_le
    from diagnostic g join dossier d on d.dept = ${dept} and d.id = g.dossier join organisme o on o.dept = ${dept} and o.id = g.organisme
    where g.dept = ${dept} and d.clos_le is null and ${dansLePerimetre(session)}
      and (g.etat in ('demande', 'en_cours', 'relu', 'valide') or (g.etat = 'transmis' and g.etape = 'assignation' and g.remis_le is null and d.audience_le >= ${jour}))
      and (${territoires}::text[] is null or d.territoire = any (${territoires}::text[]))
    order by g.saisi_le, g.id`
  const proposes = await entretiensProposes(
    session,
    lus.filter(({ etape }) => etape === 'assignation'),
  )
  const lignes = lus.map(({ etape, saisi_le, remis_le, ...ligne }): LigneDiagnostic => {
    const { id, etat } = ligne
    const attendues = echeancesDe(session, { id, etape, etat, saisi_le, remis_le }, ligne.audience_le, proposes)
    const [echeance = null] = attendues
      .filter(({ tenueLe }) => tenueLe === undefined)
      .toSorted((a, b) => (a.le < b.le ? -1 : 1))
    return { ...ligne, echeance }
  })
  const rang = ({ echeance }: LigneDiagnostic): string => echeance?.le ?? '9999'
  return lignes.toSorted((a, b) => (rang(a) === rang(b) ? 0 : rang(a) < rang(b) ? -1 : 1))
}

/**
 * Diagnoses that wait for something, the most pressing first, a page at a time: under way, or validated and not yet with the judge before a hearing to come. Beyond the
 * last page, the last one.
 */
export async function listerDiagnosticsEnCours(
  session: Session,
  demandee = 1,
  territoires: readonly string[] | null = null,
): Promise<PageTravail<LigneDiagnostic>> {
  const page = decouper(await chercherEnCours(session, territoires), demandee)
  session.consigner({
    action: 'diagnostics.lister',
    dossiers: page.lignes.map(({ dossier }) => dossier),
    details: { quoi: 'diagnostics' },
  })
  return page
}

/** Diagnoses whose next legal date is past, or within fifteen days. Shows no household, hence journals none. */
export async function compterDiagnosticsPressants(
  session: Session,
  territoires: readonly string[] | null = null,
): Promise<number> {
  const bientot = session.jour.add({ days: 15 }).toString()
  return (await chercherEnCours(session, territoires)).filter(
    ({ echeance }) => echeance !== null && echeance.le <= bientot,
  ).length
}
