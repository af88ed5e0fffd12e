import { avecApplication } from './application.ts'
import type { Commande } from './types.ts'

export const migrer: Commande = {
  nom: 'migrer',
  resume: 'met la base à jour et vérifie qu’elle est étanche',
  aide: `Usage : ./amont migrer

Applique les migrations manquantes, installe les organismes livrés avec les départements, et vérifie que chaque table est protégée.
Rien n’est perdu si la commande est interrompue : la recommencer.`,
  async executer() {
    return avecApplication('migrer', undefined, async () => {
      process.stdout.write('La base est à jour.\n')
      return 0
    })
  },
}
