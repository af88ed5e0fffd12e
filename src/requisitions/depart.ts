import type { Session } from '#acces'
import type { Dossier } from '#dossiers'
import type { Keyring } from '#socle/cipher'
import { refus } from '#socle/errors'
import { formatDate } from '#socle/typography'
import { ajouterActe, retirerActe } from './actes.ts'
import { diffuser, listerInstructeurs, listerMobilises } from './diffusion.ts'
import { lireRequisition, listerActes } from './lecture.ts'
import { enVigueur } from './resume.ts'

const adresse = ({ adresse: rue, commune }: Dossier): string => [rue, commune].filter((part) => part !== '').join(', ')

const clesDites = (cles: string | undefined): string =>
  cles === 'remises' ? 'Oui, clés remises' : 'Non, pas à ce jour'

/** A departure somebody learnt of (SIG-16). */
export interface Depart {
  readonly envoi: string
  readonly le: Temporal.PlainDate
  readonly cles: string
  readonly source: string
}

/** Notes a departure and tells the State, which alone stops the rest. */
export async function signalerDepart(
  session: Session,
  cles: Keyring,
  dossier: Dossier,
  requisition: string,
  depart: Depart,
): Promise<void> {
  const lue = await lireRequisition(session, dossier.id, requisition)
  const { nouvelle } = await ajouterActe(session, cles, lue, {
    envoi: depart.envoi,
    genre: 'depart_signale',
    le: depart.le,
    valeurs: { cles: depart.cles, source: depart.source },
  })
  if (!nouvelle) return
  await diffuser(session, lue, {
    genre: 'departs',
    acte: depart.envoi,
    contenu: {
      menage: dossier.titulaire,
      adresse: adresse(dossier),
      lignes: [
        ['Départ signalé', formatDate(depart.le)],
        ['Clés remises', clesDites(depart.cles)],
      ],
    },
    destinataires: await listerInstructeurs(session, dossier),
  })
}

/**
 * One gesture (RFP-27): inquiries, force and grant are cancelled because the household has left, and everybody mobilised is told. Undone by `defaireAnnulation`.
 */
export async function annulerPourDepart(
  session: Session,
  cles: Keyring,
  dossier: Dossier,
  requisition: string,
  envoi: string,
): Promise<number> {
  const lue = await lireRequisition(session, dossier.id, requisition, { verrou: true })
  const depart = enVigueur(await listerActes(session, lue.id)).findLast(({ genre }) => genre === 'depart_signale')
  if (!depart) throw refus('requisition.depart', 'Noter d’abord le départ : sa date, et si les clés sont remises.')
  if (lue.etat === 'executee')
    throw refus('requisition.annulation', 'L’expulsion a eu lieu : il n’y a plus rien à annuler.')
  const { nouvelle } = await ajouterActe(session, cles, lue, {
    envoi,
    genre: 'annulation',
    le: session.jour,
    valeurs: {},
  })
  if (!nouvelle) return 0
  return diffuser(session, lue, {
    genre: 'departs',
    acte: envoi,
    contenu: {
      menage: dossier.titulaire,
      adresse: adresse(dossier),
      lignes: [
        ['Le ménage est parti', formatDate(depart.le)],
        ['Clés remises', clesDites(depart.donnees.cles)],
        ['Ce qui s’arrête', 'Enquête, forces de l’ordre et concours sont annulés.'],
      ],
    },
    destinataires: await listerMobilises(session, dossier, lue),
  })
}

/** Takes the gesture back, with the departure when it was noted by mistake: everything stands as before, and the same people are told. */
export async function defaireAnnulation(
  session: Session,
  cles: Keyring,
  dossier: Dossier,
  requisition: string,
  envoi: string,
): Promise<void> {
  const lue = await lireRequisition(session, dossier.id, requisition, { verrou: true })
  const annulation = enVigueur(await listerActes(session, lue.id)).findLast(({ genre }) => genre === 'annulation')
  if (!annulation) throw refus('requisition.annulation', 'Cette annulation est déjà défaite.')
  await retirerActe(session, cles, lue, annulation.id, envoi)
  await diffuser(session, lue, {
    genre: 'reprise',
    acte: envoi,
    contenu: {
      menage: dossier.titulaire,
      adresse: adresse(dossier),
      lignes: [['Ce qui reprend', 'L’annulation est défaite : enquêtes et concours reprennent où ils en étaient.']],
    },
    destinataires: await listerMobilises(session, dossier, lue),
  })
}
