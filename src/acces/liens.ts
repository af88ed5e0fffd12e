import { randomBytes } from 'node:crypto'
import { consigner } from '#journal'
import type { Transaction } from '#socle/db'
import { refus } from '#socle/errors'
import { enqueue } from '#socle/queue'
import { aviser } from './avis.ts'
import { enConnexion, finirConnexions, lireJeton, type Porte } from './connexion.ts'
import { compterEchecs, empreinte, noterEchec } from './limites.ts'
import { critiquerMotDePasse, hacherMotDePasse } from './mots-de-passe.ts'
import { exigerReglages } from './reglages.ts'
import { expedier } from './rejets.ts'

type Genre = 'invitation' | 'reinitialisation'

const DUREES = { invitation: { hours: 7 * 24 }, reinitialisation: { hours: 1 } } as const
/** Name of the job that sends the mail of a link. */
export const TACHE_COURRIEL = 'courriel-compte'

/** Prepares an invitation and its mail, in the transaction that creates the account. Earlier links of the account end. */
export async function preparerInvitation(
  trx: Pick<Transaction, 'sql'>,
  dept: string,
  compte: string,
  maintenant: Temporal.Instant,
): Promise<void> {
  await trx.sql`update lien_compte set expire_a = ${maintenant}
    where dept = ${dept} and compte = ${compte} and utilise_a is null and expire_a > ${maintenant}`
  const [lien] = await trx.sql<{ id: string }>`
    insert into lien_compte (dept, compte, genre, cree_a, expire_a)
    values (${dept}, ${compte}, 'invitation', ${maintenant}, ${maintenant.add(DUREES.invitation)}) returning id`
  if (lien) await enqueue(trx, TACHE_COURRIEL, { dept, lien: lien.id })
}

/**
 * Asks for a new password. The same statements run, and the same job is queued, whether the account exists or not: neither the answer nor its time tells.
 * Beyond a few demands an hour nothing leaves, and nothing says so.
 */
export async function demanderNouveauMotDePasse(
  application: Porte,
  demande: { dept: string; courriel: string; adresse: string },
): Promise<void> {
  const maintenant = application.horloge.now()
  const { dept } = demande
  const courriel = demande.courriel.trim().toLowerCase()
  const parCompte = { cle: `lien:${empreinte(courriel)}`, max: 3, fenetre: { hours: 1 } }
  const parAdresse = { cle: `lien:${empreinte(`adresse|${demande.adresse}`)}`, max: 20, fenetre: { hours: 1 } }
  await enConnexion(application.base, dept, async (trx) => {
    const faites = await compterEchecs(trx, dept, maintenant, [parCompte, parAdresse])
    await noterEchec(trx, dept, maintenant, [parCompte.cle, parAdresse.cle])
    if ((faites.get(parCompte.cle) ?? 0) >= parCompte.max || (faites.get(parAdresse.cle) ?? 0) >= parAdresse.max) return
    const [neuf] = await trx.sql<{ id: string }>`select gen_random_uuid()::text as id`
    await trx.sql`insert into lien_compte (dept, id, compte, genre, cree_a, expire_a)
      select ${dept}, ${neuf?.id}::uuid, c.id, 'reinitialisation', ${maintenant}, ${maintenant.add(DUREES.reinitialisation)}
      from compte c where c.dept = ${dept} and c.courriel = ${courriel} and c.ferme_a is null`
    await enqueue(trx, TACHE_COURRIEL, { dept, lien: neuf?.id ?? '' })
    const auteur = { dept, compte: null, organisme: null, libelle: 'inconnu' }
    await consigner(trx, auteur, maintenant, [{ action: 'mot-de-passe.demander' }])
  })
}

const TEXTES = {
  invitation: {
    objet: 'Votre accès à Amont',
    corps:
      'Un accès à Amont vous est ouvert. Choisissez votre mot de passe à cette adresse, valable sept jours et une seule fois :',
    fin: 'Si vous n’attendez pas cet accès, ne faites rien : il se ferme de lui-même.',
  },
  reinitialisation: {
    objet: 'Nouveau mot de passe pour Amont',
    corps:
      'Un nouveau mot de passe a été demandé. Choisissez-le à cette adresse, valable une heure et une seule fois :',
    fin: 'Si la demande ne vient pas de vous, ne faites rien : votre mot de passe actuel reste le bon.',
  },
} as const

/**
 * Job: draws the token of a link, keeps its hash, sends the mail. The token exists in the mail only: neither in the database nor in the queue. Run again
 * after a failure, it draws another one. A link that does not exist, is used or is over sends nothing.
 */
export async function envoyerLien(application: Porte, dept: string, lien: string): Promise<void> {
  const { courrier, adresse } = exigerReglages(application.acces)
  const maintenant = application.horloge.now()
  await enConnexion(application.base, dept, async (trx) => {
    const { sql } = trx
    const [ligne] = await sql<{ genre: Genre; compte: string; courriel: string }>`
      select l.genre, l.compte, c.courriel from lien_compte l join compte c on c.dept = ${dept} and c.id = l.compte and c.ferme_a is null
      where l.dept = ${dept} and l.id = ${lien}::uuid and l.utilise_a is null and l.envoye_a is null and l.expire_a > ${maintenant}
      for update of l`
    if (!ligne) return
    const jeton = randomBytes(32).toString('base64url')
    await sql`update lien_compte set empreinte = ${empreinte(jeton)}, envoye_a = ${maintenant} where dept = ${dept} and id = ${lien}::uuid`
    const { objet, corps, fin } = TEXTES[ligne.genre]
    const texte = `Bonjour,\n\n${corps}\n\n${adresse}/mot-de-passe?lien=${dept}.${jeton}\n\n${fin}\n\nRéférence : ${lien.slice(0, 8)}\n`
    const mail = { subject: objet, text: texte }
    // Nothing else lets this person in: tried even where mails were refused. Not sent, nothing says it was.
    if (!(await expedier(trx, courrier, { dept, ...ligne }, mail, maintenant, { malgre: true })))
      await sql`update lien_compte set envoye_a = null where dept = ${dept} and id = ${lien}::uuid`
  })
}

/** What a link allows, or null when it is unknown, used or over: the three answer alike. */
export async function lireLien(application: Porte, jeton: string): Promise<{ genre: Genre; courriel: string } | null> {
  const lu = lireJeton(jeton)
  if (!lu) return null
  const maintenant = application.horloge.now()
  return enConnexion(application.base, lu.dept, async ({ sql }) => {
    const [ligne] = await sql<{ genre: Genre; courriel: string }>`
      select l.genre, c.courriel from lien_compte l join compte c on c.dept = ${lu.dept} and c.id = l.compte and c.ferme_a is null
      where l.dept = ${lu.dept} and l.empreinte = ${lu.cle} and l.utilise_a is null and l.expire_a > ${maintenant}`
    return ligne ?? null
  })
}

/** Sets the password of whoever holds the link. Once: the link, the other links and every open session of the account end. */
export async function choisirMotDePasse(application: Porte, jeton: string, motDePasse: string): Promise<void> {
  const lien = await lireLien(application, jeton)
  const lu = lireJeton(jeton)
  const perdu = refus(
    'compte.lien',
    'Ce lien n’est plus valable : il a servi, ou son délai est passé. En demander un nouveau à la page de connexion.',
  )
  if (!lien || !lu) throw perdu
  const critique = critiquerMotDePasse(motDePasse, lien.courriel)
  if (critique) throw critique
  const { dept, cle } = lu
  const nouveau = await hacherMotDePasse(motDePasse)
  const maintenant = application.horloge.now()
  await enConnexion(application.base, dept, async (trx) => {
    // The row decides between two uses at the same time.
    const [utilise] = await trx.sql<{ compte: string }>`update lien_compte set utilise_a = ${maintenant}
      where dept = ${dept} and empreinte = ${cle} and utilise_a is null and expire_a > ${maintenant} returning compte`
    if (!utilise) throw perdu
    const { compte } = utilise
    await trx.sql`update compte set mot_de_passe = ${nouveau} where dept = ${dept} and id = ${compte} and ferme_a is null`
    await trx.sql`update lien_compte set expire_a = ${maintenant}
      where dept = ${dept} and compte = ${compte} and utilise_a is null and expire_a > ${maintenant}`
    await finirConnexions(trx, dept, compte, maintenant)
    // The first password of an invitation tells its owner nothing new.
    if (lien.genre === 'reinitialisation') await aviser(trx, dept, compte, 'mot-de-passe')
    await consigner(trx, { dept, compte, organisme: null, libelle: compte }, maintenant, [
      { action: 'mot-de-passe.choisir', details: { genre: lien.genre } },
    ])
  })
}
