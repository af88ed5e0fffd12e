import { type Application, acteurSysteme, expedier, ouvrirSession, type Session, TACHE_COURRIEL } from '#acces'
import { lireOuvertureExceptionnelle } from '#participations'
import { enqueue } from '#socle/queue'
import { leverAlertes } from './alertes.ts'
import type { AlerteCalculee } from './evaluer.ts'
import { regleAu, type SeuilsAcces } from './seuils.ts'

/** A demand to report: an access that was opened, or a reference that does not exist. */
export type DemandeASignaler =
  | { readonly acces: string }
  | { readonly compte: string; readonly jour: Temporal.PlainDate }

async function calculer(session: Session, demande: DemandeASignaler, seuils: SeuilsAcces): Promise<AlerteCalculee[]> {
  if (!('acces' in demande)) {
    const { compte, jour } = demande
    const cle = `exceptionnel|${compte}|${jour}|inconnu`
    return [{ regle: 'exceptionnel', cle, compte, dossier: null, jour, mesure: { compteur: 'inconnu' } }]
  }
  const repete = regleAu(seuils, 'exceptionnel_repete', session.jour)
  const lue = await lireOuvertureExceptionnelle(session, demande.acces, repete?.jours ?? 1)
  if (!lue) return []
  const { compte, dossier, jour, recentes } = lue
  const commun = { compte, dossier, jour }
  return [
    { regle: 'exceptionnel', cle: `exceptionnel|${lue.id}`, ...commun, mesure: {} },
    ...(repete && recentes > repete.ouvertures
      ? [
          {
            regle: 'exceptionnel_repete' as const,
            cle: `exceptionnel_repete|${compte}|${jour}`,
            ...commun,
            dossier: null,
            mesure: { n: recentes, seuil: repete.ouvertures, seuil_du: repete.du.toString() },
          },
        ]
      : []),
  ]
}

/**
 * Job: raises the alerts of an exceptional access and asks for one mail to each data protection officer. Run again after a failure, it raises nothing twice. When
 * the data switch the rule off, nothing is raised nor sent.
 */
export async function signalerAccesExceptionnel(
  application: Application,
  dept: string,
  demande: DemandeASignaler,
  seuils: SeuilsAcces,
): Promise<number> {
  return ouvrirSession(application, acteurSysteme(dept, 'signaler-exceptionnel'), 'alerte.traiter', async (session) => {
    if (!regleAu(seuils, 'exceptionnel', session.jour)) return 0
    const alertes = await calculer(session, demande, seuils)
    const nouvelles = await leverAlertes(session, alertes)
    if (nouvelles > 0)
      for (const compte of await listerDelegues(session))
        await enqueue(session, TACHE_COURRIEL, {
          dept,
          delegue: compte,
          alerte: alertes.at(-1)?.regle ?? 'exceptionnel',
        })
    return nouvelles
  })
}

async function listerDelegues({ sql, dept, jour }: Session): Promise<string[]> {
  const lignes = await sql<{ id: string }>`
    select distinct c.id from compte c join habilitation h on h.dept = ${dept} and h.compte = c.id and h.role = 'dpd' and h.retiree_a is null
      and h.du <= ${jour} and (h.jusqu_au is null or h.jusqu_au >= ${jour})
    where c.dept = ${dept} and c.ferme_a is null`
  return lignes.map(({ id }) => id)
}

/** Job: tells a data protection officer that there is something to look at. Nothing of a household nor of an agent leaves by mail. */
export async function envoyerAvisAlerte(
  application: Application,
  dept: string,
  { delegue, alerte }: { delegue: string; alerte: string },
): Promise<void> {
  const { acces } = application
  if (!acces) throw new Error('this application was opened without the settings of sign-in')
  const repete = alerte === 'exceptionnel_repete'
  await ouvrirSession(application, acteurSysteme(dept, 'avis-alerte'), 'alerte.traiter', async (session) => {
    const [destinataire] = await session.sql<{ courriel: string }>`
      select courriel from compte where dept = ${dept} and id = ${delegue}::uuid and ferme_a is null`
    if (!destinataire) return
    const mail = {
      subject: repete ? 'Amont : accès exceptionnels répétés' : 'Amont : un accès exceptionnel',
      text: [
        'Bonjour,',
        repete
          ? 'Une même personne a demandé plusieurs accès exceptionnels en quelques semaines.'
          : 'Une personne a demandé un accès exceptionnel à un dossier qu’elle ne suit pas.',
        `Qui, quand et pourquoi se lisent dans Amont : ${acces.adresse}/alertes`,
        'Ce message ne contient aucune donnée de ménage.\n',
      ].join('\n\n'),
    }
    const vers = { dept, compte: delegue, courriel: destinataire.courriel }
    await expedier(session, acces.courrier, vers, mail, session.maintenant)
  })
}
