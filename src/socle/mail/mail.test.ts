import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { type MailServer, openMailServer } from '#tests/smtp'
import { failureOf, folderMailer, noMailer, refusalOf, smtpMailer } from './index.ts'

describe('a mail', () => {
  let server: MailServer
  before(async () => {
    server = await openMailServer()
  })
  after(() => server.close())

  test('reaches a real server, in French, from the address set, to one person', async () => {
    const mailer = smtpMailer({ url: server.url, from: 'Amont <amont@essai.example>' })
    await mailer.send({
      to: 'agent@essai.example',
      subject: 'Accès à Amont',
      text: 'Référence été-œuvre\nhttps://essai.example/x',
    })
    mailer.close()
    const [mail] = server.received
    assert.deepEqual(mail?.to, ['agent@essai.example'])
    assert.equal(mail?.from, 'amont@essai.example')
    assert.equal(mail?.subject, 'Accès à Amont')
    assert.equal(mail?.text.trim(), 'Référence été-œuvre\nhttps://essai.example/x')
    assert.match(mail?.raw ?? '', /^Auto-Submitted: auto-generated$/m)
  })

  test('keeps to its recipient whatever the address holds', async () => {
    const mailer = smtpMailer({ url: server.url, from: 'amont@essai.example' })
    const avant = server.received.length
    await mailer
      .send({ to: 'a@essai.example>\r\nBcc: tiers@essai.example', subject: 'x\r\nBcc: tiers@essai.example', text: 'x' })
      .catch(() => {})
    mailer.close()
    for (const mail of server.received.slice(avant)) {
      assert.ok(!mail.to.includes('tiers@essai.example'))
      assert.doesNotMatch(mail.raw, /^Bcc:/im)
    }
  })

  test('that no server takes is an error, so that the queue tries again', async () => {
    const refusing = await openMailServer({ refuse: true })
    const mailer = smtpMailer({ url: refusing.url, from: 'amont@essai.example' })
    await assert.rejects(mailer.send({ to: 'agent@essai.example', subject: 'x', text: 'x' }))
    mailer.close()
    await refusing.close()
    await assert.rejects(noMailer.send({ to: 'agent@essai.example', subject: 'x', text: 'x' }), /AMONT_SMTP_URL/)
  })

  test('is refused for good only when the address itself is wrong', async () => {
    for (const [code, words, forGood, whose] of [
      [550, '5.1.1 User unknown', true, 'refused'],
      [550, 'No such user here', true, 'refused'],
      [553, 'Not a mailbox', true, 'refused'],
      [550, '5.7.1 Relaying denied', false, 'refused'],
      [554, '5.7.1 Blocked by policy, see 5.1.1', false, 'refused'],
      [552, '5.2.2 Mailbox full', false, 'refused'],
      [554, 'Transaction failed', false, 'refused'],
      [451, '4.7.1 Greylisted', false, 'later'],
      [450, 'Try again', false, 'later'],
      [421, 'Closing', false, 'server'],
    ] as const) {
      const answering = await openMailServer({ answer: () => ({ code, words }) })
      const mailer = smtpMailer({ url: answering.url, from: 'amont@essai.example' })
      const error = await mailer.send({ to: 'agent@essai.example', subject: 'x', text: 'x' }).then(
        () => null,
        (raison: unknown) => raison,
      )
      assert.equal(refusalOf(error) !== null, forGood, `${code} ${words}`)
      assert.equal(failureOf(error), whose, `${code} ${words}`)
      mailer.close()
      await answering.close()
    }
    assert.equal(failureOf(new Error('no answer')), 'server')
  })

  test('without a server in demonstration, is written where only its owner reads, and said', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'amont-courriels-'))
    const said: string[] = []
    await folderMailer(folder, (text) => said.push(text)).send({
      to: 'agent@demo.example',
      subject: 'Accès',
      text: 'lien',
    })
    const [name = ''] = await readdir(folder)
    assert.match(await readFile(join(folder, name), 'utf8'), /À : agent@demo.example\nObjet : Accès\n\nlien/)
    assert.equal((await stat(join(folder, name))).mode & 0o077, 0)
    assert.match(said.join(), /non envoyé/)
    await rm(folder, { recursive: true })
  })
})
