import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { DeletedTextRun, Document, Packer, Paragraph, TextRun } from 'docx'
import type { Application } from '#acces'
import { lireDossier } from '#dossiers'
import { envoyerCourriersParCourriel, preparerCourriers, produireLotCourriers } from '#jobs'
import { noterAccord } from '#participations'
import { readDocx, writeDocx } from '#socle/docx'
import { smtpMailer } from '#socle/mail'
import { lireTextePdf } from '#tests/pdf'
import { openMailServer } from '#tests/smtp'
import {
  applicationLe,
  avecBase,
  creerDossiers,
  enTantQue,
  type MenageEssai,
  type Navigateur,
  naviguer,
} from '../tableaux/fabrique-essai.ts'
import { routesCourriers } from './index.ts'

const JOUR = '2026-11-16'

const commande = (nom: string, contenu: Readonly<Record<string, unknown>> = {}): MenageEssai => ({
  nom,
  signaux: [
    {
      type: 'commandement_de_payer',
      le: '2026-11-05',
      acteLe: '2026-11-03',
      contenu: { code_postal: '71400', commune: 'Autun', civilite: 'Mme', ...contenu },
    },
  ],
})

async function avec(application: Application, travail: (n: Navigateur) => Promise<void>): Promise<void> {
  const n = await naviguer(application, 'secretariat', routesCourriers)
  try {
    await travail(n)
  } finally {
    await n.fermer()
  }
}

const versionDe = async (n: Navigateur, chemin: string): Promise<string> =>
  /name="version" value="(\d+)"/.exec((await n.lire(chemin)).html)?.[1] ?? ''

async function adresses(n: Navigateur, etat: string): Promise<ReadonlyMap<string, string>> {
  const { html } = await n.lire(`/courriers/modeles/menage-commandement?etat=${etat}`)
  return new Map(
    [...html.matchAll(/href="(\/courriers\/[0-9a-f-]{36})">[^<]*? ([A-Z]+)</g)].map(([, chemin, nom]) => [
      nom ?? '',
      chemin ?? '',
    ]),
  )
}

async function produire(n: Navigateur, application: Application): Promise<string> {
  const { vers } = await n.envoyer('/courriers/modeles/menage-commandement/produire', { envoi: randomUUID() })
  await produireLotCourriers(application, '71', vers.split('/').at(-1) ?? '')
  return vers
}

test('[COU-06] a letter is changed in a word processor: what is put back is what leaves, to the byte, if it says what it must', () =>
  avecBase(async (base) => {
    const application = applicationLe(base, JOUR)
    await creerDossiers(application, [commande('Morel'), commande('Arnoux')])
    await preparerCourriers(application, '71')
    await avec(application, async (n) => {
      const lot = await produire(n, application)
      const morel = (await adresses(n, 'produit')).get('MOREL') ?? ''
      const docx = await n.lire(`${morel}/courrier.docx`)
      const texte = (await readDocx(docx.octets)).text
      assert.match(texte, /Madame Camille MOREL 12 rue des Forges 71400 AUTUN/)
      assert.match(texte, /un commissaire de justice vous a remis/)

      const deposer = async (octets: Buffer) =>
        n.televerser(
          `${morel}/modifie`,
          { version: await versionDe(n, morel) },
          { champ: 'fichier', nom: 'lettre.docx', octets },
        )
      const refaire = (dit: string) =>
        writeDocx({ title: 'Lettre', blocks: [{ kind: 'paragraph', runs: [{ text: dit }] }] })
      const sansMention = await deposer(await refaire(texte.replaceAll('tribunal', 'juge')))
      assert.equal(sansMention.statut, 422)
      assert.match(sansMention.texte, /Mention obligatoire absente : « tribunal »\. Source : loi n° 89-462/)
      const sansDonnees = await deposer(await refaire(texte.replaceAll('Vos données', 'Ces données')))
      assert.match(sansDonnees.texte, /L’information sur les données personnelles manque/)
      assert.match((await deposer(Buffer.from('%PDF-1.7'))).texte, /n’est pas un document Word/)

      const raye = new DeletedTextRun({
        text: 'Locataire de mauvaise foi',
        id: 1,
        author: 'C',
        date: '2026-11-16T08:00:00Z',
      })
      const suivi = await deposer(
        await Packer.toBuffer(
          new Document({ sections: [{ children: [new Paragraph({ children: [new TextRun(texte), raye] })] }] }),
        ),
      )
      assert.equal(suivi.statut, 422, 'what was struck out would leave with it')
      assert.match(suivi.texte, /garde des commentaires ou des modifications suivies/)

      const modifie = await refaire(`${texte} Nous vous attendons jeudi.`)
      assert.equal((await deposer(modifie)).statut, 303)
      const prete = await n.lire(morel)
      assert.match(prete.texte, /C’est le document modifié qui partira/)
      assert.doesNotMatch(prete.texte, /Télécharger le PDF/, 'the composed bytes are not those that leave')
      await produireLotCourriers(application, '71', lot.split('/').at(-1) ?? '')
      const imprime = lireTextePdf((await n.lire(`${lot}/lot.pdf`)).octets)
      assert.match(imprime, /ARNOUX/)
      assert.doesNotMatch(imprime, /MOREL/, 'not printed twice')
      const pageLot = await n.lire(lot)
      assert.match(pageLot.texte, /1\scourrier modifié .* à imprimer à part/)
      assert.ok(pageLot.html.includes(`href="${morel}"`), 'its page, where its document is')
      await n.envoyer(`${lot}/envoyer`, { le: JOUR, canal: 'courrier' })
      const page = await n.lire(morel)
      assert.match(page.texte, /C’est le document modifié qui est parti\. Déposé par Camille SECRETARIAT/)
      assert.deepEqual((await n.lire(`${morel}/modifie.docx`)).octets, modifie)
      assert.equal((await deposer(modifie)).statut, 422, 'what left does not change')
    })
  }))

test('[COU-06] put back to re-read, a letter changed in a word processor is composed again', () =>
  avecBase(async (base) => {
    const application = applicationLe(base, JOUR)
    await creerDossiers(application, [commande('Morel')])
    await preparerCourriers(application, '71')
    await avec(application, async (n) => {
      await produire(n, application)
      const morel = (await adresses(n, 'produit')).get('MOREL') ?? ''
      const { octets } = await n.lire(`${morel}/courrier.docx`)
      const version = await versionDe(n, morel)
      await n.televerser(`${morel}/modifie`, { version }, { champ: 'fichier', nom: 'lettre.docx', octets })
      assert.match((await n.lire(morel)).texte, /C’est le document modifié qui partira/)
      await n.envoyer(`${morel}/ecarter`, { version: await versionDe(n, morel), motif: 'Adresse fausse' })
      await n.envoyer(`${morel}/retablir`, { version: await versionDe(n, morel) })
      assert.equal((await adresses(n, 'propose')).get('MOREL'), morel)
      assert.doesNotMatch((await n.lire(morel)).texte, /document modifié/)
      const lot = await produire(n, application)
      assert.match(lireTextePdf((await n.lire(`${lot}/lot.pdf`)).octets), /MOREL/, 'the new letter is printed')
    })
  }))

/** The same application, whose mails leave by this server. */
const relierCourriel = (application: Application, url: string): Application => ({
  ...application,
  acces: {
    courrier: smtpMailer({ url, from: 'Amont <amont@essai.example>' }),
    adresse: 'http://localhost',
    cles: { actuelle: 'a', cles: new Map() } as never,
    demonstration: false,
  },
})

/** Households that agreed to mails, their letters produced and sent; `repondre`: what the mail server says of each. */
const avecCourriels = (
  repondre: (adresse: string) => { code: number; words: string } | null,
  menages: Readonly<Record<string, string>>,
  travail: (essai: {
    n: Navigateur
    lot: string
    produire: () => Promise<void>
    expedier: () => Promise<number>
    recus: () => readonly string[]
  }) => Promise<void>,
) =>
  avecBase(async (base) => {
    const smtp = await openMailServer({ answer: repondre })
    const application = applicationLe(base, JOUR)
    const avecCourriel = relierCourriel(application, smtp.url)
    try {
      const dossiers = await creerDossiers(
        application,
        Object.entries(menages).map(([nom, courriel]) => commande(nom, { courriel: `${courriel}@essai.example` })),
      )
      await preparerCourriers(application, '71')
      for (const { reference } of dossiers)
        await enTantQue(application, 'SEC71-AUTUN', 'secretariat', 'accord.noter', async (session) =>
          noterAccord(session, await lireDossier(session, reference), {
            objet: 'courrier_electronique',
            sens: 'accord',
            le: session.jour,
            moyen: 'oral',
          }),
        )
      await avec(application, async (n) => {
        await n.envoyer('/courriers/modeles/menage-commandement/canal', {})
        const lot = await produire(n, application)
        const id = lot.split('/').at(-1) ?? ''
        await n.envoyer(`${lot}/courriels`, {})
        await travail({
          n,
          lot,
          produire: () => produireLotCourriers(application, '71', id),
          expedier: () => envoyerCourriersParCourriel(avecCourriel, '71', id),
          recus: () => smtp.received.flatMap(({ to }) => to),
        })
      })
    } finally {
      await smtp.close()
    }
  })

test('[COU-06] a mailbox that is full or asks to wait keeps no other household waiting', () => {
  let attendre = true
  return avecCourriels(
    (adresse) =>
      adresse.startsWith('pleine@')
        ? { code: 552, words: '5.2.2 mailbox full' }
        : adresse.startsWith('attente@') && attendre
          ? { code: 451, words: '4.7.1 try again later' }
          : null,
    { Arnoux: 'attente', Morel: 'pleine', Zelter: 'zelter' },
    async ({ n, lot, produire: produireEncore, expedier, recus }) => {
      await assert.rejects(expedier(), 'the queue tries again')
      assert.deepEqual(recus(), ['zelter@essai.example'])
      const morel = (await adresses(n, 'produit')).get('MOREL') ?? ''
      assert.match((await n.lire(morel)).texte, /Courriel refusé aujourd’hui par le serveur du destinataire/)
      attendre = false
      assert.equal(await expedier(), 1)
      assert.deepEqual(recus(), ['zelter@essai.example', 'attente@essai.example'])
      await produireEncore()
      assert.match((await n.lire(lot)).texte, /1\scourrier remis sur papier/)
      assert.match(lireTextePdf((await n.lire(`${lot}/lot.pdf`)).octets), /MOREL/)
    },
  )
})

test('[COU-06] a server that refuses everybody puts no letter on paper: mended, the mails leave', () => {
  let refuser = true
  return avecCourriels(
    () => (refuser ? { code: 550, words: '5.7.1 relaying denied' } : null),
    { Arnoux: 'a', Brun: 'b', Clerc: 'c', Morel: 'd', Zelter: 'e' },
    async ({ n, lot, expedier, recus }) => {
      await assert.rejects(expedier(), /refused 5 households in a row/)
      assert.doesNotMatch((await n.lire(lot)).texte, /remis sur papier/)
      refuser = false
      assert.equal(await expedier(), 5)
      assert.equal(recus().length, 5)
    },
  )
})

test('[COU-06] a household that agreed receives its letter by mail, attached; a refused address is a returned letter', () =>
  avecBase(async (base) => {
    const smtp = await openMailServer({
      answer: (adresse) => (adresse.startsWith('parti@') ? { code: 550, words: '5.1.1 no such user' } : null),
    })
    const application = applicationLe(base, JOUR)
    const avecCourriel = relierCourriel(application, smtp.url)
    try {
      const dossiers = await creerDossiers(application, [
        commande('Morel', { courriel: 'morel@essai.example' }),
        commande('Arnoux', { courriel: 'parti@essai.example' }),
        commande('Zelter', { courriel: 'zelter@essai.example' }),
        commande('Quillet', { courriel: 'quillet@essai.example' }),
      ])
      await preparerCourriers(application, '71')
      const repondre = (rang: number, sens: 'accord' | 'retrait') =>
        enTantQue(application, 'SEC71-AUTUN', 'secretariat', 'accord.noter', async (session) =>
          noterAccord(session, await lireDossier(session, dossiers[rang]?.reference ?? ''), {
            objet: 'courrier_electronique',
            sens,
            le: session.jour,
            moyen: 'oral',
          }),
        )
      for (const rang of [0, 1, 2]) await repondre(rang, 'accord')
      await avec(application, async (n) => {
        const quillet = (await adresses(n, 'propose')).get('QUILLET') ?? ''
        const refuse = await n.envoyer(`${quillet}/canal`, {
          version: await versionDe(n, quillet),
          canal: 'courriel',
          courriel: 'quillet@essai.example',
        })
        assert.equal(refuse.statut, 422)
        assert.match(refuse.texte, /Sur papier\. Par courriel seulement si le ménage l’accepte/)
        const tous = await n.envoyer('/courriers/modeles/menage-commandement/canal', {})
        assert.equal(tous.message?.texte, '3 courriers partiront par courriel.')
        const lot = await produire(n, application)
        const imprime = lireTextePdf((await n.lire(`${lot}/lot.pdf`)).octets)
        assert.match(imprime, /QUILLET/)
        assert.doesNotMatch(imprime, /MOREL|ARNOUX|ZELTER/)
        await repondre(2, 'retrait')
        const id = lot.split('/').at(-1) ?? ''
        assert.equal(await envoyerCourriersParCourriel(avecCourriel, '71', id), 0, 'nothing leaves without a person')
        assert.equal(
          (await n.envoyer(`${lot}/courriels`, {})).message?.texte,
          '3 courriels partent dans les minutes qui viennent.',
        )
        assert.equal(await envoyerCourriersParCourriel(avecCourriel, '71', id), 1)
        assert.equal(await envoyerCourriersParCourriel(avecCourriel, '71', id), 0, 'what left is not sent again')

        assert.deepEqual(
          smtp.received.map(({ to }) => to),
          [['morel@essai.example']],
        )
        const [mail] = smtp.received
        assert.match(mail?.raw ?? '', /Content-Type: application\/pdf; name=courrier\.pdf/)
        assert.match(mail?.subject ?? '', /Un courrier pour vous, de Sous-préfecture d’Autun/)
        const [avant = ''] = (mail?.raw ?? '').split('MIME-Version')[1]?.split('application/pdf') ?? []
        assert.doesNotMatch(avant, /MOREL|dette|loyer|expuls/i, 'the mail itself says nothing')
        const joint = /\r\n\r\n(JVBERi[\sA-Za-z0-9+/=]+)/.exec(mail?.raw ?? '')?.[1] ?? ''
        const morel = (await adresses(n, 'envoye')).get('MOREL') ?? ''
        assert.deepEqual(
          Buffer.from(joint, 'base64'),
          (await n.lire(`${morel}/courrier.pdf`)).octets,
          'the bytes kept are the bytes sent',
        )
        assert.match((await n.lire(morel)).texte, /Envoyé le 16\/11\/2026 par courriel/)
        const arnoux = (await adresses(n, 'revenu')).get('ARNOUX') ?? ''
        assert.match((await n.lire(arnoux)).texte, /Adresse de courriel refusée par son serveur/)
        const renvoi = await n.envoyer(`${arnoux}/renvoyer`, {})
        assert.equal(renvoi.statut, 303, 'sent again, on paper')
        const zelter = (await adresses(n, 'produit')).get('ZELTER') ?? ''
        assert.match((await n.lire(zelter)).texte, /Sur papier/, 'an agreement taken back: on paper')
        await produireLotCourriers(application, '71', id)
        assert.match(lireTextePdf((await n.lire(`${lot}/lot.pdf`)).octets), /ZELTER/)
        const { rows } = await base.pool.query(
          "select donnees ->> 'canal' as canal from fait where type = 'courrier.envoye'",
        )
        assert.deepEqual(
          rows.map(({ canal }) => canal),
          ['courriel', 'courriel'],
        )
      })
    } finally {
      await smtp.close()
    }
  }))
