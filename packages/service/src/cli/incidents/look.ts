import type { IncidentSort } from '@trueup/core'
import { incidentSorts } from '@trueup/core'
import { Option } from 'commander'
import type { CommandContext } from '../command-context.ts'
import { incidentBlock, incidentHistory } from '../output/incident-lines.ts'
import { countText } from '../output/lay-out.ts'
import { parseWholeNumber } from '../parse-options.ts'
import type { PlaceOptions } from '../place.ts'
import type { FilterOptions } from './with-incidents.ts'
import { filterOf, incidentsSubcommand, withFilter, withIncidents } from './with-incidents.ts'

interface ListOptions extends FilterOptions {
  readonly all: boolean
  readonly sort: IncidentSort
  readonly reverse: boolean
  readonly limit: number
  readonly json?: boolean
}

/** `trueup incidents list`: what stands open, or whatever a filter means. */
export const listCommand = (context: CommandContext) =>
  withFilter(incidentsSubcommand('list', 'list incidents: those that are open or acknowledged'))
    .option('--all', 'resolved and ignored ones, too', false)
    .addOption(new Option('--sort <by>', 'what comes first').choices(incidentSorts).default('severity'))
    .option('--reverse', 'the other way round', false)
    .option('-n, --limit <count>', 'how many to show at most', parseWholeNumber, 50)
    .action(async (options: ListOptions) => {
      await withIncidents(context, options, async (desk) => {
        const { sort, reverse, limit, all, json } = options
        const states = all ? undefined : (['open', 'acknowledged'] as const)
        const filter = { ...(states ? { states } : {}), ...filterOf(options) }
        const { incidents, counts } = await desk.list(filter, { sort, reversed: reverse }, limit)
        const { terminal } = context
        if (json) {
          terminal.out(`${JSON.stringify({ incidents, counts }, null, 2)}\n`)
          return
        }
        const blocks = incidents.map((incident) => incidentBlock(incident, terminal).join('\n'))
        const more = counts.total > incidents.length ? `, ${countText(incidents.length)} shown` : ''
        const words = counts.total === 1 ? '1 incident' : `${countText(counts.total)} incidents`
        terminal.out(`${[...blocks, `${words}${more}`].join('\n\n')}\n`)
      })
    })

/** `trueup incidents show`: one with its history. */
export const showCommand = (context: CommandContext) =>
  incidentsSubcommand('show', 'show one incident with its cause, its history and its repairs')
    .argument('<id>', 'inc_…')
    .action(async (id: string, options: PlaceOptions & { readonly json?: boolean }) => {
      await withIncidents(context, options, async (desk) => {
        const { incident, repairs, cause } = await desk.show(id)
        const { terminal } = context
        terminal.out(
          options.json
            ? `${JSON.stringify({ incident, cause, repairs }, null, 2)}\n`
            : `${incidentHistory(incident, { repairs, cause }, terminal).join('\n')}\n`,
        )
      })
    })
