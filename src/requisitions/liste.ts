import type { Session } from '#acces'
import { dansLePerimetre } from '#dossiers'
import { type Fragment, sql } from '#socle/db'
import { normalizeForSearch } from '#socle/text'
import { prochaineTreve } from './echeances.ts'
import type { EtatRequisition } from './types.ts'

/** What the list opens on, each with its count. */
export const vues = {
  enquetes: 'Enquêtes attendues',
  decision: 'Décision à prendre',
  rue: 'Risque de rue avant la trêve',
  accordees: 'Concours accordés',
  suivi: 'Suivi des 48 heures',
  closes: 'Terminées',
  toutes: 'Toutes',
} as const
export type VueRequisitions = keyof typeof vues
export const VUES = Object.keys(vues) as readonly VueRequisitions[]

const tris = {
  refus: sql`coalesce(r.refus_le, 'infinity'::date)::text`,
  enquete: sql`coalesce(r.enquete_avant, 'infinity'::date)::text`,
  prevue: sql`coalesce(r.prevue_le, r.executoire_le, 'infinity'::date)::text`,
  recue: sql`r.recue_le::text`,
  menage: sql`d.nom_tri collate "C"`,
} as const satisfies Record<string, Fragment>
export type TriRequisitions = keyof typeof tris
export const TRIS = Object.keys(tris) as readonly TriRequisitions[]

/** The order that shows first what presses, view by view. */
export const triUsuel: Readonly<Record<VueRequisitions, TriRequisitions>> = {
  enquetes: 'enquete',
  decision: 'refus',
  rue: 'prevue',
  accordees: 'prevue',
  suivi: 'prevue',
  closes: 'recue',
  toutes: 'refus',
}

export interface FiltreRequisitions {
  readonly vue: VueRequisitions
  readonly texte?: string | undefined
  readonly territoire?: string | undefined
  /** Among inquiries: only those past their date. */
  readonly retard?: boolean | undefined
}

export interface PositionRequisitions {
  readonly sens: 'apres' | 'avant'
  readonly valeur: string
  readonly id: string
}

export interface LigneRequisition {
  readonly id: string
  readonly dossier: string
  readonly reference: string
  readonly titulaire: string
  readonly commune: string
  readonly territoire: string | null
  readonly recue_le: Temporal.PlainDate
  readonly refus_le: Temporal.PlainDate | null
  readonly etat: EtatRequisition
  readonly enquetes_ouvertes: number
  readonly enquete_avant: Temporal.PlainDate | null
  readonly executoire_le: Temporal.PlainDate | null
  readonly prevue_le: Temporal.PlainDate | null
  readonly sans_solution: boolean
  readonly depart_le: Temporal.PlainDate | null
  readonly suivi_avant: Temporal.Instant | null
  readonly cle: string
}

function condition(session: Session, vue: VueRequisitions): Fragment {
  const treve = prochaineTreve(session)
  switch (vue) {
    case 'enquetes':
      return sql`r.enquetes_ouvertes > 0`
    case 'decision':
      return sql`r.etat in ('instruction', 'sursis')`
    case 'rue':
      // Under the truce nothing is executed: the alert comes back with the days before the next one.
      return treve === null || treve.enCours
        ? sql`r.etat = 'accordee' and r.sans_solution and r.prevue_le is not null and r.prevue_le > ${treve?.jusquAu ?? session.jour}`
        : sql`r.etat = 'accordee' and r.sans_solution and coalesce(r.executoire_le, r.decidee_le) < ${treve.du}`
    case 'accordees':
      return sql`r.etat = 'accordee'`
    case 'suivi':
      return sql`r.suivi_avant is not null`
    case 'closes':
      return sql`r.etat in ('refusee', 'annulee', 'executee')`
    case 'toutes':
      return sql`true`
  }
}

function conditions(session: Session, filtre: Omit<FiltreRequisitions, 'vue'>): Fragment {
  const parts: Fragment[] = [sql`r.dept = ${session.dept}`, dansLePerimetre(session)]
  if (filtre.territoire) parts.push(sql`d.territoire = ${filtre.territoire}`)
  if (filtre.retard) parts.push(sql`r.enquete_avant < ${session.jour}`)
  for (const mot of normalizeForSearch(filtre.texte ?? '')
    .split(' ')
    .filter(Boolean))
    parts.push(
      sql`(d.nom_tri like ${`%${mot.replace(/[%_\\]/g, '')}%`} or lower(d.reference) like ${`%${mot.replace(/[%_\\]/g, '')}%`})`,
    )
  return sql.join(parts, sql` and `)
}

const source = (session: Session): Fragment =>
  sql`from requisition r join dossier d on d.dept = ${session.dept} and d.id = r.dossier`

/** Exact number of requests of every view, under the same filters. */
export async function compterRequisitions(
  session: Session,
  filtre: Omit<FiltreRequisitions, 'vue'>,
): Promise<Readonly<Record<VueRequisitions, number>>> {
  const sommes = VUES.map((vue) => sql`count(*) filter (where ${condition(session, vue)})::int as ${sql.ref(vue)}`)
  const [ligne] = await session.sql<Record<VueRequisitions, number>>`
    select ${sql.join(sommes)} ${source(session)} where ${conditions(session, filtre)}`
  return ligne ?? (Object.fromEntries(VUES.map((vue) => [vue, 0])) as Record<VueRequisitions, number>)
}

/** A page of the list, by key, and where the next ones begin. The households shown are journalled. */
export async function listerRequisitions(
  session: Session,
  demande: {
    readonly filtre: FiltreRequisitions
    readonly tri: TriRequisitions
    readonly inverse?: boolean
    readonly position?: PositionRequisitions | null
    readonly taille: number
    readonly action?: 'requisitions.lister' | 'requisitions.exporter'
  },
): Promise<{
  readonly lignes: readonly LigneRequisition[]
  readonly precedente: PositionRequisitions | null
  readonly suivante: PositionRequisitions | null
}> {
  const { filtre, taille } = demande
  const expression = tris[demande.tri]
  const position = demande.position ?? null
  const arriere = position?.sens === 'avant'
  const montant = (demande.inverse ?? false) === arriere
  const borne = position
    ? montant
      ? sql`(${expression}, r.id) > (${position.valeur}, ${position.id}::uuid)`
      : sql`(${expression}, r.id) < (${position.valeur}, ${position.id}::uuid)`
    : sql`true`
  const ordre = montant ? sql`asc` : sql`desc`
  const lues = await session.sql<LigneRequisition>`
    select r.id, r.dossier, d.reference, d.titulaire, d.commune, d.territoire, r.recue_le, r.refus_le, r.etat, r.enquetes_ouvertes, r.enquete_avant,
      r.executoire_le, r.prevue_le, r.sans_solution, r.depart_le, r.suivi_avant, ${expression} as cle
    ${source(session)} where ${conditions(session, filtre)} and ${condition(session, filtre.vue)} and ${borne}
    order by ${expression} ${ordre}, r.id ${ordre} limit ${taille + 1}`
  const reste = lues.length > taille
  const page = lues.slice(0, taille)
  const lignes = arriere ? page.toReversed() : page
  session.consigner({
    action: demande.action ?? 'requisitions.lister',
    dossiers: [...new Set(lignes.map(({ dossier }) => dossier))],
    details: { vue: filtre.vue, nombre: lignes.length },
  })
  const [premiere, derniere] = [lignes[0], lignes.at(-1)]
  return {
    lignes,
    precedente:
      premiere && (arriere ? reste : position !== null)
        ? { sens: 'avant', valeur: premiere.cle, id: premiere.id }
        : null,
    suivante: derniere && (arriere || reste) ? { sens: 'apres', valeur: derniere.cle, id: derniere.id } : null,
  }
}
