import assert from 'node:assert/strict'
import { test } from 'node:test'
import { grouperBilan, masquerBilan } from './cellule-bilan.ts'

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

test('[CEL-12] a year with consultations open, withdrawn and concluded is counted: what adds up is what is shown', () => {
  const compte = (etat: string, issue: 'accord' | 'refus' | null, n: number) => ({
    objet: 'Protocole',
    mode: 'dematerialise' as const,
    issue,
    etat,
    regularisation: issue === null ? null : 'attendue',
    type: 'caf' as const,
    territoire: 'autun',
    n,
  })
  const voix = { favorable: 30, defavorable: 8, abstention: 0, reunion: 0, silence: 6 }
  const annee = (comptes: Parameters<typeof grouperBilan>[0]) =>
    masquerBilan(
      comptes.reduce((somme, { n }) => somme + n, 0),
      grouperBilan(comptes, voix, () => 'Autun'),
      5,
    )
  const grande = annee([
    compte('ouverte', null, 7),
    compte('retiree', null, 6),
    compte('conclue', 'accord', 12),
    compte('conclue', 'refus', 9),
  ])
  assert.equal(grande.total, 34)
  assert.ok(lire(grande).every((lignes) => Object.values(lignes).every((nombre) => nombre !== null)))
  const petite = annee([compte('ouverte', null, 1), compte('conclue', 'accord', 1)])
  assert.equal(petite.total, null)
})
