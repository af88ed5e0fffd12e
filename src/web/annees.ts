import { formatNombre } from '#socle/typography'
import type { Requete } from './route.ts'

/** Years that yearly figures offer: this one and the nine before. */
const ANNEES = 10

/** The year the address asks for; this one when it is not offered. */
export function lireAnnee({ session, recherche }: Pick<Requete, 'session' | 'recherche'>): number {
  const annee = Number(recherche.annee)
  const { year } = session.jour
  return Number.isInteger(annee) && annee <= year && annee > year - ANNEES ? annee : year
}

/** The years offered, as a choice. */
export const listerAnnees = ({ session }: Requete): { valeur: string; libelle: string }[] =>
  Array.from({ length: ANNEES }, (_, rang) => String(session.jour.year - rang)).map((valeur) => ({
    valeur,
    libelle: valeur,
  }))

/** Stands for a number masked because it is small, or would give one back. */
export const NON_MONTRE = 'non montré'
export const ecrireNombre = (n: number | null | undefined): string => (n === null ? NON_MONTRE : formatNombre(n ?? 0))
