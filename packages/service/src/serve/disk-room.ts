import { open, rm, stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'

/** What a disk holds, in bytes, as far as this process may use it. */
export interface DiskSpace {
  readonly free: number
  readonly total: number
}

export interface DiskRoom {
  /** What keeps the process from taking requests; empty: there is room. */
  readiness(): Promise<readonly string[]>
  /** Keeps the reserve, or gives it up where the disk is full. Tells `onGivenUp` when it did. */
  look(): Promise<void>
}

/** A file of this size stands on the disk and is given up when it is full, so that what is under way can end. */
export const reserveBytes = 64 * 1024 * 1024
/** From here on requests are better taken by nobody than acknowledged and lost. */
const leastShare = 0.1
/** With less than so many bytes a database soon fails to write. */
const fullBelow = 32 * 1024 * 1024

/**
 * Whether a disk has room for more work, and what becomes of the reserve on it.
 *
 * @example
 * judgeSpace({ free: 10e9, total: 100e9 }) // { isShort: false, reserve: 'keep' }
 */
export function judgeSpace({ free, total }: DiskSpace): {
  readonly isShort: boolean
  readonly reserve: 'keep' | 'leave' | 'give-up'
} {
  const isShort = free < total * leastShare
  if (free < fullBelow) return { isShort, reserve: 'give-up' }
  // Put back only where it does not itself make the disk short.
  return { isShort, reserve: free - reserveBytes < total * leastShare ? 'leave' : 'keep' }
}

/**
 * Watches the disk of the folder that holds an embedded database. A PostgreSQL elsewhere has its own operator.
 *
 * @param spaceOf reads the disk; the file system's own answer by default
 */
export function createDiskRoom(
  folder: string,
  {
    onGivenUp,
    spaceOf = spaceOnDisk,
  }: { readonly onGivenUp: () => void; readonly spaceOf?: typeof spaceOnDisk },
): DiskRoom {
  const file = join(folder, 'reserve')
  return {
    async readiness() {
      return judgeSpace(await spaceOf(folder)).isShort
        ? ['The disk of the database has less than a tenth of its room left.']
        : []
    },
    async look() {
      const { reserve } = judgeSpace(await spaceOf(folder))
      const bytes = await bytesOf(file)
      if (reserve === 'give-up' && bytes !== null) {
        await rm(file, { force: true })
        onGivenUp()
      }
      if (reserve === 'keep' && bytes !== reserveBytes) await writeReserve(file)
    },
  }
}

async function spaceOnDisk(folder: string): Promise<DiskSpace> {
  const { bavail, blocks, bsize } = await statfs(folder)
  return { free: bavail * bsize, total: blocks * bsize }
}

async function bytesOf(file: string): Promise<number | null> {
  try {
    return (await stat(file)).size
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}

async function writeReserve(file: string): Promise<void> {
  const chunk = Buffer.alloc(1024 * 1024, 'trueup reserve ')
  const handle = await open(file, 'w', 0o600)
  try {
    for (let written = 0; written < reserveBytes; written += chunk.length) await handle.writeFile(chunk)
  } finally {
    await handle.close()
  }
}
