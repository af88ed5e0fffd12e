import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Environment } from '@marcbachmann/cel-js'
import fc from 'fast-check'
import { compilerCondition, ErreurCondition, preparerContexte } from './condition.ts'
import { type Faits, VOCABULAIRE } from './vocabulaire.ts'

const evaluer = (texte: string, faits: Faits, parametres = {}) =>
  compilerCondition(texte).evaluer(preparerContexte(faits, parametres))

test('[AUT-17] a condition says true, false or à vérifier, with the values it read', () => {
  const texte = 'menage.enfants_a_charge > 0 && aide_logement.percue'
  assert.deepEqual(evaluer(texte, { 'menage.enfants_a_charge': 2, 'aide_logement.percue': true }), {
    verite: 'vraie',
    manquants: [],
    decisifs: ['menage.enfants_a_charge', 'aide_logement.percue'],
    valeurs: { 'menage.enfants_a_charge': 2, 'aide_logement.percue': true },
  })
  assert.equal(evaluer(texte, { 'menage.enfants_a_charge': 0, 'aide_logement.percue': true }).verite, 'fausse')
  assert.deepEqual(evaluer(texte, { 'menage.enfants_a_charge': 2 }), {
    verite: 'indeterminee',
    manquants: ['aide_logement.percue'],
    decisifs: ['menage.enfants_a_charge'],
    valeurs: { 'menage.enfants_a_charge': 2, 'aide_logement.percue': null },
  })
})

test('[AUT-17] an unknown word never becomes « non », and never hides what is certain', () => {
  const cas: [string, Faits, string][] = [
    ['menage.rsa', {}, 'indeterminee'],
    ['!menage.rsa', {}, 'indeterminee'],
    ['menage.rsa && menage.handicap', { 'menage.handicap': false }, 'fausse'],
    ['menage.handicap && menage.rsa', { 'menage.handicap': false }, 'fausse'],
    ['menage.rsa || menage.handicap', { 'menage.handicap': true }, 'vraie'],
    ['menage.rsa || menage.handicap', { 'menage.handicap': false }, 'indeterminee'],
    ['!(menage.rsa && menage.handicap)', { 'menage.handicap': false }, 'vraie'],
    ['menage.age_titulaire < 20', {}, 'indeterminee'],
    ['bailleur.nature in ["commune", "sci_familiale"]', {}, 'indeterminee'],
    ['bailleur.nature in ["commune", "sci_familiale"]', { 'bailleur.nature': 'commune' }, 'vraie'],
    ['bailleur.nature != "commune"', { 'bailleur.nature': 'commune' }, 'fausse'],
  ]
  for (const [texte, faits, attendu] of cas) assert.equal(evaluer(texte, faits).verite, attendu, texte)
})

test('the words that decide are told from those that were only read', () => {
  const texte = 'logement.parc_prive || bailleur.nature == "commune" && menage.rsa'
  const cas: [Faits, string[]][] = [
    [{ 'logement.parc_prive': true, 'menage.rsa': true }, ['logement.parc_prive']],
    [
      { 'logement.parc_prive': false, 'bailleur.nature': 'commune', 'menage.rsa': true },
      ['bailleur.nature', 'menage.rsa'],
    ],
    [{ 'logement.parc_prive': false, 'menage.rsa': false }, ['logement.parc_prive', 'menage.rsa']],
  ]
  for (const [faits, decisifs] of cas) {
    assert.deepEqual([...evaluer(texte, faits).decisifs].sort(), decisifs)
  }
})

test('a companion word lets a rule say what to do with an unknown', () => {
  const texte = 'menage.age_titulaire_connu && menage.age_titulaire < 20'
  assert.equal(evaluer(texte, {}).verite, 'fausse')
  assert.equal(evaluer(texte, { 'menage.age_titulaire': 19 }).verite, 'vraie')
  assert.equal(evaluer(texte, { 'menage.age_titulaire': 20 }).verite, 'fausse')
})

test('[AMB-19] a setting left empty is an unknown word, listed by its name', () => {
  const texte = 'dette.montant >= parametre.seuil_dette_elevee'
  assert.deepEqual(evaluer(texte, { 'dette.montant': 900_000 }).manquants, ['parametre.seuil_dette_elevee'])
  assert.equal(evaluer(texte, { 'dette.montant': 900_000 }, { seuil_dette_elevee: 900_000 }).verite, 'vraie')
  assert.equal(evaluer(texte, { 'dette.montant': 899_999 }, { seuil_dette_elevee: 900_000 }).verite, 'fausse')
})

test('a condition that data may not hold is refused with its place and a French sentence', () => {
  const cas: [string, RegExp, number][] = [
    ['menage.enfant_a_charge > 0', /Mot inconnu « menage.enfant_a_charge ».*menage.enfants_a_charge/, 0],
    ['menage.rsa && conu.ccas', /Mot inconnu « conu.ccas »\. Vouliez-vous écrire « connu.ccas »/, 14],
    ['menage.age_titulaire', /n’est pas un oui ou non/, 0],
    ['menage.rsa && menage.age_titulaire', /n’est pas un oui ou non/, 14],
    ['menage.age_titulaire + 3 > 4', /ni calcul, ni fonction/, 0],
    ['has(menage.rsa)', /ni calcul, ni fonction/, 0],
    ['menage.rsa ? true : false', /ni calcul, ni fonction/, 0],
    ['menage["rsa"]', /ni calcul, ni fonction/, 0],
    ['menage.age_titulaire < 20.5', /entiers/, 23],
    ['menage.age_titulaire == "vieux"', /genres différents/, 0],
    ['menage.rsa > 3', /genres différents/, 0],
    ['menage.rsa &&', /n’est pas lisible/, 13],
    ['', /n’est pas lisible/, 0],
    ['procedure.stade == "commandement"', /Valeur inconnue « commandement ».*commandement_de_payer/, 19],
    ['procedure.stade in ["impaye", "asignation"]', /Vouliez-vous écrire « assignation »/, 30],
    ['3', /vrai ou faux/, 0],
  ]
  for (const [texte, message, decalage] of cas) {
    assert.throws(
      () => compilerCondition(texte),
      (erreur) => {
        assert.ok(erreur instanceof ErreurCondition, texte)
        assert.match(erreur.message, message)
        assert.equal(erreur.decalage, decalage, texte)
        return true
      },
    )
  }
})

test('when every word is known, the three-valued answer is the answer of CEL', () => {
  const feuille = fc.constantFrom(
    'menage.rsa',
    'menage.handicap',
    'menage.age_titulaire < 20',
    'menage.age_titulaire >= parametre.age_avance',
    'bailleur.nature == "commune"',
    'bailleur.nature in ["commune", "ais_aivs"]',
  )
  const { expression } = fc.letrec<{ expression: string }>((tie) => ({
    expression: fc.oneof(
      { depthSize: 'small' },
      feuille,
      fc
        .tuple(tie('expression'), fc.constantFrom('&&', '||'), tie('expression'))
        .map(([a, o, b]) => `(${a} ${o} ${b})`),
      tie('expression').map((a) => `!(${a})`),
    ),
  }))
  const faits = fc.record({
    'menage.rsa': fc.boolean(),
    'menage.handicap': fc.boolean(),
    'menage.age_titulaire': fc.integer({ min: 15, max: 90 }),
    'bailleur.nature': fc.constantFrom('commune', 'ais_aivs', 'personne_morale'),
  })
  const cel = new Environment({ unlistedVariablesAreDyn: true })
  const cles = ['menage.rsa', 'menage.handicap', 'menage.age_titulaire', 'bailleur.nature'] as const
  fc.assert(
    fc.property(expression, faits, fc.subarray([...cles]), (texte, complets, caches) => {
      const condition = compilerCondition(texte)
      const direct = cel.evaluate(texte, {
        menage: {
          rsa: complets['menage.rsa'],
          handicap: complets['menage.handicap'],
          age_titulaire: BigInt(complets['menage.age_titulaire']),
        },
        bailleur: { nature: complets['bailleur.nature'] },
        parametre: { age_avance: 70n },
      })
      const sur = condition.evaluer(preparerContexte(complets as Faits, { age_avance: 70 }))
      assert.equal(sur.verite, direct ? 'vraie' : 'fausse')
      // Hiding values may lose the answer; it never changes it.
      const partiels = Object.fromEntries(Object.entries(complets).filter(([cle]) => !caches.some((c) => c === cle)))
      const partiel = condition.evaluer(preparerContexte(partiels as Faits, { age_avance: 70 }))
      assert.ok(partiel.verite === 'indeterminee' || partiel.verite === sur.verite)
      if (partiel.verite === 'indeterminee') assert.ok(partiel.manquants.length > 0)
    }),
    { numRuns: 300, seed: 71 },
  )
})

test('the vocabulary is closed, unique, dotted, ASCII, and every word says what it means', () => {
  const noms = VOCABULAIRE.map((entree) => entree.nom)
  assert.equal(new Set(noms).size, noms.length)
  for (const entree of VOCABULAIRE) {
    assert.match(entree.nom, /^[a-z_]+\.[a-z0-9_]+$/)
    assert.ok(entree.sens.length > 5, entree.nom)
    if (entree.genre === 'fait') assert.match(entree.compagnon ?? '', /_connue?s?$/)
    if (entree.type === 'int') assert.ok(entree.unite, `${entree.nom} has no unit`)
  }
})
