import { creerHasard, type Hasard } from './hasard.ts'
import { noms, prenomsFemme, prenomsHomme, voies } from './noms.ts'

/** A place to live, weighted by how often households live there. */
export interface CommuneDemonstration {
  readonly nom: string
  readonly codePostal: string
  readonly poids: number
}

export interface BailleurDemonstration {
  readonly code: string
  readonly nom: string
}

/** One line of the exchange format, as its sender would write it. */
export interface LigneDemonstration {
  /** Kind of sender: decides the organisme and the file. */
  readonly emetteur: 'caf' | 'bailleur_social' | 'commissaires_de_justice' | 'prefecture'
  readonly le: Temporal.PlainDate
  readonly colonnes: Readonly<Record<string, string>>
  /** True household, for measures only: never written in a file. */
  readonly menage: number
}

/** How many signalements of each type the year holds. */
export type ComptesAnnuels = Readonly<Record<string, number>>

/** The charter's published row of 2019, plus the arrears that lead to it. */
export const ANNEE_2019: ComptesAnnuels = {
  commandement_de_payer: 929,
  assignation: 960,
  commandement_de_quitter_les_lieux: 559,
  requisition_force_publique: 349,
  concours_force_publique: 235,
  expulsion: 78,
  impaye_caf: 1400,
  impaye_bailleur_social: 420,
}

interface Menage {
  readonly numero: number
  readonly civilite: string
  readonly nom: string
  readonly nomNaissance: string
  readonly prenom: string
  readonly naissance: string
  readonly conjoint: { nom: string; prenom: string } | null
  readonly enfants: number
  readonly anneesEnfants: string
  readonly adresse: string
  readonly complement: string
  readonly commune: CommuneDemonstration
  readonly prive: boolean
  readonly bailleur: string
  readonly bailleurNature: string
  readonly gestionDirecte: boolean
  readonly bailleurNaissance: number
  readonly loyer: number
  readonly charges: number
  readonly aide: number | null
  readonly allocataire: string
  readonly telephone: string
  readonly rsa: boolean
  readonly handicap: boolean
  readonly suivi: 'departement' | 'ccas' | 'caf' | 'adil' | null
  readonly visale: boolean
  readonly dateBail: string
}

const euros = (centimes: number) => `${Math.floor(centimes / 100)},${String(centimes % 100).padStart(2, '0')}`

function choisirCommune(
  hasard: Hasard,
  communes: readonly CommuneDemonstration[],
  total: number,
): CommuneDemonstration {
  let reste = hasard.nombre() * total
  for (const commune of communes) {
    reste -= commune.poids
    if (reste <= 0) return commune
  }
  return hasard.parmi(communes)
}

function creerMenage(
  hasard: Hasard,
  numero: number,
  communes: readonly CommuneDemonstration[],
  total: number,
  bailleurs: readonly string[],
  prive: boolean,
  annee: number,
): Menage {
  const femme = hasard.chance(0.56)
  const nom = hasard.parmi(noms)
  const nomNaissance = femme && hasard.chance(0.3) ? hasard.parmi(noms) : nom
  const age = hasard.chance(0.03)
    ? hasard.entier(18, 19)
    : hasard.chance(0.09)
      ? hasard.entier(71, 88)
      : hasard.entier(20, 70)
  const naissance = Temporal.PlainDate.from({
    year: annee - age,
    month: hasard.entier(1, 12),
    day: hasard.entier(1, 28),
  })
  const couple = hasard.chance(0.32)
  const enfants = age > 19 && age < 60 && hasard.chance(0.5) ? hasard.entier(1, 4) : 0
  const loyer = (prive ? hasard.entier(380, 820) : hasard.entier(260, 520)) * 100 + hasard.entier(0, 99)
  const aide = hasard.chance(0.62) ? hasard.entier(60, 320) * 100 + hasard.entier(0, 99) : null
  const nature = prive
    ? hasard.parmi([
        'personne_physique',
        'personne_physique',
        'personne_physique',
        'sci_familiale',
        'personne_morale',
        'commune',
      ])
    : 'bailleur_social'
  const numeroVoie = `${hasard.entier(1, 140)}${hasard.chance(0.05) ? ' bis' : ''}`
  return {
    numero,
    civilite: femme ? 'Mme' : 'M',
    nom,
    nomNaissance,
    prenom: hasard.parmi(femme ? prenomsFemme : prenomsHomme),
    naissance: naissance.toString(),
    conjoint: couple
      ? {
          nom: hasard.chance(0.6) ? nom : hasard.parmi(noms),
          prenom: hasard.parmi(femme ? prenomsHomme : prenomsFemme),
        }
      : null,
    enfants,
    anneesEnfants: Array.from({ length: enfants }, () => annee - hasard.entier(1, 17))
      .sort()
      .join(','),
    adresse: `${numeroVoie} ${hasard.parmi(voies)}`,
    complement: hasard.chance(0.25)
      ? `Bâtiment ${hasard.parmi(['A', 'B', 'C', 'D'])}`
      : hasard.chance(0.2)
        ? `Appartement ${hasard.entier(1, 60)}`
        : '',
    commune: choisirCommune(hasard, communes, total),
    prive,
    bailleur: prive
      ? nature === 'commune'
        ? 'Commune'
        : nature === 'personne_physique'
          ? `${hasard.parmi(noms).toLocaleUpperCase('fr')} ${hasard.parmi(hasard.chance(0.5) ? prenomsHomme : prenomsFemme)}`
          : `${nature === 'sci_familiale' ? 'SCI' : 'Foncière'} ${hasard.parmi(noms)}`
      : hasard.parmi(bailleurs),
    bailleurNature: nature,
    gestionDirecte: nature === 'personne_physique' && hasard.chance(0.5),
    bailleurNaissance: annee - hasard.entier(35, 84),
    loyer,
    charges: hasard.entier(20, 130) * 100,
    aide,
    allocataire: aide !== null || hasard.chance(0.4) ? String(hasard.entier(1_000_000, 6_999_999)) : '',
    // Numbers reserved for fiction.
    telephone: hasard.chance(0.6) ? `063998${String(hasard.entier(0, 9999)).padStart(4, '0')}` : '',
    rsa: hasard.chance(0.2),
    handicap: hasard.chance(0.06),
    suivi: hasard.chance(0.3) ? hasard.parmi(['departement', 'departement', 'ccas', 'caf', 'adil'] as const) : null,
    visale: prive && hasard.chance(0.05),
    dateBail: Temporal.PlainDate.from({
      year: annee - hasard.entier(1, 12),
      month: hasard.entier(1, 12),
      day: hasard.entier(1, 28),
    }).toString(),
  }
}

const oui = (valeur: boolean) => (valeur ? 'oui' : 'non')

/** The same household never looks quite the same twice: case, accents, abbreviations, a slip of the keyboard, a date left out. */
function ecrireIdentite(hasard: Hasard, menage: Menage): Record<string, string> {
  const sansAccent = (texte: string) => texte.normalize('NFD').replace(/\p{Mn}/gu, '')
  const abreger = (texte: string) =>
    texte
      .replace(/\bavenue\b/, 'av.')
      .replace(/\brue\b/, hasard.parmi(['r.', 'rue', 'R']))
      .replace(/\bboulevard\b/, 'bd')
      .replace(/\bplace\b/, 'pl')
      .replace(/\bchemin\b/, 'ch.')
  const glisser = (texte: string) => {
    if (texte.length < 5) return texte
    const i = hasard.entier(1, texte.length - 3)
    return `${texte.slice(0, i)}${texte[i + 1]}${texte[i]}${texte.slice(i + 2)}`
  }
  const style = hasard.entier(0, 3)
  const casse = (texte: string) =>
    style === 0 ? texte.toLocaleUpperCase('fr') : style === 1 ? sansAccent(texte).toUpperCase() : texte
  return {
    civilite: menage.civilite,
    nom_usage: casse(hasard.chance(0.03) ? glisser(menage.nom) : menage.nom),
    nom_naissance: menage.nomNaissance !== menage.nom ? casse(menage.nomNaissance) : '',
    prenom: hasard.chance(0.02) ? glisser(menage.prenom) : style === 1 ? sansAccent(menage.prenom) : menage.prenom,
    date_naissance: hasard.chance(0.12) ? '' : menage.naissance,
    conjoint_nom: menage.conjoint && hasard.chance(0.8) ? casse(menage.conjoint.nom) : '',
    conjoint_prenom: menage.conjoint && hasard.chance(0.8) ? menage.conjoint.prenom : '',
    adresse:
      style === 2 ? menage.adresse : abreger(style === 1 ? sansAccent(menage.adresse).toUpperCase() : menage.adresse),
    complement_adresse: hasard.chance(0.7) ? menage.complement : '',
    code_postal: menage.commune.codePostal,
    commune: style === 1 ? sansAccent(menage.commune.nom).toUpperCase() : menage.commune.nom,
    parc: menage.prive ? 'prive' : 'public',
    bailleur_nom: menage.bailleur,
    bailleur_nature: menage.bailleurNature,
    telephone: hasard.chance(0.6) ? menage.telephone : '',
  }
}

function ecrireLigne(
  hasard: Hasard,
  menage: Menage,
  type: string,
  le: Temporal.PlainDate,
  rang: number,
  dette: number,
): LigneDemonstration {
  const signale = le.add({ days: hasard.entier(2, 8) })
  const commun: Record<string, string> = {
    type,
    date_signalement: signale.toString(),
    ...ecrireIdentite(hasard, menage),
    montant_dette: euros(dette),
  }
  const detteDepuis = le.subtract({ months: hasard.entier(2, 7) }).toString()
  switch (type) {
    case 'impaye_caf':
      return {
        emetteur: 'caf',
        le: signale,
        menage: menage.numero,
        colonnes: {
          ...commun,
          reference_source: `DEMO-CAF-${String(rang).padStart(6, '0')}`,
          situation_familiale: menage.conjoint ? 'couple' : 'seul',
          enfants_a_charge: String(menage.enfants),
          annees_naissance_enfants: menage.anneesEnfants,
          numero_allocataire: menage.allocataire,
          loyer: euros(menage.loyer),
          charges: euros(menage.charges),
          aide_logement: oui(menage.aide !== null),
          montant_aide: menage.aide === null ? '' : euros(menage.aide),
          aide_versee_au_bailleur: oui(!menage.prive),
          dette_depuis: detteDepuis,
          rsa: oui(menage.rsa),
          handicap: oui(menage.handicap),
          suivi_caf: oui(menage.suivi === 'caf'),
          ...(menage.suivi === 'departement' ? { suivi_departement: 'oui' } : {}),
        },
      }
    case 'impaye_bailleur_social':
      return {
        emetteur: 'bailleur_social',
        le: signale,
        menage: menage.numero,
        colonnes: {
          ...commun,
          reference_source: `DEMO-BS-${String(rang).padStart(6, '0')}`,
          situation_familiale: menage.conjoint ? 'couple' : 'seul',
          enfants_a_charge: String(menage.enfants),
          loyer: euros(menage.loyer),
          charges: euros(menage.charges),
          aide_logement: 'non',
          dette_depuis: detteDepuis,
          date_bail: menage.dateBail,
          ...(menage.suivi === 'ccas' ? { suivi_ccas: 'oui' } : {}),
        },
      }
    case 'commandement_de_payer':
      return {
        emetteur: 'commissaires_de_justice',
        le: signale,
        menage: menage.numero,
        colonnes: {
          ...commun,
          reference_source: `DEMO-CDP-${String(rang).padStart(6, '0')}`,
          date_acte: le.toString(),
          loyer: euros(menage.loyer),
          charges: euros(menage.charges),
          dette_depuis: detteDepuis,
          date_bail: menage.dateBail,
          bailleur_gestion_directe: menage.prive ? oui(menage.gestionDirecte) : '',
          bailleur_annee_naissance:
            menage.bailleurNature === 'personne_physique' ? String(menage.bailleurNaissance) : '',
          garantie_visale: menage.prive ? oui(menage.visale) : '',
        },
      }
    default:
      return {
        emetteur: 'prefecture',
        le: signale,
        menage: menage.numero,
        colonnes: {
          ...commun,
          reference_source: `DEMO-${type.slice(0, 3).toUpperCase()}-${String(rang).padStart(6, '0')}`,
          date_acte: le.toString(),
          ...(type === 'assignation'
            ? {
                date_audience: le.add({ days: hasard.entier(55, 95) }).toString(),
                tribunal: 'Tribunal judiciaire',
                loyer: euros(menage.loyer),
              }
            : {}),
        },
      }
  }
}

const SUITE = [
  'commandement_de_payer',
  'assignation',
  'commandement_de_quitter_les_lieux',
  'requisition_force_publique',
  'concours_force_publique',
  'expulsion',
] as const

/** Share of the households of a step that come from the step before within the year. */
const REPRISE = {
  assignation: 0.42,
  commandement_de_quitter_les_lieux: 0.45,
  requisition_force_publique: 0.5,
  concours_force_publique: 0.65,
  expulsion: 0.8,
} as const
const ECART_JOURS = {
  assignation: 75,
  commandement_de_quitter_les_lieux: 120,
  requisition_force_publique: 75,
  concours_force_publique: 65,
  expulsion: 35,
} as const

/**
 * A believable year of a département: as many acts of each kind as asked, spread over the twelve months before `jour`, on households that go from one step
 * to the next with plausible delays. Entirely synthetic and reproducible.
 */
export function genererAnnee(demande: {
  graine: number
  jour: Temporal.PlainDate
  comptes: ComptesAnnuels
  communes: readonly CommuneDemonstration[]
  bailleurs: readonly string[]
}): LigneDemonstration[] {
  const hasard = creerHasard(demande.graine)
  const { jour, communes, comptes } = demande
  const debut = jour.subtract({ years: 1 })
  const jours = debut.until(jour).days - 10
  const total = communes.reduce((somme, commune) => somme + commune.poids, 0)
  const menages: Menage[] = []
  const nouveau = (prive: boolean) => {
    const menage = creerMenage(hasard, menages.length, communes, total, demande.bailleurs, prive, jour.year)
    menages.push(menage)
    return menage
  }
  const lignes: LigneDemonstration[] = []
  const rangs = new Map<string, number>()
  const dettes = new Map<number, number>()
  const ajouter = (menage: Menage, type: string, le: Temporal.PlainDate) => {
    const rang = (rangs.get(type) ?? 0) + 1
    rangs.set(type, rang)
    const dette = (dettes.get(menage.numero) ?? menage.loyer * hasard.entier(1, 4)) + hasard.entier(0, 600) * 100
    dettes.set(menage.numero, dette)
    lignes.push(ecrireLigne(hasard, menage, type, le, rang, dette))
  }
  let precedents: { menage: Menage; le: number }[] = []
  for (const type of SUITE) {
    const nombre = comptes[type] ?? 0
    const suivants: { menage: Menage; le: number }[] = []
    if (type !== 'commandement_de_payer') {
      const ecart = ECART_JOURS[type]
      const possibles = precedents.filter((precedent) => precedent.le + ecart * 1.6 < jours)
      const repris = Math.min(Math.round(nombre * REPRISE[type]), possibles.length)
      for (let i = possibles.length - 1; i > 0; i--) {
        const j = hasard.entier(0, i)
        const [a, b] = [possibles[i], possibles[j]]
        if (a && b) [possibles[i], possibles[j]] = [b, a]
      }
      for (const { menage, le } of possibles.slice(0, repris))
        suivants.push({ menage, le: Math.round(le + ecart * (0.7 + hasard.nombre() * 0.8)) })
    }
    while (suivants.length < nombre) {
      const prive = type === 'commandement_de_payer' ? hasard.chance(0.92) : hasard.chance(0.4)
      suivants.push({ menage: nouveau(prive), le: hasard.entier(0, jours) })
    }
    for (const { menage, le } of suivants) ajouter(menage, type, debut.add({ days: Math.min(le, jours) }))
    precedents = suivants
  }
  for (const [type, garde] of [
    ['impaye_caf', (menage: Menage) => menage.aide !== null],
    ['impaye_bailleur_social', (menage: Menage) => !menage.prive && menage.aide === null],
  ] as const) {
    const nombre = comptes[type] ?? 0
    const connus = menages.filter((menage) => garde(menage) && hasard.chance(0.45)).slice(0, Math.floor(nombre * 0.45))
    for (const menage of connus) ajouter(menage, type, debut.add({ days: hasard.entier(0, jours) }))
    for (let i = connus.length; i < nombre; i++) {
      let menage = nouveau(type === 'impaye_caf' && hasard.chance(0.5))
      if (!garde(menage)) menage = { ...menage, aide: type === 'impaye_caf' ? 18_000 : null }
      ajouter(menage, type, debut.add({ days: hasard.entier(0, jours) }))
    }
  }
  return lignes.sort(
    (a, b) =>
      Temporal.PlainDate.compare(a.le, b.le) ||
      (a.colonnes.reference_source ?? '').localeCompare(b.colonnes.reference_source ?? ''),
  )
}

const COLONNES = [
  'type',
  'reference_source',
  'date_signalement',
  'date_acte',
  'date_audience',
  'tribunal',
  'civilite',
  'nom_usage',
  'nom_naissance',
  'prenom',
  'date_naissance',
  'conjoint_nom',
  'conjoint_prenom',
  'situation_familiale',
  'enfants_a_charge',
  'annees_naissance_enfants',
  'numero_allocataire',
  'telephone',
  'adresse',
  'complement_adresse',
  'code_postal',
  'commune',
  'parc',
  'bailleur_nom',
  'bailleur_nature',
  'bailleur_gestion_directe',
  'bailleur_annee_naissance',
  'loyer',
  'charges',
  'aide_logement',
  'montant_aide',
  'aide_versee_au_bailleur',
  'montant_dette',
  'dette_depuis',
  'date_bail',
  'rsa',
  'handicap',
  'suivi_caf',
  'suivi_ccas',
  'suivi_departement',
  'garantie_visale',
] as const

/** Writes lines as a file of the exchange format: UTF-8, semicolons. */
export function ecrireFichier(lignes: readonly LigneDemonstration[]): Buffer {
  const champ = (texte: string) => (/[";\n]/.test(texte) ? `"${texte.replaceAll('"', '""')}"` : texte)
  const corps = lignes.map((ligne) => COLONNES.map((colonne) => champ(ligne.colonnes[colonne] ?? '')).join(';'))
  return Buffer.from(`${[COLONNES.join(';'), ...corps].join('\r\n')}\r\n`, 'utf8')
}
