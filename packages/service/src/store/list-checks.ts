import type { CheckRun, ProjectStore } from '@trueup/core'
import { sql } from 'kysely'
import type { Database } from './database.ts'

/** A page of checks, the newest first; `next` is the id to go on behind, `null` at the end. */
export interface CheckPage {
  readonly items: readonly CheckRun[]
  readonly next: string | null
}

/** The checks of a project, the newest first. */
export async function listChecks(
  reach: {
    readonly database: Database
    readonly tenant: { readonly workspaceId: string; readonly projectId: string }
    readonly project: Pick<ProjectStore, 'loadCheck'>
  },
  wanted: {
    readonly kinds?: readonly CheckRun['kind'][] | undefined
    readonly after?: string | undefined
    readonly limit: number
  },
): Promise<CheckPage> {
  const { database, tenant, project } = reach
  const { kinds, after, limit } = wanted
  const before = after === undefined ? null : Number(/^chk_(\d{1,15})$/.exec(after)?.[1] ?? 0)
  const { rows } = await sql<{ number: number }>`select check_number as number from trueup.check_run
    where project_id = ${tenant.projectId} and (${before}::bigint is null or check_number < ${before}::bigint)
      and (${kinds === undefined} or kind = any(${[...(kinds ?? [])]}::text[]))
    order by check_number desc limit ${limit + 1}`.execute(database.scoped(tenant))
  const runs = await Promise.all(rows.slice(0, limit).map(({ number }) => project.loadCheck(`chk_${number}`)))
  const items = runs.flatMap((run) => (run ? [run] : []))
  return { items, next: rows.length > limit ? (items.at(-1)?.id ?? null) : null }
}
