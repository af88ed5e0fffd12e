import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { chargerDelais } from '#procedure'
import { calculerApurementSupportable, calculerPlan, lireCadre } from './plan.ts'

const jour = (texte: string) => Temporal.PlainDate.from(texte)
const droit = chargerDelais(join(import.meta.dirname, '../../../donnees'), '71-saone-et-loire')
const LIBRE = lireCadre(droit, 'volontaire', {})
const CAF = lireCadre(droit, 'caf', { 'impaye.constitue': jour('2026-03-02') })
const demande = { premiere: jour('2026-12-05'), arrondi: 'derniere' as const, cadre: LIBRE }

test('[OUT-01] 2 000,00 € over 36 months: 35 × 55,56 € and 55,40 €, the rounding on the last or on the first', () => {
  const plan = calculerPlan({ ...demande, dette: 200_000, nombre: 36, cadre: CAF, disponible: 10_000 })
  assert.equal(plan.etat, 'possible')
  assert.deepEqual([plan.mensualite, plan.echeances.at(-1)?.centimes, plan.total], [5556, 5540, 200_000])
  assert.equal(plan.echeances.filter(({ centimes }) => centimes === 5556).length, 35)
  const premiere = calculerPlan({ ...demande, dette: 200_000, nombre: 36, arrondi: 'premiere' })
  assert.deepEqual(
    [premiere.echeances[0]?.centimes, premiere.echeances.at(-1)?.centimes, premiere.total],
    [5540, 5556, 200_000],
  )
})

test('[OUT-01] months keep their own length, the chosen day comes back', () => {
  const { echeances } = calculerPlan({ ...demande, dette: 50_000, nombre: 5, premiere: jour('2027-12-31') })
  assert.deepEqual(
    echeances.map(({ le }) => le.toString()),
    ['2027-12-31', '2028-01-31', '2028-02-29', '2028-03-31', '2028-04-30'],
  )
  const autre = calculerPlan({ ...demande, dette: 300, nombre: 3, premiere: jour('2027-01-12'), jourDuMois: 30 })
  assert.deepEqual(
    autre.echeances.map(({ le }) => le.toString()),
    ['2027-01-12', '2027-02-28', '2027-03-30'],
  )
})

test('[OUT-02] an instalment above what is available is not tenable, and the schedule is still shown', () => {
  const plan = calculerPlan({ ...demande, dette: 200_000, nombre: 10, disponible: 19_999 })
  assert.equal(plan.etat, 'non_tenable')
  assert.match(plan.motifs[0] ?? '', /^Plan non tenable/)
  assert.equal(plan.echeances.length, 10)
  assert.equal(calculerPlan({ ...demande, dette: 200_000, nombre: 10, disponible: 20_000 }).etat, 'possible')
})

test('[OUT-01] longer than its frame, a plan is refused, with the source of the frame', () => {
  assert.equal(calculerPlan({ ...demande, dette: 200_000, nombre: 36, cadre: CAF }).etat, 'possible')
  const refuse = calculerPlan({ ...demande, dette: 200_000, nombre: 37, cadre: CAF })
  assert.deepEqual([refuse.etat, refuse.echeances.length], ['refuse', 0])
  assert.match(refuse.motifs[0] ?? '', /36 mois .*R\. 824-12/)
})

test('[DOS-08] the frame comes from the law of the date it depends on: none for a voluntary payment, unknown after 2026 for the CAF', () => {
  const mois = (origine: Parameters<typeof lireCadre>[1], faits: Parameters<typeof lireCadre>[2]) =>
    lireCadre(droit, origine, faits, { bailleur_hlm_ou_sem: true }).moisMax
  assert.deepEqual(
    [
      mois('juge', { 'jugement.rendu': jour('2026-11-26') }),
      mois('juge', { 'jugement.rendu': jour('2014-03-26') }),
      mois('protocole_1', { 'protocole.signe': jour('2026-11-26') }),
      mois('protocole_2', { 'protocole.signe': jour('2026-11-26') }),
    ],
    [36, 24, 24, 36],
  )
  assert.equal(mois('volontaire', {}), null)
  const apres = lireCadre(droit, 'caf', { 'impaye.constitue': jour('2027-01-01') })
  assert.equal(apres.moisMax, null)
  assert.match(apres.texte, /expirée le 31\/12\/2026/)
})

test('[DOS-08] without the date that selects the law, or without knowing the landlord, the bound is unknown and nothing takes their place', () => {
  for (const [origine, manque] of [
    ['juge', /jugement/],
    ['caf', /constitution de l’impayé/],
    ['protocole_1', /protocole/],
  ] as const) {
    const cadre = lireCadre(droit, origine, {}, { bailleur_hlm_ou_sem: true })
    assert.equal(cadre.moisMax, null, origine)
    assert.match(cadre.texte, manque)
    assert.match(cadre.reserves.join(' '), /À vérifier/)
  }
  const signe = { 'protocole.signe': jour('2026-11-26') }
  assert.equal(lireCadre(droit, 'protocole_1', signe).moisMax, null)
  assert.match(lireCadre(droit, 'protocole_1', signe, { bailleur_hlm_ou_sem: false }).texte, /inconnue/)
})

test('[OUT-22] a debt admitted in over-indebtedness blocks a plan made since, but that of the commission; an older plan and the delays of a judge are warned of', () => {
  const depuis = { surendettementDepuis: jour('2026-10-05'), dette: 200_000, nombre: 10 }
  const plan = (changements: Partial<Parameters<typeof calculerPlan>[0]>) =>
    calculerPlan({ ...demande, ...depuis, ...changements })
  const interdit = /l’arriéré ne peut plus être payé, le loyer courant reste dû/
  for (const bloque of [plan({}), plan({ concluLe: jour('2026-10-05') })]) {
    assert.deepEqual([bloque.etat, bloque.echeances.length], ['bloque', 0])
    assert.match(bloque.motifs[0] ?? '', interdit)
  }
  const commission = plan({ cadre: lireCadre(droit, 'surendettement', {}) })
  assert.equal(commission.etat, 'possible')
  assert.doesNotMatch(commission.reserves.join(' '), interdit)
  for (const averti of [
    plan({ concluLe: jour('2026-10-04') }),
    plan({ cadre: lireCadre(droit, 'juge', { 'jugement.rendu': jour('2026-11-02') }), concluLe: jour('2026-11-02') }),
  ]) {
    assert.equal(averti.etat, 'possible')
    assert.match(averti.reserves.join(' '), interdit)
  }
})

test('[OUT-01] more than fifty years of instalments are refused before any is built, by number or by amount', () => {
  for (const absurde of [
    { dette: 99_999_999, nombre: 601 },
    { dette: 99_999_999, mensualite: 1 },
    { dette: 60_100, mensualite: 100 },
  ]) {
    const plan = calculerPlan({ ...demande, ...absurde })
    assert.deepEqual([plan.etat, plan.echeances.length], ['refuse', 0])
    assert.match(plan.motifs[0] ?? '', /Au plus 600/)
  }
  assert.equal(calculerPlan({ ...demande, dette: 60_000, mensualite: 100 }).echeances.length, 600)
  const long = calculerApurementSupportable({ ...demande, dette: 99_999_999, disponible: 100, aGarder: 0 })
  assert.deepEqual([long.etat, long.plan?.nombre, long.resteACouvrir], ['trop_long', 600, 99_939_999])
})

test('[OUT-01] the most a household can repay: what is available less what it keeps; beyond the frame, what else must cover', () => {
  const base = { ...demande, cadre: CAF, disponible: 13_000, aGarder: 5000 }
  const court = calculerApurementSupportable({ ...base, dette: 100_000 })
  assert.deepEqual([court.etat, court.mensualiteMax, court.duree, court.plan?.total], ['possible', 8000, 13, 100_000])
  const long = calculerApurementSupportable({ ...base, dette: 360_000 })
  assert.deepEqual([long.etat, long.duree, long.plan?.nombre, long.resteACouvrir], ['trop_long', 45, 36, 72_000])
  assert.match(long.motifs.join(' '), /Plan réaliste : 36 mensualités/)
  const toutY = calculerApurementSupportable({ ...base, aGarder: 0, dette: 600_000 })
  assert.match(toutY.motifs.join(' '), /Au plus, sans rien garder : 36/)
  assert.doesNotMatch(toutY.motifs.join(' '), /réaliste/, 'a plan that takes all that is left is not called realistic')
  const rien = calculerApurementSupportable({ ...base, aGarder: 13_000, dette: 360_000 })
  assert.deepEqual([rien.etat, rien.mensualiteMax, rien.duree], ['impossible', 0, null])
})

test('[OUT-01] instalments are never below a cent, and sum to the debt', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 9_999_999 }),
      fc.integer({ min: 1, max: 120 }),
      fc.constantFrom('premiere' as const, 'derniere' as const),
      (dette, nombre, arrondi) => {
        const plan = calculerPlan({ ...demande, dette, nombre, arrondi })
        if (nombre > dette) return assert.equal(plan.etat, 'refuse')
        assert.equal(plan.echeances.length, nombre)
        assert.equal(plan.total, dette)
        assert.ok(plan.echeances.every(({ centimes }) => centimes > 0))
      },
    ),
  )
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 999_999 }), fc.integer({ min: 5000, max: 99_999 }), (dette, mensualite) => {
      const plan = calculerPlan({ ...demande, dette, mensualite })
      assert.equal(plan.total, dette)
      assert.ok(plan.echeances.every(({ centimes }) => centimes > 0 && centimes <= mensualite))
    }),
  )
})
