import { Command, InvalidArgumentError } from 'commander'
import { parseConnectionString } from '../../adapters/postgres/connection/index.ts'
import { plainRoleSql } from '../../adapters/postgres/repair/plain-role-sql.ts'
import { isRoleName } from '../../adapters/postgres/repair/quote.ts'
import {
  repairFunctionSql,
  repairFunctionUninstallSql,
} from '../../adapters/postgres/repair/repair-function-sql.ts'
import { defaultCapAnHour, defaultRepairRole } from '../../adapters/postgres/repair/repair-policy.ts'
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

interface SqlOptions {
  readonly config?: string
  readonly source?: string
  readonly role: string
  readonly cap: number
  readonly plain: boolean
  readonly uninstall: boolean
}

const help = `
Nothing is sent anywhere: the owner of the database reads the SQL and runs it. It can be
run again after the mapping has changed; what was written before stays in its journal.

  trueup repair sql > repairs.sql && psql --file repairs.sql`

/** `trueup repair sql`: prints what the owner of an app's database runs to let single rows be repaired. */
export const sqlCommand = (context: CommandContext) =>
  new Command('sql')
    .description("print the SQL that lets rows of the app's database be repaired, within its own limits")
    .option('-c, --config <file>', 'the configuration (default: trueup.config.ts in this folder)')
    .option('--source <name>', 'which access source, where there are several databases')
    .option('--role <name>', 'the role that repairs log in as', roleName, defaultRepairRole)
    .option('--cap <writes>', 'writes an hour and column, at first', wholeNumber, defaultCapAnHour)
    .option(
      '--plain',
      'a role with UPDATE on the columns, without the function, its journal and its cap',
      false,
    )
    .option('--uninstall', 'the SQL that takes the function, its journal and its roles away', false)
    .addHelpText('after', help)
    .action(async (options: SqlOptions) => {
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
    })

function roleName(text: string): string {
  if (isRoleName(text)) return text
  throw new InvalidArgumentError('It takes letters, digits, _ and -, at most 57 in all.')
}

function wholeNumber(text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('A whole number is needed.')
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
