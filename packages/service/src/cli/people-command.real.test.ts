import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { authenticatorOf } from '../../../../test/support/authenticator.ts'
import type { TestDatabase } from '../../../../test/support/database.ts'
import { createTestDatabase } from '../../../../test/support/database.ts'
import type { TestTeam } from '../../../../test/support/team.ts'
import { browser, openTestTeam, tokenIn, withCookies } from '../../../../test/support/team.ts'
import { systemClock } from '../adapters/system.ts'
import { readEnvironment } from '../environment.ts'
import type { Database } from '../store/index.ts'
import { openDatabase } from '../store/index.ts'
import { acceptAsNew } from '../team/invites/accept-invite.ts'
import { invite, listInvites } from '../team/invites/invites.ts'
import { listPeople } from '../team/list-people.ts'
import { resetPassword } from '../team/sign-in/reset-password.ts'
import { offerSecondFactor, turnOnSecondFactor } from '../team/sign-in/second-factor.ts'
import { signedIn } from '../team/sign-in/sessions.ts'
import { signIn } from '../team/sign-in/sign-in.ts'
import { signUpFirst } from '../team/sign-in/sign-up.ts'
import { workspaceEntries } from '../team/workspace-entry.ts'
import { peopleCommand } from './people-command.ts'

const email = 'ada@example.com'
const password = 'a long enough password'

describe('trueup people', () => {
  let server: TestDatabase
  let database: Database
  let team: TestTeam
  beforeAll(async () => {
    server = await createTestDatabase()
    database = await openDatabase({ databaseUrl: server.url, home: null, clock: systemClock })
    team = await openTestTeam(database)
    await signUpFirst(team, { email, name: 'Ada', password, workspaceName: 'Acme' })
  })
  afterAll(async () => {
    await database.close()
    await server.drop()
  })

  const run = async (...args: readonly string[]) => {
    const variables = { DATABASE_URL: server.url, TRUEUP_PUBLIC_URL: 'https://trueup.example.com' }
    let [out, err] = ['', '']
    const command = peopleCommand({
      terminal: {
        out: (text) => {
          out += text
        },
        err: (text) => {
          err += text
        },
      } as Parameters<typeof peopleCommand>[0]['terminal'],
      signal: new AbortController().signal,
      environment: () => readEnvironment(variables),
      variables: () => variables,
      exitWith: () => {},
    })
    await command.parseAsync(args, { from: 'user' })
    return { out, err }
  }
  const newest = async () => (await workspaceEntries(database, 'default'))[0]

  it('lists who can sign in, and what they are where', async () => {
    expect((await run('list')).out).toBe('ada@example.com  Ada  owner of Acme\n')
    expect(JSON.parse((await run('list', '--json')).out)).toMatchObject({
      people: [{ email, workspaces: [{ workspaceId: 'default', role: 'owner' }] }],
    })
  })

  it('prints a link that sets a new password once, and enters that it did', async () => {
    const { out, err } = await run('reset-link', email)
    expect(out).toMatch(/^https:\/\/trueup\.example\.com\/reset-password#[\w-]{43}\n$/)
    expect(err).toContain('Good for 60 minutes, once.')
    await resetPassword(team, browser(), { token: tokenIn(out), password: 'the next long password' })
    expect(await signIn(team, browser(), { email, password: 'the next long password' })).toMatchObject({
      next: 'done',
    })
    expect(await newest()).toMatchObject({ act: 'reset-link-made', by: 'command-line' })
  })

  it('takes a lost second factor away, and enters that it did', async () => {
    const here = browser()
    const step = await signIn(team, here, { email, password: 'the next long password' })
    const caller = withCookies(here, step.cookies)
    const { uri } = await offerSecondFactor(team, caller, 'the next long password')
    await turnOnSecondFactor(team, caller, authenticatorOf(uri)())
    const again = () => signIn(team, browser(), { email, password: 'the next long password' })
    expect(await again()).toMatchObject({ next: 'code' })
    await run('remove-second-factor', email)
    expect(await again()).toMatchObject({ next: 'done' })
    expect(await newest()).toMatchObject({ act: 'second-factor-removed', by: 'command-line' })
  })

  it('deletes a person and every address of theirs, but not an owner', async () => {
    await expect(run('remove', email)).rejects.toMatchObject({ code: 'owner-stays' })
    const ada = (await listPeople(team))[0]?.personId ?? ''
    const { link } = await invite(
      team,
      { workspaceId: 'default', personId: ada },
      { email: 'bob@example.com', role: 'admin' },
    )
    const token = tokenIn(link.sent ? '' : link.link)
    const { personId } = await acceptAsNew(team, browser(), { token, name: 'Bob', password })
    await invite(team, { workspaceId: 'default', personId }, { email: 'eve@example.com', role: 'viewer' })
    const here = browser()
    const session = withCookies(
      here,
      (await signIn(team, here, { email: 'bob@example.com', password })).cookies,
    )
    await run('remove', 'Bob@example.com')
    expect(await signedIn(team, session)).toBeNull()
    expect((await listPeople(team)).map((person) => person.email)).toEqual([email])
    expect(await listInvites(team, 'default')).toEqual([])
    const tables = await database.pool.query<{ relname: string }>(
      `select relname from pg_class where relnamespace = 'trueup'::regnamespace and relkind = 'r'`,
    )
    for (const { relname } of tables.rows) {
      const { rows } = await database.pool.query(
        `select from trueup."${relname}" t where t::text ilike '%bob@example.com%'`,
      )
      expect({ relname, found: rows.length }).toEqual({ relname, found: 0 })
    }
    expect(await newest()).toMatchObject({ act: 'member-removed', by: 'command-line' })
  })

  it.each(['reset-link', 'remove-second-factor', 'remove'])(
    'says that nobody has the address: %s',
    async (act) => {
      await expect(run(act, 'nobody@example.com')).rejects.toMatchObject({ code: 'not-found' })
    },
  )
})
