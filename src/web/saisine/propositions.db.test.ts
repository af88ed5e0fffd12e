import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { type Application, acteurSysteme, ouvrirSession } from '#acces'
import { proposerOrdre, type Seance } from '#commission'
import { proposerSaisines } from '#jobs'
import { ecrireCsv, importer, ligne } from '#tests/application'
import { type EssaiDesCercles, type Lue, ouvrirEssaiDesCercles } from '#tests/ecrits'

const PROPOSITIONS = '/saisines/propositions'

/** Hidden fields of the card of a household. */
function carte(
  { html }: Lue,
  nom: string,
): { readonly texte: string; readonly proposition: string; readonly vu: string } {
  const morceau = html.split('<section').find((part) => part.toLowerCase().includes(nom.toLowerCase())) ?? ''
  const lire = (cle: string) => new RegExp(`name="${cle}" value="([^"]*)"`).exec(morceau)?.[1] ?? ''
  return {
    texte: morceau.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' '),
    proposition: lire('proposition'),
    vu: lire('vu'),
  }
}

describe('[AUT-11] each week the machine proposes to the commission, and the secretariat decides', () => {
  let essai: EssaiDesCercles

  before(async () => {
    essai = await ouvrirEssaiDesCercles()
    await importer(
      essai.application,
      'PREF71',
      'cql.csv',
      ecrireCsv([
        ligne({
          type: 'commandement_de_quitter_les_lieux',
          reference_source: 'CQL-9',
          nom_usage: 'Garnier',
          prenom: 'Paul',
          date_naissance: '1970-01-02',
          adresse: '4 rue du Four',
          date_signalement: '2026-11-10',
          date_acte: '2026-11-09',
          montant_dette: '400,00',
        }),
        ligne({
          type: 'impaye_bailleur_social',
          reference_source: 'IMP-8',
          nom_usage: 'Vasseur',
          prenom: 'Odile',
          date_naissance: '1951-05-06',
          adresse: '9 rue Neuve',
          parc: 'public',
          date_signalement: '2026-11-10',
          montant_dette: '3150,00',
        }),
      ]),
    )
  })
  after(() => essai?.fermer())

  test('[AUT-02] [AUT-09] every order to leave never examined, and every criterion met, with its values, its source and its version', async () => {
    await proposerSaisines(essai.application, '71')
    const lue = await essai.lire('secretariat', PROPOSITIONS)
    assert.equal(lue.statut, 200)
    const garnier = carte(lue, 'Garnier').texte
    assert.match(garnier, /Commandement de quitter les lieux jamais examiné/)
    assert.match(garnier, /pas encore examinée est proposée · Charte [^·]*, § 2\.2 ; § 3\.2, engagement 21/)
    assert.match(carte(lue, 'Vasseur').texte, /3\s?150,00/)
    assert.match(carte(lue, 'Vasseur').texte, /Critères : departements\/71/)
    // Doing it again the same day changes nothing.
    assert.equal(await proposerSaisines(essai.application, '71'), 0)
    assert.equal(carte(await essai.lire('secretariat', PROPOSITIONS), 'Vasseur').vu, '1')
    for (const compte of ['auteure', 'prefecture', 'pilote', 'bailleur'] as const)
      assert.equal((await essai.lire(compte, PROPOSITIONS)).statut, 403, compte)
  })

  test('postponed with a reason, it comes back by itself on its day; undone, at once', async () => {
    const { proposition, vu } = carte(await essai.lire('secretariat', PROPOSITIONS), 'Vasseur')
    const sansMotif = await essai.poster('secretariat', `${PROPOSITIONS}/reporter`, {
      proposition,
      vu,
      motif: '',
      au: '2026-12-07',
    })
    assert.equal(sansMotif.statut, 422)
    assert.match(sansMotif.texte, /Écrire le motif/)
    const passe = await essai.poster('secretariat', `${PROPOSITIONS}/reporter`, {
      proposition,
      vu,
      motif: 'Plan signé.',
      au: '2026-11-02',
    })
    assert.match(passe.texte, /un jour à venir/)
    const report = { proposition, vu, motif: 'Plan signé, à revoir.', au: '2026-12-07' }
    assert.equal((await essai.poster('secretariat', `${PROPOSITIONS}/reporter`, report)).statut, 303)
    assert.equal(
      (await essai.poster('secretariat', `${PROPOSITIONS}/reporter`, report)).statut,
      409,
      'twice decides once',
    )
    await proposerSaisines(essai.application.le('2026-11-30') as typeof essai.application, '71')
    assert.match((await essai.lire('secretariat', `${PROPOSITIONS}?etat=reportee`)).texte, /Plan signé, à revoir/)
    await proposerSaisines(essai.application.le('2026-12-07') as typeof essai.application, '71')
    assert.match((await essai.lire('secretariat', PROPOSITIONS)).texte, /VASSEUR/i)
    const { rows } = await essai.application.base.pool.query(
      'select motif from proposition_saisine where motif is not null',
    )
    assert.ok(rows.every(({ motif }: { motif: string }) => !motif.includes('Plan')))
  })

  test('set aside with a reason, it does not come back for the same criteria', async () => {
    const { proposition, vu } = carte(await essai.lire('secretariat', PROPOSITIONS), 'Vasseur')
    await essai.poster('secretariat', `${PROPOSITIONS}/ecarter`, { proposition, vu, motif: 'Relogement acquis.' })
    await proposerSaisines(essai.application, '71')
    assert.doesNotMatch((await essai.lire('secretariat', PROPOSITIONS)).texte, /VASSEUR/i)
    const ecartee = carte(await essai.lire('secretariat', `${PROPOSITIONS}?etat=ecartee`), 'Vasseur')
    assert.match(ecartee.texte, /Relogement acquis/)
    await essai.poster('secretariat', `${PROPOSITIONS}/defaire`, { proposition, vu: ecartee.vu })
    assert.match((await essai.lire('secretariat', PROPOSITIONS)).texte, /VASSEUR/i)
  })

  test('accepted, it opens a referral filled with the dossier; filed, it is a self-referral and is proposed no more', async () => {
    const { proposition, vu } = carte(await essai.lire('secretariat', PROPOSITIONS), 'Garnier')
    const { vers } = await essai.poster('secretariat', `${PROPOSITIONS}/accepter`, { proposition, vu })
    const formulaire = await essai.lire('secretariat', vers)
    assert.equal(formulaire.statut, 200)
    const version = /name="vu" value="(\d+)"/.exec(formulaire.html)?.[1] ?? ''
    assert.equal((await essai.poster('secretariat', `${vers}/deposer`, { vu: version })).statut, 303)
    assert.match((await essai.lire('secretariat', '/saisines')).texte, /GARNIER/i)
    assert.match((await essai.lire('secretariat', vers.replace(/\/[^/]+$/, ''))).texte, /Auto-saisine sur critère/)
    const acceptee = carte(await essai.lire('secretariat', `${PROPOSITIONS}?etat=acceptee`), 'Garnier')
    const refusee = await essai.poster('secretariat', `${PROPOSITIONS}/defaire`, { proposition, vu: acceptee.vu })
    assert.equal(refusee.statut, 422)
    assert.match(refusee.texte, /déjà déposée/)
    await proposerSaisines(essai.application, '71')
    assert.doesNotMatch((await essai.lire('secretariat', PROPOSITIONS)).texte, /GARNIER/i)
  })

  test('[AUT-10] the secretariat takes a case up on its own judgment, with its reason', async () => {
    const dossier = `/dossiers/${essai.dossier.reference}/saisine`
    const refusee = await essai.poster('secretariat', `${dossier}/auto-saisine`, { motif: ' ' })
    assert.equal(refusee.statut, 422)
    assert.match(refusee.texte, /Écrire le motif/)
    const { vers } = await essai.poster('secretariat', `${dossier}/auto-saisine`, {
      motif: 'Situation connue de la mairie.',
    })
    assert.match((await essai.lire('secretariat', `${vers}?groupe=complement`)).html, /Situation connue de la mairie\./)
    assert.equal((await essai.poster('auteure', `${dossier}/auto-saisine`, { motif: 'Non.' })).statut, 403)
  })

  test('taken up, then given up, closed or examined: the dossier is proposed again for a reason, and only then', async () => {
    const dossier = `/dossiers/${essai.dossier.reference}/saisine`
    const { pool } = essai.application.base
    const proposes = async () => (await essai.lire('secretariat', PROPOSITIONS)).texte
    // The draft of the free self-referral is given up: the dossier waits to be decided.
    const { vers } = await essai.poster('secretariat', `${dossier}/auto-saisine`, { motif: 'Situation connue.' })
    assert.equal((await essai.poster('secretariat', `${vers}/abandonner`, {})).statut, 303)
    assert.match(await proposes(), /LACOMBE/i)
    const { proposition, vu } = carte(await essai.lire('secretariat', PROPOSITIONS), 'Lacombe')
    const { vers: ouverte } = await essai.poster('secretariat', `${PROPOSITIONS}/accepter`, { proposition, vu })
    const version = /name="vu" value="(\d+)"/.exec((await essai.lire('secretariat', ouverte)).html)?.[1] ?? ''
    assert.equal((await essai.poster('secretariat', `${ouverte}/deposer`, { vu: version })).statut, 303)
    const lue = await essai.lire('secretariat', dossier)
    const saisine = /id="s-([\w-]+)"/.exec(lue.html)?.[1] ?? ''
    const instruire = (n: string, acte: string, champs: Record<string, string>) =>
      essai.poster('secretariat', `${dossier}/instruire`, { saisine, vu: n, acte, motif: '', ...champs })
    assert.equal((await instruire('1', 'inscrite', { seance: '2026-11-20' })).statut, 303)
    assert.equal((await instruire('2', 'classee', { motif: 'Examinée ce jour.' })).statut, 303)
    assert.match(
      (await essai.lire('secretariat', dossier)).texte,
      /Séance vendredi 20 novembre 2026/,
      'the date of its session stays',
    )
    const plusTard = essai.application.le('2026-12-04') as typeof essai.application
    await proposerSaisines(plusTard, '71')
    assert.doesNotMatch(await proposes(), /LACOMBE/i)
    await importer(
      plusTard,
      'OPAC71',
      'impayes.csv',
      ecrireCsv([
        ligne({
          ...{ nom_usage: 'Lacombe', parc: 'public', bailleur_nom: 'OPAC de Saône-et-Loire' },
          ...{ type: 'impaye_bailleur_social', reference_source: 'OPAC-78', date_signalement: '2026-12-02' },
          montant_dette: '4150,00',
        }),
      ]),
    )
    await proposerSaisines(plusTard, '71')
    assert.match(await proposes(), /LACOMBE/i)
    await pool.query('delete from proposition_saisine where dossier = $1', [essai.dossier.id])
  })

  test('[AUT-09] [COM-04] a département whose data say nothing of orders to leave proposes none for its stage', async () => {
    const { application } = essai
    const livre = application.referentiel
    const departement = livre.departements.get('71')
    assert.ok(departement)
    const { cql_auto_saisine: _, ...parametres } = departement.parametres
    const muet = {
      ...application,
      referentiel: { ...livre, departements: new Map([['71', { ...departement, parametres, criteres: [] }]]) },
    }
    const { pool } = application.base
    await pool.query("update dossier set stade = 'commandement_de_quitter_les_lieux' where id = $1", [essai.dossier.id])
    const seance = { id: randomUUID(), territoires: departement.territoires.territoires.map(({ id }) => id) }
    const parOrdre = (app: Application) =>
      ouvrirSession(app, acteurSysteme('71', 'essai'), 'seance.preparer', async (session) =>
        (await proposerOrdre(session, seance as unknown as Seance, { dossiers: [essai.dossier.id] })).candidats.filter(
          ({ origine }) => origine === 'cql',
        ),
      )
    const cql = async () =>
      (await pool.query("select 1 from proposition_saisine where etat = 'proposee' and cql")).rows.length
    await proposerSaisines(application, '71')
    assert.equal(await cql(), 1)
    assert.equal((await parOrdre(application)).length, 1)
    await proposerSaisines(muet, '71')
    assert.equal(await cql(), 0)
    assert.equal((await parOrdre(muet)).length, 0)
    await pool.query('delete from proposition_saisine where dossier = $1', [essai.dossier.id])
  })

  test('the list of referrals is filtered, counted, sorted and exported with its filters', async () => {
    const lue = await essai.lire('secretariat', '/saisines?etat=recue&tri=menage')
    assert.match(lue.texte, /1 saisine/)
    assert.match((await essai.lire('secretariat', '/saisines?etat=incomplete')).texte, /Rien ne répond à ces filtres/)
    const classees = (await essai.lire('secretariat', '/saisines?etat=classee')).texte
    assert.match(classees, /Reçue \(1\)[^)]*Incomplète \(0\)/, 'each state keeps its own count')
    assert.match((await essai.lire('secretariat', '/saisines?q=garn')).texte, /GARNIER/i)
    const { octets } = await essai.lire('secretariat', '/saisines/export.csv?etat=recue')
    assert.match(octets.toString('utf8'), /GARNIER/i)
    // A partner sees its own and those addressed to it: none here.
    assert.doesNotMatch((await essai.lire('caf', '/saisines')).texte, /GARNIER/i)
  })
})
