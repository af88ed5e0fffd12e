import { readdirSync, readFileSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'

/** Kernel ticks are hundredths of a second on Linux. */
const TICK_MS = 10

/** `recueillis` adds what children that ended had spent: backends come and go with the pool. */
function ticks(pid: number, recueillis = false): number {
  try {
    const champs = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ')
    return champs.slice(11, recueillis ? 15 : 13).reduce((somme, champ) => somme + Number(champ), 0)
  } catch {
    return 0
  }
}

const parent = (pid: string): number => {
  try {
    return Number(
      readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) /, '')
        .split(' ')[1],
    )
  } catch {
    return -1
  }
}

/** CPU spent by a PostgreSQL server since its start, in ms: the postmaster and every process it has or had. */
export function cpuPostgres(postmaster: number): number {
  const enfants = readdirSync('/proc').filter((nom) => /^\d+$/.test(nom) && parent(nom) === postmaster)
  return (ticks(postmaster, true) + enfants.reduce((somme, pid) => somme + ticks(Number(pid)), 0)) * TICK_MS
}

/** CPU spent by one process since its start, in ms. */
export const cpuProcessus = (pid: number): number => ticks(pid) * TICK_MS

/** Resident memory of a process, in MB. */
export function memoire(pid: number): number {
  const match = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
  return Math.round(Number(match?.[1] ?? 0) / 1000)
}

export interface Cout {
  readonly murMs: number
  readonly cpuMs: number
  readonly cpuPostgresMs: number
  readonly boucleMs: number
}

/** Runs work in this process and tells what it cost: wall, CPU here and in the processes it started and that ended, CPU of PostgreSQL, and the longest time the event loop was held. */
export async function mesurer<T>(postmaster: number, travail: () => Promise<T>): Promise<{ cout: Cout; resultat: T }> {
  const boucle = monitorEventLoopDelay({ resolution: 5 })
  const avantPg = cpuPostgres(postmaster)
  const avant = ticks(process.pid, true)
  boucle.enable()
  const depart = performance.now()
  const resultat = await travail()
  const murMs = performance.now() - depart
  boucle.disable()
  return {
    resultat,
    cout: {
      murMs: Math.round(murMs),
      cpuMs: (ticks(process.pid, true) - avant) * TICK_MS,
      cpuPostgresMs: Math.round(cpuPostgres(postmaster) - avantPg),
      boucleMs: Math.round(boucle.max / 1e6 - 5),
    },
  }
}

export interface Ligne {
  readonly mesure: string
  readonly valeur: string
  readonly but: string
  readonly detail: string
}

/** Figures as a table, in Markdown. */
export function ecrireTableau(lignes: readonly Ligne[]): string {
  return [
    '| Mesure | Valeur | But | Détail |',
    '|---|---|---|---|',
    ...lignes.map((ligne) => `| ${ligne.mesure} | ${ligne.valeur} | ${ligne.but} | ${ligne.detail} |`),
  ].join('\n')
}
