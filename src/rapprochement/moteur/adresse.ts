import { normalizeForSearch } from '#socle/text'
import { fonem } from './fonem.ts'

/** A dwelling's address in comparable form. Every part may be empty: nothing is invented. */
export interface AdresseCompare {
  readonly numero: string
  /** « bis », « ter », « a »… */
  readonly suffixe: string
  /** « rue », « avenue »…, empty when unreadable: it counts little, sources often abbreviate it. */
  readonly genre: string
  /** Name of the way without articles: « general gaulle ». */
  readonly voie: string
  /** Last word of the way, spelt by sound: what best survives abbreviations and slips. */
  readonly phon: string
  readonly batiment: string
  readonly escalier: string
  readonly etage: string
  readonly appartement: string
  readonly porte: string
  readonly residence: string
}

/** Ways with the abbreviations seen in files (list of the national address standard, and what people write). */
const GENRES = {
  rue: 'r rue ru',
  avenue: 'av ave aven avenue',
  boulevard: 'b bd bld blvd bvd boul boulevard',
  impasse: 'imp impasse',
  chemin: 'ch che chem chm chemin',
  route: 'rt rte route',
  place: 'pl place plc',
  allee: 'all al allee allees',
  quai: 'q qu qai quai',
  cours: 'crs cours',
  square: 'sq square',
  lotissement: 'lot lotiss lotissement',
  residence: 'res resid residence',
  cite: 'cite',
  hameau: 'ham hameau',
  'lieu dit': 'ld lieudit',
  passage: 'pas pass passage',
  faubourg: 'fg fbg faubourg',
  montee: 'mte montee',
  ruelle: 'rle ruelle',
  venelle: 'ven venelle',
  villa: 'villa',
  voie: 'voie',
  sentier: 'sen sent sentier',
  esplanade: 'esp esplanade',
  promenade: 'prom promenade',
  traverse: 'tra traverse',
  cote: 'cote',
  clos: 'clos',
  domaine: 'dom domaine',
  mail: 'mail',
  parvis: 'parvis',
  'rond point': 'rpt',
} as const

const GENRE_PAR_ECRITURE: ReadonlyMap<string, string> = new Map(
  Object.entries(GENRES).flatMap(([genre, ecritures]) => ecritures.split(' ').map((ecriture) => [ecriture, genre])),
)
const GENRES_ENTIERS = Object.keys(GENRES).filter((genre) => genre.length >= 3 && !genre.includes(' '))

/** Words of way names that sources shorten. */
const MOTS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    gal: 'general',
    gen: 'general',
    gl: 'general',
    mal: 'marechal',
    mar: 'marechal',
    dr: 'docteur',
    doct: 'docteur',
    pr: 'professeur',
    prof: 'professeur',
    pdt: 'president',
    pres: 'president',
    st: 'saint',
    ste: 'sainte',
    cdt: 'commandant',
    cne: 'capitaine',
    cap: 'capitaine',
    col: 'colonel',
    lt: 'lieutenant',
    sgt: 'sergent',
    fg: 'faubourg',
    fbg: 'faubourg',
    gd: 'grand',
    gde: 'grande',
    pt: 'petit',
    pte: 'petite',
    nd: 'notre dame',
    onze: '11',
    huit: '8',
    quatorze: '14',
    dix: '10',
    premier: '1',
    '1er': '1',
    nov: 'novembre',
    sept: 'septembre',
    juil: 'juillet',
    j: 'jean',
    v: 'victor',
  }),
)
const ARTICLES = new Set('de du des d la le les l aux au a et en sur sous'.split(' '))

interface Complement {
  readonly champ: 'batiment' | 'escalier' | 'etage' | 'appartement' | 'porte' | 'residence'
  readonly motif: RegExp
}

const COMPLEMENTS: readonly Complement[] = [
  { champ: 'batiment', motif: /\b(?:batiment|bat|bt|immeuble|imm|bloc|entree)\s+([a-z]\b|\d+[a-z]?\b|[a-z]\d+\b)/ },
  { champ: 'escalier', motif: /\b(?:escalier|esc)\s+([a-z]\b|\d+\b)/ },
  { champ: 'etage', motif: /\b(\d+)\s*(?:er|e|eme|ieme|nd)?\s+etage\b/ },
  { champ: 'etage', motif: /\betage\s+(\d+)\b/ },
  { champ: 'etage', motif: /\b(rdc|rez de chaussee)\b/ },
  { champ: 'porte', motif: /\bporte\s+([a-z]\b|\d+[a-z]?\b|[a-z]\d+\b)/ },
  {
    champ: 'appartement',
    motif:
      /\b(?:appartement|appart|appt|apt|app|logement|logt|log|lgt)\s+(?:n\s*|no\s*|numero\s*)?([a-z]?\s?\d+[a-z]?\b|[a-z]\b)/,
  },
  { champ: 'residence', motif: /\b(?:residence|resid|res)\s+((?:[a-z]+\s?)+)/ },
]

type ChampsComplement = Record<Complement['champ'], string>

/** Reads flat, floor, building… wherever they stand in a text, and returns what is left of it. */
function extraireComplements(texte: string, trouve: ChampsComplement, garderResidence: boolean): string {
  let reste = texte
  for (const { champ, motif } of COMPLEMENTS) {
    if (champ === 'residence' && garderResidence) continue
    const lu = motif.exec(reste)
    if (!lu) continue
    if (trouve[champ] === '') trouve[champ] = sansZeros((lu[1] ?? '').replaceAll(' ', ''))
    reste = `${reste.slice(0, lu.index)} ${reste.slice(lu.index + lu[0].length)}`
  }
  return reste.replace(/ +/g, ' ').trim()
}

const sansZeros = (texte: string) =>
  /^0+\d/.test(texte) ? texte.replace(/^0+/, '') : texte === 'rezdechaussee' ? 'rdc' : texte

/** The kind of way a first word announces, with what the word holds beyond it: « rueAnatole » → rue, « anatole ». */
function lireGenre(mot: string): { readonly genre: string; readonly reste: string } | null {
  const connu = GENRE_PAR_ECRITURE.get(mot)
  if (connu) return { genre: connu, reste: '' }
  if (mot.length < 3) return /^[a-z]+$/.test(mot) && !MOTS.has(mot) ? { genre: '', reste: '' } : null
  for (const genre of GENRES_ENTIERS) {
    if (mot.length >= 5 && mot.startsWith(genre)) return { genre, reste: mot.slice(genre.length) }
  }
  for (const genre of GENRES_ENTIERS) {
    if (Math.abs(genre.length - mot.length) <= 1 && ecartFaible(mot, genre)) return { genre, reste: '' }
  }
  return null
}

/** One slip at most, or two in a long word: « igpasse », « placv », « iue ». */
function ecartFaible(a: string, b: string): boolean {
  let communs = 0
  const [court, long] = a.length <= b.length ? [a, b] : [b, a]
  let i = 0
  while (i < court.length && court[i] === long[i]) i++
  let j = 0
  while (j < court.length - i && court[court.length - 1 - j] === long[long.length - 1 - j]) j++
  communs = i + j
  return long.length - communs <= (long.length >= 6 ? 2 : 1)
}

/**
 * Splits a French address as received into number, « bis », kind and name of way, and dwelling within the building.
 * « chez X » is dropped. Never fails: what cannot be read stays in the name of the way.
 */
export function normaliserAdresse(adresse: string, complement = ''): AdresseCompare {
  const trouve: ChampsComplement = { batiment: '', escalier: '', etage: '', appartement: '', porte: '', residence: '' }
  extraireComplements(normalizeForSearch(complement), trouve, false)
  const suffixeColle = /^\s*(\d+)\s*([a-h])\s*[.'’]/i.test(adresse)
  let reste = normalizeForSearch(adresse)
    .replace(/\bchez\b[^0-9]*(?=\d|$)/, ' ')
    .replace(/\bc o\b[^0-9]*(?=\d|$)/, ' ')
    .trim()
  reste = extraireComplements(reste, trouve, /^\d*\s*(?:res|resid|residence)\b/.test(reste))
  const tete =
    /^(?:n\s|no\s|numero\s)?\s*(\d+)(?:\s+\d+(?=\s+[a-z]{2}))?\s*(?:(bis|ter|quater|quinquies)\b\s*|([a-h])(?:\b\s*(?=[a-z0-9]{2})|\s+(?=[a-z])|$))?/.exec(
      reste,
    )
  let numero = ''
  let suffixe = ''
  if (
    tete &&
    !/^\d+\s+(?:janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre)\b/.test(reste)
  ) {
    numero = sansZeros(tete[1] ?? '')
    suffixe = tete[2] ?? (suffixeColle ? '' : (tete[3] ?? ''))
    reste = suffixe === '' && tete[3] ? `${tete[3]} ${reste.slice(tete[0].length)}` : reste.slice(tete[0].length)
  }
  if (suffixe === 'b') suffixe = 'bis'
  const mots = reste.split(' ').filter((mot) => mot !== '')
  let genre = ''
  const premier = mots[0] === undefined ? null : lireGenre(mots[0])
  if (premier && mots.length > (premier.reste === '' ? 1 : 0)) {
    genre = premier.genre
    mots.shift()
    if (premier.reste.length > 2) mots.unshift(premier.reste)
  }
  if (genre === '' && mots[0] === 'lieu' && mots[1] === 'dit') {
    genre = 'lieu dit'
    mots.splice(0, 2)
  }
  const noms = mots.map((mot) => MOTS.get(mot) ?? mot).filter((mot) => !ARTICLES.has(mot))
  const dernier = noms.findLast((mot) => /[a-z]{3}/.test(mot)) ?? noms.at(-1) ?? ''
  return {
    numero,
    suffixe,
    genre,
    voie: noms.join(' '),
    phon: /\d/.test(dernier) ? dernier : fonem(dernier),
    ...trouve,
  }
}
