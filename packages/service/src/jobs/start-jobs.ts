import { AsyncLocalStorage } from 'node:async_hooks'
import type { Timer } from '@trueup/core'
import { PgBoss } from 'pg-boss'
import type { Database } from '../store/database.ts'
import { appRole } from '../store/migrations/0006-tenants.ts'
import type { QueueName } from './job-data.ts'
import type { AnyQueue, Job, Jobs } from './jobs.ts'

const schema = 'trueup_jobs'
/** Where jobs go that failed at every try. */
const setAside = 'set-aside'
/** A worker that is silent for so long is dead, and its jobs go to another. */
const heartbeatSeconds = 20
const day = 86_400

export interface RunningJobs extends Jobs {
  /** Begins to work on these queues. */
  work(queues: readonly AnyQueue[]): Promise<void>
  /** Stops fetching, waits for what is at work at most so long, and gives the rest back. */
  stop(options: { readonly withinMs: number }): Promise<void>
  /** Jobs by queue, for metrics and `doctor`. */
  counts(): Promise<readonly { readonly queue: string; readonly waiting: number; readonly active: number }[]>
  /** Jobs that failed at every try, newest first. */
  setAside(limit: number): Promise<readonly SetAsideJob[]>
  /** Sends jobs that were set aside once more. Gives how many that were. */
  sendAgain(ids: readonly string[]): Promise<number>
}

export interface SetAsideJob {
  readonly id: string
  readonly queue: string
  readonly data: unknown
  readonly setAsideAt: Date
}

export interface JobsOptions {
  readonly database: Database
  readonly timer: Timer
  readonly queues: readonly AnyQueue[]
  /** Runs each try of a job, for whoever follows it. */
  readonly follow?: (queue: QueueName, jobId: string, work: () => Promise<void>) => Promise<void>
  /** Told of what fails outside of any job. It must not throw. */
  readonly onError: (error: Error) => void
  /** Told of each try of a job that failed. */
  readonly onJobFailed: (queue: QueueName, jobId: string, error: unknown) => void
  /** Whether this process looks after the queues: retries of dead workers, schedules, tidying. Workers do. */
  readonly supervises: boolean
}

/**
 * Opens the queues on the database that holds the state, so that a job can be sent in the transaction of the state it
 * belongs to. Any number of processes may do so.
 *
 * @throws StoreError
 */
export async function startJobs(options: JobsOptions): Promise<RunningJobs> {
  const { database, queues, follow = (_queue, _jobId, work) => work() } = options
  // What the library looks up while it sends goes through the sender's own connection: the embedded database has one
  // session, and a second connection would wait for the transaction that waits for it.
  const sender = new AsyncLocalStorage<Executor>()
  const db = databaseOf(database, options.timer, () => sender.getStore())
  const boss = new PgBoss({
    db,
    schema,
    supervise: options.supervises,
    schedule: false,
    superviseIntervalSeconds: 10,
    useListenNotify: true,
    // Maintenance that wants connections and background workers of a server.
    ...(database.isEmbedded ? { backend: 'pglite' as const, reindex: false, monitorVacuum: false } : {}),
  })
  boss.on('error', options.onError)
  await boss.start()
  await boss.createQueue(setAside, { retentionSeconds: 90 * day, deleteAfterSeconds: 0 })
  for (const queue of queues) {
    const settings = {
      retryLimit: queue.retries ?? 11,
      retryDelay: 5,
      retryBackoff: true,
      retryDelayMax: 3600,
      deadLetter: setAside,
      expireInSeconds: queue.expireInSeconds ?? 900,
      heartbeatSeconds,
      retentionSeconds: 30 * day,
      deleteAfterSeconds: day,
      notify: true,
    }
    const policy = queue.oneAtATime ? 'stately' : 'short'
    await boss.createQueue(queue.name, { ...settings, policy })
    await boss.updateQueue(queue.name, settings)
  }
  await database.pool.query(grants)
  let made = 0
  const worked = new Set<QueueName>()

  return {
    async send(queue, data, { key, startAfter, tx } = {}) {
      const options = {
        singletonKey: key ?? `once:${process.pid}:${process.hrtime.bigint()}:${++made}`,
        group: { id: data.projectId },
        ...(startAfter ? { startAfter } : {}),
      }
      const execute: Executor | undefined =
        tx &&
        ((text, values) =>
          tx.executeQuery({
            sql: text,
            parameters: values,
            query: { kind: 'RawNode', sqlFragments: [text], parameters: [] },
            queryId: { queryId: 'jobs' },
          }))
      if (execute) await sender.run(execute, () => boss.send(queue, data, options))
      else await boss.send(queue, data, options)
    },

    async work(queuesToWork) {
      for (const queue of queuesToWork) {
        worked.add(queue.name)
        const workOptions = {
          batchSize: 1,
          localConcurrency: queue.concurrency,
          localGroupConcurrency: queue.concurrencyOfProject ?? Math.max(1, queue.concurrency - 1),
          pollingIntervalSeconds: 2,
          // A notification is a shortcut; a job that was sent again by hand has none.
          notifyPollingIntervalSeconds: 2,
          burstWhenBatchFull: true,
        }
        await boss.work<Job<QueueName>['data']>(queue.name, workOptions, async (jobs) => {
          for (const job of jobs) {
            try {
              const handle = queue.handle as (job: Job<QueueName>) => Promise<void>
              await follow(queue.name, job.id, () => handle(job as Job<QueueName>))
            } catch (error) {
              options.onJobFailed(queue.name, job.id, error)
              throw error
            }
          }
        })
      }
    },

    async stop({ withinMs }) {
      // The library itself looks only twice a second whether its workers have ended.
      const ended = Promise.allSettled([...worked].map((name) => boss.offWork(name, { wait: true })))
      const inTime = new AbortController()
      const late = options.timer.sleep(withinMs, inTime.signal).catch(() => {})
      await Promise.race([ended, late])
      inTime.abort()
      await boss.stop({ graceful: false, close: false })
    },

    async counts() {
      const found = await boss.getQueues()
      return found.map(({ name, queuedCount, activeCount }) => ({
        queue: name,
        waiting: queuedCount,
        active: activeCount,
      }))
    },

    async setAside(limit) {
      const { rows } = await database.pool.query<{
        readonly id: string
        readonly source_name: string | null
        readonly data: unknown
        readonly created_on: Date
      }>(
        `select id, source_name, data, created_on from ${schema}.job
          where name = $1 and state < 'active' order by created_on desc limit $2`,
        [setAside, limit],
      )
      return rows.map((row) => ({
        id: row.id,
        queue: row.source_name ?? 'unknown',
        data: row.data,
        setAsideAt: row.created_on,
      }))
    },

    async sendAgain(ids) {
      return await boss.redrive(setAside, { ids: [...ids] })
    },
  }
}

type Executor = (text: string, values: readonly unknown[]) => Promise<{ rows: unknown[] }>

/** The database as the library wants it: our own pool, or the transaction that something is being sent in. */
function databaseOf({ pool }: Database, timer: Timer, current: () => Executor | undefined) {
  return {
    // biome-ignore lint/suspicious/noExplicitAny: the shape that the library asks for
    async executeSql(text: string, values: unknown[] = []): Promise<{ rows: any[] }> {
      const execute = current()
      // Without parameters several statements may come as one text, and each gives a result of its own.
      const result = execute
        ? await execute(text, values)
        : await pool.query(text, values.length > 0 ? values : undefined)
      return Array.isArray(result) ? { rows: result.flatMap(({ rows }) => rows) } : result
    },

    async listen(channel: string, onNotification: (payload: string) => void, onReconnect: () => void) {
      let isClosed = false
      let close = () => {}
      const open = async () => {
        const client = await pool.connect()
        let isDropped = false
        // A connection that is given back may still hear that the server ended it.
        const drop = (error?: Error) => {
          if (isDropped) return
          isDropped = true
          client.removeAllListeners('notification')
          client.release(error ?? true)
        }
        client.on('notification', (message) => onNotification(message.payload ?? ''))
        client.once('error', (error) => {
          drop(error)
          if (!isClosed) void reopen()
        })
        close = () => drop()
        await client.query(`listen "${channel.replaceAll('"', '""')}"`)
        onReconnect()
      }
      const reopen = async () => {
        while (!isClosed) {
          try {
            return await open()
          } catch {
            // Work is polled for meanwhile.
            await timer.sleep(1_000)
          }
        }
      }
      await open()
      return {
        async close() {
          isClosed = true
          close()
        },
      }
    },
  }
}

/** Whoever writes state may send a job with it. */
const grants = `do $$
begin
  if exists (select from pg_roles where rolname = '${appRole}') then
    grant usage on schema ${schema} to ${appRole};
    grant select, insert, update on all tables in schema ${schema} to ${appRole};
  end if;
end
$$`
