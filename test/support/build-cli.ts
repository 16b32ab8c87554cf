import { execFileSync } from 'node:child_process'
import { closeSync, openSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
const lock = join(root, 'node_modules/.trueup-build.lock')
/** A build takes seconds; a lock older than this was left by a process that was killed. */
const staleLockMs = 120_000

/** The program as it is published. */
export const binary = join(root, 'packages/service/dist/bin.mjs')

/** Files of one process follow each other too quickly for a source to change. */
let isBuilt = false

/** Builds what changed since the last build. Test files that run side by side take turns, so that one of them does it. */
export function buildCli(): void {
  if (isBuilt) return
  takeLock()
  try {
    execFileSync(process.execPath, [join(root, 'scripts/build.mjs')], { stdio: 'pipe' })
    isBuilt = true
  } finally {
    rmSync(lock, { force: true })
  }
}

function takeLock(): void {
  for (;;) {
    try {
      closeSync(openSync(lock, 'wx'))
      return
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
      const since = statSync(lock, { throwIfNoEntry: false })?.mtimeMs
      if (since !== undefined && Date.now() - since > staleLockMs) rmSync(lock, { force: true })
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100)
    }
  }
}
