import type { Session } from '#acces'
import { lireDossier } from '#dossiers'
import { parametre } from '#referentiel'
import { type Fragment, sql as fragment } from '#socle/db'
import { Introuvable } from '#socle/errors'
import { isUuid } from '#socle/text'

/** Another dossier of a household: another dwelling, now or before. */
export interface DossierAnterieur {
  readonly id: string
  readonly reference: string
  readonly titulaire: string
  readonly commune: string
  readonly ouvert_le: Temporal.PlainDate
  readonly clos_le: Temporal.PlainDate | null
  readonly motif_cloture: string | null
  readonly stade: string
  readonly actes: readonly { readonly type: string; readonly le: string; readonly decision?: string }[]
}

/** Dossiers `x` a person said to be of the household of `dossier`. */
const memeMenage = (dept: string, dossier: Fragment): Fragment => fragment`exists (select 1 from menage_lien m
  where m.dept = ${dept} and m.defait_a is null and m.reponse = 'meme' and m.dossier = least(x.id, ${dossier}) and m.autre = greatest(x.id, ${dossier}))`

/** Ids of the dossiers a person said to be of the household of `dossier`, each way by its own index: read for every row of a list. */
export const autresDuMenage = (dept: string, dossier: Fragment): Fragment => fragment`(
  select m.autre as id from menage_lien m where m.dept = ${dept} and m.dossier = ${dossier} and m.defait_a is null and m.reponse = 'meme'
  union all select m.dossier from menage_lien m where m.dept = ${dept} and m.autre = ${dossier} and m.defait_a is null and m.reponse = 'meme')`

const LUS = fragment`x.id, x.reference, x.titulaire, x.commune, x.ouvert_le, x.clos_le, x.motif_cloture, x.stade, x.actes`

/**
 * Former procedures of a household in other dossiers (RAP-03): those a person confirmed, and those that the same name with the same birth date, or the same number
 * of allocataire, lets propose. Two that were reunited are one dossier already.
 */
export async function lireAntecedents(
  session: Session,
  dossier: string,
): Promise<{ readonly confirmes: readonly DossierAnterieur[]; readonly proposes: readonly DossierAnterieur[] }> {
  const { sql, dept } = session
  // Candidates first, each way by its own index: one condition for all would read every dossier.
  const lus = await sql<DossierAnterieur & { confirme: boolean }>`
    with d as materialized (select d.id from dossier d where d.dept = ${dept} and d.id = ${dossier}::uuid),
    candidats as materialized (
      select x.id from d cross join lateral public.dossiers_de_meme_identite(d.id) as x(id)
      union select m.autre from d join menage_lien m on m.dept = ${dept} and m.dossier = d.id and m.defait_a is null
      union select m.dossier from d join menage_lien m on m.dept = ${dept} and m.autre = d.id and m.defait_a is null
    )
    select ${LUS}, ${memeMenage(dept, fragment`d.id`)} as confirme from candidats k cross join d join dossier x on x.dept = ${dept} and x.id = k.id
    where x.id <> d.id and x.reuni_dans is null and (${memeMenage(dept, fragment`d.id`)}
      or not exists (select 1 from menage_lien m where m.dept = ${dept} and m.defait_a is null and m.dossier = least(x.id, d.id) and m.autre = greatest(x.id, d.id)))
    order by x.ouvert_le desc, x.reference limit 20`
  session.consigner({ action: 'antecedents.lire', dossiers: [dossier, ...lus.map(({ id }) => id)] })
  return { confirmes: lus.filter(({ confirme }) => confirme), proposes: lus.filter(({ confirme }) => !confirme) }
}

/** Says whether another dossier is of the same household. Said again, it changes nothing; said otherwise, the former answer ends. */
export async function direMemeMenage(
  session: Session,
  dossier: string,
  autre: string,
  reponse: 'meme' | 'different',
): Promise<void> {
  const { sql, dept } = session
  if (!isUuid(autre) || autre === dossier) throw new Introuvable()
  await lireDossier(session, autre)
  const [a = '', b = ''] = [dossier, autre].toSorted()
  await terminer(session, a, b, fragment`reponse <> ${reponse}`)
  await sql`insert into menage_lien (dept, dossier, autre, reponse, a, par) values (${dept}, ${a}, ${b}, ${reponse}, ${session.maintenant}, ${session.acteur.compte})
    on conflict do nothing`
  session.consigner({ action: 'antecedents.dire', dossiers: [a, b], details: { reponse } })
}

/** Takes the answer back: the other dossier is proposed again. */
export async function reprendreMemeMenage(session: Session, dossier: string, autre: string): Promise<void> {
  const [a = '', b = ''] = [dossier, autre].toSorted()
  if (!isUuid(autre) || (await terminer(session, a, b, fragment`true`)) === 0) throw new Introuvable()
  session.consigner({ action: 'antecedents.dire', dossiers: [a, b], details: { reponse: 'reprise' } })
}

async function terminer(
  { sql, dept, maintenant, acteur }: Session,
  a: string,
  b: string,
  si: Fragment,
): Promise<number> {
  const finis = await sql`update menage_lien set defait_a = ${maintenant}, defait_par = ${acteur.compte}
    where dept = ${dept} and dossier = ${a} and autre = ${b} and defait_a is null and ${si} returning id`
  return finis.length
}

/** FSL requests of a household, and whether they are repeated in the sense of the département. */
export interface DemandesFsl {
  /** Days of the requests inside the window, oldest first. */
  readonly le: readonly Temporal.PlainDate[]
  readonly repetees: boolean
  /** From how many, in how many months; null: the département did not say. */
  readonly seuil: {
    readonly demandes: number
    readonly mois: number
    readonly source: string
    readonly reserve: string | null
  } | null
}

/**
 * FSL requests known for a household (RAP-05): noted by hand, or received in a file; in this dossier and in those confirmed to be of the same household. Two
 * sources of one day are one request.
 */
export async function lireDemandesFsl(session: Session, dossier: string): Promise<DemandesFsl> {
  const { sql, dept, jour, referentiel } = session
  const departement = referentiel.departements.get(dept)
  const [demandes, mois] = departement
    ? [parametre(departement, 'fsl_repetition_demandes', jour), parametre(departement, 'fsl_repetition_mois', jour)]
    : [null, null]
  const seuil =
    demandes?.etat === 'valeur' && mois?.etat === 'valeur'
      ? {
          demandes: demandes.valeur,
          mois: mois.valeur,
          source: demandes.source.titre,
          reserve: demandes.reserve,
        }
      : null
  const depuis = seuil ? jour.subtract({ months: seuil.mois }) : jour.subtract({ years: 10 })
  const lues = await sql<{ le: Temporal.PlainDate }>`
    with dits as materialized (
      select ${dossier}::uuid as id
      union select m.autre from menage_lien m where m.dept = ${dept} and m.dossier = ${dossier}::uuid and m.defait_a is null and m.reponse = 'meme'
      union select m.dossier from menage_lien m where m.dept = ${dept} and m.autre = ${dossier}::uuid and m.defait_a is null and m.reponse = 'meme'
    ), siens as materialized (select x.id from dits join dossier x on x.dept = ${dept} and x.id = dits.id)
    select distinct le from (
      select a.le from acte_saisi a where a.dept = ${dept} and a.dossier in (select id from siens) and a.genre = 'fsl_demande' and a.nature <> 'annule'
        and not exists (select 1 from acte_saisi r where r.dept = ${dept} and r.dossier = a.dossier and r.racine = a.racine and r.rang > a.rang)
      union all
      select s.date_signalement from rattachement l join signalement s on s.dept = ${dept} and s.id = l.signalement and s.retire_a is null and s.type = 'demande_fsl'
        where l.dept = ${dept} and l.dossier in (select id from siens) and l.defait_a is null
    ) t where le between ${depuis} and ${jour} order by le`
  const le = lues.map((une) => une.le)
  return { le, seuil, repetees: seuil !== null && le.length >= seuil.demandes }
}
