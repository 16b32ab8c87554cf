import type { IncidentAct } from '@trueup/core'
import type { Command } from 'commander'
import { UsageError } from '../../usage-error.ts'
import type { CommandContext } from '../command-context.ts'
import { exitCodes } from '../exit-code.ts'
import { countText, printable } from '../output/lay-out.ts'
import { parseTime, parseWholeNumber } from '../parse-options.ts'
import type { ActedIncident } from './incident-desk.ts'
import type { FilterOptions } from './with-incidents.ts'
import { filterOf, incidentsSubcommand, withFilter, withIncidents } from './with-incidents.ts'

interface ActOptions extends FilterOptions {
  readonly as?: string
  readonly json?: boolean
  readonly count?: number
  readonly note?: string
}

/** A command that acts on the incidents named, or on all that its filter means. */
function actCommand(name: string, description: string): Command {
  return withFilter(incidentsSubcommand(name, description))
    .argument('[ids...]', 'inc_…; without any, all that the options mean')
    .option('--count <number>', 'how many are meant, where no ids are given', parseWholeNumber)
    .option('--as <name>', 'who you are (default: TRUEUP_ACTOR, else the user of this machine)')
}

/** `trueup incidents acknowledge`: somebody is at work on it. */
export const acknowledgeCommand = (context: CommandContext) =>
  actCommand('acknowledge', 'say that somebody is at work on incidents')
    .option('--note <text>', 'what you say with it')
    .action(async (ids: readonly string[], options: ActOptions) => {
      await act(context, ids, options, { kind: 'acknowledge', note: options.note ?? null })
    })

/** `trueup incidents ignore`: the drift is meant to be. */
export const ignoreCommand = (context: CommandContext) =>
  actCommand('ignore', 'say that drifts are meant to be, for a time or for good')
    .requiredOption('--reason <text>', 'why')
    .option('--until <time>', 'the moment from which they count again, in ISO 8601', parseTime)
    .action(
      async (
        ids: readonly string[],
        options: ActOptions & { readonly reason: string; readonly until?: Date },
      ) => {
        const { reason, until = null } = options
        await act(context, ids, options, { kind: 'ignore', reason, until })
      },
    )

/** `trueup incidents reopen`: takes back that it was ignored or resolved. */
export const reopenCommand = (context: CommandContext) =>
  actCommand('reopen', 'take back that incidents were ignored or resolved')
    .option('--note <text>', 'what you say with it')
    .action(async (ids: readonly string[], options: ActOptions) => {
      await act(context, ids, options, { kind: 'reopen', note: options.note ?? null })
    })

/** `trueup incidents assign`: makes it somebody's work. */
export const assignCommand = (context: CommandContext) =>
  actCommand('assign', "make incidents somebody's work")
    .requiredOption('--to <name>', "whose; nobody: nobody's any more")
    .option('--note <text>', 'what you say with it')
    .action(async (ids: readonly string[], options: ActOptions & { readonly to: string }) => {
      const assignee = options.to === 'nobody' ? null : options.to
      await act(context, ids, options, { kind: 'assign', assignee, note: options.note ?? null })
    })

/** `trueup incidents comment`: says something about it. */
export const commentCommand = (context: CommandContext) =>
  actCommand('comment', 'say something about incidents')
    .requiredOption('--say <text>', 'what')
    .action(async (ids: readonly string[], options: ActOptions & { readonly say: string }) => {
      await act(context, ids, options, { kind: 'comment', text: options.say })
    })

async function act(
  context: CommandContext,
  ids: readonly string[],
  options: ActOptions,
  wanted: IncidentAct,
): Promise<void> {
  const filter = filterOf(options)
  assertMeant(ids, filter, options.count)
  const target = ids.length > 0 ? { ids } : { filter }
  const count = options.count ?? new Set(ids).size
  await withIncidents(context, options, async (desk) => {
    const acted = await desk.act(target, wanted, count)
    const { terminal } = context
    if (options.json) terminal.out(`${JSON.stringify({ items: acted }, null, 2)}\n`)
    else terminal.out(`${acted.map(lineOf).join('\n')}\n`)
    if (acted.some(({ outcome }) => outcome === 'refused')) context.exitWith(exitCodes.couldNotTell)
  })
}

/** Nobody acts on all there is by leaving something out. */
function assertMeant(ids: readonly string[], filter: object, count: number | undefined): void {
  const hasFilter = Object.keys(filter).length > 0
  const problem =
    ids.length > 0 && hasFilter
      ? 'Ids and a filter were both given.'
      : ids.length === 0 && !hasFilter
        ? 'No incident was named.'
        : ids.length === 0 && count === undefined
          ? 'A filter was given, and not how many incidents it means.'
          : null
  if (problem === null) return
  throw new UsageError({
    code: 'option-invalid',
    message: problem,
    fix: `Name them (inc_…), or say which are meant and how many: ${countText(2)} open ones are --state open --count 2.`,
  })
}

function lineOf(acted: ActedIncident): string {
  if (acted.outcome === 'refused') return `${acted.id}  refused: ${printable(acted.message)}`
  return `${acted.id}  ${acted.outcome}, ${'incident' in acted ? acted.incident.state : acted.state}`
}
