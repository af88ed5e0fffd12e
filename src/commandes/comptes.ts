import { parseArgs } from 'node:util'
import { hacherMotDePasse, installerCompte, type Role, roles } from '#acces'
import { refus } from '#socle/errors'
import { parisDay } from '#socle/time'
import { avecApplication } from './application.ts'
import type { Commande } from './types.ts'

export const comptes: Commande = {
  nom: 'comptes',
  resume: 'crée un compte local et son habilitation',
  aide: `Usage : ./amont comptes creer --courriel ADRESSE --prenom P --nom N --organisme CODE --role ROLE [--territoires a,b] [--motif TEXTE] [--departement CODE]

Le mot de passe est lu sur l’entrée standard (une ligne, 12 caractères au moins) : il n’apparaît ni dans la commande ni dans l’historique.
Rôles : ${roles.filter((role) => role !== 'systeme').join(', ')}.`,
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
        departement: { type: 'string' },
      },
    })
    const { courriel, prenom, nom, organisme, role } = values
    if (positionals[0] !== 'creer' || !courriel || !prenom || !nom || !organisme || !role) {
      process.stderr.write(`${this.aide}\n`)
      return 2
    }
    if (role === 'systeme' || !(roles as readonly string[]).includes(role))
      throw refus('compte.role', `Le rôle « ${role} » n’existe pas.`)
    let entree = ''
    for await (const morceau of process.stdin) entree += morceau
    const motDePasse = entree.split('\n')[0]?.trimEnd() ?? ''
    if (motDePasse.length < 12) throw refus('compte.mot-de-passe', 'Le mot de passe doit avoir 12 caractères au moins.')
    return avecApplication('comptes', values.departement, async (application) => {
      const maintenant = application.horloge.now()
      await installerCompte(application.base, {
        dept: application.departement,
        courriel,
        prenom,
        nom,
        motDePasse: await hacherMotDePasse(motDePasse),
        organisme,
        role: role as Role,
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
