import { randomUUID } from 'node:crypto'
import type { Session } from '#acces'
import { Conflit, Introuvable, refus } from '#socle/errors'
import { isUuid } from '#socle/text'
import { lireLot } from './lots.ts'

/** The copy of an act, beside the line that reports it. */
export interface CopieActe {
  readonly id: string
  readonly nom: string
  readonly format: string
  readonly taille: number
  readonly auteur: string
  readonly a: Temporal.Instant
}

const place = (id: string, quoi: 'nom' | 'octets') => `copie_acte|${quoi}|${id}`

/** Types of signalement that report an act served: a copy of it may be attached. */
const ACTES: ReadonlySet<string> = new Set([
  'commandement_de_payer',
  'assignation',
  'jugement',
  'commandement_de_quitter_les_lieux',
  'requisition_force_publique',
])
export const porteUnActe = (champs: Readonly<Record<string, string>>): boolean => ACTES.has(champs.type ?? '')

/** Copies attached to a line and not withdrawn, oldest first; none for whoever does not follow its deposit. */
export async function listerCopies(session: Session, lot: string, ligne: number): Promise<readonly CopieActe[]> {
  const { sql, dept } = session
  const lues = await sql<CopieActe>`
    select x.id, x.nom, x.format, x.taille, x.a, c.prenom || ' ' || c.nom as auteur from copie_acte x join compte c on c.dept = ${dept} and c.id = x.par
    where x.dept = ${dept} and x.lot = ${lot} and x.ligne = ${ligne} and x.retiree_a is null order by x.a, x.id`
  if (lues.length === 0) return []
  const coffre = await session.coffre()
  return lues.map((copie) => ({ ...copie, nom: String(coffre.ouvrir(copie.nom, place(copie.id, 'nom'))) }))
}

/** Lines of a deposit that have a copy, with how many. */
export async function compterCopies(session: Session, lot: string): Promise<ReadonlyMap<number, number>> {
  const lues = await session.sql<{ ligne: number; n: number }>`
    select ligne, count(*)::int as n from copie_acte where dept = ${session.dept} and lot = ${lot} and retiree_a is null group by ligne`
  return new Map(lues.map(({ ligne, n }) => [ligne, n]))
}

/**
 * Keeps the copy of an act beside the line that reports it (SIG-03). `fichier` is a file already examined. The same form sent twice adds nothing; the same file twice on
 * one line is refused, as are a deposit taken back and a line that reports no act.
 */
export async function deposerCopie(
  session: Session,
  vers: { readonly lot: string; readonly ligne: number; readonly envoi: string },
  fichier: { readonly nom: string; readonly format: string; readonly octets: Uint8Array },
): Promise<void> {
  const { sql, dept, acteur, maintenant } = session
  if (!acteur.compte) throw new Introuvable()
  if (!isUuid(vers.envoi)) throw refus('copie.envoi', 'Ce formulaire est incomplet. Revenir et recommencer.')
  const [deja] =
    await sql`select 1 from copie_acte where dept = ${dept} and par = ${acteur.compte} and envoi = ${vers.envoi}`
  if (deja) return
  const lot = await lireLot(session, vers.lot)
  if (lot.etat === 'retire' || lot.etat === 'refuse')
    throw refus('copie.lot', 'Ce dépôt a été retiré ou refusé : joindre la copie à la ligne d’un autre dépôt.')
  const [ligne] = await sql<{ type: string | null }>`
    select champs->>'type' as type from ligne_lot where dept = ${dept} and lot = ${lot.id} and ligne = ${vers.ligne}`
  if (!ligne) throw new Introuvable()
  if (!porteUnActe({ type: ligne.type ?? '' }))
    throw refus('copie.acte', 'Cette ligne ne signale pas un acte : il n’y a pas de copie à joindre.')
  const coffre = await session.coffre()
  const id = randomUUID()
  const ecrites = await sql<{ id: string }>`
    insert into copie_acte (dept, id, lot, ligne, nom, format, taille, empreinte, octets, par, a, envoi)
    values (${dept}, ${id}, ${lot.id}, ${vers.ligne}, ${coffre.sceller(fichier.nom, place(id, 'nom'))}, ${fichier.format}, ${fichier.octets.length},
      ${coffre.empreinte(fichier.octets)}, ${coffre.scellerOctets(fichier.octets, place(id, 'octets'))}, ${acteur.compte}, ${maintenant}, ${vers.envoi})
    on conflict do nothing returning id`
  if (ecrites.length === 0) throw new Conflit('copie.deja', 'Ce fichier est déjà joint à cette ligne.')
  session.consigner({
    action: 'copie.deposer',
    objet: 'copie_acte',
    objetId: id,
    details: { lot: lot.id, ligne: vers.ligne, format: fichier.format },
  })
}

/** The bytes of a copy, for whoever follows its deposit. Journalled, with the dossier of its line when it has one. */
export async function lireCopie(
  session: Session,
  lot: string,
  id: string,
): Promise<{ readonly nom: string; readonly format: string; readonly octets: Buffer }> {
  const { sql, dept } = session
  const [copie] = isUuid(id)
    ? await sql<{ nom: string; format: string; octets: Buffer; dossier: string | null }>`
        select x.nom, x.format, x.octets, (select r.dossier from ligne_lot l join rattachement r on r.dept = ${dept} and r.signalement = l.signalement and r.defait_a is null
          where l.dept = ${dept} and l.lot = x.lot and l.ligne = x.ligne) as dossier
        from copie_acte x where x.dept = ${dept} and x.lot = ${lot} and x.id = ${id} and x.retiree_a is null`
    : []
  if (!copie) throw new Introuvable()
  const coffre = await session.coffre()
  session.consigner({
    action: 'copie.telecharger',
    objet: 'copie_acte',
    objetId: id,
    dossiers: copie.dossier === null ? [] : [copie.dossier],
  })
  return {
    nom: String(coffre.ouvrir(copie.nom, place(id, 'nom'))),
    format: copie.format,
    octets: coffre.ouvrirOctets(copie.octets, place(id, 'octets')),
  }
}

/** Withdraws a copy attached by mistake: its bytes are destroyed at once. */
export async function retirerCopie(session: Session, lot: string, id: string): Promise<void> {
  const { sql, dept, acteur, maintenant } = session
  const [retiree] = isUuid(id)
    ? await sql`update copie_acte set octets = null, retiree_a = ${maintenant}, retiree_par = ${acteur.compte}
        where dept = ${dept} and lot = ${lot} and id = ${id} and retiree_a is null returning id`
    : []
  if (!retiree) throw new Introuvable()
  session.consigner({ action: 'copie.retirer', objet: 'copie_acte', objetId: id, details: { lot } })
}
