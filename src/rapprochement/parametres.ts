import type { Session } from '#acces'
import {
  deplierFiche,
  estimerParametres,
  type Fiche,
  type FicheTassee,
  type Parametres,
  parametresInitiaux,
} from './moteur/index.ts'

export interface ParametresLus {
  readonly cle: string
  readonly parametres: Parametres
}

/** Parameters in force: the base's own estimate when it has one, otherwise those shipped. */
export async function lireParametres(session: Session): Promise<Parametres> {
  return (await relireParametres(session, null)).parametres
}

/** The same, read again only when another estimate is in force: they are large, and so is what comparisons prepare from them. */
export async function relireParametres(session: Session, connus: ParametresLus | null): Promise<ParametresLus> {
  const { sql, dept } = session
  const [actifs] = await sql<{ version: string; estime_a: Temporal.Instant }>`select version, estime_a
    from parametres_rapprochement where dept = ${dept} and actif`
  const cle = actifs ? `${actifs.version} ${actifs.estime_a}` : ''
  if (connus?.cle === cle) return connus
  const [ligne] = actifs
    ? await sql<{
        contenu: Parametres
      }>`select contenu from parametres_rapprochement where dept = ${dept} and version = ${actifs.version}`
    : []
  return { cle, parametres: ligne?.contenu ?? parametresInitiaux() }
}

const MINIMUM = 2000
const ECHANTILLON = 6000

/**
 * Estimates the parameters on the fiches of the base and puts them in force as a new version; earlier versions stay, and each attachment keeps the one it was
 * decided with. Returns the version, or null when the base is too small to learn from.
 */
export async function reestimerParametres(session: Session): Promise<string | null> {
  const lignes = await session.sql<{
    contenu: FicheTassee | Fiche
  }>`select contenu from fiche where dept = ${session.dept} order by signalement limit ${ECHANTILLON}`
  if (lignes.length < MINIMUM) return null
  const version = `base-${session.jour}`
  const parametres = estimerParametres(
    lignes.map((ligne) => deplierFiche(ligne.contenu)),
    { graine: 71, version },
  )
  await session.sql`update parametres_rapprochement set actif = false where dept = ${session.dept} and actif`
  await session.sql`insert into parametres_rapprochement (dept, version, contenu, estime_a, actif)
    values (${session.dept}, ${version}, ${JSON.stringify(parametres)}::jsonb, ${session.maintenant}, true)
    on conflict (dept, version) do update set contenu = excluded.contenu, estime_a = excluded.estime_a, actif = true`
  session.consigner({ action: 'rapprochement.estimer', details: { version, fiches: lignes.length } })
  return version
}
