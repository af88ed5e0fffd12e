const COMBINING_MARKS = /\p{Mn}/gu
const BEYOND_ASCII = /[^\0-\x7f]/

/** Removes accents and expands ligatures; case and everything else stay. `Œuvre` → `OEuvre`, `Zoé` → `Zoe`. */
export function stripAccents(text: string): string {
  if (!BEYOND_ASCII.test(text)) return text
  return text
    .normalize('NFD')
    .replace(COMBINING_MARKS, '')
    .replace(/œ/g, 'oe')
    .replace(/Œ/g, 'OE')
    .replace(/æ/g, 'ae')
    .replace(/Æ/g, 'AE')
    .replace(/ø/g, 'o')
    .replace(/Ø/g, 'O')
    .replace(/ł/g, 'l')
    .replace(/Ł/g, 'L')
    .replace(/ß/g, 'ss')
    .replace(/đ/g, 'd')
    .replace(/Đ/g, 'D')
}

/**
 * The one search form of a text: no accent, lower case, every run of anything but letters and digits is one space.
 * Stored columns (`nom_norm`) and search queries both go through it, so they meet.
 */
export function normalizeForSearch(text: string): string {
  return stripAccents(text)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, ' ')
    .trim()
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** Whether a text is an identifier as the database writes them: what came in an address or a form is looked at before it is sought. */
export const isUuid = (text: string): boolean => UUID.test(text)
