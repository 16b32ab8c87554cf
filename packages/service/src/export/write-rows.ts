import { csvLine } from './csv-line.ts'

/** What a list can be taken away as: CSV for spreadsheets, JSON lines for programs. */
export const exportFormats = ['csv', 'jsonl'] as const
export type ExportFormat = (typeof exportFormats)[number]

export const exportTypes: Readonly<Record<ExportFormat, string>> = {
  csv: 'text/csv; charset=utf-8; header=present',
  jsonl: 'application/jsonl',
}

/** A column and where its value stands in a row: `moneyAtRisk.amount`. */
export type Column = string

/**
 * Rows as text, piece by piece: as CSV with a line of headings and these columns, or as JSON lines with all that a row
 * holds. A cell holds a text as it is, nothing for `null`, and lists and objects as JSON.
 *
 * @example
 * for await (const piece of writeRows(pages, 'csv', ['id', 'moneyAtRisk.amount'])) send(piece)
 */
export async function* writeRows(
  pages: AsyncIterable<readonly unknown[]>,
  format: ExportFormat,
  columns: readonly Column[],
): AsyncGenerator<string> {
  if (format === 'csv') yield csvLine(columns)
  for await (const page of pages) {
    if (page.length === 0) continue
    yield page
      .map((row) =>
        format === 'csv'
          ? csvLine(columns.map((column) => cellText(valueAt(row, column))))
          : `${JSON.stringify(row)}\n`,
      )
      .join('')
  }
}

function valueAt(row: unknown, column: Column): unknown {
  let value = row
  for (const key of column.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return null
    value = Reflect.get(value, key)
  }
  return value
}

function cellText(value: unknown): string {
  if (value === null || value === undefined) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}
