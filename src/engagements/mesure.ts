import type { Session } from '#acces'

/** How engagements were kept, over one year and where: counts of tasks. */
export interface Tenue {
  /** Done before their term, or with none. */
  readonly tenus: number
  /** Done after their term. */
  readonly tenus_apres: number
  /** Prevented, with a reason: apart. */
  readonly empeches: number
  readonly en_retard: number
  /** Due, not late. */
  readonly en_cours: number
  /** The step passed, the dossier closed, or somebody said that it did not apply: never counted as missed (ENG-07). */
  readonly sans_objet: number
  /** Nobody has said yet whether it applies. */
  readonly a_verifier: number
}

const COLONNES = ['tenus', 'tenus_apres', 'empeches', 'en_retard', 'en_cours', 'sans_objet', 'a_verifier'] as const

/**
 * Counts again how engagements are kept: by version of the charter, year the task was made, territory, engagement, and whether the organisme signed. What an
 * organisme that sees no dossier owes is in no count: Amont cannot know it.
 */
export async function mesurerEngagements(session: Session): Promise<number> {
  const { sql, dept, jour } = session
  await sql`delete from engagement_mesure where dept = ${dept}`
  const lignes = await sql<{ engagement: string }>`
    insert into engagement_mesure (dept, charte, annee, territoire, engagement, partenaire, signataire, tenus, tenus_apres, empeches, en_retard, en_cours,
      sans_objet, a_verifier, le)
    select ${dept}, p.charte, extract(year from t.cree_le), coalesce(d.territoire, ''), t.engagement, t.partenaire, t.signataire,
      count(*) filter (where t.etat = 'faite' and t.fait_le <= t.echeance_tri),
      count(*) filter (where t.etat = 'faite' and t.fait_le > t.echeance_tri),
      count(*) filter (where t.etat = 'empechee'),
      count(*) filter (where t.etat = 'a_faire' and t.certitude = 'applicable' and t.echeance_tri < ${jour} and not t.facultatif and t.signataire),
      count(*) filter (where t.etat = 'a_faire' and t.certitude = 'applicable' and (t.echeance_tri >= ${jour} or t.facultatif or not t.signataire)),
      count(*) filter (where t.etat = 'sans_objet'),
      count(*) filter (where t.etat = 'a_faire' and t.certitude <> 'applicable'), ${jour}
    from engagement_tache t
    join engagement_passage p on p.dept = ${dept} and p.id = t.passage
    join dossier d on d.dept = ${dept} and d.id = t.dossier
    where t.dept = ${dept} and (t.acces or t.etat in ('faite', 'empechee'))
    group by p.charte, extract(year from t.cree_le), coalesce(d.territoire, ''), t.engagement, t.partenaire, t.signataire
    returning engagement`
  return lignes.length
}

/** A line of figures: of an engagement, a group, a year or a territory. */
export interface LigneTenue extends Tenue {
  readonly cle: string
  readonly signataire: boolean
}

/** What figures are narrowed to. */
export interface FiltreTenue {
  readonly charte: string
  readonly partenaire?: string | undefined
  readonly engagement?: string | undefined
  readonly annee?: number | undefined
  readonly territoire?: string | undefined
}

/** Figures by engagement, group, year or territory, those of organismes that did not sign apart. `le`: day they were counted. */
export async function lireTenue(
  session: Session,
  par: 'engagement' | 'partenaire' | 'annee' | 'territoire',
  { charte, partenaire, engagement, annee, territoire }: FiltreTenue,
): Promise<{ readonly le: Temporal.PlainDate | null; readonly lignes: readonly LigneTenue[] }> {
  const lues = await session.sql<LigneTenue & { readonly le: Temporal.PlainDate }>`
    select (case ${par} when 'engagement' then engagement when 'partenaire' then partenaire when 'annee' then annee::text else territoire end) as cle, signataire,
      sum(tenus)::int as tenus, sum(tenus_apres)::int as tenus_apres, sum(empeches)::int as empeches, sum(en_retard)::int as en_retard,
      sum(en_cours)::int as en_cours, sum(sans_objet)::int as sans_objet, sum(a_verifier)::int as a_verifier, max(le) as le
    from engagement_mesure where dept = ${session.dept} and charte = ${charte}
      and (${partenaire ?? null}::text is null or partenaire = ${partenaire ?? null})
      and (${engagement ?? null}::text is null or engagement = ${engagement ?? null})
      and (${annee ?? null}::int is null or annee = ${annee ?? null})
      and (${territoire ?? null}::text is null or territoire = ${territoire ?? null})
    group by 1, signataire order by 1`
  return { le: lues[0]?.le ?? null, lignes: lues }
}

/** Sum of several lines. */
export const additionner = (lignes: readonly Tenue[]): Tenue =>
  Object.fromEntries(
    COLONNES.map((nom) => [nom, lignes.reduce((somme, ligne) => somme + ligne[nom], 0)]),
  ) as unknown as Tenue

/** What a rate is counted over: done, in time or not, and late. What is not due yet, prevented with a reason, or without object is not in it. */
export const denominateur = ({ tenus, tenus_apres, en_retard }: Tenue): number => tenus + tenus_apres + en_retard

/** Share done in time, from 0 to 100, or null when nothing was due. */
export function tauxDe(tenue: Tenue): number | null {
  const sur = denominateur(tenue)
  return sur === 0 ? null : Math.round((tenue.tenus * 1000) / sur) / 10
}
