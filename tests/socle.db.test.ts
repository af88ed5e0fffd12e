import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { acteurSysteme, hacherMotDePasse, installerCompte, lireConnexion, ouvrirConnexion, ouvrirSession } from '#acces'
import { catalogueFaults, connect, dansContexte, migrate } from '#socle/db'
import { Interdit, Refus } from '#socle/errors'
import { type ApplicationDEssai, accesLivre, ouvrirApplicationDEssai } from '#tests/application'
import { openTestDatabase } from '#tests/base'

describe('the database lets nobody look over the wall', () => {
  let application: ApplicationDEssai
  before(async () => {
    application = await ouvrirApplicationDEssai()
  })
  after(() => application.fermer())

  test('[ACC-01] the catalogue holds no hole, and the check sees a planted one', async () => {
    assert.deepEqual(await catalogueFaults(application.base), [])
    await application.base.pool.query('create view public.trou as select * from dossier')
    await application.base.pool.query('create table public.sans_dept (id int primary key)')
    const fautes = (await catalogueFaults(application.base)).map(({ fault }) => fault)
    await application.base.pool.query('drop view public.trou; drop table public.sans_dept')
    assert.ok(fautes.includes('vue sans security_invoker'))
    assert.ok(fautes.includes('table sans RLS FORCE'))
    assert.ok(fautes.includes('clé primaire sans dept en tête'))
  })

  test('[TER-12] a session of one département sees and writes nothing of another', async () => {
    await ouvrirSession(
      application,
      acteurSysteme('71', 'essai'),
      'dossier.consulter',
      (session) =>
        session.sql`insert into dossier (dept, reference, numero, annee, ouvert_le) values ('71', '71-2026-00001', 1, 2026, '2026-11-20')`,
    )
    const vus = await ouvrirSession(
      application,
      acteurSysteme('99', 'essai'),
      'dossier.consulter',
      (session) => session.sql`select id from dossier`,
    )
    assert.equal(vus.length, 0)
    await assert.rejects(
      ouvrirSession(
        application,
        acteurSysteme('99', 'essai'),
        'dossier.consulter',
        (session) =>
          session.sql`insert into dossier (dept, reference, numero, annee, ouvert_le) values ('71', '71-2026-00002', 2, 2026, '2026-11-20')`,
      ),
      /row-level security/,
    )
  })

  test('[TER-12] the tolerant search refuses another département than the one of the session', async () => {
    await assert.rejects(
      ouvrirSession(
        application,
        acteurSysteme('99', 'essai'),
        'dossier.consulter',
        (session) => session.sql`select * from public.chercher_dossiers('71', array['dupont'], array['dupont'], 10)`,
      ),
      /other département/,
    )
  })

  test('the perimeter does not outlive the transaction on a pooled connection', async () => {
    const seul = connect({ ...(application.base as unknown as { settings: object }).settings, max: 1 })
    await dansContexte(seul, { dept: '71', portee: 'departement' }, ({ sql }) => sql`select 1`)
    const { rows } = await seul.pool.query(
      "select current_user as u, nullif(current_setting('app.dept', true), '') as d",
    )
    assert.equal(rows[0].d, null)
    assert.notEqual(rows[0].u, 'amont_app')
    await seul.close()
  })

  test('[ACC-13] a refused right is journalled and nothing is done', async () => {
    const emetteur = {
      ...acteurSysteme('71', 'essai'),
      role: 'emetteur' as const,
      organismeType: 'bailleur_social',
      ...accesLivre('OPAC71', 'emetteur'),
    }
    await assert.rejects(
      ouvrirSession(application, emetteur, 'dossier.consulter', () => Promise.reject(new Error('never reached'))),
      Interdit,
    )
    const [trace] = await ouvrirSession(
      application,
      acteurSysteme('71', 'essai'),
      'journal.consulter',
      (session) =>
        session.sql<{
          resultat: string
        }>`select resultat from journal where dept = '71' and action = 'dossier.consulter' order by id desc limit 1`,
    )
    assert.equal(trace?.resultat, 'refuse')
  })

  test('[ACC-13] the application can neither change nor remove a line of the journal or of the chronology', async () => {
    for (const table of ['journal', 'fait']) {
      for (const ordre of [`update ${table} set a = a`, `delete from ${table}`]) {
        await assert.rejects(
          dansContexte(application.base, { dept: '71', portee: 'departement' }, ({ sql }) =>
            sql([ordre] as unknown as TemplateStringsArray),
          ),
          /permission denied/,
          ordre,
        )
      }
    }
  })
})

describe('signing in', () => {
  let application: ApplicationDEssai
  const demande = {
    dept: '71',
    courriel: 'agent@essai.example',
    motDePasse: 'un mot de passe long',
    adresse: '192.0.2.1',
  }
  before(async () => {
    application = await ouvrirApplicationDEssai()
    await installerCompte(application.base, {
      dept: '71',
      courriel: demande.courriel,
      prenom: 'Lise',
      nom: 'Tavernot',
      motDePasse: await hacherMotDePasse(demande.motDePasse),
      organisme: 'DEP71',
      role: 'service_social',
      du: Temporal.PlainDate.from('2026-01-01'),
      motif: 'essai',
      a: application.horloge.now(),
    })
  })
  after(() => application.fermer())

  test('[ACC-01] a person acts for the organisme of their habilitation, and no longer once it ends', async () => {
    const { jeton } = await ouvrirConnexion(application, demande)
    const connecte = await lireConnexion(application, jeton)
    assert.equal(connecte?.acteur.role, 'service_social')
    assert.equal(connecte?.fonction, 'Service social départemental')
    await dansContexte(
      application.base,
      { dept: '71', portee: 'connexion' },
      ({ sql }) => sql`update habilitation set jusqu_au = '2026-11-19' where dept = '71'`,
    )
    assert.equal(await lireConnexion(application, jeton), null)
    await dansContexte(
      application.base,
      { dept: '71', portee: 'connexion' },
      ({ sql }) => sql`update habilitation set jusqu_au = null where dept = '71'`,
    )
  })

  test('[ACC-17] a session dies after two idle hours, after twelve hours, and when it is revoked', async () => {
    const { jeton } = await ouvrirConnexion(application, demande)
    assert.ok(await lireConnexion(application.le('2026-11-20', '09:59'), jeton))
    assert.equal(await lireConnexion(application.le('2026-11-20', '12:30'), jeton), null)
  })

  test('[ACC-01] a wrong password and an unknown address get the same answer, and repeated failures slow that address down only', async () => {
    const essayer = (courriel: string, motDePasse: string, adresse: string) =>
      ouvrirConnexion(application, { dept: '71', courriel, motDePasse, adresse }).then(
        () => 'admis',
        (erreur: unknown) => (erreur instanceof Refus ? erreur.code : 'autre'),
      )
    assert.equal(await essayer(demande.courriel, 'faux', '192.0.2.9'), 'connexion.refusee')
    assert.equal(await essayer('personne@essai.example', 'faux', '192.0.2.9'), 'connexion.refusee')
    for (let i = 0; i < 8; i++) await essayer(demande.courriel, 'faux', '192.0.2.7')
    assert.equal(await essayer(demande.courriel, demande.motDePasse, '192.0.2.7'), 'connexion.trop-d-essais')
    assert.equal(await essayer(demande.courriel, demande.motDePasse, '192.0.2.8'), 'admis')
  })
})

describe('migrations', () => {
  test('run once each, and refuse a file whose text changed', async () => {
    const base = await openTestDatabase()
    const dossier = await mkdtemp(join(tmpdir(), 'amont-migrations-'))
    try {
      assert.deepEqual(await migrate(base), [])
      await writeFile(join(dossier, '9001_essai.sql'), 'create table amont_interne.essai (n int);')
      assert.deepEqual(await migrate(base, dossier), ['9001_essai.sql'])
      await writeFile(join(dossier, '9001_essai.sql'), 'create table amont_interne.essai (m int);')
      await assert.rejects(migrate(base, dossier), /appliquée sous une autre forme/)
      await writeFile(join(dossier, '9001_essai.sql'), 'create table amont_interne.essai (n int);')
      await writeFile(join(dossier, '9002_fautive.sql'), 'create table amont_interne.autre (n int); select 1 / 0;')
      await assert.rejects(migrate(base, dossier), /division by zero/)
      const { rows } = await base.pool.query("select to_regclass('amont_interne.autre') as t")
      assert.equal(rows[0].t, null, 'a migration is all or nothing')
    } finally {
      await base.close()
      await rm(dossier, { recursive: true })
    }
  })
})
