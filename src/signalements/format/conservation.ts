import { createPacer } from '#socle/pace'
import { isFormulaLike, type Sheet, text, writeOds, writeXlsx } from '#socle/tableur'
import { decoder, decouper, lireChamp } from './csv.ts'
import type { FichierLu, Presentation } from './fichier.ts'
import { trouverNirs } from './ligne.ts'
import { masquerOctets } from './nir.ts'
import type { GenreFichier } from './types.ts'

const BOM = Buffer.from([0xef, 0xbb, 0xbf])

/** A file to keep or to hand back. */
export interface FichierEcrit {
  readonly genre: GenreFichier
  readonly octets: Uint8Array
}

/**
 * The file as it may be kept: the bytes received, every recognised NIR masked. Its length does not change in CSV; a workbook that holds
 * one is kept as the CSV of its rows, since its own bytes cannot be masked in place.
 */
export async function fichierAConserver(octets: Uint8Array, lecture: FichierLu): Promise<FichierEcrit> {
  const { genre } = lecture
  const masquees: { readonly avant: Uint8Array; readonly apres: Uint8Array }[] = []
  const toutes: Uint8Array[] = [lecture.presentation.octetsEntete]
  for await (const { octets: avant, champs, anomalie } of lecture.enregistrements()) {
    const apres = trouverNirs(champs, anomalie).reduce(masquerOctets, avant)
    if (apres !== avant) masquees.push({ avant, apres })
    if (genre !== 'csv') toutes.push(apres)
  }
  if (masquees.length === 0) return { genre, octets }
  if (genre !== 'csv') return { genre: 'csv', octets: assembler(lecture.presentation, toutes) }
  const copie = Uint8Array.from(octets)
  for (const { avant, apres } of masquees) copie.set(apres, avant.byteOffset - octets.byteOffset)
  return { genre, octets: copie }
}

function assembler({ bom, finDeLigne }: Presentation, lignes: readonly Uint8Array[]): Uint8Array {
  const fin = Buffer.from(finDeLigne)
  return Buffer.concat([...(bom ? [BOM] : []), ...lignes.flatMap((ligne) => [ligne, fin])])
}

/**
 * The rejected lines in the form of the file they came from, header included, to be corrected and sent again. In CSV every byte is that
 * of the original (encoding, separator, quotes, line ends) but one: a field that a spreadsheet would run is given an apostrophe,
 * because this file is made to be opened in one. Reading a file takes that apostrophe off, so the line sent back is the line received.
 * In a workbook all cells are texts, which run nothing.
 */
export async function ecrireLignesRejetees(
  presentation: Presentation,
  lignes: Iterable<Uint8Array>,
): Promise<FichierEcrit> {
  const { genre } = presentation
  if (genre === 'csv') {
    const souffler = createPacer()
    const ecrites = [presentation.octetsEntete]
    for (const ligne of lignes) {
      ecrites.push(neutraliserLigne(ligne, presentation))
      const tour = souffler()
      if (tour) await tour
    }
    return { genre, octets: assembler(presentation, ecrites) }
  }
  const lire = (octets: Uint8Array) => decouper(decoder(octets, 'utf-8'), ';').map(lireChamp)
  function* rangees() {
    for (const ligne of lignes) yield lire(ligne).map(text)
  }
  const feuille: Sheet = { name: 'Lignes à corriger', header: lire(presentation.octetsEntete), rows: rangees() }
  return { genre, octets: await (genre === 'xlsx' ? writeXlsx(feuille) : writeOds(feuille)) }
}

/** Adds the apostrophes a line needs, without touching any other byte. */
function neutraliserLigne(octets: Uint8Array, { encodage, separateur }: Presentation): Uint8Array {
  const lue = decouper(decoder(octets, encodage), separateur)
  const aNeutraliser = lue.map((champ) => isFormulaLike(lireChamp(champ)))
  if (!aNeutraliser.includes(true)) return octets
  // The cut falls on ASCII characters: bytes read one by one are cut in the same places as the text.
  const brute = decouper(
    Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength).toString('latin1'),
    separateur,
  )
  const ecrite = brute.map((champ, rang) => (aNeutraliser[rang] ? champ.replace(/^"?/, "$&'") : champ))
  return Buffer.from(ecrite.join(separateur), 'latin1')
}
