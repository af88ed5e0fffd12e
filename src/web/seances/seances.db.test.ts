import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { type Application, acteurSysteme, ouvrirSession } from '#acces'
import { noterChangementsRecus, publierReleve } from '#commission'
import { tenirEngagements } from '#engagements'
import { retirerLot } from '#rapprochement'
import { ecrireCsv, importer, ligne } from '#tests/application'
import { DEPT } from '#tests/ecrits'
import { corriger, type EssaiDeSeance, ouvrirSeanceDEssai, remplirPoste } from './fabrique-essai.ts'

/** A change of situation of the household of these tests, reported by its landlord. */
const recevoirChangement = (application: Application, reference: string): Promise<string> =>
  importer(
    application,
    'OPAC71',
    `${reference}.csv`,
    ecrireCsv([
      ligne({
        type: 'changement_de_situation',
        reference_source: reference,
        date_signalement: '2026-11-20',
        parc: 'public',
        montant_dette: '',
        precision: 'Protocole signé.',
      }),
    ]),
  )

describe('a session of the commission, from its first dossier to the returns', () => {
  let un: EssaiDeSeance
  const poste = (rang: number): string => `/seances/${un.seance}/poste/${un.inscriptions[rang]}`
  const poster = async (rang: number, champs: Readonly<Record<string, string>>, compte = 'secretariat' as const) => {
    const page = await un.essai.lire(compte, poste(rang))
    assert.equal(page.statut, 200)
    return un.essai.poster(compte, poste(rang), remplirPoste(page, champs))
  }

  before(async () => {
    un = await ouvrirSeanceDEssai(3)
  })
  after(() => un?.essai.fermer())

  test('[COM-08] [COM-09] [COM-10] [COM-12] a dossier is decided in one screen, each gesture kept', async () => {
    const { essai } = un
    const vers = await essai.lire('secretariat', `/seances/${un.seance}/poste`)
    assert.equal(vers.vers, poste(0))
    const auto = await essai.poster(
      'secretariat',
      `${poste(0)}/auto`,
      remplirPoste(await essai.lire('secretariat', poste(0)), { 'q-maintien': 'oui' }),
    )
    assert.equal((JSON.parse(auto.html) as { version: number }).version, 1)
    assert.equal(
      (
        await poster(0, {
          'q-adapte_ressources': 'oui',
          'q-adapte_taille': 'oui',
          'avis-maintien-ou-suspension-aide': 'maintien',
          'pour-maintien-ou-suspension-aide': essai.organisme('CAF71'),
          'pouvoir-maintien-ou-suspension-aide': 'avis',
          'avis-aide-financiere-fsl': 'favorable',
          'pour-aide-financiere-fsl': essai.organisme('DEP71'),
          'rec-code': 'plan-ou-protocole',
          'rec-organisme': essai.organisme('OPAC71'),
          'rec-texte': 'Signer un plan de vingt-quatre mois',
          'note-texte': 'Le bailleur est prêt à attendre.',
          geste: 'enregistrer',
        })
      ).statut,
      303,
    )
    const lue = await essai.lire('secretariat', poste(0))
    assert.match(lue.texte, /Conclure un plan d’apurement.*Signer un plan de vingt-quatre mois/)
    assert.match(lue.texte, /Le bailleur est prêt à attendre\. Lue par : Secrétariat de la commission/)
    assert.match(lue.texte, /Deux lectures du droit|La date de saisine n’est pas connue/)
    await poster(0, { geste: 'proposer' })
    assert.match((await essai.lire('secretariat', poste(0))).html, /Le maintien dans le logement est possible/)
    const adopte = await poster(0, { geste: 'adopter' })
    assert.equal(adopte.vers, poste(1))
    assert.match((await essai.lire('secretariat', poste(1))).texte, /1 décidé sur 3/)
  })

  test('what is typed is sealed at rest', async () => {
    const { rows } = await un.essai.application.base.pool.query(
      `select contenu as t from deliberation union all select contenu from prononce union all select texte from note_debat`,
    )
    assert.ok(rows.length >= 4)
    for (const { t } of rows as { t: string }[]) assert.doesNotMatch(t, /plan|bailleur|maintien/i)
  })

  test('sent twice, a recommendation is added once; what is refused keeps what was typed', async () => {
    const page = await un.essai.lire('secretariat', poste(1))
    const champs = remplirPoste(page, {
      'rec-texte': 'Voir le point conseil budget',
      'rec-destinataire': 'Le ménage',
      geste: 'recommander',
    })
    assert.equal((await un.essai.poster('secretariat', poste(1), champs)).statut, 303)
    assert.equal((await un.essai.poster('secretariat', poste(1), champs)).statut, 303)
    const { rows } = await un.essai.application.base.pool.query(
      `select 1 from prononce where dept = $1 and genre = 'recommandation' and organisme is null`,
      [DEPT],
    )
    assert.equal(rows.length, 1)
    const refuse = await poster(1, { 'rec-texte': 'Une action sans personne', discours: 'Gardé', geste: 'adopter' })
    assert.equal(refuse.statut, 422)
    assert.match(refuse.texte, /Dire à qui s’adresse la recommandation/)
    assert.match(refuse.html, /value="Une action sans personne"/)
    assert.match(refuse.html, />Gardé</)
  })

  test('an opinion out of the closed list, or an expertise the State did not ask for, is refused', async () => {
    const refuse = await poster(1, { 'avis-maintien-ou-suspension-aide': 'expulsion', geste: 'enregistrer' })
    assert.equal(refuse.statut, 422)
    assert.match(refuse.texte, /la liste des avis est fermée/)
    assert.doesNotMatch((await un.essai.lire('secretariat', poste(1))).texte, /Expertise demandée par l’État/)
    await poster(1, { expertise: 'favorable', 'expertise-motif': 'Rien demandé', geste: 'enregistrer' })
    const { rows } = await un.essai.application.base.pool.query(`select 1 from prononce where genre = 'expertise'`)
    assert.equal(rows.length, 0)
  })

  test('two secretaries on one dossier: 409 with both versions, nothing lost', async () => {
    const { essai } = un
    const page = await essai.lire('secretariat', poste(1))
    const autre = await essai.lire('autreSecretariat', poste(1))
    assert.equal(
      (
        await essai.poster(
          'autreSecretariat',
          poste(1),
          remplirPoste(autre, { 'q-maintien': 'non', geste: 'enregistrer' }),
        )
      ).statut,
      303,
    )
    const conflit = await essai.poster(
      'secretariat',
      poste(1),
      remplirPoste(page, { 'q-maintien': 'oui', discours: 'Autre discours', geste: 'adopter' }),
    )
    assert.equal(conflit.statut, 409)
    assert.match(conflit.texte, /Camille AUTRESECRETARIAT a enregistré autre chose/)
    assert.match(conflit.texte, /Maintien possible \? Oui Non/)
    assert.match(conflit.texte, /Autre discours/)
    const formulaire = /<form[^>]*>(?:(?!<\/form>)[\s\S])*?Remplacer par ma saisie/.exec(conflit.html)?.[0] ?? ''
    const champs = Object.fromEntries(
      [...formulaire.matchAll(/name="([^"]+)" value="([^"]*)"/g)].map(([, nom = '', valeur = '']) => [nom, valeur]),
    )
    const { _jeton, ...envoyes } = champs
    assert.equal((await essai.poster('secretariat', poste(1), envoyes)).statut, 303)
    assert.match((await essai.lire('secretariat', poste(1))).html, />Autre discours</)
  })

  test('nobody but the secretariat holds the session; a dossier that is not on the agenda does not exist', async () => {
    for (const compte of ['prefecture', 'auteure', 'caf', 'bailleur', 'pilote'] as const)
      assert.equal((await un.essai.lire(compte, poste(0))).statut, 403, compte)
    assert.equal((await un.essai.lire('secretariat', `/seances/${un.seance}/poste/${randomUUID()}`)).statut, 404)
    assert.equal((await un.essai.lire('secretariat', `/seances/${randomUUID()}/poste`)).statut, 404)
  })

  test('[COM-15] closing waits for a change of the agenda under way, and reads what it left', async () => {
    const { essai } = un
    const { pool } = essai.application.base
    const { texte } = await essai.lire('secretariat', `/seances/${un.seance}/releve`)
    const [, restants = ''] = /(\d+) dossiers? n[’e]/.exec(texte) ?? []
    const change = await pool.connect()
    try {
      await change.query('begin')
      await change.query('select 1 from seance where dept = $1 and id = $2 for update', [DEPT, un.seance])
      await change.query(`update inscription set etat = 'retire' where dept = $1 and id = $2`, [
        DEPT,
        un.inscriptions[2],
      ])
      const cloture = essai.poster('secretariat', `/seances/${un.seance}/clore`, { restants })
      for (let attend = false; !attend; ) {
        const { rows } = await pool.query('select 1 from pg_locks where not granted')
        attend = rows.length > 0
      }
      await change.query('commit')
      assert.equal((await cloture).statut, 409)
    } finally {
      change.release()
    }
    await pool.query(`update inscription set etat = 'inscrit' where dept = $1 and id = $2`, [DEPT, un.inscriptions[2]])
  })

  test('[COM-15] closing puts off what is left, draws the statement up, and tells nobody before both co-chairs', async () => {
    const { essai } = un
    await poster(1, { geste: 'adopter' })
    const projet = await essai.lire('secretariat', `/seances/${un.seance}/releve`)
    assert.match(projet.texte, /1 dossier n’est pas décidé/)
    assert.equal((await essai.poster('secretariat', `/seances/${un.seance}/clore`, { restants: '0' })).statut, 409)
    assert.equal((await essai.poster('secretariat', `/seances/${un.seance}/clore`, { restants: '1' })).statut, 303)
    const releve = await essai.lire('secretariat', `/seances/${un.seance}/releve`)
    assert.match(releve.texte, /Reporté\. Faute de temps/)
    assert.equal((await essai.lire('bailleur', '/suites')).texte.includes('Signer un plan'), false)
    const pdf = await essai.lire('prefecture', `/seances/${un.seance}/releve.pdf`)
    assert.equal(pdf.statut, 200)
    assert.equal(pdf.octets.subarray(0, 5).toString(), '%PDF-')
    assert.match(pdf.octets.toString('latin1'), /pdfuaid/)
    for (const compte of ['caf', 'auteure'] as const)
      assert.equal((await essai.lire(compte, `/seances/${un.seance}/releve`)).statut, 404, compte)
    assert.equal(
      (await essai.poster('auteure', `/seances/${un.seance}/releve/approuver`, { vu: '1' })).statut,
      404,
      'of the Département, but not its co-chair',
    )
  })

  test('a correction makes the statement out of date; it is drawn up again before anybody approves', async () => {
    const { essai } = un
    const avant = (await essai.lire('prefecture', `/seances/${un.seance}/releve`)).html
    const vu = /name="vu" value="(\d+)"/.exec(avant)?.[1] ?? ''
    // Closed, a decision changes by a correction, with its reason; what it said stays.
    assert.equal((await poster(0, { discours: 'Sans correction', geste: 'enregistrer' })).statut, 409)
    await corriger(un, 0, 'Une phrase a été mal comprise')
    assert.equal((await poster(0, { discours: 'Discours corrigé', geste: 'enregistrer' })).statut, 303)
    assert.equal((await essai.poster('prefecture', `/seances/${un.seance}/releve/approuver`, { vu })).statut, 409)
    assert.equal((await essai.poster('secretariat', `/seances/${un.seance}/releve/refaire`, {})).statut, 303)
    assert.match((await essai.lire('prefecture', `/seances/${un.seance}/releve`)).texte, /Discours corrigé/)
  })

  test('approved by both sides, frozen; each addressee reads its part and no other', async () => {
    const { essai } = un
    for (const compte of ['prefecture', 'copilote'] as const) {
      const page = await essai.lire(compte, `/seances/${un.seance}/releve`)
      const vu = /name="vu" value="(\d+)"/.exec(page.html)?.[1] ?? ''
      assert.equal((await essai.poster(compte, `/seances/${un.seance}/releve/approuver`, { vu })).statut, 303, compte)
      assert.equal((await essai.poster(compte, `/seances/${un.seance}/releve/approuver`, { vu })).statut, 409)
    }
    // Told already by the answer; the job written with it does nothing more.
    await publierReleve(essai.application, DEPT, un.seance)
    const bailleur = await essai.lire('bailleur', '/suites')
    // Its home page says that something waits.
    assert.match((await essai.lire('bailleur', '/recevoir')).texte, /La commission attend 1 retour de votre organisme/)
    assert.match(bailleur.texte, /Lacombe/i)
    assert.match(bailleur.texte, /Signer un plan de vingt-quatre mois/)
    assert.match(bailleur.texte, /Suivre 1 retour attendu/, 'and the banner counts it')
    assert.match((await essai.lire('autreBailleur', '/suites')).texte, /Suivre les suites/)
    assert.doesNotMatch(bailleur.texte, /Aide financière du FSL|Maintien ou suspension/)
    const boite = await essai.lire('bailleur', '/notifications')
    assert.match(boite.texte, /Suites à donner/, 'told by a line of the day')
    const caf = await essai.lire('caf', '/suites')
    assert.match(caf.texte, /Maintien ou suspension de l’aide au logement : Maintien/)
    assert.doesNotMatch(caf.texte, /Signer un plan/)
    assert.doesNotMatch((await essai.lire('autreBailleur', '/suites')).texte, /Lacombe/i)
    const fige = await poster(0, { discours: 'Trop tard', geste: 'enregistrer' })
    assert.equal(fige.statut, 409)
    // Nor by the database, whoever asks with the rights of the secretariat.
    const client = await essai.application.base.pool.connect()
    try {
      await client.query('begin; set local role amont_app')
      for (const [cle, valeur] of Object.entries({
        dept: DEPT,
        portee: 'departement',
        compte: essai.ids.secretariat,
        organisme: essai.organisme('SEC71-AUTUN'),
        cercles: 'deliberation,seance,commission_lue',
        jour: '2026-11-20',
      }))
        await client.query('select set_config($1, $2, true)', [`app.${cle}`, valeur])
      const { rows: vus } = await client.query('select 1 from deliberation')
      const { rowCount: retires } = await client.query('delete from prononce')
      assert.deepEqual([vus.length, retires], [4, 0])
      await assert.rejects(
        client.query('update deliberation set version = version + 1, modifiee_par = $1', [essai.ids.secretariat]),
        { code: '42501' },
      )
    } finally {
      await client.query('rollback')
      client.release()
    }
  })

  test('[COM-16] the addressee answers; a reason is asked when it is not followed; two answers meet in 409', async () => {
    const { essai } = un
    const liste = await essai.lire('bailleur', '/suites')
    const adresse = /href="(\/suites\/[0-9a-f-]{36})"/.exec(liste.html)?.[1] ?? ''
    const page = await essai.lire('bailleur', adresse)
    assert.match(page.texte, /22\/02\/2027|20\/02\/2027/, 'three months from the notification')
    const vu = /name="vu" value="(\d+)"/.exec(page.html)?.[1] ?? ''
    assert.equal(
      (await essai.poster('secretariat', `${adresse}/repondre`, { vu, reponse: 'suivi', texte: '' })).statut,
      404,
      'the secretariat answers only for whoever is not in Amont',
    )
    const sans = await essai.poster('bailleur', `${adresse}/repondre`, { vu, reponse: 'non_suivi', texte: '' })
    assert.equal(sans.statut, 422)
    assert.match(sans.texte, /Dire pourquoi/)
    assert.equal(
      (await essai.poster('bailleur', `${adresse}/repondre`, { vu, reponse: 'suivi', texte: '' })).statut,
      303,
    )
    const deux = await essai.poster('bailleur', `${adresse}/repondre`, {
      vu,
      reponse: 'non_suivi',
      texte: 'Le ménage est parti',
    })
    assert.equal(deux.statut, 409)
    assert.match(deux.texte, /Le ménage est parti/)
    assert.equal((await essai.lire('autreBailleur', adresse)).statut, 404)
    assert.match((await essai.lire('secretariat', '/suites?etat=repondu')).texte, /Suivi, 20\/11\/2026/)
    assert.match((await essai.lire('caf', '/a-faire')).texte, /retour attendu par la commission/i)
  })

  test('[COM-12] [COM-17] [DOS-24] [ENG-15] the orientation becomes the common position; a change reported reopens it and proposes the dossier', async () => {
    const { essai, dossiers } = un
    const [premier] = dossiers
    assert.ok(premier)
    const lue = await essai.lire('caf', `/dossiers/${premier.reference}`)
    assert.match(lue.texte, /Position commune Discours corrigé/)
    assert.match(lue.texte, /Maintien Oui/)
    const application = essai.application
    await ouvrirSession(application, acteurSysteme('71', 'essai'), 'engagement.tenir', (session) =>
      tenirEngagements(session, [premier.id]),
    )
    const { rows: taches } = await application.base.pool.query(
      'select t.id from engagement_tache t join organisme o on o.dept = t.dept and o.id = t.organisme where t.dossier = $1 and o.code = $2',
      [premier.id, 'CAF71'],
    )
    const pages = await Promise.all(
      (taches as { id: string }[]).map(({ id }) =>
        essai.lire('caf', `/dossiers/${premier.reference}/engagements/${id}`),
      ),
    )
    assert.ok(
      pages.some(({ texte }) =>
        /Avant de joindre le ménage Orientation de la commission du .* : maintien dans le logement, oui.*Discours corrigé/.test(
          texte,
        ),
      ),
      'before any contact, the orientation and the words to say',
    )
    const signaler = `/dossiers/${premier.reference}/position/signaler`
    const envoi = /name="envoi" value="([^"]*)"/.exec((await essai.lire('caf', signaler)).html)?.[1] ?? ''
    for (let fois = 0; fois < 2; fois += 1)
      assert.equal((await essai.poster('caf', signaler, { genre: 'ressources', precision: '', envoi })).statut, 303)
    assert.match((await essai.lire('auteure', `/dossiers/${premier.reference}`)).texte, /Fait nouveau signalé le/)
    const { rows } = await essai.application.base.pool.query(
      `select count(*)::int as n, (select rouverte_a is not null from position_commune where dossier = $1) as rouverte from changement where dossier = $1`,
      [premier.id],
    )
    assert.deepEqual(rows[0], { n: 1, rouverte: true })
  })

  test('[SIG-17] [COM-17] a change reported at reception since the orientation was taken waits for the next agenda, once', async () => {
    const { essai, dossiers } = un
    const [premier] = dossiers
    assert.ok(premier)
    const lire = async () =>
      (
        await essai.application.base.pool.query(
          `select c.par, c.precision, o.code, c.examine_a from changement c join organisme o on o.id = c.organisme where c.dossier = $1 and c.par is null`,
          [premier.id],
        )
      ).rows
    // Known when the orientation was taken: nothing is called into question.
    await recevoirChangement({ ...essai.application, ...essai.application.le('2026-11-19') }, 'CHG-0')
    assert.deepEqual(await lire(), [])
    const demain = { ...essai.application, ...essai.application.le('2026-11-21') }
    await recevoirChangement(demain, 'CHG-1')
    assert.deepEqual(await lire(), [{ par: null, precision: null, code: 'OPAC71', examine_a: null }])
    // Sent again under the same reference, it is the same signalement.
    await recevoirChangement(demain, 'CHG-1')
    assert.equal((await lire()).length, 1)
    assert.match(
      (await essai.lire('secretariat', `/dossiers/${premier.reference}`)).texte,
      /Fait nouveau signalé le 21\/11\/2026/,
    )
    const { rows } = await essai.application.base.pool.query(
      `select details from journal where action = 'changement.signaler' and compte is null`,
    )
    assert.deepEqual(rows, [{ details: { signalements: 1 } }])
  })

  test('[SIG-17] a change whose deposit is withdrawn no longer waits; deposited again, it waits again', async () => {
    const { essai, dossiers } = un
    const [premier] = dossiers
    assert.ok(premier)
    const demain = { ...essai.application, ...essai.application.le('2026-11-21') }
    const systeme = acteurSysteme('71', 'essai')
    const attendus = async () => {
      await ouvrirSession(demain, systeme, 'orientation.signaler', noterChangementsRecus)
      const { rows } = await demain.base.pool.query(
        'select count(*)::int as n from changement where dossier = $1 and par is null and examine_a is null',
        [premier.id],
      )
      return rows[0].n
    }
    // The later deposit gave the same line again: it goes first.
    const { rows } = await demain.base.pool.query(
      `select l.lot from ligne_lot l join signalement s on s.id = l.signalement where s.reference_source = 'CHG-1' and s.retire_a is null
        order by l.lot = s.lot`,
    )
    assert.equal(await attendus(), 1)
    for (const { lot } of rows)
      await ouvrirSession(demain, systeme, 'lot.retirer', (session) => retirerLot(session, lot))
    assert.equal(await attendus(), 0)
    await recevoirChangement(demain, 'CHG-1')
    assert.equal(await attendus(), 1)
  })

  test('[COM-25] the year is counted, small numbers are not shown', async () => {
    assert.equal((await un.essai.lire('secretariat', '/suites/activite?annee=2026')).vers, '/pilotage?annee=2026')
    const page = await un.essai.lire('secretariat', '/pilotage?annee=2026&version=diffusion')
    assert.match(page.texte, /1 séance tenue\./)
    assert.match(page.texte, /Dossiers examinés non montré/)
    assert.equal((await un.essai.lire('bailleur', '/suites/activite')).statut, 403)
  })
})
