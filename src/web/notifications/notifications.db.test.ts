import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { type Application, acteurSysteme, ouvrirSession } from '#acces'
import { envoyerNotifications, purgerNotifications } from '#notifications'
import { smtpMailer } from '#socle/mail'
import { frozenClock } from '#socle/time'
import { clesDEssai, openTestDatabase } from '#tests/base'
import { pdf } from '#tests/fichiers'
import { type MailServer, openMailServer } from '#tests/smtp'
import { type Compte, DEPT } from '../accompagner/fabrique-essai.ts'
import { routesCompte } from '../compte/index.ts'
import { type EssaiEchanges, ouvrirEssaiEchanges } from '../echanges/fabrique-essai.ts'
import { routesNotifications } from './index.ts'

/** Friday 20 November 2026, 9 h in Paris, is the day of the acts; mails are looked at other instants. */
const LUNDI_8H = '2026-11-23T07:05:00Z'

describe('notifications', () => {
  let essai: EssaiEchanges
  let courrier: MailServer
  before(async () => {
    essai = await ouvrirEssaiEchanges(await openTestDatabase(), [...routesCompte, ...routesNotifications])
    courrier = await openMailServer()
    Object.assign(essai.application, { acces: reglagesVers(courrier) })
  })
  after(async () => {
    await courrier.close()
    await essai.fermer()
  })

  const reglagesVers = (serveur: MailServer) => ({
    cles: clesDEssai,
    courrier: smtpMailer({ url: serveur.url, from: 'Amont <amont@essai.example>' }),
    adresse: 'https://amont.essai.example',
    demonstration: true,
  })
  const requete = (texte: string, valeurs: readonly unknown[] = []) =>
    essai.application.base.pool.query(texte, [...valeurs])
  const vider = async () => {
    await requete('delete from notification')
    await requete('delete from notification_envoi')
    await requete('delete from notification_reglage')
    await requete('delete from courriel_refuse')
    courrier.received.length = 0
  }
  /** Runs the job of mails at an instant. */
  const partir = (instant: string, serveur: MailServer = courrier) =>
    envoyerNotifications(
      { ...essai.application, horloge: frozenClock(instant), acces: reglagesVers(serveur) } satisfies Application,
      DEPT,
    )
  const recus = () => courrier.received.map(({ to }) => to[0]?.split('@')[0]).sort()
  const ecrire = (sujet = 'Sujet nominatif Orsetti', de: Compte = 'caf') =>
    essai.poster(de, essai.adresse('/fil'), {
      etape: 'envoyer',
      cercle: '3',
      sujet,
      texte: 'Séverine Orsetti, 12 rue des Forges : dette de 1620 euros',
      destinataires: [essai.organismes.get('SEC71-AUTUN') ?? '', essai.organismes.get('DEP71') ?? ''],
      envoi: randomUUID(),
    })
  const demander = async (avant: string) => {
    const envoye = await essai.poster('caf', essai.adresse('/demande'), {
      genre: 'versements',
      texte: 'Le bail a-t-il été renouvelé ?',
      destinataire: essai.organismes.get('DEP71') ?? '',
      avant,
      envoi: randomUUID(),
    })
    assert.equal(envoye.statut, 303, envoye.texte)
  }
  const cloche = async (compte: Compte): Promise<string> =>
    /Notifications( : \d+\+? non lues?|, toutes lues)/.exec((await essai.lire(compte, '/compte')).texte)?.[1] ?? 'none'
  const reglages = (plus: Readonly<Record<string, string | readonly string[]>> = {}) => ({
    'vu-reglage': '0',
    courriel: 'oui',
    horaires: 'departement',
    ...plus,
  })

  test('[ESP-11] what happens to a dossier in a day is one line for each reader, never for its author, with the reason and the way to change', async () => {
    await vider()
    const fil = await ecrire()
    await ecrire('Deuxième du jour')
    await essai.poster('caf', fil.vers, { texte: 'Troisième', envoi: randomUUID() })
    assert.equal(await essai.compter('notification', `compte = '${await essai.idDe('caf')}'`), 0, 'never the author')
    assert.equal(await essai.compter('notification'), 3, 'a colleague, the Département, the secretariat')
    assert.equal(await cloche('departement'), ' : 1 non lue')
    assert.equal(await cloche('caf'), ', toutes lues')
    const { texte, html } = await essai.lire('departement', '/notifications')
    assert.match(texte, new RegExp(`ORSETTI.*${essai.dossier.reference}`, 'i'))
    assert.match(texte, /2 échanges avec un nouveau message/)
    assert.match(texte, /Pourquoi je reçois ceci.*Votre organisme est lecteur de cet échange\. Changer/)
    assert.doesNotMatch(texte, /nominatif|Forges|1620/, 'not a word of what was written')
    const lien = /href="(\/notifications\/[0-9a-f-]{36}\?quoi=message)"/.exec(html)?.[1] ?? ''
    assert.match((await essai.lire('departement', lien)).vers, /\/echanges$/, 'two threads: the page that shows both')
    assert.equal(await cloche('departement'), ', toutes lues', 'opened, it is read')
    assert.equal((await essai.lire('secretariat', lien)).statut, 404, 'it is nobody else’s')
    await ecrire('Encore')
    assert.equal(await cloche('departement'), ' : 1 non lue', 'something new makes it unread')
    assert.equal(await essai.compter('notification'), 3, 'still one line a day')
  })

  test('[ESP-11] read one by one or all at once, undone; what arrives after the page was shown stays unread', async () => {
    await vider()
    await ecrire()
    const { html } = await essai.lire('departement', '/notifications')
    const jusqua = /name="jusqua" value="([^"]+)"/.exec(html)?.[1] ?? ''
    assert.ok(jusqua)
    await requete(`update notification set modifiee_a = modifiee_a + interval '1 minute' where compte = $1`, [
      await essai.idDe('departement'),
    ])
    const tard = await essai.poster('departement', '/notifications/lues', { jusqua })
    assert.match(tard.message?.texte ?? '', /Déjà marqué/)
    assert.equal(await cloche('departement'), ' : 1 non lue')
    await requete(`update notification set modifiee_a = modifiee_a - interval '1 minute'`)
    const fait = await essai.poster('departement', '/notifications/lues', { jusqua })
    assert.equal(fait.message?.texte, 'Notification marquée comme lue.')
    assert.match((await essai.lire('departement', '/notifications')).texte, /Tout est lu/)
    assert.equal(await cloche('secretariat'), ' : 1 non lue', 'those of the others did not move')
    const defaire = fait.message?.defaire
    assert.ok(defaire)
    assert.equal((await essai.poster('secretariat', defaire.action, defaire.champs)).statut, 404)
    assert.equal((await essai.poster('departement', defaire.action, defaire.champs)).statut, 303)
    assert.equal(await cloche('departement'), ' : 1 non lue')
    const ailleurs = await essai.poster('departement', '/notifications/lues', { jusqua, retour: '//ailleurs.example' })
    assert.equal(ailleurs.vers, '/notifications')
  })

  test('[ACC-01] [ESP-11] a right lost since takes it out of the inbox, of the figure and of the mail', async () => {
    await vider()
    await ecrire()
    const { html } = await essai.lire('departement', '/notifications')
    const lien = /href="(\/notifications\/[0-9a-f-]{36}\?quoi=message)"/.exec(html)?.[1] ?? ''
    await essai.habiliter('CAF71')
    try {
      assert.equal(await cloche('departement'), ', toutes lues')
      assert.doesNotMatch((await essai.lire('departement', '/notifications?etat=toutes')).texte, /Orsetti/i)
      assert.equal((await essai.lire('departement', lien)).statut, 404)
      await partir(LUNDI_8H)
      assert.deepEqual(recus(), ['collegue', 'secretariat'])
    } finally {
      await essai.habiliter('CAF71', 'DEP71')
    }
  })

  test('[ESP-11] one mail a day, on a working day from the hour set, that says figures, why, and how to change; nothing of the household', async () => {
    await vider()
    const fil = await ecrire()
    await demander('2026-12-20')
    assert.equal(await partir('2026-11-20T15:00:00Z'), 0, 'its hour was before: it waits for the next day')
    assert.equal(await partir('2026-11-21T09:00:00Z'), 0, 'Saturday')
    assert.equal(await partir('2026-11-23T06:55:00Z'), 0, 'five to eight')
    assert.equal(await partir(LUNDI_8H), 3)
    assert.equal(await partir('2026-11-23T07:10:00Z'), 0, 'once')
    assert.deepEqual(recus(), ['collegue', 'departement', 'secretariat'])
    for (const { subject, text, raw } of courrier.received) {
      assert.equal(subject, 'Amont : ce qui vous attend aujourd’hui')
      assert.match(text, /1 échange avec un nouveau message\n/)
      assert.match(text, /https:\/\/amont\.essai\.example\/notifications\n/)
      assert.match(text, /une fois par jour au plus, vos jours de travail, à partir de 8 h/)
      assert.match(text, /https:\/\/amont\.essai\.example\/compte\/notifications\n/)
      const tout = `${raw}\n${text}`
      for (const interdit of [/orsetti/i, /nominatif/i, /Forges/, /1620/, /bail/, /CAF/, /Camille/])
        assert.doesNotMatch(tout, interdit)
      for (const secret of [essai.dossier.reference, essai.dossier.id, fil.vers.split('/').at(-1) ?? 'x'])
        assert.ok(!tout.includes(secret))
    }
    const duDepartement = courrier.received.find(({ to }) => to[0] === 'departement@essai.example')
    assert.match(duDepartement?.text ?? '', /1 demande reçue ou répondue\n/)
    assert.equal(await partir('2026-11-24T07:05:00Z'), 0, 'told once, it is not told again the next day')
    assert.equal(await partir('2026-12-25T08:00:00Z'), 0)
  })

  test('[ESP-11] a date nearer than the days set leaves without waiting, once for a dossier and a day, never outside working hours', async () => {
    await vider()
    await demander('2026-12-20')
    assert.equal(await partir('2026-11-20T09:00:00Z'), 0, 'a month away waits')
    await demander('2026-11-21')
    assert.equal(await partir('2026-11-20T19:00:00Z'), 0, 'eight in the evening')
    assert.equal(await partir('2026-11-20T09:05:00Z'), 1)
    assert.deepEqual(recus(), ['departement'])
    assert.equal(courrier.received[0]?.subject, 'Amont : une date proche vous attend')
    assert.doesNotMatch(courrier.received[0]?.text ?? '', new RegExp(essai.dossier.reference))
    await demander('2026-11-22')
    assert.equal(await partir('2026-11-20T09:10:00Z'), 0, 'the same dossier, the same day')
    assert.match((await essai.lire('departement', '/notifications')).texte, /avant le 21\/11\/2026/)
  })

  test('[ESP-11] each person sets days, hours and kinds; what is refused keeps what was typed, and two windows do not overwrite each other', async () => {
    await vider()
    const page = await essai.lire('departement', '/compte/notifications')
    assert.match(page.texte, /lundi, mardi, mercredi, jeudi et vendredi, courriel du jour à 8 h/)
    assert.match((await essai.lire('departement', '/compte')).html, /href="\/compte\/notifications"/)
    const faux = await essai.poster(
      'departement',
      '/compte/notifications',
      reglages({ horaires: 'choisis', jours: [], heure: '9', de: '12', a: '10' }),
    )
    assert.equal(faux.statut, 422)
    assert.match(faux.texte, /Choisir au moins un jour.*La fin vient après le début/)
    const juste = reglages({
      horaires: 'choisis',
      jours: ['2', '6'],
      heure: '14',
      'canal-piece': 'aucun',
      'canal-message': 'application',
    })
    assert.equal((await essai.poster('departement', '/compte/notifications', juste)).statut, 303)
    const double = await essai.poster('departement', '/compte/notifications', juste)
    assert.equal(double.statut, 409)
    assert.match(double.texte, /Vos réglages ont changé.*Document déposé : pas du tout/)
    const { html } = await essai.lire('departement', '/compte/notifications')
    const canal = (nom: string) =>
      new RegExp(`<select[^>]*name="canal-${nom}"[\\s\\S]*?</select>`).exec(html)?.[0] ?? ''
    assert.match(canal('piece'), /value="aucun"/)
    assert.match(canal('suite'), /value="application"/)
    assert.doesNotMatch(canal('suite'), /value="aucun"/, 'others are told whom it reached')
    const depot = await essai.deposer(
      'caf',
      essai.adresse('/piece'),
      {
        cercle: '3',
        genre: 'decompte',
        date: '2026-11-02',
        destinataires: [essai.organismes.get('DEP71') ?? '', essai.organismes.get('SEC71-AUTUN') ?? ''],
        envoi: randomUUID(),
      },
      { nom: 'decompte.pdf', octets: pdf('/Rang 1') },
    )
    assert.equal(depot.statut, 303, depot.texte)
    assert.equal(await essai.compter('notification', "'piece' = any (genres)"), 1, 'the secretariat wants them')
    await ecrire()
    await demander('2026-12-20')
    const siennes = await requete('select genres from notification where compte = $1', [
      await essai.idDe('departement'),
    ])
    assert.deepEqual(siennes.rows, [{ genres: ['demande', 'message'] }], 'documents are not even recorded')
    await partir(LUNDI_8H)
    assert.ok(!recus().includes('departement'), 'Monday is not theirs')
    await partir('2026-11-24T13:05:00Z')
    const mail = courrier.received.find(({ to }) => to[0] === 'departement@essai.example')
    assert.match(mail?.text ?? '', /1 demande/)
    assert.doesNotMatch(mail?.text ?? '', /message/, 'messages are theirs in the application only')
    assert.match(mail?.text ?? '', /à partir de 14 h/)
    await essai.poster('departement', '/compte/notifications', reglages({ 'vu-reglage': '1', courriel: '' }))
    await ecrire('Encore')
    courrier.received.length = 0
    await partir('2026-11-25T07:05:00Z')
    assert.ok(!recus().includes('departement'), 'no mail at all')
    assert.equal(await cloche('departement'), ' : 1 non lue')
  })

  test('[ESP-11] hours left to the département count: a beginning after its end is refused beside the field, and says so', async () => {
    await requete('delete from notification_reglage')
    const tard = await essai.poster(
      'departement',
      '/compte/notifications',
      reglages({ horaires: 'choisis', jours: ['1', '2'], de: '23' }),
    )
    assert.equal(tard.statut, 422)
    assert.match(tard.texte, /La fin est celle du département, \d+ h : choisir un début avant/)
    const juste = reglages({ horaires: 'choisis', jours: ['1', '2'], de: '22', a: '24' })
    assert.equal((await essai.poster('departement', '/compte/notifications', juste)).statut, 303)
    const autre = await essai.poster('departement', '/compte/notifications', { ...juste, jours: ['3'] })
    assert.equal(autre.statut, 409)
    assert.match(autre.texte, /lundi et mardi.*mercredi|mercredi.*lundi et mardi/, 'both versions are told apart')
    await requete('delete from notification_reglage')
  })

  test('[ESP-11] a date is told only with the reason it is the date of, and presses nobody who does not read it', async () => {
    await vider()
    await demander('2026-12-20')
    await requete(
      `update notification set genres = genres || '{audience}', avant = '2026-11-24', motifs = motifs || '[{"genre": "audience", "objet": "2026-11-24", "avant": "2026-11-24"}]'`,
    )
    assert.match((await essai.lire('departement', '/notifications')).texte, /avant le 24\/11\/2026/)
    await requete(
      `update notification set motifs = (select jsonb_agg(m || case when m->>'genre' = 'audience' then '{"genre": "inconnu"}'::jsonb else '{}' end) from jsonb_array_elements(motifs) m)`,
    )
    const { texte } = await essai.lire('departement', '/notifications')
    assert.match(texte, /avant le 20\/12\/2026/, 'its own date comes back')
    assert.doesNotMatch(texte, /24\/11\/2026/)
    assert.equal(await partir('2026-11-20T10:05:00Z'), 0, 'a date nobody reads presses nobody')
  })

  test('[ESP-11] what is older than the département keeps goes at night, read or not', async () => {
    await vider()
    await ecrire()
    const avant = await essai.compter('notification')
    await requete(`insert into notification (dept, compte, organisme, cle, jour, motifs, genres, cree_a, modifiee_a)
      select dept, compte, organisme, 'vieille', '2026-01-02', '[]', '{liste}', now(), now() from notification limit 1`)
    await ouvrirSession(essai.application, acteurSysteme(DEPT, 'purger'), 'compte.tenir', purgerNotifications)
    assert.equal(await essai.compter('notification'), avant)
    assert.equal(await essai.compter('notification', "cle = 'vieille'"), 0)
  })

  test('[ESP-11] an address the mail server refuses for good is kept, shown with a remedy, and not tried again until somebody says so', async () => {
    await vider()
    const refusant = await openMailServer({ refuse: true })
    try {
      await ecrire()
      assert.equal(await partir(LUNDI_8H, refusant), 0)
      assert.equal(await essai.compter('courriel_refuse'), 3)
      const liste = await essai.lire('secretariat', '/notifications/adresses')
      assert.match(liste.texte, /departement@essai\.example.*refusée par le serveur de l’organisme \(réponse 550/)
      assert.match(liste.texte, /Essayer de nouveau/)
      assert.match((await essai.lire('administrateur', '/notifications/adresses')).html, /href="\/comptes\//)
      assert.equal((await essai.lire('caf', '/notifications/adresses')).statut, 403)
      assert.match(
        (await essai.lire('departement', '/notifications')).texte,
        /Les courriels d’Amont ne vous arrivent plus/,
      )
      await requete('delete from notification_envoi')
      await ecrire('Encore')
      assert.equal(await partir('2026-11-24T07:05:00Z'), 0, 'a good server is not even asked')
      assert.equal(courrier.received.length, 0)
      const { rows } = await requete('select id from courriel_refuse where courriel = $1', [
        'departement@essai.example',
      ])
      const adresse = `/notifications/adresses/${rows[0].id}/reprendre`
      assert.equal((await essai.poster('caf', adresse, {})).statut, 403)
      assert.equal((await essai.poster('secretariat', adresse, {})).statut, 303)
      assert.equal((await essai.poster('secretariat', adresse, {})).statut, 404, 'twice does it once')
      await requete('delete from notification_envoi')
      await ecrire('Et encore')
      await partir('2026-11-25T07:05:00Z')
      assert.deepEqual(recus(), ['departement'])
    } finally {
      await refusant.close()
    }
  })

  test('[ESP-11] a mail server that does not answer loses nothing: the next run sends', async () => {
    await vider()
    await ecrire()
    const absent = await openMailServer()
    await absent.close()
    await assert.rejects(partir(LUNDI_8H, absent))
    assert.equal(await essai.compter('notification_envoi'), 0)
    assert.equal(await essai.compter('courriel_refuse'), 0)
    assert.equal(await partir('2026-11-23T07:10:00Z'), 3)
  })

  test('[ESP-11] a mailbox full or a policy loses nothing; a recipient’s « later » stops nobody; somebody whose mail failed goes last', async () => {
    await vider()
    await ecrire()
    const premier = [
      await essai.idDe('collegue'),
      await essai.idDe('departement'),
      await essai.idDe('secretariat'),
    ].sort()[0]
    const { rows } = await requete('select courriel from compte where id = $1', [premier])
    const lent = rows[0].courriel
    for (const reponse of [
      { code: 451, words: '4.7.1 Greylisted' },
      { code: 552, words: '5.2.2 Mailbox full' },
    ]) {
      await requete('delete from notification_envoi')
      await requete('update notification set dite_a = null, pressee_a = null')
      const serveur = await openMailServer({ answer: (address) => (address === lent ? reponse : null) })
      try {
        await assert.rejects(partir(LUNDI_8H, serveur))
        assert.equal(serveur.received.length, 2, 'the two others')
        assert.equal(await essai.compter('courriel_refuse'), 0)
        assert.equal(await essai.compter('notification', 'dite_a is null'), 1)
      } finally {
        await serveur.close()
      }
    }
    assert.equal(await partir('2026-11-23T07:20:00Z'), 1)
    assert.equal(courrier.received[0]?.to[0], lent)
    await requete('delete from notification_envoi')
    await requete('update notification set dite_a = null')
    const fragile = await openMailServer({
      answer: (address) => (address === lent ? { code: 421, words: 'Closing' } : null),
    })
    try {
      await assert.rejects(partir('2026-11-24T07:05:00Z', fragile))
      await requete('delete from notification_envoi')
      await requete('update notification set dite_a = null')
      fragile.received.length = 0
      await assert.rejects(partir('2026-11-24T07:10:00Z', fragile))
      assert.equal(fragile.received.length, 2)
    } finally {
      await fragile.close()
    }
  })

  test('[ESP-11] a server that refuses everybody is not believed beyond a few: the run stops, and says so', async () => {
    await vider()
    await ecrire()
    const qui = await essai.idDe('departement')
    await requete(
      `insert into compte (dept, courriel, nom, prenom, cree_a) select $1, 'suite' || n || '@essai.example', 'Suite', 'N' || n, now() from generate_series(1, 8) n`,
      [DEPT],
    )
    await requete(
      `insert into habilitation (dept, compte, organisme, role, du, motif) select h.dept, c.id, h.organisme, h.role, h.du, h.motif
        from habilitation h, compte c where h.compte = $1 and c.nom = 'Suite'`,
      [qui],
    )
    await requete(
      `insert into notification (dept, compte, organisme, cle, dossier, jour, motifs, genres, cree_a, modifiee_a)
        select n.dept, c.id, n.organisme, n.cle, n.dossier, n.jour, n.motifs, n.genres, n.cree_a, n.modifiee_a
        from notification n, compte c where n.compte = $1 and c.nom = 'Suite'`,
      [qui],
    )
    const refusant = await openMailServer({ refuse: true })
    try {
      await assert.rejects(partir(LUNDI_8H, refusant), /refused 5 people in a row/)
      assert.equal(await essai.compter('courriel_refuse'), 5)
      assert.equal(
        await essai.compter('notification', 'dite_a is not null'),
        0,
        'nothing is told to whom nothing reached',
      )
      assert.equal(await essai.compter('notification_envoi'), 0)
    } finally {
      await refusant.close()
      await requete(`update compte set ferme_a = now() where nom = 'Suite'`)
    }
  })

  test('[ESP-11] a near date told by the mail of the day is not told again by a plain message that joins it; a nearer one is', async () => {
    await vider()
    await demander('2026-11-21')
    await requete(`update notification set cree_a = '2026-11-20T06:00:00Z', modifiee_a = '2026-11-20T06:00:00Z'`)
    assert.equal(await partir('2026-11-20T08:30:00Z'), 1)
    assert.equal(courrier.received[0]?.subject, 'Amont : ce qui vous attend aujourd’hui')
    await ecrire()
    assert.equal(await partir('2026-11-20T09:30:00Z'), 0, 'its date was told')
    await demander('2026-11-20')
    assert.equal(await partir('2026-11-20T09:40:00Z'), 1)
    assert.equal(courrier.received[1]?.subject, 'Amont : une date proche vous attend')
    await vider()
    await demander('2026-11-21')
    await requete(
      `update notification set jour = '2026-11-21', avant = '2026-11-20', modifiee_a = '2026-11-23T06:59:00Z'`,
    )
    await requete(
      `insert into notification_envoi (dept, compte, jour, pressant, nombre, a) select dept, compte, '2026-11-23', false, 1, now() from notification`,
    )
    assert.equal(await partir('2026-11-23T09:00:00Z'), 0, 'a date gone by presses nobody')
  })

  test('the figure of the banner reads one’s own unread rows by their index, however many there are', async () => {
    await vider()
    await requete(
      `insert into notification (dept, compte, organisme, cle, dossier, jour, motifs, genres, cree_a, modifiee_a, lue_a)
        select $1, $2, $3, 'k' || n, $4, '2026-11-20', '[]', '{message}', '2026-11-20T08:00:00Z', '2026-11-20T08:00:00Z',
          case when n > 3 then timestamptz '2026-11-20T08:00:00Z' end from generate_series(1, 20000) n`,
      [DEPT, await essai.idDe('departement'), essai.organismes.get('DEP71'), essai.dossier.id],
    )
    await requete('analyze notification')
    const plans: string[] = []
    const client = await essai.application.base.pool.connect()
    try {
      await client.query('begin')
      await client.query('set local role amont_app')
      for (const [cle, valeur] of Object.entries({
        dept: DEPT,
        portee: 'organisme',
        organisme: essai.organismes.get('DEP71'),
        compte: await essai.idDe('departement'),
        jour: '2026-11-20',
      }))
        await client.query(`select set_config('app.${cle}', $1, true)`, [valeur])
      const { rows } = await client.query(
        `explain select count(*)::int from (select 1 from notification n left join dossier d on d.dept = $1 and d.id = n.dossier
          where n.dept = $1 and n.compte = $2 and n.organisme = $3 and n.lue_a is null and n.modifiee_a > '2026-10-20'
            and (n.dossier is null or d.id is not null) and n.genres && '{message}' limit 100) x`,
        [DEPT, await essai.idDe('departement'), essai.organismes.get('DEP71')],
      )
      plans.push(...rows.map((ligne) => ligne['QUERY PLAN'] as string))
      await client.query('rollback')
    } finally {
      client.release()
    }
    assert.match(plans.join('\n'), /notification_non_lue/)
    assert.doesNotMatch(plans.join('\n'), /Seq Scan on notification/)
    assert.equal(await cloche('departement'), ' : 3 non lues')
  })
})
