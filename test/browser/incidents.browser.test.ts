import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Screen } from '../support/browser.ts'
import { type ProjectBehindDashboard, startProject } from '../support/dashboard.ts'
import { manyIncidents } from '../support/many-incidents.ts'

/* The list of incidents: what is in the address, what the keys do, and acts on many. */

let project: ProjectBehindDashboard
let screen: Screen

beforeAll(async () => {
  project = await startProject()
  screen = await project.dashboard.open(project.ada)
})
afterAll(() => project?.dashboard.stop())

const found = () => screen.page.locator('output', { hasText: 'found' }).innerText()
const rows = () => screen.page.getByRole('row').filter({ has: screen.page.getByRole('link') })

describe('the list of incidents', () => {
  it('begins with what is to be done, the worst first', async () => {
    await screen.goTo(project.at('/incidents'))
    expect(await screen.page.title()).toBe('Incidents · Trueup')
    const { total } = await project.ada.do(
      `GET /api/v1/projects/${project.projectId}/incidents/counts?state=open&state=acknowledged`,
    )
    await expect.poll(found).toBe(`${total} found`)
    await rows().first().getByText('Critical').first().waitFor()
    await screen.audit()
    await screen.picture('incidents')
  })

  it('keeps filters, search and order in the address, which a reload and the way back hold', async () => {
    const { page } = screen
    await page.getByRole('button', { name: 'Kind' }).click()
    await page.getByRole('menuitemcheckbox', { name: /^Access without payment/ }).click()
    await screen.audit([1440])
    await page.keyboard.press('Escape')
    await page.waitForURL('**/incidents?kind=access-without-payment')
    await page.getByRole('button', { name: 'A month' }).click()
    await page.waitForURL('**kind=access-without-payment&sort=money**')
    const before = await found()
    await page.reload()
    await screen.settled()
    await expect.poll(found).toBe(before)
    await page.getByRole('button', { name: 'Kind: Access without payment' }).waitFor()
    await page.getByRole('searchbox', { name: 'Search incidents' }).fill('no such thing')
    await page.getByText('No incident is like this').waitFor()
    await screen.audit([1440, 360])
    await page.getByRole('button', { name: 'Take the filters away' }).click()
    await expect.poll(() => new URL(page.url()).search).toBe('?sort=money')
  })

  it('goes by j and k, selects by x and opens by Enter', async () => {
    const { page } = screen
    await screen.goTo(project.at('/incidents'))
    await rows().first().waitFor()
    await page.keyboard.press('j')
    await page.keyboard.press('x')
    await page.keyboard.press('j')
    await page.keyboard.press('x')
    await page.getByText('2 selected').waitFor()
    await page.keyboard.press('k')
    await page.keyboard.press('Enter')
    await page.waitForURL('**/incidents/inc_*')
    await page.goBack()
    await page.waitForURL('**/incidents')
    await rows().first().waitFor()
  })

  it('acts on many with one confirmation, and says what came of it', async () => {
    const { page } = screen
    await screen.goTo(project.at('/incidents'))
    await page.getByRole('checkbox', { name: 'Select this row' }).nth(0).click()
    await page.getByRole('checkbox', { name: 'Select this row' }).nth(1).click()
    const bar = page.getByRole('region', { name: 'Selected incidents' })
    await bar.getByRole('button', { name: 'Acknowledge' }).click()
    const dialog = page.getByRole('dialog', { name: 'Acknowledge 2 incidents' })
    await dialog.waitFor()
    await screen.audit([1440, 360])
    await dialog.getByRole('button', { name: 'Acknowledge 2 incidents' }).click()
    await page.getByText('2 acknowledged.').first().waitFor()
    await bar.waitFor({ state: 'detached' })
    await page.getByRole('cell', { name: 'Acknowledged' }).nth(1).waitFor()
  })

  it('acts on everything that is found, once the number is confirmed', async () => {
    const { page } = screen
    await screen.goTo(project.at('/incidents?kind=access-without-payment'))
    const total = Number.parseInt(await found(), 10)
    await page.getByRole('checkbox', { name: 'Select this row' }).first().click()
    await page.getByRole('button', { name: `Select all ${total} that are found` }).click()
    await page
      .getByRole('region', { name: 'Selected incidents' })
      .getByRole('button', { name: 'Ignore' })
      .click()
    const dialog = page.getByRole('dialog', { name: `Ignore ${total} incidents` })
    await dialog.getByLabel('Reason').fill('Partners of ours.')
    await dialog.getByRole('button', { name: `Ignore ${total} incidents` }).click()
    await page.getByText(`${total} ignored.`).first().waitFor()
    await page.getByText('No incident is like this').waitFor()
    await screen.goTo(project.at('/incidents?kind=access-without-payment&state=ignored'))
    await expect.poll(found).toBe(`${total} found`)
  })

  it('keeps views by a name, shows them again, renames and deletes them', async () => {
    const { page } = screen
    await screen.goTo(project.at('/incidents?severity=critical&sort=money'))
    const open = (item: string) =>
      page
        .getByRole('button', { name: 'Views' })
        .click()
        .then(() => page.getByRole('menuitem', { name: item }).click())
    await open('Keep this view')
    await page.getByLabel('Name').fill('<b>Worst</b>')
    await page.getByRole('button', { name: 'Keep', exact: true }).click()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await screen.goTo(project.at('/incidents'))
    await open('<b>Worst</b>')
    await page.waitForURL('**/incidents?severity=critical&sort=money')
    await open('Rename or delete')
    await screen.audit([1440, 360])
    await page.getByLabel('Name of the view <b>Worst</b>').fill('Worst')
    await page.getByRole('button', { name: 'Rename' }).click()
    await page.getByRole('button', { name: 'Delete the view Worst' }).click()
    await page.getByText('You keep no view.').waitFor()
    await page.getByRole('button', { name: 'Done' }).click()
  })

  it('is taken away as CSV and as JSON lines, with what was asked for', async () => {
    const { page } = screen
    await screen.goTo(project.at('/incidents?severity=critical'))
    for (const [item, ending] of [
      ['CSV, for spreadsheets', 'csv'],
      ['JSON lines, for programs', 'jsonl'],
    ] as const) {
      await page.getByRole('button', { name: 'Export' }).click()
      const [file] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('menuitem', { name: item }).click(),
      ])
      expect(file.suggestedFilename()).toContain(ending)
      expect(file.url()).toContain(`severity=critical&format=${ending}`)
    }
  })

  it('tells a viewer why they may not act', async () => {
    const { dashboard, ada, workspaceId } = project
    const viewer = await dashboard.open(await dashboard.join(ada, workspaceId, 'viewer'))
    await viewer.goTo(project.at('/incidents'))
    await viewer.page.getByRole('checkbox', { name: 'Select this row' }).first().click()
    const button = viewer.page.getByRole('button', { name: 'Acknowledge' })
    expect(await button.getAttribute('aria-disabled')).toBe('true')
    expect(await button.getAttribute('title')).toContain('needs the role member')
  })

  it('says what to do when the service gives no answer', async () => {
    const { page } = screen
    await page.route('**/api/**/incidents?*', (route) => route.abort())
    await page.goto(`${project.dashboard.origin}${project.at('/incidents?q=no-such-thing')}`)
    await page.getByText('The service gives no answer.').first().waitFor()
    await page.unroute('**/api/**/incidents?*')
    await page.getByRole('button', { name: 'Try again' }).first().click()
    await page.getByText('No incident is like this').waitFor()
  })

  it('draws of 100,000 only what is in sight, and reads on as one scrolls', async () => {
    await project.dashboard.service.database.query(manyIncidents, [project.projectId])
    const { page } = screen
    await screen.goTo(project.at('/incidents'))
    expect(Number(/^([\d,]+) found$/.exec(await found())?.[1]?.replaceAll(',', ''))).toBeGreaterThan(100_000)
    const list = `document.querySelector('section[aria-label="Incidents"]')`
    const place = () =>
      page.evaluate<{ readonly drawn: number; readonly last: number }>(
        `(() => { const rows = [...${list}.querySelectorAll('tr[data-index]')]; return { drawn: rows.length, last: Number(rows.at(-1)?.dataset.index) } })()`,
      )
    for (let last = 0; last < 500; last = (await place()).last) {
      await page.evaluate(`${list}.scrollTop = ${list}.scrollHeight`)
      await expect.poll(async () => (await place()).last, { timeout: 20_000 }).toBeGreaterThan(last)
    }
    expect((await place()).drawn).toBeLessThan(80)
    await page.keyboard.press('k')
    await screen.audit([360])
  })
})
