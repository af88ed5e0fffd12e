import type { Database } from './connect.ts'

/**
 * What keeps rows and values out of the log of PostgreSQL: by default a refused write copies the failing row and the statement into it. Set by the embedded
 * launcher; asked of an external server.
 */
export const SERVER_LOG_SETTINGS = {
  log_error_verbosity: 'terse',
  log_min_error_statement: 'panic',
  log_statement: 'none',
  log_parameter_max_length: '0',
  log_parameter_max_length_on_error: '0',
} as const

/** A setting of the server that would write contents into its log. */
export interface ServerLogFault {
  readonly setting: string
  readonly expected: string
  readonly found: string
}

/** Reads the settings as they hold for the application's own connections. No fault means nothing personal reaches the log of the server. */
export async function serverLogFaults(base: Database): Promise<ServerLogFault[]> {
  const faults: ServerLogFault[] = []
  for (const [setting, expected] of Object.entries(SERVER_LOG_SETTINGS)) {
    const { rows } = await base.pool.query('select current_setting($1) as found', [setting])
    const { found } = rows[0] as { found: string }
    if (found !== expected) faults.push({ setting, expected, found })
  }
  // Plans of slow statements hold the values compared.
  const { rows } = await base.pool.query(`select current_setting('auto_explain.log_min_duration', true) as found`)
  const { found } = rows[0] as { found: string | null }
  if (found !== null && found !== '' && found !== '-1')
    faults.push({ setting: 'auto_explain.log_min_duration', expected: '-1', found })
  return faults
}
