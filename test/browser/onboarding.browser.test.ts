import { type Sandbox, startSandbox } from '@trueup/sandbox'
import type { Locator, Page } from 'playwright-core'
import Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ServedApp, serveApp } from '../support/app-database.ts'
import type { Screen } from '../support/browser.ts'
import { TestDashboard, variablesOf } from '../support/dashboard.ts'

/* From an empty workspace to a project that is live, on the sandbox's Stripe and Clerk and a Postgres. */

describe.each(['mouse', 'keyboard'] as const)('setting a project up by %s', (hand) => {
  let sandbox: Sandbox
  let app: ServedApp
  let dashboard: TestDashboard
  let screen: Screen

  beforeAll(async () => {
    sandbox = await startSandbox({ world: 'saas', customers: 60, drift: 0.3, access: 'both', seed: 7 })
    if (!sandbox.world.app) throw new Error('The app of this world has no database.')
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
  const use = () => (hand === 'mouse' ? byMouse : byKeyboard(screen.page))
  const look = async (name: string) => {
    await screen.settled()
    // What is shown does not depend on how one got there.
    if (hand === 'keyboard') return
    await screen.audit([1440, 360])
    await screen.picture(name)
  }

  it('begins with a project or the demo', async () => {
    await screen.goTo('/')
    await heading('What do you want to look at?').waitFor()
    await button('Explore the demo').waitFor()
    await look('first-run')
    await use().write(screen.page.getByLabel('Name of the project'), 'Team Notes')
    await use().press(button('Create project'))
    await heading('1 Stack').waitFor()
  })

  it('1 asks what the app is built with, and keeps each choice', async () => {
    const choices = [/^Next\.js/, /^Stripe/, /^Both A table/, /^Organizations/]
    for (const name of choices) await use().choose(screen.page.getByRole('radio', { name }))
    await button('Go on').waitFor()
    await screen.settled()
    await screen.page.reload()
    await screen.settled()
    for (const name of choices)
      await expect.poll(() => screen.page.getByRole('radio', { name }).isChecked()).toBe(true)
    await look('onboarding-stack')
    await use().press(button('Go on'))
    await heading('2 Stripe').waitFor()
  })

  it('2 refuses a key that is none, names what a key is for, and connects a restricted one', async () => {
    const { page } = screen
    const key = page.getByLabel('Restricted key', { exact: true })
    await use().write(key, 'pk_test_publishable')
    await use().press(button('Test & connect'))
    await page.getByRole('alert').first().waitFor()
    await look('onboarding-stripe-error')
    await use().write(key, sandbox.stripe.restrictedKey)
    await use().press(button('Test & connect'))
    await page.getByRole('region', { name: 'Stripe connected' }).waitFor()
    await expect.poll(() => page.content()).not.toContain(sandbox.stripe.restrictedKey)
    await expect.poll(() => page.getByText('granted', { exact: true }).count()).toBeGreaterThan(5)
    await use().write(page.getByLabel('Signing secret of Stripe'), sandbox.stripe.webhookSecret)
    await use().press(button('Keep the secret'))
    await said('secret kept')
    await look('onboarding-stripe')
    await use().press(button('Go on'))
    await heading('3 Database').waitFor()
  })

  it('3 writes the SQL of a role that reads, and connects the database and Clerk', async () => {
    const { page } = screen
    await use().press(button('Write the SQL'))
    await said(/create role "?trueup_reader/)
    await use().write(page.getByLabel('Connection string', { exact: true }), 'mysql://app@db/app')
    await use().press(button('Test & connect'))
    await page.getByRole('alert').first().waitFor()
    await use().write(page.getByLabel('Connection string', { exact: true }), app.url)
    await use().press(button('Test & connect'))
    await page.getByRole('region', { name: 'Database connected' }).waitFor()
    await look('onboarding-database')
    await use().choose(page.getByRole('tab', { name: /Clerk/ }))
    const key = page.getByLabel('Clerk Backend API secret key')
    await expect.poll(() => key.getAttribute('placeholder')).toBe('sk_test_…')
    await use().write(key, sandbox.clerk.secretKey)
    await use().press(button('Test & connect'))
    const last = sandbox.clerk.secretKey.slice(-4)
    await said(new RegExp(`Clerk connected — sk_test_…${last}`))
    await page.getByRole('region', { name: 'Clerk connected' }).waitFor()
    await look('onboarding-clerk')
    await use().press(button('Go on'))
    await heading('4 Identity mapping').waitFor()
  })

  it('4 suggests columns from the schema, and tries who is matched', async () => {
    const { page } = screen
    await page.getByText('Suggested from your schema').first().waitFor()
    await said('Advanced: map organizations too (B2B billing)')
    await use().press(button('Try the mapping'))
    await said('Rows as this mapping reads them')
    await look('onboarding-identity')
    await use().press(button('Save and go on'))
    await heading('5 Plan mapping').waitFor()
  })

  it('5 loads the prices from Stripe, and marks what is unmapped', async () => {
    const { page } = screen
    // Made after the configuration was suggested.
    const unmapped = await addPrice(sandbox)
    await use().press(button('Load from Stripe'))
    await page.getByRole('columnheader', { name: 'Lookup key' }).waitFor()
    await page.getByRole('columnheader', { name: 'App plan value' }).waitFor()
    await screen.settled()
    const own = page.getByLabel(`App plan value of ${unmapped}`)
    await said(/^Unmapped/)
    await look('onboarding-plans')
    await use().write(own, 'gold')
    await own.blur()
    await page.getByRole('textbox', { name: 'App values of gold' }).waitFor()
    await expect.poll(() => page.getByText(/^Unmapped/).count()).toBe(0)
    await use().press(button('Save and go on'))
    await heading('6 Access mapping').waitFor()
  })

  it('6 asks which fields say who has paid', async () => {
    await said('Which Clerk fields say who has paid access?')
    await screen.page.getByLabel(/^Plan/).first().waitFor()
    await look('onboarding-access')
    await use().press(button('Save and go on'))
    await heading('7 Dry run').waitFor()
  })

  it('7 shows what would be filed, before anything is', async () => {
    await use().press(button('Start the dry run'))
    await screen.page.getByText('Would be filed', { exact: true }).waitFor({ timeout: 60_000 })
    await look('onboarding-dry-run')
    await use().press(button('Go on'))
    await heading('8 Go live').waitFor()
  })

  it('8 sees a test event arrive, and goes live', async () => {
    const { page } = screen
    await use().press(button('Send a test event').first())
    await page.getByText('arrived', { exact: true }).waitFor()
    await look('onboarding-go-live')
    await use().press(button('Go live'))
    await page.getByRole('link', { name: 'Go to the overview' }).waitFor()
  })

  it('is at the same place when one comes back, and each step can be done again', async () => {
    const { page } = screen
    const projectId = /projects\/([^/]+)/.exec(page.url())?.[1] ?? ''
    for (const step of ['stack', 'stripe', 'database', 'identity', 'plans', 'access', 'dry-run']) {
      await screen.goTo(`/projects/${projectId}/onboarding/${step}`)
      await page.locator('nav[aria-label="Steps of the setup"] [aria-current]').waitFor()
    }
  })

  it('shows on a phone which step it is, though the line of steps is longer than the page', async () => {
    const step = screen.page.locator('nav[aria-label="Steps of the setup"] [aria-current]')
    const isInSight = async () => {
      const box = await step.boundingBox()
      return box !== null && box.x >= 0 && box.x + box.width <= 360
    }
    await screen.resize(360)
    await expect.poll(isInSight).toBe(true)
    await screen.resize(1440)
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

/** How a person does things on a page. */
interface Hand {
  press(button: Locator): Promise<void>
  write(field: Locator, text: string): Promise<void>
  choose(choice: Locator): Promise<void>
}

const byMouse: Hand = {
  press: (button) => button.click(),
  write: (field, text) => field.fill(text),
  choose: (choice) => choice.click(),
}

/** What of the page's own types is used here. */
interface Control {
  readonly name: string
  readonly parentElement: { getAttribute(name: string): string | null }
}
interface InPage {
  readonly activeElement: unknown
}

/** Tab, arrows, Enter and typing alone. */
function byKeyboard(page: Page): Hand {
  const isFocused = (place: Locator) =>
    place.evaluate(
      (element) => element === (globalThis as unknown as { document: InPage }).document.activeElement,
    )
  const reach = async (place: Locator, keys: readonly string[]) => {
    await place.waitFor()
    for (let step = 0; step < 150; step++) {
      if (await isFocused(place)) return
      await page.keyboard.press(keys[step % keys.length] ?? 'Tab')
    }
    throw new Error(`The keyboard does not reach ${place}.`)
  }
  return {
    async press(button) {
      await reach(button, ['Tab'])
      await page.keyboard.press('Enter')
    },
    async write(field, text) {
      await reach(field, ['Tab'])
      await page.keyboard.press('ControlOrMeta+A')
      await page.keyboard.type(text)
    },
    // Tab reaches the chosen one of several, or the first; arrows go on from there.
    async choose(choice) {
      const group = await choice.evaluate((element) => {
        const { name, parentElement } = element as unknown as Control
        return name || parentElement.getAttribute('role')
      })
      await choice.waitFor()
      for (let step = 0; step < 150; step++) {
        if (await isFocused(choice)) break
        const here = await page.evaluate(
          'document.activeElement.name || document.activeElement.parentElement?.getAttribute("role")',
        )
        await page.keyboard.press(here === group ? 'ArrowRight' : 'Tab')
      }
      if (!(await isFocused(choice))) throw new Error(`The keyboard does not reach ${choice}.`)
      await page.keyboard.press('Space')
    },
  }
}
