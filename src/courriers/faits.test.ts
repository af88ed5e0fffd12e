import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Session } from '#acces'
import { lireFaits, type SourceCourrier } from './faits.ts'

test('[COU-08] the address of the dwelling reads in French before a town with an article', () => {
  const session = { referentiel: { departements: new Map() }, dept: '71', jour: Temporal.PlainDate.from('2026-11-20') }
  const adresse = (commune: string) =>
    lireFaits(
      session as unknown as Session,
      {
        menage: { titulaire: {} },
        logement: { adresse: '4 rue du Four' },
        commune,
        actes: [],
        audience_le: null,
        territoire: null,
      } as unknown as SourceCourrier,
    ).faits['logement.adresse']
  assert.equal(adresse('Le Creusot'), ', 4 rue du Four au Creusot')
  assert.equal(adresse('Les Guerreaux'), ', 4 rue du Four aux Guerreaux')
  assert.equal(adresse('Autun'), ', 4 rue du Four à Autun')
  assert.equal(adresse(''), ', 4 rue du Four')
})
