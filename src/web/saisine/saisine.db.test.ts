import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { aLeDroit, cerclesDe } from '#acces'
import { accesLivre } from '#tests/application'
import { type Compte, type EssaiDesCercles, type Lue, ouvrirEssaiDesCercles } from '#tests/ecrits'
import { lireTextePdf } from '#tests/pdf'

/** Hidden field of a page. */
const cache = ({ html }: Lue, nom: string): string => new RegExp(`name="${nom}" value="([^"]*)"`).exec(html)?.[1] ?? ''

/** The referral a form was filed for, on the page of its dossier. */
const saisineDe = ({ html }: Lue, adresse: string): string =>
  new RegExp(`id="s-([\\w-]+)"(?:(?!id="s-)[\\s\\S])*?href="${adresse}"`).exec(html)?.[1] ?? ''

describe('[SAI-34] a referral to the CCAPEX is a long form', () => {
  let essai: EssaiDesCercles
  let dossier: string

  before(async () => {
    essai = await ouvrirEssaiDesCercles()
    dossier = `/dossiers/${essai.dossier.reference}/saisine`
  })
  after(() => essai?.fermer())

  const commencer = async (compte: Compte): Promise<string> => {
    const { statut, vers } = await essai.poster(compte, dossier, { envoi: crypto.randomUUID() })
    assert.equal(statut, 303)
    return vers
  }
  const groupe = (adresse: string, code: string) => `${adresse}?groupe=${code}`
  const enregistrer = async (
    compte: Compte,
    adresse: string,
    code: string,
    champs: Record<string, string | string[]>,
    vu?: string,
  ) => {
    const lue = await essai.lire(compte, groupe(adresse, code))
    assert.equal(lue.statut, 200)
    return essai.poster(compte, adresse, { vu: vu ?? cache(lue, 'vu'), groupes: code, ...champs })
  }

  test('what the dossier knows is taken over, said to be, and corrected by a person', async () => {
    const adresse = await commencer('auteure')
    const menage = await essai.lire('auteure', groupe(adresse, 'menage'))
    assert.match(menage.html, /name="titulaire_nom"[^>]*value="Lacombe"|value="Lacombe"[^>]*name="titulaire_nom"/)
    assert.match(menage.texte, /Repris : dossier/)
    await enregistrer('auteure', adresse, 'menage', { titulaire_nom: 'Lacombe-Morel', titulaire_prenom: 'Séverine' })
    const corrige = await essai.lire('auteure', groupe(adresse, 'menage'))
    assert.match(corrige.html, /value="Lacombe-Morel"/)
  })

  test('what cannot be read is kept as typed with its error, and nothing else is lost', async () => {
    const adresse = await commencer('auteure')
    const recue = await enregistrer('auteure', adresse, 'aide', {
      aide_droit: 'oui',
      aide_montant: 'deux cents',
      aide_suspendue_le: '31/02/2026',
    })
    assert.equal(recue.statut, 303)
    const lue = await essai.lire('auteure', groupe(adresse, 'aide'))
    assert.match(lue.html, /value="deux cents"/)
    assert.match(lue.html, /value="31\/02\/2026"/)
    assert.match(lue.texte, /Écrire un montant en euros/)
    assert.match(lue.texte, /Écrire une date qui existe/)
    const relue = await essai.poster('auteure', `${adresse}/deposer`, { vu: cache(lue, 'vu') })
    assert.equal(relue.statut, 422)
    assert.match(relue.texte, /Corriger d’abord les réponses signalées/)
  })

  test('[SAI-13] [SAI-15] [SAI-19] [SAI-21] [SAI-24] totals come from the server, a nil total of resources gives no rate', async () => {
    const adresse = await commencer('auteure')
    const vide = await essai.lire('auteure', groupe(adresse, 'logement'))
    assert.match(vide.texte, /Taux d’effort lié au logement non calculable/)
    await enregistrer('auteure', adresse, 'ressources', {
      'ressources.cdi.occupant': '900,50',
      'ressources.rsa.conjoint': '100',
      'autres_ressources.prestations.occupant': '199,50',
    })
    await enregistrer('auteure', adresse, 'aide', { aide_droit: 'oui', aide_montant: '150' })
    await enregistrer('auteure', adresse, 'logement', { loyer: '500', charges_locatives: '50', autres_charges: '80' })
    const { version, calculs } = JSON.parse(
      (
        await essai.poster('auteure', `${adresse}/auto`, {
          vu: cache(await essai.lire('auteure', adresse), 'vu'),
          groupes: 'finances',
          charges_hors_logement: '120',
        })
      ).html,
    ) as { version: number; calculs: Record<string, [string, string]> }
    assert.ok(version > 3)
    const dit = Object.fromEntries(
      Object.entries(calculs).map(([code, [valeur]]) => [code, valeur.replace(/\s/g, ' ')]),
    )
    assert.deepEqual(
      { a: dit.total_a, b: dit.total_b, c: dit.total_c, d: dit.total_d, A: dit.total_ressources },
      { a: '900,50 €', b: '100,00 €', c: 'non renseigné', d: '199,50 €', A: '1 200,00 €' },
    )
    assert.deepEqual(
      { 3: dit.loyer_charges, 4: dit.charge_residuelle, 6: dit.charges_totales, t: dit.taux_effort, r: dit.disponible },
      { 3: '550,00 €', 4: '400,00 €', 6: '480,00 €', t: '40 %', r: '600,00 €' },
    )
  })

  test('two people on the same answer: 409 with both versions, and the rest of what was typed is not lost', async () => {
    const adresse = await commencer('auteure')
    const vu = cache(await essai.lire('auteure', groupe(adresse, 'bailleur')), 'vu')
    assert.match((await essai.lire('collegue', groupe(adresse, 'bailleur'))).texte, /ouvert aussi par Camille AUTEURE/)
    await enregistrer('collegue', adresse, 'bailleur', { bailleur_nom: 'SCI des Forges', gerant: 'oui' }, vu)
    const conflit = await enregistrer(
      'auteure',
      adresse,
      'bailleur',
      { bailleur_nom: 'SCI de la Forge', bailleur_adresse: '3 rue Basse' },
      vu,
    )
    assert.equal(conflit.statut, 409)
    // The letters that differ are marked, each in its own element.
    assert.match(conflit.texte, /SCI de la Forge SCI des Forge s/)
    // Nothing was written; the choice sends again what this person changed, and only that.
    const garde = /<form[^>]*>(?:(?!<\/form>)[\s\S])*?Remplacer par ma saisie/.exec(conflit.html)?.[0] ?? ''
    const champs: Record<string, string[]> = {}
    for (const [, nom = '', valeur = ''] of garde.matchAll(/name="([\w.]+)" value="([^"]*)"/g)) {
      champs[nom] ??= []
      if (nom !== '_jeton') champs[nom].push(valeur)
    }
    assert.equal((await essai.poster('auteure', adresse, champs)).statut, 303)
    const lue = await essai.lire('auteure', groupe(adresse, 'bailleur'))
    assert.match(lue.html, /value="SCI de la Forge"/)
    assert.match(lue.html, /value="3 rue Basse"/)
    assert.match(lue.html, /value="oui"[^>]*checked|checked[^>]*value="oui"/, 'the colleague’s other answer stays')
  })

  test('two people on different answers of one page do not meet', async () => {
    const adresse = await commencer('auteure')
    const avant = { bailleur_nom: 'OPAC de Saône-et-Loire', parc: 'social' }
    const vu = cache(await essai.lire('auteure', groupe(adresse, 'bailleur')), 'vu')
    assert.equal(
      (await enregistrer('collegue', adresse, 'bailleur', { ...avant, bailleur_adresse: '1 rue Haute' }, vu)).statut,
      303,
    )
    assert.equal(
      (await enregistrer('auteure', adresse, 'bailleur', { ...avant, gerant_nom: 'Agence du Parc' }, vu)).statut,
      303,
    )
    const lue = await essai.lire('auteure', groupe(adresse, 'bailleur'))
    assert.match(lue.html, /value="1 rue Haute"/)
    assert.match(lue.html, /value="Agence du Parc"/)
  })

  test('[SAI-11] [ACC-08] the expertise on the use of force exists for the State alone, and stays when others save', async () => {
    const adresse = await commencer('prefecture')
    const attente = await essai.lire('prefecture', groupe(adresse, 'attente'))
    assert.match(attente.texte, /concours de la force publique/)
    const sienne = await commencer('auteure')
    assert.doesNotMatch((await essai.lire('auteure', groupe(sienne, 'attente'))).html, /expertise_force/)
    await enregistrer('auteure', sienne, 'attente', { expertise_force: 'oui' })
    await essai.poster('auteure', `${sienne}/deposer`, { vu: cache(await essai.lire('auteure', sienne), 'vu') })
    assert.doesNotMatch((await essai.lire('prefecture', sienne)).texte, /Expertise[^.]*Oui/)
  })

  test('whoever the matrix lets read referrals holds the circle that opens the key of their dossiers', () => {
    for (const [organisme, role] of [
      ['SP71-AUTUN', 'prefecture'],
      ['FSL71', 'partenaire'],
      ['ADIL71', 'service_social'],
    ] as const) {
      const { acces } = accesLivre(organisme, role)
      assert.ok(aLeDroit({ acces }, 'saisine.consulter') && cerclesDe(acces).includes('saisine'), organisme)
    }
  })

  test('a draft is read by the organisme that fills it, and by nobody else', async () => {
    const adresse = await commencer('auteure')
    for (const compte of ['secretariat', 'caf', 'prefecture', 'pilote', 'bailleur'] as const)
      assert.ok([403, 404].includes((await essai.lire(compte, adresse)).statut), compte)
    const { rows } = await essai.application.base.pool.query('select contenu from formulaire')
    assert.ok(rows.every(({ contenu }: { contenu: string }) => !contenu.includes('Lacombe')))
  })

  test('[SAI-35] [SAI-36] filed with unknown answers, asked to be completed, reopened, put on a session', async () => {
    const adresse = await commencer('auteure')
    await enregistrer('auteure', adresse, 'motif', { motifs: ['impaye', 'voisinage'] })
    const relue = await essai.lire('auteure', `${adresse}/deposer`)
    assert.match(relue.texte, /Il manque/)
    assert.match(relue.texte, /ne vaut pas saisine légale : EXPLOC/)
    const deposee = await essai.poster('auteure', `${adresse}/deposer`, { vu: cache(relue, 'vu') })
    assert.equal(deposee.statut, 303)
    const pdf = await essai.lire('auteure', `${adresse}/pdf`)
    assert.match(pdf.octets.toString('latin1'), /pdfuaid:part>1</)
    assert.deepEqual(
      (await essai.lire('auteure', `${adresse}/pdf`)).octets,
      pdf.octets,
      'the bytes signed are the bytes kept',
    )
    assert.equal((await essai.poster('auteure', adresse, { vu: '2', groupes: 'motif', motifs: ['autre'] })).statut, 422)

    const vue = await essai.lire('secretariat', dossier)
    const saisine = saisineDe(vue, adresse)
    const sansMotif = await essai.poster('secretariat', `${dossier}/instruire`, {
      saisine,
      vu: '1',
      acte: 'incomplete',
      motif: '',
    })
    assert.equal(sansMotif.statut, 422)
    assert.match(sansMotif.texte, /Dire ce qui manque/)
    await essai.poster('secretariat', `${dossier}/instruire`, {
      saisine,
      vu: '1',
      acte: 'incomplete',
      motif: 'Dire ce qui est attendu.',
    })
    assert.match((await essai.lire('auteure', dossier)).texte, /Le secrétariat demande : Dire ce qui est attendu/)

    const { vers: copie } = await essai.poster('auteure', `${adresse}/rouvrir`, {})
    await enregistrer('auteure', copie, 'attente', { attente_avis: ['fsl_aides'] })
    const avant = await essai.lire('auteure', `${copie}/deposer`)
    assert.match(avant.texte, /Aides financières du FSL/)
    await essai.poster('auteure', `${copie}/deposer`, { vu: cache(avant, 'vu') })
    assert.match((await essai.lire('auteure', adresse)).texte, /version plus récente/)

    const passe = await essai.poster('secretariat', `${dossier}/instruire`, {
      saisine,
      vu: '3',
      acte: 'inscrite',
      seance: '2026-11-01',
      motif: '',
    })
    assert.equal(passe.statut, 422)
    const perime = await essai.poster('secretariat', `${dossier}/instruire`, {
      saisine,
      vu: '1',
      acte: 'inscrite',
      seance: '2026-12-10',
      motif: '',
    })
    assert.equal(perime.statut, 409)
    const inscrite = await essai.poster('secretariat', `${dossier}/instruire`, {
      saisine,
      vu: '3',
      acte: 'inscrite',
      seance: '2026-12-10',
      motif: '',
    })
    assert.equal(inscrite.statut, 303)
    assert.match((await essai.lire('auteure', dossier)).texte, /jeudi 10 décembre 2026/)
  })

  test('[ACC-06] a copy made by another organisme lifts no mask; once it is filed the sender still has the referral', async () => {
    const adresse = await commencer('auteure')
    await enregistrer('auteure', adresse, 'famille', { protection: 'oui', protection_organisme: 'Udaf de la vallée' })
    await enregistrer('auteure', adresse, 'motif', { motifs: ['impaye'] })
    await essai.poster('auteure', `${adresse}/deposer`, { vu: cache(await essai.lire('auteure', adresse), 'vu') })
    assert.match((await essai.lire('auteure', adresse)).texte, /Udaf de la vallée/)
    const { vers: copie } = await essai.poster('secretariat', `${adresse}/rouvrir`, {})
    const { vers: encore } = await essai.poster('secretariat', `${adresse}/rouvrir`, {})
    assert.equal(encore, copie)
    const ouverte = await essai.lire('secretariat', groupe(copie, 'tout'))
    assert.equal(ouverte.statut, 200)
    for (const tu of ['Udaf', 'name="protection']) assert.ok(!ouverte.html.includes(tu), tu)
    const { vers: sienne } = await essai.poster('auteure', `${adresse}/rouvrir`, {})
    assert.notEqual(sienne, copie)

    await enregistrer('secretariat', copie, 'attente', { attente_avis: ['fsl_aides'] })
    const vu = cache(await essai.lire('secretariat', copie), 'vu')
    assert.equal((await essai.poster('secretariat', `${copie}/deposer`, { vu })).statut, 303)
    assert.match((await essai.lire('auteure', dossier)).html, new RegExp(`href="${copie}"`))
    const lue = await essai.lire('auteure', copie)
    assert.match(lue.texte, /Aides financières du FSL/)
    const { octets } = await essai.lire('secretariat', `${copie}/pdf`)
    assert.ok(!lireTextePdf(octets).includes('Udaf'))

    // A copy opened before the other was filed would wipe what it added.
    const depassee = await essai.poster('auteure', `${sienne}/deposer`, {
      vu: cache(await essai.lire('auteure', sienne), 'vu'),
    })
    assert.equal(depassee.statut, 422)
    assert.match(depassee.texte, /a été complétée depuis l’ouverture de cette copie/)
    assert.equal((await essai.poster('auteure', `${adresse}/rouvrir`, {})).vers, copie)
  })

  test('an answer that cannot be read to a question that no longer applies does not stop the filing', async () => {
    const adresse = await commencer('auteure')
    await enregistrer('auteure', adresse, 'aide', {
      aide_droit: 'oui',
      aide_suspendue: 'oui',
      aide_suspendue_le: '31/02/2026',
    })
    const deposer = async () =>
      (await essai.poster('auteure', `${adresse}/deposer`, { vu: cache(await essai.lire('auteure', adresse), 'vu') }))
        .statut
    assert.equal(await deposer(), 422)
    await enregistrer('auteure', adresse, 'aide', {
      aide_droit: 'oui',
      aide_suspendue: 'non',
      aide_suspendue_le: '31/02/2026',
    })
    assert.equal(await deposer(), 303)
  })

  test('[SAI-33] [COM-07] the members fill the pre-orientation apart, once, before the session, which reads it question by question', async () => {
    const adresse = await commencer('auteure')
    await essai.poster('auteure', `${adresse}/deposer`, { vu: cache(await essai.lire('auteure', adresse), 'vu') })
    const saisine = saisineDe(await essai.lire('secretariat', dossier), adresse)
    const { vers } = await essai.poster('secretariat', `${dossier}/preorienter`, {
      saisine,
      envoi: crypto.randomUUID(),
    })
    const { vers: encore } = await essai.poster('prefecture', `${dossier}/preorienter`, {
      saisine,
      envoi: crypto.randomUUID(),
    })
    assert.equal(encore, vers)
    await enregistrer('prefecture', vers, 'preorientation', { conclusion: 'non', maintien_possible: 'non' })
    assert.match((await essai.lire('auteure', vers)).texte, /le maintien dans le logement est-il possible/)
    // The clock of the essay does not move: this referral is the newest.
    await essai.application.base.pool.query(
      "update saisine set deposee_a = deposee_a + interval '1 minute' where id = $1",
      [saisine],
    )
    const { rows } = await essai.application.base.pool.query(
      `with c as (
        insert into commission (dept, nom, niveau, territoires, secretariat, cree_a) values ('71', 'Commission', 'territoriale', '{autun}', $1, now()) returning *
      ), s as (
        insert into seance (dept, commission, le, debut, fin, etat, cree_a) select dept, id, '2026-11-20', '09:00', '12:00', 'prevue', now() from c returning *
      ) insert into inscription (dept, seance_id, dossier_id, origine, rang, etat, inscrite_a)
        select dept, id, $2, 'saisine', 1, 'inscrit', now() from s returning seance_id, id`,
      [essai.organisme('SEC71-AUTUN'), essai.dossier.id],
    )
    const [{ seance_id: seance, id }] = rows as [{ seance_id: string; id: string }]
    const poste = await essai.lire('secretariat', `/seances/${seance}/poste/${id}`)
    assert.match(poste.texte, /Maintien possible \? Pré-orientation des membres : non/)
    assert.equal(poste.texte.match(/Pré-orientation des membres/g)?.length, 1, 'what nobody answered is not said')
  })
})
