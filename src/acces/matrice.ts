import {
  type ConditionAcces,
  type Droit,
  droits,
  GROUPES_CHAMPS,
  type GroupeChamps,
  lignesDe,
  listerUtilisateurs,
  type Matrice,
  type Role,
} from '#referentiel'

/** How far row-level security lets a session see: the whole département, the dossiers it is engaged on, its own deposits, the journal, or nothing. */
export type Portee = 'departement' | 'organisme' | 'depot' | 'vigilance' | 'aucune'

/** Ways to hold something: one is enough, and all the conditions of one must hold. */
type Voies = readonly (readonly ConditionAcces[])[]

/** What the access matrix gives to a role in a kind of body. Read once for all those who share it. */
export interface Acces {
  readonly droits: ReadonlyMap<Droit, Voies>
  readonly groupes: ReadonlyMap<GroupeChamps, Voies>
  readonly portee: Portee
}

const RIEN: Acces = { droits: new Map(), groupes: new Map(), portee: 'aucune' }
const PARTOUT: Voies = [['departement']]

/** Background work is no person: it has every right and reads every field, whatever the matrix says. */
export const ACCES_DU_SYSTEME: Acces = {
  droits: new Map(droits.map((droit) => [droit, PARTOUT])),
  groupes: new Map((Object.keys(GROUPES_CHAMPS) as GroupeChamps[]).map((groupe) => [groupe, PARTOUT])),
  portee: 'departement',
}

const connus = new WeakMap<Matrice, Map<string, Acces>>()

/** What the matrix gives to a role in a kind of body; nothing when it does not speak of the two together. */
export function accesDe(matrice: Matrice, type: string, role: Role): Acces {
  const siens = connus.get(matrice) ?? new Map<string, Acces>()
  connus.set(matrice, siens)
  const cle = `${type} ${role}`
  const acces = siens.get(cle) ?? lire(matrice, type, role)
  siens.set(cle, acces)
  return acces
}

function lire(matrice: Matrice, type: string, role: Role): Acces {
  if (!listerUtilisateurs(matrice).some((un) => un.type === type && un.role === role)) return RIEN
  const [siens, groupes] = [new Map<Droit, Voies>(), new Map<GroupeChamps, Voies>()]
  for (const ligne of lignesDe(matrice, type, role)) {
    for (const droit of ligne.droits) siens.set(droit, [...(siens.get(droit) ?? []), ligne.conditions])
    for (const groupe of ligne.groupes) groupes.set(groupe, [...(groupes.get(groupe) ?? []), ligne.conditions])
  }
  return { droits: siens, groupes, portee: porteeDe(siens) }
}

function porteeDe(siens: Acces['droits']): Portee {
  const dossiers = siens.get('dossier.consulter')
  if (dossiers) return partout(dossiers) ? 'departement' : 'organisme'
  if (siens.has('lot.deposer')) return 'depot'
  return siens.has('alerte.traiter') ? 'vigilance' : 'aucune'
}

/** True when one of the ways asks for nothing but to be of the département. */
export const partout = (voies: Voies): boolean =>
  voies.some((voie) => voie.every((condition) => condition === 'departement'))

/**
 * Territories whose dossiers row-level security opens as such: only for those whom the matrix gives a territory. Elsewhere a territory only says where somebody works.
 */
export const territoiresOuverts = (
  { droits: siens, portee }: Acces,
  territoires: readonly string[] | null,
): readonly string[] | null =>
  portee === 'departement' || siens.get('dossier.consulter')?.some((voie) => voie.includes('territoire'))
    ? territoires
    : null

/** Says whether somebody may do an act. Deny by default: what the matrix does not give is refused. */
export const aLeDroit = (acteur: { readonly acces: Acces }, droit: Droit): boolean => acteur.acces.droits.has(droit)

/** Circles of writings, each opened by one right: row-level policies read them (`app.cercles`). */
const cerclesParDroit = {
  note: 'note.tenir',
  transmission: 'transmission.faire',
  suivi: 'suivi.partager',
  synthese: 'synthese.produire',
  locataire: 'locataire.consulter',
  diagnostic: 'diagnostic.consulter',
  diagnostic_lu: 'diagnostic.lire',
  // Force requests: what is for the State alone, what is for those who prepare, what is addressed to one's own organisme.
  etat: 'requisition.instruire',
  force: 'requisition.consulter',
  recu: 'requisition.recevoir',
  saisine: 'saisine.consulter',
  // Consultations of the technical cell: with the dossier, or alone.
  cellule: 'cellule.consulter',
  cellule_recue: 'cellule.recevoir',
} as const satisfies Record<string, Droit>
export type CercleOuvert = keyof typeof cerclesParDroit | 'budget'

/** What somebody may do outside writings between partners: sessions of the commission, letters and slips of their organisme. Nobody is announced as a reader for it. */
const cerclesDeTravail = {
  courrier: 'courrier.consulter',
  commission_lue: 'commission.consulter',
  commission: 'commission.tenir',
  seance: 'seance.preparer',
  membre: 'seance.participer',
  cellule_conclusion: 'cellule.conclure',
  // What a session says of dossiers, its statement, what becomes of it.
  deliberation: 'deliberation.tenir',
  releve: 'releve.approuver',
  avis_lu: 'avis.consulter',
  suite: 'suite.repondre',
  orientation: 'orientation.consulter',
  orientation_signalee: 'orientation.signaler',
  // Slips: those one's own organisme sends, those addressed to it.
  bordereau: 'bordereau.envoyer',
  bordereau_recu: 'bordereau.recevoir',
  // Retention: where closed dossiers stand, and those in the archive.
  conservation: 'conservation.consulter',
  archive: 'archive.consulter',
  // Measures followed after a judgment.
  mesure: 'mesure.consulter',
  // Figures asked of partners: those of all of them.
  collecte: 'collecte.conduire',
  // What partners share without any household: documents, requests for a dwelling, networks.
  document: 'document.publier',
  logement_demande: 'logement.demander',
  logement_recu: 'logement.repondre',
  logement_tenu: 'logement.tenir',
  reseau: 'reseau.lire',
  reseau_modere: 'reseau.moderer',
} as const satisfies Record<string, Droit>

/** How far somebody pilots the commissions: all of them, those of their territories, those where their organisme sits. As the matrix says; otherwise none. */
function cerclesDePilotage({ droits: siens }: Acces): readonly string[] {
  const voies = siens.get('pilotage.consulter') ?? []
  if (partout(voies)) return voies.length > 0 ? ['pilotage'] : []
  return [
    ...(voies.some((voie) => voie.includes('territoire')) ? ['pilotage_territoire'] : []),
    ...(voies.some((voie) => voie.includes('seance')) ? ['pilotage_membre'] : []),
  ]
}

/** Everything row-level policies know somebody by: circles of writings, work around sessions, letters, slips. */
export const cerclesOuverts = (acces: Acces): readonly string[] => [
  ...cerclesDe(acces),
  ...cerclesDePilotage(acces),
  ...Object.entries(cerclesDeTravail).flatMap(([cercle, droit]) => (acces.droits.has(droit) ? [cercle] : [])),
]

/** Circles somebody may open, as far as each writing is addressed to them. */
export const cerclesDe = (acces: Acces): readonly CercleOuvert[] => [
  ...(Object.keys(cerclesParDroit) as (keyof typeof cerclesParDroit)[]).filter((cercle) =>
    acces.droits.has(cerclesParDroit[cercle]),
  ),
  ...(litLesRessourcesDAutrui(acces) ? (['budget'] as const) : []),
]

/** Whether somebody who consults the money of dossiers reads resources otherwise than for what their organisme wrote: what others noted opens then. */
const litLesRessourcesDAutrui = ({ droits, groupes }: Acces): boolean =>
  droits.has('argent.consulter') && (groupes.get('ressources')?.some((voie) => !voie.includes('auteur')) ?? false)
