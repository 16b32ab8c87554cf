import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliDecompressSync } from 'node:zlib'

const root = fileURLToPath(new URL('../..', import.meta.url))
const installed = '/usr/bin/chromium'

/** How Chromium is to be started where there is no desktop: it asks no host that no page asks for. */
export const chromiumFlags: readonly string[] = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/**
 * Where Chromium lies: the one that `TRUEUP_CHROMIUM` names, or the one of the packages, which is a shell without
 * windows and takes a fifth less work. Where one is installed, its libraries and fonts serve that shell; where none is,
 * the package brings its own.
 */
export async function findChromium(): Promise<string> {
  const named = process.env.TRUEUP_CHROMIUM
  if (named) return named
  const runsShell = process.platform === 'linux' && process.arch === 'x64'
  if (existsSync(installed)) return runsShell ? unpackedShell() : installed
  const { default: packed } = await import('@sparticuz/chromium')
  return await packed.executablePath()
}

/**
 * Unpacked once for each version, and never found by half. The package itself unpacks to one name in the folder for
 * temporary files, where an older version, or half of one, would stay and be taken.
 */
function unpackedShell(): string {
  const folder = join(dirname(createRequire(import.meta.url).resolve('@sparticuz/chromium')), '../..')
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const shell = join(root, `node_modules/.cache/trueup/chromium-shell-${version}`)
  if (existsSync(shell)) return shell
  const draft = `${shell}.${process.pid}`
  mkdirSync(dirname(shell), { recursive: true })
  writeFileSync(draft, brotliDecompressSync(readFileSync(join(folder, 'bin/chromium.br'))), { mode: 0o755 })
  renameSync(draft, shell)
  return shell
}
