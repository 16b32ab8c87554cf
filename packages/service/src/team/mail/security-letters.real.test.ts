import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestDatabase } from '../../../../../test/support/database.ts'
import { createTestDatabase } from '../../../../../test/support/database.ts'
import type { TestTeam } from '../../../../../test/support/team.ts'
import { browser, openTestTeam, tokenIn, withCookies } from '../../../../../test/support/team.ts'
import type { Database } from '../../store/index.ts'
import { openDatabase } from '../../store/index.ts'
import { createApiKey } from '../keys/api-keys.ts'
import { changePassword } from '../sign-in/change-password.ts'
import { askForReset, resetPassword } from '../sign-in/reset-password.ts'
import { signIn } from '../sign-in/sign-in.ts'
import { signUpFirst } from '../sign-in/sign-up.ts'
import { listWorkspaces } from '../workspace/workspaces.ts'

const password = 'correct horse battery staple'
const email = 'ada@example.com'

describe('a letter tells', () => {
  let place: TestDatabase
  let database: Database
  let team: TestTeam
  let personId: string

  beforeAll(async () => {
    place = await createTestDatabase()
    database = await openDatabase({ databaseUrl: place.url, home: null, clock: { now: () => new Date() } })
    team = await openTestTeam(database, { hasMail: true })
    personId = (
      await signUpFirst(team, { email, name: 'Ada', password, workspaceName: 'Engines\r\nBcc: eve' })
    ).personId
  })
  afterAll(async () => {
    await database.close()
    await place.drop()
  })
  const subjects = async () => {
    await team.settled()
    return team.letters.splice(0).map(({ to, subject }) => [to, subject])
  }

  it('a person that their password was changed', async () => {
    const caller = browser()
    const { cookies } = await signIn(team, caller, { email, password })
    await changePassword(team, withCookies(caller, cookies), { current: password, next: `${password}!` })
    expect(await subjects()).toEqual([[email, 'Your Trueup password was changed']])
  })

  it('the same where it was set anew by a link, and nothing where the link is none', async () => {
    await askForReset(team, browser(), email)
    await team.settled()
    const token = tokenIn(team.letters.splice(0)[0]?.text ?? '')
    await resetPassword(team, browser(), { token, password })
    expect(await subjects()).toEqual([[email, 'Your Trueup password was changed']])
    await expect(resetPassword(team, browser(), { token, password })).rejects.toThrow()
    expect(await subjects()).toEqual([])
  })

  it('the owner of a workspace that a key was made, and names it on one line whatever it is called', async () => {
    const [workspace] = await listWorkspaces(team, personId)
    await createApiKey(
      team,
      { workspaceId: workspace?.workspaceId ?? '', personId, by: `person:${personId}` },
      { name: 'CI', scope: 'read', projectId: null, allowedAddresses: null, expiresAt: null },
    )
    await team.settled()
    const [letter] = team.letters.splice(0)
    expect(letter).toMatchObject({ to: email, subject: 'An API key was made' })
    expect(letter?.text).toMatch(/^An API key "CI" with the scope read was made in "Engines/)
    expect(letter?.text).not.toMatch(/tu_/)
  })

  it('nobody anything where no mail server is set', async () => {
    const silent = { ...team, sendMail: null }
    const caller = browser()
    const { cookies } = await signIn(silent, caller, { email, password })
    await changePassword(silent, withCookies(caller, cookies), { current: password, next: `${password}?` })
    expect(await subjects()).toEqual([])
  })
})
