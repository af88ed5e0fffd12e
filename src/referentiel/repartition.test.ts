import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { chargerReferentiel } from './chargement.ts'
import { evaluerCriteres } from './criteres.ts'
import { type DejaSollicite, evaluerRepartition, lireRepartition, SERVICES } from './repartition.ts'
import { type Fait, type Faits, STADES_REGLES, VOCABULAIRE } from './vocabulaire.ts'
import { ErreurDonnees } from './yaml.ts'

const referentiel = chargerReferentiel(join(import.meta.dirname, '../../../donnees'))
const jour = Temporal.PlainDate.from('2026-11-20')

function departement(code: string) {
  const trouve = referentiel.departements.get(code)
  assert.ok(trouve)
  return trouve
}

const VULNERABLE: Faits = {
  'procedure.stade': 'commandement_de_payer',
  'logement.parc_prive': true,
  'bailleur.gestion_directe': true,
}

/** Any facts of the vocabulary, any of them absent. */
const faitsQuelconques: fc.Arbitrary<Faits> = fc
  .record(
    Object.fromEntries(
      VOCABULAIRE.filter(({ genre, calcule }) => genre === 'fait' && !calcule).map((mot) => [
        mot.nom,
        mot.type === 'bool'
          ? fc.boolean()
          : mot.type === 'int'
            ? fc.integer({ min: 0, max: 300_000 })
            : fc.constantFrom(...(mot.valeurs ?? [''])),
      ]),
    ),
    { requiredKeys: [] },
  )
  .map((faits) => faits as Faits)

test('[REP-05] a decision keeps its rule, the values that made it true, and the engagement of the charter', () => {
  const decision = evaluerRepartition(
    departement('71'),
    { ...VULNERABLE, 'connu.departement': false, 'connu.ccas': true },
    jour,
  )
  assert.equal(decision.resultat, 'service')
  assert.equal(decision.rang?.service, 'ccas')
  assert.equal(decision.rang?.regle, 'cdp-connu-du-ccas')
  assert.equal(decision.rang?.valeurs['connu.ccas'], true)
  assert.equal(decision.rang?.valeurs['menage.vulnerable'], true)
  assert.deepEqual(decision.vulnerabilite.retenus, ['rapports-locatifs-fragiles'])
  assert.match(decision.rang?.source.titre ?? '', /Charte de prévention des expulsions locatives de Saône-et-Loire/)
  assert.equal(decision.rang?.source.reference, '§ 3.2, engagement 5 des CCAS et CIAS')
  assert.equal(decision.reserve, 'usage local ; non vérifié par un juriste')
  assert.equal(decision.version, 'departements/71-saone-et-loire/charte-2020/repartition')
  assert.match(decision.rang?.motif ?? '', /^Rempli : .*le CCAS ou le CIAS accompagne ou a accompagné le ménage : oui/)
})

test('[REP-05] [REP-10] each refusal brings the next rank, and the Département comes last', () => {
  const faits: Faits = {
    ...VULNERABLE,
    'connu.departement': true,
    'connu.ccas': true,
    'connu.caf': true,
    'connu.adil': true,
    'aide_logement.percue': true,
    'menage.enfants_a_charge': 2,
  }
  const suite: string[] = []
  const dejaSollicites: DejaSollicite[] = []
  for (;;) {
    const decision = evaluerRepartition(departement('71'), faits, jour, { dejaSollicites })
    if (!decision.rang?.service) {
      assert.equal(decision.resultat, 'cascade_epuisee')
      assert.equal(decision.recours?.service, 'point_conseil_budget')
      break
    }
    suite.push(decision.rang.regle)
    dejaSollicites.push({ service: decision.rang.service, regle: decision.rang.regle })
  }
  assert.deepEqual(suite, [
    'cdp-connu-du-departement',
    'cdp-connu-du-ccas',
    'cdp-connu-de-la-caf',
    'cdp-connu-de-l-adil',
    'cdp-autres-menages',
  ])
})

test('[REP-02] [REP-03] the model département: aided families to the CAF, everyone else and the judicial phase to the Département', () => {
  const service = (faits: Faits) => evaluerRepartition(departement('99'), faits, jour).rang?.service
  const famille: Faits = { 'menage.enfants_a_charge': 1, 'aide_logement.percue': true }
  assert.equal(service({ ...famille, 'procedure.stade': 'impaye' }), 'caf')
  assert.equal(service({ ...famille, 'procedure.stade': 'commandement_de_payer' }), 'caf')
  for (const stade of [
    'assignation',
    'jugement',
    'commandement_de_quitter_les_lieux',
    'requisition_force_publique',
  ] as const) {
    assert.equal(service({ ...famille, 'procedure.stade': stade }), 'departement', stade)
  }
  assert.equal(service({ ...famille, 'menage.enfants_a_charge': 0, 'procedure.stade': 'impaye' }), 'departement')
  assert.equal(service({ ...famille, 'aide_logement.percue': false, 'procedure.stade': 'impaye' }), 'departement')
})

test('[AUT-17] a fact nobody gave is asked for, with what applies if the answer is no', () => {
  const decision = evaluerRepartition(departement('71'), VULNERABLE, jour)
  assert.equal(decision.resultat, 'a_verifier')
  assert.equal(decision.rang?.regle, 'cdp-connu-du-departement')
  assert.deepEqual(decision.manquants, ['connu.departement'])
  assert.equal(decision.aDefaut?.regle, 'cdp-autres-menages')
})

test('[REP-01] the day chooses the version; outside the term of the charter the answer is « aucune version »', () => {
  const le = (texte: string) => evaluerRepartition(departement('71'), VULNERABLE, Temporal.PlainDate.from(texte))
  assert.equal(le('2021-01-24').resultat, 'aucune_version')
  assert.notEqual(le('2021-01-25').resultat, 'aucune_version')
  assert.notEqual(le('2027-01-25').resultat, 'aucune_version')
  assert.match(le('2027-01-26').motif, /aucune version connue : la dernière a pris fin le 25 janvier 2027/)
})

test('[AUT-12] other rules can be tried, validated like the files, without touching those in force', () => {
  const texte = `schema: 1
libelle: Essai
du: 2027-01-26
source: { titre: Projet de charte }
fiabilite: S
verifie_le: null
volets:
  - id: tous
    libelle: Tous
    mission: accompagnement
    regles:
      - { id: adil-d-abord, ordre: profil, si: logement.parc_prive, libelle: Parc privé, service: adil, reference: projet }
      - { id: les-autres, ordre: a_defaut, libelle: Les autres, service: departement, reference: projet }
exemples: []
`
  const regles = lireRepartition(texte, 'projet.yaml')
  const decision = evaluerRepartition(departement('71'), VULNERABLE, jour, { regles })
  assert.equal(decision.rang?.regle, 'adil-d-abord')
  assert.equal(decision.version, 'projet')
  assert.equal(evaluerRepartition(departement('71'), VULNERABLE, jour).rang?.regle, 'cdp-connu-du-departement')
  assert.throws(
    () => lireRepartition(texte.replace('service: adil', 'service: adill'), 'projet.yaml'),
    (erreur) =>
      erreur instanceof ErreurDonnees && /projet\.yaml:12:\d+\n.*Vouliez-vous écrire « adil »/.test(erreur.message),
  )
})

test('[REP-05] nobody is forgotten: whatever is known of a household, it gets an answer with its reason and its source', () => {
  fc.assert(
    fc.property(fc.constantFrom('71', '99'), faitsQuelconques, (code, faits) => {
      const decision = evaluerRepartition(departement(code), faits, jour)
      assert.ok(['service', 'a_verifier', 'sans_prise_en_charge'].includes(decision.resultat))
      assert.ok(decision.motif.length > 10)
      assert.ok(decision.rang && decision.source?.reference)
      assert.equal(decision.resultat === 'a_verifier', decision.manquants.length > 0)
      if (decision.resultat === 'a_verifier') assert.ok(decision.aDefaut)
      for (const rang of decision.rangs) {
        assert.equal(rang.etat === 'indeterminee', rang.manquants.length > 0)
        // What is said to be missing is really absent from the facts, or is an empty setting.
        for (const mot of rang.manquants)
          assert.ok(mot.startsWith('parametre.') || faits[mot as Fait] === undefined, mot)
      }
    }),
    { numRuns: 400, seed: 71 },
  )
})

test('[REP-10] [REP-11] a cascade always ends, never asks the same rank twice, and ends with the Département', () => {
  fc.assert(
    fc.property(faitsQuelconques, fc.constantFrom(...STADES_REGLES), (quelconques, stade) => {
      const faits: Faits = { ...quelconques, 'procedure.stade': stade }
      const demandes: DejaSollicite[] = []
      for (;;) {
        const decision = evaluerRepartition(departement('71'), faits, jour, { dejaSollicites: demandes })
        const rang = decision.resultat === 'a_verifier' && !decision.rang?.service ? decision.aDefaut : decision.rang
        if (!rang?.service) break
        const { service, regle } = rang
        assert.ok(!demandes.some((demande) => demande.regle === regle), `${regle} asked twice`)
        assert.ok(service in SERVICES)
        demandes.push({ service, regle })
        assert.ok(demandes.length < 20)
      }
      if (demandes.length > 0) assert.equal(demandes.at(-1)?.service, 'departement')
    }),
    { numRuns: 200, seed: 71 },
  )
})

/** Words for which a rule of Saône-et-Loire says what to do when they are not known: learning them may change the answer. */
const PREVUS_INCONNUS = [
  'diagnostic.fait_en_antenne',
  'bailleur.demande_diagnostic',
  'bailleur.nature',
  'ccas.travailleurs_sociaux',
  'aide_logement.organisme',
]

test('[AUT-17] learning a fact never turns a certain answer into another', () => {
  fc.assert(
    fc.property(fc.constantFrom('71', '99'), faitsQuelconques, faitsQuelconques, (code, connus, appris) => {
      const avant = evaluerRepartition(departement(code), connus, jour)
      const ajout = Object.fromEntries(Object.entries(appris).filter(([mot]) => !PREVUS_INCONNUS.includes(mot)))
      const apres = evaluerRepartition(departement(code), { ...ajout, ...connus }, jour)
      if (avant.resultat === 'a_verifier') return
      // A rank of the same service may become more precise; the service asked does not change.
      assert.equal(apres.rang?.service, avant.rang?.service)
    }),
    { numRuns: 400, seed: 71 },
  )
})

test('[SIG-28] criteria are computed on any facts: retained, set aside, out of field, or to check with what is missing', () => {
  fc.assert(
    fc.property(faitsQuelconques, (faits) => {
      const bilan = evaluerCriteres(departement('71'), faits, jour)
      assert.equal(bilan.constats.length, 15)
      for (const constat of bilan.constats) {
        assert.equal(constat.etat === 'a_verifier', constat.manquants.length > 0, constat.critere)
        assert.ok(constat.motif.length > 10 && constat.source.reference)
      }
    }),
    { numRuns: 200, seed: 71 },
  )
})
