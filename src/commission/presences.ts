import type { Session } from '#acces'
import { Conflit, Introuvable, refus } from '#socle/errors'
import { listerMembres, type Membre, reglementAu } from './commissions.ts'
import { lireSeance, type Seance, verrouillerSeance } from './seances.ts'

export const etatsPresence = {
  attendu: 'Attendu',
  titulaire: 'Titulaire présent',
  suppleant: 'Suppléant présent',
  excuse: 'Excusé',
  absent: 'Absent',
} as const
export type EtatPresence = keyof typeof etatsPresence

export interface Presence {
  readonly membre: Membre
  readonly etat: EtatPresence
  /** When one of its representatives first read the reminder. */
  readonly rappel_lu_a: Temporal.Instant | null
  readonly version: number
}

/** Whether a session may decide. `indetermine`: a voice is not said, and it could change the answer. */
export interface Quorum {
  readonly etat: 'sans_objet' | 'atteint' | 'non_atteint' | 'indetermine'
  readonly requis: number | null
  readonly presents: number
  readonly sansVoix: number
}

/** The members of the day of a session, with their attendance. */
export async function listerPresences(session: Session, seance: Seance): Promise<Presence[]> {
  const { dept, sql } = session
  const membres = await listerMembres(session, seance.commission, seance.le)
  const notees = await sql<{
    membre: string
    etat: EtatPresence
    version: number
  }>`
    select membre, etat, version from seance_presence where dept = ${dept} and seance = ${seance.id}`
  const rappels = await sql<{ compte: string; a: Temporal.Instant }>`
    select compte, a from seance_rappel where dept = ${dept} and seance = ${seance.id} order by a desc`
  const parMembre = new Map(notees.map((une) => [une.membre, une]))
  const parCompte = new Map(rappels.map(({ compte, a }) => [compte, a]))
  return membres.map((membre) => {
    const { etat = 'attendu', version = 0 } = parMembre.get(membre.id) ?? {}
    const lus = [membre.titulaire, membre.suppleant].flatMap(({ compte }) => (compte && parCompte.get(compte)) || [])
    return { membre, etat, rappel_lu_a: lus.toSorted(Temporal.Instant.compare)[0] ?? null, version }
  })
}

/** What may be noted of a seat: nobody comes for a member who is not named. */
export const presencesPossibles = ({
  titulaire,
  suppleant,
}: Pick<Membre, 'titulaire' | 'suppleant'>): readonly EtatPresence[] =>
  (Object.keys(etatsPresence) as EtatPresence[]).filter(
    (etat) => (etat !== 'titulaire' || titulaire.nom !== '') && (etat !== 'suppleant' || suppleant.nom !== ''),
  )

const estPresent = (etat: EtatPresence): boolean => etat === 'titulaire' || etat === 'suppleant'

/** Counts the deliberative voices present against the quorum of the rules. Rules that set none: no quorum. */
export function calculerQuorum(requis: number | null, presences: readonly Pick<Presence, 'etat' | 'membre'>[]): Quorum {
  const presents = presences.filter(({ etat }) => estPresent(etat))
  const voix = presents.filter(({ membre }) => membre.voix === 'deliberative').length
  const sansVoix = presents.filter(({ membre }) => membre.voix === null && membre.qualite !== 'maire').length
  const etat =
    requis === null
      ? 'sans_objet'
      : voix >= requis
        ? 'atteint'
        : voix + sansVoix >= requis
          ? 'indetermine'
          : 'non_atteint'
  return { etat, requis, presents: voix, sansVoix }
}

/** The quorum of a session under the rules of its day. */
export async function lireQuorum(session: Session, seance: Seance, presences: readonly Presence[]): Promise<Quorum> {
  const reglement = await reglementAu(session, seance.commission, seance.le)
  return calculerQuorum(reglement?.quorum ?? null, presences)
}

/** Notes who came. Each line is compared with the version its page showed: two people at the door never overwrite each other. */
export async function noterPresences(
  session: Session,
  id: string,
  notes: readonly { readonly membre: string; readonly etat: EtatPresence; readonly vu: number }[],
): Promise<number> {
  const { dept, sql } = session
  const seance = await verrouillerSeance(session, id, null)
  if (seance.etat === 'annulee') throw refus('seance.etat', 'Cette séance est annulée : personne n’y est venu.')
  const avant = new Map((await listerPresences(session, seance)).map((une) => [une.membre.id, une]))
  const changes = notes.filter(({ membre, etat }) => avant.get(membre)?.etat !== etat)
  for (const { membre, etat, vu } of changes) {
    const la = avant.get(membre)
    if (!la) throw new Introuvable()
    if (!presencesPossibles(la.membre).includes(etat))
      throw refus(
        'presence.personne',
        `${la.membre.organisme_nom} n’a pas de ${etat === 'suppleant' ? 'suppléant' : 'titulaire'} : le nommer dans la commission avant de le noter présent.`,
      )
    if (la.version !== vu)
      throw new Conflit(
        'presence.changee',
        'La présence a été notée par quelqu’un d’autre : rien n’est enregistré. Relire la page.',
      )
  }
  const lignes = changes.map(({ membre, etat }) => ({ membre, etat, organisme: avant.get(membre)?.membre.organisme }))
  await sql`insert into seance_presence as p (dept, seance, membre, organisme, etat)
    select ${dept}, ${seance.id}, x.membre, x.organisme, x.etat from jsonb_to_recordset(${JSON.stringify(lignes)}::jsonb) as x(membre uuid, organisme uuid, etat text)
    on conflict (dept, seance, membre) do update set etat = excluded.etat, version = p.version + 1`
  session.consigner({
    action: 'seance.preparer',
    objet: 'seance',
    objetId: seance.id,
    details: { acte: 'presence', nombre: lignes.length },
  })
  return lignes.length
}

/**
 * Says that this person read the reminder of confidentiality for this session. Said twice, it stays the first time. Only whoever has sheets to read says so: for anybody
 * else the session has no reminder.
 */
export async function lireRappel(session: Session, id: string): Promise<void> {
  const { dept, maintenant, acteur, sql } = session
  const seance = await lireSeance(session, id)
  const [sienne] =
    await sql`select 1 from fiche_seance where dept = ${dept} and seance = ${seance.id} and organisme = ${acteur.organisme}::uuid
    and ${acteur.compte}::uuid = any (lecteurs) limit 1`
  if (!sienne || acteur.compte === null || acteur.organisme === null) throw new Introuvable()
  await sql`insert into seance_rappel (dept, seance, compte, organisme, a)
    values (${dept}, ${seance.id}, ${acteur.compte}, ${acteur.organisme}, ${maintenant}) on conflict do nothing`
  session.consigner({ action: 'seance.rappel', objet: 'seance', objetId: seance.id })
}

/** Whether this person read it. */
export async function aLuRappel(session: Session, seance: string): Promise<boolean> {
  const { dept, acteur, sql } = session
  const [lu] =
    await sql`select 1 from seance_rappel where dept = ${dept} and seance = ${seance} and compte = ${acteur.compte}::uuid`
  return lu !== undefined
}
