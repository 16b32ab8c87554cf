import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, chownSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import pg from 'pg'
import { unprivilegedOwner } from './cluster.ts'
import { freePort, type SecureCluster, untilItAnswers } from './secure-cluster.ts'

/** The pooler's program; `null` where it is not installed (`apt-get install pgbouncer`). */
export function findPgBouncer(): string | null {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin']
  return folders.map((folder) => join(folder, 'pgbouncer')).find((path) => existsSync(path)) ?? null
}

/**
 * Starts PgBouncer before a cluster as it is run in earnest: transaction mode, TLS and SCRAM towards clients, and one
 * session with the server for all of them, so that whatever a client leaves behind in it meets the next.
 */
export async function startPgBouncer(
  cluster: SecureCluster,
  program: string,
  logins: Readonly<Record<string, string>>,
): Promise<{ readonly port: number; stop(): Promise<void> }> {
  const owner = unprivilegedOwner()
  const folder = mkdtempSync(join(tmpdir(), 'trueup-bouncer-'))
  chmodSync(folder, 0o755)
  const port = await freePort()
  writeFileSync(
    join(folder, 'users.txt'),
    Object.entries(logins)
      .map(([user, password]) => `"${user}" "${password}"\n`)
      .join(''),
  )
  writeFileSync(
    join(folder, 'pgbouncer.ini'),
    `[databases]
postgres = host=${cluster.folder} port=${cluster.port} dbname=postgres
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = ${join(folder, 'users.txt')}
pool_mode = transaction
default_pool_size = 1
max_client_conn = 50
client_tls_sslmode = require
client_tls_cert_file = ${join(cluster.folder, 'server.crt')}
client_tls_key_file = ${join(cluster.folder, 'server.key')}
logfile = ${join(folder, 'log')}
`,
  )
  for (const path of [folder, join(folder, 'users.txt'), join(folder, 'pgbouncer.ini')]) {
    if (owner) chownSync(path, owner.uid, owner.gid)
  }
  const keeper = spawn(
    '/bin/sh',
    [
      '-c',
      `"$0" -q "$1/pgbouncer.ini" >"$1/out" 2>&1 &
      pooler=$!
      while read -r _; do :; done
      kill -TERM "$pooler"; wait "$pooler"; cd /; rm -rf "$1"`,
      program,
      folder,
    ],
    { ...owner, cwd: folder, stdio: ['pipe', 'ignore', 'ignore'], detached: true },
  )
  const ended = new Promise<void>((resolve) => keeper.once('close', () => resolve()))
  const stop = async () => {
    keeper.stdin.end()
    await ended
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    await untilItAnswers(() => askThrough(port, logins, 'select 1'), join(folder, 'out'))
  } catch (error) {
    await stop()
    throw error
  }
  return { port, stop }
}

/** Asks through the pooler as another client would, one whose session settings nobody touches. */
export async function askThrough(
  port: number,
  logins: Readonly<Record<string, string>>,
  sql: string,
): Promise<readonly unknown[]> {
  const [user = '', password = ''] = Object.entries(logins)[0] ?? []
  const ssl = { rejectUnauthorized: false }
  const client = new pg.Client({ host: '127.0.0.1', port, user, password, database: 'postgres', ssl })
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

/** The pooler's version, to say which one was used. */
export function pgBouncerVersion(program: string): string {
  return spawnSync(program, ['--version'], { encoding: 'utf8' }).stdout.split('\n')[0] ?? ''
}
