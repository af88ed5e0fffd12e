import { acteurSysteme, ouvrirSession } from '#acces'
import {
  defaireReponse,
  lireSignauxDesDossiers,
  listerDoutes,
  mettreDeCote,
  type ReponseDoute,
  trancherDoute,
} from '#rapprochement'
import { repartirDossiers } from '#repartition'
import { Refus } from '#socle/errors'
import { lireNavigation } from '../navigation.ts'
import { champ, type Message, type Reponse, type Requete, redirection } from '../route.ts'
import { pageDoute } from './doute.tsx'

const FILE_ENTIERE = 1000
const QUESTION_MINIMUM = 3

const adresse = (id: string): string => `/reconnaitre/${id}`

/** The doubt that followed on the screen when it still waits, otherwise the first of the queue, otherwise the queue itself. */
async function trouverSuivant(requete: Requete, sauf: string): Promise<string> {
  const file = (await listerDoutes(requete.session, FILE_ENTIERE)).filter(({ id }) => id !== sauf)
  const voulu = champ(requete, 'suivant')
  const suivant = file.find(({ id }) => id === voulu) ?? file[0]
  return suivant ? adresse(suivant.id) : '/reconnaitre'
}

/**
 * Answers, and decides the service of the dossiers touched before the next page is asked for. The background job written with the act is the truth: when
 * this try fails, the person's answer still stands.
 */
function repondreEtRepartir(requete: Requete, vers: string, message: Message, dossiers: readonly string[]): Reponse {
  const { application, acteur } = requete
  if (dossiers.length === 0) return redirection(vers, message)
  const repartir = () =>
    ouvrirSession(application, acteurSysteme(acteur.dept, 'repartir'), 'dossier.reaffecter', (session) =>
      repartirDossiers(session, dossiers),
    )
  return { genre: 'redirection', vers, message, apres: () => repartir().then(ignorer, ignorer) }
}

const ignorer = (): void => {}

function lireReponse(requete: Requete): ReponseDoute | null {
  const dossier = champ(requete, 'dossier')
  switch (champ(requete, 'reponse')) {
    case 'meme':
      return { genre: 'meme', dossier }
    case 'autre':
      return { genre: 'autre', dossier }
    case 'nouveau':
      return { genre: 'nouveau' }
    default:
      return null
  }
}

async function mettreEnAttente(requete: Requete, id: string): Promise<Reponse> {
  const question = champ(requete, 'question')
  if (question.length < QUESTION_MINIMUM) {
    const navigation = { ...(await lireNavigation(requete.session)), message: null }
    const erreur = 'Écrire la question à poser : elle est gardée avec le doute.'
    return pageDoute({ ...requete, navigation }, id, champ(requete, 'dossier') || undefined, { question, erreur }, 422)
  }
  await mettreDeCote(requete.session, id, question)
  return redirection(await trouverSuivant(requete, id), {
    texte: 'Doute mis de côté avec sa question. Il revient en fin de file.',
    ton: 'info',
  })
}

/** POST /reconnaitre/:id: the same household, not this one, a new one, or aside with a question; then the next doubt. */
export async function repondre(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const id = requete.parametres.id ?? ''
  const reponse = lireReponse(requete)
  try {
    if (champ(requete, 'reponse') === 'demander') return await mettreEnAttente(requete, id)
    if (reponse === null) return redirection(adresse(id), { texte: 'Choisir une réponse.', ton: 'bientot' })
    const { dossier } = await trancherDoute(session, id, reponse)
    const defaire = { action: `${adresse(id)}/defaire`, libelle: 'Défaire' }
    if (dossier === null) {
      return redirection(adresse(id), {
        texte: 'Dossier écarté : il ne sera plus proposé pour ce signal. Comparer le suivant.',
        defaire,
      })
    }
    const reference = (await lireSignauxDesDossiers(session, [dossier])).get(dossier)?.reference ?? ''
    const texte =
      reponse.genre === 'meme'
        ? `Signal rattaché au dossier ${reference}.`
        : `Dossier ${reference} ouvert pour ce signal.`
    return repondreEtRepartir(requete, await trouverSuivant(requete, id), { texte, defaire }, [dossier])
  } catch (erreur) {
    // Somebody else was faster: nothing was written here, and the queue says where things stand.
    if (erreur instanceof Refus && erreur.code === 'doute.deja-tranche')
      return redirection('/reconnaitre', { texte: erreur.message, ton: 'info' })
    throw erreur
  }
}

/** POST /reconnaitre/:id/defaire: the signal is in doubt again, with every dossier it was compared to. */
export async function defaire(requete: Requete): Promise<Reponse> {
  const id = requete.parametres.id ?? ''
  try {
    const { dossier } = await defaireReponse(requete.session, id)
    const message = {
      texte: 'Réponse défaite : le doute est revenu, avec tous ses dossiers proches.',
      ton: 'info',
    } as const
    return repondreEtRepartir(requete, adresse(id), message, dossier === null ? [] : [dossier])
  } catch (erreur) {
    if (!(erreur instanceof Refus)) throw erreur
    requete.session.consigner({
      action: 'doute.defaire',
      objet: 'doute',
      objetId: id,
      resultat: 'refuse',
      details: { code: erreur.code },
    })
    return redirection('/reconnaitre', { texte: erreur.message, ton: 'retard' })
  }
}
