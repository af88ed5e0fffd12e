import { consigner } from '#journal'
import type { Transaction } from '#socle/db'
import { Introuvable, refus } from '#socle/errors'
import { aviser } from './avis.ts'
import { type Connecte, enConnexion, finirConnexions, type Porte, type SessionLue } from './connexion.ts'
import { ENGAGEMENT_VERSION } from './deontologie.ts'
import { compterEchecs, empreinte, type Limite, noterEchec } from './limites.ts'
import { critiquerMotDePasse, hacherMotDePasse, verifierMotDePasse } from './mots-de-passe.ts'
import { consommerCode, renouvelerCodesSecours } from './second-facteur.ts'
import type { Session } from './session.ts'

/** One's own account as its page shows it. */
export interface MonCompte {
  readonly courriel: string
  readonly motDePasse: boolean
  readonly secondFacteurDepuis: Temporal.Instant | null
  readonly codesSecours: number
  readonly engagementLe: Temporal.Instant | null
  readonly sessions: readonly SessionOuverte[]
}

/** A session still open: with what and since when, never from where. */
export interface SessionOuverte {
  readonly id: string
  readonly appareil: string
  readonly methode: string
  readonly cree_a: Temporal.Instant
  readonly vue_a: Temporal.Instant
}

function idCompte(session: Session): string {
  if (!session.acteur.compte) throw new Introuvable()
  return session.acteur.compte
}

/** Reads the account of whoever is signed in. */
export async function lireMonCompte(session: Session): Promise<MonCompte> {
  const { sql, dept, maintenant } = session
  const compte = idCompte(session)
  const [ligne] = await sql<{
    courriel: string
    mot_de_passe: boolean
    totp_actif_a: Temporal.Instant | null
    engagement_a: Temporal.Instant | null
    codes: number
  }>`select courriel, mot_de_passe is not null as mot_de_passe, totp_actif_a, engagement_a,
      (select count(*)::int from code_secours s where s.dept = ${dept} and s.compte = ${compte} and s.utilise_a is null and s.annule_a is null) as codes
    from compte where dept = ${dept} and id = ${compte}`
  if (!ligne) throw new Introuvable()
  const sessions = await sql<SessionOuverte>`select id, appareil, methode, cree_a, vue_a from session_web
    where dept = ${dept} and compte = ${compte} and revoquee_a is null and expire_a > ${maintenant} and vue_a > ${maintenant.subtract({ hours: 2 })}
    order by vue_a desc, id`
  return {
    courriel: ligne.courriel,
    motDePasse: ligne.mot_de_passe,
    secondFacteurDepuis: ligne.totp_actif_a,
    codesSecours: ligne.codes,
    engagementLe: ligne.engagement_a,
    sessions,
  }
}

/** Closes one of one's sessions. Somebody else's answers like one that does not exist. */
export async function revoquerSession(session: Session, id: string): Promise<void> {
  const { sql, dept, maintenant } = session
  const [fermee] = await sql`update session_web set revoquee_a = ${maintenant}
    where dept = ${dept} and compte = ${idCompte(session)} and id = ${id}::uuid and revoquee_a is null returning id`
  if (!fermee) throw new Introuvable()
  session.consigner({ action: 'connexion.revoquer', objet: 'session', objetId: id })
}

/** Closes every session of one's account, this one included unless `sauf` names it, and ends the address of its calendar. Returns how many. */
export async function revoquerSessions(session: Session, sauf?: string): Promise<number> {
  const fermees = await finirConnexions(session, session.dept, idCompte(session), session.maintenant, sauf)
  session.consigner({ action: 'connexion.revoquer-tout', details: { sessions: fermees } })
  return fermees
}

const limiteConfirmation = (compte: string): Limite => ({
  cle: `confirmation:${empreinte(compte)}`,
  max: 10,
  fenetre: { minutes: 10 },
})

async function verifierEssais(
  trx: Pick<Transaction, 'sql'>,
  dept: string,
  maintenant: Temporal.Instant,
  limite: Limite,
): Promise<void> {
  const echecs = await compterEchecs(trx, dept, maintenant, [limite])
  if ((echecs.get(limite.cle) ?? 0) >= limite.max)
    throw refus('connexion.trop-d-essais', 'Trop d’essais. Attendre dix minutes, puis recommencer.')
}

/**
 * Asks again for the password, before what would let somebody else in. Counted apart from sign-in and in its own transaction: ten failures in ten minutes and
 * nothing is tried any more, while the owner keeps working.
 */
export async function confirmerMotDePasse(application: Porte, session: Session, motDePasse: string): Promise<void> {
  const { dept } = session
  const compte = idCompte(session)
  const maintenant = application.horloge.now()
  const limite = limiteConfirmation(compte)
  const ligne = await enConnexion(application.base, dept, async (trx) => {
    await verifierEssais(trx, dept, maintenant, limite)
    const [lu] = await trx.sql<{ mot_de_passe: string | null }>`
      select mot_de_passe from compte where dept = ${dept} and id = ${compte}`
    return lu
  })
  if (await verifierMotDePasse(ligne?.mot_de_passe, motDePasse)) return
  await enConnexion(application.base, dept, (trx) => noterEchec(trx, dept, maintenant, [limite.cle]))
  throw refus('compte.confirmation', 'Ce n’est pas le mot de passe actuel.')
}

const DUREE_CONFIRMATION = { minutes: 10 }

/** True when the person proved who they are in this session less than ten minutes ago. */
export function estConfirmee({ confirmeeA }: Connecte, maintenant: Temporal.Instant): boolean {
  return confirmeeA !== null && Temporal.Instant.compare(confirmeeA.add(DUREE_CONFIRMATION), maintenant) > 0
}

/** Asks again who is there, by the password or by a code of the application, and remembers it for ten minutes in this session. */
export async function confirmerIdentite(
  application: Porte,
  session: Session,
  { session: id }: Connecte,
  saisie: string,
): Promise<void> {
  const { dept, maintenant } = session
  const compte = idCompte(session)
  const code = saisie.replace(/\s/g, '')
  if (/^\d{6}$/.test(code)) await confirmerCode(application, dept, compte, code)
  else await confirmerMotDePasse(application, session, saisie)
  await session.sql`update session_web set confirmee_a = ${maintenant} where dept = ${dept} and compte = ${compte} and id = ${id}::uuid`
  session.consigner({ action: 'connexion.confirmer' })
}

async function confirmerCode(application: Porte, dept: string, compte: string, code: string): Promise<void> {
  const maintenant = application.horloge.now()
  const limite = limiteConfirmation(compte)
  const juste = await enConnexion(application.base, dept, async (trx) => {
    await verifierEssais(trx, dept, maintenant, limite)
    if (await consommerCode(trx, application.acces, dept, compte, code, maintenant)) return true
    await noterEchec(trx, dept, maintenant, [limite.cle])
    return false
  })
  if (!juste)
    throw refus('compte.confirmation', 'Ce code ne convient pas. Attendre le suivant, ou saisir le mot de passe.')
}

/** Changes one's password, the current one being confirmed; the other sessions end. */
export async function changerMotDePasse(session: Session, garder: string, nouveau: string): Promise<void> {
  const { sql, dept, maintenant } = session
  const compte = idCompte(session)
  const [ligne] = await sql<{ courriel: string }>`select courriel from compte where dept = ${dept} and id = ${compte}`
  const critique = critiquerMotDePasse(nouveau, ligne?.courriel ?? '')
  if (critique) throw critique
  await sql`update compte set mot_de_passe = ${await hacherMotDePasse(nouveau)} where dept = ${dept} and id = ${compte}`
  await sql`update lien_compte set expire_a = ${maintenant}
    where dept = ${dept} and compte = ${compte} and utilise_a is null and expire_a > ${maintenant}`
  await revoquerSessions(session, garder)
  await aviser(session, dept, compte, 'mot-de-passe')
  session.consigner({ action: 'mot-de-passe.changer' })
}

/** New recovery codes for one's account, shown once. */
export async function nouveauxCodesSecours(session: Session): Promise<string[]> {
  const codes = await renouvelerCodesSecours(session, session.dept, idCompte(session), session.maintenant)
  await aviser(session, session.dept, idCompte(session), 'codes')
  session.consigner({ action: 'second-facteur.codes' })
  return codes
}

/** Records that somebody accepted the commitment of confidentiality, for a year (ACC-02). */
export async function accepterEngagement(application: Porte, session: SessionLue): Promise<void> {
  const { dept, organisme } = session.connecte.acteur
  const maintenant = application.horloge.now()
  await enConnexion(application.base, dept, async (trx) => {
    await trx.sql`update compte set engagement_a = ${maintenant}, engagement_version = ${ENGAGEMENT_VERSION}
      where dept = ${dept} and id = ${session.compte}`
    const auteur = { dept, compte: session.compte, organisme, libelle: session.compte }
    await consigner(trx, auteur, maintenant, [
      {
        action: 'engagement.accepter',
        details: { version: ENGAGEMENT_VERSION },
      },
    ])
  })
}
