import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { compterPositions, echeanceDe, issueDesPositions, type ReglesFigees, type Voix } from './cellule-regles.ts'

const ecrite = { libelle: '', source: '', reserve: null }
const regles = (
  regle: 'pilotes' | 'majorite' | 'unanimite' | null,
  vaut: 'rien' | 'accord' | 'refus' | 'abstention' | null,
): Pick<ReglesFigees, 'decision' | 'silence'> => ({
  decision: regle === null ? null : { ...ecrite, regle },
  silence: vaut === null ? null : { ...ecrite, vaut },
})
/** « +-0?r » : favourable, unfavourable, abstention, silent, asks for a meeting. */
const voix = (texte: string): Voix[] =>
  [...texte].map((signe, rang) => ({
    organisme: String(rang),
    permanent: true,
    sens: ({ '+': 'favorable', '-': 'defavorable', '0': 'abstention', r: 'reunion' } as const)[signe] ?? null,
  }))

describe('[CEL-05] the rule of decision of the cell, and what silence is worth', () => {
  const cas = [
    ['majorite', 'rien', '++-0', true, 'accord'],
    ['majorite', 'rien', '+--0', true, 'refus'],
    ['majorite', 'rien', '++?-', true, null],
    ['majorite', 'accord', '+-?0', true, 'accord'],
    ['majorite', 'refus', '+??0', true, 'refus'],
    ['majorite', null, '++?-', true, null],
    ['majorite', 'accord', '+++?', false, null],
    ['majorite', 'rien', '+r+', true, null],
    ['unanimite', 'accord', '++?', true, 'accord'],
    ['unanimite', 'rien', '++?', true, null],
    ['unanimite', 'rien', '++0', true, null],
    ['unanimite', 'rien', '++-', true, 'refus'],
    ['pilotes', 'accord', '+++', true, null],
    [null, null, '+++', true, null],
  ] as const
  for (const [regle, silence, positions, echue, attendu] of cas)
    test(`${regle ?? 'not set'}, silence ${silence ?? 'not set'}, ${positions}${echue ? '' : ' before the end'}: ${attendu ?? 'a person says it'}`, () => {
      assert.equal(issueDesPositions(regles(regle, silence), voix(positions), echue), attendu)
    })

  test('guests are heard and do not decide', () => {
    const avecInvite: Voix[] = [...voix('+'), { organisme: 'x', permanent: false, sens: 'defavorable' }]
    assert.equal(issueDesPositions(regles('unanimite', 'rien'), avecInvite, true), 'accord')
    assert.deepEqual(compterPositions(avecInvite), {
      attendus: 2,
      repondus: 2,
      favorable: 1,
      defavorable: 1,
      abstention: 0,
      reunion: 0,
      muets: 0,
    })
  })
})

test('[CEL-05] hours run as they pass; days are whole, summer time included', () => {
  const maintenant = Temporal.Instant.from('2026-10-23T14:30:00Z')
  const jour = Temporal.PlainDate.from('2026-10-23')
  assert.equal(echeanceDe({ heures: 24 }, { maintenant, jour }).toString(), '2026-10-24T14:30:00Z')
  // The clocks go back on the 25th: the last minute of the 26th in Paris is 22:59 UTC.
  assert.equal(echeanceDe({ jours: 3 }, { maintenant, jour }).toString(), '2026-10-26T22:59:00Z')
})
