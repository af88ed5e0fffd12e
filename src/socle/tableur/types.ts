/** What a file is, told by its bytes. `csv` stands for any delimited text; `refused` for everything that is never read. */
export type FileKind = 'csv' | 'xlsx' | 'ods' | 'refused'

/** The two kinds of workbook that are read and written. */
export type WorkbookKind = 'xlsx' | 'ods'

/**
 * One cell to write. The kind travels with the value, so a reference such as `0012` stays a text, an amount stays a number
 * with two decimals, and a day is a real date. `cents` is an amount in integer cents of euro.
 */
export type Cell =
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'cents'; readonly value: number }
  | { readonly kind: 'date'; readonly value: Temporal.PlainDate }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | null

/** One sheet to write: the names of the columns, then the rows, which may come from a cursor. */
export interface Sheet {
  readonly name?: string
  readonly header: readonly string[]
  readonly rows: Iterable<readonly Cell[]> | AsyncIterable<readonly Cell[]>
  /** Lines about the file itself: a sheet of their own in a workbook, the last lines of a CSV. */
  readonly mark?: { readonly name: string; readonly lines: readonly string[] } | undefined
}

/** Ceilings applied to a workbook before and while it is read. */
export interface ReadLimits {
  readonly uploadBytes: number
  readonly zipEntries: number
  readonly inflatedBytes: number
  /** Highest inflated-to-compressed ratio of one entry, looked at above one megabyte. */
  readonly ratio: number
  readonly rows: number
  readonly columns: number
  readonly cells: number
  /** Characters of all the cells together: one shared text may be referred to by every cell. */
  readonly characters: number
  readonly heapMegabytes: number
  readonly milliseconds: number
}

export const readLimits: ReadLimits = {
  uploadBytes: 10_000_000,
  zipEntries: 500,
  inflatedBytes: 50_000_000,
  ratio: 100,
  rows: 200_000,
  columns: 200,
  cells: 4_000_000,
  characters: 50_000_000,
  heapMegabytes: 256,
  milliseconds: 30_000,
}

export function text(value: string | null | undefined): Cell {
  return value === null || value === undefined || value === '' ? null : { kind: 'text', value }
}

export function number(value: number | null | undefined): Cell {
  return value === null || value === undefined ? null : { kind: 'number', value }
}

/** An amount in integer cents. */
export function cents(value: number | null | undefined): Cell {
  return value === null || value === undefined ? null : { kind: 'cents', value }
}

export function date(value: Temporal.PlainDate | null | undefined): Cell {
  return value === null || value === undefined ? null : { kind: 'date', value }
}

export function boolean(value: boolean | null | undefined): Cell {
  return value === null || value === undefined ? null : { kind: 'boolean', value }
}
