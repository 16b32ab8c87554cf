import { readFile } from 'node:fs/promises'
import pg from 'pg'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { buildCli } from './support/build-cli.ts'
import type { Folder } from './support/cli.ts'
import { folderOf } from './support/cli.ts'
import { createTestDatabase } from './support/database.ts'

/*
 * The demo of an app with a database of its own, as the published program shows it.
 */

// biome-ignore lint/suspicious/noControlCharactersInRegex: it is what must not be there.
const controlSequence = /\u001b/

const folders: Folder[] = []
async function emptyFolder(): Promise<Folder> {
  const folder = await folderOf(null)
  folders.push(folder)
  return folder
}
beforeAll(() => buildCli())
afterEach(async () => {
  for (const folder of folders.splice(0)) await folder.remove()
})

describe('the demo', () => {
  test('finds drift in the database of the app, in its mirror, and between the two', async () => {
    const folder = await emptyFolder()
    const { status, out, err } = await folder.run(['demo', '--once', '--all'])
    expect(status).toBe(0)
    expect(err).toMatch(/PostgreSQL at\s+127\.0\.0\.1:\d+/)
    for (const where of ['(in postgres)', '(in clerk)', 'grants-disagree'])
      expect(out.replaceAll(/\s+/g, ' ')).toContain(where)
  })
})

describe('the tour', () => {
  test('takes one drift from incident to proof, and ends by itself where nobody reads along', async () => {
    const folder = await emptyFolder()
    const { status, out, err } = await folder.run(['demo', '--tour', '--seed', '2'])
    expect(err).not.toContain('error')
    expect(status).toBe(0)
    const titles = [...out.matchAll(/^(\d)\/7 (\w+)/gm)].map(([, step, word]) => `${step} ${word}`)
    expect(titles).toEqual(['1 Check', '2 Look', '3 Look', '4 Approve', '5 Apply', '6 Verify', '7 Prove'])
    // What it says at each step is what was done there.
    expect(out).toMatch(/- \w+: .*\n\s+\+ \w+: /)
    expect(out).toMatch(/rep_\w+ {2}verified/)
    expect(out).toMatch(/inc_\w+ {2}resolved/)
    // It takes something away from somebody who pays.
    expect(out).toContain('Approve, as two persons')
    expect(out).toMatch(/repair-approved +ada\n.*repair-approved +ben/)
    expect(out).toMatch(/repair-intended +ada\n.*repair-applied.*\n.*repair-verified/)
    expect(out).toMatch(/✓ \d+ entries/)
    expect(out).toMatch(/✗ entry-changed at entry \d+/)
    expect(`${out}${err}`).not.toMatch(controlSequence)
  })

  test('is not taken together with what belongs to the check alone', async () => {
    const folder = await emptyFolder()
    const { status, err } = await folder.run(['demo', '--tour', '--customers', '5000'])
    expect(status).toBe(2)
    expect(err).toContain('--customers')
  })
})

describe('the sandbox of an app with a database', () => {
  test('writes the app as SQL that a database takes, and says in its configuration where everything stands', async () => {
    const folder = await emptyFolder()
    const args = ['sandbox', '--access', 'both', '--customers', '40', '--app-sql', 'app.sql']
    const running = folder.start(args)
    await running.says(/^\{.*\}$/m)
    const { config } = JSON.parse(running.out)
    running.kill('SIGTERM')
    await running.ended
    expect(config.access.map((source: object) => Object.keys(source)[0])).toEqual(['postgres', 'clerk'])
    const database = await createTestDatabase({ empty: true })
    const client = new pg.Client({ connectionString: database.url })
    await client.connect()
    try {
      await client.query(await readFile(folder.file('app.sql'), 'utf8'))
      const { users, organizations } = config.access[0].postgres
      for (const { table, customerId } of [users, organizations]) {
        const { rows } = await client.query(`select count(${customerId}) as pointing from ${table}`)
        expect(Number(rows[0].pointing)).toBeGreaterThan(5)
      }
    } finally {
      await client.end()
      await database.drop()
    }
  })

  test('has no SQL to write where access is kept in Clerk alone', async () => {
    const folder = await emptyFolder()
    const { status, err } = await folder.run(['sandbox', '--app-sql', 'app.sql'])
    expect(status).toBe(2)
    expect(err).toContain('--access')
  })
})
