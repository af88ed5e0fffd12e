import { type Acces, masqueDe, type Session } from '#acces'
import { type ConditionAcces, type Faits, GROUPES_CHAMPS, type GroupeChamps, VOCABULAIRE } from '#referentiel'
import { type Fragment, sql } from '#socle/db'
import { refus } from '#socle/errors'
import { CHAMPS_SIGNALEMENT, type Champs, groupesDe, masquer } from './champs.ts'
import { MOTS_DE_SANTE } from './derivation.ts'

/**
 * Whether the newest word of the household about an objet of `donnees/acces/accords.yaml` is an agreement that still holds, for everybody or for this
 * organisme.
 */
function accordEnVigueur({ acteur, dept, jour }: Session, objet: string): Fragment {
  return sql`coalesce((select aa.sens = 'accord' and (aa.jusqu_au is null or aa.jusqu_au >= ${jour}) from accord aa
    where aa.dept = ${dept} and aa.dossier = d.id and aa.objet = ${objet} and (aa.organisme is null or aa.organisme = ${acteur.organisme}::uuid)
    order by aa.rang desc limit 1), false)`
}

/** Whether a dossier, `d` in the query, fulfils a condition of the access matrix for this session. */
const CONDITIONS: Readonly<Record<ConditionAcces, (session: Session) => Fragment>> = {
  departement: ({ acteur }) => (acteur.acces.portee === 'departement' ? sql`true` : sql`false`),
  territoire: ({ acteur }) => sql`coalesce(d.territoire = any (${acteur.territoires ?? []}::text[]), false)`,
  engage: ({ acteur }) =>
    acteur.acces.portee === 'organisme'
      ? sql`true`
      : sql`coalesce(${acteur.organisme}::uuid = any (d.organismes_habilites), false)`,
  commune: ({
    acteur,
    dept,
  }) => sql`exists (select 1 from organisme oc where oc.dept = ${dept} and oc.id = ${acteur.organisme}::uuid
    and d.code_insee = any (oc.communes))`,
  seance: ({
    acteur,
    dept,
    jour,
  }) => sql`exists (select 1 from participation ps where ps.dept = ${dept} and ps.dossier = d.id
    and ps.organisme = ${acteur.organisme}::uuid and ps.origine = 'seance' and ps.retiree_a is null and ps.du <= ${jour}
    and (ps.jusqu_au is null or ps.jusqu_au >= ${jour}))`,
  accord_adil: (session) => accordEnVigueur(session, 'transmission_adil'),
  accord_action_logement: (session) => accordEnVigueur(session, 'action_logement_mds'),
  accord_mandataire: (session) => accordEnVigueur(session, 'mandataire'),
  // A slip is no dossier: what it shows is decided where it is read.
  bordereau: () => sql`false`,
  auteur: ({
    acteur,
    dept,
  }) => sql`exists (select 1 from rattachement ra join signalement sa on sa.dept = ${dept} and sa.id = ra.signalement
    where ra.dept = ${dept} and ra.dossier = d.id and ra.defait_a is null and sa.retire_a is null and sa.organisme = ${acteur.organisme}::uuid)`,
}

/**
 * Whether a dossier says nothing but what this organisme reported. What is gathered from several signalements does not say from which: under the condition `auteur` it
 * is read whole, or not at all.
 */
const seulAuteur = (session: Session): Fragment =>
  sql`(${CONDITIONS.auteur(session)} and not exists (select 1 from rattachement ra join signalement sa on sa.dept = ${session.dept} and sa.id = ra.signalement
    where ra.dept = ${session.dept} and ra.dossier = d.id and ra.defait_a is null and sa.retire_a is null
      and sa.organisme is distinct from ${session.acteur.organisme}::uuid))`

/**
 * Conditions of the matrix that a dossier fulfils, among those that decide of the groups read, as a column `text[]`. Nothing is evaluated for the sessions
 * whose mask does not depend on the row: most of them.
 */
export function conditionsRemplies(session: Session, champs: Champs): Fragment {
  const { voit, utiles } = masqueDe(session.acteur)
  const incertains = [...groupesDe(champs)].some((groupe) => !voit(groupe) && voit(groupe, utiles))
  if (!incertains) return sql`'{}'::text[]`
  const cas = utiles.map((condition) => {
    const remplie = condition === 'auteur' ? seulAuteur(session) : CONDITIONS[condition](session)
    return sql`case when ${remplie} then ${condition}::text end`
  })
  return sql`array_remove(array[${sql.join(cas)}], null)`
}

/**
 * Conditions that a thing written in a dossier fulfils, from those of the dossier. What somebody reads as an author is what their organisme wrote, never the rest of
 * the dossier.
 */
export function propresA(
  { acteur }: Pick<Session, 'acteur'>,
  remplies: readonly string[],
  organisme: string | null,
): readonly string[] {
  const communes = remplies.filter((condition) => condition !== 'auteur')
  return organisme !== null && organisme === acteur.organisme ? [...communes, 'auteur'] : communes
}

/** What a dossier must fulfil to exist for this session, beyond row-level security; `d` in the query. */
export function dansLePerimetre(session: Session): Fragment {
  const { perimetre } = masqueDe(session.acteur)
  if (perimetre.length === 0) return sql`true`
  const voies = perimetre.map(
    (voie) =>
      sql`(${sql.join(
        voie.map((condition) => CONDITIONS[condition](session)),
        sql` and `,
      )})`,
  )
  return sql`(${sql.join(voies, sql` or `)})`
}

/** Beyond this many, reading the table is as quick as reading the dossiers of a list one by one. */
const PEU_DE_DOSSIERS = 2000

const visibles = new WeakMap<Session, Promise<readonly string[] | null>>()

/**
 * Ids of all the dossiers of a session whose rights stop at its organisme, when they are few; null otherwise, and for whoever reads the département. The rules of rows
 * decide all the same: this only spares them the dossiers of others. Asked once a session, which reads them before it writes.
 */
export function dossiersDeLOrganisme(session: Session): Promise<readonly string[] | null> {
  if (session.acteur.acces.portee !== 'organisme') return Promise.resolve(null)
  const deja = visibles.get(session)
  if (deja) return deja
  const lus = session.sql<{
    ids: readonly string[] | null
  }>`select public.dossiers_de_l_organisme(${PEU_DE_DOSSIERS}) as ids`.then(([ligne]) => ligne?.ids ?? null)
  visibles.set(session, lus)
  return lus
}

/** Reads a row through the mask of the session. `remplies` comes from `conditionsRemplies`. */
export function lireSousMasque<T extends object>(
  session: Pick<Session, 'acteur'>,
  ligne: T,
  champs: Champs,
  remplies: readonly string[] = [],
): T {
  const { voit } = masqueDe(session.acteur)
  return masquer(ligne, champs, (groupe) => voit(groupe, remplies))
}

/** True when every row shows a group to this session. */
export const voitToujours = ({ acteur }: Pick<Session, 'acteur'>, groupe: GroupeChamps): boolean =>
  masqueDe(acteur).voit(groupe)

/**
 * Refuses to narrow or to order by what is hidden: the rows that answer, or their order, would tell it. A group shown in some rows only is refused too.
 */
export function exigerGroupe(session: Pick<Session, 'acteur'>, groupe: GroupeChamps): void {
  if (voitToujours(session, groupe)) return
  throw refus(
    'acces.champ-reserve',
    `Cette liste ne peut être ni filtrée ni triée par « ${GROUPES_CHAMPS[groupe].libelle.toLowerCase()} » : ces données ne sont pas ouvertes à ce rôle. Retirer ce filtre ou ce tri.`,
  )
}

const COLONNES_DU_MOT = new Map(VOCABULAIRE.map(({ nom, colonnes }) => [nom, colonnes]))

/** Groups of the words that come from no column, by word then by family. */
const GROUPES_DES_MOTS: Readonly<Record<string, GroupeChamps>> = {
  'menage.vulnerable': 'sante',
  'menage.mesure_de_protection': 'sante',
  'menage.contact_avec_bailleur': 'contacts',
  menage: 'composition',
  ressources: 'ressources',
  aide_logement: 'ressources',
  logement: 'bailleur',
  bailleur: 'bailleur',
  dette: 'dette',
  plan_apurement: 'dette',
  garantie: 'ressources',
  connu: 'service',
  ccas: 'service',
  diagnostic: 'service',
  accompagnement: 'service',
  signaux: 'signaux',
  commission: 'procedure',
  jugement: 'procedure',
  procedure: 'procedure',
  fsl: 'ressources',
  surendettement: 'ressources',
  // Settings of the département: nobody's data.
  parametre: 'reperes',
}

const groupesConnus = new Map<string, readonly GroupeChamps[]>()

/** Groups one must read to know what a word of the rules says. None known: nobody reads it. */
function groupesDuMot(mot: string): readonly GroupeChamps[] {
  let groupes = groupesConnus.get(mot)
  if (groupes === undefined) {
    groupes = trouverGroupes(mot)
    // Words come from the rules and from dossiers derived under them: few, unless somebody asks for others.
    if (groupesConnus.size < 1000) groupesConnus.set(mot, groupes)
  }
  return groupes
}

function trouverGroupes(mot: string): readonly GroupeChamps[] {
  const nu = mot.replace(/_(?:connue?s?|renseignee?s?)$/, '')
  if (MOTS_DE_SANTE.includes(nu)) return ['sante']
  const [famille = ''] = nu.split('.')
  const parMot = GROUPES_DES_MOTS[nu]
  if (parMot) return [parMot]
  const colonnes = (COLONNES_DU_MOT.get(nu) ?? []).flatMap((colonne) => CHAMPS_SIGNALEMENT[colonne]?.[0] ?? [])
  if (colonnes.length > 0) return colonnes
  const parFamille = GROUPES_DES_MOTS[famille]
  return parFamille ? [parFamille] : []
}

/** True for a word of the rules that comes near health: its values are kept sealed. */
export const estDeSante = (mot: string): boolean => groupesDuMot(mot).includes('sante')

/** Whether a word of the rules may be read. */
function motLisible(voit: (groupe: GroupeChamps) => boolean, mot: string): boolean {
  const groupes = groupesDuMot(mot)
  return groupes.length > 0 && groupes.every(voit)
}

/** Whether the matrix opens a word of the rules to somebody at all, on the dossiers they are engaged on. */
export const motConnaissable = ({ groupes }: Acces, mot: string): boolean =>
  motLisible((groupe) => groupes.has(groupe), mot)

/** The facts of a dossier, less those the matrix never opens to somebody: to whoever acts for them, these are unknown. */
export const faitsConnaissables = (acces: Acces, faits: Faits): Faits =>
  Object.fromEntries(Object.entries(faits).filter(([mot]) => motConnaissable(acces, mot))) as Faits

/** The words a rule read, less those hidden to this session, and how many were. */
export function valeursLisibles(
  { acteur }: Pick<Session, 'acteur'>,
  valeurs: Readonly<Record<string, unknown>>,
  remplies: readonly string[] = [],
): { readonly valeurs: Record<string, unknown>; readonly reservees: number } {
  const { voit } = masqueDe(acteur)
  const lisible = (mot: string) => motLisible((groupe) => voit(groupe, remplies), mot)
  const lues = Object.entries(valeurs).flatMap(([mot, valeur]): [string, unknown][] => {
    // Words that were missing when the rule chose, under a name of their own.
    if (mot === 'a_verifier') {
      return [[mot, Array.isArray(valeur) ? valeur.filter((un) => typeof un === 'string' && lisible(un)) : []]]
    }
    return lisible(mot) ? [[mot, valeur]] : []
  })
  return { valeurs: Object.fromEntries(lues), reservees: Object.keys(valeurs).length - lues.length }
}

/**
 * Criteria of the charter this session may read in a row and narrow by: those whose every word it reads, in every version, because a dossier keeps the ids of
 * the day it was derived. An id of no version is read by nobody.
 */
export function criteresLisibles(
  session: Pick<Session, 'referentiel' | 'dept' | 'acteur'>,
  remplies: readonly string[] = [],
): ReadonlySet<string> {
  const { voit } = masqueDe(session.acteur)
  const lisible = (groupe: GroupeChamps) => voit(groupe, remplies)
  const [lus, caches] = [new Set<string>(), new Set<string>()]
  for (const { groupes } of session.referentiel.departements.get(session.dept)?.criteres ?? []) {
    for (const { id, si } of groupes.flatMap(({ criteres }) => criteres)) {
      if (si && !si.mots.every((mot) => motLisible(lisible, mot))) caches.add(id)
      else lus.add(id)
    }
  }
  for (const id of caches) lus.delete(id)
  return lus
}
