import type { ChildProcess } from 'node:child_process'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openStore } from '../index.ts'
import { openEmbedded } from './open-embedded.ts'

const clock = { now: () => new Date('2026-01-15T12:00:00Z') }

describe('the embedded database in its folder', () => {
  let home: string
  const children: ChildProcess[] = []
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'trueup-home-'))
  })
  afterEach(async () => {
    for (const child of children.splice(0)) {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGKILL')
        await once(child, 'exit')
      }
    }
    rmSync(home, { recursive: true, force: true })
  })
  const open = () => openStore({ home, clock })

  /** A process that writes pages and says after each that it was acknowledged. */
  const writer = () => {
    const child = fork(join(import.meta.dirname, 'page-writer.mjs'), [home], {
      execArgv: [],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    children.push(child)
    return child
  }

  it('keeps what was written, in a folder that only its owner can enter', async () => {
    const store = await open()
    const { id } = await (await store.project('app')).startCheck(
      {
        kind: 'full',
        dryRun: false,
        asOf: clock.now(),
        startedAt: clock.now(),
        configFingerprint: 'c',
      },
      () => [],
    )
    await store.close()
    expect(statSync(join(home, 'database')).mode & 0o777).toBe(0o700)
    const again = await open()
    expect((await (await again.project('app')).loadCheck(id))?.asOf).toEqual(clock.now())
    await again.close()
  })

  it('is opened by one process at a time; the second is told by whom and what to do', async () => {
    const store = await open()
    await expect(open()).rejects.toMatchObject({
      code: 'locked',
      message: expect.stringContaining(`process ${process.pid} since 2026-01-15T12:00:00.000Z`),
      fix: expect.stringMatching(/TRUEUP_HOME.*DATABASE_URL/),
    })
    await store.close()
    await (await open()).close()
  })

  it('refuses files of another PostgreSQL before it touches them', async () => {
    const folder = join(home, 'database')
    mkdirSync(folder)
    const stamp = JSON.stringify({ layout: 1, postgres: 17, trueup: '0.0.1' })
    writeFileSync(join(folder, 'version.json'), stamp)
    await expect(open()).rejects.toMatchObject({
      code: 'folder-other-version',
      message: expect.stringContaining('0.0.1'),
    })
    expect(readFileSync(join(folder, 'version.json'), 'utf8')).toBe(stamp)
    expect(existsSync(join(folder, 'postgres'))).toBe(false)
  })

  it('begins anew where a process was killed while it made the files, and dates itself by then', async () => {
    mkdirSync(join(home, 'database', 'postgres'), { recursive: true })
    writeFileSync(join(home, 'database', 'postgres', 'PG_VERSION'), '18')
    const before = Date.now()
    const database = await openEmbedded(home, clock)
    const { rows } = await database.pool.query(
      'select applied_at as at from trueup.migration union select created_at from trueup.workspace',
    )
    await database.close()
    expect(rows).not.toEqual([])
    for (const { at } of rows) expect(at.getTime()).toBeGreaterThanOrEqual(before)
  })

  it('says which folder cannot be used', async () => {
    writeFileSync(join(home, 'file'), '')
    await expect(openStore({ home: join(home, 'file'), clock })).rejects.toMatchObject({
      code: 'folder-unusable',
      message: expect.stringContaining(home),
    })
  })

  it('has every acknowledged page after a kill, and lets the next process in without a hand', async () => {
    for (const pages of [3, 11, 40]) {
      const child = writer()
      let last = { checkId: '', page: -1 }
      for await (const [message] of on(child)) {
        last = message
        if (last.page >= pages) break
      }
      child.kill('SIGKILL')
      await once(child, 'exit')

      const store = await open()
      const project = await store.project('app')
      const [cursor] = await project.cursors(last.checkId, 'stripe', 'subscriptions')
      const written = Number(cursor?.position)
      expect(written).toBeGreaterThanOrEqual(last.page)
      expect((await project.counts(last.checkId)).customers).toBe((written + 1) * 50)
      await store.close()
    }
  })
})

async function* on(child: ChildProcess): AsyncGenerator<[{ checkId: string; page: number }]> {
  const messages: { checkId: string; page: number }[] = []
  let wake: (() => void) | null = null
  child.on('message', (message: { checkId: string; page: number }) => {
    messages.push(message)
    wake?.()
  })
  child.once('exit', () => wake?.())
  for (;;) {
    const message = messages.shift()
    if (message) yield [message]
    else if (child.exitCode !== null) throw new Error(`The writer ended with ${child.exitCode}.`)
    else {
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
  }
}
