/** Common French surnames and first names, combined at random: no couple of them is a real person. */
export const noms =
  `Martin Bernard Thomas Petit Robert Richard Durand Dubois Moreau Laurent Simon Michel Lefèvre Leroy Roux David Bertrand Morel Fournier Girard
Bonnet Dupont Lambert Fontaine Rousseau Vincent Muller Faure André Mercier Blanc Guérin Boyer Garnier Chevalier François Legrand Gauthier Garcia Perrin
Robin Clément Morin Nicolas Henry Roussel Mathieu Gautier Masson Marchand Duval Denis Dumont Marie Lemaire Noël Meyer Dufour Meunier Brun Blanchard
Giraud Joly Rivière Lucas Brunet Gaillard Barbier Arnaud Martinez Gérard Roche Renard Schmitt Roy Leroux Colin Vidal Caron Picard Roger Fabre Aubert
Lemoine Renaud Dumas Lacroix Olivier Philippe Bourgeois Pierre Benoît Rey Leclerc Payet Rolland Leclercq Guillaume Lecomte Lopez Jean Dupuy Guillot
Hubert Berger Carpentier Sanchez Dupuis Moulin Louis Deschamps Huet Vasseur Perez Boucher Fleury Royer Klein Jacquet Adam Paris Poirier Marty Aubry
Guyot Carré Charles Renault Charpentier Ménard Maillard Baron Bertin Bailly Hervé Schneider Fernandez Le Gall Collet Léger Bouvier Julien Prévost
Millet Perrot Daniel Le Roux Cousin Germain Breton Besson Langlois Rémy Le Goff Pelletier Lévêque Perrier Leblanc Barré Lebrun Marchal Weber
Benali Diallo Traoré Haddad Nguyen Da Silva Ferreira Pereira Santos Kaya Demir Yilmaz Kone Camara Bensaïd Belkacem Cherif Saïdi Novak Petrov
Commerçon Bouillot Gaudry Lagrange Desbrosses Ducerf Lorton Pacaud Perrachon Thévenet Chanut Bonnefoy Coulon Duchesne Jandot Lapalus Myard Nectoux
Perraud Prudhon Ravier Sotty Touzot Verdier Vernochet Voisin Guillemin Guichard Gonin Forest Febvre Dessertenne Deliance Curtil Clerget Charnay Buisson`
    .split(/\s+/)
    .filter((nom) => nom.length > 2)

export const prenomsFemme =
  `Marie Nathalie Isabelle Sylvie Catherine Françoise Valérie Sandrine Stéphanie Véronique Sophie Céline Chantal Patricia Anne Brigitte Julie Aurélie
Laurence Christelle Émilie Virginie Corinne Martine Élodie Camille Léa Laura Manon Sarah Pauline Inès Chloé Mélanie Audrey Lucie Amandine Karine Nadia Fatima
Samira Aïcha Aminata Fatou Yasmina Leïla Sonia Elif Maria Ana Mathilde Justine Marine Océane Anaïs Morgane Charlotte Juliette Alice Jeanne Louise Odile Yvette
Monique Jacqueline Denise Simone Colette Nicole Danielle Josette Ginette Marie-Laure Marie-Christine Anne-Sophie Marie-Claude`
    .split(/\s+/)
    .filter((nom) => nom !== '')

export const prenomsHomme =
  `Jean Michel Philippe Alain Patrick Nicolas Christophe Pierre Christian Éric Frédéric Laurent Stéphane David Pascal Daniel Thierry Olivier Bernard Julien
Bruno Sébastien Gérard Didier Dominique Vincent Alexandre Guillaume Thomas Maxime Kevin Jérôme Romain Antoine Hugo Lucas Mathieu Anthony Cédric Fabrice Franck
Mohamed Ahmed Karim Rachid Mamadou Ousmane Ibrahima Mehmet José Antonio Manuel Yanis Rayan Enzo Louis Paul Jacques André René Marcel Roger Lucien Raymond Gilles
Serge Hervé Yves Claude Guy Jean-Pierre Jean-Luc Jean-Marc Jordan Steven Dylan Florian Quentin Adrien Benjamin Arnaud Ludovic Mickaël Loïc Yannick`
    .split(/\s+/)
    .filter((nom) => nom !== '')

export const voies =
  `rue Victor Hugo|avenue de la République|rue de la Gare|rue des Écoles|rue Pasteur|place de l’Église|rue Jean Jaurès|chemin des Vignes|rue du Moulin|boulevard
 de la Liberté|rue Gambetta|rue Jules Ferry|impasse des Lilas|allée des Tilleuls|route de Lyon|rue du 8 Mai 1945|rue du Port|quai Saint-Laurent|rue des Fleurs|rue Saint-Vincent|avenue
 de Paris|rue du Général Leclerc|rue de Bourgogne|rue des Forges|rue Émile Zola|place du Marché|rue Anatole France|chemin de la Croix|rue des Acacias|rue Marcel Pagnol|rue du Lavoir|rue
 de Strasbourg|avenue Aristide Briand|rue Voltaire|rue Molière|square des Cordeliers|rue du Pont|rue des Prés|rue du Château|route de Cluny`
    .replace(/\n/g, '')
    .split('|')
    .map((voie) => voie.replace(/\s+/g, ' ').trim())
