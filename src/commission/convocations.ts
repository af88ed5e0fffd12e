import { type Application, acteurSysteme, ouvrirSession, type Session } from '#acces'
import { type CalendarEvent, writeCalendar } from '#socle/ical'
import { formatHeure } from '#socle/typography'
import { listerMembres } from './commissions.ts'
import { lireSeance, type Seance } from './seances.ts'

/** The session as a calendar event: its commission, hours and place; never a household. */
function evenementDe(seance: Seance, adresse: string, stamp: Temporal.Instant): CalendarEvent {
  const a = (heure: string) => seance.le.toZonedDateTime({ timeZone: 'Europe/Paris', plainTime: heure })
  return {
    uid: `seance-${seance.id}@${new URL(adresse).hostname}`,
    sequence: seance.sequence,
    stamp,
    start: a(seance.debut),
    minutes: a(seance.debut).until(a(seance.fin)).total('minutes'),
    summary: `CCAPEX, ${seance.commission_nom}`,
    location: seance.lieu,
    url: `${adresse}/seances/${seance.id}`,
    cancelled: seance.etat === 'annulee',
  }
}

/** The `.ics` file of a session, as anybody who reads the calendar takes it. */
export const fichierDeSeance = (session: Session, seance: Seance, adresse: string): Uint8Array =>
  writeCalendar([evenementDe(seance, adresse, session.maintenant)])

const jourLong = (seance: Seance): string =>
  seance.le.toLocaleString('fr-FR', { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' })

/** Job: sends to one person the invitation to a session, its update, or its cancellation. An older one than the session is not sent: a newer one is on its way. */
export async function envoyerConvocation(
  application: Application,
  dept: string,
  { seance: id, membre, personne, sequence }: { seance: string; membre: string; personne: string; sequence: string },
): Promise<void> {
  const reglages = application.acces
  if (!reglages?.courrier.ready) return
  await ouvrirSession(application, acteurSysteme(dept, 'convocation'), 'seance.preparer', async (session) => {
    const seance = await lireSeance(session, id)
    if (seance.sequence > Number(sequence)) return
    const siege = (await listerMembres(session, seance.commission)).find((un) => un.id === membre)
    const courriel = (personne === 'suppleant' ? siege?.suppleant : siege?.titulaire)?.courriel ?? ''
    if (courriel === '') return
    const annulee = seance.etat === 'annulee'
    const quoi = annulee ? 'Annulation' : seance.sequence > 0 ? 'Changement' : 'Convocation'
    session.consigner({
      action: 'convocation.envoyer',
      objet: 'seance',
      objetId: seance.id,
      details: { membre, personne },
    })
    await reglages.courrier.send({
      to: courriel,
      subject: `${quoi} : CCAPEX, ${seance.commission_nom}, ${jourLong(seance)}`,
      text: `Bonjour,\n\n${
        annulee
          ? `La séance du ${jourLong(seance)} n’aura pas lieu.`
          : `${seance.sequence > 0 ? 'La séance a changé. Elle se tient' : 'Vous êtes convié à la séance qui se tient'} le ${jourLong(seance)}, de ${formatHeure(seance.debut)} à ${formatHeure(seance.fin)}${seance.lieu === '' ? '' : `, ${seance.lieu}`}.`
      }\n\nL’événement joint se range dans votre agenda. L’ordre du jour et les fiches se lisent dans Amont, jamais par courriel :\n\n${reglages.adresse}/seances/${seance.id}\n`,
      calendar: {
        method: annulee ? 'CANCEL' : 'REQUEST',
        content: Buffer.from(
          writeCalendar([evenementDe(seance, reglages.adresse, session.maintenant)], {
            invitation: {
              method: annulee ? 'CANCEL' : 'REQUEST',
              organizer: `amont@${new URL(reglages.adresse).hostname}`,
              attendee: courriel,
            },
          }),
        ).toString(),
      },
    })
  })
}
