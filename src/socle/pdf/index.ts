export { type RenderingFiles, type RenderingPace, renderPdf, renderPdfs } from './render.ts'
