import { componentsOf, defaultPolicy } from '@trueup/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ConfigError } from './config-error.ts'
import { exampleConfig, leastConfig } from './example-config.ts'
import { parseConfig } from './parse-config.ts'

function problemsOf(input: unknown): ConfigError['problems'] {
  try {
    parseConfig(input)
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
  return []
}

/** The problems as `code at path`, one a line. */
function said(input: unknown): readonly string[] {
  return problemsOf(input).map(({ code, path }) => `${code} at ${path}`)
}

const users = { customerId: 'private_metadata.customer', plan: 'public_metadata.plan' }
const withUsers = (over: object) => ({
  ...leastConfig,
  access: [{ clerk: { users: { ...users, ...over } } }],
})
const table = { table: 'users', key: 'id', customerId: 'stripe_customer_id', plan: 'plan' }
const withTable = (over: object) => ({ ...leastConfig, access: [{ postgres: { ...table, ...over } }] })
const withPlans = (...plans: readonly object[]) => ({ ...leastConfig, catalogue: { plans } })
const withException = (exception: object) => ({ ...leastConfig, exceptions: [exception] })
const free = { id: 'free' }
const pro = { id: 'pro', prices: ['price_1'] }

describe('a configuration', () => {
  it('of Clerk Billing has users and organizations for customers, who are found by their own ids', () => {
    const soldThroughClerk = {
      billing: { clerkBilling: { features: true } },
      access: [
        { postgres: { table: 'users', key: 'id', subject: 'clerk_id', plan: 'plan' } },
        { clerk: { organizations: { plan: 'public_metadata.plan' } } },
      ],
      catalogue: { plans: [free, { id: 'pro', prices: ['lookup:pro'] }] },
    }
    const config = parseConfig(soldThroughClerk)
    expect(config).toMatchObject({
      billing: { kind: 'clerk-billing', features: true },
      match: [{ from: { kind: 'customer.id' }, to: 'id' }],
    })
    const without = parseConfig({ ...soldThroughClerk, billing: { clerkBilling: {} } })
    expect(without.fingerprint).not.toBe(config.fingerprint)
  })

  it('that says the least has every default', () => {
    expect(parseConfig(leastConfig)).toMatchObject({
      policy: defaultPolicy,
      match: [{ from: { kind: 'customer.id' }, to: 'customerId' }],
      exceptions: [],
      billing: { kind: 'stripe', entitlements: false, requestsPerDay: null },
      catalogue: {
        plans: [
          { id: 'free', prices: [], products: [], lifetime: [], values: [], entitlements: [], seats: null },
          { id: 'pro', prices: ['price_1'], seats: null },
        ],
        addOns: [],
        seatPacks: [],
      },
    })
    expect(parseConfig(leastConfig).access.map(componentsOf)).toEqual([
      { source: 'clerk', components: { user: ['paid'] } },
    ])
  })

  it('names its sources apart, in the order in which they stand', () => {
    const access = [
      { postgres: table },
      { clerk: { users } },
      { postgres: { ...table, table: 'members' } },
      { postgres: { ...table, name: 'billing-mirror' } },
      { pushed: { users: ['plan'] } },
      { pushed: { users: ['premium'] } },
    ]
    expect(parseConfig({ ...leastConfig, access }).access.map(({ name }) => name)).toEqual([
      'postgres',
      'clerk',
      'postgres-2',
      'billing-mirror',
      'pushed',
      'pushed-2',
    ])
  })

  it('may map features alone in one source, where another says who has paid', () => {
    const features = { table: 'accounts', key: 'id', entitlements: 'features' }
    const { access } = parseConfig({ ...leastConfig, access: [{ clerk: { users } }, { postgres: features }] })
    expect(access.map(componentsOf)).toEqual([
      { source: 'clerk', components: { user: ['plan'] } },
      { source: 'postgres', components: { user: ['entitlements'] } },
    ])
  })

  it('means the same whatever it may cost', () => {
    const cheap = { ...leastConfig, billing: { stripe: { requestsPerDay: 10 } } }
    expect(parseConfig(cheap).fingerprint).toBe(parseConfig(leastConfig).fingerprint)
  })

  it('that says everything is read whole', () => {
    expect(parseConfig(exampleConfig)).toMatchObject({
      access: [
        {
          kind: 'clerk',
          name: 'clerk',
          mappings: {
            user: { customerId: { container: 'public_metadata', keys: ['stripe_customer_id'] } },
            organization: { seats: 'max_allowed_memberships' },
          },
        },
        {
          kind: 'postgres',
          name: 'postgres',
          urlVariable: 'ACCESS_DATABASE_URL',
          ca: null,
          mappings: {
            user: {
              schema: 'app',
              table: 'users',
              subject: 'clerk_user_id',
              entitlements: { schema: 'public', table: 'entitlements', subject: 'user_id', feature: 'name' },
            },
          },
        },
        {
          kind: 'postgres',
          name: 'teams',
          urlVariable: 'TEAMS_DATABASE_URL',
          ca: '-----BEGIN CERTIFICATE-----',
          mappings: { organization: { table: 'teams', members: { organization: 'team_id' } } },
        },
        { kind: 'pushed', name: 'pushed', mappings: { user: { components: ['plan', 'paid'] } } },
      ],
      billing: { kind: 'stripe', entitlements: true, requestsPerDay: 20_000 },
      catalogue: {
        plans: [{}, { lifetime: ['price_2'] }, { seats: 'quantity', entitlements: ['reports', 'sso'] }],
        addOns: [{ id: 'extra-reports', products: [], lifetime: [], entitlements: ['reports-plus'] }],
        seatPacks: [{ seatsEach: 5 }],
      },
      match: [{ text: 'customer.id -> customerId' }, { text: 'customer.metadata.user_id -> id' }],
      policy: {
        pastDue: { mode: 'tolerate', days: 7 },
        unpaid: 'as-past-due',
        brake: { hold: 10, collapse: null },
      },
      exceptions: [
        {
          subject: 'user_1',
          allowed: { plan: 'pro' },
          author: 'Ada',
          until: new Date('2027-01-01T00:00:00Z'),
        },
        {
          author: null,
          until: null,
          allowed: {
            entitlements: 'every',
            seats: 'unlimited',
            trialEndsAt: new Date('2027-02-01T00:00:00Z'),
          },
        },
      ],
    })
  })

  it('may set one part of a policy and leave the rest', () => {
    const { policy } = parseConfig({ ...leastConfig, policy: { pastDue: { days: 3 } } })
    expect(policy).toEqual({ ...defaultPolicy, pastDue: { mode: 'tolerate', days: 3 } })
  })
})

describe('a configuration is refused for', () => {
  it.each<readonly [string, unknown, readonly string[]]>([
    ['being nothing', undefined, ['value-invalid at ']],
    ['being a list', [], ['value-invalid at ']],
    ['no plans', withPlans(), ['plans-missing at catalogue.plans']],
    [
      'nothing in it',
      {},
      ['value-invalid at billing', 'access-missing at access', 'value-invalid at catalogue'],
    ],
    ['one plan that is sold', withPlans(pro), ['free-plan-sold at catalogue.plans[0]']],
    ['a plan id twice', withPlans(free, pro, { id: 'Pro' }), ['id-duplicate at catalogue.plans[2].id']],
    [
      'a value of two plans',
      withPlans(free, { ...pro, values: ['Gold'] }, { id: 'max', values: ['x', 'gold'] }),
      ['plan-value-duplicate at catalogue.plans[2].values[1]'],
    ],
    [
      'a value that is the id of another plan',
      withPlans(free, { ...pro, values: ['MAX'] }, { id: 'max' }),
      ['plan-value-duplicate at catalogue.plans[1].values[0]'],
    ],
    [
      'a price in two plans',
      withPlans(free, pro, { id: 'max', prices: ['price_2', 'price_1'] }),
      ['price-duplicate at catalogue.plans[2].prices[1]'],
    ],
    [
      'a price that is bought for good and by the month',
      withPlans(free, { ...pro, lifetime: ['price_1'] }),
      ['price-duplicate at catalogue.plans[1].lifetime[0]'],
    ],
    [
      'a product in a plan and an add-on',
      {
        ...leastConfig,
        catalogue: {
          plans: [free, { id: 'pro', products: ['prod_1'] }],
          addOns: [{ id: 'a', products: ['prod_1'], entitlements: ['x'] }],
        },
      },
      ['price-duplicate at catalogue.addOns[0].products[0]'],
    ],
    [
      'a product among prices and a price among products',
      withPlans(free, { id: 'pro', prices: ['prod_1'], products: ['price_1', 'lookup:a'] }),
      [
        'price-malformed at catalogue.plans[1].prices[0]',
        'price-malformed at catalogue.plans[1].products[0]',
        'price-malformed at catalogue.plans[1].products[1]',
      ],
    ],
    [
      'an empty lookup key',
      withPlans(free, { id: 'pro', prices: ['lookup:'] }),
      ['price-malformed at catalogue.plans[1].prices[0]'],
    ],
    [
      'seats that are no number',
      withPlans(free, { ...pro, seats: -1 }, { id: 'max', seats: 'many' }),
      ['value-invalid at catalogue.plans[1].seats', 'value-invalid at catalogue.plans[2].seats'],
    ],
    ['a plan without an id', withPlans(free, { prices: [] }), ['value-invalid at catalogue.plans[1].id']],
    ['an id of blanks', withPlans(free, { id: ' ' }), ['value-invalid at catalogue.plans[1].id']],
    [
      'a seat pack of no seats',
      { ...leastConfig, catalogue: { plans: [free], seatPacks: [{ id: 's', seatsEach: 0 }] } },
      ['value-invalid at catalogue.seatPacks[0].seatsEach'],
    ],
    [
      'neither plan nor premium',
      withUsers({ plan: undefined }),
      ['plan-and-premium-missing at access[0].clerk.users.plan'],
    ],
    [
      'a plan mapped without the customer id',
      withUsers({ customerId: undefined }),
      ['customer-id-missing at access[0].clerk.users.customerId'],
    ],
    [
      'a customer id that a browser can write',
      withUsers({ customerId: 'unsafe_metadata.customer' }),
      ['customer-id-client-writable at access[0].clerk.users.customerId'],
    ],
    [
      'unsafe metadata of organizations',
      { ...leastConfig, access: [{ clerk: { organizations: { ...users, plan: 'unsafe_metadata.plan' } } }] },
      ['organization-without-unsafe at access[0].clerk.organizations.plan'],
    ],
    ['seats of users', withUsers({ seats: 'members_count' }), ['key-unknown at access[0].clerk.users.seats']],
    ['a path of numbers', withUsers({ plan: 7 }), ['value-invalid at access[0].clerk.users.plan']],
    ['no access', { ...leastConfig, access: [] }, ['access-missing at access']],
    ['access that is no list', { ...leastConfig, access: { clerk: {} } }, ['access-missing at access']],
    ['access of nobody', { ...leastConfig, access: [{ clerk: {} }] }, ['access-missing at access[0].clerk']],
    ['an entry that is nothing', { ...leastConfig, access: [null] }, ['value-invalid at access[0]']],
    [
      'a kind of source that there is not',
      { ...leastConfig, access: [{ supabase: { table: 'users' } }] },
      ['key-unknown at access[0].supabase'],
    ],
    [
      'two kinds of source in one entry',
      { ...leastConfig, access: [{ ...leastConfig.access[0], postgres: { table: 'users', key: 'id' } }] },
      ['value-invalid at access[0]'],
    ],
    [
      'two Clerk entries',
      { ...leastConfig, access: [...leastConfig.access, ...leastConfig.access] },
      ['access-duplicate at access[1].clerk'],
    ],
    [
      'tables of nobody',
      { ...leastConfig, access: [{ postgres: {} }] },
      ['access-missing at access[0].postgres'],
    ],
    ['a table without its key', withTable({ key: undefined }), ['value-invalid at access[0].postgres.key']],
    [
      'a misspelt column in the short form',
      withTable({ premuim: 'is_premium' }),
      ['key-unknown at access[0].postgres.premuim'],
    ],
    [
      'a misspelt column of organizations',
      { ...leastConfig, access: [{ postgres: { organizations: { ...table, seat: 'seats' } } }] },
      ['key-unknown at access[0].postgres.organizations.seat'],
    ],
    [
      'a connection string in place of the name of its variable',
      withTable({ url: 'postgres://user:secret@db/app' }),
      ['value-invalid at access[0].postgres.url'],
    ],
    [
      'one column for two things',
      withTable({ premium: 'plan' }),
      ['column-mapped-twice at access[0].postgres.premium'],
    ],
    [
      'two things wrong in a table of users, beside each other',
      {
        ...leastConfig,
        access: [{ postgres: { users: { ...table, table: 'a.b.c', emailVerified: 'ok' } } }],
      },
      [
        'table-malformed at access[0].postgres.users.table',
        'email-missing at access[0].postgres.users.emailVerified',
      ],
    ],
    [
      'features alone, and nothing that says who has paid',
      withTable({ plan: undefined, entitlements: 'features' }),
      ['plan-and-premium-missing at access'],
    ],
    [
      'two sources of one name',
      {
        ...leastConfig,
        access: [{ postgres: { ...table, name: 'app' } }, { pushed: { name: 'app', users: ['plan'] } }],
      },
      ['source-name-taken at access[1].pushed.name'],
    ],
    [
      'the name of something else',
      withTable({ name: 'stripe' }),
      ['source-name-taken at access[0].postgres.name'],
    ],
    ['a name with blanks', withTable({ name: 'My App' }), ['value-invalid at access[0].postgres.name']],
    [
      'a field that nobody can push',
      { ...leastConfig, access: [{ pushed: { users: ['paid'] } }] },
      ['value-invalid at access[0].pushed.users[0]'],
    ],
    [
      'rows without a customer id, matched by it',
      withTable({ customerId: undefined }),
      ['match-unanswerable at match'],
    ],
    [
      'addresses that match, where none is known to be verified',
      { ...withTable({ customerId: undefined, email: 'email' }), match: ['customer.email'] },
      ['match-unanswerable at match'],
    ],
    [
      'a day without a request',
      { ...leastConfig, billing: { stripe: { requestsPerDay: 0 } } },
      ['value-invalid at billing.stripe.requestsPerDay'],
    ],
    [
      'two billings at once',
      { ...leastConfig, billing: { stripe: {}, clerkBilling: {} } },
      ['billing-twice at billing'],
    ],
    ['no billing', { ...leastConfig, billing: {} }, ['billing-missing at billing']],
    [
      'ids of Stripe customers, which Clerk Billing does not have',
      { ...leastConfig, billing: { clerkBilling: {} } },
      ['customer-id-unused at access[0].clerk.users.customerId'],
    ],
    [
      'rules that cannot be read',
      { ...leastConfig, match: ['customer.id', 'customer.name', 'customer.id -> email', 3] },
      ['value-invalid at match[3]'],
    ],
    [
      'rules that match nothing',
      { ...leastConfig, match: ['customer.id', 'customer.name', 'customer.id -> email'] },
      ['match-from-unknown at match[1]', 'match-to-unknown at match[2]'],
    ],
    [
      'a rule twice',
      { ...leastConfig, match: ['customer.id', 'customer.id -> customerId'] },
      ['match-duplicate at match[1]'],
    ],
    ['no rules', { ...leastConfig, match: [] }, ['match-missing at match']],
    [
      'a policy that there is not',
      {
        ...leastConfig,
        policy: { pastDue: { mode: 'maybe', days: -1 }, refunded: 'no', settleMinutes: '10' },
      },
      [
        'value-invalid at policy.pastDue.mode',
        'value-invalid at policy.pastDue.days',
        'value-invalid at policy.refunded',
        'value-invalid at policy.settleMinutes',
      ],
    ],
    [
      'an exception of a plan that there is not',
      withException({ subject: 'user_1', allowed: { plan: 'prp' }, reason: 'x' }),
      ['plan-unknown at exceptions[0].allowed.plan'],
    ],
    [
      'an exception without a reason',
      withException({ subject: 'user_1', allowed: { plan: 'pro' }, reason: '' }),
      ['value-invalid at exceptions[0].reason'],
    ],
    [
      'dates that are none',
      withException({
        subject: 'user_1',
        allowed: { trialEndsAt: new Date(Number.NaN) },
        reason: 'x',
        until: '2027-02-30',
      }),
      ['date-unreadable at exceptions[0].allowed.trialEndsAt', 'date-unreadable at exceptions[0].until'],
    ],
    [
      'keys that it does not know, at any depth',
      {
        ...leastConfig,
        plans: [],
        catalogue: { plans: [free, { ...pro, entitlments: [] }], addons: [] },
        policy: { pastdue: {} },
      },
      [
        'key-unknown at plans',
        'key-unknown at catalogue.plans[1].entitlments',
        'key-unknown at catalogue.addons',
        'key-unknown at policy.pastdue',
      ],
    ],
  ])('%s', (_rule, input, expected) => {
    expect(said(input)).toEqual(expected)
  })

  it('what stands beside a key that it does not know', () => {
    const input = {
      ...withUsers({ customerId: 'unsafe_metadata.c', trialEnd: 'x' }),
      catalogue: { plans: [free, { ...pro, entitlments: [] }, { id: 'max', prices: ['price_1'] }] },
    }
    expect(said(input)).toEqual([
      'key-unknown at access[0].clerk.users.trialEnd',
      'customer-id-client-writable at access[0].clerk.users.customerId',
      'key-unknown at catalogue.plans[1].entitlments',
      'price-duplicate at catalogue.plans[2].prices[0]',
    ])
  })

  it('everything at once', () => {
    const input = {
      billing: { stripe: { entitlement: true } },
      access: [{ clerk: { users: { customerId: 'unsafe_metadata.c', plan: 'plan' } } }],
      catalogue: { plans: [free, pro, { id: 'pro', prices: ['price_1'] }] },
      match: ['nobody'],
      policy: { refunded: 'never' },
      exceptions: [{ subject: 'user_1', allowed: { plan: 'gold' }, reason: 'x' }],
      extra: true,
    }
    expect(said(input)).toEqual([
      'key-unknown at extra',
      'key-unknown at billing.stripe.entitlement',
      'customer-id-client-writable at access[0].clerk.users.customerId',
      'container-unknown at access[0].clerk.users.plan',
      'id-duplicate at catalogue.plans[2].id',
      'price-duplicate at catalogue.plans[2].prices[0]',
      'match-from-unknown at match[0]',
      'value-invalid at policy.refunded',
      'plan-unknown at exceptions[0].allowed.plan',
    ])
  })
})

describe('what is wrong', () => {
  it.each([
    [{ ...leastConfig, polices: {} }, 'Did you mean policy?'],
    [withUsers({ customer_id: 'x' }), 'Did you mean customerId?'],
    [withUsers({ trialEnd: 'x' }), 'Did you mean trialEndsAt?'],
    [{ ...leastConfig, whatever: 1 }, 'Take the key out.'],
    [withException({ subject: 'u', allowed: { plan: 'prp' }, reason: 'x' }), 'Did you mean pro?'],
  ])('%# is said with what was meant', (input, fix) => {
    expect(problemsOf(input).map((problem) => problem.fix)).toContain(fix)
  })

  it('is said without the password of a connection string that was put in the wrong place', () => {
    for (const url of ['postgres://ada:s3cr3t@db/app', 'postgresql://ada:p@s3cr3t@db:5432/app?x=1']) {
      const [problem] = problemsOf(withTable({ url }))
      expect(problem?.found).toMatch(/^"postgres(ql)?:\/\/…"$/)
    }
  })

  it('is said with what was found and what was needed', () => {
    const [problem] = problemsOf({ ...leastConfig, policy: { refunded: 'never' } })
    expect(problem).toMatchObject({ found: '"never"', needed: "'review' or 'drop' or 'keep'" })
    const [supabase] = problemsOf({ ...leastConfig, access: [{ supabase: { table: 'users' } }] })
    expect(supabase?.fix).toBe('Did you mean postgres?')
  })

  it('stands in one error that names the file and every problem', () => {
    const parse = () => parseConfig(withPlans(pro, { ...pro, seats: 2 }), 'trueup.config.ts')
    expect(parse).toThrow(ConfigError)
    expect(parse).toThrow(expect.objectContaining({ code: 'config-invalid', file: 'trueup.config.ts' }))
    expect(parse).toThrow(
      /^trueup\.config\.ts has 2 problems:\n {2}catalogue\.plans\[1\]\.id: found "pro", which/,
    )
  })
})

describe('whatever is handed over', () => {
  /** Every place in a configuration, and the configuration with another value there. */
  function places(value: unknown): readonly (readonly (string | number)[])[] {
    if (typeof value !== 'object' || value === null || value instanceof Date) return [[]]
    const steps: readonly (readonly [string | number, unknown])[] = Array.isArray(value)
      ? value.map((inner: unknown, index) => [index, inner] as const)
      : Object.entries(value)
    return [[], ...steps.flatMap(([step, inner]) => places(inner).map((rest) => [step, ...rest]))]
  }
  function replaced(value: unknown, place: readonly (string | number)[], by: unknown): unknown {
    const [step, ...rest] = place
    if (step === undefined) return by
    if (Array.isArray(value)) {
      return value.map((inner: unknown, index) => (index === step ? replaced(inner, rest, by) : inner))
    }
    return Object.fromEntries(
      Object.entries(Object(value)).map(([key, inner]) => [
        key,
        key === step ? replaced(inner, rest, by) : inner,
      ]),
    )
  }

  it('is read or refused with problems that say where, what and how, and never fails otherwise', () => {
    const anything = fc.anything({ withBigInt: true, withDate: true, withNullPrototype: true })
    const input = fc.oneof(
      anything,
      fc
        .tuple(fc.constantFrom(...places(exampleConfig)), anything)
        .map(([place, by]) => replaced(exampleConfig, place, by)),
    )
    fc.assert(
      fc.property(input, (config) => {
        for (const problem of problemsOf(config)) {
          expect(Object.values(problem).filter((text) => typeof text !== 'string')).toEqual([])
          expect(problem.needed).not.toBe('')
          expect(problem.fix).not.toBe('')
        }
      }),
      { numRuns: 500 },
    )
  })
})

describe('the fingerprint of a configuration', () => {
  const fingerprint = (input: unknown) => parseConfig(input).fingerprint

  it('is the same for the same meaning, however it is written', () => {
    const { billing, access, catalogue } = leastConfig
    const rewritten = { catalogue, policy: { settleMinutes: 10 }, match: ['customer.id'], access, billing }
    expect(fingerprint(rewritten)).toBe(fingerprint(leastConfig))
    expect(fingerprint(leastConfig)).toMatch(/^[0-9a-f]{64}$/)
  })

  it.each<readonly [string, unknown]>([
    ['the mapping', withUsers({})],
    ['the catalogue', withPlans(free, { id: 'pro', prices: ['price_2'] })],
    ['the order of plans', withPlans(pro, free)],
    ['the match rules', { ...leastConfig, match: ['customer.email'] }],
    ['the policy', { ...leastConfig, policy: { settleMinutes: 11 } }],
    [
      'an exception',
      withException({ subject: 'u', allowed: { paid: true }, reason: 'x', until: '2027-01-01' }),
    ],
    ['billing', { ...leastConfig, billing: { stripe: { entitlements: true } } }],
  ])('changes with %s', (_part, input) => {
    expect(fingerprint(input)).not.toBe(fingerprint(leastConfig))
  })

  it('changes with the end of an exception', () => {
    const until = (date: string) =>
      fingerprint(withException({ subject: 'u', allowed: { paid: true }, reason: 'x', until: date }))
    expect(until('2027-01-01')).not.toBe(until('2027-01-02'))
  })
})
