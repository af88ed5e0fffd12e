import { z } from 'zod'
import { type Contexte, type Evaluation, etVerite, preparerContexte, TOUJOURS, type ValeurMot } from './condition.ts'
import { type AvecCriteres, avecDeduits, type Vulnerabilite, vulnerabilite } from './criteres.ts'
import { conditionEcrite, refuserDoublons, situationEcrite } from './ecriture.ts'
import { ecrireMotif, ecrireMots } from './motif.ts'
import { valeursParametres } from './parametres-dates.ts'
import { ecrireReserve, periode, preciserSource, provenance, type SourceReglementaire, versionAu } from './source.ts'
import type { Faits, Mot } from './vocabulaire.ts'
import {
  type DocumentYaml,
  ErreurDonnees,
  fichierDonnees,
  identifiant,
  jourCivil,
  lireTexteYaml,
  type Probleme,
  suggerer,
  texteRempli,
} from './yaml.ts'

/** Kinds of service a rule may name. Which organisme it is depends on the territory, not on the rule. */
export const SERVICES = {
  departement: 'service social du Département',
  ccas: 'CCAS ou CIAS',
  caf: 'service social de la CAF',
  msa: 'service social de la MSA',
  adil: 'ADIL',
  bailleur_social: 'service social du bailleur',
  point_conseil_budget: 'point conseil budget',
} as const
export type Service = keyof typeof SERVICES
const CODES_SERVICES = Object.keys(SERVICES) as [Service, ...Service[]]

/** Why a rank stands where it does: the service knows the household, its public is this profile, or it takes whoever remains. */
export const ORDRES = ['deja_connu', 'profil', 'a_defaut'] as const
export type Ordre = (typeof ORDRES)[number]

/** What the service is asked to do. */
export const MISSIONS = {
  accompagnement: 'accompagnement social du ménage',
  diagnostic: 'diagnostic de la situation de logement',
  relogement: 'démarches de relogement ou d’hébergement, ou maintien si le logement convient',
  enquete_sociale: 'enquête sociale avant décision sur le concours de la force publique',
} as const
export type Mission = keyof typeof MISSIONS
const CODES_MISSIONS = Object.keys(MISSIONS) as [Mission, ...Mission[]]

const regle = z.strictObject({
  id: identifiant,
  ordre: z.enum(ORDRES),
  si: conditionEcrite.optional(),
  libelle: texteRempli,
  service: z.enum(CODES_SERVICES),
  modalite: texteRempli.optional(),
  reference: texteRempli,
})
type Regle = z.output<typeof regle>

const volet = z.strictObject({
  id: identifiant,
  si: conditionEcrite.optional(),
  libelle: texteRempli,
  mission: z.enum(CODES_MISSIONS).optional(),
  regles: z.array(regle).min(1).optional(),
  memes_regles_que: identifiant.optional(),
  sans_prise_en_charge: z.strictObject({ motif: texteRempli, reference: texteRempli }).optional(),
  recours: z.strictObject({ service: z.enum(CODES_SERVICES), libelle: texteRempli, reference: texteRempli }).optional(),
})
type Volet = z.output<typeof volet>

const offre = z.strictObject({
  id: identifiant,
  si: conditionEcrite,
  libelle: texteRempli,
  service: z.enum(CODES_SERVICES),
  reference: texteRempli,
})

const dejaSollicite = z.strictObject({ service: z.enum(CODES_SERVICES), regle: identifiant.optional() })

/** How a decision ends. */
export const RESULTATS_REPARTITION = [
  'service',
  'a_verifier',
  'sans_prise_en_charge',
  'cascade_epuisee',
  'aucune_version',
] as const
export type ResultatRepartition = (typeof RESULTATS_REPARTITION)[number]

/** Shape of `repartition.yaml`. */
export const schemaRepartition = fichierDonnees({
  libelle: texteRempli,
  ...periode,
  ...provenance,
  volets: z.array(volet).min(1),
  offres: z.array(offre).optional(),
  exemples: z.array(
    z.strictObject({
      cas: texteRempli,
      jour: jourCivil,
      situation: situationEcrite,
      deja_sollicites: z.array(dejaSollicite).optional(),
      attendu: z.strictObject({
        resultat: z.enum(RESULTATS_REPARTITION),
        /** null when no rank is left; `service` and `reference` are then those of the recourse. */
        regle: identifiant.nullable(),
        service: z.enum(CODES_SERVICES).nullable(),
        reference: texteRempli,
        manquants: z.array(texteRempli).optional(),
        a_defaut: identifiant.optional(),
        offres: z.array(identifiant).optional(),
      }),
    }),
  ),
})
export type FichierRepartition = z.output<typeof schemaRepartition>

/** Dated dispatch rules; `id` is the path of their file, the version kept with each decision. */
export interface Repartition extends FichierRepartition {
  readonly id: string
}

/** What a département must carry for its rules to be evaluated. */
export interface AvecRegles extends AvecCriteres {
  readonly repartitions: readonly Repartition[]
}

/** A service already asked for this household at this stage. Without `regle`, it counts for its first rank not yet used. */
export type DejaSollicite = { readonly service: Service; readonly regle?: string | undefined }

/** One rank of the cascade on one situation. `service` is null for « no one to ask, and here is why ». */
export interface Rang {
  readonly rang: number
  readonly volet: string
  readonly regle: string
  readonly ordre: Ordre
  readonly service: Service | null
  readonly mission: Mission | null
  readonly libelle: string
  readonly modalite: string | null
  readonly etat: 'retenue' | 'ecartee' | 'indeterminee' | 'deja_sollicitee'
  readonly motif: string
  readonly si: string | null
  readonly valeurs: Readonly<Record<Mot, ValeurMot | null>>
  readonly manquants: readonly Mot[]
  readonly source: SourceReglementaire
}

/** A help proposed beside the cascade; it does not stop it and nobody is in charge because of it. */
export interface Offre {
  readonly offre: string
  readonly service: Service
  readonly libelle: string
  readonly etat: 'retenue' | 'indeterminee'
  readonly valeurs: Readonly<Record<Mot, ValeurMot | null>>
  readonly manquants: readonly Mot[]
  readonly source: SourceReglementaire
}

export interface DecisionRepartition {
  readonly resultat: ResultatRepartition
  /**
   * The rank the decision rests on. With `a_verifier`, the first rank that the missing facts may open: a person decides, or the
   * service asked answers whether it knows the household.
   */
  readonly rang: Rang | null
  /** With `a_verifier`: the rank that applies if every missing fact answers no. */
  readonly aDefaut: Rang | null
  readonly motif: string
  /** Missing facts that decide for `rang`; each later rank carries its own. */
  readonly manquants: readonly Mot[]
  readonly rangs: readonly Rang[]
  readonly offres: readonly Offre[]
  /** What remains to try when every rank has been asked. */
  readonly recours: { readonly service: Service; readonly libelle: string; readonly source: SourceReglementaire } | null
  readonly vulnerabilite: Vulnerabilite
  readonly version: string | null
  readonly source: SourceReglementaire | null
  readonly reserve: string | null
}

/** Reads dispatch rules from text, to simulate them. Throws `ErreurDonnees`; `chemin` names the text in messages and is its version. */
export function lireRepartition(texte: string, chemin: string): Repartition {
  const document = lireTexteYaml(texte, chemin, schemaRepartition)
  const problemes = verifierRepartition(document)
  if (problemes.length > 0) throw new ErreurDonnees(problemes)
  return { ...document.valeur, id: chemin.replace(/\.yaml$/, '') }
}

/**
 * What the schema cannot see. The last rank of a cascade and the last volet have no condition: whatever the household, someone is
 * named or the file says why no one is.
 */
export function verifierRepartition(document: DocumentYaml<FichierRepartition>): Probleme[] {
  const { volets, offres = [] } = document.valeur
  const regles = volets.flatMap((v, rang) =>
    (v.regles ?? []).map((r, c) => ({ id: r.id, ou: ['volets', rang, 'regles', c, 'id'] })),
  )
  const problemes = [
    ...refuserDoublons(document, [...volets.map((v, rang) => ({ id: v.id, ou: ['volets', rang, 'id'] }))]),
    ...refuserDoublons(document, [...regles, ...offres.map((o, rang) => ({ id: o.id, ou: ['offres', rang, 'id'] }))]),
  ]
  for (const [rang, v] of volets.entries()) {
    const ou = ['volets', rang]
    const suites = [v.regles, v.memes_regles_que, v.sans_prise_en_charge].filter((suite) => suite !== undefined)
    if (suites.length !== 1) {
      const message =
        'Un volet porte soit « regles », soit « memes_regles_que », soit « sans_prise_en_charge » : une de ces clés, une seule.'
      problemes.push(document.probleme([...ou, 'id'], message))
    }
    if (v.memes_regles_que !== undefined && !volets.some((autre) => autre.id === v.memes_regles_que && autre.regles)) {
      const noms = volets.filter((autre) => autre.regles).map((autre) => autre.id)
      const message = `Aucun volet « ${v.memes_regles_que} » ne porte de règles.${suggerer(v.memes_regles_que, noms)}`
      problemes.push(document.probleme([...ou, 'memes_regles_que'], message))
    }
    if (v.sans_prise_en_charge === undefined && v.mission === undefined) {
      problemes.push(
        document.probleme([...ou, 'id'], 'Ce volet ne dit pas la mission confiée au service (clé « mission »).'),
      )
    }
    for (const [c, r] of (v.regles ?? []).entries()) {
      const derniere = c === (v.regles?.length ?? 0) - 1
      if (derniere && (r.si || r.ordre !== 'a_defaut')) {
        const message =
          'La dernière règle d’un volet n’a pas de condition et porte « ordre: a_defaut » : personne n’est oublié.'
        problemes.push(document.probleme([...ou, 'regles', c, 'id'], message))
      }
      if (!derniere && !r.si) {
        const message =
          'Seule la dernière règle d’un volet peut être sans condition : celles qui suivent ne serviraient jamais.'
        problemes.push(document.probleme([...ou, 'regles', c, 'id'], message))
      }
    }
    const dernier = rang === volets.length - 1
    if (dernier === (v.si !== undefined)) {
      const message = dernier
        ? 'Le dernier volet n’a pas de condition : toute situation doit trouver une réponse.'
        : 'Seul le dernier volet peut être sans condition : ceux qui suivent ne serviraient jamais.'
      problemes.push(document.probleme([...ou, 'id'], message))
    }
  }
  return problemes
}

/**
 * Which service is asked, in which order, and why (REP-01 to REP-07, REP-28). Pure: the day chooses the version of the rules and of
 * the settings. `regles` replaces the rules in force, to simulate; `dejaSollicites` are the services that answered no or stayed
 * silent, so that the next rank comes out. « No diagnosis is due » is a result with its reason, never an error.
 */
export function evaluerRepartition(
  dept: AvecRegles,
  faits: Faits,
  jour: Temporal.PlainDate,
  options: { readonly dejaSollicites?: readonly DejaSollicite[]; readonly regles?: Repartition } = {},
): DecisionRepartition {
  const version = options.regles ?? versionAu(dept.repartitions, jour)
  if ('aucune' in version) {
    return { ...VIDE, resultat: 'aucune_version', motif: `Règles de répartition : ${version.aucune}.` }
  }
  const { contexte, vulnerable, developper } = preparer(dept, faits, jour)
  const volets = suivreVolets(version, contexte)
  const bruts = volets.flatMap(({ volet: v, reponse }) => rangsDuVolet(version, v, reponse, contexte, developper))
  const { rangs, dernierDemande } = marquerSollicites(
    bruts.map((rang, i) => ({ ...rang, rang: i + 1 })),
    options.dejaSollicites ?? [],
  )
  // A cascade goes down: once a rank has been asked, those above it are open again only when a fact says so, never because it is missing.
  const ouverts = rangs.filter(
    (rang) => rang.etat === 'retenue' || (rang.etat === 'indeterminee' && rang.rang > dernierDemande),
  )
  const commun = {
    rangs,
    offres: choisirOffres(version, contexte, developper, ouverts[0]),
    recours: null,
    vulnerabilite: vulnerable,
    version: version.id,
    source: version.source,
    reserve: ecrireReserve(version),
    aDefaut: null,
    manquants: [],
  }
  const premier = ouverts[0]
  // Somebody was asked, since it is not certain that nobody has to be: that they declined does not make it certain.
  if (!premier || (premier.service === null && dernierDemande > 0)) return { ...commun, ...epuiser(version, volets) }
  if (premier.etat === 'retenue') {
    const resultat = premier.service === null ? 'sans_prise_en_charge' : 'service'
    return { ...commun, resultat, rang: premier, motif: premier.libelle, source: premier.source }
  }
  const aDefaut = ouverts.find((rang) => rang.etat === 'retenue') ?? null
  if (aDefaut !== null && ouverts.every((rang) => rang.rang > aDefaut.rang || demandeLaMemeChose(rang, aDefaut))) {
    // Whatever the missing facts answer, the same service is asked for the same thing.
    return { ...commun, resultat: 'service', rang: aDefaut, motif: aDefaut.libelle, source: aDefaut.source }
  }
  return {
    ...commun,
    resultat: 'a_verifier',
    rang: premier,
    aDefaut,
    manquants: premier.manquants,
    motif: `À vérifier avant de choisir, il manque : ${ecrireMots(premier.manquants)}.`,
    source: premier.source,
  }
}

function demandeLaMemeChose(a: Rang, b: Rang): boolean {
  return a.service !== null && a.service === b.service && a.mission === b.mission
}

const VIDE: Omit<DecisionRepartition, 'resultat' | 'motif'> = {
  rang: null,
  aDefaut: null,
  manquants: [],
  rangs: [],
  offres: [],
  recours: null,
  vulnerabilite: { valeur: null, retenus: [], manquants: [] },
  version: null,
  source: null,
  reserve: null,
}

/** Missing words as a person can look for them: a computed word is replaced by the facts it is computed from. */
type Developper = (manquants: readonly Mot[]) => readonly Mot[]

function preparer(dept: AvecRegles, faits: Faits, jour: Temporal.PlainDate) {
  const parametres = valeursParametres(dept, jour)
  const complets = avecDeduits(faits)
  const criteres = versionAu(dept.criteres, jour)
  const donnee = complets['menage.vulnerable']
  const vulnerable: Vulnerabilite =
    donnee !== undefined
      ? { valeur: donnee, retenus: [], manquants: [] }
      : 'aucune' in criteres
        ? { valeur: null, retenus: [], manquants: [] }
        : vulnerabilite(criteres, preparerContexte(complets, parametres))
  const contexte = preparerContexte({ ...complets, 'menage.vulnerable': vulnerable.valeur ?? undefined }, parametres)
  const dessous: Readonly<Record<Mot, readonly Mot[]>> = {
    'menage.vulnerable': vulnerable.manquants,
    'procedure.phase_judiciaire': ['procedure.stade'],
    'garantie.action_logement_activee': ['garantie.visale_activee'],
  }
  const developper: Developper = (manquants) => [
    ...new Set(manquants.flatMap((mot) => (dessous[mot]?.length ? dessous[mot] : [mot]))),
  ]
  return { contexte, vulnerable, developper }
}

/** Volets in order until the first that certainly applies; those before it that may apply are kept. */
function suivreVolets(version: Repartition, contexte: Contexte): { volet: Volet; reponse: Evaluation }[] {
  const suivis: { volet: Volet; reponse: Evaluation }[] = []
  for (const v of version.volets) {
    const reponse = v.si?.evaluer(contexte) ?? TOUJOURS
    if (reponse.verite !== 'fausse') suivis.push({ volet: v, reponse })
    if (reponse.verite === 'vraie') break
  }
  return suivis
}

function rangsDuVolet(
  version: Repartition,
  v: Volet,
  reponse: Evaluation,
  contexte: Contexte,
  developper: Developper,
): Omit<Rang, 'rang'>[] {
  const dresser = (
    evaluation: Evaluation,
    ligne: Pick<Rang, 'regle' | 'ordre' | 'service' | 'libelle' | 'modalite' | 'si'> & { reference: string },
  ): Omit<Rang, 'rang'> => {
    const jointe = etVerite(reponse, evaluation)
    const manquants = developper(jointe.manquants)
    const { reference, ...reste } = ligne
    return {
      ...reste,
      volet: v.id,
      mission: v.mission ?? null,
      etat: ETAT_SELON[jointe.verite],
      motif: ecrireMotif({ ...jointe, manquants }),
      valeurs: jointe.valeurs,
      manquants,
      source: preciserSource(version.source, reference),
    }
  }
  if (v.sans_prise_en_charge) {
    const { motif, reference } = v.sans_prise_en_charge
    const ligne = { regle: v.id, ordre: 'a_defaut', service: null, libelle: motif, modalite: null, si: null } as const
    return [dresser(TOUJOURS, { ...ligne, reference })]
  }
  return reglesDe(version, v).map((r) =>
    dresser(r.si?.evaluer(contexte) ?? TOUJOURS, {
      regle: r.id,
      ordre: r.ordre,
      service: r.service,
      libelle: r.libelle,
      modalite: r.modalite ?? null,
      si: r.si?.texte ?? null,
      reference: r.reference,
    }),
  )
}

function reglesDe(version: Repartition, v: Volet): readonly Regle[] {
  if (v.memes_regles_que === undefined) return v.regles ?? []
  return version.volets.find((autre) => autre.id === v.memes_regles_que)?.regles ?? []
}

const ETAT_SELON = { vraie: 'retenue', fausse: 'ecartee', indeterminee: 'indeterminee' } as const satisfies Record<
  Evaluation['verite'],
  Rang['etat']
>

/**
 * A service that has answered is not asked again because of another rank, except at the last one: a service that takes whoever
 * remains still owes that when it only answered that it did not know the household. `dernierDemande` is the furthest rank that was asked, 0 when none was.
 */
function marquerSollicites(
  rangs: readonly Rang[],
  dejaSollicites: readonly DejaSollicite[],
): { rangs: Rang[]; dernierDemande: number } {
  const utilises = new Set<number>()
  for (const { service, regle: id } of dejaSollicites) {
    const vise = rangs.find(
      (rang) =>
        rang.service === service &&
        rang.etat !== 'ecartee' &&
        !utilises.has(rang.rang) &&
        (id === undefined || rang.regle === id),
    )
    if (vise) utilises.add(vise.rang)
  }
  const services = new Set(dejaSollicites.map(({ service }) => service))
  const marques = rangs.map((rang) => {
    const aussi = rang.service !== null && services.has(rang.service) && rang.ordre !== 'a_defaut'
    if (rang.etat === 'ecartee' || !(utilises.has(rang.rang) || aussi)) return rang
    return { ...rang, etat: 'deja_sollicitee' as const }
  })
  return { rangs: marques, dernierDemande: Math.max(0, ...utilises) }
}

/** An offer of the service already chosen adds nothing. */
function choisirOffres(
  version: Repartition,
  contexte: Contexte,
  developper: Developper,
  premier: Rang | undefined,
): Offre[] {
  return (version.offres ?? []).flatMap((o) => {
    if (premier?.etat === 'retenue' && premier.service === o.service) return []
    const reponse = o.si.evaluer(contexte)
    if (reponse.verite === 'fausse') return []
    return [
      {
        offre: o.id,
        service: o.service,
        libelle: o.libelle,
        etat: reponse.verite === 'vraie' ? ('retenue' as const) : ('indeterminee' as const),
        valeurs: reponse.valeurs,
        manquants: developper(reponse.manquants),
        source: preciserSource(version.source, o.reference),
      },
    ]
  })
}

function epuiser(
  version: Repartition,
  volets: readonly { volet: Volet }[],
): Pick<DecisionRepartition, 'resultat' | 'rang' | 'motif' | 'recours'> {
  const recours = volets.map(({ volet: v }) => v.recours).find((r) => r !== undefined)
  return {
    resultat: 'cascade_epuisee',
    rang: null,
    motif: recours
      ? `Tous les services de la cascade ont été sollicités. ${recours.libelle}`
      : 'Tous les services de la cascade ont été sollicités : le secrétariat de la commission décide de la suite.',
    recours: recours
      ? {
          service: recours.service,
          libelle: recours.libelle,
          source: preciserSource(version.source, recours.reference),
        }
      : null,
  }
}
