import { writeFile } from 'node:fs/promises'
import { startSandbox } from '@trueup/sandbox'
import { Command } from 'commander'
import { UsageError } from '../usage-error.ts'
import type { CommandContext } from './command-context.ts'
import { parseTime, parseWholeNumber } from './parse-options.ts'
import { untilAborted } from './until-aborted.ts'

interface SandboxOptions {
  readonly stripePort?: number
  readonly clerkPort?: number
  readonly world: string
  readonly customers?: number
  readonly seed: number
  readonly now?: Date
  readonly rateLimits: boolean
  readonly labels?: string
}

/** `trueup sandbox`: a Stripe and a Clerk on this machine, until stopped. */
export function sandboxCommand(context: CommandContext): Command {
  return new Command('sandbox')
    .description('run a Stripe and a Clerk offline on 127.0.0.1, with made-up data')
    .option('--stripe-port <port>', 'port of the Stripe side (default: a free one)', parseWholeNumber)
    .option('--clerk-port <port>', 'port of the Clerk side (default: a free one)', parseWholeNumber)
    .option('--world <world>', 'demo, saas (of any size), empty, or a JSON file', 'demo')
    .option('--customers <count>', 'how many customers the world has', parseWholeNumber)
    .option('--seed <number>', 'the same seed makes the same world', parseWholeNumber, 1)
    .option('--now <time>', "the world's moment (default: now)", parseTime)
    .option('--rate-limits', "refuse requests beyond the vendors' limits", false)
    .option('--labels <file>', 'write the truth about every planted drift to this file')
    .addHelpText(
      'after',
      '\nPrints one JSON line with addresses, keys and webhook secrets when ready, and runs until stopped.\n' +
        'Faults on demand: POST /_sandbox/faults on either address.',
    )
    .action(async (options: SandboxOptions) => {
      const sandbox = await startSandbox({
        world: options.world,
        seed: options.seed,
        rateLimits: options.rateLimits,
        ...(options.customers === undefined ? {} : { customers: options.customers }),
        ...(options.now === undefined ? {} : { now: options.now }),
        ...(options.stripePort === undefined ? {} : { stripePort: options.stripePort }),
        ...(options.clerkPort === undefined ? {} : { clerkPort: options.clerkPort }),
      })
      try {
        if (options.labels) await writeLabels(options.labels, sandbox.labels)
        const { stripe, clerk, config } = sandbox
        context.terminal.out(`${JSON.stringify({ stripe, clerk, config })}\n`)
        await untilAborted(context.signal)
      } finally {
        await sandbox.close()
      }
    })
}

async function writeLabels(path: string, labels: unknown): Promise<void> {
  try {
    await writeFile(path, `${JSON.stringify(labels, null, 2)}\n`)
  } catch (cause) {
    throw new UsageError({
      code: 'file-unwritable',
      message: `The labels cannot be written to ${path}.`,
      fix: 'Name a file in a folder that exists and may be written to.',
      cause,
    })
  }
}
