import { randomUUID } from 'node:crypto'
import { aLeDroit } from '#acces'
import { estTenable } from '#apurements'
import type { Dossier } from '#dossiers'
import { epurerMontant } from '#socle/typography'
import { adresseDossier } from '../espaces.tsx'
import type { Requete } from '../route.ts'

export const ESPACE = 'argent'

export const adresseArgent = (dossier: Pick<Dossier, 'reference'>, suite = ''): string =>
  `${adresseDossier(dossier)}/${ESPACE}${suite}`

/** Drawn with a form, so that sending it twice writes once. */
export const marqueEnvoi = (recue = ''): string => (recue === '' ? randomUUID() : recue)

/** Whether this person writes in the money of this dossier. */
export const peutTenir = ({ acteur }: Requete, dossier: Dossier): boolean =>
  aLeDroit(acteur, 'argent.tenir') && estTenable({ acteur }, dossier)

/** An amount in euros as people type it (`1 400,00 €`) → cents; null when it is none, or empty. */
export function lireMontantSaisi(texte: string): number | null {
  const morceaux = /^(\d{1,6})(?:\.(\d{1,2}))?$/.exec(epurerMontant(texte))
  return morceaux ? Number(morceaux[1]) * 100 + Number((morceaux[2] ?? '').padEnd(2, '0')) : null
}

/** The same, where less than nothing is possible. */
export function lireSoldeSaisi(texte: string): number | null {
  const negatif = /^\s*[-−]/.test(texte)
  const lu = lireMontantSaisi(texte.replace(/^\s*[-−]/, ''))
  return lu !== null && negatif ? 0 - lu : lu
}

/** Cents → an amount as it is typed; empty when not known. */
export const ecrireMontantSaisi = (centimes: number | null | undefined): string =>
  centimes == null ? '' : (centimes / 100).toFixed(2).replace('.', ',')

/** A whole number as people type it; null when it is none. */
export function lireEntierSaisi(texte: string): number | null {
  return /^\d{1,4}$/.test(texte) ? Number(texte) : null
}

/** A month, `AAAA-MM` or `MM/AAAA`; null when it is none. */
export function lireTermeSaisi(texte: string): string | null {
  const [, mois, annee] = /^(\d{1,2})\/(\d{4})$/.exec(texte) ?? []
  const terme = mois && annee ? `${annee}-${mois.padStart(2, '0')}` : texte
  return /^\d{4}-(0[1-9]|1[0-2])$/.test(terme) ? terme : null
}

/** `2026-11` → `11/2026`, as it is typed. */
export const ecrireTermeSaisi = (terme: string | null): string => (terme ? terme.split('-').toReversed().join('/') : '')
