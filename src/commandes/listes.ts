import { parseArgs } from 'node:util'
import { lireOrganisme, ouvrirSession } from '#acces'
import { figerTableaux } from '#jobs'
import { lireJour } from '#referentiel'
import { lireListe, listerListes } from '#repartition'
import { refus } from '#socle/errors'
import { parisDay } from '#socle/time'
import { avecApplication } from './application.ts'
import type { Commande } from './types.ts'

export const listes: Commande = {
  nom: 'listes',
  resume: 'fige les tableaux hebdomadaires et les relit tels qu’envoyés',
  aide: `Usage : ./amont listes [--organisme CODE] [--format texte|json]
        ./amont listes figer [--date AAAA-MM-JJ] [--organisme CODE]
        ./amont listes lire IDENTIFIANT [--format json]

figer : un tableau numéroté par service et par stade, à la date donnée (aujourd’hui sans date). Recommencer pour le même jour n’ajoute rien.`,
  async executer(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        date: { type: 'string' },
        organisme: { type: 'string' },
        format: { type: 'string', default: 'texte' },
        departement: { type: 'string' },
      },
    })
    const [quoi = 'lister', identifiant] = positionals
    if (!['lister', 'figer', 'lire'].includes(quoi) || (quoi === 'lire' && !identifiant)) {
      process.stderr.write(`${this.aide}\n`)
      return 2
    }
    const jour = values.date ? lireJour(values.date) : undefined
    if (values.date && !jour)
      throw refus('listes.date', `La date « ${values.date} » n’existe pas. L’écrire AAAA-MM-JJ.`)
    return avecApplication('listes', values.departement, async (application, acteur) => {
      const dept = application.departement
      const code = values.organisme
      const organisme = code
        ? await ouvrirSession(application, acteur, 'liste.consulter', (session) => lireOrganisme(session, code))
        : undefined
      if (quoi === 'figer') {
        const figees = await figerTableaux(
          application,
          dept,
          jour ?? parisDay(application.horloge.now()),
          organisme?.id,
        )
        process.stdout.write(
          `${figees.length} tableaux figés, ${figees.reduce((somme, liste) => somme + liste.lignes, 0)} lignes.\n`,
        )
        return 0
      }
      await ouvrirSession(application, acteur, 'liste.consulter', async (session) => {
        if (quoi === 'lire') {
          process.stdout.write(`${JSON.stringify(await lireListe(session, identifiant ?? ''), null, 2)}\n`)
          return
        }
        const toutes = await listerListes(session, { organisme: organisme?.id, limite: 500 })
        if (values.format === 'json') process.stdout.write(`${JSON.stringify(toutes, null, 2)}\n`)
        else
          for (const liste of toutes)
            process.stdout.write(
              `${liste.id}  ${liste.date_liste}  n° ${liste.numero}  ${liste.organisme_nom}  ${liste.stade}  ${liste.lignes} lignes\n`,
            )
      })
      return 0
    })
  },
}
