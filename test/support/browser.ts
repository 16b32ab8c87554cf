import { readFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import type axe from 'axe-core'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { expect } from 'vitest'
import { chromiumFlags, findChromium } from './find-chromium.ts'
import type { ApiClient } from './service.ts'

export type Theme = 'light' | 'dark'
export const widths = [1440, 768, 360] as const
export type Width = (typeof widths)[number]

const heights: Readonly<Record<Width, number>> = { 1440: 900, 768: 1024, 360: 740 }
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const pictures = resolve(import.meta.dirname, '../../docs/pictures')

/** Starts Chromium: the one that is installed, or the one that came with the packages. */
export async function startBrowser(): Promise<Browser> {
  return await chromium.launch({ executablePath: await findChromium(), args: [...chromiumFlags] })
}

/** A page of a browser that notes everything that no page of ours may do. */
export class Screen {
  readonly page: Page
  readonly context: BrowserContext
  readonly #origin: string
  readonly #wrong: string[] = []

  private constructor(context: BrowserContext, page: Page, origin: string) {
    this.context = context
    this.page = page
    this.#origin = origin
    page.on('pageerror', (error) => this.#wrong.push(`The page threw: ${error.stack ?? error.message}`))
    page.on('console', (message) => {
      // An answer that is a problem is a part of what is tested; the browser writes a line about each.
      if (message.type() !== 'error' || /^Failed to load resource/.test(message.text())) return
      this.#wrong.push(`The console says: ${message.text()}`)
    })
    page.on('request', (request) => {
      const url = request.url()
      if (new URL(url).origin !== origin && !/^(?:data|blob):/.test(url)) {
        this.#wrong.push(`It asked another host: ${url}`)
      }
    })
  }

  /** Opens a page at an origin, as whoever a client of the API is signed in as. */
  static async open(
    browser: Browser,
    origin: string,
    as: ApiClient | null = null,
    { width = 1440, theme = 'light' }: { readonly width?: Width; readonly theme?: Theme } = {},
  ): Promise<Screen> {
    const context = await browser.newContext({
      viewport: { width, height: heights[width] },
      colorScheme: theme,
      reducedMotion: 'reduce',
      locale: 'en-GB',
      timezoneId: 'UTC',
      permissions: ['clipboard-read', 'clipboard-write'],
    })
    const cookies = [...(as?.cookies ?? [])].map(([name, value]) => ({
      name,
      value,
      url: origin,
      secure: name.startsWith('__Host-'),
      httpOnly: true,
      sameSite: 'Lax' as const,
    }))
    await context.addCookies(cookies)
    const page = await context.newPage()
    page.setDefaultTimeout(20_000)
    return new Screen(context, page, origin)
  }

  /** Goes to an address of the dashboard and waits until its page stands. */
  async goTo(path: string): Promise<void> {
    await this.page.goto(this.#origin + path)
    await this.settled()
  }

  /** Waits until a page with a title stands, and nothing on it is still loading. */
  async settled(): Promise<void> {
    await this.page.locator('h1').first().waitFor()
    await expect
      .poll(() => this.page.locator('[role="status"][aria-label="Loading"], [aria-busy="true"]').count(), {
        timeout: 20_000,
      })
      .toBe(0)
  }

  /** Fails where the page wrote an error, threw one, or asked another host than its own. */
  expectClean(): void {
    expect(this.#wrong).toEqual([])
  }

  /** What of {@link expectClean} is expected by a test, and forgotten by it. */
  forgetWrong(): readonly string[] {
    return this.#wrong.splice(0)
  }

  async resize(width: Width): Promise<void> {
    await this.page.setViewportSize({ width, height: heights[width] })
  }

  /** Holds what is shown to axe in both themes and at every width, and to having no part beside the page. */
  async audit(at: readonly Width[] = widths): Promise<void> {
    for (const width of at) {
      await this.resize(width)
      for (const theme of ['light', 'dark'] as const) {
        await this.page.emulateMedia({ colorScheme: theme })
        expect(await this.#violations(), `axe, ${width} wide, ${theme}`).toEqual([])
      }
      const beside = await this.page.evaluate<number>(
        'document.documentElement.scrollWidth - document.documentElement.clientWidth',
      )
      expect(beside, `what stands beside a page ${width} wide`).toBeLessThanOrEqual(0)
    }
    await this.page.emulateMedia({ colorScheme: 'light' })
    await this.resize(1440)
  }

  async #violations(): Promise<readonly string[]> {
    // Given through the protocol of the browser: the content security policy stays as it is.
    if (!(await this.page.evaluate<boolean>('typeof axe === "object"'))) await this.page.evaluate(axeSource)
    const { violations } = await this.page.evaluate<axe.AxeResults>(
      `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'], resultTypes: ['violations'] })`,
    )
    return violations.flatMap(({ id, help, nodes }) =>
      nodes.map(
        ({ target, failureSummary }) => `${id}: ${help}: ${target.join(' ')}: ${failureSummary ?? ''}`,
      ),
    )
  }

  /**
   * Takes pictures for the docs, from the head of the page and without the messages that pass over it, `docs/pictures/<name>-<width>-<theme>.png`, where `TRUEUP_PICTURES` asks for them:
   * `all`, or part of a name.
   */
  async picture(name: string, at: readonly Width[] = widths): Promise<void> {
    const asked = process.env.TRUEUP_PICTURES
    if (!asked || (asked !== 'all' && !name.includes(asked))) return
    const folder = process.env.TRUEUP_PICTURES_TO ?? pictures
    await mkdir(folder, { recursive: true })
    await this.page.mouse.move(0, 0)
    await this.#showMessages(false)
    for (const width of at) {
      await this.resize(width)
      for (const theme of ['light', 'dark'] as const) {
        await this.page.emulateMedia({ colorScheme: theme })
        await this.page.evaluate('scrollTo(0, 0)')
        await this.page.evaluate(
          'new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))',
        )
        await this.page.screenshot({ path: join(folder, `${name}-${width}-${theme}.png`) })
      }
    }
    await this.#showMessages(true)
    await this.page.emulateMedia({ colorScheme: 'light' })
    await this.resize(1440)
  }

  async #showMessages(isShown: boolean): Promise<void> {
    const visibility = JSON.stringify(isShown ? '' : 'hidden')
    await this.page.evaluate(
      `document.querySelectorAll('[aria-label="Messages"]').forEach(({ style }) => { style.visibility = ${visibility} })`,
    )
  }

  async close(): Promise<void> {
    await this.context.close()
    this.expectClean()
  }
}
