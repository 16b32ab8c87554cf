import { problem } from './wire-problem.ts'

/** PostgreSQL has no result with more columns. */
const mostColumns = 1664
/** What follows the name of a column: table, column, type, size, modifier, format. */
const columnTail = 18

/** Whether these bytes are one text, ended by a zero. */
export function isText(bytes: Buffer, from: number, end: number): boolean {
  return end > from && bytes.indexOf(0, from) === end - 1
}

/** Whether these bytes describe the columns of a result, each as text. */
export function isRowDescription(bytes: Buffer, from: number, end: number): boolean {
  if (end - from < 2) return false
  const columns = bytes.readUInt16BE(from)
  let at = from + 2
  for (let column = 0; column < columns; column++) {
    const zero = bytes.indexOf(0, at)
    if (zero < 0 || zero + 1 + columnTail > end) return false
    at = zero + 1 + columnTail
  }
  return columns <= mostColumns && at === end
}

/** Whether these bytes are a row of as many columns, whose lengths fill the message. */
export function isDataRow(bytes: Buffer, from: number, end: number, columns: number): boolean {
  if (end - from < 2 || bytes.readUInt16BE(from) !== columns) return false
  let at = from + 2
  for (let column = 0; column < columns; column++) {
    if (at + 4 > end) return false
    const length = bytes.readInt32BE(at)
    if (length < -1) return false
    at += length === -1 ? 4 : 4 + length
  }
  return at === end
}

/**
 * An error with nothing of the server's but its SQLSTATE: its words may hold values of rows, or whatever a hostile
 * server wants to have printed.
 *
 * @throws WireProblem `garbage`
 */
export function rebuiltError(bytes: Buffer, from: number, end: number): Buffer {
  const state = sqlstateOf(bytes, from, end)
  return Buffer.concat([head, Buffer.from(`SERROR\0C${state}\0M\0\0`, 'latin1')])
}

const head = Buffer.from([0x45, 0, 0, 0, 4 + 'SERROR\0C00000\0M\0\0'.length])

function sqlstateOf(bytes: Buffer, from: number, end: number): string {
  let state = 'XX000'
  let at = from
  while (at < end && bytes[at] !== 0) {
    const zero = bytes.indexOf(0, at)
    if (zero < 0 || zero >= end) throw problem('garbage')
    const text = bytes[at] === 0x43 ? bytes.toString('latin1', at + 1, zero) : ''
    if (/^[0-9A-Z]{5}$/.test(text)) state = text
    at = zero + 1
  }
  if (at !== end - 1) throw problem('garbage')
  return state
}
