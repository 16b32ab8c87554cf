import { createReadStream } from 'node:fs'
import { LedgerError } from './ledger-error.ts'

/** No line of an export comes near it; a file that is something else must not fill the memory. */
const longestLine = 64 * 1024 * 1024

/**
 * The lines of a file as bytes, one after the other, without their newlines. Holds one line and one chunk at a time.
 *
 * @throws LedgerError `file-unreadable`
 */
export async function* readLines(path: string): AsyncGenerator<Uint8Array> {
  const pieces: Buffer[] = []
  let held = 0
  const stream = createReadStream(path, { highWaterMark: 256 * 1024 })
  try {
    for await (const chunk of stream) {
      const bytes = chunk as Buffer
      let start = 0
      for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
        yield pieces.length === 0
          ? bytes.subarray(start, end)
          : Buffer.concat([...pieces.splice(0), bytes.subarray(start, end)])
        held = 0
        start = end + 1
      }
      if (start === bytes.length) continue
      pieces.push(bytes.subarray(start))
      held += bytes.length - start
      if (held > longestLine) throw unreadable(path, `a line is longer than ${longestLine} bytes`)
    }
  } catch (cause) {
    if (cause instanceof LedgerError) throw cause
    throw unreadable(path, cause instanceof Error ? cause.message : String(cause), cause)
  }
  if (pieces.length > 0) yield Buffer.concat(pieces)
}

export function unreadable(path: string, reason: string, cause?: unknown): LedgerError {
  return new LedgerError({
    code: 'file-unreadable',
    message: `${path} cannot be read: ${reason}.`,
    fix: 'Name a file that trueup ledger export wrote, and that this user may read.',
    cause,
  })
}
