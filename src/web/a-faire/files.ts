import type { Acteur } from '#acces'
import type { ComptesVeille, FileVeille } from '#repartition'
import type { NomIcone } from '../composants/index.ts'

/** One queue of the watch, in words. */
export interface DescriptionFile {
  /** Title of its own page and of its section. */
  readonly titre: string
  /** Beside its number: one, several. */
  readonly libelle: readonly [string, string]
  readonly note: string
  readonly icone: NomIcone
  /** What an empty queue means. */
  readonly vide: string
}

export const descriptions = {
  retard: {
    titre: 'En retard',
    libelle: ['échéance en retard', 'échéances en retard'],
    note: 'Une tâche dont la date est passée',
    icone: 'retard',
    vide: 'Aucune tâche n’est en retard.',
  },
  aujourdhui: {
    titre: 'Aujourd’hui',
    libelle: ['échéance aujourd’hui', 'échéances aujourd’hui'],
    note: 'À faire, ou terme qui tombe ce jour',
    icone: 'horloge',
    vide: 'Rien n’arrive à échéance aujourd’hui.',
  },
  '7_jours': {
    titre: 'Dans les 7 jours',
    libelle: ['échéance dans les 7 jours', 'échéances dans les 7 jours'],
    note: 'De demain à sept jours',
    icone: 'horloge',
    vide: 'Rien n’arrive à échéance dans les sept jours qui suivent.',
  },
  '15_jours': {
    titre: 'De 8 à 15 jours',
    libelle: ['échéance de 8 à 15 jours', 'échéances de 8 à 15 jours'],
    note: 'Pour prévoir',
    icone: 'agenda',
    vide: 'Rien n’arrive à échéance entre huit et quinze jours.',
  },
  sans_preneur: {
    titre: 'Ménages pris par personne',
    libelle: ['ménage pris par personne', 'ménages pris par personne'],
    note: 'Aucun des services que la règle désigne ne les a pris',
    icone: 'gens',
    vide: 'Chaque ménage que la règle confie à un service en a un.',
  },
  inconnus: {
    titre: 'En procédure, inconnus de tout service social',
    libelle: [
      'ménage en procédure judiciaire, inconnu de tout service social',
      'ménages en procédure judiciaire, inconnus de tout service social',
    ],
    note: 'Indicateur de la fiche-action 3-4',
    icone: 'juge',
    vide: 'Tous les ménages en procédure judiciaire sont connus d’un service social.',
  },
  sans_contact: {
    titre: 'Jamais rencontrés, à la fin de la procédure',
    libelle: [
      'ménage jamais rencontré, à la fin de la procédure',
      'ménages jamais rencontrés, à la fin de la procédure',
    ],
    note: 'Quitter les lieux ou réquisition, sans contact abouti',
    icone: 'tel',
    vide: 'Chaque ménage au commandement de quitter les lieux ou à la réquisition a été rencontré au moins une fois.',
  },
  en_serie: {
    titre: 'Signaux en série, pas encore pris en charge',
    libelle: [
      'ménage aux signaux en série, pas encore pris en charge',
      'ménages aux signaux en série, pas encore pris en charge',
    ],
    note: 'Plusieurs sources en six mois, ou une dette qui croît',
    icone: 'doc',
    vide: 'Aucun ménage que personne n’a pris en charge n’accumule les signaux.',
  },
  clos_signales: {
    titre: 'Dossiers clos, signalés de nouveau',
    libelle: ['dossier clos signalé de nouveau', 'dossiers clos signalés de nouveau'],
    note: 'À rouvrir, ou à laisser clos',
    icone: 'doc',
    vide: 'Aucun dossier clos n’a reçu de signal qui attende.',
  },
} as const satisfies Record<FileVeille, DescriptionFile>

/** Queues by deadline, the most urgent first. */
export const parEcheance = ['retard', 'aujourdhui', '7_jours', '15_jours'] as const satisfies readonly FileVeille[]

/** Households to reach even when no date presses. */
const aNePasOublier = [
  'clos_signales',
  'sans_preneur',
  'inconnus',
  'sans_contact',
  'en_serie',
] as const satisfies readonly FileVeille[]

/** The same, for one reader: a service only has households confided to it, so that « taken by nobody » means nothing there; the secretariat alone opens a dossier again. */
export const aNePasOublierPour = (acteur: Pick<Acteur, 'role'>): readonly FileVeille[] =>
  aNePasOublier.filter(
    (file) =>
      (file !== 'sans_preneur' || acteur.role !== 'service_social') &&
      (file !== 'clos_signales' || acteur.role === 'secretariat'),
  )

export const estFile = (texte: string | undefined): texte is FileVeille => texte !== undefined && texte in descriptions

/** Tasks and terms of the coming week, late ones included: what the title announces. */
export const compterPressantes = (comptes: ComptesVeille): number =>
  comptes.retard + comptes.aujourdhui + comptes['7_jours']
