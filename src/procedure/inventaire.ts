import { inventorierVersions, type Remarque, type SuiteVersions } from '#referentiel'
import type { Delai, Delais } from './delais.ts'
import { ecrireCritere } from './situations.ts'
import { ecrireSource, estAVerifier, type Fiabilite, type SourceDelai } from './sources.ts'
import type { Valeur } from './valeurs.ts'

const TREVE = 'droit/calendrier/treve-hivernale'

/**
 * What a jurist has to look at in the time limits, the values and the calendar: not verified, ended, about to end or to change on `jour`.
 * `garder` chooses the rules by their id: all of them by default.
 */
export function inventorierDroit(
  { liste, valeurs, calendrier }: Delais,
  jour: Temporal.PlainDate,
  garder: (id: string) => boolean = () => true,
): readonly Remarque[] {
  const delais = liste.filter(({ id }) => garder(id))
  const autres = valeurs.filter(({ id }) => garder(id))
  const saison = garder(TREVE) ? calendrier.treves.at(-1) : undefined
  const treve: readonly SuiteVersions[] = saison
    ? [
        {
          libelle: `Trêve hivernale, dernière saison connue (${saison.saison})`,
          versions: [{ chemin: TREVE, ...provenance(saison), du: saison.du, jusqu_au: saison.jusquAu }],
        },
      ]
    : []
  return [
    ...inventorierVersions([...[...delais, ...autres].flatMap(enSuites), ...treve], jour),
    ...delais.flatMap((delai) => remarquer(delai, [...doutesCommuns(delai), ...doutesDeDelai(delai)])),
    ...autres.flatMap((valeur) => remarquer(valeur, [...doutesCommuns(valeur), ...doutesDeValeur(valeur)])),
  ]
}

/** The versions of a rule, one series per criterion: at one date, one of each may hold. */
function enSuites({ id, libelle, versions }: Delai | Valeur): readonly SuiteVersions[] {
  const groupes = Map.groupBy([...versions], ({ critere }) => JSON.stringify(critere))
  return [...groupes.values()].map((groupe) => ({
    libelle: [libelle, ecrireCritere(groupe[0]?.critere ?? {})].filter((texte) => texte !== '').join(', '),
    versions: groupe.map((version) => ({
      chemin: id,
      ...provenance(version),
      du: version.du,
      jusqu_au: version.jusquAu,
    })),
  }))
}

function provenance(de: {
  readonly source: SourceDelai
  readonly fiabilite: Fiabilite
  readonly verifieLe: Temporal.PlainDate | null
}) {
  return {
    source: { titre: ecrireSource(de.source), reference: null, lien: de.source.lien ?? null },
    fiabilite: de.fiabilite,
    verifie_le: de.verifieLe,
  }
}

/** Something that goes with the value and that nobody confirmed. */
interface Doute {
  readonly fiabilite: Fiabilite
  readonly detail: string
}

function remarquer({ id, libelle }: Delai | Valeur, doutes: readonly Doute[]): readonly Remarque[] {
  return doutes
    .filter(({ fiabilite }) => estAVerifier(fiabilite))
    .map(({ detail }) => ({ chemin: `donnees/${id}.yaml`, libelle, genre: 'a_verifier', detail }))
}

function doutesCommuns({ rattachementDiscute: discute, transition }: Delai | Valeur): readonly Doute[] {
  return [
    ...(discute
      ? [{ fiabilite: discute.fiabilite, detail: `seconde lecture non confirmée : ${ecrireSource(discute.source)}` }]
      : []),
    ...(transition ? [{ fiabilite: transition.fiabilite, detail: transition.reserve }] : []),
  ]
}

function doutesDeDelai({ versions }: Delai): readonly Doute[] {
  return versions.flatMap(({ effetDiffere: effet }) =>
    effet ? [{ fiabilite: effet.fiabilite, detail: `effet différé non confirmé : ${ecrireSource(effet.source)}` }] : [],
  )
}

function doutesDeValeur({ versions }: Valeur): readonly Doute[] {
  return versions.flatMap(({ autreLecture: autre }) =>
    autre
      ? [{ fiabilite: autre.fiabilite, detail: `seconde lecture non confirmée : ${ecrireSource(autre.source)}` }]
      : [],
  )
}
