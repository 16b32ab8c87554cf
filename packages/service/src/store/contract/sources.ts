import type { ObservedPage, ProjectStore } from '@trueup/core'
import { joinKeys, subjectKey } from '@trueup/core'
import { beforeEach, describe, expect, it } from 'vitest'
import type { NewProject } from './new-project.ts'
import {
  aPage,
  beginCheck,
  differingKeys,
  freeKeys,
  observedCustomer,
  observedFact,
  observedSubject,
  rules,
  time,
} from './samples.ts'

/** A check that read these pages of `clerk` and `app` whole, unless it says otherwise of a part. */
async function readBoth(
  project: ProjectStore,
  world: Partial<ObservedPage>,
  states: Readonly<Record<string, 'complete' | 'reading'>> = {},
): Promise<string> {
  const id = await beginCheck(project)
  await project.writePage(id, aPage(world))
  await project.setPart(id, 'stripe', 'subscriptions', { state: 'complete' })
  for (const source of ['clerk', 'app']) {
    await project.setPart(id, source, 'users', { state: states[source] ?? 'complete' })
  }
  await project.match(id, rules)
  return id
}

/** What every store promises of several access sources, of matching in number, and of what was counted. */
export function sourcesContract(newProject: NewProject): void {
  describe('several sources', () => {
    let project: ProjectStore
    beforeEach(async () => {
      project = await newProject()
    })

    describe('a subject that one of two sources does not have', () => {
      const paying = { customers: [observedCustomer('cus_1')], facts: [observedFact('sub_1', 'cus_1')] }
      const inClerk = (key: string) => ({ subjects: [observedSubject('u1', { key, pointsTo: 'cus_1' })] })

      it('can differ where something is promised, and names the source that lacks it', async () => {
        const id = await readBoth(project, { ...paying, ...inClerk('plan=pro') })
        const { pairs } = await project.differing(id, freeKeys, null, 10)
        expect(pairs.map(({ subject, missingFrom }) => [subject?.id, missingFrom])).toEqual([['u1', ['app']]])
      })

      it('can differ where something is granted', async () => {
        const free = { ...paying, facts: [observedFact('sub_1', 'cus_1', { key: '' })] }
        expect(
          await differingKeys(project, await readBoth(project, { ...free, ...inClerk('plan=pro') })),
        ).toEqual(['user:u1'])
      })

      it('agrees where nothing is promised and nothing granted', async () => {
        const free = { ...paying, facts: [observedFact('sub_1', 'cus_1', { key: '' })] }
        expect(
          await differingKeys(project, await readBoth(project, { ...free, ...inClerk('plan=free') })),
        ).toEqual([])
      })

      it('agrees where that source was not read whole: absent is not empty', async () => {
        const id = await readBoth(project, { ...paying, ...inClerk('plan=pro') }, { app: 'reading' })
        expect(await differingKeys(project, id)).toEqual([])
        expect((await project.pair(id, { customerId: 'cus_1' }))?.missingFrom).toEqual([])
      })
    })

    it('compares each source under its own view of access', async () => {
      const promise = joinKeys([
        { view: 'paid', key: 'paid=true' },
        { view: 'plan', key: 'plan=pro' },
      ])
      const free = joinKeys([
        { view: 'paid', key: 'paid=false' },
        { view: 'plan', key: 'plan=free' },
      ])
      const seen = (user: string, clerk: string, app: string) => ({
        customers: [observedCustomer(`cus_${user}`)],
        facts: [observedFact(`sub_${user}`, `cus_${user}`, { key: promise })],
        subjects: [
          observedSubject(user, { key: clerk, pointsTo: `cus_${user}` }),
          observedSubject(user, { source: 'app', key: app }),
        ],
      })
      const worlds = [
        seen('both-agree', 'paid:paid=true', 'plan:plan=pro'),
        seen('one-differs', 'paid:paid=true', 'plan:plan=free'),
        seen('other-differs', 'paid:paid=false', 'plan:plan=pro'),
      ]
      const id = await readBoth(project, {
        customers: worlds.flatMap(({ customers }) => customers),
        facts: worlds.flatMap(({ facts }) => facts),
        subjects: worlds.flatMap(({ subjects }) => subjects),
      })
      const { pairs } = await project.differing(id, { user: free, organization: free }, null, 10)
      expect(pairs.map(({ subject }) => subject?.id)).toEqual(['one-differs', 'other-differs'])
    })

    it('hands on a subject whose sources point to different customers', async () => {
      const id = await readBoth(project, {
        customers: [observedCustomer('cus_1'), observedCustomer('cus_2')],
        subjects: [
          observedSubject('u1', { key: 'plan=free', pointsTo: 'cus_1' }),
          {
            ...observedSubject('u1', { source: 'app', key: 'plan=free', pointsTo: 'cus_2' }),
            matchValues: [],
          },
        ],
      })
      expect(await differingKeys(project, id)).toEqual(['user:u1'])
    })

    it('does not take one subject of two sources for two that share a customer', async () => {
      const id = await readBoth(project, {
        customers: [observedCustomer('cus_1')],
        facts: [observedFact('sub_1', 'cus_1')],
        subjects: ['clerk', 'app'].map((source) => observedSubject('u1', { source, pointsTo: 'cus_1' })),
      })
      expect(await differingKeys(project, id)).toEqual([])
      expect((await project.pair(id, { customerId: 'cus_1' }))?.sharedWith).toEqual([])
    })

    it('gives pairs in the order in which they are asked for, one that was not observed as none', async () => {
      const id = await readBoth(project, {
        customers: [observedCustomer('cus_1'), observedCustomer('cus_2')],
        subjects: [observedSubject('u1', { pointsTo: 'cus_1' }), observedSubject('u2')],
      })
      const named = [
        { subject: { type: 'user', id: 'u2' } },
        { customerId: 'cus_2' },
        { customerId: 'cus_9' },
        { customerId: 'cus_1' },
        { subject: { type: 'organization', id: 'u1' } },
        { subject: { type: 'user', id: 'u2' } },
      ] as const
      const pairs = await project.pairs(id, named)
      expect(pairs.map((pair) => pair && (pair.subject ? subjectKey(pair.subject) : 'nobody'))).toEqual([
        'user:u2',
        'nobody',
        null,
        'user:u1',
        null,
        'user:u2',
      ])
      for (const [place, name] of named.entries()) expect(await project.pair(id, name)).toEqual(pairs[place])
    })

    it('forgets what one source said of a subject, and keeps what the other says', async () => {
      const subject = { type: 'user', id: 'u1' } as const
      const id = await readBoth(project, {
        subjects: [observedSubject('u1'), observedSubject('u1', { source: 'app' }), observedSubject('u2')],
      })
      await project.forgetReadings(id, 'clerk', [subject])
      expect(await project.pair(id, { subject })).toMatchObject({
        readings: [{ source: 'app' }],
        missingFrom: ['clerk'],
      })
      await project.forgetReadings(id, 'app', [subject, { type: 'user', id: 'u2' }])
      expect(await project.pair(id, { subject })).toBeNull()
      expect(await project.pair(id, { subject: { type: 'user', id: 'u2' } })).not.toBeNull()
    })

    describe('how far the rules reach', () => {
      it('counts each customer once, with what it pays, by the rule that won', async () => {
        const email = { rule: 2, value: 'x@example.com' }
        const id = await readBoth(project, {
          customers: [
            observedCustomer('cus_own'),
            observedCustomer('cus_meta', [{ rule: 1, value: 'u2' }]),
            observedCustomer('cus_email', [email]),
            observedCustomer('cus_lost'),
            observedCustomer('cus_idle'),
          ],
          facts: [
            observedFact('sub_1', 'cus_own'),
            observedFact('sub_2', 'cus_own', { monthly: { currency: 'usd', amount: 500 } }),
            observedFact('sub_3', 'cus_meta', { monthly: null }),
            observedFact('sub_4', 'cus_email', { monthly: { currency: 'eur', amount: 700 } }),
            observedFact('sub_5', 'cus_lost', { monthly: { currency: 'eur', amount: 900 } }),
            observedFact('sub_6', 'cus_known_by_a_fact_alone', { key: '' }),
          ],
          subjects: [
            observedSubject('u1', { pointsTo: 'cus_own' }),
            observedSubject('u1', { source: 'app', pointsTo: 'cus_own' }),
            observedSubject('u2', { matchValues: [{ rule: 1, value: 'u2' }] }),
            observedSubject('u3', { matchValues: [email] }),
            observedSubject('u4', { matchValues: [email] }),
          ],
        })
        const { coverage, ...counts } = await project.counts(id)
        expect(coverage).toEqual({
          byRule: [
            {
              rule: 0,
              customers: 1,
              paying: 1,
              monthly: [
                { currency: 'eur', amount: 1900 },
                { currency: 'usd', amount: 500 },
              ],
              withoutSum: 0,
            },
            { rule: 1, customers: 1, paying: 1, monthly: [], withoutSum: 1 },
          ],
          ambiguous: { customers: 1, paying: 1, monthly: [{ currency: 'eur', amount: 700 }], withoutSum: 0 },
          unmatched: { customers: 3, paying: 1, monthly: [{ currency: 'eur', amount: 900 }], withoutSum: 0 },
        })
        expect(counts).toEqual({ customers: 6, payersWithoutSubject: 2, subjects: 4, matched: 2 })
      })

      it('is nothing where nothing was read', async () => {
        const nobody = { customers: 0, paying: 0, monthly: [], withoutSum: 0 }
        const { coverage } = await project.counts(await readBoth(project, {}))
        expect(coverage).toEqual({
          byRule: [],
          ambiguous: nobody,
          unmatched: nobody,
        })
      })
    })

    describe('the rows that a check counted', () => {
      const world = {
        customers: [observedCustomer('cus_1')],
        facts: [observedFact('sub_1', 'cus_1'), observedFact('sub_2', 'cus_1')],
        subjects: [
          observedSubject('u1'),
          observedSubject('u1', { source: 'app' }),
          observedSubject('o1', { type: 'organization' }),
        ],
      }
      const counted = {
        'stripe/subscriptions': 2,
        'stripe/customers': 1,
        'clerk/users': 1,
        'app/users': 1,
        'clerk/organizations': 1,
      }
      const none = { customers: 0, subjects: 0, agrees: 0, drifts: 0, cannotTell: 0, settling: 0 }
      const finish = (id: string) => project.finishCheck(id, none, time(9), [])

      it('stand beside those of the last check that was finished and read everything', async () => {
        const first = await readBoth(project, world)
        expect(await project.rowCounts(first, 'stripe')).toEqual({ now: counted, before: null })
        await finish(first)
        const half = await readBoth(project, {}, { app: 'reading' })
        await project.rowCounts(half, 'stripe')
        await finish(half)
        await project.rowCounts(await readBoth(project, {}), 'stripe')
        await project.keepObservationsOf([])
        const now = await readBoth(project, { subjects: [observedSubject('u1')] })
        expect(await project.rowCounts(now, 'stripe')).toEqual({
          now: { 'stripe/subscriptions': 0, 'stripe/customers': 0, 'clerk/users': 1 },
          before: counted,
        })
      })

      it('are counted anew when they are counted again', async () => {
        const id = await readBoth(project, { subjects: [observedSubject('u1')] })
        await project.rowCounts(id, 'stripe')
        await project.writePage(id, aPage({ subjects: [observedSubject('u2')] }))
        expect((await project.rowCounts(id, 'stripe')).now).toMatchObject({ 'clerk/users': 2 })
      })

      it('come with the shapes of the tables, of the last check that was finished and read everything', async () => {
        expect(await project.lastShapes('config-1')).toEqual({})
        const first = await readBoth(project, world)
        await project.keepShapes(first, { 'app/users': 'old' })
        await project.keepShapes(first, { 'app/users': 'one', 'app/organizations': 'two' })
        expect(await project.lastShapes('config-1')).toEqual({})
        await finish(first)
        const half = await readBoth(project, world, { app: 'reading' })
        await project.keepShapes(half, { 'app/users': 'three' })
        await finish(half)
        await project.keepObservationsOf([])
        expect(await project.lastShapes('config-1')).toEqual({
          'app/users': 'one',
          'app/organizations': 'two',
        })
        expect(await project.lastShapes('config-2')).toEqual({})
      })

      it('say nothing of another project', async () => {
        const first = await readBoth(project, world)
        await project.rowCounts(first, 'stripe')
        await finish(first)
        const other = await newProject()
        expect((await other.rowCounts(await readBoth(other, {}), 'stripe')).before).toBeNull()
      })
    })
  })
}
