import { parseArgs } from 'node:util'
import {
  critiquerMotDePasse,
  hacherMotDePasse,
  installerCompte,
  ouvrirSession,
  rolesPersonnes,
  trouverCompte,
  verifierAdresseNominative,
} from '#acces'
import { trouverCommune } from '#referentiel'
import { refus } from '#socle/errors'
import { parisDay } from '#socle/time'
import { declarerVoisinage } from '#vigilance'
import { avecApplication } from './application.ts'
import type { Commande } from './types.ts'

/** First line of standard input: what must appear neither in the command nor in its history. */
async function lireLigne(): Promise<string> {
  let entree = ''
  for await (const morceau of process.stdin) entree += morceau
  return entree.split('\n')[0]?.trimEnd() ?? ''
}

export const comptes: Commande = {
  nom: 'comptes',
  resume: 'crée un compte local et son habilitation, déclare la rue d’un agent',
  aide: `Usage : ./amont comptes creer --courriel ADRESSE --prenom P --nom N --organisme CODE --role ROLE [--territoires a,b] [--motif TEXTE] [--departement CODE]
        ./amont comptes voisinage --courriel ADRESSE --commune NOM [--departement CODE]

Le mot de passe est lu sur l’entrée standard (une ligne, 12 caractères au moins) : il n’apparaît ni dans la commande ni dans l’historique.
Un compte qui existe est rouvert, avec ce mot de passe. Pour inviter par courriel : écran Comptes, par un administrateur.
voisinage : la rue de la personne est lue sur l’entrée standard (« 12 rue des Forges ») ; une ligne vide l’oublie. Seule une empreinte est gardée :
une ouverture du dossier d’un ménage de cette rue devient une alerte pour le délégué à la protection des données. Facultatif, avec l’accord de la personne.
Rôles : ${rolesPersonnes.join(', ')}.`,
  async executer(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        courriel: { type: 'string' },
        prenom: { type: 'string' },
        nom: { type: 'string' },
        organisme: { type: 'string' },
        role: { type: 'string' },
        territoires: { type: 'string' },
        motif: { type: 'string' },
        commune: { type: 'string' },
        departement: { type: 'string' },
      },
    })
    const { courriel, prenom, nom, organisme, role, commune } = values
    if (positionals[0] === 'voisinage' && courriel && commune) {
      return avecApplication('comptes', values.departement, async (application, acteur) => {
        const adresse = await lireLigne()
        await ouvrirSession(application, acteur, 'compte.gerer', async (session) => {
          const compte = await trouverCompte(session, courriel)
          if (!compte) throw refus('compte.inconnu', `Aucun compte n’a l’adresse « ${courriel} » dans ce département.`)
          const territoires = application.referentiel.departements.get(application.departement)?.territoires
          const lieu = territoires ? trouverCommune(territoires, commune, session.jour) : null
          await declarerVoisinage(session, { compte: compte.id, adresse, codeInsee: lieu?.codeInsee ?? null })
        })
        process.stdout.write(
          adresse.trim() === '' ? 'Rue oubliée.\n' : 'Rue déclarée : seule son empreinte est gardée.\n',
        )
        return 0
      })
    }
    if (positionals[0] !== 'creer' || !courriel || !prenom || !nom || !organisme || !role) {
      process.stderr.write(`${this.aide}\n`)
      return 2
    }
    if (!(rolesPersonnes as readonly string[]).includes(role))
      throw refus('compte.role', `Le rôle « ${role} » n’existe pas.`)
    verifierAdresseNominative(courriel)
    const motDePasse = await lireLigne()
    const critique = critiquerMotDePasse(motDePasse, courriel)
    if (critique) throw critique
    return avecApplication('comptes', values.departement, async (application) => {
      const maintenant = application.horloge.now()
      await installerCompte(application.base, {
        dept: application.departement,
        courriel,
        prenom,
        nom,
        motDePasse: await hacherMotDePasse(motDePasse),
        organisme,
        role,
        territoires: values.territoires?.split(',').map((territoire) => territoire.trim()),
        du: parisDay(maintenant),
        motif: values.motif ?? 'Créé en ligne de commande',
        a: maintenant,
      })
      process.stdout.write(`Compte ${courriel} prêt.\n`)
      return 0
    })
  },
}
