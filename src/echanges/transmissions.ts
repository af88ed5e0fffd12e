import { aLeDroit, type Session } from '#acces'
import type { Keyring } from '#socle/cipher'
import { refus } from '#socle/errors'
import { type Candidats, lecteursDe, type Portee, type ServiceInstructeur } from './cercles.ts'
import { scellementDuDossier } from './cles.ts'
import { auteurDe, lireEcrit, verifierTexte } from './ecrits.ts'
import { exigerEnvoi } from './lecteurs.ts'

/** What a professional passes on, as an act. */
export interface NouvelleTransmission {
  readonly dossier: string
  /** Chosen and re-read by the professional: a copy, never the note. */
  readonly texte: string
  readonly motif: string
  readonly organismes: readonly string[]
  /** The note it comes from. Its readers do not change. */
  readonly note: string | null
  /** The act it answers: it then goes back to its author, and to the services that had received it. */
  readonly repondA: string | null
  /** Drawn with the form: the id it is kept under, so that sending it twice writes once. */
  readonly envoi: string
}

/** Whom a transmission would be for. An answer has its recipients from the act it answers. */
export async function porteeDeTransmission(
  session: Session,
  cles: Keyring,
  { dossier, organismes, repondA }: Pick<NouvelleTransmission, 'dossier' | 'organismes' | 'repondA'>,
): Promise<Portee & { readonly cercle: 'transmission' }> {
  const { compte } = auteurDe(session)
  if (repondA === null) return { cercle: 'transmission', auteur: compte, organismes, comptes: [] }
  const origine = await lireEcrit(session, cles, dossier, repondA)
  if (origine.portee.cercle !== 'transmission')
    throw refus('ecrit.reponse', 'Seule une transmission reçoit une réponse.')
  return {
    cercle: 'transmission',
    auteur: compte,
    organismes: origine.portee.organismes,
    comptes: [...new Set([origine.portee.auteur, ...origine.portee.comptes])],
  }
}

/** Says what stops a transmission. The duty to inform goes one way: instructing services only answer. */
export function verifierTransmission(
  session: Session,
  services: readonly ServiceInstructeur[],
  { texte, motif, organismes, repondA }: NouvelleTransmission,
): void {
  if (repondA === null) {
    if (!aLeDroit(session.acteur, 'note.tenir'))
      throw refus('ecrit.cercle', 'Un service instructeur répond à une transmission ; il n’en ouvre pas.')
    if (organismes.length === 0) throw refus('ecrit.destinataires', 'Choisir au moins un service destinataire.')
    if (organismes.some((id) => !services.some((service) => service.id === id)))
      throw refus('ecrit.destinataires', 'Ce service n’instruit pas ce dossier.')
  }
  verifierTexte(texte, motif, true)
}

/** Passes information on: explicit, dated, with its reason, journalled with everybody it goes to. Never edited. Returns its id. */
export async function transmettre(
  session: Session,
  cles: Keyring,
  { candidats, services }: { readonly candidats: Candidats; readonly services: readonly ServiceInstructeur[] },
  demande: NouvelleTransmission,
): Promise<string> {
  verifierTransmission(session, services, demande)
  const { dossier, note, repondA } = demande
  if (note !== null) await lireEcrit(session, cles, dossier, note)
  const portee = await porteeDeTransmission(session, cles, demande)
  const { compte, organisme } = auteurDe(session)
  const id = exigerEnvoi(demande.envoi)
  const scellement = await scellementDuDossier(session, cles, dossier)
  const table = 'transmission'
  const ecrite = await session.sql`
    insert into transmission (dept, id, dossier, auteur, organisme, note, repond_a, organismes, comptes, texte, motif, a)
    values (${session.dept}, ${id}, ${dossier}, ${compte}, ${organisme}, ${note}, ${repondA}, ${portee.organismes}::uuid[], ${portee.comptes}::uuid[],
      ${scellement.sceller(demande.texte, { table, colonne: 'texte', id })},
      ${scellement.sceller(demande.motif.trim(), { table, colonne: 'motif', id })}, ${session.maintenant})
    on conflict (dept, id) do nothing returning id`
  if (ecrite.length === 0) return id
  session.consigner({
    action: 'transmission.faire',
    objet: 'ecrit',
    objetId: id,
    dossiers: [dossier],
    details: {
      cercle: 2,
      destinataires: portee.organismes,
      lecteurs: lecteursDe(candidats, portee).map((un) => un.compte),
      ...(note === null ? {} : { note }),
      ...(repondA === null ? {} : { repond_a: repondA }),
    },
  })
  return id
}

/** A word for the partners of a dossier. */
export interface NouveauSuivi {
  readonly dossier: string
  readonly texte: string
  readonly motif: string
  /** Drawn with the form: the id it is kept under, so that sending it twice writes once. */
  readonly envoi: string
}

/** Shares a follow-up with the organismes engaged on the dossier. Returns its id. */
export async function partagerSuivi(
  session: Session,
  cles: Keyring,
  candidats: Candidats,
  { dossier, texte, motif, envoi }: NouveauSuivi,
): Promise<string> {
  verifierTexte(texte, motif, true)
  const { compte, organisme } = auteurDe(session)
  const id = exigerEnvoi(envoi)
  const scellement = await scellementDuDossier(session, cles, dossier)
  const table = 'suivi_partage'
  const ecrit = await session.sql`insert into suivi_partage (dept, id, dossier, auteur, organisme, texte, motif, a)
    values (${session.dept}, ${id}, ${dossier}, ${compte}, ${organisme}, ${scellement.sceller(texte, { table, colonne: 'texte', id })},
      ${scellement.sceller(motif.trim(), { table, colonne: 'motif', id })}, ${session.maintenant})
    on conflict (dept, id) do nothing returning id`
  if (ecrit.length === 0) return id
  session.consigner({
    action: 'suivi.partager',
    objet: 'ecrit',
    objetId: id,
    dossiers: [dossier],
    details: { cercle: 3, lecteurs: lecteursDe(candidats, { cercle: 'suivi' }).map((un) => un.compte) },
  })
  return id
}
