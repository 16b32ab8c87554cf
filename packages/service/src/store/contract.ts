import type { Price, ProjectStore, Store } from '@trueup/core'
import { identityKey } from '@trueup/core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { accessStepsContract } from './contract-access-steps.ts'
import { incidentsContract } from './contract-incidents.ts'
import { ledgerContract } from './contract-ledger.ts'
import { pairsContract } from './contract-pairs.ts'
import { repairsContract } from './contract-repairs.ts'
import {
  aCustomer,
  aDrift,
  aFinding,
  anIncident,
  aPage,
  aPurchase,
  aSubscription,
  beginCheck,
  differingKeys,
  freeKeys,
  observedCustomer,
  observedFact,
  observedSubject,
  readWorld,
  rules,
  time,
} from './contract-samples.ts'
import { sourcesContract } from './contract-sources.ts'
import { unitsContract } from './contract-units.ts'

const price: Price = {
  id: 'price_1',
  lookupKey: null,
  productId: 'prod_1',
  productName: null,
  currency: 'eur',
  active: true,
  recurring: { interval: 'month', count: 1, metered: false },
  amount: { kind: 'per-unit', unitAmount: '1900' },
  nickname: null,
}

/** What every store promises, whatever it keeps its rows in. Each test has a project of its own. */
export function storeContract(name: string, open: () => Promise<Store>): void {
  ledgerContract(name, open)
  incidentsContract(name, open)
  repairsContract(name, open)
  pairsContract(name, open)
  unitsContract(name, open)
  sourcesContract(name, open)
  accessStepsContract(name, open)
  describe(`the store: ${name}`, () => {
    let store: Store
    let project: ProjectStore
    let projects = 0
    beforeAll(async () => {
      store = await open()
    })
    afterAll(async () => {
      await store.close()
    })
    beforeEach(async () => {
      project = await store.project(`project-${++projects}`)
    })

    describe('checks', () => {
      it('remembers a check as it was begun, and how far it came', async () => {
        const begun = await project.startCheck(
          {
            kind: 'full',
            dryRun: true,
            asOf: time(0),
            startedAt: time(1),
            configFingerprint: 'config-1',
          },
          () => [],
        )
        await project.setPhase(begun.id, 'compare')
        await project.setPart(begun.id, 'stripe', 'prices', { state: 'reading' })
        await project.setPart(begun.id, 'stripe', 'prices', {
          state: 'failed',
          code: 'unreachable',
          message: 'no',
        })
        await project.addRequests(begun.id, 'stripe', 3)
        await project.addRequests(begun.id, 'stripe', 4)
        expect(await project.loadCheck(begun.id)).toEqual({
          ...begun,
          phase: 'compare',
          parts: { 'stripe/prices': { state: 'failed', code: 'unreachable', message: 'no' } },
          requests: { stripe: 7 },
        })
      })

      it('finishes a check with its counts', async () => {
        const id = await beginCheck(project)
        const counts = { customers: 1, subjects: 2, agrees: 1, drifts: 1, cannotTell: 0, settling: 0 }
        await project.finishCheck(id, counts, time(9), [])
        expect(await project.loadCheck(id)).toMatchObject({ phase: 'finished', counts, finishedAt: time(9) })
      })

      it('goes on with the newest check of the same configuration that was not finished', async () => {
        const first = await beginCheck(project)
        const second = await beginCheck(project)
        expect((await project.unfinishedCheck('config-1'))?.id).toBe(second)
        expect(await project.unfinishedCheck('config-2')).toBeNull()
        const counts = { customers: 0, subjects: 0, agrees: 0, drifts: 0, cannotTell: 0, settling: 0 }
        await project.finishCheck(second, counts, time(9), [])
        expect((await project.unfinishedCheck('config-1'))?.id).toBe(first)
      })

      it('shows no check of another project', async () => {
        const id = await beginCheck(project)
        const other = await store.project('another')
        expect(await other.loadCheck(id)).toBeNull()
        expect(await other.unfinishedCheck('config-1')).toBeNull()
        await expect(other.setPhase(id, 'match')).rejects.toThrow(id)
      })

      it('refuses to write to a check that does not exist', async () => {
        expect(await project.loadCheck('chk_999999')).toBeNull()
        expect(await project.loadCheck('nonsense')).toBeNull()
        await expect(project.setPhase('chk_999999', 'match')).rejects.toThrow('chk_999999')
        await expect(project.match('nonsense', rules)).rejects.toThrow('nonsense')
      })

      it('deletes the observations of other checks, keeps their runs, and goes on with none of them', async () => {
        const old = await readWorld(project, { facts: [observedFact('sub_1', 'cus_1')] })
        const kept = await readWorld(project, { facts: [observedFact('sub_2', 'cus_2')] })
        await project.writeFindings(old, [aFinding('customer:cus_1', { kind: 'agrees' })], null)
        await project.keepObservationsOf([kept])
        expect((await project.counts(old)).customers).toBe(0)
        expect((await project.findings(old, null, 10)).findings).toEqual([])
        expect((await project.counts(kept)).customers).toBe(1)
        expect((await project.loadCheck(old))?.id).toBe(old)
        await project.keepObservationsOf([])
        expect(await project.unfinishedCheck('config-1')).toBeNull()
      })
    })

    describe('pages', () => {
      it('keeps cursors with the rows they read, and replaces both when a page is written twice', async () => {
        const id = await beginCheck(project)
        const cursor = { id: 'a', position: 'sub_1', done: false }
        const page = aPage({ cursors: [cursor], facts: [observedFact('sub_1', 'cus_1')], prices: [price] })
        await project.writePage(id, page)
        await project.writePage(id, {
          ...page,
          cursors: [
            { ...cursor, position: 'sub_2' },
            { id: 'b', position: '', done: true },
          ],
          facts: [
            observedFact('sub_1', 'cus_1', { fact: aSubscription('sub_1', 'cus_1', { status: 'canceled' }) }),
          ],
          prices: [{ ...price, nickname: 'Pro' }],
        })
        expect(await project.cursors(id, 'stripe', 'subscriptions')).toEqual([
          { ...cursor, position: 'sub_2' },
          { id: 'b', position: '', done: true },
        ])
        expect(await project.cursors(id, 'stripe', 'customers')).toEqual([])
        expect(await project.prices(id)).toEqual([{ ...price, nickname: 'Pro' }])
        const pair = await project.pair(id, { customerId: 'cus_1' })
        expect(pair?.payers[0]?.facts).toEqual([aSubscription('sub_1', 'cus_1', { status: 'canceled' })])
      })

      it('takes the last of two rows with one key on one page', async () => {
        const id = await beginCheck(project)
        const named = (name: string) => ({ customer: aCustomer('cus_1', { name }), matchValues: [] })
        await project.writePage(id, aPage({ customers: [named('first'), named('second')] }))
        expect((await project.pair(id, { customerId: 'cus_1' }))?.payers[0]?.customer.name).toBe('second')
      })

      it('gives back whatever text a vendor holds', async () => {
        const id = await beginCheck(project)
        const metadata = {
          'ключ "\\': "o'neil {,} \u0000 \ud800 \u{1F600}",
          $date: '2026-01-01',
          __proto__x: '',
        }
        const customer = aCustomer('cus_1', { metadata, name: '\u0000' })
        const subject = observedSubject('u1', { pointsTo: 'cus_\u0000', key: 'plan=\u0000' })
        await project.writePage(
          id,
          aPage({
            customers: [{ customer, matchValues: [{ rule: 2, value: '\u0000' }] }],
            subjects: [subject],
          }),
        )
        await project.match(id, rules)
        expect((await project.pair(id, { customerId: 'cus_1' }))?.payers[0]?.customer).toEqual(customer)
        expect((await project.pair(id, { subject: { type: 'user', id: 'u1' } }))?.readings).toEqual([
          subject.reading,
        ])
      })

      it('sums what was taken back of a payment, each refund once', async () => {
        const id = await beginCheck(project)
        const refund = (refundId: string, refundedAmount: number) =>
          ({ paymentId: 'pi_1', refundedAmount, dispute: 'none', ids: [refundId] }) as const
        const page = aPage({ reversals: [refund('re_1', 100), refund('re_2', 250)] })
        await project.writePage(id, page)
        await project.writePage(id, page)
        await project.writePage(
          id,
          aPage({ reversals: [{ paymentId: 'pi_1', refundedAmount: 0, dispute: 'open', ids: ['dp_1'] }] }),
        )
        expect(await project.reversals(id, ['pi_1', 'pi_2'])).toEqual(
          new Map([['pi_1', { refundedAmount: 350, dispute: 'open', ids: ['dp_1', 're_1', 're_2'] }]]),
        )
      })

      it('names the customers that subjects point to and that were not read, until they were asked for', async () => {
        const id = await beginCheck(project)
        const subjects = ['cus_3', 'cus_1', 'cus_2', 'cus_1'].map((pointsTo, place) =>
          observedSubject(`u${place}`, { pointsTo }),
        )
        await project.writePage(id, aPage({ subjects, customers: [observedCustomer('cus_2')] }))
        expect(await project.unreadCustomerIds(id, null, 1)).toEqual(['cus_1'])
        expect(await project.unreadCustomerIds(id, 'cus_1', 5)).toEqual(['cus_3'])
        expect(await project.countUnreadCustomers(id)).toBe(2)
        await project.writePointedCustomers(id, [
          { id: 'cus_1', found: 'deleted', said: 'deleted: true' },
          { id: 'cus_3', found: 'not-asked' },
        ])
        expect(await project.unreadCustomerIds(id, null, 5)).toEqual(['cus_3'])
      })
    })

    describe('matching', () => {
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
        const byRule = [0, 1, 2].map((rule) => ({ rule, customers: 1 }))
        expect(await project.counts(id)).toEqual({ ...expected, byRule })
        await project.match(id, rules)
        expect(await project.counts(id)).toEqual({ ...expected, byRule })
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
        expect(await project.counts(id)).toMatchObject({ matched: 0, payersWithoutSubject: 1, byRule: [] })
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
        expect((await project.counts(id)).byRule).toEqual([{ rule: 0, customers: 1 }])
      })
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

    describe('findings', () => {
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

    describe('incidents', () => {
      it('keeps incidents whole, finds them by identity in any state, and replaces the same id', async () => {
        const one = anIncident('inc_1')
        const two = anIncident('inc_2', { state: 'resolved', resolvedAt: time(8) })
        await project.saveIncidents([one, two], null, [])
        await project.saveIncidents([{ ...one, state: 'acknowledged' }], null, [])
        expect(await project.incident('inc_1')).toEqual({ ...one, state: 'acknowledged' })
        expect(await project.incident('inc_9')).toBeNull()
        const key = identityKey(two.identity)
        expect(await project.incidentsByIdentity([key, 'other'])).toEqual(new Map([[key, two]]))
        expect(await (await store.project('another')).incident('inc_1')).toBeNull()
      })

      it('files one drift under one id', async () => {
        await project.saveIncidents([anIncident('inc_1')], null, [])
        const twin = anIncident('inc_2', { identity: anIncident('inc_1').identity })
        await expect(project.saveIncidents([twin], null, [])).rejects.toThrow()
      })

      it('lists the worst first, then the oldest', async () => {
        await project.saveIncidents(
          [
            anIncident('inc_a', { severity: 'low' }),
            anIncident('inc_b', { severity: 'critical', openedAt: time(9) }),
            anIncident('inc_c', { severity: 'critical', openedAt: time(6) }),
            anIncident('inc_d', { severity: 'critical', openedAt: time(6) }),
            anIncident('inc_e', { severity: 'medium', state: 'ignored' }),
          ],
          null,
          [],
        )
        const ids = async (filter: Parameters<ProjectStore['incidents']>[0]) =>
          (await project.incidents(filter)).map(({ id }) => id)
        expect(await ids({ limit: 9 })).toEqual(['inc_c', 'inc_d', 'inc_b', 'inc_e', 'inc_a'])
        expect(await ids({ limit: 2, after: 'inc_d' })).toEqual(['inc_b', 'inc_e'])
        expect(await ids({ limit: 9, minSeverity: 'medium', states: ['open'] })).toEqual([
          'inc_c',
          'inc_d',
          'inc_b',
        ])
        expect(await ids({ limit: 9, states: [] })).toEqual([])
        expect(await ids({ limit: 9, after: 'inc_unknown' })).toEqual([])
      })

      it('tells which open incidents a check did not see, whatever other checks saw', async () => {
        const first = await beginCheck(project)
        const second = await beginCheck(project)
        const seen = anIncident('inc_1')
        await project.saveIncidents([seen, anIncident('inc_2', { state: 'acknowledged' })], first, [])
        await project.saveIncidents(
          [anIncident('inc_3'), anIncident('inc_4', { state: 'ignored' })],
          null,
          [],
        )
        await project.saveIncidents([seen], second, [])
        const unseen = async (checkId: string, after: string | null) =>
          (await project.unseenIncidents(checkId, after, 1)).map(({ id }) => id)
        expect(await unseen(first, null)).toEqual(['inc_3'])
        expect(await unseen(first, 'inc_3')).toEqual([])
        expect(await unseen(second, null)).toEqual(['inc_2'])
        expect(await unseen(second, 'inc_2')).toEqual(['inc_3'])
      })
    })
  })
}
