import type { Session } from '#acces'
import { CHAMPS_VEILLE, conditionsRemplies, dansLePerimetre, lireSousMasque, voitToujours } from '#dossiers'
import { type Fragment, sql } from '#socle/db'
import { finDeSemaine } from './etats.ts'
import { enTache, type LigneTache, nonReserves, type Tache } from './lecture.ts'

/** Queues of what is expected of an organisme. */
export const FILES = {
  retard: 'En retard',
  semaine: 'Cette semaine',
  a_faire: 'Ensuite',
  a_dire: 'À apprécier ou vérifier',
  proposee: 'Proposés',
  close: 'Faits ou clos',
} as const
export type FileEngagements = keyof typeof FILES
export const files = Object.keys(FILES) as FileEngagements[]

/** Orders of a queue. */
export const TRIS = { echeance: 'Échéance', etape: 'Étape', menage: 'Ménage' } as const
export type TriFile = keyof typeof TRIS

/** What a queue is narrowed to. */
export interface FiltreFile {
  readonly file: FileEngagements
  /** The organisme whose queue it is. */
  readonly organisme: string
  /** `moi`: assigned to the reader, or to a colleague the reader stands in for. `personne`: assigned to nobody. */
  readonly pour?: 'moi' | 'personne' | undefined
  readonly stade?: string | undefined
  readonly territoire?: string | undefined
  readonly mode?: 'tache' | 'automatique' | undefined
}

/** A task in a queue, with as much of its household as the reader sees. */
export interface LigneFile extends Tache {
  readonly reference: string
  readonly titulaire: string
  readonly territoire: string | null
  readonly stade_rang: number
  /** The colleague this task is assigned to is away, and the reader stands in. */
  readonly remplace: boolean
  readonly position: string
}

/** Accounts whose tasks the reader holds today: one's own, and those of colleagues away whose substitute one is. */
const comptesTenus = ({ dept, jour, acteur }: Session): Fragment => sql`(
  select ${acteur.compte}::uuid union select b.compte from engagement_absence b where b.dept = ${dept} and b.remplacant = ${acteur.compte}::uuid
    and b.retiree_a is null and b.du <= ${jour} and b.jusqu_au >= ${jour})`

/** Certain, and the organisme's to do: what it is late for, what a calendar and a morning tell. */
export const TACHE_DUE = sql`(t.etat = 'a_faire' and t.certitude = 'applicable' and t.signataire and t.acces)`

function conditionFile(file: FileEngagements, jour: Temporal.PlainDate): Fragment {
  const du = TACHE_DUE
  const enRetard = sql`(t.echeance_tri < ${jour} and not t.facultatif)`
  switch (file) {
    case 'retard':
      return sql`${du} and ${enRetard}`
    case 'semaine':
      return sql`${du} and not ${enRetard} and t.echeance_tri <= ${finDeSemaine(jour)}`
    case 'a_faire':
      return sql`${du} and not ${enRetard} and t.echeance_tri > ${finDeSemaine(jour)}`
    case 'a_dire':
      return sql`t.etat = 'a_faire' and t.certitude <> 'applicable'`
    case 'proposee':
      return sql`t.etat = 'a_faire' and t.certitude = 'applicable' and not (t.signataire and t.acces)`
    case 'close':
      return sql`t.etat in ('faite', 'empechee')`
  }
}

function condition(session: Session, { organisme, pour, stade, territoire, mode }: Omit<FiltreFile, 'file'>): Fragment {
  const { dept } = session
  return sql`t.dept = ${dept} and t.organisme = ${organisme}::uuid
    and (${pour ?? null}::text is distinct from 'moi' or t.agent in ${comptesTenus(session)})
    and (${pour ?? null}::text is distinct from 'personne' or t.agent is null)
    and (${stade ?? null}::text is null or t.stade = ${stade ?? null})
    and (${mode ?? null}::text is null or t.mode = ${mode ?? null})
    and (${territoire ?? null}::text is null or d.territoire = ${territoire ?? null}) and ${dansLePerimetre(session)}
    and ${nonReserves(session, voitToujours(session, 'sante'))}`
}

/** How many tasks each queue holds, exactly, for the same filters. */
export async function compterFiles(
  session: Session,
  filtre: Omit<FiltreFile, 'file'>,
): Promise<Readonly<Record<FileEngagements, number>>> {
  const { dept, jour } = session
  const colonnes = files.map(
    (file) => sql`count(*) filter (where ${conditionFile(file, jour)})::int as ${sql.ref(file)}`,
  )
  const [ligne] = await session.sql<Record<FileEngagements, number>>`
    select ${sql.join(colonnes)} from engagement_tache t join dossier d on d.dept = ${dept} and d.id = t.dossier where ${condition(session, filtre)}`
  return ligne ?? { retard: 0, semaine: 0, a_faire: 0, a_dire: 0, proposee: 0, close: 0 }
}

/** Late or due this week, for the organisme of the session, as an expression: the figure of the banner. */
export const chiffreAttendus = ({ dept, jour, acteur }: Session): Fragment =>
  acteur.organisme
    ? sql`(select count(*)::int from engagement_tache t where t.dept = ${dept} and t.organisme = ${acteur.organisme}::uuid
        and t.etat = 'a_faire' and t.certitude = 'applicable' and t.signataire and t.acces and t.echeance_tri <= ${finDeSemaine(jour)})`
    : sql`0`

const CLES: Readonly<Record<TriFile, Fragment>> = {
  echeance: sql`t.echeance_tri::text`,
  // Furthest step first, then what is due: as one text, for keyset pages.
  etape: sql`lpad((9 - d.stade_rang)::text, 2, '0') || t.echeance_tri::text`,
  menage: sql`d.nom_tri`,
}

/** Where a page begins: after, or before, the key and id of a row. */
export interface PositionFile {
  readonly cle: string
  readonly id: string
  readonly sens: 'apres' | 'avant'
}

/** A position as an address carries it. */
export const ecrirePosition = (cle: string, id: string): string =>
  Buffer.from(JSON.stringify([cle, id])).toString('base64url')

/** Reads it back; anything else is the first page. */
export function lirePosition(texte: string | undefined, sens: PositionFile['sens']): PositionFile | null {
  if (!texte) return null
  try {
    const lue: unknown = JSON.parse(Buffer.from(texte, 'base64url').toString())
    if (!Array.isArray(lue) || typeof lue[0] !== 'string' || !/^[0-9a-f-]{36}$/.test(String(lue[1]))) return null
    return { cle: lue[0], id: String(lue[1]), sens }
  } catch {
    return null
  }
}

/** One page of a queue. `limite` rows, and whether there are some before and after. */
export async function listerFile(
  session: Session,
  filtre: FiltreFile,
  { tri, position, limite }: { readonly tri: TriFile; readonly position: PositionFile | null; readonly limite: number },
): Promise<{ readonly lignes: readonly LigneFile[]; readonly avant: boolean; readonly apres: boolean }> {
  const { dept, jour, acteur } = session
  // Ordering by a name this session does not read would tell it.
  const choisi: TriFile = tri === 'menage' && !voitToujours(session, 'identite') ? 'echeance' : tri
  const cle = sql`(${CLES[choisi]}) collate "C"`
  const recule = position?.sens === 'avant'
  const borne = position
    ? recule
      ? sql`and (${cle}, t.id) < (${position.cle}, ${position.id}::uuid)`
      : sql`and (${cle}, t.id) > (${position.cle}, ${position.id}::uuid)`
    : sql``
  const sens = recule ? sql`desc` : sql`asc`
  const lues = await session.sql<
    LigneTache &
      Omit<LigneFile, keyof Tache | 'position'> & { readonly remplies: readonly string[]; readonly cle: string }
  >`
    select t.id, t.dossier, t.engagement, t.partenaire, t.stade, t.mode, t.organisme, o.nom as organisme_nom, t.signataire, t.facultatif, t.acces, t.certitude,
      t.confirmee, t.manquants, t.echeance_le, t.echeance, t.etat, t.cause, t.fait_le, t.agent, c.prenom || ' ' || c.nom as agent_nom, t.version,
      p.charte, p.entree_le, p.sortie_le, d.reference, d.titulaire, d.territoire, d.stade_rang,
      t.agent is not null and t.agent is distinct from ${acteur.compte}::uuid and t.agent in ${comptesTenus(session)} as remplace,
      ${cle} as cle, ${conditionsRemplies(session, CHAMPS_VEILLE)} as remplies
    from engagement_tache t
    join dossier d on d.dept = ${dept} and d.id = t.dossier
    join engagement_passage p on p.dept = ${dept} and p.id = t.passage
    join organisme o on o.dept = ${dept} and o.id = t.organisme
    left join compte c on c.dept = ${dept} and c.id = t.agent
    where ${condition(session, filtre)} and ${conditionFile(filtre.file, jour)} ${borne}
    order by ${cle} ${sens}, t.id ${sens} limit ${limite + 1}`
  const encore = lues.length > limite
  const gardees = recule ? lues.slice(0, limite).toReversed() : lues.slice(0, limite)
  const lignes = gardees.map(({ remplies, cle: cleLue, ...ligne }): LigneFile => {
    const { reference, titulaire, territoire, stade_rang } = ligne
    const vu = lireSousMasque(session, { reference, titulaire, territoire, stade_rang }, CHAMPS_VEILLE, remplies)
    return { ...enTache(session, ligne), ...vu, position: ecrirePosition(cleLue, ligne.id) }
  })
  return {
    lignes,
    avant: recule ? encore : position !== null,
    apres: recule ? true : encore,
  }
}
