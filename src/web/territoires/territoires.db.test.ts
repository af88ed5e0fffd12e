import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { parse } from 'csv-parse/sync'
import type { Database } from '#socle/db'
import { openTestDatabase } from '#tests/base'
import { type EssaiCharte, ouvrirEssaiCharte } from '../charte/fabrique-essai.ts'

describe('the territories, on screen', () => {
  let base: Database
  let essai: EssaiCharte

  before(async () => {
    base = await openTestDatabase()
    essai = await ouvrirEssaiCharte(base)
  })
  after(async () => {
    await essai?.fermer()
    await base?.close()
  })

  test('[TER-01] [TER-05] [TER-06] six territories, five addresses: one secretariat serves two of them', async () => {
    const { texte } = await essai.lire('/territoires', 'bailleur')
    assert.match(texte, /6 territoires/)
    assert.match(texte, /Territoires et secrétariats 5 adresses, 589 noms de communes/)
    assert.equal(texte.match(/21 rue de l’Arquebuse/g)?.length, 2)
    assert.match(texte, /à vérifier Adresses : Charte de prévention des expulsions de Saône-et-Loire, annexe 3/)
    assert.match((await essai.lire('/territoires/autun')).texte, /Tient aussi Montceau-les-Mines/)
  })

  test('[TER-02] a commune is answered with its territory, its secretariat, its name of today and what the list printed', async () => {
    const { texte, html } = await essai.lire('/territoires?q=st+pantaleon')
    assert.match(html, /<h1>Où va « st pantaleon » \?<\/h1>/)
    assert.match(texte, /Saint Pantaleon : territoire d’Autun/)
    assert.match(texte, /Secrétariat Sous-préfecture d’Autun Secrétariat CCAPEX Autun-Montceau/)
    assert.match(texte, /Commune d’aujourd’hui Autun \(71014\)/)
    assert.match(texte, /Statut de ce nom Ancienne commune/)
    assert.match(
      texte,
      /Liste imprimée « Saint Pantaleon », Autun depuis le 14 février 2020, sans fin connue\. Commune jusqu’au 31\/12\/2012/,
    )
  })

  test('[TER-04] what no list names is to be determined; what resembles is proposed', async () => {
    assert.match((await essai.lire('/territoires?q=frontenaud')).texte, /Frontenaud : territoire à déterminer/)
    const proche = await essai.lire('/territoires?q=creusot')
    assert.match(proche.texte, /Aucune commune ne s’appelle « creusot » Noms proches Le Creusot/)
    assert.ok(proche.html.includes('href="/territoires?q=Le%20Creusot#reponse"'))
    assert.match((await essai.lire('/territoires?q=zzzz')).texte, /Rien ne ressemble à « zzzz »/)
    const hostile = await essai.lire('/territoires?q=%3Cscript%3Ealert(1)%3C/script%3E')
    assert.doesNotMatch(hostile.html, /<script>alert/)
  })

  test('the vintage of the official geography is shown with its origin', async () => {
    const { texte } = await essai.lire('/territoires')
    assert.match(
      texte,
      /Communes actuelles de Saône-et-Loire.*code officiel géographique de l’Insee\) État au 01\/01\/2026/,
    )
    assert.match(texte, /arrêté préfectoral n° 71\.2020\.02\.14-004 du 14 février 2020/)
  })

  test('[TER-03] anomalies are shown to those who can have them confirmed, and to nobody else', async () => {
    for (const [compte, statut] of [
      ['secretariat', 200],
      ['prefecture', 200],
      ['pilote', 200],
      ['administrateur', 200],
      ['service', 403],
      ['bailleur', 403],
    ] as const) {
      assert.equal((await essai.lire('/territoires/anomalies', compte)).statut, statut, compte)
      assert.equal(/restent à confirmer/.test((await essai.lire('/territoires', compte)).texte), statut === 200, compte)
    }
    const { texte } = await essai.lire('/territoires/anomalies')
    assert.match(texte, /Noms qu’aucune commune ne porte 4 .* Les Gautherets Chalon-sur-Saône Cité ouvrière/)
    assert.match(texte, /Communes d’aujourd’hui absentes des listes 1 .* Frontenaud Aucun/)
    assert.match(texte, /Secrétariats à compléter 5/)
  })

  test('the names of a territory are filtered and exported as shown', async () => {
    const page = await essai.lire('/territoires/macon?statut=deleguee')
    const [, nombre = ''] = /<h1>Mâcon : (\d+) noms? de communes?<\/h1>/.exec(page.html) ?? []
    const { octets } = await essai.lire('/territoires/communes.csv?statut=deleguee&territoire=macon')
    const [entete, ...lignes]: string[][] = parse(octets, { bom: true, delimiter: ';' })
    assert.equal(entete?.[0], 'Territoire')
    assert.equal(lignes.length, Number(nombre))
    assert.ok(lignes.length > 0 && lignes.every(([territoire]) => territoire === 'Mâcon'))
    assert.match((await essai.lire('/territoires/communes?q=gautheret')).texte, /1 nom de commune/)
    assert.equal((await essai.lire('/territoires/nulle-part')).statut, 404)
  })
})
