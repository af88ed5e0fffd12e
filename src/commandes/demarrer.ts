import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { limiteAu } from '#acces'
import { projectRoot, readConfig } from '#socle/config'
import { refus } from '#socle/errors'
import { parisDay } from '#socle/time'
import { ouvrirApplication } from './application.ts'
import { comptesDemonstration, MOT_DE_PASSE_DEMONSTRATION } from './demo.ts'
import type { Commande } from './types.ts'

const PROGRAMME = join(projectRoot, 'dist/src/amont.js')

function lancerTravailleur(): ChildProcess {
  return spawn(process.execPath, ['--enable-source-maps', PROGRAMME, 'travailler'], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    env: process.env,
  })
}

/** The demonstration is loaded by a process of its own: what it takes of memory leaves with it. */
async function chargerDansUnAutreProcessus(departement: string): Promise<void> {
  const enfant = spawn(
    process.execPath,
    ['--enable-source-maps', PROGRAMME, 'demo', '--departement', departement, '--depart'],
    { stdio: 'inherit', env: process.env },
  )
  const [code] = await once(enfant, 'exit')
  if (code !== 0)
    throw refus('demarrer.demo', 'La démonstration n’a pas pu être chargée. Voir le message ci-dessus, puis relancer.')
}

/** The sample files name organismes and communes of Saône-et-Loire: they fit no other département. */
export const fichiersDEssai = (departement: string): string =>
  departement === '71' ? 'Fichiers d’essai à importer : donnees/exemples/ (voir README). ' : ''

export const demarrer: Commande = {
  nom: 'demarrer',
  resume: 'lance le site et les travaux de fond',
  aide: `Usage : ./amont demarrer [--demo] [--sans-travaux]

Met la base à jour, lance le serveur web et, dans un second processus, les travaux de fond.
--demo          charge le département de démonstration si la base est vide, et affiche ses comptes
--sans-travaux  ne lance que le serveur web

Réglages par l’environnement : voir .env.example.`,
  async executer(args) {
    const { values } = parseArgs({
      args: [...args],
      options: { demo: { type: 'boolean' }, 'sans-travaux': { type: 'boolean' } },
    })
    const config = readConfig()
    const application = await ouvrirApplication()
    if (values.demo) await chargerDansUnAutreProcessus(application.departement)
    // React checks every element in its development form, at several times the cost: it reads this when it loads.
    process.env.NODE_ENV ??= 'production'
    // Loaded here only: the other commands have no use for the screens.
    const { creerProconnect, creerServeur, decrirePourLeJournal, routes } = await import('#web')
    const { par_personne, par_adresse } = limiteAu(config.referentiel, 'demandes', parisDay(application.horloge.now()))
    const serveur = await creerServeur(application, routes, {
      securise: config.publicUrl?.startsWith('https://') ?? false,
      departement: application.departement,
      proconnect: config.proconnect && creerProconnect({ ...config.proconnect, adresse: config.address }),
      journalErreurs: (reference, erreur) => {
        process.stderr.write(decrirePourLeJournal(reference, erreur))
      },
      noterErreur: (ligne) => process.stderr.write(`${ligne}\n`),
      rythme: { parPersonne: par_personne, parAdresse: par_adresse },
    })
    try {
      await serveur.listen({ port: config.port, host: config.host })
    } catch (erreur) {
      await application.fermer()
      if ((erreur as { code?: string }).code === 'EADDRINUSE') {
        throw refus(
          'demarrer.port',
          `Le port ${config.port} est déjà pris. Arrêter l’autre programme, ou choisir un port : PORT=3001 npm start`,
        )
      }
      throw erreur
    }
    const adresse = serveur.server.address()
    const port = adresse !== null && typeof adresse === 'object' ? adresse.port : config.port
    const url = config.publicUrl ?? `http://localhost:${port}`
    process.stdout.write(`\nAmont est prêt : ${url}\n`)
    if (values.demo) {
      process.stdout.write(`\nComptes de démonstration (mot de passe commun : ${MOT_DE_PASSE_DEMONSTRATION})\n`)
      for (const compte of comptesDemonstration(application.departement)) {
        process.stdout.write(`  ${compte.courriel.padEnd(34)} ${compte.presentation}\n`)
      }
      process.stdout.write(`\n${fichiersDEssai(application.departement)}Arrêter : Ctrl C.\n`)
    }
    if (application.acces?.courrier.ready === false)
      process.stderr.write('Aucun serveur de courriel (AMONT_SMTP_URL) : ni invitation, ni mot de passe oublié.\n')
    else if (!config.smtpUrl)
      process.stdout.write(
        `Aucun serveur de courriel : les courriels sont écrits dans ${join(config.dataDir, 'courriels')} et montrés ici.\n`,
      )
    let travailleur = values['sans-travaux'] ? null : lancerTravailleur()
    let enFin = false
    const relancer = () => {
      if (enFin) return
      process.stderr.write('Les travaux de fond se sont arrêtés : ils repartent.\n')
      setTimeout(() => {
        if (enFin) return
        travailleur = lancerTravailleur()
        travailleur.once('exit', relancer)
      }, 2000)
    }
    travailleur?.once('exit', relancer)
    await new Promise<void>((resolve) => {
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve())
    })
    enFin = true
    await serveur.close()
    if (travailleur && travailleur.exitCode === null) {
      const fini = new Promise((resolve) => travailleur?.once('exit', resolve))
      travailleur.kill('SIGTERM')
      const patience = setTimeout(() => travailleur?.kill('SIGKILL'), 8000)
      await fini
      clearTimeout(patience)
    }
    await application.fermer()
    return 0
  },
}
