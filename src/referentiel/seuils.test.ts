import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { chargerReferentiel } from './chargement.ts'
import { evaluerImpayeCaf, evaluerSeuilCommandement } from './seuils.ts'

const referentiel = chargerReferentiel(join(import.meta.dirname, '../../../donnees'))
const jour = (texte: string) => Temporal.PlainDate.from(texte)

test('[SIG-23] a commandement below the threshold says so with both branches, the amount, the source and the reserve', () => {
  const decision = evaluerSeuilCommandement(referentiel, '71', {
    date_acte: jour('2022-01-10'),
    loyer: 50_000,
    dette: 140_000,
    dette_depuis: jour('2021-11-10'),
  })
  assert.equal(decision.resultat, 'non_atteint')
  assert.deepEqual(
    decision.branches.map(({ branche, etat }) => [branche, etat]),
    [
      ['duree', 'non_atteinte'],
      ['montant', 'non_atteinte'],
    ],
  )
  assert.equal(decision.seuil, 150_000)
  assert.equal(
    decision.motif.replaceAll('\u202f', ' ').replaceAll('\u00a0', ' '),
    'Impayé depuis le 10 novembre 2021 : 3 mois non écoulés à la date de l’acte, le 10 janvier 2022. Dette de 1 400,00 €, inférieure à 3 fois le loyer hors charges, soit 1 500,00 €.',
  )
  assert.equal(decision.source?.reference, 'art. 1er')
  assert.equal(decision.reserve, 'usage local ; non vérifié par un juriste')
  assert.equal(decision.version, 'departements/71-saone-et-loire/arretes/2020-02-14-seuil-cdp')
})

test('[SIG-23] the date of the act alone selects the version', () => {
  const selon = (date: string) =>
    evaluerSeuilCommandement(referentiel, '71', {
      date_acte: jour(date),
      loyer: 50_000,
      dette: 140_000,
      mois_d_impaye: 0,
    })
  assert.equal(selon('2023-07-28').resultat, 'non_atteint')
  assert.equal(selon('2023-07-29').resultat, 'atteint')
  assert.equal(selon('2020-02-13').resultat, 'indetermine')
  assert.match(selon('2020-02-13').motif, /^Aucune version connue/)
  assert.equal(selon('2014-12-31').resultat, 'sans_objet')
})

test('[SIG-23] months end on the same day, or on the last day of a shorter month', () => {
  const selon = (depuis: string, acte: string) =>
    evaluerSeuilCommandement(referentiel, '71', {
      date_acte: jour(acte),
      loyer: 50_000,
      dette: 100,
      dette_depuis: jour(depuis),
    }).resultat
  assert.equal(selon('2026-12-31', '2027-02-27'), 'non_atteint')
  assert.equal(selon('2026-12-31', '2027-02-28'), 'atteint')
})

test('[SIG-23] without a fact the answer is undetermined, never « non », and never today’s date', () => {
  const selon = (acte: Parameters<typeof evaluerSeuilCommandement>[2]) =>
    evaluerSeuilCommandement(referentiel, '71', acte)
  assert.equal(selon({ loyer: 50_000, dette: 900_000 }).resultat, 'indetermine')
  assert.equal(selon({ date_acte: jour('2026-11-20'), dette: 100 }).resultat, 'indetermine')
  assert.equal(selon({ date_acte: jour('2026-11-20'), loyer: 0, dette: 100 }).resultat, 'indetermine')
  assert.equal(selon({ date_acte: jour('2026-11-20'), loyer: 50_000, dette: 100 }).resultat, 'indetermine')
  assert.equal(
    selon({ date_acte: jour('2026-11-20'), loyer: 50_000, dette_depuis: jour('2026-01-01') }).resultat,
    'atteint',
  )
})

test('[SIG-23] only landlords the law names must report: for the others the act is kept without a threshold', () => {
  const selon = (bailleur_nature: string) =>
    evaluerSeuilCommandement(referentiel, '71', {
      date_acte: jour('2026-11-20'),
      loyer: 50_000,
      dette: 900_000,
      bailleur_nature,
    }).resultat
  assert.equal(selon('personne_physique'), 'atteint')
  assert.equal(selon('sci_familiale'), 'atteint')
  assert.equal(selon('personne_morale'), 'sans_objet')
  assert.equal(selon('bailleur_social'), 'sans_objet')
})

test('CAF arrears: the day of constitution selects the regime, rent with charges, net of the aid paid to the landlord', () => {
  const ancien = evaluerImpayeCaf(referentiel, {
    date_constitution: jour('2026-12-15'),
    tiers_payant: true,
    loyer: 50_000,
    charges: 10_000,
    aide: 25_000,
    dette: 70_000,
  })
  assert.equal(ancien.seuil, 70_000)
  assert.equal(ancien.resultat, 'atteint')
  const nouveau = (dette: number) =>
    evaluerImpayeCaf(referentiel, { date_constitution: jour('2027-01-15'), dette, premier_defaut: jour('2027-01-05') })
  assert.equal(nouveau(45_000).resultat, 'non_atteint')
  assert.equal(nouveau(45_001).resultat, 'atteint')
  assert.match(nouveau(45_001).reserve ?? '', /^à vérifier/)
})

test('CAF arrears: to whom the aid is paid does not matter when both readings agree; what is missing is named alone', () => {
  const selon = (dette: number, plus: Readonly<Record<string, unknown>> = {}) =>
    evaluerImpayeCaf(referentiel, {
      date_constitution: jour('2026-06-01'),
      loyer: 50_000,
      charges: 10_000,
      aide: 25_000,
      dette,
      ...plus,
    })
  assert.equal(selon(120_000).resultat, 'atteint')
  assert.match(selon(120_000).motif, /même sans déduire l’aide/)
  assert.equal(selon(69_999).resultat, 'non_atteint')
  assert.match(selon(69_999).motif, /même aide déduite/)
  assert.equal(selon(100_000).resultat, 'indetermine')
  assert.equal(selon(69_999, { aide: undefined }).resultat, 'indetermine')
  assert.match(selon(100_000, { charges: undefined }).motif, /Il manque les charges\./)
})

test('CAF arrears of the old regime still open under the new one carry « régime à confirmer »', () => {
  const selon = (le: string, dette = 70_000) =>
    evaluerImpayeCaf(referentiel, {
      date_constitution: jour('2026-12-15'),
      jour: jour(le),
      tiers_payant: false,
      loyer: 20_000,
      charges: 0,
      dette,
    }).reserve
  assert.doesNotMatch(selon('2026-12-31') ?? '', /régime à confirmer/)
  assert.match(selon('2027-01-01') ?? '', /régime à confirmer/)
  assert.doesNotMatch(selon('2027-01-01', 0) ?? '', /régime à confirmer/)
})

test('CAF arrears: an aid larger than rent and charges gives a threshold of zero, never a negative one', () => {
  const decision = evaluerImpayeCaf(referentiel, {
    date_constitution: jour('2026-06-01'),
    tiers_payant: true,
    loyer: 20_000,
    charges: 0,
    aide: 30_000,
    dette: 100,
  })
  assert.equal(decision.seuil, 0)
  assert.equal(decision.resultat, 'atteint')
})

test('[SIG-23] a debt of nothing reaches no threshold, whatever the regime, the months or the rent net of the aid', () => {
  const acte = { date_acte: jour('2026-11-20'), dette: 0, loyer: 50_000, mois_d_impaye: 3 }
  assert.equal(evaluerSeuilCommandement(referentiel, '71', acte).resultat, 'non_atteint')
  for (const constitue of ['2015-06-01', '2026-12-15', '2027-02-01']) {
    const decision = evaluerImpayeCaf(referentiel, {
      date_constitution: jour(constitue),
      ...{ dette: 0, loyer: 25_000, charges: 0, aide: 30_000, tiers_payant: true, termes_impayes: 3 },
      premier_defaut: jour('2015-01-01'),
    })
    assert.ok(['non_atteint', 'indetermine'].includes(decision.resultat), constitue)
    if (decision.version !== null) assert.equal(decision.motif, 'La dette est soldée.', constitue)
  }
})
