import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type EssaiDePilotage, ouvrirEssaiDePilotage } from '../../src/web/pilotage/fabrique-essai.ts'

/*
 * Piloter les commissions. En fin d’année, la pilote de la charte prépare la commission départementale. Elle lit ce que les commissions ont fait, voit que deux d’entre
 * elles répondent autrement à des dossiers semblables, ouvre les dossiers en cause, regarde qui est revenu et quels organismes ont siégé, puis tire la version à
 * diffuser, où aucun ménage ne se retrouve.
 */
describe('Piloter les commissions, du chiffre de l’année à la version à diffuser', () => {
  let un: EssaiDePilotage
  before(async () => {
    un = await ouvrirEssaiDePilotage()
  })
  after(() => un?.essai.fermer())

  test('1. elle lit l’année : trois séances tenues, une annulée faute de quorum, les délais et ce que les avis deviennent', async () => {
    const { texte } = await un.essai.lire('pilote', '/pilotage')
    assert.match(texte, /3 séances tenues\./)
    assert.match(texte, /Quorum impossible/)
    assert.match(texte, /De la séance à la notification/)
    assert.match(texte, /Sans réponse, date passée/)
  })

  test('2. [COM-02] à situation semblable, Autun maintient l’aide bien plus souvent que Chalon : une question, pas un classement', async () => {
    const page = await un.essai.lire('pilote', '/pilotage/harmonisation')
    assert.match(page.texte, /La règle est-elle lue pareil \?/)
    // She opens the files behind Chalon's share.
    const liens = [...page.html.matchAll(/href="(\/pilotage\/dossiers\?[^"]*)"/g)].map(([, lien = '']) =>
      lien.replaceAll('&amp;', '&'),
    )
    const sien = liens.find(
      (lien) => lien.includes(un.commissions.chalon) && decodeURIComponent(lien).includes('aide:maintien'),
    )
    const liste = await un.essai.lire('pilote', sien ?? '')
    assert.match(liste.texte, /: 5 - Amont|: 5 /)
    assert.equal([...liste.html.matchAll(/<th scope="row"/g)].length, 5)
  })

  test('3. elle voit un dossier revenu sur un fait nouveau, et des présences jamais notées', async () => {
    assert.match((await un.essai.lire('pilote', '/pilotage/revus')).texte, /puis orientation remise en cause/)
    assert.match((await un.essai.lire('pilote', '/pilotage/assiduite')).texte, /Non noté/)
  })

  test('4. [IND-76] la version à diffuser ne montre aucun petit nombre, n’ouvre aucun dossier, et s’exporte telle quelle', async () => {
    const page = await un.essai.lire('pilote', '/pilotage?version=diffusion')
    assert.match(page.texte, /version à diffuser : petits nombres masqués/)
    assert.doesNotMatch(page.html, /\/pilotage\/dossiers/)
    const { octets } = await un.essai.lire('pilote', '/pilotage/activite.csv?version=diffusion')
    assert.match(octets.toString('utf8'), /non montré/)
    assert.doesNotMatch(octets.toString('utf8'), /Nom[A-Z]|71-2026-/)
  })
})
