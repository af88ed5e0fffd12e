import type { Session } from '#acces'
import {
  CHAMPS_VEILLE,
  conditionsRemplies,
  dansLePerimetre,
  type Echeance,
  lireSousMasque,
  voitToujours,
} from '#dossiers'
import type { GroupeChamps } from '#referentiel'
import { type Fragment, sql as fragment } from '#socle/db'

/** One household somebody must not forget. */
export interface LigneVeille {
  readonly id: string
  readonly reference: string
  readonly titulaire: string
  readonly commune: string
  readonly territoire: string | null
  readonly stade: string
  readonly stade_rang: number
  readonly dette: number | null
  readonly etat_service: string
  readonly organisme_nom: string | null
  readonly echeance_le: Temporal.PlainDate | null
  readonly echeance_libelle: string | null
  /** The same date with where it comes from. */
  readonly echeance: Echeance | null
  readonly sources_6_mois: number
  readonly en_serie: boolean
  readonly dette_en_hausse: boolean
  readonly depuis: Temporal.PlainDate | null
}

/** One territory, several, or the whole perimeter when absent. */
type Lieux = string | readonly string[] | undefined
const enListe = (lieux: Lieux): readonly string[] | null =>
  lieux === undefined ? null : typeof lieux === 'string' ? [lieux] : lieux

export const files = [
  'sans_preneur',
  'retard',
  'aujourdhui',
  '7_jours',
  '15_jours',
  'inconnus',
  'sans_contact',
  'en_serie',
  'clos_signales',
] as const
export type FileVeille = (typeof files)[number]

/** What a queue tells of its households by holding them: hidden, the queue is empty and counts nothing. */
const GROUPE_DE_FILE = {
  sans_preneur: 'service',
  retard: 'procedure',
  aujourdhui: 'procedure',
  '7_jours': 'procedure',
  '15_jours': 'procedure',
  inconnus: 'service',
  sans_contact: 'contacts',
  en_serie: 'signaux',
  clos_signales: 'signaux',
} as const satisfies Record<FileVeille, GroupeChamps>

/**
 * Households that reached the commandement de quitter les lieux or the réquisition although nobody could ever meet them (RAP-08): no contact that succeeded, no
 * diagnosis transmitted, which would say the same.
 */
function jamaisRencontre(dept: string): Fragment {
  return fragment`(d.stade in ('commandement_de_quitter_les_lieux', 'requisition_force_publique')
    and not exists (select 1 from tentative_contact t where t.dept = ${dept} and t.dossier = d.id and t.aboutie and t.retiree_a is null)
    and not exists (select 1 from affectation f where f.dept = ${dept} and f.dossier = d.id and f.issue = 'diagnostic_transmis'))`
}

/** Counts of what is watched, for the actor's perimeter and territory. */
export type ComptesVeille = Readonly<Record<FileVeille, number>>

/**
 * Nobody forgotten: households taken by nobody, tasks late or due within 0, 7 and 15 days, households in judicial procedure that no social service knows
 * (the indicator of action 3-4, RAP-07), serial signals, closed dossiers that received a new one.
 */
export async function compterVeille(session: Session, territoire?: Lieux): Promise<ComptesVeille> {
  const { jour, dept } = session
  const lieux = enListe(territoire)
  const [ligne] = await session.sql<Record<string, number>>`
    select
      count(*) filter (where etat_service = 'sans_preneur')::int as sans_preneur,
      count(*) filter (where echeance_tri < ${jour})::int as retard,
      count(*) filter (where echeance_tri = ${jour})::int as aujourdhui,
      count(*) filter (where echeance_tri > ${jour} and echeance_tri <= ${jour.add({ days: 7 })})::int as sept,
      count(*) filter (where echeance_tri > ${jour.add({ days: 7 })} and echeance_tri <= ${jour.add({ days: 15 })})::int as quinze,
      count(*) filter (where phase = 'judiciaire' and stade <> 'expulsion' and not connu_service)::int as inconnus,
      count(*) filter (where ${jamaisRencontre(dept)})::int as sans_contact,
      count(*) filter (where en_serie and stade <> 'expulsion' and etat_service <> 'prise')::int as en_serie
    from dossier d where dept = ${dept} and clos_le is null and (${lieux}::text[] is null or territoire = any (${lieux}::text[])) and ${dansLePerimetre(session)}`
  const [clos] = await session.sql<{ n: number }>`select count(*)::int as n
    from dossier d where dept = ${dept} and signal_depuis_cloture is not null and (${lieux}::text[] is null or territoire = any (${lieux}::text[]))
      and ${dansLePerimetre(session)}`
  const comptes = {
    sans_preneur: ligne?.sans_preneur ?? 0,
    retard: ligne?.retard ?? 0,
    aujourdhui: ligne?.aujourdhui ?? 0,
    '7_jours': ligne?.sept ?? 0,
    '15_jours': ligne?.quinze ?? 0,
    inconnus: ligne?.inconnus ?? 0,
    sans_contact: ligne?.sans_contact ?? 0,
    en_serie: ligne?.en_serie ?? 0,
    clos_signales: clos?.n ?? 0,
  }
  return Object.fromEntries(
    files.map((file) => [file, voitToujours(session, GROUPE_DE_FILE[file]) ? comptes[file] : 0]),
  ) as Record<FileVeille, number>
}

/** The most pressing households of one queue: serial signals first, then the furthest stage, then the oldest signal. */
export async function listerVeille(
  session: Session,
  file: FileVeille,
  territoire?: Lieux,
  limite = 20,
): Promise<LigneVeille[]> {
  if (!voitToujours(session, GROUPE_DE_FILE[file])) return []
  const { jour, dept } = session
  const lieux = enListe(territoire)
  const bornes = {
    sans_preneur: [null, null],
    retard: [null, jour.subtract({ days: 1 })],
    aujourdhui: [jour, jour],
    '7_jours': [jour.add({ days: 1 }), jour.add({ days: 7 })],
    '15_jours': [jour.add({ days: 8 }), jour.add({ days: 15 })],
    inconnus: [null, null],
    sans_contact: [null, null],
    en_serie: [null, null],
    clos_signales: [null, null],
  } satisfies Record<FileVeille, [Temporal.PlainDate | null, Temporal.PlainDate | null]>
  const [du, au] = bornes[file]
  const parDate = du !== null || au !== null
  const lues = await session.sql<LigneVeille & { readonly remplies: readonly string[] }>`
    select d.id, d.reference, d.titulaire, d.commune, d.territoire, d.stade, d.stade_rang, d.dette, d.etat_service, o.nom as organisme_nom, d.echeance_le,
      d.echeance_libelle, d.echeance, d.sources_6_mois, d.en_serie, d.dette_en_hausse, coalesce(d.service_depuis, d.premier_signal_le) as depuis,
      ${conditionsRemplies(session, CHAMPS_VEILLE)} as remplies
    from dossier d left join organisme o on o.dept = ${dept} and o.id = d.organisme
    where d.dept = ${dept} and ${file === 'clos_signales' ? fragment`d.signal_depuis_cloture is not null` : fragment`d.clos_le is null`} and ${dansLePerimetre(session)} and (${lieux}::text[] is null or d.territoire = any (${lieux}::text[]))
      and (${file !== 'sans_preneur'} or d.etat_service = 'sans_preneur')
      and (${file !== 'inconnus'} or (d.phase = 'judiciaire' and d.stade <> 'expulsion' and not d.connu_service))
      and (${file !== 'sans_contact'} or ${jamaisRencontre(dept)})
      and (${file !== 'en_serie'} or (d.en_serie and d.stade <> 'expulsion' and d.etat_service <> 'prise'))
      and (${!parDate} or (d.echeance_tri >= coalesce(${du}::date, '0001-01-01') and d.echeance_tri <= ${au}::date))
    order by case when ${parDate} then d.echeance_tri end, d.en_serie desc, d.stade_rang desc, d.premier_signal_le, d.id
    limit ${limite}`
  const lignes = lues.map(({ remplies, ...ligne }) => lireSousMasque(session, ligne, CHAMPS_VEILLE, remplies))
  session.consigner({ action: 'veille.lister', dossiers: lignes.map(({ id }) => id), details: { files: [file] } })
  return lignes
}
