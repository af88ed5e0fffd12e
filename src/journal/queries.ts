import { sql, type Transaction } from '#socle/db'

/** One line of the journal: identifiers, never contents. */
export interface Entree {
  readonly action: string
  readonly objet?: string
  readonly objetId?: string
  readonly resultat?: 'fait' | 'refuse'
  readonly details?: Readonly<Record<string, unknown>>
}

interface Auteur {
  readonly dept: string
  readonly compte: string | null
  readonly organisme: string | null
  readonly libelle: string
}

/** Writes in the transaction of the act it records: if the journal cannot be written, the act does not happen. */
export async function consigner(trx: Transaction, auteur: Auteur, a: Temporal.Instant, entree: Entree): Promise<void> {
  await trx.sql`insert into journal (dept, a, compte, organisme, acteur, action, objet, objet_id, resultat, details)
    values (${auteur.dept}, ${a}, ${auteur.compte}, ${auteur.organisme}, ${auteur.libelle}, ${entree.action},
      ${entree.objet ?? null}, ${entree.objetId ?? null}, ${entree.resultat ?? 'fait'}, ${JSON.stringify(entree.details ?? {})})`
}

/** Who did what to one object, newest first. */
export function listerEntrees(trx: Transaction, dept: string, objetId: string, limite = 100) {
  return trx.sql<{
    a: Temporal.Instant
    acteur: string
    action: string
    resultat: string
    details: Record<string, unknown>
  }>`
    select a, acteur, action, resultat, details from journal
    where dept = ${dept} and objet_id = ${objetId} order by id desc limit ${sql.lit(limite)}`
}
