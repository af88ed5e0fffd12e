import { aLeDroit, listerOrganismes, masqueDe } from '#acces'
import {
  type CritereAtteint,
  type Dossier,
  type Fait,
  lireDossier,
  listerFaits,
  litLesEcritsDe,
  type SignalDuDossier,
  trierSignaux,
} from '#dossiers'
import { lireFicheDuDossier, lireSignauxVisibles, listerRattachements, type Rattachement } from '#rapprochement'
import {
  type Affectation,
  conseillerContact,
  listerAffectations,
  listerContacts,
  nommerIssue,
  type TentativeConseillee,
  type TentativeContact,
} from '#repartition'
import { lireSignalements } from '#signalements'
import type { Requete } from '../route.ts'

/** A signal and where its line stands in the file it came with. */
export interface SignalRecu extends SignalDuDossier {
  readonly reference: string
  readonly lot: string
  readonly ligne: number
  readonly version: number
}

/** Everything one page of a dossier shows, as far as its reader may see it. */
export interface DossierLu {
  readonly dossier: Dossier
  /** Newest first. */
  readonly signaux: readonly SignalRecu[]
  /** How each signal came here, by signalement. */
  readonly rattachements: ReadonlyMap<string, Rattachement>
  readonly faits: readonly Fait[]
  readonly affectations: readonly Affectation[]
  readonly contacts: readonly TentativeContact[]
  readonly tentative: TentativeConseillee | null
  readonly nomIssue: (code: string) => string
  readonly criteres: readonly CritereAtteint[]
  readonly nomOrganisme: (id: unknown) => string | null
  readonly sante: boolean
  /** Free texts written by an organisme for the secretariat: read by both, not by the other partners. */
  readonly peutLireTexteDe: (organisme: string | null) => boolean
  /** A contact is withdrawn by the organisme that noted it. */
  readonly peutRetirer: (organisme: string) => boolean
  /** The sheet of the landlord; null without any, undefined for whoever does not read the register. */
  readonly fiche: Awaited<ReturnType<typeof lireFicheDuDossier>> | undefined
  /** Lists are read by their service and by those who see the whole département. */
  readonly peutLireTableauDe: (organisme: string | null) => boolean
}

/** Reads a dossier with all that is shown of it. Outside the reader's perimeter it does not exist. */
export async function lireTout(requete: Requete, cle: string): Promise<DossierLu> {
  const { session, acteur } = requete
  const dossier = await lireDossier(session, cle)
  const signaux = await lireSignauxVisibles(session, dossier.id)
  const lignes = new Map(
    (
      await lireSignalements(
        session,
        signaux.map(({ id }) => id),
      )
    ).map((ligne) => [ligne.id, ligne]),
  )
  const contacts = await listerContacts(session, dossier.id)
  const organismes = new Map((await listerOrganismes(session)).map(({ id, nom }) => [id, nom]))
  const sien = organismes.get(acteur.organisme ?? '') ?? null
  const sante = masqueDe(acteur).voit('sante')
  return {
    dossier,
    signaux: trierSignaux(signaux).map((signal) => {
      const ligne = lignes.get(signal.id)
      return {
        ...signal,
        reference: ligne?.reference_source ?? '',
        lot: ligne?.lot ?? '',
        ligne: ligne?.ligne ?? 0,
        version: ligne?.version ?? 1,
      }
    }),
    rattachements: new Map((await listerRattachements(session, dossier.id)).map((lien) => [lien.signalement, lien])),
    faits: await listerFaits(session, dossier.id),
    affectations: await listerAffectations(session, dossier.id),
    contacts,
    tentative: conseillerContact(session, contacts, dossier),
    nomIssue: (code) => nommerIssue(session, code),
    criteres: dossier.criteres_detail,
    nomOrganisme: (id) => (typeof id === 'string' ? (organismes.get(id) ?? null) : null),
    sante,
    peutLireTexteDe: (organisme) =>
      litLesEcritsDe(session, organisme !== null && organisme === sien ? acteur.organisme : null),
    fiche: aLeDroit(acteur, 'bailleur.consulter') ? await lireFicheDuDossier(session, dossier.id) : undefined,
    peutRetirer: (organisme) => aLeDroit(acteur, 'contact.noter') && organisme === acteur.organisme,
    peutLireTableauDe: (organisme) =>
      aLeDroit(acteur, 'liste.consulter') &&
      (acteur.acces.portee === 'departement' || (organisme !== null && organisme === sien)),
  }
}

/** The affectation in force, or null when nobody is asked. */
export const affectationVivante = (affectations: readonly Affectation[]): Affectation | null =>
  affectations.find(({ terminee_a }) => terminee_a === null) ?? null

/** What the reader may do with this dossier. */
export function droitsSur({ acteur }: Pick<Requete, 'acteur'>, { dossier, affectations, signaux }: DossierLu) {
  const vivante = affectationVivante(affectations)
  const ouvert = dossier.clos_le === null
  // A dossier opened by exception is read, and nothing is written in it.
  const parException = acteur.exceptionnels?.includes(dossier.id) ?? false
  const peut = (droit: Parameters<typeof aLeDroit>[1]): boolean => !parException && aLeDroit(acteur, droit)
  return {
    contact: ouvert && peut('contact.noter') && acteur.organisme !== null,
    confier: ouvert && peut('dossier.reaffecter'),
    defaireConfier: peut('dossier.reaffecter') && vivante?.origine === 'personne' && vivante.etat === 'proposee',
    diagnostic:
      ouvert &&
      peut('contact.noter') &&
      vivante?.etat === 'prise' &&
      vivante.diagnostic_fait_le === null &&
      (acteur.role !== 'service_social' || vivante.organisme === acteur.organisme),
    rouvrir:
      ouvert &&
      peut('contact.noter') &&
      vivante?.etat === 'prise' &&
      vivante.diagnostic_fait_le !== null &&
      (acteur.role !== 'service_social' || vivante.organisme === acteur.organisme),
    separer: peut('rattachement.defaire') && signaux.length > 1,
    reunir: ouvert && peut('doute.trancher'),
    lots: peut('lot.consulter'),
    bailleur: peut('bailleur.tenir'),
  }
}
export type DroitsDossier = ReturnType<typeof droitsSur>
