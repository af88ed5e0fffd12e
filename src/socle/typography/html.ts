import { typo } from './text.ts'

/** Elements whose text is copied as it stands: typed by a person, read by a machine, or quoted to the letter. */
const VERBATIM_ELEMENTS = new Set(['code', 'kbd', 'pre', 'samp', 'script', 'style', 'textarea'])
const ATTRIBUTES = /( (?:aria-label|aria-description|title|placeholder|alt|data-t|data-annonce)=")([^"]*)"/g
const VOID_ELEMENTS = new Set([
  'area',
  'base',
  'br',
  'col',
  'embed',
  'hr',
  'img',
  'input',
  'link',
  'meta',
  'source',
  'track',
  'wbr',
])

const ENTITIES: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#x27;': "'",
  '&#39;': "'",
}
const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#x27;',
}

const decode = (text: string): string =>
  text.replace(/&(?:amp|lt|gt|quot|#x27|#39);/g, (entity) => ENTITIES[entity] ?? entity)
const encode = (text: string): string => text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character)

/**
 * Texts already composed, by what they were. A page is made of the same labels, dates and sources as the one before: composing them again is most of what a
 * page costs. Emptied when full, so that it stays small and keeps nothing for long.
 */
const composed = new Map<string, string>()
const MEMORY = 4000

function compose(text: string): string {
  const known = composed.get(text)
  if (known !== undefined) return known
  // A text without entity holds no character to escape, and typo adds none.
  const done = text.includes('&') ? encode(typo(decode(text))) : typo(text)
  if (text.length <= 300) {
    if (composed.size >= MEMORY) composed.clear()
    composed.set(text, done)
  }
  return done
}

/**
 * French typography of a rendered page: texts and spoken attributes, so that no screen does it by hand. Leaves `code`, `pre`, `kbd`,
 * `textarea`, values of fields, and anything under `translate="no"`. Expects the well-formed output of React.
 */
export function typoHtml(html: string): string {
  let verbatim = 0
  const open: string[] = []
  return html.replace(
    /<(\/?)([a-zA-Z][\w-]*)([^>]*)>|<[^>]*>|[^<]+/g,
    (token, slash: string | undefined, name: string | undefined, rest = '') => {
      if (name === undefined) return verbatim > 0 || token.startsWith('<') ? token : compose(token)
      if (verbatim > 0) {
        if (slash) {
          if (open.pop() !== undefined && open.length === 0) verbatim = 0
        } else if (!rest.endsWith('/') && !VOID_ELEMENTS.has(name)) open.push(name)
        return token
      }
      if (!slash && !rest.endsWith('/') && (VERBATIM_ELEMENTS.has(name) || rest.includes(' translate="no"'))) {
        verbatim = 1
        open.push(name)
      }
      if (slash || !rest.includes('="')) return token
      return token.replace(ATTRIBUTES, (_match, before: string, value: string) => `${before}${compose(value)}"`)
    },
  )
}
