import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { ouvrirSession } from '#acces'
import { tenirLocataires } from '#echanges'
import { noterContact } from '#repartition'
import { systeme } from '#tests/application'
import { accesDuCompte, type Compte, comptes, DEPT, type EssaiDesCercles, ouvrirEssaiDesCercles } from '#tests/ecrits'
import { lireTextePdf } from '#tests/pdf'

describe('circle 4: a document apart, from a closed list', () => {
  let essai: EssaiDesCercles
  let adresse: string

  before(async () => {
    essai = await ouvrirEssaiDesCercles()
    adresse = `/dossiers/${essai.dossier.reference}`
  })
  after(() => essai.fermer())

  const prevoir = (pour: string, compte: Compte = 'auteure') =>
    essai.lire(compte, `${adresse}/syntheses/nouvelle?pour=${pour}`)
  /** Re-reads and produces; returns the id of the newest synthèse. */
  const produire = async (pour: string) => {
    const empreinte = /name="empreinte" value="(\w+)"/.exec((await prevoir(pour)).html)?.[1] ?? ''
    const faite = await essai.poster('auteure', `${adresse}/syntheses`, { pour, empreinte, motif: 'Demandée.' })
    assert.equal(faite.statut, 303, faite.texte.slice(0, 600))
    const { rows } = await essai.application.base.pool.query(
      'select id, octets, empreinte, version, organisme from synthese where destinataire = $1 order by version desc limit 1',
      [pour],
    )
    return rows[0] as { id: string; octets: Buffer; empreinte: string; version: number; organisme: string | null }
  }
  const rafraichir = () => ouvrirSession(essai.application, systeme(), 'dossier.consulter', tenirLocataires)
  const contacter = () =>
    ouvrirSession(
      essai.application,
      {
        dept: DEPT,
        compte: essai.ids.auteure,
        organisme: essai.organisme('DEP71'),
        organismeNom: 'Service social départemental',
        role: 'service_social',
        organismeType: 'departement',
        acces: accesDuCompte('auteure'),
        territoires: null,
        libelle: 'essai',
      },
      'contact.noter',
      (session) =>
        noterContact(session, {
          dossier: essai.dossier.id,
          canal: 'appel',
          le: session.jour,
          demiJournee: null,
          resultat: 'information_donnee',
          note: 'Dit qu’elle est en dépression.',
        }),
    )

  test('[ACC-03] a social landlord sees the step of its tenants, its date and the contact, and nothing else', async () => {
    await rafraichir()
    const avant = await essai.lire('bailleur', '/locataires')
    assert.equal(avant.statut, 200)
    assert.match(avant.texte, /LACOMBE Séverine/)
    assert.match(avant.texte, /OPAC-77/)
    assert.match(avant.texte, /Assignation/)
    assert.match(avant.texte, /04\/11\/2026/)
    assert.doesNotMatch(avant.texte, /Le ménage a été contacté/)
    await contacter()
    await rafraichir()
    const apres = await essai.lire('bailleur', '/locataires')
    assert.match(apres.texte, /Le ménage a été contacté\./)
    for (const mot of [
      'dépression',
      'Service social départemental',
      'CAF',
      'handicap',
      '1 620',
      essai.dossier.reference,
    ])
      assert.ok(!apres.texte.includes(mot), mot)
    const { rows } = await essai.application.base.pool.query(
      `select dossiers::text[] as dossiers from journal where action = 'locataires.lister' and compte = $1`,
      [essai.ids.bailleur],
    )
    assert.deepEqual(rows[0].dossiers, [essai.dossier.id])
  })

  test('[ACC-07] a landlord sees its own tenants only, and nobody who is no social landlord has the page', async () => {
    const autre = await essai.lire('autreBailleur', '/locataires')
    assert.equal(autre.statut, 200)
    assert.doesNotMatch(autre.texte, /LACOMBE/)
    for (const compte of comptes.filter((un) => un !== 'bailleur' && un !== 'autreBailleur'))
      assert.equal((await essai.lire(compte, '/locataires')).statut, 403, compte)
    for (const page of [adresse, `${adresse}/ecrits/nouveau`, `${adresse}/syntheses/nouvelle?pour=bailleur`])
      assert.equal((await essai.lire('bailleur', page)).statut, 403, page)
  })

  test('[ACC-07] the landlord of the lease is one too, by its exact name; a dossier closed or handed back leaves the list', async () => {
    const { pool } = essai.application.base
    const voit = async (compte: Compte) => (await essai.lire(compte, '/locataires')).texte.includes('LACOMBE')
    await pool.query(`update dossier set bailleur = 'mâcon habitat' where id = $1`, [essai.dossier.id])
    await rafraichir()
    assert.deepEqual([await voit('bailleur'), await voit('autreBailleur')], [true, true])
    // Two landlords claim it: the document is handed over, sent to neither by guessing.
    assert.match((await prevoir('bailleur')).texte, /à remettre ou à envoyer/)
    await pool.query(`update dossier set bailleur = 'Mâcon Habitat et compagnie' where id = $1`, [essai.dossier.id])
    await rafraichir()
    assert.deepEqual([await voit('bailleur'), await voit('autreBailleur')], [true, false])
    await pool.query(`update dossier set clos_le = '2026-11-20' where id = $1`, [essai.dossier.id])
    await rafraichir()
    assert.equal(await voit('bailleur'), false)
    await pool.query(`update dossier set clos_le = null, bailleur = 'OPAC de Saône-et-Loire' where id = $1`, [
      essai.dossier.id,
    ])
    await rafraichir()
    assert.equal(await voit('bailleur'), true)
  })

  test('[ACC-03] a synthèse is re-read, frozen, versioned, and withdrawn by the next one only', async () => {
    const relue = await prevoir('bailleur')
    assert.match(relue.texte, /Ce qui part/)
    assert.match(relue.texte, /À qui : OPAC de Saône-et-Loire/)
    const sansMotif = await essai.poster('auteure', `${adresse}/syntheses`, {
      pour: 'bailleur',
      empreinte: /name="empreinte" value="(\w+)"/.exec(relue.html)?.[1] ?? '',
      motif: '',
    })
    assert.equal(sansMotif.statut, 422)
    const une = await produire('bailleur')
    assert.equal(createHash('sha256').update(une.octets).digest('hex'), une.empreinte)
    const texte = lireTextePdf(une.octets)
    assert.match(texte, /LACOMBE Séverine/)
    assert.match(texte, /Le ménage a été contacté/)
    for (const mot of ['dépression', 'Service social', 'Demandée', 'CAF', 'handicap'])
      assert.ok(!texte.includes(mot), mot)

    const chezLui = /href="(\/locataires\/[0-9a-f-]+\/synthese)"/.exec(
      (await essai.lire('bailleur', '/locataires')).html,
    )?.[1]
    assert.ok(chezLui)
    assert.ok((await essai.lire('bailleur', chezLui)).octets.equals(une.octets), 'the exact bytes')
    assert.equal((await essai.lire('autreBailleur', chezLui)).statut, 404)

    // The dossier changes between the re-reading and the act: nothing leaves.
    const empreinte = /name="empreinte" value="(\w+)"/.exec((await prevoir('bailleur')).html)?.[1] ?? ''
    const { pool } = essai.application.base
    await pool.query('update dossier set dette = 250000 where id = $1', [essai.dossier.id])
    const changee = await essai.poster('auteure', `${adresse}/syntheses`, { pour: 'bailleur', empreinte, motif: 'x' })
    assert.equal(changee.statut, 409)
    assert.match(changee.texte, /rien n’est parti/)
    const deux = await produire('bailleur')
    assert.equal(deux.version, 2)
    assert.match(lireTextePdf(deux.octets), /Remplace et retire la version 1/)
    assert.ok((await essai.lire('bailleur', chezLui)).octets.equals(deux.octets), 'only the one in force')
    const carte = await essai.lire('auteure', adresse)
    assert.match(carte.texte, /Synthèse pour le bailleur, version 1 \(PDF\) .{0,90}Retirée par la suivante/)
    assert.ok(
      (await essai.lire('auteure', `${adresse}/syntheses/${une.id}`)).octets.equals(une.octets),
      'the old one is kept',
    )
    for (const action of ['synthese.prevoir', 'synthese.produire', 'synthese.lire']) {
      const { rows } = await pool.query(
        `select 1 from journal where action = $1 and dossiers = array[$2::uuid] and resultat = 'fait'`,
        [action, essai.dossier.id],
      )
      assert.ok(rows.length > 0, action)
    }
  })

  test('[ACC-03] a private landlord, the judge and the household get a document; the landlord’s says less', async () => {
    const juge = lireTextePdf((await produire('juge')).octets)
    const menage = await produire('menage')
    assert.match(juge, /Service qui accompagne/)
    assert.equal(menage.organisme, null)
    const bailleur = (await prevoir('bailleur')).texte
    assert.doesNotMatch(bailleur, /Service qui accompagne/)
    for (const compte of ['caf', 'secretariat'] as const) assert.equal((await prevoir('juge', compte)).statut, 200)
    assert.equal((await prevoir('juge', 'adil')).statut, 404)
    for (const compte of ['prefecture', 'pilote', 'administrateur', 'dpd'] as const)
      assert.equal((await prevoir('juge', compte)).statut, 403, compte)
  })

  test('[ACC-03] a field added to the dossier does not appear in a synthèse, nor at the landlord’s', async () => {
    const { pool } = essai.application.base
    const canari = 'zqcanariajoute'
    await pool.query(`alter table dossier add column ajoute text not null default '${canari}'`)
    for (const colonne of ['menage', 'logement', 'bail', 'faits'])
      await pool.query(
        `update dossier set ${colonne} = ${colonne} || jsonb_build_object('ajoute', $1::text, 'ressources', $1::text, 'handicap', $1::text)`,
        [canari],
      )
    await pool.query(`update dossier set criteres = criteres || $1::text`, [canari])
    await rafraichir()
    for (const pour of ['bailleur', 'juge', 'menage']) {
      assert.ok(!(await prevoir(pour)).html.includes(canari), pour)
      const { octets } = await produire(pour)
      assert.ok(!lireTextePdf(octets).includes(canari) && !octets.includes(canari), pour)
    }
    assert.ok(!(await essai.lire('bailleur', '/locataires')).html.includes(canari))
    const { rows } = await pool.query(`select count(*)::int as n from locataire l where l::text like '%${canari}%'`)
    assert.equal(rows[0].n, 0)
    // Teeth: the same words, in a field of the list, do appear.
    await pool.query('update dossier set titulaire = $1', [canari])
    await rafraichir()
    assert.ok((await prevoir('bailleur')).html.includes(canari))
    assert.ok((await essai.lire('bailleur', '/locataires')).html.includes(canari))
  })
})
