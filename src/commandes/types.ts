/** One subcommand of `amont`. Arguments are parsed by the command itself with node:util parseArgs. */
export interface Commande {
  readonly nom: string
  /** One line, French, shown by `amont --help`. */
  readonly resume: string
  /** French help of the command, shown by `amont <nom> --help`. */
  readonly aide: string
  /** Runs and returns the exit code: 0 done, 1 refused or failed, 2 wrong arguments. Writes results on standard output, messages on standard error. */
  executer(args: readonly string[]): Promise<number>
}
