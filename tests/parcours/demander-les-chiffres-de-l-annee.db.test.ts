import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { acteurSysteme, ouvrirSession } from '#acces'
import { rappelerCollectes } from '#charte'
import { frozenClock } from '#socle/time'
import { type Compte, DEPT, type EssaiDesCercles, ouvrirEssaiDesCercles } from '#tests/ecrits'

/**
 * La préfecture demande aux partenaires les chiffres de l’année. Chacun est prévenu, lit ce qui lui est demandé et rien d’autre, répond, corrige. Qui n’a pas répondu est
 * relancé. Qui n’a pas de compte est nommé, pour être relancé autrement ; le pilote écrit ce qu’il a répondu.
 */
describe('story: the figures that partners alone hold are asked for once a year', () => {
  let essai: EssaiDesCercles
  before(async () => {
    essai = await ouvrirEssaiDesCercles()
  })
  after(() => essai.fermer())

  const champ = (html: string, nom: string) => new RegExp(`name="${nom}" value="([^"]*)"`).exec(html)?.[1] ?? ''
  const ouvrir = (avant: string, annee = '2025') =>
    essai.poster('pilote', '/charte/collecte', { annee, avant, mot: 'Merci d’avance.' })
  /** Where the inbox of somebody leads. */
  const suivre = async (compte: Compte): Promise<string> => {
    const { html } = await essai.lire(compte, '/notifications?genre=collecte')
    const lien = /href="(\/notifications\/[0-9a-f-]{36}\?quoi=collecte)"/.exec(html)?.[1] ?? ''
    return lien === '' ? '' : (await essai.lire(compte, lien)).vers
  }
  /** Where an organisme answers. */
  const adresseDe = async (code: string): Promise<string> => {
    const { rows } = await essai.application.base.pool.query('select id from collecte_demande where organisme = $1', [
      essai.organisme(code),
    ])
    return `/charte/collecte/${rows[0].id}`
  }
  const chiffres = async (compte: Compte, adresse: string, valeur: string): Promise<Record<string, string>> => {
    const { html } = await essai.lire(compte, adresse)
    const noms = [...html.matchAll(/name="(chiffre-[\w-]+)"/g)].map(([, nom]) => nom ?? '')
    return { version: champ(html, 'version'), ...Object.fromEntries(noms.map((nom) => [nom, valeur])) }
  }

  test('[COU-48] a pilot asks; who gives no figure is asked nothing; twice asks once', async () => {
    assert.equal((await essai.poster('caf', '/charte/collecte', { annee: '2025', avant: '2027-01-31' })).statut, 403)
    assert.match((await ouvrir('2026-11-01')).texte, /Choisir un jour à venir/)
    assert.equal((await ouvrir('2026-12-31')).statut, 303)
    const encore = await ouvrir('2026-12-31')
    assert.equal(encore.statut, 422)
    assert.match(encore.texte, /Les chiffres de 2025 sont déjà demandés/)
    const page = await essai.lire('copilote', '/charte/collecte')
    assert.match(page.texte, /CAF de Saône-et-Loire 0 sur \d+ Attendus/)
    assert.match(page.texte, /hors d’Amont/)
    assert.equal(await suivre('pilote'), '', 'never whoever asked')
    assert.equal(await suivre('autreBailleur'), '', 'a landlord gives no figure of this kind')
  })

  test('[COU-48] each reads what is asked of it and nothing else, answers in part, then in full; two colleagues never overwrite each other', async () => {
    const adresse = await suivre('caf')
    assert.match(adresse, /^\/charte\/collecte\/[0-9a-f-]{36}$/)
    assert.equal((await essai.lire('adil', adresse)).statut, 404)
    assert.doesNotMatch((await essai.lire('caf', '/charte/collecte')).texte, /Chiffres de 2025[^.]*ADIL/)
    const saisis = await chiffres('caf', adresse, '120 : public 80, privé 40')
    const premier = Object.keys(saisis).find((nom) => nom.startsWith('chiffre-')) ?? ''
    const incomplet = await essai.poster('caf', adresse, { ...saisis, [premier]: '', geste: 'rendre' })
    assert.equal(incomplet.statut, 422)
    assert.match(incomplet.texte, /Un chiffre manque/)
    assert.match(incomplet.html, /120 : public 80/, 'what was typed stays')
    const nomme = await essai.poster('caf', adresse, {
      ...saisis,
      [premier]: '12, dont 71-2026-00412',
      geste: 'rendre',
    })
    assert.equal(nomme.statut, 422)
    assert.match(nomme.texte, /numéro de dossier/)
    assert.match(nomme.html, new RegExp(`href="#[^"]*${premier}"`), 'said beside its field')
    assert.equal((await essai.poster('caf', adresse, { ...saisis, [premier]: '', geste: 'garder' })).statut, 303)
    const perdu = await essai.poster('caf', adresse, { ...saisis, [premier]: '7', geste: 'rendre' })
    assert.equal(perdu.statut, 409)
    assert.match(perdu.texte, /Enregistré : rien/)
    const complets = await chiffres('caf', adresse, '120')
    assert.equal((await essai.poster('caf', adresse, { ...complets, geste: 'rendre' })).statut, 303)
    assert.match((await essai.lire('pilote', '/charte/collecte')).texte, /CAF de Saône-et-Loire (\d+) sur \1 Rendus le/)
    assert.equal((await essai.poster('pilote', adresse, { ...complets, geste: 'rendre' })).statut, 404, 'only its own')
    const exporter = async (compte: 'pilote' | 'caf') =>
      (await essai.lire(compte, '/charte/collecte/export.csv')).octets.toString()
    assert.match(await exporter('pilote'), /"MSA Bourgogne"[\s\S]*"CAF de Saône-et-Loire";"[^"]*";"120";"20\/11\/2026"/)
    assert.match(await exporter('caf'), /CAF de Saône-et-Loire/)
    assert.doesNotMatch(await exporter('caf'), /MSA/, 'each its own')
  })

  test('[COU-48] leading the request is a right of pilots, not of whoever works for the State or the Département', async () => {
    const { pool } = essai.application.base
    const adresse = await adresseDe('CAF71')
    for (const compte of ['auteure', 'prefecture'] as const) {
      assert.doesNotMatch((await essai.lire(compte, '/charte/collecte')).texte, /CAF de Saône-et-Loire/, compte)
      assert.equal((await essai.lire(compte, adresse)).statut, 404, compte)
    }
    const client = await pool.connect()
    try {
      for (const [cercles, attendu] of [
        ['', { lues: 0, ecrites: 0, relancees: 0 }],
        ['collecte', { lues: 1, ecrites: 0, relancees: 1 }],
      ] as const) {
        await client.query('begin')
        await client.query(
          `select set_config('app.dept', $1, true), set_config('app.portee', 'organisme', true), set_config('app.organisme', $2, true), set_config('app.compte', $3, true),
             set_config('app.cercles', $4, true), set_config('app.jour', '2026-11-20', true), set_config('role', 'amont_app', true)`,
          [DEPT, essai.organisme('DEP71'), essai.ids.auteure, cercles],
        )
        const compter = async (ordre: string) => {
          await client.query('savepoint avant')
          const lignes = await client.query(ordre).then(
            ({ rowCount }) => rowCount ?? 0,
            () => 0,
          )
          await client.query('rollback to savepoint avant')
          return Math.min(lignes, 1)
        }
        const autres = `organisme <> '${essai.organisme('DEP71')}'`
        assert.deepEqual(
          {
            lues: await compter(`select 1 from collecte_demande where ${autres}`),
            ecrites: await compter(`update collecte_demande set reponses = '{"x": "1"}' where ${autres}`),
            relancees: await compter(
              `update collecte_demande set relances = 9, relancee_le = '2026-11-20' where rendue_a is null and ${autres}`,
            ),
          },
          attendu,
        )
        await client.query('rollback')
      }
    } finally {
      client.release()
    }
  })

  test('[COU-48] what is written is kept whole, or refused beside its field; a reminder changes nothing to an open page', async () => {
    const { pool } = essai.application.base
    const adresse = await adresseDe('CAF71')
    await essai.poster('caf', adresse, { ...(await chiffres('caf', adresse, '120')), geste: 'garder' })
    const saisis = await chiffres('caf', adresse, '120')
    const premier = Object.keys(saisis).find((nom) => nom.startsWith('chiffre-')) ?? ''
    const long = `${'ligne\r\n'.repeat(300)}fin`
    const trop = await essai.poster('caf', adresse, {
      ...saisis,
      [premier]: `${long}${'x'.repeat(198)}`,
      geste: 'garder',
    })
    assert.equal(trop.statut, 422)
    assert.match(trop.texte, /Raccourcir à 2000 caractères : il y en a 2001/)
    assert.match(trop.html, new RegExp(`id="c-${premier}"[^>]*aria-invalid="true"`), 'beside its field')
    const { rows: avant } = await pool.query('select id, relances, relancee_le from collecte_demande')
    const collecte = champ((await essai.lire('pilote', '/charte/collecte')).html, 'collecte')
    assert.equal((await essai.poster('pilote', '/charte/collecte/relancer', { collecte })).statut, 303)
    assert.equal((await essai.poster('caf', adresse, { ...saisis, [premier]: long, geste: 'rendre' })).statut, 303)
    const { rows } = await pool.query('select relances, reponses from collecte_demande where organisme = $1', [
      essai.organisme('CAF71'),
    ])
    assert.equal(rows[0].relances, 1)
    assert.equal(rows[0].reponses[premier.replace('chiffre-', '')], long.replaceAll('\r\n', '\n'))
    for (const { id, relances, relancee_le } of avant)
      await pool.query('update collecte_demande set relances = $2, relancee_le = $3 where id = $1', [
        id,
        relances,
        relancee_le,
      ])
  })

  test('[COU-48] who has not answered is reminded: by hand, once a day, then by itself the day after', async () => {
    const { html } = await essai.lire('pilote', '/charte/collecte')
    const collecte = champ(html, 'collecte')
    assert.equal((await essai.poster('pilote', '/charte/collecte/relancer', { collecte })).statut, 303)
    await essai.poster('pilote', '/charte/collecte/relancer', { collecte })
    const relances = async () =>
      (
        await essai.application.base.pool.query(
          'select max(relances)::int as max, min(relances) filter (where rendue_a is null)::int as min, max(relances) filter (where rendue_a is not null)::int as rendues from collecte_demande',
        )
      ).rows[0]
    assert.deepEqual(await relances(), { max: 1, min: 1, rendues: 0 })
    const matin = (jour: string) =>
      ouvrirSession(
        { ...essai.application, horloge: frozenClock(`${jour}T04:00:00Z`) },
        acteurSysteme(DEPT, 'rappeler-collectes'),
        'collecte.conduire',
        rappelerCollectes,
      )
    assert.equal(await matin('2026-12-31'), 0, 'the day itself is not late')
    assert.ok((await matin('2027-01-02')) > 0)
    assert.equal(await matin('2027-01-03'), 0, 'once')
    assert.deepEqual(await relances(), { max: 2, min: 2, rendues: 0 })
  })

  test('[COU-48] a producer without an account: a pilot writes its figures; closed, nothing more is expected', async () => {
    const { rows } = await essai.application.base.pool.query(
      'select id from collecte_demande where organisme is null limit 1',
    )
    const adresse = `/charte/collecte/${rows[0].id}`
    assert.equal((await essai.lire('caf', adresse)).statut, 404)
    const saisis = await chiffres('copilote', adresse, 'indisponible : pas de suivi')
    assert.equal((await essai.poster('copilote', adresse, { ...saisis, geste: 'rendre' })).statut, 303)
    const { html } = await essai.lire('pilote', '/charte/collecte')
    const clore = { collecte: champ(html, 'collecte'), version: champ(html, 'version'), close: 'oui' }
    assert.equal((await essai.poster('pilote', '/charte/collecte/clore', clore)).statut, 303)
    assert.equal((await essai.poster('pilote', '/charte/collecte/clore', clore)).statut, 409)
    const close = await essai.poster('copilote', adresse, { ...saisis, version: '2', geste: 'rendre' })
    assert.equal(close.statut, 422)
    assert.match(close.texte, /Cette collecte est close/)
  })
})
