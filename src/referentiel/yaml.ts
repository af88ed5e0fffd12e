import { readFileSync } from 'node:fs'
import { distance } from 'fastest-levenshtein'
import { isAlias, isMap, isScalar, LineCounter, type Node, parseDocument, visit } from 'yaml'
import { z } from 'zod'

/** One thing wrong in one data file, at one place. `message` is a French sentence for the jurist who maintains the file. */
export interface Probleme {
  readonly chemin: string
  readonly ligne: number
  readonly colonne: number
  readonly message: string
}

/** The data cannot be used. Carries every problem found, never only the first. */
export class ErreurDonnees extends Error {
  override readonly name = 'ErreurDonnees'
  readonly problemes: readonly Probleme[]
  constructor(problemes: readonly Probleme[]) {
    super(problemes.map(ecrireProbleme).join('\n'))
    this.problemes = problemes
  }
}

/** `donnees/x.yaml:9:5` and, on the next line, the sentence. */
export function ecrireProbleme(probleme: Probleme): string {
  return `${probleme.chemin}:${probleme.ligne}:${probleme.colonne}\n  ${probleme.message}`
}

/** A place in a document: keys and ranks from the root. */
export type CheminYaml = readonly PropertyKey[]

/** A file read and validated, which can still say where each of its values was written. */
export interface DocumentYaml<T> {
  readonly chemin: string
  readonly valeur: T
  /**
   * A problem at a place of the file, for checks made after the schema (conditions, links between files).
   * `decalage` counts characters inside a text written on one line; `cle` points to the key instead of its value.
   */
  probleme(ou: CheminYaml, message: string, options?: { readonly decalage?: number; readonly cle?: boolean }): Probleme
}

/** Reads and validates a YAML file; `nom` is how messages name it. Throws `ErreurDonnees` with every problem. */
export function lireYaml<S extends z.ZodType>(chemin: string, schema: S, nom = chemin): z.output<S> {
  return lireDocumentYaml(chemin, schema, nom).valeur
}

/** As `lireYaml`, keeping the places. */
export function lireDocumentYaml<S extends z.ZodType>(
  chemin: string,
  schema: S,
  nom = chemin,
): DocumentYaml<z.output<S>> {
  return lireTexteYaml(lireFichier(chemin, nom), nom, schema)
}

/** Validates YAML given as text; `chemin` only names it in messages. Throws `ErreurDonnees` with every problem. */
export function lireTexteYaml<S extends z.ZodType>(
  texte: string,
  chemin: string,
  schema: S,
): DocumentYaml<z.output<S>> {
  const lignes = new LineCounter()
  const document = parseDocument(texte, { lineCounter: lignes, uniqueKeys: true, prettyErrors: false })
  const situer = (decalage: number) => {
    const { line, col } = lignes.linePos(decalage)
    return { ligne: Math.max(line, 1), colonne: Math.max(col, 1) }
  }
  const syntaxe: Probleme[] = [...document.errors, ...document.warnings].map((erreur) => ({
    chemin,
    ...situer(erreur.pos[0]),
    message: phraseSyntaxe(erreur.code, texte.slice(erreur.pos[0], erreur.pos[1])),
  }))
  visit(document, {
    Node: (_cle, noeud) => {
      if (!isAlias(noeud) && !noeud.anchor) return
      const message = 'Les ancres et renvois YAML (« & », « * ») ne sont pas admis : écrivez la valeur en entier.'
      syntaxe.push({ chemin, ...situer(noeud.range?.[0] ?? 0), message })
    },
  })
  if (syntaxe.length > 0) throw new ErreurDonnees(syntaxe)

  const racine = document.contents as Node | null
  const probleme: DocumentYaml<unknown>['probleme'] = (ou, message, options = {}) => ({
    chemin,
    ...situer(decalageDe(racine, ou, texte, options)),
    message,
  })
  const lecture = schema.safeParse(document.toJS(), { error: phraseValeur })
  if (lecture.success) return { chemin, valeur: lecture.data, probleme }
  const problemes = aplatir(lecture.error.issues).flatMap((ecart) => {
    if (ecart.code === 'unrecognized_keys') {
      const phrases = ecart.message.split('\n')
      return ecart.keys.map((cle, rang) =>
        probleme([...ecart.path, cle], phrases[rang] ?? ecart.message, { cle: true }),
      )
    }
    const decalage = ecart.code === 'custom' ? ecart.params?.decalage : undefined
    const place = typeof decalage === 'number' ? { decalage } : { cle: ecart.code === 'invalid_key' }
    return [probleme(ecart.path, ecart.message, place)]
  })
  throw new ErreurDonnees(problemes.sort((a, b) => a.ligne - b.ligne || a.colonne - b.colonne))
}

/** « Vouliez-vous écrire … ? » when one of the admitted words is near, else nothing. Starts with a space. */
export function suggerer(mot: string, admis: readonly string[]): string {
  const seuil = Math.max(1, Math.floor(mot.length / 3))
  const proches = admis
    .map((candidat) => ({ candidat, ecart: distance(mot.toLowerCase(), candidat.toLowerCase()) }))
    .filter(({ ecart }) => ecart <= seuil)
    .sort((a, b) => a.ecart - b.ecart)
  const proche = proches[0]
  return proche ? ` Vouliez-vous écrire « ${proche.candidat} » ?` : ''
}

/** A civil date written AAAA-MM-JJ, read as a `Temporal.PlainDate`; a day that does not exist is refused. */
export const jourCivil = z
  .string({ error: 'Date attendue, écrite AAAA-MM-JJ.' })
  .meta({ format: 'date' })
  .transform((texte, contexte) => {
    const jour = lireJour(texte)
    if (jour) return jour
    contexte.addIssue({ code: 'custom', message: `« ${texte} » n’est pas une date AAAA-MM-JJ existante.` })
    return z.NEVER
  })

/** A text that says something: empty or blank is refused. */
export const texteRempli = z
  .string()
  .refine((texte) => texte.trim() !== '', { error: 'Ce texte ne peut pas être vide.' })

/** An ASCII identifier of data: lower case words joined by hyphens, underscores, dots or slashes. */
export const identifiant = z.string().regex(/^[a-z0-9]+(?:[-_./][a-z0-9]+)*$/, {
  error: 'Identifiant attendu : lettres minuscules sans accent, chiffres, tirets, points ou barres obliques.',
})

/** An object of data with `schema: 1` first and no other key than those given: the shape of every file of `donnees/`. */
export function fichierDonnees<F extends z.ZodRawShape>(forme: F) {
  return z.strictObject({ schema: z.literal(1, { error: 'La clé « schema » doit valoir 1.' }), ...forme })
}

/** AAAA-MM-JJ → civil date, or nothing when the text is not an existing day. */
export function lireJour(texte: string): Temporal.PlainDate | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(texte)) return undefined
  try {
    return Temporal.PlainDate.from(texte, { overflow: 'reject' })
  } catch {
    return undefined
  }
}

function lireFichier(chemin: string, nom: string): string {
  let octets: Buffer
  try {
    octets = readFileSync(chemin)
  } catch {
    throw new ErreurDonnees([{ chemin: nom, ligne: 1, colonne: 1, message: 'Ce fichier est absent ou illisible.' }])
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(octets)
  } catch {
    throw new ErreurDonnees([{ chemin: nom, ligne: 1, colonne: 1, message: 'Ce fichier n’est pas écrit en UTF-8.' }])
  }
}

/** Follows the path as far as the document goes: a missing key is reported where its parent stands. */
function decalageDe(
  racine: Node | null,
  ou: CheminYaml,
  texte: string,
  options: { readonly decalage?: number; readonly cle?: boolean },
): number {
  let noeud: unknown = racine
  let place = racine?.range?.[0] ?? 0
  for (const [rang, etape] of ou.entries()) {
    if (isMap(noeud)) {
      const paire = noeud.items.find((item) => String(isScalar(item.key) ? item.key.value : item.key) === String(etape))
      if (!paire) return place
      const cle = paire.key as Node | null
      if (options.cle && rang === ou.length - 1) return cle?.range?.[0] ?? place
      noeud = paire.value
      place = (noeud as Node | null)?.range?.[0] ?? cle?.range?.[0] ?? place
    } else {
      const items: readonly unknown[] = (noeud as { items?: readonly unknown[] } | null)?.items ?? []
      noeud = items[Number(etape)]
      const plage = (noeud as Node | undefined)?.range
      if (!plage) return place
      place = plage[0]
    }
  }
  if (options.decalage === undefined || !isScalar(noeud)) return place
  const ecrit = String(noeud.value)
  for (const marge of [0, 1]) {
    if (texte.slice(place + marge, place + marge + ecrit.length) === ecrit) return place + marge + options.decalage
  }
  return place
}

/** A union that fails shows the branch that came nearest (fewest problems), placed under the union. */
function aplatir(ecarts: readonly z.core.$ZodIssue[]): z.core.$ZodIssue[] {
  return ecarts.flatMap((ecart) => {
    if (ecart.code !== 'invalid_union' || ecart.errors.length === 0) return [ecart]
    const branches = ecart.errors.map((branche) => aplatir(branche))
    const profondeur = (branche: readonly z.core.$ZodIssue[]) => Math.max(...branche.map((e) => e.path.length))
    const proche = branches.sort((a, b) => profondeur(b) - profondeur(a) || a.length - b.length)[0] ?? []
    return proche.map((sous) => ({ ...sous, path: [...ecart.path, ...sous.path] }) as z.core.$ZodIssue)
  })
}

const GENRES: Record<string, string> = {
  string: 'un texte (entre guillemets s’il ressemble à un nombre)',
  number: 'un nombre',
  int: 'un nombre entier',
  boolean: 'true ou false',
  array: 'une liste',
  object: 'des clés et des valeurs',
  record: 'des clés et des valeurs',
  null: 'null',
}

/** French sentence for a value that the schema refuses. Custom sentences written in the schema win over this one. */
function phraseValeur(ecart: z.core.$ZodRawIssue): string {
  switch (ecart.code) {
    case 'unrecognized_keys': {
      const admises = clesAdmises(ecart.inst)
      const liste = admises.length > 0 ? ` Clés admises : ${admises.join(', ')}.` : ''
      return ecart.keys.map((cle) => `Clé inconnue « ${cle} ».${liste}${suggerer(cle, admises)}`).join('\n')
    }
    case 'invalid_type':
      return ecart.input === undefined
        ? `Clé obligatoire absente${ecart.path?.length ? ` : « ${String(ecart.path.at(-1))} »` : ''}.`
        : `Valeur attendue : ${GENRES[ecart.expected] ?? ecart.expected}.`
    case 'invalid_value': {
      const admises = ecart.values.map(String)
      if (ecart.input === undefined) return `Clé obligatoire absente : « ${String(ecart.path?.at(-1) ?? '')} ».`
      return `Valeur inconnue « ${String(ecart.input)} ». Valeurs admises : ${admises.join(', ')}.${suggerer(String(ecart.input), admises)}`
    }
    case 'too_small':
      return ecart.origin === 'array'
        ? `Cette liste doit compter au moins ${ecart.minimum} élément(s).`
        : `Cette valeur doit être au moins ${ecart.minimum}.`
    case 'too_big':
      return ecart.origin === 'array'
        ? `Cette liste doit compter au plus ${ecart.maximum} élément(s).`
        : `Cette valeur doit être au plus ${ecart.maximum}.`
    case 'invalid_union':
      return 'Cette valeur n’a aucune des formes admises.'
    case 'invalid_key':
      return 'Cette clé n’est pas admise ici.'
    default:
      return 'Cette valeur n’est pas admise ici.'
  }
}

function clesAdmises(schema: unknown): readonly string[] {
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : []
}

const SYNTAXE: Record<string, string> = {
  DUPLICATE_KEY: 'Cette clé est écrite deux fois.',
  BAD_INDENT: 'Le retrait de cette ligne n’est pas celui attendu.',
  TAB_AS_INDENT: 'Le retrait se fait avec des espaces, jamais avec une tabulation.',
  MISSING_CHAR: 'Il manque ici un caractère (deux-points, guillemet, crochet ou accolade).',
  BLOCK_AS_IMPLICIT_KEY: 'Il manque un retour à la ligne ou des guillemets : une valeur contient « : ».',
  MULTILINE_IMPLICIT_KEY: 'Il manque le deux-points après cette clé.',
  MULTIPLE_DOCS: 'Un fichier ne contient qu’un document (pas de seconde ligne « --- »).',
  BAD_DQ_ESCAPE: 'Échappement inconnu dans un texte entre guillemets doubles.',
  TAG_RESOLVE_FAILED: 'Les étiquettes YAML (« ! ») ne sont pas admises.',
}

function phraseSyntaxe(code: string, extrait: string): string {
  const phrase = SYNTAXE[code] ?? 'Ce fichier n’est pas un YAML lisible à partir d’ici.'
  const montre = extrait.trim().split('\n')[0] ?? ''
  return montre ? `${phrase} (Près de « ${montre.slice(0, 40)} ».)` : phrase
}
