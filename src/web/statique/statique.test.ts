import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { actifs, cheminActif } from './index.ts'

const lire = (nom: string) => actifs().find((actif) => actif.nom === nom)
const poids = (nom: string): number => gzipSync(lire(nom)?.octets ?? Buffer.alloc(0)).length

describe('static files', () => {
  test('each address carries the hash of the content, and a type', () => {
    for (const { chemin, empreinte, type, octets } of actifs()) {
      assert.match(chemin, /^\/statique\/[\w./-]+\.[0-9a-f]{10}\.\w+$/)
      assert.ok(chemin.includes(empreinte))
      assert.notEqual(type, 'application/octet-stream')
      assert.ok(octets.length > 0)
    }
  })

  test('the style sheet names the fonts by their hashed address, and no other host', () => {
    const css = lire('amont.css')?.octets.toString() ?? ''
    for (const [, adresse = ''] of css.matchAll(/url\("([^"]+)"\)/g)) {
      assert.ok(
        actifs().some(({ chemin }) => chemin === adresse),
        adresse,
      )
    }
    assert.doesNotMatch(css, /https?:/)
  })

  test('the fonts come with their licence', () => {
    assert.match(lire('polices/OFL.txt')?.octets.toString() ?? '', /SIL OPEN FONT LICENSE/i)
  })

  test('the budgets hold: 60 kB of style and 30 kB of script, compressed', () => {
    assert.ok(poids('amont.css') > 1000 && poids('amont.css') <= 60_000)
    assert.ok(poids('amont.js') > 1000 && poids('amont.js') <= 30_000)
  })

  test('an unknown name is an error, not an empty address', () => {
    assert.throws(() => cheminActif('absent.css'), /absent\.css/)
  })
})
