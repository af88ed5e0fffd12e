import { cerclesDe, type Session } from '#acces'
import { type Budget, calculerBudget } from '#calculs'
import type { Dossier } from '#dossiers'
import { Introuvable } from '#socle/errors'
import { exigerAuteur, reunisAvec } from './commun.ts'

/** What a person noted of the resources and charges of a household, a day. */
export interface ReleveBudget {
  readonly le: Temporal.PlainDate
  readonly budget: Budget
  readonly jeunesEnfants: number | null
  readonly pieces: number | null
  readonly auteur: string
  readonly organisme_nom: string
}

/** Whose budgets of a dossier somebody reads: everybody's, those of their own organisme, or none. */
type PorteeBudget = 'tous' | 'siens' | 'aucun'

/** What the matrix gives of resources decides, and row-level security says the same: without the circle of budgets, one reads those of one's own organisme. */
export function porteeBudget(session: Pick<Session, 'acteur'>, { masques }: Pick<Dossier, 'masques'>): PorteeBudget {
  if (masques.includes('ressources')) return 'aucun'
  return cerclesDe(session.acteur.acces).includes('budget') ? 'tous' : 'siens'
}

/** Resources of this dossier are read by those to whom the matrix gives them; for the others they do not exist. */
export const litLeBudget = ({ masques }: Pick<Dossier, 'masques'>): boolean => !masques.includes('ressources')

/** The latest budget noted, or null; always null for whoever does not read resources. */
export async function lireBudget(session: Session, dossier: Dossier): Promise<ReleveBudget | null> {
  const portee = porteeBudget(session, dossier)
  if (portee === 'aucun') return null
  const { sql, dept, acteur } = session
  const seul = portee === 'siens' ? acteur.organisme : null
  const [releve] = await sql<{
    le: Temporal.PlainDate
    contenu: { budget: Budget; jeunesEnfants: number | null; pieces: number | null }
    auteur: string
    organisme_nom: string
  }>`
    select b.le, b.contenu, c.prenom || ' ' || c.nom as auteur, o.nom as organisme_nom
    from budget_menage b join organisme o on o.dept = ${dept} and o.id = b.organisme join compte c on c.dept = ${dept} and c.id = b.par
    where b.dept = ${dept} and b.dossier in ${reunisAvec(dossier.id)} and (${seul}::uuid is null or b.organisme = ${seul}::uuid)
    order by b.le desc, b.rang desc limit 1`
  return releve
    ? { ...releve.contenu, le: releve.le, auteur: releve.auteur, organisme_nom: releve.organisme_nom }
    : null
}

/** What the household has left each month by the latest budget this session reads, the aid really paid counted; null when nothing gives it. */
export async function lireDisponible(
  session: Session,
  dossier: Dossier,
): Promise<{ readonly le: Temporal.PlainDate; readonly centimes: number } | null> {
  const releve = await lireBudget(session, dossier)
  const centimes = releve ? calculerBudget(releve.budget).disponibleReel : null
  return releve && centimes !== null ? { le: releve.le, centimes } : null
}

/** Notes a budget; the earlier ones stay. Who does not read resources does not write them. The same form sent twice notes one. */
export async function noterBudget(
  session: Session,
  dossier: Dossier,
  releve: Pick<ReleveBudget, 'le' | 'budget' | 'jeunesEnfants' | 'pieces'>,
  envoi: string,
): Promise<void> {
  const { sql, dept, maintenant } = session
  if (!litLeBudget(dossier)) throw new Introuvable()
  const { compte, organisme } = exigerAuteur(session, dossier, envoi)
  const { le, ...contenu } = releve
  const notes = await sql`insert into budget_menage (dept, dossier, le, contenu, organisme, par, a, envoi)
    values (${dept}, ${dossier.id}, ${le}, ${JSON.stringify(contenu)}::jsonb, ${organisme}, ${compte}, ${maintenant}, ${envoi})
    on conflict (dept, par, envoi) do nothing returning id`
  if (notes.length > 0) session.consigner({ action: 'budget.noter', dossiers: [dossier.id] })
}
