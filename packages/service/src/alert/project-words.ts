import { sql } from 'kysely'
import type { ProjectTenant } from '../outgoing/delivery/delivery-tables.ts'
import type { AlertDb } from './channels.ts'

/** How a project is called in messages, and whose clock they go by. */
export async function projectWords(
  tx: AlertDb,
  { workspaceId, projectId }: ProjectTenant,
): Promise<{ readonly name: string; readonly timeZone: string }> {
  const { rows } = await sql<{ name: string; time_zone: string }>`select name, time_zone from trueup.project
    where workspace_id = ${workspaceId} and project_id = ${projectId}`.execute(tx)
  return { name: rows[0]?.name || projectId, timeZone: rows[0]?.time_zone ?? 'UTC' }
}

/** Where a person changes who is told what. */
export function settingsLink(publicUrl: string, { projectId }: ProjectTenant): string {
  return `${publicUrl}/projects/${encodeURIComponent(projectId)}/settings/alerts`
}
