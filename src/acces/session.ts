import { type Acte, consigner, decrireAction, type Entree, objetDe, ouvrirCarnet } from '#journal'
import type { Delais } from '#procedure'
import type { Referentiel } from '#referentiel'
import type { Keyring } from '#socle/cipher'
import { type Database, dansContexte, type Execute, type Transaction } from '#socle/db'
import { Interdit, Introuvable, Refus } from '#socle/errors'
import { type Clock, parisDay } from '#socle/time'
import { type Coffre, ouvrirCoffre, trousseauDe } from './coffre.ts'
import type { Droit, Role } from './droits.ts'
import { ACCES_DU_SYSTEME, type Acces, aLeDroit, cerclesOuverts, partout, territoiresOuverts } from './matrice.ts'
import { arreterLecture, compterConsultations, quotaDepasse } from './quotas.ts'
import type { ReglagesAcces } from './reglages.ts'

/** Somebody known, acting for one organisme under one habilitation. */
export interface Acteur {
  readonly dept: string
  readonly compte: string | null
  readonly organisme: string | null
  readonly organismeNom: string
  readonly role: Role
  /** Kind of the organisme; null for background work. */
  readonly organismeType: string | null
  /** What the access matrix gives to this role in this kind of organisme. */
  readonly acces: Acces
  readonly territoires: readonly string[] | null
  /** Dossiers this person opened under an exceptional access that is not over. */
  readonly exceptionnels?: readonly string[] | undefined
  /** Shown to people and kept in the journal, where no other name appears. */
  readonly libelle: string
}

/**
 * Gives the référentiel of a département with what it approved itself. `stamp` moves when that changed; the reading happens in the transaction of the
 * session, so that a session never mixes two states of the rules.
 */
export type LireRegles = (
  dept: string,
  stamp: number,
  trx: Pick<Transaction, 'sql'>,
) => Referentiel | Promise<Referentiel>

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
  /** Without it nobody is invited nor enrols: commands that only read, tests of something else. */
  readonly acces?: ReglagesAcces | undefined
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
  /** What seals and opens the values the database must not show, of the whole département. */
  coffre(): Promise<Coffre>
  /** Keys kept outside the database. */
  cles(): Keyring
  /** Adds to what the act leaves in the journal, written with it when it ends. */
  consigner(entree: Entree): void
}

/** The actor of background work of one département. */
export function acteurSysteme(dept: string, tache: string): Acteur {
  return {
    dept,
    compte: null,
    organisme: null,
    organismeNom: 'Amont',
    role: 'systeme',
    organismeType: null,
    acces: ACCES_DU_SYSTEME,
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

function contexteDe(acteur: Acteur, maintenant: Temporal.Instant) {
  return {
    dept: acteur.dept,
    portee: acteur.acces.portee,
    organisme: acteur.organisme,
    compte: acteur.compte,
    territoires: territoiresOuverts(acteur.acces, acteur.territoires),
    reception: partout(acteur.acces.droits.get('lot.consulter') ?? []),
    jour: parisDay(maintenant),
    exceptionnels: acteur.exceptionnels ?? null,
    // Background work opens none: what people write to one another is not its business.
    cercles: acteur.compte === null ? [] : cerclesOuverts(acteur.acces),
  }
}

/** Said wherever an act meets an exceptional access. */
export const LECTURE_PAR_EXCEPTION =
  'Ce dossier vous est ouvert par exception, pour une urgence : il se lit, rien ne s’y écrit. Rien n’a été enregistré. Pour y noter un contact, y écrire ou y répondre, demander au secrétariat ou au service en charge d’y inviter votre organisme ; s’il y est déjà, terminer d’abord l’accès exceptionnel.'

/** Ending the access is the one act an exceptional access allows. */
const ACTE_PAR_EXCEPTION = 'acces_exceptionnel.clore'

/**
 * Whatever touches a dossier opened exceptionally says so in the journal: a reading, a list. An act on it is refused whichever its address, and takes the whole
 * transaction back: what was written before it was journalled does not stay.
 */
function direExceptionnel(acteur: Acteur, noter: Session['consigner']): Session['consigner'] {
  const ouverts = acteur.exceptionnels ?? []
  if (ouverts.length === 0) return noter
  return (entree) => {
    const touches = ouverts.filter((id) => id === entree.objetId || entree.dossiers?.includes(id))
    if (touches.length === 0) return noter(entree)
    const { genre } = decrireAction(entree.action)
    if (
      entree.resultat !== 'refuse' &&
      entree.action !== ACTE_PAR_EXCEPTION &&
      (genre === 'ecriture' || genre === 'transmission')
    )
      throw new Interdit(LECTURE_PAR_EXCEPTION)
    noter({ ...entree, details: { ...entree.details, exceptionnels: touches } })
  }
}

/** Journals an act that was refused, in a transaction of its own: the act's one is rolled back, or never opened. */
export async function consignerRefus(
  application: Application,
  acteur: Acteur,
  droit: Droit,
  code: string,
  acte?: Acte,
): Promise<void> {
  const entree = { action: droit, ...objetDe(acte?.parametres), resultat: 'refuse', details: { code } } as const
  const maintenant = application.horloge.now()
  await dansContexte(application.base, contexteDe(acteur, maintenant), (trx) =>
    consigner(trx, auteur(acteur), maintenant, [entree], acte?.route),
  )
}

/** Whose reading is counted: a person's. Background work has no limit. */
function lectureDe({ referentiel }: Application, { dept, compte, role }: Acteur, maintenant: Temporal.Instant) {
  return compte === null ? null : { dept, compte, role, racine: referentiel.racine, jour: parisDay(maintenant) }
}

/** Invalid text representation: an address that holds no id at all. */
const PAS_UN_IDENTIFIANT = '22P02'

/** Why an act was refused, for the journal; null when it failed for another reason. */
function codeDeRefus(erreur: unknown): string | null {
  if (erreur instanceof Refus) return erreur.code
  if (erreur instanceof Interdit) return 'interdit'
  if (erreur instanceof Introuvable || (erreur as { code?: unknown }).code === PAS_UN_IDENTIFIANT) return 'introuvable'
  return null
}

/**
 * Opens the transaction of one act, under the actor's perimeter. The right is checked before anything is read. What the act read and did is
 * journalled in its transaction; a refusal, or what does not exist for this actor, in its own. `acte` is the address it came through.
 */
export async function ouvrirSession<T>(
  application: Application,
  acteur: Acteur,
  droit: Droit,
  travail: (session: Session) => Promise<T>,
  acte?: Acte,
): Promise<T> {
  const maintenant = application.horloge.now()
  const delais = application.delais.get(acteur.dept)
  if (!delais) throw new Error(`département ${acteur.dept} absent from the data`)
  if (!aLeDroit(acteur, droit)) {
    await consignerRefus(application, acteur, droit, 'interdit', acte)
    throw new Interdit()
  }
  try {
    return await dansContexte(application.base, contexteDe(acteur, maintenant), async (trx) => {
      const lu = application.regles?.(acteur.dept, trx.rulesStamp, trx)
      const carnet = ouvrirCarnet()
      let coffre: Promise<Coffre> | undefined
      const resultat = await travail({
        acteur,
        dept: acteur.dept,
        jour: parisDay(maintenant),
        maintenant,
        referentiel: (lu instanceof Promise ? await lu : lu) ?? application.referentiel,
        delais,
        sql: trx.sql,
        coffre: () => {
          coffre ??= ouvrirCoffre(application, acteur.dept, trx.sql, maintenant)
          return coffre
        },
        cles: () => trousseauDe(application),
        consigner: direExceptionnel(acteur, carnet.consigner),
      })
      const entrees = await carnet.ecrire(trx, auteur(acteur), maintenant, acte && { ...acte, droit })
      const lecture = lectureDe(application, acteur, maintenant)
      if (lecture) compterConsultations(trx, lecture, entrees)
      return resultat
    })
  } catch (erreur) {
    const compteur = quotaDepasse(erreur)
    const lecture = compteur && lectureDe(application, acteur, maintenant)
    if (compteur && lecture) {
      await consignerRefus(application, acteur, droit, `quota.${compteur}`, acte)
      throw await dansContexte(application.base, contexteDe(acteur, maintenant), async (trx) =>
        arreterLecture(trx, lecture, compteur, maintenant),
      )
    }
    const code = codeDeRefus(erreur)
    if (code) await consignerRefus(application, acteur, droit, code, acte)
    throw erreur
  }
}
