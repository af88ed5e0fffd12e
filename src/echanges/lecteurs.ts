import { aLeDroit, listerLecteurs, type Organisme, type Session } from '#acces'
import { refus } from '#socle/errors'
import { bearsHouseholdNumber, isUuid, NUMBER_REFUSED } from '#socle/text'

/** Circles a thread or a document may have. The first (professional notes) and the fourth (synthesis) are not conversations. */
export const cerclesEchange = { 2: 'Transmission aux services instructeurs', 3: 'Suivi partagé' } as const
export type CercleEchange = keyof typeof cerclesEchange

/** What deciding of readers needs of a dossier. */
interface DossierVise {
  readonly id: string
  readonly territoire: string | null
}

/** Somebody who will read: an account of an organisme, as far as its habilitation goes today. */
export interface Personne {
  readonly id: string
  readonly nom: string
  readonly organisme: string
}

/**
 * Organismes engaged on a dossier: the service in charge, those habilitated, and participations in force. Whether one of them reads today is decided by the
 * policies: a participation may wait for an accord of the household.
 */
export function listerEngages(session: Session, dossier: string): Promise<Organisme[]> {
  const { sql, dept, jour } = session
  return sql<Organisme>`
    select o.id, o.code, o.nom, o.type, o.territoires, o.communes from organisme o join dossier d on d.dept = ${dept} and d.id = ${dossier}
    where o.dept = ${dept} and o.actif and (o.id = d.organisme or o.id = any (d.organismes_habilites)
      or exists (select 1 from participation p where p.dept = ${dept} and p.dossier = d.id and p.organisme = o.id and p.retiree_a is null
        and p.du <= ${jour} and (p.jusqu_au is null or p.jusqu_au >= ${jour})))
    order by o.nom collate "fr-x-icu"`
}

/** Secretariats of the territory of a dossier; every one of them when it has none. */
async function listerInstructeurs(
  session: Session,
  { territoire }: DossierVise,
  types: readonly string[],
): Promise<Organisme[]> {
  const tous = await session.sql<Organisme>`select id, code, nom, type, territoires, communes from organisme
    where dept = ${session.dept} and actif and type = any (${types}::text[]) order by type desc, nom collate "fr-x-icu"`
  const proches = tous.filter(
    ({ type, territoires }) => type !== 'secretariat' || territoires === null || territoires.includes(territoire ?? ''),
  )
  return proches.some(({ type }) => type === 'secretariat') ? proches : tous
}

/**
 * Who may be named as reader of what is written on a dossier. Circle 2: the secretariat and the State's services that instruct. Circle 3: the organismes engaged, and
 * the secretariat. Never oneself: one's own organisme always reads.
 */
export async function listerLecteursPossibles(
  session: Session,
  dossier: DossierVise,
  cercle: CercleEchange,
): Promise<Organisme[]> {
  const instructeurs = await listerInstructeurs(
    session,
    dossier,
    cercle === 2 ? ['secretariat', 'prefecture'] : ['secretariat'],
  )
  const engages = cercle === 2 ? [] : await listerEngages(session, dossier.id)
  const vus = new Set<string>([session.acteur.organisme ?? ''])
  return [...instructeurs, ...engages].filter(({ id }) => !vus.has(id) && vus.add(id))
}

/** Reads the organismes chosen as readers, or says why one cannot be. */
export async function exigerLecteurs(
  session: Session,
  dossier: DossierVise,
  cercle: CercleEchange,
  choisis: readonly string[],
): Promise<Organisme[]> {
  const possibles = await listerLecteursPossibles(session, dossier, cercle)
  const lecteurs = possibles.filter(({ id }) => choisis.includes(id))
  if (lecteurs.length === 0) throw refus('echange.lecteurs', 'Choisir au moins un organisme qui lira.')
  if (choisis.some((id) => !possibles.some((possible) => possible.id === id)))
    throw refus(
      'echange.lecteur-impossible',
      'Un organisme choisi n’est plus engagé sur ce dossier, ou ne fait pas partie de ce cercle. Relire la liste.',
    )
  return lecteurs
}

/** People of these organismes who read this dossier and its exchanges today. By organisme, then name. */
export async function listerPersonnes(
  session: Session,
  dossier: Pick<DossierVise, 'id'>,
  organismes: readonly string[],
): Promise<Personne[]> {
  return (await listerLecteurs(session, dossier.id))
    .filter((lecteur) => organismes.includes(lecteur.organisme) && aLeDroit(lecteur, 'echange.lire'))
    .map(({ compte, nom, organisme }) => ({ id: compte, nom, organisme }))
}

/** Whoever writes is a person of an organisme: background work writes nothing here. */
export function exigerAuteur(session: Session): { compte: string; organisme: string } {
  const { compte, organisme } = session.acteur
  if (!compte || !organisme) throw refus('echange.auteur', 'Un échange est écrit par une personne d’un organisme.')
  return { compte, organisme }
}

/** The mark drawn with a form, so that sending it twice writes once. */
export function exigerEnvoi(envoi: string): string {
  if (!isUuid(envoi)) throw refus('echange.envoi', 'Ce formulaire est incomplet. Revenir au dossier et recommencer.')
  return envoi
}

/** A text somebody wrote, trimmed; refused when empty or too long. */
export function exigerTexte(texte: string, max: number, code: string, vide: string): string {
  const net = texte.replace(/\r\n/g, '\n').trim()
  if (net === '') throw refus(code, vide)
  if (net.length > max) throw refus(code, `Raccourcir à ${max} caractères : il y en a ${net.length}.`)
  return net
}

/** What is written outside any dossier bears no number of a household; names are left to whoever writes, and to moderation. */
export function exigerSansNumero(texte: string, code: string): string {
  if (bearsHouseholdNumber(texte)) throw refus(code, NUMBER_REFUSED)
  return texte
}
