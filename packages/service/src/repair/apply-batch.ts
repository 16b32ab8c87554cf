import type { BatchStep, Repair, Timer, WavePlan } from '@trueup/core'
import { defaultWaves, nextBatchStep, RepairError } from '@trueup/core'
import { applyRepair } from './apply-repair.ts'
import { requireBatch } from './approve-repair.ts'
import type { RepairDependencies } from './repair-dependencies.ts'
import { settleRepair } from './settle-repairs.ts'

export interface BatchOptions {
  /** The person who applies it. */
  readonly by: string
  /** Waits between waves. Without it the waves that are due are applied, and the rest is left for a later call. */
  readonly timer?: Timer
  /** Default: one, five, then twenty-five at a time, ten minutes apart. */
  readonly waves?: WavePlan
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: {
    readonly done: number
    readonly of: number
    readonly repair: Repair
  }) => void
  readonly onWait?: (until: Date) => void
}

/** Where a batch stands after a call. */
export interface BatchOutcome {
  readonly repairs: readonly Repair[]
  readonly step: BatchStep
  /** Why the call ended before the batch did, where a brake or an open question held it back. */
  readonly leftBecause: string | null
}

/**
 * Goes on with a batch from wherever it is: a wave at a time, each repair applied and verified by itself, ten minutes
 * between waves. One second reading that differs stops it, and so do conflicts of more than a tenth. Killed at any
 * moment, the next call goes on.
 *
 * @throws RepairError when a brake holds it back before anything was done
 */
export async function applyBatch(
  dependencies: RepairDependencies,
  batchId: string,
  options: BatchOptions,
): Promise<BatchOutcome> {
  const { clock } = dependencies
  const { by, timer, waves = defaultWaves, signal } = options
  for (;;) {
    signal?.throwIfAborted()
    const repairs = await requireBatch(dependencies, batchId)
    const step = nextBatchStep(repairs, clock.now(), waves)
    const left = (leftBecause: string | null): BatchOutcome => ({ repairs, step, leftBecause })
    switch (step.kind) {
      case 'done':
      case 'stopped':
        return left(null)
      case 'wait': {
        if (!timer) return left(`The next wave is due at ${step.until.toISOString()}.`)
        options.onWait?.(step.until)
        await timer.sleep(Math.max(0, step.until.getTime() - clock.now().getTime()), signal)
        break
      }
      case 'unfinished': {
        const open = await settleAll(dependencies, step.repairs)
        if (open) return left(open)
        break
      }
      case 'apply': {
        const [next] = step.repairs
        const reason = next ? await applyNext(dependencies, next, by) : null
        const after = await requireBatch(dependencies, batchId)
        const done = after.filter(({ endedAt }) => endedAt !== null).length
        const changed = after.find(({ id }) => id === next?.id)
        if (changed) options.onProgress?.({ done, of: after.length, repair: changed })
        if (reason) return { repairs: after, step, leftBecause: reason }
        break
      }
    }
  }
}

/** Applies one, and says why the batch has to be left for later, if it has. */
async function applyNext(
  dependencies: RepairDependencies,
  repair: Repair,
  by: string,
): Promise<string | null> {
  try {
    return (await applyRepair(dependencies, repair.id, by, { inBatch: true })).leftBecause
  } catch (error) {
    if (error instanceof RepairError && error.code === 'rate-reached') return error.message
    throw error
  }
}

async function settleAll(
  dependencies: RepairDependencies,
  repairs: readonly Repair[],
): Promise<string | null> {
  for (const repair of repairs) {
    if (repair.state === 'proposed') return `${repair.id} still needs the word of a second person.`
    const now = await settleRepair(dependencies, repair.id)
    if (now.endedAt === null) return `What became of ${repair.id} cannot be read now.`
  }
  return null
}
