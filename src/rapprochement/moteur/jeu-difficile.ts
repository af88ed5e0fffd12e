import { creerHasard } from './hasard.ts'
import { BAILLEURS_SOCIAUX, COMMUNES, DEBUTS, FINS, NOMS, PRENOMS_F, PRENOMS_M, VOIES } from './jeu-difficile-listes.ts'

/** What makes a household easy to take for another, or to miss. */
export type Piege =
  | 'fratrie'
  | 'jumeaux'
  | 'parent_enfant'
  | 'homonyme'
  | 'voisin'
  | 'voisin_meme_nom'
  | 'nouveau_locataire'
  | 'separation'
  | 'demenagement'
  | 'mariage'

export interface LigneDifficile {
  /** Columns of the import format: dates `AAAA-MM-JJ`, amounts in cents. */
  readonly contenu: Readonly<Record<string, string | number>>
  readonly menage: string
  readonly source: string
  /** Trap its household is part of, if any. */
  readonly piege: Piege | null
}

interface Individu {
  sexe: 'F' | 'M'
  nomNaissance: string
  nomUsage: string
  prenom: string
  naissance: string
}

interface Logement {
  numero: number
  suffixe: string
  voie: string
  commune: string
  codePostal: string
  complement: string
  bailleur: readonly string[]
  parc: 'public' | 'prive'
  loyer: number
  dateBail: string
}

interface Menage {
  id: string
  principal: Individu
  conjoint: Individu | null
  logement: Logement
  allocataire: string
  telephone: string
  courriel: string
  enfants: number[]
  detteDepuis: string
  piege: Piege | null
  /** Dwelling after a move: later lines use it. */
  apres: Logement | null
  /** Name after a marriage: later lines use it. */
  nomApres: string
}

interface Tirage {
  hasard: () => number
  choisir<T>(liste: readonly T[]): T
  entier(min: number, max: number): number
  chance(part: number): boolean
}

function ouvrirTirage(graine: number): Tirage {
  const hasard = creerHasard(graine)
  return {
    hasard,
    choisir: (liste) => liste[Math.floor(hasard() * liste.length)] as (typeof liste)[number],
    entier: (min, max) => min + Math.floor(hasard() * (max - min + 1)),
    chance: (part) => hasard() < part,
  }
}

const deux = (n: number) => String(n).padStart(2, '0')
const dater = (t: Tirage, min: number, max: number) =>
  `${t.entier(min, max)}-${deux(t.entier(1, 12))}-${deux(t.entier(1, 28))}`

/** Common names come often, as in life: the square of a draw leans to the head of the list. */
function tirerNom(t: Tirage): string {
  if (t.chance(0.3)) return t.choisir(DEBUTS) + t.choisir(FINS)
  return NOMS[Math.floor(t.hasard() ** 1.6 * NOMS.length)] ?? 'Martin'
}

const tirerPrenom = (t: Tirage, sexe: 'F' | 'M') => t.choisir(sexe === 'F' ? PRENOMS_F : PRENOMS_M)

function tirerIndividu(t: Tirage, sexe: 'F' | 'M', annees: readonly [number, number] = [1940, 2006]): Individu {
  const nom = tirerNom(t)
  return { sexe, nomNaissance: nom, nomUsage: nom, prenom: tirerPrenom(t, sexe), naissance: dater(t, ...annees) }
}

function tirerLogement(t: Tirage): Logement {
  const somme = COMMUNES.reduce((total, [, , poids]) => total + poids, 0)
  let rang = t.hasard() * somme
  const [commune, codePostal] = COMMUNES.find(([, , poids]) => {
    rang -= poids
    return rang < 0
  }) ?? ['Mâcon', '71000']
  const social = t.chance(0.6)
  return {
    numero: t.entier(1, 90),
    suffixe: t.chance(0.06) ? t.choisir(['bis', 'ter', 'bis', 'B']) : '',
    voie: t.choisir(VOIES),
    commune,
    codePostal,
    complement: t.chance(social ? 0.6 : 0.25) ? tirerComplement(t) : '',
    bailleur: social ? t.choisir(BAILLEURS_SOCIAUX) : tirerBailleur(t),
    parc: social ? 'public' : 'prive',
    loyer: tirerLoyer(t, social),
    dateBail: tirerDateBail(t, 2005, 2025),
  }
}

/** Private rents are round two times in three, those of social landlords never: many a namesake pays the same 500 €. */
function tirerLoyer(t: Tirage, social: boolean): number {
  const loyer = t.entier(24_000, 78_000)
  return social || t.chance(0.35) ? loyer : Math.round(loyer / 5_000) * 5_000
}

/** Two leases in three start on the first of a month. */
function tirerDateBail(t: Tirage, de: number, a: number): string {
  const date = dater(t, de, a)
  return t.chance(0.65) ? `${date.slice(0, 8)}01` : date
}

function tirerBailleur(t: Tirage): readonly string[] {
  const nom = tirerNom(t)
  if (t.chance(0.35)) return [`SCI ${nom}`, `${nom} (SCI)`, `SCI ${nom.toUpperCase()}`]
  const prenom = tirerPrenom(t, t.chance(0.5) ? 'F' : 'M')
  return [`${nom.toUpperCase()} ${prenom}`, `${prenom} ${nom}`, `M. ${nom} ${prenom}`]
}

function tirerComplement(t: Tirage): string {
  const genre = t.hasard()
  if (genre < 0.45) return `Appartement ${t.entier(1, 60)}`
  if (genre < 0.75)
    return `Bâtiment ${t.choisir(['A', 'B', 'C', 'D'])}, ${t.entier(1, 8)}e étage porte ${t.entier(1, 6)}`
  return `Bâtiment ${t.choisir(['A', 'B', 'C', 'D', 'E'])}`
}

let compteur = 0

function tirerMenage(t: Tirage, logement = tirerLogement(t)): Menage {
  const principal = tirerIndividu(t, t.chance(0.55) ? 'F' : 'M')
  const menage: Menage = {
    id: `H${String(++compteur).padStart(5, '0')}`,
    principal,
    conjoint: null,
    logement,
    allocataire: String(t.entier(100_000, 9_999_999)).padStart(7, '0'),
    telephone: `06${t.entier(10_000_000, 99_999_999)}`,
    courriel: `menage${compteur}@example.org`,
    enfants: Array.from({ length: t.chance(0.45) ? t.entier(1, 4) : 0 }, () => t.entier(2008, 2025)).sort(),
    detteDepuis: dater(t, 2025, 2026),
    piege: null,
    apres: null,
    nomApres: '',
  }
  if (t.chance(0.4)) marier(t, menage)
  return menage
}

function marier(t: Tirage, menage: Menage): void {
  const { principal } = menage
  const conjoint = tirerIndividu(t, principal.sexe === 'F' ? 'M' : 'F')
  const annee = Number(principal.naissance.slice(0, 4))
  conjoint.naissance = dater(t, annee - 6, annee + 6)
  const [femme, homme] = principal.sexe === 'F' ? [principal, conjoint] : [conjoint, principal]
  const choix = t.hasard()
  if (choix < 0.6) femme.nomUsage = homme.nomUsage
  else if (choix < 0.7) femme.nomUsage = `${femme.nomNaissance}-${homme.nomUsage}`
  menage.conjoint = conjoint
}

/** Another dwelling of the same building, same landlord. */
function logementVoisin(t: Tirage, logement: Logement): Logement {
  return {
    ...logement,
    complement: t.chance(0.6) ? tirerComplement(t) : '',
    loyer: Math.round(logement.loyer * (0.85 + 0.3 * t.hasard())),
    dateBail: tirerDateBail(t, 2005, 2025),
  }
}

function logementProche(t: Tirage, logement: Logement, immeuble: number, commune: number): Logement {
  if (t.chance(immeuble)) return logementVoisin(t, logement)
  const autre = tirerLogement(t)
  return t.chance(commune) ? { ...autre, commune: logement.commune, codePostal: logement.codePostal } : autre
}

/** A birth one to nine years before or after. */
function daterAutour(t: Tirage, date: string): string {
  const annee = Number(date.slice(0, 4)) + (t.chance(0.5) ? 1 : -1) * t.entier(1, 9)
  return dater(t, annee, annee)
}

/** A second household built to be taken for the first. */
function piegeSurMenage(t: Tirage, base: Menage, piege: Piege): Menage {
  const { principal } = base
  const parente = (immeuble: number, commune: number): Menage => {
    const autre = tirerMenage(t, logementProche(t, base.logement, immeuble, commune))
    autre.conjoint = null
    autre.piege = piege
    return autre
  }
  if (piege === 'fratrie' || piege === 'jumeaux') {
    const autre = parente(0.3, 0.6)
    const sexe = autre.principal.sexe
    autre.principal = {
      ...tirerIndividu(t, sexe),
      nomNaissance: principal.nomNaissance,
      nomUsage: principal.nomNaissance,
      naissance: piege === 'jumeaux' ? principal.naissance : daterAutour(t, principal.naissance),
    }
    while (autre.principal.prenom === principal.prenom) autre.principal.prenom = tirerPrenom(t, sexe)
    return autre
  }
  if (piege === 'parent_enfant') {
    const autre = parente(0.2, 0.6)
    // Under one roof, each with a lease: nothing but a birth date, a rent or a number tells them apart.
    if (t.chance(0.15)) {
      autre.logement = {
        ...base.logement,
        complement: '',
        loyer: tirerLoyer(t, autre.logement.parc === 'public'),
        dateBail: tirerDateBail(t, 2005, 2025),
      }
    }
    const annee = Number(principal.naissance.slice(0, 4))
    const naissance = annee + (annee < 1973 ? 1 : -1) * t.entier(19, 33)
    autre.principal = { ...principal, nomUsage: principal.nomNaissance, naissance: dater(t, naissance, naissance) }
    return autre
  }
  if (piege === 'homonyme') {
    const autre = parente(0.02, 0.35)
    autre.principal = { ...principal, nomNaissance: principal.nomUsage, naissance: dater(t, 1940, 2006) }
    return autre
  }
  if (piege === 'separation') {
    const parti = base.conjoint ?? tirerIndividu(t, 'F')
    const autre = parente(0.02, 0.6)
    autre.principal = { ...parti, nomUsage: t.chance(0.5) ? parti.nomNaissance : parti.nomUsage }
    autre.enfants = t.chance(0.5) ? base.enfants : []
    return autre
  }
  const autre = tirerMenage(t, piege === 'nouveau_locataire' ? { ...base.logement } : logementVoisin(t, base.logement))
  autre.piege = piege
  if (piege === 'nouveau_locataire') {
    autre.logement.dateBail = tirerDateBail(t, 2025, 2026)
    if (t.chance(0.6)) autre.logement.loyer = Math.round(autre.logement.loyer * (1 + 0.06 * t.hasard()))
  }
  if (piege === 'voisin_meme_nom') {
    autre.conjoint = null
    autre.principal.nomNaissance = principal.nomUsage
    autre.principal.nomUsage = principal.nomUsage
  }
  return autre
}

/** Shares of the households that a trap is built on. */
const PARTS: readonly (readonly [Piege, number])[] = [
  ['fratrie', 0.05],
  ['jumeaux', 0.02],
  ['parent_enfant', 0.04],
  ['homonyme', 0.05],
  ['voisin', 0.06],
  ['voisin_meme_nom', 0.02],
  ['nouveau_locataire', 0.04],
  ['separation', 0.03],
  ['demenagement', 0.05],
  ['mariage', 0.03],
]

interface Source {
  readonly nom: string
  readonly type: string
  /** Share of the lines of this source that carry a field. */
  readonly naissance: number
  readonly loyer: number
  readonly bail: number
  readonly allocataire: number
  readonly telephone: number
  readonly conjoint: number
  readonly adresse: number
}

const SOURCES: readonly Source[] = [
  {
    nom: 'CAF71',
    type: 'impaye_caf',
    naissance: 0.97,
    loyer: 1,
    bail: 0,
    allocataire: 1,
    telephone: 0.5,
    conjoint: 0.6,
    adresse: 1,
  },
  {
    nom: 'OPAC71',
    type: 'impaye_bailleur_social',
    naissance: 0.9,
    loyer: 1,
    bail: 0.7,
    allocataire: 0.25,
    telephone: 0.5,
    conjoint: 0.5,
    adresse: 1,
  },
  {
    nom: 'CDJ71',
    type: 'commandement_de_payer',
    naissance: 0.6,
    loyer: 0.9,
    bail: 0.6,
    allocataire: 0,
    telephone: 0.15,
    conjoint: 0.35,
    adresse: 1,
  },
  {
    nom: 'PREF71',
    type: 'assignation',
    naissance: 0.55,
    loyer: 0.8,
    bail: 0.2,
    allocataire: 0,
    telephone: 0.05,
    conjoint: 0.35,
    adresse: 1,
  },
  {
    nom: 'PREF71',
    type: 'commandement_de_quitter_les_lieux',
    naissance: 0.45,
    loyer: 0,
    bail: 0,
    allocataire: 0,
    telephone: 0.05,
    conjoint: 0.3,
    adresse: 1,
  },
  {
    nom: 'DEP71',
    type: 'demande_fsl',
    naissance: 0.95,
    loyer: 0.8,
    bail: 0.2,
    allocataire: 0.7,
    telephone: 0.8,
    conjoint: 0.6,
    adresse: 1,
  },
  {
    nom: 'ADIL71',
    type: 'saisine_partenaire',
    naissance: 0.5,
    loyer: 0.3,
    bail: 0,
    allocataire: 0.1,
    telephone: 0.7,
    conjoint: 0.3,
    adresse: 0.8,
  },
]

const LETTRES = 'abcdefghijklmnopqrstuvwxyz'

function fauteDeFrappe(t: Tirage, texte: string): string {
  if (texte.length < 3) return texte
  const i = t.entier(1, texte.length - 2)
  const genre = t.hasard()
  if (genre < 0.3) return texte.slice(0, i) + texte.slice(i + 1)
  if (genre < 0.55) return texte.slice(0, i) + (texte[i + 1] ?? '') + (texte[i] ?? '') + texte.slice(i + 2)
  if (genre < 0.8) return texte.slice(0, i) + t.choisir([...LETTRES]) + texte.slice(i + 1)
  return texte.slice(0, i) + (texte[i] ?? '') + texte.slice(i)
}

/** Confusions of a scan, and spellings that sound alike. */
const CONFUSIONS: readonly (readonly [RegExp, string])[] = [
  [/rn/, 'm'],
  [/l/, 'i'],
  [/u/, 'v'],
  [/h/, 'b'],
  [/c/, 'e'],
]
const SONS: readonly (readonly [RegExp, string])[] = [
  [/eau/, 'o'],
  [/ph/, 'f'],
  [/y/, 'i'],
  [/ck/, 'k'],
  [/ault$|aud$/, 'o'],
  [/tt/, 't'],
  [/ll/, 'l'],
  [/nn/, 'n'],
  [/(?<=[aeio])n(?=[dt])/, 'nn'],
  [/qu/, 'k'],
  [/ai/, 'é'],
  [/th/, 't'],
  [/[dt]$/, ''],
  [/bv/, 'v'],
]

function remplacerUn(t: Tirage, texte: string, regles: readonly (readonly [RegExp, string])[]): string {
  const possibles = regles.filter(([motif]) => motif.test(texte))
  if (possibles.length === 0) return texte
  const [motif, par] = t.choisir(possibles)
  return texte.replace(motif, par)
}

/** Case, accents, hyphens and slips of one name as one source writes it. */
function ecrireNom(t: Tirage, nom: string): string {
  let ecrit = nom
  if (t.chance(0.035)) ecrit = fauteDeFrappe(t, ecrit)
  else if (t.chance(0.02)) ecrit = remplacerUn(t, ecrit, SONS)
  else if (t.chance(0.012)) ecrit = remplacerUn(t, ecrit, CONFUSIONS)
  if (t.chance(0.3)) ecrit = ecrit.replaceAll('-', ' ')
  if (t.chance(0.15)) ecrit = ecrit.replace(/[ ']/g, '')
  if (/^(?:De|Le|La|El|Dos|Da|Van) /.test(ecrit) && t.chance(0.15)) ecrit = ecrit.replace(/^\S+ /, '')
  if (t.chance(0.4)) ecrit = sansAccents(ecrit)
  return t.chance(0.5) ? ecrit.toUpperCase() : ecrit
}

const sansAccents = (texte: string) =>
  texte
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .replaceAll('ı', 'i')

const TRANSLITTERATIONS: Readonly<Record<string, readonly string[]>> = {
  Mohamed: ['Mohammed', 'Mouhamad', 'Mohamad'],
  Mohammed: ['Mohamed', 'Mouhamed'],
  Ahmed: ['Ahmad'],
  Khadija: ['Khadidja', 'Kadija'],
  Aïcha: ['Aisha'],
  Mustapha: ['Moustapha', 'Mustafa'],
  Youssef: ['Yousef', 'Youcef'],
  Ibrahim: ['Brahim', 'Ibrahima'],
  Ousmane: ['Osman'],
  Abdelkader: ['Abdel Kader', 'Abdelkadir'],
  Abdallah: ['Abdellah'],
  Hasan: ['Hassan'],
  Fatima: ['Fatma'],
  Mickaël: ['Michael', 'Mikael'],
  Mathieu: ['Matthieu'],
  Stéphane: ['Stephan'],
  Piotr: ['Pyotr'],
}

function ecrirePrenom(t: Tirage, prenom: string): string {
  let ecrit = prenom
  const autres = TRANSLITTERATIONS[prenom]
  if (autres && t.chance(0.25)) ecrit = t.choisir(autres)
  if (ecrit.includes('-')) {
    const genre = t.hasard()
    if (genre < 0.35) ecrit = ecrit.replace('-', ' ')
    else if (genre < 0.47) ecrit = ecrit.split('-')[0] ?? ecrit
    else if (genre < 0.52) ecrit = ecrit.replace(/^(.)[^-]*-/, '$1.-')
  }
  if (t.chance(0.03)) ecrit = fauteDeFrappe(t, ecrit)
  else if (t.chance(0.012)) ecrit = remplacerUn(t, ecrit, SONS)
  else if (t.chance(0.008)) ecrit = ecrit.slice(0, 1)
  if (t.chance(0.05)) ecrit = `${ecrit}, ${t.choisir(['Louis', 'Marie', 'Rose', 'Paul'])}`
  if (t.chance(0.4)) ecrit = sansAccents(ecrit)
  return t.chance(0.35) ? ecrit.toUpperCase() : ecrit
}

function ecrireNaissance(t: Tirage, date: string): string {
  const [annee = '', mois = '', jour = ''] = date.split('-')
  const sort = t.hasard()
  if (sort < 0.015) return Number(jour) <= 12 ? `${annee}-${jour}-${mois}` : date
  if (sort < 0.035) {
    const i = t.choisir([2, 3, 9])
    const autre = date.slice(0, i) + String(t.entier(0, 8)) + date.slice(i + 1)
    return /-00$/.test(autre) ? date : autre
  }
  if (sort < 0.045) return `${annee}-${mois}-${deux(Math.min(28, Number(jour) + t.entier(1, 9)))}`
  if (sort < 0.05) return dater(t, 1940, 2006)
  return date
}

const ABREGES: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^rue /, ['r. ', 'R ', 'RUE ']],
  [/^avenue /, ['av. ', 'AV ', 'ave ']],
  [/^boulevard /, ['bd ', 'Bvd ', 'BLD ']],
  [/^impasse /, ['imp. ', 'IMP ']],
  [/^chemin /, ['ch. ', 'chem ', 'CHE ']],
  [/^place /, ['pl. ', 'PL ']],
  [/^allée /, ['all. ', 'allee ']],
  [/^route /, ['rte ', 'RTE ']],
  [/^quai /, ['q. ', 'QU ']],
  [/^résidence /, ['rés. ', 'res ']],
  [/^lotissement /, ['lot. ', 'lot ']],
  [/^faubourg /, ['fbg ', 'Fg ']],
]

function ecrireAdresse(t: Tirage, logement: Logement): string {
  let voie = logement.voie
  if (t.chance(0.5)) for (const [motif, formes] of ABREGES) voie = voie.replace(motif, t.choisir(formes))
  if (t.chance(0.15))
    voie = voie
      .replace('Général', t.choisir(['Gal', 'Gén.']))
      .replace('Saint-', 'St ')
      .replace('Docteur', 'Dr')
      .replace('Maréchal', 'Mal')
  if (t.chance(0.035)) voie = fauteDeFrappe(t, voie)
  if (t.chance(0.5)) voie = sansAccents(voie)
  let numero = String(logement.numero)
  if (t.chance(0.008)) numero = String(t.entier(1, 90))
  const suffixe =
    logement.suffixe !== '' && !t.chance(0.1)
      ? ` ${t.chance(0.5) ? logement.suffixe.toUpperCase() : logement.suffixe}`
      : ''
  const chez = t.chance(0.006) ? `chez M. ${t.choisir(NOMS)} ` : ''
  const texte = `${chez}${numero}${suffixe}${t.chance(0.15) ? ',' : ''} ${voie}`
  return t.chance(0.25) ? texte.toUpperCase() : texte
}

function ecrireCommune(t: Tirage, commune: string): string {
  let ecrit = commune
  if (t.chance(0.3)) ecrit = ecrit.replaceAll('-', ' ')
  if (t.chance(0.15)) ecrit = ecrit.replace(/Saint/, 'St').replace(/(?<=[ -])sur[ -]/, 's/')
  if (t.chance(0.1)) ecrit = `${ecrit} CEDEX`
  if (t.chance(0.012)) ecrit = fauteDeFrappe(t, ecrit)
  if (t.chance(0.3)) ecrit = sansAccents(ecrit)
  return t.chance(0.4) ? ecrit.toUpperCase() : ecrit
}

function ecrireComplement(t: Tirage, complement: string): string {
  if (complement === '' || t.chance(0.5)) return ''
  return t.chance(0.5)
    ? complement
    : complement
        .replace('Appartement', t.choisir(['Appt', 'apt', 'Logt']))
        .replace('Bâtiment', t.choisir(['Bât', 'bat.']))
}

function ecrireLigne(t: Tirage, menage: Menage, source: Source, rang: number, tard: boolean): LigneDifficile {
  const logement = tard && menage.apres ? menage.apres : menage.logement
  const couple = menage.conjoint
  const conjointDabord = couple !== null && t.chance(0.07)
  const [premier, second] = conjointDabord && couple ? [couple, menage.principal] : [menage.principal, couple]
  const change = menage.nomApres !== '' && tard && premier === menage.principal
  const usage = change ? menage.nomApres : premier.nomUsage
  const changeDeNom = usage !== premier.nomNaissance
  const parNaissance = changeDeNom && t.chance(0.2)
  let nom = ecrireNom(t, parNaissance ? premier.nomNaissance : usage)
  let prenom = t.chance(0.99) ? ecrirePrenom(t, premier.prenom) : ''
  if (prenom !== '' && t.chance(0.02)) [nom, prenom] = [prenom, nom]
  const jourSignal = `2026-${deux(tard ? t.entier(7, 11) : t.entier(1, 6))}-${deux(t.entier(1, 28))}`
  const contenu: Record<string, string | number> = {
    type: source.type,
    reference_source: `${source.nom}-${rang}`,
    date_signalement: jourSignal,
    civilite: t.chance(0.12) ? '' : premier.sexe === 'F' ? 'Mme' : 'M',
    nom_usage: nom,
    nom_naissance: t.chance(changeDeNom ? 0.35 : 0.25) ? ecrireNom(t, premier.nomNaissance) : '',
    prenom,
    date_naissance: t.chance(source.naissance) ? ecrireNaissance(t, premier.naissance) : '',
    adresse: t.chance(source.adresse) ? ecrireAdresse(t, logement) : '',
    complement_adresse: ecrireComplement(t, logement.complement),
    code_postal: t.chance(0.95) ? logement.codePostal : '',
    commune: ecrireCommune(t, logement.commune),
    parc: logement.parc,
    bailleur_nom: t.chance(0.93) ? t.choisir(logement.bailleur) : '',
    dette_depuis: t.chance(0.55) ? menage.detteDepuis : dater(t, 2025, 2026),
  }
  if (second && t.chance(source.conjoint)) {
    contenu.conjoint_nom = ecrireNom(t, second.nomUsage)
    contenu.conjoint_prenom = ecrirePrenom(t, second.prenom)
  }
  if (t.chance(source.loyer)) contenu.loyer = ecrireLoyer(t, logement.loyer)
  if (t.chance(source.bail)) contenu.date_bail = logement.dateBail
  if (t.chance(source.allocataire)) {
    const numero = menage.allocataire
    contenu.numero_allocataire = t.chance(0.006)
      ? numero.slice(0, 3) + (numero[4] ?? '') + (numero[3] ?? '') + numero.slice(5)
      : numero
  }
  if (t.chance(source.telephone))
    contenu.telephone = t.chance(0.85) ? menage.telephone : `07${t.entier(10_000_000, 99_999_999)}`
  if (t.chance(source.telephone / 2)) contenu.courriel = menage.courriel
  if (source.type === 'impaye_caf' || source.type === 'demande_fsl') {
    contenu.enfants_a_charge = menage.enfants.length
    contenu.annees_naissance_enfants = menage.enfants.join(',')
  }
  return { contenu, menage: menage.id, source: source.nom, piege: menage.piege }
}

function ecrireLoyer(t: Tirage, loyer: number): number {
  const sort = t.hasard()
  if (sort < 0.08) return Math.round(loyer * (1 + 0.03 * t.hasard()))
  return sort < 0.15 ? loyer + t.entier(2_000, 12_000) : loyer
}

/**
 * Fictitious signalements harder than the public samples, with the true household of each: siblings, twins, parents and
 * children of one name, namesakes, neighbours, successive tenants, separations, moves, marriages, and writing errors at
 * rates above what is seen. A separated spouse and a successive tenant are other households; a household that moved stays
 * the same. About `taille` lines, in the order of their reception; same seed, same lines.
 */
export function jeuDifficile({ graine, taille }: { graine: number; taille: number }): LigneDifficile[] {
  const t = ouvrirTirage(graine)
  compteur = 0
  const menages: Menage[] = []
  while (menages.length < taille / 1.65) {
    const base = tirerMenage(t)
    menages.push(base)
    let tirage = t.hasard()
    for (const [piege, part] of PARTS) {
      tirage -= part
      if (tirage >= 0) continue
      base.piege = piege
      if (piege === 'demenagement') base.apres = logementProche(t, base.logement, 0.1, 0.6)
      else if (piege === 'mariage') {
        base.conjoint = null
        base.principal = tirerIndividu(t, 'F')
        base.nomApres = tirerNom(t)
      } else {
        if (piege === 'separation' && !base.conjoint) marier(t, base)
        menages.push(piegeSurMenage(t, base, piege))
      }
      break
    }
  }
  const lignes: { ligne: LigneDifficile; ordre: number }[] = []
  for (const menage of menages) {
    const sort = t.hasard()
    const nombre = menage.piege
      ? sort < 0.25
        ? 1
        : sort < 0.7
          ? 2
          : 3
      : sort < 0.55
        ? 1
        : sort < 0.85
          ? 2
          : sort < 0.96
            ? 3
            : 4
    for (let i = 0; i < nombre; i++) {
      const tard = nombre > 1 && i >= nombre / 2
      const source = t.choisir(SOURCES)
      lignes.push({ ligne: ecrireLigne(t, menage, source, lignes.length, tard), ordre: t.hasard() + (tard ? 1 : 0) })
    }
  }
  return lignes.sort((a, b) => a.ordre - b.ordre).map(({ ligne }) => ligne)
}
