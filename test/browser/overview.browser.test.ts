import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Screen } from '../support/browser.ts'
import { type ProjectBehindDashboard, startProject } from '../support/dashboard.ts'

let project: ProjectBehindDashboard
let screen: Screen

beforeAll(async () => {
  project = await startProject()
  screen = await project.dashboard.open(project.ada)
})
afterAll(() => project?.dashboard.stop())

describe('the overview', () => {
  it('says how many have what was promised, what it costs where not, and what to do first', async () => {
    const { page } = screen
    await screen.goTo(project.at('/overview'))
    const path = `/api/v1/projects/${project.projectId}`
    const { now } = await project.ada.do(`GET ${path}/parity?days=7`)
    await page
      .getByRole('region', { name: 'In agreement' })
      .getByText(`${now.agrees} of ${now.pairs} have what was promised`)
      .waitFor()
    const { byKind } = await project.ada.do(`GET ${path}/incidents/counts?state=open&state=acknowledged`)
    const kind = page.getByRole('link', { name: /^Paid without access/ }).first()
    expect(await kind.innerText()).toContain(String(byKind['paid-without-access']))
    for (const name of ['Causes', 'Last checks', 'Sources'])
      await page.getByRole('heading', { level: 2, name }).waitFor()
    await screen.audit()
    await screen.picture('overview')
  })

  it('shows the course of parity and of money, as a chart and as a table, by the address', async () => {
    const { page } = screen
    await page.getByLabel('What is shown').selectOption('money')
    await page.waitForURL('**/overview?show=money')
    await page.getByLabel('How long').selectOption('7')
    await page.waitForURL('**/overview?days=7&show=money')
    await page.getByRole('button', { name: 'Show as a table' }).click()
    const table = page.getByRole('region', { name: /^Money at risk a month/ }).getByRole('table')
    expect(await table.getByRole('row').count()).toBe(8)
    await screen.audit()
  })

  it('leads to the incidents of a kind', async () => {
    const { page } = screen
    await page
      .getByRole('link', { name: /^Paid without access/ })
      .first()
      .click()
    await page.waitForURL('**/incidents?kind=paid-without-access')
    await screen.settled()
  })

  it('runs a check, shows how far it is, and what it came to', async () => {
    const { page } = screen
    await screen.goTo(project.at('/overview'))
    const checks = page.locator('section', { has: page.getByRole('heading', { name: 'Last checks' }) }).last()
    const before = await checks.getByRole('link').count()
    await page.getByRole('button', { name: 'Run check' }).click()
    await page.getByText('A check has begun.').first().waitFor()
    await expect.poll(() => checks.getByRole('link').count()).toBe(before + 1)
    await expect
      .poll(() => checks.getByRole('link').first().innerText(), { timeout: 60_000 })
      .toContain('complete')
    await page.getByRole('progressbar').waitFor({ state: 'detached' })
  })

  it('leads whoever has a project that is not set up to where it is', async () => {
    const { ada, workspaceId } = project
    const { id } = await ada.do(`POST /api/v1/workspaces/${workspaceId}/projects`, { name: '<i>Empty</i>' })
    const { page } = screen
    await screen.goTo(`/projects/${id}/overview`)
    await page.getByText('This project is not set up yet').waitFor()
    await page.getByText('0 of 8 steps').waitFor()
    await screen.audit()
    await screen.picture('overview-empty')
    await page.getByRole('link', { name: 'Set it up' }).click()
    await page.waitForURL(`**/projects/${id}/onboarding/stack`)
    for (const [address, text] of [
      ['/incidents', 'Nothing was checked yet'],
      ['/customers', 'Nobody was read yet'],
    ] as const) {
      await screen.goTo(`/projects/${id}${address}`)
      await page.getByText(text).waitFor()
      await screen.audit([1440, 360])
    }
  })

  it('tells a viewer why they may not run a check, and lets them look', async () => {
    const { dashboard, ada, workspaceId } = project
    const viewer = await dashboard.open(await dashboard.join(ada, workspaceId, 'viewer'))
    await viewer.goTo(project.at('/overview'))
    const button = viewer.page.getByRole('button', { name: 'Run check' })
    expect(await button.getAttribute('title')).toContain('needs the role member; yours is viewer')
    await viewer.page.getByRole('region', { name: 'In agreement' }).waitFor()
  })

  it('loads without anything moving', async () => {
    const { page } = screen
    await page.addInitScript(
      `window.moved = 0; new PerformanceObserver((list) => { for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.moved += entry.value }).observe({ type: 'layout-shift', buffered: true })`,
    )
    for (const address of ['/overview', '/incidents', '/customers']) {
      await screen.goTo(project.at(address))
      expect(await page.evaluate('window.moved'), address).toBeLessThan(0.1)
    }
  })
})
