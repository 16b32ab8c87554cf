import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Example, startExample } from '../../examples/team-notes/src/start-example.ts'
import { emailOf, OpenedExample } from '../support/opened-example.ts'

/* The example app from nothing to paid, through a failed payment, to the end of access: clicked as people click it. */

let opened: OpenedExample<Example>
let example: Example
let page: Page

beforeAll(async () => {
  opened = await OpenedExample.open(startExample)
  example = opened.example
  page = opened.screen.page
})
afterAll(() => opened?.close())

/** Asks the app's server from inside the page, as its own script or its visitor's would. */
function ask(on: Page, path: string, body?: unknown): Promise<{ status: number; body: unknown }> {
  const asked =
    body === undefined
      ? '{}'
      : JSON.stringify({
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        })
  return on.evaluate(
    `fetch(${JSON.stringify(path)}, ${asked}).then(async (answer) => ({ status: answer.status, body: await answer.json() }))`,
  )
}

function plan(name: string) {
  return page.getByRole('listitem', { name, exact: true })
}

describe('a team that begins to pay', () => {
  it('signs up, creates an organization, and sees the plans', async () => {
    await page.goto(example.url)
    await page.getByRole('link', { name: 'Sign up' }).click()
    await page.getByLabel('Email').fill(emailOf('ada'))
    await page.getByLabel('First name').fill('Ada')
    await page.getByRole('button', { name: 'Sign up' }).click()
    await page.getByRole('link', { name: 'Create an organization' }).click()
    await page.getByLabel('Name').fill('Engines')
    await page.getByRole('button', { name: 'Create' }).click()
    await page.getByRole('heading', { level: 1, name: 'Billing' }).waitFor()
    await plan('Free').getByText('Current plan').waitFor()
    await opened.screen.audit()
    opened.expectClean()
  })

  it('compares months and years, dollars and yen, with the keyboard too', async () => {
    await plan('Pro').getByText('$29.00').waitFor()
    await page.getByRole('radio', { name: 'Monthly' }).focus()
    await page.keyboard.press('ArrowRight')
    await plan('Pro').getByText('$290.00').waitFor()
    await plan('Pro').getByText('Save 16 %').waitFor()
    await page.getByRole('radio', { name: 'Monthly' }).check({ force: true })
    await page.getByLabel('Currency').selectOption('jpy')
    await plan('Pro').getByText('¥4,400').waitFor()
    await plan('Team').getByText('Not sold by the month').waitFor()
    await page.getByLabel('Currency').selectOption('usd')
    await plan('Team').getByText('14 days free').waitFor()
  })

  it('finds the reports closed, in the page and at the server', async () => {
    await page.getByRole('link', { name: 'Reports' }).click()
    await page.getByRole('heading', { name: 'Reports are part of Pro' }).waitFor()
    expect((await ask(page, '/api/reports')).status).toBe(403)
    await opened.screen.audit([1440, 360])
    await page.getByRole('link', { name: 'Upgrade to Pro' }).click()
    await page.getByRole('heading', { level: 1, name: 'Billing' }).waitFor()
  })

  it('gets nothing by editing what the page knows', async () => {
    await page.route(`${example.url}/reports`, async (route) => {
      const answer = await route.fetch()
      const text = await answer.text()
      const forged = text
        .replace('"plan":"free","paid":false', '"plan":"pro","paid":true')
        .replace('"entitlements":["notes"]', '"entitlements":["notes","reports"]')
      expect(forged).not.toBe(text)
      await route.fulfill({ response: answer, body: forged })
    })
    await page.goto(`${example.url}/reports`)
    await page.getByText('Plan upgrade required').waitFor()
    await page.unroute(`${example.url}/reports`)
    // The forged page differs from what the server drew, which React says.
    opened.screen.forgetWrong()
    const choice = {
      plan: 'pro',
      interval: 'month',
      price: 'price_1',
      amount: 1,
      organizationId: 'org_other',
    }
    expect((await ask(page, '/api/checkout', { ...choice, plan: 'enterprise' })).status).toBe(400)
    await page.goto(`${example.url}/billing`)
  })

  it('pays, and is back with its plan active in under three seconds', async () => {
    await plan('Pro').getByRole('button', { name: 'Choose Pro' }).click()
    await page.getByLabel('Email').fill(emailOf('ada'))
    const paidAt = performance.now()
    await page.getByRole('button', { name: 'Pay' }).click()
    await plan('Pro').getByText('Current plan').waitFor()
    expect(performance.now() - paidAt).toBeLessThan(3_000)
    await page.getByText('Thank you. Your plan is active.').waitFor()
    await opened.screen.audit()
    await opened.screen.picture('example-billing')
    opened.expectClean()
  })

  it('opens the reports', async () => {
    await page.goto(example.url)
    await page.getByLabel('New note').fill('The first one')
    await page.getByRole('button', { name: 'Write' }).click()
    await page.getByRole('listitem').filter({ hasText: 'The first one' }).waitFor()
    await page.getByRole('link', { name: 'Reports' }).click()
    await page.getByText('Notes written: 1').waitFor()
    opened.expectClean()
  })

  it('closes what it cannot tell when it is looked at again, and opens it with the next answer', async () => {
    const look = () => page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    await page.route('**/api/access', (route) => route.fulfill({ status: 503, json: {} }))
    await look()
    await page.getByRole('heading', { name: 'Reports are part of Pro' }).waitFor()
    await page.unroute('**/api/access')
    await look()
    await page.getByText('Notes written: 1').waitFor()
    opened.expectClean()
  })

  it('is told where the portal could not be opened, and can try again', async () => {
    await page.goto(`${example.url}/billing`)
    await page.route('**/api/portal', (route) => route.fulfill({ status: 503, json: {} }))
    await page.getByRole('button', { name: 'Manage billing' }).click()
    await page.getByRole('alert').getByText('Billing could not be opened. Try again.').waitFor()
    await opened.screen.audit([1440])
    await page.unroute('**/api/portal')
    await page.getByRole('button', { name: 'Manage billing' }).click()
    await page.getByRole('heading', { name: 'Billing of Engines' }).waitFor()
    opened.expectClean()
  })

  it('does not let a member who is no admin near the billing', async () => {
    const member = await opened.openAsMember('bob')
    await member.getByText('An administrator of the organization manages billing.').first().waitFor()
    expect(await member.getByRole('button', { name: 'Manage billing' }).isDisabled()).toBe(true)
    expect(await member.getByRole('button', { name: 'Try Team' }).count()).toBe(0)
    const choice = { plan: 'team', interval: 'month', currency: 'usd', seats: 1 }
    expect((await ask(member, '/api/checkout', choice)).status).toBe(403)
    expect((await ask(member, '/api/portal', {})).status).toBe(403)
    // What the team pays for is open to its members.
    expect((await ask(member, '/api/reports')).status).toBe(200)
    await member.context().close()
  })
})

describe('a payment that fails', () => {
  it('shows a banner while access lasts', async () => {
    await page.goto(`${example.url}/billing`)
    await page.getByLabel('and have the cards that there are declined').check()
    await opened.letPass(32)
    const banner = page.getByRole('alert')
    await banner.getByText('The last payment failed').waitFor()
    await banner.getByText('$29.00 is due.').waitFor()
    await banner.getByText(/Access ends on \w+ \d+, \d{4} unless it is paid\./).waitFor()
    await plan('Pro').getByText('Current plan').waitFor()
    expect((await ask(page, '/api/reports')).status).toBe(200)
    await opened.screen.audit()
    await opened.screen.picture('example-payment-failed', [1440, 360])
    opened.expectClean()
  })

  it('is made good by another card in the portal, at the next attempt, and the banner goes', async () => {
    await page.getByRole('button', { name: 'Update the payment method' }).click()
    await page.getByLabel('New card number').fill('4242 4242 4242 4242')
    await page.getByRole('button', { name: 'Change card' }).click()
    await page.getByRole('heading', { level: 1, name: 'Billing' }).waitFor()
    await opened.letPass(4)
    await plan('Pro').getByText('Current plan').waitFor()
    expect(await page.getByRole('alert').count()).toBe(0)
    opened.expectClean()
  })
})

describe('a subscription that is canceled', () => {
  it('lasts to the end of its period, and then closes what it opened', async () => {
    await page.getByRole('button', { name: 'Manage billing' }).click()
    await page.getByRole('button', { name: 'Cancel', exact: true }).click()
    await page.getByRole('button', { name: 'Do not cancel' }).waitFor()
    await page.getByRole('link', { name: 'Back' }).click()
    await plan('Pro').getByText('Current plan').waitFor()
    await example.sandbox.drainWebhooks()
    await page.goto(`${example.url}/billing`)
    await plan('Pro')
      .getByText(/^Current plan, ends on \w+ \d+, \d{4}$/)
      .waitFor()
    expect((await ask(page, '/api/reports')).status).toBe(200)

    await opened.letPass(31)
    await plan('Free').getByText('Current plan').waitFor()
    expect((await ask(page, '/api/reports')).status).toBe(402)
    await page.getByRole('link', { name: 'Reports' }).click()
    await page.getByRole('heading', { name: 'Reports are part of Pro' }).waitFor()
    expect(await example.billing.waiting()).toEqual([])
    opened.expectClean()
  })
})

it('the parts look like nothing in particular without the theme, and keep their roles', async () => {
  const theme = readFileSync(new URL('../../packages/sdk/src/react/theme.css', import.meta.url), 'utf8')
  expect(theme).toContain('@layer trueup')
  await page.route(`${example.url}/files/page.css`, (route) =>
    route.fulfill({ body: '', contentType: 'text/css' }),
  )
  await page.goto(`${example.url}/billing`)
  await plan('Pro').getByRole('button', { name: 'Choose Pro' }).waitFor()
  expect(await page.getByRole('radio').count()).toBe(2)
  await page.unroute(`${example.url}/files/page.css`)
})
