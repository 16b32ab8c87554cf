import { createHash, createSign, generateKeyPairSync, randomUUID } from 'node:crypto'
import type { Server } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Whom the provider says that the browser is. */
export interface ProvidedPerson {
  readonly sub: string
  readonly email: string
  readonly email_verified?: boolean
  readonly name?: string
}

/** An OpenID Connect provider that runs in the test: discovery, keys, tokens signed with RS256, PKCE checked. */
export interface TestProvider {
  readonly issuer: string
  /** Follows the address that a sign-in begins with as this person, and gives the address that it sends back to. */
  authorize(url: string, person: ProvidedPerson): string
  stop(): Promise<void>
}

const clientId = 'trueup'
const clientSecret = 'a secret of the provider'

export async function startProvider(): Promise<TestProvider> {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const granted = new Map<
    string,
    { readonly person: ProvidedPerson; readonly nonce: string | null; readonly challenge: string }
  >()
  const tokens = new Map<string, ProvidedPerson>()
  let issuer = ''

  const idToken = (person: ProvidedPerson, nonce: string | null): string => {
    const now = Math.floor(Date.now() / 1000)
    const claims = {
      iss: issuer,
      aud: clientId,
      iat: now,
      exp: now + 300,
      ...(nonce ? { nonce } : {}),
      ...person,
    }
    const signed = [{ alg: 'RS256', kid: 'one', typ: 'JWT' }, claims]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.')
    return `${signed}.${createSign('RSA-SHA256').update(signed).sign(privateKey, 'base64url')}`
  }

  const server: Server = createServer(async (request, response) => {
    const answer = (status: number, body: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    }
    switch (request.url) {
      case '/.well-known/openid-configuration':
        return answer(200, {
          issuer,
          authorization_endpoint: `${issuer}/authorize`,
          token_endpoint: `${issuer}/token`,
          userinfo_endpoint: `${issuer}/userinfo`,
          jwks_uri: `${issuer}/keys`,
          id_token_signing_alg_values_supported: ['RS256'],
          response_types_supported: ['code'],
          subject_types_supported: ['public'],
        })
      case '/keys':
        return answer(200, {
          keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'one', alg: 'RS256', use: 'sig' }],
        })
      case '/token': {
        let text = ''
        for await (const chunk of request) text += chunk
        const form = new URLSearchParams(text)
        const grant = granted.get(form.get('code') ?? '')
        granted.delete(form.get('code') ?? '')
        const verifier = form.get('code_verifier') ?? ''
        const isRight =
          form.get('client_secret') === clientSecret &&
          grant?.challenge === createHash('sha256').update(verifier).digest('base64url')
        if (!grant || !isRight) return answer(400, { error: 'invalid_grant' })
        const access = randomUUID()
        tokens.set(access, grant.person)
        return answer(200, {
          access_token: access,
          token_type: 'Bearer',
          expires_in: 300,
          id_token: idToken(grant.person, grant.nonce),
        })
      }
      case '/userinfo': {
        const person = tokens.get(request.headers.authorization?.replace('Bearer ', '') ?? '')
        return person ? answer(200, person) : answer(401, { error: 'invalid_token' })
      }
      default:
        return answer(404, {})
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    issuer,
    authorize(url, person) {
      const asked = new URL(url).searchParams
      const code = randomUUID()
      granted.set(code, {
        person,
        nonce: asked.get('nonce'),
        challenge: asked.get('code_challenge') ?? '',
      })
      const back = new URL(asked.get('redirect_uri') ?? '')
      back.searchParams.set('code', code)
      back.searchParams.set('state', asked.get('state') ?? '')
      return back.href
    },
    async stop() {
      await new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      })
    },
  }
}

export const providerClient = { clientId, clientSecret }
