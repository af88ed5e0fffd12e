import type { GroupeChamps } from '#referentiel'
import type { Acte, Bail, Dossier, LigneDossier, Logement, Menage, SituationProcedure } from './types.ts'

/** A field: its group, what stands in its place when it is hidden, and the fields of each of its items when it is a list of objects. */
type Champ = readonly [groupe: GroupeChamps, tu?: unknown, chaque?: Champs]
export interface Champs {
  readonly [champ: string]: Champ | Champs
}
/** Every field of a type, each in one group. */
export type ChampsDe<T> = { readonly [Champ in keyof T]-?: Champs[string] }

const ACTE = {
  type: ['procedure', ''],
  le: ['procedure', ''],
  signalement: ['reperes', ''],
  saisie: ['reperes'],
  // Who signalled it.
  organisme: ['signaux', ''],
  montant: ['dette'],
  audienceLe: ['procedure'],
  tribunal: ['procedure'],
  decision: ['procedure'],
} as const satisfies ChampsDe<Acte>

const SITUATION = {
  suspensions: ['procedure', []],
  suspensionsDette: ['dette', []],
  surendettement: ['dette', null],
  avertissements: ['procedure', []],
  echeancesDette: ['dette', []],
} as const satisfies ChampsDe<SituationProcedure>

const MENAGE = {
  titulaire: ['identite', {}],
  conjoint: ['identite'],
  situationFamiliale: ['composition'],
  enfantsACharge: ['composition'],
  anneesNaissanceEnfants: ['composition'],
  numeroAllocataire: ['ressources'],
  telephones: ['coordonnees', []],
  courriels: ['coordonnees', []],
  rsa: ['ressources'],
  handicap: ['sante'],
  perteAutonomie: ['sante'],
  aideLogement: ['ressources'],
  montantAide: ['ressources'],
  aideVerseeAuBailleur: ['ressources'],
  garantieVisale: ['ressources'],
  garantieActionLogement: ['ressources'],
  suivis: ['service', []],
  allocataire: ['ressources'],
  accompagne: ['service'],
  typeFamille: ['composition'],
} as const satisfies ChampsDe<Menage>

const LOGEMENT = {
  adresse: ['identite'],
  complement: ['identite'],
  codePostal: ['identite'],
  commune: ['identite'],
  parc: ['bailleur'],
} as const satisfies ChampsDe<Logement>

const BAIL = {
  bailleurNom: ['bailleur'],
  bailleurSiret: ['bailleur'],
  bailleurNature: ['bailleur'],
  bailleurGestionDirecte: ['bailleur'],
  bailleurAnneeNaissance: ['bailleur'],
  conventionneAnah: ['bailleur'],
  loyer: ['dette'],
  charges: ['dette'],
  dateBail: ['bailleur'],
  detteDepuis: ['dette'],
} as const satisfies ChampsDe<Bail>

const COMMUNS = {
  id: ['reperes'],
  reference: ['reperes'],
  titulaire: ['identite', ''],
  commune: ['identite', ''],
  territoire: ['reperes', null],
  parc: ['bailleur', null],
  stade: ['procedure', ''],
  stade_rang: ['procedure', 0],
  dette: ['dette', null],
  echeance_le: ['procedure', null],
  service: ['service', null],
  organisme_nom: ['service', null],
  etat_service: ['service', ''],
  criteres: ['criteres', []],
  en_serie: ['signaux', false],
  dernier_signal_le: ['signaux', null],
} as const satisfies Champs

/** Fields of a dossier. One that is not here is read by nobody. */
export const CHAMPS_DOSSIER = {
  ...COMMUNS,
  version: ['reperes'],
  ouvert_le: ['reperes'],
  clos_le: ['reperes', null],
  motif_cloture: ['reperes', null],
  signal_depuis_cloture: ['signaux', null],
  adresse: ['identite', ''],
  code_insee: ['identite', null],
  stade_le: ['procedure', null],
  phase: ['procedure', ''],
  audience_le: ['procedure', null],
  dette_le: ['dette', null],
  dette_en_hausse: ['dette', false],
  premier_signal_le: ['signaux', null],
  signaux: ['signaux', 0],
  sources_6_mois: ['signaux', 0],
  criteres_detail: ['criteres', []],
  // The sum of the criteria, those near health included: it would tell one from the others.
  vulnerable: ['sante', null],
  seuil: ['dette', null],
  menage: MENAGE,
  logement: LOGEMENT,
  bail: BAIL,
  actes: ['procedure', [], ACTE],
  situation: SITUATION,
  organisme: ['service', null],
  service_depuis: ['service', null],
  connu_service: ['service', false],
  echeances: ['procedure', []],
  echeances_service: ['service', []],
} as const satisfies ChampsDe<Omit<Dossier, 'masques'>>

/** Fields of a row of the list of dossiers. */
export const CHAMPS_LIGNE = {
  ...COMMUNS,
  echeance_libelle: ['procedure', null],
  echeance: ['procedure', null],
  position: ['reperes', ''],
} as const satisfies ChampsDe<LigneDossier>

/** Fields of a household in a queue of what is watched. */
export const CHAMPS_VEILLE = {
  id: COMMUNS.id,
  reference: COMMUNS.reference,
  titulaire: COMMUNS.titulaire,
  commune: COMMUNS.commune,
  territoire: COMMUNS.territoire,
  stade: COMMUNS.stade,
  stade_rang: COMMUNS.stade_rang,
  dette: COMMUNS.dette,
  etat_service: COMMUNS.etat_service,
  organisme_nom: COMMUNS.organisme_nom,
  echeance_le: COMMUNS.echeance_le,
  echeance_libelle: ['procedure', null],
  echeance: ['procedure', null],
  sources_6_mois: ['signaux', 0],
  en_serie: COMMUNS.en_serie,
  dette_en_hausse: ['dette', false],
  depuis: ['service', null],
} as const satisfies Champs

/** Fields of a household in a frozen list. */
export const CHAMPS_INSTANTANE = {
  reference: ['reperes', ''],
  titulaire: ['identite', ''],
  date_naissance: ['identite', null],
  enfants: ['composition', null],
  adresse: ['identite', ''],
  commune: ['identite', ''],
  territoire: ['reperes', null],
  telephones: ['coordonnees', []],
  parc: ['bailleur', null],
  stade: ['procedure', ''],
  stade_le: ['procedure', null],
  audience_le: ['procedure', null],
  dette: ['dette', null],
  bailleur: ['bailleur', ''],
  rang_cascade: ['service', 0],
  pourquoi: ['service', ''],
  source: ['service', ''],
  reserve: ['service', null],
  a_verifier: ['service', []],
  etat: ['service', ''],
  diagnostic_avant: ['service', null],
  signaux: ['signaux', 0],
  precedente: {
    numero: ['service', 0],
    date: ['service', ''],
    titulaire: ['identite', ''],
    adresse: ['identite', ''],
    stade: ['procedure', ''],
    audience_le: ['procedure', null],
    dette: ['dette', null],
  },
} as const satisfies Champs

/** Columns of a signalement, as its sender wrote them. */
export const CHAMPS_SIGNALEMENT: Readonly<Record<string, readonly [GroupeChamps]>> = {
  type: ['signaux'],
  reference_source: ['signaux'],
  date_signalement: ['signaux'],
  date_acte: ['procedure'],
  date_audience: ['procedure'],
  tribunal: ['procedure'],
  decision: ['procedure'],
  civilite: ['identite'],
  nom_usage: ['identite'],
  nom_naissance: ['identite'],
  prenom: ['identite'],
  date_naissance: ['identite'],
  conjoint_nom: ['identite'],
  conjoint_prenom: ['identite'],
  conjoint_date_naissance: ['identite'],
  situation_familiale: ['composition'],
  enfants_a_charge: ['composition'],
  annees_naissance_enfants: ['composition'],
  numero_allocataire: ['ressources'],
  telephone: ['coordonnees'],
  courriel: ['coordonnees'],
  adresse: ['identite'],
  complement_adresse: ['identite'],
  code_postal: ['identite'],
  commune: ['identite'],
  parc: ['bailleur'],
  bailleur_nom: ['bailleur'],
  bailleur_siret: ['bailleur'],
  bailleur_nature: ['bailleur'],
  bailleur_gestion_directe: ['bailleur'],
  bailleur_annee_naissance: ['bailleur'],
  loyer: ['dette'],
  charges: ['dette'],
  aide_logement: ['ressources'],
  montant_aide: ['ressources'],
  aide_versee_au_bailleur: ['ressources'],
  montant_dette: ['dette'],
  dette_depuis: ['dette'],
  date_bail: ['bailleur'],
  rsa: ['ressources'],
  handicap: ['sante'],
  suivi_caf: ['service'],
  suivi_ccas: ['service'],
  suivi_departement: ['service'],
  suivi_adil: ['service'],
  garantie_visale: ['ressources'],
  bailleur_conventionne_anah: ['bailleur'],
  perte_autonomie: ['sante'],
  cles_remises: ['procedure'],
  // Whatever a sender writes in its own words is for the secretariat.
  precision: ['ecrits'],
}

/** The signalement around its columns. */
export const CHAMPS_SIGNAL = {
  id: ['reperes'],
  organisme: ['signaux'],
  organismeNom: ['signaux'],
  organismeType: ['signaux'],
  type: ['signaux'],
  dateSignalement: ['signaux'],
  dateActe: ['procedure', null],
  recuLe: ['signaux'],
  codeInsee: ['identite', null],
  commune: ['identite', ''],
  territoire: ['reperes', null],
  contenu: CHAMPS_SIGNALEMENT,
} as const satisfies Champs

/** What each kind of fait tells of: a kind that is not here is read by nobody. */
export const GROUPES_FAITS: Readonly<Record<string, GroupeChamps>> = {
  'dossier.ouvert': 'reperes',
  'signalement.rattache': 'signaux',
  'signalement.mis_a_jour': 'signaux',
  'signalement.detache': 'signaux',
  'signalement.retire': 'signaux',
  'dossier.situe': 'reperes',
  'dossier.situation_defaite': 'reperes',
  'dossier.reparti': 'service',
  'dossier.service_retrouve': 'service',
  'dossier.non_reparti': 'service',
  'dossier.reaffecte': 'service',
  'dossier.reaffectation_defaite': 'service',
  'tableau.transmis': 'service',
  'tableau.refuse': 'service',
  'tableau.sans_reponse': 'service',
  'tableau.reponse_reprise': 'service',
  'menage.pris_en_charge': 'service',
  'contact.abouti': 'contacts',
  'contact.tente': 'contacts',
  'contact.retire': 'contacts',
  'bordereau.envoye': 'service',
  'bordereau.retire': 'service',
  'courrier.envoye': 'contacts',
  'courrier.revenu': 'contacts',
  'courrier.envoi_annule': 'contacts',
  'contact.retabli': 'contacts',
  'bailleur.contacte': 'contacts',
  'bailleur.retire': 'contacts',
  'loyer.verifie': 'dette',
  'diagnostic.demande': 'service',
  'diagnostic.entretien_propose': 'service',
  'diagnostic.valide': 'service',
  'diagnostic.remis': 'service',
  'diagnostic.impossible': 'service',
  'diagnostic.transmis': 'service',
  'diagnostic.non_realise': 'service',
  'diagnostic.rouvert': 'service',
  'renseignement.donne': 'service',
  'dossiers.reunis': 'signaux',
  'dossiers.separes': 'signaux',
  'participation.ouverte': 'service',
  'participation.retiree': 'service',
  'accord.note': 'service',
  'consultation.ouverte': 'service',
  'consultation.conclue': 'service',
  'consultation.retiree': 'service',
  'consultation.regularisee': 'service',
  'dette.saisie': 'dette',
  'dette.corrigee': 'dette',
  'plan.conclu': 'dette',
  'plan.clos': 'dette',
  'requisition.recue': 'procedure',
  'requisition.annulee': 'procedure',
  'enquete.demandee': 'service',
  'enquete.remise': 'service',
  'enquete.non_realisee': 'service',
  'concours.decide': 'procedure',
  'concours.diffuse': 'procedure',
  'saisine.deposee': 'service',
  'concertation.tenue': 'procedure',
  'requisition.retiree': 'procedure',
  'depart.signale': 'procedure',
  'expulsion.rendue_compte': 'procedure',
  'mesure.suivie': 'service',
  'mesure.point': 'service',
  'mesure.terminee': 'service',
  'complexite.marquee': 'criteres',
  'complexite.levee': 'criteres',
  'dossier.clos': 'reperes',
  'dossier.rouvert': 'reperes',
  ...faitsDActes('acte', 'procedure'),
  ...faitsDActes('acte_dette', 'dette'),
  ...faitsDActes('acte_ressources', 'ressources'),
  ...faitsDActes('acte_suivi', 'service'),
  ...faitsDActes('acte_menage', 'sante'),
  ...faitsDActes('acte_bailleur', 'bailleur'),
  ...faitsDActes('acte_composition', 'composition'),
}

/** Faits of the acts entered by hand, one family per group: the kind of an act is read by those who read the act. */
function faitsDActes(famille: string, groupe: GroupeChamps): Record<string, GroupeChamps> {
  return Object.fromEntries(
    ['consigne', 'corrige', 'annule', 'retabli'].map((participe) => [`${famille}.${participe}`, groupe]),
  )
}

const estChamp = (declaration: Champs[string]): declaration is Champ => Array.isArray(declaration)

/** Groups of a table of fields, those of its items included. */
export function groupesDe(champs: Champs): ReadonlySet<GroupeChamps> {
  return new Set(
    Object.values(champs).flatMap((declaration) =>
      estChamp(declaration)
        ? [declaration[0], ...(declaration[2] ? groupesDe(declaration[2]) : [])]
        : [...groupesDe(declaration)],
    ),
  )
}

/**
 * The row as somebody may read it: hidden fields are replaced by what stands for them, and a field declared in no group is left out. Made from the table and
 * not from the row: what nobody thought of never shows.
 */
export function masquer<T extends object>(ligne: T, champs: Champs, voit: (groupe: GroupeChamps) => boolean): T {
  const lue: Record<string, unknown> = {}
  for (const [nom, valeur] of Object.entries(ligne)) {
    const declaration = champs[nom]
    if (declaration === undefined) continue
    if (!estChamp(declaration)) {
      lue[nom] = typeof valeur === 'object' && valeur !== null ? masquer(valeur, declaration, voit) : null
      continue
    }
    const [groupe, tu, chaque] = declaration
    if (!voit(groupe)) lue[nom] = tu
    else lue[nom] = chaque && Array.isArray(valeur) ? valeur.map((un: object) => masquer(un, chaque, voit)) : valeur
  }
  return lue as T
}
