import type { CheckRun, PairFiling, ProjectStore } from '@trueup/core'
import { checkStarted } from '@trueup/core'
import { beforeEach, describe, expect, it } from 'vitest'
import type { NewProject } from './new-project.ts'
import { anIncident, beginCheck, observedCustomer, observedSubject, readWorld, time } from './samples.ts'

const counts = { customers: 1, subjects: 1, agrees: 0, drifts: 1, cannotTell: 0, settling: 0 }
const single = {
  kind: 'single',
  asOf: time(1),
  startedAt: time(1),
  finishedAt: time(2),
  configFingerprint: 'config-1',
  counts,
  requests: { stripe: 2 },
} as const
const user = (id: string) => ({ type: 'user', id }) as const

/** What every store promises to checks of single pairs. */
export function pairsContract(newProject: NewProject): void {
  describe('checks of single pairs', () => {
    let project: ProjectStore
    beforeEach(async () => {
      project = await newProject()
    })
    const filing = (parts: Partial<PairFiling>): PairFiling => ({
      tokens: [],
      on: [],
      identityKeys: [],
      run: single,
      seenBy: null,
      ...parts,
    })

    it('gives each reading of a pair a greater token than the one before, whatever else is read', async () => {
      const [first] = await project.issueTokens(['user:u1'])
      const both = await project.issueTokens(['user:u2', 'user:u1', 'user:u1'])
      expect(both.map(({ pairKey }) => pairKey)).toEqual(['user:u1', 'user:u2'])
      expect(both[0]?.token).toBeGreaterThan(first?.token ?? 0)
      expect(await project.issueTokens([])).toEqual([])
    })

    it('files what rests on the last reading that was begun, and nothing that rests on another', async () => {
      const tokens = await project.issueTokens(['user:u1', 'customer:cus_1'])
      await project.issueTokens(['customer:cus_1'])
      let asked = 0
      const decide = () => {
        asked += 1
        return { incidents: [anIncident('inc_1')], entries: [] }
      }
      expect(await project.filePairs(filing({ tokens }), decide)).toEqual({ kind: 'superseded' })
      expect(asked).toBe(0)
      expect(await project.incident('inc_1')).toBeNull()
      const newer = await project.issueTokens(['user:u1', 'customer:cus_1'])
      expect(await project.filePairs(filing({ tokens: newer }), decide)).toMatchObject({ kind: 'filed' })
      expect(await project.incident('inc_1')).toEqual(anIncident('inc_1'))
    })

    it('does not let the token of another project stand in the way', async () => {
      const tokens = await project.issueTokens(['user:u1'])
      await (await newProject()).issueTokens(['user:u1'])
      expect(await project.filePairs(filing({ tokens }), () => null)).toMatchObject({ kind: 'filed' })
    })

    it('tells the decision of the incidents that stand on what it asks for, and of no other', async () => {
      const on = (id: string, kind: 'plan-too-low' | 'payer-unmatched', what: string) =>
        anIncident(id, { identity: { kind, on: what, component: 'plan' } })
      const incidents = [
        on('inc_1', 'plan-too-low', 'user:u1'),
        on('inc_2', 'payer-unmatched', 'cus_1'),
        on('inc_3', 'plan-too-low', 'user:u1|x'),
        on('inc_4', 'plan-too-low', 'user:u10'),
        on('inc_5', 'plan-too-low', 'user:u2'),
      ]
      await project.saveIncidents(incidents, null, [])
      let known: readonly string[] = []
      await project.filePairs(
        filing({ on: ['user:u1', 'cus_1'], identityKeys: ['plan-too-low|user:u2|plan', 'no|such|thing'] }),
        (found) => {
          known = found.map(({ id }) => id)
          return null
        },
      )
      expect(known).toEqual(['inc_1', 'inc_2', 'inc_5'])
      expect((await project.incidentsOn(['user:u1|x', 'user:u10'])).map(({ id }) => id)).toEqual([
        'inc_3',
        'inc_4',
      ])
    })

    it('keeps the run of what is filed with its entries, and none where there is nothing to file', async () => {
      const nothing = await project.filePairs(filing({}), () => null)
      expect(nothing).toEqual({ kind: 'filed', checkId: null })
      let run: CheckRun | null = null
      const filed = await project.filePairs(filing({}), (_, begun) => {
        run = begun
        return { incidents: [anIncident('inc_1')], entries: checkStarted(begun) }
      })
      if (filed.kind !== 'filed' || filed.checkId === null) throw new Error('It was filed.')
      expect(await project.loadCheck(filed.checkId)).toEqual(run)
      expect(run).toMatchObject({ kind: 'single', phase: 'finished', counts, requests: { stripe: 2 } })
      expect(await project.countStagedEntries()).toBe(1)
      expect(await project.unfinishedCheck('config-1')).toBeNull()
      expect(await project.newestFinishedCheck({ filing: false })).toBeNull()
    })

    it('files under a run that was begun before, and marks what it filed as seen by the last full check', async () => {
      const full = await beginCheck(project)
      const begun = await beginCheck(project, { kind: 'single' })
      const filed = await project.filePairs(filing({ run: { checkId: begun }, seenBy: full }), () => ({
        incidents: [anIncident('inc_1')],
        entries: [],
      }))
      expect(filed).toEqual({ kind: 'filed', checkId: begun })
      expect(await project.unseenIncidents(full, null, 9)).toEqual([])
      expect((await project.incidentsSeenBy(full, null, 9)).map(({ id }) => id)).toEqual(['inc_1'])
    })

    it('leaves everything as it was where the decision fails', async () => {
      const failing = project.filePairs(filing({}), () => {
        throw new Error('no')
      })
      await expect(failing).rejects.toThrow('no')
      expect(await project.incidentsOn(['user:inc_1'])).toEqual([])
    })

    it('knows from both sides who had to do with whom, in any check and since', async () => {
      const subjects = [
        observedSubject('u1', { pointsTo: 'cus_1' }),
        observedSubject('u2', { pointsTo: 'cus_1' }),
      ]
      const id = await readWorld(project, { customers: [observedCustomer('cus_1')], subjects })
      await project.rememberAcquaintances([
        { customerId: 'cus_2', subject: user('u1') },
        { customerId: 'cus_2', subject: user('u1') },
        { customerId: 'cus_1', subject: user('u1') },
      ])
      const told = async (customerIds: readonly string[], ids: readonly string[], limit = 20) =>
        (await project.acquaintances(id, { customerIds, subjects: ids.map(user) }, limit)).map(
          ({ customerId, subject }) => `${customerId} ${subject.id}`,
        )
      expect(await told(['cus_1'], [])).toEqual(['cus_1 u1', 'cus_1 u2'])
      expect(await told([], ['u1'])).toEqual(['cus_1 u1', 'cus_2 u1'])
      expect(await told(['cus_1'], ['u1'])).toEqual(['cus_1 u1', 'cus_1 u2', 'cus_2 u1'])
      expect(await told(['cus_1'], [], 1)).toEqual(['cus_1 u1'])
      expect(await told(['cus_9'], ['u9'])).toEqual([])
    })

    it('moves marks on and never back', async () => {
      await project.moveCheckMarks([
        { source: 'stripe', part: 'events', until: time(5) },
        { source: 'clerk', part: 'users', until: time(5) },
      ])
      await project.moveCheckMarks([
        { source: 'stripe', part: 'events', until: time(4) },
        { source: 'clerk', part: 'users', until: time(6) },
      ])
      expect(await project.checkMarks()).toEqual([
        { source: 'clerk', part: 'users', until: time(6) },
        { source: 'stripe', part: 'events', until: time(5) },
      ])
      expect(await (await newProject()).checkMarks()).toEqual([])
    })
  })
}
