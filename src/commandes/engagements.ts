import { parseArgs } from 'node:util'
import { ouvrirSession } from '#acces'
import { lireDossier } from '#dossiers'
import { ETATS, lireEngagements } from '#engagements'
import { preparerEngagements, suivreEngagements } from '#jobs'
import { avecApplication } from './application.ts'
import type { Commande } from './types.ts'

export const engagements: Commande = {
  nom: 'engagements',
  resume: 'dit qui doit quoi pour un dossier, ou met à jour les engagements de tous',
  aide: `Usage : ./amont engagements --dossier RÉFÉRENCE [--format texte|json] [--departement CODE]
        ./amont engagements tenir [--tout] [--departement CODE]

--dossier : les engagements de la charte pour ce dossier, à son étape : qui, avant quand, état, preuve.
tenir : lit la chronologie depuis la dernière fois et met à jour les tâches. Recommencer ne change rien.
tenir --tout : comme chaque matin, avec les dossiers que le jour seul a changés et le compte de ce qui est tenu.`,
  async executer(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        dossier: { type: 'string' },
        tout: { type: 'boolean', default: false },
        format: { type: 'string', default: 'texte' },
        departement: { type: 'string' },
      },
    })
    const [quoi] = positionals
    const { dossier: reference } = values
    if ((quoi === undefined) === (reference === undefined) || (quoi !== undefined && quoi !== 'tenir')) {
      process.stderr.write(`${this.aide}\n`)
      return 2
    }
    return avecApplication('engagements', values.departement, async (application, acteur) => {
      if (reference === undefined) {
        const dossiers = await suivreEngagements(application, application.departement)
        if (values.tout) await preparerEngagements(application, application.departement)
        process.stdout.write(`${dossiers} dossiers mis à jour.\n`)
        return 0
      }
      await ouvrirSession(application, acteur, 'engagement.consulter', async (session) => {
        const dossier = await lireDossier(session, reference)
        const { taches, informations, autres, charte } = await lireEngagements(session, dossier)
        const lignes = taches.map((tache) => ({
          engagement: tache.engagement,
          libelle: tache.libelle,
          etape: tache.stade,
          organisme: tache.organisme_nom,
          mode: tache.mode,
          etat: tache.etat_montre,
          avant_le: tache.echeance_le?.toString() ?? null,
          fait_le: tache.fait_le?.toString() ?? null,
          preuve_attendue: tache.lu?.preuve ?? null,
          manquants: tache.manquants,
          etape_passee: tache.sortie_le !== null,
        }))
        if (values.format === 'json') {
          const offre = ({ engagement, etat }: (typeof autres)[number]) => ({ engagement: engagement.id, etat })
          process.stdout.write(
            `${JSON.stringify({ dossier: dossier.reference, etape: dossier.stade, charte: charte?.id ?? null, taches: lignes, informations: informations.map(offre), autres: autres.map(offre) }, null, 2)}\n`,
          )
          return
        }
        process.stdout.write(`${dossier.reference}  étape : ${dossier.stade}\n`)
        for (const ligne of lignes)
          process.stdout.write(
            `  ${ETATS[ligne.etat].padEnd(22)} ${(ligne.avant_le ?? '').padEnd(10)}  ${ligne.engagement.padEnd(22)} ${ligne.organisme} : ${ligne.libelle}\n`,
          )
        process.stdout.write(
          `${informations.length} informations à donner, ${autres.length} autres engagements à vérifier ou sans organisme.\n`,
        )
      })
      return 0
    })
  },
}
