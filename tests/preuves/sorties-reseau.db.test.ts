import assert from 'node:assert/strict'
import diagnostics from 'node:diagnostics_channel'
import { once } from 'node:events'
import { globSync, readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { FastifyInstance } from 'fastify'
import { hacherMotDePasse, installerCompte, lireConnexion, ouvrirConnexion } from '#acces'
import { figerTableaux } from '#jobs'
import { projectRoot } from '#socle/config'
import { text, writeOds, writeXlsx } from '#socle/tableur'
import { type ApplicationDEssai, ecrireCsv, importer, ligne, ouvrirApplicationDEssai } from '#tests/application'
import { creerServeur, routes } from '#web'

/** Threat 13 of docs/securite.md: nothing a person writes, imports or asks for makes the server call an address. */
const DEPT = '71'
const MOT_DE_PASSE = 'preuve-des-sorties'

/** The places of the code that open a way out, and where they lead: addresses of the installation, never of a person. */
const SORTIES: Readonly<Record<string, string>> = {
  'src/socle/db/connect.ts': 'la base, réglée par DATABASE_URL',
  'src/socle/postgres/database.ts': 'la base embarquée',
  'src/socle/mail/index.ts': 'le serveur de courriel, réglé par AMONT_SMTP_URL',
  'src/web/compte/client-proconnect.ts': 'ProConnect, réglé par AMONT_PROCONNECT_URL',
}
const OUVERTURE =
  /\bfetch\(|\bhttps?\.(?:request|get)\(|\bcreateConnection\(|\b(?:net|tls)\.connect\(|\bcreateTransport\(|new (?:pg\.(?:Pool|Client)|WebSocket|EventSource)\(|from '(?:undici|openid-client|ws|axios|got|node:(?:https?|http2|tls|dgram|dns(?:\/promises)?))'/

describe('S13 of the threats: no call to the address of a person', () => {
  let application: ApplicationDEssai
  let serveur: FastifyInstance
  let canari: Server
  let adresse: string
  let agent: { cookies: Record<string, string>; jeton: string }
  const appels: string[] = []
  const prises: string[] = []
  const noterPrise = (message: unknown) => {
    const { socket } = message as { socket: Socket & { _host?: string } }
    socket.once('connect', () => prises.push(`${socket.remoteAddress ?? ''}:${socket.remotePort ?? ''}`))
  }

  before(async () => {
    canari = createServer((demande, reponse) => {
      appels.push(demande.url ?? '')
      reponse.end('canari')
    })
    canari.listen(0, '127.0.0.1')
    await once(canari, 'listening')
    adresse = `http://127.0.0.1:${(canari.address() as AddressInfo).port}`
    diagnostics.subscribe('net.client.socket', noterPrise)
    application = await ouvrirApplicationDEssai()
    const a = application.horloge.now()
    await installerCompte(application.base, {
      dept: DEPT,
      courriel: 'agent@preuve.example',
      prenom: 'Maxence',
      nom: 'Quidemont',
      motDePasse: await hacherMotDePasse(MOT_DE_PASSE),
      organisme: 'SEC71-AUTUN',
      role: 'secretariat',
      du: Temporal.PlainDate.from('2026-01-01'),
      motif: 'preuve',
      a,
    })
    const demande = { dept: DEPT, courriel: 'agent@preuve.example', motDePasse: MOT_DE_PASSE, adresse: '192.0.2.1' }
    const { jeton } = await ouvrirConnexion(application, demande)
    const lue = await lireConnexion(application, jeton)
    agent = { cookies: { amont_session: jeton }, jeton: lue?.jetonFormulaire ?? '' }
    serveur = await creerServeur(application, routes, { securise: false, departement: DEPT })
  })
  after(async () => {
    diagnostics.unsubscribe('net.client.socket', noterPrise)
    await serveur.close()
    await application.fermer()
    canari.closeAllConnections()
    canari.close()
  })

  const hostiles = (): string[] => [
    `${adresse}/simple`,
    `${adresse.replace('http:', '')}/sans-protocole`,
    `=WEBSERVICE("${adresse}/formule")`,
    `=HYPERLINK("${adresse}/lien";"x")`,
    `=IMPORTXML("${adresse}/xml";"//a")`,
    `<img src="${adresse}/image">`,
    `<svg xmlns="http://www.w3.org/2000/svg"><image href="${adresse}/svg"/></svg>`,
    `#image("${adresse}/typst")`,
    `#import "${adresse}/typst.typ": *`,
    `#read("/etc/passwd")`,
    `@import url(${adresse}/css);`,
    `<!DOCTYPE x [<!ENTITY e SYSTEM "${adresse}/xxe">]>&e;`,
    `\${jndi:ldap://${adresse.replace('http://', '')}/jndi}`,
    `file:///etc/passwd`,
    'http://169.254.169.254/latest/meta-data/',
  ]
  const lignesHostiles = () =>
    hostiles().map((charge, rang) =>
      ligne({
        type: 'assignation',
        reference_source: `H-${rang}`,
        date_acte: '2026-11-04',
        date_audience: '2027-01-09',
        nom_usage: `Hostile ${'abcdefghijklmno'[rang]}`,
        prenom: charge.slice(0, 60),
        date_naissance: `19${60 + rang}-05-1${rang % 10}`,
        adresse: charge,
        bailleur_nom: charge,
        tribunal: charge,
      }),
    )
  const poster = (url: string, champs: Readonly<Record<string, string>>) =>
    serveur.inject({
      method: 'POST',
      url,
      cookies: agent.cookies,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: new URLSearchParams({ _jeton: agent.jeton, ...champs }).toString(),
    })

  test('the code opens a way out in four places only, each to an address of the installation', (t) => {
    const trouvees = globSync('src/**/*.{ts,tsx}', { cwd: projectRoot })
      .map((chemin) => chemin.replaceAll('\\', '/'))
      .filter((chemin) => !/\.test\.tsx?$|fabrique-essai/.test(chemin))
      .filter((chemin) => OUVERTURE.test(readFileSync(join(projectRoot, chemin), 'utf8')))
    t.diagnostic(
      `sorties : ${trouvees.length} endroits du code appellent le réseau, ${Object.keys(SORTIES).length} connus`,
    )
    assert.deepEqual(trouvees.sort(), Object.keys(SORTIES).sort())
  })

  test('imports, forms, files and PDF full of addresses call none of them', async (t) => {
    const entetes = Object.keys(lignesHostiles()[0] ?? {})
    const rangees = lignesHostiles().map((une) => entetes.map((cle) => text(une[cle] ?? '')))
    await importer(application, 'PREF71', 'hostile.csv', ecrireCsv(lignesHostiles()))
    const classeur = () => ({ header: entetes, rows: rangees.map((cellules) => [text(`X`), ...cellules.slice(1)]) })
    await importer(application, 'PREF71', 'hostile.xlsx', await writeXlsx(classeur()))
    await importer(application, 'PREF71', 'hostile.ods', await writeOds(classeur()))
    const tableaux = await figerTableaux(application, DEPT, Temporal.PlainDate.from('2026-11-20'))
    assert.ok(tableaux, 'lists were frozen')
    const { rows } = await application.base.pool.query(`select (select array_agg(id::text) from liste) as listes,
      (select array_agg(reference) from dossier) as dossiers`)
    const { listes, dossiers } = rows[0] as { listes: string[] | null; dossiers: string[] }
    assert.ok(listes && listes.length > 0 && dossiers.length > 5)

    let demandes = 0
    const lire = async (url: string, attendu = 200) => {
      demandes++
      const { statusCode } = await serveur.inject({ url, cookies: agent.cookies })
      assert.equal(statusCode, attendu, url)
    }
    for (const liste of listes.slice(0, 4))
      for (const format of ['pdf', 'xlsx', 'ods', 'csv']) await lire(`/tableaux/${liste}/tableau.${format}`)
    for (const reference of dossiers.slice(0, 6)) {
      await lire(`/dossiers/${reference}`)
      await lire(`/dossiers/${reference}/imprimer`)
    }
    for (const format of ['xlsx', 'ods', 'csv']) await lire(`/dossiers/export.${format}?territoire=tous`)
    for (const charge of hostiles()) {
      await lire(`/dossiers?q=${encodeURIComponent(charge)}`)
      demandes += 3
      const reference = dossiers[0] ?? ''
      await poster(`/dossiers/${reference}/contact`, {
        canal: charge,
        le: '2026-11-19',
        issue: charge,
        note: charge,
        url: charge,
        image: charge,
        callback: charge,
      })
      await poster('/dossiers/vues', { nom: charge.slice(0, 40), requete: charge, url: charge })
      await poster('/regles/simuler', { texte: charge, url: charge, fichier: charge })
      // What a proxy might add, and a server might follow.
      demandes++
      await serveur.inject({
        url: '/aide',
        cookies: agent.cookies,
        headers: { 'x-forwarded-host': charge, referer: charge, 'x-original-url': charge },
      })
    }
    await new Promise((resolve) => setTimeout(resolve, 300))
    const dehors = prises.filter(
      (prise) => prise.endsWith(adresse.slice(adresse.lastIndexOf(':'))) || prise.startsWith('169.254'),
    )
    t.diagnostic(
      `sorties : ${hostiles().length} charges, ${demandes} demandes et ${listes.length} tableaux, ${appels.length} appel reçu, ${dehors.length} prise ouverte`,
    )
    assert.deepEqual(appels, [])
    assert.deepEqual(dehors, [])
  })

  test('the proof has teeth: a screen that fetches what it is given is found', async (t) => {
    const percee = await creerServeur(
      application,
      [
        {
          methode: 'GET',
          chemin: '/essai/apercu',
          droit: 'aide.consulter',
          async traiter({ recherche }) {
            await fetch(recherche.url ?? '')
            return { genre: 'redirection', vers: '/' }
          },
        },
      ],
      { securise: false, departement: DEPT },
    )
    await percee.inject({ url: `/essai/apercu?url=${encodeURIComponent(`${adresse}/perce`)}`, cookies: agent.cookies })
    await percee.close()
    t.diagnostic(`sorties, un écran qui va chercher l’adresse : ${appels.length} appel reçu`)
    assert.deepEqual(appels, ['/perce'])
    assert.ok(prises.some((prise) => prise.endsWith(adresse.slice(adresse.lastIndexOf(':')))))
  })
})
