import type { Timer } from '@trueup/core'
import type { Jobs } from '../jobs/jobs.ts'
import type { Database } from '../store/index.ts'
import { StoreError } from '../store/index.ts'
import type { Arrival, Stored } from './store-events.ts'
import { storeEvents } from './store-events.ts'
import type { ProjectTenant } from './tables.ts'

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
  /** How long the first event of a batch waits for others, in milliseconds. Default 5. */
  readonly windowMs?: number
  /** The most events that may wait in this process. Default 5,000. */
  readonly mostWaiting?: number
}

interface Waiting {
  readonly arrival: Arrival
  resolve(stored: Stored): void
  reject(error: unknown): void
}

/**
 * Batches by project, since a transaction sees the rows of one alone. A project's batches follow one another: while one
 * is committed, the next gathers.
 *
 * @example
 * const writer = createEventWriter({ database, jobs, timer })
 * const stored = await writer.store(tenant, arrival)
 */
export function createEventWriter(options: EventWriterOptions): EventWriter {
  const { database, jobs, timer, mostInBatch = 128, windowMs = 5, mostWaiting = 5_000 } = options
  const gathering = new Map<string, Waiting[]>()
  const running = new Set<Promise<void>>()
  let waiting = 0

  const run = async (key: string, tenant: ProjectTenant, queue: Waiting[]) => {
    if (queue.length < mostInBatch) await timer.sleep(windowMs)
    while (queue.length > 0) {
      const batch = queue.splice(0, mostInBatch)
      await storeBatch({ database, jobs }, tenant, batch)
      waiting -= batch.length
    }
    gathering.delete(key)
  }

  return {
    store(tenant, arrival) {
      if (waiting >= mostWaiting) {
        return Promise.reject(new InboxFull(`${waiting} events wait to be stored already.`))
      }
      waiting++
      return new Promise((resolve, reject) => {
        const key = `${tenant.workspaceId}\n${tenant.projectId}`
        const one: Waiting = { arrival, resolve, reject }
        const queue = gathering.get(key)
        if (queue) {
          queue.push(one)
          return
        }
        const begun = [one]
        gathering.set(key, begun)
        const run_ = run(key, tenant, begun).finally(() => running.delete(run_))
        running.add(run_)
      })
    },
    async drain() {
      while (running.size > 0) await Promise.all(running)
    },
  }
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
