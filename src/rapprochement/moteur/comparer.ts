import type { AdresseCompare } from './adresse.ts'
import { jaroWinkler, trouverFaute } from './distances.ts'
import type { Fiche, Personne } from './fiche.ts'
import type { NomCompare } from './noms.ts'
import type { PrenomCompare } from './prenoms.ts'

/**
 * Two fiches compared: for each field of `CHAMPS`, in their order, the rank of its level of agreement. Persons are
 * compared by their best assignment, so that a spouse named first by one source is met by the other.
 */
export interface Comparaison {
  readonly a: Fiche
  readonly b: Fiche
  readonly niveaux: readonly number[]
  /** Which person of each side is compared: 0 the principal one, 1 the spouse. */
  readonly personneA: 0 | 1
  readonly personneB: 0 | 1
  /** The person of one side is the spouse of the other. */
  readonly croise: boolean
  /** Name and first name are exchanged in one of the two. */
  readonly inverse: boolean
  /** Name and first name on which both sides agree, when they do: their frequency weighs. */
  readonly nomCommun: string
  readonly prenomCommun: string
}

const NOM = { absent: 0, identique: 1, naissance: 2, faute: 3, phonetique: 4, compose: 5, ressemblant: 6, different: 7 }
const PRENOM = {
  absent: 0,
  identique: 1,
  variante: 2,
  faute: 3,
  phonetique: 4,
  compose: 5,
  initiale: 6,
  ressemblant: 7,
  different: 8,
}

/** How good each level is when persons are assigned to one another; not a weight, only an order. */
const POINTS_NOM = [0, 4, 3.9, 3, 2.5, 2, 1, -3]
const POINTS_PRENOM = [0, 4, 3.6, 3, 2.5, 2, 0.5, 0.5, -5]
const POINTS_NAISSANCE = [0, 5, 4, 3.5, 1.5, -3, -5]

function contientMots(long: string, court: string): boolean {
  return long.startsWith(`${court} `) || long.endsWith(` ${court}`) || long.includes(` ${court} `)
}

function comparerNom(a: NomCompare, b: NomCompare): number {
  if (a.serre === b.serre) return NOM.identique
  if (a.serre.length > 3 && b.serre.length > 3 && trouverFaute(a.serre, b.serre) !== null) return NOM.faute
  if (a.phon === b.phon && a.phon.length > 1) return NOM.phonetique
  if (a.noyau === b.noyau) return NOM.compose
  const aCompose = a.mots.length !== a.serre.length
  const bCompose = b.mots.length !== b.serre.length
  if (aCompose && b.noyau.length > 2 && contientMots(a.mots, b.mots)) return NOM.compose
  if (bCompose && a.noyau.length > 2 && contientMots(b.mots, a.mots)) return NOM.compose
  return jaroWinkler(a.serre, b.serre) >= 0.9 ? NOM.ressemblant : NOM.different
}

/** « Michel » and « Michèle », « Daniel » and « Danielle »: one letter apart, and two persons. */
function estFeminin(a: string, b: string): boolean {
  const [court, long] = a.length < b.length ? [a, b] : [b, a]
  if (!long.startsWith(court)) return false
  const fin = long.slice(court.length)
  return fin === 'e' || fin === 'a' || fin === 'ne' || fin === 'le' || fin === 'te'
}

function comparerPrenom(a: PrenomCompare, b: PrenomCompare): number {
  if (a.serre === b.serre) return PRENOM.identique
  if (a.canon === b.canon) return PRENOM.variante
  if (a.serre.length === 1 || b.serre.length === 1)
    return a.serre[0] === b.serre[0] ? PRENOM.initiale : PRENOM.different
  const aCompose = a.mots.length !== a.serre.length
  const bCompose = b.mots.length !== b.serre.length
  if (aCompose && bCompose) return comparerComposes(a.mots, b.mots, a.serre, b.serre)
  // Two common first names, or a masculine and a feminine one, are two first names however close they look.
  const distincts = (a.courant && b.courant) || estFeminin(a.serre, b.serre)
  if (!distincts && a.serre.length > 3 && b.serre.length > 3 && trouverFaute(a.serre, b.serre) !== null)
    return PRENOM.faute
  if (aCompose || bCompose) {
    return contientMots(aCompose ? a.mots : b.mots, aCompose ? b.mots : a.mots)
      ? PRENOM.compose
      : jaroWinkler(a.serre, b.serre) >= 0.94
        ? PRENOM.ressemblant
        : PRENOM.different
  }
  if (!distincts && a.phon === b.phon && a.phon.length > 1) return PRENOM.phonetique
  return jaroWinkler(a.serre, b.serre) >= 0.9 || a.phon === b.phon ? PRENOM.ressemblant : PRENOM.different
}

/** Both first names have several words: Marie-Laure and M.-Laure agree, Marie-Laure and Marie-Pierre are sisters. */
function comparerComposes(a: string, b: string, aSerre: string, bSerre: string): number {
  const motsA = a.split(' ')
  const motsB = b.split(' ')
  if (motsA.length === motsB.length) {
    const abrege = motsA.every(
      (mot, i) => mot === motsB[i] || ((mot.length === 1 || motsB[i]?.length === 1) && mot[0] === motsB[i]?.[0]),
    )
    if (abrege) return PRENOM.variante
    const proche = motsA.every((mot, i) => mot === motsB[i] || trouverFaute(mot, motsB[i] ?? '') !== null)
    return proche ? PRENOM.faute : PRENOM.different
  }
  if (contientMots(a, b) || contientMots(b, a)) return PRENOM.compose
  return jaroWinkler(aSerre, bSerre) >= 0.94 ? PRENOM.ressemblant : PRENOM.different
}

/** Rank of the level of agreement of two birth dates `AAAA-MM-JJ`. */
export function comparerNaissances(a: string, b: string): number {
  if (a === '' || b === '') return 0
  if (a === b) return 1
  const memeAnnee = a.slice(0, 4) === b.slice(0, 4)
  if (memeAnnee && a.slice(5, 7) === b.slice(8, 10) && a.slice(8, 10) === b.slice(5, 7)) return 2
  let ecarts = 0
  let premier = -1
  let dernier = -1
  for (let i = 0; i < 10; i++) {
    if (a.charCodeAt(i) !== b.charCodeAt(i)) {
      ecarts++
      if (premier < 0) premier = i
      dernier = i
    }
  }
  if (ecarts === 1) return 3
  if (ecarts === 2 && dernier === premier + 1 && a[premier] === b[dernier] && a[dernier] === b[premier]) return 3
  if (Math.abs(compterJours(a) - compterJours(b)) < 31) return 4
  return memeAnnee ? 5 : 6
}

/** Days since year 0, months counted alike: good enough to say « less than a month apart ». */
function compterJours(date: string): number {
  return Number(date.slice(0, 4)) * 365.25 + Number(date.slice(5, 7)) * 30.44 + Number(date.slice(8, 10))
}

interface Paire {
  nom: number
  prenom: number
  naissance: number
  civilite: number
  inverse: boolean
  nomCommun: string
  prenomCommun: string
  points: number
}

const nouvellePaire = (): Paire => ({
  nom: 0,
  prenom: 0,
  naissance: 0,
  civilite: 0,
  inverse: false,
  nomCommun: '',
  prenomCommun: '',
  points: 0,
})
// Two work areas, filled again at each comparison: the hot path allocates nothing for persons.
const courante = nouvellePaire()
const meilleure = nouvellePaire()

function comparerPersonnes(a: Personne, b: Personne, paire: Paire): void {
  let nom = 0
  let nomCommun = ''
  for (let i = 0; i < a.noms.length; i++) {
    const nomA = a.noms[i] as NomCompare
    for (let j = 0; j < b.noms.length; j++) {
      const nomB = b.noms[j] as NomCompare
      let niveau = comparerNom(nomA, nomB)
      if (niveau === NOM.identique && i !== j) niveau = NOM.naissance
      if (nom === 0 || niveau < nom) {
        nom = niveau
        nomCommun = niveau <= NOM.naissance ? nomA.serre : ''
      }
    }
  }
  const sexesConnus = a.sexe !== '' && b.sexe !== ''
  const memeSexe = sexesConnus && a.sexe === b.sexe
  let prenom = a.prenom && b.prenom ? comparerPrenom(a.prenom, b.prenom) : 0
  if (sexesConnus && !memeSexe && prenom > PRENOM.identique && prenom !== PRENOM.initiale) prenom = PRENOM.different
  paire.inverse = false
  if (prenom === PRENOM.different || nom === NOM.different) {
    const inverse = estInverse(a, b) || estInverse(b, a)
    if (inverse) {
      nom = NOM.identique
      prenom = PRENOM.identique
      nomCommun = ''
      paire.inverse = true
    }
  }
  paire.nom = nom
  paire.prenom = prenom
  paire.nomCommun = nomCommun
  paire.prenomCommun = prenom > 0 && prenom <= PRENOM.variante && !paire.inverse && a.prenom ? a.prenom.canon : ''
  paire.naissance = comparerNaissances(a.naissance, b.naissance)
  paire.civilite = sexesConnus ? (memeSexe ? 1 : 2) : 0
  paire.points =
    (POINTS_NOM[nom] ?? 0) +
    (POINTS_PRENOM[prenom] ?? 0) +
    (POINTS_NAISSANCE[paire.naissance] ?? 0) -
    (paire.civilite === 2 ? 2 : 0)
}

/**
 * `a` holds a first name where a name should be: that of `b`. Its own first name, or its other name, is then a name of
 * `b`.
 */
function estInverse(a: Personne, b: Personne): boolean {
  const { prenom } = a
  if (!prenom || !b.prenom) return false
  const rang = a.noms.findIndex((nom) => seValent(nom.serre, nom.phon, b.prenom))
  if (rang < 0) return false
  return b.noms.some(
    (nom) =>
      seValent(nom.serre, nom.phon, prenom) || a.noms.some((autre, i) => i !== rang && autre.serre === nom.serre),
  )
}

/**
 * Same exchange in `a`, but the name it holds is that of the spouse of `b`: a name taken by marriage, since given up.
 */
function estInverseParConjoint(a: Fiche, b: Fiche): boolean {
  const { principal } = a
  return (
    b.conjoint !== null &&
    principal.noms.some((nom) => seValent(nom.serre, nom.phon, b.principal.prenom)) &&
    b.conjoint.noms.some((nom) => seValent(nom.serre, nom.phon, principal.prenom))
  )
}

/** A name and a first name written alike; a common first name is met to the letter or not at all. */
function seValent(serre: string, phon: string, prenom: PrenomCompare | null): boolean {
  if (!prenom) return false
  if (serre === prenom.serre) return true
  return !prenom.courant && (phon === prenom.phon || (serre.length > 4 && trouverFaute(serre, prenom.serre) !== null))
}

function comparerConjoints(a: Personne, b: Personne): number {
  comparerPersonnes(a, b, courante)
  const { nom, prenom, naissance } = courante
  if (naissance >= 5) return 3
  const nomConvient = nom > 0 && nom <= NOM.ressemblant
  const prenomConvient = prenom > 0 && prenom <= PRENOM.phonetique
  if (prenomConvient) return nom === NOM.different ? 2 : 1
  if (prenom === 0) return nomConvient ? 2 : nom === 0 ? 0 : 3
  return prenom === PRENOM.different || !nomConvient ? 3 : 2
}

function comparerCommunes(a: Fiche, b: Fiche): number {
  if (a.commune === '' || b.commune === '') return a.codePostal !== '' && a.codePostal === b.codePostal ? 2 : 0
  if (a.commune === b.commune) return 1
  if (a.codePostal !== '' && a.codePostal === b.codePostal) return 2
  return a.commune.length > 4 && trouverFaute(a.commune, b.commune) !== null ? 2 : 3
}

/** 2 the same way, 1 nearly, 0 another one. Two kinds of way of the same name are two ways, but sources confuse them. */
function comparerVoies(a: AdresseCompare, b: AdresseCompare): number {
  if (a.voie === '' || b.voie === '') return 0
  if (a.voie === b.voie) return a.genre !== '' && b.genre !== '' && a.genre !== b.genre ? 1 : 2
  if (a.voie.length > 4 && trouverFaute(a.voie, b.voie) !== null) return 1
  if (a.phon === b.phon && a.phon.length > 2) return 1
  if (contientMots(a.voie, b.voie) || contientMots(b.voie, a.voie)) return 1
  return jaroWinkler(a.voie, b.voie) >= 0.92 ? 1 : 0
}

function comparerAdresses(a: AdresseCompare, b: AdresseCompare, commune: number): number {
  if ((a.voie === '' && a.numero === '') || (b.voie === '' && b.numero === '')) return 0
  const voie = comparerVoies(a, b)
  const numerosConnus = a.numero !== '' && b.numero !== ''
  const memeNumero = numerosConnus && a.numero === b.numero && a.suffixe === b.suffixe
  if (commune === 3) return memeNumero && voie === 2 ? 5 : 6
  if (voie === 0) return 7
  if (memeNumero) return voie === 2 ? 1 : 2
  return numerosConnus && a.numero !== b.numero ? 4 : 3
}

function comparerComplements(a: AdresseCompare, b: AdresseCompare, adresse: number): number {
  if (adresse >= 4) return 0
  const contraire =
    (a.appartement !== '' && b.appartement !== '' && a.appartement !== b.appartement) ||
    (a.porte !== '' && b.porte !== '' && a.porte !== b.porte) ||
    (a.etage !== '' && b.etage !== '' && a.etage !== b.etage) ||
    (a.batiment !== '' && b.batiment !== '' && a.batiment !== b.batiment) ||
    (a.escalier !== '' && b.escalier !== '' && a.escalier !== b.escalier)
  if (contraire) return 3
  if (a.appartement !== '' && a.appartement === b.appartement) return 1
  if (a.porte !== '' && a.porte === b.porte && a.etage === b.etage) return 1
  return (a.batiment !== '' && a.batiment === b.batiment) ||
    (a.residence !== '' && a.residence === b.residence) ||
    (a.etage !== '' && a.etage === b.etage)
    ? 2
    : 0
}

function comparerBailleurs(a: Fiche, b: Fiche, adresse: number): number {
  const sirets = a.siret !== '' && b.siret !== ''
  const memeSiren = sirets && a.siret.slice(0, 9) === b.siret.slice(0, 9)
  if (memeSiren || (a.bailleur !== '' && a.bailleur === b.bailleur)) return adresse === 1 || adresse === 2 ? 2 : 1
  if (a.bailleur === '' || b.bailleur === '') return sirets ? 4 : 0
  const proche =
    contientMots(a.bailleur, b.bailleur) ||
    contientMots(b.bailleur, a.bailleur) ||
    jaroWinkler(a.bailleur, b.bailleur) >= 0.92
  return proche ? 3 : 4
}

function comparerLoyers(a: number | null, b: number | null): number {
  if (a === null || b === null || a === 0 || b === 0) return 0
  if (a === b) return 1
  return Math.abs(a - b) <= 0.05 * Math.max(a, b) ? 2 : 3
}

function comparerDates(a: string, b: string, prefixe: number): number {
  if (a === '' || b === '') return 0
  if (a === b) return 1
  if (prefixe > 0) return a.slice(0, prefixe) === b.slice(0, prefixe) ? 2 : 3
  const niveau = comparerNaissances(a, b)
  return niveau === 2 || niveau === 3 ? 2 : 3
}

function comparerEnfants(a: Fiche, b: Fiche): number {
  const x = a.anneesEnfants
  const y = b.anneesEnfants
  if (x.length > 0 && y.length > 0) {
    let communs = 0
    for (const annee of x) if (y.includes(annee)) communs++
    const ecart = Math.max(x.length, y.length) - communs
    return ecart === 0 ? 1 : ecart === 1 && communs > 0 ? 2 : 3
  }
  if (a.enfants === null || b.enfants === null) return 0
  const ecart = Math.abs(a.enfants - b.enfants)
  return ecart === 0 ? 1 : ecart === 1 ? 2 : 3
}

/** Numbers given by two bodies have nothing in common: only numbers of one length are compared. */
function comparerNumeros(a: string, b: string, memeLongueur: boolean): number {
  if (a === '' || b === '' || (memeLongueur && a.length !== b.length)) return 0
  if (a === b) return 1
  return trouverFaute(a, b) === null ? 3 : 2
}

/** Compares two fiches field by field. Symmetric: exchanging them exchanges the sides of the result and nothing else. */
export function comparer(a: Fiche, b: Fiche): Comparaison {
  let personneA: 0 | 1 = 0
  let personneB: 0 | 1 = 0
  comparerPersonnes(a.principal, b.principal, meilleure)
  if ((a.conjoint || b.conjoint) && meilleure.points < 8) {
    for (let essai = 1; essai < 4; essai++) {
      const i = essai === 1 ? 0 : 1
      const j = essai === 2 ? 0 : 1
      const x = i === 0 ? a.principal : a.conjoint
      const y = j === 0 ? b.principal : b.conjoint
      if (!x || !y) continue
      comparerPersonnes(x, y, courante)
      if (courante.points > meilleure.points + 0.5) {
        Object.assign(meilleure, courante)
        personneA = i
        personneB = j
      }
    }
  }
  if (meilleure.nom === NOM.different && meilleure.prenom === PRENOM.different && meilleure.naissance === 1) {
    if (estInverseParConjoint(a, b) || estInverseParConjoint(b, a)) {
      meilleure.nom = NOM.naissance
      meilleure.prenom = PRENOM.identique
      meilleure.inverse = true
    }
  }
  const autreA = personneA === 0 ? a.conjoint : a.principal
  const autreB = personneB === 0 ? b.conjoint : b.principal
  const { nom, prenom, naissance, civilite, inverse, nomCommun, prenomCommun } = meilleure
  const commune = comparerCommunes(a, b)
  const adresse = comparerAdresses(a.adresse, b.adresse, commune)
  return {
    a,
    b,
    niveaux: [
      nom,
      prenom,
      naissance,
      civilite,
      autreA && autreB ? comparerConjoints(autreA, autreB) : 0,
      commune,
      adresse,
      comparerComplements(a.adresse, b.adresse, adresse),
      comparerBailleurs(a, b, adresse),
      comparerLoyers(a.loyer, b.loyer),
      comparerDates(a.dateBail, b.dateBail, 0),
      comparerDates(a.detteDepuis, b.detteDepuis, 7),
      comparerEnfants(a, b),
      comparerNumeros(a.allocataire, b.allocataire, true),
      comparerNumeros(a.telephone, b.telephone, false),
      comparerNumeros(a.courriel, b.courriel, false),
    ],
    personneA,
    personneB,
    croise: personneA !== personneB,
    inverse,
    nomCommun,
    prenomCommun,
  }
}
