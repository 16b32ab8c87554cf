import type { ChildProcess } from 'node:child_process'
import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, chownSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { programs, unprivilegedOwner } from './cluster.ts'

/** A PostgreSQL that may be killed like a machine that loses its power, and started again on the same data. */
export interface KillableCluster {
  readonly url: string
  /** SIGKILL for the server; its sessions end with it. */
  kill(): Promise<void>
  start(): Promise<void>
  stop(): Promise<void>
}

/** Starts a private PostgreSQL that waits for its disk before it says that something is committed. */
export async function startKillableCluster(): Promise<KillableCluster> {
  const bin = programs()
  const owner = unprivilegedOwner()
  const folder = mkdtempSync(join(tmpdir(), 'trueup-killable-'))
  chmodSync(folder, 0o755)
  if (owner) chownSync(folder, owner.uid, owner.gid)
  const data = join(folder, 'data')
  const made = spawnSync(
    join(bin, 'initdb'),
    ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'],
    { ...owner, cwd: folder, encoding: 'utf8' },
  )
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr || made.error?.message}`)
  const url = `postgres://postgres@/postgres?host=${encodeURIComponent(folder)}`
  let server: ChildProcess | null = null
  let ended: Promise<void> = Promise.resolve()

  const end = async (signal: 'SIGKILL' | 'SIGINT') => {
    server?.kill(signal)
    await ended
    server = null
  }
  const start = async () => {
    for (;;) {
      const begun = spawn(
        join(bin, 'postgres'),
        [
          '-D',
          data,
          '-k',
          folder,
          '-c',
          'listen_addresses=',
          '-c',
          'max_connections=80',
          '-c',
          'max_wal_size=4GB',
        ],
        { ...owner, cwd: folder, stdio: 'ignore' },
      )
      let isOver = false
      ended = new Promise((resolve) => {
        begun.once('close', () => {
          isOver = true
          resolve()
        })
      })
      server = begun
      while (!isOver) {
        if (await answers(url)) return
        await wait(50)
      }
      // Sessions of the one that was killed still hold its memory for a moment.
      await wait(100)
    }
  }
  await start()
  return {
    url,
    start,
    kill: () => end('SIGKILL'),
    async stop() {
      await end('SIGINT')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url })
  // What ends later is no failure of this question.
  client.on('error', () => {})
  try {
    await client.connect()
    await client.query('select 1')
    return true
  } catch {
    return false
  } finally {
    await client.end().catch(() => {})
  }
}
