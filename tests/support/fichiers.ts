import { deflateRawSync } from 'node:zlib'

/** A small PDF, with what is put in it. */
export const pdf = (dedans = '', fin = ''): Buffer =>
  Buffer.from(
    `%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R${dedans}>>\nendobj\n2 0 obj\n<</Type/Pages/Kids[]/Count 0>>\nendobj\ntrailer<</Root 1 0 R>>\n%%EOF\n${fin}`,
    'latin1',
  )

const bloc = (nom: string, octets: Buffer): Buffer => {
  const taille = Buffer.alloc(4)
  taille.writeUInt32BE(octets.length)
  return Buffer.concat([taille, Buffer.from(nom, 'latin1'), octets, Buffer.alloc(4)])
}
/** A PNG with a text a camera or a tool would leave. */
export const png = (cache: string): Buffer =>
  Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    bloc('IHDR', Buffer.alloc(13, 1)),
    bloc('tEXt', Buffer.from(cache)),
    bloc('IDAT', Buffer.from('pixels')),
    bloc('IEND', Buffer.alloc(0)),
  ])

const segment = (marque: number, octets: Buffer): Buffer => {
  const tete = Buffer.from([0xff, marque, 0, 0])
  tete.writeUInt16BE(octets.length + 2, 2)
  return Buffer.concat([tete, octets])
}
/** A JPEG with the place and the camera in its EXIF segment. */
export const jpeg = (exif: string): Buffer =>
  Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    segment(0xe0, Buffer.from('JFIF\0')),
    segment(0xe1, Buffer.from(`Exif\0\0${exif}`)),
    segment(0xfe, Buffer.from(exif)),
    segment(0xda, Buffer.from([1, 1, 0, 0, 63, 0])),
    Buffer.from([1, 2, 0xff, 0, 3, 0xff, 0xd0, 4, 0xff, 0xd9]),
  ])

/** A zip with these parts, as an office suite writes it. */
export function archive(parties: Readonly<Record<string, string>>, fin = ''): Buffer {
  const morceaux: Buffer[] = []
  const annuaire: Buffer[] = []
  let place = 0
  for (const [nom, texte] of Object.entries(parties)) {
    const contenu = Buffer.from(texte)
    const serre = deflateRawSync(contenu)
    const commun = Buffer.alloc(26)
    commun.writeUInt16LE(20, 0)
    commun.writeUInt16LE(8, 4)
    commun.writeUInt32LE(serre.length, 14)
    commun.writeUInt32LE(contenu.length, 18)
    commun.writeUInt16LE(nom.length, 22)
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), commun, Buffer.from(nom), serre])
    const suite = Buffer.alloc(14)
    suite.writeUInt32LE(place, 10)
    annuaire.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), commun, suite, Buffer.from(nom)]))
    morceaux.push(local)
    place += local.length
  }
  const central = Buffer.concat(annuaire)
  const cloture = Buffer.alloc(22)
  cloture.write('PK\x05\x06', 0, 'latin1')
  cloture.writeUInt16LE(annuaire.length, 8)
  cloture.writeUInt16LE(annuaire.length, 10)
  cloture.writeUInt32LE(central.length, 12)
  cloture.writeUInt32LE(place, 16)
  return Buffer.concat([...morceaux, central, cloture, Buffer.from(fin)])
}

const TYPES = '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
export const docx = (autres: Readonly<Record<string, string>> = {}): Buffer =>
  archive({
    '[Content_Types].xml': `${TYPES}<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`,
    '_rels/.rels': '<?xml version="1.0"?><Relationships/>',
    'word/document.xml': '<w:document/>',
    ...autres,
  })
export const odt = (contenu = '<office:document-content/>'): Buffer =>
  archive({
    mimetype: 'application/vnd.oasis.opendocument.text',
    'content.xml': contenu,
    'META-INF/manifest.xml': '<manifest:manifest/>',
  })
