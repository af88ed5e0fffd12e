import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  type Acces,
  type Acteur,
  type Application,
  accesDe,
  acteurSysteme,
  installerOrganismes,
  lireOrganisme,
  ouvrirSession,
  type Role,
} from '#acces'
import { traiterImport } from '#jobs'
import { chargerDelais } from '#procedure'
import { chargerReferentiel } from '#referentiel'
import { deposerFichier } from '#signalements'
import { projectRoot } from '#socle/config'
import { type Clock, frozenClock } from '#socle/time'
import { openTestDatabase } from './base.ts'

const racine = join(projectRoot, 'donnees')
/** The data shipped, read once. */
export const referentielLivre = chargerReferentiel(racine)
const referentiel = referentielLivre
const delais = new Map(
  [...referentiel.departements.values()].map((departement) => [
    departement.code,
    chargerDelais(racine, departement.dossier),
  ]),
)

/** What the access matrix gives to a role in an organisme of Saône-et-Loire, as shipped. */
export function accesLivre(organisme: string, role: Role): { readonly acces: Acces } {
  const type = referentiel.departements.get('71')?.organismes.find(({ code }) => code === organisme)?.type
  if (!type) throw new Error(`${organisme} is no organisme of the data`)
  return { acces: accesDe(referentiel.matrice, type, role) }
}

/** The day tests happen on unless they say otherwise. */
export const JOUR = '2026-11-20'

/** An application on a database of its own, on a day that never changes by itself. */
export interface ApplicationDEssai extends Application {
  /** The same application on another day. */
  le(jour: string, heure?: string): Application
  fermer(): Promise<void>
}

export const horlogeDu = (jour: string, heure = '08:00'): Clock =>
  frozenClock(
    Temporal.PlainDate.from(jour)
      .toZonedDateTime({ timeZone: 'Europe/Paris', plainTime: heure })
      .toInstant()
      .toString(),
  )

/** Opens an application for one test file. `fermer()` drops its database. */
export async function ouvrirApplicationDEssai(jour = JOUR): Promise<ApplicationDEssai> {
  const base = await openTestDatabase()
  for (const [dept, departement] of referentiel.departements)
    await installerOrganismes(base, dept, departement.organismes)
  const application: Application = { base, horloge: horlogeDu(jour), referentiel, delais }
  return {
    ...application,
    le: (autre, heure) => ({ ...application, horloge: horlogeDu(autre, heure) }),
    fermer: () => base.close(),
  }
}

export const systeme = (dept = '71'): Acteur => acteurSysteme(dept, 'essai')

/** Reads a sample file shipped with the project. */
export const lireExemple = (nom: string): Buffer => readFileSync(join(projectRoot, 'donnees/exemples', nom))

/** Writes a small file of the exchange format: the columns are those of the lines. */
export function ecrireCsv(lignes: readonly Readonly<Record<string, string>>[]): Buffer {
  const colonnes = [...new Set(lignes.flatMap((ligne) => Object.keys(ligne)))]
  return Buffer.from(
    `${[colonnes.join(';'), ...lignes.map((ligne) => colonnes.map((colonne) => ligne[colonne] ?? '').join(';'))].join('\r\n')}\r\n`,
  )
}

/** Deposits a file and carries it to its end, as the background job does. Returns the id of the lot. */
export async function importer(
  application: Application,
  organisme: string,
  nom: string,
  octets: Uint8Array,
  dept = '71',
): Promise<string> {
  const lot = await ouvrirSession(application, systeme(dept), 'lot.deposer', async (session) =>
    deposerFichier(session, {
      organisme: (await lireOrganisme(session, organisme)).id,
      nom,
      octets,
      recuLe: session.jour,
    }),
  )
  await traiterImport(application, dept, lot.id)
  return lot.id
}

/** A line every sender could write; each test overrides what it is about. */
export function ligne(valeurs: Readonly<Record<string, string>>): Record<string, string> {
  return {
    type: 'impaye_caf',
    reference_source: 'REF-1',
    date_signalement: '2026-11-02',
    nom_usage: 'Lacombe',
    prenom: 'Séverine',
    date_naissance: '1984-04-03',
    adresse: '12 rue des Forges',
    code_postal: '71200',
    commune: 'Le Creusot',
    parc: 'prive',
    montant_dette: '1620,00',
    ...valeurs,
  }
}

/** Copies a dossier as it stands in the database, each copy with its own values: what a list holds when it is long, or an id that falls where it must. */
export async function copierDossier(
  { base }: Pick<Application, 'base'>,
  source: string,
  copies: readonly (Readonly<Record<string, unknown>> & { readonly numero: number })[],
): Promise<void> {
  const { rows } = await base.pool.query<{ colonnes: string }>(
    `select string_agg('x.' || quote_ident(column_name), ', ') as colonnes from information_schema.columns
      where table_schema = 'public' and table_name = 'dossier' and is_generated = 'NEVER'`,
  )
  const colonnes = rows[0]?.colonnes ?? ''
  const valeurs = copies.map((copie) => ({
    id: randomUUID(),
    annee: 2024,
    reference: `71-2024-${String(copie.numero).padStart(5, '0')}`,
    ...copie,
  }))
  await base.pool.query(
    `insert into dossier (${colonnes.replaceAll('x.', '')}) select ${colonnes} from dossier d cross join jsonb_array_elements($2::jsonb) c
      cross join lateral jsonb_populate_record(null::dossier, to_jsonb(d) || c) x where d.id = $1`,
    [source, JSON.stringify(valeurs)],
  )
}
