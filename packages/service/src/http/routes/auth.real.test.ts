import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { authenticatorOf, fromBase32 } from '../../../../../test/support/authenticator.ts'
import type { TestDatabase } from '../../../../../test/support/database.ts'
import { createTestDatabase } from '../../../../../test/support/database.ts'
import { systemRandomBytes } from '../../adapters/system.ts'
import { readEnvironment } from '../../environment.ts'
import { createServiceLog } from '../../serve/service-log.ts'
import { readServiceSettings } from '../../serve/service-settings.ts'
import type { RunningService } from '../../serve/start-service.ts'
import { startService } from '../../serve/start-service.ts'
import { readTeamSettings } from '../../team/team-settings.ts'
import { newMasterKey } from '../../vault/key-ring.ts'

const publicUrl = 'https://trueup.example.com'
const password = 'a long enough password'

/** A browser: keeps its cookies, and says where its pages are from. */
class Browser {
  readonly #url: string
  readonly cookies = new Map<string, string>()

  constructor(url: string) {
    this.#url = url
  }

  async send(
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = { origin: publicUrl, 'sec-fetch-site': 'same-origin' },
  ): Promise<{ readonly status: number; readonly body: Record<string, unknown>; readonly headers: Headers }> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(`${this.#url}${path}`, {
      method,
      headers: {
        ...headers,
        ...(cookie ? { cookie } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (line.includes('Max-Age=0')) this.cookies.delete(name)
      else this.cookies.set(name, value)
    }
    const text = await response.text()
    return { status: response.status, body: text ? JSON.parse(text) : {}, headers: response.headers }
  }
}

describe('people, over HTTP', () => {
  let server: TestDatabase
  let home: string
  let running: RunningService
  let lines: string[]
  let ada: Browser
  let bob: Browser
  const here = '/api/v1/workspaces/default'
  const secrets: string[] = [password]

  beforeAll(async () => {
    server = await createTestDatabase()
    home = await mkdtemp(join(tmpdir(), 'trueup-people-'))
    lines = []
    const variables = {
      DATABASE_URL: server.url,
      TRUEUP_HOME: home,
      TRUEUP_PORT: '0',
      TRUEUP_PUBLIC_URL: publicUrl,
      TRUEUP_ENCRYPTION_KEY: newMasterKey(new Date(), systemRandomBytes).line,
    }
    running = await startService({
      environment: readEnvironment(variables),
      settings: readServiceSettings(variables, { role: 'web' }),
      team: readTeamSettings(variables, 'http://localhost:7310'),
      log: createServiceLog('info', (line) => void lines.push(line)),
      version: 'test',
    })
    ada = browser()
    bob = browser()
  })
  afterAll(async () => {
    await running?.stop()
    await server?.drop()
    await rm(home, { recursive: true, force: true })
  })

  const browser = () => new Browser(running.url ?? '')
  const database = () => running.service.database.pool
  /** Lets every session have begun a while ago. */
  const grow = () =>
    database().query(
      `update trueup.person_session set created_at = created_at - interval '11 minutes', confirmed_at = null`,
    )

  it('begin with the first, who owns the first workspace and is signed in', async () => {
    expect((await ada.send('GET', '/api/v1/sign-in-options')).body).toEqual({
      firstSignUp: true,
      signUp: 'invite',
      canMail: false,
      provider: null,
    })
    const first = { email: 'ada@example.com', name: 'Ada', password, workspaceName: 'Acme' }
    expect(await ada.send('POST', '/api/v1/sign-up', first)).toMatchObject({
      status: 200,
      body: { next: 'done' },
    })
    expect([...ada.cookies.keys()]).toEqual(['__Host-trueup.session_token'])
    expect((await ada.send('GET', '/api/v1/me')).body).toMatchObject({
      kind: 'person',
      email: 'ada@example.com',
      isFresh: true,
      workspaces: [{ workspaceId: 'default', name: 'Acme', role: 'owner' }],
    })
    const second = { ...first, email: 'eve@example.com' }
    expect(await browser().send('POST', '/api/v1/sign-up', second)).toMatchObject({
      status: 403,
      body: { code: 'sign-up-closed' },
    })
  })

  it('come by invite, and are signed in with it', async () => {
    const invited = await ada.send('POST', `${here}/invites`, { email: 'bob@example.com', role: 'admin' })
    expect(invited).toMatchObject({ status: 201, body: { invite: { email: 'bob@example.com' } } })
    const token = String(invited.body.link).split('#')[1] ?? ''
    secrets.push(token)
    expect((await bob.send('POST', '/api/v1/invites/open', { token })).body).toMatchObject({
      workspaceName: 'Acme',
      role: 'admin',
      isKnown: false,
    })
    const accepted = await bob.send('POST', '/api/v1/invites/accept', { token, name: 'Bob', password })
    expect(accepted).toMatchObject({ status: 200, body: { next: 'done' } })
    const again = await browser().send('POST', '/api/v1/invites/accept', { token, name: 'Eve', password })
    expect(again).toMatchObject({ status: 422, body: { code: 'link-invalid' } })
    expect((await bob.send('GET', `${here}/members`)).body.items).toHaveLength(2)
  })

  it('are refused what needs them to show that it is them, until they do', async () => {
    await grow()
    const wanted = { name: 'CI', scope: 'read' }
    expect(await ada.send('POST', `${here}/api-keys`, wanted)).toMatchObject({
      status: 403,
      body: { code: 'confirmation-needed' },
    })
    expect(await ada.send('POST', '/api/v1/session/confirm', { password: 'not it' })).toMatchObject({
      status: 401,
      body: { code: 'credentials-wrong' },
    })
    expect(await ada.send('POST', '/api/v1/session/confirm', { password })).toMatchObject({ status: 204 })
    expect(await ada.send('POST', `${here}/api-keys`, wanted)).toMatchObject({ status: 201 })
  })

  it('make keys that are shown once, also where the request is sent again', async () => {
    const headers = {
      origin: publicUrl,
      'sec-fetch-site': 'same-origin',
      'idempotency-key': 'make-one-key',
    }
    const wanted = { name: 'Once', scope: 'read' }
    const made = await ada.send('POST', `${here}/api-keys`, wanted, headers)
    expect(made.status).toBe(201)
    const key = String(made.body.key)
    secrets.push(key)
    const again = await ada.send('POST', `${here}/api-keys`, wanted, headers)
    expect(again).toMatchObject({ status: 409, body: { code: 'idempotency-key-spent' } })
    const listed = (await ada.send('GET', `${here}/api-keys`)).body.items as { readonly name: string }[]
    expect(listed.filter(({ name }) => name === 'Once')).toHaveLength(1)
    expect(JSON.stringify(listed)).not.toContain(key)

    const bearer = { authorization: `Bearer ${key}` }
    const machine = browser()
    expect((await machine.send('GET', '/api/v1/me', undefined, bearer)).body).toMatchObject({
      kind: 'key',
      workspaceId: 'default',
      scope: 'read',
    })
    expect(await machine.send('GET', `${here}/api-keys`, undefined, bearer)).toMatchObject({
      status: 403,
      body: { code: 'people-only' },
    })
    const { keyId } = made.body.apiKey as { readonly keyId: string }
    expect((await ada.send('DELETE', `${here}/api-keys/${keyId}`)).status).toBe(204)
    expect(await machine.send('GET', '/api/v1/me', undefined, bearer)).toMatchObject({
      status: 401,
      body: { code: 'key-unknown' },
    })
  })

  it.each([
    ['a page of another site', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
    ['a page of another site of ours', { origin: 'https://a.example.com', 'sec-fetch-site': 'same-site' }],
    ['a page that hides where it is from', { origin: 'null', 'sec-fetch-site': 'cross-site' }],
    ['a page of another site in an old browser', { origin: 'https://evil.example' }],
    ['another site, without an origin', { 'sec-fetch-site': 'cross-site' }],
    ['our host over http', { origin: 'http://trueup.example.com' }],
  ])('are not acted for by %s', async (_, headers) => {
    for (const [method, path, body] of [
      ['POST', `${here}/invites`, { email: 'eve@example.com', role: 'admin' }],
      ['DELETE', '/api/v1/session', undefined],
      ['POST', '/api/v1/session', { email: 'ada@example.com', password }],
    ] as const) {
      expect(await ada.send(method, path, body, headers)).toMatchObject({
        status: 403,
        body: { code: 'other-site' },
      })
    }
    expect((await ada.send('GET', '/api/v1/me')).status).toBe(200)
  })

  it('of another workspace find nothing of this one, whatever they ask for', async () => {
    const made = await ada.send('POST', '/api/v1/workspaces', { name: 'Side' })
    const side = String(made.body.workspaceId)
    const [member] = (await ada.send('GET', `/api/v1/workspaces/${side}/members`)).body.items as [
      { readonly personId: string },
    ]
    await ada.send('POST', '/api/v1/session/confirm', { password })
    await bob.send('POST', '/api/v1/session/confirm', { password })
    for (const [method, path, body] of [
      ['PATCH', '', { name: 'Mine' }],
      ['POST', '/hand-over', { personId: member.personId }],
      ['POST', '/leave', undefined],
      ['GET', '/record', undefined],
      ['GET', '/members', undefined],
      ['PATCH', `/members/${member.personId}`, { role: 'viewer' }],
      ['DELETE', `/members/${member.personId}`, undefined],
      ['POST', `/members/${member.personId}/reset-link`, undefined],
      ['GET', '/invites', undefined],
      ['POST', '/invites', { email: 'eve@example.com', role: 'admin' }],
      ['DELETE', '/invites/inv_1', undefined],
      ['GET', '/api-keys', undefined],
      ['POST', '/api-keys', { name: 'x', scope: 'read' }],
      ['DELETE', '/api-keys/key_1', undefined],
    ] as const) {
      const foreign = await bob.send(method, `/api/v1/workspaces/${side}${path}`, body)
      const absent = await bob.send(method, `/api/v1/workspaces/wsp_none${path}`, body)
      expect([foreign.status, foreign.body.code]).toEqual([404, 'not-found'])
      expect({ ...foreign.body, requestId: '' }).toEqual({ ...absent.body, requestId: '' })
    }
  })

  it('lose the workspace with the next request when they are removed', async () => {
    const members = (await ada.send('GET', `${here}/members`)).body.items as {
      readonly personId: string
      readonly email: string
    }[]
    const bobs = members.find(({ email }) => email === 'bob@example.com')?.personId
    expect((await bob.send('GET', `${here}/members`)).status).toBe(200)
    expect((await ada.send('DELETE', `${here}/members/${bobs}`)).status).toBe(204)
    expect((await bob.send('GET', `${here}/members`)).status).toBe(404)
    expect((await bob.send('GET', '/api/v1/me')).body.workspaces).toEqual([])
  })

  it('set up a second factor, and give its code when they sign in', async () => {
    const offer = await bob.send('POST', '/api/v1/me/second-factor', { password })
    const uri = String(offer.body.uri)
    const shared = new URL(uri).searchParams.get('secret') ?? ''
    secrets.push(fromBase32(shared).toString(), shared, ...(offer.body.backupCodes as string[]))
    const code = authenticatorOf(uri)()
    expect((await bob.send('POST', '/api/v1/me/second-factor/confirm', { code })).status).toBe(204)
    const [backup] = offer.body.backupCodes as string[]
    const there = browser()
    const first = await there.send('POST', '/api/v1/session', { email: 'bob@example.com', password })
    expect(first.body).toEqual({ next: 'code' })
    expect((await there.send('GET', '/api/v1/me')).status).toBe(401)
    expect((await there.send('POST', '/api/v1/session/code', { code: backup })).body).toEqual({
      next: 'done',
    })
    expect((await there.send('GET', '/api/v1/me')).body).toMatchObject({ hasTwoFactor: true })
  })

  it('end their other sessions, and their own by signing out', async () => {
    const there = browser()
    await there.send('POST', '/api/v1/session', { email: 'ada@example.com', password })
    const sessions = (await ada.send('GET', '/api/v1/me/sessions')).body.items as {
      readonly isThisOne: boolean
    }[]
    expect(sessions).toHaveLength(2)
    expect(sessions.filter(({ isThisOne }) => isThisOne)).toHaveLength(1)
    expect((await ada.send('DELETE', '/api/v1/me/sessions')).status).toBe(204)
    expect((await there.send('GET', '/api/v1/me')).status).toBe(401)
    const kept = new Map(ada.cookies)
    secrets.push(...[...kept.values()].map((value) => decodeURIComponent(value).split('.')[0] ?? ''))
    expect((await ada.send('DELETE', '/api/v1/session')).status).toBe(204)
    for (const [name, value] of kept) ada.cookies.set(name, value)
    expect((await ada.send('GET', '/api/v1/me')).status).toBe(401)
    ada.cookies.clear()
    await ada.send('POST', '/api/v1/session', { email: 'ada@example.com', password })
    secrets.push(...[...ada.cookies.values()].map((value) => decodeURIComponent(value).split('.')[0] ?? ''))
  })

  it('leave nothing in the database or the log that opens a door', async () => {
    const tables = await database().query<{ relname: string }>(
      `select relname from pg_class where relnamespace = 'trueup'::regnamespace and relkind = 'r'`,
    )
    let dump = lines.join('\n')
    for (const { relname } of tables.rows) {
      const { rows } = await database().query<{ all: string }>(
        `select t::text as all from trueup."${relname}" t`,
      )
      dump += rows.map((row) => row.all).join('\n')
    }
    expect(dump).toContain('ada@example.com')
    expect(secrets.length).toBeGreaterThan(12)
    for (const secret of secrets) {
      expect(secret.length).toBeGreaterThan(8)
      const forms = [
        secret,
        Buffer.from(secret).toString('base64').replace(/=+$/, ''),
        Buffer.from(secret).toString('hex'),
        encodeURIComponent(secret),
      ]
      for (const form of forms) expect(dump.includes(form)).toBe(false)
    }
  })
})
