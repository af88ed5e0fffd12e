import { envoyerOrdre, inscrire, lireSeance, proposerOrdre, relancerApports } from '#commission'
import { lireDossier } from '#dossiers'
import { exigerCles } from '#echanges'
import { refus } from '#socle/errors'
import { pluriel } from '#socle/typography'
import { champ, type Reponse, type Requete, redirection } from '../route.ts'
import { attentesDeSeance } from './attentes.ts'
import { adresseSeance } from './commun.tsx'

/** POST /seances/:seance/inscrire: the dossiers ticked among those proposed, each with its reason (COM-04). */
export async function inscrireProposes(requete: Requete): Promise<Reponse> {
  const { session, application } = requete
  const seance = await lireSeance(session, requete.parametres.seance ?? '')
  const choisis = new Set(requete.champs.dossiers)
  if (choisis.size === 0) throw refus('seance.choix', 'Choisir au moins un dossier de la liste.')
  // The reason is what the proposal says now, never what the form sends.
  const retenus = (await proposerOrdre(session, seance, await attentesDeSeance(requete, seance))).filter(
    ({ dossier }) => choisis.has(dossier),
  )
  const nombre = await inscrire(session, exigerCles(application), seance.id, retenus)
  return redirection(`${adresseSeance(seance.id)}#ordre`, {
    ton: 'tenu',
    texte:
      nombre === choisis.size
        ? `${pluriel(nombre, 'dossier inscrit', 'dossiers inscrits')}.`
        : `${pluriel(nombre, 'dossier inscrit', 'dossiers inscrits')} ; les autres l’étaient déjà, ou n’attendent plus.`,
  })
}

/** POST /seances/:seance/ajouter: any dossier, by its reference, for a reason (COM-17). */
export async function inscrireAutre(requete: Requete): Promise<Reponse> {
  const { session, application } = requete
  const seance = await lireSeance(session, requete.parametres.seance ?? '')
  const reference = champ(requete, 'reference')
  const motif = champ(requete, 'motif')
  if (reference === '') throw refus('seance.reference', 'Écrire la référence du dossier.')
  if (motif === '') throw refus('seance.motif', 'Écrire pourquoi ce dossier passe en commission.')
  const dossier = await lireDossier(session, reference)
  const nombre = await inscrire(session, exigerCles(application), seance.id, [
    { dossier: dossier.id, origine: 'secretariat', origine_id: null, motif },
  ])
  return redirection(`${adresseSeance(seance.id)}#ordre`, {
    ton: 'tenu',
    texte: nombre === 0 ? 'Ce dossier était déjà à l’ordre du jour.' : 'Ce dossier est inscrit.',
  })
}

/** POST /seances/:seance/envoyer (COM-05, COM-06). */
export async function envoyer(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const id = requete.parametres.seance ?? ''
  const { numero, fiches, sans } = await envoyerOrdre(session, id, Number(champ(requete, 'vu')))
  return redirection(adresseSeance(id), {
    ton: fiches === 0 ? 'bientot' : 'tenu',
    texte: `Version ${numero} envoyée : ${pluriel(fiches, 'fiche remise', 'fiches remises')}.${
      sans.length === 0 ? '' : ` Sans fiche, faute de compte ou de droit : ${sans.join(', ')}.`
    }`,
  })
}

/** POST /seances/:seance/relancer. */
export async function relancer(requete: Requete): Promise<Reponse> {
  const seance = await lireSeance(requete.session, requete.parametres.seance ?? '')
  const personnes = await relancerApports(requete.session, seance.id)
  return redirection(adresseSeance(seance.id), {
    ton: 'tenu',
    texte:
      personnes === 0
        ? 'Ceux qui n’ont pas répondu ont déjà été relancés.'
        : `${pluriel(personnes, 'personne est relancée', 'personnes sont relancées')}.`,
  })
}
