import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { TestDatabase } from '../../../../test/support/database.ts'
import { createTestDatabase } from '../../../../test/support/database.ts'
import { systemClock, systemTimer } from '../adapters/system.ts'
import type { Database } from '../store/index.ts'
import { openDatabase } from '../store/index.ts'
import type { AnyQueue, Job, Queue } from './jobs.ts'
import type { RunningJobs } from './start-jobs.ts'
import { startJobs } from './start-jobs.ts'

const data = { workspaceId: 'default', projectId: 'prj_1' }

describe.each(['server', 'embedded'] as const)('jobs on the %s database', (place) => {
  let test: TestDatabase | null = null
  let database: Database
  const running: RunningJobs[] = []
  const failures: string[] = []
  beforeEach(async () => {
    test = place === 'server' ? await createTestDatabase() : null
    database = await openDatabase({ databaseUrl: test?.url, home: null, clock: systemClock })
  })
  afterEach(async () => {
    for (const jobs of running.splice(0)) await jobs.stop({ withinMs: 2_000 })
    failures.splice(0)
    await database.close()
    await test?.drop()
  })

  const start = async (queue: Partial<Queue<'check.single'>> & Pick<Queue<'check.single'>, 'handle'>) => {
    const queues: AnyQueue[] = [{ name: 'check.single', concurrency: 2, ...queue }]
    const jobs = await startJobs({
      database,
      timer: systemTimer,
      queues,
      supervises: true,
      onError: (error) => failures.push(error.message),
      onJobFailed: () => {},
    })
    running.push(jobs)
    return { jobs, work: () => jobs.work(queues) }
  }
  const db = () => database.scoped(data)
  /** Jobs handed to a worker, in the order in which they came. */
  const worker = () => {
    const got: Job<'check.single'>[] = []
    const waiting: { readonly count: number; readonly resolve: () => void }[] = []
    return {
      got,
      handle: async (job: Job<'check.single'>) => {
        got.push(job)
        for (const one of waiting) if (got.length >= one.count) one.resolve()
      },
      has: (count: number) =>
        new Promise<void>((resolve) => {
          if (got.length >= count) resolve()
          else waiting.push({ count, resolve })
        }),
    }
  }

  it('brings a job with its data to a worker', async () => {
    const { got, handle, has } = worker()
    const { jobs, work } = await start({ handle })
    await work()
    await jobs.send('check.single', data)
    await has(1)
    expect(got[0]?.data).toEqual(data)
    expect(failures).toEqual([])
  })

  it('waits for what is at work when it stops, and gives back what takes longer', async () => {
    const { handle, has } = worker()
    let finish = () => {}
    let isFinished = false
    const { jobs, work } = await start({
      handle: async (job) => {
        const finished = new Promise<void>((resolve) => {
          finish = resolve
        })
        await handle(job)
        await finished
        isFinished = true
      },
    })
    await work()
    await jobs.send('check.single', data)
    await has(1)
    const stopping = jobs.stop({ withinMs: 20_000 })
    finish()
    await stopping
    expect(isFinished).toBe(true)

    const other = worker()
    const never = new Promise<void>(() => {})
    const next = await start({
      handle: async (job) => {
        await other.handle(job)
        await never
      },
    })
    await next.work()
    await next.jobs.send('check.single', data)
    await other.has(1)
    await next.jobs.stop({ withinMs: 50 })
    const { rows } = await database.pool.query(
      "select state, count(*)::int as jobs from trueup_jobs.job where name = 'check.single' group by state order by state",
    )
    expect(rows).toEqual([
      { state: 'retry', jobs: 1 },
      { state: 'completed', jobs: 1 },
    ])
    expect(failures).toEqual([])
  })

  it('keeps one waiting job under a key', async () => {
    const { got, handle, has } = worker()
    const { jobs, work } = await start({ handle })
    for (let n = 0; n < 5; n++) await jobs.send('check.single', data, { key: 'cus_1' })
    await jobs.send('check.single', data, { key: 'cus_2' })
    await work()
    await has(2)
    expect(got).toHaveLength(2)
  })

  it('sends in a transaction only if that is kept, also beside other statements of it', async () => {
    const { got, handle, has } = worker()
    const { jobs, work } = await start({ handle })
    const abandoned = db()
      .transaction()
      .execute(async (tx) => {
        await jobs.send('check.single', data, { key: 'abandoned', tx })
        throw new Error('rolled back')
      })
    await expect(abandoned).rejects.toThrow('rolled back')
    await db()
      .transaction()
      .execute(async (tx) => {
        await sql`select 1`.execute(tx)
        await jobs.send('check.single', data, { key: 'kept', tx })
        await sql`select 1`.execute(tx)
      })
    await work()
    await has(1)
    expect(got).toHaveLength(1)
  })

  it('sets a job aside that fails at every try, and sends it again when a person says so', async () => {
    const { got, handle, has } = worker()
    let isBroken = true
    const { jobs, work } = await start({
      retries: 0,
      handle: async (job) => {
        if (isBroken) throw new Error('broken')
        await handle(job)
      },
    })
    await work()
    await jobs.send('check.single', data)
    await expect
      .poll(() => jobs.setAside(10), { timeout: 20_000 })
      .toMatchObject([{ queue: 'check.single', data }])
    isBroken = false
    const ids = (await jobs.setAside(10)).map(({ id }) => id)
    expect(await jobs.sendAgain(ids)).toBe(1)
    await has(1)
    expect(got).toHaveLength(1)
    expect(await jobs.setAside(10)).toEqual([])
  })
})
