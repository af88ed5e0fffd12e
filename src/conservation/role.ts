import { compile, type Database, type Fragment } from '#socle/db'

/** Runs one statement and gives its rows. Values are parameters, never text; a fragment brings its own. */
export type Requete = <Ligne = Record<string, unknown>>(
  texte: string | Fragment,
  valeurs?: readonly unknown[],
) => Promise<Ligne[]>

/**
 * One transaction under the role that erases, the only one that may: the application's own has no such right. `simuler` takes everything back at the end.
 */
export async function enEffacement<T>(
  { base, dept, jour }: { readonly base: Database; readonly dept: string; readonly jour: Temporal.PlainDate },
  travail: (requete: Requete) => Promise<T>,
  simuler = false,
): Promise<T> {
  const client = await base.pool.connect()
  let perdu: Error | undefined
  try {
    await client.query('begin')
    await client.query(
      `select set_config('app.dept', $1, true), set_config('app.jour', $2, true), set_config('role', 'amont_conservation', true)`,
      [dept, jour.toString()],
    )
    const resultat = await travail(async <Ligne>(texte: string | Fragment, valeurs: readonly unknown[] = []) => {
      const { text, parameters } =
        typeof texte === 'string' ? { text: texte, parameters: valeurs } : compile(texte.strings, texte.values)
      return (await client.query(text, [...parameters])).rows as Ligne[]
    })
    await client.query(simuler ? 'rollback' : 'commit')
    return resultat
  } catch (erreur) {
    await client.query('rollback').catch((cause: Error) => {
      perdu = cause
    })
    throw erreur
  } finally {
    // A connection that cannot even go back is not given to anyone else.
    client.release(perdu)
  }
}
