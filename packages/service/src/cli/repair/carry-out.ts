import type { Repair } from '@trueup/core'
import { systemTimer } from '../../adapters/system.ts'
import type { ShownRepair } from '../../remote/read-answer.ts'
import { requireBatch, requireRepair } from '../../repair/approve-repair.ts'
import { judgeRepair } from '../../repair/judge-repair.ts'
import type { OpenedRepairs } from '../../repair/open-repairs.ts'
import { settleRepairs } from '../../repair/settle-repairs.ts'
import type { CommandContext } from '../command-context.ts'
import { exitCodes } from '../exit-code.ts'
import { countText, printable } from '../output/lay-out.ts'
import { repairDetails } from '../output/repair-lines.ts'
import { assertLocal } from '../place.ts'
import { blocksOf } from './look.ts'
import type { BatchEnd, RepairDesk } from './repair-desk.ts'
import { repairSubcommand } from './subcommand.ts'
import type { RepairOptions } from './with-repairs.ts'
import { confirmed, withRepairDesk, withRepairs } from './with-repairs.ts'

interface ApplyOptions extends RepairOptions {
  readonly yes: boolean
  readonly dryRun: boolean
  readonly wait: boolean
}

const statuses =
  '\nExit status: 0 written and read back as it should be, 1 not written or different, 2 could not be done.'

/** `trueup repair apply`: writes what was approved, and reads it again. */
export const applyCommand = (context: CommandContext) =>
  repairSubcommand('apply', 'apply an approved repair, or go on with a batch, and verify it')
    .argument('<id>', 'rep_… or bat_…')
    .option('--yes', 'do not ask', false)
    .option('--dry-run', 'read both sides again and show what would be written; write nothing', false)
    .option('--wait', 'stay until the last wave of a batch, ten minutes between two', false)
    .addHelpText('after', statuses)
    .action(async (id: string, options: ApplyOptions) => {
      if (options.dryRun) {
        assertLocal(context, '--dry-run')
        return await withRepairs(context, options, async (repairs) => {
          await settleRepairs(repairs)
          await dryRun(context, repairs, id, options)
        })
      }
      await withRepairDesk(context, options, ['wait'], async (desk) => {
        await desk.settle()
        if (id.startsWith('bat_')) return await applyWaves(context, desk, id, options)
        return await applyOne(context, desk, id, options)
      })
    })

async function applyOne(
  context: CommandContext,
  desk: RepairDesk,
  id: string,
  options: ApplyOptions,
): Promise<void> {
  const { terminal } = context
  const repair = await desk.one(id)
  if (!options.json) terminal.out(`${blocksOf([repair], context)}\n`)
  const isNew = repair.state === 'approved'
  if (isNew) await confirmed(context, 'Write this?', options.yes, '--yes')
  const applied = await desk.applyOne(id)
  if (options.json) terminal.out(`${JSON.stringify(applied, null, 2)}\n`)
  else {
    terminal.out(repairDetails(applied.repair, terminal))
    if (applied.leftBecause) terminal.out(`${terminal.color.yellow(printable(applied.leftBecause))}\n`)
  }
  context.exitWith(statusOf([applied.repair]))
}

async function applyWaves(
  context: CommandContext,
  desk: RepairDesk,
  batchId: string,
  options: ApplyOptions,
): Promise<void> {
  const { terminal, signal } = context
  const before = await desk.batch(batchId)
  const due = before.filter(({ state }) => state === 'approved').length
  if (!options.json) terminal.out(`${blocksOf(before, context)}\n`)
  await confirmed(
    context,
    `Apply ${countText(due)} of ${countText(before.length)} in waves?`,
    options.yes,
    '--yes',
  )
  const outcome = await desk.applyBatch(batchId, {
    signal,
    wait: options.wait ? systemTimer : null,
    onProgress: ({ done, of, repair }) => {
      if (!options.json) terminal.err(`${done}/${of}  ${repair.id}  ${repair.state}\n`)
    },
    onWait: (until) => {
      if (!options.json) terminal.err(`The next wave begins at ${until.toISOString()}.\n`)
    },
  })
  if (options.json) terminal.out(`${JSON.stringify(outcome, null, 2)}\n`)
  else terminal.out(`${summaryOf(outcome.repairs)}\n${endOf(outcome)}\n`)
  context.exitWith(outcome.step?.kind === 'stopped' ? exitCodes.drifts : statusOf(outcome.repairs))
}

/** What applying would do: both sides are read again and the brakes are asked, and nothing is written. */
async function dryRun(
  context: CommandContext,
  repairs: OpenedRepairs,
  id: string,
  options: ApplyOptions,
): Promise<void> {
  const { terminal } = context
  const meant = id.startsWith('bat_') ? await requireBatch(repairs, id) : [await requireRepair(repairs, id)]
  const judged: { readonly repair: Repair; readonly says: string }[] = []
  for (const repair of meant.filter(({ state }) => state === 'proposed' || state === 'approved')) {
    const judgement = await judgeRepair(repairs, repair)
    const says = {
      due: 'would be written',
      gone: 'would be superseded: the drift is gone',
      other: `would be superseded: ${'why' in judgement ? judgement.why : ''}`,
      'cannot-tell': `would be superseded: it cannot be told now`,
    }[judgement.kind]
    judged.push({ repair, says })
  }
  if (options.json) {
    terminal.out(`${JSON.stringify({ dryRun: true, repairs: judged }, null, 2)}\n`)
    return
  }
  for (const { repair, says } of judged) {
    terminal.out(`${blocksOf([repair], context)}  ${terminal.color.bold(printable(says))}\n\n`)
  }
  terminal.out('Dry run: nothing was written.\n')
}

/** `trueup repair settle`: asks the targets what became of repairs that were cut off. */
export const settleCommand = (context: CommandContext) =>
  repairSubcommand('settle', 'ask the targets what became of repairs that were cut off, and end them')
    .option(
      '--now',
      'also those whose deadline has not passed; a process at them can then no longer write',
      false,
    )
    .action(async (options: RepairOptions & { readonly now: boolean }) => {
      assertLocal(context, 'trueup repair settle')
      await withRepairs(context, options, async (repairs) => {
        const { settled, waiting } = await settleRepairs(repairs, { evenNow: options.now })
        const { terminal } = context
        if (options.json) terminal.out(`${JSON.stringify({ settled, waiting }, null, 2)}\n`)
        else {
          const rest =
            waiting.length > 0 ? `${countText(waiting.length)} are under way or wait for their target.\n` : ''
          terminal.out(
            `${settled.length > 0 ? blocksOf(settled, context) : 'Nothing was left behind.\n'}${rest}`,
          )
        }
        if (waiting.length > 0) context.exitWith(exitCodes.couldNotTell)
      })
    })

function statusOf(repairs: readonly ShownRepair[]): number {
  if (repairs.every(({ state }) => state === 'verified')) return exitCodes.agrees
  const isOpen = repairs.some(({ endedAt, state }) => endedAt === null || state === 'untold')
  return isOpen ? exitCodes.couldNotTell : exitCodes.drifts
}

function summaryOf(repairs: readonly ShownRepair[]): string {
  const counts = new Map<string, number>()
  for (const { state } of repairs) counts.set(state, (counts.get(state) ?? 0) + 1)
  return [...counts].map(([state, count]) => `${countText(count)} ${state}`).join(', ')
}

function endOf({ repairs, step, leftBecause }: BatchEnd): string {
  if (leftBecause) return printable(leftBecause)
  if (step?.kind === 'stopped') return `Stopped: ${printable(step.why)}`
  const isLeft = repairs.some(({ state }) => state === 'approved')
  if (isLeft) return 'Stopped: look at those that differ or met another value.'
  return 'The batch is done.'
}
