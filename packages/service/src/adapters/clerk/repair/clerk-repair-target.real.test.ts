import { createClerkClient } from '@clerk/backend'
import type {
  Catalogue,
  ClerkMapping,
  MetadataPath,
  RepairOrder,
  RepairTarget,
  StoredValue,
} from '@trueup/core'
import type { Listening } from '@trueup/sandbox'
import { ClerkState, createClerkApp, Faults, listen, ManualClock, withFaults } from '@trueup/sandbox'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { Secret } from '../../../secret.ts'
import { type RepairWorld, repairTargetContract } from '../../repair-target-contract.ts'
import { systemRng, systemTimer } from '../../system.ts'
import { createClerkRepairTarget } from './clerk-repair-target.ts'

const writeKey = 'sk_test_repairCanary7d1b'
const clock = new ManualClock(new Date('2026-06-01T12:00:00Z'))
const state = new ClerkState({ seed: 'clerk repairs', clock })
const faults = new Faults({ seed: 11 })
let server: Listening
let clerk: ReturnType<typeof createClerkClient>

beforeAll(async () => {
  server = await listen(withFaults(createClerkApp({ state, keys: [writeKey] }), { faults, vendor: 'clerk' }))
  clerk = createClerkClient({ secretKey: writeKey, apiUrl: server.url, telemetry: { disabled: true } })
})
afterAll(() => server.close())
beforeEach(() => faults.clear())

const path = (container: MetadataPath['container'], ...keys: [string, ...string[]]): MetadataPath => ({
  container,
  keys,
  text: [container, ...keys].join('.'),
})

const userMapping: ClerkMapping = {
  customerId: path('private_metadata', 'stripe_customer_id'),
  plan: path('public_metadata', 'plan'),
  premium: path('public_metadata', 'billing', 'premium'),
  trialEndsAt: path('unsafe_metadata', 'trial_ends_at'),
  entitlements: path('public_metadata', 'entitlements'),
  seats: null,
}
const organizationMapping: ClerkMapping = {
  ...userMapping,
  trialEndsAt: null,
  seats: 'max_allowed_memberships',
}
const nothing = { prices: [], products: [], lifetime: [] }
const catalogue: Catalogue = {
  plans: [
    { id: 'free', ...nothing, values: [], entitlements: [], seats: null },
    { id: 'pro', ...nothing, values: [], entitlements: ['export', 'audit'], seats: null },
  ],
  addOns: [],
  seatPacks: [],
}

function open(capAnHour = 10_000): RepairTarget {
  return createClerkRepairTarget({
    source: 'clerk',
    key: new Secret(writeKey),
    apiUrl: server.url,
    mappings: { user: userMapping, organization: organizationMapping },
    catalogue,
    countApplied: async () => 0,
    capAnHour,
    clock,
    timer: { sleep: (ms, signal) => systemTimer.sleep(ms / 20, signal) },
    rng: systemRng,
  })
}

let orders = 0
function order(record: string, changes: RepairOrder['changes'], container = 'users'): RepairOrder {
  const deadline = new Date(clock.now().getTime() + 60_000)
  return { repairId: `rep_${++orders}`, source: 'clerk', container, record, changes, deadline, token: orders }
}

async function user(publicMetadata: Record<string, unknown>, privateMetadata: Record<string, unknown> = {}) {
  const made = await clerk.users.createUser({
    emailAddress: [`repaired${++orders}@example.com`],
    publicMetadata,
    privateMetadata,
  })
  return made.id
}

const methodsSent = () => faults.requests.last().map(({ method }) => method)

describe('a user in Clerk', () => {
  repairTargetContract(
    { memory: 'marker', isAtomic: false, hasCap: true, knowsMapping: true },
    async ({ capAnHour }) => {
      const target = open(capAnHour)
      const world: RepairWorld = {
        // The cap counts what one process has written; the rest of a target has no memory of its own.
        open: () => target,
        container: 'users',
        missing: 'user_nobody',
        fields: { plan: 'public_metadata.plan', premium: 'public_metadata.billing.premium' },
        forbiddenField: 'public_metadata.role',
        add: ({ plan, premium }) => user({ plan, billing: { premium, since: 2024 }, role: 'admin' }),
        async read(record) {
          const { publicMetadata } = await clerk.users.getUser(record)
          const { plan, billing, ...others } = publicMetadata as Record<string, StoredValue>
          const { premium, ...rest } = billing as Record<string, StoredValue>
          return {
            'public_metadata.plan': plan ?? null,
            'public_metadata.billing.premium': premium ?? null,
            others,
            rest,
          }
        },
        async write(record, field, value) {
          const publicMetadata = field.endsWith('plan') ? { plan: value } : { billing: { premium: value } }
          await clerk.users.updateUserMetadata(record, { publicMetadata })
        },
        now: () => clock.now(),
        loseNextAnswer: () => void faults.add({ kind: 'reset', applied: true, method: 'PATCH', limit: 1 }),
        close: async () => {},
      }
      return world
    },
  )

  test('keeps everything else of its metadata, and is marked with the repair beside it', async () => {
    const record = await user(
      { plan: 'free', entitlements: { export: true, old: true }, theme: { dark: true } },
      { stripe_customer_id: 'cus_1', notes: ['a'] },
    )
    const repair = order(record, [
      { field: 'public_metadata.plan', before: 'free', after: 'pro' },
      {
        field: 'public_metadata.entitlements',
        before: { export: true, old: true },
        after: { old: true, audit: true },
      },
      { field: 'private_metadata.stripe_customer_id', before: 'cus_1', after: 'cus_2' },
    ])
    expect(await open().apply(repair)).toMatchObject({ kind: 'applied' })
    const { publicMetadata, privateMetadata } = await clerk.users.getUser(record)
    expect(publicMetadata).toEqual({
      plan: 'pro',
      entitlements: { old: true, audit: true },
      theme: { dark: true },
    })
    expect(privateMetadata).toEqual({
      stripe_customer_id: 'cus_2',
      notes: ['a'],
      trueup_repair: { id: repair.repairId, token: repair.token, at: clock.now().toISOString() },
    })
  })

  test('a value is taken away, and an absent one is put in', async () => {
    const record = await user({ billing: { premium: true } })
    const answer = await open().apply(
      order(record, [
        { field: 'public_metadata.plan', before: undefined, after: 'pro' },
        { field: 'public_metadata.billing.premium', before: true, after: undefined },
      ]),
    )
    expect(answer.kind).toBe('applied')
    expect((await clerk.users.getUser(record)).publicMetadata).toEqual({ plan: 'pro', billing: {} })
  })

  test('what a browser can write is never repaired', async () => {
    const record = await user({})
    const changes = [
      { field: 'unsafe_metadata.trial_ends_at', before: undefined, after: '2026-07-01T00:00:00Z' },
    ]
    expect(await open().apply(order(record, changes))).toMatchObject({ kind: 'refused', code: 'not-allowed' })
  })

  test('metadata that would exceed what Clerk takes is not sent', async () => {
    const record = await user({ plan: 'free', padding: 'x'.repeat(8150) })
    const changes = [{ field: 'public_metadata.entitlements', before: undefined, after: { export: true } }]
    faults.requests.clear()
    expect(await open().apply(order(record, changes))).toMatchObject({ kind: 'refused', code: 'not-allowed' })
    expect(methodsSent()).toEqual(['GET'])
  })

  test.each(['server-error', 'rate-limited', 'reset'] as const)(
    'a write that fails with %s is not sent again',
    async (kind) => {
      const record = await user({ plan: 'free' })
      faults.requests.clear()
      faults.add({ kind, method: 'PATCH' })
      const repair = order(record, [{ field: 'public_metadata.plan', before: 'free', after: 'pro' }])
      await expect(open().apply(repair)).rejects.toMatchObject({ name: 'SourceError' })
      expect(methodsSent()).toEqual(['GET', 'PATCH'])
      expect(await open().settle(repair)).toBe('not-applied')
    },
  )

  test('after a later repair, or where the mark was lost, an earlier order cannot be told', async () => {
    const record = await user({ plan: 'free' })
    const first = order(record, [{ field: 'public_metadata.plan', before: 'free', after: 'pro' }])
    await open().apply(first)
    await open().apply(order(record, [{ field: 'public_metadata.plan', before: 'pro', after: 'free' }]))
    expect(await open().settle(first)).toBe('cannot-be-told')
    await clerk.users.replaceUserMetadata(record, { publicMetadata: { plan: 'pro' }, privateMetadata: {} })
    expect(await open().settle(first)).toBe('cannot-be-told')
  })
})

describe('an organization in Clerk', () => {
  test('has its limit of members set, compared with what it was', async () => {
    const { id } = await clerk.organizations.createOrganization({ name: 'Acme', maxAllowedMemberships: 5 })
    const seats = (before: number, after: number) =>
      order(id, [{ field: 'max_allowed_memberships', before, after }], 'organizations')
    expect(await open().apply(seats(3, 10))).toEqual({
      kind: 'conflict',
      found: { max_allowed_memberships: 5 },
    })
    const repair = seats(5, 10)
    expect(await open().apply(repair)).toMatchObject({ kind: 'applied' })
    const organization = await clerk.organizations.getOrganization({ organizationId: id })
    expect(organization.maxAllowedMemberships).toBe(10)
    expect(await open().settle(repair)).toBe('cannot-be-told')
  })

  test('has its metadata set; both at once are refused, since they are two requests', async () => {
    const { id } = await clerk.organizations.createOrganization({
      name: 'Beta',
      publicMetadata: { plan: 'free' },
    })
    const plan = { field: 'public_metadata.plan', before: 'free', after: 'pro' }
    const seats = { field: 'max_allowed_memberships', before: 5, after: 10 }
    expect(await open().apply(order(id, [plan, seats], 'organizations'))).toMatchObject({
      kind: 'refused',
      code: 'not-allowed',
    })
    expect(await open().apply(order(id, [plan], 'organizations'))).toMatchObject({ kind: 'applied' })
    const organization = await clerk.organizations.getOrganization({ organizationId: id })
    expect(organization.publicMetadata).toEqual({ plan: 'pro' })
  })
})
