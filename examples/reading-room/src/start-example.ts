import { type ClerkClient, createClerkClient } from '@clerk/backend'
import { serve } from '@hono/node-server'
import {
  useBillingCard as chargeCard,
  makeFeature,
  makeMoney,
  makePlan,
  type Sandbox,
  startSandbox,
  VirtualTime,
} from '@trueup/sandbox'
import type { ClerkBilling } from '@trueup/sdk'
import { createGates } from '@trueup/sdk/gate'
import type { PgClient, PgPool } from '@trueup/sdk/postgres'
import { Hono } from 'hono'
import pg from 'pg'
import { openEmbedded } from '../../team-notes/src/embedded-database.ts'
import { createApp } from './app.ts'
import { openBilling } from './billing.ts'

const dayMs = 86_400_000
const workEveryMs = 60_000
/** A test card that is taken and cannot be charged. https://docs.stripe.com/testing#declined-payments */
const declinedCard = '4000 0000 0000 0341'

interface ExampleOptions {
  /** 0 lets the system pick. */
  readonly port: number
  /** A PostgreSQL; `null`: one inside of this process, which keeps nothing. */
  readonly databaseUrl: string | null
}

/** The app, running against the sandbox. */
export interface Example {
  readonly url: string
  readonly sandbox: Sandbox
  readonly billing: ClerkBilling<PgClient>
  readonly clerk: ClerkClient
  close(): Promise<void>
}

/**
 * Starts the sandbox's Clerk and the app on it. Elsewhere than here the app knows nothing of a sandbox: with the key of a
 * real instance the client below is made without an address, and everything else stays.
 */
export async function startExample({ port, databaseUrl }: ExampleOptions): Promise<Example> {
  const time = new VirtualTime(new Date())
  const [sandbox, database] = await Promise.all([
    startSandbox({ world: 'empty', time }),
    openPool(databaseUrl),
  ])
  addPlans(sandbox)
  const clerk = createClerkClient({
    secretKey: sandbox.clerk.secretKey,
    publishableKey: sandbox.clerk.publishableKey,
    apiUrl: sandbox.clerk.url,
    telemetry: { disabled: true },
  })
  const billing = await openBilling(database.pool, {
    clerk,
    webhookSecret: sandbox.clerk.webhookSecret,
    clock: time,
  })
  const gates = createGates(billing, { clock: time })

  const outer = new Hono()
  const { origin, server } = await listening(outer, port)
  sandbox.sendWebhooks({ clerk: `${origin}/webhooks/clerk` })
  outer.post('/sandbox/pass', async (context) => {
    const { days, declined } = await context.req.parseBody()
    const state = sandbox.world.clerk
    // Those that there are. A new card is a good one.
    if (declined === 'yes')
      for (const payer of state.billing.cards.keys()) chargeCard(state, payer, declinedCard)
    await sandbox.pass(Math.min(400, Math.max(1, Math.trunc(Number(days)) || 1)) * dayMs)
    await billing.work()
    return context.redirect('/billing', 303)
  })
  const session = { jwtKey: sandbox.clerk.jwtKey, proxyUrl: sandbox.clerk.url, origin }
  const { pool } = database
  const app = createApp({ billing, gates, clerk, pool, session, sandboxTime: () => time.now() })
  outer.all('*', (context) => app.fetch(context.req.raw))
  const job = setInterval(() => {
    // What fails is kept in the database and tried again by the next round.
    billing.work().catch((error: unknown) => process.stderr.write(`${String(error)}\n`))
  }, workEveryMs)

  return {
    url: origin,
    sandbox,
    billing,
    clerk,
    async close() {
      clearInterval(job)
      gates.close()
      await sandbox.close()
      await new Promise((closed) => server.close(closed))
      await database.close()
    },
  }
}

/** The plans, which with Clerk itself are made once in its dashboard. */
function addPlans({ world: { clerk: state } }: Sandbox): void {
  const common = { for_payer_type: 'org', is_default: false } as const
  const archive = makeFeature({ id: 'feat_archive', slug: 'archive' })
  for (const plan of [
    makePlan({ ...common, id: 'cplan_free', slug: 'free_org', name: 'Free', is_default: true }),
    makePlan({
      ...common,
      id: 'cplan_reader',
      slug: 'reader',
      name: 'Reader',
      fee: makeMoney(1_200),
      features: [archive],
    }),
    makePlan({
      ...common,
      id: 'cplan_library',
      slug: 'library',
      name: 'Library',
      fee: makeMoney(4_900),
      features: [archive],
      free_trial_enabled: true,
      free_trial_days: 14,
    }),
  ]) {
    state.billing.plans.set(plan.id, plan)
  }
}

async function openPool(url: string | null): Promise<{ readonly pool: PgPool; close(): Promise<void> }> {
  if (url === null) return openEmbedded()
  const pool = new pg.Pool({ connectionString: url, max: 5 })
  // A connection that breaks while nobody uses it is replaced by the next; unheard, it would end the app.
  pool.on('error', (error) => process.stderr.write(`${error.message}\n`))
  return { pool, close: () => pool.end() }
}

function listening(app: Hono, port: number) {
  return new Promise<{ readonly origin: string; readonly server: ReturnType<typeof serve> }>((resolve) => {
    const server = serve({ fetch: app.fetch, port, hostname: '127.0.0.1' }, (info) =>
      resolve({ origin: `http://127.0.0.1:${info.port}`, server }),
    )
  })
}
