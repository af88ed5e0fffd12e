import type { Session } from '#acces'
import { scellementDuDossier } from '#echanges'
import type { Keyring } from '#socle/cipher'
import { sql } from '#socle/db'
import { Introuvable } from '#socle/errors'
import type { ActeRequisition, Enquete, Requisition } from './types.ts'

const colonnes = sql`
  r.id, r.dossier, r.acte, r.recue_le, r.etat, r.decidee_le, r.executoire_le, r.prevue_le, r.refus_le, r.enquetes_ouvertes, r.enquete_avant,
  r.sans_solution, r.depart_le, r.suivi_avant, r.version, o.nom as organisme_nom, c.prenom || ' ' || c.nom as auteur, r.a`

/** Requests of a dossier, newest first. */
export function listerDuDossier(session: Session, dossier: string): Promise<Requisition[]> {
  const { dept } = session
  return session.sql<Requisition>`
    select ${colonnes} from requisition r
    join organisme o on o.dept = ${dept} and o.id = r.organisme join compte c on c.dept = ${dept} and c.id = r.par
    where r.dept = ${dept} and r.dossier = ${dossier} order by r.recue_le desc, r.a desc, r.id`
}

/** One request of a dossier; under lock when something is about to be written. */
export async function lireRequisition(
  session: Session,
  dossier: string,
  id: string,
  { verrou = false }: { readonly verrou?: boolean } = {},
): Promise<Requisition> {
  const { dept } = session
  const [lue] = await session.sql<Requisition>`
    select ${colonnes} from requisition r
    join organisme o on o.dept = ${dept} and o.id = r.organisme join compte c on c.dept = ${dept} and c.id = r.par
    where r.dept = ${dept} and r.dossier = ${dossier} and r.id = ${id} ${verrou ? sql`for update of r` : sql``}`
  if (!lue) throw new Introuvable()
  return lue
}

/** Facts of a request in the order they were recorded, those corrected included. */
export function listerActes(session: Session, requisition: string): Promise<ActeRequisition[]> {
  const { dept } = session
  return session.sql<ActeRequisition>`
    select x.id, x.rang::int as rang, x.requisition, x.enquete, x.genre, x.le, x.donnees, x.remplace, x.acte, x.organisme, o.nom as organisme_nom,
      c.prenom || ' ' || c.nom as auteur, x.a
    from requisition_acte x join organisme o on o.dept = ${dept} and o.id = x.organisme join compte c on c.dept = ${dept} and c.id = x.par
    where x.dept = ${dept} and x.requisition = ${requisition} order by x.rang`
}

/** Inquiries of a request, in the order they were asked. */
export function listerEnquetes(session: Session, requisition: string): Promise<Enquete[]> {
  return session.sql<Enquete>`
    select id, requisition, dossier, genre, organisme, aupres, moyen, demandee_le, avant, echeance
    from enquete where dept = ${session.dept} and requisition = ${requisition} order by a, genre, id`
}

/** What is sealed of the facts of a request, by fact: only what the circles of the session open. Journalled when something is read. */
export async function lireTextes(
  session: Session,
  cles: Keyring,
  { id, dossier }: Pick<Requisition, 'id' | 'dossier'>,
): Promise<ReadonlyMap<string, Readonly<Record<string, string>>>> {
  const { dept } = session
  const lignes = await session.sql<{ acte: string; texte: string }>`
    select t.acte, t.texte from requisition_texte t join requisition_acte a on a.dept = ${dept} and a.id = t.acte
    where t.dept = ${dept} and a.requisition = ${id}`
  if (lignes.length === 0) return new Map()
  const scellement = await scellementDuDossier(session, cles, dossier)
  session.consigner({
    action: 'requisition.lire',
    objet: 'requisition',
    objetId: id,
    dossiers: [dossier],
    details: { textes: lignes.length },
  })
  return new Map(
    lignes.map(({ acte, texte }) => [
      acte,
      JSON.parse(scellement.ouvrir(texte, { table: 'requisition_texte', colonne: 'texte', id: acte })) as Readonly<
        Record<string, string>
      >,
    ]),
  )
}
