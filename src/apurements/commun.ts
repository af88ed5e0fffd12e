import type { Session } from '#acces'
import { refus } from '#socle/errors'

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** Money is written by a person of an organisme, from a form that carries its mark. */
export function exigerAuteur(session: Session, envoi: string): { compte: string; organisme: string } {
  const { compte, organisme } = session.acteur
  if (!compte || !organisme) throw refus('apurement.auteur', 'Cette saisie est faite par une personne d’un organisme.')
  if (!UUID.test(envoi))
    throw refus('apurement.envoi', 'Ce formulaire est incomplet. Revenir au dossier et recommencer.')
  return { compte, organisme }
}

/** Trimmed, refused when empty or too long. */
export function exigerMotif(texte: string, code: string, vide: string): string {
  const net = texte.replace(/\r\n/g, '\n').trim()
  if (net === '') throw refus(code, vide)
  if (net.length > 500) throw refus(code, `Raccourcir à 500 caractères : il y en a ${net.length}.`)
  return net
}
