import type { ConnectionFinding } from '@trueup/core'
import type { ColumnType, Generated } from 'kysely'
import type { SecretField } from './secret-field.ts'
import type { SourceKind, SourceSettings } from './source.ts'

type Json<T> = ColumnType<T, string, string>

type OfProject = {
  readonly workspace_id: string
  readonly project_id: string
}

/** The tables of projects, as the statements of this folder see them. */
export type ProjectTables = {
  readonly 'trueup.project_secret': OfProject & {
    readonly secret_id: string
    readonly field: SecretField
    readonly name: string
    readonly sealed: string
    readonly label: string
    readonly made_at: Date
    readonly made_by: string
    readonly last_used_at: Date | null
    readonly last_used_for: string | null
    readonly uses: Generated<number>
  }
  readonly 'trueup.secret_use': OfProject & {
    readonly secret_id: string
    readonly used_for: string
    readonly hour: Date
    readonly field: SecretField
    readonly name: string
    readonly uses: number
    readonly last_at: Date
  }
  readonly 'trueup.project_source': OfProject & {
    readonly name: string
    readonly kind: SourceKind
    readonly settings: Json<SourceSettings>
    readonly place: string
    readonly is_live: boolean | null
    readonly findings: Json<readonly ConnectionFinding[]>
    readonly connected_at: Date
    readonly connected_by: string
    readonly tested_at: Date
    readonly failure: ColumnType<SourceFailure | null, string | null, string | null>
  }
  readonly 'trueup.project_config': OfProject & {
    readonly version: number
    readonly document: Json<unknown>
    readonly fingerprint: string
    readonly author: string
    readonly note: string | null
    readonly made_at: Date
    readonly reverts_to: number | null
  }
}

/** `setting-up`: not checked by itself yet. */
export type ProjectState = 'setting-up' | 'live' | 'paused'

/** What the last test of a source failed with. */
export interface SourceFailure {
  readonly code: string
  readonly message: string
  readonly fix: string
}
