import { type Application, acteurSysteme, ouvrirSession, type Session } from '#acces'
import { parametre } from '#referentiel'
import { figerListes } from '#repartition'

type Regles = Pick<Session, 'referentiel' | 'dept'>

/** Delay a service has to answer its list, as the département sets it on that day; null when it sets none. */
function delaiReponse({ referentiel, dept }: Regles, jour: Temporal.PlainDate): Temporal.Duration | null {
  const departement = referentiel.departements.get(dept)
  if (!departement) return null
  const reponse = parametre(departement, 'reponse_par_rang_delai', jour)
  return reponse.etat === 'valeur' ? Temporal.Duration.from({ days: reponse.valeur }) : null
}

/** Freezes the lists of every service for one day. Repeating it for the same day adds nothing. */
export function figerTableaux(
  application: Application,
  dept: string,
  date: Temporal.PlainDate,
  organisme?: string,
): Promise<{ id: string; lignes: number }[]> {
  return ouvrirSession(application, acteurSysteme(dept, 'figer-tableaux'), 'liste.figer', (session) =>
    figerListes(session, { date, delaiReponse: delaiReponse(session, date), organisme }),
  )
}

const JOURS = ['lundi', 'mardi', 'mercredi', 'jeudi', 'vendredi', 'samedi', 'dimanche']

/** True on the day the département sends its lists: Monday when it says nothing. */
export function estJourDesTableaux({ referentiel, dept }: Regles, jour: Temporal.PlainDate): boolean {
  const departement = referentiel.departements.get(dept)
  if (!departement) return false
  const reponse = parametre(departement, 'tableaux_jour_envoi', jour)
  return JOURS[jour.dayOfWeek - 1] === (reponse.etat === 'valeur' ? reponse.valeur : 'lundi')
}
