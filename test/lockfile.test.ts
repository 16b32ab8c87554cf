import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '..')

interface Lockfile {
  readonly packages: Record<string, Record<string, unknown> | undefined>
}

describe('the lockfile', () => {
  test('installs on every system, from any registry, without running a script', () => {
    expect(findings(lockfile())).toBe('')
  })

  test.each<[rule: string, change: (packages: Lockfile['packages']) => void, finding: string]>([
    [
      'the files of another system are missing',
      (packages) => delete packages['node_modules/@biomejs/cli-darwin-arm64'],
      'node_modules/@biomejs/biome needs @biomejs/cli-darwin-arm64, which is missing',
    ],
    [
      'the registry it was written with is named',
      (packages) =>
        Object.assign(packages['node_modules/hono'] ?? {}, { resolved: 'https://example.com/hono.tgz' }),
      'node_modules/hono names the registry',
    ],
    [
      'a package could be changed unnoticed',
      (packages) => delete packages['node_modules/hono']?.integrity,
      'node_modules/hono has no checksum',
    ],
    [
      'what is for one system only has to install on all',
      (packages) => Object.assign(packages['node_modules/hono'] ?? {}, { os: ['linux'] }),
      'node_modules/hono is only for linux',
    ],
    [
      'a package runs a script when it is installed',
      (packages) => Object.assign(packages['node_modules/hono'] ?? {}, { hasInstallScript: true }),
      'node_modules/hono runs a script',
    ],
  ])('is refused when %s', (_rule, change, finding) => {
    const changed = lockfile()
    change(changed.packages)
    expect(findings(changed)).toContain(finding)
  })
})

function lockfile(): Lockfile {
  return JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))
}

/** What the script says of a lockfile. */
function findings(lockfile: Lockfile): string {
  const folder = mkdtempSync(join(tmpdir(), 'trueup-lockfile-'))
  try {
    const file = join(folder, 'package-lock.json')
    writeFileSync(file, JSON.stringify(lockfile))
    const script = join(root, 'scripts/check-lockfile.mjs')
    return spawnSync(process.execPath, [script, file], { encoding: 'utf8' }).stderr
  } finally {
    rmSync(folder, { recursive: true })
  }
}
