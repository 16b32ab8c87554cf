import { createHash } from 'node:crypto'
import { enterDrafts } from '@trueup/core'
import { describe, expect, test } from 'vitest'
import { RepairWorld } from '../../../../test/support/repair-world.ts'
import { rebuildIncidents } from '../ledger/rebuild-ledger.ts'
import { applyRepair } from './apply-repair.ts'
import { approveRepairs } from './approve-repair.ts'
import { proposeRepairs } from './propose-repairs.ts'
import { undoRepair } from './undo-repair.ts'

describe('the ledger of repairs', () => {
  test('tells of every incident what its record says, after it was repaired and after that was undone', async () => {
    const locked = { pays: 'price_pro', plan: 'free', premium: false } as const
    const world = await RepairWorld.open({ users: { u1: locked, u2: locked } })
    await world.check()
    const { proposed } = await proposeRepairs(world.dependencies)
    for (const id of proposed) {
      await approveRepairs(world.dependencies, [id], 'ada', 1)
      await applyRepair(world.dependencies, id, 'ada')
    }
    const undo = await undoRepair(world.dependencies, proposed[0] ?? '', 'ada')
    for (const by of ['grace', 'linus']) await approveRepairs(world.dependencies, [undo.id], by, 1)
    expect((await applyRepair(world.dependencies, undo.id, 'grace')).repair.state).toBe('verified')

    const enter = enterDrafts({
      origin: 'trueup/app',
      sha256: (bytes) => new Uint8Array(createHash('sha256').update(bytes).digest()),
      salt: () => new Uint8Array(32),
    })
    while ((await world.project.sequenceEntries(100, enter)) > 0);
    const report = await rebuildIncidents(world.project, false)
    expect(report).toMatchObject({ incidents: 2, same: 2, different: [], missing: [], unknown: [] })
    const states = await world.project.incidents({ limit: 9 })
    expect(states.map(({ state }) => state).toSorted()).toEqual(['open', 'resolved'])
  })
})
