import { randomUUID } from 'node:crypto'
import type { Session } from '#acces'
import { consignerFaits, type Dossier } from '#dossiers'
import { parametre } from '#referentiel'
import { Conflit, Introuvable, refus } from '#socle/errors'
import { isUuid } from '#socle/text'
import { ouvrirScellements, scellementDuDossier } from './cles.ts'
import { exigerAuteur, exigerTexte } from './lecteurs.ts'
import { ouvrirTexte } from './scellement.ts'

/** Kinds of measures followed after a judgment. */
export const naturesMesure = {
  asll: 'Accompagnement social lié au logement (ASLL)',
  avdl: 'Accompagnement vers et dans le logement (AVDL)',
  gestion: 'Aide à la gestion du budget',
  autre: 'Autre mesure d’accompagnement',
} as const
export type NatureMesure = keyof typeof naturesMesure

/** How a measure goes. */
export const etatsPoint = {
  tenue: 'La mesure se déroule comme prévu',
  fragile: 'La mesure est fragile',
  arretee: 'La mesure est arrêtée de fait',
} as const
export type EtatPoint = keyof typeof etatsPoint

export const loyersPoint = {
  repris: 'Loyer courant entièrement payé',
  partiel: 'Loyer courant payé en partie',
  non: 'Loyer courant non payé',
} as const
export type LoyerPoint = keyof typeof loyersPoint

export const issuesMesure = {
  reussie: 'Menée à son terme',
  interrompue: 'Interrompue',
  relais: 'Reprise par un autre service',
  depart: 'Le ménage a quitté le logement',
} as const
export type IssueMesure = keyof typeof issuesMesure

const TEXTE_MAX = 1500
export const PERIODICITE = { min: 7, max: 366 } as const

/** A point of follow-up, as its readers have it. */
export interface PointSuivi {
  readonly id: string
  readonly le: Temporal.PlainDate
  readonly prevu_le: Temporal.PlainDate
  readonly etat: EtatPoint
  readonly loyer: LoyerPoint | null
  readonly texte: string
  readonly auteur: string
  readonly organisme_nom: string
}

/** A measure followed after the judgment. */
export interface MesureSuivie {
  readonly id: string
  readonly dossier: string
  readonly reference: string
  readonly titulaire: string
  readonly commune: string
  readonly territoire: string | null
  readonly nature: NatureMesure
  readonly organisme: string
  readonly organisme_nom: string
  readonly jugement_le: Temporal.PlainDate
  readonly debut_le: Temporal.PlainDate
  readonly periodicite_jours: number
  readonly prochain_le: Temporal.PlainDate | null
  readonly dernier_le: Temporal.PlainDate | null
  readonly dernier_etat: EtatPoint | null
  readonly points: number
  readonly terminee_le: Temporal.PlainDate | null
  readonly issue: IssueMesure | null
  readonly version: number
}

/** The interval proposed for a new measure: the setting of the département, with why there is none when it gives none. */
export function periodiciteProposee({ referentiel, dept, jour }: Pick<Session, 'referentiel' | 'dept' | 'jour'>) {
  const departement = referentiel.departements.get(dept)
  if (!departement) throw new Error(`département ${dept} absent from the référentiel`)
  return parametre(departement, 'suivi_mesure_periodicite', jour)
}

/** Which measures of a list: those due late, soon, all that run, or those that ended. */
export const filtresMesures = {
  retard: 'Points en retard',
  bientot: 'En retard ou dus sous 15 jours',
  cours: 'Toutes celles en cours',
  terminees: 'Terminées',
} as const
export type FiltreMesures = keyof typeof filtresMesures
export const MESURES_MAX = 500

/** Measures this session follows, the most pressing first. Listing them is journalled. */
export async function listerMesures(
  session: Session,
  filtre: {
    readonly dossier?: string
    readonly etat?: FiltreMesures
    readonly territoires?: readonly string[] | undefined
    readonly action?: string
  } = {},
): Promise<MesureSuivie[]> {
  const { sql, dept, jour } = session
  const etat = filtre.etat ?? null
  const lues = await sql<MesureSuivie>`
    select m.id, m.dossier, d.reference, d.titulaire, d.commune, d.territoire, m.nature, m.organisme, o.nom as organisme_nom, m.jugement_le, m.debut_le,
      m.periodicite_jours, m.prochain_le, p.le as dernier_le, p.etat as dernier_etat, coalesce(p.n, 0)::int as points, m.terminee_le, m.issue, m.version
    from mesure_suivie m join dossier d on d.dept = ${dept} and d.id = m.dossier join organisme o on o.dept = ${dept} and o.id = m.organisme
    left join lateral (select x.le, x.etat, count(*) over () as n from point_suivi x where x.dept = ${dept} and x.mesure = m.id order by x.le desc, x.a desc limit 1) p on true
    where m.dept = ${dept} and (${filtre.dossier ?? null}::uuid is null or m.dossier = ${filtre.dossier ?? null}::uuid)
      and (${filtre.territoires ?? null}::text[] is null or d.territoire = any (${filtre.territoires ?? null}::text[]))
      and case ${etat}::text when 'retard' then m.prochain_le < ${jour} and d.clos_le is null
        when 'bientot' then m.prochain_le <= ${jour.add({ days: 15 })} and d.clos_le is null
        when 'cours' then m.terminee_le is null and d.clos_le is null when 'terminees' then m.terminee_le is not null else true end
    order by m.terminee_le is not null, m.prochain_le, m.terminee_le desc, d.titulaire collate "fr-x-icu", m.id limit ${MESURES_MAX}`
  if (filtre.dossier === undefined || lues.length > 0)
    session.consigner({
      action: filtre.action ?? 'mesures.lister',
      dossiers: [...new Set(lues.map(({ dossier }) => dossier))],
      details: { nombre: lues.length },
    })
  return lues
}

/** How many points are late, and due within a week: what « À faire » shows. */
export async function compterPointsDus(
  { sql, dept, jour }: Session,
  territoires?: readonly string[],
): Promise<{ retard: number; semaine: number }> {
  const [ligne] = await sql<{ retard: number; semaine: number }>`
    select count(*) filter (where m.prochain_le < ${jour})::int as retard, count(*) filter (where m.prochain_le >= ${jour})::int as semaine
    from mesure_suivie m join dossier d on d.dept = ${dept} and d.id = m.dossier
    where m.dept = ${dept} and m.terminee_le is null and m.prochain_le <= ${jour.add({ days: 7 })} and d.clos_le is null
      and (${territoires ?? null}::text[] is null or d.territoire = any (${territoires ?? null}::text[]))`
  return ligne ?? { retard: 0, semaine: 0 }
}

/** One measure of a dossier; another organisme's does not exist. */
export async function lireMesure(session: Session, dossier: string, id: string): Promise<MesureSuivie> {
  const trouvee = isUuid(id) ? (await listerMesures(session, { dossier })).find((une) => une.id === id) : undefined
  if (!trouvee) throw new Introuvable()
  return trouvee
}

/** Its points, the newest first. */
export async function listerPoints(session: Session, { id, dossier }: MesureSuivie): Promise<PointSuivi[]> {
  const { sql, dept } = session
  const lus = await sql<PointSuivi>`
    select p.id, p.le, p.prevu_le, p.etat, p.loyer, p.texte, c.prenom || ' ' || c.nom as auteur, o.nom as organisme_nom
    from point_suivi p join compte c on c.dept = ${dept} and c.id = p.par join organisme o on o.dept = ${dept} and o.id = p.organisme
    where p.dept = ${dept} and p.mesure = ${id} order by p.le desc, p.a desc`
  if (lus.length === 0) return []
  const scellement = (await ouvrirScellements(session, [dossier])).get(dossier)
  return lus.map((point) => ({
    ...point,
    texte: ouvrirTexte(scellement, point.texte, { table: 'point_suivi', colonne: 'texte', id: point.id }),
  }))
}

/** A day between two others, or the reason why not. */
function exigerJour(le: Temporal.PlainDate, jour: Temporal.PlainDate, code: string, phrase: string): void {
  if (Temporal.PlainDate.compare(le, jour) > 0) throw refus(code, phrase)
}
function exigerPeriodicite(jours: number): void {
  if (!Number.isSafeInteger(jours) || jours < PERIODICITE.min || jours > PERIODICITE.max)
    throw refus(
      'mesure.periodicite',
      `Donner un nombre de jours entre ${PERIODICITE.min} et ${PERIODICITE.max}, par exemple 90.`,
    )
}

/** Starts following a measure after the judgment: its first point is due one interval after it begins. */
export async function suivreMesure(
  session: Session,
  dossier: Pick<Dossier, 'id' | 'clos_le'>,
  demande: {
    nature: NatureMesure
    organisme: string
    jugementLe: Temporal.PlainDate
    debutLe: Temporal.PlainDate
    periodicite: number
    envoi: string
  },
): Promise<string> {
  const { sql, dept, jour } = session
  const { compte } = exigerAuteur(session)
  if (dossier.clos_le !== null) throw refus('mesure.clos', 'Ce dossier est clos : le rouvrir pour suivre une mesure.')
  if (!Object.hasOwn(naturesMesure, demande.nature)) throw refus('mesure.nature', 'Choisir la mesure.')
  exigerJour(demande.jugementLe, jour, 'mesure.jugement', 'Ce suivi commence après le jugement : sa date est passée.')
  if (Temporal.PlainDate.compare(demande.debutLe, demande.jugementLe) < 0)
    throw refus('mesure.debut', 'La mesure suivie commence le jour du jugement ou après.')
  exigerPeriodicite(demande.periodicite)
  const id = randomUUID()
  const prochain = demande.debutLe.add({ days: demande.periodicite })
  const [deja] = await sql<{
    id: string
  }>`select id from mesure_suivie where dept = ${dept} and par = ${compte} and envoi = ${demande.envoi}::uuid`
  if (deja) return deja.id
  const [ecrite] =
    await sql`insert into mesure_suivie (dept, id, dossier, nature, organisme, jugement_le, debut_le, periodicite_jours, prochain_le, par, a, envoi)
    values (${dept}, ${id}, ${dossier.id}, ${demande.nature}, ${demande.organisme}::uuid, ${demande.jugementLe}, ${demande.debutLe}, ${demande.periodicite},
      ${prochain}, ${compte}, ${session.maintenant}, ${demande.envoi}::uuid) on conflict do nothing returning id`
  if (!ecrite)
    throw refus(
      'mesure.deja',
      'Cette mesure est déjà suivie par cet organisme : y noter un point, ou la terminer d’abord.',
    )
  await consignerFaits(session, [
    { dossier: dossier.id, type: 'mesure.suivie', donnees: { organisme: demande.organisme, nature: demande.nature } },
  ])
  session.consigner({
    action: 'mesure.tenir',
    objet: 'mesure',
    objetId: id,
    dossiers: [dossier.id],
    details: { acte: 'suivie', nature: demande.nature },
  })
  return id
}

async function changer(
  session: Session,
  mesure: MesureSuivie,
  vue: number,
  change: {
    periodicite?: number
    prochain?: Temporal.PlainDate | null
    terminee?: Temporal.PlainDate
    issue?: IssueMesure
  },
  acte: string,
): Promise<void> {
  const { sql, dept } = session
  const fini = change.terminee !== undefined
  const [faite] =
    await sql`update mesure_suivie set periodicite_jours = ${change.periodicite ?? mesure.periodicite_jours},
      prochain_le = ${fini ? null : (change.prochain ?? mesure.prochain_le)}, terminee_le = ${change.terminee ?? null}, issue = ${change.issue ?? null},
      version = version + 1
    where dept = ${dept} and id = ${mesure.id} and version = ${vue} and terminee_le is null returning id`
  if (!faite)
    throw new Conflit(
      'mesure.changee',
      'Entre-temps, ce suivi a changé : une autre personne y a noté quelque chose. Rien n’est enregistré, relire puis recommencer.',
      [mesure.id],
    )
  session.consigner({
    action: 'mesure.tenir',
    objet: 'mesure',
    objetId: mesure.id,
    dossiers: [mesure.dossier],
    details: { acte },
  })
}

/** Tells how a measure goes: the next point is due one interval after this one. Added, never edited. */
export async function noterPoint(
  session: Session,
  mesure: MesureSuivie,
  demande: {
    vue: number
    le: Temporal.PlainDate
    etat: EtatPoint
    loyer: LoyerPoint | null
    texte: string
    envoi: string
  },
): Promise<void> {
  const { sql, dept, jour, maintenant } = session
  const { compte, organisme } = exigerAuteur(session)
  if (!Object.hasOwn(etatsPoint, demande.etat)) throw refus('point.etat', 'Dire comment va la mesure.')
  if (demande.loyer !== null && !Object.hasOwn(loyersPoint, demande.loyer))
    throw refus('point.loyer', 'Choisir une réponse de la liste.')
  exigerJour(demande.le, jour, 'point.le', 'Un point se note une fois fait : sa date ne peut pas être à venir.')
  if (Temporal.PlainDate.compare(demande.le, mesure.debut_le) < 0)
    throw refus('point.le', 'Ce point serait avant le début de la mesure.')
  const texte = exigerTexte(demande.texte, TEXTE_MAX, 'point.texte', 'Écrire où en est le ménage, en quelques phrases.')
  const [deja] =
    await sql`select 1 from point_suivi where dept = ${dept} and par = ${compte} and envoi = ${demande.envoi}::uuid`
  if (deja) return
  const dernier = mesure.dernier_le
  const suivant = [demande.le, ...(dernier ? [dernier] : [])].reduce((a, b) =>
    Temporal.PlainDate.compare(a, b) > 0 ? a : b,
  )
  await changer(session, mesure, demande.vue, { prochain: suivant.add({ days: mesure.periodicite_jours }) }, 'point')
  const id = randomUUID()
  const scelle = (await scellementDuDossier(session, session.cles(), mesure.dossier)).sceller(texte, {
    table: 'point_suivi',
    colonne: 'texte',
    id,
  })
  await sql`insert into point_suivi (dept, id, mesure, dossier, le, prevu_le, etat, loyer, texte, organisme, par, a, envoi)
    values (${dept}, ${id}, ${mesure.id}, ${mesure.dossier}, ${demande.le}, ${mesure.prochain_le}, ${demande.etat}, ${demande.loyer}, ${scelle},
      ${organisme}, ${compte}, ${maintenant}, ${demande.envoi}::uuid)`
  await consignerFaits(session, [
    { dossier: mesure.dossier, type: 'mesure.point', le: demande.le, donnees: { organisme: mesure.organisme } },
  ])
}

/** Changes the interval: the next point moves with it, counted from the last one or from the beginning. */
export async function reglerPeriodicite(
  session: Session,
  mesure: MesureSuivie,
  { vue, periodicite }: { vue: number; periodicite: number },
): Promise<void> {
  exigerPeriodicite(periodicite)
  const depuis = mesure.dernier_le ?? mesure.debut_le
  await changer(session, mesure, vue, { periodicite, prochain: depuis.add({ days: periodicite }) }, 'periodicite')
}

/** The measure is over: no point is due any more. */
export async function terminerMesure(
  session: Session,
  mesure: MesureSuivie,
  { vue, le, issue }: { vue: number; le: Temporal.PlainDate; issue: IssueMesure },
): Promise<void> {
  if (!Object.hasOwn(issuesMesure, issue)) throw refus('mesure.issue', 'Choisir comment la mesure s’est terminée.')
  exigerJour(
    le,
    session.jour,
    'mesure.fin',
    'Une fin de mesure se note une fois faite : sa date ne peut pas être à venir.',
  )
  if (Temporal.PlainDate.compare(le, mesure.debut_le) < 0)
    throw refus('mesure.fin', 'Cette date est avant le début de la mesure.')
  await changer(session, mesure, vue, { terminee: le, issue }, 'terminee')
  await consignerFaits(session, [
    { dossier: mesure.dossier, type: 'mesure.terminee', le, donnees: { organisme: mesure.organisme, issue } },
  ])
}
