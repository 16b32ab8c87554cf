import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import pg from 'pg'

/** A PostgreSQL for one run of the tests. */
export interface Cluster {
  /** The address of its database `postgres`. */
  readonly url: string
  stop(): Promise<void>
}

/**
 * Starts a private PostgreSQL from the programs of this machine, in a folder of its own that goes away with it. It
 * listens on a Unix socket only, so that no port can be taken. It ends with the process that started it, also when
 * that is killed: the shell that holds it, in a group of its own, waits for the end of its input.
 */
export async function startCluster(): Promise<Cluster> {
  const bin = programs()
  const owner = unprivilegedOwner()
  const folder = mkdtempSync(join(tmpdir(), 'trueup-pg-'))
  chmodSync(folder, 0o755)
  if (owner) chownSync(folder, owner.uid, owner.gid)
  const data = join(folder, 'data')
  const made = spawnSync(
    join(bin, 'initdb'),
    ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'],
    { ...owner, cwd: folder, encoding: 'utf8' },
  )
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr || made.error?.message}`)

  const keeper = spawn(
    '/bin/sh',
    [
      '-c',
      `"$0" -D "$1" -k "$2" -c listen_addresses= -c fsync=off -c max_connections=60 >"$2/log" 2>&1 &
      server=$!
      while read -r _; do :; done
      kill -INT "$server"; wait "$server"; cd /; rm -rf "$2"`,
      join(bin, 'postgres'),
      data,
      folder,
    ],
    { ...owner, cwd: folder, stdio: ['pipe', 'ignore', 'ignore'], detached: true },
  )
  const ended = new Promise<void>((resolve) => keeper.once('close', () => resolve()))
  const url = `postgres://postgres@/postgres?host=${encodeURIComponent(folder)}`
  try {
    await untilReady(url, join(folder, 'log'))
  } catch (error) {
    keeper.stdin.end()
    throw error
  }
  return {
    url,
    async stop() {
      keeper.stdin.end()
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** The folder of `initdb` and `postgres`: on the PATH, or where Debian and Ubuntu put them, the newest first. */
export function programs(): string {
  const debian = '/usr/lib/postgresql'
  const installed = existsSync(debian) ? readdirSync(debian).toSorted((a, b) => Number(b) - Number(a)) : []
  const folders = [
    ...(process.env.PATH ?? '').split(delimiter),
    ...installed.map((version) => join(debian, version, 'bin')),
  ]
  const found = folders.find(
    (folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')),
  )
  if (found) return found
  throw new Error(
    'The tests need a PostgreSQL. Install one (apt-get install postgresql, or brew install postgresql@16 with its ' +
      'bin folder on the PATH), or set TEST_DATABASE_URL to a server on which databases may be created.',
  )
}

/** PostgreSQL refuses to run as root, so it runs as its own user, or as nobody. */
export function unprivilegedOwner(): { readonly uid: number; readonly gid: number } | null {
  if (process.getuid?.() !== 0) return null
  const users = readFileSync('/etc/passwd', 'utf8').split('\n')
  const user = ['postgres', 'nobody'].flatMap(
    (name) => users.find((line) => line.startsWith(`${name}:`)) ?? [],
  )
  const [uid, gid] = (user[0] ?? '').split(':').slice(2, 4).map(Number)
  if (uid === undefined || gid === undefined) {
    throw new Error(
      'As root the tests run PostgreSQL as the user postgres or nobody; this machine has neither.',
    )
  }
  return { uid, gid }
}

async function untilReady(url: string, log: string): Promise<void> {
  const deadline = Date.now() + 30_000
  for (;;) {
    const client = new pg.Client({ connectionString: url })
    try {
      await client.connect()
      await client.end()
      return
    } catch (error) {
      if (Date.now() > deadline) {
        const said = existsSync(log) ? readFileSync(log, 'utf8') : ''
        throw new Error(`PostgreSQL did not start within 30 s: ${said}`, { cause: error })
      }
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
}
