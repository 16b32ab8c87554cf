import type { SubjectId } from '@trueup/core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { BillingStore, LeasedWork, SubjectRecord, WorkDraft } from './store.ts'

/** A store of one kind, made for a suite of tests. */
export interface StoreUnderTest<Transaction> {
  readonly store: BillingStore<Transaction>
  /** Empties it. */
  clear(): Promise<void>
  close(): Promise<void>
  /** Runs something in a transaction of the library that the app itself uses. `null`: there is none. */
  readonly inTransaction: ((act: (transaction: Transaction) => Promise<void>) => Promise<void>) | null
}

const acme: SubjectId = { type: 'organization', id: 'org_acme' }
const beta: SubjectId = { type: 'organization', id: 'org_beta' }
const noon = new Date('2026-11-21T12:00:00.000Z')
const later = (ms: number) => new Date(noon.getTime() + ms)
const leaseMs = 60_000

/** What every store does, whatever keeps it. */
export function storeContract<Transaction>(
  name: string,
  open: () => Promise<StoreUnderTest<Transaction>>,
): void {
  describe(`a store: ${name}`, () => {
    let given: StoreUnderTest<Transaction>
    let store: BillingStore<Transaction>
    beforeAll(async () => {
      given = await open()
      store = given.store
    })
    beforeEach(() => given.clear())
    afterAll(() => given.close())

    const lockAndSave = (subject: SubjectId, change: Partial<SubjectRecord>) =>
      store.unit(async (unit) => {
        const record = { ...(await unit.lockSubject(subject)), ...change }
        await unit.saveSubject(record)
        return record
      })
    const put = (draft: Partial<WorkDraft> = {}) =>
      store.unit((unit) =>
        unit.putWork({ key: 'read:acme', kind: 'read', subject: acme, detail: null, dueAt: noon, ...draft }),
      )
    const lease = (now = noon, keys?: readonly string[]) =>
      store.unit((unit) => unit.leaseWork({ now, limit: 10, leaseMs, ...(keys ? { keys } : {}) }))
    const leaseOne = async (now = noon): Promise<LeasedWork> => {
      const [work] = await lease(now)
      if (!work) throw new Error('There is work to lease.')
      return work
    }
    const waiting = () => store.unit((unit) => unit.waitingWork({ limit: 10 }))

    it('gives back a subject as it was saved, moments and all', async () => {
      expect(await store.subject(acme)).toBeNull()
      const saved = await lockAndSave(acme, {
        customerId: 'cus_1',
        customerRequest: { key: 'k', name: 'Acme "Ltd"', email: null, firstTriedAt: noon },
        readAt: noon,
        memory: [{ id: 'sub_1', live: true, failed: { invoiceId: 'in_1', attempt: 2 }, trialTold: null }],
        granted: { plan: 'pro', paid: true, trialEndsAt: later(5), entitlements: ['a'], seats: 3 },
        reason: 'trial',
        mirrorWrites: [noon],
        deletedAt: later(1),
      })
      expect(await store.subject(acme)).toEqual(saved)
      expect(await store.unit((unit) => unit.subject(acme))).toEqual(saved)
      expect(await store.unit((unit) => unit.subjectOfCustomer('cus_1'))).toEqual(saved)
      expect(await store.unit((unit) => unit.subjectOfCustomer('cus_2'))).toBeNull()
    })

    it('a customer belongs to one subject', async () => {
      await lockAndSave(acme, { customerId: 'cus_1' })
      await expect(lockAndSave(beta, { customerId: 'cus_1' })).rejects.toMatchObject({
        code: 'customer-taken',
      })
      expect((await store.subject(beta))?.customerId ?? null).toBeNull()
    })

    it('a subject that is locked is changed by one at a time', async () => {
      await Promise.all(
        Array.from({ length: 8 }, () =>
          store.unit(async (unit) => {
            const record = await unit.lockSubject(acme)
            await unit.saveSubject({ ...record, tokenIssued: record.tokenIssued + 1 })
          }),
        ),
      )
      expect((await store.subject(acme))?.tokenIssued).toBe(8)
    })

    it('a transaction that fails changes nothing, and throws what it was thrown', async () => {
      const oops = new Error('oops')
      const failing = store.unit(async (unit) => {
        await unit.saveSubject({ ...(await unit.lockSubject(acme)), version: 7 })
        await unit.addEvent({ source: 'stripe', id: 'evt_1', type: 't', keys: ['evt_1'], receivedAt: noon })
        throw oops
      })
      await expect(failing).rejects.toBe(oops)
      expect(await store.subject(acme)).toBeNull()
      const again = { source: 'stripe', id: 'evt_1', type: 't', keys: ['evt_1'], receivedAt: noon } as const
      expect(await store.unit((unit) => unit.addEvent(again))).toBe(true)
    })

    it('lists subjects read before a moment, those read longest ago first, and only those with a customer', async () => {
      await lockAndSave(acme, { customerId: 'cus_1', readAt: later(-10) })
      await lockAndSave(beta, { customerId: 'cus_2' })
      await lockAndSave({ type: 'user', id: 'user_1' }, {})
      await lockAndSave({ type: 'user', id: 'user_2' }, { customerId: 'cus_3', readAt: noon })
      const before = (limit: number) => store.unit((unit) => unit.subjectsReadBefore(noon, limit))
      expect(await before(10)).toEqual([beta, acme])
      expect(await before(1)).toEqual([beta])
    })

    const event = (id: string, keys: readonly string[], source: 'stripe' | 'clerk' = 'stripe') =>
      store.unit((unit) => unit.addEvent({ source, id, type: 't', keys, receivedAt: noon }))

    it.each<[string, [string, string[]], [string, string[]], boolean]>([
      ['itself', ['evt_1', ['evt_1', 'x']], ['evt_1', ['evt_1', 'x']], false],
      ['a twin of another id', ['evt_1', ['evt_1', 'x']], ['evt_2', ['evt_2', 'x']], false],
      ['a thin event of a snapshot', ['evt_1', ['evt_1', 'x']], ['evt_3', ['evt_3', 'evt_1']], false],
      ['a snapshot of a thin event', ['evt_3', ['evt_3', 'evt_1']], ['evt_1', ['evt_1', 'x']], false],
      ['another event', ['evt_1', ['evt_1', 'x']], ['evt_2', ['evt_2', 'y']], true],
    ])('after an event, %s is new: %#', async (_, first, second, isNew) => {
      expect(await event(...first)).toBe(true)
      expect(await event(...second)).toBe(isNew)
    })

    it('ids of one vendor say nothing of the other, and twins that come at once are one', async () => {
      expect(await event('1', ['1'])).toBe(true)
      expect(await event('1', ['1'], 'clerk')).toBe(true)
      const twins = await Promise.all(['a', 'b', 'c', 'd'].map((id) => event(id, [id, 'same'])))
      expect(twins.filter(Boolean)).toHaveLength(1)
    })

    it('forgets old events', async () => {
      await event('evt_1', ['evt_1', 'x'])
      expect(await store.unit((unit) => unit.forgetEvents(noon))).toBe(0)
      await store.unit((unit) => unit.forgetEvents(later(1)))
      expect(await event('evt_1', ['evt_1', 'x'])).toBe(true)
    })

    it('leases work that is due, once', async () => {
      await put({ dueAt: later(1) })
      expect(await lease(noon)).toEqual([])
      expect(await lease(later(1))).toMatchObject([
        { key: 'read:acme', kind: 'read', subject: acme, attempts: 0 },
      ])
      expect(await lease(later(1))).toEqual([])
    })

    it('many workers at once hold each piece of work once', async () => {
      for (let n = 0; n < 20; n += 1) await put({ key: `w${n}` })
      const taken = await Promise.all(Array.from({ length: 6 }, () => lease()))
      const keys = taken.flat().map(({ key }) => key)
      expect(new Set(keys).size).toBe(keys.length)
    })

    it('leases by keys where they are named, the longest due first', async () => {
      await put({ key: 'b', dueAt: later(-5) })
      await put({ key: 'a', dueAt: later(-9) })
      await put({ key: 'c', dueAt: later(-7) })
      expect((await lease(noon, ['b', 'a'])).map(({ key }) => key)).toEqual(['a', 'b'])
      expect((await lease(noon)).map(({ key }) => key)).toEqual(['c'])
    })

    it('work that is finished is gone', async () => {
      await put()
      const work = await leaseOne()
      expect(await store.unit((unit) => unit.finishWork(work))).toBe(true)
      expect(await waiting()).toEqual([])
      expect(await store.unit((unit) => unit.finishWork(work))).toBe(false)
    })

    it('work that was asked for again while it was done is done again', async () => {
      await put()
      const work = await leaseOne()
      await put({ detail: 'newer' })
      expect(await store.unit((unit) => unit.finishWork(work))).toBe(false)
      expect(await leaseOne()).toMatchObject({ detail: 'newer', attempts: 0 })
    })

    it('whoever lost the lease changes nothing', async () => {
      await put()
      const work = await leaseOne()
      const stale = { ...work, lease: 'another' }
      const to = { dueAt: later(1), attempts: 1, setAside: false, error: 'e' }
      expect(await store.unit((unit) => unit.finishWork(stale))).toBe(false)
      expect(await store.unit((unit) => unit.postponeWork(stale, to))).toBe(false)
      expect(await store.unit((unit) => unit.finishWork(work))).toBe(true)
    })

    it('work that was put off is due at its time, with what it failed for', async () => {
      await put()
      const to = { dueAt: later(500), attempts: 3, setAside: false, error: 'busy: wait' }
      const work = await leaseOne()
      expect(await store.unit((unit) => unit.postponeWork(work, to))).toBe(true)
      expect(await waiting()).toMatchObject([{ attempts: 3, lastError: 'busy: wait', dueAt: later(500) }])
      expect(await lease(later(499))).toEqual([])
      expect(await lease(later(500))).toHaveLength(1)
    })

    it('work that was put off is due at once where it is asked for again', async () => {
      await put()
      const work = await leaseOne()
      await store.unit((unit) =>
        unit.postponeWork(work, { dueAt: later(500), attempts: 3, setAside: false, error: 'e' }),
      )
      await put()
      expect(await lease(noon)).toMatchObject([{ attempts: 0, lastError: null }])
    })

    it('work asked for at a later moment stays due at the earlier one', async () => {
      await put()
      await put({ dueAt: later(5_000) })
      expect(await lease(noon)).toHaveLength(1)
    })

    it('work that is set aside waits until it is asked for again', async () => {
      await put()
      const work = await leaseOne()
      await store.unit((unit) =>
        unit.postponeWork(work, { dueAt: noon, attempts: 12, setAside: true, error: 'e' }),
      )
      expect(await lease(later(1e9))).toEqual([])
      expect(await waiting()).toMatchObject([{ setAside: true }])
      await put({ dueAt: later(9) })
      expect(await lease(later(8))).toEqual([])
      expect(await lease(later(9))).toHaveLength(1)
    })

    it('shows waiting work by keys', async () => {
      await put({ key: 'a' })
      await put({ key: 'b' })
      const ofB = await store.unit((unit) => unit.waitingWork({ limit: 10, keys: ['b', 'c'] }))
      expect(ofB.map(({ key }) => key)).toEqual(['b'])
    })

    it('keeps cursors by name', async () => {
      expect(await store.unit((unit) => unit.cursor('a'))).toBeNull()
      await store.unit((unit) => unit.setCursor('a', '1'))
      await store.unit((unit) => unit.setCursor('a', '2'))
      expect(await store.unit((unit) => unit.cursor('a'))).toBe('2')
    })

    it("inside the caller's transaction it ends with it", async () => {
      if (!given.inTransaction) return expect(name).toBe('memory')
      const oops = new Error('oops')
      const failing = given.inTransaction(async (transaction) => {
        const within = store.within(transaction)
        await within.unit(async (unit) => {
          expect(unit.transaction).toBe(transaction)
          await unit.saveSubject({ ...(await unit.lockSubject(acme)), version: 3 })
        })
        expect((await within.subject(acme))?.version).toBe(3)
        expect(await store.subject(acme)).toBeNull()
        throw oops
      })
      await expect(failing).rejects.toBe(oops)
      expect(await store.subject(acme)).toBeNull()
      await given.inTransaction((transaction) =>
        store.within(transaction).unit(async (unit) => {
          await unit.saveSubject({ ...(await unit.lockSubject(acme)), version: 4 })
        }),
      )
      expect((await store.subject(acme))?.version).toBe(4)
    })
  })
}
