import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { type Compte, DEPT, type EssaiDesCercles, ouvrirEssaiDesCercles } from '#tests/ecrits'

const BUDGET = 'zqlivret'

describe('what a service asks for its diagnosis of those who know the household otherwise', () => {
  let essai: EssaiDesCercles
  let dossier: string
  let place: string
  before(async () => {
    essai = await ouvrirEssaiDesCercles()
    dossier = `/dossiers/${essai.dossier.reference}`
    place = `${dossier}/diagnostics`
    const { pool } = essai.application.base
    await pool.query('update dossier set organismes_habilites = $2 where dept = $1', [
      DEPT,
      ['DEP71', 'CAF71'].map(essai.organisme),
    ])
    await poster('auteure', place, { organisme: essai.organisme('DEP71'), saisi_le: '2026-11-16', origine: 'demande' })
    const { rows } = await pool.query('select id from diagnostic')
    place = `${place}/${rows[0].id}/renseignements`
  })
  after(() => essai.fermer())

  const poster = (compte: Compte, adresse: string, champs: Record<string, string | readonly string[]> = {}) =>
    essai.poster(compte, adresse, { envoi: randomUUID(), ...champs })
  const demander = (champs: Record<string, string | readonly string[]>) =>
    poster('auteure', place, { avant: '2026-11-30', ...champs })
  const recue = async (compte: Compte): Promise<string> =>
    /\/renseignements\/([0-9a-f-]{36})/.exec((await essai.lire(compte, '/renseignements')).html)?.[0] ?? ''
  const diagnostics = async (compte: Compte) => (await essai.lire(compte, `${dossier}/diagnostics`)).texte

  test('[DSF-06] the landlord answers closed questions, once, without reading the dossier', async () => {
    const opac = essai.organisme('OPAC71')
    const choix = await essai.lire('auteure', place)
    assert.match(choix.texte, /OPAC de Saône-et-Loire/)
    assert.doesNotMatch(choix.texte, /Mâcon Habitat/, 'a landlord that has nothing to do with the household')
    const page = await essai.lire('auteure', `${place}?a=${opac}`)
    assert.match(page.texte, /Dette de loyers et de charges à ce jour/)
    assert.doesNotMatch(page.texte, /Épargne mobilisable/)
    const sans = await demander({ a: opac, questions: ['dette'] })
    assert.equal(sans.statut, 422)
    assert.match(sans.texte, /L’accord du ménage n’est pas noté/)
    await poster('auteure', `${dossier}/accords`, {
      ...{ objet: 'echange_bailleur', sens: 'accord', le: '2026-11-17', moyen: 'oral' },
    })
    assert.equal((await demander({ a: opac, questions: [] })).statut, 422)
    assert.equal((await demander({ a: essai.organisme('MH71'), questions: ['dette'] })).statut, 422)
    const envoi = randomUUID()
    const questions = ['dette', 'dernier_versement', 'plan', 'version_bailleur', 'epargne']
    for (let fois = 0; fois < 2; fois += 1)
      assert.equal((await demander({ a: opac, questions, envoi })).statut, 303, 'sent twice, asked once')
    const encore = await demander({ a: opac, questions: ['dette'] })
    assert.match(encore.texte, /attend déjà sa réponse/)
    assert.match(await diagnostics('auteure'), /OPAC de Saône-et-Loire Attendue/)

    const liste = await essai.lire('bailleur', '/renseignements')
    assert.match(liste.texte, /Renseigner : 1.réponse attendue.*LACOMBE.*4 questions/)
    const adresse = await recue('bailleur')
    const demande = await essai.lire('bailleur', adresse)
    assert.doesNotMatch(demande.texte, /1 620|handicap|Épargne/i)
    for (const compte of ['autreBailleur', 'commissaire', 'caf', 'auteure', 'secretariat'] as const)
      assert.match(String((await essai.lire(compte, adresse)).statut), /40[34]/, compte)
    const illisible = await poster('bailleur', adresse, { acte: 'repondre', 'q-dette': 'beaucoup' })
    assert.equal(illisible.statut, 422)
    assert.match(illisible.html, /value="beaucoup"/)
    assert.equal((await poster('bailleur', adresse, { acte: 'repondre' })).statut, 422)
    const reponse = { acte: 'repondre', 'q-dette': '1 540,20', 'q-plan': 'oui', 'q-version_bailleur': 'zqversion' }
    assert.equal((await poster('bailleur', adresse, reponse)).statut, 303)
    assert.equal((await poster('bailleur', adresse, reponse)).statut, 409, 'given once')
    for (const compte of ['auteure', 'secretariat'] as const)
      assert.match(
        await diagnostics(compte),
        /Répondue.*Dette de loyers et de charges à ce jour 1.540,20.€.*le Sans réponse.*signé \? Oui.*zqversion/,
        compte,
      )
    for (const compte of ['caf', 'prefecture'] as const)
      assert.doesNotMatch(await diagnostics(compte), /zqversion|1.540/)
    const { rows } = await essai.application.base.pool.query('select reponses from renseignement')
    assert.doesNotMatch(JSON.stringify(rows), /zqversion/, 'sealed at rest')
    assert.match((await essai.lire('auteure', dossier)).texte, /Renseignements donnés pour le diagnostic par OPAC/)
  })

  test('[DSF-07] a guardian says what the budget allows if its measure and the search of an agreement let it, and nothing otherwise', async () => {
    const { pool } = essai.application.base
    const { rows } = await pool.query(
      `insert into organisme (dept, code, nom, type) values ($1, 'MJPM71', 'Service mandataire de la plaine', 'mandataire') returning id`,
      [DEPT],
    )
    const mandataire: string = rows[0].id
    await pool.query(`update habilitation set organisme = $1, role = 'partenaire' where compte = $2`, [
      mandataire,
      essai.ids.autreCollegue,
    ])
    const questions = ['apurement_mensuel', 'epargne', 'ressources', 'demarches']
    assert.equal((await demander({ a: mandataire, questions })).statut, 422, 'not engaged on the dossier')
    await pool.query('update dossier set organismes_habilites = organismes_habilites || $1::uuid', [mandataire])
    assert.equal((await demander({ a: mandataire, questions })).statut, 303)
    const adresse = await recue('autreCollegue')
    const repondre = (champs: Record<string, string>) =>
      poster('autreCollegue', adresse, {
        acte: 'repondre',
        'q-apurement_mensuel': '45',
        'q-ressources': BUDGET,
        ...champs,
      })
    for (const [champs, motif] of [
      [{}, /Dire si la mesure vous autorise/],
      [{ mesure: 'non' }, /La mesure ne l’autorise pas/],
      [{ mesure: 'oui' }, /Dire ce qu’a donné la recherche de l’accord/],
      [{ mesure: 'oui', accord: 'refuse' }, /La personne refuse/],
    ] as const) {
      const refusee = await repondre(champs)
      assert.equal(refusee.statut, 422)
      assert.match(refusee.texte, motif)
    }
    assert.doesNotMatch(await diagnostics('auteure'), new RegExp(BUDGET))
    assert.equal((await repondre({ mesure: 'oui', accord: 'obtenu' })).statut, 303)
    assert.match(
      await diagnostics('auteure'),
      /apurer chaque mois 45,00.€.*zqlivret.*La mesure l’autorise Oui Accord de la personne Obtenu/,
    )
    assert.match((await essai.lire('autreCollegue', adresse)).texte, /zqlivret/)
    await pool.query('update dossier set organismes_habilites = array_remove(organismes_habilites, $1::uuid)', [
      mandataire,
    ])
    assert.equal((await essai.lire('autreCollegue', adresse)).statut, 404, 'engaged no more, it reads it no more')
  })

  test('[DSF-06] a request is refused with its reason, or taken back', async () => {
    const opac = essai.organisme('OPAC71')
    await demander({ a: opac, questions: ['autre_logement'] })
    const refusee = await recue('bailleur')
    assert.equal((await poster('bailleur', refusee, { acte: 'refuser', motif: ' ' })).statut, 422)
    assert.equal((await poster('bailleur', refusee, { acte: 'refuser', motif: 'Logement déjà vendu.' })).statut, 303)
    assert.match(await diagnostics('auteure'), /Sans réponse.*Aucune réponse : Logement déjà vendu/)
    await demander({ a: opac, questions: ['dette'] })
    const ouverte = (await recue('bailleur')).split('/').at(-1)
    assert.equal((await poster('caf', `${place}/${ouverte}/retirer`)).vers, `${dossier}/diagnostics#renseignements`)
    assert.match(await diagnostics('auteure'), /OPAC de Saône-et-Loire Attendue/, 'only the service that asked')
    await poster('auteure', `${place}/${ouverte}/retirer`)
    const apres = await poster('bailleur', `/renseignements/${ouverte}`, { acte: 'repondre', 'q-dette': '12' })
    assert.equal(apres.statut, 409)
    assert.match(apres.texte, /rien n’est enregistré/)
    const retiree = await essai.lire('bailleur', `/renseignements/${ouverte}`)
    assert.match(retiree.texte, /n’attend plus de réponse/)
    assert.doesNotMatch(`${retiree.texte} ${apres.texte}`, /LACOMBE|rue /, 'nothing of the household any more')
    assert.ok(!(await essai.lire('bailleur', '/renseignements')).html.includes(String(ouverte)))
  })

  test('[DSF-06] a text is counted as it is kept, whatever the ends of lines the browser sends', async () => {
    await demander({ a: essai.organisme('OPAC71'), questions: ['version_bailleur', 'dette'] })
    const adresse = await recue('bailleur')
    const texte = `${'a\r\n'.repeat(399)}bb`
    assert.equal(
      (await poster('bailleur', adresse, { acte: 'repondre', 'q-version_bailleur': `${texte}\r\nb` })).statut,
      422,
    )
    assert.equal((await poster('bailleur', adresse, { acte: 'repondre', 'q-version_bailleur': texte })).statut, 303)
  })

  test('[DSF-06] the service that asked is told of an answer, and alone may take its request back', async () => {
    const { pool } = essai.application.base
    const nouvelles = await essai.lire('auteure', '/notifications?genre=renseignement_recu')
    assert.match(nouvelles.texte, /Réponse à des renseignements demandés/)
    await demander({ a: essai.organisme('OPAC71'), questions: ['dette'] })
    assert.match(await diagnostics('auteure'), /Retirer la demande/)
    await pool.query('update renseignement set organisme = $1 where etat = $2', [essai.organisme('CAF71'), 'ouverte'])
    assert.doesNotMatch(await diagnostics('auteure'), /Retirer la demande/)
  })

  test('[DSF-06] a diagnosis settled or a dossier closed expects nothing more, and names nobody', async () => {
    const { pool } = essai.application.base
    const adresse = await recue('bailleur')
    const repondre = () => poster('bailleur', adresse, { acte: 'repondre', 'q-dette': '12' })
    for (const [clore, rouvrir] of [
      [`update diagnostic set etat = 'impossible'`, `update diagnostic set etat = 'en_cours'`],
      [`update dossier set clos_le = '2026-11-18'`, 'update dossier set clos_le = null'],
    ] as const) {
      assert.match((await essai.lire('bailleur', adresse)).texte, /LACOMBE/)
      await pool.query(clore)
      assert.ok(!(await essai.lire('bailleur', '/renseignements')).html.includes(adresse), clore)
      const lue = await essai.lire('bailleur', adresse)
      assert.match(lue.texte, /n’attend plus de réponse/)
      assert.doesNotMatch(lue.texte, /LACOMBE/)
      const refusee = await repondre()
      assert.equal(refusee.statut, 409, clore)
      assert.doesNotMatch(refusee.texte, /LACOMBE/)
      assert.match(refusee.texte, /12/, 'what was typed is shown')
      await pool.query(rouvrir)
    }
  })

  test('[DSF-06] [ACC-14] in the archive nothing of the household is read, even of what was answered', async () => {
    const { pool } = essai.application.base
    const { rows } = await pool.query(`select id from renseignement where etat = 'repondue' and destinataire = $1`, [
      essai.organisme('OPAC71'),
    ])
    const adresse = `/renseignements/${rows[0].id}`
    assert.match((await essai.lire('bailleur', adresse)).texte, /LACOMBE/)
    await pool.query(`update dossier set clos_le = '2026-11-18', archive_le = '2026-11-19'`)
    assert.equal((await essai.lire('bailleur', adresse)).statut, 404)
    assert.doesNotMatch((await essai.lire('bailleur', '/renseignements')).texte, /LACOMBE/)
    await pool.query('update dossier set clos_le = null, archive_le = null')
    assert.match((await essai.lire('bailleur', adresse)).texte, /LACOMBE/)
  })

  test('[DSF-06] a landlord that is the landlord of the household no more reads it no more', async () => {
    const { pool } = essai.application.base
    const adresse = await recue('bailleur')
    await pool.query(`update dossier set bailleur = 'Mâcon Habitat'`)
    assert.match((await essai.lire('bailleur', adresse)).texte, /LACOMBE/, 'its signalement still names the household')
    await pool.query(`update signalement set retire_a = now() where organisme = $1`, [essai.organisme('OPAC71')])
    assert.equal((await essai.lire('bailleur', adresse)).statut, 404)
    assert.equal((await poster('bailleur', adresse, { acte: 'repondre', 'q-dette': '12' })).statut, 404)
    assert.doesNotMatch((await essai.lire('bailleur', '/renseignements')).texte, /LACOMBE/)
  })

  test('[ACC-14] the household learns, with its dossier, of whom something was asked and whether it was answered, not what', async () => {
    const remise = await poster('secretariat', `${dossier}/droit-acces`, {
      demande: 'ecrite',
      recue_le: '2026-11-18',
      format: 'json',
    })
    assert.equal(remise.statut, 200, remise.texte)
    // Asked at the same instant of a test: in no order between them.
    for (const issue of ['répondu le 20/11/2026', 'refusé avec un motif le 20/11/2026'])
      assert.match(remise.texte, new RegExp(`demandé à OPAC de Saône-et-Loire par Service social[^}]*${issue}`), issue)
    assert.doesNotMatch(remise.texte, /zqversion|zqlivret|1.540,20|Logement déjà vendu/)
  })
})
