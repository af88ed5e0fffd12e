import { type Acteur, accesDe, acteurSysteme, ouvrirSession, type Role } from '#acces'
import type { ApplicationOuverte } from '../application.ts'

/** An account of the demonstration as it acts once signed in; null when the département has none of this address. */
export async function trouverActeur(application: ApplicationOuverte, courriel: string): Promise<Acteur | null> {
  const dept = application.departement
  return ouvrirSession(
    application,
    acteurSysteme(dept, 'demonstration'),
    'compte.gerer',
    async ({ sql, referentiel }) => {
      const [qui] = await sql<{ compte: string; organisme: string; nom: string; type: string; role: Role }>`
      select c.id as compte, h.organisme, o.nom, o.type, h.role from compte c join habilitation h on h.dept = ${dept} and h.compte = c.id
      join organisme o on o.dept = ${dept} and o.id = h.organisme where c.dept = ${dept} and c.courriel = ${courriel} limit 1`
      if (!qui) return null
      return {
        dept,
        compte: qui.compte,
        organisme: qui.organisme,
        organismeNom: qui.nom,
        role: qui.role,
        organismeType: qui.type,
        acces: accesDe(referentiel.matrice, qui.type, qui.role),
        territoires: null,
        libelle: 'démonstration',
      }
    },
  )
}
