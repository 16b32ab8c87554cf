import type { IncidentFilter } from '@trueup/core'
import { incidentKinds, severities } from '@trueup/core'
import { Command, Option } from 'commander'
import { systemClock } from '../../adapters/system.ts'
import { sealLedger } from '../../ledger/seal-ledger.ts'
import { openRecords } from '../../open-records.ts'
import type { CommandContext } from '../command-context.ts'
import { parseWholeNumber } from '../parse-options.ts'
import type { PlaceOptions } from '../place.ts'
import { remoteOf, withPlace } from '../place.ts'
import { printError } from '../print-error.ts'
import { actorOf } from '../repair/with-repairs.ts'
import type { IncidentDesk } from './incident-desk.ts'
import { localIncidents, remoteIncidents } from './incident-desk.ts'

export const incidentStates = ['open', 'acknowledged', 'resolved', 'ignored'] as const

/** Options by which commands on incidents say which are meant. */
export interface FilterOptions extends PlaceOptions {
  readonly state?: readonly (typeof incidentStates)[number][]
  readonly severity?: readonly (typeof severities)[number][]
  readonly kind?: readonly (typeof incidentKinds)[number][]
  readonly hurts?: 'customer' | 'business' | 'both'
  readonly about?: string
  readonly assignee?: string
  readonly money?: number
  readonly text?: string
}

/** A command that takes a filter. */
export function withFilter(command: Command): Command {
  return command
    .addOption(new Option('--state <state...>', 'in these states').choices(incidentStates))
    .addOption(new Option('--severity <severity...>', 'of these severities').choices(severities))
    .addOption(new Option('--kind <kind...>', 'of these kinds').choices(incidentKinds))
    .addOption(new Option('--hurts <whom>', 'who bears it').choices(['customer', 'business', 'both']))
    .option('--about <id>', 'about this user, organization or customer')
    .option('--assignee <name>', "assigned to this person; nobody: nobody's")
    .option('--money <amount>', 'with at least this at risk, in minor units such as cents', parseWholeNumber)
    .option('--text <text>', 'with this in the sentence or in an id')
}

/** What a filter means; nothing given: all. */
export function filterOf({
  state,
  severity,
  kind,
  hurts,
  about,
  assignee,
  money,
  text,
}: FilterOptions): IncidentFilter {
  return {
    ...(state ? { states: state } : {}),
    ...(severity ? { severities: severity } : {}),
    ...(kind ? { kinds: kind } : {}),
    ...(hurts ? { hurts } : {}),
    ...(about === undefined ? {} : { about }),
    ...(assignee === undefined ? {} : { assignee: assignee === 'nobody' ? null : assignee }),
    ...(money === undefined ? {} : { moneyAtLeast: { amount: money } }),
    ...(text === undefined ? {} : { text }),
  }
}

/** A command on incidents, with the options that all of them have. */
export function incidentsSubcommand(name: string, description: string): Command {
  return withPlace(new Command(name).description(description)).option('--json', 'print one JSON object')
}

/**
 * The incidents of the server that the environment names, or of this folder's project, which is open for as long as `act`
 * runs; what was done to it is then entered into the ledger.
 */
export async function withIncidents<Answer>(
  context: CommandContext,
  options: PlaceOptions & { readonly as?: string },
  act: (desk: IncidentDesk) => Promise<Answer>,
): Promise<Answer> {
  const remote = await remoteOf(context, options, ['as'])
  if (remote) return await act(remoteIncidents(remote))
  const { project, ledger, close } = await openRecords(context.environment())
  try {
    // On one's own machine there is no team to look a name up in.
    const dependencies = { clock: systemClock, isMember: async () => true }
    return await act(localIncidents(project, dependencies, () => actorOf(context, options)))
  } finally {
    for (const error of await sealLedger(ledger)) printError(error, context.terminal, false)
    await close()
  }
}
