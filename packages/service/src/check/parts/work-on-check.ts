import type { CheckRun, Timer } from '@trueup/core'
import type { CheckDependencies } from '../check-dependencies.ts'
import type { CheckProgress } from '../progress.ts'
import { advanceCheck } from './advance-check.ts'
import { leaseMs } from './hold-lease.ts'
import { readPart } from './read-part.ts'

/** How long whoever finds nothing to do waits before looking again: longer each time, and longer while others look too. */
const firstIdleMs = 500
const longestIdleMs = 5_000

export interface WorkOptions {
  readonly timer: Timer
  /** Pieces that this process reads side by side. Default 3: billing and two access sources. */
  readonly sideBySide?: number
  readonly onProgress?: (progress: CheckProgress) => void
  /** Stops at the next safe point, and lets others go on at once. */
  readonly signal?: AbortSignal
}

/** What became of a check that this process worked on. */
export type Worked =
  | 'finished'
  /** It was given up for a newer one, or is no check in parts. */
  | 'over'

/**
 * Works on a check in parts until it is finished: reads whatever piece is free, and takes the check from phase to phase.
 * Any number of processes may do so at once, and any of them may be killed at any moment: what it held is free again
 * once its lease runs out, and nothing that it still brings after that is kept.
 *
 * @throws the signal's reason when it is aborted; the check goes on with the others, or when somebody works on it again.
 * @example
 * const { check } = await beginCheckInParts(dependencies, { dryRun: false })
 * await workOnCheck(dependencies, check.id, { timer, signal })
 */
export async function workOnCheck(
  dependencies: CheckDependencies,
  checkId: string,
  options: WorkOptions,
): Promise<Worked> {
  const over = new AbortController()
  const lanes = Array.from({ length: options.sideBySide ?? 3 }, async (_, lane) => {
    try {
      return await work(dependencies, checkId, options, { lane, over: over.signal })
    } finally {
      // Whoever waits for work need not wait any longer.
      over.abort(new Error('The check is over, or this process stops.'))
    }
  })
  const ended = await Promise.allSettled(lanes)
  for (const lane of ended) if (lane.status === 'rejected') throw lane.reason
  return ended.some((lane) => lane.status === 'fulfilled' && lane.value === 'finished') ? 'finished' : 'over'
}

/** One of the pieces that a process works on at a time. */
interface Lane {
  readonly lane: number
  /** Aborted once another of them has ended. */
  readonly over: AbortSignal
}

async function work(
  dependencies: CheckDependencies,
  checkId: string,
  options: WorkOptions,
  { lane, over }: Lane,
): Promise<Worked> {
  const { project } = dependencies
  const { timer, signal, onProgress } = options
  const isStopped = signal ? { signal } : {}
  let idleMs = firstIdleMs * 2 ** lane
  for (;;) {
    signal?.throwIfAborted()
    const status = await project.checkInParts(checkId)
    const check = status ? await project.loadCheck(checkId) : null
    if (!status || !check) return 'over'
    if (!status.isOpen) return check.finishedAt ? 'finished' : 'over'
    const piece = await project.leaseUnit(checkId, 'part', leaseMs)
    if (piece) {
      idleMs = firstIdleMs * 2 ** lane
      await readPart(dependencies, check, piece, { timer, ...isStopped })
      continue
    }
    const step = await project.leaseUnit(checkId, 'advance', leaseMs)
    if (step) {
      const { acceptsChanges } = status
      const advanced = await advanceCheck(dependencies, step, {
        ...{ timer, acceptsChanges, ...isStopped },
        ...(onProgress ? { onProgress } : {}),
      })
      if (advanced === 'finished') return 'finished'
    }
    if (!(await hasFreePiece(dependencies, check))) {
      await project.askToShare(checkId, divisibleParts(dependencies))
      await sleepUntil(over, timer, Math.min(idleMs, longestIdleMs), signal)
      idleMs *= 2
    }
  }
}

/** Sleeps, but no longer than until something else is over. */
async function sleepUntil(
  over: AbortSignal,
  timer: Timer,
  ms: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  try {
    await timer.sleep(ms, signal ? AbortSignal.any([over, signal]) : over)
  } catch (error) {
    signal?.throwIfAborted()
    if (!over.aborted) throw error
  }
}

/** Whether a piece is free since the step was taken. */
async function hasFreePiece({ project }: CheckDependencies, check: CheckRun): Promise<boolean> {
  const parts = await project.partProgress(check.id)
  return parts.some(({ pieces, piecesDone, readers }) => pieces - piecesDone - readers > 0)
}

function divisibleParts({ billing, access }: CheckDependencies): readonly string[] {
  return [billing, ...access].flatMap(({ name, divisible = [] }) =>
    divisible.map((part) => `${name}/${part}`),
  )
}
