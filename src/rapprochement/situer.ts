import type { Session } from '#acces'
import { consignerFaits } from '#dossiers'
import { memoriserSituation, oublierSituation, type Situation } from '#signalements'
import { deriverDossiers } from './deriver.ts'
import { repartirApres } from './suites.ts'

const TAILLE = 500

/** Dossiers of signalements whose place changed: derived again, and their service decided again. */
async function reprendre(
  session: Session,
  signalements: readonly string[],
  type: 'dossier.situe' | 'dossier.situation_defaite',
): Promise<string[]> {
  const dossiers = (
    await session.sql<{ dossier: string }>`select distinct dossier from rattachement
      where dept = ${session.dept} and signalement = any (${signalements}::uuid[]) and defait_a is null order by dossier`
  ).map(({ dossier }) => dossier)
  for (let i = 0; i < dossiers.length; i += TAILLE) await deriverDossiers(session, dossiers.slice(i, i + TAILLE))
  await consignerFaits(
    session,
    dossiers.map((dossier) => ({ dossier, type })),
  )
  await repartirApres(session, dossiers)
  return dossiers
}

/** A person says where a name is (TER-04): remembered for the next imports; the dossiers that carry it get their territory, and a service of that place. */
export async function situerCommune(
  session: Session,
  demande: { nom: string; codePostal: string; situation: Situation },
): Promise<{ alias: string; signalements: number; dossiers: string[] }> {
  const { alias, signalements } = await memoriserSituation(session, demande)
  const dossiers = await reprendre(session, signalements, 'dossier.situe')
  return { alias, signalements: signalements.length, dossiers }
}

/** Takes back where a name is: its dossiers have again the place the lists alone give them. */
export async function defaireSituation(session: Session, alias: string): Promise<{ nom: string; dossiers: string[] }> {
  const { nom, signalements } = await oublierSituation(session, alias)
  return { nom, dossiers: await reprendre(session, signalements, 'dossier.situation_defaite') }
}
