import { createHash, randomUUID } from 'node:crypto'
import type { Session } from '#acces'
import { consignerFaits } from '#dossiers'
import { Introuvable } from '#socle/errors'

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
  readonly lignes: number
  readonly empreinte: string
  readonly nouveaux: number
  readonly changes: number
  readonly sans_reponse: number
  readonly repondues: number
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
  readonly affectation: string
  readonly etat: string
  readonly diagnostic_avant: Temporal.PlainDate | null
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
  readonly etat: string
  readonly diagnostic_avant: string | null
}

interface EnTete {
  readonly organisme: string
  readonly service: string
  readonly stade: string
}

/**
 * Freezes the lists of one day: for each organisme and stade, the households newly confided, those whose situation changed since the last list, and
 * those still without an answer. Done twice for a day, the second time adds nothing. Sending starts the delay to answer; the diagnosis delay
 * starts from the same date when the service takes the household (REP-09).
 */
export async function figerListes(
  session: Session,
  demande: { date: Temporal.PlainDate; delaiReponse: Temporal.Duration | null; organisme?: string | undefined },
): Promise<{ id: string; lignes: number }[]> {
  const { sql, dept } = session
  const { date } = demande
  const repondreAvant = demande.delaiReponse ? date.add(demande.delaiReponse) : null
  // One freezing at a time in a département: numbers follow one another without a gap.
  await sql`select pg_advisory_xact_lock(hashtextextended(${`listes:${dept}`}, 0))`
  const entetes = await sql<EnTete>`
    select a.organisme, min(a.service) as service, a.stade
    from affectation a
    join dossier d on d.dept = ${dept} and d.id = a.dossier and d.clos_le is null
    left join lateral (
      select l.date_liste from liste l where l.dept = ${dept} and l.organisme = a.organisme and l.stade = a.stade order by l.date_liste desc limit 1
    ) derniere on true
    where a.dept = ${dept} and a.terminee_a is null and a.organisme is not null
      and (a.etat in ('proposee', 'transmise') or (a.etat = 'prise' and d.change_le > coalesce(derniere.date_liste, a.depuis)))
      and (${demande.organisme ?? null}::uuid is null or a.organisme = ${demande.organisme ?? null}::uuid)
      and not exists (select 1 from liste l where l.dept = ${dept} and l.organisme = a.organisme and l.stade = a.stade and l.date_liste = ${date})
    group by a.organisme, a.stade order by a.organisme, a.stade`
  const numeros = new Map(
    (
      await sql<{ organisme: string; n: number }>`select organisme, max(numero) as n from liste where dept = ${dept} and annee = ${date.year} group by organisme`
    ).map((ligne) => [ligne.organisme, ligne.n]),
  )
  const figees: { id: string; lignes: number }[] = []
  for (const entete of entetes) {
    const id = randomUUID()
    const numero = (numeros.get(entete.organisme) ?? 0) + 1
    numeros.set(entete.organisme, numero)
    await sql`insert into liste (dept, id, organisme, service, stade, annee, numero, date_liste, figee_a, figee_par, repondre_avant, lignes, empreinte)
      values (${dept}, ${id}, ${entete.organisme}, ${entete.service}, ${entete.stade}, ${date.year}, ${numero}, ${date}, ${session.maintenant},
        ${session.acteur.compte}, ${repondreAvant}, 0, '')`
    const [bilan] = await sql<{ n: number; texte: string | null }>`
      with derniere as (
        select max(l.date_liste) as le from liste l
        where l.dept = ${dept} and l.organisme = ${entete.organisme} and l.stade = ${entete.stade} and l.date_liste < ${date}
      ), choisies as (
        select a.id as affectation, a.etat, a.rang, a.libelle, a.source, a.diagnostic_avant, d.*,
          case when a.etat = 'proposee' then 'nouveau' when a.etat = 'transmise' then 'sans_reponse' else 'change' end as categorie
        from affectation a
        join dossier d on d.dept = ${dept} and d.id = a.dossier and d.clos_le is null
        where a.dept = ${dept} and a.terminee_a is null and a.organisme = ${entete.organisme} and a.stade = ${entete.stade}
          and (a.etat in ('proposee', 'transmise') or (a.etat = 'prise' and d.change_le > coalesce((select le from derniere), a.depuis)))
      ), lignes as (
        insert into ligne_liste (dept, liste, rang, dossier, affectation, categorie, instantane)
        select ${dept}, ${id}, row_number() over (order by case categorie when 'nouveau' then 1 when 'change' then 2 else 3 end, nom_tri collate "C", c.id),
          c.id, affectation, categorie, jsonb_build_object(
            'reference', reference, 'titulaire', titulaire, 'date_naissance', menage->'titulaire'->>'dateNaissance',
            'enfants', menage->'enfantsACharge', 'adresse', adresse, 'commune', commune, 'territoire', territoire,
            'telephones', coalesce(menage->'telephones', '[]'::jsonb), 'parc', parc, 'stade', c.stade, 'stade_le', stade_le, 'audience_le', audience_le,
            'dette', dette, 'bailleur', bailleur, 'rang_cascade', c.rang, 'pourquoi', libelle, 'source', source->>'titre',
            'etat', c.etat, 'diagnostic_avant', diagnostic_avant)
        from choisies c
        returning rang, instantane::text as texte, categorie
      )
      select count(*)::int as n, md5(string_agg(rang || categorie || texte, '|' order by rang)) as texte from lignes`
    const empreinte = createHash('sha256').update(`${entete.organisme}|${entete.stade}|${date}|${bilan?.texte ?? ''}`).digest('hex')
    await sql`update liste set lignes = ${bilan?.n ?? 0}, empreinte = ${empreinte} where dept = ${dept} and id = ${id}`
    figees.push({ id, lignes: bilan?.n ?? 0 })
  }
  const ids = figees.map((liste) => liste.id)
  if (ids.length > 0) {
    await sql`update affectation a set etat = 'transmise', transmise_le = ${date}, repondre_avant = ${repondreAvant}
      from ligne_liste l where l.dept = ${dept} and l.liste = any (${ids}::uuid[]) and l.categorie = 'nouveau' and a.dept = ${dept} and a.id = l.affectation`
    await sql`update dossier d set etat_service = 'transmise', version = version + 1
      from ligne_liste l where l.dept = ${dept} and l.liste = any (${ids}::uuid[]) and l.categorie = 'nouveau' and d.dept = ${dept} and d.id = l.dossier`
    const nouveaux = await sql<{ dossier: string; liste: string; numero: number; organisme: string }>`
      select l.dossier, l.liste, s.numero, s.organisme from ligne_liste l join liste s on s.dept = ${dept} and s.id = l.liste
      where l.dept = ${dept} and l.liste = any (${ids}::uuid[]) and l.categorie = 'nouveau'`
    await consignerFaits(
      session,
      nouveaux.map((ligne) => ({ dossier: ligne.dossier, type: 'tableau.transmis', le: date, donnees: { liste: ligne.liste, numero: ligne.numero, organisme: ligne.organisme } })),
    )
  }
  await session.consigner({ action: 'listes.figer', details: { date: date.toString(), listes: ids } })
  return figees
}

const colonnesListe = (session: Session) => session.dept

/** Lists the actor may read, newest first. */
export async function listerListes(session: Session, filtre: { organisme?: string | undefined; limite?: number } = {}): Promise<Liste[]> {
  const dept = colonnesListe(session)
  return session.sql<Liste>`
    select s.id, s.organisme, o.nom as organisme_nom, s.service, s.stade, s.annee, s.numero, s.date_liste, s.figee_a, s.repondre_avant, s.lignes, s.empreinte,
      c.nouveaux, c.changes, c.sans_reponse, c.repondues
    from (select * from liste where dept = ${dept} and (${filtre.organisme ?? null}::uuid is null or organisme = ${filtre.organisme ?? null}::uuid)
      order by date_liste desc, id limit ${filtre.limite ?? 100}) s
    join organisme o on o.dept = ${dept} and o.id = s.organisme
    cross join lateral (
      select count(*) filter (where categorie = 'nouveau')::int as nouveaux, count(*) filter (where categorie = 'change')::int as changes,
        count(*) filter (where categorie = 'sans_reponse')::int as sans_reponse, count(*) filter (where reponse is not null)::int as repondues
      from ligne_liste l where l.dept = ${dept} and l.liste = s.id
    ) c
    order by s.date_liste desc, o.nom collate "fr-x-icu", s.stade`
}

/** One list and its lines, exactly as sent, with the answers given since. */
export async function lireListe(session: Session, id: string): Promise<{ liste: Liste; lignes: LigneListe[] }> {
  const dept = colonnesListe(session)
  const [liste] = await session.sql<Liste>`
    select s.id, s.organisme, o.nom as organisme_nom, s.service, s.stade, s.annee, s.numero, s.date_liste, s.figee_a, s.repondre_avant, s.lignes, s.empreinte,
      c.nouveaux, c.changes, c.sans_reponse, c.repondues
    from liste s join organisme o on o.dept = ${dept} and o.id = s.organisme
    cross join lateral (
      select count(*) filter (where categorie = 'nouveau')::int as nouveaux, count(*) filter (where categorie = 'change')::int as changes,
        count(*) filter (where categorie = 'sans_reponse')::int as sans_reponse, count(*) filter (where reponse is not null)::int as repondues
      from ligne_liste l where l.dept = ${dept} and l.liste = s.id
    ) c
    where s.dept = ${dept} and s.id = ${id}`
  if (!liste) throw new Introuvable()
  const lignes = await session.sql<LigneListe>`
    select l.rang, l.dossier, l.categorie, l.instantane, l.reponse, l.motif, l.repondu_a, l.affectation, a.etat, a.diagnostic_avant
    from ligne_liste l join affectation a on a.dept = ${dept} and a.id = l.affectation
    where l.dept = ${dept} and l.liste = ${id} order by l.rang`
  await session.consigner({ action: 'liste.lire', objet: 'liste', objetId: id, details: { lignes: lignes.length } })
  return { liste, lignes }
}
