export { readDocx } from './read-docx.ts'
export { type DocxBlock, type DocxDocument, type DocxRun, writeDocx } from './write-docx.ts'
