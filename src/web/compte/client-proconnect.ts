import * as oidc from 'openid-client'
import type { IdentiteExterne } from '#acces'

/** What the browser keeps between leaving for the provider and coming back. */
export interface EtatProconnect {
  readonly state: string
  readonly nonce: string
  readonly verifier: string
  readonly dept: string
  readonly vers: string
}

/** ProConnect as sign-in uses it. */
export interface ClientProconnect {
  commencer(demande: { dept: string; vers: string }): Promise<{ adresse: string; etat: EtatProconnect }>
  /** Checks the answer and what it leads to; any fault throws. */
  terminer(retour: string, etat: EtatProconnect): Promise<IdentiteExterne>
  /** Address that ends the session at the provider. */
  finir(jetonIdentite: string): Promise<string>
}

const PORTEES = 'openid given_name usual_name email uid siret'
const RETOUR = '/connexion/proconnect/retour'

/**
 * Opens ProConnect lazily: the provider may be down when Amont starts. Code with PKCE, state and nonce; signatures of the identity token and of the userinfo
 * are checked, and a userinfo that is not signed is refused. `options` exists for tests, whose provider is not in https.
 */
export function creerProconnect(
  reglages: { url: string; client: string; secret: string; adresse: string },
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
  return {
    async commencer({ dept, vers }) {
      const etat = {
        state: oidc.randomState(),
        nonce: oidc.randomNonce(),
        verifier: oidc.randomPKCECodeVerifier(),
        dept,
        vers,
      }
      const adresse = oidc.buildAuthorizationUrl(await configuration(), {
        redirect_uri: reglages.adresse + RETOUR,
        scope: PORTEES,
        state: etat.state,
        nonce: etat.nonce,
        code_challenge: await oidc.calculatePKCECodeChallenge(etat.verifier),
        code_challenge_method: 'S256',
        acr_values: 'eidas1',
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
