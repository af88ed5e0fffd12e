import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { projectRoot } from '#socle/config'

test('[SIG-29] a path that leads nowhere is told before any file of the call is imported', () => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [
      join(projectRoot, 'dist/src/amont.js'),
      ...['importer', 'signalements', 'donnees/exemples/caf-2026-10.csv', 'absent.csv', '--organisme', 'CAF71'],
    ],
    // A database nobody answers at: nothing is asked of it.
    {
      cwd: projectRoot,
      encoding: 'utf8',
      env: { ...process.env, DATABASE_URL: 'postgres://personne@127.0.0.1:1/rien' },
    },
  )
  assert.equal(status, 1)
  assert.equal(stdout, '')
  assert.match(stderr, /Le fichier « absent\.csv » n’existe pas\. Rien n’a été importé\./)
})

test('an option that is not understood is told in French, with the help of the command', () => {
  const lancer = (...args: string[]) =>
    spawnSync(process.execPath, [join(projectRoot, 'dist/src/amont.js'), ...args], { encoding: 'utf8' })
  for (const [args, phrase] of [
    [['importer', 'signalements', 'x.csv', '--truc'], 'L’option --truc n’existe pas.'],
    [['importer', 'signalements', 'x.csv', '--organisme'], 'L’option --organisme attend une valeur.'],
    [['importer', 'signalements', 'x.csv', '--simuler=oui'], 'L’option --simuler ne prend pas de valeur.'],
    [['demarrer', 'vite'], '« vite » est de trop : cette commande n’attend que des options.'],
  ] as const) {
    const { status, stderr } = lancer(...args)
    assert.equal(status, 2)
    assert.equal(stderr.split('\n')[0], phrase)
    assert.match(stderr, /Usage : \.\/amont/)
  }
})
