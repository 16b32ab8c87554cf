import type { StoredValue } from '@trueup/core'

/** What may be written into a column. What a rule does not know, it refuses. */
export type ColumnRule = {
  /** Whether the column may be emptied. Default `false`. */
  readonly nullable?: boolean
} & (
  | { readonly kind: 'any-of'; readonly values: readonly StoredValue[] }
  | { readonly kind: 'boolean' }
  /** A whole number from `least` to `most`. */
  | { readonly kind: 'whole-number'; readonly least: number; readonly most: number }
  /** A moment as ISO 8601 with its zone, no later than so many days from now by the database's clock. */
  | { readonly kind: 'moment'; readonly mostDaysAhead: number }
  /** An id: `startsWith`, then letters, digits, `_` and `-`; at most `longest` characters in all. */
  | { readonly kind: 'id'; readonly startsWith: string; readonly longest: number }
  /** A list of these features, or an object of them that says true or false of each. */
  | { readonly kind: 'features'; readonly among: readonly string[] }
)

/** One table that repairs may write to, and which of its columns. */
export interface RepairTable {
  readonly schema: string
  readonly table: string
  /** The column that a record is found by. A unique index on it alone is needed. */
  readonly key: string
  readonly columns: readonly { readonly column: string; readonly rule: ColumnRule }[]
}

/** What the user's database allows. It is kept there, where nobody who takes over this program can change it. */
export interface RepairPolicy {
  readonly tables: readonly RepairTable[]
  /** Writes an hour and column, at first; the owner of the database changes it there. Default 25. */
  readonly capAnHour?: number
  /** The role that this program logs in as. Default `trueup_repair`. */
  readonly role?: string
}

export const defaultRepairRole = 'trueup_repair'
export const defaultCapAnHour = 25

/** How orders name a table: as its schema and its name, with a dot. */
export function containerOf({ schema, table }: Pick<RepairTable, 'schema' | 'table'>): string {
  return `${schema}.${table}`
}
