import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { dansContexte } from '#socle/db'
import { type ApplicationDEssai, JOUR, ouvrirApplicationDEssai } from '#tests/application'

const DEPT = '71'
const DOSSIERS = 20_000
const INVITATIONS = 300

describe('the cost of participations', () => {
  let application: ApplicationDEssai
  let caf = ''

  before(async () => {
    application = await ouvrirApplicationDEssai()
    const { pool } = application.base
    caf = (await pool.query('select id from organisme where dept = $1 and code = $2', [DEPT, 'CAF71'])).rows[0].id
    await pool.query(
      `insert into dossier (dept, reference, numero, annee, ouvert_le, nom_tri)
       select $1, 'P-' || n, n, 2026, date '2026-11-01', 'menage ' || n from generate_series(1, $2) n`,
      [DEPT, DOSSIERS],
    )
    await pool.query(
      `insert into participation (dept, dossier, organisme, origine, motif, du, cree_a)
       select $1, id, $2, 'invitation', 'essai', date '2026-11-01', now() from dossier where dept = $1 order by numero limit $3`,
      [DEPT, caf, INVITATIONS],
    )
    await pool.query('analyze dossier, participation')
  })
  after(() => application.fermer())

  const dans = <T>(portee: string, travail: Parameters<typeof dansContexte<T>>[2]) =>
    dansContexte(application.base, { dept: DEPT, portee, organisme: caf, jour: Temporal.PlainDate.from(JOUR) }, travail)
  const planDe = (portee: string) =>
    dans(portee, async ({ sql }) => {
      const lignes = await sql<{ 'QUERY PLAN': string }>`explain (analyze, costs off, timing off, summary off)
        select id from dossier where dept = ${DEPT} and clos_le is null order by nom_tri collate "C", id limit 51`
      return lignes.map((ligne) => ligne['QUERY PLAN']).join('\n')
    })

  test('a list reads the participations of the organisme once, whatever the number of dossiers', async () => {
    const plan = await planDe('organisme')
    assert.match(plan, /Index Scan using dossier_nom/)
    assert.match(plan, /hashed SubPlan/)
    const [, lignes, fois] = /Function Scan on dossiers_participes[^\n]*rows=(\d+)[^\n]*loops=(\d+)/.exec(plan) ?? []
    assert.deepEqual([Number(lignes), Number(fois)], [INVITATIONS, 1], plan)
  })

  test('who reads the whole département does not pay for them', async () => {
    assert.match(await planDe('departement'), /Function Scan on dossiers_participes[^\n]*\(never executed\)/)
  })

  test('without a day nobody participates: what is forgotten closes', async () => {
    const [avec, sans] = await Promise.all([
      dans('organisme', ({ sql }) => sql<{ n: number }>`select count(*)::int as n from dossier where dept = ${DEPT}`),
      dansContexte(
        application.base,
        { dept: DEPT, portee: 'organisme', organisme: caf },
        ({ sql }) => sql<{ n: number }>`select count(*)::int as n from dossier where dept = ${DEPT}`,
      ),
    ])
    assert.deepEqual([avec[0]?.n, sans[0]?.n], [INVITATIONS, 0])
  })
})
