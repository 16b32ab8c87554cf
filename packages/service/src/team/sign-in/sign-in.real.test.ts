import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { authenticatorOf } from '../../../../../test/support/authenticator.ts'
import type { TestDatabase } from '../../../../../test/support/database.ts'
import { createTestDatabase } from '../../../../../test/support/database.ts'
import type { TestTeam } from '../../../../../test/support/team.ts'
import { browser, openTestTeam, withCookies } from '../../../../../test/support/team.ts'
import { systemClock } from '../../adapters/system.ts'
import type { Database } from '../../store/database.ts'
import { openDatabase } from '../../store/index.ts'
import type { Caller } from './caller.ts'
import { changePassword } from './change-password.ts'
import { confirmPerson } from './confirm.ts'
import { offerSecondFactor, turnOffSecondFactor, turnOnSecondFactor } from './second-factor.ts'
import { endSession, listSessions, requireSignedIn, signedIn } from './sessions.ts'
import { giveCode, signIn, signOut } from './sign-in.ts'
import { isFirstSignUp, signUpFirst } from './sign-up.ts'

const password = 'a long enough password'
const email = 'ada@example.com'

describe.each(['a server', 'the embedded database'])('signing in, on %s', (kind) => {
  let server: TestDatabase | null = null
  let database: Database
  let team: TestTeam
  beforeAll(async () => {
    server = kind === 'a server' ? await createTestDatabase() : null
    database = await openDatabase({ databaseUrl: server?.url, home: null, clock: systemClock })
    team = await openTestTeam(database)
  })
  afterAll(async () => {
    await database.close()
    await server?.drop()
  })

  const signInHere = async (caller: Caller = browser(), secret = password): Promise<Caller> => {
    const step = await signIn(team, caller, { email, password: secret })
    expect(step.next).toBe('done')
    return withCookies(caller, step.cookies)
  }

  it('begins with the first person, who is one of those that came at once', async () => {
    expect(await isFirstSignUp(team)).toBe(true)
    const names = ['ada', 'bob', 'cid', 'dan']
    const outcomes = await Promise.allSettled(
      names.map((name) =>
        signUpFirst(team, { email: `${name}@example.com`, name, password, workspaceName: 'Acme' }),
      ),
    )
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'sign-up-closed' })
    }
    expect(await isFirstSignUp(team)).toBe(false)
    const people = await database.pool.query<{ email: string }>('select email from trueup.person')
    expect(people.rows).toHaveLength(1)
    await database.pool.query('update trueup.person set email = $1', [email])
  })

  it('sets a cookie for this host alone, over TLS, out of reach of scripts', async () => {
    const { cookies } = await signIn(team, browser(), { email, password })
    const session = cookies.find((line) => line.startsWith('__Host-trueup.session_token='))
    expect(session?.split('; ')).toEqual(
      expect.arrayContaining(['Path=/', 'HttpOnly', 'Secure', 'SameSite=Lax']),
    )
    expect(session).not.toContain('Domain')
  })

  it('says the same whether the password is wrong or nobody has the address', async () => {
    const wrong = await signIn(team, browser(), { email, password: 'not the password' }).catch((e) => e)
    const unknown = await signIn(team, browser(), { email: 'eve@example.com', password }).catch((e) => e)
    expect(wrong).toMatchObject({ code: 'credentials-wrong' })
    expect({ code: unknown.code, message: unknown.message, fix: unknown.fix }).toEqual({
      code: wrong.code,
      message: wrong.message,
      fix: wrong.fix,
    })
  })

  it('keeps no token of a session as it is in the cookie', async () => {
    const caller = await signInHere()
    const token = decodeURIComponent(caller.cookie ?? '').match(/session_token=([^.]+)\./)?.[1] ?? ''
    expect(token.length).toBeGreaterThanOrEqual(32)
    const { rows } = await database.pool.query<{ token_hash: string }>(
      'select token_hash from trueup.person_session',
    )
    expect(rows.map(({ token_hash }) => token_hash)).not.toContain(token)
  })

  it('ends a session at once when its person signs out', async () => {
    const caller = await signInHere()
    expect(await signedIn(team, caller)).toMatchObject({ email, isFresh: true })
    const { cookies } = await signOut(team, caller)
    expect(await signedIn(team, caller)).toBeNull()
    expect(withCookies(caller, cookies).cookie).toBeNull()
  })

  it('lets a person see their sessions and end one, and nobody another’s', async () => {
    const [here, there] = [await signInHere(), await signInHere()]
    const { personId } = await requireSignedIn(team, here)
    const { sessionId } = await requireSignedIn(team, there)
    expect((await listSessions(team, personId)).map((line) => line.sessionId)).toContain(sessionId)
    await expect(endSession(team, 'per_somebodyelse', sessionId)).rejects.toMatchObject({
      code: 'not-found',
    })
    await endSession(team, personId, sessionId)
    expect(await signedIn(team, there)).toBeNull()
    expect(await signedIn(team, here)).not.toBeNull()
  })

  it('ends every other session when the password is changed', async () => {
    const [here, there] = [await signInHere(), await signInHere()]
    const next = 'another long password'
    const { cookies } = await changePassword(team, here, { current: password, next })
    expect(await signedIn(team, there)).toBeNull()
    expect(await signedIn(team, here)).toBeNull()
    expect(await signedIn(team, withCookies(here, cookies))).not.toBeNull()
    await expect(signIn(team, browser(), { email, password })).rejects.toMatchObject({
      code: 'credentials-wrong',
    })
    const again = await signInHere(browser(), next)
    await changePassword(team, again, { current: next, next: password })
  })

  it('is fresh for ten minutes, and again once the password was shown', async () => {
    const caller = await signInHere()
    team.pass(9 * 60_000)
    expect(await signedIn(team, caller)).toMatchObject({ isFresh: true })
    team.pass(2 * 60_000)
    expect(await signedIn(team, caller)).toMatchObject({ isFresh: false })
    await expect(confirmPerson(team, caller, { password: 'not the password' })).rejects.toMatchObject({
      code: 'credentials-wrong',
    })
    expect(await signedIn(team, caller)).toMatchObject({ isFresh: false })
    await confirmPerson(team, caller, { password })
    expect(await signedIn(team, caller)).toMatchObject({ isFresh: true })
  })

  it('slows down who guesses the password of one person, from wherever they do', async () => {
    const guess = () => signIn(team, browser(), { email: 'guessed@example.com', password: 'a guess of mine' })
    for (let tries = 0; tries < 20; tries += 1) {
      await expect(guess()).rejects.toMatchObject({ code: 'credentials-wrong' })
    }
    await expect(guess()).rejects.toMatchObject({
      code: 'too-many-attempts',
      retryAfterSeconds: expect.any(Number),
    })
    team.pass(15 * 60_000)
    await expect(guess()).rejects.toMatchObject({ code: 'credentials-wrong' })
  })

  it('slows down nobody who is right', async () => {
    const caller = browser()
    for (let time = 0; time < 12; time += 1) await signInHere(caller)
    for (let time = 0; time < 8; time += 1) {
      await expect(signIn(team, caller, { email, password: 'not the password' })).rejects.toMatchObject({
        code: 'credentials-wrong',
      })
    }
    await expect(signIn(team, caller, { email, password })).rejects.toMatchObject({
      code: 'too-many-attempts',
    })
    team.pass(16 * 60_000)
  })

  describe('with a second factor', () => {
    let code: () => string
    let codeThatTurnedOn: string
    let backupCodes: readonly string[]

    it('is on once a code of the authenticator app was given', async () => {
      const caller = await signInHere()
      const offer = await offerSecondFactor(team, caller, password)
      backupCodes = offer.backupCodes
      code = authenticatorOf(offer.uri)
      expect(await signedIn(team, caller)).toMatchObject({ hasTwoFactor: false })
      codeThatTurnedOn = code()
      const { cookies } = await turnOnSecondFactor(team, caller, codeThatTurnedOn)
      expect(await signedIn(team, withCookies(caller, cookies))).toMatchObject({ hasTwoFactor: true })
    })

    it('needs the code after the password, and takes no code twice', async () => {
      const first = browser()
      const step = await signIn(team, first, { email, password })
      expect(step.next).toBe('code')
      const waiting = withCookies(first, step.cookies)
      expect(await signedIn(team, waiting)).toBeNull()
      await expect(giveCode(team, waiting, codeThatTurnedOn)).rejects.toMatchObject({
        code: 'credentials-wrong',
      })
      team.pass(3 * 60_000)
      const again = withCookies(first, (await signIn(team, first, { email, password })).cookies)
      const done = await giveCode(team, again, code())
      expect(await signedIn(team, withCookies(again, done.cookies))).toMatchObject({ email })
    })

    it('opens with each backup code once', async () => {
      const [backup = ''] = backupCodes
      const first = browser()
      const waiting = withCookies(first, (await signIn(team, first, { email, password })).cookies)
      const done = await giveCode(team, waiting, backup)
      expect(await signedIn(team, withCookies(waiting, done.cookies))).toMatchObject({ email })
      const later = browser()
      const second = withCookies(later, (await signIn(team, later, { email, password })).cookies)
      await expect(giveCode(team, second, backup)).rejects.toMatchObject({ code: 'credentials-wrong' })
    })

    it('gives up a sign-in after five wrong codes', async () => {
      const first = browser()
      const waiting = withCookies(first, (await signIn(team, first, { email, password })).cookies)
      for (let tries = 0; tries < 5; tries += 1) {
        await expect(giveCode(team, waiting, '000000')).rejects.toMatchObject({ code: 'credentials-wrong' })
      }
      team.pass(3 * 60_000)
      await expect(giveCode(team, waiting, code())).rejects.toMatchObject({ code: 'too-many-attempts' })
    })

    it('cannot be answered without a first step, nor by a session', async () => {
      await expect(giveCode(team, browser(), '000000')).rejects.toMatchObject({ code: 'not-signed-in' })
    })

    it('is asked for again before what needs the person to be there', async () => {
      const first = browser()
      const waiting = withCookies(first, (await signIn(team, first, { email, password })).cookies)
      const [, backup = ''] = backupCodes
      const done = await giveCode(team, waiting, backup)
      const caller = withCookies(waiting, done.cookies)
      await expect(confirmPerson(team, caller, { password })).rejects.toMatchObject({ code: 'code-needed' })
      team.pass(20 * 60_000)
      await confirmPerson(team, caller, { password, code: code() })
      expect(await signedIn(team, caller)).toMatchObject({ isFresh: true })
      const off = await turnOffSecondFactor(team, caller, password)
      expect(await signedIn(team, withCookies(caller, off.cookies))).toMatchObject({ hasTwoFactor: false })
    })
  })
})
