import { definirColonne, type NomColonne } from './colonnes.ts'
import type { CodeMotif } from './motifs.ts'

/** A value read, or why it is not. */
export type Lecture<Valeur> = { readonly valeur: Valeur } | { readonly code: CodeMotif; readonly message: string }

function ecarter(code: CodeMotif, message: string): { readonly code: CodeMotif; readonly message: string } {
  return { code, message }
}

const ANNEE_MINIMALE = 1900
const DATE_LIBRE = /^(\d{1,4})[/.\- ](\d{1,2})[/.\- ](\d{1,4})(?:[ T].*)?$/
const MOIS = [
  'janvier',
  'février',
  'mars',
  'avril',
  'mai',
  'juin',
  'juillet',
  'août',
  'septembre',
  'octobre',
  'novembre',
  'décembre',
] as const

/** AAAA-MM-JJ or JJ/MM/AAAA, an existing day from 1900 on. Answers the day as AAAA-MM-JJ. A required date is never advised to be left empty. */
export function lireDate(texte: string, requise = false): Lecture<string> {
  const iso = /^(\d{4})-(\d{2})-(\d{2})$/.exec(texte)
  const francaise = /^(\d{2})\/(\d{2})\/(\d{4})$/.exec(texte)
  const [annee, mois, jour] = iso ? [iso[1], iso[2], iso[3]] : [francaise?.[3], francaise?.[2], francaise?.[1]]
  if (annee !== undefined && existe(Number(annee), Number(mois), Number(jour))) {
    return { valeur: `${annee}-${mois}-${jour}` }
  }
  return ecarter('date_invalide', expliquerDate(texte, requise))
}

function existe(annee: number, mois: number, jour: number): boolean {
  return (
    annee >= ANNEE_MINIMALE && annee <= 9999 && mois >= 1 && mois <= 12 && jour >= 1 && jour <= joursDuMois(annee, mois)
  )
}

function joursDuMois(annee: number, mois: number): number {
  if (mois === 2) return annee % 4 === 0 && (annee % 100 !== 0 || annee % 400 === 0) ? 29 : 28
  return [4, 6, 9, 11].includes(mois) ? 30 : 31
}

/** Says what is wrong with a date and, when only one reading is left, writes it. */
function expliquerDate(texte: string, requise: boolean): string {
  const lue = DATE_LIBRE.exec(texte)
  if (!lue) return 'Cette date n’est pas lisible. Écrire le jour, le mois et l’année, par exemple 13/09/2026.'
  const [, premier = '', second = '', dernier = ''] = lue
  const anneeDevant = premier.length >= 3
  const [anneeEcrite, jourEcrit] = anneeDevant ? [premier, dernier] : [dernier, premier]
  const [annee, mois, jour] = [Number(anneeEcrite), Number(second), Number(jourEcrit)]
  if (anneeEcrite.length <= 2) {
    const exemple = annee > 30 ? 1900 + annee : 2000 + annee
    if (!existe(exemple, mois, jour)) return 'L’année n’a pas quatre chiffres. Écrire par exemple 13/09/2026.'
    return `L’année n’a que deux chiffres. L’écrire en entier, par exemple ${ecrireDate(exemple, mois, jour)}.`
  }
  if (existe(annee, mois, jour))
    return `Cette date n’est pas écrite comme attendu. Écrire ${ecrireDate(annee, mois, jour)}.`
  if (mois > 12) {
    const inversee = existe(annee, jour, mois)
      ? `Écrire ${ecrireDate(annee, jour, mois)}.`
      : 'Vérifier la date auprès de l’émetteur.'
    return `Le mois ${mois} n’existe pas. ${inversee}`
  }
  if (mois >= 1 && jour >= 1 && jour <= 31 && annee >= ANNEE_MINIMALE && annee <= 9999) {
    return `Le ${jour} ${MOIS[mois - 1]} ${annee} n’existe pas. Vérifier le jour auprès de l’émetteur.`
  }
  if (mois >= 1 && jour >= 1 && jour <= 31)
    return `L’année ${anneeEcrite} est trop ancienne. Écrire une année à partir de 1900.`
  return requise
    ? 'Cette date n’existe pas. La demander à l’émetteur : elle est obligatoire.'
    : 'Cette date n’existe pas. La corriger, ou laisser le champ vide si elle n’est pas connue.'
}

function ecrireDate(annee: number, mois: number, jour: number): string {
  return `${String(jour).padStart(2, '0')}/${String(mois).padStart(2, '0')}/${annee}`
}

const MONTANT = /^(\d+|\d{1,3}(?:[ \u00a0\u202f\u2009]\d{3})+)(?:[.,](\d{1,2}))?$/
const CENTIMES_MAXIMAUX = 100_000_000

/**
 * An amount in euros, up to two decimals after a comma or a point, spaces between thousands and a final `€` let through. Answers
 * integer cents, built from the digits: no floating number is involved.
 */
export function lireMontant(texte: string): Lecture<number> {
  const nu = texte.endsWith('€') ? texte.slice(0, -1).trimEnd() : texte
  const negatif = /^[-−–]\s*/u.test(nu)
  const lu = MONTANT.exec(negatif ? nu.replace(/^[-−–]\s*/u, '') : nu)
  if (!lu) return ecarter('montant_invalide', expliquerMontant(nu))
  if (negatif)
    return ecarter('montant_negatif', 'Ce montant est négatif. Écrire un montant positif, ou laisser le champ vide.')
  const euros = (lu[1] ?? '').replace(/\D/g, '').replace(/^0+(?=\d)/, '')
  const centimes =
    euros.length > 9 ? Number.POSITIVE_INFINITY : Number(euros) * 100 + Number((lu[2] ?? '').padEnd(2, '0'))
  if (centimes >= CENTIMES_MAXIMAUX) {
    return ecarter('montant_hors_bornes', 'Ce montant atteint un million d’euros. Vérifier le nombre de chiffres.')
  }
  return { valeur: centimes }
}

function expliquerMontant(texte: string): string {
  const serre = texte.replace(/[\s\u00a0\u202f]/gu, '')
  const chiffres = serre.replace(/[oO]/g, '0')
  if (chiffres !== serre && MONTANT.test(chiffres)) {
    return `La lettre O remplace un zéro. Écrire ${chiffres.replace('.', ',')}.`
  }
  const sansPoints = serre.replace(/\.(?=\d{3}(?:\D|$))/g, '')
  if (sansPoints !== serre && serre.includes(',') && MONTANT.test(sansPoints)) {
    return `Un point sépare les milliers. Écrire ${sansPoints}.`
  }
  if (/^\d+[.,]\d{3,}$/.test(serre)) return 'Ce montant a plus de deux décimales. Écrire par exemple 1234,50.'
  return 'Ce montant n’est pas lisible. Écrire des chiffres, par exemple 1234,50.'
}

export function lireBooleen(texte: string): Lecture<boolean> {
  const mot = texte.toLowerCase()
  if (mot === 'oui' || mot === 'non') return { valeur: mot === 'oui' }
  return ecarter('valeur_inconnue', 'Cette valeur n’est pas admise ici. Écrire oui ou non.')
}

/** One of the values of the column, whatever the case. */
export function lireEnumeration(colonne: NomColonne, texte: string): Lecture<string> {
  const admises = definirColonne(colonne).valeurs ?? []
  const mot = texte.toLowerCase()
  if (admises.includes(mot)) return { valeur: mot }
  return ecarter('valeur_inconnue', `Cette valeur n’est pas admise ici. Écrire ${enumerer(admises)}.`)
}

function enumerer(valeurs: readonly string[]): string {
  return valeurs.length < 2 ? valeurs.join('') : `${valeurs.slice(0, -1).join(', ')} ou ${valeurs.at(-1)}`
}

const ENFANTS_MAXIMUM = 30

export function lireEntier(texte: string): Lecture<number> {
  if (/^\d+$/.test(texte) && Number(texte) <= ENFANTS_MAXIMUM) return { valeur: Number(texte) }
  return ecarter('entier_invalide', `Ce nombre n’est pas lisible. Écrire des chiffres, de 0 à ${ENFANTS_MAXIMUM}.`)
}

/** A year from 1900 to `derniere`; null when the date of the signalement, which sets it, is itself unreadable. */
export function lireAnnee(texte: string, derniere: number | null): Lecture<number> {
  const annee = /^\d{4}$/.test(texte) ? Number(texte) : 0
  if (annee >= ANNEE_MINIMALE && annee <= (derniere ?? 9999)) return { valeur: annee }
  const borne = derniere === null ? 'à partir de 1900' : `de 1900 à ${derniere}`
  return ecarter('annee_invalide', `Cette année n’est pas admise. Écrire quatre chiffres, ${borne}.`)
}

/** Years separated by commas; one that is wrong sets the whole list aside. */
export function lireAnnees(texte: string, derniere: number | null): Lecture<readonly number[]> {
  const annees: number[] = []
  for (const morceau of texte.split(',')) {
    const lue = lireAnnee(morceau.trim(), derniere)
    if ('code' in lue) {
      return ecarter(
        'annee_invalide',
        'Ces années ne sont pas lisibles. Écrire les années seules, par exemple 2015,2018.',
      )
    }
    annees.push(lue.valeur)
  }
  return { valeur: annees }
}

/** Ten digits from 0, or +33 and nine digits; spaces, dots and hyphens let through. Answers the ten digits. */
export function lireTelephone(texte: string): Lecture<string> {
  const serre = texte.replace(/[\s\u00a0\u202f.-]/gu, '')
  if (/^0\d{9}$/.test(serre)) return { valeur: serre }
  if (/^\+33\d{9}$/.test(serre)) return { valeur: `0${serre.slice(3)}` }
  return ecarter(
    'telephone_invalide',
    'Ce numéro n’est pas lisible. Écrire dix chiffres, ou +33 suivi de neuf chiffres.',
  )
}

/** One address `x@y.z`. */
export function lireCourriel(texte: string): Lecture<string> {
  const [nom = '', domaine = '', reste] = texte.split('@')
  const point = domaine.lastIndexOf('.')
  const entier = nom !== '' && reste === undefined && point > 0 && point < domaine.length - 1
  if (entier && !/[\s,;<>"()]/u.test(texte) && !domaine.includes('..')) return { valeur: texte }
  return ecarter(
    'courriel_invalide',
    'Cette adresse n’est pas lisible. Écrire une seule adresse, par exemple nom@exemple.fr.',
  )
}

export function lireCodePostal(texte: string): Lecture<string> {
  if (/^\d{5}$/.test(texte)) return { valeur: texte }
  return ecarter('code_postal_invalide', 'Ce code postal n’est pas lisible. Écrire cinq chiffres, par exemple 71000.')
}

export function lireSiret(texte: string): Lecture<string> {
  if (!/^\d{14}$/.test(texte)) {
    return ecarter('siret_invalide', 'Un SIRET a quatorze chiffres. Le recopier sans espace, ou laisser le champ vide.')
  }
  if (aCleDeLuhn(texte)) return { valeur: texte }
  return ecarter(
    'siret_invalide',
    'Un chiffre de ce SIRET est faux : sa clé ne tombe pas juste. Le vérifier auprès du bailleur.',
  )
}

function aCleDeLuhn(chiffres: string): boolean {
  let somme = 0
  for (const [rang, chiffre] of [...chiffres].reverse().entries()) {
    const double = Number(chiffre) * (rang % 2 === 0 ? 1 : 2)
    somme += double > 9 ? double - 9 : double
  }
  return somme % 10 === 0
}
