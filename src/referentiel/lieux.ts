import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { Lecteur } from './lecteur.ts'
import { provenance } from './source.ts'
import type { Territoires } from './territoires.ts'
import { fichierDonnees, identifiant, texteRempli } from './yaml.ts'

/** Places a household or a partner is sent to, in the order people look for them (TER-07, TER-08). */
export const GENRES_LIEU = {
  tribunal: 'Tribunal',
  acces_au_droit: 'Point d’accès au droit',
  mds: 'Maison départementale des solidarités (MDS)',
  cud: 'Commission unique délocalisée du FSL (CUD)',
  antenne: 'Antenne de prévention des expulsions',
  ccas: 'CCAS',
  bailleur_social: 'Bailleur social',
} as const
export type GenreLieu = keyof typeof GENRES_LIEU
const GENRES = Object.keys(GENRES_LIEU) as [GenreLieu, ...GenreLieu[]]

/** Shape of `lieux.yaml`: what serves communes or territories. Naming neither, a place serves the whole département. */
export const schemaLieux = fichierDonnees({
  lieux: z.array(
    z.strictObject({
      genre: z.enum(GENRES),
      nom: texteRempli,
      adresse: z.array(texteRempli),
      telephone: texteRempli.nullable(),
      horaires: texteRempli.optional(),
      communes: z.array(texteRempli).optional(),
      territoires: z.array(identifiant).optional(),
      ...provenance,
    }),
  ),
})
export type Lieu = z.output<typeof schemaLieux>['lieux'][number]

/** The places of a département; none when it wrote none. A territory its file does not know is a fault. */
export function chargerLieux(lecteur: Lecteur, dossier: string, territoires: Territoires | null): readonly Lieu[] {
  const nom = `departements/${dossier}/lieux.yaml`
  if (!existsSync(join(lecteur.racine, nom))) return []
  const connus = new Set(territoires?.territoires.map(({ id }) => id))
  const lu = lecteur.lire(nom, schemaLieux, (document) =>
    document.valeur.lieux.flatMap(({ territoires: siens }, rang) =>
      (siens ?? [])
        .filter((id) => territoires !== null && !connus.has(id))
        .map((id) =>
          document.probleme(
            ['lieux', rang, 'territoires'],
            `Territoire inconnu « ${id} » : il manque dans secretariats.yaml.`,
          ),
        ),
    ),
  )
  return lu?.valeur.lieux ?? []
}

/**
 * What serves a place, for one kind: what names the commune, otherwise what names the territory, otherwise what serves the whole département. Places are of one
 * level: a commune that has its own CCAS is not sent to another.
 */
export function trouverLieux(
  lieux: readonly Lieu[],
  genre: GenreLieu,
  { codeInsee, territoire }: { readonly codeInsee: string | null; readonly territoire: string | null },
): readonly Lieu[] {
  const siens = lieux.filter((un) => un.genre === genre)
  const niveaux = [
    siens.filter(({ communes }) => codeInsee !== null && communes?.includes(codeInsee)),
    siens.filter(({ territoires }) => territoire !== null && territoires?.includes(territoire)),
    siens.filter(({ communes, territoires }) => !communes?.length && !territoires?.length),
  ]
  return niveaux.find((niveau) => niveau.length > 0) ?? []
}

/** Everything of a territory, for one kind: what serves it whole, and what serves one of its communes. */
export function listerLieuxDuTerritoire(
  lieux: readonly Lieu[],
  genre: GenreLieu,
  territoires: Territoires,
  territoire: string,
): readonly Lieu[] {
  const codes = new Set(
    territoires.lignes.filter((une) => une.territoire === territoire).map(({ codeInsee }) => codeInsee),
  )
  return lieux.filter(
    (un) =>
      un.genre === genre &&
      (un.territoires?.includes(territoire) ||
        un.communes?.some((code) => codes.has(code)) ||
        (!un.communes?.length && !un.territoires?.length)),
  )
}
