import type { Cursor, PartState } from './check/progress.ts'
import type { SubjectReading } from './grant/granted.ts'
import type { ClerkFieldSample } from './grant/sample.ts'
import type { PointedCustomer } from './match/pair.ts'
import type { Price } from './price/price.ts'
import type { BillingFact, Customer, ReversalReading } from './promise/billing.ts'
import type { SubjectId, SubjectType } from './subject/subject.ts'

/** The time. */
export interface Clock {
  now(): Date
}

/** Waiting. Rejects with the signal's reason when it is aborted. */
export interface Timer {
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

/** Chance, so that a simulation can seed it. */
export interface Rng {
  /** A number in [0, 1). */
  next(): number
}

/** The web's `fetch`, so that a simulation can stand in for the network. */
export type Http = typeof fetch

/** A part of billing that is listed by itself, in pages. */
export type BillingPart = 'prices' | 'refunds' | 'disputes' | 'subscriptions' | 'customers' | 'purchases'
/** A part of an access source that is listed by itself, in pages. */
export type AccessPart = 'users' | 'organizations'

/**
 * One page as it was read. `cursors` are to be stored in the same transaction as the page's rows: the cursor that
 * read it, moved on, and those that it was split into. A page that was not stored is read again.
 */
export interface Page<Row> {
  readonly rows: readonly Row[]
  readonly cursors: readonly Cursor[]
}

/** What a billing part gives a page at a time. */
export interface BillingRows {
  readonly prices: Price
  readonly refunds: ReversalReading
  readonly disputes: ReversalReading
  /** The customer stands beside its subscription where the vendor expands it, so that customers need no list of their own. */
  readonly subscriptions: { readonly fact: BillingFact; readonly customer: Customer | null }
  readonly customers: Customer
  readonly purchases: { readonly fact: BillingFact; readonly customer: Customer | null }
}

/** All that billing says of one customer now. */
export interface CustomerReading {
  readonly id: string
  readonly pointed: PointedCustomer
  readonly customer: Customer | null
  readonly facts: readonly BillingFact[]
}

/** One line of a connection's report: a permission or a property that was tried. */
export interface ConnectionFinding {
  readonly name: string
  readonly state: 'ok' | 'missing' | 'warning' | 'failed'
  readonly found: string
  readonly fix: string | null
}

/** Customers of whom billing tells that something changed. A hint: what is true is read from the customer. */
export interface ChangedCustomers {
  readonly customerIds: readonly string[]
  /** Everything that changed before this moment has been told by the end of the reading; `null`: nothing was. */
  readonly until: Date | null
}

/** Where promises are read. It cannot write: there is no method for it. */
export interface BillingSource {
  readonly name: string
  /** Requests sent so far, retries included. */
  requests(): number
  /** Tries the key and each permission with one cheap call. Throws a `SourceError` when the key itself is no good. */
  test(): Promise<readonly ConnectionFinding[]>
  /**
   * Reads a part from where `cursors` stand (none: from the beginning), several cursors side by side. Ends when all
   * are done. Reads at most one page a cursor ahead of the consumer.
   *
   * @throws SourceError when a page cannot be read after bounded retries; what was yielded before stays valid.
   */
  read<P extends BillingPart>(part: P, cursors: readonly Cursor[]): AsyncIterable<Page<BillingRows[P]>>
  /** Parts of which some cursors may be read here and others elsewhere. Default: none. */
  readonly divisible?: readonly BillingPart[]
  /** Reads one customer with all its facts, for the second reading and for single checks. */
  readCustomer(id: string): Promise<CustomerReading>
  /** Reads what went back of these payments now: refunds and disputes. Left out where nobody can ask by payment. */
  readReversals?(paymentIds: readonly string[]): Promise<readonly ReversalReading[]>
  /**
   * Tells who changed at a moment or after it, in pages, the newest first; a customer may be told of more than once.
   *
   * @throws SourceError `changes-lost` when the vendor does not keep changes for so long
   */
  changedSince?(since: Date): AsyncIterable<ChangedCustomers>
}

/** Where grants are read. It cannot write: there is no method for it. */
export interface AccessSource {
  readonly name: string
  readonly subjectTypes: readonly SubjectType[]
  requests(): number
  test(): Promise<readonly ConnectionFinding[]>
  /** As {@link BillingSource.read}. */
  read(part: AccessPart, cursors: readonly Cursor[]): AsyncIterable<Page<SubjectReading>>
  /** As {@link BillingSource.divisible}. */
  readonly divisible?: readonly AccessPart[]
  /**
   * What the store behind a part is now: equal for as long as its tables and columns are. Only where they can change.
   *
   * @throws SourceError when it cannot be read.
   */
  shape?(part: AccessPart): Promise<{ readonly shape: string }>
  /** Reads these subjects now; one that the source does not have is absent from the answer. */
  readSubjects(subjects: readonly SubjectId[]): Promise<readonly SubjectReading[]>
  /**
   * Tells which subjects of a part changed at a moment or after it, in pages; one may be told of more than once, and
   * one that was deleted is not. `null`: what changed cannot be told of this part.
   */
  changedSince?(part: AccessPart, since: Date): Promise<AsyncIterable<readonly SubjectId[]> | null>
  /** The most recent subjects' fields, to propose a mapping from. */
  sample(type: SubjectType, count: number): Promise<readonly ClerkFieldSample[]>
}

export type { Cursor, PartState }
