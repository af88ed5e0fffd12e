import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  type Lecture,
  lireAnnee,
  lireAnnees,
  lireBooleen,
  lireCodePostal,
  lireCourriel,
  lireDate,
  lireEntier,
  lireEnumeration,
  lireMontant,
  lireSiret,
  lireTelephone,
} from './valeurs.ts'

/** The value read, or the code of the reason it is not. */
function issue(lecture: Lecture<unknown>): unknown {
  if ('valeur' in lecture) return lecture.valeur
  assert.match(lecture.message, /^\p{Lu}.*\.$/u)
  return lecture.code
}

function verifier(lire: (texte: string) => Lecture<unknown>, cas: readonly (readonly [string, unknown])[]): void {
  for (const [texte, attendu] of cas) assert.deepEqual(issue(lire(texte)), attendu, JSON.stringify(texte))
}

test('[SIG-29] dates: two forms, existing days, from 1900 on', () => {
  const ko = 'date_invalide'
  verifier(lireDate, [
    ['2026-10-01', '2026-10-01'],
    ['01/10/2026', '2026-10-01'],
    ['29/02/2024', '2024-02-29'],
    ['29/02/2023', ko],
    ['29/02/1900', ko],
    ['29/02/2000', '2000-02-29'],
    ['31/04/2026', ko],
    ['01/01/1900', '1900-01-01'],
    ['31/12/1899', ko],
    ['00/00/0000', ko],
    ['12/05/81', ko],
    ['1/5/2026', ko],
    ['2026-5-1', ko],
    ['2026/10/01', ko],
    ['01-10-2026', ko],
    ['2026-13-09', ko],
    ['2026-10-01 00:00:00', ko],
    ['01/10/2026T', ko],
    ['hier', ko],
    ['45931', ko],
  ])
})

test('[SIG-29] a required date is never advised to be left empty', () => {
  const lue = lireDate('00/00/0000', true)
  assert.ok('code' in lue)
  assert.doesNotMatch(lue.message, /vide/)
})

test('[SIG-29] an unreadable date says what is wrong and what to write', () => {
  const cas: [string, string][] = [
    ['2026-13-09', 'Le mois 13 n’existe pas. Écrire 13/09/2026.'],
    ['09/13/2026', 'Le mois 13 n’existe pas. Écrire 13/09/2026.'],
    ['40/13/2026', 'Le mois 13 n’existe pas. Vérifier la date auprès de l’émetteur.'],
    ['31/02/1980', 'Le 31 février 1980 n’existe pas. Vérifier le jour auprès de l’émetteur.'],
    ['12/05/81', 'L’année n’a que deux chiffres. L’écrire en entier, par exemple 12/05/1981.'],
    ['1/5/2026', 'Cette date n’est pas écrite comme attendu. Écrire 01/05/2026.'],
    ['2026-10-01 00:00:00', 'Cette date n’est pas écrite comme attendu. Écrire 01/10/2026.'],
    ['01/10/1850', 'L’année 1850 est trop ancienne. Écrire une année à partir de 1900.'],
    ['00/00/0000', 'Cette date n’existe pas. La corriger, ou laisser le champ vide si elle n’est pas connue.'],
    ['hier', 'Cette date n’est pas lisible. Écrire le jour, le mois et l’année, par exemple 13/09/2026.'],
  ]
  for (const [texte, attendu] of cas) {
    const lue = lireDate(texte)
    assert.equal('message' in lue ? lue.message : '', attendu)
  }
})

test('[SIG-29] amounts: digits, comma or point, two decimals at most, spaces between thousands, final euro', () => {
  const ko = 'montant_invalide'
  verifier(lireMontant, [
    ['0', 0],
    ['12', 1200],
    ['12,5', 1250],
    ['12.05', 1205],
    ['1 234,50 €', 123450],
    ['1\u00a0234,50\u00a0€', 123450],
    ['1\u202f234\u202f567€', 'montant_hors_bornes'],
    ['999999,99', 99999999],
    ['1000000', 'montant_hors_bornes'],
    ['1000000,00', 'montant_hors_bornes'],
    ['99999999999999999999999', 'montant_hors_bornes'],
    ['0000000000012,00', 1200],
    ['-13896,70', 'montant_negatif'],
    ['- 5', 'montant_negatif'],
    ['−5,00 €', 'montant_negatif'],
    ['-douze', ko],
    ['1 2O0,00', ko],
    ['12,345', ko],
    ['1.234,50', ko],
    ['1,234.50', ko],
    ['12 34', ko],
    ['1e3', ko],
    ['+12', ko],
    ['12 euros', ko],
    ['€', ko],
    ['12,', ko],
    [',50', ko],
    ['12,5,0', ko],
    ['0x10', ko],
  ])
})

test('[SIG-29] an unreadable amount says what to write', () => {
  const phrase = (texte: string) => {
    const lue = lireMontant(texte)
    return 'message' in lue ? lue.message : ''
  }
  assert.equal(phrase('1 2O0,00'), 'La lettre O remplace un zéro. Écrire 1200,00.')
  assert.equal(phrase('1.234,50'), 'Un point sépare les milliers. Écrire 1234,50.')
  assert.equal(phrase('12,345'), 'Ce montant a plus de deux décimales. Écrire par exemple 1234,50.')
})

test('[SIG-29] any amount below a million, however written, gives back its cents', () => {
  const montant = fc.record({
    centimes: fc.integer({ min: 0, max: 99_999_999 }),
    virgule: fc.constantFrom(',', '.'),
    milliers: fc.constantFrom('', ' ', '\u00a0', '\u202f'),
    euro: fc.constantFrom('', '€', ' €', '\u00a0€'),
  })
  fc.assert(
    fc.property(montant, ({ centimes, virgule, milliers, euro }) => {
      const euros = String(Math.trunc(centimes / 100)).replace(/\B(?=(?:\d{3})+$)/g, milliers)
      const texte = `${euros}${virgule}${String(centimes % 100).padStart(2, '0')}${euro}`
      assert.deepEqual(lireMontant(texte), { valeur: centimes })
      if (centimes > 0) assert.equal(issue(lireMontant(`-${texte}`)), 'montant_negatif')
    }),
    { seed: 29, numRuns: 1000 },
  )
})

test('[SIG-29] the amount of any text is a whole number of cents in bounds, or a reason', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'0123456789 ,.-€eO+\u00a0'), maxLength: 12 }), (texte) => {
      const lue = lireMontant(texte)
      if ('valeur' in lue) {
        assert.ok(Number.isSafeInteger(lue.valeur) && lue.valeur >= 0 && lue.valeur < 100_000_000, texte)
        assert.match(texte, /^\d/)
      }
    }),
    { seed: 29, numRuns: 2000 },
  )
})

test('[SIG-29] the other kinds of values', () => {
  verifier(lireBooleen, [
    ['oui', true],
    ['NON', false],
    ['o', 'valeur_inconnue'],
    ['1', 'valeur_inconnue'],
  ])
  verifier(
    (texte) => lireEnumeration('parc', texte),
    [
      ['Public', 'public'],
      ['HLM', 'valeur_inconnue'],
    ],
  )
  verifier(lireEntier, [
    ['0', 0],
    ['30', 30],
    ['31', 'entier_invalide'],
    ['02', 2],
    ['-1', 'entier_invalide'],
    ['1,0', 'entier_invalide'],
  ])
  verifier(
    (texte) => lireAnnee(texte, 2026),
    [
      ['1900', 1900],
      ['2026', 2026],
      ['2027', 'annee_invalide'],
      ['1899', 'annee_invalide'],
      ['83', 'annee_invalide'],
    ],
  )
  assert.deepEqual(lireAnnee('2030', null), { valeur: 2030 })
  verifier(
    (texte) => lireAnnees(texte, 2027),
    [
      ['2017', [2017]],
      ['2007,2010, 2020,2027', [2007, 2010, 2020, 2027]],
      ['2017,', 'annee_invalide'],
      ['2017;2018', 'annee_invalide'],
      ['12/05/2017', 'annee_invalide'],
      ['2028', 'annee_invalide'],
    ],
  )
  verifier(lireTelephone, [
    ['0353011529', '0353011529'],
    ['03 53 01 15 29', '0353011529'],
    ['03.53-01\u00a015 29', '0353011529'],
    ['+33353011529', '0353011529'],
    ['+33 3 53 01 15 29', '0353011529'],
    ['06 39 98', 'telephone_invalide'],
    ['353011529', 'telephone_invalide'],
    ['+330353011529', 'telephone_invalide'],
    ['+32353011529', 'telephone_invalide'],
    ['0353011529 / 0639980000', 'telephone_invalide'],
  ])
  verifier(lireCourriel, [
    ['a.b@example.org', 'a.b@example.org'],
    ['prenom.nom(at)example', 'courriel_invalide'],
    ['a@example', 'courriel_invalide'],
    ['a@b@example.org', 'courriel_invalide'],
    ['a@example.org;b@example.org', 'courriel_invalide'],
    ['a b@example.org', 'courriel_invalide'],
    ['@example.org', 'courriel_invalide'],
    ['a@example.', 'courriel_invalide'],
    ['a@example..org', 'courriel_invalide'],
  ])
  verifier(lireCodePostal, [
    ['01000', '01000'],
    ['7140', 'code_postal_invalide'],
    ['71 000', 'code_postal_invalide'],
    ['2A004', 'code_postal_invalide'],
  ])
  verifier(lireSiret, [
    ['00041401596550', '00041401596550'],
    ['12345678901234', 'siret_invalide'],
    ['0004140159655', 'siret_invalide'],
    ['000 414 015 96550', 'siret_invalide'],
  ])
})
