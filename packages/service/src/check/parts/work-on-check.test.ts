import type { AccessSource, BillingSource, Cursor, Page, ProjectStore, Timer } from '@trueup/core'
import { createMemoryStore, SourceError } from '@trueup/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readRanges } from '../../adapters/pace/read-ranges.ts'
import { VirtualTime } from '../../adapters/pace/virtual-time.ts'
import type { CheckDependencies } from '../check-dependencies.ts'
import { ended, subscriptionOf, TestWorld, userOf, withoutAccess } from '../check-test-world.ts'
import { runCheck } from '../run-check.ts'
import { beginCheckInParts } from './begin-check-in-parts.ts'
import { checkProgress, incidentsOfCheck, runCheckInParts } from './run-check-in-parts.ts'
import { workOnCheck } from './work-on-check.ts'

/*
 * Full checks that several processes read, some of which are killed: they find what one process finds alone.
 */

/** Users and customers of whom every seventh drifts one way, every eleventh another. */
function driftingWorld(users: number): TestWorld {
  const world = new TestWorld({ users, settleMinutes: 1, collapse: 100_000 })
  world.users = world.users
    .map((one, place) => (place % 7 === 0 ? withoutAccess(one) : one))
    .filter((_, place) => place % 13 !== 1)
  world.subscriptions = world.subscriptions.map((row, place) => (place % 11 === 0 ? ended(row) : row))
  world.users = [...world.users, userOf('user_alone', null)]
  world.subscriptions = [...world.subscriptions, subscriptionOf('sub_alone', 'cus_alone')]
  return world
}

/** A source whose lists are read in ranges by several cursors, two rows a page, as Stripe's and Clerk's are. */
function inRanges(dependencies: CheckDependencies, timer: Timer): CheckDependencies {
  const pageRows = 2
  const { billing, access } = dependencies
  const list = <Row>(all: () => AsyncIterable<Page<Row>>, cursors: readonly Cursor[]) =>
    readRanges<Row>(
      async (range, signal) => {
        await timer.sleep(100, signal)
        const rows: { readonly id: string; readonly created: number; readonly row: Row }[] = []
        for await (const page of all()) {
          for (const row of page.rows)
            rows.push({ id: String(rows.length), created: 1000 + rows.length * 10, row })
        }
        const within = rows
          .filter(({ created }) => created >= (range.from ?? 0) && (range.to === null || created < range.to))
          .filter(({ created }) => range.at === null || range.after === null || created < range.at)
          .toReversed()
        const page = within.slice(0, pageRows)
        const last = page.at(-1)
        return {
          rows: page.map(({ row }) => row),
          hasMore: within.length > pageRows,
          full: page.length === pageRows,
          last: last ? { id: last.id, created: last.created } : null,
          firstCreated: page[0]?.created ?? null,
        }
      },
      cursors,
      { sideBySide: 4, oldest: 0 },
    )
  const ranged: BillingSource = {
    ...billing,
    divisible: ['subscriptions', 'customers'],
    read: (part, cursors) =>
      part === 'subscriptions' || part === 'customers'
        ? list(() => billing.read(part, []), cursors)
        : billing.read(part, cursors),
  }
  return {
    ...dependencies,
    billing: ranged,
    access: access.map(
      (source): AccessSource => ({
        ...source,
        divisible: ['users'],
        read: (part, cursors) => list(() => source.read(part, []), cursors),
      }),
    ),
  }
}

/** Histories of killed and paused processes. */
const runs = 25

class Killed extends Error {}

/** A store whose every method is stood in the way of: by what is done around each call of it. */
function through(
  project: ProjectStore,
  around: (call: () => Promise<unknown>) => Promise<unknown>,
): ProjectStore {
  return new Proxy(project, {
    get(target, name, receiver) {
      if (name === 'heldBy') {
        const heldBy: ProjectStore['heldBy'] = (lease) => through(target.heldBy(lease), around)
        return heldBy
      }
      const method: unknown = Reflect.get(target, name, receiver)
      if (typeof method !== 'function') return method
      return (...args: readonly unknown[]) => around(() => Reflect.apply(method, target, args))
    },
  })
}

/** A process: what it asks of the store from its last breath on comes to nothing. */
function mortal(
  project: ProjectStore,
  breaths: number,
): { readonly project: ProjectStore; isDead(): boolean } {
  let left = breaths
  const dying = through(project, async (call) => {
    left -= 1
    // Some die before what they asked for is done, and some after.
    if (left < 0 || (left === 0 && breaths % 2 === 0)) throw new Killed('killed')
    const answer = await call()
    if (left <= 0) throw new Killed('killed')
    return answer
  })
  return { project: dying, isDead: () => left <= 0 }
}

/** A process that stands still for longer than its leases last, and then goes on as if nothing had been. */
function paused(project: ProjectStore, breaths: number, timer: Timer): ProjectStore {
  let left = breaths
  let pause: Promise<void> | null = null
  return through(project, async (call) => {
    left -= 1
    if (left === 0) pause = timer.sleep(300_000)
    await pause
    return await call()
  })
}

interface Party {
  readonly world: TestWorld
  readonly time: VirtualTime
  readonly project: ProjectStore
  dependencies(project?: ProjectStore): Promise<CheckDependencies>
}

async function party(users: number): Promise<Party> {
  const world = driftingWorld(users)
  const time = new VirtualTime()
  const project = await createMemoryStore({ clock: time.clock }).project('project')
  world.project = Promise.resolve(project)
  const dependencies = async (of = project) =>
    inRanges({ ...(await world.dependencies()), project: of }, time.timer)
  return { world, time, project, dependencies }
}

/** What one process finds alone. */
async function alone(users: number) {
  const world = driftingWorld(users)
  const outcome = await runCheck(await world.dependencies(), { dryRun: false, fresh: true })
  return { open: await world.open(), counts: outcome.check.counts }
}

describe('a check that several processes read', () => {
  test('finds what one process finds alone', async () => {
    const { world, time, project, dependencies } = await party(400)
    const { check } = await beginCheckInParts(await dependencies(), { dryRun: false })
    const worked = await time.runUntil(
      Promise.all(
        Array.from({ length: 3 }, async () =>
          workOnCheck(await dependencies(), check.id, { timer: time.timer }),
        ),
      ),
    )
    expect(worked).toEqual(['finished', 'finished', 'finished'])
    const expected = await alone(400)
    expect(await world.open()).toEqual(expected.open)
    expect((await project.loadCheck(check.id))?.counts).toEqual(expected.counts)
    const subscriptions = (await project.partProgress(check.id)).find(({ part }) => part === 'subscriptions')
    expect(subscriptions).toMatchObject({ state: { state: 'complete' }, readers: 0 })
    expect(subscriptions?.pieces).toBeGreaterThan(1)
    expect(subscriptions?.rows).toBeGreaterThanOrEqual(401)
  })

  test('finds the same however often they are killed, or stand still for longer than their leases', async () => {
    const users = 200
    const expected = await alone(users)
    const life = fc.record({
      breaths: fc.integer({ min: 1, max: 120 }),
      end: fc.constantFrom('killed', 'paused'),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(life, { maxLength: 12 }), async (lives) => {
        const { world, time, project, dependencies } = await party(users)
        const { check } = await beginCheckInParts(await dependencies(), { dryRun: false })
        const left = [...lives]
        const seat = async () => {
          for (;;) {
            const next = left.pop()
            const own = next?.end === 'killed' ? mortal(project, next.breaths) : null
            const late = next?.end === 'paused' ? paused(project, next.breaths, time.timer) : null
            try {
              return await workOnCheck(await dependencies(own?.project ?? late ?? project), check.id, {
                timer: own ? frozenOnceDead(time.timer, own.isDead) : time.timer,
                sideBySide: 2,
              })
            } catch (error) {
              if (!(error instanceof Killed)) throw error
            }
          }
        }
        expect(await time.runUntil(Promise.all([seat(), seat(), seat()]))).toEqual([
          'finished',
          'finished',
          'finished',
        ])
        expect(await world.open()).toEqual(expected.open)
        expect((await project.loadCheck(check.id))?.counts).toEqual(expected.counts)
      }),
      { numRuns: runs },
    )
  }, 60_000)
})

/** Whoever is dead does not wake up again. */
function frozenOnceDead(timer: Timer, isDead: () => boolean): Timer {
  return {
    sleep: async (ms, signal) => {
      await timer.sleep(ms, signal)
      if (isDead()) throw new Killed('killed')
    },
  }
}

describe('in one process', () => {
  const runParts = async (
    world: TestWorld,
    options: { readonly dryRun?: boolean; readonly fresh?: boolean } = {},
  ) => {
    const time = new VirtualTime()
    const work = runCheckInParts(await world.dependencies(), { dryRun: false, timer: time.timer, ...options })
    return await time.runUntil(work)
  }

  test('it finds what a check of one process finds, by as many requests', async () => {
    const [one, other] = [driftingWorld(60), driftingWorld(60)]
    const whole = await runCheck(await one.dependencies(), { dryRun: false, fresh: true })
    const parts = await runParts(other)
    expect(await other.open()).toEqual(await one.open())
    expect({ ...parts.check, id: '' }).toEqual({ ...whole.check, id: '', finishedAt: parts.check.finishedAt })
    expect(parts.incidents.map(({ id }) => id).toSorted()).toEqual(
      whole.incidents.map(({ id }) => id).toSorted(),
    )
  })

  test('a dry run files nothing and says what it would', async () => {
    const world = driftingWorld(60)
    const { incidents, check } = await runParts(world, { dryRun: true })
    expect(await world.open()).toEqual([])
    expect(incidents.length).toBeGreaterThan(10)
    expect(await incidentsOfCheck(await world.dependencies(), check)).toEqual(incidents)
  })

  test('is gone on with where it is asked for again, and begun anew where that is asked for', async () => {
    const world = driftingWorld(20)
    const dependencies = await world.dependencies()
    const first = await beginCheckInParts(dependencies, { dryRun: false })
    const again = await beginCheckInParts(dependencies, { dryRun: false })
    expect([again.check.id, again.resumed]).toEqual([first.check.id, true])
    const dry = await beginCheckInParts(dependencies, { dryRun: true })
    expect(dry.resumed).toBe(false)
    const time = new VirtualTime()
    expect(await workOnCheck(dependencies, first.check.id, { timer: time.timer })).toBe('over')
  })

  test('a check of an hour that passed long ago is begun anew', async () => {
    const world = driftingWorld(5)
    const { check } = await beginCheckInParts(await world.dependencies(), { dryRun: false })
    world.time = new Date(world.time.getTime() + 13 * 3_600_000)
    const next = await beginCheckInParts(await world.dependencies(), { dryRun: false })
    expect(next.check.id).not.toBe(check.id)
  })

  test('a source that fails ends its own parts, and nothing is concluded from what is absent', async () => {
    const world = driftingWorld(20)
    await runParts(world)
    const open = await world.open()
    const down = new SourceError({
      ...{ source: 'stripe', code: 'unreachable', message: 'No answer came.', fix: 'Try again.' },
      retryable: true,
    })
    world.failure = () => down
    const { check, complete } = await runParts(world, { fresh: true })
    expect(complete).toBe(false)
    expect(check.parts['stripe/subscriptions']).toMatchObject({ state: 'failed', code: 'unreachable' })
    expect(check.parts['postgres/users']).toEqual({ state: 'complete' })
    expect(await world.open()).toEqual(expect.arrayContaining([...open]))
  })

  test('who stops lets go of what was leased, and others go on at once', async () => {
    const world = driftingWorld(20)
    const dependencies = await world.dependencies()
    const { check } = await beginCheckInParts(dependencies, { dryRun: false })
    const time = new VirtualTime()
    const stop = new AbortController()
    world.appFailure = () => {
      stop.abort(new Error('stop'))
      return null
    }
    const { timer } = time
    await expect(
      time.runUntil(workOnCheck(dependencies, check.id, { timer, signal: stop.signal })),
    ).rejects.toThrow('stop')
    const readers = (await dependencies.project.partProgress(check.id)).map((part) => part.readers)
    expect(readers.every((count) => count === 0)).toBe(true)
    world.appFailure = () => null
    expect(await time.runUntil(workOnCheck(dependencies, check.id, { timer }))).toBe('finished')
  })

  test('its progress is known to whoever asks', async () => {
    const world = driftingWorld(20)
    const dependencies = await world.dependencies()
    const { check } = await beginCheckInParts(dependencies, { dryRun: false })
    expect(await checkProgress(dependencies, check.id)).toMatchObject({ check: { phase: 'read' }, parts: [] })
    await runParts(world)
    const progress = await checkProgress(dependencies, check.id)
    expect(progress?.check.phase).toBe('finished')
    expect(progress?.parts.find(({ part }) => part === 'users')).toMatchObject({
      state: { state: 'complete' },
      rows: world.users.length,
    })
    expect(await checkProgress(dependencies, 'chk_999')).toBeNull()
  })
})
