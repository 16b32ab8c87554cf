import type { ProjectStore } from '@trueup/core'
import { beforeEach, describe, expect, it } from 'vitest'
import type { NewProject } from './new-project.ts'
import {
  differingKeys,
  freeKeys,
  observedCustomer,
  observedFact,
  observedSubject,
  readWorld,
} from './samples.ts'

/** What every store promises of the pairs that can differ, and of what it hands over of each. */
export function differingContract(newProject: NewProject): void {
  describe('comparing', () => {
    let project: ProjectStore
    beforeEach(async () => {
      project = await newProject()
    })

    describe('what can differ', () => {
      const paying = { customers: [observedCustomer('cus_1')], facts: [observedFact('sub_1', 'cus_1')] }
      const linked = { pointsTo: 'cus_1' }
      const user = (parts: Parameters<typeof observedSubject>[1]) => [observedSubject('u1', parts)]
      const cases: readonly {
        readonly rule: string
        readonly world: Parameters<typeof readWorld>[1]
        readonly differs: readonly string[]
      }[] = [
        { rule: 'equal keys agree', world: { ...paying, subjects: user(linked) }, differs: [] },
        {
          rule: 'a free subject without facts agrees',
          world: { subjects: user({ key: 'plan=free' }) },
          differs: [],
        },
        {
          rule: 'a free subject whose facts promise nothing agrees',
          world: {
            ...paying,
            facts: [observedFact('sub_1', 'cus_1', { key: '' })],
            subjects: user({ ...linked, key: 'plan=free' }),
          },
          differs: [],
        },
        {
          rule: 'one fact that promises something among several that promise nothing agrees',
          world: {
            ...paying,
            facts: [...paying.facts, observedFact('sub_0', 'cus_1', { key: '' })],
            subjects: user(linked),
          },
          differs: [],
        },
        {
          rule: 'other keys differ',
          world: { ...paying, subjects: user({ ...linked, key: 'plan=free' }) },
          differs: ['user:u1'],
        },
        { rule: 'access without facts differs', world: { subjects: user({}) }, differs: ['user:u1'] },
        {
          rule: 'a reading without a key can differ',
          world: { ...paying, subjects: user({ ...linked, key: null }) },
          differs: ['user:u1'],
        },
        {
          rule: 'readings that are not of one mind differ',
          world: {
            ...paying,
            subjects: [
              ...user(linked),
              observedSubject('u1', { ...linked, source: 'app', key: 'plan=free' }),
            ],
          },
          differs: ['user:u1'],
        },
        {
          rule: 'a reading without a key beside one that agrees can differ',
          world: {
            ...paying,
            subjects: [...user(linked), observedSubject('u1', { source: 'app', key: null })],
          },
          differs: ['user:u1'],
        },
        {
          rule: 'a fact without a key can differ',
          world: {
            ...paying,
            facts: [...paying.facts, observedFact('sub_0', 'cus_1', { key: null })],
            subjects: user(linked),
          },
          differs: ['user:u1'],
        },
        {
          rule: 'two facts that promise something can differ, also when they promise the same',
          world: {
            ...paying,
            facts: [...paying.facts, observedFact('sub_0', 'cus_1')],
            subjects: user(linked),
          },
          differs: ['user:u1'],
        },
        {
          rule: 'a subject with two customers can differ',
          world: {
            ...paying,
            customers: [...paying.customers, observedCustomer('cus_2', [{ rule: 1, value: 'u1' }])],
            subjects: user(linked),
          },
          differs: ['user:u1'],
        },
        {
          rule: 'subjects that share a customer can differ',
          world: { ...paying, subjects: [...user(linked), observedSubject('u2', linked)] },
          differs: ['user:u1', 'user:u2'],
        },
        {
          rule: 'a subject can differ whose customer another one points to, and so can the other',
          world: {
            ...paying,
            customers: [observedCustomer('cus_1')],
            facts: [observedFact('sub_1', 'cus_1', { key: '' })],
            subjects: [
              observedSubject('u1', { ...linked, key: 'plan=free' }),
              { ...observedSubject('u2', { ...linked, key: 'plan=free' }), matchValues: [] },
            ],
          },
          differs: ['user:u1', 'user:u2'],
        },
        {
          rule: 'a subject that points to a customer that was not read can differ',
          world: { subjects: user({ key: 'plan=free', pointsTo: 'cus_9' }) },
          differs: ['user:u1'],
        },
        {
          rule: 'a subject whose pointer cannot be read can differ',
          world: {
            subjects: user({
              key: 'plan=free',
              pointer: { state: 'unreadable', found: '7', needed: 'text' },
            }),
          },
          differs: ['user:u1'],
        },
        {
          rule: 'a deleted subject can differ',
          world: { ...paying, subjects: user({ ...linked, deleted: true }) },
          differs: ['user:u1'],
        },
        { rule: 'a payer without a subject differs', world: paying, differs: ['customer:cus_1'] },
        {
          rule: 'a customer without a subject that pays nothing does not differ',
          world: { ...paying, facts: [observedFact('sub_1', 'cus_1', { key: '' })] },
          differs: [],
        },
        {
          rule: 'organizations are compared by their own keys',
          world: {
            ...paying,
            facts: [
              observedFact('sub_1', 'cus_1', { keys: { user: 'plan=pro', organization: 'plan=team' } }),
            ],
            subjects: [observedSubject('o1', { ...linked, type: 'organization', key: 'plan=team' })],
          },
          differs: [],
        },
      ]
      for (const { rule, world, differs } of cases) {
        it(rule, async () => {
          expect(await differingKeys(project, await readWorld(project, world))).toEqual(differs)
        })
      }

      it('hands on pairs in the order of their keys, page by page, each once', async () => {
        const id = await readWorld(project, {
          facts: ['cus_2', 'cus_1'].map((customer) => observedFact(`sub_${customer}`, customer)),
          subjects: [
            observedSubject('b'),
            observedSubject('a'),
            observedSubject('B'),
            observedSubject('o', { type: 'organization' }),
          ],
        })
        const keys: string[] = []
        let after: string | null = null
        do {
          const page: Awaited<ReturnType<ProjectStore['differing']>> = await project.differing(
            id,
            freeKeys,
            after,
            2,
          )
          expect(page.pairs.length).toBeLessThanOrEqual(2)
          keys.push(...page.pairs.map(({ subject, payers }) => subject?.id ?? `${payers[0]?.customer.id}`))
          after = page.next
        } while (after !== null)
        expect(keys).toEqual(['cus_1', 'cus_2', 'o', 'B', 'a', 'b'])
      })

      it('says no next page when nothing more can differ', async () => {
        const id = await readWorld(project, {
          subjects: [observedSubject('u1'), observedSubject('u2', { key: 'plan=free' })],
        })
        expect(await project.differing(id, freeKeys, null, 1)).toMatchObject({ pairs: [{}], next: null })
        expect(await project.differing(id, freeKeys, 'user:u1', 1)).toEqual({ pairs: [], next: null })
      })

      it('finds the few that differ among thousands', async () => {
        const count = 5000
        const drifting = [7, 2500, 4999]
        const id = await readWorld(project, {
          customers: Array.from({ length: count }, (_, n) => observedCustomer(`cus_${n}`)),
          facts: Array.from({ length: count }, (_, n) => observedFact(`sub_${n}`, `cus_${n}`)),
          subjects: Array.from({ length: count }, (_, n) =>
            observedSubject(`u${n}`, {
              pointsTo: `cus_${n}`,
              key: drifting.includes(n) ? 'plan=free' : 'plan=pro',
            }),
          ),
        })
        expect(await differingKeys(project, id)).toEqual(['user:u2500', 'user:u4999', 'user:u7'])
      })
    })

    describe('pairs', () => {
      it('hands on every pair that was observed, whether or not it can differ, page by page, each once', async () => {
        const id = await readWorld(project, {
          customers: [observedCustomer('cus_1'), observedCustomer('cus_bare')],
          facts: ['cus_3', 'cus_1', 'cus_2'].flatMap((customer) => [
            observedFact(`sub_${customer}`, customer),
            observedFact(`sub2_${customer}`, customer, { key: '', entitling: false }),
          ]),
          subjects: [
            observedSubject('b', { pointsTo: 'cus_1' }),
            observedSubject('a'),
            observedSubject('o', { type: 'organization' }),
          ],
        })
        await project.match(id, [{ from: { kind: 'customer.id' }, to: 'customerId', text: 'customer.id' }])
        for (const limit of [1, 2, 5, 100]) {
          const keys: string[] = []
          let after: string | null = null
          do {
            const page: Awaited<ReturnType<ProjectStore['observedPairs']>> = await project.observedPairs(
              id,
              after,
              limit,
            )
            expect(page.pairs.length).toBeLessThanOrEqual(limit)
            keys.push(...page.pairs.map(({ subject, payers }) => subject?.id ?? `${payers[0]?.customer.id}`))
            after = page.next
          } while (after !== null)
          expect(keys).toEqual(['cus_2', 'cus_3', 'o', 'a', 'b'])
        }
      })

      it('tells what became of the customer that a subject points to', async () => {
        const id = await readWorld(project, {
          customers: [observedCustomer('cus_1')],
          subjects: ['cus_1', 'cus_2', 'cus_3'].map((pointsTo, n) =>
            observedSubject(`u${n + 1}`, { pointsTo }),
          ),
        })
        await project.writePointedCustomers(id, [{ id: 'cus_2', found: 'deleted', said: 'deleted: true' }])
        const pointed = async (user: string) =>
          (await project.pair(id, { subject: { type: 'user', id: user } }))?.pointed
        expect(await pointed('u1')).toEqual({ id: 'cus_1', found: 'read' })
        expect(await pointed('u2')).toEqual({ id: 'cus_2', found: 'deleted', said: 'deleted: true' })
        expect(await pointed('u3')).toEqual({ id: 'cus_3', found: 'not-asked' })
      })

      it('names the other subjects of a shared customer', async () => {
        const id = await readWorld(project, {
          customers: [observedCustomer('cus_1')],
          facts: [observedFact('sub_1', 'cus_1')],
          subjects: ['u1', 'u2'].map((user) => observedSubject(user, { pointsTo: 'cus_1' })),
        })
        const pair = await project.pair(id, { subject: { type: 'user', id: 'u2' } })
        expect(pair).toMatchObject({
          sharedWith: [{ type: 'user', id: 'u1' }],
          payers: [{ customer: { id: 'cus_1' }, rule: 0 }],
        })
      })

      it('names who pointed to a payer in an earlier check and is gone', async () => {
        const paying = { customers: [observedCustomer('cus_1')], facts: [observedFact('sub_1', 'cus_1')] }
        await readWorld(project, {
          ...paying,
          subjects: [
            observedSubject('u1', { pointsTo: 'cus_1' }),
            observedSubject('u2', { pointsTo: 'cus_1' }),
          ],
        })
        const id = await readWorld(project, {
          ...paying,
          subjects: [observedSubject('u2', { key: 'plan=free' })],
        })
        const former = async (checkId: string) =>
          (await project.pair(checkId, { customerId: 'cus_1' }))?.formerSubjects
        expect(await former(id)).toEqual([{ type: 'user', id: 'u1' }])
        await project.setPart(id, 'clerk', 'users', { state: 'failed', code: 'unreachable', message: 'no' })
        expect(await former(id)).toEqual([])
      })

      it('concludes nothing from what was not read completely', async () => {
        const id = await readWorld(project, {
          facts: [observedFact('sub_1', 'cus_1')],
          subjects: [observedSubject('u1')],
        })
        const complete = async () =>
          (await project.differing(id, freeKeys, null, 9)).pairs.map((pair) => pair.complete)
        expect(await complete()).toEqual([true, true])
        await project.setPart(id, 'stripe', 'purchases', { state: 'reading' })
        expect(await complete()).toEqual([true, false])
        await project.setPart(id, 'stripe', 'purchases', { state: 'complete' })
        await project.setPart(id, 'clerk', 'organizations', {
          state: 'failed',
          code: 'unreachable',
          message: 'no',
        })
        expect(await complete()).toEqual([false, true])
      })

      it('knows nothing of what it did not observe', async () => {
        const id = await readWorld(project, {})
        expect(await project.pair(id, { subject: { type: 'user', id: 'u1' } })).toBeNull()
        expect(await project.pair(id, { customerId: 'cus_1' })).toBeNull()
      })
    })
  })
}
