import { neutralizeFormula } from '#socle/tableur'
import { ecrireEnregistrement } from './csv.ts'
import type { FichierLu, FichierRefuse } from './fichier.ts'
import type { VerdictLigne } from './ligne.ts'
import type { MotifFichier } from './motifs.ts'
import type { Effet, Encodage } from './types.ts'

/** One line of a verdict file: what the format decided, and the effect known by whoever wrote the signalements. */
export interface LigneDeVerdict extends Pick<VerdictLigne, 'verdict' | 'motifs' | 'referenceSource'> {
  readonly ligne: number
  readonly effet: Effet
}

/**
 * The verdict file in CSV, byte for byte as §7 says: `;`, UTF-8 with a byte-order mark, CRLF. A reference that a spreadsheet would run
 * is given an apostrophe here, and only here: the JSON keeps it as received.
 */
export function ecrireVerdictCsv(lignes: Iterable<LigneDeVerdict>): Uint8Array {
  const ecrites = ['\ufeffligne;reference_source;verdict;effet;motifs']
  for (const { ligne, referenceSource, verdict, effet, motifs } of lignes) {
    const codes = motifs.map(({ code, colonne }) => `${code}@${colonne}`).join('|')
    ecrites.push(
      ecrireEnregistrement([
        String(ligne),
        neutralizeFormula(referenceSource),
        verdict,
        effet,
        neutralizeFormula(codes),
      ]),
    )
  }
  return Buffer.from(`${ecrites.join('\r\n')}\r\n`)
}

/** What the head of a verdict file says about the file. `organisme` is the code chosen at the deposit. */
export interface DescriptionVerdict {
  readonly fichier: string
  readonly empreinteSha256: string
  readonly organisme: string
  readonly encodage: Encodage | null
  readonly motifFichier: MotifFichier | null
  /** The column `motifFichier` is about, when there is one. */
  readonly colonneFichier?: string | null
  readonly lignesVides: number
  readonly colonnesInconnues: readonly string[]
  /** Sheets of a workbook that hold something and are not read. */
  readonly autresFeuilles: readonly string[]
}

/** The head of a verdict, from what was read of the file. */
export function decrireVerdict(lecture: FichierLu | FichierRefuse, organisme: string): DescriptionVerdict {
  const commun = {
    fichier: lecture.nom,
    empreinteSha256: lecture.empreinteSha256,
    organisme,
    encodage: lecture.encodage,
    autresFeuilles: lecture.autresFeuilles,
  }
  if (lecture.refus !== null) {
    return {
      ...commun,
      motifFichier: lecture.refus,
      colonneFichier: lecture.colonne,
      lignesVides: 0,
      colonnesInconnues: [],
    }
  }
  const { lignesVides, colonnesInconnues } = lecture
  return { ...commun, motifFichier: null, lignesVides, colonnesInconnues }
}

/**
 * The verdict file in JSON (§7), keys in that order, one line of text per verdict. A refused file says `refuse`, its reason, and in
 * `colonne_fichier` the column at fault when there is one; `autres_feuilles` names the sheets that were not read.
 */
export function verdictJson(description: DescriptionVerdict, lignes: Iterable<LigneDeVerdict>): string {
  const comptes = { acceptee: 0, avertissement: 0, rejetee: 0 }
  const verdicts: string[] = []
  for (const { ligne, referenceSource, verdict, effet, motifs } of lignes) {
    comptes[verdict] += 1
    const ecrits = motifs.map(({ code, colonne, valeur, message }) => ({ code, colonne, valeur, message }))
    verdicts.push(JSON.stringify({ ligne, reference_source: referenceSource, verdict, effet, motifs: ecrits }))
  }
  const { motifFichier, colonneFichier } = description
  const tete = {
    fichier: description.fichier,
    empreinte_sha256: description.empreinteSha256,
    organisme: description.organisme,
    encodage: description.encodage,
    statut: motifFichier === null ? 'traite' : 'refuse',
    motif_fichier: motifFichier,
    ...(colonneFichier ? { colonne_fichier: colonneFichier } : {}),
    lignes: verdicts.length,
    acceptees: comptes.acceptee,
    avertissements: comptes.avertissement,
    rejetees: comptes.rejetee,
    lignes_vides: description.lignesVides,
    colonnes_inconnues: description.colonnesInconnues,
    ...(description.autresFeuilles.length > 0 ? { autres_feuilles: description.autresFeuilles } : {}),
  }
  const debut = Object.entries(tete).map(([cle, valeur]) => `  ${JSON.stringify(cle)}: ${JSON.stringify(valeur)}`)
  const liste = verdicts.length === 0 ? '[]' : `[\n    ${verdicts.join(',\n    ')}\n  ]`
  return `{\n${debut.join(',\n')},\n  "verdicts": ${liste}\n}\n`
}
