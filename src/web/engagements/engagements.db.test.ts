import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { lireConnexion, ouvrirSession } from '#acces'
import { consignerFaits } from '#dossiers'
import { deposerPiece } from '#echanges'
import { mesurerEngagements } from '#engagements'
import { chargerReferentiel } from '#referentiel'
import { openTestDatabase } from '#tests/base'
import { pdf } from '#tests/fichiers'
import { DEPT } from '../accompagner/fabrique-essai.ts'
import { routesPartage } from '../partage/index.ts'
import { type EssaiEngagements, ouvrirEssaiEngagements } from './fabrique-essai.ts'

const CLOS = { le: '2026-11-19', motif: '', piece: '' }

describe('« Ce qu’on attend de nous »', () => {
  let essai: EssaiEngagements
  let organisme: (code: string) => Promise<string>
  let compte: (nom: string) => Promise<string>
  before(async () => {
    essai = await ouvrirEssaiEngagements(await openTestDatabase(), routesPartage)
    const { pool } = essai.base
    organisme = async (code) => (await pool.query('select id from organisme where code = $1', [code])).rows[0].id
    compte = async (nom) =>
      (await pool.query('select id from compte where courriel = $1', [`${nom}@essai.example`])).rows[0].id
  })
  after(() => essai.fermer())

  const etat = async (engagement: string) => {
    const { etat: lu, cause, fait_le } = await essai.tache(essai.dossier, engagement)
    return { etat: lu, cause, fait_le }
  }
  const adresseDe = async (engagement: string, dossier = essai.dossier) =>
    `/dossiers/${dossier.reference}/engagements/${(await essai.tache(dossier, engagement)).id}`
  const versionDe = (html: string): string => /name="vu" value="(\d+)"/.exec(html)?.[1] ?? ''
  /** As the CAF would from its screens: background work stands for its session. */
  const parLaCaf = async (type: string, donnees: Record<string, unknown>, le = '2026-11-18') => {
    const caf = await organisme('CAF71')
    await essai.enSysteme('dossier.reaffecter', (session) =>
      consignerFaits(session, [
        { dossier: essai.dossier.id, type, le: Temporal.PlainDate.from(le), donnees: { organisme: caf, ...donnees } },
      ]),
    )
    await essai.tenir()
  }

  const ecrireCourrier = async (type: string, modele: string, de: string) => {
    await essai.enSysteme('contact.noter', (session) =>
      consignerFaits(session, [
        { dossier: essai.dossier.id, type, donnees: { courrier: modele, modele, canal: 'courrier', organisme: de } },
      ]),
    )
    await essai.tenir()
  }

  test('[ENG-03] a dossier at a step has the tasks whose condition holds, for the organismes concerned, with what is unknown to verify', async () => {
    assert.equal((await essai.tache(essai.dossier, 'caf/21')).certitude, 'applicable')
    assert.equal((await essai.tache(essai.dossier, 'caf/15')).certitude, 'a_verifier')
    assert.equal((await essai.tache(essai.dossier, 'caf/16')).certitude, 'a_apprecier')
    // Done by the service in charge alone: the Département is not.
    await assert.rejects(essai.tache(essai.dossier, 'departement/11'), /is no task/)
    // Another step, and another kind of housing.
    await assert.rejects(essai.tache(essai.dossier, 'secretariat/13'), /is no task/)
    await assert.rejects(essai.tache(essai.dossier, 'secretariat/12'), /is no task/)
  })

  test('[ENG-05] the diagnosis is due two months after the list, and late on the page of the dossier and in the queue', async () => {
    assert.equal((await essai.tache(essai.dossier, 'caf/21')).echeance_le, '2026-11-16')
    const page = await essai.lire('caf', essai.adresse)
    assert.equal(page.statut, 200)
    assert.match(page.texte, /2 en retard/)
    assert.match(page.texte, /Échéance dépassée : 4 j de retard · 16\/11/)
    const file = await essai.lire('caf', '/engagements')
    assert.match(file.texte, /Ce qu’on attend de nous : 4 engagements cette semaine, dont 4 en retard/)
    assert.match(file.texte, /VALMONTE Ysaline/)
  })

  test('what Amont cannot send is said to be done elsewhere, and what it does is done', async () => {
    const page = await essai.lire('secretariat', essai.adresse)
    assert.match(
      page.texte,
      /Engagement 8 du secrétariat de la CCAPEX\. Amont prépare le courrier ; il reste à le relire/,
    )
    assert.deepEqual(await etat('secretariat/10'), { etat: 'faite', cause: 'amont', fait_le: '2026-09-15' })
    assert.deepEqual(await etat('secretariat/9'), { etat: 'faite', cause: 'fait', fait_le: '2026-09-14' })
  })

  test('[ENG-06] [COU-06] the letter of the step proves its engagement, another does not, and one that came back proves nothing', async () => {
    const sec = await organisme('SEC71-AUTUN')
    const ecrire = (type: string, modele: string) => ecrireCourrier(type, modele, sec)
    await ecrire('courrier.envoye', 'bailleur-commandement')
    assert.equal((await etat('secretariat/8')).etat, 'a_faire')
    await ecrire('courrier.envoye', 'menage-commandement')
    assert.deepEqual(await etat('secretariat/8'), { etat: 'faite', cause: 'fait', fait_le: '2026-11-20' })
    await ecrire('courrier.revenu', 'menage-commandement')
    assert.equal((await etat('secretariat/8')).etat, 'a_faire')
  })

  test('[COU-30] [COU-34] the letter of a partner proves its engagement where a letter is enough, and only there', async () => {
    const [caf, adil] = [await organisme('CAF71'), await organisme('ADIL71')]
    await ecrireCourrier('courrier.envoye', 'caisse-bailleur-plan', caf)
    assert.equal((await etat('caf/14')).etat, 'a_faire', 'another letter of the CAF proves nothing')
    await ecrireCourrier('courrier.envoye', 'caisse-bailleur-impaye', adil)
    assert.equal((await etat('caf/14')).etat, 'a_faire', 'nor does the letter of somebody else')
    await ecrireCourrier('courrier.envoye', 'caisse-bailleur-impaye', caf)
    assert.deepEqual(await etat('caf/14'), { etat: 'faite', cause: 'fait', fait_le: '2026-11-20' })
    assert.equal((await etat('caf/21')).etat, 'a_faire', 'a letter is no diagnosis')
    await ecrireCourrier('courrier.envoi_annule', 'caisse-bailleur-impaye', caf)
    assert.equal((await etat('caf/14')).etat, 'a_faire')
  })

  test('replaying the chronology changes nothing', async () => {
    const lire = async () =>
      (await essai.base.pool.query('select * from engagement_tache order by id')).rows.map((ligne) =>
        JSON.stringify(ligne),
      )
    const avant = await lire()
    await essai.base.pool.query(
      `insert into fait_attente (dept, consommateur, rang, dossier) select dept, 'engagements', max(rang), dossier from fait group by dept, dossier`,
    )
    await essai.tenir()
    assert.deepEqual(await lire(), avant)
  })

  test('[ENG-06] a fait of the chronology closes the task of the organisme that did it, and its withdrawal opens it again', async () => {
    await parLaCaf('diagnostic.transmis', {})
    assert.deepEqual(await etat('caf/21'), { etat: 'faite', cause: 'fait', fait_le: '2026-11-18' })
    await parLaCaf('diagnostic.rouvert', {})
    assert.deepEqual(await etat('caf/21'), { etat: 'a_faire', cause: null, fait_le: null })
    // Somebody else's diagnosis proves nothing here.
    const adil = await organisme('ADIL71')
    await essai.enSysteme('dossier.reaffecter', (session) =>
      consignerFaits(session, [
        { dossier: essai.dossier.id, type: 'diagnostic.transmis', donnees: { organisme: adil } },
      ]),
    )
    await essai.tenir()
    assert.equal((await etat('caf/21')).etat, 'a_faire')
  })

  test('[ENG-06] a letter noted as a contact by the CAF, then withdrawn', async () => {
    await parLaCaf('contact.tente', { contact: 'c1', canal: 'appel' })
    assert.equal((await etat('caf/14')).etat, 'a_faire', 'a call is no letter')
    await parLaCaf('contact.tente', { contact: 'c2', canal: 'courrier' })
    assert.equal((await etat('caf/14')).etat, 'faite')
    await parLaCaf('contact.retire', { contact: 'c2' })
    assert.equal((await etat('caf/14')).etat, 'a_faire')
    await parLaCaf('bailleur.contacte', { echange: 'e1', canal: 'appel' })
    assert.equal((await etat('caf/22')).etat, 'faite', 'the landlord was heard')
    await parLaCaf('bailleur.retire', { echange: 'e1' })
    assert.equal((await etat('caf/22')).etat, 'a_faire')
    await parLaCaf('contact.retabli', { contact: 'c2' })
    assert.equal((await etat('caf/14')).etat, 'faite')
  })

  test('[ENG-06] a person closes it with a proof, once, and undoes it; the text is sealed and kept from the others', async () => {
    const adresse = await adresseDe('caf/22')
    const formulaire = await essai.lire('caf', adresse)
    assert.match(formulaire.texte, /Preuve attendue contact avec le bailleur/)
    const sansPreuve = await essai.poster('caf', adresse, {
      ...CLOS,
      genre: 'faite',
      texte: '',
      vu: versionDe(formulaire.html),
    })
    assert.equal(sansPreuve.statut, 422)
    assert.match(sansPreuve.texte, /Dire en quelques mots ce qui a été fait/)
    const envoi = randomUUID()
    const champs = {
      ...CLOS,
      genre: 'faite',
      texte: 'Bailleur joint, canari-preuve.',
      vu: versionDe(formulaire.html),
      envoi,
    }
    const clos = await essai.poster('caf', adresse, champs)
    assert.equal(clos.statut, 303)
    assert.deepEqual(await etat('caf/22'), { etat: 'faite', cause: 'personne', fait_le: '2026-11-19' })
    assert.equal((await essai.poster('caf', adresse, champs)).statut, 303, 'sent twice')
    const { rows } = await essai.base.pool.query('select texte from engagement_acte where envoi = $1', [envoi])
    assert.equal(rows.length, 1)
    assert.ok(!String(rows[0].texte).includes('canari-preuve'))
    assert.match((await essai.lire('collegue', adresse)).texte, /canari-preuve/)
    assert.match((await essai.lire('secretariat', adresse)).texte, /canari-preuve/)
    assert.doesNotMatch((await essai.lire('prefecture', adresse)).texte, /canari-preuve/)
    // What a person said stays, whatever the chronology says next.
    await essai.tenir()
    assert.equal((await etat('caf/22')).cause, 'personne')
    const defaire = clos.message?.defaire
    assert.equal((await essai.poster('caf', defaire?.action ?? '', defaire?.champs ?? {})).statut, 303)
    assert.equal((await etat('caf/22')).etat, 'a_faire')
  })

  test('two people close the same task: the second sees both versions, and nothing is lost', async () => {
    const adresse = await adresseDe('caf/24')
    const vu = versionDe((await essai.lire('caf', adresse)).html)
    const fermer = (qui: 'caf' | 'collegue', texte: string) =>
      essai.poster(qui, adresse, { ...CLOS, genre: 'faite', texte, vu, envoi: randomUUID() })
    assert.equal((await fermer('caf', 'Écrit au diagnostic.')).statut, 303)
    const second = await fermer('collegue', 'Vu avec le ménage.')
    assert.equal(second.statut, 409)
    assert.match(second.texte, /Vu avec le ménage/)
    assert.match(second.texte, /Écrit au diagnostic/)
  })

  test('[ENG-04] an impediment needs its reason, « sans objet » its words, and what was to verify may be said to apply', async () => {
    const adresse = await adresseDe('caf/15')
    const vu = versionDe((await essai.lire('caf', adresse)).html)
    const sansMotif = await essai.poster('caf', adresse, { ...CLOS, genre: 'empechee', texte: '', vu })
    assert.equal(sansMotif.statut, 422)
    assert.equal((await essai.poster('caf', `${adresse}/confirmer`, { envoi: randomUUID() })).statut, 303)
    assert.equal((await essai.tache(essai.dossier, 'caf/15')).certitude, 'applicable')
    await essai.tenir()
    assert.equal(
      (await essai.tache(essai.dossier, 'caf/15')).certitude,
      'applicable',
      'not taken back by a computation',
    )
    const empeche = await essai.poster('caf', adresse, {
      ...CLOS,
      genre: 'empechee',
      motif: 'refus_du_menage',
      texte: '',
      vu: versionDe((await essai.lire('caf', adresse)).html),
    })
    assert.equal(empeche.statut, 303)
    assert.equal((await etat('caf/15')).etat, 'empechee')
  })

  test('nobody closes the engagement of another organisme, except the secretariat; outside the perimeter it does not exist', async () => {
    const adresse = await adresseDe('caf/25')
    const champs = { ...CLOS, genre: 'faite', texte: 'Fait.', envoi: randomUUID(), vu: '1' }
    assert.equal((await essai.poster('prefecture', adresse, champs)).statut, 404)
    assert.equal((await essai.lire('adil', adresse)).statut, 404)
    assert.equal((await essai.poster('adil', adresse, champs)).statut, 404)
    assert.equal((await essai.lire('departement', essai.adresse)).statut, 404)
    for (const qui of ['bailleur', 'pilote', 'dpd', 'administrateur'] as const)
      for (const page of [adresse, essai.adresse, '/engagements', '/engagements/export.csv', '/engagements/absence'])
        assert.equal((await essai.lire(qui, page)).statut, 403, `${qui} ${page}`)
    assert.equal((await etat('caf/25')).etat, 'a_faire')
    const vu = versionDe((await essai.lire('secretariat', adresse)).html)
    assert.equal((await essai.poster('secretariat', adresse, { ...champs, vu })).statut, 303)
    assert.equal((await etat('caf/25')).etat, 'faite')
  })

  test('[ENG-10] [ACC-08] who reads the whole département sees who owes what; somebody engaged on the dossier, what their own organisme owes', async () => {
    const secretariat = await essai.lire('secretariat', essai.adresse)
    const page = await essai.lire('caf', essai.adresse)
    assert.match(secretariat.texte, /Qui doit quoi à cette étape/)
    assert.match(page.texte, /Ce qu’on attend de nous à cette étape/)
    const { rows: autres } = await essai.base.pool.query(
      `select t.id, t.engagement, o.nom from engagement_tache t join organisme o on o.dept = t.dept and o.id = t.organisme
       where t.dossier = $1 and o.code <> 'CAF71'`,
      [essai.dossier.id],
    )
    assert.ok(autres.length > 0)
    for (const { id, engagement, nom } of autres) {
      assert.ok(secretariat.html.includes(id), engagement)
      assert.ok(!page.html.includes(id), engagement)
      assert.ok(!page.texte.includes(`: ${nom} `), nom)
      assert.equal((await essai.lire('caf', `${essai.adresse}/${id}`)).statut, 404, engagement)
    }
    const groupes = (html: string) =>
      new Set([...html.matchAll(/href="\/charte\/engagements\/([\w-]+)\//g)].map(([, groupe]) => groupe))
    assert.ok(groupes(secretariat.html).size > 1)
    assert.deepEqual(
      [...groupes(page.html)].filter((groupe) => groupe !== 'caf'),
      // What every signatory promises is everybody's.
      ['generaux'],
      'nor what others may have to do',
    )
  })

  test('[ENG-06] a document given as a proof is read under its name', async () => {
    const connexion = await lireConnexion(essai.application, await essai.jeton('caf'))
    assert.ok(connexion)
    const { piece } = await ouvrirSession(essai.application, connexion.acteur, 'echange.ecrire', async (session) =>
      deposerPiece(session, {
        dossier: essai.dossier.id,
        genre: 'autre',
        datePiece: null,
        fichier: { nom: 'courrier-au-bailleur.pdf', octets: pdf() },
        vers: { cercle: 3, destinataires: [await organisme('SEC71-AUTUN')] },
        envoi: randomUUID(),
      }),
    )
    const adresse = await adresseDe('caf/22')
    const vu = versionDe((await essai.lire('caf', adresse)).html)
    const champs = { ...CLOS, genre: 'faite', texte: '', piece, vu, envoi: randomUUID() }
    assert.equal((await essai.poster('caf', adresse, champs)).statut, 303)
    for (const qui of ['caf', 'secretariat'] as const)
      assert.match((await essai.lire(qui, adresse)).texte, /pièce : courrier-au-bailleur\.pdf/, qui)
    assert.doesNotMatch((await essai.lire('prefecture', adresse)).texte, /pièce :/)
    assert.equal((await essai.poster('caf', `${adresse}/rouvrir`, { envoi: randomUUID() })).statut, 303)
  })

  test('[ENG-09] assigned in bulk, handed over, then seen by a substitute until the last day of an absence', async () => {
    const ids = [(await essai.tache(essai.dossier, 'caf/21')).id, (await essai.tache(essai.autre, 'caf/21')).id]
    const pris = await essai.poster('caf', '/engagements/lot', {
      action: 'prendre',
      tache: ids,
      retour: '/engagements',
      envoi: randomUUID(),
    })
    assert.equal(pris.statut, 303)
    const collegue = await compte('collegue')
    assert.doesNotMatch((await essai.lire('collegue', '/engagements?file=retard&pour=moi')).texte, /VALMONTE/)
    const absence = await essai.poster('caf', '/engagements/absence', {
      du: '2026-11-20',
      jusqu_au: '2026-11-27',
      remplacant: collegue,
    })
    assert.equal(absence.statut, 303)
    const remplace = await essai.lire('collegue', '/engagements?file=retard&pour=moi')
    assert.match(remplace.texte, /VALMONTE/)
    assert.match(remplace.texte, /remplacé par vous/)
    const relu = await essai.poster('caf', '/engagements/lot', {
      action: 'attribuer',
      tache: ids,
      retour: '/engagements',
    })
    assert.match(relu.texte, /Passer à un collègue : 2 engagements/)
    const passe = await essai.poster('caf', '/engagements/lot/faire', {
      action: 'attribuer',
      tache: ids,
      agent: collegue,
      retour: '/engagements',
      envoi: randomUUID(),
    })
    assert.equal(passe.statut, 303)
    assert.equal((await essai.tache(essai.dossier, 'caf/21')).agent, collegue)
    await essai.poster('caf', passe.message?.defaire?.action ?? '', passe.message?.defaire?.champs ?? {})
    assert.equal((await essai.tache(essai.dossier, 'caf/21')).agent, await compte('caf'))
    // A stranger of another organisme is no colleague.
    const refuse = essai.poster('caf', '/engagements/lot/faire', {
      action: 'attribuer',
      tache: ids,
      agent: await compte('prefecture'),
      retour: '/engagements',
      envoi: randomUUID(),
    })
    assert.equal((await refuse).statut, 422)
  })

  test('bulk: the same proof for several, undone together', async () => {
    const ids = [(await essai.tache(essai.dossier, 'caf/27')).id, (await essai.tache(essai.autre, 'caf/27')).id]
    const faits = await essai.poster('caf', '/engagements/lot/faire', {
      action: 'faite',
      tache: ids,
      le: '2026-11-19',
      texte: 'Nommée référente au tableau.',
      retour: '/engagements?file=a_faire',
      envoi: randomUUID(),
    })
    assert.equal(faits.statut, 303)
    assert.equal(faits.vers, '/engagements?file=a_faire')
    assert.match(faits.message?.texte ?? '', /2\sengagements clos/)
    assert.equal((await essai.tache(essai.autre, 'caf/27')).etat, 'faite')
    await essai.poster('caf', faits.message?.defaire?.action ?? '', faits.message?.defaire?.champs ?? {})
    assert.equal((await essai.tache(essai.dossier, 'caf/27')).etat, 'a_faire')
    assert.equal((await essai.tache(essai.autre, 'caf/27')).etat, 'a_faire')
  })

  test('the queue is journalled, filtered, sorted, and exported through the gate', async () => {
    const page = await essai.lire('caf', '/engagements?file=a_faire&tri=menage&stade=commandement_de_payer')
    assert.ok(page.texte.indexOf('BRISSARD') < page.texte.indexOf('VALMONTE'))
    assert.match(
      (await essai.lire('caf', '/engagements?file=retard&stade=impaye')).texte,
      /Rien ne répond à ces filtres/,
    )
    const fichier = await essai.lire('caf', '/engagements/export.csv?file=retard')
    assert.equal(fichier.statut, 200)
    assert.match(fichier.octets.toString(), /VALMONTE/)
    const { rows } = await essai.base.pool.query(
      "select count(*)::int as n from journal where action in ('engagements.lister', 'engagements.exporter') and $1 = any (dossiers)",
      [essai.dossier.id],
    )
    assert.ok(rows[0].n >= 2)
  })

  test('[ENG-13] an organisme that did not sign is proposed the engagement, and one that does not see the dossier is never late', async () => {
    assert.equal((await essai.tache(essai.dossier, 'action-logement/9')).acces, false)
    const { id } = await essai.tache(essai.dossier, 'caf/21')
    const devenir = (colonne: 'signataire' | 'acces', vaut: boolean) =>
      essai.base.pool.query(`update engagement_tache set ${colonne} = $2 where id = $1`, [id, vaut])
    const lire = async () => {
      const { html, texte } = await essai.lire('secretariat', essai.adresse)
      const ligne = new RegExp(`engagements/${id}"[\\s\\S]*?</tr>`).exec(html)?.[0] ?? ''
      return { retards: Number(/(\d+) en retard/.exec(texte)?.[1] ?? 0), ligne }
    }
    const avant = await lire()
    assert.match(avant.ligne, /En retard/)
    for (const [colonne, dit] of [
      ['signataire', /Proposé/],
      ['acces', /À faire hors d’Amont/],
    ] as const) {
      await devenir(colonne, false)
      const { retards, ligne } = await lire()
      assert.match(ligne, dit)
      assert.equal(retards, avant.retards - 1, colonne)
      await devenir(colonne, true)
    }
  })

  test('[ENG-11] the rate says its denominator, and keeps non-signatories apart', async () => {
    await essai.enSysteme('engagement.tenir', mesurerEngagements)
    const fiche = await essai.lire('secretariat', '/charte/engagements/caf/21')
    assert.equal(fiche.statut, 200)
    assert.match(fiche.texte, /Comment il est tenu/)
    assert.match(fiche.texte, /0,0 % tenus à temps, sur 2 échus ou faits/)
    const groupes = await essai.lire('pilote', '/charte/tenue?annee=2026&territoire=autun')
    assert.equal(groupes.statut, 200)
    assert.match(groupes.texte, /Organisme payeur des aides au logement/)
    assert.doesNotMatch(groupes.texte, /VALMONTE/)
    assert.match((await essai.lire('pilote', '/charte/tenue?partenaire=caf')).texte, /21\. Faire, au commandement/)
  })

  test('[IND-76] who does not read every dossier reads round figures, and none that a single household would make', async () => {
    for (const qui of ['caf', 'bailleur'] as const) {
      const fiche = await essai.lire(qui, '/charte/engagements/caf/21')
      assert.match(fiche.texte, /Trop peu de dossiers ont appelé cet engagement/, qui)
      assert.doesNotMatch(fiche.texte, /sur 2/, qui)
      const engagements = await essai.lire(qui, '/charte/tenue?partenaire=caf&annee=2026&territoire=autun')
      assert.doesNotMatch(engagements.texte, /21\. Faire, au commandement/, qui)
      const { texte } = await essai.lire(qui, '/charte/tenue')
      assert.match(texte, /Nombres arrondis à 5 près/, qui)
      const nombres = [
        ...(/<table[\s\S]*<\/table>/.exec((await essai.lire(qui, '/charte/tenue')).html)?.[0] ?? '').matchAll(
          />(?: sur )?(\d+)</g,
        ),
      ]
      assert.ok(nombres.length > 0, qui)
      for (const [, nombre] of nombres) assert.equal(Number(nombre) % 5, 0, qui)
    }
  })

  test('[ENG-05] a task made after its time limit is due at once; opened again, from that day; late when it closed, late it stays', async () => {
    const { pool } = essai.base
    const caf = await organisme('CAF71')
    const terme = async () => (await essai.tache(essai.autre, 'caf/21')).echeance_le
    const noter = async (type: string, le: string) => {
      await essai.enSysteme('dossier.reaffecter', (session) =>
        consignerFaits(session, [
          { dossier: essai.autre.id, type, le: Temporal.PlainDate.from(le), donnees: { organisme: caf } },
        ]),
      )
      await essai.tenir()
    }
    assert.equal(await terme(), '2026-11-16')
    await noter('diagnostic.transmis', '2026-11-18')
    await noter('diagnostic.rouvert', '2026-11-19')
    assert.equal(await terme(), '2026-11-16', 'it was late already')
    await noter('diagnostic.transmis', '2026-11-10')
    await noter('diagnostic.rouvert', '2026-11-19')
    assert.equal(await terme(), '2026-11-20', 'done in time, then taken back')
    assert.doesNotMatch(
      (await essai.lire('caf', `/dossiers/${essai.autre.reference}/engagements`)).texte,
      /21 de la CAF[^.]*Échéance dépassée/,
    )
    await essai.tenir('2026-11-21')
    assert.equal(await terme(), '2026-11-20', 'the next day does not put it off')
    const { id } = await essai.tache(essai.autre, 'caf/21')
    await pool.query('delete from engagement_acte where tache = $1', [id])
    await pool.query('delete from engagement_tache where id = $1', [id])
    await essai.tenir()
    assert.equal(await terme(), '2026-11-20')
  })

  test('[ENG-05] a person opens again what was closed in time: due from that day, not late since', async () => {
    const adresse = await adresseDe('caf/27', essai.autre)
    await essai.base.pool.query(
      "update engagement_tache set echeance_le = '2026-11-19' where dossier = $1 and engagement = 'caf/27'",
      [essai.autre.id],
    )
    const vu = versionDe((await essai.lire('caf', adresse)).html)
    await essai.poster('caf', adresse, { ...CLOS, genre: 'faite', texte: 'Nommée.', vu, envoi: randomUUID() })
    await essai.poster('caf', `${adresse}/rouvrir`, { envoi: randomUUID() })
    const { etat: lu, echeance_le } = await essai.tache(essai.autre, 'caf/27')
    assert.deepEqual({ lu, echeance_le }, { lu: 'a_faire', echeance_le: '2026-11-20' })
  })

  test('a form that already served says so, and writes nothing of what it now says', async () => {
    const [un, deux] = [await essai.tache(essai.dossier, 'caf/21'), await essai.tache(essai.autre, 'caf/21')]
    const envoi = randomUUID()
    const prendre = (tache: string) =>
      essai.poster('collegue', '/engagements/lot', { action: 'prendre', tache: [tache], retour: '/engagements', envoi })
    const premier = await prendre(un.id)
    assert.match(premier.message?.texte ?? '', /1\sengagement pris/)
    assert.equal((await prendre(un.id)).statut, 303, 'sent twice')
    const second = await prendre(deux.id)
    assert.equal(second.statut, 422)
    assert.match(second.texte, /Ce formulaire a déjà servi/)
    assert.notEqual((await essai.tache(essai.autre, 'caf/21')).agent, await compte('collegue'))
    await essai.poster('collegue', premier.message?.defaire?.action ?? '', premier.message?.defaire?.champs ?? {})
    assert.equal((await prendre(un.id)).statut, 422, 'undone since')
  })

  test('[ACC-09] a dossier opened by exception is read, and nothing is written there through the queue', async () => {
    const { pool } = essai.base
    const adil = await organisme('ADIL71')
    const { rows } = await pool.query(
      `insert into engagement_tache (dept, passage, dossier, organisme, engagement, partenaire, stade, mode, signataire, facultatif, acces, certitude, cree_le, ouverte_le)
       select dept, passage, dossier, $2, 'adil/1', 'adil', stade, 'tache', true, false, true, 'applicable', cree_le, ouverte_le
       from engagement_tache where dossier = $1 and engagement = 'caf/21' returning id`,
      [essai.dossier.id, adil],
    )
    const [{ id }] = rows
    const champs = () => ({
      action: 'faite',
      tache: [id],
      le: '2026-11-19',
      texte: 'Ménage reçu.',
      retour: '/engagements',
      envoi: randomUUID(),
    })
    const lire = async () => (await pool.query('select etat, agent from engagement_tache where id = $1', [id])).rows[0]
    assert.equal((await essai.poster('adil', '/engagements/lot/faire', champs())).statut, 404, 'not its dossier')
    await essai.poster('adil', '/dossiers/exceptionnel', {
      reference: essai.dossier.reference,
      motif: 'Expulsion annoncée demain, aucun service joignable.',
    })
    assert.equal((await essai.lire('adil', essai.adresse)).statut, 200)
    for (const [adresse, action] of [
      ['/engagements/lot/faire', 'faite'],
      ['/engagements/lot', 'prendre'],
      ['/engagements/lot', 'confirmer'],
    ] as const) {
      const refuse = await essai.poster('adil', adresse, { ...champs(), action })
      assert.equal(refuse.statut, 403, `${adresse} ${action}`)
      assert.match(refuse.texte, /il se lit, rien ne s’y écrit/)
    }
    assert.deepEqual(await lire(), { etat: 'a_faire', agent: null })
    const { rows: actes } = await pool.query('select 1 from engagement_acte where tache = $1', [id])
    assert.deepEqual(actes, [])
    await pool.query('delete from engagement_tache where id = $1', [id])
  })

  test('[ENG-07] [ENG-12] what a step ends is without object, never missed; corrected, it is due again; a closed dossier ends the rest', async () => {
    const { pool } = essai.base
    const passer = async (stade: string, le: string) => {
      await pool.query(
        `update dossier set stade = $2, stade_le = $3, faits = faits || jsonb_build_object('procedure.stade', $2::text) where id = $1`,
        [essai.dossier.id, stade, le],
      )
      await essai.tenir()
    }
    await passer('assignation', '2026-11-10')
    assert.deepEqual(await etat('caf/21'), { etat: 'sans_objet', cause: 'etape', fait_le: '2026-11-10' })
    assert.equal((await etat('caf/25')).etat, 'faite', 'what was done stays done')
    assert.equal((await essai.tache(essai.dossier, 'caf/29')).etat, 'a_faire')
    assert.match((await essai.lire('caf', essai.adresse)).texte, /Étapes passées/)
    await passer('commandement_de_payer', '2026-09-07')
    assert.deepEqual(await etat('caf/21'), { etat: 'a_faire', cause: null, fait_le: null })
    await pool.query("update dossier set clos_le = '2026-11-20' where id = $1", [essai.dossier.id])
    await essai.tenir()
    assert.equal((await etat('caf/21')).cause, 'cloture')
    await pool.query('update dossier set clos_le = null where id = $1', [essai.dossier.id])
    await essai.tenir()
    assert.equal((await etat('caf/21')).etat, 'a_faire')
    const { rows } = await pool.query('select distinct charte from engagement_passage')
    assert.deepEqual(rows, [{ charte: 'departements/71-saone-et-loire/charte-2020' }])
  })

  test('[ENG-02] a plan nobody signed is no signed plan: what the judge or the household alone decides opens nothing', async () => {
    const { pool } = essai.base
    const { rows: avant } = await pool.query('select faits from dossier where id = $1', [essai.autre.id])
    await pool.query(
      `update dossier set faits = faits || '{"logement.parc_prive": false, "bailleur.nature": "bailleur_social"}' where id = $1`,
      [essai.autre.id],
    )
    const dernier = async (origine: string, le: string) => {
      await pool.query(
        `insert into plan_apurement (dept, dossier, origine, conclu_le, dette, premiere, jour_du_mois, arrondi, mensualite, nombre, cadre, organisme, par, a, envoi)
          select c.dept, $1, $2, $3, 90000, '2026-12-05', 5, 'derniere', 3000, 30, '{}', o.id, c.id, now(), gen_random_uuid()
          from compte c join organisme o on o.dept = c.dept and o.code = 'CAF71' limit 1`,
        [essai.autre.id, origine, le],
      )
      await essai.tenir()
      return (await essai.tache(essai.autre, 'caf/17')).certitude
    }
    for (const [rang, origine] of ['volontaire', 'juge', 'surendettement'].entries())
      assert.equal(await dernier(origine, `2026-11-0${rang + 1}`), 'a_verifier', origine)
    assert.equal(await dernier('bailleur', '2026-10-01'), 'applicable')
    await pool.query('delete from plan_apurement')
    await pool.query('update dossier set faits = $2 where id = $1', [essai.autre.id, JSON.stringify(avant[0].faits)])
    await essai.tenir()
  })

  test('the two départements: a document without engagements makes no task, and no error', () => {
    const referentiel = chargerReferentiel(essai.application.referentiel.racine)
    for (const [code, { chartes }] of referentiel.departements)
      assert.equal(
        chartes.some(({ engagements }) => engagements.length > 0),
        code === DEPT,
      )
  })
})
