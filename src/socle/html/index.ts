export { createRenderer, Kept, type Written } from './render.ts'
