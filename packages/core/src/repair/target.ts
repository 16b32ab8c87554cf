import type { StoredValue } from './plan.ts'

/** One value of a record: the column or metadata path that holds it, what was read there, and what shall stand there. */
export interface RecordChange {
  /** A column, or a metadata path such as `public_metadata.plan`. */
  readonly field: string
  /** As it was read; `undefined`: it was absent (in a table: NULL is `null`). */
  readonly before: StoredValue | undefined
  /** `undefined`: the value is taken away. */
  readonly after: StoredValue | undefined
}

/** Everything that a target needs to change one record once. What a person approved is exactly this. */
export interface RepairOrder {
  /** Made before the first try and stored; a target that has seen it answers as it did then. */
  readonly repairId: string
  /** The access source that holds the record. */
  readonly source: string
  /** What holds the record within the source: a table such as `public.users`, or `users` and `organizations` in Clerk. */
  readonly container: string
  /** The key of the record: a row's key, a Clerk id. */
  readonly record: string
  /** At least one. All are changed together, or none is. */
  readonly changes: readonly RecordChange[]
  /** After this moment, by the target's own clock where it has one, nothing may be written. */
  readonly deadline: Date
  /**
   * Grows with every try, counted for all repairs of a source together: a target with a journal refuses one that is
   * below the greatest it has seen for the record, whichever repair that came with.
   */
  readonly token: number
}

/** What a record is now, and what else a write to it would set off. */
export interface TargetInspection {
  readonly found: boolean
  /** The fields of the order as they are now; a field that is absent is left out. */
  readonly values: Readonly<Record<string, StoredValue>>
  /** Triggers, rules and cascades, one line each, for whoever approves. */
  readonly sideEffects: readonly string[]
}

/** What became of an order. */
export type RepairAnswer =
  | { readonly kind: 'applied'; readonly at: Date }
  /** A value was not what it had been: nothing was written. `found` holds what stands there. */
  | { readonly kind: 'conflict'; readonly found: Readonly<Record<string, StoredValue>> | null }
  /** The target's own brake or rule refused: nothing was written. */
  | { readonly kind: 'refused'; readonly code: RepairRefusal; readonly message: string }

export type RepairRefusal =
  | 'cap-reached'
  | 'deadline-passed'
  | 'not-allowed'
  | 'token-superseded'
  | 'abandoned'
  | 'switched-off'

/** What a target knows of an order, asked after a crash. */
export type Settlement = 'applied' | 'not-applied' | 'abandoned' | 'cannot-be-told'

/** Where repairs are written. One for each access source that may be written to; without one, repairs are guided. */
export interface RepairTarget {
  readonly source: string
  /** How it writes, as plans and screens name it. */
  readonly how: 'function' | 'plain-role' | 'merge-patch' | 'callback'
  /** Reads the record as it is now. @throws SourceError */
  inspect(order: Pick<RepairOrder, 'container' | 'record' | 'changes'>): Promise<TargetInspection>
  /**
   * Writes, guarded by what was read. The same repair id is never written twice.
   *
   * @throws SourceError when no answer came: whether it was written must then be asked with {@link settle}.
   */
  apply(order: RepairOrder): Promise<RepairAnswer>
  /** Asks the target's journal what became of an order. */
  settle(order: RepairOrder): Promise<Settlement>
  /** Gives an order up for good: after `abandoned` nothing of it can be written any more, however late. */
  abandon(order: RepairOrder): Promise<Settlement>
}
