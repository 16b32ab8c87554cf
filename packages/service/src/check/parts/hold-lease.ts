import type { Lease, ProjectStore, Timer } from '@trueup/core'
import { LeaseLost } from '@trueup/core'

/** How long a lease lasts without being renewed. A process that stands still for longer has lost it. */
export const leaseMs = 60_000

/**
 * Does some work under a lease, renewing it meanwhile. The work is told by the signal when the lease is lost, or when
 * the caller's own signal says to stop.
 *
 * @throws LeaseLost when the work ended without noticing that the lease was lost
 */
export async function holdLease<Answer>(
  project: Pick<ProjectStore, 'renewLease'>,
  lease: Lease,
  timer: Timer,
  work: (signal: AbortSignal) => Promise<Answer>,
  stop?: AbortSignal,
): Promise<Answer> {
  const lost = new AbortController()
  const over = new AbortController()
  const renewing = (async () => {
    while (!over.signal.aborted) {
      await timer.sleep(leaseMs / 3, over.signal)
      if (!(await project.renewLease(lease, leaseMs))) {
        lost.abort(new LeaseLost(lease))
        return
      }
    }
  })()
  // Ended by `over`, or by a failure of the store that the work meets as well.
  renewing.catch(() => {})
  try {
    const answer = await work(stop ? AbortSignal.any([lost.signal, stop]) : lost.signal)
    lost.signal.throwIfAborted()
    return answer
  } finally {
    over.abort(new Error('The work is done.'))
  }
}
