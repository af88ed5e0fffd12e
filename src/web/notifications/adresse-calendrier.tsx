import { randomUUID } from 'node:crypto'
import { estConfirmee } from '#acces'
import { renouvelerAdresseCalendrier, retirerAdresseCalendrier } from '#notifications'
import { type Keyring, keyedFingerprint } from '#socle/cipher'
import { refus } from '#socle/errors'
import { Cadre } from '../cadre.tsx'
import { Bouton, Carte, Message, Pile } from '../composants/index.ts'
import { ConfirmationDemandee } from '../export.tsx'
import { champ, page, type Reponse, type Requete, redirection } from '../route.ts'

/** Drawn from the mark of the form and the key of the installation: who sees the form does not know it, and sending it twice gives the same. */
function secretDe(cles: Keyring, { dept, acteur }: Requete['session'], envoi: string): string {
  const cle = cles.keys[0]
  const marque = /^[0-9a-f-]{36}$/.test(envoi) ? envoi : randomUUID()
  if (!cle) throw new Error('no key to draw an address from')
  return keyedFingerprint(cle.key, `calendrier|${dept}|${acteur.compte}|${marque}`)
}

/** POST /compte/calendrier. The answer shows the address once; no other page has it. */
export async function agirSurMonCalendrier(requete: Requete): Promise<Reponse> {
  const { session, application, connecte } = requete
  const vue = champ(requete, 'vue')
  if (champ(requete, 'acte') === 'retirer') {
    await retirerAdresseCalendrier(session, vue)
    return redirection('/compte/notifications#calendrier', {
      texte: 'Adresse de calendrier retirée : plus personne ne lit rien par elle.',
    })
  }
  if (!application.acces)
    throw refus('calendrier.adresse', 'Cette installation n’a pas d’adresse publique réglée : demander à l’exploitant.')
  // It opens dates and references without a password, for as long as it lasts: an unattended screen is not enough to take one.
  if (!estConfirmee(connecte, session.maintenant)) throw new ConfirmationDemandee()
  const secret = await renouvelerAdresseCalendrier(
    session,
    vue === '' ? null : vue,
    secretDe(application.acces.cles, session, champ(requete, 'envoi')),
  )
  const adresse = `${application.acces.adresse}/calendrier/${secret}.ics`
  return page(
    <Cadre
      requete={requete}
      titre="Mon adresse de calendrier"
      chapo="La copier maintenant dans votre agenda : elle ne sera plus montrée."
      fil={[
        { libelle: 'Mon compte', href: '/compte' },
        { libelle: 'Mes notifications', href: '/compte/notifications' },
        { libelle: 'Adresse de calendrier' },
      ]}
    >
      <Pile>
        <Carte titre="L’adresse secrète">
          <p className="notif-adresse">
            <code>{adresse}</code>
          </p>
          <p className="note mt2">
            Dans l’agenda : « S’abonner à un calendrier », « Ajouter à partir d’Internet » ou « Nouvel agenda sur le
            réseau ». L’agenda la relit de lui-même toutes les quelques heures.
          </p>
        </Carte>
        <Message ton="bientot">
          Qui a cette adresse lit vos dates et les références de vos dossiers, sans mot de passe. Ne l’envoyer à
          personne, ne pas l’ajouter à un agenda partagé. Au moindre doute, la renouveler : l’ancienne ne vaut plus
          rien.
        </Message>
        <p>
          <Bouton href="/compte/notifications#calendrier">J’ai copié l’adresse</Bouton>
        </p>
      </Pile>
    </Cadre>,
  )
}
