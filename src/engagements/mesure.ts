import type { Session } from '#acces'
import { voitTousLesEngagements } from './lecture.ts'
import { chargerPublication } from './publication.ts'

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

/** Figures with their rate, as their reader may see them. */
export interface Mesure extends Tenue {
  /** What a rate is counted over: done, in time or not, and late. What is not due yet, prevented with a reason, or without object is not in it. */
  readonly echus: number
  /** Share done in time, from 0 to 100; null when nothing was due, or too little to publish a rate. */
  readonly taux: number | null
  /** Digits of the rate that are known. */
  readonly decimales: 0 | 1
}

/** A line of figures: of an engagement, a group, a year or a territory. */
export interface LigneTenue extends Mesure {
  readonly cle: string
  readonly signataire: boolean
}

/**
 * Exact for those who read every dossier. For the others, each count is rounded and a rate over few is left out (IND-76): a small count would point at a household,
 * and a rounded one is not found again by subtracting totals.
 */
function mesurer(tenue: Tenue, pas: number | null): Mesure {
  const echus = tenue.tenus + tenue.tenus_apres + tenue.en_retard
  if (pas === null)
    return { ...tenue, echus, taux: echus === 0 ? null : Math.round((tenue.tenus * 1000) / echus) / 10, decimales: 1 }
  const arrondi = (nombre: number): number => Math.round(nombre / pas) * pas
  return {
    ...(Object.fromEntries(COLONNES.map((nom) => [nom, arrondi(tenue[nom])])) as unknown as Tenue),
    echus: arrondi(echus),
    taux: echus < 2 * pas ? null : Math.round((tenue.tenus * 100) / echus),
    decimales: 0,
  }
}

const additionner = (lignes: readonly Tenue[]): Tenue =>
  Object.fromEntries(
    COLONNES.map((nom) => [nom, lignes.reduce((somme, ligne) => somme + ligne[nom], 0)]),
  ) as unknown as Tenue

/** What figures are narrowed to. */
export interface FiltreTenue {
  readonly charte: string
  readonly partenaire?: string | undefined
  readonly engagement?: string | undefined
  readonly annee?: number | undefined
  readonly territoire?: string | undefined
}

/** Figures by engagement, group, year or territory, those of organismes that did not sign apart. */
export interface Tenues {
  /** Day they were counted. */
  readonly le: Temporal.PlainDate | null
  /** What counts are rounded to; null when they are exact. */
  readonly pas: number | null
  readonly lignes: readonly LigneTenue[]
  readonly signataires: Mesure
  readonly autres: Mesure
}

/** Reads them as the reader may see them. */
export async function lireTenue(
  session: Session,
  par: 'engagement' | 'partenaire' | 'annee' | 'territoire',
  { charte, partenaire, engagement, annee, territoire }: FiltreTenue,
): Promise<Tenues> {
  const lues = await session.sql<Tenue & Pick<LigneTenue, 'cle' | 'signataire'> & { readonly le: Temporal.PlainDate }>`
    select (case ${par} when 'engagement' then engagement when 'partenaire' then partenaire when 'annee' then annee::text else territoire end) as cle, signataire,
      sum(tenus)::int as tenus, sum(tenus_apres)::int as tenus_apres, sum(empeches)::int as empeches, sum(en_retard)::int as en_retard,
      sum(en_cours)::int as en_cours, sum(sans_objet)::int as sans_objet, sum(a_verifier)::int as a_verifier, max(le) as le
    from engagement_mesure where dept = ${session.dept} and charte = ${charte}
      and (${partenaire ?? null}::text is null or partenaire = ${partenaire ?? null})
      and (${engagement ?? null}::text is null or engagement = ${engagement ?? null})
      and (${annee ?? null}::int is null or annee = ${annee ?? null})
      and (${territoire ?? null}::text is null or territoire = ${territoire ?? null})
    group by 1, signataire order by 1`
  const pas = voitTousLesEngagements(session) ? null : chargerPublication(session.referentiel.racine).pas
  const total = (signataire: boolean) =>
    mesurer(additionner(lues.filter((ligne) => ligne.signataire === signataire)), pas)
  return {
    le: lues[0]?.le ?? null,
    pas,
    lignes: lues
      .map((ligne) => ({ cle: ligne.cle, signataire: ligne.signataire, ...mesurer(ligne, pas) }))
      // That a line exists tells as much as a small count.
      .filter((ligne) => COLONNES.some((nom) => ligne[nom] > 0)),
    signataires: total(true),
    autres: total(false),
  }
}
