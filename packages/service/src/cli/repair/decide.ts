import type { Repair } from '@trueup/core'
import { approvalsNeeded, incidentKinds } from '@trueup/core'
import { Option } from 'commander'
import {
  approveBatch,
  approveRepairs,
  rejectRepairs,
  requireBatch,
  requireRepair,
} from '../../repair/approve-repair.ts'
import type { OpenedRepairs } from '../../repair/open-repairs.ts'
import { tidyRepairs } from '../../repair/tidy-repairs.ts'
import { undoRepair } from '../../repair/undo-repair.ts'
import { UsageError } from '../../usage-error.ts'
import type { CommandContext } from '../command-context.ts'
import { countText } from '../output/lay-out.ts'
import { repairDetails } from '../output/repair-lines.ts'
import { parseWholeNumber } from '../parse-options.ts'
import { blocksOf } from './look.ts'
import { repairSubcommand } from './subcommand.ts'
import type { RepairOptions } from './with-repairs.ts'
import { actorOf, confirmed, typedCount, withRepairs } from './with-repairs.ts'

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
      await withRepairs(context, options, async (repairs) => {
        const { terminal } = context
        await tidyRepairs(repairs)
        const meant = await repairsMeant(repairs, ids, options.kind)
        if (!options.json) terminal.out(`${blocksOf(meant, context)}\n`)
        if (options.dryRun) {
          if (options.json) terminal.out(`${JSON.stringify({ dryRun: true, repairs: meant }, null, 2)}\n`)
          return
        }
        const by = actorOf(context, options)
        const count = await typedCount(context, meant.length, options.count)
        await confirmed(
          context,
          `Approve ${countText(meant.length)} as ${by}?`,
          options.yes || meant.length > 1,
          '--yes',
        )
        const approved = await approve(repairs, meant, by, count)
        if (options.json) terminal.out(`${JSON.stringify({ repairs: approved }, null, 2)}\n`)
        else terminal.out(`${nextStep(approved)}\n`)
      })
    })

async function approve(
  repairs: OpenedRepairs,
  meant: readonly Repair[],
  by: string,
  count: number,
): Promise<readonly Repair[]> {
  const ids = meant.map(({ id }) => id)
  const isBatch = meant.length > 1 && meant.every(({ batch }) => batch === null)
  if (isBatch) return (await approveBatch(repairs, ids, by, count)).repairs
  return await approveRepairs(repairs, ids, by, count)
}

async function repairsMeant(
  repairs: OpenedRepairs,
  ids: readonly string[],
  kind: string | undefined,
): Promise<readonly Repair[]> {
  const [first] = ids
  if (kind === undefined && first?.startsWith('bat_')) {
    return (await requireBatch(repairs, first)).filter(({ state }) => state === 'proposed')
  }
  const named: Repair[] = []
  for (const id of ids) named.push(await requireRepair(repairs, id))
  if (kind !== undefined) {
    const proposed = await repairs.project.repairs({ states: ['proposed'], limit: 100_000 })
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

function nextStep(repairs: readonly Repair[]): string {
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
      await withRepairs(context, options, async (repairs) => {
        for (const id of ids) await requireRepair(repairs, id)
        const rejected = await rejectRepairs(repairs, ids, actorOf(context, options), options.reason)
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
      await withRepairs(context, options, async (repairs) => {
        const undo = await undoRepair(repairs, id, actorOf(context, options))
        context.terminal.out(
          options.json
            ? `${JSON.stringify({ repair: undo }, null, 2)}\n`
            : repairDetails(undo, context.terminal),
        )
      })
    })
