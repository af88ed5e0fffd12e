import { exporterRejets, type Lot, lireLot, lireVerdict } from '#signalements'
import { refus } from '#socle/errors'
import { sortir } from '../export.tsx'
import type { Reponse, Requete } from '../route.ts'
import { estEnCours } from './libelles.ts'

const GENRES = {
  csv: 'text/csv',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  ods: 'application/vnd.oasis.opendocument.spreadsheet',
} as const satisfies Record<'csv' | 'xlsx' | 'ods', string>

/** A verdict is given once, for the whole file. */
async function lireLotLu(requete: Requete): Promise<Lot> {
  const lot = await lireLot(requete.session, requete.parametres.lot ?? '')
  if (estEnCours(lot) && lot.etat !== 'rapprochement') {
    throw refus('lot.en-lecture', 'Ce fichier est encore en cours de lecture. Attendre la fin, puis télécharger.')
  }
  return lot
}

const sansExtension = (nom: string): string => nom.replace(/\.[^.]+$/, '')

/** Files of the exchange format are read by machines: a numbered copy says so in its name only. */
const direLot = ({ nom }: Lot): string => `fichier reçu ${nom}`

/** GET /recevoir/:lot/verdict.csv: the verdict file of the exchange format (§7). */
export async function telechargerVerdictCsv(requete: Requete): Promise<Reponse> {
  const lot = await lireLotLu(requete)
  return sortir(requete, {
    nombre: lot.lignes_total ?? lot.lignes_lues,
    filtre: direLot(lot),
    construire: async () => ({
      nom: `${sansExtension(lot.nom)}-verdict.csv`,
      type: 'text/csv; charset=utf-8',
      octets: (await lireVerdict(requete.session, lot.id)).csv,
    }),
  })
}

/** GET /recevoir/:lot/verdict.json: the same in JSON. */
export async function telechargerVerdictJson(requete: Requete): Promise<Reponse> {
  const lot = await lireLotLu(requete)
  return sortir(requete, {
    nombre: lot.lignes_total ?? lot.lignes_lues,
    filtre: direLot(lot),
    construire: async () => ({
      nom: `${sansExtension(lot.nom)}-verdict.json`,
      type: 'application/json; charset=utf-8',
      octets: Buffer.from((await lireVerdict(requete.session, lot.id)).json),
    }),
  })
}

/** GET /recevoir/:lot/lignes-a-corriger: the rejected lines, in the form of the file they came from. */
export async function telechargerRejets(requete: Requete): Promise<Reponse> {
  const lot = await lireLotLu(requete)
  if (lot.rejets_en_attente === 0)
    throw refus('lot.rien-a-corriger', 'Aucune ligne de ce dépôt n’attend de correction.')
  return sortir(requete, {
    nombre: lot.rejets_en_attente,
    filtre: `lignes à corriger, ${direLot(lot)}`,
    construire: async () => {
      const { genre, nom, octets } = await exporterRejets(requete.session, lot.id)
      return { nom, type: GENRES[genre], octets }
    },
  })
}
