import { ecrireCondition, ecrirePhrase } from '../regles/phrase.ts'

/** The condition of a trigger in French; settings are named, their values do not matter here. */
export const direCondition = (texte: string | undefined): string =>
  texte === undefined ? 'aucune' : ecrirePhrase(ecrireCondition(texte, () => null))
