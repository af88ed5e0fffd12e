import { createHash } from 'node:crypto'
import { type Application, acteurSysteme, ouvrirSession, type Session } from '#acces'
import { type Territoires, trouverCommune } from '#referentiel'
import { refus } from '#socle/errors'
import { enqueue } from '#socle/queue'
import { calculerEffets, type EffetLigne, ecrireLignes, type LigneVerifiee } from './enregistrement.ts'
import {
  appliquerCorrespondance,
  creerVerification,
  type Enregistrement,
  ecrireVerdictCsv,
  type FichierLisible,
  lireFichier,
  type Motif,
  proposerCorrespondance,
  type VerdictJson,
  verdictJson,
} from './format/index.ts'
import { type EtatLot, type Lot, lireLot } from './lots.ts'

const TAILLE_LOT = 500

export interface Depot {
  readonly organisme: string
  readonly nom: string
  readonly octets: Buffer
  readonly recuLe: Temporal.PlainDate
  /** Corrections sent for the rejected lines of this lot. */
  readonly corrige?: string | undefined
}
