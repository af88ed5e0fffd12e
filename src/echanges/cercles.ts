import { type Acteur, type CercleOuvert, cerclesDe, type Lecteur, listerLecteurs, type Session } from '#acces'

/** The four circles of what is written in a dossier, from the narrowest. Closed. */
export const cercles = {
  note: { rang: 1, libelle: 'Note professionnelle' },
  transmission: { rang: 2, libelle: 'Transmission' },
  suivi: { rang: 3, libelle: 'Suivi partagé' },
  synthese: { rang: 4, libelle: 'Synthèse' },
} as const satisfies Partial<Record<CercleOuvert, { readonly rang: 1 | 2 | 3 | 4; readonly libelle: string }>>
export type Cercle = keyof typeof cercles

/** Whom one writing of circles 1 to 3 is for, besides seeing its dossier. */
export type Portee =
  | {
      readonly cercle: 'note'
      readonly auteur: string
      readonly organisme: string
      /** Named colleagues. */
      readonly equipe: readonly string[]
      /** Every social worker of the author's organisme: the reserved page of a report (ACC-04). */
      readonly au_service: boolean
    }
  | {
      readonly cercle: 'transmission'
      readonly auteur: string
      /** Instructing services. */
      readonly organismes: readonly string[]
      /** People answered to. */
      readonly comptes: readonly string[]
    }
  | { readonly cercle: 'suivi' }

type Qui = Pick<Acteur, 'compte' | 'organisme' | 'acces'>

/**
 * Says whether somebody who sees the dossier reads a writing: for the sentence shown before it is saved, and again each time it is opened. The row-level
 * policies say the same for whoever would go around; a test compares the three.
 */
export function peutLire({ compte, organisme, acces }: Qui, portee: Portee): boolean {
  if (compte === null || organisme === null || !cerclesDe(acces).includes(portee.cercle)) return false
  switch (portee.cercle) {
    case 'note':
      return (
        organisme === portee.organisme &&
        (portee.au_service || compte === portee.auteur || portee.equipe.includes(compte))
      )
    case 'transmission':
      return compte === portee.auteur || portee.comptes.includes(compte) || portee.organismes.includes(organisme)
    case 'suivi':
      return true
  }
}

/** Who may read at all in a dossier, asked once for a screen that offers several circles. */
export type Candidats = readonly Lecteur[]
export const lireCandidats = (session: Session, dossier: string): Promise<Candidats> => listerLecteurs(session, dossier)

/** Who will read a writing. */
export const lecteursDe = (candidats: Candidats, portee: Portee): Lecteur[] =>
  candidats.filter((candidat) => peutLire(candidat, portee))

/** Colleagues a note may be opened to: those of the author's organisme who may hold notes and see the dossier. */
export const collegues = (candidats: Candidats, { compte, organisme }: Qui): Lecteur[] =>
  candidats.filter(
    (candidat) =>
      candidat.organisme === organisme && candidat.compte !== compte && cerclesDe(candidat.acces).includes('note'),
  )

/** A service a transmission may go to, with its readers. */
export interface ServiceInstructeur {
  readonly id: string
  readonly nom: string
  readonly lecteurs: readonly Lecteur[]
}

/**
 * Services that instruct this dossier: the secretariat of its territory, and the State's instructing service. The law lets social workers inform them, and
 * nobody else, of what is strictly necessary (loi du 31 mai 1990, art. 7-2).
 */
export async function listerServicesInstructeurs(
  session: Session,
  dossier: { readonly id: string; readonly territoire: string | null },
  candidats: Candidats,
): Promise<ServiceInstructeur[]> {
  const organismes = await session.sql<{ id: string; nom: string }>`
    select id, nom from organisme where dept = ${session.dept} and actif and id <> ${session.acteur.organisme}
      and (type = 'prefecture' or (type = 'secretariat' and (territoires is null or ${dossier.territoire}::text is null or ${dossier.territoire} = any (territoires))))
    order by type desc, nom collate "fr-x-icu"`
  return organismes.map(({ id, nom }) => ({
    id,
    nom,
    lecteurs: candidats.filter(
      (candidat) => candidat.organisme === id && cerclesDe(candidat.acces).includes('transmission'),
    ),
  }))
}
