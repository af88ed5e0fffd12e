import { join } from 'node:path'
import { z } from 'zod'
import type { FaitSuivi } from '#dossiers'
import {
  type Engagement,
  type Forme,
  fichierDonnees,
  identifiant,
  lireDocumentYaml,
  PORTAGES_AMONT,
  PREUVES,
  provenance,
  type Remarque,
  texteRempli,
} from '#referentiel'
import { chargerPublication, FORME_PUBLICATION } from './publication.ts'

const NOM = 'engagements/preuves.yaml'

const cles = <C extends Record<string, string>>(table: C) =>
  Object.keys(table) as [keyof C & string, ...(keyof C & string)[]]
const fait = z.string().regex(/^[a-z_]+\.[a-z_]+$/, { error: 'Fait attendu, par exemple contact.abouti.' })
const constat = {
  faits: z.array(fait).min(1),
  /** Values the fait must carry. */
  si: z.record(identifiant, z.array(identifiant).min(1)).optional(),
}
const voie = {
  ...constat,
  /** Other faits that prove as much. */
  aussi: z.array(z.strictObject(constat)).min(1).optional(),
  /** Only for these engagements, as `partenaire/numero`. */
  engagements: z.array(identifiant).min(1).optional(),
  /** Only for tasks due by this time limit. */
  delai: identifiant.optional(),
  tous: z.literal(true).optional(),
}

const schema = fichierDonnees({
  ...provenance,
  preuves: z.array(z.strictObject({ preuve: z.enum(cles(PREUVES)), ...voie })),
  portages: z.array(z.strictObject({ portage: z.enum(cles(PORTAGES_AMONT)), ...voie })),
  retraits: z.array(
    z.strictObject({ retire: fait, retablit: fait.optional(), faits: z.array(fait).min(1), cle: identifiant }),
  ),
  empechements: z.array(z.strictObject({ id: identifiant, libelle: texteRempli })).min(1),
})

/** What closes a task by itself, what takes that back, and why one may not have been possible. */
export type Preuves = z.output<typeof schema>
type Voie = Preuves['preuves'][number] | Preuves['portages'][number]

/** The kind of data file this module reads. */
export const FORMES_ENGAGEMENTS: readonly Forme[] = [
  { nom: 'preuves-engagements', titre: 'Ce qui prouve qu’un engagement est tenu', chemins: [NOM], schema },
  FORME_PUBLICATION,
]

const lues = new Map<string, Preuves>()

/** Reads `donnees/engagements/preuves.yaml`, or refuses with every problem of the file. Read once: what is shipped does not change while the process lives. */
export function chargerPreuves(racine: string): Preuves {
  const connue = lues.get(racine)
  if (connue) return connue
  const { valeur } = lireDocumentYaml(join(racine, NOM), schema, `donnees/${NOM}`)
  lues.set(racine, valeur)
  return valeur
}

/** What nobody has reviewed yet in the files of this module. */
export const inventorierPreuves = (racine: string): Remarque[] =>
  [
    { ...chargerPreuves(racine), nom: NOM, libelle: 'Preuves des engagements' },
    { ...chargerPublication(racine), nom: FORME_PUBLICATION.chemins[0], libelle: 'Publication de la tenue' },
  ].flatMap(({ fiabilite, verifie_le, nom, libelle }): Remarque[] => {
    const lieu = { chemin: `donnees/${nom}`, libelle }
    return [
      ...(fiabilite === 'defaut'
        ? [{ ...lieu, genre: 'a_completer', detail: 'valeur par défaut d’Amont' } as const]
        : []),
      ...(verifie_le === null
        ? [{ ...lieu, genre: 'non_verifie', detail: 'jamais relu par un juriste' } as const]
        : []),
    ]
  })

const constats = (voie: Voie): readonly Pick<Voie, 'faits' | 'si'>[] => [voie, ...(voie.aussi ?? [])]

/** Every kind of fait that proves something or takes a proof back. */
export function faitsSuivis({ preuves, portages, retraits }: Preuves): readonly string[] {
  return [
    ...new Set([
      ...[...preuves, ...portages].flatMap((une) => constats(une).flatMap(({ faits }) => faits)),
      ...retraits.flatMap(({ retire, retablit }) => (retablit === undefined ? [retire] : [retire, retablit])),
    ]),
  ]
}

const valeurDe = ({ donnees }: FaitSuivi, cle: string): unknown => donnees[cle]

/** Faits of one dossier that still prove something, oldest first: those withdrawn and not put back are left out. */
export function faitsQuiTiennent({ retraits }: Preuves, faits: readonly FaitSuivi[]): readonly FaitSuivi[] {
  const retires = new Set<string>()
  for (const [rang, un] of faits.entries()) {
    for (const { retire, retablit, faits: types, cle } of retraits) {
      if (un.type !== retire && un.type !== retablit) continue
      const vises = faits
        .slice(0, rang)
        .filter((autre) => types.includes(autre.type) && valeurDe(autre, cle) === valeurDe(un, cle))
      for (const { id } of vises) {
        if (un.type === retire) retires.add(id)
        else retires.delete(id)
      }
    }
  }
  return faits.filter(({ id }) => !retires.has(id))
}

/** How an engagement may be proved by itself; null when only a person can. */
export function voieDe(
  preuves: Preuves,
  { id, preuve, amont, echeance }: Pick<Engagement, 'id' | 'preuve' | 'amont' | 'echeance'>,
): Voie | null {
  const pourLui = ({ engagements }: Voie) => engagements === undefined || engagements.includes(id)
  const parPortage = amont && preuves.portages.find((un) => un.portage === amont && pourLui(un))
  if (parPortage) return parPortage
  const terme = typeof echeance === 'object' ? echeance.delai : undefined
  return (
    preuves.preuves.find(
      (une) => une.preuve === preuve && pourLui(une) && (une.delai === undefined || une.delai === terme),
    ) ?? null
  )
}

/** The first fait since a day that proves a task of an organisme. */
export function trouverFaitProbant(
  voie: Voie,
  faits: readonly FaitSuivi[],
  { organisme, depuis }: { readonly organisme: string; readonly depuis: Temporal.PlainDate },
): FaitSuivi | null {
  return (
    faits.find(
      (un) =>
        Temporal.PlainDate.compare(un.le, depuis) >= 0 &&
        (voie.tous === true || un.organisme === organisme || un.donnees.organisme === organisme) &&
        constats(voie).some(
          ({ faits: admis, si }) =>
            admis.includes(un.type) &&
            Object.entries(si ?? {}).every(([cle, admises]) =>
              [un.donnees[cle]].flat().some((valeur) => admises.includes(String(valeur))),
            ),
        ),
    ) ?? null
  )
}
