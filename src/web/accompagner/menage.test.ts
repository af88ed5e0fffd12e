import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Menage } from '#dossiers'
import { decrireFoyer } from './menage.ts'

const titulaire = { civilite: 'Mme', prenom: 'Séverine', nomUsage: 'Lacombe' }
const CAS: readonly [Partial<Menage>, string][] = [
  [{ titulaire }, 'Mme Séverine Lacombe'],
  [{ titulaire, enfantsACharge: 2 }, 'Mme Séverine Lacombe et ses deux enfants'],
  [{ titulaire, enfantsACharge: 1 }, 'Mme Séverine Lacombe et son enfant'],
  [
    { titulaire: { civilite: 'M', prenom: 'Hugo', nomUsage: 'Delormeau' }, enfantsACharge: 11 },
    'M. Hugo Delormeau et ses 11 enfants',
  ],
  [
    { titulaire, conjoint: { prenom: 'Paul', nomUsage: 'Vassal' }, enfantsACharge: 3 },
    'Mme Séverine Lacombe et Paul Vassal et leurs trois enfants',
  ],
  [
    { titulaire: { civilite: 'MME', prenom: 'ANNE-LISE', nomUsage: 'DA SILVA D’ÉTRET' } },
    'Mme Anne-Lise Da Silva D’Étret',
  ],
  [{ titulaire: { prenom: 'Ana', nomUsage: 'McKenzie' } }, 'Ana McKenzie'],
  [{ titulaire: {}, enfantsACharge: 0 }, 'Ménage sans nom connu'],
]

describe('name of a household', () => {
  for (const [menage, attendu] of CAS) {
    test(`[RAP-11] reads « ${attendu} »`, () => {
      const complet: Menage = { titulaire: {}, telephones: [], courriels: [], suivis: [], ...menage }
      assert.equal(decrireFoyer(complet), attendu)
    })
  }
})
