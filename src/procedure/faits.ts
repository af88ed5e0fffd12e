/** Steps the law is grouped by on the screens, in the order of the procedure. */
export const ETAPES_DROIT = {
  impaye: 'Impayé et aide au logement',
  plan_apurement: 'Plans d’apurement et versements',
  commandement_de_payer: 'Commandement de payer',
  assignation: 'Assignation, audience et diagnostic social',
  jugement: 'Jugement',
  surendettement: 'Surendettement',
  commandement_de_quitter_les_lieux: 'Commandement de quitter les lieux et délais pour partir',
  requisition: 'Réquisition, concours et responsabilité de l’État',
  expulsion: 'Trêve hivernale et exécution',
  protocole: 'Protocoles',
  dalo: 'Droit au logement opposable',
  ccapex: 'CCAPEX et charte',
  partenaires: 'Engagements datés des partenaires',
} as const
export type EtapeDroit = keyof typeof ETAPES_DROIT

interface DescriptionFait {
  /** Followed by a date: « Audience du 14/01/2027 ». */
  readonly phrase: string
  /** What to look for when the date is missing: « Il manque la date … ». Begins with « la date ». */
  readonly manque: string
  /** Step where a rule that starts from this fact is shown. */
  readonly etape: EtapeDroit
}

/** The dated facts from which time limits are counted and which select the versions of the law. Closed: a new one is a change of code. */
export const FAITS_DATES = {
  'bail.conclu_le': {
    phrase: 'bail conclu le',
    manque: 'la date de conclusion du bail',
    etape: 'commandement_de_payer',
  },
  'bail.reconduit_le': {
    phrase: 'bail reconduit le',
    manque: 'la date de la dernière reconduction du bail',
    etape: 'commandement_de_payer',
  },
  'impaye.constitue': { phrase: 'impayé constitué le', manque: 'la date de constitution de l’impayé', etape: 'impaye' },
  'impaye.signale_a_la_caisse': {
    phrase: 'impayé signalé à la caisse le',
    manque: 'la date du signalement de l’impayé à la caisse',
    etape: 'impaye',
  },
  'impaye.solde': { phrase: 'impayé soldé le', manque: 'la date à laquelle l’impayé a été soldé', etape: 'impaye' },
  'tiers_payant.propose': {
    phrase: 'tiers payant proposé au bailleur le',
    manque: 'la date à laquelle le tiers payant est proposé au bailleur',
    etape: 'impaye',
  },
  'tiers_payant.reponse': {
    phrase: 'réponse du bailleur sur le tiers payant le',
    manque: 'la date de la réponse du bailleur sur le tiers payant',
    etape: 'impaye',
  },
  'plan_apurement.demande': {
    phrase: 'plan d’apurement demandé le',
    manque: 'la date de la demande de plan',
    etape: 'plan_apurement',
  },
  'plan_apurement.propose': {
    phrase: 'plan d’apurement proposé le',
    manque: 'la date de la proposition de plan',
    etape: 'plan_apurement',
  },
  'plan_apurement.signe': {
    phrase: 'plan d’apurement signé le',
    manque: 'la date de signature du plan',
    etape: 'plan_apurement',
  },
  'plan_apurement.controle': {
    phrase: 'plan d’apurement contrôlé le',
    manque: 'la date du contrôle du plan',
    etape: 'plan_apurement',
  },
  'fsl.saisi': { phrase: 'FSL saisi le', manque: 'la date de saisine du FSL', etape: 'plan_apurement' },
  'fsl.plan_etabli': {
    phrase: 'plan du FSL établi le',
    manque: 'la date du plan établi par le FSL',
    etape: 'plan_apurement',
  },
  'versement.recu': { phrase: 'versement reçu le', manque: 'la date du versement', etape: 'plan_apurement' },
  'commandement_de_payer.signifie': {
    phrase: 'commandement de payer du',
    manque: 'la date du commandement de payer',
    etape: 'commandement_de_payer',
  },
  'commandement_de_payer.terme_imprime': {
    phrase: 'fin du délai imprimée sur le commandement de payer :',
    manque: 'la date imprimée sur le commandement de payer',
    etape: 'commandement_de_payer',
  },
  'commandement_de_payer.denonce_a_la_caution': {
    phrase: 'commandement dénoncé à la caution le',
    manque: 'la date de dénonciation du commandement à la caution',
    etape: 'commandement_de_payer',
  },
  'ccapex.saisie_par_bailleur': {
    phrase: 'CCAPEX saisie par le bailleur le',
    manque: 'la date de saisine de la CCAPEX',
    etape: 'assignation',
  },
  'ccapex.saisie': { phrase: 'CCAPEX saisie le', manque: 'la date de saisine de la CCAPEX', etape: 'ccapex' },
  'assignation.delivree': { phrase: 'assignation du', manque: 'la date de l’assignation', etape: 'assignation' },
  'assignation.notifiee_au_prefet': {
    phrase: 'assignation notifiée au préfet le',
    manque: 'la date de notification de l’assignation au préfet',
    etape: 'assignation',
  },
  'dsf.organisme_saisi': {
    phrase: 'saisine de l’organisme par le préfet le',
    manque: 'la date de saisine de l’organisme par le préfet',
    etape: 'assignation',
  },
  'dsf.entretien_propose': {
    phrase: 'entretien proposé le',
    manque: 'la date de la proposition d’entretien',
    etape: 'assignation',
  },
  'dsf.remis': {
    phrase: 'diagnostic social et financier remis le',
    manque: 'la date de remise du diagnostic',
    etape: 'assignation',
  },
  'audience.prevue': { phrase: 'audience du', manque: 'la date de l’audience', etape: 'assignation' },
  'loyer_courant.repris': {
    phrase: 'loyer courant repris depuis le',
    manque: 'la date de reprise du loyer courant',
    etape: 'assignation',
  },
  'jugement.rendu': { phrase: 'jugement du', manque: 'la date du jugement', etape: 'jugement' },
  'jugement.signifie': {
    phrase: 'jugement signifié le',
    manque: 'la date de signification du jugement',
    etape: 'jugement',
  },
  'appel.forme': { phrase: 'appel formé le', manque: 'la date de l’appel', etape: 'jugement' },
  'surendettement.depose': {
    phrase: 'dossier de surendettement déposé le',
    manque: 'la date de dépôt du dossier de surendettement',
    etape: 'surendettement',
  },
  'surendettement.oriente': {
    phrase: 'dossier de surendettement orienté le',
    manque: 'la date d’orientation par la commission de surendettement',
    etape: 'surendettement',
  },
  'surendettement.recevable': {
    phrase: 'dossier de surendettement recevable le',
    manque: 'la date de recevabilité du dossier de surendettement',
    etape: 'surendettement',
  },
  'surendettement.moratoire_fin': {
    phrase: 'fin du moratoire le',
    manque: 'la date de fin du moratoire',
    etape: 'surendettement',
  },
  'surendettement.juge_saisi': {
    phrase: 'juge saisi après le moratoire le',
    manque: 'la date de saisine du juge après le moratoire',
    etape: 'surendettement',
  },
  'surendettement.effacement': {
    phrase: 'effacement de la dette du',
    manque: 'la date de l’effacement de la dette',
    etape: 'surendettement',
  },
  'surendettement.suspension_prononcee': {
    phrase: 'suspension de l’expulsion prononcée le',
    manque: 'la date à laquelle le juge suspend l’expulsion',
    etape: 'surendettement',
  },
  'commandement_de_quitter_les_lieux.signifie': {
    phrase: 'commandement de quitter les lieux du',
    manque: 'la date du commandement de quitter les lieux',
    etape: 'commandement_de_quitter_les_lieux',
  },
  'commandement_de_quitter_les_lieux.terme_imprime': {
    phrase: 'fin du délai imprimée sur le commandement de quitter les lieux :',
    manque: 'la date imprimée sur le commandement de quitter les lieux',
    etape: 'commandement_de_quitter_les_lieux',
  },
  'commandement_de_quitter_les_lieux.notifie_au_prefet': {
    phrase: 'commandement de quitter les lieux notifié au préfet le',
    manque: 'la date de notification du commandement de quitter les lieux au préfet',
    etape: 'commandement_de_quitter_les_lieux',
  },
  'jex.saisi': {
    phrase: 'juge de l’exécution saisi le',
    manque: 'la date de saisine du juge de l’exécution',
    etape: 'commandement_de_quitter_les_lieux',
  },
  'jex.decision': {
    phrase: 'décision du juge de l’exécution du',
    manque: 'la date de la décision du juge de l’exécution',
    etape: 'commandement_de_quitter_les_lieux',
  },
  'delai_de_grace.fin': {
    phrase: 'fin des délais accordés pour quitter les lieux le',
    manque: 'la date de fin des délais accordés pour quitter les lieux',
    etape: 'commandement_de_quitter_les_lieux',
  },
  'requisition.recue': {
    phrase: 'demande de concours reçue le',
    manque: 'la date de réception de la demande de concours',
    etape: 'requisition',
  },
  'concours.accorde': { phrase: 'concours accordé le', manque: 'la date d’octroi du concours', etape: 'requisition' },
  'indemnisation.demandee': {
    phrase: 'indemnisation demandée à l’État le',
    manque: 'la date de la demande d’indemnisation',
    etape: 'requisition',
  },
  'indemnisation.reponse': {
    phrase: 'réponse à la demande d’indemnisation le',
    manque: 'la date de la réponse à la demande d’indemnisation',
    etape: 'requisition',
  },
  'expulsion.prevue': { phrase: 'expulsion prévue le', manque: 'la date prévue de l’expulsion', etape: 'expulsion' },
  'expulsion.executee': { phrase: 'expulsion du', manque: 'la date de l’expulsion', etape: 'expulsion' },
  'protocole.signe': { phrase: 'protocole signé le', manque: 'la date de signature du protocole', etape: 'protocole' },
  'protocole.fin': { phrase: 'fin du protocole le', manque: 'la date de fin du protocole', etape: 'protocole' },
  'protocole.execute': {
    phrase: 'protocole exécuté le',
    manque: 'la date à laquelle le protocole est exécuté',
    etape: 'protocole',
  },
  'protocole.non_respecte': {
    phrase: 'protocole non respecté depuis le',
    manque: 'la date à laquelle le protocole n’est plus respecté',
    etape: 'protocole',
  },
  'protocole.renegocie': {
    phrase: 'protocole renégocié le',
    manque: 'la date de renégociation du protocole',
    etape: 'protocole',
  },
  'protocole.nouveau_bail': { phrase: 'nouveau bail signé le', manque: 'la date du nouveau bail', etape: 'protocole' },
  'dalo.commission_saisie': {
    phrase: 'commission de médiation saisie le',
    manque: 'la date de saisine de la commission de médiation',
    etape: 'dalo',
  },
  'dalo.reconnu': {
    phrase: 'ménage reconnu prioritaire au titre du DALO le',
    manque: 'la date de la décision de la commission de médiation',
    etape: 'dalo',
  },
  'dalo.relogement_echu': {
    phrase: 'fin du délai de relogement du préfet le',
    manque: 'la date de fin du délai de relogement du préfet',
    etape: 'dalo',
  },
  'dalo.reloge': { phrase: 'ménage relogé le', manque: 'la date du relogement', etape: 'dalo' },
  'dalo.tribunal_saisi': {
    phrase: 'tribunal administratif saisi le',
    manque: 'la date de saisine du tribunal administratif',
    etape: 'dalo',
  },
  'dalo.tribunal_decide': {
    phrase: 'décision du tribunal administratif le',
    manque: 'la date de la décision du tribunal administratif',
    etape: 'dalo',
  },
  'tableau.transmis': {
    phrase: 'tableau hebdomadaire du',
    manque: 'la date d’envoi du tableau hebdomadaire',
    etape: 'partenaires',
  },
  'tableau.recu': {
    phrase: 'tableau hebdomadaire reçu le',
    manque: 'la date de réception du tableau hebdomadaire',
    etape: 'partenaires',
  },
  'diagnostic.transmis': {
    phrase: 'diagnostic transmis le',
    manque: 'la date de transmission du diagnostic',
    etape: 'partenaires',
  },
  'diagnostic.impossible': {
    phrase: 'diagnostic non réalisé, dit le',
    manque: 'la date du constat d’échec',
    etape: 'partenaires',
  },
  'enquete.demandee': {
    phrase: 'enquête demandée le',
    manque: 'la date de la demande d’enquête',
    etape: 'partenaires',
  },
  'enquete.remise': { phrase: 'enquête remise le', manque: 'la date de remise de l’enquête', etape: 'partenaires' },
  'avis.notifie': { phrase: 'avis notifié le', manque: 'la date de notification de l’avis', etape: 'partenaires' },
  'avis.retour': { phrase: 'retour sur l’avis le', manque: 'la date du retour sur l’avis', etape: 'partenaires' },
  'evenement.examine': {
    phrase: 'événement examiné le',
    manque: 'la date de l’événement examiné (séance, exécution…)',
    etape: 'ccapex',
  },
} as const satisfies Record<string, DescriptionFait>

export type FaitDate = keyof typeof FAITS_DATES
export const NOMS_FAITS_DATES = Object.keys(FAITS_DATES) as FaitDate[]

/** Periods between two facts, in which an effect of the law may be put off. */
export const PERIODES = {
  delai_de_grace: {
    debut: 'jex.decision',
    fin: 'delai_de_grace.fin',
    libelle: 'délais accordés pour quitter les lieux',
  },
  protocole: { debut: 'protocole.signe', fin: 'protocole.fin', libelle: 'protocole avec le bailleur' },
} as const satisfies Record<string, { readonly debut: FaitDate; readonly fin: FaitDate; readonly libelle: string }>
export type Periode = keyof typeof PERIODES

/** What is known: a fact that is absent is unknown, never « today ». */
export type Faits = { readonly [F in FaitDate]?: Temporal.PlainDate | null | undefined }

/** A fact and its day. */
export interface FaitConnu {
  readonly fait: FaitDate
  readonly le: Temporal.PlainDate
}

/** The earliest of the facts that are known. */
export function trouverFait(noms: readonly FaitDate[], faits: Faits): FaitConnu | null {
  const connus = noms.flatMap((fait): FaitConnu[] => {
    const le = faits[fait]
    return le ? [{ fait, le }] : []
  })
  return connus.toSorted((a, b) => Temporal.PlainDate.compare(a.le, b.le))[0] ?? null
}
