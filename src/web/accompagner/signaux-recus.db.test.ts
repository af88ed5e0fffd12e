import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { openTestDatabase } from '#tests/base'
import { routesProcedure } from '../procedure/index.ts'
import { type Compte, type Essai, importer, ouvrirEssai } from './fabrique-essai.ts'

type Ligne = Readonly<Record<string, string>>

/** Every signal of the charter, by the file of whoever sends it or by the hand of whoever learns it, and what the secretariat then reads. */
describe('signals received', () => {
  let essai: Essai
  let rang = 0
  before(async () => {
    essai = await ouvrirEssai(await openTestDatabase(), routesProcedure)
  })
  after(() => essai.fermer())

  const PRENOMS = ['Odile', 'Bastien', 'Yvette', 'Karim', 'Solène', 'Marcel', 'Ingrid', 'Paul', 'Nadia', 'Hugo']
  const VOIES = ['rue des Forges', 'quai du Canal', 'place du Marché', 'impasse Colbert', 'avenue Jaurès']

  /** Imports one line about a household of its own; gives the address of its dossier. */
  const recevoir = async (organisme: string, nom: string, ligne: Ligne): Promise<string> => {
    rang += 1
    await importer(essai, organisme, [
      {
        reference_source: `R-${rang}`,
        date_signalement: '2026-11-05',
        nom_usage: nom,
        prenom: PRENOMS[rang % PRENOMS.length] ?? '',
        date_naissance: Temporal.PlainDate.from('1960-01-09')
          .add({ days: 211 * rang })
          .toString(),
        adresse: `${7 * rang} ${VOIES[rang % VOIES.length]}`,
        code_postal: '71400',
        commune: 'Autun',
        ...ligne,
      },
    ])
    const { rows } = await essai.application.base.pool.query<{ reference: string }>(
      'select reference from dossier where titulaire like $1',
      [`${nom.toUpperCase()}%`],
    )
    assert.equal(rows.length, 1, nom)
    return `/dossiers/${rows[0]?.reference}`
  }
  const voir = async (adresse: string, compte: Compte = 'secretariat') => (await essai.lire(compte, adresse)).texte
  const saisir = async (adresse: string, genre: string, le: string, champs: Ligne = {}) => {
    const page = await essai.lire('secretariat', `${adresse}/procedure/saisir?genre=${genre}`)
    const faite = await essai.poster('secretariat', `${adresse}/procedure/saisir`, {
      genre,
      le,
      confirme: 'oui',
      envoi: /name="envoi" value="([0-9a-f-]{36})"/.exec(page.html)?.[1] ?? '',
      ...Object.fromEntries(Object.entries(champs).map(([nom, valeur]) => [`f-${nom}`, valeur])),
    })
    assert.equal(faite.statut, 303, `${genre} ${faite.texte.slice(0, 300)}`)
    return voir(`${adresse}/procedure`)
  }

  test('[SIG-04] a social landlord reports a tenant in arrears who has no housing aid', async () => {
    const texte = await voir(
      await recevoir('OPAC71', 'Sansaide', {
        type: 'impaye_bailleur_social',
        parc: 'public',
        aide_logement: 'non',
        montant_dette: '812,40',
      }),
    )
    assert.match(texte, /Impayé signalé par un bailleur social, /)
    assert.match(texte, /812,40 €/)
  })

  test('[SIG-05] [SIG-06] a request to the FSL is a signal that opens a dossier, whether the Département or the CAF sends it', async () => {
    for (const [organisme, nom] of [
      ['DEP71', 'Demandeuse'],
      ['CAF71', 'Maintenue'],
    ] as const) {
      const adresse = await recevoir(organisme, nom, { type: 'demande_fsl', parc: 'prive', montant_dette: '500' })
      assert.match(await voir(adresse), /Demande d’aide au FSL, /)
    }
  })

  test('[SIG-08] a decision of the FSL says what it grants and the part of the debt it covers', async () => {
    const adresse = await recevoir('CAF71', 'Decidee', { type: 'impaye_caf', parc: 'prive', montant_dette: '1200' })
    const texte = await saisir(adresse, 'fsl_decision', '2026-11-12', {
      decision: 'partiel',
      montant: '600',
      part_dette: '50',
    })
    assert.match(
      texte,
      /Décision du FSL, 12\/11\/2026 Décision : Accord partiel. Montant accordé : 600,00 €. .*pour cent : 50/,
    )
  })

  test('[SIG-09] a Visale guarantee that is called comes by the file of Action Logement, another guarantee by hand', async () => {
    const adresse = await recevoir('AL71', 'Garantie', {
      type: 'saisine_partenaire',
      parc: 'prive',
      garantie_visale: 'oui',
    })
    assert.match(await voir(adresse), /Garantie Visale oui/)
    assert.match(
      await saisir(adresse, 'garantie', '2026-11-10', { type: 'autre', verse: '300' }),
      /Garantie : Autre. Sommes versées au bailleur : 300,00 €/,
    )
  })

  test('[SIG-11] a summons keeps its court, the day of the hearing, its hour and its address', async () => {
    const adresse = await recevoir('PREF71', 'Assignee', {
      type: 'assignation',
      date_acte: '2026-11-02',
      date_audience: '2027-01-14',
      tribunal: 'Tribunal judiciaire de Mâcon',
    })
    assert.match(
      await voir(`${adresse}/procedure`),
      /Tribunal : Tribunal judiciaire de Mâcon. Audience le 14\/01\/2027/,
    )
    assert.match(
      await saisir(adresse, 'assignation', '2026-11-02', {
        tribunal: 'Tribunal judiciaire de Mâcon',
        audience_le: '2027-01-14',
        audience_heure: '9 h 30',
        audience_adresse: '8 rue de la Préfecture, Mâcon',
      }),
      /Audience le : 14\/01\/2027. Heure de l’audience : 9 h 30. Adresse de l’audience : 8 rue de la Préfecture, Mâcon/,
    )
  })

  test('[SIG-12] a judgment is kept with what it decides, from a file or by hand', async () => {
    for (const [decision, dit] of [
      ['resiliation_ferme', /Résiliation ferme/],
      ['delais', /Délais de paiement/],
      ['rejet', /Rejet de la demande/],
    ] as const) {
      const adresse = await recevoir('PREF71', `Jugement${decision.replace('_', '')}`, {
        type: 'jugement',
        date_acte: '2026-11-02',
        decision,
      })
      assert.match(await voir(`${adresse}/procedure`), dit)
    }
    const adresse = await recevoir('PREF71', 'Jugeealamain', { type: 'assignation', date_acte: '2026-09-02' })
    assert.match(
      await saisir(adresse, 'jugement', '2026-11-03', { decision: 'delais', duree_mois: '24' }),
      /Décision : Délais de paiement/,
    )
  })

  test('[SIG-13] an order to leave is kept and moves the step', async () => {
    const adresse = await recevoir('PREF71', 'Quitteuse', {
      type: 'commandement_de_quitter_les_lieux',
      date_acte: '2026-11-02',
    })
    assert.match(await voir(`${adresse}/procedure`), /Étape Commandement de quitter les lieux depuis le 02\/11\/2026/)
  })

  test('[SIG-15] the decision on the force, the planned day and the eviction itself are kept', async () => {
    const adresse = await recevoir('PREF71', 'Executee', { type: 'concours_force_publique', date_acte: '2026-10-02' })
    assert.match(await voir(`${adresse}/procedure`), /Concours de la force publique/)
    assert.match(
      await saisir(adresse, 'concours_force_publique', '2026-10-02', { prevue_le: '2026-10-28' }),
      /Expulsion prévue le : 28\/10\/2026/,
    )
    assert.match(await saisir(adresse, 'expulsion', '2026-10-28'), /Expulsion effective, 28\/10\/2026/)
    const refusee = await recevoir('PREF71', 'Refusee', { type: 'requisition_force_publique', date_acte: '2026-10-02' })
    assert.match(
      await saisir(refusee, 'refus_concours', '2026-11-02', { motif: 'menage' }),
      /Refus du concours, 02\/11\/2026 .*Situation du ménage/,
    )
  })

  test('[SIG-22] each state of an over-indebtedness procedure is kept, and the last one is said', async () => {
    const adresse = await recevoir('CAF71', 'Surendettee', { type: 'impaye_caf', montant_dette: '900' })
    for (const [genre, le] of [
      ['surendettement_depose', '2026-06-01'],
      ['surendettement_recevable', '2026-07-01'],
      ['surendettement_moratoire', '2026-08-03'],
      ['surendettement_plan', '2026-09-01'],
      ['surendettement_retablissement', '2026-11-02'],
    ] as const)
      await saisir(adresse, genre, le)
    const texte = await voir(`${adresse}/procedure`)
    for (const dit of [
      /dossier déposé, 01\/06/,
      /recevable, 01\/07/,
      /moratoire, 03\/08/,
      /plan ou mesures en cours, 01\/09/,
      /rétablissement personnel, 02\/11/,
    ])
      assert.match(texte, dit)
  })

  test('[SIG-25] the commune where the tenant lives gives the territory, whoever reports; an unknown one waits for a person', async () => {
    for (const [nom, commune, codePostal, territoire] of [
      ['Autunoise', 'Autun', '71400', 'autun'],
      ['Maconnaise', 'MACON CEDEX', '71000', 'macon'],
      ['Montcellienne', 'Montceau les Mines', '71300', 'montceau-les-mines'],
    ] as const) {
      const adresse = await recevoir('OPAC71', nom, {
        type: 'impaye_bailleur_social',
        commune,
        code_postal: codePostal,
      })
      const { rows } = await essai.application.base.pool.query('select territoire from dossier where reference = $1', [
        adresse.split('/').at(-1),
      ])
      assert.deepEqual(rows, [{ territoire }])
    }
    const adresse = await recevoir('OPAC71', 'Inconnue', {
      type: 'impaye_bailleur_social',
      commune: 'Villeneuve-Absente',
    })
    assert.match(await voir(adresse), /Territoire à déterminer|Territoire .*non/i)
  })
})
