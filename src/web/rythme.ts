/** Demands a minute, of one person and of one network address. */
export interface Rythme {
  readonly parPersonne: number
  readonly parAdresse: number
  /** Milliseconds that only go up. Not the clock of the application, which demonstrations freeze. */
  readonly maintenant?: () => number
}

interface Seau {
  reste: number
  a: number
}

const MINUTE = 60_000
/** Beyond, the oldest are forgotten: an attacker with many addresses must not fill the memory. */
const CLES_MAX = 20_000

/**
 * Lets so many demands through in a minute for each key, then a few a second. Returns how many seconds to wait, 0 to go on. Held in the memory of this process:
 * with several nodes, each counts its own.
 */
export function creerCompteur(parMinute: number, maintenant: () => number = () => performance.now()) {
  const seaux = new Map<string, Seau>()
  return (cle: string): number => {
    const a = maintenant()
    const seau = seaux.get(cle) ?? { reste: parMinute, a }
    seau.reste = Math.min(parMinute, seau.reste + ((a - seau.a) * parMinute) / MINUTE)
    seau.a = a
    // Written again at the end: the first of the map is the one seen least recently.
    seaux.delete(cle)
    seaux.set(cle, seau)
    if (seaux.size > CLES_MAX) {
      const ancienne = seaux.keys().next().value
      if (ancienne !== undefined) seaux.delete(ancienne)
    }
    if (seau.reste >= 1) {
      seau.reste -= 1
      return 0
    }
    return Math.max(1, Math.ceil(((1 - seau.reste) * MINUTE) / parMinute / 1000))
  }
}
