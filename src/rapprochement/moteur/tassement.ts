import type { AdresseCompare } from './adresse.ts'
import type { Fiche, Personne } from './fiche.ts'
import type { NomCompare } from './noms.ts'
import type { PrenomCompare } from './prenoms.ts'

/**
 * A fiche in a third of the room: values in a fixed order, what repeats another value left out. Recognition reads tens of thousands of fiches an import, and most of
 * that time goes by their size.
 */
export type FicheTassee = readonly unknown[]

const ADRESSE = [
  'numero',
  'suffixe',
  'genre',
  'voie',
  'phon',
  'batiment',
  'escalier',
  'etage',
  'appartement',
  'porte',
  'residence',
] as const satisfies readonly (keyof AdresseCompare)[]

/** Values at the end that a reader finds again by itself are left out. */
function couper(valeurs: unknown[], ...omises: readonly unknown[]): unknown[] {
  while (valeurs.length > 0 && omises.includes(valeurs.at(-1))) valeurs.pop()
  return valeurs
}

const coller = (mots: string): string => mots.replaceAll(' ', '')

/** `ou` is what a reader finds again by itself. */
const saufSi = (valeur: string, ou: string): string | 0 => (valeur === ou ? 0 : valeur)

const tasserNom = ({ mots, serre, noyau, phon }: NomCompare): unknown[] =>
  couper([mots, phon, saufSi(serre, coller(mots)), saufSi(noyau, serre)], 0)

const tasserPrenom = ({ mots, serre, phon, canon, courant }: PrenomCompare): unknown[] =>
  couper([mots, phon, saufSi(serre, coller(mots)), saufSi(canon, mots), courant ? 1 : 0], 0)

const tasserPersonne = ({ noms, prenom, naissance, sexe }: Personne): unknown[] =>
  couper([noms.map(tasserNom), prenom ? tasserPrenom(prenom) : 0, naissance, sexe], 0, '')

/** The form that is stored. `deplierFiche` gives the same fiche back. */
export function tasserFiche(fiche: Fiche): FicheTassee {
  return [
    tasserPersonne(fiche.principal),
    fiche.conjoint ? tasserPersonne(fiche.conjoint) : 0,
    couper(
      ADRESSE.map((champ) => fiche.adresse[champ]),
      '',
    ),
    fiche.commune,
    fiche.codePostal,
    fiche.bailleur,
    fiche.siret,
    fiche.loyer,
    fiche.dateBail,
    fiche.detteDepuis,
    fiche.enfants,
    fiche.anneesEnfants,
    fiche.allocataire,
    fiche.telephone,
    fiche.courriel,
  ]
}

type Omis = string | 0 | undefined
type Nom = readonly [mots?: string, phon?: string, serre?: Omis, noyau?: Omis]
type Prenom = readonly [mots?: string, phon?: string, serre?: Omis, canon?: Omis, courant?: 0 | 1]
type PersonneTassee = readonly [noms: readonly Nom[], prenom?: Prenom | 0, naissance?: string, sexe?: Personne['sexe']]

const retrouver = (valeur: Omis, ou: string): string => (typeof valeur === 'string' ? valeur : ou)

function deplierNom([mots = '', phon = '', serre, noyau]: Nom): NomCompare {
  const colle = retrouver(serre, coller(mots))
  return { mots, serre: colle, noyau: retrouver(noyau, colle), phon }
}

function deplierPrenom([mots = '', phon = '', serre, canon, courant]: Prenom): PrenomCompare {
  return { mots, serre: retrouver(serre, coller(mots)), phon, canon: retrouver(canon, mots), courant: courant === 1 }
}

function deplierPersonne([noms, prenom, naissance = '', sexe = '']: PersonneTassee): Personne {
  return { noms: noms.map(deplierNom), prenom: prenom ? deplierPrenom(prenom) : null, naissance, sexe }
}

/** A fiche as comparisons need it, from what was stored; one stored before this form is given back as it is. */
export function deplierFiche(stockee: FicheTassee | Fiche): Fiche {
  if (!Array.isArray(stockee)) return stockee as Fiche
  const [
    principal,
    conjoint,
    adresse,
    commune,
    codePostal,
    bailleur,
    siret,
    loyer,
    dateBail,
    detteDepuis,
    enfants,
    ...fin
  ] = stockee as [
    PersonneTassee,
    PersonneTassee | 0,
    readonly string[],
    string,
    string,
    string,
    string,
    number | null,
    string,
    string,
    number | null,
    readonly number[],
    string,
    string,
    string,
  ]
  const [numero = '', suffixe = '', genre = '', voie = '', phon = '', ...detail] = adresse
  const [batiment = '', escalier = '', etage = '', appartement = '', porte = '', residence = ''] = detail
  const [anneesEnfants, allocataire, telephone, courriel] = fin
  return {
    principal: deplierPersonne(principal),
    conjoint: conjoint ? deplierPersonne(conjoint) : null,
    adresse: {
      numero,
      suffixe,
      genre,
      voie,
      phon,
      batiment,
      escalier,
      etage,
      appartement,
      porte,
      residence,
    },
    commune,
    codePostal,
    bailleur,
    siret,
    loyer,
    dateBail,
    detteDepuis,
    enfants,
    anneesEnfants,
    allocataire,
    telephone,
    courriel,
  }
}
