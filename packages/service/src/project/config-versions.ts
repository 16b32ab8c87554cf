import type { JsonValue, LedgerAct, LedgerDraft } from '@trueup/core'
import { fingerprintOf } from '../config/fingerprint.ts'
import { parseConfig } from '../config/parse-config.ts'
import type { ProjectConfig } from '../config/project-config.ts'
import { tidyRepairs } from '../repair/tidy-repairs.ts'
import { openProjectStore } from '../store/index.ts'
import { toJson } from '../store/json-codec.ts'
import type { ConfigDifference } from './config-diff.ts'
import { diffConfigs } from './config-diff.ts'
import { ProjectError } from './project-error.ts'
import type { ProjectService, ProjectTenant } from './project-service.ts'
import { enter, lockProject, tablesOf } from './project-service.ts'

/** A version of a project's configuration: the same document as `trueup.config.ts`, as JSON. */
export interface ConfigVersion {
  /** From 1. */
  readonly version: number
  readonly document: JsonValue
  /** Equal for versions that mean the same. */
  readonly fingerprint: string
  readonly author: string
  readonly note: string | null
  readonly madeAt: Date
  /** The version that was brought back. */
  readonly revertsTo: number | null
}

export interface PutConfigOptions {
  /** The version that the change was made on; 0: there was none. */
  readonly expectedVersion: number
  readonly by: string
  readonly note?: string | null
}

/**
 * Makes a document the project's configuration from now on. Approvals of repairs that were given under another meaning
 * are void. A document that says the same as the one that holds makes no version.
 *
 * @throws ConfigError `config-invalid` with all that is wrong; ProjectError `config-version-conflict` where somebody
 *   changed it meanwhile
 *
 * @example
 * const { version } = await putConfig(service, tenant, document, { expectedVersion: 3, by: 'ada@example.com' })
 */
export async function putConfig(
  service: ProjectService,
  tenant: ProjectTenant,
  document: unknown,
  options: PutConfigOptions,
): Promise<ConfigVersion> {
  return await keepVersion(service, tenant, document, { ...options, revertsTo: null })
}

/**
 * Brings an earlier version back, as a new one.
 *
 * @throws ProjectError `config-missing`, `config-version-conflict`; ConfigError where this version of Trueup no longer
 *   takes it
 */
export async function revertConfig(
  service: ProjectService,
  tenant: ProjectTenant,
  version: number,
  options: PutConfigOptions,
): Promise<ConfigVersion> {
  const { document } = await requireConfigVersion(service, tenant, version)
  return await keepVersion(service, tenant, document, { ...options, revertsTo: version })
}

/** The version of this number, or the one that holds; `null`: there is none. */
export async function readConfigVersion(
  service: Pick<ProjectService, 'database'>,
  tenant: ProjectTenant,
  version?: number,
): Promise<ConfigVersion | null> {
  let query = tablesOf(service, tenant)
    .selectFrom('trueup.project_config')
    .select(columns)
    .where('workspace_id', '=', tenant.workspaceId)
    .where('project_id', '=', tenant.projectId)
  if (version !== undefined) query = query.where('version', '=', version)
  const row = await query.orderBy('version', 'desc').limit(1).executeTakeFirst()
  // A column holds what was written to it, which was JSON.
  return row ? { ...row, document: row.document as JsonValue } : null
}

/** @throws ProjectError `config-missing` */
export async function requireConfigVersion(
  service: Pick<ProjectService, 'database'>,
  tenant: ProjectTenant,
  version?: number,
): Promise<ConfigVersion> {
  const found = await readConfigVersion(service, tenant, version)
  if (found) return found
  throw new ProjectError({
    code: 'config-missing',
    message:
      version === undefined
        ? 'The project has no configuration yet.'
        : `The configuration has no version ${version}.`,
    fix: version === undefined ? 'Map plans and access first.' : 'Look at the list of its versions.',
  })
}

/** Versions without their documents, the newest first. */
export async function listConfigVersions(
  service: Pick<ProjectService, 'database'>,
  tenant: ProjectTenant,
  { before, limit }: { readonly before?: number; readonly limit: number },
): Promise<readonly Omit<ConfigVersion, 'document'>[]> {
  const { document: _, ...shown } = columnsByName
  let query = tablesOf(service, tenant)
    .selectFrom('trueup.project_config')
    .select(Object.values(shown))
    .where('workspace_id', '=', tenant.workspaceId)
    .where('project_id', '=', tenant.projectId)
  if (before !== undefined) query = query.where('version', '<', before)
  return await query.orderBy('version', 'desc').limit(limit).execute()
}

/** What differs from one version to another; `from` 0: everything. @throws ProjectError `config-missing` */
export async function diffVersions(
  service: Pick<ProjectService, 'database'>,
  tenant: ProjectTenant,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<readonly ConfigDifference[]> {
  const before = from === 0 ? {} : (await requireConfigVersion(service, tenant, from)).document
  const { document: after } = await requireConfigVersion(service, tenant, to)
  return diffConfigs(before, after)
}

const columnsByName = {
  version: 'version',
  document: 'document',
  fingerprint: 'fingerprint',
  author: 'author',
  note: 'note',
  madeAt: 'made_at as madeAt',
  revertsTo: 'reverts_to as revertsTo',
} as const
const columns = Object.values(columnsByName)

async function keepVersion(
  service: ProjectService,
  tenant: ProjectTenant,
  given: unknown,
  { expectedVersion, by, note = null, revertsTo }: PutConfigOptions & { readonly revertsTo: number | null },
): Promise<ConfigVersion> {
  const document = asJson(given)
  const config = parseConfig(document)
  const now = service.clock.now()
  const kept = await tablesOf(service, tenant)
    .transaction()
    .execute(async (tx) => {
      // One change at a time: whoever comes second finds the version of the first.
      await lockProject(tenant, tx)
      const current = await tx
        .selectFrom('trueup.project_config')
        .select(columns)
        .where('workspace_id', '=', tenant.workspaceId)
        .where('project_id', '=', tenant.projectId)
        .orderBy('version', 'desc')
        .limit(1)
        .executeTakeFirst()
      if ((current?.version ?? 0) !== expectedVersion) throw conflict(expectedVersion, current ?? null)
      const before = (current?.document ?? {}) as JsonValue
      const differences = diffConfigs(before, document)
      if (current && differences.length === 0) return { ...current, document: before }
      const version: ConfigVersion = {
        version: expectedVersion + 1,
        document,
        fingerprint: config.fingerprint,
        author: by,
        note,
        madeAt: now,
        revertsTo,
      }
      await tx
        .insertInto('trueup.project_config')
        .values({
          workspace_id: tenant.workspaceId,
          project_id: tenant.projectId,
          version: version.version,
          document: toJson(document),
          fingerprint: version.fingerprint,
          author: by,
          note,
          made_at: now,
          reverts_to: revertsTo,
        })
        .execute()
      await enter(tenant, tx, draftsOf(version, differences))
      return version
    })
  await voidApprovals(service, tenant, config)
  return kept
}

/** Ends what was proposed and approved under a configuration of another meaning. */
async function voidApprovals(
  service: ProjectService,
  tenant: ProjectTenant,
  config: ProjectConfig,
): Promise<void> {
  const project = openProjectStore(service.database, tenant)
  await tidyRepairs({ project, clock: service.clock, config })
}

const parts: readonly { readonly act: LedgerAct; readonly keys: readonly string[] }[] = [
  { act: 'mapping-changed', keys: ['access', 'match', 'billing'] },
  { act: 'catalogue-changed', keys: ['catalogue'] },
  { act: 'policy-changed', keys: ['policy', 'exceptions'] },
]

/** An entry for each part that changed. Exceptions name people, so what of them changed stands in the version alone. */
function draftsOf(
  { version, fingerprint, author, madeAt, revertsTo, document }: ConfigVersion,
  differences: readonly ConfigDifference[],
): readonly LedgerDraft[] {
  const partOf = (path: string) => /^[^.[]*/.exec(path)?.[0] ?? ''
  const changed = parts.filter(({ keys }) => differences.some(({ path }) => keys.includes(partOf(path))))
  return changed.map(({ act, keys }) => {
    const paths = differences.map(({ path }) => path).filter((path) => keys.includes(partOf(path)))
    return {
      key: `${act}:${version}`,
      act,
      at: madeAt,
      by: author,
      about: {},
      facts: {
        version,
        revertsTo,
        fingerprint,
        documentHash: fingerprintOf(document),
        changed: [...new Set(paths.map((path) => (partOf(path) === 'exceptions' ? 'exceptions' : path)))],
      },
      personal: null,
    }
  })
}

/** A copy that is JSON and nothing else, whatever was handed over. */
function asJson(given: unknown): JsonValue {
  return JSON.parse(JSON.stringify(given) ?? 'null') as JsonValue
}

function conflict(
  expected: number,
  current: { readonly version: number; readonly author: string } | null,
): ProjectError {
  return new ProjectError({
    code: 'config-version-conflict',
    message: current
      ? `The configuration is at version ${current.version}, by ${current.author}; the change was made on version ${expected}.`
      : `The project has no configuration yet; the change was made on version ${expected}.`,
    fix: 'Look at what changed meanwhile, and make the change on that.',
  })
}
