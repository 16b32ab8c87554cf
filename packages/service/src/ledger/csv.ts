/**
 * One line of CSV (RFC 4180) that no spreadsheet takes for a formula: a cell that begins with what begins one gets an
 * apostrophe before it, which spreadsheets hide. What has to come back to the letter is exported as NDJSON.
 *
 * @example
 * csvLine(['=1+1', 'a "b"']) // `'=1+1,"a ""b"""\r\n`
 */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map(cellOf).join(',')}\r\n`
}

/** Also in the full width that some spreadsheets read as the same sign, and what a spreadsheet skips before one. */
const begins = /^[=+\-@\t\r\n\0\uff1d\uff0b\uff0d\uff20]/

function cellOf(text: string): string {
  const safe = begins.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
