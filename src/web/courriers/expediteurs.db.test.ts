import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { hacherMotDePasse, installerCompte, type Role } from '#acces'
import { lireDossier } from '#dossiers'
import { tenirLocataires } from '#echanges'
import { preparerCourriers, produireLotCourriers } from '#jobs'
import { noterAccord } from '#participations'
import type { Database } from '#socle/db'
import { lireTextePdf } from '#tests/pdf'
import {
  applicationLe,
  avecBase,
  creerDossiers,
  enSysteme,
  enTantQue as enTantQueCompte,
  type MenageEssai,
  type Navigateur,
  naviguer,
} from '../tableaux/fabrique-essai.ts'
import { routesCourriers } from './index.ts'

const JOUR = '2026-11-16'
const ADRESSE = { code_postal: '71400', commune: 'Autun', civilite: 'Mme' }

const menage = (nom: string, type: string, contenu: Readonly<Record<string, unknown>> = {}): MenageEssai => ({
  nom,
  signaux: [{ type, le: '2026-11-05', acteLe: '2026-11-03', contenu: { ...ADRESSE, ...contenu } }],
})

/** Puts an organisme in charge of a household, or engages it beside the one in charge. */
async function engager(base: Database, dossier: string, code: string, enCharge = true): Promise<void> {
  const { rowCount } = await base.pool.query(
    `update dossier d set organismes_habilites = array[o.id], organisme = case when $3 then o.id else d.organisme end,
      etat_service = case when $3 then 'prise' else d.etat_service end
    from organisme o where o.dept = d.dept and o.code = $2 and d.id = $1`,
    [dossier, code, enCharge],
  )
  assert.equal(rowCount, 1, `${code} is engaged`)
}

/** An account of an organisme the other tests have none of. */
async function ajouterCompte(base: Database, nom: string, organisme: string, role: Role): Promise<void> {
  await installerCompte(base, {
    dept: '71',
    courriel: `${nom}@essai.example`,
    prenom: 'Camille',
    nom: nom.toUpperCase(),
    motDePasse: await hacherMotDePasse('essai-amont-2026'),
    organisme,
    role,
    du: Temporal.PlainDate.from('2020-01-01'),
    motif: 'Essai',
    a: Temporal.Instant.from('2026-01-01T08:00:00Z'),
  })
}

async function enTantQue(base: Database, compte: string, travail: (n: Navigateur) => Promise<void>): Promise<void> {
  const n = await naviguer(applicationLe(base, JOUR), compte, routesCourriers)
  try {
    await travail(n)
  } finally {
    await n.fermer()
  }
}

const versionDe = (html: string): string => /name="version" value="(\d+)"/.exec(html)?.[1] ?? ''
const lienDe = (html: string, nom: string): string =>
  new RegExp(`href="(/courriers/[0-9a-f-]{36})">${nom}`).exec(html)?.[1] ?? ''
const ENTETE = {
  version: '0',
  nom: 'Service social départemental',
  lignes: 'Maison des solidarités\n2 rue de l’Exemple\n71400 AUTUN',
  telephone: '03 00 11 22 33',
  courriel: '',
  signature: 'La responsable du service',
}

test('[COU-18] the social service writes its head, fixes the appointment, sends its letter, and alone reads it', () =>
  avecBase(async (base) => {
    const application = applicationLe(base, JOUR)
    const [morel, autre] = await creerDossiers(application, [
      menage('Morel', 'assignation', { date_audience: '2027-01-12', courriel: 'morel@essai.example' }),
      menage('Vernache', 'assignation'),
    ])
    assert.ok(morel && autre)
    await enTantQueCompte(application, 'SEC71-AUTUN', 'secretariat', 'accord.noter', async (session) =>
      noterAccord(session, await lireDossier(session, morel.reference), {
        objet: 'courrier_electronique',
        sens: 'accord',
        le: session.jour,
        moyen: 'oral',
      }),
    )
    await engager(base, morel.id, 'DEP71')
    await engager(base, autre.id, 'CAF71')
    await preparerCourriers(application, '71')
    let courrier = ''
    await enTantQue(base, 'departement', async (n) => {
      const accueil = await n.lire('/courriers')
      assert.match(accueil.texte, /n’a pas encore d’en-tête/)
      assert.doesNotMatch(accueil.texte, /une audience au tribunal/, 'letters of secretariats are not its own')
      const liste = await n.lire('/courriers/modeles/departement-menage-assignation')
      assert.doesNotMatch(liste.texte, /VERNACHE/, 'the household the CAF took is not written to')
      courrier = lienDe(liste.html, 'Madame Camille MOREL')
      const seul = await n.lire(courrier)
      assert.match(seul.texte, /ne peut pas être composé/)
      assert.doesNotMatch(seul.texte, /Comment il part/, 'the household agreed to mails of the secretariat alone')
      const mail = { version: versionDe(seul.html), canal: 'courriel', courriel: 'morel@essai.example' }
      assert.equal((await n.envoyer(`${courrier}/canal`, mail)).statut, 422)
      assert.match(
        (await n.envoyer('/courriers/modeles/departement-menage-assignation/canal', {})).message?.texte ?? '',
        /Aucun/,
      )
      const produire = '/courriers/modeles/departement-menage-assignation/produire'
      const tot = await n.envoyer(produire, { envoi: randomUUID() })
      assert.equal(tot.statut, 422)
      assert.match(tot.texte, /Écrire d’abord l’en-tête/)
      const faux = await n.envoyer('/courriers/en-tete', { ...ENTETE, lignes: '2 rue de l’Exemple' })
      assert.equal(faux.statut, 422)
      assert.match(faux.html, /03 00 11 22 33/, 'what was typed is kept')
      assert.equal((await n.envoyer('/courriers/en-tete', ENTETE)).statut, 303)
      assert.equal((await n.envoyer('/courriers/en-tete', ENTETE)).statut, 409, 'a head changed meanwhile is shown')
      const avant = await n.lire(courrier)
      assert.match(avant.texte, /Appelez-nous : 03 00 11 22 33/)
      assert.match(avant.texte, /nous choisirons ensemble un jour/)
      await n.envoyer(`${courrier}/corriger`, {
        version: versionDe(avant.html),
        nom: 'Madame Camille MOREL',
        adresse: '12 rue des Forges\n71400 AUTUN',
        'rendez_vous.quand': 'jeudi 26 novembre à 14 h',
        'rendez_vous.lieu': 'à votre domicile',
      })
      const lance = await n.envoyer(produire, { envoi: randomUUID() })
      const lot = lance.vers.split('/').at(-1) ?? ''
      await produireLotCourriers(application, '71', lot)
      const texte = lireTextePdf((await n.lire(`${lance.vers}/lot.pdf`)).octets)
      for (const dit of [
        /Service social départemental/,
        /jeudi 26\snovembre/,
        /mardi 12\sjanvier 2027/i,
        /La responsable du service/,
      ])
        assert.match(texte, dit)
      await n.envoyer(`${lance.vers}/envoyer`, { le: JOUR, canal: 'courrier' })
      const registre = await n.lire('/courriers/registre')
      assert.match(registre.texte, /MOREL .* 16\/11\/2026 Par courrier Camille DEPARTEMENT/)
    })
    await enTantQue(base, 'secretariat', async (n) => {
      assert.equal((await n.lire(courrier)).statut, 404, 'a secretariat does not read the letters of a service')
      assert.doesNotMatch((await n.lire(`/dossiers/${morel.reference}/courriers`)).texte, /Du service social/)
      assert.doesNotMatch((await n.lire('/courriers/registre')).texte, /MOREL/)
    })
    await enTantQue(base, 'caf', async (n) => assert.equal((await n.lire(courrier)).statut, 404))
    // Losing the dossier is losing its letters.
    await base.pool.query("update dossier set organismes_habilites = '{}', organisme = null where id = $1", [morel.id])
    await enTantQue(base, 'departement', async (n) => {
      assert.equal((await n.lire(courrier)).statut, 404)
      assert.doesNotMatch((await n.lire('/courriers/registre')).texte, /MOREL/)
    })
  }))

test('[COU-34] [COU-30] a letter is proposed to the organisme engaged on the dossier, under its own condition', () =>
  avecBase(async (base) => {
    const application = applicationLe(base, JOUR)
    const [connu, inconnu, aide] = await creerDossiers(application, [
      menage('Morel', 'commandement_de_payer', { suivi_adil: true }),
      menage('Vernache', 'commandement_de_payer', { suivi_adil: false }),
      menage('Quillet', 'commandement_de_payer', { aide_logement: true, parc: 'prive', bailleur_nom: 'SCI du Vallon' }),
    ])
    assert.ok(connu && inconnu && aide)
    await engager(base, connu.id, 'ADIL71', false)
    await engager(base, inconnu.id, 'ADIL71', false)
    await engager(base, aide.id, 'CAF71', false)
    await preparerCourriers(application, '71')
    const { rows } = await base.pool.query(
      `select c.modele, c.nom, o.code from courrier c join organisme o on o.id = c.organisme where o.type <> 'secretariat' order by 1, 2`,
    )
    assert.deepEqual(
      rows.filter(({ modele }) => modele !== 'caisse-bailleur-plan'),
      [
        { modele: 'adil-menage-rendez-vous', nom: 'Madame Camille MOREL', code: 'ADIL71' },
        { modele: 'caisse-bailleur-impaye', nom: 'SCI du Vallon', code: 'CAF71' },
      ],
    )
    assert.equal(await preparerCourriers(application, '71'), 0, 'once')
  }))

test('[COU-40] a social landlord writes to its tenant without ever reading the dossier', () =>
  avecBase(async (base) => {
    const application = applicationLe(base, JOUR)
    await ajouterCompte(base, 'opac', 'OPAC71', 'emetteur')
    await ajouterCompte(base, 'mh', 'MH71', 'emetteur')
    const [morel] = await creerDossiers(application, [
      menage('Morel', 'impaye_bailleur_social', {
        parc: 'social',
        bailleur_nom: 'OPAC de Saône-et-Loire',
        suivi_departement: true,
      }),
    ])
    assert.ok(morel)
    await enSysteme(application, 'locataire.consulter', tenirLocataires)
    await engager(base, morel.id, 'DEP71')
    await preparerCourriers(application, '71')
    const { rows } = await base.pool.query(
      "select id, cite from courrier where modele = 'bailleur-social-menage-impaye'",
    )
    assert.equal(rows.length, 1)
    assert.equal(rows[0].cite.faits['service.nom'], null, 'which service follows the household is not the landlord’s')
    await enTantQue(base, 'opac', async (n) => {
      await n.envoyer('/courriers/en-tete', ENTETE)
      const page = await n.lire(`/courriers/${rows[0].id}`)
      assert.equal(page.statut, 200)
      assert.match(page.texte, /12 rue des Forges/)
      assert.match(page.texte, /Appelez-nous : 03 00 11 22 33/)
      assert.doesNotMatch(page.html, new RegExp(`${morel.reference}|Ouvrir le dossier`))
      const lance = await n.envoyer('/courriers/modeles/bailleur-social-menage-impaye/produire', {
        envoi: randomUUID(),
      })
      await produireLotCourriers(application, '71', lance.vers.split('/').at(-1) ?? '')
      assert.equal((await n.envoyer(`${lance.vers}/envoyer`, { le: JOUR, canal: 'courrier' })).statut, 303)
      assert.match((await n.lire('/courriers/registre')).texte, /MOREL/)
      assert.equal((await n.lire(`/dossiers/${morel.reference}/courriers`)).statut, 404)
    })
    await enTantQue(base, 'mh', async (n) => assert.equal((await n.lire(`/courriers/${rows[0].id}`)).statut, 404))
    const faits = await base.pool.query("select type from fait where dossier = $1 and type = 'courrier.envoye'", [
      morel.id,
    ])
    assert.equal(faits.rows.length, 1)
  }))

test('[COU-37] a message is copied, never sent: the person says they sent it, and may take that back', () =>
  avecBase(async (base) => {
    const application = applicationLe(base, JOUR)
    await ajouterCompte(base, 'al', 'AL71', 'partenaire')
    const [morel] = await creerDossiers(application, [menage('Morel', 'impaye_caf', { garantie_visale: true })])
    assert.ok(morel)
    await engager(base, morel.id, 'AL71', false)
    await preparerCourriers(application, '71')
    await enTantQue(base, 'al', async (n) => {
      const liste = await n.lire('/courriers/modeles/action-logement-message')
      assert.doesNotMatch(liste.texte, /Produire les courriers complets|adresse à compléter/)
      const force = await n.envoyer('/courriers/modeles/action-logement-message/produire', { envoi: randomUUID() })
      assert.match(force.texte, /Un message se copie/)
      const adresse = lienDe(liste.html, 'Madame Camille MOREL')
      const page = await n.lire(adresse)
      assert.match(page.texte, /Amont n’envoie pas ce message/)
      const dit = await n.envoyer(`${adresse}/message`, { version: versionDe(page.html), le: JOUR })
      assert.equal(dit.statut, 303, dit.texte.slice(0, 400))
      const apres = await n.lire(adresse)
      assert.match(apres.texte, /par message, hors d’amont/)
      assert.doesNotMatch(apres.texte, /Revenu \?/)
      await n.envoyer(`${adresse}/message/defaire`, dit.message?.defaire?.champs ?? {})
      assert.match((await n.lire(adresse)).texte, /Je l’ai envoyé moi-même/)
    })
    const faits = await base.pool.query(
      "select type from fait where dossier = $1 and type like 'courrier.%' order by rang",
      [morel.id],
    )
    assert.deepEqual(
      faits.rows.map(({ type }) => type),
      ['courrier.envoye', 'courrier.envoi_annule'],
    )
  }))

test('[COU-45] a letter nothing proposes is chosen from the dossier, once for one form, by the organisme that sends it', () =>
  avecBase(async (base) => {
    const application = applicationLe(base, JOUR)
    const [morel] = await creerDossiers(application, [menage('Morel', 'commandement_de_payer')])
    assert.ok(morel)
    await preparerCourriers(application, '71')
    const adresse = `/dossiers/${morel.reference}/courriers`
    await enTantQue(base, 'secretariat', async (n) => {
      const page = await n.lire(adresse)
      assert.match(page.texte, /Au ménage : ce que la commission propose/)
      assert.doesNotMatch(page.texte, /Du service social au ménage/, 'only letters of its own')
      const demande = randomUUID()
      const choisi = await n.envoyer(adresse, { modele: 'menage-commission-orientation', demande })
      const encore = await n.envoyer(adresse, { modele: 'menage-commission-orientation', demande })
      assert.equal(encore.vers, choisi.vers, 'the same form sent twice prepares one letter')
      const courrier = await n.lire(choisi.vers)
      assert.match(courrier.texte, /La commission a demandé à des services de vous aider/)
      await n.envoyer(`${choisi.vers}/corriger`, {
        version: versionDe(courrier.html),
        nom: 'Madame Camille MOREL',
        adresse: '12 rue des Forges\n71400 AUTUN',
        'commission.orientation': 'un rendez-vous avec le service social',
      })
      assert.match((await n.lire(choisi.vers)).texte, /La commission propose : un rendez-vous avec le service social/)
      const refus = await n.envoyer(adresse, { modele: 'association-menage-concours', demande: randomUUID() })
      assert.equal(refus.statut, 422)
    })
    assert.equal(await preparerCourriers(application, '71'), 0)
    const { rows } = await base.pool.query("select etat from courrier where modele = 'menage-commission-orientation'")
    assert.deepEqual(rows, [{ etat: 'propose' }], 'what somebody asked for waits for them')
  }))

/** What a session of the commission pronounced for a household and told: one recommendation, with its reason. */
async function prononcer(base: Database, dossier: string, code: string, a: string): Promise<void> {
  const application = applicationLe(base, JOUR)
  const sceller = (quoi: unknown, place: string) =>
    enSysteme(application, 'dossier.consulter', async (session) => (await session.coffre()).sceller(quoi, place))
  const { rows } = await base.pool.query(
    `with c as (
      insert into commission (dept, nom, niveau, territoires, secretariat, cree_a)
      select o.dept, 'Commission', 'territoriale', '{autun}', o.id, now() from organisme o where o.code = 'SEC71-AUTUN' returning *
    ), s as (
      insert into seance (dept, commission, le, debut, fin, etat, cree_a) select dept, id, '2026-11-12', '09:00', '12:00', 'prevue', now() from c returning *
    ) insert into inscription (dept, seance_id, dossier_id, origine, rang, etat, inscrite_a)
    select dept, id, $1, 'cql', 1, 'inscrit', now() from s returning id, seance_id`,
    [dossier],
  )
  const [deliberation, prononce] = [randomUUID(), randomUUID()]
  await base.pool.query(
    `insert into deliberation (dept, id, inscription, seance, dossier, etat, contenu, stade, ouverte_a, modifiee_a, modifiee_par, adoptee_a)
    select '71', $1, $2, $3, $4, 'adoptee', $5, 'commandement_de_payer', now(), now(), c.id, now() from compte c where c.courriel = 'secretariat@essai.example'`,
    [
      deliberation,
      rows[0].id,
      rows[0].seance_id,
      dossier,
      await sceller({ discours: '', report: null }, `deliberation|contenu|${deliberation}`),
    ],
  )
  const dit = {
    texte: 'Motif confidentiel.',
    menage: 'Morel',
    adresse: '',
    commission: 'Commission',
    destinataire: '',
    seance_le: '2026-11-12',
  }
  await base.pool.query(
    `insert into prononce (dept, id, deliberation, seance, dossier, genre, code, contenu, organisme, etat, notifie_a)
    select '71', $1, $2, $3, $4, 'recommandation', $5, $6, o.id, 'attendu', now() from organisme o where o.code = $7`,
    [prononce, deliberation, rows[0].seance_id, dossier, code, await sceller(dit, `prononce|contenu|${prononce}`), a],
  )
}

test('[COU-45] the letter after a session takes up what was recommended and to whom, never why', () =>
  avecBase(async (base) => {
    const application = applicationLe(base, JOUR)
    const [morel] = await creerDossiers(application, [menage('Morel', 'commandement_de_payer')])
    assert.ok(morel)
    await prononcer(base, morel.id, 'travailleur-social', 'DEP71')
    await enTantQue(base, 'secretariat', async (n) => {
      const choisi = await n.envoyer(`/dossiers/${morel.reference}/courriers`, {
        modele: 'menage-commission-orientation',
        demande: randomUUID(),
      })
      const courrier = await n.lire(choisi.vers)
      assert.match(courrier.texte, /s’est réunie le jeudi 12 novembre 2026/)
      assert.match(
        courrier.texte,
        /La commission propose : faire intervenir un travailleur social \(Service social départemental\)/,
      )
      assert.doesNotMatch(courrier.texte, /Motif confidentiel/)
    })
  }))

test('[COU-45] looking for new letters proposes those of the commission too, as the morning does', () =>
  avecBase(async (base) => {
    const application = applicationLe(base, JOUR)
    const [morel] = await creerDossiers(application, [menage('Morel', 'commandement_de_payer')])
    assert.ok(morel)
    await prononcer(base, morel.id, 'travailleur-social', 'DEP71')
    await enTantQue(base, 'secretariat', async (n) => {
      await n.envoyer('/courriers/preparer', {})
      assert.match((await n.lire('/courriers/modeles/menage-commission-orientation')).texte, /Camille MOREL/)
    })
  }))

test('[COU-45] a long orientation reaches the household whole, its address corrected meanwhile; what is typed too long is refused, and kept', () =>
  avecBase(async (base) => {
    const application = applicationLe(base, JOUR)
    const [morel] = await creerDossiers(application, [menage('Morel', 'commandement_de_payer')])
    assert.ok(morel)
    const nom = `Service social ${'du pays de Saône et Loire '.repeat(16)}jusqu’au bout`
    await base.pool.query("update organisme set nom = $1 where code = 'DEP71'", [nom])
    await prononcer(base, morel.id, 'travailleur-social', 'DEP71')
    await enTantQue(base, 'secretariat', async (n) => {
      const { vers } = await n.envoyer(`/dossiers/${morel.reference}/courriers`, {
        modele: 'menage-commission-orientation',
        demande: randomUUID(),
      })
      const corriger = async (orientation?: string) => {
        const { html } = await n.lire(vers)
        const ecrite = /<textarea[^>]*name="commission.orientation"[^>]*>([^<]*)</.exec(html)?.[1]?.trim() ?? ''
        return n.envoyer(`${vers}/corriger`, {
          version: versionDe(html),
          nom: 'Madame Camille MOREL',
          adresse: '12 rue des Forges\n71400 AUTUN',
          'commission.orientation': orientation ?? ecrite,
        })
      }
      assert.match((await n.lire(vers)).texte, /jusqu’au bout\) ?\./)
      assert.equal((await corriger()).statut, 303)
      assert.match((await n.lire(vers)).texte, /12 rue des Forges.*jusqu’au bout\) ?\./)
      const longue = await corriger(`${'a'.repeat(2000)} fin`)
      assert.equal(longue.statut, 422)
      assert.match(longue.texte, /orientation retenue » : 2\s000 signes au plus/)
      assert.match(longue.html, /aaa fin</)
    })
  }))

test('[COU-01] [COU-28] the catalogue says, sender by sender, who writes in this département and what no data proposes', () =>
  avecBase((base) =>
    enTantQue(base, 'secretariat', async (n) => {
      const { texte } = await n.lire('/courriers/catalogue')
      assert.match(texte, /Service social du Département 4 Dans ce département : Service social départemental\./)
      assert.match(texte, /Association \(AVDL, SAO\) 2 Aucun organisme de ce département n’envoie ces courriers/)
      assert.match(texte, /La liste de la direction départementale des territoires remplit le registre/)
      assert.ok(texte.indexOf('COU-18') > texte.indexOf('COU-17'), 'by step')
    }),
  ))
