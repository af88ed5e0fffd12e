/** Unit a value is counted in, as shown beside it. */
export type Unite =
  | 'centimes'
  | 'annees'
  | 'jours'
  | 'heures'
  | 'enfants'
  | 'sources'
  | 'demandes'
  | 'mois'
  | 'pour_cent'
  | 'centiemes'
  | 'mois_jour'
  | 'numero_de_mois'

interface DefinitionParametre {
  readonly type: 'int' | 'string' | 'bool'
  readonly unite: Unite | null
  /** French meaning, shown by `amont referentiel vocabulaire`. */
  readonly sens: string
  /** The only texts admitted. */
  readonly valeurs?: readonly string[]
}

/**
 * The settings a département may give, dated and sourced in its `parametres.yaml`. Closed: a new one is a change of code.
 * Each is also a word of conditions, `parametre.<cle>`: a setting left empty is an unknown word, so that what depends on it is
 * « à vérifier » and never « non ».
 */
export const PARAMETRES = {
  plafond_fsl: { type: 'int', unite: 'centimes', sens: 'plafond de mobilisation du FSL' },
  plafond_fsl_annuel: {
    type: 'int',
    unite: 'centimes',
    sens: 'aide du FSL qu’un ménage peut recevoir dans l’année, selon le règlement intérieur du fonds',
  },
  fsl_repetition_demandes: {
    type: 'int',
    unite: 'demandes',
    sens: 'nombre de demandes au FSL à partir duquel elles sont dites répétées',
  },
  fsl_repetition_mois: {
    type: 'int',
    unite: 'mois',
    sens: 'nombre de mois pendant lesquels les demandes au FSL se comptent',
  },
  seuil_dette_elevee: { type: 'int', unite: 'centimes', sens: 'dette à partir de laquelle elle est dite élevée' },
  plafond_faibles_ressources: {
    type: 'int',
    unite: 'centimes',
    sens: 'ressources mensuelles du ménage jusqu’auxquelles elles sont dites faibles',
  },
  plafond_revenus_professionnels_faibles: {
    type: 'int',
    unite: 'centimes',
    sens: 'revenus professionnels mensuels jusqu’auxquels ils sont dits faibles',
  },
  age_jeune: { type: 'int', unite: 'annees', sens: 'âge en dessous duquel un titulaire du bail est dit jeune' },
  age_avance: { type: 'int', unite: 'annees', sens: 'âge au-delà duquel un titulaire du bail est dit âgé' },
  age_bailleur_avance: { type: 'int', unite: 'annees', sens: 'âge au-delà duquel un bailleur est dit fragile' },
  diagnostic_cdp: {
    type: 'string',
    unite: null,
    sens: 'ménages du parc privé à qui un diagnostic est proposé au commandement de payer',
    valeurs: ['vulnerables', 'tous'],
  },
  cql_auto_saisine: {
    type: 'string',
    unite: null,
    sens: 'commandements de quitter les lieux qui entraînent l’auto-saisine de la commission',
    valeurs: ['jamais_examines', 'tous'],
  },
  offre_caf: {
    type: 'string',
    unite: null,
    sens: 'public de l’offre de service de la CAF relative aux impayés',
    valeurs: ['familles', 'tous_les_allocataires'],
  },
  sao_delai: { type: 'int', unite: 'heures', sens: 'délai de la rencontre proposée au ménage expulsé' },
  reponse_par_rang_delai: {
    type: 'int',
    unite: 'jours',
    sens: 'délai laissé à un service pour répondre avant de solliciter le rang suivant',
  },
  suivi_mesure_periodicite: {
    type: 'int',
    unite: 'jours',
    sens: 'intervalle proposé entre deux points de suivi d’une mesure d’accompagnement après jugement',
  },
  releve_diagnostic: {
    type: 'bool',
    unite: null,
    sens: 'le relevé de séance reprend ce que le dernier diagnostic validé dit du loyer, du plan et du surendettement',
  },
  rapprochement_confirmation: {
    type: 'bool',
    unite: null,
    sens: 'chaque rattachement est confirmé par une personne, même quand il est certain',
  },
  tableaux_jour_envoi: {
    type: 'string',
    unite: null,
    sens: 'jour d’envoi des tableaux hebdomadaires',
    valeurs: ['lundi', 'mardi', 'mercredi', 'jeudi', 'vendredi'],
  },
  tableaux_periodicite: {
    type: 'string',
    unite: null,
    sens: 'rythme d’envoi des tableaux aux services',
    valeurs: ['hebdomadaire'],
  },
  liste_caf_periodicite: {
    type: 'string',
    unite: null,
    sens: 'rythme d’envoi de la liste des impayés par la CAF',
    valeurs: ['mensuelle'],
  },
  bilan_periodicite: { type: 'string', unite: null, sens: 'rythme du bilan de la charte', valeurs: ['annuelle'] },
  courrier_caf_mois: { type: 'int', unite: 'numero_de_mois', sens: 'mois du courrier annuel de la CAF aux bailleurs' },
  concours_signale_du: {
    type: 'string',
    unite: 'mois_jour',
    sens: 'premier jour de la période où les concours accordés sont signalés aux commissaires de justice et bailleurs',
  },
  concours_signale_jusqu_au: { type: 'string', unite: 'mois_jour', sens: 'dernier jour de cette même période' },
  cible_baisse_annuelle: {
    type: 'int',
    unite: 'pour_cent',
    sens: 'baisse annuelle visée des assignations et des commandements de quitter les lieux',
  },
  cible_baisse_totale: { type: 'int', unite: 'pour_cent', sens: 'baisse visée sur la durée de la charte' },
  seuil_taux_effort: {
    type: 'int',
    unite: 'pour_cent',
    sens: 'taux d’effort au-delà duquel le logement est dit trop cher',
  },
  seuil_effort_energie: {
    type: 'int',
    unite: 'pour_cent',
    sens: 'part des ressources consacrée à l’énergie dite excessive',
  },
  reste_pour_vivre_par_jour: {
    type: 'int',
    unite: 'centimes',
    sens: 'reste pour vivre de référence, par personne et par jour',
  },
  unite_consommation_age: {
    type: 'int',
    unite: 'annees',
    sens: 'âge à partir duquel une personne du ménage compte comme un adulte dans les unités de consommation',
  },
  unite_consommation_adulte: {
    type: 'int',
    unite: 'centiemes',
    sens: 'unité de consommation d’un adulte, après la première personne, en centièmes',
  },
  unite_consommation_enfant: {
    type: 'int',
    unite: 'centiemes',
    sens: 'unité de consommation d’un enfant, en centièmes',
  },
  personnes_par_piece: {
    type: 'int',
    unite: 'centiemes',
    sens: 'personnes par pièce au-delà desquelles le logement est dit trop petit, en centièmes',
  },
  bonne_foi_accord: {
    type: 'bool',
    unite: null,
    sens: 'accord collégial enregistré pour employer le faisceau d’indices de bonne foi',
  },
  notification_jours: {
    type: 'string',
    unite: null,
    sens: 'jours où le courriel des notifications part, pour qui n’a rien choisi',
    valeurs: ['lundi_vendredi', 'lundi_samedi', 'tous_les_jours'],
  },
  notification_heure: {
    type: 'int',
    unite: 'heures',
    sens: 'heure du courriel quotidien des notifications, pour qui n’a rien choisi',
  },
  notification_de: {
    type: 'int',
    unite: 'heures',
    sens: 'heure à partir de laquelle un courriel pressant peut partir, pour qui n’a rien choisi',
  },
  notification_a: {
    type: 'int',
    unite: 'heures',
    sens: 'heure après laquelle aucun courriel de notification ne part, pour qui n’a rien choisi',
  },
  notification_pressante: {
    type: 'int',
    unite: 'jours',
    sens: 'jours avant une échéance en dessous desquels un courriel part sans attendre celui du jour',
  },
  notification_annonce: {
    type: 'int',
    unite: 'jours',
    sens: 'jours avant une audience ou une échéance où elle est annoncée à qui suit le dossier',
  },
  notification_garde: {
    type: 'int',
    unite: 'jours',
    sens: 'jours pendant lesquels une notification est gardée, lue ou non',
  },
} as const satisfies Record<string, DefinitionParametre>

/** Name of a setting, without the `parametre.` of conditions. */
export type CleParametre = keyof typeof PARAMETRES
export type ValeurParametre<C extends CleParametre> = (typeof PARAMETRES)[C]['type'] extends 'int'
  ? number
  : (typeof PARAMETRES)[C]['type'] extends 'bool'
    ? boolean
    : string

export const CLES_PARAMETRES = Object.keys(PARAMETRES) as CleParametre[]

/** The declaration of a setting, widened so that optional properties can be read. */
export function definitionParametre(cle: CleParametre): DefinitionParametre {
  return PARAMETRES[cle]
}
