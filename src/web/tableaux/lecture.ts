import { aLeDroit } from '#acces'
import { type LigneListe, type Liste, lireListe, listerListes, type ReponseLigne, versionLigne } from '#repartition'
import { champsVus, lireVu } from '../conflit.tsx'
import { lireNavigation } from '../navigation.ts'
import type { Requete } from '../route.ts'
import { estReponse } from './libelles.ts'

/** Lines of one page: a backlog of a thousand households still opens at once. */
export const TAILLE_PAGE = 150

/** A list as a screen needs it. */
export interface TableauLu {
  readonly liste: Liste
  readonly lignes: readonly LigneListe[]
  /** Other lists of the same service and day: one per step. */
  readonly memeJour: readonly Liste[]
  /** True when the reader may answer: somebody of the service it was sent to. */
  readonly peutRepondre: boolean
}

/** Reads a list and the others of its day. Outside the reader's perimeter it does not exist. */
export async function lireTableau(requete: Requete): Promise<TableauLu> {
  const { session, acteur } = requete
  const { liste, lignes } = await lireListe(session, requete.parametres.id ?? '')
  const memeJour = await listerListes(session, { organisme: liste.organisme, le: liste.date_liste })
  const peutRepondre = aLeDroit(acteur, 'liste.repondre') && acteur.organisme === liste.organisme
  return { liste, lignes, memeJour, peutRepondre }
}

/** True when a line may still be answered: the household is with the service, and its diagnosis is not closed. */
export const estRepondable = (ligne: LigneListe): boolean => ligne.vivante && ligne.diagnostic_fait_le === null

/** True when an answer is awaited, and not only possible. */
export const estAttendue = (ligne: LigneListe): boolean => ligne.vivante && ligne.etat === 'transmise'

/** What is ticked and typed on the page, saved or not. */
export interface ReponseSaisie {
  readonly reponse: ReponseLigne | null
  readonly motif: string
}
export type Saisie = ReadonlyMap<number, ReponseSaisie>

/** The answers as they are saved: what an untouched page shows. */
export function saisieEnregistree(lignes: readonly LigneListe[]): Saisie {
  return new Map(
    lignes.map((ligne) => [
      ligne.rang,
      { reponse: ligne.reponse !== null && estReponse(ligne.reponse) ? ligne.reponse : null, motif: ligne.motif ?? '' },
    ]),
  )
}

/** The answers of a form, over those saved. One typed for a line that moved on meanwhile is kept too: it is said, not lost. */
export function lireSaisie(requete: Pick<Requete, 'champs'>, lignes: readonly LigneListe[]): Saisie {
  const saisie = new Map(saisieEnregistree(lignes))
  for (const ligne of lignes) {
    const reponse = requete.champs[`r-${ligne.rang}`]?.at(-1) ?? ''
    const motif = requete.champs[`m-${ligne.rang}`]?.at(-1)?.trim()
    const avant = saisie.get(ligne.rang)
    if (estReponse(reponse)) saisie.set(ligne.rang, { reponse, motif: motif ?? avant?.motif ?? '' })
    else if (motif !== undefined) saisie.set(ligne.rang, { reponse: avant?.reponse ?? null, motif })
  }
  return saisie
}

/** Lines whose answer is not the saved one: what would leave. */
export function listerAEnvoyer(
  lignes: readonly LigneListe[],
  saisie: Saisie,
): { ligne: LigneListe; reponse: ReponseLigne; motif: string }[] {
  return lignes.flatMap((ligne) => {
    const donnee = saisie.get(ligne.rang)
    if (!donnee?.reponse || donnee.reponse === ligne.reponse) return []
    return [{ ligne, reponse: donnee.reponse, motif: donnee.motif }]
  })
}

/** A line about to be answered, with the mark of what its reader saw. */
export interface AEnvoyer {
  readonly ligne: LigneListe
  readonly reponse: ReponseLigne
  readonly motif: string
  readonly vu: string
}

/** Adds to each answer the mark the form carries back; without one, what is there now is what was seen. */
export function avecVus(
  requete: Pick<Requete, 'champs'>,
  aEnvoyer: ReturnType<typeof listerAEnvoyer>,
): readonly AEnvoyer[] {
  return aEnvoyer.map((envoi) => ({
    ...envoi,
    vu: lireVu(requete, String(envoi.ligne.rang)) ?? versionLigne(envoi.ligne),
  }))
}

/** Marks a form carried, to carry again when its page comes back with what was typed. */
export const champsVusRecus = (
  requete: Pick<Requete, 'champs'>,
  lignes: readonly LigneListe[],
): Record<string, string> =>
  champsVus(
    lignes.flatMap(({ rang }) => {
      const vu = lireVu(requete, String(rang))
      return vu === undefined ? [] : [[String(rang), vu] as const]
    }),
  )

/** Marks of the lines a page lets answer. */
export const champsVusDe = (lignes: readonly LigneListe[]): Record<string, string> =>
  champsVus(lignes.map((ligne) => [String(ligne.rang), versionLigne(ligne)]))

/** The request of a POST that shows a page again: its banner has the figures a GET would have. */
export async function avecNavigation(requete: Requete): Promise<Requete> {
  return { ...requete, navigation: { ...(await lireNavigation(requete.session)), message: null } }
}
