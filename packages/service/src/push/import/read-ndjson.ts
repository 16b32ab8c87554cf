import { isUtf8 } from 'node:buffer'
import type { ImportProblem, ImportRow } from './import-row.ts'
import { longestRecordBytes } from './import-row.ts'

const lineFeed = 0x0a
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf])

/**
 * Reads a file of JSON objects, one a line, in bounded memory: of a line that is too long only its length is kept.
 * Blank lines are passed over, a byte order mark and CR before LF as well.
 */
export async function* readNdjson(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<ImportRow> {
  let line = 1
  let pending: Buffer[] = []
  let pendingBytes = 0
  const take = (piece: Buffer): void => {
    pendingBytes += piece.length
    if (pendingBytes <= longestRecordBytes) pending.push(piece)
    else pending = []
  }
  const end = (): ImportRow | null => {
    const row =
      pendingBytes > longestRecordBytes ? tooLong(line, pendingBytes) : rowOf(Buffer.concat(pending), line)
    pending = []
    pendingBytes = 0
    line++
    return row
  }
  for await (const chunk of chunks) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
    let start = 0
    for (let at = bytes.indexOf(lineFeed); at >= 0; at = bytes.indexOf(lineFeed, start)) {
      take(bytes.subarray(start, at))
      start = at + 1
      const row = end()
      if (row) yield row
    }
    // The chunk's memory may be used again, so what is left of it is copied.
    take(Buffer.from(bytes.subarray(start)))
  }
  const last = end()
  if (last) yield last
}

function rowOf(bytes: Buffer, line: number): ImportRow | null {
  const text = line === 1 && bytes.subarray(0, 3).equals(byteOrderMark) ? bytes.subarray(3) : bytes
  if (!isUtf8(text)) {
    return refused(line, 'line-not-utf8', 'bytes that are not UTF-8', 'UTF-8', 'Write the file as UTF-8.')
  }
  const written = text.toString('utf8').trim()
  if (written === '') return null
  try {
    return { line, json: JSON.parse(written) }
  } catch {
    return refused(
      line,
      'line-not-json',
      'a line that is no JSON',
      'one JSON object a line',
      'Write each record on one line of its own; a file that was cut off ends like this.',
    )
  }
}

function tooLong(line: number, bytes: number): ImportRow {
  return refused(
    line,
    'line-too-long',
    `${bytes} bytes`,
    `at most ${longestRecordBytes} bytes a record`,
    'Write each record on one line of its own.',
  )
}

function refused(
  line: number,
  code: ImportProblem['code'],
  found: string,
  needed: string,
  fix: string,
): ImportRow {
  return { line, problem: { code, line, field: null, found, needed, fix } }
}
