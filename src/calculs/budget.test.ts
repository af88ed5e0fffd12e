import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Budget, calculerBudget } from './budget.ts'

const RIEN = { a: null, b: null, c: null, d: null, e: null, f: null }
const FOYER: Budget = {
  ressources: { ...RIEN, a: 115_000, d: 18_250 },
  loyer: 52_000,
  chargesBailleur: 6000,
  aide: 31_000,
  aideSuspendue: false,
  autresCharges: 14_500,
  energie: 9500,
  chargesHorsLogement: 23_000,
  personnes: 3,
}
const lignes = (budget: Budget) =>
  Object.fromEntries(calculerBudget(budget).lignes.map(({ numero, centimes }) => [numero, centimes]))

test('[SAI-15][SAI-18][SAI-19][SAI-20] lines of the form, in cents', () => {
  assert.deepEqual(lignes(FOYER), {
    A: 133_250,
    '(1)': 52_000,
    '(2)': 6000,
    '(3)': 58_000,
    '(4)': 27_000,
    '(5)': 14_500,
    '(6)': 41_500,
    '(7)': 23_000,
  })
})

test('[SAI-21][SAI-24] the rate is (6) × 100 / A, what is available says for how many people', () => {
  const budget = calculerBudget(FOYER)
  // 41 500 × 100 / 133 250 = 31,144…
  assert.equal(budget.tauxFormulaire.etat === 'calcule' && budget.tauxFormulaire.centiemes, 3114)
  assert.equal(budget.disponible, 68_750)
  assert.equal(budget.disponibleEnMots.replaceAll(/\s/g, ' '), '687,50 € pour 3 personnes')
})

test('[SAI-21] without resources, or with none, the rate is not calculable: neither 0 nor infinite', () => {
  for (const ressources of [RIEN, { ...RIEN, a: 0 }]) {
    const { tauxFormulaire, tauxReel, tauxBrut } = calculerBudget({ ...FOYER, ressources })
    for (const taux of [tauxFormulaire, tauxReel, tauxBrut]) assert.equal(taux.etat, 'non_calculable')
  }
  assert.equal(
    calculerBudget({ ...FOYER, ressources: RIEN }).disponible,
    null,
    'no resources given: nothing is available, nor owed',
  )
  assert.equal(calculerBudget({ ...FOYER, ressources: { ...RIEN, a: 0 } }).disponible, -64_500)
})

test('[OUT-06] a suspended aid is still deducted by the form; the real rate and the real income count it for nothing', () => {
  const budget = calculerBudget({ ...FOYER, aideSuspendue: true })
  assert.equal(budget.tauxFormulaire.etat === 'calcule' && budget.tauxFormulaire.centiemes, 3114)
  assert.equal(budget.tauxReel.etat === 'calcule' && budget.tauxReel.centiemes, 5441)
  assert.deepEqual([budget.disponible, budget.disponibleReel], [68_750, 37_750])
  assert.match(budget.reserves.join(' '), /suspendu/)
  const inconnue = calculerBudget({ ...FOYER, aideSuspendue: null })
  assert.equal(inconnue.tauxReel.etat, 'non_calculable', 'unknown is not « no »')
  assert.equal(calculerBudget({ ...FOYER, aideVersee: 10_000 }).disponibleReel, 47_750)
})

test('[SAI-19] an aid above rent and charges leaves a residual rent of 0, never below', () => {
  const {
    lignes: [, , , , quatre],
    reserves,
  } = calculerBudget({ ...FOYER, aide: 60_000 })
  assert.equal(quatre?.centimes, 0)
  assert.match(reserves.join(' '), /dépasse le loyer/)
})

test('what is not typed is counted for 0 and said; a missing rent is not', () => {
  const budget = calculerBudget({ ...FOYER, autresCharges: null, chargesHorsLogement: null })
  assert.equal(budget.chargeLogement, 27_000)
  assert.deepEqual(budget.comptesPourZero, ['autres charges de logement', 'charges hors logement'])
  const sans = calculerBudget({ ...FOYER, loyer: null })
  assert.deepEqual([sans.chargeLogement, sans.disponible], [null, null])
  assert.deepEqual(sans.manquants, ['loyer ou indemnité d’occupation (1)'])
})

test('amounts that are not whole cents are a bug', () => {
  assert.throws(() => calculerBudget({ ...FOYER, loyer: 520.5 }), RangeError)
})
