import type { ProjectStore } from '@trueup/core'
import { beforeEach, describe, expect, it } from 'vitest'
import type { NewProject } from './new-project.ts'
import {
  aCustomer,
  aPurchase,
  freeKeys,
  observedCustomer,
  observedFact,
  observedSubject,
  readWorld,
  rules,
  time,
} from './samples.ts'

/** What every store promises of customers and subjects that are matched. */
export function matchingContract(newProject: NewProject): void {
  describe('matching', () => {
    let project: ProjectStore
    beforeEach(async () => {
      project = await newProject()
    })

    it('links a customer by the first rule that finds a subject', async () => {
      const id = await readWorld(project, {
        customers: [
          observedCustomer('cus_a', [{ rule: 1, value: 'u2' }]),
          observedCustomer('cus_b', [{ rule: 1, value: 'u2' }]),
          observedCustomer('cus_c', [
            { rule: 1, value: 'nobody' },
            { rule: 2, value: 'c@example.com' },
          ]),
          observedCustomer('cus_d'),
        ],
        subjects: [
          observedSubject('u1', { pointsTo: 'cus_a' }),
          observedSubject('u2'),
          observedSubject('u3', { matchValues: [{ rule: 2, value: 'c@example.com' }] }),
        ],
      })
      const expected = { customers: 4, subjects: 3, matched: 3, payersWithoutSubject: 0 }
      const linkedBy = async () =>
        (await project.counts(id)).coverage.byRule.map(({ rule, customers }) => [rule, customers])
      const oneByEach = [0, 1, 2].map((rule) => [rule, 1])
      expect(await project.counts(id)).toMatchObject(expected)
      expect(await linkedBy()).toEqual(oneByEach)
      await project.match(id, rules)
      expect(await project.counts(id)).toMatchObject(expected)
      expect(await linkedBy()).toEqual(oneByEach)
      const pair = await project.pair(id, { subject: { type: 'user', id: 'u2' } })
      expect(pair?.payers.map(({ customer, rule }) => [customer.id, rule])).toEqual([['cus_b', 1]])
    })

    it('matches by the values of a subscription or a purchase as well', async () => {
      const id = await readWorld(project, {
        facts: [
          observedFact('sub_1', 'cus_1', { matchValues: [{ rule: 1, value: 'u1' }] }),
          observedFact('cs_1', 'cus_1', { fact: aPurchase('cs_1', 'cus_1'), key: '' }),
        ],
        subjects: [observedSubject('u1')],
      })
      const pair = await project.pair(id, { customerId: 'cus_1' })
      expect(pair?.subject).toEqual({ type: 'user', id: 'u1' })
      expect(pair?.payers[0]?.facts.map((fact) => fact.id)).toEqual(['cs_1', 'sub_1'])
    })

    it('answers a rule with the values of the first rule that points to the same', async () => {
      const id = await readWorld(project, {
        facts: [observedFact('sub_1', 'cus_1', { matchValues: [{ rule: 3, value: 'u1' }] })],
        subjects: [observedSubject('u1', { matchValues: [{ rule: 1, value: 'u1' }] })],
      })
      await project.match(id, [
        ...rules,
        {
          from: { kind: 'subscription.metadata', key: 'user_id' },
          to: 'id',
          text: 'subscription.metadata.user_id -> id',
        },
      ])
      const pair = await project.pair(id, { subject: { type: 'user', id: 'u1' } })
      expect(pair?.payers.map(({ customer, rule }) => [customer.id, rule])).toEqual([['cus_1', 3]])
    })

    it('knows a customer by its facts alone, and links it by its id', async () => {
      const id = await readWorld(project, {
        facts: [observedFact('sub_1', 'cus_1')],
        subjects: [observedSubject('u1', { pointsTo: 'cus_1' })],
      })
      expect(await project.counts(id)).toMatchObject({ customers: 1, matched: 1 })
      const pair = await project.pair(id, { customerId: 'cus_1' })
      expect(pair?.payers[0]?.customer).toEqual(aCustomer('cus_1', { createdAt: time(1) }))
      expect(pair?.pointed).toEqual({ id: 'cus_1', found: 'not-asked' })
    })

    it('links nobody when a rule other than customer.id finds several subjects', async () => {
      const email = { rule: 2, value: 'two@example.com' }
      const id = await readWorld(project, {
        customers: [observedCustomer('cus_1', [email])],
        facts: [observedFact('sub_1', 'cus_1')],
        subjects: [
          observedSubject('u2', { key: 'plan=free', matchValues: [email] }),
          observedSubject('u1', { matchValues: [email] }),
        ],
      })
      expect(await project.counts(id)).toMatchObject({
        matched: 0,
        payersWithoutSubject: 1,
        coverage: { byRule: [] },
      })
      const both = [
        { type: 'user', id: 'u1' },
        { type: 'user', id: 'u2' },
      ]
      const { pairs } = await project.differing(id, freeKeys, null, 10)
      expect(pairs.map(({ subject, ambiguous }) => [subject?.id ?? null, ambiguous])).toEqual([
        [null, both],
        ['u1', both],
      ])
      expect(pairs[0]?.unanswered).toEqual([{ rule: 0, value: 'cus_1' }, email])
    })

    it('takes several sources of one subject for one', async () => {
      const id = await readWorld(project, {
        customers: [observedCustomer('cus_1', [{ rule: 1, value: 'u1' }])],
        subjects: [observedSubject('u1', { source: 'clerk' }), observedSubject('u1', { source: 'app' })],
      })
      expect(await project.counts(id)).toMatchObject({ subjects: 1, matched: 1 })
      const pair = await project.pair(id, { customerId: 'cus_1' })
      expect(pair?.readings.map(({ source }) => source)).toEqual(['app', 'clerk'])
    })

    it('names thousands of subjects at one customer by the first twenty', async () => {
      const email = { rule: 2, value: 'shared@example.com' }
      const id = await readWorld(project, {
        customers: [observedCustomer('cus_1'), observedCustomer('cus_2', [email])],
        facts: [observedFact('sub_2', 'cus_2')],
        subjects: Array.from({ length: 3000 }, (_, place) =>
          observedSubject(`u${10_000 + place}`, { pointsTo: 'cus_1', matchValues: [email] }),
        ),
      })
      const { pairs } = await project.differing(id, freeKeys, null, 2)
      const firstIds = Array.from({ length: 21 }, (_, place) => `u${10_000 + place}`)
      expect(pairs[0]?.ambiguous.map((subject) => subject.id)).toEqual(firstIds.slice(0, 20))
      expect(pairs[1]?.sharedWith.map((subject) => subject.id)).toEqual(firstIds.slice(1))
      expect((await project.counts(id)).coverage.byRule).toMatchObject([{ rule: 0, customers: 1 }])
    })
  })
}
