export { type RenderingFiles, renderPdf, renderPdfs } from './render.ts'
