import { createHash, randomBytes } from 'node:crypto'
import { hash, verify } from '@node-rs/argon2'
import { consigner } from '#journal'
import { type Database, dansContexte, lireDansContexte, sql, type Transaction } from '#socle/db'
import { refus } from '#socle/errors'
import { type Clock, parisDay } from '#socle/time'
import type { Role } from './droits.ts'
import type { Acteur } from './session.ts'

const ARGON = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }
const ESSAIS_PAR_COMPTE_ET_ADRESSE = 8
const ESSAIS_PAR_ADRESSE = 60
const FENETRE = Temporal.Duration.from({ minutes: 10 })
const DUREE_SESSION = Temporal.Duration.from({ hours: 12 })
const INACTIVITE = Temporal.Duration.from({ hours: 2 })

/** A password is kept as argon2id only. */
export function hacherMotDePasse(motDePasse: string): Promise<string> {
  return hash(motDePasse, ARGON)
}

// Verified when the account does not exist, so that both answers take the same time.
let leurre: Promise<string> | undefined

function empreinte(jeton: string): string {
  return createHash('sha256').update(jeton).digest('base64url')
}

function connexion<T>(base: Database, dept: string, travail: (trx: Transaction) => Promise<T>): Promise<T> {
  return dansContexte(base, { dept, portee: 'connexion' }, travail)
}

/** A session as the browser holds it: an opaque token; the database keeps its hash only. */
export interface Connexion {
  readonly jeton: string
  readonly expireA: Temporal.Instant
}

/**
 * Checks an address and a password. Same answer and same time whether the account exists or not; too many failures from one network address slow
 * that address down, never the account's owner elsewhere.
 */
export async function ouvrirConnexion(
  application: { base: Database; horloge: Clock },
  demande: { dept: string; courriel: string; motDePasse: string; adresse: string },
): Promise<Connexion> {
  const { base, horloge } = application
  const maintenant = horloge.now()
  const courriel = demande.courriel.trim().toLowerCase()
  const cles = [
    `adresse:${empreinte(demande.adresse)}`,
    `compte:${empreinte(`${courriel}|${demande.adresse}`)}`,
  ] as const
  const essai = await connexion(base, demande.dept, async (trx) => {
    const { sql } = trx
    const depuis = maintenant.subtract(FENETRE)
    const essais = await sql<{ cle: string; n: number }>`select cle, count(*)::int as n from tentative_connexion
      where dept = ${demande.dept} and cle in (${cles[0]}, ${cles[1]}) and a > ${depuis} group by cle`
    const n = (cle: string) => essais.find((essai) => essai.cle === cle)?.n ?? 0
    const [compte] = await sql<{ id: string; mot_de_passe: string | null }>`select id, mot_de_passe from compte
      where dept = ${demande.dept} and courriel = ${courriel} and ferme_a is null`
    const freine = n(cles[1]) >= ESSAIS_PAR_COMPTE_ET_ADRESSE || n(cles[0]) >= ESSAIS_PAR_ADRESSE
    if (freine) {
      const auteur = {
        dept: demande.dept,
        compte: compte?.id ?? null,
        organisme: null,
        libelle: compte?.id ?? 'inconnu',
      }
      const entree = { action: 'connexion.ouvrir', resultat: 'refuse', details: { code: 'trop-d-essais' } } as const
      await consigner(trx, auteur, maintenant, [entree])
    }
    return { compte, freine }
  })
  if (essai.freine)
    throw refus(
      'connexion.trop-d-essais',
      'Trop d’essais depuis ce poste. Attendre dix minutes, ou demander un nouveau mot de passe à l’administrateur.',
    )
  const { compte } = essai
  leurre ??= hacherMotDePasse(randomBytes(12).toString('hex'))
  const juste = await verify(compte?.mot_de_passe ?? (await leurre), demande.motDePasse).catch(() => false)
  const jeton = randomBytes(32).toString('base64url')
  const expireA = maintenant.add(DUREE_SESSION)
  const admis = await connexion(base, demande.dept, async (trx) => {
    const { sql } = trx
    const auteur = { dept: demande.dept, compte: compte?.id ?? null, organisme: null, libelle: compte?.id ?? 'inconnu' }
    if (!compte || !juste) {
      for (const cle of cles)
        await sql`insert into tentative_connexion (dept, cle, a) values (${demande.dept}, ${cle}, ${maintenant})`
      await sql`delete from tentative_connexion where dept = ${demande.dept} and a < ${maintenant.subtract({ hours: 24 })}`
      await consigner(trx, auteur, maintenant, [{ action: 'connexion.ouvrir', resultat: 'refuse' }])
      return false
    }
    await sql`insert into session_web (dept, empreinte, compte, cree_a, vue_a, expire_a, jeton)
      values (${demande.dept}, ${empreinte(jeton)}, ${compte.id}, ${maintenant}, ${maintenant}, ${expireA}, ${randomBytes(18).toString('base64url')})`
    await consigner(trx, auteur, maintenant, [{ action: 'connexion.ouvrir' }])
    return true
  })
  if (!admis)
    throw refus(
      'connexion.refusee',
      'Adresse ou mot de passe inconnu. Vérifier les deux, ou demander à l’administrateur.',
    )
  return { jeton: `${demande.dept}.${jeton}`, expireA }
}

/** Somebody connected: the actor, the name to show, and the token forms must send back. */
export interface Connecte {
  readonly acteur: Acteur
  readonly nom: string
  readonly fonction: string
  readonly jetonFormulaire: string
}

interface LigneSession {
  compte: string
  nom: string
  prenom: string
  jeton: string
  vue_a: Temporal.Instant
  role: Role
  territoires: string[] | null
  organisme: string
  organisme_nom: string
}

/**
 * Reads who holds a token, now: rights come from the database at each request, so a withdrawn habilitation takes effect at once. Returns null when the token
 * is unknown, expired, revoked, idle too long, or when no habilitation is in force today.
 */
export async function lireConnexion(
  application: { base: Database; horloge: Clock },
  jetonComplet: string,
): Promise<Connecte | null> {
  const separateur = jetonComplet.indexOf('.')
  if (separateur < 1) return null
  const dept = jetonComplet.slice(0, separateur)
  const cle = empreinte(jetonComplet.slice(separateur + 1))
  const maintenant = application.horloge.now()
  const jour = parisDay(maintenant)
  const [ligne] = await lireDansContexte<LigneSession>(
    application.base,
    { dept, portee: 'connexion' },
    sql`select s.compte, c.nom, c.prenom, s.jeton, s.vue_a, h.role, coalesce(h.territoires, o.territoires) as territoires, h.organisme, o.nom as organisme_nom
      from session_web s
      join compte c on c.dept = ${dept} and c.id = s.compte and c.ferme_a is null
      join habilitation h on h.dept = ${dept} and h.compte = s.compte
        and h.du <= ${jour} and (h.jusqu_au is null or h.jusqu_au >= ${jour})
      join organisme o on o.dept = ${dept} and o.id = h.organisme and o.actif
      where s.dept = ${dept} and s.empreinte = ${cle} and s.revoquee_a is null and s.expire_a > ${maintenant} and s.vue_a > ${maintenant.subtract(INACTIVITE)}
      order by h.du desc, h.id limit 1`,
  )
  if (!ligne) return null
  if (Temporal.Duration.compare(maintenant.since(ligne.vue_a), { minutes: 1 }) > 0) {
    await connexion(
      application.base,
      dept,
      (trx) => trx.sql`update session_web set vue_a = ${maintenant} where dept = ${dept} and empreinte = ${cle}`,
    )
  }
  const nom = `${ligne.prenom} ${ligne.nom}`
  return {
    acteur: {
      dept,
      compte: ligne.compte,
      organisme: ligne.organisme,
      organismeNom: ligne.organisme_nom,
      role: ligne.role,
      territoires: ligne.territoires,
      libelle: nom,
    },
    nom,
    fonction: ligne.organisme_nom,
    jetonFormulaire: ligne.jeton,
  }
}

/** Ends a session for good. */
export async function fermerConnexion(
  application: { base: Database; horloge: Clock },
  jetonComplet: string,
): Promise<void> {
  const separateur = jetonComplet.indexOf('.')
  const dept = jetonComplet.slice(0, Math.max(separateur, 0))
  const maintenant = application.horloge.now()
  await connexion(application.base, dept, async (trx) => {
    const [ouverte] = await trx.sql<{ compte: string }>`update session_web set revoquee_a = ${maintenant}
      where dept = ${dept} and empreinte = ${empreinte(jetonComplet.slice(separateur + 1))} and revoquee_a is null returning compte`
    if (!ouverte) return
    const auteur = { dept, compte: ouverte.compte, organisme: null, libelle: ouverte.compte }
    await consigner(trx, auteur, maintenant, [{ action: 'connexion.fermer' }])
  })
}
