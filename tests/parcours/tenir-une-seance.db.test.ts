import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { cache, type EssaiDeSeance, ouvrirSeanceDEssai, remplirPoste } from '../../src/web/seances/fabrique-essai.ts'

describe('story: what a commission decides reaches the landlord, and its answer comes back', () => {
  let un: EssaiDeSeance

  before(async () => {
    un = await ouvrirSeanceDEssai(1)
  })
  after(() => un?.essai.fermer())

  test('[ESP-01] [COU-44] the secretariat decides in session, both co-chairs approve, the landlord answers, the CAF reads the common position', async () => {
    const { essai, seance, inscriptions, dossiers } = un
    const poste = `/seances/${seance}/poste/${inscriptions[0]}`
    // In session: the household may stay, the landlord is asked for a plan.
    const decision = remplirPoste(await essai.lire('secretariat', poste), {
      'q-maintien': 'oui',
      discours: 'Reprendre le loyer, tenir le plan.',
      'rec-code': 'plan-ou-protocole',
      'rec-organisme': essai.organisme('OPAC71'),
      geste: 'adopter',
    })
    assert.equal((await essai.poster('secretariat', poste, decision)).statut, 303)
    await essai.poster('secretariat', `/seances/${seance}/clore`, { restants: '0' })

    // Nobody knows before both co-chairs approved; the État then the Département find it in « À faire ».
    assert.doesNotMatch((await essai.lire('bailleur', '/suites')).texte, /plan d’apurement/)
    for (const compte of ['prefecture', 'copilote'] as const) {
      assert.match((await essai.lire(compte, '/a-faire')).texte, /Approuver un relevé de décisions/)
      const vu = cache(await essai.lire(compte, `/seances/${seance}/releve`), 'vu')
      assert.equal((await essai.poster(compte, `/seances/${seance}/releve/approuver`, { vu })).statut, 303)
    }

    // The landlord reads its part alone, and answers.
    const suites = await essai.lire('bailleur', '/suites')
    assert.match(suites.texte, /Conclure un plan d’apurement/)
    const adresse = /href="(\/suites\/[0-9a-f-]{36})"/.exec(suites.html)?.[1] ?? ''
    const vu = cache(await essai.lire('bailleur', adresse), 'vu')
    const reponse = { vu, reponse: 'partiel', texte: 'Plan signé, protocole à venir' }
    assert.equal((await essai.poster('bailleur', `${adresse}/repondre`, reponse)).statut, 303)
    assert.match((await essai.lire('secretariat', adresse)).texte, /Plan signé, protocole à venir/)

    // Every partner of the dossier holds the same position.
    const dossier = await essai.lire('caf', `/dossiers/${dossiers[0]?.reference}`)
    assert.match(dossier.texte, /Position commune Reprendre le loyer, tenir le plan\./)
  })
})
