import { type Context, Hono } from 'hono'
import { getCookie } from 'hono/cookie'
import { cors } from 'hono/cors'
import { ClerkRefusal } from '../clerk-error.ts'
import { reply } from '../http/reply.ts'
import type { ClerkSession } from '../objects/index.ts'
import { findMembership, findOrganization } from '../organizations/find-organization.ts'
import type { ClerkInstance } from '../routes/route.ts'
import { revokeSession } from '../sessions/sessions.ts'
import { appCookies, clientCookie, sessionOfClient, sessionToken, signInCookie } from './cookies.ts'
import { backToApp, redirectUrlOf } from './handshake.ts'

/**
 * What of Clerk's Frontend API an app's server and a page's own script need: the handshake by which the SDK renews a
 * session, new tokens, the organization that is active, and the end of a session. Known by the `__client` cookie.
 */
export function frontendRoutes(instance: ClerkInstance): Hono {
  const app = new Hono()
  const sessionOf = (context: Context) => sessionOfClient(instance, getCookie(context, clientCookie))
  const need = (context: Context): ClerkSession => {
    const session = sessionOf(context)
    if (session !== null && session.id === context.req.param('id')) return session
    throw new ClerkRefusal(
      401,
      'authentication_invalid',
      'Invalid authentication',
      'Unable to authenticate the request.',
    )
  }
  const answer = (context: Context, session: ClerkSession | null, body: unknown) => {
    const response = reply(body)
    for (const cookie of appCookies(instance, session, originOf(context)))
      response.headers.append('set-cookie', cookie)
    // The headers that let another origin read the answer stand on the context.
    context.res = response
    return context.res
  }

  app.get('/v1/client/handshake', (context) => {
    const url = redirectUrlOf(context.req.query('redirect_url'))
    if (url === null) return context.text('redirect_url has to be an address of the app.\n', 400)
    return backToApp(context, instance, sessionOf(context), url)
  })
  app.use('/v1/client/*', cors({ origin: (origin) => origin, credentials: true }))
  app.get('/v1/client', (context) => {
    const session = sessionOf(context)
    return reply({
      response: {
        object: 'client',
        id: session?.client_id ?? null,
        sessions: session === null ? [] : [session],
        last_active_session_id: session?.id ?? null,
      },
    })
  })
  app.post('/v1/client/sessions/:id/tokens', (context) => {
    const session = need(context)
    return answer(context, session, {
      object: 'token',
      jwt: sessionToken(instance, session, originOf(context)),
    })
  })
  app.post('/v1/client/sessions/:id/touch', async (context) => {
    const form = await context.req.parseBody()
    const asked = form.active_organization_id
    const session = activate(
      instance,
      need(context),
      typeof asked === 'string' && asked !== '' ? asked : null,
    )
    return answer(context, session, { response: session })
  })
  app.post('/v1/client/sessions/:id/end', (context) => {
    const session = revokeSession(instance.state, need(context).id)
    const response = answer(context, null, { response: session })
    response.headers.append('set-cookie', signInCookie(null))
    return response
  })
  return app
}

function originOf(context: Context): string | null {
  return context.req.header('origin') ?? null
}

/**
 * Makes an organization the one that a session is in; `null`: none, so that the user acts for themself.
 *
 * @throws ClerkRefusal 404 when there is no such organization, or the user is no member of it.
 */
export function activate(
  { state }: ClerkInstance,
  session: ClerkSession,
  organizationId: string | null,
): ClerkSession {
  if (organizationId !== null) {
    const organization = findOrganization(state, organizationId)
    findMembership(state, organization.id, session.user_id)
  }
  const active: ClerkSession = {
    ...session,
    last_active_organization_id: organizationId,
    last_active_at: state.now(),
    updated_at: state.now(),
  }
  state.putSession(active)
  return active
}
