/**
 * One line of CSV (RFC 4180) that no spreadsheet takes for a formula: a cell that begins with what begins one gets an
 * apostrophe before it, which spreadsheets hide. Nothing else of a cell is changed: marks that turn the direction of
 * writing stay, and stay within their quotes. What has to come back to the letter is exported as JSON lines.
 *
 * @example
 * csvLine(['=1+1', 'a "b"']) // `'=1+1,"a ""b"""\r\n`
 */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map(cellOf).join(',')}\r\n`
}

/** What some spreadsheets skip before a formula, or do not show: marks of direction and width, blanks. */
const skipped = '[\\s\\u00ad\\u061c\\u180e\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\ufeff\\0]'
/** Also in the full width that some spreadsheets read as the same sign. */
const begins = new RegExp(`^(?:${skipped}*[=+\\-@\\uff1d\\uff0b\\uff0d\\uff20]|[\\t\\r\\n\\0])`)

/** Whether a spreadsheet could take the cell for a formula. */
export function beginsFormula(text: string): boolean {
  return begins.test(text)
}

/** Marks of direction reach over what follows them; a quote is where a reader's eye expects their end. */
const isQuoted = /[",\r\n\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/

function cellOf(text: string): string {
  const safe = beginsFormula(text) ? `'${text}` : text
  return isQuoted.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
