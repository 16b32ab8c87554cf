import type { ObservedPage, ProjectStore } from '@trueup/core'
import { beforeEach, describe, expect, it } from 'vitest'
import type { NewProject } from './new-project.ts'
import { aFinding, aPage, observedFact, observedSubject, rules, time } from './samples.ts'

const counts = { customers: 0, subjects: 0, agrees: 0, drifts: 0, cannotTell: 0, settling: 0 }

/** What every store promises about what was promised and granted over time. */
export function accessStepsContract(newProject: NewProject): void {
  describe('steps of access', () => {
    let project: ProjectStore
    beforeEach(async () => {
      project = await newProject()
    })

    /** A full check that reads this and is finished. */
    async function checked(
      hour: number,
      world: Partial<ObservedPage>,
      how: { readonly dryRun?: boolean; readonly isWhole?: boolean; readonly state?: string } = {},
    ): Promise<string> {
      const { id } = await project.startCheck(
        {
          kind: 'full',
          dryRun: how.dryRun ?? false,
          asOf: time(hour),
          startedAt: time(hour),
          configFingerprint: 'config-1',
        },
        () => [],
      )
      await project.writePage(id, aPage(world))
      await project.setPart(id, 'stripe', 'subscriptions', { state: 'complete' })
      await project.setPart(id, 'clerk', 'users', {
        ...(how.isWhole === false
          ? { state: 'failed', code: 'outage', message: 'It answers 500.' }
          : { state: 'complete' }),
      })
      await project.match(id, rules)
      if (how.state !== undefined) {
        await project.writeFindings(
          id,
          [{ ...aFinding('user:u1', { kind: 'agrees' }), accessState: how.state }],
          null,
        )
      }
      await project.keepAccessSteps(id)
      await project.finishCheck(id, counts, time(hour), [])
      await project.keepObservationsOf([id])
      return id
    }
    const steps = async (...keys: string[]) =>
      (await project.accessSteps(keys, 100)).map(({ pairKey, seenAt, state }) => [pairKey, seenAt, state])
    const subject = (id: string, key: string) => observedSubject(id, { key })

    it('keeps a step for each pair when it is first seen, and none while nothing changes', async () => {
      const subjects = [subject('u1', 'plan=pro'), subject('u2', 'plan=free')]
      await checked(1, { subjects })
      await checked(2, { subjects })
      expect(await steps('user:u1', 'user:u2')).toEqual([
        ['user:u1', time(1), 'plan=pro'],
        ['user:u2', time(1), 'plan=free'],
      ])
    })

    it('keeps a step when a side changed, and when a pair is no more or comes back', async () => {
      await checked(1, { subjects: [subject('u1', 'plan=pro'), subject('u2', 'plan=pro')] })
      await checked(2, { subjects: [subject('u1', 'plan=free'), subject('u2', 'plan=pro')] })
      await checked(3, { subjects: [subject('u2', 'plan=pro')] })
      await checked(4, { subjects: [subject('u1', 'plan=pro'), subject('u2', 'plan=pro')] })
      expect(await steps('user:u1')).toEqual([
        ['user:u1', time(1), 'plan=pro'],
        ['user:u1', time(2), 'plan=free'],
        ['user:u1', time(3), null],
        ['user:u1', time(4), 'plan=pro'],
      ])
      expect(await steps('user:u2')).toHaveLength(1)
    })

    it('keeps nothing of a check that files nothing, or that did not read everything', async () => {
      await checked(1, { subjects: [subject('u1', 'plan=pro')] })
      await checked(2, { subjects: [subject('u1', 'plan=free')] }, { dryRun: true })
      await checked(3, { subjects: [] }, { isWhole: false })
      expect(await steps('user:u1')).toEqual([['user:u1', time(1), 'plan=pro']])
    })

    it('takes what a check said of a pair before what stands beside its reading, with what billing held', async () => {
      const state = '["plan=pro","plan=pro",[["clerk","live","plan=free","plan=free"]]]'
      const subjects = [observedSubject('u1', { key: 'plan=free', pointsTo: 'cus_1' })]
      const facts = [observedFact('sub_2', 'cus_1'), observedFact('sub_1', 'cus_1')]
      const id = await checked(1, { subjects, facts }, { state })
      const [step] = await project.accessSteps(['user:u1'], 10)
      expect(step).toMatchObject({ checkId: id, state })
      expect(step?.facts).toEqual(facts.map(({ fact }) => fact).toSorted((a, b) => (a.id < b.id ? -1 : 1)))
    })

    it('keeps what was read of one pair alone, where it is new', async () => {
      const subjects = [subject('u1', 'plan=pro')]
      await checked(1, { subjects })
      await project.keepAccessStates([{ pairKey: 'user:u1', state: 'plan=pro' }], time(2), null)
      await project.keepAccessStates([{ pairKey: 'user:u1', state: 'plan=free' }], time(3), null)
      await project.keepAccessStates([{ pairKey: 'user:u1', state: 'plan=free' }], time(4), null)
      await project.keepAccessStates([{ pairKey: 'user:new', state: 'plan=pro' }], time(4), null)
      expect(await steps('user:u1', 'user:new')).toEqual([
        ['user:new', time(4), 'plan=pro'],
        ['user:u1', time(1), 'plan=pro'],
        ['user:u1', time(3), 'plan=free'],
      ])
      // A check that began before that reading knows less than it.
      await checked(2, { subjects })
      expect(await steps('user:u1')).toHaveLength(2)
      await project.keepAccessStates([{ pairKey: 'user:u1', state: null }], time(5), null)
      expect((await steps('user:u1')).at(-1)).toEqual(['user:u1', time(5), null])
    })

    it('tells when everybody was looked at, and whether everything was read', async () => {
      const whole = await checked(1, {})
      await checked(2, {}, { dryRun: true })
      const half = await checked(3, {}, { isWhole: false })
      await checked(5, {})
      expect(await project.looksAtAll(time(5), 10)).toEqual([
        { checkId: whole, at: time(1), complete: true },
        { checkId: half, at: time(3), complete: false },
      ])
      expect(await project.looksAtAll(time(5), 1)).toMatchObject([{ checkId: half }])
    })

    it('shows nothing of another project', async () => {
      await checked(1, { subjects: [subject('u1', 'plan=pro')] })
      const other = await newProject()
      expect(await other.accessSteps(['user:u1'], 10)).toEqual([])
      expect(await other.looksAtAll(time(9), 10)).toEqual([])
    })
  })
}
