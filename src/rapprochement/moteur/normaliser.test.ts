import assert from 'node:assert/strict'
import { test } from 'node:test'
import { normaliserAdresse } from './adresse.ts'
import {
  normaliserAllocataire,
  normaliserBailleur,
  normaliserCourriel,
  normaliserDate,
  normaliserSiret,
  normaliserTelephone,
} from './contacts.ts'
import { jaroWinkler, trouverFaute } from './distances.ts'
import { ficheDepuisContenu, normaliserCommune } from './fiche.ts'
import { fonem } from './fonem.ts'
import { normaliserNom, normaliserNoms } from './noms.ts'
import { normaliserPrenom } from './prenoms.ts'

const code = (nom: string) => normaliserNom(nom)?.phon

test('[RAP-01] names that sound alike share a phonetic code', () => {
  for (const [a, b] of [
    ['Lefebvre', 'Lefèvre'],
    ['Thibault', 'Tibo'],
    ['Benali', 'Ben Ali'],
    ['Mohamed', 'Mohammed'],
    ['Petit-Jean', 'PETITJEAN'],
    ['Dupont', 'Dupond'],
    ['Renault', 'Renaud'],
    ['Gauthier', 'Gautier'],
    ['Philippe', 'Filipe'],
    ['Durand', 'Durant'],
    ['Saint-Martin', 'ST MARTIN'],
    ['N’Diaye', 'NDIAYE'],
    ['Quentin', 'Kentin'],
  ] as const) {
    assert.equal(code(a), code(b), `${a} / ${b}`)
  }
})

test('[RAP-01] names that sound otherwise do not', () => {
  for (const [a, b] of [
    ['Martin', 'Morin'],
    ['Girard', 'Giraud'],
    ['Robin', 'Rubin'],
    ['Moreau', 'Morel'],
    ['Leroy', 'Leroux'],
  ] as const) {
    assert.notEqual(code(a), code(b), `${a} / ${b}`)
  }
  assert.equal(fonem(''), '')
})

test('[RAP-01] one slip of the pen is named, two are not', () => {
  assert.equal(trouverFaute('laurnt', 'laurent'), 'lettre_de_trop')
  assert.equal(trouverFaute('laurent', 'laurnt'), 'lettre_manquante')
  assert.equal(trouverFaute('morin', 'marin'), 'lettre_changee')
  assert.equal(trouverFaute('bourgeosi', 'bourgeois'), 'lettres_inversees')
  assert.equal(trouverFaute('martin', 'martin'), null)
  assert.equal(trouverFaute('martin', 'marcel'), null)
  assert.equal(trouverFaute('ab', 'abcd'), null)
})

test('[RAP-01] Jaro–Winkler gives the published values', () => {
  for (const [a, b, attendu] of [
    ['martha', 'marhta', 0.9611],
    ['dwayne', 'duane', 0.84],
    ['dixon', 'dicksonx', 0.8133],
  ] as const) {
    assert.ok(Math.abs(jaroWinkler(a, b) - attendu) < 0.0001, `${a} ${jaroWinkler(a, b)}`)
    assert.equal(jaroWinkler(a, b), jaroWinkler(b, a))
  }
  assert.equal(jaroWinkler('abc', 'xyz'), 0)
  assert.equal(jaroWinkler('', ''), 0)
})

test('[RAP-01] usage and birth names are both kept, mentions and « chez » are dropped', () => {
  const mots = (usage: string, naissance = '') => normaliserNoms(usage, naissance).map(({ mots }) => mots)
  assert.deepEqual(mots('Dupont née Martin'), ['dupont', 'martin'])
  assert.deepEqual(mots('DUPONT ép. MARTIN'), ['dupont', 'martin'])
  assert.deepEqual(mots('Dupont (Martin)'), ['dupont', 'martin'])
  assert.deepEqual(mots('MOREL', 'Morel'), ['morel'])
  assert.deepEqual(mots('Mme Veuve Roux', 'PETIT'), ['roux', 'petit'])
  assert.deepEqual(mots('Aîné', ''), ['aine'])
  assert.deepEqual(mots('12', ''), [])
})

test('[RAP-01] first names: variants share a head, second first names are left out', () => {
  assert.equal(normaliserPrenom('Mouhamad')?.canon, normaliserPrenom('Mohammed')?.canon)
  assert.equal(normaliserPrenom('Marie-Laure')?.serre, normaliserPrenom('MARIE LAURE')?.serre)
  assert.equal(normaliserPrenom('Jean, Pierre')?.mots, 'jean')
  assert.equal(normaliserPrenom('Julie')?.courant, true)
  assert.equal(normaliserPrenom('Samiar')?.courant, false)
  assert.equal(normaliserPrenom(' - '), null)
})

test('[RAP-01] an address gives number, « bis », kind and name of way, whatever the abbreviations and slips', () => {
  const lire = (adresse: string, complement = '') => {
    const { numero, suffixe, genre, voie } = normaliserAdresse(adresse, complement)
    return [numero, suffixe, genre, voie].join('|')
  }
  for (const [ecrit, attendu] of [
    ['12 bis r. du Gal de Gaulle', '12|bis|rue|general gaulle'],
    ['12 BIS, RUE DU GÉNÉRAL DE GAULLE', '12|bis|rue|general gaulle'],
    ['130,B allée du Port', '130|bis|allee|port'],
    ['130B allee du Port', '130|bis|allee|port'],
    ['12 R. des Forges', '12||rue|forges'],
    ['5 C chemin des Vignes', '5|c|chemin|vignes'],
    ['49, igpasse Émile Zola', '49||impasse|emile zola'],
    ['14 rueAnatole France', '14||rue|anatole france'],
    ['47kr. du Stade', '47|||stade'],
    ['11, n. JEAN JAURÈS', '11|||jean jaures'],
    ['21 Q. DE LA LIBERTÉ', '21||quai|liberte'],
    ['33 rue du 8 Mai 1945', '33||rue|8 mai 1945'],
    ['place du 11 Novembre 1918', '||place|11 novembre 1918'],
    ['12-14 rue Pasteur', '12||rue|pasteur'],
    ['chez M. Durand, 12 rue de la Paix', '12||rue|paix'],
    ['lieu-dit Les Granges', '||lieu dit|granges'],
    ['Le Bourg', '|||bourg'],
    ['', '|||'],
  ] as const) {
    assert.equal(lire(ecrit), attendu, ecrit)
  }
})

test('[RAP-01] flat, floor and building are read wherever they stand', () => {
  const a = normaliserAdresse('12 rue Carnot appt 34', 'Bât B')
  assert.deepEqual([a.voie, a.appartement, a.batiment], ['carnot', '34', 'b'])
  const b = normaliserAdresse('5 rue Pasteur', '3e étage porte 4, Rés. Bel Air')
  assert.deepEqual([b.etage, b.porte, b.residence], ['3', '4', 'belair'])
  assert.equal(normaliserAdresse('Appartement n° 07, 2 place Carnot').appartement, '7')
})

test('[RAP-01] numbers and dates are brought to one writing, and what cannot exist is left out', () => {
  assert.equal(normaliserTelephone('+33 6 39 98 00 01'), '0639980001')
  assert.equal(normaliserTelephone('06 39 98'), '')
  assert.equal(normaliserCourriel(' A.B@Example.ORG '), 'a.b@example.org')
  assert.equal(normaliserCourriel('a@b'), '')
  assert.equal(normaliserAllocataire('0865723'), '0865723')
  assert.equal(normaliserAllocataire('1 84 03 71 000 000 12'), '', 'a social security number is never kept')
  assert.equal(normaliserBailleur('M. ROUX Gilbert'), normaliserBailleur('Gilbert Roux'))
  assert.equal(normaliserBailleur('SCI Moulin'), normaliserBailleur('Moulin (SCI)'))
  assert.equal(normaliserSiret('000 414 015 96550'), '00041401596550')
  assert.equal(normaliserDate('31/02/1980'), '')
  assert.equal(normaliserDate('29/02/1980'), '1980-02-29')
  assert.equal(normaliserDate('2031-07-14', '2026-10-01'), '', 'a birth after the signalement is unknown')
})

test('[RAP-01] communes follow the rules of the import format, and old names may be replaced', () => {
  assert.equal(normaliserCommune('CHALON S/SAÔNE CEDEX 2'), normaliserCommune('Chalon-sur-Saône'))
  assert.equal(normaliserCommune('St-Vallier'), 'saint vallier')
  const communeActuelle = (nom: string) => (nom === 'charette' ? 'charette varennes' : null)
  assert.equal(ficheDepuisContenu({ commune: 'Charette' }, { communeActuelle }).commune, 'charette varennes')
  assert.equal(ficheDepuisContenu({ commune: 'Mâcon' }, { communeActuelle }).commune, 'macon')
})

test('[RAP-01] a fiche survives storage as JSON', () => {
  const fiche = ficheDepuisContenu({
    nom_usage: 'Petit-Jean',
    prenom: 'Marie-Laure',
    date_naissance: Temporal.PlainDate.from('1980-03-04'),
    adresse: '12 bis rue Carnot',
    commune: 'Autun',
    loyer: 44_341,
    enfants_a_charge: 2,
    annees_naissance_enfants: '2019,2014',
  })
  assert.deepEqual(JSON.parse(JSON.stringify(fiche)), fiche)
  assert.equal(fiche.principal.naissance, '1980-03-04')
  assert.deepEqual(fiche.anneesEnfants, [2014, 2019])
})
