import { randomBytes } from 'node:crypto'
import { generateSecret, generateURI, verify } from 'otplib/functional'
import { consigner } from '#journal'
import { seal, unseal } from '#socle/cipher'
import type { Transaction } from '#socle/db'
import { refus } from '#socle/errors'
import { aviser } from './avis.ts'
import { type Connexion, creerSession, enConnexion, lireJeton, type Porte, type SessionLue } from './connexion.ts'
import { compterEchecs, empreinte, noterEchec } from './limites.ts'
import { exigerReglages, type ReglagesAcces } from './reglages.ts'
import type { Session } from './session.ts'

const PERIODE = 30
const ECHECS_PAR_PLACE = { max: 5, fenetre: { minutes: 10 } }
/** Whoever knows a password and tries codes from everywhere is stopped here; recovery codes, too long to guess, still enter. */
const ECHECS_PAR_COMPTE = { max: 100, fenetre: { hours: 1 } }
const CODES_SECOURS = 10
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789'

const usage = (dept: string, compte: string): string => `totp|${dept}|${compte}`

/** Says whether a code is right, and at which step of thirty seconds. The step before and the step after are admitted. */
async function lirePas(secret: string, code: string, maintenant: Temporal.Instant, apres: number | null) {
  try {
    const resultat = await verify({
      secret,
      token: code,
      epoch: Math.floor(maintenant.epochMilliseconds / 1000),
      epochTolerance: PERIODE,
      ...(apres === null ? {} : { afterTimeStep: apres }),
    })
    return resultat.valid && 'timeStep' in resultat ? resultat.timeStep : null
  } catch {
    // The library throws on what cannot be a code, and when the last accepted step is ahead of its window.
    return null
  }
}

/** Ten codes of 79 bits, shown once: only their hashes are kept, and the previous ones end. */
async function tirerCodesSecours(
  { sql }: Pick<Transaction, 'sql'>,
  dept: string,
  compte: string,
  maintenant: Temporal.Instant,
): Promise<string[]> {
  await sql`update code_secours set annule_a = ${maintenant} where dept = ${dept} and compte = ${compte} and annule_a is null`
  const codes: string[] = []
  while (codes.length < CODES_SECOURS) {
    // 248 is the greatest multiple of 31 under 256: every letter is as likely.
    const lettres = [...randomBytes(40)].filter((octet) => octet < 248).slice(0, 16)
    if (lettres.length < 16) continue
    const code = lettres.map((octet) => ALPHABET[octet % ALPHABET.length]).join('')
    await sql`insert into code_secours (dept, compte, empreinte, cree_a) values (${dept}, ${compte}, ${empreinte(code)}, ${maintenant})`
    codes.push(code.replace(/(.{4})(?=.)/g, '$1-'))
  }
  return codes
}

/** The secret to enter in an application, as text and as the address a QR code carries. */
export interface Enrolement {
  readonly secret: string
  readonly uri: string
}

interface Attente {
  readonly totp_attente: string | null
  readonly totp_attente_a: Temporal.Instant | null
}

/** A secret waits an hour for its first code. */
function enAttente(ligne: Attente | undefined, maintenant: Temporal.Instant): string | null {
  if (!ligne?.totp_attente || !ligne.totp_attente_a) return null
  const fraiche = Temporal.Instant.compare(ligne.totp_attente_a.add({ hours: 1 }), maintenant) > 0
  return fraiche ? ligne.totp_attente : null
}

/**
 * Gives the secret that waits for its first code, the same until it is confirmed: going back to the page changes nothing. Somebody already enrolled gets one
 * only after `recommencerEnrolement`, which follows their password; otherwise null.
 */
export async function preparerEnrolement(application: Porte, session: SessionLue): Promise<Enrolement | null> {
  const { cles } = exigerReglages(application.acces)
  const maintenant = application.horloge.now()
  const { dept } = session.connecte.acteur
  const { compte } = session
  const secret = await enConnexion(application.base, dept, async ({ sql }) => {
    const [ligne] = await sql<Attente>`
      select totp_attente, totp_attente_a from compte where dept = ${dept} and id = ${compte} for update`
    const scelle = enAttente(ligne, maintenant)
    if (scelle) return unseal(cles, scelle, usage(dept, compte))
    if (session.etape !== 'enrolement') return null
    const nouveau = generateSecret()
    await sql`update compte set totp_attente = ${seal(cles, nouveau, usage(dept, compte))}, totp_attente_a = ${maintenant}
      where dept = ${dept} and id = ${compte}`
    return nouveau
  })
  return secret === null ? null : { secret, uri: generateURI({ issuer: 'Amont', label: session.courriel, secret }) }
}

/** Draws another secret for somebody who has just confirmed their password. The one in use stays until the new one gives its first code. */
export async function recommencerEnrolement(session: Session, reglages: ReglagesAcces | undefined): Promise<void> {
  const { cles } = exigerReglages(reglages)
  const { sql, dept, maintenant } = session
  const compte = session.acteur.compte ?? ''
  await sql`update compte set totp_attente = ${seal(cles, generateSecret(), usage(dept, compte))}, totp_attente_a = ${maintenant}
    where dept = ${dept} and id = ${compte}`
  session.consigner({ action: 'second-facteur.recommencer' })
}

const codeFaux = () =>
  refus('connexion.code', 'Ce code ne convient pas. Attendre le code suivant dans l’application, puis le saisir.')

/** Confirms the enrolment by a first code. Returns the recovery codes, shown once, and the session under a new identifier. */
export async function confirmerEnrolement(
  application: Porte,
  jeton: string,
  session: SessionLue,
  code: string,
): Promise<{ codes: string[]; connexion: Connexion }> {
  const { cles } = exigerReglages(application.acces)
  const maintenant = application.horloge.now()
  const { dept } = session.connecte.acteur
  const resultat = await enConnexion(application.base, dept, async (trx) => {
    if (session.etape !== 'enrolement' && session.etape !== null) return null
    const [ligne] = await trx.sql<Attente>`
      select totp_attente, totp_attente_a from compte where dept = ${dept} and id = ${session.compte} for update`
    const scelle = enAttente(ligne, maintenant)
    if (!scelle) return null
    const secret = unseal(cles, scelle, usage(dept, session.compte))
    const pas = await lirePas(secret, code.replace(/\s/g, ''), maintenant, null)
    if (pas === null) return null
    await trx.sql`update compte set totp_secret = totp_attente, totp_attente = null, totp_attente_a = null, totp_actif_a = ${maintenant}, totp_pas = ${pas}
      where dept = ${dept} and id = ${session.compte}`
    const codes = await tirerCodesSecours(trx, dept, session.compte, maintenant)
    await aviser(trx, dept, session.compte, 'second-facteur')
    await consigner(trx, auteurDe(session), maintenant, [{ action: 'second-facteur.enroler' }])
    return { codes, connexion: await renouveler(trx, jeton, session, maintenant) }
  })
  if (!resultat) throw codeFaux()
  return resultat
}

function auteurDe(session: SessionLue) {
  const { dept, organisme } = session.connecte.acteur
  return { dept, compte: session.compte, organisme, libelle: session.compte }
}

/** Ends the session that waited, opens the complete one under another identifier. */
async function renouveler(
  trx: Transaction,
  jeton: string,
  session: SessionLue,
  maintenant: Temporal.Instant,
): Promise<Connexion> {
  const lu = lireJeton(jeton)
  const dept = session.connecte.acteur.dept
  const [ancienne] = await trx.sql<{
    appareil: string
    methode: 'mot_de_passe' | 'proconnect'
    amr: string[] | null
    jeton_identite: string | null
  }>`
    update session_web set revoquee_a = ${maintenant} where dept = ${dept} and empreinte = ${lu?.cle ?? ''} and revoquee_a is null
    returning appareil, methode, amr, jeton_identite`
  if (!ancienne) throw refus('connexion.perdue', 'La session a pris fin. Se connecter de nouveau.')
  return creerSession(trx, dept, session.compte, maintenant, {
    methode: ancienne.methode,
    secondFacteur: true,
    confirmee: true,
    amr: ancienne.amr ?? undefined,
    appareil: ancienne.appareil,
    jetonIdentite: ancienne.jeton_identite ?? undefined,
  })
}

/**
 * Second step of a sign-in: a code of the application, once, or a recovery code, once. Returns the complete session under a new identifier. After five
 * failures from one place the waiting session ends: the password is asked again.
 */
export async function passerSecondFacteur(
  application: Porte,
  jeton: string,
  session: SessionLue,
  demande: { code: string; adresse: string },
): Promise<Connexion> {
  const maintenant = application.horloge.now()
  const { dept } = session.connecte.acteur
  const saisi = demande.code.replace(/[\s-]/g, '').toLowerCase()
  const secours = !/^\d{6}$/.test(saisi)
  const parPlace = { ...ECHECS_PAR_PLACE, cle: `code:${empreinte(`${session.compte}|${demande.adresse}`)}` }
  const parCompte = { ...ECHECS_PAR_COMPTE, cle: `code:${empreinte(session.compte)}` }
  const resultat = await enConnexion(application.base, dept, async (trx) => {
    const echecs = await compterEchecs(trx, dept, maintenant, [parPlace, parCompte])
    const trop =
      (echecs.get(parPlace.cle) ?? 0) >= parPlace.max || (!secours && (echecs.get(parCompte.cle) ?? 0) >= parCompte.max)
    if (trop) {
      await trx.sql`update session_web set revoquee_a = ${maintenant} where dept = ${dept} and id = ${session.connecte.session}`
      return 'trop' as const
    }
    if (await verifierCode(trx, saisi, secours)) {
      await consigner(trx, auteurDe(session), maintenant, [
        {
          action: 'connexion.second-facteur',
          details: { genre: secours ? 'secours' : 'application' },
        },
      ])
      return renouveler(trx, jeton, session, maintenant)
    }
    await noterEchec(trx, dept, maintenant, [parPlace.cle, parCompte.cle])
    await consigner(trx, auteurDe(session), maintenant, [{ action: 'connexion.second-facteur', resultat: 'refuse' }])
    return 'faux' as const
  })
  if (resultat === 'trop')
    throw refus(
      'connexion.trop-d-essais',
      'Trop de codes faux depuis ce poste. Attendre dix minutes, puis se connecter de nouveau.',
    )
  if (resultat === 'faux') throw codeFaux()
  return resultat

  async function verifierCode({ sql }: Pick<Transaction, 'sql'>, code: string, deSecours: boolean): Promise<boolean> {
    if (deSecours) {
      const [utilise] = await sql`update code_secours set utilise_a = ${maintenant}
        where dept = ${dept} and compte = ${session.compte} and empreinte = ${empreinte(code)} and utilise_a is null and annule_a is null
        returning id`
      return utilise !== undefined
    }
    return consommerCode({ sql }, application.acces, dept, session.compte, code, maintenant)
  }
}

/** Says whether a code of the application is right and has not served; it then has. */
export async function consommerCode(
  { sql }: Pick<Transaction, 'sql'>,
  reglages: ReglagesAcces | undefined,
  dept: string,
  compte: string,
  code: string,
  maintenant: Temporal.Instant,
): Promise<boolean> {
  const { cles } = exigerReglages(reglages)
  const [ligne] = await sql<{ totp_secret: string | null; totp_pas: number | null }>`
    select totp_secret, totp_pas from compte where dept = ${dept} and id = ${compte} for update`
  if (!ligne?.totp_secret) return false
  const pas = await lirePas(unseal(cles, ligne.totp_secret, usage(dept, compte)), code, maintenant, ligne.totp_pas)
  if (pas === null || (ligne.totp_pas !== null && pas <= ligne.totp_pas)) return false
  await sql`update compte set totp_pas = ${pas} where dept = ${dept} and id = ${compte}`
  return true
}

/** Draws new recovery codes; those before no longer enter. */
export async function renouvelerCodesSecours(
  trx: Pick<Transaction, 'sql'>,
  dept: string,
  compte: string,
  maintenant: Temporal.Instant,
): Promise<string[]> {
  return tirerCodesSecours(trx, dept, compte, maintenant)
}

/** How many secrets of one-time codes each key outside the database seals, by its print. */
export async function compterCodesScelles({ sql, dept }: Session): Promise<ReadonlyMap<string, number>> {
  const lignes = await sql<{ cle: string; n: number }>`
    select split_part(totp_secret, '.', 1) as cle, count(*)::int as n from compte where dept = ${dept} and totp_secret is not null group by 1 order by 1`
  return new Map(lignes.map(({ cle, n }) => [cle, n]))
}

/** Seals again under the first key the secrets of one-time codes. Those no key opens are left as they are. Returns how many were. */
export async function tournerCodesScelles({ sql, dept }: Session, cles: ReglagesAcces['cles']): Promise<number> {
  const courante = cles.keys[0]?.id ?? ''
  const connues = cles.keys.map(({ id }) => id)
  const lignes = await sql<{ id: string; totp_secret: string }>`
    select id, totp_secret from compte where dept = ${dept} and split_part(totp_secret, '.', 1) <> ${courante}
      and split_part(totp_secret, '.', 1) = any (${connues}) for update`
  for (const { id, totp_secret } of lignes) {
    const place = usage(dept, id)
    await sql`update compte set totp_secret = ${seal(cles, unseal(cles, totp_secret, place), place)} where dept = ${dept} and id = ${id}`
  }
  return lignes.length
}
