import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, createServer as createSocket } from 'node:net'
import { Provider } from 'oidc-provider'

/** A port nobody listens on. */
export async function freePort(): Promise<number> {
  const socket = createSocket().listen(0, '127.0.0.1')
  await once(socket, 'listening')
  const { port } = socket.address() as AddressInfo
  socket.close()
  await once(socket, 'close')
  return port
}

/** A real OpenID provider on this machine that behaves like ProConnect, and what it was asked. */
export interface IdentityProvider {
  readonly url: string
  readonly client: string
  readonly secret: string
  /** Parameters of the authorization requests received. */
  readonly asked: Record<string, unknown>[]
  close(): Promise<void>
}

const SCOPES = ['openid', 'given_name', 'usual_name', 'email', 'uid', 'siret']

/** `people` gives the address of each subject. `unsigned` answers the userinfo in clear JSON, as an impostor would. */
export async function openIdentityProvider(options: {
  people: ReadonlyMap<string, string>
  application: string
  unsigned?: boolean
}): Promise<IdentityProvider> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const client = 'amont-essai'
  const secret = 'secret-des-essais-seulement'
  const asked: Record<string, unknown>[] = []
  const provider = new Provider(url, {
    clients: [
      {
        client_id: client,
        client_secret: secret,
        redirect_uris: [`${options.application}/connexion/proconnect/retour`],
        post_logout_redirect_uris: [`${options.application}/connexion`],
        grant_types: ['authorization_code'],
        response_types: ['code'],
        token_endpoint_auth_method: 'client_secret_post',
        id_token_signed_response_alg: 'RS256',
        ...(options.unsigned ? {} : { userinfo_signed_response_alg: 'RS256' }),
      },
    ],
    cookies: { keys: ['cookies des essais'] },
    scopes: SCOPES,
    acrValues: ['eidas1'],
    claims: {
      openid: ['sub'],
      acr: null,
      amr: null,
      given_name: ['given_name'],
      usual_name: ['usual_name'],
      email: ['email'],
      uid: ['uid'],
      siret: ['siret'],
    },
    pkce: { required: () => true },
    features: {
      devInteractions: { enabled: false },
      claimsParameter: { enabled: true },
      jwtUserinfo: { enabled: true },
    },
    interactions: { url: (_context: unknown, interaction: { uid: string }) => `/interaction/${interaction.uid}` },
    findAccount: (_context: unknown, id: string) => {
      const email = options.people.get(id)
      if (email === undefined) return undefined
      const claims = { sub: id, email, given_name: 'Camille', usual_name: 'ESSAI', uid: id, siret: '00000000000000' }
      return { accountId: id, claims: () => claims }
    },
  })
  const callback = provider.callback()
  const server = createServer(async (request, response) => {
    if (!request.url?.startsWith('/interaction/')) return callback(request, response)
    const { prompt, params, session } = await provider.interactionDetails(request, response)
    if (prompt.name !== 'login') {
      const grant = new provider.Grant({ accountId: session?.accountId ?? '', clientId: client })
      grant.addOIDCScope(SCOPES.join(' '))
      grant.addOIDCClaims(['amr', 'acr'])
      const consent = { grantId: await grant.save() }
      return provider.interactionFinished(request, response, { consent }, { mergeWithLastSubmission: true })
    }
    if (request.method !== 'POST') {
      asked.push(params)
      response.setHeader('content-type', 'text/html; charset=utf-8')
      response.end(
        '<!DOCTYPE html><title>Fournisseur</title><form method="post"><label>Identifiant <input name="login"></label><button>Entrer</button></form>',
      )
      return
    }
    let body = ''
    for await (const chunk of request) body += chunk
    const accountId = new URLSearchParams(body).get('login') ?? ''
    const login = { accountId, amr: ['pwd', 'totp'], acr: 'eidas1' }
    return provider.interactionFinished(request, response, { login }, { mergeWithLastSubmission: false })
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return {
    url,
    client,
    secret,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
