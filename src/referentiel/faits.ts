import { type EntreeVocabulaire, type Faits, nomsDesMots, trouverMot } from './vocabulaire.ts'
import { suggerer } from './yaml.ts'

/** One fact that cannot be read, and where it was written. */
export interface ProblemeFait {
  readonly chemin: readonly string[]
  readonly message: string
}

/** The facts given cannot be used; every problem is listed, nothing is evaluated. */
export class ErreurFaits extends Error {
  override readonly name = 'ErreurFaits'
  readonly problemes: readonly ProblemeFait[]
  constructor(problemes: readonly ProblemeFait[]) {
    super(problemes.map((probleme) => probleme.message).join('\n'))
    this.problemes = problemes
  }
}

/**
 * Facts written by a person (JSON or YAML) → facts of the vocabulary. Keys are dotted (`menage.rsa`) or nested (`menage: { rsa }`).
 * A value that is null is unknown. A companion (`menage.rsa_connu`) may be given: it must agree with its word.
 * Throws `ErreurFaits` on an unknown name, a wrong type, a text out of its list, or a contradiction.
 */
export function lireFaits(brut: unknown): Faits {
  if (!estObjet(brut))
    throw new ErreurFaits([{ chemin: [], message: 'Des faits sont attendus : un objet de clés et de valeurs.' }])
  const problemes: ProblemeFait[] = []
  const valeurs: Record<string, boolean | number | string> = {}
  const connus: { nom: string; cible: string; connu: boolean; chemin: readonly string[] }[] = []
  for (const { nom, valeur, chemin } of aplatir(brut)) {
    const entree = trouverMot(nom)
    if (!entree) {
      problemes.push({ chemin, message: `Fait inconnu « ${nom} ».${suggerer(nom, nomsDesMots())}` })
      continue
    }
    if (entree.genre === 'parametre' || nom.startsWith('parametre.')) {
      problemes.push({ chemin, message: `« ${nom} » est un paramètre du département, pas un fait de la situation.` })
      continue
    }
    if (valeur === null || valeur === undefined) continue
    const refus = refuserValeur(entree, valeur)
    if (refus) {
      problemes.push({ chemin, message: refus })
    } else if (entree.genre === 'compagnon') {
      connus.push({ nom, cible: entree.compagnon ?? '', connu: valeur === true, chemin })
    } else if (nom in valeurs) {
      problemes.push({ chemin, message: `Le fait « ${nom} » est donné deux fois.` })
    } else {
      valeurs[nom] = valeur as boolean | number | string
    }
  }
  for (const { nom, cible, connu, chemin } of connus) {
    if (connu === cible in valeurs) continue
    const message = connu
      ? `« ${nom} » dit que « ${cible} » est connu, mais sa valeur n’est pas donnée.`
      : `« ${nom} » dit que « ${cible} » n’est pas connu, mais une valeur est donnée.`
    problemes.push({ chemin, message })
  }
  if (problemes.length > 0) throw new ErreurFaits(problemes)
  return valeurs as Faits
}

interface Feuille {
  readonly nom: string
  readonly valeur: unknown
  readonly chemin: readonly string[]
}

function aplatir(brut: Readonly<Record<string, unknown>>): Feuille[] {
  return Object.entries(brut).flatMap(([cle, valeur]): Feuille[] => {
    if (!estObjet(valeur)) return [{ nom: cle, valeur, chemin: [cle] }]
    return Object.entries(valeur).map(([sous, feuille]) => ({
      nom: `${cle}.${sous}`,
      valeur: feuille,
      chemin: [cle, sous],
    }))
  })
}

function estObjet(valeur: unknown): valeur is Record<string, unknown> {
  return typeof valeur === 'object' && valeur !== null && !Array.isArray(valeur)
}

function refuserValeur(entree: EntreeVocabulaire, valeur: unknown): string | null {
  const ecrit = typeof valeur === 'string' ? `« ${valeur} »` : JSON.stringify(valeur)
  if (entree.type === 'bool') {
    return typeof valeur === 'boolean' ? null : `« ${entree.nom} » attend true ou false ; reçu : ${ecrit}.`
  }
  if (entree.type === 'int') {
    const attendu = entree.unite === 'centimes' ? 'un entier de centimes' : 'un nombre entier'
    if (!Number.isSafeInteger(valeur)) return `« ${entree.nom} » attend ${attendu} ; reçu : ${ecrit}.`
    return (valeur as number) < 0 ? `« ${entree.nom} » ne peut pas être négatif ; reçu : ${ecrit}.` : null
  }
  if (typeof valeur !== 'string') return `« ${entree.nom} » attend un texte ; reçu : ${ecrit}.`
  if (entree.valeurs === null || entree.valeurs.includes(valeur)) return null
  return `Valeur inconnue ${ecrit} pour « ${entree.nom} ». Valeurs admises : ${entree.valeurs.join(', ')}.${suggerer(valeur, entree.valeurs)}`
}
