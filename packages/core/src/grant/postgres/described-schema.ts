import type { TableName } from './table-name.ts'

/** What the values of a column are, beneath any domain. */
export type ColumnKind = 'text' | 'number' | 'flag' | 'moment' | 'json' | 'list' | 'uuid' | 'other'

/** A column as the database describes it. */
export interface DescribedColumn {
  readonly name: string
  /** As one declares it: `character varying(40)`. */
  readonly type: string
  readonly kind: ColumnKind
  readonly nullable: boolean
  readonly primaryKey: boolean
  /** Whether no two rows can have the same value. */
  readonly unique: boolean
  /** The column that a foreign key of it alone points to. */
  readonly references: (TableName & { readonly column: string }) | null
}

/** A table or view as the database describes it. */
export interface DescribedTable extends TableName {
  readonly isView: boolean
  /** As the database's planner thinks; `null` where it was never counted. */
  readonly estimatedRows: number | null
  readonly columns: readonly DescribedColumn[]
}

/** Values of a column in a sample of rows. */
export interface ColumnSample extends TableName {
  readonly column: string
  /** How many rows were looked at, and in how many of them the column holds something. */
  readonly sampled: number
  readonly present: number
  /** Different values, the most frequent first, as rows are read: text, numbers, flags, what JSON holds. */
  readonly examples: readonly unknown[]
}
