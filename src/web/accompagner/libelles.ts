import { decrireEtape, ETAPES, type Etape, TYPES_ACTE } from '#procedure'
import { libellesTypes } from '#signalements'

/** French form of the closed codes a dossier holds. A code that is not there is shown as it is, never hidden. */
type Table = Readonly<Record<string, string>>

export const libellesParc: Table = { public: 'Public', prive: 'Privé' }

export const libellesNatureBailleur: Table = {
  personne_physique: 'personne physique',
  sci_familiale: 'SCI familiale',
  personne_morale: 'personne morale',
  bailleur_social: 'bailleur social',
  commune: 'commune',
  ais_aivs: 'AIS ou AIVS',
}

export const libellesEtatService: Table = {
  sans_preneur: 'pris par personne',
  sans_objet: 'aucun service prévu par la règle',
  proposee: 'à transmettre dans le prochain tableau',
  transmise: 'réponse attendue',
  prise: 'pris en charge',
}

export const libellesIssue: Table = {
  remplacee: 'Remplacée par une nouvelle décision',
  reaffectee: 'Confié à un autre service',
  defaite: 'Décision défaite',
  reprise: 'Rendu au service d’avant, qui a repris sa réponse',
  refusee: 'Pas pour eux',
  sans_reponse: 'Sans réponse dans le délai',
  diagnostic_transmis: 'Diagnostic transmis',
  non_realise: 'Diagnostic non réalisé',
}

export const libellesSeuil: Table = {
  atteint: 'Atteint',
  non_atteint: 'Non atteint',
  indetermine: 'À vérifier',
  sans_objet: 'Sans objet',
}

export const libellesSuivi: Table = { departement: 'le Département', ccas: 'le CCAS', caf: 'la CAF', adil: 'l’ADIL' }

export const libellesFinDePlan: Table = {
  tenu: 'Tenu jusqu’au bout',
  defaillant: 'Défaillant',
  denonce: 'Dénoncé',
  remplace: 'Remplacé par un autre plan',
}

export const libellesCanal: Table = {
  courrier: 'Courrier',
  appel: 'Appel',
  sms: 'SMS',
  courriel: 'Courriel',
  rendez_vous: 'Rendez-vous',
  visite: 'Visite à domicile',
}

/** Answers to « le loyer courant est-il entièrement repris ? ». */
export const libellesReprise: Table = {
  entiere: 'Entièrement repris',
  partielle: 'Repris en partie',
  non: 'Pas repris',
  inconnue: 'On ne sait pas',
}

/** What a diagnosis sends, and to whom. */
export const libellesQuoi: Table = { diagnostic: 'Diagnostic', synthese: 'Synthèse' }
export const libellesDestinataire: Table = {
  secretariat: 'au secrétariat',
  ccapex: 'à la CCAPEX',
  prefet: 'au préfet',
  juge: 'au juge',
  bailleur: 'au bailleur',
  menage: 'au ménage',
}

export const libellesDemiJournee: Table = { matin: 'matin', apres_midi: 'après-midi' }

/** A code in words. */
export const ecrireCode = (table: Table, code: string | null | undefined): string =>
  code === null || code === undefined ? '' : (table[code] ?? code.replaceAll('_', ' '))

/** Narrows the text of a column to a step of the procedure. */
function estEtape(code: string): code is Etape {
  return (ETAPES as readonly string[]).includes(code)
}

/** Short name of a step, for lists and filters. */
export const etapeCourte = (code: string): string => (estEtape(code) ? decrireEtape(code).court : code)

/** Full name of a step, for the head of a dossier. */
export const etapeLongue = (code: string): string => (estEtape(code) ? decrireEtape(code).libelle : code)

/** Name of an act of the procedure, or of what was reported. */
export const libelleActe = (type: string): string => ecrireCode({ ...libellesTypes, ...TYPES_ACTE }, type)
