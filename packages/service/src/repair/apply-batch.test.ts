import { describe, expect, test } from 'vitest'
import { RepairWorld } from '../../../../test/support/repair-world.ts'
import { applyBatch } from './apply-batch.ts'
import { approveBatch, approveRepairs, requireBatch } from './approve-repair.ts'
import { proposeRepairs } from './propose-repairs.ts'

const locked = { pays: 'price_pro', plan: 'free', premium: false } as const

/** A batch of so many accounts that pay and have nothing, approved by those whose word it needs. */
async function batchOf(size: number, reached?: (world: () => RepairWorld) => Reached) {
  const users = Object.fromEntries(Array.from({ length: size }, (_, place) => [`u${place}`, locked]))
  let opened: RepairWorld | null = null
  const world = await RepairWorld.open({
    users,
    target: { capAnHour: 1000 },
    ...(reached
      ? {
          reached: reached(() => {
            if (!opened) throw new Error('Nothing is applied before the world is open.')
            return opened
          }),
        }
      : {}),
  })
  opened = world
  await world.check()
  const { proposed } = await proposeRepairs(world.dependencies)
  const { batchId, needed } = await approveBatch(world.dependencies, proposed, 'ada', size)
  const ids = (await requireBatch(world.dependencies, batchId)).map(({ id }) => id)
  if (needed === 2) await approveRepairs(world.dependencies, ids, 'grace', size)
  return { world, batchId, needed }
}

type Reached = NonNullable<Parameters<typeof RepairWorld.open>[0]['reached']>

/** Waits by moving the world's time on, and remembers for how long. */
function hurried(world: RepairWorld) {
  const waits: number[] = []
  const timer = {
    async sleep(ms: number) {
      waits.push(ms / 60_000)
      world.pass(ms / 60_000)
    },
  }
  return { timer, waits }
}

const statesOf = async (world: RepairWorld, batchId: string) => {
  const counts: Record<string, number> = {}
  for (const { state } of await requireBatch(world.dependencies, batchId))
    counts[state] = (counts[state] ?? 0) + 1
  return counts
}

describe('a batch', () => {
  test('is applied in waves of one, five and the rest, ten minutes apart', async () => {
    const { world, batchId } = await batchOf(20)
    const { timer, waits } = hurried(world)
    const outcome = await applyBatch(world.dependencies, batchId, { by: 'ada', timer })
    expect(outcome.step.kind).toBe('done')
    expect(waits).toEqual([10, 10])
    expect(await statesOf(world, batchId)).toEqual({ verified: 20 })
    const times = new Set(world.target.journal.map(({ at }) => at.toISOString()))
    expect(times.size).toBe(3)
  })

  test('of more than five needs two persons', async () => {
    expect((await batchOf(5)).needed).toBe(1)
    expect((await batchOf(6)).needed).toBe(2)
  })

  test('is approved by its true number or not at all', async () => {
    const world = await RepairWorld.open({ users: { u1: locked, u2: locked } })
    await world.check()
    const { proposed } = await proposeRepairs(world.dependencies)
    await expect(approveBatch(world.dependencies, proposed, 'ada', 3)).rejects.toMatchObject({
      code: 'count-differs',
    })
    expect((await world.project.repairs({ states: ['approved'], limit: 9 })).length).toBe(0)
  })

  test('without waiting does what is due, says when the next wave is, and goes on from there', async () => {
    const { world, batchId } = await batchOf(8)
    const first = await applyBatch(world.dependencies, batchId, { by: 'ada' })
    expect(first.leftBecause).toContain('2026-06-01T12:10:00.000Z')
    expect(await statesOf(world, batchId)).toEqual({ verified: 1, approved: 7 })
    world.pass(10)
    await applyBatch(world.dependencies, batchId, { by: 'ada' })
    expect(await statesOf(world, batchId)).toEqual({ verified: 6, approved: 2 })
  })

  test('stops at the first that reads back differently', async () => {
    const { world, batchId } = await batchOf(8, (worldNow) => async (point) => {
      if (point === 'before-verify') worldNow().write('u0', { plan: 'free', is_premium: false })
    })
    const { timer } = hurried(world)
    const outcome = await applyBatch(world.dependencies, batchId, { by: 'ada', timer })
    expect(outcome.step.kind).toBe('stopped')
    expect((await statesOf(world, batchId)).differs).toBe(1)
    const written = world.target.journal.length
    world.pass(60)
    expect((await applyBatch(world.dependencies, batchId, { by: 'ada', timer })).step.kind).toBe('stopped')
    expect(world.target.journal).toHaveLength(written)
  })

  test('goes on where a process was cut off, and writes nothing twice', async () => {
    let left = 4
    const { world, batchId } = await batchOf(8, () => async (point) => {
      if (point === 'after-write' && --left === 0) throw new Error('cut off')
    })
    const { timer } = hurried(world)
    await expect(applyBatch(world.dependencies, batchId, { by: 'ada', timer })).rejects.toThrow('cut off')
    expect(await statesOf(world, batchId)).toMatchObject({ executing: 1 })
    const outcome = await applyBatch(world.dependencies, batchId, { by: 'ada', timer })
    expect(outcome.step.kind).toBe('done')
    expect(await statesOf(world, batchId)).toEqual({ verified: 8 })
    expect(world.target.journal).toHaveLength(8)
  })

  test('waits for the hour when the writes of it are spent', async () => {
    const { world, batchId } = await batchOf(40)
    const { timer } = hurried(world)
    const outcome = await applyBatch(world.dependencies, batchId, { by: 'ada', timer })
    expect(outcome.leftBecause).toContain('25 an hour are allowed')
    expect(await statesOf(world, batchId)).toEqual({ verified: 25, approved: 15 })
    world.pass(60)
    expect((await applyBatch(world.dependencies, batchId, { by: 'ada', timer })).step.kind).toBe('done')
  })
})
