import { masqueDe, type Session } from '#acces'
import type { GroupeChamps } from '#referentiel'
import { type Fragment, sql } from '#socle/db'
import { refus } from '#socle/errors'
import {
  conditionsRemplies,
  criteresLisibles,
  dansLePerimetre,
  dossiersDeLOrganisme,
  exigerGroupe,
  lireSousMasque,
  voitToujours,
} from './acces.ts'
import { CHAMPS_LIGNE } from './champs.ts'
import { chercher, type Recherche } from './recherche.ts'
import { criteresDeSante, rejoindreSante, remplitReserve } from './scellement.ts'
import type { LigneDossier } from './types.ts'

/** `ressemblance` orders what a text found, best first; without a text it is the order of deadlines. */
export const tris = ['echeance', 'menage', 'dette', 'stade', 'signal', 'ressemblance'] as const
export type Tri = (typeof tris)[number]

/** What the list may be narrowed by. Every value is one of a closed set, or free text. */
export interface FiltreDossiers {
  readonly texte?: string | undefined
  readonly territoire?: string | undefined
  readonly parc?: string | undefined
  readonly stade?: string | undefined
  readonly phase?: string | undefined
  readonly service?: string | undefined
  readonly organisme?: string | undefined
  readonly etatService?: string | undefined
  readonly echeance?: 'retard' | '7' | '15' | '45' | 'sans' | undefined
  readonly audience?: '45' | undefined
  /** Cents. */
  readonly detteMin?: number | undefined
  readonly critere?: string | undefined
  readonly enSerie?: boolean | undefined
  readonly inconnu?: boolean | undefined
  readonly clos?: boolean | undefined
  /** Marked as a complex situation. */
  readonly complexe?: boolean | undefined
}

export interface Position {
  readonly sens: 'apres' | 'avant'
  readonly valeur: string
  readonly id: string
}

interface Colonne {
  readonly expression: Fragment
  readonly lire: (valeur: string) => unknown
  readonly type: Fragment
  readonly decroissant: boolean
}

const colonnes = {
  echeance: { expression: sql`d.echeance_tri`, lire: (v) => v, type: sql`date`, decroissant: false },
  menage: { expression: sql`d.nom_tri collate "C"`, lire: (v) => v, type: sql`text`, decroissant: false },
  dette: { expression: sql`d.dette_tri`, lire: (v) => Number(v), type: sql`bigint`, decroissant: true },
  stade: { expression: sql`d.stade_rang`, lire: (v) => Number(v), type: sql`smallint`, decroissant: true },
  signal: { expression: sql`d.signal_tri`, lire: (v) => v, type: sql`date`, decroissant: true },
  // One key to page by: how far from what was typed, then the name.
  ressemblance: {
    expression: sql`(lpad((1000 - round(t.ressemblance::numeric, 3) * 1000)::int::text, 4, '0') || d.nom_tri) collate "C"`,
    lire: (v) => v,
    type: sql`text`,
    decroissant: false,
  },
} satisfies Record<Tri, Colonne>

const GROUPE_DU_TRI = {
  echeance: 'procedure',
  menage: 'identite',
  dette: 'dette',
  stade: 'procedure',
  signal: 'signaux',
  ressemblance: 'identite',
} as const satisfies Record<Tri, GroupeChamps>

const GROUPE_DU_FILTRE = {
  texte: 'identite',
  territoire: 'reperes',
  parc: 'bailleur',
  stade: 'procedure',
  phase: 'procedure',
  service: 'service',
  organisme: 'service',
  etatService: 'service',
  echeance: 'procedure',
  audience: 'procedure',
  detteMin: 'dette',
  critere: 'criteres',
  enSerie: 'signaux',
  inconnu: 'service',
  clos: 'reperes',
  complexe: 'criteres',
} as const satisfies Record<keyof FiltreDossiers, GroupeChamps>

/** Orders this session may ask for: those of fields it reads in every row. */
export const trisPermis = (session: Session): Tri[] => tris.filter((tri) => voitToujours(session, GROUPE_DU_TRI[tri]))

/** The usual order, or the first that tells nothing hidden. */
const triPermis = (session: Session): Tri => trisPermis(session)[0] ?? 'echeance'

/** Whether this session may narrow the list so. */
export function filtrePermis(session: Session, filtre: FiltreDossiers): boolean {
  const demandes = Object.entries(filtre).filter(([, valeur]) => valeur !== undefined && valeur !== '')
  return (
    demandes.every(([cle]) => voitToujours(session, GROUPE_DU_FILTRE[cle as keyof FiltreDossiers])) &&
    (!filtre.critere || criteresLisibles(session).has(filtre.critere))
  )
}

function exigerFiltre(session: Session, filtre: FiltreDossiers): void {
  if (filtrePermis(session, filtre)) return
  for (const [cle, valeur] of Object.entries(filtre))
    if (valeur !== undefined && valeur !== '') exigerGroupe(session, GROUPE_DU_FILTRE[cle as keyof FiltreDossiers])
  // What is left is a criterion that reads hidden words: as if it did not exist.
  throw refus('acces.champ-reserve', 'Ce critère n’existe pas ou n’est pas ouvert à ce rôle. Retirer ce filtre.')
}

const trouves = new WeakMap<Session, Map<string, Promise<Recherche>>>()

/** What a text finds, searched once a session however many times the list, its counts and its pages ask. */
function trouver(session: Session, texte: string): Promise<Recherche> {
  const deja = trouves.get(session) ?? new Map<string, Promise<Recherche>>()
  trouves.set(session, deja)
  const connus = deja.get(texte) ?? chercher(session, texte)
  deja.set(texte, connus)
  return connus
}

const reserves = new WeakMap<Session, Map<string, Promise<string[]>>>()

/** Dossiers that meet a criterion near health: each is opened, because none says it in clear. Null for the other criteria, which columns answer. */
function trouverReserve(session: Session, { critere }: FiltreDossiers): Promise<string[]> | null {
  if (!critere || !criteresDeSante(session).has(critere)) return null
  const deja = reserves.get(session) ?? new Map<string, Promise<string[]>>()
  reserves.set(session, deja)
  const lire = async () => {
    const lignes = await session.sql<{ id: string; scelle: string | null }>`
      select d.id, d.scelle from dossier d where d.dept = ${session.dept} and ${dansLePerimetre(session)}
        and (d.scelle is not null or d.criteres @> ${[critere]})`
    const coffre = await session.coffre()
    return lignes.flatMap(({ id, scelle }) =>
      scelle === null || remplitReserve(coffre, id, scelle, critere) ? [id] : [],
    )
  }
  const connus = deja.get(critere) ?? lire()
  deja.set(critere, connus)
  return connus
}

type Listes = readonly (readonly string[] | null)[]

/** What a list of dossiers is read from, whatever narrows it: those this session may know of, open or closed, in each of the lists of ids. */
function etendue(session: Session, clos: boolean, listes: Listes): Fragment {
  const parts: Fragment[] = [
    sql`d.dept = ${session.dept}`,
    // In the archive, a dossier is in no list: it is reached from its retention.
    clos ? sql`d.clos_le is not null and d.archive_le is null` : sql`d.clos_le is null`,
    dansLePerimetre(session),
  ]
  for (const ids of listes) if (ids) parts.push(sql`d.id = any (${ids}::uuid[])`)
  return sql.join(parts, sql` and `)
}

/** What a filter asks beyond that; a list of dossiers that meet a criterion near health is in `etendue`. */
function exigences(session: Session, filtre: FiltreDossiers): Fragment {
  const jour = session.jour
  const parts: Fragment[] = [sql`true`]
  if (filtre.territoire === 'a_determiner') parts.push(sql`d.territoire is null`)
  else if (filtre.territoire) parts.push(sql`d.territoire = ${filtre.territoire}`)
  if (filtre.parc) parts.push(sql`d.parc = ${filtre.parc}`)
  if (filtre.stade) parts.push(sql`d.stade = ${filtre.stade}`)
  if (filtre.phase) parts.push(sql`d.phase = ${filtre.phase}`)
  if (filtre.service) parts.push(sql`d.service = ${filtre.service}`)
  if (filtre.organisme) parts.push(sql`d.organisme = ${filtre.organisme}::uuid`)
  if (filtre.etatService) parts.push(sql`d.etat_service = ${filtre.etatService}`)
  if (filtre.echeance === 'retard') parts.push(sql`d.echeance_tri < ${jour}`)
  else if (filtre.echeance === 'sans') parts.push(sql`d.echeance_le is null`)
  else if (filtre.echeance) parts.push(sql`d.echeance_tri <= ${jour.add({ days: Number(filtre.echeance) })}`)
  if (filtre.audience) parts.push(sql`d.audience_le between ${jour} and ${jour.add({ days: Number(filtre.audience) })}`)
  if (filtre.detteMin !== undefined) parts.push(sql`d.dette_tri >= ${filtre.detteMin}`)
  // One near health is in no column: `listes` holds those that meet it.
  if (filtre.critere && !criteresDeSante(session).has(filtre.critere))
    parts.push(sql`d.criteres @> ${[filtre.critere]}`)
  if (filtre.enSerie) parts.push(sql`d.en_serie`)
  if (filtre.inconnu) parts.push(sql`not d.connu_service and d.stade <> 'expulsion'`)
  if (filtre.complexe)
    parts.push(
      sql`exists (select 1 from situation_complexe x where x.dept = ${session.dept} and x.dossier = d.id and x.levee_a is null)`,
    )
  return sql.join(parts, sql` and `)
}

const conditions = (session: Session, filtre: FiltreDossiers, ...listes: Listes): Fragment =>
  sql`${etendue(session, filtre.clos === true, listes)} and ${exigences(session, filtre)}`

const dimensions = [
  'territoire',
  'parc',
  'stade',
  'phase',
  'service',
  'organisme',
  'etatService',
  'enSerie',
  'inconnu',
  'clos',
] as const

/** True when the maintained counts answer the filter without touching the dossiers. */
function comptable(session: Session, filtre: FiltreDossiers): boolean {
  const autres = Object.entries(filtre).filter(
    ([cle, valeur]) => valeur !== undefined && valeur !== '' && !(dimensions as readonly string[]).includes(cle),
  )
  return session.acteur.acces.portee === 'departement' && autres.length === 0
}

/** What the maintained counts are narrowed by, under a filter. */
function combinaison(filtre: FiltreDossiers): Fragment {
  const parts: Fragment[] = [filtre.clos ? sql`not ouvert` : sql`ouvert`]
  if (filtre.territoire === 'a_determiner') parts.push(sql`territoire is null`)
  else if (filtre.territoire) parts.push(sql`territoire = ${filtre.territoire}`)
  if (filtre.parc) parts.push(sql`parc = ${filtre.parc}`)
  if (filtre.stade) parts.push(sql`stade = ${filtre.stade}`)
  if (filtre.phase) parts.push(sql`phase = ${filtre.phase}`)
  if (filtre.service) parts.push(sql`service = ${filtre.service}`)
  if (filtre.organisme) parts.push(sql`organisme = ${filtre.organisme}::uuid`)
  if (filtre.etatService) parts.push(sql`etat_service = ${filtre.etatService}`)
  if (filtre.enSerie) parts.push(sql`en_serie`)
  if (filtre.inconnu) parts.push(sql`not connu_service and stade <> 'expulsion'`)
  return sql.join(parts, sql` and `)
}

/** The counts maintained by day summed under a filter, or null when it asks for more than days and a territory. */
function sommeParJour(session: Session, filtre: FiltreDossiers): Fragment | null {
  const { territoire, echeance, audience, ...autres } = filtre
  const jours = (echeance !== undefined && echeance !== 'sans') !== (audience !== undefined)
  if (!comptable(session, autres) || Object.values(autres).some(Boolean) || !jours) return null
  const { dept, jour } = session
  const parts: Fragment[] = [sql`dept = ${dept}`]
  if (territoire === 'a_determiner') parts.push(sql`territoire is null`)
  else if (territoire) parts.push(sql`territoire = ${territoire}`)
  if (audience) {
    parts.push(sql`genre = 'audience' and jour between ${jour} and ${jour.add({ days: Number(audience) })}`)
  } else if (echeance === 'retard') parts.push(sql`genre = 'echeance' and jour < ${jour}`)
  else parts.push(sql`genre = 'echeance' and jour <= ${jour.add({ days: Number(echeance) })}`)
  return sql`(select coalesce(sum(n), 0)::int from dossier_compte_jour where ${sql.join(parts, sql` and `)})`
}

/**
 * Exact numbers of dossiers of several filters, under the actor's perimeter, in one query: the maintained counts are read once for all of them, and so are the dossiers
 * when these counts do not answer, for partners above all.
 */
export async function compterPlusieurs(session: Session, filtres: readonly FiltreDossiers[]): Promise<number[]> {
  if (filtres.length === 0) return []
  for (const filtre of filtres) exigerFiltre(session, filtre)
  const sommes: Fragment[] = []
  const autres: Fragment[] = []
  const balayes: Record<'ouverts' | 'clos', { nom: Fragment; exige: Fragment }[]> = { ouverts: [], clos: [] }
  const perimetre = filtres.every((filtre) => comptable(session, filtre)) ? null : await dossiersDeLOrganisme(session)
  for (const [rang, filtre] of filtres.entries()) {
    const nom = sql.ref(`c${rang}`)
    if (comptable(session, filtre)) {
      sommes.push(sql`coalesce(sum(n) filter (where ${combinaison(filtre)}), 0)::int as ${nom}`)
      continue
    }
    const parJour = sommeParJour(session, filtre)
    const ids = filtre.texte ? (await trouver(session, filtre.texte)).trouves.map(({ id }) => id) : null
    const reserve = await trouverReserve(session, filtre)
    if (parJour || ids || reserve) {
      const compte =
        parJour ??
        sql`(select count(*)::int from dossier d where ${conditions(session, filtre, ids, reserve, perimetre)})`
      autres.push(sql`${compte} as ${nom}`)
    } else {
      balayes[filtre.clos ? 'clos' : 'ouverts'].push({ nom, exige: exigences(session, filtre) })
    }
  }
  const sources: Fragment[] = []
  if (sommes.length > 0) {
    sources.push(sql`(select ${sql.join(sommes)} from dossier_compte where dept = ${session.dept}) as sommes`)
  }
  if (autres.length > 0) sources.push(sql`(select ${sql.join(autres)}) as autres`)
  for (const [cle, comptes] of Object.entries(balayes)) {
    const [premier, ...suivants] = comptes
    if (premier === undefined) continue
    const etendu = etendue(session, cle === 'clos', [perimetre])
    // One alone keeps its index; several are worth one reading of all.
    sources.push(
      suivants.length === 0
        ? sql`(select count(*)::int as ${premier.nom} from dossier d where ${etendu} and ${premier.exige}) as ${sql.ref(cle)}`
        : sql`(select ${sql.join(comptes.map(({ nom, exige }) => sql`count(*) filter (where ${exige})::int as ${nom}`))}
            from dossier d where ${etendu}) as ${sql.ref(cle)}`,
    )
  }
  const [ligne] = await session.sql<Record<string, number>>`select * from ${sql.join(sources)}`
  return filtres.map((_, rang) => ligne?.[`c${rang}`] ?? 0)
}

/** Exact number of dossiers of a filter, under the actor's perimeter. */
export async function compterDossiers(session: Session, filtre: FiltreDossiers): Promise<number> {
  return (await compterPlusieurs(session, [filtre]))[0] ?? 0
}

export interface PageDossiers {
  readonly lignes: LigneDossier[]
  readonly total: number
  /** A text finds more than are shown and counted: those left out resemble it less. */
  readonly plafonnee: boolean
  readonly precedente: Position | null
  readonly suivante: Position | null
}

interface Demande {
  readonly filtre: FiltreDossiers
  readonly tri?: Tri
  readonly inverse?: boolean
  readonly position?: Position | null
  readonly taille?: number
  /** What the journal calls this reading, when it is neither a list nor a search. */
  readonly action?: string
  /** The exact count, when the caller asks for it with others; not asked when a text is searched. */
  readonly compter?: (() => Promise<number>) | undefined
}

/** Whether some row at least may show what is near health: otherwise its sealed values are not even fetched. */
function peutLireSante({ acteur }: Session): boolean {
  const { voit, utiles } = masqueDe(acteur)
  return voit('sante', utiles)
}

const affichees = (
  session: Session,
): Fragment => sql`d.id, d.reference, d.titulaire, d.commune, d.territoire, d.stade, d.stade_rang, d.dette, d.parc, d.echeance_le, d.echeance_libelle,
  d.echeance, d.service, o.nom as organisme_nom, d.etat_service, d.criteres, ${peutLireSante(session) ? sql`d.scelle` : sql`null::text as scelle`}, d.en_serie, d.dernier_signal_le,
  ${conditionsRemplies(session, CHAMPS_LIGNE)} as remplies`

/** A row with the conditions of the matrix it fulfils, before the mask. */
type LigneLue = LigneDossier & { readonly remplies: readonly string[]; readonly scelle: string | null }

/** How a column is read from a place: the bound, the direction of reading, and one row more than the page to know whether it goes on. */
function ordonner(colonne: Colonne, { inverse = false, position = null }: Demande, cle: Fragment, id: Fragment) {
  const descend = (colonne.decroissant !== inverse) !== (position?.sens === 'avant')
  const compare = descend ? sql`<` : sql`>`
  return {
    sens: descend ? sql`desc` : sql`asc`,
    borne: position
      ? sql`(${cle}, ${id}) ${compare} (${colonne.lire(position.valeur)}::${colonne.type}, ${position.id}::uuid)`
      : sql`true`,
  }
}

/**
 * One page of the list, by key: what the filter shows, in the chosen order, with the exact count. The rows read are journalled as one
 * consultation.
 */
export async function listerDossiers(session: Session, demande: Demande): Promise<PageDossiers> {
  const { filtre, position = null, taille = 50 } = demande
  exigerFiltre(session, filtre)
  if (demande.tri) exigerGroupe(session, GROUPE_DU_TRI[demande.tri])
  const { lues, total, plafonnee } = filtre.texte
    ? await lireTrouves(session, demande, filtre.texte, taille)
    : await lireFiltres(session, demande, taille)
  const encore = lues.length > taille
  const visibles = criteresLisibles(session)
  const { voit } = masqueDe(session.acteur)
  const coffre = lues.some(({ scelle }) => scelle !== null) ? await session.coffre() : null
  const lignes = lues.slice(0, taille).map(({ remplies, scelle, ...ligne }) => {
    const entiere = coffre && voit('sante', remplies) ? rejoindreSante(coffre, scelle, ligne) : ligne
    const lue = lireSousMasque(session, entiere, CHAMPS_LIGNE, remplies)
    return { ...lue, criteres: lue.criteres.filter((id) => visibles.has(id)) }
  })
  const recule = position?.sens === 'avant'
  if (recule) lignes.reverse()
  const premiere = lignes[0]
  const derniere = lignes.at(-1)
  const versLeDebut = position !== null && (recule ? encore : true)
  const versLaFin = recule ? true : encore
  session.consigner({
    action: demande.action ?? (filtre.texte ? 'dossiers.chercher' : 'dossiers.lister'),
    dossiers: lignes.map((ligne) => ligne.id),
    details: { total },
  })
  return {
    lignes,
    total,
    plafonnee,
    precedente: versLeDebut && premiere ? { sens: 'avant', valeur: premiere.position, id: premiere.id } : null,
    suivante: versLaFin && derniere ? { sens: 'apres', valeur: derniere.position, id: derniere.id } : null,
  }
}

/** The rows and their count, asked together. */
async function lireFiltres(
  session: Session,
  demande: Demande,
  taille: number,
): Promise<{ lues: LigneLue[]; total: number; plafonnee: boolean }> {
  const { tri = triPermis(session) } = demande
  const colonne: Colonne = colonnes[tri === 'ressemblance' ? 'echeance' : tri]
  const { sens, borne } = ordonner(colonne, demande, colonne.expression, sql`d.id`)
  const [reserve, perimetre] = await Promise.all([
    trouverReserve(session, demande.filtre),
    dossiersDeLOrganisme(session),
  ])
  const lecture = session.sql<LigneLue>`
    select ${affichees(session)}, (${colonne.expression})::text as position
    from (
      select d.* from dossier d where ${conditions(session, demande.filtre, reserve, perimetre)} and ${borne}
      order by ${colonne.expression} ${sens}, d.id ${sens} limit ${sql.lit(taille + 1)}
    ) d
    left join organisme o on o.dept = ${session.dept} and o.id = d.organisme
    order by ${colonne.expression} ${sens}, d.id ${sens}`
  const [lues, total] = await Promise.all([lecture, demande.compter?.() ?? compterDossiers(session, demande.filtre)])
  return { lues, total, plafonnee: false }
}

/** Same, among what a text finds: few dossiers, read once for the page and its count. */
async function lireTrouves(
  session: Session,
  demande: Demande,
  texte: string,
  taille: number,
): Promise<{ lues: LigneLue[]; total: number; plafonnee: boolean }> {
  const { trouves, plafonnee } = await trouver(session, texte)
  const reserve = await trouverReserve(session, demande.filtre)
  const colonne: Colonne = colonnes[demande.tri ?? 'ressemblance']
  const { sens, borne } = ordonner(colonne, demande, sql`t.cle`, sql`t.id`)
  const lignes = await session.sql<LigneLue & { readonly total: number }>`
    with trouves as materialized (
      select d.id, ${colonne.expression} as cle
      from json_to_recordset(${JSON.stringify(trouves)}::json) as t(id uuid, ressemblance real)
      join dossier d on d.dept = ${session.dept} and d.id = t.id
      where ${conditions(session, demande.filtre, reserve)}
    ), page as (
      select t.id, t.cle from trouves t where ${borne} order by t.cle ${sens}, t.id ${sens} limit ${taille + 1}
    )
    select ${affichees(session)}, p.cle::text as position, n.total
    from (select count(*)::int as total from trouves) n
    left join page p on true
    left join dossier d on d.dept = ${session.dept} and d.id = p.id
    left join organisme o on o.dept = ${session.dept} and o.id = d.organisme
    order by p.cle ${sens}, p.id ${sens}`
  // A page beyond the end still tells how many there are, on a line without dossier.
  return { lues: lignes.filter(({ id }) => id !== null), total: lignes[0]?.total ?? 0, plafonnee }
}

/** Every row of a filter, by batches, for an export. */
export async function* parcourirDossiers(
  session: Session,
  filtre: FiltreDossiers,
  tri: Tri | undefined = filtre.texte ? 'ressemblance' : undefined,
  inverse = false,
): AsyncGenerator<LigneDossier[]> {
  let position: Position | null = null
  for (;;) {
    const lot: PageDossiers = await listerDossiers(session, {
      filtre,
      ...(tri === undefined ? {} : { tri }),
      inverse,
      position,
      taille: 1000,
      action: 'dossiers.exporter',
    })
    if (lot.lignes.length > 0) yield lot.lignes
    if (!lot.suivante) return
    position = lot.suivante
  }
}
