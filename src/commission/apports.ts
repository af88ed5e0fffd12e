import type { Session } from '#acces'
import { noter } from '#notifications'
import { sql as fragment } from '#socle/db'
import { Conflit, Introuvable, refus } from '#socle/errors'
import { isUuid } from '#socle/text'
import { reglementEnVigueur } from './commissions.ts'

export const etatsApport = {
  demande: 'Attendu',
  apporte: 'Apporté',
  rien: 'Rien à apporter',
} as const
export type EtatApport = keyof typeof etatsApport

/** What an organisme brings on a file, for whoever may read it: the secretariat, and the organisme itself. */
export interface Apport {
  readonly id: string
  readonly inscription: string
  readonly organisme: string
  readonly organisme_nom: string
  readonly etat: EtatApport
  readonly attendu_le: Temporal.PlainDate | null
  readonly texte: string | null
  readonly relance_le: Temporal.PlainDate | null
  readonly repondu_a: Temporal.Instant | null
  readonly version: number
}

const place = (id: string): string => `apport|texte|${id}`
const LONGUEUR = 4000

/** Contributions of a session this reader may read; texts are opened for one file only (`inscription`), or for one's own organisme. */
export async function listerApports(
  session: Session,
  seance: string,
  ou: { readonly inscription?: string; readonly organisme?: string } = {},
): Promise<Apport[]> {
  const { dept, sql } = session
  const lignes = await sql<Apport>`
    select a.id, a.inscription, a.organisme, o.nom as organisme_nom, a.etat, a.attendu_le, a.texte, a.relance_le, a.repondu_a, a.version
    from apport a join inscription i on i.dept = ${dept} and i.id = a.inscription and i.etat <> 'retire' join organisme o on o.dept = ${dept} and o.id = a.organisme
    where a.dept = ${dept} and i.seance_id = ${seance} and (${ou.inscription ?? null}::uuid is null or a.inscription = ${ou.inscription ?? null}::uuid)
      and (${ou.organisme ?? null}::uuid is null or a.organisme = ${ou.organisme ?? null}::uuid)
    order by o.nom collate "fr-x-icu"`
  const ouvrir = ou.inscription !== undefined || ou.organisme !== undefined
  const coffre = ouvrir && lignes.some(({ texte }) => texte !== null) ? await session.coffre() : null
  return lignes.map((ligne) => ({
    ...ligne,
    texte: ligne.texte !== null && coffre ? (coffre.ouvrir(ligne.texte, place(ligne.id)) as string) : null,
  }))
}

/** Answers for one's own organisme, as long as the session is not over: what it brings, or that it has nothing to bring. */
export async function repondreApport(
  session: Session,
  seance: string,
  id: string,
  vu: number,
  reponse: { readonly etat: 'apporte' | 'rien'; readonly texte: string },
): Promise<void> {
  const { dept, maintenant, acteur, sql } = session
  const [avant] = isUuid(id)
    ? await sql<{ version: number; dossier: string }>`
        select a.version, i.dossier_id as dossier from apport a join inscription i on i.dept = ${dept} and i.id = a.inscription
        where a.dept = ${dept} and a.id = ${id} and i.seance_id = ${seance} and a.organisme = ${acteur.organisme}::uuid for update of a`
    : []
  if (!avant) throw new Introuvable()
  if (avant.version !== vu)
    throw new Conflit('apport.change', 'Un collègue a répondu depuis l’ouverture de la page : rien n’est enregistré.')
  const texte = reponse.texte.replace(/\r\n/g, '\n').trim()
  if (reponse.etat === 'apporte' && texte === '')
    throw refus('apport.texte', 'Écrire ce que votre organisme apporte, ou dire qu’il n’a rien à apporter.')
  if (reponse.etat === 'rien' && texte !== '')
    throw refus('apport.texte', 'Un texte est écrit : l’envoyer, ou l’effacer pour dire qu’il n’y a rien à apporter.')
  if (texte.length > LONGUEUR) throw refus('apport.texte', `Raccourcir à ${LONGUEUR} caractères.`)
  const scelle = reponse.etat === 'apporte' ? (await session.coffre()).sceller(texte, place(id), 64) : null
  await sql`update apport set etat = ${reponse.etat}, texte = ${scelle}, repondu_a = ${maintenant}, repondu_par = ${acteur.compte}, version = version + 1
    where dept = ${dept} and id = ${id}`
  session.consigner({
    action: 'apport.repondre',
    objet: 'apport',
    objetId: id,
    dossiers: [avant.dossier],
    details: { etat: reponse.etat },
  })
}

/** Says at once that one's organisme has nothing to bring on these files, those it was shown and has not answered. Returns how many. */
export async function direRienPourLeReste(
  session: Session,
  seance: string,
  inscriptions: readonly string[],
): Promise<number> {
  const { dept, maintenant, acteur, sql } = session
  const faits = await sql<{ dossier: string }>`
    update apport a set etat = 'rien', repondu_a = ${maintenant}, repondu_par = ${acteur.compte}, version = a.version + 1 from inscription i
    where a.dept = ${dept} and a.organisme = ${acteur.organisme}::uuid and a.etat = 'demande' and i.dept = ${dept} and i.id = a.inscription
      and i.seance_id = ${seance} and i.id = any (${inscriptions.filter((id) => isUuid(id))}::uuid[]) returning i.dossier_id as dossier`
  session.consigner({
    action: 'apport.repondre',
    objet: 'seance',
    objetId: seance,
    dossiers: faits.map(({ dossier }) => dossier),
    details: { etat: 'rien' },
  })
  return faits.length
}

/** Accounts that represent an organisme at a session, open today. */
const REPRESENTANTS = fragment`
  commission_membre m cross join lateral (values (m.titulaire), (m.suppleant)) p(compte)
  join compte c on c.dept = m.dept and c.id = p.compte and c.ferme_a is null`

/**
 * Reminds, once, those who have not answered: of one session when the secretariat asks, else of every session whose rules say when. What they are told names no
 * household. An organisme nobody represents is not said to be reminded: `listerInjoignables` names it. Returns how many people are told.
 */
export async function relancerApports(session: Session, seance: string | null): Promise<number> {
  const { dept, jour, sql } = session
  const regle = reglementEnVigueur(dept, fragment`s.commission`, fragment`s.le`)
  const relances = await sql<{
    seance: string
    organisme: string
    attendu: Temporal.PlainDate | null
    dossier: string
    comptes: string[]
  }>`
    update apport a set relance_le = ${jour} from inscription i join seance s on s.dept = ${dept} and s.id = i.seance_id
    where a.dept = ${dept} and a.etat = 'demande' and a.relance_le is null and i.dept = ${dept} and i.id = a.inscription and i.etat = 'inscrit'
      and s.etat = 'prevue' and s.le >= ${jour} and (${seance}::uuid is null or s.id = ${seance}::uuid)
      and (${seance}::uuid is not null or a.attendu_le - (select r.jours_relance from ${regle} r) <= ${jour})
      and exists (select 1 from ${REPRESENTANTS} where m.dept = ${dept} and m.commission = s.commission and m.organisme = a.organisme and m.du <= s.le
        and (m.jusqu_au is null or m.jusqu_au >= s.le))
    returning s.id as seance, a.organisme, a.attendu_le as attendu, i.dossier_id as dossier, array(select p.compte::text from ${REPRESENTANTS} where m.dept = ${dept} and m.commission = s.commission
      and m.organisme = a.organisme and m.du <= s.le and (m.jusqu_au is null or m.jusqu_au >= s.le)) as comptes`
  const personnes = new Set(
    relances.flatMap(({ seance: laquelle, comptes }) => comptes.map((compte) => `${laquelle} ${compte}`)),
  )
  const parSeance = Map.groupBy(relances, ({ seance: laquelle, organisme }) => `${laquelle} ${organisme}`)
  await noter(
    session,
    [...parSeance.values()].flatMap(([une]) =>
      une
        ? [
            {
              genre: 'seance' as const,
              destinataires: une.comptes.map((compte) => ({ compte, organisme: une.organisme })),
              dossier: null,
              objet: une.seance,
              avant: une.attendu,
            },
          ]
        : [],
    ),
  )
  if (seance !== null || personnes.size > 0)
    session.consigner({
      action: 'seance.relancer',
      ...(seance === null ? {} : { objet: 'seance', objetId: seance }),
      dossiers: [...new Set(relances.map(({ dossier }) => dossier))],
      details: { personnes: personnes.size },
    })
  return personnes.size
}

/** Organismes that have not answered for a session and whom no reminder reaches: nobody with an open account represents them. */
export async function listerInjoignables(
  { dept, sql }: Session,
  { id, commission, le }: { readonly id: string; readonly commission: string; readonly le: Temporal.PlainDate },
): Promise<readonly string[]> {
  const lignes = await sql<{ nom: string }>`
    select distinct o.nom from apport a join inscription i on i.dept = ${dept} and i.id = a.inscription and i.etat = 'inscrit'
    join organisme o on o.dept = ${dept} and o.id = a.organisme
    where a.dept = ${dept} and i.seance_id = ${id} and a.etat = 'demande'
      and not exists (select 1 from ${REPRESENTANTS} where m.dept = ${dept} and m.commission = ${commission} and m.organisme = a.organisme and m.du <= ${le}
        and (m.jusqu_au is null or m.jusqu_au >= ${le}))
    order by o.nom`
  return lignes.map(({ nom }) => nom)
}
