export { consigner, type Entree, listerEntrees } from './queries.ts'
