import type { ProjectStore } from '@trueup/core'
import { beforeEach, describe, expect, it } from 'vitest'
import type { NewProject } from './new-project.ts'
import { aDrift, aFinding, aPage, beginCheck, observedFact, observedSubject, readWorld } from './samples.ts'

/** What every store promises of what was said of pairs. */
export function findingsContract(newProject: NewProject): void {
  describe('findings', () => {
    let project: ProjectStore
    beforeEach(async () => {
      project = await newProject()
    })

    const low = aDrift('plan-too-low')
    const drifting = { kind: 'drifts', drifts: [low], unknown: [] } as const

    it('replaces what was said of a pair, and remembers how far it came', async () => {
      const id = await beginCheck(project)
      expect(await project.comparedUpTo(id)).toBeNull()
      await project.writeFindings(
        id,
        [aFinding('user:u1', drifting), aFinding('user:u2', drifting)],
        'user:u2',
      )
      await project.writeFindings(id, [aFinding('user:u1', { kind: 'agrees' })], null)
      expect(await project.comparedUpTo(id)).toBe('user:u2')
      const first = await project.findings(id, null, 1)
      expect(first).toEqual({ findings: [aFinding('user:u1', { kind: 'agrees' })], next: 'user:u1' })
      expect(await project.findings(id, first.next, 1)).toEqual({
        findings: [aFinding('user:u2', drifting)],
        next: null,
      })
    })

    it('gives those alone of whom one thing was said', async () => {
      const id = await beginCheck(project)
      const drifts = ['user:u1', 'user:u3', 'user:u4'].map((key) => aFinding(key, drifting))
      await project.writeFindings(id, [...drifts, aFinding('user:u2', { kind: 'agrees' })], null)
      const first = await project.findings(id, null, 2, 'drifts')
      expect(first).toEqual({ findings: drifts.slice(0, 2), next: 'user:u3' })
      expect(await project.findings(id, first.next, 2, 'drifts')).toEqual({
        findings: drifts.slice(2),
        next: null,
      })
      expect(await project.findings(id, null, 2, 'cannot-tell')).toEqual({ findings: [], next: null })
    })

    it('counts pairs by kind, component and who is hurt, without those that settle', async () => {
      const id = await beginCheck(project)
      const reason = { reason: 'ambiguous-match', component: null, found: 'two', needed: 'one' } as const
      const trial = aDrift('trial-cut-short', { component: 'trialEndsAt' })
      await project.writeFindings(
        id,
        [
          aFinding('user:u1', { kind: 'drifts', drifts: [low, trial, low], unknown: [] }),
          aFinding('user:u2', drifting),
          aFinding('user:u3', drifting, { settling: true }),
          aFinding('user:u4', { kind: 'cannot-tell', reasons: [reason] }),
          aFinding('user:u5', { kind: 'agrees' }),
        ],
        null,
      )
      expect(await project.tally(id)).toEqual({
        drifts: 2,
        cannotTell: 1,
        settling: 1,
        byDrift: [
          { kind: 'plan-too-low', component: 'plan', hurts: 'customer', pairs: 2 },
          { kind: 'trial-cut-short', component: 'trialEndsAt', hurts: 'customer', pairs: 1 },
        ],
      })
    })

    it('has decided on a pair only when it said its last word, or left it out after reading everything', async () => {
      const reason = {
        reason: 'unmapped-price',
        component: null,
        found: 'price_9',
        needed: 'a plan',
      } as const
      const id = await readWorld(project, { subjects: [observedSubject('u0', { key: 'plan=free' })] })
      await project.writeFindings(
        id,
        [
          aFinding('user:u1', drifting),
          aFinding('user:u2', drifting, { settling: true }),
          aFinding('user:u3', drifting, { confirmed: false }),
          aFinding('user:u4', { ...drifting, unknown: [reason] }),
          aFinding('user:u5', { kind: 'cannot-tell', reasons: [reason] }),
          aFinding('user:u6', { kind: 'agrees' }),
        ],
        null,
      )
      const keys = ['user:u0', 'user:gone', ...[1, 2, 3, 4, 5, 6].map((n) => `user:u${n}`)]
      const open = ['user:u2', 'user:u3', 'user:u4', 'user:u5']
      expect(await project.undecided(id, keys)).toEqual(new Set(open))
      await project.setPart(id, 'stripe', 'refunds', {
        state: 'failed',
        code: 'unreachable',
        message: 'no',
      })
      expect(await project.undecided(id, keys)).toEqual(new Set(['user:u0', 'user:gone', ...open]))
    })

    it('says nothing of pairs that a check of a few did not observe', async () => {
      const id = await beginCheck(project, { kind: 'single' })
      await project.writePage(
        id,
        aPage({ subjects: [observedSubject('u1')], facts: [observedFact('s', 'cus_1')] }),
      )
      await project.setPart(id, 'stripe', 'subscriptions', { state: 'complete' })
      await project.setPart(id, 'clerk', 'users', { state: 'complete' })
      const keys = ['user:u1', 'user:u2', 'customer:cus_1', 'customer:cus_2']
      expect(await project.undecided(id, keys)).toEqual(new Set(['user:u2', 'customer:cus_2']))
    })
  })
}
