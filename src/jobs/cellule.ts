import { type Application, acteurSysteme, ouvrirSession } from '#acces'
import { echoirConsultations } from '#commission'

/** Ends the consultations of the technical cell whose time has passed, by batches, each in one transaction. Repeating it changes nothing. */
export async function echoirCellules(application: Application, dept: string): Promise<number> {
  const acteur = acteurSysteme(dept, 'echoir-consultations')
  let total = 0
  for (;;) {
    const echues = await ouvrirSession(application, acteur, 'cellule.consulter', echoirConsultations)
    total += echues
    if (echues === 0) return total
  }
}
