import { type Charte, type DepartementCharge, ecrireJour, type Indicateur } from '#referentiel'
import { Introuvable } from '#socle/errors'
import { lireDepartement } from '../regles/regles.tsx'
import type { Requete } from '../route.ts'

/** Where a document stands on a day. */
export type EtatCharte = 'en_vigueur' | 'expiree' | 'a_venir'

/** The document a page reads, chosen by the address or by the day, and how to write addresses that keep that choice. */
export interface LectureCharte {
  readonly departement: DepartementCharge
  readonly charte: Charte
  readonly etat: EtatCharte
  /** Every indicator known, by id, whatever document follows it. */
  readonly catalogue: ReadonlyMap<string, Indicateur>
  /** The document that follows, when one is written. */
  readonly suivante: Charte | null
  readonly jour: Temporal.PlainDate
  /** Day on which the document answers about a situation: today, or its last day once it has ended. */
  readonly jourUtile: Temporal.PlainDate
  /** Address of another page about the same document. Empty values are left out. */
  lien(chemin: string, champs?: Readonly<Record<string, string | undefined>>): string
}

const compare = Temporal.PlainDate.compare

function etatDe({ du, jusqu_au }: Pick<Charte, 'du' | 'jusqu_au'>, jour: Temporal.PlainDate): EtatCharte {
  if (compare(jour, du) < 0) return 'a_venir'
  return jusqu_au && compare(jour, jusqu_au) > 0 ? 'expiree' : 'en_vigueur'
}

/** The document in force on a day; without one, the last that was; without any, the first to come. */
function choisirCharte(chartes: readonly Charte[], jour: Temporal.PlainDate): Charte | undefined {
  return chartes.findLast(({ du }) => compare(du, jour) <= 0) ?? chartes[0]
}

/** Short name of a document in addresses: its folder. */
export const cleCharte = ({ id }: Pick<Charte, 'id'>): string => id.split('/').at(-1) ?? ''

/** Reads which document the address is about. An unknown one does not exist. */
export function lireCharte({ session, recherche }: Pick<Requete, 'session' | 'recherche'>): LectureCharte {
  const departement = lireDepartement(session)
  const { chartes } = departement
  const courante = choisirCharte(chartes, session.jour)
  const demandee = recherche.charte
  const charte =
    demandee === undefined || demandee === '' ? courante : chartes.find((une) => cleCharte(une) === demandee)
  if (!charte) throw new Introuvable()
  const etat = etatDe(charte, session.jour)
  return {
    departement,
    charte,
    etat,
    catalogue: session.referentiel.indicateurs,
    suivante: chartes[chartes.indexOf(charte) + 1] ?? null,
    jour: session.jour,
    jourUtile: etat === 'a_venir' ? charte.du : etat === 'expiree' ? (charte.jusqu_au ?? session.jour) : session.jour,
    lien: (chemin, champs = {}) => {
      const requete = new URLSearchParams()
      for (const [cle, valeur] of Object.entries(champs)) if (valeur) requete.append(cle, valeur)
      if (charte !== courante) requete.append('charte', cleCharte(charte))
      const [page = '', ancre] = chemin.split('#')
      const suite = requete.toString()
      return `${page}${suite && `?${suite}`}${ancre === undefined ? '' : `#${ancre}`}`
    },
  }
}

/** How near its term a document is (CHA-08): revision to prepare from eighteen months, urgent from twelve. */
export function alerteTerme({
  charte,
  etat,
  jour,
}: LectureCharte): { mois: 18 | 12; terme: Temporal.PlainDate } | null {
  const terme = charte.jusqu_au
  if (!terme || etat !== 'en_vigueur') return null
  const seuil = ([12, 18] as const).find((mois) => compare(jour, terme.subtract({ months: mois })) >= 0)
  return seuil === undefined ? null : { mois: seuil, terme }
}

/** « dans 2 mois », « dans 12 jours », « aujourd’hui »: how far a term is. */
export function ecrireReste(jour: Temporal.PlainDate, terme: Temporal.PlainDate): string {
  const mois = jour.until(terme, { largestUnit: 'months' }).months
  if (mois >= 2) return `dans ${mois} mois`
  const jours = jour.until(terme, { largestUnit: 'days' }).days
  return jours === 0 ? 'aujourd’hui' : `dans ${jours} jour${jours > 1 ? 's' : ''}`
}

/** Since when no document holds, once the last one has ended. */
export const ecrireFin = (terme: Temporal.PlainDate): string => ecrireJour(terme.add({ days: 1 }))
