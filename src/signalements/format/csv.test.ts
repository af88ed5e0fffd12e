import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { balayer, decouper, ecrireEnregistrement, lireChamp, type Separateur, trouverSeparateur } from './csv.ts'

function enregistrements(texte: string, separateur: Separateur = ';'): string[] | 'ouvert' {
  const octets = Buffer.from(texte)
  const balayage = balayer(octets, 0, separateur)
  const lus: string[] = []
  for (let etendue = balayage.suivant(); etendue !== null; etendue = balayage.suivant()) {
    if (etendue !== 'pause') lus.push(octets.toString('utf8', etendue.debut, etendue.fin))
  }
  return balayage.ouvert ? 'ouvert' : lus
}

const champs = (texte: string, separateur: Separateur = ';') => decouper(texte, separateur).map(lireChamp)

test('[SIG-29] records end at CRLF or LF outside quotes, and the last one needs no end', () => {
  assert.deepEqual(enregistrements(''), [])
  assert.deepEqual(enregistrements('a;b'), ['a;b'])
  assert.deepEqual(enregistrements('a;b\r\n'), ['a;b'])
  assert.deepEqual(enregistrements('a\nb\r\nc\n\nd'), ['a', 'b', 'c', '', 'd'])
  assert.deepEqual(enregistrements('\n\n'), ['', ''])
  assert.deepEqual(enregistrements('"a\r\nb";c\nd'), ['"a\r\nb";c', 'd'])
  assert.deepEqual(enregistrements('a;"b ""x""\n";c\nd'), ['a;"b ""x""\n";c', 'd'])
  assert.deepEqual(enregistrements('""\n"";""\n'), ['""', '"";""'])
})

test('[SIG-29] a quote in the middle of a field is a character like another', () => {
  assert.deepEqual(enregistrements('12 rue "du Bac\nb'), ['12 rue "du Bac', 'b'])
  assert.deepEqual(champs('12 rue "du Bac";b'), ['12 rue "du Bac"', 'b'])
  assert.deepEqual(champs('a; "b;c"'), ['a', ' "b', 'c"'])
  assert.deepEqual(champs('"a"b;c'), ['ab', 'c'])
  assert.deepEqual(champs('"";"""";"a"";b"'), ['', '"', 'a";b'])
})

test('[SIG-29] a quote never closed is seen at the end of the file', () => {
  for (const texte of ['"', 'a;"b', 'a\nb;"c\nd;e\n', 'a;"b""', '"a""'])
    assert.equal(enregistrements(texte), 'ouvert', texte)
  for (const texte of ['a"', 'a;b"c\n', '""', '"a"""']) assert.notEqual(enregistrements(texte), 'ouvert', texte)
})

test('[SIG-29] the separator is read on the header row alone, quotes aside', () => {
  assert.equal(trouverSeparateur('type;nom'), ';')
  assert.equal(trouverSeparateur('type,nom'), ',')
  assert.equal(trouverSeparateur('type\tnom'), '\t')
  assert.equal(trouverSeparateur('"a;b",nom'), ',')
  assert.equal(trouverSeparateur('type,a;nom'), ';')
  assert.equal(trouverSeparateur('type'), ';')
})

const CHAMP = fc.string({ unit: fc.constantFrom(...'ab;,\t"\n\r é€'), maxLength: 8 })

test('[SIG-29] what is written reads back, whatever the fields, and another parser agrees', () => {
  const tableau = fc.array(fc.array(CHAMP, { minLength: 2, maxLength: 5 }), { minLength: 1, maxLength: 6 })
  fc.assert(
    fc.property(
      tableau,
      fc.constantFrom<Separateur>(';', ',', '\t'),
      fc.constantFrom('\r\n', '\n'),
      (lignes, separateur, fin) => {
        const ecrites = lignes.map((ligne) => ecrireEnregistrement(ligne, separateur))
        const texte = ecrites.map((ligne) => ligne + fin).join('')
        const lues = enregistrements(texte, separateur)
        assert.ok(lues !== 'ouvert')
        assert.deepEqual(lues, ecrites)
        assert.deepEqual(
          lues.map((ligne) => champs(ligne, separateur)),
          lignes,
        )
        const autre = parse(texte, { delimiter: separateur, relax_column_count: true, record_delimiter: fin })
        assert.deepEqual(autre, lignes)
      },
    ),
    { seed: 29, numRuns: 1000 },
  )
})

test('[SIG-29] fields cut and joined again are the record, whatever its bytes', () => {
  fc.assert(
    fc.property(CHAMP, (texte) => assert.equal(decouper(texte, ';').join(';'), texte)),
    { seed: 29, numRuns: 1000 },
  )
})
