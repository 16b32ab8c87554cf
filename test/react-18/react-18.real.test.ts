import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startBrowser } from '../support/browser.ts'

/* The parts of @trueup/sdk/react on the oldest React that the package allows. The other tests have the newest. */

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'react-18-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** Builds an entry of this folder, with the React that stands beside it for the parts of the SDK too. */
async function bundle(entry: 'server' | 'browser'): Promise<string> {
  const { build } = await import('vite')
  const ssr = entry === 'server'
  await build({
    configFile: false,
    root: import.meta.dirname,
    logLevel: 'error',
    mode: 'development',
    oxc: { jsx: { runtime: 'automatic', development: false } },
    define: { 'process.env.NODE_ENV': '"development"' },
    resolve: {
      conditions: ['@trueup/source', 'module', ssr ? 'node' : 'browser'],
      dedupe: ['react', 'react-dom'],
    },
    ssr: { noExternal: true, resolve: { conditions: ['@trueup/source', 'node', 'module'] } },
    build: {
      outDir: folder,
      emptyOutDir: false,
      minify: false,
      ssr,
      rollupOptions: {
        input: join(import.meta.dirname, `${entry}.tsx`),
        output: { entryFileNames: `${entry}.mjs` },
        onwarn: (warning, say) => {
          if (warning.code !== 'MODULE_LEVEL_DIRECTIVE') say(warning)
        },
      },
    },
  })
  return join(folder, `${entry}.mjs`)
}

/** Far more than it takes: a machine that is busy with something else is no failure. */
const patience = { timeout: 180_000 }

it(
  'every part is drawn on the server by React 18, taken over by it in a browser, and does what it is for',
  patience,
  async () => {
    const [server, script, browser] = await Promise.all([bundle('server'), bundle('browser'), startBrowser()])
    try {
      const { render } = (await import(/* @vite-ignore */ pathToFileURL(server).href)) as {
        render(): { readonly version: string; readonly html: string }
      }
      const { version, html } = render()
      expect(version).toBe('18.3.1')
      const page = await browser.newPage()
      const complaints: string[] = []
      page.on('console', (message) => complaints.push(message.text()))
      page.on('pageerror', (error) => complaints.push(error.message))
      await page.setContent(`<div id="root">${html}</div>`)
      await page.addScriptTag({ type: 'module', content: await readFile(script, 'utf8') })

      await page.getByText('Access ends on December 5, 2026 unless it is paid.').waitFor()
      await page.getByText('The reports').waitFor()
      await page.getByRole('heading', { name: 'Single sign-on is part of Team' }).waitFor()
      await page.getByRole('radio', { name: 'Yearly' }).check({ force: true })
      await page.getByText('$290.00').waitFor()
      await page.getByRole('button', { name: 'Known: grace' }).click()
      await page.getByRole('button', { name: 'Known: paid' }).waitFor()
      expect(await page.getByRole('alert').count()).toBe(0)
      expect(complaints.filter((text) => !text.includes('React DevTools'))).toEqual([])
    } finally {
      await browser.close()
    }
  },
)
