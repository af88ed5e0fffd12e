import { normalizeForSearch } from '#socle/text'
import { comparerNaissances } from './comparer.ts'
import { jaroWinkler, trouverFaute } from './distances.ts'
import { fonem } from './fonem.ts'

/** What a column of an unknown file is taken for. */
export type Role =
  | 'prenom'
  | 'nom'
  | 'numero'
  | 'voie'
  | 'complement'
  | 'ville'
  | 'code_postal'
  | 'region'
  | 'naissance'
  | 'identifiant'
  | 'telephone'
  | 'courriel'

/** Names under which columns are recognised, French and English. */
const COLONNES: Readonly<Record<Role, readonly string[]>> = {
  prenom: ['prenom', 'given_name', 'first_name', 'firstname', 'prenoms'],
  nom: ['nom', 'surname', 'last_name', 'lastname', 'nom_usage', 'nom_naissance'],
  numero: ['numero', 'street_number', 'numero_voie'],
  voie: ['adresse', 'address_1', 'address', 'voie'],
  complement: ['complement_adresse', 'address_2', 'complement'],
  ville: ['commune', 'ville', 'suburb', 'city'],
  code_postal: ['code_postal', 'postcode', 'zip'],
  region: ['state', 'region', 'departement'],
  naissance: ['date_naissance', 'date_of_birth', 'dob', 'birth_date'],
  identifiant: ['soc_sec_id', 'ssn', 'numero_allocataire', 'identifiant'],
  telephone: ['telephone', 'phone', 'phone_number'],
  courriel: ['courriel', 'email', 'mail'],
}

type Genre = 'nom' | 'texte' | 'chiffres' | 'date'

const GENRES: Readonly<Record<Role, Genre>> = {
  prenom: 'nom',
  nom: 'nom',
  numero: 'chiffres',
  voie: 'texte',
  complement: 'texte',
  ville: 'texte',
  code_postal: 'chiffres',
  region: 'chiffres',
  naissance: 'date',
  identifiant: 'chiffres',
  telephone: 'chiffres',
  courriel: 'texte',
}

/** Shares believed for pairs of one person, level by level, before looking: exact first, different last. */
const M_A_PRIORI: Readonly<Record<Genre, readonly number[]>> = {
  nom: [0, 0.72, 0.11, 0.05, 0.04, 0.02, 0.03, 0.03],
  texte: [0, 0.72, 0.11, 0.06, 0.04, 0.02, 0.02, 0.03],
  chiffres: [0, 0.8, 0.12, 0.03, 0.05],
  date: [0, 0.8, 0.04, 0.09, 0.03, 0.02, 0.02],
}

export interface ChampEssai {
  readonly role: Role
  readonly colonne: string
  readonly mAPriori: readonly number[]
  /** Agreements are weighed by how common the value is. */
  readonly parFrequence: boolean
}

/** One record: a value by field, normalised, and its phonetic code where there is one. */
export interface Enregistrement {
  readonly valeurs: readonly string[]
  readonly phons: readonly string[]
}

const PAR_FREQUENCE: ReadonlySet<Role> = new Set(['nom', 'prenom', 'ville', 'voie', 'complement'])

/** Columns recognised in both files, less those set aside. */
export function choisirChamps(
  colonnesA: readonly string[],
  colonnesB: readonly string[],
  sans: readonly string[],
): ChampEssai[] {
  const communes = new Set(colonnesA.filter((colonne) => colonnesB.includes(colonne) && !sans.includes(colonne)))
  return (Object.keys(COLONNES) as Role[]).flatMap((role) => {
    const colonne = COLONNES[role].find((nom) => communes.has(nom))
    if (!colonne) return []
    return [{ role, colonne, mAPriori: M_A_PRIORI[GENRES[role]], parFrequence: PAR_FREQUENCE.has(role) }]
  })
}

/** Puts a line in comparable form. */
export function preparerEnregistrement(
  ligne: Readonly<Record<string, string>>,
  champs: readonly ChampEssai[],
): Enregistrement {
  const valeurs = champs.map(({ role, colonne }) => normaliserValeur(role, ligne[colonne] ?? ''))
  return { valeurs, phons: champs.map(({ role }, i) => (GENRES[role] === 'nom' ? fonem(valeurs[i] ?? '') : '')) }
}

function normaliserValeur(role: Role, brut: string): string {
  if (GENRES[role] === 'date') {
    const chiffres = brut.replace(/\D/g, '')
    if (chiffres.length !== 8) return ''
    const iso = /^\d{2}\D/.test(brut.trim())
      ? chiffres.slice(4) + chiffres.slice(2, 4) + chiffres.slice(0, 2)
      : chiffres
    return `${iso.slice(0, 4)}-${iso.slice(4, 6)}-${iso.slice(6)}`
  }
  const texte = normalizeForSearch(brut)
  return role === 'voie' || role === 'complement' || role === 'ville' ? texte : texte.replaceAll(' ', '')
}

function deuxFautes(a: string, b: string): boolean {
  let ecarts = 0
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a.charCodeAt(i) !== b.charCodeAt(i)) ecarts++
  return ecarts === 2
}

function comparerTextes(a: string, b: string): number {
  if (a === b) return 1
  if (a.length > 3 && b.length > 3 && trouverFaute(a, b) !== null) return 2
  const proche = jaroWinkler(a, b)
  if (proche >= 0.94) return 3
  if (proche >= 0.88) return 4
  return proche >= 0.78 ? 5 : 7
}

function comparerNoms(a: string, b: string, phonA: string, phonB: string): number {
  const niveau = comparerTextes(a, b)
  return niveau > 3 && phonA === phonB && phonA.length > 1 ? 3 : niveau
}

function comparerChiffres(a: string, b: string): number {
  if (a === b) return 1
  if (trouverFaute(a, b) !== null) return 2
  return deuxFautes(a, b) ? 3 : 4
}

function comparerDates(a: string, b: string): number {
  const niveau = comparerNaissances(a, b)
  return niveau === 4 ? 4 : niveau > 4 && deuxFautes(a, b) ? 4 : niveau
}

/**
 * Levels of agreement of two records, one by field, 0 when one side is silent. Name and first name, and the two lines of an
 * address, are also tried exchanged: level 6 then says so for both.
 */
export function comparerEnregistrements(
  a: Enregistrement,
  b: Enregistrement,
  champs: readonly ChampEssai[],
  niveaux: number[],
): void {
  let nom = -1
  let prenom = -1
  let voie = -1
  let complement = -1
  for (let i = 0; i < champs.length; i++) {
    const role = champs[i]?.role
    const x = a.valeurs[i] ?? ''
    const y = b.valeurs[i] ?? ''
    if (role === 'nom') nom = i
    else if (role === 'prenom') prenom = i
    else if (role === 'voie') voie = i
    else if (role === 'complement') complement = i
    if (x === '' || y === '' || !role) niveaux[i] = 0
    else if (GENRES[role] === 'nom') niveaux[i] = comparerNoms(x, y, a.phons[i] ?? '', b.phons[i] ?? '')
    else if (GENRES[role] === 'date') niveaux[i] = comparerDates(x, y)
    else niveaux[i] = GENRES[role] === 'texte' ? comparerTextes(x, y) : comparerChiffres(x, y)
  }
  essayerEchange(a, b, nom, prenom, niveaux)
  essayerEchange(a, b, voie, complement, niveaux)
}

function essayerEchange(a: Enregistrement, b: Enregistrement, un: number, deux: number, niveaux: number[]): void {
  if (un < 0 || deux < 0) return
  const [x1, x2, y1, y2] = [a.valeurs[un] ?? '', a.valeurs[deux] ?? '', b.valeurs[un] ?? '', b.valeurs[deux] ?? '']
  const droit = (niveaux[un] || 4) + (niveaux[deux] || 4)
  if (droit < 8) return
  const premier = x1 !== '' && y2 !== '' ? comparerTextes(x1, y2) : 0
  const second = x2 !== '' && y1 !== '' ? comparerTextes(x2, y1) : 0
  if (premier === 0 && second === 0) return
  if ((premier === 0 || premier <= 3) && (second === 0 || second <= 3)) {
    niveaux[un] = premier === 0 ? 0 : 6
    niveaux[deux] = second === 0 ? 0 : 6
  }
}

/**
 * Blocking keys of a record: sound of both names, birth date, and pairs of partial fields, so that one wrong field leaves
 * other keys. Fields set aside or empty give none.
 */
export function clesEnregistrement({ valeurs, phons }: Enregistrement, champs: readonly ChampEssai[]): string[] {
  const lire = (role: Role): string => valeurs[champs.findIndex((champ) => champ.role === role)] ?? ''
  const phon = (role: Role): string => phons[champs.findIndex((champ) => champ.role === role)] ?? ''
  const cles: string[] = []
  const ajouter = (prefixe: string, ...parties: readonly string[]) => {
    if (parties.every((partie) => partie !== '')) cles.push(`${prefixe}:${parties.join('|')}`)
  }
  const nom = lire('nom')
  const prenom = lire('prenom')
  const naissance = lire('naissance')
  const sons = [phon('nom'), phon('prenom')].sort()
  ajouter('n', ...sons)
  ajouter('d', naissance)
  for (const debut of [nom.slice(0, 3), prenom.slice(0, 3)]) {
    ajouter('mj', debut, naissance.slice(5))
    ajouter('a', debut, naissance.slice(0, 7))
    ajouter('p', debut, lire('code_postal'))
    ajouter('v', debut, lire('ville').slice(0, 5))
    ajouter('u', debut, lire('numero'), naissance.slice(0, 3))
  }
  const mots = [...lire('voie').split(' '), ...lire('complement').split(' ')].filter((mot) => mot.length > 4)
  for (const mot of mots) ajouter('m', mot, lire('numero'))
  ajouter('r', lire('numero'), lire('code_postal'))
  ajouter('w', lire('voie'))
  ajouter('x', lire('complement'))
  ajouter('i', lire('identifiant'))
  ajouter('t', lire('telephone'))
  ajouter('c', lire('courriel'))
  return cles
}
