import { readFile } from 'node:fs/promises'
import { parseTableName, type TableName } from '@trueup/core'
import { Command, InvalidArgumentError } from 'commander'
import { defaultUrlVariable } from '../config/default-url-variable.ts'
import { UsageError } from '../usage-error.ts'
import type { CommandContext } from './command-context.ts'
import { exitCodes } from './exit-code.ts'
import { renderDatabase } from './output/database.ts'
import { unlessAborted } from './unless-aborted.ts'

interface ConnectPostgresOptions {
  readonly urlEnv: string
  readonly ca?: string
  readonly schema?: string
  readonly table?: TableName
  readonly allowWriteRole: boolean
  readonly json?: boolean
}

/** `trueup connect`: looks at a place where the app keeps what it grants, and says how to read it. */
export function connectCommand(context: CommandContext): Command {
  return new Command('connect')
    .description('look at a database and propose how to read it')
    .addCommand(connectPostgresCommand(context))
}

const help = `
The connection string comes from the environment, never from the command line, where
others would see its password:

  $ ACCESS_DATABASE_URL=postgres://… trueup connect postgres

It reads catalogs and at most 200 rows of the tables that may be meant, and changes
nothing. Any role will do for a first look; the SQL that it prints makes one that can
only read. Supabase: take the connection string of the pooler.

Exit status: 0 the database can be read as it is, 2 something is to be done first.`

/** `trueup connect postgres`: what the role can do, how the tables may be mapped, and the SQL for a role that only reads. */
function connectPostgresCommand(context: CommandContext): Command {
  return new Command('postgres')
    .description('look at a Postgres or Supabase database')
    .option(
      '--url-env <name>',
      'the environment variable that holds the connection string',
      defaultUrlVariable,
    )
    .option('--ca <file>', "the certificate of the server's authority, as PEM")
    .option('--schema <name>', 'propose tables of this schema only')
    .option('--table <table>', 'propose this table only, as users or schema.table', parseTable)
    .option('--allow-write-role', 'be content with a role that can write', false)
    .option('--json', 'print what was found as one JSON object')
    .addHelpText('after', help)
    .action(async (options: ConnectPostgresOptions) => {
      const { terminal } = context
      const report = await unlessAborted(context.signal, look(context, options))
      terminal.out(options.json ? `${JSON.stringify(report, null, 2)}\n` : renderDatabase(report, terminal))
      context.exitWith(report.ok ? exitCodes.agrees : exitCodes.couldNotTell)
    })
}

async function look(context: CommandContext, options: ConnectPostgresOptions) {
  const { reportDatabase } = await import('../connect/database-report.ts')
  const { openAppDatabase } = await import('../open-app-database.ts')
  const environment = context.environment()
  const { urlEnv: urlVariable, schema = null, table = null, allowWriteRole } = options
  const url = environment.secretNamed(urlVariable)
  if (!url) throw connectionStringMissing(urlVariable)
  const ca = options.ca === undefined ? null : await readCertificate(options.ca)
  const { connection, target } = openAppDatabase(environment, { name: 'postgres', urlVariable, url, ca })
  try {
    return await reportDatabase(connection, {
      target,
      urlVariable,
      sought: { schema, table },
      allowWriteRole,
    })
  } finally {
    await connection.close()
  }
}

function connectionStringMissing(urlVariable: string): UsageError {
  return new UsageError({
    code: 'environment-missing',
    message: `The environment lacks ${urlVariable}, the connection string of your app's database.`,
    fix: `Set it to postgres://user:password@host:5432/database, or name another variable with --url-env.`,
  })
}

async function readCertificate(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    throw new UsageError({
      code: 'option-invalid',
      message: `The certificate ${file} cannot be read.`,
      fix: 'Name a PEM file with --ca, such as the one that Supabase offers under Database, SSL configuration.',
      cause,
    })
  }
}

function parseTable(text: string): TableName {
  const name = parseTableName(text)
  if (!name)
    throw new InvalidArgumentError('It takes the name of a table, such as users or billing.accounts.')
  return name
}
