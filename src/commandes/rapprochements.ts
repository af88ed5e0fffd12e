import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { ouvrirSession } from '#acces'
import { essayerFichiers, listerRapprochements } from '#rapprochement'
import { refus } from '#socle/errors'
import { avecApplication } from './application.ts'
import type { Commande } from './types.ts'

async function lireTexte(chemin: string): Promise<string> {
  return readFile(chemin, 'utf8').catch(() => {
    throw refus('rapprochements.fichier', `Le fichier « ${chemin} » ne peut pas être lu.`)
  })
}

export const rapprochements: Commande = {
  nom: 'rapprochements',
  resume: 'dit à quel dossier chaque signalement est rattaché, ou mesure le rapprochement de deux fichiers',
  aide: `Usage : ./amont rapprochements [--format csv|json] [--departement CODE]
        ./amont rapprochements essayer A.csv B.csv [--sans colonne,colonne] [--un-a-un] [--format texte|json]

Sans argument : une ligne par signalement, organisme;reference_source;dossier;etat;score. Etats : certain (rattaché seul), confirme (par une personne),
nouveau (a ouvert son dossier), nouveau_confirme (son dossier, une personne ayant dit que ce n’était aucun de ceux proposés), separe, reuni, a_revoir (une personne doit répondre : le dossier est le meilleur candidat), en_attente.

essayer : rapproche deux fichiers sans toucher la base ; quand la vérité est connue (rec-N-org et rec-N-dup-0), donne précision, rappel et F1.`,
  async executer(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        format: { type: 'string' },
        departement: { type: 'string' },
        sans: { type: 'string' },
        'un-a-un': { type: 'boolean', default: false },
      },
    })
    const [quoi, a, b] = positionals
    if (quoi === 'essayer') {
      if (!a || !b) {
        process.stderr.write(`${this.aide}\n`)
        return 2
      }
      const resultat = await essayerFichiers(await lireTexte(a), await lireTexte(b), {
        sans: values.sans?.split(',').map((colonne) => colonne.trim()) ?? [],
        unAUn: values['un-a-un'],
      })
      process.stdout.write(values.format === 'json' ? `${JSON.stringify(resultat, null, 2)}\n` : resultat.texte)
      return 0
    }
    if (quoi !== undefined) {
      process.stderr.write(`${this.aide}\n`)
      return 2
    }
    return avecApplication('rapprochements', values.departement, async (application, acteur) => {
      const lignes = await ouvrirSession(application, acteur, 'doute.consulter', (session) =>
        listerRapprochements(session),
      )
      if (values.format === 'json') process.stdout.write(`${JSON.stringify(lignes, null, 2)}\n`)
      else {
        process.stdout.write('organisme;reference_source;dossier;etat;score\n')
        const champ = (texte: string) => (/[";\n]/.test(texte) ? `"${texte.replaceAll('"', '""')}"` : texte)
        for (const ligne of lignes) {
          process.stdout.write(
            `${[ligne.organisme, champ(ligne.reference_source), ligne.dossier, ligne.etat, ligne.score === null ? '' : ligne.score.toFixed(4)].join(';')}\n`,
          )
        }
      }
      return 0
    })
  },
}
