import { parseConnectionString } from '../../adapters/postgres/connection/index.ts'
import { plainRoleSql } from '../../adapters/postgres/repair/plain-role-sql.ts'
import {
  repairFunctionSql,
  repairFunctionUninstallSql,
} from '../../adapters/postgres/repair/repair-function-sql.ts'
import { repairTablesOf } from '../../adapters/postgres/repair/repair-tables.ts'
import { newPassword, scramVerifier } from '../../adapters/postgres/role/new-password.ts'
import { roleConnectionString } from '../../adapters/postgres/role/role-connection-string.ts'
import { loadConfig } from '../../config/load-config.ts'
import type { PostgresSourceConfig, ProjectConfig } from '../../config/project-config.ts'
import type { Environment } from '../../environment.ts'
import { repairUrlVariable } from '../../repair-targets.ts'
import type { Secret } from '../../secret.ts'
import { UsageError } from '../../usage-error.ts'
import type { CommandContext } from '../command-context.ts'

export interface SqlOptions {
  readonly config?: string
  readonly source?: string
  readonly role: string
  readonly cap: number
  readonly plain: boolean
  readonly uninstall: boolean
}

/** Prints the SQL, and beside it the connection string of the role that it makes. */
export async function printSql(context: CommandContext, options: SqlOptions): Promise<void> {
  const { terminal } = context
  if (options.uninstall) {
    terminal.out(repairFunctionUninstallSql({ role: options.role }))
    return
  }
  const { config } = await loadConfig(options.config)
  const source = sourceOf(config, options.source)
  const mapped = [source.mappings.user, source.mappings.organization].filter(
    (mapping) => mapping !== undefined,
  )
  const tables = repairTablesOf(mapped, config.catalogue)
  const password = newPassword()
  const policy = { tables, role: options.role, verifier: scramVerifier(password) }
  terminal.out(
    options.plain ? plainRoleSql(policy) : repairFunctionSql({ ...policy, capAnHour: options.cap }),
  )
  const variable = repairUrlVariable(source.urlVariable)
  const string = connectionString(context.environment(), source, options.role, password)
  terminal.err(
    `Where the role ${options.role} is new, repairs connect with:\n  ${variable}=${string}\nThis password is not shown again.\n`,
  )
}

function sourceOf({ access }: ProjectConfig, name: string | undefined): PostgresSourceConfig {
  const databases = access.filter((source) => source.kind === 'postgres')
  const named = name === undefined ? databases : databases.filter((source) => source.name === name)
  const [source, other] = named
  if (source && !other) return source
  const names = databases.map((database) => database.name).join(', ')
  throw new UsageError({
    code: 'option-invalid',
    message: source
      ? `The configuration names several databases: ${names}.`
      : `The configuration names no such database${names === '' ? '' : `; it has ${names}`}.`,
    fix: source ? 'Say which one: --source NAME.' : 'Add a postgres source to access in the configuration.',
  })
}

/** As the string that checks read with, for the other role; where that one is not set, with gaps to fill. */
function connectionString(
  environment: Environment,
  { urlVariable, ca }: PostgresSourceConfig,
  role: string,
  password: Secret,
): string {
  const text = environment.secretNamed(urlVariable)
  const parsed = text ? parseConnectionString(text.reveal(), ca) : null
  if (!parsed?.ok) return `postgres://${role}:${password.reveal()}@HOST:5432/DATABASE`
  return roleConnectionString(parsed.value, role, password)
}
