import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CompteCompare } from '#commission'
import { comparer } from './harmonisation.ts'

const commissions = [
  { id: 'a', nom: 'Autun', territoires: [] },
  { id: 'b', nom: 'Chalon', territoires: [] },
]
const reglages = { effectif_min: 10, points: 20, seuil: 5 }
const compte = (commission: string, n: number, reponse: string | null, plus: Partial<CompteCompare> = {}) =>
  ({ commission, stade: 'assignation', parc: 'public', loyer: 'entiere', reponse, n, ...plus }) as CompteCompare

test('[COM-02] a difference is a question from the points the data sets, between commissions with enough files', () => {
  const comptes = [
    compte('a', 20, null),
    compte('a', 14, 'aide:maintien'),
    compte('b', 20, null),
    compte('b', 6, 'aide:maintien'),
  ]
  const [question] = comparer(comptes, commissions, 'loyer', reglages).questions
  assert.equal(question?.points, 40)
  assert.deepEqual(
    question?.commissions.map(({ id }) => id),
    ['a', 'b'],
  )
  assert.equal(comparer(comptes, commissions, 'loyer', { ...reglages, points: 41 }).questions.length, 0)
  const peu = comptes.map((un) => (un.commission === 'b' && un.reponse === null ? { ...un, n: 9 } : un))
  assert.equal(comparer(peu, commissions, 'loyer', reglages).questions.length, 0)
})

test('[IND-76] a small number is not shown, nor its complement, nor what another level of detail would give it back by', () => {
  const comptes = [
    compte('a', 20, null),
    compte('a', 20, null, { parc: 'prive' }),
    compte('a', 8, 'aide:maintien'),
    compte('a', 2, 'aide:maintien', { parc: 'prive' }),
  ]
  const lire = (detail: 'etape' | 'parc') =>
    Object.fromEntries(
      comparer(comptes, commissions, detail, reglages).situations.map(({ cle, reponses }) => [
        cle,
        reponses[0]?.cases.get('a')?.n,
      ]),
    )
  assert.equal(lire('parc')['assignation|prive'], null)
  // Ten at the step, less eight in public housing, would be two.
  assert.ok([lire('etape').assignation, lire('parc')['assignation|public']].includes(null))
  const presque = comparer([compte('a', 12, null), compte('a', 11, 'aide:maintien')], commissions, 'loyer', reglages)
  assert.equal(presque.situations[0]?.reponses[0]?.cases.get('a')?.n, null)
})
