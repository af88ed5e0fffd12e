import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { envoyerNotifications } from '#notifications'
import { smtpMailer } from '#socle/mail'
import { frozenClock } from '#socle/time'
import { clesDEssai } from '#tests/base'
import { type Compte, DEPT, type EssaiDesCercles, ouvrirEssaiDesCercles } from '#tests/ecrits'
import { type MailServer, openMailServer } from '#tests/smtp'

/**
 * Un vendredi, la CAF écrit trois fois sur un dossier et demande une réponse pour le lendemain. Le service social en est prévenu une fois, à ses heures ; le reste attend le
 * courriel du lundi. Ce courriel ne dit rien du ménage. Une adresse qui ne reçoit plus est montrée au secrétariat, qui la fait essayer de nouveau.
 */
describe('story: told once, at the right hour, of what concerns them, and of nothing else', () => {
  let essai: EssaiDesCercles
  let boites: MailServer

  before(async () => {
    essai = await ouvrirEssaiDesCercles()
    // Friday, half past nine: the mail of that day has left.
    Object.assign(essai.application, { horloge: frozenClock('2026-11-20T08:30:00Z') })
    boites = await openMailServer()
  })
  after(async () => {
    await boites.close()
    await essai.fermer()
  })

  /** The job of mails, as it runs every few minutes, towards a real SMTP server. */
  const passer = (instant: string, serveur: MailServer = boites): Promise<number> =>
    envoyerNotifications(
      {
        ...essai.application,
        horloge: frozenClock(instant),
        acces: {
          cles: clesDEssai,
          courrier: smtpMailer({ url: serveur.url, from: 'Amont <amont@essai.example>' }),
          adresse: 'https://amont.essai.example',
          demonstration: true,
        },
      },
      DEPT,
    )
  /** Who received a mail since the last look. */
  const releve = (serveur: MailServer = boites): string[] =>
    serveur.received
      .splice(0)
      .map(({ to }) => to[0]?.split('@')[0] ?? '')
      .sort()
  const place = (suite: string) => `/dossiers/${essai.dossier.reference}/echanges${suite}`
  const ecrire = async (sujet: string) => {
    const fait = await essai.poster('caf', place('/fil'), {
      etape: 'envoyer',
      cercle: '3',
      sujet,
      texte: 'Madame Lacombe a repris le loyer, campanule.',
      destinataires: [essai.organisme('DEP71'), essai.organisme('SEC71-AUTUN')],
      envoi: randomUUID(),
    })
    assert.equal(fait.statut, 303, fait.texte.slice(0, 600))
  }
  const demander = async (avant: string) => {
    const fait = await essai.poster('caf', place('/demande'), {
      genre: 'versements',
      texte: 'Le bail a-t-il été renouvelé ?',
      destinataire: essai.organisme('DEP71'),
      avant,
      envoi: randomUUID(),
    })
    assert.equal(fait.statut, 303, fait.texte.slice(0, 600))
  }
  const lignes = async (compte: Compte): Promise<number> =>
    [...(await essai.lire(compte, '/notifications')).html.matchAll(/id="n-[0-9a-f-]{36}"/g)].length
  const SERVICE = ['auteure', 'autrecollegue', 'collegue']

  test('[ESP-11] three messages about one dossier in a day: one line each, never for their author, that says why and how to change', async () => {
    for (const sujet of ['Le loyer', 'Le plan', 'La visite']) await ecrire(sujet)
    for (const compte of ['auteure', 'collegue', 'secretariat'] as const) assert.equal(await lignes(compte), 1, compte)
    for (const compte of ['caf', 'adil', 'autreSecretariat', 'bailleur'] as const)
      assert.equal(await lignes(compte), 0, compte)
    const { texte } = await essai.lire('auteure', '/notifications')
    assert.match(texte, /3 échanges avec un nouveau message.*Pourquoi je reçois ceci.*Changer/)
    assert.doesNotMatch(texte, /campanule/)
    assert.equal(await passer('2026-11-20T09:00:00Z'), 0, 'nothing presses: it waits for the mail of the next day')
  })

  test('[ESP-11] an answer expected the next day does not wait, within working hours, once', async () => {
    await demander('2026-11-21')
    assert.equal(await passer('2026-11-20T19:30:00Z'), 0, 'in the evening, nobody is disturbed')
    await passer('2026-11-20T10:00:00Z')
    assert.deepEqual(releve(), SERVICE)
    await demander('2026-11-22')
    assert.equal(await passer('2026-11-20T10:10:00Z'), 0, 'the same dossier, the same day')
  })

  test('[ESP-11] the mail of the day: on Monday from 8, not on Saturday, one each, figures and addresses only', async () => {
    assert.equal(await passer('2026-11-21T08:00:00Z'), 0, 'Saturday')
    assert.equal(await passer('2026-11-23T06:55:00Z'), 0, 'five to eight')
    await passer('2026-11-23T07:05:00Z')
    assert.equal(await passer('2026-11-23T07:15:00Z'), 0, 'once a day')
    for (const { subject, text, raw } of boites.received) {
      assert.equal(subject, 'Amont : ce qui vous attend aujourd’hui')
      assert.match(text, /3 échanges avec un nouveau message/)
      assert.match(text, /une fois par jour au plus, vos jours de travail, à partir de 8 h/)
      assert.match(text, /Pour changer[^\n]*\nhttps:\/\/amont\.essai\.example\/compte\/notifications/)
      for (const interdit of [/lacombe/i, /campanule/, /loyer/i, /CAF/, new RegExp(essai.dossier.reference)])
        assert.doesNotMatch(`${raw}\n${text}`, interdit)
    }
    assert.deepEqual(releve(), [...SERVICE, 'secretariat'])
  })

  test('[ESP-11] a mailbox that does not exist any more: shown to its owner and to the secretariat, which has it tried again', async () => {
    await ecrire('Encore')
    const refusant = await openMailServer({
      answer: (adresse) => (adresse.startsWith('collegue@') ? { code: 550, words: '5.1.1 No such user' } : null),
    })
    try {
      await passer('2026-11-24T07:05:00Z', refusant)
      assert.ok(!releve(refusant).includes('collegue'))
    } finally {
      await refusant.close()
    }
    assert.match((await essai.lire('collegue', '/notifications')).texte, /Les courriels d’Amont ne vous arrivent plus/)
    assert.equal((await essai.lire('caf', '/notifications/adresses')).statut, 403)
    const page = await essai.lire('secretariat', '/notifications/adresses')
    assert.match(page.texte, /COLLEGUE/)
    assert.equal(await passer('2026-11-24T07:15:00Z'), 0, 'nothing more leaves to an address that refuses')
    const reprendre = /action="(\/notifications\/adresses\/[0-9a-f-]{36}\/reprendre)"/.exec(page.html)?.[1] ?? ''
    assert.equal((await essai.poster('secretariat', reprendre, {})).statut, 303)
    await passer('2026-11-25T07:05:00Z')
    assert.deepEqual(releve(), ['collegue'], 'what waited arrives')
  })

  test('[ESP-11] whoever wants no mail gets none, and still finds everything in Amont', async () => {
    const regle = await essai.poster('auteure', '/compte/notifications', {
      'vu-reglage': '0',
      courriel: '',
      horaires: 'departement',
    })
    assert.equal(regle.statut, 303, regle.texte.slice(0, 400))
    await ecrire('Une dernière')
    await passer('2026-11-26T07:05:00Z')
    assert.ok(!releve().includes('auteure'))
    assert.match((await essai.lire('auteure', '/notifications')).texte, /Non lue/)
  })
})
