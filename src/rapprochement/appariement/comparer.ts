import { aUneFaute, ecarts, jaroWinkler } from './distance.ts'
import type { Fiche, PersonneFiche } from './fiche.ts'
import { PRENOMS_COURANTS } from './prenoms.ts'

export const CHAMPS = [
  'nom',
  'prenom',
  'naissance',
  'adresse',
  'commune',
  'telephone',
  'courriel',
  'allocataire',
  'conjoint',
  'bailleur',
] as const
export type Champ = (typeof CHAMPS)[number]

/** Levels of agreement of each field, from furthest to closest; -1 is unknown. */
export const NIVEAUX = {
  nom: ['différent', 'ressemblant', 'proche', 'identique'],
  prenom: ['différent', 'proche', 'identique'],
  naissance: ['différente', 'même année', 'proche', 'identique'],
  adresse: ['différente', 'même voie', 'proche', 'identique'],
  commune: ['différente', 'identique'],
  telephone: ['différent', 'identique'],
  courriel: ['différent', 'identique'],
  allocataire: ['différent', 'proche', 'identique'],
  conjoint: ['différent', 'proche', 'identique'],
  bailleur: ['différent', 'identique'],
} as const satisfies Record<Champ, readonly string[]>

/** How two fiches compare, field by field, with what was noticed on the way. */
export interface Comparaison {
  readonly niveaux: Readonly<Record<Champ, number>>
  readonly notes: Partial<Readonly<Record<Champ, string>>>
  /** Years between the two birth dates, when both are known. */
  readonly ecartAges: number | null
  /** The shared surname, to weigh how common it is. */
  readonly nomPartage: string | null
  /** The main person of one fiche is the spouse of the other. */
  readonly croise: boolean
  /** One fiche cites a spouse, the other none. */
  readonly conjointTu: boolean
  /** The given name is only an initial on one side. */
  readonly initiale: boolean
  /** The given names are close, and closer still, or as close, to another common one: Karim, Kariam, Karima. */
  readonly prenomAmbigu: boolean
  /** Civilities of the same person contradict each other. */
  readonly sexesOpposes: boolean
  readonly complementDifferent: boolean
}

interface Rencontre {
  readonly nom: number
  readonly prenom: number
  readonly naissance: number
  readonly inverses: boolean
  readonly ambigu: boolean
  readonly noteNaissance: string | undefined
  readonly partage: string | null
  readonly ecartAges: number | null
}

const SEUIL_PROCHE = 0.93
const SEUIL_RESSEMBLANT = 0.86

/** Level of two lists of surnames: the closest two of them. */
function niveauNom(a: readonly string[], b: readonly string[]): number {
  let meilleur = 0
  for (const x of a) {
    for (const y of b) {
      if (x === y) return 3
      if (meilleur === 2) continue
      const ressemblance = jaroWinkler(x, y, SEUIL_RESSEMBLANT)
      if (ressemblance >= SEUIL_PROCHE || (x.length >= 4 && y.length >= 4 && aUneFaute(x, y))) meilleur = 2
      else if (ressemblance >= SEUIL_RESSEMBLANT) meilleur = 1
    }
  }
  return meilleur
}

const communs = (a: readonly string[], b: readonly string[]): boolean => {
  for (const x of a) if (x.length >= 3 && b.includes(x)) return true
  return false
}

function niveauNoms(a: PersonneFiche, b: PersonneFiche): number {
  if (a.noms.length === 0 || b.noms.length === 0) return -1
  const niveau = niveauNom(a.noms, b.noms)
  if (niveau >= 2) return niveau
  // Double names: « Durand » and « Durand-Leroy ».
  if (communs(a.moities, b.noms) || communs(b.moities, a.noms)) return 2
  return communs(a.phons, b.phons) ? 2 : niveau
}

/** The shared surname; the first in alphabetical order when there are several, so that the order of the fiches does not matter. */
function nomCommun(a: readonly string[], b: readonly string[]): string | null {
  let partage: string | null = null
  for (const nom of a) if (b.includes(nom) && (partage === null || nom < partage)) partage = nom
  return partage
}

function niveauPrenom(x: string, y: string, phonX: string, phonY: string): number {
  if (x === '' || y === '') return -1
  if (x === y) return 2
  // « J. » for « Jean ».
  if ((x.length === 1 && y.startsWith(x)) || (y.length === 1 && x.startsWith(y))) return 1
  if (phonX.length >= 3 && phonX === phonY) return deuxPrenoms(x, y) ? 0 : 1
  if (x.length < 3 || y.length < 3) return 0
  if ((x.length >= 4 && y.length >= 4 && aUneFaute(x, y)) || jaroWinkler(x, y, 0.92) >= 0.92)
    return deuxPrenoms(x, y) ? 0 : 1
  return 0
}

/** Two first names that both exist are two persons, however close they look. */
const deuxPrenoms = (x: string, y: string): boolean => PRENOMS_COURANTS.has(x) && PRENOMS_COURANTS.has(y)

/** A writing that is one slip away from other names than the one it faces: `KARIAM` before KARIM may be Karima. */
const vautAutrePrenom = (ecrit: PersonneFiche, face: PersonneFiche): boolean => {
  for (const voisin of ecrit.voisins) if (voisin !== face.prenom) return PRENOMS_COURANTS.has(face.prenom)
  return false
}

function niveauPrenoms(a: PersonneFiche, b: PersonneFiche): number {
  const niveau = niveauPrenom(a.prenom, b.prenom, a.phonPrenom, b.phonPrenom)
  // « Marie » for « Marie-Laure »; two compound names that share their beginning only are two persons.
  if (
    niveau === 0 &&
    ((a.premier === '' && b.premier !== '' && a.prenom === b.premier) ||
      (b.premier === '' && a.premier !== '' && b.prenom === a.premier))
  )
    return 1
  return niveau
}

const ANNEES_PROCHES = 10

function niveauNaissance(a: string, b: string): number {
  if (a === '' || b === '') return -1
  if (a === b) return 3
  return noteNaissance(a, b) === undefined ? (a.slice(0, 4) === b.slice(0, 4) ? 1 : 0) : 2
}

/** How two different birth dates may be one date written wrong; undefined when they may not. */
function noteNaissance(a: string, b: string): string | undefined {
  if (a === b) return undefined
  const memeAnnee = a.startsWith(b.slice(0, 4))
  if (memeAnnee && a.slice(5, 7) === b.slice(8) && a.slice(8) === b.slice(5, 7)) return 'jour et mois inversés'
  if (ecarts(a, b) === 1) return 'un chiffre change'
  if (aUneFaute(a, b)) return 'deux chiffres intervertis'
  const memeJour = a.endsWith(b.slice(4))
  return memeJour && ecartAnnees(a, b) <= ANNEES_PROCHES ? 'même jour, année différente' : undefined
}

const ecartAnnees = (a: string, b: string): number => Math.abs(Number(a.slice(0, 4)) - Number(b.slice(0, 4)))

function rencontrer(a: PersonneFiche, b: PersonneFiche): Rencontre {
  let nom = niveauNoms(a, b)
  let prenom = niveauPrenoms(a, b)
  let inverses = false
  // Given name written in the place of the surname and the other way round.
  if ((nom < 2 || prenom < 1) && a.prenom !== '' && b.prenom !== '') {
    const gauche = niveauInverse(a, b)
    const droite = gauche < 2 ? 0 : niveauInverse(b, a)
    if (droite >= 2 && gauche + droite >= 5) {
      inverses = true
      nom = Math.min(gauche, droite)
      prenom = gauche + droite === 6 ? 2 : 1
    }
  }
  const connues = a.naissance !== '' && b.naissance !== ''
  return {
    nom,
    prenom,
    naissance: niveauNaissance(a.naissance, b.naissance),
    inverses,
    ambigu: prenom === 1 && !inverses && (vautAutrePrenom(a, b) || vautAutrePrenom(b, a)),
    noteNaissance: connues ? noteNaissance(a.naissance, b.naissance) : undefined,
    partage: nom === 3 && !inverses ? nomCommun(a.noms, b.noms) : null,
    ecartAges: connues ? ecartAnnees(a.naissance, b.naissance) : null,
  }
}

/** Surnames of one against the given name of the other. */
function niveauInverse(a: PersonneFiche, b: PersonneFiche): number {
  let meilleur = 0
  for (const nom of a.noms) {
    if (nom === b.prenom) return 3
    if (deuxPrenoms(nom, b.prenom)) continue
    if (
      meilleur < 2 &&
      nom.length >= 4 &&
      b.prenom.length >= 4 &&
      (aUneFaute(nom, b.prenom) || jaroWinkler(nom, b.prenom, SEUIL_PROCHE) >= SEUIL_PROCHE)
    )
      meilleur = 2
  }
  return meilleur === 0 && b.phonPrenom.length >= 3 && !PRENOMS_COURANTS.has(b.prenom) && a.phons.includes(b.phonPrenom)
    ? 2
    : meilleur
}

/** How strongly two persons look the same; ties are settled by the levels themselves, so that the order of the fiches never matters. */
const force = (r: Rencontre): number =>
  (Math.max(r.nom, 0) * 2 +
    Math.max(r.prenom, 0) * 3 +
    Math.max(r.naissance, 0) * 2 -
    (r.prenom === 0 ? 3 : 0) -
    (r.naissance === 0 ? 2 : 0)) *
    1000 +
  r.nom * 100 +
  r.prenom * 10 +
  r.naissance

const signature = (r: Rencontre | null): string =>
  `${r?.partage}|${r?.ecartAges}|${r?.noteNaissance}|${r?.inverses}|${r?.ambigu}`

const ADRESSE_INCONNUE = { niveau: -1, note: undefined }
const ADRESSE_IDENTIQUE = { niveau: 3, note: undefined }
const ADRESSE_DIFFERENTE = { niveau: 0, note: undefined }
const VOIE_MAL_ECRITE = { niveau: 3, note: 'voie abrégée ou mal écrite' }
const NUMERO_PROCHE = { niveau: 2, note: 'numéro proche ou absent' }
const MEME_VOIE = { niveau: 1, note: 'même voie, autre numéro' }

function niveauAdresse(a: Fiche, b: Fiche): { readonly niveau: number; readonly note: string | undefined } {
  if (a.voie === '' || b.voie === '') return ADRESSE_INCONNUE
  const memeVoie = a.voie === b.voie
  if (memeVoie && a.numero === b.numero) return ADRESSE_IDENTIQUE
  // « JAURES » and « JEAN JAURES »: the last word is what people remember of a way.
  if (!memeVoie && !(a.fin.length >= 5 && a.fin === b.fin) && jaroWinkler(a.voie, b.voie, 0.9) < 0.9)
    return ADRESSE_DIFFERENTE
  if (a.numero === b.numero) return a.numero === '' ? NUMERO_PROCHE : VOIE_MAL_ECRITE
  if (a.numero === '' || b.numero === '' || Number.parseInt(a.numero, 10) === Number.parseInt(b.numero, 10))
    return NUMERO_PROCHE
  return (a.numero.length > 1 || b.numero.length > 1) && aUneFaute(a.numero, b.numero) ? NUMERO_PROCHE : MEME_VOIE
}

const AUTRE_PORTE = { niveau: 2, note: 'même immeuble, autre appartement' }

/** The same kind of place (apartment, stair, floor) under two numbers. */
function portesDifferentes(a: string, b: string): boolean {
  if (a === '' || b === '' || a === b) return false
  const portes = b.split(' ')
  return a
    .split(' ')
    .some((porte) => portes.some((autre) => autre.charCodeAt(0) === porte.charCodeAt(0) && autre !== porte))
}

const egal = (x: string, y: string): number => (x === '' || y === '' ? -1 : x === y ? 1 : 0)
const estSiret = (bailleur: string): boolean => bailleur.length === 14 && bailleur.charCodeAt(0) < 58

function niveauBailleur(a: string, b: string): number {
  if (a === '' || b === '') return -1
  if (a === b) return 1
  // A SIRET never equals a name: two ways of naming the landlord say nothing.
  const siret = estSiret(a)
  if (siret !== estSiret(b)) return -1
  return !siret && jaroWinkler(a, b, 0.92) > 0.92 ? 1 : 0
}

function niveauConjoint(autre: Rencontre | null): number {
  if (autre === null || autre.prenom === -1) return -1
  if (autre.prenom > 0) return autre.prenom
  return autre.nom >= 2 && autre.naissance === 3 ? 1 : 0
}

const SANS_NOTE: Partial<Record<Champ, string>> = {}

/** Compares two fiches. Symmetric: the order of the two does not matter. */
export function comparer(a: Fiche, b: Fiche): Comparaison {
  let choisi = rencontrer(a.principal, b.principal)
  let croise = false
  let autre: Rencontre | null = null
  if (a.conjoint && b.conjoint) autre = rencontrer(a.conjoint, b.conjoint)
  if ((a.conjoint || b.conjoint) && !(choisi.nom === 3 && choisi.prenom === 2)) {
    const gauche = b.conjoint ? rencontrer(a.principal, b.conjoint) : null
    const droite = a.conjoint ? rencontrer(a.conjoint, b.principal) : null
    const [forceGauche, forceDroite] = [
      gauche ? force(gauche) : Number.NEGATIVE_INFINITY,
      droite ? force(droite) : Number.NEGATIVE_INFINITY,
    ]
    const [premiere, seconde, forceCroisee] =
      forceGauche > forceDroite || (forceGauche === forceDroite && signature(gauche) <= signature(droite))
        ? [gauche, droite, forceGauche]
        : [droite, gauche, forceDroite]
    if (premiere && forceCroisee > force(choisi)) {
      choisi = premiere
      autre = seconde
      croise = true
    }
  }
  const autrePorte = portesDifferentes(a.complement, b.complement)
  const lieu = niveauAdresse(a, b)
  const adresse = autrePorte && lieu.niveau === 3 ? AUTRE_PORTE : lieu
  const initiale = choisi.prenom === 1 && (a.principal.prenom.length === 1 || b.principal.prenom.length === 1)
  let notes = SANS_NOTE
  if (
    croise ||
    choisi.inverses ||
    choisi.nom === 1 ||
    choisi.nom === 2 ||
    choisi.prenom === 1 ||
    choisi.noteNaissance ||
    adresse.note
  ) {
    notes = {}
    if (croise) notes.nom = 'titulaire d’un côté, conjoint de l’autre'
    else if (choisi.inverses) notes.nom = 'nom et prénom inversés'
    else if (choisi.nom === 1 || choisi.nom === 2) notes.nom = 'orthographe proche'
    if (choisi.inverses) notes.prenom = 'nom et prénom inversés'
    else if (choisi.prenom === 1) notes.prenom = initiale ? 'initiale' : 'orthographe proche'
    if (choisi.noteNaissance) notes.naissance = choisi.noteNaissance
    if (adresse.note) notes.adresse = adresse.note
  }
  return {
    niveaux: {
      nom: choisi.nom,
      prenom: choisi.prenom,
      naissance: choisi.naissance,
      adresse: adresse.niveau,
      commune: egal(a.commune, b.commune),
      telephone: egal(a.telephone, b.telephone),
      courriel: egal(a.courriel, b.courriel),
      allocataire:
        a.allocataire === '' || b.allocataire === ''
          ? -1
          : a.allocataire === b.allocataire
            ? 2
            : aUneFaute(a.allocataire, b.allocataire)
              ? 1
              : 0,
      conjoint: niveauConjoint(autre),
      bailleur: niveauBailleur(a.bailleur, b.bailleur),
    },
    notes,
    ecartAges: choisi.ecartAges,
    nomPartage: choisi.partage,
    croise,
    conjointTu: (a.conjoint === null) !== (b.conjoint === null),
    initiale,
    prenomAmbigu: choisi.ambigu,
    sexesOpposes: !croise && a.sexe !== '' && b.sexe !== '' && a.sexe !== b.sexe,
    complementDifferent: autrePorte,
  }
}
