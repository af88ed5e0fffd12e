import { join } from 'node:path'
import { z } from 'zod'
import { decrireEtape, ETAPES, type Etape } from '#procedure'
import { type Forme, fichierDonnees, lireDocumentYaml, provenance, type Remarque, texteRempli } from '#referentiel'
import { formatDate, formatMontant } from '#socle/typography'

/** To whom a synthèse may be addressed. Closed. */
export const destinataires = ['bailleur', 'juge', 'menage'] as const
export type Destinataire = (typeof destinataires)[number]

/** What a validated diagnosis gives to a synthèse: words of closed lists and amounts, never a text somebody typed. Null where nothing was said. */
export interface ExtraitDiagnostic {
  readonly valideLe: string
  readonly presence: string | null
  readonly composition: string | null
  readonly reprise: string | null
  readonly plan: string | null
  readonly surendettement: string | null
  readonly orientation: string | null
}

/** What is read of a dossier to compose a synthèse: no free text, no resources, no health. */
export interface SourceSynthese {
  readonly titulaire: string
  readonly adresse: string
  readonly commune: string
  readonly stade: string
  readonly stade_le: Temporal.PlainDate | null
  readonly audience_le: Temporal.PlainDate | null
  readonly dette: number | null
  readonly dette_le: Temporal.PlainDate | null
  readonly service: string | null
  /** Somebody of the household was reached, at least once. */
  readonly contacte: boolean
  readonly diagnostic_le: Temporal.PlainDate | null
  /** Absent for whoever does not read what a diagnosis says, and where none is validated. */
  readonly extrait?: ExtraitDiagnostic | null | undefined
}

const estEtape = (code: string): code is Etape => (ETAPES as readonly string[]).includes(code)

/** Every field that can be composed, in words. One that the allow-list does not name never leaves. */
const extraire = {
  'menage.nom': ({ titulaire }) => titulaire || null,
  'logement.adresse': ({ adresse, commune }) => [adresse, commune].filter((part) => part !== '').join(', ') || null,
  'procedure.etape': ({ stade }) => (estEtape(stade) ? decrireEtape(stade).libelle : stade),
  'procedure.etape_le': ({ stade_le }) => (stade_le === null ? null : formatDate(stade_le)),
  'procedure.audience_le': ({ audience_le }) => (audience_le === null ? null : formatDate(audience_le)),
  'dette.montant': ({ dette, dette_le }) =>
    dette === null ? null : `${formatMontant(dette)}${dette_le === null ? '' : ` au ${formatDate(dette_le)}`}`,
  'accompagnement.contacte': ({ contacte }) => (contacte ? 'Le ménage a été contacté.' : null),
  'accompagnement.service': ({ service }) => service,
  'accompagnement.diagnostic': ({ diagnostic_le }) =>
    diagnostic_le === null ? null : `remis le ${formatDate(diagnostic_le)}`,
  'diagnostic.presence': ({ extrait }) => extrait?.presence ?? null,
  'diagnostic.composition': ({ extrait }) => extrait?.composition ?? null,
  'diagnostic.reprise': ({ extrait }) => extrait?.reprise ?? null,
  'diagnostic.plan': ({ extrait }) => extrait?.plan ?? null,
  'diagnostic.surendettement': ({ extrait }) => extrait?.surendettement ?? null,
  'diagnostic.orientation': ({ extrait }) => extrait?.orientation ?? null,
} as const satisfies Record<string, (source: SourceSynthese) => string | null>
type Champ = keyof typeof extraire

const NOM = 'acces/synthese.yaml'

const schema = fichierDonnees({
  champs: z
    .array(
      z.strictObject({
        champ: z.enum(Object.keys(extraire) as [Champ, ...Champ[]]),
        libelle: texteRempli,
        pour: z.array(z.enum(destinataires)).min(1),
        locataires: z.boolean(),
        motif: texteRempli,
        ...provenance,
      }),
    )
    .min(1),
})

/** The reviewed allow-list of circle 4. */
export type ListeSynthese = z.output<typeof schema>['champs']

/** The kind of data file this module reads. */
export const FORMES_ECHANGES: readonly Forme[] = [
  { nom: 'synthese', titre: 'Ce qui peut partir dans une synthèse, et pour qui', chemins: [NOM], schema },
]

/** Reads `donnees/acces/synthese.yaml`, or refuses with every problem of the file. */
export function chargerListeSynthese(racine: string): ListeSynthese {
  return lireDocumentYaml(join(racine, NOM), schema, `donnees/${NOM}`).valeur.champs
}

/** What nobody has reviewed yet in the allow-list. */
export function inventorierListeSynthese(liste: ListeSynthese): Remarque[] {
  return liste.flatMap(({ champ, fiabilite, source, verifie_le }): Remarque[] => {
    const lieu = { chemin: `donnees/${NOM}`, libelle: `Synthèse : ${champ}` }
    return [
      ...(fiabilite === 'defaut'
        ? [{ ...lieu, genre: 'a_completer', detail: 'valeur par défaut d’Amont' } as const]
        : []),
      ...(fiabilite === 'C2' || fiabilite === 'NC'
        ? [{ ...lieu, genre: 'a_verifier', detail: `source non confirmée : ${source.titre}` } as const]
        : []),
      ...(verifie_le === null
        ? [{ ...lieu, genre: 'non_verifie', detail: 'jamais relu par un juriste' } as const]
        : []),
    ]
  })
}

/** One line of a synthèse, as it leaves. */
export interface ChampCompose {
  readonly champ: string
  readonly libelle: string
  readonly valeur: string
}

/** What leaves for a recipient: the fields of the list, in its order; what is not known is left out. */
export function composer(
  liste: ListeSynthese,
  source: SourceSynthese,
  pour: Destinataire,
  ecran: 'document' | 'locataires' = 'document',
): ChampCompose[] {
  return liste.flatMap(({ champ, libelle, pour: qui, locataires }) => {
    if (!qui.includes(pour) || (ecran === 'locataires' && !locataires)) return []
    const valeur = extraire[champ](source)
    return valeur === null ? [] : [{ champ, libelle, valeur }]
  })
}
