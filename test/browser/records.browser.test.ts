import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Screen } from '../support/browser.ts'
import { checkEverything, type ProjectBehindDashboard, startProject } from '../support/dashboard.ts'
import { connectRepairs } from '../support/repaired-project.ts'

/* What was done, in lists and one by one: repairs, checks, the ledger, webhooks. */

let project: ProjectBehindDashboard
let screen: Screen
let api: string

beforeAll(async () => {
  project = await startProject()
  await connectRepairs(project)
  api = `/api/v1/projects/${project.projectId}`
  screen = await project.dashboard.open(project.ada)
})
afterAll(() => project?.dashboard.stop())

/** Changes a customer at Stripe, as somebody in its dashboard would. */
async function changeAtStripe(customerId: string, name: string): Promise<void> {
  const { stripe } = project.sandbox
  const answer = await fetch(`${stripe.url}/v1/customers/${customerId}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${stripe.secretKey}` },
    body: new URLSearchParams({ name }),
  })
  expect(answer.status).toBe(200)
}

/** Lets the last event of Stripe, and the endpoint, be so many seconds older: what is young may still be on its way. */
async function putBack(seconds: number): Promise<void> {
  const { events } = project.sandbox.world.stripe
  const last = events.all().at(-1)
  expect(last?.type).toBe('customer.updated')
  if (last) Object.assign(last, { created: last.created - seconds })
  await project.dashboard.service.database.query(
    `update trueup.webhook_endpoint set opened_at = opened_at - interval '1 hour'`,
  )
}

async function downloaded(link: string): Promise<string> {
  const [file] = await Promise.all([
    screen.page.waitForEvent('download'),
    screen.page.getByRole('link', { name: link, exact: true }).click(),
  ])
  const chunks: Buffer[] = []
  for await (const chunk of await file.createReadStream()) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}

describe('repairs', () => {
  it('are proposed from their list, which says first that there are none', async () => {
    const { page } = screen
    await screen.goTo(project.at('/repairs'))
    await page.getByText('Nothing was proposed yet').waitFor()
    await screen.audit()
    await page.getByRole('button', { name: 'Propose repairs' }).click()
    await page
      .getByText(/repairs? (?:was|were) proposed\./)
      .first()
      .waitFor()
    await page.getByRole('table', { name: 'Repairs' }).getByText('Proposed').first().waitFor()
    expect(await page.getByRole('row').count()).toBeGreaterThan(3)
    await screen.audit()
    await screen.picture('repairs')
  })

  it('are approved as one batch of those that were chosen', async () => {
    const { page } = screen
    // They take from somebody who pays, so one word is not enough.
    const boxes = page
      .getByRole('row')
      .filter({ hasText: 'Seats over' })
      .getByRole('checkbox', { name: 'Select this row' })
    await boxes.nth(0).check()
    await page.getByText('1 selected').waitFor()
    const approve = page.getByRole('button', { name: 'Approve 1 as one batch' })
    expect(await approve.getAttribute('aria-disabled')).toBe('true')
    await boxes.nth(1).check()
    await screen.audit([1440, 360])
    await screen.picture('repairs-batch', [1440, 360])
    await page.getByRole('button', { name: 'Approve 2 as one batch' }).click()
    await page.getByText('2 repairs are approved as one batch.').first().waitFor()
    await page.getByText('2 selected').waitFor({ state: 'detached' })
    const { items } = await project.ada.do(`GET ${api}/repairs?state=proposed&limit=100`)
    const waiting = items.find(
      ({ approvals }: { readonly approvals: readonly unknown[] }) => approvals.length === 1,
    )
    await screen.goTo(project.at(`/repairs/${waiting.id}`))
    const again = page.getByRole('button', { name: 'Approve' })
    await expect.poll(() => again.getAttribute('title')).toContain('A second person has to approve as well.')
    await screen.goTo(project.at('/repairs'))
  })

  it('are filtered by their state in the address, and exported so', async () => {
    const { page } = screen
    await page.getByLabel('State').selectOption('rejected')
    await page.waitForURL('**/repairs?state=rejected')
    await page.getByText('No repair is in this state').waitFor()
    await page.getByLabel('State').selectOption('proposed')
    await page.waitForURL('**/repairs?state=proposed')
    await page.getByRole('row').nth(1).waitFor()
    const { items } = await project.ada.do(`GET ${api}/repairs?state=proposed&limit=100`)
    const lines = (await downloaded('Export')).trim().split('\n')
    expect(lines.filter((line) => line.includes('rep_')).length).toBe(items.length)
  })

  it('are opened by the keyboard: one says what it changes, for what, and what became of it', async () => {
    const { page } = screen
    await page.keyboard.press('j')
    await page.keyboard.press('Enter')
    await page.waitForURL('**/repairs/rep_*')
    await screen.settled()
    for (const name of ['The change', 'What it is for', 'History'])
      await page.getByRole('heading', { level: 2, name }).waitFor()
    await page.getByRole('table', { name: 'Before and after' }).waitFor()
    await screen.audit()
    await screen.picture('repair')
  })

  it('are approved and applied on their own page, which then says that it is verified', async () => {
    const { page } = screen
    const { items } = await project.ada.do(`GET ${api}/repairs?state=proposed&limit=100`)
    const one = items.find(
      ({ approvalsNeeded, batch }: { readonly approvalsNeeded: number; readonly batch: unknown }) =>
        approvalsNeeded === 1 && batch === null,
    )
    await screen.goTo(project.at(`/repairs/${one.id}`))
    await page.getByRole('button', { name: 'Approve' }).click()
    await page.getByRole('button', { name: 'Apply' }).click()
    await page.getByRole('heading', { level: 1 }).getByText('Verified').waitFor()
    await screen.audit([1440])
    await screen.picture('repair-verified', [1440])
  })

  it('lead to the customer, whose timeline shows them', async () => {
    const { page } = screen
    await page.getByRole('main').getByRole('link', { name: /^cus_/ }).click()
    await page.waitForURL('**/customers/cus_*')
    await screen.settled()
    await page.getByRole('heading', { name: 'Timeline' }).waitFor()
    await page
      .getByText(/repair verified/i)
      .first()
      .waitFor()
    await screen.picture('customer')
  })

  it('are switched off in an emergency with a reason, and on again', async () => {
    const { page } = screen
    await screen.goTo(project.at('/repairs'))
    await page.getByRole('button', { name: 'Switch off' }).click()
    const dialog = page.getByRole('dialog', { name: 'Switch repairs off?' })
    await dialog.waitFor()
    await screen.audit([1440, 360])
    await dialog.getByLabel('Reason').fill('A migration is going on')
    await dialog.getByRole('button', { name: 'Switch off' }).click()
    const held = page.getByRole('region', { name: 'What holds repairs back' })
    await held.getByText('A migration is going on').waitFor()
    const propose = page.getByRole('button', { name: 'Propose repairs' })
    await expect.poll(() => propose.getAttribute('title')).toBe('Repairs are switched off.')
    await screen.audit([1440, 360])
    await screen.picture('repairs-off', [1440])
    await page.getByRole('button', { name: 'Switch on' }).click()
    await page.getByRole('dialog').getByLabel('Reason').fill('It is over')
    await page.getByRole('dialog').getByRole('button', { name: 'Switch on' }).click()
    await held.waitFor({ state: 'detached' })
  })

  it('that do not exist say what to do', async () => {
    await screen.goTo(project.at('/repairs/rep_nothing'))
    await screen.page.getByRole('alert').waitFor()
    await screen.audit([1440])
  })
})

describe('checks', () => {
  it('are listed with what they came to and cost, and filtered by kind', async () => {
    const { page } = screen
    await screen.goTo(project.at('/checks'))
    await page.getByRole('row').filter({ hasText: 'Full' }).getByText('complete', { exact: true }).waitFor()
    await screen.audit()
    await screen.picture('checks')
    expect(await downloaded('Export')).toContain('chk_')
    await page.getByLabel('Kind of check').selectOption('recent')
    await page.waitForURL('**/checks?kind=recent')
    await page.getByText('Nothing was checked yet').waitFor()
    await page.getByLabel('Kind of check').selectOption('')
  })

  it('are live while they run, and then say what was read', async () => {
    const { page } = screen
    const { stripe } = project.sandbox
    const faults = `${stripe.url}/_sandbox/faults`
    const slow = await fetch(faults, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ kind: 'slow', delayMs: 3_000 }),
    })
    expect(slow.ok, await slow.text()).toBe(true)
    await page.getByRole('button', { name: 'Run check' }).click()
    await page.waitForURL('**/checks/chk_*')
    await page.getByRole('progressbar').waitFor()
    await screen.audit([1440])
    await screen.picture('check-running', [1440, 360])
    await fetch(faults, { method: 'DELETE' })
    await page.getByRole('progressbar').waitFor({ state: 'detached', timeout: 60_000 })
    await page.getByRole('heading', { level: 1 }).getByText('complete').waitFor()
    await page.getByRole('link', { name: 'To the incidents' }).waitFor()
    await screen.audit()
    await screen.picture('check')
  })

  it('that do not exist say what to do', async () => {
    await screen.goTo(project.at('/checks/chk_nothing'))
    await screen.page.getByRole('alert').waitFor()
    await screen.audit([1440])
  })
})

describe('the ledger', () => {
  it('shows every act in order, and that it is signed', async () => {
    const { page } = screen
    await screen.goTo(project.at('/ledger'))
    await page.getByRole('heading', { level: 2, name: 'Signed to its last entry' }).waitFor()
    await page.getByRole('row').filter({ hasText: 'repair verified' }).first().waitFor()
    await screen.audit()
    await screen.picture('ledger')
    await page.getByText('Verify it yourself').click()
    await page.getByText('npx trueup ledger verify').waitFor()
    await screen.audit([1440, 360])
  })

  it('opens an entry, which has an address', async () => {
    const { page } = screen
    await page.getByRole('row').filter({ hasText: 'repair verified' }).first().click()
    const dialog = page.getByRole('dialog', { name: /^Entry \d+: repair verified/ })
    await dialog.getByText('Hash').waitFor()
    await page.waitForURL(/\/ledger\?entry=\d+$/)
    await screen.audit([1440, 360])
    await screen.picture('ledger-entry')
    await page.reload()
    await dialog.waitFor()
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    expect(new URL(page.url()).search).toBe('')
  })

  it('is filtered by an account, a customer or an incident', async () => {
    const { page } = screen
    const { items } = await project.ada.do(`GET ${api}/repairs?state=verified`)
    const [{ incidentId, customerId }] = items
    await page.getByLabel('About').fill('somebody')
    await page.getByText('Write it as user:user_1').waitFor()
    await screen.audit([1440])
    await page.getByLabel('About').fill(`customer:${customerId}`)
    await page.getByRole('button', { name: 'Find' }).click()
    await page.waitForURL((url) => url.searchParams.get('person') === `customer:${customerId}`)
    await page.getByRole('row').filter({ hasText: 'repair verified' }).waitFor()
    const file = await downloaded('Export with proofs')
    expect(file).toContain(customerId)
    await screen.goTo(project.at(`/ledger?incident=${incidentId}`))
    await page.getByRole('row').filter({ hasText: 'incident resolved' }).waitFor()
    for (const row of (await page.getByRole('row').allInnerTexts()).slice(1))
      expect(row).toContain(incidentId)
    const ofOne = (await downloaded('CSV')).trim().split('\n').slice(1)
    expect(ofOne.length).toBeGreaterThan(1)
    for (const line of ofOne) expect(line).toContain(incidentId)
    await screen.audit([1440, 360])
    await page.getByRole('button', { name: 'show the entries of every incident' }).click()
    await page.getByRole('row').filter({ hasText: 'check finished' }).first().waitFor()
  })

  it('is taken away as a sheet', async () => {
    await screen.goTo(project.at('/ledger'))
    expect(await downloaded('CSV')).toContain('repair-verified')
  })
})

describe('webhooks', () => {
  it('say what is missing before anything came', async () => {
    const { page } = screen
    await screen.goTo(project.at('/webhooks'))
    await page.getByRole('link', { name: 'Set webhooks up' }).waitFor()
    await page.getByText('No event is here').waitFor()
    await screen.audit()
    await screen.picture('webhooks-empty', [1440])
  })

  it('show an event that the provider delivered, and a gap where it was not', async () => {
    const { page } = screen
    const { ada, sandbox, dashboard, projectId } = project
    const { items } = await ada.do(`GET ${api}/customers`)
    const [lost, delivered] = items.filter(
      ({ customers }: { readonly customers: readonly unknown[] }) => customers.length > 0,
    )
    await ada.do(`POST ${api}/webhooks/stripe/secrets`, { secret: sandbox.stripe.webhookSecret })
    await changeAtStripe(lost.customers[0].id, 'Nobody heard of it')
    await putBack(600)
    sandbox.sendWebhooks({ stripe: `${dashboard.origin}/api/webhooks/stripe/${projectId}` })
    await changeAtStripe(delivered.customers[0].id, 'Everybody heard of it')
    await sandbox.drainWebhooks()
    const { items: events } = await ada.do(`GET ${api}/events`)
    expect(events.map(({ type }: { readonly type: string }) => type)).toContain('customer.updated')
    await page.getByRole('button', { name: 'Look for gaps' }).click()
    await page.getByText('Gaps then stand here.').waitFor()
    await expect
      .poll(async () => (await ada.do(`GET ${api}/events?missing=true`)).items.length, { timeout: 30_000 })
      .toBeGreaterThan(0)
    await screen.goTo(project.at('/webhooks'))
    await page.getByRole('row').filter({ hasText: 'customer.updated' }).first().waitFor()
    await page.getByText('never', { exact: true }).first().waitFor()
    await screen.audit()
    await screen.picture('webhooks')
    expect(await downloaded('Export')).toContain('customer.updated')
    await page.getByLabel('Which events').selectOption('missing')
    await page.waitForURL('**/webhooks?show=missing')
    await page.getByText('never', { exact: true }).first().waitFor()
  })

  it('open one event: what became of it and what stood in it; it is replayed', async () => {
    const { page } = screen
    await page.getByLabel('Which events').selectOption('all')
    await page
      .getByRole('row')
      .filter({ hasText: 'customer.updated' })
      .filter({ hasText: '1×' })
      .first()
      .click()
    await page.waitForURL('**/webhooks/stripe/evt_*')
    await screen.settled()
    await page.getByText('Everybody heard of it').first().waitFor()
    await screen.audit()
    await screen.picture('event')
    await page.getByRole('button', { name: 'Replay' }).click()
    await page.getByText('Whom it names is due for a check again.').first().waitFor()
  })

  it('that were forged are refused, and counted by reason', async () => {
    const { page } = screen
    const { dashboard, projectId } = project
    const forged = await fetch(`${dashboard.origin}/api/webhooks/stripe/${projectId}`, {
      method: 'POST',
      headers: { 'stripe-signature': `t=${Math.floor(Date.now() / 1000)},v1=${'0'.repeat(64)}` },
      body: '{}',
    })
    expect(forged.status).toBeGreaterThanOrEqual(400)
    // They are counted, and written down every few seconds.
    await expect
      .poll(async () => (await project.ada.do(`GET ${api}/webhooks`)).refusals.length, { timeout: 30_000 })
      .toBe(1)
    await screen.goTo(project.at('/webhooks'))
    await page.getByRole('heading', { level: 2, name: 'Refused' }).waitFor()
    await screen.audit([1440, 360])
  })

  it('that do not exist say what to do', async () => {
    await screen.goTo(project.at('/webhooks/stripe/evt_nothing'))
    await screen.page.getByRole('alert').waitFor()
    await screen.audit([1440])
  })
})

describe('repairs that are held, since more drift at once than may', () => {
  it('are released with a reason, once somebody has looked', async () => {
    const { page } = screen
    const { ada, app, projectId } = project
    const { version, document } = await ada.do(`GET ${api}/config`)
    const careful = { ...document, policy: { ...document.policy, brake: { hold: 0 } } }
    await ada.do(`PUT ${api}/config`, { document: careful, expectedVersion: version })
    await app.run(
      `update users set plan = 'enterprise' where id in (select id from users where plan = 'free' order by id limit 3)`,
    )
    await checkEverything(ada, projectId)
    await screen.goTo(project.at('/repairs'))
    const held = page.getByRole('region', { name: 'What holds repairs back' })
    await held.getByText('Repairs are held:').first().waitFor()
    await held.getByRole('link', { name: 'The incident' }).first().waitFor()
    const propose = page.getByRole('button', { name: 'Propose repairs' })
    await expect.poll(() => propose.getAttribute('title')).toBe('Repairs are held, since many drift at once.')
    await screen.audit([1440, 360])
    await screen.picture('repairs-held', [1440])
    await page.getByRole('button', { name: 'Release' }).click()
    const dialog = page.getByRole('dialog', { name: 'Are these drifts real?' })
    await dialog.getByLabel('Reason').fill('Three were upgraded by hand')
    await screen.audit([360])
    await dialog.getByRole('button', { name: 'Release' }).click()
    await page.getByText('Repairs are no longer held.').waitFor()
    await held.waitFor({ state: 'detached' })
    const { items } = await ada.do(`GET ${api}/ledger?limit=20`)
    const released = items.find(({ act }: { readonly act: string }) => act === 'repairs-released')
    expect(JSON.stringify(released)).toContain('Three were upgraded by hand')
  })
})
