// Packs every package as it would be published and holds the packed files to what their users rely on: that they say
// the truth about themselves (publint), that their types are found (attw), that they hold what they should and no
// more, and that `trueup` runs from them alone, in an empty folder, installed without running a script.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '..')
/** @type {{ workspaces: string[] }} */
const { workspaces } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const folder = mkdtempSync(join(tmpdir(), 'trueup-packages-'))
try {
  const tarballs = workspaces.filter(isPublished).map(pack)
  for (const tarball of tarballs) {
    run('npx', ['publint', '--strict', tarball], root)
    // A style sheet has no types to be found.
    const sheets = ['--exclude-entrypoints', 'react/theme.css']
    run('npx', ['attw', '--profile', 'esm-only', '--quiet', tarball, ...sheets], root)
  }
  runInstalled(tarballs)
} finally {
  rmSync(folder, { recursive: true, force: true })
}

/**
 * The others are built into one of these.
 *
 * @param {string} workspace
 */
function isPublished(workspace) {
  return !JSON.parse(readFileSync(join(root, workspace, 'package.json'), 'utf8')).private
}

/**
 * Packs a package, and gives back the path of what was packed.
 *
 * @param {string} workspace
 */
function pack(workspace) {
  const packed = run('npm', ['pack', '--json', '--pack-destination', folder, '--workspace', workspace], root)
  /** @type {[{ filename: string, name: string, size: number, files: { path: string }[] }]} */
  const [{ filename, name, size, files }] = JSON.parse(packed)
  const paths = files.map(({ path }) => path)
  const needed = ['package.json', 'README.md', 'LICENSE', 'dist/index.mjs', 'dist/index.d.mts']
  // The dashboard is a part of the service.
  if (name === 'trueup') needed.push('dist/dashboard/files/index.html')
  const missing = needed.filter((path) => !paths.includes(path))
  if (missing.length > 0) fail(`${name} is packed without ${missing.join(', ')}.`)
  const expected =
    /^(dist\/.*\.(mjs|mts|json)|dist\/react\/theme\.css|bin\/\w+\.mjs|dist\/dashboard\/files\/([\w/-]+\.(html|js|css|svg)(\.br|\.gz)?))$/
  const tooMuch = paths.filter((path) => !needed.includes(path) && !expected.test(path))
  if (tooMuch.length > 0) fail(`${name} is packed with ${tooMuch.join(', ')}.`)
  process.stdout.write(`${name}: ${paths.length} files, ${Math.round(size / 1000)} kB packed\n`)
  return join(folder, filename)
}

/**
 * Installs what was packed as a user would, and plays the demo with it.
 *
 * @param {string[]} tarballs
 */
function runInstalled(tarballs) {
  const app = join(folder, 'app')
  mkdirSync(app)
  writeFileSync(join(app, 'package.json'), '{ "private": true }')
  run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--no-save', ...tarballs], app)
  run('npx', ['--no', 'trueup', '--version'], app)
  /** @type {{ complete: boolean }} */
  const report = JSON.parse(run('npx', ['--no', 'trueup', 'demo', '--json'], app))
  if (!report.complete) fail('The demo of the packed trueup did not read everything.')
  process.stdout.write(`trueup installed: ${installed(join(app, 'node_modules'))} packages; its demo runs\n`)
}

/**
 * How many packages lie in a folder, at any depth.
 *
 * @param {string} modules
 * @returns {number}
 */
function installed(modules) {
  return readdirSync(modules, { recursive: true, withFileTypes: true }).filter(
    (entry) =>
      entry.name === 'package.json' && /node_modules[\\/](@[^\\/]+[\\/])?[^\\/]+$/.test(entry.parentPath),
  ).length
}

/**
 * Runs a command to its end and gives back what it printed.
 *
 * @param {string} command @param {string[]} args @param {string} cwd
 */
function run(command, args, cwd) {
  // npm and npx are scripts of the shell on Windows.
  const shell = process.platform === 'win32'
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd,
    shell,
    encoding: 'utf8',
    maxBuffer: 1e9,
  })
  if (status !== 0) fail(`${command} ${args.join(' ')} failed:\n${stdout}${stderr}`)
  return stdout
}

/**
 * @param {string} message
 * @returns {never}
 */
function fail(message) {
  throw new Error(message)
}
