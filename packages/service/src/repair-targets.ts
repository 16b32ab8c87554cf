import type { Clock, ProjectStore, RepairTarget } from '@trueup/core'
import { createClerkRepairTarget } from './adapters/clerk/repair/clerk-repair-target.ts'
import type { PostgresRepairConnection } from './adapters/postgres/connection/index.ts'
import {
  openPostgresForRepairs,
  ownMachinePolicy,
  parseAddressPolicy,
  parseConnectionString,
} from './adapters/postgres/connection/index.ts'
import { createFunctionTarget } from './adapters/postgres/repair/function-target.ts'
import { createPlainRoleTarget } from './adapters/postgres/repair/plain-role-target.ts'
import { repairTablesOf } from './adapters/postgres/repair/repair-tables.ts'
import { systemHttp, systemRng, systemTimer } from './adapters/system.ts'
import type { ClerkSourceConfig, PostgresSourceConfig, ProjectConfig } from './config/project-config.ts'
import type { Environment } from './environment.ts'
import { UsageError } from './usage-error.ts'

/** The environment variable of the key that repairs write to Clerk with; checks never use it. */
export const clerkRepairKey = 'CLERK_REPAIR_SECRET_KEY'

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
      if (source.kind === 'clerk') {
        const target = openClerkTarget(environment, source, config, project, clock)
        if (target) targets.push(target)
      } else if (source.kind === 'postgres') {
        const connection = connectForRepairs(environment, source)
        if (!connection) continue
        connections.push(connection)
        targets.push(await openPostgresTarget(source, connection, config, project, clock))
      }
    }
    return { targets, close }
  } catch (error) {
    await close()
    throw error
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
  const addresses = parseAddressPolicy(
    {
      privateHosts: environment.secretNamed('TRUEUP_ALLOW_PRIVATE_HOSTS')?.reveal() ?? null,
      ports: environment.secretNamed('TRUEUP_ALLOW_DATABASE_PORTS')?.reveal() ?? null,
    },
    ownMachinePolicy,
  )
  if (!addresses.ok) throw refusedIn('TRUEUP_ALLOW_PRIVATE_HOSTS', addresses.refusal)
  return openPostgresForRepairs(parsed.value, { ...ports, source: name, addresses: addresses.value })
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

/** Whether the owner of the database installed the functions, and this role may see them. */
async function hasRepairFunctions(connection: PostgresRepairConnection): Promise<boolean> {
  const [row] = await connection.read<{ readonly installed: boolean }>(
    "select to_regnamespace('trueup_repair') is not null as installed",
  )
  return row?.installed === true
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
