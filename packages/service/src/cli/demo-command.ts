import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command, Option } from 'commander'
import { parseConfig } from '../config/parse-config.ts'
import { renderConfig } from '../config/render-config.ts'
import type { CommandContext } from './command-context.ts'
import { introduction, ownAccount, thisDemo, whatNext } from './demo/demo-words.ts'
import { type Demo, startDemo } from './demo/start-demo.ts'
import { takeTour } from './demo/tour.ts'
import { jsonOf } from './output/json.ts'
import { tableOf } from './output/table.ts'
import { parseSeed, parseWholeNumber } from './parse-options.ts'
import { noDisplay, progressDisplay } from './progress-display.ts'
import { reportCheck } from './report-check.ts'
import { untilAborted } from './until-aborted.ts'

interface DemoOptions {
  readonly once: boolean
  readonly tour?: boolean
  readonly json?: boolean
  readonly all: boolean
  readonly details: boolean
  readonly customers?: number
  readonly seed: number
}

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
      const demo = await startDemo(options)
      try {
        if (options.tour) {
          const isPaused = context.terminal.canAsk && !options.once
          context.terminal.err(introduction(demo, context.terminal))
          await takeTour(context, demo, isPaused)
          context.terminal.err(ownAccount(context.terminal))
          return
        }
        await checkDemo(context, options, demo)
        if (options.json) return
        if (options.once) context.terminal.err(whatNext(context.terminal))
        else await stayOpen(context, demo)
      } finally {
        await demo.close()
      }
    })
}

async function checkDemo(context: CommandContext, options: DemoOptions, demo: Demo): Promise<void> {
  const { terminal } = context
  if (!options.json) terminal.err(introduction(demo, terminal))
  const report = await reportCheck(
    demo.environment,
    parseConfig(demo.sandbox.config),
    { dryRun: false, fresh: true, allowSecretKey: false, inMemory: true, signal: context.signal },
    options.json ? noDisplay : progressDisplay(terminal, demo.expectedRows),
  )
  const pieces = options.json ? jsonOf(report) : [`\n${tableOf(report, terminal, options)}`]
  for (const piece of pieces) terminal.out(piece)
}

/** Keeps the app running, with a configuration beside it for commands in another terminal. */
async function stayOpen({ terminal, signal }: CommandContext, demo: Demo): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'trueup-demo-'))
  try {
    const configPath = join(folder, 'trueup.config.ts')
    await writeFile(configPath, renderConfig(demo.sandbox.config))
    terminal.err(`${whatNext(terminal)}${thisDemo(demo, folder, configPath, terminal)}`)
    await untilAborted(signal)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
