import { createClerkClient } from '@clerk/backend'
import type { Incident, SubjectId } from '@trueup/core'
import { planRepair } from '@trueup/core'
import type { Sandbox } from '@trueup/sandbox'
import { startSandbox } from '@trueup/sandbox'
import Stripe from 'stripe'
import { expect } from 'vitest'
import type { CheckOutcome } from '../../packages/service/src/check/run-check.ts'
import { runCheck } from '../../packages/service/src/check/run-check.ts'
import { parseConfig } from '../../packages/service/src/config/parse-config.ts'
import { App } from './app.ts'
import { checkOfWorld } from './check-world.ts'
import { openTestStore, type StoreKind } from './stores.ts'

/** Every life begins here. */
export const birth = new Date('2026-01-01T12:00:00Z')

/** A day of lives, at noon: `day(14)` is two weeks after they begin. */
export function day(days: number): Date {
  return new Date(birth.getTime() + days * 86_400_000)
}

export function seconds(date: Date): number {
  return Math.floor(date.getTime() / 1000)
}

/** What the world's catalogue sells, by its price. */
export const price = {
  pro: 'price_1ProMonthly',
  proYearly: 'price_1ProYearly',
  proLifetime: 'price_1ProLifetime',
  team: 'price_1TeamMonthly',
  enterprise: 'price_1EnterpriseMonthly',
  reportsPlus: 'price_1ReportsPlus',
  apiCalls: 'price_1ApiCalls',
  seatPack: 'price_1SeatPack',
  /** Stands in Stripe, and not in the catalogue. */
  unmapped: 'price_1ProMonthlyNew',
} as const

/** How the project of a life differs from the world's configuration. */
export interface LifeConfig {
  readonly policy?: Readonly<Record<string, unknown>>
  readonly match?: readonly string[]
  readonly exceptions?: readonly object[]
  /** False: nothing of the catalogue is sold once and for good. */
  readonly lifetime?: false
  /** Whether Stripe Entitlements are read. */
  readonly entitlements?: boolean
}

/**
 * One account of Stripe and one of Clerk with a small app between them, and the check of both. Billing goes on by a
 * test clock; the account's own time stands at {@link birth}.
 */
export class Life {
  readonly sandbox: Sandbox
  readonly stripe: Stripe
  readonly app: App
  /** May change as a life goes on. */
  config: LifeConfig
  readonly #store: Awaited<ReturnType<typeof openTestStore>>
  #now = birth
  #clockId: string | null = null

  private constructor(
    sandbox: Sandbox,
    store: Awaited<ReturnType<typeof openTestStore>>,
    config: LifeConfig,
  ) {
    this.sandbox = sandbox
    this.#store = store
    this.config = config
    const { hostname, port } = new URL(sandbox.stripe.url)
    this.stripe = new Stripe(sandbox.stripe.secretKey, {
      host: hostname,
      port: Number(port),
      protocol: 'http',
      maxNetworkRetries: 0,
      telemetry: false,
    })
    this.app = new App(
      createClerkClient({
        secretKey: sandbox.clerk.secretKey,
        apiUrl: sandbox.clerk.url,
        telemetry: { disabled: true },
      }),
    )
  }

  static async begin(config: LifeConfig = {}, kind: StoreKind = 'memory'): Promise<Life> {
    const sandbox = await startSandbox({ world: 'empty', now: birth, rateLimits: false })
    return new Life(sandbox, await openTestStore(kind, { now: () => birth }), config)
  }

  async end(): Promise<void> {
    await this.sandbox.close()
    await this.#store.close()
  }

  get now(): Date {
    return this.#now
  }

  /**
   * A customer on the test clock that pays with this card, named as theirs by nobody yet. Stripe lists what is on a
   * test clock only to whoever asks for that customer, so one that nobody points to has to live without.
   */
  async customer(
    options: {
      readonly card?: string | null
      readonly clock?: false
      readonly params?: Stripe.CustomerCreateParams
    } = {},
  ): Promise<string> {
    if (options.clock !== false)
      this.#clockId ??= (await this.stripe.testHelpers.testClocks.create({ frozen_time: seconds(birth) })).id
    const { id } = await this.stripe.customers.create({
      ...(options.clock !== false && this.#clockId ? { test_clock: this.#clockId } : {}),
      ...options.params,
    })
    if (options.card !== null) await this.payWith(id, options.card ?? 'pm_card_visa')
    return id
  }

  /** A user to whom the app points a customer of its own. */
  async payingUser(
    options: { readonly card?: string | null; readonly clock?: false } = {},
  ): Promise<{ readonly user: SubjectId; readonly customer: string }> {
    const user = await this.app.signUpUser()
    const customer = await this.customer(options)
    await this.app.pointTo(user, customer)
    return { user, customer }
  }

  async payWith(customer: string, card: string): Promise<void> {
    const method = await this.stripe.paymentMethods.attach(card, { customer })
    await this.stripe.customers.update(customer, { invoice_settings: { default_payment_method: method.id } })
  }

  async subscribe(
    customer: string,
    priceId: string,
    params: Partial<Stripe.SubscriptionCreateParams> = {},
  ): Promise<Stripe.Subscription> {
    return this.stripe.subscriptions.create({ customer, items: [{ price: priceId }], ...params })
  }

  /** The only item of a subscription. */
  async itemOf(subscription: string): Promise<string> {
    const { items } = await this.stripe.subscriptions.retrieve(subscription)
    expect(items.data).toHaveLength(1)
    return items.data[0]?.id ?? ''
  }

  /** Moves the test clock on, in steps no longer than Stripe allows for monthly prices. */
  async until(date: Date): Promise<void> {
    const clockId = this.#clockId
    if (!clockId) throw new Error('Nobody lives on the test clock yet; make a customer first.')
    while (this.#now < date) {
      const next = new Date(Math.min(date.getTime(), this.#now.getTime() + 50 * 86_400_000))
      await this.stripe.testHelpers.testClocks.advance(clockId, { frozen_time: seconds(next) })
      await expect
        .poll(async () => (await this.stripe.testHelpers.testClocks.retrieve(clockId)).status)
        .toBe('ready')
      this.#now = next
    }
  }

  /** Asks the sandbox for what Stripe's API cannot be asked to do. */
  async control(path: string, body: object): Promise<{ readonly id: string }> {
    const response = await fetch(`${this.sandbox.stripe.url}/_sandbox/stripe/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    const answer = (await response.json()) as { readonly id: string }
    expect({ status: response.status, answer }).toMatchObject({ status: 200 })
    return answer
  }

  /** The charge that paid the latest invoice of a subscription. */
  async latestCharge(subscription: string): Promise<string> {
    const { latest_invoice } = await this.stripe.subscriptions.retrieve(subscription)
    const { data } = await this.stripe.invoicePayments.list({
      invoice: String(latest_invoice),
      expand: ['data.payment.payment_intent'],
    })
    const intent = data[0]?.payment.payment_intent as Stripe.PaymentIntent
    return String(intent.latest_charge)
  }

  /** Sends the requests that the repairs of these incidents propose. */
  async repair(incidents: readonly Incident[]): Promise<void> {
    const { catalogue, access } = parseConfig(this.sandbox.config)
    for (const incident of incidents) {
      const { request } = planRepair(incident, { catalogue, access, clerkApiUrl: this.sandbox.clerk.url })
      if (!request) throw new Error(`No request would end ${incident.kind}.`)
      const response = await fetch(request.url, {
        method: request.method,
        headers: {
          authorization: `Bearer ${this.sandbox.clerk.secretKey}`,
          'content-type': 'application/json',
        },
        body: request.body,
      })
      expect({ status: response.status, answer: await response.json() }).toMatchObject({ status: 200 })
    }
  }

  async check({ settleMinutes = 0, acceptChanges = false } = {}): Promise<CheckOutcome> {
    const { policy, match, exceptions, entitlements, lifetime } = this.config
    const { catalogue } = this.sandbox.config
    const config = {
      ...this.sandbox.config,
      policy: { ...this.sandbox.config.policy, ...policy },
      ...(match ? { match } : {}),
      ...(lifetime === false
        ? { catalogue: { ...catalogue, plans: catalogue.plans.map((plan) => ({ ...plan, lifetime: [] })) } }
        : {}),
      ...(entitlements ? { billing: { stripe: { entitlements } } } : {}),
      ...(exceptions ? { exceptions } : {}),
    }
    const project = await this.#store.store.project('life')
    const dependencies = checkOfWorld({ ...this.sandbox, config } as unknown as Sandbox, project, {
      now: this.#now,
      settleMinutes,
    })
    return runCheck(dependencies, { dryRun: false, asOf: this.#now, fresh: true, acceptChanges })
  }

  /** All incidents that stand open, whether the last check saw them or not. */
  async openIncidents(): Promise<readonly Incident[]> {
    const project = await this.#store.store.project('life')
    return project.incidents({ states: ['open'], limit: 100 })
  }

  /**
   * What a check says now: the incidents by kind, an entitlement's with its feature, and `cannot-tell` where that is
   * a verdict; nothing where all agree.
   */
  async says(): Promise<readonly string[]> {
    const { complete, incidents, check } = await this.check()
    expect({ complete, parts: check.parts }).toMatchObject({ complete: true })
    return [
      ...incidents.map(({ kind, component }) =>
        component.startsWith('entitlement:') ? `${kind} ${component.slice('entitlement:'.length)}` : kind,
      ),
      ...(check.counts?.cannotTell ? ['cannot-tell'] : []),
    ].toSorted()
  }

  /** The check agrees with the app on everybody. */
  async agrees(): Promise<void> {
    expect(await this.says()).toEqual([])
  }

  /** The check finds exactly this. */
  async finds(...said: readonly string[]): Promise<void> {
    expect(await this.says()).toEqual(said.toSorted())
  }
}

/** Lives one story from begin to end. */
export function lives(story: (life: Life) => Promise<void>, config: LifeConfig = {}): () => Promise<void> {
  return async () => {
    const life = await Life.begin(config)
    try {
      await story(life)
    } finally {
      await life.end()
    }
  }
}
