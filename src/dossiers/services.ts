import type { Session } from '#acces'
import { type Fragment, sql } from '#socle/db'
import type { Echeance } from './types.ts'

/** What the dossier shows of the service that follows it. Written by the module that decides it. */
export interface ServiceDuDossier {
  readonly dossier: string
  readonly service: string | null
  readonly organisme: string | null
  readonly etat: string
  readonly depuis: string | null
  /** True once a social service said it knows or follows the household. */
  readonly connu: boolean
  readonly habilites: readonly string[]
  readonly echeances: readonly Echeance[]
}

/** Next thing due: an open task even late, otherwise the next term. */
export function choisirProchaine(echeances: readonly Echeance[], jour: Temporal.PlainDate): Echeance | null {
  const [prochaine = null] = echeances
    .filter(({ tenueLe, genre, le }) => tenueLe === undefined && (genre === 'tache' || le >= jour.toString()))
    .sort((a, b) => (a.le === b.le ? (a.cle < b.cle ? -1 : 1) : a.le < b.le ? -1 : 1))
  return prochaine
}

/** Next thing due in a JSON list: an open task even late, otherwise the next term. */
export function prochaineEcheance(liste: Fragment, jour: Temporal.PlainDate): Fragment {
  return sql`(select jsonb_build_object('le', e->>'le', 'cle', e->>'cle', 'libelle', e->>'libelle')
    from jsonb_array_elements(${liste}) e
    where e->>'tenueLe' is null and (e->>'genre' = 'tache' or (e->>'le')::date >= ${jour})
    order by e->>'le', e->>'cle' limit 1)`
}

/** Writes the service of many dossiers in one statement, and their next deadline. */
export async function noterServices(session: Session, services: readonly ServiceDuDossier[]): Promise<void> {
  if (services.length === 0) return
  await session.sql`
    update dossier d set service = x.service, organisme = x.organisme, etat_service = x.etat, service_depuis = x.depuis, connu_service = x.connu,
      organismes_habilites = x.habilites, echeances_service = x.echeances, version = d.version + 1,
      echeance_le = (p.e->>'le')::date, echeance_cle = p.e->>'cle', echeance_libelle = p.e->>'libelle'
    from (
      select s.*, array(select jsonb_array_elements_text(s.h)::uuid) as habilites
      from json_to_recordset(${JSON.stringify(
        services.map((ligne) => ({
          dossier: ligne.dossier,
          service: ligne.service,
          organisme: ligne.organisme,
          etat: ligne.etat,
          depuis: ligne.depuis,
          connu: ligne.connu,
          h: [...new Set(ligne.habilites)],
          echeances: ligne.echeances,
        })),
      )}::json) as s(dossier uuid, service text, organisme uuid, etat text, depuis date, connu boolean, h jsonb, echeances jsonb)
    ) x, dossier d2 cross join lateral (select ${prochaineEcheance(sql`d2.echeances || x.echeances`, session.jour)} as e) p
    where d.dept = ${session.dept} and d.id = x.dossier and d2.dept = ${session.dept} and d2.id = x.dossier`
}

/** Marks dossiers as sent to their service in a frozen list. */
export async function marquerTransmis(
  session: Session,
  dossiers: readonly string[],
  echeance: (dossier: string) => readonly Echeance[],
): Promise<void> {
  if (dossiers.length === 0) return
  await session.sql`
    update dossier d set etat_service = 'transmise', echeances_service = x.echeances, version = d.version + 1,
      echeance_le = (p.e->>'le')::date, echeance_cle = p.e->>'cle', echeance_libelle = p.e->>'libelle'
    from json_to_recordset(${JSON.stringify(dossiers.map((dossier) => ({ dossier, echeances: echeance(dossier) })))}::json) as x(dossier uuid, echeances jsonb),
      dossier d2 cross join lateral (select ${prochaineEcheance(sql`d2.echeances || x.echeances`, session.jour)} as e) p
    where d.dept = ${session.dept} and d.id = x.dossier and d2.dept = ${session.dept} and d2.id = x.dossier`
}

/** Recomputes the next deadline of dossiers whose shown one is past: run each day. Returns how many changed. */
export async function rafraichirEcheances(session: Session): Promise<number> {
  const lignes = await session.sql<{ id: string }>`
    update dossier d set echeance_le = (p.e->>'le')::date, echeance_cle = p.e->>'cle', echeance_libelle = p.e->>'libelle'
    from dossier d2 cross join lateral (select ${prochaineEcheance(sql`d2.echeances || d2.echeances_service`, session.jour)} as e) p
    where d.dept = ${session.dept} and d2.dept = ${session.dept} and d2.id = d.id and d.clos_le is null and d.echeance_le < ${session.jour}
      and (p.e->>'le')::date is distinct from d.echeance_le
    returning d.id`
  return lignes.length
}
