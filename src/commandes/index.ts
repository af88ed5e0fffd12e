import { Interdit, Introuvable, Refus } from '#socle/errors'
import { cles } from './cles.ts'
import { comptes } from './comptes.ts'
import { conservation } from './conservation.ts'
import { demarrer } from './demarrer.ts'
import { demo } from './demo.ts'
import { engagements } from './engagements.ts'
import { essayer } from './essayer.ts'
import { exigences } from './exigences.ts'
import { importer } from './importer.ts'
import { journal } from './journal.ts'
import { listes } from './listes.ts'
import { migrer } from './migrer.ts'
import { rapprochements } from './rapprochements.ts'
import { referentiel } from './referentiel.ts'
import { repartir } from './repartir.ts'
import { travailler } from './travailler.ts'
import type { Commande } from './types.ts'

const commandes: readonly Commande[] = [
  demarrer,
  travailler,
  importer,
  rapprochements,
  repartir,
  listes,
  engagements,
  essayer,
  referentiel,
  comptes,
  cles,
  journal,
  conservation,
  demo,
  migrer,
  exigences,
]

function aideGenerale(): string {
  const largeur = Math.max(...commandes.map((commande) => commande.nom.length))
  return [
    'Amont : prévention des expulsions locatives.',
    '',
    'Usage : ./amont <commande> [options]',
    '',
    ...commandes.map((commande) => `  ${commande.nom.padEnd(largeur)}  ${commande.resume}`),
    '',
    'Aide d’une commande : ./amont <commande> --help',
    '',
  ].join('\n')
}

/** What is wrong with an option, as `parseArgs` tells it in English. */
function direOption(code: string, message: string): string {
  const option = /'(-[^'\s<]*)/.exec(message)?.[1] ?? ''
  if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') return `L’option ${option} n’existe pas.`
  if (code === 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL')
    return `« ${/'([^']*)'/.exec(message)?.[1] ?? ''} » est de trop : cette commande n’attend que des options.`
  return /does not take an argument/.test(message)
    ? `L’option ${option} ne prend pas de valeur.`
    : `L’option ${option} attend une valeur.`
}

/** Runs one subcommand and returns its exit code. What a person must mend is one sentence on standard error. */
export async function executerCommande(args: readonly string[]): Promise<number> {
  const [nom, ...suite] = args
  if (nom === undefined || nom === '--help' || nom === '-h' || nom === 'aide') {
    process.stdout.write(aideGenerale())
    return nom === undefined ? 2 : 0
  }
  const commande = commandes.find((une) => une.nom === nom)
  if (!commande) {
    process.stderr.write(`Commande inconnue : « ${nom} ».\n\n${aideGenerale()}`)
    return 2
  }
  if (suite.includes('--help') || suite.includes('-h')) {
    process.stdout.write(`${commande.aide.trimEnd()}\n`)
    return 0
  }
  try {
    return await commande.executer(suite)
  } catch (erreur) {
    if (erreur instanceof Refus || erreur instanceof Introuvable || erreur instanceof Interdit) {
      process.stderr.write(`${erreur.message}\n`)
      return 1
    }
    const code = (erreur as { code?: unknown }).code
    if (typeof code === 'string' && code.startsWith('ERR_PARSE_ARGS')) {
      process.stderr.write(`${direOption(code, (erreur as Error).message)}\n\n${commande.aide.trimEnd()}\n`)
      return 2
    }
    process.stderr.write(
      `${erreur instanceof Error ? (process.env.AMONT_TRACE ? (erreur.stack ?? erreur.message) : erreur.message) : String(erreur)}\n`,
    )
    return 1
  }
}

export {
  type CommuneDemonstration,
  ecrireFichier,
  genererAnnee,
  type LigneDemonstration,
} from './demonstration/generateur.ts'
