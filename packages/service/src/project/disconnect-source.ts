import { closeEndpoint } from '../inbox/endpoint-secrets.ts'
import { requireSource } from './connect-source.ts'
import { dropSecrets } from './project-secrets.ts'
import type { ProjectService, ProjectTenant } from './project-service.ts'
import { enter, lockProject, tablesOf } from './project-service.ts'
import { fieldOf } from './source.ts'

/**
 * Takes a credential away for good, and closes the address for webhooks of its vendor. Checks that need it say so from
 * then on; nothing that they found before is lost.
 *
 * @throws ProjectError `source-unknown`
 */
export async function disconnectSource(
  service: ProjectService,
  tenant: ProjectTenant,
  name: string,
  { by }: { readonly by: string },
): Promise<void> {
  const { kind, place, connectedAt } = await requireSource(service, tenant, name)
  const now = service.clock.now()
  await tablesOf(service, tenant)
    .transaction()
    .execute(async (tx) => {
      await lockProject(tenant, tx)
      await dropSecrets(tenant, tx, { field: fieldOf[kind], name })
      await tx
        .deleteFrom('trueup.project_source')
        .where('workspace_id', '=', tenant.workspaceId)
        .where('project_id', '=', tenant.projectId)
        .where('name', '=', name)
        .execute()
      if (kind === 'stripe' || kind === 'clerk') await closeEndpoint(tx, tenant, kind)
      await enter(tenant, tx, [
        {
          key: `source-disconnected:${name}:${connectedAt.toISOString()}`,
          act: 'source-disconnected',
          at: now,
          by,
          about: { source: name },
          facts: { kind, place },
          personal: null,
        },
      ])
    })
}
