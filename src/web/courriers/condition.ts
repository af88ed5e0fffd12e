import type { Session } from '#acces'
import { ecrireCondition, ecrirePhrase } from '../regles/phrase.ts'
import { lireurDeParametres } from '../regles/regles.tsx'

/** The condition of a trigger in French, on one line, with the settings of the département. */
export const direCondition = (session: Session, texte: string | undefined): string =>
  texte === undefined ? 'aucune' : ecrirePhrase(ecrireCondition(texte, lireurDeParametres(session)))
