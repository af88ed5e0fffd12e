import { stripAccents } from '#socle/text'
import { tirages } from './hasard.ts'

/**
 * A synthetic set of signalements with known truth, made to deceive: brothers and sisters, twins, father and son of one name at one address, namesakes,
 * one building and one surname, moves, marriages, couples that part, transliterations, slips of typing, of reading and of hearing. Nobody in it exists.
 * It is drawn from a seed, and was written from the situations, not from what the comparison does with them.
 */
export interface LigneDifficile {
  readonly id: string
  readonly menage: string
  readonly contenu: Readonly<Record<string, string>>
  /** Situations the household was drawn for. */
  readonly pieges: readonly string[]
}

// Relative weights; the head follows the order and the spread of surnames in France.
const NOMS_COURANTS =
  'Martin:35 Bernard:19 Thomas:16 Petit:16 Robert:16 Richard:15 Durand:15 Dubois:15 Moreau:14 Laurent:14 Simon:13 Michel:13 Lefebvre:13 Leroy:12 Roux:12 David:12 Bertrand:11 Morel:11 Fournier:11 Girard:10 Bonnet:10 Dupont:9 Lambert:9 Fontaine:9 Rousseau:9 Vincent:8 Muller:8 Lefèvre:8 Faure:8 André:8 Mercier:8 Blanc:7 Guérin:7 Boyer:7 Garnier:7 Chevalier:7 François:7 Legrand:7 Gauthier:7 Garcia:7 Perrin:6 Robin:6 Clément:6 Morin:6 Nicolas:6 Henry:6 Roussel:6 Mathieu:6 Gautier:5 Masson:5 Marchand:5 Duval:5 Denis:5 Dumont:5 Marie:5 Lemaire:5 Noël:5 Meyer:5 Dufour:5 Meunier:5'
const NOMS_VENUS_D_AILLEURS =
  'Benali:8 Traoré:6 Diallo:6 Nguyen:6 Da Silva:6 Yilmaz:5 El Amrani:5 Ben Youssef:5 Haddad:4 Camara:4 Diarra:4 N’Diaye:4 Fernandes:4 Dos Santos:4 Pereira:4 Belkacem:4 Bouzid:4 Cheikh:3 Mansouri:3 Kaya:3 Öztürk:3 Cissé:3 Koné:3 Mohamed:3 Abdallah:3 Saïdi:3 Petrović:2 Kowalski:2 Popescu:2 Ionescu:2 Hoxha:2 Rakotomalala:2 Ould Ahmed:2 Al Masri:2'
const NOMS_COMPOSES =
  'Petit-Jean:2 Grand-Clément:2 de La Tour:2 Le Goff:2 Le Gall:2 D’Angelo:2 de Oliveira:2 Saint-Martin:2 du Bois:1 Des Champs:1 Van den Berg:1 Martin-Dupuis:1 Roy-Leclerc:1 Di Marco:1'
const DEBUTS =
  'Bar Ber Bou Bri Cha Cor Cou Dal Der Fer Gal Ger Gou Jac Lan Lor Mai Mal Mon Mou Nau Per Pin Pou Rav Ren Rou Sal Ser Tar Ter Tou Val Ver Vil'.split(
    ' ',
  )
const MILIEUX = 'ba be bo cha che da de do fa ga la le li lo ma mi na ne ni ra re ri ro sa ta te ti va ve vi'.split(' ')
const FINS = 'ud ard et in ier ot eau on aud el ain ez as ois and ey at ine'.split(' ')

const HOMMES =
  'Jean:18 Pierre:14 Michel:14 Philippe:14 Alain:12 Nicolas:12 Christophe:12 Patrick:11 Daniel:11 Bernard:10 Stéphane:10 David:10 Julien:10 Sébastien:9 Éric:9 Laurent:9 Thomas:8 Alexandre:8 Kévin:8 Frédéric:8 Olivier:7 Anthony:7 Pascal:7 Thierry:7 Romain:6 Maxime:6 Mohamed:8 Karim:4 Rachid:3 Ahmed:4 Youssef:3 Ousmane:2 Mamadou:3 Ibrahim:2 Mustapha:3 Mehmet:2 Moussa:2 Lucas:4 Hugo:4 Mathieu:5 Gérard:5 Dominique:4 Claude:4 Jean-Pierre:5 Jean-Luc:4 Jean-Claude:3 Jean-Michel:3 Fabrice:4 Denis:3 Florian:4 Valentin:3 Thibault:3 Rémi:2 Mickaël:4 Bruno:4 Serge:3 Didier:4 Arnaud:3 José:3 Manuel:2 Ion:1 Piotr:1 Abdelkader:2 Hassan:2'
const FEMMES =
  'Marie:22 Nathalie:13 Isabelle:12 Sylvie:11 Catherine:11 Martine:9 Christine:9 Sandrine:9 Valérie:8 Stéphanie:8 Céline:8 Julie:8 Aurélie:8 Émilie:7 Laura:7 Camille:6 Sophie:6 Véronique:6 Nicole:5 Monique:5 Patricia:6 Audrey:5 Élodie:5 Mélanie:5 Laetitia:5 Virginie:4 Marine:4 Manon:4 Léa:4 Fatima:5 Aïcha:3 Khadija:3 Samira:2 Nadia:3 Leïla:2 Fatoumata:3 Aminata:2 Karima:2 Myriam:2 Ana:2 Maria:4 Elena:1 Agnieszka:1 Jeanne:3 Dominique:3 Claude:1 Marie-Christine:3 Anne-Marie:2 Marie-Laure:2 Anne-Laure:1 Pascale:2 Danielle:3 Michèle:3 Brigitte:4 Corinne:4 Florence:4 Delphine:3 Caroline:3 Chloé:2 Pauline:3 Justine:2 Thi Mai:1 Chantal:3'
const VOIES =
  'rue de la République:10 rue Victor Hugo:10 rue Jean Jaurès:9 avenue du Général de Gaulle:9 rue Pasteur:8 rue des Écoles:7 rue du 8 Mai 1945:7 place de l’Église:6 rue Jules Ferry:6 rue Gambetta:6 avenue Aristide Briand:5 boulevard de la Liberté:5 rue des Acacias:5 rue des Lilas:5 allée des Tilleuls:4 impasse du Moulin:4 chemin des Vignes:4 route de Lyon:4 quai Saint-Laurent:3 rue Lamartine:4 rue Saint-Exupéry:3 rue du Docteur Roux:3 rue du Maréchal Foch:3 cours Moreau:2 faubourg Saint-Jean:2 rue Marcel Pagnol:3 résidence les Charmes:3 rue du Commandant Charcot:2 rue Anatole France:4 rue Émile Zola:4 rue de l’Hôpital:3 chemin de la Croix Blanche:2'
const COMMUNES =
  'Chalon-sur-Saône:45 Mâcon:34 Le Creusot:21 Montceau-les-Mines:18 Autun:13 Paray-le-Monial:9 Digoin:8 Gueugnon:7 Saint-Vallier:8 Tournus:6 Louhans:6 Blanzy:6 Saint-Rémy:6 Charnay-lès-Mâcon:7 Bourbon-Lancy:5 Torcy:3 Chagny:5 Cluny:5 Saint-Marcel:6 Châtenoy-le-Royal:6 Sennecey-le-Grand:3 Givry:4 Buxy:2 Épinac:2 Crêches-sur-Saône:3'
const BAILLEURS =
  'OPAC de Saône-et-Loire:40 Mâcon Habitat:15 Habellis:12 Semcoda:10 SCI des Tilleuls:3 SCI Beauregard:3 Foncière du Parc:4 Agence immobilière sociale:4'

const EQUIVALENTS: Readonly<Record<string, readonly string[]>> = {
  Mohamed: ['Mohammed', 'Muhammad', 'Mohamad', 'Mohammad'],
  Youssef: ['Yousef', 'Yusuf', 'Youcef'],
  Aïcha: ['Aisha', 'Aicha'],
  Khadija: ['Khadidja', 'Kadija'],
  Ousmane: ['Ousman', 'Usmane'],
  Mustapha: ['Mustafa', 'Moustapha'],
  Fatima: ['Fatma', 'Fatimah'],
  Leïla: ['Leyla', 'Leila'],
  Moussa: ['Mousa', 'Musa'],
  Abdelkader: ['Abd El Kader', 'Abdelkadir'],
  Ibrahim: ['Ibrahima', 'Brahim'],
  Benali: ['Ben Ali', 'Ben-Ali'],
  Traoré: ['Traore', 'Traorê'],
  Yilmaz: ['Yılmaz', 'Ylmaz'],
  'El Amrani': ['Elamrani', 'Amrani', 'El-Amrani'],
  'Ben Youssef': ['Benyoussef', 'Benyousef'],
  'N’Diaye': ['Ndiaye', 'N Diaye', 'Diaye'],
  'Da Silva': ['Dasilva', 'Da-Silva'],
  'Dos Santos': ['Dossantos'],
  Diallo: ['Dialo', 'Djallo'],
  Öztürk: ['Ozturk', 'Oeztuerk'],
  Cheikh: ['Cheick', 'Sheikh'],
  Cissé: ['Sissé', 'Cisse'],
  Koné: ['Kone', 'Konné'],
  Petrović: ['Petrovic', 'Petrovitch'],
  'Ould Ahmed': ['Ouldahmed'],
  'Al Masri': ['Almasri', 'El Masri'],
  Bouzid: ['Bouzit', 'Bouside'],
  Mickaël: ['Michaël', 'Mikael'],
  Rémi: ['Rémy'],
  Thibault: ['Thibaut', 'Tibo'],
  Mathieu: ['Matthieu'],
  Danielle: ['Danièle'],
  Michèle: ['Michelle'],
  Lefebvre: ['Lefèvre', 'Lefebure'],
  Faure: ['Phaure', 'Faur'],
  Gauthier: ['Gautier'],
  Guérin: ['Guerrin'],
  'de La Tour': ['Delatour', 'La Tour'],
  'Petit-Jean': ['Petitjean', 'Petit Jean'],
  'Le Goff': ['Legoff'],
  'D’Angelo': ['Dangelo'],
  'du Bois': ['Dubois'],
  'Grand-Clément': ['Grandclement'],
  'Saint-Martin': ['St Martin', 'Saintmartin'],
  Stéphanie: ['Stéphany'],
  Laetitia: ['Laëtitia', 'Leticia'],
  Nguyen: ['Nguyên', 'N’Guyen'],
}
/** First names that twins and brothers are given together, and that a slip could turn into one another. */
const PAIRES_DE_JUMEAUX =
  'Marine/Marie Karim/Karima Julie/Julien Laura/Laure Émilie/Émeline Mathieu/Mathis Hugo/Hugues Lucas/Luc Valentin/Valentine Daniel/Danielle Pascal/Pascale Alexandre/Alexandra Fatima/Fatoumata Samir/Samira Louis/Louise Jean/Jeanne Simon/Simone Thomas/Théo Camille/Clara Kévin/Kelly Ahmed/Mohamed Hassan/Hussein'
    .split(' ')
    .map((paire) => paire.split('/'))

const PHONETIQUE: readonly (readonly [RegExp, string])[] = [
  [/ph/, 'f'],
  [/eau/, 'o'],
  [/au/, 'o'],
  [/th/, 't'],
  [/ll/, 'l'],
  [/nn/, 'n'],
  [/tt/, 't'],
  [/y/, 'i'],
  [/ai/, 'è'],
  [/ss/, 'c'],
  [/c(?=[ei])/, 's'],
  [/qu/, 'k'],
  [/in/, 'ain'],
  [/an/, 'en'],
  [/(?<=.)d$/, 't'],
  [/(?<=.)t$/, 'd'],
  [/e$/, ''],
]
const LECTURE: readonly (readonly [RegExp, string])[] = [
  [/rn/, 'm'],
  [/m/, 'rn'],
  [/l/, 'i'],
  [/i/, 'l'],
  [/o/, '0'],
  [/cl/, 'd'],
  [/é/, 'e'],
  [/u/, 'v'],
  [/h/, 'b'],
  [/e/, 'c'],
  [/ll/, 'U'],
  [/g/, 'q'],
]
const ABREGER: readonly (readonly [RegExp, string])[] = [
  [/^rue /, 'r. '],
  [/^rue /, 'R '],
  [/^avenue /, 'av. '],
  [/^boulevard /, 'bd '],
  [/^place /, 'pl. '],
  [/^chemin /, 'ch '],
  [/^impasse /, 'imp. '],
  [/^allée /, 'all '],
  [/^route /, 'rte '],
  [/Général/, 'Gal'],
  [/Général/, 'Gén.'],
  [/Maréchal/, 'Mal'],
  [/Docteur/, 'Dr'],
  [/Commandant/, 'Cdt'],
  [/Saint-/, 'St '],
  [/Jean Jaurès/, 'J. Jaurès'],
  [/Victor Hugo/, 'V. Hugo'],
  [/du Général de Gaulle/, 'de Gaulle'],
  [/ de la /, ' la '],
  [/Émile Zola/, 'Zola'],
]

interface Personne {
  readonly sexe: 'M' | 'F'
  readonly naissance: string
  readonly nomNaissance: string
  readonly nomUsage: string
  readonly prenom: string
}
interface Logement {
  readonly numero: string
  readonly voie: string
  readonly commune: string
  readonly complement: string
  readonly bailleur: string
}
interface Menage {
  readonly id: string
  titulaire: Personne
  conjoint: Personne | null
  logement: Logement
  readonly telephone: string
  readonly courriel: string
  readonly allocataire: string
  readonly pieges: string[]
}

interface Hasard {
  reel(): number
  entier(max: number): number
  un<T>(liste: readonly T[]): T
  chance(p: number): boolean
}

function hasardDepuis(graine: number): Hasard {
  const reel = tirages(graine)
  const entier = (max: number) => Math.floor(reel() * max)
  return {
    reel,
    entier,
    un: (liste) => liste[entier(liste.length)] as (typeof liste)[number],
    chance: (p) => reel() < p,
  }
}

function tirage(texte: string): (h: Hasard) => string {
  const valeurs = [...texte.matchAll(/(.+?):(\d+)(?: |$)/g)].map(
    (entree) => [entree[1] ?? '', Number(entree[2])] as const,
  )
  const somme = valeurs.reduce((total, [, poids]) => total + poids, 0)
  return (h) => {
    let reste = h.reel() * somme
    for (const [valeur, poids] of valeurs) {
      reste -= poids
      if (reste < 0) return valeur
    }
    return valeurs[0]?.[0] ?? ''
  }
}

const TIRER = {
  courant: tirage(NOMS_COURANTS),
  ailleurs: tirage(NOMS_VENUS_D_AILLEURS),
  compose: tirage(NOMS_COMPOSES),
  homme: tirage(HOMMES),
  femme: tirage(FEMMES),
  voie: tirage(VOIES),
  commune: tirage(COMMUNES),
  bailleur: tirage(BAILLEURS),
}

const deux = (n: number) => String(n).padStart(2, '0')

function tirerNom(h: Hasard): string {
  const r = h.reel()
  // A quarter common, a sixth from elsewhere, one in thirty compound; the long tail is made of syllables.
  if (r < 0.25) return TIRER.courant(h)
  if (r < 0.42) return TIRER.ailleurs(h)
  if (r < 0.455) return TIRER.compose(h)
  return h.un(DEBUTS) + (h.chance(0.45) ? h.un(MILIEUX) : '') + h.un(MILIEUX).slice(0, 1) + h.un(FINS)
}

const tirerNaissance = (h: Hasard, de = 1940, a = 2004) =>
  `${de + h.entier(a - de + 1)}-${deux(1 + h.entier(12))}-${deux(1 + h.entier(28))}`

function tirerPersonne(h: Hasard, sexe: 'M' | 'F' = h.chance(0.5) ? 'M' : 'F', nom = tirerNom(h)): Personne {
  return {
    sexe,
    naissance: tirerNaissance(h),
    nomNaissance: nom,
    nomUsage: nom,
    prenom: sexe === 'M' ? TIRER.homme(h) : TIRER.femme(h),
  }
}

function tirerLogement(h: Hasard): Logement {
  return {
    numero: `${1 + h.entier(90)}${h.chance(0.08) ? ' bis' : ''}`,
    voie: TIRER.voie(h),
    commune: TIRER.commune(h),
    complement: h.chance(0.3) ? `Appartement ${1 + h.entier(60)}` : '',
    bailleur: h.chance(0.55) ? TIRER.bailleur(h) : `${tirerNom(h)} ${TIRER.homme(h)}`,
  }
}

/** Households and their traps. */
function tirerMenages(h: Hasard, combien: number, partParents: number): Menage[] {
  const menages: Menage[] = []
  const ajouter = (titulaire: Personne, conjoint: Personne | null, logement: Logement, ...pieges: string[]): Menage => {
    const rang = menages.length + 1
    const menage: Menage = {
      id: `D${String(rang).padStart(5, '0')}`,
      titulaire,
      conjoint,
      logement,
      telephone: h.chance(0.6) ? `06399${String(80000 + rang).padStart(5, '0')}` : '',
      courriel: h.chance(0.3) ? `menage${rang}@example.org` : '',
      allocataire: String(1000000 + h.entier(8999999)),
      pieges,
    }
    menages.push(menage)
    return menage
  }
  const decaler = (date: string, annees: number) =>
    `${Number(date.slice(0, 4)) + annees}-${deux(1 + h.entier(12))}-${deux(1 + h.entier(28))}`
  const tirerConjoint = (titulaire: Personne): Personne => {
    const conjoint = {
      ...tirerPersonne(h, titulaire.sexe === 'M' ? 'F' : 'M'),
      naissance: decaler(titulaire.naissance, h.entier(9) - 4),
    }
    return h.chance(0.6) ? { ...conjoint, nomUsage: titulaire.nomUsage } : conjoint
  }
  while (menages.length < combien) {
    const titulaire = tirerPersonne(h)
    const logement = tirerLogement(h)
    const piege = h.reel()
    if (piege < partParents) {
      // Father and son, mother and daughter: one name, one address, two leases.
      const parent = { ...titulaire, naissance: tirerNaissance(h, 1940, 1970) }
      const enfant = { ...parent, naissance: decaler(parent.naissance, 19 + h.entier(20)) }
      ajouter(parent, h.chance(0.5) ? tirerConjoint(parent) : null, logement, 'parent et enfant de même nom')
      ajouter(enfant, null, h.chance(0.5) ? logement : tirerLogement(h), 'parent et enfant de même nom')
    } else if (piege < 0.05) {
      const paire = h.un(PAIRES_DE_JUMEAUX)
      const [a, b] = [
        { ...titulaire, prenom: paire[0] ?? '' },
        { ...titulaire, prenom: paire[1] ?? '' },
      ]
      const autre = h.chance(0.5) ? logement : { ...tirerLogement(h), commune: logement.commune }
      ajouter(a, null, logement, 'jumeaux')
      ajouter({ ...b, sexe: h.chance(0.5) ? 'M' : 'F' }, null, autre, 'jumeaux')
    } else if (piege < 0.1) {
      // Brothers and sisters, each with a household, some in the same building.
      for (let i = 0; i < 2 + h.entier(2); i++) {
        const enfant = {
          ...tirerPersonne(h, undefined, titulaire.nomNaissance),
          naissance: decaler(titulaire.naissance, i * 2),
        }
        const chez = h.chance(0.4)
          ? { ...logement, complement: `Appartement ${1 + h.entier(60)}` }
          : { ...tirerLogement(h), commune: logement.commune }
        ajouter(enfant, h.chance(0.3) ? tirerConjoint(enfant) : null, chez, 'fratrie')
      }
    } else if (piege < 0.17) {
      // Namesakes of the département: the same two common names, other people.
      const nom = TIRER.courant(h)
      const prenom = titulaire.sexe === 'M' ? TIRER.homme(h) : TIRER.femme(h)
      for (let i = 0; i < 2 + h.entier(2); i++) {
        const homonyme = { ...tirerPersonne(h, titulaire.sexe, nom), prenom }
        ajouter(
          homonyme,
          h.chance(0.3) ? tirerConjoint(homonyme) : null,
          h.chance(0.4) ? { ...tirerLogement(h), commune: logement.commune } : tirerLogement(h),
          'homonymes',
        )
      }
    } else if (piege < 0.23) {
      // One staircase, one surname, no kinship told.
      for (let i = 0; i < 2 + h.entier(3); i++) {
        const voisin = tirerPersonne(h, undefined, h.chance(0.6) ? titulaire.nomNaissance : undefined)
        ajouter(
          voisin,
          h.chance(0.3) ? tirerConjoint(voisin) : null,
          { ...logement, complement: h.chance(0.6) ? `Appartement ${1 + h.entier(60)}` : '' },
          'même immeuble',
        )
      }
    } else if (piege < 0.27) {
      // A couple that parts: two households, the second one begins elsewhere.
      const conjoint = tirerConjoint(titulaire)
      ajouter(titulaire, conjoint, logement, 'couple séparé')
      ajouter(
        h.chance(0.5) ? conjoint : { ...conjoint, nomUsage: conjoint.nomNaissance },
        null,
        h.chance(0.6) ? { ...tirerLogement(h), commune: logement.commune } : tirerLogement(h),
        'couple séparé',
      )
    } else {
      ajouter(titulaire, h.chance(0.4) ? tirerConjoint(titulaire) : null, logement)
    }
  }
  return menages
}

const TYPES = [
  {
    type: 'impaye_caf',
    prefixe: 'CAF',
    naissance: 0.95,
    allocataire: 0.97,
    telephone: 0.5,
    courriel: 0.5,
    conjoint: 0.8,
    soin: 0.85,
  },
  {
    type: 'impaye_bailleur_social',
    prefixe: 'BAI',
    naissance: 0.7,
    allocataire: 0.35,
    telephone: 0.6,
    courriel: 0.4,
    conjoint: 0.7,
    soin: 0.8,
  },
  {
    type: 'commandement_de_payer',
    prefixe: 'CDP',
    naissance: 0.6,
    allocataire: 0,
    telephone: 0.25,
    courriel: 0,
    conjoint: 0.6,
    soin: 0.7,
  },
  {
    type: 'assignation',
    prefixe: 'ASG',
    naissance: 0.6,
    allocataire: 0,
    telephone: 0.15,
    courriel: 0,
    conjoint: 0.6,
    soin: 0.7,
  },
  {
    type: 'demande_fsl',
    prefixe: 'FSL',
    naissance: 0.9,
    allocataire: 0.6,
    telephone: 0.7,
    courriel: 0.4,
    conjoint: 0.8,
    soin: 0.75,
  },
  {
    type: 'commandement_de_quitter_les_lieux',
    prefixe: 'CQL',
    naissance: 0.5,
    allocataire: 0,
    telephone: 0.1,
    courriel: 0,
    conjoint: 0.5,
    soin: 0.65,
  },
] as const

/** One slip in a word: typing, reading or hearing. */
function fauter(h: Hasard, mot: string): string {
  const equivalents = EQUIVALENTS[mot]
  if (equivalents && h.chance(0.7)) return h.un(equivalents)
  if (mot.length < 3) return mot
  const r = h.reel()
  if (r < 0.35) {
    const regle = h.un(r < 0.2 ? PHONETIQUE : LECTURE)
    return mot.replace(regle[0], regle[1])
  }
  const i = 1 + h.entier(mot.length - 1)
  const lettre = h.un('aeinrstloucmdp'.split(''))
  if (r < 0.5) return mot.slice(0, i) + mot.slice(i + 1)
  if (r < 0.65) return mot.slice(0, i) + lettre + mot.slice(i)
  if (r < 0.8) return mot.slice(0, i) + lettre + mot.slice(i + 1)
  return i + 1 < mot.length ? `${mot.slice(0, i)}${mot[i + 1]}${mot[i]}${mot.slice(i + 2)}` : mot
}

function fauterDate(h: Hasard, date: string): string {
  const r = h.reel()
  if (r < 0.35 && Number(date.slice(8)) <= 12) return `${date.slice(0, 5)}${date.slice(8)}-${date.slice(5, 7)}`
  if (r < 0.6)
    return `${date.slice(0, 9)}${(Number(date[9]) + 1 + h.entier(7)) % 10}`
      .replace(/-00$/, '-01')
      .replace(/-29$/, '-28')
  if (r < 0.8)
    return `${Number(date.slice(0, 4)) + (h.chance(0.5) ? 10 : 1) * (h.chance(0.5) ? 1 : -1)}${date.slice(4)}`
  if (r < 0.92) return `${date.slice(0, 5)}${deux(1 + h.entier(12))}${date.slice(7)}`
  return tirerNaissance(h)
}

const casser = (h: Hasard, mot: string): string =>
  h.chance(0.5) ? mot.toUpperCase() : h.chance(0.3) ? stripAccents(mot) : mot

/** Writes one line about a household as one organisation would. */
function ecrireLigne(h: Hasard, menage: Menage, source: (typeof TYPES)[number]): Record<string, string> {
  const faute = (1 - source.soin) * 0.5
  const ligne: Record<string, string> = { type: source.type }
  let [principal, second] = [menage.titulaire, menage.conjoint]
  if (second && h.chance(0.12)) [principal, second] = [second, principal]
  const mot = (valeur: string, p: number) => casser(h, h.chance(p) ? fauter(h, valeur) : valeur)
  ligne.civilite = h.chance(0.85) ? (h.chance(0.01) === (principal.sexe === 'M') ? 'Mme' : 'M') : ''
  const maries = principal.nomUsage !== principal.nomNaissance
  ligne.nom_usage = mot(maries && h.chance(0.15) ? principal.nomNaissance : principal.nomUsage, faute)
  if (maries ? h.chance(0.45) : h.chance(0.3)) ligne.nom_naissance = mot(principal.nomNaissance, faute / 2)
  if (maries && h.chance(0.06)) ligne.nom_usage = casser(h, `${principal.nomNaissance}-${principal.nomUsage}`)
  ligne.prenom = mot(principal.prenom, faute)
  if (principal.prenom.includes('-') && h.chance(0.15))
    ligne.prenom = casser(
      h,
      h.un([
        principal.prenom.split('-')[0] ?? '',
        principal.prenom.replace('-', ' '),
        principal.prenom.replace('-', ''),
      ]),
    )
  if (h.chance(0.01)) ligne.prenom = `${principal.prenom.slice(0, 1)}.`
  if (h.chance(0.012)) ligne.prenom = ''
  if (ligne.prenom !== '' && h.chance(0.015)) [ligne.nom_usage, ligne.prenom] = [ligne.prenom, ligne.nom_usage]
  if (h.chance(source.naissance))
    ligne.date_naissance = h.chance(0.045) ? fauterDate(h, principal.naissance) : principal.naissance
  if (second && h.chance(source.conjoint)) {
    ligne.conjoint_nom = mot(second.nomUsage, faute)
    ligne.conjoint_prenom = mot(second.prenom, faute)
    if (h.chance(0.3)) ligne.conjoint_date_naissance = second.naissance
  }
  const { numero, voie, commune, complement, bailleur } = menage.logement
  let voieEcrite: string = voie
  if (h.chance(0.45)) {
    const regle = h.un(ABREGER)
    voieEcrite = voieEcrite.replace(regle[0], regle[1])
    if (h.chance(0.5)) for (const [motif, par] of ABREGER.slice(0, 9)) voieEcrite = voieEcrite.replace(motif, par)
  }
  if (h.chance(faute)) voieEcrite = voieEcrite.replace(/[^ ]+$/, (dernier) => fauter(h, dernier))
  const numeroEcrit = h.chance(0.03)
    ? ''
    : h.chance(0.02)
      ? String(Number.parseInt(numero, 10) + 1)
      : h.chance(0.3)
        ? numero.replace(' bis', 'B')
        : numero
  if (!h.chance(0.015)) ligne.adresse = casser(h, `${numeroEcrit}${h.chance(0.3) ? ',' : ''} ${voieEcrite}`.trim())
  if (complement !== '' && h.chance(0.5))
    ligne.complement_adresse = h.chance(0.5) ? complement : complement.replace('Appartement', 'Appt')
  ligne.commune = casser(h, h.chance(0.3) ? commune.replaceAll('-', ' ').replace('Saint ', 'St ') : commune)
  ligne.bailleur_nom = casser(h, bailleur)
  if (menage.telephone !== '' && h.chance(source.telephone)) ligne.telephone = menage.telephone
  if (menage.courriel !== '' && h.chance(source.courriel)) ligne.courriel = menage.courriel
  if (h.chance(source.allocataire))
    ligne.numero_allocataire = h.chance(0.01)
      ? menage.allocataire.replace(/\d$/, (c) => String((Number(c) + 1) % 10))
      : menage.allocataire
  return Object.fromEntries(Object.entries(ligne).filter(([, valeur]) => valeur !== ''))
}

export interface OptionsJeu {
  readonly graine: number
  readonly menages?: number
  /** Share of draws that give a parent and a child of one and the same first name and surname, half of them at one address. */
  readonly partParents?: number
}

/** Draws the set: about 3,000 lines for 1,500 households, in the order in which they would arrive. */
export function genererJeuDifficile(options: OptionsJeu): LigneDifficile[] {
  const h = hasardDepuis(options.graine)
  const menages = tirerMenages(h, options.menages ?? 1350, options.partParents ?? 0.005)
  const lignes: (LigneDifficile & { readonly ordre: number })[] = []
  const rangs = new Map<string, number>()
  for (const menage of menages) {
    // One to five lines; half the households are known by one organisation only, or two.
    const nombre =
      1 + (h.chance(0.62) ? 1 : 0) + (h.chance(0.4) ? 1 : 0) + (h.chance(0.15) ? 1 : 0) + (h.chance(0.08) ? 1 : 0)
    const demenage = nombre > 1 && h.chance(0.06) ? 1 + h.entier(nombre - 1) : -1
    const seMarie = nombre > 1 && menage.conjoint === null && h.chance(0.02) ? 1 + h.entier(nombre - 1) : -1
    let quand = h.reel()
    for (let i = 0; i < nombre; i++) {
      if (i === demenage) {
        menage.logement = h.chance(0.6) ? { ...tirerLogement(h), commune: menage.logement.commune } : tirerLogement(h)
        menage.pieges.push('déménagement')
      }
      if (i === seMarie) {
        const conjoint = tirerPersonne(h, menage.titulaire.sexe === 'M' ? 'F' : 'M')
        menage.conjoint = conjoint
        if (menage.titulaire.sexe === 'F') menage.titulaire = { ...menage.titulaire, nomUsage: conjoint.nomUsage }
        menage.pieges.push('mariage')
      }
      const source = h.un(TYPES)
      const rang = (rangs.get(source.prefixe) ?? 0) + 1
      rangs.set(source.prefixe, rang)
      const reference = `${source.prefixe}-${String(rang).padStart(5, '0')}`
      lignes.push({
        id: reference,
        menage: menage.id,
        contenu: { ...ecrireLigne(h, menage, source), reference_source: reference, date_signalement: '2026-11-16' },
        pieges: menage.pieges,
        ordre: quand,
      })
      quand += h.reel() * 0.3
    }
  }
  return lignes.sort((a, b) => a.ordre - b.ordre).map(({ ordre: _, ...ligne }) => ligne)
}
