import type { Session } from '#acces'

/** What a year of commissions did (COM-25). Numbers only, over the whole département. */
export interface Activite {
  readonly seances: number
  readonly examines: number
  readonly reportes: number
  readonly parStade: readonly { readonly stade: string; readonly n: number }[]
  readonly avis: readonly { readonly code: string; readonly sens: string; readonly n: number }[]
  readonly recommandations: number
  readonly avdl: number
  readonly avdlSuivies: number
  readonly cud: number
  readonly attendus: number
  readonly suivis: number
  readonly partiels: number
  readonly nonSuivis: number
  /** Median days from the notification to the answer; null without any. */
  readonly delaiMedian: number | null
}

/** The year of a day, from its first to its last. */
export const anneeDe = (annee: number) => ({
  du: Temporal.PlainDate.from({ year: annee, month: 1, day: 1 }),
  au: Temporal.PlainDate.from({ year: annee, month: 12, day: 31 }),
})

/** Counts the sessions of a year and what came of them. An aid in CUD that is also an opinion of the fund on the same dossier counts once. */
export async function compterActivite(session: Session, annee: number): Promise<Activite> {
  const { sql, dept } = session
  const { du, au } = anneeDe(annee)
  const [[totaux], parStade, avis, [suites]] = await Promise.all([
    sql<{ seances: number; examines: number; reportes: number }>`
      select (select count(*)::int from seance where dept = ${dept} and le between ${du} and ${au} and close_a is not null) as seances,
        (count(*) filter (where x.etat = 'adoptee'))::int as examines, (count(*) filter (where x.etat = 'reportee'))::int as reportes
      from deliberation x join seance s on s.dept = ${dept} and s.id = x.seance
      where x.dept = ${dept} and s.le between ${du} and ${au} and s.close_a is not null and x.remplacee_a is null`,
    sql<{ stade: string; n: number }>`
      select x.stade, count(*)::int as n from deliberation x join seance s on s.dept = ${dept} and s.id = x.seance
      where x.dept = ${dept} and s.le between ${du} and ${au} and s.close_a is not null and x.remplacee_a is null and x.etat = 'adoptee' group by x.stade`,
    sql<{ code: string; sens: string; n: number }>`
      select p.code, p.sens, count(*)::int as n from prononce p join seance s on s.dept = ${dept} and s.id = p.seance
      where p.dept = ${dept} and p.genre = 'avis' and p.notifie_a is not null and p.etat <> 'remplace' and s.le between ${du} and ${au} group by p.code, p.sens order by p.code, p.sens`,
    sql<Omit<Activite, 'seances' | 'examines' | 'reportes' | 'parStade' | 'avis'>>`
      select (count(*) filter (where p.genre = 'recommandation'))::int as recommandations,
        (count(*) filter (where p.avdl))::int as avdl, (count(*) filter (where p.avdl and p.etat in ('suivi', 'partiel')))::int as "avdlSuivies",
        (count(distinct p.dossier) filter (where p.cud))::int as cud,
        (count(*) filter (where p.etat = 'attendu'))::int as attendus, (count(*) filter (where p.etat = 'suivi'))::int as suivis,
        (count(*) filter (where p.etat = 'partiel'))::int as partiels, (count(*) filter (where p.etat = 'non_suivi'))::int as "nonSuivis",
        (percentile_cont(0.5) within group (order by extract(epoch from p.repondu_a - p.notifie_a) / 86400) filter (where p.repondu_a is not null))::float as "delaiMedian"
      from prononce p join seance s on s.dept = ${dept} and s.id = p.seance
      where p.dept = ${dept} and p.notifie_a is not null and p.etat <> 'remplace' and p.genre <> 'expertise' and s.le between ${du} and ${au}`,
  ])
  if (!totaux || !suites) throw new Error('an aggregate has one row')
  return { ...totaux, ...suites, parStade, avis }
}
