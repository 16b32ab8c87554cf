import { createClerkClient } from '@clerk/backend'
import { Hono } from 'hono'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startBrowser } from '../../../../../test/support/browser.ts'
import { type Listening, listen } from '../../server/listen.ts'
import { createClerkApp } from '../create-clerk-app.ts'
import { createMembership } from '../organizations/create-membership.ts'
import { createOrganization } from '../organizations/create-organization.ts'
import { SigningKey } from '../sessions/signing-key.ts'
import { ClerkState } from '../state.ts'
import { createUser } from '../users/create-user.ts'

const secretKey = 'sk_test_sandbox'
const publishableKey = `pk_test_${Buffer.from('sandbox.clerk.accounts.dev$').toString('base64')}`
const state = new ClerkState({ seed: 'sign in' })
const signingKey = new SigningKey()
const ada = createUser(state, { emails: ['ada@example.com'], first_name: 'Ada', last_name: 'Park' })
const acme = createOrganization(state, { name: 'Acme' })
createMembership(state, acme.id, { user_id: ada.id, role: 'org:admin' })

let clerkServer: Listening
let appServer: Listening
let browser: Awaited<ReturnType<typeof startBrowser>>

/** An app as the official SDK has it: each request is authenticated, and handshakes are followed. */
function app(clerkUrl: string): Hono {
  const clerk = createClerkClient({
    secretKey,
    publishableKey,
    apiUrl: clerkUrl,
    telemetry: { disabled: true },
  })
  const pages = new Hono()
  pages.get('/', async (context) => {
    const outcome = await clerk.authenticateRequest(context.req.raw, {
      jwtKey: signingKey.publicPem(),
      proxyUrl: clerkUrl,
    })
    const location = outcome.headers.get('location')
    outcome.headers.forEach((value, name) => {
      context.header(name, value, { append: true })
    })
    if (location !== null) return context.redirect(location, 307)
    const auth = outcome.toAuth()
    const said = auth !== null && 'userId' in auth ? { userId: auth.userId, orgId: auth.orgId } : null
    return context.html(`<h1>${said?.userId ?? 'nobody'}</h1><p>${said?.orgId ?? 'alone'}</p>`)
  })
  return pages
}

beforeAll(async () => {
  clerkServer = await listen(createClerkApp({ state, keys: [secretKey], signingKey }))
  appServer = await listen(app(clerkServer.url))
  browser = await startBrowser()
})
afterAll(async () => {
  await browser.close()
  await Promise.all([clerkServer.close(), appServer.close()])
})

const who = async (page: Page) => [await page.locator('h1').innerText(), await page.locator('p').innerText()]

describe.each([
  ['on the same host', (url: string) => url],
  ['on another host', (url: string) => url.replace('127.0.0.1', 'localhost')],
])('an app %s', (_, hosted) => {
  async function visit(): Promise<{ readonly page: Page; readonly appUrl: string }> {
    const context = await browser.newContext()
    return { page: await context.newPage(), appUrl: `${hosted(appServer.url)}/` }
  }
  const portal = (path: string, appUrl: string) =>
    `${clerkServer.url}${path}?redirect_url=${encodeURIComponent(appUrl)}`

  test('knows nobody until somebody signs in, then the person and the organization, until they sign out', async () => {
    const { page, appUrl } = await visit()
    await page.goto(appUrl)
    expect(await who(page)).toEqual(['nobody', 'alone'])
    await page.goto(portal('/sign-in', appUrl))
    await page.getByRole('button', { name: 'Ada Park' }).click()
    await page.waitForURL(appUrl)
    expect(await who(page)).toEqual([ada.id, acme.id])
    await page.goto(portal('/sign-out', appUrl))
    await page.waitForURL(appUrl)
    expect(await who(page)).toEqual(['nobody', 'alone'])
    await page.context().close()
  })

  test('has the session renewed where its token has run out', async () => {
    const { page, appUrl } = await visit()
    await page.goto(portal('/sign-in', appUrl))
    await page.getByLabel('Email').fill('ada@example.com')
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.waitForURL(appUrl)
    const cookies = await page.context().cookies()
    const old = signingKey.token({ sub: ada.id, sid: 'sess_old', iat: 1, nbf: 1, exp: 2, iss: 'https://x' })
    await page
      .context()
      .addCookies(
        cookies.filter(({ name }) => name === '__session').map((cookie) => ({ ...cookie, value: old })),
      )
    await page.goto(appUrl)
    await page.waitForURL(appUrl)
    expect(await who(page)).toEqual([ada.id, acme.id])
    await page.context().close()
  })

  test('sees a new person, the organization that they make, and that they act for themselves again', async () => {
    const { page, appUrl } = await visit()
    const email = `${hosted('127.0.0.1')}@example.com`
    await page.goto(portal('/sign-up', appUrl))
    await page.getByLabel('Email').fill(email)
    await page.getByRole('button', { name: 'Sign up' }).click()
    await page.waitForURL(appUrl)
    const [userId] = state.usersByEmail.find(email).map(({ id }) => id)
    expect(await who(page)).toEqual([userId, 'alone'])
    await page.goto(portal('/create-organization', appUrl))
    await page.getByLabel('Name').fill('Park & Sons')
    await page.getByRole('button', { name: 'Create' }).click()
    await page.waitForURL(appUrl)
    const [membership] = state.membershipsByUser.find(userId ?? '')
    expect(await who(page)).toEqual([userId, membership?.organization_id])
    expect(membership?.role).toBe('org:admin')
    await page.goto(portal('/user', appUrl))
    await page.getByLabel('Act for').selectOption({ label: 'myself' })
    await page.getByRole('button', { name: 'Switch' }).click()
    await page.waitForURL(appUrl)
    expect(await who(page)).toEqual([userId, 'alone'])
    await page.context().close()
  })
})

test('an address that nobody has is told so, and signs nobody in', async () => {
  const body = new URLSearchParams({ email: 'nobody@example.com' })
  const response = await fetch(`${clerkServer.url}/sign-in`, { method: 'POST', body, redirect: 'manual' })
  expect(response.status).toBe(422)
  expect(response.headers.getSetCookie()).toEqual([])
  expect(await response.text()).toContain('Nobody has the address nobody@example.com')
})

describe('a page’s own script', () => {
  async function signedIn() {
    const body = new URLSearchParams({ user_id: ada.id })
    const response = await fetch(`${clerkServer.url}/sign-in`, { method: 'POST', body, redirect: 'manual' })
    const cookie = response.headers
      .getSetCookie()
      .map((line) => line.split(';')[0])
      .join('; ')
    const { response: client } = (await (
      await fetch(`${clerkServer.url}/v1/client`, { headers: { cookie } })
    ).json()) as { response: { last_active_session_id: string } }
    const send = (act: string, form: Record<string, string> = {}, id = client.last_active_session_id) =>
      fetch(`${clerkServer.url}/v1/client/sessions/${id}/${act}`, {
        method: 'POST',
        headers: { cookie, origin: 'https://app.example' },
        body: new URLSearchParams(form),
      })
    return send
  }

  test('gets a new token with the sign-in’s cookie, from any origin', async () => {
    const send = await signedIn()
    const response = await send('tokens')
    expect(response.headers.get('access-control-allow-origin')).toBe('https://app.example')
    expect(response.headers.get('access-control-allow-credentials')).toBe('true')
    expect(await response.json()).toMatchObject({ object: 'token', jwt: expect.stringMatching(/^ey/) })
  })

  test('changes the organization only to one that the person is in', async () => {
    const send = await signedIn()
    const other = createOrganization(state, { name: 'Other' })
    expect((await send('touch', { active_organization_id: other.id })).status).toBe(404)
    const alone = await (await send('touch')).json()
    expect(alone).toMatchObject({ response: { last_active_organization_id: null } })
    const back = await (await send('touch', { active_organization_id: acme.id })).json()
    expect(back).toMatchObject({ response: { last_active_organization_id: acme.id } })
  })

  test('gets nothing of another session, and nothing after the end of its own', async () => {
    const send = await signedIn()
    expect((await send('tokens', {}, 'sess_other')).status).toBe(401)
    expect((await send('end')).status).toBe(200)
    expect((await send('tokens')).status).toBe(401)
  })
})
