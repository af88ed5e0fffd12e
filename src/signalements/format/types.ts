/** What a signalement reports, in the order of the procedure (formats/signalements.md §3), and the date each one must carry. */
export const TYPES = {
  impaye_caf: { libelle: 'Impayé signalé par la CAF', dateExigee: null },
  impaye_msa: { libelle: 'Impayé signalé par la MSA', dateExigee: null },
  impaye_bailleur_social: { libelle: 'Impayé signalé par un bailleur social', dateExigee: null },
  demande_fsl: { libelle: 'Demande d’aide au FSL', dateExigee: null },
  commandement_de_payer: { libelle: 'Commandement de payer', dateExigee: 'date_acte' },
  assignation: { libelle: 'Assignation', dateExigee: 'date_acte' },
  audience: { libelle: 'Audience', dateExigee: 'date_audience' },
  jugement: { libelle: 'Jugement', dateExigee: 'date_acte' },
  commandement_de_quitter_les_lieux: { libelle: 'Commandement de quitter les lieux', dateExigee: 'date_acte' },
  requisition_force_publique: { libelle: 'Réquisition de la force publique', dateExigee: 'date_acte' },
  concours_force_publique: { libelle: 'Concours de la force publique', dateExigee: 'date_acte' },
  expulsion: { libelle: 'Expulsion', dateExigee: 'date_acte' },
  saisine_partenaire: { libelle: 'Saisine par un partenaire', dateExigee: null },
  alerte_plus_de_70_ans: { libelle: 'Alerte : plus de 70 ans, en impayé', dateExigee: null },
  garantie_action_logement: { libelle: 'Garantie d’Action Logement activée', dateExigee: null },
  suspension_aide_logement: { libelle: 'Aide au logement suspendue', dateExigee: null },
  diagnostic_antenne: { libelle: 'Ménage reçu en antenne', dateExigee: null },
  depart_volontaire: { libelle: 'Départ du ménage', dateExigee: 'date_acte' },
  changement_de_situation: { libelle: 'Changement de situation', dateExigee: null },
} as const satisfies Record<
  string,
  { readonly libelle: string; readonly dateExigee: 'date_acte' | 'date_audience' | null }
>

export type TypeSignalement = keyof typeof TYPES

export type Verdict = 'acceptee' | 'avertissement' | 'rejetee'

/** What a line has done to the signalements: decided by whoever writes them, never by the format. */
export type Effet = 'cree' | 'mis_a_jour' | 'deja_connu' | 'aucun'

/** How the bytes of a file were read. A workbook carries UTF-8. */
export type Encodage = 'utf-8' | 'windows-1252'

export type GenreFichier = 'csv' | 'xlsx' | 'ods'

/** The fields of one line, as texts: our columns under their names, the others under the name the file gives them. */
export type Champs = Readonly<Record<string, string>>
