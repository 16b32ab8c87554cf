/** What stands in a cell of an exported table. */
export type CellValue = string | number | null

/**
 * A table as CSV for spreadsheets (RFC 4180, with a mark so that they read UTF-8). A text that a spreadsheet would
 * take for a formula gets an apostrophe before it: names are written by strangers.
 *
 * @example
 * csvOf(['Name', 'Cents'], [['=1+1', -5]])   // "\uFEFFName,Cents\r\n'=1+1,-5\r\n"
 */
export function csvOf(headings: readonly string[], rows: readonly (readonly CellValue[])[]): string {
  return `\uFEFF${[headings, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('')}`
}

function cell(value: CellValue): string {
  if (value === null) return ''
  if (typeof value === 'number') return String(value)
  const text = /^[\s]*[=+\-@\t\r＝＋－＠]/u.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** Gives a text to the browser to keep as a file. */
export function saveFile(name: string, text: string, type: string): void {
  const address = URL.createObjectURL(new Blob([text], { type }))
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  URL.revokeObjectURL(address)
}
