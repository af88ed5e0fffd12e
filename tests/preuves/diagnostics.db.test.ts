import assert from 'node:assert/strict'
import { randomBytes, randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { hacherMotDePasse, installerCompte, ouvrirConnexion } from '#acces'
import { type Compte, comptes, DEPT, type EssaiDesCercles, ouvrirEssaiDesCercles } from '#tests/ecrits'
import { lireTextePdf } from '#tests/pdf'

/**
 * Canaries in what a diagnosis says, in what was heard of it and in the landlord's journal, looked for in everything that the landlord, the mayor and whoever is not of
 * the matrix may open: screens, PDF, exports. And in the database, where nothing of it is in clear.
 */
const graine = randomBytes(4).toString('hex')
const CANARIS = ['social', 'financier', 'observation', 'bailleur', 'version'].map((nom) => `zqcanari${nom}${graine}`)
const [SOCIAL = '', FINANCIER = '', OBSERVATION = '', BAILLEUR = '', VERSION = ''] = CANARIS

describe('nobody outside the matrix reads a diagnosis', () => {
  let essai: EssaiDesCercles
  let dossier: string
  let place: string
  let diagnostic = ''
  const formulaires: Record<string, string> = {}
  let jetonMaire = ''

  const envoyer = async (compte: Compte, adresse: string, champs: Record<string, string | readonly string[]> = {}) => {
    const faite = await essai.poster(compte, adresse, { envoi: randomUUID(), ...champs })
    assert.equal(
      faite.statut,
      303,
      `${adresse} ${/Rien n’a été enregistré .{300}/.exec(faite.texte)?.[0] ?? faite.texte.slice(0, 500)}`,
    )
    return faite
  }
  const un = (suite: string) => `${place}/${diagnostic}/${suite}`
  const version = async () => /name="vue" value="(\d+)"/.exec((await essai.lire('auteure', place)).html)?.[1] ?? ''
  const bailleur = (champs: Record<string, string>) =>
    essai.poster('auteure', `${place}/bailleur`, {
      envoi: randomUUID(),
      canal: 'appel',
      le: '2026-11-19',
      resultat: 'information_donnee',
      contenu: `Montant confirmé. ${BAILLEUR}`,
      version: `Attend un plan. ${VERSION}`,
      ...champs,
    })
  const remplir = async (volet: string, groupes: readonly string[], champs: Record<string, string>) => {
    const adresse = `${place}/${formulaires[volet]}`
    const vu = /name="vu" value="(\d+)"/.exec((await essai.lire('auteure', adresse)).html)?.[1] ?? ''
    await envoyer('auteure', adresse, { vu, groupes, page: 'tout', ...champs })
    const apres = /terminer[\s\S]*?name="vu" value="(\d+)"/.exec((await essai.lire('auteure', adresse)).html)?.[1] ?? ''
    await envoyer('auteure', un(`volets/${volet}/terminer`), { vu: apres })
  }

  before(async () => {
    essai = await ouvrirEssaiDesCercles()
    dossier = `/dossiers/${essai.dossier.reference}`
    place = `${dossier}/diagnostics`
    const { pool } = essai.application.base
    // A mayor of the commune, in a sitting that opened this dossier to the mairie.
    const motDePasse = 'essai-de-la-mairie'
    await installerCompte(essai.application.base, {
      dept: DEPT,
      courriel: 'maire@essai.example',
      prenom: 'Camille',
      nom: 'MAIRE',
      motDePasse: await hacherMotDePasse(motDePasse),
      organisme: 'MAIRIE71-CREUSOT',
      role: 'maire',
      du: Temporal.PlainDate.from('2020-01-01'),
      motif: 'Essai',
      a: essai.application.horloge.now(),
    })
    await pool.query('update dossier set organismes_habilites = organismes_habilites || $2::uuid where dept = $1', [
      DEPT,
      essai.organisme('MAIRIE71-CREUSOT'),
    ])
    await pool.query(
      `insert into participation (dept, dossier, organisme, origine, motif, du, cree_a) values ($1, $2, $3, 'seance', 'Séance', '2026-11-01', now())`,
      [DEPT, essai.dossier.id, essai.organisme('MAIRIE71-CREUSOT')],
    )
    jetonMaire = (
      await ouvrirConnexion(essai.application, {
        dept: DEPT,
        courriel: 'maire@essai.example',
        motDePasse,
        adresse: '192.0.2.99',
      })
    ).jeton
    await envoyer('auteure', place, {
      organisme: essai.organisme('DEP71'),
      saisi_le: '2026-11-16',
      origine: 'assignation',
    })
    const { rows } = await pool.query('select id from diagnostic where dept = $1', [DEPT])
    diagnostic = (rows[0] as { id: string }).id
  })
  after(() => essai.fermer())

  test('[DOS-21] the Département talks with the landlord only once the household agreed, and in its presence; others are not held to it', async () => {
    const sansAccord = await bailleur({ present: 'oui' })
    assert.equal(sansAccord.statut, 422)
    assert.match(sansAccord.texte, /L’accord du ménage n’est pas noté : votre engagement le demande/)
    assert.match(sansAccord.html, new RegExp(`Montant confirmé. ${BAILLEUR}</textarea>`), 'what was typed is kept')
    await envoyer('auteure', `${dossier}/accords`, {
      objet: 'echange_bailleur',
      sens: 'accord',
      le: '2026-11-18',
      moyen: 'oral',
    })
    const sansPresence = await bailleur({})
    assert.equal(sansPresence.statut, 422)
    assert.match(sansPresence.texte, /demande que le ménage soit présent/)
    const envoi = randomUUID()
    assert.equal((await bailleur({ present: 'oui', envoi })).statut, 303)
    assert.equal((await bailleur({ present: 'oui', envoi })).statut, 303, 'sent twice')
    const journal = (await essai.lire('auteure', `${place}/bailleur`)).texte
    assert.match(journal, /Journal 1\séchange/)
    assert.match(journal, new RegExp(`${BAILLEUR}[\\s\\S]*Ce que dit le bailleur : Attend un plan. ${VERSION}`))
    const ailleurs = (await essai.lire('caf', `${place}/bailleur`)).texte
    assert.match(ailleurs, /Le contenu est réservé à ce service et au secrétariat/)
    assert.ok(!ailleurs.includes(BAILLEUR))
    assert.match((await essai.lire('secretariat', `${place}/bailleur`)).texte, new RegExp(BAILLEUR))
    const { rows } = await essai.application.base.pool.query('select count(*)::int as n from tentative_contact')
    assert.deepEqual(rows, [{ n: 0 }], 'none of this counts as reaching the household')
  })

  test('two people who set the same things see both versions; nothing is lost', async () => {
    const vue = await version()
    const choix = { referent: '', juridique: essai.organisme('DEP71'), visite_motif: '', visite_le: '' }
    await envoyer('auteure', un('reglages'), { vue, visite: 'proposee', ...choix })
    const seconde = await essai.poster('collegue', un('reglages'), { vue, visite: 'refusee', ...choix })
    assert.equal(seconde.statut, 409)
    assert.match(seconde.texte, /Refusée[\s\S]*Proposée/)
    const frais = /name="vue" value="(\d+)"/.exec(seconde.html)?.[1] ?? ''
    await envoyer('collegue', un('reglages'), { vue: frais, visite: 'refusee', ...choix })
    assert.match((await essai.lire('auteure', place)).texte, /Visite à domicile : Refusée/)
  })

  test('[DSF-30] the diagnosis is filled and validated with its canaries: those of the matrix read it', async () => {
    for (const volet of ['social', 'financier']) {
      const { vers } = await envoyer('auteure', un(`volets/${volet}`))
      formulaires[volet] = /diagnostics\/([0-9a-f-]{36})$/.exec(vers)?.[1] ?? ''
    }
    await envoyer('auteure', un('observations'), {
      de: 'bailleur',
      observe_le: '2026-11-19',
      texte: `Dit son inquiétude. ${OBSERVATION}`,
    })
    await remplir('social', ['rencontre', 'famille', 'parcours', 'besoins'], {
      presence: 'oui',
      information_transmission: 'oui',
      situation_familiale: 'couple',
      enfants: '1',
      orientation: 'relogement',
      parcours_texte: SOCIAL,
    })
    await remplir('financier', ['logement', 'reprise', 'plan'], {
      loyer: '450',
      dette_locative: '1620',
      reprise_loyer: 'partielle',
      remarques: FINANCIER,
    })
    await envoyer('auteure', un('relire'), { vue: await version() })
    await envoyer('auteure', un('valider'), { vue: await version(), forme: 'complet' })
    for (const compte of ['auteure', 'secretariat'] as const) {
      const texte = lireTextePdf((await essai.lire(compte, un('document'))).octets)
      for (const mot of [SOCIAL, FINANCIER, OBSERVATION]) assert.ok(texte.includes(mot), `${compte} ${mot}`)
    }
    // The CAF follows this household and has no part in this diagnosis: it knows that it exists, not what it says.
    assert.equal((await essai.lire('caf', un('document'))).statut, 404)
    const suivi = (await essai.lire('caf', place)).texte
    assert.match(suivi, /Validé le 20\snovembre|Validé/)
    for (const mot of CANARIS) assert.ok(!suivi.includes(mot))
    assert.ok(!suivi.includes('Télécharger le diagnostic'))
    await envoyer('auteure', un('remises'), { destinataire: 'secretariat', mode: 'amont', remis_le: '2026-11-20' })
    // Whoever does not read it makes no synthèse for the judge without it.
    for (const faite of [
      await essai.lire('caf', `${dossier}/syntheses/nouvelle?pour=juge`),
      await essai.poster('caf', `${dossier}/syntheses`, { pour: 'juge', empreinte: '', motif: 'Avant l’audience.' }),
    ]) {
      assert.equal(faite.statut, 422)
      assert.match(
        faite.texte,
        /Un diagnostic de ce ménage est validé : la synthèse pour le juge en reprend l’essentiel/,
      )
    }
    for (const pour of ['bailleur', 'juge', 'menage']) {
      const relue = await essai.lire('auteure', `${dossier}/syntheses/nouvelle?pour=${pour}`)
      const empreinte = /name="empreinte" value="(\w+)"/.exec(relue.html)?.[1] ?? ''
      await envoyer('auteure', `${dossier}/syntheses`, { pour, empreinte, motif: 'Avant l’audience.' })
    }
  })

  const adresses = (): readonly string[] => [
    '/dossiers',
    '/a-faire',
    '/diagnostics',
    '/locataires',
    '/recevoir',
    dossier,
    `${dossier}/imprimer`,
    `${dossier}/droit-acces`,
    '/dossiers/export?format=csv',
    place,
    `${place}/loyer`,
    `${place}/bailleur`,
    un('document'),
    ...Object.values(formulaires).flatMap((id) => ['', '/pdf', '/vierge'].map((suite) => `${place}/${id}${suite}`)),
    ...Object.values(formulaires).map((id) => `${dossier}/saisine/${id}`),
    ...['bailleur', 'juge', 'menage'].map((pour) => `${dossier}/syntheses/nouvelle?pour=${pour}`),
  ]

  test('[DSF-26] the landlord, the mayor, the préfet, the pilot and the others meet none of it, on screens, PDF and exports', async () => {
    const { rows } = await essai.application.base.pool.query('select id from synthese')
    const syntheses = (rows as { id: string }[]).flatMap(({ id }) => [
      `${dossier}/syntheses/${id}`,
      `${place}/syntheses/${id}`,
    ])
    const { rows: locataires } = await essai.application.base.pool.query('select id from locataire')
    const siennes = (locataires as { id: string }[]).map(({ id }) => `/locataires/${id}/synthese`)
    const dehors = comptes.filter(
      (compte) => !['auteure', 'collegue', 'autreCollegue', 'secretariat', 'autreSecretariat'].includes(compte),
    )
    const lecteurs: [string, (adresse: string) => Promise<{ statut: number; octets: Buffer }>][] = [
      ...dehors.map(
        (compte) =>
          [compte, (adresse: string) => essai.lire(compte, adresse)] as [
            string,
            (adresse: string) => Promise<{ statut: number; octets: Buffer }>,
          ],
      ),
      [
        'maire',
        async (adresse) => {
          const lue = await essai.serveur.inject({ url: adresse, cookies: { amont_session: jetonMaire } })
          return { statut: lue.statusCode, octets: lue.rawPayload }
        },
      ],
    ]
    const vus: string[] = []
    let pages = 0
    for (const [nom, lire] of lecteurs)
      for (const adresse of [...adresses(), ...syntheses, ...siennes]) {
        const { statut, octets } = await lire(adresse)
        pages += 1
        const contenu = octets.subarray(0, 5).toString() === '%PDF-' ? lireTextePdf(octets) : octets.toString('utf8')
        for (const mot of CANARIS) if (contenu.includes(mot)) vus.push(`${nom} ${adresse} ${statut}`)
        if (adresse.startsWith(place) && !['prefecture', 'adil', 'caf'].includes(nom))
          assert.notEqual(statut, 200, `${nom} opens ${adresse}`)
      }
    assert.deepEqual(vus, [])
    assert.ok(pages > 150)
  })

  test('nothing of it is in clear in the database', async () => {
    const { pool } = essai.application.base
    const { rows: tables } = await pool.query(
      `select table_name as nom from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`,
    )
    const trouves: string[] = []
    for (const { nom } of tables as { nom: string }[]) {
      const { rows } = await pool.query(`select count(*)::int as n from "${nom}" t where t::text ~ $1`, [
        CANARIS.join('|'),
      ])
      if ((rows[0] as { n: number }).n > 0) trouves.push(nom)
    }
    assert.deepEqual(trouves, [])
  })

  test('[DSF-25] « the household did not come » leaves for the judge without any part; a reason ends the rest', async () => {
    await envoyer('auteure', place, {
      organisme: essai.organisme('DEP71'),
      saisi_le: '2026-11-20',
      origine: 'assignation',
    })
    const { rows } = await essai.application.base.pool.query(
      'select id from diagnostic where dept = $1 order by rang desc limit 1',
      [DEPT],
    )
    diagnostic = (rows[0] as { id: string }).id
    const trop = await essai.poster('auteure', un('valider'), { vue: await version(), forme: 'menage_absent' })
    assert.equal(trop.statut, 422)
    assert.match(trop.texte, /Noter d’abord un entretien manqué ou une tentative de contact/)
    await envoyer('auteure', `${dossier}/contact`, {
      canal: 'appel',
      le: '2026-11-20',
      resultat: 'sans_reponse',
      demi_journee: 'matin',
    })
    await envoyer('auteure', un('valider'), { vue: await version(), forme: 'menage_absent' })
    const texte = lireTextePdf((await essai.lire('auteure', un('document'))).octets)
    assert.match(texte, /Le ménage n’est pas venu/)
    assert.match(texte, /matin\s:\sappel, pas joint/)
    assert.ok(!texte.includes('Volet social'))
    const juge = await essai.lire('auteure', `${dossier}/syntheses/nouvelle?pour=juge`)
    assert.match(juge.texte, /Le ménage n’est pas venu aux rendez-vous proposés/)
    assert.ok(!juge.texte.includes('Relogement'), 'the former diagnosis no longer speaks')
    await envoyer('auteure', un('remises'), { destinataire: 'secretariat', mode: 'amont', remis_le: '2026-11-20' })
    await envoyer('auteure', place, { organisme: essai.organisme('DEP71'), saisi_le: '2026-11-20', origine: 'demande' })
    const { rows: derniers } = await essai.application.base.pool.query(
      'select id from diagnostic where dept = $1 order by rang desc limit 1',
      [DEPT],
    )
    diagnostic = (derniers[0] as { id: string }).id
    await envoyer('auteure', un('impossible'), { vue: await version(), motif: 'parti' })
    assert.match((await essai.lire('secretariat', place)).texte, /Impossible Parti du logement/)
    assert.match((await essai.lire('secretariat', dossier)).texte, /Diagnostic impossible/)
    // A service that no longer follows the household does not hold the next diagnosis back.
    await envoyer('caf', place, { organisme: essai.organisme('CAF71'), saisi_le: '2026-11-20', origine: 'demande' })
    const { pool } = essai.application.base
    await pool.query(
      'update dossier set organismes_habilites = array_remove(organismes_habilites, $2::uuid) where dept = $1',
      [DEPT, essai.organisme('CAF71')],
    )
    await envoyer('secretariat', place, {
      organisme: essai.organisme('DEP71'),
      saisi_le: '2026-11-20',
      origine: 'demande',
    })
    assert.match((await essai.lire('secretariat', `${place}?rang=4`)).texte, /Le service ne suit plus ce dossier/)
  })
})
