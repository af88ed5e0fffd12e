import { createHash } from 'node:crypto'
import type { Session } from '#acces'

/** What the screen of somebody who follows a session shows. */
export interface VueSuivie {
  /** Files of the agenda it names, in order. */
  readonly lignes: readonly { readonly inscription: string; readonly dossier: string }[]
  /** The file in hand, with anything that changes when what is said of it changes. */
  readonly courante: { readonly inscription: string; readonly dossier: string; readonly etat: unknown }
}

const empreinte = (quoi: unknown): string =>
  createHash('sha256').update(JSON.stringify(quoi)).digest('hex').slice(0, 32)

/**
 * Journals what a member who follows a session reads, once for each thing it shows: the whole agenda the first time and when its files change, then a file when it is
 * opened and when what is said of it changes. The screen reads again every few seconds: that alone is no new reading.
 */
export async function consignerSuivi(session: Session, seance: string, { lignes, courante }: VueSuivie): Promise<void> {
  const { dept, acteur, maintenant, sql } = session
  const ordre = empreinte(lignes.map(({ inscription }) => inscription))
  const vue = empreinte(courante.etat)
  const vues = await sql<{ inscription: string; ordre: string; vue: string }>`
    select inscription, ordre, vue from seance_suivi where dept = ${dept} and seance = ${seance} and compte = ${acteur.compte}::uuid`
  const connu = vues.some((une) => une.ordre === ordre)
  if (connu && vues.some((une) => une.inscription === courante.inscription && une.vue === vue)) return
  await sql`insert into seance_suivi (dept, seance, compte, inscription, ordre, vue, a)
    values (${dept}, ${seance}, ${acteur.compte}, ${courante.inscription}, ${ordre}, ${vue}, ${maintenant})
    on conflict (dept, seance, compte, inscription) do update set ordre = excluded.ordre, vue = excluded.vue, a = excluded.a`
  session.consigner({
    action: 'seance.suivre',
    objet: 'seance',
    objetId: seance,
    dossiers: connu ? [courante.dossier] : lignes.map(({ dossier }) => dossier),
  })
}
