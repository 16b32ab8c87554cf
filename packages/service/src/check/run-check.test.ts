import type { BillingRows, ObservedPage, ProjectStore, SubjectReading } from '@trueup/core'
import {
  createMemoryAccessSource,
  createMemoryBillingSource,
  createMemoryStore,
  SourceError,
} from '@trueup/core'
import { beforeEach, describe, expect, test } from 'vitest'
import {
  customer,
  nothingGranted,
  now,
  reading,
  subscription,
} from '../../../core/src/check/recorded-pairs.ts'
import { parseConfig } from '../config/parse-config.ts'
import type { CheckDependencies } from './check-dependencies.ts'
import {
  ended,
  subscriptionOf,
  TestWorld,
  userOf as userInTheApp,
  withoutAccess,
} from './check-test-world.ts'
import type { CheckOptions } from './run-check.ts'
import { runCheck } from './run-check.ts'
import { runSingleCheck } from './single/run-single-check.ts'

/*
 * Whole checks of sources in memory: what one check remembers for the next, and what is read a second time.
 */

const table = {
  key: 'id',
  customerId: 'stripe_customer_id',
  plan: 'plan',
  premium: 'is_premium',
}
const config = parseConfig({
  billing: { stripe: {} },
  access: [
    { postgres: { table: 'users', ...table } },
    { postgres: { name: 'mirror', table: 'mirrored_users', ...table } },
  ],
  catalogue: { plans: [{ id: 'free' }, { id: 'pro', prices: ['price_pro'], values: ['premium'] }] },
  policy: { settleMinutes: 1, brake: { collapse: 1000 } },
})

/** Users who each pay for `pro` and have it, in both sources. */
class World {
  users: readonly SubjectReading[]
  mirrored: readonly SubjectReading[]
  subscriptions: readonly BillingRows['subscriptions'][]
  shape = 'one'
  /** Asked before each request to billing. */
  failure: () => SourceError | null = () => null
  project: ProjectStore | null = null

  constructor(count: number) {
    this.users = Array.from({ length: count }, (_, place) => userOf('postgres', place))
    this.mirrored = Array.from({ length: count }, (_, place) => userOf('mirror', place))
    this.subscriptions = Array.from({ length: count }, (_, place) => ({
      fact: subscription(['price_pro'], { id: `sub_${place}`, customerId: `cus_${place}` }),
      customer: customer(`cus_${place}`),
    }))
  }

  async check(options: Partial<CheckOptions> = {}) {
    this.project ??= await createMemoryStore().project('project')
    const { subscriptions } = this
    const nothing = { prices: [], refunds: [], disputes: [], customers: [], purchases: [], gone: [] }
    const dependencies: CheckDependencies = {
      project: this.project,
      config,
      clock: { now: () => now },
      incidentId: (identity) => `inc_${identity}`,
      billing: createMemoryBillingSource({
        billing: { ...nothing, subscriptions },
        failure: () => this.failure(),
      }),
      access: [
        {
          ...createMemoryAccessSource({
            name: 'postgres',
            access: this.accessOf(() => this.users),
            subjectTypes: ['user'],
          }),
          shape: async () => ({ shape: this.shape }),
        },
        createMemoryAccessSource({
          name: 'mirror',
          access: this.accessOf(() => this.mirrored),
          subjectTypes: ['user'],
        }),
      ],
    }
    return runCheck(dependencies, { dryRun: false, fresh: true, ...options })
  }

  accessOf(users: () => readonly SubjectReading[]) {
    return {
      get users() {
        return users()
      },
      organizations: [],
    }
  }

  /** What stands open, by kind and what it is about. */
  async open(): Promise<readonly string[]> {
    const incidents = (await this.project?.incidents({ states: ['open'], limit: 1000 })) ?? []
    return incidents.map(({ identity }) => `${identity.kind} ${identity.on}`).toSorted()
  }
}

function userOf(source: string, place: number): SubjectReading {
  return reading({
    source,
    subject: { type: 'user', id: `user_${place}` },
    customerId: { state: 'value', value: `cus_${place}` },
  })
}

const without = (of: SubjectReading): SubjectReading => ({ ...of, granted: nothingGranted })

describe('a source that gives far fewer rows than the last time', () => {
  let world: World
  beforeEach(async () => {
    world = new World(100)
    world.users = world.users.map((user, place) => (place === 3 ? without(user) : user))
    expect((await world.check()).complete).toBe(true)
    expect(await world.open()).toEqual(['paid-without-access user:user_3'])
  })

  test('is not concluded from: nobody lost access, and nothing is resolved', async () => {
    world.users = world.users.slice(50)
    const { complete, check } = await world.check()
    expect(complete).toBe(false)
    expect(check.parts['postgres/users']).toMatchObject({
      state: 'failed',
      code: 'count-moved',
      message: expect.stringMatching(
        /50 rows were read, and 100 in the last complete check.*--accept-changes/,
      ),
    })
    expect(await world.open()).toEqual([
      'paid-without-access user:user_3',
      'source-unreadable postgres/users',
    ])
  })

  test('is held again until a person says that it is right, and then is what the next is compared with', async () => {
    world.users = world.users.slice(50)
    await world.check()
    expect((await world.check()).complete).toBe(false)
    const accepted = await world.check({ acceptChanges: true })
    expect(accepted.complete).toBe(true)
    expect(await world.open()).toContain('paid-without-access user:user_7')
    expect((await world.check()).complete).toBe(true)
  })

  test('holds its own part alone: the other source is judged as ever', async () => {
    world.users = []
    world.mirrored = world.mirrored.map((user, place) => (place === 7 ? without(user) : user))
    const { check } = await world.check()
    expect(check.parts['mirror/users']).toEqual({ state: 'complete' })
    expect(await world.open()).toContain('paid-without-access user:user_7')
  })

  test('is held in billing as well', async () => {
    world.subscriptions = world.subscriptions.slice(60)
    const { check } = await world.check()
    expect(check.parts['stripe/subscriptions']).toMatchObject({ code: 'count-moved' })
    expect(await world.open()).toEqual([
      'paid-without-access user:user_3',
      'source-unreadable stripe/subscriptions',
    ])
  })

  test('is no matter where the configuration is another one', async () => {
    world.users = world.users.slice(50)
    const other = { ...config, fingerprint: 'another' }
    const { project } = world
    if (!project) throw new Error('It was checked before.')
    const { now: counted, before } = await countsUnder(project, other.fingerprint)
    expect(counted).toMatchObject({ 'stripe/subscriptions': 0 })
    expect(before).toBeNull()
  })
})

async function countsUnder(project: ProjectStore, configFingerprint: string) {
  const begun = { kind: 'full', dryRun: false, asOf: now, startedAt: now, configFingerprint } as const
  const { id } = await project.startCheck(begun, () => [])
  return project.rowCounts(id, 'stripe')
}

test('what the tables are is kept for the next check, once everything was read', async () => {
  const world = new World(3)
  await world.check()
  expect(await world.project?.lastShapes(config.fingerprint)).toEqual({ 'postgres/users': 'one' })
  world.shape = 'two'
  await world.check()
  expect(await world.project?.lastShapes(config.fingerprint)).toEqual({ 'postgres/users': 'two' })
})

test('a customer who comes with several subscriptions and in the list of customers is stored once', async () => {
  const world = new TestWorld({ users: 20 })
  world.subscriptions = [...world.subscriptions.slice(0, 10), subscriptionOf('sub_more', 'cus_0')]
  const dependencies = await world.dependencies()
  const stored: string[] = []
  const project = {
    ...dependencies.project,
    async writePage(checkId: string, page: ObservedPage) {
      stored.push(...(page.customers ?? []).map(({ customer: { id } }) => `${page.part} ${id}`))
      await dependencies.project.writePage(checkId, page)
    },
  }
  const { check } = await runCheck({ ...dependencies, project }, { dryRun: false })
  const places = Array.from({ length: 20 }, (_, place) => place)
  expect(stored.toSorted()).toEqual(
    places.map((place) => `${place < 10 ? 'subscriptions' : 'customers'} cus_${place}`).toSorted(),
  )
  expect(check.counts?.customers).toBe(20)
})

describe('what is read a second time', () => {
  test('is every difference, and those that are gone by then are not filed', async () => {
    const world = new World(250)
    const drifting = world.users.map(without)
    const right = world.users
    world.users = drifting
    let requests = 0
    // The app catches up between the two readings of all but ten.
    world.failure = () => {
      requests += 1
      if (requests > 10) world.users = right.map((user, place) => (place < 10 ? without(user) : user))
      return null
    }
    await world.check()
    expect(await world.open()).toEqual(
      Array.from({ length: 10 }, (_, place) => `paid-without-access user:user_${place}`).toSorted(),
    )
  })

  test('confirms what was read when a source fails on the way, and leaves the rest unfiled', async () => {
    const world = new World(150)
    world.users = world.users.map((user, place) => (place < 120 ? without(user) : user))
    let asked = 0
    const down = new SourceError({
      source: 'stripe',
      code: 'unreachable',
      message: 'No answer came.',
      fix: 'Try again.',
      retryable: true,
    })
    // A page of the second reading asks for a hundred customers.
    world.failure = () => {
      asked += 1
      return asked > 115 ? down : null
    }
    const { complete, check } = await world.check()
    expect(complete).toBe(false)
    expect(check.parts['stripe/second-reading']).toMatchObject({ state: 'failed', code: 'unreachable' })
    const open = await world.open()
    expect(open).toContain('source-unreadable stripe/second-reading')
    expect(open.filter((each) => each.startsWith('paid-without-access'))).toHaveLength(100)
    expect(check.counts?.drifts).toBe(120)
  })

  test('takes a row that arrived meanwhile for what it is', async () => {
    const world = new World(5)
    const whole = world.users
    world.users = whole.slice(1)
    let requests = 0
    world.failure = () => {
      requests += 1
      if (requests > 4) world.users = whole
      return null
    }
    await world.check()
    expect(await world.open()).toEqual([])
  })

  test('forgets a row that went meanwhile, and keeps what the other source has', async () => {
    const world = new World(5)
    world.users = world.users.map((user, place) => (place === 0 ? without(user) : user))
    const left = world.users.slice(1)
    let requests = 0
    world.failure = () => {
      requests += 1
      if (requests > 4) world.users = left
      return null
    }
    const { incidents } = await world.check()
    expect(incidents.map(({ sentence }) => sentence)).toEqual([
      'user_0 pays for pro and is granted nothing paid (no record in postgres).',
    ])
  })
})

test('where a project files at once, a drift that became another one is ended by it', async () => {
  const world = new TestWorld({ settleMinutes: 0 })
  const check = async () => runCheck(await world.dependencies(), { dryRun: false, fresh: true })
  world.changeUser('user_1', withoutAccess)
  await check()
  expect(await world.open()).toEqual(['paid-without-access user:user_1'])
  world.changeSubscription('cus_1', ended)
  world.changeUser('user_1', () => userInTheApp('user_1', 'cus_1'))
  await check()
  expect(await world.open()).toEqual(['access-without-payment user:user_1'])
})

describe('a single check in the middle of a full one', () => {
  /** Checks everything; something else happens when the full check first asks the store for this. */
  async function checkAround(world: TestWorld, method: 'match' | 'tally', meanwhile: () => Promise<void>) {
    const dependencies = await world.dependencies()
    let isDue = true
    const project = new Proxy(dependencies.project, {
      get(target, name, receiver) {
        const found: unknown = Reflect.get(target, name, receiver)
        if (name !== method || typeof found !== 'function') return found
        return async (...args: readonly unknown[]) => {
          if (isDue) {
            isDue = false
            world.time = new Date(world.time.getTime() + 60_000)
            await meanwhile()
          }
          return await Reflect.apply(found, target, args)
        }
      },
    })
    await runCheck({ ...dependencies, project }, { dryRun: false, fresh: true })
  }
  const checkOne = async (world: TestWorld) => {
    const subject = { type: 'user', id: 'user_1' } as const
    await runSingleCheck(await world.dependencies(), { subject }, { dryRun: false })
  }

  test('finds what came after the full one had read, and that stays open', async () => {
    const world = new TestWorld({ settleMinutes: 0 })
    await checkAround(world, 'match', async () => {
      world.changeUser('user_1', withoutAccess)
      await checkOne(world)
      expect(await world.open()).toEqual(['paid-without-access user:user_1'])
    })
    expect(await world.open()).toEqual(['paid-without-access user:user_1'])
    world.time = new Date(world.time.getTime() + 60_000)
    world.changeUser('user_1', () => userInTheApp('user_1', 'cus_1'))
    await runCheck(await world.dependencies(), { dryRun: false, fresh: true })
    expect(await world.open()).toEqual([])
  })

  test('ends what the full one had still read, and that stays ended', async () => {
    const world = new TestWorld({ settleMinutes: 0 })
    world.changeUser('user_1', withoutAccess)
    await checkAround(world, 'tally', async () => {})
    expect(await world.open()).toEqual(['paid-without-access user:user_1'])
    await checkAround(world, 'tally', async () => {
      world.changeUser('user_1', () => userInTheApp('user_1', 'cus_1'))
      await checkOne(world)
      expect(await world.open()).toEqual([])
    })
    expect(await world.open()).toEqual([])
    world.time = new Date(world.time.getTime() + 60_000)
    world.changeUser('user_1', (one) => ({ ...withoutAccess(one), readAt: world.time }))
    world.changeSubscription('cus_1', (row) => ({ ...row, fact: { ...row.fact, readAt: world.time } }))
    await runCheck(await world.dependencies(), { dryRun: false, fresh: true })
    expect(await world.open()).toEqual(['paid-without-access user:user_1'])
  })
})

test.each([0, 1])(
  'an incident in whose place one stands for many stays open (settle minutes %i)',
  async (settleMinutes) => {
    const world = new TestWorld({ users: 100, settleMinutes, collapse: 20 })
    const check = async () => runCheck(await world.dependencies(), { dryRun: false, fresh: true })
    world.changeUser('user_1', withoutAccess)
    await check()
    world.users = world.users.map((one, place) => (place < 50 ? withoutAccess(one) : one))
    await check()
    expect(await world.open()).toEqual(['mass-drift collapse', 'paid-without-access user:user_1'])
  },
)
