import { defaultPolicy, RepairError } from '@trueup/core'
import { beforeEach, describe, expect, test } from 'vitest'
import { RepairWorld } from '../../../../test/support/repair-world.ts'
import { applyRepair } from './apply-repair.ts'
import { approveRepairs, rejectRepairs } from './approve-repair.ts'
import { releaseRepairs, switchRepairs } from './hold-repairs.ts'
import { proposeRepairs } from './propose-repairs.ts'
import { settleRepair, settleRepairs } from './settle-repairs.ts'
import { tidyRepairs } from './tidy-repairs.ts'
import { undoRepair } from './undo-repair.ts'

const unpaid = { pays: null, plan: 'premium', premium: true } as const
const locked = { pays: 'price_pro', plan: 'free', premium: false } as const

/** A world with one account that pays and has nothing, and the repair that was proposed for it. */
async function proposedIn(options: Partial<Parameters<typeof RepairWorld.open>[0]> = {}) {
  const world = await RepairWorld.open({ users: { u1: locked }, ...options })
  await world.check()
  const { proposed } = await proposeRepairs(world.dependencies)
  const [id = ''] = proposed
  const incidentId = (await world.repair(id)).incidentId
  return { world, id, incidentId }
}

type Proposed = Awaited<ReturnType<typeof proposedIn>>
const apply = ({ world, id }: Proposed) => applyRepair(world.dependencies, id, 'ada')
const approve = ({ world, id }: Proposed, by = 'ada') => approveRepairs(world.dependencies, [id], by, 1)
const codeOf = async (act: Promise<unknown>) => {
  const error = await act.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  return error instanceof RepairError ? error.code : error
}

describe('a repair', () => {
  test('gives paid access back: written, read again, and the incident is resolved', async () => {
    const one = await proposedIn()
    await approve(one)
    expect(await apply(one)).toMatchObject({ repair: { state: 'verified' }, leftBecause: null })
    expect(one.world.row('u1')).toMatchObject({ plan: 'premium', is_premium: true })
    expect(await one.world.project.incident(one.incidentId)).toMatchObject({ state: 'resolved' })
    expect(await one.world.acts({ repair: one.id })).toEqual([
      'repair-proposed',
      'repair-approved',
      'repair-intended',
      'repair-applied',
      'repair-verified',
      'incident-resolved',
    ])
    expect((await one.world.check()).incidents).toEqual([])
  })

  test('is applied once, however often it is asked for', async () => {
    const one = await proposedIn()
    await approve(one)
    await apply(one)
    one.world.write('u1', { plan: 'free', is_premium: false })
    expect(await codeOf(apply(one))).toBe('wrong-state')
    expect(one.world.row('u1')).toMatchObject({ plan: 'free' })
    expect(one.world.target.journal).toHaveLength(1)
  })

  test('is not applied unless it was approved', async () => {
    const one = await proposedIn()
    expect(await codeOf(apply(one))).toBe('not-approved')
    expect(one.world.target.journal).toEqual([])
  })

  test('that takes access from whoever pays needs two persons, and neither may be the proposer', async () => {
    const one = await proposedIn({
      users: { u1: { pays: 'price_pro', plan: 'enterprise', premium: true } },
    })
    expect(await one.world.repair(one.id)).toMatchObject({ kind: 'plan-too-high', paying: true })
    await approve(one)
    expect(await codeOf(apply(one))).toBe('second-person-needed')
    expect(await codeOf(approve(one))).toBe('approved-already')
    expect(await codeOf(approve(one, (await one.world.repair(one.id)).proposedBy))).toBe(
      'approved-by-proposer',
    )
    await approve(one, 'grace')
    expect((await apply(one)).repair.state).toBe('verified')
    expect(one.world.row('u1')).toMatchObject({ plan: 'premium' })
  })

  test('rejected: nothing is written, the incident stays open, and the same values are not proposed again', async () => {
    const one = await proposedIn()
    await rejectRepairs(one.world.dependencies, [one.id], 'ada', 'They asked for it.')
    expect(await one.world.repair(one.id)).toMatchObject({ state: 'rejected' })
    expect(await codeOf(apply(one))).toBe('wrong-state')
    expect(one.world.row('u1')).toMatchObject({ plan: 'free' })
    await one.world.check()
    expect(await one.world.project.incident(one.incidentId)).toMatchObject({ state: 'open' })
    expect((await proposeRepairs(one.world.dependencies)).proposed).toEqual([])
    expect(await one.world.acts({ repair: one.id })).toEqual(['repair-proposed', 'repair-rejected'])
  })

  test.each<[rule: string, change: (world: RepairWorld) => void, incident: string]>([
    ['the app gave access meanwhile', (w) => w.write('u1', { plan: 'pro', is_premium: true }), 'resolved'],
    ['the subscription ended meanwhile', (w) => w.pays('u1', null), 'resolved'],
    ['more is paid for by now', (w) => w.pays('u1', 'price_enterprise'), 'open'],
    ['the record was changed to something else', (w) => w.write('u1', { plan: null }), 'open'],
    ['the account points to another customer', (w) => w.write('u1', { stripe_customer_id: 'cus_9' }), 'open'],
    ['the account is gone', (w) => w.target.write('public.users', 'u1', null), 'open'],
  ])('superseded, since %s: nothing is written', async (_rule, change, incident) => {
    const one = await proposedIn()
    await approve(one)
    change(one.world)
    const before = one.world.row('u1')
    expect((await apply(one)).repair.state).toBe('superseded')
    expect(one.world.row('u1')).toEqual(before)
    expect(await one.world.project.incident(one.incidentId)).toMatchObject({ state: incident })
    expect(await one.world.acts({ repair: one.id })).toEqual([
      'repair-proposed',
      'repair-approved',
      'repair-superseded',
      ...(incident === 'resolved' ? ['incident-resolved'] : []),
    ])
  })

  test('superseded, when what is paid for can no longer be told', async () => {
    const one = await proposedIn()
    await approve(one)
    one.world.write('u1', { is_premium: 'perhaps' })
    expect((await apply(one)).repair.state).toBe('superseded')
    expect(one.world.target.journal).toEqual([])
  })

  test('expired: an approval of more than 24 hours writes nothing, and the incident stays open', async () => {
    const one = await proposedIn()
    await approve(one)
    one.world.pass(24 * 60)
    expect((await apply(one)).repair.state).toBe('expired')
    expect(one.world.row('u1')).toMatchObject({ plan: 'free' })
    expect(await one.world.project.incident(one.incidentId)).toMatchObject({ state: 'open' })
    expect(await one.world.acts({ repair: one.id })).toEqual([
      'repair-proposed',
      'repair-approved',
      'repair-expired',
    ])
    await one.world.check()
    expect((await proposeRepairs(one.world.dependencies)).proposed).toHaveLength(1)
  })

  test('expired: so it is said also where nobody applies it', async () => {
    const one = await proposedIn()
    await approve(one)
    one.world.pass(24 * 60 + 1)
    expect(await tidyRepairs(one.world.dependencies)).toBe(1)
    expect(await one.world.repair(one.id)).toMatchObject({ state: 'expired' })
  })

  test('is void under another configuration', async () => {
    const one = await proposedIn()
    await approve(one)
    const { config } = one.world.dependencies
    const changed = { ...one.world.dependencies, config: { ...config, fingerprint: 'config-2' } }
    expect(await codeOf(applyRepair(changed, one.id, 'ada'))).toBe('config-changed')
    expect(one.world.target.journal).toEqual([])
    expect(await codeOf(proposeRepairs(changed))).toBe('config-changed')
    expect(await one.world.repair(one.id)).toMatchObject({ state: 'expired' })
  })

  test('conflicts when the record is changed in the last moment: nothing is written over it', async () => {
    const one: Proposed = await proposedIn({
      reached: async (point) => {
        if (point === 'before-write') one.world.write('u1', { plan: 'enterprise' })
      },
    })
    await approve(one)
    expect((await apply(one)).repair).toMatchObject({
      state: 'conflict',
      answers: [{ kind: 'conflict', found: { plan: 'enterprise', is_premium: false } }],
    })
    expect(one.world.row('u1')).toMatchObject({ plan: 'enterprise' })
  })

  test('writes nothing on a truth that is older than 60 seconds', async () => {
    const one: Proposed = await proposedIn({
      reached: async (point) => {
        if (point === 'before-intent' || point === 'before-write') one.world.pass(0.75)
      },
    })
    await approve(one)
    expect((await apply(one)).repair.state).toBe('expired')
    expect(one.world.target.journal).toEqual([])
  })

  test('is denied where the target does not allow the value', async () => {
    const one = await proposedIn({ target: { allows: (_container, { field }) => field !== 'is_premium' } })
    await approve(one)
    expect((await apply(one)).repair).toMatchObject({ state: 'denied', answers: [{ code: 'not-allowed' }] })
    expect(one.world.row('u1')).toMatchObject({ plan: 'free' })
  })

  test('differs when the second reading shows the drift again', async () => {
    const one: Proposed = await proposedIn({
      reached: async (point) => {
        if (point === 'before-verify') one.world.write('u1', { plan: 'free', is_premium: false })
      },
    })
    await approve(one)
    expect((await apply(one)).repair.state).toBe('differs')
    expect(await one.world.project.incident(one.incidentId)).toMatchObject({ state: 'open' })
    expect((await one.world.acts({ repair: one.id })).at(-1)).toBe('repair-failed')
  })

  test('keeps the form in which the app writes a flag', async () => {
    for (const [before, after] of [
      ['No', 'Yes'],
      [0, 1],
      ['false', 'true'],
    ] as const) {
      const world = await RepairWorld.open({ users: { u1: locked } })
      world.write('u1', { is_premium: before })
      await world.check()
      const [id = ''] = (await proposeRepairs(world.dependencies)).proposed
      await approveRepairs(world.dependencies, [id], 'ada', 1)
      expect((await applyRepair(world.dependencies, id, 'ada')).repair.state).toBe('verified')
      expect(world.row('u1')).toMatchObject({ is_premium: after })
    }
  })

  describe('undone', () => {
    let one: Proposed
    beforeEach(async () => {
      one = await proposedIn()
      await approve(one)
      await apply(one)
    })
    const approveUndo = (id: string, ...persons: readonly string[]) =>
      persons.reduce<Promise<unknown>>(
        (before, by) => before.then(() => approveRepairs(one.world.dependencies, [id], by, 1)),
        Promise.resolve(),
      )

    test('the row is as it was, the incident opens again, and the ledger says so of both', async () => {
      const undo = await undoRepair(one.world.dependencies, one.id, 'ada')
      await approveUndo(undo.id, 'grace', 'linus')
      expect((await applyRepair(one.world.dependencies, undo.id, 'grace')).repair.state).toBe('verified')
      expect(one.world.row('u1')).toMatchObject({ plan: 'free', is_premium: false })
      expect(await one.world.project.incident(one.incidentId)).toMatchObject({ state: 'open', openings: 2 })
      expect((await one.world.acts({ repair: one.id })).at(-1)).toBe('repair-undone')
      expect(await one.world.acts({ repair: undo.id })).toEqual([
        'repair-proposed',
        'repair-approved',
        'repair-approved',
        'repair-intended',
        'repair-applied',
        'repair-verified',
        'incident-reopened',
      ])
    })

    test('by the same rules: not by whoever asks for it, and by two where a payer loses access', async () => {
      const undo = await undoRepair(one.world.dependencies, one.id, 'ada')
      expect(await codeOf(approveUndo(undo.id, 'ada'))).toBe('approved-by-proposer')
      await approveUndo(undo.id, 'grace')
      expect(await codeOf(applyRepair(one.world.dependencies, undo.id, 'grace'))).toBe('second-person-needed')
    })

    test('once: asking again gives the undoing that stands already', async () => {
      const undo = await undoRepair(one.world.dependencies, one.id, 'ada')
      expect((await undoRepair(one.world.dependencies, one.id, 'grace')).id).toBe(undo.id)
      await approveUndo(undo.id, 'grace', 'linus')
      await applyRepair(one.world.dependencies, undo.id, 'grace')
      expect((await undoRepair(one.world.dependencies, one.id, 'grace')).id).toBe(undo.id)
    })

    test('never over a newer value', async () => {
      const undo = await undoRepair(one.world.dependencies, one.id, 'ada')
      await approveUndo(undo.id, 'grace', 'linus')
      one.world.write('u1', { plan: 'enterprise' })
      expect((await applyRepair(one.world.dependencies, undo.id, 'grace')).repair.state).toBe('superseded')
      expect(one.world.row('u1')).toMatchObject({ plan: 'enterprise' })
    })

    test('only what was written', async () => {
      const other = await proposedIn()
      expect(await codeOf(undoRepair(other.world.dependencies, other.id, 'ada'))).toBe('nothing-to-undo')
    })
  })

  describe('whose answer was lost', () => {
    test('was written: the journal says so, and it is not written again', async () => {
      const one = await proposedIn({ target: { breaks: (call) => (call === 'apply' ? 'after' : null) } })
      await approve(one)
      expect((await apply(one)).repair).toMatchObject({ state: 'verified', answers: [{ kind: 'applied' }] })
      expect(one.world.target.journal).toHaveLength(1)
    })

    test('was not written: it is given up for good at the target, and a later check proposes anew', async () => {
      const one = await proposedIn({ target: { breaks: (call) => (call === 'apply' ? 'before' : null) } })
      await approve(one)
      expect((await apply(one)).repair.state).toBe('abandoned')
      expect(one.world.target.journal.map(({ state }) => state)).toEqual(['tombstone'])
      await one.world.check()
      expect((await proposeRepairs(one.world.dependencies)).proposed).toHaveLength(1)
    })

    test('cannot be told where the target keeps no journal, and is never retried by itself', async () => {
      const one = await proposedIn({
        target: { keepsJournal: false, breaks: (call) => (call === 'apply' ? 'after' : null) },
      })
      await approve(one)
      expect((await apply(one)).repair.state).toBe('untold')
      expect((await settleRepairs(one.world.dependencies, { evenNow: true })).settled).toEqual([])
      expect(await codeOf(apply(one))).toBe('wrong-state')
    })

    test('waits while the target does not answer at all, and is settled once it does', async () => {
      let isDown = true
      const one = await proposedIn({
        target: { breaks: (call) => (isDown && call !== 'inspect' ? 'before' : null) },
      })
      await approve(one)
      expect((await apply(one)).repair.state).toBe('executing')
      isDown = false
      expect((await settleRepairs(one.world.dependencies)).waiting).toHaveLength(1)
      one.world.pass(2)
      expect((await settleRepairs(one.world.dependencies)).settled).toMatchObject([{ state: 'abandoned' }])
    })
  })

  test('settled by somebody else while it was under way can no longer be written', async () => {
    const one: Proposed = await proposedIn({
      reached: async (point) => {
        if (point === 'before-write') await settleRepair(one.world.dependencies, one.id)
      },
    })
    await approve(one)
    expect((await apply(one)).repair.state).toBe('abandoned')
    expect(one.world.row('u1')).toMatchObject({ plan: 'free' })
  })
})

describe('brakes', () => {
  test('nothing is written while repairs are switched off, for the project or everywhere', async () => {
    for (const scope of ['project', 'everywhere'] as const) {
      const one = await proposedIn()
      await approve(one)
      await switchRepairs(one.world.dependencies, scope, 'off', 'grace', 'A trial.')
      expect(await codeOf(apply(one))).toBe('switched-off')
      expect(one.world.target.journal).toEqual([])
      await switchRepairs(one.world.dependencies, scope, 'on', 'grace', 'Over.')
      expect((await apply(one)).repair.state).toBe('verified')
    }
  })

  test('switched off in the last moment before the intent', async () => {
    const one: Proposed = await proposedIn({
      reached: async (point) => {
        if (point === 'before-intent')
          await switchRepairs(one.world.dependencies, 'project', 'off', 'grace', 'Stop.')
      },
    })
    await approve(one)
    expect(await codeOf(apply(one))).toBe('switched-off')
    expect(one.world.row('u1')).toMatchObject({ plan: 'free' })
  })

  test('nothing is proposed or written while a person has not released many new drifts', async () => {
    const users = Object.fromEntries(Array.from({ length: 30 }, (_, place) => [`u${place}`, locked]))
    const policy = { ...defaultPolicy, settleMinutes: 0, brake: { hold: 29, collapse: 1000 } }
    const other = await RepairWorld.open({ users, config: { policy } })
    await other.check()
    expect(await codeOf(proposeRepairs(other.dependencies))).toBe('held')
    expect(await other.project.repairs({ limit: 9 })).toEqual([])
    await releaseRepairs(other.dependencies, 'ada', 'We imported them.')
    expect((await proposeRepairs(other.dependencies)).proposed).toHaveLength(30)
  })

  test('nothing is proposed from a check that did not read everything', async () => {
    const world = await RepairWorld.open({ users: { u1: locked } })
    const { check } = await world.check()
    await world.project.setPart(check.id, 'app', 'users', {
      state: 'failed',
      code: 'unreachable',
      message: '',
    })
    expect(await codeOf(proposeRepairs(world.dependencies))).toBe('check-incomplete')
  })

  test('nothing is proposed before there was a check', async () => {
    const world = await RepairWorld.open({ users: { u1: locked } })
    expect(await codeOf(proposeRepairs(world.dependencies))).toBe('no-check')
  })

  test('no more than 25 writes an hour to one column', async () => {
    const users = Object.fromEntries(Array.from({ length: 27 }, (_, place) => [`u${place}`, locked]))
    const world = await RepairWorld.open({ users, target: { capAnHour: 1000 } })
    await world.check()
    const { proposed } = await proposeRepairs(world.dependencies)
    for (const id of proposed) await approveRepairs(world.dependencies, [id], 'ada', 1)
    const outcomes: unknown[] = []
    for (const id of proposed) outcomes.push(await codeOf(applyRepair(world.dependencies, id, 'ada')))
    expect(outcomes.filter((outcome) => outcome === null)).toHaveLength(25)
    expect(outcomes.slice(25)).toEqual(['rate-reached', 'rate-reached'])
    world.pass(60)
    expect((await applyRepair(world.dependencies, proposed.at(-1) ?? '', 'ada')).repair.state).toBe(
      'verified',
    )
  })

  test('unpaid access is taken with the word of one person', async () => {
    const one = await proposedIn({ users: { u1: unpaid } })
    expect(await one.world.repair(one.id)).toMatchObject({ takesAway: true, paying: false })
    await approve(one)
    expect((await apply(one)).repair.state).toBe('verified')
    expect(one.world.row('u1')).toMatchObject({ plan: 'free', is_premium: false })
  })
})
