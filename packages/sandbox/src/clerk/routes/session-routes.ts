import { systemClock } from '../../server/clock.ts'
import { ClerkRefusal } from '../clerk-error.ts'
import type { Body } from '../http/body.ts'
import { notFound, paramInvalid } from '../http/param-error.ts'
import { reply } from '../http/reply.ts'
import type { ClerkSession, JsonObject } from '../objects/index.ts'
import { issuer, sessionClaims } from '../sessions/session-claims.ts'
import {
  createSession,
  findLiveSession,
  findSession,
  listSessions,
  revokeSession,
} from '../sessions/sessions.ts'
import type { AddRoute, ClerkInstance } from './route.ts'

/** A session token lives a minute unless a request says otherwise. */
const lifeSeconds = 60
const longestLife = 315_360_000

/** Sessions, their tokens, and the keys that the tokens are checked with. */
export function addSessionRoutes(add: AddRoute, { state, signingKey }: ClerkInstance): void {
  const token = (session: ClerkSession, seconds: number) => ({
    object: 'token',
    jwt: signingKey.token(sessionClaims(state, session, seconds)),
  })
  add('GET', '/jwks', () => reply(signingKey.jwks()))
  add('GET', '/sessions', ({ query }) => reply(listSessions(query, state)))
  add('POST', '/sessions', async (call) => {
    const body = await call.body()
    const fields = {
      user_id: body.needText('user_id'),
      active_organization_id: body.text('active_organization_id') ?? null,
    }
    body.end()
    return reply(createSession(state, fields, call.http))
  })
  add('GET', '/sessions/:id', (call) => reply(findSession(state, call.part('id'))))
  add('POST', '/sessions/:id/revoke', (call) => reply(revokeSession(state, call.part('id'), call.http)))
  add('POST', '/sessions/:id/refresh', async (call) => {
    const body = await call.body()
    body.needText('expired_token')
    body.needText('refresh_token')
    body.needText('request_origin')
    const format = body.oneOf('format', ['token', 'cookie']) ?? 'token'
    body.accept('request_headers', 'request_originating_ip')
    body.end()
    const session = state.sessions.get(call.part('id'))
    if (session === undefined || session.status !== 'active') {
      throw new ClerkRefusal(
        401,
        'authentication_invalid',
        'Invalid authentication',
        'The session is not active.',
      )
    }
    const made = token(session, lifeSeconds)
    if (format === 'token') return reply(made)
    return reply({ object: 'cookies', cookies: [`__session=${made.jwt}; Path=/; Secure; SameSite=Lax`] })
  })
  add('POST', '/sessions/:id/tokens', async (call) => {
    const session = findLiveSession(state, call.part('id'))
    return reply(token(session, readLife(await call.body())))
  })
  add('POST', '/sessions/:id/tokens/:template', async (call) => {
    const session = findLiveSession(state, call.part('id'))
    const name = call.part('template')
    const claims = state.jwtTemplates.get(name)
    if (claims === undefined) throw notFound('JWT template', name)
    const life = readLife(await call.body())
    const seconds = Math.floor(systemClock.now().getTime() / 1000)
    const stamped: JsonObject = {
      iss: issuer,
      sub: session.user_id,
      iat: seconds,
      nbf: seconds - 5,
      exp: seconds + life,
      ...claims,
    }
    return reply({ object: 'token', jwt: signingKey.token(stamped) })
  })
}

function readLife(body: Body): number {
  const life = body.whole('expires_in_seconds', 1) ?? lifeSeconds
  body.end()
  if (life > longestLife)
    throw paramInvalid('expires_in_seconds', `expires_in_seconds must be at most ${longestLife}.`)
  return life
}
