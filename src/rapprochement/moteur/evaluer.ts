import { type Accord, CHAMPS, type Champ, ecrireAccord, lireNiveau, NOMS_CHAMPS, RANG } from './champs.ts'
import type { Comparaison } from './comparer.ts'
import { trouverFaute } from './distances.ts'
import type { Fiche, Personne } from './fiche.ts'
import { NIVEAUX_MAX, type Parametres, type Poids, preparerPoids } from './parametres.ts'

/** Evidence against, whatever the score: a pair that carries any is never attached without a person. */
export type CodeContraire = keyof typeof CONTRAIRES

const CONTRAIRES = {
  parent_enfant: 'Même nom et même prénom, mais une génération d’écart : parent et enfant ?',
  naissance_differente: 'Dates de naissance différentes',
  jumeaux: 'Même nom et même date de naissance, prénoms différents : jumeaux ?',
  prenom_proche: 'Prénoms proches mais distincts : frère, sœur ou jumeau ?',
  fratrie: 'Même nom, prénoms différents : conjoints, parents ou voisins ?',
  autre_occupant: 'Les deux signaux ne citent pas la même personne',
  identite_insuffisante: 'Identité trop incomplète pour conclure',
  civilite: 'Civilités différentes',
  autre_logement: 'Même personne, autre logement : déménagement, séparation ou homonyme ?',
  autre_appartement: 'Même adresse, mais autre appartement ou autre bâtiment : voisins ?',
  bail_different: 'Loyers ou baux différents, et date de naissance non vérifiée : parent, homonyme ou voisin ?',
  non_confirme: 'Nom et adresse se ressemblent, mais rien d’autre ne le confirme',
  allocataires_differents: 'Numéros d’allocataire différents',
} as const

/** One field of a pair: what a person reads and what it weighs, in bits (one more bit: twice as likely). */
export interface ChampEvalue {
  readonly champ: Champ
  readonly libelle: string
  readonly accord: Accord
  readonly niveau: string
  readonly note: string
  readonly poids: number
}

export interface Evaluation {
  /** Starting point plus the weights: bits for (above 0) or against. */
  readonly total: number
  readonly depart: number
  /** From 0 to 1. Fields are taken as independent, so it runs to the extremes: thresholds are set on measures. */
  readonly probabilite: number
  /** Every field in the order of `CHAMPS`; empty when the pair is far below any threshold. */
  readonly champs: readonly ChampEvalue[]
  /** A birth date, a rent, a lease or a number agrees: more than a name and a place. */
  readonly confirmee: boolean
  /** What brings the two together, heaviest first, in French and without personal data. */
  readonly raisons: readonly string[]
  /** What stands against, in French. Any of them sends the pair to a person. */
  readonly contraires: readonly string[]
  /** The same, as codes. */
  readonly codes: readonly CodeContraire[]
}

/** Below this total, nobody reads the pair: reasons are not written. */
const PLANCHER_RAISONS = -6
const N = RANG

/** Weight of each field of the last pair scored; `evaluerPaire` reads it before any other pair is scored. */
const poidsCourants = new Float64Array(NOMS_CHAMPS.length)
let autreOccupantRetenu = false

/** Total of a pair in bits, without reasons: the hot path of a bulk comparison. */
export function scorerPaire(comparaison: Comparaison, parametres: Parametres): number {
  return additionner(comparaison, preparerPoids(parametres))
}

function additionner({ a, niveaux, nomCommun, prenomCommun, b }: Comparaison, poids: Poids): number {
  const { bits, rarete } = poids
  for (let rang = 0; rang < niveaux.length; rang++) {
    poidsCourants[rang] = bits[rang * NIVEAUX_MAX + (niveaux[rang] ?? 0)] ?? 0
  }
  const nom = niveaux[N.nom] ?? 0
  const rareteNom = nomCommun === '' ? 0 : rarete.noms(nomCommun)
  ajouter(N.nom, rareteNom)
  if (prenomCommun !== '') ajouter(N.prenom, rarete.prenoms(prenomCommun))
  if (niveaux[N.commune] === 1) ajouter(N.commune, rarete.communes(a.commune))
  if (niveaux[N.bailleur] === 1) ajouter(N.bailleur, rarete.bailleurs(a.bailleur))
  if (niveaux[N.loyer] === 1 && estLoyerRond(a)) plafonner(N.loyer, BITS_LOYER_ROND)
  if (niveaux[N.date_bail] === 1 && estPremierDuMois(a)) plafonner(N.date_bail, BITS_PREMIER_DU_MOIS)
  let personnes = 0
  for (let rang = N.nom; rang <= N.conjoint; rang++) personnes += poidsCourants[rang] ?? 0
  // Two adults of one household, each named by one source: persons then weigh once, as a whole.
  const memeNom = nom >= 1 && nom <= 4
  const citesEnPlus = (a.conjoint ? 1 : 0) + (b.conjoint ? 1 : 0)
  const civilite = niveaux[N.civilite] === 1 ? -1.5 : 0
  const autre =
    (memeNom ? poids.autreOccupant.memeNom + rareteNom : poids.autreOccupant.autreNom) - 2 * citesEnPlus + civilite
  autreOccupantRetenu = autre > personnes && (niveaux[N.prenom] === 8 || nom === 7)
  let total = poids.depart + (autreOccupantRetenu ? autre : personnes)
  if (autreOccupantRetenu) {
    for (let rang = N.nom; rang <= N.conjoint; rang++) poidsCourants[rang] = 0
    poidsCourants[N.nom] = autre
  }
  for (let rang = N.commune; rang < niveaux.length; rang++) total += poidsCourants[rang] ?? 0
  return total
}

function ajouter(rang: number, bits: number): void {
  poidsCourants[rang] = (poidsCourants[rang] ?? 0) + bits
}

function plafonner(rang: number, bits: number): void {
  poidsCourants[rang] = Math.min(poidsCourants[rang] ?? 0, bits)
}

/** Private rents are round: one household in sixteen pays the same. */
const BITS_LOYER_ROND = 4
/** Leases start on the first of a month: of ten years, one in a hundred and twenty. */
const BITS_PREMIER_DU_MOIS = 7

const estLoyerRond = ({ loyer }: Fiche): boolean => loyer !== null && loyer % 1000 === 0
const estPremierDuMois = ({ dateBail }: Fiche): boolean => dateBail.endsWith('-01')

/**
 * The pair is better read as two adults of one dwelling than as one person written twice. Such pairs teach nothing of how
 * one person is written.
 */
export function citeAutreOccupant(comparaison: Comparaison, parametres: Parametres): boolean {
  additionner(comparaison, preparerPoids(parametres))
  return autreOccupantRetenu
}

/** From bits to a probability. */
export function calculerProbabilite(total: number): number {
  return 1 / (1 + 2 ** -total)
}

/**
 * Weighs a pair: bits by field (log2 m/u, corrected by how common the agreed name is), total, probability, reasons and
 * evidence against. Reasons carry no name and no date, so they may be kept with a decision.
 */
export function evaluerPaire(comparaison: Comparaison, parametres: Parametres): Evaluation {
  const poids = preparerPoids(parametres)
  const total = additionner(comparaison, poids)
  const base = { total, depart: poids.depart, probabilite: calculerProbabilite(total) }
  if (total < PLANCHER_RAISONS) return { ...base, confirmee: false, champs: [], raisons: [], contraires: [], codes: [] }
  return { ...base, ...expliquer(comparaison) }
}

/** As `evaluerPaire`, with every field even when the pair is far below the thresholds: for a person who asks. */
export function detaillerPaire(comparaison: Comparaison, parametres: Parametres): Evaluation {
  const poids = preparerPoids(parametres)
  const total = additionner(comparaison, poids)
  return { total, depart: poids.depart, probabilite: calculerProbabilite(total), ...expliquer(comparaison) }
}

function expliquer(
  comparaison: Comparaison,
): Pick<Evaluation, 'confirmee' | 'champs' | 'raisons' | 'contraires' | 'codes'> {
  const { niveaux } = comparaison
  const champs = NOMS_CHAMPS.map((champ, rang): ChampEvalue => {
    const niveau = lireNiveau(champ, niveaux[rang] ?? 0)
    const note = preciserNote(comparaison, champ, niveau.code, niveau.note)
    const poids = Math.round((poidsCourants[rang] ?? 0) * 100) / 100
    return { champ, libelle: CHAMPS[champ].libelle, accord: niveau.accord, niveau: niveau.code, note, poids }
  })
  const raisons = champs
    .filter(({ accord, poids }) => accord !== 'absent' && poids >= 1)
    .sort((x, y) => y.poids - x.poids)
    .slice(0, 6)
    .map(({ champ, accord, note }) => ecrireAccord(champ, accord, note))
  const codes = trouverContraires(comparaison)
  const contraires = codes.map((code) => ecrireContraire(code, comparaison))
  return { confirmee: estConfirmee(comparaison), champs, raisons, contraires, codes }
}

const NOTES_FAUTE = {
  lettre_manquante: 'une lettre manque ou est en trop',
  lettre_de_trop: 'une lettre manque ou est en trop',
  lettre_changee: 'une lettre change',
  lettres_inversees: 'deux lettres inversées',
} as const

function personne(comparaison: Comparaison, cote: 'a' | 'b'): Personne {
  const fiche = comparaison[cote]
  const rang = cote === 'a' ? comparaison.personneA : comparaison.personneB
  return rang === 1 && fiche.conjoint ? fiche.conjoint : fiche.principal
}

function preciserNote(comparaison: Comparaison, champ: Champ, code: string, note: string): string {
  const a = personne(comparaison, 'a')
  const b = personne(comparaison, 'b')
  if (champ === 'nom') {
    if (autreOccupantRetenu)
      return 'autre personne du même logement ? Noms, dates et civilités sont comptés ici, une seule fois'
    if (comparaison.inverse) return 'nom et prénom inversés'
    if (comparaison.croise) return joindre('conjoint cité en premier', note)
    if (code === 'different' && comparaison.niveaux[N.naissance] === 1) return 'nom changé par mariage ?'
    if (code === 'faute') {
      for (const x of a.noms) {
        for (const y of b.noms) {
          const faute = trouverFaute(x.serre, y.serre)
          if (faute) return NOTES_FAUTE[faute]
        }
      }
    }
  }
  if (champ === 'prenom' && code === 'faute' && a.prenom && b.prenom) {
    const faute = trouverFaute(a.prenom.serre, b.prenom.serre)
    if (faute) return NOTES_FAUTE[faute]
  }
  if (champ === 'naissance' && (code === 'different' || code === 'meme_annee')) {
    const ans = compterAnnees(a, b)
    return ans > 0 ? `${ans} an${ans > 1 ? 's' : ''} d’écart` : note
  }
  return note
}

const joindre = (...notes: readonly string[]) => notes.filter((note) => note !== '').join(', ')

function compterAnnees(a: Personne, b: Personne): number {
  return Math.abs(Number(a.naissance.slice(0, 4)) - Number(b.naissance.slice(0, 4)))
}

function ecrireContraire(code: CodeContraire, comparaison: Comparaison): string {
  if (code !== 'parent_enfant') return CONTRAIRES[code]
  const ans = compterAnnees(personne(comparaison, 'a'), personne(comparaison, 'b'))
  return `Même nom et même prénom, mais ${ans} ans d’écart : parent et enfant ?`
}

/** Years between two births from which parent and child are thought of before a slip of the pen. */
const GENERATION = 14

/** Evidence against one household, from the levels of agreement alone: no weight can make up for it. */
export function trouverContraires(comparaison: Comparaison): CodeContraire[] {
  const { niveaux } = comparaison
  const lire = (champ: Champ): number => niveaux[N[champ]] ?? 0
  const nom = lire('nom')
  const prenom = lire('prenom')
  const naissance = lire('naissance')
  const memeLoyer = estMemeBail(comparaison)
  const naissanceSure = naissance >= 1 && naissance <= 3
  const lien = estLien(niveaux)
  const codes: CodeContraire[] = []
  if (prenom === 8) codes.push(nom === 7 || nom === 0 ? 'autre_occupant' : naissance === 1 ? 'jumeaux' : 'fratrie')
  else if (nom === 7 && !(naissanceSure && prenom >= 1 && prenom <= 4)) codes.push('autre_occupant')
  else if (estVague(nom, prenom) && !naissanceSure && !lien && !memeLoyer) codes.push('identite_insuffisante')
  else if ((prenom === 0 || prenom === 6 || nom === 0) && !lien && !memeLoyer) codes.push('identite_insuffisante')
  if (prenom === 7 && !lien && !memeLoyer) codes.push('prenom_proche')
  if (naissance >= 5 && prenom !== 8 && nom !== 7) {
    codes.push(
      compterAnnees(personne(comparaison, 'a'), personne(comparaison, 'b')) >= GENERATION
        ? 'parent_enfant'
        : 'naissance_differente',
    )
  }
  if (lire('civilite') === 2 && prenom !== 8 && !naissanceSure) codes.push('civilite')
  const adresse = lire('adresse')
  if (adresse === 4 && !memeLoyer && !(naissanceSure && lire('bailleur') >= 1 && lire('bailleur') <= 3))
    codes.push('autre_logement')
  if (adresse >= 5 && !(memeLoyer && lire('bailleur') >= 1 && lire('bailleur') <= 3)) codes.push('autre_logement')
  if (adresse === 0 && !memeLoyer && (lire('commune') === 3 || lire('bailleur') === 4)) codes.push('autre_logement')
  // The person of one side is the spouse of the other: without one dwelling, they may have parted.
  else if (adresse === 0 && !memeLoyer && comparaison.croise) codes.push('autre_logement')
  if (lire('complement') === 3 && !(naissanceSure && memeLoyer)) codes.push('autre_appartement')
  const confirme = estConfirmee(comparaison)
  if (!confirme && (lire('loyer') === 3 || lire('date_bail') === 3)) codes.push('bail_different')
  if (!confirme && !estExacte(comparaison)) codes.push('non_confirme')
  if (lire('allocataire') === 3) codes.push('allocataires_differents')
  return codes
}

/** Names or first names that only partly agree: « Marie » for Marie-Laure or for her sister Marie-Pierre. */
function estVague(nom: number, prenom: number): boolean {
  return nom === 5 || nom === 6 || prenom === 5 || prenom === 7
}

/**
 * Name, first name and address agree, one slip at most, and nothing blurs them. Without a birth date, a rent or a number in
 * common, nothing less can tell a household from a namesake of the same building.
 */
function estExacte({ a, b, niveaux }: Comparaison): boolean {
  const lire = (champ: Champ): number => niveaux[N[champ]] ?? 0
  if (lire('dette_depuis') === 1 || lire('conjoint') === 1) return true
  const precise = (fiche: Fiche) =>
    fiche.adresse.appartement + fiche.adresse.porte + fiche.adresse.etage + fiche.adresse.batiment !== ''
  const proche = (champ: Champ, min: number, max: number) => (lire(champ) >= min && lire(champ) <= max ? 1 : 0)
  return (
    proche('nom', 3, 4) + proche('prenom', 3, 4) + proche('adresse', 2, 3) <= 1 &&
    (lire('adresse') === 1 || lire('adresse') === 2) &&
    lire('telephone') !== 3 &&
    lire('courriel') !== 3 &&
    lire('loyer') === 0 &&
    (lire('complement') !== 0 || (!precise(a) && !precise(b)))
  )
}

/**
 * The same lease: one rent or one date of lease, and the other does not contradict it. What many leases share, a round rent or the first of a month, says so only beside
 * the other or at one address: two namesakes may each pay 500 €.
 */
function estMemeBail({ a, niveaux }: Comparaison): boolean {
  const loyer = niveaux[N.loyer] ?? 0
  const bail = niveaux[N.date_bail] ?? 0
  const adresse = niveaux[N.adresse] ?? 0
  if (loyer === 3 || bail === 3) return false
  if (loyer === 1 && bail === 1) return true
  const courant = (loyer === 1 && estLoyerRond(a)) || (bail === 1 && estPremierDuMois(a))
  return (loyer === 1 || bail === 1) && (!courant || (adresse >= 1 && adresse <= 3))
}

/** A number or an address that only one household uses. */
function estLien(niveaux: readonly number[]): boolean {
  return niveaux[N.allocataire] === 1 || niveaux[N.telephone] === 1 || niveaux[N.courriel] === 1
}

function estConfirmee(comparaison: Comparaison): boolean {
  const naissance = comparaison.niveaux[N.naissance] ?? 0
  return (naissance >= 1 && naissance <= 3) || estMemeBail(comparaison) || estLien(comparaison.niveaux)
}
