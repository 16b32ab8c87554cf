import type { Transaction } from 'kysely'
import type { JobData, QueueName } from './job-data.ts'

export interface SendOptions {
  /** At most one job of the queue waits under this key: one that is sent again while it waits is the same job. */
  readonly key?: string
  readonly startAfter?: Date
  /** Sent in this transaction: the job is there if, and only if, the state that it belongs to is. */
  // biome-ignore lint/suspicious/noExplicitAny: a transaction over whichever tables the caller knows
  readonly tx?: Transaction<any>
}

/** Sends work to whichever worker is free. */
export interface Jobs {
  /** @throws StoreError when the database cannot take it; nothing was sent then. */
  send<Q extends QueueName>(queue: Q, data: JobData[Q], options?: SendOptions): Promise<void>
}

export interface Job<Q extends QueueName> {
  readonly id: string
  readonly data: JobData[Q]
  /** Aborted when the worker is to stop: end at the next safe point; the job comes again. */
  readonly signal: AbortSignal
}

/** A queue and what is done with its jobs. A handler may run twice, late, and beside another on the same thing. */
export interface Queue<Q extends QueueName = QueueName> {
  readonly name: Q
  /** Jobs of this queue that one process works on side by side. */
  readonly concurrency: number
  /** Of those, the most of one project, so that a busy one leaves room for others. Default: all but one, at least one. */
  readonly concurrencyOfProject?: number
  /** Only one job under a key is worked on at a time, over all processes. Default: false. */
  readonly oneAtATime?: boolean
  /** Tries after the first, with growing pauses; then the job is set aside, to be seen and sent again by a person. Default 11. */
  readonly retries?: number
  /** Seconds until a try counts as lost though its worker is alive. Default 15 minutes. */
  readonly expireInSeconds?: number
  /** Throwing means that it is tried again. */
  handle(job: Job<Q>): Promise<void>
}

/** A queue of any name, for lists of them. */
export type AnyQueue = { [Q in QueueName]: Queue<Q> }[QueueName]
