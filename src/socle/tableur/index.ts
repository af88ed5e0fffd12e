export { writeCsv } from './csv-writer.ts'
export { detectKind, isUtf16Or32 } from './detect-kind.ts'
export { isFormulaLike, neutralizeFormula, restoreFormula } from './formula.ts'
export { judgeOfficeDocument, type OfficeKind } from './office-document.ts'
export { readFirstSheet, readWorkbook } from './read-workbook.ts'
export {
  boolean,
  type Cell,
  cents,
  date,
  type FileKind,
  number,
  type ReadLimits,
  type Sheet,
  text,
  type WorkbookKind,
} from './types.ts'
export { writeOds, writeXlsx } from './write-workbook.ts'
export { ForbiddenXml, localName, scanTags } from './xml-scan.ts'
