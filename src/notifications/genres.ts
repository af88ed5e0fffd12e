import type { Droit } from '#acces'
import type { GroupeChamps } from '#referentiel'

interface DescriptionGenre {
  readonly libelle: string
  /** The same, counted: singular and plural. */
  readonly compte: readonly [string, string]
  /** Why somebody receives it, told on each. */
  readonly pourquoi: string
  /** Right without which it is neither recorded, nor shown, nor counted. */
  readonly droit: Droit
  /** Counted on by others, who are told whom it reached: the mail may be turned off, the inbox not. */
  readonly obligatoire?: true
  /** What it tells of the dossier by existing: hidden to whoever does not read this group. */
  readonly groupe?: GroupeChamps
}

/** Every kind of notification. Closed: what is told, and why. */
export const GENRES = {
  audience: {
    libelle: 'Audience proche',
    compte: ['audience proche', 'audiences proches'],
    pourquoi: 'Une tâche de ce dossier vous est confiée ou, à défaut, votre organisme l’a en charge.',
    droit: 'dossier.consulter',
    groupe: 'procedure',
  },
  echeance: {
    libelle: 'Échéance proche',
    compte: ['échéance proche', 'échéances proches'],
    pourquoi: 'Cette échéance est celle d’une tâche qui vous est confiée ou d’un dossier de votre organisme.',
    droit: 'dossier.consulter',
    groupe: 'procedure',
  },
  demande: {
    libelle: 'Demande',
    compte: ['demande reçue ou répondue', 'demandes reçues ou répondues'],
    pourquoi: 'La demande est adressée à votre organisme, ou vient de lui et une suite y est donnée.',
    droit: 'echange.lire',
  },
  message: {
    libelle: 'Message',
    compte: ['échange avec un nouveau message', 'échanges avec un nouveau message'],
    pourquoi: 'Votre organisme est lecteur de cet échange.',
    droit: 'echange.lire',
  },
  piece: {
    libelle: 'Document déposé',
    compte: ['document déposé', 'documents déposés'],
    pourquoi: 'Le document est déposé pour votre organisme.',
    droit: 'echange.lire',
  },
  engagement: {
    libelle: 'Engagement confié',
    compte: ['engagement confié', 'engagements confiés'],
    pourquoi: 'Une personne de votre organisme vous a confié cette tâche, ou vous a choisi pour la remplacer.',
    droit: 'engagement.consulter',
  },
  invitation: {
    libelle: 'Invitation sur un dossier',
    compte: ['invitation sur un dossier', 'invitations sur un dossier'],
    pourquoi: 'Votre organisme est invité à lire ce dossier et à y travailler.',
    droit: 'dossier.consulter',
  },
  connaissance: {
    libelle: 'Ménage connu ou non',
    compte: ['ménage à reconnaître', 'ménages à reconnaître'],
    pourquoi: 'Le secrétariat demande si votre service connaît ce ménage.',
    droit: 'connaissance.repondre',
  },
  territoire: {
    libelle: 'Dossier venu d’un autre territoire',
    compte: ['dossier venu d’un autre territoire', 'dossiers venus d’un autre territoire'],
    pourquoi: 'Votre secrétariat tient le territoire où passe ce dossier : il est à reprendre.',
    droit: 'dossier.reaffecter',
    groupe: 'procedure',
  },
  saisine: {
    libelle: 'Suite d’une saisine',
    compte: ['suite donnée à une saisine', 'suites données à une saisine'],
    pourquoi: 'Votre organisme a déposé cette saisine de la CCAPEX.',
    droit: 'saisine.consulter',
  },
  fsl: {
    libelle: 'Demande au fonds',
    compte: ['demande remise au fonds', 'demandes remises au fonds'],
    pourquoi: 'Un service a rempli cette demande avec le ménage et l’a remise à votre fonds.',
    droit: 'fsl.consulter',
  },
  liste: {
    libelle: 'Tableau à répondre',
    compte: ['tableau de la semaine', 'tableaux de la semaine'],
    pourquoi: 'Des ménages entrent dans la liste de votre organisme, qui répond à ce tableau.',
    droit: 'liste.repondre',
  },
  sollicitation: {
    libelle: 'Sollicitation de l’État',
    compte: ['sollicitation de l’État', 'sollicitations de l’État'],
    pourquoi: 'L’État demande ou communique ceci à votre organisme, au sujet d’une réquisition de la force publique.',
    droit: 'requisition.recevoir',
  },
  requisition: {
    libelle: 'Réquisition : du nouveau',
    compte: ['réquisition où il y a du nouveau', 'réquisitions où il y a du nouveau'],
    pourquoi: 'Votre service instruit cette réquisition : une réponse, un rapport ou un départ vient d’y être noté.',
    droit: 'requisition.instruire',
    groupe: 'procedure',
  },
  taches: {
    libelle: 'Nouvelles tâches de la charte',
    compte: ['arrivée de tâches de la charte', 'arrivées de tâches de la charte'],
    pourquoi: 'La charte confie de nouvelles tâches à votre organisme : une ligne par jour, quel qu’en soit le nombre.',
    droit: 'engagement.tenir',
  },
  renseignement: {
    libelle: 'Renseignements demandés',
    compte: ['demande de renseignements', 'demandes de renseignements'],
    pourquoi: 'Un service qui fait un diagnostic demande ceci à votre organisme.',
    droit: 'renseignement.repondre',
  },
  renseignement_recu: {
    libelle: 'Réponse à des renseignements demandés',
    compte: ['réponse à une demande de renseignements', 'réponses à des demandes de renseignements'],
    pourquoi: 'Votre service a demandé ces renseignements pour un diagnostic : une réponse vient d’arriver.',
    droit: 'diagnostic.lire',
  },
  bordereau: {
    libelle: 'Bordereau reçu',
    compte: ['bordereau reçu', 'bordereaux reçus'],
    pourquoi: 'Ce bordereau est adressé à votre organisme. Il est rappelé une fois quand personne ne l’ouvre.',
    droit: 'bordereau.recevoir',
  },
  collecte: {
    libelle: 'Chiffres demandés',
    compte: ['demande de chiffres de l’année', 'demandes de chiffres de l’année'],
    pourquoi: 'La charte demande chaque année ces chiffres à votre organisme. Une seule personne répond pour tous.',
    droit: 'collecte.repondre',
  },
  logement: {
    libelle: 'Logement recherché',
    compte: ['recherche de logement', 'recherches de logement'],
    pourquoi: 'Votre agence a accepté d’être sollicitée : un travailleur social cherche un logement.',
    droit: 'logement.repondre',
  },
  logement_recu: {
    libelle: 'Réponse d’une agence',
    compte: ['réponse d’une agence', 'réponses d’agences'],
    pourquoi: 'Votre service cherche ce logement : une agence vient de répondre.',
    droit: 'logement.demander',
  },
  reseau: {
    libelle: 'Réseau d’échange',
    compte: ['échange d’un réseau', 'échanges de réseaux'],
    pourquoi: 'Votre organisme est membre de ce réseau : une ligne par échange et par jour.',
    droit: 'reseau.lire',
  },
  point_suivi: {
    libelle: 'Point de suivi d’une mesure',
    compte: ['point de suivi à faire ou en retard', 'points de suivi à faire ou en retard'],
    pourquoi:
      'Vous suivez cette mesure après le jugement, ou votre organisme la suit. Le secrétariat est prévenu des points en retard, une ligne par jour.',
    droit: 'mesure.tenir',
    groupe: 'procedure',
  },
  modele: {
    libelle: 'Version d’un courrier',
    compte: ['version d’un courrier à décider ou décidée', 'versions de courriers à décider ou décidées'],
    pourquoi:
      'Cette version attend l’accord d’un pilote, ou une décision vient d’être prise sur ce que vous avez écrit.',
    droit: 'modele.consulter',
  },
  regle: {
    libelle: 'Version des règles',
    compte: ['version des règles à décider ou décidée', 'versions des règles à décider ou décidées'],
    pourquoi:
      'Cette version attend l’accord de votre côté, ou l’autre côté vient de décider de celle que vous avez soumise.',
    droit: 'version.preparer',
  },
  seance: {
    libelle: 'Séance de la commission',
    compte: ['ordre du jour à lire ou contribution attendue', 'ordres du jour à lire ou contributions attendues'],
    pourquoi:
      'Vous siégez à cette commission : son ordre du jour est à lire, et votre organisme peut apporter ce qu’il sait.',
    droit: 'commission.consulter',
  },
  suite: {
    libelle: 'Suites à donner',
    compte: ['arrivée de suites à donner', 'arrivées de suites à donner'],
    pourquoi:
      'La commission attend de votre organisme un retour sur un avis ou une recommandation : une ligne par jour.',
    droit: 'suite.repondre',
    obligatoire: true,
  },
  releve: {
    libelle: 'Relevé à approuver',
    compte: ['relevé de séance à approuver', 'relevés de séance à approuver'],
    pourquoi: 'Vous coprésidez cette commission : son relevé attend l’accord de votre côté.',
    droit: 'releve.approuver',
  },
} as const satisfies Record<string, DescriptionGenre>

export type GenreNotification = keyof typeof GENRES
export const genres = Object.keys(GENRES) as GenreNotification[]
export const estGenre = (texte: unknown): texte is GenreNotification =>
  typeof texte === 'string' && Object.hasOwn(GENRES, texte)

/** A kind, widened so that optional properties can be read. */
export const decrireGenre = (genre: GenreNotification): DescriptionGenre => GENRES[genre]
