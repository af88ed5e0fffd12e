import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { FastifyInstance } from 'fastify'
import { hacherMotDePasse, installerCompte, ouvrirConnexion } from '#acces'
import { dansContexte, type Execute } from '#socle/db'
import { type ApplicationDEssai, importer, lireExemple, ouvrirApplicationDEssai } from '#tests/application'
import { creerServeur, nomCookieSession, routes } from '#web'

const REGLAGES = { securise: false, departement: '71' } as const
const COMPTE = { courriel: 'agent@essai.example', motDePasse: 'un mot de passe long' } as const

describe('the server', () => {
  let application: ApplicationDEssai
  let serveur: FastifyInstance
  let cookies: Record<string, string>
  before(async () => {
    application = await ouvrirApplicationDEssai()
    await importer(application, 'CAF71', 'caf-2026-10.csv', lireExemple('caf-2026-10.csv'))
    await installerCompte(application.base, {
      ...COMPTE,
      dept: '71',
      prenom: 'Lise',
      nom: 'Tavernot',
      motDePasse: await hacherMotDePasse(COMPTE.motDePasse),
      organisme: 'SEC71-AUTUN',
      role: 'secretariat',
      du: Temporal.PlainDate.from('2026-01-01'),
      motif: 'essai',
      a: application.horloge.now(),
    })
    serveur = await creerServeur(application, routes, REGLAGES)
    const { jeton } = await ouvrirConnexion(application, { ...COMPTE, dept: '71', adresse: '192.0.2.1' })
    cookies = { [nomCookieSession(REGLAGES)]: jeton }
  })
  after(async () => {
    await serveur.close()
    await application.fermer()
  })

  const lire = (url: string) => serveur.inject({ url, cookies })
  const changer = (travail: (sql: Execute) => Promise<unknown>) =>
    dansContexte(application.base, { dept: '71', portee: 'connexion' }, ({ sql }) => travail(sql))
  const compter = (html: string): number =>
    Number(/<h1>([\d\u202f]+)\u00a0dossiers?/.exec(html)?.[1]?.replace(/\D/g, '') ?? 0)

  test('every answer says what a page may load, and is neither framed nor guessed', async () => {
    for (const url of ['/dossiers', '/dossiers/rien', '/nulle-part', '/connexion', '/sante', '/dossiers/export.csv']) {
      const { headers } = await lire(url)
      const politique = String(headers['content-security-policy'])
      assert.match(politique, /^default-src 'none';/, url)
      assert.doesNotMatch(politique, /unsafe|\*|nonce/, url)
      assert.equal(headers['x-content-type-options'], 'nosniff', url)
      assert.equal(headers['x-frame-options'], 'DENY', url)
      assert.equal(headers['referrer-policy'], 'same-origin', url)
      assert.equal(headers['strict-transport-security'], undefined, url)
    }
    const securise = await creerServeur(application, routes, { ...REGLAGES, securise: true })
    const { headers } = await securise.inject('/connexion')
    assert.match(String(headers['strict-transport-security']), /^max-age=31536000/)
    await securise.close()
  })

  test('[ACC-01] what changes in the rights of a person holds for their very next page', async () => {
    assert.equal((await lire('/recevoir')).statusCode, 200)
    await changer((sql) => sql`update habilitation set role = 'pilote' where dept = '71'`)
    assert.equal((await lire('/recevoir')).statusCode, 403, 'a role without the right')
    await changer((sql) => sql`update habilitation set role = 'secretariat' where dept = '71'`)
    assert.equal((await lire('/recevoir')).statusCode, 200, 'the role is back')

    const tous = compter((await lire('/dossiers?territoire=tous')).body)
    assert.ok(tous > 0)
    await changer(
      (
        sql,
      ) => sql`update habilitation set role = 'service_social', organisme = (select id from organisme where dept = '71' and code = 'ADIL71')
        where dept = '71'`,
    )
    const siens = compter((await lire('/dossiers?territoire=tous')).body)
    assert.ok(siens < tous, 'a narrower perimeter')
    // Where somebody works opens nothing: the matrix gives a social service the dossiers it is engaged on, and no territory.
    await changer(
      (sql) =>
        sql`update habilitation set territoires = '{autun,chalon-sur-saone,charolles,louhans,macon,montceau-les-mines}' where dept = '71'`,
    )
    assert.equal(compter((await lire('/dossiers?territoire=tous')).body), siens)
    await changer((sql) => sql`update habilitation set territoires = null where dept = '71'`)
    await changer(
      (
        sql,
      ) => sql`update habilitation set role = 'secretariat', organisme = (select id from organisme where dept = '71' and code = 'SEC71-AUTUN')
        where dept = '71'`,
    )
    assert.equal(compter((await lire('/dossiers?territoire=tous')).body), tous)

    for (const [fin, retour] of [
      ["update habilitation set jusqu_au = '2026-11-19'", 'update habilitation set jusqu_au = null'],
      ["update compte set ferme_a = '2026-11-20'", 'update compte set ferme_a = null'],
      ['update organisme set actif = false', 'update organisme set actif = true'],
      ["update session_web set revoquee_a = '2026-11-20'", 'update session_web set revoquee_a = null'],
    ] as const) {
      const executer = (ordre: string) => changer((sql) => sql([ordre] as unknown as TemplateStringsArray))
      await executer(fin)
      const refusee = await lire('/dossiers')
      assert.equal(refusee.statusCode, 303, fin)
      assert.match(String(refusee.headers.location), /^\/connexion/, fin)
      await executer(retour)
      assert.equal((await lire('/dossiers?territoire=tous')).statusCode, 200, retour)
    }
  })

  test('[ACC-13] a list that cannot be journalled is not shown', async () => {
    await application.base.pool.query(
      "alter table journal add constraint essai check (action <> 'dossiers.lister') not valid",
    )
    const refusee = await lire('/dossiers?territoire=tous')
    await application.base.pool.query('alter table journal drop constraint essai')
    assert.equal(refusee.statusCode, 500)
    assert.doesNotMatch(refusee.body, /à accompagner/)
    assert.equal((await lire('/dossiers?territoire=tous')).statusCode, 200)
  })
})
