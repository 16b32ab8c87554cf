// What somebody who opens the dashboard waits for: a real `trueup serve` with the demo, and Lighthouse in a real
// Chromium, as a phone of the middle class and as this machine is. Results go to bench/RESULTS.md.
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { type BrowserContext, chromium, type Page } from 'playwright-core'
import { startCluster } from '../test/support/cluster.ts'
import { chromiumFlags, findChromium } from '../test/support/find-chromium.ts'
import { manyIncidents } from '../test/support/many-incidents.ts'
import { type ApiClient, ServedService } from '../test/support/service.ts'
import { type LighthouseFigures, measureWithLighthouse, type Profile } from './lighthouse.ts'
import { measureActs } from './measure-acts.ts'
import { recordResults } from './record-results.ts'

/** Of so many runs the one in the middle counts. */
const runs = Number(process.argv[2] ?? 3)
/** Only pages whose name holds this; nothing is recorded then. */
const only = process.argv[3] ?? ''
const password = 'correct horse battery staple'

interface MeasuredPage {
  readonly name: string
  readonly path: string
  /** What somebody does there. */
  readonly act: (page: Page) => Promise<void>
}

interface Row {
  readonly page: string
  readonly figures: Readonly<Record<Profile, LighthouseFigures>>
  readonly acts: Readonly<Record<Profile, number>>
}

const port = await freePort()
const origin = `http://localhost:${port}`
const home = mkdtempSync(join(tmpdir(), 'trueup-bench-'))
const cluster = await startCluster()
const service = await ServedService.start({
  TRUEUP_HOME: home,
  TRUEUP_PORT: String(port),
  TRUEUP_PUBLIC_URL: origin,
  DATABASE_URL: cluster.url,
  TRUEUP_ENCRYPTION_KEY: `bench:${Buffer.alloc(32, 3).toString('base64')}`,
  TRUEUP_LEDGER_KEY: Buffer.alloc(32, 5).toString('base64'),
})
const browserPort = await freePort()
// A profile of its own, since Lighthouse opens its pages beside those of whoever is signed in.
const context = await chromium.launchPersistentContext(join(home, 'browser'), {
  executablePath: await findChromium(),
  args: [...chromiumFlags, `--remote-debugging-port=${browserPort}`],
  viewport: { width: 1350, height: 940 },
})
try {
  const { api, project } = await openDemo()
  const rows: Row[] = []
  const measureAll = async (pages: readonly MeasuredPage[]) => {
    for (const page of pages) {
      if (!page.name.includes(only)) continue
      const row = await measurePage(page)
      rows.push(row)
      process.stderr.write(`${line(row, 'mobile')}\n${line(row, 'desktop')}\n`)
      // After each, since it takes long: a run that was broken off has not been for nothing.
      if (only === '') await recordResults('dashboard', `npm run bench:dashboard -- ${runs}`, textOf(rows))
    }
  }
  await measureAll([{ name: 'sign-in', path: '/sign-in', act: typeIn('E-mail address') }])
  await signIn(context, api)
  await measureAll(await pagesOf(api, project))
  await addIncidents(project)
  await measureAll([
    { name: 'incidents, 100,000', path: `/projects/${project}/incidents`, act: goThroughIncidents },
  ])
} finally {
  await context.close()
  await service.stop()
  await cluster.stop()
  rmSync(home, { recursive: true, force: true })
}

/** Signs somebody up and waits until the demo of their workspace is ready. */
async function openDemo(): Promise<{ readonly api: ApiClient; readonly project: string }> {
  const api = service.person()
  const email = 'ada@example.com'
  await api.do('POST /api/v1/sign-up', { email, name: 'Ada Lovelace', password, workspaceName: 'Engines' })
  const [{ workspaceId }] = (await api.do('GET /api/v1/workspaces')).items
  const demo = `/api/v1/workspaces/${workspaceId}/demo`
  await api.do(`POST ${demo}`)
  for (;;) {
    const { state, failure, project } = await api.do(`GET ${demo}`)
    if (state === 'ready') return { api, project: project.id }
    if (state === 'failed') throw new Error(`The demo could not be made: ${failure}`)
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
}

async function signIn(to: BrowserContext, { cookies }: ApiClient): Promise<void> {
  await to.addCookies(
    [...cookies].map(([name, value]) => ({
      name,
      value,
      url: origin,
      secure: name.startsWith('__Host-'),
      httpOnly: true,
      sameSite: 'Lax' as const,
    })),
  )
}

async function pagesOf(api: ApiClient, project: string): Promise<readonly MeasuredPage[]> {
  const path = `/api/v1/projects/${project}`
  const { items: incidents } = await api.do(`GET ${path}/incidents?kind=paid-without-access&limit=1`)
  const { items: customers } = await api.do(`GET ${path}/customers?limit=1`)
  const at = (place: string) => `/projects/${project}${place}`
  return [
    { name: 'overview', path: at('/overview'), act: changeCourse },
    { name: 'incidents', path: at('/incidents'), act: goThroughIncidents },
    { name: 'incident', path: at(`/incidents/${incidents[0].id}`), act: openCommands },
    { name: 'customers', path: at('/customers'), act: search('Search customers') },
    { name: 'customer', path: at(`/customers/${customers[0].key}`), act: openCommands },
    { name: 'ledger', path: at('/ledger'), act: goThroughRows },
    { name: 'policy', path: at('/policy'), act: openCommands },
  ]
}

/** Incidents as after a wrong deploy of a large app. */
async function addIncidents(project: string): Promise<void> {
  const client = new pg.Client({ connectionString: cluster.url })
  await client.connect()
  await client.query(manyIncidents, [project])
  await client.query('analyze trueup.incident')
  await client.end()
}

async function measurePage({ name, path, act }: MeasuredPage): Promise<Row> {
  const figures = async (profile: Profile) => {
    const all: LighthouseFigures[] = []
    for (let run = 0; run < runs; run++) all.push(await measureOnce(origin + path, profile))
    return median(all, ({ performance, largestPaint }) => performance - largestPaint / 1e6)
  }
  const acts = async (slowdown: number) => {
    const page = await context.newPage()
    await page.goto(origin + path)
    await page.locator('h1').first().waitFor()
    await page.locator('[role="status"][aria-label="Loading"]').first().waitFor({ state: 'detached' })
    const slowest = await measureActs(page, slowdown, act)
    await page.close()
    return slowest
  }
  return {
    page: name,
    figures: { mobile: await figures('mobile'), desktop: await figures('desktop') },
    acts: { mobile: await acts(4), desktop: await acts(1) },
  }
}

/** Lighthouse misses the beginning of a page now and then; what it did not see is looked at once more. */
async function measureOnce(url: string, profile: Profile, triesLeft = 3): Promise<LighthouseFigures> {
  try {
    return await measureWithLighthouse(url, browserPort, profile)
  } catch (error) {
    if (triesLeft <= 1) throw error
    return await measureOnce(url, profile, triesLeft - 1)
  }
}

async function changeCourse(page: Page): Promise<void> {
  await page.getByLabel('How long').selectOption('7')
  await page.getByLabel('What is shown').selectOption('money')
  await openCommands(page)
}

async function openCommands(page: Page): Promise<void> {
  await page.keyboard.press('Control+k')
  await page.getByPlaceholder(/^Search pages/).pressSequentially('led')
  await page
    .getByRole('option', { name: /Ledger/ })
    .first()
    .waitFor()
  await page.keyboard.press('Escape')
}

async function goThroughRows(page: Page): Promise<void> {
  await page.locator('tr[data-index="0"]').waitFor()
  for (const key of ['j', 'j', 'j', 'k']) await page.keyboard.press(key)
}

async function goThroughIncidents(page: Page): Promise<void> {
  await goThroughRows(page)
  await page.keyboard.press('x')
  await page.getByRole('button', { name: 'Kind' }).click()
  await page.getByRole('menuitemcheckbox').first().click()
  await page.keyboard.press('Escape')
  await search('Search incidents')(page)
}

function search(name: string) {
  return async (page: Page) => await page.getByRole('searchbox', { name }).pressSequentially('ada')
}

function typeIn(label: string) {
  return async (page: Page) => await page.getByLabel(label).first().pressSequentially('ada@example.com')
}

function median<One>(all: readonly One[], by: (one: One) => number): One {
  const sorted = all.toSorted((one, other) => by(one) - by(other))
  const middle = sorted[Math.floor(sorted.length / 2)]
  if (middle === undefined) throw new Error('Nothing was measured: there was no run.')
  return middle
}

function line({ page, figures, acts }: Row, profile: Profile): string {
  const one = figures[profile]
  const cells = [
    page,
    one.performance,
    one.accessibility,
    one.bestPractices,
    Math.round(one.firstPaint),
    Math.round(one.largestPaint),
    Math.round(one.speedIndex),
    Math.round(one.blocked),
    one.shift.toFixed(3),
    Math.round(acts[profile]),
    kilobytes(one.scriptBytes),
    kilobytes(one.unusedBytes),
    one.requests,
    one.failed.join(', ') || '–',
  ]
  return `| ${cells.join(' | ')} |`
}

function textOf(rows: readonly Row[]): string {
  const hosts = new Set(rows.flatMap(({ figures }) => Object.values(figures).flatMap(({ hosts }) => hosts)))
  const table = (profile: Profile) => [
    '| page | performance | accessibility | best practices | first paint, ms | largest paint, ms | speed index, ms | blocked, ms | shift | slowest act, ms | scripts, KB | unused, KB | requests | not passed |',
    `|---|${'---:|'.repeat(12)}---|`,
    ...rows.map((row) => line(row, profile)),
  ]
  return [
    `Node ${process.versions.node}, ${cpus().length} cores, Chromium ${context.browser()?.version() ?? ''}, Lighthouse 12; service, PostgreSQL and browser on one machine.`,
    `The demo, and at the end 100,000 more incidents in it; nothing is in the browser's cache. Of ${runs} runs the one in the`,
    'middle. *Slowest act*: from a key or a click until what it changed is on the screen, the longest of some acts on that',
    'page. *Scripts* and *unused* as they come over the wire.',
    `Hosts that were asked: ${[...hosts].map((host) => (host === new URL(origin).host ? "the service's own" : host)).join(', ')}.`,
    '',
    'A phone of the middle class (412 px; 150 ms and 1.6 Mbit/s simulated; a processor a quarter as fast):',
    '',
    ...table('mobile'),
    '',
    'This machine as it is (1350 px):',
    '',
    ...table('desktop'),
  ].join('\n')
}

function kilobytes(bytes: number): number {
  return Math.round(bytes / 1_000)
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const address = server.address()
  await new Promise((closed) => server.close(closed))
  if (typeof address !== 'object' || !address) throw new Error('A server that listens has a port.')
  return address.port
}
