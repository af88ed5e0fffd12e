import {
  CLES_PARAMETRES,
  type CleParametre,
  type Criteres,
  definitionParametre,
  ecrireJour,
  ecrireValeur,
  MISSIONS,
  type Repartition,
  SERVICES,
  type SourceReglementaire,
} from '#referentiel'

/** What differs in one rule. `condition` and `champ` hold a condition as written, to be said in French by whoever shows it. */
export const ASPECTS = [
  'libelle',
  'condition',
  'champ',
  'service',
  'ordre',
  'modalite',
  'mission',
  'memes_regles',
  'sans_prise_en_charge',
  'recours',
  'reference',
  'lieu',
  'rang',
  'valeur',
  'source',
  'fin',
  'remarque',
  'revision',
  'exemples',
] as const
export type Aspect = (typeof ASPECTS)[number]

export interface Nuance {
  readonly aspect: Aspect
  readonly avant: string | null
  readonly apres: string | null
}

/** One rule, criterion or setting that is added, taken away or changed. */
export interface Changement {
  readonly sens: 'ajoute' | 'retire' | 'change'
  readonly objet: 'version' | 'volet' | 'regle' | 'offre' | 'groupe' | 'critere' | 'parametre'
  readonly id: string
  readonly libelle: string
  /** Where it stands: the situation of a rule, the group of a criterion. */
  readonly lieu: string | null
  readonly nuances: readonly Nuance[]
}

interface Element {
  readonly objet: Changement['objet']
  readonly id: string
  readonly libelle: string
  readonly lieu: { readonly id: string; readonly libelle: string } | null
  readonly aspects: readonly (readonly [Aspect, string | null])[]
}

const ORDRES = {
  deja_connu: 'le service connaît déjà le ménage',
  profil: 'c’est le public du service',
  a_defaut: 'prend tous les autres',
} as const

const ecrireSource = ({ titre, reference }: SourceReglementaire): string =>
  reference === null ? titre : `${titre}, ${reference}`

function entete(version: Repartition | Criteres): Element {
  return {
    objet: 'version',
    id: 'version',
    libelle: version.libelle,
    lieu: null,
    aspects: [
      ['libelle', version.libelle],
      ['source', ecrireSource(version.source)],
      ['fin', version.jusqu_au ? ecrireJour(version.jusqu_au) : null],
      ['remarque', 'remarque' in version ? (version.remarque ?? null) : null],
      ['revision', 'revision' in version ? (version.revision ?? null) : null],
      ['exemples', String(version.exemples.length)],
    ],
  }
}

function decrireRepartition(version: Repartition): Element[] {
  const nommer = (id: string | undefined): string | null =>
    id === undefined ? null : (version.volets.find((volet) => volet.id === id)?.libelle ?? id)
  return [
    entete(version),
    ...version.volets.flatMap((volet): Element[] => [
      {
        objet: 'volet',
        id: volet.id,
        libelle: volet.libelle,
        lieu: null,
        aspects: [
          ['libelle', volet.libelle],
          ['condition', volet.si?.texte ?? null],
          ['mission', volet.mission ? MISSIONS[volet.mission] : null],
          ['memes_regles', nommer(volet.memes_regles_que)],
          ['sans_prise_en_charge', volet.sans_prise_en_charge?.motif ?? null],
          ['recours', volet.recours ? `${SERVICES[volet.recours.service]} : ${volet.recours.libelle}` : null],
          ['reference', volet.sans_prise_en_charge?.reference ?? volet.recours?.reference ?? null],
        ],
      },
      ...(volet.regles ?? []).map(
        (regle): Element => ({
          objet: 'regle',
          id: regle.id,
          libelle: regle.libelle,
          lieu: { id: volet.id, libelle: volet.libelle },
          aspects: [
            ['service', SERVICES[regle.service]],
            ['libelle', regle.libelle],
            ['ordre', ORDRES[regle.ordre]],
            ['condition', regle.si?.texte ?? null],
            ['modalite', regle.modalite ?? null],
            ['reference', regle.reference],
          ],
        }),
      ),
    ]),
    ...(version.offres ?? []).map(
      (offre): Element => ({
        objet: 'offre',
        id: offre.id,
        libelle: offre.libelle,
        lieu: null,
        aspects: [
          ['service', SERVICES[offre.service]],
          ['libelle', offre.libelle],
          ['condition', offre.si.texte],
          ['reference', offre.reference],
        ],
      }),
    ),
  ]
}

function decrireCriteres(version: Criteres): Element[] {
  return [
    entete(version),
    ...version.groupes.flatMap((groupe): Element[] => [
      {
        objet: 'groupe',
        id: groupe.id,
        libelle: groupe.libelle,
        lieu: null,
        aspects: [
          ['libelle', groupe.libelle],
          ['champ', groupe.champ?.texte ?? null],
        ],
      },
      ...groupe.criteres.map(
        (critere): Element => ({
          objet: 'critere',
          id: critere.id,
          libelle: critere.libelle,
          lieu: { id: groupe.id, libelle: groupe.libelle },
          aspects: [
            ['libelle', critere.libelle],
            ['condition', critere.si?.texte ?? null],
            ['reference', critere.reference],
          ],
        }),
      ),
    ]),
  ]
}

/** Rank of each element among those of its kind and place, from 1. */
function rangs(elements: readonly Element[]): Map<Element, number> {
  return new Map(
    [...Map.groupBy(elements, suiteDe).values()].flatMap((suite) =>
      suite.map((element, rang) => [element, rang + 1] as const),
    ),
  )
}

const suiteDe = ({ objet, lieu }: Element): string => `${objet}|${lieu?.id ?? ''}`
const cleDe = ({ objet, id }: Element): string => `${objet}|${id}`

/** Elements that keep their order when the others are taken out: the longest increasing run of their new ranks. */
function enOrdre(nouveaux: readonly number[]): Set<number> {
  const longueur: number[] = []
  const precedent: number[] = []
  for (const [i, valeur] of nouveaux.entries()) {
    longueur[i] = 1
    precedent[i] = -1
    for (let j = 0; j < i; j++) {
      if ((nouveaux[j] ?? 0) < valeur && (longueur[j] ?? 0) + 1 > (longueur[i] ?? 0)) {
        longueur[i] = (longueur[j] ?? 0) + 1
        precedent[i] = j
      }
    }
  }
  const garde = new Set<number>()
  let fin = longueur.indexOf(Math.max(...longueur))
  while (fin >= 0) {
    garde.add(fin)
    fin = precedent[fin] ?? -1
  }
  return garde
}

/** Keys of what changed place among its own: a rank that moves only because another came or went is not a change. */
function listerDeplaces(avant: readonly Element[], apres: readonly Element[]): Set<string> {
  const places = new Map(apres.map((element, rang) => [`${suiteDe(element)}|${element.id}`, rang]))
  const deplaces = new Set<string>()
  for (const suite of Map.groupBy(avant, suiteDe).values()) {
    const communs = suite.filter((element) => places.has(`${suiteDe(element)}|${element.id}`))
    if (communs.length < 2) continue
    const gardes = enOrdre(communs.map((element) => places.get(`${suiteDe(element)}|${element.id}`) ?? 0))
    for (const [rang, element] of communs.entries()) if (!gardes.has(rang)) deplaces.add(cleDe(element))
  }
  return deplaces
}

function comparerElements(avant: readonly Element[], apres: readonly Element[]): Changement[] {
  const rangsAvant = rangs(avant)
  const rangsApres = rangs(apres)
  const anciens = new Map(avant.map((element) => [cleDe(element), element]))
  const nouveaux = new Map(apres.map((element) => [cleDe(element), element]))
  const deplaces = listerDeplaces(avant, apres)
  const ordonne = (element: Element) => element.objet === 'regle' || element.objet === 'volet'
  const decrire = (element: Element, sens: Changement['sens'], nuances: readonly Nuance[]): Changement => ({
    sens,
    objet: element.objet,
    id: element.id,
    libelle: element.libelle,
    lieu: element.lieu?.libelle ?? null,
    nuances,
  })
  const presents = apres.flatMap((element): Changement[] => {
    const ancien = anciens.get(cleDe(element))
    const rang = String(rangsApres.get(element) ?? '')
    if (!ancien) {
      const nuances = element.aspects.flatMap(([aspect, valeur]) =>
        valeur === null || aspect === 'libelle' ? [] : [{ aspect, avant: null, apres: valeur }],
      )
      const place = ordonne(element) ? [{ aspect: 'rang' as const, avant: null, apres: rang }] : []
      return [decrire(element, 'ajoute', [...place, ...nuances])]
    }
    const nuances: Nuance[] = element.aspects.flatMap(([aspect, valeur]) => {
      const ancienne = ancien.aspects.find(([autre]) => autre === aspect)?.[1] ?? null
      return ancienne === valeur ? [] : [{ aspect, avant: ancienne, apres: valeur }]
    })
    if (ancien.lieu?.id !== element.lieu?.id) {
      nuances.unshift({ aspect: 'lieu', avant: ancien.lieu?.libelle ?? null, apres: element.lieu?.libelle ?? null })
    } else if (ordonne(element) && deplaces.has(cleDe(element))) {
      nuances.unshift({ aspect: 'rang', avant: String(rangsAvant.get(ancien) ?? ''), apres: rang })
    }
    return nuances.length === 0 ? [] : [decrire(element, 'change', nuances)]
  })
  const retires = avant
    .filter((element) => !nouveaux.has(cleDe(element)))
    .map((element) =>
      decrire(
        element,
        'retire',
        element.aspects.flatMap(([aspect, valeur]) =>
          valeur === null || aspect === 'libelle' ? [] : [{ aspect, avant: valeur, apres: null }],
        ),
      ),
    )
  return [...presents, ...retires]
}

/** Dispatch rules before and after, rule by rule. Without a version before, everything is added. */
export function comparerRepartitions(avant: Repartition | null, apres: Repartition): Changement[] {
  return comparerElements(avant ? decrireRepartition(avant) : [], decrireRepartition(apres))
}

/** Criteria before and after, criterion by criterion. */
export function comparerCriteres(avant: Criteres | null, apres: Criteres): Changement[] {
  return comparerElements(avant ? decrireCriteres(avant) : [], decrireCriteres(apres))
}

/** A setting as it is compared. */
export interface Reglage {
  readonly valeur: string | number | boolean | null
  readonly source: SourceReglementaire
  readonly remarque?: string | undefined
  readonly jusqu_au?: Temporal.PlainDate | null | undefined
}

/** Settings before and after, one by one; only those of `apres` are looked at. */
export function comparerReglages(
  avant: Readonly<Partial<Record<CleParametre, Reglage>>>,
  apres: Readonly<Partial<Record<CleParametre, Reglage>>>,
): Changement[] {
  const decrire = (cle: CleParametre, reglage: Reglage | undefined): Element['aspects'] => [
    ['valeur', reglage && reglage.valeur !== null ? ecrireValeur(`parametre.${cle}`, reglage.valeur) : null],
    ['source', reglage ? ecrireSource(reglage.source) : null],
    ['remarque', reglage?.remarque ?? null],
    ['fin', reglage?.jusqu_au ? ecrireJour(reglage.jusqu_au) : null],
  ]
  return CLES_PARAMETRES.filter((cle) => apres[cle]).flatMap((cle): Changement[] => {
    const anciens = decrire(cle, avant[cle])
    const nuances = decrire(cle, apres[cle]).flatMap(([aspect, valeur], rang): Nuance[] => {
      const ancienne = anciens[rang]?.[1] ?? null
      return ancienne === valeur ? [] : [{ aspect, avant: ancienne, apres: valeur }]
    })
    if (nuances.length === 0) return []
    const sens = avant[cle] ? 'change' : 'ajoute'
    return [{ sens, objet: 'parametre', id: cle, libelle: definitionParametre(cle).sens, lieu: null, nuances }]
  })
}
