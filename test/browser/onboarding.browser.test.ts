import { type Sandbox, startSandbox } from '@trueup/sandbox'
import Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ServedApp, serveApp } from '../support/app-database.ts'
import type { Screen } from '../support/browser.ts'
import { TestDashboard, variablesOf } from '../support/dashboard.ts'

/* From an empty workspace to a project that is live, on the sandbox's Stripe and Clerk and a Postgres. */

describe('setting a project up', () => {
  let sandbox: Sandbox
  let app: ServedApp
  let dashboard: TestDashboard
  let screen: Screen
  let unmapped: string

  beforeAll(async () => {
    sandbox = await startSandbox({ world: 'saas', customers: 60, drift: 0.3, access: 'both', seed: 7 })
    if (!sandbox.world.app) throw new Error('The app of this world has no database.')
    unmapped = await addPrice(sandbox)
    app = await serveApp('PostgreSQL', sandbox.world.app)
    dashboard = await TestDashboard.start(variablesOf(sandbox))
    dashboard.atEnd(() => sandbox.close())
    dashboard.atEnd(() => app.close())
    const { ada } = await dashboard.owner()
    screen = await dashboard.open(ada)
  })
  afterAll(() => dashboard?.stop())

  const button = (name: string | RegExp) =>
    screen.page.getByRole('button', { name, exact: typeof name === 'string' })
  const heading = (name: string) => screen.page.getByRole('heading', { level: 1, name })
  const said = (text: string | RegExp) => screen.page.getByText(text).first().waitFor()
  const look = async (name: string) => {
    await screen.settled()
    await screen.audit([1440, 360])
    await screen.picture(name)
  }

  it('begins with a project or the demo', async () => {
    await screen.goTo('/')
    await heading('What do you want to look at?').waitFor()
    await button('Explore the demo').waitFor()
    await look('first-run')
    await screen.page.getByLabel('Name of the project').fill('Shop <b>& more</b>')
    await button('Create project').click()
    await heading('1 Stack').waitFor()
  })

  it('1 asks what the app is built with, and keeps each choice', async () => {
    const choices = [/^Next\.js/, /^Stripe/, /^Both A table/, /^Organizations/]
    for (const name of choices) await screen.page.getByRole('radio', { name }).check()
    await button('Go on').waitFor()
    await screen.settled()
    await screen.page.reload()
    await screen.settled()
    for (const name of choices)
      await expect.poll(() => screen.page.getByRole('radio', { name }).isChecked()).toBe(true)
    await look('onboarding-stack')
    await button('Go on').click()
    await heading('2 Stripe').waitFor()
  })

  it('2 refuses a key that is none, names what a key is for, and connects a restricted one', async () => {
    const { page } = screen
    const key = page.getByLabel('Restricted key', { exact: true })
    await key.fill('pk_test_publishable')
    await button('Test & connect').click()
    await page.getByRole('alert').first().waitFor()
    await look('onboarding-stripe-error')
    await key.fill(sandbox.stripe.restrictedKey)
    await button('Test & connect').click()
    await page.getByRole('region', { name: 'Stripe connected' }).waitFor()
    await expect.poll(() => page.content()).not.toContain(sandbox.stripe.restrictedKey)
    expect(await page.getByText('granted', { exact: true }).count()).toBeGreaterThan(5)
    await page.getByLabel('Signing secret of Stripe').fill(sandbox.stripe.webhookSecret)
    await button('Keep the secret').click()
    await said('secret kept')
    await look('onboarding-stripe')
    await button('Go on').click()
    await heading('3 Database').waitFor()
  })

  it('3 writes the SQL of a role that reads, and connects the database and Clerk', async () => {
    const { page } = screen
    await button('Write the SQL').click()
    await said(/create role "?trueup_reader/)
    await page.getByLabel('Connection string', { exact: true }).fill('mysql://app@db/app')
    await button('Test & connect').click()
    await page.getByRole('alert').first().waitFor()
    await page.getByLabel('Connection string', { exact: true }).fill(app.url)
    await button('Test & connect').click()
    await page.getByRole('region', { name: 'Database connected' }).waitFor()
    await look('onboarding-database')
    await page.getByRole('tab', { name: /Clerk/ }).click()
    const key = page.getByLabel('Clerk Backend API secret key')
    expect(await key.getAttribute('placeholder')).toBe('sk_test_…')
    await key.fill(sandbox.clerk.secretKey)
    await button('Test & connect').click()
    const last = sandbox.clerk.secretKey.slice(-4)
    await said(new RegExp(`Clerk connected — sk_test_…${last}`))
    await page.getByRole('region', { name: 'Clerk connected' }).waitFor()
    await look('onboarding-clerk')
    await button('Go on').click()
    await heading('4 Identity mapping').waitFor()
  })

  it('4 suggests columns from the schema, and tries who is matched', async () => {
    const { page } = screen
    await page.getByText('Suggested from your schema').first().waitFor()
    await said('Advanced: map organizations too (B2B billing)')
    await button('Try the mapping').click()
    await said('Rows as this mapping reads them')
    await look('onboarding-identity')
    await button('Save and go on').click()
    await heading('5 Plan mapping').waitFor()
  })

  it('5 loads the prices from Stripe, and marks what is unmapped', async () => {
    const { page } = screen
    await button('Load from Stripe').waitFor()
    await page.getByRole('columnheader', { name: 'Lookup key' }).waitFor()
    await page.getByRole('columnheader', { name: 'App plan value' }).waitFor()
    await screen.settled()
    const own = page.getByLabel(`App plan value of ${unmapped}`)
    await said(/^Unmapped/)
    await look('onboarding-plans')
    await own.fill('gold')
    await own.blur()
    await page.getByRole('textbox', { name: 'App values of gold' }).waitFor()
    await expect.poll(() => page.getByText(/^Unmapped/).count()).toBe(0)
    await button('Save and go on').click()
    await heading('6 Access mapping').waitFor()
  })

  it('6 asks which fields say who has paid', async () => {
    await said('Which Clerk fields say who has paid access?')
    await screen.page.getByLabel(/^Plan/).first().waitFor()
    await look('onboarding-access')
    await button('Save and go on').click()
    await heading('7 Dry run').waitFor()
  })

  it('7 shows what would be filed, before anything is', async () => {
    await button('Start the dry run').click()
    await said('Would be filed')
    await look('onboarding-dry-run')
    await button('Go on').click()
    await heading('8 Go live').waitFor()
  })

  it('8 sees a test event arrive, and goes live', async () => {
    const { page } = screen
    await button('Send a test event').first().click()
    await page.getByText('arrived', { exact: true }).waitFor()
    await look('onboarding-go-live')
    await button('Go live').click()
    await page.getByRole('link', { name: 'Go to the overview' }).waitFor()
  })

  it('is at the same place when one comes back, and each step can be done again', async () => {
    const { page } = screen
    const projectId = /projects\/([^/]+)/.exec(page.url())?.[1] ?? ''
    for (const step of ['stack', 'stripe', 'database', 'identity', 'plans', 'access', 'dry-run']) {
      await screen.goTo(`/projects/${projectId}/onboarding/${step}`)
      expect(await page.locator('[aria-current="step"]').count()).toBe(1)
    }
  })
})

/** A price of a new product, which nobody pays and no plan names. */
async function addPrice({ stripe: { url, secretKey } }: Sandbox): Promise<string> {
  const { hostname: host, port } = new URL(url)
  const stripe = new Stripe(secretKey, { host, port, protocol: 'http', telemetry: false })
  const { id: product } = await stripe.products.create({ name: 'Gold' })
  const recurring = { interval: 'month' } as const
  return (await stripe.prices.create({ product, currency: 'usd', unit_amount: 9900, recurring })).id
}
