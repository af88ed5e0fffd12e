import { lancerTravaux } from '#jobs'
import { readConfig } from '#socle/config'
import { ouvrirApplication } from './application.ts'
import type { Commande } from './types.ts'

export const travailler: Commande = {
  nom: 'travailler',
  resume: 'exécute les travaux de fond (imports, tableaux, échéances)',
  aide: `Usage : ./amont travailler

Exécute les travaux de fond jusqu’à l’arrêt (Ctrl C). Plusieurs nœuds peuvent le faire en même temps. « amont demarrer » le lance déjà.`,
  async executer() {
    const application = await ouvrirApplication()
    const travaux = await lancerTravaux(application, { ancres: readConfig().ancres })
    await new Promise<void>((resolve) => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
      // Started by « demarrer »: when the parent dies, even killed, its channel closes and this process ends too.
      process.once('disconnect', () => resolve())
    })
    await travaux.stop()
    await application.fermer()
    // The channel to the parent would keep both alive, each waiting for the other.
    if (process.connected) process.disconnect?.()
    return 0
  },
}
