/** What a person may be habilitated to be. Closed: a new role names here what it may do. */
export const roles = [
  'secretariat',
  'prefecture',
  'service_social',
  'emetteur',
  'pilote',
  'administrateur',
  'dpd',
  'systeme',
] as const
export type Role = (typeof roles)[number]

/** Every kind of act of the application. A route, a list, an export or a job that declares none does not start. */
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
  'contact.noter',
  'liste.figer',
  'liste.consulter',
  'liste.repondre',
  'veille.consulter',
  'regle.consulter',
  'regle.simuler',
  'territoire.controler',
  'version.preparer',
  'version.approuver',
  'sante.consulter',
  'compte.tenir',
  'compte.gerer',
  'journal.consulter',
  'journal.sceller',
  'alerte.traiter',
  'aide.consulter',
  'echange.lire',
  'echange.ecrire',
] as const
export type Droit = (typeof droits)[number]

const tous: readonly Droit[] = droits

/** Deny by default: a role has what is written here and nothing else. */
export const droitsParRole = {
  secretariat: [
    'aide.consulter',
    'compte.tenir',
    'echange.lire',
    'echange.ecrire',
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
    'contact.noter',
    'liste.figer',
    'liste.consulter',
    'veille.consulter',
    'regle.consulter',
    'regle.simuler',
    'territoire.controler',
  ],
  prefecture: [
    'aide.consulter',
    'compte.tenir',
    'echange.lire',
    'echange.ecrire',
    'lot.deposer',
    'lot.consulter',
    'lot.corriger',
    'dossier.consulter',
    'dossier.exporter',
    'liste.consulter',
    'veille.consulter',
    'regle.consulter',
    'territoire.controler',
  ],
  service_social: [
    'aide.consulter',
    'compte.tenir',
    'echange.lire',
    'echange.ecrire',
    'dossier.consulter',
    'dossier.exporter',
    'contact.noter',
    'liste.consulter',
    'liste.repondre',
    'veille.consulter',
    'regle.consulter',
    'sante.consulter',
  ],
  emetteur: [
    'aide.consulter',
    'compte.tenir',
    'lot.deposer',
    'lot.consulter',
    'lot.corriger',
    'lot.retirer',
    'regle.consulter',
  ],
  pilote: [
    'aide.consulter',
    'compte.tenir',
    'dossier.consulter',
    'liste.consulter',
    'veille.consulter',
    'regle.consulter',
    'regle.simuler',
    'territoire.controler',
    'version.preparer',
    'version.approuver',
  ],
  administrateur: [
    'aide.consulter',
    'compte.tenir',
    'compte.gerer',
    'journal.consulter',
    'regle.consulter',
    'territoire.controler',
  ],
  // Data protection officer: who looked at what, and what looks odd; never what was looked at.
  dpd: ['aide.consulter', 'compte.tenir', 'journal.consulter', 'alerte.traiter', 'regle.consulter'],
  systeme: tous,
} satisfies Record<Role, readonly Droit[]>

/** How far a role sees: the whole département, or only the dossiers where its organisme is engaged. */
export const porteeParRole = {
  secretariat: 'departement',
  prefecture: 'departement',
  service_social: 'organisme',
  emetteur: 'depot',
  pilote: 'departement',
  administrateur: 'aucune',
  dpd: 'vigilance',
  systeme: 'departement',
} satisfies Record<Role, string>

/** Says whether a role may do an act. */
export function aLeDroit(role: Role, droit: Droit): boolean {
  return (droitsParRole[role] as readonly Droit[]).includes(droit)
}
