import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { acteurSysteme, ouvrirSession } from '#acces'
import { tenirEngagements } from '#engagements'
import { annoncerDeparts } from '#requisitions'
import { type CompteRequisitions, cache, type EssaiRequisitions, ouvrirEssaiRequisitions } from '#tests/requisitions'

const JOUR = '2026-07-10'

/** What those who prepare an eviction, and those who are only asked, may and may not do to a force request. */
describe('facts of a force request', () => {
  let essai: EssaiRequisitions
  let requisition = ''

  before(async () => {
    essai = await ouvrirEssaiRequisitions('2026-06-15')
    const formulaire = await essai.lire('prefecture', essai.adresse('/recevoir'))
    const recue = await essai.poster('prefecture', essai.adresse('/recevoir'), {
      acte: /name="acte"[^>]*value="([\w-]{36})"/.exec(formulaire.html)?.[1] ?? '',
      recue_le: '2026-06-15',
    })
    requisition = /force-publique\/([\w-]{36})\/enquetes/.exec(recue.vers)?.[1] ?? ''
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
    essai.aller(JOUR)
  })
  after(() => essai.fermer())

  const noter = (compte: CompteRequisitions, fait: string, champs: Record<string, string>) =>
    essai.poster(compte, essai.adresse(`/${requisition}/noter/${fait}`), { le: JOUR, ...champs })
  const dernier = async (genre: string): Promise<{ id: string; acte: string | null; enquete: string | null }> =>
    (
      await essai.application.base.pool.query(
        'select id, acte, enquete from requisition_acte where genre = $1 order by rang desc limit 1',
        [genre],
      )
    ).rows[0]
  const etat = async (): Promise<string> =>
    (await essai.application.base.pool.query('select etat from requisition where id = $1', [requisition])).rows[0].etat
  /** Acts of procedure in force, entered from here. */
  const procedure = async (): Promise<string[]> =>
    (
      await essai.application.base.pool.query(
        `select genre from (select distinct on (racine) genre, nature from acte_saisi order by racine, rang desc) x
         where nature <> 'annule' and genre <> 'requisition_force_publique' order by 1`,
      )
    ).rows.map(({ genre }: { genre: string }) => genre)
  /** The engagements of the State, as the morning's work leaves them. */
  const engagement = async (id: string): Promise<{ etat: string; cause: string | null }> => {
    await ouvrirSession(essai.application, acteurSysteme('71', 'essai'), 'engagement.tenir', (session) =>
      tenirEngagements(session, [essai.dossier.id]),
    )
    const { rows } = await essai.application.base.pool.query(
      'select etat, cause from engagement_tache where dossier = $1 and engagement = $2',
      [essai.dossier.id, id],
    )
    return rows[0]
  }
  const lienDe = async (compte: CompteRequisitions): Promise<string> =>
    /\/sollicitations\/([\w-]{36})/.exec((await essai.lire(compte, '/sollicitations')).html)?.[0] ?? ''

  /** The inquiry addressed to a body, as it reads it. */
  const enqueteDe = async (code: string): Promise<string> => {
    const { rows } = await essai.application.base.pool.query(
      "select id from diffusion where organisme = $1 and genre = 'enquete'",
      [essai.organisme(code)],
    )
    return `/sollicitations/${rows[0].id}`
  }

  test('[ENG-06] inquiries sent prove what the State owes, towards the SIAO too', async () => {
    assert.deepEqual(await engagement('etat/7'), { etat: 'faite', cause: 'fait' })
    assert.deepEqual(await engagement('etat/8'), { etat: 'faite', cause: 'fait' })
    assert.equal((await engagement('siao/10')).etat, 'a_faire')
  })

  test('[RFP-18] nobody but the State erases its decision: neither as a correction of something else, nor as a withdrawal', async () => {
    await noter('prefecture', 'decision', { sens: 'accord', executoire_le: '2026-08-17', prevue_le: '2026-09-15' })
    const { id: decision } = await dernier('decision')
    assert.equal(await etat(), 'accordee')
    assert.deepEqual(await engagement('etat/9'), { etat: 'faite', cause: 'fait' })
    for (const compte of ['siao', 'assistante', 'secretariat'] as const) {
      const autreGenre = await noter(compte, 'protocole', { reponse: 'possible', corrige: decision })
      assert.equal(autreGenre.statut, 404, compte)
      const retrait = await essai.poster(compte, essai.adresse(`/${requisition}/retirer/${decision}`), {})
      assert.equal(retrait.statut, 404, compte)
    }
    assert.equal(await etat(), 'accordee')
    assert.deepEqual(await procedure(), ['concours_force_publique'])
  })

  test('what another organisme noted is corrected by it, or by the State that instructs', async () => {
    await noter('siao', 'preparation', { point: 'hebergement', etat: 'demande', texte: 'Demande faite au SIAO.' })
    const { id: point } = await dernier('preparation')
    const corriger = (compte: CompteRequisitions) =>
      noter(compte, 'preparation', { point: 'hebergement', etat: 'assure', corrige: point })
    assert.equal((await corriger('assistante')).statut, 404)
    assert.equal((await corriger('prefecture')).statut, 303)
    assert.notEqual((await dernier('preparation')).id, point)
  })

  test('the form of a fact opens for those who may record it, and no other', async () => {
    const formulaire = (compte: CompteRequisitions, fait: string) =>
      essai.lire(compte, essai.adresse(`/${requisition}/noter/${fait}`))
    assert.equal((await formulaire('secretariat', 'decision')).statut, 404)
    assert.equal((await formulaire('siao', 'date_prevue')).statut, 404)
    assert.equal((await formulaire('prefecture', 'decision')).statut, 200)
    assert.equal((await formulaire('siao', 'preparation')).statut, 200)
  })

  test('[SIG-16] a departure that comes as a signal is told once to the State, which notes it from what the signal says', async () => {
    const { pool } = essai.application.base
    await pool.query(
      `with f as (insert into fichier (dept, id, nom, genre, taille, empreinte, octets, cree_a)
         values ('71', gen_random_uuid(), 'depart.csv', 'csv', 0, 'x', '', '2026-07-09T08:00:00Z') returning *),
       l as (insert into lot (dept, id, organisme, fichier, nom, empreinte, etat, recu_le, depose_a)
         select o.dept, gen_random_uuid(), o.id, f.id, 'depart.csv', 'x', 'traite', '2026-07-09', '2026-07-09T08:00:00Z' from organisme o, f where o.code = 'CDJ71' returning *),
       s as (insert into signalement (dept, id, organisme, reference_source, type, date_signalement, date_acte, contenu, empreinte, version, lot, ligne, recu_le, recu_a, commune)
         select dept, gen_random_uuid(), organisme, 'DEPART-1', 'depart_volontaire', '2026-07-09', '2026-07-08', '{"cles_remises": true}', 'x', 1, id, 2, '2026-07-09', '2026-07-09T08:00:00Z', 'Le Creusot'
         from l returning *)
       insert into rattachement (dept, signalement, dossier, mode, a) select dept, id, $1, 'certain', '2026-07-09T08:00:00Z' from s`,
      [essai.dossier.id],
    )
    const annoncer = () =>
      ouvrirSession(essai.application, acteurSysteme('71', 'essai'), 'requisition.consulter', annoncerDeparts)
    const avis = async () =>
      (await pool.query(`select count(*)::int as n from notification where motifs::text like '%depart:%'`)).rows[0].n
    await annoncer()
    const apres = await avis()
    assert.ok(apres > 0)
    await annoncer()
    assert.equal(await avis(), apres)
    const lue = await essai.lire('prefecture', essai.adresse())
    assert.match(lue.texte, /Commissaires de justice signale un départ le 08\/07\/2026, clés remises/)
    const lien = (/href="([^"]+\/depart\?[^"]+)"/.exec(lue.html)?.[1] ?? '').replaceAll('&amp;', '&')
    const formulaire = await essai.lire('prefecture', lien)
    assert.match(formulaire.html, /value="2026-07-08"/)
    assert.deepEqual(await procedure(), ['concours_force_publique'], 'nothing is cancelled by it')
    await pool.query(
      `update rattachement set defait_a = now() where signalement in (select id from signalement where reference_source = 'DEPART-1')`,
    )
  })

  test('[RFP-27] a departure told by the landlord is no act of procedure; the State’s gesture is, and undoing it takes it back', async () => {
    const signale = await essai.poster('bailleur', await lienDe('bailleur'), {
      acte: 'depart',
      le: '2026-07-08',
      cles: 'remises',
      source: 'Gardien de la résidence',
    })
    assert.equal(signale.statut, 303, signale.texte)
    assert.deepEqual(await procedure(), ['concours_force_publique'])
    assert.match((await essai.lire('prefecture', essai.adresse())).texte, /Départ signalé le 08\/07\/2026/)
    await essai.poster('prefecture', essai.adresse(`/${requisition}/annuler`), {})
    assert.deepEqual(await procedure(), ['concours_force_publique', 'depart_volontaire'])
    const { rows } = await essai.application.base.pool.query(
      "select le::text, contenu from acte_saisi where genre = 'depart_volontaire'",
    )
    assert.deepEqual(rows, [{ le: '2026-07-08', contenu: { cles: 'remises' } }])
    await essai.poster('prefecture', essai.adresse(`/${requisition}/defaire`), {})
    assert.deepEqual(await procedure(), ['concours_force_publique'])
  })

  test('[RFP-20] the same dissemination sent twice leaves once', async () => {
    const formulaire = await essai.lire('prefecture', essai.adresse(`/${requisition}/diffuser`))
    const envoi = /name="envoi" value="([\w-]{36})"/.exec(formulaire.html)?.[1] ?? ''
    const vu = cache(formulaire, 'vu')
    const champs = { envoi, vu, destinataires: [essai.organisme('SIAO71'), essai.organisme('DEP71')] }
    const diffuser = () => essai.poster('prefecture', essai.adresse(`/${requisition}/diffuser`), champs)
    assert.match((await diffuser()).message, /2\sorganismes/)
    assert.equal((await diffuser()).statut, 303)
    assert.deepEqual(await engagement('etat/10'), { etat: 'faite', cause: 'fait' })
    assert.equal((await engagement('etat/11')).etat, 'a_faire', 'neither bailiff nor landlord was told')
    const { rows } = await essai.application.base.pool.query(
      "select count(*)::int as n, (select count(*)::int from diffusion_avis v join diffusion y on y.id = v.diffusion and y.genre = 'date') as avis from diffusion where genre = 'date'",
    )
    assert.equal(rows[0].n, 2)
    const { rows: comptes } = await essai.application.base.pool.query(
      "select count(*)::int as n from habilitation h join organisme o on o.id = h.organisme where o.code in ('SIAO71', 'DEP71')",
    )
    assert.equal(rows[0].avis, comptes[0].n)
  })

  test('[RFP-01] once the préfet decided, nobody is still asked for an answer; a decision taken back asks again', async () => {
    const lue = await essai.lire('maire', '/sollicitations')
    assert.match(lue.texte, /Plus attendue/)
    assert.doesNotMatch(lue.texte, /réponse attendue/)
    const page = await essai.lire('maire', await enqueteDe('MAIRIE71-CREUSOT'))
    assert.match(page.texte, /n’est plus attendue/)
    const tardive = await essai.poster('maire', await enqueteDe('MAIRIE71-CREUSOT'), {
      acte: 'reponse',
      le: JOUR,
      avis: 'favorable',
      texte: 'Trop tard.',
    })
    assert.equal(tardive.statut, 303)
    assert.match(tardive.message, /plus attendue/)
    assert.equal(await dernier('enquete_reponse'), undefined)
    const { id } = await dernier('decision')
    await essai.poster('prefecture', essai.adresse(`/${requisition}/retirer/${id}`), {})
    assert.match((await essai.lire('maire', '/sollicitations')).texte, /1 réponse attendue/)
    assert.notEqual((await engagement('etat/9')).etat, 'faite', '[ENG-06] a decision taken back proves nothing')
  })

  test('every « Corriger » opens a form, and a withdrawal is confirmed first', async () => {
    await essai.poster('maire', await enqueteDe('MAIRIE71-CREUSOT'), {
      acte: 'reponse',
      le: JOUR,
      avis: 'sans_avis',
      texte: 'La mairie ne connaît pas ce ménage.',
    })
    assert.notEqual((await dernier('enquete_reponse')).enquete, null)
    const page = await essai.lire('prefecture', essai.adresse())
    const liens = [...page.html.matchAll(/href="([^"]*\/noter\/\w+\?corrige=[\w-]+)"/g)].map(([, lien]) => lien ?? '')
    assert.ok(liens.length > 0)
    for (const lien of liens) assert.equal((await essai.lire('prefecture', lien)).statut, 200, lien)
    const { id } = await dernier('enquete_reponse')
    const adresse = essai.adresse(`/${requisition}/retirer/${id}`)
    assert.match(page.html, new RegExp(`href="${adresse}"`))
    assert.doesNotMatch(page.html, new RegExp(`action="${adresse}"`))
    const confirmation = await essai.lire('prefecture', adresse)
    assert.equal(confirmation.statut, 200)
    assert.match(confirmation.texte, /Réponse à l’enquête/)
    assert.equal((await essai.lire('siao', adresse)).statut, 404)
    assert.equal((await essai.poster('prefecture', adresse, { envoi: randomUUID() })).statut, 303)
  })

  test('[RFP-29] after the eviction, the gesture that cancels everything is refused', async () => {
    await noter('prefecture', 'decision', { sens: 'accord', executoire_le: '2026-07-10' })
    await noter('prefecture', 'intervention', {
      resultat: 'expulsion',
      forces: 'oui',
      menage: 'oui',
      abri: 'place',
      cles: 'oui',
    })
    assert.equal(await etat(), 'executee')
    assert.doesNotMatch((await essai.lire('prefecture', essai.adresse())).texte, /Tout annuler et prévenir/)
    await essai.poster('prefecture', essai.adresse(`/${requisition}/annuler`), {})
    assert.equal(await etat(), 'executee')
  })
})
