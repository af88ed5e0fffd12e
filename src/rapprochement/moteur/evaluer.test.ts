import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { lireNiveau } from './champs.ts'
import { clesDeBlocage } from './cles.ts'
import { comparer, comparerNaissances } from './comparer.ts'
import { decider } from './decider.ts'
import { detaillerPaire, type Evaluation, evaluerPaire, scorerPaire } from './evaluer.ts'
import { type Fiche, ficheDepuisContenu } from './fiche.ts'
import { jeuDifficile } from './jeu-difficile.ts'
import { parametresInitiaux } from './parametres.ts'

const P = parametresInitiaux()

/** A complete household; each test changes what it is about. */
const BASE = {
  date_signalement: '2026-10-01',
  civilite: 'Mme',
  nom_usage: 'LACOMBE',
  prenom: 'Séverine',
  date_naissance: '1984-03-04',
  adresse: '12 rue des Forges',
  code_postal: '71200',
  commune: 'Le Creusot',
  bailleur_nom: 'Mâcon Habitat',
  loyer: 44_341,
  numero_allocataire: '0418273',
  telephone: '0639984107',
}
const fiche = (change: Readonly<Record<string, unknown>> = {}): Fiche => ficheDepuisContenu({ ...BASE, ...change })

function juger(a: Readonly<Record<string, unknown>>, b: Readonly<Record<string, unknown>> = {}) {
  const evaluation = evaluerPaire(comparer(fiche(a), fiche(b)), P)
  const champ = (nom: string) => evaluation.champs.find((evalue) => evalue.champ === nom)
  return {
    ...evaluation,
    champ,
    issue: decider([{ dossier: 'd', evaluations: [evaluation] }], P.seuils).issue,
  }
}

const SANS_NUMERO = { numero_allocataire: '', telephone: '', loyer: null }

test('[RAP-01] the same household written otherwise is certain', () => {
  for (const change of [
    { nom_usage: 'Lacombe', adresse: '12, r. des Forges', commune: 'LE CREUSOT CEDEX' },
    { prenom: 'Sévrine', ...SANS_NUMERO },
    { date_naissance: '1984-04-03', ...SANS_NUMERO },
    { nom_usage: 'Séverine', prenom: 'Lacombe', ...SANS_NUMERO },
    { date_naissance: '', numero_allocataire: '', telephone: '' },
    { nom_usage: 'Garnier', nom_naissance: 'Lacombe', ...SANS_NUMERO },
    { nom_usage: 'Garnier', numero_allocataire: '', telephone: '' },
    {
      nom_usage: 'Verdier',
      prenom: 'Paul',
      civilite: 'M',
      date_naissance: '',
      conjoint_nom: 'Lacombe',
      conjoint_prenom: 'Severine',
    },
  ]) {
    const { issue, contraires } = juger(change)
    assert.equal(issue, 'certain', `${JSON.stringify(change)} ${contraires}`)
  }
})

test('[RAP-01] [RAP-11] what many leases share, a round rent or the first of a month, does not tell a household from a namesake', () => {
  const bref = { ...SANS_NUMERO, date_naissance: '', adresse: '', bailleur_nom: '' }
  for (const [bail, change] of [
    [{ loyer: 50_000 }, { nom_usage: 'LACOMBLE' }],
    [{ loyer: 50_000 }, {}],
    [{ date_bail: '2019-09-01' }, { nom_usage: 'LACOMBLE' }],
    [{ loyer: 50_000 }, { commune: 'Autun', code_postal: '71400' }],
  ] as const) {
    const { issue, codes } = juger({ ...bref, ...bail, ...change }, { ...bref, ...bail })
    assert.notEqual(issue, 'certain', `${JSON.stringify([bail, change])} ${codes}`)
  }
  // Its cents, the day, both together, or one address: the same lease.
  for (const bail of [{ loyer: 50_317 }, { date_bail: '2019-09-17' }, { loyer: 50_000, date_bail: '2019-09-01' }]) {
    const { issue, contraires } = juger({ ...bref, ...bail }, { ...bref, ...bail })
    assert.equal(issue, 'certain', `${JSON.stringify(bail)} ${contraires}`)
  }
  const ici = { ...SANS_NUMERO, date_naissance: '', loyer: 50_000 }
  assert.equal(juger(ici, ici).issue, 'certain')
})

test('[RAP-01] [RAP-11] traps are never attached without a person', () => {
  const couple = { conjoint_nom: 'LACOMBE', conjoint_prenom: 'Marc' }
  for (const [code, change, base] of [
    ['parent_enfant', { date_naissance: '1956-08-21' }, {}],
    ['jumeaux', { prenom: 'Sandrine', ...SANS_NUMERO }, {}],
    ['prenom_proche', { prenom: 'Julien', civilite: '', ...SANS_NUMERO }, { prenom: 'Julie' }],
    ['fratrie', { prenom: 'Sandrine', date_naissance: '1987-01-09', ...SANS_NUMERO, loyer: 44_341 }, {}],
    ['autre_occupant', { nom_usage: 'Verdier', prenom: 'Paul', civilite: 'M', date_naissance: '' }, {}],
    ['autre_logement', { adresse: '3 avenue de Verdun', commune: 'Autun', code_postal: '71400', loyer: 51_000 }, {}],
    ['autre_logement', { nom_usage: 'LACOMBE', prenom: 'Marc', adresse: '', loyer: null }, couple],
    ['autre_appartement', { complement_adresse: 'Appt 12', loyer: 43_000 }, { complement_adresse: 'Appt 34' }],
    ['allocataires_differents', { numero_allocataire: '7719902' }, {}],
    ['identite_insuffisante', { prenom: '', ...SANS_NUMERO }, {}],
    ['bail_different', { date_naissance: '', ...SANS_NUMERO, loyer: 61_200 }, {}],
    ['non_confirme', { date_naissance: '', ...SANS_NUMERO, complement_adresse: 'Appt 12' }, {}],
    ['civilite', { prenom: 'Dominique', civilite: 'M', date_naissance: '' }, { prenom: 'Dominique' }],
    ['naissance_differente', { date_naissance: '1986-11-25' }, {}],
  ] as const) {
    const { issue, codes } = juger(change, base)
    assert.ok(codes.includes(code), `${code} : ${codes}`)
    assert.notEqual(issue, 'certain', code)
  }
})

test('[RAP-01] strangers open a dossier of their own', () => {
  for (const change of [
    {
      nom_usage: 'Verdier',
      prenom: 'Paul',
      date_naissance: '1970-01-01',
      adresse: '3 avenue de Verdun',
      commune: 'Autun',
      code_postal: '71400',
      ...SANS_NUMERO,
    },
    // Same building, nothing else.
    {
      nom_usage: 'Verdier',
      prenom: 'Paul',
      civilite: 'M',
      date_naissance: '1970-01-01',
      ...SANS_NUMERO,
      complement_adresse: 'Appt 3',
    },
    // Same rare name, far away.
    {
      prenom: 'Odile',
      date_naissance: '1950-01-01',
      adresse: '3 avenue de Verdun',
      commune: 'Autun',
      code_postal: '71400',
      ...SANS_NUMERO,
    },
  ]) {
    assert.equal(juger(change).issue, 'nouveau', JSON.stringify(change))
  }
})

test('[RAP-01] each field says what is close, in French', () => {
  const { champ } = juger({ prenom: 'Sévrine', date_naissance: '1984-04-03', numero_allocataire: '0418723' })
  assert.deepEqual(
    ['nom', 'prenom', 'naissance', 'allocataire', 'courriel'].map((nom) => [champ(nom)?.accord, champ(nom)?.note]),
    [
      ['identique', ''],
      ['proche', 'autre écriture du même prénom'],
      ['proche', 'jour et mois inversés'],
      ['proche', 'un chiffre diffère'],
      ['absent', 'ne compte pas'],
    ],
  )
  assert.equal(juger({ nom_usage: 'LACOMBBE' }).champ('nom')?.note, 'une lettre manque ou est en trop')
  assert.equal(juger({ nom_usage: 'Séverine', prenom: 'Lacombe' }).champ('nom')?.note, 'nom et prénom inversés')
  assert.match(juger({ date_naissance: '1956-08-21' }).contraires.join(), /28 ans d’écart : parent et enfant/)
  assert.match(juger({}).raisons.join(' ; '), /Date de naissance identique/)
})

test('[RAP-01] the weights shown add up to the total', () => {
  for (const change of [{}, { prenom: 'Sévrine' }, { nom_usage: 'Verdier', prenom: 'Paul', date_naissance: '' }]) {
    const { total, depart, champs } = juger(change)
    const somme = champs.reduce((s, { poids }) => s + poids, depart)
    assert.ok(Math.abs(somme - total) < 0.1, `${somme} ${total}`)
  }
})

test('[RAP-01] birth dates: what is a slip and what is another birth', () => {
  const niveau = (a: string, b: string) => lireNiveau('naissance', comparerNaissances(a, b)).code
  assert.equal(niveau('1984-03-04', '1984-04-03'), 'inversee')
  assert.equal(niveau('1984-03-04', '1984-03-14'), 'un_chiffre')
  assert.equal(niveau('1984-03-12', '1984-03-21'), 'un_chiffre')
  assert.equal(niveau('1984-12-27', '1985-01-06'), 'quelques_jours')
  assert.equal(niveau('1984-03-04', '1984-11-25'), 'meme_annee')
  assert.equal(niveau('1984-03-04', '1956-08-21'), 'different')
  assert.equal(niveau('', '1956-08-21'), 'absent')
})

test('[RAP-02] two plausible dossiers go to a person, unless one is contradicted and far behind', () => {
  const evaluer = (change: Readonly<Record<string, unknown>>): Evaluation =>
    evaluerPaire(comparer(fiche(), fiche(change)), P)
  const meme = { dossier: 'a', evaluations: [evaluer({})] }
  const aussi = { dossier: 'b', evaluations: [evaluer({ prenom: 'Sévrine' })] }
  const mere = { dossier: 'c', evaluations: [evaluer({ date_naissance: '1956-08-21', ...SANS_NUMERO })] }
  assert.equal(decider([meme, aussi], P.seuils).issue, 'a_revoir')
  assert.deepEqual(
    decider([aussi, meme], P.seuils).candidats.map(({ dossier }) => dossier),
    ['a', 'b'],
  )
  assert.equal(decider([meme, mere], P.seuils).issue, 'certain')
  assert.equal(decider([mere], P.seuils).issue, 'a_revoir')
  assert.equal(decider([], P.seuils).issue, 'nouveau')
})

test('[RAP-11] another fiche of the dossier may contradict the closest one', () => {
  const evaluer = (change: Readonly<Record<string, unknown>>): Evaluation =>
    evaluerPaire(comparer(fiche({ date_naissance: '', ...SANS_NUMERO, loyer: 44_341 }), fiche(change)), P)
  const proche = evaluer({ date_naissance: '', ...SANS_NUMERO })
  const contraire = evaluer({ ...SANS_NUMERO, loyer: 61_200 })
  assert.equal(decider([{ dossier: 'a', evaluations: [proche] }], P.seuils).issue, 'certain')
  assert.equal(decider([{ dossier: 'a', evaluations: [proche, contraire] }], P.seuils).issue, 'a_revoir')
  assert.match(
    decider([{ dossier: 'a', evaluations: [proche, contraire] }], P.seuils).candidats[0]?.contraires.join() ?? '',
    /Loyers ou baux différents/,
  )
})

test('[RAP-01] a fiche that resembles one fiche of a dossier and not the others goes to a person', () => {
  const proche = evaluerPaire(comparer(fiche(), fiche()), P)
  const etranger = evaluerPaire(
    comparer(fiche(), ficheDepuisContenu({ nom_usage: 'Verdier', prenom: 'Paul', commune: 'Autun' })),
    P,
  )
  assert.ok(etranger.total < -12)
  assert.equal(decider([{ dossier: 'a', evaluations: [proche, etranger, etranger] }], P.seuils).issue, 'a_revoir')
})

test('[RAP-01] comparing is symmetric and silent fields weigh nothing', () => {
  const fiches = jeuDifficile({ graine: 9, taille: 300 }).map(({ contenu }) => ficheDepuisContenu(contenu))
  const rang = fc.nat({ max: fiches.length - 1 })
  fc.assert(
    fc.property(rang, rang, (i, j) => {
      const [a, b] = [fiches[i], fiches[j]]
      if (!a || !b) return
      assert.ok(Math.abs(scorerPaire(comparer(a, b), P) - scorerPaire(comparer(b, a), P)) < 1e-9)
    }),
    { numRuns: 2000, seed: 71 },
  )
  const muette = detaillerPaire(comparer(ficheDepuisContenu({}), fiche()), P)
  assert.ok(muette.champs.every(({ accord, poids }) => accord === 'absent' && poids === 0))
  assert.equal(muette.total, P.depart)
})

test('[RAP-01] two writings of one household share a blocking key', () => {
  const cles = new Set(clesDeBlocage(fiche()))
  for (const change of [
    { nom_usage: 'LACOMBBE', prenom: 'Severinne', date_naissance: '' },
    { nom_usage: 'Séverine', prenom: 'Lacombe', date_naissance: '', adresse: '' },
    { nom_usage: 'Garnier', date_naissance: '', loyer: null, numero_allocataire: '', telephone: '' },
    {
      date_naissance: '1984-04-03',
      nom_usage: 'Gamier',
      adresse: '',
      loyer: null,
      numero_allocataire: '',
      telephone: '',
    },
    {
      commune: 'Le Creusot',
      nom_usage: 'Verdier',
      prenom: 'Paul',
      date_naissance: '',
      numero_allocataire: '',
      telephone: '',
      adresse: '',
    },
  ]) {
    assert.ok(
      clesDeBlocage(fiche(change)).some((cle) => cles.has(cle)),
      JSON.stringify(change),
    )
  }
  assert.ok(![...cles].some((cle) => cle.length > 60))
})
