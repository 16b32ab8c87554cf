import type { Repair } from '@trueup/core'
import { RepairError, SourceError } from '@trueup/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { RepairWorld } from '../../../../test/support/repair-world.ts'
import { applyRepair } from './apply-repair.ts'
import { approveRepairs, rejectRepairs } from './approve-repair.ts'
import { switchRepairs } from './hold-repairs.ts'
import { heldBackBy, proposeRepairs } from './propose-repairs.ts'
import type { RepairPoint } from './repair-points.ts'
import { repairPoints } from './repair-points.ts'
import { settleRepairs } from './settle-repairs.ts'
import { undoRepair } from './undo-repair.ts'

/*
 * Stories that fast-check makes up, and shortens where one goes wrong: persons approve, reject and undo, the app and
 * billing change on their own, processes end at any point and come back late, records are tampered with. After every
 * step it is asked whether anything was written that nobody approved, twice, over a newer value, or untrue.
 */

/** How often each end and each danger was come to. */
const windows = new Map<string, number>()

/** The process ends here. */
class Crash extends Error {}

const prices = ['price_pro', 'price_enterprise', null] as const
const accounts = ['u1', 'u2'] as const
type Account = (typeof accounts)[number]

interface Story {
  readonly world: RepairWorld
  /** Ends the process that comes to this point next; `late`: it goes on after everything that follows. */
  crashAt: RepairPoint | null
  readonly late: (() => Promise<unknown>)[]
  breaks: 'before' | 'after' | null
  off: boolean
}

async function begin(): Promise<Story> {
  const story: { -readonly [K in keyof Story]: Story[K] } = {
    world: await RepairWorld.open({
      users: {
        u1: { pays: 'price_pro', plan: 'free', premium: false },
        u2: { pays: null, plan: 'premium', premium: true },
      },
      target: {
        capAnHour: 10_000,
        breaks: (call) => {
          if (call === 'inspect') return null
          const broken = story.breaks
          story.breaks = null
          return broken
        },
      },
      reached: async (point) => {
        if (story.crashAt !== point) return
        story.crashAt = null
        windows.set('ended', (windows.get('ended') ?? 0) + 1)
        throw new Crash(point)
      },
    }),
    crashAt: null,
    late: [],
    breaks: null,
    off: false,
  }
  await story.world.check()
  await proposeRepairs(story.world.dependencies)
  return story
}

/** What may go wrong for the person who asks; anything else is a mistake of ours. */
async function tolerated(act: Promise<unknown>): Promise<void> {
  try {
    await act
  } catch (error) {
    const isExpected =
      error instanceof Crash ||
      error instanceof RepairError ||
      error instanceof SourceError ||
      heldBackBy(error)
    if (!isExpected) throw error
  }
}

const all = (story: Story) => story.world.project.repairs({ limit: 1000 })

async function pick(story: Story, which: number, states: readonly Repair['state'][]): Promise<Repair | null> {
  const meant = (await all(story)).filter(({ state }) => states.includes(state))
  return meant[which % Math.max(1, meant.length)] ?? null
}

type Command = fc.AsyncCommand<Record<string, never>, Story>

const command = (name: string, act: (story: Story) => Promise<unknown>): Command => ({
  check: () => true,
  async run(_model, story) {
    await tolerated(act(story))
    await expectSound(story)
  },
  toString: () => name,
})

/** What holds after every step. */
async function expectSound(story: Story): Promise<void> {
  const repairs = await all(story)
  const written = story.world.target.journal.filter(({ state }) => state === 'applied')
  expect(new Set(written.map(({ repairId }) => repairId)).size).toBe(written.length)
  for (const line of written) {
    const repair = repairs.find(({ id }) => id === line.repairId)
    expect(repair, 'a write has its record').toBeDefined()
    if (!repair) continue
    expect(line.changes, 'exactly what was approved').toEqual(repair.changes)
    expect(['executing', 'applied', 'verified', 'differs']).toContain(repair.state)
    const acts = await story.world.acts({ repair: repair.id })
    expect(acts, 'the intent stands before the write').toContain('repair-intended')
    const persons = new Set(repair.approvals.map(({ by }) => by))
    expect(persons.has(repair.proposedBy)).toBe(false)
    expect(persons.size).toBeGreaterThanOrEqual(repair.takesAway && repair.paying ? 2 : 1)
    for (const { expiresAt } of repair.approvals) expect(line.at.getTime()).toBeLessThan(expiresAt.getTime())
  }
  for (const repair of repairs) {
    if (['applied', 'verified', 'differs'].includes(repair.state)) {
      expect(
        written.some(({ repairId }) => repairId === repair.id),
        `${repair.state} without a write`,
      ).toBe(true)
    }
  }
}

/** Everybody whose word is needed gives it. */
async function approveWholly(story: Story, repair: Repair): Promise<void> {
  for (const by of ['grace', 'linus']) {
    await tolerated(approveRepairs(story.world.dependencies, [repair.id], by, 1))
  }
}

const which = fc.nat(5)
const person = fc.constantFrom('ada', 'grace', 'linus')
const commands = [
  fc.constant(
    command('check', async ({ world }) => {
      await world.check()
      await proposeRepairs(world.dependencies)
    }),
  ),
  ...[1, 2, 3].map(() =>
    which.map((n) =>
      command(`approve ${n} by all`, async (story) => {
        const repair = await pick(story, n, ['proposed'])
        if (repair) await approveWholly(story, repair)
      }),
    ),
  ),
  fc.constant(
    command('check again', async ({ world }) => {
      await world.check()
      await proposeRepairs(world.dependencies)
    }),
  ),
  fc.tuple(which, fc.constantFrom<Account>(...accounts)).map(([n, account]) =>
    command(`apply ${n} while the app writes to ${account}`, async (story) => {
      const repair = await pick(story, n, ['approved'])
      if (!repair) return
      const { dependencies } = story.world
      let isDue = true
      const reached = async (point: RepairPoint) => {
        if (point !== (n % 2 === 0 ? 'before-write' : 'before-verify') || !isDue) return
        isDue = false
        story.world.write(account, { plan: n % 3 === 0 ? 'free' : 'enterprise', is_premium: n % 3 !== 0 })
      }
      await applyRepair({ ...dependencies, reached }, repair.id, 'ada')
    }),
  ),
  fc.tuple(which, person).map(([n, by]) =>
    command(`approve ${n} by ${by}`, async (story) => {
      const repair = await pick(story, n, ['proposed'])
      if (repair) await approveRepairs(story.world.dependencies, [repair.id], by, 1)
    }),
  ),
  fc.tuple(which, fc.constant('check:chk_1')).map(([n, by]) =>
    command(`self-approve ${n}`, async (story) => {
      const repair = await pick(story, n, ['proposed'])
      if (repair) await approveRepairs(story.world.dependencies, [repair.id], repair.proposedBy || by, 1)
    }),
  ),
  which.map((n) =>
    command(`apply ${n}`, async (story) => {
      const repair = await pick(story, n, ['approved', 'executing', 'applied', 'verified'])
      if (repair) await applyRepair(story.world.dependencies, repair.id, 'ada')
    }),
  ),
  fc.tuple(which, fc.constantFrom(...repairPoints)).map(([n, point]) =>
    command(`apply ${n}, ended at ${point}`, async (story) => {
      const repair = await pick(story, n, ['approved', 'executing', 'applied'])
      story.crashAt = point
      if (repair) await applyRepair(story.world.dependencies, repair.id, 'ada')
      story.crashAt = null
    }),
  ),
  fc.tuple(which, fc.constantFrom('before', 'after')).map(([n, broken]) =>
    command(`apply ${n}, answer lost ${broken}`, async (story) => {
      const repair = await pick(story, n, ['approved'])
      story.breaks = repair ? broken : null
      if (repair) await applyRepair(story.world.dependencies, repair.id, 'ada')
    }),
  ),
  which.map((n) =>
    command(`apply ${n}, with a statement that comes late`, async (story) => {
      const repair = await pick(story, n, ['approved'])
      if (!repair) return
      const { dependencies } = story.world
      const targets = dependencies.targets.map((target) => ({
        ...target,
        apply: (order: Parameters<typeof target.apply>[0]) => {
          story.late.push(() => target.apply(order))
          throw new Crash('the process ends while its statement is on the way')
        },
      }))
      await applyRepair({ ...dependencies, targets }, repair.id, 'ada')
    }),
  ),
  fc.constant(
    command('the late statement arrives', async (story) => {
      const late = story.late.shift()
      if (late) windows.set('late', (windows.get('late') ?? 0) + 1)
      await late?.()
    }),
  ),
  fc.constant(command('settle', ({ world }) => settleRepairs(world.dependencies, { evenNow: true }))),
  which.map((n) =>
    command(`reject ${n}`, async (story) => {
      const repair = await pick(story, n, ['proposed', 'approved'])
      if (repair) await rejectRepairs(story.world.dependencies, [repair.id], 'grace', 'no')
    }),
  ),
  which.map((n) =>
    command(`undo ${n}`, async (story) => {
      const repair = await pick(story, n, ['verified', 'differs'])
      if (repair) await undoRepair(story.world.dependencies, repair.id, 'ada')
      if (repair) windows.set('undone', (windows.get('undone') ?? 0) + 1)
    }),
  ),
  fc
    .record({ account: fc.constantFrom<Account>(...accounts), price: fc.constantFrom(...prices) })
    .map(({ account, price }) =>
      command(`${account} pays ${price}`, async ({ world }) => world.pays(account, price)),
    ),
  fc
    .record({
      account: fc.constantFrom<Account>(...accounts),
      plan: fc.constantFrom('free', 'premium', 'enterprise'),
    })
    .map(({ account, plan }) =>
      command(`the app gives ${account} ${plan}`, async ({ world }) =>
        world.write(account, { plan, is_premium: plan !== 'free' }),
      ),
    ),
  fc
    .constantFrom(1, 70, 25 * 60)
    .map((minutes) => command(`${minutes} minutes pass`, async ({ world }) => world.pass(minutes))),
  fc.tuple(which, fc.constantFrom('admin', 'owner')).map(([n, value]) =>
    command(`somebody alters the new value of ${n}`, async (story) => {
      const repair = await pick(story, n, ['approved'])
      if (!repair) return
      const altered = repair.changes.map((change, place) =>
        place === 0 ? { ...change, after: value } : change,
      )
      const before = story.world.target.journal.length
      await story.world.project.changeRepairs([repair.id], story.world.now, (situation) => ({
        repair: { ...situation.repair, changes: altered },
        entries: [],
      }))
      await tolerated(applyRepair(story.world.dependencies, repair.id, 'ada'))
      expect(
        story.world.target.journal.filter(({ state }) => state === 'applied').length,
      ).toBeLessThanOrEqual(before)
      // What was altered is put aside, so that the rest of the story tells of other things.
      await tolerated(rejectRepairs(story.world.dependencies, [repair.id], 'grace', 'altered'))
    }),
  ),
  fc.constantFrom(true, false, false, false).map((off) =>
    command(off ? 'switch off' : 'switch on', async (story) => {
      story.off = off
      await switchRepairs(story.world.dependencies, 'project', off ? 'off' : 'on', 'grace', 'a trial')
    }),
  ),
]

describe('whatever happens to repairs', () => {
  test('nothing is written that nobody approved, twice, or without its intent; and at rest nothing is stuck', async () => {
    await fc.assert(
      fc.asyncProperty(fc.commands(commands, { maxCommands: 60, size: 'max' }), async (story) => {
        const real = await begin()
        await fc.asyncModelRun(() => ({ model: {}, real }), story)
        // The faults are over; whoever is left settles what they find.
        real.crashAt = null
        real.breaks = null
        await settleRepairs(real.world.dependencies, { evenNow: true })
        for (const late of real.late) await late()
        await expectSound(real)
        for (const { state } of await all(real)) windows.set(state, (windows.get(state) ?? 0) + 1)
        const open = (await all(real)).filter(({ state }) => state === 'executing' || state === 'applied')
        expect(open).toEqual([])
      }),
      { numRuns: Number(process.env.STORIES ?? 80), seed: 7 },
    )
    // A story that never came near a danger proves nothing.
    for (const state of [
      'verified',
      'differs',
      'superseded',
      'expired',
      'rejected',
      'abandoned',
      'conflict',
    ]) {
      expect(windows.get(state) ?? 0, state).toBeGreaterThan(0)
    }
    for (const danger of ['ended', 'late', 'undone'])
      expect(windows.get(danger) ?? 0, danger).toBeGreaterThan(3)
  }, 120_000)
})
