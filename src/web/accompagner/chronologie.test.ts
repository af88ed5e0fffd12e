import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { projectRoot } from '#socle/config'
import { TYPES_FAIT } from './chronologie.tsx'

test('[DOS-20] every kind of fait that a module writes has its sentence in the chronology', () => {
  const ecrits = globSync('src/*/*.ts', { cwd: projectRoot })
    .filter((fichier) => !fichier.endsWith('.test.ts'))
    .map((fichier) => readFileSync(join(projectRoot, fichier), 'utf8'))
    .filter((code) => code.includes('consignerFaits('))
    .flatMap((code) => code.match(/\btype:[^,}]*/g) ?? [])

    .flatMap((valeur) => [...valeur.matchAll(/'([a-z]+\.[a-z_]+)'/g)].flatMap(([, type]) => type ?? []))
  assert.deepEqual([...new Set(ecrits)].sort(), [...TYPES_FAIT].sort())
})
