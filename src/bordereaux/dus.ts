import { listerOrganismes, type Organisme, type Session } from '#acces'
import { ACCORD_ADIL } from '#diagnostics'
import { conditionsRemplies, dansLePerimetre, lireSousMasque } from '#dossiers'
import { listerDestinataires } from '#notifications'
import { filtrerParAccord } from '#participations'
import { autresDuMenage } from '#rapprochement'
import { type Fragment, sql as fragment } from '#socle/db'
import { Introuvable } from '#socle/errors'
import type { GenreBordereau, RegleDestinataire } from './catalogue.ts'
import { CHAMPS_SOURCE, peutRecevoir, type SourceBordereau, tribunalDe } from './champs.ts'

/** A dossier that owes a slip, as its sender reads it. */
export interface DossierDu extends SourceBordereau {
  readonly dossier: string
  readonly version: number
  /** What made it due: with the kind and the recipient, sent once. */
  readonly cle: string
  readonly territoire: string | null
  readonly engages: readonly string[]
  /** Synthèses in force, by whom they are for. */
  readonly syntheses: readonly SyntheseDue[]
}

export interface SyntheseDue {
  readonly id: string
  readonly pour: 'juge' | 'bailleur'
  /** The landlord it is for, when it has a place here. */
  readonly organisme: string | null
  readonly version: number
  readonly empreinte: string
}

/** Whom a line goes to. */
export interface DestinataireBordereau {
  /** Null: somebody who has no place here. */
  readonly id: string | null
  readonly nom: string
  readonly type: string | null
  readonly regle: RegleDestinataire
}

/** One thing owed to one recipient. `retenu`: why it cannot leave yet, in words. */
export interface LigneDue {
  readonly du: DossierDu
  readonly vers: DestinataireBordereau
  readonly cle: string
  readonly synthese: SyntheseDue | null
  readonly retenu: string | null
}

/**
 * A secretariat sends for the dossiers of its territory, and for those that have none; a préfecture for those that no sous-préfecture sends; the others for all those
 * they see.
 */
async function siens(session: Session, { de }: GenreBordereau): Promise<Fragment> {
  const { acteur } = session
  if (acteur.organismeType === 'secretariat' && acteur.territoires !== null)
    return fragment`(d.territoire is null or d.territoire = any (${acteur.territoires}::text[]))`
  if (acteur.organismeType !== 'prefecture' || !de.includes('sous_prefecture')) return fragment`true`
  const sousPrefectures = (await listerOrganismes(session)).filter(({ type }) => type === 'sous_prefecture')
  // Declared without anybody who sends, it hands nothing: the préfecture does.
  const tenus = (
    await listerDestinataires(
      session,
      sousPrefectures.map(({ id }) => id),
      'bordereau.envoyer',
    )
  ).flatMap(({ territoires }) => territoires ?? [])
  return fragment`(d.territoire is null or d.territoire <> all (${tenus}::text[]))`
}

/** One sending of a kind at a time, whoever sends it: what is owed is read once what left before is known. */
export async function verrouillerEnvois({ sql, dept }: Session, { code }: GenreBordereau): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`bordereaux:${dept}:genre:${code}`}, 0))`
}

const colonnes = (session: Session): Fragment => {
  const { dept } = session
  return fragment`d.id as dossier, d.version, d.reference, d.titulaire, d.adresse, d.commune, coalesce(d.menage->'telephones', '[]'::jsonb) as telephones,
    (d.menage->>'enfantsACharge')::int as enfants, d.stade, d.stade_le, d.audience_le, d.dette, d.dette_le, d.bailleur, d.actes,
    coalesce((select jsonb_agg(jsonb_build_object('commune', x.commune, 'actes', x.actes) order by x.ouvert_le) from ${autresDuMenage(dept, fragment`d.id`)} k
      cross join lateral (select commune, actes, ouvert_le from dossier where dept = ${dept} and id = k.id offset 0) x), '[]'::jsonb) as antecedents,
    d.situation->'surendettement' as surendettement, d.territoire, d.organismes_habilites || coalesce(array[d.organisme], '{}') as engages,
    (select o.nom from organisme o where o.dept = ${dept} and o.id = d.organisme) as service,
    ${conditionsRemplies(session, CHAMPS_SOURCE)} as remplies`
}

const PLAN = (
  dept: string,
): Fragment => fragment`(select jsonb_build_object('conclu_le', p.conclu_le, 'mensualite', p.mensualite, 'nombre', p.nombre)
  from plan_apurement p where p.dept = ${dept} and p.dossier = d.id and not exists (select 1 from plan_fin f where f.dept = ${dept} and f.plan = p.id)
  order by p.conclu_le desc, p.a desc limit 1) as plan`

const SYNTHESES = (
  dept: string,
): Fragment => fragment`coalesce((select jsonb_agg(jsonb_build_object('id', s.id, 'pour', s.destinataire, 'organisme', s.organisme,
    'version', s.version, 'empreinte', s.empreinte) order by s.destinataire)
  from synthese s join lateral (select g.valide_a from diagnostic g where g.dept = ${dept} and g.dossier = d.id and g.etat in ('valide', 'transmis')
    order by g.rang desc limit 1) g on s.a >= g.valide_a
  where s.dept = ${dept} and s.dossier = d.id and s.destinataire in ('juge', 'bailleur')
    and not exists (select 1 from synthese r where r.dept = ${dept} and r.dossier = s.dossier and r.destinataire = s.destinataire and r.version > s.version)), '[]'::jsonb) as syntheses`

/** A stage entered on a day is owed once. */
const CLE_ETAPE = fragment`d.stade || ':' || coalesce(d.stade_le::text, '')`

type Lue = Omit<DossierDu, 'cle'> & { readonly cle: string | null; readonly remplies: readonly string[] }

/** Dossiers of a kind, before one looks at what was already sent. One dossier alone when it is named. */
async function lireDossiers(session: Session, genre: GenreBordereau, dossier: string | null): Promise<DossierDu[]> {
  const { sql, dept, acteur, jour } = session
  const etapes = genre.etapes ?? []
  const commun = fragment`d.dept = ${dept} and d.clos_le is null and ${dansLePerimetre(session)}`
  const vide = fragment`null::jsonb as acte, null::jsonb as plan`
  const portee = await siens(session, genre)
  const lignes =
    genre.lignes === 'etape'
      ? await sql<Lue>`select ${colonnes(session)}, ${vide}, '[]'::jsonb as syntheses, ${CLE_ETAPE} as cle
          from dossier d where ${commun} and ${portee} and d.stade = any (${etapes}::text[]) order by d.nom_tri collate "C", d.id`
      : genre.lignes === 'synthese'
        ? await sql<Lue>`select ${colonnes(session)}, ${vide}, ${SYNTHESES(dept)}, null as cle
          from dossier d where ${commun} and ${portee} and d.stade = any (${etapes}::text[]) and (d.audience_le is null or d.audience_le >= ${jour})
            and exists (select 1 from diagnostic g where g.dept = ${dept} and g.dossier = d.id and g.etat in ('valide', 'transmis'))
          order by d.audience_le nulls last, d.nom_tri collate "C", d.id`
        : genre.lignes === 'acte'
          ? await sql<Lue>`select ${colonnes(session)}, jsonb_build_object('genre', a.genre, 'le', a.le, 'contenu', a.contenu) as acte, null::jsonb as plan,
            '[]'::jsonb as syntheses, 'acte:' || a.id as cle
          from acte_saisi a join dossier d on d.dept = ${dept} and d.id = a.dossier
          where a.dept = ${dept} and ${commun} and a.organisme = ${acteur.organisme}::uuid and a.genre = any (${genre.actes ?? []}::text[]) and a.nature <> 'annule'
            and (a.genre <> 'aide_logement' or a.contenu->>'etat' = 'suspendue')
            and not exists (select 1 from acte_saisi x where x.dept = ${dept} and x.dossier = a.dossier and x.racine = a.racine and x.rang > a.rang)
          order by a.le, d.nom_tri collate "C", a.rang`
          : await sql<Lue>`select ${colonnes(session)}, null::jsonb as acte, ${PLAN(dept)}, '[]'::jsonb as syntheses, null as cle
          from dossier d where ${commun} and d.id = ${dossier}::uuid`
  return lignes.map(({ remplies, ...ligne }) => {
    const { cle, dossier: id, version, territoire, engages, syntheses, ...source } = ligne
    return {
      ...lireSousMasque(session, source as SourceBordereau, CHAMPS_SOURCE, remplies),
      dossier: id,
      version,
      territoire,
      engages,
      syntheses,
      cle: cle ?? '',
    }
  })
}

/** Organismes a rule may name, for a dossier. Those to whom the matrix gives nothing receive nothing. */
function organismesDe(
  session: Session,
  organismes: readonly Organisme[],
  { types = [], lesquels }: RegleDestinataire,
  { territoire, engages }: Pick<DossierDu, 'territoire' | 'engages'>,
): Organisme[] {
  const possibles = organismes.filter(
    ({ id, type }) =>
      id !== session.acteur.organisme && (types as readonly string[]).includes(type) && peutRecevoir(session, type),
  )
  if (lesquels === 'engages') return possibles.filter(({ id }) => engages.includes(id))
  return possibles.filter(
    ({ territoires }) => territoires === null || territoire === null || territoires.includes(territoire),
  )
}

const enDestinataire = ({ id, nom, type }: Organisme, regle: RegleDestinataire): DestinataireBordereau => ({
  id,
  nom,
  type,
  regle,
})

/** Lines of a dossier for one rule. */
function lignesDe(
  session: Session,
  genre: GenreBordereau,
  organismes: readonly Organisme[],
  du: DossierDu,
  regle: RegleDestinataire,
): LigneDue[] {
  if (genre.lignes !== 'synthese')
    return organismesDe(session, organismes, regle, du).map((un) => ({
      du,
      vers: enDestinataire(un, regle),
      cle: du.cle,
      synthese: null,
      retenu: null,
    }))
  const synthese = du.syntheses.find(({ pour }) => pour === regle.synthese) ?? null
  // A new version is owed again; without one, what is missing is said.
  const cle = `synthese:${synthese?.id ?? 'absente'}`
  const manque =
    synthese === null
      ? `La synthèse pour le ${regle.synthese} n’est pas faite depuis que le diagnostic est validé : la produire d’abord.`
      : null
  if (regle.lesquels === 'tribunal') {
    const nom = tribunalDe(du)
    const vers = { id: null, nom: nom ?? 'Tribunal à préciser', type: null, regle }
    return [
      {
        du,
        vers,
        cle,
        synthese,
        retenu: manque ?? (nom === null ? 'Le tribunal n’est pas connu : le noter dans « Procédure ».' : null),
      },
    ]
  }
  if (regle.lesquels === 'bailleur') {
    // The landlord is the one the synthèse was made for: nobody is chosen by guessing. Without one, the copy is not owed to somebody known.
    const bailleur = organismes.find(({ id }) => id === synthese?.organisme)
    return bailleur && peutRecevoir(session, bailleur.type)
      ? [{ du, vers: enDestinataire(bailleur, regle), cle, synthese, retenu: null }]
      : []
  }
  return organismesDe(session, organismes, regle, du).map((un) => ({
    du,
    vers: enDestinataire(un, regle),
    cle,
    synthese,
    retenu: manque,
  }))
}

const marque = ({ vers, du, cle }: Pick<LigneDue, 'vers' | 'cle'> & { readonly du: Pick<DossierDu, 'dossier'> }) =>
  `${vers.id ?? vers.nom}|${du.dossier}|${cle}`

/** Without the household’s written accord, nothing the ADIL wrote goes further (DSF-31): those that wait for it. */
async function sansAccordAdil(session: Session, dossiers: readonly string[]): Promise<ReadonlySet<string>> {
  const { sql, dept } = session
  const ecrits = await sql<{ dossier: string }>`
    select distinct g.dossier from diagnostic g
    join diagnostic_volet v on v.dept = ${dept} and v.diagnostic = g.id and v.formulaire is not null
    join organisme o on o.dept = ${dept} and o.id = v.organisme and o.type = 'adil'
    where g.dept = ${dept} and g.dossier = any (${dossiers}::uuid[]) and g.etat in ('valide', 'transmis')`
  const ids = ecrits.map(({ dossier }) => dossier)
  const accords = await filtrerParAccord(session, ids, ACCORD_ADIL)
  return new Set(ids.filter((id) => !accords.has(id)))
}

/**
 * What was already sent by anybody and not withdrawn, and what was set aside, among these dossiers. A stage whose day is corrected afterwards is the same stage: it is new only
 * when it was entered since.
 */
async function dejaVus(session: Session, genre: GenreBordereau, dossiers: readonly string[]) {
  const { sql, dept, acteur } = session
  const cle = (ecrite: Fragment, a: Fragment): Fragment =>
    genre.lignes === 'etape'
      ? fragment`case when split_part(${ecrite}, ':', 1) = d.stade and (d.stade_le is null or d.stade_le <= (${a} at time zone 'Europe/Paris')::date)
          then ${CLE_ETAPE} else ${ecrite} end`
      : ecrite
  const partis = await sql<{ vers: string; dossier: string; cle: string }>`
    select p.vers, p.dossier, ${cle(fragment`p.cle`, fragment`p.a`)} as cle
    from public.bordereaux_partis(${genre.code}, ${dossiers}::uuid[]) p join dossier d on d.dept = ${dept} and d.id = p.dossier`
  const ecartes = await sql<{ dossier: string; cle: string }>`
    select e.dossier, ${cle(fragment`e.cle`, fragment`e.a`)} as cle from bordereau_ecart e join dossier d on d.dept = ${dept} and d.id = e.dossier
    where e.dept = ${dept} and e.expediteur = ${acteur.organisme}::uuid and e.genre = ${genre.code} and e.remis_a is null
      and e.dossier = any (${dossiers}::uuid[])`
  return {
    partis: new Set(partis.map(({ vers, dossier, cle }) => `${vers}|${dossier}|${cle}`)),
    ecartes: new Set(ecartes.map(({ dossier, cle }) => `${dossier}|${cle}`)),
  }
}

/** What this person’s organisme owes of a kind, by recipient, neither sent nor set aside. Nothing is written. */
export async function listerDus(session: Session, genre: GenreBordereau): Promise<LigneDue[]> {
  if (genre.lignes === 'dossier' || !session.acteur.organisme) return []
  const dossiers = await lireDossiers(session, genre, null)
  if (dossiers.length === 0) return []
  const organismes = await listerOrganismes(session)
  const lignes = dossiers.flatMap((du) =>
    genre.vers.flatMap((regle) => lignesDe(session, genre, organismes, du, regle)),
  )
  const ids = [...new Set(lignes.map(({ du }) => du.dossier))]
  const { partis, ecartes } = await dejaVus(session, genre, ids)
  const restes = lignes.filter(
    (ligne) => !partis.has(marque(ligne)) && !ecartes.has(`${ligne.du.dossier}|${ligne.cle}`),
  )
  if (genre.lignes !== 'synthese') return restes
  const sans = await sansAccordAdil(session, [...new Set(restes.map(({ du }) => du.dossier))])
  return restes.map((ligne) =>
    sans.has(ligne.du.dossier) && ligne.retenu === null
      ? { ...ligne, retenu: 'L’ADIL a écrit dans le diagnostic : l’accord du ménage manque.' }
      : ligne,
  )
}

/** To whom a dossier may be handed on request: one dossier, a kind, its possible recipients. `sansAccord`: the accord it depends on is not noted. */
export async function proposerPourDossier(
  session: Session,
  genre: GenreBordereau,
  dossier: string,
): Promise<{
  readonly du: DossierDu
  readonly possibles: readonly DestinataireBordereau[]
  readonly sansAccord: boolean
}> {
  const [du] = genre.lignes === 'dossier' ? await lireDossiers(session, genre, dossier) : []
  if (!du) throw new Introuvable()
  const organismes = await listerOrganismes(session)
  const possibles = genre.vers.flatMap((regle): DestinataireBordereau[] =>
    regle.lesquels === 'dehors'
      ? [{ id: null, nom: regle.nom ?? regle.pourquoi, type: null, regle }]
      : organismesDe(session, organismes, regle, du).map((un) => enDestinataire(un, regle)),
  )
  const sansAccord =
    genre.accord !== undefined && !(await filtrerParAccord(session, [dossier], genre.accord)).has(dossier)
  return { du, possibles, sansAccord }
}
