import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type BuildOptions, build, type InlineConfig } from 'vite'
import type { PageData } from './page/page-data.ts'

/** The page as it is served: its files, and what makes its HTML. */
export interface BuiltPage {
  readonly script: string
  readonly style: string
  render(data: PageData): string
}

/** The directive of client components plays no part where everything is for the client. */
const quiet: NonNullable<BuildOptions['rollupOptions']> = {
  checks: { pluginTimings: false },
  onwarn(warning, say) {
    if (warning.code !== 'MODULE_LEVEL_DIRECTIVE') say(warning)
  },
}

/** Builds the page into a folder, for the browser and for the server. */
export async function buildPage(folder: string): Promise<BuiltPage> {
  const common: InlineConfig = {
    configFile: false,
    root: import.meta.dirname,
    logLevel: 'warn',
    mode: 'production',
    oxc: { jsx: { runtime: 'automatic', development: false } },
    define: { 'process.env.NODE_ENV': '"production"' },
    // Finds the SDK's sources in this repository; an app of its own has the built package, and needs no condition.
    resolve: { conditions: ['@trueup/source', 'module', 'browser', 'production'] },
  }
  await build({
    ...common,
    build: {
      outDir: join(folder, 'browser'),
      emptyOutDir: true,
      rollupOptions: {
        ...quiet,
        input: join(import.meta.dirname, 'page/hydrate.tsx'),
        output: { entryFileNames: 'page.js', assetFileNames: 'page[extname]' },
      },
    },
  })
  await build({
    ...common,
    ssr: { noExternal: true, resolve: { conditions: ['@trueup/source', 'node', 'module', 'production'] } },
    build: {
      outDir: join(folder, 'server'),
      emptyOutDir: true,
      ssr: join(import.meta.dirname, 'page/render.tsx'),
      rollupOptions: { ...quiet, output: { entryFileNames: 'render.mjs' } },
    },
  })
  const made: unknown = await import(/* @vite-ignore */ pathToFileURL(join(folder, 'server/render.mjs')).href)
  return {
    script: await readFile(join(folder, 'browser/page.js'), 'utf8'),
    style: await readFile(join(folder, 'browser/page.css'), 'utf8'),
    render: (made as Pick<BuiltPage, 'render'>).render,
  }
}
