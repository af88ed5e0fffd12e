import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ComptesDesCommissions } from '#commission'
import { lireComptes } from './annee.ts'
import { comparer } from './harmonisation.ts'

const commissions = [
  { id: 'a', nom: 'Autun', territoires: [] },
  { id: 'b', nom: 'Chalon', territoires: [] },
]
const reglages = { effectif_min: 10, points: 20, seuil: 5 }
type Compare = ComptesDesCommissions['compares'][number]
const compte = (commission: string, n: number, reponse: string | null, plus: Partial<Compare> = {}): Compare => ({
  commission,
  stade: 'assignation',
  parc: 'public',
  loyer: 'entiere',
  reponse,
  n,
  ...plus,
})

/** A year of these files: each examined once, referred at a step nobody knows. */
function annee(
  compares: readonly Compare[],
  plus: readonly [commission: string, cle: string, detail: string, n: number][] = [],
) {
  const examens = compares.filter(({ reponse }) => reponse === null)
  const figures = [
    ...examens.flatMap(({ commission, n }) =>
      ['saisine', 'dossier'].map((cle) => ({ commission, cle, detail: '', n })),
    ),
    ...plus.map(([commission, cle, detail, n]) => ({ commission, cle, detail, n })),
  ]
  const activite = [
    ...Map.groupBy(
      [...figures, ...figures.map((une) => ({ ...une, commission: null }))],
      ({ commission, cle, detail }) => [commission, cle, detail].join('|'),
    ).values(),
  ].flatMap((siennes) => (siennes[0] ? [{ ...siennes[0], n: siennes.reduce((somme, { n }) => somme + n, 0) }] : []))
  return lireComptes({ activite, compares }, reglages.seuil)
}

test('[COM-02] a difference is a question from the points the data sets, between commissions with enough files', () => {
  const comptes = [
    compte('a', 20, null),
    compte('a', 14, 'aide:maintien'),
    compte('b', 20, null),
    compte('b', 6, 'aide:maintien'),
  ]
  const [question] = comparer(annee(comptes), commissions, 'loyer', reglages).questions
  assert.equal(question?.points, 40)
  assert.deepEqual(
    question?.commissions.map(({ id }) => id),
    ['a', 'b'],
  )
  assert.equal(comparer(annee(comptes), commissions, 'loyer', { ...reglages, points: 41 }).questions.length, 0)
  const peu = comptes.map((un) => (un.commission === 'b' && un.reponse === null ? { ...un, n: 9 } : un))
  assert.equal(comparer(annee(peu), commissions, 'loyer', reglages).questions.length, 0)
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
      comparer(annee(comptes), commissions, detail, reglages).situations.map(({ cle, reponses }) => [
        cle,
        reponses[0]?.cases.get('a')?.n,
      ]),
    )
  assert.equal(lire('parc')['assignation|prive'], null)
  // Ten at the step, less eight in public housing, would be two.
  assert.ok([lire('etape').assignation, lire('parc')['assignation|public']].includes(null))
  const presque = comparer(
    annee([compte('a', 12, null), compte('a', 11, 'aide:maintien')]),
    commissions,
    'loyer',
    reglages,
  )
  assert.equal(presque.situations[0]?.reponses[0]?.cases.get('a')?.n, null)
})

test('[IND-76] few without an answer are found at no level: what two levels say is not subtracted', () => {
  const prive = { parc: 'prive' }
  const lue = annee([
    compte('a', 12, null),
    compte('a', 20, null, prive),
    compte('a', 11, 'aide:maintien'),
    compte('a', 10, 'aide:maintien', prive),
  ])
  const cases = (['etape', 'parc'] as const).flatMap((detail) =>
    comparer(lue, commissions, detail, reglages).situations.map(({ reponses }) => reponses[0]?.cases.get('a')),
  )
  // 21 of 32 at the step, less 10 of 20 in private housing, is 11 of 12 in public housing: one household.
  assert.equal(cases.length, 3)
  assert.ok(cases.filter((une) => une?.n === null).length >= 2, JSON.stringify(cases))
})

test('[IND-76] what the activity hides, the comparison does not give back', () => {
  const compares = [
    compte('a', 14, null),
    compte('a', 6, 'aide:maintien'),
    compte('a', 2, 'aide:suspension'),
    compte('b', 14, null),
  ]
  const lue = annee(compares, [
    ['a', 'avis', 'aide:maintien', 6],
    ['a', 'avis', 'aide:suspension', 2],
    ['a', 'retour', 'attendu', 8],
  ])
  // Eight opinions, of which six are shown, would be two.
  const avis = (detail: string) => lue.masquees.has(`avis|${detail}|a`)
  const maintien = comparer(lue, commissions, 'loyer', reglages).situations[0]?.reponses.find(
    ({ reponse }) => reponse === 'aide:maintien',
  )
  assert.ok(avis('aide:suspension'))
  if (!avis('*')) assert.deepEqual([avis('aide:maintien'), maintien?.cases.get('a')?.n], [true, null])
})

test('[IND-76] few households a measure was not followed for are hidden like few it was', () => {
  const { masquees } = annee(
    [compte('a', 30, null), compte('b', 30, null)],
    [
      ['a', 'recommandation', '', 20],
      ['a', 'avdl', '', 10],
      ['a', 'avdl-suivie', '', 9],
      ['a', 'retour', 'suivi', 20],
    ],
  )
  for (const commission of ['a', ''])
    assert.ok(masquees.has(`avdl||${commission}`) || masquees.has(`avdl-suivie||${commission}`), commission)
})

test('[IND-76] whatever the files, a whole less what is shown of it is never few: files, those who were answered so, the others', () => {
  let state = 11
  const random = (n: number) => {
    state = (state * 1103515245 + 12345) % 2147483648
    return Math.floor((state / 2147483648) * n)
  }
  let shown = 0
  for (let round = 0; round < 200; round += 1) {
    const compares = ['assignation', 'jugement'].flatMap((stade) =>
      ['public', 'prive'].flatMap((parc) =>
        (['entiere', 'non', 'inconnu'] as const).flatMap((loyer) => {
          const n = random(4) === 0 ? 0 : random(30)
          const dit = Math.min(n, random(3) === 0 ? n : random(n + 1))
          const place = { stade, parc, loyer }
          return n === 0
            ? []
            : [compte('a', n, null, place), ...(dit === 0 ? [] : [compte('a', dit, 'aide:maintien', place)])]
        }),
      ),
    )
    const dits = compares.reduce((n, un) => n + (un.reponse === null ? 0 : un.n), 0)
    if (dits === 0) continue
    const lue = annee(compares, [
      ['a', 'avis', 'aide:maintien', dits],
      ['a', 'retour', 'attendu', dits],
    ])
    const cases = new Map(
      (['etape', 'parc', 'loyer'] as const).flatMap((detail) =>
        comparer(lue, commissions, detail, reglages).situations.flatMap(({ cle, reponses }) =>
          reponses.flatMap(({ cases: siennes }) => {
            const une = siennes.get('a')
            return une ? [[cle, une] as const] : []
          }),
        ),
      ),
    )
    for (const [cle, tout] of cases) {
      const dessous = [...cases].filter(
        ([une]) => une.startsWith(`${cle}|`) && une.split('|').length === cle.split('|').length + 1,
      )
      const reste = (valeur: (une: { n: number | null; sur: number | null }) => number | null): number | null => {
        const whole = valeur(tout)
        return whole === null ? null : whole - dessous.reduce((n, [, une]) => n + (valeur(une) ?? 0), 0)
      }
      const restes = [
        reste(({ n }) => n),
        reste(({ sur }) => sur),
        reste(({ n, sur }) => (n === null || sur === null ? null : sur - n)),
      ]
      for (const few of restes) assert.ok(few === null || few === 0 || few >= 5, `${cle}: ${JSON.stringify(compares)}`)
      if (tout.n !== null) shown += 1
    }
  }
  assert.ok(shown > 400, `${shown} numbers were shown`)
})
