import assert from 'node:assert/strict'
import { test } from 'node:test'
import { comparer } from './comparer.ts'
import { ficheDepuisContenu } from './fiche.ts'
import { PARAMETRES_INITIAUX } from './initiaux.ts'
import { type Decision, decider, evaluerPaire } from './modele.ts'

type Contenu = Record<string, string>
const BASE: Contenu = {
  civilite: 'M',
  nom_usage: 'Tarbain',
  prenom: 'Bruno',
  date_naissance: '1951-03-09',
  adresse: '57 rue de la République',
  commune: 'Le Creusot',
}
const fiche = (contenu: Contenu) => ficheDepuisContenu({ ...BASE, ...contenu })

/** Decides for one line against dossiers given by the lines they hold. */
function juger(entrante: Contenu, ...dossiers: Contenu[][]): Decision {
  return decider(
    dossiers.map((lignes, rang) => ({
      dossier: `D${rang + 1}`,
      evaluations: lignes.map((ligne, i) => ({
        signalement: `S${i}`,
        ...evaluerPaire(comparer(fiche(entrante), fiche(ligne)), PARAMETRES_INITIAUX),
      })),
    })),
    PARAMETRES_INITIAUX.seuils,
  )
}
const contraires = (decision: Decision) => decision.candidats[0]?.contraires.join(' ; ') ?? ''

test('[RAP-01] the same person at the same door is attached, and the reasons are said', () => {
  const decision = juger({ nom_usage: 'TARBIN', adresse: '57 r. de la Republique' }, [{}])
  assert.equal(decision.issue, 'certain')
  assert.equal(decision.candidats[0]?.dossier, 'D1')
  assert.ok(decision.candidats[0]?.raisons.some((raison) => raison.startsWith('date de naissance identique')))
})

test('[RAP-01] a stranger opens a dossier', () => {
  assert.equal(
    juger(
      { nom_usage: 'Garnier', prenom: 'Alice', date_naissance: '1990-01-02', adresse: '3 quai Sud', commune: 'Mâcon' },
      [{}],
    ).issue,
    'nouveau',
  )
})

test('[RAP-11] parent and child of one name at one address go to a person', () => {
  const decision = juger({ date_naissance: '1984-11-20' }, [{}])
  assert.equal(decision.issue, 'a_revoir')
  assert.match(contraires(decision), /33 ans d’écart : parent et enfant/)
})

test('[RAP-11] a line without a birth date does not vouch for the child in the dossier of the parent', () => {
  const decision = juger({ date_naissance: '1984-11-20' }, [{}, { date_naissance: '' }])
  assert.equal(decision.issue, 'a_revoir')
})

test('[RAP-11] once both are known, each line with a birth date joins its own dossier and one without goes to a person', () => {
  const parent = [{}]
  const enfant = [{ date_naissance: '1984-11-20' }]
  assert.equal(juger({ date_naissance: '1984-11-20' }, parent, enfant).candidats[0]?.dossier, 'D2')
  assert.equal(juger({ date_naissance: '1984-11-20' }, parent, enfant).issue, 'certain')
  assert.equal(juger({ date_naissance: '' }, parent, enfant).issue, 'a_revoir')
})

test('[RAP-11] twins go to a person, even when the first name is misspelt, shortened or missing', () => {
  const jumeau = { prenom: 'Karim' }
  for (const prenom of ['Ahmed', 'Karima', 'Kariam', 'K.', '']) {
    const decision = juger({ prenom }, [jumeau])
    assert.equal(decision.issue, 'a_revoir', prenom)
  }
  assert.match(contraires(juger({ prenom: 'Ahmed' }, [jumeau])), /jumeaux/)
})

test('[RAP-02] neighbours of one surname in one building are not attached', () => {
  assert.notEqual(juger({ prenom: 'Alice', date_naissance: '' }, [{}]).issue, 'certain')
  const voisins = juger({ date_naissance: '', complement_adresse: 'Appt 4' }, [{ complement_adresse: 'Appartement 9' }])
  assert.equal(voisins.issue, 'a_revoir')
  assert.match(contraires(voisins), /autre appartement/)
  assert.equal(juger({ nom_usage: 'Garnier', prenom: 'Alice', date_naissance: '1990-01-02' }, [{}]).issue, 'nouveau')
})

test('[RAP-11] the spouse cited first in the same dwelling joins the dossier', () => {
  const couple = { conjoint_nom: 'Tarbain', conjoint_prenom: 'Corinne' }
  const decision = juger(
    {
      civilite: 'Mme',
      prenom: 'Corinne',
      date_naissance: '1955-02-02',
      conjoint_nom: 'Tarbain',
      conjoint_prenom: 'Bruno',
    },
    [couple],
  )
  assert.equal(decision.issue, 'certain')
})

test('[RAP-11] the spouse alone in another dwelling goes to a person: the couple may have parted', () => {
  const couple = { conjoint_nom: 'Tarbain', conjoint_prenom: 'Corinne', conjoint_date_naissance: '1955-02-02' }
  const ailleurs = { civilite: 'Mme', prenom: 'Corinne', date_naissance: '1955-02-02', adresse: '8 place de l’Église' }
  const decision = juger(ailleurs, [couple])
  assert.equal(decision.issue, 'a_revoir')
  assert.match(contraires(decision), /séparation/)
  // Another line of the dossier, where she came first and alone, does not silence the couple.
  assert.equal(juger(ailleurs, [couple, { ...ailleurs, adresse: '57 rue de la République' }]).issue, 'a_revoir')
})

test('[RAP-11] a maiden name joins by first name, birth date and dwelling, and not without the birth date', () => {
  const mariee = { civilite: 'Mme', nom_usage: 'Tarbain', prenom: 'Corinne' }
  assert.equal(juger({ ...mariee, nom_usage: 'Morel' }, [mariee]).issue, 'certain')
  assert.notEqual(juger({ ...mariee, nom_usage: 'Morel', date_naissance: '' }, [mariee]).issue, 'certain')
  assert.equal(juger({ ...mariee, nom_usage: 'Morel' }, [{ ...mariee, nom_naissance: 'Morel' }]).issue, 'certain')
})

test('[RAP-02] a move with the exact birth date joins; without it, it goes to a person or opens a dossier', () => {
  const demenage = { adresse: '4 chemin des Vignes', commune: 'Autun' }
  assert.equal(juger(demenage, [{}]).issue, 'certain')
  assert.notEqual(juger({ ...demenage, date_naissance: '' }, [{}]).issue, 'certain')
})

test('[RAP-02] another landlord is another lease: without birth date, or in another dwelling, it goes to a person', () => {
  const [ici, autre] = [{ bailleur_nom: 'Habellis' }, { bailleur_nom: 'SCI Beauregard' }]
  assert.equal(juger({ ...ici, date_naissance: '' }, [ici]).issue, 'certain')
  assert.equal(juger({ ...autre, date_naissance: '' }, [ici]).issue, 'a_revoir')
  assert.equal(juger(autre, [ici]).issue, 'certain')
  assert.equal(juger({ ...autre, adresse: '4 chemin des Vignes' }, [ici]).issue, 'a_revoir')
  assert.equal(
    juger({ ...autre, adresse: '4 chemin des Vignes', numero_allocataire: '1111111' }, [
      { ...ici, numero_allocataire: '1111111' },
    ]).issue,
    'certain',
  )
})

test('[RAP-01] two plausible dossiers always go to a person', () => {
  const decision = juger({}, [{}], [{ telephone: '0639980001' }])
  assert.equal(decision.issue, 'a_revoir')
  assert.equal(decision.candidats.length, 2)
})

test('[RAP-01] a pair that a person set apart is not proposed: what is not offered as a candidate is not decided', () => {
  // Separated dossiers are taken out before deciding; the decision then sees only the others.
  assert.equal(juger({}).issue, 'nouveau')
  const decision = juger({}, [{ nom_usage: 'Garnier', prenom: 'Alice', date_naissance: '1990-01-02' }])
  assert.equal(decision.issue, 'nouveau')
  assert.deepEqual(decision.candidats, [])
})

test('[RAP-01] two numbers of the CAF and two dwellings are two households, whatever the birth date', () => {
  const decision = juger({ numero_allocataire: '2222222', adresse: '4 chemin des Vignes' }, [
    { numero_allocataire: '1111111' },
    {},
  ])
  assert.equal(decision.issue, 'a_revoir')
})

test('[RAP-01] agreeing on a rare surname weighs more than on a common one', () => {
  const comparaison = comparer(fiche({}), fiche({}))
  const poids = (frequence: number) =>
    evaluerPaire(comparaison, { ...PARAMETRES_INITIAUX, frequences: { TARBAIN: frequence } }).champs[0]?.poids ?? 0
  assert.ok(poids(0.0005) > poids(0.02) + 2)
})
