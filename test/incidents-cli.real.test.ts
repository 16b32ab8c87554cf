import type { Sandbox } from '@trueup/sandbox'
import { startSandbox } from '@trueup/sandbox'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildCli } from './support/build-cli.ts'
import type { Folder } from './support/cli.ts'
import { folderOf } from './support/cli.ts'
import type { TestDatabase } from './support/database.ts'
import { createTestDatabase } from './support/database.ts'

/*
 * What people do about incidents, as the published program lets them.
 */

interface Listed {
  readonly incidents: readonly {
    readonly id: string
    readonly kind: string
    readonly severity: string
    readonly state: string
    readonly assignee: string | null
  }[]
  readonly counts: { readonly total: number; readonly bySeverity: Readonly<Record<string, number>> }
}

interface Acted {
  readonly items: readonly { readonly id: string; readonly outcome: string }[]
}

let sandbox: Sandbox
let folder: Folder
let database: TestDatabase
const onDatabase = () => ({ DATABASE_URL: database.url, TRUEUP_ACTOR: 'ada' })
const run = (...args: string[]) => folder.run(['incidents', ...args], onDatabase())
const list = (...args: string[]) => folder.json<Listed>(['incidents', 'list', ...args], onDatabase())
const act = (...args: string[]) => folder.json<Acted>(['incidents', ...args], onDatabase())
const error = async (...args: string[]) => {
  const { error: told } = await folder.json<{ error: { code: string; message: string } }>(
    ['incidents', ...args],
    onDatabase(),
  )
  return told
}

beforeAll(async () => {
  buildCli()
  sandbox = await startSandbox({ world: 'demo', seed: 1 })
  folder = await folderOf(sandbox, 'configured')
  database = await createTestDatabase()
  await folder.run(['check', '--quiet', '--settle', '0'], onDatabase())
})
afterAll(async () => {
  await folder.remove()
  await sandbox.close()
  await database.drop()
})

describe('trueup incidents', () => {
  test('lists what stands open, the worst first, and what a filter means', async () => {
    const all = await list()
    expect(all.incidents.length).toBeGreaterThan(3)
    expect(all.counts.total).toBe(all.incidents.length)
    const worst = await list('--severity', 'critical')
    expect(worst.incidents).toEqual(all.incidents.slice(0, all.counts.bySeverity.critical))
    const [first] = all.incidents
    expect((await list('--text', first?.id ?? '')).incidents).toEqual([first])
    expect((await list('--all', '--sort', 'money', '-n', '2')).incidents).toHaveLength(2)
    const { out } = await run('list')
    expect(out).toContain(first?.id)
    expect(out).toContain(`${all.counts.total} incidents`)
  })

  test('acts on one, says who did it, and does it once', async () => {
    const [one] = (await list()).incidents
    const id = one?.id ?? ''
    expect(await act('acknowledge', id)).toMatchObject({ items: [{ id, outcome: 'changed' }], status: 0 })
    expect(await act('acknowledge', id)).toMatchObject({ items: [{ id, outcome: 'unchanged' }] })
    await act('assign', id, '--to', 'grace')
    await act('comment', id, '--say', 'The webhook was down.', '--as', 'grace')
    const { out } = await run('show', id)
    expect(out).toContain('incident-acknowledged by ada')
    expect(out).toContain('incident-assigned to grace by ada')
    expect(out).toContain('incident-commented by grace: The webhook was down.')
    const { entries } = await folder.json<{ entries: readonly { act: string }[] }>(
      ['ledger', 'show', '--incident', id],
      onDatabase(),
    )
    expect(entries.map((entry) => entry.act)).toEqual([
      'incident-opened',
      'incident-acknowledged',
      'incident-assigned',
      'incident-commented',
    ])
    expect((await list('--assignee', 'grace')).incidents.map((incident) => incident.id)).toEqual([id])
  })

  test('acts on all that a filter means once their number is named, and on nothing by leaving something out', async () => {
    const open = await list('--state', 'open')
    const [kind] = open.incidents.map((incident) => incident.kind)
    const count = String(open.incidents.filter((incident) => incident.kind === kind).length)
    const ignore = ['ignore', '--kind', kind ?? '', '--state', 'open', '--reason', 'a migration']
    expect(await error('acknowledge')).toMatchObject({ code: 'option-invalid' })
    expect(await error(...ignore)).toMatchObject({ code: 'option-invalid' })
    expect(await error(...ignore, '--count', '99')).toMatchObject({ code: 'count-differs' })
    const { items } = await act(...ignore, '--count', count)
    expect(items.map(({ outcome }) => outcome)).toEqual(
      Array.from({ length: Number(count) }, () => 'changed'),
    )
    expect((await list('--state', 'ignored')).counts.total).toBe(Number(count))
    const reopened = await act('reopen', ...items.map(({ id }) => id))
    expect(reopened.items.every(({ outcome }) => outcome === 'changed')).toBe(true)
  })

  test('refuses what makes no sense, and says so of each', async () => {
    const [one] = (await list()).incidents
    const id = one?.id ?? ''
    const refused = await act('reopen', id, 'inc_nobody')
    expect(refused.items).toMatchObject([
      { id, outcome: expect.stringMatching(/refused|unchanged/) },
      { id: 'inc_nobody', outcome: 'refused', code: 'incident-unknown' },
    ])
    expect(refused.status).toBe(2)
    const past = await act('ignore', id, '--reason', 'x', '--until', '2020-01-01')
    expect(past.items).toMatchObject([{ outcome: 'refused', code: 'end-passed' }])
    expect(await error('show', 'inc_nobody')).toMatchObject({ code: 'incident-unknown' })
  })
})
