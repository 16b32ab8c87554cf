import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestDatabase } from '../../../../test/support/database.ts'
import { createTestDatabase } from '../../../../test/support/database.ts'
import type { TestTeam } from '../../../../test/support/team.ts'
import { browser, openTestTeam, withCookies } from '../../../../test/support/team.ts'
import { systemClock } from '../adapters/system.ts'
import type { Database } from '../store/index.ts'
import { openDatabase } from '../store/index.ts'
import { createApiKey } from './keys/api-keys.ts'
import { resolvePrincipal } from './resolve-principal.ts'
import { signIn } from './sign-in/sign-in.ts'
import { signUpFirst } from './sign-in/sign-up.ts'

const email = 'ada@example.com'
const password = 'a long enough password'

describe('who asks', () => {
  let server: TestDatabase
  let database: Database
  let team: TestTeam
  let cookie: string
  let key: string
  beforeAll(async () => {
    server = await createTestDatabase()
    database = await openDatabase({ databaseUrl: server.url, home: null, clock: systemClock })
    team = await openTestTeam(database)
    const { personId } = await signUpFirst(team, { email, name: 'Ada', password, workspaceName: 'Acme' })
    const caller = browser()
    cookie = withCookies(caller, (await signIn(team, caller, { email, password })).cookies).cookie ?? ''
    const actor = { workspaceId: 'default', personId, by: `person:${email}` }
    const wanted = {
      name: 'CI',
      projectId: null,
      scope: 'read',
      expiresAt: null,
      allowedAddresses: null,
    } as const
    key = (await createApiKey(team, actor, wanted)).key.reveal()
  })
  afterAll(async () => {
    await database.close()
    await server.drop()
  })
  const ask = (headers: Readonly<Record<string, string>>) =>
    resolvePrincipal(team, new Request('https://trueup.example.com/api/v1/me', { headers }), '203.0.113.7')

  it('is the person of the session, with what they are in each workspace', async () => {
    expect(await ask({ cookie })).toMatchObject({
      kind: 'person',
      email,
      sessionFresh: true,
      roles: new Map([['default', 'owner']]),
    })
  })

  it('is the key, also where there is a session beside it', async () => {
    expect(await ask({ cookie, authorization: `Bearer ${key}` })).toMatchObject({
      kind: 'key',
      scope: 'read',
    })
  })

  it('is the person where a proxy before the service has an authorization of its own', async () => {
    expect(await ask({ cookie, authorization: 'Basic dXNlcjpwYXNz' })).toMatchObject({ kind: 'person' })
  })

  it.each([
    ['without a cookie', {}],
    ['with a cookie that was not signed here', { cookie: '__Host-trueup.session_token=abc.def' }],
    ['with a cookie of another name', { cookie: 'trueup.session_token=abc.def' }],
  ])('is nobody %s', async (_, headers) => {
    expect(await ask(headers)).toEqual({ kind: 'nobody' })
  })

  it('is nobody with a cookie whose signature was touched', async () => {
    expect(await ask({ cookie: cookie.replace(/\.[^.]*$/, '.AAAA') })).toEqual({ kind: 'nobody' })
  })

  it('is nobody once the session has expired', async () => {
    await database.pool.query(`update trueup.person_session set expires_at = now() - interval '1 second'`)
    expect(await ask({ cookie })).toEqual({ kind: 'nobody' })
  })

  it.each(['Bearer', 'Bearer ', 'Bearer tu_', 'bearer anything'])(
    'is refused with a key that opens nothing: %j',
    async (authorization) => {
      await expect(ask({ cookie, authorization })).rejects.toMatchObject({ code: 'key-unknown' })
    },
  )
})
