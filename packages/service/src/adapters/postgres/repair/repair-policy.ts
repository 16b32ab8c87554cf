import type { FieldRule } from '../../repair-rule.ts'

/** One table that repairs may write to, and which of its columns. */
export interface RepairTable {
  readonly schema: string
  readonly table: string
  /** The column that a record is found by. A unique index on it alone is needed. */
  readonly key: string
  readonly columns: readonly { readonly column: string; readonly rule: FieldRule }[]
}

/** What the user's database allows. It is kept there, where nobody who takes over this program can change it. */
export interface RepairPolicy {
  readonly tables: readonly RepairTable[]
  /** Writes an hour and column, at first; the owner of the database changes it there. Default 25. */
  readonly capAnHour?: number
  /** The role that this program logs in as. Default `trueup_repair`. */
  readonly role?: string
  /** The role's password as PostgreSQL stores it, set only where the role is made. Default: it has none. */
  readonly verifier?: string
}

export const defaultRepairRole = 'trueup_repair'
export const defaultCapAnHour = 25

/** How orders name a table: as its schema and its name, with a dot. */
export function containerOf({ schema, table }: Pick<RepairTable, 'schema' | 'table'>): string {
  return `${schema}.${table}`
}
