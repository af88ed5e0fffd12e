import {
  type BilanCriteres,
  type DecisionRepartition,
  type DecisionSeuil,
  ecrireEuros,
  ecrireJour,
  MISSIONS,
  type Rang,
  SERVICES,
} from '#referentiel'

/** One evaluated situation: what the machine reads, and what a person reads. */
export interface Essai {
  readonly json: Readonly<Record<string, unknown>>
  readonly lignes: readonly string[]
}

export interface Entete {
  readonly id: string | null
  readonly rang: number
  readonly departement: string
  readonly jour: Temporal.PlainDate
  /** No day was given: the day is today's, in Paris. */
  readonly jourSuppose: boolean
}

/** A decision of dispatch, with every rank. */
export function montrerRepartition(entete: Entete, decision: DecisionRepartition): Essai {
  const { rang, aDefaut, resultat, recours } = decision
  const choisi = resultat === 'service' || resultat === 'sans_prise_en_charge' ? rang : null
  return {
    json: {
      ...enteteJson(entete),
      resultat,
      service: choisi?.service ?? null,
      regle: choisi?.regle ?? null,
      libelle: choisi?.libelle ?? null,
      mission: choisi?.mission ?? null,
      modalite: choisi?.modalite ?? null,
      motif: choisi?.service ? choisi.motif : decision.motif,
      valeurs: rang?.valeurs ?? {},
      manquants: decision.manquants,
      a_verifier: resultat === 'a_verifier' && rang ? resumerRang(rang) : null,
      a_defaut: aDefaut ? resumerRang(aDefaut) : null,
      recours,
      vulnerabilite: decision.vulnerabilite,
      rangs: decision.rangs,
      offres: decision.offres,
      version: decision.version,
      source: decision.source,
      reserve: decision.reserve,
    },
    lignes: [
      titre(entete),
      ...conclureRepartition(decision),
      ...(decision.rangs.length > 1 ? ['  Rangs :', ...decision.rangs.map(ecrireRang)] : []),
      ...decision.offres.map(
        (offre) =>
          `  Offre${offre.etat === 'indeterminee' ? ' à vérifier' : ''} : ${offre.libelle} (${offre.source.reference})`,
      ),
      ...pied(decision.source, decision.reserve, decision.version),
    ],
  }
}

/** Every criterion with its state. */
export function montrerCriteres(entete: Entete, bilan: BilanCriteres): Essai {
  const choisir = (etat: string) =>
    bilan.constats.filter((constat) => constat.etat === etat).map(({ critere }) => critere)
  const resultat =
    bilan.version === null
      ? 'aucune_version'
      : bilan.autoSaisine
        ? 'auto_saisine_proposee'
        : bilan.autoSaisine === null && bilan.constats.length > 0
          ? 'a_verifier'
          : 'aucun_critere'
  const premier = bilan.constats[0]
  return {
    json: {
      ...enteteJson(entete),
      resultat,
      motif: bilan.motif ?? PHRASES_CRITERES[resultat],
      auto_saisine: bilan.autoSaisine,
      vulnerable: bilan.vulnerable,
      retenus: choisir('retenu'),
      a_verifier: choisir('a_verifier'),
      criteres: bilan.constats.map(({ etat, ...reste }) => ({ ...reste, resultat: etat })),
      version: bilan.version,
    },
    lignes: [
      titre(entete),
      `  ${bilan.motif ?? PHRASES_CRITERES[resultat]}`,
      ...bilan.constats.map(
        (constat) =>
          `  - [${ETATS[constat.etat]}] ${constat.libelle} (${GROUPES[constat.groupe]}, ${constat.source.reference}). ${constat.motif}`,
      ),
      ...(premier ? pied({ ...premier.source, reference: null }, premier.reserve, bilan.version) : []),
    ],
  }
}

/** A threshold, with both branches. */
export function montrerSeuil(entete: Pick<Entete, 'id' | 'rang'>, type: string, decision: DecisionSeuil): Essai {
  return {
    json: {
      id: entete.id,
      type,
      resultat: decision.resultat,
      motif: decision.motif,
      etiquette: decision.resultat === 'non_atteint' ? 'sous le seuil, gardé' : null,
      seuil_centimes: decision.seuil,
      branches: decision.branches,
      valeurs: decision.valeurs,
      version: decision.version,
      du: decision.du?.toString() ?? null,
      source: decision.source,
      reserve: decision.reserve,
    },
    lignes: [
      titre(entete),
      `  ${RESULTATS_SEUILS[decision.resultat]}${decision.seuil === null ? '' : `, seuil de ${ecrireEuros(decision.seuil)}`}. ${decision.motif}`,
      ...pied(decision.source, decision.reserve, decision.version),
    ],
  }
}

const PHRASES_CRITERES = {
  aucune_version: 'Aucune liste de critères n’est en vigueur ce jour-là.',
  auto_saisine_proposee: 'Un critère au moins est rempli : l’auto-saisine est proposée, le secrétariat décide.',
  a_verifier: 'Aucun critère n’est rempli avec certitude, certains restent à vérifier.',
  aucun_critere: 'Aucun critère n’est rempli.',
} as const

const ETATS = {
  retenu: 'rempli',
  ecarte: 'non rempli',
  a_verifier: 'à vérifier',
  hors_champ: 'hors champ',
  appreciation: 'appréciation',
} as const

const GROUPES = {
  auto_saisine: 'auto-saisine',
  vulnerabilite: 'vulnérabilité',
  inscription_obligatoire: 'inscription à une séance',
} as const

const RESULTATS_SEUILS = {
  atteint: 'Seuil atteint',
  non_atteint: 'Sous le seuil, gardé',
  indetermine: 'Indéterminé',
  sans_objet: 'Sans objet',
} as const

const ETATS_RANG = {
  retenue: 'retenu',
  ecartee: 'écarté',
  indeterminee: 'à vérifier',
  deja_sollicitee: 'déjà sollicité',
} as const

function enteteJson({ id, jour, jourSuppose, departement }: Entete) {
  return { id, departement, jour: jour.toString(), jour_suppose: jourSuppose }
}

function titre(entete: Pick<Entete, 'id' | 'rang'> & Partial<Entete>): string {
  const nom = entete.id === null ? `Situation n° ${entete.rang}` : `Situation ${entete.id}`
  return entete.jour ? `${nom}, au ${ecrireJour(entete.jour)}` : nom
}

function resumerRang({ rang, regle, service, libelle, motif, source }: Rang) {
  return { rang, regle, service, libelle, motif, source }
}

function conclureRepartition({ resultat, rang, aDefaut, motif }: DecisionRepartition): string[] {
  if (resultat === 'service' && rang?.service) {
    const mission = rang.mission ? ` Mission : ${MISSIONS[rang.mission]}.` : ''
    return [
      `  Service : ${SERVICES[rang.service]}.${mission}`,
      `  ${rang.libelle} (règle ${rang.regle}). ${rang.motif}`,
    ]
  }
  if (resultat !== 'a_verifier' || !rang) return [`  ${motif}`]
  const suite = aDefaut?.service
    ? `Si la réponse est non : ${SERVICES[aDefaut.service]} (règle ${aDefaut.regle}).`
    : aDefaut
      ? `Si la réponse est non : ${aDefaut.libelle}`
      : ''
  const vise = rang.service
    ? `Premier service possible : ${SERVICES[rang.service]} (règle ${rang.regle}).`
    : rang.libelle
  return [`  ${motif}`, `  ${vise} ${suite}`.trimEnd()]
}

function ecrireRang(rang: Rang): string {
  const service = rang.service ? SERVICES[rang.service] : 'aucun service'
  return `  ${String(rang.rang).padStart(3)}. [${ETATS_RANG[rang.etat]}] ${service} : ${rang.libelle} (${rang.source.reference}). ${rang.motif}`
}

function pied(
  source: { titre: string; reference: string | null } | null,
  reserve: string | null,
  version: string | null,
): string[] {
  if (!source) return []
  const reference = source.reference ? `, ${source.reference}` : ''
  return [`  Source : ${source.titre}${reference}${reserve ? ` [${reserve}]` : ''}${version ? ` (${version})` : ''}`]
}
