import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { authenticatorOf } from '../support/authenticator.ts'
import type { Screen } from '../support/browser.ts'
import { password, TestDashboard } from '../support/dashboard.ts'
import { providerClient, startProvider, type TestProvider } from '../support/oidc-provider.ts'
import type { ApiClient } from '../support/service.ts'

/* Getting in, for everybody after the first: by invite, with a second factor, with a link, with a provider. */

describe('people', () => {
  let provider: TestProvider
  let dashboard: TestDashboard
  let ada: ApiClient
  let workspaceId: string

  beforeAll(async () => {
    provider = await startProvider()
    dashboard = await TestDashboard.start({
      TRUEUP_OIDC_ISSUER: provider.issuer,
      TRUEUP_OIDC_CLIENT_ID: providerClient.clientId,
      TRUEUP_OIDC_CLIENT_SECRET: providerClient.clientSecret,
      TRUEUP_OIDC_NAME: 'Okta',
    })
    const owned = await dashboard.owner()
    ada = owned.ada
    workspaceId = owned.workspaceId
  })
  afterAll(async () => {
    await dashboard?.stop()
    await provider?.stop()
  })

  const inviteTo = async (email: string, role = 'member') => {
    const { link } = await ada.do(`POST /api/v1/workspaces/${workspaceId}/invites`, { email, role })
    const { pathname, hash } = new URL(link)
    return pathname + hash
  }
  const isInside = async ({ page }: Screen, name: string) =>
    await page.getByRole('button', { name: `You: ${name}` }).waitFor()
  const signIn = async ({ page }: Screen, email: string, secret = password) => {
    await page.getByLabel('E-mail address').fill(email)
    await page.getByRole('textbox', { name: 'Password' }).fill(secret)
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  }

  it('somebody new takes up an invite, whose token stays in no address', async () => {
    const screen = await dashboard.open(null)
    const { page } = screen
    await screen.goTo(await inviteTo('bob@example.com', 'admin'))
    await page.getByText('bob@example.com').waitFor()
    expect(new URL(page.url()).hash).toBe('')
    await screen.audit()
    await screen.picture('invite')
    await page.getByLabel('Your name').fill('Bob')
    await page.getByRole('textbox', { name: 'Password' }).fill('short')
    await page.getByRole('button', { name: 'Accept the invite' }).click()
    expect(new URL(page.url()).pathname).toBe('/invite')
    await page.getByRole('textbox', { name: 'Password' }).fill(password)
    await page.getByRole('button', { name: 'Accept the invite' }).click()
    await isInside(screen, 'Bob')
    await screen.close()
  })

  it('an invite that was used or is wrong says so', async () => {
    const screen = await dashboard.open(null)
    await screen.goTo('/invite#nothing-like-a-token')
    await screen.page.getByRole('alert').waitFor()
    await screen.audit([360])
    await screen.close()
  })

  it('whoever has an account signs in first and comes back to the invite', async () => {
    const { items } = await ada.do('GET /api/v1/workspaces')
    expect(items).toHaveLength(1)
    await ada.do('POST /api/v1/workspaces', { name: 'Second' })
    const second = (await ada.do('GET /api/v1/workspaces')).items.find(
      ({ name }: { readonly name: string }) => name === 'Second',
    )
    const { link } = await ada.do(`POST /api/v1/workspaces/${second.workspaceId}/invites`, {
      email: 'bob@example.com',
      role: 'viewer',
    })
    const { pathname, hash } = new URL(link)
    const screen = await dashboard.open(null)
    const { page } = screen
    await screen.goTo(pathname + hash)
    await page.getByRole('link', { name: 'Sign in', exact: true }).click()
    await page.waitForURL('**/sign-in?to=**')
    await signIn(screen, 'bob@example.com')
    await page.getByRole('button', { name: 'Join' }).click()
    await isInside(screen, 'Bob')
    await page.getByRole('button', { name: /^Project:/ }).click()
    await page.getByRole('menu').getByText('Second').waitFor()
    await screen.close()
  })

  it('an invite for another address is not taken up by who is signed in', async () => {
    const again = dashboard.service.person()
    await again.do('POST /api/v1/session', { email: 'ada@example.com', password })
    const screen = await dashboard.open(again)
    const { page } = screen
    await screen.goTo(await inviteTo('eve@example.com'))
    await page.getByText('which is not the address that was invited').waitFor()
    const join = page.getByRole('button', { name: 'Join' })
    await join.click({ force: true })
    expect(await join.getAttribute('aria-disabled')).toBe('true')
    expect(new URL(page.url()).pathname).toBe('/invite')
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByLabel('Your name').waitFor()
    await screen.close()
  })

  it('a second factor is set up, asked for, replaced by a backup code, and turned off', async () => {
    const carol = await dashboard.join(ada, workspaceId, 'member', 'carol@example.com')
    const screen = await dashboard.open(carol)
    const { page } = screen
    await screen.goTo('/settings')
    await screen.audit()
    await screen.picture('account')
    await page.getByRole('button', { name: 'Set up' }).click()
    await page.getByRole('dialog').getByRole('textbox', { name: 'Password' }).fill('not the password')
    await page.getByRole('button', { name: 'Go on' }).click()
    await page.getByRole('dialog').getByRole('alert').waitFor()
    await page.getByRole('dialog').getByRole('textbox', { name: 'Password' }).fill(password)
    await page.getByRole('button', { name: 'Go on' }).click()
    await page.getByRole('img', { name: 'Picture for the authenticator app' }).waitFor()
    await screen.audit()
    const secret = await page.locator('dialog p.font-mono').innerText()
    const [backup = ''] = await page.locator('dialog li').allInnerTexts()
    const code = authenticatorOf(`otpauth://totp/x?secret=${secret}`)
    await page.getByLabel('Code of the app').fill(code())
    await page.getByRole('button', { name: 'Turn on' }).click()
    await page.getByText('The second factor is on.').waitFor()
    await page.getByRole('button', { name: 'Turn off' }).waitFor()

    const elsewhere = await dashboard.open(null)
    await elsewhere.goTo('/sign-in')
    await signIn(elsewhere, 'carol@example.com')
    await elsewhere.page.getByRole('heading', { name: 'Second factor' }).waitFor()
    await elsewhere.audit([1440, 360])
    await elsewhere.page.getByLabel('Code').fill('000000')
    await elsewhere.page.getByRole('button', { name: 'Go on' }).click()
    await elsewhere.page.getByRole('alert').waitFor()
    await elsewhere.page.getByLabel('Code').fill(backup)
    await elsewhere.page.getByRole('button', { name: 'Go on' }).click()
    await isInside(elsewhere, 'Bob the member')
    await elsewhere.close()

    await page.reload()
    await screen.settled()
    expect(await page.getByRole('button', { name: /^End the session of Chrome/ }).count()).toBe(1)
    await page.getByRole('button', { name: 'End all others' }).click()
    await page.getByText('Your other sessions were ended.').waitFor()
    await page.getByRole('button', { name: 'Turn off' }).click()
    await page.getByRole('dialog').getByRole('textbox', { name: 'Password' }).fill(password)
    await page.getByRole('dialog').getByRole('button', { name: 'Turn off' }).click()
    await page.getByText('The second factor is off.').waitFor()
    await page.getByRole('button', { name: 'Set up' }).waitFor()
    await screen.close()
  })

  it('a name is changed, and shown where the person is', async () => {
    const dan = await dashboard.join(ada, workspaceId, 'viewer', 'dan@example.com')
    const screen = await dashboard.open(dan)
    await screen.goTo('/settings')
    await screen.page.getByLabel('Your name').fill('Dan \u202enad')
    await screen.page.getByRole('button', { name: 'Change', exact: true }).click()
    await screen.page.getByRole('alert').waitFor()
    await screen.page.getByLabel('Your name').fill('<b>Dan</b> 🦊')
    await screen.page.getByRole('button', { name: 'Change', exact: true }).click()
    await screen.page.getByText('Your name was changed.').waitFor()
    await isInside(screen, '<b>Dan</b>')
    await screen.close()
  })

  it('a link sets a new password, after which the old one opens nothing', async () => {
    await dashboard.join(ada, workspaceId, 'viewer', 'fay@example.com')
    const { items } = await ada.do(`GET /api/v1/workspaces/${workspaceId}/members`)
    const fay = items.find(({ email }: { readonly email: string }) => email === 'fay@example.com')
    const { link } = await ada.do(`POST /api/v1/workspaces/${workspaceId}/members/${fay.personId}/reset-link`)
    const { pathname, hash } = new URL(link)
    const screen = await dashboard.open(null)
    const { page } = screen
    await screen.goTo(pathname + hash)
    expect(new URL(page.url()).hash).toBe('')
    await screen.audit()
    await screen.picture('reset-password')
    await page.getByRole('textbox', { name: 'New password' }).fill('another horse, another staple')
    await page.getByRole('button', { name: 'Set the password' }).click()
    await page.getByRole('link', { name: 'Sign in', exact: true }).click()
    await signIn(screen, 'fay@example.com')
    await page.getByRole('alert').waitFor()
    await signIn(screen, 'fay@example.com', 'another horse, another staple')
    await isInside(screen, 'Bob the viewer')
    await screen.close()
  })

  it('where no mail is sent, a forgotten password leads to who can help', async () => {
    const screen = await dashboard.open(null)
    await screen.goTo('/sign-in')
    await screen.page.getByRole('link', { name: 'Forgot your password?' }).click()
    await screen.page.getByText('This service sends no mail.').waitFor()
    await screen.audit([360])
    await screen.close()
  })

  it('the identity provider signs in who is a member, and turns away who is not', async () => {
    await dashboard.join(ada, workspaceId, 'viewer', 'gil@example.com')
    const screen = await dashboard.open(null)
    const { page } = screen
    let person = { sub: 'unknown', email: 'stranger@example.com', email_verified: true, name: 'Stranger' }
    await page.route(`${provider.issuer}/**`, async (route) => {
      const location = provider.authorize(route.request().url(), person)
      await route.fulfill({ status: 302, headers: { location } })
    })
    await screen.goTo('/sign-in')
    await page.getByRole('button', { name: 'Sign in with Okta' }).click()
    await page.waitForURL('**/sign-in?error=**')
    await page.getByText('Nobody with this address belongs to this service.').waitFor()
    person = { sub: 'gil', email: 'gil@example.com', email_verified: true, name: 'Gil' }
    await page.getByRole('button', { name: 'Sign in with Okta' }).click()
    await isInside(screen, 'Bob the viewer')
    // The provider is the one host that a browser is sent to, by the person.
    expect(screen.forgetWrong().every((line) => line.includes(`${provider.issuer}/authorize`))).toBe(true)
    await screen.close()
  })

  it('a session that was ended elsewhere leads to the sign-in, and back to where one was', async () => {
    const hal = await dashboard.join(ada, workspaceId, 'viewer', 'hal@example.com')
    const screen = await dashboard.open(hal)
    const { page } = screen
    await screen.goTo('/settings')
    await hal.do('DELETE /api/v1/session')
    await page.getByLabel('Your name').fill('Hal')
    await page.getByRole('button', { name: 'Change', exact: true }).click()
    await page.waitForURL('**/sign-in?to=**')
    await signIn(screen, 'hal@example.com')
    await page.waitForURL('**/settings')
    await isInside(screen, 'Bob the viewer')
    await screen.close()
  })

  it('a service out of reach is told with what to do, and tried again', async () => {
    const screen = await dashboard.open(null)
    const { page } = screen
    await screen.goTo('/sign-in')
    await page.route('**/api/v1/session', (route) => route.abort())
    await signIn(screen, 'ada@example.com')
    await page.getByText('The service gives no answer.').waitFor()
    await page.unroute('**/api/v1/session')
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await isInside(screen, 'Ada Lovelace')
    await screen.close()
  })
})
