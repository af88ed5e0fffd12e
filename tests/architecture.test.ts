import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { describe, test } from 'node:test'
import { projectRoot } from '#socle/config'

const ORDER = [
  'socle',
  'referentiel',
  'procedure',
  'calculs',
  'journal',
  'acces',
  'dossiers',
  'notifications',
  'participations',
  'signalements',
  'rapprochement',
  'repartition',
  'courriers',
  'echanges',
  'formulaires',
  'diagnostics',
  'apurements',
  'commission',
  'requisitions',
  'bordereaux',
  'antennes',
  'engagements',
  'charte',
  'vigilance',
  'conservation',
  'indicateurs',
]
const FACES = ['jobs', 'api', 'public', 'web']
const PURE = ['referentiel', 'procedure', 'calculs']

interface Import {
  readonly file: string
  readonly target: string
}

const IMPORT = /(?:\bfrom\s+|\bimport\s*\(?\s*)['"]([^'"]+)['"]/g

function importsOf(file: string, text: string): Import[] {
  return [...text.matchAll(IMPORT)].map((match) => ({ file, target: match[1] ?? '' }))
}

/** Tests and what they alone share (`*-essai.ts`): they may use the tests' own tools. */
const isTest = (file: string): boolean => file.includes('.test.') || file.endsWith('-essai.ts')

const moduleOf = (file: string): string => file.split('/')[1] ?? ''
const rank = (name: string): number => {
  if (ORDER.includes(name)) return ORDER.indexOf(name)
  if (FACES.includes(name)) return ORDER.length
  return ORDER.length + 1
}

/** Reads what is wrong in a set of files; the test plants faults to show that it sees them. */
function faults(files: ReadonlyMap<string, string>): string[] {
  const found: string[] = []
  for (const [file, text] of files) {
    const own = moduleOf(file)
    for (const { target } of importsOf(file, text)) {
      if (target.startsWith('#')) {
        const [name = '', ...rest] = target.slice(1).split('/')
        if (name === 'tests') {
          if (!isTest(file)) found.push(`${file}: product code imports the tests`)
          continue
        }
        const allowedDepth = name === 'socle' ? 1 : 0
        if (rest.length !== allowedDepth) found.push(`${file}: side door ${target}`)
        if (name === own && name !== 'socle') found.push(`${file}: imports its own door`)
        if (isTest(file)) continue
        if (rank(name) > rank(own) || (FACES.includes(name) && FACES.includes(own) && name !== own)) {
          found.push(`${file}: ${own} imports ${name}, which comes later`)
        }
        if (PURE.includes(own) && ['db', 'queue', 'postgres'].includes(rest[0] ?? ''))
          found.push(`${file}: rules take no ${rest[0]}`)
      } else if (target.startsWith('.')) {
        const resolved = relative(projectRoot, resolve(projectRoot, dirname(file), target))
        if (file !== 'src/amont.ts' && moduleOf(resolved) !== own) found.push(`${file}: ${target} leaves the module`)
        if (resolved === `src/${own}/index.ts` && own !== 'socle') found.push(`${file}: imports its own index`)
      }
      if (PURE.includes(own) && !isTest(file) && /systemClock|Temporal\.Now/.test(text))
        found.push(`${file}: rules take no clock`)
    }
  }
  return [...new Set(found)]
}

/** Cycles between files, followed through relative imports and doors. */
function cycles(files: ReadonlyMap<string, string>): string[] {
  const door = (target: string): string => {
    const name = target.slice(1)
    return `src/${name}/index.ts`
  }
  const edges = new Map<string, string[]>()
  for (const [file, text] of files) {
    edges.set(
      file,
      importsOf(file, text)
        .filter(({ target }) => target.startsWith('.') || target.startsWith('#'))
        .map(({ target }) =>
          target.startsWith('#') ? door(target) : relative(projectRoot, resolve(projectRoot, dirname(file), target)),
        )
        .filter((target) => files.has(target)),
    )
  }
  const state = new Map<string, 'open' | 'done'>()
  const found: string[] = []
  const visit = (file: string, path: string[]): void => {
    if (state.get(file) === 'done') return
    if (state.get(file) === 'open') {
      found.push([...path.slice(path.indexOf(file)), file].join(' → '))
      return
    }
    state.set(file, 'open')
    for (const next of edges.get(file) ?? []) visit(next, [...path, file])
    state.set(file, 'done')
  }
  for (const file of files.keys()) visit(file, [])
  return found
}

function sources(): Map<string, string> {
  const names = globSync('src/**/*.{ts,tsx}', { cwd: projectRoot }).map((name) => name.replaceAll('\\', '/'))
  return new Map(names.map((name) => [name, readFileSync(join(projectRoot, name), 'utf8')]))
}

describe('module order', () => {
  const files = sources()

  test('modules import only earlier ones, through their door', () => {
    assert.deepEqual(faults(files), [])
  })

  test('no import closes a cycle', () => {
    assert.deepEqual(cycles(new Map([...files].filter(([name]) => !isTest(name)))), [])
  })

  test('every folder of src/ has its place in the order', () => {
    const folders = new Set([...files.keys()].map(moduleOf).filter((name) => !name.includes('.')))
    const unknown = [...folders].filter((name) => ![...ORDER, ...FACES, 'commandes'].includes(name))
    assert.deepEqual(unknown, [])
  })

  test('rules are read from the session, which knows what the département approved: never from the data shipped', () => {
    // Where what is shipped is what is meant: the session itself, the start, the access matrix, the list of départements, communes, thresholds of the journal.
    const allowed = [
      'src/acces/connexion.ts',
      'src/acces/session.ts',
      'src/charte/regles-locales.ts',
      'src/commandes/comptes.ts',
      'src/commandes/journal.ts',
      'src/jobs/travaux.ts',
      'src/web/compte/connexion.tsx',
      'src/web/compte/mot-de-passe.tsx',
      'src/web/compte/publique.tsx',
    ]
    const readers = [...files]
      .filter(([name, text]) => !isTest(name) && /\bapplication\.referentiel\b/.test(text))
      .map(([name]) => name)
    assert.deepEqual(readers.sort(), allowed)
  })

  test('the check sees a wrong direction, a side door, a cycle and a database in the rules', () => {
    const planted = new Map([
      ['src/dossiers/a.ts', "import { x } from '#repartition'"],
      ['src/repartition/b.ts', "import { y } from '#dossiers/queries'"],
      ['src/calculs/c.ts', "import { sql } from '#socle/db'"],
      ['src/web/d.ts', "import { z } from './e.ts'"],
      ['src/web/e.ts', "import { z } from './d.ts'"],
    ])
    const seen = faults(planted)
    assert.ok(seen.some((text) => text.includes('comes later')))
    assert.ok(seen.some((text) => text.includes('side door')))
    assert.ok(seen.some((text) => text.includes('take no db')))
    assert.equal(cycles(planted).length, 1)
  })
})
