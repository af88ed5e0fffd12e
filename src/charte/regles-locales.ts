import { type Application, acteurSysteme, type LireRegles, ouvrirSession } from '#acces'
import { ErreurDonnees, lireVersion, type Referentiel, superposerVersions, type VersionLue } from '#referentiel'
import { listerTextesApprouves } from './lecture.ts'

/**
 * Composes what is shipped with what each département approved. A département is read again only when its stamp moves, in the transaction that saw it
 * move: every process and every node follows an approval at its next session, without restart.
 */
export function creerReglesLocales(livre: Referentiel): LireRegles {
  const connus = new Map<string, { readonly stamp: number; readonly referentiel: Referentiel }>()
  return (dept, stamp, trx) => {
    if (stamp === 0) return livre
    const connu = connus.get(dept)
    if (connu?.stamp === stamp) return connu.referentiel
    return composer(livre, dept, trx).then((referentiel) => {
      connus.set(dept, { stamp, referentiel })
      return referentiel
    })
  }
}

async function composer(livre: Referentiel, dept: string, trx: Parameters<LireRegles>[2]): Promise<Referentiel> {
  const versions: VersionLue[] = (await listerTextesApprouves(trx, dept)).map(({ genre, cle, texte }) =>
    lireVersion(genre, texte, cle),
  )
  return superposerVersions(livre, dept, versions)
}

/** An application whose sessions read the shipped référentiel with the versions each département approved. */
export function avecReglesLocales<A extends Application>(application: A): A {
  return { ...application, regles: creerReglesLocales(application.referentiel) }
}

/**
 * Reads every approved version once, at start: one that this release of Amont can no longer read stops it, like a broken file, with its place. Applying the
 * shipped rules in its stead would be deciding for the département.
 */
export async function verifierReglesLocales(application: Application): Promise<void> {
  const problemes: ErreurDonnees['problemes'][number][] = []
  for (const dept of application.referentiel.departements.keys()) {
    const textes = await ouvrirSession(
      { ...application, regles: undefined },
      acteurSysteme(dept, 'verifier-regles'),
      'regle.consulter',
      (session) => listerTextesApprouves(session, dept),
    )
    for (const { genre, cle, texte } of textes) {
      try {
        lireVersion(genre, texte, cle)
      } catch (erreur) {
        if (!(erreur instanceof ErreurDonnees)) throw erreur
        problemes.push(...erreur.problemes)
      }
    }
  }
  if (problemes.length > 0) throw new ErreurDonnees(problemes)
}
