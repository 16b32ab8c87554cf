import type { ProjectStore, Timer } from '@trueup/core'

/** Requests to one account, of which all processes that read it draw. */
export interface RequestBudget {
  /**
   * Waits until so many requests may be sent.
   *
   * @throws the signal's reason when it is aborted while waiting
   */
  take(count: number, signal?: AbortSignal): Promise<void>
}

export interface SharedBudgetOptions {
  readonly store: Pick<ProjectStore, 'drawRequests'>
  readonly source: string
  readonly timer: Timer
  /** Requests that all processes together send in a second. */
  readonly perSecond: number
}

/** Parts of a second's worth that are drawn at once: few statements, and little that a killed process takes with it. */
const drawsPerSecond = 5

/**
 * A budget that stands in the database, drawn from in batches: however many processes there are, their requests
 * together stay under the ceiling of the account.
 *
 * @example
 * const budget = sharedBudget({ store: project, source: 'stripe', timer, perSecond: 20 })
 * await budget.take(1)
 */
export function sharedBudget({ store, source, timer, perSecond }: SharedBudgetOptions): RequestBudget {
  const batch = Math.max(1, Math.ceil(perSecond / drawsPerSecond))
  let left = 0
  /** Whoever waits has come before whoever asks. */
  let last: Promise<void> = Promise.resolve()

  const draw = async (count: number, signal: AbortSignal | undefined): Promise<void> => {
    while (left < count) {
      const { drawn, waitMs } = await store.drawRequests(source, Math.max(batch, count - left), perSecond)
      left += drawn
      if (left < count) await timer.sleep(Math.max(1, waitMs), signal)
    }
    left -= count
  }
  return {
    take(count, signal) {
      const turn = last.then(() => {
        signal?.throwIfAborted()
        return draw(count, signal)
      })
      last = turn.catch(() => {})
      return turn
    },
  }
}
