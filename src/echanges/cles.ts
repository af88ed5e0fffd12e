import { randomBytes } from 'node:crypto'
import { type Application, ouvrirOuDire, type Session, trousseauDe, trousseauDUneCle } from '#acces'
import { type Keyring, seal, sealBytes, unseal, unsealBytes } from '#socle/cipher'

/** Keys outside the database, for an act that cannot do without. */
export const exigerCles = (application: Pick<Application, 'acces' | 'base'>): Keyring => trousseauDe(application)

/** Where a sealed value belongs. Moved to another table, column, row or dossier, it no longer opens. */
export interface Place {
  readonly table:
    | 'note_professionnelle'
    | 'note_elargie'
    | 'transmission'
    | 'suivi_partage'
    | 'synthese'
    | 'formulaire'
    | 'formulaire_version'
    | 'saisine_acte'
    | 'proposition_saisine'
    | 'echange_bailleur'
    | 'diagnostic_observation'
    | 'diagnostic_document'
    | 'renseignement'
    | 'requisition_texte'
    | 'engagement_acte'
    | 'fil'
    | 'fil_ajout'
    | 'message'
    | 'demande'
    | 'demande_acte'
    | 'point_suivi'
    | 'piece'
    | 'consultation'
    | 'consultation_acte'
    | 'regularisation'
    | 'inscription'
  readonly colonne:
    | 'texte'
    | 'motif'
    | 'contenu'
    | 'document'
    | 'version_bailleur'
    | 'octets'
    | 'resume'
    | 'sujet'
    | 'nom'
    | 'retire_motif'
    | 'retiree_motif'
  readonly id: string
}

const usageCle = (dept: string, dossier: string): string => `cle_dossier|scellee|${dept}|${dossier}`
const usage = (dept: string, dossier: string, { table, colonne, id }: Place): string =>
  `${table}|${colonne}|${dept}|${id}|${dossier}`

/** A sealed value begins with the print of the key that sealed it. */
const idCle = (scelle: string): string => scelle.split('.')[0] ?? ''

const ouvrir = (cles: Keyring, scelle: string, place: string): string =>
  ouvrirOuDire(cles, idCle(scelle), 'Cet écrit', () => unseal(cles, scelle, place))

/** What seals and opens the texts of one dossier. */
export interface Scellement {
  sceller(texte: string, place: Place): string
  ouvrir(scelle: string, place: Place): string
  scellerOctets(octets: Uint8Array, place: Place): Buffer
  ouvrirOctets(scelles: Buffer, place: Place): Buffer
}

function scellementDe(cles: Keyring, dept: string, dossier: string, scellee: string): Scellement {
  const cle = trousseauDUneCle(Buffer.from(ouvrir(cles, scellee, usageCle(dept, dossier)), 'base64'))
  return {
    sceller: (texte, place) => seal(cle, texte, usage(dept, dossier, place)),
    ouvrir: (scelle, place) => ouvrir(cle, scelle, usage(dept, dossier, place)),
    scellerOctets: (octets, place) => sealBytes(cle, octets, usage(dept, dossier, place)),
    ouvrirOctets: (scelles, place) =>
      ouvrirOuDire(cle, scelles.subarray(4, 8).toString('hex'), 'Cette pièce', () =>
        unsealBytes(cle, scelles, usage(dept, dossier, place)),
      ),
  }
}

/** What opens the texts of several dossiers, by dossier. One where nothing was sealed has none. */
export async function ouvrirScellements(
  session: Session,
  dossiers: readonly string[],
): Promise<ReadonlyMap<string, Scellement>> {
  if (dossiers.length === 0) return new Map()
  const { dept } = session
  const lignes = await session.sql<{ dossier: string; scellee: string }>`
    select dossier, scellee from cle_dossier where dept = ${dept} and dossier = any (${dossiers}::uuid[])`
  return new Map(lignes.map(({ dossier, scellee }) => [dossier, scellementDe(session.cles(), dept, dossier, scellee)]))
}

/** The key of a dossier, drawn the first time something is sealed in it. */
export async function scellementDuDossier(session: Session, cles: Keyring, dossier: string): Promise<Scellement> {
  const { dept } = session
  const lire = () => session.sql<{ scellee: string }>`
    select scellee from cle_dossier where dept = ${dept} and dossier = ${dossier}`
  let [ligne] = await lire()
  if (!ligne) {
    const scellee = seal(cles, randomBytes(32).toString('base64'), usageCle(dept, dossier))
    // Two people write first in the same dossier: the first key committed is the one of both.
    await session.sql`insert into cle_dossier (dept, dossier, scellee, cree_a) values (${dept}, ${dossier}, ${scellee}, ${session.maintenant})
      on conflict (dept, dossier) do nothing`
    ;[ligne] = await lire()
  }
  if (!ligne) throw new Error('the key of the dossier is out of reach')
  return scellementDe(cles, dept, dossier, ligne.scellee)
}

/** How many keys of dossiers each key outside the database wraps, by its print. */
export async function compterCles(session: Session): Promise<ReadonlyMap<string, number>> {
  const lignes = await session.sql<{ cle: string; n: number }>`
    select split_part(scellee, '.', 1) as cle, count(*)::int as n from cle_dossier where dept = ${session.dept} group by 1 order by 1`
  return new Map(lignes.map(({ cle, n }) => [cle, n]))
}

/** What one step of a rotation did. */
export interface PasDeRotation {
  readonly tournees: number
  /** Dossiers whose key no key of the file opens. */
  readonly fermees: readonly string[]
  /** Where the next step begins; null when there is nothing left. */
  readonly suite: string | null
}

const PREMIER = '00000000-0000-0000-0000-000000000000'

/**
 * Wraps again, under the first key of the file, the keys of the next dossiers. One transaction per step: stopped anywhere, it is taken up by starting over, and
 * finds only what is left. The texts are not touched.
 */
export async function tournerCles(
  session: Session,
  cles: Keyring,
  apres: string = PREMIER,
  pas = 500,
): Promise<PasDeRotation> {
  const { dept } = session
  const courante = cles.keys[0]?.id ?? ''
  const lignes = await session.sql<{ dossier: string; scellee: string }>`
    select dossier, scellee from cle_dossier where dept = ${dept} and dossier > ${apres}::uuid and split_part(scellee, '.', 1) <> ${courante}
    order by dossier limit ${pas} for update`
  const tournees: { dossier: string; scellee: string }[] = []
  const fermees: string[] = []
  for (const { dossier, scellee } of lignes) {
    const place = usageCle(dept, dossier)
    try {
      tournees.push({ dossier, scellee: seal(cles, unseal(cles, scellee, place), place) })
    } catch {
      fermees.push(dossier)
    }
  }
  if (tournees.length > 0) {
    await session.sql`update cle_dossier c set scellee = x.scellee, tournee_a = ${session.maintenant}
      from json_to_recordset(${JSON.stringify(tournees)}::json) as x(dossier uuid, scellee text) where c.dept = ${dept} and c.dossier = x.dossier`
    session.consigner({
      action: 'cles.tourner',
      dossiers: tournees.map(({ dossier }) => dossier),
      details: { cle: courante },
    })
  }
  return { tournees: tournees.length, fermees, suite: lignes.length < pas ? null : (lignes.at(-1)?.dossier ?? null) }
}
