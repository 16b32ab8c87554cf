import { Command, CommanderError } from 'commander'
import { readEnvironment } from '../environment.ts'
import { checkCommand } from './check-command.ts'
import type { CommandContext } from './command-context.ts'
import { demoCommand } from './demo-command.ts'
import { doctorCommand } from './doctor-command.ts'
import { exitCodes } from './exit-code.ts'
import { initCommand } from './init-command.ts'
import { printError } from './print-error.ts'
import { sandboxCommand } from './sandbox-command.ts'
import { processTerminal } from './terminal.ts'
import { version } from './version.ts'

const help = `
Trueup keeps what people can use equal to what they paid for: it reads what billing promised (Stripe) and what the app
granted (Clerk), and files an incident for every drift between the two.

Environment:
  STRIPE_API_KEY     a restricted key, rk_test_… or rk_live_…, with Read on Customers, Subscriptions, Invoices,
                     Prices and Products
  CLERK_SECRET_KEY   a Clerk Backend API secret key, sk_test_… or sk_live_…
  DATABASE_URL       a PostgreSQL server; without it the embedded database in TRUEUP_HOME is used
  TRUEUP_HOME        the folder of the embedded database (default .trueup)
  STRIPE_API_BASE, CLERK_API_URL   other addresses of the two, such as a sandbox's

Exit status: 0 both sides agree, 1 they drift, 2 could not tell or bad input.

Start here:
  $ trueup demo      real drift on made-up data, no key needed
  $ trueup init      write trueup.config.ts for your own account
  $ trueup check     find your drift`

/**
 * Runs the command line of a process to its end and gives the exit status. Every error is told here, in one place:
 * what was found, what was needed, what to do.
 */
export async function runCli(process: NodeJS.Process): Promise<number> {
  const terminal = processTerminal(process)
  const stop = new AbortController()
  let exitCode: number = exitCodes.agrees
  const context: CommandContext = {
    terminal,
    signal: stop.signal,
    environment: () => readEnvironment(process.env),
    exitWith: (code) => {
      exitCode = code
    },
  }
  const onSignal = () => stop.abort(new Error('Stopped by a signal.'))
  process.once('SIGINT', onSignal)
  process.once('SIGTERM', onSignal)

  const program = new Command('trueup')
    .description('Keeps what people can use equal to what they paid for.')
    .version(version)
    .addHelpText('after', help)
    .showHelpAfterError('(run with --help for what is possible)')
    .configureOutput({ writeOut: terminal.out, writeErr: terminal.err })
    .exitOverride()
  for (const command of [demoCommand, checkCommand, initCommand, doctorCommand, sandboxCommand]) {
    program.addCommand(command(context).copyInheritedSettings(program))
  }

  try {
    await program.parseAsync(process.argv)
    return exitCode
  } catch (error) {
    if (error instanceof CommanderError)
      return error.exitCode === 0 ? exitCodes.agrees : exitCodes.couldNotTell
    if (stop.signal.aborted) {
      terminal.err('Stopped. Run the same command again to go on where it was.\n')
      return exitCodes.couldNotTell
    }
    printError(error, terminal, process.argv.includes('--json'))
    return exitCodes.couldNotTell
  }
}
