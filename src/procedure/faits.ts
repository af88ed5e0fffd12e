interface DescriptionFait {
  /** Followed by a date: « Audience du 14/01/2027 ». */
  readonly phrase: string
  /** What to look for when the date is missing: « Il manque la date … ». */
  readonly manque: string
}

/** The dated facts from which time limits are counted. Closed: a new one is a change of code. */
export const FAITS_DATES = {
  'bail.conclu_le': { phrase: 'bail conclu le', manque: 'la date de conclusion du bail' },
  'bail.reconduit_le': { phrase: 'bail reconduit le', manque: 'la date de la dernière reconduction du bail' },
  'impaye.constitue': { phrase: 'impayé constitué le', manque: 'la date de constitution de l’impayé' },
  'impaye.signale_a_la_caisse': {
    phrase: 'impayé signalé à la caisse le',
    manque: 'la date du signalement de l’impayé à la caisse',
  },
  'plan_apurement.demande': { phrase: 'plan d’apurement demandé le', manque: 'la date de la demande de plan' },
  'plan_apurement.signe': { phrase: 'plan d’apurement signé le', manque: 'la date de signature du plan' },
  'commandement_de_payer.signifie': {
    phrase: 'commandement de payer du',
    manque: 'la date du commandement de payer',
  },
  'commandement_de_payer.terme_imprime': {
    phrase: 'fin du délai imprimée sur le commandement de payer :',
    manque: 'la date imprimée sur le commandement de payer',
  },
  'ccapex.saisie_par_bailleur': {
    phrase: 'CCAPEX saisie par le bailleur le',
    manque: 'la date de saisine de la CCAPEX',
  },
  'assignation.delivree': { phrase: 'assignation du', manque: 'la date de l’assignation' },
  'assignation.notifiee_au_prefet': {
    phrase: 'assignation notifiée au préfet le',
    manque: 'la date de notification de l’assignation au préfet',
  },
  'dsf.organisme_saisi': {
    phrase: 'saisine de l’organisme par le préfet le',
    manque: 'la date de saisine de l’organisme par le préfet',
  },
  'dsf.entretien_propose': { phrase: 'entretien proposé le', manque: 'la date de la proposition d’entretien' },
  'dsf.remis': { phrase: 'diagnostic social et financier remis le', manque: 'la date de remise du diagnostic' },
  'audience.prevue': { phrase: 'audience du', manque: 'la date de l’audience' },
  'loyer_courant.repris': { phrase: 'loyer courant repris depuis le', manque: 'la date de reprise du loyer courant' },
  'jugement.rendu': { phrase: 'jugement du', manque: 'la date du jugement' },
  'commandement_de_quitter_les_lieux.signifie': {
    phrase: 'commandement de quitter les lieux du',
    manque: 'la date du commandement de quitter les lieux',
  },
  'commandement_de_quitter_les_lieux.terme_imprime': {
    phrase: 'fin du délai imprimée sur le commandement de quitter les lieux :',
    manque: 'la date imprimée sur le commandement de quitter les lieux',
  },
  'commandement_de_quitter_les_lieux.notifie_au_prefet': {
    phrase: 'commandement de quitter les lieux notifié au préfet le',
    manque: 'la date de notification du commandement de quitter les lieux au préfet',
  },
  'requisition.recue': {
    phrase: 'demande de concours reçue le',
    manque: 'la date de réception de la demande de concours',
  },
  'concours.accorde': { phrase: 'concours accordé le', manque: 'la date d’octroi du concours' },
  'expulsion.executee': { phrase: 'expulsion du', manque: 'la date de l’expulsion' },
  'tableau.transmis': { phrase: 'tableau hebdomadaire du', manque: 'la date d’envoi du tableau hebdomadaire' },
  'tableau.recu': { phrase: 'tableau hebdomadaire reçu le', manque: 'la date de réception du tableau hebdomadaire' },
  'diagnostic.transmis': { phrase: 'diagnostic transmis le', manque: 'la date de transmission du diagnostic' },
  'diagnostic.impossible': { phrase: 'diagnostic non réalisé, dit le', manque: 'la date du constat d’échec' },
  'enquete.demandee': { phrase: 'enquête demandée le', manque: 'la date de la demande d’enquête' },
  'enquete.remise': { phrase: 'enquête remise le', manque: 'la date de remise de l’enquête' },
  'avis.notifie': { phrase: 'avis notifié le', manque: 'la date de notification de l’avis' },
  'avis.retour': { phrase: 'retour sur l’avis le', manque: 'la date du retour sur l’avis' },
} as const satisfies Record<string, DescriptionFait>

export type FaitDate = keyof typeof FAITS_DATES
export const NOMS_FAITS_DATES = Object.keys(FAITS_DATES) as FaitDate[]

/** What is known: a fact that is absent is unknown, never « today ». */
export type Faits = { readonly [F in FaitDate]?: Temporal.PlainDate | null | undefined }

/** Conditions on the dossier that some time limits need. Absent or null: unknown. */
export interface Situation {
  readonly bailleur_personne_morale?: boolean | null | undefined
}

/** Meaning of each condition, as shown when it is unknown or false. */
export const SITUATIONS = {
  bailleur_personne_morale: {
    manque: 'la nature du bailleur (personne morale ou non)',
    sansObjet: 'Le bailleur n’est pas une personne morale.',
  },
} as const satisfies Record<keyof Situation, { readonly manque: string; readonly sansObjet: string }>
