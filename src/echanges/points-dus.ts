import { aLeDroit, type Session } from '#acces'
import { dansLePerimetre } from '#dossiers'
import {
  EVENEMENTS_MAX,
  type Evenement,
  type EvenementPropose,
  lireReglagesLocaux,
  listerDestinataires,
  noter,
  periodeCalendrier,
} from '#notifications'

interface Due {
  readonly id: string
  readonly dossier: string
  readonly organisme: string
  readonly territoire: string | null
  readonly prochain_le: Temporal.PlainDate
  /** Who noted the last point, else who began the follow-up. */
  readonly tenant: string
}

/**
 * Each morning: tells of the points of follow-up that come within the days the département set, once each, to who holds the measure, or to their organisme when they left
 * it (DOS-35). The day after, one line tells the secretariat of the territory that some are late, whatever their number. Without the setting, nothing.
 */
export async function annoncerPoints(session: Session): Promise<number> {
  const { sql, dept, jour } = session
  const { annonce } = lireReglagesLocaux(session)
  if (annonce === null) return 0
  const hier = jour.subtract({ days: 1 })
  const dus = await sql<Due>`
    select m.id, m.dossier, m.organisme, d.territoire, m.prochain_le,
      coalesce((select p.par from point_suivi p where p.dept = ${dept} and p.mesure = m.id and p.organisme = m.organisme order by p.le desc, p.a desc limit 1), m.par) as tenant
    from mesure_suivie m join dossier d on d.dept = ${dept} and d.id = m.dossier and d.clos_le is null
    where m.dept = ${dept} and m.terminee_le is null and m.prochain_le between ${hier} and ${jour.add({ days: annonce })}`
  if (dus.length === 0) return 0
  const secretariats = await sql<{ id: string }>`
    select id from organisme where dept = ${dept} and type = 'secretariat' and actif`
  const presents = await listerDestinataires(
    session,
    [...dus.map(({ organisme }) => organisme), ...secretariats.map(({ id }) => id)],
    'mesure.tenir',
  )
  const suiviPar = Map.groupBy(presents, ({ organisme }) => organisme)
  const evenements = dus
    .filter(({ prochain_le }) => Temporal.PlainDate.compare(prochain_le, hier) > 0)
    .map(({ id, dossier, organisme, prochain_le, tenant }): Evenement => {
      const service = suiviPar.get(organisme) ?? []
      const sien = service.filter(({ compte }) => compte === tenant)
      return {
        genre: 'point_suivi',
        destinataires: sien.length > 0 ? sien : service,
        dossier,
        objet: `${id}:${prochain_le}`,
        avant: prochain_le,
      }
    })
  const enRetard = dus.filter(({ prochain_le }) => prochain_le.equals(hier))
  const avertis = secretariats
    .flatMap(({ id }) => suiviPar.get(id) ?? [])
    .filter(({ territoires }) =>
      enRetard.some(
        ({ territoire }) => territoires === null || (territoire !== null && territoires.includes(territoire)),
      ),
    )
  return noter(
    session,
    [...evenements, { genre: 'point_suivi', destinataires: avertis, dossier: null, objet: `retard:${hier}` }],
    { uneFois: true },
  )
}

/** Source of calendars: the next point of each measure the person holds, and of those their organisme follows that nobody there holds any more. */
export async function pointsAVenir(session: Session): Promise<EvenementPropose[]> {
  const { sql, dept, jour, acteur } = session
  if (!aLeDroit(acteur, 'mesure.tenir') || !acteur.compte || !acteur.organisme) return []
  const { du, au } = periodeCalendrier(session)
  const siens = await listerDestinataires(session, [acteur.organisme], 'mesure.tenir')
  const points = await sql<Due & { readonly reference: string }>`
    select x.* from (
      select m.id, m.dossier, m.organisme, d.territoire, d.reference, m.prochain_le,
        coalesce((select p.par from point_suivi p where p.dept = ${dept} and p.mesure = m.id and p.organisme = m.organisme order by p.le desc, p.a desc limit 1), m.par) as tenant
      from mesure_suivie m join dossier d on d.dept = ${dept} and d.id = m.dossier
      where m.dept = ${dept} and m.organisme = ${acteur.organisme}::uuid and m.terminee_le is null and m.prochain_le between ${du} and ${au}
        and d.clos_le is null and ${dansLePerimetre(session)}) x
    where x.tenant = ${acteur.compte}::uuid or not (x.tenant = any (${siens.map(({ compte }) => compte)}::uuid[]))
    order by x.prochain_le < ${jour}, abs(x.prochain_le - ${jour}::date), x.id limit ${EVENEMENTS_MAX}`
  return points.map(({ id, dossier, reference, prochain_le }) => ({
    uid: `point-${id}`,
    titre: `Point de suivi, dossier ${reference}`,
    debut: prochain_le,
    chemin: `/dossiers/${reference}/mesures`,
    dossier,
  }))
}
