import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { type Acteur, accesDe, hacherMotDePasse, installerCompte, ouvrirSession, type Role } from '#acces'
import { ouvrirDossiers } from '#dossiers'
import { lancerTravaux } from '#jobs'
import { demanderAccesExceptionnel } from '#participations'
import { smtpMailer } from '#socle/mail'
import { type ApplicationDEssai, ouvrirApplicationDEssai, systeme } from '#tests/application'
import { clesDEssai } from '#tests/base'
import { type MailServer, openMailServer } from '#tests/smtp'
import { listerAlertes } from './alertes.ts'

const DEPT = '71'
const MOTIF = 'Appel de la permanence au sujet de la famille Montagnier'

describe('an exceptional access is told to the data protection officers', () => {
  let application: ApplicationDEssai
  let courrier: MailServer
  let ancres = ''
  let travaux: { stop(): Promise<void> }
  let caf: Acteur
  const references: string[] = []

  before(async () => {
    courrier = await openMailServer()
    application = {
      ...(await ouvrirApplicationDEssai()),
      acces: {
        cles: clesDEssai,
        courrier: smtpMailer({ url: courrier.url, from: 'amont@essai.example' }),
        adresse: 'https://amont.example',
        demonstration: false,
      },
    }
    const motDePasse = await hacherMotDePasse('quatre bouleaux sous la pluie')
    const comptes = [
      ['agent', 'CAF71', 'service_social'],
      ['dpd.un', 'DEP71', 'dpd'],
      ['dpd.deux', 'PREF71', 'dpd'],
      ['dpd.parti', 'DEP71', 'dpd'],
      ['secretaire', 'SEC71-AUTUN', 'secretariat'],
    ] as const satisfies readonly (readonly [string, string, Role])[]
    for (const [nom, organisme, role] of comptes)
      await installerCompte(application.base, {
        dept: DEPT,
        courriel: `${nom}@essai.example`,
        prenom: 'Camille',
        nom,
        motDePasse,
        organisme,
        role,
        du: Temporal.PlainDate.from('2020-01-01'),
        motif: 'Essai',
        a: application.horloge.now(),
      })
    await ouvrirSession(application, systeme(), 'dossier.reaffecter', async (session) => {
      references.push(...(await ouvrirDossiers(session, 3)).map(({ reference }) => reference))
      await session.sql`update habilitation set jusqu_au = ${'2026-11-19'} where dept = ${DEPT}
        and compte = (select id from compte where dept = ${DEPT} and courriel = 'dpd.parti@essai.example')`
      const [agent] = await session.sql<{
        compte: string
        organisme: string
      }>`select c.id as compte, h.organisme from compte c
        join habilitation h on h.dept = ${DEPT} and h.compte = c.id where c.dept = ${DEPT} and c.courriel = 'agent@essai.example'`
      assert.ok(agent)
      caf = {
        dept: DEPT,
        ...agent,
        organismeNom: 'CAF',
        role: 'service_social',
        organismeType: 'caf',
        acces: accesDe(application.referentiel.matrice, 'caf', 'service_social'),
        territoires: null,
        libelle: 'Camille Agent',
      }
    })
    ancres = await mkdtemp(join(tmpdir(), 'amont-ancres-'))
    travaux = await lancerTravaux(application, { ancres })
  })
  after(async () => {
    await travaux?.stop()
    application?.acces?.courrier.close()
    await application?.fermer()
    await courrier?.close()
    if (ancres) await rm(ancres, { recursive: true })
  })

  const demander = (reference: string) =>
    ouvrirSession(application, caf, 'acces_exceptionnel.ouvrir', (session) =>
      demanderAccesExceptionnel(session, { reference, motif: MOTIF }),
    )
  /** Waits until the queue has sent `n` mails in all. */
  async function recus(n: number) {
    for (let essais = 0; essais < 150 && courrier.received.length < n; essais += 1)
      await new Promise((suite) => setTimeout(suite, 100))
    return courrier.received
  }
  const alertes = () =>
    ouvrirSession(
      application,
      systeme(),
      'alerte.traiter',
      async (session) => (await listerAlertes(session, {})).alertes,
    )

  test('[ACC-13] by an alert and a mail each, without any word of the household, of the agent or of the reason', async () => {
    assert.equal((await demander(references[0] ?? '')).etat, 'ouvert')
    const courriels = await recus(2)
    assert.deepEqual(courriels.map(({ to }) => to[0]).sort(), ['dpd.deux@essai.example', 'dpd.un@essai.example'])
    for (const { raw, text, subject } of courriels) {
      assert.match(subject, /un accès exceptionnel/)
      assert.match(text, /https:\/\/amont\.example\/alertes/)
      for (const tu of ['Montagnier', 'Camille', references[0] ?? '', caf.compte ?? '', 'permanence'])
        assert.ok(!raw.includes(tu) && !text.includes(tu), tu)
    }
    const [alerte, ...autres] = await alertes()
    assert.deepEqual([alerte?.regle, alerte?.compte, autres.length], ['exceptionnel', caf.compte, 0])
    assert.ok(alerte?.dossier)
  })

  test('[ACC-13] a third one in a few weeks is a stronger alert; an unknown reference is one too, and names no dossier', async () => {
    await demander(references[1] ?? '')
    await recus(4)
    assert.ok(!(await alertes()).some(({ regle }) => regle === 'exceptionnel_repete'))
    await demander(references[2] ?? '')
    const courriels = await recus(6)
    assert.match(courriels.at(-1)?.subject ?? '', /accès exceptionnels répétés/)
    const repetee = (await alertes()).find(({ regle }) => regle === 'exceptionnel_repete')
    assert.deepEqual([repetee?.mesure.n, repetee?.mesure.seuil], [3, 2])
    assert.equal((await demander('71-2026-99999')).etat, 'inconnu')
    await recus(8)
    const inconnue = (await alertes()).find(({ mesure }) => mesure.compteur === 'inconnu')
    assert.deepEqual([inconnue?.dossier, inconnue?.compte], [null, caf.compte])
  })
})
