import type { Session } from '#acces'
import {
  CHAMPS_VEILLE,
  conditionsRemplies,
  dansLePerimetre,
  dossiersDeLOrganisme,
  type Echeance,
  lireSousMasque,
  voitToujours,
} from '#dossiers'
import { decrireEtape } from '#procedure'
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
/** Nothing is asked when there is nothing to ask: a plan that holds for any parameter is kept, where one made for « no territory » would be made again each time. */
const dans = (lieux: Lieux): Fragment =>
  lieux === undefined
    ? fragment`true`
    : fragment`(${fragment.join(
        [fragment`false`, ...[lieux].flat().map((lieu) => fragment`territoire = ${lieu}`)],
        fragment` or `,
      )})`

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
  // The rank says the same as the step: it is what the index is made of.
  return fragment`(d.stade_rang = any (${STADES_TARDIFS.map((stade) => decrireEtape(stade).rang)}::smallint[]) and d.stade = any (${STADES_TARDIFS}::text[])
    and not exists (select 1 from tentative_contact t where t.dept = ${dept} and t.dossier = d.id and t.aboutie and t.retiree_a is null)
    and not exists (select 1 from dossier r join tentative_contact t on t.dept = ${dept} and t.dossier = r.id and t.aboutie and t.retiree_a is null
      where r.dept = ${dept} and r.reuni_dans = d.id)
    and not exists (select 1 from affectation f where f.dept = ${dept} and f.dossier = d.id and f.issue = 'diagnostic_transmis'))`
}

const STADES_TARDIFS = ['commandement_de_quitter_les_lieux', 'requisition_force_publique'] as const

/** Serial signals that nobody has taken. */
const EN_SERIE = fragment`en_serie and stade <> 'expulsion' and etat_service <> 'prise'`
/** In judicial procedure, known to no social service. */
const INCONNUS = fragment`phase = 'judiciaire' and stade <> 'expulsion' and not connu_service`

/** What is counted of open dossiers, whatever they are read from. */
const PAR_SITUATION = (n: Fragment): Fragment => fragment`
  coalesce(${n} filter (where etat_service = 'sans_preneur'), 0)::int as sans_preneur,
  coalesce(${n} filter (where ${INCONNUS}), 0)::int as inconnus,
  coalesce(${n} filter (where ${EN_SERIE}), 0)::int as en_serie`
const parEcheance = (n: Fragment, le: Fragment, jour: Temporal.PlainDate): Fragment => fragment`
  coalesce(${n} filter (where ${le} < ${jour}), 0)::int as retard,
  coalesce(${n} filter (where ${le} = ${jour}), 0)::int as aujourdhui,
  coalesce(${n} filter (where ${le} > ${jour} and ${le} <= ${jour.add({ days: 7 })}), 0)::int as sept,
  coalesce(${n} filter (where ${le} > ${jour.add({ days: 7 })} and ${le} <= ${jour.add({ days: 15 })}), 0)::int as quinze`

/** Ids a session that reads few dossiers is narrowed to. */
async function perimetre(session: Session): Promise<Fragment> {
  const ids = await dossiersDeLOrganisme(session)
  return ids ? fragment`${dansLePerimetre(session)} and d.id = any (${ids}::uuid[])` : dansLePerimetre(session)
}

/** Counts of what is watched, for the actor's perimeter and territory. */
export type ComptesVeille = Readonly<Record<FileVeille, number>>

/**
 * Nobody forgotten: households taken by nobody, tasks late or due within 0, 7 and 15 days, households in judicial procedure that no social service knows
 * (the indicator of action 3-4, RAP-07), serial signals, closed dossiers that received a new one.
 */
export async function compterVeille(session: Session, territoire?: Lieux): Promise<ComptesVeille> {
  const { jour, dept } = session
  const ici = dans(territoire)
  const limites = await perimetre(session)
  const compte = fragment`count(*)`
  const somme = fragment`sum(n)`
  // Whoever reads the département reads the counts kept as dossiers are written; the others count their own dossiers.
  const situations =
    session.acteur.acces.portee === 'departement'
      ? fragment`(select ${PAR_SITUATION(somme)} from dossier_compte where dept = ${dept} and ouvert and ${ici}) s,
          (select ${parEcheance(somme, fragment`jour`, jour)} from dossier_compte_jour where dept = ${dept} and genre = 'echeance' and ${ici}) e`
      : fragment`(select ${PAR_SITUATION(compte)}, ${parEcheance(compte, fragment`echeance_tri`, jour)}
          from dossier d where dept = ${dept} and clos_le is null and ${ici} and ${limites}) s`
  const [[ligne], [rencontres], [clos]] = await Promise.all([
    session.sql<Record<string, number>>`select * from ${situations}`,
    session.sql<{
      n: number
    }>`select count(*)::int as n from dossier d where d.dept = ${dept} and d.clos_le is null and ${ici} and ${limites} and ${jamaisRencontre(dept)}`,
    session.sql<{ n: number }>`select count(*)::int as n from dossier d
      where d.dept = ${dept} and d.signal_depuis_cloture is not null and ${ici} and ${limites}`,
  ])
  const comptes = {
    sans_preneur: ligne?.sans_preneur ?? 0,
    retard: ligne?.retard ?? 0,
    aujourdhui: ligne?.aujourdhui ?? 0,
    '7_jours': ligne?.sept ?? 0,
    '15_jours': ligne?.quinze ?? 0,
    inconnus: ligne?.inconnus ?? 0,
    sans_contact: rencontres?.n ?? 0,
    en_serie: ligne?.en_serie ?? 0,
    clos_signales: clos?.n ?? 0,
  }
  return Object.fromEntries(
    files.map((file) => [file, voitToujours(session, GROUPE_DE_FILE[file]) ? comptes[file] : 0]),
  ) as Record<FileVeille, number>
}

/** How many of these households no service is asked for or has in charge. */
export async function compterSansService({ sql, dept }: Session, dossiers: readonly string[]): Promise<number> {
  const [ligne] = await sql<{ n: number }>`
    select count(*)::int as n from dossier where dept = ${dept} and id = any (${dossiers}::uuid[]) and organisme is null`
  return ligne?.n ?? 0
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
  const entre = (du: number, au: number) =>
    fragment`d.echeance_tri >= ${jour.add({ days: du })} and d.echeance_tri <= ${jour.add({ days: au })}`
  const conditions = {
    sans_preneur: fragment`d.etat_service = 'sans_preneur'`,
    retard: fragment`d.echeance_tri < ${jour}`,
    aujourdhui: fragment`d.echeance_tri = ${jour}`,
    '7_jours': entre(1, 7),
    '15_jours': entre(8, 15),
    inconnus: INCONNUS,
    sans_contact: jamaisRencontre(dept),
    en_serie: EN_SERIE,
    clos_signales: fragment`d.signal_depuis_cloture is not null`,
  } satisfies Record<FileVeille, Fragment>
  // In the order of an index where there is one: twenty rows are then read, not all those of the queue.
  const ordre = (['retard', 'aujourdhui', '7_jours', '15_jours'] as const).some((une) => une === file)
    ? fragment`d.echeance_tri, d.en_serie desc, d.stade_rang desc, d.premier_signal_le, d.id`
    : fragment`${file === 'en_serie' ? fragment`` : fragment`d.en_serie desc,`} d.stade_rang desc, d.premier_signal_le, d.id`
  const lues = await session.sql<LigneVeille & { readonly remplies: readonly string[] }>`
    select d.id, d.reference, d.titulaire, d.commune, d.territoire, d.stade, d.stade_rang, d.dette, d.etat_service, o.nom as organisme_nom, d.echeance_le,
      d.echeance_libelle, d.echeance, d.sources_6_mois, d.en_serie, d.dette_en_hausse, coalesce(d.service_depuis, d.premier_signal_le) as depuis,
      ${conditionsRemplies(session, CHAMPS_VEILLE)} as remplies
    from dossier d left join organisme o on o.dept = ${dept} and o.id = d.organisme
    where d.dept = ${dept} and ${file === 'clos_signales' ? fragment`true` : fragment`d.clos_le is null`} and ${dans(territoire)}
      and ${conditions[file]} and ${await perimetre(session)}
    order by ${ordre} limit ${fragment.lit(limite)}`
  const lignes = lues.map(({ remplies, ...ligne }) => lireSousMasque(session, ligne, CHAMPS_VEILLE, remplies))
  session.consigner({ action: 'veille.lister', dossiers: lignes.map(({ id }) => id), details: { files: [file] } })
  return lignes
}
