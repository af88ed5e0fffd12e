import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { ouvrirSession } from '#acces'
import { lireRepartition } from '#referentiel'
import { listerIdsOuverts, repartirDossiers, simulerRegles } from '#repartition'
import { avecApplication } from './application.ts'
import type { Commande } from './types.ts'

export const repartir: Commande = {
  nom: 'repartir',
  resume: 'désigne de nouveau les services, ou simule une règle avant de l’activer',
  aide: `Usage : ./amont repartir [--departement CODE]
        ./amont repartir simuler FICHIER.yaml [--format texte|json] [--departement CODE]

Sans argument : applique les règles en vigueur à tous les dossiers ouverts ; un service qui a pris un ménage le garde.
simuler : applique les règles du fichier aux dossiers présents, sans rien écrire, et dit combien changent, de quel service vers quel service,
et la charge de chaque service par mois.`,
  async executer(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { departement: { type: 'string' }, format: { type: 'string', default: 'texte' } },
    })
    const [quoi, fichier] = positionals
    if (quoi !== undefined && (quoi !== 'simuler' || !fichier)) {
      process.stderr.write(`${this.aide}\n`)
      return 2
    }
    return avecApplication('repartir', values.departement, async (application, acteur) => {
      if (fichier) {
        const regles = lireRepartition(await readFile(fichier, 'utf8'), fichier)
        const bilan = await ouvrirSession(application, acteur, 'regle.simuler', (session) =>
          simulerRegles(session, regles),
        )
        if (values.format === 'json') process.stdout.write(`${JSON.stringify(bilan, null, 2)}\n`)
        else {
          process.stdout.write(`${bilan.dossiers} dossiers examinés, ${bilan.changent} changent de service.\n`)
          for (const passage of bilan.passages)
            process.stdout.write(`  ${passage.de} → ${passage.vers} : ${passage.dossiers}\n`)
          for (const charge of bilan.charge)
            process.stdout.write(`  ${charge.mois}  ${charge.service} : ${charge.avant} → ${charge.apres}\n`)
        }
        return 0
      }
      const ids = await ouvrirSession(application, acteur, 'dossier.consulter', (session) => listerIdsOuverts(session))
      let changes = 0
      for (let i = 0; i < ids.length; i += 1000) {
        changes += (
          await ouvrirSession(application, acteur, 'dossier.reaffecter', (session) =>
            repartirDossiers(session, ids.slice(i, i + 1000)),
          )
        ).changes
      }
      process.stdout.write(`${ids.length} dossiers examinés, ${changes} changements.\n`)
      return 0
    })
  },
}
