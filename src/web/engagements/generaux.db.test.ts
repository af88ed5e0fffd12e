import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { type Droit, lireConnexion, ouvrirSession, type Session } from '#acces'
import { consignerActe } from '#dossiers'
import { envoyerDemande, repondreDemande } from '#echanges'
import { mesurerEngagements } from '#engagements'
import { openTestDatabase } from '#tests/base'
import type { Compte } from '../accompagner/fabrique-essai.ts'
import { routesSaisine } from '../saisine/index.ts'
import { type EssaiEngagements, ouvrirEssaiEngagements } from './fabrique-essai.ts'

describe('engagements that hold at every step, or outside any dossier', () => {
  let essai: EssaiEngagements
  before(async () => {
    essai = await ouvrirEssaiEngagements(await openTestDatabase(), routesSaisine)
  })
  after(() => essai.fermer())

  const organisme = async (code: string): Promise<string> =>
    (await essai.base.pool.query('select id from organisme where code = $1', [code])).rows[0].id
  const enTantQue = async <T>(qui: Compte, droit: Droit, travail: (session: Session) => Promise<T>): Promise<T> => {
    const connexion = await lireConnexion(essai.application, await essai.jeton(qui))
    assert.ok(connexion)
    return ouvrirSession(essai.application, connexion.acteur, droit, travail)
  }
  const demander = (de: Compte, vers: string, avant: string) =>
    enTantQue(de, 'echange.ecrire', async (session) =>
      envoyerDemande(session, {
        dossier: essai.dossier.id,
        genre: 'situation',
        texte: 'Dire ce qui a été fait.',
        destinataire: await organisme(vers),
        avant: Temporal.PlainDate.from(avant),
        envoi: randomUUID(),
      }),
    )
  const repondre = (qui: Compte, demande: string) =>
    enTantQue(qui, 'echange.ecrire', (session) =>
      repondreDemande(session, { dossier: essai.dossier.id, demande, texte: 'Fait le 17.' }),
    )

  test('[ENG-02] [ENG-09] a request of the secretariat is an engagement of whoever receives it, until the answer proves it', async () => {
    await essai.tenir()
    await assert.rejects(
      essai.tache(essai.dossier, 'generaux/signataires/5'),
      /is no task/,
      'nobody asked anything yet',
    )
    const { demande } = await demander('secretariat', 'CAF71', '2026-11-25')
    await essai.tenir()
    const { id, etat, echeance_le } = await essai.tache(essai.dossier, 'generaux/signataires/5')
    assert.deepEqual([etat, echeance_le], ['a_faire', '2026-11-25'])
    const file = await essai.lire('caf', '/engagements?file=a_faire')
    assert.match(file.texte, /Répondre au secrétariat de la commission/)
    assert.match(file.texte, /À toute étape/)
    const fiche = await essai.lire('caf', `${essai.adresse}/${id}`)
    assert.match(fiche.texte, /Engagement 5 de tous les signataires/)
    assert.match(fiche.texte, /Répondre dans « Échanger »/)
    await repondre('caf', demande)
    await essai.tenir()
    const apres = await essai.tache(essai.dossier, 'generaux/signataires/5')
    assert.deepEqual([apres.etat, apres.fait_le], ['faite', '2026-11-20'])
    assert.match(
      (await essai.lire('caf', `${essai.adresse}/${id}`)).texte,
      /Clos par la réponse enregistrée dans Amont/,
    )
    // Asked again, it is due again.
    await demander('secretariat', 'CAF71', '2026-12-01')
    await essai.tenir()
    const encore = await essai.tache(essai.dossier, 'generaux/signataires/5')
    assert.deepEqual([encore.etat, encore.echeance_le], ['a_faire', '2026-12-01'])
  })

  test('[ENG-02] [DOS-34] a partner that asks the secretariat makes it owe an answer; a request between partners owes the charter nothing', async () => {
    const { demande } = await demander('caf', 'SEC71-AUTUN', '2026-11-27')
    await essai.tenir()
    const due = await essai.tache(essai.dossier, 'generaux/secretariat/1')
    assert.deepEqual([due.etat, due.echeance_le], ['a_faire', '2026-11-27'])
    assert.match((await essai.lire('secretariat', `${essai.adresse}/${due.id}`)).texte, /27\/11/, 'the delay is seen')
    await repondre('secretariat', demande)
    await essai.tenir()
    assert.equal((await essai.tache(essai.dossier, 'generaux/secretariat/1')).etat, 'faite')
  })

  test('[ENG-02] the service in charge owes the contacts of every signatory, and what it reports is counted as told', async () => {
    const autres = await essai.base.pool.query(
      `select o.code from engagement_tache t join organisme o on o.dept = t.dept and o.id = t.organisme where t.dossier = $1 and t.engagement = 'generaux/signataires/2'`,
      [essai.dossier.id],
    )
    assert.deepEqual(
      autres.rows.map(({ code }) => code),
      ['CAF71'],
    )
    await enTantQue('caf', 'acte.consigner', (session) =>
      consignerActe(session, {
        dossier: essai.dossier.id,
        genre: 'asll',
        le: Temporal.PlainDate.from('2026-11-18'),
        contenu: { etat: 'accordee' },
        envoi: randomUUID(),
      }),
    )
    await essai.tenir()
    assert.equal((await essai.tache(essai.dossier, 'generaux/signataires/10')).etat, 'faite')
  })

  test('[ENG-02] [ENG-11] the page of the dossier offers what is said at every step, and the charter counts how they are kept', async () => {
    const page = await essai.lire('caf', essai.adresse)
    assert.match(page.texte, /Parler au ménage avec les mots communs/)
    await essai.enSysteme('engagement.tenir', mesurerEngagements)
    const groupes = await essai.lire('secretariat', '/charte/tenue')
    assert.match(groupes.texte, /Tous les signataires : engagements généraux/)
    const detail = await essai.lire('secretariat', '/charte/tenue?partenaire=generaux%2Fsignataires')
    assert.match(detail.texte, /5\. Répondre au secrétariat de la commission/)
    assert.match(
      (await essai.lire('secretariat', '/charte/engagements/generaux/signataires/5')).texte,
      /Comment il est tenu/,
    )
  })

  test('[ENG-04] what people entered meets the conditions, near health too: its holder has the task, and who does not read health is not told', async () => {
    const mandataire = randomUUID()
    await essai.base.pool.query(
      `insert into organisme (dept, id, code, nom, type, actif) values ('71', $1, 'MAND-ESSAI', 'Service mandataire d’essai', 'mandataire', true)`,
      [mandataire],
    )
    await essai.base.pool.query(
      `insert into participation (dept, dossier, organisme, origine, motif, du, jusqu_au, cree_a, compte)
       select '71', $1, $2, 'invitation', 'Mesure en cours', '2026-11-01', '2027-06-01', now(), c.id from compte c where c.courriel = 'secretariat@essai.example'`,
      [essai.autre.id, mandataire],
    )
    await essai.tenir()
    const siennes = async () =>
      (
        await essai.base.pool.query(
          `select id, engagement, certitude from engagement_tache where dossier = $1 and organisme = $2 and partenaire = 'mandataires' and etat = 'a_faire'`,
          [essai.autre.id, mandataire],
        )
      ).rows as { id: string; engagement: string; certitude: string }[]
    assert.ok((await siennes()).every(({ certitude }) => certitude !== 'applicable'))
    await enTantQue('caf', 'acte.consigner', (session) =>
      consignerActe(session, {
        dossier: essai.autre.id,
        genre: 'mesure_protection',
        le: Temporal.PlainDate.from('2026-10-01'),
        contenu: { type: 'curatelle' },
        envoi: randomUUID(),
      }),
    )
    await essai.tenir()
    const certaines = (await siennes()).filter(({ certitude }) => certitude !== 'a_verifier')
    assert.ok(certaines.length > 0, 'the condition is met')
    const adresse = `/dossiers/${essai.autre.reference}/engagements`
    const secretariat = await essai.lire('secretariat', adresse)
    for (const { id, engagement } of certaines) {
      assert.ok(!secretariat.html.includes(id), engagement)
      assert.equal((await essai.lire('secretariat', `${adresse}/${id}`)).statut, 404, engagement)
    }
    const file = await essai.lire('secretariat', `/engagements?file=a_faire&organisme=${mandataire}`)
    for (const { id } of certaines) assert.ok(!file.html.includes(id))
  })

  test('[AUT-19] a household that comes back to the FSL: the referral, already filled, is proposed to the Département, and filing it closes the engagement', async () => {
    await essai.base.pool.query(
      `insert into participation (dept, dossier, organisme, origine, motif, du, jusqu_au, cree_a, compte)
       select '71', $1, o.id, 'invitation', 'Suivi social', '2026-11-01', '2027-06-01', now(), c.id from compte c, organisme o
       where c.courriel = 'secretariat@essai.example' and o.code = 'DEP71'`,
      [essai.dossier.id],
    )
    await essai.tenir()
    assert.equal(
      (await essai.tache(essai.dossier, 'departement/17')).certitude,
      'a_verifier',
      'nobody said that the FSL was asked',
    )
    await enTantQue('departement', 'acte.consigner', (session) =>
      consignerActe(session, {
        dossier: essai.dossier.id,
        genre: 'fsl_demande',
        le: Temporal.PlainDate.from('2026-11-10'),
        contenu: { nature: 'maintien', stade: 'commandement_de_payer' },
        envoi: randomUUID(),
      }),
    )
    await essai.tenir()
    const { id, certitude } = await essai.tache(essai.dossier, 'departement/17')
    assert.equal(certitude, 'a_apprecier', 'good faith is never a condition a machine decides')
    const fiche = await essai.lire('departement', `${essai.adresse}/${id}`)
    assert.match(fiche.texte, /Bonne foi du ménage/)
    assert.match(fiche.texte, /Saisir la commission : le formulaire est déjà rempli/)
    const saisies = `/dossiers/${essai.dossier.reference}/saisine`
    assert.ok(fiche.html.includes(`href="${saisies}"`))
    const { vers } = await essai.poster('departement', saisies, { envoi: randomUUID() })
    const menage = await essai.lire('departement', `${vers}?groupe=menage`)
    assert.match(menage.html, /value="Valmonte"/)
    const vu = /name="vu" value="(\d+)"/.exec((await essai.lire('departement', `${vers}/deposer`)).html)?.[1] ?? ''
    assert.equal((await essai.poster('departement', `${vers}/deposer`, { vu })).statut, 303)
    await essai.tenir()
    assert.equal((await essai.tache(essai.dossier, 'departement/17')).etat, 'faite')
    // What a partner did of its own is told of it too, and the secretariat owes its instruction.
    assert.equal((await essai.tache(essai.dossier, 'generaux/signataires/6')).etat, 'faite')
    assert.equal((await essai.tache(essai.dossier, 'generaux/secretariat/2')).etat, 'a_faire')
  })

  test('[AUT-20] [AUT-21] a plan that cannot be kept, a sensitive situation: the referral is proposed to the caisse and to Action Logement', async () => {
    for (const [dossier, engagement, appreciation] of [
      [essai.dossier, 'caf/18', /Plan d’apurement jugé irréalisable/],
      [essai.autre, 'action-logement/9', /Action Logement juge la situation de logement sensible/],
    ] as const) {
      const { id, certitude, etat } = await essai.tache(dossier, engagement)
      assert.deepEqual([certitude, etat], ['a_apprecier', 'a_faire'], engagement)
      const fiche = await essai.lire('secretariat', `/dossiers/${dossier.reference}/engagements/${id}`)
      assert.match(fiche.texte, appreciation)
    }
    const caf = await essai.lire('caf', `${essai.adresse}/${(await essai.tache(essai.dossier, 'caf/18')).id}`)
    assert.match(caf.texte, /Saisir la commission : le formulaire est déjà rempli/)
    // At the four steps of the charter, from its data.
    const charte = essai.application.referentiel.departements.get('71')?.chartes[0]
    assert.deepEqual(
      charte?.engagements
        .filter(({ partenaire, preuve }) => partenaire === 'action-logement' && preuve === 'saisine')
        .map(({ stade }) => stade),
      ['impaye', 'commandement_de_payer', 'assignation', 'commandement_de_quitter_les_lieux'],
    )
  })

  test('[ENG-14] an engagement outside dossiers is followed by actions: date, proof, public; its organisme withdraws its own, another does not read it', async () => {
    const adresse = '/charte/actions'
    const envoi = randomUUID()
    const action = {
      engagement: 'caf/1',
      le: '2026-07-08',
      quoi: 'Lettre de juillet aux bailleurs privés',
      preuve: 'Modèle de la lettre et liste d’envoi du 8 juillet',
      public: 'bailleurs privés',
      nombre: '1240',
      envoi,
    }
    assert.equal((await essai.poster('caf', adresse, { ...action, le: '2027-01-01', envoi: randomUUID() })).statut, 422)
    assert.equal(
      (await essai.poster('caf', adresse, { ...action, engagement: 'etat/1', envoi: randomUUID() })).statut,
      422,
    )
    assert.equal((await essai.poster('caf', adresse, { ...action, preuve: '', envoi: randomUUID() })).statut, 422)
    for (const champ of ['quoi', 'preuve', 'public']) {
      const nomme = await essai.poster('caf', adresse, { ...action, [champ]: 'Vu 26-00412', envoi: randomUUID() })
      assert.equal(nomme.statut, 422, champ)
      assert.match(nomme.texte, /numéro de dossier/, champ)
    }
    assert.equal((await essai.poster('caf', adresse, action)).statut, 303)
    assert.equal((await essai.poster('caf', adresse, action)).statut, 303)
    const fiche = await essai.lire('caf', '/charte/engagements/caf/1')
    assert.equal(fiche.texte.match(/Lettre de juillet aux bailleurs privés/g)?.length, 1, 'sent twice, written once')
    assert.match(fiche.texte, /08\/07\/2026.*Preuve : Modèle de la lettre.*bailleurs privés, 1 240 personnes/)
    assert.match((await essai.lire('prefecture', '/charte/engagements/caf/1')).texte, /Lettre de juillet/)
    assert.doesNotMatch((await essai.lire('adil', '/charte/engagements/caf/1')).texte, /Lettre de juillet/)
    const { rows } = await essai.base.pool.query('select id from engagement_action')
    assert.equal((await essai.poster('adil', `${adresse}/${rows[0].id}/retirer`, {})).statut, 404)
    assert.equal((await essai.poster('caf', `${adresse}/${rows[0].id}/retirer`, {})).statut, 303)
    assert.doesNotMatch((await essai.lire('caf', '/charte/engagements/caf/1')).texte, /Lettre de juillet/)
  })
})
