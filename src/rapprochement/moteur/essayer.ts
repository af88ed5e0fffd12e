import { clesDeBlocage, PLAFOND_CLE } from './cles.ts'
import { comparer } from './comparer.ts'
import { apparierTables, type PaireEssai, prendreUnAUn } from './essai-tables.ts'
import { evaluerPaire } from './evaluer.ts'
import { ficheDepuisContenu } from './fiche.ts'
import { lireContenu, lireTable, type Table } from './lecture.ts'
import { type Parametres, parametresInitiaux } from './parametres.ts'
import { calculerMesures } from './verite.ts'

export interface OptionsEssai {
  /** Columns left out of the comparison. */
  readonly sans?: readonly string[]
  /** At most one pair by line, best first. Without it every pair above the threshold is kept. */
  readonly unAUn?: boolean
  /** Parameters for files in our import format; the shipped ones by default. */
  readonly parametres?: Parametres
}

/** One pair found, by the identifiers of its lines or their numbers (header = 1). */
export interface PaireTrouvee {
  readonly a: string
  readonly b: string
  readonly score: number
  readonly probabilite: number
  /** Files in our import format only: what recognition would do of it. */
  readonly issue: 'certain' | 'a_revoir'
}

export interface MesuresEssai {
  readonly precision: number
  readonly rappel: number
  readonly f1: number
  readonly pairesVraies: number
}

export interface ResultatEssai {
  /** `signalements` when both files follow our import format, `tables` otherwise. */
  readonly mode: 'signalements' | 'tables'
  readonly lignes: readonly [number, number]
  readonly colonnes: readonly string[]
  readonly comparees: number
  readonly paires: readonly PaireTrouvee[]
  /** Null when the files do not say which lines are the same. */
  readonly verite: MesuresEssai | null
  /** The same with the pairs a person would be asked about. */
  readonly veriteAvecRevue: MesuresEssai | null
  /** Everything above but the pairs, in French. */
  readonly texte: string
}

const SEUIL_TABLES = 0.5

/**
 * Links two files without any database: signalements in our import format, or any two registers whose columns are
 * recognised by name (French, or those of the FEBRL sets). Text, or bytes in UTF-8 or windows-1252. When both files say
 * which lines are the same (`menage`, or `rec_id` as in `rec-12-org` and `rec-12-dup-0`), measures precision, recall and F1.
 * Nothing is learnt from that truth.
 */
export function essayerFichiers(
  a: string | Uint8Array,
  b: string | Uint8Array,
  options: OptionsEssai = {},
): ResultatEssai {
  const sans = options.sans?.map((colonne) => colonne.trim().toLowerCase()) ?? []
  const tableA = lireTable(a)
  const tableB = lireTable(b)
  const essai = estSignalements(tableA) && estSignalements(tableB) ? essayerSignalements : essayerTables
  return essai(tableA, tableB, sans, options)
}

const estSignalements = ({ colonnes }: Table) =>
  colonnes.includes('commune') && (colonnes.includes('nom_usage') || colonnes.includes('nom_naissance'))

function essayerTables(tableA: Table, tableB: Table, sans: readonly string[], options: OptionsEssai): ResultatEssai {
  const appariement = apparierTables(tableA, tableB, sans)
  const plausibles = appariement.paires.filter(({ probabilite }) => probabilite >= SEUIL_TABLES)
  const retenues = options.unAUn ? prendreUnAUn(plausibles) : plausibles
  const verite = mesurer(retenues, tableA, tableB)
  return conclure(
    'tables',
    tableA,
    tableB,
    appariement.colonnes,
    appariement.comparees,
    retenues.map((paire) => ({ ...paire, issue: 'certain' })),
    verite,
    verite,
  )
}

interface PaireJugee extends PaireEssai {
  readonly issue: PaireTrouvee['issue']
}

function essayerSignalements(
  tableA: Table,
  tableB: Table,
  sans: readonly string[],
  options: OptionsEssai,
): ResultatEssai {
  const parametres = options.parametres ?? parametresInitiaux()
  const lire = (ligne: Readonly<Record<string, string>>) =>
    ficheDepuisContenu(
      lireContenu(Object.fromEntries(Object.entries(ligne).filter(([colonne]) => !sans.includes(colonne)))),
    )
  const as = tableA.lignes.map(lire)
  const bs = tableB.lignes.map(lire)
  const parCle = new Map<string, number[]>()
  bs.forEach((fiche, rang) => {
    for (const cle of clesDeBlocage(fiche)) {
      const liste = parCle.get(cle)
      if (liste) liste.push(rang)
      else parCle.set(cle, [rang])
    }
  })
  let comparees = 0
  const jugees: PaireJugee[] = []
  as.forEach((fiche, rang) => {
    const autres = new Set(
      clesDeBlocage(fiche).flatMap((cle) =>
        (parCle.get(cle)?.length ?? 0) > PLAFOND_CLE ? [] : (parCle.get(cle) ?? []),
      ),
    )
    for (const autre of autres) {
      const b = bs[autre]
      if (!b) continue
      comparees++
      const { total, probabilite, contraires } = evaluerPaire(comparer(fiche, b), parametres)
      if (probabilite < parametres.seuils.suggerer) continue
      const certain = probabilite >= parametres.seuils.certain && contraires.length === 0
      jugees.push({ a: rang, b: autre, score: total, probabilite, issue: certain ? 'certain' : 'a_revoir' })
    }
  })
  jugees.sort((x, y) => y.score - x.score || x.a - y.a || x.b - y.b)
  const retenues = options.unAUn ? (prendreUnAUn(jugees) as PaireJugee[]) : jugees
  const certaines = retenues.filter(({ issue }) => issue === 'certain')
  const colonnes = tableA.colonnes.filter((colonne) => tableB.colonnes.includes(colonne) && !sans.includes(colonne))
  return conclure(
    'signalements',
    tableA,
    tableB,
    colonnes,
    comparees,
    retenues,
    mesurer(certaines, tableA, tableB),
    mesurer(retenues, tableA, tableB),
  )
}

/** What a line says it is, or null: `menage`, or the number of a FEBRL record. */
function lireVerite(ligne: Readonly<Record<string, string>> | undefined): string | null {
  const { menage, rec_id: rec } = ligne ?? {}
  return menage || (/^rec-(\d+)-(?:org|dup-\d+)$/.exec(rec ?? '')?.[1] ?? null)
}

function mesurer(paires: readonly PaireEssai[], tableA: Table, tableB: Table): MesuresEssai | null {
  const veritesA = tableA.lignes.map(lireVerite)
  const veritesB = tableB.lignes.map(lireVerite)
  if (veritesA.every((verite) => verite === null) || veritesB.every((verite) => verite === null)) return null
  const nombreB = Map.groupBy(veritesB, (verite) => verite)
  const pairesVraies = veritesA.reduce(
    (somme, verite) => somme + (verite === null ? 0 : (nombreB.get(verite)?.length ?? 0)),
    0,
  )
  const justes = paires.filter(({ a, b }) => veritesA[a] !== null && veritesA[a] === veritesB[b]).length
  return { ...calculerMesures(justes, paires.length, pairesVraies), pairesVraies }
}

function nommer(table: Table, rang: number): string {
  const ligne = table.lignes[rang]
  return ligne?.rec_id || ligne?.reference_source || String(rang + 2)
}

const nombre = (n: number) => n.toLocaleString('fr-FR')
const part = (n: number) => n.toLocaleString('fr-FR', { minimumFractionDigits: 4, maximumFractionDigits: 4 })

function conclure(
  mode: ResultatEssai['mode'],
  tableA: Table,
  tableB: Table,
  colonnes: readonly string[],
  comparees: number,
  retenues: readonly PaireJugee[],
  verite: MesuresEssai | null,
  veriteAvecRevue: MesuresEssai | null,
): ResultatEssai {
  const certaines = retenues.filter(({ issue }) => issue === 'certain').length
  const ecrire = (titre: string, mesures: MesuresEssai) =>
    `${titre} : précision ${part(mesures.precision)}, rappel ${part(mesures.rappel)}, F1 ${part(mesures.f1)}.`
  const lignes = [
    `Premier fichier : ${nombre(tableA.lignes.length)} lignes. Second fichier : ${nombre(tableB.lignes.length)} lignes.`,
    `Colonnes comparées : ${colonnes.join(', ')}.`,
    `Paires comparées : ${nombre(comparees)}.`,
    mode === 'tables'
      ? `Paires retenues : ${nombre(certaines)} (probabilité d’au moins 0,5).`
      : `Paires certaines : ${nombre(certaines)}. Paires à revoir : ${nombre(retenues.length - certaines)}.`,
    ...(verite
      ? [
          `Paires vraies : ${nombre(verite.pairesVraies)}.`,
          ecrire(mode === 'tables' ? 'Paires retenues' : 'Paires certaines', verite),
        ]
      : []),
    ...(veriteAvecRevue && mode === 'signalements' ? [ecrire('Avec les paires à revoir', veriteAvecRevue)] : []),
    ...(verite
      ? []
      : ['Vérité inconnue : rien à mesurer (colonne « menage », ou « rec_id » comme dans les jeux FEBRL).']),
  ]
  return {
    mode,
    lignes: [tableA.lignes.length, tableB.lignes.length],
    colonnes,
    comparees,
    paires: retenues.map(({ a, b, score, probabilite, issue }) => ({
      a: nommer(tableA, a),
      b: nommer(tableB, b),
      score,
      probabilite,
      issue,
    })),
    verite,
    veriteAvecRevue,
    texte: `${lignes.join('\n')}\n`,
  }
}
