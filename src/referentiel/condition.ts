import { type ASTNode, Environment, ParseError } from '@marcbachmann/cel-js'
import {
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

/** The values a set of conditions is evaluated against. Words are read when a condition asks: a situation answers few of them. */
export interface Contexte {
  readonly faits: Faits
  readonly parametres: ValeursParametres
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
  const lecteurs = mots.map((mot) => [mot, lecteurDe(mot)] as const)
  const noeud = preparer(arbre)
  return {
    texte,
    mots,
    evaluer: (contexte) => {
      const valeurs: Record<Mot, ValeurMot | null> = {}
      for (const [mot, lire] of lecteurs) valeurs[mot] = lire(contexte) ?? null
      const { verite, manquants, decisifs } = noeud(contexte)
      return { verite, manquants, decisifs, valeurs }
    },
  }
}

/** Facts and settings → the context of conditions. */
export function preparerContexte(faits: Faits, parametres: ValeursParametres = {}): Contexte {
  return { faits, parametres }
}

type Lecteur = (contexte: Contexte) => ValeurMot | undefined

/** How a word is read. Companions are derived: a word is known when it has a value. */
function lecteurDe(mot: Mot): Lecteur {
  const entree = trouverMot(mot)
  if (entree?.genre === 'fait') return ({ faits }) => faits[mot as Fait]
  if (entree?.genre === 'parametre') {
    const cle = mot.slice('parametre.'.length) as keyof ValeursParametres
    return ({ parametres }) => parametres[cle]
  }
  if (!entree?.compagnon) return () => undefined
  const connu = lecteurDe(entree.compagnon)
  return (contexte) => connu(contexte) !== undefined
}

/** A condition that is always true: the last rank, which has none. */
export const TOUJOURS: Evaluation = { verite: 'vraie', valeurs: {}, manquants: [], decisifs: [] }

/** Both must hold. A certain « fausse » decides alone. */
export function etVerite(a: Evaluation, b: Evaluation): Evaluation {
  return { ...et(a, b), valeurs: { ...a.valeurs, ...b.valeurs } }
}

type Reponse = Omit<Evaluation, 'valeurs'>

function et(a: Reponse, b: Reponse): Reponse {
  if (a.verite === 'fausse' || b.verite === 'fausse') {
    const decisifs =
      a.verite !== 'fausse' ? b.decisifs : b.verite !== 'fausse' ? a.decisifs : reunir(a.decisifs, b.decisifs)
    return { verite: 'fausse', manquants: [], decisifs }
  }
  return {
    verite: a.verite === 'vraie' && b.verite === 'vraie' ? 'vraie' : 'indeterminee',
    manquants: reunir(a.manquants, b.manquants),
    decisifs: reunir(a.decisifs, b.decisifs),
  }
}

function non(a: Reponse): Reponse {
  if (a.verite === 'indeterminee') return a
  return { ...a, verite: a.verite === 'vraie' ? 'fausse' : 'vraie' }
}

function ou(a: Reponse, b: Reponse): Reponse {
  return non(et(non(a), non(b)))
}

function reunir(a: readonly Mot[], b: readonly Mot[]): readonly Mot[] {
  if (b.length === 0) return a
  return a.length === 0 ? b : [...new Set([...a, ...b])]
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
  const lecteurs = mots.map((mot) => {
    const [groupe = '', champ = ''] = mot.split('.')
    return { mot, groupe, champ, lire: lecteurDe(mot) }
  })
  const juger = noeud.op === '.' ? lireSeul(lecteurs[0]?.lire) : comparer(noeud, lecteurs)
  return (contexte) => {
    const manquants = lecteurs.flatMap(({ mot, lire }) => (lire(contexte) === undefined ? [mot] : []))
    if (manquants.length === 0) return { verite: juger(contexte) ? 'vraie' : 'fausse', manquants, decisifs: mots }
    return { verite: 'indeterminee', manquants, decisifs: mots.filter((mot) => !manquants.includes(mot)) }
  }
}

/** A bare word is true or false by itself: there is nothing to compare. */
const lireSeul = (lire: Lecteur | undefined) => (contexte: Contexte) => lire?.(contexte) === true

/** Answers kept per comparison: the same ages, amounts and codes come back over thousands of situations. */
const GARDEES = 500

/** CEL compares, on the words of the comparison and nothing else: equal values have equal answers. */
function comparer(
  noeud: ASTNode,
  lecteurs: readonly { readonly groupe: string; readonly champ: string; readonly lire: Lecteur }[],
): (contexte: Contexte) => boolean {
  const comparaison = ENVIRONNEMENT.parse(noeud.input.slice(noeud.range.start, noeud.range.end))
  comparaison.check()
  const gardees = new Map<string, boolean>()
  return (contexte) => {
    const valeurs = lecteurs.map(({ lire }) => lire(contexte))
    const cle = valeurs.join('\u0001')
    const gardee = gardees.get(cle)
    if (gardee !== undefined) return gardee
    const cel: Record<string, Record<string, boolean | bigint | string | undefined>> = {}
    for (const [rang, { groupe, champ }] of lecteurs.entries()) {
      const valeur = valeurs[rang]
      cel[groupe] ??= {}
      // CEL reads a JavaScript number as a double: integers travel as BigInt.
      cel[groupe][champ] = typeof valeur === 'number' ? BigInt(valeur) : valeur
    }
    const reponse = comparaison(cel) === true
    if (gardees.size >= GARDEES) gardees.clear()
    gardees.set(cle, reponse)
    return reponse
  }
}
