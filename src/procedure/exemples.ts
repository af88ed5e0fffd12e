import type { Calendrier } from './calendrier.ts'
import type { Delai, ExempleDelai } from './delais.ts'
import { calculerEcheance, type EcheanceCalculee, type ResultatEcheance } from './echeance.ts'
import { estTenue, trouverPreuve } from './echeances.ts'
import { type Faits, NOMS_FAITS_DATES } from './faits.ts'
import type { Lieu } from './fichiers.ts'
import { ecrireSource } from './sources.ts'
import { type ExempleValeur, resoudreValeur, type Valeur, type ValeurResolue } from './valeurs.ts'

/** An example of a data file whose outcome is not the one written. `ecarts` are French sentences. */
export interface ExempleFaux {
  /** Id of the rule: its path. */
  readonly id: string
  /** Rank in the file, from 1, and where it is written. */
  readonly rang: number
  readonly lieu: Lieu
  readonly ecarts: readonly string[]
}

/**
 * Runs the examples written in a time limit: value, version, source and doubt. Returns those that fail, so that a jurist
 * reads what the rule gives against what was expected.
 */
export function verifierExemples(delai: Delai, calendrier: Calendrier): readonly ExempleFaux[] {
  return verifierChacun(delai, (exemple) => {
    const faits: Faits = Object.fromEntries(NOMS_FAITS_DATES.map((nom) => [nom, exemple[nom]]))
    return comparerIssue(exemple, calculerEcheance(delai, faits, calendrier, exemple.situation ?? {}), {
      valeur: (obtenu) => comparerEcheance(delai, exemple, obtenu, faits),
    })
  })
}

/** As `verifierExemples`, for a value. */
export function verifierExemplesValeur(valeur: Valeur): readonly ExempleFaux[] {
  return verifierChacun(valeur, ({ faits, situation, montants, attendu }) =>
    comparerIssue(attendu, resoudreValeur(valeur, faits, situation ?? {}, montants ?? {}), {
      valeur: (obtenu) => comparerValeur(attendu, obtenu),
    }),
  )
}

interface AvecExemples<E> {
  readonly id: string
  readonly exemples: readonly E[]
  readonly lieuxExemples: readonly Lieu[]
}

function verifierChacun<E>(
  { id, exemples, lieuxExemples }: AvecExemples<E>,
  comparerUn: (exemple: E) => readonly string[],
): readonly ExempleFaux[] {
  return exemples.flatMap((exemple, rang) => {
    const ecarts = comparerUn(exemple)
    const lieu = lieuxExemples[rang] ?? { ligne: 1, colonne: 1 }
    return ecarts.length > 0 ? [{ id, rang: rang + 1, lieu, ecarts }] : []
  })
}

interface IssueAttendue {
  readonly indetermine?: readonly string[] | undefined
  readonly aucune?: string | undefined
  readonly sans_objet?: true | undefined
}
type SansValeur = Extract<ResultatEcheance, { issue: 'indeterminee' | 'aucune' | 'sans_objet' }>

/** What every rule may answer besides its value; the value itself is compared by `valeur`. */
function comparerIssue<O extends { readonly issue: 'calculee' | 'valeur' }>(
  attendu: IssueAttendue,
  obtenu: O | SansValeur,
  suite: { readonly valeur: (obtenu: O) => readonly string[] },
): readonly string[] {
  switch (obtenu.issue) {
    case 'indeterminee':
      return comparer('Indéterminé', attendu.indetermine?.join(', ') ?? 'non', obtenu.indetermine.join(', '))
    case 'aucune':
      return comparer('Aucune règle', attendu.aucune ?? 'non', obtenu.aucune)
    case 'sans_objet':
      return comparer('Sans objet', attendu.sans_objet ? 'oui' : 'non', 'oui')
    default:
      return suite.valeur(obtenu)
  }
}

function comparerEcheance(
  delai: Delai,
  exemple: ExempleDelai,
  obtenu: EcheanceCalculee,
  faits: Faits,
): readonly string[] {
  if (!exemple.echeance) return [`L’exemple n’attend pas d’échéance, mais la règle donne le ${obtenu.le}.`]
  const [lecture] = obtenu.lectures
  if (!lecture) return ['La règle ne donne aucune lecture.']
  const dates = Array.isArray(exemple.echeance) ? exemple.echeance : [exemple.echeance]
  const trouvees = obtenu.avanceePar ? [obtenu.le] : obtenu.lectures.map(({ termeReporte }) => termeReporte)
  const preuve = trouverPreuve(delai, obtenu, faits)
  const brut = exemple.brut ?? (dates.length === 1 && !obtenu.avanceePar ? dates[0] : undefined)
  return [
    ...comparer('Échéance', ecrireJours(dates), ecrireJours(trouvees.toSorted(Temporal.PlainDate.compare))),
    ...comparerSiEcrit('Terme brut', brut, lecture.termeBrut),
    ...comparerSiEcrit('Version', exemple.version, lecture.version),
    ...chercher('Source', exemple.source, lecture.explication.source),
    ...comparerSiEcrit('À vérifier', exemple.a_verifier, obtenu.aVerifier),
    ...chercher('Réserve', exemple.reserve, obtenu.reserves.join(' ')),
    ...comparer('Effet différé', String(exemple.effet_differe ?? 'aucun'), String(lecture.effetDiffere?.le ?? 'aucun')),
    ...comparerSiEcrit('Tenue', exemple.tenue, preuve !== null && estTenue(obtenu, preuve)),
  ]
}

function comparerValeur(attendu: ExempleValeur['attendu'], obtenu: ValeurResolue): readonly string[] {
  const [lecture] = obtenu.lectures
  if (attendu.valeur === undefined && attendu.contient === undefined) {
    return [`L’exemple n’attend pas de valeur, mais la règle donne « ${lecture.texte} ».`]
  }
  const ecrire = (textes: readonly string[]) => textes.map(normaliserEspaces).join(' / ')
  const valeurs = typeof attendu.valeur === 'string' ? [attendu.valeur] : attendu.valeur
  return [
    ...comparerSiEcrit('Valeur', valeurs && ecrire(valeurs), ecrire(obtenu.lectures.map(({ texte }) => texte))),
    ...chercher('Valeur', attendu.contient, lecture.texte),
    ...comparerSiEcrit('Version', attendu.version, lecture.version),
    ...chercher('Source', attendu.source, ecrireSource(lecture.source)),
    ...comparerSiEcrit('À vérifier', attendu.a_verifier, obtenu.aVerifier),
    ...chercher('Réserve', attendu.reserve, obtenu.reserves.join(' ')),
    ...comparerSiEcrit('Condition remplie', attendu.remplie, lecture.remplie ?? 'non comparée'),
    ...comparerSiEcrit('Mensualité', attendu.mensualite, lecture.etalement?.mensualite ?? 'aucune'),
    ...comparerSiEcrit('Dernière mensualité', attendu.derniere, lecture.etalement?.derniere ?? 'aucune'),
  ]
}

function comparer(quoi: string, attendu: string, trouve: string): readonly string[] {
  return attendu === trouve ? [] : [`${quoi} : ${attendu} attendu, ${trouve} obtenu.`]
}

/** Compared only when the example says it. */
function comparerSiEcrit(quoi: string, attendu: unknown, trouve: unknown): readonly string[] {
  return attendu === undefined ? [] : comparer(quoi, String(attendu), String(trouve))
}

/** A part of a text, when the example gives it. */
function chercher(quoi: string, attendu: string | undefined, texte: string): readonly string[] {
  if (attendu === undefined || normaliserEspaces(texte).includes(normaliserEspaces(attendu))) return []
  return [`${quoi} : « ${attendu} » attendu, « ${texte} » obtenu.`]
}

/** Files are written with plain spaces; amounts are composed with the spaces of French typography. */
function normaliserEspaces(texte: string): string {
  return texte.replaceAll(/[\u00a0\u202f]/g, ' ')
}

function ecrireJours(jours: readonly Temporal.PlainDate[]): string {
  return jours.map(String).join(' ou ')
}
