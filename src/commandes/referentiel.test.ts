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
  assert.ok(exemples > 80)
  const genres = new Set(remarques.map(({ genre }) => genre))
  for (const genre of ['non_verifie', 'a_completer', 'expire_bientot', 'change_bientot', 'a_verifier'])
    assert.ok(genres.has(genre as never), genre)
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
