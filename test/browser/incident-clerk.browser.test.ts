import { startSandbox } from '@trueup/sandbox'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Screen } from '../support/browser.ts'
import { checkEverything, TestDashboard, variablesOf } from '../support/dashboard.ts'

/* An app that keeps access in Clerk: Trueup only reads there, so a person is told what to set right, and checks again. */

let dashboard: TestDashboard
let screen: Screen
let incident: {
  readonly id: string
  readonly subject: { readonly type: 'user' | 'organization'; readonly id: string }
}
let address: string
let setRight: () => Promise<void>

beforeAll(async () => {
  const sandbox = await startSandbox({
    world: 'saas',
    customers: 40,
    drift: 0.4,
    access: 'clerk',
    seed: 11,
  })
  dashboard = await TestDashboard.start(variablesOf(sandbox))
  dashboard.atEnd(() => sandbox.close())
  const { ada, workspaceId } = await dashboard.owner()
  const { id } = await ada.do(`POST /api/v1/workspaces/${workspaceId}/projects`, { name: 'App' })
  const path = `/api/v1/projects/${id}`
  await ada.do(`POST ${path}/sources`, { kind: 'stripe', key: sandbox.stripe.restrictedKey })
  await ada.do(`POST ${path}/sources`, { kind: 'clerk', key: sandbox.clerk.secretKey })
  const document = { ...sandbox.config, policy: { ...sandbox.config.policy, settleMinutes: 0 } }
  await ada.do(`PUT ${path}/config`, { document, expectedVersion: 0 })
  await ada.do(`PATCH ${path}`, { state: 'live' })
  await checkEverything(ada, id)
  const { items } = await ada.do(`GET ${path}/incidents?state=open&limit=100`)
  incident = items.find(
    ({ kind, subject }: { readonly kind: string; readonly subject: (typeof incident)['subject'] | null }) =>
      subject?.type === 'user' &&
      ['paid-without-access', 'access-without-payment', 'plan-too-low'].includes(kind),
  )
  setRight = async () => {
    const { plan } = await ada.do(`GET ${path}/incidents/${incident.id}`)
    for (const { url, method, body } of plan.guided.requests) {
      const answer = await fetch(url, {
        method,
        body,
        headers: {
          authorization: `Bearer ${sandbox.clerk.secretKey}`,
          'content-type': 'application/json',
        },
      })
      expect(answer.status).toBe(200)
    }
  }
  screen = await dashboard.open(ada)
  address = `/projects/${id}/incidents/${incident.id}`
})
afterAll(() => dashboard?.stop())

it('says which user, which field and which value, with a link to it in Clerk', async () => {
  const { page } = screen
  await screen.goTo(address)
  await page.getByRole('heading', { name: 'Set it right in Clerk' }).waitFor()
  await page.getByText('Open the user').waitFor()
  const href = await page.getByRole('link', { name: 'Open in Clerk' }).getAttribute('href')
  expect(href).toMatch(/^https:\/\/dashboard\.clerk\.com\//)
  expect(href).toContain(incident.subject.id)
  await page.getByText('public_metadata.plan', { exact: true }).first().waitFor()
  await screen.audit()
  await screen.picture('incident-clerk')
})

it('gives the request to copy, without the secret key in it', async () => {
  const { page } = screen
  await page.getByText('Or send this request').click()
  await page.getByRole('button', { name: 'Copy request' }).click()
  const copied = await page.evaluate<string>('navigator.clipboard.readText()')
  expect(copied).toContain('curl -X PATCH')
  expect(copied).toContain('Bearer $CLERK_SECRET_KEY')
  expect(copied).toContain(incident.subject.id)
})

it('says that it still drifts as long as nobody set it right, and resolves it once somebody did', async () => {
  const { page } = screen
  const again = page.getByRole('button', { name: 'Check again' }).first()
  await again.click()
  await page.getByText('It still drifts.').first().waitFor()
  await setRight()
  await again.click()
  await page.getByRole('heading', { level: 1 }).getByText('Resolved').waitFor()
  await page.getByText('There is nothing to repair any more.').waitFor()
  await screen.audit([1440])
})
