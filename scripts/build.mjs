// Builds every package whose sources changed since it was last built, in the order in which they use each other.
// `npm run demo` calls it each time; when nothing changed it takes a fraction of a second.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { build } from 'tsdown'
import { build as buildPages } from 'vite'

const root = resolve(import.meta.dirname, '..')
/** The packages, each after those that it uses. */
const { workspaces } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

let digest = digestOf(['package-lock.json', 'tsconfig.json'], root)
for (const workspace of workspaces) {
  const folder = join(root, workspace)
  // An example runs from its sources.
  if (!['tsdown.config.ts', 'vite.config.ts'].some((settings) => existsSync(join(folder, settings)))) continue
  // A package's types may follow from those of the packages before it, so their digest is part of its own.
  digest = digestOf(sourcesOf(folder), folder, digest)
  if (digest !== builtFrom(folder)) await buildPackage(folder, workspace)
}

/** @param {string} folder @param {string} workspace */
async function buildPackage(folder, workspace) {
  process.stderr.write(`Building ${workspace}\n`)
  rmSync(stampOf(folder), { force: true })
  // Not tsdown's option `cwd`: the entries of `dts` are looked for from the folder of the process.
  process.chdir(folder)
  try {
    if (isOfPages(folder)) {
      // A test that builds says `test`, with which React would come in its larger form for development.
      process.env.NODE_ENV = 'production'
      await buildPages({ root: folder, logLevel: 'warn' })
    } else await build({ logLevel: 'warn' })
  } catch (error) {
    process.stderr.write(
      `${error instanceof Error ? error.message : error}\n${workspace} could not be built.\n`,
    )
    process.exit(1)
  }
  writeFileSync(stampOf(folder), digest)
}

/**
 * What a package is built from.
 *
 * @param {string} folder
 */
function sourcesOf(folder) {
  const sources = ['src', 'build', 'public']
    .filter((part) => existsSync(join(folder, part)))
    .flatMap((part) => readdirSync(join(folder, part), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && !/\.test\.ts$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
  const settings = ['package.json', 'tsconfig.json', 'tsdown.config.ts', 'vite.config.ts', 'index.html']
  return [...sources.toSorted(), ...settings.filter((file) => existsSync(join(folder, file)))]
}

/**
 * The dashboard: Vite builds it, and what it builds is a part of the service's package.
 *
 * @param {string} folder
 */
function isOfPages(folder) {
  return existsSync(join(folder, 'vite.config.ts'))
}

/**
 * One value for the names and the content of files.
 *
 * @param {string[]} files @param {string} folder @param {string} [before]
 */
function digestOf(files, folder, before = process.version) {
  const hash = createHash('sha256').update(before)
  for (const file of files) hash.update(`\0${file}\0`).update(readFileSync(join(folder, file)))
  return hash.digest('hex')
}

/**
 * It stands in `dist`, so that whoever removes or rewrites the folder removes it too.
 *
 * @param {string} folder
 */
function stampOf(folder) {
  const built = isOfPages(folder) ? '../service/dist/dashboard/files' : 'dist'
  return join(folder, built, '.built-from')
}

/** @param {string} folder */
function builtFrom(folder) {
  try {
    return readFileSync(stampOf(folder), 'utf8')
  } catch {
    return null
  }
}
