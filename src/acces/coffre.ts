import { createHash, randomBytes } from 'node:crypto'
import { areSealed, type Keyring, keyedFingerprint, seal, sealBytes, unseal, unsealBytes } from '#socle/cipher'
import type { Database, Execute } from '#socle/db'
import { refus } from '#socle/errors'
import type { ReglagesAcces } from './reglages.ts'

/** Seals and opens what a département keeps out of sight of its own database: values near health, files and lines as received. */
export interface Coffre {
  /**
   * Seals a value of JSON. Its length tells nothing either, short of a step of `taille` characters (32). `place` binds it: moved elsewhere, it no longer opens.
   */
  sceller(valeur: unknown, place: string, taille?: number): string
  /** Opens what `sceller` gave for the same place. */
  ouvrir(scelle: string, place: string): unknown
  scellerOctets(octets: Uint8Array, place: string): Buffer
  /** Opens bytes sealed for the same place; gives back as they are those kept before sealing. */
  ouvrirOctets(octets: Buffer, place: string): Buffer
  /** Says whether two contents are the same, to whoever has the key only. */
  empreinte(contenu: string | Uint8Array): string
}

/** What one step of sealing what was kept in clear did. */
export interface PasDeScellement {
  readonly scelles: number
  /** Where the next step begins; null when there is nothing left. */
  readonly suite: string | null
}

const FORME = /^[0-9a-f]{8}\.[\w-]{56,}$/
/** True for a value that `sceller` gave. A value kept before sealing is not. */
export const estScelle = (valeur: unknown): valeur is string => typeof valeur === 'string' && FORME.test(valeur)

/** Every fingerprint of a `Coffre` begins so: those taken before sealing are hexadecimal. */
export const MARQUE_EMPREINTE = 'h1.'

const PAS = 32
// In bytes: accents would tell lengths apart.
function rembourrer(texte: string, pas: number): string {
  const octets = Buffer.byteLength(texte)
  return texte + ' '.repeat(Math.ceil(octets / pas) * pas - octets)
}

/** Keys of an application, kept outside its database. */
export function trousseauDe({
  acces,
  base,
}: {
  readonly acces?: ReglagesAcces | undefined
  readonly base: Pick<Database, 'keyring'>
}): Keyring {
  const keys = [...(acces?.cles.keys ?? []), ...(base.keyring?.keys ?? [])]
  if (keys.length === 0) throw new Error('this application was opened without keys')
  return { keys }
}

/** Opens a sealed value, or says in words a person can act upon what prevents it; neither the value nor the key is part of them. */
export function ouvrirOuDire<T>(cles: Keyring, cle: string, quoi: string, ouvrir: () => T): T {
  try {
    return ouvrir()
  } catch {
    if (!cles.keys.some(({ id }) => id === cle)) {
      throw refus(
        'ecrit.cle',
        `${quoi} ne peut pas être ouvert : la clé ${cle} manque au fichier de clés. Rien n’est perdu si elle est sauvegardée à part : prévenir l’administrateur, qui la remettra dans le fichier de clés (réglage AMONT_CLE).`,
      )
    }
    throw refus(
      'ecrit.altere',
      `${quoi} ne s’ouvre pas : il a été modifié ou déplacé dans la base. Rien n’en est affiché. Prévenir l’administrateur et le délégué à la protection des données.`,
    )
  }
}

/** A key drawn here, as a keyring of one. */
export const trousseauDUneCle = (key: Buffer): Keyring => ({
  keys: [{ id: createHash('sha256').update(key).digest('hex').slice(0, 8), key }],
})

const usageCle = (dept: string): string => `cle_departement|scellee|${dept}`

function coffreDe(dept: string, key: Buffer): Coffre {
  const cle = trousseauDUneCle(key)
  const deLEmpreinte = createHash('sha256').update('empreinte|').update(key).digest()
  const usage = (place: string) => `${dept}|${place}`
  const dire = <T>(scelle: string, ouvrir: () => T): T => ouvrirOuDire(cle, scelle, 'Une donnée protégée', ouvrir)
  return {
    sceller: (valeur, place, taille = PAS) =>
      seal(cle, rembourrer(JSON.stringify(valeur ?? null), taille), usage(place)),
    ouvrir: (scelle, place) =>
      dire(scelle.split('.')[0] ?? '', () => JSON.parse(unseal(cle, scelle, usage(place))) as unknown),
    scellerOctets: (octets, place) => sealBytes(cle, octets, usage(place)),
    ouvrirOctets: (octets, place) =>
      areSealed(octets)
        ? dire(octets.subarray(4, 8).toString('hex'), () => unsealBytes(cle, octets, usage(place)))
        : octets,
    empreinte: (contenu) => `${MARQUE_EMPREINTE}${keyedFingerprint(deLEmpreinte, contenu)}`,
  }
}

/** Opened once per process: the key of a département never changes, only what wraps it. */
const ouverts = new WeakMap<object, Map<string, Coffre>>()

/** Opens what seals the data of a département; its key is drawn the first time. */
export async function ouvrirCoffre(
  application: { readonly acces?: ReglagesAcces | undefined; readonly base: Database },
  dept: string,
  sql: Execute,
  maintenant: Temporal.Instant,
): Promise<Coffre> {
  const { pool } = application.base
  const connu = ouverts.get(pool)?.get(dept)
  if (connu) return connu
  const cles = trousseauDe(application)
  const lire = () => sql<{ scellee: string }>`select scellee from cle_departement where dept = ${dept}`
  let [ligne] = await lire()
  const deja = ligne !== undefined
  if (!ligne) {
    const scellee = seal(cles, randomBytes(32).toString('base64'), usageCle(dept))
    // Two transactions write first: the first key committed is the one of both.
    await sql`insert into cle_departement (dept, scellee, cree_a) values (${dept}, ${scellee}, ${maintenant}) on conflict (dept) do nothing`
    ;[ligne] = await lire()
  }
  if (!ligne) throw new Error('the key of the département is out of reach')
  const { scellee } = ligne
  const cle = ouvrirOuDire(cles, scellee.split('.')[0] ?? '', 'Ce qui est protégé', () =>
    unseal(cles, scellee, usageCle(dept)),
  )
  const coffre = coffreDe(dept, Buffer.from(cle, 'base64'))
  // A key of this very transaction may still be taken back with it.
  if (deja) {
    const deLaBase = ouverts.get(pool) ?? new Map<string, Coffre>()
    ouverts.set(pool, deLaBase.set(dept, coffre))
  }
  return coffre
}

/** Prints of the keys that wrap the key of a département: one, or none before anything is sealed. */
export async function lireCleDuDepartement({ sql, dept }: { sql: Execute; dept: string }): Promise<string | null> {
  const [ligne] = await sql<{ scellee: string }>`select scellee from cle_departement where dept = ${dept}`
  return ligne?.scellee.split('.')[0] ?? null
}

/** Wraps the key of the département again under the first key of the file. Returns whether it moved; throws when no key of the file opens it. */
export async function tournerCleDuDepartement(
  { sql, dept, maintenant }: { sql: Execute; dept: string; maintenant: Temporal.Instant },
  cles: Keyring,
): Promise<boolean> {
  const [ligne] = await sql<{ scellee: string }>`select scellee from cle_departement where dept = ${dept} for update`
  const cle = ligne?.scellee.split('.')[0] ?? ''
  if (!ligne || cle === cles.keys[0]?.id) return false
  const ouverte = ouvrirOuDire(cles, cle, 'Ce qui est protégé', () => unseal(cles, ligne.scellee, usageCle(dept)))
  await sql`update cle_departement set scellee = ${seal(cles, ouverte, usageCle(dept))}, tournee_a = ${maintenant} where dept = ${dept}`
  return true
}
