import { basename } from 'node:path'
import type { z } from 'zod'
import { type CelluleTechnique, schemaCellule, verifierCellule } from './cellule.ts'
import {
  type Engagement,
  type EngagementGeneral,
  type ExemplesEngagements,
  type FichierEngagements,
  type Partenaire,
  schemaEngagements,
  schemaEngagementsGeneraux,
  schemaExemples,
  schemaPartenaires,
  verifierEngagements,
  verifierExemplesEcrits,
  verifierGeneraux,
  verifierLiensEngagements,
} from './engagements.ts'
import {
  type AvisCommission,
  type Fiche,
  type FichierFiche,
  type Objectifs,
  type Sigles,
  type Signataires,
  schemaAvis,
  schemaFiche,
  schemaObjectifs,
  schemaSigles,
  schemaSignataires,
  verifierFiches,
} from './fiches.ts'
import {
  type Cibles,
  type Historique,
  type Indicateur,
  type IndicateurSuivi,
  schemaCibles,
  schemaHistorique,
  schemaIndicateursSuivis,
  verifierCibles,
  verifierHistorique,
  verifierSuivis,
} from './indicateurs.ts'
import { idDe, type Lecteur } from './lecteur.ts'
import { type Provenance, preciserSource } from './source.ts'
import { STADES_REGLES } from './vocabulaire.ts'
import { type DocumentYaml, suggerer } from './yaml.ts'

/** What a charter holds beside its rules. Each part is optional: a département may start with its rules alone. */
export interface ContenuCharte {
  readonly partenaires: readonly Partenaire[]
  /** In the order of the partners, then of their numbers. */
  readonly engagements: readonly Engagement[]
  readonly generaux: readonly GroupeGeneral[]
  /** Situations and the engagements they call for, run by the check of the data. */
  readonly exemples: ExemplesEngagements | null
  readonly avis: AvisCommission | null
  readonly cellule: CelluleTechnique | null
  readonly objectifs: Objectifs | null
  readonly fiches: readonly Fiche[]
  readonly indicateurs: readonly IndicateurSuivi[]
  readonly historique: Historique | null
  readonly cibles: Cibles | null
  readonly signataires: Signataires | null
  readonly sigles: Sigles | null
}

/** Engagements of a set of partners at every step. */
export interface GroupeGeneral {
  readonly id: string
  readonly libelle: string
  /** After a number: « engagement 3 de tous les signataires ». */
  readonly complement: string
  readonly engagements: readonly EngagementGeneral[]
}

/** Reads what the folder of a charter holds and checks the links between its files. Problems go to the reader. */
export function chargerContenu(
  lecteur: Lecteur,
  lieu: string,
  catalogue: ReadonlyMap<string, Indicateur>,
): ContenuCharte {
  const trouver = <S extends z.ZodType>(
    nom: string,
    schema: S,
    verifier?: (document: DocumentYaml<z.output<S>>) => ReturnType<typeof verifierEngagements>,
  ): DocumentYaml<z.output<S>> | null => {
    const chemin = `${lieu}/${nom}.yaml`
    return lecteur.lister(lieu).includes(chemin) ? lecteur.lire(chemin, schema, verifier) : null
  }
  const partenaires = trouver('partenaires', schemaPartenaires)
  const fichiers = lecteur
    .lister(`${lieu}/engagements`)
    .map((nom) => lecteur.lire(nom, schemaEngagements, verifierEngagements))
    .filter((document) => document !== null)
  const generaux = trouver('engagements-generaux', schemaEngagementsGeneraux, verifierGeneraux)
  const ids = partenaires?.valeur.partenaires.map(({ id }) => id) ?? []
  if (partenaires) {
    const delais = [`${lieu}/delais`, 'droit/delais'].flatMap((dossier) =>
      lecteur.lister(dossier).map((nom) => basename(idDe(nom))),
    )
    lecteur.ajouter(verifierLiensEngagements(partenaires, fichiers, generaux, delais))
  } else if (fichiers.length > 0) {
    lecteur.signaler(`${lieu}/partenaires.yaml`, 'Ce fichier est absent ou illisible : des engagements le citent.')
  }
  const fiches = lecteur.lister(`${lieu}/fiches`).flatMap((nom) => {
    const document = lecteur.lire(nom, schemaFiche)
    return document ? [{ document, fiche: { ...document.valeur, id: idDe(nom) } }] : []
  })
  const lues: DocumentYaml<FichierFiche>[] = fiches.map(({ document }) => document)
  lecteur.ajouter(verifierFiches(lues, [...catalogue.keys()]))
  const suivis = trouver('indicateurs', schemaIndicateursSuivis, (document) => verifierSuivis(document, catalogue))
  const signataires = trouver('signataires', schemaSignataires, (document) =>
    document.valeur.signataires.flatMap(({ partenaire }, rang) =>
      partenaire === undefined || ids.includes(partenaire)
        ? []
        : [
            document.probleme(
              ['signataires', rang, 'partenaire'],
              `Partenaire inconnu « ${partenaire} ».${suggerer(partenaire, ids)}`,
            ),
          ],
    ),
  )
  const engagements = ordonner(fichiers, partenaires?.valeur.partenaires ?? [])
  const exemples = trouver('exemples', schemaExemples, (document) =>
    verifierExemplesEcrits(
      document,
      engagements.map(({ id }) => id),
    ),
  )
  return {
    partenaires: partenaires?.valeur.partenaires ?? [],
    engagements,
    exemples: exemples?.valeur ?? null,
    generaux: (generaux?.valeur.groupes ?? []).map(({ id, libelle, complement, reference, engagements }) => ({
      id,
      libelle,
      complement,
      engagements: engagements.map((ligne) => ({
        ...ligne,
        id: `generaux/${id}/${ligne.numero}`,
        groupe: id,
        ...preciserProvenance(generaux?.valeur, `${reference}, engagement ${ligne.numero} ${complement}`),
      })),
    })),
    avis: trouver('avis', schemaAvis)?.valeur ?? null,
    cellule: trouver('cellule', schemaCellule, verifierCellule)?.valeur ?? null,
    objectifs: trouver('objectifs', schemaObjectifs)?.valeur ?? null,
    fiches: fiches.map(({ fiche }) => fiche).sort((a, b) => a.numero.localeCompare(b.numero, 'fr', { numeric: true })),
    indicateurs: (suivis?.valeur.indicateurs ?? []).flatMap(
      ({ numero, indicateur, producteurs, ventilations, reference }) => {
        const defini = catalogue.get(indicateur)
        return defini
          ? [
              {
                numero,
                indicateur: defini,
                producteurs,
                ventilations,
                ...preciserProvenance(suivis?.valeur, reference),
              },
            ]
          : []
      },
    ),
    historique:
      trouver('historique', schemaHistorique, (document) => verifierHistorique(document, catalogue))?.valeur ?? null,
    cibles: trouver('cibles', schemaCibles, (document) => verifierCibles(document, catalogue))?.valeur ?? null,
    signataires: signataires?.valeur ?? null,
    sigles: trouver('sigles', schemaSigles)?.valeur ?? null,
  }
}

const SANS_SOURCE = { titre: '', reference: null, lien: null }

/** Provenance of a file, pointing to one place of its document. */
function preciserProvenance(fichier: Provenance | undefined, reference: string): Provenance {
  return {
    source: preciserSource(fichier?.source ?? SANS_SOURCE, reference),
    fiabilite: fichier?.fiabilite ?? 'NC',
    verifie_le: fichier?.verifie_le ?? null,
  }
}

function ordonner(
  fichiers: readonly DocumentYaml<FichierEngagements>[],
  partenaires: readonly Partenaire[],
): Engagement[] {
  return partenaires.flatMap(({ id, complement }) =>
    fichiers
      .filter(({ valeur }) => valeur.partenaire === id)
      .flatMap(({ valeur }) =>
        valeur.engagements.map((ligne) => ({
          ...ligne,
          id: `${id}/${ligne.numero}`,
          partenaire: id,
          ...preciserProvenance(valeur, `${valeur.reference}, engagement ${ligne.numero} ${complement}`),
        })),
      ),
  )
}

/** Counts of engagements: partners in rows, steps in columns, as the charter's grid shows them (ENG-11). */
export function compterEngagements(charte: Pick<ContenuCharte, 'partenaires' | 'engagements'>): readonly {
  readonly partenaire: Partenaire
  readonly parStade: Readonly<Record<string, number>>
  readonly total: number
}[] {
  return charte.partenaires.map((partenaire) => {
    const siens = charte.engagements.filter((engagement) => engagement.partenaire === partenaire.id)
    return {
      partenaire,
      parStade: Object.fromEntries(
        STADES_REGLES.map((stade) => [stade, siens.filter((engagement) => engagement.stade === stade).length]),
      ),
      total: siens.length,
    }
  })
}
