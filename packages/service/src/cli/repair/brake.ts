import type { RepairSwitch } from '@trueup/core'
import type { CommandContext } from '../command-context.ts'
import { countText, printable } from '../output/lay-out.ts'
import { repairSubcommand } from './subcommand.ts'
import type { RepairOptions } from './with-repairs.ts'
import { confirmed, withRepairDesk } from './with-repairs.ts'

/** `trueup repair release`: the many drifts of a check are real. */
export const releaseCommand = (context: CommandContext) =>
  repairSubcommand('release', 'say that the many drifts of a check are real, so that repairs are proposed')
    .requiredOption('--reason <text>', 'why they are real')
    .option('--yes', 'do not ask', false)
    .action(async (options: RepairOptions & { readonly reason: string; readonly yes: boolean }) => {
      await withRepairDesk(context, options, [], async (desk) => {
        const { terminal } = context
        const { heldBy } = await desk.brakes()
        if (!options.json) for (const { sentence } of heldBy) terminal.out(`${printable(sentence)}\n`)
        await confirmed(context, `Release the repairs as ${desk.by()}?`, options.yes, '--yes')
        const { released, proposed } = await desk.release(options.reason, context.signal)
        terminal.out(
          options.json
            ? `${JSON.stringify({ released, proposed }, null, 2)}\n`
            : `Released. ${countText(proposed.length)} repairs were proposed.\n`,
        )
      })
    })

type SwitchOptions = RepairOptions & { readonly everywhere: boolean; readonly reason?: string }

/** `trueup repair off`: nothing is written until they are switched on again. */
export const offCommand = (context: CommandContext) =>
  repairSubcommand('off', 'switch all repairs off, at once; checks go on')
    .requiredOption('--reason <text>', 'why')
    .option('--everywhere', 'for all projects of this database', false)
    .action((options: SwitchOptions) => turn(context, options, 'off'))

/** `trueup repair on`. */
export const onCommand = (context: CommandContext) =>
  repairSubcommand('on', 'switch repairs on again')
    .option('--reason <text>', 'why')
    .option('--everywhere', 'for all projects of this database', false)
    .action((options: SwitchOptions) => turn(context, options, 'on'))

async function turn(context: CommandContext, options: SwitchOptions, to: 'off' | 'on'): Promise<void> {
  await withRepairDesk(context, options, ['everywhere'], async (desk) => {
    const scope: RepairSwitch['scope'] = options.everywhere ? 'everywhere' : 'project'
    const reason = options.reason ?? 'Switched on again.'
    const switchedOff = await desk.turn(to, scope, reason)
    const { terminal } = context
    if (options.json) terminal.out(`${JSON.stringify({ switchedOff }, null, 2)}\n`)
    else if (switchedOff.length === 0) terminal.out('Repairs are on.\n')
    else
      terminal.out(
        `${switchedOff.map(({ scope: of, by, reason: why }) => `Off (${of}), by ${printable(by)}: ${printable(why)}`).join('\n')}\n`,
      )
  })
}
