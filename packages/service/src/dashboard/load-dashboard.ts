import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { extname, join, relative, sep } from 'node:path'

/** A file of the dashboard in every form that it is sent in. */
export interface DashboardFile {
  readonly type: string
  readonly etag: string
  /** Its name changes with its content, so that it may be kept for good. */
  readonly isNamedByContent: boolean
  readonly bodies: { readonly identity: Buffer; readonly br?: Buffer; readonly gzip?: Buffer }
}

/** The files of the dashboard by their address, `/index.html` among them. */
export type DashboardFiles = ReadonlyMap<string, DashboardFile>

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
  '.txt': 'text/plain; charset=utf-8',
}

/** Where the built dashboard lies: in the package beside this file, in the repository where the build puts it. */
export function dashboardFolder(): string | null {
  const places = [join(import.meta.dirname, 'files'), join(import.meta.dirname, '../../dist/dashboard/files')]
  return places.find((place) => existsSync(join(place, 'index.html'))) ?? null
}

/**
 * Reads the built dashboard. It is a few files of some hundred kilobytes, which are kept in memory: no request leads to
 * a path on the disk.
 *
 * @throws Error where a file is of a type that nobody decided on
 */
export async function loadDashboard(folder: string): Promise<DashboardFiles> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const names = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
  const all = new Set(names)
  const files = new Map<string, DashboardFile>()
  for (const name of names.filter((one) => !/\.(?:br|gz)$|(?:^|\/)\./.test(one))) {
    const type = types[extname(name)]
    if (type === undefined)
      throw new Error(`The dashboard holds ${name}, a file of a type that is not served.`)
    const read = async (ending: string) =>
      all.has(`${name}${ending}`) ? await readFile(join(folder, `${name}${ending}`)) : undefined
    const identity = await readFile(join(folder, name))
    const [br, gzip] = [await read('.br'), await read('.gz')]
    files.set(`/${name}`, {
      type,
      etag: `"${createHash('sha256').update(identity).digest('base64url').slice(0, 27)}"`,
      isNamedByContent: name.startsWith('assets/'),
      bodies: { identity, ...(br ? { br } : {}), ...(gzip ? { gzip } : {}) },
    })
  }
  return files
}
