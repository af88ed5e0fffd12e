import { randomUUID } from 'node:crypto'
import type { Session } from '#acces'
import { annulerActe, consignerActe, corrigerActe } from '#dossiers'
import type { CodeGenre, ContenuActe } from '#procedure'
import type { GenreActe } from './genres.ts'
import type { ActeRequisition } from './types.ts'

interface EnProcedure {
  readonly genre: CodeGenre
  readonly contenu: ContenuActe
}

type Valeurs = Readonly<Record<string, string>>
const rempli = (contenu: Record<string, string | undefined>): ContenuActe =>
  Object.fromEntries(
    Object.entries(contenu).filter(([, valeur]) => valeur !== undefined && valeur !== ''),
  ) as ContenuActe

/** The act of procedure a fact of a request is; null when it dates no step. Silence is never one. */
function enProcedure(genre: GenreActe, valeurs: Valeurs): EnProcedure | null {
  switch (genre) {
    case 'decision':
      if (valeurs.sens === 'accord')
        return {
          genre: 'concours_force_publique',
          contenu: rempli({ a_compter_du: valeurs.executoire_le, prevue_le: valeurs.prevue_le }),
        }
      return valeurs.sens === 'refus' ? { genre: 'refus_concours', contenu: {} } : null
    case 'intervention':
      if (valeurs.resultat === 'expulsion') return { genre: 'expulsion', contenu: {} }
      if (valeurs.resultat === 'tentative') return { genre: 'tentative_expulsion', contenu: {} }
      return valeurs.resultat === 'report' ? { genre: 'tentative_expulsion', contenu: { resultat: 'reportee' } } : null
    case 'depart_signale':
      return {
        genre: 'depart_volontaire',
        contenu: { cles: valeurs.cles === 'remises' ? 'remises' : 'non_remises' },
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
    readonly remplace: ActeRequisition | undefined
  },
): Promise<string | null> {
  const { genre, le, valeurs, envoi, remplace } = fait
  if (genre === 'retrait') {
    if (remplace?.acte) await annulerActe(session, { dossier, acte: remplace.acte, motif: 'erreur_de_saisie', envoi })
    return null
  }
  const voulu = enProcedure(genre, valeurs)
  const avant = remplace?.acte ? enProcedure(remplace.genre, remplace.donnees) : null
  if (remplace?.acte && voulu && avant?.genre === voulu.genre)
    return (
      await corrigerActe(session, { dossier, ...voulu, le, envoi, acte: remplace.acte, motif: 'erreur_de_saisie' })
    ).acte
  if (remplace?.acte)
    await annulerActe(session, {
      dossier,
      acte: remplace.acte,
      motif: 'erreur_de_saisie',
      envoi: randomUUID(),
    })
  return voulu ? (await consignerActe(session, { dossier, ...voulu, le, envoi })).acte : null
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
