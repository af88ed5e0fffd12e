import { randomUUID } from 'node:crypto'
import type { Session } from '#acces'
import { Introuvable, refus } from '#socle/errors'
import type { GenreBordereau } from './catalogue.ts'
import { listerDus, verrouillerEnvois } from './dus.ts'

export const LONGUEUR_MOTIF = 300
const place = (id: string): string => `bordereau_ecart|motif|${id}`

/** Something somebody chose not to send, and why. */
export interface Ecart {
  readonly id: string
  readonly reference: string
  readonly titulaire: string
  readonly motif: string
  readonly auteur: string
  readonly a: Temporal.Instant
}

/** What somebody writes to explain an act, trimmed; refused when missing or too long. */
export function exigerMotif(motif: string): string {
  const net = motif.replace(/\s+/g, ' ').trim()
  if (net === '') throw refus('bordereau.motif', 'Dire pourquoi en quelques mots.')
  if (net.length > LONGUEUR_MOTIF)
    throw refus('bordereau.motif', `Raccourcir à ${LONGUEUR_MOTIF} caractères : il y en a ${net.length}.`)
  return net
}

/** Sets aside something that is owed: it leaves for none of its recipients until it is put back. Returns its id; what is owed no more does not exist. */
export async function ecarterDu(
  session: Session,
  genre: GenreBordereau,
  { dossier, cle, motif }: { readonly dossier: string; readonly cle: string; readonly motif: string },
): Promise<string> {
  const { sql, dept, acteur, maintenant } = session
  if (!acteur.compte || !acteur.organisme) throw new Introuvable()
  const net = exigerMotif(motif)
  await verrouillerEnvois(session, genre)
  if (!(await listerDus(session, genre)).some((ligne) => ligne.du.dossier === dossier && ligne.cle === cle))
    throw new Introuvable()
  const id = randomUUID()
  const coffre = await session.coffre()
  await sql`insert into bordereau_ecart (dept, id, expediteur, genre, dossier, cle, motif, par, a)
    values (${dept}, ${id}, ${acteur.organisme}, ${genre.code}, ${dossier}, ${cle}, ${coffre.sceller(net, place(id))}, ${acteur.compte}, ${maintenant})`
  session.consigner({
    action: 'bordereau.ecarter',
    objet: 'dossier',
    objetId: dossier,
    dossiers: [dossier],
    details: { genre: genre.code },
  })
  return id
}

/** What was set aside and not put back, newest first. */
export async function listerEcarts(session: Session, genre: GenreBordereau): Promise<Ecart[]> {
  const { sql, dept, acteur } = session
  const lus = await sql<Ecart & { readonly dossier: string }>`
    select e.id, e.dossier, d.reference, d.titulaire, e.motif, c.prenom || ' ' || c.nom as auteur, e.a
    from bordereau_ecart e join dossier d on d.dept = ${dept} and d.id = e.dossier join compte c on c.dept = ${dept} and c.id = e.par
    where e.dept = ${dept} and e.expediteur = ${acteur.organisme}::uuid and e.genre = ${genre.code} and e.remis_a is null order by e.a desc, e.id`
  if (lus.length === 0) return []
  const coffre = await session.coffre()
  session.consigner({ action: 'bordereaux.lister', dossiers: [...new Set(lus.map(({ dossier }) => dossier))] })
  return lus.map((un) => ({ ...un, motif: String(coffre.ouvrir(un.motif, place(un.id))) }))
}

/** Puts back what was set aside: it is owed again. */
export async function remettreDu(session: Session, genre: GenreBordereau, id: string): Promise<void> {
  const { sql, dept, acteur, maintenant } = session
  const [remis] = await sql<{ dossier: string }>`
    update bordereau_ecart set remis_a = ${maintenant}
    where dept = ${dept} and id = ${id}::uuid and expediteur = ${acteur.organisme}::uuid and genre = ${genre.code} and remis_a is null returning dossier`
  if (!remis) throw new Introuvable()
  session.consigner({
    action: 'bordereau.ecarter',
    objet: 'dossier',
    objetId: remis.dossier,
    dossiers: [remis.dossier],
    details: { genre: genre.code, remis: true },
  })
}
