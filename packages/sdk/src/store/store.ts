import type { BillingFact, SubjectId } from '@trueup/core'
import type { AccessReason } from '../access/access-answer.ts'
import type { GrantedAccess } from '../access/granted-access.ts'
import type { SubscriptionMemory } from '../dunning/notice.ts'

/** A request for a customer, kept before it is first sent, so that every process sends the same with the same key. */
export interface CustomerRequest {
  readonly key: string
  readonly name: string | null
  readonly email: string | null
  readonly firstTriedAt: Date
}

/** All that is kept of a subject. */
export interface SubjectRecord {
  readonly subject: SubjectId
  /** Unique: a customer belongs to one subject. */
  readonly customerId: string | null
  readonly customerRequest: CustomerRequest | null
  /** How many customers were asked for under a key of their own; part of the next key. */
  readonly customerAttempt: number
  /** Name and email as billing was last told them. */
  readonly toldName: string | null
  readonly toldEmail: string | null
  /** The last token handed out for a reading of billing; only its holder may write what was read. */
  readonly tokenIssued: number
  readonly facts: readonly BillingFact[]
  readonly readAt: Date | null
  readonly memory: readonly SubscriptionMemory[]
  /** Whether a trial was ever had. */
  readonly trialUsed: boolean
  /** What was granted when it was last written, for the app's own row and the mirror. */
  readonly granted: GrantedAccess | null
  readonly reason: AccessReason | null
  /** Grows with each change of what is granted. */
  readonly version: number
  /** What the mirror was last told, as text; `null`: nothing yet. */
  readonly mirrored: string | null
  /** When it was told, the last ten seconds of it: Clerk bounds writes of one object. */
  readonly mirrorWrites: readonly Date[]
  readonly deletedAt: Date | null
}

/** What an event comes to: whom to look at. Nothing else of the payload is kept. */
export interface InboxEvent {
  readonly source: 'stripe' | 'clerk'
  readonly id: string
  readonly type: string
  /** Keys by which the same change is known when it is told again, the event's own id among them. */
  readonly keys: readonly string[]
  readonly receivedAt: Date
}

export type WorkKind = 'read' | 'adopt' | 'sync' | 'mirror' | 'row' | 'card' | 'notice'

/** Something to be done, kept until it is. */
export interface WorkDraft {
  /** Unique: work that is asked for again is the same work, done once more after the last asking. */
  readonly key: string
  readonly kind: WorkKind
  readonly subject: SubjectId | null
  /** What the kind needs beside the subject: a customer's id, a notice. Holds no payload of an event. */
  readonly detail: string | null
  readonly dueAt: Date
}

export interface Work extends WorkDraft {
  /** Grows each time the work is asked for. */
  readonly generation: number
  readonly attempts: number
  /** Set aside after too many failures that trying again does not cure. */
  readonly setAside: boolean
  readonly lastError: string | null
}

/** Work that one worker holds. */
export interface LeasedWork extends Work {
  readonly lease: string
}

/** What becomes of work that failed. */
export interface Postponement {
  readonly dueAt: Date
  readonly attempts: number
  readonly setAside: boolean
  readonly error: string
}

/** How the app's own row for a subject stands. */
export type AppRow = 'written' | 'missing' | 'not-mapped'

/** What can be read and written within one transaction. */
export interface StoreUnit<Transaction> {
  readonly transaction: Transaction

  subject(subject: SubjectId): Promise<SubjectRecord | null>
  subjectOfCustomer(customerId: string): Promise<SubjectRecord | null>
  /** Reads a subject and keeps others from changing it until the transaction ends; makes the record where there is none. */
  lockSubject(subject: SubjectId): Promise<SubjectRecord>
  /**
   * Writes a record that was locked.
   *
   * @throws BillingError `customer-taken` when another subject has the customer
   */
  saveSubject(record: SubjectRecord): Promise<void>
  /** Subjects with a customer whose billing was read before a moment or never, those read longest ago first. */
  subjectsReadBefore(moment: Date, limit: number): Promise<readonly SubjectId[]>

  /** Keeps an event. False: it, or its twin, is kept already. */
  addEvent(event: InboxEvent): Promise<boolean>
  /** Forgets events received before a moment. */
  forgetEvents(before: Date): Promise<number>

  /** Asks for work. Asked again, it is due at the earlier of both moments and its failures are forgotten. */
  putWork(draft: WorkDraft): Promise<void>
  /** Takes work that is due and that nobody holds, the longest due first; `keys`: only these. */
  leaseWork(ask: {
    readonly now: Date
    readonly limit: number
    readonly leaseMs: number
    readonly keys?: readonly string[]
  }): Promise<readonly LeasedWork[]>
  /** Ends work. False: the lease was lost, or the work was asked for again meanwhile and stays. */
  finishWork(work: LeasedWork): Promise<boolean>
  /** Puts work off. False: the lease was lost. */
  postponeWork(work: LeasedWork, to: Postponement): Promise<boolean>
  /** Work that waits, the longest due first; `keys`: only these. */
  waitingWork(ask: { readonly limit: number; readonly keys?: readonly string[] }): Promise<readonly Work[]>

  cursor(name: string): Promise<string | null>
  setCursor(name: string, value: string): Promise<void>

  /** The customer that the app's own row names, where a table of the app is mapped. */
  appRowCustomer(subject: SubjectId): Promise<string | null>
  /** Writes what is granted into the app's own row, where a table is mapped. */
  writeAppRow(record: SubjectRecord): Promise<AppRow>
}

/**
 * Where the SDK keeps what it must not lose. Every implementation passes the same contract suite.
 *
 * `Transaction` is what the app's own database library calls one: a `pg` client, a Kysely or Drizzle transaction, a
 * Prisma transaction client.
 */
export interface BillingStore<Transaction = unknown> {
  /** One transaction: all of it happens, or nothing. What `act` throws is thrown on. */
  unit<T>(act: (unit: StoreUnit<Transaction>) => Promise<T>): Promise<T>
  /** The same store inside a transaction that the caller began and ends. */
  within(transaction: Transaction): BillingStore<Transaction>
  /** One subject, by one query. */
  subject(subject: SubjectId): Promise<SubjectRecord | null>
}

/** The record of a subject of whom nothing is known. */
export function newSubject(subject: SubjectId): SubjectRecord {
  return {
    subject,
    customerId: null,
    customerRequest: null,
    customerAttempt: 0,
    toldName: null,
    toldEmail: null,
    tokenIssued: 0,
    facts: [],
    readAt: null,
    memory: [],
    trialUsed: false,
    granted: null,
    reason: null,
    version: 0,
    mirrored: null,
    mirrorWrites: [],
    deletedAt: null,
  }
}
