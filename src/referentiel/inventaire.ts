import type { Referentiel } from './chargement.ts'
import { CLES_PARAMETRES, definitionParametre } from './parametres.ts'
import { ecrireJour, type Periode, type Provenance } from './source.ts'

/** Something a jurist or a pilot has to look at in the data; never an error. */
export interface Remarque {
  readonly chemin: string
  readonly libelle: string
  readonly genre: 'a_completer' | 'expire' | 'expire_bientot' | 'change_bientot' | 'a_verifier' | 'non_verifie'
  /** French sentence. */
  readonly detail: string
}

type Version = Periode & Provenance & { readonly valeur?: unknown }

/** The versions of one rule, in order, each with the path of its file (without `.yaml`). */
export interface SuiteVersions {
  readonly libelle: string
  readonly versions: readonly (Version & { readonly chemin: string })[]
}

/** How long before a term the reminder starts, in days: time enough for a commission to vote a new version. */
const PREAVIS = 183

/**
 * What is not verified, empty, expired or about to change on `jour`. Past versions that have a successor are left alone: they are kept
 * to replay old dossiers.
 */
export function inventorier(referentiel: Referentiel, jour: Temporal.PlainDate): Remarque[] {
  const lots: SuiteVersions[] = []
  const ajouter = (libelle: string, versions: SuiteVersions['versions']) => lots.push({ libelle, versions })
  for (const { id, libelle, versions } of referentiel.seuils.values()) {
    ajouter(
      libelle,
      versions.map((version) => ({ ...version, chemin: id })),
    )
  }
  for (const departement of referentiel.departements.values()) {
    ajouter(
      'Charte',
      departement.chartes.map((charte) => ({ ...charte, chemin: `${charte.id}/charte` })),
    )
    for (const suite of [departement.repartitions, departement.criteres, departement.arretes]) {
      ajouter(
        suite.at(-1)?.libelle ?? '',
        suite.map((fichier) => ({ ...fichier, chemin: fichier.id })),
      )
    }
    for (const cle of CLES_PARAMETRES) {
      const chemin = `departements/${departement.dossier}/parametres`
      ajouter(
        `${cle} (${definitionParametre(cle).sens})`,
        (departement.parametres[cle]?.versions ?? []).map((version) => ({ ...version, chemin })),
      )
    }
  }
  return inventorierVersions(lots, jour)
}

/** As `inventorier`, for rules that other modules hold. */
export function inventorierVersions(suites: readonly SuiteVersions[], jour: Temporal.PlainDate): Remarque[] {
  return suites.flatMap(({ libelle, versions }) =>
    versions.flatMap((version, rang) =>
      remarquer(version, versions[rang + 1], jour).map((remarque) => ({
        chemin: `donnees/${version.chemin}.yaml`,
        libelle,
        ...remarque,
      })),
    ),
  )
}

function remarquer(
  version: Version,
  suivante: Version | undefined,
  jour: Temporal.PlainDate,
): Pick<Remarque, 'genre' | 'detail'>[] {
  const remarques: Pick<Remarque, 'genre' | 'detail'>[] = []
  const bientot = jour.add({ days: PREAVIS })
  if (version.valeur === null) {
    remarques.push({ genre: 'a_completer', detail: 'valeur non donnée' })
  } else if (version.fiabilite === 'defaut') {
    remarques.push({ genre: 'a_completer', detail: 'valeur par défaut d’Amont' })
  }
  if (suivante === undefined && version.jusqu_au) {
    const fin = `terme le ${ecrireJour(version.jusqu_au)}, aucune version suivante`
    if (Temporal.PlainDate.compare(version.jusqu_au, jour) < 0) remarques.push({ genre: 'expire', detail: fin })
    else if (Temporal.PlainDate.compare(version.jusqu_au, bientot) <= 0) {
      remarques.push({ genre: 'expire_bientot', detail: fin })
    }
  }
  const avenir = Temporal.PlainDate.compare(version.du, jour) > 0
  if (avenir && Temporal.PlainDate.compare(version.du, bientot) <= 0) {
    remarques.push({ genre: 'change_bientot', detail: `nouvelle version le ${ecrireJour(version.du)}` })
  }
  if (version.fiabilite === 'C2' || version.fiabilite === 'NC') {
    remarques.push({ genre: 'a_verifier', detail: `source non confirmée : ${version.source.titre}` })
  }
  if (version.verifie_le === null) {
    remarques.push({
      genre: 'non_verifie',
      detail: `version du ${ecrireJour(version.du)}, jamais relue par un juriste`,
    })
  }
  return remarques
}
