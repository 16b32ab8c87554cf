import type { Clock, ProjectStore, RepairTarget } from '@trueup/core'
import { createCallbackTarget } from './adapters/callback/callback-target.ts'
import { createClerkRepairTarget } from './adapters/clerk/repair/clerk-repair-target.ts'
import type { AddressPolicy, PostgresRepairConnection } from './adapters/postgres/connection/index.ts'
import {
  openPostgresForRepairs,
  ownMachinePolicy,
  parseAddressPolicy,
  parseConnectionString,
} from './adapters/postgres/connection/index.ts'
import { createFunctionTarget } from './adapters/postgres/repair/function-target.ts'
import { createPlainRoleTarget } from './adapters/postgres/repair/plain-role-target.ts'
import { repairTablesOf } from './adapters/postgres/repair/repair-tables.ts'
import { hasRepairFunctions } from './adapters/postgres/repair/test-connection.ts'
import { systemHttp, systemRng, systemTimer } from './adapters/system.ts'
import type {
  AccessSourceConfig,
  ClerkSourceConfig,
  PostgresSourceConfig,
  ProjectConfig,
} from './config/project-config.ts'
import type { Environment } from './environment.ts'
import { UsageError } from './usage-error.ts'

/** The environment variable of the key that repairs write to Clerk with; checks never use it. */
export const clerkRepairKey = 'CLERK_REPAIR_SECRET_KEY'
/** Where an app that makes repairs itself is asked to, and the secret that the calls are signed with. */
export const callbackUrl = 'REPAIR_CALLBACK_URL'
export const callbackSecret = 'REPAIR_CALLBACK_SECRET'

const ports = { timer: systemTimer, rng: systemRng, http: systemHttp }

/** What may be written to, and the end of the connections that it holds. */
export interface OpenedTargets {
  readonly targets: readonly RepairTarget[]
  close(): Promise<void>
}

/**
 * Opens what repairs may be written to: for each access source the one whose credentials stand in the environment,
 * apart from those that checks read with. A source without any has no target, and its repairs are steps for a person.
 *
 * - Postgres: a connection string under {@link repairUrlVariable}. Where the repair functions are installed they are
 *   used; else the role has to have UPDATE on the mapped columns.
 * - Clerk: a key of its own in `CLERK_REPAIR_SECRET_KEY`.
 * - Both: without credentials of its own a source is written to by the app itself, where `REPAIR_CALLBACK_URL` and
 *   `REPAIR_CALLBACK_SECRET` say how to ask it.
 *
 * @throws UsageError when a connection string cannot be read; SourceError when a key cannot be one, or a database
 *   cannot be reached
 */
export async function openRepairTargets(
  environment: Environment,
  config: Pick<ProjectConfig, 'access' | 'catalogue'>,
  project: ProjectStore,
  clock: Clock,
): Promise<OpenedTargets> {
  const targets: RepairTarget[] = []
  const connections: PostgresRepairConnection[] = []
  const close = async () => {
    await Promise.all(connections.map((connection) => connection.close()))
  }
  try {
    for (const source of config.access) {
      const target = await openTarget(source)
      if (target) targets.push(target)
    }
    return { targets, close }
  } catch (error) {
    await close()
    throw error
  }

  async function openTarget(source: AccessSourceConfig): Promise<RepairTarget | null> {
    switch (source.kind) {
      case 'clerk':
        return (
          openClerkTarget(environment, source, config, project, clock) ??
          openCallbackTarget(environment, source, clock)
        )
      case 'postgres': {
        const connection = connectForRepairs(environment, source)
        if (!connection) return openCallbackTarget(environment, source, clock)
        connections.push(connection)
        return await openPostgresTarget(source, connection, config, project, clock)
      }
      // What an app pushes is a copy; the records themselves are its own affair.
      case 'pushed':
        return null
    }
  }
}

/**
 * The environment variable that holds the connection string for repairs of a source.
 *
 * @example
 * repairUrlVariable('ACCESS_DATABASE_URL') // 'ACCESS_REPAIR_DATABASE_URL'
 * repairUrlVariable('APP_DB')              // 'APP_DB_REPAIR'
 */
export function repairUrlVariable(urlVariable: string): string {
  const ending = 'DATABASE_URL'
  return urlVariable.endsWith(ending)
    ? `${urlVariable.slice(0, -ending.length)}REPAIR_${ending}`
    : `${urlVariable}_REPAIR`
}

function openClerkTarget(
  environment: Environment,
  { name, mappings }: ClerkSourceConfig,
  { catalogue }: Pick<ProjectConfig, 'catalogue'>,
  project: ProjectStore,
  clock: Clock,
): RepairTarget | null {
  const key = environment.secretNamed(clerkRepairKey)
  if (!key) return null
  return createClerkRepairTarget({
    ...ports,
    clock,
    source: name,
    key,
    apiUrl: environment.clerkApiUrl,
    mappings,
    catalogue,
    countApplied: (container, field, since) => project.countWritten(name, container, field, since),
  })
}

function connectForRepairs(
  environment: Environment,
  { name, urlVariable, ca }: PostgresSourceConfig,
): PostgresRepairConnection | null {
  const variable = repairUrlVariable(urlVariable)
  const text = environment.secretNamed(variable)
  if (!text) return null
  const parsed = parseConnectionString(text.reveal(), ca)
  if (!parsed.ok) throw refusedIn(variable, parsed.refusal)
  return openPostgresForRepairs(parsed.value, { ...ports, source: name, addresses: addressesOf(environment) })
}

function openCallbackTarget(
  environment: Environment,
  { name }: AccessSourceConfig,
  clock: Clock,
): RepairTarget | null {
  const url = environment.secretNamed(callbackUrl)
  if (!url) return null
  const secret = environment.secretNamed(callbackSecret)
  if (!secret) {
    throw new UsageError({
      code: 'environment-missing',
      message: `${callbackUrl} is set and ${callbackSecret} is not.`,
      fix: 'Set both: the app knows by the secret that a call is from here.',
    })
  }
  return createCallbackTarget({
    source: name,
    url: url.reveal(),
    secret,
    addresses: addressesOf(environment),
    clock,
    timer: systemTimer,
  })
}

/** Where connections may go: what the operator says, else anywhere, since this machine is the operator's own. */
function addressesOf(environment: Environment): AddressPolicy {
  const said = (variable: string) => environment.secretNamed(variable)?.reveal() ?? null
  const addresses = parseAddressPolicy(
    { privateHosts: said('TRUEUP_ALLOW_PRIVATE_HOSTS'), ports: said('TRUEUP_ALLOW_DATABASE_PORTS') },
    ownMachinePolicy,
  )
  if (!addresses.ok) throw refusedIn('TRUEUP_ALLOW_PRIVATE_HOSTS', addresses.refusal)
  return addresses.value
}

async function openPostgresTarget(
  { name, mappings }: PostgresSourceConfig,
  connection: PostgresRepairConnection,
  { catalogue }: Pick<ProjectConfig, 'catalogue'>,
  project: ProjectStore,
  clock: Clock,
): Promise<RepairTarget> {
  if (await hasRepairFunctions(connection)) return createFunctionTarget({ source: name, connection })
  const mapped = [mappings.user, mappings.organization].filter((mapping) => mapping !== undefined)
  return createPlainRoleTarget({
    source: name,
    connection,
    tables: repairTablesOf(mapped, catalogue),
    clock,
    countApplied: (container, field, since) => project.countWritten(name, container, field, since),
  })
}

function refusedIn(
  variable: string,
  { found, needed, fix }: { readonly found: string; readonly needed: string; readonly fix: string },
): UsageError {
  return new UsageError({
    code: 'option-invalid',
    message: `${variable} cannot be used: ${found}, needed is ${needed}.`,
    fix,
  })
}
