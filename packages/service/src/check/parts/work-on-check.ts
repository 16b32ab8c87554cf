import type { CheckRun, Timer } from '@trueup/core'
import type { CheckDependencies } from '../check-dependencies.ts'
import type { CheckProgress } from '../progress.ts'
import { advanceCheck } from './advance-check.ts'
import { leaseMs } from './hold-lease.ts'
import { readPart } from './read-part.ts'

/** How long a process that finds nothing to do waits before it looks again. */
const idleMs = 500

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
  const workers = Array.from({ length: options.sideBySide ?? 3 }, () => work(dependencies, checkId, options))
  const [first] = await Promise.all(workers)
  return first ?? 'over'
}

async function work(dependencies: CheckDependencies, checkId: string, options: WorkOptions): Promise<Worked> {
  const { project } = dependencies
  const { timer, signal, onProgress } = options
  const isStopped = signal ? { signal } : {}
  for (;;) {
    signal?.throwIfAborted()
    const status = await project.checkInParts(checkId)
    const check = status ? await project.loadCheck(checkId) : null
    if (!status || !check) return 'over'
    if (!status.isOpen) return check.finishedAt ? 'finished' : 'over'
    const piece = await project.leaseUnit(checkId, 'part', leaseMs)
    if (piece) {
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
      await timer.sleep(idleMs, signal)
    }
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
