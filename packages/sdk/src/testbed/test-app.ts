import { createClerkClient } from '@clerk/backend'
import type { SubjectId } from '@trueup/core'
import {
  ClerkWebhooks,
  createClerkApp,
  createStripeApp,
  Deliverer,
  Engine,
  emptyWorld,
  Faults,
  listen,
  ManualClock,
  StripeKeys,
  seededRng,
  Webhooks,
  withFaults,
} from '@trueup/sandbox'
import Stripe from 'stripe'
import type { Billing } from '../billing.ts'
import { createBilling } from '../create-billing.ts'
import type { BillingOptions } from '../options.ts'
import { memoryStore } from '../store/memory/memory-store.ts'
import type { BillingStore } from '../store/store.ts'
import type { SessionAuth } from '../subject/actor.ts'
import { clerkKey, stripeKey, testCatalogue } from './test-catalogue.ts'

export { testCatalogue }

export const stripeSecret = 'whsec_0123456789abcdef0123456789abcdef'
export const clerkSecret = `whsec_${btoa('a key of twenty-four bytes')}`

export interface TestAppOptions<Transaction> {
  readonly store?: BillingStore<Transaction>
  readonly options?: Partial<BillingOptions<Transaction>>
  readonly seed?: string | number
  /** Sends no webhooks unless asked to. Default true: they are sent. */
  readonly webhooks?: boolean
}

/** An app wired by the SDK to a Stripe and a Clerk that run over HTTP, with a clock that stands still until it is moved. */
export type TestApp<Transaction> = Awaited<ReturnType<typeof startTestApp<Transaction>>>

export async function startTestApp<Transaction>(given: TestAppOptions<Transaction> = {}) {
  const { seed = 1 } = given
  const clock = new ManualClock(new Date('2026-11-21T12:00:00Z'))
  const world = emptyWorld({ seed, now: clock.now(), clock })
  const engine = new Engine(world.stripe)
  const stripeDeliverer = new Deliverer({
    seed: `stripe:${seed}`,
    clock,
    retriesMs: [1_000, 60_000, 3_600_000],
  })
  const stripeWebhooks = new Webhooks({ state: world.stripe, deliverer: stripeDeliverer })
  const clerkDeliverer = new Deliverer({ seed: `clerk:${seed}`, clock })
  const clerkWebhooks = new ClerkWebhooks({ state: world.clerk, deliverer: clerkDeliverer })
  const keys = new StripeKeys()
  keys.add(stripeKey)
  const stripeFaults = new Faults({ seed: `stripe:${seed}` })
  const clerkFaults = new Faults({ seed: `clerk:${seed}` })
  const api = createStripeApp({ state: world.stripe, keys, engine })
  const stripeServer = await listen(withFaults(api, { faults: stripeFaults, vendor: 'stripe', clock }))
  const clerkApp = createClerkApp({ state: world.clerk, keys: [clerkKey], webhooks: clerkWebhooks })
  const clerkServer = await listen(withFaults(clerkApp, { faults: clerkFaults, vendor: 'clerk', clock }))

  /** The official client over a `fetch` of the test's own. */
  const stripeOver = (http: typeof fetch = fetch) =>
    new Stripe(stripeKey, {
      host: '127.0.0.1',
      port: stripeServer.port,
      protocol: 'http',
      telemetry: false,
      maxNetworkRetries: 0,
      httpClient: Stripe.createFetchHttpClient(http),
    })
  const clients = () => ({
    stripe: stripeOver(),
    clerk: createClerkClient({ secretKey: clerkKey, apiUrl: clerkServer.url, telemetry: { disabled: true } }),
  })
  const { stripe, clerk } = clients()
  const store: BillingStore<Transaction> = given.store ?? (memoryStore() as BillingStore<never>)
  /** Another process of the same app: nothing is shared but the store and the vendors. */
  const another = (options: Partial<BillingOptions<Transaction>> = {}): Billing<Transaction> =>
    createBilling<Transaction>({
      ...clients(),
      store,
      catalogue: testCatalogue,
      subject: 'organization',
      livemode: false,
      origins: ['https://app.example'],
      webhooks: { stripe: { secrets: [stripeSecret] }, clerk: { secrets: [clerkSecret] } },
      clock,
      timer: { sleep: async () => undefined },
      rng: seededRng(`sdk:${seed}`),
      ...given.options,
      ...options,
    })
  const billing = another()
  /** Who receives webhooks; replaced where a process of the app is to stand in for another. */
  const receiver = {
    take: (request: Request): Promise<Response> =>
      new URL(request.url).pathname === '/stripe'
        ? billing.webhooks.stripe(request)
        : billing.webhooks.clerk(request),
  }
  const appServer = await listen({ fetch: (request: Request) => receiver.take(request) })
  await stripe.billingPortal.configurations.create({ features: { subscription_cancel: { enabled: true } } })
  if (given.webhooks !== false) {
    const endpoint = await stripe.webhookEndpoints.create({
      url: `${appServer.url}/stripe`,
      enabled_events: ['*'],
    })
    Object.assign(world.stripe.webhookEndpoints.get(endpoint.id) ?? {}, { secret: stripeSecret })
    clerkWebhooks.register({ url: `${appServer.url}/clerk`, secret: clerkSecret })
  }

  const drain = async () => {
    await clerkDeliverer.drain()
    await stripeDeliverer.drain()
  }
  return {
    world,
    engine,
    clock,
    stripe,
    stripeOver,
    clerk,
    store,
    billing,
    another,
    receiver,
    urls: { app: appServer.url, stripe: stripeServer.url, clerk: clerkServer.url },
    faults: { stripe: stripeFaults, clerk: clerkFaults },
    deliverers: { stripe: stripeDeliverer, clerk: clerkDeliverer },
    webhooks: { stripe: stripeWebhooks, clerk: clerkWebhooks },
    drain,
    async close() {
      stripeWebhooks.close()
      await Promise.all([stripeDeliverer.close(), clerkDeliverer.close()])
      await Promise.all([stripeServer.close(), clerkServer.close(), appServer.close()])
    },
  }
}

/** The session of an organization's admin, as Clerk's `auth()` gives it. */
export function adminOf(subject: SubjectId, role = 'org:admin'): SessionAuth {
  return { userId: 'user_admin', orgId: subject.id, orgRole: role }
}

export async function makeOrganization(
  app: Pick<TestApp<never>, 'clerk'>,
  name = 'Acme',
): Promise<SubjectId> {
  const user = await app.clerk.users.createUser({
    emailAddress: [`${name.toLowerCase().replaceAll(/\W/g, '')}@example.com`],
    skipPasswordRequirement: true,
  })
  const { id } = await app.clerk.organizations.createOrganization({ name, createdBy: user.id })
  return { type: 'organization', id }
}

/** Pays at the checkout that was started, as a buyer does. */
export function pay(
  app: Pick<TestApp<never>, 'world' | 'engine'>,
  sessionId: string,
  paymentMethod = 'pm_card_visa',
) {
  const session = app.world.stripe.checkoutSessions.get(sessionId)
  if (!session) throw new Error(`There is no checkout ${sessionId}.`)
  return app.engine.completeCheckout(session, { paymentMethod, email: 'buyer@example.com' })
}
