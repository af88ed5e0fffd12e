import { randomBytes } from 'node:crypto'
import { consigner } from '#journal'
import type { Referentiel } from '#referentiel'
import { type Database, dansContexte, lireDansContexte, sql, type Transaction } from '#socle/db'
import { refus } from '#socle/errors'
import { type Clock, parisDay } from '#socle/time'
import { ENGAGEMENT_VERSION } from './deontologie.ts'
import type { Role } from './droits.ts'
import { compterEchecs, empreinte, noterEchec } from './limites.ts'
import { accesDe } from './matrice.ts'
import { verifierMotDePasse } from './mots-de-passe.ts'
import { estDeDemonstration, type ReglagesAcces } from './reglages.ts'
import type { Acteur } from './session.ts'

const FENETRE = { minutes: 10 }
const ESSAIS_PAR_COMPTE_ET_ADRESSE = 8
const ESSAIS_PAR_ADRESSE = 60
/** Failures on one account, all network addresses together, from which each address has fewer tries. */
const COMPTE_ATTAQUE = 40
const ESSAIS_SOUS_ATTAQUE = 2
const DUREE_SESSION = { hours: 12 }
/** Finishing a sign-in (code, enrolment, commitment) takes minutes, not hours. */
const INACTIVITE = { hours: 2 }

/** What signing in reads of the application. */
export interface Porte {
  readonly base: Database
  readonly horloge: Clock
  /** Holds the access matrix. */
  readonly referentiel: Pick<Referentiel, 'matrice'>
  readonly acces?: ReglagesAcces | undefined
}

/** Runs under the perimeter of sign-in: the tables of accounts of one département, nothing of the dossiers. */
export function enConnexion<T>(base: Database, dept: string, travail: (trx: Transaction) => Promise<T>): Promise<T> {
  return dansContexte(base, { dept, portee: 'connexion' }, travail)
}

/** A session as the browser holds it: an opaque token; the database keeps its hash only. */
export interface Connexion {
  readonly jeton: string
  readonly expireA: Temporal.Instant
}

/** How somebody proved who they are. */
export interface Preuve {
  readonly methode: 'mot_de_passe' | 'proconnect'
  readonly secondFacteur: boolean
  /** The person has just typed a password or a code, or the provider says so: a silent passage through the provider proves less. */
  readonly confirmee: boolean
  /** Methods the identity provider says it used. */
  readonly amr?: readonly string[] | undefined
  readonly appareil: string
  /** Sealed identity token: signing out of the provider needs it. */
  readonly jetonIdentite?: string | undefined
}

/** Opens a session under a new identifier: nothing known before signing in gives access after. */
export async function creerSession(
  { sql }: Transaction,
  dept: string,
  compte: string,
  maintenant: Temporal.Instant,
  preuve: Preuve,
): Promise<Connexion> {
  const jeton = randomBytes(32).toString('base64url')
  const expireA = maintenant.add(DUREE_SESSION)
  await sql`insert into session_web (dept, empreinte, compte, cree_a, vue_a, expire_a, jeton, second_facteur, methode, amr, appareil, jeton_identite, confirmee_a)
    values (${dept}, ${empreinte(jeton)}, ${compte}, ${maintenant}, ${maintenant}, ${expireA}, ${randomBytes(18).toString('base64url')},
      ${preuve.secondFacteur}, ${preuve.methode}, ${preuve.amr ?? null}, ${preuve.appareil}, ${preuve.jetonIdentite ?? null},
      ${preuve.confirmee ? maintenant : null})`
  return { jeton: `${dept}.${jeton}`, expireA }
}

/** Splits a token into its département and the hash kept. Null when it cannot be one. */
export function lireJeton(jeton: string): { dept: string; cle: string } | null {
  const separateur = jeton.indexOf('.')
  return separateur < 1 ? null : { dept: jeton.slice(0, separateur), cle: empreinte(jeton.slice(separateur + 1)) }
}

/**
 * Checks an address and a password. Same answer and same time whether the account exists or not. Failures are counted by network address, and by account
 * and network address: whoever tries slows their own place down, never the owner elsewhere. An account tried from everywhere leaves two tries to each place.
 */
export async function ouvrirConnexion(
  application: Porte,
  demande: { dept: string; courriel: string; motDePasse: string; adresse: string; appareil?: string },
): Promise<Connexion> {
  const { base, horloge } = application
  const maintenant = horloge.now()
  const { dept } = demande
  const courriel = demande.courriel.trim().toLowerCase()
  const parAdresse = { cle: `adresse:${empreinte(demande.adresse)}`, max: ESSAIS_PAR_ADRESSE, fenetre: FENETRE }
  const parCompte = { cle: `compte:${empreinte(courriel)}`, max: COMPTE_ATTAQUE, fenetre: FENETRE }
  const parPlace = {
    cle: `compte:${empreinte(`${courriel}|${demande.adresse}`)}`,
    max: ESSAIS_PAR_COMPTE_ET_ADRESSE,
    fenetre: FENETRE,
  }
  const essai = await enConnexion(base, dept, async (trx) => {
    const echecs = await compterEchecs(trx, dept, maintenant, [parAdresse, parCompte, parPlace])
    const n = (cle: string) => echecs.get(cle) ?? 0
    const permis = n(parCompte.cle) >= parCompte.max ? ESSAIS_SOUS_ATTAQUE : parPlace.max
    const freine = n(parPlace.cle) >= permis || n(parAdresse.cle) >= parAdresse.max
    const [ligne] = await trx.sql<{ id: string; mot_de_passe: string | null }>`select id, mot_de_passe from compte
      where dept = ${dept} and courriel = ${courriel} and ferme_a is null`
    if (freine) {
      const auteur = { dept, compte: ligne?.id ?? null, organisme: null, libelle: ligne?.id ?? 'inconnu' }
      const entree = { action: 'connexion.ouvrir', resultat: 'refuse', details: { code: 'trop-d-essais' } } as const
      await consigner(trx, auteur, maintenant, [entree])
    }
    return { compte: ligne, freine }
  })
  if (essai.freine) {
    throw refus(
      'connexion.trop-d-essais',
      'Trop d’essais depuis ce poste. Attendre dix minutes, ou demander un nouveau mot de passe.',
    )
  }
  const { compte } = essai
  const juste = await verifierMotDePasse(compte?.mot_de_passe, demande.motDePasse)
  const connexion = await enConnexion(base, dept, async (trx) => {
    const auteur = { dept, compte: compte?.id ?? null, organisme: null, libelle: compte?.id ?? 'inconnu' }
    if (!compte || !juste) {
      await noterEchec(trx, dept, maintenant, [parAdresse.cle, parCompte.cle, parPlace.cle])
      await consigner(trx, auteur, maintenant, [{ action: 'connexion.ouvrir', resultat: 'refuse' }])
      return null
    }
    await consigner(trx, auteur, maintenant, [{ action: 'connexion.ouvrir', details: { methode: 'mot_de_passe' } }])
    return creerSession(trx, dept, compte.id, maintenant, {
      methode: 'mot_de_passe',
      secondFacteur: false,
      confirmee: true,
      appareil: demande.appareil ?? '',
    })
  })
  if (!connexion)
    throw refus(
      'connexion.refusee',
      'Adresse ou mot de passe inconnu. Vérifier les deux, ou demander un nouveau mot de passe.',
    )
  return connexion
}

/** Somebody connected: the actor, the name to show, and the token forms must send back. */
export interface Connecte {
  readonly acteur: Acteur
  readonly nom: string
  readonly fonction: string
  readonly jetonFormulaire: string
  /** Identifier of this session, for the list of sessions. It opens nothing. */
  readonly session: string
  /** When the person last proved who they are in this session. */
  readonly confirmeeA: Temporal.Instant | null
}

/** What is still to be done before anything else: one-time code, enrolment, yearly commitment. */
export type Etape = 'second_facteur' | 'enrolement' | 'engagement'

/** A session as the database knows it now. */
export interface SessionLue {
  readonly connecte: Connecte
  readonly compte: string
  readonly courriel: string
  readonly methode: string
  /** Null once every step is done. */
  readonly etape: Etape | null
}

interface LigneSession {
  id: string
  compte: string
  nom: string
  prenom: string
  courriel: string
  jeton: string
  vue_a: Temporal.Instant
  second_facteur: boolean
  methode: string
  totp: boolean
  confirmee_a: Temporal.Instant | null
  engagement_a: Temporal.Instant | null
  engagement_version: string | null
  role: Role
  territoires: string[] | null
  organisme: string
  organisme_nom: string
  organisme_type: string
  exceptionnels: string[]
}

function etapeDe(application: Porte, ligne: LigneSession): Etape | null {
  const demonstration = estDeDemonstration(application.acces, ligne.courriel)
  // The identity provider has its own factors; what it says of them is kept with the session.
  if (ligne.methode !== 'proconnect' && !ligne.second_facteur) {
    if (ligne.totp) return 'second_facteur'
    if (!demonstration) return 'enrolement'
  }
  if (demonstration) return null
  const aujourdhui = parisDay(application.horloge.now())
  const accepte = ligne.engagement_a ? parisDay(ligne.engagement_a) : null
  const tenu =
    accepte !== null &&
    ligne.engagement_version === ENGAGEMENT_VERSION &&
    Temporal.PlainDate.compare(accepte.add({ years: 1 }), aujourdhui) > 0
  return tenu ? null : 'engagement'
}

/**
 * Reads a session whatever is left to do in it. Only the pages that finish a sign-in use it. Rights come from the database at each request, so a
 * withdrawn habilitation takes effect at once.
 */
export async function lireSession(application: Porte, jetonComplet: string): Promise<SessionLue | null> {
  const lu = lireJeton(jetonComplet)
  if (!lu) return null
  const { dept, cle } = lu
  const maintenant = application.horloge.now()
  const jour = parisDay(maintenant)
  const [ligne] = await lireDansContexte<LigneSession>(
    application.base,
    { dept, portee: 'connexion' },
    sql`
      select s.id, s.compte, c.nom, c.prenom, c.courriel, s.jeton, s.vue_a, s.second_facteur, s.methode, s.confirmee_a,
        c.totp_actif_a is not null as totp, c.engagement_a, c.engagement_version,
        h.role, coalesce(h.territoires, o.territoires) as territoires, h.organisme, o.nom as organisme_nom, o.type as organisme_type,
        array(select x.dossier::text from acces_exceptionnel x where x.dept = ${dept} and x.compte = s.compte and x.organisme = h.organisme
          and x.clos_a is null and x.expire_a > ${maintenant}) as exceptionnels
      from session_web s
      join compte c on c.dept = ${dept} and c.id = s.compte and c.ferme_a is null
      join habilitation h on h.dept = ${dept} and h.compte = s.compte and h.retiree_a is null
        and h.du <= ${jour} and (h.jusqu_au is null or h.jusqu_au >= ${jour})
      join organisme o on o.dept = ${dept} and o.id = h.organisme and o.actif
      where s.dept = ${dept} and s.empreinte = ${cle} and s.revoquee_a is null and s.expire_a > ${maintenant} and s.vue_a > ${maintenant.subtract(INACTIVITE)}
      order by h.du desc, h.id limit 1`,
  )
  if (!ligne) return null
  if (Temporal.Duration.compare(maintenant.since(ligne.vue_a), { minutes: 1 }) > 0) {
    await enConnexion(
      application.base,
      dept,
      (trx) => trx.sql`update session_web set vue_a = ${maintenant} where dept = ${dept} and empreinte = ${cle}`,
    )
  }
  const nom = `${ligne.prenom} ${ligne.nom}`
  return {
    connecte: {
      acteur: {
        dept,
        compte: ligne.compte,
        organisme: ligne.organisme,
        organismeNom: ligne.organisme_nom,
        role: ligne.role,
        organismeType: ligne.organisme_type,
        acces: accesDe(application.referentiel.matrice, ligne.organisme_type, ligne.role),
        territoires: ligne.territoires,
        exceptionnels: ligne.exceptionnels,
        libelle: nom,
      },
      nom,
      fonction: ligne.organisme_nom,
      jetonFormulaire: ligne.jeton,
      session: ligne.id,
      confirmeeA: ligne.confirmee_a,
    },
    compte: ligne.compte,
    courriel: ligne.courriel,
    methode: ligne.methode,
    etape: etapeDe(application, ligne),
  }
}

/**
 * Reads who holds a token, now. Returns null when the token is unknown, expired, revoked, idle too long, when no habilitation is in force today, and as long
 * as a step of the sign-in is left: an unfinished session opens no page.
 */
export async function lireConnexion(application: Porte, jetonComplet: string): Promise<Connecte | null> {
  const lue = await lireSession(application, jetonComplet)
  return lue && lue.etape === null ? lue.connecte : null
}

/**
 * An account as it would act if it signed in now, for what Amont prepares in its name: its mail of the day, its calendar. What it opened exceptionally stays out. Null
 * when the account is closed, or holds no habilitation today.
 */
export async function acteurDuCompte(application: Porte, dept: string, compte: string): Promise<Acteur | null> {
  const jour = parisDay(application.horloge.now())
  const [ligne] = await lireDansContexte<
    Pick<LigneSession, 'nom' | 'prenom' | 'role' | 'territoires' | 'organisme' | 'organisme_nom' | 'organisme_type'>
  >(
    application.base,
    { dept, portee: 'connexion' },
    sql`
      select c.nom, c.prenom, h.role, coalesce(h.territoires, o.territoires) as territoires, h.organisme, o.nom as organisme_nom, o.type as organisme_type
      from compte c
      join habilitation h on h.dept = ${dept} and h.compte = c.id and h.retiree_a is null
        and h.du <= ${jour} and (h.jusqu_au is null or h.jusqu_au >= ${jour})
      join organisme o on o.dept = ${dept} and o.id = h.organisme and o.actif
      where c.dept = ${dept} and c.id = ${compte}::uuid and c.ferme_a is null
      order by h.du desc, h.id limit 1`,
  )
  if (!ligne) return null
  return {
    dept,
    compte,
    organisme: ligne.organisme,
    organismeNom: ligne.organisme_nom,
    role: ligne.role,
    organismeType: ligne.organisme_type,
    acces: accesDe(application.referentiel.matrice, ligne.organisme_type, ligne.role),
    territoires: ligne.territoires,
    libelle: `${ligne.prenom} ${ligne.nom}`,
  }
}

/**
 * Ends every way into an account: its sessions, unless `sauf` names one, and the secret address of its calendar, which would go on answering whoever took it. Returns how
 * many sessions were still alive.
 */
export async function finirConnexions(
  { sql }: Pick<Transaction, 'sql'>,
  dept: string,
  compte: string,
  maintenant: Temporal.Instant,
  sauf: string | null = null,
): Promise<number> {
  const finies = await sql<{ vive: boolean }>`update session_web set revoquee_a = ${maintenant}
    where dept = ${dept} and compte = ${compte}::uuid and revoquee_a is null and (${sauf}::uuid is null or id <> ${sauf}::uuid)
    returning expire_a > ${maintenant} as vive`
  await sql`select public.finir_calendrier(${dept}, ${compte}::uuid, ${maintenant})`
  return finies.filter(({ vive }) => vive).length
}

/** Ends a session for good. Returns the sealed identity token it held, if any. */
export async function fermerConnexion(application: Porte, jetonComplet: string): Promise<string | null> {
  const lu = lireJeton(jetonComplet)
  if (!lu) return null
  const maintenant = application.horloge.now()
  return enConnexion(application.base, lu.dept, async (trx) => {
    const [fermee] = await trx.sql<{ compte: string; jeton_identite: string | null }>`
      update session_web set revoquee_a = ${maintenant}
      where dept = ${lu.dept} and empreinte = ${lu.cle} and revoquee_a is null returning compte, jeton_identite`
    if (!fermee) return null
    const auteur = { dept: lu.dept, compte: fermee.compte, organisme: null, libelle: fermee.compte }
    await consigner(trx, auteur, maintenant, [{ action: 'connexion.fermer' }])
    return fermee.jeton_identite
  })
}
