import type { ReactElement } from 'react'
import { Page, type ProprietesPage } from '../mise-en-page/page.tsx'
import type { EcheanceAffichee, ProprietesFrise } from './index.ts'

/** What the pages of the catalogue share. People, landlords and figures are invented. */
export const AUJOURDHUI = '2026-11-20'

export const navigation: ProprietesPage['navigation'] = [
  { cle: 'a-faire', libelle: 'À faire', sous: '17 actions', href: '/a-faire' },
  { cle: 'recevoir', libelle: 'Recevoir', sous: 'les fichiers', href: '/recevoir' },
  { cle: 'reconnaitre', libelle: 'Reconnaître', sous: '7 doutes', href: '/reconnaitre' },
  { cle: 'repartir', libelle: 'Répartir', sous: 'semaine 47', href: '/repartir' },
  { cle: 'accompagner', libelle: 'Accompagner', sous: 'les dossiers', href: '/dossiers' },
]

/** A page with the banner and footer of the examples. */
export function PageExemple(page: Omit<ProprietesPage, 'navigation' | 'compte' | 'jeton' | 'pied'>): ReactElement {
  return (
    <Page
      navigation={navigation}
      compte={{
        nom: 'Claire Dumontel',
        fonction: 'Secrétariat, Autun',
        liens: [
          { libelle: 'Mon compte', href: '/compte' },
          { libelle: 'Journal', href: '/journal' },
        ],
      }}
      jeton="jeton-d-exemple"
      pied={{
        liens: [
          { libelle: 'Accessibilité : partiellement conforme', href: '/accessibilite' },
          { libelle: 'Données personnelles', href: '/donnees-personnelles' },
          { libelle: 'Aide et raccourcis', href: '/aide' },
        ],
        mention: 'Personnes, bailleurs et numéros fictifs.',
      }}
      {...page}
    />
  )
}

export const diagnostic: EcheanceAffichee = {
  libelle: 'Diagnostic de la situation de logement',
  le: '2026-11-23',
  depart: 'Tableau hebdomadaire du 21/09/2026',
  calcul: '2 mois, soit le 21/11/2026 (samedi), reporté au lundi 23',
  source: 'Charte 71, engagement Département 8',
  fiabilite: 'Usage local',
}

export const enquete: EcheanceAffichee = {
  libelle: 'Enquête sociale au stade du concours',
  le: '2026-11-17',
  depart: 'Enquête demandée le 17/09/2026',
  calcul: '2 mois',
  source: 'Charte 71, annexe 4',
  fiabilite: 'Usage local',
}

/** Every state of an échéance on the day of the examples. */
export const echeances: readonly EcheanceAffichee[] = [
  enquete,
  { ...diagnostic, libelle: 'Remise au juge', le: '2026-11-20', fiabilite: 'Confirmée' },
  diagnostic,
  { ...diagnostic, libelle: 'Entretien à proposer', le: '2026-12-02', calcul: '15 jours ouvrés (11 novembre exclu)' },
  { ...diagnostic, libelle: 'Notification au préfet', le: '2026-12-03', tenueLe: '2026-11-06', fiabilite: 'Confirmée' },
  { ...diagnostic, libelle: 'Fin du délai du commandement', le: '2026-10-26', genre: 'terme' },
  {
    ...diagnostic,
    libelle: 'Saisine du juge',
    le: '2026-11-26',
    aVerifier: true,
    fiabilite: 'À vérifier',
    reserve: 'Valeur non confirmée, à vérifier avant de l’opposer.',
  },
  {
    ...diagnostic,
    libelle: 'Fin du délai du commandement',
    le: '2026-10-26',
    autreLe: '2026-11-30',
    fiabilite: 'À vérifier',
    reserve:
      'Deux lectures : bail antérieur au 29/07/2023, reconduit depuis peut-être. À vérifier dans le bail et l’acte.',
  },
]

export const frise: ProprietesFrise = {
  id: 'frise',
  titre: 'Frise de la procédure de Mme Lacombe',
  description:
    'Du premier retard de mai 2026 à l’audience du 14 janvier 2027. Au 20 novembre 2026, l’assignation est délivrée, le diagnostic est à rendre le 23 novembre. La liste complète suit la frise.',
  aujourdhui: AUJOURDHUI,
  etapes: [
    { libelle: 'Premiers retards', du: '2026-05-05' },
    { libelle: 'Impayé', du: '2026-08-12' },
    { libelle: 'Commandement', du: '2026-09-14' },
    { libelle: 'Assignation', du: '2026-11-04', courante: true },
  ],
  actes: [
    { le: '2026-05-05', libelle: 'Premier retard', detail: 'loyer de mai' },
    { le: '2026-08-12', libelle: 'Signalement CAF', detail: 'impayé constitué en juillet' },
    { le: '2026-09-14', libelle: 'Commandement', detail: 'dette de 1 620 €' },
    { le: '2026-10-26', libelle: 'Fin du délai', detail: '6 semaines' },
    { le: '2026-11-04', libelle: 'Assignation', detail: 'reçue en préfecture le 06/11' },
    { le: '2027-01-14', libelle: 'Audience', detail: 'tribunal de Chalon' },
  ],
  actions: [
    { le: '2026-09-21', libelle: 'Tableau n° 39', detail: 'service social du Creusot' },
    { le: '2026-10-06', libelle: '1er rendez-vous', detail: 'ménage présent' },
    { le: '2026-11-03', libelle: '2e rendez-vous', detail: 'loyer repris depuis octobre' },
  ],
  echeances: [
    { le: '2026-11-23', libelle: 'Diagnostic', detail: 'à rendre' },
    { le: '2026-12-02', libelle: 'Entretien', detail: 'dernier jour pour le proposer' },
    { le: '2027-01-07', libelle: 'Diagnostic au juge', detail: '5 jours ouvrés avant' },
  ],
  periodes: [{ libelle: 'Trêve hivernale jusqu’au 31/03', du: '2026-11-01', au: '2027-03-31' }],
}

/** A long and busy dossier: two years, acts in bursts, several things on the same day. */
export const friseDense: ProprietesFrise = {
  id: 'frise-dense',
  titre: 'Frise d’un dossier long et chargé',
  description:
    'De janvier 2025 à mai 2027, de l’impayé au concours de la force publique, avec plusieurs actes les mêmes jours.',
  aujourdhui: AUJOURDHUI,
  etapes: [
    { libelle: 'Impayé', du: '2025-01-20' },
    { libelle: 'Commandement de payer', du: '2025-04-02' },
    { libelle: 'Assignation', du: '2025-07-01' },
    { libelle: 'Jugement', du: '2025-12-11' },
    { libelle: 'Commandement de quitter les lieux', du: '2026-03-05' },
    { libelle: 'Concours', du: '2026-09-17', courante: true },
  ],
  actes: [
    { le: '2025-01-20', libelle: 'Signalement CAF', detail: 'impayé constitué' },
    { le: '2025-02-03', libelle: 'Signalement du bailleur', detail: 'dette de 940 €' },
    { le: '2025-04-02', libelle: 'Commandement de payer', detail: 'dette de 1 870 €' },
    { le: '2025-05-14', libelle: 'Fin du délai', detail: '6 semaines' },
    { le: '2025-07-01', libelle: 'Assignation', detail: 'reçue en préfecture le 03/07' },
    { le: '2025-10-09', libelle: 'Audience', detail: 'renvoi au 13/11' },
    { le: '2025-11-13', libelle: 'Audience', detail: 'tribunal d’Autun' },
    { le: '2025-12-11', libelle: 'Jugement', detail: 'résiliation, délais de 24 mois' },
    { le: '2026-01-08', libelle: 'Signification du jugement' },
    { le: '2026-03-05', libelle: 'Commandement de quitter les lieux', detail: 'plan non tenu' },
    { le: '2026-05-05', libelle: 'Fin du délai de deux mois' },
    { le: '2026-09-17', libelle: 'Réquisition de la force publique' },
    { le: '2026-09-17', libelle: 'Enquête sociale demandée', detail: 'au Département' },
    { le: '2026-11-17', libelle: 'Fin du délai du préfet', detail: 'deux mois' },
    { le: '2027-04-01', libelle: 'Fin de la trêve hivernale' },
  ],
  actions: [
    { le: '2025-01-27', libelle: 'Tableau n° 4', detail: 'CAF' },
    { le: '2025-02-10', libelle: 'Courrier de mobilisation', detail: 'sans réponse' },
    { le: '2025-02-24', libelle: 'Visite à domicile', detail: 'ménage absent' },
    { le: '2025-04-07', libelle: 'Tableau n° 14', detail: 'service social d’Autun' },
    { le: '2025-05-12', libelle: '1er rendez-vous', detail: 'ménage présent' },
    { le: '2025-09-22', libelle: 'Diagnostic transmis au juge' },
    { le: '2025-09-22', libelle: 'Demande de FSL', detail: 'accordée le 14/10' },
    { le: '2026-01-15', libelle: 'Séance de la commission', detail: 'maintien de l’aide au logement' },
    { le: '2026-03-16', libelle: 'Tableau n° 12', detail: 'Département' },
    { le: '2026-06-02', libelle: 'Demande de logement social', detail: 'déposée avec le CCAS' },
    { le: '2026-10-05', libelle: 'Rendez-vous', detail: 'ménage absent' },
    { le: '2026-10-19', libelle: 'Rendez-vous', detail: 'ménage présent' },
    { le: '2026-12-10', libelle: 'Séance de la commission', detail: 'inscrit à l’ordre du jour' },
  ],
  echeances: [
    { le: '2026-11-17', libelle: 'Enquête sociale', detail: '3 jours de retard' },
    { le: '2026-11-24', libelle: 'Réponse au tableau n° 47' },
    { le: '2026-11-28', libelle: 'Réponse du préfet' },
    { le: '2025-09-30', libelle: 'Diagnostic au juge', tenueLe: '2025-09-22' },
  ],
  periodes: [
    { libelle: 'Trêve hivernale', du: '2024-11-01', au: '2025-03-31' },
    { libelle: 'Trêve hivernale', du: '2025-11-01', au: '2026-03-31' },
    { libelle: 'Trêve hivernale jusqu’au 31/03', du: '2026-11-01', au: '2027-03-31' },
  ],
}

/** Everything in one week. */
export const friseSerree: ProprietesFrise = {
  id: 'frise-serree',
  titre: 'Frise d’un dossier ouvert cette semaine',
  description: 'Trois signalements reçus en trois jours, aucune action encore.',
  aujourdhui: AUJOURDHUI,
  etapes: [{ libelle: 'Commandement', du: '2026-11-18', courante: true }],
  actes: [
    { le: '2026-11-18', libelle: 'Commandement', detail: 'dette de 2 410 €' },
    { le: '2026-11-19', libelle: 'Signalement CAF', detail: 'impayé constitué' },
    { le: '2026-11-20', libelle: 'Signalement du bailleur', detail: 'reçu ce matin' },
  ],
  echeances: [{ le: '2026-12-30', libelle: 'Fin du délai', detail: '6 semaines' }],
}

/** A rule that changed twice, and will again: cut on the left, open on the right, one version not confirmed. */
export const axe = {
  titre: 'Versions du délai pour payer',
  aujourdhui: AUJOURDHUI,
  debut: '2012-01-01',
  fin: '2028-12-31',
  periodes: [
    { du: '1989-07-08', au: '2014-03-26', libelle: '1 mois' },
    { du: '2014-03-27', au: '2023-07-28', libelle: '2 mois' },
    { du: '2023-07-29', au: '2026-12-31', libelle: '6 semaines' },
    { du: '2027-01-01', libelle: '30 jours', incertaine: true },
  ],
} as const
/** Figures over years: two of them not known, and a target drawn from the last. */
export const courbe = {
  titre: 'Assignations : 960 en 2019, +3,1 % depuis 2011',
  description: 'Une ligne par an de 2011 à 2019, sans valeur connue en 2012 et 2013, puis la cible jusqu’en 2022.',
  abscisses: Array.from({ length: 12 }, (_, rang) => 2011 + rang),
  series: [
    {
      cle: 'reel',
      libelle: 'Réalisé',
      trait: 'plein' as const,
      points: [931, null, null, 1126, 804, 997, 946, 1097, 960].map((y, rang) => ({ x: 2011 + rang, y })),
    },
    {
      cle: 'cible',
      libelle: '−5 % par an',
      trait: 'tirets' as const,
      points: [960, 912, 866, 823].map((y, rang) => ({ x: 2019 + rang, y })),
    },
  ],
}
