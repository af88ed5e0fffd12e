export { maskCounts, type Sum } from './mask.ts'
