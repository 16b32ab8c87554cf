import type { Clock } from '../ports.ts'
import type { StoredValue } from '../repair/plan.ts'
import { isSameValue } from '../repair/same-value.ts'
import type {
  RecordChange,
  RepairAnswer,
  RepairOrder,
  RepairRefusal,
  RepairTarget,
  Settlement,
  TargetInspection,
} from '../repair/target.ts'
import { SourceError } from '../source-error.ts'

/** The fields of one record by name. */
export type MemoryRecord = Readonly<Record<string, StoredValue>>

export interface MemoryRepairOptions {
  /** Default `app`. */
  readonly source?: string
  /** Default `function`. */
  readonly how?: RepairTarget['how']
  readonly clock: Clock
  /** Containers, such as `public.users`, their records by key. A container that is not here may not be written to. */
  readonly records: Readonly<Record<string, Readonly<Record<string, MemoryRecord>>>>
  /** Says whether a value may stand in a field. Default: every value may. */
  readonly allows?: (container: string, change: RecordChange) => boolean
  /** Writes that one field of a container takes in an hour. Default 25. */
  readonly capAnHour?: number
  /** Whether it remembers what it did. Default `true`; without, nothing can be settled. */
  readonly keepsJournal?: boolean
  /** What a write to a container would set off. Default: nothing. */
  readonly sideEffects?: (container: string) => readonly string[]
  /**
   * Asked on every call: whether the connection breaks before the call has had its effect, or after it, so that the
   * answer is lost. Default: it never breaks.
   */
  readonly breaks?: (call: 'inspect' | 'apply' | 'settle' | 'abandon') => 'before' | 'after' | null
}

/** One line of the journal: a change that was made, or an order that was given up. */
export interface MemoryJournalLine {
  readonly repairId: string
  readonly state: 'applied' | 'tombstone'
  readonly container: string
  readonly record: string
  readonly changes: readonly RecordChange[]
  readonly at: Date
}

/** A repair target in memory, and what a test may do to it. */
export interface MemoryRepairTarget extends RepairTarget {
  readonly journal: readonly MemoryJournalLine[]
  /** A record as it is now; `null`: there is none. */
  read(container: string, record: string): MemoryRecord | null
  /** Changes a record as the app itself does: unguarded and unrecorded. `null` takes the record away. */
  write(container: string, record: string, fields: MemoryRecord | null): void
  /** What the owner of the data does to stop all repairs, and to allow them again. */
  switchOn(isOn: boolean): void
}

const hourMs = 3_600_000

/**
 * Records in memory that repairs are written to, with the journal, the tombstones, the cap and the deadline of the
 * repair function; for tests and simulations. It passes the contract suite of repair targets.
 *
 * @example
 * const target = createMemoryRepairTarget({ clock, records: { 'public.users': { '7': { plan: 'free' } } } })
 * await target.apply(order)             // { kind: 'applied', at }
 * target.read('public.users', '7')      // { plan: 'pro' }
 */
export function createMemoryRepairTarget(options: MemoryRepairOptions): MemoryRepairTarget {
  const { source = 'app', how = 'function', keepsJournal = true, sideEffects = () => [] } = options
  const breaks = options.breaks ?? (() => null)
  const memory = new RepairMemory(options)
  const answering = async <T>(call: Parameters<typeof breaks>[0], act: () => T): Promise<T> => {
    const broken = breaks(call)
    if (broken === 'before') throw connectionBroke(source)
    const answer = act()
    if (broken === 'after') throw connectionBroke(source)
    return answer
  }
  return {
    source,
    how,
    journal: memory.journal,
    read: (container, record) => memory.read(container, record),
    write: (container, record, fields) => memory.write(container, record, fields),
    switchOn: (isOn) => memory.switchOn(isOn),
    inspect: (order) =>
      answering('inspect', () => ({ ...memory.inspect(order), sideEffects: sideEffects(order.container) })),
    apply: (order) => answering('apply', () => memory.apply(order)),
    settle: (order) => answering('settle', () => (keepsJournal ? memory.settle(order) : 'cannot-be-told')),
    abandon: (order) => answering('abandon', () => (keepsJournal ? memory.abandon(order) : 'cannot-be-told')),
  }
}

class RepairMemory {
  readonly journal: MemoryJournalLine[] = []
  readonly #options: MemoryRepairOptions
  readonly #records: Map<string, Map<string, MemoryRecord>>
  /** The greatest token seen for each record. */
  readonly #tokens = new Map<string, number>()
  #isOn = true

  constructor(options: MemoryRepairOptions) {
    this.#options = options
    this.#records = new Map(
      Object.entries(options.records).map(([container, records]) => [
        container,
        new Map(Object.entries(records)),
      ]),
    )
  }

  read(container: string, record: string): MemoryRecord | null {
    return this.#records.get(container)?.get(record) ?? null
  }

  write(container: string, record: string, fields: MemoryRecord | null): void {
    const records = this.#records.get(container) ?? new Map<string, MemoryRecord>()
    this.#records.set(container, records)
    if (fields === null) records.delete(record)
    else records.set(record, fields)
  }

  switchOn(isOn: boolean): void {
    this.#isOn = isOn
  }

  inspect({
    container,
    record,
    changes,
  }: Pick<RepairOrder, 'container' | 'record' | 'changes'>): Omit<TargetInspection, 'sideEffects'> {
    const fields = this.read(container, record)
    return { found: fields !== null, values: fields === null ? {} : foundIn(fields, changes) }
  }

  /** The order of the questions is that of the repair function. */
  apply(order: RepairOrder): RepairAnswer {
    const { container, record, changes } = order
    const { keepsJournal = true, clock } = this.#options
    if (keepsJournal) {
      const known = this.journal.find(({ repairId }) => repairId === order.repairId)
      if (known) return answerOf(known, order)
      if (order.token < (this.#tokens.get(placeOf(order)) ?? order.token)) {
        return refused('token-superseded', 'A later try of a repair of this record was seen.')
      }
      this.#seeToken(order)
    }
    const at = clock.now()
    if (at > order.deadline) return refused('deadline-passed', 'The deadline of the order has passed.')
    if (!this.#isOn) return refused('switched-off', 'Repairs are switched off at the target.')
    if (!this.#allows(order)) return refused('not-allowed', 'The target does not allow this change.')
    const fields = this.read(container, record)
    if (!fields) return { kind: 'conflict', found: null }
    if (!changes.every(({ field, before }) => isSameValue(ownValue(fields, field), before))) {
      return { kind: 'conflict', found: foundIn(fields, changes) }
    }
    if (changes.some(({ field }) => this.#isCapReached(container, field, at))) {
      return refused('cap-reached', 'The writes of this hour are spent.')
    }
    this.write(container, record, withChanges(fields, changes))
    this.journal.push({ repairId: order.repairId, state: 'applied', container, record, changes, at })
    return { kind: 'applied', at }
  }

  settle(order: RepairOrder): Settlement {
    const known = this.journal.find(({ repairId }) => repairId === order.repairId)
    if (!known) return 'not-applied'
    return known.state === 'applied' ? 'applied' : 'abandoned'
  }

  abandon(order: RepairOrder): Settlement {
    const settled = this.settle(order)
    if (settled !== 'not-applied') return settled
    const { repairId, container, record } = order
    const at = this.#options.clock.now()
    this.journal.push({ repairId, state: 'tombstone', container, record, changes: [], at })
    this.#seeToken(order)
    return 'abandoned'
  }

  #seeToken(order: RepairOrder): void {
    const place = placeOf(order)
    this.#tokens.set(place, Math.max(order.token, this.#tokens.get(place) ?? order.token))
  }

  #allows({ container, changes }: RepairOrder): boolean {
    const { allows = () => true } = this.#options
    const fields = new Set(changes.map(({ field }) => field))
    return (
      this.#records.has(container) &&
      changes.length > 0 &&
      fields.size === changes.length &&
      changes.every((change) => allows(container, change))
    )
  }

  #isCapReached(container: string, field: string, now: Date): boolean {
    const { capAnHour = 25 } = this.#options
    const written = this.journal.filter(
      (line) =>
        line.state === 'applied' &&
        line.container === container &&
        line.at.getTime() > now.getTime() - hourMs &&
        line.changes.some((change) => change.field === field),
    )
    return written.length >= capAnHour
  }
}

function answerOf(known: MemoryJournalLine, order: RepairOrder): RepairAnswer {
  if (known.state === 'tombstone') return refused('abandoned', 'The order was given up.')
  const isSame =
    known.container === order.container &&
    known.record === order.record &&
    known.changes.length === order.changes.length &&
    known.changes.every(({ field, before, after }) =>
      order.changes.some(
        (change) =>
          change.field === field && isSameValue(change.before, before) && isSameValue(change.after, after),
      ),
    )
  return isSame
    ? { kind: 'applied', at: known.at }
    : refused('not-allowed', 'The id of the order was used for another one.')
}

function placeOf({ container, record }: RepairOrder): string {
  return JSON.stringify([container, record])
}

function ownValue(fields: MemoryRecord, field: string): StoredValue | undefined {
  return Object.hasOwn(fields, field) ? fields[field] : undefined
}

function foundIn(fields: MemoryRecord, changes: readonly RecordChange[]): Record<string, StoredValue> {
  const found: Record<string, StoredValue> = {}
  for (const { field } of changes) {
    const value = ownValue(fields, field)
    if (value !== undefined) found[field] = value
  }
  return found
}

function withChanges(fields: MemoryRecord, changes: readonly RecordChange[]): MemoryRecord {
  const written: Record<string, StoredValue> = { ...fields }
  for (const { field, after } of changes) {
    if (after === undefined) delete written[field]
    else written[field] = after
  }
  return written
}

function refused(code: RepairRefusal, message: string): RepairAnswer {
  return { kind: 'refused', code, message }
}

function connectionBroke(source: string): SourceError {
  return new SourceError({
    source,
    code: 'unreachable',
    message: 'The connection broke before an answer came.',
    fix: 'Ask the target what became of the order.',
    retryable: true,
  })
}
