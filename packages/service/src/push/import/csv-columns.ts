import type { PushedField } from '@trueup/core'
import { foundText, pushedFields } from '@trueup/core'
import { nearestWord } from '../../config/nearest-word.ts'
import { UsageError } from '../../usage-error.ts'

/** How the columns of a CSV file are named. */
export interface CsvColumnOptions {
  /** Columns that are named otherwise, by field: `{ plan: 'tier' }`. */
  readonly columns: Readonly<Partial<Record<PushedField, string>>>
  /** Columns that are passed over. */
  readonly ignored: readonly string[]
}

/** Other names that columns often have. Case, blanks, dashes and underscores play no part in any name. */
const otherNames: Readonly<Record<string, PushedField>> = {
  email: 'emails',
  stripecustomerid: 'customerId',
  features: 'entitlements',
}

/**
 * Which field each column of a header holds; `null` for a column that is passed over.
 *
 * @throws UsageError `file-unreadable` with everything that is wrong with the header
 */
export function fieldsOfHeader(
  header: readonly string[],
  options: CsvColumnOptions,
): readonly (PushedField | null)[] {
  const [only = ''] = header
  if (header.length === 1 && /[;\t|]/.test(only)) {
    throw unreadableHeader(
      `it has one column, ${foundText(only)}`,
      'Say what stands between the columns, such as --delimiter ";".',
    )
  }
  const problems: string[] = []
  const named = new Map(Object.entries(options.columns).map(([field, column]) => [plainOf(column), field]))
  const ignored = new Set(options.ignored.map(plainOf))
  const fields = header.map((column) => {
    const plain = plainOf(column)
    if (ignored.has(plain)) return null
    const field = pushedFields.find((known) => known === named.get(plain)) ?? fieldNamed(plain, options)
    if (!field) problems.push(unknownColumn(column))
    return field
  })
  const twice = pushedFields.filter((field) => fields.indexOf(field) !== fields.lastIndexOf(field))
  for (const field of twice) problems.push(`two columns hold ${field}`)
  for (const [field, column] of Object.entries(options.columns)) {
    const isThere = header.some((name) => plainOf(name) === plainOf(column))
    if (!isThere) problems.push(`no column is named ${foundText(column)}, which --column says holds ${field}`)
  }
  if (!fields.includes('id')) problems.push('no column holds id')
  if (problems.length === 0) return fields
  throw unreadableHeader(
    problems.join('; '),
    `Name the columns ${pushedFields.join(', ')}, map them with --column plan=tier, or pass over them with --ignore-column.`,
  )
}

/** A field that --column gives to another column is not found by its own name too. */
function fieldNamed(plain: string, { columns }: CsvColumnOptions): PushedField | null {
  const field = pushedFields.find((known) => plainOf(known) === plain) ?? otherNames[plain]
  return field === undefined || columns[field] !== undefined ? null : field
}

function unknownColumn(column: string): string {
  const near = nearestWord(column, pushedFields)
  return `the column ${foundText(column)} is not known${near ? ` (did you mean ${near}?)` : ''}`
}

function plainOf(name: string): string {
  return name.toLowerCase().replaceAll(/[\s_-]/g, '')
}

function unreadableHeader(found: string, fix: string): UsageError {
  return new UsageError({
    code: 'file-unreadable',
    message: `The header of the file cannot be used: ${found}.`,
    fix,
  })
}
