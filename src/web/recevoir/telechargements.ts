import { exporterRejets, type Lot, lireLot, lireVerdict } from '#signalements'
import { refus } from '#socle/errors'
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

/** GET /recevoir/:lot/verdict.csv: the verdict file of the exchange format (§7). */
export async function telechargerVerdictCsv(requete: Requete): Promise<Reponse> {
  const lot = await lireLotLu(requete)
  const { csv } = await lireVerdict(requete.session, lot.id)
  return {
    genre: 'fichier',
    nom: `${sansExtension(lot.nom)}-verdict.csv`,
    type: 'text/csv; charset=utf-8',
    octets: csv,
  }
}

/** GET /recevoir/:lot/verdict.json: the same in JSON. */
export async function telechargerVerdictJson(requete: Requete): Promise<Reponse> {
  const lot = await lireLotLu(requete)
  const { json } = await lireVerdict(requete.session, lot.id)
  const octets = Buffer.from(json)
  return {
    genre: 'fichier',
    nom: `${sansExtension(lot.nom)}-verdict.json`,
    type: 'application/json; charset=utf-8',
    octets,
  }
}

/** GET /recevoir/:lot/lignes-a-corriger: the rejected lines, in the form of the file they came from. */
export async function telechargerRejets(requete: Requete): Promise<Reponse> {
  const lot = await lireLotLu(requete)
  if (lot.rejets_en_attente === 0)
    throw refus('lot.rien-a-corriger', 'Aucune ligne de ce dépôt n’attend de correction.')
  const { genre, nom, octets } = await exporterRejets(requete.session, lot.id)
  return { genre: 'fichier', nom, type: GENRES[genre], octets }
}
