import { createServer, type Server } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  backend,
  type Certificate,
  type Certificates,
  type HostileServer,
  int32,
  makeCertificates,
  startHostileServer,
} from '../../../../../../test/support/hostile-postgres.ts'
import { EmbeddedEngine } from '../../../store/embedded/engine.ts'
import { systemRng, systemTimer } from '../../system.ts'
import {
  type AddressPolicy,
  type ConnectionTarget,
  hostedPolicy,
  type Lookup,
  openPostgres,
  ownMachinePolicy,
  PostgresError,
  parseConnectionString,
} from './index.ts'

let certificates: Certificates
beforeAll(() => {
  certificates = makeCertificates()
})

function target(host: string, port: number, sslmode: string | null = null, authority: string | null = null) {
  const text = `postgres://app:Geheim-1234@${host}:${port}/shop${sslmode === null ? '' : `?sslmode=${sslmode}`}`
  const parsed = parseConnectionString(text, authority)
  if (!parsed.ok) throw new Error(parsed.refusal.found)
  return parsed.value
}

async function failure(
  to: ConnectionTarget,
  addresses: AddressPolicy,
  lookup: Lookup = async () => ['127.0.0.1'],
): Promise<PostgresError> {
  const app = openPostgres(to, {
    source: 'app',
    timer: quick,
    rng: systemRng,
    addresses,
    lookup,
    connectMs: 2000,
  })
  const error: unknown = await app.read('select 1').then(
    () => null,
    (thrown) => thrown,
  )
  await app.close()
  if (error instanceof PostgresError) return error
  throw new Error('No error of ours.', { cause: error })
}

/** Does not wait between tries. */
const quick = {
  sleep: async (ms: number, signal?: AbortSignal) => {
    if (signal) await systemTimer.sleep(ms, signal)
  },
}

describe('an address that the policy forbids', () => {
  let server: Server
  let connections = 0
  let port = 0
  beforeAll(async () => {
    server = createServer((socket) => {
      connections += 1
      socket.destroy()
    })
    // On all addresses of this machine, so that whatever leads here is counted.
    await new Promise<void>((resolve) => server.listen(0, '::', resolve))
    const address = server.address()
    port = typeof address === 'object' && address ? address.port : 0
  })
  afterAll(() => new Promise<void>((resolve) => void server.close(() => resolve())))

  test.each([
    [['127.0.0.1']],
    [['127.8.8.8']],
    [['::1']],
    [['0.0.0.0']],
    [['::']],
    [['::ffff:127.0.0.1']],
    [['::ffff:7f00:1']],
    [['::127.0.0.1']],
    [['64:ff9b::7f00:1']],
    [['2002:7f00:1::']],
    [['10.0.0.1']],
    [['169.254.169.254']],
    [['fe80::1']],
    [['fd00:ec2::254']],
    [['127.1']],
    [['2130706433']],
    [['localhost']],
    [['8.8.8.8', '127.0.0.1']],
    [['127.0.0.1', '8.8.8.8']],
  ])('is not connected to when a name resolves to %j', async (answers) => {
    const anyPort: AddressPolicy = { ...hostedPolicy, ports: 'all' }
    const before = connections
    const error = await failure(target('db.example.com', port), anyPort, async () => answers)
    expect(error).toMatchObject({ reason: 'address-refused', retryable: false })
    expect(connections).toBe(before)
  })

  test.each(['127.0.0.1', '[::1]', '[::ffff:127.0.0.1]', '[::]', '0.0.0.0', '192.168.0.1'])(
    'is not connected to when the string says %s itself, whatever a resolver says',
    async (host) => {
      const before = connections
      const lookup = async () => ['8.8.8.8']
      const error = await failure(target(host, port), { ...hostedPolicy, ports: 'all' }, lookup)
      expect(error.reason).toBe('address-refused')
      expect(connections).toBe(before)
    },
  )

  test('is not connected to when a resolver changes its answer from one connection to the next', async () => {
    const answers = [['127.0.0.1'], ['::1']]
    const only: AddressPolicy = {
      privateHosts: [{ family: 4, address: '127.0.0.1', prefix: 32 }],
      ports: 'usual',
    }
    const before = connections
    // The first connection is ended by the server, and the read tried again.
    const error = await failure(
      target('db.example.com', port, 'disable'),
      only,
      async () => answers.shift() ?? [],
    )
    expect(error.reason).toBe('address-refused')
    expect(answers).toEqual([])
    expect(connections).toBe(before + 1)
  })

  test('is said to be one, and who may allow it', async () => {
    const error = await failure(target('db.example.com', port), hostedPolicy, async () => ['10.0.0.1'])
    expect(error.message).toBe(
      `The database db.example.com:${port}/shop is at a private address, where Trueup may not connect.`,
    )
    expect(error.fix).toContain('TRUEUP_ALLOW_PRIVATE_HOSTS')
  })
})

describe('before anything is sent', () => {
  test.each<[string, ConnectionTarget, AddressPolicy, string]>([
    ['a port that is not one of the usual', target('db.example.com', 22), hostedPolicy, 'port-refused'],
    [
      'clear text to a public address',
      target('db.example.com', 5432, 'disable'),
      ownMachinePolicy,
      'encryption-needed',
    ],
  ])('%s is refused', async (_name, to, policy, reason) => {
    expect(await failure(to, policy, async () => ['8.8.8.8'])).toMatchObject({ reason, retryable: false })
  })

  test('a name that cannot be resolved, or has no address, is said', async () => {
    const to = target('db.example.com', 5432)
    const nowhere = async () => {
      throw Object.assign(new Error('getaddrinfo ENOTFOUND db.example.com'), { code: 'ENOTFOUND' })
    }
    expect((await failure(to, ownMachinePolicy, nowhere)).reason).toBe('name-unresolved')
    expect((await failure(to, ownMachinePolicy, async () => [])).reason).toBe('name-unresolved')
  })

  test('a resolver that never answers is not waited for', async () => {
    const app = openPostgres(target('db.example.com', 5432), {
      source: 'app',
      timer: quick,
      rng: systemRng,
      addresses: ownMachinePolicy,
      lookup: () => new Promise(() => {}),
      connectMs: 50,
    })
    await expect(app.read('select 1')).rejects.toMatchObject({ reason: 'too-slow' })
    await app.close()
  })
})

describe('an address that does not answer', () => {
  test('is passed over for the next of the same name', async () => {
    const server = await startHostileServer(letIn(() => certificates.good))
    // Nobody listens on IPv6 there.
    const app = openPostgres(target('localhost', server.port, null, certificates.authority), {
      source: 'app',
      timer: quick,
      rng: systemRng,
      addresses: ownMachinePolicy,
      lookup: async () => ['::1', '127.0.0.1'],
    })
    expect(await app.readTexts('select 1')).toEqual([])
    await app.close()
    await server.stop()
  })

  test('is named as the IPv6 trouble that it usually is with the direct host of Supabase', async () => {
    const to = target('db.abcdefghijklmnopqrst.supabase.co', 1)
    const error = await failure(to, ownMachinePolicy, async () => ['::1'])
    expect(error.reason).toBe('unreachable')
    expect(error.fix).toContain('session pooler')
  })
})

describe('a certificate', () => {
  let server: HostileServer
  let shown: Certificate
  beforeAll(async () => {
    server = await startHostileServer(letIn(() => shown))
  })
  afterAll(() => server.stop())

  const local: Lookup = async () => ['127.0.0.1']
  test.each<[string, 'good' | 'otherName' | 'stranger', string, string | null, boolean]>([
    ['for the name, by the pinned authority', 'good', 'localhost', null, true],
    ['for the address, by the pinned authority', 'good', '127.0.0.1', null, true],
    ['for another name', 'otherName', 'localhost', null, false],
    ['for another name, where only the authority counts', 'otherName', 'localhost', 'require', true],
    ['for the other name, asked for by it', 'otherName', 'db.example.com', 'verify-full', true],
    ['by another authority', 'stranger', 'localhost', null, false],
    ['by another authority, where only that counts', 'stranger', 'localhost', 'require', false],
  ])('%s', async (_name, kind, host, sslmode, isTaken) => {
    shown = certificates[kind]
    const to = target(host, server.port, sslmode, certificates.authority)
    const app = openPostgres(to, {
      source: 'app',
      timer: quick,
      rng: systemRng,
      addresses: ownMachinePolicy,
      lookup: local,
    })
    const reason = await app.readTexts('select 1').then(
      () => 'taken',
      (error: unknown) => (error instanceof PostgresError ? error.reason : String(error)),
    )
    expect(reason).toBe(isTaken ? 'taken' : 'certificate-refused')
    await app.close()
  })

  test('may be pinned itself, though it is no authority', async () => {
    const to = (pinned: 'good' | 'stranger') =>
      target('localhost', server.port, null, certificates[pinned].cert)
    shown = certificates.good
    const app = openPostgres(to('good'), {
      source: 'app',
      timer: quick,
      rng: systemRng,
      addresses: ownMachinePolicy,
      lookup: local,
    })
    expect(await app.readTexts('select 1')).toEqual([])
    await app.close()
    expect((await failure(to('stranger'), ownMachinePolicy)).reason).toBe('certificate-refused')
  })

  test('of a stranger is not trusted by the roots that Node brings', async () => {
    shown = certificates.good
    const error = await failure(target('localhost', server.port), ownMachinePolicy)
    expect(error.reason).toBe('certificate-refused')
    expect(error.message).toContain('comes from an authority that is not trusted here')
  })
})

test('the embedded database is reached over the protocol, without TLS, on this machine alone', async () => {
  const engine = await EmbeddedEngine.start(null)
  const server = createServer((socket) => {
    const stream = engine.connect()
    socket.on('error', () => stream.destroy())
    socket.pipe(stream).pipe(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const parsed = parseConnectionString(`postgres://postgres@127.0.0.1:${port}/postgres?sslmode=disable`, null)
  if (!parsed.ok) throw new Error(parsed.refusal.found)
  const app = openPostgres(parsed.value, {
    source: 'app',
    timer: quick,
    rng: systemRng,
    addresses: ownMachinePolicy,
  })
  const rows = await Promise.all([
    app.read("select current_setting('transaction_read_only') as value"),
    app.read("select timestamptz '2026-01-01 00:00:00+01' as value"),
    app.read('select $1::text as value', ['x']),
  ])
  expect(rows).toEqual([[{ value: 'on' }], [{ value: new Date('2025-12-31T23:00:00Z') }], [{ value: 'x' }]])
  await expect(app.read('create table public.t ()')).rejects.toMatchObject({ reason: 'read-only' })
  await app.close()
  await new Promise((resolve) => server.close(resolve))
  await engine.close()
})

/** Shows a certificate, lets everybody in, and answers with no rows. */
function letIn(shown: () => Certificate): Parameters<typeof startHostileServer>[0] {
  return async (victim) => {
    await victim.hear()
    await victim.say(Buffer.from('S'))
    await victim.encrypt(shown())
    await victim.hearUntil('trueup')
    const ready = backend('Z', 'I')
    await victim.say(backend('R', int32(0)), ready)
    for (;;) {
      const asked = (await victim.hear()).toString('latin1')
      const isStatement = asked.startsWith('P')
      await victim.say(
        ...(isStatement ? [backend('1'), backend('2'), backend('n')] : []),
        backend('C', 'OK\0'),
        ready,
      )
    }
  }
}
