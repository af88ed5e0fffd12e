import type { ReactElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { typoHtml } from '#socle/typography'
import { lireSymboles, Sprite } from '../composants/icone.tsx'

/**
 * A page as text: doctype, French typography on every text (see `typoHtml` for what it leaves alone), and the symbols of the icons it
 * uses. Screens write plain French and never compose by hand.
 */
export function rendre(page: ReactElement): string {
  const html = typoHtml(renderToStaticMarkup(page))
  const sprite = renderToStaticMarkup(<Sprite symboles={lireSymboles(html)} />)
  return `<!DOCTYPE html>${html.replace(/<body[^>]*>/, (balise) => `${balise}${sprite}`)}`
}
