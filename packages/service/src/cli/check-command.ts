import { writeFile } from 'node:fs/promises'
import { relative } from 'node:path'
import type { Severity } from '@trueup/core'
import { severities } from '@trueup/core'
import { Command, Option } from 'commander'
import { runCheck } from '../check/run-check.ts'
import { loadConfig } from '../config/load-config.ts'
import type { ProjectConfig } from '../config/project-config.ts'
import { openProject } from '../main.ts'
import { UsageError } from '../usage-error.ts'
import type { CommandContext } from './command-context.ts'
import { exitCodeOf } from './exit-code.ts'
import { githubOf } from './output/github.ts'
import { jsonOf } from './output/json.ts'
import { junitOf } from './output/junit.ts'
import type { CheckReport } from './output/report.ts'
import { reportOf } from './output/report.ts'
import { sarifOf } from './output/sarif.ts'
import { tableOf } from './output/table.ts'
import { parseMinutes, parseTime } from './parse-options.ts'
import { noDisplay, progressDisplay } from './progress-display.ts'

const formats = ['table', 'json', 'junit', 'sarif', 'github'] as const
type Format = (typeof formats)[number]

interface CheckOptions {
  readonly config?: string
  readonly format: Format
  readonly json?: boolean
  readonly output?: string
  readonly failOn: Severity
  readonly asOf?: Date
  readonly settle?: number
  readonly dryRun: boolean
  readonly fresh: boolean
  readonly all: boolean
  readonly quiet: boolean
  readonly allowSecretKey: boolean
}

/** `trueup check`: reads both sides of one's own account and files every drift between them. */
export function checkCommand(context: CommandContext): Command {
  return new Command('check')
    .description('find every drift between what Stripe promised and what Clerk grants')
    .option('-c, --config <file>', 'the configuration (default: trueup.config.ts in this folder)')
    .addOption(
      new Option('-f, --format <format>', 'how to print what was found').choices(formats).default('table'),
    )
    .option('--json', 'the same as --format json')
    .option('-o, --output <file>', 'write the result to a file instead of standard output')
    .addOption(
      new Option('--fail-on <severity>', 'exit with 1 from this severity on')
        .choices(severities)
        .default('low'),
    )
    .option('--as-of <time>', 'apply the rules at this moment, such as 2026-11-01T00:00:00Z', parseTime)
    .option('--settle <minutes>', 'leave drifts younger than this to settle; 0 files at once', parseMinutes)
    .option('--dry-run', 'file nothing; print what would be filed', false)
    .option('--fresh', 'begin anew instead of going on with a check that was cut off', false)
    .option('--all', 'list every incident in the table', false)
    .option('-q, --quiet', 'show no progress', false)
    .option(
      '--allow-secret-key',
      'take a full Stripe secret key (sk_…) where a restricted one would do',
      false,
    )
    .action(async (options: CheckOptions) => {
      const { config: parsed, file } = await loadConfig(options.config)
      const report = await checkProject(context, withSettle(parsed, options.settle), options)
      const text = render(
        options.json ? 'json' : options.format,
        report,
        context,
        options,
        relative(process.cwd(), file),
      )
      if (options.output) await writeResult(options.output, text)
      else context.terminal.out(text)
      context.exitWith(exitCodeOf(report, options.failOn))
    })
}

async function checkProject(
  context: CommandContext,
  config: ProjectConfig,
  options: CheckOptions,
): Promise<CheckReport> {
  const environment = context.environment()
  const project = await openProject(environment, config, options)
  const display = options.quiet ? noDisplay : progressDisplay(context.terminal)
  try {
    const outcome = await runCheck(project, {
      dryRun: options.dryRun,
      fresh: options.fresh,
      signal: context.signal,
      onProgress: (progress) => display.show(progress),
      ...(options.asOf ? { asOf: options.asOf } : {}),
    })
    return reportOf(outcome, {
      catalogue: config.catalogue,
      clerk: config.clerk,
      clerkApiUrl: environment.clerkApiUrl,
    })
  } finally {
    display.stop()
    await project.close()
  }
}

function render(
  format: Format,
  report: CheckReport,
  context: CommandContext,
  options: CheckOptions,
  configPath: string,
): string {
  switch (format) {
    case 'table':
      return tableOf(report, context.terminal, options)
    case 'json':
      return jsonOf(report)
    case 'junit':
      return junitOf(report)
    case 'sarif':
      return sarifOf(report, configPath)
    case 'github':
      return githubOf(report)
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

async function writeResult(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text)
  } catch (cause) {
    throw new UsageError({
      code: 'file-unwritable',
      message: `The result cannot be written to ${path}.`,
      fix: 'Name a file in a folder that exists and may be written to.',
      cause,
    })
  }
}
