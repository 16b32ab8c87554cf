import type { QueryExecutorProvider } from 'kysely'
import { sql } from 'kysely'
import type { ProjectTenant } from './cause-tables.ts'

/**
 * Projects in which a cause is due to be looked for, or whose ledger has entries that were not followed since the process
 * that should have done it died; of all workspaces. A project that was erased keeps its ledger, and nothing is made of it.
 *
 * @param system a database handle that sees every tenant
 */
export async function projectsToLookInto(
  system: QueryExecutorProvider,
  now: Date,
  limit = 500,
): Promise<readonly ProjectTenant[]> {
  const { rows } = await sql<ProjectTenant>`
    select project.workspace_id as "workspaceId", project.project_id as "projectId" from trueup.project
      left join trueup.ledger_follower place on place.workspace_id = project.workspace_id
        and place.project_id = project.project_id and place.follower = 'cause'
    where project.erased_at is null and (
      exists (select from trueup.incident_cause cause where cause.workspace_id = project.workspace_id
        and cause.project_id = project.project_id and cause.due_at <= ${now})
      or exists (select from trueup.ledger_entry entry where entry.project_id = project.project_id
        and entry.sequence >= coalesce(place.next_sequence, 0)))
    limit ${limit}`.execute(system)
  return rows
}
