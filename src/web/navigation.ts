import { type Acteur, aLeDroit, type Droit, type Session } from '#acces'
import { chiffreRecus } from '#bordereaux'
import { chiffreSuites } from '#commission'
import { chiffreEchanges, chiffreLocataires, chiffreLogements, chiffreReseaux } from '#echanges'
import { chiffreAttendus } from '#engagements'
import { chiffreNonLues } from '#notifications'
import { chiffreDoutes } from '#rapprochement'
import { type Fragment, sql } from '#socle/db'
import { formatNombre } from '#socle/typography'
import { chiffreAlertes } from '#vigilance'
import type { EntreeNavigation } from './mise-en-page/index.tsx'
import type { Message, Navigation } from './route.ts'

/** ISO week of a civil date: the one lists are named by. */
function semaine(jour: Temporal.PlainDate): number {
  return jour.weekOfYear ?? 0
}

/** Figures of the banner, in one statement: each counts under the rules of its module, for those who see its entry. */
export async function lireNavigation(session: Session): Promise<Omit<Navigation, 'message'>> {
  const { acteur } = session
  const si = (droits: readonly Droit[], chiffre: Fragment): Fragment =>
    droits.some((droit) => aLeDroit(acteur, droit)) ? chiffre : sql`0`
  const [lus] = await session.sql<Omit<Navigation, 'message' | 'semaine'>>`select
    ${si(['doute.consulter'], chiffreDoutes(session))} as doutes,
    ${si(['alerte.traiter'], chiffreAlertes(session))} as alertes,
    ${chiffreLocataires(session)} as locataires,
    ${si(['echange.lire'], chiffreEchanges(session))} as echanges,
    ${si(['engagement.consulter'], chiffreAttendus(session))} as engagements,
    ${chiffreNonLues(session)} as notifications,
    ${si(['suite.repondre'], chiffreSuites())} as suites,
    ${si(['bordereau.recevoir'], chiffreRecus())} as recus,
    ${si(['logement.repondre', 'logement.demander'], chiffreLogements())} as logements,
    ${si(['reseau.lire'], chiffreReseaux())} as reseaux`
  if (!lus) throw new Error('a select without from answers one row')
  return { ...lus, semaine: semaine(session.jour) }
}

/**
 * The same, asked together with the first queries of a screen: the figures are there when the page is written, once `lue` is. A screen that decides from them
 * reads them itself.
 */
export function demanderNavigation(
  session: Session,
  message: Message | null,
): { navigation: Navigation; lue: Promise<unknown> } {
  let figures: Omit<Navigation, 'message'> | undefined
  const lues = () => {
    if (figures === undefined) throw new Error('the figures of the banner are there when the page is written')
    return figures
  }
  const navigation: Navigation = {
    message,
    get doutes() {
      return lues().doutes
    },
    get alertes() {
      return lues().alertes
    },
    get locataires() {
      return lues().locataires
    },
    get echanges() {
      return lues().echanges
    },
    get engagements() {
      return lues().engagements
    },
    get notifications() {
      return lues().notifications
    },
    get suites() {
      return lues().suites
    },
    get recus() {
      return lues().recus
    },
    get logements() {
      return lues().logements
    },
    get reseaux() {
      return lues().reseaux
    },
    get semaine() {
      return lues().semaine
    },
  }
  const lue = lireNavigation(session).then((trouvees) => {
    figures = trouvees
  })
  return { navigation, lue }
}

interface Entree {
  readonly cle: string
  readonly libelle: string
  readonly href: string
  readonly droit: Droit
  /** Not for those who have one of these: another entry leads them there. */
  readonly sauf?: readonly Droit[]
  readonly si?: (navigation: Navigation) => boolean
  readonly sous: (navigation: Navigation) => string
}

const direPartage = ({ logements, reseaux }: Navigation): string =>
  logements + reseaux === 0 ? 'documents, réseaux' : `${formatNombre(logements + reseaux)} à traiter`

const entrees: readonly Entree[] = [
  { cle: 'a-faire', libelle: 'À faire', href: '/a-faire', droit: 'veille.consulter', sous: () => 'aujourd’hui' },
  { cle: 'recevoir', libelle: 'Recevoir', href: '/recevoir', droit: 'lot.consulter', sous: () => 'les fichiers' },
  {
    cle: 'reconnaitre',
    libelle: 'Reconnaître',
    href: '/reconnaitre',
    droit: 'doute.consulter',
    sous: ({ doutes }) => (doutes === 0 ? 'aucun doute' : doutes === 1 ? '1 doute' : `${formatNombre(doutes)} doutes`),
  },
  {
    cle: 'repartir',
    libelle: 'Répartir',
    href: '/tableaux',
    droit: 'liste.figer',
    sous: (navigation) => `semaine ${navigation.semaine}`,
  },
  {
    cle: 'repondre',
    libelle: 'Répondre',
    href: '/tableaux',
    droit: 'liste.repondre',
    sous: (navigation) => `semaine ${navigation.semaine}`,
  },
  {
    cle: 'repartir',
    libelle: 'Répartir',
    href: '/tableaux',
    droit: 'liste.consulter',
    sauf: ['liste.figer', 'liste.repondre'],
    sous: (navigation) => `semaine ${navigation.semaine}`,
  },
  {
    cle: 'accompagner',
    libelle: 'Accompagner',
    href: '/dossiers',
    droit: 'dossier.consulter',
    sous: () => 'les dossiers',
  },
  {
    cle: 'locataires',
    libelle: 'Mes locataires',
    href: '/locataires',
    droit: 'locataire.consulter',
    si: ({ locataires }) => locataires !== null,
    sous: ({ locataires }) =>
      locataires === 0 ? 'aucun en procédure' : `${formatNombre(locataires ?? 0)} en procédure`,
  },
  {
    cle: 'engagements',
    libelle: 'Tenir',
    href: '/engagements',
    droit: 'engagement.consulter',
    sous: ({ engagements }) =>
      engagements === 0 ? 'rien cette semaine' : `${formatNombre(engagements)} cette semaine`,
  },
  {
    cle: 'courriers',
    libelle: 'Écrire',
    href: '/courriers',
    droit: 'courrier.consulter',
    sous: () => 'les courriers',
  },
  {
    cle: 'transmettre',
    libelle: 'Transmettre',
    href: '/transmettre',
    droit: 'bordereau.envoyer',
    sous: ({ recus }) => (recus === 0 ? 'les bordereaux' : `${formatNombre(recus)} à ouvrir`),
  },
  {
    cle: 'recus',
    libelle: 'Recevoir',
    href: '/recus',
    droit: 'bordereau.recevoir',
    sauf: ['bordereau.envoyer'],
    sous: ({ recus }) => (recus === 0 ? 'les bordereaux' : `${formatNombre(recus)} à ouvrir`),
  },
  {
    cle: 'echanges',
    libelle: 'Échanger',
    href: '/echanges',
    droit: 'echange.lire',
    sous: ({ echanges }) => (echanges === 0 ? 'rien n’attend' : `${formatNombre(echanges)} à traiter`),
  },
  {
    cle: 'reunir',
    libelle: 'Réunir',
    href: '/saisines',
    droit: 'saisine.consulter',
    sous: () => 'les saisines',
  },
  {
    cle: 'reunir',
    libelle: 'Réunir',
    href: '/commissions',
    droit: 'commission.consulter',
    sauf: ['saisine.consulter'],
    sous: () => 'les séances',
  },
  {
    cle: 'cellule',
    libelle: 'Cellule',
    href: '/cellule',
    droit: 'cellule.consulter',
    sous: () => 'les consultations',
  },
  {
    cle: 'cellule-recues',
    libelle: 'Cellule',
    href: '/cellule/recues',
    droit: 'cellule.recevoir',
    sous: () => 'vos consultations',
  },
  {
    cle: 'requisitions',
    libelle: 'Force publique',
    href: '/requisitions',
    droit: 'requisition.consulter',
    sous: () => 'les réquisitions',
  },
  {
    cle: 'sollicitations',
    libelle: 'Sollicitations',
    href: '/sollicitations',
    droit: 'requisition.recevoir',
    sous: () => 'demandes de l’État',
  },
  {
    cle: 'connus',
    libelle: 'Connus ou non',
    href: '/connus',
    droit: 'connaissance.repondre',
    sous: () => 'les ménages',
  },
  {
    cle: 'renseigner',
    libelle: 'Renseigner',
    href: '/renseignements',
    droit: 'renseignement.repondre',
    sous: () => 'les diagnostics',
  },
  {
    cle: 'suites',
    libelle: 'Suivre',
    href: '/suites',
    droit: 'suite.repondre',
    sous: ({ suites }) =>
      suites === 0 ? 'les suites' : `${formatNombre(suites)} ${suites === 1 ? 'retour attendu' : 'retours attendus'}`,
  },
  {
    cle: 'signaler',
    libelle: 'Signaler',
    href: '/recevoir/signaler',
    droit: 'signalement.saisir',
    sauf: ['lot.consulter'],
    sous: () => 'un ménage',
  },
  { cle: 'comptes', libelle: 'Comptes', href: '/comptes', droit: 'compte.gerer', sous: () => 'les accès' },
  {
    cle: 'alertes',
    libelle: 'Alertes',
    href: '/alertes',
    droit: 'alerte.traiter',
    sous: ({ alertes }) => (alertes === 0 ? 'rien à examiner' : `${formatNombre(alertes)} à examiner`),
  },
  { cle: 'journal', libelle: 'Journal', href: '/journal', droit: 'journal.consulter', sous: () => 'qui a fait quoi' },
  {
    cle: 'piloter',
    libelle: 'Piloter',
    href: '/pilotage',
    droit: 'pilotage.consulter',
    sous: () => 'les commissions',
  },
  {
    cle: 'partager',
    libelle: 'Partager',
    href: '/logements',
    droit: 'logement.repondre',
    sous: direPartage,
  },
  {
    cle: 'partager',
    libelle: 'Partager',
    href: '/documents',
    droit: 'document.lire',
    sauf: ['logement.repondre'],
    sous: direPartage,
  },
  { cle: 'mesurer', libelle: 'Mesurer', href: '/charte', droit: 'regle.consulter', sous: () => 'la charte' },
]

/** Verbs of the banner, upstream to downstream: an entry without its right does not exist. */
export function entreesPour(acteur: Acteur, navigation: Navigation): EntreeNavigation[] {
  return entrees
    .filter(
      (entree) =>
        aLeDroit(acteur, entree.droit) &&
        !entree.sauf?.some((droit) => aLeDroit(acteur, droit)) &&
        (entree.si?.(navigation) ?? true),
    )
    .map((entree) => ({ cle: entree.cle, libelle: entree.libelle, href: entree.href, sous: entree.sous(navigation) }))
}

/** First page of a role: what it has to do. */
export function accueilDe(acteur: Acteur): string {
  return entrees.find((entree) => aLeDroit(acteur, entree.droit))?.href ?? '/aide'
}
