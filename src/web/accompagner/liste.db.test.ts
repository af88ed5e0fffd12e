import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { parse } from 'csv-parse/sync'
import { ouvrirConnexion } from '#acces'
import { noterServices } from '#dossiers'
import { detectKind, readWorkbook } from '#socle/tableur'
import { frozenClock } from '#socle/time'
import { copierDossier } from '#tests/application'
import { openTestDatabase } from '#tests/base'
import { creerServeur } from '../serveur.ts'
import {
  creerDossiers,
  DEPT,
  type DossierCree,
  type Essai,
  type MenageEssai,
  ouvrirEssai,
  type PageLue,
} from './fabrique-essai.ts'
import { routesAccompagner } from './index.ts'

const SOUFFRANCE = 'Souffrance psychique repérée par un professionnel'

/** Households told apart by one thing each, so that every filter has its own answer. */
const CHOISIS: readonly MenageEssai[] = [
  {
    nom: 'Granvaux',
    prenom: 'Élodie',
    commune: 'Épinac',
    contenu: { adresse: '4 rue du Puits', montant_dette: 387_122, parc: 'prive', date_audience: '2026-12-10' },
  },
  {
    nom: 'Delormeau',
    prenom: 'Hugo',
    type: 'commandement_de_payer',
    contenu: { montant_dette: 64_000, parc: 'public' },
  },
  { nom: 'Tavernot', prenom: 'Lise', territoire: 'macon', commune: 'Mâcon', contenu: { montant_dette: 118_840 } },
  {
    nom: 'Peyraldi',
    prenom: 'Thomas',
    type: 'impaye_caf',
    contenu: { montant_dette: 50_000, parc: 'public' },
    retoucher: (derive) => ({
      ...derive,
      enSerie: true,
      criteres: [
        {
          id: 'souffrance-psychique',
          libelle: SOUFFRANCE,
          court: SOUFFRANCE,
          genre: 'auto_saisine',
          etat: 'atteint',
          source: 'Charte',
          valeurs: { 'menage.souffrance_psychique_reperee': true },
          sante: true,
        },
      ],
    }),
  },
  { nom: '=1+1', prenom: '@SUM(A1)', commune: 'Autun', contenu: { montant_dette: -1_250, parc: 'public' } },
]

const TACHE_EN_RETARD = {
  cle: 'tableau.reponse',
  libelle: 'Répondre au tableau',
  le: '2026-11-10',
  genre: 'tache',
  depart: 'Tableau du 03/11/2026',
  calcul: '7 jours',
  source: 'Paramètre du département',
  fiabilite: 'Usage local',
  aVerifier: false,
} as const

/** Enough for three pages, with ties on every key. */
const NOMBREUX: readonly MenageEssai[] = Array.from({ length: 120 }, (_, rang) => ({
  nom: `Ménage${String.fromCharCode(97 + (rang % 7))}`,
  prenom: 'Paul',
  territoire: 'louhans',
  commune: 'Louhans',
  type: rang % 3 === 0 ? 'impaye_caf' : 'assignation',
  le: `2026-0${1 + (rang % 6)}-10`,
  contenu: {
    ...(rang % 4 === 0 ? {} : { montant_dette: 10_000 * (rang % 5) }),
    ...(rang % 9 === 0 ? { date_audience: '2027-02-03' } : {}),
  },
}))

const noms = (page: PageLue): string[] =>
  [...page.html.matchAll(/<th scope="row"[^>]*><a href="\/dossiers\/([^"]+)">/g)].map(
    ([, reference]) => reference ?? '',
  )
const nombre = (page: PageLue): number => Number(/<h1>([\d ]+)/.exec(page.html)?.[1]?.replace(/\D/g, ''))
const lien = (page: PageLue, texte: string): string | null =>
  new RegExp(`<a class="b b-s" href="([^"]+)">(?:<svg[^>]*>.*?</svg>)?${texte}`)
    .exec(page.html)?.[1]
    ?.replaceAll('&amp;', '&') ?? null

describe('list of dossiers', () => {
  let essai: Essai
  let choisis: DossierCree[]
  let nombreux: DossierCree[]
  const reference = (rang: number): string => choisis[rang]?.reference ?? ''

  before(async () => {
    essai = await ouvrirEssai(await openTestDatabase())
    choisis = await creerDossiers(essai, CHOISIS)
    nombreux = await creerDossiers(essai, NOMBREUX)
    await essai.enSysteme('dossier.reaffecter', (session) =>
      noterServices(session, [
        {
          dossier: choisis[4]?.id ?? '',
          service: null,
          organisme: null,
          etat: 'sans_preneur',
          depuis: null,
          connu: true,
          habilites: [],
          echeances: [TACHE_EN_RETARD],
        },
      ]),
    )
  })
  after(() => essai.fermer())

  const CAS: readonly [string, string, readonly number[]][] = [
    ['[DOS-01]', 'etape=commandement_de_payer', [1]],
    ['[DOS-01]', 'parc=public&etape=impaye', [3]],
    ['[DOS-01]', 'etape=commandement_de_payer&parc=prive', []],
    ['[DOS-06]', 'parc=public&dette=500', [1, 3]],
    ['[DOS-06]', 'dette=2000', [0]],
    ['[REP-16]', 'echeance=retard', [4]],
    ['[REP-16]', 'echeance=retard&territoire=macon', []],
    ['[RAP-07]', 'inconnus=oui&territoire=macon', [2]],
    ['[TER-02]', 'territoire=macon', [2]],
    ['[DOS-01]', 'audience=oui', [0]],
    ['[RAP-04]', 'serie=oui', [3]],
    ['[DOS-30]', 'clos=oui', []],
  ]
  for (const [exigence, filtre, attendus] of CAS) {
    test(`${exigence} the filter « ${filtre} » shows its rows and their exact number`, async () => {
      const page = await essai.lire('secretariat', `/dossiers?${filtre}`)
      assert.equal(page.statut, 200)
      assert.deepEqual(noms(page).sort(), attendus.map(reference).sort())
      assert.equal(nombre(page), attendus.length)
      assert.ok(page.html.includes('<title>'), 'the number is in the title of the tab')
      assert.match(page.html, new RegExp(`<title>[^<]*${attendus.length} dossier`))
    })
  }

  test('each filter in force is a pill whose link removes that one only', async () => {
    const page = await essai.lire('secretariat', '/dossiers?parc=public&dette=500&tri=dette')
    assert.match(page.html, /href="\/dossiers\?dette=500&amp;tri=dette">Parc/)
    assert.match(page.html, /href="\/dossiers\?parc=public&amp;tri=dette">Dette/)
    assert.match(page.html, /href="\/dossiers\?tri=dette">Tout retirer/)
  })

  for (const [cherche, rang] of [
    ['granvaux', 0],
    ['Granvo', 0],
    ['elodie granvaux', 0],
    ['ÉPINAC rue du puit', 0],
    ['peyraldy', 3],
  ] as const) {
    test(`the search « ${cherche} » finds the household in spite of accents and typing`, async () => {
      const page = await essai.lire('secretariat', `/dossiers?q=${encodeURIComponent(cherche)}`)
      assert.deepEqual(noms(page), [reference(rang)])
    })
  }

  test('a search that is exactly a reference opens the dossier, whole or as lists write it', async () => {
    for (const texte of [reference(0), reference(0).toLowerCase(), reference(0).replace(`${DEPT}-20`, '')]) {
      const page = await essai.lire('secretariat', `/dossiers?q=${texte}`)
      assert.deepEqual([page.statut, page.vers], [303, `/dossiers/${reference(0)}`])
    }
    assert.equal((await essai.lire('caf', `/dossiers?q=${reference(0)}`)).statut, 200)
  })

  for (const tri of ['echeance', 'menage', 'dette', 'stade', 'signal']) {
    for (const sens of ['croissant', 'decroissant']) {
      test(`pages by key sorted by ${tri} (${sens}) go forward and back without loss nor repetition`, async () => {
        const depart = `/dossiers?territoire=louhans&tri=${tri}&sens=${sens}`
        const aller: string[][] = []
        let derniere: PageLue | null = null
        for (let adresse: string | null = depart; adresse !== null; adresse = lien(derniere, 'Suivants')) {
          derniere = await essai.lire('secretariat', adresse)
          aller.push(noms(derniere))
          assert.equal(nombre(derniere), 120)
          assert.ok(aller.length <= 3, 'three pages of fifty at most')
        }
        assert.deepEqual(
          aller.map((page) => page.length),
          [50, 50, 20],
        )
        assert.deepEqual(aller.flat().sort(), nombreux.map((dossier) => dossier.reference).sort())
        assert.ok(derniere?.texte.includes('101 à 120 sur 120'))
        const retour: string[][] = []
        let page: PageLue | null = derniere
        for (
          let adresse = lien(derniere as PageLue, 'Précédents');
          adresse !== null;
          adresse = lien(page, 'Précédents')
        ) {
          page = await essai.lire('secretariat', adresse)
          retour.unshift(noms(page))
        }
        assert.deepEqual(retour, aller.slice(0, 2))
      })
    }
  }

  test('rows kept as they were written say what is true now: another day, another name, another debt', async () => {
    const adresse = '/dossiers?territoire=tous&echeance=retard'
    assert.match((await essai.lire('secretariat', adresse)).texte, /10 j de retard/)
    const application = { ...essai.application, horloge: frozenClock('2026-11-21T08:00:00Z') }
    const lendemain = await creerServeur(application, routesAccompagner, { securise: false, departement: DEPT })
    const { jeton } = await ouvrirConnexion(application, {
      dept: DEPT,
      courriel: 'secretariat@essai.example',
      motDePasse: 'essai-amont-2026',
      adresse: '127.0.0.1',
    })
    const demain = await lendemain.inject({ url: adresse, cookies: { amont_session: jeton } })
    assert.match(demain.body.replace(/[\u00a0\u202f]/g, ' '), /11 j de retard/)
    await lendemain.close()

    const liste = '/dossiers?territoire=macon'
    assert.match((await essai.lire('secretariat', liste)).texte, /TAVERNOT Lise.*1 188,40 €/)
    const { pool } = essai.application.base
    const changer = (titulaire: string, dette: number) =>
      pool.query('update dossier set titulaire = $1, dette = $2 where id = $3', [titulaire, dette, choisis[2]?.id])
    await changer('TAVERNOT Élise', 99_000)
    assert.match((await essai.lire('secretariat', liste)).texte, /TAVERNOT Élise.*990,00 €/)
    await changer('TAVERNOT Lise', 118_840)
    assert.match((await essai.lire('secretariat', liste)).texte, /TAVERNOT Lise.*1 188,40 €/)
  })

  test('the sort is said on its header, and the next click turns it round', async () => {
    const page = await essai.lire('secretariat', '/dossiers?tri=dette')
    assert.match(
      page.html,
      /<th scope="col" class="num" aria-sort="descending"><a href="\/dossiers\?tri=dette&amp;sens=croissant">Dette/,
    )
    const dettes = noms(page).indexOf(reference(0))
    assert.equal(dettes, 0, 'the heaviest debt comes first')
  })

  test('[ACC-01] a secretariat opens on its own territory, and everything is one tab away', async () => {
    const page = await essai.lire('secretariat', '/dossiers')
    assert.match(
      page.html,
      /<nav class="vues"[^>]*><a href="\/dossiers\?territoire=autun" aria-current="page">Autun<span>4<\/span>/,
    )
    assert.equal(nombre(page), 4)
    assert.match(page.html, /<a href="\/dossiers\?territoire=tous">Tous<span>125<\/span>/)
    assert.equal(nombre(await essai.lire('chalon', '/dossiers')), 0)
    assert.equal(nombre(await essai.lire('chalon', '/dossiers?territoire=tous')), 125)
  })

  test('[ACC-06] a social service lists and counts its households only, and another one does not exist for it', async () => {
    const [sienne] = await essai.enSysteme(
      'dossier.consulter',
      (session) => session.sql<{ reference: string; code: string }>`select d.reference, o.code from dossier d
        join organisme o on o.dept = ${DEPT} and o.id = d.organisme where d.dept = ${DEPT} and d.organisme is not null order by d.reference limit 1`,
    )
    assert.ok(sienne)
    const [dedans, dehors] =
      sienne.code === 'DEP71' ? (['departement', 'adil'] as const) : (['adil', 'departement'] as const)
    assert.equal((await essai.lire(dedans, `/dossiers/${sienne.reference}`)).statut, 200)
    const refusee = await essai.lire(dehors, `/dossiers/${sienne.reference}`)
    const absente = await essai.lire(dehors, `/dossiers/${DEPT}-2026-99999`)
    assert.equal(refusee.statut, 404)
    assert.equal(refusee.html, absente.html, 'nothing tells « not yours » from « does not exist »')
    assert.equal((await essai.poster(dehors, `/dossiers/${sienne.reference}/contact`, {})).statut, 404)
    assert.ok(!noms(await essai.lire(dehors, '/dossiers?territoire=tous')).includes(sienne.reference))
    const contenu = (await essai.lire(dehors, '/dossiers/export.csv?territoire=tous')).octets.toString('utf8')
    assert.ok(!contenu.includes(sienne.reference))
  })

  test('[ACC-01] a criterion near health is neither shown, offered, filtered nor exported without the right to it', async () => {
    for (const compte of ['prefecture', 'secretariat'] as const) {
      const liste = await essai.lire(compte, '/dossiers?q=peyraldi&territoire=tous')
      assert.deepEqual(noms(liste), [reference(3)])
      assert.ok(!liste.html.includes('psychique'), compte)
      const filtree = await essai.lire(compte, '/dossiers?critere=souffrance-psychique&territoire=tous')
      assert.equal(nombre(filtree), 125, 'the filter is as if it were not there')
      const exportee = await essai.lire(compte, '/dossiers/export.csv?q=peyraldi')
      assert.ok(!exportee.octets.toString('utf8').includes('psychique'))
      assert.ok(!(await essai.lire(compte, `/dossiers/${reference(3)}`)).html.includes('psychique'))
    }
    await essai.enSysteme(
      'dossier.reaffecter',
      (
        session,
      ) => session.sql`update dossier set organismes_habilites = array(select id from organisme where dept = ${DEPT} and code = 'DEP71')
        where dept = ${DEPT} and reference = ${reference(3)}`,
    )
    const entitled = await essai.lire('departement', '/dossiers?critere=souffrance-psychique')
    assert.deepEqual(noms(entitled), [reference(3)])
    assert.ok(entitled.html.includes(SOUFFRANCE))
    assert.ok((await essai.lire('departement', `/dossiers/${reference(3)}`)).html.includes(SOUFFRANCE))
  })

  test('[ACC-13] an export holds exactly the rows of the filter, in their order, and is journalled without the text looked for', async () => {
    const filtre = 'territoire=louhans&etape=assignation&tri=menage'
    const attendues: string[] = []
    for (let adresse: string | null = `/dossiers?${filtre}`; adresse !== null; ) {
      const page = await essai.lire('secretariat', adresse)
      attendues.push(...noms(page))
      adresse = lien(page, 'Suivants')
    }
    assert.equal(attendues.length, 80)
    for (const format of ['csv', 'xlsx', 'ods'] as const) {
      const fichier = await essai.lire('secretariat', `/dossiers/export.${format}?${filtre}`)
      assert.equal(fichier.statut, 200)
      assert.equal(detectKind(fichier.octets), format)
      assert.match(String(fichier.entetes['content-disposition']), new RegExp(`dossiers-2026-11-20\\.${format}`))
      const lignes =
        format === 'csv'
          ? (parse(fichier.octets, { bom: true, delimiter: ';' }) as string[][])
          : await readWorkbook(fichier.octets, format)
      assert.deepEqual(
        lignes.slice(1).map(([premiere]) => premiere),
        attendues,
        format,
      )
    }
    await essai.lire('secretariat', '/dossiers/export.csv?q=granvaux')
    const journal = await essai.enSysteme(
      'journal.consulter',
      (session) => session.sql<{ details: Record<string, unknown> }>`select details from journal
        where dept = ${DEPT} and action = 'dossiers.exporter' order by id desc limit 4`,
    )
    assert.deepEqual(
      journal.map(({ details }) => [details.format, details.nombre, details.filtres]),
      [
        ['csv', 1, { texte: true }],
        ['ods', 80, { territoire: 'louhans', etape: 'assignation' }],
        ['xlsx', 80, { territoire: 'louhans', etape: 'assignation' }],
        ['csv', 80, { territoire: 'louhans', etape: 'assignation' }],
      ],
    )
    assert.equal((await essai.lire('bailleur', '/dossiers/export.csv')).statut, 403)
  })

  test('[ACC-13] no cell of an export runs as a formula, and a negative amount stays a number', async () => {
    const filtre = 'parc=public&etape=assignation'
    const csv = parse((await essai.lire('secretariat', `/dossiers/export.csv?${filtre}`)).octets, {
      bom: true,
      delimiter: ';',
    }) as string[][]
    assert.equal(csv.length, 2)
    assert.equal(csv[1]?.[1], "'=1+1 @SUM(A1)")
    assert.equal(csv[1]?.[5], '-12,50')
    const xlsx = await readWorkbook((await essai.lire('secretariat', `/dossiers/export.xlsx?${filtre}`)).octets, 'xlsx')
    assert.deepEqual([xlsx[1]?.[1], xlsx[1]?.[5]], ['=1+1 @SUM(A1)', '-12.5'])
  })

  test('a saved view keeps the filters of one reader, is counted, and can be forgotten then kept after all', async () => {
    const gardee = await essai.poster('secretariat', '/dossiers/vues', {
      nom: 'Mes urgences',
      requete: 'dette=2000&mot_de_passe=x',
    })
    assert.deepEqual([gardee.statut, gardee.vers], [303, '/dossiers?dette=2000'])
    const deux = await essai.poster('secretariat', '/dossiers/vues', { nom: 'Mes urgences', requete: 'dette=2000' })
    assert.match(JSON.stringify(deux.message), /elle remplace celle qui portait ce nom/)
    const page = await essai.lire('secretariat', '/dossiers?dette=2000')
    assert.match(page.html, /<a href="\/dossiers\?dette=2000" aria-current="page">Mes urgences<span>1<\/span>/)
    assert.ok(page.texte.includes('Oublier cette vue'))
    assert.ok(!(await essai.lire('chalon', '/dossiers?dette=2000')).texte.includes('Mes urgences'))
    const id = /name="id" value="([^"]+)"/.exec(page.html)?.[1] ?? ''
    const oubliee = await essai.poster('secretariat', '/dossiers/vues/oublier', {
      id,
      nom: 'Mes urgences',
      requete: 'dette=2000',
    })
    assert.ok(!(await essai.lire('secretariat', '/dossiers')).texte.includes('Mes urgences'))
    const { defaire } = oubliee.message ?? {}
    assert.ok(defaire)
    await essai.poster('secretariat', defaire.action, defaire.champs)
    assert.ok((await essai.lire('secretariat', '/dossiers')).texte.includes('Mes urgences'))
    const sansNom = await essai.poster('secretariat', '/dossiers/vues', { nom: ' ', requete: 'dette=2000' })
    assert.equal(sansNom.statut, 422)
    assert.ok(sansNom.html.includes('<title>Erreur'))
  })

  test('[REP-11] households chosen in the list are confided together with a reason, and taken back together', async () => {
    const deux = choisis.slice(0, 2)
    const ids = deux.map(({ id }) => id)
    const retour = '/dossiers?territoire=autun'
    const services = () =>
      essai.enSysteme(
        'dossier.consulter',
        (session) => session.sql<{
          code: string | null
          etat: string
        }>`select o.code, d.etat_service as etat from dossier d
          left join organisme o on o.dept = ${DEPT} and o.id = d.organisme where d.dept = ${DEPT} and d.id = any (${ids}::uuid[]) order by d.reference`,
      )
    const avant = await services()
    const choix = await essai.poster('secretariat', '/dossiers/choisis', { dossier: ids, action: 'confier', retour })
    const relue = await essai.lire('secretariat', choix.vers)
    assert.ok(relue.texte.includes('Confier 2 ménages à un service'))
    assert.ok(deux.every((dossier) => relue.html.includes(dossier.reference)))

    const champs = { dossiers: ids.join(','), retour, organisme: 'ADIL71' }
    const sansMotif = await essai.poster('secretariat', '/dossiers/confier', { ...champs, motif: '' })
    assert.equal(sansMotif.statut, 422)
    assert.match(sansMotif.html, /<option value="ADIL71" selected/, 'what was chosen is kept')
    assert.match(sansMotif.html, /<a href="#c-motif">/)
    assert.deepEqual(await services(), avant)

    const faite = await essai.poster('secretariat', '/dossiers/confier', { ...champs, motif: 'Demande du ménage' })
    assert.deepEqual([faite.statut, faite.vers], [303, retour])
    assert.deepEqual(await services(), [
      { code: 'ADIL71', etat: 'proposee' },
      { code: 'ADIL71', etat: 'proposee' },
    ])
    assert.ok((await essai.lire('adil', `/dossiers/${reference(0)}`)).texte.includes('Demande du ménage'))
    const encore = await essai.poster('secretariat', '/dossiers/confier', { ...champs, motif: 'Encore' })
    assert.equal(encore.statut, 422)
    assert.ok(encore.texte.includes('Déjà chez ADIL'))

    const { defaire } = faite.message ?? {}
    assert.ok(defaire)
    assert.equal((await essai.poster('secretariat', defaire.action, defaire.champs)).statut, 303)
    assert.deepEqual(await services(), avant)
  })

  test('[REP-11] choosing nothing says so instead of acting, and a service may not confide', async () => {
    const rien = await essai.poster('secretariat', '/dossiers/choisis', { action: 'confier', retour: '/dossiers' })
    assert.ok(rien.message?.texte.includes('Cocher d’abord'))
    const refusee = await essai.poster('caf', '/dossiers/confier', {
      dossiers: choisis[0]?.id ?? '',
      organisme: 'CAF71',
      motif: 'Pour nous',
    })
    assert.equal(refusee.statut, 403)
  })

  test('[ACC-01] a form without the token of the session, or from another site, changes nothing', async () => {
    const champs = {
      dossiers: choisis[2]?.id ?? '',
      organisme: 'ADIL71',
      motif: 'Essai de faux formulaire',
      retour: '/dossiers',
    }
    const faux = await essai.poster('secretariat', '/dossiers/confier', { ...champs, _jeton: 'autre' })
    const etranger = await essai.poster('secretariat', '/dossiers/confier', champs, {
      origin: 'https://exemple.example',
    })
    assert.deepEqual([faux.statut, etranger.statut], [403, 403])
    const [ligne] = await essai.enSysteme(
      'dossier.consulter',
      (session) => session.sql<{ n: number }>`select count(*)::int as n from fait
        where dept = ${DEPT} and dossier = ${choisis[2]?.id} and type = 'dossier.reaffecte'`,
    )
    assert.equal(ligne?.n, 0)
  })

  test('a form opened before another session keeps what was typed: sent again, it goes under the name of who is signed in', async () => {
    const champs = {
      dossiers: [choisis[1]?.id ?? '', choisis[2]?.id ?? ''],
      organisme: 'ADIL71',
      motif: 'Suivi « budget » <repris>',
      retour: '/dossiers',
    }
    const perime = { ...champs, _jeton: 'autre' }
    const refuse = await essai.poster('secretariat', '/dossiers/confier', perime, { 'sec-fetch-site': 'same-origin' })
    assert.equal(refuse.statut, 403)
    assert.match(
      refuse.texte,
      /Formulaire périmé .*rien n’a été enregistré.*Il sera envoyé au nom de Camille SECRETARIAT/,
    )
    const gardes = [...refuse.html.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)]
      .map(([, nom, valeur]) => [nom, valeur] as const)
      .filter(([nom]) => nom !== '_jeton')
    assert.deepEqual(gardes, [
      ['dossiers', champs.dossiers[0]],
      ['dossiers', champs.dossiers[1]],
      ['organisme', 'ADIL71'],
      ['motif', 'Suivi « budget » &lt;repris&gt;'],
      ['retour', '/dossiers'],
    ])
    assert.match(refuse.html, /<form [^>]*action="\/dossiers\/confier" method="post"/)
    // Nothing of it is handed back to a page that may not be ours.
    assert.doesNotMatch((await essai.poster('secretariat', '/dossiers/confier', perime)).html, /name="motif"/)
    const secret = { _jeton: 'autre', mot_de_passe: 'zqsecret' }
    const tu = await essai.poster('secretariat', '/dossiers/confier', secret, { 'sec-fetch-site': 'same-origin' })
    assert.doesNotMatch(tu.html, /zqsecret/)
  })

  test('a form sent after the end of the session keeps what was typed, and the way to sign in beside it', async () => {
    const champs = { motif: 'Suivi <repris>', retour: '/dossiers', _jeton: 'ancien' }
    const fini = { cookie: 'amont_session=finie', host: 'amont.example', referer: 'https://amont.example/dossiers?q=a' }
    const page = await essai.poster('secretariat', '/dossiers/confier', champs, {
      ...fini,
      'sec-fetch-site': 'same-origin',
    })
    assert.equal(page.statut, 401)
    assert.match(
      page.texte,
      /Session terminée .*rien n’est enregistré.*Se connecter dans un nouvel onglet.*Envoyer à nouveau/,
    )
    assert.match(page.html, /<a [^>]*href="\/connexion\?vers=%2Fdossiers%3Fq%3Da" target="_blank"/)
    assert.match(page.html, /<form [^>]*action="\/dossiers\/confier" method="post"/)
    assert.match(page.html, /name="motif" value="Suivi &lt;repris&gt;"/)
    assert.doesNotMatch(page.html, /_jeton/)
    // What may come from elsewhere, or holds a secret, only leads to signing in.
    const ailleurs = await essai.poster('secretariat', '/dossiers/confier', champs, fini)
    const secret = { ...champs, mot_de_passe: 'zqsecret' }
    const tu = await essai.poster('secretariat', '/dossiers/confier', secret, {
      ...fini,
      'sec-fetch-site': 'same-origin',
    })
    for (const { statut, vers } of [ailleurs, tu])
      assert.deepEqual([statut, vers], [303, '/connexion?vers=%2Fdossiers%3Fq%3Da'])
    const etranger = { ...fini, 'sec-fetch-site': 'cross-site', referer: 'https://exemple.example/dossiers' }
    assert.equal((await essai.poster('secretariat', '/dossiers/confier', champs, etranger)).vers, '/connexion?vers=%2F')
  })

  test('[DOS-30] a text that finds few open dossiers says how many closed ones answer; the reference of a closed one opens it', async () => {
    const { pool } = essai.application.base
    const clore = (le: string | null) =>
      pool.query('update dossier set clos_le = $2 where id = $1', [choisis[1]?.id, le])
    await clore('2026-11-02')
    const page = await essai.lire('secretariat', '/dossiers?territoire=tous&q=delormeau')
    assert.equal(nombre(page), 0)
    assert.match(page.texte, /1 dossier clos répond aussi à ce texte\. Voir le dossier clos/)
    assert.match(page.html, /href="\/dossiers\?q=delormeau&amp;clos=oui/)
    const exacte = await essai.lire('secretariat', `/dossiers?territoire=tous&q=${reference(1)}`)
    assert.deepEqual([exacte.statut, exacte.vers], [303, `/dossiers/${reference(1)}`])
    await clore(null)
    assert.doesNotMatch((await essai.lire('secretariat', '/dossiers?territoire=tous&q=granvaux')).texte, /clos répond/)
  })

  test('[RAP-07] an expelled household is no longer among those in procedure that nobody knows, in the list as in the watch', async () => {
    const { pool } = essai.application.base
    const mener = (stade: string) => pool.query('update dossier set stade = $2 where id = $1', [choisis[2]?.id, stade])
    await mener('expulsion')
    for (const filtre of ['inconnus=oui&territoire=macon', 'inconnus=oui&territoire=macon&dette=500'])
      assert.equal(nombre(await essai.lire('secretariat', `/dossiers?${filtre}`)), 0, filtre)
    await mener('assignation')
    assert.equal(nombre(await essai.lire('secretariat', '/dossiers?inconnus=oui&territoire=macon')), 1)
  })

  test('a text that finds more dossiers than are looked at says so: those shown, counted and exported resemble it most', async () => {
    const { application } = essai
    const source = choisis[0]?.id ?? ''
    const fini = (await essai.lire('secretariat', '/dossiers?territoire=tous&q=granvaux')).texte
    assert.doesNotMatch(fini, /Plus de \d|seuls les plus ressemblants/)
    await copierDossier(
      application,
      source,
      Array.from({ length: 1000 }, (_, n) => ({ numero: 50_001 + n })),
    )
    await application.base.pool.query(
      `insert into recherche_dossier (dept, dossier, noms, texte, approches)
        select r.dept, d.id, r.noms, r.texte, r.approches from recherche_dossier r, dossier d
        where r.dossier = $1 and d.dept = r.dept and d.reference like '71-2024-5%'`,
      [source],
    )
    const page = await essai.lire('secretariat', '/dossiers?territoire=tous&q=granvaux')
    assert.match(page.texte, /Plus de 1.000 dossiers pour « granvaux »/)
    assert.match(page.texte, /1.000 dossiers au 20\/11\/2026, les plus ressemblants/)
    assert.match(page.texte, /seuls les plus ressemblants sont montrés, comptés et exportés/)
  })
})
