import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Screen } from '../support/browser.ts'
import { type ProjectBehindDashboard, startProject } from '../support/dashboard.ts'
import { connectRepairs } from '../support/repaired-project.ts'

/* From an incident to its end: proposed, approved, applied, verified, and proved in the ledger; and what people say. */

const hostile = '<img src=x onerror=alert(1)> \u202Etxet\u202C 👩‍👩‍👧 =1+1'

let project: ProjectBehindDashboard
let screen: Screen

beforeAll(async () => {
  project = await startProject()
  await connectRepairs(project)
  screen = await project.dashboard.open(project.ada)
})
afterAll(() => project?.dashboard.stop())

async function incidentsOf(
  kind: string,
): Promise<readonly { readonly id: string; readonly sentence: string }[]> {
  const { items } = await project.ada.do(
    `GET /api/v1/projects/${project.projectId}/incidents?kind=${kind}&state=open`,
  )
  return items
}

async function actsOf(incidentId: string): Promise<readonly string[]> {
  const { items } = await project.ada.do(
    `GET /api/v1/projects/${project.projectId}/ledger?incident=${incidentId}&limit=500`,
  )
  return items.map(({ act }: { readonly act: string }) => act)
}

describe('an incident', () => {
  it('says what is wrong, shows the three sides, the evidence, the cause and the money', async () => {
    const [incident] = await incidentsOf('paid-without-access')
    expect(incident).toBeDefined()
    await screen.goTo(project.at(`/incidents/${incident?.id}`))
    const { page } = screen
    await page
      .getByRole('heading', { level: 1 })
      .getByText(incident?.sentence ?? '')
      .waitFor()
    const sides = page.getByRole('table', { name: 'Owed, granted and allowed' })
    expect(await sides.getByRole('columnheader').allTextContents()).toEqual([
      'Component',
      'Owed the least',
      'Granted by the app',
      'Allowed the most',
    ])
    await sides.getByText('Too little').waitFor()
    for (const name of ['Evidence', 'Cause', 'Money', 'Repair', 'History'])
      await page.getByRole('heading', { level: 2, name, exact: true }).waitFor()
    await screen.audit()
    await screen.picture('incident')
  })

  it('is proposed a repair, approved, applied, verified and proved in the ledger, with the mouse', async () => {
    const { page } = screen
    const incidentId = new URL(page.url()).pathname.split('/').at(-1) ?? ''
    await page.getByRole('button', { name: 'Propose repairs' }).click()
    const card = page
      .locator('section', { has: page.getByRole('heading', { name: 'Repair', exact: true }) })
      .last()
    await card.getByText('Proposed', { exact: true }).first().waitFor()
    await card.getByRole('table', { name: 'Before and after' }).waitFor()
    await screen.audit([1440, 360])
    await screen.picture('incident-repair')
    await card.getByRole('button', { name: 'Approve' }).click()
    await card.getByRole('button', { name: 'Apply' }).click()
    await card.getByText('Verified', { exact: true }).waitFor()
    await page.getByRole('heading', { level: 1 }).getByText('Resolved').waitFor()
    await page.getByText('Repair verified').waitFor()
    expect(await actsOf(incidentId)).toEqual(
      expect.arrayContaining([
        'repair-proposed',
        'repair-approved',
        'repair-applied',
        'repair-verified',
        'incident-resolved',
      ]),
    )
    const [proof] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Proof' }).click(),
    ])
    expect(proof.suggestedFilename()).toBe('trueup-ledger.ndjson')
    await screen.audit([1440])
    await screen.picture('incident-verified', [1440])
  })

  it('is taken back by a repair that is approved like any other', async () => {
    const { page } = screen
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByText('Taking it back is proposed.').first().waitFor()
    await page.getByText('Takes back').waitFor()
    await page.getByRole('button', { name: 'Reject' }).click()
    await page.getByRole('dialog', { name: 'Reject the repair' }).waitFor()
    await page.getByLabel('Reason').fill('It was right.')
    await page.getByRole('dialog').getByRole('button', { name: 'Reject' }).click()
    await page.getByText('Repair rejected').waitFor()
  })

  it('comes to the same end by the keyboard alone', async () => {
    const { page } = screen
    const [, other] = await incidentsOf('paid-without-access')
    const incident = other ?? (await incidentsOf('plan-too-low'))[0]
    expect(incident).toBeDefined()
    await screen.goTo(project.at(`/incidents?q=${encodeURIComponent(incident?.id ?? '')}`))
    await page.keyboard.press('j')
    await page.keyboard.press('Enter')
    await page.waitForURL(`**/incidents/${incident?.id}`)
    await screen.settled()
    await reach(screen, 'Approve')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Apply' }).waitFor()
    await reach(screen, 'Apply')
    await page.keyboard.press('Enter')
    await page.getByText('Repair verified').waitFor()
    await page.getByRole('heading', { level: 1 }).getByText('Resolved').waitFor()
    await reach(screen, 'In the ledger')
    await page.keyboard.press('Enter')
    await page.waitForURL(`**/ledger?incident=${incident?.id}**`)
    expect(await actsOf(incident?.id ?? '')).toContain('repair-verified')
  })

  it('is acknowledged, assigned, ignored for a reason, opened again and spoken about; what is written is text', async () => {
    const [incident] = await incidentsOf('access-without-payment')
    await screen.goTo(project.at(`/incidents/${incident?.id}`))
    const { page } = screen
    const heading = page.getByRole('heading', { level: 1 })
    await page.getByRole('button', { name: 'Acknowledge' }).click()
    await page.getByRole('dialog').getByLabel('Note').fill('Looking at it')
    await page.getByRole('dialog').getByRole('button', { name: 'Acknowledge' }).click()
    await heading.getByText('Acknowledged').waitFor()
    await page.getByRole('button', { name: 'Assign' }).click()
    await page.getByRole('menuitem', { name: 'To me' }).click()
    await page.getByRole('button', { name: 'Ada Lovelace', exact: true }).waitFor()
    await page.getByRole('button', { name: 'Ignore' }).click()
    const dialog = page.getByRole('dialog', { name: 'Ignore' })
    await dialog.waitFor()
    await screen.audit([1440, 360])
    await dialog.getByLabel('Reason').fill(hostile)
    await dialog.getByRole('button', { name: 'Ignore' }).click()
    await heading.getByText('Ignored').waitFor()
    await page.getByRole('listitem').getByText('<img src=x onerror=alert(1)>').waitFor()
    expect(await page.locator('img').count()).toBe(0)
    await page.getByRole('button', { name: 'Reopen' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Reopen' }).click()
    await heading.getByText('Open', { exact: true }).waitFor()
    await page.getByLabel('Comment').fill('x'.repeat(4_000))
    await page.getByRole('button', { name: 'Comment' }).click()
    await page.getByText('Commented').waitFor()
    await screen.audit([360])
  })

  it('may be looked at by a viewer, who is told why they may do no more', async () => {
    const { dashboard, ada, workspaceId } = project
    const viewer = await dashboard.open(await dashboard.join(ada, workspaceId, 'viewer'))
    const [incident] = await incidentsOf('access-without-payment')
    await viewer.goTo(project.at(`/incidents/${incident?.id}`))
    for (const name of ['Acknowledge', 'Ignore', 'Check again', 'Approve']) {
      const button = viewer.page.getByRole('button', { name, exact: true }).first()
      expect(await button.getAttribute('aria-disabled'), name).toBe('true')
      expect(await button.getAttribute('title'), name).toMatch(
        /needs the role (member|admin); yours is viewer/,
      )
    }
    await viewer.audit([1440])
  })

  it('says what to do where there is none at an address', async () => {
    await screen.goTo(project.at('/incidents/inc_nothing'))
    await screen.page.getByText('There is no such incident').waitFor()
    await screen.audit([1440])
  })
})

/** Presses Tab until the button or link of this name has the focus. */
async function reach(screen: Screen, name: string): Promise<void> {
  for (let pressed = 0; pressed < 120; pressed++) {
    await screen.page.keyboard.press('Tab')
    const text = await screen.page.evaluate<string>(
      `(document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '').trim()`,
    )
    if (text === name) return
  }
  throw new Error(`The keyboard does not reach ${name}.`)
}
