import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { chargerDelais } from '#procedure'
import { type DetteDue, imputerVersements, lireReglesImputation, type Versement } from './imputation.ts'

const jour = (texte: string) => Temporal.PlainDate.from(texte)
const REGLES = {
  source: { titre: 'Code civil', reference: 'art. 1342-10' },
  sourceAide: { titre: 'CCH' },
  reserves: [],
}
const loyer = (mois: string, centimes = 50_000): DetteDue => ({
  id: mois,
  libelle: `Loyer ${mois}`,
  nature: 'loyer',
  terme: mois,
  echeance: jour(`${mois}-05`),
  centimes,
})
const verse = (id: string, le: string, centimes: number, reste: Partial<Versement> = {}): Versement => ({
  id,
  le: jour(le),
  centimes,
  origine: 'menage',
  ...reste,
})
const AUTOMNE = [loyer('2026-09'), loyer('2026-10'), loyer('2026-11')]
const LE = jour('2026-11-26')
const soldes = (lecture: { soldes: readonly { dette: string; reste: number }[] } | undefined) =>
  Object.fromEntries(lecture?.soldes.map(({ dette, reste }) => [dette, reste]) ?? [])

test('[OUT-03] without a choice, the oldest debt due is paid first', () => {
  const { lectures, divergent } = imputerVersements(AUTOMNE, [verse('v', '2026-11-10', 70_000)], LE, REGLES)
  assert.equal(lectures.length, 1)
  assert.equal(divergent, false)
  assert.deepEqual(soldes(lectures[0]), { '2026-09': 0, '2026-10': 30_000, '2026-11': 50_000 })
  assert.deepEqual(
    lectures[0].imputations.map(({ regle, centimes }) => [regle, centimes]),
    [
      ['ancienne', 50_000],
      ['ancienne', 20_000],
    ],
  )
  assert.match(lectures[0].imputations[0]?.explication ?? '', /la plus ancienne \(échue le 5 septembre 2026\)/)
})

test('[OUT-03][DOS-07] the debt the household named is paid first: both readings, and current rent resumed in one only', () => {
  const { lectures, divergent } = imputerVersements(
    AUTOMNE,
    [verse('v', '2026-11-10', 50_000, { indique: ['2026-11'] })],
    LE,
    REGLES,
  )
  const [indiquee, legale] = lectures
  assert.equal(divergent, true)
  assert.deepEqual(soldes(indiquee), { '2026-09': 50_000, '2026-10': 50_000, '2026-11': 0 })
  assert.deepEqual(soldes(legale), { '2026-09': 0, '2026-10': 50_000, '2026-11': 50_000 })
  assert.deepEqual([indiquee.reprise.etat, indiquee.reprise.depuisTerme], ['repris', '2026-11'])
  assert.equal(indiquee.reprise.depuisLe?.toString(), '2026-11-10')
  assert.equal(legale?.reprise.etat, 'non_repris')
})

test('[OUT-03] housing aid extinguishes its own term and never an older rent; what is left over goes nowhere', () => {
  const { lectures } = imputerVersements(
    AUTOMNE,
    [verse('aide', '2026-11-05', 60_000, { origine: 'aide', terme: '2026-11' })],
    LE,
    REGLES,
  )
  assert.deepEqual(soldes(lectures[0]), { '2026-09': 50_000, '2026-10': 50_000, '2026-11': 0 })
  assert.deepEqual(
    lectures[0].nonImpute.map(({ centimes }) => centimes),
    [10_000],
  )
  const inconnu = imputerVersements(AUTOMNE, [verse('aide', '2026-11-05', 100, { origine: 'aide' })], LE, REGLES)
  assert.equal(inconnu.lectures[0].imputations.length, 0, 'an aid whose month is unknown pays nothing')
})

test('[OUT-03] a choice does not move housing aid', () => {
  const { lectures } = imputerVersements(
    AUTOMNE,
    [verse('aide', '2026-11-05', 20_000, { origine: 'aide', terme: '2026-11', indique: ['2026-09'] })],
    LE,
    REGLES,
  )
  assert.deepEqual(soldes(lectures[0]), { '2026-09': 50_000, '2026-10': 50_000, '2026-11': 30_000 })
})

test('[OUT-03] the debt with most interest comes before older ones; debts not due come last', () => {
  const clause = { ...loyer('2026-11'), interet: { rang: 1, motif: 'visée par le commandement' } }
  const { lectures } = imputerVersements(
    [loyer('2026-09'), clause, loyer('2027-01')],
    [verse('v', '2026-11-10', 110_000)],
    LE,
    REGLES,
  )
  assert.deepEqual(
    lectures[0].imputations.map(({ dette, regle, centimes }) => [dette, regle, centimes]),
    [
      ['2026-11', 'interet', 50_000],
      ['2026-09', 'echue', 50_000],
      ['2027-01', 'a_echoir', 10_000],
    ],
  )
})

test('[OUT-03] same date and same interest: in proportion, to the cent', () => {
  const dettes = [loyer('2026-11', 100), { ...loyer('2026-11', 200), id: 'charges', nature: 'charges' as const }]
  const { lectures } = imputerVersements(dettes, [verse('v', '2026-11-10', 100)], LE, REGLES)
  assert.deepEqual(
    lectures[0].imputations.map(({ dette, centimes, regle }) => [dette, centimes, regle]),
    [
      ['2026-11', 33, 'proportion'],
      ['charges', 67, 'proportion'],
    ],
  )
})

test('[OUT-03] the law of each payment is the one of the day it was received: one older than the rule is said', () => {
  const droit = chargerDelais(join(import.meta.dirname, '../../../donnees'), '71-saone-et-loire')
  const recu = (le: string) => ({ le: jour(le) })
  const regles = lireReglesImputation(droit, [recu('2026-11-10'), recu('2016-09-30')], LE)
  assert.match(regles.source.titre, /Code civil/)
  assert.match(regles.reserves.join(' '), /30 septembre 2016 : aucune règle connue à cette date/)
  const seuls = lireReglesImputation(droit, [recu('2026-11-10')], jour('2016-01-01'))
  assert.doesNotMatch(seuls.reserves.join(' '), /aucune règle connue/)
})

test('[DOS-07] a ledger that stops before the term now due does not say whether rent is paid again', () => {
  const reprise = (le: string, dettes: readonly DetteDue[] = AUTOMNE) =>
    imputerVersements(dettes, [verse('v', '2026-11-10', 150_000)], jour(le), REGLES).lectures[0].reprise
  assert.equal(reprise('2026-12-04').etat, 'repris')
  const perime = reprise('2026-12-05')
  assert.deepEqual([perime.etat, perime.depuisTerme], ['indetermine', null])
  assert.match(perime.phrase, /décembre 2026 n’est pas saisi.*novembre 2026, est soldé/)
  const impaye = imputerVersements(AUTOMNE, [], jour('2026-12-05'), REGLES).lectures[0].reprise
  assert.equal(impaye.etat, 'non_repris', 'the last rent entered is not paid: nothing resumed')
  assert.match(impaye.phrase, /Le loyer de décembre 2026 n’est pas saisi/)
  // The December rent is entered, not due yet: the ledger is up to date.
  assert.equal(
    reprise('2026-12-06', [...AUTOMNE, { ...loyer('2026-12'), echeance: jour('2026-12-10') }]).etat,
    'repris',
  )
})

test('[DOS-07] a month missing from the paid series is unknown, not paid', () => {
  const { lectures } = imputerVersements(
    [loyer('2026-09'), loyer('2026-11')],
    [verse('v', '2026-11-10', 100_000)],
    LE,
    REGLES,
  )
  assert.equal(lectures[0].reprise.etat, 'indetermine')
  assert.match(lectures[0].reprise.phrase, /Le loyer d’octobre 2026 n’est pas saisi/)
})

test('[DOS-07] rent without its month is for the month of its due date', () => {
  const { lectures } = imputerVersements(
    AUTOMNE.map((dette) => ({ ...dette, terme: null })),
    [verse('v', '2026-11-10', 150_000), verse('aide', '2026-11-05', 10_000, { origine: 'aide', terme: '2026-11' })],
    LE,
    REGLES,
  )
  assert.deepEqual([lectures[0].reprise.etat, lectures[0].reprise.depuisTerme], ['repris', '2026-09'])
  assert.equal(lectures[0].imputations.find(({ versement }) => versement === 'aide')?.dette, '2026-11')
})

test('[DOS-07] a term is paid off the day of its latest payment, even when aid that came after is counted first', () => {
  const { lectures } = imputerVersements(
    [loyer('2026-11')],
    [verse('menage', '2026-11-06', 30_000), verse('aide', '2026-11-25', 20_000, { origine: 'aide', terme: '2026-11' })],
    LE,
    REGLES,
  )
  assert.equal(lectures[0].reprise.depuisLe?.toString(), '2026-11-25')
})

test('[OUT-03] every cent paid is imputed once or said not to be, and no debt is paid beyond what is due', () => {
  const mois = fc.constantFrom('2026-08', '2026-09', '2026-10', '2026-11', '2026-12')
  fc.assert(
    fc.property(
      fc.uniqueArray(mois, { minLength: 1 }).chain((noms) =>
        fc.tuple(
          fc.tuple(...noms.map((nom) => fc.nat(70_000).map((centimes) => loyer(nom, centimes)))),
          fc.array(
            fc.record({
              le: fc.nat(120).map((plus) => jour('2026-08-01').add({ days: plus })),
              centimes: fc.nat(90_000),
              origine: fc.constantFrom('menage' as const, 'aide' as const, 'tiers' as const),
              terme: fc.option(mois),
              indique: fc.array(fc.constantFrom(...noms), { maxLength: 2 }),
            }),
          ),
        ),
      ),
      ([dettes, paiements]) => {
        const versements = paiements.map((paiement, rang) => ({ id: String(rang), ...paiement }))
        for (const lecture of imputerVersements(dettes, versements, LE, REGLES).lectures) {
          const impute = lecture.imputations.reduce((total, { centimes }) => total + centimes, 0)
          const perdu = lecture.nonImpute.reduce((total, { centimes }) => total + centimes, 0)
          assert.equal(
            impute + perdu,
            versements.reduce((total, { centimes }) => total + centimes, 0),
          )
          assert.ok(lecture.soldes.every(({ reste }) => reste >= 0))
          for (const { versement, dette } of lecture.imputations) {
            const paiement = versements.find(({ id }) => id === versement)
            if (paiement?.origine === 'aide') assert.equal(paiement.terme, dette, 'aid stays on its term')
          }
        }
      },
    ),
    { numRuns: 200 },
  )
})
