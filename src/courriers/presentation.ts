import { BLOCS_COURRIER, type BlocCourrier, type DepartementCharge } from '#referentiel'
import { refus } from '#socle/errors'
import type { LogoImprime } from './composer.ts'

/** A contact as a secretariat writes it; without a place, it is printed wherever no other is nearer. */
export interface ContactSaisi {
  readonly bloc: BlocCourrier
  readonly titre: string
  readonly lignes: readonly string[]
  readonly communes: readonly string[]
  readonly territoires: readonly string[]
  readonly tribunaux: readonly string[]
}

/** What a secretariat prints at the head of its letters, and who signs them. */
export interface ExpediteurSaisi {
  readonly secretariat: string
  readonly nom: string
  readonly lignes: readonly string[]
  /** A function, never a person: « Le secrétariat de la CCAPEX ». Empty: nothing is printed. */
  readonly signataire: string
}

/** What every letter of a département prints beside its text. */
export interface Presentation {
  readonly contacts: readonly ContactSaisi[]
  readonly expediteurs: readonly ExpediteurSaisi[]
  readonly logo: LogoImprime | null
}

/** Sender lines that fit above the window. */
const LIGNES_EXPEDITEUR = 6
const LONGUEUR_LIGNE = 120

type Secretariat = DepartementCharge['territoires']['secretariats'][number]

/** The lines printed at the head for a secretariat, as its data say. */
export const lignesSecretariat = ({ service, adresse, telephone, courriel }: Secretariat): readonly string[] =>
  [service, ...adresse, telephone, courriel].filter((ligne) => ligne !== null)

/** What is shipped for a département. */
export function presentationLivree({ contacts, territoires }: DepartementCharge): Presentation {
  return {
    contacts: contacts.map(({ bloc, titre, lignes, communes, territoires: lieux, tribunaux }) => ({
      bloc,
      titre,
      lignes,
      communes: communes ?? [],
      territoires: lieux ?? [],
      tribunaux: tribunaux ?? [],
    })),
    expediteurs: territoires.secretariats.map((secretariat) => ({
      secretariat: secretariat.id,
      nom: secretariat.organisme,
      lignes: lignesSecretariat(secretariat),
      signataire: '',
    })),
    logo: null,
  }
}

/** Who writes, as the département presents it: head, signature and logo. A sender it did not present is printed as its data say. */
export function presenterExpediteur(
  { expediteurs, logo }: Presentation,
  livre: {
    readonly nom: string
    readonly lignes: readonly string[]
    readonly signature?: string | null | undefined
    /** Absent: another organisme than a secretariat, which bears neither its logo nor its head. */
    readonly secretariat?: string | undefined
  },
): {
  readonly expediteur: { readonly nom: string; readonly lignes: readonly string[] }
  readonly signature?: string | undefined
  readonly logo?: LogoImprime | undefined
} {
  const saisi = expediteurs.find(({ secretariat }) => secretariat === livre.secretariat)
  const { nom, lignes } = saisi ?? livre
  const signature = saisi?.signataire || livre.signature
  return {
    expediteur: { nom, lignes },
    ...(signature ? { signature } : {}),
    ...(logo && livre.secretariat !== undefined ? { logo } : {}),
  }
}

/** Refuses what could not be printed, or would be printed nowhere. The code of the refusal ends with the rank of the contact or sender at fault. */
export function verifierPresentation(presentation: Presentation, departement: DepartementCharge): void {
  const { territoires } = departement
  presentation.contacts.forEach((contact, rang) => {
    const fautif = (message: string) => refus(`modele.contact.${rang}`, message)
    if (!Object.hasOwn(BLOCS_COURRIER, contact.bloc)) throw fautif('Choisir de quel contact il s’agit.')
    if (contact.titre === '') throw fautif('Écrire le nom de ce contact.')
    if (contact.lignes.length === 0)
      throw fautif('Écrire au moins une ligne : un contact sans téléphone ni adresse ne sert à personne.')
    const longue = [contact.titre, ...contact.lignes].find((ligne) => ligne.length > 2 * LONGUEUR_LIGNE)
    if (longue !== undefined) throw fautif(`Cette ligne est trop longue : « ${longue.slice(0, 60)}… ».`)
    const inconnue = contact.communes.find((code) => !territoires.communes.some(({ codeInsee }) => codeInsee === code))
    if (inconnue !== undefined) throw fautif(`« ${inconnue} » n’est pas le code Insee d’une commune de ce département.`)
    const autre = contact.territoires.find((code) => !territoires.territoires.some(({ id }) => id === code))
    if (autre !== undefined)
      throw fautif(
        `« ${autre} » n’est pas un territoire. Admis : ${territoires.territoires.map(({ id }) => id).join(', ')}.`,
      )
  })
  presentation.expediteurs.forEach(({ nom, lignes, signataire }, rang) => {
    const fautif = (message: string) => refus(`modele.expediteur.${rang}`, message)
    if (nom === '') throw fautif('Écrire le nom de qui envoie.')
    if (lignes.length === 0) throw fautif('Écrire une adresse : sans elle, un courrier ne peut pas revenir.')
    if (lignes.length > LIGNES_EXPEDITEUR)
      throw fautif(`${LIGNES_EXPEDITEUR} lignes au plus : au-delà, l’en-tête descend dans la fenêtre de l’enveloppe.`)
    if ([nom, signataire, ...lignes].some((ligne) => ligne.length > LONGUEUR_LIGNE))
      throw fautif(`${LONGUEUR_LIGNE} caractères au plus par ligne.`)
  })
}
