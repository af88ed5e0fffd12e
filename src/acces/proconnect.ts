import { consigner } from '#journal'
import { seal, unseal } from '#socle/cipher'
import { type Connexion, creerSession, enConnexion, type Porte } from './connexion.ts'
import { exigerReglages } from './reglages.ts'

/** What the identity provider says of somebody, once its signature has been checked. */
export interface IdentiteExterne {
  readonly sujet: string
  readonly courriel: string
  readonly amr: readonly string[]
  readonly acr: string | null
  readonly jetonIdentite: string
  /** True when the provider was asked to make the person sign in again, and did. */
  readonly confirmee: boolean
}

const FORTES = ['mfa', 'totp', 'pop']

/**
 * Opens a session for somebody the provider knows. The account is found by its identifier there; the first time, by its address, and the identifier is kept.
 * The provider says who somebody is, never what they may do: without an account here, « inconnu ». With `niveaux`, an identity proved by none of these
 * levels (`acr`) opens nothing: « niveau ».
 */
export async function ouvrirConnexionExterne(
  application: Porte,
  demande: { dept: string; identite: IdentiteExterne; appareil: string; niveaux?: readonly string[] | undefined },
): Promise<Connexion | 'inconnu' | 'niveau'> {
  const { cles } = exigerReglages(application.acces)
  const { dept, identite } = demande
  const maintenant = application.horloge.now()
  return enConnexion(application.base, dept, async (trx) => {
    const { sql } = trx
    const { niveaux = [] } = demande
    if (niveaux.length > 0 && !niveaux.includes(identite.acr ?? '')) {
      const details = { code: 'niveau', methode: 'proconnect', amr: identite.amr, acr: identite.acr }
      const inconnu = { dept, compte: null, organisme: null, libelle: 'inconnu' }
      await consigner(trx, inconnu, maintenant, [{ action: 'connexion.ouvrir', resultat: 'refuse', details }])
      return 'niveau'
    }
    const [connu] = await sql<{ id: string; ferme: boolean }>`
      select id, ferme_a is not null as ferme from compte where dept = ${dept} and sujet_externe = ${identite.sujet}`
    // An account already tied to another identity is not taken over by whoever has its address today.
    const [lie] = connu
      ? []
      : await sql<{ id: string; ferme: boolean }>`update compte set sujet_externe = ${identite.sujet}
          where dept = ${dept} and courriel = ${identite.courriel.trim().toLowerCase()} and sujet_externe is null and ferme_a is null
          returning id, false as ferme`
    const compte = connu ?? lie
    const auteur = { dept, compte: compte?.id ?? null, organisme: null, libelle: compte?.id ?? 'inconnu' }
    const details = { methode: 'proconnect', amr: identite.amr, acr: identite.acr, ...(lie ? { rapproche: true } : {}) }
    if (!compte || compte.ferme) {
      await consigner(trx, auteur, maintenant, [{ action: 'connexion.ouvrir', resultat: 'refuse', details }])
      return 'inconnu'
    }
    await consigner(trx, auteur, maintenant, [{ action: 'connexion.ouvrir', details }])
    return creerSession(trx, dept, compte.id, maintenant, {
      methode: 'proconnect',
      secondFacteur: identite.amr.some((methode) => FORTES.includes(methode)),
      confirmee: identite.confirmee,
      amr: identite.amr,
      appareil: demande.appareil,
      jetonIdentite: seal(cles, identite.jetonIdentite, `identite|${dept}`),
    })
  })
}

/** Opens the identity token kept with a session, to sign out of the provider. */
export function lireJetonIdentite(application: Porte, dept: string, scelle: string): string {
  return unseal(exigerReglages(application.acces).cles, scelle, `identite|${dept}`)
}
