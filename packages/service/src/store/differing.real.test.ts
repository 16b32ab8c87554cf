import type { MatchRule, ObservedPage, ProjectStore, Store } from '@trueup/core'
import { createMemoryStore, joinKeys } from '@trueup/core'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase } from '../../../../test/support/database.ts'
import {
  aPage,
  beginCheck,
  freeKeys,
  observedCustomer,
  observedFact,
  observedSubject,
  rules,
} from './contract/samples.ts'
import { openStore } from './index.ts'

const clock = { now: () => new Date() }

// Few ids and few keys, so that whatever can meet does meet.
const customerId = fc.constantFrom('cus_a', 'cus_b', 'cus_c', 'cus_ü', 'cus_\u{1F600}', 'cus_\uFFFD')
const subjectId = fc.constantFrom('a', 'B', 'c', 'é', '\u{1F600}', '\uFFFD')
const key = fc.constantFrom('', 'plan=free', 'plan=pro', 'plan=team', null)
// Keys as they are where two sources map different components.
const views = (plan: string) =>
  joinKeys([
    { view: 'paid', key: `paid=${plan !== 'free'}` },
    { view: 'plan', key: `plan=${plan}` },
  ])
const keyInViews = fc.constantFrom('', views('free'), views('pro'), views('team'), null)
const grantInViews = fc.constantFrom(
  'paid:paid=true',
  'paid:paid=false',
  'plan:plan=pro',
  'plan:plan=free',
  null,
)
const matchValues = fc.array(
  fc.oneof(
    fc.record({ rule: fc.constant(1), value: subjectId }),
    fc.record({ rule: fc.constant(2), value: fc.constantFrom('x@example.com', 'y@example.com') }),
  ),
  { maxLength: 2 },
)
const type = fc.constantFrom('user' as const, 'organization' as const)

const worldOf = (
  key: fc.Arbitrary<string | null>,
  grant: fc.Arbitrary<string | null>,
): fc.Arbitrary<ObservedPage> =>
  fc
    .record({
      customers: fc.array(fc.tuple(customerId, matchValues), { maxLength: 5 }),
      facts: fc.array(
        fc.record({
          id: fc.constantFrom('sub_1', 'sub_2', 'sub_3', 'sub_4'),
          customer: customerId,
          user: key,
          organization: key,
          entitling: fc.boolean(),
          matchValues,
        }),
        { maxLength: 5 },
      ),
      subjects: fc.array(
        fc.record({
          id: subjectId,
          type,
          source: fc.constantFrom('clerk', 'app'),
          key: grant,
          pointsTo: fc.option(customerId, { nil: null }),
          deleted: fc.integer({ max: 9, min: 0 }).map((roll) => roll === 0),
          matchValues,
        }),
        { maxLength: 6 },
      ),
    })
    .map(({ customers, facts, subjects }) =>
      aPage({
        customers: customers.map(([id, values]) => observedCustomer(id, values)),
        facts: facts.map(({ id, customer, user, organization, ...rest }) =>
          observedFact(id, customer, { ...rest, keys: { user, organization } }),
        ),
        subjects: subjects.map(({ id, ...rest }) => observedSubject(id, rest)),
      }),
    )

const world = worldOf(key, key)

// Each subject has a customer of its own, so that only the keys decide.
const tidyWorld: fc.Arbitrary<ObservedPage> = fc
  .array(
    fc.record({
      type,
      key: fc.constantFrom('plan=free', 'plan=pro'),
      sources: fc.constantFrom(['clerk'], ['app'], ['clerk', 'app']),
      promises: fc.array(fc.constantFrom('', 'plan=pro', null), { maxLength: 3 }),
    }),
    { maxLength: 6 },
  )
  .map((subjects) =>
    aPage({
      customers: subjects.map((_, n) => observedCustomer(`cus_${n}`)),
      facts: subjects.flatMap(({ promises }, n) =>
        promises.map((promise, place) => observedFact(`sub_${n}_${place}`, `cus_${n}`, { key: promise })),
      ),
      subjects: subjects.flatMap(({ promises: _, sources, ...subject }, n) =>
        sources.map((source) => observedSubject(`u${n}`, { ...subject, source, pointsTo: `cus_${n}` })),
      ),
    }),
  )

const history = fc.record({
  earlier: world,
  now: fc.oneof(
    world.map((page) => ({ page, free: freeKeys })),
    tidyWorld.map((page) => ({ page, free: freeKeys })),
    worldOf(keyInViews, grantInViews).map((page) => ({
      page,
      free: { user: views('free'), organization: views('free') },
    })),
  ),
  asked: fc.array(
    fc.record({
      id: customerId,
      found: fc.constantFrom('deleted' as const, 'unknown' as const),
      said: fc.constant('404'),
    }),
    { maxLength: 2 },
  ),
  rules: fc.shuffledSubarray([0, 1, 2], { minLength: 1 }),
  purchasesFailed: fc.boolean(),
  appFailed: fc.boolean(),
  limit: fc.integer({ min: 1, max: 4 }),
})
type History = typeof history extends fc.Arbitrary<infer T> ? T : never

/** All that a store answers about a history. */
async function answers(project: ProjectStore, { earlier, now, asked, ...told }: History) {
  const chosen = rules.map(
    (rule, place): MatchRule =>
      told.rules.includes(place) ? rule : { ...rule, from: { kind: 'customer.metadata', key: 'none' } },
  )
  const first = await beginCheck(project)
  await project.writePage(first, earlier)
  await project.match(first, chosen)
  const id = await beginCheck(project)
  await project.writePage(id, now.page)
  await project.setPart(id, 'stripe', 'subscriptions', { state: 'complete' })
  await project.setPart(id, 'clerk', 'users', { state: 'complete' })
  await project.setPart(id, 'app', 'users', { state: told.appFailed ? 'reading' : 'complete' })
  await project.setPart(id, 'app', 'organizations', { state: 'complete' })
  if (told.purchasesFailed) await project.setPart(id, 'stripe', 'purchases', { state: 'reading' })
  const unread = await project.unreadCustomerIds(id, null, 10)
  await project.writePointedCustomers(id, asked)
  await project.match(id, chosen)
  const pages: unknown[] = []
  let after: string | null = null
  do {
    const page: Awaited<ReturnType<ProjectStore['differing']>> = await project.differing(
      id,
      now.free,
      after,
      told.limit,
    )
    pages.push(page)
    after = page.next
  } while (after !== null)
  const singles = await Promise.all(
    ['cus_a', 'cus_b', 'cus_ü'].map((customer) => project.pair(id, { customerId: customer })),
  )
  return {
    unread,
    unreadCount: await project.countUnreadCustomers(id),
    counts: await project.counts(id),
    rows: await project.rowCounts(id, 'stripe'),
    pages,
    singles,
    undecided: await project.undecided(id, ['user:a', 'organization:B', 'customer:cus_a', 'customer:cus_ü']),
  }
}

describe('what can differ', () => {
  let projects = 0
  let database: Awaited<ReturnType<typeof createTestDatabase>>
  const stores: Store[] = []
  beforeAll(async () => {
    database = await createTestDatabase()
    stores.push(await openStore({ databaseUrl: database.url, home: null, clock }))
    stores.push(await openStore({ home: null, clock }))
  })
  afterAll(async () => {
    for (const store of stores) await store.close()
    await database.drop()
  })

  it('is the same in memory, embedded and on PostgreSQL, pair by pair and in the same order', async () => {
    await fc.assert(
      fc.asyncProperty(history, async (told) => {
        const name = `project-${++projects}`
        const model = await answers(await createMemoryStore().project(name), told)
        for (const store of stores) expect(await answers(await store.project(name), told)).toEqual(model)
      }),
      { numRuns: 100 },
    )
  })
})
