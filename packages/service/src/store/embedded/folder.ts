import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import manifest from '../../../package.json' with { type: 'json' }
import { StoreError } from '../store-error.ts'

/** How this version lays out the folder. Goes up when an older version could not read what a newer one wrote. */
const layout = 1

/** The PostgreSQL inside PGlite. Files of another major version cannot be read. */
export const postgresMajor = 18

interface Stamp {
  readonly layout: number
  readonly postgres: number
  readonly trueup: string
}

/** Makes a folder that only its owner can enter: the files in it are readable by everyone. */
export function makePrivateFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  chmodSync(folder, 0o700)
}

/**
 * Makes sure that the files in the folder can be read by this version, and clears away what a process left that was
 * killed while it made them. Call it with the folder's lock held.
 *
 * @throws StoreError `folder-other-version`
 */
export function prepareFiles(folder: string): {
  readonly files: string
  /** Nothing was ever handed out of it; `stamp` says that from now on it may be. */
  readonly isNew: boolean
  readonly stamp: () => void
} {
  const files = join(folder, 'postgres')
  const stampFile = join(folder, 'version.json')
  if (existsSync(stampFile)) {
    refuseOthers(JSON.parse(readFileSync(stampFile, 'utf8')), folder)
    return { files, isNew: false, stamp: () => {} }
  }
  // The stamp is written last: without it nothing in here was ever handed out.
  rmSync(files, { recursive: true, force: true })
  return {
    files,
    isNew: true,
    stamp() {
      const stamp: Stamp = { layout, postgres: postgresMajor, trueup: manifest.version }
      writeFileSync(`${stampFile}.new`, JSON.stringify(stamp), { mode: 0o600 })
      renameSync(`${stampFile}.new`, stampFile)
    },
  }
}

function refuseOthers(stamp: Stamp, folder: string): void {
  if (stamp.layout === layout && stamp.postgres === postgresMajor) return
  throw new StoreError({
    code: 'folder-other-version',
    message: `The embedded database in ${folder} was written by trueup ${stamp.trueup} (PostgreSQL ${stamp.postgres}, layout ${stamp.layout}); this version needs PostgreSQL ${postgresMajor}, layout ${layout}.`,
    fix: `Run trueup ${stamp.trueup} again, move the folder away to begin anew, or set TRUEUP_HOME to another folder.`,
  })
}
