import { createHash, randomBytes } from 'node:crypto'
import type { Application, Session } from '#acces'
import { type Keyring, seal, unseal } from '#socle/cipher'
import { refus } from '#socle/errors'

/** Keys outside the database, for an act that cannot do without. */
export function exigerCles({ acces }: Pick<Application, 'acces'>): Keyring {
  if (!acces) throw new Error('this application was opened without keys')
  return acces.cles
}

/** Where a sealed value belongs. Moved to another table, column, row or dossier, it no longer opens. */
export interface Place {
  readonly table:
    | 'note_professionnelle'
    | 'note_elargie'
    | 'transmission'
    | 'suivi_partage'
    | 'synthese'
    | 'echange_bailleur'
    | 'diagnostic_observation'
    | 'diagnostic_document'
  readonly colonne: 'texte' | 'motif' | 'contenu' | 'version_bailleur' | 'octets' | 'resume'
  readonly id: string
}

const usageCle = (dept: string, dossier: string): string => `cle_dossier|scellee|${dept}|${dossier}`
const usage = (dept: string, dossier: string, { table, colonne, id }: Place): string =>
  `${table}|${colonne}|${dept}|${id}|${dossier}`

/** A sealed value begins with the print of the key that sealed it. */
const idCle = (scelle: string): string => scelle.split('.')[0] ?? ''

const trousseau = (key: Buffer): Keyring => ({
  keys: [{ id: createHash('sha256').update(key).digest('hex').slice(0, 8), key }],
})

function ouvrir(cles: Keyring, scelle: string, place: string): string {
  try {
    return unseal(cles, scelle, place)
  } catch {
    // The cause is said in words a person can act upon; neither the text nor the key is part of them.
    if (!cles.keys.some(({ id }) => id === idCle(scelle))) {
      throw refus(
        'ecrit.cle',
        `Cet écrit ne peut pas être ouvert : la clé ${idCle(scelle)} manque au fichier de clés. Rien n’est perdu si elle est sauvegardée à part : prévenir l’administrateur, qui la remettra dans le fichier de clés (réglage AMONT_CLE).`,
      )
    }
    throw refus(
      'ecrit.altere',
      'Cet écrit ne s’ouvre pas : il a été modifié ou déplacé dans la base. Rien n’en est affiché. Prévenir l’administrateur et le délégué à la protection des données.',
    )
  }
}

/** What seals and opens the texts of one dossier. */
export interface Scellement {
  sceller(texte: string, place: Place): string
  ouvrir(scelle: string, place: Place): string
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
  const cle = trousseau(Buffer.from(ouvrir(cles, ligne.scellee, usageCle(dept, dossier)), 'base64'))
  return {
    sceller: (texte, place) => seal(cle, texte, usage(dept, dossier, place)),
    ouvrir: (scelle, place) => ouvrir(cle, scelle, usage(dept, dossier, place)),
  }
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
