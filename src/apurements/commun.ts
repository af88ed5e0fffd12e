import type { Session } from '#acces'
import type { Dossier } from '#dossiers'
import { type Fragment, sql } from '#socle/db'
import { refus } from '#socle/errors'
import { isUuid } from '#socle/text'

type DossierTenu = Pick<Dossier, 'id' | 'clos_le'>

/** Whether the money of a dossier may still be written: an exceptional access only reads, a closed dossier no longer changes. */
export const estTenable = ({ acteur }: Pick<Session, 'acteur'>, { id, clos_le }: DossierTenu): boolean =>
  clos_le === null && !acteur.exceptionnels?.includes(id)

/** Money is written by a person of an organisme, in an open dossier. */
export function exigerTenue(
  session: Session,
  dossier: Pick<DossierTenu, 'clos_le'>,
): { compte: string; organisme: string } {
  const { compte, organisme } = session.acteur
  if (!compte || !organisme) throw refus('apurement.auteur', 'Cette saisie est faite par une personne d’un organisme.')
  if (dossier.clos_le !== null)
    throw refus('apurement.clos', 'Ce dossier est clos : le rouvrir avant d’y noter une dette, un budget ou un plan.')
  return { compte, organisme }
}

/** The same, from a form that carries its mark. */
export function exigerAuteur(
  session: Session,
  dossier: DossierTenu,
  envoi: string,
): { compte: string; organisme: string } {
  const auteur = exigerTenue(session, dossier)
  if (!isUuid(envoi)) throw refus('apurement.envoi', 'Ce formulaire est incomplet. Revenir au dossier et recommencer.')
  return auteur
}

/** Two people who write in the same money do it one after the other: the second reads what the first wrote. */
export async function verrouiller({ sql, dept }: Session, { id }: Pick<Dossier, 'id'>): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`argent:${dept}:${id}`}, 0))`
}

/** The dossier and those made one with it: what `dossier` of a row of money may be. Their money is read with it as long as they are united. */
export const reunisAvec = (dossier: string): Fragment => sql`(select public.dossiers_reunis(${dossier}::uuid))`

/** Trimmed, refused when empty or too long. */
export function exigerMotif(texte: string, code: string, vide: string): string {
  const net = texte.replace(/\r\n/g, '\n').trim()
  if (net === '') throw refus(code, vide)
  if (net.length > 500) throw refus(code, `Raccourcir à 500 caractères : il y en a ${net.length}.`)
  return net
}
