/** Where a rule comes from, as shown to the person who is refused. */
export interface Source {
  readonly titre: string
  readonly lien?: string
}

/**
 * A rule says no. `message` is the French sentence shown; `code` is stable and documented; `source` is the text the rule rests on.
 * HTTP 409 or 422; 429 when it is for the number of times.
 */
export class Refus extends Error {
  override readonly name: string = 'Refus'
  readonly code: string
  readonly source: Source | undefined
  readonly statut: 409 | 422 | 429
  constructor(code: string, message: string, options: { source?: Source; statut?: 409 | 422 | 429 } = {}) {
    super(message)
    this.code = code
    this.source = options.source
    this.statut = options.statut ?? 422
  }
}

/** Declares a refusal beside its rule. Throw what it returns. */
export function refus(code: string, message: string, source?: Source): Refus {
  return new Refus(code, message, source ? { source } : {})
}

/**
 * Somebody else acted on the same thing since the person read it. Thrown before anything is written. `cles` says which parts of the act are concerned, in
 * the words of the rule that throws (a line, a dossier): the face reads them again and shows both versions. HTTP 409.
 */
export class Conflit extends Refus {
  readonly cles: readonly string[]
  constructor(code: string, message: string, cles: readonly string[] = []) {
    super(code, message, { statut: 409 })
    this.cles = cles
  }
}

/** Does not exist, or lies outside the actor's perimeter: both answer alike. HTTP 404. */
export class Introuvable extends Error {
  override readonly name = 'Introuvable'
  constructor(message = 'Cette page n’existe pas, ou n’est pas dans votre périmètre.') {
    super(message)
  }
}

/** This kind of action is not the actor's. HTTP 403. `message` says whom to ask. */
export class Interdit extends Error {
  override readonly name = 'Interdit'
  constructor(
    message = 'Cette action n’est pas dans votre habilitation. L’administrateur de votre département dit qui en a le droit.',
  ) {
    super(message)
  }
}
