import type { Calendrier } from './calendrier.ts'
import type { Delai, ExempleDelai } from './delais.ts'
import { calculerEcheance, type EcheanceCalculee, type ResultatEcheance } from './echeance.ts'
import { estTenue, trouverPreuve } from './echeances.ts'
import { type Faits, NOMS_FAITS_DATES } from './faits.ts'

/** An example of a data file whose outcome is not the one written. `ecarts` are French sentences. */
export interface ExempleFaux {
  readonly delai: string
  /** Rank in the file, from 1. */
  readonly rang: number
  readonly ecarts: readonly string[]
}

/**
 * Runs the examples written in a time limit: value, version, source and doubt. Returns those that fail, so that a jurist
 * reads what the rule gives against what was expected.
 */
export function verifierExemples(delai: Delai, calendrier: Calendrier): readonly ExempleFaux[] {
  return delai.exemples.flatMap((exemple, rang) => {
    const faits: Faits = Object.fromEntries(NOMS_FAITS_DATES.map((nom) => [nom, exemple[nom]]))
    const obtenu = calculerEcheance(delai, faits, calendrier, exemple.situation ?? {})
    const ecarts = comparerIssue(delai, exemple, obtenu, faits)
    return ecarts.length > 0 ? [{ delai: delai.id, rang: rang + 1, ecarts }] : []
  })
}

function comparerIssue(delai: Delai, exemple: ExempleDelai, obtenu: ResultatEcheance, faits: Faits): readonly string[] {
  const comparer = (quoi: string, attendu: string, trouve: string) =>
    attendu === trouve ? [] : [`${quoi} : ${attendu} attendu, ${trouve} obtenu.`]
  switch (obtenu.issue) {
    case 'indeterminee':
      return comparer('Indéterminé', (exemple.indetermine ?? ['non']).join(', '), obtenu.indetermine.join(', '))
    case 'aucune':
      return comparer('Aucune règle', exemple.aucune ?? 'non', obtenu.aucune)
    case 'sans_objet':
      return comparer('Sans objet', exemple.sans_objet ? 'oui' : 'non', 'oui')
    case 'calculee':
      return comparerEcheance(delai, exemple, obtenu, faits, comparer)
  }
}

function comparerEcheance(
  delai: Delai,
  exemple: ExempleDelai,
  obtenu: EcheanceCalculee,
  faits: Faits,
  comparer: (quoi: string, attendu: string, trouve: string) => readonly string[],
): readonly string[] {
  if (!exemple.echeance) return [`L’exemple n’attend pas d’échéance, mais la règle donne le ${obtenu.le}.`]
  const [lecture] = obtenu.lectures
  if (!lecture) return ['La règle ne donne aucune lecture.']
  const dates = Array.isArray(exemple.echeance) ? exemple.echeance : [exemple.echeance]
  const trouvees = obtenu.avanceePar ? [obtenu.le] : obtenu.lectures.map(({ termeReporte }) => termeReporte)
  const version = delai.versions.find(({ du }) => du.equals(lecture.version))
  const preuve = trouverPreuve(delai, obtenu, faits)
  const brut = exemple.brut ?? (dates.length === 1 && !obtenu.avanceePar ? dates[0] : undefined)
  return [
    ...comparer('Échéance', ecrireJours(dates), ecrireJours(trouvees.toSorted(Temporal.PlainDate.compare))),
    ...(brut ? comparer('Terme brut', String(brut), String(lecture.termeBrut)) : []),
    ...(exemple.version ? comparer('Version', String(exemple.version), String(lecture.version)) : []),
    ...comparer('Source', version?.source.titre ?? 'aucune', lecture.explication.source),
    ...(exemple.a_verifier === undefined
      ? []
      : comparer('À vérifier', String(exemple.a_verifier), String(obtenu.aVerifier))),
    ...comparer('Effet différé', String(exemple.effet_differe ?? 'aucun'), String(lecture.effetDiffere?.le ?? 'aucun')),
    ...(exemple.tenue === undefined
      ? []
      : comparer('Tenue', String(exemple.tenue), String(preuve !== null && estTenue(obtenu, preuve)))),
  ]
}

function ecrireJours(jours: readonly Temporal.PlainDate[]): string {
  return jours.map(String).join(' ou ')
}
