import { type Application, acteurSysteme, ouvrirSession } from '#acces'
import { echoirConsultations, retirerConsultationsDesClos } from '#commission'

/** Takes back the consultations of closed dossiers, then ends those whose time has passed, by batches, each in one transaction. Repeating it changes nothing. */
export async function echoirCellules(application: Application, dept: string): Promise<number> {
  const acteur = acteurSysteme(dept, 'echoir-consultations')
  let total = 0
  for (const finir of [retirerConsultationsDesClos, echoirConsultations])
    for (;;) {
      const finies = await ouvrirSession(application, acteur, 'cellule.consulter', finir)
      total += finies
      if (finies === 0) break
    }
  return total
}
