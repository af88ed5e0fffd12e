import type { PasDeScellement, Session } from '#acces'
import { areSealed } from '#socle/cipher'
import { ouvrirScellements, type Place, type Scellement, scellementDuDossier } from './cles.ts'

/** Texts of the collaborative space are sealed by the key of their dossier; those kept before sealing are given back as they are. */
const FORME = /^[0-9a-f]{8}\.[\w-]{38,}$/
const estScelle = (texte: string): boolean => FORME.test(texte)

export const ouvrirTexte = (scellement: Scellement | undefined, texte: string, place: Place): string =>
  scellement && estScelle(texte) ? scellement.ouvrir(texte, place) : texte

/** Opens rows of several dossiers: their keys are read once. */
export async function ouvrirLignes<T extends { readonly dossier: string }>(
  session: Session,
  lignes: readonly T[],
  ouvrir: (ligne: T, scellement: Scellement | undefined) => T,
): Promise<T[]> {
  const scellements = await ouvrirScellements(session, [...new Set(lignes.map(({ dossier }) => dossier))])
  return lignes.map((ligne) => ouvrir(ligne, scellements.get(ligne.dossier)))
}

interface EnClair {
  readonly id: string
  readonly dossier: string
  readonly texte: string | null
  readonly motif: string | null
}

/** Tables in the order they are sealed: what hangs from a thread, a request or a document before it, since background work sees nothing once it is sealed. */
async function lireEnClair({ sql, dept }: Session, pas: number): Promise<[Place['table'], EnClair[]]> {
  const messages = await sql<EnClair>`select m.id, f.dossier, m.texte, m.retire_motif as motif from message m
    join fil f on f.dept = ${dept} and f.id = m.fil where m.dept = ${dept} and not public.est_scelle(m.texte) order by m.id limit ${pas}`
  if (messages.length > 0) return ['message', messages]
  const ajouts = await sql<EnClair>`select j.id, f.dossier, j.motif as texte, null as motif from fil_ajout j
    join fil f on f.dept = ${dept} and f.id = j.fil where j.dept = ${dept} and not public.est_scelle(j.motif) order by j.id limit ${pas}`
  if (ajouts.length > 0) return ['fil_ajout', ajouts]
  const fils = await sql<EnClair>`select id, dossier, sujet as texte, null as motif from fil
    where dept = ${dept} and not public.est_scelle(sujet) order by id limit ${pas}`
  if (fils.length > 0) return ['fil', fils]
  const actes = await sql<EnClair>`select a.id, q.dossier, a.texte, null as motif from demande_acte a
    join demande q on q.dept = ${dept} and q.id = a.demande where a.dept = ${dept} and a.texte <> '' and not public.est_scelle(a.texte)
    order by a.id limit ${pas}`
  if (actes.length > 0) return ['demande_acte', actes]
  const pieces = await sql<EnClair>`select id, dossier, nom as texte, retiree_motif as motif from piece
    where dept = ${dept} and not public.est_scelle(nom) order by id limit ${Math.min(pas, 20)}`
  if (pieces.length > 0) return ['piece', pieces]
  return [
    'demande',
    await sql<EnClair>`select id, dossier, texte, null as motif from demande
      where dept = ${dept} and not public.est_scelle(texte) order by id limit ${pas}`,
  ]
}

async function poser(session: Session, table: Place['table'], id: string, texte: string, motif: string | null) {
  const { sql, dept } = session
  // An update must still see its row once changed.
  await sql`select set_config('app.scellement', ${id}, true)`
  switch (table) {
    case 'message':
      await sql`update message set texte = ${texte} where dept = ${dept} and id = ${id}`
      if (motif !== null) await sql`update message set retire_motif = ${motif} where dept = ${dept} and id = ${id}`
      return
    case 'fil_ajout':
      await sql`update fil_ajout set motif = ${texte} where dept = ${dept} and id = ${id}`
      return
    case 'fil':
      await sql`update fil set sujet = ${texte} where dept = ${dept} and id = ${id}`
      return
    case 'demande_acte':
      await sql`update demande_acte set texte = ${texte} where dept = ${dept} and id = ${id}`
      return
    case 'piece':
      if (motif !== null) await sql`update piece set retiree_motif = ${motif} where dept = ${dept} and id = ${id}`
      await sql`update piece set nom = ${texte} where dept = ${dept} and id = ${id}`
      return
    default:
      await sql`update demande set texte = ${texte} where dept = ${dept} and id = ${id}`
  }
}

const COLONNES: Partial<Record<Place['table'], readonly [Place['colonne'], Place['colonne'] | null]>> = {
  message: ['texte', 'retire_motif'],
  fil_ajout: ['motif', null],
  fil: ['sujet', null],
  demande_acte: ['texte', null],
  piece: ['nom', 'retiree_motif'],
  demande: ['texte', null],
}

/** Seals what was exchanged before sealing, a step at a time. Each step finds only what is left in clear. */
export async function scellerEchanges(session: Session, apres: string, pas: number): Promise<PasDeScellement> {
  const { sql, dept } = session
  const [table, lignes] = await lireEnClair(session, pas)
  const [colonne, autre] = COLONNES[table] ?? ['texte', null]
  for (const { id, dossier, texte, motif } of lignes) {
    const scellement = await scellementDuDossier(session, session.cles(), dossier)
    if (table === 'piece') {
      const [contenu] = await sql<{
        octets: Buffer
      }>`select octets from piece_contenu where dept = ${dept} and piece = ${id}`
      if (contenu && !areSealed(contenu.octets))
        await sql`update piece_contenu set octets = ${scellement.scellerOctets(contenu.octets, { table, colonne: 'octets', id })}
          where dept = ${dept} and piece = ${id}`
    }
    const sceller = (valeur: string, ou: Place['colonne']) =>
      estScelle(valeur) ? valeur : scellement.sceller(valeur, { table, colonne: ou, id })
    await poser(
      session,
      table,
      id,
      sceller(texte ?? '', colonne),
      motif !== null && autre !== null ? sceller(motif, autre) : null,
    )
  }
  await sql`select set_config('app.scellement', '', true)`
  return { scelles: lignes.length, suite: lignes.length === 0 ? null : apres }
}
