import { lireJour } from '#referentiel'
import { epurerMontant, formatDate, formatMontant, formatNombre } from '#socle/typography'
import { FONCTIONS, type Nombre } from './calcul.ts'
import type { Champ, Colonne, Groupe, Modele } from './modele.ts'

/** What one question holds: text, number (cents for amounts), codes chosen. Dates are ISO text, months `AAAA-MM`. */
export type Simple = string | number | readonly string[]
/** One line of a repeated field, or one row of a table. */
export type Ligne = Readonly<Record<string, Simple>>
/** `lignes`: a list of lines. `tableau`: a line for each row that says something. */
export type Valeur = Simple | readonly Ligne[] | Readonly<Record<string, Ligne>>
/** Values by field. A field that is not there is unknown: never false, never zero. */
export type Valeurs = Readonly<Record<string, Valeur>>

/** What a person typed that could not be read, kept as typed: path of the control → text. */
export type Invalides = Readonly<Record<string, string>>

/** What was read of a sent form. */
export interface Saisie {
  readonly valeurs: Valeurs
  readonly invalides: Invalides
}

/** Name of a control: `champ`, `lignes.0.colonne`, `tableau.rang.colonne`. */
export const nomControle = (...parties: readonly (string | number)[]): string => parties.join('.')

const LONGUEURS = { texte: 300, texte_long: 5_000 } as const
export const longueurDe = ({ genre, longueur }: Champ | Colonne): number =>
  longueur ?? (genre === 'texte_long' ? LONGUEURS.texte_long : LONGUEURS.texte)

/** A typed amount, `1 234,56` → cents. Undefined when it is no amount. */
export function lireMontantSaisi(texte: string): number | undefined {
  const nu = epurerMontant(texte)
  if (!/^-?\d{1,9}(?:\.\d{1,2})?$/.test(nu)) return undefined
  const [entier = '0', decimales = ''] = nu.replace('-', '').split('.')
  const centimes = Number(entier) * 100 + Number(decimales.padEnd(2, '0'))
  return nu.startsWith('-') ? -centimes : centimes
}

/** A typed date, in the two ways people write it. */
function lireDateSaisie(texte: string): string | undefined {
  const [, jour, mois, annee] = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/.exec(texte) ?? []
  return lireJour(annee ? `${annee}-${mois?.padStart(2, '0')}-${jour?.padStart(2, '0')}` : texte)?.toString()
}

function lireMoisSaisi(texte: string): string | undefined {
  const [, mois, annee] = /^(\d{1,2})[/.-](\d{4})$/.exec(texte) ?? []
  const iso = annee ? `${annee}-${mois?.padStart(2, '0')}` : texte
  return lireJour(`${iso}-01`) ? iso : undefined
}

const A_VENIR = 'Cette date est à venir : écrire le jour où cela a eu lieu, ou laisser vide s’il n’est pas connu.'
/** Whether what is said to have happened is dated after a day. A month is compared as a month. */
const estAVenir = (champ: Champ | Colonne, valeur: Simple | undefined, jour: Temporal.PlainDate): boolean =>
  champ.passe === true && typeof valeur === 'string' && valeur > jour.toString().slice(0, valeur.length)

/** Reads one control. Undefined: unknown; `erreur` in French when what was typed is not what is asked. */
function lireSimple(
  champ: Champ | Colonne,
  textes: readonly string[],
  jour: Temporal.PlainDate,
): { valeur?: Simple; erreur?: string } {
  const texte = (textes[0] ?? '').replaceAll('\r\n', '\n').trim()
  if (champ.genre === 'choix_multiple') {
    const admis = new Set(champ.options?.map(({ code }) => code))
    const choisis = textes.filter((un) => admis.has(un))
    return choisis.length === 0 ? {} : { valeur: choisis }
  }
  if (texte === '') return {}
  const lue = <T extends Simple>(valeur: T | undefined, erreur: string) =>
    valeur === undefined ? { erreur } : estAVenir(champ, valeur, jour) ? { erreur: A_VENIR } : { valeur }
  switch (champ.genre) {
    case 'texte':
    case 'texte_long': {
      const longueur = longueurDe(champ)
      return texte.length > longueur
        ? { erreur: `Raccourcir à ${longueur} caractères : il y en a ${texte.length}.` }
        : { valeur: texte }
    }
    case 'entier':
    case 'annee': {
      const [min, max] =
        champ.genre === 'annee' ? [champ.min ?? 1900, champ.max ?? 2100] : [champ.min ?? 0, champ.max ?? 999_999]
      const nombre = /^\d{1,7}$/.test(texte) ? Number(texte) : Number.NaN
      const dit =
        champ.genre === 'annee'
          ? 'Écrire une année, par exemple 1984.'
          : `Écrire un nombre entier entre ${min} et ${max}.`
      return lue(nombre >= min && nombre <= max ? nombre : undefined, dit)
    }
    case 'montant': {
      const centimes = lireMontantSaisi(texte)
      if (centimes !== undefined && centimes < (champ.min ?? 0)) return { erreur: 'Écrire un montant positif.' }
      return lue(centimes, 'Écrire un montant en euros, par exemple 450,50.')
    }
    case 'date':
      return lue(lireDateSaisie(texte), 'Écrire une date qui existe, par exemple 13/09/2026.')
    case 'mois':
      return lue(lireMoisSaisi(texte), 'Écrire un mois et une année, par exemple 09/2026.')
    case 'oui_non':
      return lue(texte === 'oui' || texte === 'non' ? texte : undefined, 'Choisir oui, non ou ne sait pas.')
    case 'choix':
      return lue(
        champ.options?.some(({ code }) => code === texte) ? texte : undefined,
        'Choisir une des réponses de la liste.',
      )
    default:
      return {}
  }
}

/** Lines shown of a repeated field: those filled, and empty ones to type in. */
export const lignesMax = ({ lignes_max: max }: Champ): number => max ?? 10

/** The form as it is sent: name of a control → texts. */
export type Champs = Readonly<Record<string, readonly string[]>>

/** Reads what a form sent on a day for some groups: typed values, and what could not be read, as typed. Fields the reader may not write are left out by the caller. */
export function lireSaisie(champs: readonly Champ[], envoyes: Champs, jour: Temporal.PlainDate): Saisie {
  const valeurs: Record<string, Valeur> = {}
  const invalides: Record<string, string> = {}
  const lire = (champ: Champ | Colonne, nom: string): Simple | undefined => {
    const textes = envoyes[nom] ?? []
    const { valeur, erreur } = lireSimple(champ, textes, jour)
    if (erreur !== undefined) invalides[nom] = textes[0] ?? ''
    return valeur
  }
  const lireLigne = (champ: Champ, ...lieu: (string | number)[]): Ligne =>
    Object.fromEntries(
      (champ.colonnes ?? []).flatMap((colonne) => {
        const valeur = lire(colonne, nomControle(champ.code, ...lieu, colonne.code))
        return valeur === undefined ? [] : [[colonne.code, valeur] as const]
      }),
    )
  for (const champ of champs) {
    if (champ.genre === 'calcul') continue
    if (champ.genre === 'lignes') {
      // An emptied line closes up, unless it holds something that could not be read: it keeps its place with it.
      const lues = Array.from({ length: lignesMax(champ) }, (_, rang) => lireLigne(champ, rang))
      const tenues = lues.map((ligne, rang) => ({
        ligne,
        rang,
        fautes: Object.entries(invalides).filter(([nom]) => nom.startsWith(`${champ.code}.${rang}.`)),
      }))
      const gardees = tenues.filter(({ ligne, fautes }) => Object.keys(ligne).length > 0 || fautes.length > 0)
      for (const { fautes } of gardees) for (const [nom] of fautes) delete invalides[nom]
      for (const [place, { fautes }] of gardees.entries())
        for (const [nom, texte] of fautes) invalides[nomControle(champ.code, place, nom.split('.')[2] ?? '')] = texte
      if (gardees.length > 0) valeurs[champ.code] = gardees.map(({ ligne }) => ligne)
    } else if (champ.genre === 'tableau') {
      const rangs = (champ.rangs ?? [])
        .map(({ code }) => [code, lireLigne(champ, code)] as const)
        .filter(([, ligne]) => Object.keys(ligne).length > 0)
      if (rangs.length > 0) valeurs[champ.code] = Object.fromEntries(rangs)
    } else {
      const valeur = lire(champ, champ.code)
      if (valeur !== undefined) valeurs[champ.code] = valeur
    }
  }
  return { valeurs, invalides }
}

const PREMIER_JOUR = Temporal.PlainDate.from('0001-01-01')

/** What is wrong with something kept as typed: the sentence shown beside its control. */
export function direErreur(champs: readonly Champ[], nom: string, texte: string): string {
  const parties = nom.split('.')
  const champ = champs.find(({ code }) => code === parties[0])
  const vise = parties.length > 1 ? champ?.colonnes?.find(({ code }) => code === parties.at(-1)) : champ
  // Kept as typed, a date that can be read was one to come on the day it was sent.
  return (vise && lireSimple(vise, [texte], PREMIER_JOUR).erreur) ?? 'Ce qui est écrit n’a pas pu être lu.'
}

/** Name of the first answer, among those that apply, dated after a day whereas it tells what happened; undefined when there is none. */
export function direAVenir(
  modele: Pick<Modele, 'groupes'>,
  donnees: Valeurs,
  jour: Temporal.PlainDate,
): string | undefined {
  const valeurs = retenir(modele, donnees)
  return champsDe(modele.groupes).find((champ) => {
    const valeur = valeurs[champ.code]
    if (champ.genre !== 'lignes' && champ.genre !== 'tableau') return estAVenir(champ, valeur as Simple, jour)
    return Object.values((valeur ?? {}) as Readonly<Record<string, Ligne>>).some((ligne) =>
      champ.colonnes?.some((colonne) => estAVenir(colonne, ligne[colonne.code], jour)),
    )
  })?.libelle
}

/** Whether a condition holds. What is unknown is no answer: it fulfils no « parmi », and is against no « sauf ». */
export function estRemplie(si: Champ['si'], valeurs: Valeurs): boolean {
  if (!si) return true
  const valeur = valeurs[si.champ]
  const reponses = Array.isArray(valeur) ? valeur : [valeur]
  const repond = (admises: readonly string[]) =>
    reponses.some((reponse) => typeof reponse === 'string' && admises.includes(reponse))
  return si.parmi === undefined ? !repond(si.sauf ?? []) : repond(si.parmi)
}

/** The answers to questions that apply. Another one stays in the draft, in case its question comes back: it is neither counted, printed nor told to another module. */
export function retenir(modele: Pick<Modele, 'groupes'>, valeurs: Valeurs): Valeurs {
  const retenues: Record<string, Valeur> = {}
  for (const groupe of modele.groupes) {
    if (!estRemplie(groupe.si, retenues)) continue
    for (const { code, si } of groupe.champs) {
      const valeur = valeurs[code]
      // A condition is on a field before it: what depends on an answer left out is left out.
      if (valeur !== undefined && estRemplie(si, retenues)) retenues[code] = valeur
    }
  }
  return retenues
}

/** A computed field: its result, and the terms nobody gave. */
export interface Calcul {
  readonly valeur: Nombre
  readonly manque: readonly string[]
}

const enNombre = (valeur: unknown): Nombre => (typeof valeur === 'number' ? valeur : null)

function termesDe(nom: string, valeurs: Valeurs, calcules: ReadonlyMap<string, Calcul>): readonly Nombre[] {
  const [source = '', colonne] = nom.split('.')
  if (colonne === undefined) return [calcules.get(source)?.valeur ?? enNombre(valeurs[source])]
  const tableau = valeurs[source]
  if (typeof tableau !== 'object') return []
  return Object.values(tableau as Record<string, Ligne>).map((ligne) => enNombre(ligne[colonne]))
}

/** Computes every computed field of the answers that apply, in the order of the form: the same code for screens, paper, and what a module reads. */
export function calculer(modele: Pick<Modele, 'groupes'>, donnees: Valeurs): ReadonlyMap<string, Calcul> {
  const valeurs = retenir(modele, donnees)
  const champs = modele.groupes.filter(({ si }) => estRemplie(si, valeurs)).flatMap((groupe) => groupe.champs)
  const calcules = new Map<string, Calcul>()
  for (const { code, genre, fonction, de = [] } of champs) {
    if (genre !== 'calcul' || fonction === undefined) continue
    const manque = de.flatMap((nom) => {
      if (nom.includes('.') || termesDe(nom, valeurs, calcules)[0] !== null) return []
      const terme = champs.find((un) => un.code === nom)
      // A term that does not apply is not missing.
      return terme && estRemplie(terme.si, valeurs) ? [terme.libelle] : []
    })
    calcules.set(code, { valeur: FONCTIONS[fonction](de.flatMap((nom) => termesDe(nom, valeurs, calcules))), manque })
  }
  return calcules
}

/** A computed value in words. */
export function ecrireCalcul({ fonction, unite = 'nombre' }: Champ, { valeur }: Pick<Calcul, 'valeur'>): string {
  if (valeur === null) return fonction === 'somme' ? 'non renseigné' : 'non calculable'
  if (unite === 'euros') return formatMontant(valeur)
  return unite === 'pour_cent' ? `${formatNombre(valeur)} %` : formatNombre(valeur)
}

const libelleOption = (champ: Champ | Colonne, code: string): string =>
  champ.options?.find((une) => une.code === code)?.libelle ?? code

/** One answer in words. */
export function ecrireSimple(champ: Champ | Colonne, valeur: Simple): string {
  if (Array.isArray(valeur)) return valeur.map((code) => libelleOption(champ, code)).join(' ; ')
  if (typeof valeur === 'number') return champ.genre === 'montant' ? formatMontant(valeur) : String(valeur)
  const texte = valeur as string
  switch (champ.genre) {
    case 'date':
      return formatDate(texte)
    case 'mois':
      return texte.split('-').reverse().join('/')
    case 'oui_non':
      return texte === 'oui' ? 'Oui' : 'Non'
    case 'choix':
      return libelleOption(champ, texte)
    default:
      return texte
  }
}

/** Any value in words: lines one after the other. */
export function ecrireValeur(champ: Champ, valeur: Valeur | undefined): string {
  if (valeur === undefined) return ''
  const ecrireLigne = (ligne: Ligne): string =>
    (champ.colonnes ?? [])
      .flatMap((colonne) => {
        const cellule = ligne[colonne.code]
        return cellule === undefined ? [] : [`${colonne.libelle} : ${ecrireSimple(colonne, cellule)}`]
      })
      .join(', ')
  if (champ.genre === 'lignes') return (valeur as readonly Ligne[]).map(ecrireLigne).join(' ; ')
  if (champ.genre === 'tableau') {
    const rangs = valeur as Readonly<Record<string, Ligne>>
    return (champ.rangs ?? [])
      .flatMap(({ code, libelle }) => (rangs[code] ? [`${libelle} (${ecrireLigne(rangs[code])})`] : []))
      .join(' ; ')
  }
  return ecrireSimple(champ, valeur as Simple)
}

/** What a control shows of a value: dates and amounts as people type them. */
export function enControle(champ: Champ | Colonne, valeur: Simple | undefined): string {
  if (valeur === undefined || Array.isArray(valeur)) return ''
  if (champ.genre === 'montant' && typeof valeur === 'number') return (valeur / 100).toFixed(2).replace('.', ',')
  if (champ.genre === 'mois') return String(valeur).split('-').reverse().join('/')
  return String(valeur)
}

export const memeValeur = (a: Valeur | undefined, b: Valeur | undefined): boolean =>
  JSON.stringify(a) === JSON.stringify(b)

/** Fields of a form, in order, each with its group. */
export const champsDe = (groupes: readonly Groupe[]): Champ[] => groupes.flatMap(({ champs }) => champs)
