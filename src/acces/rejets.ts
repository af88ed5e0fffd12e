import type { Transaction } from '#socle/db'
import { Introuvable } from '#socle/errors'
import { type Mail, type Mailer, refusalOf } from '#socle/mail'
import type { Session } from './session.ts'

/** An address a mail server refused for good, until it is tried again or changed. */
export interface CourrielRefuse {
  readonly id: string
  readonly compte: string
  readonly nom: string
  readonly courriel: string
  readonly organismes: readonly string[]
  /** Answer of the mail server. */
  readonly code: number
  readonly statut: string | null
  readonly a: Temporal.Instant
}

/**
 * Sends a mail to the address an account has now. An address already refused is not tried again, unless somebody waits for this very mail (`malgre`); one the server
 * refuses for good is kept, shown to whoever can mend it, and the act goes on: false. A server that does not answer, or says « later », throws, and the queue tries again.
 */
export async function expedier(
  { sql }: Pick<Transaction, 'sql'>,
  courrier: Mailer,
  destinataire: { readonly dept: string; readonly compte: string; readonly courriel: string },
  mail: Omit<Mail, 'to'>,
  maintenant: Temporal.Instant,
  { malgre = false }: { readonly malgre?: boolean } = {},
): Promise<boolean> {
  const { dept, compte, courriel } = destinataire
  const [connu] = await sql`select 1 from courriel_refuse
    where dept = ${dept} and compte = ${compte}::uuid and courriel = ${courriel} and repris_a is null`
  if (connu && !malgre) return false
  try {
    await courrier.send({ ...mail, to: courriel })
    // It took this one: the refusal is over.
    if (connu)
      await sql`update courriel_refuse set repris_a = ${maintenant}
        where dept = ${dept} and compte = ${compte}::uuid and courriel = ${courriel} and repris_a is null`
    return true
  } catch (erreur) {
    const refuse = refusalOf(erreur)
    if (!refuse) throw erreur
    await sql`insert into courriel_refuse (dept, compte, courriel, code, statut, a)
      values (${dept}, ${compte}::uuid, ${courriel}, ${refuse.code}, ${refuse.status}, ${maintenant})
      on conflict (dept, compte, courriel) where repris_a is null do nothing`
    return false
  }
}

/** Addresses that no mail reaches, of open accounts, the oldest refusal first. */
export function listerCourrielsRefuses({ sql, dept, jour }: Session): Promise<CourrielRefuse[]> {
  return sql<CourrielRefuse>`
    select x.id, x.compte, c.prenom || ' ' || c.nom as nom, x.courriel, x.code, x.statut, x.a,
      array(select distinct o.nom from habilitation h join organisme o on o.dept = ${dept} and o.id = h.organisme
        where h.dept = ${dept} and h.compte = c.id and h.retiree_a is null and h.du <= ${jour} and (h.jusqu_au is null or h.jusqu_au >= ${jour})) as organismes
    from courriel_refuse x join compte c on c.dept = ${dept} and c.id = x.compte and c.courriel = x.courriel and c.ferme_a is null
    where x.dept = ${dept} and x.repris_a is null order by x.a, x.id`
}

/** Whether mails reach one's own address; null when they do, else since when they do not. */
export async function monCourrielRefuse({ sql, dept, acteur }: Session): Promise<Temporal.Instant | null> {
  const [refuse] = await sql<{ a: Temporal.Instant }>`
    select x.a from courriel_refuse x join compte c on c.dept = ${dept} and c.id = x.compte and c.courriel = x.courriel
    where x.dept = ${dept} and x.compte = ${acteur.compte}::uuid and x.repris_a is null`
  return refuse?.a ?? null
}

/** Lets mails leave again for an address that was mended on its own side: the next one says whether it was. Returns whose it is. */
export async function reprendreCourriel(session: Session, id: string): Promise<string> {
  const { sql, dept, acteur, maintenant } = session
  const [repris] = await sql<{ compte: string }>`
    update courriel_refuse set repris_a = ${maintenant}, repris_par = ${acteur.compte}::uuid
    where dept = ${dept} and id = ${id}::uuid and repris_a is null returning compte`
  if (!repris) throw new Introuvable()
  session.consigner({ action: 'courriel.reprendre', objet: 'compte', objetId: repris.compte })
  return repris.compte
}
