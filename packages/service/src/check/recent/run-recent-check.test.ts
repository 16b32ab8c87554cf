import { SourceError } from '@trueup/core'
import { describe, expect, test } from 'vitest'
import type { TestWorldOptions } from '../check-test-world.ts'
import { ended, subscriptionOf, TestWorld, userOf, withoutAccess } from '../check-test-world.ts'
import { runCheck } from '../run-check.ts'
import type { RecentCheckOptions } from './run-recent-check.ts'
import { runRecentCheck } from './run-recent-check.ts'

/*
 * What a recent check looks at, and what it leaves to full ones.
 */

const minute = 60_000

async function checkedWorld(options: TestWorldOptions = {}): Promise<TestWorld> {
  const world = new TestWorld(options)
  await runCheck(await world.dependencies(), { dryRun: false, fresh: true })
  pass(world, 60)
  return world
}

function pass(world: TestWorld, minutes: number): void {
  world.time = new Date(world.time.getTime() + minutes * minute)
}

async function recent(world: TestWorld, options: Partial<RecentCheckOptions> = {}) {
  return await runRecentCheck(await world.dependencies(), { dryRun: false, ...options })
}

async function checkRecent(world: TestWorld, options: Partial<RecentCheckOptions> = {}) {
  const outcome = await recent(world, options)
  if (outcome.kind !== 'checked') throw new Error(outcome.message)
  return outcome
}

/** The user's row is as of now. */
const touched = (world: TestWorld) => ({ updatedAt: world.time })

describe('who is looked at', () => {
  test('customers of whom billing has events, and subjects that the app changed, and nobody else', async () => {
    const world = await checkedWorld()
    world.changeSubscription('cus_1', ended)
    world.tell('cus_1')
    world.changeUser('user_2', (one) => ({ ...withoutAccess(one), ...touched(world) }))
    world.changeUser('user_3', withoutAccess)
    const outcome = await checkRecent(world)
    expect(outcome.changed).toEqual({ customers: 1, subjects: 1 })
    expect(await world.open()).toEqual([
      'access-without-payment user:user_1',
      'paid-without-access user:user_2',
    ])
    expect(outcome.check).toMatchObject({ kind: 'recent', phase: 'finished', counts: { drifts: 2 } })
  })

  test('costs nothing of billing beyond one page where nothing changed', async () => {
    const world = await checkedWorld({ users: 500 })
    let asked = 0
    world.failure = () => {
      asked += 1
      return null
    }
    await checkRecent(world)
    expect(asked).toBe(1)
  })

  test('what was looked at once is not looked at again', async () => {
    const world = await checkedWorld()
    world.changeUser('user_2', (one) => ({ ...withoutAccess(one), ...touched(world) }))
    world.tell('cus_1')
    await checkRecent(world)
    pass(world, 60)
    // But for what changed just before that, since sources show their rows a little later than they date them.
    world.changeUser('user_2', (one) => one)
    expect((await checkRecent(world)).changed).toEqual({ customers: 1, subjects: 1 })
    pass(world, 60)
    world.tell('cus_3')
    expect((await checkRecent(world)).changed).toEqual({ customers: 2, subjects: 0 })
  })

  test('a pair that is settling is looked at again the next time', async () => {
    const world = await checkedWorld({ settleMinutes: 10 })
    world.changeUser('user_2', (one) => ({ ...withoutAccess(one), ...touched(world) }))
    expect((await checkRecent(world)).counts.settling).toBe(1)
    expect(await world.open()).toEqual([])
    pass(world, 15)
    await checkRecent(world)
    expect(await world.open()).toEqual(['paid-without-access user:user_2'])
  })

  test('ends what is over', async () => {
    const world = await checkedWorld()
    world.changeUser('user_2', (one) => ({ ...withoutAccess(one), ...touched(world) }))
    await checkRecent(world)
    pass(world, 60)
    world.changeUser('user_2', () => userOf('user_2', 'cus_2', touched(world)))
    expect((await checkRecent(world)).resolved).toHaveLength(1)
    expect(await world.open()).toEqual([])
  })

  test('a part of which changes cannot be told is named, and not looked at', async () => {
    const world = await checkedWorld()
    world.changeUser('user_2', (one) => ({ ...withoutAccess(one), ...touched(world) }))
    const dependencies = await world.dependencies()
    const access = dependencies.access.map(({ changedSince: _, ...source }) => source)
    const outcome = await runRecentCheck({ ...dependencies, access }, { dryRun: false })
    expect(outcome).toMatchObject({
      kind: 'checked',
      notFollowed: ['postgres/users'],
      changed: { subjects: 0 },
    })
    expect(await world.open()).toEqual([])
  })

  test('a subject whose customer came since is known by it, since customers are read first', async () => {
    const world = await checkedWorld({ match: ['customer.id', 'customer.metadata.user_id'] })
    const metadata = { user_id: 'user_new' }
    world.users = [
      ...world.users,
      userOf('user_new', null, touched(world)),
      userOf('user_free', null, touched(world)),
    ]
    world.subscriptions = [
      ...world.subscriptions,
      subscriptionOf('sub_new', 'cus_new', {}, ['price_pro'], { metadata }),
    ]
    world.tell('cus_new')
    await checkRecent(world)
    expect(await world.open()).toEqual(['access-without-payment user:user_free'])
  })
})

describe('when only a full check can tell', () => {
  test('none was finished', async () => {
    expect(await recent(new TestWorld())).toMatchObject({ kind: 'needs-full', reason: 'never-checked' })
  })

  test('the run that was begun for it says why it read nothing', async () => {
    const world = new TestWorld()
    const project = await world.project
    const begun = { dryRun: false, asOf: world.time, startedAt: world.time, configFingerprint: 'c' }
    const { id } = await project.startCheck({ kind: 'recent', ...begun }, () => [])
    await recent(world, { checkId: id })
    expect(await project.loadCheck(id)).toMatchObject({
      phase: 'finished',
      parts: { 'stripe/events': { state: 'failed', code: 'never-checked' } },
    })
  })

  test('the configuration is another one', async () => {
    const world = await checkedWorld()
    const dependencies = await world.dependencies()
    const config = { ...dependencies.config, fingerprint: 'another' }
    const outcome = await runRecentCheck({ ...dependencies, config }, { dryRun: false })
    expect(outcome).toMatchObject({ kind: 'needs-full', reason: 'config-changed' })
  })

  test('more changed than is worth single reads', async () => {
    const world = await checkedWorld()
    for (const place of [0, 1, 2]) world.tell(`cus_${place}`)
    expect(await recent(world, { most: 2 })).toMatchObject({ kind: 'needs-full', reason: 'too-many' })
    expect(await recent(world, { most: 3 })).toMatchObject({ kind: 'checked' })
  })

  test('billing no longer tells what changed', async () => {
    const world = await checkedWorld()
    world.failure = () =>
      new SourceError({
        ...{ source: 'stripe', code: 'changes-lost', message: 'Too long ago.', fix: 'Check all.' },
        retryable: false,
      })
    expect(await recent(world)).toMatchObject({ kind: 'needs-full', reason: 'changes-lost' })
  })
})

describe('brakes', () => {
  const wrongDeploy = (world: TestWorld, count: number) => {
    world.users = world.users.map((one, place) =>
      place < count ? { ...withoutAccess(one), ...touched(world) } : one,
    )
  }

  test('many alike become one incident, and none of the many is opened', async () => {
    const world = await checkedWorld({ users: 100, collapse: 30 })
    wrongDeploy(world, 40)
    const outcome = await checkRecent(world)
    expect(await world.open()).toEqual(['mass-drift collapse'])
    expect(outcome.withheld).toBe(40)
  })

  test('many that are new hold repairs until a person looked', async () => {
    const world = await checkedWorld({ users: 100 })
    wrongDeploy(world, 26)
    await checkRecent(world)
    const open = await world.open()
    expect(open).toContain('mass-drift hold')
    expect(open).toHaveLength(27)
  })
})

describe('what fails', () => {
  const down = new SourceError({
    ...{ source: 'stripe', code: 'unreachable', message: 'No answer came.', fix: 'Try again.' },
    retryable: true,
  })

  test('a source that fails on the way: what was read by then is filed, the rest is looked at the next time', async () => {
    const world = await checkedWorld()
    for (const place of [1, 2, 3]) {
      world.changeUser(`user_${place}`, withoutAccess)
      world.tell(`cus_${place}`)
    }
    let asked = 0
    world.failure = () => {
      asked += 1
      return asked > 2 ? down : null
    }
    const { failure, check } = await checkRecent(world, { sideBySide: 1 })
    expect(failure).toBe(down)
    expect(check.parts).toMatchObject({ 'stripe/single-reads': { state: 'failed', code: 'unreachable' } })
    expect(await world.open()).toHaveLength(1)
    world.failure = () => null
    await checkRecent(world)
    expect(await world.open()).toHaveLength(3)
  })

  test('a dry run files nothing and moves nothing on', async () => {
    const world = await checkedWorld()
    world.changeUser('user_2', (one) => ({ ...withoutAccess(one), ...touched(world) }))
    const dry = await checkRecent(world, { dryRun: true })
    expect(dry.drifts).toMatchObject([{ kind: 'paid-without-access' }])
    expect(await world.open()).toEqual([])
    expect((await checkRecent(world)).opened).toHaveLength(1)
  })

  test('a run that was abandoned by its caller files nothing', async () => {
    const world = await checkedWorld()
    world.tell('cus_1')
    world.changeUser('user_1', withoutAccess)
    await expect(checkRecent(world, { signal: AbortSignal.abort(new Error('stop')) })).rejects.toThrow('stop')
    expect(await world.open()).toEqual([])
  })
})
