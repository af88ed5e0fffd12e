import type { Session } from '#acces'
import { refus } from '#socle/errors'

export interface VueEnregistree {
  readonly id: string
  readonly nom: string
  readonly requete: string
}

/** The reader's own saved views, by name. */
export function listerVues(session: Session): Promise<VueEnregistree[]> {
  return session.sql<VueEnregistree>`select id, nom, requete from vue_enregistree
    where dept = ${session.dept} and compte = ${session.acteur.compte} order by nom collate "fr-x-icu"`
}

/** Keeps a filter under a name of the reader's choice; the same name replaces the view. Returns whether it did. */
export async function enregistrerVue(session: Session, nom: string, requete: string): Promise<boolean> {
  if (nom.trim() === '' || nom.length > 60) throw refus('vue.nom', 'Donner à la vue un nom de 60 caractères au plus.')
  if (requete.length > 600) throw refus('vue.requete', 'Ce filtre est trop long pour être gardé.')
  const remplacees =
    await session.sql`delete from vue_enregistree where dept = ${session.dept} and compte = ${session.acteur.compte} and nom = ${nom.trim()} returning id`
  await session.sql`insert into vue_enregistree (dept, compte, nom, requete, cree_a)
    values (${session.dept}, ${session.acteur.compte}, ${nom.trim()}, ${requete}, ${session.maintenant})`
  return remplacees.length > 0
}

/** Forgets a saved view. */
export async function oublierVue(session: Session, id: string): Promise<void> {
  await session.sql`delete from vue_enregistree where dept = ${session.dept} and compte = ${session.acteur.compte} and id = ${id}`
}
