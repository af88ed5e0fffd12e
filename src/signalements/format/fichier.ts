import { isUtf8 } from 'node:buffer'
import { createHash } from 'node:crypto'
import { Refus } from '#socle/errors'
import { createPacer } from '#socle/pace'
import { detectKind, isUtf16Or32, readFirstSheet, restoreFormula } from '#socle/tableur'
import {
  balayer,
  decoder,
  decouper,
  type Etendue,
  ecrireEnregistrement,
  lireChamp,
  type Separateur,
  trouverSeparateur,
} from './csv.ts'
import {
  appliquerCorrespondance,
  CORRESPONDANCE_IDENTIQUE,
  type Correspondance,
  type EnteteLue,
  normaliserEntete,
  verifierEntete,
} from './entete.ts'
import type { MotifFichier } from './motifs.ts'
import type { Champs, Encodage, GenreFichier } from './types.ts'

/** One line as received. `octets` are its exact bytes without the line end; those of a workbook are its CSV re-encoding. */
export interface Enregistrement {
  /** Rank of the record, the header being 1; an empty line counts one. */
  readonly ligne: number
  readonly octets: Uint8Array
  readonly champs: Champs
  /** Set when the line cannot be read field by field. */
  readonly anomalie: 'nombre_de_champs' | 'ligne_trop_longue' | null
}

/** How a file was written: what must be known to write lines back in its own form. */
export interface Presentation {
  readonly genre: GenreFichier
  readonly encodage: Encodage
  readonly bom: boolean
  readonly separateur: Separateur
  readonly finDeLigne: '\r\n' | '\n'
  /** Bytes of the header row, without its line end. */
  readonly octetsEntete: Uint8Array
}

interface LectureCommune {
  readonly nom: string
  readonly empreinteSha256: string
  /** First lines as texts, to show a person which column is which. */
  readonly apercu: readonly (readonly string[])[]
  /** Sheets of a workbook that hold something and are not read. */
  readonly autresFeuilles: readonly string[]
}

/** A file that cannot be read at all: nothing is created, the file is kept with its reason. */
export interface FichierRefuse extends LectureCommune {
  readonly refus: MotifFichier
  readonly colonne: string | null
  /** French sentence: what is wrong, then what to do. */
  readonly message: string
  readonly genre: GenreFichier | null
  readonly encodage: Encodage | null
  /** The header row when it could be read: a correspondance may still be given to it. */
  readonly entete: readonly string[] | null
}

/** A file whose lines can be read. */
export interface FichierLu extends LectureCommune, EnteteLue {
  readonly refus: null
  readonly genre: GenreFichier
  readonly encodage: Encodage
  readonly presentation: Presentation
  /** Lines of data, empty ones left out. */
  readonly lignes: number
  readonly lignesVides: number
  /** The lines in the order of the file, empty ones left out. Gives the event loop its turn; may be walked more than once. */
  enregistrements(): AsyncGenerator<Enregistrement>
}

export interface OptionsLecture {
  readonly correspondance?: Correspondance
  /** False: only CSV is read, and a workbook is refused as the format says. */
  readonly classeurs?: boolean
  /** Separators let through when the header row has no `;`. None: the format's `;` only. */
  readonly autresSeparateurs?: boolean
}

const LIGNE_MAXIMALE = 1_000_000
const COLONNES_MAXIMALES = 1000
const CHAMPS_EN_TROP = 50
const LIGNES_APERCU = 5
const BLOC = 1 << 20
const BOM = Buffer.from([0xef, 0xbb, 0xbf])

const PHRASES = {
  fichier_vide: 'Ce fichier est vide. Vérifier l’extraction, puis le déposer à nouveau.',
  encodage_refuse:
    'L’encodage de ce fichier n’est pas lu. L’enregistrer en « CSV UTF-8 » depuis le tableur, puis le déposer à nouveau.',
  format_refuse:
    'Ce fichier n’est ni un CSV, ni un classeur XLSX ou ODS. L’enregistrer en CSV, puis le déposer à nouveau.',
  classeur_refuse: 'Ce fichier est un classeur. L’enregistrer en CSV, puis le déposer à nouveau.',
  entete_demesuree:
    'La première ligne est trop longue pour porter des noms de colonnes. Ajouter la ligne d’en-tête, puis déposer à nouveau.',
  entete_vide: 'La première ligne est vide. Mettre les noms de colonnes sur la première ligne, puis déposer à nouveau.',
} as const

/**
 * Reads a file of signalements (formats/signalements.md §1): kind and encoding told by the bytes, header, count of lines. Answers
 * either why the whole file is refused, or how to walk its lines. `nom` is only carried along: it decides nothing.
 */
export async function lireFichier(
  octets: Uint8Array,
  nom: string,
  options: OptionsLecture = {},
): Promise<FichierLu | FichierRefuse> {
  const tampon = Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength)
  const commun = { nom, empreinteSha256: await calculerEmpreinte(tampon) }
  const genre = detectKind(tampon)
  if (await estBlanc(tampon)) return refuser(commun, 'fichier_vide', PHRASES.fichier_vide)
  if (genre === 'refused') return refuser(commun, 'format_refuse', PHRASES.format_refuse)
  if (genre === 'csv') return lireCsv(tampon, commun, options)
  if (options.classeurs === false) return refuser({ ...commun, genre }, 'format_refuse', PHRASES.classeur_refuse)
  return lireClasseur(tampon, { ...commun, genre }, options)
}

type Identite = Pick<LectureCommune, 'nom' | 'empreinteSha256'>

/** Only one sheet of a workbook is read: says which others hold something, and what to do; empty when there is none. */
export function direAutresFeuilles(feuilles: readonly string[]): string {
  if (feuilles.length === 0) return ''
  const noms = feuilles.map((nom) => `« ${nom} »`).join(', ')
  return feuilles.length === 1
    ? `Seule la première feuille du classeur est lue. La feuille ${noms} contient aussi des cellules : si ce sont des signalements, l’enregistrer dans un fichier à part et le déposer.`
    : `Seule la première feuille du classeur est lue. Les feuilles ${noms} contiennent aussi des cellules : si ce sont des signalements, enregistrer chacune dans un fichier à part et le déposer.`
}

function refuser(
  connu: Identite & Partial<FichierRefuse>,
  motif: MotifFichier,
  message: string,
  colonne: string | null = null,
): FichierRefuse {
  const { autresFeuilles = [] } = connu
  return {
    ...{ genre: null, encodage: null, entete: null, apercu: [], ...connu, autresFeuilles },
    ...{ refus: motif, colonne, message: [message, direAutresFeuilles(autresFeuilles)].join(' ').trim() },
  }
}

async function lireCsv(octets: Buffer, commun: Identite, options: OptionsLecture): Promise<FichierLu | FichierRefuse> {
  const bom = octets.subarray(0, 3).equals(BOM)
  const utf8 = isUtf8(octets)
  const connu = { ...commun, genre: 'csv' as const }
  if (isUtf16Or32(octets.toString('latin1', 0, 64)) || (bom && !utf8)) {
    return refuser(connu, 'encodage_refuse', PHRASES.encodage_refuse)
  }
  const encodage: Encodage = utf8 ? 'utf-8' : 'windows-1252'
  const depart = bom ? BOM.length : 0
  const premiere = await premierEnregistrement(octets, depart)
  if (premiere === null) return refuser({ ...connu, encodage }, 'guillemets_non_fermes', phraseGuillemets(1))
  const texteEntete = texteDe(octets, premiere, encodage)
  const separateur = options.autresSeparateurs === false ? ';' : trouverSeparateur(texteEntete)
  const presentation = decrire(octets, depart, encodage, separateur, premiere)
  const ecrite = decouper(texteEntete, separateur, COLONNES_MAXIMALES).map(lireChamp)
  if (premiere.fin - premiere.debut > LIGNE_MAXIMALE || ecrite.length > COLONNES_MAXIMALES) {
    return refuser({ ...connu, encodage }, 'entete_absente', PHRASES.entete_demesuree)
  }
  const apercu = await lireApercu(octets, depart, encodage, separateur)
  const entete = appliquerCorrespondance(ecrite, options.correspondance)
  const lu = { ...connu, encodage, entete: entete.entete, apercu, autresFeuilles: [] }
  const compte = await compter(octets, depart, presentation)
  const refus = refuserEntete(lu, entete)
  if (refus) return refus
  if (compte.ouvertALigne !== null) return refuser(lu, 'guillemets_non_fermes', phraseGuillemets(compte.ouvertALigne))
  return {
    ...lu,
    ...entete,
    refus: null,
    presentation,
    lignes: compte.lignes,
    lignesVides: compte.lignesVides,
    enregistrements: () => parcourirCsv(octets, depart, presentation, entete),
  }
}

function phraseGuillemets(ligne: number): string {
  return `Un guillemet ouvert à la ligne ${ligne} n’est jamais fermé. Le fermer ou le retirer, puis déposer à nouveau.`
}

/** The first reason the header gives to refuse the file, blank row first. */
function refuserEntete(lu: Identite & Partial<FichierRefuse>, entete: EnteteLue): FichierRefuse | null {
  if (entete.entete.every((nom) => nom === '')) return refuser(lu, 'entete_absente', PHRASES.entete_vide)
  const refus = verifierEntete(entete)
  return refus && refuser(lu, refus.motif, refus.message, refus.colonne)
}

function decrire(
  octets: Buffer,
  depart: number,
  encodage: Encodage,
  separateur: Separateur,
  premiere: Etendue,
): Presentation {
  return {
    genre: 'csv',
    encodage,
    bom: depart > 0,
    separateur,
    finDeLigne: octets[premiere.fin] === 0x0a ? '\n' : '\r\n',
    octetsEntete: octets.subarray(premiere.debut, premiere.fin),
  }
}

function texteDe(octets: Buffer, { debut, fin }: Etendue, encodage: Encodage): string {
  return decoder(octets.subarray(debut, Math.min(fin, debut + LIGNE_MAXIMALE)), encodage)
}

/** The header row; its separator is not known yet, and only matters there to a line end between quotes. */
async function premierEnregistrement(octets: Buffer, depart: number): Promise<Etendue | null> {
  for await (const etendue of parcourir(octets, depart, ';')) return etendue
  return null
}

/** Records one after the other, the event loop given its turn. The one left open at the end of the file is not among them. */
async function* parcourir(octets: Buffer, depart: number, separateur: Separateur): AsyncGenerator<Etendue> {
  const souffler = createPacer()
  const balayage = balayer(octets, depart, separateur)
  for (let etendue = balayage.suivant(); etendue !== null; etendue = balayage.suivant()) {
    const tour = souffler()
    if (tour) await tour
    if (etendue !== 'pause') yield etendue
  }
}

async function lireApercu(octets: Buffer, depart: number, encodage: Encodage, separateur: Separateur) {
  const apercu: string[][] = []
  for await (const etendue of parcourir(octets, depart, separateur)) {
    if (apercu.length > LIGNES_APERCU) break
    if (etendue.fin - etendue.debut > LIGNE_MAXIMALE) continue
    apercu.push(decouper(texteDe(octets, etendue, encodage), separateur, 200).map((champ) => lireChamp(champ).trim()))
  }
  return apercu.slice(1)
}

/** Walks the whole file once, without keeping anything: counts lines, and finds the quote left open if there is one. */
async function compter(octets: Buffer, depart: number, presentation: Presentation) {
  const souffler = createPacer()
  const balayage = balayer(octets, depart, presentation.separateur)
  let rang = 0
  let lignesVides = 0
  for (let etendue = balayage.suivant(); etendue !== null; etendue = balayage.suivant()) {
    const tour = souffler()
    if (tour) await tour
    if (etendue === 'pause') continue
    rang += 1
    if (rang > 1 && estVide(octets, etendue, presentation)) lignesVides += 1
  }
  return { lignes: Math.max(0, rang - 1 - lignesVides), lignesVides, ouvertALigne: balayage.ouvert ? rang + 1 : null }
}

const PEUT_ETRE_VIDE = /^[\s;,"\u0080-\u00ff]*$/
const DEBUT_EXAMINE = 64

/** A record without any character, or all of whose fields are empty. The bytes are only decoded when they may well be so. */
function estVide(octets: Buffer, etendue: Etendue, { encodage, separateur }: Presentation): boolean {
  if (etendue.fin === etendue.debut) return true
  if (etendue.fin - etendue.debut > LIGNE_MAXIMALE) return false
  if (
    !PEUT_ETRE_VIDE.test(octets.toString('latin1', etendue.debut, Math.min(etendue.fin, etendue.debut + DEBUT_EXAMINE)))
  ) {
    return false
  }
  return decouper(texteDe(octets, etendue, encodage), separateur).every((champ) => lireChamp(champ).trim() === '')
}

async function* parcourirCsv(
  octets: Buffer,
  depart: number,
  presentation: Presentation,
  entete: EnteteLue,
): AsyncGenerator<Enregistrement> {
  const { encodage, separateur } = presentation
  const largeur = entete.entete.length
  const souffler = createPacer()
  const balayage = balayer(octets, depart, separateur)
  let ligne = 0
  for (let etendue = balayage.suivant(); etendue !== null; etendue = balayage.suivant()) {
    const tour = souffler()
    if (tour) await tour
    if (etendue === 'pause') continue
    ligne += 1
    if (ligne === 1 || estVide(octets, etendue, presentation)) continue
    const ecrits = octets.subarray(etendue.debut, etendue.fin)
    if (ecrits.length > LIGNE_MAXIMALE) {
      yield { ligne, octets: ecrits, champs: {}, anomalie: 'ligne_trop_longue' }
      continue
    }
    const valeurs = decouper(decoder(ecrits, encodage), separateur, largeur + CHAMPS_EN_TROP).map(lireChamp)
    yield { ligne, octets: ecrits, ...ranger(valeurs, entete, valeurs.length === largeur) }
  }
}

/** Puts the fields of a line under their keys, values translated, constants added. */
function ranger(
  valeurs: readonly string[],
  lue: EnteteLue,
  complete: boolean,
): Pick<Enregistrement, 'champs' | 'anomalie'> {
  const champs: Record<string, string> = Object.create(null)
  for (const [rang, valeur] of valeurs.entries()) {
    const cle = lue.cles[rang] ?? `champ ${rang + 1} (en trop)`
    champs[cle] = traduire(restoreFormula(valeur), lue.colonnes[rang] ?? null, lue.correspondance)
  }
  for (const [colonne, constante] of Object.entries(lue.correspondance.constantes)) champs[colonne] ??= constante
  return { champs, anomalie: complete ? null : 'nombre_de_champs' }
}

function traduire(valeur: string, colonne: EnteteLue['colonnes'][number], correspondance: Correspondance): string {
  const table = colonne === null ? undefined : correspondance.valeurs[colonne]
  const normale = table && normaliserEntete(valeur)
  return table && normale !== undefined && Object.hasOwn(table, normale) ? (table[normale] ?? valeur) : valeur
}

async function lireClasseur(
  octets: Buffer,
  commun: Identite & { readonly genre: 'xlsx' | 'ods' },
  options: OptionsLecture,
): Promise<FichierLu | FichierRefuse> {
  let rangees: readonly (readonly string[])[]
  let autresFeuilles: readonly string[]
  try {
    const lue = await readFirstSheet(octets, commun.genre)
    rangees = lue.rows
    autresFeuilles = lue.otherSheets
  } catch (erreur) {
    if (erreur instanceof Refus) return refuser(commun, 'format_refuse', erreur.message)
    throw erreur
  }
  const [premiere = []] = rangees
  if (rangees.length === 0) return refuser({ ...commun, autresFeuilles }, 'fichier_vide', PHRASES.fichier_vide)
  const entete = appliquerCorrespondance(premiere, options.correspondance ?? CORRESPONDANCE_IDENTIQUE)
  const apercu = rangees.slice(1, 1 + LIGNES_APERCU).map((rangee) => rangee.map((valeur) => valeur.trim()))
  const lu = { ...commun, encodage: 'utf-8' as const, entete: entete.entete, apercu, autresFeuilles }
  const refus = refuserEntete(lu, entete)
  if (refus) return refus
  const lignes = rangees.slice(1).filter((rangee) => !estRangeeVide(rangee)).length
  const presentation: Presentation = {
    genre: commun.genre,
    encodage: 'utf-8',
    bom: false,
    separateur: ';',
    finDeLigne: '\r\n',
    octetsEntete: Buffer.from(ecrireEnregistrement(premiere)),
  }
  return {
    ...lu,
    ...entete,
    refus: null,
    presentation,
    lignes,
    lignesVides: rangees.length - 1 - lignes,
    enregistrements: () => parcourirRangees(rangees, entete),
  }
}

function estRangeeVide(rangee: readonly string[]): boolean {
  return rangee.every((valeur) => valeur.trim() === '')
}

/** A row of a workbook has no number of fields of its own: shorter than the header, the rest is empty. */
async function* parcourirRangees(
  rangees: readonly (readonly string[])[],
  entete: EnteteLue,
): AsyncGenerator<Enregistrement> {
  const souffler = createPacer()
  const largeur = entete.entete.length
  for (const [rang, rangee] of rangees.entries()) {
    if (rang === 0 || estRangeeVide(rangee)) continue
    const tour = souffler()
    if (tour) await tour
    const valeurs = [...rangee, ...Array.from({ length: Math.max(0, largeur - rangee.length) }, () => '')]
    const octets = Buffer.from(ecrireEnregistrement(valeurs))
    if (octets.length > LIGNE_MAXIMALE) yield { ligne: rang + 1, octets, champs: {}, anomalie: 'ligne_trop_longue' }
    else yield { ligne: rang + 1, octets, ...ranger(valeurs, entete, valeurs.length === largeur) }
  }
}

async function calculerEmpreinte(octets: Buffer): Promise<string> {
  const souffler = createPacer()
  const empreinte = createHash('sha256')
  for (let debut = 0; debut < octets.length; debut += BLOC) {
    empreinte.update(octets.subarray(debut, debut + BLOC))
    const tour = souffler()
    if (tour) await tour
  }
  return empreinte.digest('hex')
}

/** Nothing but a byte-order mark, spaces and line ends. */
async function estBlanc(octets: Buffer): Promise<boolean> {
  const souffler = createPacer()
  for (let debut = octets.subarray(0, 3).equals(BOM) ? 3 : 0; debut < octets.length; debut += BLOC) {
    if (/\S/.test(octets.toString('latin1', debut, Math.min(debut + BLOC, octets.length)))) return false
    const tour = souffler()
    if (tour) await tour
  }
  return true
}
