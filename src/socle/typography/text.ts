import { NARROW, NO_BREAK } from './spaces.ts'

const MONTHS = 'janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre'
/** Any space a person may have typed where a no-break one is due. */
const S = '[ \u00a0\u202f]'
/** Neither a letter nor a digit on this side. */
const NOT_AFTER_WORD = '(?<![\\p{L}\\p{N}])'
const NOT_BEFORE_WORD = '(?![\\p{L}\\p{N}])'

type Rule = readonly [RegExp, string | ((match: string) => string)]

const rule = (source: string, by: Rule[1]): Rule => [new RegExp(source, 'gu'), by]
const unbroken = (text: string): string => text.replace(/ /g, NO_BREAK)

/** Order matters: spaces are settled before units read them. Each rule leaves alone what it has already done. */
const RULES: readonly Rule[] = [
  rule('\\.{3}', '…'),
  rule("(?<=\\p{L})'(?=[\\p{L}\\p{N}«]|$)", '’'),
  rule(`«${S}*`, `«${NO_BREAK}`),
  rule(`${S}*»`, `${NO_BREAK}»`),
  rule(`${S}+(?=[;!?])`, NARROW),
  rule(`(?<=[\\p{L}\\p{N})»”’%€…])(?=[;!?]+(?:$|[\\s»)\\]”’…]))`, NARROW),
  rule(`${S}+:(?!\\S)`, `${NO_BREAK}:`),
  rule('(?<=[\\p{L}\\p{N})»”’%€…]):(?=$|\\s)', `${NO_BREAK}:`),
  rule(`${S}+%`, `${NARROW}%`),
  rule('(?<=\\d)%(?![0-9A-Fa-f]{2})', `${NARROW}%`),
  rule(`(?<![\\p{L}\\p{N}.,/-])(?<![\\dh]${S})\\d{1,3}(?:${S}\\d{3})+(?!\\d)(?!${S}\\d)`, (match) =>
    match.replace(/[ \u00a0]/g, NARROW),
  ),
  rule(`${S}+€`, `${NO_BREAK}€`),
  rule('(?<=\\d)€', `${NO_BREAK}€`),
  rule(
    `(?<=\\d) (?=(?:h|min|s|j|jours?|semaines?|mois|ans?|années?|heures?|minutes?|secondes?|euros?|centimes?|km|m|m²|°C|ko|Mo|Go)${NOT_BEFORE_WORD})`,
    NO_BREAK,
  ),
  rule(`${NOT_AFTER_WORD}(?:[01]?\\d|2[0-3])${S}?h(?:${S}?[0-5]\\d)?${NOT_BEFORE_WORD}(?!\\/)`, (match) => {
    const [hours = '', minutes = ''] = match.split('h').map((part) => part.trim())
    return minutes === '' ? `${hours}${NO_BREAK}h` : `${hours}${NO_BREAK}h${NO_BREAK}${minutes}`
  }),
  rule(`(?<=\\d|\\b1er) (?=(?:${MONTHS})${NOT_BEFORE_WORD})`, NO_BREAK),
  rule(`${NOT_AFTER_WORD}(?:MM?\\.|Mmes?|Mlles?|Me|Dr|Pr) (?=\\p{Lu})`, unbroken),
  rule(`${NOT_AFTER_WORD}[nN]°s?${S}?(?=[\\d\\p{Lu}])`, (match) => `${match.trimEnd()}${NO_BREAK}`),
  rule(`(?:§|${NOT_AFTER_WORD}(?:art|al|chap|p)\\.) (?=[\\dLRD])`, unbroken),
  rule(`${NOT_AFTER_WORD}[LRD]\\. (?=\\d)`, unbroken),
  rule(`${NOT_AFTER_WORD}J [-−+] (?=\\d)`, unbroken),
  rule('(?<!\\d)0\\d(?: \\d{2}){4}(?!\\d)', unbroken),
]

/** Addresses of the web and of mail are copied, not composed. */
const VERBATIM = /((?:https?:\/\/|www\.)[^\s<>«»]+|[^\s<>«»]+@[^\s<>«»]+\.[^\s<>«»]+)/u
/** What at least one rule begins with. Most texts of a page have none of it and stop here. */
const SOMETHING = /['«»;!?:%€°§]|\.\.\.|\d[ \u00a0\u202fh]|\b1er |J [-−+] |(?:\.|M[lm]*es?|Dr|Pr) [\p{Lu}\d]/u

/**
 * French typography of a plain text: no-break and narrow spaces, curved apostrophes, ellipsis. Doing it twice changes nothing.
 * Texts shown to people only: never an export, a `code`, nor a value that goes back to the server.
 */
export function typo(text: string): string {
  if (!SOMETHING.test(text)) return text
  return text
    .split(VERBATIM)
    .map((part, index) =>
      index % 2 === 1 ? part : RULES.reduce((done, [pattern, by]) => replaceAll(done, pattern, by), part),
    )
    .join('')
}

function replaceAll(text: string, pattern: RegExp, by: Rule[1]): string {
  return typeof by === 'string' ? text.replace(pattern, by) : text.replace(pattern, by)
}
