import type { ProjectService, ProjectTenant } from './project-service.ts'
import { tablesOf } from './project-service.ts'
import type { ConnectedSource } from './source.ts'
import { credentialFields } from './source.ts'

/** What a project is connected to, in the order of the names. No credential is among it. */
export async function listSources(
  service: Pick<ProjectService, 'database'>,
  tenant: ProjectTenant,
): Promise<readonly ConnectedSource[]> {
  const rows = await tablesOf(service, tenant)
    .selectFrom('trueup.project_source as source')
    .leftJoin('trueup.project_secret as secret', (join) =>
      join
        .onRef('secret.workspace_id', '=', 'source.workspace_id')
        .onRef('secret.project_id', '=', 'source.project_id')
        .onRef('secret.name', '=', 'source.name')
        .on('secret.field', 'in', credentialFields),
    )
    .select([
      'source.name',
      'source.kind',
      'secret.label',
      'source.place',
      'source.is_live as isLive',
      'source.settings',
      'source.connected_at as connectedAt',
      'source.connected_by as connectedBy',
      'source.tested_at as testedAt',
      'source.findings',
      'source.failure',
      'secret.last_used_at as lastUsedAt',
      'secret.last_used_for as lastUsedFor',
      'secret.uses',
    ])
    .where('source.workspace_id', '=', tenant.workspaceId)
    .where('source.project_id', '=', tenant.projectId)
    .orderBy('source.name')
    .execute()
  return rows.map((row) => ({ ...row, label: row.label ?? '', uses: row.uses ?? 0 }))
}
