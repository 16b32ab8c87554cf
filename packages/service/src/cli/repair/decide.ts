import { approvalsNeeded, incidentKinds } from '@trueup/core'
import { Option } from 'commander'
import type { ShownRepair } from '../../remote/read-answer.ts'
import { UsageError } from '../../usage-error.ts'
import type { CommandContext } from '../command-context.ts'
import { countText } from '../output/lay-out.ts'
import { repairDetails } from '../output/repair-lines.ts'
import { parseWholeNumber } from '../parse-options.ts'
import { blocksOf } from './look.ts'
import type { RepairDesk } from './repair-desk.ts'
import { repairSubcommand } from './subcommand.ts'
import type { RepairOptions } from './with-repairs.ts'
import { confirmed, typedCount, withRepairDesk } from './with-repairs.ts'

interface ApproveOptions extends RepairOptions {
  readonly kind?: string
  readonly count?: number
  readonly yes: boolean
  readonly dryRun: boolean
}

/** `trueup repair approve`: a person's word for exactly what is shown, for 24 hours. */
export const approveCommand = (context: CommandContext) =>
  repairSubcommand('approve', 'approve a repair, several as a batch, or a batch that needs a second person')
    .argument('[ids...]', 'rep_… or one bat_…')
    .addOption(
      new Option('--kind <kind>', 'all proposed repairs of this kind, as a batch').choices(incidentKinds),
    )
    .option('--count <number>', 'how many you approve; it has to be the true number', parseWholeNumber)
    .option('--yes', 'do not ask', false)
    .option('--dry-run', 'show what would be approved', false)
    .action(async (ids: readonly string[], options: ApproveOptions) => {
      await withRepairDesk(context, options, [], async (desk) => {
        const { terminal } = context
        await desk.tidy()
        const meant = await repairsMeant(desk, ids, options.kind)
        if (!options.json) terminal.out(`${blocksOf(meant, context)}\n`)
        if (options.dryRun) {
          if (options.json) terminal.out(`${JSON.stringify({ dryRun: true, repairs: meant }, null, 2)}\n`)
          return
        }
        const count = await typedCount(context, meant.length, options.count)
        await confirmed(
          context,
          `Approve ${countText(meant.length)} as ${desk.by()}?`,
          options.yes || meant.length > 1,
          '--yes',
        )
        const approved = await desk.approve(meant, count)
        if (options.json) terminal.out(`${JSON.stringify({ repairs: approved }, null, 2)}\n`)
        else terminal.out(`${nextStep(approved)}\n`)
      })
    })

async function repairsMeant(
  desk: RepairDesk,
  ids: readonly string[],
  kind: string | undefined,
): Promise<readonly ShownRepair[]> {
  const [first] = ids
  if (kind === undefined && first?.startsWith('bat_')) {
    return (await desk.batch(first)).filter(({ state }) => state === 'proposed')
  }
  const named: ShownRepair[] = []
  for (const id of ids) named.push(await desk.one(id))
  if (kind !== undefined) {
    const proposed = await desk.list(['proposed'], 100_000)
    named.push(
      ...proposed.filter(
        (repair) => repair.kind === kind && repair.batch === null && repair.approvals.length === 0,
      ),
    )
  }
  if (named.length > 0) return named
  throw new UsageError({
    code: 'option-invalid',
    message: 'No repair was named, or none of that kind waits.',
    fix: 'List them: `trueup repair list`.',
  })
}

function nextStep(repairs: readonly ShownRepair[]): string {
  const [first] = repairs
  if (!first) return 'Nothing was approved.'
  const name = first.batch?.id ?? first.id
  if (repairs.some(({ state }) => state === 'proposed')) {
    return `Approved by one of ${approvalsNeeded(first)}: another person runs \`trueup repair approve ${name}\`.`
  }
  return `Approved for 24 hours: \`trueup repair apply ${name}\`.`
}

/** `trueup repair reject`: a person says no. */
export const rejectCommand = (context: CommandContext) =>
  repairSubcommand('reject', 'say no to repairs; the same values are not proposed again')
    .argument('<ids...>', 'rep_…')
    .requiredOption('--reason <text>', 'why')
    .action(async (ids: readonly string[], options: RepairOptions & { readonly reason: string }) => {
      await withRepairDesk(context, options, [], async (desk) => {
        const rejected = await desk.reject(ids, options.reason)
        context.terminal.out(
          options.json ? `${JSON.stringify({ repairs: rejected }, null, 2)}\n` : blocksOf(rejected, context),
        )
      })
    })

/** `trueup repair undo`: proposes to take a repair back. */
export const undoCommand = (context: CommandContext) =>
  repairSubcommand(
    'undo',
    'propose to take a repair back, with old and new exchanged; somebody else approves it',
  )
    .argument('<id>', 'rep_…')
    .action(async (id: string, options: RepairOptions) => {
      await withRepairDesk(context, options, [], async (desk) => {
        const undo = await desk.undo(id)
        context.terminal.out(
          options.json
            ? `${JSON.stringify({ repair: undo }, null, 2)}\n`
            : repairDetails(undo, context.terminal),
        )
      })
    })
