import { Hono } from 'hono'
import { catchUpBilling } from './clerk/billing/catch-up.ts'
import { createClerkApp } from './clerk/create-clerk-app.ts'
import { SigningKey } from './clerk/sessions/signing-key.ts'
import { ClerkWebhooks } from './clerk/webhook/webhooks.ts'
import { Faults } from './faults/faults.ts'
import { clerkRateLimits, type RateLimitRule, RateLimits, stripeRateLimits } from './faults/rate-limit.ts'
import { withFaults } from './faults/with-faults.ts'
import { type Clock, systemClock } from './server/clock.ts'
import { Deliverer, type DelivererOptions } from './server/deliver.ts'
import { deliveryRoutes } from './server/delivery-routes.ts'
import { type Listening, listen } from './server/listen.ts'
import { seededRng } from './server/rng.ts'
import { SandboxError } from './server/sandbox-error.ts'
import type { VirtualTime } from './server/virtual-time.ts'
import { createStripeApp } from './stripe/app.ts'
import { billingControlRoutes } from './stripe/engine/control-routes.ts'
import { Engine } from './stripe/engine/engine.ts'
import { makeWebhookEndpoint } from './stripe/objects/webhook-endpoint.ts'
import { StripeKeys } from './stripe/request/keys.ts'
import { API_VERSION } from './stripe/state.ts'
import { stripeRetriesMs, Webhooks } from './stripe/webhook/webhooks.ts'
import type { WorldConfig } from './world/config.ts'
import type { Labels } from './world/label.ts'
import { makeWorld, type WorldName, type WorldSize } from './world/make-world.ts'
import type { World, WorldFrame } from './world/world.ts'

/** Where webhooks go: the addresses of an app's own routes. */
export interface WebhookAddresses {
  readonly stripe?: string
  readonly clerk?: string
}

export interface SandboxOptions
  extends WorldSize,
    Pick<WorldFrame, 'seed' | 'access' | 'premiumInUnsafe' | 'livemode' | 'lean'> {
  /** `demo`, `saas`, `empty`, the path of a JSON file, or what such a file holds. */
  readonly world: WorldName
  /** The moment the world is seen at; from there its time runs on. Default: the present. */
  readonly now?: Date
  /**
   * A time that stands still until {@link Sandbox.pass} moves it, in place of one that runs from `now`: renewals, trials
   * and retries of webhooks happen when it reaches them.
   */
  readonly time?: VirtualTime
  /** TCP port on 127.0.0.1. Default 0: the system picks a free one. */
  readonly stripePort?: number
  readonly clerkPort?: number
  /** Whether to refuse requests beyond the vendors' published limits. Default false. */
  readonly rateLimits?: boolean
  /** Where events are sent from the start. Default: nowhere. */
  readonly webhooks?: WebhookAddresses
}

/** A Stripe and a Clerk that are running. The app's own database, where it has one, is data: {@link World.app}. */
export interface Sandbox {
  readonly stripe: {
    readonly url: string
    readonly secretKey: string
    /** May read what a check reads, and write nothing. */
    readonly restrictedKey: string
    /** Signs what {@link Sandbox.sendWebhooks} sends. */
    readonly webhookSecret: string
    /** Every key that it takes, to roll and revoke them, and to add some that may do less. */
    readonly keys: StripeKeys
  }
  readonly clerk: {
    readonly url: string
    readonly secretKey: string
    /** For the SDK's `authenticateRequest`, together with `url` as its `proxyUrl`, so that it renews sessions here. */
    readonly publishableKey: string
    /** The public key of session tokens as PEM, by which they are verified without asking. */
    readonly jwtKey: string
    readonly webhookSecret: string
    /** Every secret key that it takes, to roll and revoke them. */
    readonly keys: Set<string>
  }
  /** The app's Trueup configuration. */
  readonly config: WorldConfig
  /** The truth about the drifts that were planted. */
  readonly labels: Labels
  /** What stands behind the servers, to look at and to change directly. */
  readonly world: World
  /** Sends events to these addresses from now on, signed with the secrets above. An app may start after the sandbox. */
  sendWebhooks(addresses: WebhookAddresses): void
  /** Sends all webhooks that wait, retries too, and resolves when every one was delivered or given up. */
  drainWebhooks(): Promise<void>
  /**
   * Lets so many milliseconds pass, day by day: billing does what falls due, and webhooks are sent and tried again at
   * their moments. Only where the sandbox was started with a {@link SandboxOptions.time}.
   *
   * @throws SandboxError `invalid-input` where its time runs by itself.
   */
  pass(ms: number): Promise<void>
  /** Stops both servers and what they still send. */
  close(): Promise<void>
}

/** What a full check of the account reads, by the names that restricted keys use. */
const monitorPermissions = [
  'rak_charge_read',
  'rak_checkout_session_read',
  'rak_coupon_read',
  'rak_customer_read',
  'rak_dispute_read',
  'rak_entitlement_read',
  'rak_event_read',
  'rak_invoice_read',
  'rak_payment_intent_read',
  'rak_plan_read',
  'rak_product_read',
  'rak_promotion_code_read',
  'rak_subscription_read',
] as const

/**
 * Starts a Stripe and a Clerk on 127.0.0.1, filled with a world. Both have control routes under `/_sandbox`: faults,
 * limits, request counts, webhooks on their way, Stripe's billing, the world's `config` and `labels`.
 *
 * @throws SandboxError `invalid-input` when the world cannot be made; the system's error when a port is taken.
 * @example
 * const sandbox = await startSandbox({ world: 'demo', seed: 7 })
 * new Stripe(sandbox.stripe.restrictedKey, { host: '127.0.0.1', port, protocol: 'http' })
 * await sandbox.close()
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { seed = 1, rateLimits = false, livemode = false } = options
  const { time } = options
  const clock = time ?? (options.now === undefined ? systemClock : runningFrom(options.now))
  const sending = time === undefined ? {} : { clock: time, timer: time }
  const world = await makeWorld(
    options.world,
    { ...frameOf(options), seed, livemode, now: options.now ?? clock.now(), clock },
    sizeOf(options),
  )
  const secrets = secretsOf(seed, livemode)
  const stripe = stripeSide(world, secrets, { seed, clock, rateLimits, sending })
  const clerk = clerkSide(world, secrets, { seed, clock, rateLimits, sending })
  const close = async (servers: readonly Listening[]) => {
    stripe.webhooks.close()
    await Promise.all([
      stripe.deliverer.close(),
      clerk.deliverer.close(),
      ...servers.map((server) => server.close()),
    ])
  }
  const servers: Listening[] = []
  try {
    servers.push(await listen(stripe.app, { port: options.stripePort ?? 0 }))
    servers.push(await listen(clerk.app, { port: options.clerkPort ?? 0 }))
  } catch (error) {
    await close(servers)
    throw error
  }
  const [stripeServer, clerkServer] = servers as [Listening, Listening]
  const sendWebhooks = (addresses: WebhookAddresses) => {
    if (addresses.stripe !== undefined) stripe.register(addresses.stripe)
    if (addresses.clerk !== undefined) clerk.register(addresses.clerk)
  }
  sendWebhooks(options.webhooks ?? {})
  return {
    stripe: {
      url: stripeServer.url,
      secretKey: secrets.stripeSecretKey,
      restrictedKey: secrets.stripeRestrictedKey,
      webhookSecret: secrets.stripeWebhookSecret,
      keys: stripe.keys,
    },
    clerk: {
      url: clerkServer.url,
      secretKey: secrets.clerkSecretKey,
      publishableKey: secrets.clerkPublishableKey,
      jwtKey: clerk.jwtKey,
      webhookSecret: secrets.clerkWebhookSecret,
      keys: clerk.keys,
    },
    config: world.config,
    labels: world.labels,
    world,
    sendWebhooks,
    async pass(ms) {
      if (time === undefined) {
        throw new SandboxError(
          'invalid-input',
          'the time of this sandbox runs by itself',
          'Start it with a time of its own: startSandbox({ world, time: new VirtualTime(now) }).',
        )
      }
      for (let left = ms; left > 0; left -= dayMs) {
        await time.pass(Math.min(dayMs, left), async () => {
          stripe.engine.catchUp()
          catchUpBilling(world.clerk)
          await Promise.all([stripe.deliverer.quiet(), clerk.deliverer.quiet()])
        })
      }
    },
    async drainWebhooks() {
      await Promise.all([stripe.deliverer.drain(), clerk.deliverer.drain()])
    },
    close: () => close(servers),
  }
}

const dayMs = 86_400_000

interface Side {
  readonly seed: string | number
  readonly clock: Clock
  readonly rateLimits: boolean
  /** The time by which webhooks are sent. Default: the machine's. */
  readonly sending: Pick<DelivererOptions, 'clock' | 'timer'>
}

function stripeSide(world: World, secrets: Secrets, side: Side) {
  const state = world.stripe
  const keys = new StripeKeys()
  keys.add(secrets.stripeSecretKey)
  keys.add(secrets.stripeRestrictedKey, monitorPermissions)
  const deliverer = new Deliverer({
    seed: `stripe:${side.seed}`,
    retriesMs: stripeRetriesMs,
    ...side.sending,
  })
  const webhooks = new Webhooks({ state, deliverer, seed: `stripe:${side.seed}` })
  const engine = new Engine(state)
  const app = new Hono()
  app.route('/_sandbox/stripe', billingControlRoutes({ state, engine, webhooks }))
  const api = createStripeApp({ state, keys, engine })
  app.all('*', (c) => api.fetch(c.req.raw, c.env))
  const register = (url: string) =>
    state.webhookEndpoints.insert(
      makeWebhookEndpoint({
        id: state.ids.next('we'),
        created: state.now(),
        url,
        secret: secrets.stripeWebhookSecret,
        api_version: API_VERSION,
        livemode: state.livemode,
      }),
    )
  return {
    app: steered(app, 'stripe', stripeRateLimits, world, deliverer, side),
    deliverer,
    engine,
    webhooks,
    register,
    keys,
  }
}

function clerkSide(world: World, secrets: Secrets, side: Side) {
  const state = world.clerk
  const deliverer = new Deliverer({ seed: `clerk:${side.seed}`, ...side.sending })
  const webhooks = new ClerkWebhooks({ state, deliverer })
  const signingKey = new SigningKey()
  const keys = new Set([secrets.clerkSecretKey])
  const app = createClerkApp({ state, keys, signingKey, webhooks })
  const register = (url: string) => webhooks.register({ url, secret: secrets.clerkWebhookSecret })
  return {
    app: steered(app, 'clerk', clerkRateLimits, world, deliverer, side),
    deliverer,
    register,
    keys,
    jwtKey: signingKey.publicPem(),
  }
}

/** A vendor's app behind faults and limits, with the control routes that need more than the requests. */
function steered(
  app: Pick<Hono, 'fetch'>,
  vendor: 'stripe' | 'clerk',
  rules: readonly RateLimitRule[],
  world: World,
  deliverer: Deliverer,
  side: Side,
): Hono {
  const outer = new Hono()
  outer.route('/_sandbox/webhooks', deliveryRoutes(deliverer))
  outer.get('/_sandbox/config', (c) => c.json(world.config))
  outer.get('/_sandbox/labels', (c) => c.json(world.labels))
  const limits = new RateLimits(rules, { clock: systemClock, enabled: side.rateLimits })
  const faults = new Faults({ seed: `${vendor}:${side.seed}` })
  const inner = withFaults(app, { faults, vendor, limits, clock: side.clock })
  outer.all('*', (c) => inner.fetch(c.req.raw, c.env))
  return outer
}

interface Secrets {
  readonly stripeSecretKey: string
  readonly stripeRestrictedKey: string
  readonly stripeWebhookSecret: string
  readonly clerkSecretKey: string
  readonly clerkPublishableKey: string
  readonly clerkWebhookSecret: string
}

/** Keys in the vendors' forms, the same for the same seed: nothing behind them is secret. */
function secretsOf(seed: string | number, livemode: boolean): Secrets {
  const rng = seededRng(`secrets:${seed}`)
  const text = (length: number) =>
    Array.from({ length }, () => Math.floor(rng.next() * 36).toString(36)).join('')
  const mode = livemode ? 'live' : 'test'
  return {
    stripeSecretKey: `sk_${mode}_sandbox${text(24)}`,
    stripeRestrictedKey: `rk_${mode}_sandbox${text(24)}`,
    stripeWebhookSecret: `whsec_${text(32)}`,
    clerkSecretKey: `sk_${mode}_sandbox${text(24)}`,
    clerkPublishableKey: `pk_${mode}_${Buffer.from('sandbox.clerk.accounts.dev$').toString('base64')}`,
    clerkWebhookSecret: `whsec_${Buffer.from(text(24)).toString('base64')}`,
  }
}

/** A clock that showed `start` when it was made, and runs as the machine's does. */
function runningFrom(start: Date): Clock {
  const ahead = start.getTime() - systemClock.now().getTime()
  return { now: () => new Date(systemClock.now().getTime() + ahead) }
}

function frameOf({ access, premiumInUnsafe, lean }: SandboxOptions): Partial<WorldFrame> {
  return {
    ...(access === undefined ? {} : { access }),
    ...(premiumInUnsafe === undefined ? {} : { premiumInUnsafe }),
    ...(lean === undefined ? {} : { lean }),
  }
}

function sizeOf({ customers, drift, organizationsShare }: SandboxOptions): WorldSize {
  return {
    ...(customers === undefined ? {} : { customers }),
    ...(drift === undefined ? {} : { drift }),
    ...(organizationsShare === undefined ? {} : { organizationsShare }),
  }
}
