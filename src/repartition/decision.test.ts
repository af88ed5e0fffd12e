import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { chargerReferentiel, type DejaSollicite, type Faits, type Service } from '#referentiel'
import { projectRoot } from '#socle/config'
import { proposer } from './decision.ts'

const referentiel = chargerReferentiel(join(projectRoot, 'donnees'))
const session = { referentiel, dept: '71', jour: Temporal.PlainDate.from('2026-11-20') }
const organismes = (['departement', 'ccas', 'caf', 'adil', 'point_conseil_budget'] as const).map((type) => ({
  ...{ id: type, type, nom: type, territoires: null, communes: null },
}))

/** Services asked one after the other when each declines, with the rule each was asked by. */
function descendre(faits: Faits): string[] {
  const dossier = { faits, codeInsee: '71014', territoire: 'autun' }
  const demandes: DejaSollicite[] = []
  for (;;) {
    const { proposition, organisme } = proposer(session, dossier, organismes, demandes)
    const { rang } = proposition
    if (!organisme || !rang?.service) return [...demandes.map(({ regle }) => regle ?? ''), proposition.genre]
    demandes.push({ service: rang.service satisfies Service, regle: rang.regle })
  }
}

test('[REP-05] [REP-06] [AUT-17] when nobody says who knows the household, the Département is asked, and no service is then said to know it', () => {
  for (const [stade, regle] of [
    ['commandement_de_payer', 'cdp-autres-menages'],
    ['assignation', 'assignation-autres-menages'],
    ['audience', 'assignation-autres-menages'],
  ] as const) {
    const faits: Faits = { 'procedure.stade': stade, 'logement.parc_prive': true, 'bailleur.gestion_directe': true }
    assert.deepEqual(descendre(faits), [regle, 'epuisee'], stade)
    // What is known stays first; what is not is not asked afterwards.
    assert.deepEqual(
      descendre({ ...faits, 'connu.departement': false, 'connu.ccas': true }),
      [stade === 'commandement_de_payer' ? 'cdp-connu-du-ccas' : 'assignation-connu-du-ccas', regle, 'epuisee'],
      stade,
    )
  }
})

test('[REP-05] [AUT-17] a household that may be vulnerable, and whom the Département declines, is not said to be owed nothing', () => {
  const faits: Faits = { 'procedure.stade': 'commandement_de_payer', 'logement.parc_prive': true }
  assert.deepEqual(descendre(faits), ['cdp-autres-menages', 'epuisee'])
  assert.deepEqual(descendre({ ...faits, 'menage.vulnerable': false }), ['sans_objet'])
})
