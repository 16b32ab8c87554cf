import type { Timer } from '@trueup/core'
import { SourceError } from '@trueup/core'

/** How long is waited before each further try. */
const pausesMs = [250, 1000, 4000]

/** What passes by itself. A replica that is behind is retryable too, but not within seconds. */
const passing = ['unreachable', 'rate-limited', 'source-failed']

/** Runs `act` again, a few times, when it failed for a reason that passes. It must be safe to run twice: it only reads. */
export async function retrying<T>(timer: Timer, act: () => Promise<T>): Promise<T> {
  for (const pause of pausesMs) {
    try {
      return await act()
    } catch (error) {
      if (!(error instanceof SourceError && error.retryable && passing.includes(error.code))) throw error
      await timer.sleep(pause)
    }
  }
  return await act()
}
