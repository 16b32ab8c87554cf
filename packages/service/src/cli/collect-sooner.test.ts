import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { growthFlag } from './collect-sooner.ts'

// An unknown flag is not refused: V8 names it on standard error and goes on without it.
test('the flag by which the heap is bounded is one that this Node knows', () => {
  const { stdout } = spawnSync(process.execPath, ['--v8-options'], { encoding: 'utf8' })
  expect(stdout).toContain(`  ${growthFlag} `)
})
