import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { lancerTravaux } from '#jobs'
import { smtpMailer } from '#socle/mail'
import { clesDEssai, openTestDatabase } from '#tests/base'
import { type MailServer, openMailServer } from '#tests/smtp'
import { DEPT } from '../accompagner/fabrique-essai.ts'
import { routesCompte } from '../compte/index.ts'
import { type EssaiEchanges, ouvrirEssaiEchanges } from './fabrique-essai.ts'

describe('mails of the exchanges', () => {
  let essai: EssaiEchanges
  let courrier: MailServer
  let travaux: { stop(): Promise<void> }
  before(async () => {
    essai = await ouvrirEssaiEchanges(await openTestDatabase(), routesCompte)
    courrier = await openMailServer()
    const departement = essai.application.referentiel.departements.get(DEPT)
    assert.ok(departement)
    travaux = await lancerTravaux(
      {
        ...essai.application,
        // The other départements of the data have no time limits here.
        referentiel: { ...essai.application.referentiel, departements: new Map([[DEPT, departement]]) },
        acces: {
          cles: clesDEssai,
          courrier: smtpMailer({ url: courrier.url, from: 'Amont <amont@essai.example>' }),
          adresse: 'https://amont.essai.example',
          demonstration: true,
        },
      },
      { ancres: join(tmpdir(), `amont-ancres-${randomUUID()}`) },
    )
  })
  after(async () => {
    await travaux.stop()
    await courrier.close()
    await essai.fermer()
  })

  /** Waits for the queue to have nothing left of these mails. */
  const partis = async (): Promise<void> => {
    const fin = performance.now() + 60_000
    for (;;) {
      if ((await essai.compter('graphile_worker.jobs', "task_identifier = 'avis-echange'")) === 0) return
      if (performance.now() > fin) throw new Error('the queue still holds mails')
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
  const ouvrir = (sujet: string) =>
    essai.poster('caf', essai.adresse('/fil'), {
      etape: 'envoyer',
      cercle: '3',
      sujet,
      texte: 'Séverine Orsetti, 12 rue des Forges : dette de 1620 euros',
      destinataires: [essai.organismes.get('SEC71-AUTUN') ?? '', essai.organismes.get('DEP71') ?? ''],
      envoi: randomUUID(),
    })

  test('[ESP-11] one mail a day tells each reader that something waits, and says nothing of it; the author gets none', async () => {
    await essai.poster('departement', '/compte/avis', { recevoir: 'non' })
    const fil = await ouvrir('Sujet nominatif Orsetti')
    await ouvrir('Deuxième du jour')
    await essai.poster('caf', fil.vers, { texte: 'Troisième', envoi: randomUUID() })
    await partis()
    const recus = courrier.received.map(({ to }) => to[0]).sort()
    assert.deepEqual(recus, ['collegue@essai.example', 'secretariat@essai.example'])
    for (const { subject, text, raw } of courrier.received) {
      assert.equal(subject, 'Amont : du nouveau vous attend')
      assert.match(text, /https:\/\/amont\.essai\.example\/echanges\n/)
      const decode = `${raw}\n${text}`
      for (const interdit of [
        /orsetti/i,
        /nominatif/i,
        /Forges/,
        /1620/,
        /CAF/,
        /Camille/,
        new RegExp(essai.dossier.reference),
        new RegExp(essai.dossier.id),
        new RegExp(fil.vers.split('/').at(-1) ?? 'x'),
      ])
        assert.doesNotMatch(decode, interdit)
    }
    assert.equal(await essai.compter('avis_echange'), 2)
  })

  test('[ESP-11] whoever cannot read the dossier, or was turned away since, gets none', async () => {
    const avant = courrier.received.length
    const pool = essai.application.base.pool
    await essai.poster('departement', '/compte/avis', { recevoir: 'oui' })
    // The administrator belongs to the same organisme, and reads no dossier.
    await ouvrir('Autre sujet')
    await partis()
    assert.deepEqual(
      courrier.received.slice(avant).map(({ to }) => to[0]),
      ['departement@essai.example'],
    )
    await pool.query('delete from avis_echange')
    await pool.query('update habilitation set retiree_a = now() where compte = $1', [await essai.idDe('secretariat')])
    await ouvrir('Encore')
    await partis()
    assert.ok(!courrier.received.slice(avant + 1).some(({ to }) => to.includes('secretariat@essai.example')))
  })

  test('[ESP-11] a person turns them off and on again on their account page', async () => {
    assert.match(
      (await essai.lire('caf', '/compte')).texte,
      /Un courriel par jour au plus vous prévient.*Ne plus recevoir ces courriels/,
    )
    assert.equal((await essai.poster('caf', '/compte/avis', { recevoir: 'non' })).statut, 303)
    assert.match((await essai.lire('caf', '/compte')).texte, /Aucun courriel ne vous prévient/)
    assert.match((await essai.lire('collegue', '/compte')).texte, /Ne plus recevoir ces courriels/, 'for oneself only')
    await essai.poster('caf', '/compte/avis', { recevoir: 'oui' })
    assert.match((await essai.lire('caf', '/compte')).texte, /Ne plus recevoir/)
    assert.doesNotMatch((await essai.lire('administrateur', '/compte')).texte, /Avis par courriel/)
  })
})
