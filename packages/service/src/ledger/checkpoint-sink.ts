import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseCheckpoint } from '@trueup/core'
import { LedgerError } from './ledger-error.ts'

/** A place away from the database that checkpoints are sent to, and that remembers the largest. */
export interface CheckpointSink {
  readonly name: string
  /** The checkpoint of the largest size that was sent here; `null`: none was. */
  latest(origin: string): Promise<string | null>
  /** Keeps this checkpoint. Sending it again changes nothing. */
  send(checkpoint: { readonly origin: string; readonly size: number; readonly note: string }): Promise<void>
}

/**
 * Keeps each checkpoint as a file of its own, named by its size, which nothing writes again: a folder that can be put
 * under git, on another disk, or in a bucket that is mounted.
 *
 * @throws LedgerError `sink-failed`
 */
export function checkpointFolder(folder: string): CheckpointSink {
  const folderOf = (origin: string) => join(folder, origin.replaceAll('/', '_'))
  return {
    name: folder,
    async latest(origin) {
      try {
        const [largest] = (await filesIn(folderOf(origin))).reverse()
        return largest === undefined ? null : await readFile(join(folderOf(origin), largest), 'utf8')
      } catch (cause) {
        throw failed(folder, 'read', cause)
      }
    },
    async send({ origin, size, note }) {
      const path = join(folderOf(origin), `${String(size).padStart(digits, '0')}${extension}`)
      try {
        await mkdir(folderOf(origin), { recursive: true })
        const known = await readFile(path, 'utf8').catch(() => null)
        // Another checkpoint of the same size stays as evidence; signatures may differ after a change of keys.
        if (known !== null && parseCheckpoint(known)) return
        const draft = `${path}.${process.pid}-${drafts++}.new`
        await writeFile(draft, note)
        await rename(draft, path)
      } catch (cause) {
        throw failed(folder, 'written', cause)
      }
    },
  }
}

const extension = '.checkpoint'
/** So that several that send at once, in this process or another, do not write each other's files. */
let drafts = 0
/** Enough for any size, so that names sort as numbers do. */
const digits = 16

async function filesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  return names.filter((name) => /^\d{16}\.checkpoint$/.test(name)).sort()
}

function failed(folder: string, act: 'read' | 'written', cause: unknown): LedgerError {
  return new LedgerError({
    code: 'sink-failed',
    message: `The checkpoints in ${folder} cannot be ${act}: ${cause instanceof Error ? cause.message : String(cause)}`,
    fix: 'Let this user read and write the folder. The next command sends the checkpoint again.',
    cause,
  })
}
