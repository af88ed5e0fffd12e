import type { CommandementDePayer, DejaSollicite, Faits, ImpayeAideLogement, Service } from '#referentiel'
import { ErreurFaits, lireFaits, lireJour, SERVICES, suggerer } from '#referentiel'

/** A situation of the file that cannot be read; every one is reported before anything is evaluated. */
export class ErreurSituations extends Error {
  override readonly name = 'ErreurSituations'
  constructor(phrases: readonly string[]) {
    super(phrases.join('\n'))
  }
}

/** One situation given to `amont essayer repartition` or `criteres`. */
export interface SituationFaits {
  readonly id: string | null
  readonly jour: Temporal.PlainDate | null
  readonly faits: Faits
  readonly dejaSollicites: readonly DejaSollicite[]
}

/** One situation given to `amont essayer seuils`. */
export type SituationSeuil = { readonly id: string | null } & (
  | { readonly type: 'commandement_de_payer'; readonly acte: CommandementDePayer }
  | { readonly type: 'impaye_caf' | 'impaye_msa'; readonly impaye: ImpayeAideLogement }
)

export type Objet = Readonly<Record<string, unknown>>

/** A JSON file → its situations: one object, a list, or `{"situations": [...]}`. Throws `ErreurSituations`. */
export function decouperSituations(texte: string): readonly Objet[] {
  let lu: unknown
  try {
    lu = JSON.parse(texte.replace(/^\ufeff/, ''))
  } catch (erreur) {
    throw new ErreurSituations([`Ce fichier n’est pas du JSON lisible (${(erreur as Error).message}).`])
  }
  if (estObjet(lu) && lu.situations !== undefined && !Array.isArray(lu.situations))
    throw new ErreurSituations(['« situations » : une liste est attendue, entre crochets.'])
  const liste = Array.isArray(lu) ? lu : estObjet(lu) && Array.isArray(lu.situations) ? lu.situations : [lu]
  const fautes = liste.flatMap((situation, rang) =>
    estObjet(situation) ? [] : [`Situation n° ${rang + 1} : un objet est attendu, entre accolades.`],
  )
  if (fautes.length > 0) throw new ErreurSituations(fautes)
  return liste
}

/** Facts of each situation, checked against the vocabulary. Throws `ErreurSituations` with every fault of every situation. */
export function lireSituationsFaits(situations: readonly Objet[]): readonly SituationFaits[] {
  return chacune(situations, (situation, signaler) => {
    const { id, jour, deja_sollicites: sollicites, faits: groupes, ...reste } = situation
    if (groupes !== undefined && Object.keys(reste).length > 0) {
      signaler(
        `Les faits sont dans « faits » ou à côté de « id », pas aux deux endroits : ${Object.keys(reste).join(', ')}.`,
      )
    }
    let faits: Faits = {}
    try {
      faits = lireFaits(groupes ?? reste)
    } catch (erreur) {
      if (!(erreur instanceof ErreurFaits)) throw erreur
      for (const { message } of erreur.problemes) signaler(message)
    }
    return {
      id: lireId(id, signaler),
      jour: lireDate('jour', jour, signaler) ?? null,
      faits,
      dejaSollicites: lireSollicites(sollicites, signaler),
    }
  })
}

/** What is known of each act or unpaid rent. Throws `ErreurSituations` with every fault of every situation. */
export function lireSituationsSeuils(situations: readonly Objet[]): readonly SituationSeuil[] {
  return chacune(situations, (situation, signaler): SituationSeuil => {
    const { id, type, ...champs } = situation
    const identite = lireId(id, signaler)
    if (typeof type !== 'string' || !estTypeSeuil(type)) {
      const types = Object.keys(CHAMPS_SEUILS)
      const proche = typeof type === 'string' ? suggerer(type, types) : ''
      signaler(`« type » doit valoir ${types.join(', ')} ; reçu : ${JSON.stringify(type) ?? 'rien'}.${proche}`)
      return { id: identite, type: 'commandement_de_payer', acte: {} }
    }
    const valeurs = lireChamps(champs, CHAMPS_SEUILS[type], signaler)
    if (type === 'commandement_de_payer') return { id: identite, type, acte: valeurs }
    return { id: identite, type, impaye: valeurs }
  })
}

/**
 * An amount in euros as partners write it (`1 400,00 €`, `1400.5`) → integer cents. At most two decimals, no letters, no
 * exponent, below one million. A JSON number is read as it is written. Nothing when it is not one.
 */
export function lireMontant(valeur: unknown): number | undefined {
  const texte = (typeof valeur === 'number' ? String(valeur) : typeof valeur === 'string' ? valeur : '')
    .replace(/[\s\u00a0\u202f]/g, '')
    .replace(/€$/, '')
  const morceaux = /^(\d{1,6})(?:[.,](\d{1,2}))?$/.exec(texte)
  if (!morceaux) return undefined
  return Number(morceaux[1]) * 100 + Number((morceaux[2] ?? '').padEnd(2, '0'))
}

/** How a key of a situation is written. */
export type Genre = 'montant' | 'date' | 'booleen' | 'entier' | 'texte'

/** Keys of a situation and where they go. The names of the import format are admitted beside the short ones. */
const COMMUNS = {
  dette: ['montant', 'dette'],
  montant_dette: ['montant', 'dette'],
  loyer: ['montant', 'loyer'],
} as const
const IMPAYE = {
  ...COMMUNS,
  date_constitution: ['date', 'date_constitution'],
  jour: ['date', 'jour'],
  charges: ['montant', 'charges'],
  aide: ['montant', 'aide'],
  montant_aide: ['montant', 'aide'],
  tiers_payant: ['booleen', 'tiers_payant'],
  aide_versee_au_bailleur: ['booleen', 'tiers_payant'],
  premier_defaut: ['date', 'premier_defaut'],
  dette_depuis: ['date', 'premier_defaut'],
  termes_impayes: ['entier', 'termes_impayes'],
} as const
const CHAMPS_SEUILS = {
  commandement_de_payer: {
    ...COMMUNS,
    date_acte: ['date', 'date_acte'],
    bailleur_nature: ['texte', 'bailleur_nature'],
    dette_depuis: ['date', 'dette_depuis'],
    mois_d_impaye: ['entier', 'mois_d_impaye'],
  },
  impaye_caf: IMPAYE,
  impaye_msa: IMPAYE,
} as const satisfies Record<string, Record<string, readonly [Genre, string]>>

/** Says what is wrong in a situation. */
export type Signaler = (phrase: string) => void

/** Reads each situation; every fault of every one is told, with its rank. Throws `ErreurSituations`. */
export function chacune<T>(
  situations: readonly Objet[],
  lire: (situation: Objet, signaler: Signaler) => T,
): readonly T[] {
  const fautes: string[] = []
  const lues = situations.map((situation, rang) => {
    const nom = typeof situation.id === 'string' ? ` (${situation.id})` : ''
    return lire(situation, (phrase) => fautes.push(`Situation n° ${rang + 1}${nom} : ${phrase}`))
  })
  if (fautes.length > 0) throw new ErreurSituations(fautes)
  return lues
}

/** The values of declared keys, amounts in cents. */
export function lireChamps(
  champs: Objet,
  declares: Readonly<Record<string, readonly [Genre, string]>>,
  signaler: Signaler,
): Record<string, never> {
  const admis = Object.entries(declares).flatMap(([cle, [genre]]) =>
    genre === 'montant' ? [cle, `${cle}_centimes`] : [cle],
  )
  const valeurs: Record<string, unknown> = {}
  for (const [cle, brut] of Object.entries(champs)) {
    const enCentimes = cle.endsWith('_centimes')
    const declare = declares[enCentimes ? cle.slice(0, -'_centimes'.length) : cle]
    if (!declare || !admis.includes(cle)) {
      signaler(`Clé inconnue « ${cle} ». Clés admises : ${admis.join(', ')}.${suggerer(cle, admis)}`)
      continue
    }
    const [genre, champ] = declare
    if (brut === null) continue
    if (champ in valeurs) signaler(`« ${cle} » redonne une valeur déjà donnée sous un autre nom.`)
    valeurs[champ] = enCentimes ? lireEntier(cle, brut, signaler) : LECTEURS[genre](cle, brut, signaler)
  }
  return valeurs as Record<string, never>
}

const LECTEURS = {
  montant: (cle, brut, signaler) => {
    const centimes = lireMontant(brut)
    if (centimes === undefined) {
      signaler(`« ${cle} » attend un montant en euros, comme "1 400,00" ou 1400.5 ; reçu : ${JSON.stringify(brut)}.`)
    }
    return centimes
  },
  date: lireDate,
  booleen: (cle, brut, signaler) => {
    if (typeof brut === 'boolean') return brut
    if (typeof brut === 'string' && /^(oui|non)$/i.test(brut)) return brut.toLowerCase() === 'oui'
    signaler(`« ${cle} » attend true ou false ; reçu : ${JSON.stringify(brut)}.`)
    return undefined
  },
  entier: lireEntier,
  texte: (cle, brut, signaler) => {
    if (cle === 'bailleur_nature' && typeof brut === 'string' && NATURES.includes(brut)) return brut
    const proche = typeof brut === 'string' ? suggerer(brut, NATURES) : ''
    signaler(`« ${cle} » attend ${NATURES.join(', ')} ; reçu : ${JSON.stringify(brut)}.${proche}`)
    return undefined
  },
} satisfies Record<Genre, (cle: string, brut: unknown, signaler: Signaler) => unknown>

const NATURES = [
  'personne_physique',
  'sci_familiale',
  'personne_morale',
  'bailleur_social',
  'commune',
  'ais_aivs',
] as const satisfies readonly string[] as readonly string[]

/** `2026-11-20` or `20/11/2026`; anything else is told. */
export function lireDate(cle: string, brut: unknown, signaler: Signaler): Temporal.PlainDate | undefined {
  if (brut === undefined || brut === null) return undefined
  const francais = typeof brut === 'string' ? /^(\d{2})\/(\d{2})\/(\d{4})$/.exec(brut) : null
  const iso = francais ? `${francais[3]}-${francais[2]}-${francais[1]}` : brut
  const jour = typeof iso === 'string' ? lireJour(iso) : undefined
  if (!jour) signaler(`« ${cle} » attend une date existante, AAAA-MM-JJ ; reçu : ${JSON.stringify(brut)}.`)
  return jour
}

function lireEntier(cle: string, brut: unknown, signaler: Signaler): number | undefined {
  if (typeof brut === 'number' && Number.isSafeInteger(brut) && brut >= 0) return brut
  signaler(`« ${cle} » attend un nombre entier ; reçu : ${JSON.stringify(brut)}.`)
  return undefined
}

/** The name given to a situation, if any. */
export function lireId(brut: unknown, signaler: Signaler): string | null {
  if (brut === undefined || brut === null) return null
  if (typeof brut === 'string' || typeof brut === 'number') return String(brut)
  signaler(`« id » attend un texte ; reçu : ${JSON.stringify(brut)}.`)
  return null
}

/** `["ccas"]` or `[{"service": "ccas", "regle": "…"}]`. */
function lireSollicites(brut: unknown, signaler: Signaler): readonly DejaSollicite[] {
  if (brut === undefined || brut === null) return []
  if (!Array.isArray(brut)) {
    signaler('« deja_sollicites » attend une liste de services.')
    return []
  }
  return brut.flatMap((element: unknown) => {
    const { service, regle } = typeof element === 'string' ? { service: element, regle: undefined } : champsDe(element)
    if (typeof service === 'string' && estService(service) && (regle === undefined || typeof regle === 'string')) {
      return [{ service, ...(regle === undefined ? {} : { regle }) }]
    }
    const codes = Object.keys(SERVICES)
    const proche = typeof service === 'string' ? suggerer(service, codes) : ''
    signaler(`Service inconnu ${JSON.stringify(element)}. Services : ${codes.join(', ')}.${proche}`)
    return []
  })
}

function champsDe(element: unknown): { service?: unknown; regle?: unknown } {
  return estObjet(element) ? element : {}
}

function estService(code: string): code is Service {
  return Object.hasOwn(SERVICES, code)
}

function estTypeSeuil(type: string): type is keyof typeof CHAMPS_SEUILS {
  return Object.hasOwn(CHAMPS_SEUILS, type)
}

function estObjet(valeur: unknown): valeur is Record<string, unknown> {
  return typeof valeur === 'object' && valeur !== null && !Array.isArray(valeur)
}
