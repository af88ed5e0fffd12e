import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { CHAMPS, comparer, NIVEAUX } from './comparer.ts'
import { clesDeBlocage, ficheDepuisContenu } from './fiche.ts'
import { PARAMETRES_INITIAUX } from './initiaux.ts'
import { evaluerPaire } from './modele.ts'

const BASE = {
  civilite: 'Mme',
  nom_usage: 'Moubadet',
  prenom: 'Sylvie',
  date_naissance: '1972-04-09',
  adresse: '12 rue Jean Jaurès',
  commune: 'Mâcon',
}
const fiche = (contenu: Record<string, string>) => ficheDepuisContenu({ ...BASE, ...contenu })
const niveaux = (a: Record<string, string>, b: Record<string, string>) => comparer(fiche(a), fiche(b)).niveaux

test('[RAP-01] each field says how closely it agrees, and what is missing is unknown', () => {
  assert.deepEqual(niveaux({}, {}), {
    nom: 3,
    prenom: 2,
    naissance: 3,
    adresse: 3,
    commune: 1,
    telephone: -1,
    courriel: -1,
    allocataire: -1,
    conjoint: -1,
    bailleur: -1,
  })
  assert.equal(niveaux({}, { nom_usage: 'Moubadait' }).nom, 2)
  assert.equal(niveaux({}, { nom_usage: 'Garnier' }).nom, 0)
  assert.equal(niveaux({ nom_usage: 'Durand' }, { nom_usage: 'Durand-Leroy' }).nom, 2)
  assert.equal(niveaux({ nom_usage: 'Garnier', nom_naissance: 'Morel' }, { nom_usage: 'Morel' }).nom, 3)
  assert.equal(niveaux({ nom_usage: 'El Amrani' }, { nom_usage: 'Amrani' }).nom, 2)
  assert.equal(niveaux({}, { prenom: 'Silvie' }).prenom, 1)
  assert.equal(niveaux({}, { prenom: 'S.' }).prenom, 1)
  assert.equal(niveaux({}, { prenom: 'Sylvie-Anne' }).prenom, 1)
  assert.equal(niveaux({ prenom: 'Muhammad' }, { prenom: 'Mohamed' }).prenom, 2)
  assert.equal(niveaux({}, { date_naissance: '1972-09-04' }).naissance, 2)
  assert.equal(niveaux({}, { date_naissance: '1972-04-08' }).naissance, 2)
  assert.equal(niveaux({}, { date_naissance: '1975-04-09' }).naissance, 2)
  assert.equal(niveaux({}, { date_naissance: '1972-11-21' }).naissance, 1)
  assert.equal(niveaux({}, { date_naissance: '1996-01-30' }).naissance, 0)
  assert.equal(niveaux({}, { date_naissance: '' }).naissance, -1)
  assert.equal(niveaux({}, { adresse: '12 r. J. Jaurès' }).adresse, 3)
  assert.equal(niveaux({}, { adresse: '12 bis rue Jean Jaurès' }).adresse, 2)
  assert.equal(niveaux({}, { adresse: '87 rue Jean Jaurès' }).adresse, 1)
  assert.equal(niveaux({}, { adresse: '12 quai Lamartine' }).adresse, 0)
  assert.equal(niveaux({ complement_adresse: 'Appt 4' }, { complement_adresse: 'Appartement 4' }).adresse, 3)
  assert.equal(niveaux({ complement_adresse: 'Appt 4' }, { complement_adresse: 'Appartement 9' }).adresse, 2)
  assert.equal(
    niveaux({ complement_adresse: 'Résidence Beauregard' }, { complement_adresse: 'Appartement 9' }).adresse,
    3,
  )
  assert.equal(niveaux({ numero_allocataire: '1234567' }, { numero_allocataire: '1234576' }).allocataire, 1)
  assert.equal(niveaux({ bailleur_siret: '00041401596550' }, { bailleur_nom: 'Habellis' }).bailleur, -1)
})

test('[RAP-01] two first names that both exist are two persons, however close', () => {
  for (const [a, b] of [
    ['Marie', 'Marine'],
    ['Karim', 'Karima'],
    ['Pascal', 'Pascale'],
    ['Julie', 'Julien'],
    ['Daniel', 'Danielle'],
  ] as const) {
    assert.equal(niveaux({ prenom: a }, { prenom: b }).prenom, 0, `${a}/${b}`)
    assert.equal(niveaux({ nom_usage: a, prenom: 'Moubadet' }, { prenom: b }).prenom, 0, `${a}/${b} swapped`)
  }
})

test('[RAP-01] surname and first name written one for the other are recognised', () => {
  const comparaison = comparer(fiche({}), fiche({ nom_usage: 'Sylvie', prenom: 'Moubadet' }))
  assert.equal(comparaison.niveaux.nom, 3)
  assert.equal(comparaison.niveaux.prenom, 2)
  assert.equal(comparaison.notes.nom, 'nom et prénom inversés')
})

test('[RAP-11] the spouse cited first is recognised, and so is the couple', () => {
  const couple = fiche({ conjoint_nom: 'Moubadet', conjoint_prenom: 'Arnaud' })
  const inverse = fiche({
    civilite: 'M',
    prenom: 'Arnaud',
    date_naissance: '',
    conjoint_nom: 'Moubadet',
    conjoint_prenom: 'Sylvie',
  })
  const comparaison = comparer(couple, inverse)
  assert.equal(comparaison.croise, true)
  assert.equal(comparaison.niveaux.prenom, 2)
  assert.equal(comparaison.niveaux.conjoint, 2)
  assert.equal(comparaison.sexesOpposes, false)
})

test('[RAP-01] comparing is symmetric and stays within the levels declared', () => {
  const un = (...valeurs: string[]) => fc.constantFrom('', ...valeurs)
  const contenu = fc.record({
    civilite: un('M', 'Mme'),
    nom_usage: un('Martin', 'Martine', 'Marie', 'Durand-Leroy', 'Leroy', 'El Amrani', 'Amrani'),
    nom_naissance: un('Martin', 'Leroy', 'Lefevre', 'Lefebvre'),
    prenom: un('Marie', 'Marine', 'Martin', 'Marie-Laure', 'M.', 'Karim', 'Kariam', 'Leroy'),
    date_naissance: un('1980-03-04', '1980-04-03', '1981-03-04', '1950-03-04', '1980-12-25'),
    conjoint_nom: un('Martin', 'Leroy', 'Amrani'),
    conjoint_prenom: un('Marie', 'Martin', 'Karim', 'Karima'),
    conjoint_date_naissance: un('1980-03-04', '1981-03-04'),
    adresse: un('1 rue Jean Jaurès', '11 r. Jaurès', 'rue Jaurès', '1 B rue Jean Jaurès', '4 quai Sud'),
    complement_adresse: un('Appt 4', 'Appartement 9', 'Bât C appt 4'),
    commune: un('Mâcon', 'Autun'),
    telephone: un('0639980001', '0639980002'),
    numero_allocataire: un('1234567', '1234576', '7654321'),
    bailleur_nom: un('Habellis', 'Semcoda'),
  })
  fc.assert(
    fc.property(contenu, contenu, (a, b) => {
      const [x, y] = [ficheDepuisContenu(a), ficheDepuisContenu(b)]
      const comparaison = comparer(x, y)
      assert.deepEqual(comparaison, comparer(y, x))
      for (const champ of CHAMPS)
        assert.ok(comparaison.niveaux[champ] >= -1 && comparaison.niveaux[champ] < NIVEAUX[champ].length)
      const evaluation = evaluerPaire(comparaison, PARAMETRES_INITIAUX)
      assert.ok(evaluation.probabilite >= 0 && evaluation.probabilite <= 1)
      assert.deepEqual(
        evaluation.champs.map(({ champ }) => champ),
        [...CHAMPS],
      )
    }),
    { seed: 71, numRuns: 5000 },
  )
})

test('[RAP-01] two writings of one household share a key whatever single fact is spoilt', () => {
  const cles = new Set(clesDeBlocage(fiche({ telephone: '0639980001', numero_allocataire: '1234567' })))
  const trouve = (contenu: Record<string, string>) => clesDeBlocage(fiche(contenu)).some((cle) => cles.has(cle))
  assert.ok(trouve({ nom_usage: 'Garnier', date_naissance: '' }))
  assert.ok(trouve({ prenom: 'Xénia', date_naissance: '' }))
  assert.ok(trouve({ adresse: '9 quai Lamartine', date_naissance: '', commune: 'Autun' }))
  assert.ok(trouve({ nom_usage: 'Sylvie', prenom: 'Moubadet', date_naissance: '', adresse: '' }))
  assert.ok(trouve({ nom_usage: 'Garnier', prenom: 'Xénia', adresse: '', commune: 'Autun' }))
  assert.ok(
    !trouve({ nom_usage: 'Garnier', prenom: 'Xénia', adresse: '1 quai Sud', commune: 'Autun', date_naissance: '' }),
  )
})

test('[RAP-01] a fiche goes through JSON unchanged and stays small', () => {
  const origine = fiche({ conjoint_nom: 'Morel', conjoint_prenom: 'Arnaud', complement_adresse: 'Bât C appt 4' })
  const relue = JSON.parse(JSON.stringify(origine)) as typeof origine
  assert.deepEqual(relue, origine)
  assert.ok(JSON.stringify(origine).length < 700)
})
