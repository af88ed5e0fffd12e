import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import type { CompteHabilite } from '#acces'
import type { IdentiteDossier } from '#dossiers'
import { ErreurDonnees } from '#referentiel'
import { projectRoot } from '#socle/config'
import { estHomonyme, evaluerConsultations, type Observation } from './evaluer.ts'
import { chargerSeuilsAcces, conservationAu } from './seuils.ts'

const JOUR = Temporal.PlainDate.from('2026-11-20')
const seuils = chargerSeuilsAcces(join(projectRoot, 'donnees'))

const compte = (valeurs: Partial<CompteHabilite> = {}): CompteHabilite => ({
  id: 'agent',
  prenom: 'Camille',
  nom: 'Verdelon',
  courriel: 'camille@essai.example',
  role: 'service_social',
  organisme: 'dep',
  organismeNom: 'Service social',
  territoires: null,
  ...valeurs,
})
const dossier = (id: string, valeurs: Partial<IdentiteDossier> = {}): IdentiteDossier => ({
  id,
  noms: ['LACOMBE'],
  adresse: '12 rue des Forges',
  codeInsee: '71014',
  territoire: 'autun',
  ...valeurs,
})
const observer = (valeurs: Partial<Observation>): Observation => ({
  jour: JOUR,
  journees: [],
  ouvertures: [],
  comptes: new Map([['agent', compte()]]),
  identites: new Map(),
  liens: new Map(),
  estVoisin: () => false,
  ...valeurs,
})
const ouvrir = (dossiers: readonly IdentiteDossier[]): Partial<Observation> => ({
  identites: new Map(dossiers.map((un) => [un.id, un])),
  ouvertures: dossiers.map((un) => ({ compte: 'agent', organisme: 'dep', dossier: un.id })),
})
const regles = (observation: Observation) => evaluerConsultations(observation, seuils).map(({ regle }) => regle)

describe('what calls for a look', () => {
  test('[ACC-13] a family name meets the reader’s by one of its words, whatever accents, case and particles', () => {
    assert.ok(estHomonyme('Verdelon', ['VERDELON']))
    assert.ok(estHomonyme('Verdelon-Roche', ['Lacombe', 'Vérdelon']))
    assert.ok(!estHomonyme('de la Roche', ['Delarue', 'Le Van']))
    assert.ok(!estHomonyme('Van Hecke', ['Van Dael']))
    assert.ok(!estHomonyme('Ly', ['Ly']), 'two letters say too little')
  })

  test('[ACC-13] the same household is raised once, and a figure once a day', () => {
    const alertes = evaluerConsultations(
      observer({ ...ouvrir([dossier('a', { noms: ['Verdelon'] })]), liens: new Map([['a', new Set(['dep'])]]) }),
      seuils,
    )
    assert.deepEqual(
      alertes.map(({ cle, dossier: touche }) => [cle, touche]),
      [['homonyme|agent|a', 'a']],
    )
    const journees = [
      { compte: 'agent', organisme: 'dep', ouverts: 81, vus: 1001, exportes: 10, refus: 0, connexions: 0 },
    ]
    assert.deepEqual(
      evaluerConsultations(observer({ journees }), seuils).map(({ cle }) => cle),
      ['volume|agent|2026-11-20|ouverts', 'volume|agent|2026-11-20|vus'],
    )
  })

  test('[ACC-13] a link is an affectation, a list, a contact or a signal of the organisme; or its territory, for those who have one to watch over', () => {
    const quatre = ['a', 'b', 'c', 'd'].map((id) => dossier(id))
    assert.deepEqual(regles(observer(ouvrir(quatre))), ['sans_lien'])
    assert.deepEqual(regles(observer({ ...ouvrir(quatre), liens: new Map([['a', new Set(['dep'])]]) })), [])
    const secretariat = (territoires: readonly string[] | null) =>
      new Map([['agent', compte({ role: 'secretariat', territoires })]])
    assert.deepEqual(regles(observer({ ...ouvrir(quatre), comptes: secretariat(['autun']) })), [])
    assert.deepEqual(regles(observer({ ...ouvrir(quatre), comptes: secretariat(null) })), [])
  })

  test('[ACC-13] values hang on the day watched: before the first version nothing is raised', () => {
    const journees = [
      { compte: 'agent', organisme: 'dep', ouverts: 900, vus: 900, exportes: 900, refus: 90, connexions: 90 },
    ]
    const avant = observer({ jour: Temporal.PlainDate.from('2025-06-01'), journees })
    assert.deepEqual(evaluerConsultations(avant, seuils), [])
    assert.equal(conservationAu(seuils, Temporal.PlainDate.from('2025-06-01')), null)
    assert.equal(conservationAu(seuils, JOUR), 12)
  })

  test('a data folder without the settings is refused', () => {
    assert.throws(() => chargerSeuilsAcces(join(projectRoot, 'docs')), ErreurDonnees)
  })
})
