import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type ApplicationDEssai, ecrireCsv, importer, JOUR, ligne, ouvrirApplicationDEssai } from '#tests/application'
import { purgerSelonAge } from './ages.ts'
import { chargerDurees, dureeAu, listerDurees } from './durees.ts'
import { chargerTables, ordonner } from './tables.ts'

const DEPT = '71'

describe('[ACC-14] what has a time of its own', () => {
  let application: ApplicationDEssai
  const compter = async (texte: string): Promise<number> => {
    const { rows } = await application.base.pool.query(`select count(*)::int as n from ${texte}`)
    return (rows[0] as { n: number }).n
  }

  before(async () => {
    application = await ouvrirApplicationDEssai()
    await importer(
      application,
      'CAF71',
      'impayes.csv',
      ecrireCsv([ligne({}), ligne({ reference_source: 'REJET', date_signalement: 'hier' })]),
    )
    const { pool } = application.base
    const { rows } = await pool.query(`insert into compte (dept, courriel, nom, prenom, mot_de_passe, cree_a)
      values ('71', 'agent@essai.example', 'ESSAI', 'Agent', 'x', '2026-01-01') returning id`)
    const compte = (rows[0] as { id: string }).id
    const { rows: organismes } = await pool.query(`select id from organisme where dept = '71' and code = 'CAF71'`)
    const organisme = (organismes[0] as { id: string }).id
    for (const a of ['2025-11-19', '2025-11-21']) {
      await pool.query(
        `insert into session_web (dept, empreinte, jeton, compte, cree_a, vue_a, expire_a) values ('71', $1::text, $1::text, $2, $1::timestamptz, $1::timestamptz, $1::timestamptz)`,
        [a, compte],
      )
      await pool.query(
        `insert into notification (dept, compte, organisme, cle, jour, motifs, genres, cree_a, modifiee_a) values ('71', $1, $2, $3::text, $3::date, '[]', '{}', $3::timestamptz, $3::timestamptz)`,
        [compte, organisme, a],
      )
    }
    await pool.query(
      `insert into vue_enregistree (dept, compte, nom, requete, cree_a) values ('71', $1, 'Les miens', 'q=zqnom', '2026-11-01')`,
      [compte],
    )
  })
  after(() => application.fermer())

  test('[ACC-14] a simulation counts and changes nothing; the purge erases what is past its term, to the day', async () => {
    const vus = await purgerSelonAge(application, DEPT, { simuler: true })
    assert.deepEqual(vus, { session_web: 1, notification: 1 })
    assert.equal(await compter('session_web'), 2)
    assert.deepEqual(await purgerSelonAge(application, DEPT), vus)
    assert.equal(await compter(`session_web where vue_a < '2025-11-20'`), 0)
    assert.equal(await compter('session_web'), 1)
    assert.equal(await compter('notification'), 1)
    assert.equal(await compter('vue_enregistree'), 1, 'its owner still works')
    assert.equal(
      await compter(`journal where action = 'conservation.purger' and details->'rangees'->>'session_web' = '1'`),
      1,
    )
  })

  test('[ACC-14] a file received is emptied after its time, its rejected lines go, its accepted line stays to be corrected', async () => {
    await application.base.pool.query(`update compte set ferme_a = '2027-01-01'`)
    const apres = application.le('2027-11-21')
    const faits = await purgerSelonAge(apres, DEPT)
    assert.equal(faits.fichier, 1)
    assert.equal(faits.ligne_lot, 1)
    assert.equal(faits.vue_enregistree, 1)
    assert.equal(await compter('fichier where octet_length(octets) > 0'), 0)
    assert.equal(await compter('ligne_lot where signalement is not null'), 1)
    assert.equal(await compter('signalement'), 1)
    assert.equal(await compter('lot where lignes_total = 2 and rejetees = 1'), 1, 'its numbers stay')
    assert.deepEqual(await purgerSelonAge(apres, DEPT), {}, 'nothing is done twice')
  })

  test('[ACC-14] a file that was refused, or never completed, is emptied like the others, with what was read of its first row', async () => {
    await application.base.pool.query(`update fichier set octets = '' where octet_length(octets) > 0`)
    const deposee = application.le('2027-11-22')
    const lots = [
      await importer(deposee, 'CAF71', 'liste.csv', Buffer.from('Zqnom;Zqprenom;12 rue des Forges\r\nB;C;D\r\n')),
      await importer(deposee, 'CAF71', 'illisible.csv', Buffer.from([0x50, 0x4b, 3, 4, 0, 0])),
    ]
    const etats = `lot where id in ('${lots[0]}', '${lots[1]}') and etat in ('refuse', 'a_correspondre')`
    assert.equal(await compter(etats), 2)
    await purgerSelonAge(application.le('2028-11-21'), DEPT)
    assert.equal(await compter('fichier where octet_length(octets) > 0'), 2, 'a day too early')
    await purgerSelonAge(application.le('2028-11-23'), DEPT)
    assert.equal(await compter('fichier where octet_length(octets) > 0'), 0)
    assert.equal(await compter(`lot where entete::text like '%Zqnom%'`), 0)
    assert.equal(await compter(etats), 2, 'why it was refused stays')
  })

  test('[ACC-14] a signal withdrawn long ago goes with what hangs from it, unless it was attached to a dossier or is recent', async () => {
    const personnes = ['SEUL', 'RATTACHE', 'RECENT'].map((reference_source, rang) =>
      ligne({
        reference_source,
        nom_usage: reference_source,
        date_naissance: `198${rang}-05-05`,
        adresse: `${rang + 2} rue Neuve`,
      }),
    )
    await importer(application, 'CAF71', 'retraits.csv', ecrireCsv(personnes))
    const { pool } = application.base
    await pool.query(
      `delete from rattachement r using signalement s where s.id = r.signalement and s.reference_source in ('SEUL', 'RECENT')`,
    )
    await pool.query(`update signalement set retire_a = case reference_source when 'RECENT' then '2027-01-02'::timestamptz else '2026-12-31'::timestamptz end
      where reference_source in ('SEUL', 'RATTACHE', 'RECENT')`)
    const faits = await purgerSelonAge(application.le('2028-01-01'), DEPT)
    assert.equal(faits.signalement, 1)
    const { rows } = await pool.query(
      `select reference_source as une from signalement where retire_a is not null order by 1`,
    )
    assert.deepEqual(rows, [{ une: 'RATTACHE' }, { une: 'RECENT' }])
    assert.equal(
      await compter(`signalement_version v where not exists (select 1 from signalement s where s.id = v.signalement)`),
      0,
    )
  })
})

describe('[ACC-14] retention as reviewed data', () => {
  const durees = chargerDurees('donnees')
  const jour = Temporal.PlainDate.from(JOUR)

  test('[ACC-14] each period has its source and says what remains to be verified; before the first version there is none', () => {
    const listees = listerDurees(durees, jour)
    assert.equal(listees.find(({ regle }) => regle === 'dossier_actif')?.duree, '2 ans')
    assert.match(listees.find(({ regle }) => regle === 'dossier_archive')?.reserve ?? '', /à vérifier/)
    assert.ok(listees.every(({ source, motif }) => source !== null && motif !== null))
    assert.equal(dureeAu(durees, 'dossier_actif', Temporal.PlainDate.from('2025-12-31')), null)
  })

  test('[ACC-14] what refers to another is erased before it, whatever the order of the file', () => {
    const liens = [
      { enfant: 'message', parent: 'fil' },
      { enfant: 'fil', parent: 'dossier' },
      { enfant: 'message', parent: 'message' },
    ]
    assert.deepEqual(ordonner(['dossier', 'fil', 'message'], liens), ['message', 'fil', 'dossier'])
    assert.throws(() =>
      ordonner(
        ['a', 'b'],
        [
          { enfant: 'a', parent: 'b' },
          { enfant: 'b', parent: 'a' },
        ],
      ),
    )
    assert.ok(chargerTables('donnees').length > 100)
  })
})
