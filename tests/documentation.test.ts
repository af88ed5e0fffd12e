import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { describe, test } from 'node:test'
import { chargerReferentiel, ecrireMatrice } from '#referentiel'
import { projectRoot } from '#socle/config'

const read = (path: string): string => readFileSync(join(projectRoot, path), 'utf8')
const list = (pattern: string | readonly string[]): string[] =>
  globSync(pattern, { cwd: projectRoot })
    .map((path) => path.replaceAll('\\', '/'))
    .sort()

const pages = new Map(
  list(['*.md', '{docs,src,donnees,tests,bench}/**/*.md']).map((path) => [path, read(path)] as const),
)
/** Written for the whole system described by the source documents: it names things that do not exist yet. */
const REQUIREMENTS = 'docs/exigences.md'

const withoutCode = (text: string): string => text.replace(/^```[^\n]*\n[\s\S]*?^```/gm, '')

/** Links to files of the repository that lead nowhere. */
function brokenLinks(page: string, text: string): string[] {
  return [...withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:|^#/.test(target))
    .filter((target) => !existsSync(join(projectRoot, dirname(page), decodeURI(target.split('#')[0] ?? ''))))
}

const PATH = /^(?:src|docs|donnees|tests|scripts|migrations|bench)\/[\w./@-]*$/

/** Paths written in backticks that the repository does not have. Patterns and placeholders are left alone. */
function missingPaths(text: string): string[] {
  return [...withoutCode(text).matchAll(/`([^`\n]+)`/g)]
    .map(([, quoted = '']) => quoted)
    .filter((quoted) => PATH.test(quoted) && !/NNNN|AAAA/.test(quoted))
    .filter((path) => !existsSync(join(projectRoot, normalize(path))))
}

/** Shell lines of a page that run the command line of Amont. */
function commandLines(text: string): string[] {
  return [...text.matchAll(/^```sh\n([\s\S]*?)^```/gm)].flatMap(([, block = '']) =>
    block.split('\n').flatMap((line) => /(?:^|\s)\.\/amont\s+(.*)$/.exec(line.replace(/\s+#.*$/, ''))?.[1] ?? []),
  )
}

/** First column of the tables of a text, when it is one word in backticks. */
function firstColumn(text: string): string[] {
  return [...text.matchAll(/^\| `([^`]+)`[^|]* \|/gm)].map(([, name = '']) => name)
}

describe('every page', () => {
  test('links to files that exist', () => {
    const broken = [...pages].flatMap(([page, text]) => brokenLinks(page, text).map((target) => `${page} → ${target}`))
    assert.deepEqual(broken, [])
  })

  test('names files and folders that exist', () => {
    const missing = [...pages]
      .filter(([page]) => page !== REQUIREMENTS)
      .flatMap(([page, text]) => missingPaths(text).map((path) => `${page} → ${path}`))
    assert.deepEqual(missing, [])
  })

  test('shows commands and options that exist', () => {
    const faults = [...pages].flatMap(([page, text]) =>
      commandLines(text).flatMap((line) => {
        const [name = '', ...rest] = line.split(/\s+/)
        if (name.startsWith('-')) return []
        const file = `src/commandes/${name}.ts`
        if (!existsSync(join(projectRoot, file))) return [`${page}: ./amont ${name} does not exist`]
        const options = rest.filter((word) => word.startsWith('--') && word !== '--help')
        const help = read(file)
        return options.flatMap((option) =>
          help.includes(option) ? [] : [`${page}: the help of ${name} has no ${option}`],
        )
      }),
    )
    assert.deepEqual(faults, [])
  })

  test('names no folder of a developer', () => {
    const named = [...pages].filter(([, text]) => /(?:^|[\s`("'])\/(?:home|root|work|Users|tmp)\//m.test(text))
    assert.deepEqual(
      named.map(([page]) => page),
      [],
    )
  })

  test('is checked: planted faults are seen', () => {
    assert.deepEqual(brokenLinks('docs/a.md', 'see [b](absent.md), [c](glossary.md#x) and [d](https://example.org)'), [
      'absent.md',
    ])
    assert.deepEqual(missingPaths('`src/absent.ts`, `src/amont.ts`, `src/<verb>/`, `docs/decisions/`'), [
      'src/absent.ts',
    ])
    assert.deepEqual(commandLines('```sh\ncat x | ./amont essayer seuils - --format json   # why\n```\n'), [
      'essayer seuils - --format json',
    ])
  })
})

describe('decisions', () => {
  const files = list('docs/decisions/*.md').map((path) => path.slice('docs/decisions/'.length))

  test('are numbered from 0001 without a gap, dated, and titled by their number', () => {
    assert.deepEqual(
      files.map((file) => file.slice(0, 4)),
      files.map((_, rank) => String(rank + 1).padStart(4, '0')),
    )
    for (const file of files) {
      const text = read(`docs/decisions/${file}`)
      assert.match(text, new RegExp(`^# ${file.slice(0, 4)}\\. `), file)
      assert.match(text, /^Date: \d{4}-\d{2}-\d{2}\. Status: /m, file)
      for (const part of ['## Context', '## Decision', '## Consequences'])
        assert.ok(text.includes(part), `${file} ${part}`)
    }
  })

  test('give the reason of each dependency, and of nothing else', () => {
    const manifest = JSON.parse(read('package.json')) as Record<string, Record<string, string> | undefined>
    const installed = ['dependencies', 'devDependencies', 'optionalDependencies'].flatMap((part) =>
      Object.keys(manifest[part] ?? {}),
    )
    assert.deepEqual(firstColumn(read('docs/decisions/0023-dependencies.md')).sort(), installed.sort())
  })
})

test('the licences of third parties are those of the lockfile', () => {
  const { status, stderr } = spawnSync(process.execPath, [join(projectRoot, 'scripts/licences.mjs'), '--verifier'], {
    encoding: 'utf8',
  })
  assert.equal(status, 0, stderr)
})

test('the licence of the project is the whole text of the EUPL 1.2', () => {
  const text = read('LICENSE')
  assert.match(text, /^EUROPEAN UNION PUBLIC LICENCE v\. 1\.2\n/)
  const articles = [...text.matchAll(/^(\d{1,2})\.[A-Z]/gm)].map(([, number]) => Number(number))
  assert.deepEqual(
    articles,
    Array.from({ length: 15 }, (_, rank) => rank + 1),
  )
  assert.match(text, /^\s+Appendix$/m)
  assert.ok(text.trimEnd().endsWith('require the production of a new EUPL version.'))
})

describe('the README', () => {
  const readme = read('README.md')

  test('lists the settings of .env.example, and so does the page for operators', () => {
    const settings = [...read('.env.example').matchAll(/^([A-Z_]+)=/gm)].map(([, name = '']) => name).sort()
    const shown = (text: string) =>
      firstColumn(text)
        .filter((name) => /^[A-Z_]+$/.test(name))
        .sort()
    assert.deepEqual(shown(readme), settings)
    assert.deepEqual(shown(read('docs/exploitation.md')), settings)
    const sources = list('src/socle/{config,time}/*.ts').map(read).join('\n')
    assert.deepEqual(
      settings.filter((name) => !sources.includes(`env.${name}`)),
      [],
    )
  })

  test('gives the demonstration accounts and their password as the command prints them', () => {
    const demo = read('src/commandes/demo.ts')
    const accounts = [...demo.matchAll(/courriel: '([^']+@demo\.example)'/g)].map(([, address = '']) => address)
    assert.ok(accounts.length > 0)
    assert.deepEqual(
      firstColumn(readme).filter((name) => name.endsWith('@demo.example')),
      accounts,
    )
    const password = /MOT_DE_PASSE_DEMONSTRATION = '([^']+)'/.exec(demo)?.[1]
    assert.ok(password && readme.includes(`\`${password}\``))
  })

  test('names npm scripts that exist', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
    const named = [...readme.matchAll(/\bnpm (?:run (\w+)|(start|test)\b)/g)].map(([, run, bare]) => run ?? bare ?? '')
    assert.deepEqual(
      named.filter((name) => !(name in scripts)),
      [],
    )
    assert.ok(['start', 'test', 'verify', 'bench'].every((name) => named.includes(name)))
  })

  test('leads to every recipe', () => {
    const recipes = list('docs/recipes/*.md')
    assert.deepEqual(
      recipes.filter((path) => !readme.includes(`](${path})`)),
      [],
    )
  })
})

describe('modules', () => {
  const modules = readdirSync(join(projectRoot, 'src'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)

  test('each say what they are for', () => {
    assert.deepEqual(
      modules.filter((name) => !pages.has(`src/${name}/README.md`)),
      [],
    )
  })

  test('own each table once', () => {
    const noms = (forme: RegExp) =>
      list('migrations/*.sql').flatMap((path) => [...read(path).matchAll(forme)].map(([, table = '']) => table))
    const finies = new Set(noms(/^drop table (?:if exists )?(\w+)/gm))
    const tables = noms(/^create table (?:if not exists )?(\w+)/gm).filter((table) => !finies.has(table))
    const owned = modules.flatMap((name) => {
      const line = /^Tables: (.*)$/m.exec(pages.get(`src/${name}/README.md`) ?? '')?.[1] ?? ''
      return [...line.matchAll(/`(\w+)`/g)]
        .map(([, table = '']) => table)
        .filter((table) => !/^amont_|^graphile_/.test(table))
    })
    assert.deepEqual(owned.sort(), tables.sort())
  })
})

test('[ACC-18] the page of accesses is the matrix in words', () => {
  const { matrice } = chargerReferentiel(join(projectRoot, 'donnees'))
  assert.equal(
    read('docs/acces.md'),
    ecrireMatrice(matrice),
    'write it again: ./amont referentiel acces > docs/acces.md',
  )
})

test('the changelog has the version of the package', () => {
  const { version } = JSON.parse(read('package.json')) as { version: string }
  assert.ok(read('CHANGELOG.md').includes(`\n## ${version}`))
})

test('the glossary names a term once', () => {
  const terms = [...read('docs/glossary.md').matchAll(/^\| ([^|]+?) \|/gm)]
    .flatMap(([, cell = '']) => cell.split(', '))
    .filter((term) => term !== 'Term' && !term.startsWith('---'))
  assert.ok(terms.length >= 50)
  assert.deepEqual(
    terms.filter((term, rank) => terms.indexOf(term) !== rank),
    [],
  )
})
