import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import {
  accorder,
  contracter,
  enPhrase,
  epurerMontant,
  formatDate,
  formatDateCourte,
  formatDateLongue,
  formatHeure,
  formatInstant,
  formatMontant,
  formatNombre,
  pluriel,
  typo,
} from './index.ts'

/** Shows no-break spaces: `_` for U+00A0, `~` for U+202F. */
const show = (text: string): string => text.replaceAll('\u00a0', '_').replaceAll('\u202f', '~')

const CASES: readonly (readonly [string, string])[] = [
  ['Est-ce le même ménage ?', 'Est-ce le même ménage~?'],
  ['Est-ce le même ménage?', 'Est-ce le même ménage~?'],
  ['Attention !', 'Attention~!'],
  ['« 3 lots » ; puis', '«_3 lots_»~; puis'],
  ['39,0 % du total', '39,0~% du total'],
  ['39,0% du total', '39,0~% du total'],
  ['Source : charte', 'Source_: charte'],
  ['Source: charte', 'Source_: charte'],
  ['répondu «pas pour nous».', 'répondu «_pas pour nous_».'],
  ["l'audience d'Autun, aujourd'hui", 'l’audience d’Autun, aujourd’hui'],
  ["l'« avis »", 'l’«_avis_»'],
  ['Lecture en cours...', 'Lecture en cours…'],
  ['3 412 lignes sur 5 000', '3~412 lignes sur 5~000'],
  ['1 284 500 lignes', '1~284~500 lignes'],
  ['1 620,00 € de dette', '1~620,00_€ de dette'],
  ['540€', '540_€'],
  ['dans 10 jours, 2 mois, 3 ans', 'dans 10_jours, 2_mois, 3_ans'],
  ['Dans 3 j', 'Dans 3_j'],
  ['T4, 78 m²', 'T4, 78_m²'],
  ['à 9h00', 'à 9_h_00'],
  ['à 17 h 20', 'à 17_h_20'],
  ['jeudi 10 décembre, 9 h', 'jeudi 10_décembre, 9_h'],
  ['le 1er janvier 2027', 'le 1er_janvier 2027'],
  ['M. Henri Vassal et Mme Lacombe', 'M._Henri Vassal et Mme_Lacombe'],
  ['tableau n° 47', 'tableau n°_47'],
  ['tableau n°47', 'tableau n°_47'],
  ['art. 24, § 3.2, art. L. 412-1', 'art._24, §_3.2, art._L._412-1'],
  ['J - 45', 'J_-_45'],
  ['06 39 98 41 07', '06_39_98_41_07'],
]

const UNTOUCHED: readonly string[] = [
  'https://exemple.fr/a?b=1;c:d',
  'ecrire@exemple.fr',
  '(?)',
  'fichier%20joint',
  '14:30',
  '26-0412',
  '71200 Le Creusot',
  '24h/24 et 7j/7',
  'du 20/11/2026 au 31/03/2027',
  'Mes dossiers',
  'Autun',
  '',
]

describe('typo', () => {
  for (const [typed, expected] of CASES) {
    test(`composes « ${typed} »`, () => assert.equal(show(typo(typed)), expected))
  }

  for (const text of UNTOUCHED) {
    test(`leaves « ${text} » alone`, () => assert.equal(typo(text), text))
  }

  test('doing it twice changes nothing', () => {
    const pieces = [
      'a',
      'é',
      'M.',
      'J',
      ' ',
      '\u00a0',
      '\u202f',
      ':',
      ';',
      '!',
      '?',
      '%',
      '€',
      '«',
      '»',
      "'",
      '’',
      '.',
      'n°',
      '-',
      '7',
      '12',
      '345',
      'h',
      'mai',
      '@',
      '(',
      ')',
    ]
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 14 }), (parts) => {
        const once = typo(parts.join(''))
        assert.equal(show(typo(once)), show(once))
      }),
      { numRuns: 4000 },
    )
  })

  test('never changes letters nor digits, nor their order', () => {
    const kept = (text: string) => text.replace(/[^\p{L}\p{N}]/gu, '')
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), (text) => assert.equal(kept(typo(text)), kept(text))),
      { numRuns: 2000 },
    )
  })
})

describe('formats', () => {
  const jour = Temporal.PlainDate.from('2026-11-20')

  test('money is written from whole cents', () => {
    assert.equal(show(formatMontant(162000)), '1~620,00_€')
    assert.equal(show(formatMontant(5)), '0,05_€')
    assert.equal(show(formatMontant(-123456789)), '−1~234~567,89_€')
    assert.throws(() => formatMontant(10.5), RangeError)
  })

  test('dates are written in French, whatever holds them', () => {
    assert.equal(formatDate(jour), '20/11/2026')
    assert.equal(formatDate('2027-01-04'), '04/01/2027')
    assert.equal(formatDateCourte(jour), '20/11')
    assert.equal(show(formatDateLongue(jour)), 'vendredi 20_novembre 2026')
    assert.equal(show(formatDateLongue('2026-12-01')), 'mardi 1er_décembre 2026')
    assert.throws(() => formatDate('2026-13-09'), RangeError)
  })

  test('hours and instants are those of Paris, in winter and in summer', () => {
    assert.equal(show(formatHeure({ hour: 9, minute: 0 })), '9_h_00')
    assert.equal(show(formatHeure('14:05')), '14_h_05')
    assert.equal(show(formatInstant(Temporal.Instant.from('2026-11-20T08:05:00Z'))), '20/11/2026 à 9_h_05')
    assert.equal(show(formatInstant(Temporal.Instant.from('2026-07-14T22:30:00Z'))), '15/07/2026 à 0_h_30')
  })

  test('numbers are grouped, decimals take a comma, zero has no sign', () => {
    assert.equal(show(formatNombre(1284)), '1~284')
    assert.equal(formatNombre(0.93, 2), '0,93')
    assert.equal(formatNombre(20.3), '20,3')
    assert.equal(formatNombre(-1.8), '−1,8')
    assert.equal(formatNombre(-0.0001, 1), '0,0')
    assert.throws(() => formatNombre(Number.NaN), RangeError)
  })

  test('the plural begins at two', () => {
    assert.equal(show(pluriel(0, 'dossier', 'dossiers')), '0_dossier')
    assert.equal(show(pluriel(1284, 'dossier', 'dossiers')), '1~284_dossiers')
    assert.equal(accorder(1.5, 'mois', 'mois'), 'mois')
    assert.equal(accorder(2, 'ménage', 'ménages'), 'ménages')
  })
})

test('a label inside a sentence loses its capital, an acronym keeps its own', () => {
  assert.deepEqual(['Secrétariat de la CCAPEX', 'Étape', 'RSA', '(1) Loyer'].map(enPhrase), [
    'secrétariat de la CCAPEX',
    'étape',
    'RSA',
    '(1) Loyer',
  ])
})

test('an amount is stripped of what separates its thousands when there is no doubt', () => {
  for (const [saisi, nu] of [
    ['1.234,56', '1234.56'],
    ['1.234.567,8', '1234567.8'],
    ["1'234,50", '1234.50'],
    ['1’234', '1234'],
    [' 1\u202f234,5\u00a0€ ', '1234.5'],
    ['−1.234,56', '−1234.56'],
    ['1.234', '1.234'],
    ['12.34,56', '12.34.56'],
    ['1,234', '1.234'],
  ] as const)
    assert.equal(epurerMontant(saisi), nu, saisi)
})

test('« à » and « de » contract with the article of a town, and « de » elides', () => {
  const dits = (lieu: string) => [contracter('à', lieu), contracter('de', lieu)]
  assert.deepEqual(dits('Le Creusot'), ['au Creusot', 'du Creusot'])
  assert.deepEqual(dits('LE BREUIL'), ['au BREUIL', 'du BREUIL'])
  assert.deepEqual(dits('Les Guerreaux'), ['aux Guerreaux', 'des Guerreaux'])
  assert.deepEqual(dits('La Clayette'), ['à La Clayette', 'de La Clayette'])
  assert.deepEqual(dits('L’Abergement-de-Cuisery'), ['à L’Abergement-de-Cuisery', 'de L’Abergement-de-Cuisery'])
  assert.deepEqual(dits('Étang-sur-Arroux'), ['à Étang-sur-Arroux', 'd’Étang-sur-Arroux'])
  assert.deepEqual(dits('Lessard-en-Bresse'), ['à Lessard-en-Bresse', 'de Lessard-en-Bresse'])
  assert.deepEqual(dits('Mâcon'), ['à Mâcon', 'de Mâcon'])
})
