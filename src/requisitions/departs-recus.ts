import type { Session } from '#acces'
import type { Dossier } from '#dossiers'
import { type Evenement, listerDestinataires, noter } from '#notifications'
import { listerInstructeurs } from './diffusion.ts'

/** A departure that somebody reported from outside the request: a landlord, a bailiff, a partner, by its own line (SIG-16). */
export interface DepartRecu {
  readonly id: string
  readonly le: Temporal.PlainDate
  readonly cles: boolean | null
  readonly organisme: string
}

/** Departures reported since the request was received, none of which was noted in it: what the State has to look at, newest first. */
export function listerDepartsRecus(
  session: Session,
  requisition: { readonly id: string; readonly dossier: string },
): Promise<DepartRecu[]> {
  const { dept } = session
  return session.sql<DepartRecu>`
    select s.id, s.date_acte as le, (s.contenu->>'cles_remises')::boolean as cles, o.nom as organisme
    from requisition q
    join rattachement r on r.dept = ${dept} and r.dossier = q.dossier and r.defait_a is null
    join signalement s on s.dept = ${dept} and s.id = r.signalement and s.retire_a is null and s.type = 'depart_volontaire'
    join organisme o on o.dept = ${dept} and o.id = s.organisme
    where q.dept = ${dept} and q.id = ${requisition.id} and q.dossier = ${requisition.dossier} and q.etat not in ('annulee', 'executee')
      and s.date_signalement >= q.recue_le
      and not exists (select 1 from requisition_acte a where a.dept = ${dept} and a.requisition = q.id and a.genre = 'depart_signale')
    order by s.date_signalement desc, s.id`
}

/**
 * Tells the State, once, of departures reported by a line on a dossier whose request runs: it would send people to an empty dwelling. Nothing is cancelled by it: the
 * State checks, then makes its gesture (RFP-27).
 */
export async function annoncerDeparts(session: Session): Promise<number> {
  const { dept } = session
  // Background work reads no request (they belong to the State's circle): the step of the dossier says that one runs.
  const recus = await session.sql<Pick<Dossier, 'territoire'> & { signalement: string; dossier: string }>`
    select s.id as signalement, d.id as dossier, d.territoire
    from signalement s
    join rattachement r on r.dept = ${dept} and r.signalement = s.id and r.defait_a is null
    join dossier d on d.dept = ${dept} and d.id = r.dossier and d.clos_le is null and d.stade in ('requisition_force_publique', 'concours_force_publique')
    where s.dept = ${dept} and s.type = 'depart_volontaire' and s.retire_a is null`
  const evenements: Evenement[] = []
  for (const [territoire, siens] of Map.groupBy(recus, (recu) => recu.territoire)) {
    const instructeurs = await listerInstructeurs(session, { territoire })
    const personnes = await listerDestinataires(
      session,
      instructeurs.map(({ id }) => id),
      'requisition.instruire',
    )
    const destinataires = personnes.map(({ compte, organisme }) => ({ compte, organisme }))
    for (const { signalement, dossier } of siens)
      evenements.push({
        genre: 'requisition',
        destinataires,
        dossier,
        objet: `depart:${signalement}`,
        avant: session.jour,
      })
  }
  return noter(session, evenements, { uneFois: true })
}
