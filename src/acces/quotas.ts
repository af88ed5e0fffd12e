import { join } from 'node:path'
import { z } from 'zod'
import { actionsComptees, type Entree } from '#journal'
import {
  ErreurDonnees,
  type Forme,
  fichierDonnees,
  lireDocumentYaml,
  type Probleme,
  periode,
  provenance,
  type Remarque,
  rangIncoherent,
  texteRempli,
  versionAu,
} from '#referentiel'
import type { Transaction } from '#socle/db'
import { Refus } from '#socle/errors'
import { startOfParisDay } from '#socle/time'
import { type Role, roles } from './droits.ts'

const positif = z.int().min(1)
const parRole = z.strictObject({ defaut: positif, par_role: z.partialRecord(z.enum(roles), positif) })
const versions = <F extends z.ZodRawShape>(forme: F) =>
  z.strictObject({
    versions: z.array(z.strictObject({ ...periode, motif: texteRempli, ...provenance, ...forme })).min(1),
  })

const schema = fichierDonnees({
  consultations: versions({ ouverts: parRole, vus: parRole, exportes: parRole }),
  exports: versions({ confirmation: positif, alerte: positif }),
  demandes: versions({ par_personne: positif, par_adresse: positif }),
})

/** How much one account may read, take out and ask for, as reviewed data. */
export type Limites = z.output<typeof schema>

const NOM = 'acces/limites.yaml'

/** The kind of data file this module reads. */
export const FORMES_ACCES: readonly Forme[] = [
  { nom: 'limites', titre: 'Ce qu’un compte peut consulter, sortir et demander', chemins: [NOM], schema },
]

const COMPTEURS = ['ouverts', 'vus', 'exportes'] as const
type Compteur = (typeof COMPTEURS)[number]

/** Reads `donnees/acces/limites.yaml`, or refuses with every problem of the file. */
export function chargerLimites(racine: string): Limites {
  const document = lireDocumentYaml(join(racine, NOM), schema, `donnees/${NOM}`)
  const limites = document.valeur
  const problemes = (['consultations', 'exports', 'demandes'] as const).flatMap((cle): Probleme[] => {
    const rang = rangIncoherent(limites[cle].versions)
    const ordre = 'Les versions se suivent par date croissante, sans se chevaucher.'
    return rang < 0 ? [] : [document.probleme([cle, 'versions', rang, 'du'], ordre)]
  })
  if (problemes.length > 0) throw new ErreurDonnees(problemes)
  return limites
}

const lues = new Map<string, Limites>()

/** The limits of an installation, read once: they do not change while the process runs. */
function limitesDe(racine: string): Limites {
  let limites = lues.get(racine)
  if (!limites) {
    limites = chargerLimites(racine)
    lues.set(racine, limites)
  }
  return limites
}

/** The version of one kind of limit on a day. A day before the first version has the first one: a gap in the data must not open everything. */
export function limiteAu<C extends keyof Omit<Limites, 'schema'>>(
  racine: string,
  cle: C,
  jour: Temporal.PlainDate,
): Limites[C]['versions'][number] {
  const suite: readonly Limites[C]['versions'][number][] = limitesDe(racine)[cle].versions
  const version = versionAu(suite, jour)
  const retenue = 'aucune' in version ? suite[0] : version
  if (!retenue) throw new Error(`no version of the limits « ${cle} »`)
  return retenue
}

/** What nobody has reviewed yet in these settings. */
export function inventorierLimites(limites: Limites): Remarque[] {
  return (['consultations', 'exports', 'demandes'] as const).flatMap((cle) =>
    limites[cle].versions.flatMap(({ du, fiabilite, verifie_le }): Remarque[] => {
      const lieu = { chemin: `donnees/${NOM}`, libelle: `Limites : ${cle}` }
      return [
        ...(fiabilite === 'defaut'
          ? [{ ...lieu, genre: 'a_completer', detail: 'valeur par défaut d’Amont' } as const]
          : []),
        ...(verifie_le === null
          ? [{ ...lieu, genre: 'non_verifie', detail: `version du ${du}, jamais relue par un juriste` } as const]
          : []),
      ]
    }),
  )
}

/** Whose reading is counted, when, and where the limits are. */
interface Lecture {
  readonly dept: string
  readonly compte: string
  readonly role: Role
  readonly racine: string
  readonly jour: Temporal.PlainDate
}

function quotasDe({ racine, role, jour }: Lecture): Record<Compteur, number> {
  const version = limiteAu(racine, 'consultations', jour)
  const pour = (compteur: Compteur) => version[compteur].par_role[role] ?? version[compteur].defaut
  return { ouverts: pour('ouverts'), vus: pour('vus'), exportes: pour('exportes') }
}

/**
 * Adds up, in the transaction of a reading, the dossiers of the day that it has just journalled; beyond a limit of distinct ones the transaction fails, and
 * nothing is shown. Leaves with the commit: the page waits for nothing more. An act that shows no dossier counts nothing.
 */
export function compterConsultations(
  trx: Pick<Transaction, 'note'>,
  lecture: Lecture,
  entrees: readonly Entree[],
): void {
  const montre = COMPTEURS.map((compteur) =>
    entrees.reduce(
      (somme, { action, dossiers = [], resultat = 'fait' }) =>
        resultat === 'fait' && actionsComptees[compteur].includes(action) ? somme + dossiers.length : somme,
      0,
    ),
  )
  if (montre.every((n) => n === 0)) return
  const quotas = quotasDe(lecture)
  const { ouverts, vus, exportes } = actionsComptees
  trx.note`select public.verifier_quota(${lecture.dept}, ${lecture.compte}::uuid, ${lecture.jour}::date, ${startOfParisDay(lecture.jour)}::timestamptz,
    ${montre}::integer[], ${COMPTEURS.map((compteur) => quotas[compteur])}::integer[], ${ouverts}::text[], ${vus}::text[], ${exportes}::text[])`
}

const DEPASSE = 'AM001'
const PHRASES: Readonly<Record<Compteur, (max: string) => string>> = {
  ouverts: (max) => `${max} dossiers différents ont été ouverts`,
  vus: (max) => `${max} dossiers différents ont été vus, listes comprises`,
  exportes: (max) => `${max} dossiers différents ont été sortis dans des fichiers`,
}

/** Which limit an error of the database stands for; null for any other error. */
export function quotaDepasse(erreur: unknown): Compteur | null {
  const { code, message } = erreur as { code?: unknown; message?: unknown }
  return code === DEPASSE ? (COMPTEURS.find((compteur) => message === `quota ${compteur}`) ?? 'vus') : null
}

/** Tells the data protection officer, and makes the refusal the person reads. */
export async function arreterLecture(
  trx: Pick<Transaction, 'sql'>,
  lecture: Lecture,
  compteur: Compteur,
  maintenant: Temporal.Instant,
): Promise<Refus> {
  const seuil = quotasDe(lecture)[compteur]
  const { du } = limiteAu(lecture.racine, 'consultations', lecture.jour)
  await signalerLimite(trx, lecture, {
    cle: `quota|${lecture.compte}|${lecture.jour}|${compteur}`,
    regle: 'quota',
    mesure: { compteur, n: seuil, seuil, seuil_du: du.toString() },
    maintenant,
  })
  return new Refus(
    'quota.depasse',
    `La limite du jour est atteinte : ${PHRASES[compteur](seuil.toLocaleString('fr-FR'))}. Elle protège les ménages d’une consultation en masse, et repart demain. Pour continuer aujourd’hui, demander au délégué à la protection des données du département : il a reçu une alerte, et la lève en la justifiant.`,
    { statut: 429 },
  )
}

/** Raises an alert about whoever is stopped or takes much out. */
export async function signalerLimite(
  trx: Pick<Transaction, 'sql'>,
  { dept, compte, jour }: Pick<Lecture, 'dept' | 'compte' | 'jour'>,
  alerte: {
    readonly cle: string
    readonly regle: 'quota' | 'export'
    readonly mesure: Readonly<Record<string, unknown>>
    readonly maintenant: Temporal.Instant
  },
): Promise<void> {
  await trx.sql`select public.lever_alerte_limite(${dept}, ${compte}::uuid, ${alerte.cle}, ${alerte.regle}, ${jour}::date,
    ${JSON.stringify(alerte.mesure)}::jsonb, ${alerte.maintenant}::timestamptz)`
}
