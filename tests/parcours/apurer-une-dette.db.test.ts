import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import { openTestDatabase } from '#tests/base'
import { type EssaiArgent, ouvrirEssaiArgent } from '../../src/web/argent/fabrique-essai.ts'

/*
 * Apurer une dette. Le ménage Orsetti doit trois loyers. Le service social note la dette et le budget, prépare un plan que le ménage peut tenir, puis suit
 * chaque mensualité. Le ménage dit à chaque versement ce qu'il paie : le loyer du mois, puis le plan.
 */
describe('Apurer une dette, du premier relevé au plan suivi', () => {
  let essai: EssaiArgent
  let plan = ''
  before(async () => {
    essai = await ouvrirEssaiArgent(await openTestDatabase())
  })
  after(() => essai.fermer())
  const page = async () => (await essai.lire('departement', essai.adresse())).texte

  test('1. le service social note trois loyers dus : 1 560 € restent dus, le loyer courant n’est pas repris', async () => {
    await essai.saisir('departement', [
      ['loyer', '2026-08-05', '520', '08/2026'],
      ['loyer', '2026-09-05', '520', '09/2026'],
      ['loyer', '2026-10-05', '520', '10/2026'],
    ])
    assert.match(await page(), /reste dû, selon les lignes saisies 1 560,00 €.*loyer courant repris Non/)
  })

  test('2. il note le budget : 210 € disponibles par mois, pour deux personnes', async () => {
    await essai.poster('departement', essai.adresse('/budget'), {
      envoi: randomUUID(),
      le: '2026-10-15',
      a: '1 100',
      loyer: '520',
      aide: '0',
      suspendue: 'non',
      autres: '170',
      hors: '200',
      personnes: '2',
    })
    assert.match(await page(), /disponible par mois, pour 2 personnes 210,00 €/)
  })

  test('3. un plan de six mois demande trop : Amont le dit : il en faudrait huit, sans rien garder', async () => {
    const reponse = await essai.poster('departement', essai.adresse('/plan'), {
      acte: 'conclure',
      envoi: randomUUID(),
      origine: 'bailleur',
      conclu_le: '2026-10-20',
      dette: '1 560',
      nombre: '6',
      premiere: '2026-11-10',
      arrondi: 'derniere',
      disponible: '210,00',
    })
    assert.match(reponse.texte, /Plan non tenable/)
    assert.match(reponse.texte, /Au plus, tout le disponible y passant : 8 mensualités/)
  })

  test('4. le plan de huit mois est conclu : 195 € par mois, et la somme est la dette', async () => {
    const conclu = await essai.poster('departement', essai.adresse('/plan'), {
      acte: 'conclure',
      envoi: randomUUID(),
      origine: 'bailleur',
      conclu_le: '2026-10-20',
      dette: '1 560',
      nombre: '8',
      premiere: '2026-11-10',
      arrondi: 'derniere',
      disponible: '210,00',
    })
    plan = conclu.vers.split('/').at(-1) ?? ''
    assert.match((await essai.lire('departement', conclu.vers)).texte, /8 de 195,00 €.*Total 1 560,00 €/)
  })

  test('5. en novembre le ménage paie son loyer et sa mensualité, et dit ce qu’il paie : le plan est respecté', async () => {
    const saisie = await essai.saisir('departement', [
      ['loyer', '2026-11-05', '520', '11/2026'],
      ['menage', '2026-11-05', '520', '11/2026', 'terme'],
      ['menage', '2026-11-10', '195', '', `plan:${plan}`],
    ])
    assert.equal(saisie.statut, 303, saisie.texte)
    const texte = await page()
    assert.match(texte, /loyer courant repris Oui Deux lectures/)
    assert.match(texte, /Plan du 20 octobre 2026 respecté : le dire au bailleur avant toute assignation/)
    assert.match(texte, /Selon la loi.*novembre 2026 n’est pas soldé/)
  })

  test('6. le bailleur, lui, ne voit rien de cette page', async () => {
    assert.equal((await essai.lire('bailleur', essai.adresse())).statut, 403)
  })
})
