import { stripAccents } from '#socle/text'

/** Capitals without accents, words separated by one space; apostrophes and hyphens separate words. */
export function normaliserMots(texte: string): string {
  return stripAccents(texte)
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, ' ')
    .trim()
}

const CIVILITES = new Set([
  'M',
  'MR',
  'MME',
  'MLLE',
  'MONSIEUR',
  'MADAME',
  'MADEMOISELLE',
  'EPOUSE',
  'EP',
  'VEUVE',
  'VVE',
  'NEE',
])

/** A surname as one block of letters: particles are joined, titles dropped. « Le Goff » and « LEGOFF » meet. */
export function normaliserNom(nom: string): string {
  return normaliserMots(nom)
    .split(' ')
    .filter((mot) => !CIVILITES.has(mot))
    .join('')
}

/** Words a surname loses or gains from one file to the next. Others (« Le », « Ben », « Van ») only get glued, and are compared glued. */
const PARTICULES = new Set(['DE', 'D', 'EL', 'AL'])

/** Forms of a surname for phonetics: glued, and without its leading particle: « de La Tour » meets « Latour », « El Amrani » meets « Amrani ». */
export function formesDuNom(nom: string): string[] {
  const mots = normaliserMots(nom)
    .split(' ')
    .filter((mot) => !CIVILITES.has(mot))
  const entier = mots.join('')
  if (entier === '') return []
  const reste = mots.slice(1).join('')
  return mots.length > 1 && PARTICULES.has(mots[0] ?? '') && reste.length >= 4 ? [entier, reste] : [entier]
}

export function normaliserPrenom(prenom: string): string {
  return normaliserMots(prenom)
    .split(' ')
    .filter((mot) => !CIVILITES.has(mot))
    .join(' ')
}

const VOIES: Readonly<Record<string, string>> = {
  R: 'RUE',
  RUE: 'RUE',
  AV: 'AVENUE',
  AVE: 'AVENUE',
  AVENUE: 'AVENUE',
  BD: 'BOULEVARD',
  BLD: 'BOULEVARD',
  BVD: 'BOULEVARD',
  BOUL: 'BOULEVARD',
  BOULEVARD: 'BOULEVARD',
  PL: 'PLACE',
  PLACE: 'PLACE',
  CH: 'CHEMIN',
  CHE: 'CHEMIN',
  CHEM: 'CHEMIN',
  CHEMIN: 'CHEMIN',
  IMP: 'IMPASSE',
  IMPASSE: 'IMPASSE',
  ALL: 'ALLEE',
  ALLEE: 'ALLEE',
  ALLEES: 'ALLEE',
  RTE: 'ROUTE',
  ROUTE: 'ROUTE',
  QU: 'QUAI',
  QUAI: 'QUAI',
  SQ: 'SQUARE',
  SQUARE: 'SQUARE',
  CRS: 'COURS',
  COURS: 'COURS',
  LOT: 'LOTISSEMENT',
  LOTISSEMENT: 'LOTISSEMENT',
  RES: 'RESIDENCE',
  RESIDENCE: 'RESIDENCE',
  CITE: 'CITE',
  PASS: 'PASSAGE',
  PASSAGE: 'PASSAGE',
  HAM: 'HAMEAU',
  HAMEAU: 'HAMEAU',
  FG: 'FAUBOURG',
  FBG: 'FAUBOURG',
  FAUBOURG: 'FAUBOURG',
  MTE: 'MONTEE',
  MONTEE: 'MONTEE',
  VOIE: 'VOIE',
  VC: 'VOIE',
  ESP: 'ESPLANADE',
  ESPLANADE: 'ESPLANADE',
  RUELLE: 'RUELLE',
  SENTIER: 'SENTIER',
  LD: 'LIEUDIT',
  LIEUDIT: 'LIEUDIT',
}
const ABREGES: Readonly<Record<string, string>> = {
  ST: 'SAINT',
  STE: 'SAINTE',
  GAL: 'GENERAL',
  GEN: 'GENERAL',
  MAL: 'MARECHAL',
  PDT: 'PRESIDENT',
  DR: 'DOCTEUR',
  CDT: 'COMMANDANT',
  CAP: 'CAPITAINE',
  PROF: 'PROFESSEUR',
  CNL: 'COLONEL',
  COL: 'COLONEL',
}
const ARTICLES = new Set(['DE', 'DU', 'DES', 'LA', 'LE', 'LES', 'L', 'D', 'ET', 'AUX', 'AU', 'A', 'EN', 'SUR', 'SOUS'])
const INDICES: Readonly<Record<string, string>> = { B: 'B', BIS: 'B', T: 'T', TER: 'T', Q: 'Q', QUATER: 'Q' }

export interface Adresse {
  /** House number, index letter included: `12B`. Empty when the address has none. */
  readonly numero: string
  /** Kind of way; an unknown one (« n. ») is empty. */
  readonly genre: string
  /** Name of the way, articles dropped. */
  readonly voie: string
}

/** Splits « 12 bis, av. du Gal Leclerc » into number, kind and name, abbreviations expanded. */
export function normaliserAdresse(adresse: string): Adresse {
  // « 1O45 » was read by a machine: a letter O among digits is a zero.
  const lisible = adresse.replace(/(?<=\d)[oO](?=\d)/g, '0').replace(/(\d)([A-Za-z])\b/g, '$1 $2')
  const mots = normaliserMots(lisible)
    .split(' ')
    .filter((mot) => mot !== '')
  let numero = ''
  if (mots[0] !== undefined && /^\d+$/.test(mots[0])) {
    numero = String(Number(mots.shift()))
    const indice = mots[0] === undefined ? undefined : INDICES[mots[0]]
    // A lone letter may be an index or the start of an abbreviated way: `R` is a street.
    if (indice !== undefined && mots.length > 1) {
      numero += indice
      mots.shift()
    }
  }
  let genre = ''
  const premier = mots[0]
  if (premier !== undefined && VOIES[premier] !== undefined && mots.length > 1) {
    genre = VOIES[premier] ?? ''
    mots.shift()
  } else if (premier !== undefined && premier.length === 1 && mots.length > 1) mots.shift()
  const voie = mots
    .map((mot) => ABREGES[mot] ?? mot)
    .filter((mot) => !ARTICLES.has(mot))
    .join(' ')
  return { numero, genre, voie: voie || mots.join(' ') }
}

/** Commune as compared everywhere: formats/signalements.md §4. */
export function normaliserLieu(commune: string): string {
  return normaliserMots(commune.replace(/\bS\//gi, 'SUR '))
    .replace(/\bCEDEX( \d+)?$/, '')
    .replace(/\bSTE\b/g, 'SAINTE')
    .replace(/\bST\b/g, 'SAINT')
    .trim()
}

/** Ten digits, the international prefix folded. */
export function normaliserTelephone(telephone: string): string {
  const chiffres = telephone.replace(/\D/g, '')
  return chiffres.startsWith('33') && chiffres.length === 11 ? `0${chiffres.slice(2)}` : chiffres
}

/**
 * Phonetic key of a French name, after the public FONEM rules: what sounds alike in French is written alike, silent letters fall. Nasal vowels become digits
 * (1 « in », 2 « an/en », 3 « on »), « ch » becomes X. Input is a name in capitals without accents or spaces.
 */
export function phonetiser(nom: string): string {
  let s = nom.replace(/[^A-Z]/g, '')
  for (const [motif, par] of REGLES) s = s.replace(motif, par)
  return s
}

const REGLES: readonly (readonly [RegExp, string])[] = [
  [/SCHW/g, 'CHW'],
  [/SCH|TSH|TCH|SH/g, 'CH'],
  [/PH/g, 'F'],
  [/BV/g, 'V'],
  [/W/g, 'V'],
  // A hard G is kept apart until the soft ones are written J.
  [/GU(?=[EIY])/g, '6'],
  [/GH/g, '6'],
  [/G(?=[EIY])/g, 'J'],
  [/6/g, 'G'],
  [/QU|Q/g, 'K'],
  [/C?KH?/g, 'K'],
  [/CC(?=[EIY])/g, 'X'],
  [/CC/g, 'K'],
  [/C(?=[EIY])/g, 'S'],
  [/CH(?=[RLNT])/g, 'K'],
  [/CH/g, 'X'],
  [/C/g, 'K'],
  [/GN/g, 'N'],
  [/DJ/g, 'J'],
  [/H/g, ''],
  [/EAUX?|AULT$|AULD$|AUD$|AUT$|AUX$|OT$|OD$|OS$|OX$/g, 'O'],
  [/AU/g, 'O'],
  [/OEU|EU|OE/g, 'E'],
  [/OU/g, 'U'],
  [/(?:AI|EI|I|Y)[NM](?![AEIOUYNM])/g, '1'],
  [/[EA][NM](?![AEIOUYNM])/g, '2'],
  [/O[NM](?![AEIOUYNM])/g, '3'],
  [/AI|EI|AY|EY|ET$|ER$|EZ$|EE$|ES$/g, 'E'],
  [/ILL/g, 'Y'],
  [/Y/g, 'I'],
  [/Z/g, 'S'],
  [/X$/g, ''],
  [/([A-Z])\1+/g, '$1'],
  [/(?<=...)[STDPEX]+$/g, ''],
  [/(?<=..)E$/g, ''],
]
