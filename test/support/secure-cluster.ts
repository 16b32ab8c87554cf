import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, chownSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { programs, unprivilegedOwner } from './cluster.ts'

/** A PostgreSQL as a careful operator sets it up: over the network, with TLS and SCRAM only. */
export interface SecureCluster {
  readonly port: number
  /** The certificate (PEM) of the authority that signed the server's, which is for `localhost` and 127.0.0.1. */
  readonly authority: string
  /** Runs SQL as the superuser, through a Unix socket. */
  run(sql: string, database?: string): Promise<readonly Record<string, unknown>[]>
  /** Its folder, with the server's `server.crt` and `server.key`. */
  readonly folder: string
  stop(): Promise<void>
}

/**
 * Starts it on a free port of 127.0.0.1, in a folder of its own. Connections over TCP need TLS and a password by
 * SCRAM-SHA-256, except for the role `plain`, which may come without TLS. It ends with the process that started it.
 */
export async function startSecureCluster(): Promise<SecureCluster> {
  const bin = programs()
  const owner = unprivilegedOwner()
  const folder = mkdtempSync(join(tmpdir(), 'trueup-tls-'))
  const give = (path: string) => owner && chownSync(path, owner.uid, owner.gid)
  chmodSync(folder, 0o755)
  give(folder)
  const data = join(folder, 'data')
  call(
    join(bin, 'initdb'),
    ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'],
    {
      ...owner,
      cwd: folder,
    },
  )
  const authority = makeCertificate(folder, { name: 'server', subjectNames: 'DNS:localhost,IP:127.0.0.1' })
  give(join(folder, 'server.key'))
  give(join(folder, 'server.crt'))
  writeFileSync(
    join(data, 'pg_hba.conf'),
    [
      'local all all trust',
      'hostssl all all 127.0.0.1/32 scram-sha-256',
      'hostnossl all plain 127.0.0.1/32 scram-sha-256',
      '',
    ].join('\n'),
  )
  const port = await freePort()
  const settings = [
    'listen_addresses=127.0.0.1',
    `port=${port}`,
    'ssl=on',
    `ssl_cert_file=${join(folder, 'server.crt')}`,
    `ssl_key_file=${join(folder, 'server.key')}`,
    'password_encryption=scram-sha-256',
    'fsync=off',
    'max_connections=40',
  ]
  const keeper = spawn(
    '/bin/sh',
    [
      '-c',
      `program=$1; data=$2; folder=$3; shift 3
      "$program" -D "$data" -k "$folder" "$@" >"$folder/log" 2>&1 &
      server=$!
      while read -r _; do :; done
      kill -INT "$server"; wait "$server"; cd /; rm -rf "$folder"`,
      'sh',
      join(bin, 'postgres'),
      data,
      folder,
      ...settings.flatMap((setting) => ['-c', setting]),
    ],
    { ...owner, cwd: folder, stdio: ['pipe', 'ignore', 'ignore'], detached: true },
  )
  const ended = new Promise<void>((resolve) => keeper.once('close', () => resolve()))
  const run: SecureCluster['run'] = async (sql, database = 'postgres') => {
    const client = new pg.Client({ host: folder, port, user: 'postgres', database, password: 'unused' })
    await client.connect()
    try {
      const answers: unknown = await client.query(sql)
      const last = Array.isArray(answers) ? answers.at(-1) : answers
      return (last as pg.QueryResult<Record<string, unknown>>).rows
    } finally {
      await client.end()
    }
  }
  const stop = async () => {
    keeper.stdin.end()
    await ended
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    await untilItAnswers(() => run('select 1'), join(folder, 'log'))
  } catch (error) {
    await stop()
    throw error
  }
  return { port, authority, run, folder, stop }
}

/**
 * A certificate for a server in `<folder>/<name>.crt` and `.key`, signed by an authority that is made for it, or by
 * that of another name. Gives back the authority's certificate (PEM).
 */
export function makeCertificate(
  folder: string,
  {
    name,
    subjectNames,
    signedBy = name,
  }: { readonly name: string; readonly subjectNames: string; readonly signedBy?: string },
): string {
  const at = (file: string) => join(folder, file)
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  if (signedBy === name) {
    call('openssl', [
      ...['req', '-x509', ...key, '-days', '3', '-subj', `/CN=Authority of ${name}`],
      ...['-keyout', at(`${name}-ca.key`), '-out', at(`${name}-ca.crt`)],
    ])
  }
  call('openssl', [
    ...['req', ...key, '-subj', `/CN=${name}`, '-keyout', at(`${name}.key`), '-out', at(`${name}.csr`)],
  ])
  writeFileSync(at(`${name}.ext`), `subjectAltName=${subjectNames}\n`)
  call('openssl', [
    ...['x509', '-req', '-in', at(`${name}.csr`), '-days', '2', '-CAcreateserial'],
    ...['-CA', at(`${signedBy}-ca.crt`), '-CAkey', at(`${signedBy}-ca.key`), '-extfile', at(`${name}.ext`)],
    ...['-out', at(`${name}.crt`)],
  ])
  chmodSync(at(`${name}.key`), 0o600)
  return readFileSync(at(`${signedBy}-ca.crt`), 'utf8')
}

/** A port of 127.0.0.1 that nobody listens on now. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (typeof address !== 'object' || address === null) throw new Error('No port could be had.')
  return address.port
}

/** Asks again until an answer comes; says what the server wrote when none does within 30 s. */
export async function untilItAnswers(ask: () => Promise<unknown>, log: string): Promise<void> {
  const deadline = Date.now() + 30_000
  for (;;) {
    try {
      await ask()
      return
    } catch (error) {
      if (Date.now() > deadline) {
        throw new Error(`It did not start within 30 s: ${readFileSync(log, 'utf8')}`, { cause: error })
      }
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
}

function call(program: string, words: readonly string[], options: object = {}): void {
  const done = spawnSync(program, words, { ...options, encoding: 'utf8' })
  if (done.status !== 0) throw new Error(`${program} failed: ${done.stderr || done.error?.message}`)
}
