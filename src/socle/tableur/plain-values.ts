/**
 * A number as a person wrote it: plain decimal digits and a point, never an exponent, and the fifteen significant digits a
 * spreadsheet shows, so that `0.1 + 0.2` reads `0.3`.
 */
export function plainNumber(value: number): string {
  if (!Number.isFinite(value)) return ''
  const [mantissa = '0', exponentText = '0'] = value.toExponential(14).split('e')
  const negative = mantissa.startsWith('-')
  const digits = mantissa.replace(/[-.]/g, '')
  const point = Number(exponentText) + 1
  const padded = point <= 0 ? '0'.repeat(1 - point) + digits : digits.padEnd(point, '0')
  const place = point <= 0 ? 1 : point
  const fraction = padded.slice(place).replace(/0+$/, '')
  const plain = fraction === '' ? padded.slice(0, place) : `${padded.slice(0, place)}.${fraction}`
  return negative && plain !== '0' ? `-${plain}` : plain
}

/** What the spreadsheet library hands over, as the text our formats read: ISO days, plain numbers, `oui` and `non`. */
export function plainText(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'number') return plainNumber(value)
  if (typeof value === 'boolean') return value ? 'oui' : 'non'
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? '' : value.toISOString().replace(/T.*$/, '')
  const text = String(value).toWellFormed()
  const instant = /^(\d{4}-\d{2}-\d{2})T[\d:.]+Z?$/.exec(text)
  return instant?.[1] ?? text
}
