export { connect, type Database, type DatabaseSettings } from './connect.ts'
export {
  type Contexte,
  dansContexte,
  type Execute,
  lireDansContexte,
  type OpenTransaction,
  type Transaction,
} from './context.ts'
export { catalogueFaults } from './lint.ts'
export { migrate } from './migrate.ts'
export { SERVER_LOG_SETTINGS, serverLogFaults } from './server-log.ts'
export { compile, type Fragment, sql } from './sql.ts'
