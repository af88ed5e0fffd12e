import { randomUUID } from 'node:crypto'
import type { Session } from '#acces'
import { scellementDuDossier } from '#echanges'
import type { Keyring } from '#socle/cipher'
import { Introuvable, refus } from '#socle/errors'
import { isUuid } from '#socle/text'
import { type Reglement, reglementAu } from './commissions.ts'
import { renumeroter } from './horaires.ts'
import { regleCql } from './propositions.ts'
import { suivreSeance } from './saisines.ts'
import { lireSeance, type Seance, verrouillerSeance } from './seances.ts'

/** Why a dossier is on an agenda. Closed; said to the members without a word of the dossier. */
export const originesInscription = {
  saisine: 'Saisine d’un partenaire',
  auto_saisine: 'Auto-saisine retenue',
  cql: 'Commandement de quitter les lieux jamais examiné',
  report: 'Reporté d’une séance précédente',
  retour: 'Retour attendu sur un avis ou une recommandation',
  expertise: 'Expertise demandée par l’État sur le concours',
  cellule: 'Décision de la cellule technique à régulariser',
  reexamen: 'Orientation remise en cause par un fait nouveau',
  complexe: 'Situation complexe',
  secretariat: 'Inscrit par le secrétariat',
} as const
export type OrigineInscription = keyof typeof originesInscription

export const etatsInscription = {
  inscrit: 'Inscrit',
  retire: 'Retiré',
  examine: 'Examiné',
  reporte: 'Reporté',
  absent: 'Ménage ou dossier absent',
} as const
export type EtatInscription = keyof typeof etatsInscription

/** A dossier on an agenda, as the secretariat reads it. */
export interface Inscription {
  readonly id: string
  readonly seance_id: string
  readonly dossier_id: string
  readonly reference: string
  readonly titulaire: string
  readonly commune: string
  readonly stade: string
  readonly dette: number | null
  readonly origine: OrigineInscription
  readonly origine_id: string | null
  readonly rang: number
  readonly duree_minutes: number | null
  readonly heure: string | null
  readonly etat: EtatInscription
  readonly tardive: boolean
  /** Put back after it was withdrawn: when it was. */
  readonly inscrite_a: Temporal.Instant
  readonly version: number
}

/** A dossier the agenda could take, with why. */
export interface Candidat {
  readonly dossier: string
  readonly reference: string
  readonly titulaire: string
  readonly commune: string
  readonly stade: string
  readonly origine: OrigineInscription
  readonly origine_id: string | null
  /** Since when it waits. */
  readonly depuis: Temporal.PlainDate | null
}

/** What later modules know waits for a session: the caller passes it. */
export interface Attente {
  readonly dossier: string
  readonly origine: OrigineInscription
  readonly origine_id: string | null
  readonly depuis: Temporal.PlainDate | null
}

/** The agenda of a session, in order. What was withdrawn is not on it. */
export function listerInscriptions(session: Session, seance: string): Promise<Inscription[]> {
  const { dept, sql } = session
  return sql<Inscription>`
    select i.id, i.seance_id, i.dossier_id, d.reference, d.titulaire, d.commune, d.stade, d.dette, i.origine, i.origine_id, i.rang, i.duree_minutes, i.heure,
      i.etat, i.tardive, i.inscrite_a, i.version
    from inscription i join dossier d on d.dept = ${dept} and d.id = i.dossier_id
    where i.dept = ${dept} and i.seance_id = ${seance} and i.etat <> 'retire' order by i.rang, i.id`
}

/** One inscription of a session. */
export async function lireInscription(session: Session, seance: string, id: string): Promise<Inscription> {
  const trouvee = isUuid(id) ? (await listerInscriptions(session, seance)).find((une) => une.id === id) : undefined
  if (!trouvee) throw new Introuvable()
  return trouvee
}

/** Strongest reason first: one line per dossier. */
const ORDRE: readonly OrigineInscription[] = [
  'expertise',
  'cellule',
  'report',
  'reexamen',
  'saisine',
  'auto_saisine',
  'retour',
  'complexe',
  'cql',
  'secretariat',
]

/** Files proposed on one page. */
export const PROPOSES_PAR_PAGE = 40

/**
 * What waits for a session of this commission (COM-04, COM-17), strongest reason first, then the longest wait: referrals the secretariat accepted, self-referrals kept,
 * orders to leave the rule in force names, files postponed, and what the caller knows of (`attentes`: expertises asked by the State, returns due, decisions of the cell, complex situations). A dossier
 * already on an agenda to come is left out. One page, and how many there are; `dossiers`: those only.
 */
export async function proposerOrdre(
  session: Session,
  seance: Seance,
  {
    attentes = [],
    dossiers = null,
    page = 1,
    limite = PROPOSES_PAR_PAGE,
  }: {
    readonly attentes?: readonly Attente[]
    readonly dossiers?: readonly string[] | null
    readonly page?: number
    readonly limite?: number
  } = {},
): Promise<{ readonly candidats: readonly Candidat[]; readonly total: number }> {
  const { dept, jour, sql } = session
  const cql = regleCql(session)
  const lignes = await sql<Candidat & { total: number }>`
    with ouverts as (
      select d.id, d.reference, d.titulaire, d.commune, d.stade, d.stade_le from dossier d
      where d.dept = ${dept} and d.clos_le is null and d.territoire = any (${seance.territoires}::text[])
        and (${dossiers}::uuid[] is null or d.id = any (${dossiers}::uuid[]))
        and not exists (select 1 from inscription i join seance x on x.dept = ${dept} and x.id = i.seance_id
          where i.dept = ${dept} and i.dossier_id = d.id and i.etat = 'inscrit' and x.etat in ('prevue', 'ouverte') and (x.le >= ${jour} or x.id = ${seance.id}))
    ), motifs as (
      select s.dossier, case when s.origine = 'partenaire' then 'saisine' else 'auto_saisine' end as origine, s.id as origine_id,
        (s.deposee_a at time zone 'Europe/Paris')::date as depuis
      from saisine s where s.dept = ${dept} and (s.etat = 'complete' or (s.etat = 'inscrite' and (s.seance_le >= ${jour} or exists (
        select 1 from inscription i join seance x on x.dept = ${dept} and x.id = i.seance_id
        where i.dept = ${dept} and i.dossier_id = s.dossier and i.etat = 'inscrit' and x.le = s.seance_le and x.close_a is null))))
      union all
      select i.dossier_id, 'report', i.id, x.le from inscription i join seance x on x.dept = ${dept} and x.id = i.seance_id
      where i.dept = ${dept} and i.etat in ('reporte', 'absent') and x.le <= ${jour}
        and not exists (select 1 from inscription n join seance y on y.dept = ${dept} and y.id = n.seance_id
          where n.dept = ${dept} and n.dossier_id = i.dossier_id and n.etat <> 'retire' and (y.le, y.id) > (x.le, x.id)
            -- Put on a session that was cancelled or never held, it waits still.
            and y.etat <> 'annulee' and (n.etat <> 'inscrit' or y.le >= ${jour}))
      union all
      select o.id, 'cql', null::uuid, o.stade_le from ouverts o where o.stade = any (${cql?.stades ?? []}::text[])
        and (${cql?.tous ?? false} or (not exists (select 1 from inscription i where i.dept = ${dept} and i.dossier_id = o.id and i.etat = 'examine')
          and not exists (select 1 from saisine s where s.dept = ${dept} and s.dossier = o.id and s.seance_le < ${jour})))
      union all
      select a.dossier, a.origine, a.origine_id, a.depuis
      from jsonb_to_recordset(${JSON.stringify(attentes)}::jsonb) as a(dossier uuid, origine text, origine_id uuid, depuis date)
      -- A mark stays until it is lifted; examined since, it no longer asks for a session.
      where a.origine <> 'complexe' or not exists (select 1 from inscription i join seance x on x.dept = ${dept} and x.id = i.seance_id
        where i.dept = ${dept} and i.dossier_id = a.dossier and i.etat = 'examine' and x.le >= a.depuis)
    ), retenus as (
      select distinct on (o.id) o.id as dossier, o.reference, o.titulaire, o.commune, o.stade, m.origine, m.origine_id, m.depuis
      from motifs m join ouverts o on o.id = m.dossier
      order by o.id, array_position(${ORDRE}::text[], m.origine), m.depuis
    )
    select *, (count(*) over ())::int as total from retenus
    order by array_position(${ORDRE}::text[], origine), depuis nulls last, titulaire collate "fr-x-icu", dossier
    limit ${limite} offset ${(page - 1) * limite}`
  return { candidats: lignes.map(({ total: _, ...candidat }) => candidat), total: lignes[0]?.total ?? 0 }
}

/** Every change of an agenda moves its session to its next version: two people never order it at once unseen. */
async function marquer(session: Session, seance: Seance, acte: string, dossiers: readonly string[]): Promise<void> {
  await session.sql`update seance set version = version + 1 where dept = ${session.dept} and id = ${seance.id}`
  session.consigner({ action: 'seance.inscrire', objet: 'seance', objetId: seance.id, dossiers, details: { acte } })
}

async function modifiable(session: Session, id: string, vu: number | null): Promise<Seance> {
  const seance = await verrouillerSeance(session, id, vu)
  if (seance.etat !== 'prevue' && seance.etat !== 'ouverte')
    throw refus('seance.etat', 'Cette séance est annulée : son ordre du jour ne change plus.')
  return seance
}

/** A dossier to put on an agenda. */
export interface AInscrire {
  readonly dossier: string
  readonly origine: OrigineInscription
  readonly origine_id: string | null
  readonly motif?: string | undefined
}

const LONGUEUR_MOTIF = 500

const placeMotif = (id: string) => ({ table: 'inscription', colonne: 'motif', id }) as const

/** Reasons follow one another: a file withdrawn, then put back, keeps why each time. */
async function ajouterMotif(
  session: Session,
  cles: Keyring,
  { id, dossier, motif }: { readonly id: string; readonly dossier: string; readonly motif: string | null },
  dit: string,
): Promise<string | null> {
  if (dit === '') return motif
  const scellement = await scellementDuDossier(session, cles, dossier)
  const avant = motif === null ? [] : [scellement.ouvrir(motif, placeMotif(id))]
  return scellement.sceller([...avant, dit].join('\n'), placeMotif(id))
}

/** Why a file was put on the agenda by hand, withdrawn, put back: each in order. For whoever prepares the session. */
export async function lireMotifs(session: Session, cles: Keyring, inscription: string): Promise<readonly string[]> {
  const { dept, sql } = session
  const [ligne] = await sql<{ dossier: string; motif: string | null }>`
    select dossier_id as dossier, motif from inscription where dept = ${dept} and id = ${inscription}::uuid`
  if (!ligne?.motif) return []
  return (await scellementDuDossier(session, cles, ligne.dossier))
    .ouvrir(ligne.motif, placeMotif(inscription))
    .split('\n')
}

/**
 * Puts dossiers at the end of an agenda; those already there are left. One that was withdrawn from it comes back as it was, with what members had brought. Late once the
 * agenda has been sent. Returns how many were added.
 */
export async function inscrire(
  session: Session,
  cles: Keyring,
  id: string,
  ajouts: readonly AInscrire[],
): Promise<number> {
  const { dept, maintenant, acteur, sql } = session
  // Several people may add at once: the lock orders them, no version is asked.
  const seance = await modifiable(session, id, null)
  const reglement = await reglementAu(session, seance.commission, seance.le)
  const presents = await listerInscriptions(session, seance.id)
  const deja = new Set(presents.map(({ dossier_id }) => dossier_id))
  const neufs = ajouts.filter(({ dossier }) => !deja.has(dossier) && deja.add(dossier))
  const ids = neufs.map(({ dossier }) => dossier)
  const visibles = await sql<{ id: string; clos: boolean }>`select id, clos_le is not null as clos from dossier
    where dept = ${dept} and id = any (${ids}::uuid[])`
  if (visibles.length !== neufs.length) throw new Introuvable()
  if (visibles.some(({ clos }) => clos))
    throw refus('seance.clos', 'Un dossier clos ne s’inscrit pas : le rouvrir d’abord.')
  if (neufs.some(({ motif = '' }) => motif.length > LONGUEUR_MOTIF))
    throw refus('seance.motif', `Raccourcir le motif à ${LONGUEUR_MOTIF} caractères.`)
  const retires = new Map(
    (
      await sql<{ id: string; dossier: string; motif: string | null }>`
        select distinct on (dossier_id) id, dossier_id as dossier, motif from inscription
        where dept = ${dept} and seance_id = ${seance.id} and etat = 'retire' and dossier_id = any (${ids}::uuid[])
        order by dossier_id, inscrite_a desc, id`
    ).map((un) => [un.dossier, un]),
  )
  const lignes: {
    id: string
    dossier: string
    origine: string
    origine_id: string | null
    rang: number
    motif: string | null
    revient: boolean
  }[] = []
  for (const [i, { dossier, origine, origine_id, motif = '' }] of neufs.entries()) {
    const retire = retires.get(dossier)
    const place = retire ?? { id: randomUUID(), dossier, motif: null }
    const scelle = await ajouterMotif(session, cles, place, motif)
    const rang = presents.length + i + 1
    lignes.push({ id: place.id, dossier, origine, origine_id, rang, motif: scelle, revient: retire !== undefined })
  }
  const duree = reglement?.minutes_par_dossier ?? null
  const tardive = seance.odj_numero !== null
  const recues = JSON.stringify(lignes)
  await sql`insert into inscription (dept, id, seance_id, dossier_id, origine, origine_id, rang, duree_minutes, etat, motif, tardive, inscrite_a, inscrite_par)
    select ${dept}, x.id, ${seance.id}, x.dossier, x.origine, x.origine_id, x.rang, ${duree}, 'inscrit', x.motif, ${tardive}, ${maintenant}, ${acteur.compte}
    from jsonb_to_recordset(${recues}::jsonb) as x(id uuid, dossier uuid, origine text, origine_id uuid, rang integer, motif text, revient boolean)
    where not x.revient`
  await sql`update inscription i set etat = 'inscrit', origine = x.origine, origine_id = x.origine_id, rang = x.rang, duree_minutes = coalesce(i.duree_minutes, ${duree}),
      motif = x.motif, tardive = ${tardive}, inscrite_a = ${maintenant}, inscrite_par = ${acteur.compte}, version = i.version + 1
    from jsonb_to_recordset(${recues}::jsonb) as x(id uuid, origine text, origine_id uuid, rang integer, motif text, revient boolean)
    where i.dept = ${dept} and i.id = x.id and x.revient`
  await suivreSeance(session, ids, seance.le)
  await renumeroter(session, seance, await listerInscriptions(session, seance.id))
  await marquer(session, seance, 'inscrire', ids)
  return neufs.length
}

/** Moves a file to a rank, against the version of the session its page showed. */
export async function ranger(
  session: Session,
  id: string,
  vu: number,
  inscription: string,
  rang: number,
): Promise<void> {
  const seance = await modifiable(session, id, vu)
  const lignes = await listerInscriptions(session, seance.id)
  const la = lignes.find((une) => une.id === inscription)
  if (!la) throw new Introuvable()
  if (!Number.isInteger(rang) || rang < 1 || rang > lignes.length)
    throw refus('seance.rang', `Écrire un rang entre 1 et ${lignes.length}.`)
  const autres = lignes.filter((une) => une !== la)
  await renumeroter(session, seance, autres.toSpliced(rang - 1, 0, la))
  await marquer(session, seance, 'ranger', [la.dossier_id])
}

/** Gives a file its own duration; null: that of the rules. */
export async function allouer(
  session: Session,
  id: string,
  vu: number,
  inscription: string,
  minutes: number,
): Promise<void> {
  const { dept, sql } = session
  const seance = await modifiable(session, id, vu)
  const la = await lireInscription(session, seance.id, inscription)
  if (!Number.isInteger(minutes) || minutes < 1 || minutes > 120)
    throw refus('seance.duree', 'Écrire une durée entre 1 et 120 minutes.')
  await sql`update inscription set duree_minutes = ${minutes}, version = version + 1 where dept = ${dept} and id = ${la.id}`
  await renumeroter(session, seance, await listerInscriptions(session, seance.id))
  await marquer(session, seance, 'allouer', [la.dossier_id])
}

/** Takes a file off the agenda, for a reason; its sheets are destroyed. It may be put back, with what members brought. */
export async function retirer(
  session: Session,
  cles: Keyring,
  id: string,
  vu: number,
  inscription: string,
  motif: string,
): Promise<void> {
  const { dept, sql } = session
  const seance = await modifiable(session, id, vu)
  const la = await lireInscription(session, seance.id, inscription)
  if (la.etat !== 'inscrit')
    throw refus('seance.examine', 'Ce dossier est déjà examiné ou reporté : il ne se retire plus.')
  if (motif.length > LONGUEUR_MOTIF) throw refus('seance.motif', `Raccourcir le motif à ${LONGUEUR_MOTIF} caractères.`)
  const [{ motif: avant = null } = {}] = await sql<{ motif: string | null }>`
    select motif from inscription where dept = ${dept} and id = ${la.id}`
  const place = { id: la.id, dossier: la.dossier_id, motif: avant }
  const scelle = await ajouterMotif(session, cles, place, motif === '' ? '' : `Retiré : ${motif}`)
  await suivreSeance(session, [la.dossier_id], null)
  await sql`delete from fiche_seance where dept = ${dept} and inscription = ${la.id}`
  await sql`update inscription set etat = 'retire', motif = ${scelle}, version = version + 1 where dept = ${dept} and id = ${la.id}`
  await renumeroter(session, seance, await listerInscriptions(session, seance.id))
  await marquer(session, seance, 'retirer', [la.dossier_id])
}

/** How full a session is against what the rules and its hours allow. Null: nothing says. */
export interface Charge {
  readonly dossiers: number
  readonly minutes: number | null
  readonly disponibles: number
  readonly capacite: number | null
}

const enMinutes = (heure: string): number => {
  const [h = 0, m = 0] = heure.split(':').map(Number)
  return h * 60 + m
}

/** Weighs an agenda. */
export function peser(
  seance: Pick<Seance, 'debut' | 'fin'>,
  lignes: readonly Inscription[],
  reglement: Reglement | null,
): Charge {
  const durees = lignes.map(({ duree_minutes }) => duree_minutes)
  return {
    dossiers: lignes.length,
    minutes: durees.some((une) => une === null) ? null : durees.reduce<number>((somme, une) => somme + (une ?? 0), 0),
    disponibles: enMinutes(seance.fin) - enMinutes(seance.debut),
    capacite: reglement?.capacite ?? null,
  }
}

/** What changed in an agenda since it was last sent. */
export interface Changements {
  readonly ajoutees: readonly string[]
  /** Ids of inscriptions withdrawn since; the dossiers are named by the caller if it may. */
  readonly retirees: number
  readonly deplacees: readonly string[]
}

interface LigneEnvoyee {
  readonly id: string
  readonly rang: number
  readonly heure: string | null
}

/** Compares the agenda with what was sent. Null: nothing was sent yet. */
export async function changementsDepuisEnvoi(session: Session, seance: Seance): Promise<Changements | null> {
  const { dept, sql } = session
  if (seance.odj_numero === null) return null
  const [envoye] = await sql<{ lignes: readonly LigneEnvoyee[] }>`
    select lignes from ordre_envoye where dept = ${dept} and seance = ${seance.id} and numero = ${seance.odj_numero}`
  if (!envoye) return null
  const avant = new Map(envoye.lignes.map((ligne) => [ligne.id, ligne]))
  const lignes = await listerInscriptions(session, seance.id)
  // Withdrawn then put back, a file lost its sheets: it is new to those who read.
  const envoyee = ({ id, inscrite_a }: Inscription) =>
    avant.has(id) && (seance.odj_envoye_a === null || Temporal.Instant.compare(inscrite_a, seance.odj_envoye_a) <= 0)
  // A file moves when the order of those sent changes, not when another is put before it.
  const restent = lignes.filter(envoyee)
  const parRang = restent.toSorted((a, b) => (avant.get(a.id)?.rang ?? 0) - (avant.get(b.id)?.rang ?? 0))
  return {
    ajoutees: lignes.filter((une) => !envoyee(une)).map(({ id }) => id),
    retirees: envoye.lignes.length - restent.length,
    deplacees: restent.filter(({ id }, i) => parRang[i]?.id !== id).map(({ id }) => id),
  }
}

/** Reads a session for its agenda: used by the screens of the session itself. */
export async function lireOrdre(
  session: Session,
  seance: string,
): Promise<{ readonly seance: Seance; readonly lignes: readonly Inscription[]; readonly reglement: Reglement | null }> {
  const lue = await lireSeance(session, seance)
  const [lignes, reglement] = [
    await listerInscriptions(session, lue.id),
    await reglementAu(session, lue.commission, lue.le),
  ]
  return { seance: lue, lignes, reglement }
}
