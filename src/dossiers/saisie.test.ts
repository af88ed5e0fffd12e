import assert from 'node:assert/strict'
import test from 'node:test'
import { verifierActe } from './saisie.ts'

test('[DOS-02] a day too old is told apart from a year written in two figures', () => {
  const dire = (le: string) =>
    verifierActe(
      { jour: Temporal.PlainDate.from('2026-11-16') },
      { genre: 'assignation', le: Temporal.PlainDate.from(le) },
    )
      .filter(({ champ }) => champ === 'le')
      .map(({ message }) => message)
  assert.deepEqual(dire('1850-03-01'), ['Vérifier l’année : un acte ne peut pas dater d’avant 1900.'])
  assert.deepEqual(dire('0026-03-01'), ['Écrire l’année sur quatre chiffres.'])
  assert.deepEqual(dire('2026-03-01'), [])
})
