import {
  envoyerOrdre,
  inscrire,
  lireSeance,
  listerInjoignables,
  listerInscriptions,
  proposerOrdre,
  relancerApports,
  type Seance,
} from '#commission'
import { lireDossier } from '#dossiers'
import { exigerCles } from '#echanges'
import { Introuvable, refus } from '#socle/errors'
import { pluriel } from '#socle/typography'
import { champ, type Reponse, type Requete, redirection } from '../route.ts'
import { agirSurSeance } from './acte.tsx'
import { attentesDeSeance } from './attentes.ts'
import { adresseSeance } from './commun.tsx'
import { montrerPreparation } from './seance.tsx'

/** The agenda as it stands, in a line. */
const direOrdre = async ({ session }: Requete, { id, odj_numero }: Seance): Promise<string> =>
  `${pluriel((await listerInscriptions(session, id)).length, 'dossier inscrit', 'dossiers inscrits')}, ${
    odj_numero === null ? 'pas encore envoyé' : `version ${odj_numero} envoyée`
  }`

/** POST /seances/:seance/inscrire: the dossiers ticked among those proposed, each with its reason (COM-04). */
export async function inscrireProposes(requete: Requete): Promise<Reponse> {
  const { session, application } = requete
  const seance = await lireSeance(session, requete.parametres.seance ?? '')
  const choisis = [...new Set(requete.champs.dossiers)]
  let nombre = 0
  const arrete = await agirSurSeance(
    requete,
    {
      seance: seance.id,
      formulaire: 'inscrire',
      refuser: (typee) => montrerPreparation(requete, typee),
      versions: async (maintenant) => [
        {
          cle: 'ordre',
          libelle: 'Ordre du jour',
          saisie: `${pluriel(choisis.length, 'dossier', 'dossiers')} de plus`,
          enregistree: await direOrdre(requete, maintenant),
        },
      ],
    },
    async () => {
      if (choisis.length === 0) throw refus('seance.choix', 'Choisir au moins un dossier de la liste.')
      // The reason is what the proposal says now, never what the form sends.
      const { candidats } = await proposerOrdre(session, seance, {
        attentes: await attentesDeSeance(requete, seance),
        dossiers: choisis,
        limite: choisis.length,
      })
      nombre = await inscrire(session, exigerCles(application), seance.id, candidats)
    },
  )
  if (arrete) return arrete
  return redirection(`${adresseSeance(seance.id)}#ordre`, {
    ton: 'tenu',
    texte:
      nombre === choisis.length
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
  let nombre = 0
  const arrete = await agirSurSeance(
    requete,
    {
      seance: seance.id,
      formulaire: 'ajouter',
      refuser: (typee) => montrerPreparation(requete, typee),
      versions: async (maintenant) => [
        { cle: 'reference', libelle: 'Dossier à inscrire', saisie: reference, enregistree: null },
        { cle: 'motif', libelle: 'Pourquoi', saisie: motif || null, enregistree: null },
        { cle: 'ordre', libelle: 'Ordre du jour', saisie: null, enregistree: await direOrdre(requete, maintenant) },
      ],
    },
    async () => {
      if (reference === '') throw refus('seance.reference', 'Écrire la référence du dossier.')
      if (motif === '') throw refus('seance.motif', 'Écrire pourquoi ce dossier passe en commission.')
      nombre = await inscrire(session, exigerCles(application), seance.id, [
        { dossier: await trouver(requete, reference), origine: 'secretariat', origine_id: null, motif },
      ])
    },
  )
  if (arrete) return arrete
  return redirection(`${adresseSeance(seance.id)}#ordre`, {
    ton: 'tenu',
    texte: nombre === 0 ? 'Ce dossier était déjà à l’ordre du jour.' : 'Ce dossier est inscrit.',
  })
}

/** The dossier of a reference typed in a form: unknown or out of reach, the form says so the same way. */
async function trouver({ session }: Requete, reference: string): Promise<string> {
  try {
    return (await lireDossier(session, reference)).id
  } catch (erreur) {
    if (!(erreur instanceof Introuvable)) throw erreur
    throw refus('seance.reference', 'Aucun dossier de votre périmètre ne porte cette référence : la vérifier.')
  }
}

/** POST /seances/:seance/envoyer (COM-05, COM-06). */
export async function envoyer(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const { id } = await lireSeance(session, requete.parametres.seance ?? '')
  let texte = ''
  let fiches = 0
  const arrete = await agirSurSeance(
    requete,
    {
      seance: id,
      formulaire: 'envoyer',
      refuser: (typee) => montrerPreparation(requete, typee),
      versions: async (maintenant) => [
        {
          cle: 'ordre',
          libelle: 'Ordre du jour',
          saisie: 'Envoyé tel que vous l’aviez lu',
          enregistree: await direOrdre(requete, maintenant),
        },
      ],
    },
    async () => {
      const envoi = await envoyerOrdre(session, id, Number(champ(requete, 'vu')))
      fiches = envoi.fiches
      texte = `Version ${envoi.numero} envoyée : ${pluriel(fiches, 'fiche remise', 'fiches remises')}.${
        envoi.sans.length === 0 ? '' : ` Sans fiche, faute de compte ou de droit : ${envoi.sans.join(', ')}.`
      }`
    },
  )
  return arrete ?? redirection(adresseSeance(id), { ton: fiches === 0 ? 'bientot' : 'tenu', texte })
}

/** POST /seances/:seance/relancer. */
export async function relancer(requete: Requete): Promise<Reponse> {
  const { session } = requete
  const seance = await lireSeance(session, requete.parametres.seance ?? '')
  const personnes = await relancerApports(session, seance.id)
  const sans = await listerInjoignables(session, seance)
  return redirection(adresseSeance(seance.id), {
    ton: personnes === 0 || sans.length > 0 ? 'bientot' : 'tenu',
    texte: [
      personnes === 0
        ? 'Ceux qui n’ont pas répondu et que l’on peut joindre ont déjà été relancés.'
        : `${pluriel(personnes, 'personne est relancée', 'personnes sont relancées')}.`,
      ...(sans.length === 0 ? [] : [`Personne à joindre pour ${sans.join(', ')} : à relancer à la main.`]),
    ].join(' '),
  })
}
