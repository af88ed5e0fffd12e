import type { Organisme } from '#acces'
import type { DossierSuivi } from '#dossiers'
import type { Charte, Engagement, Partenaire } from '#referentiel'
import { normalizeForSearch } from '#socle/text'

/** Kinds of bodies of which a département has several without a territory of their own: only those named on the dossier owe something. */
const DESIGNES: ReadonlySet<string> = new Set([
  'bailleur_social',
  'ais_aivs',
  'union_bailleurs',
  'mandataire',
  'association',
  'point_conseil_budget',
])
/** Kinds of bodies that read every dossier of their territory. */
const LECTEURS: ReadonlySet<string> = new Set(['secretariat', 'prefecture'])

/** The organismes tied to one dossier, and how. */
export interface Liens {
  /** Landlord, or anybody who works or worked on it. */
  readonly lies: ReadonlySet<string>
  /** Reads the dossier today as somebody engaged on it. */
  readonly engages: ReadonlySet<string>
}

/** An organisme that owes an engagement for a dossier. */
export interface Porteur {
  readonly organisme: Organisme
  readonly acces: boolean
}

function duLieu(
  organismes: readonly Organisme[],
  { code_insee, territoire }: Pick<DossierSuivi, 'code_insee' | 'territoire'>,
): Organisme | undefined {
  return (
    organismes.find(({ communes }) => code_insee !== null && communes?.includes(code_insee)) ??
    organismes.find(
      ({ communes, territoires }) => !communes && territoire !== null && territoires?.includes(territoire),
    ) ??
    organismes.find(({ communes, territoires }) => !communes && !territoires)
  )
}

/** Active organismes by kind, sorted once for many dossiers. */
export type OrganismesParType = ReadonlyMap<string, readonly Organisme[]>

/** Whether an organisme reads a dossier: its territory opens it, or somebody engaged it there. */
export const litLeDossier = (organisme: Organisme, liens: Liens): boolean =>
  LECTEURS.has(organisme.type) || liens.engages.has(organisme.id)

/**
 * Who owes an engagement for a dossier (ENG-03): the body of the place for kinds of which there is one per place, those named on the dossier for the others,
 * and the service in charge alone when the charter says so. Nobody: the engagement waits for somebody to be designated.
 */
export function trouverPorteurs(
  partenaire: Partenaire,
  { en_charge }: Pick<Engagement, 'en_charge'>,
  dossier: DossierSuivi,
  organismes: OrganismesParType,
  liens: Liens,
): readonly Porteur[] {
  const acces = (organisme: Organisme) => litLeDossier(organisme, liens)
  const types = partenaire.types
  if (en_charge) {
    const charge = types
      .flatMap((type) => organismes.get(type) ?? [])
      .find(({ id }) => id === dossier.organisme && dossier.etat_service === 'prise')
    return charge ? [{ organisme: charge, acces: true }] : []
  }
  const [premier] = types
  if (premier === undefined) return []
  if (DESIGNES.has(premier))
    return types
      .flatMap((type) => organismes.get(type) ?? [])
      .filter(({ id }) => liens.lies.has(id) || liens.engages.has(id))
      .map((organisme) => ({ organisme, acces: acces(organisme) }))
  const trouve = duLieu(organismes.get(premier) ?? [], dossier)
  return trouve ? [{ organisme: trouve, acces: acces(trouve) }] : []
}

/**
 * Whether an organisme holds the engagements of its group by its signature (ENG-13). A group with one signatory is bound by it as a whole: the Prefecture signs
 * for every service of the State. In a group of several, each signs for itself. Named without a signature line is not signed.
 */
export function estSignataire(charte: Pick<Charte, 'signataires'>, partenaire: string, organisme: Organisme): boolean {
  const duGroupe = (charte.signataires?.signataires ?? []).filter((un) => un.partenaire === partenaire)
  const signes = duGroupe.filter(({ qualite }) => qualite === 'signataire')
  if (duGroupe.length === 1) return signes.length === 1
  const nom = normalizeForSearch(organisme.nom)
  return signes.some((un) => normalizeForSearch(un.organisme) === nom)
}

/** Whether an organisme holds what every signatory promises: by the signature of its own group. */
export function estSignataireDuGroupe(
  charte: Pick<Charte, 'signataires' | 'partenaires'>,
  organisme: Organisme,
): boolean {
  const groupe = charte.partenaires.find(({ types }) => (types as readonly string[]).includes(organisme.type))
  return groupe !== undefined && estSignataire(charte, groupe.id, organisme)
}
