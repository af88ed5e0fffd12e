import { acteurSysteme, ouvrirSession } from '#acces'
import {
  defaireReponse,
  lireDoute,
  lireSignauxDesDossiers,
  listerDoutes,
  mettreDeCote,
  type ReponseDoute,
  trancherDoute,
  trouverReponse,
} from '#rapprochement'
import { repartirDossiers } from '#repartition'
import { Conflit, Refus } from '#socle/errors'
import { formatInstant, pluriel } from '#socle/typography'
import { lireVu, ouConflit, pageConflit } from '../conflit.tsx'
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

const MOTS = {
  meme: 'C’est le même ménage',
  autre: 'Ce n’est pas le même',
  nouveau: 'Nouveau ménage',
} as const

/** Lines ticked to go along, when the page proposed some. */
const lireAvec = (requete: Requete): readonly string[] | undefined =>
  champ(requete, 'lignes') === '' ? undefined : (requete.champs.avec ?? [])

const referenceDe = async (requete: Requete, dossier: string): Promise<string> =>
  (await lireSignauxDesDossiers(requete.session, [dossier])).get(dossier)?.reference ?? ''

/** The answer meets another, or a doubt that is no longer the one read: both versions, and what may be done. */
async function comparer(
  requete: Requete,
  id: string,
  reponse: ReponseDoute | null,
  conflit: Conflit,
): Promise<Reponse> {
  const donnee = await trouverReponse(requete.session, id)
  const dossier = reponse !== null && reponse.genre !== 'nouveau' ? reponse.dossier : null
  const vers = dossier === null ? '' : `, dossier ${await referenceDe(requete, dossier)}`
  const saisie = reponse === null ? `Demander : ${champ(requete, 'question')}` : `${MOTS[reponse.genre]}${vers}`
  const suivant = await trouverSuivant(requete, id)
  const communs = {
    message: conflit.message,
    courante: 'reconnaitre',
    fil: [{ libelle: 'Doutes à lever', href: '/reconnaitre' }, { libelle: 'Deux réponses' }],
  }
  if (donnee) {
    if (donnee.reponse === reponse?.genre && (reponse.genre !== 'meme' || donnee.dossier === reponse.dossier))
      return redirection(suivant, {
        texte: `${donnee.auteur ?? 'Quelqu’un'} a déjà donné la même réponse, le ${formatInstant(donnee.repondu_a)}.`,
        ton: 'info',
      })
    return pageConflit(requete, {
      ...communs,
      quoi: 'Un doute sur un ménage',
      versions: [
        {
          cle: id,
          libelle: 'Réponse',
          saisie,
          enregistree: `${MOTS[donnee.reponse]}${donnee.reference === null ? '' : `, dossier ${donnee.reference}`}`,
          qui: `${donnee.auteur ?? 'Amont'}, le ${formatInstant(donnee.repondu_a)}`,
        },
      ],
      conseil:
        'Défaire la réponse enregistrée fait revenir le doute, avec tous ses dossiers proches : vous pourrez alors donner la vôtre. Rien n’est perdu.',
      garder: { libelle: 'Garder la réponse enregistrée, et continuer', href: suivant },
      remplacer: null,
      autre: { libelle: 'Défaire la réponse enregistrée', action: `${adresse(id)}/defaire` },
    })
  }
  const doute = await lireDoute(requete.session, id)
  const dossiers = doute.candidats.map(({ reference }) => reference).join(', ')
  return pageConflit(requete, {
    ...communs,
    quoi: 'Un doute sur un ménage',
    versions: [
      {
        cle: id,
        libelle: 'Réponse',
        saisie,
        enregistree: `Toujours en doute : ${pluriel(doute.lignes.length + 1, 'signal', 'signaux')}${dossiers === '' ? ', aucun dossier proche' : `, à comparer avec ${dossiers}`}`,
      },
    ],
    conseil: 'Relire le doute tel qu’il est maintenant, puis répondre : rien n’a été rattaché ni écarté.',
    garder: { libelle: 'Relire ce doute', href: adresse(id) },
    remplacer: null,
  })
}

/** POST /reconnaitre/:id: the same household, not this one, a new one, or aside with a question; then the next doubt. */
export async function repondre(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const id = requete.parametres.id ?? ''
  const reponse = lireReponse(requete)
  if (champ(requete, 'reponse') === 'demander') {
    const fait = await ouConflit(requete, 'doute.trancher', () => mettreEnAttente(requete, id))
    return fait instanceof Conflit ? comparer(requete, id, null, fait) : fait
  }
  if (reponse === null) return redirection(adresse(id), { texte: 'Choisir une réponse.', ton: 'bientot' })
  const fait = await ouConflit(requete, 'doute.trancher', () =>
    trancherDoute(session, id, reponse, { avec: lireAvec(requete), vu: lireVu(requete, 'doute') }),
  )
  if (fait instanceof Conflit) return comparer(requete, id, reponse, fait)
  const { dossier, lignes } = fait
  const defaire = { action: `${adresse(id)}/defaire`, libelle: 'Défaire' }
  if (dossier === null) {
    return redirection(adresse(id), {
      texte: 'Dossier écarté : il ne sera plus proposé pour ce signal. Comparer le suivant.',
      defaire,
    })
  }
  const reference = await referenceDe(requete, dossier)
  const texte =
    reponse.genre === 'meme'
      ? `${lignes === 1 ? 'Signal rattaché' : pluriel(lignes, 'signal rattaché', 'signaux rattachés')} au dossier ${reference}.`
      : `Dossier ${reference} ouvert pour ${lignes === 1 ? 'ce signal' : `ces ${lignes} signaux`}.`
  return repondreEtRepartir(requete, await trouverSuivant(requete, id), { texte, defaire }, [dossier])
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
