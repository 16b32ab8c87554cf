import { mkdtemp, readFile, rm } from 'node:fs/promises'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { serve } from '@hono/node-server'
import type { Browser } from 'playwright-core'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadDashboard } from '../../packages/service/src/dashboard/load-dashboard.ts'
import { serveDashboard } from '../../packages/service/src/dashboard/serve-dashboard.ts'
import { Screen, startBrowser } from '../support/browser.ts'

/* The parts that pages are made of, served under the same rules as the pages, with names as strangers write them. */

describe('the parts', () => {
  let folder: string
  let server: Server
  let browser: Browser
  let screen: Screen

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'trueup-parts-'))
    const root = resolve(import.meta.dirname, '../../packages/dashboard/workbench')
    await build({
      root,
      configFile: join(root, 'vite.config.ts'),
      logLevel: 'warn',
      mode: 'production',
      build: { outDir: folder, emptyOutDir: true },
    })
    const app = serveDashboard(await loadDashboard(folder))
    const { port } = await new Promise<AddressInfo>((listening) => {
      server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }, listening) as Server
    })
    browser = await startBrowser()
    screen = await Screen.open(browser, `http://localhost:${port}`)
    await screen.page.goto(`http://localhost:${port}/`)
    await screen.page.getByRole('table', { name: 'Customers' }).waitFor()
  })
  afterAll(async () => {
    await screen?.close()
    await browser?.close()
    await new Promise((closed) => (server ? server.close(closed) : closed(null)))
    await rm(folder, { recursive: true, force: true })
  })

  const rowAt = (index: number) => screen.page.locator(`tr[data-index="${index}"]`)
  const drawn = () => screen.page.locator('tr[data-index]').count()
  const firstNumber = async () =>
    await screen.page.locator('tr[data-index] td:nth-child(2)').first().innerText()

  it('please axe in both themes and at every width, and reach no further than the page', async () => {
    await screen.audit()
    await screen.picture('parts')
  })

  it('a table of 100,000 rows draws those in sight alone, from its first to its last', async () => {
    const { page } = screen
    expect(await page.getByRole('table', { name: 'Customers' }).getAttribute('aria-rowcount')).toBe('100001')
    expect(await drawn()).toBeLessThan(60)
    const height = await page.evaluate('document.querySelector("section").scrollHeight')
    expect(height).toBeGreaterThan(100_000 * 40)
    await page.evaluate('document.querySelector("section").scrollTo(0, 1e9)')
    await rowAt(99_999).waitFor()
    expect(await drawn()).toBeLessThan(60)
    await page.evaluate('document.querySelector("section").scrollTo(0, 0)')
    await rowAt(0).waitFor()
  })

  it('its headings stay in place over the rows, and its columns as wide as they were', async () => {
    const { page } = screen
    const heading = page.getByRole('columnheader', { name: 'At risk' })
    const before = await heading.boundingBox()
    await page.evaluate('document.querySelector("section").scrollTo(0, 400000)')
    await rowAt(10_000).waitFor()
    expect(await heading.boundingBox()).toEqual(before)
    await page.evaluate('document.querySelector("section").scrollTo(0, 0)')
    await rowAt(0).waitFor()
  })

  it('is gone through, opened and selected from the keyboard', async () => {
    const { page } = screen
    for (const key of ['j', 'j', 'j', 'k', 'x']) await page.keyboard.press(key)
    await page.getByText('1 selected').waitFor()
    expect(await rowAt(1).getAttribute('aria-selected')).toBe('true')
    expect(await page.evaluate('document.activeElement.dataset.index')).toBe('1')
    await page.keyboard.press('Enter')
    await page.getByText('Opened: 1').waitFor()
    await page.keyboard.press('x')
    await page.getByText('0 selected').waitFor()
  })

  it('its box selects a row and does not open it', async () => {
    await rowAt(2).getByRole('checkbox').check()
    await screen.page.getByText('1 selected').waitFor()
    await screen.page.getByText('Opened: 1').waitFor()
    await screen.page.getByRole('checkbox', { name: 'Select all that are shown' }).check()
    await screen.page.getByText('100000 selected').waitFor()
    await screen.page.getByRole('checkbox', { name: 'Select all that are shown' }).uncheck()
    await screen.page.getByText('0 selected').waitFor()
  })

  it('is sorted by a heading, up and down, numbers as numbers', async () => {
    const { page } = screen
    const heading = page.getByRole('columnheader', { name: 'Number' })
    await heading.getByRole('button').click()
    await expect.poll(() => heading.getAttribute('aria-sort')).toBe('descending')
    await expect.poll(firstNumber).toBe('99999')
    await heading.getByRole('button').click()
    await expect.poll(() => heading.getAttribute('aria-sort')).toBe('ascending')
    await expect.poll(firstNumber).toBe('0')
    await heading.getByRole('button').click()
    await expect.poll(() => heading.getAttribute('aria-sort')).toBeNull()
  })

  it('is exported whole, with names that no spreadsheet takes for a formula', async () => {
    const { page } = screen
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Export' }).click(),
    ])
    expect(download.suggestedFilename()).toBe('customers.csv')
    const text = await readFile(await download.path(), 'utf8')
    expect(text.startsWith('\uFEFFNumber,Name,At risk,Since\r\n0,Ada Lovelace,0,')).toBe(true)
    expect(text).toContain(`2,"'=HYPERLINK(""http://evil.example"",""pay"")",`)
    expect(text.split('\r\n')).toHaveLength(100_002)
    await page.getByText('100000 rows were exported.').waitFor()
    await page.getByRole('button', { name: 'Close' }).first().click()
  })

  it('show what strangers write as text, in one line, in its own direction', async () => {
    const { page } = screen
    await page.evaluate('document.querySelector("section").scrollTo(0, 0)')
    expect(await rowAt(1).innerText()).toContain('<img src=x onerror=alert(1)>')
    expect(await page.locator('main img').count()).toBe(0)
    expect(await rowAt(3).innerText()).toContain('␣gnp.exe')
    expect(await rowAt(5).innerText()).toContain('👩‍👩‍👧‍👦 Family')
    expect(await rowAt(7).innerText()).toContain('∅')
    const tall = await page.evaluate(
      '[...document.querySelectorAll("tr[data-index]")].map((row) => row.offsetHeight).filter((height) => height !== 40)',
    )
    expect(tall).toEqual([])
    expect((await page.locator('dd bdi').last().innerText()).length).toBeLessThan(210)
  })

  it('a dialog keeps the keyboard in it, lets a menu and a message lie over it, and gives the keyboard back', async () => {
    const { page } = screen
    const opener = page.getByRole('button', { name: 'Open the dialog' })
    await opener.click()
    const dialog = page.getByRole('dialog', { name: 'Approve 3 repairs' })
    await dialog.waitFor()
    await screen.audit([1440, 360])
    for (let press = 0; press < 8; press += 1) {
      await page.keyboard.press('Tab')
      const isInside =
        'document.activeElement === document.body || document.activeElement.closest("dialog") !== null'
      expect(await page.evaluate(isInside)).toBe(true)
    }
    await dialog.getByRole('button', { name: 'More' }).press('Enter')
    await page.getByRole('menuitem', { name: 'Select' }).waitFor()
    await screen.audit([1440])
    await page.getByRole('menuitem', { name: /^Ignore/ }).click({ force: true })
    await page.getByRole('menuitem', { name: 'Reject' }).click()
    await dialog.getByRole('button', { name: 'Approve' }).click()
    const message = page.getByText('They are applied now.')
    await message.waitFor()
    const isOnTop = await message.evaluate((element) => {
      const { x, y } = element.getBoundingClientRect()
      return element.ownerDocument.elementFromPoint(x + 1, y + 1) === element
    })
    expect(isOnTop).toBe(true)
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
    await page.getByText('Chosen: reject').waitFor()
    expect(await opener.evaluate((element) => element === element.ownerDocument.activeElement)).toBe(true)
  })

  it('a message about what went wrong says what to do, and stays until it is closed', async () => {
    const { page } = screen
    await page.getByRole('button', { name: 'Fail' }).click()
    const messages = page.getByRole('region', { name: 'Messages' })
    await messages.getByText('Leave one of the two out.').waitFor()
    await screen.audit([360])
    await messages.getByRole('button', { name: 'Close' }).last().click()
    await messages.getByText('Leave one of the two out.').waitFor({ state: 'detached' })
  })

  it('a chart gives its values as a table to whoever does not see it', async () => {
    const { page } = screen
    await page.getByRole('button', { name: 'Show as a table' }).click()
    const table = page.getByRole('region', { name: 'Promised and granted' }).getByRole('table')
    expect(await table.getByRole('row').count()).toBe(31)
    expect(await table.getByRole('row').nth(13).innerText()).toMatch(/13 Jan 2026.*pro.*pro.*starter/s)
    await screen.audit([1440])
    await page.getByRole('button', { name: 'Show the chart' }).click()
    await page.locator('figure canvas').waitFor()
  })

  it('tabs are gone through by arrows', async () => {
    const { page } = screen
    await page.getByRole('tab', { name: 'Postgres / Supabase' }).focus()
    await page.keyboard.press('ArrowRight')
    await expect
      .poll(() => page.getByRole('tab', { name: 'Clerk' }).getAttribute('aria-selected'))
      .toBe('true')
    await page.getByText('A key.').waitFor()
  })

  it('what is copied is what stands there', async () => {
    const { page } = screen
    await page.getByRole('button', { name: 'Copy SQL' }).click()
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(
      'select 1 -- <script>alert(1)</script>',
    )
  })

  it('a button that cannot be pressed is reached by the keyboard, says why, and does nothing', async () => {
    const button = screen.page.getByRole('button', { name: 'Not you' })
    expect(await button.getAttribute('title')).toBe('Your role is viewer.')
    expect(await button.getAttribute('aria-disabled')).toBe('true')
    await button.focus()
    expect(await button.evaluate((element) => element === element.ownerDocument.activeElement)).toBe(true)
  })

  it('where the keyboard is, is to be seen', async () => {
    const { page } = screen
    await page.getByRole('button', { name: 'Primary' }).focus()
    await page.keyboard.press('Tab')
    const [style, width] = await page.evaluate<[string, string]>(
      '[getComputedStyle(document.activeElement).outlineStyle, getComputedStyle(document.activeElement).outlineWidth]',
    )
    expect([style, width]).toEqual(['solid', '2px'])
  })
})
