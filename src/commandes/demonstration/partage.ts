import { listerOrganismes, ouvrirSession } from '#acces'
import {
  demanderLogement,
  lireDemandeLogement,
  listerAgencesPossibles,
  noterActeLogement,
  ouvrirFilReseau,
  publierDocument,
  remplacerDocument,
  repondreFilReseau,
  tenirAgence,
  tenirReseau,
} from '#echanges'
import type { ApplicationOuverte } from '../application.ts'
import { trouverActeur } from './acteur.ts'

const SOCIAUX = ['departement', 'ccas', 'association', 'point_conseil_budget', 'caf', 'msa', 'adil']

/** What the charter's sheets 2 and 4 ask to write together, in a few lines each: to be replaced by the département's own. */
const DOCUMENTS = [
  {
    genre: 'langage',
    theme: 'aides',
    stades: ['impaye', 'commandement_de_payer'],
    titre: 'L’aide au logement est un revenu',
    resume: 'Ce que chaque partenaire dit au ménage de la même façon.',
    ouvert: true,
    types: [],
    texte:
      'L’aide au logement sert à payer le loyer. Versée au bailleur ou au ménage, elle compte comme un revenu.\n\nReprendre le paiement du loyer courant passe avant le remboursement de la dette.',
  },
  {
    genre: 'fiche',
    theme: 'ccapex',
    stades: [],
    titre: 'La CCAPEX en une page',
    resume: 'Qui siège, ce qu’elle peut, comment la saisir.',
    ouvert: true,
    types: [],
    texte:
      'La commission rend des avis et des recommandations aux partenaires et aux ménages. Tout partenaire peut la saisir pour un ménage qu’il suit.',
  },
  {
    genre: 'support',
    theme: 'procedure',
    stades: ['assignation', 'audience'],
    titre: 'Frise : les enjeux à chaque étape',
    resume: 'Pour préparer un entretien avec un ménage assigné.',
    ouvert: false,
    types: SOCIAUX,
    texte:
      'À l’assignation : prendre contact, faire le diagnostic, préparer l’audience. Venir à l’audience change souvent la décision.',
  },
  {
    genre: 'pratique',
    theme: 'bailleurs',
    stades: ['prevention'],
    titre: 'Prélever le loyer quand arrivent les prestations',
    resume: 'Une pratique de bailleurs qui évite des impayés.',
    ouvert: false,
    types: [...SOCIAUX, 'bailleur_social', 'ais_aivs', 'union_bailleurs', 'agence_immobiliere'],
    texte:
      'Proposer au locataire un prélèvement le jour où ses prestations sont versées, et une quittance chaque mois.',
  },
]

/** A few documents, an agency that accepts, a dwelling asked for and offered, two networks with a first talk. Nobody's household. */
export async function installerPartage(application: ApplicationOuverte, domaine: string): Promise<void> {
  const [pilote, social, agence] = await Promise.all(
    ['pilote', 'social', 'agence'].map((nom) => trouverActeur(application, `${nom}@${domaine}`)),
  )
  if (!pilote || !social || !agence?.organisme) return
  const agenceOrganisme = agence.organisme
  const envoi = () => crypto.randomUUID()
  await ouvrirSession(application, pilote, 'document.publier', async (session) => {
    for (const { texte, ...classement } of DOCUMENTS) {
      const id = await publierDocument(session, classement, { texte, quoi: '', fichier: null, envoi: envoi() })
      if (classement.genre === 'langage')
        await remplacerDocument(session, id, 1, {
          texte: `${texte}\n\nEn cas de doute sur un droit : l’ADIL renseigne gratuitement.`,
          quoi: 'Rappel de l’ADIL ajouté.',
          fichier: null,
          envoi: envoi(),
        })
    }
  })
  const reseaux = await ouvrirSession(application, pilote, 'reseau.moderer', async (session) => {
    const organismes = await listerOrganismes(session)
    const membres = (types: readonly string[]) =>
      organismes.filter(({ type }) => types.includes(type)).map(({ id }) => id)
    const creer = (nom: string, objet: string, types: readonly string[]) =>
      tenirReseau(session, { id: null, nom, objet, membres: membres(types), ferme: false, version: 0 })
    return {
      bailleurs: await creer(
        'Travailleurs sociaux et bailleurs',
        'Échanger sur les pratiques : plans d’apurement, visites, orientations. Aucun dossier.',
        [...SOCIAUX, 'bailleur_social', 'ais_aivs', 'union_bailleurs'],
      ),
      personnel: await creer(
        'Travailleurs sociaux du personnel',
        'Faire connaître la prévention des expulsions aux services sociaux des employeurs.',
        ['departement', 'social_du_personnel'],
      ),
    }
  })
  const fil = await ouvrirSession(application, social, 'reseau.ecrire', (session) =>
    ouvrirFilReseau(session, reseaux.bailleurs, {
      sujet: 'Rédiger ensemble un protocole de cohésion sociale',
      texte: 'Qui prend la plume chez vous, et à quel moment associez-vous le travailleur social ?',
      envoi: envoi(),
    }),
  )
  await ouvrirSession(application, pilote, 'reseau.ecrire', (session) =>
    repondreFilReseau(session, fil, {
      texte: 'Un modèle commun sera publié dans les documents : vos exemples sont bienvenus, sans aucun nom.',
      envoi: envoi(),
    }),
  )
  await ouvrirSession(application, pilote, 'logement.consulter', async (session) => {
    for (const { id, nom } of await listerAgencesPossibles(session))
      await tenirAgence(session, {
        organisme: id,
        secteurs: ['rural', 'petites_surfaces'],
        territoires: [],
        joindre: `Accueil, ${nom}`,
        accordLe: session.jour.subtract({ days: 20 }),
        version: 0,
        retirer: false,
      })
  })
  const demandes = await ouvrirSession(application, social, 'logement.demander', async (session) => {
    const territoires = session.referentiel.departements.get(session.dept)?.territoires.territoires ?? []
    const agences = (await listerAgencesPossibles(session)).map(({ id }) => id)
    const demander = (secteur: string, rang: number, pieces: number, loyerMax: number) =>
      demanderLogement(session, {
        secteur,
        territoire: territoires[rang % territoires.length]?.id ?? '',
        commune: '',
        pieces,
        loyerMax,
        accessible: pieces === 1,
        vouluLe: session.jour.add({ days: 30 }),
        avant: session.jour.add({ days: 12 }),
        agences,
        reference: '',
        envoi: envoi(),
      })
    return [await demander('petites_surfaces', 0, 1, 42_000), await demander('rural', 1, 3, 61_000)]
  })
  await ouvrirSession(application, agence, 'logement.consulter', async (session) => {
    const demande = await lireDemandeLogement(session, demandes[0] ?? '')
    await noterActeLogement(session, demande.id, {
      agence: agenceOrganisme,
      genre: 'offre',
      texte: 'Au rez-de-chaussée.',
      loyer: 39_500,
      pieces: 1,
      le: session.jour.add({ days: 25 }),
      version: 1,
      envoi: envoi(),
    })
  })
}
