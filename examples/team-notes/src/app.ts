import type { ClerkClient } from '@clerk/backend'
import { type Billing, BillingError } from '@trueup/sdk'
import type { Gates } from '@trueup/sdk/gate'
import { honoBilling } from '@trueup/sdk/hono'
import type { PgClient } from '@trueup/sdk/postgres'
import { type Context, Hono } from 'hono'
import type { BuiltPage } from './build-page.ts'
import { catalogue } from './catalogue.ts'
import type { Database } from './database.ts'
import type { PageData } from './page/page-data.ts'
import { type SessionSettings, type SessionVariables, withSession } from './session.ts'
import { countNotes, readFailedPayment, readNotes, writeNote } from './tables.ts'

export interface AppParts {
  readonly billing: Billing<PgClient>
  readonly gates: Gates
  readonly clerk: ClerkClient
  readonly database: Database
  readonly page: BuiltPage
  readonly session: SessionSettings
  /** The time of the sandbox, where there is one. */
  readonly sandboxTime: (() => Date) | null
}

const foreign: readonly string[] = ['signed-out', 'session-not-found']

/** The app's routes. */
export function createApp(parts: AppParts): Hono<SessionVariables> {
  const { billing, database, page, session } = parts
  const app = new Hono<SessionVariables>()

  const wired = honoBilling({
    billing,
    auth: (context: Context<SessionVariables>) => context.get('auth'),
    pages: { paid: '/billing/done', billing: '/billing' },
  })

  // Webhooks come without a session, and prove by their signature who sent them.
  app.post('/webhooks/stripe', wired.webhooks.stripe)
  app.post('/webhooks/clerk', wired.webhooks.clerk)
  app.get('/files/page.js', (context) =>
    context.body(page.script, 200, { 'content-type': 'text/javascript' }),
  )
  app.get('/files/page.css', (context) => context.body(page.style, 200, { 'content-type': 'text/css' }))

  app.use(withSession(parts.clerk, session))
  app.post('*', async (context, next) => {
    // A page of somebody else may not act in the name of whoever is signed in.
    if (context.req.header('origin') === session.origin) return next()
    return context.json({ message: 'This request does not come from the app.' }, 403)
  })

  app.get('/', async (context) => show(context, 'notes'))
  app.get('/reports', async (context) => show(context, 'reports'))
  app.get('/billing', async (context) => show(context, 'billing'))
  app.get('/billing/done', async (context) => {
    const sessionId = context.req.query('session_id') ?? ''
    try {
      const { state } = await billing.confirm({ by: context.get('auth'), sessionId })
      return context.redirect(`/billing?checkout=${state}`, 303)
    } catch (error) {
      // An old or a foreign address: the page shows how things stand.
      const isForeign = error instanceof BillingError && foreign.includes(error.code)
      if (!isForeign) throw error
      return context.redirect('/billing', 303)
    }
  })

  app.get('/api/access', wired.access)
  app.post('/api/checkout', wired.checkout)
  app.post('/api/portal', wired.portal)
  app.post('/api/notes', async (context) => {
    const subject = billing.subjectOf(context.get('auth'))
    if (!subject) return context.json({ message: 'Nobody is signed in with an organization.' }, 401)
    const { text } = Object(await context.req.json())
    if (typeof text !== 'string' || text.trim() === '' || text.length > 1_000) {
      return context.json({ message: 'A note has between 1 and 1,000 characters.' }, 400)
    }
    await writeNote(database, subject.id, text.trim())
    return context.json({}, 201)
  })
  app.get('/api/reports', wired.gate(parts.gates.requireFeature('reports')), async (context) => {
    const { subject } = wired.accessOf(context)
    return context.json({ notes: await countNotes(database, subject.id) })
  })

  async function show(context: Context<SessionVariables>, name: PageData['page']): Promise<Response> {
    const auth = context.get('auth')
    const subject = billing.subjectOf(auth)
    const organization = subject
      ? await parts.clerk.organizations.getOrganization({ organizationId: subject.id })
      : null
    const data: PageData = {
      page: name,
      person: auth.userId
        ? {
            organizationId: subject?.id ?? null,
            organization: organization?.name ?? null,
            manages: auth.orgRole === 'org:admin',
          }
        : null,
      access: subject ? await billing.access(subject) : null,
      plans: catalogue.plans.map(({ id }) => id),
      offers: name === 'billing' && subject ? await billing.offers() : [],
      failedPayment: subject ? await readFailedPayment(database, subject.id) : null,
      notes: name === 'notes' && subject ? await readNotes(database, subject.id) : [],
      clerkUrl: session.proxyUrl,
      origin: session.origin,
      sandboxTime: parts.sandboxTime?.().toISOString() ?? null,
      notice: noticeOf(context.req.query('checkout')),
    }
    return context.html(page.render(data))
  }
  return app
}

function noticeOf(checkout: string | undefined): string | null {
  if (checkout === 'complete') return 'Thank you. Your plan is active.'
  if (checkout === 'processing') return 'Thank you. Your plan begins when the payment has arrived.'
  return null
}
