import type { Session } from '#acces'
import { type Fragment, sql } from '#socle/db'
import { type Demande, estEnRetard, type GenreDemande, listerDemandes } from './demandes.ts'
import { type Fil, listerFils } from './fils.ts'
import { listerPieces, type Piece } from './pieces.ts'

/** Queues of the work box of an organisme. */
export const filesBoite = {
  a_repondre: 'À répondre',
  en_attente: 'En attente chez les autres',
  en_retard: 'En retard',
  a_lire: 'À lire',
} as const
export type FileBoite = keyof typeof filesBoite

/** What a work box is narrowed to. */
export interface FiltreBoite {
  readonly genre?: GenreDemande | undefined
  /** The organisme on the other side. */
  readonly organisme?: string | undefined
  readonly territoire?: string | undefined
}

/** A thread with something to read, and its household. */
export interface FilALire extends Fil {
  readonly reference: string
  readonly titulaire: string
  readonly territoire: string | null
}

/** A document deposited for the reader outside any thread, not opened yet, and its household. */
export interface PieceALire extends Piece {
  readonly reference: string
  readonly titulaire: string
  readonly territoire: string | null
}

export interface Boite {
  /** Read beside the threads of `a_lire`. */
  readonly pieces: readonly PieceALire[]
  readonly a_repondre: readonly Demande[]
  readonly en_attente: readonly Demande[]
  readonly en_retard: readonly Demande[]
  readonly a_lire: readonly FilALire[]
}

/** What is expected of an organisme, what it expects of the others, and what it has to read, the most pressing first. Reading it is journalled by its caller's file. */
export async function lireBoite(session: Session, filtre: FiltreBoite = {}): Promise<Boite> {
  const { sql, dept, jour, acteur } = session
  const demandes = (await listerDemandes(session, { ouvertes: true })).filter(
    (demande) =>
      (filtre.genre === undefined || demande.genre === filtre.genre) &&
      (filtre.territoire === undefined || demande.territoire === filtre.territoire) &&
      (filtre.organisme === undefined || [demande.organisme, demande.destinataire].includes(filtre.organisme)),
  )
  const fils = filtre.genre === undefined ? await listerFils(session, { nonLus: true }) : []
  const pieces = filtre.genre === undefined ? await listerPieces(session, 'a_lire') : []
  const dossiers = await sql<{ id: string; reference: string; titulaire: string; territoire: string | null }>`
    select id, reference, titulaire, territoire from dossier where dept = ${dept} and id = any (${[...fils, ...pieces].map(({ dossier }) => dossier)}::uuid[])`
  const parId = new Map(dossiers.map((dossier) => [dossier.id, dossier]))
  /** With its household; none when a filter leaves it out. */
  const situer = <T extends { readonly dossier: string }>(une: T, organismes: readonly string[]) => {
    const dossier = parId.get(une.dossier)
    if (!dossier) return []
    if (filtre.territoire !== undefined && dossier.territoire !== filtre.territoire) return []
    if (filtre.organisme !== undefined && !organismes.includes(filtre.organisme)) return []
    const { reference, titulaire, territoire } = dossier
    return [{ ...une, reference, titulaire, territoire }]
  }
  const recues = demandes.filter(({ destinataire }) => destinataire === acteur.organisme)
  return {
    a_repondre: recues,
    en_attente: demandes.filter(({ organisme }) => organisme === acteur.organisme),
    en_retard: demandes.filter((demande) => estEnRetard(demande, jour)),
    a_lire: fils.flatMap((fil) => situer(fil, [fil.organisme, ...fil.destinataires])),
    pieces: pieces.flatMap((piece) => situer(piece, [piece.organisme])),
  }
}

/**
 * What waits for a person, as an expression: requests their organisme must answer, threads with something they have not read, documents addressed to them outside any
 * thread. The figure of the banner.
 */
export const chiffreEchanges = ({ dept, acteur }: Session): Fragment =>
  acteur.organisme && acteur.compte
    ? sql`(select coalesce(sum(x.demandes + x.fils + x.pieces), 0)::int from public.echanges_attendus() x
        where exists (select 1 from dossier d where d.dept = ${dept} and d.id = x.dossier))`
    : sql`0`
