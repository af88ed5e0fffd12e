import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { acteurSysteme, fermerCompte, ouvrirSession } from '#acces'
import { type EssaiConnexion, MOT_DE_PASSE, ouvrirEssaiConnexion, type Visiteur } from '../compte/fabrique-essai.ts'
import { routesCompte } from '../compte/index.ts'
import { routesComptes } from '../comptes/index.ts'
import { routesNotifications } from './index.ts'

const NOUVEAU = 'sept moulins dans la plaine'

describe('the secret address of a calendar is a way into an account', () => {
  let essai: EssaiConnexion
  before(async () => {
    essai = await ouvrirEssaiConnexion([...routesCompte, ...routesComptes, ...routesNotifications])
  })
  after(() => essai?.fermer())

  const arriver = async (nom: string, role?: 'administrateur'): Promise<Visiteur> => {
    await essai.compte(`${nom}@essai.example`, role, role ? 'PREF71' : undefined)
    const qui = essai.visiteur()
    await essai.enroler(qui, `${nom}@essai.example`)
    return qui
  }
  const idDe = async (nom: string): Promise<string> =>
    (await essai.application.base.pool.query('select id from compte where courriel = $1', [`${nom}@essai.example`]))
      .rows[0]?.id
  const demander = async (qui: Visiteur) => {
    const { html } = await qui.lire('/compte/notifications')
    const vue = /name="vue" value="([0-9a-f-]{36})"/.exec(html)?.[1] ?? ''
    return qui.poster('/compte/calendrier', { acte: 'creer', vue })
  }
  const adresseDe = (html: string): string => /(\/calendrier\/71\.[\w-]+\.ics)/.exec(html)?.[1] ?? ''
  const lire = async (url: string) => (await essai.serveur.inject({ url })).statusCode
  const creer = async (qui: Visiteur): Promise<string> => {
    const url = adresseDe((await demander(qui)).html)
    assert.equal(await lire(url), 200)
    return url
  }
  const vivantes = async (nom: string): Promise<number> =>
    (
      await essai.application.base.pool.query(
        'select count(*)::int as n from calendrier_adresse where compte = $1 and revoquee_a is null',
        [await idDe(nom)],
      )
    ).rows[0].n

  test('[ESP-11] [ACC-01] creating or renewing one asks again who is there, and its owner is told by mail', async () => {
    const qui = await arriver('prouve')
    for (const fois of [1, 2]) {
      essai.avancer({ minutes: 11 })
      const refusee = await demander(qui)
      assert.equal(refusee.vers, '/compte/confirmer?vers=%2Fcompte%2Fcalendrier')
      assert.equal(await vivantes('prouve'), fois - 1, 'nothing is drawn, the former one still holds')
      const page = await qui.lire(refusee.vers)
      assert.match(page.texte, /Une adresse de calendrier se lit sans mot de passe/)
      assert.doesNotMatch(page.texte, /télécharge/)
      const suite = await qui.suivre(
        await qui.poster('/compte/confirmer', { vers: '/compte/calendrier', saisie: MOT_DE_PASSE }),
      )
      assert.match(suite.adresse, /^\/compte\/notifications/)
      await creer(qui)
      const recus = () => essai.courrier.received.filter(({ subject }) => /adresse secrète de calendrier/.test(subject))
      const fin = performance.now() + 30_000
      while (recus().length < fois && performance.now() < fin) await new Promise((suite) => setTimeout(suite, 50))
      assert.deepEqual(recus().at(-1)?.to, ['prouve@essai.example'])
      assert.equal(recus().length, fois)
      assert.doesNotMatch(recus().at(-1)?.raw ?? '', /\/calendrier\//, 'the mail does not carry it')
    }
  })

  test('[ESP-11] [ACC-01] a new password ends it, chosen in the account or by a link', async () => {
    const qui = await arriver('mot')
    const premiere = await creer(qui)
    await qui.lire('/compte')
    await qui.poster('/compte/mot-de-passe', { actuel: MOT_DE_PASSE, nouveau: NOUVEAU, confirmation: NOUVEAU })
    assert.equal(await lire(premiere), 404)
    const seconde = await creer(qui)
    await essai.visiteur().poster('/mot-de-passe/oublie', { dept: '71', courriel: 'mot@essai.example' })
    const lien = (await essai.lien('mot@essai.example')).split('lien=')[1] ?? ''
    const dernier = 'neuf granges sous la neige'
    await essai.visiteur().poster('/mot-de-passe', { lien, nouveau: dernier, confirmation: dernier })
    assert.equal(await lire(seconde), 404)
  })

  test('[ESP-11] [ACC-01] a second factor given back, sessions all closed, an account closed end it; another account keeps its own', async () => {
    const admin = await arriver('admin', 'administrateur')
    const temoin = await creer(await arriver('temoin'))
    const libere = await creer(await arriver('libere'))
    await admin.lire('/comptes')
    assert.equal((await admin.poster(`/comptes/${await idDe('libere')}/second-facteur`)).statut, 303)
    assert.equal(await lire(libere), 404)
    const partout = await arriver('partout')
    const adresse = await creer(partout)
    await partout.lire('/compte')
    await partout.poster('/compte/sessions')
    assert.equal(await lire(adresse), 404)
    await creer(await arriver('ferme'))
    const id = await idDe('ferme')
    await ouvrirSession(essai.application, acteurSysteme('71', 'essai'), 'compte.gerer', (session) =>
      fermerCompte(session, id, 'Départ'),
    )
    assert.equal(await vivantes('ferme'), 0, 'opened again, the account has none')
    assert.equal(await lire(temoin), 200)
  })
})
