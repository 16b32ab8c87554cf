import { type Context, Hono } from 'hono'
import { getCookie } from 'hono/cookie'
import { html } from 'hono/html'
import { layout } from '../../server/page-layout.ts'
import { ClerkRefusal } from '../clerk-error.ts'
import { type ClerkSession, type ClerkUser, primaryEmail } from '../objects/index.ts'
import { createOrganization } from '../organizations/create-organization.ts'
import type { ClerkInstance } from '../routes/route.ts'
import { createSession, revokeSession } from '../sessions/sessions.ts'
import { createUser } from '../users/create-user.ts'
import { findUser } from '../users/find-user.ts'
import { appCookies, clientCookie, sessionOfClient, signInCookie } from './cookies.ts'
import { activate } from './frontend-routes.ts'
import { backToApp, redirectUrlOf } from './handshake.ts'

/** People that the page offers to sign in as, at most; others are found by their address. */
const mostShown = 20

/**
 * The pages of Clerk's account portal: sign in as anybody without a password, sign up, make an organization or choose
 * one, sign out. Each leads back to `redirect_url` with the session's cookies set.
 */
export function accountPages(instance: ClerkInstance): Hono {
  const { state } = instance
  const app = new Hono()

  app.get('/sign-in', (context) => showSignIn(context, null))
  app.post('/sign-in', (context) =>
    act(context, showSignIn, async (text) => {
      const typed = text('email').toLowerCase()
      const user = typed === '' ? findUser(state, text('user_id')) : state.usersByEmail.find(typed)[0]
      if (user === undefined) throw notKnown(text('email'))
      const [membership] = state.membershipsByUser.find(user.id)
      return createSession(state, {
        user_id: user.id,
        active_organization_id: membership?.organization_id ?? null,
      })
    }),
  )
  app.get('/sign-up', (context) => showSignUp(context, null))
  app.post('/sign-up', (context) =>
    act(context, showSignUp, async (text) => {
      const user = createUser(state, {
        emails: [text('email')],
        first_name: text('first_name') || null,
        last_name: text('last_name') || null,
      })
      return createSession(state, { user_id: user.id })
    }),
  )
  app.get('/create-organization', (context) => showCreate(context, null))
  app.post('/create-organization', (context) =>
    act(context, showCreate, async (text) => {
      const session = needSession(context)
      const organization = createOrganization(state, { name: text('name'), created_by: session.user_id })
      return activate(instance, session, organization.id)
    }),
  )
  app.get('/user', (context) => showUser(context, null))
  app.post('/user', (context) =>
    act(context, showUser, async (text) =>
      activate(instance, needSession(context), text('organization_id') || null),
    ),
  )
  app.on(['GET', 'POST'], '/sign-out', (context) => {
    const session = sessionOf(context)
    if (session !== null) revokeSession(state, session.id)
    return leave(context, null, redirectOf(context))
  })

  function sessionOf(context: Context): ClerkSession | null {
    return sessionOfClient(instance, getCookie(context, clientCookie))
  }

  function needSession(context: Context): ClerkSession {
    const session = sessionOf(context)
    if (session !== null) return session
    throw new ClerkRefusal(401, 'signed_out', 'signed out', 'You are signed out. Sign in first.')
  }

  async function act(
    context: Context,
    show: (context: Context, problem: string) => Response | Promise<Response>,
    change: (text: (name: string) => string) => Promise<ClerkSession>,
  ): Promise<Response> {
    const form = await context.req.parseBody()
    const text = (name: string) => {
      const value = form[name]
      return typeof value === 'string' ? value.trim() : ''
    }
    try {
      return leave(context, await change(text), redirectUrlOf(text('redirect_url')))
    } catch (error) {
      if (!(error instanceof ClerkRefusal)) throw error
      return show(context, error.item.long_message)
    }
  }

  /** To the app, or, where none was named, to the page of whoever is signed in. */
  function leave(context: Context, session: ClerkSession | null, url: URL | null): Response {
    for (const cookie of [signInCookie(session), ...appCookies(instance, session, url?.origin ?? null)]) {
      context.header('set-cookie', cookie, { append: true })
    }
    if (url === null) return context.redirect(session === null ? '/sign-in' : '/user', 303)
    const isSameHost = url.hostname === new URL(context.req.url).hostname
    return isSameHost ? context.redirect(url.href, 303) : backToApp(context, instance, session, url)
  }

  function redirectOf(context: Context): URL | null {
    return redirectUrlOf(context.req.query('redirect_url'))
  }

  async function showSignIn(context: Context, problem: string | null) {
    const redirect = await redirectText(context)
    const people = state.users.all().slice(0, mostShown)
    return page(
      context,
      'Sign in',
      problem,
      html`
<form method="post">
${hidden(redirect)}
<label>Email <input name="email" type="email" required autocomplete="off"></label>
<button type="submit">Sign in</button>
</form>
<h2>Or as one of these</h2>
${people.map(
  (user) => html`<form method="post">
${hidden(redirect)}
<input type="hidden" name="user_id" value="${user.id}">
<button type="submit" class="plain">${nameOf(user)}</button>
</form>`,
)}
<p><a href="/sign-up${query(redirect)}">Sign up</a></p>`,
    )
  }

  async function showSignUp(context: Context, problem: string | null) {
    const redirect = await redirectText(context)
    return page(
      context,
      'Sign up',
      problem,
      html`
<form method="post">
${hidden(redirect)}
<label>Email <input name="email" type="email" required autocomplete="off"></label>
<label>First name <input name="first_name" autocomplete="off"></label>
<label>Last name <input name="last_name" autocomplete="off"></label>
<button type="submit">Sign up</button>
</form>
<p><a href="/sign-in${query(redirect)}">Sign in instead</a></p>`,
    )
  }

  async function showCreate(context: Context, problem: string | null) {
    const redirect = await redirectText(context)
    if (sessionOf(context) === null) return context.redirect(`/sign-in${query(redirect)}`, 303)
    return page(
      context,
      'Create an organization',
      problem,
      html`
<form method="post">
${hidden(redirect)}
<label>Name <input name="name" required autocomplete="off"></label>
<button type="submit">Create</button>
</form>`,
    )
  }

  async function showUser(context: Context, problem: string | null) {
    const redirect = await redirectText(context)
    const session = sessionOf(context)
    const user = session === null ? undefined : state.users.get(session.user_id)
    if (session === null || user === undefined) return context.redirect(`/sign-in${query(redirect)}`, 303)
    const memberships = state.membershipsByUser.find(user.id)
    const choice = (id: string, name: string) =>
      html`<option value="${id}" ${(session.last_active_organization_id ?? '') === id ? 'selected' : ''}>${name}</option>`
    return page(
      context,
      `Signed in as ${nameOf(user)}`,
      problem,
      html`
<form method="post">
${hidden(redirect)}
<label>Act for <select name="organization_id">
${choice('', 'myself')}
${memberships.map(({ organization_id: id }) => choice(id, state.organizations.get(id)?.name ?? id))}
</select></label>
<button type="submit">Switch</button>
</form>
<p><a href="/create-organization${query(redirect)}">Create an organization</a></p>
<form method="post" action="/sign-out${query(redirect)}"><button type="submit">Sign out</button></form>`,
    )
  }

  return app
}

function page(context: Context, title: string, problem: string | null, content: ReturnType<typeof html>) {
  return context.html(
    layout(
      title,
      html`${problem === null ? '' : html`<p class="error" role="alert">${problem}</p>`}${content}`,
    ),
    problem === null ? 200 : 422,
  )
}

/** Where the page leads: from its address, or, where a form was sent and refused, from the form. */
async function redirectText(context: Context): Promise<string> {
  const asked = context.req.query('redirect_url')
  if (asked !== undefined || context.req.method !== 'POST') return asked ?? ''
  const sent = (await context.req.parseBody()).redirect_url
  return typeof sent === 'string' ? sent : ''
}

function hidden(redirect: string) {
  return redirect === '' ? '' : html`<input type="hidden" name="redirect_url" value="${redirect}">`
}

function query(redirect: string): string {
  return redirect === '' ? '' : `?redirect_url=${encodeURIComponent(redirect)}`
}

function nameOf(user: ClerkUser): string {
  const name = [user.first_name, user.last_name].filter((part) => part !== null).join(' ')
  return [name, primaryEmail(user)].filter((part) => part !== '' && part !== null).join(', ') || user.id
}

function notKnown(email: string): ClerkRefusal {
  return new ClerkRefusal(
    422,
    'form_identifier_not_found',
    'not found',
    `Nobody has the address ${email}. Sign up, or choose one of the people below.`,
  )
}
