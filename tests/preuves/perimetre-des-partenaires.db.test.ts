import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type Acteur, ouvrirSession, type Role } from '#acces'
import { dossiersDeLOrganisme } from '#dossiers'
import {
  type ApplicationDEssai,
  accesLivre,
  ecrireCsv,
  importer,
  ligne,
  ouvrirApplicationDEssai,
} from '#tests/application'

const DEPT = '71'

/**
 * Lists and counts of a partner are narrowed to ids that a function gives outside the rules of rows (decision 0048). They are compared, reader by reader, with what these
 * rules open: one too many would show nothing, one missing would hide a household from whoever must reach it.
 */
describe('a partner is narrowed to the dossiers the rules of rows open to it, no fewer', () => {
  let application: ApplicationDEssai
  let organismes: Map<string, { id: string; type: string; nom: string }>
  let dossiers: string[]

  before(async () => {
    application = await ouvrirApplicationDEssai()
    const { pool } = application.base
    const noms = ['Arnoult', 'Berthier', 'Cordonnier', 'Delmas', 'Estrade', 'Fabre', 'Guichard', 'Herbelot']
    const prenoms = ['Odile', 'Karim', 'Jeanne', 'Victor', 'Salomé', 'Ulysse', 'Brigitte', 'Noé']
    const rues = [
      'rue Haute',
      'quai Sud',
      'place du Parc',
      'chemin Vert',
      'allée des Ifs',
      'rue du Port',
      'impasse Bise',
      'avenue Foch',
    ]
    await importer(
      application,
      'OPAC71',
      'impayes.csv',
      ecrireCsv(
        noms.map((nom_usage, n) =>
          ligne({
            nom_usage,
            prenom: prenoms[n] ?? '',
            date_naissance: `19${60 + n}-0${n + 1}-1${n}`,
            adresse: `${n * 7 + 1} ${rues[n]}`,
            commune: 'Autun',
            code_postal: '71400',
            type: 'impaye_bailleur_social',
            reference_source: `OPAC-${n}`,
          }),
        ),
      ),
    )
    organismes = new Map(
      (await pool.query('select id, code, type, nom from organisme where dept = $1', [DEPT])).rows.map((un) => [
        un.code,
        un,
      ]),
    )
    dossiers = (await pool.query('select id from dossier order by titulaire')).rows.map(({ id }) => id)
    assert.equal(dossiers.length, noms.length)
    const [a, b, c, d, e, f, g] = dossiers
    const de = (code: string) => organismes.get(code)?.id
    const habiliter = (codes: readonly string[], ...ids: (string | undefined)[]) =>
      pool.query('update dossier set organismes_habilites = $1 where id = any ($2)', [codes.map(de), ids])
    await habiliter([], ...dossiers)
    await habiliter(['CAF71', 'DEP71'], a, b)
    await habiliter(['CAF71'], c)
    const inviter = (
      code: string,
      dossier: string | undefined,
      jusquAu: string | null,
      retiree: string | null = null,
    ) =>
      pool.query(
        `insert into participation (dept, dossier, organisme, origine, motif, du, jusqu_au, cree_a, retiree_a)
         values ($1, $2, $3, 'invitation', 'essai', '2026-11-01', $4, '2026-11-01', $5)`,
        [DEPT, dossier, de(code), jusquAu, retiree],
      )
    await inviter('ADIL71', d, null)
    await inviter('ADIL71', e, '2026-11-10')
    await inviter('ADIL71', f, null, '2026-11-12T08:00:00Z')
    await inviter('CAF71', g, '2026-12-31')
    // Joined to the one the ADIL was invited to: followed with it.
    await pool.query("update dossier set reuni_dans = $1, clos_le = '2026-11-15' where id = $2", [d, f])
    await pool.query("update dossier set clos_le = '2026-11-15' where id = $1", [b])
  })
  after(() => application.fermer())

  const acteurDe = (code: string, role: Role, autres: Partial<Acteur> = {}): Acteur => {
    const organisme = organismes.get(code)
    assert.ok(organisme, code)
    return {
      dept: DEPT,
      compte: '00000000-0000-4000-8000-000000000001',
      organisme: organisme.id,
      organismeNom: organisme.nom,
      organismeType: organisme.type,
      role,
      acces: accesLivre(code, role).acces,
      territoires: null,
      libelle: code,
      ...autres,
    }
  }
  const comparer = (acteur: Acteur) =>
    ouvrirSession(application, acteur, 'compte.tenir', async (session) => {
      const ouverts = (await session.sql<{ id: string }>`select id from dossier`).map(({ id }) => id)
      return { donnes: await dossiersDeLOrganisme(session), ouverts: ouverts.toSorted() }
    })
  const nommer = (ids: readonly string[]) =>
    ids
      .map((id) => 'abcdefgh'[dossiers.indexOf(id)])
      .toSorted()
      .join('')

  for (const [lecteur, code, role, attendus] of [
    ['who is entitled, open and closed, and invited for a time', 'CAF71', 'service_social', 'abcg'],
    ['who is entitled', 'DEP71', 'service_social', 'ab'],
    [
      'invited, with what was joined since; not after the day it ended, nor withdrawn',
      'ADIL71',
      'service_social',
      'df',
    ],
    ['who follows none', 'CCAS71-AUTUN', 'service_social', ''],
  ] as const)
    test(`[ACC-05] ${code}: ${lecteur}`, async () => {
      const { donnes, ouverts } = await comparer(acteurDe(code, role))
      assert.equal(nommer(donnes ?? ['no list']), attendus)
      assert.deepEqual(donnes?.toSorted(), ouverts)
    })

  test('[ACC-12] an exceptional access opens one more, to that person', async () => {
    const { donnes, ouverts } = await comparer(
      acteurDe('DEP71', 'service_social', { exceptionnels: [dossiers[7] ?? ''] }),
    )
    assert.equal(nommer(donnes ?? []), 'abh')
    assert.deepEqual(donnes?.toSorted(), ouverts)
  })

  test('whoever reads the département gets no list: the rules of rows alone decide', async () => {
    const { donnes, ouverts } = await comparer(acteurDe('SEC71-AUTUN', 'secretariat'))
    assert.equal(donnes, null)
    assert.equal(ouverts.length, dossiers.length)
  })

  test('beyond the number asked, no list either', async () => {
    const [trop, juste] = await ouvrirSession(
      application,
      acteurDe('CAF71', 'service_social'),
      'compte.tenir',
      async ({ sql }) => [
        await sql`select public.dossiers_de_l_organisme(3) as ids`,
        await sql`select public.dossiers_de_l_organisme(4) as ids`,
      ],
    )
    assert.equal(trop[0]?.ids, null)
    assert.equal((juste[0]?.ids as string[] | undefined)?.length, 4)
  })
})
