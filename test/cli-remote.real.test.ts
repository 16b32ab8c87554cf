import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Sandbox } from '@trueup/sandbox'
import { startSandbox } from '@trueup/sandbox'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { systemRandomBytes } from '../packages/service/src/adapters/system.ts'
import { makeKey } from '../packages/service/src/team/keys/key-format.ts'
import { buildCli } from './support/build-cli.ts'
import type { Ended, Folder } from './support/cli.ts'
import { folderOf } from './support/cli.ts'
import { createTestDatabase, type TestDatabase } from './support/database.ts'
import { type ApiClient, emptyHome, ServedService } from './support/service.ts'

/* The published program on a project at a server: TRUEUP_URL and a key, and no configuration in the folder. */

let sandbox: Sandbox
let database: TestDatabase
let home: Awaited<ReturnType<typeof emptyHome>>
let service: ServedService
let ada: ApiClient
let folder: Folder
let workspace: string
let project: string
let readKey: { readonly id: string; readonly key: string }
let repairKey: string
let wideKey: string

type Variables = Readonly<Record<string, string>>
/** With a key that reads and repairs, unless another environment is given. */
const environment = (key = repairKey, more: Variables = {}): Variables => ({
  TRUEUP_URL: service.url,
  TRUEUP_API_KEY: key,
  ...more,
})
const run = (args: readonly string[], variables = environment()) => folder.run(args, variables)
const json = <Answer>(args: readonly string[], variables = environment()) =>
  folder.json<Answer>(args, variables)
/** The error that a command ends with, and its exit status. */
const refusal = async (args: readonly string[], variables = environment()) => {
  const { error, status } = await folder.json<{ error: { code: string; message: string; fix: string } }>(
    args,
    variables,
  )
  return { ...error, status }
}
const said = ({ status, out, err }: Ended) => ({ status, text: `${out}${err}` })

beforeAll(async () => {
  buildCli()
  sandbox = await startSandbox({ world: 'demo', seed: 1 })
  database = await createTestDatabase()
  home = await emptyHome()
  folder = await folderOf(null)
  service = await ServedService.start({
    TRUEUP_HOME: home.path,
    STRIPE_API_BASE: sandbox.stripe.url,
    CLERK_API_URL: sandbox.clerk.url,
    TRUEUP_ALLOW_PRIVATE_HOSTS: 'all',
    DATABASE_URL: database.url,
    TRUEUP_ENCRYPTION_KEY: `first:${Buffer.alloc(32, 3).toString('base64')}`,
  })
  ada = service.person()
  await ada.do('POST /api/v1/sign-up', {
    email: 'ada@example.com',
    name: 'Ada',
    password: 'correct horse battery staple',
    workspaceName: 'Engines',
  })
  workspace = (await ada.do('GET /api/v1/workspaces')).items[0].workspaceId
  project = (await ada.do(`POST /api/v1/workspaces/${workspace}/projects`, { name: 'App' })).id
  await ada.do(`POST /api/v1/workspaces/${workspace}/projects`, { name: 'Other' })
  const at = `/api/v1/projects/${project}`
  await ada.do(`POST ${at}/sources`, { kind: 'stripe', key: sandbox.stripe.restrictedKey })
  await ada.do(`POST ${at}/sources`, { kind: 'clerk', key: sandbox.clerk.secretKey })
  await ada.do(`POST ${at}/sources`, { kind: 'clerk-repairs', key: sandbox.clerk.secretKey })
  const document = { ...sandbox.config, policy: { ...sandbox.config.policy, settleMinutes: 0 } }
  await ada.do(`PUT ${at}/config`, { document, expectedVersion: 0 })
  const keyFor = (name: string, scope: string, projectId: string | null) =>
    ada.do(`POST /api/v1/workspaces/${workspace}/api-keys`, { name, scope, projectId })
  const made = await keyFor('ci', 'read', project)
  readKey = { id: made.apiKey.keyId, key: made.key }
  repairKey = (await keyFor('ops', 'read+repair', project)).key
  wideKey = (await keyFor('wide', 'read', null)).key
})
afterAll(async () => {
  await service?.stop()
  await folder?.remove()
  await database?.drop()
  await home?.remove()
  await sandbox?.close()
})

interface Listed {
  readonly incidents: readonly { readonly id: string; readonly kind: string; readonly state: string }[]
  readonly counts: { readonly total: number }
}

interface ListedRepairs {
  readonly repairs: readonly { readonly id: string; readonly takesAway: boolean; readonly state: string }[]
}

describe('a project at a server', () => {
  test('a dry run tells the counts by exit status 1, and files nothing', async () => {
    const report = await folder.json(['check', '--dry-run', '--quiet'], environment())
    expect(report).toMatchObject({ status: 1, dryRun: true, incidents: [], incidentsUnlisted: true })
    expect(report.counts.drifts).toBeGreaterThan(3)
    expect((await json<Listed>(['incidents', 'list'])).counts.total).toBe(0)
  })

  test('a check finds what drifts, exits with 1, and prints it as a check of one’s own does', async () => {
    const table = await run(['check'])
    expect(table).toMatchObject({ status: 1 })
    expect(table.out).toContain('paid-without-access')
    expect(table.err).toContain('stripe subscriptions: read')
    const report = await folder.json(['check', '--quiet'], environment())
    expect(report).toMatchObject({ complete: true, repairsHeldBy: [] })
    const listed = await json<Listed>(['incidents', 'list', '-n', '500'])
    expect(new Set(report.incidents.map(({ id }) => id))).toEqual(
      new Set(listed.incidents.map(({ id }) => id)),
    )
    expect(report.incidents.every(({ repair }) => repair.summary !== '')).toBe(true)
    expect(Object.keys(report.requests).toSorted()).toEqual(['clerk', 'stripe'])
  })

  test.each([
    ['junit', /<testsuite name="trueup check" tests="\d+"/],
    ['sarif', /"version": "2.1.0"/],
    ['github', /^::error title=/m],
  ])('a check prints the format %s', async (format, pattern) => {
    const { status, out } = await run(['check', '--quiet', '--recent', '--format', format])
    expect(out).toMatch(pattern)
    expect(status).toBe(1)
  })

  test('one customer is checked by name', async () => {
    const { incidents } = await json<{ incidents: { id: string; subject: { id: string } | null }[] }>([
      'check',
      '--quiet',
    ])
    const found = incidents.find(({ subject }) => subject !== null)
    const report = await folder.json(
      ['check', '--quiet', '--customer', found?.subject?.id ?? ''],
      environment(),
    )
    expect(report.status).toBe(1)
    expect(report.incidents.map(({ id }) => id)).toContain(found?.id)
    expect(await refusal(['check', '--customer', 'user_nobody'])).toMatchObject({
      message: expect.stringContaining('user_nobody'),
      code: 'not-found',
      status: 2,
    })
  })

  test('incidents are listed, shown, acknowledged once, commented on and reopened', async () => {
    const { incidents } = await json<Listed>(['incidents', 'list'])
    const [first, second] = incidents
    const shown = await json<{ incident: { history: { act: string }[] } }>([
      'incidents',
      'show',
      first?.id ?? '',
    ])
    expect(shown.incident.history.map(({ act }) => act)).toContain('incident-opened')
    // The service works it out by itself, soon after the check.
    const causeOf = async () =>
      (
        await json<{ cause: { sentence: string; fix: string } | null }>([
          'incidents',
          'show',
          first?.id ?? '',
        ])
      ).cause
    await expect.poll(causeOf, { timeout: 45_000, interval: 500 }).not.toBeNull()
    const cause = await causeOf()
    const { out } = await run(['incidents', 'show', first?.id ?? ''])
    const words = (text: string) => text.replaceAll(/\s+/g, ' ')
    expect(words(out)).toContain(words(`cause ${cause?.sentence}`))
    expect(words(out)).toContain(words(cause?.fix ?? ''))
    const acknowledge = ['incidents', 'acknowledge', first?.id ?? '', second?.id ?? '', '--note', 'on it']
    expect(said(await run(acknowledge)).text).toBe(
      `${first?.id}  changed, acknowledged\n${second?.id}  changed, acknowledged\n`,
    )
    expect((await run(acknowledge)).out).toContain('unchanged, acknowledged')
    expect(said(await run(['incidents', 'comment', first?.id ?? '', '--say', 'a migration'])).status).toBe(0)
    expect((await run(['incidents', 'show', first?.id ?? ''])).out).toMatch(
      /incident-commented by key:\S+: a migration/,
    )
    expect(
      await refusal(['incidents', 'ignore', '--state', 'acknowledged', '--count', '7', '--reason', 'x']),
    ).toMatchObject({ code: 'count-differs', status: 2 })
  })

  test('repairs need a key that may repair; with it they are approved, applied and verified', async () => {
    await run(['repair', 'propose'])
    const { repairs } = await json<ListedRepairs>(['repair', 'list'])
    const giving = repairs.find(({ takesAway, state }) => !takesAway && state === 'proposed')
    const id = giving?.id ?? ''
    expect(await refusal(['repair', 'approve', id, '--yes'], environment(readKey.key))).toMatchObject({
      code: 'key-too-narrow',
      status: 2,
    })
    expect((await json<{ state: string }>(['repair', 'show', id])).state).toBe('proposed')
    expect(said(await run(['repair', 'approve', id, '--yes'])).text).toContain('Approved for 24 hours')
    const applied = await json<{ repair: { state: string } }>(['repair', 'apply', id, '--yes'])
    expect(applied).toMatchObject({ status: 0, repair: { state: 'verified' } })
  })

  test('repairs are rejected, and switched off and on', async () => {
    const { repairs } = await json<ListedRepairs>(['repair', 'list', '--state', 'proposed'])
    const id = repairs[0]?.id ?? ''
    expect(await json<ListedRepairs>(['repair', 'reject', id, '--reason', 'it is meant'])).toMatchObject({
      repairs: [{ id, state: 'rejected' }],
    })
    expect((await run(['repair', 'off', '--reason', 'a release'])).out).toContain('a release')
    expect((await run(['repair', 'on'])).out).toBe('Repairs are on.\n')
  })

  test('a subject is read again now', async () => {
    const { incidents } = await json<{
      incidents: { kind: string; subject: { type: string; id: string } | null }[]
    }>(['check', '--quiet'])
    const subject = incidents.find(({ kind }) => kind === 'access-without-payment')?.subject
    const verified = await json<{ verdict: { kind: string } }>([
      'verify',
      '--subject',
      `${subject?.type}:${subject?.id}`,
    ])
    expect(verified).toMatchObject({ status: 1, verdict: { kind: 'drifts' } })
  })

  test('the ledger is shown, exported, and verified offline with the key that the server gives', async () => {
    const shown = await json<{ size: number; entries: { act: string }[] }>(['ledger', 'show', '-n', '700'])
    expect(shown.entries.map(({ act }) => act)).toContain('repair-verified')
    expect(shown.entries).toHaveLength(Math.min(700, shown.size))
    expect((await run(['ledger', 'show', '-n', '3'])).out).toMatch(/entries in \S+, signed over/)
    const { publicKey } = await json<{ publicKey: string }>(['ledger', 'key'])
    expect((await run(['ledger', 'export', 'ledger.ndjson'])).status).toBe(0)
    const verified = await run(['ledger', 'verify', 'ledger.ndjson', '--key', publicKey])
    expect(said(verified)).toMatchObject({ status: 0 })
  })
})

describe('what cannot be done says so, with a stable code and exit status 2', () => {
  const check = ['check', '--quiet']

  test('a key that nobody made', async () => {
    const key = makeKey(systemRandomBytes)
    const told = await refusal(check, environment(key))
    expect(told).toMatchObject({ code: 'key-unknown', status: 2 })
    expect(JSON.stringify(told)).not.toContain(key)
  })

  test('a key that is cut off is refused before anything is sent, and is not printed', async () => {
    const key = repairKey.slice(0, -1)
    const ended = await run(check, { TRUEUP_URL: 'https://trueup.invalid', TRUEUP_API_KEY: key })
    expect(said(ended)).toMatchObject({ status: 2, text: expect.stringContaining('option-invalid') })
    expect(said(ended).text).not.toContain(key)
  })

  test('a key that was revoked', async () => {
    expect((await run(['incidents', 'list'], environment(readKey.key))).status).toBe(0)
    await ada.do(`DELETE /api/v1/workspaces/${workspace}/api-keys/${readKey.id}`)
    expect(await refusal(['incidents', 'list'], environment(readKey.key))).toMatchObject({
      code: 'key-unknown',
      status: 2,
    })
  })

  test('a server that is not there', async () => {
    const told = await refusal(check, { TRUEUP_URL: 'http://127.0.0.1:1', TRUEUP_API_KEY: repairKey })
    expect(told).toMatchObject({ code: 'server-unreachable', status: 2 })
    expect(told.message).toContain('http://127.0.0.1:1')
  })

  test('another machine without TLS: the key is not sent', async () => {
    const told = await refusal(check, { TRUEUP_URL: 'http://trueup.example.com', TRUEUP_API_KEY: repairKey })
    expect(told).toMatchObject({ code: 'server-insecure', status: 2 })
    expect(told.fix).toContain('https://trueup.example.com')
  })

  test('a server that sends on elsewhere: the key does not follow', async () => {
    const asked: (string | undefined)[] = []
    const elsewhere = createServer((request, response) => {
      asked.push(request.headers.authorization)
      response.end()
    })
    const portOf = (server: typeof elsewhere) => (server.address() as AddressInfo).port
    await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve))
    const first = createServer((_, response) =>
      response.writeHead(307, { location: `http://127.0.0.1:${portOf(elsewhere)}/` }).end(),
    )
    await new Promise<void>((resolve) => first.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${portOf(first)}`
    const told = await refusal(check, { TRUEUP_URL: url, TRUEUP_API_KEY: repairKey })
    expect(told).toMatchObject({ code: 'server-redirects', status: 2 })
    expect(asked).toEqual([])
    first.close()
    elsewhere.close()
  })

  test('a project that the key does not reach', async () => {
    const told = await refusal([...check, '--project', 'prj_other'])
    expect(told).toMatchObject({ code: 'project-unknown', status: 2 })
    expect(told.message).toContain(`${project} (App)`)
  })

  test('a key that reaches several projects, and none is named; TRUEUP_PROJECT names it', async () => {
    expect(await refusal(['incidents', 'list'], environment(wideKey))).toMatchObject({
      code: 'project-unnamed',
      status: 2,
    })
    const named = environment(wideKey, { TRUEUP_PROJECT: project })
    expect((await json<Listed>(['incidents', 'list'], named)).counts.total).toBeGreaterThan(0)
  })

  test('a server and no key', async () => {
    expect(await refusal(check, { TRUEUP_URL: service.url })).toMatchObject({
      code: 'environment-missing',
      status: 2,
    })
  })

  test.each([
    ['an option that only a folder has', ['check', '--settle', '0']],
    ['acting as somebody', ['repair', 'on', '--as', 'ada']],
    ['an import', ['import', 'subjects', 'people.csv']],
    ['rebuilding the ledger', ['ledger', 'rebuild']],
    ['verifying a repair again', ['verify', 'rep_1']],
  ])('%s', async (_, args) => {
    expect(await refusal(args)).toMatchObject({ code: 'only-local', status: 2 })
  })

  test.each([
    ['--project', ['incidents', 'list', '--project', 'prj_1']],
    ['--customer', ['check', '--customer', 'cus_1']],
  ])('%s without a server', async (_, args) => {
    expect(
      await refusal(
        args.map((arg) => arg ?? 'prj_1'),
        {},
      ),
    ).toMatchObject({ code: 'only-remote', status: 2 })
  })
})

interface Examined {
  readonly ok: boolean
  readonly sections: readonly {
    readonly name: string
    readonly findings: readonly {
      readonly name: string
      readonly state: string
      readonly found: string
      readonly fix: string | null
    }[]
  }[]
}

describe('trueup doctor', () => {
  const findingsOf = ({ sections }: Examined) =>
    sections.flatMap(({ name: section, findings }) =>
      findings.map(({ name, state }) => `${section}: ${name} ${state}`),
    )

  test('examines a service with the key: what is well, and what somebody should look at', async () => {
    const examined = await json<Examined>(['doctor'])
    expect(examined).toMatchObject({ ok: true, status: 0 })
    const found = findingsOf(examined)
    expect(found).toEqual(
      expect.arrayContaining([
        'Server: reached ok',
        'Server: version ok',
        'Server: ready ok',
        'Server: events ok',
        'API key: scope ok',
        // It was never set live.
        'Project: project warning',
        'Project: configuration ok',
        'Sources: stripe ok',
        'Sources: clerk ok',
        'Checks: last complete ok',
        'Checks: due ok',
        'Alerts: alerts warning',
        'Repairs: brakes ok',
      ]),
    )
    for (const { state, fix } of examined.sections.flatMap(({ findings }) => findings)) {
      expect(state === 'ok' || fix !== null).toBe(true)
    }
    expect((await run(['doctor'])).out).toContain('The service does its work, with')
  })

  test('sees repairs that are switched off', async () => {
    await run(['repair', 'off', '--reason', 'a release'])
    expect(findingsOf(await json<Examined>(['doctor']))).toContain('Repairs: switched off warning')
    await run(['repair', 'on'])
  })

  test.each([
    [
      'nothing listens',
      () => ({ TRUEUP_URL: 'http://127.0.0.1:1', TRUEUP_API_KEY: repairKey }),
      'Server: reached failed',
    ],
    ['the key is none', () => environment(makeKey(systemRandomBytes)), 'API key: key failed'],
    [
      'the project is none',
      () => environment(repairKey, { TRUEUP_PROJECT: 'prj_1' }),
      'Project: project failed',
    ],
  ])('says what is to be mended where %s', async (_, variables, finding) => {
    const examined = await json<Examined>(['doctor'], variables())
    expect(examined).toMatchObject({ ok: false, status: 2 })
    expect(findingsOf(examined)).toContain(finding)
    expect(JSON.stringify(examined)).not.toContain(String(variables().TRUEUP_API_KEY))
  })

  test('examines what a service needs: database, row security, keys, ledger key', async () => {
    const examined = await json<Examined>(['doctor', '--serve'], {
      DATABASE_URL: database.url,
      TRUEUP_ENCRYPTION_KEY: `first:${Buffer.alloc(32, 3).toString('base64')}`,
      TRUEUP_LEDGER_KEY: Buffer.alloc(32, 4).toString('base64'),
      TRUEUP_PUBLIC_URL: 'https://trueup.example.com',
    })
    expect(examined).toMatchObject({ ok: true, status: 0 })
    expect(findingsOf(examined)).toEqual(
      expect.arrayContaining([
        'Settings: public address ok',
        'Database: server ok',
        'Database: row security ok',
        'Encryption keys: opens ok',
        'Ledger: key ok',
        'Mail: mail warning',
      ]),
    )
  })

  test.each([
    [
      'another encryption key is given',
      { TRUEUP_ENCRYPTION_KEY: `first:${Buffer.alloc(32, 9).toString('base64')}` },
      'Encryption keys: opens failed',
    ],
    ['no encryption key is given', {}, 'Encryption keys: keys failed'],
    ['the ledger key is none', { TRUEUP_LEDGER_KEY: 'short' }, 'Ledger: key failed'],
    [
      'the mail server is not there',
      { TRUEUP_SMTP_URL: 'smtp://127.0.0.1:1', TRUEUP_MAIL_FROM: 'Trueup <a@example.com>' },
      'Mail: mail failed',
    ],
    ['the address of the service is none', { TRUEUP_PUBLIC_URL: 'trueup' }, 'Settings: settings failed'],
  ])('a service cannot run where %s', async (_, variables, finding) => {
    const examined = await json<Examined>(['doctor', '--serve'], {
      DATABASE_URL: database.url,
      ...variables,
    })
    expect(examined).toMatchObject({ ok: false, status: 2 })
    expect(findingsOf(examined)).toContain(finding)
  })

  test('a database that is not there is told, and the rest is examined all the same', async () => {
    const examined = await json<Examined>(['doctor', '--serve'], {
      DATABASE_URL: 'postgres://trueup@127.0.0.1:1/trueup',
      TRUEUP_ENCRYPTION_KEY: `first:${Buffer.alloc(32, 3).toString('base64')}`,
    })
    expect(findingsOf(examined)).toEqual(
      expect.arrayContaining([
        'Database: database failed',
        'Encryption keys: keys ok',
        'Ledger: key warning',
      ]),
    )
  })
})
