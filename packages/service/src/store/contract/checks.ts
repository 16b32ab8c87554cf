import type { Price, ProjectStore } from '@trueup/core'
import { beforeEach, describe, expect, it } from 'vitest'
import type { NewProject } from './new-project.ts'
import {
  aCustomer,
  aFinding,
  aPage,
  aSubscription,
  beginCheck,
  observedCustomer,
  observedFact,
  observedSubject,
  readWorld,
  rules,
  time,
} from './samples.ts'

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

/** What every store promises of full checks and of the pages that they write. */
export function checksContract(newProject: NewProject): void {
  describe('full checks', () => {
    let project: ProjectStore
    beforeEach(async () => {
      project = await newProject()
    })

    describe('their records', () => {
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
        const other = await newProject()
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

    describe('their pages', () => {
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
  })
}
