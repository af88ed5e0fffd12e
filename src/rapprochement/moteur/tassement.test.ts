import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Fiche, ficheDepuisContenu } from './fiche.ts'
import { jeuDifficile } from './jeu-difficile.ts'
import { deplierFiche, tasserFiche } from './tassement.ts'

const allerRetour = (fiche: Fiche): Fiche => deplierFiche(JSON.parse(JSON.stringify(tasserFiche(fiche))))

test('a fiche stored in its narrow form comes back the same, whatever the household', () => {
  for (const { contenu } of jeuDifficile({ graine: 31, taille: 1500 })) {
    const fiche = ficheDepuisContenu(contenu)
    assert.deepEqual(allerRetour(fiche), fiche)
  }
})

test('a fiche of any shape comes back the same', () => {
  const mot = fc.constantFrom('', 'a', 'de la croix', 'delacroix', 'KROA', '0')
  const nom = fc.record({ mots: mot, serre: mot, noyau: mot, phon: mot })
  const prenom = fc.record({ mots: mot, serre: mot, phon: mot, canon: mot, courant: fc.boolean() })
  const personne = fc.record({
    noms: fc.array(nom, { maxLength: 3 }),
    prenom: fc.option(prenom),
    naissance: mot,
    sexe: fc.constantFrom('F' as const, 'M' as const, '' as const),
  })
  const entier = fc.option(fc.nat())
  const fiches = fc.record({
    principal: personne,
    conjoint: fc.option(personne),
    adresse: fc.record({
      numero: mot,
      suffixe: mot,
      genre: mot,
      voie: mot,
      phon: mot,
      batiment: mot,
      escalier: mot,
      etage: mot,
      appartement: mot,
      porte: mot,
      residence: mot,
    }),
    commune: mot,
    codePostal: mot,
    bailleur: mot,
    siret: mot,
    loyer: entier,
    dateBail: mot,
    detteDepuis: mot,
    enfants: entier,
    anneesEnfants: fc.array(fc.nat()),
    allocataire: mot,
    telephone: mot,
    courriel: mot,
  })
  fc.assert(
    fc.property(fiches, (fiche) => {
      assert.deepEqual(allerRetour(fiche), JSON.parse(JSON.stringify(fiche)))
    }),
    { numRuns: 500 },
  )
})

test('a fiche stored before the narrow form is read as it was', () => {
  const fiche = ficheDepuisContenu({ nom_usage: 'Lacombe', prenom: 'Séverine', commune: 'Autun' })
  assert.deepEqual(deplierFiche(JSON.parse(JSON.stringify(fiche))), fiche)
})
