import type { Timer } from '@trueup/core'
import type { Jobs } from '../jobs/jobs.ts'
import type { Database } from '../store/index.ts'
import { StoreError } from '../store/index.ts'
import type { Arrival, Stored } from './store-events.ts'
import { storeEvents } from './store-events.ts'
import type { ProjectTenant } from './tables.ts'

/** Batches of one project that are under way at a time: while one is committed, another is gathered and sent. */
const mostRunners = 2

/** Why an event was not even tried. */
export class InboxFull extends Error {
  override readonly name = 'InboxFull'
}

/** Takes events one by one and stores them in batches; each is answered when its own batch is durable. */
export interface EventWriter {
  /**
   * @throws InboxFull when too many wait already
   * @throws StoreError when it was not stored
   */
  store(tenant: ProjectTenant, arrival: Arrival): Promise<Stored>
  /** Resolves when nothing waits or is under way. */
  drain(): Promise<void>
}

export interface EventWriterOptions {
  readonly database: Database
  readonly jobs: Jobs
  readonly timer: Timer
  /** The most events of a batch. Default 128. */
  readonly mostInBatch?: number
  /** How long the first event of a batch waits for others while another batch is under way, in milliseconds. Default 5. */
  readonly windowMs?: number
  /** The most events that may wait in this process. Default 5,000. */
  readonly mostWaiting?: number
  /** The most that their payloads may hold together, in bytes. Default 128 MiB. */
  readonly mostWaitingBytes?: number
}

/** A batch whose payloads hold more is made of fewer events, in bytes. */
const mostBatchBytes = 4 * 1024 * 1024
const defaultWaitingBytes = 128 * 1024 * 1024

interface Waiting {
  readonly arrival: Arrival
  resolve(stored: Stored): void
  reject(error: unknown): void
}

/** What waits of one project, and how many work on it. */
interface Queue {
  readonly waiting: Waiting[]
  runners: number
}

/**
 * Batches by project, since a transaction sees the rows of one alone.
 *
 * @example
 * const writer = createEventWriter({ database, jobs, timer })
 * const stored = await writer.store(tenant, arrival)
 */
export function createEventWriter(options: EventWriterOptions): EventWriter {
  const { database, jobs, timer, mostInBatch = 128, windowMs = 5 } = options
  const { mostWaiting = 5_000, mostWaitingBytes = defaultWaitingBytes } = options
  const queues = new Map<string, Queue>()
  const running = new Set<Promise<void>>()
  let waiting = 0
  let waitingBytes = 0

  const run = async (key: string, tenant: ProjectTenant, queue: Queue) => {
    // What comes alone is stored at once; while that is under way, others gather.
    if (queue.runners > 1 && queue.waiting.length < mostInBatch) await timer.sleep(windowMs)
    while (queue.waiting.length > 0) {
      const batch = queue.waiting.splice(0, batchLength(queue.waiting, mostInBatch))
      await storeBatch({ database, jobs }, tenant, batch)
      waiting -= batch.length
      waitingBytes -= bytesOf(batch)
    }
    queue.runners--
    if (queue.runners === 0) queues.delete(key)
  }

  return {
    store(tenant, arrival) {
      if (waiting >= mostWaiting || waitingBytes >= mostWaitingBytes) {
        return Promise.reject(new InboxFull(`${waiting} events wait to be stored already.`))
      }
      waiting++
      waitingBytes += arrival.event.payload.length
      return new Promise((resolve, reject) => {
        const key = `${tenant.workspaceId}\n${tenant.projectId}`
        const one: Waiting = { arrival, resolve, reject }
        const queue = queues.get(key) ?? { waiting: [], runners: 0 }
        queues.set(key, queue)
        queue.waiting.push(one)
        // The first that waits calls a runner; those after it are in its batch.
        if (queue.runners >= mostRunners || queue.waiting.length > 1) return
        queue.runners++
        const runner = run(key, tenant, queue).finally(() => running.delete(runner))
        running.add(runner)
      })
    },
    async drain() {
      while (running.size > 0) await Promise.all(running)
    },
  }
}

function bytesOf(batch: readonly Waiting[]): number {
  return batch.reduce((bytes, { arrival }) => bytes + arrival.event.payload.length, 0)
}

/** How many of those that wait make a batch: at least one, however large it is. */
function batchLength(queue: readonly Waiting[], most: number): number {
  let bytes = 0
  const over = queue.slice(0, most).findIndex(({ arrival }, place) => {
    bytes += arrival.event.payload.length
    return place > 0 && bytes > mostBatchBytes
  })
  return over === -1 ? most : over
}

/** A batch that the database refuses is stored event by event, so that one that it cannot hold fails alone. */
async function storeBatch(
  stores: { readonly database: Database; readonly jobs: Jobs },
  tenant: ProjectTenant,
  batch: readonly Waiting[],
): Promise<void> {
  try {
    const stored = await storeEvents(
      stores,
      tenant,
      batch.map(({ arrival }) => arrival),
    )
    for (const [index, one] of batch.entries()) one.resolve(stored[index] ?? 'duplicate')
  } catch (error) {
    const isOneOfThem = error instanceof StoreError && error.code === 'query-failed' && batch.length > 1
    if (!isOneOfThem) {
      for (const one of batch) one.reject(error)
      return
    }
    for (const one of batch) await storeBatch(stores, tenant, [one])
  }
}
