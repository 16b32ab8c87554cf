import type { ProjectStore, Repair, RepairDecision, RepairSituation, RepairSwitch } from '@trueup/core'
import { approveRepair, intendRepair, proposeRepair, rejectRepair, resolveIncident } from '@trueup/core'
import { beforeEach, describe, expect, it } from 'vitest'
import { plainHash, proposal } from '../../../../core/src/repair/recorded-repair.ts'
import type { NewProject } from './new-project.ts'
import { anIncident, beginCheck, stagedKeys, time } from './samples.ts'

/** What every store promises of repairs. */
export function repairsContract(newProject: NewProject): void {
  describe('repairs', () => {
    let project: ProjectStore
    beforeEach(async () => {
      project = await newProject()
    })
    const add = (...repairs: readonly Repair[]) =>
      project.addRepairs(repairs.map((repair) => ({ repair, entries: [] })))
    const ids = async (filter: Partial<Parameters<ProjectStore['repairs']>[0]> = {}) =>
      (await project.repairs({ limit: 100, ...filter })).map(({ id }) => id)

    it('gives back a repair as it was kept, with what was absent and what was null', async () => {
      const repair = aRepair('rep_1', {
        changes: [
          { field: 'public_metadata.plan', before: undefined, after: 'pro' },
          { field: "odd 'name", before: null, after: { reports: true, list: ['a', '\u0000'] } },
        ],
      })
      await add(repair)
      expect(await project.repair('rep_1')).toEqual(repair)
      expect(await project.repair('rep_2')).toBeNull()
    })

    it('keeps one open repair of a record for an incident; once it has ended another may come', async () => {
      expect(await add(aRepair('rep_1'), aRepair('rep_2'))).toEqual(['rep_1'])
      expect(await add(aRepair('rep_1', { record: '8' }))).toEqual([])
      expect(await add(aRepair('rep_3', { record: '8' }), aRepair('rep_4', { undoes: 'rep_0' }))).toEqual([
        'rep_3',
        'rep_4',
      ])
      await project.changeRepairs(['rep_1'], time(1), ({ repair }) =>
        decided(rejectRepair(repair, ada, 'no')),
      )
      expect(await add(aRepair('rep_2'))).toEqual(['rep_2'])
    })

    it('lists repairs in the order in which they were proposed, by state, incident, batch and undoing', async () => {
      await add(
        aRepair('rep_b', { incidentId: 'inc_b' }, time(1)),
        aRepair('rep_c', { incidentId: 'inc_c' }, time(0)),
        aRepair('rep_a', { incidentId: 'inc_a', undoes: 'rep_x' }, time(1)),
      )
      expect(await ids()).toEqual(['rep_c', 'rep_a', 'rep_b'])
      expect(await ids({ limit: 2 })).toEqual(['rep_c', 'rep_a'])
      expect(await ids({ after: 'rep_a' })).toEqual(['rep_b'])
      expect(await ids({ after: 'rep_unknown' })).toEqual([])
      expect(await ids({ incidentId: 'inc_b' })).toEqual(['rep_b'])
      expect(await ids({ undoes: 'rep_x' })).toEqual(['rep_a'])
      expect(await ids({ batchId: 'bat_1' })).toEqual([])
      await project.changeRepairs(['rep_a'], time(2), ({ repair }) =>
        decided(rejectRepair(repair, ada, 'no')),
      )
      expect(await ids({ states: ['rejected'] })).toEqual(['rep_a'])
    })

    it('changes several together, or none of them', async () => {
      await add(aRepair('rep_1'), aRepair('rep_2', { record: '8' }))
      const refuse = ({ repair }: RepairSituation): RepairDecision => {
        if (repair.id === 'rep_2') throw new Error('not this one')
        return decided(rejectRepair(repair, ada, 'no'))
      }
      await expect(project.changeRepairs(['rep_1', 'rep_2'], time(1), refuse)).rejects.toThrow('not this one')
      expect(await ids({ states: ['proposed'] })).toEqual(['rep_1', 'rep_2'])
      expect(await stagedKeys(project)).toHaveLength(0)
      const changed = await project.changeRepairs(['rep_2', 'rep_9', 'rep_1'], time(1), ({ repair }) =>
        repair.id === 'rep_1' ? null : decided(rejectRepair(repair, ada, 'no')),
      )
      expect(changed.map(({ id, state }) => [id, state])).toEqual([
        ['rep_2', 'rejected'],
        ['rep_1', 'proposed'],
      ])
      expect(await stagedKeys(project)).toHaveLength(1)
    })

    it('lets one of two who intend the same repair have it', async () => {
      await add(aRepair('rep_1'))
      await project.changeRepairs(['rep_1'], time(1), ({ repair }) =>
        decided(approveRepair(repair, { by: 'ada', at: time(1) }, plainHash)),
      )
      const intend = () =>
        project.changeRepairs(['rep_1'], time(2), ({ repair, nextToken }) => {
          const actor = { by: 'repair:rep_1', at: time(2) }
          return decided(intendRepair(repair, actor, { token: nextToken, deadline: time(3) }, plainHash))
        })
      const answers = await Promise.allSettled([intend(), intend(), intend()])
      expect(answers.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected', 'rejected'])
      expect(await project.repair('rep_1')).toMatchObject({ state: 'executing', version: 3 })
    })

    it('gives every change a greater token, also when time goes back', async () => {
      await add(aRepair('rep_1'))
      const tokens: number[] = []
      for (const minute of [5, 5, 1, 9]) {
        await project.changeRepairs(['rep_1', 'rep_1'], time(minute), ({ nextToken }) => {
          tokens.push(nextToken)
          return null
        })
      }
      expect(tokens).toHaveLength(8)
      expect(tokens.toSorted((a, b) => a - b)).toEqual(tokens)
      expect(new Set(tokens).size).toBe(8)
    })

    it('changes the incident with its repair', async () => {
      const incident = anIncident('inc_1')
      await project.saveIncidents([incident], null, [])
      await add(aRepair('rep_1'))
      await project.changeRepairs(['rep_1'], time(1), (situation) => {
        expect(situation.incident).toEqual(incident)
        const resolved = resolveIncident(incident, { by: 'repair:rep_1', at: time(1) }).incident
        return { ...decided(rejectRepair(situation.repair, ada, 'no')), incident: resolved }
      })
      expect(await project.incident('inc_1')).toMatchObject({ state: 'resolved' })
      expect(await project.incidents({ states: ['open'], limit: 9 })).toEqual([])
    })

    it('counts the writes of the last hour to the same columns', async () => {
      await add(
        aRepair('rep_1'),
        aRepair('rep_2', { record: '8', changes: [{ field: 'is_premium', before: false, after: true }] }),
        aRepair('rep_3', { record: '9' }),
      )
      const intended = (state: Repair['state'], at: Date) => (situation: RepairSituation) => ({
        repair: { ...situation.repair, state, intendedAt: at },
        entries: [],
      })
      await project.changeRepairs(['rep_1'], time(1), intended('verified', time(1)))
      await project.changeRepairs(['rep_2'], time(1), intended('applied', time(1)))
      const counted = async (minute: number) => {
        let writes = -1
        await project.changeRepairs(['rep_3'], time(minute), (situation) => {
          writes = situation.writesOfLastHour
          return null
        })
        return writes
      }
      expect(await counted(2)).toBe(1)
      expect(await counted(60)).toBe(1)
      expect(await counted(61)).toBe(0)
      expect(await project.countWritten('app', 'public.users', 'plan', time(0))).toBe(1)
      expect(await project.countWritten('app', 'public.users', 'plan', time(1))).toBe(0)
      expect(await project.countWritten('app', 'public.users', 'role', time(0))).toBe(0)
      await project.changeRepairs(['rep_1'], time(2), intended('conflict', time(1)))
      expect(await counted(2)).toBe(0)
      await project.changeRepairs(['rep_1'], time(2), intended('executing', time(1)))
      expect(await counted(2)).toBe(1)
      expect(await project.countWritten('app', 'public.users', 'plan', time(0))).toBe(0)
    })

    it('shows whether repairs are switched off, for one project and for all', async () => {
      const other = await newProject()
      const off = (scope: RepairSwitch['scope']): RepairSwitch => ({
        scope,
        by: 'ada',
        at: time(1),
        reason: 'trial',
      })
      await project.switchRepairs('project', off('project'), [])
      expect(await project.repairSwitches()).toEqual([off('project')])
      expect(await other.repairSwitches()).toEqual([])
      await other.switchRepairs('everywhere', off('everywhere'), [])
      expect(await project.repairSwitches()).toEqual([off('everywhere'), off('project')])
      await add(aRepair('rep_1'))
      await project.changeRepairs(['rep_1'], time(2), ({ switchedOff }) => {
        expect(switchedOff).toHaveLength(2)
        return null
      })
      await project.switchRepairs('everywhere', null, [])
      await project.switchRepairs('project', null, [])
      expect(await project.repairSwitches()).toEqual([])
    })

    it('names the incidents that hold all repairs, and those that a check saw', async () => {
      const checkId = await beginCheck(project)
      const hold = anIncident('inc_hold', {
        kind: 'mass-drift',
        identity: { kind: 'mass-drift', on: 'hold', component: 'brake' },
      })
      await project.saveIncidents([hold, anIncident('inc_b'), anIncident('inc_a')], checkId, [])
      await project.saveIncidents([anIncident('inc_c')], null, [])
      expect(await project.repairHolds()).toEqual([hold])
      const seen = await project.incidentsSeenBy(checkId, 'inc_a', 9)
      expect(seen.map(({ id }) => id)).toEqual(['inc_b', 'inc_hold'])
      const released = resolveIncident(hold, { by: 'ada', at: time(9) }).incident
      await project.saveIncidents([released], null, [])
      expect(await project.repairHolds()).toEqual([])
      expect((await project.incidentsSeenBy(checkId, null, 1)).map(({ id }) => id)).toEqual(['inc_a'])
    })

    it('finds the newest check that was finished', async () => {
      expect(await project.newestFinishedCheck({ filing: true })).toBeNull()
      const first = await beginCheck(project)
      const counts = { customers: 0, subjects: 0, agrees: 0, drifts: 0, cannotTell: 0, settling: 0 }
      await project.finishCheck(first, counts, time(9), [])
      await beginCheck(project)
      const dry = await project.startCheck(
        { kind: 'full', dryRun: true, asOf: time(0), startedAt: time(1), configFingerprint: 'config-1' },
        () => [],
      )
      await project.finishCheck(dry.id, counts, time(10), [])
      expect((await project.newestFinishedCheck({ filing: true }))?.id).toBe(first)
      expect((await project.newestFinishedCheck({ filing: false }))?.id).toBe(dry.id)
    })

    it('shows no repair of another project', async () => {
      await add(aRepair('rep_1'))
      const other = await newProject()
      expect(await other.repair('rep_1')).toBeNull()
      expect(await other.repairs({ limit: 9 })).toEqual([])
      expect(await other.changeRepairs(['rep_1'], time(1), () => null)).toEqual([])
    })
  })
}

const ada = { by: 'ada', at: time(1) }

function aRepair(id: string, parts: Parameters<typeof proposal>[0] = {}, at = time(0)): Repair {
  return proposeRepair(proposal({ id, ...parts }), { by: 'check:chk_1', at }).repair
}

function decided({
  repair,
  entry,
}: {
  readonly repair: Repair
  readonly entry: RepairDecision['entries'][number]
}): RepairDecision {
  return { repair, entries: [entry] }
}
