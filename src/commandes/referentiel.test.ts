import assert from 'node:assert/strict'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { controlerDonnees } from './referentiel.ts'

const donnees = join(import.meta.dirname, '../../../donnees')
const jour = Temporal.PlainDate.from('2026-11-20')

test('[REP-01] the data delivered have no fault, and say what is not verified or about to end', () => {
  const { problemes, exemples, remarques } = controlerDonnees(donnees, jour)
  assert.deepEqual(problemes, [])
  assert.ok(exemples > 550)
  const genres = new Set(remarques.map(({ genre }) => genre))
  for (const genre of ['non_verifie', 'a_completer', 'expire_bientot', 'change_bientot', 'a_verifier'])
    assert.ok(genres.has(genre as never), genre)
})

test('[DOS-31] the inventory gives the true periods of the law: ended, about to end, about to change, not confirmed', () => {
  const { remarques } = controlerDonnees(donnees, jour)
  const detail = (genre: string, nom: string) =>
    remarques
      .filter((une) => une.genre === genre && une.chemin === `donnees/droit/${nom}.yaml`)
      .map((une) => une.detail)
  assert.deepEqual(detail('expire', 'valeurs/bailleur.penalite'), [
    'terme le 31 décembre 2022, aucune version suivante',
  ])
  assert.deepEqual(detail('expire_bientot', 'delais/protocole.renegociation'), [
    'terme le 31 décembre 2026, aucune version suivante',
  ])
  assert.deepEqual(detail('change_bientot', 'delais/impaye.signalement-bailleur'), [
    'nouvelle version le 1er janvier 2027',
  ])
  assert.deepEqual(detail('expire_bientot', 'delais/impaye.signalement-bailleur'), [])
  assert.match(detail('a_verifier', 'valeurs/juge-execution.delais').join(' '), /seconde lecture non confirmée/)
  assert.match(detail('a_verifier', 'delais/requisition.refus-implicite').join(' '), /R\. 154-5/)
  assert.match(detail('non_verifie', 'calendrier/treve-hivernale').join(' '), /jamais relue par un juriste/)
  const charte = remarques.filter(({ chemin }) => chemin.includes('charte-2020/delais/diagnostic'))
  assert.ok(charte.some(({ genre }) => genre === 'expire_bientot'))
  const cles = remarques.map((une) => JSON.stringify(une))
  assert.equal(new Set(cles).size, cles.length, 'a remark is said once')
})

test('a wrong example of a time limit or of a value is shown where it is written', (t) => {
  const dossier = mkdtempSync(join(tmpdir(), 'amont-donnees-'))
  t.after(() => rmSync(dossier, { recursive: true }))
  const racine = join(dossier, 'donnees')
  cpSync(donnees, racine, { recursive: true })
  const faux = [
    [
      'droit/delais/dsf.remise.yaml',
      'echeance: 2027-01-07, version: 2021-01-08',
      'echeance: 2027-01-08, version: 2021-01-08',
    ],
    ['droit/valeurs/protocole.duree.yaml', 'attendu: { valeur: au plus 2 ans', 'attendu: { valeur: au plus 3 ans'],
  ] as const
  for (const [nom, avant, apres] of faux) {
    const chemin = join(racine, nom)
    const texte = readFileSync(chemin, 'utf8')
    const ligne = texte.split('\n').findIndex((une) => une.includes(avant)) + 1
    assert.ok(ligne > 1)
    writeFileSync(chemin, texte.replace(avant, apres))
    const trouves = controlerDonnees(racine, jour).problemes.filter((probleme) => probleme.chemin === `donnees/${nom}`)
    assert.equal(trouves[0]?.ligne, ligne, nom)
    assert.match(
      trouves[0]?.message ?? '',
      /^Exemple n° \d+ : .* attendu, .* obtenu\. Corriger la règle, ou ce que l’exemple attend\.$/,
    )
  }
})

test('a fault of any file comes with its place, and the other files are still read', (t) => {
  const dossier = mkdtempSync(join(tmpdir(), 'amont-donnees-'))
  t.after(() => rmSync(dossier, { recursive: true }))
  const racine = join(dossier, 'donnees')
  cpSync(donnees, racine, { recursive: true })
  const modifier = (nom: string, avant: string, apres: string) => {
    const chemin = join(racine, nom)
    writeFileSync(chemin, readFileSync(chemin, 'utf8').replace(avant, apres))
  }
  modifier('departements/modele-pdalhpd/departement.yaml', 'nom:', 'non:')
  modifier('droit/delais/requisition.refus-implicite.yaml', 'depart:', 'depar:')
  const chemins = controlerDonnees(racine, jour).problemes.map(({ chemin, ligne }) => `${chemin}:${ligne}`)
  assert.ok(
    chemins.some((place) => /^donnees\/departements\/modele-pdalhpd\/departement\.yaml:3$/.test(place)),
    chemins.join(),
  )
  assert.ok(
    chemins.some((place) => /^donnees\/droit\/delais\/requisition\.refus-implicite\.yaml:\d+$/.test(place)),
    chemins.join(),
  )
})
