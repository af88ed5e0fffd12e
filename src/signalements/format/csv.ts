import type { Encodage } from './types.ts'

export type Separateur = ';' | ',' | '\t'

const NEWLINE = 0x0a
const RETURN = 0x0d
const QUOTE = 0x22
const STEPS_PER_TURN = 20_000

/** Bytes of one record, its line end left out. */
export interface Etendue {
  readonly debut: number
  readonly fin: number
}

/**
 * Cuts bytes into records, one at a time. The cut is made on bytes, which both encodings allow since `"`, the separators and the
 * line ends are ASCII: each record keeps exactly the bytes it came with. A quote opens a field only at its start; anywhere else it
 * is a character like another.
 */
export interface Balayage {
  /**
   * The next record; null at the end; `pause` when a very long record has taken its share of work and the event loop must have its
   * turn before calling again.
   */
  suivant(): Etendue | 'pause' | null
  /** True once the end has been met inside a quoted field. */
  readonly ouvert: boolean
}

export function balayer(octets: Buffer, depart: number, separateur: Separateur): Balayage {
  const cut = separateur.charCodeAt(0)
  let start = depart
  let position = depart
  let quoted = false
  let open = false
  // Places of the next quote and line end, kept while they stay ahead so that no stretch is searched twice.
  let nextQuote = -2
  let nextNewline = -2

  function find(byte: number, known: number): number {
    if (known === Number.POSITIVE_INFINITY || known >= position) return known
    const found = octets.indexOf(byte, position)
    return found === -1 ? Number.POSITIVE_INFINITY : found
  }

  function closeRecord(end: number): Etendue {
    const record = { debut: start, fin: end > start && octets[end - 1] === RETURN ? end - 1 : end }
    position = Math.min(end + 1, octets.length)
    start = position
    return record
  }

  function step(): Etendue | null | undefined {
    if (quoted) {
      nextQuote = find(QUOTE, nextQuote)
      if (nextQuote === Number.POSITIVE_INFINITY) {
        open = true
        return null
      }
      const doubled = octets[nextQuote + 1] === QUOTE
      position = nextQuote + (doubled ? 2 : 1)
      quoted = doubled
      return undefined
    }
    if (start >= octets.length) return null
    nextNewline = find(NEWLINE, nextNewline)
    nextQuote = find(QUOTE, nextQuote)
    if (nextQuote >= nextNewline) return closeRecord(Math.min(nextNewline, octets.length))
    quoted = nextQuote === start || octets[nextQuote - 1] === cut
    position = nextQuote + 1
    return undefined
  }

  return {
    suivant() {
      for (let steps = 0; steps < STEPS_PER_TURN; steps += 1) {
        const record = step()
        if (record !== undefined) return record
      }
      return 'pause'
    },
    get ouvert() {
      return open
    },
  }
}

/** The fields of a record as they are written, quotes included; joined by the separator they are the record again. */
export function decouper(enregistrement: string, separateur: Separateur, plusDe = Number.POSITIVE_INFINITY): string[] {
  if (!enregistrement.includes('"')) {
    return plusDe === Number.POSITIVE_INFINITY
      ? enregistrement.split(separateur)
      : enregistrement.split(separateur, plusDe + 1)
  }
  const champs: string[] = []
  let debut = 0
  while (champs.length <= plusDe) {
    const apres = enregistrement[debut] === '"' ? fermeture(enregistrement, debut) : debut
    const fin = enregistrement.indexOf(separateur, apres)
    if (fin === -1) {
      champs.push(enregistrement.slice(debut))
      break
    }
    champs.push(enregistrement.slice(debut, fin))
    debut = fin + 1
  }
  return champs
}

/** Just after the quote that closes the field opened at `debut`. */
function fermeture(texte: string, debut: number): number {
  for (let position = debut + 1; position < texte.length; position += 1) {
    if (texte.charCodeAt(position) !== QUOTE) continue
    if (texte.charCodeAt(position + 1) !== QUOTE) return position + 1
    position += 1
  }
  return texte.length
}

/** What a field written in a file says: quotes taken off, doubled ones read as one. */
export function lireChamp(ecrit: string): string {
  if (!ecrit.startsWith('"')) return ecrit
  const fin = fermeture(ecrit, 0)
  const ferme = fin > 1 && ecrit[fin - 1] === '"'
  return ecrit.slice(1, ferme ? fin - 1 : fin).replaceAll('""', '"') + ecrit.slice(fin)
}

/** A field as it must be written: between quotes if it holds the separator, a quote or a line end. */
export function ecrireChamp(valeur: string, separateur: Separateur = ';'): string {
  const protege = valeur.includes(separateur) || valeur.includes('"') || valeur.includes('\n') || valeur.includes('\r')
  return protege ? `"${valeur.replaceAll('"', '""')}"` : valeur
}

/** A record as it must be written, without its line end. */
export function ecrireEnregistrement(valeurs: readonly string[], separateur: Separateur = ';'): string {
  return valeurs.map((valeur) => ecrireChamp(valeur, separateur)).join(separateur)
}

const DECODEURS = {
  'utf-8': new TextDecoder('utf-8', { ignoreBOM: true }),
  // Undefined bytes (81, 8D, 8F, 90, 9D) read as the control characters of the same number: the line is then rejected, not garbled.
  'windows-1252': new TextDecoder('windows-1252'),
} as const satisfies Record<Encodage, TextDecoder>

export function decoder(octets: Uint8Array, encodage: Encodage): string {
  return DECODEURS[encodage].decode(octets)
}

/** The separator a header row is written with, outside its quotes: `;` whenever there is one, else tab, else comma. */
export function trouverSeparateur(entete: string): Separateur {
  const nu = entete
    .split('"')
    .filter((_, rang) => rang % 2 === 0)
    .join('')
  if (nu.includes(';')) return ';'
  if (nu.includes('\t')) return '\t'
  return nu.includes(',') ? ',' : ';'
}
