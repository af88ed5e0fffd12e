import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { deflateSync } from 'node:zlib'
import { archive, docx, jpeg, odt, pdf, png } from '#tests/fichiers'
import { examinerFichier, nommerFichier } from './formats.ts'

const refuse = (nom: string, octets: Buffer, code: string, phrase: RegExp) =>
  assert.rejects(examinerFichier(nom, octets), (erreur: Error & { code?: string }) => {
    assert.equal(erreur.code, code, `${nom} : ${erreur.message}`)
    assert.match(erreur.message, phrase)
    return true
  })

describe('a document received', () => {
  test('[ESP-07] is what its bytes say: the seven formats pass', async () => {
    const bons: readonly (readonly [string, Buffer, string])[] = [
      ['bail.pdf', pdf(), 'pdf'],
      ['photo.PNG', png('x'), 'png'],
      ['photo.jpeg', jpeg('x'), 'jpeg'],
      ['photo.jpg', jpeg('x'), 'jpeg'],
      ['lettre.docx', docx(), 'docx'],
      ['lettre.odt', odt(), 'odt'],
    ]
    for (const [nom, octets, format] of bons) assert.equal((await examinerFichier(nom, octets)).format, format, nom)
  })

  test('[ESP-07] loses what a camera hid in a picture, and nothing of what is seen', async () => {
    for (const [nom, octets] of [
      ['a.png', png('GPS 46.95 4.30')],
      ['a.jpg', jpeg('GPS 46.95 4.30')],
    ] as const) {
      assert.ok(octets.includes('GPS'))
      const lu = await examinerFichier(nom, octets)
      assert.ok(!lu.octets.includes('GPS'), nom)
      assert.ok(lu.octets.includes(nom === 'a.png' ? 'pixels' : Buffer.from([1, 2, 0xff, 0, 3, 0xff, 0xd0, 4])))
    }
  })

  test('[ESP-07] whose name says another format is refused, with the name to give', async () => {
    await refuse('bail.pdf', png('x'), 'piece.nom', /c’est un fichier image PNG\. Le nommer en \.png/)
    await refuse('bail.html', pdf(), 'piece.nom', /Le nommer en \.pdf/)
    await refuse('bail', pdf(), 'piece.nom', /\.pdf/)
    await refuse('bail.pdf.exe', pdf(), 'piece.nom', /\.pdf/)
  })

  test('[ESP-07] that is two things at once is refused', async () => {
    const zip = archive({ 'a.txt': 'x' })
    await refuse('a.pdf', Buffer.concat([pdf(), zip]), 'piece.double', /deux façons/)
    await refuse('a.pdf', pdf('', '<html><script>1</script>'), 'piece.double', /après sa fin/)
    await refuse(
      'a.pdf',
      Buffer.concat([pdf().subarray(0, 9), Buffer.from('<script>x</script>'), pdf()]),
      'piece.double',
      /./,
    )
    await refuse('a.png', Buffer.concat([png('x'), zip]), 'piece.double', /./)
    await refuse('a.jpg', Buffer.concat([jpeg('x'), zip]), 'piece.double', /./)
    await refuse('a.docx', Buffer.concat([docx(), Buffer.from('<html>')]), 'piece.abimee', /./)
  })

  test('[ESP-07] that runs, joins or hides something is refused', async () => {
    await refuse('a.pdf', pdf('/OpenAction<</S/JavaScript/JS(x)>>'), 'piece.active', /programme/)
    await refuse('a.pdf', pdf('/OpenAction<</S/J#61vaScript>>'), 'piece.active', /programme/)
    await refuse('a.pdf', pdf('/Names<</EmbeddedFiles 3 0 R>>'), 'piece.active', /joint/)
    await refuse('a.pdf', pdf('/Encrypt 4 0 R'), 'piece.chiffre', /mot de passe/)
    const serre = deflateSync(Buffer.from('<</S/JavaScript/JS(x)>>')).toString('latin1')
    const cache = `\n3 0 obj\n<</Type/ObjStm/Filter/FlateDecode>>\nstream\n${serre}\nendstream\nendobj\n`
    await refuse(
      'a.pdf',
      Buffer.from(pdf().toString('latin1').replace('trailer', `${cache}trailer`), 'latin1'),
      'piece.active',
      /programme/,
    )
    await refuse('a.docx', docx({ 'word/vbaProject.bin': 'x' }), 'piece.macros', /macros/)
    await refuse('a.docx', docx({ 'word/embeddings/a.bin': 'x' }), 'piece.objets-integres', /intégrés/)
    const lie =
      '<Relationships><Relationship Type="http://x/attachedTemplate" TargetMode="External" Target="http://x"/></Relationships>'
    await refuse('a.docx', docx({ 'word/_rels/settings.xml.rels': lie }), 'piece.liens-externes', /lié/)
    await refuse('a.odt', odt('<a><script:event-listener/></a>'), 'piece.macros', /macros/)
    await refuse('a.docx', docx({ 'word/a.rels': '<!DOCTYPE a [<!ENTITY b "c">]><a/>' }), 'piece.abimee', /./)
  })

  test('[ESP-07] of no known kind, empty, cut short or too big is refused', async () => {
    for (const [nom, octets] of [
      ['a.exe', Buffer.from('MZ\x90\0')],
      ['a.svg', Buffer.from('<svg onload="x"/>')],
      ['a.html', Buffer.from('<html>')],
      ['a.gif', Buffer.from('GIF89a')],
      ['a.doc', Buffer.from('\xd0\xcf\x11\xe0', 'latin1')],
      ['a.txt', Buffer.from('texte')],
    ] as const)
      await refuse(nom, octets, 'piece.genre-refuse', /n’est pas accepté/)
    await refuse('a.zip', archive({ 'a.txt': 'x' }), 'piece.genre-refuse', /n’est pas accepté/)
    await refuse('a.pdf', Buffer.alloc(0), 'piece.vide', /vide/)
    await refuse('a.pdf', Buffer.concat([pdf(), Buffer.alloc(10_000_001)]), 'piece.trop-lourde', /10 Mo/)
    for (const entier of [pdf(), png('x'), jpeg('x'), docx()])
      for (const part of [0.3, 0.6, 0.9])
        await assert.rejects(examinerFichier('a.pdf', entier.subarray(0, Math.floor(entier.length * part))))
  })

  test('is kept under a name that every system takes', () => {
    for (const [nom, attendu] of [
      ['Bail signé (2024).pdf', 'Bail signé (2024).pdf'],
      ['../../etc/passwd', 'document.pdf'],
      ['..\\..\\windows\\x.pdf', 'windows x.pdf'],
      ['a\r\nContent-Type: text/html.pdf', 'a Content-Type text html.pdf'],
      ['facture\u202efdp.exe', 'facture fdp.pdf'],
      ['.htaccess', 'document.pdf'],
      ['"quoted"; filename=x.html', 'quoted filename x.pdf'],
      ['  ', 'document.pdf'],
    ] as const)
      assert.equal(nommerFichier(nom, 'pdf'), attendu)
    assert.ok(nommerFichier('x'.repeat(400), 'odt').length <= 104)
  })
})
