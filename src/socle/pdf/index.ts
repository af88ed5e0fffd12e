export { renderPdf, renderPdfs } from './render.ts'
