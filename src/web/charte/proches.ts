import { type Charte, type Engagement, STADES_REGLES } from '#referentiel'
import { normalizeForSearch } from '#socle/text'
import { nommerEtape } from './libelles.ts'

/** Words that say nothing of the act: tool words, and the names of the steps, which labels repeat. */
const VIDES = new Set([
  ...'a apres au aux avant avec ce ces cette chaque d dans de deja des du elle en entre est et il ils l la le les leur leurs lui n ne ou par pas pour puis qu que qui s sa sans se ses si son sont sous sur un une y'.split(
    ' ',
  ),
  ...STADES_REGLES.flatMap((stade) => normalizeForSearch(nommerEtape(stade)).split(' ')),
])

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
function ressemblance(a: string, b: string): number {
  const [gauche, droite] = [mots(a), mots(b)]
  if (gauche.size === 0 || droite.size === 0) return 0
  return (2 * gauche.intersection(droite).size) / (gauche.size + droite.size)
}

/** Closed by the same proof, two promises are alike sooner than when only their words are. */
const SEUILS = { memePreuve: 0.45, autrePreuve: 0.7 } as const

/** What other partners promise at the same step in nearly the same words, nearest first. */
export function trouverProches(
  { engagements }: Pick<Charte, 'engagements'>,
  engagement: Pick<Engagement, 'libelle' | 'stade' | 'partenaire' | 'preuve'>,
): readonly Engagement[] {
  return engagements
    .filter(({ stade, partenaire }) => stade === engagement.stade && partenaire !== engagement.partenaire)
    .map((autre) => ({ autre, score: ressemblance(engagement.libelle, autre.libelle) }))
    .filter(
      ({ autre, score }) => score >= (autre.preuve === engagement.preuve ? SEUILS.memePreuve : SEUILS.autrePreuve),
    )
    .sort((a, b) => b.score - a.score)
    .map(({ autre }) => autre)
}
