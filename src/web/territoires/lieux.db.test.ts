import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { parse } from 'csv-parse/sync'
import { projectRoot } from '#socle/config'
import type { Database } from '#socle/db'
import { openTestDatabase } from '#tests/base'
import { type EssaiDesCercles, ouvrirEssaiDesCercles } from '#tests/ecrits'
import { type EssaiCharte, ouvrirEssaiCharte } from '../charte/fabrique-essai.ts'

describe('what serves a commune and a territory', () => {
  let bases: Database[]
  let essai: EssaiCharte
  let modele: EssaiCharte
  before(async () => {
    bases = [await openTestDatabase(), await openTestDatabase()]
    const racine = join(projectRoot, 'donnees')
    essai = await ouvrirEssaiCharte(bases[0] as Database, { racine, dept: '71' })
    modele = await ouvrirEssaiCharte(bases[1] as Database, { racine, dept: '99' })
  })
  after(async () => {
    await essai?.fermer()
    await modele?.fermer()
    for (const base of bases ?? []) await base.close()
  })

  test('[TER-07] each commune has its court and its legal access point, with where that is known from', async () => {
    for (const [commune, tribunal, cdad] of [
      ['tournus', 'Tribunal judiciaire de Mâcon', '06 40 48 40 23'],
      ['le+creusot', 'Tribunal de proximité du Creusot', '06 40 48 52 86'],
      ['givry', 'Tribunal judiciaire de Chalon-sur-Saône', '06 40 48 52 86'],
    ] as const) {
      const { texte } = await essai.lire(`/territoires?q=${commune}`, 'bailleur')
      assert.match(
        texte,
        new RegExp(`Tribunal ${tribunal}.*Source : Ressorts déduits.*Point d’accès au droit CDAD.*${cdad}.*annexe 5`),
        commune,
      )
    }
    const nord = await modele.lire('/territoires?q=montgisel')
    assert.match(nord.texte, /Tribunal Tribunal judiciaire de Chanterive-sur-Orvelle 2 place de l’Exemple/)
    const sien = await modele.lire('/territoires?q=rochebrenne')
    assert.match(
      sien.texte,
      /Point d’accès au droit Point-justice de Rochebrenne Mairie de Rochebrenne\. Le mardi matin/,
    )
    assert.doesNotMatch(sien.texte, /Point-justice de Chanterive/, 'the commune’s own comes before the territory’s')
  })

  test('[TER-07] [TER-08] the lists of communes are exported with what serves each', async () => {
    const { octets } = await modele.lire('/territoires/communes.csv')
    const [entete = [], ...lignes]: string[][] = parse(octets, { bom: true, delimiter: ';' })
    const cellule = (commune: string, titre: string) =>
      lignes.find((ligne) => ligne.includes(commune))?.[entete.indexOf(titre)]
    assert.equal(cellule('Belleronce', 'Tribunal'), 'Tribunal de proximité de Fontmarel')
    assert.equal(cellule('Belleronce', 'Commission unique délocalisée du FSL (CUD)'), 'CUD du Sud')
    assert.equal(cellule('Montgisel', 'CCAS'), 'CCAS de Montgisel')
    assert.equal(cellule('Belleronce', 'CCAS'), '')
  })

  test('[TER-08] a territory shows its CUD, MDS, antennes, CCAS and landlords; what nobody gave is said, never invented', async () => {
    const nord = await modele.lire('/territoires/nord')
    assert.match(
      nord.texte,
      /Qui travaille ici.*MDS\) MDS du Nord.*\(CUD\) CUD du Nord.*Antenne de prévention des expulsions Antenne de Chanterive-sur-Orvelle.*CCAS CCAS de Montgisel.*Bailleur social Office public de l’habitat/,
    )
    assert.doesNotMatch(nord.texte, /MDS du Sud|Antenne de Fontmarel/)
    const autun = await essai.lire('/territoires/autun')
    assert.match(
      autun.texte,
      /\(MDS\) Non renseigné : le département le complète.*ADIL, permanence d’Autun 03 85 39 30 70.*CCAS CCAS d’Autun.*CCAS du Creusot.*Bailleur social OPAC de Saône-et-Loire.*Mâcon Habitat/,
    )
    assert.doesNotMatch(autun.texte, /ADIL, centre de Mâcon|CCAS de Mâcon/)
  })
})

describe('mayors who volunteered', () => {
  let essai: EssaiDesCercles
  let commission: string
  before(async () => {
    essai = await ouvrirEssaiDesCercles()
    const creee = await essai.poster('secretariat', '/commissions', {
      ...{ nom: 'Commission d’Autun', niveau: 'territoriale', territoires: ['autun'], lieu: '', envoi: randomUUID() },
      secretariat: essai.organisme('SEC71-AUTUN'),
    })
    assert.equal(creee.statut, 303, creee.texte)
    commission = creee.vers
  })
  after(() => essai.fermer())

  test('[TER-11] are listed by commune, kept up to date by the commission, and said on the card of their commune', async () => {
    assert.match((await essai.lire('secretariat', '/territoires/maires')).texte, /Aucun maire n’est inscrit/)
    assert.match((await essai.lire('secretariat', '/territoires?q=le+creusot')).texte, /Maire volontaire Aucun inscrit/)
    const siege = { organisme: essai.organisme('MAIRIE71-CREUSOT'), qualite: 'maire', voix: '', du: '2026-01-01' }
    const ajoute = await essai.poster('secretariat', `${commission}/membres`, siege)
    assert.equal(ajoute.statut, 303, ajoute.texte)
    const vu = /name="vu" value="([^"]*)"/.exec((await essai.lire('secretariat', ajoute.vers)).html)?.[1] ?? ''
    const nomme = await essai.poster('secretariat', ajoute.vers, { ...siege, vu, titulaire_nom: 'Mme Roy' })
    assert.equal(nomme.statut, 303, nomme.texte)
    assert.match(
      (await essai.lire('secretariat', '/territoires/maires?q=creusot')).texte,
      /1 commune .*Le Creusot Autun Mme Roy Mairie du Creusot Commission d’Autun 01\/01\/2026/,
    )
    assert.match(
      (await essai.lire('secretariat', '/territoires/maires?territoire=macon')).texte,
      /Aucun maire ne répond/,
    )
    assert.match(
      (await essai.lire('secretariat', '/territoires?q=le+creusot')).texte,
      /Maire volontaire Mairie du Creusot : Mme Roy, Commission d’Autun, depuis le 01\/01\/2026/,
    )
    const csv = await essai.lire('secretariat', '/territoires/maires.csv')
    assert.match(csv.html, /Le Creusot.*Mme Roy/)
    const fin = /name="vu" value="([^"]*)"/.exec((await essai.lire('secretariat', ajoute.vers)).html)?.[1] ?? ''
    await essai.poster('secretariat', ajoute.vers, {
      ...siege,
      vu: fin,
      titulaire_nom: 'Mme Roy',
      jusquAu: '2026-11-19',
    })
    assert.match(
      (await essai.lire('secretariat', '/territoires/maires')).texte,
      /Aucun maire n’est inscrit/,
      'its time is over',
    )
  })

  test('[TER-11] whoever does not read the commissions reads no mayor', async () => {
    assert.equal((await essai.lire('commissaire', '/territoires/maires')).statut, 403)
    assert.doesNotMatch((await essai.lire('commissaire', '/territoires?q=le+creusot')).texte, /Maire volontaire/)
  })
})
