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

/**
 * A reference of a dossier, whole (`71-2026-00412`) or short (`26-00412`), whatever sign joins its parts; or a social security number, with its key or not. The number of
 * an order (`71-2026-03-12-00005`), a phone, a SIRET are none.
 */
const NUMBER_OF_A_HOUSEHOLD =
  /(?:(?<!\d)(?:\d{2,3}|2[AB])\s?[\p{Pd}/_]\s?20\d{2}\s?[\p{Pd}/_]\s?\d{3,6}|(?<![\d\p{Pd}/])\d{2}\p{Pd}\d{5})(?!\d)|(?<!\d)[12]\s?\d{2}\s?(?:0[1-9]|1[0-2])\s?(?:\d{2}|2[AB])\s?\d{3}\s?\d{3}(?:\s?\d{2})?(?!\d)/iu

/** Whether a text holds a number behind which there is a household: what is written outside dossiers holds none. */
export const bearsHouseholdNumber = (text: string): boolean => NUMBER_OF_A_HOUSEHOLD.test(text)

/** What is said when one is refused. */
export const NUMBER_REFUSED =
  'Ce texte porte un numéro de dossier ou de sécurité sociale. Aucun ménage n’est nommé ici : le retirer.'
