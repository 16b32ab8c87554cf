// Says what a lockfile lacks: run it after every change of dependencies. `npm install` writes for the system that it
// runs on and can leave out what other systems need; `npm ci` then fails there, and here it goes unnoticed.
//
//   node scripts/check-lockfile.mjs [package-lock.json]
import { readFileSync } from 'node:fs'

/**
 * An entry of a lockfile's `packages`, as far as it is looked at.
 *
 * @typedef {object} Locked
 * @property {string} [version]
 * @property {string} [integrity]
 * @property {string} [resolved]
 * @property {boolean} [link]
 * @property {boolean} [optional]
 * @property {boolean} [hasInstallScript]
 * @property {Record<string, string>} [dependencies]
 * @property {Record<string, string>} [optionalDependencies]
 * @property {string[]} [os]
 */

const file = process.argv[2] ?? 'package-lock.json'
/** @type {{ packages: Record<string, Locked> }} */
const { packages } = JSON.parse(readFileSync(file, 'utf8'))
const problems = Object.entries(packages).flatMap(([path, locked]) => [
  ...lacking(path, locked),
  ...(path.includes('node_modules/') && !locked.link ? unsound(path, locked) : []),
])

if (problems.length > 0) {
  process.stderr.write(`${file} is not good for every system:\n  ${problems.join('\n  ')}\n`)
  process.stderr.write('Pin a version whose files for every system can be had, then run npm install again.\n')
  process.exit(1)
}

/**
 * What a package needs, on this system or on another, and the lockfile does not hold.
 *
 * @param {string} path @param {Locked} locked
 */
function lacking(path, { dependencies, optionalDependencies }) {
  return Object.keys({ ...dependencies, ...optionalDependencies })
    .filter((name) => !isFoundFrom(path, name))
    .map((name) => `${path || 'the root'} needs ${name}, which is missing`)
}

/**
 * Whether Node finds a package from a path: there, or in a folder above.
 *
 * @param {string} path @param {string} name
 * @returns {boolean}
 */
function isFoundFrom(path, name) {
  if (packages[`${path ? `${path}/` : ''}node_modules/${name}`]) return true
  return path !== '' && isFoundFrom(path.split('/').slice(0, -1).join('/'), name)
}

/**
 * What would make an install depend on the machine that wrote the lockfile, or break it on another.
 *
 * @param {string} path @param {Locked} locked
 */
function unsound(path, { resolved, integrity, os, optional, hasInstallScript }) {
  return [
    ...(resolved ? [`${path} names the registry that it came from (${resolved})`] : []),
    ...(integrity ? [] : [`${path} has no checksum`]),
    ...(os && !optional ? [`${path} is only for ${os.join(', ')} and not optional`] : []),
    ...(hasInstallScript ? [`${path} runs a script when it is installed`] : []),
  ]
}
