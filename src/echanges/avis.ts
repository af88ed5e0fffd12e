import type { Session } from '#acces'
import { type Evenement, noter } from '#notifications'
import { listerPersonnes } from './lecteurs.ts'

/**
 * Tells those of these organismes who may read the dossier and its exchanges that something waits there, in the transaction that writes it. Never the author, and neither
 * what was written nor by whom.
 */
export async function preparerAvis(
  session: Session,
  dossier: { readonly id: string; readonly territoire: string | null },
  organismes: readonly string[],
  quoi: Pick<Evenement, 'genre' | 'objet' | 'avant'>,
): Promise<void> {
  const personnes = await listerPersonnes(session, dossier, organismes)
  const destinataires = personnes.map(({ id, organisme }) => ({ compte: id, organisme }))
  await noter(session, [{ ...quoi, destinataires, dossier: dossier.id }])
}
