import type { Cursor, Lease, ProjectStore } from '@trueup/core'
import { LeaseLost } from '@trueup/core'
import { beforeEach, describe, expect, it } from 'vitest'
import type { NewProject } from './new-project.ts'
import { aFinding, anIncident, aPage, observedFact, rules, time } from './samples.ts'

const minute = 60_000
const begun = {
  dryRun: false,
  asOf: time(0),
  startedAt: time(1),
  configFingerprint: 'config-1',
  acceptsChanges: false,
}
const subscriptions = { source: 'stripe', part: 'subscriptions' } as const
const users = { source: 'clerk', part: 'users' } as const
const cursor = (id: string, done = false): Cursor => ({ id, position: `at ${id}`, done })

/** What every store promises to full checks that several processes read. */
export function unitsContract(newProject: NewProject): void {
  describe('checks in parts', () => {
    let project: ProjectStore
    let checkId: string
    beforeEach(async () => {
      project = await newProject()
      checkId = (await project.startCheckInParts(begun, () => [])).id
      await project.addUnits(checkId, [subscriptions, users])
    })
    const lease = async (leaseMs = minute): Promise<Lease> => {
      const leased = await project.leaseUnit(checkId, 'part', leaseMs)
      if (!leased) throw new Error('A piece is free.')
      return leased
    }
    const write = (held: Lease, ids: readonly Cursor[], cursorIds: readonly string[] | null = null) =>
      project.writeUnitPage(
        held,
        aPage({
          ...subscriptions,
          cursors: ids,
          requests: 1,
          facts: [observedFact(`sub_${ids[0]?.id}`, 'cus_1')],
        }),
        { leaseMs: minute, cursorIds, rows: 1 },
      )

    it('leases each piece to one at a time, in the order in which they were added', async () => {
      const [first, second] = [await lease(), await lease()]
      expect([first, second].map(({ source, part }) => ({ source, part }))).toEqual([subscriptions, users])
      expect(second.token).toBeGreaterThan(first.token)
      expect(await project.leaseUnit(checkId, 'part', minute)).toBeNull()
      expect((await project.loadCheck(checkId))?.parts).toEqual({
        'stripe/subscriptions': { state: 'reading' },
        'clerk/users': { state: 'reading' },
      })
    })

    it('adds a part once, however often it is asked to', async () => {
      await project.addUnits(checkId, [users, subscriptions, users])
      expect((await project.partProgress(checkId)).map(({ source, pieces }) => [source, pieces])).toEqual([
        ['stripe', 1],
        ['clerk', 1],
      ])
    })

    it('leases the step between phases by itself', async () => {
      const step = await project.leaseUnit(checkId, 'advance', minute)
      expect(step).toMatchObject({ source: '', part: 'advance' })
      expect(await project.leaseUnit(checkId, 'advance', minute)).toBeNull()
      if (step) await project.endUnit(step, { state: 'released' })
      expect(await project.leaseUnit(checkId, 'advance', minute)).not.toBeNull()
    })

    it('leases a piece anew once its lease ran out, and keeps nothing that comes under the old one', async () => {
      const old = await lease(-1)
      const held = await lease()
      expect(held.unit).toBe(old.unit)
      expect(held.token).toBeGreaterThan(old.token)
      await expect(write(old, [cursor('0')])).rejects.toThrow(LeaseLost)
      expect(await project.renewLease(old, minute)).toBe(false)
      await expect(project.endUnit(old, { state: 'done' })).rejects.toThrow(LeaseLost)
      await expect(project.divideUnit(old, [], [])).rejects.toThrow(LeaseLost)
      expect(await project.cursors(checkId, 'stripe', 'subscriptions')).toEqual([])
      expect((await project.counts(checkId)).customers).toBe(0)
      expect(await project.renewLease(held, minute)).toBe(true)
    })

    it('goes on from the cursors that were stored', async () => {
      const old = await lease(-1)
      await write({ ...old, token: old.token }, [cursor('0'), cursor('1', true)])
      await project.endUnit(old, { state: 'released' })
      expect((await lease()).cursors).toEqual([cursor('0'), cursor('1', true)])
      expect((await project.loadCheck(checkId))?.requests).toEqual({ stripe: 1 })
    })

    it('divides a piece, and each reader has its own cursors from then on', async () => {
      const first = await lease()
      await lease()
      await project.askToShare(checkId, ['stripe/subscriptions'])
      expect(await write(first, [cursor('0'), cursor('1'), cursor('2', true)])).toEqual({
        askedToShare: true,
      })
      await project.divideUnit(first, ['0'], ['1'])
      expect(await write(first, [cursor('0')], ['0'])).toEqual({ askedToShare: false })
      const second = await lease()
      expect(second).toMatchObject({ ...subscriptions, isWhole: false, cursors: [cursor('1')] })
      await write(second, [cursor('1', true), cursor('1.1')], ['1.1'])
      await project.endUnit(second, { state: 'released' })
      expect((await lease()).cursors).toEqual([cursor('1.1')])
      expect(await project.partProgress(checkId)).toMatchObject([
        { ...subscriptions, pieces: 2, piecesDone: 0, readers: 2, rows: 3 },
        { ...users, pieces: 1, readers: 1, rows: 0 },
      ])
    })

    it('asks nobody of other parts to share', async () => {
      const held = await lease()
      await project.askToShare(checkId, ['clerk/users'])
      expect(await write(held, [cursor('0')])).toEqual({ askedToShare: false })
    })

    it('completes a part once all of its pieces are done', async () => {
      const first = await lease()
      await lease()
      await write(first, [cursor('0'), cursor('1')])
      await project.divideUnit(first, ['0'], ['1'])
      const second = await lease()
      await project.endUnit(first, { state: 'done' })
      const state = async () => (await project.loadCheck(checkId))?.parts['stripe/subscriptions']
      expect(await state()).toEqual({ state: 'reading' })
      await project.endUnit(second, { state: 'done' })
      expect(await state()).toEqual({ state: 'complete' })
      expect(await project.leaseUnit(checkId, 'part', minute)).toBeNull()
    })

    it('ends a part of which one piece failed, for all who read it', async () => {
      const first = await lease()
      await lease()
      await write(first, [cursor('0'), cursor('1')])
      await project.divideUnit(first, ['0'], ['1'])
      const second = await lease()
      const failed = { state: 'failed', code: 'unreachable', message: 'no' } as const
      await project.endUnit(second, failed)
      await expect(write(first, [cursor('0')], ['0'])).rejects.toThrow(LeaseLost)
      expect((await project.loadCheck(checkId))?.parts['stripe/subscriptions']).toEqual(failed)
    })

    it('gives up the checks in parts before a new one, and leases nothing of them', async () => {
      const held = await lease()
      expect((await project.unfinishedCheckInParts('config-1'))?.check.id).toBe(checkId)
      const next = await project.startCheckInParts({ ...begun, acceptsChanges: true }, () => [])
      expect(await project.unfinishedCheckInParts('config-1')).toMatchObject({
        check: { id: next.id },
        acceptsChanges: true,
      })
      expect(await project.checkInParts(checkId)).toMatchObject({ isOpen: false })
      await expect(write(held, [cursor('0')])).rejects.toThrow(LeaseLost)
      expect(await project.leaseUnit(checkId, 'advance', minute)).toBeNull()
      expect(await project.unfinishedCheck('config-1')).toBeNull()
    })

    it('leases nothing of a check that is finished', async () => {
      const held = await lease()
      const counts = { customers: 0, subjects: 0, agrees: 0, drifts: 0, cannotTell: 0, settling: 0 }
      await project.finishCheck(checkId, counts, time(9), [])
      await expect(write(held, [cursor('0')])).rejects.toThrow(LeaseLost)
      expect(await project.checkInParts(checkId)).toMatchObject({ isOpen: false })
      expect(await project.unfinishedCheckInParts('config-1')).toBeNull()
    })

    it('keeps nothing that is written to the check by somebody who lost the lease of its step', async () => {
      const old = await project.leaseUnit(checkId, 'advance', -1)
      const held = await project.leaseUnit(checkId, 'advance', minute)
      if (!old || !held) throw new Error('The step is free.')
      const [late, now] = [project.heldBy(old), project.heldBy(held)]
      const counts = { customers: 0, subjects: 0, agrees: 0, drifts: 0, cannotTell: 0, settling: 0 }
      const finding = aFinding('user:u1', { kind: 'agrees' })
      const attempts = [
        () => late.setPhase(checkId, 'file'),
        () => late.setPart(checkId, 'stripe', 'events', { state: 'reading' }),
        () => late.writePage(checkId, aPage({ facts: [observedFact('sub_9', 'cus_9')] })),
        () => late.match(checkId, rules),
        () => late.writeFindings(checkId, [finding], 'user:u1'),
        () => late.saveIncidents([anIncident('inc_9')], checkId, []),
        () => late.changeIncidents({ identityKeys: [] }, checkId, () => ({ incidents: [], entries: [] })),
        () => late.finishCheck(checkId, counts, time(9), []),
      ]
      for (const attempt of attempts) await expect(attempt()).rejects.toThrow(LeaseLost)
      expect(await project.loadCheck(checkId)).toMatchObject({ phase: 'read', parts: {}, finishedAt: null })
      expect((await project.findings(checkId, null, 9)).findings).toEqual([])
      expect(await project.incident('inc_9')).toBeNull()
      await now.setPhase(checkId, 'compare')
      await now.writeFindings(checkId, [finding], 'user:u1')
      await now.finishCheck(checkId, counts, time(9), [])
      expect(await project.loadCheck(checkId)).toMatchObject({ phase: 'finished', counts })
      await expect(now.setPhase(checkId, 'file')).rejects.toThrow(LeaseLost)
    })

    it('keeps what a check observed that was begun after the one that is kept', async () => {
      const next = await project.startCheckInParts(begun, () => [])
      await project.writePage(next.id, aPage({ facts: [observedFact('sub_1', 'cus_1')] }))
      await project.keepObservationsOf([checkId])
      expect((await project.counts(next.id)).customers).toBe(1)
      expect(await project.checkInParts(next.id)).toMatchObject({ isOpen: true })
    })

    it('shares a budget of requests among all who draw from it', async () => {
      const rare = 0.001
      const draws = await Promise.all(
        Array.from({ length: 5 }, () => project.drawRequests('stripe', 4, rare)),
      )
      expect(draws.reduce((sum, { drawn }) => sum + drawn, 0)).toBe(1)
      expect(await project.drawRequests('clerk', 4, 100)).toEqual({ drawn: 4, waitMs: 0 })
      const other = await (await newProject()).drawRequests('stripe', 4, 100)
      expect(other).toEqual({ drawn: 4, waitMs: 0 })
    })

    it('says how long to wait where nothing is left of the budget', async () => {
      await project.drawRequests('stripe', 1, 1)
      const { drawn, waitMs } = await project.drawRequests('stripe', 1, 0.001)
      expect(drawn).toBe(0)
      expect(waitMs).toBeGreaterThan(1000)
    })
  })
}
