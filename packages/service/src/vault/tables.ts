import type { ColumnType, Generated } from 'kysely'

/** The tables of keys, as the statements of this folder see them. */
export interface VaultTables {
  readonly 'trueup.master_key': {
    readonly key_id: string
    readonly proof: string
    readonly first_used_at: Date
    readonly retired_at: Date | null
  }
  readonly 'trueup.data_key': {
    readonly workspace_id: string
    readonly version: number
    readonly master_key_id: string
    readonly wrapped: string | null
    readonly made_at: Date
    readonly retired_at: Date | null
  }
  readonly 'trueup.sealed_column': {
    readonly table_name: string
    readonly column_name: string
    readonly field: string
    readonly row_columns: ColumnType<readonly string[], never, never>
    readonly has_project: Generated<boolean>
  }
}
