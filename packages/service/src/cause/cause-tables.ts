import type { Cause, CauseKind, Confidence } from '@trueup/core'
import type { ColumnType, Kysely, Transaction } from 'kysely'
import type { Database } from '../store/index.ts'
import type { Tables } from '../store/tables.ts'

interface OfProject {
  readonly workspace_id: string
  readonly project_id: string
}

/** The tables of causes, as the statements of this folder see them. */
export type CauseTables = {
  readonly 'trueup.incident_cause': OfProject & {
    readonly incident_id: string
    readonly opening: number
    readonly opened_at: Date
    readonly kind: CauseKind | null
    readonly cause_on: string | null
    readonly confidence: Confidence | null
    readonly cause: ColumnType<Cause | null, string | null, string | null>
    readonly found_at: Date | null
    readonly findings: number
    readonly looks: number
    readonly due_at: Date | null
  }
  readonly 'trueup.deploy': OfProject & {
    readonly deploy_id: string
    readonly version: string
    readonly url: string | null
    readonly deployed_at: Date
    readonly marked_at: Date
    readonly marked_by: string
  }
}

/** A project, named by whom its statements are held to. */
export interface ProjectTenant {
  readonly workspaceId: string
  readonly projectId: string
}

export type CauseDb = Kysely<Tables & CauseTables>
export type CauseTransaction = Transaction<Tables & CauseTables>

/** The statements about the causes of one project. */
export function causeDb(database: Database, tenant: ProjectTenant): CauseDb {
  return database.scoped(tenant).withTables<CauseTables>()
}
