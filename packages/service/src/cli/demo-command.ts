import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Sandbox } from '@trueup/sandbox'
import { startSandbox } from '@trueup/sandbox'
import { Command } from 'commander'
import { runCheck } from '../check/run-check.ts'
import { parseConfig } from '../config/parse-config.ts'
import { renderConfig } from '../config/render-config.ts'
import type { Environment } from '../environment.ts'
import { openProject } from '../main.ts'
import { Secret } from '../secret.ts'
import type { CommandContext } from './command-context.ts'
import { jsonOf } from './output/json.ts'
import { reportOf } from './output/report.ts'
import { tableOf } from './output/table.ts'
import { parseWholeNumber } from './parse-options.ts'
import { noDisplay, progressDisplay } from './progress-display.ts'
import { untilAborted } from './until-aborted.ts'

interface DemoOptions {
  readonly once: boolean
  readonly json?: boolean
  readonly all: boolean
  readonly customers?: number
  readonly seed: number
}

/** `trueup demo`: the main job on made-up data, without any key. */
export function demoCommand(context: CommandContext): Command {
  return new Command('demo')
    .description('see real drift found between a made-up Stripe and Clerk; no key needed')
    .option('--once', 'end after the first check instead of running until stopped', false)
    .option('--json', 'print the check as one JSON object, and end')
    .option('--all', 'list every incident', false)
    .option('--customers <count>', 'how many customers the made-up app has', parseWholeNumber)
    .option('--seed <number>', 'the same seed makes the same app', parseWholeNumber, 1)
    .action(async (options: DemoOptions) => {
      const home = await mkdtemp(join(tmpdir(), 'trueup-demo-'))
      const sandbox = await startSandbox({
        world: 'demo',
        seed: options.seed,
        rateLimits: false,
        ...(options.customers === undefined ? {} : { customers: options.customers }),
      })
      try {
        await showDemo(context, options, sandbox, home)
      } finally {
        await sandbox.close()
        await rm(home, { recursive: true, force: true })
      }
    })
}

async function showDemo(
  context: CommandContext,
  options: DemoOptions,
  sandbox: Sandbox,
  home: string,
): Promise<void> {
  const { terminal } = context
  const isTold = !options.json
  if (isTold) terminal.err(introduction(sandbox, terminal))
  const environment = demoEnvironment(sandbox, home)
  const config = parseConfig(sandbox.config)
  const project = await openProject(environment, config, { allowSecretKey: false })
  const display = isTold ? progressDisplay(terminal) : noDisplay
  try {
    const outcome = await runCheck(project, {
      dryRun: false,
      signal: context.signal,
      onProgress: (progress) => display.show(progress),
    })
    display.stop()
    const report = reportOf(outcome, {
      catalogue: config.catalogue,
      clerk: config.clerk,
      clerkApiUrl: environment.clerkApiUrl,
    })
    terminal.out(options.json ? jsonOf(report) : `\n${tableOf(report, terminal, options)}`)
  } finally {
    display.stop()
    await project.close()
  }
  if (options.json) return
  const configPath = join(home, 'trueup.config.ts')
  await writeFile(configPath, renderConfig(sandbox.config))
  terminal.err(nextSteps(sandbox, configPath, options, terminal))
  if (!options.once) await untilAborted(context.signal)
}

function demoEnvironment(sandbox: Sandbox, home: string): Environment {
  return {
    stripeApiKey: new Secret(sandbox.stripe.restrictedKey),
    stripeApiBase: sandbox.stripe.url,
    clerkSecretKey: new Secret(sandbox.clerk.secretKey),
    clerkApiUrl: sandbox.clerk.url,
    databaseUrl: null,
    home,
  }
}

function introduction(sandbox: Sandbox, { color }: CommandContext['terminal']): string {
  return [
    '',
    `${color.bold('Trueup demo')}: a made-up app that sells through Stripe and keeps access in Clerk.`,
    color.dim(`Both run on this machine (${sandbox.stripe.url}, ${sandbox.clerk.url}); nothing leaves it.`),
    '',
    '',
  ].join('\n')
}

function nextSteps(
  sandbox: Sandbox,
  configPath: string,
  options: DemoOptions,
  { color }: CommandContext['terminal'],
): string {
  const own = [
    '',
    color.bold('Next'),
    '  Point it at your own account, read-only, with a restricted Stripe key:',
    `    ${color.cyan('export STRIPE_API_KEY=rk_live_… CLERK_SECRET_KEY=sk_live_…')}`,
    `    ${color.cyan('npx trueup init && npx trueup check')}`,
  ]
  if (options.once) return `${own.join('\n')}\n`
  return [
    ...own,
    '  Or look around in this one while it runs:',
    `    ${color.cyan(`export STRIPE_API_BASE=${sandbox.stripe.url} STRIPE_API_KEY=${sandbox.stripe.restrictedKey}`)}`,
    `    ${color.cyan(`export CLERK_API_URL=${sandbox.clerk.url} CLERK_SECRET_KEY=${sandbox.clerk.secretKey}`)}`,
    `    ${color.cyan(`npx trueup check --all --config ${configPath}`)}`,
    '',
    color.dim('Running until you press Ctrl-C.'),
    '',
  ].join('\n')
}
