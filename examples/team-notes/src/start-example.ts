import { mkdtemp, rm } from 'node:fs/promises'
import type { Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ClerkClient, createClerkClient } from '@clerk/backend'
import { createAdaptorServer } from '@hono/node-server'
import { type Sandbox, startSandbox, VirtualTime } from '@trueup/sandbox'
import type { Billing } from '@trueup/sdk'
import { createGates } from '@trueup/sdk/gate'
import type { PgClient } from '@trueup/sdk/postgres'
import { Hono } from 'hono'
import Stripe from 'stripe'
import { createApp } from './app.ts'
import { openBilling } from './billing.ts'
import { buildPage } from './build-page.ts'
import { openDatabase } from './database.ts'

const dayMs = 86_400_000

export interface ExampleOptions {
  /** 0 lets the system pick. */
  readonly port: number
  /** A PostgreSQL; `null`: one inside of this process, which keeps nothing. */
  readonly databaseUrl: string | null
  /** When the sandbox's time begins; it stands still until it is moved. Default: the present. */
  readonly now?: Date
  /** How often the app does by itself what is due, in milliseconds; `null`: only when days pass. Default: a minute. */
  readonly workEveryMs?: number | null
}

/** The app, running against the sandbox. */
export interface Example {
  readonly url: string
  readonly sandbox: Sandbox
  readonly billing: Billing<PgClient>
  readonly clerk: ClerkClient
  /** Lets days pass at the vendors, and does the work that has fallen due in the app. */
  pass(days: number): Promise<void>
  close(): Promise<void>
}

/**
 * Starts the sandbox's Stripe and Clerk and the app on them. Elsewhere than here the app knows nothing of a sandbox: with
 * keys of real accounts the two clients below are made without addresses, and everything else stays.
 */
export async function startExample({
  port,
  databaseUrl,
  now = new Date(),
  workEveryMs = 60_000,
}: ExampleOptions): Promise<Example> {
  const folder = await mkdtemp(join(tmpdir(), 'team-notes-'))
  const time = new VirtualTime(now)
  const [page, sandbox, database] = await Promise.all([
    buildPage(folder),
    startSandbox({ world: 'empty', time }),
    openDatabase(databaseUrl),
  ])
  const stripeUrl = new URL(sandbox.stripe.url)
  const stripe = new Stripe(sandbox.stripe.secretKey, {
    host: stripeUrl.hostname,
    port: stripeUrl.port,
    protocol: 'http',
    telemetry: false,
  })
  const clerk = createClerkClient({
    secretKey: sandbox.clerk.secretKey,
    publishableKey: sandbox.clerk.publishableKey,
    apiUrl: sandbox.clerk.url,
    telemetry: { disabled: true },
  })
  // What customers may do in the portal is set up once, with Stripe itself in its settings.
  await stripe.billingPortal.configurations.create({
    features: {
      subscription_cancel: { enabled: true, mode: 'at_period_end' },
      subscription_update: {
        enabled: true,
        default_allowed_updates: ['price'],
        proration_behavior: 'create_prorations',
        products: [
          { product: 'prod_1Pro', prices: ['price_1ProMonthly', 'price_1ProYearly'] },
          { product: 'prod_1Team', prices: ['price_1TeamMonthly', 'price_1TeamYearly'] },
        ],
      },
      payment_method_update: { enabled: true },
      invoice_history: { enabled: true },
    },
  })

  const outer = new Hono()
  const server = createAdaptorServer({ fetch: (request: Request) => outer.fetch(request) }) as Server
  const origin = await listening(server, port)
  const billing = await openBilling(database, {
    stripe,
    clerk,
    stripeWebhookSecret: sandbox.stripe.webhookSecret,
    clerkWebhookSecret: sandbox.clerk.webhookSecret,
    origin,
    clock: time,
  })
  sandbox.sendWebhooks({ stripe: `${origin}/webhooks/stripe`, clerk: `${origin}/webhooks/clerk` })
  const pass = async (days: number) => {
    await sandbox.pass(days * dayMs)
    await billing.work()
  }
  outer.post('/sandbox/pass', async (context) => {
    const { days, declined } = await context.req.parseBody()
    if (declined === 'yes') {
      // Those that there are. A new card, put in by the portal, is a good one.
      for (const { id } of sandbox.world.stripe.paymentMethods.all()) {
        sandbox.world.stripe.paymentOutcomes.set(id, 'generic_decline')
      }
    }
    await pass(Math.min(400, Math.max(1, Math.trunc(Number(days)) || 1)))
    return context.redirect('/billing', 303)
  })
  const session = { jwtKey: sandbox.clerk.jwtKey, proxyUrl: sandbox.clerk.url, origin }
  const gates = createGates(billing, { clock: time })
  const app = createApp({ billing, gates, clerk, database, page, session, sandboxTime: () => time.now() })
  outer.all('*', (context) => app.fetch(context.req.raw))
  const work = () => {
    // What fails is kept in the database and tried again by the next round.
    billing.work().catch((error: unknown) => process.stderr.write(`${String(error)}\n`))
  }
  const job = workEveryMs === null ? undefined : setInterval(work, workEveryMs)

  return {
    url: origin,
    sandbox,
    billing,
    clerk,
    pass,
    async close() {
      clearInterval(job)
      gates.close()
      await sandbox.close()
      server.closeAllConnections()
      await new Promise((closed) => server.close(closed))
      await database.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function listening(server: Server, port: number): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  const address = server.address()
  if (typeof address !== 'object' || !address) throw new Error('A server that listens has a port.')
  return `http://127.0.0.1:${address.port}`
}
