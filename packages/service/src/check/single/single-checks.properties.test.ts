import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ended, subscriptionOf, TestWorld, userOf, withoutAccess } from '../check-test-world.ts'
import { runCheck } from '../run-check.ts'
import { runSingleCheck } from './run-single-check.ts'

/*
 * Whatever the world, and whatever became of it: after a full check, single checks of everybody change nothing, and
 * after a change, what single checks say is never other than what a full check says.
 */

const places = 6
const runs = 60
const place = fc.integer({ min: 0, max: places - 1 })

/** Something that happens to billing or to the app. */
const change: fc.Arbitrary<(world: TestWorld) => void> = fc.oneof(
  place.map((at) => (world: TestWorld) => world.changeUser(`user_${at}`, withoutAccess)),
  place.map((at) => (world: TestWorld) => world.changeUser(`user_${at}`, () => null)),
  place.map(
    (at) => (world: TestWorld) => world.changeUser(`user_${at}`, (one) => ({ ...one, deleted: true })),
  ),
  place.map((at) => (world: TestWorld) => world.changeSubscription(`cus_${at}`, ended)),
  place.map((at) => (world: TestWorld) => world.deleteCustomer(`cus_${at}`)),
  fc.tuple(place, place).map(([at, to]) => (world: TestWorld) => {
    world.changeUser(`user_${at}`, (one) => ({ ...one, customerId: { state: 'value', value: `cus_${to}` } }))
  }),
  place.map((at) => (world: TestWorld) => {
    world.changeUser(`user_${at}`, (one) => ({ ...one, customerId: { state: 'absent' } }))
  }),
  fc
    .tuple(place, fc.constantFrom('price_enterprise', 'price_pro', 'price_other'))
    .map(([at, price]) => (world: TestWorld) => {
      const known = world.customers.find(({ id }) => id === `cus_${at}`)
      if (!known) return
      const row = subscriptionOf(`sub_more_${at}_${price}`, `cus_${at}`, {}, [price], known)
      world.subscriptions = [...world.subscriptions.filter(({ fact }) => fact.id !== row.fact.id), row]
    }),
  fc.tuple(place, place).map(([at, to]) => (world: TestWorld) => {
    // A customer that names its subject in its metadata, whoever points to it.
    const metadata = { user_id: `user_${to}` }
    const of = (id: string) => (id === `cus_${at}` ? { metadata } : {})
    world.customers = world.customers.map((one) => ({ ...one, ...of(one.id) }))
    world.subscriptions = world.subscriptions.map((row) => ({
      ...row,
      customer: row.customer && { ...row.customer, ...of(row.customer.id) },
    }))
  }),
  place.map((at) => (world: TestWorld) => {
    if (world.users.some(({ subject }) => subject.id === `user_${at}`)) return
    world.users = [...world.users, userOf(`user_${at}`, `cus_${at}`)]
  }),
)
const changes = fc.array(change, { maxLength: 6 })
const matching = fc.constantFrom<readonly string[]>(
  ['customer.id'],
  ['customer.id', 'customer.metadata.user_id'],
  ['customer.metadata.user_id', 'customer.id'],
)

async function checkEverybody(world: TestWorld): Promise<void> {
  const dependencies = await world.dependencies()
  for (let at = 0; at < places; at++) {
    await runSingleCheck(dependencies, { customerId: `cus_${at}` }, { dryRun: false })
    const subject = { type: 'user', id: `user_${at}` } as const
    await runSingleCheck(dependencies, { subject }, { dryRun: false })
  }
}

/** A customer names one subject, and another points to it. */
function hasRivals({ customers, users }: TestWorld): boolean {
  return customers.some(({ id, metadata: { user_id: named } }) => {
    const pointing = users.filter(({ customerId }) => customerId.state === 'value' && customerId.value === id)
    return named !== undefined && pointing.some(({ subject }) => subject.id !== named)
  })
}

/** Everything about the incidents but when they were seen. */
async function incidentsOf(world: TestWorld) {
  const incidents = await (await world.project).incidents({ limit: 1000 })
  return incidents.map(({ id, state, sentence, touched }) => ({ id, state, sentence, touched }))
}

async function fullCheck(world: TestWorld): Promise<void> {
  await runCheck(await world.dependencies(), { dryRun: false, fresh: true, acceptChanges: true })
}

describe('single checks', () => {
  test('of everybody change nothing after a full check', async () => {
    await fc.assert(
      fc.asyncProperty(matching, changes, changes, async (match, before, since) => {
        const world = new TestWorld({ users: places, match, settleMinutes: 1 })
        for (const happen of before) happen(world)
        await fullCheck(world)
        for (const happen of since) happen(world)
        await fullCheck(world)
        const known = await incidentsOf(world)
        await checkEverybody(world)
        expect(await incidentsOf(world)).toEqual(known)
      }),
      { numRuns: runs },
    )
  }, 30_000)

  test('of everybody after a change say what a full check says, as far as they say anything', async () => {
    await fc.assert(
      fc.asyncProperty(matching, changes, changes, async (match, before, since) => {
        const world = new TestWorld({ users: places, match, settleMinutes: 1 })
        for (const happen of before) happen(world)
        await fullCheck(world)
        const old = await world.open()
        for (const happen of since) happen(world)
        // Who else points to a customer that names its subject is known only once that one is looked at.
        fc.pre(match.length === 1 || !hasRivals(world))
        // Twice, since whom a pair has to do with may be known only once all have been read.
        await checkEverybody(world)
        await checkEverybody(world)
        const bySingle = await world.open()
        await fullCheck(world)
        const byFull = await world.open()
        const opened = bySingle.filter((one) => !old.includes(one))
        const resolved = old.filter((one) => !bySingle.includes(one))
        expect({ opened: opened.filter((one) => !byFull.includes(one)) }).toEqual({ opened: [] })
        expect({ resolved: resolved.filter((one) => byFull.includes(one)) }).toEqual({ resolved: [] })
        if (match.length === 1) {
          // Here everything but the payers that nobody answers to is known by the subjects themselves.
          const missed = byFull.filter((one) => !bySingle.includes(one))
          expect(missed.filter((one) => !one.startsWith('payer-'))).toEqual([])
        }
      }),
      { numRuns: runs },
    )
  }, 30_000)
})
