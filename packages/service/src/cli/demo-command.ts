import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Sandbox } from '@trueup/sandbox'
import { startSandbox } from '@trueup/sandbox'
import { Command } from 'commander'
import { parseConfig } from '../config/parse-config.ts'
import { renderConfig } from '../config/render-config.ts'
import type { Environment } from '../environment.ts'
import { Secret } from '../secret.ts'
import type { CommandContext } from './command-context.ts'
import { jsonOf } from './output/json.ts'
import { blockWidth, hang, wrap } from './output/lay-out.ts'
import { tableOf } from './output/table.ts'
import { parseSeed, parseWholeNumber } from './parse-options.ts'
import type { ExpectedRows } from './progress-display.ts'
import { noDisplay, progressDisplay } from './progress-display.ts'
import { reportCheck } from './report-check.ts'
import type { Terminal } from './terminal.ts'
import { untilAborted } from './until-aborted.ts'

interface DemoOptions {
  readonly once: boolean
  readonly json?: boolean
  readonly all: boolean
  readonly details: boolean
  readonly customers?: number
  readonly seed: number
}

/** `trueup demo`: the main job on made-up data, without any key. */
export function demoCommand(context: CommandContext): Command {
  return new Command('demo')
    .description('see the drift between a made-up Stripe and Clerk found; no key needed')
    .option('--once', 'end after the first check instead of running until stopped', false)
    .option('--json', 'print the check as one JSON object, and end')
    .option('--all', 'list every incident', false)
    .option('--details', 'show both sides, the evidence and the repair of each incident listed', false)
    .option('--customers <count>', 'how many customers the made-up app has (default: 300)', parseWholeNumber)
    .option('--seed <number>', 'the same seed makes the same app', parseSeed, 1)
    .action(async (options: DemoOptions) => {
      const sandbox = await startSandbox({
        world: 'demo',
        seed: options.seed,
        rateLimits: false,
        ...(options.customers === undefined ? {} : { customers: options.customers }),
      })
      try {
        await checkSandbox(context, options, sandbox)
        if (options.json) return
        if (options.once) context.terminal.err(ownAccount(context.terminal))
        else await stayOpen(context, sandbox)
      } finally {
        await sandbox.close()
      }
    })
}

async function checkSandbox(context: CommandContext, options: DemoOptions, sandbox: Sandbox): Promise<void> {
  const { terminal } = context
  if (!options.json) terminal.err(introduction(sandbox, terminal))
  const report = await reportCheck(
    environmentOf(sandbox),
    parseConfig(sandbox.config),
    { dryRun: false, fresh: true, allowSecretKey: false, inMemory: true, signal: context.signal },
    options.json ? noDisplay : progressDisplay(terminal, expectedRows(sandbox)),
  )
  terminal.out(options.json ? jsonOf(report) : `\n${tableOf(report, terminal, options)}`)
}

/** Keeps the two vendors running, with a configuration beside them for commands in another terminal. */
async function stayOpen({ terminal, signal }: CommandContext, sandbox: Sandbox): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'trueup-demo-'))
  try {
    const configPath = join(folder, 'trueup.config.ts')
    await writeFile(configPath, renderConfig(sandbox.config))
    terminal.err(`${ownAccount(terminal)}${thisDemo(sandbox, folder, configPath, terminal)}`)
    await untilAborted(signal)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function environmentOf(sandbox: Sandbox): Environment {
  return {
    stripeApiKey: new Secret(sandbox.stripe.restrictedKey),
    stripeApiBase: sandbox.stripe.url,
    clerkSecretKey: new Secret(sandbox.clerk.secretKey),
    clerkApiUrl: sandbox.clerk.url,
    databaseUrl: null,
    home: '',
    secretNamed: () => null,
  }
}

function expectedRows({ labels }: Sandbox): ExpectedRows {
  const { users, organizations, subscriptions } = labels.counts
  return {
    'clerk/users': users,
    'clerk/organizations': organizations,
    'stripe/subscriptions': subscriptions,
    'stripe/customers': labels.customers,
  }
}

function introduction(sandbox: Sandbox, { errColor, errColumns }: Terminal): string {
  const width = blockWidth(errColumns)
  const where = `Both run on this machine and nothing leaves it: Stripe at ${sandbox.stripe.url}, Clerk at ${sandbox.clerk.url}.`
  return [
    '',
    `${errColor.bold('Trueup demo')}`,
    ...wrap('A made-up app sells plans through Stripe and keeps what each account may use in Clerk.', width),
    ...wrap(where, width).map(errColor.dim),
    '',
    '',
  ].join('\n')
}

function ownAccount({ errColor, errColumns }: Terminal): string {
  const width = blockWidth(errColumns)
  return [
    '',
    errColor.bold('NEXT'),
    ...hang('  ', 'Check your own account. Trueup only reads: a restricted Stripe key will do.', width),
    `    ${errColor.cyan('export STRIPE_API_KEY=rk_live_… CLERK_SECRET_KEY=sk_live_…')}`,
    `    ${errColor.cyan('npx trueup init && npx trueup check')}`,
    '',
  ].join('\n')
}

function thisDemo(
  sandbox: Sandbox,
  folder: string,
  configPath: string,
  { errColor, errColumns }: Terminal,
): string {
  const { cyan, dim } = errColor
  const width = blockWidth(errColumns)
  return [
    ...hang('  ', 'Or look around in this one from another terminal:', width),
    `    ${cyan(`export STRIPE_API_BASE=${sandbox.stripe.url}`)}`,
    `    ${cyan(`export STRIPE_API_KEY=${sandbox.stripe.restrictedKey}`)}`,
    `    ${cyan(`export CLERK_API_URL=${sandbox.clerk.url}`)}`,
    `    ${cyan(`export CLERK_SECRET_KEY=${sandbox.clerk.secretKey}`)}`,
    `    ${cyan(`export TRUEUP_HOME=${folder}`)}`,
    `    ${cyan(`npx trueup check --details --config ${configPath}`)}`,
    '',
    dim('Running until you press Ctrl-C.'),
    '',
  ].join('\n')
}
