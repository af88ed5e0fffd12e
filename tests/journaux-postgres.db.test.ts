import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { projectRoot } from '#socle/config'
import { connect, SERVER_LOG_SETTINGS, serverLogFaults } from '#socle/db'
import { openTestDatabase } from '#tests/base'

describe('the log of PostgreSQL', () => {
  let base: Awaited<ReturnType<typeof openTestDatabase>>
  let dossier: string
  before(async () => {
    base = await openTestDatabase()
    dossier = mkdtempSync(join(tmpdir(), 'amont-journaux-'))
    writeFileSync(join(dossier, 'cle'), randomBytes(32).toString('base64'), { mode: 0o600 })
  })
  after(async () => {
    rmSync(dossier, { recursive: true, force: true })
    await base.close()
  })

  /** Settings are read by new connections. */
  const fautes = async () => {
    const neuve = connect({ ...base.settings, max: 1 })
    const lues = await serverLogFaults(neuve)
    await neuve.close()
    return lues
  }
  const regler = (reglage: string, valeur: string | null) =>
    base.pool.query(
      `alter database ${base.settings.database} ${valeur === null ? `reset ${reglage}` : `set ${reglage} = '${valeur}'`}`,
    )
  const lancer = async (adresse: string) => {
    const { host, port, user, password, database } = base.settings
    const commande = spawn(process.execPath, [join(projectRoot, 'dist/src/amont.js'), 'migrer'], {
      env: {
        ...process.env,
        AMONT_URL: adresse,
        AMONT_CLE: join(dossier, 'cle'),
        AMONT_DATA_DIR: dossier,
        DATABASE_URL: `postgresql://${user}:${encodeURIComponent(password ?? '')}@/${database}?host=${encodeURIComponent(host ?? '')}&port=${port}`,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let sortie = ''
    for (const flux of [commande.stdout, commande.stderr])
      flux.on('data', (morceau: Buffer) => {
        sortie += morceau
      })
    const [code] = await once(commande, 'close')
    return { code, sortie }
  }

  test('holds no content with the settings of the embedded launcher, and each one that differs is seen', async (t) => {
    assert.deepEqual(await fautes(), [])
    const autres = {
      log_error_verbosity: 'default',
      log_min_error_statement: 'error',
      log_statement: 'all',
      log_parameter_max_length: '-1',
      log_parameter_max_length_on_error: '64',
    }
    let vues = 0
    for (const reglage of Object.keys(SERVER_LOG_SETTINGS) as (keyof typeof autres)[]) {
      await regler(reglage, autres[reglage])
      const [faute, reste] = await fautes()
      await regler(reglage, null)
      assert.equal(faute?.setting, reglage)
      assert.equal(reste, undefined)
      vues++
    }
    await regler('auto_explain.log_min_duration', '0')
    assert.deepEqual(
      (await fautes()).map(({ setting }) => setting),
      ['auto_explain.log_min_duration'],
    )
    await regler('auto_explain.log_min_duration', null)
    t.diagnostic(`journal de PostgreSQL : ${vues + 1} réglages changés un par un, ${vues + 1} vus`)
  })

  test('with DATABASE_URL, a server that would copy rows stops the start behind https, with the remedy, and is said elsewhere', async () => {
    await regler('log_error_verbosity', 'default')
    const arretee = await lancer('https://amont.essai.example')
    assert.equal(arretee.code, 1, arretee.sortie)
    assert.match(arretee.sortie, /log_error_verbosity = terse \(ici default\)/)
    assert.match(arretee.sortie, /exploitation\.md/)
    const dite = await lancer('http://localhost:3000')
    assert.equal(dite.code, 0, dite.sortie)
    assert.match(dite.sortie, /log_error_verbosity = terse/)
    await regler('log_error_verbosity', null)
    const juste = await lancer('https://amont.essai.example')
    assert.equal(juste.code, 0, juste.sortie)
    assert.doesNotMatch(juste.sortie, /log_error_verbosity/)
  })
})
