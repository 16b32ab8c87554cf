import type { SubjectId } from '@trueup/core'
import { SourceError } from '@trueup/core'
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
    test.each(ask)(`${name} (asked for %j)`, async (asked) => {
      const world = await checkedWorld(match ? { match } : {})
      expect(await world.open()).toEqual([])
      change(world)
      await checkOne(world, asked)
      expect(await world.open()).toEqual(open)
      await checkAll(world)
      expect(await world.open()).toEqual(open)
    })
  }
})

describe('a single check ends what is over', () => {
  for (const { name, match, change, ask } of cases) {
    test.each(ask)(`${name}, and no longer (asked for %j)`, async (asked) => {
      const world = await checkedWorld(match ? { match } : {})
      const { users, subscriptions, customers } = world
      change(world)
      await checkAll(world)
      expect(await world.open()).not.toEqual([])
      Object.assign(world, { users, subscriptions, customers, gone: [] })
      await checkOne(world, asked)
      expect(await world.open()).toEqual([])
    })
  }
})

describe('a customer that two subjects point to', () => {
  test('is shared, and each of the two is told so by its own check', async () => {
    const world = await checkedWorld()
    world.changeUser('user_2', (one) => ({ ...one, customerId: { state: 'value', value: 'cus_1' } }))
    await checkOne(world, user('user_2'))
    expect(await world.open()).toContain('customer-shared cus_1')
    const before = await world.open()
    await checkOne(world, user('user_1'))
    await checkOne(world, cus('cus_1'))
    expect(await world.open()).toEqual(before)
    world.changeUser('user_2', (one) => ({ ...one, customerId: { state: 'value', value: 'cus_2' } }))
    await checkOne(world, cus('cus_1'))
    await checkOne(world, user('user_2'))
    expect(await world.open()).toEqual([])
  })
})

describe('what single reads cannot know', () => {
  const newPayer = (metadata: Readonly<Record<string, string>> = {}) =>
    subscriptionOf('sub_new', 'cus_new', {}, ['price_pro'], { metadata })

  test('a payer that names nobody may belong to a subject that nobody told of', async () => {
    const world = await checkedWorld()
    world.subscriptions = [...world.subscriptions, newPayer()]
    const { pairs } = await checkOne(world, cus('cus_new'))
    expect(pairs).toMatchObject([
      { pairKey: 'customer:cus_new', complete: false, verdict: { kind: 'cannot-tell' } },
    ])
    expect(await world.open()).toEqual([])
    // The subject that points to it makes it known.
    world.users = [...world.users, withoutAccess(userOf('user_new', 'cus_new'))]
    await checkOne(world, user('user_new'))
    expect(await world.open()).toEqual(['paid-without-access user:user_new'])
    expect((await checkOne(world, cus('cus_new'))).pairs).toMatchObject([{ pairKey: 'user:user_new' }])
  })

  test('a payer that the last full check found without a subject still has none', async () => {
    const world = new TestWorld()
    world.subscriptions = [...world.subscriptions, newPayer()]
    await checkAll(world)
    expect(await world.open()).toEqual(['payer-unmatched cus_new'])
    const { pairs } = await checkOne(world, cus('cus_new'))
    expect(pairs).toMatchObject([{ complete: true, verdict: { kind: 'drifts' } }])
    expect(await world.open()).toEqual(['payer-unmatched cus_new'])
  })

  test('where customers name their subjects, a subject without one may have one that nobody told of', async () => {
    const world = await checkedWorld({ match: byMetadata })
    world.users = [...world.users, userOf('user_new', null)]
    world.subscriptions = [...world.subscriptions, newPayer({ user_id: 'user_new' })]
    const { pairs } = await checkOne(world, user('user_new'))
    expect(pairs).toMatchObject([{ complete: false, verdict: { kind: 'cannot-tell' } }])
    expect(await world.open()).toEqual([])
    await checkOne(world, cus('cus_new'))
    expect((await checkOne(world, user('user_new'))).pairs).toMatchObject([{ verdict: { kind: 'agrees' } }])
  })

  test('an incident that full checks alone can end stays open', async () => {
    const world = await checkedWorld({ match: byMetadata })
    world.users = [...world.users, userOf('user_new', null)]
    await checkAll(world)
    expect(await world.open()).toEqual(['access-without-payment user:user_new'])
    const { incidents, resolved } = await checkOne(world, user('user_new'))
    expect(incidents).toMatchObject([{ kind: 'access-without-payment', state: 'open' }])
    expect(resolved).toEqual([])
  })

  test('neither side has what was asked for', async () => {
    const world = await checkedWorld()
    expect((await checkOne(world, cus('cus_none'))).pairs).toEqual([])
    expect((await checkOne(world, user('user_none'))).pairs).toEqual([])
  })
})

describe('what a single check does with what it knows', () => {
  test('a price that the catalogue lacks opens one incident, which the next one leaves as it is', async () => {
    const world = await checkedWorld()
    for (const place of [1, 2]) {
      world.changeSubscription(`cus_${place}`, () =>
        subscriptionOf(`sub_${place}`, `cus_${place}`, {}, ['price_other']),
      )
      await checkOne(world, cus(`cus_${place}`))
    }
    const incidents = await (await world.project).incidents({ limit: 9 })
    expect(incidents).toMatchObject([{ kind: 'price-unmapped', touched: ['cus_1'] }])
  })

  test('a refund since the last full check is put up for review', async () => {
    const world = await checkedWorld()
    const latestInvoice = {
      ...{ id: 'in_1', status: 'paid', currency: 'usd', amountPaid: 2000, reversal: null },
      ...{ finalizedAt: world.time, paidAt: world.time, paymentIds: ['pi_1'] },
    }
    world.changeSubscription('cus_1', () => subscriptionOf('sub_1', 'cus_1', { latestInvoice }))
    world.refunds = [{ paymentId: 'pi_1', refundedAmount: 2000, dispute: 'none', ids: ['re_1'] }]
    await checkOne(world, cus('cus_1'))
    expect(await world.open()).toEqual(['refund-review user:user_1'])
  })

  test('nothing is opened in the place of an incident that stands for many', async () => {
    const world = new TestWorld({ users: 100, collapse: 10 })
    world.users = world.users.map((one, place) => (place < 50 ? withoutAccess(one) : one))
    await checkAll(world)
    expect(await world.open()).toEqual(['mass-drift collapse'])
    const { withheld, opened } = await checkOne(world, user('user_1'))
    expect(withheld).toMatchObject([{ kind: 'paid-without-access' }])
    expect(opened).toEqual([])
    expect(await world.open()).toEqual(['mass-drift collapse'])
  })

  test('a dry run files nothing and shows what stands', async () => {
    const world = await checkedWorld()
    world.changeUser('user_1', withoutAccess)
    const { drifts, incidents, checkId } = await checkOne(world, user('user_1'), { dryRun: true })
    expect(drifts).toMatchObject([{ kind: 'paid-without-access' }])
    expect({ incidents, checkId }).toEqual({ incidents: [], checkId: null })
    expect(await world.open()).toEqual([])
  })

  test('its entries stand in the ledger under a run of their own, and a pair that agrees leaves none', async () => {
    const world = await checkedWorld()
    const project = await world.project
    const staged = await project.countStagedEntries()
    await checkOne(world, cus('cus_2'))
    expect(await project.countStagedEntries()).toBe(staged)
    world.changeUser('user_1', withoutAccess)
    const { checkId } = await checkOne(world, cus('cus_1'))
    expect(await project.countStagedEntries()).toBe(staged + 3)
    expect(await project.loadCheck(checkId ?? '')).toMatchObject({
      kind: 'single',
      phase: 'finished',
      counts: { drifts: 1 },
    })
  })

  test('a run that was begun before is finished by it', async () => {
    const world = await checkedWorld()
    const project = await world.project
    const begun = { dryRun: false, asOf: world.time, startedAt: world.time, configFingerprint: 'c' }
    const { id } = await project.startCheck({ kind: 'single', ...begun }, () => [])
    await runSingleCheck(await world.dependencies(), cus('cus_1'), { dryRun: false, checkId: id })
    expect(await project.loadCheck(id)).toMatchObject({ phase: 'finished', counts: { agrees: 1 } })
  })
})

describe('when both sides are read', () => {
  const minute = 60_000

  test('a drift that is gone at the second reading is not filed', async () => {
    const world = await checkedWorld({ settleMinutes: 10 })
    const right = world.users
    world.changeUser('user_1', withoutAccess)
    let reads = 0
    world.appFailure = () => {
      reads += 1
      if (reads === 2) world.users = right
      return null
    }
    const { drifts } = await checkOne(world, user('user_1'))
    expect(drifts).toEqual([])
    expect(await world.open()).toEqual([])
  })

  test('a side that just changed is waited for, and says until when', async () => {
    const world = await checkedWorld({ settleMinutes: 10 })
    const updatedAt = new Date(world.time.getTime() - 2 * minute)
    world.changeUser('user_1', (one) => ({ ...withoutAccess(one), updatedAt }))
    const settling = await checkOne(world, user('user_1'))
    expect(settling.pairs).toMatchObject([{ settling: true, verdict: { kind: 'drifts' } }])
    expect(settling.settlesAt).toEqual(new Date(world.time.getTime() + 10 * minute))
    expect(await world.open()).toEqual([])
    world.time = settling.settlesAt ?? world.time
    expect((await checkOne(world, user('user_1'))).settlesAt).toBeNull()
    expect(await world.open()).toEqual(['paid-without-access user:user_1'])
  })

  test('an open incident is not ended while its pair settles', async () => {
    const world = await checkedWorld({ settleMinutes: 10 })
    world.changeUser('user_1', withoutAccess)
    await checkOne(world, user('user_1'))
    world.changeSubscription('cus_1', (row) => ({ ...row, fact: { ...row.fact, changedAt: world.time } }))
    await checkOne(world, cus('cus_1'))
    expect(await world.open()).toEqual(['paid-without-access user:user_1'])
  })

  test('of two that overlap, the one that began to read last files, and the other is told to try again', async () => {
    const world = await checkedWorld()
    const wrong = world.users.map((one) => (one.subject.id === 'user_1' ? withoutAccess(one) : one))
    const right = world.users
    const dependencies = await world.dependencies()
    let inner: Promise<unknown> | null = null
    world.users = wrong
    world.failure = () => {
      // The app catches up, and a webhook has it checked again, while the first check still reads billing.
      if (inner === null) {
        world.users = right
        inner = runSingleCheck(dependencies, cus('cus_1'), { dryRun: false })
      }
      return null
    }
    const first = runSingleCheck(dependencies, user('user_1'), { dryRun: false })
    expect(await first).toEqual({ superseded: true })
    expect(await inner).toMatchObject({ superseded: false })
    expect(await world.open()).toEqual([])
  })

  test.each(['failure', 'appFailure'] as const)(
    'a source that fails says nothing of anybody: %s',
    async (side) => {
      const world = await checkedWorld()
      world.changeUser('user_1', withoutAccess)
      await checkOne(world, user('user_1'))
      world.changeUser('user_1', () => null)
      const down = new SourceError({
        ...{ source: 'stripe', code: 'unreachable', message: 'No answer came.' },
        ...{ fix: 'Try again.', retryable: true },
      })
      world[side] = () => down
      await expect(checkOne(world, user('user_1'))).rejects.toBe(down)
      await expect(checkOne(world, cus('cus_1'))).rejects.toBe(down)
      expect(await world.open()).toEqual(['paid-without-access user:user_1'])
    },
  )
})
