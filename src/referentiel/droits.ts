/** What a person may be habilitated to be. Closed: what each may do is in `donnees/acces/matrice.csv`. */
export const roles = [
  'secretariat',
  'prefecture',
  'service_social',
  'partenaire',
  'maire',
  'emetteur',
  'pilote',
  'administrateur',
  'dpd',
  'systeme',
] as const
export type Role = (typeof roles)[number]

/** Every kind of act of the application: « ressource.action ». A route, a list, an export or a job that declares none does not start. */
export const droits = [
  'lot.deposer',
  'lot.consulter',
  'lot.corriger',
  'lot.retirer',
  'commune.situer',
  'doute.consulter',
  'doute.trancher',
  'rattachement.defaire',
  'dossier.consulter',
  'dossier.exporter',
  'dossier.reaffecter',
  'dossier.clore',
  'acte.consigner',
  'contact.noter',
  'participation.tenir',
  'acces_exceptionnel.ouvrir',
  'argent.consulter',
  'argent.tenir',
  'outil.employer',
  'accord.noter',
  'droit_acces.exporter',
  'note.tenir',
  'transmission.faire',
  'suivi.partager',
  'synthese.produire',
  'diagnostic.consulter',
  'diagnostic.ouvrir',
  'diagnostic.lire',
  'diagnostic.remplir',
  'diagnostic.transmettre',
  'locataire.consulter',
  'cle.tourner',
  'courrier.consulter',
  'courrier.envoyer',
  'echange.lire',
  'echange.ecrire',
  'saisine.consulter',
  'saisine.deposer',
  'saisine.instruire',
  'saisine.preorienter',
  'saisine.expertise',
  'commission.consulter',
  'commission.tenir',
  'seance.preparer',
  'seance.participer',
  'engagement.consulter',
  'engagement.tenir',
  'liste.figer',
  'liste.consulter',
  'liste.repondre',
  'veille.consulter',
  'regle.consulter',
  'regle.simuler',
  'territoire.controler',
  'version.preparer',
  'version.approuver',
  'compte.tenir',
  'compte.gerer',
  'journal.consulter',
  'journal.sceller',
  'alerte.traiter',
  'matrice.consulter',
  'requisition.consulter',
  'requisition.instruire',
  'requisition.contribuer',
  'requisition.recevoir',
  'requisition.exporter',
  'expertise.demander',
  'rapport_social.tenir',
  'aide.consulter',
] as const
export type Droit = (typeof droits)[number]

/** Rights no person has: background work acts under `systeme`, which has them all in code. */
export const DROITS_DU_SYSTEME: readonly Droit[] = ['journal.sceller', 'cle.tourner']

/**
 * Groups of fields of a dossier, of its signalements and of its lines in lists. Each field is of exactly one (`src/dossiers/champs.ts`). `tu`: that something is
 * hidden is not said either.
 */
export const GROUPES_CHAMPS = {
  reperes: { libelle: 'Repères', sens: 'référence, territoire, dates d’ouverture et de clôture', tu: false },
  identite: { libelle: 'Identité', sens: 'noms, dates de naissance, adresse', tu: false },
  coordonnees: { libelle: 'Coordonnées', sens: 'téléphones et courriels du ménage', tu: false },
  composition: { libelle: 'Composition du ménage', sens: 'situation familiale, enfants à charge', tu: false },
  ressources: {
    libelle: 'Ressources',
    sens: 'RSA, aide au logement, numéro d’allocataire, garantie, demandes au FSL',
    tu: false,
  },
  sante: {
    libelle: 'Santé',
    sens: 'handicap, critères proches de la santé, mesure de protection, difficultés associées',
    tu: true,
  },
  procedure: { libelle: 'Procédure', sens: 'étape, actes, audience, suspensions, échéances légales', tu: false },
  dette: { libelle: 'Dette', sens: 'dette, loyer, charges, seuil, surendettement', tu: false },
  bailleur: { libelle: 'Bailleur et bail', sens: 'bailleur, ses difficultés, parc, date du bail', tu: false },
  criteres: { libelle: 'Critères', sens: 'critères de la charte', tu: false },
  signaux: { libelle: 'Signaux', sens: 'qui a signalé, quand, combien de fois', tu: false },
  service: {
    libelle: 'Accompagnement',
    sens: 'service désigné, pourquoi, ses échéances, ses diagnostics, relogement, référent',
    tu: false,
  },
  contacts: { libelle: 'Contacts', sens: 'tentatives de contact avec le ménage', tu: false },
  ecrits: { libelle: 'Textes libres', sens: 'motifs et résultats écrits par un service pour le secrétariat', tu: true },
} as const satisfies Record<string, { libelle: string; sens: string; tu: boolean }>
export type GroupeChamps = keyof typeof GROUPES_CHAMPS

/** When a line of the matrix holds. Several in one line must all hold. */
export const CONDITIONS_ACCES = {
  departement: 'sur tout le département',
  territoire: 'sur les territoires de son habilitation',
  engage: 'sur les dossiers où son organisme est engagé',
  commune: 'pour les habitants de ses communes',
  seance: 'pendant la participation ouverte par une séance',
  accord_adil: 'avec l’accord du ménage pour transmettre à l’ADIL',
  accord_action_logement: 'avec l’accord du ménage pour Action Logement',
  accord_mandataire: 'selon ce que la mesure de protection permet de dire',
  auteur: 'pour ce que son organisme a écrit ou signalé',
} as const
export type ConditionAcces = keyof typeof CONDITIONS_ACCES
