import { newId } from '../new-id.ts'
import type { Secret } from '../secret.ts'
import type { SealedPlace } from '../vault/sealed-text.ts'
import type {
  ProjectService,
  ProjectStatements,
  ProjectTenant,
  ProjectTransaction,
} from './project-service.ts'
import { tablesOf } from './project-service.ts'
import type { SecretField } from './secret-field.ts'

/** Which secrets: all of some kinds, those of one source, or both. */
export interface SecretsWanted {
  readonly fields?: readonly SecretField[]
  readonly name?: string
}

/** A secret as it may be shown. */
export interface KeptSecret {
  readonly id: string
  readonly field: SecretField
  readonly name: string
  readonly label: string
  readonly madeAt: Date
  readonly madeBy: string
  readonly lastUsedAt: Date | null
  readonly lastUsedFor: string | null
  readonly uses: number
}

/** Seals a secret beside those that are there already. Gives its id. */
export async function keepSecret(
  { vault, clock, randomBytes }: ProjectService,
  tenant: ProjectTenant,
  tx: ProjectTransaction,
  kept: {
    readonly field: SecretField
    readonly name: string
    readonly secret: Secret
    /** What is shown of it. Default: its prefix and last four characters. */
    readonly label?: string
    readonly by: string
  },
): Promise<string> {
  const { field, name, secret, by } = kept
  const id = newId('sec', randomBytes)
  const sealed = await vault.seal(secret, placeOf(tenant, { id, field, name }), tx)
  await tx
    .insertInto('trueup.project_secret')
    .values({
      workspace_id: tenant.workspaceId,
      project_id: tenant.projectId,
      secret_id: id,
      field,
      name,
      sealed,
      label: kept.label ?? secret.label(),
      made_at: clock.now(),
      made_by: by,
    })
    .execute()
  return id
}

/** Takes away, for good, the secrets of this kind, or the one with this id. Gives how many those were. */
export async function dropSecrets(
  tenant: ProjectTenant,
  tx: ProjectStatements,
  wanted: { readonly field: SecretField; readonly name?: string; readonly id?: string },
): Promise<number> {
  let query = tx
    .deleteFrom('trueup.project_secret')
    .where('workspace_id', '=', tenant.workspaceId)
    .where('project_id', '=', tenant.projectId)
    .where('field', '=', wanted.field)
  if (wanted.name !== undefined) query = query.where('name', '=', wanted.name)
  if (wanted.id !== undefined) query = query.where('secret_id', '=', wanted.id)
  const { numDeletedRows } = await query.executeTakeFirst()
  return Number(numDeletedRows)
}

/** What a project has secrets of, without the secrets; the newest first. */
export async function listSecrets(
  service: Pick<ProjectService, 'database'>,
  tenant: ProjectTenant,
  wanted: SecretsWanted = {},
): Promise<readonly KeptSecret[]> {
  let query = tablesOf(service, tenant)
    .selectFrom('trueup.project_secret')
    .select([
      'secret_id as id',
      'field',
      'name',
      'label',
      'made_at as madeAt',
      'made_by as madeBy',
      'last_used_at as lastUsedAt',
      'last_used_for as lastUsedFor',
      'uses',
    ])
    .where('workspace_id', '=', tenant.workspaceId)
    .where('project_id', '=', tenant.projectId)
  if (wanted.fields !== undefined) query = query.where('field', 'in', wanted.fields)
  if (wanted.name !== undefined) query = query.where('name', '=', wanted.name)
  return await query.orderBy('made_at', 'desc').orderBy('secret_id').execute()
}

/**
 * Takes secrets out, the newest first, and remembers what for.
 *
 * @param usedFor a few fixed words, such as `check` or `test`
 * @throws VaultError
 */
export async function openSecrets(
  service: Pick<ProjectService, 'database' | 'vault' | 'uses'>,
  tenant: ProjectTenant,
  wanted: SecretsWanted,
  usedFor: string,
): Promise<
  readonly {
    readonly id: string
    readonly field: SecretField
    readonly name: string
    readonly secret: Secret
  }[]
> {
  let query = tablesOf(service, tenant)
    .selectFrom('trueup.project_secret')
    .select(['secret_id as id', 'field', 'name', 'sealed'])
    .where('workspace_id', '=', tenant.workspaceId)
    .where('project_id', '=', tenant.projectId)
  if (wanted.fields !== undefined) query = query.where('field', 'in', wanted.fields)
  if (wanted.name !== undefined) query = query.where('name', '=', wanted.name)
  const rows = await query.orderBy('made_at', 'desc').orderBy('secret_id').execute()
  await service.uses.note(tenant, rows, usedFor)
  return await Promise.all(
    rows.map(async ({ id, field, name, sealed }) => ({
      id,
      field,
      name,
      secret: await service.vault.open(sealed, placeOf(tenant, { id, field, name })),
    })),
  )
}

function placeOf(
  { workspaceId, projectId }: ProjectTenant,
  { id, field, name }: { readonly id: string; readonly field: SecretField; readonly name: string },
): SealedPlace {
  return { workspaceId, projectId, field: 'project-secret', row: [field, name, id] }
}
