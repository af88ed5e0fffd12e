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
  'connexion.confirmer': { genre: 'connexion', libelle: 'Identité confirmée avant un export' },
  'connexion.fermer': { genre: 'connexion', libelle: 'Déconnexion' },

  'dossier.lire': lecture('Dossier ouvert'),
  'dossiers.lister': lecture('Dossiers vus dans une liste'),
  'dossiers.chercher': { genre: 'recherche', libelle: 'Recherche de dossiers' },
  'dossiers.exporter': exporter('Liste de dossiers exportée'),
  'dossier.imprimer': exporter('Dossier imprimé'),
  'export.numeroter': exporter('Copie numérotée d’un export important'),
  'dossiers.modifier': ecriture('Dossiers modifiés'),
  'dossier.reaffecter': ecriture('Dossiers confiés à un autre service'),
  'dossier.defaire_reaffectation': ecriture('Changement de service défait'),
  'dossiers.reunir': ecriture('Dossiers réunis'),
  'dossiers.separer': ecriture('Dossiers séparés'),
  'rattachement.defaire': ecriture('Signal séparé d’un dossier'),
  'vue.enregistrer': ecriture('Vue de la liste enregistrée'),
  'contact.noter': ecriture('Contact noté'),
  'participation.inviter': ecriture('Organisme invité sur un dossier'),
  'participation.retirer': ecriture('Participation d’un organisme retirée'),
  'accord.noter': ecriture('Accord ou information du ménage noté'),
  'acces_exceptionnel.ouvrir': lecture('Accès exceptionnel à un dossier'),
  'acces_exceptionnel.clore': ecriture('Accès exceptionnel terminé'),
  'notice.imprimer': exporter('Notice d’information préparée'),
  'droit_acces.exporter': exporter('Dossier remis au ménage (droit d’accès)'),
  'diagnostic.clore': ecriture('Diagnostic clos'),
  'courriers.proposer': ecriture('Courriers proposés'),
  'courriers.lister': lecture('Courriers vus dans une liste'),
  'courrier.lire': lecture('Courrier lu'),
  'courrier.ecarter': ecriture('Courrier écarté'),
  'courrier.retablir': ecriture('Courrier remis à relire'),
  'courrier.corriger': ecriture('Destinataire d’un courrier corrigé'),
  'courriers.produire': ecriture('Courriers mis en production'),
  'courrier.telecharger': exporter('Courrier téléchargé'),
  'courriers.imprimer': exporter('Lot de courriers téléchargé'),
  'courriers.envoyer': ecriture('Courriers envoyés'),
  'courrier.retour': ecriture('Courrier revenu'),
  'courrier.renvoyer': ecriture('Courrier proposé de nouveau'),
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

  'note.ecrire': ecriture('Note professionnelle écrite'),
  'note.lire': lecture('Note professionnelle lue'),
  'note.elargir': { genre: 'transmission', libelle: 'Note professionnelle ouverte à des collègues' },
  'transmission.faire': { genre: 'transmission', libelle: 'Information transmise aux services instructeurs' },
  'transmission.lire': lecture('Transmission lue'),
  'suivi.partager': { genre: 'transmission', libelle: 'Suivi partagé entre partenaires' },
  'suivi.lire': lecture('Suivi partagé lu'),
  'synthese.prevoir': lecture('Synthèse relue avant de partir'),
  'synthese.produire': { genre: 'transmission', libelle: 'Synthèse produite' },
  'synthese.lire': exporter('Synthèse téléchargée'),
  'locataires.lister': lecture('Locataires vus par leur bailleur'),
  'locataires.tenir': ecriture('Ce que voit un bailleur social mis à jour'),
  'cles.tourner': controle('Clés des dossiers tournées'),
  'echanges.lister': lecture('Échanges vus dans une liste'),
  'echanges.exporter': exporter('Boîte de travail exportée'),
  'fil.lire': lecture('Fil d’échange ouvert'),
  'fil.ouvrir': { genre: 'transmission', libelle: 'Fil d’échange ouvert avec des partenaires' },
  'fil.repondre': { genre: 'transmission', libelle: 'Message écrit dans un fil' },
  'fil.ajouter_lecteur': { genre: 'transmission', libelle: 'Lecteur ajouté à un fil' },
  'message.retirer': ecriture('Message retiré'),
  'demande.lire': lecture('Demande à un partenaire ouverte'),
  'demande.envoyer': { genre: 'transmission', libelle: 'Demande envoyée à un partenaire' },
  'demande.repondre': { genre: 'transmission', libelle: 'Réponse à une demande' },
  'demande.refuser': ecriture('Demande refusée avec son motif'),
  'demande.retirer': ecriture('Demande retirée'),
  'demande.relancer': ecriture('Demande relancée'),
  'piece.deposer': { genre: 'transmission', libelle: 'Pièce déposée' },
  'piece.telecharger': exporter('Pièce téléchargée'),
  'piece.retirer': ecriture('Pièce retirée'),
  'annuaire.consulter': lecture('Annuaire consulté'),
  'annuaire.tenir': ecriture('Annuaire modifié'),
  'avis.regler': ecriture('Avis par courriel réglés'),
  'avis.envoyer': controle('Avis par courriel envoyé'),

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
  'participation.tenir': ecriture('Inviter un organisme ou retirer sa participation'),
  'liste.figer': ecriture('Figer les tableaux'),
  'liste.consulter': lecture('Consulter un tableau'),
  'veille.consulter': lecture('Consulter les ménages à ne pas oublier'),
  'regle.consulter': lecture('Consulter les règles'),
  'regle.simuler': lecture('Simuler des règles'),
  'matrice.consulter': lecture('Lire la matrice d’accès'),
  'compte.gerer': ecriture('Gérer les comptes'),
  'aide.consulter': lecture('Consulter l’aide'),
  'echange.lire': lecture('Lire les échanges'),
  'echange.ecrire': ecriture('Écrire dans les échanges'),
  'journal.sceller': controle('Sceller le journal'),
  'note.tenir': ecriture('Tenir des notes professionnelles'),
  'locataire.consulter': lecture('Consulter ses locataires'),
  'cle.tourner': controle('Tourner les clés des dossiers'),
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
