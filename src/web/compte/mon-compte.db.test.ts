import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type EssaiConnexion, MOT_DE_PASSE, ouvrirEssaiConnexion } from './fabrique-essai.ts'
import { routesCompte } from './index.ts'

const NOUVEAU = 'sept moulins dans la plaine'

describe('one’s own account', () => {
  let essai: EssaiConnexion
  before(async () => {
    essai = await ouvrirEssaiConnexion(routesCompte, {}, { travaux: false })
  })
  after(() => essai?.fermer())

  /** Two sessions of one account, both complete. */
  async function deuxSessions(courriel: string) {
    const { compte, visiteur, enroler, entrer, code, avancer } = essai
    await compte(courriel)
    const bureau = visiteur('192.0.2.1')
    const { secret, secours } = await enroler(bureau, courriel)
    avancer({ seconds: 30 })
    const portable = visiteur('192.0.2.2')
    await entrer(portable, courriel)
    await portable.suivre(await portable.poster('/connexion/code', { code: await code(secret), vers: '/compte' }))
    avancer({ seconds: 30 })
    return { bureau, portable, secret, secours }
  }
  const dehors = '/connexion?vers=%2Fcompte'

  test('[ACC-01] sessions are listed and closed one by one; somebody else’s answers like one that does not exist', async () => {
    const { bureau, portable } = await deuxSessions('sessions@essai.example')
    const autres = await deuxSessions('autres@essai.example')
    const ids = (html: string) => [...html.matchAll(/action="\/compte\/sessions\/([^"]+)"/g)].map(([, id = '']) => id)
    const siennes = ids((await autres.bureau.lire('/compte')).html)
    const page = await bureau.lire('/compte')
    assert.equal(ids(page.html).length, 2)
    assert.match(page.texte, /\(celle-ci\)/)
    assert.equal((await bureau.poster(`/compte/sessions/${siennes[0]}`)).statut, 404)
    assert.equal((await autres.portable.lire('/compte')).statut, 200)
    const celle = ids((await portable.lire('/compte')).html)
    const sienne = (await bureau.lire('/compte')).html
    const ici = /\(celle-ci\)[\s\S]*?action="\/compte\/sessions\/([^"]+)"/.exec(sienne)?.[1]
    const autre = celle.find((id) => id !== ici) ?? ''
    await bureau.poster(`/compte/sessions/${autre}`)
    assert.equal((await portable.suivre(await portable.lire('/compte'))).adresse, dehors)
    assert.equal((await bureau.lire('/compte')).statut, 200)
  })

  test('signing out everywhere closes this session too', async () => {
    const { bureau, portable } = await deuxSessions('partout@essai.example')
    await bureau.lire('/compte')
    assert.equal((await bureau.poster('/compte/sessions')).vers, '/connexion')
    for (const qui of [bureau, portable]) assert.equal((await qui.suivre(await qui.lire('/compte'))).adresse, dehors)
  })

  test('the password changes with the current one only, and the other sessions close', async () => {
    const { bureau, portable } = await deuxSessions('change@essai.example')
    const changer = async (actuel: string, nouveau: string, confirmation = nouveau) => {
      await bureau.lire('/compte')
      return bureau.poster('/compte/mot-de-passe', { actuel, nouveau, confirmation })
    }
    assert.match((await changer('faux', NOUVEAU)).texte, /pas le mot de passe actuel/)
    assert.match((await changer(MOT_DE_PASSE, NOUVEAU, 'autre')).texte, /ne sont pas les mêmes/)
    assert.match((await changer(MOT_DE_PASSE, 'azerty123456')).texte, /trop courant/)
    assert.equal((await portable.lire('/compte')).statut, 200)
    assert.equal((await changer(MOT_DE_PASSE, NOUVEAU)).statut, 303)
    assert.equal((await bureau.lire('/compte')).statut, 200)
    assert.equal((await portable.suivre(await portable.lire('/compte'))).adresse, dehors)
    assert.match((await essai.entrer(portable, 'change@essai.example', NOUVEAU)).adresse, /^\/connexion\/code/)
    for (let i = 0; i < 9; i++) await changer('faux', 'peu importe ici')
    assert.match((await changer(NOUVEAU, 'une autre encore ici')).texte, /Trop d’essais/)
  })

  test('another phone replaces the first only once it has given a code, after the password', async () => {
    const { bureau, secret } = await deuxSessions('telephone@essai.example')
    assert.equal((await bureau.lire('/connexion/enrolement')).vers, '/compte', 'not without the password')
    await bureau.lire('/compte')
    assert.equal((await bureau.poster('/compte/second-facteur', { actuel: 'faux' })).statut, 422)
    await bureau.lire('/compte')
    const page = await bureau.suivre(await bureau.poster('/compte/second-facteur', { actuel: MOT_DE_PASSE }))
    const neuf = (/<code>([A-Z2-7 ]+)<\/code>/.exec(page.html)?.[1] ?? '').replaceAll(' ', '')
    assert.notEqual(neuf, secret)
    const entrer = async (avec: string) => {
      const qui = essai.visiteur('192.0.2.8')
      await essai.entrer(qui, 'telephone@essai.example')
      return (await qui.suivre(await qui.poster('/connexion/code', { code: await essai.code(avec), vers: '/compte' })))
        .statut
    }
    assert.equal(await entrer(secret), 200, 'the first phone still works')
    const codes = await bureau.poster('/connexion/enrolement', { code: await essai.code(neuf) })
    assert.match(codes.texte, /Codes de secours/)
    essai.avancer({ seconds: 30 })
    assert.equal(await entrer(secret), 422)
    assert.equal(await entrer(neuf), 200)
  })

  test('[ACC-13] a large export is confirmed by the password or by a code of the application, once, for ten minutes and in this session only', async () => {
    const { bureau, portable, secret } = await deuxSessions('confirme@essai.example')
    const confirmee = async () => {
      const { rows } = await essai.application.base.pool.query(
        `select count(*) filter (where s.confirmee_a = $2)::int as ici, count(*) filter (where s.revoquee_a is null)::int as ouvertes
         from session_web s join compte c on c.id = s.compte where c.courriel = $1`,
        ['confirme@essai.example', essai.maintenant().toString()],
      )
      return rows[0]
    }
    essai.avancer({ minutes: 20 })
    const confirmer = async (qui: typeof bureau, saisie: string) => {
      await qui.lire('/compte/confirmer?vers=%2Faide')
      return qui.poster('/compte/confirmer', { vers: '/aide', saisie })
    }
    assert.match((await bureau.lire('/compte/confirmer')).texte, /Mot de passe, ou code à six chiffres/)
    assert.equal((await confirmer(bureau, 'pas le mot de passe')).statut, 422)
    assert.equal((await confirmer(bureau, '000000')).statut, 422)
    assert.equal((await confirmee()).ici, 0)
    const code = await essai.code(secret)
    assert.equal((await confirmer(bureau, `${code.slice(0, 3)} ${code.slice(3)}`)).vers, '/aide')
    assert.deepEqual(await confirmee(), { ici: 1, ouvertes: 2 }, 'the other session has confirmed nothing')
    assert.equal((await confirmer(portable, code)).statut, 422, 'a code works once')
    assert.equal((await confirmer(portable, MOT_DE_PASSE)).vers, '/aide')
    for (let i = 0; i < 10; i++) await confirmer(bureau, 'encore faux')
    assert.match((await confirmer(bureau, MOT_DE_PASSE)).texte, /Trop d’essais/)
    assert.equal((await bureau.lire('/compte')).statut, 200, 'the owner keeps working')
  })

  test('new recovery codes end the ones before', async () => {
    const { bureau, secours } = await deuxSessions('secours@essai.example')
    await bureau.lire('/compte')
    const page = await bureau.poster('/compte/codes', { actuel: MOT_DE_PASSE })
    const neufs = [...page.html.matchAll(/<code>([a-z2-9-]{19})<\/code>/g)].map(([, un = '']) => un)
    assert.equal(new Set([...neufs, ...secours]).size, 20)
    assert.doesNotMatch((await bureau.lire('/compte')).html, new RegExp(neufs[0] ?? '-'))
    const qui = essai.visiteur('192.0.2.9')
    await essai.entrer(qui, 'secours@essai.example')
    assert.equal((await qui.poster('/connexion/code', { code: secours[0] ?? '' })).statut, 422)
    assert.equal((await qui.poster('/connexion/code', { code: neufs[0] ?? '' })).statut, 303)
  })
})
