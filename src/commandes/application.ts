import { join } from 'node:path'
import {
  type Acteur,
  type Application,
  acteurSysteme,
  chargerLimites,
  installerOrganismes,
  type ReglagesAcces,
} from '#acces'
import { avecReglesLocales, verifierReglesLocales } from '#charte'
import { chargerDurees, chargerTables } from '#conservation'
import { chargerListeSynthese } from '#echanges'
import { chargerFormulaires } from '#formulaires'
import { chargerAccords } from '#participations'
import { chargerDelaisDe } from '#procedure'
import { chargerReferentiel, trouverDepartement } from '#referentiel'
import { chargerJourJ } from '#requisitions'
import { openKeyring } from '#socle/cipher'
import { type Config, readConfig } from '#socle/config'
import { catalogueFaults, connect, type Database, type DatabaseSettings, migrate, serverLogFaults } from '#socle/db'
import { refus } from '#socle/errors'
import { folderMailer, noMailer, smtpMailer } from '#socle/mail'
import { startEmbeddedPostgres } from '#socle/postgres'
import { installQueue } from '#socle/queue'
import { systemClock } from '#socle/time'
import { chargerSeuilsAcces } from '#vigilance'

export interface ApplicationOuverte extends Application {
  readonly departement: string
  readonly reglagesBase: DatabaseSettings
  fermer(): Promise<void>
}

/** Reads law and charters; every fault of a file stops the start with its place. */
export function lireReferentiel() {
  return chargerReferentiel(readConfig().referentiel)
}

/** Checks a département code given by a person or by the environment, and returns the code as the data write it. */
export function choisirDepartement(referentiel: Application['referentiel'], code: string): string {
  const trouve = trouverDepartement(referentiel, code)
  if (trouve) return trouve.code
  const codes = [...referentiel.departements.keys()]
  throw refus(
    'departement.inconnu',
    `Le département « ${code} » n’est pas installé. Départements connus : ${codes.join(', ')}.`,
  )
}

/**
 * Contents of rows must not reach the server's own log. Behind an https address the settings that keep them out are required; elsewhere the data are invented, and
 * what is missing is said.
 */
async function verifierJournauxDePostgres(base: Database, production: boolean): Promise<void> {
  const fautes = await serverLogFaults(base)
  if (fautes.length === 0) return
  const dites = fautes.map(({ setting, expected, found }) => `${setting} = ${expected} (ici ${found})`).join(', ')
  const phrase = `PostgreSQL écrirait des données personnelles dans son journal. Régler ${dites}, par exemple « alter role … set » ou postgresql.conf, puis relancer. Voir docs/exploitation.md, §2.`
  if (production) throw refus('base.journaux', phrase)
  process.stderr.write(`${phrase}\n`)
}

/** Keys, mails and strictness of sign-in, from the environment. Behind an https address nothing is made up. */
function lireReglagesAcces(config: Config): ReglagesAcces {
  const { smtpUrl: url, mailFrom: from } = config
  if (config.production && !config.keyFileChosen) {
    throw refus(
      'acces.cle',
      'Régler AMONT_CLE : le fichier de la clé qui chiffre les secrets, hors de la base (openssl rand -base64 32). Voir docs/exploitation.md.',
    )
  }
  const dossier = join(config.dataDir, 'courriels')
  return {
    cles: openKeyring(config.keyFile, { create: !config.production && !config.keyFileChosen }),
    courrier:
      url && from
        ? smtpMailer({ url, from })
        : config.production
          ? noMailer
          : folderMailer(dossier, (texte) => process.stderr.write(`${texte}\n`)),
    adresse: config.address,
    demonstration: !config.production,
  }
}

/**
 * Opens what every command needs: the reviewed data, the database (DATABASE_URL, otherwise the embedded one), its migrations, and the organismes the
 * départements ship.
 */
export async function ouvrirApplication(code?: string): Promise<ApplicationOuverte> {
  const config = readConfig()
  const referentiel = lireReferentiel()
  const departement = choisirDepartement(referentiel, code ?? config.departement)
  const acces = lireReglagesAcces(config)
  // Read again by the jobs; a fault is said here, before anything starts.
  chargerSeuilsAcces(config.referentiel)
  chargerAccords(config.referentiel)
  chargerJourJ(config.referentiel)
  chargerListeSynthese(config.referentiel)
  chargerLimites(config.referentiel)
  chargerFormulaires(config.referentiel)
  chargerDurees(config.referentiel)
  chargerTables(config.referentiel)
  const { parDept: delais } = chargerDelaisDe(config.referentiel, referentiel.departements.values())
  let arreter = async () => {}
  let reglagesBase: DatabaseSettings
  if (config.databaseUrl) {
    reglagesBase = { connectionString: config.databaseUrl }
  } else {
    const serveur = await startEmbeddedPostgres({ dataDir: join(config.dataDir, 'pg18') })
    arreter = () => serveur.stop()
    reglagesBase = {
      host: serveur.host,
      port: serveur.port,
      user: serveur.user,
      database: serveur.database,
      ...(serveur.password ? { password: serveur.password } : {}),
    }
  }
  const base = connect(reglagesBase)
  const fermer = async () => {
    acces.courrier.close()
    await base.close()
    await arreter()
  }
  try {
    await installQueue(base)
    await migrate(base)
    const fautes = await catalogueFaults(base)
    if (fautes.length > 0) {
      throw new Error(
        `La base n’est pas étanche : ${fautes.map((faute) => `${faute.fault} (${faute.object})`).join(' ; ')}. Amont ne démarre pas.`,
      )
    }
    if (config.databaseUrl) await verifierJournauxDePostgres(base, config.production)
    for (const [dept, donnees] of referentiel.departements) await installerOrganismes(base, dept, donnees.organismes)
  } catch (erreur) {
    await fermer()
    throw erreur
  }
  const application = avecReglesLocales({
    base,
    horloge: systemClock,
    referentiel,
    delais,
    acces,
    departement,
    reglagesBase,
    fermer,
  })
  try {
    await verifierReglesLocales(application)
  } catch (erreur) {
    await fermer()
    throw erreur
  }
  return application
}

/** Opens, runs as the named task, closes: the shape of most commands. */
export async function avecApplication<T>(
  tache: string,
  departement: string | undefined,
  travail: (application: ApplicationOuverte, acteur: Acteur) => Promise<T>,
): Promise<T> {
  const application = await ouvrirApplication(departement)
  try {
    return await travail(application, acteurSysteme(application.departement, tache))
  } finally {
    await application.fermer()
  }
}
