import { Command } from 'commander'
import { loadConfig } from '../config/load-config.ts'
import { openRecords } from '../open-records.ts'
import type { RemoteProject } from '../remote/remote-project.ts'
import { UsageError } from '../usage-error.ts'
import type { CommandContext } from './command-context.ts'
import { exitCodes } from './exit-code.ts'
import type { ShownWhatIf } from './output/what-if-lines.ts'
import { whatIfLines } from './output/what-if-lines.ts'
import type { PlaceOptions } from './place.ts'
import { remoteOf, withPlace } from './place.ts'

interface WhatIfOptions extends PlaceOptions {
  readonly config: string
  readonly against?: string
  readonly all: boolean
  readonly json?: boolean
}

const shownAtFirst = 20
const perPage = 200

/** `trueup what-if`: what another configuration would open and close, from what the last full check read. */
export function whatIfCommand(context: CommandContext): Command {
  return withPlace(
    new Command('what-if').description(
      'what another policy, catalogue or list of exceptions would open and close, with the money',
    ),
  )
    .requiredOption('-c, --config <file>', 'the configuration to try')
    .option(
      '--against <file>',
      'the one that holds (default: trueup.config.ts in this folder; at a server, its own)',
    )
    .option('--all', 'list every change instead of the first', false)
    .option('--json', 'print the answer as one JSON object')
    .addHelpText(
      'after',
      '\nIt judges once more what the last full check read. No vendor is asked, and nothing is filed.\n' +
        'Exit status: 0 nothing would open or close, 1 something would, 2 could not tell or bad input.',
    )
    .action(async (options: WhatIfOptions) => {
      const remote = await remoteOf(context, options, ['against'])
      const { config: candidate, document } = await loadConfig(options.config)
      const answer = remote
        ? await askServer(remote, document, options)
        : await askHere(context, candidate, options)
      const { terminal } = context
      terminal.out(options.json ? `${JSON.stringify(answer, null, 2)}\n` : whatIfLines(answer, terminal))
      context.exitWith(exitCodeOf(answer))
    })
}

type Page = (after: string | null, limit: number) => Promise<ShownWhatIf>

/** The first page, with the rest of them behind it where all were asked for. */
async function gathered(page: Page, { all }: WhatIfOptions): Promise<ShownWhatIf> {
  let answer = await page(null, all ? perPage : shownAtFirst)
  while (all && answer.next !== null) {
    const more = await page(answer.next, perPage)
    if (!more.told) return more
    answer = { ...answer, items: [...answer.items, ...more.items], next: more.next }
  }
  return answer
}

async function askServer(
  { client, at }: RemoteProject,
  document: unknown,
  options: WhatIfOptions,
): Promise<ShownWhatIf> {
  return await gathered(
    (after, limit) => client.post<ShownWhatIf>(at('/config/what-if'), { document, after, limit }),
    options,
  )
}

async function askHere(
  context: CommandContext,
  candidate: Awaited<ReturnType<typeof loadConfig>>['config'],
  options: WhatIfOptions,
): Promise<ShownWhatIf> {
  const { shownCheck } = await import('../http/routes/checks.ts')
  const { readCursor, shownWhatIf } = await import('../http/shown/what-if.ts')
  const { replay } = await import('../what-if/replay.ts')
  const { config: before } = await loadConfig(options.against)
  const records = await openRecords(context.environment())
  const { project } = records
  // Of earlier configurations a folder keeps none: those at hand are tried.
  const known = new Map([candidate, before].map((config) => [config.fingerprint, config]))
  const configOf = async (fingerprint: string) => known.get(fingerprint.replace(/\+settle=.*$/, '')) ?? null
  try {
    return await gathered(async (after, limit) => {
      const place = after === null ? null : (readCursor(after)?.pairKey ?? null)
      const answer = await replay(
        { project, before, candidate, configOf },
        { limit, after: place, signal: context.signal },
      )
      return shownWhatIf(answer, shownCheck)
    }, options)
  } catch (error) {
    if (!context.signal.aborted) throw error
    throw new UsageError({
      code: 'stopped',
      message: 'Stopped by a signal.',
      fix: 'Run it again: nothing was kept.',
      cause: error,
    })
  } finally {
    await records.close()
  }
}

function exitCodeOf({ told, totals }: ShownWhatIf): number {
  if (!told || totals === null) return exitCodes.couldNotTell
  return totals.opens.total + totals.closes.total > 0 ? exitCodes.drifts : exitCodes.agrees
}
