import { Command, CommanderError } from 'commander'
import { readEnvironment } from '../environment.ts'
import { UsageError } from '../usage-error.ts'
import type { CommandContext } from './command-context.ts'
import { exitCodes } from './exit-code.ts'
import { printError } from './print-error.ts'
import { processTerminal } from './terminal.ts'
import { version } from './version.ts'

/**
 * Every command, by its name and in the order of the help. A command's file holds its options alone; what it does is
 * loaded when it is done, so that no command waits for what it does not use.
 */
const commands: Readonly<Record<string, () => Promise<(context: CommandContext) => Command>>> = {
  demo: async () => (await import('./demo-command.ts')).demoCommand,
  check: async () => (await import('./check-command.ts')).checkCommand,
  serve: async () => (await import('./serve-command.ts')).serveCommand,
  init: async () => (await import('./init-command.ts')).initCommand,
  connect: async () => (await import('./connect-command.ts')).connectCommand,
  doctor: async () => (await import('./doctor-command.ts')).doctorCommand,
  import: async () => (await import('./import-command.ts')).importCommand,
  incidents: async () => (await import('./incidents-command.ts')).incidentsCommand,
  repair: async () => (await import('./repair-command.ts')).repairCommand,
  verify: async () => (await import('./verify-command.ts')).verifyCommand,
  'what-if': async () => (await import('./what-if-command.ts')).whatIfCommand,
  at: async () => (await import('./at-command.ts')).atCommand,
  ledger: async () => (await import('./ledger-command.ts')).ledgerCommand,
  keys: async () => (await import('./keys-command.ts')).keysCommand,
  people: async () => (await import('./people-command.ts')).peopleCommand,
  sandbox: async () => (await import('./sandbox-command.ts')).sandboxCommand,
}

const help = `
Trueup keeps what people can use equal to what they paid for: it reads what
billing promised (Stripe) and what the app granted (Clerk, its own database, or
both), and files an incident for every drift between the two. It only reads, unless
you give it credentials for repairs and approve one.

Environment:
  STRIPE_API_KEY    a restricted key, rk_test_… or rk_live_…, with Read on
                    Customers, Subscriptions, Invoices, Prices and Products
  CLERK_SECRET_KEY  a Clerk Backend API secret key, sk_test_… or sk_live_…
  ACCESS_DATABASE_URL
                    your app's own database, where it keeps what it grants, with
                    a role that can only read: trueup connect postgres makes one
  DATABASE_URL      a PostgreSQL server; without it the embedded database in
                    TRUEUP_HOME is used
  TRUEUP_HOME       the folder of the embedded database (default .trueup)
  STRIPE_API_BASE, CLERK_API_URL
                    other addresses of the two, such as a sandbox's
  TRUEUP_URL, TRUEUP_API_KEY
                    a service and a key of it: check, incidents, repair, verify,
                    ledger and doctor then work on its project, and need no other
                    key. TRUEUP_PROJECT names the project where there are several

Exit status: 0 both sides agree, 1 they drift, 2 could not tell or bad input.

Start here:
  $ trueup demo     see drift found on made-up data, no key needed
  $ trueup init     write trueup.config.ts for your own account
  $ trueup check    find your drift`

/**
 * Runs the command line of a process to its end and gives the exit status. Every error is told here, in one place:
 * what was found, what was needed, what to do. A second Ctrl-C ends the process at once.
 */
export async function runCli(process: NodeJS.Process): Promise<number> {
  const terminal = processTerminal(process)
  const stop = new AbortController()
  let exitCode: number = exitCodes.agrees
  const context: CommandContext = {
    terminal,
    signal: stop.signal,
    environment: () => readEnvironment(process.env),
    variables: () => process.env,
    exitWith: (code) => {
      exitCode = code
    },
  }
  const onSignal = () => stop.abort(new Error('Stopped by a signal.'))
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, onSignal)
  // Whoever read the output has seen enough, as `head` does; there is nobody left to tell.
  process.stdout.once('error', () => process.exit(exitCode))

  const asJson = wantsJson(process.argv)
  try {
    const program = await programOf(context, process.argv)
    await program.parseAsync(process.argv)
    return exitCode
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return exitCodes.agrees
      // Without a command the help was printed, which says more than an error.
      if (asJson || error.code !== 'commander.help') printError(usageError(error), terminal, asJson)
      return exitCodes.couldNotTell
    }
    printError(stop.signal.aborted ? stopped(error) : error, terminal, asJson)
    return exitCodes.couldNotTell
  }
}

async function programOf(context: CommandContext, argv: readonly string[]): Promise<Command> {
  const { out, err } = context.terminal
  const program = new Command('trueup')
    .description('Keeps what people can use equal to what they paid for.')
    .version(version)
    .addHelpText('after', help)
    .configureOutput({ writeOut: out, writeErr: wantsJson(argv) ? () => {} : err, outputError: () => {} })
    .exitOverride()
  for (const load of meantBy(argv)) {
    const command = await load()
    const added = command(context)
    program.addCommand(added)
    inherit(added, program)
  }
  return program
}

/** The command that the first word names, alone; all of them for the help, and to say which one was meant. */
function meantBy(argv: readonly string[]) {
  const named = Object.entries(commands).find(([name]) => name === argv[2])
  return named ? [named[1]] : Object.values(commands)
}

/** Errors and output of a command, and of the commands under it, are those of the program. */
function inherit(command: Command, parent: Command): void {
  command.copyInheritedSettings(parent)
  for (const under of command.commands) inherit(under, command)
}

/** What a signal cut off, in place of whatever it failed with then. */
function stopped(error: unknown): UsageError {
  if (error instanceof UsageError) return error
  return new UsageError({
    code: 'stopped',
    message: 'Stopped by a signal.',
    fix: 'Run the command again.',
    cause: error,
  })
}

/** Whether the answer is read by a script, as far as the arguments say before they are understood. */
function wantsJson(argv: readonly string[]): boolean {
  return argv.some((word, index) => {
    const isFormat = (argv[index - 1] === '--format' || argv[index - 1] === '-f') && word === 'json'
    return isFormat || word === '--json' || word === '--format=json' || word === '-fjson'
  })
}

/** A mistake in the arguments, in the words of the parser. */
function usageError(error: CommanderError): UsageError {
  const [first = '', hint] = error.message.replace(/^error: /, '').split('\n')
  const fix = 'Run it with --help for what is possible.'
  if (error.code === 'commander.help') {
    return new UsageError({ code: 'command-unknown', message: 'No command was named.', fix, cause: error })
  }
  return new UsageError({
    code: error.code === 'commander.unknownCommand' ? 'command-unknown' : 'option-invalid',
    message: `${first.charAt(0).toUpperCase()}${first.slice(1)}${first.endsWith('.') ? '' : '.'}`,
    fix: hint ? `${hint.replace(/^\((.*)\)$/, '$1')} ${fix}` : fix,
    cause: error,
  })
}
