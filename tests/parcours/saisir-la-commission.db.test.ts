import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type EssaiDesCercles, type Lue, ouvrirEssaiDesCercles } from '#tests/ecrits'

/**
 * Saisir la commission. Une travailleuse sociale suit un ménage en impayé. Elle saisit la CCAPEX avec ce qu’elle sait, sans attendre le reste ; le secrétariat
 * demande ce qui manque, elle complète, il inscrit la situation à une séance, et les membres disent avant la séance si le maintien est possible.
 */
describe('Saisir la commission : de la première réponse à la séance', () => {
  let essai: EssaiDesCercles
  let saisines: string
  let formulaire: string
  let saisine: string

  const cache = ({ html }: Lue, nom: string): string =>
    new RegExp(`name="${nom}" value="([^"]*)"`).exec(html)?.[1] ?? ''

  /** Remplit une rubrique comme on le fait à l’écran : l’ouvrir, écrire, enregistrer. */
  const remplir = async (
    adresse: string,
    rubrique: string,
    reponses: Record<string, string | string[]>,
  ): Promise<Lue> => {
    const vu = cache(await essai.lire('auteure', `${adresse}?groupe=${rubrique}`), 'vu')
    return essai.poster('auteure', adresse, { vu, groupes: rubrique, ...reponses })
  }

  before(async () => {
    essai = await ouvrirEssaiDesCercles()
    saisines = `/dossiers/${essai.dossier.reference}/saisine`
  })
  after(() => essai?.fermer())

  test('[SAI-34] [ESP-09] elle commence depuis le dossier : le nom, l’adresse, la dette et les actes y sont déjà', async () => {
    formulaire = (await essai.poster('auteure', saisines, { envoi: crypto.randomUUID() })).vers
    const { texte } = await essai.lire('auteure', `${formulaire}?groupe=dettes`)
    assert.match(texte, /Repris : dossier/)
    assert.match((await essai.lire('auteure', `${formulaire}?groupe=dettes`)).html, /value="1620,00"/)
    assert.match((await essai.lire('auteure', `${formulaire}?groupe=motif`)).html, /value="2026-11-04"/)
  })

  test('[SAI-05] [SAI-12] [SAI-21] elle écrit ce qu’elle sait ; le taux d’effort se calcule', async () => {
    await remplir(formulaire, 'motif', { motifs: ['impaye', 'voisinage'], 'stade.assignation.le': '2026-11-04' })
    await remplir(formulaire, 'ressources', { 'ressources.cdi.occupant': '1 000', 'ressources.rsa.conjoint': '200' })
    await remplir(formulaire, 'aide', { aide_droit: 'oui', aide_montant: '180', aide_suspendue: 'oui' })
    await remplir(formulaire, 'logement', { loyer: '520', charges_locatives: '60', autres_charges: '80' })
    const logement = await essai.lire('auteure', `${formulaire}?groupe=logement`)
    // (520 + 60 − 180 + 80) × 100 / 1 200, l’aide déduite même suspendue.
    assert.match(logement.texte, /Taux d’effort lié au logement 40\s?%/)
  })

  test('[SAI-35] elle saisit sans attendre le reste : rien de ce qu’elle ignore ne l’arrête', async () => {
    const relue = await essai.lire('auteure', `${formulaire}/deposer`)
    assert.match(relue.texte, /Il manque : avis ; le ménage est-il informé de la saisine/)
    const deposee = await essai.poster('auteure', `${formulaire}/deposer`, { vu: cache(relue, 'vu') })
    assert.equal(deposee.vers, saisines)
    assert.match((await essai.lire('auteure', saisines)).texte, /Reçue/)
  })

  test('[SAI-36] le secrétariat la reçoit, et demande ce qui manque', async () => {
    assert.match((await essai.lire('secretariat', '/saisines')).texte, /Saisines : 1 à instruire/)
    saisine = cache(await essai.lire('secretariat', saisines), 'saisine')
    await essai.poster('secretariat', `${saisines}/instruire`, {
      saisine,
      vu: '1',
      acte: 'incomplete',
      motif: 'Dire ce qui est attendu de la commission.',
    })
    assert.match(
      (await essai.lire('auteure', saisines)).texte,
      /Le secrétariat demande : Dire ce qui est attendu de la commission\./,
    )
  })

  test('elle complète une copie : la saisine d’origine reste telle qu’elle est partie', async () => {
    const { vers: copie } = await essai.poster('auteure', `${formulaire}/rouvrir`, {})
    await remplir(copie, 'attente', { attente_avis: ['fsl_aides'], attente_recommandations: ['relogement'] })
    await remplir(copie, 'information', { menage_informe: 'oui' })
    const relue = await essai.lire('auteure', `${copie}/deposer`)
    assert.doesNotMatch(relue.texte, /Il manque/)
    await essai.poster('auteure', `${copie}/deposer`, { vu: cache(relue, 'vu') })
    assert.match((await essai.lire('secretariat', copie)).texte, /Aides financières du FSL/)
    assert.doesNotMatch((await essai.lire('secretariat', formulaire)).texte, /Aides financières du FSL/)
  })

  test('[SAI-33] [SAI-36] inscrite à une séance, pré-orientée par la préfecture ; la travailleuse sociale connaît la date', async () => {
    const vue = await essai.lire('secretariat', saisines)
    await essai.poster('secretariat', `${saisines}/instruire`, {
      saisine,
      vu: cache(vue, 'vu'),
      acte: 'inscrite',
      seance: '2026-12-10',
      motif: '',
    })
    assert.match((await essai.lire('auteure', saisines)).texte, /jeudi 10 décembre 2026/)
    const { vers } = await essai.poster('prefecture', `${saisines}/preorienter`, {
      saisine,
      envoi: crypto.randomUUID(),
    })
    const vu = cache(await essai.lire('prefecture', vers), 'vu')
    await essai.poster('prefecture', vers, {
      vu,
      groupes: 'preorientation',
      maintien_possible: 'oui',
      conclusion: 'oui',
    })
    const relue = await essai.lire('prefecture', `${vers}/deposer`)
    assert.equal((await essai.poster('prefecture', `${vers}/deposer`, { vu: cache(relue, 'vu') })).statut, 303)
    assert.match(
      (await essai.lire('secretariat', vers)).texte,
      /Pré-orientation : le maintien dans le logement est-il possible \? Oui/,
    )
  })
})
