import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { appelsDe, type Sollicitation } from './sollicitations.ts'

const jour = (texte: string) => Temporal.PlainDate.from(texte)
const seance = (le: string, tenue: string | null, passee: boolean): Sollicitation => ({
  source: 'presence',
  dossier: 'd',
  organisme: 'o',
  type: 'caf',
  de: null,
  le: jour(le).subtract({ days: 10 }),
  avant: jour(le),
  tenue_le: tenue === null ? null : jour(tenue),
  seance: jour(le),
  passee,
})
const appel = (...lignes: readonly Sollicitation[]) => {
  const [un] = appelsDe({ source: 'presence' } as Parameters<typeof appelsDe>[0], lignes, [])
  return un && { tenue: un.tenueLe?.toString() ?? null, avant: un.avant?.toString() ?? null }
}

describe('what a session asks of an organisme', () => {
  test('[ENG-02] absent once, then present: it is held, and late for nothing', () => {
    assert.deepEqual(appel(seance('2026-10-01', null, true)), { tenue: null, avant: '2026-10-01' })
    assert.deepEqual(appel(seance('2026-10-01', null, true), seance('2026-11-05', '2026-11-05', true)), {
      tenue: '2026-11-05',
      avant: null,
    })
  })

  test('[ENG-02] absent once, the next session is what waits, by its own day', () => {
    assert.deepEqual(appel(seance('2026-10-01', null, true), seance('2026-12-03', null, false)), {
      tenue: null,
      avant: '2026-12-03',
    })
  })

  test('[ENG-02] present, then absent at the last one: it is not held', () => {
    assert.deepEqual(appel(seance('2026-10-01', '2026-10-01', true), seance('2026-11-05', null, true)), {
      tenue: null,
      avant: '2026-11-05',
    })
  })
})
