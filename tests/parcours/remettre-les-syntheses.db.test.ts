import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { hacherMotDePasse, installerCompte, ouvrirConnexion, ouvrirSession } from '#acces'
import { consignerActe } from '#dossiers'
import { scellementDuDossier, tenirLocataires } from '#echanges'
import { suivreEngagements } from '#jobs'
import { copierDossier, ecrireCsv, importer, ligne, systeme } from '#tests/application'
import { clesDEssai } from '#tests/base'
import { type Compte, DEPT, type EssaiDesCercles, ouvrirEssaiDesCercles } from '#tests/ecrits'
import { lireTextePdf } from '#tests/pdf'

/**
 * Un ménage est assigné, son diagnostic est validé, les synthèses sont faites. Le secrétariat remet la synthèse à l’État. L’État la remet au tribunal, avec l’état du
 * surendettement et les anciennes procédures, et au bailleur social en même temps. Chacun lit ce qui lui est adressé ; le registre dit qui l’a ouvert.
 */
describe('from the secretariat to the court, through the State', () => {
  let essai: EssaiDesCercles
  let place: string

  before(async () => {
    essai = await ouvrirEssaiDesCercles()
    place = `/dossiers/${essai.dossier.reference}`
    await ouvrirSession(essai.application, systeme(), 'dossier.consulter', tenirLocataires)
    const diagnostic = randomUUID()
    const extrait = {
      valideLe: '2026-11-19',
      presence: 'Le ménage est venu',
      composition: null,
      reprise: null,
      plan: null,
    }
    const resume = await ouvrirSession(essai.application, systeme(), 'dossier.consulter', async (session) =>
      (await scellementDuDossier(session, clesDEssai, essai.dossier.id)).sceller(
        JSON.stringify({ ...extrait, surendettement: null, orientation: null }),
        { table: 'diagnostic_document', colonne: 'resume', id: diagnostic },
      ),
    )
    await essai.application.base.pool.query(
      `insert into diagnostic (dept, id, dossier, rang, etape, origine, etat, organisme, saisi_le, valide_a, valide_par, cree_a, cree_par)
       values ($1, $2, $3, 1, 'assignation', 'assignation', 'valide', $4, '2026-11-10', '2026-11-19T08:00:00Z', $5, '2026-11-10T08:00:00Z', $5)`,
      [DEPT, diagnostic, essai.dossier.id, essai.organisme('DEP71'), essai.ids.auteure],
    )
    await essai.application.base.pool.query(
      `insert into diagnostic_document (dept, diagnostic, dossier, octets, resume, empreinte, a, par) values ($1, $2, $3, $4, $4, 'x', '2026-11-19T08:00:00Z', $5)`,
      [DEPT, diagnostic, essai.dossier.id, resume, essai.ids.auteure],
    )
  })
  after(() => essai.fermer())

  const champ = (html: string, nom: string) => new RegExp(`name="${nom}" value="([^"]+)"`).exec(html)?.[1] ?? ''
  const produire = async (pour: string) => {
    const { html } = await essai.lire('secretariat', `${place}/syntheses/nouvelle?pour=${pour}`)
    const faite = await essai.poster('secretariat', `${place}/syntheses`, {
      pour,
      empreinte: champ(html, 'empreinte'),
      motif: 'Diagnostic validé.',
    })
    assert.equal(faite.statut, 303, faite.texte.slice(0, 400))
  }
  const envoyer = async (compte: Compte, genre: string) => {
    const relue = await essai.lire(compte, `/transmettre/${genre}`)
    const faite = await essai.poster(compte, `/transmettre/${genre}`, {
      empreinte: champ(relue.html, 'empreinte'),
      envoi: champ(relue.html, 'envoi'),
    })
    assert.equal(faite.statut, 303, faite.texte.slice(0, 800))
    return relue
  }
  const lireEnSousPrefecture = async () => {
    const { jeton } = await ouvrirConnexion(essai.application, {
      dept: DEPT,
      courriel: 'sous-prefecture@essai.example',
      motDePasse: 'essai-de-la-sous-prefecture',
      adresse: '192.0.2.99',
    })
    const page = await essai.serveur.inject({ url: '/transmettre/tribunal', cookies: { amont_session: jeton } })
    return page.body
  }
  const lier = async (compte: Compte, adresse: string, motif: RegExp) =>
    motif.exec((await essai.lire(compte, adresse)).html)?.[1] ?? ''

  test('[COU-12] without the synthèse for the judge nothing leaves, and what is missing is said', async () => {
    const page = await essai.lire('secretariat', '/transmettre/syntheses-etat')
    assert.match(page.texte, /1\sménage retenu/)
    assert.match(page.texte, /La synthèse pour le juge n’est pas faite/)
    assert.doesNotMatch(page.html, /name="empreinte"/)
  })

  test('[COU-12] the secretariat hands the synthèse to the State, which opens it', async () => {
    await produire('juge')
    await produire('bailleur')
    const relue = await envoyer('secretariat', 'syntheses-etat')
    assert.match(relue.texte, /Préfecture de Saône-et-Loire/)
    assert.match(relue.texte, /Version 1/)
    const recu = await lier('prefecture', '/recus', /\/recus\/([\w-]{36})/)
    const page = await essai.lire('prefecture', `/recus/${recu}`)
    assert.match(page.texte, /LACOMBE Séverine/)
    assert.match(page.texte, /Étape de la procédure/)
    assert.match((await essai.lire('secretariat', '/transmettre/registre')).texte, /Ouvert le 20\/11\/2026/)
    assert.equal((await essai.lire('autreSecretariat', `/transmettre/registre/${recu}`)).statut, 404)
  })

  test('[COU-13] the court must be known before anything leaves', async () => {
    const avant = await essai.lire('prefecture', '/transmettre/tribunal')
    assert.match(avant.texte, /Le tribunal n’est pas connu/)
    await ouvrirSession(essai.application, systeme(), 'dossier.consulter', async (session) => {
      await consignerActe(session, {
        dossier: essai.dossier.id,
        genre: 'assignation',
        le: Temporal.PlainDate.from('2026-11-04'),
        contenu: { tribunal: 'Tribunal judiciaire de Chalon-sur-Saône', audience_le: '2027-01-14' },
        envoi: randomUUID(),
      })
    })
    const apres = await essai.lire('prefecture', '/transmettre/tribunal')
    assert.match(apres.texte, /Tribunal judiciaire de Chalon-sur-Saône/)
    assert.match(apres.texte, /Aucun dossier connu/)
    assert.match(apres.texte, /OPAC de Saône-et-Loire/)
  })

  test('[COU-13] [DSF-31] what the ADIL wrote in the diagnosis waits for the accord of the household', async () => {
    const { pool } = essai.application.base
    await pool.query(
      `insert into diagnostic_volet (dept, diagnostic, dossier, volet, organisme, formulaire)
       select dept, id, dossier, 'juridique', $1, gen_random_uuid() from diagnostic`,
      [essai.organisme('ADIL71')],
    )
    const page = await essai.lire('prefecture', '/transmettre/tribunal')
    assert.match(page.texte, /l’accord du ménage manque/)
    assert.doesNotMatch(page.html, /name="empreinte"/)
    await pool.query(
      `insert into accord (dept, dossier, objet, sens, le, moyen, a) values ($1, $2, 'adil_prefet', 'accord', '2026-11-18', 'ecrit', now())`,
      [DEPT, essai.dossier.id],
    )
    assert.match((await essai.lire('prefecture', '/transmettre/tribunal')).html, /name="empreinte"/)
  })

  test('[COU-13] former procedures of the household in another dwelling go to the court, whichever dossier was opened first', async () => {
    assert.match((await essai.lire('prefecture', '/transmettre/tribunal')).texte, /Aucune connue/)
    const { pool } = essai.application.base
    await importer(
      essai.application,
      'CDJ71',
      'ancien.csv',
      ecrireCsv([
        ligne({
          type: 'assignation',
          reference_source: 'ANCIEN',
          nom_usage: 'Quintrec',
          prenom: 'Solange',
          date_naissance: '1961-02-03',
          adresse: '40 quai de la Gare',
          commune: 'Montceau-les-Mines',
          code_postal: '',
          date_acte: '2024-03-05',
          numero_allocataire: '',
        }),
      ]),
    )
    // One before and one after in the order of ids, which decides how a link is kept.
    const { rows } = await pool.query<{ id: string }>("select id from dossier where titulaire ilike '%quintrec%'")
    const ids = ['00000000-0000-4000-8000-000000000000', 'ffffffff-ffff-4fff-bfff-ffffffffffff']
    await copierDossier(
      essai.application,
      rows[0]?.id ?? '',
      ids.map((id, rang) => ({ id, numero: 900 + rang, commune: ['Le Creusot', 'Gueugnon'][rang] })),
    )
    for (const id of ids) {
      const dit = await essai.poster('secretariat', `${place}/procedure/antecedents`, { autre: id, reponse: 'meme' })
      assert.equal(dit.statut, 303)
    }
    const { texte } = await essai.lire('prefecture', '/transmettre/tribunal')
    for (const commune of ['Le Creusot', 'Gueugnon'])
      assert.match(texte, new RegExp(`autre logement \\(${commune}\\) : Assignation du 05/03/2024`))
  })

  test('[COU-13] where a sous-préfecture has somebody who sends, it alone hands over for its arrondissement', async () => {
    const { application } = essai
    await installerCompte(application.base, {
      dept: DEPT,
      courriel: 'sous-prefecture@essai.example',
      prenom: 'Camille',
      nom: 'SOUS-PREFECTURE',
      motDePasse: await hacherMotDePasse('essai-de-la-sous-prefecture'),
      organisme: 'SP71-AUTUN',
      role: 'prefecture',
      du: Temporal.PlainDate.from('2020-01-01'),
      motif: 'Essai',
      a: application.horloge.now(),
    })
    assert.match((await essai.lire('prefecture', '/transmettre/tribunal')).texte, /Rien à transmettre/)
    assert.match(await lireEnSousPrefecture(), /name="empreinte"/)
    // Nobody is left there: the préfecture hands over.
    await application.base.pool.query(
      "update compte set ferme_a = now() where courriel = 'sous-prefecture@essai.example'",
    )
    assert.match((await essai.lire('prefecture', '/transmettre/tribunal')).html, /name="empreinte"/)
  })

  test('[COU-13] [COU-14] the court and the social landlord are served at the same time; the slip of the court holds the synthèse, the landlord reads its own only', async () => {
    await envoyer('prefecture', 'tribunal')
    const { rows } = await essai.application.base.pool.query(
      "select id, destinataire_nom, canal, a from bordereau where genre = 'tribunal' order by canal desc",
    )
    assert.deepEqual(
      rows.map(({ destinataire_nom: nom, canal }) => [nom, canal]),
      [
        ['Tribunal judiciaire de Chalon-sur-Saône', 'remise'],
        ['OPAC de Saône-et-Loire', 'amont'],
      ],
    )
    assert.equal(String(rows[0].a), String(rows[1].a))
    const pdf = await essai.lire('prefecture', `/transmettre/registre/${rows[0].id}/bordereau.pdf`)
    const texte = lireTextePdf(pdf.octets)
    for (const dit of [/Surendettement/, /Anciennes procédures/, /Synthèse jointe à la ligne 1/, /Signature/])
      assert.match(texte, dit)
    const bailleur = await essai.lire('bailleur', `/recus/${rows[1].id}`)
    assert.match(bailleur.texte, /LACOMBE Séverine/)
    for (const secret of [/Service social/, /Surendettement/, new RegExp(essai.dossier.reference)])
      assert.doesNotMatch(bailleur.texte, secret)
    assert.equal((await essai.lire('autreBailleur', `/recus/${rows[1].id}`)).statut, 404)
    assert.match((await essai.lire('prefecture', '/transmettre/tribunal')).texte, /Rien à transmettre/)
  })

  test('[COU-13] what the préfecture handed over is not owed again by the sous-préfecture that has somebody since', async () => {
    await essai.application.base.pool.query(
      "update compte set ferme_a = null where courriel = 'sous-prefecture@essai.example'",
    )
    assert.match(await lireEnSousPrefecture(), /Rien à transmettre/)
  })

  test('[DSF-28] printed is not delivered: the diagnosis is delivered to the judge the day the court received it, and a wrong day is corrected', async () => {
    const { pool } = essai.application.base
    const remises = async () =>
      (await pool.query('select destinataire, mode, le::text, synthese from diagnostic_envoi')).rows
    const secretariat = `insert into diagnostic_envoi (dept, id, diagnostic, dossier, quoi, destinataire, mode, le, organisme, envoi, a, par)
      select dept, gen_random_uuid(), id, dossier, 'diagnostic', 'ccapex', 'amont', '2026-11-12', organisme, gen_random_uuid(), now(), cree_par from diagnostic`
    assert.deepEqual(await remises(), [], 'nothing is handed yet')
    const { rows: remis } = await pool.query("select id from bordereau where canal = 'remise'")
    const adresse = `/transmettre/registre/${remis[0].id}`
    const recevoir = (le: string) => essai.poster('prefecture', `${adresse}/reception`, { recu_le: le })
    assert.equal((await recevoir('2026-11-30')).statut, 422)
    assert.deepEqual(await remises(), [])
    // It was printed some days ago.
    await pool.query("update bordereau set a = a - interval '4 days' where canal = 'remise'")
    const { rows: faites } = await pool.query("select id from synthese where destinataire = 'juge'")
    for (const le of ['2026-11-19', '2026-11-17', '2026-11-17']) {
      assert.equal((await recevoir(le)).statut, 303)
      assert.deepEqual(await remises(), [{ destinataire: 'juge', mode: 'greffe', le, synthese: faites[0].id }])
    }
    const { rows: faits } = await pool.query("select le::text from fait where type = 'diagnostic.remis' order by rang")
    assert.deepEqual(
      faits.map(({ le }) => le),
      ['2026-11-19', '2026-11-17'],
    )
    await pool.query(secretariat)
    await recevoir('2026-11-18')
    assert.equal((await pool.query('select remis_le::text from diagnostic')).rows[0].remis_le, '2026-11-18')
    assert.match((await essai.lire('prefecture', adresse)).texte, /Reçu le 18\/11\/2026/)
    const refus = await essai.poster('prefecture', `${adresse}/retirer`, { motif: 'Erreur' })
    assert.equal(refus.statut, 422)
  })

  test('[ENG-06] the automatic engagements of the secretariat and of the State are kept by these slips', async () => {
    await suivreEngagements(essai.application, DEPT)
    const { rows } = await essai.application.base.pool.query(
      `select e.engagement from engagement_tache e where e.engagement in ('secretariat/17', 'etat/3', 'etat/4') and e.etat = 'faite' order by 1`,
    )
    assert.deepEqual(
      rows.map(({ engagement }) => engagement),
      ['etat/3', 'etat/4', 'secretariat/17'],
    )
  })

  test('[COU-12] a new version of the synthèse is owed again', async () => {
    await produire('juge')
    assert.match((await essai.lire('secretariat', '/transmettre/syntheses-etat')).html, /name="empreinte"/)
  })

  test('[COU-11] for a household at the order to pay, the secretariat hands the landlord the synthèse made for it, and no other', async () => {
    const { pool } = essai.application.base
    assert.match((await essai.lire('secretariat', '/transmettre/syntheses-bailleur')).texte, /Rien à transmettre/)
    await pool.query("update dossier set stade = 'commandement_de_payer' where id = $1", [essai.dossier.id])
    const relue = await envoyer('secretariat', 'syntheses-bailleur')
    assert.match(relue.texte, /OPAC de Saône-et-Loire/)
    const { rows } = await pool.query("select id from bordereau where genre = 'syntheses-bailleur'")
    const recu = await essai.lire('bailleur', `/recus/${rows[0].id}`)
    assert.match(recu.texte, /LACOMBE Séverine/)
    assert.doesNotMatch(recu.texte, /Service social|pour le juge/)
    assert.equal((await essai.lire('autreBailleur', `/recus/${rows[0].id}`)).statut, 404)
    assert.match((await essai.lire('secretariat', '/transmettre/syntheses-bailleur')).texte, /Rien à transmettre/)
  })
})
