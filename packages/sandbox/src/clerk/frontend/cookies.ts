import { systemClock } from '../../server/clock.ts'
import type { ClerkSession } from '../objects/index.ts'
import type { ClerkInstance } from '../routes/route.ts'
import { sessionClaims } from '../sessions/session-claims.ts'

/** Names of Clerk's cookies. `__client` is the sign-in itself and stays with Clerk's own address; the rest are the app's. */
export const clientCookie = '__client'
const sessionCookie = '__session'
const signedInAtCookie = '__client_uat'
const devBrowserCookie = '__clerk_db_jwt'

/** A session token lives a minute. */
const tokenSeconds = 60
const yearSeconds = 365 * 24 * 3600

/** The session that a browser is signed in to, by its `__client` cookie; `null`: to none. */
export function sessionOfClient({ state }: ClerkInstance, clientId: string | undefined): ClerkSession | null {
  if (clientId === undefined) return null
  const now = state.now()
  const live = state.sessions
    .all()
    .filter(
      ({ client_id, status, expire_at }) => client_id === clientId && status === 'active' && expire_at > now,
    )
  return live.toSorted((a, b) => b.last_active_at - a.last_active_at)[0] ?? null
}

/** A new session token for an app, by its origin, as the `__session` cookie and every request for one carry it. */
export function sessionToken(
  { state, signingKey }: ClerkInstance,
  session: ClerkSession,
  origin: string | null,
): string {
  return signingKey.token(sessionClaims(state, session, tokenSeconds, origin))
}

/**
 * The cookies of an app's own address, as `Set-Cookie` lines: those of somebody signed in, or of nobody. A browser
 * sends them to every port of a host, so an app on the sandbox's host needs no more than these.
 */
export function appCookies(
  instance: ClerkInstance,
  session: ClerkSession | null,
  origin: string | null,
): readonly string[] {
  const devBrowser = `${devBrowserCookie}=dvb_sandbox; ${kept}`
  if (session === null) {
    return [`${sessionCookie}=; ${ended}`, `${signedInAtCookie}=0; ${kept}`, devBrowser]
  }
  const signedInAt = Math.floor(session.created_at / 1000)
  const issuedAt = Math.floor(systemClock.now().getTime() / 1000)
  return [
    `${sessionCookie}=${sessionToken(instance, session, origin)}; ${kept}`,
    `${signedInAtCookie}=${Math.min(signedInAt, issuedAt)}; ${kept}`,
    devBrowser,
  ]
}

/** The cookie by which Clerk's own pages know the browser; `null` ends it. */
export function signInCookie(session: ClerkSession | null): string {
  return session === null
    ? `${clientCookie}=; HttpOnly; ${ended}`
    : `${clientCookie}=${session.client_id}; HttpOnly; ${kept}`
}

const kept = `Path=/; Max-Age=${yearSeconds}; SameSite=Lax`
const ended = 'Path=/; Max-Age=0; SameSite=Lax'
