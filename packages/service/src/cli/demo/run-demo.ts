import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseConfig } from '../../config/parse-config.ts'
import { renderConfig } from '../../config/render-config.ts'
import type { CommandContext } from '../command-context.ts'
import { jsonOf } from '../output/json.ts'
import { tableOf } from '../output/table.ts'
import { noDisplay, progressDisplay } from '../progress-display.ts'
import { reportCheck } from '../report-check.ts'
import { untilAborted } from '../until-aborted.ts'
import { introduction, ownAccount, thisDemo, whatNext } from './demo-words.ts'
import { type Demo, startDemo } from './start-demo.ts'
import { takeTour } from './tour.ts'

export interface DemoOptions {
  readonly once: boolean
  readonly tour?: boolean
  readonly json?: boolean
  readonly all: boolean
  readonly details: boolean
  readonly customers?: number
  readonly seed: number
}

/** Starts the made-up app, and checks it or takes the tour of it. */
export async function runDemo(context: CommandContext, options: DemoOptions): Promise<void> {
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
  await terminal.outInPieces(pieces)
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
