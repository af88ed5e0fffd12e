import { randomUUID } from 'node:crypto'
import type { Session } from '#acces'
import { consignerFaits, type Dossier, litLesEcritsDe } from '#dossiers'
import { type Fragment, sql as fragment } from '#socle/db'
import { refus } from '#socle/errors'
import { type ObjetAccord, objetsAccord } from './catalogue.ts'

export const sensAccord = {
  information: 'Information donnée',
  accord: 'Accord',
  refus: 'Refus',
  retrait: 'Accord retiré',
} as const
export type SensAccord = keyof typeof sensAccord

export const moyensAccord = {
  oral: 'De vive voix',
  telephone: 'Au téléphone',
  ecrit: 'Par écrit, signé',
  courrier: 'Par courrier',
  formulaire: 'Formulaire rempli',
} as const
export type MoyenAccord = keyof typeof moyensAccord

/** One line of what a household was told or answered. Never edited: a change of mind is a new line. */
export interface Accord {
  readonly id: string
  readonly objet: string
  readonly sens: SensAccord
  /** The organisme it is for; for all when null. */
  readonly organisme: string | null
  readonly organisme_nom: string | null
  readonly le: Temporal.PlainDate
  readonly jusqu_au: Temporal.PlainDate | null
  readonly moyen: MoyenAccord
  readonly portees: readonly string[]
  readonly precision: string | null
  readonly auteur: string | null
  readonly a: Temporal.Instant
}

/** Everything noted for one household, the newest first. What was written beside it is read by its author's organisme, the one it is for, and those who read every text. */
export async function listerAccords(session: Session, dossier: string): Promise<Accord[]> {
  const { sql, dept, acteur } = session
  const lus = await sql<Accord & { readonly sien: boolean }>`
    select a.id, a.objet, a.sens, a.organisme, o.nom as organisme_nom, a.le, a.jusqu_au, a.moyen, a.portees, a.precision,
      c.prenom || ' ' || c.nom as auteur, a.a,
      exists (select 1 from habilitation h where h.dept = ${dept} and h.compte = a.compte and h.organisme = ${acteur.organisme}::uuid) as sien
    from accord a left join organisme o on o.dept = ${dept} and o.id = a.organisme
    left join compte c on c.dept = ${dept} and c.id = a.compte
    where a.dept = ${dept} and a.dossier = ${dossier} order by a.rang desc`
  return lus.map(({ sien, ...accord }) => ({
    ...accord,
    precision: litLesEcritsDe(session, sien ? acteur.organisme : accord.organisme) ? accord.precision : null,
  }))
}

/** True while an agreed line holds on a day. */
export const vautLe = ({ sens, jusqu_au }: Pick<Accord, 'sens' | 'jusqu_au'>, jour: Temporal.PlainDate): boolean =>
  sens === 'accord' && (jusqu_au === null || Temporal.PlainDate.compare(jusqu_au, jour) >= 0)

/**
 * SQL: whether the household of `dossier` agrees to an objet today, for an organisme when one is named. The newest line decides, among those for all and those for
 * this organisme. To put in a query that already reads the dossiers it may read.
 */
function sqlAccordEnVigueur(
  { dept, jour }: Pick<Session, 'dept' | 'jour'>,
  dossier: Fragment,
  objet: string,
  organisme: string | null,
): Fragment {
  return fragment`coalesce((select a.sens = 'accord' and (a.jusqu_au is null or a.jusqu_au >= ${jour}) from accord a
    where a.dept = ${dept} and a.dossier = ${dossier} and a.objet = ${objet} and (a.organisme is null or a.organisme = ${organisme}::uuid)
    order by a.rang desc limit 1), false)`
}

/** Which of these dossiers have, today, the agreement of their household. A dossier out of reach never has. */
export async function filtrerParAccord(
  session: Session,
  dossiers: readonly string[],
  objet: string,
  organisme: string | null = null,
): Promise<ReadonlySet<string>> {
  const lignes = await session.sql<{ id: string }>`select d.id from dossier d
    where d.dept = ${session.dept} and d.id = any (${dossiers}::uuid[]) and ${sqlAccordEnVigueur(session, fragment`d.id`, objet, organisme)}`
  return new Set(lignes.map(({ id }) => id))
}

/** Whether the household agrees to an objet today. Asked at each access: a withdrawal counts at the next one. */
export async function accordEnVigueur(
  session: Session,
  dossier: string,
  objet: string,
  organisme: string | null = null,
): Promise<boolean> {
  return (await filtrerParAccord(session, [dossier], objet, organisme)).has(dossier)
}

/** What may be noted of an objet, given its newest line. One can only take back what was agreed. */
export function sensPermis(objet: ObjetAccord): readonly SensAccord[] {
  return objet.genre === 'information' ? ['information'] : ['accord', 'refus', 'retrait']
}

/** Notes what a household was told or answered. Refuses before it writes. */
export async function noterAccord(
  session: Session,
  dossier: Pick<Dossier, 'id'>,
  demande: {
    objet: string
    sens: SensAccord
    le: Temporal.PlainDate
    moyen: MoyenAccord
    organisme?: string | null
    portees?: readonly string[]
    precision?: string
  },
): Promise<void> {
  const { sql, dept, jour, acteur } = session
  // An accord opens rights: whoever reads by exception does not write the one their organisme lacks.
  if (acteur.exceptionnels?.includes(dossier.id))
    throw refus('accord.exceptionnel', 'Un accès exceptionnel permet de lire : le service du dossier note les accords.')
  const objet = objetsAccord(session).find(({ code }) => code === demande.objet)
  if (!objet) throw refus('accord.objet', 'Choisir ce qui a été dit au ménage.')
  if (!sensPermis(objet).includes(demande.sens))
    throw refus('accord.sens', 'Une information se donne ; un accord s’accepte, se refuse ou se retire.')
  if (Temporal.PlainDate.compare(demande.le, jour) > 0)
    throw refus('accord.le', 'Cette date est à venir : noter le jour où le ménage a répondu.')
  const portees = (objet.portees ?? []).map(({ code }) => code).filter((code) => demande.portees?.includes(code))
  if (objet.portees && demande.sens === 'accord' && portees.length === 0)
    throw refus('accord.portees', 'Cocher ce que la mesure permet de dire.')
  const organisme = demande.organisme ?? null
  // Two answers at once are kept in order, whichever comes last: the lock keeps `rang` and the reading of « already taken back » together.
  await sql`select pg_advisory_xact_lock(hashtextextended(${`accord:${dept}:${dossier.id}`}, 0))`
  if (demande.sens === 'retrait' && !(await accordEnVigueur(session, dossier.id, objet.code, organisme)))
    throw refus('accord.sens', 'Aucun accord n’est en vigueur : il n’y a rien à retirer. Noter un refus.')
  const [derniere] = await sql<{ le: Temporal.PlainDate }>`select le from accord
    where dept = ${dept} and dossier = ${dossier.id} and objet = ${objet.code} and (organisme is null or ${organisme}::uuid is null or organisme = ${organisme}::uuid)
    order by rang desc limit 1`
  if (derniere && Temporal.PlainDate.compare(demande.le, derniere.le) < 0)
    throw refus('accord.le', 'Une réponse plus récente est déjà notée : celle-ci ne la remplace pas.')
  const jusquAu =
    demande.sens === 'accord' && objet.validite_mois ? demande.le.add({ months: objet.validite_mois }) : null
  await sql`insert into accord (dept, id, dossier, objet, sens, organisme, le, jusqu_au, moyen, portees, precision, a, compte)
    values (${dept}, ${randomUUID()}, ${dossier.id}, ${objet.code}, ${demande.sens}, ${organisme}, ${demande.le}, ${jusquAu}, ${demande.moyen},
      ${demande.sens === 'accord' ? portees : []}::text[], ${demande.precision?.trim().slice(0, 300) || null}, ${session.maintenant}, ${acteur.compte})`
  await consignerFaits(session, [
    { dossier: dossier.id, type: 'accord.note', le: demande.le, donnees: { objet: objet.code, sens: demande.sens } },
  ])
  session.consigner({
    action: 'accord.noter',
    objet: 'dossier',
    objetId: dossier.id,
    dossiers: [dossier.id],
    details: { objet: objet.code, sens: demande.sens },
  })
}
