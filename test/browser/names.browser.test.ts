import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Screen } from '../support/browser.ts'
import { checkEverything, type ProjectBehindDashboard, startProject } from '../support/dashboard.ts'
import { connectRepairs } from '../support/repaired-project.ts'

/* What strangers wrote, in every place where they can write: it is text on every page and in every file. */

const formula = '=HYPERLINK("//x","x")'
const markup = '<img src=x onerror="window.hacked=1">'
const backwards = '\u202Eeman\u202C\u2066'
/** As a project, a workspace and a member may be called: nothing in it goes unseen. */
const ownName = `${formula}${markup}مرحبا🦊`
const shortName = `${formula}${markup}${backwards}👩‍👩‍👧`
const longName = `${shortName} ${'مرحبا '.repeat(100)}${'x'.repeat(10_000)}`.slice(0, 10_000)

let project: ProjectBehindDashboard
let screen: Screen
let ids: Readonly<Record<string, string>>
let api: string

beforeAll(async () => {
  project = await startProject()
  const { ada, app, sandbox, projectId, workspaceId, dashboard } = project
  api = `/api/v1/projects/${projectId}`
  await connectRepairs(project)
  const { items: incidents } = await ada.do(`GET ${api}/incidents?kind=paid-without-access`)
  const [{ customerId, subject }] = incidents
  // What a buyer enters at the checkout, and what a customer of the app calls themselves.
  await ada.do(`POST ${api}/webhooks/stripe/secrets`, { secret: sandbox.stripe.webhookSecret })
  sandbox.sendWebhooks({ stripe: `${dashboard.origin}/api/webhooks/stripe/${projectId}` })
  const renamed = await fetch(`${sandbox.stripe.url}/v1/customers/${customerId}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${sandbox.stripe.secretKey}` },
    body: new URLSearchParams({ name: longName, description: longName }),
  })
  expect(renamed.status).toBe(200)
  await sandbox.drainWebhooks()
  const table = subject.type === 'user' ? 'users' : 'organizations'
  const named = subject.type === 'user' ? 'full_name' : 'name'
  await app.run(
    `update ${table} set ${named} = ${quoted(longName)}, plan = ${quoted(longName)} where id::text = ${quoted(subject.id)}`,
  )
  await app.run(`update users set full_name = ${quoted(longName)}`)
  await app.run(`update organizations set name = ${quoted(longName)}`)
  // What those who work with it call things.
  await ada.do(`PATCH ${api}`, { name: ownName })
  await ada.do(`PATCH /api/v1/workspaces/${workspaceId}`, { name: ownName })
  await ada.do('PATCH /api/v1/me', { name: ownName })
  const { document, version } = await ada.do(`GET ${api}/config`)
  const catalogue = { ...document, policy: { ...document.policy, settleMinutes: 1 } }
  await ada.do(`PUT ${api}/config`, { document: catalogue, expectedVersion: version, note: ownName })
  await ada.do(`PUT ${api}/config`, { document, expectedVersion: version + 1, note: longName.slice(0, 500) })
  await ada.do(`POST ${api}/exceptions`, {
    subject: { type: 'user', id: ownName },
    allowed: { paid: true },
    reason: longName.slice(0, 500),
    until: '2099-01-01T00:00:00Z',
  })
  await ada.do(`POST ${api}/alerts/channels`, {
    name: ownName,
    config: { kind: 'webhook', url: `${sandbox.stripe.url}/<b>`, secret: `whsec_${'A'.repeat(32)}` },
  })
  await checkEverything(ada, projectId)
  await ada.do(`POST ${api}/repairs/propose`)
  const { items: now } = await ada.do(`GET ${api}/incidents?customer=${customerId}`)
  const { items: repairs } = await ada.do(`GET ${api}/repairs`)
  const { items: events } = await ada.do(`GET ${api}/events`)
  const { items: checks } = await ada.do(`GET ${api}/checks`)
  await ada.do(`POST ${api}/incidents/${now[0].id}/comment`, { text: longName.slice(0, 4_000) })
  await ada.do(`POST ${api}/repairs/${repairs[0].id}/reject`, { reason: longName.slice(0, 4_000) })
  ids = {
    incidentId: now[0].id,
    customerId,
    repairId: repairs[0].id,
    eventId: events[0].id,
    checkId: checks[0].id,
    workspaceId,
  }
  screen = await dashboard.open(ada)
})
afterAll(() => project?.dashboard.stop())

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

/** Pages, and whether a stranger's text has to be found in what they are about, not only around it. */
const pages: readonly (readonly [page: string, isAbout: boolean])[] = [
  ['/overview', false],
  ['/incidents', false],
  ['/incidents/{incidentId}', true],
  ['/customers?q={customerId}', true],
  ['/customers/{customerId}', true],
  ['/repairs', false],
  ['/repairs/{repairId}', true],
  ['/ledger', true],
  ['/ledger?person=customer:{customerId}', false],
  ['/checks', false],
  ['/checks/{checkId}', false],
  ['/webhooks', false],
  ['/webhooks/stripe/{eventId}', true],
  ['/policy', false],
  ['/policy?view=versions', true],
  ['/onboarding/identity', false],
  ['/settings/general', false],
  ['/settings/sources', false],
  ['/settings/alerts', true],
  ['/settings/exceptions', true],
  ['/workspaces/{workspaceId}/members', true],
  ['/workspaces/{workspaceId}/keys', false],
  ['/workspaces/{workspaceId}/record', false],
  ['/settings', false],
]

function addressOf(page: string): string {
  const filled = page.replaceAll(/\{(\w+)\}/g, (_, name: string) => ids[name] ?? '')
  return page.startsWith('/workspaces') || page === '/settings' ? filled : project.at(filled)
}

describe('what strangers wrote', () => {
  it.each([
    [() => `PATCH ${api}`, 'name-invalid'],
    [() => `PATCH /api/v1/workspaces/${ids.workspaceId}`, 'name-malformed'],
  ] as const)('is no name of ours where a part of it goes unseen', async (route, code) => {
    const { status, body } = await project.ada.ask(route(), { name: shortName })
    expect([status, body.code]).toEqual([422, code])
  })

  it.each(pages)('is text at %s', async (page, isAbout) => {
    await screen.goTo(addressOf(page))
    if (isAbout) await screen.page.getByRole('main').getByText('<img src=x').first().waitFor()
    await expectText()
    await screen.resize(360)
    await expectText()
    await screen.resize(1440)
  })

  it('is text in a dialog, a menu and the command menu', async () => {
    const { page } = screen
    await screen.goTo(addressOf('/workspaces/{workspaceId}/members'))
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox').waitFor()
    await expectText()
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'What can be done with' }).first().click()
    await page.getByRole('menu').waitFor()
    await expectText()
    await page.keyboard.press('Escape')
    await screen.goTo(addressOf('/ledger'))
    await page.getByRole('row').filter({ hasText: 'repair rejected' }).first().click()
    await page.getByRole('dialog').getByText('<img src=x').first().waitFor()
    await expectText()
  })

  it.each(['incidents', 'customers', 'repairs', 'events', 'checks', 'ledger'])(
    'is no formula in the sheet of %s',
    async (list) => {
      const sheet: string = await project.ada.do(`GET ${api}/${list}/export?format=csv`)
      const cells = cellsOf(sheet)
      expect(cells.length).toBeGreaterThan(5)
      expect(cells.filter(isFormula)).toEqual([])
      if (list === 'customers') expect(sheet).toContain('HYPERLINK')
    },
  )

  it('is no formula in a sheet that the page itself writes', async () => {
    const { page } = screen
    await screen.goTo(addressOf('/workspaces/{workspaceId}/members'))
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Export' }).click(),
    ])
    const chunks: Buffer[] = []
    for await (const chunk of await file.createReadStream()) chunks.push(chunk as Buffer)
    const sheet = Buffer.concat(chunks).toString()
    expect(sheet).toContain('HYPERLINK')
    expect(cellsOf(sheet).filter(isFormula)).toEqual([])
  })
})

/** Nothing of it became a part of the page, turned the text around it, or made the page wider than it is. */
async function expectText(): Promise<void> {
  const { page } = screen
  expect(await page.evaluate('window.hacked')).toBeUndefined()
  expect(await page.locator('img[src="x"]').count()).toBe(0)
  expect(await page.evaluate('/[\\u202a-\\u202e\\u2066-\\u2069]/.test(document.body.innerText)')).toBe(false)
  expect(await page.title()).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/)
  const beside = 'document.documentElement.scrollWidth - document.documentElement.clientWidth'
  expect(await page.evaluate(beside)).toBeLessThanOrEqual(0)
}

function cellsOf(sheet: string): readonly string[] {
  const cells = sheet.matchAll(/(?:^|,|\r?\n)(?:"((?:[^"]|"")*)"|([^",\r\n]*))/g)
  return [...cells].map(([, inQuotes, bare]) => inQuotes?.replaceAll('""', '"') ?? bare ?? '')
}

/** Whether a spreadsheet would take a cell for a formula; a number is none. */
function isFormula(cell: string): boolean {
  return /^[=+\-@\t\r＝＋－＠]/.test(cell) && !/^[+-]?\d+(?:\.\d+)?$/.test(cell)
}
