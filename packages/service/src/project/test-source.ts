import { SourceError } from '@trueup/core'
import type { Secret } from '../secret.ts'
import { toJson } from '../store/json-codec.ts'
import { knownOf, requireSource } from './connect-source.ts'
import type { Credential } from './credential.ts'
import { ProjectError } from './project-error.ts'
import { openSecrets } from './project-secrets.ts'
import type { ProjectService, ProjectTenant } from './project-service.ts'
import { tablesOf } from './project-service.ts'
import type { ConnectedSource } from './source.ts'
import { fieldOf } from './source.ts'
import type { SourceFailure } from './tables.ts'
import { tryCredential } from './try-credential.ts'

/**
 * Tries the credential that is kept, once more, and keeps what came of it. What is wrong stands in the answer.
 *
 * @throws ProjectError `source-unknown`; VaultError
 */
export async function testSource(
  service: ProjectService,
  tenant: ProjectTenant,
  name: string,
): Promise<ConnectedSource> {
  const source = await requireSource(service, tenant, name)
  const field = fieldOf[source.kind]
  const [kept] = await openSecrets(service, tenant, { fields: [field], name }, 'test')
  if (!kept) throw new Error(`The source ${name} has no credential.`)
  const known = await knownOf(service, tenant)
  const operator = await service.operatorOf(tenant)
  const outcome = await outcomeOf(() => tryCredential(operator, credentialOf(source, kept.secret), known))
  await tablesOf(service, tenant)
    .updateTable('trueup.project_source')
    .set({
      tested_at: service.clock.now(),
      findings: toJson(outcome.findings ?? source.findings),
      failure: outcome.failure === null ? null : toJson(outcome.failure),
      ...(outcome.place === null ? {} : { place: outcome.place }),
    })
    .where('workspace_id', '=', tenant.workspaceId)
    .where('project_id', '=', tenant.projectId)
    .where('name', '=', name)
    .execute()
  return await requireSource(service, tenant, name)
}

async function outcomeOf(attempt: () => ReturnType<typeof tryCredential>) {
  try {
    const { findings, place } = await attempt()
    return { findings, place, failure: null }
  } catch (error) {
    if (!(error instanceof SourceError || error instanceof ProjectError)) throw error
    const { code, message, fix } = error
    const failure: SourceFailure = { code, message, fix }
    const findings = error instanceof ProjectError && error.findings.length > 0 ? error.findings : null
    return { findings, place: null, failure }
  }
}

function credentialOf({ kind, name, settings }: ConnectedSource, secret: Secret): Credential {
  switch (kind) {
    case 'stripe':
    case 'clerk':
    case 'clerk-repairs':
      return { kind, key: secret }
    case 'postgres': {
      const { ca, allowWriteRole } = settings
      return { kind, source: name, url: secret, ca, allowWriteRole }
    }
    case 'postgres-repairs':
      return { kind, source: name.replace(/^repair:/, ''), url: secret }
    case 'callback':
      return { kind, url: settings.url ?? '', secret }
  }
}
