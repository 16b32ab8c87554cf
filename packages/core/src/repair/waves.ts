import type { Repair, RepairState } from './repair.ts'
import { openRepairStates } from './repair.ts'

/** How a batch is applied: the sizes of its waves, the last of them again and again, and the pause between two. */
export interface WavePlan {
  readonly sizes: readonly [number, ...number[]]
  readonly pauseMinutes: number
}

/** One, five, then twenty-five at a time, each wave verified and ten minutes old before the next begins. */
export const defaultWaves: WavePlan = { sizes: [1, 5, 25], pauseMinutes: 10 }

/** The share of conflicts among what was tried above which a batch stops. */
const mostConflicts = 0.1

/** What a batch may do now. */
export type BatchStep =
  | { readonly kind: 'apply'; readonly wave: number; readonly repairs: readonly Repair[] }
  /** The last wave has to be `pauseMinutes` old. */
  | { readonly kind: 'wait'; readonly wave: number; readonly until: Date }
  /** Something of an earlier wave is under way, or still needs a word. */
  | { readonly kind: 'unfinished'; readonly wave: number; readonly repairs: readonly Repair[] }
  | { readonly kind: 'stopped'; readonly why: string }
  | { readonly kind: 'done' }

/**
 * The next step of a batch, from its records alone, so that any process can go on with it at any time. A second
 * reading that differs stops it for good, and so do conflicts of more than a tenth of what was tried: then what the
 * check saw is not what the app has.
 */
export function nextBatchStep(batch: readonly Repair[], now: Date, plan: WavePlan = defaultWaves): BatchStep {
  const inOrder = batch.toSorted((a, b) => (a.batch?.position ?? 0) - (b.batch?.position ?? 0))
  const why = stopReason(inOrder)
  if (why) return { kind: 'stopped', why }
  let lastEnd: Date | null = null
  for (const [wave, repairs] of wavesOf(inOrder, plan).entries()) {
    const due = repairs.filter(({ state }) => state === 'approved')
    const unfinished = repairs.filter(({ state }) => state !== 'approved' && openRepairStates.includes(state))
    if (unfinished.length > 0) return { kind: 'unfinished', wave, repairs: unfinished }
    if (due.length > 0) {
      const hasBegun = repairs.some((repair) => tried(repair))
      const until = lastEnd && new Date(lastEnd.getTime() + plan.pauseMinutes * 60_000)
      if (!hasBegun && until && until > now) return { kind: 'wait', wave, until }
      return { kind: 'apply', wave, repairs: due }
    }
    for (const { endedAt, intendedAt } of repairs) {
      if (intendedAt && endedAt && (!lastEnd || endedAt > lastEnd)) lastEnd = endedAt
    }
  }
  return { kind: 'done' }
}

/** The repairs in waves, by their place in the batch. */
export function wavesOf(batch: readonly Repair[], { sizes }: WavePlan): readonly (readonly Repair[])[] {
  const waves: Repair[][] = []
  let start = 0
  for (let wave = 0; start < batch.length; wave++) {
    const size = sizes[Math.min(wave, sizes.length - 1)] ?? 1
    waves.push(batch.slice(start, start + size))
    start += size
  }
  return waves
}

function stopReason(batch: readonly Repair[]): string | null {
  const differing = batch.find(({ state }) => state === 'differs' || state === 'untold')
  if (differing?.state === 'differs') return `${differing.id} was written and read back differs.`
  if (differing) return `Of ${differing.id} it cannot be told whether it was written.`
  const conflicts = batch.filter(({ state }) => state === 'conflict').length
  const share = conflicts / Math.max(1, batch.filter(tried).length)
  if (share > mostConflicts) {
    return `${conflicts} of ${batch.filter(tried).length} records had been changed since they were read.`
  }
  return null
}

const outcomes: readonly RepairState[] = ['applied', 'verified', 'differs', 'conflict', 'denied', 'untold']

function tried({ state, intendedAt }: Repair): boolean {
  return intendedAt !== null && outcomes.includes(state)
}
