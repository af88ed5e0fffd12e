import type { Session } from '#acces'
import { type Fragment, sql } from '#socle/db'
import { normalizeForSearch } from '#socle/text'
import type { Echeance } from './types.ts'

export const tris = ['echeance', 'menage', 'dette', 'stade', 'signal'] as const
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
}

export interface Position {
  readonly sens: 'apres' | 'avant'
  readonly valeur: string
  readonly id: string
}

export interface LigneDossier {
  readonly id: string
  readonly reference: string
  readonly titulaire: string
  readonly commune: string
  readonly territoire: string | null
  readonly stade: string
  readonly stade_rang: number
  readonly dette: number | null
  readonly parc: string | null
  readonly echeance_le: Temporal.PlainDate | null
  readonly echeance_libelle: string | null
  /** The échéance of that date, with where it comes from. */
  readonly echeance: Echeance | null
  readonly service: string | null
  readonly organisme_nom: string | null
  readonly etat_service: string
  readonly criteres: readonly string[]
  readonly en_serie: boolean
  readonly dernier_signal_le: Temporal.PlainDate | null
  readonly position: string
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
} satisfies Record<Tri, Colonne>

/** Ids found by the tolerant search, or null when the text is empty. A reference is found exactly. */
async function chercherIds(session: Session, texte: string): Promise<string[]> {
  const cle = normalizeForSearch(texte)
  if (cle === '') return []
  const reference = texte.trim().toUpperCase()
  const exacts = await session.sql<{ id: string }>`select id from dossier
    where dept = ${session.dept} and (reference = ${reference} or reference = ${`${session.dept}-20${reference}`})`
  if (exacts.length > 0) return exacts.map((ligne) => ligne.id)
  const proches = await session.sql<{
    id: string
  }>`select id from public.chercher_dossiers(${session.dept}, ${cle}, 2000)`
  return proches.map((ligne) => ligne.id)
}

function conditions(session: Session, filtre: FiltreDossiers, ids: readonly string[] | null): Fragment {
  const jour = session.jour
  const parts: Fragment[] = [
    sql`d.dept = ${session.dept}`,
    filtre.clos ? sql`d.clos_le is not null` : sql`d.clos_le is null`,
  ]
  if (ids) parts.push(sql`d.id = any (${ids}::uuid[])`)
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
  if (filtre.critere) parts.push(sql`d.criteres @> ${[filtre.critere]}`)
  if (filtre.enSerie) parts.push(sql`d.en_serie`)
  if (filtre.inconnu) parts.push(sql`not d.connu_service`)
  return sql.join(parts, sql` and `)
}

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
  return session.acteur.role !== 'service_social' && autres.length === 0
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
  if (filtre.inconnu) parts.push(sql`not connu_service`)
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

/** Exact numbers of dossiers of several filters, under the actor's perimeter, in one query: the maintained counts are read once for all of them. */
export async function compterPlusieurs(session: Session, filtres: readonly FiltreDossiers[]): Promise<number[]> {
  if (filtres.length === 0) return []
  const sommes: Fragment[] = []
  const autres: Fragment[] = []
  for (const [rang, filtre] of filtres.entries()) {
    const nom = sql.ref(`c${rang}`)
    if (comptable(session, filtre)) {
      sommes.push(sql`coalesce(sum(n) filter (where ${combinaison(filtre)}), 0)::int as ${nom}`)
      continue
    }
    const ids = filtre.texte ? await chercherIds(session, filtre.texte) : null
    const compte =
      sommeParJour(session, filtre) ??
      sql`(select count(*)::int from dossier d where ${conditions(session, filtre, ids)})`
    autres.push(sql`${compte} as ${nom}`)
  }
  const sources: Fragment[] = []
  if (sommes.length > 0) {
    sources.push(sql`(select ${sql.join(sommes)} from dossier_compte where dept = ${session.dept}) as sommes`)
  }
  if (autres.length > 0) sources.push(sql`(select ${sql.join(autres)}) as autres`)
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
  readonly precedente: Position | null
  readonly suivante: Position | null
}

/**
 * One page of the list, by key: what the filter shows, in the chosen order, with the exact count. The rows read are journalled as one
 * consultation.
 */
export async function listerDossiers(
  session: Session,
  demande: {
    filtre: FiltreDossiers
    tri?: Tri
    inverse?: boolean
    position?: Position | null
    taille?: number
    /** What the journal calls this reading, when it is neither a list nor a search. */
    action?: string
  },
): Promise<PageDossiers> {
  const { filtre, tri = 'echeance', position = null, taille = 50 } = demande
  const colonne: Colonne = colonnes[tri]
  const decroissant = colonne.decroissant !== (demande.inverse ?? false)
  const ids = filtre.texte ? await chercherIds(session, filtre.texte) : null
  const recule = position?.sens === 'avant'
  const descend = decroissant !== recule
  const borne = position
    ? descend
      ? sql`and (${colonne.expression}, d.id) < (${colonne.lire(position.valeur)}::${colonne.type}, ${position.id}::uuid)`
      : sql`and (${colonne.expression}, d.id) > (${colonne.lire(position.valeur)}::${colonne.type}, ${position.id}::uuid)`
    : sql``
  const sens = descend ? sql`desc` : sql`asc`
  const compte = filtre.texte
    ? session.sql<{
        n: number
      }>`select count(*)::int as n from dossier d where ${conditions(session, filtre, ids)}`.then(
        ([ligne]) => ligne?.n ?? 0,
      )
    : compterDossiers(session, filtre)
  const lecture = session.sql<LigneDossier>`
    select d.id, d.reference, d.titulaire, d.commune, d.territoire, d.stade, d.stade_rang, d.dette, d.parc, d.echeance_le, d.echeance_libelle,
      d.echeance, d.service, o.nom as organisme_nom, d.etat_service, d.criteres, d.en_serie, d.dernier_signal_le,
      (${colonne.expression})::text as position
    from (
      select d.* from dossier d where ${conditions(session, filtre, ids)} ${borne}
      order by ${colonne.expression} ${sens}, d.id ${sens} limit ${sql.lit(taille + 1)}
    ) d
    left join organisme o on o.dept = ${session.dept} and o.id = d.organisme
    order by ${colonne.expression} ${sens}, d.id ${sens}`
  const [lues, total] = await Promise.all([lecture, compte])
  const encore = lues.length > taille
  const lignes = lues.slice(0, taille)
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
    precedente: versLeDebut && premiere ? { sens: 'avant', valeur: premiere.position, id: premiere.id } : null,
    suivante: versLaFin && derniere ? { sens: 'apres', valeur: derniere.position, id: derniere.id } : null,
  }
}

/** Every row of a filter, by batches, for an export. */
export async function* parcourirDossiers(
  session: Session,
  filtre: FiltreDossiers,
  tri: Tri = 'echeance',
  inverse = false,
): AsyncGenerator<LigneDossier[]> {
  let position: Position | null = null
  for (;;) {
    const lot: PageDossiers = await listerDossiers(session, {
      filtre,
      tri,
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
