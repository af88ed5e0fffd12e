import { randomUUID } from 'node:crypto'
import type { Session } from '#acces'
import { scellementDuDossier } from '#echanges'
import type { Keyring } from '#socle/cipher'
import { Introuvable, refus } from '#socle/errors'
import { type Reglement, reglementAu, UUID } from './commissions.ts'
import { renumeroter } from './horaires.ts'
import { STADES_CQL, tousLesCql } from './propositions.ts'
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
      i.etat, i.tardive, i.version
    from inscription i join dossier d on d.dept = ${dept} and d.id = i.dossier_id
    where i.dept = ${dept} and i.seance_id = ${seance} and i.etat <> 'retire' order by i.rang, i.id`
}

/** One inscription of a session. */
export async function lireInscription(session: Session, seance: string, id: string): Promise<Inscription> {
  const trouvee = UUID.test(id) ? (await listerInscriptions(session, seance)).find((une) => une.id === id) : undefined
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
  'cql',
  'secretariat',
]

/**
 * What waits for a session of this commission (COM-04, COM-17): referrals the secretariat accepted, self-referrals kept, orders to leave never examined, files postponed,
 * and what the caller knows of (`attentes`: expertises asked by the State, returns due, decisions of the cell). A dossier already on an agenda to come is left out.
 */
export async function proposerOrdre(
  session: Session,
  seance: Seance,
  attentes: readonly Attente[] = [],
): Promise<Candidat[]> {
  const { dept, jour, sql } = session
  const tous = tousLesCql(session)
  const lignes = await sql<Candidat>`
    with ouverts as (
      select d.id, d.reference, d.titulaire, d.commune, d.stade, d.stade_le from dossier d
      where d.dept = ${dept} and d.clos_le is null and d.territoire = any (${seance.territoires}::text[])
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
      select o.id, 'cql', null::uuid, o.stade_le from ouverts o where o.stade = any (${STADES_CQL}::text[])
        and (${tous} or (not exists (select 1 from inscription i where i.dept = ${dept} and i.dossier_id = o.id and i.etat = 'examine')
          and not exists (select 1 from saisine s where s.dept = ${dept} and s.dossier = o.id and s.seance_le < ${jour})))
      union all
      select a.dossier, a.origine, a.origine_id, a.depuis
      from jsonb_to_recordset(${JSON.stringify(attentes)}::jsonb) as a(dossier uuid, origine text, origine_id uuid, depuis date)
    )
    select distinct on (o.id) o.id as dossier, o.reference, o.titulaire, o.commune, o.stade, m.origine, m.origine_id, m.depuis
    from motifs m join ouverts o on o.id = m.dossier
    order by o.id, array_position(${ORDRE}::text[], m.origine), m.depuis`
  return lignes.toSorted(
    (a, b) =>
      ORDRE.indexOf(a.origine) - ORDRE.indexOf(b.origine) ||
      (a.depuis && b.depuis ? Temporal.PlainDate.compare(a.depuis, b.depuis) : 0) ||
      a.titulaire.localeCompare(b.titulaire, 'fr'),
  )
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

/** Puts dossiers at the end of an agenda; those already there are left. Late once the agenda has been sent. Returns how many were added. */
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
  const visibles = await sql<{ id: string; clos: boolean }>`select id, clos_le is not null as clos from dossier
    where dept = ${dept} and id = any (${neufs.map(({ dossier }) => dossier)}::uuid[])`
  if (visibles.length !== neufs.length) throw new Introuvable()
  if (visibles.some(({ clos }) => clos))
    throw refus('seance.clos', 'Un dossier clos ne s’inscrit pas : le rouvrir d’abord.')
  const lignes: {
    id: string
    dossier: string
    origine: string
    origine_id: string | null
    rang: number
    motif: string | null
  }[] = []
  for (const [i, { dossier, origine, origine_id, motif = '' }] of neufs.entries()) {
    const nouvelle = randomUUID()
    if (motif.length > LONGUEUR_MOTIF)
      throw refus('seance.motif', `Raccourcir le motif à ${LONGUEUR_MOTIF} caractères.`)
    const scelle =
      motif === ''
        ? null
        : (await scellementDuDossier(session, cles, dossier)).sceller(motif, {
            table: 'inscription',
            colonne: 'motif',
            id: nouvelle,
          })
    lignes.push({ id: nouvelle, dossier, origine, origine_id, rang: presents.length + i + 1, motif: scelle })
  }
  await sql`insert into inscription (dept, id, seance_id, dossier_id, origine, origine_id, rang, duree_minutes, etat, motif, tardive, inscrite_a, inscrite_par)
    select ${dept}, x.id, ${seance.id}, x.dossier, x.origine, x.origine_id, x.rang, ${reglement?.minutes_par_dossier ?? null}, 'inscrit', x.motif,
      ${seance.odj_numero !== null}, ${maintenant}, ${acteur.compte}
    from jsonb_to_recordset(${JSON.stringify(lignes)}::jsonb) as x(id uuid, dossier uuid, origine text, origine_id uuid, rang integer, motif text)`
  await suivreSeance(
    session,
    neufs.map(({ dossier }) => dossier),
    seance.le,
  )
  await renumeroter(session, seance, await listerInscriptions(session, seance.id))
  await marquer(
    session,
    seance,
    'inscrire',
    neufs.map(({ dossier }) => dossier),
  )
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

/** Takes a file off the agenda, for a reason; its sheets are destroyed. It may be put back. */
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
  const scelle =
    motif === ''
      ? null
      : (await scellementDuDossier(session, cles, la.dossier_id)).sceller(motif, {
          table: 'inscription',
          colonne: 'motif',
          id: la.id,
        })
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
  // A file moves when the order of those sent changes, not when another is put before it.
  const restent = lignes.filter(({ id }) => avant.has(id))
  const parRang = restent.toSorted((a, b) => (avant.get(a.id)?.rang ?? 0) - (avant.get(b.id)?.rang ?? 0))
  return {
    ajoutees: lignes.filter(({ id }) => !avant.has(id)).map(({ id }) => id),
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
