import type { ClerkClient } from '@clerk/backend'
import type { SessionAuth } from '@trueup/sdk'
import type { MiddlewareHandler } from 'hono'

export interface SessionSettings {
  /** The public key of session tokens. */
  readonly jwtKey: string
  /** Where Clerk's own routes for browsers answer. With a real instance it is left out. */
  readonly proxyUrl: string
  readonly origin: string
}

/** What every route knows of whoever asks. */
export interface SessionVariables {
  readonly Variables: { auth: SessionAuth }
}

/** Lets Clerk's SDK say who asks, and follows it where a session has to be renewed first. */
export function withSession(
  clerk: ClerkClient,
  settings: SessionSettings,
): MiddlewareHandler<SessionVariables> {
  return async (context, next) => {
    const state = await clerk.authenticateRequest(context.req.raw, {
      jwtKey: settings.jwtKey,
      proxyUrl: settings.proxyUrl,
      authorizedParties: [settings.origin],
    })
    state.headers.forEach((value, name) => {
      context.header(name, value, { append: true })
    })
    const renewAt = state.headers.get('location')
    if (renewAt !== null) return context.redirect(renewAt, 307)
    const auth = state.toAuth()
    const isPerson = auth !== null && 'orgId' in auth && auth.userId !== null
    context.set('auth', isPerson ? auth : { userId: null })
    return next()
  }
}
