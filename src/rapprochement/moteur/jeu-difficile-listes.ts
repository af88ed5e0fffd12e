/** Common French surnames and first names, ways and communes, to compose fictitious households. No person is meant. */
export const NOMS =
  `Martin Bernard Thomas Petit Robert Richard Durand Dubois Moreau Laurent Simon Michel Lefebvre Lefèvre Leroy Roux David
Bertrand Morel Fournier Girard Bonnet Dupont Lambert Fontaine Rousseau Vincent Muller Mercier Blanc Guérin Boyer Garnier Chevalier François
Legrand Gauthier Gautier Garcia Perrin Robin Clément Morin Nicolas Henry Roussel Mathieu Masson Marchand Duval Denis Dumont Marie Lemaire Noël
Meyer Dufour Meunier Brun Blanchard Giraud Joly Rivière Lucas Brunet Gaillard Barbier Arnaud Martinez Gérard Roche Renard Schmitt Leroux Colin
Vidal Caron Picard Roger Fabre Aubert Lemoine Renaud Renault Dumas Lacroix Olivier Philippe Bourgeois Pierre Benoit Rey Leclerc Payet Rolland
Leclercq Guillaume Lecomte Lopez Jean Dupuy Guillot Hubert Berger Carpentier Sanchez Dupuis Moulin Louis Deschamps Huet Vasseur Perez Boucher
Fleury Royer Klein Jacquet Adam Paris Poirier Marty Aubry Guyot Carré Charles Renoult Charpentier Ménard Maillard Baron Bertin Bailly Hervé
Schneider Fernandez Collet Léger Bouvier Julien Prévost Millet Perrot Daniel Cousin Germain Breton Besson Langlois Rémy Le_Gall Pelletier
Lévêque Perrier Leblanc Barré Lebrun Marchal Weber Mallet Hamon Boulanger Jacob Monnier Michaud Rodriguez Guichard Gillet Étienne Grondin
Poulain Tessier Chevallier Collin Chauvin Da_Silva Bouchet Gay Lemaitre Benali Ben_Ali Haddad Cissé Diallo Traoré Coulibaly Konaté Koné N'Diaye
Camara Touré Sow Bah Keita Bouzid Saïdi Hassani El_Amrani Amrani Mansouri Belkacem Benaïssa Yılmaz Demir Öztürk Kaya Çelik Nguyen Tran Pham
Kowalski Nowak Petrov Ivanova Popescu Ionescu Dos_Santos Ferreira Teixeira Carvalho De_Oliveira Oliveira Esposito Bianchi De_La_Tour D'Hauteville
Le_Goff Van_Damme Petit-Jean Saint-Martin Thibault Tibo Grosjean Beaufort`
    .split(/\s+/)
    .map((nom) => nom.replaceAll('_', ' '))

/** Heads and tails of rarer names. */
export const DEBUTS =
  'Bel Mont Char Grand Beau Mar Per Vill Roch Font Lam Cor Bar Gir Tour Cham Pel Ver Gau Ser Mau Bous Cail Des'.split(
    ' ',
  )
export const FINS =
  'ard eau ier on et in ot aud oux elle ère ac ange ois illon uet ason erol andin ivet oulet assier'.split(' ')

export const PRENOMS_F =
  `Marie Nathalie Isabelle Sylvie Catherine Martine Christine Françoise Valérie Sandrine Stéphanie Véronique Sophie Céline
Chantal Patricia Anne Brigitte Julie Monique Aurélie Nicole Laurence Annie Émilie Dominique Virginie Corinne Camille Léa Manon Laura Sarah Élodie
Karine Mélanie Caroline Claire Delphine Hélène Christelle Jessica Marine Jennifer Audrey Pauline Séverine Fatima Fatoumata Khadija Aïcha Mariam
Aminata Zohra Nadia Malika Samira Naïma Leïla Ayşe Fatma Zeynep Irina Elena Agnieszka Linh Inès Chloé Océane Marie-Laure Marie-Pierre Marie-Christine
Anne-Marie Anne-Laure Marie-Thérèse Rose-Marie Danielle Michèle Pascale Claude Lucie Justine Charlotte Amandine Sabrina Vanessa Kelly Coralie`.split(
    /\s+/,
  )

export const PRENOMS_M =
  `Jean Michel Philippe Alain Patrick Nicolas Christophe Pierre Christian Éric Frédéric Laurent Stéphane David Pascal
Daniel Sébastien Thierry Olivier Thomas Alexandre Didier Julien Bruno Gérard Vincent Dominique Claude Franck Guillaume Kévin Maxime Antoine
Jérôme Romain Mathieu Benjamin Anthony Lucas Hugo Théo Enzo Nathan Dylan Jordan Steven Brandon Mickaël Grégory Ludovic Fabien Cédric Arnaud
Mohamed Mohammed Ahmed Karim Rachid Saïd Hamid Farid Mustapha Youssef Ibrahim Ousmane Mamadou Moussa Abdallah Abdelkader Ali Hasan Mehmet Mustafa
Piotr Krzysztof Ionut Andrei Boubacar Rayan Yanis Adam Jean-François Jean-Pierre Jean-Paul Jean-Michel Jean-Claude Pierre-Yves Marc-Antoine
Serge Yves Henri Roger Georges Damien Loïc Gaël Rémi Corentin Mathis Stéphan`.split(/\s+/)

export const VOIES =
  `rue de la République|rue Victor Hugo|rue Jean Jaurès|avenue Jean Jaurès|rue de la Gare|avenue de la Gare|rue du Général de Gaulle|rue Pasteur
rue des Écoles|rue de la Paix|rue Gambetta|boulevard Anatole France|place Carnot|rue du 8 Mai 1945|rue du 11 Novembre 1918|rue Jules Ferry|rue de l'Église
rue du Moulin|chemin des Vignes|impasse des Lilas|rue des Fleurs|allée des Acacias|rue Lamartine|rue de Bourgogne|avenue de Verdun|rue Émile Zola|quai Lamartine
rue Saint-Laurent|rue du Port|rue de Strasbourg|place de l'Hôtel de Ville|route de Mâcon|rue Marcel Sembat|avenue Maréchal Leclerc|rue du Docteur Laënnec
square des Tilleuls|rue Denfert-Rochereau|cours Moreau|rue de la Liberté|rue des Prés|chemin du Lavoir|rue Edgar Quinet|rue aux Prêtres|montée du Château
lotissement Les Charmilles|résidence Bel Air|rue du Bois|rue des Alouettes|faubourg Saint-Jean|rue Louis Aragon|rue Pierre Curie|allée du Parc|rue du Stade`.split(
    /[|\n]/,
  )

/** Communes with their share of the dwellings. */
export const COMMUNES: readonly (readonly [string, string, number])[] = [
  ['Chalon-sur-Saône', '71100', 18],
  ['Mâcon', '71000', 15],
  ['Le Creusot', '71200', 9],
  ['Montceau-les-Mines', '71300', 9],
  ['Autun', '71400', 6],
  ['Louhans', '71500', 4],
  ['Paray-le-Monial', '71600', 4],
  ['Digoin', '71160', 3],
  ['Gueugnon', '71130', 3],
  ['Saint-Vallier', '71230', 3],
  ['Saint-Rémy', '71100', 2],
  ['Charnay-lès-Mâcon', '71850', 2],
  ['Montchanin', '71210', 2],
  ['Torcy', '71210', 1],
  ['Blanzy', '71450', 2],
  ['Tournus', '71700', 2],
  ['Cluny', '71250', 1],
  ['Givry', '71640', 1],
  ['Buxy', '71390', 1],
  ['Saint-Germain-du-Bois', '71330', 1],
]

/** Social landlords under the names that sources give them. */
export const BAILLEURS_SOCIAUX: readonly (readonly string[])[] = [
  ['OPAC de Saône-et-Loire', 'OPAC SAONE ET LOIRE', 'Opac de Saône et Loire'],
  ['Mâcon Habitat', 'MACON HABITAT', 'Mâcon Habitat OPH'],
  ['SEMCODA', 'Semcoda'],
  ['HABELLIS', 'Habellis SA HLM'],
]
