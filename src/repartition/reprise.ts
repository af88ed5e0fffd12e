import type { Session } from '#acces'

/** A household somebody was busy with, by its reference: the person's service must name who goes on. */
export interface Reprise {
  readonly reference: string
  readonly organisme_nom: string
  readonly prise_le: Temporal.PlainDate | null
  readonly diagnostic_avant: Temporal.PlainDate | null
}

/**
 * Open households taken by a service where this person answered the list or noted the contacts, diagnosis not transmitted: what nobody would follow once the
 * person has left (ACC-17). Soonest first. References only: who closes accounts reads no dossier.
 */
export function listerReprises(session: Session, compte: string): Promise<Reprise[]> {
  const { dept } = session
  return session.sql<Reprise>`
    select d.reference, o.nom as organisme_nom, a.prise_le, a.diagnostic_avant
    from affectation a
    join dossier d on d.dept = ${dept} and d.id = a.dossier and d.clos_le is null
    join organisme o on o.dept = ${dept} and o.id = a.organisme
    where a.dept = ${dept} and a.terminee_a is null and a.etat = 'prise' and a.diagnostic_fait_le is null
      and (exists (select 1 from ligne_liste l where l.dept = ${dept} and l.affectation = a.id and l.repondu_par = ${compte}::uuid)
        or exists (select 1 from tentative_contact t where t.dept = ${dept} and t.dossier = a.dossier and t.organisme = a.organisme and t.par = ${compte}::uuid))
    order by a.diagnostic_avant nulls last, d.reference`
}
