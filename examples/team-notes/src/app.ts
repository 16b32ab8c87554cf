import type { ClerkClient } from '@clerk/backend'
import { type Billing, BillingError } from '@trueup/sdk'
import type { PgClient } from '@trueup/sdk/postgres'
import { type Context, Hono } from 'hono'
import type { BuiltPage } from './build-page.ts'
import { catalogue } from './catalogue.ts'
import type { Database } from './database.ts'
import type { PageData } from './page/page-data.ts'
import { readCheckout, readNote, readPortal } from './read-request.ts'
import { type SessionSettings, type SessionVariables, withSession } from './session.ts'
import { readFailedPayment, readNotes, writeNote } from './tables.ts'

export interface AppParts {
  readonly billing: Billing<PgClient>
  readonly clerk: ClerkClient
  readonly database: Database
  readonly page: BuiltPage
  readonly session: SessionSettings
  /** The time of the sandbox, where there is one. */
  readonly sandboxTime: (() => Date) | null
}

/** The app's routes. */
export function createApp(parts: AppParts): Hono<SessionVariables> {
  const { billing, database, page, session } = parts
  const app = new Hono<SessionVariables>()

  // Webhooks come without a session, and prove by their signature who sent them.
  app.post('/webhooks/stripe', (context) => billing.webhooks.stripe(context.req.raw))
  app.post('/webhooks/clerk', (context) => billing.webhooks.clerk(context.req.raw))
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
    const { state } = await billing.confirm({ by: context.get('auth'), sessionId })
    return context.redirect(`/billing?checkout=${state}`, 303)
  })

  app.get('/api/access', async (context) => context.json(await billing.access(subjectOf(context))))
  app.post('/api/checkout', async (context) => {
    const choice = readCheckout(await context.req.json())
    const urls = { successUrl: '/billing/done', cancelUrl: '/billing' }
    return context.json(await billing.checkout({ by: context.get('auth'), ...choice, ...urls }))
  })
  app.post('/api/portal', async (context) => {
    const flow = readPortal(await context.req.json())
    return context.json(
      await billing.portal({ by: context.get('auth'), returnUrl: '/billing', ...(flow ? { flow } : {}) }),
    )
  })
  app.post('/api/notes', async (context) => {
    await writeNote(database, subjectOf(context).id, readNote(await context.req.json()))
    return context.json({}, 201)
  })
  app.get('/api/reports', async (context) => {
    const subject = subjectOf(context)
    const { entitlements, plan } = await billing.access(subject)
    if (entitlements !== 'every' && !entitlements.includes('reports')) {
      return context.json({ message: `Reports are not part of the plan ${plan}.` }, 403)
    }
    return context.json({ notes: (await readNotes(database, subject.id)).length })
  })

  app.onError((error, context) => {
    if (!(error instanceof BillingError)) {
      process.stderr.write(`${error.stack ?? error.message}\n`)
      return context.json({ message: 'Something went wrong here.' }, 500)
    }
    const status = statusOf(error)
    return context.json({ code: error.code, message: error.message }, status)
  })

  function subjectOf(context: Context<SessionVariables>) {
    const subject = billing.subjectOf(context.get('auth'))
    if (subject) return subject
    throw new BillingError({
      code: 'signed-out',
      message: 'Nobody is signed in with an organization.',
      fix: 'Sign in.',
    })
  }

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

function statusOf({ code, retryable }: BillingError): 400 | 401 | 403 | 404 | 503 {
  if (retryable) return 503
  if (code === 'signed-out') return 401
  if (code === 'not-allowed') return 403
  return code === 'session-not-found' ? 404 : 400
}
