import type { RepairSwitch } from '@trueup/core'
import { releaseRepairs, switchRepairs } from '../../repair/hold-repairs.ts'
import { heldBackBy, proposeRepairs } from '../../repair/propose-repairs.ts'
import type { CommandContext } from '../command-context.ts'
import { countText, printable } from '../output/lay-out.ts'
import { repairSubcommand } from './subcommand.ts'
import type { RepairOptions } from './with-repairs.ts'
import { actorOf, confirmed, withRepairs } from './with-repairs.ts'

/** `trueup repair release`: the many drifts of a check are real. */
export const releaseCommand = (context: CommandContext) =>
  repairSubcommand('release', 'say that the many drifts of a check are real, so that repairs are proposed')
    .requiredOption('--reason <text>', 'why they are real')
    .option('--yes', 'do not ask', false)
    .action(async (options: RepairOptions & { readonly reason: string; readonly yes: boolean }) => {
      await withRepairs(context, options, async (repairs) => {
        const { terminal } = context
        const by = actorOf(context, options)
        const holds = await repairs.project.repairHolds()
        if (!options.json) for (const { sentence } of holds) terminal.out(`${printable(sentence)}\n`)
        await confirmed(context, `Release the repairs as ${by}?`, options.yes, '--yes')
        const released = await releaseRepairs(repairs, by, options.reason)
        const proposals = await proposeRepairs(repairs, { signal: context.signal }).catch(
          (error: unknown) => {
            // Released they are; that nothing could be proposed from the last check is no failure of it.
            if (heldBackBy(error)) return null
            throw error
          },
        )
        const count = proposals?.proposed.length ?? 0
        terminal.out(
          options.json
            ? `${JSON.stringify({ released, proposed: proposals?.proposed ?? [] }, null, 2)}\n`
            : `Released. ${countText(count)} repairs were proposed.\n`,
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
  await withRepairs(context, options, async (repairs) => {
    const scope: RepairSwitch['scope'] = options.everywhere ? 'everywhere' : 'project'
    const reason = options.reason ?? 'Switched on again.'
    const switchedOff = await switchRepairs(repairs, scope, to, actorOf(context, options), reason)
    const { terminal } = context
    if (options.json) terminal.out(`${JSON.stringify({ switchedOff }, null, 2)}\n`)
    else if (switchedOff.length === 0) terminal.out('Repairs are on.\n')
    else
      terminal.out(
        `${switchedOff.map(({ scope: of, by, reason: why }) => `Off (${of}), by ${printable(by)}: ${printable(why)}`).join('\n')}\n`,
      )
  })
}
