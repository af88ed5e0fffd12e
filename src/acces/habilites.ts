import type { Role } from './droits.ts'
import type { Session } from './session.ts'

/** Somebody who has an account, with the last habilitation it was given. */
export interface CompteHabilite {
  readonly id: string
  readonly prenom: string
  readonly nom: string
  readonly courriel: string
  readonly role: Role
  readonly organisme: string
  readonly organismeNom: string
  readonly territoires: readonly string[] | null
}

/** Every account that was ever habilitated, by name: whoever left still stands in the journal. */
export function listerComptesHabilites(session: Session): Promise<CompteHabilite[]> {
  const { dept, jour } = session
  return session.sql<CompteHabilite>`
    select c.id, c.prenom, c.nom, c.courriel, h.role, h.organisme, o.nom as "organismeNom", coalesce(h.territoires, o.territoires) as territoires
    from compte c
    cross join lateral (select * from habilitation h where h.dept = ${dept} and h.compte = c.id and h.du <= ${jour}
      order by coalesce(h.jusqu_au >= ${jour}, true) desc, h.du desc, h.id limit 1) h
    join organisme o on o.dept = ${dept} and o.id = h.organisme
    where c.dept = ${dept} order by c.nom collate "fr-x-icu", c.prenom collate "fr-x-icu", c.id`
}

/** The account of an address, or nothing. */
export async function trouverCompte(session: Session, courriel: string): Promise<CompteHabilite | null> {
  const cherche = courriel.trim().toLowerCase()
  return (await listerComptesHabilites(session)).find((compte) => compte.courriel === cherche) ?? null
}
