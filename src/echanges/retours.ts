import { join } from 'node:path'
import { z } from 'zod'
import {
  type Forme,
  fichierDonnees,
  lireDocumentYaml,
  periode,
  provenance,
  type Remarque,
  texteRempli,
  versionAu,
} from '#referentiel'
import { formatDate } from '#socle/typography'
import type { ChampCompose, SourceSynthese } from './liste-synthese.ts'

const NOM = 'acces/retours.yaml'

const schema = fichierDonnees({
  retours: z
    .array(
      z.strictObject({
        /** Kinds of senders that have a place to read what comes back. */
        emetteur: z.enum(['bailleur_social']),
        apprend: z.array(z.enum(['contact', 'contact_le'])),
        ...periode,
        motif: texteRempli,
        ...provenance,
      }),
    )
    .min(1),
})
type Retour = z.output<typeof schema>['retours'][number]

/** The kind of data file that says what each kind of sender learns back. */
export const FORME_RETOURS: Forme = {
  nom: 'retours',
  titre: 'Ce qu’apprend en retour celui qui a signalé un ménage',
  chemins: [NOM],
  schema,
}

/** Reads `donnees/acces/retours.yaml`, or refuses with every problem of the file. */
export function chargerRetours(racine: string): readonly Retour[] {
  return lireDocumentYaml(join(racine, NOM), schema, `donnees/${NOM}`).valeur.retours
}

/** What nobody has reviewed yet in it. */
export function inventorierRetours(retours: readonly Retour[]): Remarque[] {
  return retours.flatMap(({ emetteur, source, fiabilite, verifie_le }): Remarque[] => {
    const lieu = { chemin: `donnees/${NOM}`, libelle: `Retour : ${emetteur}` }
    return [
      ...(fiabilite === 'C2' || fiabilite === 'NC'
        ? [{ ...lieu, genre: 'a_verifier', detail: `source non confirmée : ${source.titre}` } as const]
        : []),
      ...(verifie_le === null
        ? [{ ...lieu, genre: 'non_verifie', detail: 'jamais relu par un juriste' } as const]
        : []),
    ]
  })
}

const CONTACT = 'accompagnement.contacte'

/** The fields of a household as a kind of sender learns them on a day: what the rule does not name is taken out. */
export function commeAppris(
  retours: readonly Retour[],
  emetteur: Retour['emetteur'],
  jour: Temporal.PlainDate,
  champs: readonly ChampCompose[],
  { contacte_le }: Pick<SourceSynthese, 'contacte_le'>,
): ChampCompose[] {
  const regle = versionAu(
    retours.filter((un) => un.emetteur === emetteur),
    jour,
  )
  const apprend = 'aucune' in regle ? [] : regle.apprend
  return champs.flatMap((champ) => {
    if (champ.champ !== CONTACT) return [champ]
    if (!apprend.includes('contact')) return []
    if (!apprend.includes('contact_le') || contacte_le === null) return [champ]
    return [{ ...champ, valeur: `Le ménage a été contacté le ${formatDate(contacte_le)}.` }]
  })
}
