import { join } from 'node:path'
import { z } from 'zod'
import type { Session } from '#acces'
import type { Dossier } from '#dossiers'
import {
  fichierDonnees,
  identifiant,
  lireYaml,
  parametre,
  provenance,
  texteRempli,
  trouverDepartement,
} from '#referentiel'
import { refus } from '#socle/errors'
import { exigerAuteur, reunisAvec } from './commun.ts'

const schema = fichierDonnees({
  ...provenance,
  reserve: texteRempli,
  indices: z.array(z.strictObject({ id: identifiant, libelle: texteRempli })).min(1),
})
type ListeBonneFoi = z.output<typeof schema>

const listes = new Map<string, ListeBonneFoi>()

/** The signs, read once. */
function lireListe(racine: string): ListeBonneFoi {
  const connue = listes.get(racine)
  if (connue) return connue
  const lue = lireYaml(join(racine, 'apurements/bonne-foi.yaml'), schema, 'donnees/apurements/bonne-foi.yaml')
  listes.set(racine, lue)
  return lue
}

export const PRESENCES = { present: 'Présent', absent: 'Absent', inconnu: 'On ne sait pas' } as const
export type Presence = keyof typeof PRESENCES

export interface IndiceNote {
  readonly id: string
  readonly libelle: string
  readonly note: {
    readonly presence: Presence
    readonly auteur: string
    readonly organisme_nom: string
    readonly a: Temporal.Instant
  } | null
}

/**
 * The signs of good faith and what was last noted of each, or null where no collegial agreement is recorded for the département. Never a score: nothing counts
 * or weighs them (OUT-11).
 */
export async function lireIndices(
  session: Session,
  dossier: Dossier,
): Promise<{ readonly indices: readonly IndiceNote[]; readonly source: string; readonly reserve: string } | null> {
  const { sql, dept } = session
  if (!accordEnregistre(session)) return null
  const liste = lireListe(session.referentiel.racine)
  const notes = await sql<NonNullable<IndiceNote['note']> & { indice: string }>`
    select distinct on (i.indice) i.indice, i.presence, c.prenom || ' ' || c.nom as auteur, o.nom as organisme_nom, i.a
    from indice_bonne_foi i join organisme o on o.dept = ${dept} and o.id = i.organisme join compte c on c.dept = ${dept} and c.id = i.par
    where i.dept = ${dept} and i.dossier in ${reunisAvec(dossier.id)} order by i.indice, i.rang desc`
  return {
    indices: liste.indices.map(({ id, libelle }) => {
      const trouvee = notes.find(({ indice }) => indice === id)
      if (!trouvee) return { id, libelle, note: null }
      const { indice: _indice, ...note } = trouvee
      return { id, libelle, note }
    }),
    source: [liste.source.titre, liste.source.reference].filter((morceau) => morceau !== null).join(', '),
    reserve: liste.reserve,
  }
}

function accordEnregistre({ referentiel, dept, jour }: Session): boolean {
  const departement = trouverDepartement(referentiel, dept)
  return departement !== undefined && parametre(departement, 'bonne_foi_accord', jour).valeur === true
}

/** Notes the presence of each sign given. Refused where no collegial agreement is recorded. */
export async function noterIndices(
  session: Session,
  dossier: Dossier,
  notes: Readonly<Record<string, Presence>>,
  envoi: string,
): Promise<void> {
  const { sql, dept, maintenant } = session
  const { compte, organisme } = exigerAuteur(session, dossier, envoi)
  if (!accordEnregistre(session))
    throw refus(
      'bonne_foi.accord',
      'Ce faisceau d’indices n’est employé qu’après un accord collégial, enregistré dans les paramètres du département.',
    )
  const connus = lireListe(session.referentiel.racine).indices.map(({ id }) => id)
  const lignes = Object.entries(notes)
    .filter(([indice]) => connus.includes(indice))
    .map(([indice, presence]) => ({ indice, presence }))
  if (lignes.length === 0) throw refus('bonne_foi.vide', 'Noter au moins un signe.')
  await sql`insert into indice_bonne_foi (dept, dossier, indice, presence, organisme, par, a, envoi)
    select ${dept}, ${dossier.id}, x.indice, x.presence, ${organisme}, ${compte}, ${maintenant}, ${envoi}
    from json_to_recordset(${JSON.stringify(lignes)}::json) as x(indice text, presence text) on conflict (dept, par, envoi, indice) do nothing`
  session.consigner({ action: 'bonne_foi.noter', dossiers: [dossier.id], details: { indices: lignes.length } })
}
