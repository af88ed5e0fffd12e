import { aLeDroit, type Session } from '#acces'
import { dansLePerimetre } from '#dossiers'
import {
  type Destinataire,
  EVENEMENTS_MAX,
  type Evenement,
  type EvenementPropose,
  lireReglagesLocaux,
  listerDestinataires,
  noter,
  periodeCalendrier,
} from '#notifications'
import { TACHE_DUE } from './file.ts'

interface Tenue extends Destinataire {
  readonly dossier: string
}

/** Who holds tasks of these dossiers today: the person each is given to, and whoever stands in for one away. */
function listerTenants({ sql, dept, jour }: Session, dossiers: readonly string[]): Promise<Tenue[]> {
  return sql<Tenue>`
    select distinct t.dossier, x.compte, t.organisme
    from engagement_tache t
    cross join lateral (
      select t.agent as compte union select b.remplacant from engagement_absence b
        where b.dept = ${dept} and b.compte = t.agent and b.retiree_a is null and b.du <= ${jour} and b.jusqu_au >= ${jour}) x
    where t.dept = ${dept} and t.dossier = any (${dossiers}::uuid[]) and ${TACHE_DUE} and t.agent is not null`
}

/**
 * Each morning: tells of hearings and dates that come within the days the département set, once each. A hearing is told to those who hold a task of the dossier and, unless
 * one of them is of the organisme in charge, to its people on this territory; a date, to those who hold a task: the others find it in their queue. Whoever left is nobody.
 * Without the setting, nothing.
 */
export async function annoncerEcheances(session: Session): Promise<number> {
  const { sql, dept, jour } = session
  const { annonce } = lireReglagesLocaux(session)
  if (annonce === null) return 0
  const au = jour.add({ days: annonce })
  const dossiers = await sql<{
    id: string
    organisme: string | null
    territoire: string | null
    audience_le: Temporal.PlainDate | null
    echeance_le: Temporal.PlainDate | null
    echeance_cle: string | null
  }>`
    select d.id, case when d.etat_service = 'prise' then d.organisme end as organisme, d.territoire,
      case when d.audience_le between ${jour} and ${au} then d.audience_le end as audience_le,
      case when d.echeance_le between ${jour} and ${au} then d.echeance_le end as echeance_le, d.echeance_cle
    from dossier d where d.dept = ${dept} and d.clos_le is null
      and (d.audience_le between ${jour} and ${au} or (d.echeance_tri between ${jour} and ${au}))`
  const taches = await sql<
    Destinataire & { readonly id: string; readonly dossier: string; readonly echeance_le: Temporal.PlainDate }
  >`
    select t.id, t.dossier, x.compte, t.organisme, t.echeance_le
    from engagement_tache t join dossier d on d.dept = ${dept} and d.id = t.dossier and d.clos_le is null
    cross join lateral (
      select t.agent as compte union select b.remplacant from engagement_absence b
        where b.dept = ${dept} and b.compte = t.agent and b.retiree_a is null and b.du <= ${jour} and b.jusqu_au >= ${jour}) x
    where t.dept = ${dept} and ${TACHE_DUE} and t.agent is not null and t.echeance_le between ${jour} and ${au}`
  const tenus = await listerTenants(
    session,
    dossiers.map(({ id }) => id),
  )
  const presents = await listerDestinataires(
    session,
    [
      ...[...tenus, ...taches].map(({ organisme }) => organisme),
      ...dossiers.flatMap(({ organisme }) => organisme ?? []),
    ],
    'dossier.consulter',
  )
  const cle = ({ compte, organisme }: Destinataire) => `${compte} ${organisme}`
  const la = new Set(presents.map(cle))
  const tenants = Map.groupBy(
    tenus.filter((tenue) => la.has(cle(tenue))),
    ({ dossier }) => dossier,
  )
  const services = Map.groupBy(presents, ({ organisme }) => organisme)
  const evenements = dossiers.flatMap(
    ({ id, organisme, territoire, audience_le, echeance_le, echeance_cle }): Evenement[] => {
      const siens = tenants.get(id) ?? []
      const service = (services.get(organisme ?? '') ?? []).filter(
        ({ territoires }) => territoires === null || (territoire !== null && territoires.includes(territoire)),
      )
      return [
        ...(audience_le
          ? [
              {
                genre: 'audience' as const,
                destinataires: siens.some((tenue) => tenue.organisme === organisme) ? siens : [...siens, ...service],
                dossier: id,
                objet: audience_le.toString(),
                avant: audience_le,
              },
            ]
          : []),
        ...(echeance_le && siens.length > 0
          ? [
              {
                genre: 'echeance' as const,
                destinataires: siens,
                dossier: id,
                objet: `${echeance_cle}:${echeance_le}`,
                avant: echeance_le,
              },
            ]
          : []),
      ]
    },
  )
  const desTaches = taches
    .filter((tache) => la.has(cle(tache)))
    .map(
      ({ id, dossier, compte, organisme, echeance_le }): Evenement => ({
        genre: 'echeance',
        destinataires: [{ compte, organisme }],
        dossier,
        objet: `tache:${id}:${echeance_le}`,
        avant: echeance_le,
      }),
    )
  return noter(session, [...evenements, ...desTaches], { uneFois: true })
}

/**
 * Each morning: tells the organismes to which the charter gave tasks the day before, that nobody holds yet. One line for an organisme and a day, whatever their number: the
 * tasks themselves are in its queue.
 */
export async function annoncerTaches(session: Session): Promise<number> {
  const { sql, dept, jour } = session
  const hier = jour.subtract({ days: 1 })
  const servis = await sql<{ organisme: string }>`
    select distinct t.organisme from engagement_tache t join dossier d on d.dept = ${dept} and d.id = t.dossier and d.clos_le is null
    where t.dept = ${dept} and ${TACHE_DUE} and t.mode = 'tache' and t.agent is null and t.cree_le = ${hier}`
  const presents = await listerDestinataires(
    session,
    servis.map(({ organisme }) => organisme),
    'engagement.tenir',
  )
  return noter(session, [{ genre: 'taches', destinataires: presents, dossier: null, objet: hier.toString() }], {
    uneFois: true,
  })
}

/** Source of calendars: tasks with a date that the person holds, their own and those of whom they stand in for. */
export async function echeancesDesTaches(session: Session): Promise<EvenementPropose[]> {
  const { sql, dept, jour, acteur } = session
  if (!aLeDroit(acteur, 'engagement.consulter') || !acteur.compte) return []
  const { du, au } = periodeCalendrier(session)
  const taches = await sql<{ id: string; dossier: string; reference: string; echeance_le: Temporal.PlainDate }>`
    select t.id, t.dossier, d.reference, t.echeance_le
    from engagement_tache t join dossier d on d.dept = ${dept} and d.id = t.dossier
    where t.dept = ${dept} and ${TACHE_DUE} and d.clos_le is null and ${dansLePerimetre(session)}
      and t.organisme = ${acteur.organisme}::uuid and t.echeance_le between ${du} and ${au}
      and t.agent in (select ${acteur.compte}::uuid union select b.compte from engagement_absence b where b.dept = ${dept}
        and b.remplacant = ${acteur.compte}::uuid and b.retiree_a is null and b.du <= ${jour} and b.jusqu_au >= ${jour})
    order by t.echeance_le < ${jour}, abs(t.echeance_le - ${jour}::date), t.id limit ${EVENEMENTS_MAX}`
  return taches.map(({ id, dossier, reference, echeance_le }) => ({
    uid: `tache-${id}`,
    titre: `Tâche, dossier ${reference}`,
    debut: echeance_le,
    chemin: `/dossiers/${reference}/engagements`,
    dossier,
  }))
}
