import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { projectRoot } from '#socle/config'

const FEUILLES = join(projectRoot, 'src/web/statique/css')
const jetons = new Map(
  [...readFileSync(join(FEUILLES, '00-jetons.css'), 'utf8').matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})\b/g)].map(
    (match) => [match[1] ?? '', match[2] ?? ''],
  ),
)

/** A colour by the name of its token, or as written. */
function lireCouleur(nom: string): string {
  const couleur = nom.startsWith('#') ? nom : jetons.get(nom)
  assert.ok(couleur, `no token --${nom}`)
  return couleur
}

/** Relative luminance of WCAG 2. */
function luminance(couleur: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5]
    .map((debut) => Number.parseInt(couleur.slice(debut, debut + 2), 16) / 255)
    .map((canal) => (canal <= 0.04045 ? canal / 12.92 : ((canal + 0.055) / 1.055) ** 2.4))
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

function contraste(dessus: string, dessous: string): number {
  const [haut = 0, bas = 0] = [luminance(lireCouleur(dessus)), luminance(lireCouleur(dessous))].sort((a, b) => b - a)
  return (haut + 0.05) / (bas + 0.05)
}

/** Text on its background: 7 to 1. */
const TEXTES: readonly (readonly [string, readonly string[]])[] = [
  [
    'encre',
    [
      'surface',
      'fond',
      'surface-2',
      'survol',
      'amont-clair',
      'safran',
      'bientot-clair',
      'retard-clair',
      'tenu-clair',
      'info-clair',
      'reserve-clair',
    ],
  ],
  ['encre-2', ['surface', 'fond', 'surface-2', 'survol', 'amont-clair']],
  [
    'amont',
    [
      'surface',
      'fond',
      'surface-2',
      'survol',
      'amont-clair',
      'info-clair',
      'tenu-clair',
      'bientot-clair',
      'reserve-clair',
    ],
  ],
  ['amont-nuit', ['amont-clair', 'surface', 'fond']],
  ['#ffffff', ['amont', 'amont-nuit', 'amont-survol', 'encre']],
  ['amont-doux', ['amont-nuit', 'amont-survol']],
  ['retard', ['surface', 'retard-clair', 'fond']],
  ['bientot', ['bientot-clair']],
  ['tenu', ['tenu-clair']],
  ['info', ['info-clair']],
  ['reserve', ['reserve-clair', 'surface', 'fond']],
]

/** Edges, icons and drawings that mean something: 3 to 1. */
const TRAITS: readonly (readonly [string, readonly string[]])[] = [
  ['trait-fort', ['surface', 'fond', 'surface-2', 'amont-clair']],
  ['bientot-trait', ['surface', 'fond', 'bientot-clair']],
  ['retard', ['surface', 'fond', 'retard-clair', 'amont-clair']],
  ['tenu', ['surface', 'fond', 'tenu-clair']],
  ['amont', ['surface', 'fond', 'surface-2', 'safran']],
  ['safran', ['amont-nuit', 'amont-survol']],
  ['encre', ['safran', 'surface', 'fond']],
  ['barre-neutre', ['surface']],
  ['barre-info', ['surface']],
  ['barre-bientot', ['surface']],
  ['barre-reserve', ['surface']],
]

describe('contrast of the tokens', () => {
  for (const [seuil, paires] of [
    [7, TEXTES],
    [3, TRAITS],
  ] as const) {
    for (const [dessus, dessous] of paires) {
      test(`${dessus} stands out, ${seuil} to 1, on ${dessous.join(', ')}`, () => {
        for (const fond of dessous) {
          const mesure = contraste(dessus, fond)
          assert.ok(mesure >= seuil, `${dessus} on ${fond}: ${mesure.toFixed(2)}`)
        }
      })
    }
  }

  test('the computation is that of WCAG', () => {
    assert.equal(contraste('#000000', '#ffffff').toFixed(1), '21.0')
    assert.equal(contraste('encre-2', 'amont-clair').toFixed(2), '7.22')
  })

  test('colours are written in the tokens only', () => {
    const admises = new Set(['#fff', '#777', '#9fb3b6', '#b87600'])
    for (const nom of readdirSync(FEUILLES).filter(
      (feuille) => feuille !== '00-jetons.css' && feuille !== '90-preferences.css',
    )) {
      for (const [couleur] of readFileSync(join(FEUILLES, nom), 'utf8').matchAll(/#[0-9a-f]{3,8}\b/g)) {
        assert.ok(admises.has(couleur), `${couleur} in ${nom}`)
      }
    }
  })
})
