import { CLES_PARAMETRES, type CleParametre, definitionParametre, type Unite } from './parametres.ts'
import { ecrireJourDuMois, ecrireMois } from './source.ts'

/** Stages of the procedure that rules may name, in order. */
export const STADES_REGLES = [
  'prevention',
  'impaye',
  'commandement_de_payer',
  'assignation',
  'audience',
  'jugement',
  'commandement_de_quitter_les_lieux',
  'requisition_force_publique',
  'concours_force_publique',
  'expulsion',
] as const
export type StadeRegles = (typeof STADES_REGLES)[number]

export type TypeMot = 'bool' | 'int' | 'string'

interface DefinitionFait {
  readonly type: TypeMot
  readonly unite: Unite | null
  /** French meaning: what is true when this word is true, or what is counted. */
  readonly sens: string
  /** Word that tells whether this one is known. */
  readonly compagnon: string
  /** Columns of the signalements it comes from (formats/signalements.md, § 2). */
  readonly colonnes: readonly string[]
  /** The only texts admitted. */
  readonly valeurs?: readonly string[]
  /** Computed by the evaluation from other words, when the caller does not give it. */
  readonly calcule?: true
}

/**
 * The facts that conditions of data files may mention. Closed: a new word is a change of code, reviewed with its meaning.
 * Amounts are integer cents; ages are whole years at the day of evaluation.
 */
const FAITS = {
  'menage.enfants_a_charge': {
    type: 'int',
    unite: 'enfants',
    sens: 'nombre d’enfants à charge au foyer',
    compagnon: 'menage.enfants_a_charge_connu',
    colonnes: ['enfants_a_charge'],
  },
  'menage.situation_familiale': {
    type: 'string',
    unite: null,
    sens: 'le ménage compte un adulte seul ou un couple',
    compagnon: 'menage.situation_familiale_connue',
    colonnes: ['situation_familiale'],
    valeurs: ['seul', 'couple'],
  },
  'menage.age_titulaire': {
    type: 'int',
    unite: 'annees',
    sens: 'âge du titulaire du bail',
    compagnon: 'menage.age_titulaire_connu',
    colonnes: ['date_naissance'],
  },
  'menage.cotitulaire': {
    type: 'bool',
    unite: null,
    sens: 'le bail a un second titulaire',
    compagnon: 'menage.cotitulaire_connu',
    colonnes: ['conjoint_nom', 'conjoint_prenom', 'situation_familiale'],
  },
  'menage.age_cotitulaire': {
    type: 'int',
    unite: 'annees',
    sens: 'âge du second titulaire du bail',
    compagnon: 'menage.age_cotitulaire_connu',
    colonnes: ['conjoint_date_naissance'],
  },
  'menage.rsa': {
    type: 'bool',
    unite: null,
    sens: 'le ménage perçoit le RSA',
    compagnon: 'menage.rsa_connu',
    colonnes: ['rsa'],
  },
  'menage.handicap': {
    type: 'bool',
    unite: null,
    sens: 'une personne du ménage est en situation de handicap',
    compagnon: 'menage.handicap_connu',
    colonnes: ['handicap'],
  },
  'menage.souffrance_psychique_reperee': {
    type: 'bool',
    unite: null,
    sens: 'un professionnel a coché la case « souffrance psychique repérée » (aucun motif n’est recueilli)',
    compagnon: 'menage.souffrance_psychique_reperee_connue',
    colonnes: [],
  },
  'menage.contact_avec_bailleur': {
    type: 'bool',
    unite: null,
    sens: 'le ménage est encore en contact avec son bailleur',
    compagnon: 'menage.contact_avec_bailleur_connu',
    colonnes: [],
  },
  'menage.vulnerable': {
    type: 'bool',
    unite: null,
    sens: 'le ménage remplit au moins un critère de vulnérabilité du département',
    compagnon: 'menage.vulnerable_connu',
    colonnes: [],
    calcule: true,
  },
  'ressources.mensuelles': {
    type: 'int',
    unite: 'centimes',
    sens: 'ressources mensuelles du ménage, hors aide au logement',
    compagnon: 'ressources.mensuelles_connues',
    colonnes: [],
  },
  'ressources.professionnelles': {
    type: 'int',
    unite: 'centimes',
    sens: 'revenus professionnels mensuels du ménage',
    compagnon: 'ressources.professionnelles_connues',
    colonnes: [],
  },
  'aide_logement.percue': {
    type: 'bool',
    unite: null,
    sens: 'le ménage a droit à une aide au logement, même si son versement est suspendu',
    compagnon: 'aide_logement.percue_connue',
    colonnes: ['aide_logement'],
  },
  'aide_logement.organisme': {
    type: 'string',
    unite: null,
    sens: 'organisme qui verse l’aide au logement',
    compagnon: 'aide_logement.organisme_connu',
    colonnes: ['type', 'numero_allocataire'],
    valeurs: ['caf', 'msa'],
  },
  'logement.parc_prive': {
    type: 'bool',
    unite: null,
    sens: 'le logement est du parc privé',
    compagnon: 'logement.parc_prive_connu',
    colonnes: ['parc'],
  },
  'logement.inadapte': {
    type: 'bool',
    unite: null,
    sens: 'le logement est reconnu inadapté aux besoins ou aux moyens du ménage',
    compagnon: 'logement.inadapte_connu',
    colonnes: [],
  },
  'bailleur.nature': {
    type: 'string',
    unite: null,
    sens: 'nature du bailleur',
    compagnon: 'bailleur.nature_connue',
    colonnes: ['bailleur_nature'],
    valeurs: ['personne_physique', 'sci_familiale', 'personne_morale', 'bailleur_social', 'commune', 'ais_aivs'],
  },
  'bailleur.gestion_directe': {
    type: 'bool',
    unite: null,
    sens: 'le bailleur gère lui-même son logement, sans mandataire',
    compagnon: 'bailleur.gestion_directe_connue',
    colonnes: ['bailleur_gestion_directe'],
  },
  'bailleur.age_dans_l_annee': {
    type: 'int',
    unite: 'annees',
    sens: 'âge que le bailleur, personne physique, atteint dans l’année civile (seule son année de naissance est reçue)',
    compagnon: 'bailleur.age_dans_l_annee_connu',
    colonnes: ['bailleur_annee_naissance'],
  },
  'bailleur.demande_diagnostic': {
    type: 'bool',
    unite: null,
    sens: 'le bailleur a demandé un diagnostic par le formulaire de saisine',
    compagnon: 'bailleur.demande_diagnostic_connue',
    colonnes: [],
  },
  'dette.montant': {
    type: 'int',
    unite: 'centimes',
    sens: 'dette locative, à sa dernière date connue',
    compagnon: 'dette.montant_connu',
    colonnes: ['montant_dette'],
  },
  'dette.atteint_seuil_signalement': {
    type: 'bool',
    unite: null,
    sens: 'la dette atteint le seuil de signalement du commandement de payer, à la date de l’acte',
    compagnon: 'dette.atteint_seuil_signalement_connu',
    colonnes: ['date_acte', 'montant_dette', 'loyer', 'dette_depuis'],
  },
  'garantie.visale_activee': {
    type: 'bool',
    unite: null,
    sens: 'la garantie Visale d’Action Logement est activée',
    compagnon: 'garantie.visale_activee_connue',
    colonnes: ['garantie_visale'],
  },
  'garantie.action_logement_activee': {
    type: 'bool',
    unite: null,
    sens: 'une garantie d’Action Logement, Visale ou autre, est activée',
    compagnon: 'garantie.action_logement_activee_connue',
    colonnes: ['garantie_visale'],
    calcule: true,
  },
  'connu.departement': {
    type: 'bool',
    unite: null,
    sens: 'le ménage est dans une file active du service social du Département',
    compagnon: 'connu.departement_connu',
    colonnes: ['suivi_departement'],
  },
  'connu.ccas': {
    type: 'bool',
    unite: null,
    sens: 'le CCAS ou le CIAS accompagne ou a accompagné le ménage',
    compagnon: 'connu.ccas_connu',
    colonnes: ['suivi_ccas'],
  },
  'connu.caf': {
    type: 'bool',
    unite: null,
    sens: 'le service social de la CAF accompagne le ménage',
    compagnon: 'connu.caf_connu',
    colonnes: ['suivi_caf'],
  },
  'connu.adil': {
    type: 'bool',
    unite: null,
    sens: 'l’ADIL connaît le ménage',
    compagnon: 'connu.adil_connu',
    colonnes: ['suivi_adil'],
  },
  'ccas.travailleurs_sociaux': {
    type: 'bool',
    unite: null,
    sens: 'le CCAS ou le CIAS de la commune emploie des travailleurs sociaux',
    compagnon: 'ccas.travailleurs_sociaux_connu',
    colonnes: [],
  },
  'signaux.sources_distinctes_6_mois': {
    type: 'int',
    unite: 'sources',
    sens: 'nombre d’organismes différents qui ont signalé le ménage depuis six mois',
    compagnon: 'signaux.sources_distinctes_6_mois_connu',
    colonnes: [],
  },
  'signaux.recurrence': {
    type: 'bool',
    unite: null,
    sens: 'le ménage a déjà été en impayé ou en procédure avant la situation présente, à tout stade et dans tout parc',
    compagnon: 'signaux.recurrence_connue',
    colonnes: [],
  },
  'signaux.saisine_partenaire': {
    type: 'bool',
    unite: null,
    sens: 'un partenaire a saisi la commission pour ce ménage',
    compagnon: 'signaux.saisine_partenaire_connue',
    colonnes: ['type'],
  },
  'diagnostic.existant': {
    type: 'bool',
    unite: null,
    sens: 'un diagnostic a déjà été transmis pour ce ménage',
    compagnon: 'diagnostic.existant_connu',
    colonnes: [],
  },
  'diagnostic.fait_en_antenne': {
    type: 'bool',
    unite: null,
    sens: 'une antenne de prévention a fait le diagnostic au stade présent',
    compagnon: 'diagnostic.fait_en_antenne_connu',
    colonnes: [],
  },
  'commission.situation_examinee': {
    type: 'bool',
    unite: null,
    sens: 'la situation a déjà été examinée en commission',
    compagnon: 'commission.situation_examinee_connue',
    colonnes: [],
  },
  'jugement.delais_accordes': {
    type: 'bool',
    unite: null,
    sens: 'le juge a accordé des délais de paiement',
    compagnon: 'jugement.delais_accordes_connu',
    colonnes: ['decision'],
  },
  'menage.mesure_de_protection': {
    type: 'string',
    unite: null,
    sens: 'mesure de protection ou d’aide à la gestion du budget dont le ménage relève',
    compagnon: 'menage.mesure_de_protection_connue',
    colonnes: [],
    valeurs: ['aucune', 'maj', 'sauvegarde', 'curatelle', 'tutelle', 'agbf'],
  },
  'accompagnement.mesure': {
    type: 'string',
    unite: null,
    sens: 'mesure d’accompagnement social lié au logement en cours',
    compagnon: 'accompagnement.mesure_connue',
    colonnes: [],
    valeurs: ['aucune', 'asll', 'avdl', 'sao'],
  },
  'accompagnement.avdl_prescrite': {
    type: 'bool',
    unite: null,
    sens: 'la commission a prescrit une mesure AVDL de contact',
    compagnon: 'accompagnement.avdl_prescrite_connue',
    colonnes: [],
  },
  'plan_apurement.signe': {
    type: 'bool',
    unite: null,
    sens: 'un plan d’apurement est signé',
    compagnon: 'plan_apurement.signe_connu',
    colonnes: [],
  },
  'plan_apurement.respecte': {
    type: 'bool',
    unite: null,
    sens: 'le plan d’apurement signé est respecté',
    compagnon: 'plan_apurement.respecte_connu',
    colonnes: [],
  },
  'logement.conventionne_anah': {
    type: 'bool',
    unite: null,
    sens: 'le bailleur privé a conventionné le logement avec l’ANAH',
    compagnon: 'logement.conventionne_anah_connu',
    colonnes: [],
  },
  'fsl.demande': {
    type: 'bool',
    unite: null,
    sens: 'une demande d’aide au FSL a été déposée pour cet impayé',
    compagnon: 'fsl.demande_connue',
    colonnes: [],
  },
  'surendettement.dossier': {
    type: 'bool',
    unite: null,
    sens: 'un dossier de surendettement est déposé ou en cours',
    compagnon: 'surendettement.dossier_connu',
    colonnes: [],
  },
  'procedure.stade': {
    type: 'string',
    unite: null,
    sens: 'stade le plus avancé de la procédure en cours',
    compagnon: 'procedure.stade_connu',
    colonnes: ['type'],
    valeurs: STADES_REGLES,
  },
  'procedure.phase_judiciaire': {
    type: 'bool',
    unite: null,
    sens: 'la procédure est judiciaire : assignation ou stade suivant',
    compagnon: 'procedure.phase_judiciaire_connue',
    colonnes: ['type'],
    calcule: true,
  },
} as const satisfies Record<string, DefinitionFait>

/** A fact rules may read. */
export type Fait = keyof typeof FAITS
/** Any word of a condition: a fact, its companion, or a setting of the département. */
export type Mot = string

type Valeur<D extends { type: TypeMot }> = D extends { valeurs: readonly (infer V)[] }
  ? V
  : D['type'] extends 'int'
    ? number
    : D['type'] extends 'bool'
      ? boolean
      : string

/** What is known of a situation. An absent key is unknown, which is not false. */
export type Faits = { readonly [F in Fait]?: Valeur<(typeof FAITS)[F]> | undefined }

/** One entry of the published vocabulary. */
export interface EntreeVocabulaire {
  readonly nom: string
  readonly genre: 'fait' | 'compagnon' | 'parametre'
  readonly type: TypeMot
  readonly unite: Unite | null
  readonly sens: string
  readonly valeurs: readonly string[] | null
  /** For a fact or a setting: the word that tells whether it is known. For a companion: the word it is about. */
  readonly compagnon: string | null
  readonly colonnes: readonly string[]
  readonly calcule: boolean
}

function entrees(): EntreeVocabulaire[] {
  const faits = Object.entries<DefinitionFait>(FAITS).map(([nom, definition]) => ({
    nom,
    genre: 'fait' as const,
    type: definition.type,
    unite: definition.unite,
    sens: definition.sens,
    valeurs: definition.valeurs ?? null,
    compagnon: definition.compagnon,
    colonnes: definition.colonnes,
    calcule: definition.calcule === true,
  }))
  const parametres = CLES_PARAMETRES.map((cle) => {
    const definition = definitionParametre(cle)
    return {
      nom: `parametre.${cle}`,
      genre: 'parametre' as const,
      type: definition.type,
      unite: definition.unite,
      sens: `${definition.sens} (paramètre du département)`,
      valeurs: definition.valeurs ?? null,
      compagnon: `parametre.${cle}_renseigne`,
      colonnes: [],
      calcule: false,
    }
  })
  return [...faits, ...parametres].flatMap((entree): EntreeVocabulaire[] => [
    entree,
    {
      nom: entree.compagnon,
      genre: 'compagnon',
      type: 'bool',
      unite: null,
      sens: `« ${entree.nom} » est connu`,
      valeurs: null,
      compagnon: entree.nom,
      colonnes: [],
      calcule: true,
    },
  ])
}

/** The whole vocabulary of conditions, in a stable order. */
export const VOCABULAIRE: readonly EntreeVocabulaire[] = entrees()

const PAR_NOM = new Map(VOCABULAIRE.map((entree) => [entree.nom, entree]))

/** The declaration of a word, or nothing when it is not of the vocabulary. */
export function trouverMot(nom: string): EntreeVocabulaire | undefined {
  return PAR_NOM.get(nom)
}

/** Names of all words. */
export function nomsDesMots(): readonly string[] {
  return VOCABULAIRE.map((entree) => entree.nom)
}

/** Codes whose French is not the code itself with spaces. */
const LIBELLES_VALEURS: Readonly<Record<string, string>> = {
  ais_aivs: 'AIS ou AIVS',
  caf: 'CAF',
  concours_force_publique: 'concours de la force publique',
  impaye: 'impayé',
  jamais_examines: 'situations jamais examinées',
  msa: 'MSA',
  prevention: 'prévention',
  requisition_force_publique: 'réquisition de la force publique',
  sci_familiale: 'SCI familiale',
  vulnerables: 'ménages vulnérables',
}

/** French form of a value, with its unit: `2 500,00 €`, `3 enfants`, `oui`. */
export function ecrireValeur(nom: string, valeur: boolean | number | string | null): string {
  if (valeur === null) return 'non connu'
  if (typeof valeur === 'boolean') return valeur ? 'oui' : 'non'
  const unite = trouverMot(nom)?.unite ?? null
  if (typeof valeur === 'string') {
    const [, mois, jour] = unite === 'mois_jour' ? (/^(\d{2})-(\d{2})$/.exec(valeur) ?? []) : []
    if (mois && jour) return ecrireJourDuMois({ day: Number(jour), month: Number(mois) })
    return LIBELLES_VALEURS[valeur] ?? valeur.replaceAll('_', ' ')
  }
  const pluriel = Math.abs(valeur) >= 2 ? 's' : ''
  switch (unite) {
    case 'centimes':
      return ecrireEuros(valeur)
    case 'annees':
      return `${valeur} an${pluriel}`
    case 'enfants':
      return `${valeur} enfant${pluriel}`
    case 'sources':
      return `${valeur} source${pluriel}`
    case 'jours':
      return `${valeur} jour${pluriel}`
    case 'heures':
      return `${valeur} heure${pluriel}`
    case 'pour_cent':
      return `${valeur}\u00a0%`
    case 'numero_de_mois':
      return ecrireMois(valeur)
    default:
      return String(valeur)
  }
}

/** Integer cents → `1 400,00 €`, with the non-breaking spaces of French typography. */
export function ecrireEuros(centimes: number): string {
  const euros = Math.trunc(Math.abs(centimes) / 100)
  const reste = String(Math.abs(centimes) % 100).padStart(2, '0')
  const groupes = String(euros).replace(/\B(?=(\d{3})+(?!\d))/g, '\u202f')
  return `${centimes < 0 ? '−' : ''}${groupes},${reste}\u00a0€`
}

/** Values of the settings in force, as conditions read them; an absent key is an empty setting. */
export type ValeursParametres = { readonly [C in CleParametre]?: string | number | boolean | undefined }
