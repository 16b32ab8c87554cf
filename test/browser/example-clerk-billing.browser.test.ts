import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Example, startExample } from '../../examples/reading-room/src/start-example.ts'
import { emailOf, OpenedExample } from '../support/opened-example.ts'

/* The example on Clerk Billing from nothing to paid, through a failed payment, to the end of access. */

let opened: OpenedExample<Example>
let example: Example
let page: Page

beforeAll(async () => {
  opened = await OpenedExample.open(startExample)
  example = opened.example
  page = opened.screen.page
})
afterAll(() => opened?.close())

const billingPage = (on: Page) =>
  on.getByRole('heading', { level: 1, name: 'Billing', exact: true }).waitFor()
const atClerk = (on: Page) => on.getByRole('heading', { level: 1, name: 'Billing of Readers' }).waitFor()
const plan = (name: string) => page.getByRole('listitem', { name, exact: true })

/** What the server itself answers whoever the page is signed in as. */
const archive = async (on: Page): Promise<number> => {
  const answer: unknown = await on.evaluate("fetch('/api/archive').then((answer) => answer.status)")
  return Number(answer)
}

describe('a team that begins to pay', () => {
  it('signs up, creates an organization, and sees the plans as Clerk has them', async () => {
    await page.goto(example.url)
    await page.getByRole('link', { name: 'Sign up' }).click()
    await page.getByLabel('Email').fill(emailOf('ada'))
    await page.getByRole('button', { name: 'Sign up' }).click()
    await page.getByRole('link', { name: 'Create an organization' }).click()
    await page.getByLabel('Name').fill('Readers')
    await page.getByRole('button', { name: 'Create' }).click()
    await billingPage(page)
    await plan('Free').getByText('Current plan').waitFor()
    await plan('Reader').getByText('$12.00').waitFor()
    await plan('Library').getByText('14 days free').waitFor()
    await opened.screen.audit([1440, 360])
    opened.expectClean()
  })

  it('finds the archive closed, in the page and at the server', async () => {
    await page.getByRole('link', { name: 'Archive' }).click()
    await page.getByRole('heading', { name: 'The archive is part of Reader' }).waitFor()
    expect(await page.getByText('Everything since 1876.').count()).toBe(0)
    expect(await archive(page)).toBe(403)
    await page.getByRole('link', { name: 'Upgrade to Reader' }).click()
    await billingPage(page)
  })

  it('pays where Clerk takes the money, and is back with its plan active', async () => {
    await plan('Reader').getByRole('button', { name: 'Choose Reader' }).click()
    await atClerk(page)
    await page.getByRole('button', { name: 'Subscribe to Reader' }).click()
    await plan('Reader').getByText('Current plan').waitFor()
    await page.getByRole('link', { name: 'Archive' }).click()
    await page.getByText('Everything since 1876.').waitFor()
    expect(await archive(page)).toBe(200)
    await opened.screen.audit([1440])
    opened.expectClean()
  })

  it('does not let a member who is no admin near the billing', async () => {
    const member = await opened.openAsMember('bob')
    expect(await member.getByRole('button', { name: 'Manage billing' }).isDisabled()).toBe(true)
    // Whoever enables the button gets to Clerk, and no further.
    await member.goto(`${example.sandbox.clerk.url}/billing`)
    await member.getByText('may manage the organization').waitFor()
    expect(await member.getByRole('button').count()).toBe(0)
    const form = { card: '4000 0000 0000 0341' }
    const refused = await member.request.post(`${example.sandbox.clerk.url}/billing/card`, { form })
    expect(refused.status()).toBe(403)
    // What the team pays for is open to its members.
    await member.goto(example.url)
    expect(await archive(member)).toBe(200)
    await member.context().close()
  })
})

describe('a payment that fails', () => {
  it('shows a banner while access lasts', async () => {
    await page.goto(`${example.url}/billing`)
    await page.getByLabel('and let cards be declined').check()
    await opened.letPass(32)
    const banner = page.getByRole('alert')
    await banner.getByText('The last payment failed').waitFor()
    await banner.getByText('$12.00 is due.').waitFor()
    await plan('Reader').getByText('Current plan').waitFor()
    expect(await archive(page)).toBe(200)
    await opened.screen.audit([1440])
    opened.expectClean()
  })

  it('is made good with another card, and the banner goes', async () => {
    await page.getByRole('button', { name: 'Update the payment method' }).click()
    await atClerk(page)
    await page.getByLabel('New card number').fill('4242 4242 4242 4242')
    await page.getByRole('button', { name: 'Change card' }).click()
    await page.getByText('•••• 4242').waitFor()
    await page.getByRole('link', { name: 'Back to the app' }).click()
    await billingPage(page)
    // Clerk tries again some days later.
    await opened.letPass(8)
    await plan('Reader').getByText('Current plan').waitFor()
    expect(await page.getByRole('alert').count()).toBe(0)
    opened.expectClean()
  })
})

describe('a plan that is canceled', () => {
  it('lasts to the end of its period, and then closes what it opened', async () => {
    await page.getByRole('button', { name: 'Manage billing' }).click()
    await page.getByRole('button', { name: 'Cancel Reader' }).click()
    await page.getByText('Reader · canceled').waitFor()
    await page.getByRole('link', { name: 'Back to the app' }).click()
    await page.getByText('Your plan ends on').waitFor()
    expect(await archive(page)).toBe(200)

    await opened.letPass(32)
    await plan('Free').getByText('Current plan').waitFor()
    expect(await archive(page)).toBe(402)
    await page.getByRole('link', { name: 'Archive' }).click()
    await page.getByRole('heading', { name: 'The archive is part of Reader' }).waitFor()
    expect(await example.billing.waiting()).toEqual([])
    opened.expectClean()
  })
})
