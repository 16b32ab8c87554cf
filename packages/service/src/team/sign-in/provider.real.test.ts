import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestDatabase } from '../../../../../test/support/database.ts'
import { createTestDatabase } from '../../../../../test/support/database.ts'
import type { ProvidedPerson, TestProvider } from '../../../../../test/support/oidc-provider.ts'
import { providerClient, startProvider } from '../../../../../test/support/oidc-provider.ts'
import type { TestTeam } from '../../../../../test/support/team.ts'
import { browser, openTestTeam, tokenIn, withCookies } from '../../../../../test/support/team.ts'
import { systemClock } from '../../adapters/system.ts'
import { Secret } from '../../secret.ts'
import type { Database } from '../../store/database.ts'
import { openDatabase } from '../../store/index.ts'
import { acceptAsNew } from '../invites/accept-invite.ts'
import { invite } from '../invites/invites.ts'
import { ofEverybody } from '../team.ts'
import type { OidcSettings } from '../team-settings.ts'
import type { Caller } from './caller.ts'
import { hashPassword, insertPerson } from './create-person.ts'
import { finishWithProvider, startWithProvider } from './provider.ts'
import { signedIn } from './sessions.ts'
import { signIn } from './sign-in.ts'
import { signUpFirst } from './sign-up.ts'

const password = 'a long enough password'

describe('signing in with an identity provider', () => {
  let server: TestDatabase
  let database: Database
  let provider: TestProvider
  let team: TestTeam
  let ownerId: string

  const settingsOf = (changed: Partial<OidcSettings> = {}): OidcSettings => ({
    issuer: provider.issuer,
    clientId: providerClient.clientId,
    clientSecret: new Secret(providerClient.clientSecret),
    name: 'Example ID',
    trustsAddresses: false,
    ...changed,
  })

  beforeAll(async () => {
    server = await createTestDatabase()
    database = await openDatabase({ databaseUrl: server.url, home: null, clock: systemClock })
    provider = await startProvider()
    team = await openTestTeam(database, { oidc: settingsOf() })
    const first = { email: 'ada@example.com', name: 'Ada', password, workspaceName: 'Acme' }
    ownerId = (await signUpFirst(team, first)).personId
  })
  afterAll(async () => {
    await provider.stop()
    await database.close()
    await server.drop()
  })

  let count = 0
  const person = async ({ emailVerified }: { readonly emailVerified: boolean }) => {
    count += 1
    const email = `person${count}@example.com`
    const passwordHash = await hashPassword(team, password)
    const personId = await ofEverybody(team)
      .transaction()
      .execute((tx) => insertPerson(tx, team, { email, name: 'Person', passwordHash, emailVerified }))
    return { email, personId }
  }

  const comeBack = async (as: TestTeam, who: ProvidedPerson, caller = browser()) => {
    const { url, cookies } = await startWithProvider(as, caller)
    const waiting = withCookies(caller, cookies)
    const back = provider.authorize(url, who)
    return { waiting, back, answer: await finishWithProvider(as, waiting, new Request(back)) }
  }
  const sessionOf = (caller: Caller, answer: Response) =>
    signedIn(team, withCookies(caller, answer.headers.getSetCookie()))

  it('opens the account of the address that the provider verified', async () => {
    const { email, personId } = await person({ emailVerified: true })
    const who = { sub: 'one', email, email_verified: true }
    const { waiting, answer } = await comeBack(team, who)
    expect(answer.status).toBe(302)
    expect(answer.headers.get('location')).toBe('https://trueup.example.com/')
    expect(await sessionOf(waiting, answer)).toMatchObject({ personId, isFresh: true })
    // The password that its person had proven stays.
    expect(await signIn(team, browser(), { email, password })).toMatchObject({ next: 'done' })
  })

  it('knows a person again by the provider’s own name for them, whatever their address is by then', async () => {
    const { email, personId } = await person({ emailVerified: true })
    await comeBack(team, { sub: 'moved', email, email_verified: true })
    const { waiting, answer } = await comeBack(team, {
      sub: 'moved',
      email: 'moved@example.com',
      email_verified: true,
    })
    expect(await sessionOf(waiting, answer)).toMatchObject({ personId, email })
  })

  it('keeps nothing that the provider gave but its name for the person', async () => {
    const { rows } = await database.pool.query(
      `select access_token, refresh_token, id_token from trueup.person_account where provider_id = 'oidc'`,
    )
    expect(rows.length).toBeGreaterThan(0)
    for (const row of rows) expect(row).toEqual({ access_token: null, refresh_token: null, id_token: null })
  })

  it('makes nobody a person here', async () => {
    const { waiting, answer } = await comeBack(team, {
      sub: 'stranger',
      email: 'stranger@example.com',
      email_verified: true,
    })
    expect(answer.headers.get('location')).toMatch(/^https:\/\/trueup\.example\.com\/sign-in\?error=/)
    expect(await sessionOf(waiting, answer)).toBeNull()
    const { rows } = await database.pool.query(`select from trueup.person where email like 'stranger%'`)
    expect(rows).toHaveLength(0)
  })

  it('does not take an address for proven that the provider does not say it verified, unless the operator does', async () => {
    const { email, personId } = await person({ emailVerified: true })
    const { waiting, answer } = await comeBack(team, { sub: 'unproven', email })
    expect(await sessionOf(waiting, answer)).toBeNull()
    const trusting = await openTestTeam(database, { oidc: settingsOf({ trustsAddresses: true }) })
    const trusted = await comeBack(trusting, { sub: 'unproven', email })
    expect(await sessionOf(trusted.waiting, trusted.answer)).toMatchObject({ personId })
  })

  it('takes from an address what somebody had set up who never proved that it is theirs', async () => {
    const { email, personId } = await person({ emailVerified: false })
    const squatter = browser()
    const squatting = withCookies(squatter, (await signIn(team, squatter, { email, password })).cookies)
    const { waiting, answer } = await comeBack(team, { sub: 'rightful', email, email_verified: true })
    expect(await sessionOf(waiting, answer)).toMatchObject({ personId })
    expect(await signedIn(team, squatting)).toBeNull()
    await expect(signIn(team, browser(), { email, password })).rejects.toMatchObject({
      code: 'credentials-wrong',
    })
  })

  it('lets who was invited come without a password', async () => {
    const { link } = await invite(
      team,
      { workspaceId: 'default', personId: ownerId },
      { email: 'invited@example.com', role: 'member' },
    )
    const token = tokenIn(link.sent ? '' : link.link)
    const { personId } = await acceptAsNew(team, browser(), { token, name: 'Invited', password: null })
    const who = { sub: 'invited', email: 'invited@example.com', email_verified: true }
    const { waiting, answer } = await comeBack(team, who)
    expect(await sessionOf(waiting, answer)).toMatchObject({ personId })
  })

  it('refuses a way back that was used, that another browser began, or that names another state', async () => {
    const { email } = await person({ emailVerified: true })
    const who = { sub: 'again', email, email_verified: true }
    const { waiting, back } = await comeBack(team, who)
    const { url } = await startWithProvider(team, browser())
    const other = provider.authorize(url, who)
    const forged = new URL(other)
    forged.searchParams.set('state', 'another')
    for (const [caller, address] of [
      [waiting, back],
      [browser(), other],
      [waiting, forged.href],
    ] as const) {
      const answer = await finishWithProvider(team, caller, new Request(address))
      expect(answer.headers.get('location')).toMatch(/^https:\/\/trueup\.example\.com\/sign-in\?error=/)
      expect(await sessionOf(caller, answer)).toEqual(null)
    }
  })

  it('is tried again when the provider was away, and passwords are taken meanwhile', async () => {
    const away = await startProvider()
    await away.stop()
    const lonely = await openTestTeam(database, { oidc: settingsOf({ issuer: away.issuer }) })
    await expect(startWithProvider(lonely, browser())).rejects.toMatchObject({
      code: 'provider-unreachable',
    })
    expect(await signIn(lonely, browser(), { email: 'ada@example.com', password })).toMatchObject({
      next: 'done',
    })
  })

  it('is not there where none is set up', async () => {
    const without = await openTestTeam(database)
    await expect(startWithProvider(without, browser())).rejects.toMatchObject({ code: 'provider-missing' })
  })
})
