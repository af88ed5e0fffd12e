import type { Session } from '#acces'
import { ISSUES, type IssueCodee } from '#procedure'
import { Conflit, refus } from '#socle/errors'
import { enqueue } from '#socle/queue'
import { consignerFaits } from './faits.ts'
import { lireDossier } from './lecture.ts'
import type { Dossier } from './types.ts'

/** Why a closed dossier opens again. */
export const MOTIFS_REOUVERTURE = {
  nouvel_impaye: 'Nouvel impayé',
  procedure_reprise: 'La procédure reprend',
  issue_dementie: 'L’issue annoncée ne s’est pas faite',
  erreur: 'Clos par erreur',
  autre: 'Autre raison',
} as const
export type MotifReouverture = keyof typeof MOTIFS_REOUVERTURE

/** Holds the row of a dossier until the end, and refuses what would be added to a closed one: it receives no decision any more. */
export async function exigerOuvert({ sql, dept }: Pick<Session, 'sql' | 'dept'>, id: string): Promise<void> {
  const [ligne] = await sql<{ clos: boolean }>`
    select clos_le is not null as clos from dossier where dept = ${dept} and id = ${id} for no key update`
  if (ligne?.clos)
    throw refus('dossier.clos', 'Ce dossier est clos : rien ne s’y ajoute. Le secrétariat peut le rouvrir.')
}

/** Whether the day of an outcome is so far before the first signal that its year is wrong. */
export const estIssueAncienne = (
  { premier_signal_le: signal, ouvert_le: ouvert }: Pick<Dossier, 'premier_signal_le' | 'ouvert_le'>,
  le: Temporal.PlainDate,
): boolean => Temporal.PlainDate.compare(le, (signal ?? ouvert).subtract({ years: 1 })) < 0
export const DIT_ISSUE_ANCIENNE = 'Cette date précède de plus d’un an le premier signal du ménage. Vérifier l’année.'

/** The dossier and whether it is closed, its row held until the end. */
async function verrouiller(session: Session, cle: string) {
  const dossier = await lireDossier(session, cle)
  const { id } = dossier
  const [ligne] = await session.sql<{ motif: string | null; clos: boolean }>`
    select motif_cloture as motif, clos_le is not null as clos from dossier where dept = ${session.dept} and id = ${id} for update`
  return {
    id,
    motif: ligne?.motif ?? null,
    clos: ligne?.clos === true,
    dossier,
  }
}

/** Closes a dossier with its coded outcome (DOS-30). It keeps everything, receives no decision any more, and opens again with a reason. */
export async function cloreDossier(
  session: Session,
  demande: { readonly dossier: string; readonly issue: IssueCodee; readonly le: Temporal.PlainDate },
): Promise<void> {
  if (!Object.hasOwn(ISSUES, demande.issue)) throw refus('cloture.issue', 'Choisir l’issue dans la liste.')
  if (Temporal.PlainDate.compare(demande.le, session.jour) > 0)
    throw refus('cloture.le', 'La date de l’issue ne peut pas être à venir.')
  const { id, clos, motif, dossier } = await verrouiller(session, demande.dossier)
  if (clos) {
    // Said again: what came since was looked at, and changes nothing.
    if (motif === demande.issue) {
      await session.sql`update dossier set signal_depuis_cloture = null where dept = ${session.dept} and id = ${id} and signal_depuis_cloture is not null`
      return
    }
    throw new Conflit(
      'cloture.deja',
      'Ce dossier a été clos depuis par une autre personne. Le rouvrir pour changer son issue.',
      [id],
    )
  }
  if (estIssueAncienne(dossier, demande.le)) throw refus('cloture.le', DIT_ISSUE_ANCIENNE)
  await session.sql`update dossier set clos_le = ${session.jour}, motif_cloture = ${demande.issue}, change_le = ${session.jour}, version = version + 1
    where dept = ${session.dept} and id = ${id}`
  await consignerFaits(session, [
    { dossier: id, type: 'dossier.clos', donnees: { issue: demande.issue, du: demande.le.toString() } },
  ])
  session.consigner({
    action: 'dossier.clore',
    objet: 'dossier',
    objetId: id,
    dossiers: [id],
    details: { issue: demande.issue },
  })
}

/** Opens a closed dossier again, with its reason (DOS-04). One closed because no signalement is left opens again by itself when one comes back. */
export async function rouvrirDossier(
  session: Session,
  demande: { readonly dossier: string; readonly motif: MotifReouverture },
): Promise<void> {
  if (!Object.hasOwn(MOTIFS_REOUVERTURE, demande.motif))
    throw refus('reouverture.motif', 'Dire pourquoi ce dossier est rouvert : le motif reste dans la chronologie.')
  const { id, clos, motif } = await verrouiller(session, demande.dossier)
  if (!clos) return
  if (motif === 'sans_signalement')
    throw refus('reouverture.vide', 'Ce dossier n’a plus de signal : il se rouvrira si l’un d’eux revient.')
  await session.sql`update dossier set clos_le = null, motif_cloture = null, signal_depuis_cloture = null, change_le = ${session.jour}, version = version + 1
    where dept = ${session.dept} and id = ${id}`
  await consignerFaits(session, [
    { dossier: id, type: 'dossier.rouvert', donnees: { raison: demande.motif, issue: motif } },
  ])
  session.consigner({
    action: 'dossier.rouvrir',
    objet: 'dossier',
    objetId: id,
    dossiers: [id],
    details: { motif: demande.motif },
  })
  await enqueue(session, 'repartir-dossiers', { dept: session.dept, dossiers: id })
}
