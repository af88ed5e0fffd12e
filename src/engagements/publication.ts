import { join } from 'node:path'
import { z } from 'zod'
import { type Forme, fichierDonnees, lireDocumentYaml, provenance } from '#referentiel'

const NOM = 'engagements/publication.yaml'

const schema = fichierDonnees({ ...provenance, pas: z.int().min(2) })

/** How figures are shown to those who do not read every dossier (IND-76). */
export type Publication = z.output<typeof schema>

/** The kind of data file figures are published under. */
export const FORME_PUBLICATION: Forme = {
  nom: 'publication-engagements',
  titre: 'Comment la tenue des engagements se publie',
  chemins: [NOM],
  schema,
}

const lues = new Map<string, Publication>()

/** Reads `donnees/engagements/publication.yaml`, or refuses with every problem of the file. Read once. */
export function chargerPublication(racine: string): Publication {
  const connue = lues.get(racine)
  if (connue) return connue
  const { valeur } = lireDocumentYaml(join(racine, NOM), schema, `donnees/${NOM}`)
  lues.set(racine, valeur)
  return valeur
}
