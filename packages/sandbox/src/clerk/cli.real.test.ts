import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Listening, listen } from '../server/listen.ts'
import { createClerkApp } from './create-clerk-app.ts'
import { ClerkState } from './state.ts'
import { createUser } from './users/create-user.ts'
import { svixHeaders } from './webhook/sign.ts'

const binary = findBinary()

function findBinary(): string | null {
  try {
    const manifest = createRequire(import.meta.url).resolve('@clerk/cli-linux-x64/package.json')
    const path = join(manifest, '..', 'bin', 'clerk')
    return existsSync(path) ? path : null
  } catch {
    // The optional package is there for Linux on x64 only; elsewhere the tests say that they were skipped.
    return null
  }
}

const secretKey = 'sk_test_sandbox'
const state = new ClerkState({ seed: 'cli' })
let server: Listening
let home: string

beforeAll(async () => {
  server = await listen(createClerkApp({ state, keys: [secretKey] }))
  home = await mkdtemp(join(tmpdir(), 'clerk-cli-'))
})
afterAll(async () => {
  await server.close()
  await rm(home, { recursive: true, force: true })
})

async function clerk(...args: readonly string[]) {
  const running = promisify(execFile)(binary ?? '', [...args], {
    cwd: home,
    timeout: 30_000,
    env: {
      HOME: home,
      PATH: process.env.PATH,
      CLERK_BACKEND_API_URL: server.url,
      CLERK_TELEMETRY_DISABLED: '1',
      NO_COLOR: '1',
    },
  })
  // The CLI reads a body from its input when that is not a terminal, and waits for the end of it.
  running.child.stdin?.end()
  return await running
}

async function api(...args: readonly string[]) {
  const { stdout } = await clerk('api', ...args, '--secret-key', secretKey, '--yes')
  return JSON.parse(stdout)
}

const name = binary === null ? 'Clerk’s CLI (skipped: @clerk/cli-linux-x64 is not installed)' : 'Clerk’s CLI'

describe.skipIf(binary === null)(name, () => {
  test('lists users, and says which were asked for', async () => {
    const ids = Array.from({ length: 12 }, () => createUser(state, {}).id)
    const listed = await api('/users?limit=12')
    expect(new Set(listed.map(({ id }: { id: string }) => id))).toEqual(new Set(ids))
    const { stdout } = await clerk('users', 'list', '--secret-key', secretKey, '--json')
    expect(stdout).toContain(ids[0])
  })

  test('creates, changes and deletes a user', async () => {
    const { stdout } = await clerk(
      ...['users', 'create', '--email', 'cli@example.com', '--first-name', 'Cli'],
      ...['--secret-key', secretKey, '--yes', '--json'],
    )
    const { id } = JSON.parse(stdout)
    expect(state.users.get(id)?.first_name).toBe('Cli')
    await api(`/users/${id}`, '-X', 'PATCH', '-d', '{"first_name":"Line"}')
    await api(`/users/${id}/metadata`, '-X', 'PATCH', '-d', '{"public_metadata":{"plan":"pro"}}')
    expect(state.users.get(id)).toMatchObject({ first_name: 'Line', public_metadata: { plan: 'pro' } })
    expect(await api(`/users/${id}`, '-X', 'DELETE')).toEqual({ object: 'user', id, deleted: true })
    expect(state.users.get(id)).toBeUndefined()
  })

  test('creates an organization with a member, and reads it by its slug', async () => {
    const user = createUser(state, {})
    const made = await api(
      '/organizations',
      '-d',
      JSON.stringify({ name: 'From the CLI', created_by: user.id }),
    )
    expect(await api('/organizations/from-the-cli?include_members_count=true')).toMatchObject({
      id: made.id,
      members_count: 1,
    })
    expect((await api('/organization_memberships')).total_count).toBe(state.memberships.size)
  })

  test('shows Clerk’s error for an unknown user and for a wrong key', async () => {
    await expect(api('/users/user_none')).rejects.toMatchObject({
      stdout: expect.stringContaining('No user was found with id user_none'),
    })
    const wrong = clerk('api', '/users', '--secret-key', 'sk_test_wrong')
    await expect(wrong).rejects.toMatchObject({
      stdout: expect.stringMatching(/Clerk Secret Key is invalid/),
    })
  })

  test('accepts our webhook signature, and refuses it for another body', async () => {
    const secret = `whsec_${Buffer.from('a key of twenty-four byte').toString('base64')}`
    const body = '{"type":"user.created"}'
    const headers = svixHeaders({ id: 'msg_1', body, secrets: [secret], time: new Date() })
    await writeFile(join(home, 'body.json'), body)
    await writeFile(join(home, 'other.json'), `${body} `)
    const verify = (file: string) =>
      clerk(
        ...['webhooks', 'verify', '--secret', secret, '--payload', `@${file}`, '--id', 'msg_1'],
        ...['--timestamp', headers['svix-timestamp'] ?? '', '--signature', headers['svix-signature'] ?? ''],
      )
    await expect(verify('body.json')).resolves.toBeDefined()
    await expect(verify('other.json')).rejects.toBeDefined()
  })
})
