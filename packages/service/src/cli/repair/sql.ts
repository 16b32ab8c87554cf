import { Command, InvalidArgumentError } from 'commander'
import { isRoleName } from '../../adapters/postgres/repair/quote.ts'
import { defaultCapAnHour, defaultRepairRole } from '../../adapters/postgres/repair/repair-policy.ts'
import type { CommandContext } from '../command-context.ts'
import type { SqlOptions } from './print-sql.ts'

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
      const { printSql } = await import('./print-sql.ts')
      await printSql(context, options)
    })

function roleName(text: string): string {
  if (isRoleName(text)) return text
  throw new InvalidArgumentError('It takes letters, digits, _ and -, at most 57 in all.')
}

function wholeNumber(text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('A whole number is needed.')
}
