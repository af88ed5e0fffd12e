import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { acteurDuCompte, ouvrirSession } from '#acces'
import { lireDossier } from '#dossiers'
import { annoncerEcheances, annoncerTaches } from '#engagements'
import { inviterOrganisme } from '#participations'
import { openTestDatabase } from '#tests/base'
import { type Compte, DEPT } from '../accompagner/fabrique-essai.ts'
import { type EssaiEngagements, ouvrirEssaiEngagements } from '../engagements/fabrique-essai.ts'
import { routesNotifications } from './index.ts'

describe('what is told of work given, of lists, of dates that come', () => {
  let essai: EssaiEngagements
  before(async () => {
    essai = await ouvrirEssaiEngagements(await openTestDatabase(), routesNotifications)
  })
  after(() => essai.fermer())

  const idDe = async (compte: Compte): Promise<string> =>
    (await essai.base.pool.query('select id from compte where courriel = $1', [`${compte}@essai.example`])).rows[0].id
  const noms = async (genre: string): Promise<string[]> =>
    (
      await essai.base.pool.query(
        `select split_part(c.courriel, '@', 1) as nom from notification n join compte c on c.id = n.compte where $1 = any (n.genres) order by 1`,
        [genre],
      )
    ).rows.map(({ nom }) => nom)
  const annoncer = () => essai.enSysteme('engagement.tenir', annoncerEcheances)

  test('[ESP-11] a frozen list tells those who answer it for their organisme, one line for the list whatever it holds', async () => {
    assert.deepEqual(await noms('liste'), ['caf', 'collegue'])
    const { texte, html } = await essai.lire('caf', '/notifications?etat=toutes')
    assert.match(texte, /Tableau à répondre.*Des ménages entrent dans la liste de votre organisme/)
    const lien = /href="(\/notifications\/[0-9a-f-]{36}\?quoi=liste)"/.exec(html)?.[1] ?? ''
    assert.match((await essai.lire('caf', lien)).vers, /^\/tableaux\/[0-9a-f-]{36}$/)
  })

  test('[ENG-09] [ESP-11] tasks the charter gave are told the morning after, one line for an organisme whatever their number, once', async () => {
    await essai.base.pool.query('delete from notification')
    await essai.base.pool.query("update engagement_tache set cree_le = '2026-11-19', agent = null")
    const annoncerLesTaches = () => essai.enSysteme('engagement.tenir', annoncerTaches)
    assert.ok((await annoncerLesTaches()) > 0)
    assert.equal(await annoncerLesTaches(), 0)
    const prevenus = await noms('taches')
    assert.equal(new Set(prevenus).size, prevenus.length, 'one line each')
    const { texte, html } = await essai.lire('caf', '/notifications')
    assert.match(texte, /Nouvelles tâches de la charte/)
    assert.doesNotMatch(texte, /VALMONTE/)
    const lien = /href="(\/notifications\/[0-9a-f-]{36}\?quoi=taches)"/.exec(html)?.[1] ?? ''
    assert.equal((await essai.lire('caf', lien)).vers, '/engagements')
  })

  test('[ENG-09] a task given to a colleague tells the colleague, not the giver; whoever stands in for one away is told too', async () => {
    await essai.base.pool.query('delete from notification')
    const collegue = await idDe('collegue')
    const tache = await essai.tache(essai.dossier, 'caf/21')
    const passe = await essai.poster('caf', '/engagements/lot/faire', {
      action: 'attribuer',
      tache: [tache.id],
      agent: collegue,
      retour: '/engagements',
      envoi: randomUUID(),
    })
    assert.equal(passe.statut, 303)
    assert.deepEqual(await noms('engagement'), ['collegue'])
    const { texte } = await essai.lire('collegue', '/notifications')
    assert.match(texte, /VALMONTE.*Engagement confié.*vous a confié cette tâche/)
    const absence = await essai.poster('collegue', '/engagements/absence', {
      du: '2026-11-20',
      jusqu_au: '2026-11-27',
      remplacant: await idDe('caf'),
    })
    assert.equal(absence.statut, 303)
    assert.deepEqual(await noms('engagement'), ['caf', 'collegue'])
  })

  test('[ESP-11] a hearing within the days set is told once, to who holds a task, else to the organisme in charge; moved, it is told again', async () => {
    await essai.base.pool.query('delete from notification')
    const fixer = (dossier: { id: string }, le: string) =>
      essai.base.pool.query('update dossier set audience_le = $1 where id = $2', [le, dossier.id])
    await fixer(essai.dossier, '2026-12-15')
    await annoncer()
    assert.deepEqual(await noms('audience'), [], 'further than the days set')
    await fixer(essai.dossier, '2026-11-25')
    await annoncer()
    // The colleague holds a task and is away until the 27th: the substitute is told as well.
    assert.deepEqual(await noms('audience'), ['caf', 'collegue'])
    await essai.base.pool.query('update engagement_tache set agent = null where dossier = $1', [essai.autre.id])
    await fixer(essai.autre, '2026-11-26')
    await annoncer()
    assert.deepEqual(await noms('audience'), ['caf', 'caf', 'collegue', 'collegue'])
    await essai.base.pool.query(`update notification set jour = jour - 1`)
    await annoncer()
    assert.deepEqual((await noms('audience')).length, 4, 'not again the next morning')
    await fixer(essai.autre, '2026-11-27')
    await annoncer()
    assert.deepEqual((await noms('audience')).length, 6)
    assert.match(
      (await essai.lire('caf', '/notifications?genre=audience')).texte,
      /Audience proche.*avant le 27\/11\/2026/,
    )
  })

  test('[ESP-11] [ENG-09] whoever left holds nothing: the organisme in charge is told; a holder elsewhere does not keep it silent; uncertain work is not announced', async () => {
    const pool = essai.base.pool
    await pool.query('delete from notification')
    await pool.query('update engagement_absence set retiree_a = now()')
    const parti = await idDe('collegue')
    await pool.query('update engagement_tache set agent = null')
    const tache = await essai.tache(essai.dossier, 'caf/21')
    await pool.query('update engagement_tache set agent = $1 where id = $2', [parti, tache.id])
    await pool.query('update dossier set audience_le = null')
    await pool.query(`update dossier set audience_le = '2026-11-24' where id = $1`, [essai.dossier.id])
    const { rows } = await pool.query('select organisme, etat_service from dossier where id = $1', [essai.dossier.id])
    await pool.query('update compte set ferme_a = now() where id = $1', [parti])
    try {
      await pool.query(
        `update dossier set etat_service = 'prise', organisme = (select id from organisme where code = 'CAF71') where id = $1`,
        [essai.dossier.id],
      )
      await annoncer()
      assert.deepEqual(await noms('audience'), ['caf'], 'the holder left, the service remains')
      await pool.query('delete from notification')
      await pool.query('update compte set ferme_a = null where id = $1', [parti])
      await pool.query(`update dossier set organisme = (select id from organisme where code = 'DEP71') where id = $1`, [
        essai.dossier.id,
      ])
      await annoncer()
      const ditA = await noms('audience')
      assert.ok(ditA.includes('collegue') && ditA.includes('departement') && !ditA.includes('caf'), ditA.join())
      await pool.query('delete from notification')
      await pool.query('update dossier set audience_le = null')
      await pool.query(
        `update engagement_tache set echeance_le = '2026-11-23', signataire = false, certitude = 'applicable' where id = $1`,
        [tache.id],
      )
      await annoncer()
      assert.ok(!(await noms('echeance')).includes('collegue'), 'only proposed: nobody must do it')
    } finally {
      await pool.query('update compte set ferme_a = null where id = $1', [parti])
      await pool.query('update dossier set organisme = $2, etat_service = $3 where id = $1', [
        essai.dossier.id,
        rows[0].organisme,
        rows[0].etat_service,
      ])
    }
  })

  test('[ACC-06] [ESP-11] an invited organisme is told; without the accord its reading depends on, it reads nothing of it', async () => {
    await essai.base.pool.query('delete from notification')
    const { application } = essai
    const acteur = await acteurDuCompte(application, DEPT, await idDe('secretariat'))
    assert.ok(acteur)
    const { rows } = await essai.base.pool.query(`select id from organisme where code = 'ADIL71'`)
    const dossier = await essai.enSysteme('dossier.consulter', (session) =>
      lireDossier(session, essai.dossier.reference),
    )
    await ouvrirSession(application, acteur, 'participation.tenir', (session) =>
      inviterOrganisme(session, dossier, {
        organisme: rows[0].id,
        motif: 'Conseil juridique avant l’audience',
        jusquAu: session.jour.add({ days: 30 }),
      }),
    )
    assert.deepEqual(await noms('invitation'), ['adil'])
    assert.doesNotMatch((await essai.lire('adil', '/notifications')).texte, /VALMONTE/)
    await essai.base.pool.query(
      `insert into accord (dept, dossier, objet, sens, le, moyen, a) values ($1, $2, 'transmission_adil', 'accord', '2026-11-20', 'écrit', now())`,
      [DEPT, essai.dossier.id],
    )
    assert.match((await essai.lire('adil', '/notifications')).texte, /VALMONTE.*Invitation sur un dossier/)
  })
})
