import type { AccessKeeping, Sandbox, SandboxOptions } from '@trueup/sandbox'
import { Command, Option } from 'commander'
import { UsageError } from '../usage-error.ts'
import type { CommandContext } from './command-context.ts'
import { parsePort, parseSeed, parseTime, parseWholeNumber } from './parse-options.ts'
import { untilAborted } from './until-aborted.ts'
import { assertWritable, writeNamedFile } from './write-file.ts'

interface SandboxCommandOptions {
  readonly stripePort?: number
  readonly clerkPort?: number
  readonly world: string
  readonly customers?: number
  readonly seed: number
  readonly now?: Date
  readonly rateLimits: boolean
  readonly labels?: string
  readonly access: AccessKeeping
  readonly appSql?: string
}

/** `trueup sandbox`: a Stripe and a Clerk on this machine, until stopped. */
export function sandboxCommand(context: CommandContext): Command {
  return new Command('sandbox')
    .description('run a Stripe and a Clerk offline on 127.0.0.1, with made-up data')
    .option('--stripe-port <port>', 'port of the Stripe side (default: a free one)', parsePort)
    .option('--clerk-port <port>', 'port of the Clerk side (default: a free one)', parsePort)
    .option('--world <world>', 'demo, saas (of any size), clerk-billing, empty, or a JSON file', 'demo')
    .option(
      '--customers <count>',
      'how many customers the world has (default: demo 300, saas 1,000)',
      parseWholeNumber,
    )
    .option('--seed <number>', 'the same seed makes the same world', parseSeed, 1)
    .option('--now <time>', "the world's moment (default: now)", parseTime)
    .option('--rate-limits', "refuse requests beyond the vendors' limits", false)
    .addOption(
      new Option('--access <where>', 'where the app keeps what it grants')
        .choices(['clerk', 'postgres', 'both'])
        .default('clerk'),
    )
    .option('--app-sql <file>', "write the app's own database to this file, as SQL to load with psql")
    .option('--labels <file>', 'write the truth about every planted drift to this file')
    .addHelpText(
      'after',
      '\nPrints one JSON line with addresses, keys, webhook secrets and the matching configuration when ready, and\n' +
        'runs until stopped. Faults on demand: POST /_sandbox/faults on either address.',
    )
    .action(async (options: SandboxCommandOptions) => {
      if (options.labels) await assertWritable(options.labels)
      const keeping = options.world === 'clerk-billing' ? 'postgres' : options.access
      if (options.appSql) await assertAppSql(keeping, options.appSql)
      const sandbox = await start(options)
      try {
        if (options.labels)
          await writeNamedFile(options.labels, `${JSON.stringify(sandbox.labels, null, 2)}\n`)
        if (options.appSql && sandbox.world.app) {
          const { appSql } = await import('@trueup/sandbox')
          await writeNamedFile(options.appSql, [...appSql(sandbox.world.app)].join('\n'))
        }
        const { stripe, clerk, config } = sandbox
        context.terminal.out(`${JSON.stringify({ stripe, clerk, config })}\n`)
        await untilAborted(context.signal)
      } finally {
        await sandbox.close()
      }
    })
}

async function assertAppSql(access: AccessKeeping, file: string): Promise<void> {
  if (access === 'clerk') {
    throw new UsageError({
      code: 'option-invalid',
      message: '--app-sql needs an app with a database of its own; this one keeps access in Clerk alone.',
      fix: 'Add --access postgres or --access both.',
    })
  }
  await assertWritable(file)
}

async function start(options: SandboxCommandOptions): Promise<Sandbox> {
  const { world, seed, rateLimits, customers, now, stripePort, clerkPort, access } = options
  const given: SandboxOptions = {
    world,
    seed,
    rateLimits,
    access,
    ...(customers === undefined ? {} : { customers }),
    ...(now === undefined ? {} : { now }),
    ...(stripePort === undefined ? {} : { stripePort }),
    ...(clerkPort === undefined ? {} : { clerkPort }),
  }
  // Loaded here, since the other commands start twice as fast without it.
  const { startSandbox } = await import('@trueup/sandbox')
  try {
    return await startSandbox(given)
  } catch (error) {
    throw portProblem(error) ?? error
  }
}

/** What a refused port means; `null` for an error that is about something else. */
function portProblem(error: unknown): UsageError | null {
  if (!(error instanceof Error) || !('code' in error) || !('port' in error)) return null
  const isTaken = error.code === 'EADDRINUSE'
  if (!isTaken && error.code !== 'EACCES') return null
  return new UsageError({
    code: 'port-unavailable',
    message: `Port ${error.port} on 127.0.0.1 ${isTaken ? 'is in use by another process' : 'may not be used by this user'}.`,
    fix: 'Name another port, or leave it out to have a free one picked.',
    cause: error,
  })
}
