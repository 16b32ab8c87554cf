import type { QueryExecutorProvider } from 'kysely'
import { sql } from 'kysely'
import type { Audience, ProjectTenant } from './delivery/delivery-tables.ts'

/** A project whose ledger has entries that a follower has not looked at. */
export interface LaggingFollower extends ProjectTenant {
  readonly follower: Audience
}

/**
 * Projects in which somebody may have to be told, of all workspaces. Whoever enters something wakes the followers; this
 * finds those that were not woken, since a process died in between.
 *
 * @param system a database handle that sees every tenant
 */
export async function laggingFollowers(
  system: QueryExecutorProvider,
  limit = 500,
): Promise<readonly LaggingFollower[]> {
  const { rows } = await sql<LaggingFollower>`
    select project.workspace_id as "workspaceId", project.project_id as "projectId", wanted.follower
    from trueup.project cross join (values ('alert'), ('webhook')) as wanted (follower)
      left join trueup.ledger_follower place on place.workspace_id = project.workspace_id
        and place.project_id = project.project_id and place.follower = wanted.follower
    where case wanted.follower
        when 'alert' then exists (select from trueup.alert_channel own
          where own.workspace_id = project.workspace_id and own.project_id = project.project_id)
        else exists (select from trueup.outgoing_endpoint own
          where own.workspace_id = project.workspace_id and own.project_id = project.project_id) end
      and exists (select from trueup.ledger_entry entry where entry.project_id = project.project_id
        and entry.sequence >= coalesce(place.next_sequence, 0))
    limit ${limit}`.execute(system)
  return rows
}
