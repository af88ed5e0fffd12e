import { type ASTNode, Environment, ParseError } from '@marcbachmann/cel-js'
import {
  type EntreeVocabulaire,
  type Fait,
  type Faits,
  type Mot,
  nomsDesMots,
  trouverMot,
  type ValeursParametres,
  VOCABULAIRE,
} from './vocabulaire.ts'
import { suggerer } from './yaml.ts'

/**
 * Conditions of data files, in CEL, boolean only (docs: architecture, « Data »).
 * CEL checks the types and compares; the logic is three-valued here, because CEL has no unknown: a comparison that reads an
 * unknown word is `indeterminee`, and `&&`, `||`, `!` go on as far as the known words allow.
 */

export type ValeurMot = boolean | number | string
/** `vraie` and `fausse` are certain; `indeterminee` lists the words that would decide. */
export type Verite = 'vraie' | 'fausse' | 'indeterminee'

/** What a condition answers, with everything needed to show why. */
export interface Evaluation {
  readonly verite: Verite
  /** Every word the condition reads and its value; null when unknown. */
  readonly valeurs: Readonly<Record<Mot, ValeurMot | null>>
  /** Unknown words that decide. Empty unless `indeterminee`. */
  readonly manquants: readonly Mot[]
  /** Words whose value made the answer certain: the true side of an « ou », the false side of an « et ». */
  readonly decisifs: readonly Mot[]
}

/** A condition parsed, checked and ready. */
export interface Condition {
  readonly texte: string
  readonly mots: readonly Mot[]
  readonly evaluer: (contexte: Contexte) => Evaluation
}

/** The values a set of conditions is evaluated against, prepared once. */
export interface Contexte {
  lire(mot: Mot): ValeurMot | undefined
  readonly cel: Readonly<Record<string, Record<string, boolean | bigint | string>>>
}

/** A condition that a data file cannot hold. `decalage` counts characters from its start. */
export class ErreurCondition extends Error {
  override readonly name = 'ErreurCondition'
  readonly decalage: number
  constructor(message: string, decalage: number) {
    super(message)
    this.decalage = decalage
  }
}

/**
 * Parses and checks a condition. Throws `ErreurCondition` with a French sentence: syntax, unknown word, types that do not meet,
 * an answer that is not true or false, or a form the data may not use (computation, function, three-branch choice).
 */
export function compilerCondition(texte: string): Condition {
  const arbre = analyser(texte)
  verifierFormes(arbre, true)
  const controle = ENVIRONNEMENT.check(texte)
  if (!controle.valid) {
    const erreur = controle.error
    throw new ErreurCondition(
      `Cette comparaison mélange des genres différents (${typesLus(texte).join(', ')}).`,
      erreur?.range?.start ?? 0,
    )
  }
  if (controle.type !== 'bool') {
    throw new ErreurCondition('Une condition répond par vrai ou faux ; celle-ci donne une autre valeur.', 0)
  }
  const mots = [...new Set(motsDe(arbre))]
  const noeud = preparer(arbre)
  return {
    texte,
    mots,
    evaluer: (contexte) => {
      const reponse = noeud(contexte)
      const valeurs = Object.fromEntries(mots.map((mot) => [mot, contexte.lire(mot) ?? null]))
      return { ...reponse, valeurs }
    },
  }
}

/** Facts and settings → the context of conditions. Companions are derived: a word is known when it has a value. */
export function preparerContexte(faits: Faits, parametres: ValeursParametres = {}): Contexte {
  const valeurs = new Map<Mot, ValeurMot>()
  const cel: Record<string, Record<string, boolean | bigint | string>> = {}
  const poser = (mot: Mot, valeur: ValeurMot) => {
    valeurs.set(mot, valeur)
    const [groupe = '', champ = ''] = mot.split('.')
    cel[groupe] ??= {}
    // CEL reads a JavaScript number as a double: integers travel as BigInt.
    cel[groupe][champ] = typeof valeur === 'number' ? BigInt(valeur) : valeur
  }
  for (const entree of VOCABULAIRE) {
    if (entree.genre === 'compagnon') continue
    const valeur = lireValeur(entree, faits, parametres)
    if (valeur !== undefined) poser(entree.nom, valeur)
    if (entree.compagnon) poser(entree.compagnon, valeur !== undefined)
  }
  return { lire: (mot) => valeurs.get(mot), cel }
}

/** A condition that is always true: the last rank, which has none. */
export const TOUJOURS: Evaluation = { verite: 'vraie', valeurs: {}, manquants: [], decisifs: [] }

/** Both must hold. A certain « fausse » decides alone. */
export function etVerite(a: Evaluation, b: Evaluation): Evaluation {
  return { ...et(a, b), valeurs: { ...a.valeurs, ...b.valeurs } }
}

type Reponse = Omit<Evaluation, 'valeurs'>

function et(a: Reponse, b: Reponse): Reponse {
  const fausses = [a, b].filter(({ verite }) => verite === 'fausse')
  const retenues = fausses.length > 0 ? fausses : [a, b]
  const ouvertes = retenues.filter(({ verite }) => verite === 'indeterminee')
  return {
    verite: fausses.length > 0 ? 'fausse' : ouvertes.length > 0 ? 'indeterminee' : 'vraie',
    manquants: reunir(ouvertes.map(({ manquants }) => manquants)),
    decisifs: reunir(retenues.map(({ decisifs }) => decisifs)),
  }
}

function non(a: Reponse): Reponse {
  if (a.verite === 'indeterminee') return a
  return { ...a, verite: a.verite === 'vraie' ? 'fausse' : 'vraie' }
}

function ou(a: Reponse, b: Reponse): Reponse {
  return non(et(non(a), non(b)))
}

function reunir(listes: readonly (readonly Mot[])[]): readonly Mot[] {
  return [...new Set(listes.flat())]
}

function lireValeur(entree: EntreeVocabulaire, faits: Faits, parametres: ValeursParametres): ValeurMot | undefined {
  if (entree.genre === 'fait') return faits[entree.nom as Fait]
  return parametres[entree.nom.slice('parametre.'.length) as keyof ValeursParametres]
}

const ENVIRONNEMENT = declarerVocabulaire()

/** Every word is declared with its type, so that CEL refuses an unknown one; nothing is dynamic, no function is added. */
function declarerVocabulaire(): Environment {
  const groupes: Record<string, Record<string, string>> = {}
  for (const { nom, type } of VOCABULAIRE) {
    const [groupe = '', champ = ''] = nom.split('.')
    groupes[groupe] ??= {}
    groupes[groupe][champ] = type
  }
  const environnement = new Environment({ limits: { maxAstNodes: 300, maxDepth: 40, maxListElements: 50 } })
  for (const [name, schema] of Object.entries(groupes)) environnement.registerVariable({ name, schema })
  return environnement
}

function analyser(texte: string): ASTNode {
  try {
    return ENVIRONNEMENT.parse(texte).ast
  } catch (erreur) {
    if (!(erreur instanceof ParseError)) throw erreur
    throw new ErreurCondition('Cette condition n’est pas lisible à partir d’ici.', erreur.range?.start ?? 0)
  }
}

const LOGIQUE = new Set(['&&', '||'])
const COMPARAISONS = new Set(['==', '!=', '<', '<=', '>', '>=', 'in'])

/**
 * Only words, literals, comparisons and logic: a jurist must be able to read every rule, and amounts, delays and dates are computed
 * by code which gives them a word. `seul` is true where a bare word must be true or false by itself.
 */
function verifierFormes(noeud: ASTNode, seul: boolean): void {
  if (noeud.op === '&&' || noeud.op === '||') {
    for (const cote of noeud.args) verifierFormes(cote, true)
    return
  }
  if (noeud.op === '!_') {
    verifierFormes(noeud.args, true)
    return
  }
  if (noeud.op === '.') {
    const mot = motDe(noeud)
    const entree = mot === null ? undefined : trouverMot(mot)
    if (!entree) {
      const ecrit = mot ?? noeud.input.slice(noeud.range.start, noeud.range.end)
      throw new ErreurCondition(`Mot inconnu « ${ecrit} ».${suggerer(ecrit, nomsDesMots())}`, noeud.range.start)
    }
    if (seul && entree.type !== 'bool') {
      throw new ErreurCondition(`« ${entree.nom} » n’est pas un oui ou non : il faut le comparer.`, noeud.range.start)
    }
    return
  }
  if (noeud.op === 'id') {
    throw new ErreurCondition(`Mot inconnu « ${noeud.args} ».${suggerer(noeud.args, nomsDesMots())}`, noeud.range.start)
  }
  if (noeud.op === 'value') {
    const valeur = noeud.args
    if (typeof valeur === 'boolean' || typeof valeur === 'bigint' || typeof valeur === 'string') return
    throw new ErreurCondition('Seuls true, false, les entiers et les textes sont admis ici.', noeud.range.start)
  }
  if (noeud.op === 'list') {
    for (const element of noeud.args) verifierFormes(element, false)
    return
  }
  if (COMPARAISONS.has(noeud.op)) {
    const [gauche, droite] = noeud.args as [ASTNode, ASTNode]
    if (gauche.op === 'list' || (droite.op === 'list') !== (noeud.op === 'in')) {
      throw new ErreurCondition('Une liste ne s’écrit qu’à droite de « in ».', noeud.range.start)
    }
    verifierFormes(gauche, false)
    verifierFormes(droite, false)
    verifierValeurs(gauche, droite)
    verifierValeurs(droite, gauche)
    return
  }
  throw new ErreurCondition(
    'Une condition ne contient que des mots, des valeurs, des comparaisons, « && », « || » et « ! » : ni calcul, ni fonction.',
    noeud.range.start,
  )
}

/** A text compared with a word that has a closed list must be of the list: otherwise the rule could never apply. */
function verifierValeurs(cote: ASTNode, autre: ASTNode): void {
  const mot = motDe(cote)
  const admises = mot === null ? null : (trouverMot(mot)?.valeurs ?? null)
  if (admises === null) return
  for (const element of autre.op === 'list' ? autre.args : [autre]) {
    if (element.op !== 'value' || typeof element.args !== 'string' || admises.includes(element.args)) continue
    throw new ErreurCondition(
      `Valeur inconnue « ${element.args} » pour « ${mot} ». Valeurs admises : ${admises.join(', ')}.${suggerer(element.args, admises)}`,
      element.range.start,
    )
  }
}

function motDe(noeud: ASTNode): Mot | null {
  if (noeud.op !== '.') return null
  const [base, champ] = noeud.args
  return base.op === 'id' ? `${base.args}.${champ}` : null
}

function motsDe(noeud: ASTNode): Mot[] {
  const mot = motDe(noeud)
  if (mot !== null) return [mot]
  if (noeud.op === '!_') return motsDe(noeud.args)
  if (noeud.op === 'list') return noeud.args.flatMap(motsDe)
  if (LOGIQUE.has(noeud.op) || COMPARAISONS.has(noeud.op)) return (noeud.args as [ASTNode, ASTNode]).flatMap(motsDe)
  return []
}

function typesLus(texte: string): string[] {
  const genres = { bool: 'oui ou non', int: 'entier', string: 'texte' } as const
  return [...new Set(motsDe(analyser(texte)))].map((mot) => `${mot} : ${genres[trouverMot(mot)?.type ?? 'bool']}`)
}

function preparer(noeud: ASTNode): (contexte: Contexte) => Reponse {
  if (noeud.op === '&&' || noeud.op === '||') {
    const gauche = preparer(noeud.args[0])
    const droite = preparer(noeud.args[1])
    const joindre = noeud.op === '&&' ? et : ou
    return (contexte) => joindre(gauche(contexte), droite(contexte))
  }
  if (noeud.op === '!_') {
    const interieur = preparer(noeud.args)
    return (contexte) => non(interieur(contexte))
  }
  const mots = [...new Set(motsDe(noeud))]
  const comparer = ENVIRONNEMENT.parse(noeud.input.slice(noeud.range.start, noeud.range.end))
  comparer.check()
  return (contexte) => {
    const manquants = mots.filter((mot) => contexte.lire(mot) === undefined)
    const decisifs = mots.filter((mot) => !manquants.includes(mot))
    if (manquants.length > 0) return { verite: 'indeterminee', manquants, decisifs }
    return { verite: comparer(contexte.cel) === true ? 'vraie' : 'fausse', manquants, decisifs }
  }
}
