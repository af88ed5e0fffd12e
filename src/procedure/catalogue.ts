import {
  DECISIONS,
  ETAPES,
  type Etape,
  MOTIFS_RETOUR,
  MOTIFS_SUSPENSION,
  SOUS_STADES,
  STADES,
  type TypeActe,
} from './actes.ts'
import {
  annee,
  type ChampActe,
  type ContenuActe,
  choix,
  type ErreurChamp,
  entier,
  type GroupeActe,
  jour,
  montant,
  ouiNon,
  texte,
} from './champs-acte.ts'
import { ecrireJour } from './ecriture.ts'
import type { FaitDate } from './faits.ts'

/** Families of the catalogue, in the order of the procedure: how people look for a kind. */
export const FAMILLES_ACTE = {
  impaye: 'Impayé et dette',
  aide: 'Aide au logement et FSL',
  commandement_de_payer: 'Commandement de payer',
  assignation: 'Assignation et audience',
  jugement: 'Jugement et recours',
  commandement_de_quitter_les_lieux: 'Commandement de quitter les lieux',
  protocole: 'Protocoles et nouveau bail',
  force_publique: 'Concours de la force publique et expulsion',
  surendettement: 'Surendettement',
  relogement: 'Relogement et DALO',
  accompagnement: 'Accompagnement du ménage',
  menage: 'Ménage, garantie et bailleur',
  cours: 'Cours de la procédure',
} as const
export type FamilleActe = keyof typeof FAMILLES_ACTE

/** Where the date of a fact comes from: the day of the act, or one of its fields. */
type Fait = readonly [fait: FaitDate, champ?: string]

export interface GenreActe {
  readonly libelle: string
  readonly famille: FamilleActe
  /** Who may read it, in the words of the access matrix. */
  readonly groupe: GroupeActe
  /** What the day of the act is called. */
  readonly le?: string
  /** The day may be to come. */
  readonly futur?: true
  /** The step this act dates, when it dates one. */
  readonly etape?: TypeActe
  /** Facts of the law it establishes. */
  readonly faits?: readonly Fait[]
  readonly champs?: Readonly<Record<string, ChampActe>>
  /** What is wrong between fields, or between them and the day of the act. */
  readonly verifier?: (contenu: ContenuActe, le: Temporal.PlainDate) => readonly ErreurChamp[]
  /** Entered from its own place, not chosen in the list of kinds. */
  readonly horsListe?: true
  /** The outcome it suggests to close with. */
  readonly issue?: IssueCodee
  readonly aide?: string
}

/** What a landlord may be (SIG-26): the words of the exchange format. */
export const NATURES_BAILLEUR = {
  bailleur_social: 'Bailleur social',
  personne_physique: 'Personne physique',
  sci_familiale: 'SCI familiale',
  personne_morale: 'Autre personne morale',
  commune: 'Commune',
  ais_aivs: 'AIS ou AIVS',
} as const

/** Types of family (SIG-27). */
export const TYPES_FAMILLE = {
  seul: 'Adulte seul',
  monoparentale: 'Famille monoparentale',
  couple: 'Couple sans enfant à charge',
  couple_enfants: 'Couple avec enfants à charge',
  autre: 'Autre composition',
} as const

/** How a dossier ends (DOS-30). */
export const ISSUES = {
  dette_soldee: 'Dette soldée',
  plan_tenu: 'Plan d’apurement tenu',
  nouveau_bail: 'Nouveau bail',
  mutation: 'Mutation',
  relogement: 'Relogement',
  hebergement: 'Hébergement',
  glissement_de_bail: 'Glissement de bail',
  depart_avec_cles: 'Départ avec remise des clés',
  depart_sans_cles: 'Départ sans remise des clés',
  expulsion: 'Expulsion effective',
  desistement: 'Désistement du bailleur',
  deces: 'Décès',
  autre: 'Autre issue',
} as const
export type IssueCodee = keyof typeof ISSUES

/** Why a dossier goes from one territory to another (annexe 7, art. 2: the place where the household lives decides). */
export const MOTIFS_TERRITOIRE = {
  demenagement: 'Le ménage habite maintenant une commune de ce territoire',
  commune_corrigee: 'La commune du dossier était fausse',
  limite: 'La limite des territoires a changé',
  autre: 'Autre raison, convenue entre les deux secrétariats',
} as const
export type MotifTerritoire = keyof typeof MOTIFS_TERRITOIRE

const libelleEtape = (etape: Etape): string =>
  etape === 'audience' || etape === 'jugement' ? SOUS_STADES[etape].libelle : STADES[etape].libelle
const ETAPES_CHOIX: Readonly<Record<string, string>> = Object.fromEntries(
  ETAPES.map((etape) => [etape, libelleEtape(etape)]),
)

const etude = texte('Étude du commissaire de justice')
/** Amounts in an act of procedure tell of the debt: they are read with it. */
const deDette = { groupe: 'dette' } as const
const reclame = montant('Montant réclamé', deDette)
const tribunal = texte('Tribunal')
const imprime = jour('Fin du délai imprimée sur l’acte', {
  futur: true,
  aide: 'Recopier la date écrite sur l’acte : elle l’emporte sur le calcul.',
})
/**
 * The six mentions the law asks of a commandement de payer, in the order of `donnees/droit/valeurs/commandement-de-payer.mentions.yaml`, which dates and sources
 * them. What is not ticked was not checked: only « non » says that a mention is missing (SIG-24).
 */
export const MENTIONS_COMMANDEMENT = {
  mention_delai: ouiNon('Mention : le délai pour payer'),
  mention_loyer: ouiNon('Mention : le loyer et les charges du mois'),
  mention_decompte: ouiNon('Mention : le décompte de la dette'),
  mention_avertissement: ouiNon('Mention : l’avertissement de résiliation et d’expulsion'),
  mention_fsl: ouiNon('Mention : l’adresse du FSL'),
  mention_grace: ouiNon('Mention : le délai de grâce à demander au juge'),
} as const
const notifie = jour('Notifié au préfet le')
const numeroProtocole = choix(
  'Numéro du protocole',
  { 1: 'Premier protocole', 2: 'Second protocole' },
  { obligatoire: true },
)
const heure = texte('Heure de l’audience', { aide: 'Telle que l’acte l’écrit, par exemple 14 h.' })
const adresseAudience = texte('Adresse de l’audience')
const present = ouiNon('Le locataire était présent ou représenté')
const avocat = ouiNon('Le locataire avait un avocat')

/**
 * Every kind of act or situation a person may enter, closed: a new one is a change of code, and the compiler names the places to complete. What each
 * does to the step, the suspensions and the dates of the dossier is here and in `situation.ts`.
 */
export const GENRES_ACTE = {
  impaye_constitue: {
    libelle: 'Impayé constitué',
    famille: 'impaye',
    groupe: 'procedure',
    etape: 'impaye',
    champs: { montant: montant('Montant de la dette', deDette) },
  },
  impaye_signale: {
    libelle: 'Impayé signalé à la CAF ou à la MSA',
    famille: 'impaye',
    groupe: 'procedure',
    etape: 'impaye',
    faits: [['impaye.signale_a_la_caisse']],
    champs: {
      caisse: choix('Caisse', { caf: 'CAF', msa: 'MSA' }),
      montant: montant('Montant de la dette', deDette),
    },
  },
  dette_relevee: {
    libelle: 'Montant de la dette à une date',
    famille: 'impaye',
    groupe: 'dette',
    le: 'Dette arrêtée au',
    champs: {
      montant: montant('Dette de loyer et de charges cumulée', { obligatoire: true }),
      depuis: jour('Dette née le'),
      part_loyer: montant('Dont loyers ou indemnités d’occupation'),
      part_charges: montant('Dont charges'),
      frais: montant('Frais de commissaire de justice connus'),
      autres_logement: montant('Autres dettes liées au logement', {
        aide: 'Énergie, eau, assurance, dépôt de garantie.',
      }),
      hors_logement: montant('Dettes hors logement'),
      source: choix('D’après', {
        decompte: 'Décompte du bailleur',
        commissaire: 'Commissaire de justice',
        caisse: 'CAF ou MSA',
        menage: 'Le ménage',
        autre: 'Une autre source',
      }),
    },
    verifier: ({ montant: total, part_loyer: loyer, part_charges: charges, depuis }, le) => [
      ...(Number(loyer ?? 0) + Number(charges ?? 0) > Number(total ?? Number.POSITIVE_INFINITY)
        ? [
            {
              champ: charges === undefined ? 'part_loyer' : 'part_charges',
              message: 'Les loyers et les charges font plus que la dette : corriger ces parts, ou le montant.',
            },
          ]
        : []),
      ...(typeof depuis === 'string' && depuis > le.toString()
        ? [
            {
              champ: 'depuis',
              message: `Dette née le : après le jour où elle est arrêtée (${ecrireJour(le)}). Corriger l’une des deux dates.`,
            },
          ]
        : []),
    ],
  },
  loyer_repris: {
    libelle: 'Loyer courant repris en entier',
    famille: 'impaye',
    groupe: 'dette',
    le: 'Repris depuis le',
    faits: [['loyer_courant.repris']],
    champs: {
      source: choix('D’après', {
        bailleur: 'Le bailleur',
        menage: 'Le ménage',
        caisse: 'La CAF ou la MSA',
        autre: 'Une autre source',
      }),
    },
  },
  dette_soldee: {
    libelle: 'Dette soldée',
    famille: 'impaye',
    groupe: 'dette',
    faits: [['impaye.solde']],
    issue: 'dette_soldee',
    champs: {
      moyen: choix('Comment', {
        menage: 'Versements du ménage',
        fsl: 'Aide du FSL',
        garantie: 'Garantie',
        rappel_aide: 'Rappel d’aide au logement',
        effacement: 'Effacement (surendettement)',
        autre: 'Autrement',
      }),
    },
  },
  aide_logement: {
    libelle: 'Aide au logement : état',
    famille: 'aide',
    groupe: 'ressources',
    le: 'Depuis le',
    champs: {
      etat: choix(
        'État',
        { versee: 'Versée', suspendue: 'Suspendue', retablie: 'Rétablie', sans_droit: 'Pas de droit' },
        { obligatoire: true },
      ),
      nature: choix('Nature', {
        apl: 'APL',
        al_directe: 'AL versée au locataire',
        al_tiers_payant: 'AL en tiers payant',
      }),
      montant: montant('Montant mensuel'),
      au_bailleur: ouiNon('Versée au bailleur'),
      motif: choix('Motif de la suspension', {
        impaye: 'Impayé',
        incomplet: 'Dossier incomplet',
        autre: 'Autre motif',
        inconnu: 'Motif inconnu',
      }),
      rappel: montant('Montant du rappel'),
      rappel_en_une_fois: ouiNon('Rappel versé en une fois'),
    },
  },
  fsl_demande: {
    libelle: 'Demande au FSL',
    famille: 'aide',
    groupe: 'ressources',
    le: 'Demandée le',
    champs: {
      nature: choix(
        'Nature',
        { maintien: 'Maintien', relogement: 'Relogement', acces: 'Accès' },
        { obligatoire: true },
      ),
      stade: choix('Étape de la procédure à la demande', ETAPES_CHOIX, { obligatoire: true }),
      jugement: choix('Par rapport au jugement', { avant: 'Avant le jugement', apres: 'Après le jugement' }),
      unite: texte('Commission ou unité saisie'),
      passage_le: jour('Passage en commission le', { futur: true }),
      montant: montant('Montant demandé'),
    },
  },
  fsl_decision: {
    libelle: 'Décision du FSL',
    famille: 'aide',
    groupe: 'ressources',
    le: 'Décidée le',
    champs: {
      decision: choix(
        'Décision',
        { accord: 'Accord', partiel: 'Accord partiel', ajourne: 'Ajourné', refus: 'Refus' },
        { obligatoire: true },
      ),
      montant: montant('Montant accordé'),
      part_dette: entier('Part de la dette couverte, en pour cent'),
      orientation_ccapex: ouiNon('Orienté vers la CCAPEX'),
    },
  },
  fsl_recurrence: {
    libelle: 'Demandes FSL répétées : évaluation sociale',
    famille: 'aide',
    groupe: 'ressources',
    le: 'Évaluée le',
    champs: {
      recurrence: choix(
        'La récurrence est',
        { confirmee: 'Confirmée', non_confirmee: 'Non confirmée' },
        { obligatoire: true },
      ),
      cause: choix('Ce que dit l’évaluation', {
        ressources: 'Ressources durablement trop faibles',
        loyer: 'Logement trop cher pour le ménage',
        budget: 'Difficulté à tenir le budget',
        evenement: 'Événements distincts, sans lien entre eux',
        autre: 'Autre cause',
      }),
      suite: choix('Suite proposée', {
        saisine: 'Saisir la commission',
        accompagnement: 'Accompagnement social',
        mutation: 'Logement mieux adapté',
        aucune: 'Aucune suite',
      }),
    },
    aide: 'Le constat seul : l’évaluation reste dans le dossier du service social.',
  },
  asll: {
    libelle: 'Accompagnement social lié au logement (ASLL)',
    famille: 'aide',
    groupe: 'service',
    champs: {
      etat: choix(
        'État',
        {
          demandee: 'Demandé',
          accordee: 'Accordé',
          validee: 'Validé',
          adhesion: 'Le ménage adhère',
          refus: 'Le ménage refuse',
          terminee: 'Terminé',
        },
        { obligatoire: true },
      ),
    },
  },
  avdl: {
    libelle: 'Mesure AVDL',
    famille: 'aide',
    groupe: 'service',
    champs: {
      nature: choix(
        'Nature',
        {
          contact: 'De contact',
          accompagnement: 'D’accompagnement',
          exceptionnelle: 'Exceptionnelle, à la réquisition',
        },
        { obligatoire: true },
      ),
      etape: choix(
        'Ce qui est fait',
        {
          prescrite: 'Prescrite par la commission',
          financee: 'Financée',
          operateur: 'Opérateur désigné',
          courrier: 'Courrier ou appel au ménage',
          rencontre: 'Rencontre au domicile',
          bailleur: 'Contact avec le bailleur',
          relogement: 'Recherche de relogement',
          demenagement: 'Déménagement organisé',
          mediation: 'Dossier déposé à la commission de médiation',
          suite: 'Suite donnée',
          terminee: 'Terminée',
          refus: 'Le ménage refuse',
        },
        { obligatoire: true },
      ),
      operateur: texte('Opérateur'),
      suite: choix('Suite donnée', {
        accompagnement: 'Accompagnement engagé',
        relogement: 'Relogement',
        orientation: 'Orientation vers un autre service',
        sans_suite: 'Sans suite',
      }),
    },
    aide: 'Un acte par étape : la chronologie garde qui a fait quoi, et quand.',
  },
  commandement_de_payer: {
    libelle: 'Commandement de payer',
    famille: 'commandement_de_payer',
    groupe: 'procedure',
    le: 'Signifié le',
    etape: 'commandement_de_payer',
    faits: [['commandement_de_payer.denonce_a_la_caution', 'denonce_le']],
    champs: {
      etude,
      montant: reclame,
      imprime,
      denonce_le: jour('Dénoncé à la caution le'),
      ...MENTIONS_COMMANDEMENT,
    },
    aide: 'Les six mentions sont obligatoires, à peine de nullité (loi de 1989, art. 24 I). Ce contrôle sert au volet juridique du diagnostic : il n’écarte aucun acte.',
  },
  saisine_bailleur: {
    libelle: 'Saisine de la CCAPEX par le bailleur',
    famille: 'assignation',
    groupe: 'procedure',
    faits: [['ccapex.saisie_par_bailleur']],
    aide: 'La voie légale reste EXPLOC : ici, la date est gardée pour le suivi.',
  },
  exploc_porte: {
    libelle: 'Porté dans EXPLOC',
    famille: 'impaye',
    groupe: 'procedure',
    le: 'Porté le',
    aide: 'Pour qui travaille ici sans accès à EXPLOC : ce qui y a été porté, et quand, par une personne qui y a accès.',
    champs: {
      quoi: choix(
        'Ce qui a été porté',
        {
          impaye: 'Signalement d’impayé',
          commandement: 'Commandement de payer',
          saisine: 'Saisine de la CCAPEX',
          assignation: 'Assignation',
          diagnostic: 'Diagnostic',
          avis: 'Avis ou recommandation',
          requisition: 'Réquisition ou concours',
        },
        { obligatoire: true },
      ),
    },
  },
  assignation: {
    libelle: 'Assignation',
    famille: 'assignation',
    groupe: 'procedure',
    le: 'Délivrée le',
    etape: 'assignation',
    champs: {
      etude,
      tribunal,
      montant: reclame,
      audience_le: jour('Audience le', { futur: true }),
      audience_heure: heure,
      audience_adresse: adresseAudience,
      notifie_le: notifie,
    },
  },
  notification_prefet: {
    libelle: 'Notification au préfet',
    famille: 'assignation',
    groupe: 'procedure',
    champs: {
      acte: choix(
        'Acte notifié',
        { assignation: 'Assignation', commandement_de_quitter_les_lieux: 'Commandement de quitter les lieux' },
        { obligatoire: true },
      ),
    },
  },
  audience: {
    libelle: 'Audience',
    famille: 'assignation',
    groupe: 'procedure',
    etape: 'audience',
    futur: true,
    champs: {
      tribunal,
      audience_heure: heure,
      audience_adresse: adresseAudience,
      suite: choix('Suite', { prevue: 'À tenir', deliberee: 'Tenue, en délibéré', renvoyee: 'Renvoyée' }),
      renvoi_le: jour('Renvoyée au', { futur: true }),
      present,
      avocat,
    },
  },
  jugement: {
    libelle: 'Jugement',
    famille: 'jugement',
    groupe: 'procedure',
    le: 'Rendu le',
    etape: 'jugement',
    champs: {
      decision: choix('Décision', DECISIONS, { obligatoire: true }),
      tribunal,
      refere: choix('Nature de la décision', { refere: 'Ordonnance de référé', fond: 'Jugement au fond' }),
      duree_mois: entier('Délais de paiement, en mois'),
      mensualite: montant('Mensualité fixée par le juge', deDette),
      delais_jusqu_au: jour('Délais de paiement jusqu’au', { futur: true }),
      partir_avant: jour('Délais pour partir jusqu’au', { futur: true }),
      montant: montant('Somme due selon le juge', deDette),
      present,
      avocat,
      aide_juridictionnelle: choix('Aide juridictionnelle', {
        aucune: 'Pas demandée',
        demandee: 'Demandée',
        accordee: 'Accordée',
        refusee: 'Refusée',
      }),
      recours: choix('Voie de recours', { appel: 'Appel', opposition: 'Opposition', aucune: 'Aucune' }),
    },
  },
  jugement_signifie: {
    libelle: 'Jugement signifié',
    famille: 'jugement',
    groupe: 'procedure',
    le: 'Signifié le',
    faits: [['jugement.signifie']],
    champs: { etude },
  },
  appel: { libelle: 'Appel', famille: 'jugement', groupe: 'procedure', le: 'Formé le', faits: [['appel.forme']] },
  delais_respectes: {
    libelle: 'Délais du juge respectés jusqu’au bout',
    famille: 'jugement',
    groupe: 'procedure',
    aide: 'La dette payée dans les délais, la clause est réputée n’avoir pas joué (loi de 1989, art. 24 VII).',
  },
  delais_non_respectes: {
    libelle: 'Délais du juge non respectés',
    famille: 'jugement',
    groupe: 'procedure',
    le: 'Depuis le',
  },
  commandement_de_quitter_les_lieux: {
    libelle: 'Commandement de quitter les lieux',
    famille: 'commandement_de_quitter_les_lieux',
    groupe: 'procedure',
    le: 'Signifié le',
    etape: 'commandement_de_quitter_les_lieux',
    champs: { etude, imprime, notifie_le: notifie },
  },
  jex_saisi: {
    libelle: 'Juge de l’exécution saisi',
    famille: 'commandement_de_quitter_les_lieux',
    groupe: 'procedure',
    le: 'Saisi le',
    faits: [['jex.saisi']],
    champs: {
      tribunal,
      objet: choix('Demande', { delais: 'Délais pour quitter les lieux', autre: 'Autre demande' }),
      audience_le: jour('Audience le', { futur: true }),
    },
  },
  jex_decision: {
    libelle: 'Décision du juge de l’exécution',
    famille: 'commandement_de_quitter_les_lieux',
    groupe: 'procedure',
    le: 'Rendue le',
    faits: [['jex.decision']],
    champs: {
      accord: choix('Délais pour partir', { accordes: 'Accordés', refuses: 'Refusés' }, { obligatoire: true }),
      jusqu_au: jour('Accordés jusqu’au', { futur: true }),
      tribunal,
    },
  },
  solution_hors_maintien: {
    libelle: 'Solution hors maintien travaillée',
    famille: 'commandement_de_quitter_les_lieux',
    groupe: 'service',
    champs: {
      piste: choix(
        'Piste',
        {
          mutation: 'Mutation chez le même bailleur',
          parc_social: 'Relogement dans le parc social',
          parc_prive: 'Relogement dans le parc privé',
          hebergement: 'Hébergement ou logement de transition',
          proches: 'Solution chez des proches',
          aucune: 'Aucune piste pour l’instant',
        },
        { obligatoire: true },
      ),
      etat: choix('Où en est-on', {
        a_l_etude: 'À l’étude',
        engagee: 'Engagée',
        aboutie: 'Aboutie',
        abandonnee: 'Abandonnée',
      }),
      pourquoi: choix('Pourquoi', {
        parc_prive: 'Ménage du parc privé',
        second_protocole: 'Second protocole échoué',
        dette: 'Dette trop forte',
        maintien_impossible: 'Maintien impossible pour une autre raison',
      }),
    },
  },
  opportunite_protocole: {
    libelle: 'Opportunité d’un protocole : réponse',
    famille: 'protocole',
    groupe: 'procedure',
    le: 'Examinée le',
    champs: {
      stade: choix(
        'Examinée',
        {
          commandement_de_quitter_les_lieux: 'Au commandement de quitter les lieux',
          requisition_force_publique: 'À la réquisition de la force publique',
        },
        { obligatoire: true },
      ),
      reponse: choix(
        'Réponse',
        {
          a_proposer: 'Un protocole est à proposer',
          propose: 'Un protocole a été proposé au bailleur',
          non: 'Pas de protocole',
          sans_objet: 'Sans objet : le bailleur n’est pas un organisme HLM ou une SEM',
        },
        { obligatoire: true },
      ),
      motif: choix('Si non, pourquoi', {
        loyer_non_repris: 'Le loyer courant n’est pas repris',
        dette: 'Dette trop forte',
        protocole_echoue: 'Protocole précédent échoué',
        bailleur: 'Refus du bailleur',
        menage: 'Refus du ménage, ou ménage injoignable',
        autre: 'Autre raison',
      }),
    },
  },
  protocole_signe: {
    libelle: 'Protocole de cohésion sociale signé',
    famille: 'protocole',
    groupe: 'procedure',
    le: 'Signé le',
    faits: [['protocole.signe'], ['protocole.fin', 'jusqu_au']],
    champs: {
      numero: numeroProtocole,
      jusqu_au: jour('Jusqu’au', { futur: true }),
      mensualite: montant('Mensualité', deDette),
      montant: montant('Dette reprise dans le protocole', deDette),
    },
  },
  protocole_respecte: {
    libelle: 'Protocole respecté',
    famille: 'protocole',
    groupe: 'procedure',
    le: 'Constaté le',
    champs: { numero: numeroProtocole, execute: ouiNon('Exécuté jusqu’au bout') },
  },
  protocole_defaillant: {
    libelle: 'Protocole non respecté',
    famille: 'protocole',
    groupe: 'procedure',
    le: 'Défaillant à la date du',
    faits: [['protocole.non_respecte']],
    champs: { numero: numeroProtocole },
  },
  protocole_renegocie: {
    libelle: 'Protocole renégocié',
    famille: 'protocole',
    groupe: 'procedure',
    faits: [['protocole.renegocie']],
    champs: { numero: numeroProtocole, jusqu_au: jour('Jusqu’au', { futur: true }) },
  },
  protocole_denonce: {
    libelle: 'Protocole dénoncé',
    famille: 'protocole',
    groupe: 'procedure',
    le: 'Dénoncé le',
    champs: { numero: numeroProtocole },
  },
  protocole_elan: {
    libelle: 'Protocole « loi ELAN » signé',
    famille: 'protocole',
    groupe: 'procedure',
    le: 'Signé le',
    faits: [['protocole.signe'], ['protocole.fin', 'jusqu_au']],
    champs: {
      jusqu_au: jour('Jusqu’au', { futur: true }),
      dette: choix('La dette est', { soldee: 'Soldée', effacee: 'Effacée' }, { obligatoire: true }),
    },
  },
  nouveau_bail: {
    libelle: 'Nouveau bail signé',
    famille: 'protocole',
    groupe: 'procedure',
    le: 'Signé le',
    faits: [['protocole.nouveau_bail']],
    issue: 'nouveau_bail',
  },
  requisition_force_publique: {
    libelle: 'Réquisition de la force publique',
    famille: 'force_publique',
    groupe: 'procedure',
    le: 'Demandée le',
    etape: 'requisition_force_publique',
    champs: { etude, recue_le: jour('Reçue par le préfet le') },
  },
  refus_implicite: {
    libelle: 'Refus implicite du concours',
    famille: 'force_publique',
    groupe: 'procedure',
    le: 'Acquis le',
  },
  refus_concours: {
    libelle: 'Refus du concours',
    famille: 'force_publique',
    groupe: 'procedure',
    le: 'Décidé le',
    champs: {
      motif: choix('Motif', {
        menage: 'Situation du ménage',
        ordre_public: 'Ordre public',
        relogement: 'Relogement en cours',
        autre: 'Autre motif',
      }),
    },
  },
  concours_force_publique: {
    libelle: 'Concours de la force publique accordé',
    famille: 'force_publique',
    groupe: 'procedure',
    le: 'Accordé le',
    etape: 'concours_force_publique',
    faits: [['expulsion.prevue', 'prevue_le']],
    champs: {
      a_compter_du: jour('À compter du', { futur: true }),
      prevue_le: jour('Expulsion prévue le', { futur: true }),
    },
  },
  tentative_expulsion: {
    libelle: 'Tentative d’expulsion',
    famille: 'force_publique',
    groupe: 'procedure',
    champs: {
      etude,
      resultat: choix('Ce qui s’est passé', {
        absent: 'Personne sur place',
        refus: 'Le ménage n’a pas ouvert',
        reportee: 'Reportée',
        autre: 'Autre',
      }),
    },
  },
  expulsion: {
    libelle: 'Expulsion effective',
    famille: 'force_publique',
    groupe: 'procedure',
    etape: 'expulsion',
    issue: 'expulsion',
    champs: {
      etude,
      exception_treve: ouiNon('Relogement assuré, ou logement occupé par voie de fait', {
        aide: 'Seules exceptions à la trêve hivernale (CPCE, art. L. 412-6).',
      }),
    },
  },
  depart_volontaire: {
    libelle: 'Départ volontaire',
    famille: 'force_publique',
    groupe: 'procedure',
    le: 'Parti le',
    champs: { cles: choix('Les clés', { remises: 'Remises', non_remises: 'Non remises' }, { obligatoire: true }) },
  },
  surendettement_en_depot: {
    libelle: 'Surendettement : dossier en cours de dépôt',
    famille: 'surendettement',
    groupe: 'dette',
  },
  surendettement_depose: {
    libelle: 'Surendettement : dossier déposé',
    famille: 'surendettement',
    groupe: 'dette',
    le: 'Déposé le',
    faits: [['surendettement.depose']],
    champs: { toutes_dettes: ouiNon('Toutes les dettes sont déclarées') },
  },
  surendettement_recevable: {
    libelle: 'Surendettement : dossier recevable',
    famille: 'surendettement',
    groupe: 'dette',
    le: 'Recevable le',
    faits: [['surendettement.recevable']],
    champs: {
      toutes_dettes: ouiNon('Toutes les dettes sont déclarées'),
      suspension: choix('Suspension de l’expulsion', { demandee: 'Demandée au juge', non_demandee: 'Non demandée' }),
    },
    aide: 'La recevabilité interdit de payer les dettes antérieures : le loyer courant reste dû.',
  },
  surendettement_irrecevable: {
    libelle: 'Surendettement : dossier irrecevable ou clos',
    famille: 'surendettement',
    groupe: 'dette',
  },
  surendettement_oriente: {
    libelle: 'Surendettement : orientation de la commission',
    famille: 'surendettement',
    groupe: 'dette',
    faits: [['surendettement.oriente']],
    champs: {
      orientation: choix('Orientation', {
        plan: 'Plan ou mesures',
        retablissement: 'Rétablissement personnel',
        moratoire: 'Moratoire',
      }),
    },
  },
  surendettement_plan: {
    libelle: 'Surendettement : plan ou mesures en cours',
    famille: 'surendettement',
    groupe: 'dette',
    le: 'Depuis le',
    champs: {
      mensualite: montant('Mensualité pour la dette de logement'),
      jusqu_au: jour('Jusqu’au', { futur: true }),
    },
  },
  surendettement_moratoire: {
    libelle: 'Surendettement : moratoire',
    famille: 'surendettement',
    groupe: 'dette',
    le: 'Depuis le',
    faits: [['surendettement.moratoire_fin', 'jusqu_au']],
    champs: { jusqu_au: jour('Jusqu’au', { futur: true }) },
  },
  surendettement_retablissement: {
    libelle: 'Surendettement : rétablissement personnel',
    famille: 'surendettement',
    groupe: 'dette',
    faits: [['surendettement.effacement']],
  },
  surendettement_suspension: {
    libelle: 'Surendettement : expulsion suspendue par le juge',
    famille: 'surendettement',
    groupe: 'dette',
    le: 'Prononcée le',
    faits: [['surendettement.suspension_prononcee']],
    champs: { jusqu_au: jour('Jusqu’au', { futur: true }) },
  },
  logement_social_demande: {
    libelle: 'Demande de logement social',
    famille: 'relogement',
    groupe: 'service',
    le: 'Déposée le',
    champs: {
      numero: texte('Numéro unique'),
      bailleurs: texte('Bailleurs visés'),
      contingent: ouiNon('Contingent préfectoral demandé'),
      mutation: ouiNon('Il s’agit d’une mutation'),
      etat: choix('État de la demande', {
        active: 'Active',
        renouvelee: 'Renouvelée',
        satisfaite: 'Logement attribué',
        radiee: 'Radiée',
      }),
    },
  },
  contingent_prefectoral: {
    libelle: 'Contingent préfectoral',
    famille: 'relogement',
    groupe: 'service',
    champs: {
      etat: choix(
        'État',
        {
          demande: 'Demandé',
          reconnu: 'Reconnu prioritaire',
          propose: 'Logement proposé',
          refuse: 'Refusé',
          reloge: 'Relogé',
        },
        { obligatoire: true },
      ),
    },
  },
  siao_demande: {
    libelle: 'Demande au SIAO',
    famille: 'relogement',
    groupe: 'service',
    champs: {
      etat: choix(
        'État',
        {
          deposee: 'Déposée',
          orientee: 'Orientée vers une structure',
          admise: 'Ménage admis',
          refusee: 'Refusée',
          close: 'Close sans suite',
        },
        { obligatoire: true },
      ),
      type: choix('Solution demandée', {
        hebergement: 'Hébergement',
        adapte: 'Logement adapté',
        intermediation: 'Intermédiation locative',
      }),
    },
  },
  logement_propose: {
    libelle: 'Proposition de logement',
    famille: 'relogement',
    groupe: 'service',
    le: 'Proposé le',
    champs: {
      type: choix('Solution', {
        parc_social: 'Parc social',
        parc_prive: 'Parc privé',
        mutation: 'Mutation',
        hebergement: 'Hébergement',
        transition: 'Logement de transition',
        intermediation: 'Intermédiation, glissement de bail',
      }),
      reponse: choix('Réponse du ménage', { acceptee: 'Acceptée', refusee: 'Refusée', attendue: 'Attendue' }),
      motif: choix('Motif du refus', {
        loyer: 'Loyer ou charges',
        secteur: 'Secteur',
        taille: 'Taille du logement',
        autre: 'Autre motif',
      }),
    },
  },
  relogement: {
    libelle: 'Ménage relogé ou hébergé',
    famille: 'relogement',
    groupe: 'service',
    le: 'Depuis le',
    faits: [['dalo.reloge']],
    issue: 'relogement',
    champs: {
      type: choix('Où', {
        parc_social: 'Parc social',
        parc_prive: 'Parc privé',
        mutation: 'Mutation',
        hebergement: 'Hébergement',
        intermediation: 'Glissement de bail',
      }),
    },
  },
  dalo_saisi: {
    libelle: 'Recours DALO déposé',
    famille: 'relogement',
    groupe: 'procedure',
    le: 'Commission de médiation saisie le',
    faits: [['dalo.commission_saisie']],
  },
  dalo_decision: {
    libelle: 'Décision de la commission de médiation',
    famille: 'relogement',
    groupe: 'procedure',
    le: 'Décidée le',
    champs: {
      decision: choix(
        'Décision',
        { reconnu: 'Reconnu prioritaire', hebergement: 'Réorienté vers un hébergement', rejet: 'Rejet' },
        { obligatoire: true },
      ),
    },
  },
  organisme_rencontre: {
    libelle: 'Organisme rencontré',
    famille: 'accompagnement',
    groupe: 'service',
    le: 'Accompagnement depuis le',
    champs: {
      organisme: texte('Organisme', { obligatoire: true }),
      adhesion: ouiNon('Le ménage adhère à l’accompagnement'),
      fin_le: jour('Terminé le'),
    },
  },
  referent_designe: {
    libelle: 'Référent de parcours désigné',
    famille: 'accompagnement',
    groupe: 'service',
    le: 'Référent depuis le',
    champs: {
      organisme: texte('Organisme', { obligatoire: true }),
      nom: texte('Nom du travailleur social'),
      accord: ouiNon('Le ménage est d’accord'),
    },
    aide: 'Un seul référent est actif : le nouveau met fin au précédent, qui reste dans l’historique.',
  },
  referent_termine: {
    libelle: 'Fin du référent de parcours',
    famille: 'accompagnement',
    groupe: 'service',
    le: 'Depuis le',
  },
  mesure_protection: {
    libelle: 'Mesure de protection',
    famille: 'menage',
    groupe: 'sante',
    le: 'Depuis le',
    champs: {
      type: choix(
        'Mesure',
        {
          maj: 'Mesure d’accompagnement judiciaire (MAJ)',
          sauvegarde: 'Sauvegarde de justice',
          curatelle: 'Curatelle',
          tutelle: 'Tutelle',
          agbf: 'Aide à la gestion du budget familial (AGBF)',
        },
        { obligatoire: true },
      ),
      organisme: texte('Organisme ou mandataire'),
      pouvoirs: choix('Étendue des pouvoirs', {
        assistance: 'Assistance',
        gestion: 'Gestion du budget',
        representation: 'Représentation',
      }),
      habilite: ouiNon('Habilité à communiquer avec les partenaires'),
      fin_le: jour('Terminée le'),
    },
  },
  garantie: {
    libelle: 'Garantie activée',
    famille: 'menage',
    groupe: 'ressources',
    le: 'Activée le',
    champs: {
      type: choix(
        'Garantie',
        {
          visale: 'Visale',
          action_logement: 'Autre garantie d’Action Logement',
          fsl: 'FSL',
          assurance: 'Assurance loyers impayés',
          caution: 'Caution',
          autre: 'Autre',
        },
        { obligatoire: true },
      ),
      verse: montant('Sommes versées au bailleur'),
      remboursement: choix('Remboursement par le ménage', {
        en_cours: 'En cours',
        tenu: 'Terminé',
        interrompu: 'Interrompu',
        aucun: 'Pas commencé',
      }),
      reprise: ouiNon('Le loyer courant est repris'),
    },
  },
  problematique: {
    libelle: 'Difficulté associée repérée',
    famille: 'menage',
    groupe: 'sante',
    le: 'Repérée le',
    champs: {
      type: choix(
        'Difficulté',
        {
          voisinage: 'Voisinage',
          vieillissement: 'Vieillissement',
          autonomie: 'Perte d’autonomie',
          psychique: 'Souffrance psychique repérée',
          entretien: 'Entretien du logement',
          assurance: 'Assurance du logement',
        },
        { obligatoire: true },
      ),
      fin_le: jour('Levée le'),
    },
    aide: 'Le constat seul : aucun détail médical.',
  },
  difficulte_bailleur: {
    libelle: 'Difficulté du bailleur privé liée à l’impayé',
    famille: 'menage',
    groupe: 'bailleur',
    le: 'Signalée le',
    champs: {
      type: choix(
        'Difficulté',
        {
          credit: 'Crédit immobilier à rembourser',
          ressources: 'Loyer nécessaire aux ressources',
          charges: 'Charges de copropriété impayées',
          age: 'Âge ou état du bailleur',
          autre: 'Autre difficulté',
        },
        { obligatoire: true },
      ),
    },
  },
  bailleur_qualifie: {
    libelle: 'Bailleur : qui il est',
    famille: 'menage',
    groupe: 'bailleur',
    le: 'Vérifié le',
    champs: {
      nature: choix('Bailleur', NATURES_BAILLEUR),
      gestion: choix('Gestion', { directe: 'Le bailleur gère lui-même', gerant: 'Par un gérant ou un mandataire' }),
      annee_naissance: annee('Année de naissance du bailleur', {
        aide: 'Pour une personne physique, sur quatre chiffres.',
      }),
      conventionne_anah: ouiNon('Logement conventionné avec l’ANAH'),
    },
    aide: 'Ce qui est noté ici l’emporte sur ce que les signaux disent, dans les critères et la répartition. Ce qui reste vide garde ce qu’ils disent.',
  },
  menage_qualifie: {
    libelle: 'Ménage : sa situation',
    famille: 'menage',
    groupe: 'service',
    le: 'Vérifiée le',
    champs: {
      allocataire: choix('Allocataire', { caf: 'De la CAF', msa: 'De la MSA', non: 'Non' }, { groupe: 'ressources' }),
      accompagne: ouiNon('Déjà accompagné par un travailleur social'),
      visale: ouiNon('Garantie Visale', { groupe: 'ressources' }),
      famille: choix('Type de famille', TYPES_FAMILLE, { groupe: 'composition' }),
    },
    aide: 'Ce qui est noté ici l’emporte sur ce que les signaux disent. Ce qui reste vide garde ce qu’ils disent.',
  },
  objectif: {
    libelle: 'Objectif de l’étape',
    famille: 'accompagnement',
    groupe: 'service',
    le: 'Depuis le',
    horsListe: true,
    champs: {
      objectif: texte('Objectif', { obligatoire: true }),
      etat: choix(
        'État',
        { en_cours: 'En cours', atteint: 'Atteint', sans_objet: 'Sans objet' },
        { obligatoire: true },
      ),
    },
  },
  deces: { libelle: 'Décès du locataire', famille: 'menage', groupe: 'procedure', le: 'Survenu le', issue: 'deces' },
  demenagement: {
    libelle: 'Déménagement dans un autre logement',
    famille: 'menage',
    groupe: 'procedure',
    le: 'Depuis le',
    champs: { departement: ouiNon('Dans un autre département') },
  },
  changement_territoire: {
    libelle: 'Changement de territoire',
    famille: 'menage',
    groupe: 'procedure',
    le: 'À compter du',
    horsListe: true,
    champs: {
      territoire: texte('Code du territoire', { obligatoire: true, interne: true }),
      vers: texte('Territoire', { obligatoire: true }),
      depuis: texte('Auparavant'),
      motif: choix('Motif', MOTIFS_TERRITOIRE, { obligatoire: true }),
      consigne: texte('À savoir pour reprendre le dossier'),
    },
  },
  reprise_en_main: {
    libelle: 'Dossier repris par le secrétariat du nouveau territoire',
    famille: 'menage',
    groupe: 'procedure',
    le: 'Repris le',
    horsListe: true,
    champs: { secretariat: texte('Secrétariat', { obligatoire: true }) },
  },
  suspension: {
    libelle: 'Procédure suspendue',
    famille: 'cours',
    groupe: 'procedure',
    le: 'Depuis le',
    champs: {
      motif: choix('Motif', MOTIFS_SUSPENSION, { obligatoire: true }),
      jusqu_au: jour('Jusqu’au', { futur: true }),
    },
  },
  reprise: { libelle: 'Procédure reprise', famille: 'cours', groupe: 'procedure', le: 'Depuis le' },
  retour: {
    libelle: 'Retour à une étape précédente',
    famille: 'cours',
    groupe: 'procedure',
    champs: {
      vers: choix('Étape', ETAPES_CHOIX, { obligatoire: true }),
      motif: choix('Motif', MOTIFS_RETOUR, { obligatoire: true }),
    },
  },
} as const satisfies Record<string, GenreActe>

export type CodeGenre = keyof typeof GENRES_ACTE

/** Whether a code is a kind of the catalogue. */
export const estGenreActe = (code: string): code is CodeGenre => Object.hasOwn(GENRES_ACTE, code)

/** A kind of act, whatever it declares. */
export const decrireGenre = (genre: CodeGenre): GenreActe => GENRES_ACTE[genre]

/** Fields of a kind. */
export const champsDe = (genre: CodeGenre): Readonly<Record<string, ChampActe>> => decrireGenre(genre).champs ?? {}

/** Who may read a field, in the words of the access matrix. */
export const groupeDuChamp = (genre: CodeGenre, champ: string): GroupeActe =>
  champsDe(genre)[champ]?.groupe ?? decrireGenre(genre).groupe
