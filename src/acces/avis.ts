import type { Transaction } from '#socle/db'
import { enqueue } from '#socle/queue'
import { parisDateTime } from '#socle/time'
import { enConnexion, type Porte } from './connexion.ts'
import { exigerReglages } from './reglages.ts'
import { expedier } from './rejets.ts'

/** Name of the job that tells somebody what has changed in how their account is protected. */
export const TACHE_AVIS_COMPTE = 'avis-compte'

const CHANGEMENTS = {
  'mot-de-passe': 'Le mot de passe de votre compte Amont a été changé',
  'second-facteur': 'Un téléphone a été enrôlé pour les codes de votre compte Amont',
  codes: 'De nouveaux codes de secours ont été tirés pour votre compte Amont',
  calendrier: 'Une adresse secrète de calendrier a été créée ou renouvelée pour votre compte Amont',
} as const
type Changement = keyof typeof CHANGEMENTS

/** Prepares the mail, in the transaction of the change: without one, the other does not happen. The payload holds an identifier and a word. */
export function aviser(trx: Pick<Transaction, 'sql'>, dept: string, compte: string, quoi: Changement): Promise<void> {
  return enqueue(trx, TACHE_AVIS_COMPTE, { dept, compte, quoi })
}

const estChangement = (quoi: string): quoi is Changement => Object.hasOwn(CHANGEMENTS, quoi)

/** Job: tells the owner, at the address the account has now. No secret, no link: a mail that asks for nothing cannot be imitated to steal something. */
export async function envoyerAvisCompte(application: Porte, dept: string, compte: string, quoi: string): Promise<void> {
  const { courrier } = exigerReglages(application.acces)
  if (!estChangement(quoi) || !courrier.ready) return
  const courriel = await enConnexion(application.base, dept, async ({ sql }) => {
    const [ligne] = await sql<{ courriel: string }>`
      select courriel from compte where dept = ${dept} and id = ${compte}::uuid and ferme_a is null`
    return ligne?.courriel
  })
  if (!courriel) return
  const a = parisDateTime(application.horloge.now())
  const quand = `${a.toLocaleString('fr-FR', { day: 'numeric', month: 'long', year: 'numeric', calendar: 'gregory' })} à ${a.hour} h ${String(a.minute).padStart(2, '0')}`
  const texte = `Bonjour,\n\n${CHANGEMENTS[quoi]}, le ${quand}.\n\nSi c’est vous, il n’y a rien à faire.\n\nSinon, prévenir tout de suite l’administrateur d’Amont de votre département : il ferme les sessions et le compte. Ce message ne contient ni lien ni code, et Amont ne demande jamais un mot de passe par courriel.\n`
  await enConnexion(application.base, dept, (trx) =>
    expedier(
      trx,
      courrier,
      { dept, compte, courriel },
      { subject: CHANGEMENTS[quoi], text: texte },
      application.horloge.now(),
    ),
  )
}
