import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { noMailer } from '#socle/mail'
import { clesDEssai, openTestDatabase } from '#tests/base'
import { type Compte, DEPT } from '../accompagner/fabrique-essai.ts'
import { type EssaiEchanges, ouvrirEssaiEchanges } from '../echanges/fabrique-essai.ts'
import { creerServeur } from '../serveur.ts'
import { routesNotifications } from './index.ts'

/** The properties of each event of a calendar, unfolded. */
function lireEvenements(texte: string): Record<string, string>[] {
  const lignes = texte.replace(/\r\n[ \t]/g, '').split('\r\n')
  const evenements: Record<string, string>[] = []
  for (const ligne of lignes) {
    if (ligne === 'BEGIN:VEVENT') evenements.push({})
    const [, nom = '', valeur = ''] = /^([A-Z-]+)[^:]*:(.*)$/.exec(ligne) ?? []
    const dernier = evenements.at(-1)
    if (dernier && nom !== 'END' && nom !== 'BEGIN') dernier[nom] = valeur
  }
  return evenements
}

describe('calendar to subscribe to', () => {
  let essai: EssaiEchanges
  before(async () => {
    essai = await ouvrirEssaiEchanges(await openTestDatabase(), routesNotifications)
    Object.assign(essai.application, {
      acces: { cles: clesDEssai, courrier: noMailer, adresse: 'https://amont.essai.example', demonstration: true },
    })
    await essai.application.base.pool.query(
      `update dossier set audience_le = '2026-12-03', etat_service = 'prise', echeance_le = null, echeance_cle = null where id = $1`,
      [essai.dossier.id],
    )
    const demande = await essai.poster('secretariat', essai.adresse('/demande'), {
      genre: 'versements',
      texte: 'Madame Orsetti a-t-elle repris le loyer ?',
      destinataire: essai.organismes.get('CAF71') ?? '',
      avant: '2026-11-27',
      envoi: randomUUID(),
    })
    assert.equal(demande.statut, 303, demande.texte)
  })
  after(() => essai.fermer())

  const vueDe = async (compte: Compte): Promise<string> =>
    /name="vue" value="([0-9a-f-]{36})"/.exec((await essai.lire(compte, '/compte/notifications')).html)?.[1] ?? ''
  /** Draws an address, and gives what its page shows. */
  const creer = async (compte: Compte): Promise<string> => {
    await essai.jeton(compte)
    await essai.application.base.pool.query('update session_web set confirmee_a = $1', [
      essai.application.horloge.now().toString(),
    ])
    const page = await essai.poster(compte, '/compte/calendrier', { acte: 'creer', vue: await vueDe(compte) })
    assert.equal(page.statut, 200, page.texte)
    const [adresse = ''] = /https:\/\/amont\.essai\.example\/calendrier\/[\w.-]+\.ics/.exec(page.texte) ?? []
    assert.ok(adresse, page.texte)
    return adresse.replace('https://amont.essai.example', '')
  }
  const lire = (url: string, headers: Record<string, string> = {}) => essai.serveur.inject({ url, headers })

  test('[ESP-11] a secret address, shown once, gives hearings, requests and dates to a calendar without a session: kinds and references, nobody’s name', async () => {
    const url = await creer('caf')
    assert.doesNotMatch(
      (await essai.lire('caf', '/compte/notifications')).html,
      /\/calendrier\/71\./,
      'not shown again',
    )
    const reponse = await lire(url)
    assert.equal(reponse.statusCode, 200)
    assert.match(String(reponse.headers['content-type']), /^text\/calendar; charset=utf-8/)
    assert.match(String(reponse.headers['cache-control']), /private/)
    for (const ligne of reponse.body.split('\r\n')) assert.ok(Buffer.byteLength(ligne) <= 75, ligne)
    assert.ok(!/[^\r]\n/.test(reponse.body), 'lines end by CRLF')
    const [demande, audience, ...autres] = lireEvenements(reponse.body)
    assert.deepEqual(autres, [])
    assert.equal(audience?.SUMMARY, `Audience\\, dossier ${essai.dossier.reference}`)
    assert.equal(audience?.DTSTART, '20261203')
    assert.equal(audience?.DTEND, '20261204')
    assert.equal(audience?.UID, `audience-${essai.dossier.id}@amont`)
    assert.equal(audience?.SEQUENCE, '0')
    assert.match(audience?.DTSTAMP ?? '', /^\d{8}T\d{6}Z$/)
    assert.equal(demande?.SUMMARY, `Réponse attendue\\, dossier ${essai.dossier.reference}`)
    assert.equal(demande?.DTSTART, '20261127')
    assert.doesNotMatch(reponse.body, /orsetti|yanis|loyer|Camille/i)
    const relue = await lire(url)
    assert.equal(relue.body, reponse.body, 'the same events give the same bytes')
    assert.equal((await lire(url, { 'if-none-match': String(reponse.headers.etag) })).statusCode, 304)
    const { rows } = await essai.application.base.pool.query(
      `select dossiers::text[] as dossiers, compte from journal where action = 'calendrier.lire' order by id desc limit 1`,
    )
    assert.deepEqual(rows, [{ dossiers: [essai.dossier.id], compte: await essai.idDe('caf') }])
    const lectures = async () =>
      (
        await essai.application.base.pool.query(
          `select count(*)::int as n from journal where action = 'calendrier.lire'`,
        )
      ).rows[0]
    assert.deepEqual(await lectures(), { n: 1 }, 'the same bytes the same day are told once')
    assert.match((await essai.lire('caf', '/compte/notifications')).texte, /lue la dernière fois le 20\/11\/2026/)
    const secret = url.split('/').at(-1)?.replace('.ics', '') ?? ''
    const garde = await essai.application.base.pool.query('select t::text from calendrier_adresse t')
    assert.ok(!JSON.stringify(garde.rows).includes(secret.split('.')[1] ?? 'x'), 'the database keeps no address')
  })

  test('[ESP-11] the button pressed twice shows the same address twice, and an old form brings nothing back', async () => {
    await creer('collegue')
    const champs = { acte: 'creer', vue: await vueDe('collegue'), envoi: randomUUID() }
    const adresse = (texte: string) => /\/calendrier\/71\.[\w-]+\.ics/.exec(texte)?.[0] ?? 'none'
    const une = await essai.poster('collegue', '/compte/calendrier', champs)
    const deux = await essai.poster('collegue', '/compte/calendrier', champs)
    assert.deepEqual([deux.statut, adresse(deux.texte)], [200, adresse(une.texte)])
    assert.equal((await lire(adresse(une.texte))).statusCode, 200)
    await essai.poster('collegue', '/compte/calendrier', { acte: 'retirer', vue: await vueDe('collegue') })
    assert.equal((await essai.poster('collegue', '/compte/calendrier', { ...champs, vue: '' })).statut, 409)
  })

  test('[ESP-11] a hearing put off keeps its identifier and takes the next sequence', async () => {
    const url = await creer('caf')
    const dossier = (le: string) =>
      essai.application.base.pool.query('update dossier set audience_le = $1 where id = $2', [le, essai.dossier.id])
    const audience = async () => lireEvenements((await lire(url)).body).find(({ UID }) => UID?.startsWith('audience-'))
    const avant = await audience()
    await dossier('2026-12-17')
    const apres = await audience()
    assert.equal(apres?.UID, avant?.UID)
    assert.equal(apres?.DTSTART, '20261217')
    assert.equal(Number(apres?.SEQUENCE), Number(avant?.SEQUENCE) + 1)
    assert.equal((await audience())?.SEQUENCE, apres?.SEQUENCE)
    await dossier('2026-12-03')
  })

  test('[ESP-11] renewed or withdrawn, the former address answers like one that never was; two windows do not undo each other', async () => {
    const premiere = await creer('departement')
    const vue = await vueDe('departement')
    const seconde = await creer('departement')
    const perimee = await essai.poster('departement', '/compte/calendrier', { acte: 'creer', vue })
    assert.equal(perimee.statut, 409)
    const jamais = await lire('/calendrier/71.abcdefghijklmnopqrstuvwxyz.ics')
    const finie = await lire(premiere)
    assert.equal(finie.statusCode, 404)
    assert.equal(finie.body, jamais.body)
    assert.equal((await lire(seconde)).statusCode, 200)
    assert.equal(
      (await essai.poster('caf', '/compte/calendrier', { acte: 'retirer', vue: await vueDe('departement') })).statut,
      404,
    )
    const retire = await essai.poster('departement', '/compte/calendrier', {
      acte: 'retirer',
      vue: await vueDe('departement'),
    })
    assert.equal(retire.statut, 303)
    assert.equal((await lire(seconde)).statusCode, 404)
    for (const faux of ['/calendrier/71.', '/calendrier/99.abcdefghijklmnopqrst.ics'])
      assert.equal((await lire(faux)).statusCode, 404, faux)
  })

  test('[ACC-01] [ESP-11] the calendar follows the rights of the moment: another organisme’s dossier leaves it, a withdrawn habilitation ends it', async () => {
    const url = await creer('caf')
    const pool = essai.application.base.pool
    await essai.habiliter('DEP71')
    try {
      const vide = await lire(url)
      assert.deepEqual(lireEvenements(vide.body), [])
      assert.match(vide.body, /BEGIN:VTIMEZONE/, 'and it is still a valid calendar')
    } finally {
      await essai.habiliter('CAF71', 'DEP71')
    }
    assert.equal(lireEvenements((await lire(url)).body).length, 2)
    await pool.query('update habilitation set retiree_a = now() where compte = $1', [await essai.idDe('caf')])
    try {
      assert.equal((await lire(url)).statusCode, 404)
    } finally {
      await pool.query('update habilitation set retiree_a = null where compte = $1', [await essai.idDe('caf')])
    }
  })

  test('[ESP-11] read again and again, it is told to wait like the pages of the person', async () => {
    const url = await creer('caf')
    const serveur = await creerServeur(essai.application, [], {
      securise: false,
      departement: DEPT,
      rythme: { parPersonne: 2, parAdresse: 1000, maintenant: () => 0 },
    })
    try {
      const statuts = []
      for (let i = 0; i < 3; i++) statuts.push((await serveur.inject({ url })).statusCode)
      assert.deepEqual(statuts, [200, 200, 429])
    } finally {
      await serveur.close()
    }
  })
})
