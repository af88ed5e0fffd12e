import { consigner, type Entree } from '#journal'
import type { Delais } from '#procedure'
import type { Referentiel } from '#referentiel'
import { type Database, dansContexte, type Execute, type Transaction } from '#socle/db'
import { Interdit, Refus } from '#socle/errors'
import { type Clock, parisDay } from '#socle/time'
import { aLeDroit, type Droit, porteeParRole, type Role } from './droits.ts'

/** Somebody known, acting for one organisme under one habilitation. */
export interface Acteur {
  readonly dept: string
  readonly compte: string | null
  readonly organisme: string | null
  readonly organismeNom: string
  readonly role: Role
  readonly territoires: readonly string[] | null
  /** Shown to people and kept in the journal, where no other name appears. */
  readonly libelle: string
}

/**
 * Gives the référentiel of a département with what it approved itself. `stamp` moves when that changed; the reading happens in the transaction of the
 * session, so that a session never mixes two states of the rules.
 */
export type LireRegles = (dept: string, stamp: number, trx: Transaction) => Referentiel | Promise<Referentiel>

/** What every session needs, built once at start. */
export interface Application {
  readonly base: Database
  readonly horloge: Clock
  /** Law and charters as shipped. Rules are read on `Session.referentiel`, which adds what the département approved. */
  readonly referentiel: Referentiel
  /** Absent: the data shipped, alone. */
  readonly regles?: LireRegles | undefined
  /** Time limits of each département: the law's and its charter's. */
  readonly delais: ReadonlyMap<string, Delais>
}

/** The only database handle. It carries who acts, the day of the act, and the reviewed law and charter. */
export interface Session {
  readonly acteur: Acteur
  readonly dept: string
  readonly jour: Temporal.PlainDate
  readonly maintenant: Temporal.Instant
  /** Law and charters in the state of this session: shipped, and approved by the département. */
  readonly referentiel: Referentiel
  readonly delais: Delais
  readonly sql: Execute
  consigner(entree: Entree): Promise<void>
}

/** The actor of background work of one département. */
export function acteurSysteme(dept: string, tache: string): Acteur {
  return {
    dept,
    compte: null,
    organisme: null,
    organismeNom: 'Amont',
    role: 'systeme',
    territoires: null,
    libelle: `amont:${tache}`,
  }
}

function auteur(acteur: Acteur) {
  return {
    dept: acteur.dept,
    compte: acteur.compte,
    organisme: acteur.organisme,
    libelle: acteur.compte ?? acteur.libelle,
  }
}

/**
 * Opens the transaction of one act, under the actor's perimeter. The right is checked before anything is read; a refusal is journalled in
 * its own transaction, because the act's one is rolled back.
 */
export async function ouvrirSession<T>(
  application: Application,
  acteur: Acteur,
  droit: Droit,
  travail: (session: Session) => Promise<T>,
): Promise<T> {
  const contexte = {
    dept: acteur.dept,
    portee: porteeParRole[acteur.role],
    organisme: acteur.organisme,
    compte: acteur.compte,
    territoires: acteur.territoires,
    reception: aLeDroit(acteur.role, 'lot.consulter') && acteur.role !== 'emetteur',
  }
  const maintenant = application.horloge.now()
  const refuser = async (code: string) => {
    await dansContexte(application.base, contexte, (trx) =>
      consigner(trx, auteur(acteur), maintenant, { action: droit, resultat: 'refuse', details: { code } }),
    )
  }
  const delais = application.delais.get(acteur.dept)
  if (!delais) throw new Error(`département ${acteur.dept} absent from the data`)
  if (!aLeDroit(acteur.role, droit)) {
    await refuser('interdit')
    throw new Interdit()
  }
  try {
    return await dansContexte(application.base, contexte, async (trx) => {
      const lu = application.regles?.(acteur.dept, trx.rulesStamp, trx)
      return travail({
        acteur,
        dept: acteur.dept,
        jour: parisDay(maintenant),
        maintenant,
        referentiel: (lu instanceof Promise ? await lu : lu) ?? application.referentiel,
        delais,
        sql: trx.sql,
        consigner: (entree) => consigner(trx, auteur(acteur), maintenant, entree),
      })
    })
  } catch (erreur) {
    if (erreur instanceof Refus) await refuser(erreur.code)
    throw erreur
  }
}
