/** A debt paid back in equal instalments, in cents; the last one takes what rounding leaves. */
export interface Etalement {
  readonly nombre: number
  readonly mensualite: number
  readonly derniere: number
}

/**
 * Spreads a debt over a number of months: the sum is the debt, to the cent. Instalments are rounded to the nearest cent, and down when the
 * last one would otherwise be negative. `dette` is in cents; throws `RangeError` on a number that is not a positive integer.
 */
export function etalerDette(dette: number, nombre: number): Etalement {
  if (!Number.isSafeInteger(dette) || dette < 0) throw new RangeError('a debt is a whole number of cents')
  if (!Number.isSafeInteger(nombre) || nombre < 1) throw new RangeError('a debt is spread over at least one month')
  const proche = Math.round(dette / nombre)
  const mensualite = proche * (nombre - 1) > dette ? Math.floor(dette / nombre) : proche
  return { nombre, mensualite, derniere: dette - mensualite * (nombre - 1) }
}
