import { constants } from 'node:fs'
import { access, stat, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { UsageError } from '../usage-error.ts'

/**
 * Writes a file that the person at the terminal named, piece by piece.
 *
 * @throws UsageError `file-unwritable`
 */
export async function writeNamedFile(path: string, text: string | Iterable<string>): Promise<void> {
  try {
    await writeFile(path, text)
  } catch (cause) {
    throw unwritable(path, cause)
  }
}

/**
 * Makes sure that a named file can be written, before the work whose result it is to hold is begun.
 *
 * @throws UsageError `file-unwritable`
 */
export async function assertWritable(path: string): Promise<void> {
  try {
    const found = await stat(path).catch(() => null)
    if (found?.isDirectory()) throw Object.assign(new Error(path), { code: 'EISDIR' })
    await access(found ? path : dirname(path), constants.W_OK)
    if (!found) await access(`${dirname(path)}/.`)
  } catch (cause) {
    throw unwritable(path, cause)
  }
}

function unwritable(path: string, cause: unknown): UsageError {
  const reason = cause instanceof Error && 'code' in cause ? reasons[String(cause.code)] : undefined
  return new UsageError({
    code: 'file-unwritable',
    message: `${path} cannot be written${reason ? `: ${reason}` : ''}.`,
    fix: 'Name a file in a folder that exists and may be written to.',
    cause,
  })
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such folder',
  ENOTDIR: 'its folder is a file',
  EISDIR: 'it is a folder',
  EACCES: 'this user may not',
  EPERM: 'this user may not',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
}
