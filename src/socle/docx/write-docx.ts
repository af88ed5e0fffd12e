import type { FileChild, Paragraph, TextRun } from 'docx'

/** A piece of text; nothing a person typed is ever markup. */
export interface DocxRun {
  readonly text: string
  readonly bold?: boolean
}

/** What a document is made of, in reading order. */
export type DocxBlock =
  | { readonly kind: 'heading'; readonly level: 1 | 2 | 3; readonly runs: readonly DocxRun[] }
  | {
      readonly kind: 'paragraph'
      readonly runs: readonly DocxRun[]
      readonly align?: 'right'
      /** Smaller and grey: a mention under the text. */
      readonly small?: boolean
    }
  | { readonly kind: 'list'; readonly ordered: boolean; readonly items: readonly (readonly DocxRun[])[] }
  /** Lines kept together, behind a vertical rule. */
  | { readonly kind: 'aside'; readonly lines: readonly (readonly DocxRun[])[] }
  /** A row of headings, repeated on each page, then rows of as many cells. */
  | { readonly kind: 'table'; readonly header: readonly string[]; readonly rows: readonly (readonly string[])[] }
  /** Lines at a fixed place of the page, in millimetres from its top left corner: the window of an envelope. */
  | {
      readonly kind: 'placed'
      readonly x: number
      readonly y: number
      readonly width: number
      readonly height: number
      readonly lines: readonly (readonly DocxRun[])[]
    }
  /** An image as high as said, in millimetres; it is decorative unless `alt` says what it shows. */
  | {
      readonly kind: 'image'
      readonly type: 'png' | 'jpg'
      readonly bytes: Uint8Array
      readonly width: number
      readonly height: number
      readonly alt: string
    }
  | { readonly kind: 'page-break' }

export interface DocxDocument {
  readonly title: string
  /** At the foot of each page. */
  readonly footer?: string
  /** Millimetres; 20 all around by default. */
  readonly margins?: { readonly x: number; readonly top: number; readonly bottom: number }
  readonly blocks: readonly DocxBlock[]
}

const TWIPS_PER_MM = 1440 / 25.4
const PIXELS_PER_MM = 96 / 25.4
const twips = (mm: number): number => Math.round(mm * TWIPS_PER_MM)
const GREY = '3B4C52'
/** A face with serifs that every office suite has or replaces by one of the same widths. */
const FONT = 'Liberation Serif'
/** Characters XML refuses: a document that holds one does not open. */
const UNWRITABLE = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu

/**
 * Writes a document for a word processor: A4, French, real headings, lists and tables, so that whoever edits it keeps its structure. The library is loaded at
 * the first document: the server that writes none does not hold it.
 */
export async function writeDocx({ title, footer, margins, blocks }: DocxDocument): Promise<Buffer> {
  const docx = await import('docx')
  const clean = (text: string): string => text.replace(UNWRITABLE, '')
  const write = (runs: readonly DocxRun[], small = false): TextRun[] =>
    runs.map(
      ({ text, bold }) =>
        new docx.TextRun({ text: clean(text), bold: bold ?? false, ...(small ? { size: 18, color: GREY } : {}) }),
    )
  const levels = [docx.HeadingLevel.HEADING_1, docx.HeadingLevel.HEADING_2, docx.HeadingLevel.HEADING_3] as const
  let ordered = 0
  const cell = (text: string, header: boolean) =>
    new docx.TableCell({
      margins: { left: twips(1.5), right: twips(1.5), top: twips(0.8), bottom: twips(0.8) },
      children: [new docx.Paragraph({ spacing: { after: 0 }, children: write([{ text, bold: header }]) })],
    })
  const build = (block: DocxBlock): FileChild[] => {
    switch (block.kind) {
      case 'heading':
        return [new docx.Paragraph({ heading: levels[block.level - 1] ?? levels[2], children: write(block.runs) })]
      case 'paragraph':
        return [
          new docx.Paragraph({
            children: write(block.runs, block.small),
            ...(block.align === 'right' ? { alignment: docx.AlignmentType.RIGHT } : {}),
          }),
        ]
      case 'list': {
        if (block.ordered) ordered += 1
        const numbering = block.ordered
          ? { reference: 'ordered', level: 0, instance: ordered }
          : { reference: 'bullets', level: 0 }
        return block.items.map(
          (runs) => new docx.Paragraph({ numbering, spacing: { after: 60 }, children: write(runs) }),
        )
      }
      case 'aside':
        return block.lines.map(
          (runs, rank): Paragraph =>
            new docx.Paragraph({
              children: write(runs),
              keepLines: true,
              keepNext: rank < block.lines.length - 1,
              indent: { left: twips(4) },
              spacing: { after: rank < block.lines.length - 1 ? 0 : 160 },
              border: { left: { style: docx.BorderStyle.SINGLE, size: 12, space: 8, color: GREY } },
            }),
        )
      case 'table':
        return [
          new docx.Table({
            width: { size: 100, type: docx.WidthType.PERCENTAGE },
            rows: [
              new docx.TableRow({ tableHeader: true, children: block.header.map((text) => cell(text, true)) }),
              ...block.rows.map(
                (row) => new docx.TableRow({ cantSplit: true, children: row.map((text) => cell(text, false)) }),
              ),
            ],
          }),
          new docx.Paragraph({ children: [] }),
        ]
      case 'placed':
        return block.lines.map(
          (runs) =>
            new docx.Paragraph({
              children: write(runs),
              spacing: { after: 0 },
              // Neighbouring paragraphs of the same frame share it.
              frame: {
                type: 'absolute',
                position: { x: twips(block.x), y: twips(block.y) },
                width: twips(block.width),
                height: twips(block.height),
                anchor: { horizontal: docx.FrameAnchorType.PAGE, vertical: docx.FrameAnchorType.PAGE },
              },
            }),
        )
      case 'image':
        return [
          new docx.Paragraph({
            children: [
              new docx.ImageRun({
                type: block.type,
                data: block.bytes,
                transformation: {
                  width: Math.round(block.width * PIXELS_PER_MM),
                  height: Math.round(block.height * PIXELS_PER_MM),
                },
                altText: { name: clean(block.alt), description: clean(block.alt), title: clean(block.alt) },
              }),
            ],
          }),
        ]
      case 'page-break':
        return [new docx.Paragraph({ children: [new docx.PageBreak()] })]
    }
  }
  const { x, top, bottom } = margins ?? { x: 20, top: 20, bottom: 20 }
  const level = (format: 'bullet' | 'decimal', text: string) => [
    {
      level: 0,
      format,
      text,
      alignment: docx.AlignmentType.LEFT,
      style: { paragraph: { indent: { left: twips(8), hanging: twips(5) } } },
    },
  ]
  const heading = (size: number) => ({
    run: { font: FONT, size, bold: true, color: '000000' },
    paragraph: { spacing: { before: 240, after: 120 }, keepNext: true },
  })
  const file = new docx.Document({
    title: clean(title),
    creator: 'Amont',
    lastModifiedBy: 'Amont',
    styles: {
      default: {
        document: {
          run: { font: FONT, size: 23, language: { value: 'fr-FR' } },
          paragraph: { spacing: { after: 160 } },
        },
        heading1: heading(30),
        heading2: heading(25),
        heading3: heading(23),
      },
    },
    numbering: {
      config: [
        { reference: 'ordered', levels: level('decimal', '%1.') },
        { reference: 'bullets', levels: level('bullet', '•') },
      ],
    },
    sections: [
      {
        properties: {
          page: {
            size: { width: twips(210), height: twips(297) },
            margin: { left: twips(x), right: twips(x), top: twips(top), bottom: twips(bottom) },
          },
        },
        ...(footer === undefined
          ? {}
          : {
              footers: {
                default: new docx.Footer({
                  children: [new docx.Paragraph({ children: write([{ text: footer }], true) })],
                }),
              },
            }),
        children: blocks.flatMap(build),
      },
    ],
  })
  return docx.Packer.toBuffer(file)
}
