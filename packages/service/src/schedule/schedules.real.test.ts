import type { Transaction } from 'kysely'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { TestDatabase } from '../../../../test/support/database.ts'
import { createTestDatabase } from '../../../../test/support/database.ts'
import type { OfProject } from '../jobs/job-data.ts'
import { changeProject } from '../project/manage-projects.ts'
import type { Database } from '../store/index.ts'
import { openDatabase } from '../store/index.ts'
import type { Tables } from '../store/tables.ts'
import type { Schedules } from './schedules.ts'
import { createSchedules } from './schedules.ts'
import type { Task } from './tasks.ts'

const project = { workspaceId: 'default', projectId: 'prj_1' }

describe('the schedules of a project', () => {
  let test: TestDatabase
  let database: Database
  let schedules: Schedules
  let now = new Date('2026-11-21T12:00:00Z')
  const sent: { task: Task; project: OfProject }[] = []
  const send = async (task: Task, of: OfProject, _: Transaction<Tables>) => {
    sent.push({ task, project: of })
  }
  beforeEach(async () => {
    now = new Date('2026-11-21T12:00:00Z')
    sent.splice(0)
    test = await createTestDatabase()
    database = await openDatabase({ databaseUrl: test.url, home: null, clock: { now: () => now } })
    await sql`insert into trueup.project (project_id, state) values ('prj_1', 'live'), ('prj_2', 'setting-up')`.execute(
      database.system,
    )
    schedules = createSchedules({ database, clock: { now: () => now } })
    await schedules.of(project)
  })
  afterEach(async () => {
    await database.close()
    await test.drop()
  })
  const at = (moment: string) => {
    now = new Date(moment)
  }
  const runDue = async () => {
    sent.splice(0)
    await schedules.runDue(send)
    return sent.map(({ task }) => task).sort()
  }

  it('are the defaults until they are changed', async () => {
    const { timeZone, schedules: found } = await schedules.of(project)
    expect(timeZone).toBe('UTC')
    expect(found.map(({ task, cron, enabled }) => [task, cron, enabled])).toEqual([
      ['full-check', '0 3 * * *', true],
      ['recent-check', '0 * * * *', true],
      ['digest', '0 8 * * 1', true],
    ])
  })

  it('begin what is due, once, however many workers look', async () => {
    at('2026-11-21T13:30:00Z')
    await Promise.all([schedules.runDue(send), schedules.runDue(send), schedules.runDue(send)])
    expect(sent).toEqual([{ task: 'recent-check', project }])
    expect(await runDue()).toEqual([])
  })

  it('make up once for what was missed while nothing ran', async () => {
    at('2026-12-05T12:30:00Z')
    expect(await runDue()).toEqual(['digest', 'full-check', 'recent-check'])
    expect(await runDue()).toEqual([])
    at('2026-12-05T14:00:00Z')
    expect(await runDue()).toEqual(['recent-check'])
  })

  it('stay due when what they begin could not be sent', async () => {
    at('2026-11-21T13:30:00Z')
    await expect(schedules.runDue(() => Promise.reject(new Error('no queue')))).rejects.toThrow('no queue')
    expect(await runDue()).toEqual(['recent-check'])
  })

  it('wait for a project that is not live', async () => {
    await schedules.of({ workspaceId: 'default', projectId: 'prj_2' })
    at('2026-12-05T12:30:00Z')
    await runDue()
    expect(sent.every(({ project: { projectId } }) => projectId === 'prj_1')).toBe(true)
  })

  it('can be switched off and moved, task by task, in a time zone, with an entry in the ledger', async () => {
    const tasks = { 'recent-check': { enabled: false }, 'full-check': { cron: '30 4 * * *' } }
    await schedules.change(project, { timeZone: 'Asia/Tokyo', tasks }, 'person:ada@example.com')
    const { schedules: found, timeZone } = await schedules.of(project)
    expect(timeZone).toBe('Asia/Tokyo')
    expect(found.find(({ task }) => task === 'full-check')?.dueAt.toISOString()).toMatch(
      /^2026-11-21T19:[345]/,
    )
    at('2026-11-21T23:00:00Z')
    expect(await runDue()).toEqual(['full-check'])
    const { rows } = await sql`select key from trueup.ledger_draft`.execute(database.system)
    expect(rows).toHaveLength(1)
  })

  it('move with the time zone of the project, wherever that is changed', async () => {
    const dueOf = async (task: Task) =>
      (await schedules.of(project)).schedules.find((one) => one.task === task)?.dueAt.toISOString()
    expect(await dueOf('full-check')).toMatch(/^2026-11-22T03:/)
    const clock = { now: () => now }
    await changeProject({ database, clock }, project, { timeZone: 'Asia/Tokyo' }, { by: 'person:ada' })
    expect(await dueOf('full-check')).toMatch(/^2026-11-21T18:/)
    expect(await dueOf('digest')).toMatch(/^2026-11-22T23:/)
    at('2026-11-21T18:59:00Z')
    expect(await runDue()).toEqual(['full-check', 'recent-check'])
  })

  it('change nothing when one part of a change is refused', async () => {
    const change = { timeZone: 'Asia/Tokyo', tasks: { digest: { cron: 'mondays' } } }
    await expect(schedules.change(project, change, 'person:ada@example.com')).rejects.toMatchObject({
      code: 'cron-malformed',
    })
    expect((await schedules.of(project)).timeZone).toBe('UTC')
  })
})
