import type { Charte, Engagement } from '#referentiel'
import { normalizeForSearch } from '#socle/text'

/** Words that say nothing of the act. */
const VIDES = new Set(
  'a au aux avec ce ces cette chaque d dans de des du elle en entre est et il ils l la le les leur leurs lui n ne ou par pas pour qu que qui s sa sans se ses si son sont sous sur un une y'.split(
    ' ',
  ),
)

/** Words of a label, endings dropped so that « proposer une visite » meets « visites proposées ». */
function mots(texte: string): ReadonlySet<string> {
  return new Set(
    normalizeForSearch(texte)
      .split(' ')
      .filter((mot) => mot.length > 1 && !VIDES.has(mot))
      .map((mot) => (mot.length > 5 ? mot.slice(0, 5) : mot.replace(/[sx]$/, ''))),
  )
}

/** How much two labels say the same thing, from 0 to 1. */
export function ressemblance(a: string, b: string): number {
  const [gauche, droite] = [mots(a), mots(b)]
  if (gauche.size === 0 || droite.size === 0) return 0
  return (2 * gauche.intersection(droite).size) / (gauche.size + droite.size)
}

const SEUIL = 0.55

/** What other partners promise at the same step in nearly the same words, nearest first. */
export function trouverProches(
  { engagements }: Pick<Charte, 'engagements'>,
  engagement: Pick<Engagement, 'libelle' | 'stade' | 'partenaire'>,
): readonly Engagement[] {
  return engagements
    .filter(({ stade, partenaire }) => stade === engagement.stade && partenaire !== engagement.partenaire)
    .map((autre) => ({ autre, score: ressemblance(engagement.libelle, autre.libelle) }))
    .filter(({ score }) => score >= SEUIL)
    .sort((a, b) => b.score - a.score)
    .map(({ autre }) => autre)
}
