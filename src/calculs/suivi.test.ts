import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { chargerReferentiel, trouverDepartement } from '#referentiel'
import { calculerRestePourVivre, evaluerAdaptation, lireBareme } from './adaptation.ts'
import { composerAvisEcheance } from './avis-echeance.ts'
import { calculerBudget } from './budget.ts'
import { lireSourceBudget } from './formule.ts'
import { suivreEcheancier } from './suivi.ts'

const jour = (texte: string) => Temporal.PlainDate.from(texte)
const ECHEANCES = ['2027-01-05', '2027-02-05', '2027-03-05', '2027-04-05'].map((le, rang) => ({
  rang: rang + 1,
  le: jour(le),
  centimes: 5000,
}))
const etats = (paiements: Parameters<typeof suivreEcheancier>[1], le = '2027-03-10') =>
  suivreEcheancier(ECHEANCES, paiements, jour(le)).echeances.map(({ etat }) => etat)

test('[DOS-08] each due date is kept, partial, missed or to come', () => {
  const paiements = [
    { le: jour('2027-01-05'), centimes: 5000 },
    { le: jour('2027-02-20'), centimes: 3000 },
  ]
  assert.deepEqual(etats(paiements), ['respectee', 'partielle', 'manquee', 'a_venir'])
  const suivi = suivreEcheancier(ECHEANCES, paiements, jour('2027-03-10'))
  assert.deepEqual([suivi.respecte, suivi.verse, suivi.retard, suivi.restant], [false, 8000, 7000, 12_000])
})

test('[DOS-08] on its own day an instalment is not missed yet; the day after it is', () => {
  assert.deepEqual(etats([], '2027-01-05'), ['a_venir', 'a_venir', 'a_venir', 'a_venir'])
  assert.deepEqual(etats([], '2027-01-06')[0], 'manquee')
})

test('[DOS-08] paid late is kept, and said late; a payment to come counts for nothing', () => {
  const suivi = suivreEcheancier(ECHEANCES, [{ le: jour('2027-01-20'), centimes: 5000 }], jour('2027-02-01'))
  assert.deepEqual([suivi.echeances[0]?.etat, suivi.echeances[0]?.tardive, suivi.respecte], ['respectee', true, true])
  assert.equal(suivreEcheancier(ECHEANCES, [{ le: jour('2027-01-20'), centimes: 5000 }], jour('2027-01-19')).verse, 0)
})

test('[DOS-08] a payment goes to the instalment it names, then to the oldest; what is beyond is said', () => {
  const suivi = suivreEcheancier(ECHEANCES, [{ le: jour('2027-03-01'), centimes: 6000, rang: 3 }], jour('2027-03-10'))
  assert.deepEqual(
    suivi.echeances.map(({ paye }) => paye),
    [1000, 0, 5000, 0],
  )
  assert.equal(
    suivreEcheancier(ECHEANCES, [{ le: jour('2027-01-01'), centimes: 20_500 }], jour('2027-03-10')).enTrop,
    500,
  )
})

test('[OUT-07] a due notice by item: an indemnity after termination, aid on rent only, sums that agree', () => {
  const avis = composerAvisEcheance({
    bailResilie: true,
    loyer: 50_000,
    charges: 6000,
    aideVersee: 21_000,
    delaiJuge: 5556,
    surendettement: 0,
    delaiNegocie: 0,
    frais: 0,
    autre: 2000,
    dette: 188_888,
    paiements: { indemnite: 29_000, sans_precision: 10_000 },
  })
  assert.deepEqual(
    avis.lignes.map(({ poste, demande, paye, reste }) => [poste, demande, paye, reste]),
    [
      ['indemnite', 50_000, 29_000, 0],
      ['charges', 6000, 6000, 0],
      ['aide', -21_000, 0, 0],
      ['delai_juge', 5556, 4000, 1556],
      ['autre', 2000, 0, 2000],
    ],
  )
  assert.deepEqual([avis.totalDemande, avis.totalPaye, avis.resteAPayer, avis.enTrop], [42_556, 39_000, 3556, 0])
})

test('[OUT-07] what was paid « for the rent » of a month whose lease is over pays the indemnity, and is never a row of its own', () => {
  const rien = { aideVersee: 0, delaiJuge: 0, surendettement: 0, delaiNegocie: 0, frais: 0, autre: 0, dette: null }
  const avis = composerAvisEcheance({
    ...rien,
    bailResilie: true,
    loyer: 50_000,
    charges: 0,
    paiements: { loyer: 20_000, indemnite: 10_000 },
  })
  assert.deepEqual(
    avis.lignes.map(({ poste, demande, paye, reste }) => [poste, demande, paye, reste]),
    [['indemnite', 50_000, 30_000, 20_000]],
  )
})

const referentiel = chargerReferentiel(join(import.meta.dirname, '../../../donnees'))

for (const code of ['71', '99']) {
  const departement = trouverDepartement(referentiel, code)
  assert.ok(departement)
  const bareme = lireBareme(departement, jour('2026-11-26'))
  const formule = lireSourceBudget(referentiel.racine, jour('2026-11-26'))

  test(`[OUT-05] ${code}: remaining income per person and per consumption unit, with the doubt on the scale`, () => {
    const reste = calculerRestePourVivre(68_750, { personnes: 3, jeunesEnfants: 1 }, 30, bareme)
    // 687,50 € / 3 and / (1 + 0,5 + 0,3); per day over 30 days.
    assert.deepEqual(
      [reste.parPersonne, reste.parPersonneEtParJour, reste.unites, reste.parUnite, reste.parUniteEtParJour],
      [22_917, 764, 180, 38_194, 1273],
    )
    assert.match(reste.reserves.join(' '), /à vérifier/)
    assert.equal(calculerRestePourVivre(68_750, { personnes: 3, jeunesEnfants: null }, 30, bareme).parUnite, null)
  })

  test(`[OUT-05] ${code}: without the age that tells the young, no consumption unit is made up`, () => {
    const sansAge = { ...bareme, ageUnite: { etat: 'absente', valeur: null, motif: 'Âge non donné.' } as never }
    const reste = calculerRestePourVivre(68_750, { personnes: 3, jeunesEnfants: 1 }, 30, sansAge)
    assert.equal(reste.unites, null)
    assert.match(reste.reserves.join(' '), /Âge non donné/)
  })

  test(`[OUT-05] ${code}: a threshold the département has not given leaves the value alone, and says so`, () => {
    const budget = calculerBudget({
      ressources: { a: 133_250, b: null, c: null, d: null, e: null, f: null },
      loyer: 52_000,
      chargesBailleur: 6000,
      aide: 31_000,
      aideSuspendue: false,
      autresCharges: 14_500,
      chargesHorsLogement: 23_000,
      personnes: 3,
    })
    const reste = calculerRestePourVivre(budget.disponible, { personnes: 3, jeunesEnfants: 1 }, 30, bareme)
    const [effort] = evaluerAdaptation({ budget, reste, pieces: 3, bareme, formule })
    assert.equal(effort?.constat, 'sans_seuil')
    assert.equal(effort?.source, 'Formulaire de saisine de la CCAPEX, lignes (1) à (7) et A')
    assert.match(
      lireSourceBudget(referentiel.racine, jour('2020-02-29')).titre,
      /non renseignées à cette date/,
      'nothing is taken from another date',
    )
    assert.match(effort?.sansSeuil ?? '', /à compléter par le département/)
    const regle = { ...bareme, tauxEffort: { ...bareme.uniteAdulte, valeur: 31 } as typeof bareme.uniteAdulte }
    assert.equal(evaluerAdaptation({ budget, reste, pieces: 3, bareme: regle, formule })[0]?.constat, 'hors_du_seuil')
  })
}
