import type { Session } from '#acces'
import { remettreARapprocher } from '#signalements'
import { type Decision, decider, deplierFiche, type Fiche, type Parametres } from './moteur/index.ts'

/**
 * Lines that wait together. A doubt is about one household: a line that comes after the first and speaks of the same one does not open a dossier of its own, it waits
 * with it, and one answer of a person places them all.
 */

/**
 * One decision on households at a time in a département, batch or person: a line never joins a doubt that is being answered. Held until the end of the transaction.
 * Returns its rank among all those of the département: two that follow one another leave no room for a third.
 */
export async function unALaFois({ sql, dept }: Session): Promise<number> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`rapprochement:${dept}`}, 0))`
  const [tour] = await sql<{
    valeur: number
  }>`insert into compteur (dept, cle, valeur) values (${dept}, 'rapprochement', 1)
    on conflict (dept, cle) do update set valeur = compteur.valeur + 1 returning valeur`
  return tour?.valeur ?? 0
}

/** How a line came to wait with a doubt. */
export interface Jonction {
  readonly doute: string
  readonly probabilite: number
  /** The same household as the first line, without any doubt. */
  readonly certain: boolean
  readonly raisons: readonly string[]
  readonly contraires: readonly string[]
}

/** A line in a doubt: its comparable form and its keys. */
export interface LigneEnAttente {
  readonly signalement: string
  readonly fiche: Fiche
  readonly cles: readonly string[]
}

/** Fiches of the lines of each doubt, with the doubts a blocking key leads to. Grows as a batch raises doubts of its own. */
export interface DoutesOuverts {
  readonly fiches: Map<string, LigneEnAttente[]>
  readonly parCle: Map<string, Set<string>>
}

/**
 * Doubts still open in which one of these signalements waits, with all their lines. Those of the incoming lines (`sauf`) are left out: they are being decided again.
 */
export async function lireDoutesOuverts(
  session: Session,
  signalements: readonly string[],
  sauf: readonly string[],
): Promise<DoutesOuverts> {
  const { dept } = session
  const ouverts: DoutesOuverts = { fiches: new Map(), parCle: new Map() }
  if (signalements.length === 0) return ouverts
  const lignes = await session.sql<{
    doute: string
    signalement: string
    cles: string[]
    contenu: Parameters<typeof deplierFiche>[0]
  }>`
    with touches as (
      select id as doute from doute where dept = ${dept} and reponse is null and signalement = any (${signalements}::uuid[])
      union
      select doute from doute_signal where dept = ${dept} and sorti_a is null and signalement = any (${signalements}::uuid[])
    )
    select u.id as doute, g.signalement, f.contenu, f.cles
    from touches t
    cross join lateral (
      select id, signalement from doute where dept = ${dept} and id = t.doute and reponse is null and signalement <> all (${sauf}::uuid[]) offset 0
    ) u
    cross join lateral (
      select u.signalement union all select signalement from doute_signal where dept = ${dept} and doute = u.id and sorti_a is null
    ) g
    cross join lateral (select contenu, cles from fiche where dept = ${dept} and signalement = g.signalement offset 0) f
    where g.signalement <> all (${sauf}::uuid[])`
  for (const { doute, signalement, cles: siennes, contenu } of lignes)
    inscrireAuDoute(ouverts, doute, { signalement, cles: siennes, fiche: deplierFiche(contenu) })
  return ouverts
}

/** Adds a line to a doubt, so that the next lines of the batch meet it. One already there stays as it is. */
export function inscrireAuDoute(ouverts: DoutesOuverts, doute: string, ligne: LigneEnAttente): void {
  const siennes = ouverts.fiches.get(doute)
  if (siennes?.some(({ signalement }) => signalement === ligne.signalement)) return
  if (siennes) siennes.push(ligne)
  else ouverts.fiches.set(doute, [ligne])
  for (const cle of ligne.cles) {
    const doutes = ouverts.parCle.get(cle)
    if (doutes) doutes.add(doute)
    else ouverts.parCle.set(cle, new Set([doute]))
  }
}

/**
 * The doubt a line waits with, or null when it goes its own way. It joins a doubt that is certainly about the same household; and, rather than opening a dossier, one
 * that may be. Compared with the doubts as with dossiers: same thresholds, same evidence against.
 */
export function choisirDoute(
  ouverts: DoutesOuverts,
  entrante: { readonly fiche: Fiche; readonly cles: readonly string[] },
  issue: Decision['issue'],
  evaluer: (fiche: Fiche) => Parameters<typeof decider>[0][number]['evaluations'][number],
  parametres: Parametres,
): Jonction | null {
  if (issue === 'certain') return null
  const proches = new Set(entrante.cles.flatMap((cle) => [...(ouverts.parCle.get(cle) ?? [])]))
  if (proches.size === 0) return null
  const decision = decider(
    [...proches].map((doute) => ({
      dossier: doute,
      evaluations: (ouverts.fiches.get(doute) ?? []).map(({ signalement, fiche }) => ({
        signalement,
        ...evaluer(fiche),
      })),
    })),
    parametres.seuils,
  )
  const [meilleur] = decision.candidats
  const certain = decision.issue === 'certain'
  if (!meilleur || !(certain || issue === 'nouveau')) return null
  return {
    doute: meilleur.dossier,
    probabilite: meilleur.probabilite,
    certain,
    raisons: meilleur.raisons,
    contraires: meilleur.contraires,
  }
}

/** Writes which lines wait with which doubts. */
export async function ecrireJonctions(
  session: Session,
  jonctions: readonly (Jonction & { readonly signalement: string })[],
): Promise<void> {
  if (jonctions.length === 0) return
  await session.sql`insert into doute_signal (dept, doute, signalement, probabilite, certain, raisons, contraires, a)
    select ${session.dept}, x.doute, x.signalement, x.probabilite, x.certain, x.raisons, x.contraires, ${session.maintenant}
    from jsonb_to_recordset(${JSON.stringify(jonctions)}::jsonb)
      as x(doute uuid, signalement uuid, probabilite double precision, certain boolean, raisons jsonb, contraires jsonb)
    on conflict (dept, doute, signalement) do update set probabilite = excluded.probabilite, certain = excluded.certain, raisons = excluded.raisons,
      contraires = excluded.contraires, a = excluded.a, sorti_a = null`
}

/** Lines leave the doubt they wait with: they are decided otherwise, or again. */
export async function quitterLesDoutes(session: Session, signalements: readonly string[]): Promise<void> {
  if (signalements.length === 0) return
  await session.sql`update doute_signal set sorti_a = ${session.maintenant}
    where dept = ${session.dept} and signalement = any (${signalements}::uuid[]) and sorti_a is null`
}

/** A doubt that ends without an answer frees the lines that waited with it: each is recognised anew, so that none is lost. */
export async function libererLesLignes(session: Session, doutes: readonly string[]): Promise<void> {
  if (doutes.length === 0) return
  const liberees = await session.sql<{ signalement: string }>`update doute_signal set sorti_a = ${session.maintenant}
    where dept = ${session.dept} and doute = any (${doutes}::uuid[]) and sorti_a is null returning signalement`
  await remettreARapprocher(
    session,
    liberees.map(({ signalement }) => signalement),
  )
}

/** A line that waits with a doubt, and how close it is to the lines before it. */
export interface LigneJointe extends Omit<Jonction, 'doute'> {
  readonly signalement: string
}

/** Lines that wait, or waited until its answer, with one doubt, in the order they came. */
export function listerLignesJointes(session: Session, doute: string): Promise<LigneJointe[]> {
  return session.sql<LigneJointe>`select signalement, probabilite, certain, raisons, contraires from doute_signal
    where dept = ${session.dept} and doute = ${doute} and sorti_a is null order by a, signalement`
}

/** The open doubt each of these signalements waits in, alone, first or with others. */
export async function trouverDoutes(session: Session, signalements: readonly string[]): Promise<Map<string, string>> {
  const { dept } = session
  const lignes = await session.sql<{ signalement: string; doute: string }>`
    select signalement, id as doute from doute where dept = ${dept} and reponse is null and signalement = any (${signalements}::uuid[])
    union all
    select g.signalement, g.doute from doute_signal g join doute u on u.dept = ${dept} and u.id = g.doute and u.reponse is null
    where g.dept = ${dept} and g.sorti_a is null and g.signalement = any (${signalements}::uuid[])`
  return new Map(lignes.map(({ signalement, doute }) => [signalement, doute]))
}
