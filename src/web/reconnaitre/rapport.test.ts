import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CandidatCompare } from '#rapprochement'
import type { Signalement } from '#signalements'
import { comparerChamps, ecrireChances, expliquerTotal, tronquer } from './rapport.ts'

type Champs = CandidatCompare['evaluation']['champs']

const aplatir = (texte: string): string => texte.replace(/[\u00a0\u202f]/g, ' ')

function candidat(
  contenu: Record<string, unknown>,
  champs: Champs,
  de: Partial<CandidatCompare['comparaison']> = {},
): Omit<CandidatCompare, 'signalement'> {
  const comparaison = { croise: false, ...de } as unknown as CandidatCompare['comparaison']
  const total = -5.6 + champs.reduce((somme, { poids }) => somme + poids, 0)
  const evaluation = {
    total,
    probabilite: 0.5,
    champs,
    raisons: [],
    contraires: [],
  } as unknown as CandidatCompare['evaluation']
  return { dossier: 'd', reference: '71-2026-00001', signaux: 1, comparaison, evaluation, contenu }
}

const signal = (contenu: Record<string, unknown>) => ({ contenu }) as unknown as Pick<Signalement, 'contenu'>

test('[RAP-01] a score is cut, never rounded up to certain', () => {
  assert.equal(tronquer(0.9999), 0.99)
  assert.equal(tronquer(0.4), 0.4)
  assert.equal(tronquer(1), 1)
})

test('[RAP-01] odds are written in words both ways', () => {
  assert.equal(aplatir(ecrireChances(3.7)), '13 chances contre 1')
  assert.equal(ecrireChances(0), '1 chance contre 1')
  assert.equal(ecrireChances(-4), '1 chance contre 16')
  assert.equal(aplatir(ecrireChances(11)), '2 048 chances contre 1')
  assert.equal(ecrireChances(30), 'plus d’un million de chances contre 1')
})

test('[RAP-01] the total is the sum of the weights shown, less the start', () => {
  const champs: Champs = [
    { champ: 'nom', libelle: 'Nom', accord: 'identique', niveau: 'identique', note: '', poids: 7.2 },
    { champ: 'prenom', libelle: 'Prénom', accord: 'different', niveau: 'different', note: '', poids: -6.6 },
  ]
  const { formule, resultat } = expliquerTotal(candidat({}, champs))
  assert.equal(formule, 'Total : 0,6 pour la ressemblance, moins 5,6 de départ (deux ménages pris au hasard)')
  assert.equal(resultat, '−5,0, soit 1 chance contre 32')
})

test('[RAP-01] each field shows what was received, how it agrees, and why', () => {
  const champs: Champs = [
    { champ: 'nom', libelle: 'Nom', accord: 'identique', niveau: 'identique', note: 'nom courant', poids: 4 },
    {
      champ: 'adresse',
      libelle: 'Adresse',
      accord: 'different',
      niveau: 'autre_numero',
      note: 'même voie, autre numéro',
      poids: 1,
    },
    {
      champ: 'naissance',
      libelle: 'Date de naissance',
      accord: 'proche',
      niveau: 'inversee',
      note: 'jour et mois inversés',
      poids: 2,
    },
    { champ: 'telephone', libelle: 'Téléphone', accord: 'absent', niveau: 'absent', note: '', poids: 0 },
    { champ: 'bailleur', libelle: 'Bailleur', accord: 'absent', niveau: 'absent', note: '', poids: 0 },
    { champ: 'loyer', libelle: 'Loyer', accord: 'absent', niveau: 'absent', note: '', poids: 0 },
  ]
  const gauche = {
    nom_usage: 'LACOMBE',
    nom_naissance: 'MARTIN',
    date_naissance: '1984-03-04',
    adresse: '12 rue des Forges',
    complement_adresse: 'apt 21',
    telephone: '0639984107',
    bailleur_nom: 'SCI des Tilleuls',
  }
  const droite = {
    nom_usage: 'LACOMBE',
    date_naissance: '1984-04-03',
    adresse: '14 rue des Forges',
    complement_adresse: 'apt 12',
    bailleur_siret: '00041401596550',
  }
  const lignes = comparerChamps(signal(gauche), candidat(droite, champs))
  assert.deepEqual(lignes[0], {
    libelle: 'Nom',
    gauche: 'LACOMBE (naissance : MARTIN)',
    droite: 'LACOMBE',
    accord: 'identique',
    poids: 4,
    note: 'nom courant',
  })
  assert.deepEqual(lignes[1], {
    libelle: 'Adresse',
    gauche: '12 rue des Forges',
    droite: '14 rue des Forges',
    accord: 'different',
    poids: 1,
    note: 'même voie, autre numéro',
  })
  assert.deepEqual(lignes[2], {
    libelle: 'Date de naissance',
    gauche: '04/03/1984',
    droite: '03/04/1984',
    accord: 'proche',
    poids: 2,
    note: 'jour et mois inversés',
  })
  assert.deepEqual(lignes[3], {
    libelle: 'Téléphone',
    gauche: '06 39 98 41 07',
    droite: null,
    accord: 'absent',
    poids: 0,
    note: 'ne compte pas',
  })
  assert.equal(lignes[4]?.note, 'pas comparables : ne compte pas')
  assert.equal(lignes.length, 5, 'a field neither record gives is left out')
})

test('[RAP-11] when the spouse of one side is the main person of the other, both are shown', () => {
  const champs: Champs = [
    { champ: 'prenom', libelle: 'Prénom', accord: 'identique', niveau: 'identique', note: '', poids: 5 },
  ]
  const gauche = signal({ prenom: 'Paul', conjoint_prenom: 'Lise' })
  const droite = { prenom: 'Lise' }
  assert.equal(comparerChamps(gauche, candidat(droite, champs, { croise: true }))[0]?.gauche, 'Paul (conjoint : Lise)')
  assert.equal(comparerChamps(gauche, candidat(droite, champs))[0]?.gauche, 'Paul')
})
