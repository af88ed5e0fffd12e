import { distance } from 'fastest-levenshtein'

interface DefinitionVariable {
  readonly libelle: string
  readonly exemple: string
  /** Nobody may have said it: written between `{si}` and `{fin}`. */
  readonly facultative: boolean
  /** Typed by the person who re-reads the letter, when its text cites it: no data of the dossier says it. */
  readonly saisie?: { readonly aide: string; readonly lignes: number }
}

/** What a letter may say of a dossier. Closed: a word written between braces that is not here stops the start. */
export const VARIABLES_COURRIER = {
  'menage.appel': { libelle: 'Formule d’appel', exemple: 'Madame Morel,', facultative: false },
  'logement.adresse': {
    libelle: 'Adresse du logement, précédée d’une virgule ; rien quand elle n’est pas connue',
    exemple: ', 12 rue des Tilleuls à Autun',
    facultative: false,
  },
  'acte.date': { libelle: 'Date de l’acte de l’étape', exemple: '3 novembre 2026', facultative: true },
  'audience.date': { libelle: 'Date de l’audience', exemple: 'Mardi 12 janvier 2027', facultative: true },
  'audience.lieu': {
    libelle: 'Tribunal, précédé d’une virgule ; rien quand il n’est pas connu',
    exemple: ', tribunal judiciaire de Mâcon',
    facultative: false,
  },
  'service.nom': { libelle: 'Service chargé de prendre contact', exemple: 'CCAS d’Autun', facultative: true },
  'secretariat.nom': {
    libelle: 'Secrétariat du territoire',
    exemple: 'secrétariat CCAPEX Autun et Montceau',
    facultative: true,
  },
  'expediteur.nom': { libelle: 'Organisme qui écrit', exemple: 'Organisme d’exemple', facultative: false },
  'expediteur.telephone': {
    libelle: 'Téléphone de l’en-tête de l’organisme qui écrit',
    exemple: '03 00 00 00 00',
    facultative: true,
  },
  'rendez_vous.quand': {
    libelle: 'Rendez-vous : jour et heure',
    exemple: 'jeudi 3 décembre 2026 à 10 h',
    facultative: true,
    saisie: { aide: 'Par exemple : jeudi 3 décembre à 10 h. Vide : le courrier invite à appeler.', lignes: 1 },
  },
  'rendez_vous.lieu': {
    libelle: 'Rendez-vous : lieu',
    exemple: '8 place de l’Exemple, 1er étage',
    facultative: true,
    saisie: { aide: 'Adresse, étage, ou « à votre domicile ».', lignes: 1 },
  },
  'commission.seance': {
    libelle: 'Commission : jour de la séance',
    exemple: 'jeudi 10 décembre 2026',
    facultative: true,
    saisie: { aide: 'Vide si la séance n’est pas fixée.', lignes: 1 },
  },
  'commission.orientation': {
    libelle: 'Commission : orientation retenue',
    exemple: 'un accompagnement par le service social du Département',
    facultative: true,
    saisie: { aide: 'En mots simples. Jamais un motif, ni rien sur la santé.', lignes: 3 },
  },
} as const satisfies Record<string, DefinitionVariable>
export type VariableCourrier = keyof typeof VARIABLES_COURRIER

/** Words a person types on the letter itself. */
export const VARIABLES_SAISIES: readonly VariableCourrier[] = (
  Object.keys(VARIABLES_COURRIER) as VariableCourrier[]
).filter((nom) => 'saisie' in VARIABLES_COURRIER[nom])

/** What is asked of the person who types a word; null for one the dossier says. */
export const saisieDe = (nom: VariableCourrier): DefinitionVariable['saisie'] | null =>
  (VARIABLES_COURRIER[nom] as DefinitionVariable).saisie ?? null

/** Local contacts a letter may print, found by the place of the dwelling. One that the département does not have prints nothing. */
export const BLOCS_COURRIER = {
  adil: 'ADIL',
  service_social: 'Service social du Département',
  ccas: 'CCAS',
  caf: 'CAF ou MSA',
  acces_au_droit: 'Accès au droit',
} as const
export type BlocCourrier = keyof typeof BLOCS_COURRIER

export type Morceau = { readonly gras: boolean } & (
  | { readonly texte: string }
  | { readonly variable: VariableCourrier }
)
export type Partie =
  | { readonly genre: 'titre' | 'paragraphe'; readonly morceaux: readonly Morceau[] }
  | { readonly genre: 'liste'; readonly ordonnee: boolean; readonly lignes: readonly (readonly Morceau[])[] }
  | { readonly genre: 'contact'; readonly bloc: BlocCourrier }
  | {
      readonly genre: 'si'
      readonly variable: VariableCourrier
      readonly alors: readonly Partie[]
      readonly sinon: readonly Partie[]
    }

/** The text of a letter, read and checked. */
export interface CorpsCourrier {
  readonly objet: readonly Morceau[]
  readonly parties: readonly Partie[]
}

/** Every word a text cites or asks about. */
export function variablesCitees({ objet, parties }: CorpsCourrier): ReadonlySet<VariableCourrier> {
  const desMorceaux = (morceaux: readonly Morceau[]) =>
    morceaux.flatMap((morceau) => ('variable' in morceau ? [morceau.variable] : []))
  const desParties = (une: readonly Partie[]): VariableCourrier[] =>
    une.flatMap((partie) => {
      if (partie.genre === 'si') return [partie.variable, ...desParties(partie.alors), ...desParties(partie.sinon)]
      if (partie.genre === 'liste') return partie.lignes.flatMap(desMorceaux)
      return partie.genre === 'contact' ? [] : desMorceaux(partie.morceaux)
    })
  return new Set([...desMorceaux(objet), ...desParties(parties)])
}

/** A fault in the text of a letter: its line and column (from 1), and what to do. */
export class ErreurCorps extends Error {
  override readonly name = 'ErreurCorps'
  readonly ligne: number
  readonly colonne: number
  constructor(ligne: number, colonne: number, message: string) {
    super(message)
    this.ligne = ligne
    this.colonne = colonne
  }
}

/** The known word a mistyped one most resembles, as a question; nothing when none is near. */
function suggerer(nom: string, connus: readonly string[]): string {
  const [proche] = connus
    .map((connu) => ({ connu, ecart: distance(nom.trim().toLowerCase(), connu) }))
    .sort((a, b) => a.ecart - b.ecart)
  return proche && proche.ecart <= Math.max(2, proche.connu.length / 2) ? ` Peut-être « ${proche.connu} » ?` : ''
}

const estVariable = (nom: string): nom is VariableCourrier => Object.hasOwn(VARIABLES_COURRIER, nom)
const estBloc = (nom: string): nom is BlocCourrier => Object.hasOwn(BLOCS_COURRIER, nom)

/**
 * Reads the text of a letter: `# objet` first, then `## titre`, paragraphs, `- ` and `1. ` lists, `**gras**`, `{variable}`, `{bloc:adil}` alone on its line, and
 * `{si variable}`, `{sinon}`, `{fin}` alone on theirs. A variable that may be unknown is written only where a `{si}` answers for it: no letter prints a hole.
 * Throws `ErreurCorps`.
 */
export function lireCorps(texte: string): CorpsCourrier {
  const lignes = texte.replaceAll('\r\n', '\n').split('\n')
  let rang = 0
  /** `quoi`: the words at fault, whose place in the line is the column. */
  const fautif = (message: string, quoi = '', apres = 0) =>
    new ErreurCorps(rang + 1, Math.max(0, (lignes[rang] ?? '').indexOf(quoi, apres)) + 1, message)

  const lireMorceaux = (ligne: string, connues: readonly VariableCourrier[]): Morceau[] => {
    const morceaux: Morceau[] = []
    let gras = false
    for (const bout of ligne.split(/(\*\*|\{[^}]*\})/)) {
      if (bout === '**') gras = !gras
      else if (bout.startsWith('{')) {
        const nom = bout.slice(1, -1)
        if (!estVariable(nom)) {
          const admises = Object.keys(VARIABLES_COURRIER)
          throw fautif(
            `« ${bout} » n’est pas une information qu’un courrier peut citer.${suggerer(nom, admises)} Admises : ${admises.join(', ')}.`,
            bout,
          )
        }
        if (VARIABLES_COURRIER[nom].facultative && !connues.includes(nom)) {
          throw fautif(
            `« ${bout} » n’est pas toujours connue : écrire cette phrase entre {si ${nom}} et {fin}, avec {sinon} pour le cas où elle manque.`,
            bout,
          )
        }
        morceaux.push({ variable: nom, gras })
      } else if (bout !== '') morceaux.push({ texte: bout, gras })
    }
    if (gras) throw fautif('Un gras (**) ouvert sur cette ligne n’est pas fermé.', '**', ligne.lastIndexOf('**'))
    const seule = morceaux.find((morceau) => 'texte' in morceau && /[{}]/.test(morceau.texte))
    if (seule && 'texte' in seule) {
      const accolade = /[{}]/.exec(seule.texte)?.[0] ?? ''
      throw fautif(`Une accolade « ${accolade} » est seule : une information s’écrit entre { et }.`, accolade)
    }
    return morceaux
  }

  const lireParties = (connues: readonly VariableCourrier[], dans: VariableCourrier | null): Partie[] => {
    const parties: Partie[] = []
    while (rang < lignes.length) {
      const ligne = (lignes[rang] ?? '').trim()
      const puce = /^(?:(-)|\d+\.)\s+(.*)$/.exec(ligne)
      const contact = /^\{bloc:([a-z_]+)\}$/.exec(ligne)
      const si = /^\{si ([a-z._]+)\}$/.exec(ligne)
      if (ligne === '{sinon}' || ligne === '{fin}') {
        if (dans === null) throw fautif(`« ${ligne} » sans {si} avant.`)
        return parties
      }
      if (contact) {
        const bloc = contact[1] ?? ''
        if (!estBloc(bloc))
          throw fautif(
            `Ce contact n’existe pas : « ${bloc} ».${suggerer(bloc, Object.keys(BLOCS_COURRIER))} Admis : ${Object.keys(BLOCS_COURRIER).join(', ')}.`,
            bloc,
          )
        parties.push({ genre: 'contact', bloc })
      } else if (si) {
        parties.push(lireSi(si[1] ?? '', connues))
      } else if (puce) {
        const ordonnee = puce[1] === undefined
        const morceaux = lireMorceaux(puce[2] ?? '', connues)
        const precedente = parties.at(-1)
        if (precedente?.genre === 'liste' && precedente.ordonnee === ordonnee && (lignes[rang - 1] ?? '').trim() !== '')
          parties[parties.length - 1] = { ...precedente, lignes: [...precedente.lignes, morceaux] }
        else parties.push({ genre: 'liste', ordonnee, lignes: [morceaux] })
      } else if (ligne.startsWith('## ')) {
        parties.push({ genre: 'titre', morceaux: lireMorceaux(ligne.slice(3), connues) })
      } else if (ligne.startsWith('#')) throw fautif('Un seul objet (#), en première ligne ; les titres s’écrivent ##.')
      else if (ligne !== '') parties.push({ genre: 'paragraphe', morceaux: lireMorceaux(ligne, connues) })
      rang += 1
    }
    if (dans !== null) throw fautif(`{si ${dans}} n’est pas fermé par {fin}.`)
    return parties
  }

  const lireSi = (nom: string, connues: readonly VariableCourrier[]): Partie => {
    if (!estVariable(nom))
      throw fautif(
        `« ${nom} » n’est pas une information qu’un courrier peut citer.${suggerer(nom, Object.keys(VARIABLES_COURRIER))}`,
        nom,
      )
    rang += 1
    const alors = lireParties([...connues, nom], nom)
    let sinon: Partie[] = []
    if ((lignes[rang] ?? '').trim() === '{sinon}') {
      rang += 1
      sinon = lireParties(connues, nom)
    }
    if ((lignes[rang] ?? '').trim() !== '{fin}') throw fautif(`{si ${nom}} attend {fin}.`)
    return { genre: 'si', variable: nom, alors, sinon }
  }

  const premiere = (lignes[0] ?? '').trim()
  if (!premiere.startsWith('# ')) throw fautif('La première ligne est l’objet du courrier, précédé de « # ».')
  const objet = lireMorceaux(premiere.slice(2), [])
  rang = 1
  return { objet, parties: lireParties([], null) }
}
