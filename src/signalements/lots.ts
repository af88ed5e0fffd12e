import type { Coffre, Session } from '#acces'
import { sql as fragment } from '#socle/db'
import { Introuvable } from '#socle/errors'
import { versionToken } from '#socle/version'
import { colonnesLisibles, masquerLigne } from './colonnes-lisibles.ts'
import { placerSignalements } from './communes.ts'
import { ouvrirLigne } from './scellement.ts'

export type EtatLot = 'a_correspondre' | 'recu' | 'lecture' | 'rapprochement' | 'traite' | 'refuse' | 'retire'

/** A deposited file and where its treatment stands. */
export interface Lot {
  readonly id: string
  readonly organisme: string
  readonly organisme_nom: string
  readonly organisme_code: string
  readonly fichier: string
  readonly nom: string
  readonly empreinte: string
  readonly encodage: string | null
  readonly etat: EtatLot
  readonly motif_fichier: string | null
  readonly motif_detail: string | null
  readonly entete: readonly string[]
  readonly correspondance: Readonly<Record<string, string>>
  readonly colonnes_inconnues: readonly string[]
  /** Sheets of the workbook that hold something and are not read. */
  readonly autres_feuilles: readonly string[]
  readonly recu_le: Temporal.PlainDate
  readonly depose_a: Temporal.Instant
  readonly depose_par_nom: string | null
  readonly lignes_total: number | null
  readonly lignes_lues: number
  readonly dernier_rang: number
  readonly acceptees: number
  readonly avertissements: number
  readonly rejetees: number
  readonly lignes_vides: number
  readonly a_rapprocher: number
  readonly rapprochees: number
  readonly termine_a: Temporal.Instant | null
  readonly retire_a: Temporal.Instant | null
  readonly rejets_en_attente: number
}

/** One lot, for reading or, with `pourEcrire`, locked until the end of the transaction. */
export async function lireLot(session: Session, id: string, pourEcrire = false): Promise<Lot> {
  if (pourEcrire) await session.sql`select id from lot where dept = ${session.dept} and id = ${id} for update`
  const [lot] = await session.sql<Lot>`
    select l.*, o.nom as organisme_nom, o.code as organisme_code, c.prenom || ' ' || c.nom as depose_par_nom,
      (select count(*)::int from ligne_lot x where x.dept = ${session.dept} and x.lot = l.id and x.verdict = 'rejetee' and x.corrigee_a is null) as rejets_en_attente
    from lot l join organisme o on o.dept = ${session.dept} and o.id = l.organisme
    left join compte c on c.dept = ${session.dept} and c.id = l.depose_par
    where l.dept = ${session.dept} and l.id = ${id}`
  if (!lot) throw new Introuvable()
  return lot
}

/** Which deposits a list shows. */
export interface FiltreLots {
  readonly organisme?: string | undefined
  readonly etat?: EtatLot | undefined
  /** A part of the name of the file, whatever the case. */
  readonly nom?: string | undefined
}

/** A place between two pages: the deposits that come after it, older, or before it. */
export interface PositionLots {
  readonly sens: 'avant' | 'apres'
  readonly a: string
  readonly id: string
}

export interface PageLots {
  readonly lots: readonly Lot[]
  readonly total: number
  readonly precedente: PositionLots | null
  readonly suivante: PositionLots | null
}

/** One page of the deposits the actor may see, newest first, by key. */
export async function listerLots(
  session: Session,
  { organisme, etat, nom }: FiltreLots = {},
  position: PositionLots | null = null,
  taille = 50,
): Promise<PageLots> {
  const { dept } = session
  const si = fragment`l.dept = ${dept} and (${organisme ?? null}::uuid is null or l.organisme = ${organisme ?? null}::uuid)
    and (${etat ?? null}::text is null or l.etat = ${etat ?? null})
    and (${nom ?? null}::text is null or position(lower(${nom ?? null}) in lower(l.nom)) > 0)`
  const recule = position?.sens === 'avant'
  const sens = recule ? fragment`asc` : fragment`desc`
  const borne = position
    ? fragment`and (l.depose_a, l.id) ${recule ? fragment`>` : fragment`<`} (${position.a}::timestamptz, ${position.id}::uuid)`
    : fragment``
  const [lus, [compte]] = await Promise.all([
    session.sql<Lot>`
      select l.*, o.nom as organisme_nom, o.code as organisme_code, c.prenom || ' ' || c.nom as depose_par_nom,
        (select count(*)::int from ligne_lot x where x.dept = ${dept} and x.lot = l.id and x.verdict = 'rejetee' and x.corrigee_a is null) as rejets_en_attente
      from (select * from lot l where ${si} ${borne} order by l.depose_a ${sens}, l.id ${sens} limit ${taille + 1}) l
      join organisme o on o.dept = ${dept} and o.id = l.organisme
      left join compte c on c.dept = ${dept} and c.id = l.depose_par
      order by l.depose_a ${sens}, l.id ${sens}`,
    session.sql<{ n: number }>`select count(*)::int as n from lot l where ${si}`,
  ])
  const lots = lus.slice(0, taille)
  if (recule) lots.reverse()
  const en = (lot: Lot | undefined, vers: PositionLots['sens']): PositionLots | null =>
    lot ? { sens: vers, a: lot.depose_a.toString(), id: lot.id } : null
  return {
    lots,
    total: compte?.n ?? 0,
    precedente: position !== null && (!recule || lus.length > taille) ? en(lots[0], 'avant') : null,
    suivante: recule || lus.length > taille ? en(lots.at(-1), 'apres') : null,
  }
}

/** An earlier deposit of the same bytes, treated with the same columns: this one changes nothing. */
export async function trouverJumeau(session: Session, lot: Lot): Promise<Pick<Lot, 'id' | 'depose_a'> | null> {
  const [jumeau] = await session.sql<Pick<Lot, 'id' | 'depose_a'>>`
    select id, depose_a from lot where dept = ${session.dept} and organisme = ${lot.organisme} and empreinte = ${lot.empreinte} and id <> ${lot.id}
      and etat = 'traite' and depose_a < ${lot.depose_a} and correspondance = ${JSON.stringify(lot.correspondance)}::jsonb
    order by depose_a desc limit 1`
  return jumeau ?? null
}

/** Organismes that sent at least one file the actor may see. */
export const listerEmetteurs = (session: Session): Promise<{ id: string; nom: string }[]> =>
  session.sql`select o.id, o.nom from organisme o
    where o.dept = ${session.dept} and exists (select 1 from lot l where l.dept = ${session.dept} and l.organisme = o.id)
    order by o.nom collate "fr-x-icu"`

/** Lots a stop interrupted: received or half done for more than a few seconds. */
export async function listerLotsInacheves(session: Session): Promise<string[]> {
  const lots = await session.sql<{ id: string }>`select id from lot
    where dept = ${session.dept} and etat in ('recu', 'lecture', 'rapprochement') order by depose_a`
  return lots.map((lot) => lot.id)
}

export interface LigneLot {
  readonly ligne: number
  readonly reference_source: string
  readonly champs: Readonly<Record<string, string>>
  readonly verdict: 'acceptee' | 'avertissement' | 'rejetee'
  readonly effet: string
  readonly motifs: readonly { code: string; colonne: string; valeur: string; message: string }[]
  readonly signalement: string | null
  readonly corrigee_a: Temporal.Instant | null
  readonly corrigee_par_nom: string | null
  /** What was typed to correct it on screen, field by field. */
  readonly correction: Readonly<Record<string, string>> | null
  /** Another file in which this line was taken up. */
  readonly corrigee_lot: string | null
  readonly dossier: string | null
  readonly dossier_reference: string | null
  /** Filled columns hidden to the reader: their values are not here. */
  readonly reservees: readonly string[]
  /** Mark of the whole line, hidden columns included: what a form carries back. */
  readonly marque: string
}

type LigneLue = Omit<LigneLot, 'reservees' | 'marque'> & { readonly organisme: string }

/** A line as its reader may see it, marked as it is kept. */
function lireLigne<T extends LigneLue & { readonly lot: string }>(session: Session, coffre: Coffre, lue: T) {
  const { organisme, ...ligne } = ouvrirLigne(coffre, lue.lot, lue)
  return { ...masquerLigne(ligne, colonnesLisibles(session, organisme)), marque: versionLigneLot(ligne) }
}

/** Mark of a rejected line: it changes once somebody corrected it, on screen or in another file. */
export function versionLigneLot(ligne: Pick<LigneLot, 'corrigee_a' | 'correction' | 'corrigee_lot'>): string {
  const champs = Object.entries(ligne.correction ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))
  return versionToken(ligne.corrigee_a, champs, ligne.corrigee_lot)
}

/** Lines of a lot by verdict, by rank. `apres` is the last rank of the previous page. */
export async function listerLignes(
  session: Session,
  lot: string,
  filtre: {
    verdict?: string | undefined
    effet?: string | undefined
    apres?: number
    limite?: number
    enAttente?: boolean
  } = {},
): Promise<LigneLot[]> {
  const lues = await session.sql<LigneLue>`
    select l.ligne, l.reference_source, l.champs, l.verdict, l.effet, l.motifs, l.signalement, l.corrigee_a, c.prenom || ' ' || c.nom as corrigee_par_nom,
      l.correction, l.corrigee_lot, d.id as dossier, d.reference as dossier_reference, t.organisme
    from ligne_lot l join lot t on t.dept = ${session.dept} and t.id = l.lot
    left join compte c on c.dept = ${session.dept} and c.id = l.corrigee_par
    left join rattachement r on r.dept = ${session.dept} and r.signalement = l.signalement and r.defait_a is null
    left join dossier d on d.dept = ${session.dept} and d.id = r.dossier
    where l.dept = ${session.dept} and l.lot = ${lot} and l.ligne > ${filtre.apres ?? 0}
      and (${filtre.verdict ?? null}::text is null or l.verdict = ${filtre.verdict ?? null})
      and (${filtre.effet ?? null}::text is null or l.effet = ${filtre.effet ?? null})
      and (${!filtre.enAttente} or (l.verdict = 'rejetee' and l.corrigee_a is null))
    order by l.ligne limit ${filtre.limite ?? 100}`
  const coffre = await session.coffre()
  const lignes = lues.map((ligne): LigneLot => lireLigne(session, coffre, { ...ligne, lot }))
  session.consigner({
    action: 'lot.lire',
    objet: 'lot',
    objetId: lot,
    dossiers: lignes.flatMap(({ dossier }) => dossier ?? []),
    details: { lignes: lignes.map(({ ligne }) => ligne) },
  })
  return lignes
}

/** How many rejected lines wait for a correction. */
export async function compterRejets(session: Session): Promise<number> {
  const [ligne] = await session.sql<{ n: number }>`select count(*)::int as n from ligne_lot l
    join lot t on t.dept = ${session.dept} and t.id = l.lot and t.retire_a is null
    where l.dept = ${session.dept} and l.verdict = 'rejetee' and l.corrigee_a is null`
  return ligne?.n ?? 0
}

/** A line of a deposit. */
export interface PlaceRejet {
  readonly lot: string
  readonly ligne: number
}

/** Rejected lines waiting for a correction, across lots, oldest first, after a place: the correction queue. */
export async function listerRejets(
  session: Session,
  limite = 100,
  apres: PlaceRejet | null = null,
): Promise<(LigneLot & { lot: string; lot_nom: string; organisme_nom: string })[]> {
  const { dept } = session
  const borne = apres
    ? fragment`and (t.depose_a, t.id, l.ligne) > ((select p.depose_a from lot p where p.dept = ${dept} and p.id = ${apres.lot}), ${apres.lot}::uuid, ${apres.ligne}::int)`
    : fragment``
  const lues = await session.sql<LigneLue & { lot: string; lot_nom: string; organisme_nom: string }>`
    select l.lot, t.organisme, t.nom as lot_nom, o.nom as organisme_nom, l.ligne, l.reference_source, l.champs, l.verdict, l.effet, l.motifs, l.signalement, l.corrigee_a, null as corrigee_par_nom, l.correction,
      l.corrigee_lot, null as dossier, null as dossier_reference
    from ligne_lot l join lot t on t.dept = ${dept} and t.id = l.lot and t.retire_a is null
    join organisme o on o.dept = ${dept} and o.id = t.organisme
    where l.dept = ${dept} and l.verdict = 'rejetee' and l.corrigee_a is null ${borne} order by t.depose_a, t.id, l.ligne limit ${limite}`
  const coffre = await session.coffre()
  return lues.map((ligne) => lireLigne(session, coffre, ligne))
}

/** How many lines of a lot have each verdict and each effect. */
export function compterLignes(
  session: Session,
  lot: string,
): Promise<{ verdict: LigneLot['verdict']; effet: string; n: number }[]> {
  return session.sql`select verdict, effet, count(*)::int as n from ligne_lot where dept = ${session.dept} and lot = ${lot} group by verdict, effet`
}

/**
 * Keeps one waiting line per line of the partner. Rejected lines of earlier files of the same organisme leave the queue when this lot brings them again: same
 * reference, or the very same bytes still rejected. A line whose bytes a person already corrected does not wait a second time. A line rejected because of its
 * reference says nothing of that reference: its own bytes take it out, or its content under another one.
 */
export async function reprendreRejets(session: Session, lot: string): Promise<void> {
  const { sql, dept } = session
  await sql`
    update ligne_lot n set corrigee_a = ${session.maintenant}, corrigee_lot = a.lot, signalement = a.signalement
    from lot t, lot present, ligne_lot a
    where n.dept = ${dept} and t.dept = ${dept} and present.dept = ${dept} and a.dept = ${dept} and present.id = ${lot} and n.lot = ${lot}
      and t.organisme = present.organisme and t.entete = present.entete and t.retire_a is null and t.depose_a < present.depose_a
      and a.lot = t.id and a.verdict = 'rejetee' and a.corrigee_a is not null and a.corrigee_lot is null and a.signalement is not null
      and n.verdict = 'rejetee' and n.corrigee_a is null and n.empreinte_brut = a.empreinte_brut`
  await sql`
    update ligne_lot a set corrigee_a = ${session.maintenant}, corrigee_lot = ${lot}
    from lot t, lot present, ligne_lot n
    where a.dept = ${dept} and t.dept = ${dept} and present.dept = ${dept} and n.dept = ${dept} and present.id = ${lot} and n.lot = ${lot}
      and t.id = a.lot and t.organisme = present.organisme and t.retire_a is null and t.depose_a < present.depose_a
      and a.verdict = 'rejetee' and a.corrigee_a is null and a.reference_source <> '' and a.reference_source = n.reference_source
      and not a.motifs @> '[{"code": "reference_en_double"}]'`
  await sql`
    update ligne_lot a set corrigee_a = ${session.maintenant}, corrigee_lot = ${lot}
    from lot t, lot present, ligne_lot n
    where a.dept = ${dept} and t.dept = ${dept} and present.dept = ${dept} and n.dept = ${dept} and present.id = ${lot} and n.lot = ${lot}
      and t.id = a.lot and t.organisme = present.organisme and t.entete = present.entete and t.retire_a is null and t.depose_a < present.depose_a
      and a.verdict = 'rejetee' and a.corrigee_a is null and n.verdict = 'rejetee' and a.empreinte_brut = n.empreinte_brut`
  await reprendreRenommees(session, lot)
}

/** Lines read at once from a lot. */
const TRANCHE = 1000

/** The content of a line, its reference apart. */
function contenuSansReference(
  coffre: Coffre,
  lot: string,
  ligne: Pick<LigneLot, 'ligne' | 'champs' | 'motifs'>,
): string {
  const { reference_source: _, ...champs } = ouvrirLigne(coffre, lot, ligne).champs
  return JSON.stringify(
    Object.entries(champs)
      .filter(([, valeur]) => valeur !== '')
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  )
}

/** Waiting lines rejected for their reference that this lot brings under another one. */
async function reprendreRenommees(session: Session, lot: string): Promise<void> {
  const { sql, dept } = session
  type Ligne = Pick<LigneLot, 'ligne' | 'champs' | 'motifs'>
  const attendues = await sql<Ligne & { lot: string }>`
    select a.lot, a.ligne, a.champs, a.motifs from lot present join lot t on t.dept = ${dept} and t.organisme = present.organisme and t.retire_a is null
      and t.depose_a < present.depose_a join ligne_lot a on a.dept = ${dept} and a.lot = t.id
    where present.dept = ${dept} and present.id = ${lot} and a.verdict = 'rejetee' and a.corrigee_a is null
      and (a.motifs @> '[{"code": "reference_absente"}]' or a.motifs @> '[{"code": "reference_trop_longue"}]' or a.motifs @> '[{"code": "reference_en_double"}]')
    order by t.depose_a, a.ligne`
  if (attendues.length === 0) return
  const coffre = await session.coffre()
  const parContenu = Map.groupBy(attendues, (ligne) => contenuSansReference(coffre, ligne.lot, ligne))
  const reprises: { lot: string; ligne: number }[] = []
  for (let apres = 0; ; ) {
    const lignes = await sql<Ligne>`select ligne, champs, motifs from ligne_lot
      where dept = ${dept} and lot = ${lot} and ligne > ${apres} and verdict <> 'rejetee' order by ligne limit ${TRANCHE}`
    for (const ligne of lignes) {
      const attendue = parContenu.get(contenuSansReference(coffre, lot, ligne))?.shift()
      if (attendue) reprises.push({ lot: attendue.lot, ligne: attendue.ligne })
    }
    if (lignes.length < TRANCHE) break
    apres = lignes.at(-1)?.ligne ?? apres
  }
  await sql`
    update ligne_lot a set corrigee_a = ${session.maintenant}, corrigee_lot = ${lot}
    from json_to_recordset(${JSON.stringify(reprises)}::json) as x(lot uuid, ligne int)
    where a.dept = ${dept} and a.lot = x.lot and a.ligne = x.ligne`
}

/** Refuses to take back a lot that later files have built on; says how many signalements are concerned. */
export async function compterSuivants(
  session: Session,
  lot: string,
): Promise<{ readonly versions: number; readonly identiques: number }> {
  const { sql, dept } = session
  const [ligne] = await sql<{ versions: number; identiques: number }>`
    select (select count(*)::int from signalement_version x
      join signalement_version v on v.dept = ${dept} and v.signalement = x.signalement and v.version > x.version and v.lot <> ${lot} and v.annulee_a is null
      where x.dept = ${dept} and x.lot = ${lot} and x.annulee_a is null) as versions,
    (select count(distinct l.signalement)::int from signalement s
      join ligne_lot l on l.dept = ${dept} and l.signalement = s.id and l.lot <> ${lot} and l.effet = 'deja_connu'
      join lot autre on autre.dept = ${dept} and autre.id = l.lot and autre.etat <> 'retire'
      join lot ici on ici.dept = ${dept} and ici.id = ${lot} and autre.depose_a >= ici.depose_a
      where s.dept = ${dept} and s.lot = ${lot} and s.retire_a is null) as identiques`
  return ligne ?? { versions: 0, identiques: 0 }
}

/** How many signalements of a lot have an earlier version to return to. */
export async function compterRevenus({ sql, dept }: Session, lot: string): Promise<number> {
  const [ligne] = await sql<{ n: number }>`select count(*)::int as n from signalement s
    where s.dept = ${dept} and s.lot = ${lot} and s.retire_a is null
      and exists (select 1 from signalement_version v where v.dept = ${dept} and v.signalement = s.id and v.annulee_a is null and v.lot <> ${lot})`
  return ligne?.n ?? 0
}

/** Signalements whose current version comes from a lot. */
export async function listerSignalementsDuLot(session: Session, lot: string): Promise<string[]> {
  const lignes = await session.sql<{
    id: string
  }>`select id from signalement where dept = ${session.dept} and lot = ${lot} and retire_a is null`
  return lignes.map((ligne) => ligne.id)
}

/**
 * Cancels the versions a lot brought: signalements it updated return to the version before, those it created leave. Every version stays in the history.
 * Returns the ids that left and those that returned.
 */
export async function annulerVersions(session: Session, lot: string): Promise<{ partis: string[]; revenus: string[] }> {
  const { sql, dept } = session
  await sql`update signalement_version set annulee_a = ${session.maintenant} where dept = ${dept} and lot = ${lot} and annulee_a is null`
  const revenus = await sql<{ id: string; commune: string; code_postal: string }>`
    update signalement s set contenu = v.contenu, empreinte = v.empreinte, version = v.version, lot = v.lot, ligne = v.ligne, type = v.contenu->>'type',
      date_signalement = (v.contenu->>'date_signalement')::date, date_acte = (v.contenu->>'date_acte')::date, recu_le = v.recu_le, recu_a = v.recu_a
    from (
      select distinct on (v.signalement) v.*, t.recu_le from signalement_version v join lot t on t.dept = ${dept} and t.id = v.lot
      where v.dept = ${dept} and v.annulee_a is null and v.signalement in (select id from signalement where dept = ${dept} and lot = ${lot})
      order by v.signalement, v.version desc
    ) v
    where s.dept = ${dept} and s.id = v.signalement returning s.id, v.contenu->>'commune' as commune, coalesce(v.contenu->>'code_postal', '') as code_postal`
  await sql`insert into a_reconnaitre (dept, lot, ligne, signalement)
    select dept, lot, ligne, id from signalement where dept = ${dept} and id = any (${revenus.map(({ id }) => id)}::uuid[]) on conflict do nothing`
  await placerSignalements(session, revenus)
  const partis = await sql<{ id: string }>`update signalement set retire_a = ${session.maintenant}
    where dept = ${dept} and lot = ${lot} and retire_a is null returning id`
  await sql`delete from a_reconnaitre where dept = ${dept} and lot = ${lot}`
  await sql`update ligne_lot set corrigee_a = null, corrigee_lot = null, correction = null, signalement = null where dept = ${dept} and corrigee_lot = ${lot}`
  await sql`update lot set etat = 'retire', retire_a = ${session.maintenant}, retire_par = ${session.acteur.compte} where dept = ${dept} and id = ${lot}`
  session.consigner({
    action: 'lot.retirer',
    objet: 'lot',
    objetId: lot,
    details: { partis: partis.length, revenus: revenus.length },
  })
  return { partis: partis.map((ligne) => ligne.id), revenus: revenus.map((ligne) => ligne.id) }
}
