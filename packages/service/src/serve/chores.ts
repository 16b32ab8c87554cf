import type { Timer } from '@trueup/core'
import type { ServiceLog } from './service-log.ts'

/** Something that a worker does every so often, however many other workers do it too. */
export interface Chore {
  readonly name: string
  readonly everySeconds: number
  /** Ends soon, and may run beside itself in another process. */
  run(signal: AbortSignal): Promise<void>
}

/**
 * Runs each chore at once and then again after each pause, until it is told to stop. One that fails is told to the log
 * and comes again.
 *
 * @returns resolves when all have ended
 */
export async function runChores(
  chores: readonly Chore[],
  { timer, log, signal }: { readonly timer: Timer; readonly log: ServiceLog; readonly signal: AbortSignal },
): Promise<void> {
  await Promise.all(chores.map((chore) => repeat(chore, timer, log, signal)))
}

async function repeat(chore: Chore, timer: Timer, log: ServiceLog, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await chore.run(signal)
    } catch (error) {
      if (!signal.aborted) log.error(`A chore failed: ${chore.name}.`, error)
    }
    await timer.sleep(chore.everySeconds * 1_000, signal).catch(() => {})
  }
}
