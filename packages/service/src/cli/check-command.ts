import { relative } from 'node:path'
import type { Severity } from '@trueup/core'
import { severities } from '@trueup/core'
import { Command, Option } from 'commander'
import { loadConfig } from '../config/load-config.ts'
import type { ProjectConfig } from '../config/project-config.ts'
import type { LedgerError } from '../ledger/ledger-error.ts'
import { needsServer } from '../remote/remote-settings.ts'
import { UsageError } from '../usage-error.ts'
import type { AskedOfServer } from './check-at-server.ts'
import type { CommandContext } from './command-context.ts'
import { exitCodeOf, exitCodes } from './exit-code.ts'
import { githubOf } from './output/github.ts'
import { jsonOf } from './output/json.ts'
import { junitOf } from './output/junit.ts'
import type { CheckReport } from './output/report.ts'
import { sarifOf } from './output/sarif.ts'
import { tableOf } from './output/table.ts'
import { parseMinutes, parseTime } from './parse-options.ts'
import type { PlaceOptions } from './place.ts'
import { remoteOf, withPlace } from './place.ts'
import { printError } from './print-error.ts'
import { noDisplay, progressDisplay } from './progress-display.ts'
import { plainFile } from './terminal.ts'
import { assertWritable, writeNamedFile } from './write-file.ts'

const formats = ['table', 'json', 'junit', 'sarif', 'github'] as const
type Format = (typeof formats)[number]

interface CheckOptions extends PlaceOptions {
  readonly config?: string
  readonly format: Format
  readonly json?: boolean
  readonly output?: string
  readonly failOn: Severity
  readonly asOf?: Date
  readonly settle?: number
  readonly dryRun: boolean
  readonly fresh: boolean
  readonly acceptChanges: boolean
  readonly all: boolean
  readonly details: boolean
  readonly quiet: boolean
  readonly recent: boolean
  readonly customer?: string
  readonly allowSecretKey: boolean
}

/** `trueup check`: reads both sides of one's own account and files every drift between them. */
export function checkCommand(context: CommandContext): Command {
  return withPlace(
    new Command('check').description(
      'find every drift between what billing promised and what the app grants',
    ),
  )
    .option('-c, --config <file>', 'the configuration (default: trueup.config.ts in this folder)')
    .addOption(
      new Option('-f, --format <format>', 'how to print what was found').choices(formats).default('table'),
    )
    .option('--json', 'the same as --format json')
    .option('-o, --output <file>', 'write the result to a file instead of standard output')
    .addOption(
      new Option('--fail-on <severity>', 'exit with 1 from this severity on (default: any)')
        .choices(severities)
        .default('low', 'low'),
    )
    .option('--as-of <time>', 'apply the rules at this moment, such as 2026-11-01T00:00:00Z', parseTime)
    .option('--settle <minutes>', 'leave drifts younger than this to settle; 0 files at once', parseMinutes)
    .option('--dry-run', 'file nothing; print what would be filed', false)
    .option('--fresh', 'begin anew instead of going on with a check that was cut off', false)
    .option(
      '--accept-changes',
      'take far other counts, or tables that changed, since the last check as right: look at them first',
      false,
    )
    .option('--all', 'list every incident in the table', false)
    .option('--details', 'show both sides, the evidence and the repair of each incident listed', false)
    .option('-q, --quiet', 'show no progress', false)
    .option('--recent', 'at a server: only what changed since the last check', false)
    .option('--customer <id>', 'at a server: one customer, user or organization, read now')
    .option(
      '--allow-secret-key',
      'take a full Stripe secret key (sk_…) where a restricted one would do',
      false,
    )
    .addHelpText('after', '\nExit status: 0 both sides agree, 1 they drift, 2 could not tell or bad input.')
    .action(async (options: CheckOptions) => {
      const remote = await remoteOf(context, options, onlyLocal)
      const display = options.quiet ? noDisplay : progressDisplay(context.terminal)
      if (remote) {
        const { checkAtServer } = await import('./check-at-server.ts')
        const asked = askedOfServer(options)
        if (options.output) await assertWritable(options.output)
        const { clerkApiUrl } = context.environment()
        const report = await checkAtServer(remote, asked, { signal: context.signal, clerkApiUrl }, display)
        await tell(report, `trueup/${remote.id}`, context, options)
        context.exitWith(exitCodeOf(report, options.failOn))
        return
      }
      if (options.recent) throw needsServer('--recent')
      if (options.customer !== undefined) throw needsServer('--customer')
      const { reportCheck } = await import('./report-check.ts')
      const { config, file } = await loadConfig(options.config)
      if (options.output) await assertWritable(options.output)
      const ledgerErrors: LedgerError[] = []
      const onLedgerError = (error: LedgerError) => ledgerErrors.push(error)
      const report = await reportCheck(
        context.environment(),
        withSettle(config, options.settle),
        { ...options, inMemory: false, signal: context.signal, onLedgerError },
        display,
      )
      await tell(report, relative(process.cwd(), file), context, options)
      // What was found goes to standard output whole; the ledger's trouble is told beside it.
      for (const error of ledgerErrors) printError(error, context.terminal, false)
      const isBroken = ledgerErrors.some(({ code }) => code === 'ledger-changed' || code === 'ledger-forked')
      context.exitWith(isBroken ? exitCodes.couldNotTell : exitCodeOf(report, options.failOn))
    })
}

/** What decides how a check of this folder's project is run; a server runs its checks as its project is set up. */
const onlyLocal = ['config', 'asOf', 'settle', 'fresh', 'allowSecretKey'] as const

/** @throws UsageError when options do not go together */
function askedOfServer({ recent, customer, dryRun, acceptChanges }: CheckOptions): AskedOfServer {
  const together =
    recent && customer !== undefined
      ? '--recent and --customer'
      : recent && dryRun
        ? '--recent and --dry-run'
        : acceptChanges && (recent || customer !== undefined)
          ? `--accept-changes and ${recent ? '--recent' : '--customer'}`
          : null
  if (together !== null) {
    throw new UsageError({
      code: 'option-invalid',
      message: `${together} do not go together.`,
      fix: 'Give one of them.',
    })
  }
  if (recent) return { kind: 'recent' }
  return customer === undefined
    ? { kind: 'full', dryRun, acceptChanges }
    : { kind: 'single', customer, dryRun }
}

async function tell(
  report: CheckReport,
  place: string,
  context: CommandContext,
  options: CheckOptions,
): Promise<void> {
  const pieces = render(options.json ? 'json' : options.format, report, context, options, place)
  if (options.output) await writeNamedFile(options.output, pieces)
  else await context.terminal.outInPieces(pieces)
}

function render(
  format: Format,
  report: CheckReport,
  { terminal }: CommandContext,
  options: CheckOptions,
  configPath: string,
): Iterable<string> {
  switch (format) {
    case 'table': {
      const isSeparate = !options.quiet && !options.output && terminal.isInteractive
      const target = options.output ? plainFile : terminal
      return [`${isSeparate ? '\n' : ''}${tableOf(report, target, options)}`]
    }
    case 'json':
      return jsonOf(report)
    case 'junit':
      return [junitOf(report)]
    case 'sarif':
      return [sarifOf(report, configPath)]
    case 'github':
      return [githubOf(report)]
  }
}

function withSettle(config: ProjectConfig, settleMinutes: number | undefined): ProjectConfig {
  if (settleMinutes === undefined) return config
  return {
    ...config,
    policy: { ...config.policy, settleMinutes },
    fingerprint: `${config.fingerprint}+settle=${settleMinutes}`,
  }
}
