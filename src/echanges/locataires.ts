import { aLeDroit, type Session } from '#acces'
import { type Fragment, sql } from '#socle/db'
import { Introuvable } from '#socle/errors'
import { normalizeForSearch } from '#socle/text'
import { type ChampCompose, chargerListeSynthese, composer, type SourceSynthese } from './liste-synthese.ts'
import { chargerRetours, commeAppris } from './retours.ts'
import { colonnesSource } from './synthese.ts'

/**
 * Copies what each social landlord may see of its tenants, from the allow-list. An open dossier is a landlord's tenant when that landlord sent, as landlord, an
 * arrears signalement still attached to it, or when it is the landlord of the lease under its exact name. Idempotent.
 */
export async function tenirLocataires(session: Session): Promise<void> {
  const { dept } = session
  const liste = chargerListeSynthese(session.referentiel.racine)
  const retours = chargerRetours(session.referentiel.racine)
  const lies = await session.sql<SourceSynthese & { dossier: string; organisme_id: string; reference: string }>`
    with liens as (
      select distinct on (dossier, organisme) dossier, organisme, reference from (
        select r.dossier, s.organisme, s.reference_source as reference, s.date_signalement as le
        from signalement s
        join organisme o on o.dept = ${dept} and o.id = s.organisme and o.type = 'bailleur_social' and o.actif
        join rattachement r on r.dept = ${dept} and r.signalement = s.id and r.defait_a is null
        where s.dept = ${dept} and s.type = 'impaye_bailleur_social' and s.retire_a is null
        union all
        select d.id, o.id, '', null
        from organisme o join dossier d on d.dept = ${dept} and lower(d.bailleur) = lower(o.nom)
        where o.dept = ${dept} and o.type = 'bailleur_social' and o.actif
      ) x order by dossier, organisme, le desc nulls last
    )
    select d.id as dossier, l.organisme as organisme_id, l.reference, ${colonnesSource(dept)}
    from liens l join dossier d on d.dept = ${dept} and d.id = l.dossier where d.clos_le is null`
  const rangees = lies.map((source) => ({
    dossier: source.dossier,
    organisme: source.organisme_id,
    reference: source.reference,
    nom_tri: normalizeForSearch(source.titulaire),
    champs: commeAppris(
      retours,
      'bailleur_social',
      session.jour,
      composer(liste, source, 'bailleur', 'locataires'),
      source,
    ),
  }))
  const lues = sql`json_to_recordset(${JSON.stringify(rangees)}::json) as x(dossier uuid, organisme uuid, reference text, nom_tri text, champs jsonb)`
  const gardes = await session.sql`
    insert into locataire as l (dept, organisme, dossier, champs, nom_tri, reference_bailleur, maj_a)
    select ${dept}, x.organisme, x.dossier, x.champs, x.nom_tri, x.reference, ${session.maintenant} from ${lues}
    on conflict (dept, organisme, dossier) do update
      set champs = excluded.champs, nom_tri = excluded.nom_tri, reference_bailleur = excluded.reference_bailleur, maj_a = excluded.maj_a
      where (l.champs, l.nom_tri, l.reference_bailleur) is distinct from (excluded.champs, excluded.nom_tri, excluded.reference_bailleur)
    returning l.id`
  const retires = await session.sql`
    delete from locataire l where l.dept = ${dept}
      and not exists (select 1 from ${lues} where x.dossier = l.dossier and x.organisme = l.organisme) returning l.id`
  if (gardes.length + retires.length > 0)
    session.consigner({ action: 'locataires.tenir', details: { changes: gardes.length, retires: retires.length } })
}

/** A tenant as its landlord sees it. */
export interface Locataire {
  readonly id: string
  /** The landlord's own reference of what it sent. */
  readonly reference_bailleur: string
  readonly champs: readonly ChampCompose[]
  /** The synthèse in force addressed to it. */
  readonly synthese: string | null
  readonly synthese_a: Temporal.Instant | null
}

/** How many tenants the landlord of this session follows, as an expression: the figure of the banner. Null for whoever the matrix gives none. */
export const chiffreLocataires = ({ acteur, dept }: Session): Fragment =>
  aLeDroit(acteur, 'locataire.consulter') && acteur.organisme !== null
    ? sql`(select count(*)::int from locataire where dept = ${dept} and organisme = ${acteur.organisme})`
    : sql`null::int`

async function compterLocataires(session: Session): Promise<number | null> {
  const [ligne] = await session.sql<{ n: number | null }>`select ${chiffreLocataires(session)} as n`
  return ligne?.n ?? null
}

/** Tenants shown on one page. */
export const LOCATAIRES_PAR_PAGE = 50

/** A page of the tenants of the landlord of this session, by name. For whoever is no social landlord, it does not exist. */
export async function listerLocataires(
  session: Session,
  page: number,
): Promise<{ readonly locataires: readonly Locataire[]; readonly total: number }> {
  const total = await compterLocataires(session)
  if (total === null) throw new Introuvable()
  const { dept, acteur } = session
  const lignes = await session.sql<Locataire & { dossier: string }>`
    select l.id, l.dossier, l.reference_bailleur, l.champs, s.id as synthese, s.a as synthese_a
    from locataire l
    left join lateral (select s.id, s.a from synthese s where s.dept = ${dept} and s.dossier = l.dossier and s.organisme = l.organisme
      and s.destinataire = 'bailleur' order by s.version desc limit 1) s on true
    where l.dept = ${dept} and l.organisme = ${acteur.organisme}
    order by l.nom_tri, l.id limit ${LOCATAIRES_PAR_PAGE} offset ${(page - 1) * LOCATAIRES_PAR_PAGE}`
  session.consigner({
    action: 'locataires.lister',
    dossiers: lignes.map(({ dossier }) => dossier),
    details: { cercle: 4, page },
  })
  return { locataires: lignes.map(({ dossier: _, ...locataire }) => locataire), total }
}

/** The synthèse in force of one tenant of the landlord of this session. */
export async function trouverSyntheseDuLocataire(session: Session, locataire: string): Promise<string> {
  const { dept, acteur } = session
  const [ligne] = await session.sql<{ id: string }>`
    select s.id from locataire l join synthese s on s.dept = ${dept} and s.dossier = l.dossier and s.organisme = l.organisme and s.destinataire = 'bailleur'
    where l.dept = ${dept} and l.id = ${locataire} and l.organisme = ${acteur.organisme} order by s.version desc limit 1`
  if (!ligne) throw new Introuvable()
  return ligne.id
}

/** The dossier of one tenant of the landlord of this session: to ask something about it, never to read it. */
export async function trouverDossierDuLocataire(session: Session, locataire: string): Promise<string> {
  const { sql, dept, acteur } = session
  const [ligne] = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(locataire)
    ? await sql<{
        dossier: string
      }>`select dossier from locataire where dept = ${dept} and id = ${locataire}::uuid and organisme = ${acteur.organisme}::uuid`
    : []
  if (!ligne) throw new Introuvable()
  return ligne.dossier
}

/** What the landlord of this session sees of the household of a dossier, as in its list; once it is not its tenant any more, it does not exist. */
export async function lireChampsDuLocataire(session: Session, dossier: string): Promise<readonly ChampCompose[]> {
  const { sql, dept, acteur } = session
  const [ligne] = await sql<{ champs: readonly ChampCompose[] }>`
    select champs from locataire where dept = ${dept} and dossier = ${dossier}::uuid and organisme = ${acteur.organisme}::uuid`
  if (!ligne) throw new Introuvable()
  return ligne.champs
}
