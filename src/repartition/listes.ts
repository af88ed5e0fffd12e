import { createHash, randomUUID } from 'node:crypto'
import type { Session } from '#acces'
import {
  CHAMPS_INSTANTANE,
  type ChampsDe,
  conditionsRemplies,
  consignerFaits,
  dansLePerimetre,
  lireSousMasque,
  litLesEcritsDe,
  marquerTransmis,
} from '#dossiers'
import type { Entree } from '#journal'
import { listerDestinataires, noter, noterOuverture } from '#notifications'
import { STADES_REGLES } from '#referentiel'
import { type Fragment, sql as fragment } from '#socle/db'
import { Introuvable } from '#socle/errors'
import { echeancesDuService } from './echeances.ts'

export type CategorieLigne = 'nouveau' | 'change' | 'sans_reponse'

export interface Liste {
  readonly id: string
  readonly organisme: string
  readonly organisme_nom: string
  readonly service: string
  readonly stade: string
  readonly annee: number
  readonly numero: number
  readonly date_liste: Temporal.PlainDate
  readonly figee_a: Temporal.Instant
  readonly repondre_avant: Temporal.PlainDate | null
  /** First day somebody of the service opened it (REP-09). */
  readonly recue_le: Temporal.PlainDate | null
  readonly lignes: number
  readonly empreinte: string
  readonly nouveaux: number
  readonly changes: number
  readonly sans_reponse: number
  readonly repondues: number
  /** Lines whose household still waits for this service, now. */
  readonly en_attente: number
}

/** A line as it was sent. `instantane` never changes; the answer is beside it. */
export interface LigneListe {
  readonly rang: number
  readonly dossier: string
  readonly categorie: CategorieLigne
  readonly instantane: Instantane
  readonly reponse: string | null
  readonly motif: string | null
  readonly repondu_a: Temporal.Instant | null
  readonly repondu_par: string | null
  readonly affectation: string
  /** Where the line stands now; null once the household is outside the reader's perimeter: another service has it. */
  readonly etat: string | null
  /** False once the household is outside the reader's perimeter: its dossier does not open. */
  readonly lisible: boolean
  /** False once the household moved on: nothing is left to answer here. */
  readonly vivante: boolean
  readonly issue: string | null
  readonly transmise_le: Temporal.PlainDate | null
  /** Day the answer is due: sooner than that of the list when an earlier list carried the household first. */
  readonly repondre_avant: Temporal.PlainDate | null
  readonly diagnostic_avant: Temporal.PlainDate | null
  readonly diagnostic_fait_le: Temporal.PlainDate | null
}

/** The line of the same household in the service's previous list: what changed since is read against it. */
export interface LignePrecedente {
  readonly numero: number
  readonly date: string
  readonly titulaire: string
  readonly adresse: string
  readonly stade: string
  readonly audience_le: string | null
  readonly dette: number | null
}

/** What a service reads of a household in its list: frozen on the day of the list. */
export interface Instantane {
  readonly reference: string
  readonly titulaire: string
  readonly date_naissance: string | null
  readonly enfants: number | null
  readonly adresse: string
  readonly commune: string
  readonly territoire: string | null
  readonly telephones: readonly string[]
  readonly parc: string | null
  readonly stade: string
  readonly stade_le: string | null
  readonly audience_le: string | null
  readonly dette: number | null
  readonly bailleur: string
  readonly rang_cascade: number
  readonly pourquoi: string
  readonly source: string
  /** What must be said beside the source: local usage, not checked by a jurist. */
  readonly reserve: string | null
  /** Words that were missing when the rank was chosen. */
  readonly a_verifier: readonly string[]
  readonly etat: string
  readonly diagnostic_avant: string | null
  readonly signaux: number
  readonly precedente: LignePrecedente | null
}

/** Every field of a frozen line is of a group of the access matrix. */
const CHAMPS: ChampsDe<Instantane> = CHAMPS_INSTANTANE

/** A line as its reader may see it: hidden fields are replaced, and so is what a service wrote for the secretariat or was told by a person. */
function masquerLigne(
  session: Session,
  organisme: string,
  lue: LigneListe & { remplies: readonly string[] },
): LigneListe {
  const { remplies, ...ligne } = lue
  const instantane = lireSousMasque(session, ligne.instantane, CHAMPS, remplies)
  if (litLesEcritsDe(session, organisme)) return { ...ligne, instantane }
  const choisi = ligne.instantane.rang_cascade === 0 && instantane.pourquoi !== ''
  return {
    ...ligne,
    motif: null,
    instantane: choisi ? { ...instantane, pourquoi: 'choisi par une personne' } : instantane,
  }
}

/** One list to come: what freezing now would send to a service at a stage. */
export interface ListePrevue {
  readonly organisme: string
  readonly organisme_nom: string
  readonly service: string
  readonly stade: string
  readonly nouveaux: number
  readonly changes: number
  readonly sans_reponse: number
}

/** Which lists to prepare: those of one day, of one organisme or of all. */
interface DemandeListes {
  readonly date: Temporal.PlainDate
  readonly organisme?: string | undefined
}

/** Affectations a list of that day may carry, as parts of a query: `attendues` leaves out what was taken and has not changed since it was sent, most of a département. */
function lireAttendues({ dept }: Session, { date, organisme = undefined }: DemandeListes): Fragment {
  return fragment`
    d as materialized (select id, change_le from dossier where dept = ${dept} and clos_le is null),
    a as materialized (
      select id, dossier, organisme, service, stade, etat, depuis, transmise_le from affectation
      where dept = ${dept} and terminee_a is null and (${organisme ?? null}::uuid is null or organisme = ${organisme ?? null}::uuid)
    ), attendues as materialized (
      select a.* from a join d on d.id = a.dossier
      where (a.etat in ('proposee', 'transmise') or (a.etat = 'prise' and (a.transmise_le is null or d.change_le >= a.transmise_le)))
        and not exists (select 1 from liste l where l.dept = ${dept} and l.organisme = a.organisme and l.stade = a.stade and l.date_liste = ${date})
    )`
}

/** Why an affectation is in a list. */
const CATEGORIE = fragment`case a.etat when 'proposee' then 'nouveau' when 'transmise' then 'sans_reponse' else 'change' end`

/**
 * Among `attendues a`, those a list carries, with their line in the last list sent: newly proposed, still without an answer, or taken by the service and changed since.
 * « Changed » is read against the last line sent and not against the clock, so that what happened on the very day of a list is neither lost nor repeated.
 */
function transmettre({ dept }: Session, date: Temporal.PlainDate): Fragment {
  return fragment`
    cross join lateral (
      select id, change_le, stade, dette, adresse, titulaire, audience_le, signaux from dossier where dept = ${dept} and id = a.dossier offset 0
    ) d
    left join lateral (
      select p.liste, p.rang, l.date_liste, p.instantane
      from ligne_liste p join liste l on l.dept = ${dept} and l.id = p.liste
      where p.dept = ${dept} and p.dossier = a.dossier and l.organisme = a.organisme and l.date_liste < ${date} and a.etat <> 'proposee'
      order by l.date_liste desc, l.numero desc limit 1
    ) avant on true
    where a.etat in ('proposee', 'transmise')
      or (avant.liste is null and d.change_le > a.depuis)
      or (d.change_le >= avant.date_liste
        and (d.stade, d.dette, d.adresse, d.titulaire, d.audience_le, d.signaux) is distinct from (avant.instantane->>'stade',
          (avant.instantane->>'dette')::bigint, avant.instantane->>'adresse', avant.instantane->>'titulaire',
          (avant.instantane->>'audience_le')::date, (avant.instantane->>'signaux')::int))`
}

/** Within a service, lists are numbered in the order of the procedure. */
function ordonner<T extends { readonly organisme: string; readonly stade: string }>(parOrganisme: readonly T[]): T[] {
  const rang = (stade: string) => (STADES_REGLES as readonly string[]).indexOf(stade)
  return [...Map.groupBy(parOrganisme, ({ organisme }) => organisme).values()].flatMap((siennes) =>
    siennes.sort((a, b) => rang(a.stade) - rang(b.stade)),
  )
}

/** What freezing the lists of a day would send, by service and stage. Nothing is written. */
export async function prevoirListes(session: Session, demande: DemandeListes): Promise<ListePrevue[]> {
  const { sql, dept } = session
  // Only what was taken is compared with its last line: the others are in the list whatever it said.
  return ordonner(
    await sql<ListePrevue>`
      with ${lireAttendues(session, demande)},
      x as (
        select a.organisme, a.service, a.stade, ${CATEGORIE} as categorie from attendues a where a.etat <> 'prise'
        union all
        select a.organisme, a.service, a.stade, ${CATEGORIE} from (select * from attendues where etat = 'prise') a ${transmettre(session, demande.date)}
      )
      select x.organisme, o.nom as organisme_nom, min(x.service) as service, x.stade, count(*) filter (where categorie = 'nouveau')::int as nouveaux,
        count(*) filter (where categorie = 'change')::int as changes, count(*) filter (where categorie = 'sans_reponse')::int as sans_reponse
      from x join organisme o on o.dept = ${dept} and o.id = x.organisme
      group by x.organisme, o.nom, x.stade order by o.nom collate "fr-x-icu", x.organisme`,
  )
}

/**
 * Freezes the lists of one day: for each organisme and stade, the households newly confided, those whose situation changed since the last list, and
 * those still without an answer. Done twice for a day, the second time adds nothing. Sending starts the delay to answer; the diagnosis delay
 * starts from the same date when the service takes the household (REP-09).
 */
export async function figerListes(
  session: Session,
  demande: DemandeListes & { readonly delaiReponse: Temporal.Duration | null },
): Promise<{ id: string; lignes: number }[]> {
  const { sql, dept } = session
  const { date } = demande
  const repondreAvant = demande.delaiReponse ? date.add(demande.delaiReponse) : null
  // One freezing at a time in a département: numbers follow one another without a gap.
  await sql`select pg_advisory_xact_lock(hashtextextended(${`listes:${dept}`}, 0))`
  const choisies = await sql<{
    affectation: string
    organisme: string
    service: string
    stade: string
    categorie: CategorieLigne
    avant_liste: string | null
    avant_rang: number | null
  }>`with ${lireAttendues(session, demande)},
    x as (
      select a.id as affectation, a.organisme, a.service, a.stade, ${CATEGORIE} as categorie, avant.liste as avant_liste, avant.rang as avant_rang
      from attendues a ${transmettre(session, date)}
    )
    select x.* from x join organisme o on o.dept = ${dept} and o.id = x.organisme
    order by o.nom collate "fr-x-icu", x.organisme, x.service`
  if (choisies.length === 0) return []
  const cle = ({ organisme, stade }: { organisme: string; stade: string }) => `${organisme}|${stade}`
  const prevues = ordonner(
    [...Map.groupBy(choisies, cle).values()].flatMap(([premiere]) => (premiere ? [premiere] : [])),
  )
  const numeros = new Map(
    (
      await sql<{
        organisme: string
        n: number
      }>`select organisme, max(numero) as n from liste where dept = ${dept} and annee = ${date.year} group by organisme`
    ).map((ligne) => [ligne.organisme, ligne.n]),
  )
  const entetes = prevues.map(({ organisme, service, stade }) => {
    const numero = (numeros.get(organisme) ?? 0) + 1
    numeros.set(organisme, numero)
    return { id: randomUUID(), organisme, service, stade, numero }
  })
  await sql`insert into liste (dept, id, organisme, service, stade, annee, numero, date_liste, figee_a, figee_par, repondre_avant, lignes, empreinte)
    select ${dept}, x.id, x.organisme, x.service, x.stade, ${date.year}, x.numero, ${date}, ${session.maintenant}, ${session.acteur.compte}, ${repondreAvant}, 0, ''
    from jsonb_to_recordset(${JSON.stringify(entetes)}::jsonb) as x(id uuid, organisme uuid, service text, stade text, numero int)`
  const repondent = await listerDestinataires(
    session,
    entetes.map(({ organisme }) => organisme),
    'liste.repondre',
  )
  await noter(
    session,
    entetes.map(({ id, organisme }) => ({
      genre: 'liste' as const,
      destinataires: repondent.filter((un) => un.organisme === organisme),
      dossier: null,
      objet: id,
      avant: repondreAvant,
    })),
  )
  const ids = entetes.map((entete) => entete.id)
  const listeDe = new Map<string, string>(entetes.map((entete) => [cle(entete), entete.id]))
  const lignes = choisies.map((une) => ({
    l: listeDe.get(cle(une)),
    a: une.affectation,
    c: une.categorie,
    al: une.avant_liste,
    ar: une.avant_rang,
  }))
  await sql`
    insert into ligne_liste (dept, liste, rang, dossier, affectation, categorie, instantane)
    select ${dept}, x.l,
      row_number() over (partition by x.l order by case x.c when 'nouveau' then 1 when 'change' then 2 else 3 end, d.nom_tri collate "C", d.id),
      d.id, a.id, x.c, jsonb_build_object(
        'reference', d.reference, 'titulaire', d.titulaire, 'date_naissance', d.menage->'titulaire'->>'dateNaissance',
        'enfants', d.menage->'enfantsACharge', 'adresse', d.adresse, 'commune', d.commune, 'territoire', d.territoire,
        'telephones', coalesce(d.menage->'telephones', '[]'::jsonb), 'parc', d.parc, 'stade', d.stade, 'stade_le', d.stade_le, 'audience_le', d.audience_le,
        'dette', d.dette, 'bailleur', d.bailleur, 'rang_cascade', a.rang, 'pourquoi', a.libelle, 'source', concat_ws(', ', a.source->>'titre', a.source->>'reference'),
        'reserve', a.source->>'reserve', 'a_verifier', coalesce(a.valeurs->'a_verifier', '[]'::jsonb), 'etat', a.etat, 'diagnostic_avant', a.diagnostic_avant, 'signaux', d.signaux,
        'precedente', case when p.liste is not null then jsonb_build_object('numero', lp.numero, 'date', lp.date_liste, 'titulaire', p.instantane->'titulaire',
          'adresse', p.instantane->'adresse', 'stade', p.instantane->'stade', 'audience_le', p.instantane->'audience_le', 'dette', p.instantane->'dette') end)
    from json_to_recordset(${JSON.stringify(lignes)}::json) as x(l uuid, a uuid, c text, al uuid, ar int)
    join affectation a on a.dept = ${dept} and a.id = x.a
    join dossier d on d.dept = ${dept} and d.id = a.dossier
    left join ligne_liste p on p.dept = ${dept} and p.liste = x.al and p.rang = x.ar
    left join liste lp on lp.dept = ${dept} and lp.id = x.al`
  const bilans = await sql<{ liste: string; n: number; texte: string }>`
    select liste, count(*)::int as n, md5(string_agg(rang || categorie || instantane::text, '|' order by rang)) as texte
    from ligne_liste where dept = ${dept} and liste = any (${ids}::uuid[]) group by liste`
  const entetesParId = new Map<string, (typeof entetes)[number]>(entetes.map((entete) => [entete.id, entete]))
  const empreintes = bilans.map(({ liste, n, texte }) => {
    const entete = entetesParId.get(liste)
    return {
      id: liste,
      n,
      empreinte: createHash('sha256').update(`${entete?.organisme}|${entete?.stade}|${date}|${texte}`).digest('hex'),
    }
  })
  await sql`update liste l set lignes = x.n, empreinte = x.empreinte
    from jsonb_to_recordset(${JSON.stringify(empreintes)}::jsonb) as x(id uuid, n int, empreinte text) where l.dept = ${dept} and l.id = x.id`
  const nouveaux = await sql<{ dossier: string; liste: string; numero: number; organisme: string }>`
    update affectation a set etat = 'transmise', transmise_le = ${date}, repondre_avant = ${repondreAvant}
    from ligne_liste l join liste s on s.dept = ${dept} and s.id = l.liste
    where l.dept = ${dept} and l.liste = any (${ids}::uuid[]) and l.categorie = 'nouveau' and a.dept = ${dept} and a.id = l.affectation
    returning l.dossier, l.liste, s.numero, s.organisme`
  const aRepondre = echeancesDuService(
    session,
    {
      etat: 'transmise',
      transmise_le: date,
      repondre_avant: repondreAvant,
      diagnostic_avant: null,
      diagnostic_fait_le: null,
    },
    null,
  )
  await marquerTransmis(
    session,
    nouveaux.map((ligne) => ligne.dossier),
    () => aRepondre,
  )
  await consignerFaits(
    session,
    nouveaux.map((ligne) => ({
      dossier: ligne.dossier,
      type: 'tableau.transmis',
      le: date,
      donnees: { liste: ligne.liste, numero: ligne.numero, organisme: ligne.organisme },
    })),
  )
  const transmis = await sql<{
    dossier: string
  }>`select distinct dossier from ligne_liste where dept = ${dept} and liste = any (${ids}::uuid[])`
  session.consigner({
    action: 'listes.figer',
    dossiers: transmis.map(({ dossier }) => dossier),
    details: { date: date.toString(), listes: ids },
  })
  const tailles = new Map(bilans.map((bilan) => [bilan.liste, bilan.n]))
  return ids.map((id) => ({ id, lignes: tailles.get(id) ?? 0 }))
}

/** Which lists to read: those of one service, of one day, or older than a day. */
export interface FiltreListes {
  readonly organisme?: string | undefined
  readonly le?: Temporal.PlainDate | undefined
  readonly avant?: Temporal.PlainDate | undefined
  readonly limite?: number | undefined
}

function lireEntetes(session: Session, choisies: Fragment): Promise<Liste[]> {
  const { dept } = session
  return session.sql<Liste>`
    with s as materialized (${choisies}),
    -- What waits is few: it is looked for from the affectations still asked, not from every line ever sent.
    attente as materialized (
      select l.liste, count(*)::int as n from affectation a join ligne_liste l on l.dept = ${dept} and l.affectation = a.id
      where a.dept = ${dept} and a.etat = 'transmise' and a.terminee_a is null and a.organisme in (select organisme from s) group by l.liste
    )
    select s.id, s.organisme, o.nom as organisme_nom, s.service, s.stade, s.annee, s.numero, s.date_liste, s.figee_a, s.repondre_avant, s.recue_le, s.lignes,
      s.empreinte, c.nouveaux, c.changes, c.sans_reponse, c.repondues, coalesce(w.n, 0) as en_attente
    from s
    join organisme o on o.dept = ${dept} and o.id = s.organisme
    cross join lateral (
      select count(*) filter (where l.categorie = 'nouveau')::int as nouveaux, count(*) filter (where l.categorie = 'change')::int as changes,
        count(*) filter (where l.categorie = 'sans_reponse')::int as sans_reponse, count(*) filter (where l.reponse is not null)::int as repondues
      from ligne_liste l where l.dept = ${dept} and l.liste = s.id
    ) c
    left join attente w on w.liste = s.id
    order by s.date_liste desc, o.nom collate "fr-x-icu", s.numero`
}

/** Lists the actor may read, newest first. */
export function listerListes(session: Session, filtre: FiltreListes = {}): Promise<Liste[]> {
  const { organisme = null, le = null, avant = null, limite = 100 } = filtre
  return lireEntetes(
    session,
    fragment`select * from liste where dept = ${session.dept} and (${organisme}::uuid is null or organisme = ${organisme}::uuid)
      and (${le}::date is null or date_liste = ${le}::date) and (${avant}::date is null or date_liste < ${avant}::date)
      order by date_liste desc, id limit ${limite}`,
  )
}

/**
 * One list and its lines, exactly as sent, with the answers given since. The first opening by somebody of the service is its reception and is dated (REP-09).
 * A household that moved to another service keeps its line; where it went is not said. `consultation` is what the journal calls this reading.
 */
export async function lireListe(
  session: Session,
  id: string,
  consultation: Pick<Entree, 'action' | 'details'> = { action: 'liste.lire' },
): Promise<{ liste: Liste; lignes: LigneListe[] }> {
  const { dept } = session
  const [liste] = await lireEntetes(session, fragment`select * from liste where dept = ${dept} and id = ${id}`)
  if (!liste) throw new Introuvable()
  const lues = await session.sql<LigneListe & { readonly remplies: readonly string[] }>`
    select l.rang, l.dossier, l.categorie, l.instantane, l.reponse, l.motif, l.repondu_a, c.prenom || ' ' || c.nom as repondu_par, l.affectation, a.etat,
      d.id is not null and ${dansLePerimetre(session)} as lisible, a.id is not null and a.terminee_a is null as vivante, a.issue, a.transmise_le, a.repondre_avant, a.diagnostic_avant, a.diagnostic_fait_le, ${conditionsRemplies(session, CHAMPS)} as remplies
    from ligne_liste l
    left join dossier d on d.dept = ${dept} and d.id = l.dossier
    left join affectation a on a.dept = ${dept} and a.id = l.affectation
    left join compte c on c.dept = ${dept} and c.id = l.repondu_par
    where l.dept = ${dept} and l.liste = ${id} order by l.rang`
  const lignes = lues.map((ligne) => masquerLigne(session, liste.organisme, ligne))
  session.consigner({ ...consultation, objet: 'liste', objetId: id, dossiers: lignes.map(({ dossier }) => dossier) })
  if (session.acteur.organisme !== liste.organisme) return { liste, lignes }
  await noterOuverture(session, 'liste', id)
  if (liste.recue_le !== null) return { liste, lignes }
  await session.sql`update liste set recue_le = ${session.jour} where dept = ${dept} and id = ${id} and recue_le is null`
  return { liste: { ...liste, recue_le: session.jour }, lignes }
}
