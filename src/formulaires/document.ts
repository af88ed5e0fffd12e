import { join } from 'node:path'
import { projectRoot } from '#socle/config'
import { renderPdf } from '#socle/pdf'
import { formatDate, formatInstant, typo } from '#socle/typography'
import type { Champ, Modele } from './modele.ts'
import {
  type Calcul,
  ecrireCalcul,
  ecrireSimple,
  ecrireValeur,
  estRemplie,
  type Ligne,
  lignesMax,
  retenir,
  type Simple,
  type Valeurs,
} from './valeurs.ts'

const MODELE_TYPST = join(projectRoot, 'src/formulaires/formulaire.typ')

/** What a printed form says. */
export interface Imprime {
  readonly valeurs: Valeurs
  readonly calculs: ReadonlyMap<string, Calcul>
  readonly entete: readonly { readonly libelle: string; readonly valeur: string }[]
  /** Something is left out for this reader. */
  readonly partiel?: boolean
  readonly signe?: { readonly par: string; readonly organisme: string; readonly a: Temporal.Instant }
}

type ChampImprime =
  | {
      readonly genre: 'reponse'
      readonly libelle: string
      readonly aide: string
      readonly valeur: string
      readonly lignes: number
    }
  | {
      readonly genre: 'cases'
      readonly libelle: string
      readonly aide: string
      readonly cases: readonly { readonly cochee: boolean; readonly libelle: string }[]
    }
  | { readonly genre: 'calcul'; readonly libelle: string; readonly aide: string; readonly valeur: string }
  | {
      readonly genre: 'tableau'
      readonly libelle: string
      readonly aide: string
      readonly colonnes: readonly string[]
      readonly lignes: readonly (readonly string[])[]
    }

const OUI_NON = [
  { code: 'oui', libelle: 'Oui' },
  { code: 'non', libelle: 'Non' },
] as const

/** Lines ruled for a hand on a blank table. */
const LIGNES_VIERGES = 6

function composerChamp(
  champ: Champ,
  { valeurs, calculs }: Pick<Imprime, 'valeurs' | 'calculs'>,
  vierge: boolean,
): ChampImprime {
  const { code, genre, colonnes = [] } = champ
  const commun = { libelle: typo(champ.libelle), aide: vierge && champ.aide ? typo(champ.aide) : '' }
  const valeur = valeurs[code]
  const cellules = (ligne: Ligne | undefined) =>
    colonnes.map((colonne) => {
      const cellule: Simple | undefined = ligne?.[colonne.code]
      return cellule === undefined ? '' : typo(ecrireSimple(colonne, cellule))
    })
  switch (genre) {
    case 'calcul':
      return {
        genre: 'calcul',
        ...commun,
        aide: champ.formule ? typo(champ.formule) : '',
        valeur: vierge ? '' : typo(ecrireCalcul(champ, calculs.get(code) ?? { valeur: null })),
      }
    case 'choix':
    case 'choix_multiple':
    case 'oui_non': {
      const choisis = Array.isArray(valeur) ? valeur : [valeur]
      const options = genre === 'oui_non' ? OUI_NON : (champ.options ?? [])
      return {
        genre: 'cases',
        ...commun,
        cases: options.map((option) => ({ libelle: typo(option.libelle), cochee: choisis.includes(option.code) })),
      }
    }
    case 'tableau': {
      const rangs = (valeur ?? {}) as Readonly<Record<string, Ligne>>
      // Filled, only the rows that say something: fifteen empty lines hide the one that counts.
      const montres = (champ.rangs ?? []).filter((rang) => vierge || rangs[rang.code])
      return {
        genre: 'tableau',
        ...commun,
        colonnes: ['Rubrique', ...colonnes.map(({ libelle }) => typo(libelle))],
        lignes: montres.map((rang) => [typo(rang.libelle), ...cellules(rangs[rang.code])]),
      }
    }
    case 'lignes': {
      const lignes = (valeur ?? []) as readonly Ligne[]
      const montrees: readonly (Ligne | undefined)[] = vierge
        ? Array.from({ length: Math.min(lignesMax(champ), LIGNES_VIERGES) }, () => undefined)
        : lignes
      return {
        genre: 'tableau',
        ...commun,
        colonnes: ['N°', ...colonnes.map(({ libelle }) => typo(libelle))],
        lignes: montrees.map((ligne, rang) => [String(rang + 1), ...cellules(ligne)]),
      }
    }
    default:
      return {
        genre: 'reponse',
        ...commun,
        valeur: typo(ecrireValeur(champ, valeur)),
        lignes: genre === 'texte_long' ? 4 : 1,
      }
  }
}

const VIDE: Imprime = { valeurs: {}, calculs: new Map(), entete: [] }

/** Composes a form for paper. Without `imprime`: blank, every question shown, with room to write. Questions that do not apply are left out of a filled one. */
export function composerDocument(modele: Modele, imprime?: Imprime): Readonly<Record<string, unknown>> {
  const vierge = imprime === undefined
  const { valeurs: donnees, calculs, entete, partiel = false, signe } = imprime ?? VIDE
  const valeurs = retenir(modele, donnees)
  const groupes = modele.groupes
    .filter((groupe) => vierge || estRemplie(groupe.si, valeurs))
    .map((groupe) => ({
      titre: typo(groupe.titre),
      aide: vierge && groupe.aide ? typo(groupe.aide) : '',
      champs: groupe.champs
        .filter((champ) => vierge || estRemplie(champ.si, valeurs))
        .map((champ) => composerChamp(champ, { valeurs, calculs }, vierge)),
    }))
  return {
    titre: typo(modele.titre),
    vierge,
    introduction: typo(modele.introduction ?? ''),
    mention: typo(modele.mention ?? ''),
    source: typo(
      `Formulaire version ${modele.version}, en usage depuis le ${formatDate(modele.du)}. ${modele.source.titre}.`,
    ),
    entete: entete.map(({ libelle, valeur }) => ({ libelle: typo(libelle), valeur: typo(valeur) })),
    etat: vierge
      ? ''
      : typo(
          signe ? `Signé le ${formatInstant(signe.a)} par ${signe.par}, ${signe.organisme}.` : 'Brouillon, non signé.',
        ),
    partiel: partiel ? typo('Des rubriques réservées à d’autres services ne figurent pas sur cet exemplaire.') : '',
    sansReponse: typo('non renseigné'),
    signatures: vierge ? (modele.signatures ?? []).map((ligne) => typo(ligne)) : [],
    groupes,
  }
}

/** The tagged PDF (PDF/UA-1) of a composed form. */
export const rendreDocument = (document: Readonly<Record<string, unknown>>): Promise<Uint8Array> =>
  renderPdf(MODELE_TYPST, document)

/** The blank form, to fill by hand. */
export const imprimerVierge = (modele: Modele): Promise<Uint8Array> => rendreDocument(composerDocument(modele))
