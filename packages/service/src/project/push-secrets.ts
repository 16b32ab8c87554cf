import { Secret } from '../secret.ts'
import { ProjectError } from './project-error.ts'
import type { KeptSecret } from './project-secrets.ts'
import { dropSecrets, keepSecret, listSecrets } from './project-secrets.ts'
import type { ProjectService, ProjectTenant } from './project-service.ts'
import { enter, tablesOf } from './project-service.ts'

const field = 'push-secret'
/** So that one can take the place of another without a gap; more would be forgotten ones. */
const mostSecrets = 5

/** The secrets that an app may sign pushes with, the newest first. */
export async function listPushSecrets(
  service: Pick<ProjectService, 'database'>,
  tenant: ProjectTenant,
): Promise<readonly KeptSecret[]> {
  return await listSecrets(service, tenant, { fields: [field] })
}

/**
 * Makes another secret that pushes may be signed with. It is given back this once.
 *
 * @throws ProjectError `too-many-secrets`
 */
export async function addPushSecret(
  service: ProjectService,
  tenant: ProjectTenant,
  by: string,
): Promise<{ readonly id: string; readonly secret: Secret }> {
  const secret = new Secret(`whsec_${Buffer.from(service.randomBytes(32)).toString('base64')}`)
  const id = await tablesOf(service, tenant)
    .transaction()
    .execute(async (tx) => {
      const kept = await tx
        .selectFrom('trueup.project_secret')
        .select('secret_id')
        .where('project_id', '=', tenant.projectId)
        .where('field', '=', field)
        .forUpdate()
        .execute()
      if (kept.length >= mostSecrets) throw tooMany()
      const added = await keepSecret(service, tenant, tx, {
        ...{ field, name: 'push', secret, by },
        label: `whsec_…${secret.reveal().slice(-4)}`,
      })
      await enter(tenant, tx, [entryOf('push-secret-added', added, by, service.clock.now())])
      return added
    })
  return { id, secret }
}

/**
 * Takes a secret away at once: what is signed with it is refused from now on.
 *
 * @throws ProjectError `secret-unknown`
 */
export async function removePushSecret(
  service: ProjectService,
  tenant: ProjectTenant,
  id: string,
  by: string,
): Promise<void> {
  await tablesOf(service, tenant)
    .transaction()
    .execute(async (tx) => {
      if ((await dropSecrets(tenant, tx, { field, id })) === 0) throw unknown()
      await enter(tenant, tx, [entryOf('push-secret-removed', id, by, service.clock.now())])
    })
}

function entryOf(act: 'push-secret-added' | 'push-secret-removed', id: string, by: string, at: Date) {
  return {
    key: `${act}:${id}`,
    act,
    at,
    by,
    about: { source: 'push' },
    facts: { secret: id },
    personal: null,
  }
}

function tooMany(): ProjectError {
  return new ProjectError({
    code: 'too-many-secrets',
    message: `There are ${mostSecrets} secrets for pushes already.`,
    fix: 'Take away one that no app signs with any more.',
  })
}

function unknown(): ProjectError {
  return new ProjectError({
    code: 'secret-unknown',
    message: 'There is no such secret for pushes.',
    fix: 'Look at the list of them.',
  })
}
