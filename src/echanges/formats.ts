import { inflateSync } from 'node:zlib'
import { Refus, refus } from '#socle/errors'
import { judgeOfficeDocument } from '#socle/tableur'

/** What a document may be, told by its bytes alone. */
export const formats = {
  pdf: { libelle: 'PDF', type: 'application/pdf', extensions: ['pdf'] },
  png: { libelle: 'image PNG', type: 'image/png', extensions: ['png'] },
  jpeg: { libelle: 'image JPEG', type: 'image/jpeg', extensions: ['jpg', 'jpeg'] },
  odt: { libelle: 'texte ODT', type: 'application/vnd.oasis.opendocument.text', extensions: ['odt'] },
  ods: { libelle: 'classeur ODS', type: 'application/vnd.oasis.opendocument.spreadsheet', extensions: ['ods'] },
  docx: {
    libelle: 'texte DOCX',
    type: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    extensions: ['docx'],
  },
  xlsx: {
    libelle: 'classeur XLSX',
    type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    extensions: ['xlsx'],
  },
} as const
export type Format = keyof typeof formats

export const TAILLE_MAX = 10_000_000
const ADMIS = 'Déposer un fichier PDF, PNG, JPEG, ODT, ODS, DOCX ou XLSX.'
const SIGNATURE_PNG = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')

const double = () =>
  refus(
    'piece.double',
    'Ce fichier contient autre chose après sa fin normale, ou se lit de deux façons. L’enregistrer à nouveau depuis le logiciel qui l’a fait, puis le déposer.',
  )
const abime = () =>
  refus('piece.abimee', 'Ce fichier est abîmé ou incomplet. L’enregistrer à nouveau, puis le déposer.')

/** Where the directory of an archive would have to stand to be found by who opens it. */
const FIN_ARCHIVE = 65_557

/** What a file hides inside another one: an archive at its end, a page or a program at its head. */
function contientAutreChose(octets: Buffer): boolean {
  return (
    octets.subarray(-FIN_ARCHIVE).includes('PK\x05\x06', 0, 'latin1') ||
    /<(?:html|script|svg|!doctype)\b/i.test(octets.toString('latin1', 0, 4096))
  )
}

const OBJETS_MAX = 20_000_000

/** What a PDF declares: its text without the contents of its streams, and the objects packed in streams, inflated under a ceiling. */
function declarationsPdf(octets: Buffer, texte: string): string {
  const parts: string[] = []
  let reste = OBJETS_MAX
  let place = 0
  for (const trouve of texte.matchAll(/\bstream\r?\n/g)) {
    if (trouve.index < place) continue
    const debut = trouve.index + trouve[0].length
    const fin = texte.indexOf('endstream', debut)
    if (fin === -1) throw abime()
    const entete = texte.slice(place, trouve.index)
    parts.push(entete)
    if (/\/ObjStm\b/.test(entete.slice(-1000))) {
      const objets = /\/FlateDecode\b|\/Fl\b/.test(entete.slice(-1000))
        ? deplier(octets.subarray(debut, fin), reste)
        : octets.subarray(debut, fin)
      reste -= objets.length
      parts.push(objets.toString('latin1'))
    }
    place = fin
  }
  parts.push(texte.slice(place))
  // A name may be written `/J#53`.
  return parts
    .join('\n')
    .replace(/#([0-9a-fA-F]{2})/g, (_, hexa: string) => String.fromCharCode(Number.parseInt(hexa, 16)))
}

function deplier(octets: Buffer, plafond: number): Buffer {
  try {
    return inflateSync(octets, { maxOutputLength: Math.max(1, plafond) })
  } catch {
    throw abime()
  }
}

function lirePdf(octets: Buffer): Buffer {
  const texte = octets.toString('latin1')
  const fin = texte.lastIndexOf('%%EOF')
  if (fin === -1) throw abime()
  if (texte.slice(fin + 5).trim() !== '' || contientAutreChose(octets)) throw double()
  if (/\/Encrypt\b/.test(texte))
    throw refus('piece.chiffre', 'Ce PDF est protégé par un mot de passe. Retirer la protection, puis le déposer.')
  if (/\/(?:JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|XFA)\b/.test(declarationsPdf(octets, texte)))
    throw refus(
      'piece.active',
      'Ce PDF contient un programme, un fichier joint ou un formulaire actif. L’imprimer en PDF simple, puis déposer cette copie.',
    )
  return octets
}

/** Chunks that only carry hidden data: texts, dates, and what the camera wrote. */
const CACHES_PNG = new Set(['tEXt', 'zTXt', 'iTXt', 'eXIf', 'tIME'])

function lirePng(octets: Buffer): Buffer {
  const gardes: Buffer[] = [SIGNATURE_PNG]
  let place = 8
  for (;;) {
    if (place + 12 > octets.length) throw abime()
    const fin = place + 12 + octets.readUInt32BE(place)
    if (fin > octets.length) throw abime()
    const nom = octets.toString('latin1', place + 4, place + 8)
    if (!/^[A-Za-z]{4}$/.test(nom) || (place === 8 && nom !== 'IHDR')) throw abime()
    if (!CACHES_PNG.has(nom)) gardes.push(octets.subarray(place, fin))
    place = fin
    if (nom === 'IEND') break
  }
  if (place !== octets.length) throw double()
  return Buffer.concat(gardes)
}

/** Segments that only carry hidden data: EXIF and XMP (APP1), IPTC (APP13), what other tools add, comments. Colours stay (APP0, APP2, APP14). */
const estCacheJpeg = (marque: number): boolean =>
  marque === 0xfe || (marque >= 0xe1 && marque <= 0xef && marque !== 0xe2 && marque !== 0xee)

function lireJpeg(octets: Buffer): Buffer {
  const gardes: Buffer[] = [octets.subarray(0, 2)]
  let place = 2
  for (;;) {
    if (place + 4 > octets.length || octets[place] !== 0xff) throw abime()
    const marque = octets[place + 1] ?? 0
    if (marque === 0xff) {
      place += 1
      continue
    }
    if (marque < 0xc0 || marque === 0xd8 || marque === 0xd9) throw abime()
    const fin = place + 2 + octets.readUInt16BE(place + 2)
    if (fin > octets.length) throw abime()
    if (!estCacheJpeg(marque)) gardes.push(octets.subarray(place, fin))
    place = fin
    if (marque !== 0xda) continue
    // Image data runs to the next marker that is neither a stuffed byte nor a restart.
    while (place + 1 < octets.length) {
      const suite = octets[place + 1] ?? 0
      if (octets[place] === 0xff && suite !== 0 && !(suite >= 0xd0 && suite <= 0xd7)) break
      place += 1
    }
    gardes.push(octets.subarray(fin, place))
    if (octets[place] === 0xff && octets[place + 1] === 0xd9) break
  }
  gardes.push(octets.subarray(place, place + 2))
  if (octets.subarray(place + 2).some((octet) => octet !== 0)) throw double()
  return Buffer.concat(gardes)
}

const PHRASES: Readonly<Record<string, string>> = {
  'tableur.macros': 'Ce document contient des macros. L’enregistrer sans macro, puis le déposer.',
  'tableur.liens-externes': 'Ce document est lié à d’autres fichiers. En déposer une copie en PDF.',
  'tableur.objets-integres':
    'Ce document contient des objets intégrés (graphique, autre document). En déposer une copie en PDF.',
  'tableur.chiffre': 'Ce document est protégé par un mot de passe. Retirer le mot de passe, puis le déposer.',
  'tableur.archive-suspecte':
    'Ce document se décompresse en un volume anormal ou porte des noms interdits. En déposer une copie en PDF.',
  'tableur.genre-refuse': `Ce genre de fichier n’est pas accepté. ${ADMIS}`,
}

async function lireArchive(octets: Buffer): Promise<Format> {
  try {
    return await judgeOfficeDocument(octets)
  } catch (erreur) {
    if (!(erreur instanceof Refus)) throw erreur
    const phrase = PHRASES[erreur.code]
    throw phrase ? refus(erreur.code.replace('tableur.', 'piece.'), phrase) : abime()
  }
}

async function deviner(octets: Buffer): Promise<{ format: Format; octets: Buffer }> {
  const tete = octets.toString('latin1', 0, 8)
  if (tete.startsWith('%PDF-')) return { format: 'pdf', octets: lirePdf(octets) }
  if (octets.subarray(0, 8).equals(SIGNATURE_PNG)) return { format: 'png', octets: lirePng(octets) }
  if (tete.startsWith('\xff\xd8\xff')) return { format: 'jpeg', octets: lireJpeg(octets) }
  if (tete.startsWith('PK\x03\x04')) return { format: await lireArchive(octets), octets }
  throw refus('piece.genre-refuse', `Ce genre de fichier n’est pas accepté. ${ADMIS}`)
}

/**
 * Says what a file is from its bytes, and gives those to keep: pictures lose what the camera or a tool hid in them. What is two things at once, runs, is
 * linked elsewhere, or bears the name of another format is refused with what to do instead.
 */
export async function examinerFichier(
  nom: string,
  recus: Uint8Array,
): Promise<{ readonly format: Format; readonly octets: Buffer }> {
  const octets = Buffer.from(recus.buffer, recus.byteOffset, recus.byteLength)
  if (octets.length === 0) throw refus('piece.vide', 'Ce fichier est vide.')
  if (octets.length > TAILLE_MAX)
    throw refus('piece.trop-lourde', 'Ce fichier dépasse 10 Mo. Le réduire, ou le déposer en plusieurs parties.')
  const lu = await deviner(octets)
  if ((lu.format === 'png' || lu.format === 'jpeg') && contientAutreChose(lu.octets)) throw double()
  const extension = /\.([^.]+)$/.exec(nom.trim())?.[1]?.toLowerCase() ?? ''
  const { extensions, libelle } = formats[lu.format]
  if (!(extensions as readonly string[]).includes(extension))
    throw refus(
      'piece.nom',
      `Le nom de ce fichier ne dit pas ce qu’il contient : c’est un fichier ${libelle}. Le nommer en .${extensions[0]}, puis le déposer.`,
    )
  return lu
}

/** A file name that every system takes: no path, no control, no trick of direction, the extension of what it really is. */
export function nommerFichier(nom: string, format: Format): string {
  const base = nom
    .normalize('NFC')
    .replace(/\.[^.]*$/, '')
    .replace(/[^\p{L}\p{N} ._()-]+/gu, ' ')
    .replace(/\.{2,}/g, '.')
    .replace(/\s+/g, ' ')
    .replace(/^[ .-]+|[ .]+$/g, '')
    .slice(0, 100)
    .trim()
  return `${base || 'document'}.${formats[format].extensions[0]}`
}
