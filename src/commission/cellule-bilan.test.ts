import assert from 'node:assert/strict'
import { test } from 'node:test'
import { masquerBilan } from './cellule-bilan.ts'

const groupe = (titre: string, nombres: Record<string, number>, plus = {}) => ({
  titre,
  somme: 'total' as const,
  lignes: Object.entries(nombres).map(([libelle, nombre]) => ({ libelle, nombre })),
  ...plus,
})
const lire = ({ groupes }: ReturnType<typeof masquerBilan>) =>
  groupes.map(({ lignes }) => Object.fromEntries(lignes.map(({ libelle, nombre }) => [libelle, nombre])))

test('[CEL-12] [IND-76] a small number takes with it, in every group, what would give it back: the total minus the others, or another group', () => {
  const [pourquoi, fins, suites] = lire(
    masquerBilan(
      20,
      [
        groupe('Pourquoi', { protocole: 17, rappel: 3 }),
        groupe('Fins', { Accord: 12, Refus: 2, 'En cours': 6 }, { conclues: ['Accord', 'Refus'] }),
        groupe('Suites', { attendue: 14 }, { somme: 'conclues' }),
      ],
      5,
    ),
  )
  assert.deepEqual(pourquoi, { protocole: null, rappel: null })
  // Fourteen to regularise and twelve agreements would say two refusals.
  assert.equal(fins?.Refus, null)
  assert.ok([fins?.Accord, suites?.attendue].includes(null))
})

test('[CEL-12] nothing is masked that does not need it, and a whole year of few consultations is not counted', () => {
  assert.deepEqual(lire(masquerBilan(20, [groupe('Pourquoi', { a: 12, b: 8, c: 0 })], 5)), [{ a: 12, b: 8, c: 0 }])
  assert.equal(masquerBilan(2, [groupe('Pourquoi', { a: 2 })], 5).total, null)
})
