import type { BlocCourrier, CorpsCourrier, ModeleCourrier, Morceau, Partie, VariableCourrier } from '#referentiel'
import { normalizeForSearch } from '#socle/text'
import { typo } from '#socle/typography'

/** The two ways a letter is written. */
export const variantes = ['courant', 'facile'] as const
export type Variante = (typeof variantes)[number]

/** What a letter knows of its dossier. Null: nobody said it. */
export type FaitsCourrier = Readonly<Record<VariableCourrier, string | null>>

/** Where the dwelling is, and the court: what chooses the contacts printed. */
export interface LieuCourrier {
  readonly codeInsee: string | null
  readonly territoire: string | null
  readonly tribunal: string | null
}

export interface MorceauEcrit {
  readonly texte: string
  readonly gras: boolean
}
export type PartieEcrite =
  | { readonly genre: 'titre' | 'paragraphe'; readonly morceaux: readonly MorceauEcrit[] }
  | { readonly genre: 'liste'; readonly ordonnee: boolean; readonly lignes: readonly (readonly MorceauEcrit[])[] }
  | { readonly genre: 'contact'; readonly titre: string; readonly lignes: readonly string[] }

/** An image at the head of letters: its file, and what it shows for whoever does not see it. */
export interface LogoImprime {
  readonly id: string
  readonly genre: 'png' | 'jpg'
  readonly texte: string
}

/** A letter with nothing left to fill. */
export interface LettreComposee {
  readonly objet: readonly MorceauEcrit[]
  readonly parties: readonly PartieEcrite[]
  /** The function of who signs; absent, nothing is printed there. */
  readonly signature?: string | undefined
  readonly logo?: LogoImprime | undefined
  /** Under the text, and at the foot of each page. */
  readonly fin: string
  readonly pied: string
}

/** A contact letters may print. Without any place, it is for everywhere. */
export interface ContactImprime {
  readonly bloc: BlocCourrier
  readonly titre: string
  readonly lignes: readonly string[]
  readonly communes?: readonly string[] | undefined
  readonly territoires?: readonly string[] | undefined
  readonly tribunaux?: readonly string[] | undefined
}

/** The contact printed for a place: the first that names it, otherwise the first that names no place. */
export function choisirContact(
  contacts: readonly ContactImprime[],
  bloc: BlocCourrier,
  { codeInsee, territoire, tribunal }: LieuCourrier,
): ContactImprime | null {
  const siens = contacts.filter((contact) => contact.bloc === bloc)
  const cour = tribunal === null ? '' : normalizeForSearch(tribunal)
  const designe = siens.find(
    ({ communes, territoires, tribunaux }) =>
      (codeInsee !== null && communes?.includes(codeInsee)) ||
      (territoire !== null && territoires?.includes(territoire)) ||
      (cour !== '' && tribunaux?.some((mot) => cour.includes(normalizeForSearch(mot)))),
  )
  return (
    designe ??
    siens.find(
      ({ communes, territoires, tribunaux }) => !communes?.length && !territoires?.length && !tribunaux?.length,
    ) ??
    null
  )
}

/**
 * Writes a letter for one dossier. A contact the département does not have is left out; a word that is always needed and missing is an error of the caller, who
 * checks `manquants` first.
 */
export function composerLettre(
  modele: Pick<ModeleCourrier, 'corps' | 'facile' | 'mention'>,
  variante: Variante,
  faits: FaitsCourrier,
  contacts: readonly ContactImprime[],
  lieu: LieuCourrier,
): LettreComposee {
  const corps: CorpsCourrier = (variante === 'facile' ? modele.facile : null) ?? modele.corps
  const ecrire = (morceaux: readonly Morceau[]): MorceauEcrit[] =>
    morceaux.map((morceau) => ({
      gras: morceau.gras,
      texte: typo('variable' in morceau ? (faits[morceau.variable] ?? '') : morceau.texte),
    }))
  const developper = (parties: readonly Partie[]): PartieEcrite[] =>
    parties.flatMap((partie): PartieEcrite[] => {
      if (partie.genre === 'si') return developper(faits[partie.variable] === null ? partie.sinon : partie.alors)
      if (partie.genre === 'liste') return [{ ...partie, lignes: partie.lignes.map(ecrire) }]
      if (partie.genre !== 'contact') return [{ ...partie, morceaux: ecrire(partie.morceaux) }]
      const contact = choisirContact(contacts, partie.bloc, lieu)
      return contact ? [{ genre: 'contact', titre: typo(contact.titre), lignes: contact.lignes.map(typo) }] : []
    })
  const { fin, pied } = modele.mention
  return { objet: ecrire(corps.objet), parties: developper(corps.parties), fin: typo(fin), pied: typo(pied) }
}

/** The letter as plain text: what a person reviews, and what tests compare. */
export function ecrireTexte({ objet, parties, signature, fin, pied }: LettreComposee): string {
  const joindre = (morceaux: readonly MorceauEcrit[]) => morceaux.map(({ texte }) => texte).join('')
  return [
    joindre(objet),
    ...parties.map((partie) => {
      if (partie.genre === 'contact') return [partie.titre, ...partie.lignes].map((ligne) => `  ${ligne}`).join('\n')
      if (partie.genre === 'liste')
        return partie.lignes
          .map((ligne, rang) => `${partie.ordonnee ? `${rang + 1}.` : '-'} ${joindre(ligne)}`)
          .join('\n')
      return partie.genre === 'titre' ? `— ${joindre(partie.morceaux)}` : joindre(partie.morceaux)
    }),
    ...(signature ? [signature] : []),
    fin,
    pied,
  ].join('\n\n')
}

/** A message as it is copied: its sentences alone. Neither object nor foot fits in a text message. */
export const ecrireMessage = ({ parties }: Pick<LettreComposee, 'parties'>): string =>
  parties
    .flatMap((partie) => {
      const ecrire = (morceaux: readonly MorceauEcrit[]) => morceaux.map(({ texte }) => texte).join('')
      if (partie.genre === 'liste') return partie.lignes.map(ecrire)
      return [partie.genre === 'contact' ? [partie.titre, ...partie.lignes].join(' : ') : ecrire(partie.morceaux)]
    })
    .join('\n')
