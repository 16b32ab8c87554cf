import type { RepairState } from '@trueup/core'
import { repairStates } from '@trueup/core'
import { Option } from 'commander'
import type { ShownRepair } from '../../remote/read-answer.ts'
import type { CommandContext } from '../command-context.ts'
import { countText, hang, printable } from '../output/lay-out.ts'
import { repairBlock, repairDetails } from '../output/repair-lines.ts'
import type { RepairDesk } from './repair-desk.ts'
import { repairSubcommand } from './subcommand.ts'
import type { RepairOptions } from './with-repairs.ts'
import { withRepairDesk } from './with-repairs.ts'

const mostListed = 500

/** `trueup repair list`: what is proposed, under way, or was done. */
export const listCommand = (context: CommandContext) =>
  repairSubcommand('list', 'list repairs: those that wait for a word, or by their state')
    .addOption(new Option('--state <state>', 'only those in this state').choices(repairStates))
    .option('--all', 'those that have ended, too', false)
    .action(async (options: RepairOptions & { readonly state?: RepairState; readonly all: boolean }) => {
      await withRepairDesk(context, options, [], async (desk) => {
        const states = options.state ? [options.state] : options.all ? repairStates : openStates
        const found = await desk.list(states, mostListed)
        const { switchedOff: switches, heldBy: holds } = await desk.brakes()
        const { terminal } = context
        if (options.json) {
          const heldBy = holds.map(({ id, sentence }) => ({ id, sentence }))
          terminal.out(`${JSON.stringify({ repairs: found, switchedOff: switches, heldBy }, null, 2)}\n`)
          return
        }
        const { color } = terminal
        const notes = [
          ...switches.map(({ by, reason }) =>
            color.red(`Switched off by ${printable(by)}: ${printable(reason)}`),
          ),
          ...holds.map(({ sentence }) => color.yellow(`Held: ${printable(sentence)}`)),
          found.length === 0 ? 'No repair waits.' : `${countText(found.length)} repairs`,
        ]
        const blocks = found.map((repair) => repairBlock(repair, terminal).join('\n'))
        terminal.out(`${[...blocks, notes.join('\n')].join('\n\n')}\n`)
      })
    })

const openStates: readonly RepairState[] = ['proposed', 'approved', 'executing', 'applied']

/** `trueup repair show`: one repair with its history, a batch, or the steps that would end an incident. */
export const showCommand = (context: CommandContext) =>
  repairSubcommand('show', 'show a repair (rep_…), a batch (bat_…), or what would end an incident (inc_…)')
    .argument('<id>', 'its id')
    .action(async (id: string, options: RepairOptions) => {
      await withRepairDesk(context, options, [], async (desk) => {
        const shown = await showById(context, desk, id)
        context.terminal.out(options.json ? `${JSON.stringify(shown.json, null, 2)}\n` : shown.text())
      })
    })

async function showById(context: CommandContext, desk: RepairDesk, id: string) {
  const { terminal } = context
  if (id.startsWith('bat_')) {
    const batch = await desk.batch(id)
    return { json: batch, text: () => blocksOf(batch, context) }
  }
  if (!id.startsWith('inc_')) {
    const repair = await desk.one(id)
    return { json: repair, text: () => repairDetails(repair, terminal) }
  }
  const { incident, plan } = await desk.plan(id)
  const requests = [...(plan.request ? [plan.request] : []), ...plan.furtherRequests]
  const text = () =>
    `${[
      terminal.color.bold(printable(incident.sentence)),
      ...plan.steps.flatMap((step, place) => hang(`  ${place + 1}. `, printable(step), terminal.columns)),
      ...requests.flatMap(({ method, url, body }) => ['', `  ${method} ${url}`, `  ${printable(body)}`]),
      ...plan.statements.flatMap((statement) => [
        '',
        ...statement.split('\n').map((line) => `  ${printable(line)}`),
      ]),
    ].join('\n')}\n`
  return { json: { incident, plan }, text }
}

/** `trueup repair propose`: a repair for every drift of the last check that has one safe answer. */
export const proposeCommand = (context: CommandContext) =>
  repairSubcommand('propose', 'propose repairs for what the last check found').action(
    async (options: RepairOptions) => {
      await withRepairDesk(context, options, [], async (desk) => {
        const { proposed: found, guided, changedSince } = await desk.propose(context.signal)
        const { terminal } = context
        if (options.json) {
          terminal.out(`${JSON.stringify({ proposed: found, guided, changedSince }, null, 2)}\n`)
          return
        }
        const summary = [
          `${countText(found.length)} proposed`,
          `${countText(guided)} incidents are steps for a person (trueup repair show inc_…)`,
          ...(changedSince > 0 ? [`${countText(changedSince)} records were changed since: check again`] : []),
        ]
        terminal.out(`${found.length > 0 ? `${blocksOf(found, context)}\n` : ''}${summary.join('\n')}\n`)
      })
    },
  )

export function blocksOf(repairs: readonly ShownRepair[], { terminal }: CommandContext): string {
  return `${repairs.map((repair) => repairBlock(repair, terminal).join('\n')).join('\n\n')}\n`
}
