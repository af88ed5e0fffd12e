import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { ouvrirSession } from '#acces'
import { cloreDossier } from '#dossiers'
import { conserver } from '#jobs'
import {
  type ApplicationDEssai,
  ecrireCsv,
  importer,
  JOUR,
  ligne,
  ouvrirApplicationDEssai,
  systeme,
} from '#tests/application'
import { retirerVisa } from './actes.ts'
import { effacerDossiersVises } from './effacer.ts'

const DEPT = '71'
const VISA = '2034-11-22'
const EXECUTION = '2034-11-29'

const personnes = [
  { reference_source: 'R1', nom_usage: 'Alpha', prenom: 'Anne', date_naissance: '1980-01-01', adresse: '1 rue Haute' },
  {
    reference_source: 'R2',
    nom_usage: 'Bravo',
    prenom: 'Bruno',
    date_naissance: '1981-02-02',
    adresse: '22 rue Basse',
  },
  {
    reference_source: 'R3',
    nom_usage: 'Charlie',
    prenom: 'Carla',
    date_naissance: '1982-03-03',
    adresse: '33 quai Sud',
  },
  {
    reference_source: 'R4',
    nom_usage: 'Delta',
    prenom: 'David',
    date_naissance: '1983-04-04',
    adresse: '44 quai Nord',
  },
]

describe('[ACC-14] signed, a dossier is erased only as it was signed', () => {
  let application: ApplicationDEssai
  let ids: string[]
  const lire = async <T>(texte: string, valeurs: unknown[] = []): Promise<T[]> =>
    (await application.base.pool.query(texte, valeurs)).rows as T[]
  const etat = async (rang: number) =>
    (await lire<{ etat: string }>('select etat from conservation_dossier where dossier = $1', [ids[rang]]))[0]?.etat
  const cles = async (rang: number) => (await lire('select 1 from cle_dossier where dossier = $1', [ids[rang]])).length
  const vivant = async (rang: number) => (await lire('select 1 from dossier where id = $1', [ids[rang]])).length
  /** Resolves once somebody waits for a lock. */
  const attendu = async () => {
    for (let essai = 0; essai < 500; essai++) {
      const bloques = await lire(
        `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      )
      if (bloques.length > 0) return
      await setTimeout(20)
    }
    assert.fail('nobody waited')
  }
  const importerLe = (jour: string, lignes: readonly Record<string, string>[]) =>
    importer(application.le(jour), 'CAF71', `${jour}.csv`, ecrireCsv(lignes.map(ligne)))

  before(async () => {
    application = await ouvrirApplicationDEssai()
    await importerLe(JOUR, personnes)
    ids = (await lire<{ id: string }>('select id from dossier order by reference')).map(({ id }) => id)
    assert.equal(ids.length, personnes.length)
    await ouvrirSession(application, systeme(), 'dossier.clore', async (session) => {
      for (const dossier of ids) await cloreDossier(session, { dossier, issue: 'plan_tenu', le: session.jour })
    })
    // Archived, at their term, and signed by somebody.
    const [compte] = await lire<{ id: string }>(`insert into compte (dept, courriel, nom, prenom, mot_de_passe, cree_a)
      values ('71', 'dpd@essai.example', 'ESSAI', 'Déléguée', 'x', '2026-01-01') returning id`)
    const [bordereau] = await lire<{ id: string }>(
      `insert into bordereau_elimination (dept, numero, motif, visa_archives, visa_archives_le, vise_a, vise_par, organisme, executable_le)
       select '71', 1, 'Terme atteint.', 'AD71', $1::date, $1::date, $2, id, $3::date from organisme where dept = '71' and code = 'CAF71' returning id`,
      [VISA, compte?.id, EXECUTION],
    )
    await lire(`update dossier set archive_le = '2028-11-20'`)
    await lire(
      `insert into cle_dossier (dept, dossier, scellee, cree_a) select dept, id, '00000000.essai', $1 from dossier`,
      [VISA],
    )
    await lire(
      `insert into conservation_dossier (dept, dossier, reference, clos_le, dernier_contact_le, archivable_le, archive_le, eliminable_le, etat, bordereau)
       select dept, id, reference, clos_le, clos_le, '2028-11-20', '2028-11-20', '2034-11-20', 'vise', $1 from dossier`,
      [bordereau?.id],
    )
  })
  after(() => application.fermer())

  test('[ACC-14] a signal that came after the visa takes it off the list and out of the archive', async () => {
    await importerLe('2034-11-25', [{ ...personnes[0], reference_source: 'NEUF', date_signalement: '2034-11-20' }])
    assert.deepEqual(await lire('select signaux, clos_le is not null as clos from dossier where id = $1', [ids[0]]), [
      { signaux: 2, clos: true },
    ])
    // Even without the morning pass, nothing of it is erased.
    const bilans = await effacerDossiersVises(application.le(EXECUTION), DEPT, { simuler: true })
    assert.deepEqual(bilans.map(({ dossier }) => dossier).sort(), ids.slice(1).sort())
    await conserver(application.le('2034-11-28'), DEPT)
    assert.equal(await etat(0), undefined)
    assert.deepEqual(await lire('select archive_le from dossier where id = $1', [ids[0]]), [{ archive_le: null }])
    const [trace] = await lire<{ n: number }>(
      `select count(*)::int as n from journal where action = 'conservation.proposer' and $1 = any (dossiers)`,
      [ids[0]],
    )
    assert.equal(trace?.n, 1)
    assert.equal(await etat(1), 'vise')
  })

  test('[ACC-14] held by somebody at the moment it is erased, neither waits for the other: it is kept', async () => {
    const client = await application.base.pool.connect()
    try {
      // As a hold does: the retention of the dossier first, then what refers to the dossier.
      await client.query('begin')
      await client.query('select 1 from conservation_dossier where dossier = $1 for update', [ids[1]])
      const simulation = effacerDossiersVises(application.le(EXECUTION), DEPT, { simuler: true })
      await attendu()
      await client.query(
        `insert into conservation_gel (dept, id, dossier, raison, a, par, organisme)
         select dept, gen_random_uuid(), $1, 'autre', $2, vise_par, organisme from bordereau_elimination`,
        [ids[1], VISA],
      )
      await client.query('commit')
      assert.deepEqual((await simulation).map(({ dossier }) => dossier).sort(), ids.slice(2).sort())
    } finally {
      await client.query('rollback')
      client.release()
    }
    await lire('delete from conservation_gel')
  })

  test('[ACC-14] a visa taken back while a dossier of its list is erased waits, then finds it begun: the list stays signed', async () => {
    const client = await application.base.pool.connect()
    try {
      await client.query('begin')
      await client.query(`update conservation_dossier set etat = 'efface' where dossier = $1`, [ids[1]])
      const retrait = ouvrirSession(application.le(EXECUTION), systeme(), 'elimination.viser', (session) =>
        retirerVisa(session, 1),
      )
      await Promise.all([assert.rejects(retrait, /a commencé/), attendu().then(() => client.query('commit'))])
    } finally {
      await client.query('rollback')
      client.release()
    }
    assert.deepEqual(await lire('select retire_a from bordereau_elimination'), [{ retire_a: null }])
    assert.equal(await etat(2), 'vise')
    await lire(`update conservation_dossier set etat = 'vise' where dossier = $1`, [ids[1]])
  })

  test('[ACC-14] opened again while the list is carried out, it keeps its key; one that fails keeps none of the others', async () => {
    // The second opens while the first is erased; the third cannot be erased.
    await lire(`create function pendant() returns trigger language plpgsql security definer as $$ begin
        if old.id = '${ids[3]}' then raise exception 'held'; end if;
        update dossier set clos_le = null where id = '${ids[2]}'; return old; end $$;
      create trigger pendant before delete on dossier for each row execute function pendant()`)
    await assert.rejects(effacerDossiersVises(application.le(EXECUTION), DEPT), /1 signed dossiers could not be erased/)
    assert.deepEqual([await etat(1), await vivant(1), await cles(1)], ['efface', 0, 0])
    assert.deepEqual([await etat(2), await vivant(2), await cles(2)], ['vise', 1, 1])
    // Stopped before its end, it is whole, key included, and taken up by starting over.
    assert.deepEqual([await etat(3), await vivant(3), await cles(3)], ['vise', 1, 1])
    await lire('drop trigger pendant on dossier')
    await conserver(application.le(EXECUTION), DEPT)
    assert.deepEqual([await etat(2), await vivant(2), await cles(2)], [undefined, 1, 1])
    assert.deepEqual([await etat(3), await vivant(3)], ['efface', 0])
    assert.equal((await lire('select 1 from bordereau_elimination where execute_a is not null')).length, 1)
  })

  test('[ACC-14] the role that erases destroys the key of no dossier that is open', async () => {
    const client = await application.base.pool.connect()
    try {
      await client.query('begin')
      await client.query(`insert into conservation_dossier (dept, dossier, reference, clos_le, dernier_contact_le, archivable_le, archive_le, eliminable_le, etat, bordereau)
        select dept, id, reference, '2026-11-20', '2026-11-20', '2028-11-20', '2028-11-20', '2034-11-20', 'effacement', (select id from bordereau_elimination)
        from dossier where id = '${ids[2]}'`)
      await client.query(`select set_config('app.dept', $1, true), set_config('role', 'amont_conservation', true)`, [
        DEPT,
      ])
      assert.equal((await client.query('delete from cle_dossier where dossier = $1', [ids[2]])).rowCount, 0)
      await assert.rejects(client.query('update dossier set archive_le = null where id = $1', [ids[2]]))
    } finally {
      await client.query('rollback')
      client.release()
    }
  })
})
