import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fichierAConserver } from './conservation.ts'
import { decoder } from './csv.ts'
import { lireFichier } from './fichier.ts'
import { type VerdictLigne, verifierLigne } from './ligne.ts'
import { trouverNir } from './nir.ts'
import { decrireVerdict, ecrireVerdictCsv, verdictJson } from './verdict.ts'

const ENTETE = 'type;reference_source;date_signalement;nom_usage;prenom;commune;numero_allocataire;adresse;remarque'
const AUTRE = 'impaye_caf;R-2;13/11/2026;Durand;Paul;Autun;0070641;1 rue;285057127008'

function fichier(...lignes: string[]): string {
  return `${[ENTETE, ...lignes].join('\r\n')}\r\n`
}

async function juger(
  octets: Uint8Array,
): Promise<{ verdicts: (VerdictLigne & { ligne: number })[]; gardes: Uint8Array; rendus: string }> {
  const lecture = await lireFichier(octets, 'f.csv')
  assert.ok(lecture.refus === null)
  const contexte = { communeConnue: () => true, vues: new Map<string, string>() }
  const verdicts: (VerdictLigne & { ligne: number })[] = []
  for await (const enregistrement of lecture.enregistrements()) {
    verdicts.push({ ...verifierLigne(enregistrement, contexte), ligne: enregistrement.ligne })
  }
  const { octets: gardes } = await fichierAConserver(octets, lecture)
  const lignes = verdicts.map((verdict) => ({ ...verdict, effet: 'cree' as const }))
  const csv = Buffer.from(ecrireVerdictCsv(lignes)).toString()
  return { verdicts, gardes, rendus: csv + verdictJson(decrireVerdict(lecture, 'CAF71'), lignes) }
}

test('[SIG-29] a NIR is 13 or 15 characters, spaces and signs removed', () => {
  for (const nir of [
    '2850571270084',
    '285057127008412',
    '2 85 05 71 270 084 12',
    '2\u00a085.05-71/270 084',
    '285052A270084',
    '2850 52b 270 084',
  ]) {
    assert.ok(trouverNir(nir), nir)
  }
  for (const autre of [
    '0070641',
    '123456789012',
    '12345678901234',
    '1234567890123456',
    '28505712700A4',
    '',
    '2850571270084x',
  ]) {
    assert.equal(trouverNir(autre), null, autre)
  }
})

test('[SIG-29] a NIR disappears from everything kept of its line: content, fields, bytes, reasons, verdicts, file', async () => {
  const nir = '2850571270084'
  const variantes = [
    '2850571270084',
    '2 85 05 71 270 084',
    '285057127008412',
    '2 85 05 71 270 084 12',
    '2.85.05.71.270.084',
  ]
  for (const lu of variantes) {
    for (const ailleurs of variantes) {
      const ligne = `impaye_caf;R-1;13/11/2026;Dupont;Élise;Mâcon;${lu};"12 rue, n° ${ailleurs}";vu ${ailleurs} ce jour`
      for (const encodage of ['utf8', 'latin1'] as const) {
        const octets = Buffer.from(fichier(ligne, AUTRE), encodage)
        const { verdicts, gardes, rendus } = await juger(octets)
        const [premier] = verdicts
        assert.equal(premier?.motifs.map(({ code }) => code).join(), 'nir_ecarte')
        assert.equal(premier?.contenu?.numero_allocataire, null)
        const toutes = [
          JSON.stringify(verdicts),
          Buffer.from(premier?.octets ?? []).toString('latin1'),
          Buffer.from(gardes).toString('latin1'),
          rendus,
        ]
        for (const texte of toutes) {
          assert.ok(!texte.replace(/[ .]/g, '').includes(nir), `${lu} / ${ailleurs}`)
        }
        assert.equal(gardes.length, octets.length)
        assert.ok(Buffer.from(gardes).toString(encodage).includes(AUTRE))
        assert.match(
          decoder(premier?.octets ?? new Uint8Array(), encodage === 'utf8' ? 'utf-8' : 'windows-1252'),
          /^impaye_caf;R-1;13\/11\/2026;Dupont;Élise;Mâcon;[*]/,
        )
      }
    }
  }
})

test('[SIG-29] a NIR cut by no-break spaces is masked in the bytes of both encodings', async () => {
  const ligne = 'impaye_caf;R-1;13/11/2026;Dupont;Élise;Mâcon;2\u00a085\u00a005 71\u00a0270 084;1 rue;'
  for (const encodage of ['utf8', 'latin1'] as const) {
    const { verdicts } = await juger(Buffer.from(fichier(ligne), encodage))
    const masque = '*\u00a0**\u00a0** **\u00a0*** ***'
    assert.ok(
      Buffer.from(verdicts[0]?.octets ?? [])
        .toString(encodage)
        .includes(`;${masque};`),
    )
    assert.equal(verdicts[0]?.motifs[0]?.valeur, masque)
  }
})

test('[SIG-29] a NIR is not kept whatever nobody sees between its digits: tab, line break, other spaces and dashes', async () => {
  for (const signe of ['\t', '\n', '\r\n', '\u2007', '\u2003', '\u200b', '\ufeff', '\u2013', '\u2011', ' _ ']) {
    for (const nir of [`2 85 05 71${signe}270 084 12`, `2850571270084${signe}12`, `2 85 05 71 270${signe}084`]) {
      const ligne = `impaye_caf;R-1;13/11/2026;Dupont;Élise;Mâcon;"${nir}";12 rue;vu ${nir.replaceAll(/[\r\n]/g, ' ')} ce jour`
      const octets = Buffer.from(fichier(ligne, AUTRE))
      const { verdicts, gardes, rendus } = await juger(octets)
      assert.equal(verdicts[0]?.motifs.map(({ code }) => code).join(), 'nir_ecarte', JSON.stringify(nir))
      const { numero_allocataire: numero = '', remarque = '' } = verdicts[0]?.champs ?? {}
      assert.doesNotMatch(`${numero}${remarque}`, /\d/, JSON.stringify(nir))
      for (const texte of [Buffer.from(gardes).toString(), rendus])
        assert.ok(
          !texte
            .replace(AUTRE, '')
            .replaceAll(/[^0-9]/g, '')
            .includes('2850571'),
          JSON.stringify(nir),
        )
      assert.equal(verdicts[0]?.champs.adresse, '12 rue')
      assert.equal(gardes.length, octets.length)
    }
  }
})

test('[SIG-29] a masked line sent again gets the same verdict and the same print', async () => {
  const { verdicts, gardes } = await juger(
    Buffer.from(fichier('impaye_caf;R-1;13/11/2026;Dupont;Élise;Mâcon;2850571270084;1 rue;')),
  )
  const relu = await juger(gardes)
  assert.deepEqual(relu.verdicts, verdicts)
})

test('[SIG-29] two NIR leave the same content behind them', async () => {
  const ligne = (nir: string) => `impaye_caf;R-1;13/11/2026;Dupont;Élise;Mâcon;${nir};1 rue;`
  const { verdicts } = await juger(Buffer.from(fichier(ligne('2850571270084'), ligne('1850571270085'))))
  assert.deepEqual(
    verdicts.map(({ motifs }) => motifs.map(({ code }) => code).join()),
    ['nir_ecarte', 'doublon_identique,nir_ecarte'],
  )
})

test('[SIG-29] a NIR given as reference is no reference', async () => {
  const { verdicts, rendus } = await juger(
    Buffer.from(fichier('impaye_caf;2850571270084;13/11/2026;Dupont;Élise;Mâcon;285057127008412;1 rue;')),
  )
  assert.deepEqual(
    verdicts[0]?.motifs.map(({ code }) => code),
    ['reference_absente', 'nir_ecarte'],
  )
  assert.equal(verdicts[0]?.referenceSource, '')
  assert.ok(!rendus.includes('2850571270084'))
})

test('[SIG-29] a NIR in a line whose fields are out of place is masked too', async () => {
  const { verdicts, gardes } = await juger(
    Buffer.from(fichier('impaye_caf;R-1;13/11/2026;Dupont;Mâcon;2850571270084;00041401596550')),
  )
  assert.equal(verdicts[0]?.motifs[0]?.code, 'nombre_de_champs')
  for (const texte of [
    JSON.stringify(verdicts[0]?.champs),
    Buffer.from(verdicts[0]?.octets ?? []).toString(),
    Buffer.from(gardes).toString(),
  ]) {
    assert.ok(!texte.includes('2850571270084') && texte.includes('00041401596550'))
  }
})

test('[SIG-29] the digits after a NIR belong to the next field, whatever the separator', async () => {
  for (const separateur of [';', ',', '\t']) {
    const lignes = fichier('impaye_caf;R-1;13/11/2026;Dupont;Élise;Mâcon;2850571270084;12 rue;').replaceAll(
      ';',
      separateur,
    )
    const { verdicts } = await juger(Buffer.from(lignes))
    assert.equal(verdicts[0]?.champs.adresse, '12 rue')
    assert.ok(
      Buffer.from(verdicts[0]?.octets ?? [])
        .toString()
        .includes(`*${separateur}12 rue`),
    )
  }
})
