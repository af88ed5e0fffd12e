import type { Session } from '#acces'
import type { Budget } from '#calculs'
import type { Dossier } from '#dossiers'
import { exigerAuteur } from './commun.ts'

/** What a person noted of the resources and charges of a household, a day. */
export interface ReleveBudget {
  readonly le: Temporal.PlainDate
  readonly budget: Budget
  readonly jeunesEnfants: number | null
  readonly pieces: number | null
  readonly auteur: string
  readonly organisme_nom: string
}

/** Resources of this dossier are read by those to whom the matrix gives them; for the others they do not exist. */
export const litLeBudget = ({ masques }: Dossier): boolean => !masques.includes('ressources')

/** The latest budget noted, or null; always null for whoever does not read resources. */
export async function lireBudget(session: Session, dossier: Dossier): Promise<ReleveBudget | null> {
  if (!litLeBudget(dossier)) return null
  const { sql, dept } = session
  const [releve] = await sql<{
    le: Temporal.PlainDate
    contenu: { budget: Budget; jeunesEnfants: number | null; pieces: number | null }
    auteur: string
    organisme_nom: string
  }>`
    select b.le, b.contenu, c.prenom || ' ' || c.nom as auteur, o.nom as organisme_nom
    from budget_menage b join organisme o on o.dept = ${dept} and o.id = b.organisme join compte c on c.dept = ${dept} and c.id = b.par
    where b.dept = ${dept} and b.dossier = ${dossier.id} order by b.le desc, b.rang desc limit 1`
  return releve
    ? { ...releve.contenu, le: releve.le, auteur: releve.auteur, organisme_nom: releve.organisme_nom }
    : null
}

/** Notes a budget; the earlier ones stay. */
export async function noterBudget(
  session: Session,
  dossier: Dossier,
  releve: Pick<ReleveBudget, 'le' | 'budget' | 'jeunesEnfants' | 'pieces'>,
  envoi: string,
): Promise<void> {
  const { sql, dept, maintenant } = session
  const { compte, organisme } = exigerAuteur(session, envoi)
  const { le, ...contenu } = releve
  await sql`insert into budget_menage (dept, dossier, le, contenu, organisme, par, a, envoi)
    values (${dept}, ${dossier.id}, ${le}, ${JSON.stringify(contenu)}::jsonb, ${organisme}, ${compte}, ${maintenant}, ${envoi})
    on conflict (dept, par, envoi) do nothing`
  session.consigner({ action: 'budget.noter', dossiers: [dossier.id] })
}
