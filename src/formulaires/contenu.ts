import type { Champ } from './modele.ts'
import { type Invalides, memeValeur, type Saisie, type Valeur, type Valeurs } from './valeurs.ts'

/** Last change of a field: from which page, over which versions of the form, and what was there before. */
interface Trace {
  readonly de: number
  readonly a: number
  /** Mark of the page it was typed in: somebody saving again what they are typing does not meet themselves. */
  readonly par: string
  /** Version of the change before this one; 0 when there was none. */
  readonly precedent: number
  /** The field as it was (`etatDe`), and the page that had left it so. */
  readonly avant: string
  readonly avantPar?: string | undefined
}

/** What a form holds, as it is sealed. */
export interface Contenu {
  readonly valeurs: Valeurs
  readonly invalides: Invalides
  /** Fields taken from elsewhere and not corrected by anybody: where from, in words. */
  readonly reprises: Readonly<Record<string, string>>
  readonly traces: Readonly<Record<string, Trace>>
}

/** Whether another page changed something since a version. */
export const changeAilleurs = ({ traces }: Contenu, { vu, par }: { readonly vu: number; readonly par: string }) =>
  Object.values(traces).some((trace) => trace.a > vu && trace.par !== par)

export const CONTENU_VIDE: Contenu = { valeurs: {}, invalides: {}, reprises: {}, traces: {} }

/** A value known elsewhere, and where from in words: « dossier », « diagnostic du 12/10/2026 ». */
export interface Reprise {
  readonly valeur: Valeur
  readonly provenance: string
}
export type Reprises = Readonly<Record<string, Reprise>>

const duChamp = (invalides: Invalides, code: string): [string, string][] =>
  Object.entries(invalides).filter(([nom]) => nom.split('.')[0] === code)

/** A field as typed: its value and what could not be read of it. */
const etatDe = ({ valeurs, invalides }: Saisie, code: string): string =>
  JSON.stringify([valeurs[code] ?? null, duChamp(invalides, code)])

/** What a saving would do: the fields this person changed, and those of them somebody else changed meanwhile. */
export interface Fusion {
  readonly contenu: Contenu
  readonly modifies: readonly string[]
  readonly conflits: readonly string[]
}

/**
 * Merges what one person typed, from the version they saw, into what is there. A field somebody else changed and this person left alone keeps the change; both
 * changed it: conflict. A value corrected is no longer taken from elsewhere. `vu` is the version the page was shown with, however often it saved since (`par`): moved with
 * its own savings, what others changed in between would look as if it had been seen, and be put back as it was.
 */
export function fusionner(
  contenu: Contenu,
  champs: readonly Champ[],
  saisie: Saisie,
  { vu, version, par }: { readonly vu: number; readonly version: number; readonly par: string },
): Fusion {
  const valeurs: Record<string, Valeur> = { ...contenu.valeurs }
  const invalides: Record<string, string> = { ...contenu.invalides }
  const reprises = { ...contenu.reprises }
  const traces = { ...contenu.traces }
  const modifies: string[] = []
  const conflits: string[] = []
  for (const { code, genre } of champs) {
    if (genre === 'calcul') continue
    const [saisi, present] = [etatDe(saisie, code), etatDe(contenu, code)]
    if (saisi === present) continue
    const trace = contenu.traces[code]
    if (trace && trace.a > vu && !(trace.par === par && trace.precedent <= vu)) {
      const connu = trace.precedent <= vu && vu < trace.de
      const base = connu || trace.avantPar === par ? trace.avant : null
      if (saisi === base) continue
      conflits.push(code)
    }
    modifies.push(code)
    for (const [nom] of duChamp(invalides, code)) delete invalides[nom]
    Object.assign(invalides, Object.fromEntries(duChamp(saisie.invalides, code)))
    const valeur = saisie.valeurs[code]
    if (valeur === undefined) delete valeurs[code]
    else valeurs[code] = valeur
    delete reprises[code]
    traces[code] =
      trace?.par === par
        ? { ...trace, a: version }
        : { de: version, a: version, par, precedent: trace?.a ?? 0, avant: present, avantPar: trace?.par }
  }
  return { contenu: { valeurs, invalides, reprises, traces }, modifies, conflits }
}

/** Fills with what is known elsewhere the fields nobody answered: what a person wrote, or emptied, wins. */
export function reprendre(contenu: Contenu, champs: readonly Champ[], reprises: Reprises): Contenu {
  const valeurs: Record<string, Valeur> = { ...contenu.valeurs }
  const provenances: Record<string, string> = { ...contenu.reprises }
  for (const { code, genre } of champs) {
    const reprise = reprises[code]
    if (!reprise || genre === 'calcul' || contenu.traces[code]) continue
    if (valeurs[code] !== undefined && provenances[code] === undefined) continue
    if (memeValeur(valeurs[code], reprise.valeur) && provenances[code] === reprise.provenance) continue
    valeurs[code] = reprise.valeur
    provenances[code] = reprise.provenance
  }
  return { ...contenu, valeurs, reprises: provenances }
}

/** A copy to go on with: same answers, no memory of who changed what in the other. */
export const copier = (contenu: Contenu): Contenu => ({ ...contenu, traces: {} })
