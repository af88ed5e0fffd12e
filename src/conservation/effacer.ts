import { type Application, acteurSysteme, type Coffre, ouvrirSession } from '#acces'
import { type ReleveScelle, retirerDuReleve } from '#commission'
import { sql } from '#socle/db'
import { parisDay } from '#socle/time'
import { INCHANGE, RETENU } from './conditions.ts'
import { enEffacement, type Requete } from './role.ts'
import { chargerTables, conditionDe, type LigneTable, ordonner } from './tables.ts'

/** What the erasure of one dossier did, or would do. */
export interface BilanEffacement {
  readonly dossier: string
  readonly reference: string
  /** Rows erased, by table. */
  readonly rangees: Readonly<Record<string, number>>
}

interface AEffacer {
  readonly dossier: string
  readonly reference: string
}

/** Of `c` and its list `b`: signed, its day come, nothing that holds the dossier nor happened since. */
const EFFACABLE = sql`(c.etat = 'vise' and b.retire_a is null and b.executable_le <= (select public.contexte('jour'))::date
  and exists (select 1 from dossier d where d.dept = c.dept and d.id = c.dossier and ${INCHANGE}) and not ${RETENU})`

const lister = (requete: Requete, dept: string): Promise<AEffacer[]> =>
  requete<AEffacer>(sql`
    select c.dossier, c.reference from conservation_dossier c join bordereau_elimination b on b.dept = c.dept and b.id = c.bordereau
    where c.dept = ${dept} and ${EFFACABLE} order by c.reference`)

/**
 * Holds the dossier, its retention first as whoever archives or holds one does, then reads again everything that allows its erasure: false when something no longer
 * does. True opens the second lock, until the end of this transaction.
 */
async function commencer(requete: Requete, dept: string, dossier: string): Promise<boolean> {
  await requete(sql`select 1 from conservation_dossier where dept = ${dept} and dossier = ${dossier} for update`)
  await requete(sql`select 1 from dossier where dept = ${dept} and id = ${dossier} for update`)
  const commences = await requete(sql`
    update conservation_dossier c set etat = 'effacement' from bordereau_elimination b
    where c.dept = ${dept} and c.dossier = ${dossier} and b.dept = c.dept and b.id = c.bordereau and ${EFFACABLE} returning c.dossier`)
  return commences.length > 0
}

/** What is counted of it before it goes: years, territories, kinds; no household. */
const COMPTER = `insert into statistique_effacee (dept, annee, mesure, detail, territoire, parc, nombre)
  select $1, m.annee, m.mesure, m.detail, coalesce(d.territoire, ''), coalesce(d.parc, ''), m.n
  from dossier d, lateral (
    select extract(year from d.ouvert_le)::smallint as annee, 'dossier.ouvert' as mesure, '' as detail, 1 as n
    union all select extract(year from d.clos_le)::smallint, 'dossier.clos', coalesce(d.motif_cloture, ''), 1 where d.clos_le is not null
    union all select extract(year from d.clos_le)::smallint, 'dossier.etape', d.stade, 1 where d.clos_le is not null
    union all select extract(year from f.le)::smallint, 'fait', f.type, count(*)::int from fait f
      where f.dept = d.dept and f.dossier = d.id and f.type ~ '^[a-z_]+\\.[a-z_]+$' group by 1, 3
  ) m
  where d.dept = $1 and d.id = $2
  on conflict (dept, annee, mesure, detail, territoire, parc) do update set nombre = statistique_effacee.nombre + excluded.nombre`

/** Everything that hangs from the dossier, its key too, then the dossier. */
async function effacerLesRangees(
  requete: Requete,
  tables: ReadonlyMap<string, LigneTable>,
  coffre: Coffre,
  {
    dept,
    dossier,
    maintenant,
  }: { readonly dept: string; readonly dossier: string; readonly maintenant: Temporal.Instant },
): Promise<Record<string, number>> {
  // Attached to it and to no other; or withdrawn after having been.
  const signalements = (
    await requete<{ id: string }>(
      `select s.id from signalement s where s.dept = $1
         and exists (select 1 from rattachement r where r.dept = $1 and r.signalement = s.id and r.dossier = $2 and (r.defait_a is null or s.retire_a is not null))
         and not exists (select 1 from rattachement r where r.dept = $1 and r.signalement = s.id and r.dossier <> $2 and r.defait_a is null)`,
      [dept, dossier],
    )
  ).map(({ id }) => id)
  const parametres = [dept, [dossier], signalements]
  await requete(COMPTER, [dept, dossier])
  // A printed batch holds the letters of several households: its bytes go with the first of them, each letter keeps its own.
  await requete(
    `update lot_courrier set pdf = null where dept = $1 and pdf is not null and id in (select lot from courrier where dept = $1 and dossier = $2)`,
    [dept, dossier],
  )
  const releves = await requete<ReleveScelle>(
    `select r.id, r.numero, r.contenu, r.etat_a, r.departement_a from releve r
     where r.dept = $1 and r.seance in (select i.seance_id from inscription i where i.dept = $1 and i.dossier_id = $2)`,
    [dept, dossier],
  )
  for (const releve of releves) {
    const reste = await retirerDuReleve(coffre, releve, [dossier])
    if (reste)
      await requete(`update releve set contenu = $3, document = $4, empreinte = $5 where dept = $1 and id = $2`, [
        dept,
        releve.id,
        reste.contenu,
        reste.document,
        reste.empreinte,
      ])
  }
  const liens = await requete<{ enfant: string; parent: string }>(
    `select e.relname as enfant, p.relname as parent from pg_constraint k join pg_class e on e.oid = k.conrelid join pg_class p on p.oid = k.confrelid
     where k.contype = 'f' and k.connamespace = 'public'::regnamespace`,
  )
  const siennes = [...tables.values()].filter(
    ({ table, regles }) => regles.includes('dossier') && conditionDe(tables, table) !== null,
  )
  const rangees: Record<string, number> = {}
  for (const table of ordonner(
    siennes.map(({ table }) => table),
    liens,
  )) {
    const condition = conditionDe(tables, table)
    // Every statement has the three parameters, whether it reads them or not.
    const [compte] = await requete<{ n: number }>(
      `with efface as (delete from public.${table} where dept = $1 and $2::uuid[] is not null and $3::uuid[] is not null and (${condition}) returning 1)
       select count(*)::int as n from efface`,
      parametres,
    )
    if (compte && compte.n > 0) rangees[table] = compte.n
  }
  if (rangees.dossier !== 1) throw new Error('the dossier is no longer archived on a signed list: nothing was erased')
  await requete(
    `update conservation_dossier set etat = 'efface', efface_a = $3, rangees = $4 where dept = $1 and dossier = $2`,
    [dept, dossier, maintenant.toString(), JSON.stringify(rangees)],
  )
  return rangees
}

/**
 * Carries out the signed lists whose day has come, one dossier at a time: its key and all its rows at once, then the proof in the journal, by ids and numbers.
 * `simuler` counts and changes nothing. Stopped anywhere, each dossier is whole or gone, and it is taken up by starting over.
 */
export async function effacerDossiersVises(
  application: Application,
  dept: string,
  {
    simuler = false,
    dire = () => {},
  }: { readonly simuler?: boolean; readonly dire?: (bilan: BilanEffacement) => void } = {},
): Promise<BilanEffacement[]> {
  const { base, horloge, referentiel } = application
  const maintenant = horloge.now()
  const jour = parisDay(maintenant)
  const tables = new Map(chargerTables(referentiel.racine).map((ligne) => [ligne.table, ligne]))
  const acteur = acteurSysteme(dept, 'conservation')
  const contexte = { base, dept, jour }
  if (!simuler) await prouver(application, dept)
  const aFaire = await enEffacement(contexte, (requete) => lister(requete, dept))
  if (aFaire.length === 0) return []
  const coffre = await ouvrirSession(application, acteur, 'elimination.viser', async (session) => {
    // Written and committed first: an erasure without its trace would be a fault, a trace without its erasure is an intention.
    if (!simuler)
      session.consigner({
        action: 'elimination.commencer',
        dossiers: aFaire.map(({ dossier }) => dossier),
        details: { nombre: aFaire.length },
      })
    return session.coffre()
  })
  const bilans: BilanEffacement[] = []
  const erreurs: unknown[] = []
  for (const { dossier, reference } of aFaire) {
    try {
      const rangees = await enEffacement(
        contexte,
        async (requete) =>
          (await commencer(requete, dept, dossier))
            ? effacerLesRangees(requete, tables, coffre, { dept, dossier, maintenant })
            : null,
        simuler,
      )
      // Opened again, held or met since the list was read: it waits for the next pass.
      if (rangees === null) continue
      const bilan = { dossier, reference, rangees }
      bilans.push(bilan)
      dire(bilan)
    } catch (cause) {
      // One that cannot be erased keeps none of the others.
      erreurs.push(new Error(`dossier ${dossier} was not erased`, { cause }))
    }
  }
  const finir = () => {
    if (erreurs.length > 0) throw new AggregateError(erreurs, `${erreurs.length} signed dossiers could not be erased`)
    return bilans
  }
  if (simuler) return finir()
  await prouver(application, dept)
  await enEffacement(contexte, (requete) =>
    requete(
      `update bordereau_elimination b set execute_a = $2 where b.dept = $1 and b.execute_a is null and b.retire_a is null
         and exists (select 1 from conservation_dossier c where c.dept = $1 and c.bordereau = b.id)
         and not exists (select 1 from conservation_dossier c where c.dept = $1 and c.bordereau = b.id and c.etat <> 'efface')`,
      [dept, maintenant.toString()],
    ),
  )
  return finir()
}

/** Writes in the journal what was erased and not yet told there: one entry a dossier, its id and numbers of rows. */
async function prouver(application: Application, dept: string): Promise<void> {
  await ouvrirSession(application, acteurSysteme(dept, 'conservation'), 'elimination.viser', async (session) => {
    const effaces = await session.sql<{ dossier: string; bordereau: string; rangees: Record<string, number> }>`
      update conservation_dossier set prouve_a = ${session.maintenant} where dept = ${dept} and etat = 'efface' and prouve_a is null
      returning dossier, bordereau, rangees`
    for (const { dossier, bordereau, rangees } of effaces)
      session.consigner({
        action: 'dossier.effacer',
        objet: 'dossier',
        objetId: dossier,
        dossiers: [dossier],
        details: { bordereau, rangees },
      })
  })
}
