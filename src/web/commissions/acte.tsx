import { etatsSeance, lireSeance, type Seance } from '#commission'
import { formatDate } from '#socle/typography'
import { type Erreur, tenter } from '../accompagner/saisie.ts'
import { ouConflit, pageConflit, type VersionsDUneChose } from '../conflit.tsx'
import type { Reponse, Requete } from '../route.ts'
import { adresseCommission, adresseSeance, COMMISSIONS, direQuand } from './commun.tsx'

/** What was typed in one of the forms of a session, when its act was refused. */
export interface Typee {
  readonly formulaire: string
  readonly erreurs: readonly ErreurDePage[]
  readonly valeurs: Readonly<Record<string, readonly string[]>>
}

/** `id` of what the line of the summary leads to, when the name of the field is not enough. */
export type ErreurDePage = Erreur & { readonly id?: string }

/** The last value typed in a field of a form; undefined when another form was sent, or none. */
export const dejaTyper = (typee: Typee | null, formulaire: string, nom: string): string | undefined =>
  typee?.formulaire === formulaire ? typee.valeurs[nom]?.at(-1) : undefined

export const erreursDe = (typee: Typee | null, formulaire: string): readonly Erreur[] =>
  typee?.formulaire === formulaire ? typee.erreurs : []

/** Fields of the forms of a session: a refusal about anything else is a sentence, it leads to no field. */
const NOMS = new Set(['le', 'debut', 'fin', 'lieu', 'motif', 'reference', 'rang', 'minutes', 'texte'])
/** Forms a page holds several of: their fields have identifiers of their own. */
const NOMS_PAR_FORMULAIRE = new Set(['genre', 'titre', 'avis', 'conclusion'])
export const prefixeDe = (formulaire: string): string => formulaire.replaceAll('/', '-')

/** The lines of the summary of a page of a session. */
export const resumer = (
  typee: Typee,
): readonly { readonly nom?: string; readonly id?: string; readonly message: string }[] =>
  typee.erreurs.map((une) =>
    NOMS_PAR_FORMULAIRE.has(une.nom)
      ? { id: `${prefixeDe(typee.formulaire)}-${une.nom}`, message: une.message }
      : NOMS.has(une.nom)
        ? une
        : { message: une.message },
  )

/** Names of fields that are not the last word of the code of their refusal. */
const CHAMPS: Readonly<Record<string, string>> = { 'seance.duree': 'minutes' }
const nomDuChamp = (code: string): string => CHAMPS[code] ?? code.replace(/^\w+\./, '')

/** What was typed, without the marks of the form. */
const typees = ({ champs }: Requete): Record<string, string[]> =>
  Object.fromEntries(
    Object.entries(champs)
      .filter(([nom]) => !nom.startsWith('_') && nom !== 'vu')
      .map(([nom, valeurs]) => [nom, [...valeurs]]),
  )

/** How a session stands, in one line: what an act without a field is compared with. */
export const direSeance = (seance: Seance): string =>
  [etatsSeance[seance.etat], direQuand(seance), seance.lieu].filter((un) => un !== '').join(', ')

/**
 * Runs an act on a session, from one of its forms. Refused by its rule, the page comes back with what was typed (`refuser`); met by the act of somebody else, or on a
 * session that no longer changes, both versions are shown, and what was typed may be recorded after all when it still can.
 */
export async function agirSurSeance(
  requete: Requete,
  {
    seance: id,
    formulaire,
    versions,
    refuser,
    vers,
    champs = {},
  }: {
    readonly seance: string
    /** Name of the form, last part of its address. */
    readonly formulaire: string
    readonly versions: (seance: Seance) => Promise<readonly VersionsDUneChose[]> | readonly VersionsDUneChose[]
    readonly refuser: (typee: Typee) => Promise<Reponse>
    /** Where keeping what is recorded leads. */
    readonly vers?: string
    /** Marks of what the form acts on besides the session, drawn anew. */
    readonly champs?: Readonly<Record<string, string>>
  },
  acte: () => Promise<unknown>,
): Promise<Reponse | null> {
  const { session } = requete
  const resultat = await ouConflit(requete, 'seance.preparer', () =>
    tenter(session, 'seance.preparer', nomDuChamp, acte),
  )
  if (resultat === null) return null
  const seance = await lireSeance(session, id)
  const finie = seance.close_a !== null || (seance.etat === 'annulee' && formulaire !== 'retablir')
  if (!(resultat instanceof Error) && !finie)
    return refuser({ formulaire, erreurs: [resultat], valeurs: requete.champs })
  const adresse = adresseSeance(seance.id)
  return pageConflit(requete, {
    message: resultat.message,
    quoi: `Séance du ${direQuand(seance)}, ${seance.commission_nom}`,
    courante: 'reunir',
    fil: [
      { libelle: 'Commissions', href: COMMISSIONS },
      { libelle: seance.commission_nom, href: adresseCommission(seance.commission) },
      { libelle: `Séance du ${formatDate(seance.le)}`, href: adresse },
      { libelle: 'Deux versions' },
    ],
    versions: await versions(seance),
    conseil: finie
      ? 'Cette séance ne change plus : votre saisie reste lisible ici, à reporter sur une autre séance si besoin.'
      : 'Garder ce qui est enregistré, ou le remplacer par votre saisie.',
    garder: { libelle: 'Garder ce qui est enregistré', href: vers ?? adresse },
    remplacer: finie
      ? null
      : {
          libelle: 'Remplacer par ma saisie',
          action: `${adresse}/${formulaire}`,
          champs: { ...typees(requete), vu: String(seance.version), ...champs },
        },
  })
}
