const STARTS_LIKE_FORMULA = /^[ \u00a0\u202f]*[=+\-@\t\r\n＝＋－＠]/u
const FORMULA_AFTER_SEPARATOR = /[;,|\t\r\n][=+\-@＝＋－＠]/u

/**
 * Would a spreadsheet run this text as a formula? True when it starts with `=`, `+`, `-`, `@`, a tab or a line break, their
 * full-width forms included, edge spaces aside, or when one of the signs follows a separator inside the text (a tool that cuts
 * the cell there would run the rest).
 */
export function isFormulaLike(value: string): boolean {
  return STARTS_LIKE_FORMULA.test(value) || FORMULA_AFTER_SEPARATOR.test(value)
}

/** Puts an apostrophe before a text that a spreadsheet would run; any other text is returned as it is. */
export function neutralizeFormula(value: string): string {
  return isFormulaLike(value) ? `'${value}` : value
}

/** Undoes `neutralizeFormula`, so that a file we wrote reads back as the value it was made from. */
export function restoreFormula(value: string): string {
  return value.startsWith("'") && isFormulaLike(value.slice(1)) ? value.slice(1) : value
}
