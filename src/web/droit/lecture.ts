import type { Session } from '#acces'
import {
  type Delai,
  type Delais,
  ETAPES_DROIT,
  type EtapeDroit,
  ecrireContenu,
  ecrireCritere,
  ecrireDuree,
  ecrireSource,
  estAVerifier,
  FAITS_DATES,
  type FaitDate,
  type Fiabilite,
  inventorierDroit,
  type SourceDelai,
  type Valeur,
  type VersionDroit,
} from '#procedure'
import { inventorier, type Referentiel, type Remarque } from '#referentiel'
import { ecrireCalculSeuil } from './phrases.ts'

/** Kinds of rules, as addresses and data name them. */
export const GENRES = {
  delais: 'délai',
  valeurs: 'valeur',
  seuils: 'seuil',
  calendrier: 'calendrier',
} as const
export type Genre = keyof typeof GENRES

/** What a person may ask to see. */
export const ETATS = {
  a_verifier: 'À vérifier',
  expire: 'Expirées',
  bientot: 'Fin ou changement proche',
} as const
export type EtatRegle = keyof typeof ETATS

/** One version of a rule, in words. */
export interface VersionMontree {
  readonly cle: string
  readonly du: Temporal.PlainDate
  readonly jusquAu: Temporal.PlainDate | null
  /** « décision en référé »; empty when it holds for all. */
  readonly pour: string
  readonly texte: string
  readonly source: SourceDelai
  readonly fiabilite: Fiabilite | 'defaut'
  readonly verifieLe: Temporal.PlainDate | null
  readonly reserve: string | null
  readonly ensuite: string | null
  /** Another reading of the same version. */
  readonly seconde: boolean
}

/** A rule of law as the screens show it, whatever its kind. */
export interface RegleMontree {
  readonly genre: Genre
  readonly nom: string
  readonly id: string
  readonly href: string
  readonly libelle: string
  readonly court: string
  readonly etape: EtapeDroit
  readonly locale: boolean
  /** Facts whose date selects the version; empty for the calendar. */
  readonly rattachement: readonly FaitDate[]
  readonly versions: readonly VersionMontree[]
  readonly etats: ReadonlySet<EtatRegle>
  /** Why: the remarks of the inventory, without « never read by a jurist », which is true of all. */
  readonly remarques: readonly Remarque[]
  readonly delai: Delai | null
  readonly valeur: Valeur | null
}

const CALENDRIER: readonly { readonly nom: string; readonly etape: EtapeDroit }[] = [
  { nom: 'treve-hivernale', etape: 'expulsion' },
]

/** Every rule that holds in the département of the session, in the order of the procedure, then of its name. */
export function listerRegles({
  delais,
  referentiel,
  jour,
}: Pick<Session, 'delais' | 'referentiel' | 'jour'>): readonly RegleMontree[] {
  const remarques = Map.groupBy(
    [...inventorierDroit(delais, jour), ...inventorier(referentiel, jour)].filter(
      ({ genre }) => genre !== 'non_verifie',
    ),
    ({ chemin }) => chemin,
  )
  const finir = (regle: Omit<RegleMontree, 'etats' | 'remarques' | 'href'>): RegleMontree => {
    const siennes = remarques.get(`donnees/${regle.id}.yaml`) ?? []
    return {
      ...regle,
      href: adresse(regle.genre, regle.nom),
      etats: new Set(siennes.flatMap(({ genre }) => etatDe(genre) ?? [])),
      remarques: siennes,
    }
  }
  const etapes = Object.keys(ETAPES_DROIT)
  return [
    ...delais.liste.map((delai) => finir(lireDelai(delai))),
    ...delais.valeurs.map((valeur) => finir(lireValeur(valeur))),
    ...lireSeuils(referentiel).map(finir),
    ...CALENDRIER.map(({ nom, etape }) => finir(lireTreve(delais, nom, etape))),
  ].toSorted((a, b) => etapes.indexOf(a.etape) - etapes.indexOf(b.etape) || a.id.localeCompare(b.id))
}

/** Address of the page of a rule. */
export function adresse(genre: Genre, nom: string): string {
  return `/droit/${genre}/${nom}`
}

/** The rule that another one names, whatever its kind. */
export function trouverRegle(regles: readonly RegleMontree[], nom: string): RegleMontree | undefined {
  return regles.find((regle) => regle.nom === nom)
}

/** The versions that hold on a day: one for each situation. */
export function enVigueurLe({ versions }: RegleMontree, jour: Temporal.PlainDate): readonly VersionMontree[] {
  return versions.filter(
    (version) =>
      Temporal.PlainDate.compare(version.du, jour) <= 0 &&
      (!version.jusquAu || Temporal.PlainDate.compare(jour, version.jusquAu) <= 0),
  )
}

function etatDe(genre: Remarque['genre']): EtatRegle | null {
  switch (genre) {
    case 'a_verifier':
    case 'a_completer':
      return 'a_verifier'
    case 'expire':
      return 'expire'
    case 'expire_bientot':
    case 'change_bientot':
      return 'bientot'
    default:
      return null
  }
}

type RegleNue = Omit<RegleMontree, 'etats' | 'remarques' | 'href'>

function lireDelai(delai: Delai): RegleNue {
  return {
    ...commun('delais', delai),
    court: delai.libelleCourt,
    versions: montrerVersions(delai.versions, ({ duree }) => ecrireDuree(duree)),
    delai,
    valeur: null,
  }
}

function lireValeur(valeur: Valeur): RegleNue {
  return {
    ...commun('valeurs', valeur),
    court: valeur.libelleCourt,
    versions: valeur.versions.flatMap((version) => {
      const [montree] = montrerVersions([version], ({ contenu }) => ecrireContenu(contenu), valeur.versions)
      const { autreLecture: autre } = version
      if (!montree) return []
      if (!autre) return [montree]
      const seconde = {
        ...montree,
        cle: `${montree.cle} bis`,
        texte: ecrireContenu(autre.contenu),
        source: autre.source,
        fiabilite: autre.fiabilite,
        reserve: autre.reserve,
        seconde: true,
      }
      return [montree, seconde]
    }),
    delai: null,
    valeur,
  }
}

function commun(genre: Genre, { id, nom, libelle, etape, rattachement }: Delai | Valeur) {
  return { genre, id, nom, libelle, etape, rattachement, locale: !id.startsWith('droit/') }
}

/** A version without an end stops the day before the next one for the same situations. */
function montrerVersions<V extends VersionDroit>(
  versions: readonly V[],
  ecrire: (version: V) => string,
  toutes: readonly V[] = versions,
): readonly VersionMontree[] {
  return versions.map((version) => {
    const pour = ecrireCritere(version.critere)
    const suivante = toutes.find(
      (autre) => Temporal.PlainDate.compare(autre.du, version.du) > 0 && ecrireCritere(autre.critere) === pour,
    )
    return {
      cle: `${version.du} ${pour}`,
      du: version.du,
      jusquAu: version.jusquAu ?? suivante?.du.subtract({ days: 1 }) ?? null,
      pour,
      texte: ecrire(version),
      source: version.source,
      fiabilite: version.fiabilite,
      verifieLe: version.verifieLe,
      reserve: version.reserve,
      ensuite: version.ensuite,
      seconde: false,
    }
  })
}

function lireSeuils(referentiel: Referentiel): readonly RegleNue[] {
  return [...referentiel.seuils.values()].map((seuil): RegleNue => {
    const { versions } = seuil
    return {
      genre: 'seuils',
      id: seuil.id,
      nom: seuil.id.split('/').at(-1) ?? seuil.id,
      libelle: seuil.libelle,
      court: seuil.libelle,
      etape: FAITS_DATES[seuil.rattachement].etape,
      locale: false,
      rattachement: [seuil.rattachement],
      versions: versions.map((version, rang) => ({
        cle: version.du.toString(),
        du: version.du,
        jusquAu: version.jusqu_au ?? versions[rang + 1]?.du.subtract({ days: 1 }) ?? null,
        pour: '',
        texte: ecrireCalculSeuil(version),
        source: {
          titre: version.source.titre,
          reference: version.source.reference ?? undefined,
          lien: version.source.lien ?? undefined,
        },
        fiabilite: version.fiabilite,
        verifieLe: version.verifie_le,
        reserve: null,
        ensuite: null,
        seconde: false,
      })),
      delai: null,
      valeur: null,
    }
  })
}

/** Winter truces are periods, not versions: each one is shown with what it forbids. */
function lireTreve({ calendrier }: Delais, nom: string, etape: EtapeDroit): RegleNue {
  return {
    genre: 'calendrier',
    id: `droit/calendrier/${nom}`,
    nom,
    libelle: 'Périodes pendant lesquelles une expulsion ne peut pas être exécutée',
    court: 'Trêve hivernale',
    etape,
    locale: false,
    rattachement: ['expulsion.prevue', 'expulsion.executee', 'evenement.examine'],
    versions: calendrier.treves.map(({ saison, du, jusquAu, source, fiabilite, verifieLe }) => ({
      cle: saison,
      du,
      jusquAu,
      pour: '',
      texte: `Trêve ${saison}`,
      source,
      fiabilite,
      verifieLe,
      reserve: null,
      ensuite: null,
      seconde: false,
    })),
    delai: null,
    valeur: null,
  }
}

/** Must « à vérifier » be said beside a version? */
export function estDouteuse({ fiabilite, seconde }: VersionMontree): boolean {
  return seconde || fiabilite === 'defaut' || estAVerifier(fiabilite)
}

/** What a search reads: names, words, values, sources, file. */
export function texteDe(regle: RegleMontree): string {
  return [
    regle.libelle,
    regle.court,
    regle.id,
    GENRES[regle.genre],
    ETAPES_DROIT[regle.etape],
    ...regle.rattachement.map((fait) => FAITS_DATES[fait].manque),
    ...regle.versions.flatMap(({ texte, pour, source, reserve }) => [texte, pour, ecrireSource(source), reserve ?? '']),
  ].join(' ')
}
