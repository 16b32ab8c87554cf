import { inspect } from 'node:util'
import type { BillingPart, BillingSource } from '@trueup/core'
import { readStripeCheckoutSession, readStripeInvoicePurchase, SourceError } from '@trueup/core'
import type { FaultInput, Listening, World } from '@trueup/sandbox'
import { createStripeApp, Engine, Faults, listen, makeWorld, StripeKeys, withFaults } from '@trueup/sandbox'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { Secret } from '../../secret.ts'
import { billingSourceContract, Stored } from '../billing-source-contract.ts'
import { systemHttp, systemRng, systemTimer } from '../system.ts'
import { createStripeSource, type StripeSourceOptions } from './source.ts'

const now = new Date('2026-06-01T12:00:00Z')
const parts = ['prices', 'refunds', 'disputes', 'subscriptions', 'customers', 'purchases'] as const
const permissions = [
  'rak_customer_read',
  'rak_subscription_read',
  'rak_invoice_read',
  'rak_plan_read',
  'rak_product_read',
  'rak_coupon_read',
  'rak_charge_read',
  'rak_dispute_read',
  'rak_checkout_session_read',
  'rak_entitlement_read',
  'rak_event_read',
]
const restrictedKey = 'rk_test_monitorCanary7d1f'

let world: World
let server: Listening
const keys = new StripeKeys()
const faults = new Faults({ seed: 7 })

beforeAll(async () => {
  world = await makeWorld('saas', { now, seed: 3 }, { customers: 700 })
  keys.add(restrictedKey, permissions)
  keys.add('sk_test_fullpower')
  const app = createStripeApp({ state: world.stripe, keys, engine: new Engine(world.stripe) })
  server = await listen(withFaults(app, { faults, vendor: 'stripe' }))
})
afterAll(() => server.close())
afterEach(() => {
  faults.clear()
  faults.requests.clear()
})

/** Waits a hundredth of what it is asked for, so that back-off takes no minutes. */
const hurried = { sleep: (ms: number, signal?: AbortSignal) => systemTimer.sleep(ms / 100, signal) }

function open(key = restrictedKey, options: Partial<StripeSourceOptions> = {}): BillingSource {
  return createStripeSource({
    key: new Secret(key),
    baseUrl: server.url,
    clock: { now: () => now },
    timer: hurried,
    rng: systemRng,
    allowSecretKey: false,
    entitlements: false,
    sellsForGood: true,
    ...options,
  })
}

/** The ids of all that the account holds, as far as the part is about it. */
function idsOf(part: BillingPart): readonly string[] {
  const { stripe } = world
  if (part !== 'purchases') return stripe[part].all().map(({ id }) => id)
  const sessions = stripe.checkoutSessions.all().filter((session) => readStripeCheckoutSession(session, now))
  const invoices = stripe.invoices.all().filter((invoice) => readStripeInvoicePurchase(invoice, now))
  return [...sessions, ...invoices].map(({ id }) => id)
}

async function read(part: BillingPart, source: BillingSource): Promise<Stored<BillingPart>> {
  const stored = new Stored(part)
  await stored.read(source)
  return stored
}

const failure = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: unknown) => error,
  )

describe('Stripe', () => {
  billingSourceContract(async () => {
    const ids = Object.fromEntries(parts.map((part) => [part, idsOf(part)])) as Record<BillingPart, string[]>
    const paidForGood = world.stripe.checkoutSessions.all().find((one) => readStripeCheckoutSession(one, now))
    const deleted = [...world.stripe.deleted.values()].find(({ object }) => object === 'customer')
    return {
      open,
      ids,
      customers: {
        payer: paidForGood?.customer ?? '',
        deleted: deleted?.id ?? '',
        unknown: 'cus_never',
      },
      revokeKeyFrom: (from) => void faults.add({ kind: 'key-revoked', from }),
      restoreKey: () => faults.clear(),
    }
  })
})

describe('Stripe Entitlements', () => {
  test('where they are switched on, what is active stands beside each subscription, in the list and alone', async () => {
    const source = open(restrictedKey, { entitlements: true })
    const payers = new Set(world.stripe.subscriptions.all().map(({ customer }) => customer))
    const read = new Set<string>()
    for await (const page of source.read('subscriptions', [])) {
      for (const { fact } of page.rows) if (fact.kind === 'entitlements') read.add(fact.customerId)
    }
    expect([...read].toSorted()).toEqual([...payers].toSorted())
    expect(source.requests()).toBe(faults.requests.total)
    const [payer = ''] = [...payers].filter((id) => world.stripe.customers.has(id))
    const alone = await source.readCustomer(payer)
    expect(alone.facts.map(({ kind }) => kind)).toContain('entitlements')
  })
})

describe('archived prices', () => {
  test('are read too, from a Stripe that lists only active ones when it is not told', async () => {
    const archived = world.stripe.prices.all()[0]
    if (!archived) throw new Error('The world needs a price.')
    archived.active = false
    const activeByDefault: typeof fetch = (input, init) => {
      const url = new URL(String(input))
      if (url.pathname === '/v1/prices' && !url.searchParams.has('active'))
        url.searchParams.set('active', 'true')
      return systemHttp(url, init)
    }
    try {
      const stored = await read('prices', open(restrictedKey, { http: activeByDefault }))
      expect(stored.ids).toContain(archived.id)
      expect(stored.ids.toSorted()).toEqual(idsOf('prices').toSorted())
    } finally {
      archived.active = true
    }
  })
})

describe('a customer id that the app made up', () => {
  test.each(['', ' ', '.', '..', 'x'.repeat(300)])('%j is asked of nobody', async (id) => {
    const source = open()
    expect((await source.readCustomer(id)).pointed).toMatchObject({ id, found: 'unknown' })
    expect(source.requests()).toBe(0)
  })

  test.each(['none', 'n/a', 'cus_1?limit=1', 'sub_1', 'Zürich', '%2e%2e'])(
    '%j is unknown to Stripe',
    async (id) => {
      expect((await open().readCustomer(id)).pointed).toMatchObject({ id, found: 'unknown' })
    },
  )
})

describe('a Stripe that misbehaves is read whole', () => {
  const profiles: readonly { readonly name: string; readonly fault: FaultInput }[] = [
    { name: 'limits requests', fault: { kind: 'rate-limited', rate: 0.2 } },
    { name: 'has locks on objects', fault: { kind: 'rate-limited', reason: 'lock-timeout', rate: 0.2 } },
    { name: 'fails with 500', fault: { kind: 'server-error', rate: 0.2 } },
    { name: 'fails with 502 and a page of HTML', fault: { kind: 'server-error', status: 502, rate: 0.2 } },
    { name: 'fails with 503', fault: { kind: 'server-error', status: 503, rate: 0.2 } },
    { name: 'resets connections', fault: { kind: 'reset', rate: 0.2 } },
    { name: 'cuts bodies off', fault: { kind: 'cut-body', rate: 0.2 } },
    { name: 'answers slowly', fault: { kind: 'slow', delayMs: 20, where: 'middle', rate: 0.2 } },
    { name: 'is out of order for a while', fault: { kind: 'outage', from: 4, limit: 4 } },
  ]
  test.each(profiles)('when it $name, and every request is counted', async ({ fault }) => {
    faults.add(fault)
    const source = open()
    for (const part of parts) {
      const stored = await read(part, source)
      expect(stored.ids.toSorted()).toEqual(idsOf(part).toSorted())
    }
    expect(faults.list()[0]?.struck).toBeGreaterThan(0)
    expect(source.requests()).toBe(faults.requests.total)
  })

  test('when pages of a list of more than four are cut in half and claim to be the last', async () => {
    faults.add({ kind: 'short-page', route: '/v1/subscriptions', from: 5, rate: 0.5 })
    const source = open()
    const stored = await read('subscriptions', source)
    expect(stored.ids.toSorted()).toEqual(idsOf('subscriptions').toSorted())
    expect(faults.list()[0]?.struck).toBeGreaterThan(0)
  })
})

describe('a Stripe that cannot be read is said to be so', () => {
  const cases: readonly { readonly name: string; readonly fault: FaultInput; readonly code: string }[] = [
    { name: 'limits every request', fault: { kind: 'rate-limited', from: 3 }, code: 'rate-limited' },
    { name: 'is out of order', fault: { kind: 'outage', from: 3 }, code: 'source-failed' },
    {
      name: 'fails with HTML',
      fault: { kind: 'server-error', status: 502, from: 3 },
      code: 'source-failed',
    },
    { name: 'resets every connection', fault: { kind: 'reset', from: 3 }, code: 'unreachable' },
    { name: 'cuts every body off', fault: { kind: 'cut-body', from: 3 }, code: 'unreachable' },
    { name: 'revokes the key', fault: { kind: 'key-revoked', from: 3 }, code: 'key-rejected' },
  ]
  test.each(cases)('when it $name: $code', async ({ fault, code }) => {
    faults.add(fault)
    const source = open()
    const stored = new Stored('subscriptions')
    const error = await failure(stored.read(source))
    expect(error).toBeInstanceOf(SourceError)
    expect(error).toMatchObject({ source: 'stripe', code })
    expect(stored.isDone).toBe(false)
  })
})

describe('an address where no Stripe is', () => {
  const answers: readonly {
    readonly name: string
    readonly answer: () => Response
    readonly code: string
  }[] = [
    {
      name: 'HTML with 200',
      answer: () => new Response('<html>', { status: 200 }),
      code: 'answer-unreadable',
    },
    {
      name: 'HTML with 404',
      answer: () => new Response('<html>', { status: 404 }),
      code: 'answer-unreadable',
    },
    {
      name: 'JSON with 404 and no error of Stripe',
      answer: () => Response.json({ message: 'Not Found' }, { status: 404 }),
      code: 'answer-unreadable',
    },
    { name: 'null', answer: () => Response.json(null), code: 'answer-unreadable' },
    { name: 'a text', answer: () => Response.json('hello'), code: 'answer-unreadable' },
    { name: 'an array', answer: () => Response.json([]), code: 'answer-unreadable' },
    {
      name: 'a list without data',
      answer: () => Response.json({ object: 'list' }),
      code: 'answer-unreadable',
    },
    {
      name: 'a list of nothing that says there is more',
      answer: () => Response.json({ object: 'list', data: [], has_more: true }),
      code: 'answer-unreadable',
    },
    {
      name: 'a list that holds something without an id',
      answer: () => Response.json({ object: 'list', data: [{}], has_more: false }),
      code: 'answer-unreadable',
    },
    { name: 'nothing with 503', answer: () => new Response(null, { status: 503 }), code: 'source-failed' },
  ]
  test.each(answers)('$name is $code, never an empty list', async ({ answer, code }) => {
    const elsewhere = open(restrictedKey, { http: async () => answer() })
    const stored = new Stored('subscriptions')
    expect(await failure(stored.read(elsewhere))).toMatchObject({ name: 'SourceError', code })
    expect(stored.isDone).toBe(false)
  })
})

describe('a budget of requests a day', () => {
  test('stops the reading when it is spent, and what was read stays good', async () => {
    const source = open(restrictedKey, { requestsPerDay: 3 })
    const stored = new Stored('subscriptions')
    expect(await failure(stored.read(source))).toMatchObject({
      name: 'SourceError',
      code: 'rate-limited',
      message: 'The budget of 3 requests to Stripe a day is spent until 2026-06-02T12:00:00.000Z.',
      retryable: true,
    })
    expect(stored.isDone).toBe(false)
    expect(source.requests()).toBe(3)
    expect(faults.requests.total).toBe(3)
    await stored.read(open())
    expect(stored.ids.toSorted()).toEqual(idsOf('subscriptions').toSorted())
  })
})

describe('the key', () => {
  test('stands in no message, no cause and nothing that is printed, whatever goes wrong', async () => {
    const canary = restrictedKey.slice(restrictedKey.lastIndexOf('_') + 1)
    const kinds: readonly FaultInput[] = [
      { kind: 'rate-limited' },
      { kind: 'outage' },
      { kind: 'server-error', status: 502 },
      { kind: 'reset' },
      { kind: 'cut-body' },
      { kind: 'key-revoked' },
    ]
    for (const fault of kinds) {
      faults.add(fault)
      const source = open()
      const error = await failure(source.readCustomer('cus_1'))
      expect(inspect([error, source], { depth: null, showHidden: true })).not.toContain(canary)
      expect(JSON.stringify([error, source])).not.toContain(canary)
      faults.clear()
    }
  })
})

describe('testing a Stripe key', () => {
  test('a key with all permissions is told so, and the clock of the server is compared', async () => {
    const findings = await open().test()
    expect(findings.filter(({ name }) => name.startsWith('rak_')).map(({ name }) => name)).toEqual(
      permissions,
    )
    expect(findings.filter(({ name }) => name !== 'clock').every(({ state }) => state === 'ok')).toBe(true)
    expect(findings.at(-1)?.name).toBe('clock')
  })

  const whenMissing: readonly (readonly [string, 'missing' | 'warning', Partial<StripeSourceOptions>])[] = [
    ['rak_customer_read', 'missing', {}],
    ['rak_subscription_read', 'missing', {}],
    ['rak_invoice_read', 'missing', {}],
    ['rak_plan_read', 'missing', {}],
    ['rak_product_read', 'missing', {}],
    ['rak_coupon_read', 'warning', {}],
    ['rak_charge_read', 'warning', {}],
    ['rak_dispute_read', 'warning', {}],
    ['rak_checkout_session_read', 'warning', { sellsForGood: false }],
    ['rak_checkout_session_read', 'missing', { sellsForGood: true }],
    ['rak_entitlement_read', 'warning', { entitlements: false }],
    ['rak_entitlement_read', 'missing', { entitlements: true }],
    ['rak_event_read', 'warning', {}],
  ]
  test.each(whenMissing)('without %s the finding is %s (%o)', async (name, state, options) => {
    const key = 'rk_test_fewerpermissions'
    keys.add(
      key,
      permissions.filter((other) => other !== name),
    )
    const findings = await open(key, options).test()
    const wanting = findings.filter((finding) => finding.state !== 'ok' && finding.name !== 'clock')
    expect(wanting).toMatchObject([{ name, state }])
    expect(wanting[0]?.fix).toMatch(/^Give the restricted key Read on /)
  })

  test('the account is named, so that a key of another one is noticed', async () => {
    const { id } = world.stripe.account
    expect(await open().test()).toContainEqual({ name: 'account', state: 'ok', found: id, fix: null })
  })

  const refusedAccounts = [
    [
      "The provided key does not have access on account 'acct_1PJBLE'. It needs 'rak_account_read'.",
      'acct_1PJBLE',
    ],
    ["It needs 'rak_account_read'.", null],
  ] as const
  test.each(refusedAccounts)(
    'where the account may not be read, a refusal such as "%s" names %s',
    async (message, named) => {
      const refusing: typeof fetch = async (input, init) =>
        new URL(String(input)).pathname === '/v1/account'
          ? Response.json({ error: { type: 'invalid_request_error', message } }, { status: 403 })
          : systemHttp(input, init)
      const findings = await open(restrictedKey, { http: refusing }).test()
      const account = findings.find(({ name }) => name === 'account')
      expect(account).toMatchObject(named ? { state: 'ok', found: named } : { state: 'warning' })
    },
  )

  test('a key that may read nothing is told every permission at once', async () => {
    keys.add('rk_test_nothing', [])
    const findings = await open('rk_test_nothing').test()
    const wanting = findings.filter(({ state }) => state === 'missing' || state === 'warning')
    expect(wanting.map(({ name }) => name).filter((name) => name !== 'clock')).toEqual(permissions)
  })

  test('a key that Stripe does not know is refused in one request', async () => {
    const source = open('rk_test_unknownkey')
    expect(await failure(source.test())).toMatchObject({
      code: 'key-rejected',
      message: 'Stripe rejected the key (HTTP 401)',
      retryable: false,
    })
    expect(source.requests()).toBe(1)
  })
})

describe('permissions while reading', () => {
  test('a part that the key may not read names the permission', async () => {
    keys.add(
      'rk_test_norefunds',
      permissions.filter((name) => name !== 'rak_charge_read'),
    )
    expect(await failure(read('refunds', open('rk_test_norefunds')))).toMatchObject({
      code: 'permission-missing',
      message: 'The Stripe key may not read refunds: it lacks rak_charge_read.',
    })
  })

  test('without coupons everything else of a subscription is read, for one request more', async () => {
    keys.add(
      'rk_test_nocoupons',
      permissions.filter((name) => name !== 'rak_coupon_read'),
    )
    const [whole, without] = [open(), open('rk_test_nocoupons')]
    await read('subscriptions', whole)
    const stored = await read('subscriptions', without)
    expect(stored.ids.toSorted()).toEqual(idsOf('subscriptions').toSorted())
    expect(without.requests()).toBe(whole.requests() + 1)
  })
})
