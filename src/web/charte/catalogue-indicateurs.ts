import type { Indicateur, IndicateurSuivi, Producteur, Provenance, Ventilation } from '#referentiel'
import type { LectureCharte } from './lecture.ts'

/** An indicator the document follows, or only cites: a sheet, its history or a target names it. */
export interface IndicateurDuDocument {
  /** Number among those the document follows; null when it is only cited. */
  readonly numero: number | null
  readonly indicateur: Indicateur
  readonly producteurs: readonly Producteur[]
  readonly ventilations: readonly Ventilation[]
  /** Where the document says it; null when it is only cited. */
  readonly suivi: Provenance | null
}

const enDocument = (suivi: IndicateurSuivi): IndicateurDuDocument => ({
  numero: suivi.numero,
  indicateur: suivi.indicateur,
  producteurs: suivi.producteurs,
  ventilations: suivi.ventilations,
  suivi,
})

/** Every indicator of a document, those it follows first, by number; one that is followed under several numbers has several lines. */
export function listerIndicateurs({
  charte,
  catalogue,
}: Pick<LectureCharte, 'charte' | 'catalogue'>): readonly IndicateurDuDocument[] {
  const suivis = charte.indicateurs.toSorted((a, b) => a.numero - b.numero).map(enDocument)
  const connus = new Set(suivis.map(({ indicateur }) => indicateur.id))
  const cites = new Set([
    ...charte.fiches.flatMap(({ indicateurs = [] }) => indicateurs),
    ...(charte.historique?.lignes ?? []).map(({ indicateur }) => indicateur),
    ...(charte.cibles?.cibles ?? []).flatMap(({ indicateurs }) => indicateurs),
  ])
  const autres = [...cites].flatMap((id): IndicateurDuDocument[] => {
    const indicateur = connus.has(id) ? undefined : catalogue.get(id)
    return indicateur ? [{ numero: null, indicateur, producteurs: [], ventilations: [], suivi: null }] : []
  })
  return [...suivis, ...autres]
}

/** Name of an indicator in addresses: its number, or its id when it has none. */
export const cheminIndicateur = ({ numero, indicateur }: Pick<IndicateurDuDocument, 'numero' | 'indicateur'>): string =>
  `/charte/indicateurs/${numero ?? indicateur.id}`

/** The indicator an address names. */
export function trouverIndicateur(lecture: LectureCharte, cle: string): IndicateurDuDocument | undefined {
  const tous = listerIndicateurs(lecture)
  return tous.find(({ numero }) => String(numero) === cle) ?? tous.find(({ indicateur }) => indicateur.id === cle)
}

/** The indicator of a document that has this id in the catalogue. */
export const trouverParId = (lecture: LectureCharte, id: string): IndicateurDuDocument | undefined =>
  listerIndicateurs(lecture).find(({ indicateur }) => indicateur.id === id)
