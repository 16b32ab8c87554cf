import type { SubjectId } from '@trueup/core'
import { describe, expect, test } from 'vitest'
import {
  ended,
  subscriptionOf,
  TestWorld,
  type TestWorldOptions,
  userOf,
  withoutAccess,
} from '../check-test-world.ts'
import { runCheck } from '../run-check.ts'
import type { Asked } from './run-single-check.ts'
import { runSingleCheck } from './run-single-check.ts'

/*
 * Single checks against full ones: what one finds of its pair is what the other would, as far as single reads can know.
 */

const byMetadata = ['customer.id', 'customer.metadata.user_id']

async function checkedWorld(options: TestWorldOptions = {}): Promise<TestWorld> {
  const world = new TestWorld(options)
  await checkAll(world)
  return world
}

async function checkAll(world: TestWorld) {
  return await runCheck(await world.dependencies(), { dryRun: false, fresh: true })
}

async function checkOne(world: TestWorld, asked: Asked, options: { readonly dryRun?: boolean } = {}) {
  const outcome = await runSingleCheck(await world.dependencies(), asked, { dryRun: false, ...options })
  if (outcome.superseded) throw new Error('Nothing else runs here.')
  return outcome
}

const user = (id: string): { readonly subject: SubjectId } => ({ subject: { type: 'user', id } })
const cus = (customerId: string) => ({ customerId })

interface Case {
  readonly name: string
  readonly match?: readonly string[]
  readonly change: (world: TestWorld) => void
  readonly ask: readonly Asked[]
  readonly open: readonly string[]
}

const cases: readonly Case[] = [
  {
    name: 'paid access that was withdrawn is missing',
    change: (world) => world.changeUser('user_1', withoutAccess),
    ask: [user('user_1'), cus('cus_1')],
    open: ['paid-without-access user:user_1'],
  },
  {
    name: 'access that nobody pays for any more is open',
    change: (world) => world.changeSubscription('cus_1', ended),
    ask: [user('user_1'), cus('cus_1')],
    open: ['access-without-payment user:user_1'],
  },
  {
    name: 'access of a subject that never had a customer is open',
    change: (world) => {
      world.users = [...world.users, userOf('user_new', null)]
    },
    ask: [user('user_new')],
    open: ['access-without-payment user:user_new'],
  },
  {
    name: 'a plan that is lower than what is paid for',
    change: (world) =>
      world.changeSubscription('cus_1', () => subscriptionOf('sub_1', 'cus_1', {}, ['price_enterprise'])),
    ask: [user('user_1'), cus('cus_1')],
    open: ['plan-too-low user:user_1'],
  },
  {
    name: 'a customer that was deleted is not found, and its access is open',
    change: (world) => world.deleteCustomer('cus_1'),
    ask: [user('user_1'), cus('cus_1')],
    open: ['access-without-payment user:user_1', 'customer-not-found user:user_1'],
  },
  {
    name: 'a payer whose subject was deleted pays for nobody',
    change: (world) => world.changeUser('user_1', () => null),
    ask: [user('user_1'), cus('cus_1')],
    open: ['payer-deleted-subject cus_1'],
  },
  {
    name: 'a payer whose subject is marked as deleted pays for nobody',
    change: (world) => world.changeUser('user_1', (one) => ({ ...one, deleted: true })),
    ask: [user('user_1'), cus('cus_1')],
    open: ['payer-deleted-subject cus_1'],
  },
  {
    name: 'a payer that names a subject which is nowhere matches nobody',
    match: byMetadata,
    change: (world) => {
      const metadata = { user_id: 'nobody' }
      const row = subscriptionOf('sub_new', 'cus_new', {}, ['price_pro'], { metadata })
      world.subscriptions = [...world.subscriptions, row]
      if (row.customer) world.customers = [...world.customers, row.customer]
    },
    ask: [cus('cus_new')],
    open: ['payer-unmatched cus_new'],
  },
  {
    name: 'a customer that a second subject has come to point to is shared',
    change: (world) =>
      world.changeUser('user_2', (one) => ({ ...one, customerId: { state: 'value', value: 'cus_1' } })),
    ask: [user('user_2'), user('user_1'), cus('cus_2')],
    open: ['customer-shared cus_1', 'payer-deleted-subject cus_2'],
  },
  {
    name: 'a second subscription to the same plan is billed twice',
    change: (world) => {
      world.subscriptions = [...world.subscriptions, subscriptionOf('sub_twice', 'cus_1')]
    },
    ask: [user('user_1'), cus('cus_1')],
    open: ['double-billing user:user_1'],
  },
  {
    name: 'a customer that names its subject gives it what it paid for',
    match: byMetadata,
    change: (world) => {
      const metadata = { user_id: 'user_new' }
      const row = subscriptionOf('sub_new', 'cus_new', {}, ['price_pro'], { metadata })
      world.subscriptions = [...world.subscriptions, row]
      if (row.customer) world.customers = [...world.customers, row.customer]
      world.users = [...world.users, withoutAccess(userOf('user_new', null))]
    },
    ask: [cus('cus_new')],
    open: ['paid-without-access user:user_new'],
  },
]

describe('a single check finds what a full check would', () => {
  for (const { name, match, change, ask, open } of cases) {
    for (const [place, asked] of ask.entries()) {
      const rest = name.startsWith('a customer that a second subject') ? ask : [asked]
      if (rest.length > 1 && place > 0) continue
      test(`${name} (asked for ${rest.map((each) => JSON.stringify(each)).join(', ')})`, async () => {
        const world = await checkedWorld(match ? { match } : {})
        expect(await world.open()).toEqual([])
        change(world)
        for (const each of rest) await checkOne(world, each)
        const isShared = rest.length > 1
        if (!isShared) expect(await world.open()).toEqual(open)
        const bySingle = await world.open()
        await checkAll(world)
        // What full checks alone can tell is more, never other.
        expect(await world.open()).toEqual(expect.arrayContaining([...bySingle]))
        if (!isShared) expect(await world.open()).toEqual(open)
        else expect(bySingle).toContain('customer-shared cus_1')
      })
    }
  }
})

describe('a single check ends what is over', () => {
  for (const { name, match, change, ask } of cases) {
    for (const asked of ask.slice(0, 2)) {
      test(`${name}: and no longer (asked for ${JSON.stringify(asked)})`, async () => {
        const world = await checkedWorld(match ? { match } : {})
        const before = { users: world.users, subscriptions: world.subscriptions }
        const { customers } = world
        change(world)
        await checkAll(world)
        expect(await world.open()).not.toEqual([])
        Object.assign(world, { ...before, customers, gone: [] })
        await checkOne(world, asked)
        if (!name.startsWith('a customer that a second subject')) expect(await world.open()).toEqual([])
      })
    }
  }
})
