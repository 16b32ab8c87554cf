import { execFile, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import type { Server } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { promisify } from 'node:util'
import type { ProjectStore } from '@trueup/core'
import { createMemoryStore } from '@trueup/core'
import type { Sandbox } from '@trueup/sandbox'
import { startSandbox } from '@trueup/sandbox'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { renderConfig } from '../packages/service/src/config/render-config.ts'
import { createPushHandler } from '../packages/service/src/push/create-push-handler.ts'
import type { ImportOutcome } from '../packages/service/src/push/import/import-subjects.ts'
import { Secret } from '../packages/service/src/secret.ts'
import { binary, buildCli } from './support/build-cli.ts'
import type { Folder } from './support/cli.ts'
import { folderOf } from './support/cli.ts'
import type { TestDatabase } from './support/database.ts'
import { createTestDatabase } from './support/database.ts'

/*
 * What an app grants, handed over as files and by pushes, and checked against Stripe: with the published program, and
 * with the examples of docs/push-and-import.md as they stand there.
 */

const ada = {
  customers: [
    { id: 'cus_ada', subscriptions: [{ price: 'pro_monthly', started: '-75d' }] },
    { id: 'cus_bob', subscriptions: [{ price: 'pro_monthly', started: '-75d' }] },
  ],
  users: [],
}

interface Told {
  readonly error: { readonly code: string; readonly message: string; readonly fix: string }
}

/** Says so where an example cannot be tried for want of a program. */
function isMissing(...programs: readonly string[]): boolean {
  const missing = programs.filter((program) => spawnSync(program, ['--version']).error)
  if (missing.length > 0)
    process.stdout.write(`Not installed, so an example is not tried: ${missing.join(', ')}.\n`)
  return missing.length > 0
}

let sandbox: Sandbox
let database: TestDatabase
let folder: Folder
beforeAll(async () => {
  buildCli()
  sandbox = await startSandbox({ world: ada, seed: 1 })
})
afterAll(() => sandbox.close())
beforeEach(async () => {
  database = await createTestDatabase()
  folder = await folderOf(sandbox)
  const access = [{ pushed: { name: 'app', users: ['plan' as const] } }]
  await folder.write(
    'trueup.config.ts',
    renderConfig({ ...sandbox.config, access, match: ['customer.id -> customerId'] }),
  )
  return async () => {
    await folder.remove()
    await database.drop()
  }
})

const user = (id: string, plan: string | null, customerId: string | null = `cus_${id}`) =>
  JSON.stringify({ type: 'user', id, customerId, plan })
const here = () => ({ DATABASE_URL: database.url })
const run = (...args: readonly string[]) => folder.run(args, here())
const json = <Answer>(...args: readonly string[]) => folder.json<Answer>(args, here())

describe('trueup import subjects', () => {
  test('hands over what is checked against Stripe, and every drift is found', async () => {
    await folder.write('users.ndjson', [user('ada', 'pro'), user('bob', 'free')].join('\n'))
    const imported = await run('import', 'subjects', 'users.ndjson')
    expect(imported).toMatchObject({ status: 0, err: '' })
    expect(imported.out).toBe('Imported 2 records into app (full): 0 were held before, 2 are now.\n')
    const report = await json<{
      readonly incidents: readonly { readonly kind: string; readonly subject: unknown }[]
    }>('check')
    expect(report.status).toBe(1)
    expect(new Set(report.incidents.map(({ subject }) => subject))).toEqual(
      new Set([{ type: 'user', id: 'bob' }]),
    )

    await folder.write('changes.csv', 'type,id,customer_id,tier\r\nuser,bob,cus_bob,pro\r\n')
    const options = ['--incremental', '--column', 'plan=tier']
    expect(await json<ImportOutcome>('import', 'subjects', 'changes.csv', ...options)).toMatchObject({
      status: 0,
      state: 'imported',
      before: 2,
      after: 2,
    })
    expect((await run('check')).status).toBe(0)
  })

  test('before anything was imported, or after single subjects alone, a check cannot tell', async () => {
    expect((await run('check')).status).toBe(2)
    await folder.write('users.ndjson', user('ada', 'pro'))
    await run('import', 'subjects', 'users.ndjson', '--incremental')
    const { status, out } = await run('check')
    expect(status).toBe(2)
    expect(out).toContain('never all of them')
    const doctor = await run('doctor')
    expect(doctor.out).toContain('trueup import subjects FILE --source app')
  })

  test('of a bad file imports nothing, ends with 2, and prints nothing that a terminal would obey', async () => {
    await folder.write(
      'users.ndjson',
      `${user('ada', 'pro')}\n{"type":"user","id":"b\u001b[2J","pl\u202eam\\u001b]0;x":1}\n{"ty`,
    )
    const { status, out, err } = await run('import', 'subjects', 'users.ndjson')
    expect(status).toBe(2)
    expect(out).toContain('line 2')
    expect(out).toContain('line 3')
    expect(out).toContain('Nothing was imported: 2 of 3 records cannot be taken.')
    expect((out + err).replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u)
    expect((await run('check')).status).toBe(2)
  })

  test('reads what another program writes', async () => {
    await folder.write('users', [user('ada', 'pro'), user('bob', 'pro')].join('\n'))
    const { stdout } = await promisify(execFile)(
      '/bin/sh',
      ['-c', `cat users | "${process.execPath}" "${binary}" import subjects - --format ndjson`],
      { cwd: folder.path, env: { PATH: process.env.PATH, ...here() } },
    )
    expect(stdout).toContain('Imported 2 records')
  })

  test('that is tried changes nothing', async () => {
    await folder.write('users.ndjson', user('ada', 'pro'))
    const { status, out } = await run('import', 'subjects', 'users.ndjson', '--dry-run')
    expect([status, out]).toEqual([
      0,
      'Dry run: 1 record would be imported into app (full); 0 are held now.\n',
    ])
    expect((await run('check')).status).toBe(2)
  })

  const mistakes: readonly (readonly [what: string, args: readonly string[], code: string, says: RegExp])[] =
    [
      ['a file that is not there', ['nofile.csv'], 'file-unreadable', /there is no such file/],
      ['a folder', ['.', '--format', 'csv'], 'file-unreadable', /it is a folder/],
      ['a file of neither kind', ['users.txt'], 'option-invalid', /NDJSON or CSV/],
      [
        'a source that is near another',
        ['users.csv', '--source', 'apq'],
        'option-invalid',
        /Did you mean app/,
      ],
      [
        'a field that there is not',
        ['users.csv', '--column', 'plam=x'],
        'option-invalid',
        /Did you mean plan/,
      ],
      [
        'a delimiter of two characters',
        ['users.csv', '--delimiter', '::'],
        'option-invalid',
        /one character/,
      ],
      ['an empty file', ['users.csv'], 'file-unreadable', /it is empty/],
    ]
  test.each(mistakes)('told of %s, says what to do', async (_what, args, code, says) => {
    await folder.write('users.csv', '')
    const { status, error } = await json<Told>('import', 'subjects', ...args)
    expect([status, error.code]).toEqual([2, code])
    expect(`${error.message} ${error.fix}`).toMatch(says)
  })

  test('without a source that is pushed says how to name one', async () => {
    await folder.write('trueup.config.ts', renderConfig(sandbox.config))
    await folder.write('users.csv', '')
    const { error } = await json<Told>('import', 'subjects', 'users.csv')
    expect(error.fix).toContain('{ pushed:')
  })
})

describe('the documentation', () => {
  const page = readFileSync(new URL('../docs/push-and-import.md', import.meta.url), 'utf8')
  const block = (beginning: string) => {
    const found = [...page.matchAll(/```\w+\n(.*?)```/gs)].find(([, text]) => text?.includes(beginning))
    if (!found?.[1]) throw new Error(`The page has no example with ${beginning}.`)
    return found[1]
  }
  const shell = (script: string, environment: Readonly<Record<string, string>>) =>
    promisify(execFile)('/bin/bash', ['-euo', 'pipefail', '-c', script], {
      cwd: folder.path,
      env: { PATH: process.env.PATH, ...environment },
    })

  test.skipIf(isMissing('psql'))('exports a database with psql to a file that is imported', async () => {
    const client = new pg.Client({ connectionString: database.url })
    await client.connect()
    await client.query(`
      create table users (id bigint, stripe_customer_id text, email text, email_verified boolean, plan text,
        trial_ends_at timestamptz, updated_at timestamptz, deleted_at timestamptz);
      create table organizations (id bigint, stripe_customer_id text, plan text, seats integer);
      create table members (organization_id bigint);
      insert into users values (1, 'cus_ada', 'Ada@example.com', true, 'pro', null, now(), null),
        (2, null, E'b"\\\\\\n@example.com', false, 'free', now(), now(), null), (3, null, null, true, null, null, null, now());
      insert into organizations values (1, 'cus_bob', 'pro', 5);
      insert into members values (1), (1);`)
    await client.end()
    const pushed = { name: 'app', users: ['plan', 'trialEndsAt'], organizations: ['plan', 'seats'] } as const
    await folder.write('trueup.config.ts', renderConfig({ ...sandbox.config, access: [{ pushed }] }))
    const [script = ''] = block('psql "$DATABASE_URL"').split('trueup import')
    await shell(script, here())
    expect(await json<ImportOutcome>('import', 'subjects', 'users.ndjson')).toMatchObject({
      status: 0,
      good: 3,
      bad: 0,
      unreadableCount: 0,
    })
  })

  test('imports its CSV', async () => {
    const pushed = { name: 'app', users: ['plan'], organizations: ['plan', 'seats'] } as const
    await folder.write('trueup.config.ts', renderConfig({ ...sandbox.config, access: [{ pushed }] }))
    await folder.write('users.csv', block('type,id,customer_id'))
    const outcome = await json<ImportOutcome>('import', 'subjects', 'users.csv')
    expect(outcome).toMatchObject({ status: 0, good: 2, problemCount: 0 })
  })

  describe('pushes', () => {
    const secret = `whsec_${Buffer.alloc(32, 250).toString('base64')}`
    let project: ProjectStore
    let server: Server
    let environment: Readonly<Record<string, string>>
    beforeEach(async () => {
      project = await createMemoryStore().project('app')
      const handle = createPushHandler({
        targets: [{ name: 'app', mappings: { user: { components: ['plan', 'trialEndsAt'] } } }],
        store: project,
        secrets: [new Secret(secret)],
        clock: { now: () => new Date() },
      })
      server = createServer(async (incoming, outgoing) => {
        const chunks: Buffer[] = []
        for await (const chunk of incoming) chunks.push(chunk as Buffer)
        const response = await handle(
          new Request('http://localhost', {
            method: incoming.method ?? 'GET',
            headers: Object.entries(incoming.headers).map(([name, value]): [string, string] => [
              name,
              String(value),
            ]),
            body: Buffer.concat(chunks),
          }),
        )
        outgoing.writeHead(response.status).end(await response.text())
      })
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      const { port } = server.address() as AddressInfo
      environment = { TRUEUP_PUSH_SECRET: secret, TRUEUP_PUSH_URL: `http://127.0.0.1:${port}/` }
      return () => new Promise<void>((resolve) => server.close(() => resolve()))
    })

    test.skipIf(isMissing('curl', 'openssl'))('from a shell', async () => {
      const { stdout } = await shell(block('openssl dgst'), environment)
      expect(JSON.parse(stdout)).toMatchObject({ push: 'change-42', mode: 'incremental', state: 'finished' })
      expect(await project.pushedSubjects('app', 'user', null, 10)).toHaveLength(1)
    })

    test('from Node, in several parts', async () => {
      const subjects = Array.from({ length: 12_001 }, (_, index) => ({
        type: 'user',
        id: `u${index}`,
        plan: 'free',
        trialEndsAt: null,
      }))
      await folder.write('subjects.json', JSON.stringify(subjects))
      const script = block("import { signPush } from 'trueup'").replace(
        'subjects.json',
        folder.file('subjects.json'),
      )
      await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script], {
        cwd: new URL('..', import.meta.url),
        env: environment,
      })
      expect((await project.pushedSource('app'))?.subjects).toBe(12_001)
    })

    test.skipIf(isMissing('curl', 'openssl'))('one object as it is shown', async () => {
      const [body] = page.match(/\{\n {2}"push".*?\n\}/s) ?? []
      const script = block('openssl dgst').replace(/^body=.*$/m, `body='${body}'`)
      const { stdout } = await shell(script, environment)
      expect(JSON.parse(stdout)).toMatchObject({ mode: 'full', state: 'finished', received: 1 })
    })
  })
})
