import { randomUUID } from 'node:crypto'
import { aLeDroit, type Session } from '#acces'
import { type Fragment, sql as fragment } from '#socle/db'
import { Conflit, Introuvable, refus } from '#socle/errors'
import { isUuid } from '#socle/text'
import { type EtatPrononce, type Prononce, placePrononce } from './deliberations.ts'
import { prevenirDesSuites } from './releves.ts'
import { chargerOrientation } from './reponses.ts'

const REPONSE_MAX = 1000
export const SUITES_PAR_PAGE = 40

/** What an addressee may answer. Closed. Without a reason, « suivi » only. */
export const reponsesSuite = {
  suivi: 'Suivi',
  partiel: 'Suivi en partie',
  non_suivi: 'Non suivi',
} as const
export type ReponseSuite = keyof typeof reponsesSuite

/** Something the commission pronounced, as its addressee or the secretariat reads it: the household, never the dossier. */
export interface Suite extends Omit<Prononce, 'texte' | 'avant_choisi'> {
  readonly texte: string
  readonly menage: string
  readonly adresse: string
  readonly seance_le: Temporal.PlainDate
  readonly commission: string
  /** The dossier, for whoever sees it. */
  readonly reference: string | null
  readonly notifie_a: Temporal.Instant
  readonly repondu_a: Temporal.Instant | null
  readonly relances: number
  /** What its return also says: the measure of contact, or the fund's commission. */
  readonly suivi: 'avdl' | 'cud' | null
  /** The last reminder reached nobody: it is to be passed on by hand. */
  readonly injoignable: boolean
  readonly version: number
  readonly dossier: string
}

/** What was told, sealed with it: its addressee reads neither the agenda nor the dossier. */
type ContenuNotifie = Pick<Suite, 'texte' | 'destinataire' | 'menage' | 'adresse' | 'commission' | 'seance_le'>

export interface ActeSuite {
  readonly id: string
  readonly acte: 'notifie' | 'relance' | 'reponse' | 'remplace'
  readonly etat: EtatPrononce | null
  readonly texte: string
  readonly auteur: string
  readonly a: Temporal.Instant
  /** People a reminder reached; 0: nobody of its addressee is in Amont, it is to be passed on by hand. Null for anything else. */
  readonly joints: number | null
}

/** `recues`: addressed to the reader's organisme. `toutes`: what the secretariat follows. `dossier`: what was said of one dossier, for whoever reads its opinions. */
export interface FiltreSuites {
  readonly vue: 'recues' | 'toutes' | 'dossier'
  /** `sans_retour`: late, the list of the unanswered. `injoignable`: those whose last reminder reached nobody. */
  readonly etat?: 'attendu' | 'sans_retour' | 'injoignable' | 'repondu' | undefined
  readonly id?: string | undefined
  readonly dossier?: string | undefined
}

/** Whether the last reminder of `p` reached nobody. */
const injoignable = (dept: string): Fragment => fragment`coalesce((select a.joints = 0 from prononce_acte a
  where a.dept = ${dept} and a.prononce = p.id and a.acte = 'relance' order by a.rang desc limit 1), false)`

const conditions = ({ dept, jour, acteur }: Session, { vue, etat, id, dossier }: FiltreSuites): Fragment => fragment`
  p.dept = ${dept} and p.notifie_a is not null and (${vue !== 'recues'} or p.organisme = ${acteur.organisme}::uuid)
  and (${id ?? null}::uuid is null or p.id = ${id ?? null}::uuid) and (${dossier ?? null}::uuid is null or p.dossier = ${dossier ?? null}::uuid)
  and (${etat !== 'attendu'} or p.etat = 'attendu')
  and (${etat !== 'sans_retour'} or (p.etat = 'attendu' and p.retour_avant < ${jour}))
  and (${etat !== 'injoignable'} or (p.etat = 'attendu' and ${injoignable(dept)}))
  and (${etat !== 'repondu'} or p.repondu_a is not null)`

/**
 * The whole département is for whoever follows the returns, a dossier for whoever reads its opinions (row-level security: as far as they see the dossier, and of an expertise
 * the State alone); anybody else reads what is addressed to their organisme.
 */
const vueDe = ({ acteur }: Session, { vue, dossier }: Pick<FiltreSuites, 'vue' | 'dossier'>): FiltreSuites['vue'] =>
  vue === 'toutes' && aLeDroit(acteur, 'suite.suivre')
    ? 'toutes'
    : vue === 'dossier' && dossier !== undefined && aLeDroit(acteur, 'avis.consulter')
      ? 'dossier'
      : 'recues'

/** One page of what the commission pronounced, the first due first, and how many there are. */
export async function listerSuites(
  session: Session,
  filtre: FiltreSuites,
  { page = 1, limite = SUITES_PAR_PAGE }: { readonly page?: number; readonly limite?: number } = {},
): Promise<{ readonly suites: readonly Suite[]; readonly total: number }> {
  const { sql, dept } = session
  const si = conditions(session, { ...filtre, vue: vueDe(session, filtre) })
  const lignes = await sql<Omit<Suite, keyof ContenuNotifie> & { contenu: string }>`
    select p.id, p.genre, p.code, p.sens, p.pouvoir, p.contenu, p.organisme, o.nom as organisme_nom, p.retour_avant, p.echeance, p.etat,
      p.notifie_a, p.repondu_a, p.relances, case when p.avdl then 'avdl' when p.cud then 'cud' end as suivi, p.etat = 'attendu' and ${injoignable(dept)} as injoignable, p.version, p.dossier, d.reference
    from prononce p left join dossier d on d.dept = ${dept} and d.id = p.dossier left join organisme o on o.dept = ${dept} and o.id = p.organisme
    where ${si} order by (p.etat = 'attendu') desc, p.retour_avant nulls last, p.notifie_a, p.id limit ${limite} offset ${(page - 1) * limite}`
  const [{ n = 0 } = {}] = await sql<{ n: number }>`select count(*)::int as n from prononce p where ${si}`
  const coffre = await session.coffre()
  const suites = lignes.map(({ contenu, ...ligne }): Suite => {
    const { seance_le, ...notifie } = coffre.ouvrir(contenu, placePrononce(ligne.id)) as Omit<
      ContenuNotifie,
      'seance_le'
    > & { seance_le: string }
    return { ...ligne, ...notifie, seance_le: Temporal.PlainDate.from(seance_le) }
  })
  session.consigner({
    action: 'suites.lire',
    dossiers: [...new Set(suites.map(({ dossier }) => dossier))],
    details: { vue: filtre.vue, nombre: suites.length },
  })
  return { suites, total: n }
}

/** How many wait for an answer of this organisme, as an expression: the figure of the banner. */
export const chiffreSuites = (): Fragment => fragment`public.suites_attendues()`

/** How many wait for an answer, how many are late and how many reminders reached nobody. One short query. */
export async function compterSuites(
  session: Session,
  vue: FiltreSuites['vue'],
): Promise<{ readonly attendues: number; readonly retard: number; readonly injoignables: number }> {
  const [compte] = await session.sql<{ attendues: number; retard: number; injoignables: number }>`
    select count(*)::int as attendues, (count(*) filter (where p.retour_avant < ${session.jour}))::int as retard,
      (count(*) filter (where ${injoignable(session.dept)}))::int as injoignables
    from prononce p where ${conditions(session, { vue: vueDe(session, { vue }), etat: 'attendu' })}`
  return compte ?? { attendues: 0, retard: 0, injoignables: 0 }
}

/** One of them with what became of it. */
export async function lireSuite(
  session: Session,
  id: string,
): Promise<{ readonly suite: Suite; readonly actes: readonly ActeSuite[] }> {
  const { sql, dept } = session
  if (!isUuid(id)) throw new Introuvable()
  const { suites } = await listerSuites(session, { vue: 'toutes', id }, { limite: 1 })
  const [suite] = suites
  if (!suite) throw new Introuvable()
  const coffre = await session.coffre()
  const actes = await sql<Omit<ActeSuite, 'texte' | 'auteur'> & { texte: string | null; auteur: string | null }>`
    select a.id, a.acte, a.etat, a.texte, coalesce(o.nom, 'Amont') as auteur, a.a, a.joints from prononce_acte a
    left join organisme o on o.dept = ${dept} and o.id = a.organisme where a.dept = ${dept} and a.prononce = ${id} order by a.rang`
  return {
    suite,
    actes: actes.map(({ texte, auteur, ...acte }) => ({
      ...acte,
      auteur: auteur ?? 'Amont',
      texte: texte === null ? '' : String(coffre.ouvrir(texte, placeActe(acte.id))),
    })),
  }
}

const placeActe = (id: string) => `prononce_acte|texte|${id}`

/** Whether this session answers it: its addressee, or the secretariat for somebody who is not in Amont. */
export const peutRepondre = ({ acteur }: Pick<Session, 'acteur'>, suite: Pick<Suite, 'organisme' | 'etat'>): boolean =>
  suite.etat !== 'projet' &&
  suite.etat !== 'notifie' &&
  suite.etat !== 'remplace' &&
  (suite.organisme === null
    ? aLeDroit(acteur, 'suite.suivre')
    : suite.organisme === acteur.organisme && aLeDroit(acteur, 'suite.repondre'))

/**
 * The answer of an addressee (COM-16): followed, in part, not followed and why. Answered again, the last one stands and those before stay. `vu`: the version its
 * reader had.
 */
export async function repondreSuite(
  session: Session,
  {
    id,
    reponse,
    texte,
    vu,
  }: { readonly id: string; readonly reponse: ReponseSuite; readonly texte: string; readonly vu: number },
): Promise<void> {
  const { sql, dept, acteur, maintenant } = session
  const { suite } = await lireSuite(session, id)
  if (!peutRepondre(session, suite)) throw new Introuvable()
  if (reponse !== 'suivi' && texte === '')
    throw refus('suite.motif', 'Dire pourquoi : la commission en tient compte quand elle revoit le dossier.')
  if (texte.length > REPONSE_MAX)
    throw refus('suite.longueur', `${REPONSE_MAX} caractères au plus, il y en a ${texte.length}.`)
  const [ecrite] = await sql`update prononce set etat = ${reponse}, repondu_a = ${maintenant}, version = version + 1
    where dept = ${dept} and id = ${id} and version = ${vu} returning id`
  if (!ecrite)
    throw new Conflit(
      'suite.modifiee',
      'Quelqu’un a répondu pendant que cette page était ouverte : votre saisie est gardée.',
    )
  const acte = randomUUID()
  const scelle = texte === '' ? null : (await session.coffre()).sceller(texte, placeActe(acte))
  await sql`insert into prononce_acte (dept, id, prononce, acte, etat, texte, a, par, organisme)
    values (${dept}, ${acte}, ${id}, 'reponse', ${reponse}, ${scelle}, ${maintenant}, ${acteur.compte}, ${acteur.organisme})`
  session.consigner({
    action: 'suite.repondre',
    objet: 'prononce',
    objetId: id,
    dossiers: [suite.dossier],
    details: { reponse },
  })
}

/** Reminds the addressee, by hand. Once a day. Returns how many people it reaches: none, and it is to be passed on by hand. */
export async function relancerSuite(session: Session, id: string): Promise<number> {
  const { sql, dept, acteur, maintenant, jour } = session
  if (!aLeDroit(acteur, 'suite.suivre')) throw new Introuvable()
  const { suite } = await lireSuite(session, id)
  if (suite.etat !== 'attendu') throw new Conflit('suite.repondue', 'Le retour est déjà arrivé.')
  const [clos] = await sql`select 1 from dossier where dept = ${dept} and id = ${suite.dossier} and clos_le is not null`
  if (clos) throw new Conflit('dossier.clos', 'Ce dossier est clos : son destinataire n’est plus relancé.')
  const [faite] = await sql`update prononce set relance_le = ${jour}, relances = relances + 1, version = version + 1
    where dept = ${dept} and id = ${id} and etat = 'attendu' and (relance_le is null or relance_le < ${jour}) returning id`
  if (!faite) throw new Conflit('suite.relancee', 'Ce destinataire a déjà été relancé aujourd’hui.')
  const joints = suite.organisme ? ((await prevenirDesSuites(session, [suite.organisme])).get(suite.organisme) ?? 0) : 0
  await sql`insert into prononce_acte (dept, id, prononce, acte, a, par, organisme, joints)
    values (${dept}, ${randomUUID()}, ${id}, 'relance', ${maintenant}, ${acteur.compte}, ${acteur.organisme}, ${joints})`
  session.consigner({
    action: 'suite.relancer',
    objet: 'prononce',
    objetId: id,
    dossiers: [suite.dossier],
    details: { joints },
  })
  return joints
}

/** Job of the morning: reminds those whose return is late, at the rhythm of the data; notes which reminders reached nobody. Returns how many. */
export async function relancerLesRetards(session: Session): Promise<number> {
  const { sql, dept, jour, maintenant, referentiel } = session
  const { apres_jours, ensuite_jours } = chargerOrientation(referentiel.racine).relance
  const relances = await sql<{ id: string; organisme: string; dossier: string }>`
    update prononce set relance_le = ${jour}, relances = relances + 1, version = version + 1
    where dept = ${dept} and etat = 'attendu' and organisme is not null and retour_avant <= ${jour.subtract({ days: apres_jours })}
      and (relance_le is null or relance_le <= ${jour.subtract({ days: ensuite_jours })})
      and not exists (select 1 from dossier d where d.dept = ${dept} and d.id = prononce.dossier and d.clos_le is not null) returning id, organisme, dossier`
  if (relances.length === 0) return 0
  const joints = await prevenirDesSuites(session, [...new Set(relances.map(({ organisme }) => organisme))])
  const notees = relances.map(({ id, organisme }) => ({ id, joints: joints.get(organisme) ?? 0 }))
  await sql`insert into prononce_acte (dept, id, prononce, acte, a, joints)
    select ${dept}, gen_random_uuid(), x.id, 'relance', ${maintenant}, x.joints from jsonb_to_recordset(${JSON.stringify(notees)}::jsonb) as x(id uuid, joints int)`
  session.consigner({
    action: 'suite.relancer',
    dossiers: [...new Set(relances.map(({ dossier }) => dossier))],
    details: { nombre: relances.length, sans: notees.filter((une) => une.joints === 0).length },
  })
  return relances.length
}
