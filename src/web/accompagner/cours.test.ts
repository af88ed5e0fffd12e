import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Acte, Dossier } from '#dossiers'
import { listerEtapes } from './cours.tsx'

const acte = (type: string, le: string, decision?: string): Acte => ({
  type,
  le,
  signalement: `${type} ${le}`,
  organisme: 'Préfecture',
  decision,
})
const etapes = (actes: readonly Acte[], jour: string) =>
  listerEtapes({ actes } as unknown as Dossier, Temporal.PlainDate.from(jour)).map(
    ({ libelle, du, courante }) => `${du} ${libelle}${courante ? ' *' : ''}`,
  )

const ACTES = [
  acte('impaye_caf', '2026-01-10'),
  acte('commandement_de_payer', '2026-03-02'),
  acte('impaye_caf', '2026-04-10'),
  acte('assignation', '2026-06-01'),
  acte('jugement', '2026-09-15', 'rejet'),
]

describe('steps of the timeline', () => {
  test('[DOS-01] each step begins with the act that dates it, and a later sign of arrears moves nothing', () => {
    assert.deepEqual(etapes(ACTES, '2026-07-01'), [
      '2026-01-10 Impayé',
      '2026-03-02 Commandement',
      '2026-06-01 Assignation *',
    ])
  })

  test('[DOS-04] a judgment that rejects the claim brings the dossier back', () => {
    assert.equal(etapes(ACTES, '2026-11-20').at(-1), '2026-09-15 Impayé *')
  })

  test('[DOS-01] an act to come changes nothing yet', () => {
    assert.deepEqual(etapes([acte('assignation', '2026-12-01')], '2026-11-20'), [])
  })
})
