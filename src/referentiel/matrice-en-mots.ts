import {
  CONDITIONS_ACCES,
  type ConditionAcces,
  type Droit,
  GROUPES_CHAMPS,
  type GroupeChamps,
  type Role,
} from './droits.ts'
import { type LigneMatrice, lignesDe, listerUtilisateurs, type Matrice } from './matrice.ts'
import type { TypeOrganisme } from './organismes.ts'

export const LIBELLES_TYPES_ORGANISME = {
  secretariat: 'Secrétariat de la CCAPEX',
  prefecture: 'Préfecture et services de l’État',
  sous_prefecture: 'Sous-préfecture',
  departement: 'Service social du Département',
  fsl: 'Fonds de solidarité pour le logement',
  ccas: 'CCAS ou CIAS',
  caf: 'CAF',
  msa: 'MSA',
  adil: 'ADIL',
  bailleur_social: 'Bailleur social',
  ais_aivs: 'AIS ou AIVS',
  union_bailleurs: 'Union de bailleurs',
  agence_immobiliere: 'Agence immobilière ou gestionnaire de biens',
  social_du_personnel: 'Service social du personnel',
  action_logement: 'Action Logement',
  mandataire: 'Mandataire judiciaire',
  surendettement: 'Commission de surendettement',
  siao: 'SIAO',
  sante_mentale: 'Professionnels de santé mentale',
  association: 'Association',
  point_conseil_budget: 'Point conseil budget',
  commissaires_de_justice: 'Commissaires de justice',
  mairie: 'Mairie',
  tribunal: 'Tribunal',
  forces_de_l_ordre: 'Forces de l’ordre',
} as const satisfies Record<TypeOrganisme, string>

/** What each role is for, in one line, for whoever gives it. */
export const LIBELLES_ROLES = {
  secretariat: 'Secrétariat de la CCAPEX : reçoit, reconnaît, répartit',
  prefecture: 'Préfecture : dépose, lit les dossiers',
  service_social: 'Service social : répond aux tableaux, accompagne les ménages qui lui sont confiés',
  partenaire: 'Partenaire : lit les dossiers où son organisme est engagé',
  maire: 'Maire : lit les dossiers de ses administrés, en séance',
  emetteur: 'Émetteur : dépose ses fichiers, rien d’autre',
  pilote: 'Pilote de la charte : règles, simulation, lecture',
  administrateur: 'Administrateur : comptes et journal, aucun dossier',
  dpd: 'Délégué à la protection des données : journal et alertes, aucun dossier',
  systeme: 'Amont : travaux de fond',
} as const satisfies Record<Role, string>

export const LIBELLES_DROITS = {
  'lot.deposer': 'Déposer des fichiers',
  'signalement.saisir': 'Signaler un ménage à l’écran, pour son organisme',
  'lot.surveiller': 'Savoir quelle liste mensuelle manque',
  'lot.consulter': 'Lire les dépôts et leurs lignes',
  'lot.corriger': 'Corriger les lignes rejetées',
  'lot.retirer': 'Retirer un dépôt',
  'commune.situer': 'Situer une commune',
  'doute.consulter': 'Lire les doutes sur les ménages',
  'doute.trancher': 'Trancher un doute, réunir deux dossiers',
  'rattachement.defaire': 'Séparer un signal d’un dossier',
  'connaissance.demander': 'Demander aux services s’ils connaissent un ménage, lire leurs réponses',
  'connaissance.repondre': 'Dire si son service connaît un ménage, sans voir la réponse des autres',
  'bailleur.consulter': 'Lire le référentiel des bailleurs',
  'bailleur.tenir': 'Tenir les fiches des bailleurs, leurs logements et leurs gérants',
  'dossier.consulter': 'Lire les dossiers',
  'dossier.exporter': 'Exporter la liste des dossiers',
  'dossier.reaffecter': 'Confier un dossier à un autre service',
  'dossier.clore': 'Clore un dossier avec son issue, le rouvrir',
  'acte.consigner': 'Saisir, corriger ou retirer un acte ou une situation',
  'contact.noter': 'Noter un contact, clore un diagnostic',
  'participation.tenir': 'Inviter un organisme sur un dossier, le retirer',
  'acces_exceptionnel.ouvrir': 'Demander un accès exceptionnel, 24 heures au plus',
  'argent.consulter': 'Voir la dette, les versements et les plans d’un dossier',
  'argent.tenir': 'Saisir et corriger la dette, les versements et les plans',
  'outil.employer': 'Employer les calculateurs, sans nommer de ménage',
  'accord.noter': 'Noter une information ou un accord du ménage',
  'droit_acces.exporter': 'Remettre au ménage ce qui le concerne',
  'demande_menage.tenir': 'Noter ce que le ménage demande sur ses données, y répondre',
  'conservation.consulter': 'Suivre la conservation des dossiers clos',
  'conservation.archiver': 'Archiver un dossier clos, l’en sortir',
  'conservation.geler': 'Suspendre l’effacement d’un dossier',
  'elimination.viser': 'Viser une élimination',
  'archive.consulter': 'Lire un dossier en archive',
  'note.tenir': 'Écrire des notes professionnelles, pour soi ou des collègues nommés',
  'transmission.faire': 'Transmettre aux services instructeurs, ou leur répondre',
  'suivi.partager': 'Lire et écrire le suivi partagé',
  'synthese.produire': 'Produire une synthèse',
  'diagnostic.consulter': 'Suivre les diagnostics : étapes, dates, envois',
  'diagnostic.ouvrir': 'Demander un diagnostic',
  'diagnostic.lire': 'Lire ce que dit un diagnostic',
  'diagnostic.remplir': 'Remplir et valider un diagnostic',
  'diagnostic.transmettre': 'Noter à qui un diagnostic ou sa synthèse est remis',
  'dispositif.consulter': 'Lire le répertoire des dispositifs d’accompagnement',
  'dispositif.tenir': 'Tenir les dispositifs de son organisme, ou tous pour le Département et le secrétariat',
  'fsl.consulter': 'Lire une demande au fonds de solidarité pour le logement',
  'fsl.remplir': 'Remplir une demande au fonds de solidarité pour le logement, la remettre',
  'mesure.consulter': 'Lire le suivi des mesures d’accompagnement après jugement',
  'mesure.tenir': 'Suivre une mesure d’accompagnement, y noter des points',
  'complexe.marquer': 'Marquer une situation complexe, ou lever la marque',
  'renseignement.repondre': 'Répondre à ce qu’un service demande pour son diagnostic',
  'locataire.consulter': 'Lire l’étape et les synthèses de ses locataires',
  'locataire.saisir': 'Saisir la CCAPEX pour un de ses locataires, et suivre sa saisine',
  'cle.tourner': 'Changer la clé des textes scellés',
  'courrier.consulter': 'Lire les courriers préparés et envoyés',
  'courrier.envoyer': 'Relire, produire et envoyer les courriers',
  'modele.consulter': 'Lire les modèles de courrier et leurs versions locales',
  'modele.adapter': 'Adapter les modèles de courrier au département',
  'modele.approuver': 'Approuver une version d’un modèle de courrier',
  'bordereau.envoyer': 'Relire et envoyer des bordereaux, tenir leur registre',
  'bordereau.recevoir': 'Lire les bordereaux adressés à son organisme',
  'echange.lire': 'Lire les échanges dont son organisme est destinataire',
  'echange.ecrire': 'Écrire, demander, répondre et déposer des pièces dans un dossier',
  'document.lire': 'Lire les documents communs adressés à son organisme',
  'document.publier': 'Publier, remplacer et retirer les documents communs',
  'logement.consulter': 'Lire les recherches de logement privé de son organisme, ou adressées à lui',
  'logement.demander': 'Demander un logement privé aux agences, sans nommer le ménage',
  'logement.repondre': 'Répondre aux recherches de logement adressées à son agence',
  'logement.tenir': 'Tenir le réseau des agences, suivre les recherches',
  'reseau.lire': 'Lire les réseaux d’échange de son organisme',
  'reseau.ecrire': 'Écrire dans les réseaux d’échange de son organisme',
  'reseau.moderer': 'Créer les réseaux d’échange, tenir leurs membres, les modérer',
  'saisine.consulter': 'Lire les saisines de la CCAPEX adressées à son organisme, ou faites par lui',
  'saisine.deposer': 'Saisir la CCAPEX',
  'saisine.instruire': 'Instruire les saisines, les inscrire à une séance, examiner les auto-saisines',
  'saisine.preorienter': 'Pré-orienter une saisine avant la séance',
  'saisine.expertise': 'Demander une expertise sur le concours de la force publique',
  'cellule.consulter': 'Lire les consultations de la cellule technique où son organisme est nommé',
  'cellule.ouvrir': 'Consulter la cellule technique',
  'cellule.repondre': 'Donner la position de son organisme à la cellule technique',
  'cellule.conclure': 'Conclure une consultation, réunir la cellule, régulariser',
  'cellule.mesurer': 'Lire le bilan annuel de la cellule technique',
  'cellule.recevoir': 'Lire une consultation adressée à son organisme, sans le dossier',
  'cellule.solliciter': 'Consulter la cellule technique pour un de ses locataires, sans lire le dossier',
  'commission.consulter': 'Lire la composition des commissions et le calendrier de leurs séances',
  'commission.tenir': 'Créer une commission, tenir ses membres et son règlement',
  'seance.preparer': 'Tenir le calendrier, l’ordre du jour, les convocations et la présence',
  'deliberation.tenir': 'Tenir la séance : avis, recommandations, orientation, notes, relevé',
  'releve.approuver': 'Approuver le relevé d’une séance que l’on copréside',
  'avis.consulter': 'Lire les avis et recommandations de la commission sur un dossier',
  'suite.repondre': 'Lire ce que la commission adresse à son organisme, y répondre',
  'suite.suivre': 'Suivre les retours, relancer',
  'pilotage.consulter': 'Lire l’activité des commissions, en nombres, et les comparer',
  'orientation.consulter': 'Lire la position commune d’un dossier',
  'orientation.signaler': 'Signaler un changement de situation à la commission',
  'seance.participer': 'Siéger : lire l’ordre du jour et les fiches envoyés à son organisme, y contribuer',
  'engagement.consulter': 'Lire les engagements dus pour un dossier, et la file de son organisme',
  'collecte.repondre': 'Donner les chiffres que la charte demande à son organisme',
  'collecte.conduire': 'Demander leurs chiffres aux partenaires, une fois par an, et relancer',
  'action_charte.noter': 'Noter ce que son organisme a fait des engagements hors dossier',
  'engagement.tenir': 'Clore un engagement par sa preuve, l’attribuer, le passer à un collègue',
  'liste.figer': 'Figer les tableaux',
  'liste.consulter': 'Lire les tableaux',
  'liste.repondre': 'Répondre aux tableaux',
  'veille.consulter': 'Lire ce qui presse',
  'regle.consulter': 'Lire le droit et la charte',
  'regle.simuler': 'Essayer d’autres règles',
  'territoire.controler': 'Contrôler les territoires',
  'version.preparer': 'Préparer une version des règles',
  'version.approuver': 'Approuver une version des règles',
  'compte.tenir': 'Tenir son propre compte',
  'compte.gerer': 'Gérer les comptes et les habilitations',
  'organisme.gerer': 'Ouvrir, modifier et fermer les organismes',
  'courriel.suivre': 'Voir les adresses que les courriels n’atteignent pas',
  'journal.consulter': 'Lire le journal des consultations',
  'journal.sceller': 'Sceller le journal',
  'alerte.traiter': 'Traiter les alertes de consultation',
  'matrice.consulter': 'Lire la matrice d’accès',
  'requisition.consulter': 'Lire les réquisitions de la force publique',
  'requisition.instruire': 'Instruire une réquisition : enquêtes, décision, diffusion, jour J',
  'requisition.contribuer': 'Préparer une expulsion : concertation, hébergement, meubles, départ signalé',
  'requisition.recevoir': 'Répondre à une enquête, lire ce que l’État adresse à son organisme',
  'requisition.exporter': 'Exporter la liste des réquisitions',
  'expertise.demander': 'Demander à la CCAPEX une expertise sur le concours',
  'rapport_social.tenir': 'Rédiger le rapport social et sa page réservée',
  'aide.consulter': 'Lire l’aide',
} as const satisfies Record<Droit, string>

/** One thing given, in words: what, when, by virtue of what. */
export interface AccesEnMots {
  readonly cle: string
  readonly quoi: string
  /** What a group of fields holds. */
  readonly precision: string | null
  readonly quand: string
  readonly source: string
  readonly note: string
}

/** What a role of a kind of body may do and read, and what it never sees. */
export interface RoleEnMots {
  readonly actes: readonly AccesEnMots[]
  readonly lectures: readonly AccesEnMots[]
  readonly caches: readonly GroupeChamps[]
}

const majuscule = (texte: string): string => texte.charAt(0).toLocaleUpperCase('fr') + texte.slice(1)

/** When a line holds, in words. */
function ecrireConditions(conditions: readonly ConditionAcces[]): string {
  return conditions.length === 0
    ? 'Toujours'
    : majuscule(conditions.map((condition) => CONDITIONS_ACCES[condition]).join(', '))
}

/** The matrix for one role of one kind of body, in words. */
export function decrireRole(matrice: Matrice, type: TypeOrganisme, role: Role): RoleEnMots {
  const lignes = lignesDe(matrice, type, role)
  const commun = ({ conditions, source, note }: (typeof lignes)[number]) => ({
    quand: ecrireConditions(conditions),
    source,
    note,
  })
  const lus = new Set(lignes.flatMap(({ groupes }) => groupes))
  return {
    actes: lignes.flatMap((ligne) =>
      ligne.droits.map((droit) => ({
        cle: `${droit} ${ligne.ligne}`,
        quoi: LIBELLES_DROITS[droit],
        precision: null,
        ...commun(ligne),
      })),
    ),
    lectures: lignes.flatMap((ligne) =>
      ligne.groupes.map((groupe) => ({
        cle: `${groupe} ${ligne.ligne}`,
        quoi: GROUPES_CHAMPS[groupe].libelle,
        precision: GROUPES_CHAMPS[groupe].sens,
        ...commun(ligne),
      })),
    ),
    caches: (Object.keys(GROUPES_CHAMPS) as GroupeChamps[]).filter((groupe) => !lus.has(groupe)),
  }
}

/** Name of a role without what it is for. */
export const nommerRole = (role: Role): string => LIBELLES_ROLES[role].split(' : ')[0] ?? role

/** The whole matrix as a page of the documentation, in Markdown: kinds of bodies to whom it gives the same are told together. */
export function ecrireMatrice(matrice: Matrice): string {
  const utilisateurs = listerUtilisateurs(matrice)
  const absents = (Object.keys(LIBELLES_TYPES_ORGANISME) as TypeOrganisme[]).filter(
    (type) => !utilisateurs.some((un) => un.type === type),
  )
  const propres = (type: TypeOrganisme, role: Role) => lignesDe(matrice, type, role).filter((une) => !estATous(une))
  const ensemble = Map.groupBy(
    utilisateurs,
    ({ type, role }) => `${role} ${propres(type, role).map(({ ligne }) => ligne)}`,
  )
  const minuscule = (texte: string): string => texte.charAt(0).toLocaleLowerCase('fr') + texte.slice(1)
  const ecrire = ({ droits, groupes, conditions, source, note }: LigneMatrice): string => {
    const quoi = [
      ...droits.map((droit) => LIBELLES_DROITS[droit]),
      ...(groupes.length === 0
        ? []
        : [`Lire d’un dossier : ${groupes.map((groupe) => minuscule(GROUPES_CHAMPS[groupe].libelle)).join(', ')}`]),
    ]
    const quand = conditions.length === 0 ? '' : `, ${minuscule(ecrireConditions(conditions))}`
    return `- ${quoi.join(' ; ')}${quand}. Source : ${source}.${note === '' ? '' : ` ${note}.`}`
  }
  return [
    '# Qui peut faire et lire quoi',
    '',
    'Page écrite par `./amont referentiel acces` d’après `donnees/acces/matrice.csv` : ne pas la modifier à la main. La matrice est une',
    'proposition ; le délégué à la protection des données du département la relit et la signe. Ce qu’elle ne donne pas est refusé. Une ligne',
    'qui demande plusieurs conditions les demande toutes.',
    '',
    '## Ce que chaque groupe de champs contient',
    '',
    ...Object.values(GROUPES_CHAMPS).map(({ libelle, sens }) => `- ${libelle} : ${sens}.`),
    '',
    '## Tous les comptes',
    '',
    ...matrice.filter(estATous).map(ecrire),
    '',
    ...[...ensemble.values()].flatMap((semblables) => {
      const [premier] = semblables
      if (!premier) return []
      const { type, role } = premier
      const { lectures, caches } = decrireRole(matrice, type, role)
      return [
        `## ${nommerRole(role)} (${semblables.map((un) => LIBELLES_TYPES_ORGANISME[un.type]).join(', ')})`,
        '',
        ...propres(type, role).map(ecrire),
        ...(lectures.length === 0
          ? ['- Ne lit rien des ménages.']
          : caches.length === 0
            ? []
            : [`- Ne lit jamais : ${caches.map((groupe) => minuscule(GROUPES_CHAMPS[groupe].libelle)).join(', ')}.`]),
        '',
      ]
    }),
    '## Sans compte',
    '',
    `Ces organismes reçoivent ce qu’on leur envoie et n’entrent pas : ${absents.map((type) => minuscule(LIBELLES_TYPES_ORGANISME[type])).join(', ')}.`,
    '',
  ].join('\n')
}

/** A line for every kind of body. */
const estATous = ({ types }: LigneMatrice): boolean => types.length === Object.keys(LIBELLES_TYPES_ORGANISME).length
