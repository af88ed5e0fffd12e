import { type ConditionAcces, GROUPES_CHAMPS, type GroupeChamps } from '#referentiel'
import type { Acces } from './matrice.ts'

/** What a session may read of the fields of a row. Made once; applied to each row with the conditions that row fulfils. */
export interface Masque {
  /** Conditions of the row that still decide something: those a reading has to evaluate. Empty for most sessions. */
  readonly utiles: readonly ConditionAcces[]
  /** Conditions a dossier must fulfil to exist for this session, beyond what row-level security asks. One way is enough. */
  readonly perimetre: readonly (readonly ConditionAcces[])[]
  /** Whether a group is read in a row. Without conditions: in every row. */
  voit(groupe: GroupeChamps, remplies?: readonly string[]): boolean
  /** Groups hidden in a row, whose existence may be said. */
  caches(remplies?: readonly string[]): GroupeChamps[]
}

const GROUPES = Object.keys(GROUPES_CHAMPS) as GroupeChamps[]
const connus = new WeakMap<Acces, Masque>()

/** The mask of somebody. */
export function masqueDe({ acces }: { readonly acces: Acces }): Masque {
  const connu = connus.get(acces) ?? creer(acces)
  connus.set(acces, connu)
  return connu
}

function creer(acces: Acces): Masque {
  // Row-level security already asked for these: whatever row is read fulfils them.
  const acquises = new Set<ConditionAcces>(
    acces.portee === 'departement' ? ['departement'] : acces.portee === 'organisme' ? ['engage'] : [],
  )
  const dossiers = acces.droits.get('dossier.consulter') ?? []
  const perimetre = dossiers.map((voie) => voie.filter((condition) => !acquises.has(condition)))
  const libre = dossiers.length === 0 || perimetre.some((voie) => voie.length === 0)
  // A perimeter with only one way makes its conditions true of every row read.
  if (!libre && perimetre.length === 1) for (const condition of perimetre[0] ?? []) acquises.add(condition)
  const reste = new Map(
    [...acces.groupes].map(([groupe, voies]) => [
      groupe,
      voies.map((voie) => voie.filter((condition) => !acquises.has(condition))),
    ]),
  )
  const voit = (groupe: GroupeChamps, remplies: readonly string[] = []): boolean =>
    reste.get(groupe)?.some((voie) => voie.every((condition) => remplies.includes(condition))) ?? false
  const aEvaluer = [...reste.values()]
    .filter((voies) => voies.every((voie) => voie.length > 0))
    .flatMap((voies) => voies.flat())
  return {
    utiles: [...new Set(aEvaluer)].toSorted(),
    perimetre: libre ? [] : perimetre,
    voit,
    caches: (remplies) => GROUPES.filter((groupe) => !GROUPES_CHAMPS[groupe].tu && !voit(groupe, remplies)),
  }
}
