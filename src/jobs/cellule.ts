import { type Application, acteurSysteme, ouvrirSession } from '#acces'
import {
  echoirConsultation,
  listerConsultationsDesClos,
  listerConsultationsEchues,
  retirerConsultationDuClos,
} from '#commission'

/**
 * Takes back the consultations of closed dossiers, then ends those whose time has passed, each in a transaction of its own: one that fails stops no other, and is
 * said once the others are done. Repeating it changes nothing. Returns how many were ended.
 */
export async function echoirCellules(application: Application, dept: string): Promise<number> {
  const acteur = acteurSysteme(dept, 'echoir-consultations')
  const ouvrir = <T>(travail: Parameters<typeof ouvrirSession<T>>[3]): Promise<T> =>
    ouvrirSession(application, acteur, 'cellule.consulter', travail)
  let total = 0
  const echecs: unknown[] = []
  for (const { lister, finir } of [
    { lister: listerConsultationsDesClos, finir: retirerConsultationDuClos },
    { lister: listerConsultationsEchues, finir: echoirConsultation },
  ]) {
    const vues = new Set<string>()
    for (;;) {
      const neuves = (await ouvrir(lister)).filter((id) => !vues.has(id))
      if (neuves.length === 0) break
      for (const id of neuves) {
        vues.add(id)
        try {
          if (await ouvrir((session) => finir(session, id))) total += 1
        } catch (erreur) {
          echecs.push(erreur)
        }
      }
    }
  }
  if (echecs.length > 0) throw new AggregateError(echecs, `${echecs.length} consultation(s) could not be ended`)
  return total
}
