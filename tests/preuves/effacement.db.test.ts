import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type pg from 'pg'
import { type Application, ouvrirSession } from '#acces'
import { lireDocument, lireReleve } from '#commission'
import { chargerTables, effacerDossiersVises, listerStatistiquesEffacees } from '#conservation'
import { cloreDossier } from '#dossiers'
import { conserver, scellerLeJournal, verifierLeJournal } from '#jobs'
import { horlogeDu, referentielLivre, systeme } from '#tests/application'
import { DEPT } from '#tests/ecrits'
import { lireTextePdf } from '#tests/pdf'
import { chargerSeuilsAcces } from '#vigilance'
import { cache, type EssaiDeSeance, ouvrirSeanceDEssai, remplirPoste } from '../../src/web/seances/fabrique-essai.ts'

/** Read of an archived dossier by others than its secretariat: rows without a word of the household. */
const SANS_NOM = [
  'acces_exceptionnel',
  'affectation',
  'dossier_archive',
  'engagement_passage',
  'engagement_tache',
  'non_correspondance',
  'participation',
]

interface Colonne {
  readonly nom: string
  readonly type: string
  readonly genre: string
  readonly exigee: boolean
  /** The table it refers to. */
  readonly parent: string | null
}

/** A table whose rows name a dossier, by `vers`. */
interface TableNommee {
  readonly nom: string
  readonly vers: string
  /** Its columns that hold an organisme. */
  readonly organismes: readonly string[]
}

/**
 * Figure S7b of docs/securite.md, second half: a household followed, discussed and closed is erased at its term. Nothing of it is left in any table, as text or as
 * bytes; the proof is, and the journal still verifies; the other household of the same session keeps everything.
 */
describe('a household at the end of its retention', () => {
  let un: EssaiDeSeance
  let reference: string
  let dossier: string
  let ancres: string
  /** Kept in clear, and found before; what people wrote is sealed: of that, the rows are followed. */
  const mots = ['Lacombe', 'rue des Forges', 'OPAC-77']
  const scelles = ['zqnote', 'zqfil', 'zqdemande', 'zqgel', 'zqdiscours']
  let ids: ReadonlyMap<string, string>

  const base = () => un.essai.application.base
  /** Moves the clock of the installation, sessions kept open. */
  async function le(jour: string): Promise<void> {
    Object.assign(un.essai.application, { horloge: horlogeDu(jour) } satisfies Partial<Application>)
    const maintenant = un.essai.application.horloge.now()
    await base().pool.query('update session_web set vue_a = $1, expire_a = $2', [
      maintenant.toString(),
      maintenant.add({ hours: 12 }).toString(),
    ])
  }
  /** Every table as a dump writes it, and its bytes as they are: in hexadecimal, no word would be found. */
  const vider = async (): Promise<string> => {
    const { rows } = await base().pool.query(`select format('%I.%I', t.schemaname, t.tablename) as nom,
        array(select format('%I', c.column_name) from information_schema.columns c
          where c.table_schema = t.schemaname and c.table_name = t.tablename and c.data_type = 'bytea') as octets
      from pg_tables t where t.schemaname not in ('pg_catalog', 'information_schema') order by 1`)
    const morceaux: string[] = []
    for (const { nom, octets } of rows as { nom: string; octets: string[] }[]) {
      const { rows: lignes } = await base().pool.query(
        `select t::text as ligne, array[${octets.join(', ')}]::bytea[] as octets from ${nom} t`,
      )
      for (const { ligne, octets: lus } of lignes as { ligne: string; octets: (Buffer | null)[] }[])
        morceaux.push(
          `${nom} ${[ligne, ...lus.map((un) => un?.toString('latin1') ?? '')].join(' ').replaceAll('\n', ' ')}`,
        )
    }
    return morceaux.join('\n')
  }
  /** Ids of everything that hangs from the household, by table. */
  const idsDuMenage = async (): Promise<ReadonlyMap<string, string>> => {
    const { rows } =
      await base().pool.query(`select c.table_name as nom, c.column_name as vers from information_schema.columns c
      where c.table_schema = 'public' and c.column_name in ('dossier', 'dossier_id') and c.table_name not in ('conservation_dossier', 'journal')
        and exists (select 1 from information_schema.columns i where i.table_schema = 'public' and i.table_name = c.table_name and i.column_name = 'id' and i.data_type = 'uuid')`)
    const ids = new Map<string, string>()
    for (const { nom, vers } of rows as { nom: string; vers: string }[]) {
      const { rows: siens } = await base().pool.query(`select id from ${nom} where ${vers} = $1`, [dossier])
      for (const { id } of siens as { id: string }[]) ids.set(id, nom)
    }
    const { rows: signaux } = await base().pool.query('select signalement as id from rattachement where dossier = $1', [
      dossier,
    ])
    for (const { id } of signaux as { id: string }[]) ids.set(id, 'signalement')
    return ids.set(dossier, 'dossier')
  }
  /**
   * Gives the household a row in every table that names a dossier and that the application reads: one with all it may hold and one with the least, addressed to `organisme`
   * and written by `compte`. Constraints go with the transaction: what is tried is who reads, not what may be written.
   */
  const adresserPartout = async (
    client: pg.PoolClient,
    organisme: string,
    compte: string,
  ): Promise<readonly TableNommee[]> => {
    await client.query('set local session_replication_role = replica')
    const { rows } = await client.query(`
      select c.relname as nom, (select attname from pg_attribute where attrelid = c.oid and attname in ('dossier', 'dossier_id')) as vers,
        (select coalesce(array_agg(format('drop constraint %I', conname)), '{}') from pg_constraint where conrelid = c.oid and contype = 'c') as controles,
        (select json_agg(json_build_object('nom', a.attname, 'type', format_type(a.atttypid, a.atttypmod), 'genre', t.typcategory, 'exigee', a.attnotnull,
            'parent', (select k.confrelid::regclass::text from pg_constraint k where k.conrelid = c.oid and k.contype = 'f' and k.conkey[cardinality(k.conkey)] = a.attnum limit 1)))
          from pg_attribute a join pg_type t on t.oid = a.atttypid
          where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' and a.attidentity = '') as colonnes
      from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and has_any_column_privilege('amont_app', c.oid, 'select')
        and exists (select 1 from pg_attribute where attrelid = c.oid and attname in ('dossier', 'dossier_id')) order by 1`)
    const tables = rows as (TableNommee & { controles: string[]; colonnes: Colonne[] })[]
    for (const { nom, vers, controles, colonnes } of tables) {
      if (controles.length > 0) await client.query(`alter table ${nom} ${controles.join(', ')}`)
      const valeur = ({ nom: colonne, type, genre, parent }: Colonne, tout: boolean): string => {
        if (colonne === 'dept') return DEPT
        if (colonne === vers) return dossier
        if (type === 'uuid') return parent === 'organisme' ? organisme : parent === 'compte' ? compte : randomUUID()
        if (type === 'uuid[]') return `{${organisme}}`
        if (type === 'jsonb') return '{}'
        return { A: '{}', B: String(tout), D: '2026-11-20 10:00', N: '1', R: 'empty', T: '1 day' }[genre] ?? 'essai'
      }
      for (const tout of [true, false]) {
        const siennes = colonnes.filter(({ nom: colonne, exigee }) => tout || exigee || colonne === vers)
        await client.query(
          `insert into ${nom} (${siennes.map(({ nom: colonne }) => `"${colonne}"`).join(', ')})
           values (${siennes.map(({ type }, rang) => `$${rang + 1}::${type}`).join(', ')}) on conflict do nothing`,
          siennes.map((colonne) => valeur(colonne, tout)),
        )
      }
    }
    await client.query('set local session_replication_role = origin')
    return tables.map(({ nom, vers, colonnes }) => ({
      nom,
      vers,
      organismes: colonnes.filter(({ parent }) => parent === 'organisme').map(({ nom: colonne }) => colonne),
    }))
  }
  const enSysteme = <T>(travail: Parameters<typeof ouvrirSession<T>>[3]) =>
    ouvrirSession(un.essai.application, systeme(), 'dossier.clore', travail)
  const etat = async (): Promise<string | undefined> =>
    (await base().pool.query('select etat from conservation_dossier where dossier = $1', [dossier])).rows[0]?.etat
  const viser = (champs: Record<string, string> = {}) =>
    un.essai.poster('dpd', '/conservation/viser', {
      dossier,
      etape: 'signer',
      motif: 'Terme de l’archive atteint, aucun contentieux connu.',
      visa_archives: 'AD71 2034-118',
      visa_archives_le: '2034-11-22',
      ...champs,
    })

  before(async () => {
    un = await ouvrirSeanceDEssai(2)
    ancres = await mkdtemp(join(tmpdir(), 'amont-ancres-'))
    const { essai, seance, inscriptions, dossiers } = un
    ;[{ id: dossier, reference }] = dossiers as [(typeof dossiers)[0]]
    // What people wrote of it.
    const note = await essai.ecrire('auteure', `/dossiers/${reference}/ecrits`, {
      cercle: 'note',
      texte: 'Situation zqnote',
    })
    assert.equal(note.faite.statut, 303, note.faite.texte.slice(0, 600))
    const fil = await essai.poster('caf', `/dossiers/${reference}/echanges/fil`, {
      etape: 'envoyer',
      cercle: '3',
      sujet: 'sujet zqfil',
      texte: 'message zqfil',
      destinataires: essai.organisme('SEC71-AUTUN'),
      envoi: randomUUID(),
    })
    assert.equal(fil.statut, 303, fil.texte.slice(0, 600))
    // Both households are decided, and the statement approved.
    for (const inscription of inscriptions) {
      const poste = `/seances/${seance}/poste/${inscription}`
      const decision = remplirPoste(await essai.lire('secretariat', poste), {
        'q-maintien': 'oui',
        discours: 'Reprendre le loyer zqdiscours.',
        geste: 'adopter',
      })
      assert.equal((await essai.poster('secretariat', poste, decision)).statut, 303)
    }
    await essai.poster('secretariat', `/seances/${seance}/clore`, { restants: '0' })
    for (const compte of ['prefecture', 'copilote'] as const) {
      const vu = cache(await essai.lire(compte, `/seances/${seance}/releve`), 'vu')
      assert.equal((await essai.poster(compte, `/seances/${seance}/releve/approuver`, { vu })).statut, 303)
    }
    await enSysteme((session) => cloreDossier(session, { dossier, issue: 'plan_tenu', le: session.jour }))
  })
  after(async () => {
    await un?.essai.fermer()
    await rm(ancres, { recursive: true, force: true })
  })

  test('[ACC-14] each table of the database has its line in the retention table, and hangs from what it says', async () => {
    const tables = new Map(chargerTables(referentielLivre.racine).map((ligne) => [ligne.table, ligne]))
    const { rows: existantes } = await base().pool.query(
      `select relname as nom from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') order by 1`,
    )
    const noms = (existantes as { nom: string }[]).map(({ nom }) => nom)
    assert.deepEqual(
      noms.filter((nom) => !tables.has(nom)),
      [],
      'a table without a line: add it to donnees/conservation/tables.csv',
    )
    assert.deepEqual(
      [...tables.keys()].filter((nom) => !noms.includes(nom)),
      [],
      'a line without a table',
    )
    const { rows: liens } =
      await base().pool.query(`select e.relname as enfant, p.relname as parent from pg_constraint k join pg_class e on e.oid = k.conrelid
      join pg_class p on p.oid = k.confrelid where k.contype = 'f' and k.connamespace = 'public'::regnamespace and e.oid <> p.oid`)
    const fautes = (liens as { enfant: string; parent: string }[]).filter(({ enfant, parent }) => {
      const [dessous, dessus] = [tables.get(enfant), tables.get(parent)]
      // A batch of letters is emptied, not erased: what refers to it stays free to.
      return dessus?.regles.includes('dossier') && dessus.chemins.length > 0 && !dessous?.regles.includes('dossier')
    })
    assert.deepEqual(fautes, [])
    for (const { colonnes, table } of [...tables.values()].flatMap(({ table: nom, chemins }) =>
      chemins.map((chemin) => ({ ...chemin, table: nom })),
    ))
      for (const colonne of colonnes)
        assert.equal(
          (
            await base().pool.query(
              'select 1 from information_schema.columns where table_name = $1 and column_name = $2',
              [table, colonne],
            )
          ).rowCount,
          1,
          `${table}.${colonne}`,
        )
    // Whatever it must erase, the role may.
    const { rows: fermees } = await base().pool.query(
      `select t as nom from unnest($1::text[]) t where not has_table_privilege('amont_conservation', t, 'delete')
         or not exists (select 1 from pg_policies where tablename = t and policyname = 'conservation')`,
      [[...tables.values()].filter(({ chemins }) => chemins.length > 0).map(({ table }) => table)],
    )
    assert.deepEqual(fermees, [], 'call public.ouvrir_a_la_conservation() in the migration that adds it')
  })

  test('[ACC-14] two years after the last contact a closed dossier is proposed to the archive, without a name; archived, few read it', async () => {
    const { essai } = un
    await le('2028-11-19')
    await conserver(essai.application, DEPT)
    assert.equal(await etat(), undefined, 'a day too early')
    await le('2028-11-20')
    await conserver(essai.application, DEPT)
    assert.equal(await etat(), 'a_archiver')
    const page = await essai.lire('secretariat', '/conservation?etat=a_archiver')
    assert.match(page.texte, new RegExp(reference))
    assert.doesNotMatch(page.texte, /Lacombe/)
    assert.match(page.texte, /Base active.*2023-095.*non vérifié par un juriste/)
    // Proposed, it is still read by those who followed it.
    assert.equal((await essai.lire('caf', `/dossiers/${reference}`)).statut, 200)
    const archive = await essai.poster('secretariat', '/conservation/archive', { dossier, action: 'archiver' })
    assert.equal(archive.statut, 303)
    assert.equal(await etat(), 'archive')
    for (const compte of ['caf', 'auteure', 'prefecture', 'pilote', 'dpd'] as const)
      assert.notEqual((await essai.lire(compte, `/dossiers/${reference}`)).statut, 200, compte)
    // Nor by another way: no row of it, for anybody without the right of the archive, whatever else they may read.
    const client = await base().pool.connect()
    try {
      await client.query('begin')
      await client.query(
        `insert into courrier (dept, dossier, organisme, modele, stade, stade_le, nom, propose_a)
         values ($1, $2, $3, 'essai', 'impaye', '2026-11-20', 'Lacombe', '2026-11-20')`,
        [DEPT, dossier, essai.organisme('CAF71')],
      )
      const tables = await adresserPartout(client, essai.organisme('CAF71'), essai.ids.prefecture)
      const { rows: cercles } = await client.query(`select string_agg(distinct m[1], ',') as tous
        from pg_policies, regexp_matches(coalesce(qual, ''), 'ouvre_cercle\\(''([a-z_]+)''', 'g') m where m[1] not in ('archive', 'conservation')`)
      assert.match(cercles[0].tous, /courrier.*recu/)
      // Everyone its rows belong or are addressed to, and those who read the whole département.
      const lecteurs = new Set(['PREF71', 'DEP71', 'CAF71'].map((code) => essai.organisme(code)))
      for (const { nom, vers, organismes } of tables) {
        const { rows } = await client.query(
          `select array[${organismes.join(', ')}]::uuid[] as leurs from ${nom} where ${vers} = $1`,
          [dossier],
        )
        assert.ok(rows.length > 0, `${nom} has a row to hide`)
        for (const un of (rows as { leurs: (string | null)[] }[]).flatMap(({ leurs }) => leurs))
          if (un) lecteurs.add(un)
      }
      const restes: string[] = []
      for (const portee of ['departement', 'depot', 'organisme'])
        for (const organisme of lecteurs) {
          await client.query(
            `select set_config('app.dept', $1, true), set_config('app.portee', $2, true), set_config('app.organisme', $3, true), set_config('app.compte', $4, true),
               set_config('app.cercles', $5, true), set_config('app.jour', '2028-11-20', true), set_config('role', 'amont_app', true)`,
            [DEPT, portee, organisme, essai.ids.prefecture, cercles[0].tous],
          )
          const { rows: vus } = await client.query(
            tables
              .filter(({ nom }) => !SANS_NOM.includes(nom))
              .map(({ nom, vers }) => `select '${nom}' as nom where exists (select 1 from ${nom} where ${vers} = $1)`)
              .join(' union all '),
            [dossier],
          )
          for (const { nom } of vus as { nom: string }[]) restes.push(`${nom}, ${portee} ${organisme}`)
          await client.query('reset role')
        }
      assert.deepEqual(restes, [])
    } finally {
      await client.query('rollback')
      client.release()
    }
    assert.equal((await essai.lire('secretariat', `/dossiers/${reference}`)).statut, 200)
    assert.doesNotMatch((await essai.lire('secretariat', '/dossiers?clos=oui')).texte, /Lacombe/)
    // A partner archives nothing, a data protection officer neither.
    for (const compte of ['caf', 'prefecture', 'dpd'] as const)
      assert.equal((await essai.poster(compte, '/conservation/archive', { dossier, action: 'sortir' })).statut, 403)
  })

  test('[ACC-14] opened again, it leaves the archive and the list at once', async () => {
    const { essai } = un
    const rouvrir = await essai.poster('secretariat', `/dossiers/${reference}/procedure/rouvrir`, {
      motif: 'nouvel_impaye',
    })
    assert.equal(rouvrir.statut, 303, rouvrir.texte.slice(0, 400))
    assert.equal((await essai.lire('caf', `/dossiers/${reference}`)).statut, 200)
    await conserver(essai.application, DEPT)
    assert.equal(await etat(), undefined)
    // Closed again, its time starts again.
    await enSysteme((session) => cloreDossier(session, { dossier, issue: 'plan_tenu', le: session.jour }))
    await conserver(essai.application, DEPT)
    assert.equal(await etat(), undefined)
    await le('2030-11-20')
    await conserver(essai.application, DEPT)
    assert.equal((await essai.poster('secretariat', '/conservation/archive', { dossier })).statut, 303)
  })

  test('[ACC-14] nothing is destroyed without both visas, while it is held, or while the household waits for an answer', async () => {
    const { essai } = un
    await le('2034-11-22')
    await conserver(essai.application, DEPT)
    assert.equal(await etat(), 'a_eliminer')
    assert.equal((await viser({ visa_archives: '' })).statut, 422)
    assert.equal((await viser({ motif: 'oui' })).statut, 422)
    assert.equal((await essai.poster('secretariat', '/conservation/viser', { dossier, etape: 'signer' })).statut, 403)
    // The household asks for a correction: what it asked and what it was answered stay, and stop the erasure meanwhile.
    const demandes = `/dossiers/${reference}/demandes-menage`
    const demande = { droit: 'rectification', canal: 'ecrite', recue_le: '2034-11-20', envoi: randomUUID() }
    assert.equal((await essai.poster('secretariat', demandes, { ...demande, objet: '' })).statut, 422)
    for (const _ of [1, 2])
      assert.equal(
        (await essai.poster('secretariat', demandes, { ...demande, objet: 'Adresse zqdemande' })).statut,
        303,
      )
    const page = await essai.lire('secretariat', demandes)
    assert.equal([...page.html.matchAll(/Adresse zqdemande/g)].length, 1)
    assert.match(page.texte, /due le 20\/12\/2034/)
    assert.match((await viser()).texte, /son ménage attend une réponse/)
    const repondre = new RegExp(`action="(${demandes}/[0-9a-f-]{36})"`).exec(page.html)?.[1] ?? ''
    const reponse = { reponse: 'faite', texte: 'Corrigée zqdemande dans le fichier.' }
    // Answered by the colleague of another secretariat.
    assert.equal((await essai.poster('autreSecretariat', repondre, reponse)).statut, 303)
    assert.match((await essai.lire('secretariat', demandes)).texte, /Faite le 22\/11\/2034/)
    // What it is handed over holds what the commission said and what it asked, and no other household.
    const remise = { demande: 'ecrite', recue_le: '2034-11-21', format: 'json' }
    const remis = (await essai.poster('secretariat', `/dossiers/${reference}/droit-acces`, remise)).octets.toString(
      'utf8',
    )
    for (const mot of ['Position commune', 'zqdiscours', 'Adresse zqdemande', 'Corrigée zqdemande'])
      assert.ok(remis.includes(mot), mot)
    assert.ok(!remis.includes(un.dossiers[1]?.reference ?? '?'))
    // Held with a reason, then released.
    const adresse = `/conservation/dossiers/${reference}`
    const gel = { raison: 'contentieux_etat', precision: 'TA zqgel' }
    assert.equal((await essai.poster('dpd', `${adresse}/geler`, gel)).statut, 303)
    assert.equal((await viser()).statut, 422)
    const lever = new RegExp(`action="(${adresse}/gels/[0-9a-f-]{36}/lever)"`).exec(
      (await essai.lire('dpd', adresse)).html,
    )?.[1]
    assert.equal((await essai.poster('dpd', lever ?? '', {})).statut, 303)
    // Signed, taken back, signed again: the week after, and not before.
    assert.equal((await viser()).statut, 303)
    assert.equal(await etat(), 'vise')
    assert.equal((await essai.poster('dpd', '/conservation/bordereaux/1/retirer', {})).statut, 303)
    assert.equal(await etat(), 'a_eliminer')
    assert.equal((await viser()).statut, 303)
    await conserver(essai.application, DEPT)
    assert.equal(await etat(), 'vise')
  })

  test('the proof has teeth: before, every word in clear is found, and every kind of thing written has its rows', async () => {
    const avant = await vider()
    for (const mot of mots) assert.ok(avant.includes(mot), mot)
    for (const mot of scelles) assert.ok(!avant.includes(mot), `${mot} is sealed`)
    // Bytes are read as they are: those of this word, put among them, would be found.
    const { rows: fichiers } = await base().pool.query('select id, octets from fichier limit 1')
    const poser = (octets: Buffer) =>
      base().pool.query('update fichier set octets = $1 where id = $2', [octets, fichiers[0].id])
    await poser(Buffer.from('zqoctets'))
    assert.ok((await vider()).includes('zqoctets'))
    await poser(fichiers[0].octets)
    ids = await idsDuMenage()
    for (const table of [
      'note_professionnelle',
      'fil',
      'demande_menage',
      'conservation_gel',
      'deliberation',
      'signalement',
      'fait',
    ])
      assert.ok([...ids.values()].includes(table), table)
    const releve = await enSysteme(async (session) => lireReleve(session, un.seance))
    assert.equal(releve?.contenu.lignes.length, 2)
  })

  test('[ACC-14] the role that erases cannot reach a dossier that no list names', async () => {
    const client = await base().pool.connect()
    try {
      await client.query('begin')
      await client.query(`select set_config('app.dept', $1, true), set_config('role', 'amont_conservation', true)`, [
        DEPT,
      ])
      for (const table of ['cle_dossier', 'dossier']) {
        const { rowCount } = await client.query(`delete from ${table}`)
        assert.equal(rowCount, 0, table)
      }
    } finally {
      await client.query('rollback')
      client.release()
    }
  })

  test('[ACC-14] at its day the household is erased: nothing left of it, the proof is, the journal verifies, the others keep all', async (t) => {
    const { essai, seance, dossiers } = un
    await le('2034-11-29')
    const simules = await effacerDossiersVises(essai.application, DEPT, { simuler: true })
    assert.equal(simules.length, 1)
    assert.equal(await etat(), 'vise')
    await conserver(essai.application, DEPT)
    assert.equal(await etat(), 'efface')
    const apres = await vider()
    assert.deepEqual(
      [...mots, ...scelles].filter((mot) => apres.includes(mot)),
      [],
    )
    // No id of anything that hung from it either, nor of what hung from that; they remain in the proof and in the journal, and jobs waiting hold ids alone, and find nothing.
    const restes = apres.split('\n').flatMap((ligne) => {
      if (/^(public\.(journal|conservation_dossier)|graphile_worker\._private_jobs)/.test(ligne)) return []
      const vu = ligne.match(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g)?.find((id) => ids.has(id))
      return vu === undefined ? [] : [`${ids.get(vu)} in ${ligne.slice(0, 80)}`]
    })
    t.diagnostic(
      `effacement : ${mots.length} mots en clair et ${ids.size} identifiants suivis dans toutes les tables, ${restes.length} trouvés`,
    )
    assert.deepEqual(restes, [])
    // What was simulated is what was done, but for what the day itself added.
    const { rows } = await base().pool.query('select rangees, reference from conservation_dossier where dossier = $1', [
      dossier,
    ])
    assert.deepEqual(rows[0].rangees.dossier, 1)
    for (const table of [
      'note_professionnelle',
      'message',
      'deliberation',
      'signalement',
      'ligne_lot',
      'demande_menage',
      'fait',
    ])
      assert.ok(rows[0].rangees[table] > 0, table)
    assert.deepEqual(Object.keys(rows[0].rangees).sort(), Object.keys(simules[0]?.rangees ?? {}).sort())
    // The statement keeps the other household, and says so in print.
    const releve = await enSysteme((session) => lireReleve(session, seance))
    assert.deepEqual(
      releve?.contenu.lignes.map((ligne) => ligne.dossier),
      [dossiers[1]?.id],
    )
    const imprime = lireTextePdf(
      Buffer.from(await enSysteme((session) => lireDocument(session, { id: releve?.id ?? '' }))),
    )
    assert.doesNotMatch(imprime, /Lacombe/)
    assert.match(imprime, /zqdiscours/)
    assert.equal((await essai.lire('secretariat', `/dossiers/${dossiers[1]?.reference}`)).statut, 200)
    // Numbers outlive it.
    const statistiques = await enSysteme(listerStatistiquesEffacees)
    assert.ok(
      statistiques.some(
        ({ annee, mesure, detail, nombre }) =>
          annee === 2028 && mesure === 'dossier.clos' && detail === 'plan_tenu' && nombre === 1,
      ),
    )
    // The proof, by ids and numbers; the chain is whole.
    const { rows: preuves } = await base().pool.query(
      `select details from journal where action = 'dossier.effacer' and objet_id = $1`,
      [dossier],
    )
    assert.equal(preuves.length, 1)
    await scellerLeJournal(essai.application, DEPT, ancres)
    const bilan = await verifierLeJournal(essai.application, DEPT, ancres, chargerSeuilsAcces(referentielLivre.racine))
    assert.deepEqual(bilan.fautes, [])
    assert.ok(bilan.scellees.essayees > 0)
    // The signed list says it, still without a name; nothing is done twice.
    const liste = await essai.lire('dpd', '/conservation/bordereaux/2')
    assert.match(liste.texte, new RegExp(`${reference}.*lignes`))
    assert.deepEqual(await effacerDossiersVises(essai.application, DEPT), [])
    assert.equal((await essai.lire('secretariat', `/dossiers/${reference}`)).statut, 404)
  })
})
