import { join } from 'node:path'
import { z } from 'zod'
import type { Session } from '#acces'
import {
  ErreurDonnees,
  type Forme,
  fichierDonnees,
  lireDocumentYaml,
  provenance,
  type Remarque,
  TYPES_ORGANISME,
  texteRempli,
} from '#referentiel'

const code = z.string().regex(/^[a-z][a-z0-9_]*$/, { error: 'Code en minuscules, chiffres et traits bas.' })

const schema = fichierDonnees({
  objets: z
    .array(
      z.strictObject({
        code,
        libelle: texteRempli,
        genre: z.enum(['information', 'accord']),
        recueille: texteRempli,
        effet: texteRempli,
        lecture_participant: z.array(z.enum(TYPES_ORGANISME)).optional(),
        validite_mois: z.int().min(1).optional(),
        portees: z.array(z.strictObject({ code, libelle: texteRempli })).optional(),
        ...provenance,
      }),
    )
    .min(1),
})

/** One thing a household is told, or agrees to, as the reviewed data describe it. */
export type ObjetAccord = z.output<typeof schema>['objets'][number]

const NOM = 'acces/accords.yaml'

/** The kind of data file this module reads. */
export const FORMES_PARTICIPATIONS: readonly Forme[] = [
  { nom: 'accords', titre: 'Ce qui est dit au ménage et ce à quoi il consent', chemins: [NOM], schema },
]

/** Reads `donnees/acces/accords.yaml`, or refuses with every problem of the file. */
export function chargerAccords(racine: string): readonly ObjetAccord[] {
  const document = lireDocumentYaml(join(racine, NOM), schema, `donnees/${NOM}`)
  const { objets } = document.valeur
  const problemes = objets.flatMap((objet, rang) => [
    ...(objets.findIndex((un) => un.code === objet.code) < rang
      ? [document.probleme(['objets', rang, 'code'], `L’objet « ${objet.code} » est écrit deux fois.`)]
      : []),
    ...(objet.genre === 'information' && objet.lecture_participant
      ? [
          document.probleme(
            ['objets', rang, 'lecture_participant'],
            'Une information n’est pas un accord : aucune lecture ne peut en dépendre.',
          ),
        ]
      : []),
  ])
  if (problemes.length > 0) throw new ErreurDonnees(problemes)
  return objets
}

const lus = new Map<string, readonly ObjetAccord[]>()

/** The objets of the data this session works under, read once per process. */
export function objetsAccord({ referentiel }: Pick<Session, 'referentiel'>): readonly ObjetAccord[] {
  let objets = lus.get(referentiel.racine)
  if (!objets) {
    objets = chargerAccords(referentiel.racine)
    lus.set(referentiel.racine, objets)
  }
  return objets
}

/** What nobody has reviewed yet in these data. */
export function inventorierAccords(objets: readonly ObjetAccord[]): Remarque[] {
  return objets.flatMap(({ libelle, fiabilite, verifie_le }): Remarque[] => {
    const lieu = { chemin: `donnees/${NOM}`, libelle: `Accord : ${libelle}` }
    return [
      ...(fiabilite === 'defaut'
        ? [{ ...lieu, genre: 'a_completer', detail: 'valeur par défaut d’Amont' } as const]
        : []),
      ...(verifie_le === null
        ? [{ ...lieu, genre: 'non_verifie', detail: 'jamais relu par un juriste' } as const]
        : []),
    ]
  })
}
