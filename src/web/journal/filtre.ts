import { type CompteHabilite, listerComptesHabilites, listerOrganismes, type Session } from '#acces'
import { nommerDossiers, trouverReference } from '#dossiers'
import {
  decrireAction,
  type EntreeLue,
  type FiltreJournal,
  type GenreAction,
  genresAction,
  listeActions,
  type PositionJournal,
} from '#journal'
import { lireJour } from '#referentiel'
import type { FiltreActif, OptionChoix } from '../composants/index.ts'
import type { Requete } from '../route.ts'

/** Keys of the address, in the order it is written. */
const CLES = ['dossier', 'compte', 'action', 'du', 'au', 'refus', 'fond'] as const
type Cle = (typeof CLES)[number]
export type Choix = Readonly<Partial<Record<Cle, string>>>

const GENRES = {
  lecture: 'Toutes les lectures',
  recherche: 'Toutes les recherches',
  export: 'Toutes les sorties de fichiers',
  transmission: 'Toutes les transmissions',
  ecriture: 'Tous les changements',
  connexion: 'Toutes les connexions',
  controle: 'Tous les contrôles',
} as const satisfies Record<GenreAction, string>

const PREFIXE = 'genre.'

/** Kinds first, then each action. */
export const optionsAction: readonly OptionChoix[] = [
  ...genresAction.map((genre) => ({ valeur: `${PREFIXE}${genre}`, libelle: GENRES[genre] })),
  ...listeActions.map(({ action, libelle }) => ({ valeur: action, libelle })),
]

const nommerOption = (valeur: string): string =>
  optionsAction.find((option) => option.valeur === valeur)?.libelle ?? decrireAction(valeur).libelle

/** What the journal page and its export read of an address. */
export interface DemandeJournal {
  readonly choix: Choix
  readonly filtre: FiltreJournal
  readonly comptes: ReadonlyMap<string, CompteHabilite>
  /** Whole reference of the dossier asked for, when it exists. */
  readonly reference: string | null
  /** What could not be understood, field by field. */
  readonly erreurs: readonly { readonly nom: string; readonly message: string }[]
}

export async function lireDemande({ session, recherche }: Requete): Promise<DemandeJournal> {
  const choix: Record<string, string> = {}
  for (const cle of CLES) if (recherche[cle]?.trim()) choix[cle] = recherche[cle].trim()
  const comptes = new Map((await listerComptesHabilites(session)).map((compte) => [compte.id, compte]))
  const erreurs: { nom: string; message: string }[] = []
  const jour = (cle: 'du' | 'au') => {
    if (choix[cle] === undefined) return undefined
    const lu = lireJour(choix[cle])
    if (!lu) erreurs.push({ nom: cle, message: 'Écrire une date qui existe, ou laisser ce champ vide.' })
    return lu
  }
  const dossier = choix.dossier === undefined ? null : await trouverReference(session, choix.dossier)
  if (choix.dossier !== undefined && !dossier)
    erreurs.push({ nom: 'dossier', message: `Aucun dossier ne porte la référence « ${choix.dossier} ».` })
  if (choix.compte !== undefined && !comptes.has(choix.compte)) delete choix.compte
  if (choix.action !== undefined && !optionsAction.some(({ valeur }) => valeur === choix.action)) delete choix.action
  const genre = genresAction.find((un) => choix.action === `${PREFIXE}${un}`)
  const filtre: FiltreJournal = {
    dossier: dossier?.id,
    compte: choix.compte,
    genre,
    action: genre ? undefined : choix.action,
    du: jour('du'),
    au: jour('au'),
    resultat: choix.refus ? 'refuse' : undefined,
    personnes: !choix.fond,
  }
  return { choix, filtre, comptes, reference: dossier?.reference ?? null, erreurs }
}

/** The same search in an address, at a page if need be. */
export function adresseJournal(choix: Choix, position: PositionJournal | null = null, chemin = '/journal'): string {
  const parametres = new URLSearchParams()
  for (const cle of CLES) if (choix[cle] !== undefined) parametres.set(cle, choix[cle])
  if (position) parametres.set(position.sens, `${position.a}_${position.id}`)
  const texte = parametres.toString()
  return texte === '' ? chemin : `${chemin}?${texte}`
}

/** Where the page asked for starts; the first one when the address says nothing readable. */
export function lirePosition(recherche: Readonly<Record<string, string>>): PositionJournal | null {
  const sens = recherche.avant === undefined ? 'apres' : 'avant'
  const [, a = '', id = ''] = /^([\dTZ:.-]+)_(\d+)$/.exec(recherche[sens] ?? '') ?? []
  if (id === '') return null
  try {
    return { sens, a: Temporal.Instant.from(a).toString(), id: Number(id) }
  } catch {
    return null
  }
}

/** Pills of the filters in force. */
export function listerFiltres({ choix, comptes, reference }: DemandeJournal): FiltreActif[] {
  const sans = (cle: Cle) => {
    const { [cle]: _, ...reste } = choix
    return adresseJournal(reste)
  }
  const compte = comptes.get(choix.compte ?? '')
  const libelles: Partial<Record<Cle, string | undefined>> = {
    dossier: reference ? `Dossier ${reference}` : undefined,
    compte: compte && nommer(compte),
    action: choix.action && nommerOption(choix.action),
    du: choix.du && `Depuis le ${choix.du.split('-').reverse().join('/')}`,
    au: choix.au && `Jusqu’au ${choix.au.split('-').reverse().join('/')}`,
    refus: choix.refus && 'Refus seulement',
    fond: choix.fond && 'Travaux de fond compris',
  }
  return CLES.flatMap((cle) => (libelles[cle] ? [{ libelle: libelles[cle], retirer: sans(cle) }] : []))
}

export const nommer = ({ prenom, nom }: Pick<CompteHabilite, 'prenom' | 'nom'>): string => `${prenom} ${nom}`

/** Names of those who act and of what they touched, read beside the journal, which holds none. */
export interface Noms {
  readonly personne: (entree: Pick<EntreeLue, 'compte' | 'acteur'>) => string
  readonly organisme: (entree: Pick<EntreeLue, 'compte' | 'organisme'>) => string
  readonly dossier: (id: string) => string | undefined
}

export async function lireNoms(
  session: Session,
  comptes: ReadonlyMap<string, CompteHabilite>,
  dossiers: readonly string[],
): Promise<Noms> {
  const organismes = new Map((await listerOrganismes(session)).map(({ id, nom }) => [id, nom]))
  const references = await nommerDossiers(session, dossiers)
  return {
    personne: ({ compte, acteur }) => {
      const connu = comptes.get(compte ?? '')
      if (connu) return nommer(connu)
      return acteur.startsWith('amont:') ? `Amont (${acteur.slice('amont:'.length)})` : 'Compte inconnu'
    },
    organisme: ({ compte, organisme }) =>
      organismes.get(organisme ?? '') ?? comptes.get(compte ?? '')?.organismeNom ?? '',
    dossier: (id) => references.get(id),
  }
}
