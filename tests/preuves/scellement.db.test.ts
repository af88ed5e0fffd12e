import assert from 'node:assert/strict'
import { randomBytes, randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { type Application, lireCleDuDepartement, ouvrirSession, tournerCleDuDepartement } from '#acces'
import { consignerActe, corrigerActe, lireDossiersARepartir, listerActesSaisis, listerFaits } from '#dossiers'
import { scellerDonnees } from '#jobs'
import { listerContacts } from '#repartition'
import { lireSignalements } from '#signalements'
import { type Keyring, parseKeyring } from '#socle/cipher'
import { ecrireCsv, importer, ligne, systeme } from '#tests/application'
import { clesDEssai } from '#tests/base'
import { type EssaiDeCanaris, ouvrirEssaiDeCanaris } from '#tests/echanges'

/**
 * Figure S3 of docs/securite.md, for what is not a note: a health canary in each place an import leaves it, and one in each text and byte people exchange. None is
 * in a dump, in clear nor as bytes; those entitled still read them; the rules still do.
 */
const graine = randomBytes(4).toString('hex')
const canari = (nom: string): string => `zqsante${nom}${graine}`
/** What a value near health looks like when it is in clear: whatever the column, a true or a false beside its name. */
const EN_CLAIR =
  /"(?:menage\.)?handicap": (?:true|false|"(?:oui|non)")|mesure_protection|problematique|curatelle|"psychique"/g

describe('S3: what is near health, and what people exchange, is in no dump', () => {
  let essai: EssaiDeCanaris
  let dossier: string
  const importes = ['valeur', 'colonne', 'decale', 'acte', 'precision'].map(canari)
  const exchanged = () => [...essai.canaris.keys()]

  /** Every table as a dump writes it, with the bytes also as they are. */
  const vider = async (): Promise<string> => {
    const { pool } = essai.base
    const { rows } = await pool.query(`select format('%I.%I', schemaname, tablename) as nom from pg_tables
      where schemaname not in ('pg_catalog', 'information_schema') order by 1`)
    const morceaux: string[] = []
    for (const { nom } of rows as { nom: string }[]) {
      const { rows: lignes } = await pool.query(`select t::text as ligne from ${nom} t`)
      for (const { ligne: texte } of lignes as { ligne: string }[]) {
        morceaux.push(texte.replaceAll('""', '"'))
        for (const [, hexa = ''] of texte.matchAll(/\\\\x([0-9a-f]+)/g))
          morceaux.push(Buffer.from(hexa, 'hex').toString('latin1'))
      }
    }
    return morceaux.join('\n')
  }
  const trouver = (vidage: string): string[] => [
    ...[...importes, ...exchanged()].filter((mot) => vidage.includes(mot)),
    ...new Set([...vidage.matchAll(EN_CLAIR)].map(([lu]) => lu)),
  ]
  const lire = <T>(travail: Parameters<typeof ouvrirSession<T>>[3], application: Application = essai.application) =>
    ouvrirSession(application, systeme(), 'dossier.consulter', travail)

  before(async () => {
    essai = await ouvrirEssaiDeCanaris()
    await importer(
      essai.application,
      'CAF71',
      'sante.csv',
      ecrireCsv([
        ligne({ reference_source: 'S-1', nom_usage: 'Quatresous', handicap: 'oui', pathologie: canari('colonne') }),
        ligne({
          reference_source: 'S-2',
          nom_usage: 'Tiercelin',
          prenom: 'Paule',
          handicap: canari('valeur'),
          pathologie: '',
        }),
      ]),
    )
    // A line whose fields are out of place: any of them may be the one.
    await importer(
      essai.application,
      'CAF71',
      'decale.csv',
      Buffer.concat([
        ecrireCsv([ligne({ reference_source: 'S-3', nom_usage: 'Aubrelle' })]),
        Buffer.from(`impaye_caf;S-4;2026-11-02;${canari('decale')}\r\n`),
      ]),
    )
    const { rows } =
      await essai.base.pool.query(`select r.dossier from rattachement r join signalement s on s.id = r.signalement
      where s.reference_source = 'S-1' and r.defait_a is null`)
    dossier = rows[0].dossier
    // What people enter of the household: a protection measure, then corrected with its reason, and a difficulty.
    await ouvrirSession(essai.application, systeme(), 'dossier.consulter', async (session) => {
      const mesure = {
        dossier,
        genre: 'mesure_protection' as const,
        le: session.jour,
        contenu: { type: 'curatelle', organisme: canari('acte') },
      }
      const { acte } = await consignerActe(session, { ...mesure, envoi: randomUUID() })
      const correction = { acte, motif: 'piece_lue' as const, precision: canari('precision'), envoi: randomUUID() }
      await corrigerActe(session, { ...mesure, ...correction })
      const difficulte = { dossier, genre: 'problematique' as const, le: session.jour, envoi: randomUUID() }
      await consignerActe(session, { ...difficulte, contenu: { type: 'psychique' } })
    })
  })
  after(() => essai.fermer())

  /** The acts near health, as those entitled read them: their values, the words of the correction, the chronology. */
  const lireLesActes = () =>
    lire(async (session) => {
      const actes = await listerActesSaisis(session, dossier)
      assert.deepEqual(actes.map(({ genre }) => genre).toSorted(), ['mesure_protection', 'problematique'])
      const mesure = actes.find(({ genre }) => genre === 'mesure_protection')
      assert.deepEqual(mesure?.contenu, { type: 'curatelle', organisme: canari('acte') })
      assert.equal(mesure?.versions[0].precision, canari('precision'))
      const faits = await listerFaits(session, dossier)
      assert.equal(faits.filter(({ donnees }) => donnees.genre === 'mesure_protection').length, 2)
    })

  test('[ESP-03] [ACC-15] neither a value near health, nor a line or a file as received, nor a message or a document is in a dump', async (t) => {
    const trouves = trouver(await vider())
    t.diagnostic(
      `S3 : ${importes.length + exchanged().length} canaris et toutes les valeurs proches de la santé, ${trouves.length} en clair`,
    )
    assert.deepEqual(trouves, [])
  })

  test('the proof has teeth: a value put back in clear, a line as bytes, are seen', async () => {
    const { pool } = essai.base
    await pool.query('begin')
    await pool.query(`update dossier set menage = jsonb_set(menage, '{handicap}', 'true') where id = $1`, [dossier])
    await pool.query(
      `update ligne_lot set brut = $1 where lot = (select lot from signalement where reference_source = 'S-1') and ligne = 2`,
      [Buffer.from(`S-1;${canari('valeur')}`)],
    )
    const vus = trouver(await vider())
    // The pool may have given another connection: what was planted is taken back whichever it was.
    await pool.query('rollback')
    await pool.query(`update dossier set menage = menage - 'handicap' where id = $1`, [dossier])
    assert.deepEqual(new Set(vus), new Set([canari('valeur'), '"handicap": true']))
    await pool.query(
      `update ligne_lot set brut = 'AMS1' where lot = (select lot from signalement where reference_source = 'S-1') and ligne = 2`,
    )
  })

  test('two households that only health tells apart weigh the same in the database', async () => {
    const { rows } = await essai.base.pool.query(
      `select length(contenu->>'handicap') as n from signalement union select length(contenu->>'handicap') from signalement_version`,
    )
    assert.equal(rows.length, 1, 'said or not, yes or no')
    assert.equal((await essai.base.pool.query('select distinct length(scelle) from dossier')).rows.length, 1)
    assert.equal((await essai.base.pool.query('select distinct length(genre) from acte_saisi')).rows.length, 1)
  })

  test('rules and those entitled read it still', async () => {
    await lire(async (session) => {
      const [faits] = await lireDossiersARepartir(session, [dossier])
      assert.equal(faits?.faits['menage.handicap'], true)
      const { rows } = await essai.base.pool.query(`select id from signalement where reference_source = 'S-1'`)
      const [signalement] = await lireSignalements(session, [rows[0].id])
      assert.equal(signalement?.contenu.handicap, true)
    })
    await lireLesActes()
    for (const [mot, lecteurs] of essai.canaris) {
      const pages = await Promise.all(
        essai
          .adresses()
          .filter((adresse) => adresse.includes('/echanges'))
          .map((adresse) => essai.lire(lecteurs[0] ?? 'caf', adresse)),
      )
      assert.ok(
        pages.some(({ octets, vers }) => octets.includes(mot) || vers.includes(mot)),
        mot,
      )
    }
  })

  test('nothing enters in clear, and what is sealed never changes, whoever asks', async () => {
    const { pool } = essai.base
    for (const [table, colonne] of [
      ['message', 'texte'],
      ['fil', 'sujet'],
      ['demande', 'texte'],
      ['piece', 'nom'],
    ])
      await assert.rejects(pool.query(`update ${table} set ${colonne} = 'en clair'`), { code: '23514' }, table)
    await assert.rejects(pool.query(`update piece_contenu set octets = 'en clair'`), { code: '23514' })
    for (const remplace of [`genre = 'jugement'`, `contenu = '{"type": "tutelle"}'`, `precision = 'en clair'`])
      await assert.rejects(pool.query(`update acte_saisi set ${remplace}`), { code: '23514' }, remplace)
    await assert.rejects(pool.query(`update fait set donnees = '{}' where type like 'acte_menage.%'`), {
      code: '23514',
    })
    await assert.rejects(
      lire((session) => session.sql`update acte_saisi set le = le`),
      /permission denied|droit refusé/,
    )
    await assert.rejects(pool.query(`update message set texte = 'aaaaaaaa.' || repeat('b', 60)`), { code: '23514' })
  })

  test('the key of the département turns like the others: nothing moves, and the old key can go', async () => {
    const neuve = parseKeyring(randomBytes(32).toString('base64'))
    const deux = { keys: [...neuve.keys, ...clesDEssai.keys] }
    const avant = (await essai.base.pool.query('select scelle from dossier order by id')).rows
    const tourner = (cles: Keyring) =>
      ouvrirSession(essai.application, systeme(), 'cle.tourner', async (session) => ({
        tournee: await tournerCleDuDepartement(session, cles),
        cle: await lireCleDuDepartement(session),
      }))
    assert.deepEqual(await tourner(deux), { tournee: true, cle: neuve.keys[0]?.id })
    assert.deepEqual(await tourner(deux), { tournee: false, cle: neuve.keys[0]?.id })
    assert.deepEqual((await essai.base.pool.query('select scelle from dossier order by id')).rows, avant)
    await assert.rejects(tourner(parseKeyring(randomBytes(32).toString('base64'))), /manque au fichier de clés/)
    assert.equal((await tourner({ keys: [...clesDEssai.keys, ...neuve.keys] })).tournee, true)
  })

  test('what was kept in clear before sealing is sealed once, and a second time finds nothing', async () => {
    const { pool } = essai.base
    // As the version before left it.
    const gardees = [
      'fil',
      'message',
      'demande',
      'demande_acte',
      'piece',
      'piece_contenu',
      'fil_ajout',
      'acte_saisi',
      'fait',
    ]
    for (const table of gardees) await pool.query(`alter table ${table} disable trigger user`)
    const { rows: actes } = await pool.query('select id, racine, precision from acte_saisi order by rang')
    const [premiere, corrigee, difficulte] = actes
    for (const { id } of [premiere, corrigee])
      await pool.query(`update acte_saisi set genre = 'mesure_protection', contenu = $2 where id = $1`, [
        id,
        JSON.stringify({ type: 'curatelle', organisme: canari('acte') }),
      ])
    await pool.query(`update acte_saisi set precision = $2 where id = $1`, [corrigee.id, canari('precision')])
    await pool.query(`update acte_saisi set genre = 'problematique', contenu = '{"type": "psychique"}' where id = $1`, [
      difficulte.id,
    ])
    for (const [genre, { racine }] of [
      ['mesure_protection', premiere],
      ['problematique', difficulte],
    ])
      await pool.query(
        `update fait set donnees = jsonb_set(donnees, '{genre}', to_jsonb($1::text)) where donnees->>'acte' = $2`,
        [genre, racine],
      )
    await pool.query(
      `update signalement set contenu = jsonb_set(contenu, '{handicap}', 'true'), empreinte = 'ab12' where reference_source = 'S-1'`,
    )
    await pool.query(`update signalement_version v set contenu = jsonb_set(v.contenu, '{handicap}', 'true'), empreinte = 'ab12' from signalement s
      where s.id = v.signalement and s.reference_source = 'S-1'`)
    await pool.query(
      `update dossier set scelle = null, vulnerable = true, menage = jsonb_set(menage, '{handicap}', 'true'),
        faits = jsonb_set(faits, '{menage.handicap}', 'true') where id = $1`,
      [dossier],
    )
    await pool.query(`update fichier f set octets = $1 from lot l where l.fichier = f.id and l.nom = 'sante.csv'`, [
      Buffer.from(`handicap\r\n${canari('valeur')}\r\n`),
    ])
    await pool.query(
      `update ligne_lot set brut = $1, champs = champs || jsonb_build_object('handicap', $2::text) where lot = (select id from lot where nom = 'sante.csv') and ligne = 3`,
      [Buffer.from(canari('valeur')), canari('valeur')],
    )
    const { rows: organismes } = await pool.query(`select id from organisme where code = 'CAF71'`)
    await pool.query(
      `insert into tentative_contact (dept, dossier, organisme, canal, le, aboutie, issue, a) values ('71', $1, $2, 'telephone', '2026-11-18', true, $3, now())`,
      [dossier, organismes[0].id, canari('colonne')],
    )
    await pool.query(`update message set texte = 'message qzmessage'`)
    await pool.query(`update fil set sujet = 'sujet qzsujet'`)
    await pool.query(`update demande set texte = 'demande qzdemande'`)
    await pool.query(`update demande_acte set texte = 'réponse qzreponse' where texte <> ''`)
    await pool.query(`update piece set nom = 'qznom.pdf'`)
    await pool.query(`update piece_contenu set octets = $1`, [Buffer.from('%PDF-1.4 qzoctets')])
    for (const table of gardees) await pool.query(`alter table ${table} enable trigger user`)
    assert.ok(trouver(await vider()).length >= 9, 'all this is in clear')

    const etapes = new Map<string, number>()
    const total = await scellerDonnees(essai.application, '71', ([un], n) => etapes.set(un, n))
    assert.ok([...etapes.values()].filter((n) => n > 0).length >= 5, JSON.stringify([...etapes]))
    assert.ok(total > 9)
    assert.deepEqual(trouver(await vider()), [])
    assert.equal(await scellerDonnees(essai.application, '71'), 0)
    await lire(async (session) => {
      const [lu] = await lireDossiersARepartir(session, [dossier])
      assert.equal(lu?.faits['menage.handicap'], true)
      assert.deepEqual(
        (await listerContacts(session, dossier)).map(({ issue }) => issue),
        [canari('colonne')],
      )
    })
    await lireLesActes()
    const page = await essai.lire('caf', `/dossiers/${essai.dossier.reference}`)
    assert.ok(page.octets.includes('qzsujet'))
  })
})
