import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { z } from 'zod'
import type { Session } from '#acces'
import type { Dossier } from '#dossiers'
import {
  type Champ,
  completudeDe,
  type Enregistrement,
  enregistrerBrouillon,
  type Formulaire,
  lireFormulaire,
  ouvrirFormulaire,
} from '#formulaires'
import { type Forme, fichierDonnees, identifiant, lireDocumentYaml, provenance, type Remarque } from '#referentiel'
import type { Keyring } from '#socle/cipher'
import { Introuvable } from '#socle/errors'
import {
  type ActeSaisine,
  deposerSaisine,
  FORMULAIRE_SAISINE,
  listerActes,
  NIVEAU_SAISINE,
  type Saisine,
} from './saisines.ts'

const NOM = 'commission/saisine-bailleur.yaml'
const schema = fichierDonnees({ champs: z.array(identifiant).min(1), ...provenance })
type ModeleBailleur = z.output<typeof schema>

/** The kind of data file that says what a social landlord fills of a referral. */
export const FORME_SAISINE_BAILLEUR: Forme = {
  nom: 'saisine-bailleur',
  titre: 'Ce qu’un bailleur social remplit de la saisine',
  chemins: [NOM],
  schema,
}

const lus = new Map<string, ModeleBailleur>()
function charger(racine: string): ModeleBailleur {
  const lu = lus.get(racine) ?? lireDocumentYaml(join(racine, NOM), schema, `donnees/${NOM}`).valeur
  lus.set(racine, lu)
  return lu
}

/** What nobody has reviewed yet in it. */
export function inventorierSaisineBailleur(racine: string): Remarque[] {
  const { fiabilite, verifie_le } = charger(racine)
  const lieu = { chemin: `donnees/${NOM}`, libelle: 'Saisine par un bailleur social' }
  return [
    ...(fiabilite === 'defaut' ? [{ ...lieu, genre: 'a_completer', detail: 'liste proposée par Amont' } as const] : []),
    ...(verifie_le === null ? [{ ...lieu, genre: 'non_verifie', detail: 'jamais relu par un juriste' } as const] : []),
  ]
}

/** A referral of a landlord, as it follows it: where it stands, never what others added to it. */
export interface SaisineDuBailleur extends Pick<Saisine, 'id' | 'etat' | 'seance_le' | 'deposee_a'> {
  readonly actes: readonly Pick<ActeSaisine, 'acte' | 'motif' | 'seance_le' | 'a'>[]
}

/** What one landlord has of referrals for one tenant: its drafts, and what it filed. */
export interface SaisinesDuBailleur {
  readonly brouillons: readonly { readonly id: string; readonly modifie_a: Temporal.Instant }[]
  readonly saisines: readonly SaisineDuBailleur[]
}

/**
 * The functions below run with the whole département in the name of a person of the landlord: it does not read the dossier. Each keeps to what this landlord itself
 * began, and to the fields of the data.
 */
type SessionLarge = Session

const sienne = ({ acteur }: SessionLarge): string => {
  if (acteur.organisme === null) throw new Introuvable()
  return acteur.organisme
}

/** Its drafts and its referrals for one tenant, newest first. Acts of instruction are shown with their reason, which is addressed to it. */
export async function lireSaisinesDuBailleur(
  large: SessionLarge,
  cles: Keyring,
  dossier: Pick<Dossier, 'id'>,
): Promise<SaisinesDuBailleur> {
  const { sql, dept } = large
  const organisme = sienne(large)
  const brouillons = await sql<{ id: string; modifie_a: Temporal.Instant }>`
    select id, modifie_a from formulaire where dept = ${dept} and dossier = ${dossier.id} and organisme = ${organisme}::uuid and code = ${FORMULAIRE_SAISINE}
      and etat = 'brouillon' order by modifie_a desc`
  const lues = await sql<Pick<Saisine, 'id' | 'etat' | 'seance_le' | 'deposee_a'>>`
    select id, etat, seance_le, deposee_a from saisine where dept = ${dept} and dossier = ${dossier.id} and organisme = ${organisme}::uuid
    order by deposee_a desc, id`
  const actes =
    lues.length === 0 ? new Map<string, readonly ActeSaisine[]>() : await listerActes(large, cles, dossier.id)
  large.consigner({ action: 'saisine.suivre', objet: 'dossier', objetId: dossier.id, dossiers: [dossier.id] })
  return {
    brouillons,
    saisines: lues.map((saisine) => ({
      ...saisine,
      actes: (actes.get(saisine.id) ?? []).map(({ acte, motif, seance_le, a }) => ({ acte, motif, seance_le, a })),
    })),
  }
}

/** Begins a referral for a tenant, with what the landlord itself told: nothing is taken from the dossier. Sent twice, begun once. */
export function commencerSaisineDuBailleur(
  large: SessionLarge,
  cles: Keyring,
  dossier: Pick<Dossier, 'id' | 'masques'>,
  { menage, adresse, demandeur, envoi }: { menage: string; adresse: string; demandeur: string; envoi: string },
): Promise<string> {
  const repris = (valeur: string, provenance: string) => ({ valeur, provenance })
  return ouvrirFormulaire(large, cles, dossier, {
    code: FORMULAIRE_SAISINE,
    lecteurs: [],
    envoi,
    reprises: {
      demandeur_nom: repris(demandeur, 'votre compte'),
      demandeur_qualite: repris(large.acteur.organismeNom ?? '', 'votre compte'),
      titulaire_nom: repris(menage, 'vos locataires'),
      ...(adresse === '' ? {} : { adresse: repris(adresse, 'vos locataires') }),
      parc: repris('social', 'vos locataires'),
      bailleur_nom: repris(large.acteur.organismeNom ?? '', 'votre compte'),
    },
  })
}

/** A draft of this landlord, with the groups and fields it may fill. */
export interface BrouillonDuBailleur {
  readonly formulaire: Formulaire
  readonly groupes: readonly { readonly code: string; readonly titre: string; readonly champs: readonly Champ[] }[]
  /** What a referral asks for and is not filled yet, among its own fields. */
  readonly manque: readonly string[]
}

/** Opens one: that of another organisme, or a form already filed, does not exist here. */
export async function lireBrouillonDuBailleur(
  large: SessionLarge,
  cles: Keyring,
  dossier: Pick<Dossier, 'id' | 'masques'>,
  id: string,
): Promise<BrouillonDuBailleur> {
  const formulaire = await lireFormulaire(large, cles, dossier, id)
  if (
    formulaire.code !== FORMULAIRE_SAISINE ||
    formulaire.etat !== 'brouillon' ||
    formulaire.organisme !== sienne(large)
  )
    throw new Introuvable()
  const admis = new Set(charger(large.referentiel.racine).champs)
  const groupes = formulaire.modele.groupes
    .map(({ code, titre, champs }) => ({ code, titre, champs: champs.filter((champ) => admis.has(champ.code)) }))
    .filter(({ champs }) => champs.length > 0)
  const libelles = new Set(groupes.flatMap(({ champs }) => champs.map(({ libelle }) => libelle)))
  return {
    formulaire,
    groupes,
    manque: completudeDe(formulaire, NIVEAU_SAISINE)
      .manque.map(({ libelle }) => libelle)
      .filter((libelle) => libelles.has(libelle)),
  }
}

/** Saves what it typed, in its own fields alone. */
export function enregistrerSaisineDuBailleur(
  large: SessionLarge,
  cles: Keyring,
  dossier: Pick<Dossier, 'id' | 'masques'>,
  { groupes, formulaire }: BrouillonDuBailleur,
  { vu, champs, marque }: Pick<Enregistrement, 'vu' | 'champs' | 'marque'>,
): Promise<Formulaire> {
  return enregistrerBrouillon(large, cles, dossier, {
    id: formulaire.id,
    vu,
    groupes: groupes.map(({ code }) => code),
    seuls: groupes.flatMap((groupe) => groupe.champs.map(({ code }) => code)),
    champs,
    marque: marque ?? randomUUID(),
  })
}

/** Files it: from here on, it is a referral like those of the other partners. */
export const deposerSaisineDuBailleur = (
  large: SessionLarge,
  cles: Keyring,
  dossier: Dossier,
  depot: Parameters<typeof deposerSaisine>[3],
): Promise<string> => deposerSaisine(large, cles, dossier, depot)
