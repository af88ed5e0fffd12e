import { type Coffre, estScelle, MARQUE_EMPREINTE, type PasDeScellement, type Session } from '#acces'
import { CHAMPS_SIGNALEMENT } from '#dossiers'
import { areSealed, SEALED_BYTES } from '#socle/cipher'
import { estColonne, NOMS_COLONNES, type NomColonne } from './format/colonnes.ts'
import type { ContenuSignalement } from './format/index.ts'
import { montrer } from './format/ligne.ts'

/** Columns whose values are in the database only sealed: those near health, and free text, which may say anything. */
const COLONNES_SCELLEES: readonly NomColonne[] = NOMS_COLONNES.filter((nom) =>
  ['sante', 'ecrits'].includes(CHAMPS_SIGNALEMENT[nom]?.[0] ?? ''),
)

/** A column the format does not know may hold anything: it is sealed too. */
const aSceller = (colonne: string): boolean => !estColonne(colonne) || COLONNES_SCELLEES.includes(colonne)

/** A signalement keeps its place from version to version: an earlier one is given back without its key. */
const placeContenu = (signalement: string, colonne: string) => `signalement|contenu|${signalement}|${colonne}`

/** What is kept of a signalement: columns near health are sealed, said or not, so that nothing tells whether they were. */
export function scellerContenu<T extends object>(coffre: Coffre, signalement: string, contenu: T): T {
  const lu = contenu as Readonly<Record<string, unknown>>
  const scelles = COLONNES_SCELLEES.map((colonne) => [
    colonne,
    estScelle(lu[colonne]) ? lu[colonne] : coffre.sceller(lu[colonne] ?? null, placeContenu(signalement, colonne)),
  ])
  return { ...contenu, ...Object.fromEntries(scelles) }
}

/** A signalement as it was received. */
export function ouvrirContenu(coffre: Coffre, signalement: string, contenu: ContenuSignalement): ContenuSignalement {
  const ouvertes = COLONNES_SCELLEES.flatMap((colonne) => {
    const valeur = contenu[colonne]
    return estScelle(valeur) ? [[colonne, coffre.ouvrir(valeur, placeContenu(signalement, colonne))]] : []
  })
  return ouvertes.length === 0 ? contenu : { ...contenu, ...Object.fromEntries(ouvertes) }
}

type Champs = Readonly<Record<string, string>>

/** Where the sealed columns of a line stand among the others. Those the format does not know are sealed: none in clear can bear this name. */
const SCELLE = 'scelle'

/** Where a line received is in the database. */
interface PlaceLigne {
  readonly lot: string
  readonly ligne: number
}
const placeLigne = ({ lot, ligne }: PlaceLigne, quoi: 'champs' | 'correction' | 'brut'): string =>
  `ligne_lot|${quoi}|${lot}|${ligne}`

/** Columns of a line as they are kept. `tout`: its fields are out of place, any of them may hold what another column would. */
export function scellerChamps(
  coffre: Coffre,
  place: PlaceLigne,
  quoi: 'champs' | 'correction',
  champs: Champs,
  tout = false,
): Champs {
  const [clairs, reserves]: [[string, string][], [string, string][]] = [[], []]
  for (const [colonne, valeur] of Object.entries(champs))
    (tout || aSceller(colonne) ? reserves : clairs).push([colonne, valeur])
  if (reserves.length === 0) return champs
  const scelle = coffre.sceller(Object.fromEntries(reserves), placeLigne(place, quoi))
  return { ...Object.fromEntries(clairs), [SCELLE]: scelle }
}

/** Columns of a line as they were received. */
export function ouvrirChamps<T extends Champs | null>(
  coffre: Coffre,
  place: PlaceLigne,
  quoi: 'champs' | 'correction',
  champs: T,
): T {
  const scelle = champs?.[SCELLE]
  if (!champs || !estScelle(scelle)) return champs
  const { [SCELLE]: _, ...clairs } = champs as Champs
  return { ...clairs, ...(coffre.ouvrir(scelle, placeLigne(place, quoi)) as Champs) } as T
}

interface MotifDeLigne {
  readonly colonne: string
  readonly valeur: string
}

/** Reasons of a verdict without the values of sealed columns: they are read again from the line. */
export const taireMotifs = <T extends MotifDeLigne>(motifs: readonly T[]): T[] =>
  motifs.map((motif) => (motif.colonne !== '' && aSceller(motif.colonne) ? { ...motif, valeur: '' } : motif))

const completer = <T extends MotifDeLigne>(motifs: readonly T[], champs: Champs): T[] =>
  motifs.map((motif) =>
    motif.valeur === '' && motif.colonne !== '' && aSceller(motif.colonne)
      ? { ...motif, valeur: montrer(champs[motif.colonne] ?? '') }
      : motif,
  )

/** A line of a lot as it was received and judged. */
export function ouvrirLigne<
  T extends {
    readonly ligne: number
    readonly champs: Champs
    readonly correction?: Champs | null
    readonly motifs: readonly MotifDeLigne[]
  },
>(coffre: Coffre, lot: string, ligne: T): T {
  const place = { lot, ligne: ligne.ligne }
  const champs = ouvrirChamps(coffre, place, 'champs', ligne.champs)
  return {
    ...ligne,
    champs,
    motifs: completer(ligne.motifs, champs),
    ...(ligne.correction === undefined
      ? {}
      : { correction: ouvrirChamps(coffre, place, 'correction', ligne.correction) }),
  }
}

/** Bytes of a line, and what tells the same bytes again. */
export const scellerBrut = (coffre: Coffre, place: PlaceLigne, octets: Uint8Array): Buffer =>
  coffre.scellerOctets(octets, placeLigne(place, 'brut'))
export const ouvrirBrut = (coffre: Coffre, place: PlaceLigne, octets: Buffer): Buffer =>
  coffre.ouvrirOctets(octets, placeLigne(place, 'brut'))

const placeFichier = (fichier: string): string => `fichier|octets|${fichier}`
export const scellerFichier = (coffre: Coffre, fichier: string, octets: Uint8Array): Buffer =>
  coffre.scellerOctets(octets, placeFichier(fichier))
export const ouvrirFichier = (coffre: Coffre, fichier: string, octets: Buffer): Buffer =>
  coffre.ouvrirOctets(octets, placeFichier(fichier))

const keyee = (coffre: Coffre, empreinte: string): string =>
  empreinte.startsWith(MARQUE_EMPREINTE) ? empreinte : coffre.empreinte(empreinte)

/** Seals signalements received before sealing, every version of each. From one on. */
export async function scellerSignalements(session: Session, apres: string, pas: number): Promise<PasDeScellement> {
  const { sql, dept } = session
  const coffre = await session.coffre()
  const lus = await sql<{
    id: string
    contenu: ContenuSignalement
    empreinte: string
  }>`select id, contenu, empreinte from signalement
    where dept = ${dept} and empreinte not like 'h1.%' and id > ${apres}::uuid order by id limit ${pas} for update`
  const versions = await sql<{ id: string; version: number; contenu: ContenuSignalement; empreinte: string }>`
    select signalement as id, version, contenu, empreinte from signalement_version
    where dept = ${dept} and signalement = any (${lus.map(({ id }) => id)}::uuid[])`
  const refaire = <T extends { id: string; contenu: ContenuSignalement; empreinte: string }>(ligne: T): T => ({
    ...ligne,
    contenu: scellerContenu(coffre, ligne.id, ligne.contenu),
    empreinte: keyee(coffre, ligne.empreinte),
  })
  await sql`update signalement s set contenu = x.contenu, empreinte = x.empreinte
    from json_to_recordset(${JSON.stringify(lus.map(refaire))}::json) as x(id uuid, contenu jsonb, empreinte text) where s.dept = ${dept} and s.id = x.id`
  await sql`update signalement_version v set contenu = x.contenu, empreinte = x.empreinte
    from json_to_recordset(${JSON.stringify(versions.map(refaire))}::json) as x(id uuid, version int, contenu jsonb, empreinte text)
    where v.dept = ${dept} and v.signalement = x.id and v.version = x.version`
  return { scelles: lus.length, suite: lus.length < pas ? null : (lus.at(-1)?.id ?? null) }
}

/** Seals a file received before sealing with its lines, one file a step. */
export async function scellerFichiers(session: Session, apres: string): Promise<PasDeScellement> {
  const { sql, dept } = session
  const coffre = await session.coffre()
  const [fichier] = await sql<{ id: string; octets: Buffer }>`select id, octets from fichier
    where dept = ${dept} and id > ${apres}::uuid and substr(octets, 1, 4) <> ${SEALED_BYTES} order by id limit 1 for update`
  if (!fichier) return { scelles: 0, suite: null }
  interface Recue extends PlaceLigne {
    readonly brut: Buffer
    readonly champs: Champs
    readonly correction: Champs | null
    readonly motifs: readonly MotifDeLigne[]
    readonly verdict: string
  }
  const lignes =
    await sql<Recue>`select l.lot, l.ligne, l.brut, l.champs, l.correction, l.motifs, l.verdict from ligne_lot l
    join lot t on t.dept = ${dept} and t.id = l.lot and t.fichier = ${fichier.id} where l.dept = ${dept}`
  const refaites = lignes
    .filter(({ brut }) => !areSealed(brut))
    .map(({ lot, ligne, brut, champs, correction, motifs, verdict }) => {
      const place = { lot, ligne }
      return {
        ...place,
        brut: scellerBrut(coffre, place, brut).toString('base64'),
        empreinte_brut: verdict === 'rejetee' ? coffre.empreinte(brut) : null,
        champs: scellerChamps(
          coffre,
          place,
          'champs',
          champs,
          motifs.some(({ colonne }) => colonne === ''),
        ),
        correction: correction && scellerChamps(coffre, place, 'correction', correction),
        motifs: taireMotifs(motifs),
      }
    })
  await sql`update ligne_lot l set brut = decode(x.brut, 'base64'), empreinte_brut = x.empreinte_brut, champs = x.champs, correction = x.correction,
      motifs = x.motifs
    from json_to_recordset(${JSON.stringify(refaites)}::json) as x(lot uuid, ligne int, brut text, empreinte_brut text, champs jsonb, correction jsonb, motifs jsonb)
    where l.dept = ${dept} and l.lot = x.lot and l.ligne = x.ligne`
  await sql`update fichier set octets = ${scellerFichier(coffre, fichier.id, fichier.octets)} where dept = ${dept} and id = ${fichier.id}`
  return { scelles: 1, suite: fichier.id }
}
