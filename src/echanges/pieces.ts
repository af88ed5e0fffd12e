import { createHash, randomUUID } from 'node:crypto'
import type { Session } from '#acces'
import { lireDossier } from '#dossiers'
import { areSealed } from '#socle/cipher'
import { type Fragment, sql } from '#socle/db'
import { Introuvable, refus } from '#socle/errors'
import { preparerAvis } from './avis.ts'
import { ouvrirScellements, scellementDuDossier } from './cles.ts'
import { listerDemandes } from './demandes.ts'
import { listerFils } from './fils.ts'
import { examinerFichier, type Format, formats, nommerFichier } from './formats.ts'
import { type CercleEchange, exigerAuteur, exigerEnvoi, exigerLecteurs, exigerTexte } from './lecteurs.ts'
import { ouvrirLignes, ouvrirTexte } from './scellement.ts'

/** What a document is to the dossier. */
export const genresPiece = {
  bail: 'Bail ou avenant',
  quittances: 'Quittances, avis d’échéance',
  decompte: 'Décompte de la dette',
  plan: 'Plan d’apurement, protocole',
  acte: 'Acte de procédure, décision de justice',
  aide: 'Notification de droits ou d’aide',
  ressources: 'Justificatif de ressources',
  courrier: 'Courrier',
  accord: 'Accord écrit du ménage',
  autre: 'Autre pièce',
} as const
export type GenrePiece = keyof typeof genresPiece

export interface Piece {
  readonly id: string
  readonly dossier: string
  readonly genre: GenrePiece
  readonly nom: string
  readonly date_piece: Temporal.PlainDate | null
  readonly cercle: CercleEchange
  readonly organisme: string
  readonly organisme_nom: string
  readonly lecteurs: readonly string[]
  readonly fil: string | null
  readonly demande: string | null
  readonly format: Format
  readonly taille: number
  readonly auteur: string
  readonly a: Temporal.Instant
  readonly retiree_a: Temporal.Instant | null
  readonly retiree_motif: string | null
  /** Last day its readers find it; its own organisme keeps it. */
  readonly visible_jusqu_au: Temporal.PlainDate | null
}

/** What makes a document, `p` in the query, wait to be read by this person. */
export const aLire = ({
  dept,
  acteur,
}: Session): Fragment => sql`(p.fil is null and p.demande is null and p.retiree_a is null
  and p.destinataires @> array[${acteur.organisme}::uuid] and p.par <> ${acteur.compte}::uuid
  and not exists (select 1 from piece_lue l where l.dept = ${dept} and l.piece = p.id and l.compte = ${acteur.compte}::uuid))`

/**
 * Documents the reader may see, withdrawn ones included, newest first: of a dossier, or, everywhere, those addressed to them outside any thread or request that they
 * have not opened. Never their bytes.
 */
export async function listerPieces(session: Session, dossier: string | 'a_lire'): Promise<Piece[]> {
  const { dept } = session
  const lues = await session.sql<Piece>`
    select p.id, p.dossier, p.genre, p.nom, p.date_piece, p.cercle, p.organisme, o.nom as organisme_nom, p.fil, p.demande, p.format, p.taille,
      c.prenom || ' ' || c.nom as auteur, p.a, p.retiree_a, p.retiree_motif, p.visible_jusqu_au,
      array(select x.nom from organisme x where x.dept = ${dept} and x.id = any (coalesce(
          (select f.destinataires || f.organisme from fil f where f.dept = ${dept} and f.id = p.fil),
          (select array[q.organisme, q.destinataire] from demande q where q.dept = ${dept} and q.id = p.demande), p.destinataires))
        and x.id <> p.organisme order by x.nom collate "fr-x-icu") as lecteurs
    from piece p join organisme o on o.dept = ${dept} and o.id = p.organisme join compte c on c.dept = ${dept} and c.id = p.par
    where p.dept = ${dept} and ${dossier === 'a_lire' ? aLire(session) : sql`p.dossier = ${dossier}`} order by p.a desc, p.id`
  return ouvrirLignes(session, lues, (piece, scellement) => {
    const ouvrir = (texte: string, colonne: 'nom' | 'retiree_motif') =>
      ouvrirTexte(scellement, texte, { table: 'piece', colonne, id: piece.id })
    const { nom, retiree_motif } = piece
    return {
      ...piece,
      nom: ouvrir(nom, 'nom'),
      retiree_motif: retiree_motif === null ? null : ouvrir(retiree_motif, 'retiree_motif'),
    }
  })
}

async function trouver(session: Session, dossier: string, id: string): Promise<Piece> {
  const piece = (await listerPieces(session, dossier)).find((une) => une.id === id)
  if (!piece) throw new Introuvable()
  return piece
}

/** Where a document goes: readers named for it, a thread, or a request. */
export type DestinationPiece =
  | { readonly cercle: CercleEchange; readonly destinataires: readonly string[] }
  | { readonly fil: string }
  | { readonly demande: string }

async function resoudre(
  session: Session,
  dossier: { id: string; territoire: string | null },
  vers: DestinationPiece,
): Promise<{ cercle: CercleEchange; destinataires: readonly string[]; fil: string | null; demande: string | null }> {
  const { organisme } = exigerAuteur(session)
  if ('fil' in vers) {
    const [fil] = await listerFils(session, { dossier: dossier.id, fil: vers.fil })
    if (!fil) throw new Introuvable()
    const destinataires = [fil.organisme, ...fil.destinataires].filter((id) => id !== organisme)
    return { cercle: fil.cercle, destinataires, fil: fil.id, demande: null }
  }
  if ('demande' in vers) {
    const [demande] = await listerDemandes(session, { dossier: dossier.id, demande: vers.demande })
    if (!demande) throw new Introuvable()
    const destinataires = [demande.organisme, demande.destinataire].filter((id) => id !== organisme)
    return { cercle: 3, destinataires, fil: null, demande: demande.id }
  }
  const lecteurs = await exigerLecteurs(session, dossier, vers.cercle, vers.destinataires)
  return { cercle: vers.cercle, destinataires: lecteurs.map(({ id }) => id), fil: null, demande: null }
}

const hacher = (octets: Uint8Array): Buffer => createHash('sha256').update(octets).digest()

/** Keeps a document. The same form sent twice, or the same file already there for the same readers, adds nothing. */
export async function deposerPiece(
  session: Session,
  depot: {
    readonly dossier: string
    readonly genre: GenrePiece
    readonly datePiece: Temporal.PlainDate | null
    readonly fichier: { readonly nom: string; readonly octets: Uint8Array }
    readonly vers: DestinationPiece
    readonly envoi: string
    /** Last day its readers find it; none: as long as they see the dossier. */
    readonly visibleJusquAu?: Temporal.PlainDate | null
  },
): Promise<{ piece: string; nouveau: boolean }> {
  const { sql, dept, maintenant } = session
  const { compte, organisme } = exigerAuteur(session)
  const envoi = exigerEnvoi(depot.envoi)
  const dossier = await lireDossier(session, depot.dossier)
  if (!Object.hasOwn(genresPiece, depot.genre)) throw refus('piece.genre', 'Choisir ce qu’est cette pièce.')
  if (depot.datePiece && Temporal.PlainDate.compare(depot.datePiece, session.jour) > 0)
    throw refus('piece.date', 'La date de la pièce est à venir : donner celle qu’elle porte.')
  const visibleJusquAu = depot.visibleJusquAu ?? null
  if (visibleJusquAu && Temporal.PlainDate.compare(visibleJusquAu, session.jour) < 0)
    throw refus('piece.duree', 'Ce jour est passé : donner le dernier jour où les lecteurs la trouveront.')
  const vers = await resoudre(session, dossier, depot.vers)
  const { format, octets } = await examinerFichier(depot.fichier.nom, depot.fichier.octets)
  const recue = hacher(depot.fichier.octets)
  const [memeForme] = await sql<{
    id: string
  }>`select id from piece where dept = ${dept} and par = ${compte} and envoi = ${envoi} and dossier = ${dossier.id}`
  if (memeForme) return { piece: memeForme.id, nouveau: false }
  // Only among the documents this person sees: another's hidden copy must not show by a refusal.
  const scellement = await scellementDuDossier(session, session.cles(), dossier.id)
  const [meme] = await sql<{ id: string; nom: string }>`select id, nom from piece
    where dept = ${dept} and dossier = ${dossier.id} and empreinte_recue = ${recue} and retiree_a is null
      and fil is not distinct from ${vers.fil}::uuid and demande is not distinct from ${vers.demande}::uuid
      and organisme = ${organisme} and destinataires @> ${vers.destinataires}::uuid[] limit 1`
  if (meme) {
    const nom = ouvrirTexte(scellement, meme.nom, { table: 'piece', colonne: 'nom', id: meme.id })
    throw refus('piece.deja', `Ce fichier est déjà au dossier pour ces lecteurs, sous le nom « ${nom} ».`)
  }
  const id = randomUUID()
  const nom = scellement.sceller(nommerFichier(depot.fichier.nom, format), { table: 'piece', colonne: 'nom', id })
  await sql`insert into piece (dept, id, dossier, genre, nom, date_piece, cercle, organisme, destinataires, fil, demande, format, taille, empreinte_recue,
      empreinte, par, a, envoi, visible_jusqu_au)
    values (${dept}, ${id}, ${dossier.id}, ${depot.genre}, ${nom}, ${depot.datePiece}, ${vers.cercle}, ${organisme},
      ${vers.destinataires}::uuid[], ${vers.fil}, ${vers.demande}, ${format}, ${octets.length}, ${recue}, ${hacher(octets)}, ${compte}, ${maintenant}, ${envoi}, ${visibleJusquAu})`
  await sql`insert into piece_contenu (dept, piece, octets) values (${dept}, ${id},
    ${scellement.scellerOctets(octets, { table: 'piece', colonne: 'octets', id })})`
  await preparerAvis(session, dossier, vers.destinataires, { genre: 'piece', objet: id })
  session.consigner({
    action: 'piece.deposer',
    objet: 'piece',
    objetId: id,
    dossiers: [dossier.id],
    details: {
      genre: depot.genre,
      format,
      taille: octets.length,
      cercle: vers.cercle,
      destinataires: vers.destinataires,
    },
  })
  return { piece: id, nouveau: true }
}

/** The bytes of a document, for whoever may read it. A withdrawn one is no longer served to anybody. */
export async function telechargerPiece(
  session: Session,
  dossier: string,
  id: string,
): Promise<{ nom: string; type: string; octets: Buffer }> {
  const { sql, dept } = session
  const piece = await trouver(session, dossier, id)
  if (piece.retiree_a) throw new Introuvable('Cette pièce a été retirée : elle n’est plus servie.')
  const [contenu] = await sql<{
    octets: Buffer
  }>`select octets from piece_contenu where dept = ${dept} and piece = ${piece.id}`
  if (!contenu) throw new Introuvable()
  const scellement = (await ouvrirScellements(session, [dossier])).get(dossier)
  // Kept before sealing, the bytes are as they came.
  const octets =
    scellement && areSealed(contenu.octets)
      ? scellement.ouvrirOctets(contenu.octets, { table: 'piece', colonne: 'octets', id: piece.id })
      : contenu.octets
  const { compte, organisme } = session.acteur
  if (compte && organisme)
    await sql`insert into piece_lue (dept, piece, compte, organisme, a) values (${dept}, ${piece.id}, ${compte}, ${organisme}, ${session.maintenant})
      on conflict do nothing`
  session.consigner({ action: 'piece.telecharger', objet: 'piece', objetId: piece.id, dossiers: [dossier] })
  return { nom: piece.nom, type: formats[piece.format].type, octets }
}

/**
 * Shows documents of one's own organisme to others that read the dossier: those it consults. Documents of a thread or of a request keep their readers. Anything else
 * than one's own does not exist here.
 */
export async function montrerPieces(
  session: Session,
  dossier: string,
  pieces: readonly string[],
  organismes: readonly string[],
): Promise<void> {
  const { sql, dept } = session
  if (pieces.length === 0) return
  const { organisme } = exigerAuteur(session)
  const montrees = await sql<{ id: string }>`
    update piece set destinataires = array(select distinct x from unnest(destinataires || ${organismes}::uuid[]) x where x <> ${organisme}::uuid)
    where dept = ${dept} and dossier = ${dossier} and id = any (${pieces}::uuid[]) and organisme = ${organisme} and retiree_a is null
      and fil is null and demande is null returning id`
  if (montrees.length !== new Set(pieces).size) throw new Introuvable()
  session.consigner({
    action: 'piece.montrer',
    objet: 'dossier',
    objetId: dossier,
    dossiers: [dossier],
    details: { pieces, organismes },
  })
}

/** Withdraws a document of one's own organisme: its line stays with the reason, its bytes are destroyed. */
export async function retirerPiece(
  session: Session,
  demande: { readonly dossier: string; readonly piece: string; readonly motif: string },
): Promise<void> {
  const { sql, dept, maintenant } = session
  const { compte, organisme } = exigerAuteur(session)
  const dossier = await lireDossier(session, demande.dossier)
  const piece = await trouver(session, dossier.id, demande.piece)
  if (piece.organisme !== organisme) throw new Introuvable()
  const motif = exigerTexte(demande.motif, 200, 'piece.motif', 'Écrire pourquoi cette pièce est retirée.')
  const scellement = await scellementDuDossier(session, session.cles(), dossier.id)
  const scelle = scellement.sceller(motif, { table: 'piece', colonne: 'retiree_motif', id: piece.id })
  const [retiree] =
    await sql`update piece set retiree_a = ${maintenant}, retiree_par = ${compte}, retiree_motif = ${scelle}
    where dept = ${dept} and id = ${piece.id} and retiree_a is null returning id`
  if (!retiree) throw refus('piece.retiree', 'Cette pièce est déjà retirée.')
  await sql`delete from piece_contenu where dept = ${dept} and piece = ${piece.id}`
  session.consigner({ action: 'piece.retirer', objet: 'piece', objetId: piece.id, dossiers: [dossier.id] })
}
