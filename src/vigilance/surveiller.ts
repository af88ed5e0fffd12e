import { listerComptesHabilites, type Session } from '#acces'
import { type IdentiteDossier, lireIdentites } from '#dossiers'
import { listerOuvertures, mesurerJournee } from '#journal'
import { listerParticipants } from '#participations'
import { listerEmetteurs } from '#rapprochement'
import { listerOrganismesLies } from '#repartition'
import { leverAlertes } from './alertes.ts'
import { evaluerConsultations } from './evaluer.ts'
import type { SeuilsAcces } from './seuils.ts'
import { lireVoisinages } from './voisinage.ts'

const TAILLE = 2000

/** Reads about many dossiers at once, by batches. */
async function parLots<T>(
  ids: readonly string[],
  lire: (lot: readonly string[]) => Promise<readonly T[]>,
): Promise<T[]> {
  const tous: T[] = []
  for (let i = 0; i < ids.length; i += TAILLE) tous.push(...(await lire(ids.slice(i, i + TAILLE))))
  return tous
}

/** Looks at the consultations of one day and raises what calls for a look. Repeating it raises nothing twice. Returns how many alerts are new. */
export async function surveillerConsultations(
  session: Session,
  seuils: SeuilsAcces,
  jour: Temporal.PlainDate,
): Promise<number> {
  const journees = await mesurerJournee(session, jour)
  if (journees.length === 0) return 0
  const ouvertures = await listerOuvertures(session, jour)
  const dossiers = [...new Set(ouvertures.map(({ dossier }) => dossier))]
  const identites = new Map<string, IdentiteDossier>(
    (await parLots(dossiers, (lot) => lireIdentites(session, lot))).map((identite) => [identite.id, identite]),
  )
  const liens = new Map<string, Set<string>>()
  const lier = (dossier: string, organisme: string) => {
    const connus = liens.get(dossier)
    if (connus) connus.add(organisme)
    else liens.set(dossier, new Set([organisme]))
  }
  for (const lien of await parLots(dossiers, (lot) => listerOrganismesLies(session, lot)))
    lier(lien.dossier, lien.organisme)
  for (const lien of await parLots(dossiers, (lot) => listerEmetteurs(session, lot))) lier(lien.dossier, lien.organisme)
  for (const lien of await parLots(dossiers, (lot) => listerParticipants(session, lot)))
    lier(lien.dossier, lien.organisme)
  const alertes = evaluerConsultations(
    {
      jour,
      journees,
      ouvertures,
      comptes: new Map((await listerComptesHabilites(session)).map((compte) => [compte.id, compte])),
      identites,
      liens,
      estVoisin: await lireVoisinages(session),
    },
    seuils,
  )
  return leverAlertes(session, alertes)
}
