import type { Session } from '#acces'
import { anneeDe, type ComptesDesCommissions, compterLesCommissions } from '#commission'
import { maskCounts, type Sum } from '#socle/disclosure'

/** A year of the commissions, and what of it is not shown. */
export interface AnneeComptee {
  /** Counts, by place; a place that is not there counts nothing. */
  readonly cellules: ReadonlyMap<string, number>
  /** Places not shown: too few households, or what would give these back. */
  readonly masquees: ReadonlySet<string>
  readonly compares: ComptesDesCommissions['compares']
}

export const TOTAL = '*'

/** Place of a figure: of one commission, or of all together (`''`). */
export const cellule = (cle: string, detail: string, commission: string): string => `${cle}|${detail}|${commission}`

/** Figures that name a number of households: those that are masked when published. Sessions name none. */
const SEANCES = ['tenue', 'annulee', 'prevue']

/** A figure that another holds: what is left of the whole is as telling as the part. */
const PARTIES = [
  { tout: 'recommandation', detail: '', partie: 'avdl' },
  { tout: 'avdl', detail: '', partie: 'avdl-suivie' },
  { tout: 'examen', detail: TOTAL, partie: 'dossier' },
] as const

/** Figures that the commissions do not add up to: a dossier two of them took up is one. */
const DISTINCTS = ['dossier', 'cud', 'reste dossier']

/** Counts of a year, by figure and commission; a total is the sum of its parts. */
function ranger({ activite, compares }: ComptesDesCommissions): Map<string, number> {
  const cellules = new Map<string, number>()
  const ajouter = (place: string, n: number) => cellules.set(place, (cellules.get(place) ?? 0) + n)
  for (const { commission, cle, detail, n } of activite) {
    ajouter(cellule(cle, detail, commission ?? ''), n)
    if (cle === 'avis' || cle === 'annulee') ajouter(cellule(cle, TOTAL, commission ?? ''), n)
    if (cle === 'avis' || cle === 'recommandation') ajouter(cellule('prononce', TOTAL, commission ?? ''), n)
  }
  for (const { commission, stade, reponse, n } of compares)
    if (reponse === null)
      for (const une of [commission, ''])
        for (const detail of [stade, TOTAL]) ajouter(cellule('examen', detail, une), n)
  return cellules
}

/**
 * What is not shown of the activity of a year: parts of one total, commissions of the whole. What is left of a figure that holds another counts as one that nothing shows:
 * few households without a measure are no more found than few with it.
 */
function masquer(comptees: ReadonlyMap<string, number>, seuil: number): ReadonlySet<string> {
  const cellules = new Map([...comptees].filter(([place]) => !SEANCES.includes(place.split('|')[0] ?? '')))
  const valeur = (place: string): number => cellules.get(place) ?? 0
  const sommes: Sum[] = []
  const sommer = (total: string, parts: readonly string[]) => sommes.push({ total, parts })
  const restes: string[] = []
  const places = [...cellules.keys()].map((place) => place.split('|') as [string, string, string])
  const commissions = [...new Set(places.flatMap(([, , une]) => une || []))]
  const parts = (cle: string, une: string) => [
    ...new Set(
      places.flatMap(([sienne, detail]) => (sienne === cle && detail !== TOTAL ? cellule(cle, detail, une) : [])),
    ),
  ]
  for (const une of [...commissions, '']) {
    const total = (cle: string) => cellule(cle, TOTAL, une)
    sommer(total('examen'), parts('examen', une))
    sommer(total('examen'), parts('saisine', une))
    sommer(total('avis'), parts('avis', une))
    sommer(total('prononce'), parts('retour', une))
    sommer(total('prononce'), [total('avis'), cellule('recommandation', '', une)])
    for (const { tout, detail, partie } of PARTIES) {
      const [total, reste] = [cellule(tout, detail, une), cellule(`reste ${partie}`, '', une)]
      cellules.set(reste, valeur(total) - valeur(cellule(partie, '', une)))
      restes.push(reste)
      sommer(total, [cellule(partie, '', une), reste])
    }
  }
  for (const place of cellules.keys()) {
    const [cle = '', detail = '', une] = place.split('|')
    if (une === '' && !DISTINCTS.includes(cle))
      sommer(
        place,
        commissions.map((sienne) => cellule(cle, detail, sienne)),
      )
  }
  return maskCounts(
    cellules,
    sommes,
    seuil,
    restes.filter((reste) => valeur(reste) >= seuil),
  )
}

/** Counts of a year, with what of them is not shown. `seuil`: nothing below it is; null: all is. Pure. */
export function lireComptes(comptes: ComptesDesCommissions, seuil: number | null): AnneeComptee {
  const cellules = ranger(comptes)
  const { compares } = comptes
  return { cellules, compares, masquees: seuil === null ? new Set() : masquer(cellules, seuil) }
}

/** Reads a year of the commissions the session pilots, as it may be published or, without `seuil`, as it is. */
export const compterAnnee = async (session: Session, annee: number, seuil: number | null): Promise<AnneeComptee> =>
  lireComptes(await compterLesCommissions(session, anneeDe(annee)), seuil)
