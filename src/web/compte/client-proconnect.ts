import * as oidc from 'openid-client'
import type { IdentiteExterne } from '#acces'

/** What the browser keeps between leaving for the provider and coming back. */
export interface EtatProconnect {
  readonly state: string
  readonly nonce: string
  readonly verifier: string
  readonly dept: string
  readonly vers: string
  /** Asked to sign in again, whatever the provider remembers. */
  readonly confirmer?: boolean
}

/** ProConnect as sign-in uses it. */
export interface ClientProconnect {
  /** Levels (`acr`) an identity must have been proved by; empty when any will do. */
  readonly niveaux: readonly string[]
  commencer(demande: {
    dept: string
    vers: string
    confirmer: boolean
  }): Promise<{ adresse: string; etat: EtatProconnect }>
  /** Checks the answer and what it leads to; any fault throws. */
  terminer(retour: string, etat: EtatProconnect): Promise<IdentiteExterne>
  /** Address that ends the session at the provider. */
  finir(jetonIdentite: string): Promise<string>
}

const PORTEES = 'openid given_name usual_name email uid siret'
/** In seconds: how old a sign-in asked again may be. */
const FRAICHEUR = 300
const RETOUR = '/connexion/proconnect/retour'

/**
 * Opens ProConnect lazily: the provider may be down when Amont starts. Code with PKCE, state and nonce; signatures of the identity token and of the userinfo
 * are checked, and a userinfo that is not signed is refused. `options` exists for tests, whose provider is not in https.
 */
export function creerProconnect(
  reglages: { url: string; client: string; secret: string; adresse: string; niveaux?: readonly string[] },
  options: oidc.DiscoveryRequestOptions = {},
): ClientProconnect {
  let connu: Promise<oidc.Configuration> | undefined
  const configuration = () => {
    connu ??= oidc
      .discovery(
        new URL(reglages.url),
        reglages.client,
        { userinfo_signed_response_alg: 'RS256', id_token_signed_response_alg: 'RS256' },
        oidc.ClientSecretPost(reglages.secret),
        { timeout: 10, ...options, execute: [oidc.enableNonRepudiationChecks, ...(options.execute ?? [])] },
      )
      .catch((erreur: unknown) => {
        connu = undefined
        throw erreur
      })
    return connu
  }
  const niveaux = reglages.niveaux ?? []
  return {
    niveaux,
    async commencer({ dept, vers, confirmer }) {
      const etat = {
        state: oidc.randomState(),
        nonce: oidc.randomNonce(),
        verifier: oidc.randomPKCECodeVerifier(),
        dept,
        vers,
        confirmer,
      }
      const adresse = oidc.buildAuthorizationUrl(await configuration(), {
        redirect_uri: reglages.adresse + RETOUR,
        scope: PORTEES,
        state: etat.state,
        nonce: etat.nonce,
        code_challenge: await oidc.calculatePKCECodeChallenge(etat.verifier),
        code_challenge_method: 'S256',
        acr_values: niveaux.length > 0 ? niveaux.join(' ') : 'eidas1',
        ...(confirmer ? { prompt: 'login', max_age: String(FRAICHEUR) } : {}),
        // ProConnect says how somebody signed in only when asked.
        claims: JSON.stringify({ id_token: { amr: { essential: true } } }),
      })
      return { adresse: adresse.href, etat }
    },
    async terminer(retour, etat) {
      const config = await configuration()
      const jetons = await oidc.authorizationCodeGrant(config, new URL(retour, reglages.adresse), {
        expectedState: etat.state,
        expectedNonce: etat.nonce,
        pkceCodeVerifier: etat.verifier,
        idTokenExpected: true,
        // The provider may ignore what it was asked: the moment it signed somebody in is checked.
        ...(etat.confirmer ? { maxAge: FRAICHEUR } : {}),
      })
      const dites = jetons.claims()
      if (!dites || !jetons.id_token) throw new Error('no identity token')
      const personne = await oidc.fetchUserInfo(config, jetons.access_token, dites.sub)
      if (typeof personne.email !== 'string' || personne.email === '') throw new Error('no address in the userinfo')
      return {
        sujet: dites.sub,
        courriel: personne.email,
        amr: Array.isArray(dites.amr) ? dites.amr.filter((methode) => typeof methode === 'string') : [],
        acr: typeof dites.acr === 'string' ? dites.acr : null,
        jetonIdentite: jetons.id_token,
        confirmee: etat.confirmer === true,
      }
    },
    async finir(jetonIdentite) {
      return oidc.buildEndSessionUrl(await configuration(), {
        id_token_hint: jetonIdentite,
        post_logout_redirect_uri: `${reglages.adresse}/connexion`,
      }).href
    },
  }
}
