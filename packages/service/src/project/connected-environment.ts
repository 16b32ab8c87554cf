import type { AccessSourceConfig } from '../config/project-config.ts'
import type { Environment } from '../environment.ts'
import { listSources } from './list-sources.ts'
import { projectEnvironment, withOwnConnections } from './project-environment.ts'
import { openSecrets } from './project-secrets.ts'
import type { ProjectService, ProjectTenant } from './project-service.ts'
import type { ConnectedSource } from './source.ts'
import { credentialFields } from './source.ts'

/** The environment of a project's own credentials, and its access sources with the connections that they were given. */
export interface ConnectedEnvironment {
  readonly environment: Environment
  readonly access: readonly AccessSourceConfig[]
  readonly sources: readonly ConnectedSource[]
}

/**
 * Takes a project's credentials out, and remembers what for.
 *
 * @throws VaultError
 */
export async function connectedEnvironment(
  service: ProjectService,
  tenant: ProjectTenant,
  given: readonly AccessSourceConfig[],
  usedFor: string,
): Promise<ConnectedEnvironment> {
  const sources = await listSources(service, tenant)
  const settingsOf = (name: string) => sources.find((source) => source.name === name)?.settings ?? null
  const access = withOwnConnections(given, settingsOf)
  const opened = await openSecrets(service, tenant, { fields: credentialFields }, usedFor)
  const environment = projectEnvironment(
    await service.operatorOf(tenant),
    {
      secretOf: (field, name) =>
        opened.find((kept) => kept.field === field && kept.name === name)?.secret ?? null,
      callbackUrl: settingsOf('callback')?.url ?? null,
    },
    access,
  )
  return { environment, access, sources }
}
