import { Command, Option } from 'commander'
import type { CommandContext } from './command-context.ts'
import type { DemoOptions } from './demo/run-demo.ts'
import { parseSeed, parseWholeNumber } from './parse-options.ts'

/** `trueup demo`: the main job on made-up data, without any key. */
export function demoCommand(context: CommandContext): Command {
  return new Command('demo')
    .description('see the drift of a made-up app found; no key needed')
    .option(
      '--once',
      'end after the first check instead of running until stopped; with --tour, wait for nobody',
      false,
    )
    .addOption(
      new Option('--tour', 'take one drift from incident to proof, step by step, and end').conflicts([
        'json',
        'all',
        'details',
        'customers',
      ]),
    )
    .option('--json', 'print the check as one JSON object, and end')
    .option('--all', 'list every incident', false)
    .option('--details', 'show both sides, the evidence and the repair of each incident listed', false)
    .option('--customers <count>', 'how many customers the made-up app has (default: 300)', parseWholeNumber)
    .option('--seed <number>', 'the same seed makes the same app', parseSeed, 1)
    .action(async (options: DemoOptions) => {
      const { runDemo } = await import('./demo/run-demo.ts')
      await runDemo(context, options)
    })
}
