import type { ClerkClient } from '@clerk/backend'
import type { ClerkBilling } from '@trueup/sdk'
import type { Gates } from '@trueup/sdk/gate'
import { honoBilling } from '@trueup/sdk/hono'
import type { PgPool } from '@trueup/sdk/postgres'
import { type Context, Hono } from 'hono'
import { type SessionSettings, type SessionVariables, withSession } from '../../team-notes/src/session.ts'
import { readUnpaid } from './billing.ts'
import { type PageData, renderPage } from './page.tsx'

interface AppParts {
  readonly billing: Pick<ClerkBilling, 'access' | 'offers' | 'probe' | 'resync' | 'subjectOf' | 'webhooks'>
  readonly gates: Gates
  readonly clerk: ClerkClient
  readonly pool: PgPool
  readonly session: SessionSettings
  /** The time of the sandbox, where there is one. */
  readonly sandboxTime: (() => Date) | null
}

/** The app's routes. */
export function createApp({
  billing,
  gates,
  clerk,
  pool,
  session,
  sandboxTime,
}: AppParts): Hono<SessionVariables> {
  const app = new Hono<SessionVariables>()
  const wired = honoBilling({ billing, auth: (context: Context<SessionVariables>) => context.get('auth') })
  const archive = gates.requireFeature('archive')

  // Webhooks come without a session, and prove by their signature who sent them.
  app.post('/webhooks/clerk', wired.webhooks.clerk)
  app.use(withSession(clerk, session))
  app.post('*', async (context, next) => {
    // A page of somebody else may not act in the name of whoever is signed in.
    if (context.req.header('origin') === session.origin) return next()
    return context.text('This request does not come from the app.', 403)
  })

  app.get('/', (context) => show(context, 'today'))
  app.get('/archive', (context) => show(context, 'archive'))
  app.get('/billing', (context) => show(context, 'billing'))
  // Clerk's <PricingTable /> and <OrganizationProfile /> would stand in the page; the sandbox has a page of its own.
  app.post('/billing/open', (context) => {
    const back = new URLSearchParams({ redirect_url: `${session.origin}/billing/done` })
    return context.redirect(`${session.proxyUrl}/billing?${back}`, 303)
  })
  app.get('/billing/done', async (context) => {
    const subject = billing.subjectOf(context.get('auth'))
    // Whoever bought sees it at once, and does not wait for a webhook.
    if (subject) await billing.resync(subject)
    return context.redirect('/billing', 303)
  })
  app.get('/api/access', wired.access)
  app.get('/api/archive', wired.gate(archive), (context) => context.json({ since: 1876 }))

  async function show(context: Context<SessionVariables>, shown: PageData['shown']): Promise<Response> {
    const auth = context.get('auth')
    const subject = billing.subjectOf(auth)
    const organization = subject
      ? await clerk.organizations.getOrganization({ organizationId: subject.id })
      : null
    return context.html(
      renderPage({
        shown,
        person: auth.userId
          ? { organization: organization?.name ?? null, manages: auth.orgRole === 'org:admin' }
          : null,
        access: subject ? await billing.access(subject) : null,
        isOpen: (await archive(auth)).open,
        offers: shown === 'billing' && subject ? await billing.offers() : [],
        unpaid: subject ? await readUnpaid(pool, subject.id) : null,
        clerkUrl: session.proxyUrl,
        origin: session.origin,
        sandboxTime: sandboxTime?.() ?? null,
      }),
    )
  }
  return app
}
