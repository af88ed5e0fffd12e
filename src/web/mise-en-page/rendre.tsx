import type { ReactElement } from 'react'
import { createRenderer } from '#socle/html'
import { typo } from '#socle/typography'
import { choisirSymboles, Sprite } from '../composants/icone.tsx'

const ecrire = createRenderer(typo)

/**
 * A page as text: doctype, French typography on every text (see `createRenderer` for what it leaves alone), and the symbols of the icons it
 * uses. Screens write plain French and never compose by hand.
 */
export function rendre(page: ReactElement): string {
  const { html, drawings } = ecrire(page)
  const sprite = ecrire(<Sprite symboles={choisirSymboles(drawings)} />).html
  const corps = html.indexOf('>', html.indexOf('<body')) + 1
  return `<!DOCTYPE html>${html.slice(0, corps)}${sprite}${html.slice(corps)}`
}
