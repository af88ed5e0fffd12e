/** What an act is, for whoever reads the journal: to look at, to look for, to take out, to send, to change, to come in, to watch over. */
export const genresAction = [
  'lecture',
  'recherche',
  'export',
  'transmission',
  'ecriture',
  'connexion',
  'controle',
] as const
export type GenreAction = (typeof genresAction)[number]

interface DescriptionAction {
  readonly genre: GenreAction
  /** As shown to the administrator and to the data protection officer. */
  readonly libelle: string
}

const lecture = (libelle: string): DescriptionAction => ({ genre: 'lecture', libelle })
const exporter = (libelle: string): DescriptionAction => ({ genre: 'export', libelle })
const ecriture = (libelle: string): DescriptionAction => ({ genre: 'ecriture', libelle })
const controle = (libelle: string): DescriptionAction => ({ genre: 'controle', libelle })

/**
 * Every action the journal may hold: those the modules write, and the rights, which name a refusal. Closed: a test reads the sources and refuses an
 * action that has no words here.
 */
const actions: Readonly<Record<string, DescriptionAction>> = {
  'page.lire': lecture('Page consultée'),
  'formulaire.envoyer': ecriture('Formulaire envoyé'),

  'connexion.ouvrir': { genre: 'connexion', libelle: 'Connexion' },
  'connexion.fermer': { genre: 'connexion', libelle: 'Déconnexion' },

  'dossier.lire': lecture('Dossier ouvert'),
  'dossiers.lister': lecture('Dossiers vus dans une liste'),
  'dossiers.chercher': { genre: 'recherche', libelle: 'Recherche de dossiers' },
  'dossiers.exporter': exporter('Liste de dossiers exportée'),
  'dossier.imprimer': exporter('Dossier imprimé'),
  'dossiers.modifier': ecriture('Dossiers modifiés'),
  'dossier.reaffecter': ecriture('Dossiers confiés à un autre service'),
  'dossier.defaire_reaffectation': ecriture('Changement de service défait'),
  'dossiers.reunir': ecriture('Dossiers réunis'),
  'dossiers.separer': ecriture('Dossiers séparés'),
  'rattachement.defaire': ecriture('Signal séparé d’un dossier'),
  'vue.enregistrer': ecriture('Vue de la liste enregistrée'),
  'contact.noter': ecriture('Contact noté'),
  'diagnostic.clore': ecriture('Diagnostic clos'),
  'veille.lister': lecture('Ménages à ne pas oublier'),

  'lot.deposer': ecriture('Fichier déposé'),
  'lot.correspondre': ecriture('Colonnes d’un fichier indiquées'),
  'lot.corriger': ecriture('Ligne de fichier corrigée'),
  'lot.retirer': ecriture('Fichier retiré'),
  'lot.lire': lecture('Lignes d’un fichier reçu'),
  'lot.exporter_verdict': exporter('Verdict d’un fichier téléchargé'),
  'lot.exporter_rejets': exporter('Lignes à corriger téléchargées'),
  'rejets.lister': lecture('Lignes rejetées vues dans une liste'),
  'commune.situer': ecriture('Commune d’un signalement précisée'),
  'commune.oublier': ecriture('Précision de commune oubliée'),

  'doute.lire': lecture('Doute comparé'),
  'doutes.lister': lecture('Doutes vus dans une liste'),
  'doute.trancher': ecriture('Doute tranché'),
  'doute.defaire': ecriture('Réponse à un doute défaite'),
  'rapprochement.estimer': controle('Réglages de la reconnaissance recalculés'),
  'rapprochements.lister': exporter('Rapprochements listés en ligne de commande'),

  'liste.lire': lecture('Tableau ouvert'),
  'liste.exporter': exporter('Tableau téléchargé ou imprimé'),
  'liste.repondre': ecriture('Réponses à un tableau'),
  'liste.reprendre': ecriture('Réponse à un tableau reprise'),
  'listes.figer': { genre: 'transmission', libelle: 'Tableaux figés et transmis' },
  'listes.prevoir': lecture('Tableaux relus avant d’être figés'),
  'regles.simuler': lecture('Dossiers vus dans une simulation'),

  'version.decider': ecriture('Version des règles décidée'),
  'version.envoyer': ecriture('Version des règles proposée'),

  'journal.consulter': controle('Journal consulté'),
  'journal.exporter': controle('Journal exporté'),
  'journal.verifier': controle('Journal vérifié'),
  'journal.purger': controle('Mois du journal détruits'),
  'alerte.traiter': controle('Alerte examinée'),
  'voisinage.declarer': controle('Rue d’un agent déclarée'),

  // Rights: what was asked for when it was refused.
  'lot.consulter': lecture('Consulter les fichiers reçus'),
  'doute.consulter': lecture('Consulter les doutes'),
  'dossier.consulter': lecture('Consulter un dossier'),
  'dossier.exporter': exporter('Exporter des dossiers'),
  'liste.figer': ecriture('Figer les tableaux'),
  'liste.consulter': lecture('Consulter un tableau'),
  'veille.consulter': lecture('Consulter les ménages à ne pas oublier'),
  'regle.consulter': lecture('Consulter les règles'),
  'regle.simuler': lecture('Simuler des règles'),
  'matrice.consulter': lecture('Lire la matrice d’accès'),
  'compte.gerer': ecriture('Gérer les comptes'),
  'aide.consulter': lecture('Consulter l’aide'),
  'journal.sceller': controle('Sceller le journal'),
}

/** Every known action with its kind and its words, by words. */
export const listeActions: readonly (DescriptionAction & { readonly action: string })[] = Object.entries(actions)
  .map(([action, description]) => ({ action, ...description }))
  .sort((a, b) => a.libelle.localeCompare(b.libelle, 'fr'))

/** An action in words. One written by a later version keeps its code. */
export function decrireAction(action: string): DescriptionAction {
  return actions[action] ?? { genre: 'ecriture', libelle: action }
}

/** Codes of a kind of action. */
export const actionsDuGenre = (genre: GenreAction): readonly string[] =>
  listeActions.filter((une) => une.genre === genre).map(({ action }) => action)
