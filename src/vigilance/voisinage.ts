import { createHash } from 'node:crypto'
import type { Session } from '#acces'
import type { IdentiteDossier } from '#dossiers'
import { normaliserAdresse } from '#rapprochement'
import { refus } from '#socle/errors'

/** The street, without the number, and the commune, hashed for one account: the same street gives another hash for somebody else. */
function hacherRue(dept: string, compte: string, voie: string, codeInsee: string): Buffer {
  return createHash('sha256').update(`${dept}|${compte}|${voie}|${codeInsee}`).digest()
}

/**
 * Keeps the street somebody who works here lives in, so that the dossiers of neighbours call for a look. Only a hash is kept: it can be tried, not read. An
 * empty address forgets it.
 */
export async function declarerVoisinage(
  session: Session,
  demande: { compte: string; adresse: string; codeInsee: string | null },
): Promise<void> {
  const { sql, dept } = session
  if (demande.adresse.trim() === '') {
    await sql`delete from voisinage where dept = ${dept} and compte = ${demande.compte}`
  } else {
    const { voie } = normaliserAdresse(demande.adresse)
    if (voie === '' || demande.codeInsee === null)
      throw refus(
        'voisinage.adresse',
        'Écrire une rue et une commune du département : « 12 rue des Forges », « Autun ».',
      )
    const empreinte = hacherRue(dept, demande.compte, voie, demande.codeInsee)
    await sql`insert into voisinage (dept, compte, empreinte, declare_a) values (${dept}, ${demande.compte}, ${empreinte}, ${session.maintenant})
      on conflict (dept, compte) do update set empreinte = excluded.empreinte, declare_a = excluded.declare_a`
  }
  session.consigner({ action: 'voisinage.declarer', objet: 'compte', objetId: demande.compte })
}

/** Says whether an account declared the street of a dossier. */
export async function lireVoisinages(session: Session): Promise<(compte: string, dossier: IdentiteDossier) => boolean> {
  const lignes = await session.sql<{
    compte: string
    empreinte: Buffer
  }>`select compte, empreinte from voisinage where dept = ${session.dept}`
  const parCompte = new Map(lignes.map(({ compte, empreinte }) => [compte, empreinte]))
  return (compte, { adresse, codeInsee }) => {
    const connue = parCompte.get(compte)
    if (!connue || codeInsee === null) return false
    const { voie } = normaliserAdresse(adresse)
    return voie !== '' && hacherRue(session.dept, compte, voie, codeInsee).equals(connue)
  }
}
