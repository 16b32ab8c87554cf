import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Sandbox } from '@trueup/sandbox'
import { startSandbox } from '@trueup/sandbox'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildCli } from './support/build-cli.ts'
import type { Folder } from './support/cli.ts'
import { folderOf } from './support/cli.ts'
import type { TestDatabase } from './support/database.ts'
import { createTestDatabase } from './support/database.ts'
import { pythonMissing, runPython } from './support/run-python.ts'

/*
 * The ledger as the published program keeps it, from a check to the proof.
 */

interface Shown {
  readonly size: number
  readonly checkpoint: { readonly size: number; readonly note: string } | null
  readonly entries: readonly {
    readonly sequence: number
    readonly act: string
    readonly at: string
    readonly about: { readonly incident?: string; readonly check?: string }
    readonly facts: Record<string, unknown>
    readonly persons: readonly string[]
    readonly personal: Record<string, unknown> | null
    readonly erased: boolean
  }[]
}

let sandbox: Sandbox
let folder: Folder
let database: TestDatabase
let key: string
const onDatabase = () => ({ DATABASE_URL: database.url })
const run = (args: readonly string[]) => folder.run(args, onDatabase())
const show = (...args: string[]) => folder.json<Shown>(['ledger', 'show', ...args], onDatabase())
const verify = (file: string, ...args: string[]) =>
  folder.json<{ ok: boolean; entries: number; problem?: { code: string; sequence: number | null } }>(
    ['ledger', 'verify', file, '--key', key, ...args],
    // What verifies needs nothing of where the ledger is kept.
    { DATABASE_URL: 'postgres://nowhere.invalid/none', TRUEUP_HOME: '/nonexistent' },
  )

async function sql(text: string): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  try {
    return (await client.query(text)).rows ?? []
  } finally {
    await client.end()
  }
}

beforeAll(async () => {
  buildCli()
  sandbox = await startSandbox({ world: 'demo', seed: 1 })
  folder = await folderOf(sandbox, 'configured')
  database = await createTestDatabase()
  await run(['check', '--quiet', '--settle', '0'])
  key = (await run(['ledger', 'key'])).out.trim()
})
afterAll(async () => {
  await folder.remove()
  await sandbox.close()
  await database.drop()
})

describe('after a check', () => {
  test('the ledger holds its begin, its end and every incident, signed', async () => {
    const { entries, size, checkpoint } = await show('--limit', '1000')
    expect(entries.map(({ act }) => act)).toEqual([
      'project-created',
      'check-started',
      ...entries.slice(2, -1).map(() => 'incident-opened'),
      'check-finished',
    ])
    expect(checkpoint?.size).toBe(size)
    const incidents = await sql('select incident_id from trueup.incident order by 1')
    const told = entries.flatMap(({ about }) => about.incident ?? []).sort()
    expect(told).toEqual(incidents.map((row) => row.incident_id))
  })

  test('no entry says whom it is about; that stands beside it', async () => {
    const bytes = await sql(`select convert_from(entry, 'UTF8') as entry from trueup.ledger_entry`)
    const chain = bytes.map(({ entry }) => entry).join('\n')
    const { entries } = await show('--limit', '1000')
    const named = new Set(entries.flatMap(({ persons }) => persons))
    expect(named.size).toBeGreaterThan(5)
    for (const person of named) expect(chain).not.toContain(person.replace(/^\w+:/, ''))
  })

  test('a dry run enters nothing', async () => {
    const { size } = await show()
    await run(['check', '--quiet', '--settle', '0', '--dry-run'])
    expect((await show()).size).toBe(size)
  })

  test('a second check says once of all that it saw them again', async () => {
    const before = await show('--limit', '1000')
    await run(['check', '--quiet', '--settle', '0'])
    const after = await show('--limit', '1000')
    const added = after.entries.slice(before.size)
    const acts = new Set(added.map(({ act }) => act))
    expect([...acts]).toEqual(['check-started', 'incident-seen-again', 'check-finished'])
    expect(added.filter(({ about }) => about.incident)).toEqual([])
    const seen = added.flatMap(({ facts }) => facts.incidents ?? [])
    expect(seen.sort()).toEqual(before.entries.flatMap(({ about }) => about.incident ?? []).sort())
  })

  test('the incidents can be built again from it', async () => {
    const checked = await run(['ledger', 'rebuild', '--check'])
    expect(checked.out).toMatch(/records say the same/)
    expect(checked.status).toBe(0)
    const [row] = await sql(`select incident_id, incident::text from trueup.incident order by 1 limit 1`)
    await sql(`delete from trueup.incident where incident_id = '${row?.incident_id}'`)
    expect((await run(['ledger', 'rebuild', '--check'])).status).toBe(1)
    expect((await run(['ledger', 'rebuild'])).status).toBe(0)
    const [again] = await sql(`select incident::text from trueup.incident order by 1 limit 1`)
    const plain = (text: unknown) => String(text).replaceAll(/"readAt":\{[^}]*\}/g, '')
    const sorted = (text: unknown) => [...plain(text)].sort().join('')
    expect(sorted(again?.incident)).toBe(sorted(row?.incident))
  })

  test('a person reads who did what to whom', async () => {
    const { out } = await run(['ledger', 'show', '--limit', '5'])
    expect(out).toMatch(/check-finished .* drift/)
    expect(out).toMatch(/entries in trueup\/local\/[0-9a-f]{8}, signed over all of them/)
  })
})

describe('an export', () => {
  test('is verified with the public key alone, and its mode is for its owner', async () => {
    const { status, out } = await run(['ledger', 'export', 'all.ndjson'])
    expect({ status, told: out.includes('Verify it with') }).toEqual({ status: 0, told: true })
    const found = await verify('all.ndjson')
    expect(found).toMatchObject({ status: 0, ok: true, entries: (await show()).size })
  })

  test.skipIf(pythonMissing)(`is verified by the Python program as well ${pythonMissing ?? ''}`, async () => {
    await run(['ledger', 'export', 'python.ndjson'])
    const program = join(import.meta.dirname, 'verify_ledger.py')
    const said = runPython<{ ok: boolean }>([program, folder.file('python.ndjson'), '--key', key])
    expect(said).toMatchObject({ status: 0, lines: [{ ok: true }] })
  })

  test('that somebody changed names the entry', async () => {
    await run(['ledger', 'export', 'good.ndjson'])
    const text = await readFile(folder.file('good.ndjson'), 'utf8')
    await folder.write('bad.ndjson', text.replace('"severity":"critical"', '"severity":"low"'))
    const found = await verify('bad.ndjson')
    expect(found).toMatchObject({ status: 1, ok: false, problem: { code: 'entry-changed' } })
    const lines = text.split('\n').filter((line) => line.includes('"previous"'))
    expect(found.problem?.sequence).toBe(lines.findIndex((line) => line.includes('"severity":"critical"')))
    const { out, status } = await folder.run(['ledger', 'verify', 'bad.ndjson', '--key', key])
    expect({ status, names: out.includes(`entry ${found.problem?.sequence}`) }).toEqual({
      status: 1,
      names: true,
    })
  })

  test('of one person holds what the ledger says of that person, with the proof, and of nobody else', async () => {
    const { entries } = await show('--limit', '1000')
    const subject =
      entries.flatMap(({ persons }) => persons).find((person) => person.startsWith('user:')) ?? ''
    const of = entries.filter(({ persons }) => persons.includes(subject))
    await run(['ledger', 'export', 'one.ndjson', '--subject', subject, '--proofs', 'proofs'])
    expect(await verify('one.ndjson')).toMatchObject({ ok: true, scope: 'extract', entries: of.length })
    const text = await readFile(folder.file('one.ndjson'), 'utf8')
    const others = entries
      .flatMap(({ persons }) => persons)
      .filter((person) => person.startsWith('user:') && person !== subject)
    for (const other of others) expect(text).not.toContain(`"${other}"`)
    const [first] = of
    const proof = await readFile(folder.file(`proofs/${first?.sequence}.tlog-proof`), 'utf8')
    expect(proof).toMatch(/^c2sp\.org\/tlog-proof@v1\nindex \d+\n/)
  })

  test('as CSV has a line an entry and no cell that a spreadsheet would run', async () => {
    await run(['ledger', 'export', 'all.csv', '--format', 'csv'])
    const text = await readFile(folder.file('all.csv'), 'utf8')
    expect(text).toMatch(/^sequence,at,act,/)
    expect(text).not.toMatch(/(^|,)[=+@-]/m)
    expect(text.match(/^\d+,/gm)).toHaveLength((await show()).size)
  })

  test('is compared with a checkpoint that was kept', async () => {
    const home = folder.file('.trueup/ledger-checkpoints')
    const [origin = ''] = await readdir(home)
    const [first = ''] = (await readdir(join(home, origin))).sort()
    const kept = join(home, origin, first)
    await run(['ledger', 'export', 'now.ndjson'])
    expect(await verify('now.ndjson', '--checkpoint', kept)).toMatchObject({ ok: true, continues: 1 })
  })
})

describe('what cannot be told', () => {
  test.each([
    ['a file that is not there', ['verify', 'nowhere.ndjson', '--key'], 'file-unreadable'],
    ['nobody of a type', ['show', '--subject', 'u1'], 'option-invalid'],
    ['two at once', ['show', '--subject', 'user:u1', '--customer', 'cus_1'], 'option-invalid'],
    ['nobody to erase', ['erase', '--yes'], 'option-invalid'],
  ])('%s exits with 2 and says why', async (_, args, code) => {
    const given = args.at(-1) === '--key' ? [...args, key] : args
    const { status, out } = await run(['ledger', ...given, '--json'])
    expect({ status, code: JSON.parse(out).error.code }).toEqual({ status: 2, code })
  })

  test('a key that is none exits with 2', async () => {
    const { status, err } = await run([
      'ledger',
      'verify',
      'all.ndjson',
      '--key',
      'trueup/local/1+00000000+AAAA',
    ])
    expect({ status, told: err.includes('key-malformed') }).toEqual({ status: 2, told: true })
  })
})

describe('a person who is erased', () => {
  test('is named nowhere in the ledger any more, and every proof still holds', async () => {
    const { entries } = await show('--limit', '1000')
    const subject =
      entries.flatMap(({ persons }) => persons).find((person) => person.startsWith('user:')) ?? ''
    expect((await run(['ledger', 'erase', '--subject', subject])).status).toBe(2)
    expect((await run(['ledger', 'erase', '--subject', subject, '--yes'])).status).toBe(0)
    expect((await show('--subject', subject)).entries).toEqual([])
    const { out } = await run(['ledger', 'rebuild', '--check'])
    expect(out).toContain('erased')
  })
})

describe('the signing key', () => {
  test('is a file for its owner alone', () => {
    expect(existsSync(folder.file('.trueup/ledger-key'))).toBe(true)
  })

  test('that follows another is trusted by whoever trusts that one', async () => {
    const before = key
    const after = (await run(['ledger', 'key', '--rotate', '--as', 'ada'])).out.trim()
    expect(after).not.toBe(before)
    await run(['ledger', 'export', 'rotated.ndjson'])
    for (const trusted of [before, after]) {
      const { status } = await folder.run(['ledger', 'verify', 'rotated.ndjson', '--key', trusted])
      expect(status).toBe(0)
    }
  })

  test('that is elsewhere leaves entries unsigned; a check says so and reports all the same', async () => {
    const elsewhere = { ...onDatabase(), TRUEUP_HOME: folder.file('other-home') }
    const { out, err, status } = await folder.run(['check', '--quiet', '--settle', '0'], elsewhere)
    expect(err).toContain('key-missing')
    expect(status).toBe(1)
    expect(out).toContain('customers')
    expect(existsSync(folder.file('other-home/ledger-key'))).toBe(false)
    const before = await folder.json<Shown>(['ledger', 'show'], elsewhere)
    expect(before.checkpoint?.size).toBeLessThan(before.size)
    expect((await show()).checkpoint?.size).toBe(before.size)
  })
})

describe('a database that somebody wrote to', () => {
  test('is not signed over; a check reports all the same, and an export names the entry', async () => {
    const elsewhere = { ...onDatabase(), TRUEUP_HOME: folder.file('other-home') }
    await folder.run(['check', '--quiet', '--settle', '0'], elsewhere)
    const before = await folder.json<Shown>(['ledger', 'show', '--limit', '1000'], elsewhere)
    const changed = before.entries.filter(({ act }) => act === 'check-started').at(-1)?.sequence ?? 0
    expect(changed).toBeGreaterThanOrEqual(before.checkpoint?.size ?? 0)
    await sql('alter table trueup.ledger_entry disable trigger only_grows')
    await sql('grant update on trueup.ledger_entry to current_user')
    await sql(`update trueup.ledger_entry set entry = convert_to(
      replace(convert_from(entry, 'UTF8'), '"kind":"full"', '"kind":"none"'), 'UTF8') where sequence = ${changed}`)
    const { out, err, status } = await run(['check', '--quiet', '--settle', '0'])
    expect({ status, told: err.includes(`Entry ${changed}`), code: err.includes('ledger-changed') }).toEqual({
      status: 2,
      told: true,
      code: true,
    })
    expect(out).toContain('customers')
    const after = await sql('select max(size) as size from trueup.ledger_checkpoint')
    expect(Number(after[0]?.size)).toBe(before.checkpoint?.size)

    await sql(`update trueup.ledger_entry set entry = convert_to(
      replace(convert_from(entry, 'UTF8'), '"severity":"critical"', '"severity":"medium"'), 'UTF8')`)
    await run(['ledger', 'export', 'tampered.ndjson'])
    expect(await verify('tampered.ndjson')).toMatchObject({ status: 1, problem: { code: 'entry-changed' } })
  })
})
