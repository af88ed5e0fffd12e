import { randomUUID } from 'node:crypto'
import type { Session } from '#acces'
import { noter } from '#notifications'
import { Introuvable, refus } from '#socle/errors'

/** Somebody of the reader's own organisme. */
export interface Collegue {
  readonly id: string
  readonly nom: string
}

/** Colleagues of the reader: open accounts habilitated today in the same organisme. */
export function listerCollegues(session: Session): Promise<Collegue[]> {
  const { sql, dept, jour, acteur } = session
  return sql<Collegue>`
    select c.id, c.prenom || ' ' || c.nom as nom from compte c
    where c.dept = ${dept} and c.ferme_a is null and c.id <> ${acteur.compte}::uuid
      and exists (select 1 from habilitation h where h.dept = ${dept} and h.compte = c.id and h.organisme = ${acteur.organisme}::uuid and h.role = ${acteur.role}
        and h.retiree_a is null and h.du <= ${jour} and (h.jusqu_au is null or h.jusqu_au >= ${jour}))
    order by c.nom collate "fr-x-icu", c.prenom collate "fr-x-icu", c.id`
}

/** An absence not over, and who stands in. */
export interface Absence {
  readonly id: string
  readonly compte: string
  readonly nom: string
  readonly remplacant: string
  readonly remplacant_nom: string
  readonly du: Temporal.PlainDate
  readonly jusqu_au: Temporal.PlainDate
}

/** Absences of the reader's organisme, present and to come. */
export function listerAbsences(session: Session): Promise<Absence[]> {
  const { sql, dept, jour, acteur } = session
  return sql<Absence>`
    select b.id, b.compte, c.prenom || ' ' || c.nom as nom, b.remplacant, r.prenom || ' ' || r.nom as remplacant_nom, b.du, b.jusqu_au
    from engagement_absence b
    join compte c on c.dept = ${dept} and c.id = b.compte
    join compte r on r.dept = ${dept} and r.id = b.remplacant
    where b.dept = ${dept} and b.organisme = ${acteur.organisme}::uuid and b.retiree_a is null and b.jusqu_au >= ${jour}
    order by b.du, b.id`
}

/** What is wrong in an absence: field → sentence. */
export function verifierAbsence(
  { jour }: Pick<Session, 'jour'>,
  {
    du,
    jusquAu,
    remplacant,
  }: { du: Temporal.PlainDate | null; jusquAu: Temporal.PlainDate | null; remplacant: string },
): Readonly<Record<string, string>> {
  return {
    ...(du === null ? { du: 'Donner le premier jour d’absence.' } : {}),
    ...(jusquAu === null
      ? { jusqu_au: 'Donner le dernier jour d’absence.' }
      : Temporal.PlainDate.compare(jusquAu, jour) < 0
        ? { jusqu_au: 'Ce jour est déjà passé.' }
        : du !== null && Temporal.PlainDate.compare(jusquAu, du) < 0
          ? { jusqu_au: 'Le dernier jour vient après le premier.' }
          : {}),
    ...(remplacant === '' ? { remplacant: 'Choisir qui remplace.' } : {}),
  }
}

/** One's own absence: until its last day, one's tasks are also those of the substitute. They stay assigned as they were. */
export async function declarerAbsence(
  session: Session,
  demande: { readonly du: Temporal.PlainDate; readonly jusquAu: Temporal.PlainDate; readonly remplacant: string },
): Promise<string> {
  const [faute] = Object.values(verifierAbsence(session, demande))
  if (faute) throw refus('absence.saisie', faute)
  if (!(await listerCollegues(session)).some(({ id }) => id === demande.remplacant))
    throw refus('absence.remplacant', 'Choisir une personne de votre organisme.')
  const { sql, dept, acteur, maintenant } = session
  const id = randomUUID()
  const [croisee] = await sql<{
    n: number
  }>`select count(*)::int as n from engagement_absence where dept = ${dept} and compte = ${acteur.compte}::uuid
    and retiree_a is null and du <= ${demande.jusquAu} and jusqu_au >= ${demande.du}`
  if ((croisee?.n ?? 0) > 0)
    throw refus('absence.croisee', 'Une absence couvre déjà une partie de ces jours : la retirer d’abord.')
  await sql`insert into engagement_absence (dept, id, organisme, compte, remplacant, du, jusqu_au, declaree_par, a)
    values (${dept}, ${id}, ${acteur.organisme}, ${acteur.compte}, ${demande.remplacant}::uuid, ${demande.du}, ${demande.jusquAu}, ${acteur.compte}, ${maintenant})`
  if (acteur.organisme)
    await noter(session, [
      {
        genre: 'engagement',
        destinataires: [{ compte: demande.remplacant, organisme: acteur.organisme }],
        dossier: null,
        objet: id,
      },
    ])
  session.consigner({ action: 'absence.declarer', objet: 'absence', objetId: id })
  return id
}

/** Ends one's own absence. */
export async function retirerAbsence(session: Session, id: string): Promise<void> {
  const { sql, dept, acteur, maintenant } = session
  const [retiree] = await sql<{ id: string }>`update engagement_absence set retiree_a = ${maintenant}
    where dept = ${dept} and id = ${id}::uuid and compte = ${acteur.compte}::uuid and retiree_a is null returning id`
  if (!retiree) throw new Introuvable()
  session.consigner({ action: 'absence.retirer', objet: 'absence', objetId: id })
}
