import type { Session } from '#acces'
import { consignerFaits } from '#dossiers'
import {
  annulerVersions,
  compterRevenus,
  compterSuivants,
  type Lot,
  lireLot,
  listerSignalementsDuLot,
} from '#signalements'
import { refus } from '#socle/errors'
import { enqueue } from '#socle/queue'
import { libererLesLignes, quitterLesDoutes, unALaFois } from './attente.ts'
import { oublierFiches } from './candidats.ts'
import { deriverDossiers } from './deriver.ts'
import { repartirApres } from './suites.ts'

/** Why a lot stays, and what to do instead. */
export const direAppuis = (raisons: readonly string[]): string =>
  `Ce fichier ne peut plus être retiré : ${raisons.join(' ; ')}. Corriger plutôt les lignes concernées, puis déposer le fichier corrigé.`

const raison = (nombre: number | undefined, un: string, plusieurs: string): string =>
  !nombre ? '' : nombre === 1 ? un : `${nombre} ${plusieurs}`

/** Families of faits that a withdrawal takes back by itself, or that are counted on their own. */
const SANS_TRAVAIL = [
  'signalement.%',
  'dossier.ouvert',
  'dossier.situe',
  'dossier.situation_defaite',
  'dossier.%reparti',
  'dossier.service_retrouve',
  'dossier.reaffect%',
  'dossier.rouvert',
  'dossiers.%',
  'contact.%',
  'tableau.%',
] as const

/** What withdrawing a lot would do, and why it may not be. */
export interface RetraitPrevu {
  /** Signalements that leave, and those that return to their previous version. */
  readonly partis: number
  readonly revenus: number
  /** Empty when nobody has built on it. */
  readonly raisons: readonly string[]
}

/** What withdrawing a lot would do today. Reads dossiers of other organismes: the session must see the whole département. */
export async function prevoirRetrait(session: Session, lot: Pick<Lot, 'id' | 'depose_a'>): Promise<RetraitPrevu> {
  const { sql, dept } = session
  const siens = await listerSignalementsDuLot(session, lot.id)
  const revenus = await compterRevenus(session, lot.id)
  const suivants = await compterSuivants(session, lot.id)
  const [appuis] = await sql<{ decisions: number; tableaux: number; saisies: number }>`
    with touche as (
      select dossier from rattachement where dept = ${dept} and signalement = any (${siens}::uuid[]) and defait_a is null
    )
    select
      (select count(*)::int from rattachement where dept = ${dept} and signalement = any (${siens}::uuid[]) and par is not null
        and defait_a is null and a >= ${lot.depose_a}) as decisions,
      (select count(distinct f.dossier)::int from fait f where f.dept = ${dept} and f.type in ('tableau.transmis', 'contact.abouti', 'contact.tente', 'contact.retabli', 'dossier.reaffecte')
        and f.a >= ${lot.depose_a} and not exists (select 1 from fait r where r.dept = ${dept} and r.dossier = f.dossier and r.rang > f.rang
          and r.type = 'contact.retire' and r.donnees->>'contact' = f.donnees->>'contact')
        and f.dossier in (select dossier from touche)) as tableaux,
      (select count(distinct f.dossier)::int from fait f where f.dept = ${dept} and f.compte is not null and f.a >= ${lot.depose_a}
        and f.type not like all (${SANS_TRAVAIL}::text[])
        and not exists (select 1 from fait r where r.dept = ${dept} and r.dossier = f.dossier and r.rang >= f.rang
          and r.type like 'acte%.annule' and r.donnees->>'acte' = f.donnees->>'acte')
        and f.dossier in (select dossier from touche)
        and not exists (select 1 from rattachement r where r.dept = ${dept} and r.dossier = f.dossier and r.defait_a is null
          and r.signalement <> all (${siens}::uuid[]))) as saisies`
  const raisons = [
    raison(
      suivants.versions,
      'un signalement a été mis à jour par un fichier plus récent',
      'signalements ont été mis à jour par un fichier plus récent',
    ),
    raison(
      suivants.identiques,
      'un signalement a été redonné à l’identique par un fichier plus récent, à retirer d’abord',
      'signalements ont été redonnés à l’identique par un fichier plus récent, à retirer d’abord',
    ),
    raison(
      appuis?.decisions,
      'un rattachement a été décidé par une personne',
      'rattachements ont été décidés par une personne',
    ),
    raison(
      appuis?.tableaux,
      'un ménage est déjà parti dans un tableau, ou a été confié ou contacté',
      'ménages sont déjà partis dans un tableau, ou ont été confiés ou contactés',
    ),
    raison(
      appuis?.saisies,
      'dans un dossier que ce fichier a ouvert, une personne a ajouté un acte, une somme ou une autre suite',
      'dossiers que ce fichier a ouverts ont reçu d’une personne un acte, une somme ou une autre suite',
    ),
  ].filter((texte) => texte !== '')
  return { partis: siens.length - revenus, revenus, raisons }
}

/**
 * Takes back a whole import: what it created disappears from the dossiers, what it updated returns to its previous version. Refused, with the reasons, as soon as
 * somebody has built on it: a person's decision, a list already sent, what somebody wrote in a dossier it alone opened, a more recent import of the same signalement.
 */
export async function retirerLot(session: Session, id: string): Promise<{ signalements: number }> {
  const { sql, dept } = session
  await unALaFois(session)
  const lot = await lireLot(session, id, true)
  if (lot.etat === 'retire') return { signalements: 0 }
  if (!['traite', 'refuse', 'a_correspondre'].includes(lot.etat)) {
    throw refus('lot.en-cours', 'Ce fichier est encore en cours de traitement. Attendre la fin, puis le retirer.')
  }
  const { raisons } = await prevoirRetrait(session, lot)
  if (raisons.length > 0) throw refus('lot.appui', direAppuis(raisons))
  const siens = await listerSignalementsDuLot(session, id)
  const touches = await sql<{ dossier: string }>`select distinct dossier from rattachement
    where dept = ${dept} and signalement = any (${siens}::uuid[]) and defait_a is null`
  const { partis, revenus } = await annulerVersions(session, id)
  await sql`update rattachement set defait_a = ${session.maintenant}, defait_par = ${session.acteur.compte}, defait_motif = 'import retiré'
    where dept = ${dept} and signalement = any (${partis}::uuid[]) and defait_a is null`
  // What this import alone had attached is in doubt again, and recognised anew with the content it returns to.
  await sql`update rattachement set defait_a = ${session.maintenant}, defait_par = ${session.acteur.compte}, defait_motif = 'import retiré'
    where dept = ${dept} and signalement = any (${revenus}::uuid[]) and defait_a is null and a >= ${lot.depose_a}`
  const precedents = await sql<{ id: string }>`update lot set etat = 'rapprochement'
    where dept = ${dept} and etat = 'traite' and id in (select lot from signalement where dept = ${dept} and id = any (${revenus}::uuid[])) returning id`
  for (const precedent of precedents)
    await enqueue(session, 'traiter-lot', { dept, lot: precedent.id }, `lot:${precedent.id}`)
  // Lines of other files that waited with a line of this one are recognised anew.
  await quitterLesDoutes(session, partis)
  const fermes = await sql<{ id: string }>`update doute set reponse = 'retire', repondu_a = ${session.maintenant}
    where dept = ${dept} and signalement = any (${partis}::uuid[]) and reponse is null returning id`
  await libererLesLignes(
    session,
    fermes.map((ferme) => ferme.id),
  )
  await oublierFiches(session, partis)
  const dossiers = touches.map((ligne) => ligne.dossier)
  await consignerFaits(
    session,
    dossiers.map((dossier) => ({ dossier, type: 'signalement.retire', donnees: { lot: id } })),
  )
  for (let i = 0; i < dossiers.length; i += 500) await deriverDossiers(session, dossiers.slice(i, i + 500))
  await repartirApres(session, dossiers)
  return { signalements: partis.length }
}
