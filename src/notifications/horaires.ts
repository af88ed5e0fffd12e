import type { Session } from '#acces'
import { type Calendrier, estFerie } from '#procedure'
import { parametre, type ReponseParametre } from '#referentiel'
import { parisDateTime } from '#socle/time'

/** When mails may reach somebody. Null: nobody said, and nothing leaves. */
export interface Horaires {
  /** ISO days of the week. */
  readonly jours: readonly number[] | null
  /** Hour of the daily mail. */
  readonly heure: number | null
  /** Hours between which a pressing mail may leave. */
  readonly de: number | null
  readonly a: number | null
}

/** What the département says on a day: hours of mails, and the days that make a deadline near. */
export interface ReglagesLocaux extends Horaires {
  readonly pressante: number | null
  readonly annonce: number | null
}

const JOURS: Readonly<Record<string, readonly number[]>> = {
  lundi_vendredi: [1, 2, 3, 4, 5],
  lundi_samedi: [1, 2, 3, 4, 5, 6],
  tous_les_jours: [1, 2, 3, 4, 5, 6, 7],
}

/** Reads the settings of the département in force on the day of the session. What it does not say stays null: nothing is taken elsewhere. */
export function lireReglagesLocaux({
  referentiel,
  dept,
  jour,
}: Pick<Session, 'referentiel' | 'dept' | 'jour'>): ReglagesLocaux {
  const departement = referentiel.departements.get(dept)
  const valeur = <T>(reponse: ReponseParametre<T> | undefined): T | null =>
    reponse?.etat === 'valeur' ? reponse.valeur : null
  const jours = departement && valeur(parametre(departement, 'notification_jours', jour))
  const lire = (
    cle:
      | 'notification_heure'
      | 'notification_de'
      | 'notification_a'
      | 'notification_pressante'
      | 'notification_annonce',
  ) => (departement ? valeur(parametre(departement, cle, jour)) : null)
  return {
    jours: jours ? (JOURS[jours] ?? null) : null,
    heure: lire('notification_heure'),
    de: lire('notification_de'),
    a: lire('notification_a'),
    pressante: lire('notification_pressante'),
    annonce: lire('notification_annonce'),
  }
}

/** What somebody chose, over what the département says. */
export const horairesDe = (siens: Horaires, locaux: Horaires): Horaires => ({
  jours: siens.jours ?? locaux.jours,
  heure: siens.heure ?? locaux.heure,
  de: siens.de ?? locaux.de,
  a: siens.a ?? locaux.a,
})

const travaille = (calendrier: Calendrier, { jours }: Horaires, jour: Temporal.PlainDate): boolean =>
  (jours?.includes(jour.dayOfWeek) ?? false) && !estFerie(calendrier, jour)

/** The instant of the daily mail of today, once it has come and while the working day is not over; else null. */
export function creneauDuJour(
  calendrier: Calendrier,
  horaires: Horaires,
  maintenant: Temporal.Instant,
): Temporal.Instant | null {
  const ici = parisDateTime(maintenant)
  const { heure, a } = horaires
  if (heure === null || !travaille(calendrier, horaires, ici.toPlainDate())) return null
  if (ici.hour < heure || ici.hour >= Math.max(a ?? 0, heure + 1)) return null
  return ici
    .with({ hour: heure, minute: 0, second: 0, millisecond: 0, microsecond: 0, nanosecond: 0 })
    .toZonedDateTime('Europe/Paris')
    .toInstant()
}

/** Whether a pressing mail may leave now: never outside somebody's days and hours. */
export function peutPresser(calendrier: Calendrier, horaires: Horaires, maintenant: Temporal.Instant): boolean {
  const ici = parisDateTime(maintenant)
  const { de, a } = horaires
  return (
    de !== null && a !== null && travaille(calendrier, horaires, ici.toPlainDate()) && ici.hour >= de && ici.hour < a
  )
}
