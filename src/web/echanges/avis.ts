import { reglerAvis } from '#echanges'
import { champ, type Reponse, type Requete, redirection } from '../route.ts'

/** POST /compte/avis: mails of the exchanges, on or off, for oneself. */
export async function reglerMesAvis(requete: Requete): Promise<Reponse> {
  const recevoir = champ(requete, 'recevoir') === 'oui'
  await reglerAvis(requete.session, recevoir)
  return redirection('/compte', {
    texte: recevoir ? 'Les avis par courriel sont activés.' : 'Vous ne recevrez plus d’avis par courriel.',
  })
}
