import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { projectRoot } from '#socle/config'
import { lireMatrice, listerUtilisateurs } from './matrice.ts'
import { ErreurDonnees } from './yaml.ts'

const livree = readFileSync(join(projectRoot, 'donnees/acces/matrice.csv'), 'utf8')

/** Problems of the matrix shipped with lines added to it, each with its line from the end: 1 is the first added. */
function problemesDe(...lignes: readonly string[]): string[] {
  const dossier = mkdtempSync(join(tmpdir(), 'amont-matrice-'))
  try {
    const chemin = join(dossier, 'matrice.csv')
    writeFileSync(chemin, `${livree.trimEnd()}\n${lignes.join('\n')}\n`)
    const avant = livree.trimEnd().split('\n').length
    try {
      lireMatrice(chemin, 'matrice.csv')
      return []
    } catch (erreur) {
      assert.ok(erreur instanceof ErreurDonnees)
      return erreur.problemes.map(({ ligne, message }) => `${ligne > avant ? ligne - avant : -ligne} ${message}`)
    }
  } finally {
    rmSync(dossier, { recursive: true })
  }
}

describe('the access matrix as data', () => {
  test('[ACC-01] the one shipped is read, and a court or the police have no account', () => {
    const matrice = lireMatrice(join(projectRoot, 'donnees/acces/matrice.csv'))
    const types = new Set(listerUtilisateurs(matrice).map(({ type }) => type))
    assert.ok(types.has('mairie'))
    assert.ok(!types.has('tribunal') && !types.has('forces_de_l_ordre'))
  })

  for (const [quoi, ligne, attendu] of [
    ['a kind of organisme', 'notaire;pilote;regle;;simuler;;X;', /^1 Type d’organisme inconnu « notaire »/],
    ['a role', 'caf;stagiaire;regle;;simuler;;X;', /^1 Rôle inconnu « stagiaire »/],
    ['the role of background work', 'caf;systeme;regle;;simuler;;X;', /^1 Rôle inconnu « systeme »/],
    ['a right', 'caf;emetteur;dossier;;effacer;engage;X;', /^1 Droit inconnu « dossier\.effacer »/],
    [
      'a group of fields',
      'caf;service_social;dossier;secrets;lire;engage;X;',
      /^1 Groupe de champs inconnu « secrets »/,
    ],
    ['a condition', 'caf;service_social;dossier;sante;lire;parfois;X;', /^1 Condition inconnue « parfois »/],
  ] as const)
    test(`[ACC-01] a line that names ${quoi} unknown to the code is refused, with its line`, () => {
      assert.match(problemesDe(ligne)[0] ?? '', attendu)
    })

  test('[ACC-01] a line without source, without bounds, twice the same, or that reads without opening anything is refused', () => {
    assert.match(problemesDe('caf;pilote;regle;;simuler;;;')[0] ?? '', /^1 La colonne source est vide/)
    assert.match(problemesDe('msa;partenaire;dossier;;consulter;;X;')[0] ?? '', /^1 .*dire jusqu’où/)
    assert.match(
      problemesDe('secretariat;secretariat;lot;;deposer;departement;X;')[0] ?? '',
      /^1 La ligne \d+ donne déjà « lot\.deposer » au rôle « secretariat »/,
    )
    assert.match(
      problemesDe('tribunal;partenaire;dossier;dette;lire;engage;X;')[0] ?? '',
      /^1 Le rôle « partenaire » du type « tribunal » lirait des champs sans pouvoir ouvrir/,
    )
    assert.match(problemesDe('caf;pilote;regle;;simuler;;X')[0] ?? '', /^1 Cette ligne a 7 cellules/)
  })

  test('[ACC-01] a right that no line gives is told', () => {
    const dossier = mkdtempSync(join(tmpdir(), 'amont-matrice-'))
    try {
      const chemin = join(dossier, 'matrice.csv')
      writeFileSync(
        chemin,
        livree
          .replaceAll('alerte;;traiter', 'journal;;consulter')
          .replace(/^.*dpd;journal;;consulter;;ACC-13;Qui.*\n/m, ''),
      )
      assert.throws(() => lireMatrice(chemin), /Aucune ligne ne donne le droit « alerte\.traiter »/)
    } finally {
      rmSync(dossier, { recursive: true })
    }
  })
})
