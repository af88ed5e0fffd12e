import type { Session } from '#acces'
import { exigerOuvert } from './cloture.ts'
import { lireDossier } from './lecture.ts'

/**
 * Documents of the acts of a dossier, by act. Only ids: the document and its readers belong to the exchanges, which say what may be seen of it. An act is named
 * by its chain, or by the signalement that reports it.
 */
export async function listerPiecesDesActes(
  session: Session,
  dossier: string,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const lignes = await session.sql<{ acte: string; piece: string }>`select acte, piece from acte_piece
    where dept = ${session.dept} and dossier = ${dossier} and retiree_a is null order by a`
  return new Map(
    [...Map.groupBy(lignes, ({ acte }) => acte)].map(([acte, siennes]) => [acte, siennes.map(({ piece }) => piece)]),
  )
}

/** Ties a document to an act. The caller has read both. Twice changes nothing. */
export async function joindrePiece(
  session: Session,
  demande: { readonly dossier: string; readonly acte: string; readonly piece: string },
): Promise<void> {
  const { id } = await lireDossier(session, demande.dossier)
  await exigerOuvert(session, id)
  await session.sql`insert into acte_piece (dept, dossier, acte, piece, a, compte)
    values (${session.dept}, ${id}, ${demande.acte}, ${demande.piece}, ${session.maintenant}, ${session.acteur.compte})
    on conflict (dept, dossier, acte, piece) where retiree_a is null do nothing`
  session.consigner({
    action: 'acte.joindre',
    objet: 'acte',
    objetId: demande.acte,
    dossiers: [id],
    details: { piece: demande.piece },
  })
}

/** Unties a document from an act; the document stays in the dossier. */
export async function detacherPiece(
  session: Session,
  demande: { readonly dossier: string; readonly acte: string; readonly piece: string },
): Promise<void> {
  const { id } = await lireDossier(session, demande.dossier)
  await exigerOuvert(session, id)
  await session.sql`update acte_piece set retiree_a = ${session.maintenant}, retiree_par = ${session.acteur.compte}
    where dept = ${session.dept} and dossier = ${id} and acte = ${demande.acte} and piece = ${demande.piece} and retiree_a is null`
  session.consigner({
    action: 'acte.detacher',
    objet: 'acte',
    objetId: demande.acte,
    dossiers: [id],
    details: { piece: demande.piece },
  })
}
