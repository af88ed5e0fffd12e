import { parseArgs } from 'node:util'
import { ouvrirSession, type Session } from '#acces'
import {
  compterConservation,
  dureesDe,
  ETATS_CONSERVATION,
  type EtatConservation,
  effacerDossiersVises,
  listerDurees,
  proposerConservation,
  purgerSelonAge,
} from '#conservation'
import { formatNombre, pluriel } from '#socle/typography'
import { avecApplication } from './application.ts'
import type { Commande } from './types.ts'

const dire = (phrase: string) => process.stdout.write(`${phrase}\n`)
const total = (rangees: Readonly<Record<string, number>>): number =>
  Object.values(rangees).reduce((somme, n) => somme + n, 0)

export const conservation: Commande = {
  nom: 'conservation',
  resume: 'propose à l’archivage, efface ce qui est visé ou arrivé à son terme, dit les durées',
  aide: `Usage : ./amont conservation etat [--departement CODE] [--format texte|json]
        ./amont conservation durees [--departement CODE] [--format texte|json]
        ./amont conservation proposer [--departement CODE]
        ./amont conservation effacer [--simuler] [--departement CODE] [--format texte|json]
        ./amont conservation purger [--simuler] [--departement CODE] [--format texte|json]

etat      combien de dossiers clos sont à archiver, en archive, à éliminer, visés, effacés
durees    combien de temps chaque chose est gardée, la source et ce qui reste à vérifier
proposer  met à jour ce qui est proposé à l’archivage ou à l’élimination ; n’archive et n’efface rien
effacer   efface les dossiers des listes visées dont le jour est venu : leur clé d’abord, puis tout ce qui en dépend ; la preuve reste au journal
purger    efface ce qui a son propre terme : fichiers reçus, connexions, notifications, recherches, alertes

--simuler compte et ne change rien. Le serveur fait les trois derniers chaque matin. Un effacement ne se défait pas ; interrompu, il reprend où il en était.
Viser une liste se fait à l’écran (Conservation des données). Voir docs/guide/29-conserver-et-effacer.md.`,
  async executer(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        departement: { type: 'string' },
        format: { type: 'string', default: 'texte' },
        simuler: { type: 'boolean', default: false },
      },
    })
    const [quoi, ...reste] = positionals
    const { simuler } = values
    const enJson = values.format === 'json'
    if (
      reste.length > 0 ||
      !['etat', 'durees', 'proposer', 'effacer', 'purger'].includes(quoi ?? '') ||
      (simuler && quoi !== 'effacer' && quoi !== 'purger') ||
      (!enJson && values.format !== 'texte')
    ) {
      process.stderr.write(`${this.aide}\n`)
      return 2
    }
    const donner = (valeur: unknown) => dire(JSON.stringify(valeur, null, 2))
    return avecApplication('conservation', values.departement, async (application, acteur) => {
      const dept = application.departement
      const ouvrir = <T>(travail: (session: Session) => Promise<T>): Promise<T> =>
        ouvrirSession(application, acteur, 'conservation.archiver', travail)
      if (quoi === 'durees') {
        const durees = await ouvrir(async (session) => listerDurees(dureesDe(session.referentiel.racine), session.jour))
        if (enJson) donner(durees)
        else
          for (const { libelle, duree, depuis, source, reserve } of durees) {
            dire(`${libelle} : ${duree ?? 'aucune durée'}, depuis ${depuis}`)
            if (source) dire(`  ${[source.titre, source.reference].filter(Boolean).join(', ')}`)
            if (reserve) dire(`  ${reserve}`)
          }
        return 0
      }
      if (quoi === 'etat') {
        const comptes = await ouvrir(compterConservation)
        const etats = Object.keys(ETATS_CONSERVATION) as EtatConservation[]
        if (enJson) donner(Object.fromEntries(etats.map((etat) => [etat, comptes.get(etat) ?? 0])))
        else
          for (const etat of etats)
            dire(`${ETATS_CONSERVATION[etat].padEnd(22)}${formatNombre(comptes.get(etat) ?? 0)}`)
        return 0
      }
      if (quoi === 'proposer') {
        const { proposes, repris, aEliminer } = await ouvrir(proposerConservation)
        if (enJson) donner({ proposes, repris, a_eliminer: aEliminer })
        else
          dire(
            `${pluriel(proposes, 'dossier proposé', 'dossiers proposés')} à l’archivage, ${formatNombre(aEliminer)} à l’élimination, ${formatNombre(repris)} revenus.`,
          )
        return 0
      }
      if (quoi === 'effacer') {
        const bilans = await effacerDossiersVises(application, dept, {
          simuler,
          dire: ({ reference, rangees }) => {
            if (!enJson) dire(`${reference} : ${pluriel(total(rangees), 'ligne', 'lignes')}`)
          },
        })
        if (enJson) donner(bilans)
        else
          dire(
            simuler
              ? `${pluriel(bilans.length, 'dossier serait effacé', 'dossiers seraient effacés')}. Rien n’a changé.`
              : `${pluriel(bilans.length, 'dossier effacé', 'dossiers effacés')}.`,
          )
        return 0
      }
      const rangees = await purgerSelonAge(application, dept, { simuler })
      if (enJson) donner(rangees)
      else {
        for (const [table, n] of Object.entries(rangees)) dire(`${table.padEnd(24)}${formatNombre(n)}`)
        dire(
          total(rangees) === 0
            ? 'Rien n’est arrivé à son terme.'
            : simuler
              ? 'Rien n’a changé : ce serait effacé.'
              : 'Effacé.',
        )
      }
      return 0
    })
  },
}
