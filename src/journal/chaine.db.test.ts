import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { type Application, ouvrirSession } from '#acces'
import { catalogueFaults, dansContexte, type Transaction } from '#socle/db'
import { Refus } from '#socle/errors'
import { type ApplicationDEssai, ouvrirApplicationDEssai, systeme } from '#tests/application'
import { ancrerJournal, lireAncres } from './ancres.ts'
import { consigner } from './carnet.ts'
import { lireTete, scellerJournal } from './chaine.ts'
import { purgerJournal } from './purge.ts'
import { verifierJournal } from './verification.ts'

const DEPT = '71'
const AUTEUR = { dept: DEPT, compte: null, organisme: null, libelle: 'amont:essai' }
const CONTEXTE = { dept: DEPT, portee: 'departement' }

describe('the sealed journal', () => {
  let application: ApplicationDEssai
  let dossier: string
  before(async () => {
    application = await ouvrirApplicationDEssai()
    dossier = await mkdtemp(join(tmpdir(), 'amont-ancres-'))
  })
  after(async () => {
    await application.fermer()
    await rm(dossier, { recursive: true })
  })

  const noter = (trx: Transaction, action: string) =>
    consigner(trx, AUTEUR, application.horloge.now(), [{ action, details: { é: ['x', 1] } }])
  const ecrire = (...actions: string[]) =>
    dansContexte(application.base, CONTEXTE, async (trx) => {
      for (const action of actions) await noter(trx, action)
    })
  const sceller = (quand: Application = application) =>
    ouvrirSession(quand, systeme(), 'journal.sceller', (session) => scellerJournal(session, session.maintenant))
  /** Other tests share the server: one of their transactions may hold the sealing back for a moment. */
  const scellerTout = async (attendues: number, quand: Application = application) => {
    let scelles = 0
    let moisClos: string | null = null
    for (let essai = 0; scelles < attendues && essai < 400; essai++) {
      const fait = await sceller(quand)
      scelles += fait.scelles
      moisClos ??= fait.moisClos
      if (scelles < attendues) await setTimeout(25)
    }
    return { scelles, moisClos }
  }
  const scellees = () =>
    ouvrirSession(application, systeme(), 'journal.consulter', async (session) => {
      const lignes = await session.sql<{ action: string }>`select j.action from journal_sceau c
        join journal j on j.dept = c.dept and j.id = c.entree where c.dept = ${DEPT} order by c.numero`
      return lignes.map(({ action }) => action)
    })
  const verifier = (conservation: number | null = null) =>
    ouvrirSession(application, systeme(), 'journal.consulter', (session) =>
      verifierJournal(session, lireAncres(dossier, DEPT).ancres, conservation),
    )

  test('[ACC-13] an entry waits while a transaction that may write before it is open, and is never stepped over', async () => {
    const ouverte = Promise.withResolvers<void>()
    const ecrite = Promise.withResolvers<void>()
    const lente = dansContexte(application.base, CONTEXTE, async (trx) => {
      await noter(trx, 'essai.lente')
      ecrite.resolve()
      await ouverte.promise
      await noter(trx, 'essai.lente.fin')
    })
    await ecrite.promise
    await ecrire('essai.rapide')
    assert.equal((await sceller()).scelles, 0, 'the first transaction is still open')
    const bilan = await verifier()
    assert.deepEqual([bilan.scellees.essayees, bilan.attente.nombre, bilan.fautes], [0, 1, []])
    ouverte.resolve()
    await lente
    assert.equal((await scellerTout(3)).scelles, 3)
    assert.deepEqual(await scellees(), ['essai.lente', 'essai.lente.fin', 'essai.rapide'])
    assert.equal((await sceller()).scelles, 0, 'sealing again adds nothing')
  })

  test('[ACC-13] two sealings at once chain each entry once', async () => {
    await Promise.all(Array.from({ length: 8 }, (_, rang) => ecrire(`essai.n${rang}`)))
    const scelles = await Promise.all([sceller(), sceller(), sceller()])
    const ensemble = scelles.reduce((somme, une) => somme + une.scelles, 0)
    assert.equal(ensemble + (await scellerTout(8 - ensemble)).scelles, 8)
    const bilan = await verifier()
    assert.deepEqual([bilan.scellees.essayees, bilan.scellees.enFaute, bilan.fautes], [11, 0, []])
  })

  test('[ACC-13] entries brought back by a backup of another server, whose transaction numbers mean nothing here, are sealed', async () => {
    await ecrire('essai.restauree')
    await application.base.pool.query(`update journal_attente set xid = '4000000000000'`)
    assert.equal((await scellerTout(1)).scelles, 1)
  })

  test('the database lets the application seal and nothing else', async () => {
    assert.deepEqual(await catalogueFaults(application.base), [])
    const ordres = [
      "insert into journal_sceau (dept, numero, entree, empreinte) values ('71', 999, 999, '')",
      'update journal_tete set numero = 0',
      'delete from journal_attente',
      "select public.purger_journal('71', '2027-01', now())",
      'truncate journal',
    ]
    for (const ordre of ordres)
      await assert.rejects(
        dansContexte(application.base, CONTEXTE, ({ sql }) => sql([ordre] as unknown as TemplateStringsArray)),
        /permission denied/,
        ordre,
      )
    await assert.rejects(
      dansContexte(application.base, { ...CONTEXTE, dept: '99' }, (trx) =>
        scellerJournal({ ...trx, dept: DEPT }, application.horloge.now()),
      ),
      /other département/,
    )
  })

  test('an act whose entry cannot be written does not happen', async () => {
    const lire = () =>
      ouvrirSession(application, systeme(), 'dossier.reaffecter', async (session) => {
        await session.sql`insert into compteur (dept, cle, valeur) values (${DEPT}, 'essai-journal', 1)`
        session.consigner({ action: 'dossier.lire', dossiers: ['not an id'] })
      })
    await assert.rejects(lire(), /uuid/)
    const restes = await ouvrirSession(
      application,
      systeme(),
      'dossier.reaffecter',
      (session) => session.sql`select cle from compteur where dept = ${DEPT} and cle = 'essai-journal'`,
    )
    assert.equal(restes.length, 0)
  })

  test('[ACC-13] an anchor is one line a move of the chain, and refuses to follow a chain that went back', async () => {
    const ancrer = () =>
      ouvrirSession(application, systeme(), 'journal.sceller', (session) =>
        ancrerJournal(session, dossier, session.maintenant),
      )
    assert.equal((await ancrer())?.numero, 12)
    assert.equal(await ancrer(), null, 'nothing moved')
    const fichier = join(dossier, 'journal-71.txt')
    const avant = await readFile(fichier, 'utf8')
    assert.match(avant, /^12 [0-9a-f]{64} 2026-11-20T07:00:00Z\n$/)
    await writeFile(fichier, avant.replace('12 ', '14 '))
    await assert.rejects(ancrer(), (erreur) => erreur instanceof Refus && erreur.code === 'journal.ancre-contredite')
    await writeFile(fichier, avant)
    assert.deepEqual((await verifier()).ancres.essayees, 1)
  })

  test('[ACC-14] a month closes by itself; destroyed at the end of its conservation, it leaves a chain that still verifies', async () => {
    await scellerTout((await verifier()).attente.nombre)
    const novembre = (await verifier()).scellees.essayees
    await ecrire('essai.decembre')
    assert.deepEqual(await scellerTout(1, application.le('2026-12-01')), { scelles: 1, moisClos: '2026-11' })
    const detruits = await purgerJournal(
      application.base,
      DEPT,
      '2026-12',
      Temporal.Instant.from('2028-01-02T00:00:00Z'),
    )
    assert.deepEqual(detruits, [{ mois: '2026-11', entrees: novembre }])
    const bilan = await verifier(12)
    assert.deepEqual(bilan.fautes, [])
    assert.deepEqual(bilan.scellees, { essayees: 1, enFaute: 0, detruites: novembre })
    assert.deepEqual(bilan.mois, { clos: 1, detruits: 1 })
    assert.deepEqual(
      (await verifier(24)).fautes.map(({ genre }) => genre),
      ['purge'],
    )
    const tete = await ouvrirSession(application, systeme(), 'journal.consulter', (session) => lireTete(session))
    assert.equal(tete?.numero, novembre + 1)
  })
})
