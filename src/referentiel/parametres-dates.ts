import { z } from 'zod'
import {
  CLES_PARAMETRES,
  type CleParametre,
  definitionParametre,
  type Unite,
  type ValeurParametre,
} from './parametres.ts'
import { ecrireReserve, periode, provenance, rangIncoherent, type SourceReglementaire, versionAu } from './source.ts'
import type { ValeursParametres } from './vocabulaire.ts'
import { type DocumentYaml, fichierDonnees, type Probleme, suggerer, texteRempli } from './yaml.ts'

const versionParametre = z.strictObject({
  ...periode,
  /** null: the département has not given it; what depends on it is « à vérifier ». */
  valeur: z.union([z.int(), z.string(), z.boolean(), z.null()]),
  remarque: texteRempli.optional(),
  ...provenance,
})

/** Shape of `parametres.yaml`: one entry per setting, each with its versions. */
export const schemaParametres = fichierDonnees({
  parametres: z.record(z.string(), z.strictObject({ versions: z.array(versionParametre).min(1) })),
})
export type FichierParametres = z.output<typeof schemaParametres>
export type VersionParametre = z.output<typeof versionParametre>

/** What a département must carry for its settings to be read. */
export interface AvecParametres {
  readonly parametres: Readonly<Partial<Record<CleParametre, { readonly versions: readonly VersionParametre[] }>>>
}

/** The answer about a setting on a day. An empty or absent setting is an answer with its reason, never a default taken elsewhere. */
export type ReponseParametre<T> =
  | {
      readonly etat: 'valeur'
      readonly valeur: T
      readonly unite: Unite | null
      readonly du: Temporal.PlainDate
      readonly source: SourceReglementaire
      readonly reserve: string | null
    }
  | { readonly etat: 'a_completer' | 'aucune_version'; readonly valeur: null; readonly motif: string }

/** Names, types and periods of the settings. */
export function verifierParametres(document: DocumentYaml<FichierParametres>): Probleme[] {
  return Object.entries(document.valeur.parametres).flatMap(([cle, { versions }]) => {
    const ou = ['parametres', cle] as const
    if (!estCle(cle)) {
      const message = `Paramètre inconnu « ${cle} ».${suggerer(cle, CLES_PARAMETRES)}`
      return [document.probleme(ou, message, { cle: true })]
    }
    const problemes = versions.flatMap((version, rang) => {
      const message = refuserValeur(cle, version.valeur)
      return message ? [document.probleme([...ou, 'versions', rang, 'valeur'], message)] : []
    })
    const rang = rangIncoherent(versions)
    if (rang >= 0) {
      const message = 'Les versions se suivent par date croissante, sans se chevaucher.'
      problemes.push(document.probleme([...ou, 'versions', rang, 'du'], message))
    }
    return problemes
  })
}

/** The value of a setting of the département on `jour`, with its source and reserve, or why there is none. */
export function parametre<C extends CleParametre>(
  dept: AvecParametres,
  cle: C,
  jour: Temporal.PlainDate,
): ReponseParametre<ValeurParametre<C>> {
  const version = versionAu(dept.parametres[cle]?.versions ?? [], jour)
  const { sens, unite } = definitionParametre(cle)
  if ('aucune' in version) {
    return { etat: 'aucune_version', valeur: null, motif: `Paramètre « ${sens} » : ${version.aucune}.` }
  }
  if (version.valeur === null) {
    return { etat: 'a_completer', valeur: null, motif: `Paramètre « ${sens} » : à compléter par le département.` }
  }
  return {
    etat: 'valeur',
    // The type was checked against the declaration when the file was read.
    valeur: version.valeur as ValeurParametre<C>,
    unite,
    du: version.du,
    source: version.source,
    reserve: ecrireReserve(version),
  }
}

/** Settings last read, per département: thousands of situations are evaluated on one day. Data never change once loaded. */
const lues = new WeakMap<AvecParametres['parametres'], { jour: Temporal.PlainDate; valeurs: ValeursParametres }>()

/** The settings in force on a day, as words of conditions; an empty one is left out. */
export function valeursParametres(dept: AvecParametres, jour: Temporal.PlainDate): ValeursParametres {
  const connues = lues.get(dept.parametres)
  if (connues?.jour.equals(jour)) return connues.valeurs
  const valeurs: ValeursParametres = Object.fromEntries(
    CLES_PARAMETRES.flatMap((cle) => {
      const { valeur } = parametre(dept, cle, jour)
      return valeur === null ? [] : [[cle, valeur]]
    }),
  )
  lues.set(dept.parametres, { jour, valeurs })
  return valeurs
}

/** The settings a département has left empty, or for which no version applies on `jour`: the alert shown until they are given. */
export function listerParametresACompleter(dept: AvecParametres, jour: Temporal.PlainDate): readonly CleParametre[] {
  return CLES_PARAMETRES.filter((cle) => cle in dept.parametres && parametre(dept, cle, jour).etat !== 'valeur')
}

function estCle(cle: string): cle is CleParametre {
  return CLES_PARAMETRES.some((connue) => connue === cle)
}

function refuserValeur(cle: CleParametre, valeur: VersionParametre['valeur']): string | null {
  const { type, valeurs, unite } = definitionParametre(cle)
  if (valeur === null) return null
  if (type === 'int') return Number.isSafeInteger(valeur) ? null : 'Un nombre entier est attendu.'
  if (type === 'bool') return typeof valeur === 'boolean' ? null : 'true ou false est attendu.'
  if (typeof valeur !== 'string') return 'Un texte est attendu.'
  if (unite === 'mois_jour' && !/^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/.test(valeur)) {
    return 'Un jour de l’année est attendu, écrit MM-JJ.'
  }
  if (valeurs === undefined || valeurs.includes(valeur)) return null
  return `Valeur inconnue « ${valeur} ». Valeurs admises : ${valeurs.join(', ')}.${suggerer(valeur, valeurs)}`
}
