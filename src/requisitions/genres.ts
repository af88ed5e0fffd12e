/** A question of the form of a fact. What is `scelle` is kept sealed, and read by its circle only. */
export interface ChampActe {
  readonly nom: string
  readonly libelle: string
  readonly genre: 'choix' | 'texte' | 'ligne' | 'date' | 'heure'
  readonly options?: Readonly<Record<string, string>>
  readonly aide?: string
  readonly facultatif?: true
  readonly scelle?: true
  /** Asked only when another answer is one of these. */
  readonly si?: { readonly champ: string; readonly vaut: readonly string[] }
}

interface DescriptionGenre {
  readonly libelle: string
  /** What its date is, in its form. */
  readonly le: string
  /** Who records it: the State that instructs, or whoever prepares with it. */
  readonly droit: 'requisition.instruire' | 'requisition.contribuer' | 'expertise.demander' | 'requisition.recevoir'
  /** Who reads what is sealed of it: the State alone, or whoever prepares. */
  readonly cercle: 'etat' | 'force'
  readonly champs: readonly ChampActe[]
  /** A new one says the newest state of the same thing: earlier ones stay in the history. Names the field that tells things apart. */
  readonly suivi?: string
}

const OUI_NON = { oui: 'Oui', non: 'Non' } as const
const OUI_NON_INCONNU = { oui: 'Oui', non: 'Non', inconnu: 'On ne sait pas' } as const
const precision = (libelle: string, aide?: string): ChampActe => ({
  nom: 'texte',
  libelle,
  genre: 'texte',
  facultatif: true,
  scelle: true,
  ...(aide === undefined ? {} : { aide }),
})
const SOBRE = 'Ni santé, ni violences, ni enfance : seulement ce qui sert à préparer ce jour.'

/** What is prepared for the day (RFP-24 to RFP-26). */
export const POINTS = {
  sao: 'Travailleur social du SAO',
  hebergement: 'Place d’hébergement',
  relogement: 'Relogement',
  meubles: 'Meubles : garde-meubles ou enlèvement',
  cles: 'Remise des clés',
  information: 'Information du ménage sur le déroulement',
} as const
export type Point = keyof typeof POINTS

/** Every kind of fact of a request, with its form. Closed. */
export const GENRES = {
  enquete_reponse: {
    libelle: 'Réponse à l’enquête',
    le: 'Réponse du',
    droit: 'requisition.recevoir',
    cercle: 'etat',
    champs: [
      {
        nom: 'avis',
        libelle: 'Avis sur le concours',
        genre: 'choix',
        scelle: true,
        options: {
          favorable: 'Favorable',
          reserve: 'Favorable sous réserve',
          defavorable: 'Défavorable',
          sans_avis: 'Sans avis',
        },
      },
      {
        nom: 'texte',
        libelle: 'Réponse',
        genre: 'texte',
        scelle: true,
        aide: 'Seuls les services de l’État qui instruisent liront cette réponse. Ni santé, ni enfance, ni rumeur : des faits et leur date.',
      },
    ],
  },
  siao_reponse: {
    libelle: 'Réponse du SIAO',
    le: 'Réponse du',
    droit: 'requisition.recevoir',
    cercle: 'force',
    champs: [
      {
        nom: 'demande',
        libelle: 'Une demande d’hébergement existe-t-elle ?',
        genre: 'choix',
        options: {
          existe: 'Oui, une demande existe',
          enregistree: 'Non, elle vient d’être enregistrée',
          aucune: 'Non, aucune demande',
        },
      },
      {
        nom: 'demande_le',
        libelle: 'Date de la demande',
        genre: 'date',
        facultatif: true,
        si: { champ: 'demande', vaut: ['existe', 'enregistree'] },
      },
      precision('Orientation envisagée', SOBRE),
    ],
  },
  enquete_non_realisee: {
    libelle: 'Enquête non réalisée',
    le: 'Constat du',
    droit: 'requisition.recevoir',
    cercle: 'force',
    champs: [
      {
        nom: 'motif',
        libelle: 'Pourquoi',
        genre: 'choix',
        options: {
          absent: 'Le ménage n’est pas venu aux rendez-vous proposés',
          injoignable: 'Le ménage n’a pas pu être joint',
          refus: 'Le ménage n’a pas souhaité être rencontré',
          parti: 'Le ménage n’habite plus le logement',
          delai: 'Le délai n’a pas suffi',
          autre: 'Autre raison',
        },
      },
      precision('Précision', 'Les dates des appels et des courriers, sans rien de ce que le ménage a confié.'),
    ],
  },
  rendez_vous: {
    libelle: 'Rendez-vous proposé au ménage',
    le: 'Proposé le',
    droit: 'requisition.contribuer',
    cercle: 'force',
    champs: [
      {
        nom: 'moyen',
        libelle: 'Comment',
        genre: 'choix',
        options: {
          appel: 'Par appel',
          courrier: 'Par courrier, faute d’avoir pu l’appeler',
        },
        aide: 'Un appel d’abord ; un courrier quand le ménage n’a pas pu être appelé.',
      },
      { nom: 'pour_le', libelle: 'Rendez-vous le', genre: 'date', facultatif: true },
      {
        nom: 'suite',
        libelle: 'Ce qui en est venu',
        genre: 'choix',
        options: {
          attendue: 'On attend le rendez-vous',
          venu: 'Le ménage est venu',
          absent: 'Le ménage n’est pas venu',
          sans_reponse: 'Sans réponse',
        },
      },
    ],
  },
  enquete_relance: {
    libelle: 'Relance',
    le: 'Relancé le',
    droit: 'requisition.instruire',
    cercle: 'force',
    champs: [],
  },
  element: {
    libelle: 'Élément apporté à l’enquête',
    le: 'Reçu le',
    droit: 'requisition.contribuer',
    cercle: 'etat',
    champs: [
      { nom: 'de', libelle: 'De qui', genre: 'ligne', aide: 'Le mandataire ou l’association, et la personne.' },
      {
        nom: 'accord',
        libelle: 'Le ménage est d’accord, ou la mesure de protection le permet',
        genre: 'choix',
        options: OUI_NON,
        aide: 'Sans accord ni mesure qui le permette, rien n’est transmis.',
      },
      { nom: 'texte', libelle: 'Ce qui est apporté', genre: 'texte', scelle: true, aide: SOBRE },
    ],
  },
  protocole: {
    libelle: 'Question du protocole',
    le: 'Réponse du',
    droit: 'requisition.contribuer',
    cercle: 'force',
    champs: [
      {
        nom: 'reponse',
        libelle: 'Un protocole avec le bailleur est-il encore possible ?',
        genre: 'choix',
        options: {
          possible: 'Oui, il est proposé',
          impossible: 'Non',
          sans_objet: 'Sans objet pour ce bailleur',
        },
      },
      precision('Pourquoi'),
    ],
  },
  expertise_demandee: {
    libelle: 'Expertise demandée à la CCAPEX',
    le: 'Demandée le',
    droit: 'expertise.demander',
    cercle: 'etat',
    champs: [precision('Motif', 'Lu par les services de l’État seuls.')],
  },
  expertise_rendue: {
    libelle: 'Expertise de la CCAPEX',
    le: 'Rendue le',
    droit: 'requisition.contribuer',
    cercle: 'force',
    champs: [
      {
        nom: 'sens',
        libelle: 'Expertise sur l’octroi du concours',
        genre: 'choix',
        options: { favorable: 'Favorable', defavorable: 'Défavorable' },
        aide: 'Un éclairage : la décision reste au préfet.',
      },
      precision('Motivation'),
    ],
  },
  decision: {
    libelle: 'Décision du préfet',
    le: 'Décidé le',
    droit: 'requisition.instruire',
    cercle: 'etat',
    suivi: '',
    champs: [
      {
        nom: 'sens',
        libelle: 'Décision',
        genre: 'choix',
        options: { accord: 'Concours accordé', refus: 'Concours refusé', sursis: 'Sursis à statuer' },
      },
      {
        nom: 'executoire_le',
        libelle: 'Exécutable à partir du',
        genre: 'date',
        si: { champ: 'sens', vaut: ['accord'] },
        aide: 'Pour un concours accordé. Pendant la trêve, Amont le dit et n’empêche pas d’écrire.',
      },
      {
        nom: 'prevue_le',
        libelle: 'Date prévue de mise en œuvre',
        genre: 'date',
        facultatif: true,
        si: { champ: 'sens', vaut: ['accord'] },
      },
      {
        nom: 'sursis_jusqu_au',
        libelle: 'Sursis jusqu’au',
        genre: 'date',
        facultatif: true,
        si: { champ: 'sens', vaut: ['sursis'] },
      },
      precision('Motifs', 'Lus par les services de l’État seuls ; ils ne sont jamais diffusés.'),
    ],
  },
  date_prevue: {
    libelle: 'Date de mise en œuvre',
    le: 'Fixée le',
    droit: 'requisition.instruire',
    cercle: 'force',
    suivi: '',
    champs: [
      { nom: 'prevue_le', libelle: 'Jour prévu', genre: 'date' },
      { nom: 'heure', libelle: 'Heure', genre: 'heure', facultatif: true },
    ],
  },
  concertation: {
    libelle: 'Concertation',
    le: 'Demandée le',
    droit: 'requisition.contribuer',
    cercle: 'force',
    champs: [
      { nom: 'demandeur', libelle: 'À la demande de', genre: 'ligne' },
      { nom: 'prevue_le', libelle: 'Jour de la réunion', genre: 'date', facultatif: true },
      { nom: 'heure', libelle: 'Heure', genre: 'heure', facultatif: true },
      { nom: 'lieu', libelle: 'Lieu', genre: 'ligne', facultatif: true },
      {
        nom: 'participants',
        libelle: 'Qui est convié',
        genre: 'texte',
        aide: 'Un organisme ou une personne par ligne.',
      },
      precision('Ce qui la rend nécessaire', SOBRE),
    ],
  },
  concertation_tenue: {
    libelle: 'Concertation tenue',
    le: 'Tenue le',
    droit: 'requisition.contribuer',
    cercle: 'force',
    champs: [
      { nom: 'participants', libelle: 'Qui était présent', genre: 'texte', aide: 'Un par ligne.' },
      {
        nom: 'place',
        libelle: 'Une place d’hébergement est-elle prévue ?',
        genre: 'choix',
        options: { prevue: 'Oui', attente: 'En attente', non: 'Non' },
      },
      {
        nom: 'decisions',
        libelle: 'Ce qui est décidé',
        genre: 'texte',
        scelle: true,
        aide: `Sécurité, dignité, qui fait quoi. ${SOBRE}`,
      },
    ],
  },
  preparation: {
    libelle: 'Préparation',
    le: 'Point fait le',
    droit: 'requisition.contribuer',
    cercle: 'force',
    suivi: 'point',
    champs: [
      { nom: 'point', libelle: 'Quoi', genre: 'choix', options: POINTS },
      {
        nom: 'etat',
        libelle: 'Où en est-on',
        genre: 'choix',
        options: { a_faire: 'À faire', demande: 'Demandé', assure: 'Assuré', sans_objet: 'Sans objet' },
      },
      { nom: 'qui', libelle: 'Qui s’en charge', genre: 'ligne', facultatif: true },
      precision('Précision', SOBRE),
    ],
  },
  intervention: {
    libelle: 'Compte rendu du jour',
    le: 'Jour de l’intervention',
    droit: 'requisition.contribuer',
    cercle: 'force',
    suivi: '',
    champs: [
      {
        nom: 'resultat',
        libelle: 'Ce qui s’est passé',
        genre: 'choix',
        options: {
          expulsion: 'Expulsion faite',
          tentative: 'Tentative, sans expulsion',
          parti: 'Le ménage était déjà parti',
          report: 'Intervention reportée',
        },
      },
      { nom: 'heure', libelle: 'Heure', genre: 'heure', facultatif: true },
      { nom: 'forces', libelle: 'Présence des forces de l’ordre', genre: 'choix', options: OUI_NON },
      { nom: 'menage', libelle: 'Ménage présent', genre: 'choix', options: OUI_NON_INCONNU },
      {
        nom: 'abri',
        libelle: 'Mise à l’abri',
        genre: 'choix',
        options: {
          place: 'Place trouvée par le SIAO ou le 115',
          proches: 'Chez des proches',
          logement: 'Dans un logement',
          refusee: 'Place proposée, non acceptée',
          aucune: 'Aucune place',
          inconnu: 'On ne sait pas',
        },
      },
      { nom: 'cles', libelle: 'Clés remises', genre: 'choix', options: OUI_NON_INCONNU },
      precision('Ce qu’il faut garder de ce jour', SOBRE),
    ],
  },
  suivi: {
    libelle: 'Suivi des 48 heures',
    le: 'Suivi du',
    droit: 'requisition.contribuer',
    cercle: 'force',
    champs: [
      {
        nom: 'sao',
        libelle: 'Proposition d’un accompagnement par le SAO',
        genre: 'choix',
        options: { acceptee: 'Proposée et acceptée', refusee: 'Proposée, non acceptée', non: 'Pas encore proposée' },
      },
      { nom: 'rencontre_le', libelle: 'Rencontre du', genre: 'date', facultatif: true },
      {
        nom: 'mds',
        libelle: 'Accueil à la permanence de la maison des solidarités',
        genre: 'choix',
        options: { recu: 'Ménage reçu', propose: 'Proposé, pas venu', non: 'Pas proposé' },
      },
      {
        nom: 'solution',
        libelle: 'Solution trouvée',
        genre: 'choix',
        options: {
          hebergement: 'Hébergement',
          logement: 'Logement',
          proches: 'Chez des proches',
          rue: 'À la rue',
          inconnu: 'On ne sait pas',
        },
      },
      precision('Précision', SOBRE),
    ],
  },
  depart_signale: {
    libelle: 'Départ signalé',
    le: 'Parti le',
    droit: 'requisition.recevoir',
    cercle: 'force',
    champs: [
      {
        nom: 'cles',
        libelle: 'Clés remises',
        genre: 'choix',
        options: { remises: 'Oui, clés remises', non: 'Non, pas à ce jour' },
      },
      { nom: 'source', libelle: 'Qui l’a constaté', genre: 'ligne' },
    ],
  },
  annulation: {
    libelle: 'Enquêtes, forces et concours annulés',
    le: 'Annulé le',
    droit: 'requisition.instruire',
    cercle: 'force',
    champs: [],
  },
  rapport_remis: {
    libelle: 'Rapport social remis',
    le: 'Remis le',
    droit: 'requisition.contribuer',
    cercle: 'force',
    champs: [],
  },
  retrait: {
    libelle: 'Retiré : noté par erreur',
    le: 'Retiré le',
    droit: 'requisition.contribuer',
    cercle: 'force',
    champs: [],
  },
} as const satisfies Record<string, DescriptionGenre>
export type GenreActe = keyof typeof GENRES

export const estGenreRequisition = (texte: string): texte is GenreActe => Object.hasOwn(GENRES, texte)

export const decrireGenre = (genre: GenreActe): DescriptionGenre => GENRES[genre]

/** Kinds entered with their own form. The others come with an act of their own: an inquiry, a departure, a report. */
const GENRES_SAISIS = [
  'rendez_vous',
  'element',
  'protocole',
  'expertise_demandee',
  'expertise_rendue',
  'decision',
  'date_prevue',
  'concertation',
  'concertation_tenue',
  'preparation',
  'intervention',
  'suivi',
] as const satisfies readonly GenreActe[]
export type GenreSaisi = (typeof GENRES_SAISIS)[number]

/** What the préfet may decide, in words. */
export const libellesConcours = GENRES.decision.champs[0].options

export const genresSaisis = (texte: string): texte is GenreSaisi => (GENRES_SAISIS as readonly string[]).includes(texte)
