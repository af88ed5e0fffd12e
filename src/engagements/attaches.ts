import type { Session } from '#acces'
import type { Faits } from '#referentiel'
import type { Liens } from './porteurs.ts'

/** What ties organismes to dossiers, and what the services that followed a household make known of it. */
export interface Attaches extends Liens {
  readonly services: readonly string[]
  readonly diagnostic: boolean
  /** What plans, commissions and diagnoses say of the household, in the words of the rules: unknown when nothing does. */
  readonly faits: Faits
}

/** What the last plan the parties signed says of it: one a judge, a commission or the household alone decides is signed by nobody. */
const PLANS = {
  en_cours: { 'plan_apurement.signe': true },
  tenu: { 'plan_apurement.signe': true, 'plan_apurement.respecte': true },
  defaillant: { 'plan_apurement.signe': true, 'plan_apurement.respecte': false },
  denonce: { 'plan_apurement.signe': false, 'plan_apurement.respecte': false },
  remplace: {},
} as const satisfies Record<string, Faits>

/** A dossier nobody is tied to. */
export const RIEN: Attaches = { lies: new Set(), engages: new Set(), services: [], diagnostic: false, faits: {} }

/** Reads them for many dossiers at once. */
export async function lireAttaches(session: Session, ids: readonly string[]): Promise<ReadonlyMap<string, Attaches>> {
  const { sql, dept, jour } = session
  const lignes = await sql<{ dossier: string; organisme: string; genre: string; service: string | null }>`
    select dossier, organisme, 'bailleur' as genre, null as service from locataire where dept = ${dept} and dossier = any (${ids}::uuid[])
    union select dossier, organisme, 'participation', null from participation where dept = ${dept} and dossier = any (${ids}::uuid[])
      and retiree_a is null and du <= ${jour} and (jusqu_au is null or jusqu_au >= ${jour})
    union select d.id, u, 'participation', null from dossier d cross join unnest(d.organismes_habilites) u where d.dept = ${dept} and d.id = any (${ids}::uuid[])
    union select dossier, organisme, case when issue = 'diagnostic_transmis' then 'diagnostic' when prise_le is not null then 'prise' else 'sollicite' end, service
      from affectation where dept = ${dept} and dossier = any (${ids}::uuid[]) and organisme is not null
    union select dossier, organisme, 'contact', null from tentative_contact where dept = ${dept} and dossier = any (${ids}::uuid[])`
  const parDossier = Map.groupBy(lignes, ({ dossier }) => dossier)
  const connus = await lireMots(session, ids)
  return new Map(
    ids.map((dossier) => {
      const siennes = parDossier.get(dossier) ?? []
      return [
        dossier,
        {
          lies: new Set(siennes.map(({ organisme }) => organisme)),
          engages: new Set(siennes.filter(({ genre }) => genre === 'participation').map(({ organisme }) => organisme)),
          services: siennes
            .filter(({ genre }) => genre === 'prise' || genre === 'diagnostic')
            .flatMap(({ service }) => service ?? []),
          diagnostic: siennes.some(({ genre }) => genre === 'diagnostic'),
          faits: connus.get(dossier) ?? {},
        },
      ]
    }),
  )
}

/**
 * What plans and commissions say, for many dossiers at once. Whether a plan under way is kept is a person's to say: its due dates are followed with the money. A
 * file no commission examined here may have been elsewhere.
 */
async function lireMots(session: Session, ids: readonly string[]): Promise<ReadonlyMap<string, Faits>> {
  const { sql, dept, jour } = session
  const lus = await sql<{
    id: string
    plan: 'en_cours' | 'tenu' | 'defaillant' | 'denonce' | 'remplace' | null
    examinee: boolean
    saisie: boolean
    avdl: boolean
    adapte: 'oui' | 'non' | 'a_voir' | null
  }>`
    select d.id,
      (select coalesce(f.issue, 'en_cours') from plan_apurement a left join plan_fin f on f.dept = ${dept} and f.plan = a.id
        where a.dept = ${dept} and a.dossier = d.id and a.conclu_le <= ${jour} and a.origine in ('bailleur', 'caf', 'protocole_1', 'protocole_2') order by a.conclu_le desc, a.a desc limit 1) as plan,
      exists (select 1 from inscription i where i.dept = ${dept} and i.dossier_id = d.id and i.etat = 'examine') as examinee,
      exists (select 1 from saisine s where s.dept = ${dept} and s.dossier = d.id and s.origine = 'partenaire') as saisie,
      exists (select 1 from prononce p where p.dept = ${dept} and p.dossier = d.id and p.avdl and p.notifie_a is not null) as avdl,
      (select c.adapte from position_commune c where c.dept = ${dept} and c.dossier = d.id and c.remplacee_a is null) as adapte
    from dossier d where d.dept = ${dept} and d.id = any (${ids}::uuid[])`
  return new Map(
    lus.map(({ id, plan, examinee, saisie, avdl, adapte }) => [
      id,
      {
        ...(plan === null ? {} : PLANS[plan]),
        ...(examinee ? { 'commission.situation_examinee': true } : {}),
        ...(saisie ? { 'signaux.saisine_partenaire': true } : {}),
        ...(avdl ? { 'accompagnement.avdl_prescrite': true } : {}),
        ...(adapte === 'oui' || adapte === 'non' ? { 'logement.inadapte': adapte === 'non' } : {}),
      },
    ]),
  )
}
