import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, chownSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import pg from 'pg'
import { programs, unprivilegedOwner } from './cluster.ts'

/** A replica of a server of the tests. */
export interface Replica {
  /** The address of its database `postgres`. */
  readonly url: string
  stop(): Promise<void>
}

/**
 * Starts a replica of a private server, with all that is in it now.
 *
 * @param follows Whether it goes on receiving; one that does not stays what the server was.
 */
export async function startReplica(
  primaryUrl: string,
  { follows }: { readonly follows: boolean },
): Promise<Replica> {
  const { host, port, user } = new pg.Client({ connectionString: primaryUrl })
  const bin = programs()
  const owner = unprivilegedOwner()
  const folder = mkdtempSync(join(tmpdir(), 'trueup-replica-'))
  chmodSync(folder, 0o755)
  if (owner) chownSync(folder, owner.uid, owner.gid)
  const data = join(folder, 'data')
  const copied = spawnSync(
    // Not every machine that has the server on its PATH has this there too, but beside the server it is.
    join(dirname(realpathSync(join(bin, 'initdb'))), 'pg_basebackup'),
    ['-h', host, '-p', String(port), '-U', user ?? 'postgres', '-D', data, '-c', 'fast', '--no-sync'],
    { ...owner, cwd: folder, encoding: 'utf8' },
  )
  if (copied.status !== 0) throw new Error(`pg_basebackup failed: ${copied.stderr || copied.error?.message}`)
  writeFileSync(join(data, 'standby.signal'), '')
  const primary = follows ? `host=${host} port=${port} user=${user}` : ''
  const keeper = spawn(
    '/bin/sh',
    [
      '-c',
      `"$0" -D "$1" -k "$2" -c listen_addresses= -c "primary_conninfo=$3" >"$2/log" 2>&1 &
      server=$!
      while read -r _; do :; done
      kill -INT "$server"; wait "$server"; cd /; rm -rf "$2"`,
      join(bin, 'postgres'),
      data,
      folder,
      primary,
    ],
    { ...owner, cwd: folder, stdio: ['pipe', 'ignore', 'ignore'], detached: true },
  )
  const ended = new Promise<void>((resolve) => keeper.once('close', () => resolve()))
  const stop = async () => {
    keeper.stdin.end()
    await ended
    rmSync(folder, { recursive: true, force: true })
  }
  const url = `postgres://${user}@/postgres?host=${encodeURIComponent(folder)}&port=${port}`
  const deadline = Date.now() + 30_000
  for (;;) {
    const client = new pg.Client({ connectionString: url })
    try {
      await client.connect()
      await client.end()
      return { url, stop }
    } catch (error) {
      if (Date.now() > deadline) {
        const said = readFileSync(join(folder, 'log'), 'utf8')
        await stop()
        throw new Error(`The replica did not start within 30 s: ${said}`, { cause: error })
      }
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
}
