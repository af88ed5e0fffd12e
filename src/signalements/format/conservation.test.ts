import assert from 'node:assert/strict'
import { test } from 'node:test'
import { detectKind, text, writeOds, writeXlsx } from '#socle/tableur'
import { ecrireLignesRejetees, fichierAConserver } from './conservation.ts'
import { type Enregistrement, type FichierLu, lireFichier } from './fichier.ts'

const ENTETE = 'type;reference_source;date_signalement;nom_usage;prenom;commune;note'

async function lire(octets: Uint8Array): Promise<{ lecture: FichierLu; lignes: Enregistrement[] }> {
  const lecture = await lireFichier(octets, 'f')
  assert.ok(lecture.refus === null, JSON.stringify(lecture))
  return { lecture, lignes: await Array.fromAsync(lecture.enregistrements()) }
}

async function rejeter(octets: Uint8Array): Promise<{ rendu: Buffer; lignes: Enregistrement[] }> {
  const { lecture, lignes } = await lire(octets)
  const { octets: rendu } = await ecrireLignesRejetees(
    lecture.presentation,
    lignes.map((ligne) => ligne.octets),
  )
  return { rendu: Buffer.from(rendu), lignes }
}

test('[SIG-29] rejected lines come back in the form of their file: mark, encoding, separator, line ends, quotes', async () => {
  const lignes = `${ENTETE}\r\nimpaye_caf;R-1;hier;"Dupont";Élise ; Mâcon;"a\r\n""b"""\r\n;;;;;;x\r\n`
  for (const texte of [
    lignes,
    lignes.replaceAll('\r\n', '\n'),
    lignes.replaceAll(';', ','),
    lignes.replaceAll(';', '\t'),
  ]) {
    for (const octets of [Buffer.from(texte), Buffer.from(`\ufeff${texte}`), Buffer.from(texte, 'latin1')]) {
      const { rendu } = await rejeter(octets)
      assert.ok(rendu.equals(octets), texte)
    }
  }
})

test('[SIG-29] a field that would run as a formula is neutralized in the file handed back, and reads back as it was', async () => {
  const champs = [
    '=HYPERLINK(""x"")',
    '"=1+1"',
    '+33353011529',
    '-12,50',
    '@a',
    ' =1',
    '"Dupont;=1+1"',
    "'=deja",
    '＝1',
    'a=b',
    '"é"',
  ]
  const texte = `${ENTETE}\r\n${champs.map((champ, rang) => `impaye_caf;R-${rang};hier;Dupont;Élise;Mâcon;${champ}\r\n`).join('')}`
  const { rendu, lignes } = await rejeter(Buffer.from(texte))
  const notes = rendu
    .toString()
    .split('\r\n')
    .slice(1, -1)
    .map((ligne) => ligne.slice(ligne.indexOf('Mâcon;') + 6))
  assert.deepEqual(notes, [
    `'=HYPERLINK(""x"")`,
    `"'=1+1"`,
    "'+33353011529",
    "'-12,50",
    "'@a",
    "' =1",
    `"'Dupont;=1+1"`,
    "'=deja",
    "'＝1",
    'a=b',
    '"é"',
  ])
  const relues = (await lire(rendu)).lignes
  assert.deepEqual(
    relues.map(({ champs: lus }) => lus),
    lignes.map(({ champs: lus }) => lus),
  )
})

test('[SIG-29] neutralizing touches no other byte of a windows-1252 line', async () => {
  const octets = Buffer.from(`${ENTETE}\nimpaye_caf;R-1;hier;"D\xfbpont \x80";\xc9lise;M\xe2con;=1\n`, 'latin1')
  const { rendu } = await rejeter(octets)
  assert.equal(rendu.toString('latin1'), octets.toString('latin1').replace('=1', "'=1"))
})

for (const [genre, ecrire] of [
  ['xlsx', writeXlsx],
  ['ods', writeOds],
] as const) {
  test(`[SIG-29] rejected lines of a workbook ${genre} come back as a workbook that reads the same`, async () => {
    const rows = [[text('impaye_caf'), text('R;1'), text('hier'), text('=1+1'), null, text('Mâcon'), text('0012')]]
    const octets = await ecrire({ header: ENTETE.split(';'), rows })
    const { rendu, lignes } = await rejeter(octets)
    assert.equal(detectKind(rendu), genre)
    assert.deepEqual((await lire(rendu)).lignes, lignes)
  })
}

test('[SIG-29] a file without NIR is kept as received', async () => {
  const octets = Buffer.from(`${ENTETE}\nimpaye_caf;R-1;13/11/2026;Dupont;Élise;Mâcon;2850571270084\n`)
  const { lecture } = await lire(octets)
  assert.equal((await fichierAConserver(octets, lecture)).octets, octets)
})

test('[SIG-29] a workbook that holds a NIR is kept as the masked CSV of its rows', async () => {
  const header = [...ENTETE.split(';'), 'numero_allocataire']
  const ligne = (reference: string, numero: string) =>
    ['impaye_caf', reference, '2026-11-13', 'Dupont', 'Élise', 'Mâcon', 'n', numero].map(text)
  const octets = await writeXlsx({ header, rows: [ligne('R-1', '2850571270084'), ligne('R-2', '0070641')] })
  const garde = await fichierAConserver(octets, (await lire(octets)).lecture)
  assert.equal(garde.genre, 'csv')
  assert.equal(
    Buffer.from(garde.octets).toString(),
    `${ENTETE};numero_allocataire\r\nimpaye_caf;R-1;2026-11-13;Dupont;Élise;Mâcon;n;*************\r\nimpaye_caf;R-2;2026-11-13;Dupont;Élise;Mâcon;n;0070641\r\n`,
  )
})
