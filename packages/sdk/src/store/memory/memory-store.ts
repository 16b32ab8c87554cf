import type { SubjectId } from '@trueup/core'
import { subjectKey } from '@trueup/core'
import { BillingError } from '../../billing-error.ts'
import type { BillingStore, InboxEvent, LeasedWork, StoreUnit, SubjectRecord, Work } from '../store.ts'
import { newSubject } from '../store.ts'

/** What is held in memory, as plain values. */
interface Held {
  readonly subjects: Map<string, SubjectRecord>
  readonly events: Map<string, InboxEvent>
  readonly work: Map<string, HeldWork>
  readonly cursors: Map<string, string>
  leases: number
}

interface HeldWork extends Work {
  readonly lease: string | null
  readonly leasedUntil: number
}

/** The transaction of a memory store: there is nothing in it for the caller to use. */
export interface MemoryTransaction {
  readonly kind: 'memory'
}

/**
 * A store in memory, for tests and for trying things out. It is gone with the process, so that no event may be
 * acknowledged on it in production. Transactions run one after the other, and one that fails changes nothing.
 *
 * @example
 * const billing = createBilling({ ...options, store: memoryStore() })
 */
export function memoryStore(): BillingStore<MemoryTransaction> {
  let held: Held = { subjects: new Map(), events: new Map(), work: new Map(), cursors: new Map(), leases: 0 }
  let last: Promise<unknown> = Promise.resolve()
  const store: BillingStore<MemoryTransaction> = {
    unit(act) {
      const turn = last.then(async () => {
        const draft: Held = {
          subjects: new Map(held.subjects),
          events: new Map(held.events),
          work: new Map(held.work),
          cursors: new Map(held.cursors),
          leases: held.leases,
        }
        const result = await act(new MemoryUnit(draft))
        held = draft
        return result
      })
      last = turn.catch(() => undefined)
      return turn
    },
    within: () => store,
    subject: async (subject) => held.subjects.get(subjectKey(subject)) ?? null,
  }
  return store
}

class MemoryUnit implements StoreUnit<MemoryTransaction> {
  readonly transaction: MemoryTransaction = { kind: 'memory' }
  readonly #held: Held

  constructor(held: Held) {
    this.#held = held
  }

  async subject(subject: SubjectId) {
    return this.#held.subjects.get(subjectKey(subject)) ?? null
  }

  async subjectOfCustomer(customerId: string) {
    return [...this.#held.subjects.values()].find((record) => record.customerId === customerId) ?? null
  }

  async lockSubject(subject: SubjectId) {
    const key = subjectKey(subject)
    const record = this.#held.subjects.get(key) ?? newSubject(subject)
    this.#held.subjects.set(key, record)
    return record
  }

  async saveSubject(record: SubjectRecord) {
    const key = subjectKey(record.subject)
    const holder = record.customerId ? await this.subjectOfCustomer(record.customerId) : null
    if (holder && subjectKey(holder.subject) !== key) throw customerTaken(record)
    this.#held.subjects.set(key, record)
  }

  async subjectsReadBefore(moment: Date, limit: number) {
    const readAt = (record: SubjectRecord) => record.readAt?.getTime() ?? 0
    return [...this.#held.subjects.values()]
      .filter((record) => record.customerId !== null && readAt(record) < moment.getTime())
      .sort((a, b) => readAt(a) - readAt(b))
      .slice(0, limit)
      .map(({ subject }) => subject)
  }

  async addEvent(event: InboxEvent) {
    const keys = event.keys.map((key) => `${event.source}:${key}`)
    const isKnown = keys.some((key) => this.#held.events.has(key))
    for (const key of keys) if (!this.#held.events.has(key)) this.#held.events.set(key, event)
    return !isKnown
  }

  async forgetEvents(before: Date) {
    const old = [...this.#held.events].filter(([, { receivedAt }]) => receivedAt < before)
    for (const [key] of old) this.#held.events.delete(key)
    return old.length
  }

  async putWork(draft: Parameters<StoreUnit<MemoryTransaction>['putWork']>[0]) {
    const known = this.#held.work.get(draft.key)
    const isLater = known && !known.setAside && known.dueAt < draft.dueAt
    this.#held.work.set(draft.key, {
      ...draft,
      dueAt: isLater ? known.dueAt : draft.dueAt,
      generation: (known?.generation ?? 0) + 1,
      attempts: 0,
      setAside: false,
      lastError: null,
      lease: known?.lease ?? null,
      leasedUntil: known?.leasedUntil ?? 0,
    })
  }

  async leaseWork({ now, limit, leaseMs, keys }: Parameters<StoreUnit<MemoryTransaction>['leaseWork']>[0]) {
    const due = byDue([...this.#held.work.values()])
      .filter(
        (work) =>
          !work.setAside &&
          work.dueAt <= now &&
          work.leasedUntil <= now.getTime() &&
          (keys?.includes(work.key) ?? true),
      )
      .slice(0, limit)
    return due.map((work): LeasedWork => {
      this.#held.leases += 1
      const lease = String(this.#held.leases)
      this.#held.work.set(work.key, { ...work, lease, leasedUntil: now.getTime() + leaseMs })
      return { ...shown(work), lease }
    })
  }

  async finishWork(work: LeasedWork) {
    const known = this.#holding(work)
    if (!known) return false
    const isDone = known.generation === work.generation
    if (isDone) this.#held.work.delete(work.key)
    else this.#held.work.set(work.key, { ...known, lease: null, leasedUntil: 0 })
    return isDone
  }

  async postponeWork(work: LeasedWork, to: Parameters<StoreUnit<MemoryTransaction>['postponeWork']>[1]) {
    const known = this.#holding(work)
    if (!known) return false
    const { dueAt, attempts, setAside, error } = to
    const wasAskedAgain = known.generation !== work.generation
    this.#held.work.set(work.key, {
      ...known,
      attempts,
      dueAt: wasAskedAgain && known.dueAt < dueAt ? known.dueAt : dueAt,
      setAside: setAside && !wasAskedAgain,
      lastError: error,
      lease: null,
      leasedUntil: 0,
    })
    return true
  }

  async waitingWork({ limit, keys }: Parameters<StoreUnit<MemoryTransaction>['waitingWork']>[0]) {
    return byDue([...this.#held.work.values()])
      .filter(({ key }) => keys?.includes(key) ?? true)
      .slice(0, limit)
      .map(shown)
  }

  async cursor(name: string) {
    return this.#held.cursors.get(name) ?? null
  }

  async setCursor(name: string, value: string) {
    this.#held.cursors.set(name, value)
  }

  async appRowCustomer() {
    return null
  }

  async writeAppRow() {
    return 'not-mapped' as const
  }

  #holding(work: LeasedWork): HeldWork | null {
    const known = this.#held.work.get(work.key)
    return known?.lease === work.lease ? known : null
  }
}

function byDue(work: readonly HeldWork[]): readonly HeldWork[] {
  return work.toSorted((a, b) => a.dueAt.getTime() - b.dueAt.getTime() || (a.key < b.key ? -1 : 1))
}

function shown({ lease, leasedUntil, ...work }: HeldWork): Work {
  return work
}

function customerTaken({ subject, customerId }: SubjectRecord): BillingError {
  return new BillingError({
    code: 'customer-taken',
    message: `The customer ${customerId} belongs to another subject than ${subjectKey(subject)}.`,
    fix: 'Give each subject a customer of its own.',
  })
}
