export { createRenderer, type Written } from './render.ts'
