import { createClerkClient } from '@clerk/backend'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
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
const state = new ClerkState({ seed: 'billing page' })
const signingKey = new SigningKey()
let server: Listening
let browser: Browser

beforeAll(async () => {
  server = await listen(createClerkApp({ state, keys: [secretKey], signingKey }))
  browser = await startBrowser()
})
afterAll(async () => {
  await browser.close()
  await server.close()
})

const control = async (path: string, body: object) => {
  const response = await fetch(`${server.url}/_sandbox/clerk/${path}`, {
    method: 'POST',
    body: JSON.stringify(body),
  })
  return { status: response.status, json: await response.json() }
}

test('an organization is put on a plan by its admin, and its token says so, until it has canceled and time has passed', async () => {
  await control('plans', { slug: 'free_org', name: 'Free', payer: 'org', default: true })
  const plan = {
    slug: 'team',
    name: 'Team',
    payer: 'org',
    fee: 9000,
    annualFee: 90_000,
    features: ['reports'],
  }
  expect((await control('plans', plan)).status).toBe(201)
  expect((await control('plans', plan)).status).toBe(400)
  const ada = createUser(state, { emails: ['ada@example.com'], first_name: 'Ada' })
  const acme = createOrganization(state, { name: 'Acme', created_by: ada.id })
  const clerk = createClerkClient({
    secretKey,
    publishableKey,
    apiUrl: server.url,
    telemetry: { disabled: true },
  })
  const context = await browser.newContext()
  const page = await context.newPage()
  const has = async () => {
    const session = state.sessions.all().find(({ user_id }) => user_id === ada.id)
    const { jwt } = await clerk.sessions.getToken(session?.id ?? '')
    const request = new Request('https://app.example/', { headers: { authorization: `Bearer ${jwt}` } })
    const auth = (await clerk.authenticateRequest(request, { jwtKey: signingKey.publicPem() })).toAuth()
    if (auth === null || !('has' in auth)) throw new Error('The request carries no session.')
    return [auth.has({ plan: 'org:team' }), auth.has({ feature: 'reports' })]
  }

  await page.goto(`${server.url}/billing`)
  await page.getByRole('button', { name: 'Ada' }).click()
  await page.getByRole('heading', { name: 'Billing of Acme' }).waitFor()
  expect(await has()).toEqual([false, false])
  await page.getByLabel('Card number', { exact: true }).fill('4000 0000 0000 9995')
  await page.getByRole('button', { name: 'Subscribe to Team' }).click()
  expect(await page.getByRole('alert').innerText()).toContain('insufficient_funds')

  await page.getByLabel('New card number').fill('4242 4242 4242 4242')
  await page.getByRole('button', { name: 'Change card' }).click()
  await page.getByText('•••• 4242').waitFor()
  await page.getByRole('button', { name: 'Subscribe to Team' }).click()
  await page.getByText('Team · active').waitFor()
  expect(await has()).toEqual([true, true])
  const subscription = await clerk.billing.getOrganizationBillingSubscription(acme.id)
  expect(subscription.subscriptionItems).toMatchObject([{ status: 'active', plan: { slug: 'team' } }])

  await page.getByRole('button', { name: 'Cancel Team' }).click()
  await page.getByText('Team · canceled').waitFor()
  expect(await has()).toEqual([true, true])
  expect((await control('advance', { days: 32 })).status).toBe(200)
  // The session has run out too, as a month has passed.
  await page.goto(`${server.url}/billing`)
  await page.getByRole('button', { name: 'Ada' }).click()
  await page.getByText('Free · active').waitFor()
  const items = (await clerk.billing.getOrganizationBillingSubscription(acme.id)).subscriptionItems
  expect(items.map(({ status, plan: of }) => `${of?.slug} ${status}`)).toEqual([
    'team ended',
    'free_org active',
  ])
  await context.close()
})

test('a member who may not manage the billing sees it and changes nothing, and buying leads back to the app', async () => {
  const cy = createUser(state, { emails: ['cy@example.com'], first_name: 'Cy' })
  const acme = createOrganization(state, { name: 'Acme Two', created_by: cy.id })
  const di = createUser(state, { emails: ['di@example.com'], first_name: 'Di' })
  createMembership(state, acme.id, { user_id: di.id, role: 'org:member' })
  const back = encodeURIComponent('http://127.0.0.1:1/done')
  const signedIn = async (name: string) => {
    const context = await browser.newContext()
    const page = await context.newPage()
    await page.goto(`${server.url}/billing?redirect_url=${back}`)
    await page.getByRole('button', { name }).click()
    await page.getByRole('heading', { name: 'Billing of Acme Two' }).waitFor()
    expect(await page.getByRole('link', { name: 'Back to the app' }).getAttribute('href')).toBe(
      'http://127.0.0.1:1/done',
    )
    return { context, page }
  }
  const member = await signedIn('Di')
  await member.page.getByText('may manage the organization').waitFor()
  expect(await member.page.getByRole('button').count()).toBe(0)
  const form = { card: '4242 4242 4242 4242' }
  expect((await member.page.request.post(`${server.url}/billing/card`, { form })).status()).toBe(403)
  expect(state.billing.cards.get(acme.id)).toBeUndefined()
  const admin = await signedIn('Cy')
  await admin.page.getByLabel('New card number').fill('4242 4242 4242 4242')
  await admin.page.getByRole('button', { name: 'Change card' }).click()
  await admin.page.getByText('•••• 4242').waitFor()
  const asked = admin.page.waitForRequest('http://127.0.0.1:1/done')
  await admin.page.getByRole('button', { name: 'Subscribe to Team' }).click()
  await asked
  await Promise.all([member.context.close(), admin.context.close()])
})

test('what is done by route is what the page does', async () => {
  await control('plans', { slug: 'solo', fee: 500, trialDays: 7 })
  const { id } = createUser(state, { emails: ['bob@example.com'] })
  expect((await control('checkouts', { payer: id, plan: 'solo' })).status).toBe(402)
  const { json } = await control('checkouts', { payer: id, plan: 'solo', card: '4242 4242 4242 4242' })
  expect(json).toMatchObject({ status: 'active', subscription_items: [{ is_free_trial: true }] })
  expect((await control('cards', { payer: id, number: '1234' })).status).toBe(422)
  expect((await control('cards', { payer: 'user_never', number: '4242 4242 4242 4242' })).status).toBe(404)
  await control('cards', { payer: id, number: '4000 0000 0000 0341' })
  await control('advance', { days: 7 })
  expect(state.billing.subscriptions.get(id)?.status).toBe('past_due')
})
