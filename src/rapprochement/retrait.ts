import type { Session } from '#acces'
import { consignerFaits } from '#dossiers'
import { annulerVersions, compterSuivants, lireLot, listerSignalementsDuLot } from '#signalements'
import { refus } from '#socle/errors'
import { enqueue } from '#socle/queue'
import { libererLesLignes, quitterLesDoutes, unALaFois } from './attente.ts'
import { oublierFiches } from './candidats.ts'
import { deriverDossiers } from './deriver.ts'
import { repartirApres } from './suites.ts'

const raison = (nombre: number | undefined, un: string, plusieurs: string): string =>
  !nombre ? '' : nombre === 1 ? un : `${nombre} ${plusieurs}`

/**
 * Takes back a whole import: what it created disappears from the dossiers, what it updated returns to its previous version. Refused, with the reasons, as soon as
 * somebody has built on it: a person's decision, a list already sent, a more recent import of the same signalement.
 */
export async function retirerLot(session: Session, id: string): Promise<{ signalements: number }> {
  const { sql, dept } = session
  await unALaFois(session)
  const lot = await lireLot(session, id, true)
  if (lot.etat === 'retire') return { signalements: 0 }
  if (!['traite', 'refuse', 'a_correspondre'].includes(lot.etat)) {
    throw refus('lot.en-cours', 'Ce fichier est encore en cours de traitement. Attendre la fin, puis le retirer.')
  }
  const siens = await listerSignalementsDuLot(session, id)
  const suivants = await compterSuivants(session, id)
  const [appuis] = await sql<{ decisions: number; tableaux: number }>`
    select
      (select count(*)::int from rattachement where dept = ${dept} and signalement = any (${siens}::uuid[]) and par is not null
        and defait_a is null and a >= ${lot.depose_a}) as decisions,
      (select count(distinct f.dossier)::int from fait f where f.dept = ${dept} and f.type in ('tableau.transmis', 'contact.abouti', 'contact.tente', 'contact.retabli', 'dossier.reaffecte')
        and f.a >= ${lot.depose_a} and not exists (select 1 from fait r where r.dept = ${dept} and r.dossier = f.dossier and r.rang > f.rang
          and r.type = 'contact.retire' and r.donnees->>'contact' = f.donnees->>'contact')
        and f.dossier in (
          select dossier from rattachement where dept = ${dept} and signalement = any (${siens}::uuid[]) and defait_a is null)) as tableaux`
  const raisons = [
    raison(
      suivants,
      'un signalement a été mis à jour par un fichier plus récent',
      'signalements ont été mis à jour par un fichier plus récent',
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
  ].filter((texte) => texte !== '')
  if (raisons.length > 0) {
    throw refus(
      'lot.appui',
      `Ce fichier ne peut plus être retiré : ${raisons.join(' ; ')}. Corriger plutôt les lignes concernées, puis déposer le fichier corrigé.`,
    )
  }
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
