import { type EntreeVocabulaire, ecrireValeur, VOCABULAIRE } from '#referentiel'

/**
 * A condition of the data files in French, as a tree: « toutes » and « une » are what `&&` and `||` join, a leaf is a sentence. The data loader has already
 * checked the condition; what this reader does not know is shown as written, never hidden.
 */
export type Phrase =
  | { readonly genre: 'toutes' | 'une'; readonly parts: readonly Phrase[] }
  | {
      readonly genre: 'fait'
      readonly texte: string
      /** Word the sentence is about. */
      readonly mot?: string
      /** The sentence only says that the word is known. */
      readonly connu?: true
    }

/** Value of a setting of the département, in French, or null when it is not given. */
export type LireParametre = (cle: string) => string | null

type Jeton = { readonly genre: 'mot' | 'texte' | 'entier' | 'signe'; readonly valeur: string }

const MOTS = new Map<string, EntreeVocabulaire>(VOCABULAIRE.map((entree) => [entree.nom, entree]))
const JETON = /\s*(?:([a-z_][a-z0-9_]*(?:\.[a-z_][a-z0-9_]*)?)|"([^"]*)"|(\d+)|(&&|\|\||==|!=|<=|>=|[!<>()[\],]))/gy

function decouper(texte: string): Jeton[] | null {
  const jetons: Jeton[] = []
  JETON.lastIndex = 0
  while (JETON.lastIndex < texte.trimEnd().length) {
    const trouve = JETON.exec(texte)
    if (!trouve) return null
    const [, mot, chaine, entier, signe] = trouve
    if (mot !== undefined) jetons.push({ genre: 'mot', valeur: mot })
    else if (chaine !== undefined) jetons.push({ genre: 'texte', valeur: chaine })
    else if (entier !== undefined) jetons.push({ genre: 'entier', valeur: entier })
    else jetons.push({ genre: 'signe', valeur: signe ?? '' })
  }
  return jetons
}

class Illisible extends Error {}

interface Lecteur {
  readonly jetons: readonly Jeton[]
  readonly parametre: LireParametre
  rang: number
}

const regarder = (lecteur: Lecteur): Jeton | undefined => lecteur.jetons[lecteur.rang]
const estSigne = (lecteur: Lecteur, valeur: string): boolean => {
  const jeton = regarder(lecteur)
  return jeton?.genre === 'signe' && jeton.valeur === valeur
}
function prendre(lecteur: Lecteur, signe?: string): Jeton {
  const jeton = regarder(lecteur)
  if (!jeton || (signe !== undefined && !estSigne(lecteur, signe))) throw new Illisible()
  lecteur.rang += 1
  return jeton
}

const motsDe = (phrase: Phrase): readonly string[] =>
  phrase.genre === 'fait'
    ? phrase.mot === undefined || phrase.connu
      ? []
      : [phrase.mot]
    : phrase.parts.flatMap(motsDe)

/** « x is known » says nothing beside « x is such »: left out of an « et » that reads x. */
function joindre(genre: 'toutes' | 'une', parts: readonly Phrase[]): Phrase {
  const aplaties = parts.flatMap((part) => (part.genre === genre ? part.parts : [part]))
  const lus = new Set(aplaties.flatMap(motsDe))
  const utiles =
    genre === 'une'
      ? aplaties
      : aplaties.filter((part) => !(part.genre === 'fait' && part.connu && part.mot !== undefined && lus.has(part.mot)))
  const [seule] = utiles
  return utiles.length === 1 && seule ? seule : { genre, parts: utiles }
}

function lireOu(lecteur: Lecteur): Phrase {
  const parts = [lireEt(lecteur)]
  while (estSigne(lecteur, '||')) {
    prendre(lecteur)
    parts.push(lireEt(lecteur))
  }
  return joindre('une', parts)
}

function lireEt(lecteur: Lecteur): Phrase {
  const parts = [lireTerme(lecteur)]
  while (estSigne(lecteur, '&&')) {
    prendre(lecteur)
    parts.push(lireTerme(lecteur))
  }
  return joindre('toutes', parts)
}

/** The contrary: a known word becomes an unknown one, a sentence an exception, and « à la fois » and « l’un de » change places. */
function nier(phrase: Phrase): Phrase {
  if (phrase.genre === 'fait') {
    const texte = phrase.connu ? phrase.texte.replace(RENSEIGNE, 'non connu : ') : `sauf si : ${phrase.texte}`
    return { genre: 'fait', texte, ...(phrase.mot && !phrase.connu ? { mot: phrase.mot } : {}) }
  }
  return { genre: phrase.genre === 'toutes' ? 'une' : 'toutes', parts: phrase.parts.map(nier) }
}

function lireTerme(lecteur: Lecteur): Phrase {
  if (estSigne(lecteur, '!')) {
    prendre(lecteur)
    return nier(lireTerme(lecteur))
  }
  if (estSigne(lecteur, '(')) {
    prendre(lecteur)
    const phrase = lireOu(lecteur)
    prendre(lecteur, ')')
    return phrase
  }
  const gauche = prendre(lecteur)
  const suite = regarder(lecteur)
  if (suite?.genre === 'mot' && suite.valeur === 'in') {
    prendre(lecteur)
    prendre(lecteur, '[')
    const valeurs: string[] = []
    while (!estSigne(lecteur, ']')) {
      valeurs.push(nommerValeur(lecteur, gauche, prendre(lecteur)))
      if (estSigne(lecteur, ',')) prendre(lecteur)
    }
    prendre(lecteur, ']')
    const dernier = valeurs.pop() ?? ''
    return {
      genre: 'fait',
      mot: gauche.valeur,
      texte: `${nommer(gauche)} : ${valeurs.length > 0 ? `${valeurs.join(', ')} ou ` : ''}${dernier}`,
    }
  }
  if (suite?.genre === 'signe' && suite.valeur in COMPARAISONS) {
    prendre(lecteur)
    const droite = prendre(lecteur)
    const sens = COMPARAISONS[suite.valeur as keyof typeof COMPARAISONS]
    if (estVide(lecteur, droite)) {
      const texte = `${COMPARAISONS_SANS_VALEUR[suite.valeur as keyof typeof COMPARAISONS]} (${nommer(droite)})`
      return { genre: 'fait', mot: gauche.valeur, texte: `${nommer(gauche)} : ${texte}` }
    }
    // « plus de 0 enfant » is said « au moins 1 enfant ».
    const auMoinsUn = suite.valeur === '>' && droite.genre === 'entier' && droite.valeur === '0'
    const texte = auMoinsUn
      ? `${COMPARAISONS['>=']}${nommerValeur(lecteur, gauche, { ...droite, valeur: '1' })}`
      : `${sens}${nommerValeur(lecteur, gauche, droite)}`
    return { genre: 'fait', mot: gauche.valeur, texte: `${nommer(gauche)} : ${texte}` }
  }
  if (gauche.genre !== 'mot') throw new Illisible()
  const entree = MOTS.get(gauche.valeur)
  if (entree?.genre === 'compagnon' && entree.compagnon) {
    return { genre: 'fait', mot: entree.compagnon, connu: true, texte: nommer(gauche) }
  }
  return { genre: 'fait', mot: gauche.valeur, texte: nommer(gauche) }
}

const RENSEIGNE = 'renseigné : '

const COMPARAISONS = {
  '==': '',
  '!=': 'autre que ',
  '<': 'moins de ',
  '<=': 'au plus ',
  '>': 'plus de ',
  '>=': 'au moins ',
} as const

/** The same, beside a setting that the département has not given. */
const COMPARAISONS_SANS_VALEUR = {
  '==': 'une valeur à compléter',
  '!=': 'autre qu’une valeur à compléter',
  '<': 'au-dessous d’une valeur à compléter',
  '<=': 'au plus une valeur à compléter',
  '>': 'au-dessus d’une valeur à compléter',
  '>=': 'au moins une valeur à compléter',
} as const satisfies Record<keyof typeof COMPARAISONS, string>

const cleDuParametre = (jeton: Jeton): string | null =>
  jeton.genre === 'mot' && jeton.valeur.startsWith('parametre.') ? jeton.valeur.slice('parametre.'.length) : null

function estVide({ parametre }: Lecteur, jeton: Jeton): boolean {
  const cle = cleDuParametre(jeton)
  return cle !== null && parametre(cle) === null
}

/** A word in French. A companion says what it is about rather than « x est connu ». */
function nommer(jeton: Jeton): string {
  if (jeton.genre !== 'mot') return jeton.valeur
  const entree = MOTS.get(jeton.valeur)
  if (!entree) throw new Illisible()
  if (entree.genre === 'fait') return entree.sens
  const sujet = entree.genre === 'compagnon' && entree.compagnon !== null ? MOTS.get(entree.compagnon) : entree
  const sens = (sujet ?? entree).sens.replace(' (paramètre du département)', '')
  return entree.genre === 'compagnon' ? `${RENSEIGNE}${sens}` : sens
}

function nommerValeur({ parametre }: Lecteur, gauche: Jeton, jeton: Jeton): string {
  const mot = gauche.genre === 'mot' ? gauche.valeur : ''
  if (jeton.genre === 'entier') return ecrireValeur(mot, Number(jeton.valeur))
  if (jeton.genre === 'texte') return ecrireValeur(mot, jeton.valeur)
  if (jeton.genre !== 'mot') throw new Illisible()
  if (jeton.valeur === 'true' || jeton.valeur === 'false') return jeton.valeur === 'true' ? 'oui' : 'non'
  const cle = cleDuParametre(jeton)
  if (cle === null) return nommer(jeton)
  const valeur = parametre(cle)
  return valeur === null ? `une valeur à compléter (${nommer(jeton)})` : `${valeur} (${nommer(jeton)})`
}

/** Writes a condition in French. */
export function ecrireCondition(texte: string, parametre: LireParametre): Phrase {
  const jetons = decouper(texte)
  if (jetons === null) return { genre: 'fait', texte }
  const lecteur: Lecteur = { jetons, parametre, rang: 0 }
  try {
    const phrase = lireOu(lecteur)
    return lecteur.rang === jetons.length ? phrase : { genre: 'fait', texte }
  } catch (erreur) {
    if (erreur instanceof Illisible) return { genre: 'fait', texte }
    throw erreur
  }
}

/** The whole condition on one line: for tests and short texts. */
export function ecrirePhrase(phrase: Phrase): string {
  if (phrase.genre === 'fait') return phrase.texte
  const lien = phrase.genre === 'toutes' ? ' et ' : ' ou '
  return phrase.parts.map((part) => (part.genre === 'fait' ? ecrirePhrase(part) : `(${ecrirePhrase(part)})`)).join(lien)
}
