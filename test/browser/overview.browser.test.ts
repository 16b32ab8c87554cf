import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Screen } from '../support/browser.ts'
import { checkEverything, type ProjectBehindDashboard, startProject } from '../support/dashboard.ts'

let project: ProjectBehindDashboard
let screen: Screen

beforeAll(async () => {
  project = await startProject()
  await pastMonth(project)
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
    const newest = () => checks.getByRole('link').first().getAttribute('href')
    const before = await newest()
    await page.getByRole('button', { name: 'Run check' }).click()
    await page.getByText('A check has begun.').first().waitFor()
    await expect.poll(newest).not.toBe(before)
    await expect
      .poll(() => checks.getByRole('link').first().innerText(), { timeout: 60_000 })
      .toContain('complete')
    await page.getByRole('progressbar').waitFor({ state: 'detached' })
  })

  it('leads whoever has a project that is not set up to where it is', async () => {
    const { ada, workspaceId } = project
    const { id } = await ada.do(`POST /api/v1/workspaces/${workspaceId}/projects`, { name: 'Second app' })
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

  it('moves nothing when what is read arrives, on this and every other page, wide and narrow', async () => {
    const { ada, projectId, workspaceId } = project
    const path = `/api/v1/projects/${projectId}`
    const { items: incidents } = await ada.do(`GET ${path}/incidents?kind=paid-without-access&limit=1`)
    const { items: checks } = await ada.do(`GET ${path}/checks?limit=1`)
    const { page } = screen
    await page.addInitScript(noteShifts)
    const moved: Record<string, unknown> = {}
    const at = (places: readonly string[]) => places.map(project.at)
    const changing = at([
      '/overview',
      `/incidents/${incidents[0].id}`,
      `/customers/${incidents[0].customerId}`,
    ])
    const others = at([
      ...['/overview?show=money', '/incidents', '/customers', '/repairs', '/ledger', '/checks'],
      ...[`/checks/${checks[0].id}`, '/webhooks', '/policy', '/onboarding/stripe', '/onboarding/plans'],
      '/settings/sources',
    ])
    for (const [width, addresses] of [
      [1440, [...changing, ...others, `/workspaces/${workspaceId}/members`, '/settings']],
      [360, changing],
    ] as const) {
      await screen.resize(width)
      for (const address of addresses) {
        await screen.goTo(address)
        const shifts = await page.evaluate<readonly unknown[]>('window.shifts')
        if (shifts.length > 0) moved[`${address}, ${width} wide`] = shifts
      }
    }
    expect(moved).toEqual({})
    await screen.resize(1440)
  })

  it.each(['/overview', '/incidents', '/policy?view=change'])(
    'shows where the keyboard is, at each step through %s',
    async (address) => {
      const { page } = screen
      await screen.goTo(project.at(address))
      const steps: string[] = []
      for (let step = 0; step < 60; step += 1) {
        await page.keyboard.press('Tab')
        const { what, lacks } = await page.evaluate<{ readonly what: string; readonly lacks: string }>(
          focused,
        )
        if (what === '' || what === steps[0]) break
        expect(lacks, what).toBe('')
        steps.push(what)
      }
      expect(steps.length).toBeGreaterThan(15)
    },
  )
})

/** As if it had been checked each night for a month, and had become better: copies of its check, with other counts. */
async function pastMonth({ ada, dashboard: { service }, projectId }: ProjectBehindDashboard): Promise<void> {
  await service.database.query(
    `insert into trueup.check_run overriding system value
     select (jsonb_populate_record(run, jsonb_build_object(
         'check_number', run.check_number + 100 + night, 'finished_at', run.finished_at - make_interval(days => night),
         'started_at', run.started_at - make_interval(days => night),
         'counts', run.counts::jsonb || jsonb_build_object(
           'agrees', (run.counts->>'agrees')::int - night / 3, 'drifts', (run.counts->>'drifts')::int + night / 3)))).*
     from trueup.check_run run, generate_series(1, 29) night where run.project_id = $1`,
    [projectId],
  )
  await service.database.query('alter table trueup.check_run alter column check_number restart with 1000')
  await checkEverything(ada, projectId)
}

/** Notes what moved by itself, and by how much of the window: from 0.01 on it would be seen. */
const noteShifts = `
  window.shifts = []
  new PerformanceObserver((list) => {
    for (const { hadRecentInput, value, sources } of list.getEntries()) {
      if (hadRecentInput || value < 0.01) continue
      window.shifts.push([value, ...sources.map(({ node }) => node?.outerHTML?.slice(0, 200) ?? node?.textContent)])
    }
  }).observe({ type: 'layout-shift', buffered: true })`

/** What has the focus, and what is lacking for it to be seen: a ring, and that nothing lies over it. */
const focused = `(() => {
  const element = document.activeElement
  if (!element || element === document.body) return { what: '', lacks: '' }
  const { outlineStyle, outlineWidth } = getComputedStyle(element)
  const { left, right, top, bottom } = element.getBoundingClientRect()
  const x = (Math.max(0, left) + Math.min(innerWidth, right)) / 2
  const y = (Math.max(0, top) + Math.min(innerHeight, bottom)) / 2
  const there = document.elementFromPoint(x, y)
  const lacks = [
    outlineStyle === 'none' || Number.parseFloat(outlineWidth) < 2 ? 'a ring' : '',
    there && (element.contains(there) || there.contains(element)) ? '' : 'a place in sight',
  ]
  return { what: element.outerHTML.slice(0, 300), lacks: lacks.filter(Boolean).join(' and ') }
})()`
