import type { Session } from '#acces'
import { sql as fragment } from '#socle/db'
import { Conflit, Introuvable, refus } from '#socle/errors'
import { enqueue } from '#socle/queue'
import { isUuid } from '#socle/text'
import { lireCommission, listerMembres, type NiveauCommission, reglementAu, reglementEnVigueur } from './commissions.ts'
import { renumeroter } from './horaires.ts'
import { anneeDe } from './pilotage.ts'
import { suivreSeance } from './saisines.ts'

export const etatsSeance = {
  prevue: 'Prévue',
  ouverte: 'En cours',
  close: 'Close',
  annulee: 'Annulée',
} as const
export type EtatSeance = keyof typeof etatsSeance

/** Why a session does not take place. A closed list: no text that could name a household. */
export const motifsAnnulation = {
  quorum: 'Quorum impossible',
  indisponibilite: 'Indisponibilité de la présidence ou du secrétariat',
  peu_de_dossiers: 'Trop peu de dossiers',
  regroupee: 'Regroupée avec une autre séance',
  autre: 'Autre raison d’organisation',
} as const
export type MotifAnnulation = keyof typeof motifsAnnulation

export interface Seance {
  readonly id: string
  readonly commission: string
  readonly commission_nom: string
  readonly niveau: NiveauCommission
  readonly territoires: readonly string[]
  readonly le: Temporal.PlainDate
  /** `HH:MM`. */
  readonly debut: string
  readonly fin: string
  readonly lieu: string
  readonly etat: EtatSeance
  readonly sequence: number
  readonly annulee_motif: MotifAnnulation | null
  readonly odj_numero: number | null
  readonly odj_envoye_a: Temporal.Instant | null
  readonly ouverte_a: Temporal.Instant | null
  readonly close_a: Temporal.Instant | null
  /** True once the members were invited: what changes is then told to them. */
  readonly convoquee: boolean
  readonly version: number
}

/** Name of the job that sends the invitation of one person, or its update. */
export const TACHE_CONVOCATION = 'convocation'

async function lire(
  session: Session,
  ou: {
    readonly id?: string
    readonly commission?: string
    readonly du?: Temporal.PlainDate
    readonly au?: Temporal.PlainDate
  },
): Promise<Seance[]> {
  const { dept, sql } = session
  return sql<Seance>`
    select s.id, s.commission, c.nom as commission_nom, c.niveau, c.territoires, s.le, s.debut, s.fin, s.lieu, s.etat, s.sequence, s.annulee_motif, s.odj_numero,
      s.odj_envoye_a, s.ouverte_a, s.close_a, s.convoquee_a is not null as convoquee, s.version
    from seance s join commission c on c.dept = ${dept} and c.id = s.commission
    where s.dept = ${dept} and (${ou.id ?? null}::uuid is null or s.id = ${ou.id ?? null}::uuid)
      and (${ou.commission ?? null}::uuid is null or s.commission = ${ou.commission ?? null}::uuid)
      and (${ou.du ?? null}::date is null or s.le >= ${ou.du ?? null}::date) and (${ou.au ?? null}::date is null or s.le <= ${ou.au ?? null}::date)
    order by s.le, s.debut, c.nom`
}

/** Sessions of a year, of every commission or of one, in order. */
export const listerSeances = (session: Session, annee: number, commission?: string): Promise<Seance[]> =>
  lire(session, {
    ...(commission === undefined ? {} : { commission }),
    ...anneeDe(annee),
  })

/** An agenda that its secretariat has not sent yet. */
export interface OrdreAEnvoyer {
  readonly seance: string
  readonly commission_nom: string
  readonly le: Temporal.PlainDate
  /** Last day the rules of procedure give to send it. */
  readonly avant: Temporal.PlainDate
}

/** Agendas of the organisme's commissions to send within so many days, late ones included, soonest first; those whose rules set no delay are not among them. */
export function listerOrdresAEnvoyer({ sql, dept, jour, acteur }: Session, jours: number): Promise<OrdreAEnvoyer[]> {
  return sql<OrdreAEnvoyer>`
    select s.id as seance, c.nom as commission_nom, s.le, s.le - r.jours_envoi as avant
    from seance s join commission c on c.dept = ${dept} and c.id = s.commission
    cross join lateral ${reglementEnVigueur(dept, fragment`s.commission`, fragment`s.le`)} r
    where s.dept = ${dept} and s.etat = 'prevue' and s.odj_envoye_a is null and s.le >= ${jour} and c.secretariat = ${acteur.organisme}::uuid
      and s.le - r.jours_envoi <= ${jour.add({ days: jours })}
    order by avant, s.id`
}

export async function lireSeance(session: Session, id: string): Promise<Seance> {
  const [seance] = isUuid(id) ? await lire(session, { id }) : []
  if (!seance) throw new Introuvable()
  return seance
}

/** What a person says of a session. */
export interface SaisieSeance {
  readonly le: Temporal.PlainDate | null
  readonly debut: string
  readonly fin: string
  readonly lieu: string
}

const HEURE = /^([01]\d|2[0-3]):[0-5]\d$/

function verifier(session: Session, { le, debut, fin, lieu }: SaisieSeance): Temporal.PlainDate {
  if (le === null || Temporal.PlainDate.compare(le, session.jour) < 0)
    throw refus('seance.le', 'Indiquer le jour de la séance, aujourd’hui ou plus tard.')
  if (!HEURE.test(debut)) throw refus('seance.debut', 'Écrire l’heure de début comme 09:00.')
  if (!HEURE.test(fin)) throw refus('seance.fin', 'Écrire l’heure de fin comme 12:30.')
  if (fin <= debut) throw refus('seance.fin', 'La séance finit après avoir commencé.')
  if (lieu.length > 200) throw refus('seance.lieu', 'Raccourcir le lieu à 200 caractères.')
  return le
}

/** What undoing a move or a cancellation gives back. */
interface Avant {
  readonly le: string
  readonly debut: string
  readonly fin: string
  readonly lieu: string
}

async function noter(session: Session, seance: string, acte: string, avant: Avant | null = null): Promise<void> {
  const { dept, maintenant, acteur, sql } = session
  await sql`insert into seance_acte (dept, seance, acte, avant, a, par)
    values (${dept}, ${seance}, ${acte}, ${avant === null ? null : JSON.stringify(avant)}::jsonb, ${maintenant}, ${acteur.compte})`
  session.consigner({ action: 'seance.preparer', objet: 'seance', objetId: seance, details: { acte } })
}

/** Puts a session in the calendar. `envoi` is the mark of the form: sent twice, one session. Returns its id. */
export async function creerSeance(
  session: Session,
  commission: string,
  saisie: SaisieSeance,
  envoi: string,
): Promise<string> {
  const { dept, maintenant, acteur, sql } = session
  // A commission that comes to an end waits for the session put in its calendar, or the other way round.
  await sql`select 1 from commission where dept = ${dept} and id = ${commission}::uuid for share`
  const { id: siege, fermee_le } = await lireCommission(session, commission)
  if (fermee_le !== null)
    throw refus('seance.commission', 'Cette commission est fermée : elle ne tient plus de séance.')
  if (!isUuid(envoi)) throw refus('seance.envoi', 'Ce formulaire est incomplet. Revenir au calendrier et recommencer.')
  const le = verifier(session, saisie)
  const [creee] = await sql<{ id: string }>`
    insert into seance (dept, commission, le, debut, fin, lieu, etat, cree_a, cree_par, envoi)
    values (${dept}, ${siege}, ${le}, ${saisie.debut}, ${saisie.fin}, ${saisie.lieu.trim()}, 'prevue', ${maintenant}, ${acteur.compte}, ${envoi})
    on conflict (dept, envoi) do nothing returning id`
  if (!creee) {
    const [deja] = await sql<{ id: string }>`select id from seance where dept = ${dept} and envoi = ${envoi}`
    if (!deja) throw new Introuvable()
    return deja.id
  }
  await noter(session, creee.id, 'creee')
  return creee.id
}

/** Locks a session that is neither over nor begun, against the version its page showed. */
export async function verrouillerSeance(session: Session, id: string, vu: number | null): Promise<Seance> {
  const { dept, sql } = session
  if (!isUuid(id)) throw new Introuvable()
  await sql`select 1 from seance where dept = ${dept} and id = ${id} for update`
  const seance = await lireSeance(session, id)
  if (vu !== null && seance.version !== vu)
    throw new Conflit(
      'seance.changee',
      'Cette séance a changé depuis l’ouverture de la page : rien n’est enregistré. La relire, puis choisir.',
    )
  if (seance.close_a !== null) throw refus('seance.close', 'Cette séance est close : elle ne change plus.')
  return seance
}

const avantDe = ({ le, debut, fin, lieu }: Seance): Avant => ({ le: le.toString(), debut, fin, lieu })

/** Tells once more whoever sits on one of these days, when they had been invited. */
async function avertir(
  session: Session,
  seance: Seance,
  sequence: number,
  jours: readonly Temporal.PlainDate[],
): Promise<void> {
  if (seance.convoquee) await envoyerInvitations(session, seance, sequence, jours)
}

/** Who an invitation to a session is sent to: members of its day, or of several, and their substitutes, when they have an address. */
export async function listerConvoques(
  session: Session,
  seance: Pick<Seance, 'commission' | 'le'>,
  jours: readonly Temporal.PlainDate[] = [seance.le],
): Promise<
  readonly {
    readonly membre: string
    readonly personne: 'titulaire' | 'suppleant'
    readonly nom: string
    readonly organisme: string
  }[]
> {
  const sieges = new Map(
    (await Promise.all(jours.map((jour) => listerMembres(session, seance.commission, jour))))
      .flat()
      .map((membre) => [membre.id, membre]),
  )
  return [...sieges.values()].flatMap((siege) =>
    (['titulaire', 'suppleant'] as const)
      .filter((personne) => siege[personne].courriel !== '')
      .map((personne) => ({
        membre: siege.id,
        personne,
        nom: siege[personne].nom,
        organisme: siege.organisme_nom,
      })),
  )
}

async function envoyerInvitations(
  session: Session,
  seance: Seance,
  sequence: number,
  jours: readonly Temporal.PlainDate[],
): Promise<number> {
  const { dept } = session
  const personnes = await listerConvoques(session, seance, jours)
  for (const { membre, personne } of personnes)
    await enqueue(session, TACHE_CONVOCATION, { dept, seance: seance.id, membre, personne, sequence: String(sequence) })
  return personnes.length
}

/** Files of a session still to examine, in its order. */
const lireInscrits = ({ dept, sql }: Session, seance: string) =>
  sql<{ id: string; dossier: string; duree_minutes: number | null }>`
    select id, dossier_id as dossier, duree_minutes from inscription where dept = ${dept} and seance_id = ${seance} and etat = 'inscrit' order by rang`

/** What an agenda holds follows its session: referrals to its day, files to their hours, contributions to the date the rules then give. */
async function suivreJour(
  session: Session,
  seance: Seance,
  le: Temporal.PlainDate | null,
  debut: string,
): Promise<void> {
  const { dept, sql } = session
  const inscrits = await lireInscrits(session, seance.id)
  await suivreSeance(
    session,
    inscrits.map(({ dossier }) => dossier),
    le,
  )
  if (le === null) return
  await renumeroter(session, { debut }, inscrits)
  const jours = (await reglementAu(session, seance.commission, le))?.jours_apports ?? null
  const attendu = jours === null ? null : le.subtract({ days: jours })
  await sql`update apport set attendu_le = ${attendu}, relance_le = null, version = version + 1
    where dept = ${dept} and etat = 'demande' and inscription = any (${inscrits.map(({ id }) => id)}::uuid[]) and attendu_le is distinct from ${attendu}::date`
}

/** Moves a session, or corrects its time and place. Members already invited receive the update. */
export async function deplacerSeance(session: Session, id: string, vu: number, saisie: SaisieSeance): Promise<void> {
  const { dept, sql } = session
  const seance = await verrouillerSeance(session, id, vu)
  if (seance.etat !== 'prevue') throw refus('seance.etat', 'Seule une séance prévue se déplace.')
  const le = verifier(session, saisie)
  const sequence = seance.sequence + 1
  await sql`update seance set le = ${le}, debut = ${saisie.debut}, fin = ${saisie.fin}, lieu = ${saisie.lieu.trim()}, sequence = ${sequence}, version = version + 1
    where dept = ${dept} and id = ${seance.id}`
  await noter(session, seance.id, 'deplacee', avantDe(seance))
  await suivreJour(session, seance, le, saisie.debut)
  await avertir(session, seance, sequence, [seance.le, le])
}

/** Cancels a session, for a reason of the list. Members already invited receive the cancellation; the sheets sent are closed by their policy. */
export async function annulerSeance(session: Session, id: string, vu: number, motif: MotifAnnulation): Promise<void> {
  const { dept, sql } = session
  const seance = await verrouillerSeance(session, id, vu)
  if (seance.etat !== 'prevue') throw refus('seance.etat', 'Seule une séance prévue s’annule.')
  const sequence = seance.sequence + 1
  await sql`update seance set etat = 'annulee', annulee_motif = ${motif}, sequence = ${sequence}, version = version + 1 where dept = ${dept} and id = ${seance.id}`
  await noter(session, seance.id, 'annulee', avantDe(seance))
  await suivreJour(session, seance, null, seance.debut)
  await avertir(session, seance, sequence, [seance.le])
}

/** Undoes the last move or cancellation. Members who were told are told again. */
export async function retablirSeance(session: Session, id: string, vu: number): Promise<void> {
  const { dept, sql } = session
  const seance = await verrouillerSeance(session, id, vu)
  const [dernier] = await sql<{ acte: string; avant: Avant | null }>`
    select acte, avant from seance_acte where dept = ${dept} and seance = ${seance.id} order by rang desc limit 1`
  if (!dernier?.avant || (dernier.acte !== 'deplacee' && dernier.acte !== 'annulee'))
    throw refus('seance.retablir', 'Il n’y a rien à défaire : la séance n’a été ni déplacée ni annulée en dernier.')
  if (seance.etat !== (dernier.acte === 'annulee' ? 'annulee' : 'prevue'))
    throw refus('seance.etat', 'Cette séance est commencée : elle ne revient pas en arrière.')
  if ((await lireCommission(session, seance.commission)).fermee_le !== null)
    throw refus('seance.commission', 'Cette commission a pris fin : la rouvrir avant de rétablir une séance.')
  const { debut, fin, lieu } = dernier.avant
  const le = Temporal.PlainDate.from(dernier.avant.le)
  if (Temporal.PlainDate.compare(le, session.jour) < 0)
    throw refus('seance.le', 'Le jour d’avant est passé : choisir un autre jour.')
  const sequence = seance.sequence + 1
  await sql`update seance set le = ${le}, debut = ${debut}, fin = ${fin}, lieu = ${lieu}, etat = 'prevue', annulee_motif = null, sequence = ${sequence},
      version = version + 1
    where dept = ${dept} and id = ${seance.id}`
  await noter(session, seance.id, 'retablie')
  // What another session took meanwhile stays with it.
  await sql`delete from fiche_seance f using inscription i join inscription n on n.dept = ${dept} and n.dossier_id = i.dossier_id and n.seance_id <> i.seance_id
      and n.etat in ('inscrit', 'examine') and n.inscrite_a > i.inscrite_a
    where f.dept = ${dept} and f.inscription = i.id and i.dept = ${dept} and i.seance_id = ${seance.id} and i.etat = 'inscrit'`
  await sql`update inscription i set etat = 'retire', version = i.version + 1 where i.dept = ${dept} and i.seance_id = ${seance.id} and i.etat = 'inscrit'
    and exists (select 1 from inscription n where n.dept = ${dept} and n.dossier_id = i.dossier_id and n.seance_id <> i.seance_id
      and n.etat in ('inscrit', 'examine') and n.inscrite_a > i.inscrite_a)`
  await suivreJour(session, seance, le, debut)
  await avertir(session, seance, sequence, [seance.le, le])
}

/** Invites the members by mail, with the session as a calendar event. Returns how many people are written to. */
export async function convoquer(session: Session, id: string, vu: number): Promise<number> {
  const { dept, maintenant, sql } = session
  const seance = await verrouillerSeance(session, id, vu)
  if (seance.etat !== 'prevue') throw refus('seance.etat', 'Seule une séance prévue se convoque.')
  await sql`update seance set convoquee_a = coalesce(convoquee_a, ${maintenant}), version = version + 1 where dept = ${dept} and id = ${seance.id}`
  await noter(session, seance.id, 'convoquee')
  return envoyerInvitations(session, seance, seance.sequence, [seance.le])
}
