import { ecritureCourante, prenomsVoisins } from './prenoms.ts'
import {
  formesDuNom,
  normaliserAdresse,
  normaliserLieu,
  normaliserMots,
  normaliserNom,
  normaliserPrenom,
  normaliserTelephone,
  phonetiser,
} from './texte.ts'

/** One person as comparable text. Empty strings are unknown. */
export interface PersonneFiche {
  /** Surnames known, usage first, each in one block of letters. */
  readonly noms: readonly string[]
  /** Halves of double surnames: what a « Durand » may be to a « Durand-Leroy ». */
  readonly moities: readonly string[]
  readonly phons: readonly string[]
  /** First names in one block. */
  readonly prenom: string
  /** The first of several first names; empty when there is one only. */
  readonly premier: string
  readonly phonPrenom: string
  /** Common first names one slip away from a writing that is none. */
  readonly voisins: readonly string[]
  readonly naissance: string
}

/** What one signalement says of a household, ready to be compared. Plain JSON: it is stored as such. */
export interface Fiche {
  readonly principal: PersonneFiche
  readonly conjoint: PersonneFiche | null
  /** `M`, `F`, or unknown: of the main person. */
  readonly sexe: string
  readonly numero: string
  readonly voie: string
  /** Last word of the way: what people remember of it. */
  readonly fin: string
  readonly complement: string
  readonly commune: string
  readonly telephone: string
  readonly courriel: string
  readonly allocataire: string
  readonly bailleur: string
  readonly parc: string
}

type Contenu = Readonly<Record<string, unknown>>
const texte = (contenu: Contenu, cle: string): string =>
  typeof contenu[cle] === 'string' ? (contenu[cle] as string) : ''

function personne(nomsBruts: readonly string[], prenomBrut: string, naissance: string): PersonneFiche {
  const noms = [...new Set(nomsBruts.map(normaliserNom).filter((nom) => nom !== ''))]
  const mots = normaliserPrenom(prenomBrut)
    .split(' ')
    .filter((mot) => mot !== '')
  const prenom = mots.length === 1 ? ecritureCourante(mots[0] ?? '') : mots.join('')
  const moities = nomsBruts.flatMap((nom) => {
    const parties = normaliserMots(nom).split(' ')
    return parties.length === 2 && parties.every((partie) => partie.length >= 4) ? parties : []
  })
  return {
    noms,
    moities: [...new Set(moities)],
    phons: [...new Set(nomsBruts.flatMap(formesDuNom).map(phonetiser))].filter((phon) => phon !== ''),
    prenom,
    premier: mots.length > 1 ? (mots[0] ?? '') : '',
    phonPrenom: phonetiser(prenom),
    voisins: prenomsVoisins(prenom),
    naissance,
  }
}

/** `M`, `F` or empty, from a civility as received. */
function lireSexe(civilite: string): string {
  const mots = normaliserMots(civilite)
  if (/^(M|MR|MONSIEUR)$/.test(mots)) return 'M'
  return /^(MME|MLLE|MADAME|MADEMOISELLE)$/.test(mots) ? 'F' : ''
}

/** Reads the content of a signalement, keyed by the columns of the exchange format. */
export function ficheDepuisContenu(contenu: Contenu): Fiche {
  const adresse = normaliserAdresse(texte(contenu, 'adresse'))
  const conjoint = personne(
    [texte(contenu, 'conjoint_nom')],
    texte(contenu, 'conjoint_prenom'),
    texte(contenu, 'conjoint_date_naissance'),
  )
  return {
    principal: personne(
      [texte(contenu, 'nom_usage'), texte(contenu, 'nom_naissance')],
      texte(contenu, 'prenom'),
      texte(contenu, 'date_naissance'),
    ),
    conjoint: conjoint.noms.length === 0 && conjoint.prenom === '' ? null : conjoint,
    sexe: lireSexe(texte(contenu, 'civilite')),
    numero: adresse.numero,
    voie: adresse.voie,
    fin: adresse.voie.slice(adresse.voie.lastIndexOf(' ') + 1),
    complement: normaliserComplement(texte(contenu, 'complement_adresse')),
    commune: normaliserLieu(texte(contenu, 'commune')),
    telephone: normaliserTelephone(texte(contenu, 'telephone')),
    courriel: texte(contenu, 'courriel').toLowerCase(),
    allocataire: texte(contenu, 'numero_allocataire'),
    bailleur: texte(contenu, 'bailleur_siret') || normaliserNom(texte(contenu, 'bailleur_nom')),
    parc: texte(contenu, 'parc'),
  }
}

const LIEUX: Readonly<Record<string, string>> = {
  APPARTEMENT: 'A',
  APPT: 'A',
  APT: 'A',
  APP: 'A',
  LOGEMENT: 'A',
  LOGT: 'A',
  LGT: 'A',
  BATIMENT: 'B',
  BAT: 'B',
  BT: 'B',
  ESCALIER: 'C',
  ESC: 'C',
  ETAGE: 'E',
  PORTE: 'P',
}

/** « Appt 12, bât. C » as `A12 BC`: what may be compared door to door. A residence name says nothing of the door. */
function normaliserComplement(complement: string): string {
  const mots = normaliserMots(complement)
    .replace(/\b(\d+)(?:ER|E|EME) ETAGE\b/g, 'ETAGE $1')
    .split(' ')
  return mots
    .flatMap((mot, rang) =>
      LIEUX[mot] !== undefined && mots[rang + 1] !== undefined ? [`${LIEUX[mot]}${mots[rang + 1]}`] : [],
    )
    .join(' ')
}

/**
 * Keys under which a fiche is looked for: candidates share at least one. Each key joins two independent facts, so that a common name alone, or a big building
 * alone, does not call up half the département. A slip in one fact leaves the others.
 */
export function clesDeBlocage(fiche: Fiche): string[] {
  const cles = new Set<string>()
  const debut = (mot: string) => mot.slice(0, 3)
  for (const qui of [fiche.principal, fiche.conjoint]) {
    if (!qui) continue
    const phons = [...qui.phons, ...qui.moities.map(phonetiser)]
    for (const phon of phons) {
      // Given and family names are swapped often enough: both orders meet under one key.
      if (qui.phonPrenom !== '') cles.add(`n:${[phon, qui.phonPrenom].sort().join('|')}`)
      if (fiche.commune !== '') cles.add(`c:${phon}|${fiche.commune}`)
    }
    if (fiche.commune !== '' && qui.phonPrenom !== '' && fiche.fin !== '') {
      cles.add(`c:${qui.phonPrenom}|${fiche.commune}|${debut(fiche.fin)}`)
      if (fiche.numero !== '') cles.add(`b:${qui.phonPrenom}|${fiche.commune}|${fiche.numero}`)
    }
    if (qui.naissance !== '') cles.add(`d:${qui.naissance}`)
  }
  if (fiche.numero !== '' && fiche.voie !== '') cles.add(`a:${fiche.numero}|${debut(fiche.fin)}|${fiche.commune}`)
  if (fiche.telephone.length === 10) cles.add(`t:${fiche.telephone}`)
  if (fiche.courriel !== '') cles.add(`m:${fiche.courriel}`)
  if (/^\d{7}$/.test(fiche.allocataire)) cles.add(`f:${fiche.allocataire}`)
  return [...cles]
}
