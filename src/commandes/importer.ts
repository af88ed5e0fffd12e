import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { parseArgs } from 'node:util'
import { type Application, acteurSysteme, lireOrganisme, ouvrirSession } from '#acces'
import { traiterImport } from '#jobs'
import { deposerFichier, direAutresFeuilles, lireVerdict, simulerFichier } from '#signalements'
import { refus } from '#socle/errors'
import { parisDay } from '#socle/time'
import { accorder } from '#socle/typography'
import { avecApplication } from './application.ts'
import type { Commande } from './types.ts'

type Verdict = Awaited<ReturnType<typeof lireVerdict>>

function afficher({ description, lignes, explication }: Verdict): void {
  if (description.motifFichier !== null) {
    process.stdout.write(`${description.fichier} : refusé (${description.motifFichier}). ${explication ?? ''}\n`)
    return
  }
  const compter = (verdict: string) => lignes.filter((ligne) => ligne.verdict === verdict).length
  const { lignesVides, colonnesInconnues, autresFeuilles } = description
  const dire = (nombre: number, singulier: string, auPluriel: string) =>
    `${nombre} ${accorder(nombre, singulier, auPluriel)}`
  process.stdout.write(
    `${description.fichier} : ${dire(lignes.length, 'ligne', 'lignes')}, ${dire(compter('acceptee'), 'acceptée', 'acceptées')}, ${compter('avertissement')} avec avertissement, ` +
      `${dire(compter('rejetee'), 'rejetée', 'rejetées')}${lignesVides > 0 ? `, ${dire(lignesVides, 'vide ignorée', 'vides ignorées')}` : ''}.\n`,
  )
  if (colonnesInconnues.length > 0)
    process.stdout.write(
      `  ${dire(colonnesInconnues.length, 'colonne inconnue, gardée', 'colonnes inconnues, gardées')} avec chaque ligne : ${colonnesInconnues.map((nom) => JSON.stringify(nom)).join(', ')}.\n`,
    )
  if (autresFeuilles.length > 0) process.stdout.write(`  ${direAutresFeuilles(autresFeuilles)}\n`)
  for (const ligne of lignes) {
    for (const motif of ligne.motifs) {
      process.stdout.write(
        `  ligne ${ligne.ligne}${motif.colonne ? `, ${motif.colonne}` : ''} : ${motif.message}${ligne.verdict === 'rejetee' ? ' [rejetée]' : ''}\n`,
      )
    }
  }
}

/** The bytes of a file named on the command line. */
function lireOctets(chemin: string): Promise<Uint8Array> {
  return readFile(chemin).catch((erreur: NodeJS.ErrnoException) => {
    throw refus(
      'import.fichier',
      erreur.code === 'ENOENT'
        ? `Le fichier « ${chemin} » n’existe pas. Rien n’a été importé.`
        : `Le fichier « ${chemin} » ne peut pas être lu (${erreur.code}). Rien n’a été importé.`,
    )
  })
}

async function importerUn(
  application: Application,
  dept: string,
  { nom, octets }: { nom: string; octets: Uint8Array },
  code: string,
  simuler: boolean,
): Promise<Verdict> {
  const acteur = acteurSysteme(dept, 'importer')
  if (simuler) {
    return ouvrirSession(application, acteur, 'lot.deposer', async (session) =>
      simulerFichier(session, { organisme: (await lireOrganisme(session, code)).id, nom, octets }),
    )
  }
  const lot = await ouvrirSession(application, acteur, 'lot.deposer', async (session) => {
    const organisme = await lireOrganisme(session, code)
    return deposerFichier(session, {
      organisme: organisme.id,
      nom,
      octets,
      recuLe: parisDay(application.horloge.now()),
    })
  })
  await traiterImport(application, dept, lot.id)
  return ouvrirSession(application, acteur, 'lot.consulter', (session) => lireVerdict(session, lot.id))
}

export const importer: Commande = {
  nom: 'importer',
  resume: 'importe des fichiers de signalements et donne le verdict de chaque ligne',
  aide: `Usage : ./amont importer signalements FICHIER… --organisme CODE [--simuler] [--format texte|json|csv] [--departement CODE]

Lit chaque fichier (CSV, XLSX ou ODS), donne un verdict à chaque ligne, crée ou met à jour les signalements, reconnaît les ménages et désigne le service.
Importer deux fois le même fichier ne change rien.

--organisme CODE   organisme émetteur, par exemple CAF71
--simuler          donne le verdict sans rien écrire
--format json      le fichier de verdict en JSON (un objet, ou un tableau pour plusieurs fichiers)
--format csv       le fichier de verdict en CSV

Code de retour : 0 si chaque fichier a été lu (même avec des lignes rejetées), 1 si un fichier est refusé.`,
  async executer(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        organisme: { type: 'string' },
        simuler: { type: 'boolean', default: false },
        format: { type: 'string', default: 'texte' },
        departement: { type: 'string' },
      },
    })
    const [objet, ...fichiers] = positionals
    if (objet !== 'signalements' || fichiers.length === 0 || !['texte', 'json', 'csv'].includes(values.format)) {
      process.stderr.write(`${this.aide}\n`)
      return 2
    }
    if (!values.organisme) throw refus('import.organisme', 'Dire quel organisme envoie le fichier : --organisme CODE.')
    const code = values.organisme
    // A path that leads nowhere is told before any file is imported, not after the first ones were.
    const lus = await Promise.all(
      fichiers.map(async (chemin) => ({ nom: basename(chemin), octets: await lireOctets(chemin) })),
    )
    return avecApplication('importer', values.departement, async (application) => {
      const verdicts: Verdict[] = []
      for (const fichier of lus) {
        const verdict = await importerUn(application, application.departement, fichier, code, values.simuler)
        verdicts.push(verdict)
        if (values.format === 'texte') afficher(verdict)
      }
      if (values.format === 'json') {
        const [seul, ...autres] = verdicts
        process.stdout.write(
          autres.length === 0
            ? (seul?.json ?? '')
            : `[\n${verdicts.map((verdict) => verdict.json.trimEnd()).join(',\n')}\n]\n`,
        )
      }
      if (values.format === 'csv') for (const verdict of verdicts) process.stdout.write(verdict.csv)
      return verdicts.some((verdict) => verdict.description.motifFichier !== null) ? 1 : 0
    })
  },
}
