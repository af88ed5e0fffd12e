import { epurerMontant } from '#socle/typography'
import { ecrireJour } from './ecriture.ts'

/** Groups of the access matrix an act, or one of its fields, may belong to. */
export type GroupeActe = 'procedure' | 'dette' | 'ressources' | 'service' | 'sante' | 'bailleur' | 'composition'

/** A field of a kind of act. `futur`: the day may be to come. */
export interface ChampActe {
  readonly libelle: string
  readonly type: 'jour' | 'montant' | 'entier' | 'annee' | 'texte' | 'choix' | 'oui_non'
  readonly choix?: Readonly<Record<string, string>>
  readonly obligatoire?: true
  readonly aide?: string
  readonly futur?: true
  /** For the application: never written in words. */
  readonly interne?: true
  /** Who may read it, when they are not those who read the act. */
  readonly groupe?: GroupeActe
}

/** What a field holds: a day as ISO text, cents, a number, a code, a yes or a no. One that is unknown is absent. */
export type ValeurChamp = string | number | boolean
export type ContenuActe = Readonly<Record<string, ValeurChamp>>

export interface ErreurChamp {
  readonly champ: string
  readonly message: string
}

type Options = Omit<ChampActe, 'libelle' | 'type' | 'choix'>
const champ =
  (type: ChampActe['type']) =>
  (libelle: string, options: Options = {}): ChampActe => ({ libelle, type, ...options })

export const jour = champ('jour')
export const montant = champ('montant')
export const entier = champ('entier')
export const annee = champ('annee')
export const texte = champ('texte')
export const ouiNon = champ('oui_non')
export const choix = (libelle: string, codes: Readonly<Record<string, string>>, options: Options = {}): ChampActe => ({
  libelle,
  type: 'choix',
  choix: codes,
  ...options,
})

const LONGUEUR_TEXTE = 120

/** A day, or null when the text is none. */
export function lireJourIso(texte: string): Temporal.PlainDate | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(texte)) return null
  try {
    return Temporal.PlainDate.from(texte)
  } catch {
    return null
  }
}

/** Euros as people type them, « 1 234,56 », in cents; null when it is no amount. */
function lireMontant(saisi: string): number | null {
  const nu = epurerMontant(saisi)
  if (!/^\d{1,9}(?:\.\d{1,2})?$/.test(nu)) return null
  const [euros = '0', decimales = ''] = nu.split('.')
  return Number(euros) * 100 + Number(decimales.padEnd(2, '0'))
}

type Lu = { readonly valeur: ValeurChamp } | { readonly message: string }

function lireTexteDe(un: ChampActe, saisi: string): Lu {
  switch (un.type) {
    case 'jour':
      return lireJourIso(saisi) ? { valeur: saisi } : { message: 'Écrire une date qui existe, par exemple 20/11/2026.' }
    case 'montant': {
      const lu = lireMontant(saisi)
      return lu === null ? { message: 'Écrire un montant en euros, par exemple 1 234,56.' } : { valeur: lu }
    }
    case 'entier':
      return /^\d{1,4}$/.test(saisi) ? { valeur: Number(saisi) } : { message: 'Écrire un nombre entier.' }
    case 'annee':
      return /^\d{4}$/.test(saisi)
        ? { valeur: Number(saisi) }
        : { message: 'Écrire l’année sur quatre chiffres, par exemple 1954.' }
    case 'oui_non':
      return saisi === 'oui' || saisi === 'non' ? { valeur: saisi === 'oui' } : { message: 'Choisir oui ou non.' }
    case 'choix':
      return { valeur: saisi }
    case 'texte':
      return { valeur: saisi.slice(0, LONGUEUR_TEXTE) }
  }
}

/** What a form sent, field by field, typed. What is left empty is unknown. */
export function lireSaisie(
  champs: Readonly<Record<string, ChampActe>>,
  saisie: (nom: string) => string,
): { readonly contenu: ContenuActe; readonly erreurs: readonly ErreurChamp[] } {
  const contenu: Record<string, ValeurChamp> = {}
  const erreurs: ErreurChamp[] = []
  for (const [nom, un] of Object.entries(champs)) {
    const saisi = saisie(nom).trim()
    if (saisi === '') continue
    const lu = lireTexteDe(un, saisi)
    if ('message' in lu) erreurs.push({ champ: nom, message: `${un.libelle} : ${enMinuscule(lu.message)}` })
    else contenu[nom] = lu.valeur
  }
  return { contenu, erreurs }
}

/** What is wrong in typed values: an unknown field, a wrong type, a missing one, a day to come where none may be. */
export function verifierContenu(
  champs: Readonly<Record<string, ChampActe>>,
  contenu: ContenuActe,
  aujourdhui: Temporal.PlainDate,
): readonly ErreurChamp[] {
  const inconnus = Object.keys(contenu)
    .filter((nom) => !Object.hasOwn(champs, nom))
    .map((nom) => ({ champ: nom, message: `Ce renseignement (${nom}) n’existe pas pour cet acte.` }))
  return [
    ...inconnus,
    ...Object.entries(champs).flatMap(([nom, un]): ErreurChamp[] => {
      const valeur = contenu[nom]
      if (valeur === undefined) return un.obligatoire ? [{ champ: nom, message: `${un.libelle} : à renseigner.` }] : []
      const message = trouverDefaut(un, valeur, aujourdhui)
      return message === null ? [] : [{ champ: nom, message: `${un.libelle} : ${message}` }]
    }),
  ]
}

function trouverDefaut(un: ChampActe, valeur: ValeurChamp, aujourdhui: Temporal.PlainDate): string | null {
  switch (un.type) {
    case 'jour': {
      const le = typeof valeur === 'string' ? lireJourIso(valeur) : null
      if (le === null) return 'écrire une date qui existe.'
      return un.futur || Temporal.PlainDate.compare(le, aujourdhui) <= 0
        ? null
        : `cette date est à venir (${ecrireJour(le)}).`
    }
    case 'montant':
    case 'entier':
      return typeof valeur === 'number' && Number.isSafeInteger(valeur) && valeur >= 0
        ? null
        : 'écrire un nombre positif.'
    case 'annee':
      return typeof valeur === 'number' && Number.isSafeInteger(valeur) && valeur >= 1900 && valeur <= aujourdhui.year
        ? null
        : `écrire une année de 1900 à ${aujourdhui.year}.`
    case 'oui_non':
      return typeof valeur === 'boolean' ? null : 'choisir oui ou non.'
    case 'choix':
      return typeof valeur === 'string' && Object.hasOwn(un.choix ?? {}, valeur) ? null : 'choisir dans la liste.'
    case 'texte':
      return typeof valeur === 'string' && valeur.length <= LONGUEUR_TEXTE ? null : `${LONGUEUR_TEXTE} signes au plus.`
  }
}

const enMinuscule = (phrase: string): string => phrase.charAt(0).toLowerCase() + phrase.slice(1)
