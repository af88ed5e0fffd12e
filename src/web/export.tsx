import type { ReactElement } from 'react'
import { type Sheet, writeCsv, writeOds, writeXlsx } from '#socle/tableur'
import { Bouton } from './composants/index.ts'
import type { Reponse } from './route.ts'

const FORMATS = {
  xlsx: { type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', ecrire: writeXlsx },
  ods: { type: 'application/vnd.oasis.opendocument.spreadsheet', ecrire: writeOds },
  csv: { type: 'text/csv; charset=utf-8', ecrire: writeCsv },
} as const satisfies Record<string, { type: string; ecrire: (sheet: Sheet) => Promise<Uint8Array> }>
export type FormatExport = keyof typeof FORMATS
export const FORMATS_EXPORT = Object.keys(FORMATS) as FormatExport[]

/** A sheet as a file to keep. `nom` has no extension. */
export async function enFichier(nom: string, feuille: Sheet, format: FormatExport): Promise<Reponse> {
  const { type, ecrire } = FORMATS[format]
  return { genre: 'fichier', nom: `${nom}.${format}`, type, octets: await ecrire(feuille) }
}

/** « Exporter ces 12 engagements », and the two other formats. `lien` gives the address of a format. */
export function BoutonsExport({
  quoi,
  lien,
}: {
  /** « ces 12 engagements ». */
  quoi: string
  lien: (format: FormatExport) => string
}): ReactElement {
  return (
    <>
      <Bouton petit icone="import" fichier href={lien('xlsx')}>
        Exporter {quoi}
      </Bouton>
      <Bouton petit fichier href={lien('ods')} libelleLu={`ODS : exporter ${quoi} en ODS`}>
        ODS
      </Bouton>
      <Bouton petit fichier href={lien('csv')} libelleLu={`CSV : exporter ${quoi} en CSV`}>
        CSV
      </Bouton>
    </>
  )
}
