import { randomUUID } from 'node:crypto'
import type { Session } from '#acces'
import { annulerActe, consignerActe, corrigerActe } from '#dossiers'
import type { CodeGenre, ContenuActe } from '#procedure'
import type { GenreActe } from './genres.ts'
import { enVigueur } from './resume.ts'
import type { ActeRequisition } from './types.ts'

interface EnProcedure {
  readonly genre: CodeGenre
  readonly le: Temporal.PlainDate
  readonly contenu: ContenuActe
}

type Valeurs = Readonly<Record<string, string>>
const rempli = (contenu: Record<string, string | undefined>): ContenuActe =>
  Object.fromEntries(
    Object.entries(contenu).filter(([, valeur]) => valeur !== undefined && valeur !== ''),
  ) as ContenuActe

/** The act of procedure a fact of a request is; null when it dates no step. Silence is never one, nor what somebody only reports: the State says it by its gesture. */
function enProcedure(
  { genre, le, donnees }: Pick<ActeRequisition, 'genre' | 'le' | 'donnees'>,
  vivants: readonly ActeRequisition[],
): EnProcedure | null {
  switch (genre) {
    case 'decision':
      if (donnees.sens === 'accord')
        return {
          genre: 'concours_force_publique',
          le,
          contenu: rempli({ a_compter_du: donnees.executoire_le, prevue_le: donnees.prevue_le }),
        }
      return donnees.sens === 'refus' ? { genre: 'refus_concours', le, contenu: {} } : null
    case 'intervention':
      if (donnees.resultat === 'expulsion') return { genre: 'expulsion', le, contenu: {} }
      if (donnees.resultat === 'tentative') return { genre: 'tentative_expulsion', le, contenu: {} }
      return donnees.resultat === 'report'
        ? { genre: 'tentative_expulsion', le, contenu: { resultat: 'reportee' } }
        : null
    case 'annulation': {
      const depart = vivants.findLast((un) => un.genre === 'depart_signale')
      return depart
        ? {
            genre: 'depart_volontaire',
            le: depart.le,
            contenu: { cles: depart.donnees.cles === 'remises' ? 'remises' : 'non_remises' },
          }
        : null
    }
    default:
      return null
  }
}

/**
 * Writes in the procedure of the dossier what a fact says, and gives the act back. A correction corrects the act of the fact it replaces, or withdraws it when it is
 * no act any more.
 */
export async function consignerDansLaProcedure(
  session: Session,
  dossier: string,
  fait: {
    readonly genre: GenreActe
    readonly le: Temporal.PlainDate
    readonly valeurs: Valeurs
    readonly envoi: string
    /** Facts of the request before this one. */
    readonly actes: readonly ActeRequisition[]
    /** The fact it corrects or takes back. */
    readonly cible: ActeRequisition | undefined
  },
): Promise<string | null> {
  const { genre, le, valeurs, envoi, cible } = fait
  if (genre === 'retrait') {
    if (cible?.acte) await annulerActe(session, { dossier, acte: cible.acte, motif: 'erreur_de_saisie', envoi })
    return null
  }
  const vivants = enVigueur(fait.actes)
  const voulu = enProcedure({ genre, le, donnees: valeurs }, vivants)
  const avant = cible?.acte ? enProcedure(cible, vivants) : null
  if (cible?.acte && voulu && avant?.genre === voulu.genre)
    return (await corrigerActe(session, { dossier, ...voulu, envoi, acte: cible.acte, motif: 'erreur_de_saisie' })).acte
  if (cible?.acte)
    await annulerActe(session, { dossier, acte: cible.acte, motif: 'erreur_de_saisie', envoi: randomUUID() })
  return voulu ? (await consignerActe(session, { dossier, ...voulu, envoi })).acte : null
}

/** The force request itself, entered by hand, with the day the préfet received it. */
export async function consignerRequisition(
  session: Session,
  dossier: string,
  {
    le,
    recueLe,
    envoi,
  }: { readonly le: Temporal.PlainDate; readonly recueLe: Temporal.PlainDate; readonly envoi: string },
): Promise<string> {
  const { acte } = await consignerActe(session, {
    dossier,
    genre: 'requisition_force_publique',
    le,
    contenu: { recue_le: recueLe.toString() },
    envoi,
  })
  return acte
}

/** The day the préfet received a request that a file or a person already brought: from it the law counts. */
export async function daterReception(
  session: Session,
  dossier: string,
  demande: {
    readonly acte: string
    readonly le: Temporal.PlainDate
    readonly recueLe: Temporal.PlainDate
    readonly envoi: string
  },
): Promise<string> {
  const { acte } = await corrigerActe(session, {
    dossier,
    genre: 'requisition_force_publique',
    le: demande.le,
    contenu: { recue_le: demande.recueLe.toString() },
    envoi: demande.envoi,
    acte: demande.acte,
    motif: 'piece_lue',
  })
  return acte
}
