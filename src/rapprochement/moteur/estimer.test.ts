import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { parse, stringify } from 'yaml'
import { projectRoot } from '#socle/config'
import { CHAMPS, NOMS_CHAMPS } from './champs.ts'
import { estimerParametres, lireAPriori } from './estimer.ts'
import { lireExemples } from './exemples.ts'
import { ficheDepuisContenu } from './fiche.ts'
import { jeuDifficile } from './jeu-difficile.ts'
import { estimerMelange } from './melange.ts'
import { lireParametres, parametresInitiaux, preparerPoids } from './parametres.ts'

const CHEMIN = join(projectRoot, 'donnees/rapprochement/parametres.yaml')
const ENTETE = `# Paramètres livrés, pour une base vide. Calculés, jamais écrits à la main : AMONT_ECRIRE_PARAMETRES=1 devant le test
# « shipped parameters » de src/rapprochement/moteur/estimer.test.ts les écrit de nouveau. Les seuils viennent de a-priori.yaml.
`

function estimerSurExemples() {
  const fiches = lireExemples().map(({ fiche }) => fiche)
  return estimerParametres(fiches, {
    graine: 71,
    version: 'initiale-1',
    origine: `Estimés sur les ${fiches.length} lignes recevables du jeu d’essai public (donnees/exemples), sans la vérité`,
  })
}

test('[RAP-01] the shipped parameters are those estimated on the public samples', () => {
  const attendus = estimerSurExemples()
  if (process.env.AMONT_ECRIRE_PARAMETRES === '1') writeFileSync(CHEMIN, ENTETE + stringify(attendus, { lineWidth: 0 }))
  assert.deepEqual(lireParametres(parse(readFileSync(CHEMIN, 'utf8'))), attendus)
  assert.equal(parametresInitiaux().version, 'initiale-1')
})

test('[RAP-01] the same fiches and the same seed give the same parameters, in any run', () => {
  const fiches = jeuDifficile({ graine: 5, taille: 400 }).map(({ contenu }) => ficheDepuisContenu(contenu))
  const options = { graine: 3, pairesAuHasard: 5000 }
  assert.deepEqual(estimerParametres(fiches, options), estimerParametres(fiches, options))
})

test('[RAP-01] a base of fewer than a hundred fiches teaches nothing: the a priori stands', () => {
  const fiches = jeuDifficile({ graine: 5, taille: 40 }).map(({ contenu }) => ficheDepuisContenu(contenu))
  assert.deepEqual(estimerParametres(fiches.slice(0, 60), { graine: 1 }), lireAPriori())
})

test('[RAP-01] agreement weighs for and disagreement against, in every field of the shipped parameters', () => {
  for (const champ of NOMS_CHAMPS) {
    const niveaux = CHAMPS[champ].niveaux
    const bits = (code: string) => {
      const { m = 0, u = 1 } = parametresInitiaux().champs[champ][code] ?? {}
      return Math.log2(m / u)
    }
    assert.ok(bits('identique') > 0, champ)
    assert.ok(bits('different') < 0, champ)
    assert.equal(niveaux[0]?.code, 'absent')
  }
  assert.ok(preparerPoids(parametresInitiaux()).bits.every((bits) => bits >= -9 && bits <= 14))
})

test('[RAP-01] a common name weighs less than a rare one', () => {
  const { rarete } = preparerPoids(parametresInitiaux())
  assert.ok(rarete.noms('bernard') < rarete.noms('litaudon'))
  assert.ok(rarete.communes('chalon sur saone') < rarete.communes('matour'))
})

test('[RAP-01] expectation–maximisation finds the shares of a mixture it was not told', () => {
  // Four fields: one pair in fifty agrees on them at 0.9, 0.8, 0.7 and 0.6, the others at 0.05, 0.02, 0.1 and 0.01.
  const vrais = [0.9, 0.8, 0.7, 0.6]
  const hasard = [0.05, 0.02, 0.1, 0.01]
  const produit = (niveaux: readonly number[], parts: readonly number[]) =>
    niveaux.reduce((p, niveau, i) => p * (niveau === 1 ? (parts[i] ?? 0) : 1 - (parts[i] ?? 0)), 1)
  const motifs = Array.from({ length: 16 }, (_, n) => [n & 1, n & 2, n & 4, n & 8].map((bit) => (bit ? 1 : 2)))
    .map((niveaux) => ({ niveaux, effectif: 1e6 * (0.02 * produit(niveaux, vrais) + 0.98 * produit(niveaux, hasard)) }))
    // Only pairs that agree somewhere are looked at, as with blocking keys.
    .filter(({ niveaux }) => niveaux.includes(1))
  const { part, m } = estimerMelange(motifs, {
    mAPriori: vrais.map(() => [0, 0.95, 0.05]),
    u: hasard.map((p) => [0, p, 1 - p]),
    force: 1,
    univers: 1e6,
    tours: 300,
  })
  assert.ok(Math.abs(part - 0.02) < 0.001, String(part))
  for (const [champ, attendu] of vrais.entries()) assert.ok(Math.abs((m[champ]?.[1] ?? 0) - attendu) < 0.02, String(m))
})

test('[RAP-01] a crowd of namesakes who share a key is not taken for households', () => {
  const lignes = jeuDifficile({ graine: 8, taille: 3000 })
  const fiches = lignes.map(({ contenu }) => ficheDepuisContenu(contenu))
  // Sixty strangers called alike, all over the département.
  const homonymes = lignes
    .slice(0, 60)
    .map(({ contenu }) => ficheDepuisContenu({ ...contenu, nom_usage: 'Martin', nom_naissance: '', prenom: 'Marie' }))
  const { champs } = estimerParametres([...fiches, ...homonymes], { graine: 1 })
  assert.ok((champs.naissance.identique?.m ?? 0) > 0.8, String(champs.naissance.identique?.m))
  assert.ok((champs.commune.identique?.m ?? 0) > 0.85, String(champs.commune.identique?.m))
})

test('[RAP-01] parameters with a wrong key or an inverted threshold are refused', () => {
  const bons = parametresInitiaux()
  assert.throws(() => lireParametres({ ...bons, seuil: 1 }))
  assert.throws(() => lireParametres({ ...bons, seuils: { suggerer: 0.99, certain: 0.4, marge: 6 } }))
})
