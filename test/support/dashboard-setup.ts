import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { build } from 'vite'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the dashboard lies that was built for this run. */
    dashboard: string
  }
}

/**
 * Builds the dashboard as it stands in the sources, once for the run; with `TEST_DASHBOARD` one that was built before
 * is taken from there.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env.TEST_DASHBOARD
  if (given) {
    project.provide('dashboard', given)
    return async () => {}
  }
  const folder = await mkdtemp(join(tmpdir(), 'trueup-dashboard-'))
  const root = resolve(import.meta.dirname, '../../packages/dashboard')
  await buildForProduction(() =>
    build({ root, logLevel: 'warn', mode: 'production', build: { outDir: folder, emptyOutDir: true } }),
  )
  project.provide('dashboard', folder)
  return () => rm(folder, { recursive: true, force: true })
}

/** Vitest says `test`, with which React would come in its larger form for development. */
async function buildForProduction(work: () => Promise<unknown>): Promise<void> {
  const before = process.env.NODE_ENV
  process.env.NODE_ENV = 'production'
  try {
    await work()
  } finally {
    process.env.NODE_ENV = before
  }
}
