import type { CompteHabilite } from '#acces'
import type { IdentiteDossier } from '#dossiers'
import type { JourneeDeCompte, Ouverture } from '#journal'
import { normalizeForSearch } from '#socle/text'
import { type RegleAcces, regleAu, type SeuilsAcces } from './seuils.ts'

/** A behaviour to look at. Identifiers and figures: the names compared stay where they are. */
export interface AlerteCalculee {
  readonly regle: RegleAcces
  /** Same key, same alert: computing again raises it once. */
  readonly cle: string
  readonly compte: string | null
  readonly dossier: string | null
  readonly jour: Temporal.PlainDate
  readonly mesure: Readonly<Record<string, unknown>>
}

/** What the day is judged on, all read by the caller. */
export interface Observation {
  readonly jour: Temporal.PlainDate
  readonly journees: readonly JourneeDeCompte[]
  readonly ouvertures: readonly Ouverture[]
  readonly comptes: ReadonlyMap<string, CompteHabilite>
  readonly identites: ReadonlyMap<string, IdentiteDossier>
  /** Organismes that have, or had, something to do with a dossier. */
  readonly liens: ReadonlyMap<string, ReadonlySet<string>>
  /** True when the account declared the street of the dossier. */
  readonly estVoisin: (compte: string, dossier: IdentiteDossier) => boolean
}

/** Particles and short words say nothing of a family. */
const PARTICULES = new Set([
  'des',
  'les',
  'van',
  'von',
  'der',
  'den',
  'ben',
  'bin',
  'dos',
  'del',
  'dit',
  'dite',
  'veuve',
  'epouse',
])
const motsDeNom = (nom: string): string[] =>
  normalizeForSearch(nom)
    .split(' ')
    .filter((mot) => mot.length >= 3 && !PARTICULES.has(mot))

/** True when two family names have a word in common: a double name meets either half. */
export function estHomonyme(nom: string, noms: readonly string[]): boolean {
  const siens = motsDeNom(nom)
  return noms.some((autre) => motsDeNom(autre).some((mot) => siens.includes(mot)))
}

/** True when the organisme of the account has to do with the dossier, by what it did or by its territory. */
function estLie(
  compte: CompteHabilite,
  dossier: IdentiteDossier,
  { liens }: Observation,
  parTerritoire: readonly string[],
): boolean {
  if (liens.get(dossier.id)?.has(compte.organisme)) return true
  if (!parTerritoire.includes(compte.role)) return false
  return compte.territoires === null || dossier.territoire === null || compte.territoires.includes(dossier.territoire)
}

/** As many dossiers as an alert names; the journal has the others. */
const NOMMES = 20

/** What one day of consultations calls for a look at, under the settings of that day. Pure. */
export function evaluerConsultations(observation: Observation, seuils: SeuilsAcces): AlerteCalculee[] {
  const { jour, journees, ouvertures, comptes, identites } = observation
  const alertes: AlerteCalculee[] = []
  const lever = (regle: RegleAcces, compte: string, dossier: string | null, mesure: AlerteCalculee['mesure']) => {
    // The same person and the same household are looked at once; a figure is of its day.
    const cle = [
      regle,
      compte,
      dossier ?? jour.toString(),
      ...(typeof mesure.compteur === 'string' ? [mesure.compteur] : []),
    ]
    alertes.push({ regle, cle: cle.join('|'), compte, dossier, jour, mesure })
  }
  const depasser = (
    regle: RegleAcces,
    compte: string,
    compteur: string,
    n: number,
    seuil: number | undefined,
    du: Temporal.PlainDate,
  ) => {
    if (seuil !== undefined && n > seuil) lever(regle, compte, null, { compteur, n, seuil, seuil_du: du.toString() })
  }

  const homonyme = regleAu(seuils, 'homonyme', jour)
  const voisin = regleAu(seuils, 'voisin', jour)
  const sansLien = regleAu(seuils, 'sans_lien', jour)
  const etrangers = new Map<string, string[]>()
  for (const { compte, dossier } of ouvertures) {
    const lecteur = comptes.get(compte)
    const identite = identites.get(dossier)
    if (!lecteur || !identite) continue
    if (homonyme && estHomonyme(lecteur.nom, identite.noms)) lever('homonyme', compte, dossier, {})
    if (voisin && observation.estVoisin(compte, identite)) lever('voisin', compte, dossier, {})
    if (sansLien && !estLie(lecteur, identite, observation, sansLien.par_territoire))
      etrangers.set(compte, [...(etrangers.get(compte) ?? []), dossier])
  }
  for (const [compte, dossiers] of etrangers) {
    const role = comptes.get(compte)?.role
    const seuil = role && sansLien?.dossiers[role]
    if (sansLien && seuil !== undefined && dossiers.length > seuil)
      lever('sans_lien', compte, null, {
        n: dossiers.length,
        seuil,
        seuil_du: sansLien.du.toString(),
        dossiers: dossiers.slice(0, NOMMES),
      })
  }

  const volume = regleAu(seuils, 'volume', jour)
  const refus = regleAu(seuils, 'refus', jour)
  const connexions = regleAu(seuils, 'connexions', jour)
  for (const journee of journees) {
    const role = comptes.get(journee.compte)?.role
    if (volume && role) {
      for (const compteur of ['ouverts', 'vus', 'exportes'] as const)
        depasser('volume', journee.compte, compteur, journee[compteur], volume[compteur][role], volume.du)
    }
    if (refus) depasser('refus', journee.compte, 'refus', journee.refus, refus.demandes, refus.du)
    if (connexions)
      depasser('connexions', journee.compte, 'connexions', journee.connexions, connexions.essais, connexions.du)
  }
  return alertes
}
