import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { readWorkbook } from '#socle/tableur'
import { lireTextePdf } from '#tests/pdf'
import { type CompteRequisitions, type EssaiRequisitions, ouvrirEssaiRequisitions } from '#tests/requisitions'
import { routes } from '#web'

const CANARI = 'chardonneret'
/** The two people of the service that wrote it. */
const LECTEURS: readonly CompteRequisitions[] = ['assistante', 'collegue']

/** ACC-04: the reserved page of a social report appears in nothing that somebody else can get, and nothing says that it exists. */
describe('the reserved page of a social report', () => {
  let essai: EssaiRequisitions
  let page = ''
  const valeurs: Record<string, string> = {}

  before(async () => {
    essai = await ouvrirEssaiRequisitions()
    const { pool } = essai.application.base
    const formulaire = await essai.lire('prefecture', essai.adresse('/recevoir'))
    const recue = await essai.poster('prefecture', essai.adresse('/recevoir'), {
      acte: /name="acte"[^>]*value="([\w-]{36})"/.exec(formulaire.html)?.[1] ?? '',
      recue_le: '2026-06-15',
    })
    const requisition = /force-publique\/([\w-]{36})\/enquetes/.exec(recue.vers)?.[1] ?? ''
    await essai.poster('prefecture', essai.adresse(`/${requisition}/enquetes`), {
      demander_sociale: 'oui',
      organisme_sociale: essai.organisme('DEP71'),
      moyen_sociale: 'amont',
      demander_maire: 'oui',
      organisme_maire: essai.organisme('MAIRIE71-CREUSOT'),
      moyen_maire: 'amont',
      demander_bailleur: 'oui',
      organisme_bailleur: essai.organisme('OPAC71'),
      moyen_bailleur: 'amont',
      demander_siao: 'oui',
      organisme_siao: essai.organisme('SIAO71'),
      moyen_siao: 'amont',
    })
    const rapport = essai.adresse(`/${requisition}/rapport`)
    const hub = await essai.lire('assistante', rapport)
    const marques = [...hub.html.matchAll(/name="(?:rapport|page)" value="([\w-]{36})"/g)].map(([, id]) => id ?? '')
    await essai.poster('assistante', rapport, { acte: 'commencer', rapport: marques[0] ?? '', page: marques[1] ?? '' })
    const { rows } = await pool.query('select id, code from formulaire')
    page = rows.find(({ code }: { code: string }) => code === 'page-reservee-expulsion').id
    await essai.poster('assistante', essai.adresse(`/${page}`), {
      vu: '1',
      groupes: 'reservee',
      expose: `Exposé : ${CANARI}.`,
      propositions: `Propositions : ${CANARI}.`,
      actions: `Actions : ${CANARI}.`,
      avis: `Avis : ${CANARI}.`,
    })
    const { rows: brouillons } = await pool.query(
      "select id, version from formulaire where code = 'rapport-social-expulsion'",
    )
    await essai.poster('assistante', essai.adresse(`/${brouillons[0].id}`), {
      vu: String(brouillons[0].version),
      groupes: 'transmis',
      avis_motive: 'Avis transmis au préfet.',
    })
    const pret = await essai.lire('assistante', rapport)
    const remis = await essai.poster('assistante', rapport, {
      acte: 'remettre',
      vu: /name="vu" value="(\d+)"/.exec(pret.html)?.[1] ?? '',
    })
    assert.equal(remis.statut, 303, remis.texte)
    const { rows: actes } = await pool.query('select id from requisition_acte limit 1')
    const { rows: enquetes } = await pool.query('select id from enquete limit 1')
    const { rows: sollicitations } = await pool.query('select id from diffusion')
    Object.assign(valeurs, {
      reference: essai.dossier.reference,
      requisition,
      formulaire: page,
      acte: actes[0].id,
      enquete: enquetes[0].id,
      sollicitation: sollicitations[0].id,
      fait: 'decision',
    })
  })
  after(() => essai.fermer())

  const enTexte = async (type: string, octets: Buffer): Promise<string> => {
    if (type.includes('pdf')) return lireTextePdf(octets)
    if (type.includes('spreadsheetml')) return (await readWorkbook(octets, 'xlsx')).flat().join('\n')
    if (type.includes('opendocument')) return (await readWorkbook(octets, 'ods')).flat().join('\n')
    return octets.toString('utf8')
  }

  /** Those who have to do with the eviction, and one partner engaged on the dossier. */
  const curieux: readonly CompteRequisitions[] = ['prefecture', 'secretariat', 'siao', 'bailleur', 'maire', 'police']

  /** Every address that could show something of this dossier, ids filled in: its own, and the lists and exports. */
  const adresses = (): string[] =>
    routes
      .filter(
        ({ methode, chemin }) =>
          methode === 'GET' &&
          /^\/(?:dossiers|requisitions|sollicitations|echanges|locataires|a-faire)/.test(chemin) &&
          !/\.ods$|\/vierge$/.test(chemin),
      )
      .map(({ chemin }) => chemin.replace(/:(\w+)/g, (tout, nom: string) => valeurs[nom] ?? tout))
      .filter((adresse) => !adresse.includes(':'))

  test('[ACC-04] [RFP-09] its service reads it, on screen and printed', async () => {
    for (const compte of LECTEURS) {
      assert.match((await essai.lire(compte, essai.adresse(`/${page}`))).texte, new RegExp(CANARI), compte)
      const pdf = await essai.lire(compte, essai.adresse(`/${page}/pdf`))
      assert.match(lireTextePdf(pdf.octets), new RegExp(CANARI), compte)
    }
  })

  test('[ACC-04] neither the préfecture, the landlord, the mayor, the police nor anybody else gets a word of it, nor its address', async (t) => {
    const fuites: string[] = []
    let lues = 0
    for (const compte of curieux)
      for (const adresse of adresses()) {
        const { statut, type, octets } = await essai.lire(compte, adresse)
        lues += 1
        if (adresse.includes(page) && statut === 200) fuites.push(`${compte} ouvre ${adresse}`)
        if (statut >= 400) continue
        const texte = await enTexte(type, octets)
        if (texte.includes(CANARI)) fuites.push(`${compte} lit ${adresse}`)
        if (!adresse.includes(page) && texte.includes(page)) fuites.push(`${compte} voit l’adresse, ${adresse}`)
      }
    t.diagnostic(`${lues} pages et fichiers lus par ${curieux.length} comptes, ${fuites.length} fuite`)
    assert.deepEqual(fuites, [])
  })

  test('[ACC-04] no mail carries it, and nothing of the database holds it in clear', async () => {
    await essai.envoyerCourriels()
    assert.ok(essai.courriels.length > 0)
    for (const { subject, text } of essai.courriels) assert.doesNotMatch(subject + text, /chardonneret|Lacombe/i)
    const { pool } = essai.application.base
    const { rows: tables } = await pool.query("select tablename from pg_tables where schemaname = 'public'")
    /** Tables that hold a word, in a text or in bytes, which PostgreSQL writes in hexadecimal. */
    const tablesAvec = async (mot: string): Promise<string[]> => {
      const trouvees: string[] = []
      for (const { tablename } of tables as { tablename: string }[]) {
        const { rows } = await pool.query(
          `select count(*)::int as n from public.${tablename} x where x::text ilike $1 or x::text ilike $2`,
          [`%${mot}%`, `%${Buffer.from(mot).toString('hex')}%`],
        )
        if (rows[0].n > 0) trouvees.push(tablename)
      }
      return trouvees
    }
    assert.deepEqual(await tablesAvec(CANARI), [])
    assert.ok((await tablesAvec('Lacombe')).includes('dossier'), 'the search finds what is in clear')
    await pool.query('create table public.essai_octets (octets bytea)')
    await pool.query('insert into public.essai_octets values ($1)', [Buffer.from('une mésange bleue')])
    tables.push({ tablename: 'essai_octets' })
    assert.deepEqual(await tablesAvec('mésange'), ['essai_octets'], 'in bytes too')
  })

  test('the proof has teeth: the same word in the report is found by the préfecture', async () => {
    const { rows } = await essai.application.base.pool.query(
      "select id from formulaire where code = 'rapport-social-expulsion'",
    )
    assert.match((await essai.lire('prefecture', essai.adresse(`/${rows[0].id}`))).texte, /Avis transmis au préfet/)
  })
})
