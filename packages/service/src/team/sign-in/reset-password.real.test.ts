import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestDatabase } from '../../../../../test/support/database.ts'
import { createTestDatabase } from '../../../../../test/support/database.ts'
import type { TestTeam } from '../../../../../test/support/team.ts'
import { browser, openTestTeam, tokenIn, withCookies } from '../../../../../test/support/team.ts'
import { systemClock } from '../../adapters/system.ts'
import type { Database } from '../../store/database.ts'
import { openDatabase } from '../../store/index.ts'
import { workspaceEntries } from '../workspace-entry.ts'
import { makeResetLinkFor } from './reset-link.ts'
import { askForReset, resetPassword } from './reset-password.ts'
import { forgetEnded, signedIn } from './sessions.ts'
import { signIn } from './sign-in.ts'
import { askToSignUp, signUpByLink, signUpFirst } from './sign-up.ts'

const email = 'ada@example.com'
const password = 'a long enough password'

describe('a forgotten password', () => {
  let server: TestDatabase
  let database: Database
  let team: TestTeam
  beforeAll(async () => {
    server = await createTestDatabase()
    database = await openDatabase({ databaseUrl: server.url, home: null, clock: systemClock })
    team = await openTestTeam(database, { hasMail: true })
    await signUpFirst(team, { email, name: 'Ada', password, workspaceName: 'Acme' })
  })
  afterAll(async () => {
    await database.close()
    await server.drop()
  })

  const letterFor = async (address: string) => {
    team.letters.splice(0)
    await askForReset(team, browser(), address)
    await team.settled()
    return team.letters[0] ?? null
  }

  it('is set anew by a link that is mailed, opens once, and ends every session', async () => {
    const here = browser()
    const session = withCookies(here, (await signIn(team, here, { email, password })).cookies)
    const letter = await letterFor(' Ada@Example.com')
    expect(letter?.to).toBe(email)
    const token = tokenIn(letter?.text ?? '')
    const next = 'the next long password'
    await resetPassword(team, browser(), { token, password: next })
    expect(await signedIn(team, session)).toBeNull()
    expect(await signIn(team, browser(), { email, password: next })).toMatchObject({ next: 'done' })
    await expect(signIn(team, browser(), { email, password })).rejects.toMatchObject({
      code: 'credentials-wrong',
    })
    await expect(resetPassword(team, browser(), { token, password })).rejects.toMatchObject({
      code: 'link-invalid',
    })
  })

  it('is answered alike where nobody has the address, and nothing is mailed then', async () => {
    expect(await letterFor('nobody@example.com')).toBeNull()
  })

  it('is mailed three times an hour at most', async () => {
    const ask = () => askForReset(team, browser(), 'often@example.com')
    for (let time = 0; time < 3; time += 1) await ask()
    await expect(ask()).rejects.toMatchObject({ code: 'too-many-attempts' })
  })

  it.each([
    ['short', 'password-too-short'],
    ['Password123!', 'password-known'],
    ['x'.repeat(257), 'password-too-long'],
  ])('is not set to %s, and the link stays good', async (weak, code) => {
    const token = tokenIn(await makeResetLinkFor(team, email))
    await expect(resetPassword(team, browser(), { token, password: weak })).rejects.toMatchObject({ code })
    await resetPassword(team, browser(), { token, password })
    expect(await signIn(team, browser(), { email, password })).toMatchObject({ next: 'done' })
  })

  it('is set anew by a link of the command line, which is entered', async () => {
    await expect(makeResetLinkFor(team, 'nobody@example.com')).rejects.toMatchObject({ code: 'not-found' })
    await makeResetLinkFor(team, email)
    const [entry] = await workspaceEntries(database, 'default')
    expect(entry).toMatchObject({ act: 'reset-link-made', by: 'command-line' })
  })

  it('leaves no token of a link in the database', async () => {
    const token = tokenIn(await makeResetLinkFor(team, email))
    const { rows } = await database.pool.query<{ all: string }>(
      'select person_check::text as all from trueup.person_check',
    )
    expect(rows.length).toBeGreaterThan(0)
    for (const row of rows) expect(row.all).not.toContain(token)
  })

  it('leaves no link behind once it has expired', async () => {
    await makeResetLinkFor(team, email)
    team.pass(2 * 3_600_000)
    await forgetEnded(team)
    const { rows } = await database.pool.query('select from trueup.person_check')
    expect(rows).toHaveLength(0)
  })
})

describe('signing up where anybody may', () => {
  let server: TestDatabase
  let database: Database
  let team: TestTeam
  beforeAll(async () => {
    server = await createTestDatabase()
    database = await openDatabase({ databaseUrl: server.url, home: null, clock: systemClock })
    team = await openTestTeam(database, { hasMail: true, signUp: 'open' })
    await signUpFirst(team, { email, name: 'Ada', password, workspaceName: 'Acme' })
  })
  afterAll(async () => {
    await database.close()
    await server.drop()
  })
  const bob = { name: 'Bob', password, workspaceName: 'Bobs' }

  it('takes a link that is mailed, and makes a workspace of one’s own', async () => {
    await askToSignUp(team, browser(), 'bob@example.com')
    await team.settled()
    const token = tokenIn(team.letters.at(-1)?.text ?? '')
    const { workspaceId } = await signUpByLink(team, { token, ...bob })
    expect(workspaceId).not.toBe('default')
    expect(await signIn(team, browser(), { email: 'bob@example.com', password })).toMatchObject({
      next: 'done',
    })
    await expect(signUpByLink(team, { token, ...bob })).rejects.toMatchObject({ code: 'link-invalid' })
  })

  it('tells nobody but the address itself that there is a person with it', async () => {
    expect(await askToSignUp(team, browser(), email)).toBeUndefined()
    await team.settled()
    const letter = team.letters.at(-1)
    expect(letter?.to).toBe(email)
    expect(letter?.text).toContain('You have one')
    expect(() => tokenIn(letter?.text ?? '')).toThrow()
  })

  it('takes a link for a day', async () => {
    await askToSignUp(team, browser(), 'late@example.com')
    await team.settled()
    const token = tokenIn(team.letters.at(-1)?.text ?? '')
    team.pass(25 * 3_600_000)
    await expect(signUpByLink(team, { token, ...bob })).rejects.toMatchObject({ code: 'link-invalid' })
  })

  it('is closed by default', async () => {
    const byInvite = await openTestTeam(database, { hasMail: true })
    for (const act of [
      () => askToSignUp(byInvite, browser(), 'bob@example.com'),
      () => signUpByLink(byInvite, { token: 'x', ...bob }),
      () => signUpFirst(byInvite, { email: 'eve@example.com', ...bob }),
    ]) {
      await expect(act()).rejects.toMatchObject({ code: 'sign-up-closed' })
    }
  })
})
