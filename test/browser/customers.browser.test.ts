import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Screen } from '../support/browser.ts'
import { checkEverything, type ProjectBehindDashboard, startProject } from '../support/dashboard.ts'

const hostile = `<script>alert(1)</script> \u202Eeman\u202C 🦊 ${'long '.repeat(40)}`

let project: ProjectBehindDashboard
let screen: Screen
let drifting: {
  readonly customerId: string
  readonly sentence: string
  readonly subject: { readonly id: string }
}

beforeAll(async () => {
  project = await startProject()
  const { ada, projectId, sandbox } = project
  const path = `/api/v1/projects/${projectId}`
  const { items } = await ada.do(`GET ${path}/incidents?kind=paid-without-access`)
  drifting = items[0]
  // A name as a stranger could enter it at the checkout.
  const answer = await fetch(`${sandbox.stripe.url}/v1/customers/${drifting.customerId}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${sandbox.stripe.secretKey}` },
    body: new URLSearchParams({ name: hostile }),
  })
  expect(answer.status).toBe(200)
  await checkEverything(ada, projectId)
  screen = await project.dashboard.open(ada)
})
afterAll(() => project?.dashboard.stop())

describe('customers', () => {
  it('are listed with what the last check says of each', async () => {
    await screen.goTo(project.at('/customers'))
    const { page } = screen
    await page.getByRole('columnheader', { name: 'Verdict' }).waitFor()
    await page.getByText('Agrees').first().waitFor()
    await screen.audit()
    await screen.picture('customers')
  })

  it('are searched by the address, and what a stranger wrote is text', async () => {
    const { page } = screen
    await page.getByRole('searchbox', { name: 'Search customers' }).fill(drifting.customerId)
    await page.waitForURL(`**/customers?q=${drifting.customerId}`)
    await expect.poll(() => page.getByRole('row').count()).toBe(2)
    await page.getByText('<script>alert(1)</script>').first().waitFor()
    await screen.audit([1440, 360])
    await page.getByRole('searchbox', { name: 'Search customers' }).fill('nobody at all')
    await page.getByText('Nobody is like this').waitFor()
    await page.getByRole('button', { name: 'Show everybody' }).click()
    await expect.poll(() => new URL(page.url()).search).toBe('')
  })

  it('are taken away as a file with what was searched for', async () => {
    const { page } = screen
    await screen.goTo(project.at(`/customers?q=${drifting.customerId}`))
    await page.getByRole('button', { name: 'Export' }).click()
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: 'CSV, for spreadsheets' }).click(),
    ])
    expect(file.url()).toContain(`q=${drifting.customerId}&format=csv`)
  })
})

describe('a customer', () => {
  it('is opened by the keyboard, and shown with what they are owed, have and may have', async () => {
    const { page } = screen
    await screen.goTo(project.at(`/customers?q=${drifting.customerId}`))
    await page.keyboard.press('j')
    await page.keyboard.press('Enter')
    await page.waitForURL('**/customers/*')
    await screen.settled()
    await page.getByRole('heading', { level: 1 }).getByText('<script>alert(1)</script>').waitFor()
    await page.getByRole('table', { name: 'Owed, granted and allowed' }).getByText('Too little').waitFor()
    await page.getByRole('link', { name: new RegExp(`^Critical.*${drifting.subject.id} pays for`) }).waitFor()
    await screen.audit()
    await screen.picture('customer-strange')
  })

  it('has a timeline, as a picture and as a table of the same', async () => {
    const { page } = screen
    await page
      .getByRole('link', { name: /Opened: / })
      .first()
      .waitFor()
    await page.getByLabel('Part of the access').selectOption('paid')
    await page.getByRole('button', { name: 'Show as a table' }).click()
    const table = page.getByRole('region', { name: 'Promised and granted over time' }).getByRole('table')
    await table.getByRole('cell', { name: 'Not paid' }).first().waitFor()
    await table.getByRole('cell', { name: 'Not known' }).first().waitFor()
    await screen.audit([1440, 360])
    await page.getByRole('button', { name: 'Show the picture' }).click()
  })

  it('is checked now, and shown as they are now', async () => {
    const { page } = screen
    await page.getByRole('button', { name: 'Run check' }).click()
    await page.getByText('Both sides were read now.').first().waitFor()
    await page.getByText('As it is now').waitFor()
  })

  it('leads to the incident and to the entries of the ledger', async () => {
    const { page } = screen
    const href = await page.getByRole('link', { name: 'In the ledger' }).getAttribute('href')
    expect(new URL(href ?? '', project.dashboard.origin).searchParams.get('person')).toMatch(
      /^(user|organization):/,
    )
    await page.getByRole('link', { name: new RegExp(`^Critical.*${drifting.subject.id} pays for`) }).click()
    await page.waitForURL('**/incidents/inc_*')
  })

  it('that nobody read is looked for by a check', async () => {
    await screen.goTo(project.at('/customers/cus_nobody'))
    await screen.page.getByText('The last full check did not read this customer').waitFor()
    await screen.audit([1440, 360])
  })
})
