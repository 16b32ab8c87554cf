import { nameList } from '@trueup/core'
import { parseConfig } from '../config/parse-config.ts'
import type { ProjectConfig } from '../config/project-config.ts'
import type { Environment } from '../environment.ts'
import type { OpenedProject } from '../main.ts'
import { assembleProject } from '../main.ts'
import type { OpenedRepairs } from '../repair/open-repairs.ts'
import { storeClock } from '../repair/store-clock.ts'
import { openRepairTargets } from '../repair-targets.ts'
import { openProjectStore } from '../store/index.ts'
import { requireConfigVersion } from './config-versions.ts'
import { connectedEnvironment } from './connected-environment.ts'
import { ProjectError } from './project-error.ts'
import type { ProjectService, ProjectTenant } from './project-service.ts'
import { allowsSecretKey } from './try-credential.ts'

export interface OpenServiceProjectOptions {
  /** What the credentials are taken out for, as it is remembered: `check`, `single check`, `repair`. */
  readonly usedFor: string
  /** Read tables that are no longer what they were at the last check. */
  readonly acceptChanges?: boolean
}

/**
 * Opens a project of the service: its configuration as it holds now, and its sources with the credentials that it was
 * connected with. Close it when the work is done; what is changed meanwhile is seen by whoever opens it next.
 *
 * @throws ProjectError `config-missing`, `source-not-connected`; VaultError; SourceError; StoreError
 */
export async function openServiceProject(
  service: ProjectService,
  tenant: ProjectTenant,
  options: OpenServiceProjectOptions,
): Promise<OpenedProject> {
  const { environment, config } = await readProject(service, tenant, options.usedFor)
  return await assemble(service, tenant, { environment, config, options })
}

/** The same, with what its repairs may be written to. */
export async function openServiceRepairs(
  service: ProjectService,
  tenant: ProjectTenant,
  options: OpenServiceProjectOptions,
): Promise<OpenedRepairs> {
  const { environment, config } = await readProject(service, tenant, options.usedFor)
  const opened = await assemble(service, tenant, { environment, config, options })
  try {
    const clock = await storeClock(opened.project, opened.clock)
    const { targets, close } = await openRepairTargets(environment, config, opened.project, clock)
    return {
      ...opened,
      clock,
      targets,
      reached: async () => {},
      close: async () => {
        await close()
        await opened.close()
      },
    }
  } catch (error) {
    await opened.close()
    throw error
  }
}

async function assemble(
  service: ProjectService,
  tenant: ProjectTenant,
  {
    environment,
    config,
    options,
  }: {
    readonly environment: Environment
    readonly config: ProjectConfig
    readonly options: OpenServiceProjectOptions
  },
): Promise<OpenedProject> {
  const project = openProjectStore(service.database, tenant)
  const records = { project, ledger: service.ledgerOf(project), close: async () => {} }
  const { acceptChanges = false } = options
  return await assembleProject(
    environment,
    config,
    { allowSecretKey: allowsSecretKey(service.operator), acceptChanges },
    records,
  )
}

/** The configuration as it holds, with an environment of the project's own credentials. */
async function readProject(service: ProjectService, tenant: ProjectTenant, usedFor: string) {
  const { document } = await requireConfigVersion(service, tenant)
  const config = parseConfig(document)
  const { environment, access, sources } = await connectedEnvironment(service, tenant, config.access, usedFor)
  assertConnected(
    { billing: config.billing, access },
    sources.map(({ name }) => name),
  )
  return { environment, config: { ...config, access } }
}

/** @throws ProjectError `source-not-connected`, with all that are missing */
export function assertConnected(
  { billing, access }: Pick<ProjectConfig, 'billing' | 'access'>,
  connected: readonly string[],
): void {
  // Clerk Billing is read with the key of Clerk.
  const ofBilling = billing.kind === 'stripe' ? 'stripe' : 'clerk'
  const wanted = [ofBilling, ...access.flatMap(({ kind, name }) => (kind === 'pushed' ? [] : [name]))]
  const missing = [...new Set(wanted)].filter((name) => !connected.includes(name))
  if (missing.length === 0) return
  throw new ProjectError({
    code: 'source-not-connected',
    message: `The project is not connected to ${nameList(missing)}, which its configuration reads.`,
    fix: 'Connect it, or take it out of the configuration.',
  })
}
