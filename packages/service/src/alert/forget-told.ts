import type { QueryExecutorProvider } from 'kysely'
import { sql } from 'kysely'

/**
 * Deletes what is remembered of incidents that were told and ended before this, of all projects; at most `limit`. Gives
 * how many. None is told again by it: the ledger is followed forward alone.
 */
export async function forgetTold(
  system: QueryExecutorProvider,
  before: Date,
  limit = 20_000,
): Promise<number> {
  const { rows } = await sql`delete from trueup.alert_told
    where (workspace_id, project_id, channel_id, incident_id, opening) in (
      select workspace_id, project_id, channel_id, incident_id, opening from trueup.alert_told
      where ended_at < ${before} limit ${limit}) returning 1`.execute(system)
  return rows.length
}
