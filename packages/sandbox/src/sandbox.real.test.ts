import { createServer } from 'node:http'
import { createClerkClient } from '@clerk/backend'
import { verifyWebhook } from '@clerk/backend/webhooks'
import Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { useBillingCard } from './clerk/billing/cards.ts'
import { checkOut } from './clerk/billing/check-out.ts'
import { createUser } from './clerk/users/create-user.ts'
import { type Sandbox, type SandboxOptions, startSandbox } from './sandbox.ts'
import { SandboxError } from './server/sandbox-error.ts'
import { VirtualTime } from './server/virtual-time.ts'

const now = new Date('2026-11-21T12:00:00Z')
const opened: Sandbox[] = []
const start = async (options: Partial<SandboxOptions> = {}) => {
  const sandbox = await startSandbox({ world: 'demo', seed: 7, now, ...options })
  opened.push(sandbox)
  return sandbox
}
const stripeOf = (sandbox: Sandbox, key = sandbox.stripe.restrictedKey) =>
  new Stripe(key, {
    host: '127.0.0.1',
    port: Number(new URL(sandbox.stripe.url).port),
    protocol: 'http',
    telemetry: false,
    maxNetworkRetries: 0,
  })
const clerkOf = (sandbox: Sandbox, secretKey = sandbox.clerk.secretKey) =>
  createClerkClient({ secretKey, apiUrl: sandbox.clerk.url, telemetry: { disabled: true } })

let demo: Sandbox
beforeAll(async () => {
  demo = await start()
})
afterAll(async () => {
  await Promise.all(opened.map((sandbox) => sandbox.close()))
})

describe('a sandbox, to the official SDKs,', () => {
  it('lists every customer and subscription of its world', async () => {
    const stripe = stripeOf(demo)
    const customers = await stripe.customers.list({ limit: 100 }).autoPagingToArray({ limit: 1000 })
    expect(customers).toHaveLength(300)
    const subscriptions = await stripe.subscriptions
      .list({ status: 'all', limit: 100, expand: ['data.customer', 'data.latest_invoice'] })
      .autoPagingToArray({ limit: 1000 })
    expect(subscriptions).toHaveLength(demo.labels.counts.subscriptions)
    expect(subscriptions.every(({ customer }) => typeof customer === 'object')).toBe(true)
    expect(subscriptions.every(({ latest_invoice }) => typeof latest_invoice === 'object')).toBe(true)
  })

  it('lists every user and organization of its world', async () => {
    const clerk = clerkOf(demo)
    const users = await clerk.users.getUserList({ limit: 500 })
    expect(users.totalCount).toBe(demo.labels.counts.users)
    expect(users.data).toHaveLength(demo.labels.counts.users)
    const organizations = await clerk.organizations.getOrganizationList({ limit: 500 })
    expect(organizations.totalCount).toBe(demo.labels.counts.organizations)
  })

  it('says of a customer of the other mode, of a deleted and of an unknown one, what each is', async () => {
    const lost = await start({
      world: 'saas',
      customers: 100,
      drift: { 'mode-mismatch': 0.01, 'customer-not-found': 0.2 },
    })
    const stripe = stripeOf(lost)
    const [otherMode] = lost.world.stripe.idsOfOtherMode
    const [deleted] = lost.world.stripe.deleted.keys()
    await expect(stripe.customers.retrieve(otherMode ?? '')).rejects.toThrow(
      /similar object exists in live mode/,
    )
    expect((await stripe.customers.retrieve(deleted ?? '')).deleted).toBe(true)
    await expect(stripe.customers.retrieve('cus_nobody')).rejects.toThrow(/No such customer/)
  })

  it('lets the restricted key read all that a check reads, and write nothing', async () => {
    const stripe = stripeOf(demo)
    const [customer] = demo.world.stripe.customers.all()
    const id = customer?.id ?? ''
    await stripe.prices.list()
    await stripe.products.list()
    await stripe.invoices.list()
    await stripe.invoicePayments.list()
    await stripe.refunds.list()
    await stripe.disputes.list()
    await stripe.charges.list()
    await stripe.checkout.sessions.list()
    await stripe.subscriptionSchedules.list()
    await stripe.entitlements.activeEntitlements.list({ customer: id })
    await stripe.events.list()
    await expect(stripe.customers.update(id, { name: 'No' })).rejects.toThrow(/rak_customer_write/)
  })

  it('refuses other keys', async () => {
    await expect(stripeOf(demo, 'rk_test_other').customers.list()).rejects.toThrow(/Invalid API Key/)
    await expect(clerkOf(demo, 'sk_test_other').users.getCount()).rejects.toMatchObject({ status: 401 })
  })

  it('shows metered, tiered and lifetime prices as Stripe does', async () => {
    const stripe = stripeOf(demo)
    const tiered = await stripe.prices.retrieve('price_1TeamTiered', { expand: ['tiers'] })
    expect(tiered.tiers?.map(({ up_to }) => up_to)).toEqual([12, 50, null])
    expect((await stripe.prices.retrieve('price_1ApiCalls')).recurring?.usage_type).toBe('metered')
    expect((await stripe.prices.retrieve('price_1ProLifetime')).recurring).toBeNull()
  })

  it('shows what a checkout session sold', async () => {
    const stripe = stripeOf(demo)
    const [session] = demo.world.stripe.checkoutSessions.all()
    const lines = await stripe.checkout.sessions.listLineItems(session?.id ?? '')
    expect(lines.data.map(({ price }) => price?.id)).toEqual(['price_1ProLifetime'])
  })
})

describe('the demo', () => {
  it.each([1, 2, 3, 4, 5])(
    'shows at least sixteen kinds of drift, and holds no repairs (seed %i)',
    async (seed) => {
      const { labels } = await start({ seed })
      const kinds = new Set(labels.drifts.map(({ kind }) => kind))
      expect(kinds.size).toBeGreaterThanOrEqual(16)
      expect(kinds).not.toContain('mass-drift')
    },
  )
})

describe('the options of a sandbox', () => {
  it('fill the vendors with a world of any size, an empty one, or one from a file that is there', async () => {
    expect((await start({ world: 'saas', customers: 50 })).labels.customers).toBe(50)
    expect((await start({ world: 'empty' })).labels.customers).toBe(0)
    const own = await start({ world: { customers: [{ id: 'cus_ada' }] } })
    expect((await stripeOf(own).customers.retrieve('cus_ada')).id).toBe('cus_ada')
    await expect(startSandbox({ world: './nowhere.json' })).rejects.toThrow(SandboxError)
  })

  it('give live keys for live objects', async () => {
    const live = await start({ world: 'saas', customers: 5, livemode: true })
    expect(live.stripe.restrictedKey).toMatch(/^rk_live_/)
    const { data } = await stripeOf(live).customers.list({ limit: 1 })
    expect(data[0]?.livemode).toBe(true)
  })

  it('refuse requests beyond the limits only where they are asked to', async () => {
    const strict = await start({ world: 'empty', rateLimits: true })
    const answers = await Promise.allSettled(
      Array.from({ length: 40 }, () => stripeOf(strict).customers.list()),
    )
    expect(answers.some((answer) => answer.status === 'rejected' && answer.reason.statusCode === 429)).toBe(
      true,
    )
    const loose = await start({ world: 'empty' })
    await Promise.all(Array.from({ length: 40 }, () => stripeOf(loose).customers.list()))
  })

  it('free the port of the one server when the other cannot start', async () => {
    const taken = Number(new URL(demo.clerk.url).port)
    await expect(startSandbox({ world: 'empty', clerkPort: taken })).rejects.toMatchObject({
      code: 'EADDRINUSE',
    })
  })

  it('tell the truth and the configuration over HTTP too', async () => {
    for (const url of [demo.stripe.url, demo.clerk.url]) {
      expect(await (await fetch(`${url}/_sandbox/labels`)).json()).toEqual(demo.labels)
      expect(await (await fetch(`${url}/_sandbox/config`)).json()).toEqual(demo.config)
      expect(await (await fetch(`${url}/_sandbox/health`)).json()).toMatchObject({ status: 'ok' })
    }
  })
})

describe('webhooks of a sandbox', () => {
  it('arrive signed, at an app that started after it', async () => {
    const received: { headers: Headers; body: string }[] = []
    const server = createServer((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        received.push({
          headers: new Headers(request.headers as Record<string, string>),
          body: Buffer.concat(chunks).toString(),
        })
        response.end()
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
    // The receiver's clock is the machine's, so the world's has to be as well for its signatures to be fresh.
    const sandbox = await startSandbox({ world: 'saas', customers: 10, seed: 3 })
    try {
      sandbox.sendWebhooks({ stripe: `${url}/stripe`, clerk: `${url}/clerk` })
      const [customer] = sandbox.world.stripe.customers.all()
      await stripeOf(sandbox, sandbox.stripe.secretKey).customers.update(customer?.id ?? '', {
        name: 'New name',
      })
      const [user] = sandbox.world.clerk.users.all()
      await clerkOf(sandbox).users.updateUserMetadata(user?.id ?? '', { publicMetadata: { plan: 'pro' } })
      await sandbox.drainWebhooks()
      const fromStripe = received.find(({ headers }) => headers.has('stripe-signature'))
      const event = Stripe.webhooks.constructEvent(
        fromStripe?.body ?? '',
        fromStripe?.headers.get('stripe-signature') ?? '',
        sandbox.stripe.webhookSecret,
      )
      expect(event.type).toBe('customer.updated')
      const fromClerk = received.find(({ headers }) => headers.has('svix-signature'))
      const request = new Request(url, {
        method: 'POST',
        headers: fromClerk?.headers ?? new Headers(),
        body: fromClerk?.body ?? '',
      })
      const verified = await verifyWebhook(request, { signingSecret: sandbox.clerk.webhookSecret })
      expect(verified.type).toBe('user.updated')
    } finally {
      await sandbox.close()
      await new Promise((resolve) => server.close(resolve))
    }
  })

  it('come at their moments where the test lets time pass, those of what falls due too', async () => {
    let isDown = false
    const received: string[] = []
    const server = createServer((request, response) => {
      request.resume().on('end', () => {
        const id = String(request.headers['svix-id'])
        const seconds = Number(request.headers['svix-timestamp'])
        received.push(
          `${isDown ? 'down' : 'up'} ${new Date(seconds * 1000).toISOString().slice(0, 16)} ${id}`,
        )
        response.writeHead(isDown ? 503 : 200).end()
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
    const time = new VirtualTime(now)
    const sandbox = await startSandbox({
      world: 'clerk-billing',
      customers: 0,
      time,
      now,
      webhooks: { clerk: url },
    })
    try {
      const { clerk } = sandbox.world
      const user = createUser(clerk, { emails: ['ada@example.com'] })
      const plan = [...clerk.billing.plans.values()].find(({ slug }) => slug === 'business')
      if (!plan) throw new Error('The world sells Business.')
      useBillingCard(clerk, user.id, '4242 4242 4242 4242')
      checkOut(clerk, user.id, { plan })
      await sandbox.pass(60_000)
      const atOnce = received.splice(0)
      expect(atOnce.every((line) => line.startsWith('up 2026-11-21T12:00'))).toBe(true)
      isDown = true
      await sandbox.pass(30 * 86_400_000 + 6_000)
      const tried = received.splice(0)
      // The payment, its outcome, the item and the subscription; each at once, and again after five seconds.
      expect(new Set(tried.map((line) => line.split(' ')[2])).size).toBe(4)
      expect(tried).toHaveLength(8)
      isDown = false
      await sandbox.pass(86_400_000)
      expect(new Set(received.map((line) => line.split(' ')[2])).size).toBe(4)
      expect(received.every((line) => line.startsWith('up 2026-12-21T12:06'))).toBe(true)
      await expect(demo.pass(1)).rejects.toMatchObject({ code: 'invalid-input' })
    } finally {
      await sandbox.close()
      await new Promise((resolve) => server.close(resolve))
    }
  })
})
